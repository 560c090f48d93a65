// The search for a record: what was looked at last, then what the words that are typed may mean.

package tickets

import (
	"context"
	"errors"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"zsf/flows/flow"
	"zsf/flows/tickets"
	"zsf/ui/parts"
)

// search is a field and what it finds.
type search struct {
	field     parts.Field
	recent    []tickets.Hit
	recentErr error
	hits      []tickets.Hit
	sought    string // the words that the hits are to
	more      bool   // there may be others
	list      parts.List
	err       error // why what was named cannot be shown

	hitting     request
	recalling   request
	lately      request // what was looked at last, as it was known here
	opening     request
	remembering request
}

// The answers of the search's requests.
type (
	lately  struct{ hits []tickets.Hit }
	recents struct {
		hits []tickets.Hit
		err  error
	}
	waited struct{ words string }
	hits   struct {
		words string
		hits  []tickets.Hit
		err   error
	}
	found struct {
		tickets.Found
		table *table
		err   error
		kept  error // why it is not kept for the next time
	}
	remembered struct {
		seen  tickets.Seen
		table *table
		ok    bool
	}
)

// typingPause is how long nobody types before the words are looked up.
const typingPause = 200 * time.Millisecond

// recent asks what was looked at last. What was known of it here is shown meanwhile, and where nobody answers.
func (m *Model) recent() tea.Cmd {
	work, memory, clock := m.options.Desk, m.options.Memory, m.options.Clock
	command := m.ask(&m.search.recalling, func(ctx context.Context) tea.Msg {
		found, err := work.Recent(ctx)
		if err == nil {
			_ = memory.KeepRecent(ctx, found, clock.Now()) // a look at a record says why nothing is kept
		}
		return recents{found, err}
	})
	if memory == nil || m.search.recent != nil {
		return command
	}
	return tea.Batch(command, m.ask(&m.search.lately, func(ctx context.Context) tea.Msg {
		known, _ := memory.RecallRecent(ctx)
		return lately{known}
	}))
}

// recalledRecent shows what was looked at last, unless the newest was told already.
func (m *Model) recalledRecent(known []tickets.Hit) {
	if m.search.recent == nil && (m.search.recalling.runs() || m.search.recentErr != nil) {
		m.search.recent = known
		m.fit()
	}
}

// recents takes what Salesforce says. Where it says nothing, what is shown stays.
func (m *Model) recents(message recents) {
	m.search.recentErr = message.err
	if message.err == nil {
		m.search.recent = message.hits
	}
	m.fit()
}

func (m *Model) findHits(words string) func(context.Context) tea.Msg {
	work := m.options.Desk
	return func(ctx context.Context) tea.Msg {
		found, err := work.Hits(ctx, words)
		return hits{words, found, err}
	}
}

// typed looks up what the field holds, once nobody types any more. An id or an address is not looked for.
func (m *Model) typed() tea.Cmd {
	text := strings.TrimSpace(m.search.field.Value())
	m.search.hitting.end()
	m.search.opening.end()
	m.search.err = nil
	if text == "" || !tickets.IsWords(text) {
		m.search.hits, m.search.sought = nil, ""
		m.fit()
		return nil
	}
	if text == m.search.sought {
		return nil
	}
	if tickets.TooShort(text) {
		m.search.take(hits{words: text})
		m.fit()
		return nil
	}
	return m.after(&m.search.hitting, typingPause, waited{text})
}

func (s *search) take(message hits) {
	s.sought, s.hits, s.err, s.more = message.words, message.hits, message.err, len(message.hits) >= tickets.MostHits
	s.list.Home()
}

// rows are the records to choose from: what was found, or while nothing is sought, what was looked at last.
func (s *search) rows() []tickets.Hit {
	if strings.TrimSpace(s.field.Value()) == "" {
		return s.recent
	}
	return s.hits
}

// paste goes straight to the record whose id or address was pasted.
func (m *Model) paste(text string) tea.Cmd {
	switch {
	case m.saving != nil:
		m.saving.field.Insert(text)
	case m.list.typing:
		m.list.field.Insert(text)
		return m.filtered()
	case m.place == searching:
		m.search.field.Insert(text)
		if whole := strings.TrimSpace(m.search.field.Value()); !tickets.IsWords(whole) {
			return m.open(whole)
		}
		return m.typed()
	case m.place == listing && !tickets.IsWords(text):
		return m.open(strings.TrimSpace(text))
	}
	return nil
}

