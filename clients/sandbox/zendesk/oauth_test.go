package zendesk

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

const verifier = "a-verifier-that-is-long-enough-for-pkce-0123456789"

func challenge() string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func askFor(change ...string) url.Values {
	query := url.Values{
		"response_type": {"code"}, "client_id": {publicClient}, "redirect_uri": {RedirectURIs[1]}, "scope": {"read tickets:write"},
		"state": {"s&t=é"}, "code_challenge": {challenge()}, "code_challenge_method": {"S256"},
	}
	for i := 0; i+1 < len(change); i += 2 {
		query.Set(change[i], change[i+1])
	}
	return query
}

// form posts one of the forms of a page, with its hidden fields and what a person fills in.
func (f *fixture) form(page said, action string, filled url.Values) said {
	f.t.Helper()
	if !strings.Contains(page.body, `action="`+action+`"`) {
		f.t.Fatalf("no form for %s in %s", action, page.body)
	}
	for _, hidden := range regexp.MustCompile(`type="hidden" name="(\w+)" value="([^"]*)"`).FindAllStringSubmatch(page.body, -1) {
		filled.Set(hidden[1], html.UnescapeString(hidden[2]))
	}
	return f.call(http.MethodPost, action, filled.Encode(), "Content-Type", "application/x-www-form-urlencoded")
}

// approve goes through the pages as a person does, and gives the query that the app gets back.
func (f *fixture) approve(asked url.Values, decision string) url.Values {
	f.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		f.t.Fatal(err)
	}
	f.client.Jar = jar
	f.token = ""
	path := "/oauth/authorizations/new?" + asked.Encode()
	signedIn := f.form(f.get(path).must(f.t, 200), "/oauth/authorizations/sign_in", url.Values{"email": {"mina.kim@helpdesk.example"}, "password": {"x"}}).must(f.t, 303)
	question := f.get(signedIn.header.Get("Location")).must(f.t, 200)
	answer := f.form(question, "/oauth/authorizations", url.Values{"decision": {decision}}).must(f.t, 302)
	back, err := url.Parse(answer.header.Get("Location"))
	if err != nil || !strings.HasPrefix(back.String(), asked.Get("redirect_uri")+"?") {
		f.t.Fatalf("sent back to %s: %v", answer.header.Get("Location"), err)
	}
	if back.Query().Get("state") != asked.Get("state") {
		f.t.Errorf("state %q", back.Query().Get("state"))
	}
	return back.Query()
}

func (f *fixture) exchange(code string, change ...string) said {
	f.t.Helper()
	body := map[string]any{
		"grant_type": "authorization_code", "code": code, "client_id": publicClient, "redirect_uri": RedirectURIs[1],
		"code_verifier": verifier, "expires_in": 86400, "refresh_token_expires_in": "604800",
	}
	for i := 0; i+1 < len(change); i += 2 {
		body[change[i]] = change[i+1]
	}
	return f.call(http.MethodPost, "/oauth/tokens", body)
}

func TestSignInByBrowser(t *testing.T) {
	f := open(t)
	back := f.approve(askFor(), "allow")
	got := f.exchange(back.Get("code")).must(t, 201)
	if got.at(t, "scope") != "read tickets:write" || got.at(t, "token_type") != "bearer" || got.at(t, "expires_in") != 86400.0 || got.at(t, "refresh_token_expires_in") != 604800.0 {
		t.Error(got.body)
	}
	f.token = got.at(t, "access_token").(string)
	if me := f.get("/api/v2/users/me").must(t, 200); me.at(t, "user", "email") != "mina.kim@helpdesk.example" {
		t.Error(me.body)
	}
	current := f.get("/api/v2/oauth/tokens/current.json").must(t, 200)
	if fmt.Sprint(current.at(t, "token", "scopes")) != "[read tickets:write]" || current.at(t, "token", "expires_at") != "2026-11-24T09:30:00Z" || current.at(t, "token", "token") != f.token[:10] {
		t.Error(current.body)
	}
	f.call(http.MethodDelete, "/api/v2/oauth/tokens/current.json", nil).must(t, 204)
	f.get("/api/v2/users/me").must(t, 401)
}

func TestDeny(t *testing.T) {
	f := open(t)
	back := f.approve(askFor(), "deny")
	if back.Get("error") != "access_denied" || back.Get("code") != "" || back.Get("error_description") != "The end-user or authorization server denied the request" {
		t.Error(back)
	}
}

