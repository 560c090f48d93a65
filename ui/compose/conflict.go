// A conflict: somebody else changed the ticket meanwhile. Field by field it is mine or theirs, and nothing written is lost.

package compose

import (
	"strings"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"

	"zsf/flows/flow"
	"zsf/flows/tickets"
	"zsf/ui/locale"
	"zsf/ui/parts"
)

// showConflict lays both versions side by side. Until one is chosen each field stays mine.
func (m *Model) showConflict(conflict *tickets.ConflictError) {
	m.stage, m.conflict, m.clash = conflicted, conflict, 0
	m.choices = map[string]tickets.Side{}
	for _, clash := range conflict.Clashes {
		m.choices[clash.Field.Key] = tickets.Mine
	}
	m.reader.Reset()
}

func (m *Model) conflictKeys() parts.Table {
	var table parts.Table
	merge := parts.Binding{Do: "merge", Keys: []string{"enter"}}
	if len(m.conflict.Clashes) > 0 {
		table = append(table,
			parts.Binding{Do: "take-mine", Keys: []string{"m", "left"}, Label: "m ←"},
			parts.Binding{Do: "take-theirs", Keys: []string{"t", "right"}, Label: "t →"},
			merge,
			parts.Binding{Do: "next-clash", Keys: []string{"down", "j", "tab"}, Label: "↓", Quiet: true},
			parts.Binding{Do: "clash-before", Keys: []string{"up", "k", "shift+tab"}, Label: "↑", Quiet: true},
			parts.Binding{Do: "move", Keys: []string{"pgup", "pgdown", "space"}, Label: "pgup pgdown", Quiet: true})
	} else {
		table = append(table, merge, scrollKey)
	}
	return append(table, helpKey, backKey)
}

func (m *Model) doConflict(what string) tea.Cmd {
	switch what {
	case "take-mine":
		m.choices[m.conflict.Clashes[m.clash].Field.Key] = tickets.Mine
	case "take-theirs":
		m.choices[m.conflict.Clashes[m.clash].Field.Key] = tickets.Theirs
	case "next-clash", "clash-before":
		by := map[string]int{"next-clash": 1, "clash-before": -1}[what]
		m.clash = min(max(m.clash+by, 0), len(m.conflict.Clashes)-1)
		m.followClash()
	case "merge":
		return m.merge()
	case "send-rest":
		return m.send()
	case "over-theirs":
		return m.overTheirs()
	}
	return nil
}

// merge goes on from the ticket as it is now, and shows anew what would be sent.
func (m *Model) merge() tea.Cmd {
	whole := m.draft
	m.draft = tickets.Merge(whole, m.conflict, m.choices)
	m.draft.Base.LastComment = m.lastComment()
	m.fill()
	m.at, m.stage = commentRow, writing
	m.keep.unsaved = true
	if m.outgoing().Preview(m.catalog).Empty() {
		m.say("compose.merged-nothing")
		return m.save()
	}
	return m.check()
}

// lastComment is the newest that the person has seen.
func (m *Model) lastComment() int64 {
	last := max(m.draft.Base.LastComment, m.conflict.Theirs.LastComment)
	for _, message := range m.conflict.Messages {
		last = max(last, message.ID)
	}
	return last
}

// writeConflict shows the fields that both changed, what only they changed, and what was said since.
func (m *Model) writeConflict(s *parts.Sheet) {
	words, style := m.frame.Words, m.frame.Theme
	s.Add(style.Doubt.Render(style.Icons.Mark(flow.Warn))+" ", words.Error(m.conflict), style.Strong)
	s.Add("  ", words.T("compose.conflict-about"), style.Quiet)
	if len(m.conflict.Clashes) > 0 {
		s.Section("compose.both-changed")
		for i := range m.conflict.Clashes {
			m.writeClash(s, i)
		}
	}
	if len(m.conflict.Beside) > 0 {
		s.Section("compose.they-changed")
		for _, difference := range m.conflict.Beside {
			m.writeDifference(s, "  ", difference, true)
		}
	}
	if len(m.conflict.Messages) > 0 {
		s.Section("compose.said-since")
		for _, message := range m.conflict.Messages {
			m.writeMessage(s, message)
		}
	}
	if lines := m.draft.Preview(m.catalog).Comment; len(lines) > 0 {
		s.Section("compose.your-comment")
		m.writeComment(s, lines)
	}
}

