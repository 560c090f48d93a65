// What changes while one looks: news are asked for at a pace that the account can bear, and a pane that nobody
// looks at asks for none.

package tickets

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"zsf/clients/transport"
	"zsf/flows/tickets"
)

// live is how far what is shown is up to date.
type live struct {
	pace   tickets.Pace
	asking request
	next   time.Time // when to ask again; zero: nobody knows yet, or nobody does
	at     time.Time // when all that is shown held last
	mended time.Time // when tickets in view were asked for by themselves
	err    error     // why the last look failed; nil: it did not
	away   time.Time // since when the terminal is not in front; zero: it is
}

// news are the answer of a look for what changed.
type news struct {
	tickets.News
	err error
}

// patience is how long a pane that is not in front goes on asking.
const patience = 2 * time.Minute

// stale is how old what is shown may be before a key asks for news.
const stale = 15 * time.Second

func (l *live) fail(err error) {
	if transport.KindOf(err) == transport.Canceled {
		return
	}
	l.err = err
}

func (l *live) well(at time.Time) { l.err, l.at = nil, at }

// isPaused tells that the pane asks for nothing, as nobody looks at it.
func (m *Model) isPaused() bool {
	return !m.live.away.IsZero() && m.now.Sub(m.live.away) >= patience
}

// watchIn asks for news after a while. What stands for nothing in the account has none.
func (m *Model) watchIn(pause time.Duration) {
	m.live.next = m.now.Add(pause)
	if m.live.err == nil && m.about.match.Nothing() {
		m.live.next = time.Time{}
	}
}

// watch asks for news where it is time: each second somebody asks this.
func (m *Model) watch() tea.Cmd {
	l := &m.live
	if m.place == searching || l.next.IsZero() || m.now.Before(l.next) || m.isPaused() || l.asking.runs() || m.list.loading.runs() || m.search.opening.runs() {
		return nil
	}
	return m.look()
}

// look asks for news now; for the list itself, where none was read yet.
func (m *Model) look() tea.Cmd {
	l := &m.live
	switch {
	case m.about.match.Nothing() || m.list.remembered: // what it is matched to is not known, or not for sure
		return m.open(m.about.record.ID)
	case m.list.table == nil:
		return m.reload()
	}
	l.next = time.Time{}
	work, match, table, since, inView := m.options.Desk, m.about.match, m.list.table, m.list.newest, m.inView()
	return m.ask(&l.asking, func(ctx context.Context) tea.Msg {
		read, err := work.Fresh(ctx, match, table.known(inView), since)
		return news{read, err}
	})
}

// mendEach is how often tickets in view are asked for by themselves.
const mendEach = 30 * time.Second

// inView are the tickets in view, where it is time to ask for them by themselves.
func (m *Model) inView() []int64 {
	l := &m.list
	if m.now.Sub(m.live.mended) < mendEach {
		return nil
	}
	m.live.mended = m.now
	from, to := l.rows.Window()
	ids := make([]int64, 0, to-from+1)
	for i := from; i < to && i < len(l.shown); i++ {
		ids = append(ids, l.table.rows[l.shown[i]].id)
	}
	return ids
}

// heard takes in what changed. The ticket that is open is read again where it did.
func (m *Model) heard(message news) tea.Cmd {
	l := &m.live
	pause := l.pace.Next(message.News, message.err)
	if message.err != nil {
		l.fail(message.err)
		m.watchIn(pause)
		return nil
	}
	l.well(message.ReadAt)
	m.list.newest = message.Newest
	m.watchIn(pause)
	if !message.Happened() {
		return nil
	}
	again := false
	for i := range message.Tickets {
		ticket := &message.Tickets[i]
		if known := m.list.table.get(ticket.ID); known == nil {
			if ticket.Status == "closed" && !m.list.view.All {
				continue
			}
			m.list.marks[ticket.ID] = isNew
			m.list.total++
		} else if m.list.marks[ticket.ID] != isNew {
			m.list.marks[ticket.ID] = isChanged
		}
		again = again || ticket.ID == m.talk.id
		m.list.pending = append(m.list.pending, change{ticket: *ticket})
	}
	for _, id := range message.Gone {
		again = again || id == m.talk.id
		if id == m.list.chosen {
			m.list.marks[id] = isGone // it stays until the cursor leaves it
			continue
		}
		m.list.pending = append(m.list.pending, change{gone: id})
		delete(m.list.marks, id)
		delete(m.list.picked, id)
		m.list.total = max(m.list.total-1, 0)
	}
	if again {
		m.talk.stale = true
	}
	return tea.Batch(m.arrange(), m.read())
}

// hurry asks for news soon where somebody is at the keys and what is shown is old.
func (m *Model) hurry() {
	l := &m.live
	soon := l.at.Add(max(stale, tickets.Rest(len(m.about.match.Targets))))
	if l.err == nil && !l.at.IsZero() && l.next.After(soon) {
		l.pace.Hurry()
		l.next = soon
	}
}

// inFront goes on where the terminal is looked at again.
func (m *Model) inFront() tea.Cmd {
	paused := m.isPaused()
	m.live.away = time.Time{}
	if !paused || m.place == searching || m.ctx == nil || m.ctx.Err() != nil {
		return nil
	}
	m.live.pace.Hurry()
	m.live.next = m.now
	return m.watch()
}

// written looks at once at what was made or changed.
func (m *Model) written(message Written) tea.Cmd {
	for _, id := range message.IDs {
		if id == m.talk.id {
			m.talk.stale = true
		}
	}
	m.list.picked = map[int64]bool{}
	m.live.pace.Hurry()
	if m.place == searching {
		return nil
	}
	return tea.Batch(m.look(), m.read())
}
