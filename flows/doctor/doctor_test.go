package doctor_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"zsf/clients/settings"
	"zsf/clients/transport"
	"zsf/clients/vault"
	"zsf/flows/doctor"
	"zsf/flows/flow"
	"zsf/ui/locale"
)

var now = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

// environment gives what is set, and nothing else.
type environment map[string]string

func (e environment) get(name string) string { return e[name] }

// answer is an HTTP service that always answers so.
type answer struct {
	status int
	header http.Header
	err    error
	hangs  bool
}

func (a answer) Do(r *http.Request) (*http.Response, error) {
	if a.hangs {
		<-r.Context().Done()
		return nil, &url.Error{Op: "Get", URL: r.URL.String(), Err: r.Context().Err()}
	}
	if a.err != nil {
		return nil, &url.Error{Op: "Get", URL: r.URL.String(), Err: a.err}
	}
	return &http.Response{StatusCode: a.status, Header: a.header, Body: io.NopCloser(strings.NewReader("{}"))}, nil
}

func dated(skew time.Duration) answer {
	return answer{status: 200, header: http.Header{"Date": {now.Add(skew).Format(http.TimeFormat)}, "Content-Type": {"application/json"}}}
}

type keychain struct{ kind vault.Kind }

func (k keychain) Kind() vault.Kind                          { return k.kind }
func (keychain) Where() string                               { return "somewhere" }
func (keychain) Get(context.Context, string) ([]byte, error) { return nil, vault.ErrEmpty }
func (keychain) Set(context.Context, string, []byte) error   { return nil }
func (keychain) Delete(context.Context, string) error        { return nil }
func nothing(string) error                                   { return nil }
func absent(name string) error                               { return errors.New(name + " is not here") }
func direct(*http.Request) (*url.URL, error)                 { return nil, nil }
func through(proxy string) func(*http.Request) (*url.URL, error) {
	return func(*http.Request) (*url.URL, error) { return url.Parse(proxy) }
}

func opens(v vault.Opened, err error) func(context.Context, vault.Kind) (vault.Opened, error) {
	return func(context.Context, vault.Kind) (vault.Opened, error) { return v, err }
}

func cells(count int, err error) func(context.Context) (int, error) {
	return func(context.Context) (int, error) { return count, err }
}

// well is a machine on which nothing is wrong.
func well(t *testing.T) doctor.Machine {
	t.Helper()
	folder := t.TempDir()
	return doctor.Machine{
		OS: "linux", Getenv: environment{"TERM": "xterm", "LANG": "C.UTF-8", "BROWSER": "firefox"}.get, Now: func() time.Time { return now },
		Versions: doctor.Versions{ZSF: "v1", Go: "go1.26", OS: "linux", Arch: "amd64"},
		Terminal: &doctor.Terminal{Width: 80, Height: 24, Colours: doctor.TrueColour, Cells: cells(2, nil)}, Find: nothing,
		Addresses: map[transport.Service]string{
			transport.Salesforce: "https://acme.my.salesforce.com", transport.Zendesk: "https://acme.zendesk.com",
		},
		SettingsFile: filepath.Join(folder, "config.toml"), StateFolder: filepath.Join(folder, "state"),
		LoadSettings: func() (settings.Settings, error) { return settings.Settings{}, nil },
		Vault:        opens(vault.Opened{Vault: keychain{vault.Keychain}}, nil),
		HTTP:         dated(0), Proxy: direct,
	}
}

func look(t *testing.T, m doctor.Machine, id flow.ID) (flow.Finding, string) {
	t.Helper()
	_, looked := doctor.Look(t.Context(), m)
	if len(looked.Findings) != 9 {
		t.Fatalf("%d findings", len(looked.Findings))
	}
	words, err := locale.New("en")
	if err != nil {
		t.Fatal(err)
	}
	finding, _ := looked.Finding(id)
	if finding.Verdict == flow.Fail && len(finding.Remedies) == 0 {
		t.Errorf("%s fails without a remedy", id)
	}
	return finding, words.Say(finding.Summary)
}

func TestAMachineThatIsWellPasses(t *testing.T) {
	_, looked := doctor.Look(t.Context(), well(t))
	if looked.Count(flow.Pass) != 9 || looked.Salesforce.InstanceURL != "https://acme.my.salesforce.com" {
		t.Errorf("%+v", looked)
	}
}

