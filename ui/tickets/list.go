// The list of a record's tickets: loading it as one scrolls, arranging it, and moving through it.

package tickets

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"zsf/flows/tickets"
	"zsf/ui/parts"
)

// list is the tickets that are loaded, and which of them are shown.
type list struct {
	table      *table
	next       *table  // read, and not arranged yet: what is shown are still rows of the table before; nil: none
	shown      []int32 // the rows in view, in order
	rows       parts.List
	moved      bool  // somebody went through it
	toEnd      bool  // somebody wants the last ticket, which is not loaded yet
	chosen     int64 // the ticket under the cursor
	counted    facets
	total      int // that there are, loaded or not
	notShown   []tickets.Left
	readAt     time.Time
	newest     time.Time // when the last change was that is known of
	limit      int       // how many were asked for; 0: all
	remembered bool      // what is shown was seen another day, and nothing was read yet
	err        error

	view   View
	field  parts.Field // the words to filter by
	typing bool        // the keys go to the field
	marks  map[int64]mark
	picked map[int64]bool
	newAt  []int // where the new ones are, in order

	loading   request
	arranging request
	arrange   wish
	pending   []change // that no table has yet
}

// A mark says what became of a ticket since somebody last looked at it.
type mark int

const (
	isNew mark = iota + 1
	isChanged
	isGone
)

// A wish is what the arrangement under way is of.
type wish struct {
	pending int  // how many changes it takes in
	top     bool // it shows the list from its top
}

// How many tickets are loaded: at first, when one scrolls to their end, and then all.
const (
	fewest = 100
	more   = 1000
	all    = 0
)

// The answers of the list's requests.
type (
	listed struct {
		list  tickets.List
		table *table
		limit int
		marks map[int64]mark
		err   error
	}
	arranged struct {
		table   *table
		shown   []int32
		counted facets
		newAt   []int
		wish    wish
	}
)

// enterList shows the list of another record.
func (m *Model) enterList() {
	m.place = listing
	m.list = list{view: m.list.view, marks: map[int64]mark{}, picked: map[int64]bool{}}
	m.talk.leave()
	m.live = live{away: m.live.away}
	m.fit()
}

// load reads the list. What is new or changed against the one that is shown is marked where again is true.
func (m *Model) load(limit int, again bool) tea.Cmd {
	work, match, query, before := m.options.Desk, m.about.match, m.list.view.query(limit), m.list.table
	memory, record, part := m.options.Memory, m.about.record, len(match.Targets) < len(m.about.all)
	again = (again || m.list.remembered) && before.len() > 0
	return m.ask(&m.list.loading, func(ctx context.Context) tea.Msg {
		read, err := work.List(ctx, match, query)
		if err != nil {
			return listed{err: err}
		}
		next := newTable(read.Tickets)
		answer := listed{list: read, table: next, limit: limit}
		if again {
			answer.marks = next.against(before)
		}
		if !part {
			_ = memory.Keep(ctx, tickets.Seen{Record: record, Match: match, List: read}) // the look that opened it said why not
		}
		answer.list.Tickets = nil // the table has them
		return answer
	})
}

// against tells what is new or changed in a table, compared to the one before.
func (t *table) against(before *table) map[int64]mark {
	marks := map[int64]mark{}
	for i := range t.rows {
		switch r, known := &t.rows[i], before.get(t.rows[i].id); {
		case known == nil:
			marks[r.id] = isNew
		case known.updated < r.updated:
			marks[r.id] = isChanged
		}
	}
	return marks
}

// reload reads the list again, as far as it was read.
func (m *Model) reload() tea.Cmd {
	limit := m.list.limit
	if m.list.table == nil {
		limit = fewest
	}
	return m.load(limit, true)
}

func (m *Model) listed(message listed) tea.Cmd {
	if message.err != nil {
		m.live.fail(message.err)
		if m.list.table == nil {
			m.list.err = message.err
		}
		m.watchIn(m.live.pace.Next(tickets.News{}, message.err))
		return nil
	}
	if message.table == nil { // nothing in the account stands for the record
		m.list.table, m.list.next, m.list.shown, m.list.remembered = nil, nil, nil, false
		m.live.well(m.now)
		return nil
	}
	for id, mark := range message.marks {
		m.list.marks[id] = mark
	}
	m.list.take(message.list, message.table, message.limit != all)
	if m.list.remembered && !m.list.moved {
		m.list.arrange.top = true // nobody has begun to read yet
	}
	m.list.limit, m.list.remembered = message.limit, false
	m.live.well(message.list.ReadAt)
	m.watchIn(m.live.pace.Next(tickets.News{Calls: len(m.about.match.Targets)}, nil))
	return m.arrange()
}

// take makes a list that was read the one that is shown, as soon as it is arranged.
func (l *list) take(read tickets.List, table *table, partly bool) {
	l.total, l.notShown, l.readAt, l.newest, l.err = read.Total, read.NotShown, read.ReadAt, read.Newest, nil
	if l.next = table; len(l.shown) == 0 {
		l.table, l.next = table, nil
	}
	if !partly {
		l.total = table.len()
	}
}

// whole tells whether all tickets are loaded.
func (l *list) whole() bool { return l.table != nil && l.newestTable().len() >= l.total }

// newestTable is the one that was read last.
func (l *list) newestTable() *table { return cmp.Or(l.next, l.table) }

