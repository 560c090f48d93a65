// Going on where a draft cannot be sent as it is: from an earlier send of it, from a closed ticket, or beside another window.

package compose

import (
	"errors"

	tea "charm.land/bubbletea/v2"

	"zsf/flows/tickets"
	"zsf/ui/parts"
)

// earlier is the send that had arrived before the draft was changed; nil where that is not what stopped it.
func (m *Model) earlier() *tickets.EarlierError {
	var earlier *tickets.EarlierError
	_ = errors.As(m.failure, &earlier)
	return earlier
}

// closed is the ticket that takes nothing any more; nil where that is not what stopped the draft.
func (m *Model) closed() *tickets.GoneError {
	var gone *tickets.GoneError
	if errors.As(m.failure, &gone) && gone.Why == "closed" {
		return gone
	}
	return nil
}

// isInVain tells that the ticket was closed before anything was written.
func (m *Model) isInVain() bool { return m.closed() != nil && m.isUntouched() }

// sendRest goes on with what the earlier send did not say, on the ticket as it is now, and shows what would be sent.
func (m *Model) sendRest() tea.Cmd {
	earlier := m.earlier()
	m.draft = tickets.GoOn(m.draft, earlier)
	if m.options.Kind == Create {
		m.options.Kind = Edit
	}
	m.options.Ticket, m.options.FollowUp = earlier.Ticket, 0
	m.fill()
	m.at, m.stage, m.keep.unsaved = commentRow, writing, true
	if m.outgoing().Preview(m.catalog).Empty() {
		m.say("compose.no-rest")
		return m.save()
	}
	return m.check()
}

// followUp makes a new ticket of what was to go into a closed one.
func (m *Model) followUp() tea.Cmd {
	m.options.Kind, m.options.FollowUp = Create, m.closed().Ticket
	m.draft.FollowUp, m.draft.Ticket, m.draft.Form = m.options.FollowUp, 0, 0
	m.draft.Base, m.people = tickets.Base{}, nil
	delete(m.draft.Values, tickets.StatusKey)
	m.keep.unsaved = !m.draft.Empty()
	m.fill()
	m.at, m.stage = commentRow, writing
	return m.read()
}

// takeOver gives the draft what a follow-up has of its closed ticket, beside what was written already.
func (m *Model) takeOver(from tickets.Draft) {
	if m.draft.Base.Organizations != nil {
		return // a draft that had it before
	}
	m.draft.Base = from.Base
	if m.draft.Form == 0 {
		m.draft.Form = from.Form
	}
	if m.draft.Requester == (tickets.Person{}) {
		m.draft.Requester = from.Requester
	}
	delete(m.lines, tickets.TagsKey)
	for key, values := range from.Values {
		if _, said := m.draft.Values[key]; !said {
			m.draft.Values[key] = values
			delete(m.lines, key)
			delete(m.areas, key)
		}
	}
}

// partOff keeps what is written here as a draft of its own, as another zsf goes on with this one, or has sent it.
func (m *Model) partOff(err error) tea.Cmd {
	m.draft = m.draft.PartOff()
	m.keep.err, m.keep.stored, m.keep.unsaved = nil, false, true
	if m.stage == checking {
		m.stage, m.failure = stopped, err // what was shown is no longer what would be sent
	}
	var done *tickets.DoneError
	if errors.As(err, &done) {
		m.say("compose.sent-elsewhere")
	} else {
		m.say("compose.taken-elsewhere")
	}
	return m.save()
}

func isElsewhere(err error) bool {
	var done *tickets.DoneError
	var taken *tickets.TakenError
	return errors.As(err, &done) || errors.As(err, &taken)
}

// writeRest shows what an earlier send said, and what would be sent after it.
func (m *Model) writeRest(s *parts.Sheet, earlier *tickets.EarlierError) {
	before := tickets.Draft{Ticket: earlier.Ticket, Values: earlier.Sent.Values, Comment: earlier.Sent.Comment, Public: earlier.Sent.Public, PublicSaid: true}
	s.Section("compose.arrived-section", "Number", number(earlier.Ticket))
	m.writeSaid(s, before)
	s.Section("compose.rest-section")
	m.writeSaid(s, tickets.GoOn(m.draft, earlier))
}

// writeSaid is what a draft says, in a few lines: its comment, its files, its fields.
func (m *Model) writeSaid(s *parts.Sheet, draft tickets.Draft) {
	preview := draft.Preview(m.catalog)
	if preview.Empty() {
		s.Add("  ", m.frame.Words.T("compose.nothing"), m.frame.Theme.Quiet)
	}
	if len(preview.Comment) > 0 {
		_, style, bar := m.audienceOf(draft)
		m.writeLines(s, "  "+style.UnsetBold().Render(bar), preview.Comment, s.Style)
	}
	for _, file := range preview.Files {
		s.Add("  ", m.frame.Words.T("compose.file-line", "Name", file.Name, "Size", m.size(file.Size)), s.Style)
	}
	for _, difference := range preview.Differences {
		m.writeDifference(s, "  ", difference, false)
	}
}
