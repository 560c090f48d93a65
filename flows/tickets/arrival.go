// Whether a send that got no answer has arrived.

package tickets

import (
	"context"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"zsf/clients/transport"
	"zsf/clients/zendesk"
	"zsf/flows/flow"
)

// An Arrival tells whether a send has arrived.
type Arrival string

// The arrivals.
const (
	Arrived    Arrival = "arrived"
	NotArrived Arrival = "not-arrived"
	Untold     Arrival = "untold" // what is there tells neither
)

// A Look is what was found of a send that got no answer.
type Look struct {
	Arrival Arrival
	Ticket  zendesk.WholeTicket // as it is now; of a new one that has not arrived: none
	Looked  []flow.Text         // where it was looked for, and what was there
	At      time.Time
}

// keyLives is how long the same key surely makes no second ticket: Zendesk keeps keys for two hours.
const keyLives = 110 * time.Minute

// FindSent looks whether the send of a draft that got no answer has arrived. It writes nothing.
func (d *Desk) FindSent(ctx context.Context, draft Draft, catalog Catalog) (Look, error) {
	switch {
	case d.account == nil:
		return Look{}, &transport.Error{Service: transport.Zendesk, Kind: transport.SignInMissing}
	case draft.Sending.IsZero():
		return Look{Arrival: NotArrived, At: d.now()}, nil
	case draft.Ticket == 0:
		return d.findNew(ctx, draft, catalog)
	}
	return d.findUpdate(ctx, draft, catalog)
}

// Unanswered is a draft that was kept with a send that got no answer and said the same, in place of one that begins anew:
// a command that is given again goes on, and doubles nothing. It makes no call.
func (d *Desk) Unanswered(ctx context.Context, draft Draft) (Draft, error) {
	all, err := d.drafts.All(ctx)
	if err != nil && len(all) == 0 {
		return draft, err
	}
	for _, kept := range all {
		if kept.Ticket == draft.Ticket && slices.Equal(slices.Sorted(slices.Values(kept.Tickets)), slices.Sorted(slices.Values(draft.Tickets))) &&
			kept.isOpen() && kept.Attempted(d.now()).says(draft) {
			return kept.TakeUp(), nil
		}
	}
	return draft, nil
}

// isOpen tells that a send of a draft, or of a part of it, may have arrived.
func (d Draft) isOpen() bool {
	for _, part := range d.Parts {
		if !part.Sending.IsZero() && !part.Sent {
			return true
		}
	}
	return !d.Sending.IsZero()
}

// findUpdate reads the ticket and what was said since: a comment of mine with those words, or the values that were sent.
func (d *Desk) findUpdate(ctx context.Context, draft Draft, catalog Catalog) (Look, error) {
	look := Look{Arrival: Untold, At: d.now()}
	var (
		calls    errgroup.Group
		comments []zendesk.Comment
	)
	calls.Go(func() (err error) {
		look.Ticket, _, err = d.account.WholeTicket(ctx, draft.Ticket)
		d.note(transport.Zendesk, "tickets/"+number(draft.Ticket), min(1, int(look.Ticket.ID)), err)
		return err
	})
	calls.Go(func() (err error) {
		comments, err = d.account.Comments(ctx, draft.Ticket)
		d.note(transport.Zendesk, "tickets/"+number(draft.Ticket)+"/comments", len(comments), err)
		return err
	})
	if err := calls.Wait(); err != nil {
		return look, err //nolint:wrapcheck // a service's own error
	}
	look.Looked = []flow.Text{flow.Say("ticket-looked.update", "Number", number(draft.Ticket), "Time", flow.Moment(look.Ticket.UpdatedAt), "Count", len(comments))}
	look.Arrival = NotArrived
	said := words1(draft.Sending.Comment)
	if said == "" {
		if draft.Sending.isIn(look.Ticket, draft.Base, catalog) {
			look.Arrival = Arrived // by whomever: it is as it was to be
		}
		return look, nil
	}
	for _, comment := range comments {
		since := comment.CreatedAt.Compare(draft.Base.UpdatedAt)
		switch {
		// A stamp has seconds: a comment of the same one may be newer than what was read.
		case since < 0 || comment.ID <= draft.Base.LastComment || comment.AuthorID != catalog.Me.ID:
		case words1(strings.Join(comment.Text(), "\n")) == said && comment.Public == draft.Sending.Public:
			look.Arrival = Arrived
			return look, nil
		case since > 0:
			look.Arrival = Untold // mine, in other words: another one, or this one with its placeholders filled in
		}
	}
	return look, nil
}

