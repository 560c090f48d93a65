package tickets_test

import (
	stdcmp "cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zsf/clients/sandbox"
	"zsf/clients/store"
	"zsf/clients/transport"
	"zsf/clients/zendesk"
	"zsf/flows/tickets"
	"zsf/flows/world"
)

// A wire loses requests and answers.
type wire struct {
	mu   sync.Mutex
	fate func(*http.Request) fate // nil: all get through
}

type fate int

const (
	passes     fate = iota
	lostBefore      // it never arrives
	lostAfter       // it is carried out, and nobody hears of it
)

func (w *wire) RoundTrip(request *http.Request) (*http.Response, error) {
	w.mu.Lock()
	of := passes
	if w.fate != nil {
		of = w.fate(request)
	}
	w.mu.Unlock()
	if of == lostBefore {
		return nil, context.DeadlineExceeded
	}
	answer, err := http.DefaultTransport.RoundTrip(request)
	if err == nil && of == lostAfter {
		_ = answer.Body.Close()
		return nil, context.DeadlineExceeded
	}
	return answer, err
}

// meets decides from now on what becomes of requests.
func (w *wire) meets(of func(*http.Request) fate) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.fate = of
}

// once gives a fate to the first request of a method.
func once(method string, of fate) func(*http.Request) fate {
	met := false
	return func(request *http.Request) fate {
		if met || request.Method != method {
			return passes
		}
		met = true
		return of
	}
}

// thenDark gives a fate to the first request of a method, and from then on lets nothing through.
func thenDark(method string, of fate) func(*http.Request) fate {
	dark := false
	return func(request *http.Request) fate {
		switch {
		case dark:
			return lostBefore
		case request.Method != method:
			return passes
		}
		dark = true
		return of
	}
}

// notes are a journal in memory.
type notes struct {
	mu      sync.Mutex
	entries []store.Entry
}

func (n *notes) Append(_ context.Context, entry store.Entry) (store.Entry, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	entry.ID = int64(len(n.entries) + 1)
	n.entries = append(n.entries, entry)
	return entry, nil
}

func (n *notes) kinds() []store.Kind {
	n.mu.Lock()
	defer n.mu.Unlock()
	var kinds []store.Kind
	for _, entry := range n.entries {
		kinds = append(kinds, entry.Kind)
	}
	return kinds
}

// A clerk is somebody who writes tickets in a sandbox.
type clerk struct {
	t       *testing.T
	desk    *tickets.Desk
	catalog tickets.Catalog
	served  *sandbox.Sandbox
	account *zendesk.Client // past the wire
	wire    *wire
	drafts  *tickets.MemoryDrafts
	notes   *notes
	now     *time.Time        // nil: as it is
	base    http.RoundTripper // in the wire's place; nil: the wire

	patience time.Duration // for one answer; 0: as long as a user has
}

// late keeps one answer back for longer than it is waited for.
func (o *clerk) late(method, path string) {
	o.patience = time.Second
	o.begin()
	o.fault(method, path, 1, sandbox.Fault{DelayMS: 3000})
}

func open(t *testing.T) *clerk {
	t.Helper()
	served, err := sandbox.Start(context.Background(), sandbox.Options{Scenario: "ready", Accounts: 6, Tickets: 240})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = served.Close() })
	info := served.Info().Zendesk
	o := &clerk{t: t, served: served, wire: &wire{}, drafts: &tickets.MemoryDrafts{}, notes: &notes{}}
	if o.account, err = zendesk.New(info.URL, info.AccessToken, transport.Config{}); err != nil {
		t.Fatal(err)
	}
	o.begin()
	if o.catalog, err = o.desk.Catalog(t.Context()); err != nil {
		t.Fatal(err)
	}
	return o
}

func (o *clerk) clock() time.Time {
	if o.now != nil {
		return *o.now
	}
	return time.Now()
}

// begin is a new start of the program, with what it kept.
func (o *clerk) begin() {
	o.t.Helper()
	info := o.served.Info().Zendesk
	account, err := zendesk.New(info.URL, info.AccessToken, transport.Config{
		Base: stdcmp.Or(o.base, http.RoundTripper(o.wire)), Timeout: o.patience, MaxTries: 2, Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	})
	if err != nil {
		o.t.Fatal(err)
	}
	o.desk = tickets.New(world.New(world.Options{Profile: world.Profile{Name: "acme"}, Zendesk: account, Now: time.Now}), o.clock)
	o.desk.Keep(o.drafts, o.notes, "jpark")
}

// ticket is one that is neither closed nor changed by others.
func (o *clerk) ticket() zendesk.WholeTicket {
	o.t.Helper()
	found, err := o.account.SearchTickets(o.t.Context(), zendesk.TicketQuery{Unclosed: true}, "updated_at", true, 1, 10)
	if err != nil || len(found.Tickets) == 0 {
		o.t.Fatal(err)
	}
	return o.read(found.Tickets[0].ID)
}

