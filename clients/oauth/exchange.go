// The token endpoint: what is sent there, what comes back, and what its refusals mean.

package oauth

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"zsf/clients/transport"
)

const (
	callLimit = 20 * time.Second // of one call, where the client has no limit of its own
	maxAnswer = 1 << 20
)

// Refresh trades the refresh token for new tokens. Salesforce may keep the old one or give another; Zendesk gives
// another and ends both old ones at once, so the answer must be stored before it is used. A refresh token that is
// no good any more is an *transport.Error of kind SignInExpired; without one, of kind SignInMissing.
func Refresh(ctx context.Context, p Provider, old Tokens, client *http.Client) (Tokens, error) {
	if err := p.check(); err != nil {
		return Tokens{}, err
	}
	if old.Refresh == "" {
		return Tokens{}, &transport.Error{Service: p.service, Host: p.base.Host, Kind: transport.SignInMissing, Message: "there is no refresh token"}
	}
	sent, cancel := p.sending(ctx, client)
	defer cancel()
	answer, err := p.config("").TokenSource(sent, &oauth2.Token{RefreshToken: old.Refresh}).Token()
	if err != nil {
		return Tokens{}, p.refreshFailed(p.failed(ctx, err, old.Refresh, old.Access))
	}
	fresh, err := p.tokens(answer, old)
	if err != nil {
		return Tokens{}, err
	}
	return fresh, nil
}

// exchange trades an authorization code.
func (p Provider) exchange(ctx context.Context, client *http.Client, redirectURL, code, verifier string) (Tokens, error) {
	sent, cancel := p.sending(ctx, client)
	defer cancel()
	answer, err := p.config(redirectURL).Exchange(sent, code, oauth2.VerifierOption(verifier))
	if err != nil {
		return Tokens{}, p.failed(ctx, err, code, verifier)
	}
	return p.tokens(answer, Tokens{})
}

func (p Provider) check() error {
	if p.base == nil {
		return fmt.Errorf("sign-in: %w: no service was given", transport.ErrBaseURL)
	}
	return nil
}

// sending is the context that makes the oauth2 library send as this service wants it.
func (p Provider) sending(ctx context.Context, client *http.Client) (context.Context, context.CancelFunc) {
	limit := callLimit
	if client != nil && client.Timeout > 0 {
		limit = client.Timeout
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	return context.WithValue(ctx, oauth2.HTTPClient, p.client(client)), cancel
}

// client follows no redirect and keeps no cookie: what is sent goes to the service's own host, or nowhere.
func (p Provider) client(given *http.Client) *http.Client {
	wire := &wire{base: http.DefaultTransport, json: p.service == transport.Zendesk, add: p.lifetimes}
	if given != nil && given.Transport != nil {
		wire.base = given.Transport
	}
	return &http.Client{
		Transport:     wire,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// A wire sends the oauth2 library's forms, as JSON to Zendesk, whose reference documents nothing else. It reads
// the whole answer, so that one cut off is an error of the connection, and leaves no connection open.
type wire struct {
	base http.RoundTripper
	json bool
	add  map[string]int
}

func (w *wire) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	req.Close = true
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "zsf")
	if w.json && req.Body != nil {
		if err := w.asJSON(req); err != nil {
			return nil, err
		}
	}
	answer, err := w.base.RoundTrip(req)
	if err != nil {
		return nil, err //nolint:wrapcheck // failed tells it by its type
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	if closing := answer.Body.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return nil, err
	}
	answer.Body = io.NopCloser(bytes.NewReader(body))
	return answer, nil
}

func (w *wire) asJSON(req *http.Request) error {
	form, err := io.ReadAll(req.Body)
	if err != nil {
		return fmt.Errorf("reading the request: %w", err)
	}
	if err := req.Body.Close(); err != nil {
		return fmt.Errorf("reading the request: %w", err)
	}
	fields, err := url.ParseQuery(string(form))
	if err != nil {
		return errors.New("the request is no form")
	}
	body := make(map[string]any, len(fields)+len(w.add))
	for name := range fields {
		body[name] = fields.Get(name)
	}
	for name, seconds := range w.add {
		body[name] = seconds
	}
	spelled, err := json.Marshal(body)
	if err != nil {
		return errors.New("the request is no JSON")
	}
	req.Body, req.ContentLength = io.NopCloser(bytes.NewReader(spelled)), int64(len(spelled))
	req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(spelled)), nil }
	req.Header.Set("Content-Type", "application/json")
	return nil
}

