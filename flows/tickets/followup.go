// A closed ticket takes no changes: what is left to say goes into a new one that follows it up.

package tickets

import (
	"context"
	"slices"

	"zsf/clients/transport"
	"zsf/flows/flow"
)

// FollowUp begins a ticket that goes on from a closed one: of its requester, with its subject, form, organization and fields.
// All of that is sent, so that it is as it is shown; its tags Zendesk takes over itself, where none are changed. Priority, type, group and
// assignee begin anew, as with a follow-up that is made in Zendesk. One that is not closed is a *NotClosedError, one that is not
// there a *GoneError.
func (d *Desk) FollowUp(ctx context.Context, catalog Catalog, id int64) (Draft, error) {
	if d.account == nil {
		return Draft{}, &transport.Error{Service: transport.Zendesk, Kind: transport.SignInMissing}
	}
	closed, err := d.base(ctx, catalog, id)
	if err != nil {
		return Draft{}, err
	}
	if closed.Category != "closed" {
		return Draft{}, &NotClosedError{Ticket: id}
	}
	draft := NewDraft()
	draft.FollowUp, draft.Requester = id, closed.Requester
	draft.Form = catalog.Form(closed.Form).ID
	draft.Base.Values = Values{TagsKey: closed.Values[TagsKey]}
	if draft.Base.Organizations, err = d.Organizations(ctx, closed.Requester); err != nil {
		return Draft{}, err
	}
	for key, values := range closed.Values {
		if draft.takesOver(catalog, key, values) {
			draft.Values[key] = slices.Clone(values)
		}
	}
	return draft, nil
}

// takesOver tells that a value of the closed ticket is one of the follow-up, too. What the account no longer has is left out.
func (d Draft) takesOver(catalog Catalog, key string, values []string) bool {
	field, known := catalog.Field(key)
	_, own := customID(key)
	switch {
	case key == OrganizationKey:
		return slices.ContainsFunc(d.Base.Organizations, func(o Option) bool { return sameValues(values, []string{o.Value}) })
	case !known || key != SubjectKey && !own || field.ReadOnly:
		return false
	}
	wrong := field.wrong(values)
	return wrong.Empty() && !sameValues(values, []string{"false"}) // a box that nobody ticked
}

// A NotClosedError says that a ticket needs no follow-up: it can be written into.
type NotClosedError struct{ Ticket int64 }

func (e *NotClosedError) Error() string { return "ticket " + number(e.Ticket) + " is not closed" }

// Text says it in words.
func (e *NotClosedError) Text() flow.Text {
	return flow.Say("ticket-followup.not-closed", "Number", number(e.Ticket))
}
