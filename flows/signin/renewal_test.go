package signin_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"zsf/clients/oauth"
	"zsf/clients/sandbox"
	"zsf/clients/settings"
	"zsf/clients/transport"
	"zsf/clients/vault"
	"zsf/clients/vault/private"
	"zsf/clients/zendesk"
	"zsf/flows/signin"
)

// A renewing child is this test's own program as another process: it renews one pair once, and kills itself where
// it is told to, as kill -9 would.
const (
	childPoint  = "ZSF_SIGNIN_TEST_KILL"
	childFolder = "ZSF_SIGNIN_TEST_FOLDER"
	childURL    = "ZSF_SIGNIN_TEST_URL"
	childStale  = "ZSF_SIGNIN_TEST_STALE"
)

// The points at which a child kills itself, in the order in which a renewal comes by.
const (
	nowhere     = "nowhere"
	beforeSend  = "before the request is sent"
	afterAnswer = "after the service has replaced the pair"
	beforeStore = "before the new pair is stored"
	afterStore  = "after the new pair is stored"
)

func init() {
	if os.Getenv(childPoint) == "" {
		return
	}
	if err := renewOnce(); err != nil {
		fmt.Fprintln(os.Stdout, "failed:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

func renewOnce() error {
	provider, err := oauth.Zendesk(os.Getenv(childURL), "zsf")
	if err != nil {
		return err
	}
	token, err := keeperAt(os.Getenv(childFolder), os.Getenv(childPoint)).
		Renewal("default", transport.Zendesk, provider)(context.Background(), os.Getenv(childStale))
	var lost *signin.LostRenewal
	if errors.As(err, &lost) && transport.KindOf(err) == transport.SignInExpired {
		fmt.Fprintln(os.Stdout, "lost:", lost.At.Format(time.RFC3339Nano))
		return nil
	}
	if err != nil {
		return err
	}
	fmt.Fprintln(os.Stdout, "token:", token)
	return nil
}

func keeperAt(folder, point string) *signin.Keeper {
	return &signin.Keeper{
		Vault:  func(context.Context) (vault.Vault, error) { return openVault{folder, point}, nil },
		Folder: folder, Now: time.Now,
		HTTP: &http.Client{Timeout: 10 * time.Second, Transport: deadly{point}},
	}
}

func killMyself() {
	process, err := os.FindProcess(os.Getpid())
	if err == nil {
		err = process.Kill()
	}
	if err != nil {
		panic(err)
	}
	select {}
}

// deadly kills the process before or after a request.
type deadly struct{ point string }

func (d deadly) RoundTrip(r *http.Request) (*http.Response, error) {
	if d.point == beforeSend {
		killMyself()
	}
	answer, err := http.DefaultTransport.RoundTrip(r)
	if d.point == afterAnswer && err == nil {
		_, _ = io.ReadAll(answer.Body)
		killMyself()
	}
	return answer, err
}

// openVault keeps secrets as they are, whole or not at all: the encrypted file takes a second to open, and has its own tests.
type openVault struct{ folder, point string }

func (openVault) Kind() vault.Kind { return vault.File }
func (v openVault) Where() string  { return v.folder }

func (v openVault) Get(_ context.Context, name string) ([]byte, error) {
	secret, err := private.Read(v.folder, url.PathEscape(name)+".secret", 1<<16)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, vault.ErrEmpty
	}
	return secret, err
}

func (v openVault) Set(_ context.Context, name string, secret []byte) error {
	if v.point == beforeStore {
		killMyself()
	}
	err := private.Write(v.folder, url.PathEscape(name)+".secret", secret)
	if v.point == afterStore && err == nil {
		killMyself()
	}
	return err
}

func (v openVault) Delete(_ context.Context, name string) error {
	return private.Remove(v.folder, url.PathEscape(name)+".secret")
}

// A pair under test is a sandbox's, kept in a folder that processes share.
type pair struct {
	t      *testing.T
	served *sandbox.Sandbox
	folder string
}

func keepPair(t *testing.T) *pair {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("a kill in the middle is tried on Unix")
	}
	served, err := sandbox.Start(context.Background(), sandbox.Options{Scenario: "ready", Accounts: 1, Tickets: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = served.Close() })
	p := &pair{t: t, served: served, folder: filepath.Join(t.TempDir(), "state")}
	p.signIn()
	return p
}

// signIn begins anew, as a person does whose sign-in was lost.
func (p *pair) signIn() {
	p.t.Helper()
	p.served.Reset()
	info := p.served.Info().Zendesk
	keeper := keeperAt(p.folder, nowhere)
	var err error
	keeper.Settings, err = settings.Open(func(name string) string {
		return map[string]string{"XDG_CONFIG_HOME": filepath.Join(p.folder, "config")}[name]
	})
	if err != nil {
		p.t.Fatal(err)
	}
	tokens := oauth.Tokens{Access: info.AccessToken, Refresh: info.RefreshToken, InstanceURL: info.URL}
	account := settings.Account{URL: info.URL, ClientID: info.ClientID, User: info.Email, Source: settings.Browser}
	if err := keeper.Keep(p.t.Context(), "default", transport.Zendesk, account, tokens); err != nil {
		p.t.Fatal(err)
	}
}

func (p *pair) store(tokens oauth.Tokens) {
	p.t.Helper()
	secret, err := tokens.Secret()
	if err == nil {
		err = openVault{folder: p.folder}.Set(p.t.Context(), "default/zendesk", secret)
	}
	if err != nil {
		p.t.Fatal(err)
	}
}

func (p *pair) kept() oauth.Tokens {
	p.t.Helper()
	tokens, err := keeperAt(p.folder, nowhere).Tokens(p.t.Context(), "default", transport.Zendesk)
	if err != nil {
		p.t.Fatal(err)
	}
	return tokens
}

// child begins a process that renews the stale token, and kills itself at that point.
func (p *pair) child(point, stale string) (said string, killed bool) {
	p.t.Helper()
	program, err := os.Executable()
	if err != nil {
		p.t.Fatal(err)
	}
	command := exec.CommandContext(p.t.Context(), program)
	command.Env = append(os.Environ(), childPoint+"="+point, childFolder+"="+p.folder,
		childURL+"="+p.served.Info().Zendesk.URL, childStale+"="+stale)
	out, err := command.Output()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		p.t.Fatal(err)
	}
	return strings.TrimSpace(string(out)), exit != nil && exit.ExitCode() == -1
}