// choose opens the record under the cursor, or the one that the field names.
func (m *Model) choose() tea.Cmd {
	text := strings.TrimSpace(m.search.field.Value())
	rows := m.search.rows()
	gone, isGone := asNoRecord(m.search.err)
	switch at := m.search.list.Cursor(); {
	case isGone && gone.Other() != "":
		return m.open(gone.Other())
	case text != "" && (!tickets.IsWords(text) || m.search.sought != text):
		return m.open(text)
	case at >= 0 && at < len(rows):
		return m.open(rows[at].ID)
	}
	return nil
}

// open finds the record that a text means, matches it and lists its tickets. What was last seen of it is shown meanwhile.
func (m *Model) open(text string) tea.Cmd {
	m.search.hitting.end()
	m.search.err = nil
	work, memory := m.options.Desk, m.options.Memory
	asked := tickets.Sought{Text: text, By: m.about.asked, With: m.about.with, Query: m.list.view.query(fewest)}
	command := m.ask(&m.search.opening, func(ctx context.Context) tea.Msg {
		seen, err := work.Look(ctx, asked, memory)
		answer := found{Found: seen, err: err}
		if ctx.Err() != nil {
			return nil // nobody waits for it any more
		}
		answer.kept = memory.Remember(ctx, asked, seen, err)
		if err == nil && !seen.List.ReadAt.IsZero() {
			answer.table = newTable(seen.List.Tickets)
		}
		answer.List.Tickets = nil // the table has them
		return answer
	})
	if memory == nil || m.place != searching {
		return command
	}
	return tea.Batch(command, m.ask(&m.search.remembering, func(ctx context.Context) tea.Msg {
		seen, ok := memory.Recall(ctx, text)
		if !ok {
			return remembered{}
		}
		return remembered{seen, newTable(seen.List.Tickets), true}
	}))
}

// found shows the record's tickets, or says why there are none to show.
func (m *Model) found(message found) tea.Cmd {
	var several *tickets.SeveralError
	switch {
	case errors.As(message.err, &several):
		m.place = searching
		m.search.hits, m.search.sought = several.Hits, strings.TrimSpace(m.search.field.Value())
		m.search.more = several.More
		m.search.list.Home()
		m.fit()
		return nil
	case message.err != nil && (m.place == searching || isNoRecord(message.err)) && message.Record.ID == "":
		m.place, m.search.err = searching, message.err
		m.fit()
		return nil
	case message.err != nil && m.place != searching && message.Record.ID == "":
		return m.listed(listed{err: message.err})
	}
	same := m.place != searching && m.about.record.ID == message.Record.ID
	m.search.remembering.end()
	m.about.record, m.about.match, m.about.all = message.Record, message.Match, message.Match.Targets
	if !same {
		m.enterList()
	}
	if message.kept != nil {
		m.say("pane.not-kept", "Reason", message.kept)
	}
	if message.Link == tickets.LinkChanged {
		m.say("tickets-link.changed", "Targets", m.targetNames(message.Was))
	}
	var marks map[int64]mark
	if message.table != nil && m.list.table.len() > 0 {
		marks = message.table.against(m.list.table) // the first screen's tickets are few
	}
	list := m.listed(listed{message.List, message.table, fewest, marks, message.err})
	if same || m.options.ToWrite == "" {
		return list
	}
	return tea.Batch(list, m.write(m.options.ToWrite))
}

// targetNames are what a match found.
func (m *Model) targetNames(match tickets.Match) []string {
	var names []string
	for _, target := range match.Targets {
		names = append(names, m.targetName(target))
	}
	return names
}

// A noRecord says that a text names no record that can be shown; a *tickets.NoRecordError is one.
type noRecord interface {
	error
	Other() string // the id of the record that it has become; empty where it has become none
	Hint() flow.Text
}

func asNoRecord(err error) (gone noRecord, ok bool) {
	ok = errors.As(err, &gone)
	return gone, ok
}

func isNoRecord(err error) bool {
	_, ok := asNoRecord(err)
	return ok
}

// remembered shows what was last seen of the record, until it is read again.
func (m *Model) remembered(message remembered) tea.Cmd {
	failed := m.search.err
	if !message.ok || m.place != searching || !m.search.opening.runs() && (failed == nil || isNoRecord(failed)) {
		return nil
	}
	m.search.err = nil
	m.about.record, m.about.match, m.about.all = message.seen.Record, message.seen.Match, message.seen.Match.Targets
	m.enterList()
	m.list.take(message.seen.List, message.table, message.seen.List.Total > message.table.len())
	m.list.remembered = true
	if failed != nil { // nobody answered, and that was sooner than the memory
		return tea.Batch(m.arrange(), m.listed(listed{err: failed}))
	}
	return m.arrange()
}
