// The wizard as one screen: header, the steps at the left or in one line, the step that speaks, keys.

package wizard

import (
	"strings"

	"zsf/ui/parts"
	"zsf/ui/theme"
)

// Sizes from which there is room for more.
const (
	wideFrom  = 100 // columns: the steps stand beside the one that speaks
	tallFrom  = 20  // lines: a line for the org and the account, and air
	roomyFrom = 30  // lines: a blank line above the status line
	paneMost  = 88  // columns: longer lines are hard to read
)

// Render draws the wizard: frame.Height lines of at most frame.Width cells.
func (m *Model) Render() string {
	lines := m.headerLines()
	lines = append(lines, parts.Pad(m.bodyLines(), m.bodyHeight())...)
	if m.frame.Height >= roomyFrom {
		lines = append(lines, "")
	}
	lines = append(lines, m.statusLine(), m.frame.Footer(m.Keys()))
	for i := range lines {
		lines[i] = m.frame.Cut(lines[i], m.frame.Width)
	}
	return strings.Join(parts.Pad(lines, m.frame.Height), "\n")
}

func (m *Model) isWide() bool { return m.frame.Width >= wideFrom }

// bodyHeight is what header, status line and keys leave.
func (m *Model) bodyHeight() int {
	height := m.frame.Height - len(m.headerLines()) - 2
	if m.frame.Height >= roomyFrom {
		height--
	}
	return max(height, 2)
}

// leftWidth is the width of the steps: that of the longest title.
func (m *Model) leftWidth() int {
	width := parts.Width(m.frame.Words.T("wizard.end"))
	for i := range m.items {
		width = max(width, parts.Width(m.frame.Words.Say(m.items[i].Step.Title())))
	}
	return min(max(width+rowIndent, 24), 36)
}

// paneSize is the place of the step that speaks: its title not counted.
func (m *Model) paneSize() (width, height int) {
	if m.isWide() {
		return min(m.frame.Width-m.leftWidth()-theme.Margin-theme.Gutter-theme.Margin, paneMost), m.bodyHeight() - 2
	}
	return m.frame.Width - 2*theme.Margin - theme.Indent, m.bodyHeight()
}

func (m *Model) bodyLines() []string {
	width, height := m.paneSize()
	pane := m.paneView(width, height)
	if m.isWide() {
		right := append([]string{m.paneTitle(width), ""}, pane...)
		return m.frame.Beside(m.listLines(), theme.Margin+m.leftWidth(), strings.Repeat(" ", theme.Gutter), right)
	}
	for i, line := range pane {
		if line != "" {
			pane[i] = " " + line
		}
	}
	return pane
}

// paneTitle names the step that speaks, and says how manieth it is.
func (m *Model) paneTitle(width int) string {
	style := m.frame.Theme
	return m.frame.Spread(style.Strong.Render(m.frame.Cut(m.title(), width)), style.Quiet.Render(m.position()), width)
}

func (m *Model) title() string {
	if it := m.current(); it != nil {
		return m.frame.Words.Say(it.Step.Title())
	}
	return m.frame.Words.T("wizard.end")
}

func (m *Model) position() string {
	if m.isAtEnd() {
		return ""
	}
	return m.frame.Words.T("wizard.position", "At", m.at+1, "All", len(m.items))
}

// rowIndent is what stands before a title: the cursor, the mark, and a blank after each.
const rowIndent = 4

// listLines are the steps at the left; where not all fit, those around the one that speaks.
func (m *Model) listLines() []string {
	rows, at := m.rows(true)
	if len(rows) > m.bodyHeight() {
		rows, at = m.rows(false)
	}
	var list parts.List
	list.Fit(len(rows), m.bodyHeight(), nil)
	list.Select(min(at+2, len(rows)-1)) // what comes next is in sight
	list.Select(at)
	from, to := list.Window()
	return rows[from:to]
}

// rows are the lines of the list, and which of them is the step that speaks; airy parts the groups.
func (m *Model) rows(airy bool) (rows []string, at int) {
	style := m.frame.Theme
	for i := range m.items {
		it := &m.items[i]
		if airy && i > 0 && it.Group != m.items[i-1].Group {
			rows = append(rows, "")
		}
		if i == m.at {
			at = len(rows)
		}
		title := m.frame.Words.Say(it.Step.Title())
		rows = append(rows, m.row(i == m.at, m.frame.Mark(&it.Item, m.now), title, it.Seen && !it.Looking && !it.settled()))
	}
	if airy {
		rows = append(rows, "")
	}
	if m.isAtEnd() {
		at = len(rows)
	}
	return append(rows, m.row(m.isAtEnd(), style.Quiet.Render(style.Icons.NotYet), m.frame.Words.T("wizard.end"), false)), at
}

