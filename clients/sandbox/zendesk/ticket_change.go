package zendesk

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// A TicketChange is what somebody else does to a ticket.
type TicketChange struct {
	ID         int64          `json:"id"`          // 0: a new one
	By         string         `json:"by"`          // the e-mail of somebody in the team; empty: an agent who is not signed in
	Set        map[string]any `json:"set"`         // as an update sends it: {"status":"pending","comment":{"body":"…","public":true}}
	MergedInto int64          `json:"merged_into"` // the ticket that it is closed in favour of
	Deleted    bool           `json:"deleted"`
}

// changeTicket is as if it came later than whatever was read before, though it be within the same second.
func (a *Account) changeTicket(c TicketChange) error {
	by, found := a.users.ofEmail(cmp.Or(c.By, staff[adminCount].email+staffDomain))
	if !found {
		return fmt.Errorf("by %q: %w", c.By, ErrNoSuchChange)
	}
	before, found := a.findTicket(c.ID)
	if !found && c.ID != 0 {
		return fmt.Errorf("ticket %d: %w", c.ID, ErrNoSuchChange)
	}
	switch {
	case c.Deleted:
		a.deleteTicket(nil, before)
		return nil
	case c.MergedInto != 0:
		a.merge(by.ID, before, c.MergedInto, "", false)
	default:
		body, err := encode(map[string]any{"ticket": c.Set})
		if err != nil {
			return fmt.Errorf("ticket %d: %w", c.ID, err)
		}
		other := &call{user: &by, body: body, action: "tickets/update"}
		change := func() answer { return a.updateTicket(other, before) }
		if c.ID == 0 {
			change = func() answer { return a.createTicket(other) }
		}
		said := change()
		if said.status >= http.StatusBadRequest {
			return fmt.Errorf("ticket %d: %s: %w", c.ID, strings.TrimSpace(jsonOf(said.body)), ErrNoSuchChange)
		}
	}
	if c.ID != 0 {
		a.touchedAfter(before)
	}
	return nil
}

// touchedAfter makes a change show in updated_at, which has whole seconds.
func (a *Account) touchedAfter(before ticket) {
	n := int(before.ID - 1)
	last := len(a.tickets.since[n]) - 1
	now := &a.tickets.since[n][last]
	if !now.UpdatedAt.After(before.UpdatedAt) {
		now.UpdatedAt = before.UpdatedAt.Add(time.Second)
	}
	a.tickets.ordered = nil
}

// changeTickets makes changes one after the other, and ends with the first that is refused.
func (a *Account) changeTickets(all []TicketChange) error {
	for _, one := range all {
		if err := a.changeTicket(one); err != nil {
			return err
		}
	}
	return nil
}
