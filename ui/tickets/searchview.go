// The search on the screen, and the question where to save a file.

package tickets

import (
	"errors"
	"strings"

	"zsf/flows/tickets"
	"zsf/ui/locale"
	"zsf/ui/parts"
	"zsf/ui/theme"
)

// searchHead is how many lines stand above the records.
const searchHead = 4

func (m *Model) searchLines() []string {
	words, style, width := m.frame.Words, m.frame.Theme, m.frame.Width-2*theme.Margin-2
	lines := []string{
		"  " + style.Strong.Render(words.T(m.searchTitle())),
		" " + style.Accent.Render(style.Icons.Cursor) + " " + m.search.field.View(m.frame, width, true, words.T("pane-search.hint")),
		"",
	}
	if m.search.err != nil {
		return append(lines, m.troubleLines(m.search.err)...)
	}
	for _, line := range parts.Wrap(m.searchStands(), width) {
		lines = append(lines, "  "+style.Quiet.Render(line))
	}
	return append(lines, m.hitLines()...)
}

// searchStands says what the records below are, or why there are none.
func (m *Model) searchStands() string {
	words, text := m.frame.Words, strings.TrimSpace(m.search.field.Value())
	elapsed := func(r *request) string { return m.frame.Elapsed(m.now.Sub(r.since)) }
	switch {
	case m.search.opening.runs():
		return words.T("pane-search.opening", "Span", elapsed(&m.search.opening))
	case text == "" && m.search.recalling.runs():
		return words.T("pane-search.recalling")
	case text == "" && m.search.recentErr != nil:
		return m.frame.Cut(words.Error(m.search.recentErr), m.frame.Width-4)
	case text == "" && len(m.search.recent) == 0:
		return words.T("pane-search.none-recent")
	case text == "":
		return words.T("pane-search.recent")
	case !tickets.IsWords(text):
		return words.T("pane-search.straight")
	case m.search.hitting.runs():
		return words.T("pane-search.looking", "Span", elapsed(&m.search.hitting))
	case m.search.sought != text:
		return words.T("pane-search.looking")
	case len(m.search.hits) == 0 && tickets.TooShort(text):
		return words.T("pane-search.short")
	case len(m.search.hits) == 0:
		return words.T("pane-search.nothing")
	}
	if m.search.more {
		return words.T("pane-search.first", "Count", len(m.search.hits))
	}
	return words.T("pane-search.hits", "Count", len(m.search.hits))
}

// hitLines are the records to choose from.
func (m *Model) hitLines() []string {
	words, style := m.frame.Words, m.frame.Theme
	list, rows := m.search.list, m.search.rows()
	list.Fit(len(rows), max(m.bodyHeight()-searchHead, 1), nil)
	column := 0
	for _, hit := range rows {
		column = max(column, parts.Width(words.T("ticket-object."+hit.Object)))
	}
	from, to := list.Window()
	var lines []string
	for i := from; i < to; i++ {
		cursor, name := " ", m.frame.Cut(locale.Clean(rows[i].Name), m.frame.Width-column-8)
		if i == list.Cursor() {
			cursor, name = style.Accent.Render(style.Icons.Cursor), style.Strong.Render(name)
		}
		object := style.Quiet.Render(m.frame.Fit(words.T("ticket-object."+rows[i].Object), column))
		lines = append(lines, " "+cursor+" "+object+"  "+name)
	}
	return lines
}

// troubleLines say why there is nothing to show, and what to do about it.
func (m *Model) troubleLines(err error) []string {
	words, style, width := m.frame.Words, m.frame.Theme, m.frame.Width-2*theme.Margin-2
	var lines []string
	for _, line := range parts.Wrap(words.Error(err), width) {
		lines = append(lines, "  "+style.Bad.Render(line))
	}
	hint := words.Hint(err)
	gone, isGone := asNoRecord(err)
	var noWay *tickets.NoWayError
	switch {
	case isGone && gone.Other() != "":
		hint = words.T("pane-search.merged", "Other", gone.Other())
	case isGone:
		hint = words.Say(gone.Hint())
	case errors.As(err, &noWay):
		hint = words.T("pane-match.other-way")
	}
	if service, ok := wantsSignIn(err); ok {
		key := "L"
		if m.place == searching {
			key = "ctrl+l"
		}
		hint = words.T("pane.sign-in", "Service", string(service), "Key", key)
	}
	if hint == "" {
		return lines
	}
	lines = append(lines, "")
	for _, line := range parts.Wrap(hint, width) {
		lines = append(lines, "  "+line)
	}
	return lines
}

func (m *Model) savingLines() []string {
	words, style, width := m.frame.Words, m.frame.Theme, m.frame.Width-2*theme.Margin-2
	about := words.T("pane-file.where", "Name", m.saving.file.FileName, "Size", size(m.saving.file.Size))
	lines := []string{
		"  " + style.Strong.Render(m.frame.Cut(about, width)),
		" " + style.Accent.Render(style.Icons.Cursor) + " " + m.saving.field.View(m.frame, width, true, ""),
		"",
	}
	switch {
	case m.saving.running:
		lines = append(lines, "  "+style.Accent.Render(words.T("pane-file.saving")))
	case m.saving.err != nil:
		return append(lines, m.troubleLines(m.saving.err)...)
	default:
		for _, line := range parts.Wrap(words.T("pane-file.never-over"), width) {
			lines = append(lines, "  "+style.Quiet.Render(line))
		}
	}
	return lines
}

// searchTitle asks for what the record is looked for.
func (m *Model) searchTitle() string {
	if m.options.ToWrite == WriteNew {
		return "pane-search.title-new"
	}
	return "pane-search.title"
}
