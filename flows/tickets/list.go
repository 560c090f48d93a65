// The tickets of what a record was matched to: searched for, and mended by the lists, which do not lag.

package tickets

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"

	"zsf/clients/transport"
	"zsf/clients/zendesk"
)

type (
	zendeskUser         = zendesk.User
	zendeskOrganization = zendesk.Organization
)

func idAndName(o zendeskOrganization) (int64, string) { return o.ID, o.Name }

func nameOf(u zendeskUser) string {
	switch {
	case u.Email == "":
		return u.Name
	case u.Name == "":
		return u.Email
	}
	return u.Name + " <" + u.Email + ">"
}

// Statuses are the kinds of status that a ticket can have, as it passes through them.
var Statuses = []string{"new", "open", "pending", "hold", "solved", "closed"}

// Priorities are those that a ticket can have, from the least; empty is none.
var Priorities = []string{"", "low", "normal", "high", "urgent"}

// A Sort is what tickets are ordered by.
type Sort string

// The orders: what changed or was made last first, the most urgent first, the newest status first.
const (
	ByUpdated  Sort = "updated"
	ByCreated  Sort = "created"
	ByPriority Sort = "priority"
	ByStatus   Sort = "status"
)

// Sorts are all of them.
var Sorts = []Sort{ByUpdated, ByCreated, ByPriority, ByStatus}

// A Query is which tickets to list. The zero Query is all unclosed ones, those that changed last first.
type Query struct {
	Statuses []string // only these; none: all but closed
	Custom   []int64  // only these of the account's own statuses, as StatusesOf finds them; with none of Statuses
	All      bool     // closed ones, too
	Sort     Sort
	Reversed bool
	Limit    int // 0: no limit
}

// A Person is a requester or an assignee.
type Person struct {
	ID          int64
	Name, Email string
}

// A Ticket is one line of a list.
type Ticket struct {
	zendesk.Ticket
	Requester Person
	Assignee  Person // ID 0: nobody
	Label     string // the account's own name of the status; empty: it has none
	URL       string // its page for agents
}

// A Left is what a list does not show.
type Left struct {
	What  string // closed, limit, lag
	Count int    // -1: nobody counted
}

// What a list can leave out.
const (
	LeftClosed = "closed"
	LeftLimit  = "limit"
	LeftLag    = "lag"   // what changed in the last minutes, as the search does not know it yet
	LeftTwice  = "twice" // nothing: the total may count a ticket twice, as not all of them were read
)

// A List is the tickets of a record.
type List struct {
	Tickets  []Ticket
	Total    int // that fit the query, shown or not
	NotShown []Left
	ReadAt   time.Time
	Newest   time.Time // when the last change was that the list could know of, shown or not
}

// gathered is what the calls of one list brought.
type gathered struct {
	searched zendesk.Tickets
	fresh    zendesk.Tickets // from the lists
	lags     bool            // a list is missing, so the search is as late as it is
	closed   int             // -1: not counted
	statuses []zendesk.CustomStatus
}

// List lists the tickets of a match: one round of calls, a second for more than a hundred tickets, and for names that did
// not come along.
func (d *Desk) List(ctx context.Context, match Match, query Query) (List, error) {
	if d.account == nil {
		return List{}, &transport.Error{Service: transport.Zendesk, Kind: transport.SignInMissing}
	}
	if len(match.Beside) > 0 {
		return d.listWide(ctx, match, query)
	}
	list := List{ReadAt: d.now()}
	if len(match.Targets) == 0 {
		return list, nil
	}
	got, err := d.gather(ctx, match, query)
	if err != nil {
		return List{}, err
	}
	list.Newest = newestOf(got.searched.Tickets, got.fresh.Tickets)
	beyond := got.searched.Total > len(got.searched.Tickets) && (query.Limit == 0 || query.Limit > len(got.searched.Tickets))
	if beyond { // the wall
		asked := searchFor(match, query)
		exported, err := d.account.ExportTickets(ctx, asked)
		d.note(transport.Zendesk, "search/export "+asked.String(), len(exported), err)
		if err != nil {
			return List{}, err
		}
		got.searched.Tickets, got.searched.Total, got.searched.More = exported, len(exported), false
	}
	rows, change := merge(got.searched, got.fresh, query)
	list.Total = max(got.searched.Total+change, len(rows))
	if got.lags || got.searched.More && !query.byLastChange() {
		list.NotShown = append(list.NotShown, Left{LeftLag, -1})
	}
	return d.finish(ctx, list, rows, query, got)
}