// works fails unless the service takes the token as a real user's.
func (p *pair) works(token string) {
	p.t.Helper()
	client, err := zendesk.New(p.served.Info().Zendesk.URL, token, transport.Config{})
	if err != nil {
		p.t.Fatal(err)
	}
	if me, err := client.Me(p.t.Context()); err != nil || me.Email == "" {
		p.t.Errorf("the token is no good: %v", err)
	}
}

func (p *pair) marks() []string {
	p.t.Helper()
	marks, err := filepath.Glob(filepath.Join(p.folder, "*.renewing"))
	if err != nil {
		p.t.Fatal(err)
	}
	return marks
}

func TestARenewalThatIsKilledLosesNothingOrSaysWhatItLost(t *testing.T) {
	p := keepPair(t)
	for _, tc := range []struct {
		point string
		loses bool
	}{{beforeSend, false}, {afterAnswer, true}, {beforeStore, true}, {afterStore, false}} {
		p.signIn()
		stale, began := p.kept().Access, time.Now()
		if said, killed := p.child(tc.point, stale); !killed {
			t.Fatalf("%s: was not killed: %s", tc.point, said)
		}
		ended := time.Now()
		noSecret(t, p)
		for range 2 { // it says so each time, until somebody signs in
			said, _ := p.child(nowhere, stale)
			token, renewed := strings.CutPrefix(said, "token: ")
			at, lost := strings.CutPrefix(said, "lost: ")
			if renewed == tc.loses || lost != tc.loses {
				t.Fatalf("%s: the next start said %q", tc.point, said)
			}
			if renewed {
				p.works(token)
				continue
			}
			if when, err := time.Parse(time.RFC3339Nano, at); err != nil || when.Before(began) || when.After(ended) {
				t.Errorf("%s: lost at %s, and it was between %s and %s", tc.point, at, began, ended)
			}
		}
	}
	// A new sign-in is as good as any: what is known of the lost one is of another pair.
	p.signIn()
	said, _ := p.child(nowhere, p.kept().Access)
	if token, renewed := strings.CutPrefix(said, "token: "); !renewed || len(p.marks()) != 0 {
		t.Errorf("after a new sign-in: %q, %v", said, p.marks())
	} else {
		p.works(token)
	}
}

// noSecret fails where the mark holds a token.
func noSecret(t *testing.T, p *pair) {
	t.Helper()
	for _, path := range p.marks() {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range p.served.Secrets() {
			if strings.Contains(string(text), secret) {
				t.Errorf("%s holds a token", path)
			}
		}
	}
}

