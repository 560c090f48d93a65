package main_test

import (
	"bufio"
	"encoding/json"
	"html"
	"io"
	"io/fs"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gofrs/flock"

	"zsf/clients/oauth"
	"zsf/clients/sandbox"
	"zsf/ui/locale"
)

// A person walks the services' sign-in pages as a browser would.
type person struct {
	t      *testing.T
	client *http.Client
}

func newPerson(t *testing.T) *person {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &person{t: t, client: &http.Client{Jar: jar}}
}

var (
	formTag  = regexp.MustCompile(`(?s)<form[^>]*action="([^"]*)"[^>]*>(.*?)</form>`)
	inputTag = regexp.MustCompile(`<(?:input|button)[^>]*>`)
	attrName = regexp.MustCompile(`\bname="([^"]*)"`)
	attrVal  = regexp.MustCompile(`\bvalue="([^"]*)"`)
)

// allow opens the address, signs in where it is asked to, and presses Allow, until the way back is reached.
func (p *person) allow(address string) {
	p.t.Helper()
	page, at := p.open(p.client.Get(address))
	for range 5 {
		form := formTag.FindStringSubmatch(page)
		if form == nil {
			return
		}
		values := url.Values{}
		for _, tag := range inputTag.FindAllString(form[2], -1) {
			name := attrName.FindStringSubmatch(tag)
			if name == nil {
				continue
			}
			value := ""
			if found := attrVal.FindStringSubmatch(tag); found != nil {
				value = html.UnescapeString(found[1])
			}
			if strings.Contains(tag, `type="password"`) || name[1] == "pw" {
				value = "any password"
			}
			if strings.HasPrefix(tag, "<button") && strings.Contains(strings.ToLower(value), "den") {
				continue
			}
			values.Set(name[1], value)
		}
		next, err := at.Parse(html.UnescapeString(form[1]))
		if err != nil {
			p.t.Error(err)
			return
		}
		page, at = p.open(p.client.PostForm(next.String(), values))
	}
	p.t.Errorf("the pages do not end: %s\n%s", at, page)
}

func (p *person) open(response *http.Response, err error) (page string, at *url.URL) {
	p.t.Helper()
	if err != nil {
		p.t.Error(err)
		return "", nil
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		p.t.Error(err)
	}
	return string(body), response.Request.URL
}

// takePorts waits for the registered ports, which the tests of clients/oauth use, too.
func takePorts(t *testing.T) {
	t.Helper()
	turn := flock.New(filepath.Join(os.TempDir(), "zsf-tests-ports.lock"))
	if err := turn.Lock(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = turn.Unlock() })
}

// home is a machine of its own: its files, no keychain, and the registered ports.
func home(t *testing.T) []string {
	t.Helper()
	takePorts(t)
	return homeWithoutPorts(t)
}

func homeWithoutPorts(t *testing.T) []string {
	t.Helper()
	folder := t.TempDir()
	return []string{"HOME=" + folder, "ZSF_VAULT_PASSPHRASE=correct horse battery staple", "TZ=UTC", "PATH=" + os.Getenv("PATH"), "NO_PROXY=*"}
}

// signIn runs auth login as a script would, with a person at the browser.
func signIn(t *testing.T, env []string, service, address, clientID string, more ...string) {
	t.Helper()
	command := exec.Command(program(t), append([]string{
		"auth", "login", service, "--url", address, "--client-id", clientID, "--no-browser", "--store", "file", "--environment", "sandbox", "--json",
	}, more...)...)
	command.Env = env
	stdout, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var stderr strings.Builder
	command.Stderr = &stderr
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	var events []map[string]string
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		event := map[string]string{}
		if err := json.Unmarshal(lines.Bytes(), &event); err != nil {
			t.Errorf("not an event: %s", lines.Text())
		}
		events = append(events, event)
		if event["event"] == "url" {
			newPerson(t).allow(event["url"])
		}
	}
	if err := command.Wait(); err != nil {
		t.Fatalf("%v: %v\n%s", err, events, &stderr)
	}
	if len(events) != 2 || events[1]["event"] != "signed-in" || events[1]["service"] != service || !strings.Contains(events[1]["user"], "@") {
		t.Fatalf("%v\n%s", events, &stderr)
	}
}

