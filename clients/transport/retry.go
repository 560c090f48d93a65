// Tries again what is safe to try again, by the services' own rules.

package transport

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// retry repeats reads, and what the caller marks as Idempotent: after 429, 502, 503, 504, Salesforce's passing limit on
// concurrent requests, and a broken connection; any other request after 429 alone. A try that took its whole Timeout is
// not repeated: it has cost enough.
type retry struct {
	config Config
	base   *url.URL
	pace   *pace
	next   http.RoundTripper
}

func (r *retry) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx, call := req.Context(), r.config.callName(req.Method, req.URL)
	started := r.config.Now()
	growing := backoff.NewExponentialBackOff()
	growing.Multiplier = 2
	tried := started
	for number := 1; ; number++ {
		if err := r.pace.wait(ctx, call); err != nil {
			return nil, r.config.broken(ctx, r.base, req, err)
		}
		again, err := repeat(context.WithValue(ctx, tryKey, turn{number, r.config.Now().Sub(tried)}), req)
		if err != nil {
			return nil, r.config.broken(ctx, r.base, req, err)
		}
		resp, err := r.next.RoundTrip(again)
		tried = r.config.Now()
		if err == nil {
			r.pace.heed(resp)
		}
		wait, worth := r.waitAfter(resp, err, growing)
		wait.Call, wait.Try = call, number
		over := number >= r.config.MaxTries || r.config.Now().Add(wait.For).Sub(started) > r.config.MaxWait
		if !worth || over || !safe(req, resp) || ctx.Err() != nil {
			return resp, err //nolint:wrapcheck // it is an *Error
		}
		doubt(ctx, resp, err)
		if err := r.config.pause(ctx, wait); err != nil {
			return nil, r.config.broken(ctx, r.base, req, err)
		}
	}
}

// safe tells whether a request may be sent twice: reads, what the caller has marked, and what was turned away with 429
// before anything was done with it.
func safe(req *http.Request, resp *http.Response) bool {
	if req.Body != nil && req.Body != http.NoBody && req.GetBody == nil {
		return false
	}
	if resp != nil && resp.StatusCode == http.StatusTooManyRequests {
		return true
	}
	return req.Method == http.MethodGet || req.Method == http.MethodHead || marked(req.Context(), idempotentKey)
}

// repeat is the request again, with its body from the start.
func repeat(ctx context.Context, req *http.Request) (*http.Request, error) {
	again := req.WithContext(ctx)
	if req.GetBody != nil {
		body, err := req.GetBody()
		if err != nil {
			return nil, fmt.Errorf("repeating a request: %w", err)
		}
		if req.Body != nil {
			_ = req.Body.Close() // a copy goes out in its place
		}
		again.Body = body
	}
	return again, nil
}

// waitAfter tells whether another try is worth it, and after how long.
func (r *retry) waitAfter(resp *http.Response, err error, growing *backoff.ExponentialBackOff) (Wait, bool) {
	if err != nil {
		var failed *Error
		worth := errors.As(err, &failed) && failed.Kind == Unreachable && !permanent(err)
		return Wait{For: growing.NextBackOff(), Why: "connection failed"}, worth
	}
	wait := Wait{Why: strings.TrimSpace(strconv.Itoa(resp.StatusCode) + " " + http.StatusText(resp.StatusCode))}
	switch resp.StatusCode {
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		if asked, ok := r.asked(resp); ok {
			wait.For = asked
			return wait, true
		}
	case http.StatusBadGateway, http.StatusGatewayTimeout:
	case http.StatusForbidden:
		if r.config.Service != Salesforce || !isConcurrencyLimit(bodyOf(resp)) {
			return wait, false
		}
		wait.Why = "too many requests at once"
	default:
		return wait, false
	}
	wait.For = growing.NextBackOff()
	return wait, true
}

// asked is how long the service asked to wait.
func (r *retry) asked(resp *http.Response) (time.Duration, bool) {
	if asked, ok := ParseRetryAfter(resp.Header.Get("Retry-After"), r.config.Now()); ok {
		return asked, true
	}
	if resp.StatusCode == http.StatusTooManyRequests {
		return resetSeconds(resp.Header)
	}
	return 0, false
}

// isConcurrencyLimit tells Salesforce's passing REQUEST_LIMIT_EXCEEDED (ConcurrentRequests, ConcurrentPerOrgLongTxn)
// from the one of the day's requests (TotalRequests), which no wait mends.
func isConcurrencyLimit(body []byte) bool {
	return bytes.Contains(body, []byte("REQUEST_LIMIT_EXCEEDED")) && bytes.Contains(body, []byte("Concurrent"))
}

// maxRetryAfter is the longest wait that ParseRetryAfter gives.
const maxRetryAfter = 24 * time.Hour

// ParseRetryAfter reads a Retry-After header: seconds, or an HTTP date that is measured from now.
// The result is between 0 (a date that has passed) and 24 hours.
func ParseRetryAfter(value string, now time.Time) (time.Duration, bool) {
	value = strings.TrimSpace(value)
	if seconds, err := strconv.ParseFloat(value, 64); err == nil {
		if math.IsNaN(seconds) || seconds < 0 {
			return 0, false
		}
		return time.Duration(min(seconds, maxRetryAfter.Seconds()) * float64(time.Second)), true
	}
	date, err := http.ParseTime(value)
	if err != nil {
		return 0, false
	}
	return min(max(date.Sub(now), 0), maxRetryAfter), true
}
