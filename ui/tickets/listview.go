// The list on the screen: of any number of tickets only those in view are drawn.

package tickets

import (
	"slices"
	"strings"
	"time"

	"zsf/clients/transport"
	"zsf/flows/tickets"
	"zsf/ui/parts"
	"zsf/ui/theme"
)

// columns are how wide each column is; 0: it is not there.
type columns struct {
	number, status, priority, subject, requester, assignee, updated, mark int
}

// gap is between two columns.
const gap = 2

// columnsFor gives each width its columns: the narrower the screen, the fewer. digits are those of the longest number.
func columnsFor(width, digits int) columns {
	c := columns{number: digits + 1, status: 9, priority: 6, updated: 6, mark: 3}
	switch {
	case width >= 140:
		c.status, c.priority, c.requester, c.assignee, c.mark = 14, 7, 22, 20, 7
	case width >= 116:
		c.status, c.priority, c.requester, c.assignee, c.mark = 11, 7, 16, 14, 7
	case width >= 100:
		c.status, c.priority, c.requester, c.mark = 11, 7, 16, 7
	case width >= 76:
		c.requester = 11
	default:
		c.priority = 0
	}
	taken := 2 + theme.Margin // cursor and margin
	for _, wide := range []int{c.number, c.status, c.priority, c.requester, c.assignee, c.updated, c.mark} {
		if wide > 0 {
			taken += wide + gap
		}
	}
	c.subject = max(width-taken, 10)
	return c
}

func (m *Model) listLines() []string {
	l := &m.list
	switch {
	case l.err != nil && l.table == nil:
		return m.troubleLines(l.err)
	case m.about.match.Nothing() && !m.search.opening.runs() && !l.remembered:
		return m.nobodyLines()
	case l.table == nil:
		return nil
	case len(l.shown) == 0 && !l.arranging.runs():
		return m.emptyLines()
	}
	columns := columnsFor(m.frame.Width, l.table.digits())
	from, to := l.rows.Window()
	lines := make([]string, 0, to-from)
	for i := from; i < to && i < len(l.shown); i++ {
		lines = append(lines, m.rowLine(&columns, &l.table.rows[l.shown[i]], i == l.rows.Cursor()))
	}
	if above := m.aboveWords(); above != "" && m.frame.Height < roomyFrom && len(lines) > 0 {
		width := m.frame.Width - theme.Margin - parts.Width(above) - gap
		lines[0] = m.frame.Fit(lines[0], width) + "  " + above // no line is left for it
	}
	return lines
}

// newAbove is how many new tickets stand above what is in view.
func (m *Model) newAbove() int {
	l := &m.list
	from, _ := l.rows.Window()
	count := 0
	for _, at := range l.newAt {
		if at < from && at < len(l.shown) && l.marks[l.table.rows[l.shown[at]].id] == isNew {
			count++
		}
	}
	return count
}

func (m *Model) rowLine(c *columns, r *row, chosen bool) string {
	style, words, frame := m.frame.Theme, m.frame.Words, m.frame
	mark := m.list.marks[r.id]
	cursor, plain := " ", style.Plain
	switch {
	case chosen:
		cursor, plain = style.Accent.Render(style.Icons.Cursor), style.Strong
	case mark == isGone || r.status == "closed" || r.status == "solved":
		plain = style.Quiet
	}
	picked := " "
	if m.list.picked[r.id] {
		picked = style.Accent.Render(style.Icons.Picked)
	}
	var b strings.Builder
	b.WriteString(cursor + picked)
	b.WriteString(style.Quiet.Render(frame.Fit(number(r.id), c.number)) + "  ")
	name := r.label
	if name == "" {
		name = wordFor(words, "ticket-status.", r.status)
	}
	b.WriteString(style.Status(r.status).Render(style.Icons.Status(r.status)) + " " + frame.Fit(name, c.status-2) + "  ")
	if c.priority > 0 {
		b.WriteString(m.priority(r, c.priority) + "  ")
	}
	b.WriteString(plain.Render(frame.Fit(m.subject(r), c.subject)) + "  ")
	if c.requester > 0 {
		b.WriteString(frame.Fit(r.requester, c.requester) + "  ")
	}
	if c.assignee > 0 {
		if r.assignee == "" {
			b.WriteString(style.Quiet.Render(frame.Fit(words.T("pane.unassigned"), c.assignee)) + "  ")
		} else {
			b.WriteString(frame.Fit(r.assignee, c.assignee) + "  ")
		}
	}
	b.WriteString(style.Quiet.Render(frame.Fit(m.since(r.updated), c.updated)) + "  ")
	b.WriteString(m.markWord(mark, c.mark))
	return b.String()
}

func (m *Model) subject(r *row) string {
	if r.subject == "" {
		return m.frame.Words.T("pane.no-subject")
	}
	return r.subject
}

func (m *Model) priority(r *row, width int) string {
	style, text := m.frame.Theme, m.frame.Fit(wordFor(m.frame.Words, "ticket-priority.", r.priority), width)
	switch r.priority {
	case "urgent":
		return style.Bad.Render(text)
	case "high":
		return style.Doubt.Render(text)
	case "low":
		return style.Quiet.Render(text)
	}
	return text
}

// since is how long ago a ticket changed.
func (m *Model) since(seconds int64) string {
	span := m.now.Sub(time.Unix(seconds, 0)).Truncate(time.Second)
	if span < time.Minute {
		return m.frame.Words.T("pane.now")
	}
	return m.frame.Words.Span(span)
}

