package zendesk

import "slices"

// followedUp is the closed ticket that a new one goes on from. Of any other ticket the member has no effect.
func (a *Account) followedUp(sent fields, wrong *problems) (ticket, bool) {
	var id int64
	if !set(sent, "via_followup_source_id", &id, wrong) {
		return ticket{}, false
	}
	closed, found := a.findTicket(id)
	return closed, found && closed.Status == "closed"
}

// takeOver gives a follow-up what it has of its closed ticket. Tags are DOCUMENTED; that requester, subject, form and fields
// are taken over, and priority, type, group and assignee are not, is documented for follow-ups made in the agent workspace.
func (t *ticket) takeOver(closed ticket) {
	t.Via = via{Channel: "web", Source: viaSource{From: viaFrom{closed.ID, closed.Subject, closed.Via.Channel}, Rel: "follow_up"}}
	t.RequesterID, t.Subject, t.TicketFormID = closed.RequesterID, closed.Subject, closed.TicketFormID
	t.Tags, t.CustomFields = slices.Clone(closed.Tags), slices.Clone(closed.CustomFields)
}
