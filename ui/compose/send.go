// Sending: what would be sent is shown, one deliberate key sends it, and what became of it is said.

package compose

import (
	"context"
	"errors"
	"slices"
	"strconv"

	tea "charm.land/bubbletea/v2"

	"zsf/clients/transport"
	"zsf/flows/flow"
	"zsf/flows/tickets"
	"zsf/ui/parts"
)

// The messages of sending.
type (
	sentOne struct {
		sent tickets.Sent
		kept *tickets.Draft // as the flow left it; nil: it is dropped, or could not be read
		err  error
	}
	lookedForSent struct {
		look tickets.Look
		err  error
	}
)

func number(id int64) string { return strconv.FormatInt(id, 10) }

func (m *Model) checkKeys() parts.Table {
	send := parts.Binding{Do: "send-now", Keys: []string{"D"}}
	if m.closing {
		send = parts.Binding{Do: "close-for-good", Keys: []string{"C"}}
	}
	return parts.Table{send, scrollKey, helpKey, backKey}
}

func (m *Model) stoppedKeys() parts.Table {
	var table parts.Table
	var gone *tickets.GoneError
	switch {
	case m.earlier() != nil:
		table = append(table, parts.Binding{Do: "send-rest-of-it", Keys: []string{"enter"}}, parts.Binding{Do: "forget-rest", Keys: []string{"A"}})
	case m.closed() != nil:
		table = append(table, parts.Binding{Do: "follow-up", Keys: []string{"f"}})
	case !errors.As(m.failure, &gone):
		table = append(table, parts.Binding{Do: "send-again", Keys: []string{"r"}})
	}
	if needsSignIn(m.failure) {
		table = append(table, parts.Binding{Do: "renew-sign-in", Keys: []string{"l"}})
	}
	away := backKey
	if m.isInVain() {
		away = parts.Binding{Do: "leave-as-it-is", Keys: []string{"esc"}}
	}
	return append(table, scrollKey, helpKey, away)
}

func (m *Model) unsureKeys() parts.Table {
	if m.looking {
		return parts.Table{scrollKey, helpKey, backKey}
	}
	if m.look != nil && m.look.Arrival == tickets.Arrived {
		return parts.Table{{Do: "it-arrived", Keys: []string{"enter"}}, scrollKey, helpKey, backKey}
	}
	table := parts.Table{{Do: "look-again", Keys: []string{"r"}}}
	if needsSignIn(m.failure) {
		table = append(table, parts.Binding{Do: "renew-sign-in", Keys: []string{"l"}})
	}
	return append(table,
		parts.Binding{Do: "it-arrived", Keys: []string{"A"}},
		parts.Binding{Do: "send-anyway", Keys: []string{"D"}},
		scrollKey, helpKey, backKey,
	)
}

func needsSignIn(err error) bool {
	kind := transport.KindOf(err)
	return kind == transport.SignInExpired || kind == transport.SignInMissing
}

// isLater tells that the service takes nothing for a while that is counted down.
func (m *Model) isLater() bool {
	var later *tickets.LaterError
	return m.stage == stopped && errors.As(m.failure, &later) && m.now.Before(later.Until)
}

// doSend does what the keys of sending are bound to.
func (m *Model) doSend(what string) tea.Cmd {
	switch what {
	case "send":
		return m.check()
	case "send-now":
		if m.draft.Closes() {
			m.closing = true
			return nil
		}
		return m.send()
	case "close-for-good":
		m.draft.CloseSaid = true
		return m.send()
	case "send-again":
		if m.catalog.ReadAt.IsZero() || m.unread != nil {
			m.stage = writing
			return m.read()
		}
		return m.send()
	case "send-rest-of-it":
		return m.sendRest()
	case "follow-up":
		return m.followUp()
	case "send-anyway":
		if m.draft.Sending = (tickets.Attempt{}); tickets.IsKeyUsed(m.failure) {
			m.draft.Round++ // under the key of the other one nothing is taken any more
		}
		return m.send()
	case "look-again":
		return m.lookForSent()
	case "it-arrived", "forget-rest":
		return m.hasArrived()
	case "leave-sending":
		m.say("compose.wait-for-answer")
	case "renew-sign-in":
		return func() tea.Msg { return parts.SignIn{Service: transport.Zendesk} }
	case "apply-macro":
		m.useMacro()
	case "results-seen":
		return m.finish(m.frame.Words.T("compose.done-several", "Count", m.results.count(true)), m.results.written())
	default:
		return m.doConflict(what)
	}
	return nil
}