// tokens reads an answer; what it leaves out stays as it was.
func (p Provider) tokens(answer *oauth2.Token, old Tokens) (Tokens, error) {
	now := p.clock()
	t := Tokens{
		Access: answer.AccessToken, Refresh: answer.RefreshToken, InstanceURL: text(answer, "instance_url"),
		IdentityURL: text(answer, "id"), Scopes: strings.Fields(text(answer, "scope")), IssuedAt: now,
	}
	if life := seconds(answer, "expires_in"); life > 0 {
		t.ExpiresAt = now.Add(life)
	}
	switch life := seconds(answer, "refresh_token_expires_in"); {
	case t.Refresh != "" && life > 0:
		t.RefreshExpiresAt = now.Add(life)
	case t.Refresh == old.Refresh:
		t.RefreshExpiresAt = old.RefreshExpiresAt
	}
	if issued, err := strconv.ParseInt(text(answer, "issued_at"), 10, 64); err == nil && issued > 0 {
		t.IssuedAt = time.UnixMilli(issued)
	}
	if len(t.Scopes) == 0 {
		if t.Scopes = old.Scopes; len(t.Scopes) == 0 {
			t.Scopes = p.Scopes() // RFC 6749, section 5.1: not said means as asked
		}
	}
	if p.service == transport.Zendesk {
		t.InstanceURL, t.IdentityURL = p.base.String(), ""
	} else if t.InstanceURL == "" {
		t.InstanceURL = old.InstanceURL
	}
	if t.IdentityURL == "" {
		t.IdentityURL = old.IdentityURL
	}
	if err := p.sound(&t, answer.TokenType); err != nil {
		return Tokens{}, err
	}
	return t, nil
}

// sound refuses an answer that no token endpoint of the service gives, and leaves the instance a plain address.
func (p Provider) sound(t *Tokens, kind string) error {
	instance, err := parseAddress(p.service, t.InstanceURL)
	identity, errIdentity := url.Parse(t.IdentityURL)
	switch {
	case !isSecret(t.Access) || t.Refresh != "" && !isSecret(t.Refresh):
		return p.garbled("its token is none")
	case kind != "" && !strings.EqualFold(kind, "bearer"):
		return p.garbled("its token is not a bearer token")
	case t.InstanceURL == "" || err != nil || isLoopback(instance) != isLoopback(p.base):
		return p.garbled("it names no instance that can be used")
	case t.IdentityURL != "" && (errIdentity != nil || identity.User != nil || identity.Scheme != instance.Scheme):
		return p.garbled("it names no identity that can be used")
	}
	t.InstanceURL = instance.String()
	return nil
}

const maxSecret = 16 << 10

// isSecret tells what a code or a token is made of (RFC 6749, appendix A), without spaces.
func isSecret(text string) bool {
	return text != "" && len(text) <= maxSecret && !strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' })
}

func text(answer *oauth2.Token, name string) string {
	switch value := answer.Extra(name).(type) {
	case string:
		return value
	case float64:
		return strconv.FormatFloat(value, 'f', -1, 64)
	case int64:
		return strconv.FormatInt(value, 10)
	}
	return ""
}

// seconds reads a lifetime, whether the service sends a number or a text; at most ten years.
func seconds(answer *oauth2.Token, name string) time.Duration {
	n, err := strconv.ParseFloat(text(answer, name), 64)
	if err != nil || n <= 0 || n > 10*365*24*3600 {
		return 0
	}
	return time.Duration(n) * time.Second
}

