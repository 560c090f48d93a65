package transport

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

const token = "00D000000000001!AQ.secret_of-the.test"

// A stage is a caller against a server, with a clock that only sleeping moves.
type stage struct {
	t      *testing.T
	server *httptest.Server
	caller *Caller

	mu      sync.Mutex
	now     time.Time
	slept   []time.Duration
	waits   []Wait
	tries   []Try
	arrived []*http.Request
	bodies  []string
}

// newStage serves each answer in turn, the last one again and again.
func newStage(t *testing.T, change func(*Config), answers ...http.HandlerFunc) *stage {
	t.Helper()
	s := &stage{t: t, now: time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)}
	s.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		s.mu.Lock()
		s.arrived = append(s.arrived, r)
		s.bodies = append(s.bodies, string(body))
		answer := answers[min(len(s.arrived), len(answers))-1]
		s.mu.Unlock()
		answer(w, r)
	}))
	t.Cleanup(s.server.Close)
	config := Config{
		Service: Zendesk, BaseURL: s.server.URL, Token: token, UserAgent: "zsf/test",
		Now: s.clock, Sleep: s.sleep,
		OnWait: func(w Wait) { s.mu.Lock(); s.waits = append(s.waits, w); s.mu.Unlock() },
		OnTry:  func(try Try) { s.mu.Lock(); s.tries = append(s.tries, try); s.mu.Unlock() },
	}
	if change != nil {
		change(&config)
	}
	caller, err := NewCaller(config)
	if err != nil {
		t.Fatal(err)
	}
	s.caller = caller
	return s
}

func (s *stage) clock() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

func (s *stage) sleep(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.slept = append(s.slept, d)
	s.now = s.now.Add(d)
	return nil
}

func (s *stage) get() (Answer, error) {
	return s.caller.Call(s.t.Context(), Request{Path: "/api/v2/things"})
}

func say(status int, body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}
}

// cut promises more than it sends.
func cut(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "1000")
	fmt.Fprint(w, `{"half":`)
}