func newestOf(lists ...[]zendesk.Ticket) (newest time.Time) {
	for _, list := range lists {
		for i := range list {
			if list[i].UpdatedAt.After(newest) {
				newest = list[i].UpdatedAt
			}
		}
	}
	return newest
}

// gather makes the calls that need nothing of each other.
func (d *Desk) gather(ctx context.Context, match Match, query Query) (gathered, error) {
	got := gathered{closed: -1}
	var calls errgroup.Group
	calls.Go(func() (err error) {
		got.searched, err = d.searchAll(ctx, searchFor(match, query), query)
		return err
	})
	calls.Go(func() error {
		got.fresh, got.lags = d.freshest(ctx, match)
		return nil
	})
	if query.leavesOutClosed() {
		calls.Go(func() error {
			closed := searchFor(match, Query{Statuses: []string{"closed"}})
			count, err := d.account.CountTickets(ctx, closed)
			d.note(transport.Zendesk, "search/count "+closed.String(), count, err)
			if err == nil {
				got.closed = count
			}
			return nil // what is left out is told as far as it is known
		})
	}
	calls.Go(func() error {
		got.statuses, _ = d.account.CustomStatuses(ctx) // an account without them has no such resource
		return nil
	})
	err := calls.Wait()
	if err == nil {
		err = ctx.Err()
	}
	return got, err //nolint:wrapcheck // a service's own error
}

func (q Query) leavesOutClosed() bool { return !q.All && !slices.Contains(q.Statuses, "closed") }

// searchFor is the query in Zendesk's words.
func searchFor(match Match, query Query) zendesk.TicketQuery {
	asked := zendesk.TicketQuery{Statuses: query.Statuses, Custom: query.Custom, Unclosed: len(query.Statuses) == 0 && !query.All}
	for _, target := range match.Targets {
		if target.Kind == OfUser {
			asked.Requesters = append(asked.Requesters, target.ID)
		} else {
			asked.Organizations = append(asked.Organizations, target.ID)
		}
	}
	return asked
}

// searchAll reads the first page, then at once as many others as are wanted, up to the wall.
func (d *Desk) searchAll(ctx context.Context, asked zendesk.TicketQuery, query Query) (zendesk.Tickets, error) {
	by := map[Sort]string{"": "updated_at", ByUpdated: "updated_at", ByCreated: "created_at", ByPriority: "priority", ByStatus: "status"}[query.Sort]
	down := query.goesDown()
	all, err := d.account.SearchTickets(ctx, asked, by, down, 1, zendesk.SearchPage)
	d.note(transport.Zendesk, "search "+asked.String(), all.Total, err)
	if err != nil {
		return all, err
	}
	if query.Limit == 0 && all.Total > zendesk.SearchWall {
		all.More = true // an export reads all of them: the other pages would be read twice
		return all, nil
	}
	wanted := min(all.Total, zendesk.SearchWall)
	if query.Limit > 0 {
		wanted = min(wanted, query.Limit)
	}
	pages := (wanted + zendesk.SearchPage - 1) / zendesk.SearchPage
	others := make([]zendesk.Tickets, max(pages-1, 0))
	var calls errgroup.Group
	calls.SetLimit(4)
	for i := range others {
		calls.Go(func() (err error) {
			others[i], err = d.account.SearchTickets(ctx, asked, by, down, i+2, zendesk.SearchPage)
			var wall *zendesk.SearchWallError
			if errors.As(err, &wall) {
				return nil
			}
			return err
		})
	}
	if err := calls.Wait(); err != nil {
		return all, err //nolint:wrapcheck // a service's own error
	}
	for _, other := range others {
		all.Tickets, all.Users = append(all.Tickets, other.Tickets...), append(all.Users, other.Users...)
	}
	all.More = len(all.Tickets) < all.Total
	return all, nil
}

