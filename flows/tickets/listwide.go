// The tickets of a match that reaches beyond the record itself.

package tickets

import (
	"context"
	"slices"

	"golang.org/x/sync/errgroup"

	"zsf/clients/transport"
	"zsf/clients/zendesk"
)

// mostTerms is how many organizations or users one search is asked for.
const mostTerms = 100

// groups are the searches for what stands beside the record: organizations and requesters narrow each other in one search,
// so each has its own.
func (m Match) groups() []Match {
	kinds := map[string][]Target{}
	for _, one := range m.Beside {
		kinds[one.Kind] = append(kinds[one.Kind], one.Target)
	}
	var groups []Match
	for _, kind := range []string{OfOrganization, OfUser} {
		for part := range slices.Chunk(kinds[kind], mostTerms) {
			groups = append(groups, Match{Targets: part})
		}
	}
	return groups
}

// listWide lists the record's own tickets and those beside them, each once, in one round. What is beside is searched for
// only: a list for each contact would be a call for each.
func (d *Desk) listWide(ctx context.Context, match Match, query Query) (List, error) {
	groups := match.groups()
	found := make([]zendesk.Tickets, len(groups))
	match.Beside = nil
	var own List
	var statuses []zendesk.CustomStatus
	var calls errgroup.Group
	calls.Go(func() (err error) {
		own, err = d.List(ctx, match, query)
		return err
	})
	calls.Go(func() error {
		statuses, _ = d.account.CustomStatuses(ctx) // an account without them has no such resource
		return nil
	})
	for i, group := range groups {
		calls.Go(func() (err error) {
			found[i], err = d.searchGroup(ctx, group, query)
			return err
		})
	}
	if err := calls.Wait(); err != nil {
		return List{}, err //nolint:wrapcheck // a service's own error
	}
	return d.joinLists(ctx, own, found, statuses, query)
}

// searchGroup searches, beyond the wall where all is wanted.
func (d *Desk) searchGroup(ctx context.Context, group Match, query Query) (zendesk.Tickets, error) {
	asked := searchFor(group, query)
	found, err := d.searchAll(ctx, asked, query)
	if err == nil && query.Limit == 0 && found.More {
		found.Tickets, err = d.account.ExportTickets(ctx, asked)
		d.note(transport.Zendesk, "search/export "+asked.String(), len(found.Tickets), err)
		found.Total, found.More = len(found.Tickets), false
	}
	return found, err
}

// joinLists puts a record's own list and what was found beside it into one.
func (d *Desk) joinLists(ctx context.Context, own List, found []zendesk.Tickets, statuses []zendesk.CustomStatus, query Query) (List, error) {
	list := List{Tickets: own.Tickets, Total: own.Total, ReadAt: own.ReadAt}
	if list.ReadAt.IsZero() {
		list.ReadAt = d.now()
	}
	known := map[int64]bool{}
	for _, ticket := range own.Tickets {
		known[ticket.ID] = true
	}
	whole := len(own.Tickets) == own.Total
	var rows []zendesk.Ticket
	var came []zendesk.User
	for _, some := range found {
		list.Total += some.Total
		whole = whole && !some.More
		came = append(came, some.Users...)
		for _, row := range some.Tickets {
			switch {
			case known[row.ID], !query.fits(row):
				list.Total--
			default:
				known[row.ID] = true
				rows = append(rows, row)
			}
		}
	}
	list.Newest = own.Newest
	if newest := newestOf(rows); newest.After(list.Newest) {
		list.Newest = newest
	}
	if !whole && list.ReadAt.After(list.Newest) {
		list.Newest = list.ReadAt // what was not read is no news
	}
	people, err := d.people(ctx, rows, came)
	if err != nil {
		return List{}, err
	}
	labels := labelsOf(statuses)
	for _, row := range rows {
		list.Tickets = append(list.Tickets, d.ticket(row, people, labels))
	}
	slices.SortFunc(list.Tickets, func(a, b Ticket) int { return query.order(a.Ticket, b.Ticket) })
	if query.Limit > 0 && len(list.Tickets) > query.Limit {
		list.Tickets = list.Tickets[:query.Limit]
	}
	list.NotShown = append(list.NotShown, Left{LeftLag, -1})
	if left := list.Total - len(list.Tickets); left > 0 {
		list.NotShown = append(list.NotShown, Left{LeftLimit, left})
	}
	if !whole {
		list.NotShown = append(list.NotShown, Left{LeftTwice, -1})
	}
	if query.leavesOutClosed() {
		list.NotShown = append(list.NotShown, Left{LeftClosed, -1}) // those of both would be counted twice
	}
	return list, nil
}