func TestEachJudgement(t *testing.T) {
	locked, missing, slow := fmt.Errorf("try: %w", vault.ErrLocked), fmt.Errorf("try: %w", vault.ErrMissing), fmt.Errorf("try: %w", vault.ErrSlow)
	file := keychain{vault.File}
	for name, tc := range map[string]struct {
		change  func(*doctor.Machine)
		id      flow.ID
		verdict flow.Verdict
		said    string
	}{
		"no terminal":       {func(m *doctor.Machine) { m.Terminal = nil }, doctor.TerminalID, flow.Unknown, "not in a terminal"},
		"just large enough": {func(m *doctor.Machine) { m.Terminal.Width, m.Terminal.Height = 60, 16 }, doctor.TerminalID, flow.Pass, "60×16, 16 million colours"},
		"narrow":            {func(m *doctor.Machine) { m.Terminal.Width = 59 }, doctor.TerminalID, flow.Warn, "the window is 59×24"},
		"low":               {func(m *doctor.Machine) { m.Terminal.Height = 15 }, doctor.TerminalID, flow.Warn, "the window is 80×15"},
		"no UTF-8":          {func(m *doctor.Machine) { m.Getenv = environment{"TERM": "xterm", "LANG": "C"}.get }, doctor.TerminalID, flow.Warn, "not UTF-8"},
		"LC_ALL goes first": {func(m *doctor.Machine) {
			m.Getenv = environment{"TERM": "xterm", "LC_ALL": "ko_KR.utf8", "LANG": "C"}.get
		}, doctor.TerminalID, flow.Pass, "80×24"},
		"dumb": {func(m *doctor.Machine) { m.Getenv = environment{"TERM": "dumb", "LANG": "C.UTF-8"}.get }, doctor.TerminalID, flow.Warn, "TERM is “dumb”"},

		"wide is two cells":  {func(*doctor.Machine) {}, doctor.WideID, flow.Pass, "한 takes two cells"},
		"wide is one cell":   {func(m *doctor.Machine) { m.Terminal.Cells = cells(1, nil) }, doctor.WideID, flow.Warn, "한 takes 1 here"},
		"no answer":          {func(m *doctor.Machine) { m.Terminal.Cells = cells(0, fmt.Errorf("ask: %w", doctor.ErrNoReply)) }, doctor.WideID, flow.Unknown, "does not tell where"},
		"cannot be asked":    {func(m *doctor.Machine) { m.Terminal.Cells = cells(0, doctor.ErrCannotAsk) }, doctor.WideID, flow.Unknown, "this system's console"},
		"another failure":    {func(m *doctor.Machine) { m.Terminal.Cells = cells(0, io.ErrClosedPipe) }, doctor.WideID, flow.Unknown, "closed pipe"},
		"not to be asked":    {func(m *doctor.Machine) { m.Terminal.Cells = nil }, doctor.WideID, flow.Unknown, "--plain"},
		"nothing to measure": {func(m *doctor.Machine) { m.Terminal = nil }, doctor.WideID, flow.Unknown, "not in a terminal"},

		"own browser is missing": {func(m *doctor.Machine) { m.Find = absent }, doctor.BrowserID, flow.Warn, "$BROWSER names"},
		"no desktop":             {func(m *doctor.Machine) { m.Getenv = environment{}.get }, doctor.BrowserID, flow.Warn, "no desktop"},
		"a desktop":              {func(m *doctor.Machine) { m.Getenv = environment{"DISPLAY": ":0"}.get }, doctor.BrowserID, flow.Pass, "xdg-open"},
		"WSL":                    {func(m *doctor.Machine) { m.Getenv = environment{"WSL_DISTRO_NAME": "x"}.get }, doctor.BrowserID, flow.Pass, "wslview"},
		"WSL with nothing":       {func(m *doctor.Machine) { m.Getenv, m.Find = environment{"WSL_INTEROP": "x"}.get, absent }, doctor.BrowserID, flow.Warn, "WSL"},
		"a Mac":                  {func(m *doctor.Machine) { m.OS, m.Getenv, m.Find = "darwin", environment{}.get, absent }, doctor.BrowserID, flow.Pass, "system's own"},

		"locked, so the file":  {func(m *doctor.Machine) { m.Vault = opens(vault.Opened{Vault: file, Fallback: locked}, nil) }, doctor.KeychainID, flow.Warn, "is locked"},
		"missing, so the file": {func(m *doctor.Machine) { m.Vault = opens(vault.Opened{Vault: file, Fallback: missing}, nil) }, doctor.KeychainID, flow.Warn, "no keychain here"},
		"hangs, so the file":   {func(m *doctor.Machine) { m.Vault = opens(vault.Opened{Vault: file, Fallback: slow}, nil) }, doctor.KeychainID, flow.Warn, "does not answer"},
		"asked for and locked": {func(m *doctor.Machine) { m.Vault = opens(vault.Opened{}, locked) }, doctor.KeychainID, flow.Fail, "ask for it: the keychain is locked"},
		"the file, as chosen":  {func(m *doctor.Machine) { m.Vault = opens(vault.Opened{Vault: file}, nil) }, doctor.KeychainID, flow.Pass, "encrypted file"},

		"no profile":   {func(m *doctor.Machine) { m.Addresses = nil }, doctor.ZendeskID, flow.Unknown, "no profile to look at"},
		"a minute":     {func(m *doctor.Machine) { m.HTTP = dated(time.Minute) }, doctor.ZendeskID, flow.Pass, "the clocks agree"},
		"61 s behind":  {func(m *doctor.Machine) { m.HTTP = dated(61 * time.Second) }, doctor.ZendeskID, flow.Warn, "behind Zendesk's"},
		"five minutes": {func(m *doctor.Machine) { m.HTTP = dated(-5 * time.Minute) }, doctor.SalesforceID, flow.Warn, "5 min ahead of Salesforce's"},
		"beyond":       {func(m *doctor.Machine) { m.HTTP = dated(-301 * time.Second) }, doctor.SalesforceID, flow.Fail, "5 min ahead of Salesforce's"},
		"no date":      {func(m *doctor.Machine) { m.HTTP = answer{status: 200} }, doctor.SalesforceID, flow.Unknown, "without a date"},
		"a status":     {func(m *doctor.Machine) { a := dated(0); a.status = 503; m.HTTP = a }, doctor.ZendeskID, flow.Warn, "HTTP 503"},
		"a page": {func(m *doctor.Machine) {
			a := dated(0)
			a.header.Set("Content-Type", "text/html; charset=utf-8")
			m.HTTP = a
		}, doctor.ZendeskID, flow.Warn, "a web page answers"},
		"no such host":   {failing(&net.DNSError{Name: "acme.zendesk.com", IsNotFound: true}), doctor.ZendeskID, flow.Fail, "no such host: acme.zendesk.com"},
		"no name server": {failing(&net.DNSError{Name: "acme.zendesk.com", IsTimeout: true}), doctor.ZendeskID, flow.Fail, "name server"},
		"refused":        {failing(&net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}), doctor.ZendeskID, flow.Fail, "refuses the connection"},
		"a company's CA": {failing(&tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}), doctor.ZendeskID, flow.Fail, "authority"},
		"another's":      {failing(x509.HostnameError{Certificate: &x509.Certificate{}, Host: "acme.zendesk.com"}), doctor.ZendeskID, flow.Fail, "is not for acme.zendesk.com"},
		"not valid now":  {failing(x509.CertificateInvalidError{Reason: x509.Expired}), doctor.ZendeskID, flow.Fail, "not valid now"},
		"no TLS":         {failing(tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"}), doctor.ZendeskID, flow.Fail, "no secure connection"},
		"too late":       {failing(context.DeadlineExceeded), doctor.ZendeskID, flow.Fail, "no answer from"},
		"broken off":     {failing(io.ErrUnexpectedEOF), doctor.ZendeskID, flow.Fail, "broke off"},
		"proxy is away":  {failing(&net.OpError{Op: "proxyconnect", Err: syscall.ECONNREFUSED}), doctor.ZendeskID, flow.Fail, "the proxy"},
		"bad proxy": {func(m *doctor.Machine) {
			m.Proxy = func(*http.Request) (*url.URL, error) { return nil, errors.New("invalid proxy address http://me:pw") }
		}, doctor.ZendeskID, flow.Fail, "not an address"},
		"bad address":               {func(m *doctor.Machine) { m.Addresses[transport.Zendesk] = "acme" }, doctor.ZendeskID, flow.Fail, "not one of a service"},
		"no folder of certificates": {func(m *doctor.Machine) { m.Getenv = environment{"SSL_CERT_DIR": "/:/no/such/certs"}.get }, doctor.ZendeskID, flow.Warn, "/no/such/certs"},
		"on a Mac the environment names no authority": {func(m *doctor.Machine) {
			m.OS, m.Getenv = "darwin", environment{"SSL_CERT_FILE": "/no/such/ca.pem"}.get
		}, doctor.ZendeskID, flow.Pass, "the clocks agree"},
		"no bundle":          {func(m *doctor.Machine) { m.Getenv = environment{"SSL_CERT_FILE": "/no/such/ca.pem"}.get }, doctor.ZendeskID, flow.Warn, "/no/such/ca.pem"},
		"an unknown profile": {func(m *doctor.Machine) { m.Profile = "acme" }, doctor.SettingsID, flow.Fail, "no profile acme"},
	} {
		t.Run(name, func(t *testing.T) {
			m := well(t)
			tc.change(&m)
			if finding, said := look(t, m, tc.id); finding.Verdict != tc.verdict || !strings.Contains(said, tc.said) {
				t.Errorf("%s: %s; want %s: %s", finding.Verdict, said, tc.verdict, tc.said)
			}
		})
	}
}

