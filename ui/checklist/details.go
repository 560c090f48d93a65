// The chosen step in full.

package checklist

import (
	"zsf/ui/parts"
	"zsf/ui/theme"
)

// details are the lines about a step, without its title.
func (m *Model) details(item *parts.Item, width int) []string {
	if item == nil {
		return nil
	}
	s := m.frame.NewSheet(width, item)
	s.Verdict(item, m.now)
	if item.Seen {
		s.Evidence(item, m.item, m.now)
		s.LeadsTo(item)
		if s.HasRemedies(item) {
			s.Section("details.do")
			s.Remedies(item, m.pageOf(item), m.offSignIn() == "")
		}
	}
	s.Why(item)
	return s.Lines
}

// detailsSize is the width of the details' lines, and how many lines they have, their title not counted.
func (m *Model) detailsSize() (width, height int) {
	body := m.bodyHeight()
	switch {
	case m.whole:
		return min(m.frame.Width-2*theme.Margin-theme.Indent, 96), body - 1
	case m.isWide():
		return m.frame.Width - m.leftWidth() - theme.Gutter - theme.Margin, body - 1
	}
	_, list := m.listSize(len(m.rows))
	return m.frame.Width - 2*theme.Margin - theme.Indent, body - list - 1
}

func (m *Model) detailsOverflow() bool {
	width, height := m.detailsSize()
	return len(m.details(m.current(), width)) > height
}

// detailsTitle is the chosen step's title; accented while the keys scroll the details.
func (m *Model) detailsTitle(width int) string {
	item := m.current()
	if item == nil {
		return ""
	}
	title := m.frame.Cut(m.frame.Words.Say(item.Step.Title()), width)
	if m.reading {
		return m.frame.Theme.Accent.Render(title)
	}
	return m.frame.Theme.Strong.Render(title)
}
