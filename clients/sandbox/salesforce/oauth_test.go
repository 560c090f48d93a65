package salesforce

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

const (
	verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
	callback = "http://127.0.0.1:1717/callback"
)

func challenge() string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func authorizeURL(change ...string) string {
	q := url.Values{
		"response_type": {"code"}, "client_id": {ownClientID}, "redirect_uri": {callback}, "state": {"st&te"},
		"scope": {"refresh_token api web"}, "code_challenge": {challenge()}, "code_challenge_method": {"S256"}, "prompt": {"login"},
	}
	for i := 0; i+1 < len(change); i += 2 {
		q.Set(change[i], change[i+1])
		if change[i+1] == "" {
			q.Del(change[i])
		}
	}
	return "/services/oauth2/authorize?" + q.Encode()
}

var flowField = regexp.MustCompile(`name="flow" value="([^"]+)"`)

// signIn walks the pages up to the answer for the app.
func (s *served) signIn(path, decision string) url.Values {
	s.t.Helper()
	page := s.get(path)
	match := flowField.FindStringSubmatch(page.body)
	if page.status != 200 || match == nil {
		s.t.Fatalf("the sign-in page is %d %s", page.status, page.body)
	}
	press := func(step string) reply {
		return s.do(http.MethodPost, "/services/oauth2/authorize", url.Values{"flow": {match[1]}, "step": {step}}.Encode(), "Content-Type", "application/x-www-form-urlencoded")
	}
	consent := press("login")
	if consent.status == 302 {
		return answerOf(s.t, consent)
	}
	if !strings.Contains(consent.body, "Allow Access?") && !strings.Contains(consent.body, "허용") {
		s.t.Fatalf("the consent page is %d %s", consent.status, consent.body)
	}
	return answerOf(s.t, press(decision))
}

func answerOf(t *testing.T, r reply) url.Values {
	t.Helper()
	if r.status != 302 {
		t.Fatalf("no redirect: %d %s", r.status, r.body)
	}
	to, err := url.Parse(r.header.Get("Location"))
	if err != nil || !strings.HasPrefix(r.header.Get("Location"), "http://") {
		t.Fatalf("redirected to %s", r.header.Get("Location"))
	}
	return to.Query()
}

func (s *served) form(path string, pairs ...string) reply {
	s.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	token := s.token
	s.token = ""
	defer func() { s.token = token }()
	return s.do(http.MethodPost, "/services/oauth2/"+path, form.Encode(), "Content-Type", "application/x-www-form-urlencoded")
}

type tokens struct {
	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token"`
	Signature    string `json:"signature"`
	Scope        string `json:"scope"`
	InstanceURL  string `json:"instance_url"`
	ID           string `json:"id"`
	TokenType    string `json:"token_type"`
	IssuedAt     string `json:"issued_at"`
	ExpiresIn    any    `json:"expires_in"`
}

func (r reply) wantOAuthError(t *testing.T, status int, code, description string) {
	t.Helper()
	var got struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}
	r.decode(t, status, &got)
	if got.Error != code || got.Description != description {
		t.Errorf("got %s, want %s: %s", r.body, code, description)
	}
}

