package oauth

import (
	"errors"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"zsf/clients/sandbox"
	"zsf/clients/transport"
)

func openSandbox(t *testing.T, scenario string) sandbox.Info {
	t.Helper()
	s, err := sandbox.Start(t.Context(), sandbox.Options{Scenario: scenario, Accounts: 3, Tickets: 3})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s.Info()
}

func providerOf(t *testing.T, info sandbox.Info, service Service) Provider {
	t.Helper()
	p, err := Salesforce(info.Salesforce.LoginURL, info.Salesforce.ClientID)
	if service == transport.Zendesk {
		p, err = Zendesk(info.Zendesk.URL, info.Zendesk.ClientID)
	}
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// startRegistered begins on the ports that the sandbox's clients are registered with.
func startRegistered(t *testing.T, p Provider, timeout time.Duration) *attempt {
	t.Helper()
	a := &attempt{t: t}
	begun, err := Begin(t.Context(), p, Options{Words: english, Timeout: timeout, Log: func(line string) {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.lines = append(a.lines, line)
	}})
	var taken *PortsTakenError
	if errors.As(err, &taken) {
		t.Skip("other programs have all registered ports: ", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	a.Attempt = begun
	t.Cleanup(begun.Close)
	return a
}

// A person walks the pages, with cookies and by pressing buttons.
type person struct {
	t       *testing.T
	browser *http.Client
	page    string
	at      *url.URL
}

func newPerson(t *testing.T) *person {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	carrier := &http.Transport{}
	t.Cleanup(carrier.CloseIdleConnections)
	return &person{t: t, browser: &http.Client{Jar: jar, Transport: carrier}}
}

func (p *person) open(address string) {
	p.t.Helper()
	p.load(http.MethodGet, address, nil)
}

// press sends the page's form with its hidden fields, a button, and what was typed.
func (p *person) press(action string, typed ...string) {
	p.t.Helper()
	form := url.Values{}
	for _, hidden := range regexp.MustCompile(`type="hidden" name="(\w+)" value="([^"]*)"`).FindAllStringSubmatch(p.page, -1) {
		form.Set(hidden[1], html.UnescapeString(hidden[2]))
	}
	for i := 0; i+1 < len(typed); i += 2 {
		form.Set(typed[i], typed[i+1])
	}
	if !strings.Contains(p.page, `action="`+action+`"`) {
		p.t.Fatalf("no form for %s on %s:\n%s", action, p.at, p.page)
	}
	to, err := p.at.Parse(action)
	if err != nil {
		p.t.Fatal(err)
	}
	p.load(http.MethodPost, to.String(), form)
}

func (p *person) load(method, address string, form url.Values) {
	p.t.Helper()
	req, err := http.NewRequestWithContext(p.t.Context(), method, address, strings.NewReader(form.Encode()))
	if err != nil {
		p.t.Fatal(err)
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	answer, err := p.browser.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	p.page, p.at = string(body), answer.Request.URL
}

func (p *person) signIn(a *Attempt, info sandbox.Info, decision string) {
	p.t.Helper()
	p.open(a.URL())
	if a.provider.service == transport.Salesforce {
		p.press("/services/oauth2/authorize", "step", "login")
		p.press("/services/oauth2/authorize", "step", decision)
		return
	}
	p.press("/oauth/authorizations/sign_in", "email", info.Zendesk.Email, "password", "x")
	p.press("/oauth/authorizations", "decision", decision)
}

func TestSignInRefreshAndRevokeAtTheSandbox(t *testing.T) {
	for _, service := range []Service{transport.Salesforce, transport.Zendesk} {
		t.Run(string(service), func(t *testing.T) {
			info := openSandbox(t, "ready")
			p := providerOf(t, info, service)
			a := startRegistered(t, p, 0)
			if !slices.Contains(p.RedirectURLs(0), a.RedirectURL()) {
				t.Errorf("%s is not registered", a.RedirectURL())
			}
			she := newPerson(t)
			she.signIn(a.Attempt, info, "allow")
			if she.at.Path != donePath || she.at.RawQuery != "" || !strings.Contains(she.page, english.SignedIn) {
				t.Errorf("she ends on %s:\n%s", she.at, she.page)
			}
			tokens, err := a.Wait(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if missing := p.MissingScopes(tokens); len(missing) != 0 {
				t.Errorf("missing %v", missing)
			}
			wantAlive(t, p, tokens, true)
			if secret := a.leaks(a.logged() + she.page); secret != "" || strings.Contains(a.logged()+she.page, tokens.Access) {
				t.Errorf("%q leaks", secret)
			}

			fresh, err := Refresh(t.Context(), p, tokens, nil)
			if err != nil || fresh.Access == tokens.Access {
				t.Fatalf("refreshed: %v", err)
			}
			wantAlive(t, p, fresh, true)
			_, again := Refresh(t.Context(), p, tokens, nil)
			if service == transport.Zendesk {
				wantAlive(t, p, tokens, false)
				if fresh.Refresh == tokens.Refresh || kindOf(again) != transport.SignInExpired {
					t.Errorf("the old refresh token still works: %v", again)
				}
				if life := fresh.ExpiresAt.Sub(fresh.IssuedAt); life != accessSeconds*time.Second || fresh.RefreshExpiresAt.Sub(fresh.IssuedAt) != refreshSeconds*time.Second {
					t.Errorf("lives %s", life)
				}
			} else if fresh.Refresh != tokens.Refresh || again != nil || !fresh.ExpiresAt.IsZero() || fresh.InstanceURL != info.Salesforce.InstanceURL || !strings.Contains(fresh.IdentityURL, "/id/") {
				t.Errorf("%v %s %s", again, fresh.InstanceURL, fresh.IdentityURL)
			}

			if err := Revoke(t.Context(), p, fresh, nil); err != nil {
				t.Fatal(err)
			}
			wantAlive(t, p, fresh, false)
			if _, err := Refresh(t.Context(), p, fresh, nil); kindOf(err) != transport.SignInExpired {
				t.Errorf("revoked, and yet: %v", err)
			}
			if err := Revoke(t.Context(), p, fresh, nil); err != nil {
				t.Errorf("revoked twice: %v", err)
			}
		})
	}
}

// wantAlive asks the service who the tokens belong to.
func wantAlive(t *testing.T, p Provider, tokens Tokens, alive bool) {
	t.Helper()
	path := "/services/oauth2/userinfo"
	if p.service == transport.Zendesk {
		path = "/api/v2/users/me"
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, tokens.InstanceURL+path, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+tokens.Access)
	req.Close = true
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if (answer.StatusCode == http.StatusOK) != alive {
		t.Errorf("%s with the token: %s", path, answer.Status)
	}
}

func TestDenyAtTheSandbox(t *testing.T) {
	for _, service := range []Service{transport.Salesforce, transport.Zendesk} {
		t.Run(string(service), func(t *testing.T) {
			info := openSandbox(t, "ready")
			a := startRegistered(t, providerOf(t, info, service), 0)
			he := newPerson(t)
			he.signIn(a.Attempt, info, "deny")
			if he.at.Path != donePath || !strings.Contains(he.page, english.Denied) {
				t.Errorf("he ends on %s:\n%s", he.at, he.page)
			}
			var denial *Denial
			if _, err := a.Wait(t.Context()); !errors.As(err, &denial) || !denial.ByPerson() || denial.Description == "" {
				t.Errorf("ended with %v", err)
			}
		})
	}
}

func TestUnattendedAtTheSandbox(t *testing.T) {
	info := openSandbox(t, "ready")
	secret := "c1a7" // not the client's
	if _, err := ClientCredentials(t.Context(), info.Zendesk.URL, "zsf_unattended", secret, nil, nil); kindOf(err) != transport.Rejected {
		t.Errorf("a wrong secret: %v", err)
	}
	_, err := ClientCredentials(t.Context(), info.Zendesk.URL, info.Zendesk.ClientID, "x", nil, nil)
	var failed *transport.Error
	if !errors.As(err, &failed) || failed.Code != "invalid_client" {
		t.Errorf("a public client: %v", err)
	}
}

func TestPagesThatNeverComeBack(t *testing.T) {
	info := openSandbox(t, "ready")
	for _, test := range []struct {
		name string
		make func() (Provider, error)
		port int
		help string
	}{
		{"a client of another org", func() (Provider, error) { return Salesforce(info.Salesforce.LoginURL, "3MVG9other") }, 0, "invalid_client_id"},
		{"a port that is not registered", func() (Provider, error) { return Salesforce(info.Salesforce.LoginURL, info.Salesforce.ClientID) }, 29517, "redirect_uri_mismatch"},
		{"no such client", func() (Provider, error) { return Zendesk(info.Zendesk.URL, "nobody") }, 0, "invalid_client"},
		{"a redirect URL that is not registered", func() (Provider, error) { return Zendesk(info.Zendesk.URL, info.Zendesk.ClientID) }, 29517, "redirect_uri_mismatch"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p, err := test.make()
			if err != nil {
				t.Fatal(err)
			}
			a, err := Begin(t.Context(), p, Options{Port: test.port})
			var taken *PortsTakenError
			if errors.As(err, &taken) {
				t.Skip(err)
			}
			if err != nil {
				t.Fatal(err)
			}
			defer a.Close()
			she := newPerson(t)
			she.open(a.URL())
			if cause, _, _ := HelpFor(html.UnescapeString(she.page)); cause != "oauth.help."+test.help+".cause" {
				t.Errorf("help is %s for:\n%s", cause, she.page)
			}
		})
	}
}
