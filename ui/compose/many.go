// Several tickets at once: each is sent alone, and has its own result.

package compose

import (
	"context"
	"errors"
	"maps"
	"slices"

	tea "charm.land/bubbletea/v2"

	"zsf/flows/flow"
	"zsf/flows/tickets"
	"zsf/ui/parts"
)

// manyResults are what became of the tickets so far.
type manyResults struct {
	list    []tickets.Result
	waiting int // for this request's next result
	channel chan tickets.Result
}

// The messages of sending several.
type (
	sentPart struct{ result tickets.Result }
	sentSome struct {
		results []tickets.Result
		kept    *tickets.Draft
		err     error
	}
)

// sendSome sends those that were not written yet.
func (m *Model) sendSome() tea.Cmd {
	m.keep.unsaved, m.keep.soon = false, 0
	m.draft.Stamp(m.options.Clock.Now())
	ctx, options, catalog, order := context.WithoutCancel(m.ctx), m.options, m.catalog, &m.keep.order
	whole, draft := snapshot(m.draft), snapshot(m.outgoing())
	channel := make(chan tickets.Result, len(draft.Tickets))
	m.results = manyResults{channel: channel, list: slices.DeleteFunc(m.results.list, func(one tickets.Result) bool { return !isWritten(one) })}
	call := m.call()
	m.asked = call.Number
	run := parts.Do(call, func() tea.Msg {
		defer close(channel)
		if err := order.write(call.Number, func() error { return options.Drafts.Save(ctx, whole) }); err != nil {
			return sentSome{err: err}
		}
		results, err := options.Desk.SendMany(ctx, draft, catalog, func(one tickets.Result) { channel <- one })
		return sentSome{results, keptAs(ctx, options.Drafts, draft), err}
	})
	return tea.Batch(run, m.listen())
}

// listen waits for the next result.
func (m *Model) listen() tea.Cmd {
	call, channel := m.call(), m.results.channel
	m.results.waiting = call.Number
	return parts.Do(call, func() tea.Msg {
		if result, more := <-channel; more {
			return sentPart{result}
		}
		return nil
	})
}

func (m *Model) tookPart(number int, message sentPart) tea.Cmd {
	if number != m.results.waiting || m.stage != sending {
		return nil
	}
	m.results.put(message.result)
	return m.listen()
}

// put takes a result in place of an earlier one of the same ticket.
func (r *manyResults) put(result tickets.Result) {
	r.list = slices.DeleteFunc(r.list, func(one tickets.Result) bool { return one.Ticket == result.Ticket })
	r.list = append(r.list, result)
}

// of finds the result of a ticket.
func (r *manyResults) of(ticket int64) (tickets.Result, bool) {
	at := slices.IndexFunc(r.list, func(one tickets.Result) bool { return one.Ticket == ticket })
	if at < 0 {
		return tickets.Result{}, false
	}
	return r.list[at], true
}

// isWritten tells that a ticket is as it was to be.
func isWritten(result tickets.Result) bool {
	return result.Err == nil || errors.Is(result.Err, tickets.ErrNothing) || !result.Sent.At.IsZero()
}

func (r *manyResults) count(written bool) int {
	count := 0
	for _, one := range r.list {
		if isWritten(one) == written {
			count++
		}
	}
	return count
}

func (r *manyResults) written() []int64 {
	var ids []int64
	for _, one := range r.list {
		if isWritten(one) {
			ids = append(ids, one.Ticket)
		}
	}
	return ids
}

// tookSome shows what became of each.
func (m *Model) tookSome(message sentSome) tea.Cmd {
	for _, result := range message.results {
		m.results.put(result)
	}
	if message.kept != nil {
		m.draft.Parts, m.draft.SavedAt = message.kept.Parts, message.kept.SavedAt
	}
	var problems *tickets.ProblemsError
	switch {
	case errors.As(message.err, &problems), len(m.results.list) == 0 && message.err != nil:
		m.keep.stored, m.keep.unsaved = true, true
		return m.notSent(message.err)
	}
	m.failure = message.err
	m.stage, m.keep.stored = reported, m.results.count(false) > 0
	m.reader.Reset()
	return nil
}

