// Sending what was written: once. Before anything leaves, the draft is kept as being sent; what gets no answer is looked
// for before it is sent again.

package tickets

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"zsf/clients/transport"
	"zsf/clients/zendesk"
	"zsf/flows/flow"
)

// A Sent is a ticket that was written.
type Sent struct {
	Ticket  Ticket // as the answer, or the look after it, has it; nobody's names are asked for
	New     bool
	Before  bool      // an earlier send had arrived: this time nothing was written
	Changes Preview   // what was written
	Other   []Clash   // fields that are otherwise than they were sent: a rule of the account, or a field that is no longer there
	Entry   int64     // of the journal; 0: none was written
	At      time.Time // when it was known
}

// ErrNothing says that a draft changes nothing: the ticket is as it is to be.
var ErrNothing = errors.New("the ticket is already as it is to be")

// Keep says where drafts and the journal are kept, and who sits at the machine. A desk that was not told keeps drafts for as
// long as it lives, and no journal.
func (d *Desk) Keep(drafts Drafts, journal Journal, who string) {
	d.drafts, d.journal, d.who = drafts, journal, who
}

// Send sends a draft of one ticket, a new one or a change. It is kept before, as being sent, and dropped after.
// A send that got no answer is looked for, by the same key or by reading the ticket, and then sent again where that cannot
// double it.
//
// Its errors: *ProblemsError (nothing left), *RefusedError, *ConflictError, *GoneError, *LaterError, *UnsureError,
// *EarlierError, *FileError, or a service's own; with each of them the draft is kept.
func (d *Desk) Send(ctx context.Context, draft Draft, catalog Catalog) (Sent, error) {
	if d.account == nil {
		return Sent{}, &transport.Error{Service: transport.Zendesk, Kind: transport.SignInMissing}
	}
	return d.send(ctx, draft, catalog, d.saver())
}

// A saver keeps how far a draft came.
type saver struct {
	save func(context.Context, Draft) error
	drop func(context.Context, Draft) error
}

func (d *Desk) saver() saver {
	return saver{
		save: func(ctx context.Context, draft Draft) error {
			draft.Stamp(d.now())
			return d.drafts.Save(ctx, draft)
		},
		drop: func(ctx context.Context, draft Draft) error { return d.drafts.Done(ctx, draft.ID) },
	}
}

func (d *Desk) send(ctx context.Context, draft Draft, catalog Catalog, keep saver) (Sent, error) {
	if !draft.Sending.IsZero() && (draft.Ticket != 0 || d.now().Sub(draft.Sending.Since) >= keyLives) {
		look, err := d.FindSent(ctx, draft, catalog)
		switch {
		case err != nil:
			return Sent{}, &UnsureError{Ticket: draft.Ticket, Since: draft.Sending.Since, Looked: look.Looked, Err: err}
		case look.Arrival == Arrived && !draft.Sending.says(draft):
			return Sent{}, d.earlier(draft, catalog, look, nil)
		case look.Arrival == Arrived:
			return d.settled(ctx, draft, catalog, keep, look.Ticket, true)
		case look.Arrival == Untold:
			return Sent{}, &UnsureError{Ticket: draft.Ticket, Since: draft.Sending.Since, Looked: look.Looked}
		}
		draft.Sending = Attempt{Entry: draft.Sending.Entry} // it never arrived: this send is the first one
	}
	if problems := draft.Problems(catalog); len(problems) > 0 {
		return Sent{}, &ProblemsError{Fields: problems}
	}
	if draft.Preview(catalog).Empty() {
		return Sent{}, ErrNothing
	}
	if err := keep.save(ctx, draft); err != nil {
		return Sent{}, err
	}
	doubt := !draft.Sending.IsZero()
	draft, err := d.upload(ctx, draft, keep)
	if err != nil {
		return Sent{}, err
	}
	if draft, err = d.begin(ctx, draft, catalog, keep); err != nil {
		return Sent{}, err
	}
	ticket, before, err := d.out(ctx, draft, catalog)
	if isUnsure(err) && ctx.Err() == nil {
		doubt = true
		ticket, before, err = d.again(ctx, draft, catalog, err)
	}
	if doubt {
		err = unlessSettled(err)
	}
	if err != nil {
		return Sent{}, d.failed(ctx, draft, catalog, keep, err)
	}
	return d.settled(ctx, draft, catalog, keep, ticket, before)
}

// begin keeps that the draft is being sent, here and in the journal, before anything leaves.
func (d *Desk) begin(ctx context.Context, draft Draft, catalog Catalog, keep saver) (Draft, error) {
	if draft.Sending.IsZero() {
		begun := draft.Attempted(d.now())
		if begun.Entry == 0 {
			var err error
			if begun.Entry, err = d.noteBegun(ctx, draft, catalog); err != nil {
				return draft, err
			}
		}
		draft.Sending = begun
	}
	return draft, keep.save(ctx, draft)
}