// reset closes the connection without an answer.
func reset(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

var fine = say(200, `{"ok":true}`)

func TestRetriesWhatIsSafeAndWorthIt(t *testing.T) {
	later := time.Date(2026, 11, 23, 10, 0, 9, 0, time.UTC).Format(http.TimeFormat)
	concurrent := `[{"message":"ConcurrentRequests (Concurrent API Requests) Limit exceeded.","errorCode":"REQUEST_LIMIT_EXCEEDED"}]`
	daily := `[{"message":"TotalRequests Limit exceeded.","errorCode":"REQUEST_LIMIT_EXCEEDED"}]`
	read, write := Request{}, Request{Method: http.MethodPost, Body: []byte("a body")}
	marked := Request{Method: http.MethodPost, Body: []byte("a body"), Idempotent: true}
	growing := time.Duration(-1)
	tests := []struct {
		name    string
		service Service
		call    Request
		answers []http.HandlerFunc
		status  int
		slept   []time.Duration // growing: whatever the backoff says
		why     string
	}{
		{"an answer at once", "", read, []http.HandlerFunc{fine}, 200, nil, ""},
		{"429 once, without Retry-After", "", read, []http.HandlerFunc{say(429, ""), fine}, 200, []time.Duration{growing}, "429 Too Many Requests"},
		{"429 with Retry-After", "", read, []http.HandlerFunc{say(429, "", "Retry-After", "12"), fine}, 200, []time.Duration{12 * time.Second}, "429 Too Many Requests"},
		{"429 with ratelimit-reset", "", read, []http.HandlerFunc{say(429, "", "ratelimit-reset", "31"), fine}, 200, []time.Duration{31 * time.Second}, "429 Too Many Requests"},
		{"503 with Retry-After in seconds", "", read, []http.HandlerFunc{say(503, "", "Retry-After", "7"), fine}, 200, []time.Duration{7 * time.Second}, "503 Service Unavailable"},
		{"503 with Retry-After as a date", "", read, []http.HandlerFunc{say(503, "", "Retry-After", later), fine}, 200, []time.Duration{9 * time.Second}, "503 Service Unavailable"},
		{"502 and 504", "", read, []http.HandlerFunc{say(502, ""), say(504, ""), fine}, 200, []time.Duration{growing, growing}, "502 Bad Gateway"},
		{"a cut body", "", read, []http.HandlerFunc{cut, fine}, 200, []time.Duration{growing}, "connection failed"},
		{"a reset connection", "", read, []http.HandlerFunc{reset, fine}, 200, []time.Duration{growing}, "connection failed"},
		{"500 is not tried again", "", read, []http.HandlerFunc{say(500, "x"), fine}, 500, nil, ""},
		{"404 is not tried again", "", read, []http.HandlerFunc{say(404, "x"), fine}, 404, nil, ""},
		{"503 for ever ends", "", read, []http.HandlerFunc{say(503, "")}, 503, []time.Duration{growing, growing, growing}, "503 Service Unavailable"},
		{"a wait beyond the limit is not waited", "", read, []http.HandlerFunc{say(429, "", "Retry-After", "3600"), fine}, 429, nil, ""},
		{"a POST is not tried again", "", write, []http.HandlerFunc{say(503, ""), fine}, 503, nil, ""},
		{"a POST marked safe is", "", marked, []http.HandlerFunc{say(503, ""), fine}, 200, []time.Duration{growing}, "503 Service Unavailable"},
		{"a POST that was turned away is", "", write, []http.HandlerFunc{say(429, "", "Retry-After", "3"), fine}, 200, []time.Duration{3 * time.Second}, "429 Too Many Requests"},
		{"too many at once in Salesforce", Salesforce, read, []http.HandlerFunc{say(403, concurrent), fine}, 200, []time.Duration{growing}, "too many requests at once"},
		{"the day's limit in Salesforce", Salesforce, read, []http.HandlerFunc{say(403, daily), fine}, 403, nil, ""},
		{"those words from Zendesk mean nothing", "", read, []http.HandlerFunc{say(403, concurrent), fine}, 403, nil, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newStage(t, func(c *Config) {
				if test.service != "" {
					c.Service = test.service
				}
			}, test.answers...)
			test.call.Path = "/api/v2/things"
			answer, err := s.caller.Call(t.Context(), test.call)
			if err != nil {
				t.Fatal(err)
			}
			if answer.Status != test.status {
				t.Errorf("status %d, want %d", answer.Status, test.status)
			}
			want := test.slept
			for i := range want {
				if want[i] == growing && i < len(s.slept) {
					if s.slept[i] <= 0 || s.slept[i] > 10*time.Second {
						t.Errorf("a backoff of %s", s.slept[i])
					}
					want[i] = s.slept[i]
				}
			}
			if diff := cmp.Diff(want, s.slept); diff != "" {
				t.Errorf("waits (-want +got):\n%s", diff)
			}
			if len(s.tries) != len(want)+1 || s.tries[len(want)].Number != len(want)+1 {
				t.Errorf("trace: %+v", s.tries)
			}
			for _, body := range s.bodies {
				if body != string(test.call.Body) {
					t.Errorf("the body went out as %q", body)
				}
			}
			if test.why != "" && len(s.waits) > 0 && s.waits[0].Why != test.why {
				t.Errorf("told that it waits for %q", s.waits[0].Why)
			}
		})
	}
}

func TestTellsWhenItWaits(t *testing.T) {
	s := newStage(t, nil, say(429, "", "Retry-After", "12"), fine)
	started := s.clock()
	if _, err := s.get(); err != nil {
		t.Fatal(err)
	}
	want := []Wait{{
		Service: Zendesk, Call: "GET /api/v2/things", For: 12 * time.Second,
		Until: started.Add(12 * time.Second), Why: "429 Too Many Requests", Try: 1,
	}}
	if diff := cmp.Diff(want, s.waits); diff != "" {
		t.Error(diff)
	}
}

