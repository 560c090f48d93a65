// The list at the left, or at the top: headings and steps, one line each.

package checklist

import (
	"slices"
	"strings"

	"zsf/flows/flow"
	"zsf/ui/parts"
	"zsf/ui/theme"
)

// A row is a line of the list: a step, a group's heading, or a blank line before it.
type row struct {
	item  int // of the step; -1 for a heading or a blank line
	group int // of the heading; -1 for a blank line
}

// arrange makes the rows anew, with the cursor on the step where it was, or the one nearest to it.
func (m *Model) arrange() {
	m.rows = m.makeRows(false)
	airy := m.makeRows(true)
	if _, height := m.listSize(len(airy)); len(airy) <= height {
		m.rows = airy
	}
	_, height := m.listSize(len(m.rows))
	m.list.Fit(len(m.rows), height, func(i int) bool { return m.rows[i].item >= 0 })
	m.list.Select(m.rowNear(m.chosen))
	if at := m.list.Cursor(); at >= 0 {
		m.choose(m.items[m.rows[at].item].Step.ID)
		return
	}
	m.choose("")
}

// rowNear is the row of a step, or of the next one that is shown.
func (m *Model) rowNear(id flow.ID) int {
	wanted := slices.IndexFunc(m.items, func(item parts.Item) bool { return item.Step.ID == id })
	near := slices.IndexFunc(m.rows, func(row row) bool { return row.item >= 0 && row.item >= wanted })
	if near < 0 {
		return len(m.rows) - 1
	}
	return near
}

// makeRows lists what is shown; airy puts a blank line before each group but the first.
func (m *Model) makeRows(airy bool) []row {
	var rows []row
	group := -1
	for i, item := range m.items {
		if m.wrongOnly && !m.kept[item.Step.ID] {
			continue
		}
		if item.Group != group {
			if airy && len(rows) > 0 {
				rows = append(rows, row{item: -1, group: -1})
			}
			group = item.Group
			rows = append(rows, row{item: -1, group: group})
		}
		rows = append(rows, row{item: i})
	}
	return rows
}

// listLines are the rows in view.
func (m *Model) listLines(width int) []string {
	if len(m.rows) == 0 {
		return parts.Indented("  ", m.frame.Words.T("checklist.nothing-wrong"), width)
	}
	column := m.titleWidth(width)
	from, to := m.list.Window()
	lines := make([]string, 0, to-from)
	for i := from; i < to; i++ {
		lines = append(lines, m.rowLine(i, width, column))
	}
	return lines
}

// titleWidth is the width of the titles' column: that of the longest, up to half of the list.
func (m *Model) titleWidth(width int) int {
	column := 0
	for _, item := range m.items {
		column = max(column, parts.Width(m.frame.Words.Say(item.Step.Title())))
	}
	return min(column, width/2-rowIndent)
}

// rowIndent is what stands before a title: the cursor, the mark, and a blank after each.
const rowIndent = 4

func (m *Model) rowLine(i, width, column int) string {
	row, style := m.rows[i], m.frame.Theme
	if row.item < 0 {
		if row.group < 0 {
			return ""
		}
		heading := m.frame.Words.Say(m.options.Flow.Groups[row.group].Title())
		return "  " + style.Strong.Render(m.frame.Cut(heading, width-2))
	}
	item := &m.items[row.item]
	cursor := " "
	if i == m.list.Cursor() {
		cursor = style.Accent.Render(style.Icons.Cursor)
		if m.reading {
			cursor = style.Quiet.Render(style.Icons.Cursor)
		}
	}
	title := m.frame.Fit(m.frame.Words.Say(item.Step.Title()), column)
	rest := width - rowIndent - column - theme.Indent
	summary := m.frame.Cut(m.frame.Summary(item, m.now), rest)
	quiet := !item.Seen || item.Looking || !isWrong(item.Finding.Verdict)
	chosen := i == m.list.Cursor()
	switch {
	case chosen:
		title = style.Strong.Render(title)
	case quiet:
		title = style.Quiet.Render(title)
	}
	if item.Looking || quiet && !chosen {
		summary = style.Quiet.Render(summary)
	}
	return cursor + " " + m.frame.Mark(item, m.now) + " " + title + strings.Repeat(" ", theme.Indent) + summary
}

// count tells how many of the steps shown came to a verdict.
func (m *Model) count(verdict flow.Verdict) int {
	count := 0
	for _, item := range m.items {
		if item.Seen && item.Finding.Verdict == verdict {
			count++
		}
	}
	return count
}
