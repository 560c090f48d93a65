// What is read before one can send: the account's fields, and the ticket as it is now. The answers to all requests.

package compose

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"zsf/flows/tickets"
	"zsf/ui/parts"
)

// readDone is what the account offers, and the ticket as it is.
type readDone struct {
	catalog tickets.Catalog
	draft   tickets.Draft
	gone    []int64
	people  []tickets.Person
	err     error
}

// read asks for the account's fields and the ticket. The comment can be written meanwhile.
func (m *Model) read() tea.Cmd {
	call := m.call()
	m.reading, m.unread, m.since = call.Number, nil, m.now
	ctx, options, known := m.ctx, m.options, len(m.people) > 0
	return parts.Do(call, func() tea.Msg { return readAll(ctx, options, known) })
}

func readAll(ctx context.Context, options Options, known bool) readDone {
	catalog, err := options.Desk.Catalog(ctx)
	done := readDone{catalog: catalog, err: err}
	if err != nil {
		return done
	}
	switch options.Kind {
	case Create:
		if options.FollowUp != 0 {
			done.draft, done.err = options.Desk.FollowUp(ctx, catalog, options.FollowUp)
			return done
		}
		if !known && options.Record.ID != "" {
			done.people, _ = options.Desk.PeopleOf(ctx, options.Record) // without them one is looked for
		}
	case Several:
		done.draft, done.gone, done.err = options.Desk.EditMany(ctx, catalog, options.Tickets)
	case Reply, Note, Edit:
		done.draft, done.err = options.Desk.Edit(ctx, catalog, options.Ticket)
	}
	return done
}

// tookRead fits what was written meanwhile to what was read.
func (m *Model) tookRead(number int, done readDone) tea.Cmd {
	if number != m.reading {
		return nil
	}
	m.reading, m.unread = 0, done.err
	if done.err != nil {
		m.toast = parts.Toast{}
		return nil
	}
	m.catalog, m.gone, m.made = done.catalog, done.gone, nil
	if m.catalog.InternalOnly {
		m.draft.Public, m.draft.PublicSaid = false, true
	}
	switch {
	case m.options.Kind == Create:
		m.startNew(done)
	case m.draft.Base.UpdatedAt.IsZero() && m.draft.Parts == nil:
		last := m.draft.Base.LastComment
		m.draft.Base, m.draft.Tickets, m.draft.Parts = done.draft.Base, done.draft.Tickets, done.draft.Parts
		if m.draft.Base.LastComment == 0 {
			m.draft.Base.LastComment = last
		}
		if !m.options.SeenAt.IsZero() && m.draft.Base.UpdatedAt.After(m.options.SeenAt) {
			m.say("compose.changed-since", "Time", m.draft.Base.UpdatedAt)
		}
	}
	if len(m.catalog.Missing) > 0 {
		m.say("compose.missing", "What", m.catalog.Missing)
	}
	if len(m.gone) > 0 {
		m.say("compose.gone", "Numbers", m.numbers(m.gone))
	}
	m.made = nil
	if gone := done.draft.Gone(); gone != nil && m.draft.Sending.IsZero() && (m.stage == writing || m.stage == offering) {
		m.stage, m.failure = stopped, gone // before anybody writes in vain
		m.reader.Reset()
	}
	return tea.Batch(m.organizations(), m.lookForSent())
}

// startNew takes the form and the requester that are there anyway; of a follow-up all that it has of the closed ticket.
func (m *Model) startNew(done readDone) {
	people := done.people
	if m.draft.FollowUp != 0 {
		m.takeOver(done.draft)
		people = []tickets.Person{m.draft.Requester}
	}
	if m.draft.Form == 0 {
		m.draft.Form = m.catalog.Form(0).ID
	}
	if len(m.people) == 0 {
		m.people = people
	}
	if len(m.people) == 1 && m.draft.Requester == (tickets.Person{}) {
		m.draft.Requester = m.people[0]
		if m.at == requesterRow && m.stage == writing {
			m.at = tickets.SubjectKey
		}
	}
}

func (m *Model) numbers(ids []int64) []string {
	var numbers []string
	for _, id := range ids {
		numbers = append(numbers, "#"+number(id))
	}
	return numbers
}

// answer takes the answer to a request, unless it is one from before the screen was entered.
func (m *Model) answer(reply parts.Reply) tea.Cmd {
	if reply.Number <= m.born {
		return nil
	}
	switch message := reply.Message.(type) {
	case ticked:
		if reply.Number == m.ticking {
			m.ticking = 0
		}
	case readDone:
		return m.tookRead(reply.Number, message)
	case draftsFound:
		return m.offer(message)
	case saveNow:
		if reply.Number == m.keep.soon {
			return m.save()
		}
	case draftKept:
		return m.kept(reply.Number, message)
	case draftDropped:
		return m.dropped(reply.Number, message)
	case lettersPaused:
		if reply.Number == m.pick.pausing && m.stage == picking {
			return m.lookForPeople()
		}
	case peopleFound:
		m.tookPeople(reply.Number, message)
	case organizationsFound:
		m.tookOrganizations(message)
	case fileFound:
		m.attached(message)
	case pathsFound:
		m.completed(message)
	case editorReady:
		return m.openEditor(message)
	case editorClosed:
		return m.readBack(message)
	case sentPart:
		return m.tookPart(reply.Number, message)
	case textBack:
		m.tookText(message)
	default:
		return m.answerAwaited(reply)
	}
	return nil
}

// answerAwaited takes what the stage waits for.
func (m *Model) answerAwaited(reply parts.Reply) tea.Cmd {
	if failed, ok := reply.Message.(parts.Failed); ok {
		return m.crashed(reply.Number, failed.Err)
	}
	if reply.Number != m.asked {
		return nil
	}
	switch message := reply.Message.(type) {
	case macroApplied:
		m.tookMacro(message)
	case sentOne:
		return m.tookSent(message)
	case sentSome:
		return m.tookSome(message)
	case lookedForSent:
		m.tookLook(message)
	}
	return nil
}

// crashed says that zsf made a mistake in a request. What is written stays.
func (m *Model) crashed(number int, err error) tea.Cmd {
	switch number {
	case m.reading:
		m.reading, m.unread = 0, err
	case m.keep.saving:
		m.keep.saving, m.keep.leaving = 0, false
		m.keep.err, m.keep.unsaved = err, true
	case m.asked:
		m.stage, m.failure, m.looking = stopped, err, false
	default:
		m.say("compose.crashed", "Reason", err)
	}
	return nil
}
