package app

import (
	"context"
	"errors"
	"iter"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"zsf/clients/salesforce"
	"zsf/clients/zendesk"
	"zsf/flows/tickets"
	"zsf/ui/compose"
	"zsf/ui/parts"
	pane "zsf/ui/tickets"
	"zsf/ui/uitest"
)

// An office has one record with one ticket.
type office struct {
	pane.Desk
	looks int
}

var (
	aTicket = tickets.Ticket{Ticket: zendesk.Ticket{ID: 48190, Subject: "Webhook returns 502", Status: "open", UpdatedAt: uitest.Read}, Requester: tickets.Person{ID: 3, Name: "R. Osei"}}
	aMatch  = tickets.Match{By: tickets.ByName, Targets: []tickets.Target{{Kind: tickets.OfOrganization, ID: 7, Name: "Acme"}}}
)

func (o *office) Look(ctx context.Context, sought tickets.Sought, _ *tickets.Memory) (tickets.Found, error) {
	record := tickets.Record{Record: salesforce.Record{ID: "0015g00000AbCdEAAV", Object: "Account", Name: "Acme"}}
	list, err := o.List(ctx, aMatch, sought.Query)
	return tickets.Found{Record: record, Match: aMatch, List: list}, err
}

func (*office) List(context.Context, tickets.Match, tickets.Query) (tickets.List, error) {
	return tickets.List{Tickets: []tickets.Ticket{aTicket}, Total: 1, ReadAt: time.Now()}, nil
}

func (o *office) Fresh(context.Context, tickets.Match, iter.Seq[tickets.Known], time.Time) (tickets.News, error) {
	o.looks++
	return tickets.News{}, nil
}

func (*office) Show(context.Context, int64) (tickets.Conversation, error) {
	return tickets.Conversation{Ticket: aTicket, ReadAt: time.Now()}, nil
}

// A writer is a compose.Desk that takes everything.
type writer struct {
	compose.Desk
	drafts tickets.Drafts
	sent   []tickets.Draft
}

func (*writer) Catalog(context.Context) (tickets.Catalog, error) {
	return tickets.Catalog{Forms: []tickets.Form{{Default: true}}, ReadAt: time.Now()}, nil
}

func (*writer) Edit(_ context.Context, _ tickets.Catalog, id int64) (tickets.Draft, error) {
	draft := tickets.NewDraft()
	draft.Ticket, draft.Base = id, tickets.Base{UpdatedAt: uitest.Read, Requester: aTicket.Requester, Category: "open"}
	return draft, nil
}

func (w *writer) Send(ctx context.Context, draft tickets.Draft, catalog tickets.Catalog) (tickets.Sent, error) {
	w.sent = append(w.sent, draft)
	return tickets.Sent{Ticket: aTicket, Changes: draft.Preview(catalog), At: time.Now()}, w.drafts.Drop(ctx, draft.ID)
}

func TestWritingLiesOverThePane(t *testing.T) {
	desk, drafts := &office{}, &tickets.MemoryDrafts{}
	scribe := &writer{drafts: drafts}
	kept := func() []tickets.Draft {
		all, _ := drafts.All(t.Context())
		return all
	}
	with := func(options *Options) {
		options.AtTickets = true
		options.Tickets = func(context.Context) pane.Options {
			return pane.Options{Desk: desk, Text: "acme", Clock: parts.SystemClock()}
		}
		options.Compose = func(request compose.Request) (compose.Options, error) {
			return compose.Options{Request: request, Desk: scribe, Drafts: drafts, Clock: parts.SystemClock()}, nil
		}
	}
	write := func(a *act) {
		a.Pass(100 * time.Millisecond)
		a.Sees("▸ #48190")
		a.Press("r")
		a.Sees("Public reply to R. Osei")
		a.Press("한", "backspace", "q", "x") // no shortcuts here
	}
	perform(t, with, func(a *act) {
		write(a)
		a.Press("esc")
		a.Sees("▸ #48190", "What you wrote is kept as a draft")
		if all := kept(); len(all) != 1 || all[0].Comment != "qx" {
			t.Fatalf("%+v", all)
		}
		a.Press("r")
		a.Sees("You began this before")
		a.Press("enter", "ctrl+s", "D")
		a.Sees("▸ #48190", "Replied to R. Osei on #48190.")
		if len(scribe.sent) != 1 || len(kept()) != 0 || desk.looks == 0 {
			t.Errorf("%d sends, %d drafts, %d looks", len(scribe.sent), len(kept()), desk.looks)
		}
	})
	// However the program ends, what was written is kept.
	for _, end := range []tea.Msg{tea.KeyPressMsg{Code: 'c', Mod: tea.ModCtrl}, signalled{}} {
		perform(t, with, func(a *act) {
			a.Send(tea.BackgroundColorMsg{})
			write(a)
			a.Send(end)
			if all := kept(); !a.Quit || len(all) != 1 || all[0].Comment != "qx" {
				t.Errorf("%T: %+v", end, all)
			}
			_ = drafts.Drop(t.Context(), kept()[0].ID)
		})
	}
}

