package zendesk

import (
	"bytes"
	"time"
)

// An audit is what happened to a ticket at once: who changed which fields, and what was said.
type audit struct {
	ID        int64     `json:"id"`
	TicketID  int64     `json:"ticket_id"`
	CreatedAt time.Time `json:"created_at"`
	AuthorID  int64     `json:"author_id"`
	Metadata  metadata  `json:"metadata"`
	Events    []any     `json:"events"`
	Via       via       `json:"via"`
}

// silent is where the numbers of a ticket's audits without a comment begin.
const silent = perTicket / 2

// write stores what a ticket has become, and what was said with it. before is the zero ticket for one that is made.
func (a *Account) write(before, after ticket, author int64, said *comment) audit {
	if a.tickets.audits == nil {
		a.tickets.audits, a.tickets.comments = map[int64][]audit{}, map[int64][]comment{}
	}
	spoken := len(a.commentsOf(after))
	a.keepTicket(after)
	done := audit{TicketID: after.ID, CreatedAt: after.UpdatedAt, AuthorID: author, Via: via{Channel: "api"}, Events: []any{}}
	if said == nil {
		done.ID = commentID(after.ID, silent+len(a.tickets.audits[after.ID])) - 1
	} else {
		one := newComment(after.ID, spoken, author, said.Body, said.Public, after.UpdatedAt)
		if said.HTMLBody != "" {
			one.HTMLBody = said.HTMLBody
		}
		if said.Via.Channel != "" {
			one.Via = said.Via
		}
		one.Attachments = append(one.Attachments, said.Attachments...)
		a.consume(one.Attachments)
		a.tickets.comments[after.ID] = append(a.tickets.comments[after.ID], one)
		done.ID, done.Via, done.Events = one.AuditID, one.Via, append(done.Events, one)
	}
	done.Events = append(done.Events, events(done.ID, before, after)...)
	a.tickets.audits[after.ID] = append(a.tickets.audits[after.ID], done)
	return done
}

// events are Create for each field of a new ticket that has a value, and Change for each that has another.
func events(id int64, before, after ticket) []any {
	var all []any
	was := auditedFields(before)
	for i, field := range auditedFields(after) {
		value, previous := mustEncode(field.value), mustEncode(was[i].value)
		event := object{{"id", id + int64(i) + 2}, {"type", "Change"}, {"value", field.value}, {"field_name", field.name}, {"previous_value", was[i].value}}
		if before.ID == 0 {
			event, previous = event[:4], []byte("null")
			event[1].value = "Create"
		}
		if !bytes.Equal(value, previous) {
			all = append(all, event)
		}
	}
	return all
}

func mustEncode(value any) []byte {
	raw, err := encode(value)
	if err != nil {
		return nil
	}
	return raw
}

// auditedFields are a ticket's fields by the names that audits give them: one of the account's own has its id.
func auditedFields(t ticket) []member {
	all := []member{
		{"subject", nullable(t.Subject)},
		{"status", nullable(t.Status)},
		{"custom_status_id", ref(t.CustomStatusID)},
		{"priority", t.Priority},
		{"type", t.Type},
		{"requester_id", ref(t.RequesterID)},
		{"assignee_id", t.AssigneeID},
		{"group_id", t.GroupID},
		{"organization_id", t.OrganizationID},
		{"ticket_form_id", ref(t.TicketFormID)},
		{"due_at", t.DueAt},
		{"tags", t.Tags},
	}
	for row := customFields; row < len(fieldRows); row++ {
		var value any
		if n := row - customFields; n < len(t.CustomFields) {
			value = t.CustomFields[n].(fieldValue).Value
		}
		all = append(all, member{idText(fieldID(row)), value})
	}
	return all
}

// auditsOf are all of a ticket's, the oldest first. A ticket of the seed was new until its last change.
func (a *Account) auditsOf(t ticket) []audit {
	n := int(t.ID - 1)
	if n >= a.seed.Tickets() {
		return a.tickets.audits[t.ID]
	}
	now := a.seededTicket(n, a.seed.Ticket(n))
	first := now
	first.Status, first.CustomStatusID, first.AssigneeID, first.GroupID = "new", statusID(0), 0, agentGroup
	said := a.seedComments(now)
	var all []audit
	for i, one := range said {
		done := audit{ID: one.AuditID, TicketID: t.ID, CreatedAt: one.CreatedAt, AuthorID: one.AuthorID, Via: one.Via, Events: []any{one}}
		if i == 0 {
			done.Events = append(done.Events, events(done.ID, ticket{}, first)...)
		}
		if i == len(said)-1 {
			done.Events = append(done.Events, events(done.ID, first, now)...)
		}
		all = append(all, done)
	}
	return append(all, a.tickets.audits[t.ID]...)
}

// listAudits is in the order in which things happened, which neither ids nor whole seconds tell.
func (a *Account) listAudits(c *call, t ticket) answer {
	all := a.auditsOf(t)
	numbers := make([]int64, len(all))
	for i := range all {
		numbers[i] = int64(i)
	}
	at := func(n int64) position { return position{n} }
	show := func(n int64) any { return all[n] }
	return page(a, c, wholeList("audits", "tickets/"+idText(t.ID)+"/audits", "created_at", numbers, at, show))
}