// words1 are the words of a comment in one line: the service may keep its spaces otherwise.
func words1(text string) string {
	return strings.Join(strings.Fields(transport.Clean(strings.ReplaceAll(text, "\n", " "))), " ")
}

// isIn tells whether a ticket has all that was sent of fields, tags and form. Where nothing is known of that, it is not in.
func (a Attempt) isIn(ticket zendesk.WholeTicket, base Base, catalog Catalog) bool {
	sent := Draft{Ticket: ticket.ID, Base: base, Values: a.Values, AddTags: a.AddTags, RemoveTags: a.RemoveTags, Form: a.Form}
	has, wanted := valuesOf(catalog, ticket), sent.Changed()
	for _, key := range wanted {
		if !sameValues(has[key], a.Values[key]) {
			return false
		}
	}
	add, remove := sent.TagChanges()
	form := a.Form != 0 && a.Form != base.Form
	if len(missing(add, has[TagsKey])) > 0 || len(missing(remove, has[TagsKey])) < len(remove) || form && ticket.FormID != a.Form {
		return false
	}
	return len(wanted)+len(add)+len(remove) > 0 || form
}

// lookedPages are how many pages of a requester's tickets are looked through.
const lookedPages = 5

// findNew looks through the requester's tickets for one with that subject and those words.
func (d *Desk) findNew(ctx context.Context, draft Draft, catalog Catalog) (Look, error) {
	look := Look{Arrival: NotArrived, At: d.now()}
	requester := draft.Sending.Requester // who it was sent for, whoever it is for by now
	if requester == (Person{}) {
		requester = draft.Requester
	}
	people, err := d.asRequester(ctx, requester)
	if err != nil {
		return look, err
	}
	for _, person := range people {
		list, err := d.account.RequestedTickets(ctx, person.ID, lookedPages)
		d.note(transport.Zendesk, "users/"+number(person.ID)+"/tickets/requested", len(list.Tickets), err)
		if err != nil {
			return look, err
		}
		look.Looked = append(look.Looked, flow.Say("ticket-looked.new", "Name", nameOf(zendesk.User{Name: person.Name, Email: person.Email}), "Count", len(list.Tickets)))
		found, err := d.sameTicket(ctx, draft, catalog, list.Tickets)
		if err != nil || found != 0 {
			if found != 0 {
				look.Arrival = Arrived
				look.Ticket, _, err = d.account.WholeTicket(ctx, found)
			}
			return look, err
		}
		if last := len(list.Tickets) - 1; list.More && (last < 0 || !list.Tickets[last].UpdatedAt.Before(draft.Sending.Since.Add(-clockSkew))) {
			look.Arrival = Untold
		}
	}
	return look, nil
}

// clockSkew is by how much this machine's clock may differ from the service's.
const clockSkew = time.Hour

func (d *Desk) asRequester(ctx context.Context, requester Person) ([]Person, error) {
	if requester.ID != 0 {
		return []Person{requester}, nil
	}
	people, err := d.Requester(ctx, requester.Email)
	return slices.DeleteFunc(people, func(p Person) bool { return p.ID == 0 }), err
}

// sameTicket finds the one that says what the draft says, made since it was sent.
func (d *Desk) sameTicket(ctx context.Context, draft Draft, catalog Catalog, rows []zendesk.Ticket) (int64, error) {
	subject := words1(draft.Sending.Values.one(SubjectKey))
	for _, row := range rows {
		if row.CreatedAt.Before(draft.Sending.Since.Add(-clockSkew)) || subject != "" && words1(row.Subject) != subject {
			continue
		}
		comments, err := d.account.Comments(ctx, row.ID)
		d.note(transport.Zendesk, "tickets/"+number(row.ID)+"/comments", len(comments), err)
		if err != nil {
			return 0, err
		}
		if len(comments) > 0 && words1(strings.Join(comments[0].Text(), "\n")) == words1(draft.Sending.Comment) &&
			comments[0].Public == draft.Sending.Public && (comments[0].AuthorID == catalog.Me.ID || comments[0].AuthorID == row.RequesterID) {
			return row.ID, nil
		}
	}
	return 0, nil
}