func (o *clerk) read(id int64) zendesk.WholeTicket {
	o.t.Helper()
	ticket, _, err := o.account.WholeTicket(o.t.Context(), id)
	if err != nil {
		o.t.Fatal(err)
	}
	return ticket
}

func (o *clerk) comments(id int64) []string {
	o.t.Helper()
	comments, err := o.account.Comments(o.t.Context(), id)
	if err != nil {
		o.t.Fatal(err)
	}
	var said []string
	for _, comment := range comments {
		said = append(said, fmt.Sprint(strings.Join(comment.Text(), "|"), " ", comment.Public))
	}
	return said
}

func (o *clerk) count(said string, id int64) int {
	return len(slices.DeleteFunc(o.comments(id), func(one string) bool { return one != said }))
}

func (o *clerk) edit(id int64) tickets.Draft {
	o.t.Helper()
	draft, err := o.desk.Edit(o.t.Context(), o.catalog, id)
	if err != nil {
		o.t.Fatal(err)
	}
	return draft
}

func (o *clerk) note(id int64, text string) tickets.Draft {
	draft := o.edit(id)
	draft.Comment, draft.PublicSaid = text, true
	return draft
}

func (o *clerk) requester() tickets.Person {
	o.t.Helper()
	users, err := o.account.Users(o.t.Context(), []int64{o.ticket().RequesterID})
	if err != nil || len(users) != 1 {
		o.t.Fatal(users, err)
	}
	return tickets.Person{ID: users[0].ID, Name: users[0].Name, Email: users[0].Email}
}

func (o *clerk) newTicket(subject string) tickets.Draft {
	o.t.Helper()
	draft, err := o.desk.New(o.t.Context(), o.catalog, tickets.Record{}, o.requester())
	if err != nil {
		o.t.Fatal(err)
	}
	draft.Values[tickets.SubjectKey] = []string{subject}
	draft.Comment, draft.Public, draft.PublicSaid = "Hello\nthere", true, true
	return draft
}

// made counts the requester's tickets with a subject.
func (o *clerk) made(subject string) int {
	o.t.Helper()
	list, err := o.account.RequestedTickets(o.t.Context(), o.requester().ID, 10)
	if err != nil {
		o.t.Fatal(err)
	}
	return len(slices.DeleteFunc(list.Tickets, func(ticket zendesk.Ticket) bool { return ticket.Subject != subject }))
}

func (o *clerk) kept() []tickets.Draft {
	o.t.Helper()
	drafts, err := o.drafts.All(o.t.Context())
	if err != nil {
		o.t.Fatal(err)
	}
	return drafts
}

func (o *clerk) fault(method, path string, times int, fault sandbox.Fault) {
	o.served.AddFault(sandbox.FaultRule{Service: "zendesk", Method: method, Path: path, Times: times, Fault: fault})
}

// tag puts one tag more on a ticket.
func (o *clerk) tag(id int64, tag string) {
	o.t.Helper()
	if _, err := o.account.UpdateTicket(o.t.Context(), id, time.Time{}, zendesk.TicketWrite{Tags: zendesk.Set(append(o.read(id).Tags, tag))}); err != nil {
		o.t.Fatal(err)
	}
}