// freshest reads the first page of each target's list. It tells whether a list could not be had.
func (d *Desk) freshest(ctx context.Context, match Match) (all zendesk.Tickets, lags bool) {
	lists, failed := d.firstPages(ctx, match)
	for i, list := range lists {
		all.Tickets = append(all.Tickets, list.Tickets...)
		lags = lags || failed[i] != nil
	}
	return all, lags
}

// firstPages reads the first page of each target's list, those that changed last first. Each has an error of its own.
func (d *Desk) firstPages(ctx context.Context, match Match) (lists []zendesk.Tickets, failed []error) {
	lists, failed = make([]zendesk.Tickets, len(match.Targets)), make([]error, len(match.Targets))
	var calls errgroup.Group
	calls.SetLimit(4)
	for i, target := range match.Targets {
		calls.Go(func() error {
			what := "organizations/" + strconv.FormatInt(target.ID, 10) + "/tickets"
			if target.Kind == OfUser {
				what = "users/" + strconv.FormatInt(target.ID, 10) + "/tickets/requested"
				lists[i], failed[i] = d.account.RequestedTickets(ctx, target.ID, 1)
			} else {
				lists[i], failed[i] = d.account.OrganizationTickets(ctx, target.ID, 1)
			}
			d.note(transport.Zendesk, what, len(lists[i].Tickets), failed[i])
			return nil
		})
	}
	_ = calls.Wait() // each list has its own error
	return lists, failed
}

// merge puts what the lists say over what the search said, as the search is late by minutes. It tells by how many
// tickets the search's total is wrong. The rows stand where the searched ones stood: a list may be long.
func merge(searched, fresh zendesk.Tickets, query Query) (rows []zendesk.Ticket, change int) {
	whole := searched.Total <= len(searched.Tickets)
	var last time.Time
	if len(searched.Tickets) > 0 {
		last = searched.Tickets[len(searched.Tickets)-1].UpdatedAt
	}
	// Of a search that was not read to its end, only one by the last change tells what it does not know yet.
	late := func(ticket zendesk.Ticket) bool {
		return whole || query.byLastChange() && len(searched.Tickets) > 0 && ticket.UpdatedAt.After(last)
	}
	rows = searched.Tickets[:0]
	at := make(map[int64]int, len(searched.Tickets))
	for _, ticket := range searched.Tickets {
		if i, twice := at[ticket.ID]; twice { // pages of a search can overlap
			rows[i] = ticket
			continue
		}
		at[ticket.ID] = len(rows)
		rows = append(rows, ticket)
	}
	for _, ticket := range fresh.Tickets {
		i, known := at[ticket.ID]
		switch {
		case known && !ticket.UpdatedAt.Before(rows[i].UpdatedAt):
			rows[i] = ticket
		case !known && query.fits(ticket) && late(ticket):
			at[ticket.ID] = len(rows)
			rows = append(rows, ticket)
			if whole {
				change++
			}
		}
	}
	found := len(rows)
	rows = slices.DeleteFunc(rows, func(ticket zendesk.Ticket) bool { return !query.fits(ticket) })
	return rows, change - (found - len(rows)) // a search finds by what it knew, and may show what is so now
}

