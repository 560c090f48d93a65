package oauth

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zsf/clients/transport"
)

var oldTokens = Tokens{
	Access: "old-access", Refresh: "old-refresh", InstanceURL: "http://127.0.0.1:9", IdentityURL: "http://127.0.0.1:9/id/1/2",
	Scopes: []string{"api"}, RefreshExpiresAt: today.Add(time.Hour),
}

func TestRefresh(t *testing.T) {
	zendeskAnswer := `{"access_token":"new-access","refresh_token":"new-refresh","token_type":"bearer","scope":"read tickets:write","expires_in":86400,"refresh_token_expires_in":5184000}`
	for _, test := range []struct {
		name   string
		make   func(*testing.T, string) Provider
		status int
		body   string
		want   Tokens
	}{
		{
			"Salesforce keeps the refresh token", salesforceAt, 200, `{"access_token":"new-access","instance_url":"http://127.0.0.1:9","id":"http://127.0.0.1:9/id/1/2","scope":"api web","token_type":"Bearer","issued_at":"1795426200123"}`,
			Tokens{Access: "new-access", Refresh: "old-refresh", InstanceURL: "http://127.0.0.1:9", IdentityURL: "http://127.0.0.1:9/id/1/2", Scopes: []string{"api", "web"}, RefreshExpiresAt: today.Add(time.Hour), IssuedAt: time.UnixMilli(1795426200123)},
		},
		{
			"Salesforce rotates it", salesforceAt, 200, `{"access_token":"new-access","refresh_token":"new-refresh"}`,
			Tokens{Access: "new-access", Refresh: "new-refresh", InstanceURL: "http://127.0.0.1:9", IdentityURL: "http://127.0.0.1:9/id/1/2", Scopes: []string{"api"}, IssuedAt: today},
		},
		{
			"the org has moved", salesforceAt, 200, `{"access_token":"new-access","instance_url":"http://127.0.0.1:10/services/"}`,
			Tokens{Access: "new-access", Refresh: "old-refresh", InstanceURL: "http://127.0.0.1:10", IdentityURL: "http://127.0.0.1:9/id/1/2", Scopes: []string{"api"}, RefreshExpiresAt: today.Add(time.Hour), IssuedAt: today},
		},
		{
			"Zendesk rotates both", zendeskAt, 201, zendeskAnswer,
			Tokens{Access: "new-access", Refresh: "new-refresh", InstanceURL: "SERVICE", IdentityURL: "http://127.0.0.1:9/id/1/2", Scopes: []string{"read", "tickets:write"}, ExpiresAt: today.Add(24 * time.Hour), RefreshExpiresAt: today.Add(60 * 24 * time.Hour), IssuedAt: today},
		},
		{
			"Zendesk with 200, lifetimes as text", zendeskAt, 200, strings.NewReplacer("86400", `"600"`, "5184000", "null").Replace(zendeskAnswer),
			Tokens{Access: "new-access", Refresh: "new-refresh", InstanceURL: "SERVICE", IdentityURL: "http://127.0.0.1:9/id/1/2", Scopes: []string{"read", "tickets:write"}, ExpiresAt: today.Add(10 * time.Minute), IssuedAt: today},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := startService(t, func(call) (int, string) { return test.status, test.body })
			p := test.make(t, s.URL)
			got, err := Refresh(t.Context(), p, oldTokens, nil)
			if test.want.InstanceURL == "SERVICE" {
				test.want.InstanceURL = s.URL
			}
			if err != nil || !cmp.Equal(storedTokens(got), storedTokens(test.want)) {
				t.Fatalf("%v %s", err, cmp.Diff(storedTokens(test.want), storedTokens(got)))
			}
			sent := s.seen()[0]
			want := map[string]string{"grant_type": "refresh_token", "refresh_token": "old-refresh", "client_id": p.ClientID()}
			kind := "application/x-www-form-urlencoded"
			if p.service == transport.Zendesk {
				want["expires_in"], want["refresh_token_expires_in"], kind = "86400", "5184000", "application/json"
			}
			if diff := cmp.Diff(want, sent.fields); diff != "" || sent.contentType != kind || sent.authorization != "" || !sent.closes {
				t.Errorf("%s %s\n%s", sent.contentType, sent.authorization, diff)
			}
		})
	}
}