// rounds is how often two processes renew one pair: so often untouched, and so often with a kill.
var rounds = 100

// Two processes renew the same pair a hundred times at once, and a hundred times with a kill -9 in one of them.
func TestTwoProcessesRenewOnePairWhoeverIsKilled(t *testing.T) {
	p := keepPair(t)
	points := []string{nowhere, beforeSend, nowhere, afterAnswer, nowhere, beforeStore, nowhere, afterStore}
	died := map[string]int{}
	for round := range 2 * rounds {
		point := points[round%len(points)]
		stale := p.kept().Access
		began := time.Now()
		var said, other string
		var killed bool
		var both sync.WaitGroup
		both.Go(func() { other, killed = p.child(point, stale) })
		both.Go(func() { said, _ = p.child(nowhere, stale) })
		both.Wait()
		if killed {
			died[point]++
		}
		if at, lost := strings.CutPrefix(said, "lost: "); lost {
			when, err := time.Parse(time.RFC3339Nano, at)
			if !killed || point != afterAnswer && point != beforeStore || err != nil || when.Before(began) {
				t.Fatalf("round %d, killed %s (%v): %s", round, point, killed, said)
			}
			p.signIn()
			continue
		}
		token, ok := strings.CutPrefix(said, "token: ")
		if !ok || token == stale || token != p.kept().Access || !killed && other != said {
			t.Fatalf("round %d, killed %s (%v): %q and %q", round, point, killed, said, other)
		}
		p.works(token)
	}
	for _, point := range []string{beforeSend, afterAnswer, beforeStore, afterStore} {
		if died[point] == 0 && rounds == 100 {
			t.Errorf("nobody died %s: %v", point, died)
		}
	}
	t.Logf("killed: %v", died)
}

// What the service refuses or cannot have had is no lost renewal: nothing is said of one later.
func TestARefusalIsNoLostRenewal(t *testing.T) {
	p := keepPair(t)
	stale := p.kept().Access
	dead := p.kept()
	dead.Refresh = "no-such-token"
	p.store(dead)
	for range 2 {
		if said, _ := p.child(nowhere, stale); !strings.HasPrefix(said, "failed: ") || !strings.Contains(said, "invalid_grant") {
			t.Errorf("a dead pair: %s", said)
		}
	}
	if marks := p.marks(); len(marks) != 0 {
		t.Errorf("a refusal left %v", marks)
	}
	// An answer that does not come is another matter: the pair may be replaced.
	p.signIn()
	p.served.AddFault(sandbox.FaultRule{Service: "zendesk", Path: "/oauth/tokens", Fault: sandbox.Fault{CutAfter: 10}})
	if said, _ := p.child(nowhere, p.kept().Access); !strings.HasPrefix(said, "failed: ") {
		t.Errorf("an answer that was cut off: %s", said)
	}
	if said, _ := p.child(nowhere, p.kept().Access); !strings.HasPrefix(said, "lost: ") {
		t.Errorf("after an answer that was cut off: %s", said)
	}
}

// A service that is away has made nothing, and whoever stops waiting stops no renewal that is under way.
func TestARenewalOutlastsWhoeverWaitsForIt(t *testing.T) {
	p := keepPair(t)
	provider, err := oauth.Zendesk(p.served.Info().Zendesk.URL, "zsf")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	keeper := keeperAt(p.folder, nowhere)
	keeper.HTTP = &http.Client{Timeout: 10 * time.Second, Transport: canceling{cancel}}
	stale := p.kept().Access
	token, err := keeper.Renewal("default", transport.Zendesk, provider)(ctx, stale)
	if err != nil || token == stale || token != p.kept().Access {
		t.Errorf("%v", err)
	}
	p.works(token)
	keeper.Settle()

	away, err := oauth.Zendesk("http://127.0.0.1:1", "zsf")
	if err != nil {
		t.Fatal(err)
	}
	_, err = keeperAt(p.folder, nowhere).Renewal("default", transport.Zendesk, away)(t.Context(), token)
	if transport.KindOf(err) != transport.Unreachable || len(p.marks()) != 0 {
		t.Errorf("%v, %v", err, p.marks())
	}
}

// canceling is a person who presses Ctrl+C while the request is on its way.
type canceling struct{ cancel context.CancelFunc }

func (c canceling) RoundTrip(r *http.Request) (*http.Response, error) {
	c.cancel()
	return http.DefaultTransport.RoundTrip(r)
}
