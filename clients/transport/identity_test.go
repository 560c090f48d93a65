package transport

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func notFound(host string) error {
	return &net.DNSError{Name: host, Err: "no such host", IsNotFound: true}
}

func TestSaysWhoCalls(t *testing.T) {
	s := newStage(t, nil, fine)
	if _, err := s.get(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.caller.Call(t.Context(), Request{Path: "/free", NoToken: true}); err != nil {
		t.Fatal(err)
	}
	signed, free := s.arrived[0].Header, s.arrived[1].Header
	if signed.Get("Authorization") != "Bearer "+token || signed.Get("User-Agent") != "zsf/test" {
		t.Errorf("%v", signed)
	}
	if free.Get("Authorization") != "" {
		t.Error("the token went out with a call that needs none")
	}
}

func TestSendsNothingWithoutAToken(t *testing.T) {
	s := newStage(t, func(c *Config) { c.Token = "" }, fine)
	if _, err := s.get(); KindOf(err) != SignInMissing {
		t.Errorf("%v", err)
	}
	if len(s.arrived) != 0 {
		t.Error("it was sent all the same")
	}
}

func TestTokenStaysOnItsHost(t *testing.T) {
	var stolen []string
	thief := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		stolen = append(stolen, r.Header.Get("Authorization"), r.URL.String())
	}))
	defer thief.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			t.Run(fmt.Sprint(method, status), func(t *testing.T) {
				s := newStage(t, nil, say(status, "", "Location", thief.URL+"/x?token="+token))
				_, err := s.caller.Call(t.Context(), Request{Method: method, Path: "/api", Body: []byte("b"), Idempotent: true})
				var failed *Error
				if !errors.As(err, &failed) || failed.Kind != Garbled || failed.Code != "REDIRECT" {
					t.Fatalf("%v", err)
				}
				if !strings.Contains(failed.Message, "another host") || strings.Contains(err.Error(), token) {
					t.Error(err)
				}
			})
		}
	}
	s := newStage(t, nil, fine)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, thief.URL, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := s.caller.client.Do(req)
	if err == nil {
		_ = resp.Body.Close()
	}
	if KindOf(err) != Garbled || !strings.Contains(err.Error(), "another host") {
		t.Errorf("a request for another host: %v", err)
	}
	if len(stolen) != 0 {
		t.Errorf("the other host was called: %v", stolen)
	}
}

func TestFollowsReadsOnItsOwnHost(t *testing.T) {
	s := newStage(t, nil, say(302, "", "Location", "/elsewhere"), fine)
	answer, err := s.get()
	if err != nil || answer.Status != 200 {
		t.Fatalf("%v %v", answer, err)
	}
	if s.arrived[1].URL.Path != "/elsewhere" || s.arrived[1].Header.Get("Authorization") == "" {
		t.Errorf("%v", s.arrived[1])
	}
	round := newStage(t, nil, say(302, "", "Location", "/round"))
	if _, err := round.get(); KindOf(err) != Garbled || !strings.Contains(err.Error(), "too many redirects") {
		t.Errorf("%v", err)
	}
	posted := newStage(t, nil, say(307, "", "Location", "/elsewhere"), fine)
	if _, err := posted.caller.Call(t.Context(), Request{Method: http.MethodPost, Path: "/x"}); KindOf(err) != Garbled {
		t.Errorf("a POST was redirected: %v", err)
	}
}

// TestTokenIsInNoErrorAndNoTrace has a service that says the token back in every place that it can.
func TestTokenIsInNoErrorAndNoTrace(t *testing.T) {
	echo := func(status int) http.HandlerFunc {
		return say(status, "no: "+token, "X-Request-Id", token, "Retry-After", token, "Location", "https://"+token+"/"+token)
	}
	for _, status := range []int{200, 302, 400, 401, 403, 429, 500, 503} {
		s := newStage(t, nil, echo(status))
		answer, err := s.caller.Call(t.Context(), Request{Path: "/api/" + token, Query: map[string][]string{"t": {token}}})
		if err == nil {
			var into struct{}
			err = errors.Join(s.caller.Fail(answer, Rejected, token, "Authorization: Bearer "+token), s.caller.Decode(answer, &into))
		}
		said := fmt.Sprintf("%v %+v %v %+v", err, err, s.tries, s.waits)
		for wrapped := err; wrapped != nil; wrapped = errors.Unwrap(wrapped) {
			said += wrapped.Error()
		}
		if strings.Contains(said, token) || strings.Contains(said, "secret_of") {
			t.Errorf("%d: %s", status, said)
		}
	}
}

func TestBaseURL(t *testing.T) {
	good := map[string]string{
		"https://acme.my.salesforce.com":        "https://acme.my.salesforce.com",
		"https://Acme.Zendesk.com/":             "https://acme.zendesk.com",
		"\thttps://acme.zendesk.com\n":          "https://acme.zendesk.com",
		"https://acme--dev.sandbox.example.com": "https://acme--dev.sandbox.example.com",
		"http://127.0.0.1:8080":                 "http://127.0.0.1:8080",
		"http://[::1]:8080":                     "http://[::1]:8080",
		"http://localhost:1":                    "http://localhost:1",
	}
	for address, want := range good {
		_, base, err := New(Config{Service: Zendesk, BaseURL: address})
		if err != nil || base.String() != want {
			t.Errorf("%s: %v %v", address, base, err)
		}
	}
	bad := []string{
		"", "acme", "acme.zendesk.com", "http://acme.zendesk.com", "ftp://acme.zendesk.com", "https://", "https:acme.zendesk.com",
		"https://me:pw@acme.zendesk.com", "https://acme.zendesk.com@evil.example", "https://acme.zendesk.com/path", "https://acme.zendesk.com/..",
		"https://acme.zendesk.com?x", "https://acme.zendesk.com/?", "https://acme.zendesk.com#x", "https://acme_.zendesk.com",
		"https://10.0.0.1", "https://acme", "https://ac me.zendesk.com", "https://acme.zendesk.com.", "http://localhost.example.com",
		"http://127.0.0.1.example.com", "https://аcme.zendesk.com", "https://acme.zendesk.com\\@evil.example", "javascript:alert(1)",
		"https://acme.zendesk.com:x", "https://-acme.zendesk.com", "\x1b]0;x\x07",
	}
	for _, address := range bad {
		_, _, err := New(Config{Service: Zendesk, BaseURL: address})
		if !errors.Is(err, ErrBaseURL) {
			t.Errorf("%q was taken: %v", address, err)
		} else if strings.ContainsAny(err.Error(), "\x1b\x07") || strings.Contains(err.Error(), "pw@") {
			t.Errorf("unsafe words: %q", err)
		}
	}
}

func TestAnswersStayReadable(t *testing.T) {
	s := newStage(t, func(c *Config) { c.Service = Salesforce }, say(403, "a body"))
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.server.URL, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := s.caller.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if body, err := io.ReadAll(resp.Body); err != nil || string(body) != "a body" {
		t.Errorf("%q %v", body, err)
	}
}