func TestBrokenConnections(t *testing.T) {
	gone := httptest.NewServer(fine)
	gone.Close()
	tests := []struct {
		name   string
		answer http.HandlerFunc
		change func(*Config)
		kind   Kind
		tries  int
		words  string
	}{
		{"refused", fine, func(c *Config) { c.BaseURL = gone.URL }, Unreachable, 4, "refused"},
		{"reset", reset, nil, Unreachable, 4, "EOF"},
		{"body cut off", cut, nil, Unreachable, 4, "unexpected EOF"},
		{"not HTTP", func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			_, _ = conn.Write([]byte("SSH-2.0-\x1b[31mOpenSSH\r\n\r\n"))
			_ = conn.Close()
		}, nil, Unreachable, 4, "malformed"},
		{"TLS where there is none", fine, func(c *Config) { c.BaseURL = strings.Replace(c.BaseURL, "http://", "https://", 1) }, Unreachable, 1, "TLS"},
		{"no such host", fine, func(c *Config) { c.BaseURL = "https://acme.invalid"; c.Base = noSuchHost{} }, Unreachable, 1, "no such host: acme.invalid"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newStage(t, test.change, test.answer)
			_, err := s.get()
			var failed *Error
			if !errors.As(err, &failed) {
				t.Fatalf("%v is no *Error", err)
			}
			if failed.Kind != test.kind || !strings.Contains(failed.Message, test.words) {
				t.Errorf("%s: %q", failed.Kind, failed.Message)
			}
			if failed.Call != "GET /api/v2/things" || failed.Service != Zendesk {
				t.Errorf("it does not say what failed: %+v", failed)
			}
			if len(s.tries) != test.tries {
				t.Errorf("%d tries, want %d", len(s.tries), test.tries)
			}
		})
	}
}

func TestUntrustedCertificateIsNotTriedAgain(t *testing.T) {
	secure := httptest.NewTLSServer(fine)
	defer secure.Close()
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	s := newStage(t, func(c *Config) { c.BaseURL = secure.URL }, fine)
	_, err := s.get()
	if KindOf(err) != Unreachable || !strings.Contains(err.Error(), "certificate") || len(s.tries) != 1 {
		t.Errorf("%v after %d tries", err, len(s.tries))
	}
}

// noSuchHost is a network in which no name has an address.
type noSuchHost struct{}

func (noSuchHost) RoundTrip(req *http.Request) (*http.Response, error) {
	return nil, fmt.Errorf("dialing: %w", notFound(req.URL.Hostname()))
}

// silent never answers, or stops in the middle of its answer.
type silent struct{ inBody bool }

func (s silent) RoundTrip(req *http.Request) (*http.Response, error) {
	if s.inBody {
		return &http.Response{StatusCode: http.StatusOK, Body: hanging{req.Context()}, Header: http.Header{}, Request: req}, nil
	}
	<-req.Context().Done()
	return nil, req.Context().Err()
}

type hanging struct {
	ctx context.Context
}

func (h hanging) Read([]byte) (int, error) { <-h.ctx.Done(); return 0, h.ctx.Err() }
func (h hanging) Close() error             { return nil }

func TestHangsTimeOut(t *testing.T) {
	for _, network := range []silent{{inBody: false}, {inBody: true}} {
		synctest.Test(t, func(t *testing.T) {
			caller, err := NewCaller(Config{Service: Zendesk, BaseURL: "https://acme.zendesk.com", Token: token, Base: network})
			if err != nil {
				t.Fatal(err)
			}
			started := time.Now()
			_, err = caller.Call(t.Context(), Request{Path: "/x"})
			if KindOf(err) != TimedOut || !strings.Contains(err.Error(), "20s") {
				t.Errorf("%v", err)
			}
			if took := time.Since(started); took != 20*time.Second {
				t.Errorf("after %s", took)
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			if _, err = caller.Call(ctx, Request{Path: "/x"}); KindOf(err) != TimedOut {
				t.Errorf("the caller's own limit: %v", err)
			}
		})
	}
}

func TestCancelEndsATryAndAWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		caller, err := NewCaller(Config{Service: Zendesk, BaseURL: "https://acme.zendesk.com", Token: token, Base: silent{}})
		if err != nil {
			t.Fatal(err)
		}
		time.AfterFunc(time.Second, cancel)
		if _, err = caller.Call(ctx, Request{Path: "/x"}); KindOf(err) != Canceled || !errors.Is(err, context.Canceled) {
			t.Errorf("in a try: %v", err)
		}
	})
	ctx, cancel := context.WithCancel(t.Context())
	s := newStage(t, func(c *Config) { c.OnWait = func(Wait) { cancel() } }, say(503, "", "Retry-After", "5"))
	if _, err := s.caller.Call(ctx, Request{Path: "/x"}); KindOf(err) != Canceled {
		t.Errorf("in a wait: %v", err)
	}
	if len(s.tries) != 1 {
		t.Errorf("%d tries", len(s.tries))
	}
}