func TestCodesThatAreRefused(t *testing.T) {
	for _, test := range []struct {
		name   string
		wait   time.Duration
		change []string
		status int
		code   string
	}{
		{"just in time", codeLife - time.Second, nil, 201, ""},
		{"too late", codeLife, nil, 400, "invalid_grant"},
		{"another verifier", 0, []string{"code_verifier", strings.Repeat("x", 50)}, 400, "invalid_grant"},
		{"no verifier", 0, []string{"code_verifier", ""}, 400, "invalid_grant"},
		{"another address", 0, []string{"redirect_uri", RedirectURIs[0]}, 400, "invalid_grant"},
		{"another code", 0, []string{"code", "abc"}, 400, "invalid_grant"},
		{"another client", 0, []string{"client_id", confidentialClient}, 400, "invalid_grant"},
		{"no such client", 0, []string{"client_id", "nobody"}, 401, "invalid_client"},
		{"a wrong secret", 0, []string{"client_secret", "nope"}, 401, "invalid_client"},
		{"no kind", 0, []string{"grant_type", ""}, 400, "invalid_request"},
		{"a kind that is gone", 0, []string{"grant_type", "password"}, 400, "unsupported_grant_type"},
		{"the shortest life", 0, []string{"expires_in", "300"}, 201, ""},
		{"too short a life", 0, []string{"expires_in", "299"}, 400, "invalid_request"},
		{"the longest life", 0, []string{"expires_in", "172800"}, 201, ""},
		{"too long a life", 0, []string{"expires_in", "172801"}, 400, "invalid_request"},
		{"too short a refresh", 0, []string{"refresh_token_expires_in", "604799"}, 400, "invalid_request"},
		{"too long a refresh", 0, []string{"refresh_token_expires_in", "7776001"}, 400, "invalid_request"},
		{"a life that is no number", 0, []string{"expires_in", "soon"}, 400, "invalid_request"},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := open(t)
			back := f.approve(askFor(), "allow")
			*f.clock = today.Add(test.wait)
			got := f.exchange(back.Get("code"), test.change...).must(t, test.status)
			if test.code != "" && (got.at(t, "error") != test.code || got.at(t, "error_description") == "") {
				t.Errorf("%s, want %s", got.body, test.code)
			}
		})
	}
}

func TestACodeWorksOnce(t *testing.T) {
	f := open(t)
	code := f.approve(askFor(), "allow").Get("code")
	f.exchange(code).must(t, 201)
	f.exchange(code).must(t, 400)
}

func TestRequestsForAccessThatAreRefused(t *testing.T) {
	f := open(t)
	for name, query := range map[string]url.Values{
		"No such client: nobody":                        askFor("client_id", "nobody"),
		"is not one that the client is registered with": askFor("redirect_uri", "http://127.0.0.1:9/callback"),
		"The response type must be code.":               askFor("response_type", "token"),
		"The code challenge method must be S256.":       askFor("code_challenge_method", "plain"),
		"A public client must send a code challenge":    askFor("code_challenge", ""),
		"&lt;script&gt;":                                askFor("client_id", "<script>"),
	} {
		got := f.get("/oauth/authorizations/new?"+query.Encode()).must(t, 400)
		if !strings.Contains(got.body, name) || got.header.Get("Location") != "" || strings.Contains(got.body, "<script>") {
			t.Errorf("%s: %s", name, got.body)
		}
	}
}

func TestNobodyAllowsWithoutSigningIn(t *testing.T) {
	f := open(t)
	page := f.get("/oauth/authorizations/new?"+askFor().Encode()).must(t, 200)
	wrong := f.form(page, "/oauth/authorizations/sign_in", url.Values{"email": {"stranger@helpdesk.example"}, "password": {"x"}}).must(t, 200)
	if !strings.Contains(wrong.body, "do not match") || wrong.header.Get("Set-Cookie") != "" {
		t.Error(wrong.body)
	}
	forged := url.Values{"decision": {"allow"}, "query": {askFor().Encode()}, "proof": {derived("consent", "")}}
	if got := f.call(http.MethodPost, "/oauth/authorizations", forged.Encode(), "Content-Type", "application/x-www-form-urlencoded"); got.header.Get("Location") != "" {
		t.Errorf("sent back to %s", got.header.Get("Location"))
	}
}

func TestRefreshRotates(t *testing.T) {
	f := open(t)
	refresh := func(secret string, more ...string) said {
		body := map[string]any{"grant_type": "refresh_token", "refresh_token": secret, "client_id": publicClient}
		for i := 0; i+1 < len(more); i += 2 {
			body[more[i]] = more[i+1]
		}
		return f.call(http.MethodPost, "/oauth/tokens", body)
	}
	f.get("/api/v2/users/me").must(t, 200)
	f.token = ""
	first := refresh(givenRefreshToken).must(t, 201)
	if first.at(t, "scope") != strings.Join(givenScopes, " ") || first.at(t, "expires_in") != 1800.0 || first.at(t, "refresh_token_expires_in") != 2592000.0 {
		t.Error(first.body)
	}
	f.token = givenAccessToken
	f.get("/api/v2/users/me").must(t, 401)
	f.token = ""
	if again := refresh(givenRefreshToken).must(t, 400); again.at(t, "error") != "invalid_grant" {
		t.Error(again.body)
	}
	f.token = first.at(t, "access_token").(string)
	f.get("/api/v2/users/me").must(t, 200) // the successor outlives a replay of the old one
	f.token = ""
	refresh(first.at(t, "refresh_token").(string), "client_id", confidentialClient, "client_secret", derived("secret", confidentialClient)).must(t, 400)
	*f.clock = today.Add(defaultRefresh)
	refresh(first.at(t, "refresh_token").(string)).must(t, 400)
}

