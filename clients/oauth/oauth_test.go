package oauth

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"zsf/clients/transport"
)

func TestWhereToSignIn(t *testing.T) {
	for _, test := range []struct {
		service       Service
		entered, want string
		wrong         error
	}{
		{transport.Salesforce, "https://acme.my.salesforce.com", "https://acme.my.salesforce.com", nil},
		{transport.Salesforce, " acme.my.salesforce.com/ ", "https://acme.my.salesforce.com", nil},
		{transport.Salesforce, "login.salesforce.com", "https://login.salesforce.com", nil},
		{transport.Salesforce, "https://test.salesforce.com/?locale=eu", "https://test.salesforce.com", nil},
		{transport.Salesforce, "https://acme.lightning.force.com/lightning/page/home", "https://acme.my.salesforce.com", nil},
		{transport.Salesforce, "https://acme--uat.sandbox.lightning.force.com/lightning/page/home", "https://acme--uat.sandbox.my.salesforce.com", nil},
		{transport.Salesforce, "https://acme.my.salesforce-setup.com/lightning/setup/x/home", "https://acme.my.salesforce.com", nil},
		{transport.Salesforce, "http://127.0.0.1:9000", "http://127.0.0.1:9000", nil},
		{transport.Salesforce, "http://acme.my.salesforce.com", "", transport.ErrBaseURL},
		{transport.Salesforce, "https://user@acme.my.salesforce.com", "", transport.ErrBaseURL},
		{transport.Salesforce, "acme", "", transport.ErrBaseURL},
		{transport.Salesforce, "", "", transport.ErrBaseURL},
		{transport.Salesforce, "javascript:alert(1)", "", transport.ErrBaseURL},
		{transport.Zendesk, "acme", "https://acme.zendesk.com", nil},
		{transport.Zendesk, "ACME.zendesk.com", "https://acme.zendesk.com", nil},
		{transport.Zendesk, "https://acme.zendesk.com/admin/apps-integrations/apis", "https://acme.zendesk.com", nil},
		{transport.Zendesk, "http://localhost:9001", "http://localhost:9001", nil},
		{transport.Zendesk, "attacker.example/path", "", ErrNotZendesk},
		{transport.Zendesk, "acme:443", "", transport.ErrBaseURL},
		{transport.Zendesk, "acme@evil", "", transport.ErrBaseURL},
		{transport.Zendesk, "a.b.zendesk.com", "", ErrNotZendesk},
		{transport.Zendesk, "acme.zendesk.com.evil.example", "", ErrNotZendesk},
		{transport.Zendesk, "support.acme.com", "", ErrNotZendesk},
		{transport.Zendesk, strings.Repeat("a", 64), "", transport.ErrBaseURL},
		{transport.Zendesk, "http://acme.zendesk.com", "", transport.ErrBaseURL},
	} {
		t.Run(string(test.service)+" "+test.entered, func(t *testing.T) {
			provide := Salesforce
			if test.service == transport.Zendesk {
				provide = Zendesk
			}
			p, err := provide(test.entered, "client")
			if !errors.Is(err, test.wrong) || p.Address() != test.want {
				t.Errorf("%q, %v", p.Address(), err)
			}
		})
	}
}

func TestAClientIDIsNeeded(t *testing.T) {
	for _, id := range []string{"", " ", "a b", "a\nb", "아이디"} {
		if _, err := Salesforce("login.salesforce.com", id); !errors.Is(err, ErrNoClientID) {
			t.Errorf("%q: %v", id, err)
		}
	}
	if p, err := Zendesk("acme", " zsf\n"); err != nil || p.ClientID() != "zsf" || p.Service() != transport.Zendesk {
		t.Errorf("%v", err)
	}
	if _, err := Begin(t.Context(), Provider{}, Options{}); err == nil {
		t.Error("nobody's sign-in began")
	}
}

func TestWhatIsRegistered(t *testing.T) {
	salesforce, zendesk := salesforceAt(t, "login.salesforce.com"), zendeskAt(t, "acme")
	if got := salesforce.RedirectURLs(0); !slices.Equal(got, []string{"http://localhost:1717/callback", "http://localhost:7171/callback", "http://localhost:8717/callback"}) {
		t.Error(got)
	}
	if got := zendesk.RedirectURLs(0); !slices.Equal(got, []string{"http://127.0.0.1:8765/callback", "http://127.0.0.1:8766/callback", "http://127.0.0.1:8767/callback"}) {
		t.Error(got)
	}
	if got := zendesk.RedirectURLs(4000); !slices.Equal(got, []string{"http://127.0.0.1:4000/callback"}) {
		t.Error(got)
	}
}

func TestScopesThatAreMissing(t *testing.T) {
	for _, test := range []struct {
		name          string
		p             Provider
		granted, want []string
	}{
		{"all there", zendeskAt(t, "acme"), []string{"triggers:write", "read", "tickets:write", "organizations:write"}, nil},
		{"some not", zendeskAt(t, "acme"), []string{"read", "tickets:write"}, []string{"organizations:write", "triggers:write"}},
		{"Salesforce's other name", salesforceAt(t, "login.salesforce.com"), []string{"api", "web", "offline_access"}, nil},
		{"full is not the right to renew", salesforceAt(t, "login.salesforce.com"), []string{"full"}, []string{"refresh_token"}},
		{"nothing asked", salesforceAt(t, "login.salesforce.com").WithScopes(), nil, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := test.p.MissingScopes(Tokens{Scopes: test.granted}); !slices.Equal(got, test.want) {
				t.Error(got)
			}
		})
	}
}

func TestHelpByWhatTheBrowserShows(t *testing.T) {
	for shown, name := range map[string]string{
		"OAUTH_APPROVAL_ERROR_GENERIC : An unexpected error has occurred during authentication. Please try again.": "oauth_approval_error_generic",
		"error=invalid_client_id&error_description=client%20identifier%20invalid":                                  "invalid_client_id",
		"error=redirect_uri_mismatch&error_description=redirect_uri must match configuration":                      "redirect_uri_mismatch",
		"invalid_client app must be installed into org":                                                            "app_not_installed",
		"invalid_client: client authentication failed":                                                             "invalid_client",
		"OAUTH_EC_APP_NOT_FOUND":          "oauth_ec_app_not_found",
		"oauth_app_access_denied":         "oauth_app_access_denied",
		"OAUTH_APP_BLOCKED":               "oauth_app_blocked",
		"access_denied":                   "access_denied",
		"invalid_scope":                   "invalid_scope",
		"missing required code challenge": "code_challenge",
		"":                                "unknown",
		"my_access_denied_page":           "unknown",
	} {
		cause, wayOut, known := HelpFor(shown)
		if cause != "oauth.help."+name+".cause" || wayOut != "oauth.help."+name+".way_out" || known != (name != "unknown") {
			t.Errorf("%q: %s, %s, %t", shown, cause, wayOut, known)
		}
		if !slices.Contains(HelpNames(), name) {
			t.Errorf("%s is no name", name)
		}
	}
	denial := &Denial{Code: "invalid_client", Description: "app must be installed into org"}
	if cause, _, _ := denial.Help(); cause != "oauth.help.app_not_installed.cause" {
		t.Error(cause)
	}
}
