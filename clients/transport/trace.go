// A trace of what was called: a line of JSON for each try. It has no query, no header and no body, and so no secret.

package transport

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"
)

// A Trace writes down each try of each call. It may be used from many goroutines; nil writes nothing.
type Trace struct {
	now func() time.Time

	mu sync.Mutex
	to io.Writer
}

// NewTrace writes to that writer, a whole line at once.
func NewTrace(to io.Writer, now func() time.Time) *Trace { return &Trace{to: to, now: now} }

// OpenTrace adds to the end of a file, which is its owner's alone.
func OpenTrace(path string, now func() time.Time) (*Trace, io.Closer, error) {
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, nil, fmt.Errorf("open the trace: %w", err)
	}
	info, err := file.Stat()
	if err == nil && info.Mode().IsRegular() && info.Mode().Perm()&0o077 != 0 {
		err = file.Chmod(0o600)
	}
	if err != nil {
		_ = file.Close()
		return nil, nil, fmt.Errorf("close the trace %s to others: %w", path, err)
	}
	return NewTrace(file, now), file, nil
}

type traced struct {
	Time       time.Time `json:"time"`
	Service    Service   `json:"service"`
	Method     string    `json:"method"`
	Path       string    `json:"path"`
	Status     int       `json:"status"` // 0: there was no answer
	DurationMS int64     `json:"duration_ms"`
	Kind       Kind      `json:"kind"` // what went wrong; empty: an answer came
	Try        int       `json:"try"`
	WaitMS     int64     `json:"wait_ms"` // before it
}

// Try writes a try down; it is a Config's OnTry.
func (t *Trace) Try(done Try) {
	if t == nil {
		return
	}
	line, err := json.Marshal(traced{
		Time: done.Started.UTC(), Service: done.Service, Method: done.Method, Path: done.Path, Status: done.Status,
		DurationMS: done.Duration.Milliseconds(), Kind: done.Kind, Try: done.Number, WaitMS: done.Waited.Milliseconds(),
	})
	if err != nil {
		return // a time that no JSON can hold
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	_, _ = t.to.Write(append(line, '\n')) // a trace that cannot be written stops no work
}

// Around writes down what passes a transport that is not of this package's chain: a token endpoint's, a look at a clock.
func (t *Trace) Around(base http.RoundTripper) http.RoundTripper {
	if t == nil {
		return base
	}
	if base == nil {
		base = http.DefaultTransport
	}
	return &watched{trace: t, base: base}
}

type watched struct {
	trace *Trace
	base  http.RoundTripper
}

func (w *watched) RoundTrip(req *http.Request) (*http.Response, error) {
	done := Try{
		Service: serviceOf(req), Method: req.Method, Path: Redact(Clean(req.URL.Path)), Number: 1, Started: w.trace.now(),
	}
	answer, err := w.base.RoundTrip(req)
	done.Duration = w.trace.now().Sub(done.Started)
	if err != nil {
		done.Kind = Unreachable
		if kind := KindOf(err); kind != "" {
			done.Kind = kind
		}
	} else {
		done.Status = answer.StatusCode
	}
	w.trace.Try(done)
	return answer, err //nolint:wrapcheck // it is the transport's own
}

// serviceOf tells whose request it is: every path of Salesforce's begins alike, and none of Zendesk's does.
func serviceOf(req *http.Request) Service {
	if strings.HasPrefix(req.URL.Path, "/services/") {
		return Salesforce
	}
	return Zendesk
}