// findProblems are those that stand in the way of sending. That a ticket is closed for good is asked later.
func (m *Model) findProblems() map[string]flow.Text {
	draft := m.outgoing()
	draft.CloseSaid = true
	return draft.Problems(m.catalog)
}

// check shows what would be sent, where nothing stands in the way.
func (m *Model) check() tea.Cmd {
	switch {
	case m.reading != 0:
		m.say("compose.still-reading")
		return nil
	case m.unread != nil && needsSignIn(m.unread):
		m.stage, m.failure = stopped, m.unread
		m.reader.Reset()
		return m.save()
	case m.catalog.ReadAt.IsZero() || m.unread != nil:
		m.say("compose.reading-again")
		return m.read()
	case m.path.Value() != "":
		m.at, m.fileNote = filesRow, note{id: "compose.path-unfinished"}
		return nil
	case m.outgoing().Preview(m.catalog).Empty():
		m.say("compose.nothing-to-send")
		return nil
	}
	m.checked = true
	delete(m.wrong, filesRow) // the file may be there again by now
	m.problems = m.findProblems()
	if len(m.problems)+len(m.wrong) > 0 {
		m.toProblem()
		return nil
	}
	m.stage, m.closing = checking, false
	m.reader.Reset()
	return m.save()
}

// toProblem puts the cursor on the first row with something wrong.
func (m *Model) toProblem() {
	for _, one := range m.rows() {
		_, found := m.problems[one.key]
		_, refused := m.wrong[one.key]
		if found || refused {
			m.at = one.key
			break
		}
	}
}

// wholeProblem is what is wrong with no row that is shown.
func (m *Model) wholeProblem() (flow.Text, bool) {
	rows := m.rows()
	for _, problems := range []map[string]flow.Text{m.wrong, m.problems} {
		for key, said := range problems {
			if !slices.ContainsFunc(rows, func(one row) bool { return one.key == key }) {
				return said, true
			}
		}
	}
	return flow.Text{}, false
}

// send sends the draft, when it is kept as it is. Leaving the screen does not end it.
func (m *Model) send() tea.Cmd {
	m.stage, m.since, m.failure, m.closing = sending, m.now, nil, false
	m.reader.Reset()
	if len(m.draft.Tickets) > 0 {
		return m.sendSome()
	}
	m.keep.unsaved, m.keep.soon = false, 0
	m.draft.Stamp(m.options.Clock.Now())
	call := m.call()
	m.asked = call.Number
	ctx, options, catalog, order := context.WithoutCancel(m.ctx), m.options, m.catalog, &m.keep.order
	whole, draft := snapshot(m.draft), snapshot(m.outgoing())
	return parts.Do(call, func() tea.Msg {
		if err := order.write(call.Number, func() error { return options.Drafts.Save(ctx, whole) }); err != nil {
			return sentOne{err: err} // what is not kept is not sent: nobody could tell later whether it was
		}
		sent, err := options.Desk.Send(ctx, draft, catalog)
		answer := sentOne{sent: sent, err: err}
		if err != nil {
			answer.kept = keptAs(ctx, options.Drafts, draft)
		}
		return answer
	})
}

// keptAs is the draft as the flow left it: with the files that are over there already, and whether a send is open.
func keptAs(ctx context.Context, drafts tickets.Drafts, sent tickets.Draft) *tickets.Draft {
	all, err := drafts.All(ctx)
	if err != nil {
		return nil
	}
	for _, draft := range all {
		if draft.ID == sent.ID && draft.Writer == sent.Writer {
			return &draft
		}
	}
	return nil
}

// tookSent says what became of a send.
func (m *Model) tookSent(message sentOne) tea.Cmd {
	if message.sent.At.IsZero() && message.err != nil {
		if message.kept != nil {
			m.draft.Sending, m.draft.Files, m.draft.Round = message.kept.Sending, message.kept.Files, message.kept.Round
			m.draft.SavedAt = message.kept.SavedAt
		}
		m.keep.stored, m.keep.at, m.keep.unsaved = true, m.now, true
		return m.notSent(message.err)
	}
	m.keep.stored, m.keep.unsaved = false, false
	words := m.sentWords(message.sent)
	if message.err != nil { // it is written, but could not be written down here
		words += " " + m.frame.Words.T("compose.but-unnoted", "Reason", message.err)
	}
	return m.finish(words, []int64{message.sent.Ticket.ID})
}

