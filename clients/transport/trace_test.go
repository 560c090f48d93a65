package transport

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestATraceHasALineForEachTryAndNoSecret(t *testing.T) {
	var written bytes.Buffer
	var trace *Trace
	s := newStage(t, func(c *Config) {
		trace = NewTrace(&written, c.Now)
		c.OnTry = trace.Try
	}, say(429, token, "Retry-After", "12"), cut, fine)
	query := Request{Path: "/api/v2/things/" + token + "?token=" + token, Header: http.Header{"X-Secret": {token}}}
	if _, err := s.caller.Call(t.Context(), query); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(written.String()), "\n")
	want := []string{
		`{"time":"2026-11-23T10:00:00Z","service":"Zendesk","method":"GET","path":"/api/v2/things/[redacted]","status":429,"duration_ms":0,"kind":"","try":1,"wait_ms":0}`,
		`{"time":"2026-11-23T10:00:12Z","service":"Zendesk","method":"GET","path":"/api/v2/things/[redacted]","status":0,"duration_ms":0,"kind":"unreachable","try":2,"wait_ms":12000}`,
	}
	if len(lines) != 3 {
		t.Fatalf("%d lines: %s", len(lines), &written)
	}
	if diff := cmp.Diff(want, lines[:2]); diff != "" {
		t.Error(diff)
	}
	if !strings.Contains(lines[2], `"status":200`) || !strings.Contains(lines[2], `"try":3`) || strings.Contains(written.String(), "secret") {
		t.Error(written.String())
	}
}

type answers func(*http.Request) (*http.Response, error)

func (a answers) RoundTrip(r *http.Request) (*http.Response, error) { return a(r) }

func TestATraceWatchesOtherTransports(t *testing.T) {
	var written bytes.Buffer
	trace := NewTrace(&written, func() time.Time { return time.Unix(0, 0) })
	for _, tc := range []struct {
		path string
		err  error
		want string
	}{
		{"/oauth/tokens?code=secret", nil, `"service":"Zendesk","method":"POST","path":"/oauth/tokens","status":201,"duration_ms":0,"kind":""`},
		{"/services/oauth2/token", errors.New("refresh_token=secret"), `"service":"Salesforce","method":"POST","path":"/services/oauth2/token","status":0,"duration_ms":0,"kind":"unreachable"`},
		{"/services/oauth2/token", context.DeadlineExceeded, `"kind":"timed out"`},
	} {
		written.Reset()
		around := trace.Around(answers(func(*http.Request) (*http.Response, error) {
			if tc.err != nil {
				return nil, tc.err
			}
			return &http.Response{StatusCode: http.StatusCreated, Body: http.NoBody}, nil
		}))
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://acme.example"+tc.path, strings.NewReader("secret"))
		if err != nil {
			t.Fatal(err)
		}
		answer, err := around.RoundTrip(req)
		if !errors.Is(err, tc.err) {
			t.Error(err)
		}
		if answer != nil {
			_ = answer.Body.Close()
		}
		if !strings.Contains(written.String(), tc.want) || strings.Contains(written.String(), "secret") {
			t.Error(written.String())
		}
	}
	var none *Trace
	none.Try(Try{})
	if none.Around(http.DefaultTransport) != http.DefaultTransport {
		t.Error("what nobody traces is watched")
	}
}

func TestATracesFileIsItsOwnersAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "trace")
	if err := os.WriteFile(path, []byte("before\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	trace, file, err := OpenTrace(path, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	var trying sync.WaitGroup
	for range 20 {
		trying.Go(func() { trace.Try(Try{Service: Zendesk, Path: "/x", Number: 1}) })
	}
	trying.Wait()
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil || strings.Count(string(text), `"try":1`) != 20 || !strings.HasPrefix(string(text), "before\n{") {
		t.Errorf("%s %v", text, err)
	}
	if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info.Mode(), err)
	}
	if _, _, err := OpenTrace(t.TempDir(), time.Now); err == nil {
		t.Error("a folder was opened as a trace")
	}
}
