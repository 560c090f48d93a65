// What would be sent, to whom; and what became of it.

package compose

import (
	"errors"
	"strings"
	"time"

	"zsf/flows/flow"
	"zsf/flows/tickets"
	"zsf/ui/locale"
	"zsf/ui/parts"
)

// writePreview shows all that would be sent, before it is.
func (m *Model) writePreview(s *parts.Sheet) {
	words, style := m.frame.Words, m.frame.Theme
	preview := m.outgoing().Preview(m.catalog)
	s.Add("", m.sendingWhat(preview), style.Strong)
	if preview.FollowUp != 0 {
		s.Add("", words.T("compose.follows-up", "Number", number(preview.FollowUp)), s.Style)
	}
	if preview.Made {
		s.Add("", words.T("compose.will-be-made", "Name", preview.To.Name, "Email", preview.To.Email), style.Doubt)
	}
	if len(preview.Comment) > 0 {
		_, look, bar := m.audience()
		s.Blank()
		m.writeLines(s, look.UnsetBold().Render(bar), preview.Comment, s.Style)
	}
	if sent := strings.TrimSpace(m.draft.Arrived.Comment); sent != "" {
		s.Section("compose.arrived-section", "Number", number(m.draft.Ticket))
		m.writeLines(s, "  ", strings.Split(sent, "\n"), style.Quiet)
	}
	for i, file := range preview.Files {
		if i == 0 {
			s.Section("compose.files-section")
		}
		s.Add("  ", words.T("compose.file-line", "Name", file.Name, "Size", m.size(file.Size)), s.Style)
	}
	if len(preview.Differences) > 0 {
		s.Section("compose.changes-section")
		for _, difference := range preview.Differences {
			m.writeDifference(s, "  ", difference, m.hadOne())
		}
	}
	if hidden := m.hidden(); len(hidden) > 0 {
		s.Blank()
		s.Add(style.Doubt.Render(style.Icons.Mark(flow.Warn))+" ", words.T("compose.hidden", "Names", hidden), style.Doubt)
	}
	if preview.Several {
		s.Section("compose.tickets-section", "Count", len(preview.Tickets))
		s.Add("  ", words.Join(m.numbers(m.draft.Pending())), s.Style)
		if len(preview.Said) > 0 {
			s.Add("  ", words.T("ticket-preview.said", "Numbers", m.numbers(preview.Said)), style.Doubt)
		}
	}
	s.Blank()
	if preview.Closes {
		s.Add(style.Bad.Render(style.Icons.Mark(flow.Warn))+" ", words.T("compose.closes"), style.Bad)
	}
	if m.closing {
		m.way(s, "C", words.T("compose.way-close"))
	} else {
		m.way(s, "D", m.wayWords(preview))
	}
	m.way(s, "esc", words.T("compose.way-back"))
}

// hidden are the fields with something in them that the form does not show any more: it stays in the draft, and is not sent.
func (m *Model) hidden() []flow.Text {
	var names []flow.Text
	sent := m.outgoing().Values
	for _, key := range m.draft.Changed() {
		if _, shown := sent[key]; shown || len(m.draft.Values[key]) == 0 || key == tickets.OrganizationKey { // where there is one alone, it is no question
			continue
		}
		field, known := m.catalog.Field(key)
		if !known {
			field.Title = key
		}
		names = append(names, field.Name())
	}
	return names
}

// hadOne tells that what a field had before is one value: a new ticket had none, and several had each their own.
func (m *Model) hadOne() bool { return m.draft.Ticket != 0 }