func TestAProfileSignsInChecksRenewsAndSignsOut(t *testing.T) {
	t.Parallel()
	var offset atomic.Int64
	now := func() time.Time { return time.Now().Add(time.Duration(offset.Load())) }
	served, _ := serve(t, sandbox.Options{Scenario: "ready", Now: now})
	info := served.Info()
	env := home(t)

	if ran := runZSF(t, env, "auth", "status"); ran.code != 3 || !strings.Contains(ran.stdout, "zsf auth login zendesk") {
		t.Errorf("before: %+v", ran)
	}
	signIn(t, env, "salesforce", info.Salesforce.LoginURL, info.Salesforce.ClientID)
	signIn(t, env, "zendesk", info.Zendesk.URL, info.Zendesk.ClientID)

	status := runZSF(t, env, "auth", "status", "--json")
	if status.code != 0 || !strings.Contains(status.stdout, `"user":"`+info.Zendesk.Email+`"`) || !strings.Contains(status.stdout, `"environment":"sandbox"`) {
		t.Errorf("status: %+v", status)
	}
	looked := readLook(t, runZSF(t, env, "check", "--json"))
	if looked.Profile != "default" || looked.Summary["fail"] != 0 || looked.verdicts()["environment.rehearsal"] != "pass" {
		t.Errorf("check: %v", looked.verdicts())
	}

	// A day later the Zendesk token has ended: it is renewed by itself, and the new one is kept.
	offset.Store(int64(25 * time.Hour))
	for range 2 {
		if looked := readLook(t, runZSF(t, env, "check", "--json", "--only", "zendesk.admin")); looked.verdicts()["zendesk.admin"] != "pass" {
			t.Errorf("a day later: %v", looked.verdicts())
		}
	}
	renewals := 0
	for _, request := range served.Requests() {
		if request.Service == "zendesk" && request.Path == "/oauth/tokens" && request.Status < 300 {
			renewals++
		}
	}
	if renewals != 2 { // the sign-in's own exchange, and one renewal
		t.Errorf("%d token requests", renewals)
	}

	seenByOthersIsNotShown(t, served, env)
	out := runZSF(t, env, "auth", "logout")
	if out.code != 0 || !strings.Contains(out.stdout, "Signed out of Zendesk: revoked and forgotten.") || !strings.Contains(out.stdout, "Signed out of Salesforce: revoked and forgotten.") {
		t.Errorf("logout: %+v", out)
	}
	if ran := runZSF(t, env, "check", "--json"); ran.code != 3 {
		t.Errorf("after: %+v", ran)
	}
	if kept := readKept(t, runZSF(t, env, "cache", "--json")); len(kept.Kept) != 0 {
		t.Errorf("after: %+v", kept)
	}
	noTokenIn(t, strings.TrimPrefix(env[0], "HOME="))
}

// seenByOthersIsNotShown looks at a record twice, and then as somebody else.
func seenByOthersIsNotShown(t *testing.T, served *sandbox.Sandbox, env []string) {
	t.Helper()
	var listed struct {
		Organizations []company `json:"organizations"`
	}
	ask(t, served.Info().Zendesk.URL+"/api/v2/organizations?page%5Bsize%5D=100", served.Info().Zendesk.AccessToken, &listed)
	linked := slices.IndexFunc(listed.Organizations, func(one company) bool { return one.ExternalID != "" })
	if linked < 0 {
		t.Fatal("no organization is linked")
	}
	account := listed.Organizations[linked].ExternalID
	link := func() string { return readLinked(t, runZSF(t, env, "tickets", account, "--json")).Match.Link }
	if got := link() + " " + link(); got != "new holds" {
		t.Error(got)
	}
	config := filepath.Join(strings.TrimPrefix(env[0], "HOME="), ".config", "zsf", "config.toml")
	text, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	other := strings.Replace(string(text), `user = "`, `user = "not.`, 1)
	if err := os.WriteFile(config, []byte(other), 0o600); err != nil || other == string(text) {
		t.Fatal("nobody is signed in", err)
	}
	if got := link(); got != "new" {
		t.Error(got)
	}
}

// noTokenIn searches every file that the program wrote for what looks like one of the sandbox's tokens.
func noTokenIn(t *testing.T, folder string) {
	t.Helper()
	token := regexp.MustCompile(`00D[A-Za-z0-9]{12,15}![A-Za-z0-9._]{20,}|"access":|eyJ|[a-f0-9]{64}`)
	files := 0
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		files++
		text, err := os.ReadFile(path)
		if entry.Name() == "vault.age" { // its first line holds a checksum of what is encrypted
			_, sealed, _ := strings.Cut(string(text), "\n")
			text = []byte(sealed)
		}
		if err == nil && token.Match(text) {
			t.Errorf("%s holds %q", path, token.Find(text))
		}
		return err
	})
	if err != nil || files == 0 {
		t.Errorf("%d files, %v", files, err)
	}
}