func (m *Model) reportedKeys() parts.Table {
	var table parts.Table
	if m.results.count(false) > 0 {
		table = append(table, parts.Binding{Do: "send-rest", Keys: []string{"r"}})
	}
	if len(m.overtaken())+len(m.halfSent()) > 0 {
		table = append(table, parts.Binding{Do: "over-theirs", Keys: []string{"m"}})
	}
	return append(table, scrollKey, helpKey, parts.Binding{Do: "results-seen", Keys: []string{"enter", "esc", "q"}, Label: "enter"})
}

// overtaken are the tickets that somebody else changed meanwhile.
func (m *Model) overtaken() []*tickets.ConflictError {
	var conflicts []*tickets.ConflictError
	for _, one := range m.results.list {
		var conflict *tickets.ConflictError
		if !isWritten(one) && errors.As(one.Err, &conflict) {
			conflicts = append(conflicts, conflict)
		}
	}
	return conflicts
}

// halfSent are the tickets that an earlier send of the draft had reached, before it was changed.
func (m *Model) halfSent() []*tickets.EarlierError {
	var half []*tickets.EarlierError
	for _, one := range m.results.list {
		var earlier *tickets.EarlierError
		if !isWritten(one) && errors.As(one.Err, &earlier) {
			half = append(half, earlier)
		}
	}
	return half
}

// overTheirs goes on from the tickets as they are now, and shows anew what would be sent.
func (m *Model) overTheirs() tea.Cmd {
	m.draft.Parts = maps.Clone(m.draft.Parts)
	for _, conflict := range m.overtaken() {
		part := m.draft.Parts[conflict.Ticket]
		part.Base, part.Sending = conflict.Theirs, tickets.Attempt{}
		m.draft.Parts[conflict.Ticket] = part
	}
	for _, earlier := range m.halfSent() {
		m.draft = tickets.GoOn(m.draft, earlier)
	}
	m.keep.unsaved = true
	return m.check()
}

// writeResults says what became of each ticket.
func (m *Model) writeResults(s *parts.Sheet) {
	words := m.frame.Words
	said, style := words.T("compose.done-several", "Count", m.results.count(true)), m.frame.Theme.Good
	if failed := m.results.count(false); failed > 0 {
		said, style = words.T("compose.some-failed", "Count", failed, "All", len(m.draft.Tickets)), m.frame.Theme.Doubt
	}
	s.Add("", said, style)
	if m.failure != nil {
		s.Add("", words.Error(m.failure), m.frame.Theme.Bad)
	}
	s.Blank()
	m.writeParts(s)
	if m.results.count(false) > 0 {
		s.Blank()
		s.Add("", words.T("compose.rest-kept"), m.frame.Theme.Quiet)
	}
}

// writeParts has a line for each ticket.
func (m *Model) writeParts(s *parts.Sheet) {
	words, style := m.frame.Words, m.frame.Theme
	for _, id := range m.draft.Tickets {
		name := m.frame.Fit("#"+number(id), 10)
		result, settled := m.results.of(id)
		switch {
		case m.draft.Parts[id].Sent && !settled, settled && isWritten(result) && result.Err == nil:
			s.Add(style.Good.Render(style.Icons.Mark(flow.Pass))+" "+name, words.T("compose.part-written"), s.Style)
		case settled && errors.Is(result.Err, tickets.ErrNothing):
			s.Add(style.Good.Render(style.Icons.Mark(flow.Pass))+" "+name, words.T("compose.part-nothing"), style.Quiet)
		case settled && isWritten(result):
			s.Add(style.Doubt.Render(style.Icons.Mark(flow.Warn))+" "+name, words.T("compose.but-unnoted", "Reason", result.Err), s.Style)
		case settled:
			s.Add(style.Bad.Render(style.Icons.Mark(flow.Fail))+" "+name, words.Error(result.Err), s.Style)
			m.writeOvertaken(s, result.Err)
		case m.stage == sending:
			s.Add(style.Quiet.Render(style.Icons.NotYet)+" "+name, "", s.Style)
		}
	}
}

// writeOvertaken says what somebody else changed of one of several tickets.
func (m *Model) writeOvertaken(s *parts.Sheet, err error) {
	var conflict *tickets.ConflictError
	if !errors.As(err, &conflict) {
		return
	}
	for _, clash := range conflict.Clashes {
		s.Add("              ", m.frame.Words.T("compose.clash-line", "Field", clash.Field.Name(), "Mine", m.orNothing(clash.Mine), "Theirs", m.orNothing(clash.Theirs)), m.frame.Theme.Doubt)
	}
	for _, difference := range conflict.Beside {
		m.writeDifference(s, "              ", difference, true)
	}
}