// sendingWhat names it: to whom a reply goes, or that nobody but agents sees it.
func (m *Model) sendingWhat(preview tickets.Preview) string {
	words := m.frame.Words
	name := nameOf(preview.To.Name, preview.To.Email)
	if preview.To.Name != "" && preview.To.Email != "" {
		name = locale.Clean(preview.To.Name + " <" + preview.To.Email + ">")
	}
	said := len(preview.Comment) > 0
	switch {
	case preview.Several && said && preview.Public:
		return words.T("compose.sends-public-many", "Count", len(preview.Tickets))
	case preview.Several && said:
		return words.T("compose.sends-internal-many", "Count", len(preview.Tickets))
	case preview.Several:
		return words.T("compose.sends-fields-many", "Count", len(preview.Tickets))
	case len(preview.Tickets) == 0 && preview.Public:
		return words.T("compose.sends-new", "Name", name)
	case len(preview.Tickets) == 0:
		return words.T("compose.sends-new-internal", "Name", name)
	case said && preview.Public:
		return words.T("compose.sends-public", "Name", name, "Number", number(m.draft.Ticket))
	case said:
		return words.T("compose.sends-internal", "Number", number(m.draft.Ticket))
	}
	return words.T("compose.sends-fields", "Number", number(m.draft.Ticket))
}

func (m *Model) wayWords(preview tickets.Preview) string {
	if preview.Public && len(preview.Comment) > 0 {
		return m.frame.Words.T("compose.way-send-public")
	}
	return m.frame.Words.T("compose.way-send")
}

// way is a key and what it does.
func (m *Model) way(s *parts.Sheet, key, words string) {
	s.Add(m.frame.Theme.Accent.Render(m.frame.Fit(key, 4))+" ", words, s.Style)
}

// writeComment is the comment as it would be sent, under what it is.
func (m *Model) writeComment(s *parts.Sheet, lines []string) {
	said, style, bar := m.audience()
	s.Add("", said, style)
	m.writeLines(s, style.UnsetBold().Render(bar), lines, s.Style)
}

// writeSending is shown while the service is asked.
func (m *Model) writeSending(s *parts.Sheet) {
	words, style := m.frame.Words, m.frame.Theme
	turning := style.Accent.Render(style.Icons.Looking(m.now.Sub(m.since))) + " "
	s.Add(turning, words.T("compose.sending", "Span", m.frame.Elapsed(m.now.Sub(m.since))), style.Accent)
	s.Blank()
	if len(m.draft.Tickets) > 0 {
		m.writeParts(s)
		return
	}
	s.Add("", m.sendingWhat(m.outgoing().Preview(m.catalog)), style.Strong)
}

// writeStopped says why a send came to nothing, and what to do.
func (m *Model) writeStopped(s *parts.Sheet) {
	words, style := m.frame.Words, m.frame.Theme
	mark := style.Bad.Render(style.Icons.Mark(flow.Fail)) + " "
	if m.isInVain() {
		s.Add(mark, words.Error(m.failure), style.Strong)
	} else {
		s.Add(mark, words.T("compose.not-sent"), style.Strong)
		s.Add("  ", words.Error(m.failure), s.Style)
	}
	if hint := m.stoppedHint(); hint != "" {
		s.Add("  ", hint, style.Quiet)
	}
	var later *tickets.LaterError
	if errors.As(m.failure, &later) && m.isLater() {
		left := (later.Until.Sub(m.now) + time.Second - 1).Truncate(time.Second)
		s.Add("  ", words.T("compose.later", "Span", left), style.Doubt)
	}
	if earlier := m.earlier(); earlier != nil {
		m.writeRest(s, earlier)
	}
	s.Blank()
	if m.keep.stored || m.keep.unsaved {
		s.Add("", words.T("compose.draft-is-kept"), style.Quiet)
		s.Blank()
	}
	for _, binding := range m.stoppedKeys() {
		id, key := "compose.way-"+binding.Do, binding.Keys[0]
		if m.isInVain() {
			id += "-anew"
		}
		if key == "enter" {
			key = "↵"
		}
		if words.Has(id) {
			m.way(s, key, words.T(id))
		}
	}
}

// stoppedHint says what to do; of a ticket that takes nothing any more, what may be done with the text.
func (m *Model) stoppedHint() string {
	var (
		later *tickets.LaterError
		gone  *tickets.GoneError
	)
	switch {
	case errors.As(m.failure, &later):
		return ""
	case errors.As(m.failure, &gone) && gone.Into != 0:
		return m.frame.Words.T("compose.gone-into", "Number", number(gone.Into))
	case m.closed() != nil:
		return ""
	case errors.As(m.failure, &gone):
		return m.frame.Words.T("compose.gone-new")
	}
	return m.frame.Words.Hint(m.failure)
}

