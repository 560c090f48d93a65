package zendesk

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zsf/clients/transport"
)

const token = "secret-of-the-test-0123456789"

// newAccount serves one handler; calls are written to asked.
func newAccount(t *testing.T, answer http.HandlerFunc) (client *Client, asked *[]string) {
	t.Helper()
	asked = new([]string)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*asked = append(*asked, r.Method+" "+r.URL.RequestURI())
		answer(w, r)
	}))
	t.Cleanup(server.Close)
	client, err := New(server.URL, token, transport.Config{
		Now:   func() time.Time { return time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC) },
		Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	})
	if err != nil {
		t.Fatal(err)
	}
	return client, asked
}

func say(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}
}

func failureOf(t *testing.T, err error) *transport.Error {
	t.Helper()
	var failed *transport.Error
	if !errors.As(err, &failed) {
		t.Fatalf("%v is no *transport.Error", err)
	}
	if strings.Contains(fmt.Sprintf("%+v %v", failed, err), token) {
		t.Fatal("the token is in the error")
	}
	return failed
}

func TestMe(t *testing.T) {
	client, asked := newAccount(t, say(200, `{"user":{"id":6130871991962,"name":"Kim\u001b[2J 민준\u202e","email":"kim@acme.example","role":"admin",
		"role_type":4,"custom_role_id":null,"active":true,"suspended":false,"verified":true,"photo":null,"authenticity_token":"x","new_field":{}}}`))
	user, err := client.Me(t.Context())
	admin := 4
	want := User{ID: 6130871991962, Name: "Kim 민준", Email: "kim@acme.example", Role: "admin", RoleType: &admin, Active: true, Verified: true}
	if diff := cmp.Diff(want, user); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
	if (*asked)[0] != "GET /api/v2/users/me.json" {
		t.Error(*asked)
	}
}

func TestMeIsNotFooledByAnAnswerToNobody(t *testing.T) {
	tests := map[string]transport.Kind{
		`{"user":{"id":null,"name":"Anonymous user","email":"invalid@example.com","role":"end-user","active":false}}`: transport.Anonymous,
		`{"user":{"name":"Anonymous user"}}`: transport.Anonymous,
		`{"user":null}`:                      transport.Garbled,
		`{}`:                                 transport.Garbled,
		`null`:                               transport.Garbled,
		`{"user":{"id":"x"}}`:                transport.Garbled,
		`<html><title>Zendesk</title>`:       transport.Garbled,
		`{"user":{"id":1`:                    transport.Garbled,
	}
	for body, kind := range tests {
		client, _ := newAccount(t, say(200, body))
		user, err := client.Me(t.Context())
		failed := failureOf(t, err)
		if failed.Kind != kind || user.ID != 0 {
			t.Errorf("%s: %+v", body, failed)
		}
		if kind == transport.Anonymous && failed.Message != "Anonymous user" {
			t.Error(failed.Message)
		}
	}
}

func TestCurrentToken(t *testing.T) {
	client, asked := newAccount(t, say(200, `{"token":{"id":223443,"client_id":41,"user_id":29451,"scopes":["read","triggers:write"],
		"token":"af3345kdj3","created_at":"2026-11-20T00:00:00Z","expires_at":"2026-11-24T00:00:00Z","refresh_token_expires_at":null,"used_at":null}}`))
	got, err := client.CurrentToken(t.Context())
	expires := time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)
	want := Token{
		ID: 223443, ClientID: 41, UserID: 29451, Scopes: []string{"read", "triggers:write"},
		CreatedAt: time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC), ExpiresAt: &expires,
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
	if (*asked)[0] != "GET /api/v2/oauth/tokens/current.json" {
		t.Error(*asked)
	}
	empty, _ := newAccount(t, say(200, `{}`))
	if _, err := empty.CurrentToken(t.Context()); transport.KindOf(err) != transport.Garbled {
		t.Errorf("%v", err)
	}
}

func TestWebhookID(t *testing.T) {
	for actions, want := range map[string]string{
		`[{"field":"status","value":"open"},{"field":"notification_webhook","value":["01GWX","{\"a\":1}"]}]`: "01GWX",
		`[{"field":"notification_webhook","value":["01\u202eG\u001b[2J"]}]`:                                  "01G",
		`[{"field":"notification_webhook","value":[]},{"field":"notification_webhook","value":["second"]}]`:  "second",
		`[{"field":"notification_webhook","value":"01GWX"}]`:                                                 "",
		`[{"field":"notification_webhook","value":[null]}]`:                                                  "",
		`[{"field":"notification_user","value":["a","b"]}]`:                                                  "",
		`[]`: "", `null`: "", `{}`: "", ``: "", `[{"field":5}]`: "",
	} {
		if got := (Trigger{Actions: []byte(actions)}).WebhookID(); got != want {
			t.Errorf("%s: %q, want %q", actions, got, want)
		}
	}
}

func TestSignedOut(t *testing.T) {
	client, err := New("https://acme.zendesk.com", "", transport.Config{Base: http.NewFileTransport(http.Dir("."))})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Me(t.Context()); transport.KindOf(err) != transport.SignInMissing {
		t.Errorf("%v", err)
	}
}
