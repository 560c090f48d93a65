package signin_test

import (
	"context"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/gofrs/flock"

	"zsf/clients/oauth"
	"zsf/clients/sandbox"
	"zsf/clients/settings"
	"zsf/clients/sfcli"
	"zsf/clients/transport"
	"zsf/clients/vault"
	"zsf/flows/signin"
)

// The registered ports are one machine's: all tests that sign in take turns (see clients/oauth).
func TestMain(m *testing.M) {
	turn := flock.New(filepath.Join(os.TempDir(), "zsf-tests-ports.lock"))
	if err := turn.Lock(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	_ = turn.Unlock()
	os.Exit(code)
}

// A stage is a machine with no keychain, and both services.
type stage struct {
	*sandbox.Sandbox
	t      *testing.T
	keeper *signin.Keeper
	phrase string // of the encrypted file; empty: nobody gives one
}

func set(t *testing.T, options sandbox.Options) *stage {
	t.Helper()
	options.Scenario, options.Accounts, options.Tickets = "ready", 3, 3
	served, err := sandbox.Start(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = served.Close() })
	folder := t.TempDir()
	file, err := settings.Open(func(name string) string { return map[string]string{"HOME": folder}[name] })
	if err != nil {
		t.Fatal(err)
	}
	s := &stage{Sandbox: served, t: t, phrase: "correct horse battery staple"}
	opened, err := vault.Open(t.Context(), vault.Options{
		Want: vault.File, Folder: folder, Passphrase: func(context.Context) (string, error) {
			if s.phrase == "" {
				return "", vault.ErrNoPassphrase
			}
			return s.phrase, nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	s.keeper = &signin.Keeper{
		Settings: file, Folder: folder, HTTP: &http.Client{Timeout: 5 * time.Second}, Now: options.Now,
		Vault: func(context.Context) (vault.Vault, error) { return opened, nil },
	}
	if s.keeper.Now == nil {
		s.keeper.Now = time.Now
	}
	return s
}

func (s *stage) login(service transport.Service) *signin.Login {
	return &signin.Login{
		Keeper: s.keeper, Profile: "acme", Service: service, Timeout: 5 * time.Second, Words: oauth.Words{Language: "en"},
		SF: sfcli.CLI{Run: s.sf},
	}
}

// sf answers as the sf CLI does that is signed in to the sandbox's org.
func (s *stage) sf(_ context.Context, args ...string) ([]byte, []byte, error) {
	org := s.Info().Salesforce
	switch line := strings.Join(args, " "); {
	case strings.HasPrefix(line, "org list"):
		return fmt.Appendf(nil, `{"status":0,"result":{"sandboxes":[{"alias":"uat","username":%q,"orgId":"00DWs0000009LqeMAE","instanceUrl":%q}]}}`, org.Username, org.InstanceURL), nil, nil
	case strings.HasPrefix(line, "org display --target-org uat"):
		return fmt.Appendf(nil, `{"status":0,"result":{"id":"00DWs0000009LqeMAE","accessToken":%q,"instanceUrl":%q,"username":%q,"connectedStatus":"Connected"}}`,
			org.AccessToken, org.InstanceURL, org.Username), nil, nil
	}
	return []byte(`{"status":1,"name":"NamedOrgNotFoundError","message":"No authorization information found"}`), nil, fmt.Errorf("exit status 1")
}

// where are the address and the client of a service of the sandbox, and who signs in there.
func (s *stage) where(service transport.Service) (address, clientID, user string) {
	info := s.Info()
	if service == transport.Salesforce {
		return info.Salesforce.LoginURL, info.Salesforce.ClientID, info.Salesforce.Username
	}
	return info.Zendesk.URL, info.Zendesk.ClientID, info.Zendesk.Email
}

var (
	form   = regexp.MustCompile(`(?s)<form[^>]*action="([^"]*)"[^>]*>(.*?)</form>`)
	input  = regexp.MustCompile(`<(?:input|button)[^>]*>`)
	attr   = func(name string) *regexp.Regexp { return regexp.MustCompile(`\b` + name + `="([^"]*)"`) }
	named  = attr("name")
	valued = attr("value")
)

// walk goes through the service's pages as a browser would, pressing what fits decision, and returns where they end
// when far is set: a browser on another machine, which cannot come back.
func (s *stage) walk(address, decision string, far bool) (wayBack string) {
	s.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	browser := &http.Client{Jar: jar, CheckRedirect: func(next *http.Request, _ []*http.Request) error {
		if far && next.URL.Path == "/callback" {
			wayBack = next.URL.String()
			return http.ErrUseLastResponse
		}
		return nil
	}}
	answer, err := browser.Get(address)
	for range 5 {
		if err != nil {
			s.t.Error(err)
			return wayBack
		}
		page, _ := io.ReadAll(answer.Body)
		_ = answer.Body.Close()
		found := form.FindStringSubmatch(string(page))
		if found == nil {
			return wayBack
		}
		values := url.Values{}
		for _, tag := range input.FindAllString(found[2], -1) {
			name, value := named.FindStringSubmatch(tag), valued.FindStringSubmatch(tag)
			switch {
			case name == nil:
			case strings.Contains(tag, `type="password"`) || name[1] == "pw":
				values.Set(name[1], "any password")
			case value != nil && strings.HasPrefix(tag, "<button") && (value[1] == "allow" || value[1] == "deny") && value[1] != decision:
			case value != nil:
				values.Set(name[1], html.UnescapeString(value[1]))
			}
		}
		next, _ := answer.Request.URL.Parse(html.UnescapeString(found[1]))
		answer, err = browser.PostForm(next.String(), values)
	}
	s.t.Errorf("the pages do not end")
	return wayBack
}

var both = []transport.Service{transport.Salesforce, transport.Zendesk}
