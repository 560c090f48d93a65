// What changed since a list was read: the first page of each target's list tells, as the lists do not lag.

package tickets

import (
	"context"
	"iter"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"zsf/clients/transport"
	"zsf/clients/zendesk"
)

// A Known is a ticket as a list shows it.
type Known struct {
	ID        int64
	UpdatedAt time.Time
	Closed    bool
	InView    bool // somebody looks at it: it is asked for by itself, where the lists do not reach so far back
}

// News is what changed.
type News struct {
	Tickets []Ticket  // new to the list or changed; of closed ones, those that the list shows
	Gone    []int64   // deleted, or no longer of any target
	Calls   int       // that it took
	Newest  time.Time // when the last change was
	ReadAt  time.Time
}

// Happened tells whether anything did.
func (n News) Happened() bool { return len(n.Tickets)+len(n.Gone) > 0 }

// Fresh tells what is new, changed or gone since a list was read: a call for each target, one for each hundred that stand
// beside them, and one more where something happened, for names. Tickets that are not known and changed before since,
// which is the list's Newest, are no news: the list left them out. What changed before the last hundred changes is not
// looked at again, but for what is in view, in one call more for at most a hundred of them. A list that fails is an error, as without it nobody can tell what is gone.
func (d *Desk) Fresh(ctx context.Context, match Match, known iter.Seq[Known], since time.Time) (News, error) {
	if d.account == nil {
		return News{}, &transport.Error{Service: transport.Zendesk, Kind: transport.SignInMissing}
	}
	groups := match.groups()
	news := News{Calls: len(match.Targets) + len(groups), ReadAt: d.now(), Newest: since}
	lists, err := d.lastChanged(ctx, match, groups)
	if err != nil {
		return news, err
	}
	newest, whole := union(lists)
	for _, ticket := range newest {
		if ticket.UpdatedAt.After(news.Newest) {
			news.Newest = ticket.UpdatedAt
		}
	}
	changed := map[int64]bool{}
	var beyond []Known
	for one := range known {
		ticket, listed := newest[one.ID]
		switch {
		case listed:
			changed[one.ID] = ticket.UpdatedAt.After(one.UpdatedAt)
		case len(groups) == 0 && !one.Closed && one.UpdatedAt.After(whole): // a closed one may have gone to the archive
			news.Gone = append(news.Gone, one.ID)
		case one.InView && len(beyond) < mostBeyond:
			beyond = append(beyond, one)
		}
	}
	if err := d.lookBeyond(ctx, beyond, newest, changed, &news); err != nil {
		return news, err
	}
	var rows []zendesk.Ticket
	for id, ticket := range newest {
		again, there := changed[id]
		if again || !there && ticket.Status != "closed" && !ticket.UpdatedAt.Before(since) {
			rows = append(rows, ticket)
		}
	}
	if len(rows) == 0 {
		return news, nil
	}
	people, err := d.people(ctx, rows, nil)
	if err != nil {
		return news, err
	}
	news.Calls++
	names := d.statusLabels(ctx)
	for _, row := range rows {
		news.Tickets = append(news.Tickets, d.ticket(row, people, names))
	}
	return news, nil
}

// mostBeyond is how many tickets one call asks for.
const mostBeyond = 100

// lookBeyond asks for tickets that no list tells of.
func (d *Desk) lookBeyond(ctx context.Context, beyond []Known, newest map[int64]zendesk.Ticket, changed map[int64]bool, news *News) error {
	if len(beyond) == 0 {
		return nil
	}
	ids := make([]int64, len(beyond))
	for i, one := range beyond {
		ids[i] = one.ID
	}
	found, err := d.account.TicketsByID(ctx, ids)
	d.note(transport.Zendesk, "tickets/show_many", len(found), err)
	news.Calls++
	if err != nil {
		return err
	}
	for _, ticket := range found {
		newest[ticket.ID] = ticket
	}
	for _, one := range beyond {
		if ticket, there := newest[one.ID]; there {
			changed[one.ID] = ticket.UpdatedAt.After(one.UpdatedAt)
		} else {
			news.Gone = append(news.Gone, one.ID)
		}
	}
	return nil
}

// lastChanged reads what changed last of each target, by its list, and of what stands beside them, by a search.
func (d *Desk) lastChanged(ctx context.Context, match Match, groups []Match) ([]zendesk.Tickets, error) {
	found := make([]zendesk.Tickets, len(groups))
	var calls errgroup.Group
	for i, group := range groups {
		calls.Go(func() (err error) {
			asked := searchFor(group, Query{All: true})
			found[i], err = d.account.SearchTickets(ctx, asked, "updated_at", true, 1, zendesk.SearchPage)
			d.note(transport.Zendesk, "search "+asked.String(), len(found[i].Tickets), err)
			return err
		})
	}
	lists, failed := d.firstPages(ctx, match)
	if err := calls.Wait(); err != nil {
		return nil, err //nolint:wrapcheck // a service's own error
	}
	for _, err := range failed {
		if err != nil {
			return nil, err
		}
	}
	return append(lists, found...), nil
}

// union is what the lists hold together, and since when they hold everything that changed.
func union(lists []zendesk.Tickets) (newest map[int64]zendesk.Ticket, whole time.Time) {
	newest = map[int64]zendesk.Ticket{}
	for _, list := range lists {
		for _, ticket := range list.Tickets {
			if before, twice := newest[ticket.ID]; !twice || ticket.UpdatedAt.After(before.UpdatedAt) {
				newest[ticket.ID] = ticket
			}
		}
		if last := len(list.Tickets) - 1; list.More && last >= 0 && list.Tickets[last].UpdatedAt.After(whole) {
			whole = list.Tickets[last].UpdatedAt
		}
	}
	return newest, whole
}

// labels are the account's own names of statuses, and when they were read.
type labels struct {
	sync.Mutex
	names map[int64]string
	at    time.Time
}

// labelsHold is how long the names of statuses are taken for true.
const labelsHold = 10 * time.Minute

// statusLabels reads the names of statuses, unless it did a short while ago.
func (d *Desk) statusLabels(ctx context.Context) map[int64]string {
	d.labels.Lock()
	defer d.labels.Unlock()
	if d.labels.names != nil && d.now().Sub(d.labels.at) < labelsHold {
		return d.labels.names
	}
	statuses, err := d.account.CustomStatuses(ctx) // an account without them has no such resource
	if err != nil && transport.KindOf(err) != transport.NotFound {
		return d.labels.names
	}
	d.labels.names, d.labels.at = labelsOf(statuses), d.now()
	return d.labels.names
}