func TestACodeIsTradedForTokens(t *testing.T) {
	s := serve(t, Setup{})
	back := s.signIn(authorizeURL(), "allow")
	code := back.Get("code")
	if back.Get("state") != "st&te" || !strings.HasSuffix(code, "==") {
		t.Fatalf("got %v", back)
	}
	exchange := func(pairs ...string) reply {
		return s.form("token", append([]string{"grant_type", "authorization_code", "client_id", ownClientID, "code", code, "redirect_uri", callback}, pairs...)...)
	}
	exchange().wantOAuthError(t, 400, "invalid_grant", "missing required code verifier")
	exchange("code_verifier", "wrong").wantOAuthError(t, 400, "invalid_request", "invalid code verifier")
	exchange("code_verifier", verifier, "redirect_uri", "http://localhost:1717/callback").wantOAuthError(t, 400, "redirect_uri_mismatch", "redirect_uri must match configuration")
	var got tokens
	exchange("code_verifier", verifier).decode(t, 200, &got)
	if got.ExpiresIn != nil || got.TokenType != "Bearer" || got.InstanceURL != s.url || got.IssuedAt != "1795428131000" || got.Signature == "" || got.Scope != "refresh_token api web" ||
		got.ID != s.url+"/id/"+s.ID()+"/"+s.cast.signedIn || !strings.HasPrefix(got.AccessToken, s.ID()[:15]+"!AQ") || got.RefreshToken == "" {
		t.Errorf("got %+v", got)
	}
	exchange("code_verifier", verifier).wantOAuthError(t, 400, "invalid_grant", "expired authorization code")
	s.token = got.AccessToken
	if len(s.rows("SELECT Id FROM LoginHistory WHERE LoginType = 'Remote Access 2.0'")) != 1 {
		t.Error("the login is not in LoginHistory")
	}
	s.get(api).decode(t, 200, &map[string]any{})
}

func TestTheWayBackToTheApp(t *testing.T) {
	s := serve(t, Setup{})
	if back := s.signIn(authorizeURL(), "deny"); back.Get("error") != "access_denied" || back.Get("error_description") != "end-user denied authorization" || back.Get("state") != "st&te" {
		t.Errorf("got %v", back)
	}
	for name, c := range map[string]struct{ path, code string }{
		"another response type": {authorizeURL("response_type", "token"), "unsupported_response_type"},
		"an unknown scope":      {authorizeURL("scope", "api everything"), "invalid_scope"},
		"a plain challenge":     {authorizeURL("code_challenge_method", "plain"), "invalid_request"},
	} {
		if back := answerOf(t, s.get(c.path)); back.Get("error") != c.code || back.Get("state") != "st&te" {
			t.Errorf("%s got %v", name, back)
		}
	}
}

func TestErrorsThatStayInTheBrowser(t *testing.T) {
	s := serve(t, Setup{})
	for name, c := range map[string]struct{ path, want string }{
		"an unknown app":        {authorizeURL("client_id", "nope"), "error=invalid_client_id&amp;error_description=client identifier invalid"},
		"an unknown address":    {authorizeURL("redirect_uri", callback+"2"), "error=redirect_uri_mismatch&amp;error_description=redirect_uri must match configuration"},
		"another app's address": {authorizeURL("client_id", cliClientID), "redirect_uri_mismatch"},
		"an address on the web": {authorizeURL("redirect_uri", "https://evil.example/callback"), "redirect_uri_mismatch"},
	} {
		if r := s.get(c.path); r.status != 400 || !strings.Contains(r.body, c.want) || r.header.Get("Location") != "" {
			t.Errorf("%s got %d %s", name, r.status, r.body)
		}
	}
}

func TestEveryRegisteredAddress(t *testing.T) {
	s := serve(t, Setup{})
	for _, host := range []string{"127.0.0.1", "localhost"} {
		for _, port := range []string{"1717", "7171", "8717"} {
			if r := s.get(authorizeURL("redirect_uri", "http://"+host+":"+port+"/callback")); r.status != 200 {
				t.Errorf("%s:%s got %d", host, port, r.status)
			}
		}
	}
	if r := s.get(authorizeURL("client_id", cliClientID, "redirect_uri", "http://localhost:1717/OauthRedirect")); r.status != 200 {
		t.Errorf("the CLI's got %d", r.status)
	}
}

func TestWhoMayLetAnAppIn(t *testing.T) {
	cli := authorizeURL("client_id", cliClientID, "redirect_uri", "http://localhost:1717/OauthRedirect")
	for _, c := range []struct {
		name string
		user User
		path string
		ok   bool
	}{
		{"an administrator and the CLI", Admin, cli, true},
		{"another user and the CLI", NotAdmin, cli, false},
		{"another user and an installed app", NotAdmin, authorizeURL(), true},
		{"an API-only user", APIOnlyUser, authorizeURL(), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := serve(t, Setup{User: c.user})
			match := flowField.FindStringSubmatch(s.get(c.path).body)
			r := s.do(http.MethodPost, "/services/oauth2/authorize", url.Values{"flow": {match[1]}, "step": {"login"}}.Encode(), "Content-Type", "application/x-www-form-urlencoded")
			if refused := strings.Contains(r.body, "OAUTH_APPROVAL_ERROR_GENERIC"); refused == c.ok {
				t.Errorf("got %d %s", r.status, r.body)
			}
		})
	}
}