func TestProfilesAreListedRenamedAndRemovedWithTheirSecrets(t *testing.T) {
	served, _ := serve(t, sandbox.Options{Scenario: "ready"})
	info := served.Info()
	env := home(t)
	signIn(t, env, "zendesk", info.Zendesk.URL, info.Zendesk.ClientID)

	listed := runZSF(t, env, "profile")
	if listed.code != 0 || !strings.Contains(listed.stdout, "default") || !strings.Contains(listed.stdout, info.Zendesk.URL+" (sandbox)") {
		t.Errorf("list: %+v", listed)
	}
	if ran := runZSF(t, env, "profile", "rename", "default", "acme"); ran.code != 0 || !strings.Contains(ran.stdout, "default is now acme") {
		t.Errorf("rename: %+v", ran)
	}
	looked := readLook(t, runZSF(t, env, "check", "--json", "--only", "zendesk.admin"))
	if looked.Profile != "acme" || looked.verdicts()["zendesk.admin"] != "pass" {
		t.Errorf("after the rename: %s %v", looked.Profile, looked.verdicts())
	}
	if ran := runZSF(t, env, "check", "--profile", "default"); ran.code != 2 || !strings.Contains(ran.stderr, "default") {
		t.Errorf("the old name: %+v", ran)
	}
	if ran := runZSF(t, env, "check", "--profile", "default", "--lang", "ko"); ran.code != 2 || !strings.Contains(ran.stderr, "default 프로필이 없습니다") {
		t.Errorf("%+v", ran)
	}
	if ran := runZSF(t, env, "profile", "rename", "acme", "../acme"); ran.code != 2 || !strings.Contains(ran.stderr, "../acme cannot be a profile's name") {
		t.Errorf("a name that is none: %+v", ran)
	}
	if ran := runZSF(t, env, "profile", "remove", "acme"); ran.code != 0 || !strings.Contains(ran.stdout, "Nothing was revoked") {
		t.Errorf("remove: %+v", ran)
	}
	if ran := runZSF(t, env, "profile", "--json"); strings.TrimSpace(ran.stdout) != `{"schema":1,"default":"","profiles":[]}` {
		t.Errorf("after the removal: %+v", ran)
	}
}

// Each code that the browser can show has its cause and its way out in both languages.
func TestEachCodeOfTheBrowserHasWords(t *testing.T) {
	for _, tag := range locale.Languages {
		words, err := locale.New(tag)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range oauth.HelpNames() {
			for _, part := range []string{".cause", ".way_out"} {
				if id := "oauth.help." + name + part; !words.Has(id) {
					t.Errorf("%s has no words for %s", tag, id)
				}
			}
		}
	}
}

// Over SSH no browser can come back: the questions are answered and the way back is pasted, all on one pipe.
func TestASignInIsFinishedByPasting(t *testing.T) {
	served, _ := serve(t, sandbox.Options{Scenario: "ready"})
	info := served.Info()
	env := append(home(t), "TERM=dumb")
	for name, tc := range map[string]struct {
		args     []string
		answers  string
		user     string
		explains string
	}{
		"piped answers": {
			[]string{"zendesk", "--plain"},
			info.Zendesk.URL + "\n" + info.Zendesk.ClientID + "\nsandbox\n",
			info.Zendesk.Email, "What that means: The address to come back to",
		},
		"asked for": {
			[]string{"salesforce", "--plain", "--paste"},
			info.Salesforce.LoginURL + "\n" + info.Salesforce.ClientID + "\nsandbox\n",
			info.Salesforce.Username, "What that means: The address to come back to",
		},
		"events": {
			[]string{"zendesk", "--json", "--paste", "--url", info.Zendesk.URL, "--client-id", info.Zendesk.ClientID},
			"",
			info.Zendesk.Email, `"code":"pasted","event":"error"`,
		},
	} {
		command := exec.Command(program(t), append([]string{"auth", "login", "--store", "file"}, tc.args...)...)
		command.Env = env
		stdin, err := command.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		stdout, err := command.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		var stderr strings.Builder
		command.Stderr = &stderr
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(stdin, tc.answers); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(stdout)
		if !lines.Scan() {
			t.Fatalf("no address was printed: %s", &stderr)
		}
		far := newPerson(t)
		var wayBack string
		far.client.CheckRedirect = func(next *http.Request, _ []*http.Request) error {
			if strings.Contains(next.URL.Path, "callback") {
				wayBack = next.URL.String()
				return http.ErrUseLastResponse
			}
			return nil
		}
		address := lines.Text()
		if _, rest, isEvent := strings.Cut(address, `"url":"`); isEvent {
			address = strings.TrimSuffix(rest, `"}`)
		}
		far.allow(address)
		for _, pasted := range []string{"redirect_uri_mismatch", strings.Replace(wayBack, "state=", "state=x", 1), wayBack} {
			if _, err := io.WriteString(stdin, pasted+"\n"); err != nil {
				t.Fatal(err)
			}
		}
		said := ""
		for lines.Scan() {
			said += lines.Text() + "\n"
		}
		if err := command.Wait(); err != nil {
			t.Fatalf("%s: %v\n%s", name, err, &stderr)
		}
		if !strings.Contains(said, tc.user) {
			t.Errorf("%s: %q", name, said)
		}
		for _, line := range []string{tc.explains, "That does not fit"} {
			if !strings.Contains(stderr.String()+said, line) {
				t.Errorf("%s: %q was not said:\n%s%s", name, line, &stderr, said)
			}
		}
	}
}