func TestWaitsAsTheServiceSaysThatNothingIsLeft(t *testing.T) {
	s := newStage(t, nil, say(200, "{}", "ratelimit-remaining", "0", "ratelimit-reset", "17"), fine)
	for range 2 {
		if _, err := s.get(); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]time.Duration{17 * time.Second}, s.slept); diff != "" {
		t.Error(diff)
	}
}

func TestPaceLetsABurstGoAndThenSettles(t *testing.T) {
	s := newStage(t, nil, fine)
	for range rates[Zendesk].burst {
		if _, err := s.get(); err != nil {
			t.Fatal(err)
		}
	}
	if len(s.slept) != 0 {
		t.Fatalf("the burst was held back: %v", s.slept)
	}
	if _, err := s.get(); err != nil {
		t.Fatal(err)
	}
	if len(s.slept) != 1 || s.slept[0] > time.Second {
		t.Errorf("after the burst: %v", s.slept)
	}
}

func TestDecodeSaysWhatCameInstead(t *testing.T) {
	tests := []struct{ name, body, words string }{
		{"a page", "<!DOCTYPE html><html><head><title>Down for\n maintenance</title></head>", "a web page instead of JSON: Down for maintenance"},
		{"a page without a title", "\n <html>", "a web page instead of JSON"},
		{"nothing", "  \n", "an empty answer"},
		{"cut JSON", `{"name":"x`, "cut off"},
		{"garbage", "\x00\xff\x1b[2Jhello", "something other than JSON"},
		{"two documents", `{} {}`, "something other than JSON"},
		{"another shape", `{"name":["x"]}`, "another shape"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newStage(t, nil, say(200, test.body))
			answer, err := s.get()
			if err != nil {
				t.Fatal(err)
			}
			var into struct {
				Name string `json:"name"`
			}
			err = s.caller.Decode(answer, &into)
			if KindOf(err) != Garbled || !strings.Contains(err.Error(), test.words) {
				t.Errorf("%v", err)
			}
			var syntax *json.SyntaxError
			var shape *json.UnmarshalTypeError
			if !errors.As(err, &syntax) && !errors.As(err, &shape) {
				t.Errorf("the cause is gone: %#v", err)
			}
		})
	}
}

func TestAnswersBeyondTheLimitAreRefused(t *testing.T) {
	s := newStage(t, nil, func(w http.ResponseWriter, _ *http.Request) {
		chunk := make([]byte, 1<<20)
		for range 33 {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	})
	if _, err := s.get(); KindOf(err) != Garbled || len(s.tries) != 1 {
		t.Errorf("%v after %d tries", err, len(s.tries))
	}
}

func TestFailCarriesWhatTheServiceSaid(t *testing.T) {
	s := newStage(t, nil, say(429, "", "Retry-After", "3600", "X-Request-Id", "abc-1"))
	answer, err := s.get()
	if err != nil {
		t.Fatal(err)
	}
	failed := s.caller.Fail(answer, RateLimited, "TooMany", "slow\n\x1b[31mdown "+strings.Repeat("x", 400)+token)
	want := &Error{
		Service: Zendesk, Host: strings.TrimPrefix(s.server.URL, "http://"), Call: "GET /api/v2/things", Kind: RateLimited,
		Status: 429, Code: "TooMany", Message: "slow down " + strings.Repeat("x", 289) + "…", RequestID: "abc-1", RetryAfter: time.Hour,
	}
	if diff := cmp.Diff(want, failed); diff != "" {
		t.Error(diff)
	}
	if text := failed.Error(); !strings.HasPrefix(text, "Zendesk: GET /api/v2/things: rate limited: 429 TooMany: slow down") {
		t.Error(text)
	}
}