// out makes the call.
func (d *Desk) out(ctx context.Context, draft Draft, catalog Catalog) (ticket zendesk.WholeTicket, before bool, err error) {
	if draft.Ticket == 0 {
		made, err := d.account.CreateTicket(ctx, draft.key(), draft.write(catalog))
		return made.Ticket, made.Before, err
	}
	ticket, err = d.account.UpdateTicket(ctx, draft.Ticket, draft.Base.UpdatedAt, draft.write(catalog))
	return ticket, false, err
}

func isUnsure(err error) bool {
	var unsure *zendesk.UnsureError
	return errors.As(err, &unsure)
}

// unlessSettled is the error of a send after one that may have arrived. Only an answer about the ticket itself says that
// neither did: one to be asked later, no sign-in or no network tell nothing of the first, and its key has to stay in use.
func unlessSettled(err error) error {
	var (
		refused  *zendesk.RefusalError
		conflict *zendesk.ConflictError
		known    *UnsureError
	)
	switch {
	case err == nil, isUnsure(err), errors.As(err, &known), errors.As(err, &refused), errors.As(err, &conflict), IsNoTicket(err),
		IsKeyUsed(err):
		return err
	}
	return &zendesk.UnsureError{Err: err}
}

// again goes on after a send that got no answer. A new ticket is sent once more under its key. A change is looked for; where
// the ticket is as it was, it is sent once more: should the first one arrive after all, the second finds another stamp.
func (d *Desk) again(ctx context.Context, draft Draft, catalog Catalog, first error) (ticket zendesk.WholeTicket, before bool, err error) {
	if draft.Ticket != 0 {
		look, err := d.FindSent(ctx, draft, catalog)
		if err != nil {
			return ticket, false, &UnsureError{Ticket: draft.Ticket, Since: draft.Sending.Since, Looked: look.Looked, Err: errors.Join(first, err)}
		}
		if look.Arrival != NotArrived {
			return look.Ticket, true, unlessArrived(look, draft, first)
		}
	}
	ticket, before, err = d.out(ctx, draft, catalog)
	var clash *zendesk.ConflictError
	if errors.As(err, &clash) && draft.Ticket != 0 { // with the first one, perhaps
		look, looked := d.FindSent(ctx, draft, catalog)
		if looked == nil && look.Arrival == Arrived {
			return look.Ticket, true, nil
		}
	}
	return ticket, before, err
}

func unlessArrived(look Look, draft Draft, first error) error {
	if look.Arrival == Arrived {
		return nil
	}
	return &UnsureError{Ticket: draft.Ticket, Since: draft.Sending.Since, Looked: look.Looked, Err: first}
}

// settled drops the draft of a ticket that was written, and writes it down.
func (d *Desk) settled(ctx context.Context, draft Draft, catalog Catalog, keep saver, ticket zendesk.WholeTicket, before bool) (Sent, error) {
	ctx = context.WithoutCancel(ctx) // it is written: what is left is to remember it
	sent := Sent{
		Ticket: d.ticket(ticket.Ticket, known(draft, catalog, ticket.RequesterID), labelsIn(catalog)), New: draft.Ticket == 0, Before: before,
		Changes: draft.Preview(catalog), Other: otherwise(draft, catalog, ticket), Entry: draft.Sending.Entry, At: d.now(),
	}
	err := d.noteEnded(ctx, draft, ticket.ID, written, nil)
	return sent, errors.Join(err, keep.drop(ctx, draft))
}

// otherwise are the fields that the ticket does not have as they were sent.
func otherwise(draft Draft, catalog Catalog, ticket zendesk.WholeTicket) []Clash {
	var others []Clash
	has := valuesOf(catalog, ticket)
	for _, key := range draft.inOrder(catalog, draft.Changed()) {
		field, known := catalog.Field(key)
		kind := key == StatusKey && slices.Contains(Statuses, draft.Values.one(key)) && catalog.Category(has.one(key)) == draft.Values.one(key)
		if !known || kind || sameWords(has[key], draft.Values[key]) {
			continue
		}
		if key == OrganizationKey {
			field.Options = draft.Base.Organizations
		}
		others = append(others, Clash{Field: field, Before: words(field, draft.Base.Values[key]), Mine: words(field, draft.Values[key]), Theirs: words(field, has[key])})
	}
	return others
}