func TestWhatARefusalMeans(t *testing.T) {
	for _, test := range []struct {
		name   string
		status int
		body   string
		kind   transport.Kind
		code   string
	}{
		{"the refresh token is dead", 400, `{"error":"invalid_grant","error_description":"expired access/refresh token"}`, transport.SignInExpired, "invalid_grant"},
		{"the user is inactive", 400, `{"error":"inactive_user","error_description":"user is inactive"}`, transport.SignInExpired, "inactive_user"},
		{"a token that is none", 401, `{"error":"invalid_token","error_description":"The access token provided is expired"}`, transport.SignInExpired, "invalid_token"},
		{"a 401 without a word", 401, ``, transport.SignInExpired, ""},
		{"the client is gone", 401, `{"error":"invalid_client","error_description":"invalid client credentials"}`, transport.Rejected, "invalid_client"},
		{"a client id of another org", 400, `{"error":"invalid_client_id","error_description":"client identifier invalid"}`, transport.Rejected, "invalid_client_id"},
		{"scopes", 400, `{"error":"invalid_scope"}`, transport.Rejected, "invalid_scope"},
		{"an error with a 200", 200, `{"error":"invalid_grant"}`, transport.SignInExpired, "invalid_grant"},
		{"too many", 429, `{"error":"APIRateLimitExceeded"}`, transport.RateLimited, "APIRateLimitExceeded"},
		{"maintenance", 503, `<html>maintenance</html>`, transport.Unavailable, ""},
		{"an account that does not exist", 404, `<html>no</html>`, transport.NotFound, ""},
		{"the API's own envelope", 403, `{"error":{"title":"Forbidden","message":"ask the owner"}}`, transport.Forbidden, ""},
		{"a page instead of tokens", 200, `<html>sign in</html>`, transport.Garbled, ""},
		{"an empty answer", 200, ``, transport.Garbled, ""},
		{"no token in it", 200, `{}`, transport.Garbled, ""},
		{"a token that breaks a header", 200, `{"access_token":"a\r\nX: y"}`, transport.Garbled, ""},
		{"a token of another kind", 200, `{"access_token":"abc","token_type":"mac"}`, transport.Garbled, ""},
		{"an instance elsewhere, unprotected", 200, `{"access_token":"abc","instance_url":"http://evil.example"}`, transport.Garbled, ""},
		{"an instance of another world", 200, `{"access_token":"abc","instance_url":"https://evil.example"}`, transport.Garbled, ""},
		{"an instance that is none", 200, `{"access_token":"abc","instance_url":"file:///etc"}`, transport.Garbled, ""},
		{"an identity that is none", 200, `{"access_token":"abc","id":"https://user@evil.example/id"}`, transport.Garbled, ""},
		{"a redirect elsewhere", 307, "http://127.0.0.1:9/steal", transport.Garbled, "REDIRECT"},
		{"what was sent, sent back", 400, `{"error":"old-refresh code","error_description":"bad token old-refresh"}`, transport.Rejected, ""},
		{"escape sequences", 400, `{"error":"invalid_request","error_description":"\u001b]0;x\u0007hello\u202e"}`, transport.Rejected, "invalid_request"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := startService(t, func(call) (int, string) { return test.status, test.body })
			_, err := Refresh(t.Context(), salesforceAt(t, s.URL), oldTokens, nil)
			var failed *transport.Error
			if !errors.As(err, &failed) || failed.Kind != test.kind || failed.Code != test.code || failed.Service != transport.Salesforce {
				t.Fatalf("%#v", err)
			}
			if strings.Contains(err.Error(), "old-refresh") || strings.ContainsAny(err.Error(), "\x1b\u202e") {
				t.Errorf("%q", err)
			}
			if len(s.seen()) != 1 {
				t.Errorf("%d calls", len(s.seen()))
			}
		})
	}
}