func TestASignInThatIsDeniedOrCannotStartSaysWhatToDo(t *testing.T) {
	env := home(t)
	for _, tc := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"auth", "login", "--json"}, 2, `"code":"usage"`},
		{[]string{"auth", "login", "jira"}, 2, "no service jira"},
		{[]string{"auth", "login", "zendesk", "--json"}, 2, "--url is missing"},
		{[]string{"auth", "login", "zendesk", "--url", "http://acme.zendesk.com", "--client-id", "x"}, 2, "zsf:"},
		{[]string{"auth", "login", "zendesk", "--store", "pocket"}, 2, "keychain or file"},
		{[]string{"auth", "login", "salesforce", "--sf=-x"}, 1, "alias"},
		{[]string{"--demo", "auth", "login", "zendesk"}, 2, "leave --demo out"},
		{[]string{"auth", "logout", "zendesk"}, 0, "nothing to do"},
		{[]string{"auth", "logout", "zendesk", "--json"}, 0, `{"schema":1,"profile":"default","sign_outs":[{"service":"zendesk","was_signed_in":false,"revoked":false,"reason":""}]}`},
	} {
		ran := runZSF(t, env, tc.args...)
		if ran.code != tc.code || !strings.Contains(ran.stdout+ran.stderr, tc.want) {
			t.Errorf("%v: %+v, want exit code %d and %q", tc.args, ran, tc.code, tc.want)
		}
	}
}

// Zendesk's refresh tokens work once. Several programs that find the same pair expired renew it once between them.
func TestSeveralProgramsAtOnceNeverBurnEachOthersTokens(t *testing.T) {
	var offset atomic.Int64
	served, _ := serve(t, sandbox.Options{Scenario: "ready", Now: func() time.Time { return time.Now().Add(time.Duration(offset.Load())) }})
	info := served.Info()
	env := home(t)
	signIn(t, env, "zendesk", info.Zendesk.URL, info.Zendesk.ClientID)
	signedIn := time.Now()
	const rounds, programs = 5, 3
	for round := range rounds {
		offset.Add(int64(25 * time.Hour))
		var running sync.WaitGroup
		for range programs {
			running.Go(func() {
				if ran := runZSF(t, env, "check", "--json", "--only", "zendesk.admin"); ran.code != 0 {
					t.Errorf("round %d: %+v", round, ran)
				}
			})
		}
		running.Wait()
	}
	renewals := 0
	for _, request := range served.Requests() {
		if request.Path == "/oauth/tokens" && request.Started.After(signedIn) {
			renewals++
		}
	}
	if renewals != rounds {
		t.Errorf("%d renewals in %d rounds", renewals, rounds)
	}
}

// Where tokens are kept, and for whom, is settled before anything is remembered, asked or got.
func TestALoginThatCannotBeKeptChangesNothing(t *testing.T) {
	env := homeWithoutPorts(t)
	ran := runZSF(t, env, "auth", "login", "zendesk", "--store", "keychain", "--url", "acme", "--client-id", "zsf")
	if ran.code != 1 || !strings.Contains(ran.stderr, "--store file") {
		t.Errorf("no keychain: %+v", ran)
	}
	refused := []struct {
		args []string
		code int
		says string
	}{
		{[]string{"--json"}, 2, "--url is missing"},
		{[]string{"--json", "--url", "https://acme.example.com", "--client-id", "zsf"}, 2, "as the browser's address bar has it"},
		{[]string{"--json", "--profile", "../x", "--url", "acme", "--client-id", "zsf"}, 2, "cannot be a profile's name"},
		{[]string{"--url", "http://127.0.0.1:1", "--client-id", "zsf", "--client-secret-file", "-"}, 1, "The keychain cannot be used"}, // it is still tried first
	}
	for _, one := range refused {
		if ran := runZSF(t, env, append([]string{"auth", "login", "zendesk"}, one.args...)...); ran.code != one.code || !strings.Contains(ran.stdout+ran.stderr, one.says) {
			t.Errorf("%q: %+v", one.args, ran)
		}
	}
	without := slices.DeleteFunc(slices.Clone(env), func(set string) bool { return strings.HasPrefix(set, "ZSF_VAULT_PASSPHRASE=") })
	ran = runZSF(t, without, "auth", "login", "zendesk", "--json", "--url", "acme", "--client-id", "zsf")
	if ran.code != 1 || !strings.Contains(ran.stdout, "Set ZSF_VAULT_PASSPHRASE") || strings.Contains(ran.stdout, "try/") {
		t.Errorf("no passphrase: %+v", ran)
	}
}
