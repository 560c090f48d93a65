// What can go wrong between zsf and a service, in one type.

package transport

import (
	"compress/flate"
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// A Kind says what went wrong, in the terms that decide what a person can do about it.
type Kind string

// The kinds of failure. The empty Kind is an error that did not come from a service.
const (
	Unreachable   Kind = "unreachable"     // DNS, refused, reset, TLS, or a body cut off
	TimedOut      Kind = "timed out"       // no whole answer within the limit
	SignInExpired Kind = "sign-in expired" // the service no longer takes the token
	SignInMissing Kind = "sign-in missing" // there is no token; nothing was sent
	Anonymous     Kind = "anonymous"       // the service answered, but to nobody
	Forbidden     Kind = "forbidden"       // a right or a scope is missing
	APIDisabled   Kind = "API disabled"    // for the org, or for this user: Salesforce does not say which
	LimitReached  Kind = "limit reached"   // the day's API requests are used up
	RateLimited   Kind = "rate limited"    // still 429, or too many at once, after all tries
	Unavailable   Kind = "unavailable"     // still 5xx after all tries
	NotFound      Kind = "not found"
	Rejected      Kind = "rejected" // any other 4xx
	Garbled       Kind = "garbled"  // an answer, but not one of this service's API
	Canceled      Kind = "canceled" // by the caller
)

// An Error is a call that failed. It is safe to show: its words are cleaned, and it never holds a token.
type Error struct {
	Service    Service
	Host       string
	Call       string // GET /services/data/v68.0/limits
	Kind       Kind
	Status     int    // HTTP; 0 when there was no answer
	Code       string // the service's own: INVALID_SESSION_ID
	Message    string // the service's own words, at most 300 characters
	RequestID  string
	RetryAfter time.Duration // what the service asked for; 0 when it did not
	Err        error         // the cause, where there is one below
}

// MaxMessage is how many characters of a service's own words an Error keeps.
const MaxMessage = 300

func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: ", e.Service)
	if e.Call != "" {
		fmt.Fprintf(&b, "%s: ", e.Call)
	}
	b.WriteString(string(e.Kind))
	if e.Status != 0 {
		fmt.Fprintf(&b, ": %d", e.Status)
	}
	if e.Code != "" {
		fmt.Fprintf(&b, " %s", e.Code)
	}
	if e.Message != "" {
		fmt.Fprintf(&b, ": %s", e.Message)
	}
	if e.RequestID != "" {
		fmt.Fprintf(&b, " (request %s)", e.RequestID)
	}
	return b.String()
}

func (e *Error) Unwrap() error { return e.Err }

// KindOf tells what kind of failure err is; empty when it is none of a service's.
func KindOf(err error) Kind {
	var failed *Error
	switch {
	case errors.As(err, &failed):
		return failed.Kind
	case errors.Is(err, context.Canceled):
		return Canceled
	case errors.Is(err, context.DeadlineExceeded):
		return TimedOut
	}
	return ""
}

// KindOfStatus is the kind that an HTTP status alone speaks for.
func KindOfStatus(status int) Kind {
	switch {
	case status == http.StatusUnauthorized:
		return SignInExpired
	case status == http.StatusForbidden:
		return Forbidden
	case status == http.StatusNotFound, status == http.StatusGone:
		return NotFound
	case status == http.StatusTooManyRequests:
		return RateLimited
	case status >= 500:
		return Unavailable
	case status >= 400:
		return Rejected
	}
	return Garbled
}

// fail starts an Error about a request.
func (c Config) fail(base *url.URL, req *http.Request, kind Kind) *Error {
	return &Error{Service: c.Service, Host: base.Host, Call: c.callName(req.Method, req.URL), Kind: kind}
}

// broken is the Error of a request that got no whole answer. ctx is the caller's, without the limit of one try.
func (c Config) broken(ctx context.Context, base *url.URL, req *http.Request, err error) *Error {
	failed := c.fail(base, req, Unreachable)
	var already *Error
	var timeout net.Error
	switch {
	case errors.As(err, &already):
		return already
	case errors.Is(ctx.Err(), context.Canceled):
		failed.Kind = Canceled
	case errors.Is(err, context.DeadlineExceeded), errors.Is(ctx.Err(), context.DeadlineExceeded),
		errors.As(err, &timeout) && timeout.Timeout():
		failed.Kind = TimedOut
	case errors.Is(err, errTooLarge), isUnreadable(err):
		failed.Kind = Garbled
	}
	failed.Message = c.message(why(err))
	if failed.Kind == TimedOut && ctx.Err() == nil {
		failed.Message = fmt.Sprintf("no whole answer within %s", c.Timeout)
	}
	failed.Err = &quiet{text: failed.Message, err: err}
	return failed
}

// isUnreadable tells a body that came whole and is not the gzip that its header says it is.
func isUnreadable(err error) bool {
	var corrupt flate.CorruptInputError
	return errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum) || errors.As(err, &corrupt)
}

// message makes a service's or the system's words fit for an Error.
func (c Config) message(words string) string {
	return Cut(strings.TrimSpace(Clean(c.redact(words))), MaxMessage)
}

// Cut shortens s to at most n characters, with an ellipsis for what is gone.
func Cut(s string, n int) string {
	runes := []rune(s)
	if len(runes) <= n {
		return s
	}
	return strings.TrimSpace(string(runes[:n-1])) + "…"
}

// why says what lies under a failed connection, without the URL that Go puts before it, and without this machine's
// port, which is another each time: the same trouble has the same words.
func why(err error) string {
	var outer *url.Error
	if errors.As(err, &outer) {
		err = outer.Err
	}
	var dns *net.DNSError
	if errors.As(err, &dns) && dns.IsNotFound {
		return "no such host: " + dns.Name
	}
	var connection *net.OpError
	if errors.As(err, &connection) && connection.Source != nil {
		remote := *connection
		remote.Source = nil
		return strings.Replace(err.Error(), connection.Error(), remote.Error(), 1)
	}
	return err.Error()
}

// quiet keeps a cause for errors.Is and errors.As, and hides words that may hold a secret.
type quiet struct {
	text string
	err  error
}

func (q *quiet) Error() string        { return q.text }
func (q *quiet) Is(target error) bool { return errors.Is(q.err, target) }
func (q *quiet) As(target any) bool   { return errors.As(q.err, target) }

// permanent tells whether a broken connection will break again: a name that does not exist, a certificate not to be trusted.
func permanent(err error) bool {
	var dns *net.DNSError
	var certificate *tls.CertificateVerificationError
	var authority x509.UnknownAuthorityError
	var host x509.HostnameError
	var record tls.RecordHeaderError
	return errors.As(err, &dns) && dns.IsNotFound || errors.As(err, &certificate) || errors.As(err, &authority) ||
		errors.As(err, &host) || errors.As(err, &record)
}

func (c Config) callName(method string, address *url.URL) string {
	return method + " " + c.redact(Clean(address.Path))
}