// writeClash shows one field: mine and theirs with the one that is chosen marked, and what it was before.
func (m *Model) writeClash(s *parts.Sheet, at int) {
	words, style, clash := m.frame.Words, m.frame.Theme, m.conflict.Clashes[at]
	cursor, name := "  ", style.Plain
	if at == m.clash {
		cursor, name = style.Accent.Render(style.Icons.Cursor)+" ", style.Strong
	}
	s.Add(cursor, words.Say(clash.Field.Name()), name)
	sides := []struct {
		side tickets.Side
		id   string
		what []flow.Text
	}{{tickets.Mine, "compose.mine", clash.Mine}, {tickets.Theirs, "compose.theirs", clash.Theirs}}
	column := max(parts.Width(words.T("compose.mine")), parts.Width(words.T("compose.theirs")), parts.Width(words.T("compose.before")))
	for _, one := range sides {
		mark, look := "( ) ", style.Quiet
		if m.choices[clash.Field.Key] == one.side {
			mark, look = "(x) ", style.Accent
		}
		s.Add("    "+look.Render(mark+m.frame.Fit(words.T(one.id), column))+"  ", m.orNothing(one.what), look)
	}
	s.Add("        "+style.Quiet.Render(m.frame.Fit(words.T("compose.before"), column))+"  ", m.orNothing(clash.Before), style.Quiet)
}

// followClash brings the chosen field into view.
func (m *Model) followClash() {
	s := &parts.Sheet{Frame: m.frame, Width: m.width(), Style: m.frame.Theme.Plain}
	for at := range m.clash {
		m.writeClash(s, at)
	}
	lines := len(m.readable())
	m.reader.Scroll(-lines, lines, m.bodyHeight())
	m.reader.Scroll(len(s.Lines), lines, m.bodyHeight())
}

// orNothing are values in words, with a word for none.
func (m *Model) orNothing(values []flow.Text) string {
	if len(values) == 0 {
		return m.frame.Words.T("compose.nothing")
	}
	var words []string
	for _, value := range values {
		words = append(words, m.frame.Words.Say(value))
	}
	return strings.Join(words, ", ")
}

// writeDifference is a field, before and after; of tags those that come and go.
func (m *Model) writeDifference(s *parts.Sheet, lead string, difference tickets.Difference, before bool) {
	name := m.frame.Words.Say(difference.Field.Name())
	if difference.Field.Key == formRow {
		name = m.frame.Words.T("compose.form")
	}
	column := max(parts.Width(lead)+parts.Width(name)+2, 22)
	lead = m.frame.Fit(lead+m.frame.Cut(name, 40), min(column, 44)) + "  "
	if len(difference.Add)+len(difference.Remove) == 0 {
		said := m.orNothing(difference.After)
		if before {
			said = m.orNothing(difference.Before) + " → " + said
		}
		s.Add(lead, said, m.frame.Theme.Accent)
		return
	}
	var changes []string
	for _, tag := range difference.Add {
		changes = append(changes, "+"+locale.Clean(tag))
	}
	for _, tag := range difference.Remove {
		changes = append(changes, "-"+locale.Clean(tag))
	}
	s.Add(lead, strings.Join(changes, " "), m.frame.Theme.Accent)
}

// writeMessage is what somebody said, an internal note with its bar.
func (m *Model) writeMessage(s *parts.Sheet, message tickets.Message) {
	words, style := m.frame.Words, m.frame.Theme
	kind, lead, look := "ticket.public", "    ", style.Accent
	if !message.Public {
		kind, lead, look = "ticket.internal", "  "+style.Doubt.Render(style.Icons.Bar)+" ", style.Doubt
	}
	s.Add("  ", words.T("ticket.message", "Kind", words.T(kind), "Author", nameOf(message.Author.Name, message.Author.Email), "Date", flow.Moment(message.At)), look)
	m.writeLines(s, lead, message.Lines, s.Style)
}

// writeLines are lines of text behind a lead, which stands before each of them.
func (m *Model) writeLines(s *parts.Sheet, lead string, lines []string, style lipgloss.Style) {
	for _, line := range lines {
		for _, row := range parts.Wrap(locale.Clean(line), s.Width-parts.Width(lead)) {
			s.Lines = append(s.Lines, lead+style.Render(row))
		}
	}
}
