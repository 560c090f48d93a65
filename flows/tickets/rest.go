// What is left of a draft of which an earlier send has arrived.

package tickets

import (
	"context"
	"maps"
	"slices"
	"strings"
)

// Earlier looks for an earlier send of a draft that was changed since; nil where none has arrived, or all of the draft has.
func (d *Desk) Earlier(ctx context.Context, draft Draft, catalog Catalog) (*EarlierError, error) {
	look, err := d.FindSent(ctx, draft, catalog)
	if err != nil || look.Arrival != Arrived || draft.Sending.says(draft) {
		return nil, err
	}
	return d.earlier(draft, catalog, look, nil), nil
}

func (d *Desk) earlier(draft Draft, catalog Catalog, look Look, err error) *EarlierError {
	now := d.baseOf(catalog, look.Ticket, nil)
	person := draft.Base.Requester
	if draft.IsNew() {
		person = draft.Sending.Requester
	}
	if person.ID == now.Requester.ID || person.ID == 0 { // who was made with the ticket has a number by now
		now.Requester.Name, now.Requester.Email = person.Name, person.Email
	}
	now.Organizations = draft.Base.Organizations
	return &EarlierError{Ticket: look.Ticket.ID, Now: now, Sent: draft.Sending, Err: err}
}

// GoOn goes on from an earlier send that has arrived: of the draft what that one did not say, written on the ticket as it is
// now. A comment that only grew is what was added to it; one that says something else stays whole, as no comment can be changed.
// Of a draft of several tickets it is that one's part.
func GoOn(draft Draft, earlier *EarlierError) Draft {
	if len(draft.Tickets) > 0 {
		return restOfPart(draft, earlier)
	}
	sent := draft
	sent.Values, sent.AddTags, sent.RemoveTags = earlier.Sent.Values, earlier.Sent.AddTags, earlier.Sent.RemoveTags
	rest := draft
	rest.Ticket, rest.Base, rest.Requester, rest.FollowUp = earlier.Ticket, earlier.Now, Person{}, 0
	rest.Sending, rest.Arrived, rest.Round, rest.CloseSaid = Attempt{}, earlier.Sent, 0, false
	if draft.Form == earlier.Sent.Form {
		rest.Form = 0
	}
	rest.Values = unsaid(draft, earlier)
	rest.AddTags, rest.RemoveTags = tagsSince(sent, draft)
	rest.Comment = commentSince(earlier.Sent, draft)
	rest.Files = slices.DeleteFunc(slices.Clone(draft.Files), func(file File) bool { return slices.Contains(earlier.Sent.Files, file.Path) })
	return rest
}

// unsaid are the values that are other than they were sent. One that was taken back is as it was before.
func unsaid(draft Draft, earlier *EarlierError) Values {
	values := Values{}
	for key, has := range draft.Values {
		if said, was := earlier.Sent.Values[key]; key != TagsKey && (!was || !sameValues(said, has)) {
			values[key] = has
		}
	}
	for key := range earlier.Sent.Values {
		if _, still := draft.Values[key]; !still && key != TagsKey {
			values[key] = draft.Base.Values[key]
		}
	}
	maps.DeleteFunc(values, func(key string, has []string) bool { return sameValues(has, earlier.Now.Values[key]) })
	return values
}

// tagsSince are the tags to put on and take off after what was sent.
func tagsSince(sent, now Draft) (add, remove []string) {
	addedThen, removedThen := sent.TagChanges()
	added, removed := now.TagChanges()
	add = append(missing(added, addedThen), missing(removedThen, removed)...)
	remove = append(missing(removed, removedThen), missing(addedThen, added)...)
	return add, remove
}

func commentSince(sent Attempt, draft Draft) string {
	before, now := strings.TrimSpace(sent.Comment), strings.TrimSpace(draft.Comment)
	grown, longer := strings.CutPrefix(now, before)
	switch {
	case words1(before) == words1(now) && sent.Public == draft.Public:
		return ""
	case before != "" && longer && sent.Public == draft.Public:
		return strings.TrimSpace(grown)
	}
	return draft.Comment
}

// restOfPart leaves out of one of several tickets what an earlier send said there.
func restOfPart(draft Draft, earlier *EarlierError) Draft {
	part, id := draft.Parts[earlier.Ticket], earlier.Ticket
	part.Base, part.Sending = earlier.Now, Attempt{}
	for key, values := range draft.Values {
		if sameValues(values, earlier.Sent.Values[key]) {
			part.Leave = append(part.Leave, key)
		}
	}
	if commentSince(earlier.Sent, draft) == "" {
		part.Leave = append(part.Leave, CommentKey)
	}
	draft.Parts = maps.Clone(draft.Parts)
	draft.Parts[id] = part
	return draft
}
