package app

import (
	"context"
	"iter"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"zsf/clients/salesforce"
	"zsf/flows/tickets"
	"zsf/ui/parts"
	pane "zsf/ui/tickets"
)

// An emptyDesk knows one record, which has no tickets.
type emptyDesk struct{ looked int }

func (d *emptyDesk) Recent(context.Context) ([]tickets.Hit, error) {
	return []tickets.Hit{{ID: "001", Object: "Account", Name: "Acme"}}, nil
}
func (d *emptyDesk) Hits(context.Context, string) ([]tickets.Hit, error) { return nil, nil }
func (d *emptyDesk) Look(context.Context, tickets.Sought, *tickets.Memory) (tickets.Found, error) {
	match := tickets.Match{By: tickets.ByName, Targets: []tickets.Target{{Kind: tickets.OfOrganization, ID: 1}}}
	return tickets.Found{
		Record: tickets.Record{Record: salesforce.Record{ID: "001", Object: "Account", Name: "Acme"}}, Match: match,
		List: tickets.List{ReadAt: time.Now()},
	}, nil
}

func (d *emptyDesk) List(context.Context, tickets.Match, tickets.Query) (tickets.List, error) {
	return tickets.List{ReadAt: time.Now()}, nil
}

func (d *emptyDesk) Fresh(context.Context, tickets.Match, iter.Seq[tickets.Known], time.Time) (tickets.News, error) {
	d.looked++
	return tickets.News{ReadAt: time.Now(), Calls: 1}, nil
}

func (d *emptyDesk) Show(context.Context, int64) (tickets.Conversation, error) {
	return tickets.Conversation{}, nil
}

func TestTicketsStartFromHomeOrAlone(t *testing.T) {
	desk := &emptyDesk{}
	withTickets := func(options *Options) {
		options.Tickets = func(context.Context) pane.Options {
			return pane.Options{Desk: desk, Profile: "acme-sandbox", Clock: parts.SystemClock()}
		}
	}
	perform(t, func(options *Options) {
		withHome(options)
		withTickets(options)
	}, func(a *act) {
		if a.root.View().ReportFocus {
			t.Error("home asks for the focus")
		}
		a.Press("t")
		a.Sees("Whose tickets?", "Acme")
		a.Press("enter")
		a.Sees("Acme (Account)", "There are no tickets.", "live")
		if !a.root.View().ReportFocus {
			t.Error("the pane does not hear whether anybody looks")
		}
		a.Send(tea.BlurMsg{})
		a.Pass(3 * time.Minute)
		before := desk.looked
		a.Pass(3 * time.Minute)
		if desk.looked != before {
			t.Error("it looks though nobody does")
		}
		a.Send(tea.FocusMsg{})
		a.Press("esc", "esc")
		a.Sees("What to do next")
		a.Press("t") // as it was left
		a.Sees("Whose tickets?")
		a.Press("esc")
	})
	perform(t, func(options *Options) {
		withTickets(options)
		options.AtTickets = true
	}, func(a *act) {
		a.Sees("Whose tickets?")
		a.Send(tea.PasteMsg{Content: "0015g00000AbCdEAAV"})
		a.Sees("Acme (Account)")
		a.Press("q")
	})
	perform(t, withHome, func(a *act) {
		a.Press("t")
		a.Sees("Leave with q, then type: zsf tickets")
	})
}