// errorCode is what an OAuth error code looks like.
var errorCode = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,64}$`)

// failed makes an *transport.Error of what the oauth2 library says. It keeps none of the library's own errors,
// which hold whole answers, and takes the secrets that were sent out of the service's words.
func (p Provider) failed(ctx context.Context, err error, secrets ...string) *transport.Error {
	failed := &transport.Error{Service: p.service, Host: p.base.Host, Call: "POST " + p.token}
	var refused *oauth2.RetrieveError
	if errors.As(err, &refused) {
		p.refused(failed, refused, secrets)
		return failed
	}
	return p.broken(ctx, failed, err)
}

// refused reads an answer that is no token.
func (p Provider) refused(failed *transport.Error, refused *oauth2.RetrieveError, secrets []string) {
	failed.Status = refused.Response.StatusCode
	code, description := refused.ErrorCode, refused.ErrorDescription
	if code == "" {
		description = otherEnvelope(refused.Body)
	}
	if errorCode.MatchString(code) {
		failed.Code = code
	}
	failed.Message = clean(description, secrets...)
	failed.Kind = transport.KindOfStatus(failed.Status)
	switch {
	case failed.Status >= 300 && failed.Status < 400:
		failed.Code = "REDIRECT"
		failed.Message = p.base.Host + " redirects elsewhere, which was not followed: the address may be wrong"
	case failed.Kind == transport.SignInExpired, failed.Code != "" && failed.Status < 500 && failed.Kind != transport.RateLimited:
		failed.Kind = transport.Rejected
	}
	if wait, err := strconv.Atoi(refused.Response.Header.Get("Retry-After")); err == nil && wait > 0 {
		failed.RetryAfter = time.Duration(wait) * time.Second
	}
	failed.RequestID = clean(refused.Response.Header.Get("X-Request-Id"))
}

// otherEnvelope reads the error of Zendesk's API, which is not that of OAuth.
func otherEnvelope(body []byte) string {
	var nested struct {
		Error struct{ Title, Message string }
	}
	if json.Unmarshal(body, &nested) != nil {
		return ""
	}
	return strings.TrimSpace(nested.Error.Title + " " + nested.Error.Message)
}

// broken is the failure of a call that got no whole answer, or one that cannot be read.
func (p Provider) broken(ctx context.Context, failed *transport.Error, err error) *transport.Error {
	var outer *url.Error
	var timeout net.Error
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		failed.Kind, failed.Err = transport.Canceled, context.Cause(ctx)
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		failed.Kind, failed.Err, failed.Message = transport.TimedOut, context.DeadlineExceeded, "no whole answer in time"
	case errors.As(err, &outer):
		failed.Kind, failed.Err, failed.Message = transport.Unreachable, outer.Err, clean(outer.Err.Error())
		var dns *net.DNSError
		if errors.As(err, &dns) && dns.IsNotFound {
			failed.Message = "no such host: " + clean(dns.Name)
		}
	default:
		failed.Kind, failed.Message = transport.Garbled, "the answer is not a token endpoint's: the address may be wrong"
	}
	return failed
}

func (p Provider) garbled(why string) *transport.Error {
	return &transport.Error{
		Service: p.service, Host: p.base.Host, Call: "POST " + p.token, Kind: transport.Garbled, Status: http.StatusOK,
		Message: "the answer cannot be used: " + why,
	}
}

// refreshFailed tells a sign-in that is over from other refusals. What ends it for good:
// help.salesforce.com remoteaccess_oauth_flow_errors; RFC 6749, section 5.2.
func (p Provider) refreshFailed(failed *transport.Error) *transport.Error {
	switch failed.Code {
	case "invalid_grant", "invalid_token", "inactive_user", "inactive_org":
		failed.Kind = transport.SignInExpired
	case "":
		if failed.Status == http.StatusUnauthorized {
			failed.Kind = transport.SignInExpired
		}
	}
	return failed
}

// clean makes a service's words fit to be shown.
func clean(words string, secrets ...string) string {
	for _, secret := range secrets {
		if len(secret) >= 4 {
			words = strings.ReplaceAll(words, secret, "[redacted]")
		}
	}
	return transport.Cut(strings.TrimSpace(transport.Clean(transport.Redact(words))), transport.MaxMessage)
}