// markWord says what became of a ticket since somebody looked at it; by one letter, where there is little room.
func (m *Model) markWord(mark mark, width int) string {
	style, words := m.frame.Theme, m.frame.Words
	var id string
	switch mark {
	case isNew:
		id = "pane-mark.new"
	case isChanged:
		id = "pane-mark.changed"
	case isGone:
		id = "pane-mark.gone"
	default:
		return ""
	}
	text := words.T(id)
	if parts.Width(text) > width {
		text = words.T(id + "-brief")
	}
	if mark == isGone {
		return style.Bad.Render(text)
	}
	return style.Accent.Render(text)
}

// nobodyLines say that nothing in the account stands for the record, and how else it may be found.
func (m *Model) nobodyLines() []string {
	words, style, width := m.frame.Words, m.frame.Theme, m.frame.Width-2*theme.Margin-2
	text := words.T("tickets.no-value")
	if len(m.about.match.Values) > 0 {
		text = words.T("tickets.no-target", "By", words.T("ticket-by."+string(m.about.match.By)), "Values", m.about.match.Values)
	}
	var lines []string
	for _, line := range parts.Wrap(text, width) {
		lines = append(lines, "  "+style.Strong.Render(line))
	}
	lines = append(lines, "")
	for _, line := range parts.Wrap(words.T("pane-match.other-way"), width) {
		lines = append(lines, "  "+line)
	}
	return lines
}

// emptyLines say why the list is empty.
func (m *Model) emptyLines() []string {
	l, words := &m.list, m.frame.Words
	id := "pane-empty.none"
	switch {
	case strings.TrimSpace(l.field.Value()) != "" || l.view.Filters():
		id = "pane-empty.filtered"
	case slices.ContainsFunc(l.notShown, func(left tickets.Left) bool { return left.What == tickets.LeftClosed }):
		id = "pane-empty.closed"
	}
	var lines []string
	for _, line := range parts.Wrap(words.T(id), m.frame.Width-2*theme.Margin-2) {
		lines = append(lines, "  "+m.frame.Theme.Quiet.Render(line))
	}
	return lines
}

// talkTitle names the ticket whose conversation is shown.
func (m *Model) talkTitle() string {
	r := m.list.table.get(m.talk.id)
	if r == nil {
		return ""
	}
	words, style := m.frame.Words, m.frame.Theme
	facts := []string{number(r.id)}
	if r.kind != "" {
		facts = append(facts, wordFor(words, "ticket-type.", r.kind))
	}
	if r.priority != "" {
		facts = append(facts, wordFor(words, "ticket-priority.", r.priority))
	}
	status := r.label
	if status == "" {
		status = wordFor(words, "ticket-status.", r.status)
	}
	facts = append(facts, status)
	dot := " " + style.Icons.Dot + " "
	width := m.frame.Width - theme.Margin
	right := style.Quiet.Render(strings.Join(facts, dot))
	subject := m.frame.Cut(m.subject(r), max(width-parts.Width(right)-6, width/3))
	return m.frame.Spread("  "+style.Strong.Render(subject), right, width)
}

// talkAssignee says whose ticket it is: the list has no room for it where it is narrow.
func (m *Model) talkAssignee() string {
	r := m.list.table.get(m.talk.id)
	if r == nil {
		return ""
	}
	words := m.frame.Words.T("pane.unassigned")
	if r.assignee != "" {
		words = m.frame.Words.T("pane.assignee", "Name", r.assignee)
	}
	width := m.frame.Width - theme.Margin
	return m.frame.Spread("", m.frame.Theme.Quiet.Render(m.frame.Cut(words, width/2)), width)
}

// talkLines are what was said in the chosen ticket, or why that is not to be seen.
func (m *Model) talkLines() []string {
	t, words, style := &m.talk, m.frame.Words, m.frame.Theme
	switch {
	case m.list.chosen == 0 || t.id == 0:
		return nil
	case m.list.marks[t.id] == isGone:
		return m.goneLines()
	case t.err != nil && t.read == nil:
		return indent(m.troubleLines(t.err))
	case t.read == nil:
		if !t.asking.runs() {
			return nil
		}
		return []string{"   " + style.Accent.Render(words.T("pane.reading", "Span", m.frame.Elapsed(m.now.Sub(t.asking.since))))}
	}
	key := "tab"
	if m.place == reading || t.inside {
		key = ""
	}
	lines := t.lines
	if t.err != nil && transport.KindOf(t.err) != transport.Canceled {
		lines = append([]string{style.Bad.Render(m.frame.Cut(words.T("pane.old-talk", "Time", t.read.ReadAt, "Reason", t.err), m.talkWidth())), ""}, lines...)
	} else if slices.Contains(t.read.Tags, mergedTag) {
		lines = append([]string{style.Doubt.Render(m.frame.Cut(words.T("pane.merged"), m.talkWidth())), ""}, lines...)
	}
	return indent(t.reader.View(m.frame, lines, m.talkHeight(), key))
}

// mergedTag is what the service tags a ticket with that was merged into another one.
const mergedTag = "closed_by_merge"

// goneLines say what became of a ticket that was open when it went.
func (m *Model) goneLines() []string {
	var lines []string
	for _, line := range parts.Wrap(m.frame.Words.T("pane.gone"), m.talkWidth()) {
		lines = append(lines, "  "+m.frame.Theme.Doubt.Render(line))
	}
	return append(append(lines, ""), indent(m.talk.reader.View(m.frame, m.talk.lines, max(m.talkHeight()-len(lines)-1, 1), ""))...)
}

func indent(lines []string) []string {
	indented := make([]string, len(lines))
	for i, line := range lines {
		if line != "" {
			indented[i] = " " + line
		}
	}
	return indented
}
