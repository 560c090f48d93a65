// Package world is what both services say during one run. Each fact is asked for once,
// facts that can be asked for together go out together, and each answer keeps its time.
package world

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"zsf/clients/salesforce"
	"zsf/clients/transport"
	"zsf/clients/zendesk"
)

// A Fact names one thing that a service can be asked.
type Fact string

// A Seen is an answer, or why there is none.
type Seen[T any] struct {
	Value  T
	Err    error
	At     time.Time
	Source string // the API's own name of what was read
}

// Environment is what a person says of an account: no API of Zendesk tells.
type Environment string

// The environments.
const (
	Unlabelled Environment = ""
	Sandbox    Environment = "sandbox"
	Production Environment = "production"
)

// A Layout is how Admin Center shows the integration: two are in the field.
type Layout string

// The layouts.
const (
	GuideLayout Layout = ""      // the guide's: the package first, then terms, Connect and Allow
	NewerLayout Layout = "newer" // a list of connections: connect first, then the package
)

// A Profile is one pair of a Salesforce org and a Zendesk account.
type Profile struct {
	Name      string
	Zendesk   Environment // the profile's own label
	Layout    Layout
	Rehearsed time.Time // when a set-up of sandboxes came to its end on this machine; zero: none is known of
}

// Options are what a World is made from. A nil client means that there is no sign-in.
type Options struct {
	Profile    Profile
	Salesforce *salesforce.Client
	Zendesk    *zendesk.Client
	Now        func() time.Time
}

// A World answers for both services.
type World struct {
	options Options

	mu     sync.Mutex
	cells  map[Fact]*cell
	memory Memory
}

// A cell is one fact's answer, or the place where it will be.
type cell struct {
	settled chan struct{}
	answer  any
	err     error
	at      time.Time
}

// New makes a World in which nothing has been asked.
func New(options Options) *World {
	if options.Now == nil {
		options.Now = time.Now
	}
	return &World{options: options, cells: map[Fact]*cell{}}
}

// Profile tells whose world it is.
func (w *World) Profile() Profile { return w.options.Profile }

// SalesforceClient makes calls that are no looks; nil without a sign-in.
func (w *World) SalesforceClient() *salesforce.Client { return w.options.Salesforce }

// ZendeskClient makes calls that are no looks; nil without a sign-in.
func (w *World) ZendeskClient() *zendesk.Client { return w.options.Zendesk }

// Forget drops answers, and those that they were built on, so that the next Load asks anew.
func (w *World) Forget(facts ...Fact) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, fact := range facts {
		delete(w.cells, fact)
		delete(w.cells, follow[fact])
	}
}

// Load asks for those of the facts that have not been asked, and returns at once. Wait waits for them.
func (w *World) Load(ctx context.Context, facts ...Fact) {
	w.mu.Lock()
	defer w.mu.Unlock()
	asked := map[Fact]bool{}
	for _, fact := range facts {
		if w.cells[fact] == nil && !asked[fact] {
			asked[fact] = true
			w.cells[fact] = &cell{settled: make(chan struct{})}
		}
	}
	w.loadSalesforce(ctx, asked)
	w.loadZendesk(ctx, asked)
	for fact := range asked {
		if !isSalesforce(fact) && zendeskCalls[fact] == nil {
			w.cells[fact].settle(nil, errNotAFact, w.options.Now())
		}
	}
}

// Wait returns when all these facts are settled, well or badly. Facts that nobody asked for are passed over.
func (w *World) Wait(facts ...Fact) {
	for _, fact := range facts {
		if c := w.cell(fact); c != nil {
			<-c.settled
		}
	}
}

// Oldest tells when the oldest of these answers was read; zero where there is none.
func (w *World) Oldest(facts ...Fact) time.Time {
	var oldest time.Time
	for _, fact := range facts {
		c := w.cell(fact)
		if c == nil || !c.isSettled() || c.err != nil {
			continue
		}
		if oldest.IsZero() || c.at.Before(oldest) {
			oldest = c.at
		}
	}
	return oldest
}

func (w *World) cell(fact Fact) *cell {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.cells[fact]
}

// fill settles a cell with what a call answers; a panic in it becomes the answer's error.
func (w *World) fill(c *cell, call func() (any, error)) {
	var answer any
	err := fmt.Errorf("%w: the call ended in the middle", errNotAnswered)
	defer func() {
		if reason := recover(); reason != nil {
			err = fmt.Errorf("a fault in zsf: %v", reason)
		}
		c.settle(answer, err, w.options.Now())
	}()
	answer, err = call()
}

func (c *cell) settle(answer any, err error, at time.Time) {
	c.answer, c.err, c.at = answer, err, at
	close(c.settled)
}

func (c *cell) isSettled() bool {
	select {
	case <-c.settled:
		return true
	default:
		return false
	}
}

var (
	errNotAFact = errors.New("no service can be asked for this")
	errNotAsked = errors.New("this was not asked for")
)

// seen is the settled answer of a fact.
func seen[T any](w *World, fact Fact) Seen[T] {
	answer := Seen[T]{Source: sources[fact]}
	c := w.cell(fact)
	if c == nil || !c.isSettled() {
		answer.Err = errNotAsked
		return answer
	}
	answer.At, answer.Err = c.at, c.err
	if value, ok := c.answer.(T); ok {
		answer.Value = value
	}
	return answer
}

// notSignedIn is the error of every fact of a service that has no client.
func notSignedIn(service transport.Service) error {
	return &transport.Error{Service: service, Kind: transport.SignInMissing}
}
