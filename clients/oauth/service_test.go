package oauth

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"zsf/clients/transport"
)

// What must never be seen outside of a vault.
const (
	goodCode    = "aPrxGoodCode.0123456789.secretsecretsecret=="
	badCode     = "aPrxBadCode.0123456789.secretsecretsecret=="
	accessText  = "00DWs0000009LqeMAE!AQ.access.text.that.nobody.sees"
	refreshText = "5Aep861.refresh.text.that.nobody.sees"
)

var today = time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC)

// service is a token endpoint of either service, which writes down what it is sent.
type service struct {
	*httptest.Server
	mu    sync.Mutex
	calls []call
	reply func(call) (status int, body string)
}

type call struct {
	method, path, contentType, authorization string
	fields                                   map[string]string
	closes                                   bool // the connection, after the answer
}

func startService(t *testing.T, reply func(call) (int, string)) *service {
	t.Helper()
	s := &service{reply: reply}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got := call{method: r.Method, path: r.URL.RequestURI(), contentType: r.Header.Get("Content-Type"), authorization: r.Header.Get("Authorization"), fields: map[string]string{}, closes: r.Close}
		body, _ := io.ReadAll(r.Body)
		if strings.Contains(got.contentType, "json") {
			var values map[string]any
			_ = json.Unmarshal(body, &values)
			for name, value := range values {
				text, _ := json.Marshal(value)
				got.fields[name] = strings.Trim(string(text), `"`)
			}
		} else {
			form, _ := url.ParseQuery(string(body))
			for name := range form {
				got.fields[name] = form.Get(name)
			}
		}
		s.mu.Lock()
		s.calls = append(s.calls, got)
		reply := s.reply
		s.mu.Unlock()
		status, answer := reply(got)
		if status >= 300 && status < 400 {
			w.Header().Set("Location", answer)
		}
		if strings.HasPrefix(answer, "{") {
			w.Header().Set("Content-Type", "application/json")
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, answer)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *service) seen() []call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]call(nil), s.calls...)
}

// tradesGoodCode is a Salesforce that knows one code.
func (s *service) tradesGoodCode(c call) (int, string) {
	if c.fields["code"] != goodCode {
		return 400, `{"error":"invalid_grant","error_description":"invalid authorization code ` + c.fields["code"] + `"}`
	}
	return 200, s.salesforceTokens()
}

func (s *service) salesforceTokens() string {
	return `{"access_token":"` + accessText + `","refresh_token":"` + refreshText + `","signature":"x","scope":"refresh_token api web","instance_url":"` + s.URL +
		`","id":"` + s.URL + `/id/00D/005","token_type":"Bearer","issued_at":"1795426200123"}`
}

func salesforceAt(t *testing.T, address string) Provider {
	t.Helper()
	p, err := Salesforce(address, "3MVG9client")
	if err != nil {
		t.Fatal(err)
	}
	return p.WithClock(func() time.Time { return today })
}

func zendeskAt(t *testing.T, address string) Provider {
	t.Helper()
	p, err := Zendesk(address, "zsf")
	if err != nil {
		t.Fatal(err)
	}
	return p.WithClock(func() time.Time { return today })
}

var english = Words{
	Language: "en", Title: "zsf",
	SignedIn: "You are signed in", SignedInText: "zsf has what it needs. Go back to the terminal.",
	Denied: "You are not signed in", DeniedText: "Access was not allowed. Go back to the terminal to try again.",
	Failed: "The sign-in did not work", FailedText: "The service did not take its own answer. The terminal says why.",
	Over: "This sign-in is over", OverText: "It ended before this page was opened. The terminal says how.",
	Stray: "Not a page of this sign-in", StrayText: "Nothing was done. If you are signing in, go on in the other tab.",
	CloseTab: "You can close this tab.",
}

// attempt is one under way against a service, on a port of its own, with its log.
type attempt struct {
	*Attempt
	t     *testing.T
	mu    sync.Mutex
	lines []string
}

func (a *attempt) logged() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return strings.Join(a.lines, "\n")
}

func start(t *testing.T, p Provider, options Options, change func(*limits)) *attempt {
	t.Helper()
	a := &attempt{t: t}
	limits := limits{ports: []int{0}, header: 5 * time.Second, linger: time.Minute, connections: 64}
	if change != nil {
		change(&limits)
	}
	options.Words = english
	options.Now = func() time.Time { return today }
	options.Log = func(line string) {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.lines = append(a.lines, line)
	}
	begun, err := begin(t.Context(), p, options, limits)
	if err != nil {
		t.Fatal(err)
	}
	a.Attempt = begun
	t.Cleanup(begun.Close)
	return a
}

// visit gets a page as a browser does that follows no redirect by itself.
func (a *attempt) visit(path string) (status int, location, body string, header http.Header) {
	a.t.Helper()
	return a.send(http.MethodGet, "127.0.0.1:"+a.port, path, nil)
}

func (a *attempt) send(method, host, path string, headers http.Header) (status int, location, body string, header http.Header) {
	a.t.Helper()
	req, err := http.NewRequestWithContext(a.t.Context(), method, "http://127.0.0.1:"+a.port+path, http.NoBody)
	if err != nil {
		a.t.Fatal(err)
	}
	req.Host = host
	req.Close = true
	for name, values := range headers {
		req.Header[name] = values
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Do(req)
	if err != nil {
		a.t.Fatal(err)
	}
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	if err != nil {
		a.t.Fatal(err)
	}
	return answer.StatusCode, answer.Header.Get("Location"), string(content), answer.Header
}

func (a *attempt) back(pairs ...string) string {
	query := url.Values{"state": {a.state}}
	for i := 0; i+1 < len(pairs); i += 2 {
		query.Set(pairs[i], pairs[i+1])
	}
	return callbackPath + "?" + query.Encode()
}

// finish brings the right code back and reads the page, and wants the sign-in done.
func (a *attempt) finish() {
	a.t.Helper()
	status, location, _, _ := a.visit(a.back("code", goodCode))
	if status != http.StatusSeeOther || location != donePath {
		a.t.Fatalf("the way back was answered with %d to %q\n%s", status, location, a.logged())
	}
	if status, _, body, _ := a.visit(donePath); status != 200 || !strings.Contains(body, english.SignedIn) {
		a.t.Fatalf("the answer page is %d %s", status, body)
	}
	tokens, err := a.Wait(a.t.Context())
	if err != nil || tokens.Access != accessText || tokens.Refresh != refreshText {
		a.t.Fatalf("the sign-in gave %v, with the right tokens: %v", err, tokens.Access == accessText)
	}
}

func (a *attempt) secrets() []string {
	return []string{a.state, a.verifier, url.QueryEscape(goodCode), goodCode, badCode, accessText, refreshText}
}

// leaks tells which secret is in a text.
func (a *attempt) leaks(text string) string {
	for _, secret := range a.secrets() {
		if strings.Contains(text, secret) {
			return secret
		}
	}
	return ""
}

func kindOf(err error) transport.Kind { return transport.KindOf(err) }

func ended(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}
