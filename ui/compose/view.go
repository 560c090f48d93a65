// The screen drawn: header, what the stage shows, what is said for a moment, keys.

package compose

import (
	"strings"

	"charm.land/lipgloss/v2"

	"zsf/ui/locale"
	"zsf/ui/parts"
	"zsf/ui/theme"
)

const (
	indent    = 1   // of the body
	widest    = 110 // columns of text that are read with ease
	tallFrom  = 20  // lines: a blank one below the header
	roomyFrom = 30  // lines: a blank one above the status
)

// Render draws the screen: frame.Height lines of at most frame.Width cells.
func (m *Model) Render() string {
	lines := m.header()
	for _, line := range parts.Pad(m.body(), m.bodyHeight()) {
		if line != "" {
			line = strings.Repeat(" ", indent) + line
		}
		lines = append(lines, line)
	}
	if m.frame.Height >= roomyFrom {
		lines = append(lines, "")
	}
	lines = append(lines, " "+m.status(), m.frame.Footer(m.Keys()))
	for i := range lines {
		lines[i] = m.frame.Cut(lines[i], m.frame.Width)
	}
	return strings.Join(parts.Pad(lines, m.frame.Height), "\n")
}

func (m *Model) header() []string {
	words := m.frame.Words
	name := words.T("compose.name-" + string(m.options.Kind))
	right := func(room int) string {
		kept := m.keptWords()
		if parts.Width(kept) > room {
			return ""
		}
		return m.frame.Theme.Quiet.Render(kept)
	}
	header := []string{m.frame.Header(name, m.about(), right, m.frame.Width-theme.Margin)}
	if m.frame.Height >= tallFrom {
		header = append(header, "")
	}
	return header
}

// about is what is written about: the ticket, the record, or how many tickets.
func (m *Model) about() string {
	switch {
	case len(m.draft.Tickets) > 0:
		return m.frame.Words.T("compose.tickets", "Count", len(m.draft.Tickets))
	case m.draft.Ticket != 0:
		return m.frame.Words.T("ticket.heading", "ID", number(m.draft.Ticket), "Subject", m.subject())
	}
	if m.draft.FollowUp != 0 {
		return m.frame.Words.T("compose.follow-up-of", "Number", number(m.draft.FollowUp))
	}
	return m.draft.Record.Name
}

func (m *Model) subject() string {
	if values := m.draft.Base.Values["subject"]; len(values) > 0 {
		return values[0]
	}
	return m.options.Subject
}

// keptWords say how much of what is written would outlast the end of the program.
func (m *Model) keptWords() string {
	switch {
	case m.keep.err != nil:
		return m.frame.Words.T("compose.not-kept")
	case m.keep.stored && !m.keep.at.IsZero():
		return m.frame.Words.T("compose.kept", "Time", m.keep.at)
	}
	return ""
}

// status is one line: what is said for a moment, what is wrong, or what is being read.
func (m *Model) status() string {
	style, words := m.frame.Theme, m.frame.Words
	switch {
	case m.toast.Words() != "":
		return style.Accent.Render(m.toast.Words())
	case m.keep.err != nil:
		return style.Bad.Render(words.T("compose.keep-failed", "Reason", m.keep.err))
	case m.stage != writing:
		return ""
	case m.reading != 0:
		return style.Quiet.Render(style.Icons.Looking(m.now.Sub(m.since)) + " " + words.T("compose.reading"))
	case m.unread != nil:
		return style.Bad.Render(words.T("compose.unread", "Reason", m.unread))
	case len(m.problems)+len(m.wrong) > 0:
		if whole, found := m.wholeProblem(); found {
			return style.Bad.Render(words.Say(whole))
		}
		return style.Bad.Render(words.T("compose.problems", "Count", m.countProblems()))
	}
	return ""
}

func (m *Model) countProblems() int {
	count := len(m.problems)
	for key := range m.wrong {
		if _, twice := m.problems[key]; !twice {
			count++
		}
	}
	return count
}

func (m *Model) bodyHeight() int {
	height := m.frame.Height - 1 - 2
	if m.frame.Height >= tallFrom {
		height--
	}
	if m.frame.Height >= roomyFrom {
		height--
	}
	return max(height, 2)
}

// width is that of the body's text.
func (m *Model) width() int { return min(m.frame.Width-indent-theme.Margin, widest) }

func (m *Model) body() []string {
	switch m.stage {
	case writing:
		return m.formLines()
	case picking, offering:
		return m.pickLines()
	}
	return m.reader.View(m.frame, m.readable(), m.bodyHeight(), "")
}

// readable are the lines of a stage that is only read.
func (m *Model) readable() []string {
	s := &parts.Sheet{Frame: m.frame, Width: m.width(), Style: m.frame.Theme.Plain}
	switch m.stage {
	case applying:
		m.writeMacro(s)
	case checking:
		m.writePreview(s)
	case sending:
		m.writeSending(s)
	case conflicted:
		m.writeConflict(s)
	case unsure:
		m.writeUnsure(s)
	case stopped:
		m.writeStopped(s)
	case reported:
		m.writeResults(s)
	case writing, picking, offering: // they have places of their own
	}
	return s.Lines
}

// pickHead is how many lines stand above a list.
func (m *Model) pickHead() []string {
	s := &parts.Sheet{Frame: m.frame, Width: m.width(), Style: m.frame.Theme.Plain}
	switch {
	case m.stage == offering && m.options.Kind == Drafts:
		s.Add("", m.frame.Words.T("compose.drafts-about"), m.frame.Theme.Quiet)
	case m.stage == offering:
		s.Add("", m.frame.Words.T("compose.begun-before", "Count", len(m.keep.begun)), m.frame.Theme.Strong)
		s.Add("", m.frame.Words.T("compose.begun-about"), m.frame.Theme.Quiet)
	default:
		s.Add("", m.pick.title, m.frame.Theme.Strong)
		if m.pick.people != nil || m.current().key == requesterRow {
			s.Add("", m.frame.Words.T("compose.requester-about"), m.frame.Theme.Quiet)
		}
	}
	if m.pick.failed != nil {
		s.Add("", m.frame.Words.T("compose.no-people", "Reason", m.pick.failed), m.frame.Theme.Bad)
	}
	return append(s.Lines, "")
}

// pickHeight is how many options are in view.
func (m *Model) pickHeight() int { return max(m.bodyHeight()-len(m.pickHead())-2, 1) }

func (m *Model) pickLines() []string {
	head := m.pickHead()
	return append(head, m.pick.chooser.Lines(m.frame, m.width(), m.bodyHeight()-len(head))...)
}

// styled wraps words in a style.
func (m *Model) styled(style lipgloss.Style, words string, width int) []string {
	var lines []string
	for _, line := range parts.Wrap(words, width) {
		lines = append(lines, style.Render(line))
	}
	return lines
}

// clean is a person's name as it may be shown; the address where there is none.
func nameOf(name, email string) string {
	if name == "" {
		return locale.Clean(email)
	}
	return locale.Clean(name)
}
