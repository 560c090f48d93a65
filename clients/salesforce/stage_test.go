package salesforce

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"zsf/clients/transport"
)

const token = "00D000000000001!AQ.secret_of-the.test"

// An org answers by path, and writes down what it was asked.
type org struct {
	*Client
	t      *testing.T
	server *httptest.Server

	mu     sync.Mutex
	asked  []string // GET /services/data/v68.0/limits
	bodies []string
	at     time.Time
}

// newOrg serves one handler per path; a path without one is a 404 as Salesforce writes it.
func newOrg(t *testing.T, paths map[string]http.HandlerFunc) *org {
	t.Helper()
	o := &org{t: t, at: time.Date(2026, 11, 23, 10, 2, 11, 0, time.UTC)}
	o.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		o.mu.Lock()
		o.asked = append(o.asked, r.Method+" "+r.URL.Path)
		o.bodies = append(o.bodies, string(body))
		o.mu.Unlock()
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		answer, ok := paths[r.URL.Path]
		if !ok {
			answer = say(404, `[{"errorCode":"NOT_FOUND","message":"The requested resource does not exist"}]`)
		}
		answer(w, r)
	}))
	t.Cleanup(o.server.Close)
	client, err := New(o.server.URL, token, transport.Config{
		Now:   func() time.Time { return o.at },
		Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	})
	if err != nil {
		t.Fatal(err)
	}
	o.Client = client
	return o
}

func say(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}
}

func records(rows ...string) string {
	return fmt.Sprintf(`{"totalSize":%d,"done":true,"records":[%s]}`, len(rows), strings.Join(rows, ","))
}

// composite answers each part with what answer says of its reference id and URL.
func composite(t *testing.T, answer func(id, url string) (int, string)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var asked struct {
			AllOrNone *bool        `json:"allOrNone"`
			Requests  []subrequest `json:"compositeRequest"`
		}
		if err := json.NewDecoder(r.Body).Decode(&asked); err != nil || asked.AllOrNone == nil || *asked.AllOrNone {
			t.Errorf("a bad composite call: %v", err)
		}
		queries := 0
		var parts []string
		for _, part := range asked.Requests {
			if strings.Contains(part.URL, "/query?") {
				queries++
			}
			status, body := answer(part.ReferenceID, part.URL)
			parts = append(parts, fmt.Sprintf(`{"body":%s,"httpHeaders":{},"httpStatusCode":%d,"referenceId":%q}`, body, status, part.ReferenceID))
		}
		if queries > 5 || len(parts) > 25 {
			t.Errorf("%d parts with %d queries in one call", len(parts), queries)
		}
		fmt.Fprintf(w, `{"compositeResponse":[%s]}`, strings.Join(parts, ","))
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