func TestPKCEIsDemandedWhereTheOrgDemandsIt(t *testing.T) {
	without := authorizeURL("code_challenge", "", "code_challenge_method", "")
	if back := answerOf(t, serve(t, Setup{PKCERequired: true}).get(without)); back.Get("error_description") != "missing required code challenge" {
		t.Errorf("got %v", back)
	}
	s := serve(t, Setup{})
	code := s.signIn(without, "allow").Get("code")
	s.form("token", "grant_type", "authorization_code", "client_id", ownClientID, "code", code, "redirect_uri", callback).decode(t, 200, &tokens{})
}

func TestCodesAndSignInsGetOld(t *testing.T) {
	s := serve(t, Setup{})
	code := s.signIn(authorizeURL(), "allow").Get("code")
	page := flowField.FindStringSubmatch(s.get(authorizeURL()).body)
	s.clock.advance(16 * time.Minute)
	s.form("token", "grant_type", "authorization_code", "client_id", ownClientID, "code", code, "redirect_uri", callback, "code_verifier", verifier).
		wantOAuthError(t, 400, "invalid_grant", "expired authorization code")
	if r := s.do(http.MethodPost, "/services/oauth2/authorize", "step=login&flow="+page[1], "Content-Type", "application/x-www-form-urlencoded"); r.status != 400 {
		t.Errorf("an old sign-in got %d", r.status)
	}
}

func TestAllowCannotBePressedBeforeSigningIn(t *testing.T) {
	s := serve(t, Setup{})
	match := flowField.FindStringSubmatch(s.get(authorizeURL()).body)
	if r := s.do(http.MethodPost, "/services/oauth2/authorize", "step=allow&flow="+match[1], "Content-Type", "application/x-www-form-urlencoded"); r.status == 302 {
		t.Errorf("got a code: %s", r.header.Get("Location"))
	}
}

func TestRefresh(t *testing.T) {
	s := serve(t, Setup{SessionExpired: true})
	s.get(api).wantError(t, 401, "INVALID_SESSION_ID", "Session expired or invalid")
	if r := s.get("/services/oauth2/userinfo"); r.status != 403 || r.body != "Bad_OAuth_Token" {
		t.Errorf("userinfo got %d %s", r.status, r.body)
	}
	refresh := s.Credentials().RefreshToken
	var got tokens
	s.form("token", "grant_type", "refresh_token", "client_id", ownClientID, "refresh_token", refresh).decode(t, 200, &got)
	if got.RefreshToken != "" || got.AccessToken == s.token {
		t.Errorf("got %+v", got)
	}
	s.token = got.AccessToken
	s.get(api).decode(t, 200, &map[string]any{})
	for _, c := range []struct{ grant, client, token, code, description string }{
		{"refresh_token", ownClientID, "nope", "invalid_grant", "expired access/refresh token"},
		{"refresh_token", cliClientID, refresh, "invalid_grant", "expired access/refresh token"},
		{"refresh_token", "nope", refresh, "invalid_client_id", "client identifier invalid"},
		{"magic", ownClientID, refresh, "unsupported_grant_type", "grant type not supported"},
		{"password", ownClientID, refresh, "invalid_grant", "authentication failure"},
	} {
		s.form("token", "grant_type", c.grant, "client_id", c.client, "refresh_token", c.token).wantOAuthError(t, 400, c.code, c.description)
	}
}