func (q Query) fits(ticket zendesk.Ticket) bool {
	if len(q.Statuses) > 0 {
		return slices.Contains(q.Statuses, ticket.Status)
	}
	if len(q.Custom) > 0 && !slices.Contains(q.Custom, ticket.CustomStatusID) {
		return false
	}
	return q.All || ticket.Status != "closed"
}

func (q Query) byLastChange() bool { return (q.Sort == ByUpdated || q.Sort == "") && !q.Reversed }

func (q Query) goesDown() bool { return (q.Sort != ByStatus) != q.Reversed }

func (q Query) order(a, b zendesk.Ticket) int {
	var by int
	switch q.Sort {
	case ByCreated:
		by = a.CreatedAt.Compare(b.CreatedAt)
	case ByPriority:
		by = cmp.Compare(slices.Index(Priorities, a.Priority), slices.Index(Priorities, b.Priority))
	case ByStatus:
		by = cmp.Compare(slices.Index(Statuses, a.Status), slices.Index(Statuses, b.Status))
	default:
		by = a.UpdatedAt.Compare(b.UpdatedAt)
	}
	if q.goesDown() {
		by = -by
	}
	return cmp.Or(by, cmp.Compare(b.ID, a.ID))
}

// finish sorts, cuts, and gives names to ids.
func (d *Desk) finish(ctx context.Context, list List, rows []zendesk.Ticket, query Query, got gathered) (List, error) {
	slices.SortFunc(rows, query.order)
	if query.Limit > 0 && len(rows) > query.Limit {
		rows = rows[:query.Limit]
	}
	if left := list.Total - len(rows); left > 0 && query.Limit > 0 {
		list.NotShown = append(list.NotShown, Left{LeftLimit, left})
	}
	if query.leavesOutClosed() && got.closed != 0 {
		list.NotShown = append(list.NotShown, Left{LeftClosed, got.closed})
	}
	people, err := d.people(ctx, rows, got.searched.Users)
	if err != nil {
		return List{}, err
	}
	labels := labelsOf(got.statuses)
	if len(rows) > 0 {
		list.Tickets = make([]Ticket, 0, len(rows))
	}
	for _, row := range rows {
		row.Tags = nil // no list shows them, and of many tickets they are much
		list.Tickets = append(list.Tickets, d.ticket(row, people, labels))
	}
	return list, nil
}

func (d *Desk) ticket(row zendesk.Ticket, people map[int64]Person, labels map[int64]string) Ticket {
	return Ticket{
		Ticket: row, Requester: people[row.RequesterID], Assignee: people[row.AssigneeID], Label: labels[row.CustomStatusID],
		URL: d.account.URL() + "/agent/tickets/" + strconv.FormatInt(row.ID, 10),
	}
}

// labelsOf are the account's own names of statuses. The default of each kind is the kind itself.
func labelsOf(statuses []zendesk.CustomStatus) map[int64]string {
	labels := map[int64]string{}
	for _, status := range statuses {
		if !status.Default {
			labels[status.ID] = status.AgentLabel
		}
	}
	return labels
}

// people are the users in tickets. Those that did not come along are asked for; one that cannot be had is an id.
func (d *Desk) people(ctx context.Context, rows []zendesk.Ticket, came []zendesk.User) (map[int64]Person, error) {
	people := map[int64]Person{}
	for _, user := range came {
		people[user.ID] = Person{user.ID, user.Name, user.Email}
	}
	var missing []int64
	for _, row := range rows {
		for _, id := range []int64{row.RequesterID, row.AssigneeID} {
			if _, known := people[id]; !known && id != 0 {
				people[id] = Person{ID: id}
				missing = append(missing, id)
			}
		}
	}
	if len(missing) == 0 {
		return people, nil
	}
	users, err := d.account.Users(ctx, missing)
	d.note(transport.Zendesk, "users/show_many", len(users), err)
	for _, user := range users {
		people[user.ID] = Person{user.ID, user.Name, user.Email}
	}
	return people, ctx.Err() //nolint:wrapcheck // the caller's own
}
