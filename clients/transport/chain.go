// The chain that each call goes through: retry, pace, one try with its limits and trace, identity, the network.

package transport

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"
)

// MaxBody is the largest answer that is read, in bytes.
const MaxBody = 32 << 20

var errTooLarge = errors.New("the answer is larger than 32 MB")

type contextKey int

const (
	idempotentKey contextKey = iota
	noTokenKey
	tryKey
	timeoutKey
	doubtKey
)

// Idempotent marks a request as safe to repeat, whatever its method.
func Idempotent(ctx context.Context) context.Context {
	return context.WithValue(ctx, idempotentKey, true)
}

// WithoutToken marks a request that needs no sign-in; the token is not sent with it.
func WithoutToken(ctx context.Context) context.Context {
	return context.WithValue(ctx, noTokenKey, true)
}

// Doubts is a context that notices whether a try, though the call was repeated and answered after it, may have been carried out.
func Doubts(ctx context.Context) (context.Context, func() bool) {
	var noticed atomic.Bool
	return context.WithValue(ctx, doubtKey, &noticed), noticed.Load
}

// doubt notes a try that is repeated, and may have been carried out all the same: one that broke off, or that failed over there.
func doubt(ctx context.Context, resp *http.Response, err error) {
	var below *net.OpError
	unsent := errors.As(err, &below) && below.Op == "dial"
	if noted, ok := ctx.Value(doubtKey).(*atomic.Bool); ok && !unsent && (err != nil || resp.StatusCode >= http.StatusInternalServerError) {
		noted.Store(true)
	}
}

func marked(ctx context.Context, key contextKey) bool {
	is, _ := ctx.Value(key).(bool)
	return is
}

func newChain(config Config, base *url.URL) http.RoundTripper {
	identity := &identity{config: config, base: base}
	try := &try{config: config, base: base, next: identity}
	return &retry{config: config, base: base, pace: newPace(config), next: try}
}

// identity says who calls, to the configured host and to no other.
type identity struct {
	config Config
	base   *url.URL
}

func (i *identity) RoundTrip(req *http.Request) (*http.Response, error) {
	if !sameHost(i.base, req.URL) {
		refusal := i.config.fail(i.base, req, Garbled)
		refusal.Code = "OTHER_HOST"
		refusal.Message = i.config.message("the request is for another host, " + req.URL.Host + ", and was not sent")
		return nil, refusal
	}
	own := req.Clone(req.Context())
	own.Header.Del("Authorization")
	own.Header.Set("User-Agent", i.config.UserAgent)
	if !marked(req.Context(), noTokenKey) {
		token := i.config.session.current()
		if token == "" {
			return nil, i.config.fail(i.base, req, SignInMissing)
		}
		own.Header.Set("Authorization", "Bearer "+token)
	}
	return i.config.Base.RoundTrip(own) //nolint:wrapcheck // the try makes it an *Error
}

// A turn is which try of a call it is, and how long it was held back.
type turn struct {
	number int
	waited time.Duration
}

// try is one request within its time limit, its answer read whole, and told to the trace.
type try struct {
	config Config
	base   *url.URL
	next   http.RoundTripper
}

func (t *try) RoundTrip(req *http.Request) (*http.Response, error) {
	started := t.config.Now()
	resp, err := t.do(req)
	done := Try{
		Service: t.config.Service, Method: req.Method, Path: t.config.redact(Clean(req.URL.Path)),
		Number: 1, Kind: KindOf(err), Started: started, Duration: t.config.Now().Sub(started),
	}
	if turn, ok := req.Context().Value(tryKey).(turn); ok {
		done.Number, done.Waited = turn.number, turn.waited
	}
	if resp != nil {
		done.Status = resp.StatusCode
	}
	t.config.OnTry(done)
	return resp, err
}

func (t *try) do(req *http.Request) (*http.Response, error) {
	config := t.config
	if limit, ok := req.Context().Value(timeoutKey).(time.Duration); ok {
		config.Timeout = limit
	}
	ctx, cancel := context.WithTimeout(req.Context(), config.Timeout)
	defer cancel()
	resp, err := t.next.RoundTrip(req.WithContext(ctx))
	if err != nil {
		return nil, config.broken(req.Context(), t.base, req, err)
	}
	if err := readWhole(resp); err != nil {
		return nil, config.broken(req.Context(), t.base, req, err)
	}
	return resp, nil
}

// readWhole replaces the body by one that is in memory, so that a cut or a hang within it belongs to the try.
func readWhole(resp *http.Response) error {
	body, err := io.ReadAll(io.LimitReader(resp.Body, MaxBody+1))
	if closed := resp.Body.Close(); err == nil {
		err = closed
	}
	if err == nil && len(body) > MaxBody {
		err = errTooLarge
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return err
}

// bodyOf is the answer's body, which stays readable.
func bodyOf(resp *http.Response) []byte {
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return body
}

// noticeable is the shortest wait that OnWait is told of.
const noticeable = 200 * time.Millisecond

// pause waits, and says so when the wait is long enough to be noticed.
func (c Config) pause(ctx context.Context, wait Wait) error {
	if wait.For <= 0 {
		return nil
	}
	wait.Service = c.Service
	wait.Until = c.Now().Add(wait.For)
	if wait.For >= noticeable {
		c.OnWait(wait)
	}
	return c.Sleep(ctx, wait.For)
}