func TestClientCredentials(t *testing.T) {
	f := open(t)
	ask := func(id, secret string) said {
		f.token = ""
		form := url.Values{"grant_type": {"client_credentials"}, "client_id": {id}, "client_secret": {secret}, "scope": {"read"}}
		return f.call(http.MethodPost, "/oauth/tokens", form.Encode(), "Content-Type", "application/x-www-form-urlencoded")
	}
	got := ask(confidentialClient, derived("secret", confidentialClient)).must(t, 201)
	if got.read(t)["refresh_token"] != nil || got.at(t, "expires_in") != 1800.0 {
		t.Error(got.body)
	}
	f.token = got.at(t, "access_token").(string)
	if me := f.get("/api/v2/users/me").must(t, 200); me.at(t, "user", "email") != "jordan.avery@helpdesk.example" {
		t.Errorf("acts as %s, not as who made the client", me.body)
	}
	f.get("/api/v2/oauth/tokens/current").must(t, 200)
	ask(confidentialClient, "").must(t, 401)
	ask(confidentialClient, "wrong").must(t, 401)
	if got := ask(publicClient, "").must(t, 400); got.at(t, "error") != "unauthorized_client" {
		t.Error(got.body)
	}
}

func TestRevokeByID(t *testing.T) {
	f := open(t)
	id := idOf(t, f.get("/api/v2/oauth/tokens/current").must(t, 200).at(t, "token"))
	f.get("/api/v2/oauth/tokens/"+id).must(t, 200)
	f.call(http.MethodDelete, "/api/v2/oauth/tokens/"+id, nil).must(t, 204)
	f.get("/api/v2/users/me").must(t, 401)
}

func TestListClients(t *testing.T) {
	f := open(t)
	clients := f.get("/api/v2/oauth/clients.json?page[size]=100").must(t, 200).list(t, "clients")
	if len(clients) != 3 || clients[0]["identifier"] != publicClient || clients[0]["kind"] != "public" || len(clients[0]["secret"].(string)) != 9 {
		t.Errorf("%v", clients)
	}
}

func TestCredentialsOutliveAReset(t *testing.T) {
	f := open(t)
	before := f.account.Credentials()
	f.account = New(Options{Setup: Setup{NotAdmin: true}, URL: f.server.URL, Clock: func() time.Time { return today.Add(time.Hour) }})
	if after := f.account.Credentials(); after != before || after.URL != f.server.URL || after.ClientID == "" || after.RefreshToken == "" {
		t.Errorf("%+v became %+v", before, after)
	}
	f.token = before.AccessToken
	f.get("/api/v2/users/me").must(t, 200)
}

func TestPages(t *testing.T) {
	f := open(t, with(func(s *Setup) { s.TriggersOff = true }))
	for path, want := range map[string]string{
		"/": "Support", "/agent/tickets/5": "Support › Tickets › 5",
		"/admin/apps-integrations/apis/zendesk-api/oauth_clients":  "Admin Center › Apps and integrations › APIs › Zendesk API › OAuth clients",
		"/admin/apps-integrations/webhooks/webhooks/<b>01HX</b>/x": "&lt;b&gt;",
	} {
		got := f.get(path).must(t, 200)
		if !strings.Contains(got.body, want) || !strings.Contains(got.body, testOrg) || !strings.Contains(got.body, "inactive") {
			t.Errorf("%s: %s", path, got.body)
		}
		if regexp.MustCompile(`(?i)(src|href)=|url\(|@import|<script`).MatchString(got.body) {
			t.Errorf("%s loads something: %s", path, got.body)
		}
	}
	for path, want := range map[string]string{
		integrationsPath: "Admin Center › Apps and integrations › Integrations › Integrations",
		integrationPath:  testOrg,
		integrationPath + "/" + testOrg + "/ticket-view": "Turn on Zendesk ticket view for Salesforce",
		integrationPath + "/" + testOrg + "/data-sync":   "Enable ticket sync",
		triggersPath:     "Admin Center › Objects and rules › Business rules › Triggers",
		webhooksPath:     "(Salesforce Integration)",
		sameWebhooksPath: "(Salesforce Integration)",
	} {
		got := f.get(path).must(t, 200)
		if !strings.Contains(got.body, want) || regexp.MustCompile(`(?i)src=|href="([^/]|//)|url\(|@import|<script`).MatchString(got.body) {
			t.Errorf("%s: %s", path, got.body)
		}
	}
	f.get("/elsewhere").must(t, 404)
	ended := open(t, with(func(s *Setup) { s.Disconnected = true }))
	if got := ended.get("/admin/home").must(t, 200); !strings.Contains(got.body, "not connected") || !strings.Contains(got.body, testOrg) {
		t.Error(got.body)
	}
	none := open(t, func(o *Options) { o.Setup = Setup{} })
	if got := none.get("/admin/home").must(t, 200); !strings.Contains(got.body, "not connected") {
		t.Error(got.body)
	}
}
