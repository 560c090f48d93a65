// What the journal has of tickets that were written: who, when, which ticket, which fields. Never what a comment says, and
// never what is in a file.

package tickets

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"zsf/clients/store"
	"zsf/clients/transport"
	"zsf/flows/flow"
)

// A Journal keeps entries.
type Journal interface {
	Append(ctx context.Context, entry store.Entry) (store.Entry, error)
}

// The ways in which a send ends.
const (
	written    = store.TicketWritten
	refusedEnd = store.TicketRefused
	unsureEnd  = store.TicketUnsure
)

// a writing is the data of an entry that says what is being sent.
type writing struct {
	Title   flow.Text   `json:"title"`
	Ticket  int64       `json:"ticket,omitempty"` // absent: a new one
	Lines   []flow.Line `json:"lines,omitempty"`
	Comment string      `json:"comment,omitempty"` // public, internal
	Files   int         `json:"files,omitempty"`
	Final   flow.Text   `json:"final"` // why no undo takes it back, and what would
}

// an ending is the data of an entry that says what became of it.
type ending struct {
	Begun  int64     `json:"begun,omitempty"`
	Ticket int64     `json:"ticket,omitempty"`
	Title  flow.Text `json:"title"`
	Reason string    `json:"reason,omitempty"`
}

// noteBegun writes down what is about to be sent. Without it nothing is sent.
func (d *Desk) noteBegun(ctx context.Context, draft Draft, catalog Catalog) (int64, error) {
	if d.journal == nil {
		return 0, nil
	}
	preview := draft.Preview(catalog)
	about := writing{Title: titleOf(draft), Ticket: draft.Ticket, Files: len(draft.Files), Final: preview.Final()}
	for _, difference := range preview.Differences {
		about.Lines = append(about.Lines, difference.line())
	}
	if len(preview.Comment) > 0 {
		about.Comment = "internal"
		if draft.Public {
			about.Comment = "public"
		}
	}
	entry, err := d.append(ctx, store.TicketBegun, about)
	if errors.Is(err, store.ErrSecret) { // in a value: which fields there were is told without them
		for i, line := range about.Lines {
			about.Lines[i] = flow.Line{What: line.What}
		}
		entry, err = d.append(ctx, store.TicketBegun, about)
	}
	return entry.ID, err
}

// line is a difference as the journal has it.
func (d Difference) line() flow.Line {
	if d.Field.Key == TagsKey {
		return flow.Line{What: d.Field.Name(), After: flow.Raw(strings.Join(d.SignedTags(), " "))}
	}
	return flow.Line{What: d.Field.Name(), Before: listed(d.Before), After: listed(d.After)}
}

func listed(values []flow.Text) flow.Text {
	if len(values) == 0 {
		return flow.Say("ticket-preview.nothing")
	}
	return flow.Say("ticket-values.list", "Values", values)
}

// WhyFinal says why zsf undo does not take back what an entry of the journal tells of; empty where it tells of no ticket.
func WhyFinal(entry store.Entry) flow.Text {
	var about writing
	if entry.Kind != store.TicketBegun || json.Unmarshal(entry.Data, &about) != nil {
		return flow.Text{}
	}
	return about.Final
}

func titleOf(draft Draft) flow.Text {
	if draft.Ticket == 0 {
		return flow.Say("ticket-change.new", "Requester", nameOf(zendeskUser{Name: draft.Requester.Name, Email: draft.Requester.Email}))
	}
	return flow.Say("ticket-change.edit", "Number", number(draft.Ticket))
}

// noteEnded writes down what became of it.
func (d *Desk) noteEnded(ctx context.Context, draft Draft, ticket int64, kind store.Kind, why error) error {
	if d.journal == nil {
		return nil
	}
	end := ending{Begun: draft.Sending.Entry, Ticket: ticket, Title: titleOf(draft)}
	if ticket != 0 && draft.Ticket == 0 {
		end.Title = flow.Say("ticket-change.made", "Number", number(ticket))
	}
	if why != nil {
		end.Reason = transport.Redact(transport.Clean(why.Error()))
	}
	_, err := d.append(ctx, kind, end)
	return err
}

func (d *Desk) append(ctx context.Context, kind store.Kind, data any) (store.Entry, error) {
	text, err := json.Marshal(data)
	if err != nil {
		return store.Entry{}, fmt.Errorf("write down %s: %w", kind, err)
	}
	entry, err := d.journal.Append(ctx, store.Entry{
		Profile: d.world.Profile().Name, At: d.now(), Who: d.who, Kind: kind, Step: "tickets", Data: text,
	})
	if err != nil {
		return entry, fmt.Errorf("write down %s: %w", kind, err)
	}
	return entry, nil
}