// elsewhere somebody else changes a ticket, a second later by its stamp.
func (o *clerk) elsewhere(id int64, write zendesk.TicketWrite) {
	o.t.Helper()
	before := o.read(id).UpdatedAt
	for {
		after, err := o.account.UpdateTicket(o.t.Context(), id, time.Time{}, write)
		if err != nil {
			o.t.Fatal(err)
		}
		if after.UpdatedAt.After(before) {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func TestATicketIsMadeOnceHoweverTheAnswerIsLost(t *testing.T) {
	for name, harm := range map[string]func(*clerk){
		"nothing happens":          func(*clerk) {},
		"reset before it is read":  func(o *clerk) { o.fault(http.MethodPost, "/api/v2/tickets", 1, sandbox.Fault{Reset: true}) },
		"late before it is read":   func(o *clerk) { o.late(http.MethodPost, "/api/v2/tickets") },
		"cut off after it is made": func(o *clerk) { o.fault(http.MethodPost, "/api/v2/tickets", 1, sandbox.Fault{CutAfter: 10}) },
		"lost after it is made":    func(o *clerk) { o.wire.meets(once(http.MethodPost, lostAfter)) },
		"garbled after it is made": func(o *clerk) { o.fault(http.MethodPost, "/api/v2/tickets", 1, sandbox.Fault{Garbage: true}) },
		"a gateway that gives up":  func(o *clerk) { o.fault(http.MethodPost, "/api/v2/tickets", 1, sandbox.Fault{Status: 504}) },
		"too many requests at once": func(o *clerk) {
			o.fault(http.MethodPost, "/api/v2/tickets", 1, sandbox.Fault{Status: 429, Headers: map[string]string{"Retry-After": "0"}})
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := open(t)
			harm(o)
			sent, err := o.desk.Send(t.Context(), o.newTicket(name), o.catalog)
			if err != nil || !sent.New || sent.Ticket.ID == 0 || !strings.HasSuffix(sent.Ticket.URL, "/agent/tickets/"+strconv.FormatInt(sent.Ticket.ID, 10)) {
				t.Fatalf("%+v %v", sent, err)
			}
			if o.made(name) != 1 || !slices.Equal(o.comments(sent.Ticket.ID), []string{"Hello|there true"}) || len(o.kept()) != 0 {
				t.Errorf("%d tickets, %v, %v", o.made(name), o.comments(sent.Ticket.ID), o.kept())
			}
			if diff := cmp.Diff([]store.Kind{store.TicketBegun, store.TicketWritten}, o.notes.kinds()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAChangeIsMadeOnceHoweverTheAnswerIsLost(t *testing.T) {
	for name, harm := range map[string]func(*clerk, string){
		"nothing happens":          func(*clerk, string) {},
		"reset before it is read":  func(o *clerk, path string) { o.fault(http.MethodPut, path, 1, sandbox.Fault{Reset: true}) },
		"late before it is read":   func(o *clerk, path string) { o.late(http.MethodPut, path) },
		"cut off after it is made": func(o *clerk, path string) { o.fault(http.MethodPut, path, 1, sandbox.Fault{CutAfter: 10}) },
		"lost after it is made":    func(o *clerk, _ string) { o.wire.meets(once(http.MethodPut, lostAfter)) },
		"garbled after it is made": func(o *clerk, path string) { o.fault(http.MethodPut, path, 1, sandbox.Fault{Garbage: true}) },
		"unavailable":              func(o *clerk, path string) { o.fault(http.MethodPut, path, 1, sandbox.Fault{Status: 503}) },
		"too many requests": func(o *clerk, path string) {
			o.fault(http.MethodPut, path, 1, sandbox.Fault{Status: 429, Headers: map[string]string{"Retry-After": "0"}})
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := open(t)
			ticket := o.ticket()
			draft := o.note(ticket.ID, "for us "+name)
			draft.Values[tickets.PriorityKey] = []string{"urgent"}
			harm(o, "/api/v2/tickets/"+strconv.FormatInt(ticket.ID, 10))
			if _, err := o.desk.Send(t.Context(), draft, o.catalog); err != nil {
				t.Fatal(err)
			}
			if o.count("for us "+name+" false", ticket.ID) != 1 || o.read(ticket.ID).Priority != "urgent" || len(o.kept()) != 0 {
				t.Errorf("%v %+v %v", o.comments(ticket.ID), o.read(ticket.ID), o.kept())
			}
			if diff := cmp.Diff([]store.Kind{store.TicketBegun, store.TicketWritten}, o.notes.kinds()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// The network is gone just when it is sent; whether it arrived or not, the next start makes it one.
func TestWhatNobodyKnowsIsLookedForAtTheNextStart(t *testing.T) {
	for _, arrives := range []bool{true, false} {
		for _, isNew := range []bool{true, false} {
			t.Run(fmt.Sprintf("arrives %t, new %t", arrives, isNew), func(t *testing.T) {
				o := open(t)
				id, method := o.ticket().ID, http.MethodPut
				draft := o.note(id, "kept")
				if isNew {
					draft, method = o.newTicket("kept"), http.MethodPost
				}
				of := lostBefore
				if arrives {
					of = lostAfter
				}
				o.wire.meets(thenDark(method, of))
				_, err := o.desk.Send(t.Context(), draft, o.catalog)
				var unsure *tickets.UnsureError
				if !errors.As(err, &unsure) {
					t.Fatal(err)
				}
				kept := o.kept()
				if len(kept) != 1 || kept[0].Sending.IsZero() || kept[0].Comment != draft.Comment {
					t.Fatalf("%+v", kept)
				}
				o.wire.meets(nil)
				o.begin()
				sent, err := o.desk.Send(t.Context(), kept[0], o.catalog)
				if err != nil || sent.Before != arrives || len(o.kept()) != 0 {
					t.Fatalf("%+v %v %v", sent, err, o.kept())
				}
				if isNew && o.made("kept") != 1 || !isNew && o.count("kept false", id) != 1 {
					t.Errorf("%d made, %v", o.made("kept"), o.comments(id))
				}
			})
		}
	}
}
