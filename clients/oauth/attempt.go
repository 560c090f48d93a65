// One attempt to sign in: what it begins with, how it ends, and that it ends once.

package oauth

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"golang.org/x/oauth2"

	"zsf/clients/transport"
)

// Options say how an attempt is made. The zero value works, but for the words of its pages.
type Options struct {
	Port    int           // instead of the registered ones; it must be registered too
	Words   Words         // of the pages that the browser gets
	Timeout time.Duration // default 5 min
	HTTP    *http.Client  // for the token endpoint; its redirects and cookies are not used
	Now     func() time.Time
	Random  io.Reader    // default crypto/rand
	Log     func(string) // told of each request, never with a secret; called from many goroutines
}

// DefaultTimeout is how long a person has.
const DefaultTimeout = 5 * time.Minute

// The ways an attempt ends without tokens, other than a Denial or the service's *transport.Error.
var (
	ErrTimedOut = errors.New("nobody finished the sign-in in time")
	ErrClosed   = errors.New("the sign-in was cancelled")
)

// A Denial is an answer of the service, by way of the browser, that is no sign-in.
type Denial struct {
	Service     Service
	Code        string // access_denied, OAUTH_APP_BLOCKED …; empty when it was no code at all
	Description string // the service's own words, cleaned
}

func (d *Denial) Error() string {
	message := string(d.Service) + ": the sign-in was refused"
	if d.Code != "" {
		message += ": " + d.Code
	}
	if d.Description != "" {
		message += ": " + d.Description
	}
	return message
}

// ByPerson tells a press of Deny or Cancel from a refusal by the service.
func (d *Denial) ByPerson() bool {
	return d.Code == "access_denied" || d.Code == "access-denied" || d.Code == "authorization_canceled"
}

// limits are what the server puts up with.
type limits struct {
	ports       []int         // instead of the provider's
	header      time.Duration // for a request to be read
	linger      time.Duration // for the browser to fetch the answer page, before the tokens are handed on without it
	connections int
}

var usual = limits{header: 5 * time.Second, linger: 2 * time.Second, connections: 64}

const (
	maxHeader = 64 << 10 // a browser sends every cookie of localhost, whatever the port
	maxTarget = 8 << 10
	maxLogged = 200
)

// An Attempt is one sign-in under way. Close it.
type Attempt struct {
	provider Provider
	options  Options
	state    string
	verifier string
	address  string
	redirect string
	port     string
	deadline time.Time

	ctx     context.Context //nolint:containedctx // ends with the attempt
	cancel  context.CancelCauseFunc
	gates   []*gate
	server  *http.Server
	serving sync.WaitGroup

	turn    chan struct{} // held by whoever trades a code, or ends the attempt
	settled chan struct{} // closed when the outcome is known
	handed  chan struct{} // closed when Wait may have it

	mu      sync.Mutex
	outcome *outcome
	isOut   bool // handed is closed
	closed  bool
	logged  int
}

type outcome struct {
	tokens Tokens
	err    error
	page   pageKind
	browse bool // the browser is on its way to the answer page
}

// Begin binds a loopback port and makes the address to open. When ctx ends, the attempt does.
// A *PortsTakenError says that no port is free.
func Begin(ctx context.Context, p Provider, options Options) (*Attempt, error) {
	return begin(ctx, p, options, usual)
}

func begin(ctx context.Context, p Provider, options Options, limits limits) (*Attempt, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	options = options.withDefaults()
	ports, err := p.portsFor(options.Port)
	if err != nil {
		return nil, err
	}
	if limits.ports != nil {
		ports = limits.ports
	}
	a := &Attempt{
		provider: p.WithClock(options.Now), options: options,
		turn: make(chan struct{}, 1), settled: make(chan struct{}), handed: make(chan struct{}),
	}
	if a.state, a.verifier, err = secrets(options.Random); err != nil {
		return nil, err
	}
	listeners, port, err := p.listen(ctx, ports)
	if err != nil {
		return nil, err
	}
	a.port = strconv.Itoa(port)
	a.redirect = p.redirectURL(port)
	a.address = a.authorizeURL()
	a.deadline = options.Now().Add(options.Timeout)
	a.ctx, a.cancel = context.WithCancelCause(ctx)
	a.serve(listeners, limits)
	a.log("listening on port " + a.port)
	return a, nil
}