// sameWords compares values without regard to blanks, case and how a number is written: those the service keeps in its own way.
func sameWords(a, b []string) bool {
	tidy := func(values []string) []string {
		var tidied []string
		for _, value := range values {
			value = strings.ToLower(words1(value))
			if number, err := strconv.ParseFloat(value, 64); err == nil {
				value = strconv.FormatFloat(number, 'f', -1, 64)
			}
			tidied = append(tidied, value)
		}
		return tidied
	}
	return sameValues(tidy(a), tidy(b))
}

// known are the people that need not be asked for; who was made with the ticket has a number by now.
func known(draft Draft, catalog Catalog, requester int64) map[int64]Person {
	people := map[int64]Person{requester: draft.recipient()}
	if people[requester].ID == 0 {
		people[requester] = Person{requester, draft.Requester.Name, draft.Requester.Email}
	}
	for _, agent := range catalog.Agents {
		people[agent.ID] = agent
	}
	return people
}

func labelsIn(catalog Catalog) map[int64]string {
	labels := map[int64]string{}
	for _, choice := range catalog.Statuses {
		if id, err := strconv.ParseInt(choice.Value, 10, 64); err == nil { // no kind's default, which is called as its kind
			labels[id] = choice.Label
		}
	}
	return labels
}

// failed says why a draft was not sent, in the terms that decide what to do, and keeps it as it now stands.
func (d *Desk) failed(ctx context.Context, draft Draft, catalog Catalog, keep saver, err error) error {
	why := d.why(ctx, draft, catalog, err)
	ctx = context.WithoutCancel(ctx)
	var unsure *UnsureError
	var later *LaterError
	var earlier *EarlierError
	if errors.As(why, &earlier) {
		return joined(why, d.noteEnded(ctx, draft, earlier.Ticket, written, nil))
	}
	if errors.As(why, &unsure) || errors.As(why, &later) && isUnsure(err) {
		return joined(why, d.noteEnded(ctx, draft, draft.Ticket, unsureEnd, why))
	}
	noted := d.noteEnded(ctx, draft, draft.Ticket, refusedEnd, why)
	draft.Sending = Attempt{}
	draft.Round++
	return joined(why, noted, keep.save(ctx, draft))
}

// joined is the first error alone where the others are none: its type is what callers look for.
func joined(first error, others ...error) error {
	if more := errors.Join(others...); more != nil {
		return errors.Join(first, more)
	}
	return first
}

func (d *Desk) why(ctx context.Context, draft Draft, catalog Catalog, err error) error {
	var (
		conflict *zendesk.ConflictError
		refused  *zendesk.RefusalError
		unsure   *zendesk.UnsureError
		known    *UnsureError
		failed   *transport.Error
	)
	_ = errors.As(err, &failed)
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &unsure) && failed != nil && (failed.Status == http.StatusServiceUnavailable || failed.Kind == transport.RateLimited):
		return &LaterError{Until: d.now().Add(pause(failed)), Err: unsure.Err}
	case errors.As(err, &unsure):
		return &UnsureError{Ticket: draft.Ticket, Since: draft.Sending.Since, Err: unsure.Err}
	case errors.As(err, &conflict):
		return d.conflict(ctx, draft, catalog, err)
	case errors.As(err, &refused):
		return d.refused(ctx, draft, catalog, refused)
	case IsKeyUsed(err):
		return d.sentOtherwise(ctx, draft, catalog, err)
	case failed != nil && failed.Kind == transport.RateLimited:
		return &LaterError{Until: d.now().Add(pause(failed)), Err: err}
	case draft.Ticket != 0 && IsNoTicket(err):
		return &GoneError{Ticket: draft.Ticket, Why: "deleted", Err: err}
	}
	return err
}

// IsKeyUsed tells that Zendesk took something else under the key of a new ticket: under that key it takes nothing more.
func IsKeyUsed(err error) bool {
	var failed *transport.Error
	return errors.As(err, &failed) && failed.Code == zendesk.KeyReused
}

// pause is how long the service wants to be left alone; a minute where it did not say.
func pause(failed *transport.Error) time.Duration {
	if failed.RetryAfter > 0 {
		return failed.RetryAfter
	}
	return time.Minute
}

// sentOtherwise is for a key under which something else was sent: an earlier send has arrived, and the draft was changed since.
func (d *Desk) sentOtherwise(ctx context.Context, draft Draft, catalog Catalog, err error) error {
	look, failed := d.findNew(ctx, draft, catalog)
	if failed == nil && look.Arrival == Arrived {
		return d.earlier(draft, catalog, look, err)
	}
	return &UnsureError{Since: draft.Sending.Since, Looked: append(look.Looked, flow.Say("ticket-looked.key")), Err: errors.Join(err, failed)}
}