func TestRevocation(t *testing.T) {
	s := serve(t, Setup{})
	refresh := s.Credentials().RefreshToken
	var second tokens
	s.form("token", "grant_type", "refresh_token", "client_id", ownClientID, "refresh_token", refresh).decode(t, 200, &second)
	if r := s.form("revoke", "token", second.AccessToken); r.status != 200 || r.body != "" {
		t.Errorf("got %d %s", r.status, r.body)
	}
	if r := s.do(http.MethodGet, api, "", "Authorization", "Bearer "+second.AccessToken); r.status != 401 {
		t.Errorf("a revoked token got %d", r.status)
	}
	s.get(api).decode(t, 200, &map[string]any{})
	s.form("revoke", "token", refresh)
	s.get(api).wantError(t, 401, "INVALID_SESSION_ID", "")
	s.form("token", "grant_type", "refresh_token", "client_id", ownClientID, "refresh_token", refresh).wantOAuthError(t, 400, "invalid_grant", "expired access/refresh token")
	s.form("revoke", "token", refresh).wantOAuthError(t, 400, "invalid_token", "The token is invalid or has already been revoked.")
}

func TestTheSixthGrantRevokesTheFirst(t *testing.T) {
	s := serve(t, Setup{})
	first := s.Credentials().RefreshToken
	for range maxGrants {
		code := s.signIn(authorizeURL(), "allow").Get("code")
		s.form("token", "grant_type", "authorization_code", "client_id", ownClientID, "code", code, "redirect_uri", callback, "code_verifier", verifier).decode(t, 200, &tokens{})
	}
	s.form("token", "grant_type", "refresh_token", "client_id", ownClientID, "refresh_token", first).wantOAuthError(t, 400, "invalid_grant", "expired access/refresh token")
}

func TestIntrospection(t *testing.T) {
	s := serve(t, Setup{})
	var got struct {
		Active    bool   `json:"active"`
		Username  string `json:"username"`
		TokenType string `json:"token_type"`
	}
	s.form("introspect", "token", s.token, "client_id", ownClientID).decode(t, 200, &got)
	if !got.Active || got.Username != s.Credentials().Username || got.TokenType != "access_token" {
		t.Errorf("got %+v", got)
	}
	s.form("introspect", "token", "nope", "client_id", ownClientID).decode(t, 200, &got)
	if got.Active {
		t.Error("a token that is none is active")
	}
	s.form("introspect", "token", s.token).wantOAuthError(t, 401, "invalid_client", "invalid client credentials")
}

func TestIdentityAnswersWithoutTheAPI(t *testing.T) {
	for _, setup := range []Setup{{}, {API: APIOffForUser}, {API: APIOffForEdition}} {
		s := serve(t, setup)
		var info struct {
			UserID         string `json:"user_id"`
			OrganizationID string `json:"organization_id"`
			Username       string `json:"preferred_username"`
			URLs           map[string]string
		}
		s.get("/services/oauth2/userinfo").decode(t, 200, &info)
		if info.UserID != s.cast.signedIn || info.OrganizationID != s.ID() || info.Username != s.Credentials().Username || info.URLs["custom_domain"] != s.url {
			t.Errorf("got %+v", info)
		}
		var identity map[string]any
		s.get("/id/"+s.ID()+"/"+s.cast.signedIn).decode(t, 200, &identity)
		if identity["username"] != info.Username || identity["active"] != true {
			t.Errorf("got %v", identity)
		}
		if setup.API != APIOn {
			s.get(api).wantError(t, 403, "API_DISABLED_FOR_ORG", "The REST API is not enabled for this Organization.")
			s.get(api+"limits").wantError(t, 403, "API_DISABLED_FOR_ORG", "")
		}
	}
}

func TestIdentityRefusesInPlainWords(t *testing.T) {
	s := serve(t, Setup{})
	for path, want := range map[string]string{"/id/00D000000000000AAA/" + s.cast.signedIn: "Wrong_Org", "/id/" + s.ID() + "/005000000000000AAA": "Bad_Id"} {
		if r := s.get(path); r.status != 403 || r.body != want {
			t.Errorf("%s got %d %s", path, r.status, r.body)
		}
	}
	s.token = ""
	for _, path := range []string{"/services/oauth2/userinfo", "/id/" + s.ID() + "/" + s.cast.signedIn} {
		if r := s.get(path); r.status != 403 || r.body != "Missing_OAuth_Token" {
			t.Errorf("%s got %d %s", path, r.status, r.body)
		}
	}
}

