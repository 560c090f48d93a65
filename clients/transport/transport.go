// Package transport is the way to both services: one chain for identity, pace, retry, time limits and trace,
// one type of error, and what makes the services' words safe to show.
package transport

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// A Service is one of the two services.
type Service string

// The services.
const (
	Salesforce Service = "Salesforce"
	Zendesk    Service = "Zendesk"
)

// Config is what a connection to a service needs. Zero values have defaults, except Service and BaseURL.
type Config struct {
	Service   Service
	BaseURL   string            // https://host; http only for loopback hosts
	Token     string            // the access token, sent to BaseURL's host and to no other
	Renew     Renewal           // gets a newer token when the service no longer takes this one; nil: there is none to be had
	Refused   func(Answer) bool // tells an answer that refuses the token; default: any 401
	UserAgent string            // default "zsf"
	Base      http.RoundTripper // default: a transport of its own
	OnWait    func(Wait)        // told before each wait of 200 ms or more; called from many goroutines
	OnTry     func(Try)         // told after each try; called from many goroutines
	MaxTries  int               // tries of one call, the first included; default 4
	MaxWait   time.Duration     // no wait ends later than this after a call's start; default 90 s
	Timeout   time.Duration     // limit of one try, its body included; default 20 s
	Now       func() time.Time
	Sleep     func(ctx context.Context, d time.Duration) error // returns early, with the context's error, when ctx ends

	session *session
}

// A Wait is a pause before the next try of a call.
type Wait struct {
	Service Service
	Call    string // GET /api/v2/triggers
	For     time.Duration
	Until   time.Time
	Why     string // 429 Too Many Requests
	Try     int    // the try that the wait follows, from 1; 0 when the wait comes before the first
}

// A Try is one request and its answer, for a trace. It carries no query, no header and no body.
type Try struct {
	Service  Service
	Method   string
	Path     string
	Number   int           // from 1
	Waited   time.Duration // before it, for its turn, for the service's own pace or after the try before
	Status   int           // 0 when there was no answer
	Kind     Kind
	Started  time.Time
	Duration time.Duration
}

// ErrBaseURL is the error of a service's address that cannot be used.
var ErrBaseURL = errors.New("not a usable address")

// New checks config and makes a client for one service, and its base address.
// Every failure of the client's calls holds an *Error.
func New(config Config) (*http.Client, *url.URL, error) {
	base, err := parseBase(config.BaseURL)
	if err != nil {
		return nil, nil, err
	}
	config = config.withDefaults()
	return &http.Client{
		Transport: newChain(config, base),
		CheckRedirect: func(req *http.Request, via []*http.Request) error {
			return checkRedirect(config, base, req, via)
		},
	}, base, nil
}

func (c Config) withDefaults() Config {
	if c.session == nil {
		c.session = newSession(c.Token, c.Renew)
	}
	if c.Refused == nil {
		c.Refused = func(answer Answer) bool { return answer.Status == http.StatusUnauthorized }
	}
	if c.UserAgent == "" {
		c.UserAgent = "zsf"
	}
	if c.Base == nil {
		c.Base = newBase()
	}
	if c.MaxTries <= 0 {
		c.MaxTries = 4
	}
	if c.MaxWait <= 0 {
		c.MaxWait = 90 * time.Second
	}
	if c.Timeout <= 0 {
		c.Timeout = 20 * time.Second
	}
	if c.OnWait == nil {
		c.OnWait = func(Wait) {}
	}
	if c.OnTry == nil {
		c.OnTry = func(Try) {}
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Sleep == nil {
		c.Sleep = sleep
	}
	return c
}

// redact removes this connection's token and whatever else looks like a secret.
func (c Config) redact(s string) string {
	if c.session != nil {
		s = c.session.hide(s)
	}
	return Redact(s)
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx) //nolint:wrapcheck // the caller tells it by errors.Is
	}
}

// newBase is Go's own transport with room for calls side by side.
func newBase() http.RoundTripper {
	standard, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return http.DefaultTransport
	}
	base := standard.Clone()
	base.MaxIdleConnsPerHost = 16
	return base
}

// dnsName is two labels or more: letters, digits and hyphens.
var dnsName = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$`)

func parseBase(address string) (*url.URL, error) {
	bad := func(why string) (*url.URL, error) {
		return nil, fmt.Errorf("%q: %w: %s", Redact(Clean(address)), ErrBaseURL, why)
	}
	base, err := url.Parse(strings.TrimSpace(address))
	if err != nil {
		return bad("it is not a URL")
	}
	host := strings.ToLower(base.Hostname())
	switch {
	case base.User != nil:
		return bad("it carries a user name")
	case base.Scheme != "https" && base.Scheme != "http":
		return bad("it must start with https://")
	case host == "" || base.Opaque != "":
		return bad("it names no host")
	case !isLoopback(host) && (len(host) > 253 || !dnsName.MatchString(host)):
		return bad("its host is not a plain DNS name")
	case base.Scheme == "http" && !isLoopback(host):
		return bad("http:// is for this machine only; use https://")
	case base.Path != "" && base.Path != "/" || base.RawQuery != "" || base.Fragment != "" || base.ForceQuery:
		return bad("give the address without a path")
	}
	return &url.URL{Scheme: base.Scheme, Host: strings.ToLower(base.Host)}, nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// sameHost tells whether two addresses are one scheme, host and port.
func sameHost(a, b *url.URL) bool {
	return a.Scheme == b.Scheme && strings.EqualFold(a.Hostname(), b.Hostname()) && port(a) == port(b)
}

func port(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case u.Scheme == "http":
		return "80"
	}
	return "443"
}

const maxRedirects = 3

// checkRedirect lets reads follow redirects on their own host. A token never leaves it.
func checkRedirect(config Config, base *url.URL, req *http.Request, via []*http.Request) error {
	first := via[0]
	refuse := func(why string) error {
		refusal := config.fail(base, first, Garbled)
		refusal.Code = "REDIRECT"
		refusal.Message = config.message(why)
		return refusal
	}
	switch {
	case !sameHost(base, req.URL):
		return refuse(fmt.Sprintf("%s redirects to another host, %s, which was not followed: the address may be wrong",
			base.Host, req.URL.Host))
	case first.Method != http.MethodGet && first.Method != http.MethodHead:
		return refuse("the service redirects a " + first.Method + ", which was not followed")
	case len(via) > maxRedirects:
		return refuse("too many redirects")
	}
	return nil
}