func (o Options) withDefaults() Options {
	if o.Timeout <= 0 {
		o.Timeout = DefaultTimeout
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
	if o.Log == nil {
		o.Log = func(string) {}
	}
	return o
}

// secrets makes a state and a PKCE verifier, 256 bits each (RFC 7636, section 4.1).
func secrets(random io.Reader) (state, verifier string, err error) {
	var bits [64]byte
	if _, err := io.ReadFull(random, bits[:]); err != nil {
		return "", "", fmt.Errorf("making a sign-in's secrets: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(bits[:32]), base64.RawURLEncoding.EncodeToString(bits[32:]), nil
}

func (a *Attempt) authorizeURL() string {
	with := []oauth2.AuthCodeOption{oauth2.S256ChallengeOption(a.verifier)}
	if a.provider.service == transport.Salesforce {
		// Without it, a browser that is signed in to another org shows invalid_client_id, and nothing comes back.
		with = append(with, oauth2.SetAuthURLParam("prompt", "login"))
	}
	return a.provider.config(a.redirect).AuthCodeURL(a.state, with...)
}

func (a *Attempt) serve(listeners []net.Listener, limits limits) {
	a.server = &http.Server{
		Handler:           http.HandlerFunc(a.answer),
		ReadHeaderTimeout: limits.header,
		ReadTimeout:       limits.header,
		WriteTimeout:      limits.header + callLimit,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          log.New(io.Discard, "", 0), // it would quote what strangers send
		ConnContext: func(ctx context.Context, conn net.Conn) context.Context {
			return context.WithValue(ctx, visitorKey{}, conn)
		},
	}
	a.server.SetKeepAlivesEnabled(false)
	for _, listener := range listeners {
		gate := &gate{Listener: listener, most: limits.connections}
		a.gates = append(a.gates, gate)
		a.serving.Go(func() { _ = a.server.Serve(gate) })
	}
	a.serving.Go(func() { a.watch(limits.linger) })
}

type visitorKey struct{}

// URL is the address to open in a browser.
func (a *Attempt) URL() string { return a.address }

// RedirectURL is where the browser comes back to; it must be registered with the client letter by letter.
func (a *Attempt) RedirectURL() string { return a.redirect }

// Deadline is when the attempt ends by itself.
func (a *Attempt) Deadline() time.Time { return a.deadline }

// Wait gives the tokens, or why there are none: a *Denial, ErrTimedOut, ErrClosed, the cause of Begin's context, or
// an *transport.Error of the token endpoint. It may be called again; when ctx ends, the attempt goes on.
// The answer pages stay until Close.
func (a *Attempt) Wait(ctx context.Context) (Tokens, error) {
	select {
	case <-a.handed:
	default:
		select {
		case <-a.handed:
		case <-ctx.Done():
			return Tokens{}, fmt.Errorf("waiting for the sign-in: %w", context.Cause(ctx))
		}
	}
	return a.outcome.tokens, a.outcome.err
}

// Close ends the attempt if nothing has, closes every socket, and waits until no goroutine of it is left.
func (a *Attempt) Close() {
	a.cancel(ErrClosed)
	a.mu.Lock()
	a.closed = true
	a.mu.Unlock()
	a.closeSockets()
	a.serving.Wait()
}

func (a *Attempt) closeSockets() {
	for _, gate := range a.gates {
		_ = gate.Close()
	}
	_ = a.server.Close()
}

// watch ends the attempt at its deadline or with its context, and hands the outcome on.
func (a *Attempt) watch(linger time.Duration) {
	deadline := time.NewTimer(a.options.Timeout)
	defer deadline.Stop()
	select {
	case <-a.settled:
	case <-deadline.C:
		if a.take() { // a code that is being traded just now still counts
			a.settle(outcome{err: fmt.Errorf("%s: %w", a.provider.service, ErrTimedOut), page: pageOver})
			<-a.turn
		}
	case <-a.ctx.Done():
	}
	if a.ctx.Err() != nil {
		a.settle(outcome{err: fmt.Errorf("%s: %w", a.provider.service, context.Cause(a.ctx)), page: pageOver})
	}
	<-a.settled
	if a.outcome.browse {
		timer := time.NewTimer(linger)
		defer timer.Stop()
		select {
		case <-a.handed:
		case <-timer.C:
		case <-a.ctx.Done():
		}
	}
	a.handOn()
	<-a.ctx.Done()
	a.closeSockets()
}

// take waits for the turn to decide; false when the attempt ends first. Give it back by receiving from turn.
func (a *Attempt) take() bool {
	select {
	case a.turn <- struct{}{}:
		return true
	case <-a.ctx.Done():
		return false
	}
}

// settle makes o the outcome, if there is none yet.
func (a *Attempt) settle(o outcome) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.outcome != nil {
		return false
	}
	a.outcome = &o
	close(a.settled)
	return true
}

func (a *Attempt) isSettled() bool {
	select {
	case <-a.settled:
		return true
	default:
		return false
	}
}

// handOn lets Wait have the outcome.
func (a *Attempt) handOn() {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.isOut {
		a.isOut = true
		close(a.handed)
	}
}

func (a *Attempt) log(line string) {
	a.mu.Lock()
	a.logged++
	n := a.logged
	a.mu.Unlock()
	switch {
	case n < maxLogged:
		a.options.Log("sign-in to " + string(a.provider.service) + ": " + line)
	case n == maxLogged:
		a.options.Log("sign-in to " + string(a.provider.service) + ": too many requests; the rest are not logged")
	}
}