// arrange filters and orders the tickets anew, with what changed meanwhile, off the screen.
func (m *Model) arrange() tea.Cmd {
	l := &m.list
	if l.table == nil {
		return nil
	}
	table, changes, view, text, wanted := l.newestTable(), slices.Clone(l.pending), l.view, l.field.Value(), wish{len(l.pending), l.arrange.top}
	l.arrange = wanted
	var keep int64
	if !wanted.top && m.list.current() != nil {
		keep = l.chosen
	}
	var fresh []int64
	for id, mark := range l.marks {
		if mark == isNew {
			fresh = append(fresh, id)
		}
	}
	return m.ask(&l.arranging, func(ctx context.Context) tea.Msg {
		table := table.with(changes)
		shown, counted, done := table.arrange(ctx, view, text, keep)
		if !done {
			return nil // another arrangement is wanted by now
		}
		return arranged{table, shown, counted, table.places(shown, fresh), wanted}
	})
}

// places are where tickets stand in an order.
func (t *table) places(shown []int32, ids []int64) []int {
	if len(ids) == 0 {
		return nil
	}
	wanted := make(map[int64]bool, len(ids))
	for _, id := range ids {
		wanted[id] = true
	}
	var places []int
	for place, i := range shown {
		if wanted[t.rows[i].id] {
			places = append(places, place)
		}
	}
	return places
}

// arranged shows the tickets in their new order. The line under the cursor stays where it is on the screen.
func (m *Model) arranged(message arranged) tea.Cmd {
	l := &m.list
	l.pending = l.pending[min(message.wish.pending, len(l.pending)):]
	l.next = nil // it was arranged from there
	l.table, l.shown, l.counted, l.newAt, l.arrange = message.table, message.shown, message.counted, message.newAt, wish{}
	if !l.loading.runs() && l.whole() {
		l.total = l.table.len()
	}
	at := -1
	if !message.wish.top {
		at = l.find(l.chosen)
	}
	switch {
	case message.wish.top:
		l.rows.Fit(len(l.shown), m.listHeight(), nil)
		l.rows.Home()
	case at >= 0:
		l.rows.Hold(len(l.shown), at)
	case l.chosen != 0 && l.table.get(l.chosen) == nil:
		m.say("pane.not-listed", "Number", number(l.chosen))
	}
	m.fit()
	if l.toEnd {
		l.rows.End()
		l.toEnd = !l.whole()
	}
	return tea.Batch(m.follow(), m.loadMore())
}

// find is where a ticket is shown; -1 where it is not.
func (l *list) find(id int64) int {
	if l.table.get(id) == nil {
		return -1
	}
	return slices.IndexFunc(l.shown, func(i int32) bool { return l.table.rows[i].id == id })
}

// current is the row under the cursor; nil where there is none.
func (l *list) current() *row {
	if at := l.rows.Cursor(); at >= 0 && at < len(l.shown) {
		return &l.table.rows[l.shown[at]]
	}
	return nil
}

// follow makes the ticket under the cursor the chosen one. One that somebody looked at is new no longer.
func (m *Model) follow() tea.Cmd {
	l := &m.list
	r := l.current()
	if r == nil || r.id == l.chosen {
		if r == nil {
			l.chosen = 0
		}
		return m.read()
	}
	left := l.chosen
	l.chosen = r.id
	return tea.Batch(m.leaveRow(left), m.read())
}

// leaveRow drops the mark of a ticket that the cursor left, and the ticket itself, where it stood there only because
// somebody looked at it.
func (m *Model) leaveRow(id int64) tea.Cmd {
	l := &m.list
	gone := l.marks[id] == isGone
	delete(l.marks, id)
	if gone {
		l.pending = append(l.pending, change{gone: id})
		l.total = max(l.total-1, 0)
		delete(l.picked, id)
	}
	left := l.table.get(id)
	if gone || left != nil && !l.view.fits(left, sought(l.field.Value())) {
		return m.arrange()
	}
	return nil
}

// loadMore goes on loading where one has scrolled to the end of what is loaded, or looks for something in all of it.
func (m *Model) loadMore() tea.Cmd {
	l := &m.list
	if l.table == nil || l.whole() || l.loading.runs() || l.remembered || m.live.err != nil {
		return nil
	}
	_, to := l.rows.Window()
	near := to >= len(l.shown)
	filters := l.view.Filters() || strings.TrimSpace(l.field.Value()) != ""
	switch {
	case !near && !filters:
		return nil
	case l.limit == fewest && !filters && l.total > more && !l.toEnd:
		return m.load(more, false)
	}
	return m.load(all, false)
}

// move goes through the list.
func (m *Model) move(key string) tea.Cmd {
	m.list.moved, m.list.toEnd = true, (key == "end" || key == "G") && !m.list.whole()
	m.list.rows.Press(key)
	return tea.Batch(m.follow(), m.loadMore())
}

// filtered shows what fits the words that are typed.
func (m *Model) filtered() tea.Cmd {
	m.list.arrange.top = true
	return m.arrange()
}

// changeView shows other tickets, or another order, and keeps that for the profile. Closed ones have to be read first,
// and so has another order where not all tickets are loaded.
func (m *Model) changeView(change func(*View)) tea.Cmd {
	l := &m.list
	before := l.view
	change(&l.view)
	l.arrange.top = true
	commands := []tea.Cmd{m.keepView()}
	reorders := before.Sort != l.view.Sort || before.Reversed != l.view.Reversed
	if before.All != l.view.All || reorders && !l.whole() {
		if before.All != l.view.All {
			l.limit = fewest
		}
		commands = append(commands, m.load(l.limit, false))
	}
	return tea.Batch(append(commands, m.arrange())...)
}

func (m *Model) keepView() tea.Cmd {
	if m.options.KeepView == nil {
		return nil
	}
	ctx, keep, view := m.ctx, m.options.KeepView, m.list.view
	return parts.Do(m.call(), func() tea.Msg { return viewKept{keep(ctx, view)} })
}
