package signin_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"zsf/clients/oauth"
	"zsf/clients/sandbox"
	"zsf/clients/settings"
	"zsf/clients/sfcli"
	"zsf/clients/transport"
	"zsf/clients/vault"
	"zsf/flows/signin"
)

func TestASignInIsKeptOnceTheServiceNamesAUser(t *testing.T) {
	for _, far := range []bool{false, true} {
		for _, service := range both {
			s := set(t, sandbox.Options{})
			login := s.login(service)
			login.Label = settings.Sandbox
			address, clientID, user := s.where(service)
			if _, err := login.OpenVault(t.Context(), vault.File); err != nil {
				t.Fatal(err)
			}
			attempt, err := login.Begin(t.Context(), address, clientID)
			if err != nil {
				t.Fatal(err)
			}
			wayBack := s.walk(attempt.URL(), "allow", far)
			if far {
				if err := attempt.Paste(t.Context(), "not an address"); !errors.Is(err, oauth.ErrNotACode) || signin.PartOf(err) != "" {
					t.Errorf("%v", err)
				}
				if err := attempt.Paste(t.Context(), wayBack); err != nil {
					t.Errorf("%s: paste: %v", service, err)
				}
			}
			done, err := attempt.Wait(t.Context())
			attempt.Close()
			if err != nil || done.User != user || !strings.Contains(done.Where, "vault.age") || len(done.Missing) > 0 {
				t.Errorf("%s: %+v %v", service, done, err)
			}
			account, err := login.Known()
			if err != nil || account.User != user || account.Source != settings.Browser || account.Environment != settings.Sandbox || account.ClientID != clientID {
				t.Errorf("%s: %+v %v", service, account, err)
			}
			tokens, err := s.keeper.Tokens(t.Context(), "acme", service)
			if err != nil || tokens.Access == "" || tokens.Refresh == "" {
				t.Errorf("%s: the tokens are not kept: %v", service, err)
			}
		}
	}
}

func TestASignInThatIsDeniedOrCannotBeKeptLeavesNothing(t *testing.T) {
	for _, service := range both {
		s := set(t, sandbox.Options{})
		address, clientID, _ := s.where(service)
		attempt, err := s.login(service).Begin(t.Context(), address, clientID)
		if err != nil {
			t.Fatal(err)
		}
		s.walk(attempt.URL(), "deny", false)
		_, err = attempt.Wait(t.Context())
		attempt.Close()
		var denied *oauth.Denial
		if !errors.As(err, &denied) || !denied.ByPerson() || signin.PartOf(err) != "" {
			t.Errorf("%s: %v, part %q", service, err, signin.PartOf(err))
		}
		if _, err := s.keeper.Account("acme", service); !errors.Is(err, signin.ErrNone) {
			t.Errorf("%s: %v", service, err)
		}
	}
}

// The service is away just when it is asked who signed in: nobody has to sign in again for that.
func TestWaitingAgainKeepsWhatTheServiceGave(t *testing.T) {
	s := set(t, sandbox.Options{})
	address, clientID, user := s.where(transport.Zendesk)
	attempt, err := s.login(transport.Zendesk).Begin(t.Context(), address, clientID)
	if err != nil {
		t.Fatal(err)
	}
	defer attempt.Close()
	s.AddFault(sandbox.FaultRule{Service: "zendesk", Path: "/api/v2/users/me", Fault: sandbox.Fault{Status: 403, Body: `{"error":"Forbidden"}`}})
	s.walk(attempt.URL(), "allow", false)
	_, err = attempt.Wait(t.Context())
	var unkept *signin.UnkeptError
	if !errors.As(err, &unkept) || signin.PartOf(err) != signin.Rights {
		t.Fatalf("%v, part %q", err, signin.PartOf(err))
	}
	if done, err := attempt.Wait(t.Context()); err != nil || done.User != user {
		t.Errorf("%+v %v", done, err)
	}
}

func TestWhatIsEnteredIsCheckedAtOnceAndTheWrongPartIsNamed(t *testing.T) {
	s := set(t, sandbox.Options{})
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>a shop</html>")) }))
	defer web.Close()
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	for _, service := range both {
		login := s.login(service)
		address, clientID, _ := s.where(service)
		other, _, _ := s.where(map[transport.Service]transport.Service{transport.Salesforce: transport.Zendesk, transport.Zendesk: transport.Salesforce}[service])
		for _, tc := range []struct {
			name, address, clientID string
			port                    int
			part                    signin.Part
		}{
			{"all is well", address, clientID, 0, ""},
			{"another web site", web.URL, clientID, 0, signin.Host},
			{"the other service", other, clientID, 0, signin.Host},
			{"nobody there", gone.URL, clientID, 0, signin.Host},
			{"no address", "http://acme.example.com", clientID, 0, signin.Host},
			{"no client", address, " ", 0, signin.ClientID},
			{"an unknown client", address, "nobody", 0, signin.ClientID},
			{"a port that is not registered", address, clientID, 4999, signin.Redirect},
		} {
			login.Port = tc.port
			err := login.CheckAddress(t.Context(), tc.address)
			if tc.part == signin.Host || err != nil {
				if signin.PartOf(err) != tc.part {
					t.Errorf("%s: %s: the address: %v, part %q", service, tc.name, err, signin.PartOf(err))
				}
				continue
			}
			err = login.CheckClient(t.Context(), tc.address, tc.clientID)
			if signin.PartOf(err) != tc.part || (tc.part == "") != (err == nil) {
				t.Errorf("%s: %s: the client: %v, part %q", service, tc.name, err, signin.PartOf(err))
			}
		}
	}
}