// writeUnsure says since when nobody knows, and what was found.
func (m *Model) writeUnsure(s *parts.Sheet) {
	words, style := m.frame.Words, m.frame.Theme
	var of *tickets.UnsureError
	if !errors.As(m.failure, &of) {
		return
	}
	s.Add(style.Doubt.Render(style.Icons.Mark(flow.Unknown))+" ", words.Error(of), style.Strong)
	if of.Err != nil {
		s.Add("  ", words.Error(of.Err), style.Quiet)
	}
	s.Blank()
	if m.looking {
		turning := style.Accent.Render(style.Icons.Looking(m.now.Sub(m.since))) + " "
		s.Add(turning, words.T("compose.looking-for-sent"), style.Accent)
		return
	}
	looked := of.Looked
	if m.look != nil {
		looked = m.look.Looked
	}
	for _, one := range looked {
		s.Add("  "+style.Icons.Dot+" ", words.Say(one), s.Style)
	}
	arrived := m.look != nil && m.look.Arrival == tickets.Arrived
	switch {
	case arrived:
		s.Add(style.Good.Render(style.Icons.Mark(flow.Pass))+" ", words.T("compose.has-arrived", "Number", number(m.look.Ticket.ID)), style.Good)
	case m.look != nil:
		s.Add("  ", words.T("compose.untold"), s.Style)
	}
	s.Blank()
	s.Add("", words.T("compose.draft-is-kept"), style.Quiet)
	s.Blank()
	for _, binding := range m.unsureKeys() {
		if words.Has("compose.way-" + binding.Do) {
			m.way(s, binding.Keys[0], words.T("compose.way-"+binding.Do))
		}
	}
}

// writeMacro shows what a macro would do, before it is taken.
func (m *Model) writeMacro(s *parts.Sheet) {
	words, style := m.frame.Words, m.frame.Theme
	s.Add("", words.T("compose.macro-title", "Macro", m.macro.Title), style.Strong)
	if m.macro.Description != "" {
		s.Add("", locale.Clean(m.macro.Description), style.Quiet)
	}
	s.Blank()
	switch {
	case m.failure != nil:
		s.Add(style.Bad.Render(style.Icons.Mark(flow.Fail))+" ", words.Error(m.failure), style.Bad)
		return
	case m.applied.ID == "":
		turning := style.Accent.Render(style.Icons.Looking(m.now.Sub(m.since))) + " "
		s.Add(turning, words.T("compose.macro-asked"), style.Accent)
		return
	}
	before, after := m.draft.Preview(m.catalog), m.applied.Preview(m.catalog)
	done := false
	for _, difference := range after.Differences {
		if !sameDifference(before.Differences, difference) {
			m.writeDifference(s, "  ", difference, m.hadOne())
			done = true
		}
	}
	if m.applied.Comment != m.draft.Comment || m.applied.Public != m.draft.Public {
		done = true
		said, look, bar := m.audienceOf(m.applied)
		s.Blank()
		s.Add("", said, look)
		m.writeLines(s, look.UnsetBold().Render(bar), after.Comment, s.Style)
	}
	if !done {
		s.Add("", words.T("compose.macro-nothing"), s.Style)
	}
	s.Blank()
	m.way(s, "↵", words.T("compose.way-apply"))
	m.way(s, "esc", words.T("compose.way-not-apply"))
}

func sameDifference(all []tickets.Difference, one tickets.Difference) bool {
	for _, other := range all {
		if other.Field.Key != one.Field.Key || len(other.After) != len(one.After) || len(other.Add) != len(one.Add) || len(other.Remove) != len(one.Remove) {
			continue
		}
		same := true
		for i := range one.After {
			same = same && one.After[i].ID == other.After[i].ID && one.After[i].Args["Words"] == other.After[i].Args["Words"]
		}
		if same {
			return true
		}
	}
	return false
}