// sentWords say what was written, to whom.
func (m *Model) sentWords(sent tickets.Sent) string {
	id := "compose.done-changed"
	switch preview := sent.Changes; {
	case sent.Before:
		id = "compose.done-before"
	case sent.New:
		id = "compose.done-new"
	case len(preview.Comment) > 0 && preview.Public:
		id = "compose.done-reply"
	case len(preview.Comment) > 0:
		id = "compose.done-note"
	}
	to := sent.Changes.To
	said := m.frame.Words.T(id, "Number", number(sent.Ticket.ID), "Name", nameOf(to.Name, to.Email))
	for _, other := range sent.Other {
		said += " " + m.frame.Words.T("ticket-sent.otherwise", "Field", other.Field.Name(), "Mine", m.orNothing(other.Mine), "Theirs", m.orNothing(other.Theirs))
	}
	return said
}

// finish leaves the screen with what was written.
func (m *Model) finish(words string, ids []int64) tea.Cmd {
	done := Done{Kind: m.options.Kind, Words: words, IDs: ids}
	return func() tea.Msg { return done }
}

// notSent shows why, in the way that lets one go on.
func (m *Model) notSent(err error) tea.Cmd {
	var (
		problems *tickets.ProblemsError
		refused  *tickets.RefusedError
		conflict *tickets.ConflictError
		unsureOf *tickets.UnsureError
	)
	m.failure = err
	m.reader.Reset()
	var file *tickets.FileError
	switch {
	case errors.As(err, &file):
		m.stage, m.checked, m.wrong[filesRow], m.at = writing, true, file.Text(), filesRow
	case errors.As(err, &problems):
		m.stage, m.checked, m.problems = writing, true, problems.Fields
		m.toProblem()
	case errors.As(err, &refused):
		m.stage, m.checked, m.wrong = writing, true, refused.Fields
		m.toProblem()
	case errors.As(err, &conflict):
		m.showConflict(conflict)
	case errors.As(err, &unsureOf):
		m.stage, m.look, m.looking = unsure, nil, false
		if m.draft.Sending.IsZero() { // what the flow kept could not be read back
			m.draft.Sending = m.outgoing().Attempted(unsureOf.Since)
		}
	default:
		m.stage = stopped
	}
	return nil
}

// lookForSent looks whether a send that got no answer has arrived; it writes nothing. Nil where no send is open.
func (m *Model) lookForSent() tea.Cmd {
	if m.draft.Sending.IsZero() || m.catalog.ReadAt.IsZero() || len(m.draft.Tickets) > 0 {
		return nil
	}
	m.stage, m.looking, m.look, m.since = unsure, true, nil, m.now
	m.failure = &tickets.UnsureError{Ticket: m.draft.Ticket, Since: m.draft.Sending.Since}
	ctx, desk, draft, catalog := m.ctx, m.options.Desk, snapshot(m.outgoing()), m.catalog
	return m.ask(func() tea.Msg {
		look, err := desk.FindSent(ctx, draft, catalog)
		return lookedForSent{look, err}
	})
}

func (m *Model) tookLook(message lookedForSent) {
	m.looking = false
	if message.err != nil {
		m.failure = &tickets.UnsureError{Ticket: m.draft.Ticket, Since: m.draft.Sending.Since, Looked: message.look.Looked, Err: message.err}
		return
	}
	m.look = &message.look
	if m.look.Arrival == tickets.NotArrived && m.stage == unsure {
		m.stage = writing
		m.say("compose.had-not-arrived", "Time", m.draft.Sending.Since)
	}
}

// hasArrived forgets a draft whose ticket is there.
func (m *Model) hasArrived() tea.Cmd {
	id := m.draft.Ticket
	if earlier := m.earlier(); earlier != nil {
		id = earlier.Ticket
	}
	if m.look != nil && m.look.Ticket.ID != 0 {
		id = m.look.Ticket.ID
	}
	ctx, drafts, draft, order, call := context.WithoutCancel(m.ctx), m.options.Drafts, m.draft.ID, &m.keep.order, m.call()
	m.keep.unsaved = false
	drop := parts.Do(call, func() tea.Msg {
		return draftDropped{draft, order.write(call.Number, func() error { return drafts.Done(ctx, draft) })}
	})
	return tea.Batch(drop, m.finish(m.frame.Words.T("compose.done-before", "Number", number(id)), []int64{id}))
}