func (m *Model) row(current bool, mark, title string, open bool) string {
	style, cursor := m.frame.Theme, " "
	title = m.frame.Cut(title, m.leftWidth()-rowIndent)
	switch {
	case current:
		cursor, title = style.Accent.Render(style.Icons.Cursor), style.Strong.Render(title)
	case !open:
		title = style.Quiet.Render(title)
	}
	return " " + cursor + " " + mark + " " + title
}

// strip is the steps in one line: how manieth, all marks, the title.
func (m *Model) strip() string {
	var marks strings.Builder
	for i := range m.items {
		marks.WriteString(m.frame.Mark(&m.items[i].Item, m.now))
	}
	lead := " "
	if position := m.position(); position != "" {
		lead += m.frame.Theme.Quiet.Render(position) + "  "
	}
	return lead + marks.String() + "  " + m.frame.Theme.Strong.Render(m.title())
}

func (m *Model) headerLines() []string {
	words, style := m.frame.Words, m.frame.Theme
	title := m.options.Title
	if title == "" {
		title = "wizard.name." + m.run.Flow().ID
	}
	about := m.options.Profile
	if m.IsDemo() {
		about = words.T("wizard.demo-about", "Scenario", m.options.Scenario)
	}
	services := style.Quiet.Render(m.frame.Services(m.report.Salesforce, m.report.Zendesk, m.known))
	right := []string{""}
	switch {
	case m.run.Watches():
		right = []string{style.Doubt.Render(words.T("wizard.watching")), style.Doubt.Render(words.T("wizard.watching-short"))}
	case m.isWide():
		right = []string{services, ""}
	}
	header := []string{m.frame.Header(words.T(title), about,
		func(width int) string { return parts.Fitting(right, width) }, m.frame.Width-theme.Margin)}
	tall := m.frame.Height >= tallFrom
	if tall && (!m.isWide() || m.run.Watches()) {
		header = append(header, " "+m.frame.Cut(services, m.frame.Width-2*theme.Margin))
	}
	if tall {
		header = append(header, "")
	}
	if !m.isWide() {
		header = append(header, m.strip())
		if tall {
			header = append(header, "")
		}
	}
	return header
}

// statusLine is what is to be said for a moment, what zsf waits for, or how far the flow is.
func (m *Model) statusLine() string {
	words, style, width := m.frame.Words, m.frame.Theme, m.frame.Width-theme.Margin
	say := func(line string) string { return m.frame.Cut(" "+line, width) }
	switch {
	case m.toast.Words() != "":
		return say(style.Accent.Render(m.toast.Words()))
	case m.switching != "":
		return say(style.Accent.Render(words.T(m.switching)))
	case m.recovering:
		return say(style.Accent.Render(words.T("wizard.recovering")))
	case m.look.Err != nil && !m.look.Runs():
		return say(style.Bad.Render(words.T("wizard.broken-off", "Reason", m.look.Err)))
	case m.frame.WaitLine(m.look.Waiting, m.now) != "":
		return say(m.frame.WaitLine(m.look.Waiting, m.now))
	}
	if it := m.current(); it != nil && it.mode == waiting && m.frame.Height < tallFrom && !it.wait.last.IsZero() {
		return say(style.Quiet.Render(words.T("wizard.wait-last-short", "Ago", words.Ago(m.now.Sub(it.wait.last)), "Summary", it.Finding.Summary)))
	}
	progress := words.T("wizard.progress", "Settled", m.settled(), "All", len(m.items))
	right := ""
	switch {
	case m.look.Runs():
		right = style.Accent.Render(words.T("checklist.looking-at", "Settled", m.look.Settled,
			"Count", max(m.look.Steps, m.look.Settled), "Span", m.frame.Elapsed(m.now.Sub(m.look.Started))))
	case !m.look.At.IsZero():
		right = style.Quiet.Render(words.T("wizard.as-of", "Time", m.look.At))
	}
	return m.frame.Spread(" "+style.Quiet.Render(progress), right, width)
}

func (m *Model) settled() int {
	count := 0
	for i := range m.items {
		if m.items[i].settled() {
			count++
		}
	}
	return count
}
