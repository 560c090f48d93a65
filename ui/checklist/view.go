// The checklist as one screen: header, list and details, totals, keys.

package checklist

import (
	"strconv"
	"strings"

	"zsf/flows/flow"
	"zsf/ui/locale"
	"zsf/ui/parts"
	"zsf/ui/theme"
)

// Sizes from which there is room for more.
const (
	wideFrom  = 100 // columns: the details stand beside the list
	tallFrom  = 20  // lines: a line for the org and the account
	roomyFrom = 30  // lines: a blank line above the totals
)

// Render draws the checklist: frame.Height lines of at most frame.Width cells.
func (m *Model) Render() string {
	lines := m.headerLines()
	body := m.bodyLines()
	lines = append(lines, parts.Pad(body, m.bodyHeight())...)
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

// bodyHeight is what header, totals and keys leave.
func (m *Model) bodyHeight() int {
	height := m.frame.Height - 1 - 2
	if m.frame.Height >= tallFrom {
		height -= 2
	}
	if m.frame.Height >= roomyFrom {
		height--
	}
	return max(height, 2)
}

// listSize is the place of a list of so many rows. It depends on the size of the screen and on what is shown,
// never on answers: nothing moves when they come.
func (m *Model) listSize(rows int) (width, height int) {
	body := m.bodyHeight()
	if m.isWide() {
		return m.leftWidth(), body
	}
	return m.frame.Width - theme.Margin, min(max(rows, 1), (body+1)/2)
}

// leftWidth is the list's width where the details stand beside it: a little more than half.
func (m *Model) leftWidth() int {
	return min(max(m.frame.Width*53/100, 54), 76)
}

func (m *Model) bodyLines() []string {
	width, height := m.detailsSize()
	key := "tab"
	if m.whole || m.reading {
		key = ""
	}
	details := m.reader.View(m.frame, m.details(m.current(), width), height, key)
	switch {
	case m.whole:
		return append([]string{" " + m.detailsTitle(width)}, indent(details)...)
	case m.isWide():
		right := append([]string{m.detailsTitle(width)}, details...)
		return m.frame.Beside(m.listLines(m.leftWidth()), m.leftWidth(), strings.Repeat(" ", theme.Gutter), right)
	}
	listWidth, listHeight := m.listSize(len(m.rows))
	lines := parts.Pad(m.listLines(listWidth), listHeight)
	return append(append(lines, m.rule()), indent(details)...)
}

// rule parts list and details, and names the chosen step.
func (m *Model) rule() string {
	icons, quiet := m.frame.Theme.Icons, m.frame.Theme.Quiet
	title := m.detailsTitle(m.frame.Width - 8)
	if title == "" {
		return quiet.Render(strings.Repeat(icons.Rule, m.frame.Width))
	}
	left := quiet.Render(icons.Rule+icons.Rule) + " " + title + " "
	return left + quiet.Render(strings.Repeat(icons.Rule, max(m.frame.Width-parts.Width(left), 0)))
}

func indent(lines []string) []string {
	indented := make([]string, len(lines))
	for i, line := range lines {
		if line != "" {
			indented[i] = "   " + line
		}
	}
	return indented
}

func (m *Model) headerLines() []string {
	name, about := m.frame.Words.T("checklist.name"), m.options.Profile
	if m.IsDemo() {
		name, about = m.frame.Words.T("checklist.demo"), m.options.Scenario
	}
	looked := func(width int) string { return parts.Fitting(m.lookLines(), width) }
	header := []string{m.frame.Header(name, about, looked, m.frame.Width-theme.Margin)}
	if m.frame.Height >= tallFrom {
		services := m.frame.Services(m.report.Salesforce, m.report.Zendesk, m.item)
		header = append(header, " "+m.frame.Theme.Quiet.Render(m.frame.Cut(services, m.frame.Width-2*theme.Margin)), "")
	}
	return header
}

// lookLines say when zsf looked, at how much, and how long it took; or the time alone.
func (m *Model) lookLines() []string {
	words, style := m.frame.Words, m.frame.Theme
	switch {
	case m.look.Runs():
		return []string{style.Accent.Render(words.T("checklist.looking-at", "Settled", m.look.Settled,
			"Count", max(m.look.Steps, m.look.Settled), "Span", m.frame.Elapsed(m.now.Sub(m.look.Started))))}
	case m.look.Err != nil:
		return []string{style.Bad.Render(words.T("checklist.broken-off"))}
	case m.look.At.IsZero():
		return []string{""}
	}
	next := ""
	if !m.next.IsZero() {
		next = "   " + words.T("checklist.next-look", "Left", locale.Countdown(m.next.Sub(m.now)))
	}
	at := words.Time(m.look.At)
	looked := words.T("checklist.looked-at", "Count", m.look.Steps, "Span", m.look.Took)
	return []string{style.Quiet.Render(at + "   " + looked + next), style.Quiet.Render(at + next)}
}

// statusLine is the totals, or what is to be said for a moment.
func (m *Model) statusLine() string {
	words, style, width := m.frame.Words, m.frame.Theme, m.frame.Width-theme.Margin
	switch {
	case m.toast.Words() != "":
		return m.frame.Cut(" "+style.Accent.Render(m.toast.Words()), width)
	case m.switching:
		return m.frame.Cut(" "+style.Accent.Render(words.T("checklist.switching", "Scenario", m.options.Scenario)), width)
	case m.look.Err != nil && !m.look.Runs():
		return m.frame.Cut(" "+style.Bad.Render(words.Error(m.look.Err)), width)
	case m.frame.WaitLine(m.look.Waiting, m.now) != "":
		return m.frame.Cut(" "+m.frame.WaitLine(m.look.Waiting, m.now), width)
	}
	var right []string
	if m.wrongOnly {
		right = append(right, words.T("checklist.only-wrong"))
	}
	if m.list.Overflows() && !m.whole {
		right = append(right, m.position())
	}
	where := style.Quiet.Render(strings.Join(right, " "+style.Icons.Dot+" "))
	// Where all does not fit, the totals' words are worth more than what stands at the right.
	totals := m.totals(true)
	if parts.Width(totals) > width-3 {
		totals = m.totals(false)
	}
	return m.frame.Spread(" "+totals, where, width)
}

// totals count the verdicts, trouble first: with their words, or by their marks alone.
func (m *Model) totals(inWords bool) string {
	var totals []string
	for _, verdict := range []flow.Verdict{flow.Fail, flow.Warn, flow.Unknown, flow.Blocked, flow.Confirmed, flow.Skipped, flow.Pass} {
		count := m.count(verdict)
		if count == 0 {
			continue
		}
		total := strconv.Itoa(count)
		if inWords {
			total = m.frame.Words.Total(verdict, count)
		}
		style := m.frame.Theme.Verdict(verdict)
		totals = append(totals, style.Render(m.frame.Theme.Icons.Mark(verdict))+" "+total)
	}
	if len(totals) == 0 {
		return m.frame.Theme.Quiet.Render(m.frame.Words.T("checklist.nothing-yet"))
	}
	return strings.Join(totals, "  ")
}

// position tells which of the shown steps is chosen.
func (m *Model) position() string {
	at, all := 0, 0
	for i, row := range m.rows {
		if row.item < 0 {
			continue
		}
		all++
		if i <= m.list.Cursor() {
			at = all
		}
	}
	return m.frame.Words.T("checklist.position", "At", at, "All", all)
}