func TestNoAnswer(t *testing.T) {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := free.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Refresh(t.Context(), salesforceAt(t, "http://"+free.Addr().String()), oldTokens, nil); kindOf(err) != transport.Unreachable {
		t.Errorf("nobody listens: %v", err)
	}
	hang := startService(t, func(call) (int, string) { return 200, `{"access_token":"` })
	if _, err := Refresh(ended(t), salesforceAt(t, hang.URL), oldTokens, nil); kindOf(err) != transport.Canceled || !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	release := make(chan struct{})
	slow := startService(t, func(call) (int, string) { <-release; return 200, `{}` })
	if _, err := Refresh(t.Context(), salesforceAt(t, slow.URL), oldTokens, &http.Client{Timeout: 20 * time.Millisecond}); kindOf(err) != transport.TimedOut {
		t.Errorf("too slow: %v", err)
	}
	close(release)
	if _, err := Refresh(t.Context(), salesforceAt(t, hang.URL), Tokens{Access: "a"}, nil); kindOf(err) != transport.SignInMissing {
		t.Errorf("no refresh token: %v", err)
	}
}

// net/http complains on stderr, which a screen lies over, of a transport that gives an answer and an error at once.
func TestAnAnswerThatBreaksOffIsAnErrorAndNothingIsPrinted(t *testing.T) {
	var printed bytes.Buffer
	log.SetOutput(&printed)
	t.Cleanup(func() { log.SetOutput(os.Stderr) })
	cut := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		_, _ = io.WriteString(w, `{"access_token":"`)
	}))
	t.Cleanup(cut.Close)
	if _, err := Refresh(t.Context(), salesforceAt(t, cut.URL), oldTokens, nil); kindOf(err) != transport.Unreachable {
		t.Errorf("%v", err)
	}
	if printed.Len() > 0 {
		t.Errorf("printed: %s", &printed)
	}
}

func TestZendeskIsSentJSONAtTheExchange(t *testing.T) {
	s := startService(t, func(call) (int, string) {
		return 201, `{"access_token":"` + accessText + `","refresh_token":"` + refreshText + `","token_type":"bearer","scope":"read","expires_in":86400,"refresh_token_expires_in":5184000}`
	})
	a := start(t, zendeskAt(t, s.URL), Options{}, nil)
	a.finish()
	sent := s.seen()[0]
	want := map[string]string{
		"grant_type": "authorization_code", "code": goodCode, "client_id": "zsf", "redirect_uri": a.RedirectURL(), "code_verifier": a.verifier,
		"expires_in": "86400", "refresh_token_expires_in": "5184000",
	}
	if diff := cmp.Diff(want, sent.fields); diff != "" || sent.path != "/oauth/tokens" || sent.contentType != "application/json" {
		t.Errorf("%s %s %s", sent.path, sent.contentType, diff)
	}
}

func TestClientCredentials(t *testing.T) {
	s := startService(t, func(call) (int, string) {
		return 201, `{"access_token":"abc","token_type":"bearer","scope":"read","expires_in":86400}`
	})
	got, err := ClientCredentials(t.Context(), s.URL, "zsf_unattended", "a-secret", nil, func() time.Time { return today })
	if err != nil || got.Access != "abc" || got.Refresh != "" || got.ExpiresAt != today.Add(24*time.Hour) || got.InstanceURL != s.URL {
		t.Errorf("%v %+v", err, storedTokens(got))
	}
	want := map[string]string{
		"grant_type": "client_credentials", "client_id": "zsf_unattended", "client_secret": "a-secret",
		"scope": "read tickets:write organizations:write triggers:write", "expires_in": "86400",
	}
	if diff := cmp.Diff(want, s.seen()[0].fields); diff != "" {
		t.Error(diff)
	}
	if _, err := ClientCredentials(t.Context(), s.URL, "zsf_unattended", "", nil, nil); !errors.Is(err, ErrNoSecret) {
		t.Error(err)
	}
	s.reply = func(call) (int, string) {
		return 401, `{"error":"invalid_client","error_description":"wrong: a-secret"}`
	}
	if _, err := ClientCredentials(t.Context(), s.URL, "zsf_unattended", "a-secret", nil, nil); kindOf(err) != transport.Rejected || strings.Contains(err.Error(), "a-secret") {
		t.Error(err)
	}
}