func failing(err error) func(*doctor.Machine) {
	return func(m *doctor.Machine) { m.HTTP = answer{err: err} }
}

func TestAProxyIsNamedWithoutWhoUsesIt(t *testing.T) {
	m := well(t)
	m.HTTP, m.Proxy = answer{err: errors.New("Proxy Authentication Required")}, through("http://jo:s3cret@proxy.acme.com:3128")
	finding, said := look(t, m, doctor.ZendeskID)
	if finding.Verdict != flow.Fail || !strings.Contains(said, "http://proxy.acme.com:3128") || strings.Contains(fmt.Sprint(finding), "s3cret") {
		t.Errorf("%s: %+v", said, finding)
	}
}

func TestSettingsAreReadAndLeftAsTheyAre(t *testing.T) {
	for name, tc := range map[string]struct {
		mode    os.FileMode
		text    string
		verdict flow.Verdict
		said    string
	}{
		"well":                {0o600, "default = \"a\"\n", flow.Pass, "read without a mistake"},
		"broken":              {0o600, "default = \"a\"\nstore = oops\n", flow.Fail, "config.toml:2:"},
		"open to others":      {0o644, "default = \"a\"\n", flow.Warn, "mode 0644"},
		"open, and broken":    {0o640, "default = \"s3cret\n", flow.Fail, "config.toml:1:"},
		"anyone may write it": {0o666, "default = \"a\"\n", flow.Fail, "anyone may write"},
	} {
		t.Run(name, func(t *testing.T) {
			m := well(t)
			home := t.TempDir()
			kept, err := settings.Open(environment{"XDG_CONFIG_HOME": home}.get)
			if err != nil {
				t.Fatal(err)
			}
			m.SettingsFile, m.LoadSettings = kept.Path(), kept.Load
			if err := os.MkdirAll(filepath.Dir(kept.Path()), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(kept.Path(), []byte(tc.text), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(kept.Path(), tc.mode); err != nil {
				t.Fatal(err)
			}
			finding, said := look(t, m, doctor.SettingsID)
			if finding.Verdict != tc.verdict || !strings.Contains(said, tc.said) || strings.Contains(said, "s3cret") {
				t.Errorf("%s: %s", finding.Verdict, said)
			}
			if info, err := os.Stat(kept.Path()); err != nil || info.Mode().Perm() != tc.mode {
				t.Errorf("the mode is now %v, %v", info.Mode(), err)
			}
		})
	}
}

func TestTheStateFolderIsJudgedAndNotMade(t *testing.T) {
	for name, tc := range map[string]struct {
		prepare func(folder string) error
		verdict flow.Verdict
		said    string
	}{
		"none yet": {func(string) error { return nil }, flow.Pass, "none yet"},
		"well":     {func(folder string) error { return os.Mkdir(folder, 0o700) }, flow.Pass, "can be written"},
		"open":     {func(folder string) error { return errors.Join(os.Mkdir(folder, 0o700), os.Chmod(folder, 0o755)) }, flow.Warn, "mode 0755"},
		"a file":   {func(folder string) error { return os.WriteFile(folder, nil, 0o600) }, flow.Fail, "something else"},
		"a link":   {func(folder string) error { return os.Symlink("/", folder) }, flow.Fail, "symbolic link"},
		"another's file": {func(folder string) error {
			theirs := filepath.Join(folder, "vault.age")
			return errors.Join(os.Mkdir(folder, 0o700), os.WriteFile(theirs, nil, 0o600), os.Chown(theirs, os.Geteuid()+1, -1))
		}, flow.Fail, "vault.age"},
	} {
		t.Run(name, func(t *testing.T) {
			m := well(t)
			if err := tc.prepare(m.StateFolder); errors.Is(err, os.ErrPermission) {
				t.Skip("only root can make a file another user's")
			} else if err != nil {
				t.Fatal(err)
			}
			if finding, said := look(t, m, doctor.StateID); finding.Verdict != tc.verdict || !strings.Contains(said, tc.said) {
				t.Errorf("%s: %s", finding.Verdict, said)
			}
			if _, err := os.Lstat(m.StateFolder); tc.said == "none yet" && !os.IsNotExist(err) {
				t.Errorf("the folder was made: %v", err)
			}
		})
	}
}

// When everything hangs, a person has a report all the same.
func TestWhatHangsIsUnknownWhenTheTimeIsOver(t *testing.T) {
	m := well(t)
	release := make(chan struct{})
	t.Cleanup(func() { close(release) })
	m.HTTP = answer{hangs: true}
	m.Find = func(string) error { <-release; return nil }
	m.Vault = func(context.Context, vault.Kind) (vault.Opened, error) {
		<-release
		return vault.Opened{}, vault.ErrSlow
	}
	ctx, over := context.WithCancel(t.Context())
	over()
	_, looked := doctor.Look(ctx, m)
	for _, id := range []flow.ID{doctor.BrowserID, doctor.KeychainID} {
		if finding, _ := looked.Finding(id); finding.Verdict != flow.Unknown || finding.Summary.ID != "doctor.slow" {
			t.Errorf("%s: %+v", id, finding)
		}
	}
	if finding, _ := looked.Finding(doctor.SalesforceID); finding.Verdict == flow.Pass {
		t.Errorf("%+v", finding)
	}
}

func TestNoTokenAndNoQueryAreSent(t *testing.T) {
	m := well(t)
	asked := make(chan *http.Request, 2)
	m.HTTP = recorder(asked)
	m.Addresses[transport.Zendesk] = "https://jo:pw@acme.zendesk.com/x?token=y"
	doctor.Look(t.Context(), m)
	for range 2 {
		r := <-asked
		if len(r.Header) != 0 || r.URL.User != nil || r.URL.RawQuery != "" || r.Method != http.MethodGet {
			t.Errorf("%s %s %v", r.Method, r.URL, r.Header)
		}
	}
}

type recorder chan *http.Request

func (c recorder) Do(r *http.Request) (*http.Response, error) {
	c <- r
	return dated(0).Do(r)
}

var said = regexp.MustCompile(`"(doctor\.(?:network|terminal|browser|keychain|settings|state|version)\.[a-z0-9-]+)"|failed\("([a-z-]+)"\)`)

// Whatever the doctor says has words in both languages.
func TestEveryTextHasWords(t *testing.T) {
	ids := map[string]bool{"group.doctor": true, "doctor.slow": true, "doctor.heading": true}
	for _, step := range doctor.Flow.Steps() {
		for _, part := range []string{".title", ".why", ".leads_to"} {
			ids[string(step.ID)+part] = true
		}
	}
	for _, colours := range []doctor.Colours{doctor.TrueColour, doctor.Colours256, doctor.Colours16, doctor.NoColours} {
		ids["doctor.terminal.colours-"+string(colours)] = true
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range said.FindAllStringSubmatch(string(source), -1) {
			if match[2] != "" {
				match[1] = "doctor.network." + match[2]
			}
			ids[match[1]] = true
		}
	}
	if len(ids) < 100 {
		t.Fatalf("found only %d texts: the search is broken", len(ids))
	}
	for _, tag := range locale.Languages {
		words, err := locale.New(tag)
		if err != nil {
			t.Fatal(err)
		}
		for id := range ids {
			if !words.Has(id) && id != "doctor.terminal.colours-" {
				t.Errorf("%s has no words for %s", tag, id)
			}
		}
	}
}