func TestDiscovery(t *testing.T) {
	s := serve(t, Setup{})
	s.token = ""
	var got map[string]any
	s.get("/.well-known/openid-configuration").decode(t, 200, &got)
	if got["token_endpoint"] != s.url+"/services/oauth2/token" || got["issuer"] != s.url {
		t.Errorf("got %v", got)
	}
}

func TestASignedInBrowserIsNotAskedAgain(t *testing.T) {
	s := serve(t, Setup{})
	match := flowField.FindStringSubmatch(s.get(authorizeURL()).body)
	consent := s.do(http.MethodPost, "/services/oauth2/authorize", "step=login&flow="+match[1], "Content-Type", "application/x-www-form-urlencoded")
	cookie := strings.Split(consent.header.Get("Set-Cookie"), ";")[0]
	if r := s.do(http.MethodGet, authorizeURL("prompt", ""), "", "Cookie", cookie); !strings.Contains(r.body, `value="allow"`) {
		t.Errorf("got %d %s", r.status, r.body)
	}
	if r := s.do(http.MethodGet, authorizeURL(), "", "Cookie", cookie); !strings.Contains(r.body, `value="login"`) {
		t.Error("prompt=login asks for the sign-in all the same")
	}
}

func TestPagesLoadNothingFromElsewhere(t *testing.T) {
	setup := Ready()
	setup.SessionsLocked = true
	s := serve(t, setup)
	elsewhere := regexp.MustCompile(`(?i)src=|href="([^/]|//)|@import|url\(|<script`)
	for path, want := range map[string]string{
		"/": "Larkspur Trading", authorizeURL(): "avery.morgan@larkspur.example.uat",
		"/lightning/setup/SecuritySession/home":                        `name="lockSessionsToIp" value="1" checked`,
		"/lightning/setup/OauthOidcSettings/home":                      `name="isPkceRequired" value="1"/>`,
		"/lightning/setup/UserInterfaceUI/home":                        "Enable Streaming API",
		"/lightning/setup/ConnectedApplication/home":                   "Admin approved users are pre-authorized",
		"/lightning/setup/ConnectedApplication/" + appID18() + "/view": "Manage Profiles",
		"/lightning/setup/ConnectedAppsUsage/home":                     "Manage App Policies",
		"/lightning/setup/ImportedPackage/home":                        "4.12",
		"/lightning/setup/EnhancedProfiles/home":                       "has access",
		"/lightning/setup/FlexiPageList/home":                          "on the page",
		"/lightning/setup/AnythingElse/home":                           "Anything Else",
		"/packaging/installPackage.apexp?p0=" + PackageVersionID():     "Install for All Users",
		"/lightning/r/User/" + s.cast.signedIn + "/view":               "Avery Morgan",
		"/lightning/r/" + s.cast.signedIn + "/view":                    "Avery Morgan",
	} {
		r := s.get(path)
		if r.status != 200 || !strings.Contains(r.body, want) || elsewhere.MatchString(r.body) {
			t.Errorf("%s got %d %s", path, r.status, r.body)
		}
		if !strings.Contains(r.header.Get("Content-Security-Policy"), "default-src 'none'") || !strings.Contains(r.body, "prefers-color-scheme: dark") {
			t.Errorf("%s lacks its policy or its dark colours", path)
		}
	}
	for _, path := range []string{"/nowhere", "/packaging/installPackage.apexp?p0=04t000000000000AAA", "/lightning/setup/ConnectedApplication/x/view"} {
		if r := s.get(path); r.status != 404 {
			t.Errorf("%s got %d", path, r.status)
		}
	}
	if r := s.do(http.MethodPut, "/lightning/setup/SecuritySession/home", ""); r.status != 405 {
		t.Errorf("got %d", r.status)
	}
}
