package zendesk

import (
	"slices"
	"time"
)

// A standing is what a ticket's place in an order follows from, had without making the ticket.
type standing struct {
	created, updated time.Time
	status, subject  string
	requester        int64
	archived         bool
}

func (a *Account) standing(n int) standing {
	if len(a.tickets.since[n]) > 0 {
		t := a.ticket(n)
		return standing{t.CreatedAt, t.UpdatedAt, t.Status, t.Subject, t.RequesterID, false}
	}
	t := a.seed.Ticket(n)
	return standing{t.CreatedAt, t.UpdatedAt, t.Status, t.Subject, contactID(t.Contact), t.Archived}
}

// rank puts tickets in order. The order of all of the account's is kept until one changes.
func (a *Account) rank(by string, tickets ticketList) []ranked {
	if kept, found := a.tickets.ordered[by]; tickets.all && found {
		return kept
	}
	var all []ranked
	for n := range tickets.numbers {
		if t := a.standing(n); (tickets.archived || !t.archived) && !a.tickets.gone[int64(n)+1] {
			all = append(all, ranked{n, a.place(by, n, t)})
		}
	}
	if by != "id" {
		slices.SortFunc(all, func(one, other ranked) int { return one.at.compare(other.at) })
	}
	if tickets.all {
		if a.tickets.ordered == nil {
			a.tickets.ordered = map[string][]ranked{}
		}
		a.tickets.ordered[by] = all
	}
	return all
}

// place is where ticket n stands; by is what the vendor's reference lets lists be sorted by.
func (a *Account) place(by string, n int, t standing) position {
	id := int64(n) + 1
	switch by {
	case "updated_at":
		return position{t.updated.Unix(), id}
	case "created_at":
		return position{t.created.Unix(), id}
	case "status":
		return position{int64(slices.Index(statuses, t.status)), id}
	case "subject":
		return position{t.subject, id}
	case "requester":
		return position{t.requester, id}
	case "requester.name":
		u, _ := a.users.find(t.requester)
		return position{u.Name, id}
	case "assignee":
		return position{int64(a.ticket(n).AssigneeID), id}
	}
	return position{id}
}