func TestWhereNothingLiesBelowItWritingEndsTheApp(t *testing.T) {
	drafts := &tickets.MemoryDrafts{}
	scribe := &writer{drafts: drafts}
	with := func(options *Options) {
		options.Write = &compose.Request{Kind: compose.Reply, Ticket: 48190}
		options.Compose = func(request compose.Request) (compose.Options, error) {
			return compose.Options{Request: request, Desk: scribe, Drafts: drafts, Clock: parts.SystemClock()}, nil
		}
	}
	perform(t, with, func(a *act) {
		a.Send(tea.BackgroundColorMsg{})
		a.Sees("#48190")
		a.Send(tea.FocusMsg{})
		a.Press("q", "x", "esc")
		if all, _ := drafts.All(t.Context()); !a.Quit || !a.root.result.Kept || a.root.result.Written != "" || len(all) != 1 {
			t.Fatalf("quit %v, %+v, %+v", a.Quit, a.root.result, all)
		}
	})
	perform(t, with, func(a *act) {
		a.Send(tea.BackgroundColorMsg{})
		a.Press("enter", "ctrl+s", "D")
		if all, _ := drafts.All(t.Context()); !a.Quit || a.root.result.Kept || a.root.result.Written != "Replied to R. Osei on #48190." || len(all) != 0 {
			t.Errorf("quit %v, %+v, %+v", a.Quit, a.root.result, all)
		}
	})
}

// The window's size may come before the program ends: nothing is there to be drawn.
func TestAScreenThatCannotBeginEndsTheAppWithItsError(t *testing.T) {
	refused := errors.New("the journal cannot be opened")
	with := func(options *Options) {
		options.Write = &compose.Request{Kind: compose.Reply, Ticket: 48190}
		options.Compose = func(compose.Request) (compose.Options, error) { return compose.Options{}, refused }
	}
	perform(t, with, func(a *act) {
		a.root.kill = func(err error) { t.Errorf("crashed: %v", err) }
		a.Render()
		a.Press("x")
		if !a.Quit || !errors.Is(a.root.err, refused) {
			t.Errorf("quit %v, %v", a.Quit, a.root.err)
		}
	})
}

func TestTheTerminalsCursorStandsWhereOneTypes(t *testing.T) {
	drafts := &tickets.MemoryDrafts{}
	perform(t, func(options *Options) {
		options.AtTickets = true
		options.Tickets = func(context.Context) pane.Options {
			return pane.Options{Desk: &office{}, Text: "acme", Clock: parts.SystemClock()}
		}
		options.Compose = func(request compose.Request) (compose.Options, error) {
			return compose.Options{Request: request, Desk: &writer{drafts: drafts}, Drafts: drafts, Clock: parts.SystemClock()}, nil
		}
	}, func(a *act) {
		a.Pass(100 * time.Millisecond)
		if at := a.root.View().Cursor; at != nil {
			t.Errorf("the list has a cursor at %v", at.Position)
		}
		a.Press("r")
		begun := a.root.View().Cursor
		a.Press("a", "한", "enter", "글")
		typed := a.root.View().Cursor
		if begun == nil || typed == nil || typed.X != begun.X+2 || typed.Y != begun.Y+1 {
			t.Errorf("from %v to %v", begun, typed)
		}
	})
}

func TestWithoutAScreenThePaneTellsTheCommandThatWrites(t *testing.T) {
	perform(t, func(options *Options) {
		options.AtTickets = true
		options.Tickets = func(context.Context) pane.Options {
			return pane.Options{Desk: &office{}, Text: "acme", Clock: parts.SystemClock()}
		}
	}, func(a *act) {
		a.Pass(100 * time.Millisecond)
		a.Press("e")
		a.Sees("zsf tickets edit")
	})
}