func TestJWTBearer(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	s := startService(t, nil)
	s.reply = func(call) (int, string) {
		return 200, `{"access_token":"abc","scope":"api web","instance_url":"` + s.URL + `","id":"` + s.URL + `/id/1/2","token_type":"Bearer"}`
	}
	got, err := JWTBearer(t.Context(), s.URL, "3MVG9client", "jo@example.com", key, nil, func() time.Time { return today })
	if err != nil || got.Access != "abc" || got.Refresh != "" || got.InstanceURL != s.URL || len(got.Scopes) != 2 {
		t.Fatalf("%v %+v", err, storedTokens(got))
	}
	sent := s.seen()[0].fields
	if sent["grant_type"] != "urn:ietf:params:oauth:grant-type:jwt-bearer" || sent["scope"] != "" {
		t.Error(sent)
	}
	parts := strings.Split(sent["assertion"], ".")
	if len(parts) != 3 {
		t.Fatal(sent)
	}
	digest := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil || rsa.VerifyPKCS1v15(&key.PublicKey, crypto.SHA256, digest[:], signature) != nil {
		t.Error("the signature is not the key's")
	}
	var head, claims map[string]any
	for i, into := range []*map[string]any{&head, &claims} {
		raw, err := base64.RawURLEncoding.DecodeString(parts[i])
		if err != nil || json.Unmarshal(raw, into) != nil {
			t.Fatal(parts[i])
		}
	}
	want := map[string]any{"iss": "3MVG9client", "sub": "jo@example.com", "aud": s.URL, "exp": float64(today.Add(3 * time.Minute).Unix())}
	if diff := cmp.Diff(want, claims); diff != "" || head["alg"] != "RS256" {
		t.Error(diff, head)
	}

	s.reply = func(call) (int, string) {
		return 400, `{"error":"invalid_grant","error_description":"user hasn't approved this consumer"}`
	}
	if _, err := JWTBearer(t.Context(), s.URL, "3MVG9client", "jo@example.com", key, nil, nil); kindOf(err) != transport.Rejected {
		t.Error(err)
	}
	other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []crypto.Signer{nil, other} {
		if _, err := JWTBearer(t.Context(), s.URL, "3MVG9client", "jo@example.com", bad, nil, nil); !errors.Is(err, ErrBadKey) {
			t.Error(err)
		}
	}
}

func TestTheAudienceIsTheLoginHostOfTheOrgsKind(t *testing.T) {
	for login, want := range map[string]string{
		"login.salesforce.com":                  "https://login.salesforce.com",
		"acme.my.salesforce.com":                "https://login.salesforce.com",
		"acme.develop.my.salesforce.com":        "https://login.salesforce.com",
		"test.salesforce.com":                   "https://test.salesforce.com",
		"acme--uat.sandbox.my.salesforce.com":   "https://test.salesforce.com",
		"acme-dev-ed.scratch.my.salesforce.com": "https://test.salesforce.com",
		"https://notsalesforce.com":             "https://notsalesforce.com",
	} {
		if got := salesforceAt(t, login).audience(); got != want {
			t.Errorf("%s: %s", login, got)
		}
	}
}