func TestAPortThatIsTakenIsTheRedirectAddress(t *testing.T) {
	s := set(t, sandbox.Options{})
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	login := s.login(transport.Zendesk)
	login.Port = taken.Addr().(*net.TCPAddr).Port
	address, clientID, _ := s.where(transport.Zendesk)
	if _, err := login.Begin(t.Context(), address, clientID); signin.PartOf(err) != signin.Redirect {
		t.Errorf("%v", err)
	}
}

func TestTheVaultIsOpenedFirstAndSaysWhatItNeeds(t *testing.T) {
	s := set(t, sandbox.Options{})
	login := s.login(transport.Zendesk)
	s.phrase = ""
	var needed *signin.PassphraseError
	if _, err := login.OpenVault(t.Context(), ""); !errors.As(err, &needed) || !needed.New || needed.Wrong {
		t.Errorf("%v", err)
	}
	s.phrase = "first"
	if store, err := login.OpenVault(t.Context(), ""); err != nil || !strings.HasSuffix(store.Where, "vault.age") {
		t.Errorf("%+v %v", store, err)
	}
	again := set(t, sandbox.Options{})
	again.keeper.Folder, again.phrase = s.keeper.Folder, "second"
	opened, err := vault.Open(t.Context(), vault.Options{Want: vault.File, Folder: s.keeper.Folder, Passphrase: func(context.Context) (string, error) { return "second", nil }})
	if err != nil {
		t.Fatal(err)
	}
	again.keeper.Vault = func(context.Context) (vault.Vault, error) { return opened, nil }
	if _, err := again.login(transport.Zendesk).OpenVault(t.Context(), ""); !errors.As(err, &needed) || !needed.Wrong {
		t.Errorf("%v", err)
	}
}

func TestAnOrgOfTheSfCLIIsReusedByNameAlone(t *testing.T) {
	s := set(t, sandbox.Options{})
	login := s.login(transport.Salesforce)
	orgs, err := login.Orgs(t.Context())
	if err != nil || len(orgs) != 1 || orgs[0].Name() != "uat" || !orgs[0].Sandbox {
		t.Fatalf("%+v %v", orgs, err)
	}
	done, err := login.Reuse(t.Context(), "uat")
	if err != nil || done.User != s.Info().Salesforce.Username {
		t.Errorf("%+v %v", done, err)
	}
	account, err := login.Known()
	if err != nil || account.Source != settings.SF || account.SFUsername != done.User || account.ClientID != "" {
		t.Errorf("%+v %v", account, err)
	}
	if _, err := s.keeper.Tokens(t.Context(), "acme", transport.Salesforce); !errors.Is(err, signin.ErrNone) {
		t.Errorf("the borrowed token was kept: %v", err)
	}
	if _, err := login.Reuse(t.Context(), "nobody"); !errors.Is(err, sfcli.ErrNoOrg) {
		t.Errorf("%v", err)
	}
}

func TestTheAddressTellsWhatAnOrgIs(t *testing.T) {
	s := set(t, sandbox.Options{})
	for entered, want := range map[string]settings.Environment{
		"https://acme--uat.sandbox.lightning.force.com/lightning/page/home": settings.Sandbox,
		"test.salesforce.com":     settings.Sandbox,
		"acme.my.salesforce.com":  settings.Production,
		"https://crm.acme.com":    "",
		"http://acme.example.com": "",
	} {
		if got := s.login(transport.Salesforce).Guess(entered); got != want {
			t.Errorf("%s: %q, want %q", entered, got, want)
		}
	}
	if got := s.login(transport.Zendesk).Guess("acme"); got != "" {
		t.Errorf("a Zendesk account's address told %q", got)
	}
}

func TestTheSettingsAreReadOnce(t *testing.T) {
	s := set(t, sandbox.Options{})
	if _, err := s.login(transport.Salesforce).Reuse(t.Context(), "uat"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.keeper.Account("acme", transport.Salesforce); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(s.keeper.Settings.Path(), []byte("nonsense"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := s.keeper.Account("acme", transport.Salesforce); err != nil {
		t.Errorf("the file was read again: %v", err)
	}
	if err := os.Remove(s.keeper.Settings.Path()); err != nil {
		t.Fatal(err)
	}
	if err := s.keeper.Name(t.Context(), "other", transport.Zendesk, settings.Account{URL: "https://acme.zendesk.com"}); err != nil {
		t.Fatal(err)
	}
	if account, err := s.keeper.Account("other", transport.Zendesk); err != nil || account.URL == "" {
		t.Errorf("a change was not seen: %+v %v", account, err)
	}
	if _, err := os.Stat(filepath.Dir(s.keeper.Settings.Path())); err != nil {
		t.Error(err)
	}
}
