// What a client of one service calls with: a request in its words, an answer read whole, an error with its call.

package transport

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// A Caller calls one service. It is safe for concurrent use.
type Caller struct {
	config Config
	client *http.Client
	base   *url.URL
}

// A Request is a call to be made.
type Request struct {
	Method     string // default GET
	Path       string // from the root, escaped: /api/v2/triggers
	Query      url.Values
	Header     http.Header
	Body       []byte
	TokenBody  func(token string) []byte // in place of Body, where the token stands in the body, too
	Idempotent bool                      // safe to repeat though it is a POST
	NoToken    bool                      // needs no sign-in
	Timeout    time.Duration             // limit of one try; 0: the Config's
}

// An Answer is what a service said, whatever its status.
type Answer struct {
	Call   string
	Status int
	Header http.Header
	Body   []byte
	At     time.Time // when it was read
}

// NewCaller checks config, as New does.
func NewCaller(config Config) (*Caller, error) {
	config = config.withDefaults()
	client, base, err := New(config)
	if err != nil {
		return nil, err
	}
	return &Caller{config: config, client: client, base: base}, nil
}

// URL is the service's address: scheme and host.
func (c *Caller) URL() string { return c.base.String() }

// Call makes a call and reads the answer whole. A status of failure is an answer too; an error is always an *Error.
// Where the service no longer takes the token, it is renewed and the call made once more: a call that was
// refused did nothing.
func (c *Caller) Call(ctx context.Context, call Request) (Answer, error) {
	token := c.config.session.current()
	if token == "" && c.config.Renew != nil && !call.NoToken {
		// The token is not fetched before it is needed: a keychain or another program can take seconds.
		if err := c.config.session.renew(ctx, ""); err != nil {
			return Answer{}, c.notSignedIn(call, err)
		}
		token = c.config.session.current()
	}
	answer, err := c.once(ctx, call, token)
	if err != nil || call.NoToken || c.config.Renew == nil || !c.config.Refused(answer) {
		return answer, err
	}
	if err := c.config.session.renew(ctx, token); err != nil {
		var failed *Error
		if errors.As(err, &failed) {
			return Answer{}, failed
		}
		return answer, nil
	}
	return c.once(ctx, call, c.config.session.current())
}

// notSignedIn is the error of a call for which there was no token to be had.
func (c *Caller) notSignedIn(call Request, err error) *Error {
	var failed *Error
	if errors.As(err, &failed) {
		return failed
	}
	kind := SignInExpired
	switch {
	case errors.Is(err, context.Canceled):
		kind = Canceled
	case errors.Is(err, context.DeadlineExceeded):
		kind = TimedOut
	}
	path, _, _ := strings.Cut(call.Path, "?")
	return &Error{
		Service: c.config.Service, Host: c.base.Host, Call: c.config.redact(Clean(call.Method + " " + path)),
		Kind: kind, Message: c.config.message(err.Error()), Err: err,
	}
}

func (c *Caller) once(ctx context.Context, call Request, token string) (Answer, error) {
	if call.TokenBody != nil {
		call.Body = call.TokenBody(token)
	}
	req, err := c.request(ctx, call)
	if err != nil {
		return Answer{}, err
	}
	resp, err := c.client.Do(req)
	if err != nil {
		return Answer{}, c.config.broken(ctx, c.base, req, err)
	}
	body, err := io.ReadAll(resp.Body)
	if closed := resp.Body.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return Answer{}, c.config.broken(ctx, c.base, req, err)
	}
	return Answer{
		Call: c.config.callName(req.Method, req.URL), Status: resp.StatusCode,
		Header: resp.Header, Body: body, At: c.config.Now(),
	}, nil
}

func (c *Caller) request(ctx context.Context, call Request) (*http.Request, error) {
	if call.Method == "" {
		call.Method = http.MethodGet
	}
	if call.Idempotent {
		ctx = Idempotent(ctx)
	}
	if call.NoToken {
		ctx = WithoutToken(ctx)
	}
	if call.Timeout > 0 {
		ctx = context.WithValue(ctx, timeoutKey, call.Timeout)
	}
	path, query, _ := strings.Cut(call.Path, "?")
	if len(call.Query) > 0 {
		query = call.Query.Encode()
	}
	address := c.base.String() + path
	if query != "" {
		address += "?" + query
	}
	var body io.Reader
	if call.Body != nil {
		body = bytes.NewReader(call.Body)
	}
	req, err := http.NewRequestWithContext(ctx, call.Method, address, body)
	if err != nil {
		return nil, &Error{
			Service: c.config.Service, Host: c.base.Host, Call: c.config.redact(Clean(call.Method + " " + path)),
			Kind: Garbled, Code: "BAD_PATH", Message: "the call's path is not usable",
		}
	}
	for name, values := range call.Header {
		req.Header[http.CanonicalHeaderKey(name)] = values
	}
	return req, nil
}

// Fail makes the Error of an answer that says no, or that is not what it should be.
// message is the service's own words; it is cleaned, redacted and cut here.
func (c *Caller) Fail(answer Answer, kind Kind, code, message string) *Error {
	failed := &Error{
		Service: c.config.Service, Host: c.base.Host, Call: answer.Call, Kind: kind, Status: answer.Status,
		Code: Cut(Clean(c.config.redact(code)), 80), Message: c.config.message(message), RequestID: c.config.requestID(answer.Header),
	}
	if asked, ok := ParseRetryAfter(answer.Header.Get("Retry-After"), c.config.Now()); ok {
		failed.RetryAfter = asked
	}
	return failed
}

func (c Config) requestID(header http.Header) string {
	for _, name := range []string{"X-Request-Id", "X-Sfdc-Request-Id", "X-Zendesk-Request-Id"} {
		if id := header.Get(name); id != "" {
			return Cut(c.redact(Clean(id)), 80)
		}
	}
	return ""
}

// Decode reads an answer's JSON into a value and cleans every string in it.
// Whatever is not one JSON document of that shape is a Garbled Error that says what came instead.
func (c *Caller) Decode(answer Answer, into any) error {
	err := json.Unmarshal(answer.Body, into)
	if err == nil {
		CleanAll(into)
		return nil
	}
	failed := c.Fail(answer, Garbled, "", NotJSON(answer.Body, err))
	failed.Err = err
	return failed
}

var htmlTitle = regexp.MustCompile(`(?is)<title[^>]*>(.*?)</title>`)

// IsHTML tells whether a body is a page (or other markup) where JSON belongs.
func IsHTML(body []byte) bool {
	return bytes.HasPrefix(bytes.TrimLeft(body, "\ufeff \t\r\n"), []byte("<"))
}

// PageTitle is the title of an HTML page; empty when it has none.
func PageTitle(body []byte) string {
	if title := htmlTitle.FindSubmatch(body); title != nil {
		return strings.Join(strings.Fields(Clean(string(title[1]))), " ")
	}
	return ""
}

// NotJSON says what came where JSON belongs.
func NotJSON(body []byte, err error) string {
	var shape *json.UnmarshalTypeError
	switch {
	case len(bytes.TrimSpace(body)) == 0:
		return "an empty answer instead of JSON"
	case IsHTML(body) && PageTitle(body) != "":
		return "a web page instead of JSON: " + PageTitle(body)
	case IsHTML(body):
		return "a web page instead of JSON"
	case errors.As(err, &shape):
		return "JSON of another shape than expected: " + shape.Value + " in " + shape.Field
	case err != nil && strings.Contains(err.Error(), "unexpected end of JSON"):
		return "the JSON is cut off"
	}
	return "something other than JSON"
}
