// A question on the screen.

package wizard

import (
	"slices"
	"strings"

	"zsf/flows/flow"
	"zsf/ui/parts"
	"zsf/ui/theme"
)

// formView draws the question that is asked in a place of that size.
func (m *Model) formView(it *item, width, height int) []string {
	f := it.form.current()
	head, foot := m.formHead(it, f, width), m.formFoot(f, width)
	if f.text != nil {
		return append(append(head, f.text.View(m.frame, width, true, "")), foot...)
	}
	room := max(height-len(head)-len(foot), 1)
	list := f.list // drawing changes nothing
	shown := f.shown(m.frame)
	list.Fit(len(shown), room, nil)
	from, to := list.Window()
	lines := head
	for i := from; i < to; i++ {
		lines = append(lines, m.optionLine(f, &f.question.Options[shown[i]], i == list.Cursor(), width))
	}
	if len(shown) == 0 {
		lines = append(lines, m.frame.Theme.Quiet.Render(m.frame.Words.T("wizard.no-option")))
	}
	return append(lines, foot...)
}

// fitForm brings the list to its place on the screen.
func (m *Model) fitForm(it *item) {
	f := it.form.current()
	if f.text != nil {
		return
	}
	width, height := m.paneSize()
	f.fit(m.frame, height-len(m.formHead(it, f, width))-len(m.formFoot(f, width)))
}

// formHead is the question, and above a list its filter and how much of it is ticked.
func (m *Model) formHead(it *item, f *field, width int) []string {
	words, style := m.frame.Words, m.frame.Theme
	s := &parts.Sheet{Frame: m.frame, Width: width, Style: style.Plain}
	s.Add("", words.Say(f.question.Words()), style.Strong)
	if len(it.form.fields) > 1 {
		s.Add("", words.T("wizard.question-of", "At", it.form.at+1, "All", len(it.form.fields)), style.Quiet)
	}
	if help := "question-help." + f.question.ID; words.Has(help) {
		s.Add("", words.T(help), style.Quiet)
	}
	if f.text != nil {
		s.Blank()
		return s.Lines
	}
	filter := ""
	switch {
	case f.filtering:
		filter = style.Accent.Render("/") + " " + f.filter.View(m.frame, width/2, true, "")
	case typed(f.filter) != "":
		filter = style.Accent.Render("/") + " " + f.filter.View(m.frame, width/2, false, "")
	case f.question.Kind == flow.PickMany || len(f.question.Options) > fewOptions:
		filter = style.Quiet.Render("/ " + words.T("keys.filter"))
	}
	counter := ""
	if f.question.Kind == flow.PickMany {
		counter = style.Quiet.Render(words.T("wizard.ticked", "Count", len(f.given), "All", len(f.question.Options)))
	}
	return append(s.Lines, m.frame.Spread(filter, counter, width))
}

// formFoot is the marked option in full, and why the answer does not fit.
func (m *Model) formFoot(f *field, width int) []string {
	s := &parts.Sheet{Frame: m.frame, Width: width, Style: m.frame.Theme.Plain}
	if f.question.Kind == flow.PickMany {
		s.Lines = append(s.Lines, "")
		s.Lines = append(s.Lines, m.aboutMarked(f, width)...)
	}
	if f.err == nil {
		return s.Lines
	}
	s.Lines = append(s.Lines, "")
	mark := m.frame.Theme.Bad.Render(m.frame.Theme.Icons.Mark(flow.Fail)) + " "
	s.Add(mark, m.frame.Words.Error(f.err), m.frame.Theme.Bad)
	return s.Lines
}

// aboutMarked is the marked option in full: its name where names are cut in the list, and its notes. It has as many
// lines for each option, so that the list does not move.
func (m *Model) aboutMarked(f *field, width int) []string {
	words, style := m.frame.Words, m.frame.Theme
	names, notes := 0, 0
	for i := range f.question.Options {
		option := &f.question.Options[i]
		names, notes = max(names, parts.Width(words.Say(option.Words))), max(notes, parts.Width(m.notesOf(option)))
	}
	s := &parts.Sheet{Frame: m.frame, Width: width, Style: style.Plain}
	lines := 1
	if notes+theme.Indent > width {
		lines = 2
	}
	option := f.marked(m.frame)
	if names > m.optionColumn(f, width) {
		lines++
		if option != nil {
			s.Lines = append(s.Lines, m.frame.Cut("  "+words.Say(option.Words), width))
		}
	}
	if option != nil {
		s.Add("  ", m.notesOf(option), style.Quiet)
	}
	return parts.Pad(s.Lines, lines)
}

func (m *Model) optionLine(f *field, option *flow.Option, chosen bool, width int) string {
	words, style := m.frame.Words, m.frame.Theme
	cursor, box := " ", ""
	name := words.Say(option.Words)
	if f.question.Kind == flow.PickMany {
		box = "[ ] "
		if option.Locked || slices.Contains(f.given, option.Value) {
			box = "[x] "
		}
	}
	if option.Locked {
		box = style.Quiet.Render(box)
	}
	if chosen {
		cursor = style.Accent.Render(style.Icons.Cursor)
	}
	column := m.optionColumn(f, width)
	name = m.frame.Fit(name, column)
	if chosen {
		name = style.Strong.Render(name)
	}
	return m.frame.Cut(cursor+" "+box+name+"  "+style.Quiet.Render(m.notesOf(option)), width)
}

// notesOf are what helps to decide about an option, and why it is locked.
func (m *Model) notesOf(option *flow.Option) string {
	notes := make([]string, 0, len(option.Notes)+1)
	for _, note := range option.Notes {
		notes = append(notes, m.frame.Words.Say(note))
	}
	if option.Locked {
		notes = append(notes, m.frame.Words.Say(option.Why))
	}
	return strings.Join(notes, " "+m.frame.Theme.Icons.Dot+" ")
}

// optionColumn is the width of the options' names: that of the longest, up to half of the screen.
func (m *Model) optionColumn(f *field, width int) int {
	column := 0
	for _, option := range f.question.Options {
		column = max(column, parts.Width(m.frame.Words.Say(option.Words)))
	}
	return min(column, width/2)
}
