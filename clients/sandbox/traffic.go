package sandbox

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A Request is one that was answered, or broken off.
type Request struct {
	Service string    `json:"service"`
	Method  string    `json:"method"`
	Path    string    `json:"path"`
	Status  int       `json:"status"` // 0 when the connection was broken off
	Started time.Time `json:"started"`
	Ended   time.Time `json:"ended"`
}

// A FaultRule breaks the next answers that it fits.
type FaultRule struct {
	Service string `json:"service"` // salesforce, zendesk, or empty for both
	Method  string `json:"method"`  // empty for any
	Path    string `json:"path"`    // whole, or with * at its end; empty for any
	Times   int    `json:"times"`   // 1 when 0; -1 for ever
	Fault   Fault  `json:"fault"`
}

// A Fault is what goes wrong. Without Status the service answers as ever, late, cut off or garbled.
type Fault struct {
	Status   int               `json:"status"`
	Headers  map[string]string `json:"headers"`
	Body     string            `json:"body"`
	DelayMS  int               `json:"delay_ms"`
	After    bool              `json:"after"`     // the service does its work first: only its answer is late, lost or another
	Reset    bool              `json:"reset"`     // the connection is reset instead of an answer
	CutAfter int               `json:"cut_after"` // bytes of the body after which the connection ends
	Garbage  bool              `json:"garbage"`   // random bytes instead of the body
	Echo     bool              `json:"echo"`      // an error whose words are the request itself, its secrets included
}

// traffic is what passes between the services and the world: latency, faults, and the log.
type traffic struct {
	now     func() time.Time
	latency time.Duration
	heard   heard

	mu       sync.Mutex
	requests []Request
	rules    []FaultRule
}

func newTraffic(now func() time.Time, latency time.Duration) *traffic {
	return &traffic{now: now, latency: latency}
}

// logged is how many requests the log keeps; older ones go.
const logged = 10_000

func (t *traffic) watch(service string, handler http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		request := Request{Service: service, Method: r.Method, Path: r.URL.Path, Started: t.now()}
		status := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		t.heard.request(r)
		status.keep = isOAuth(r.URL.Path)
		defer func() {
			request.Status, request.Ended = status.status, t.now()
			t.record(request)
			t.heard.answer(r, w.Header(), status.kept)
		}()
		if wait(r.Context(), t.latency) != nil {
			status.status = 0
			return
		}
		if fault, ok := t.take(service, r); ok {
			fault.serve(status, r, handler)
			return
		}
		handler.ServeHTTP(status, r)
	})
}

func (t *traffic) record(request Request) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.requests) >= logged {
		t.requests = append(t.requests[:0], t.requests[len(t.requests)-logged/2:]...)
	}
	t.requests = append(t.requests, request)
}

// take is the first rule that fits, used up once more.
func (t *traffic) take(service string, r *http.Request) (Fault, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i := range t.rules {
		rule := &t.rules[i]
		if rule.Times != 0 && rule.fits(service, r) {
			if rule.Times > 0 {
				rule.Times--
			}
			return rule.Fault, true
		}
	}
	return Fault{}, false
}

func (rule *FaultRule) fits(service string, r *http.Request) bool {
	if rule.Service != "" && rule.Service != service {
		return false
	}
	if rule.Method != "" && !strings.EqualFold(rule.Method, r.Method) {
		return false
	}
	if start, open := strings.CutSuffix(rule.Path, "*"); open {
		return strings.HasPrefix(r.URL.Path, start)
	}
	// Zendesk takes each path with .json and without.
	return rule.Path == "" || strings.TrimSuffix(rule.Path, ".json") == strings.TrimSuffix(r.URL.Path, ".json")
}

// serve answers as the fault says.
func (f Fault) serve(w *statusWriter, r *http.Request, handler http.Handler) {
	if f.After {
		handler = done(handler, r)
	}
	if wait(r.Context(), time.Duration(f.DelayMS)*time.Millisecond) != nil {
		w.status = 0
		return
	}
	if f.Reset {
		w.status = 0
		reset(w.ResponseWriter)
		return
	}
	if f.Echo {
		f.Body = echo(r)
	}
	answer := httptest.NewRecorder()
	if f.Status == 0 {
		handler.ServeHTTP(answer, r)
	} else {
		answer.WriteHeader(f.Status)
		answer.Body = bytes.NewBufferString(f.Body)
	}
	body := answer.Body.Bytes()
	if f.Garbage {
		body = make([]byte, max(len(body), 64))
		_, _ = rand.Read(body)
	}
	for name, values := range answer.Header() {
		w.Header()[name] = values
	}
	for name, value := range f.Headers {
		w.Header().Set(name, value)
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(answer.Code)
	if f.CutAfter > 0 && f.CutAfter < len(body) {
		_, _ = w.Write(body[:f.CutAfter])
		_ = http.NewResponseController(w.ResponseWriter).Flush()
		// The server ends the connection when a handler aborts, so that the body stays short.
		panic(http.ErrAbortHandler)
	}
	_, _ = w.Write(body)
}

// done is what a handler answers, the request having been carried out though nobody may hear of it.
func done(handler http.Handler, r *http.Request) http.Handler {
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, r)
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for name, values := range answer.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	})
}

// echo is an error in the words of both services, which repeats what was asked.
func echo(r *http.Request) string {
	asked, err := httputil.DumpRequest(r, true)
	if err != nil {
		asked = []byte(err.Error())
	}
	words := string(asked)
	body, err := json.Marshal(map[string]string{"error": "invalid_request", "error_description": words, "description": words, "message": words})
	if err != nil {
		return words
	}
	return string(body)
}

// reset ends the connection as a crashed machine would.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

type statusWriter struct {
	http.ResponseWriter
	status int
	keep   bool // the body, which holds secrets
	kept   []byte
}

func (w *statusWriter) Write(body []byte) (int, error) {
	if w.keep {
		w.kept = append(w.kept, body...)
	}
	return w.ResponseWriter.Write(body)
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func wait(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return errors.New("the caller has gone")
	}
}