func TestRevoke(t *testing.T) {
	dead := `{"error":"invalid_token","error_description":"gone"}`
	script := func(replies ...string) func(call) (int, string) {
		return func(call) (int, string) {
			next := replies[0]
			replies = replies[1:]
			switch next {
			case "200":
				return 200, ""
			case "204":
				return 204, ""
			case "tokens":
				return 201, `{"access_token":"new-access","refresh_token":"new-refresh"}`
			case dead:
				return 401, dead
			}
			return 400, next
		}
	}
	pair := Tokens{Access: "old-access", Refresh: "old-refresh", InstanceURL: "http://127.0.0.1:9"}
	for _, test := range []struct {
		name    string
		make    func(*testing.T, string) Provider
		tokens  Tokens
		replies []string
		calls   []string
		kind    transport.Kind
	}{
		{"Salesforce", salesforceAt, pair, []string{"200"}, []string{"POST /services/oauth2/revoke old-refresh"}, ""},
		{"Salesforce without a refresh token", salesforceAt, Tokens{Access: "old-access"}, []string{"200"}, []string{"POST /services/oauth2/revoke old-access"}, ""},
		{"Salesforce, the refresh token is dead", salesforceAt, pair, []string{`{"error":"invalid_token"}`, "200"}, []string{"POST /services/oauth2/revoke old-refresh", "POST /services/oauth2/revoke old-access"}, ""},
		{"Salesforce, both are dead", salesforceAt, pair, []string{`{"error":"invalid_token"}`, `{"error":"unsupported_token_type"}`}, []string{"POST /services/oauth2/revoke old-refresh", "POST /services/oauth2/revoke old-access"}, ""},
		{"Salesforce refuses", salesforceAt, pair, []string{`{"error":"invalid_request"}`}, []string{"POST /services/oauth2/revoke old-refresh"}, transport.Rejected},
		{"Zendesk", zendeskAt, pair, []string{"204"}, []string{"DELETE /api/v2/oauth/tokens/current.json Bearer old-access"}, ""},
		{"Zendesk, the access token has ended", zendeskAt, pair, []string{dead, "tokens", "204"}, []string{"DELETE /api/v2/oauth/tokens/current.json Bearer old-access", "POST /oauth/tokens old-refresh", "DELETE /api/v2/oauth/tokens/current.json Bearer new-access"}, ""},
		{"Zendesk, both have ended", zendeskAt, pair, []string{dead, `{"error":"invalid_grant"}`}, []string{"DELETE /api/v2/oauth/tokens/current.json Bearer old-access", "POST /oauth/tokens old-refresh"}, ""},
		{"Zendesk, the one and only has ended", zendeskAt, Tokens{Access: "old-access"}, []string{dead}, []string{"DELETE /api/v2/oauth/tokens/current.json Bearer old-access"}, ""},
		{"Zendesk refuses", zendeskAt, pair, []string{`{"error":"Forbidden"}`}, []string{"DELETE /api/v2/oauth/tokens/current.json Bearer old-access"}, transport.Rejected},
		{"Zendesk refuses after the renewal", zendeskAt, pair, []string{dead, "tokens", `{"error":"Forbidden"}`}, []string{"DELETE /api/v2/oauth/tokens/current.json Bearer old-access", "POST /oauth/tokens old-refresh", "DELETE /api/v2/oauth/tokens/current.json Bearer new-access"}, transport.Rejected},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := startService(t, script(test.replies...))
			err := Revoke(t.Context(), test.make(t, s.URL), test.tokens, nil)
			if kindOf(err) != test.kind || (err != nil) != (test.kind != "") {
				t.Errorf("ended with %v", err)
			}
			var calls []string
			for _, c := range s.seen() {
				calls = append(calls, strings.Join(strings.Fields(strings.Join([]string{c.method, c.path, c.authorization, c.fields["token"], c.fields["refresh_token"]}, " ")), " "))
			}
			if diff := cmp.Diff(test.calls, calls); diff != "" {
				t.Error(diff)
			}
		})
	}
}
