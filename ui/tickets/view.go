// The pane as one screen: header, search or list and conversation, what is said for a moment, keys.

package tickets

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"zsf/flows/tickets"
	"zsf/ui/locale"
	"zsf/ui/parts"
	"zsf/ui/theme"
)

// Sizes from which there is room for more.
const (
	tallFrom  = 30 // lines: the conversation stands below the list
	roomyFrom = 20 // lines: a blank line below the header
)

// Render draws the pane: frame.Height lines of at most frame.Width cells.
func (m *Model) Render() string {
	lines := m.headerLines()
	lines = append(lines, parts.Pad(m.bodyLines(), m.bodyHeight())...)
	lines = append(lines, m.statusLine(), m.frame.Footer(m.Keys()))
	for i := range lines {
		lines[i] = m.frame.Cut(lines[i], m.frame.Width)
	}
	return strings.Join(parts.Pad(lines, m.frame.Height), "\n")
}

// showsTalk tells whether the conversation stands below the list.
func (m *Model) showsTalk() bool { return m.frame.Height >= tallFrom && m.place == listing }

// headerHeight is the program's line, the line of the filter, and what the record has to be said of it.
func (m *Model) headerHeight() int {
	height := 2 + len(m.notes())
	if m.frame.Height >= roomyFrom {
		height++
	}
	return height
}

func (m *Model) bodyHeight() int { return max(m.frame.Height-m.headerHeight()-2, 1) }

// listHeight is the list's place. It depends on the screen alone, so that nothing moves when answers come.
func (m *Model) listHeight() int {
	if m.showsTalk() {
		return max(m.bodyHeight()*2/5, 5)
	}
	return m.bodyHeight()
}

// talkHeight is the conversation's place, below its title.
func (m *Model) talkHeight() int {
	if m.place == reading {
		return max(m.bodyHeight()-2, 1)
	}
	return max(m.bodyHeight()-m.listHeight()-3, 1)
}

func (m *Model) talkWidth() int { return max(m.frame.Width-2*theme.Margin-1, 20) }

// fit tells the lists how much room they have.
func (m *Model) fit() {
	if m.frame.Height == 0 {
		return
	}
	m.list.rows.Fit(len(m.list.shown), m.listHeight(), nil)
	m.search.list.Fit(len(m.search.rows()), max(m.bodyHeight()-searchHead, 1), nil)
}

func (m *Model) bodyLines() []string {
	switch {
	case m.saving != nil:
		return m.savingLines()
	case m.place == searching:
		return m.searchLines()
	case m.place == reading:
		return append([]string{m.talkTitle(), m.talkAssignee()}, m.talkLines()...)
	}
	lines := parts.Pad(m.listLines(), m.listHeight())
	if !m.showsTalk() || m.list.table.len() == 0 && m.about.match.Nothing() { // nobody has said anything
		return lines
	}
	rule := m.frame.Theme.Quiet.Render(strings.Repeat(m.frame.Theme.Icons.Rule, max(m.frame.Width-2, 0)))
	return append(append(lines, " "+rule, m.talkTitle(), m.talkAssignee()), m.talkLines()...)
}

// heading says whose tickets these are, how the record was matched, and how old what is shown is.
func (m *Model) heading() string {
	words := m.frame.Words
	about := m.options.Profile
	right := func(int) string { return "" }
	if m.place != searching {
		about = words.T("pane.record", "Name", m.about.record.Name, "Object", words.T("ticket-object."+m.about.record.Object))
		right = func(width int) string { return parts.Fitting(m.standing(), width) }
	}
	about = m.frame.Cut(locale.Clean(about), m.frame.Width/2)
	return m.frame.Header(words.T("pane.name"), about, right, m.frame.Width-theme.Margin)
}

func (m *Model) headerLines() []string {
	lines := []string{m.heading()}
	if m.place == searching {
		lines = append(lines, "")
	} else {
		for _, note := range m.notes() {
			lines = append(lines, " "+m.frame.Theme.Doubt.Render(note))
		}
		lines = append(lines, m.filterLine())
	}
	if m.frame.Height >= roomyFrom {
		lines = append(lines, m.frame.Spread("", m.aboveWords(), m.frame.Width-theme.Margin))
	}
	return lines
}

// aboveWords tell of new tickets above what is in view; empty where there are none.
func (m *Model) aboveWords() string {
	if m.place != listing {
		return ""
	}
	count := m.newAbove()
	if count == 0 {
		return ""
	}
	return m.frame.Theme.Accent.Render(m.frame.Theme.Icons.Up + " " + m.frame.Words.T("pane.new-above", "Count", count))
}

// notes are what one has to know of a record that is not as others are.
func (m *Model) notes() []string {
	if m.place == searching {
		return nil
	}
	words, record := m.frame.Words, m.about.record
	var notes []string
	if record.Person {
		notes = append(notes, words.T("tickets.person"))
	}
	if record.Converted != nil {
		notes = append(notes, words.T("tickets.converted", "Account", record.Converted.AccountID, "Contact", record.Converted.ContactID))
	}
	for _, reach := range m.about.match.With {
		for _, text := range reach.Texts() {
			notes = append(notes, words.Say(text))
		}
	}
	if len(m.about.match.Beside) > 0 {
		notes = append(notes, words.T("pane.late"))
	}
	if len(record.Hidden) > 0 {
		notes = append(notes, words.T("tickets.hidden", "Fields", record.Hidden))
	}
	var lines []string
	for _, note := range notes {
		lines = append(lines, parts.Wrap(note, max(m.frame.Width-2*theme.Margin, 20))...)
	}
	return lines[:min(len(lines), max(m.frame.Height/4, 1))]
}

// standing says how the record was matched and how old what is shown is, the longest way first.
func (m *Model) standing() []string {
	words, style := m.frame.Words, m.frame.Theme
	age, brief := m.age()
	dot := style.Quiet.Render(" " + style.Icons.Dot + " ")
	ways := []string{style.Quiet.Render(m.matched()) + dot + age, age}
	if at := m.readAt(); m.live.err != nil && !at.IsZero() {
		ways = append(ways, style.Bad.Render(words.T("pane.offline-age", "Ago", words.Ago(m.now.Sub(at)))))
	}
	return append(ways, brief)
}

// matched says how the record was matched.
func (m *Model) matched() string {
	words := m.frame.Words
	switch by := words.T("ticket-by." + string(m.about.match.By)); {
	case m.about.match.By == tickets.AsIntegration:
		return words.T("pane.matching")
	case len(m.about.all) > 1:
		return words.T("pane.matched-several", "By", by, "Count", len(m.about.match.Targets))
	default:
		return words.T("pane.matched", "By", by)
	}
}

// age says when what is shown was read, and whether it is kept up to date.
func (m *Model) age() (long, brief string) {
	words, style := m.frame.Words, m.frame.Theme
	at := m.readAt()
	old := words.Ago(m.now.Sub(at))
	switch {
	case m.live.err != nil && at.IsZero():
		return style.Bad.Render(words.T("pane.offline")), style.Bad.Render(words.T("pane.offline"))
	case m.live.err != nil:
		return style.Bad.Render(words.T("pane.offline-since", "Ago", old)), style.Bad.Render(words.T("pane.offline"))
	case m.list.loading.runs() || m.search.opening.runs() || at.IsZero():
		looking := style.Accent.Render(words.T("pane.looking", "Span", m.frame.Elapsed(m.now.Sub(m.waitsSince()))))
		if at.IsZero() || !m.list.remembered {
			return looking, looking
		}
		return style.Doubt.Render(words.T("pane.remembered", "Ago", old)) + " " + looking, looking
	case m.isPaused():
		return style.Doubt.Render(words.T("pane.paused", "Ago", old)), style.Doubt.Render(words.T("pane.paused-brief"))
	}
	read := style.Quiet.Render(words.T("pane.as-of", "Time", at))
	if m.about.match.Nothing() { // there is nothing to keep up to date
		return read, read
	}
	return read + style.Quiet.Render(" "+style.Icons.Dot+" ") + style.Good.Render(words.T("pane.live")),
		style.Good.Render(words.T("pane.live"))
}

// readAt is when what is shown was read last; the zero time where it was not yet.
func (m *Model) readAt() time.Time {
	if m.live.at.IsZero() {
		return m.list.readAt
	}
	return m.live.at
}

// waitsSince is when the call that a person waits for began.
func (m *Model) waitsSince() time.Time {
	for _, asked := range []*request{&m.search.opening, &m.list.loading} {
		if asked.runs() {
			return asked.since
		}
	}
	return m.now
}

// filterLine is what is shown, in which order, how many, and what is not.
func (m *Model) filterLine() string {
	l, words, style := &m.list, m.frame.Words, m.frame.Theme
	width := m.frame.Width - theme.Margin
	left := " " + style.Accent.Render("/") + " "
	room := width/2 - parts.Width(left)
	switch {
	case l.typing || strings.TrimSpace(l.field.Value()) != "":
		left += l.field.View(m.frame, room, l.typing, words.T("pane.filter-hint"))
	default:
		left += style.Quiet.Render(words.T("pane.filter-hint"))
	}
	return m.frame.Spread(left, parts.Fitting(m.counts(), width-parts.Width(left)-2), width)
}

// counts say what is shown of what there is, the longest way first.
func (m *Model) counts() []string {
	l, words, style := &m.list, m.frame.Words, m.frame.Theme
	if l.table == nil || m.about.match.Nothing() {
		return []string{""}
	}
	which := words.T("pane.unclosed")
	if l.view.All {
		which = words.T("pane.every")
	}
	order := "pane-sort." + string(m.sort())
	if l.view.Reversed {
		order += "-reversed"
	}
	by := words.T("pane.by", "Order", words.T(order))
	count := words.T("pane.count", "Shown", len(l.shown), "Total", m.all())
	some := []string{which, by, count}
	var filters []string
	if names := m.filterNames(); names != "" {
		filters = []string{style.Accent.Render(names)}
	}
	if !l.whole() && len(l.shown) < l.table.len() {
		some = append(some, words.T("pane.loaded", "Count", l.table.len()))
	}
	left := m.notShown()
	dot := " " + style.Icons.Dot + " "
	quiet := func(parts ...string) string { return style.Quiet.Render(strings.Join(parts, dot)) }
	join := func(text string) string { return strings.Join(append(filters, text), style.Quiet.Render(dot)) }
	ways := []string{join(quiet(append(some, left...)...))}
	if len(left) > 0 { // what is left out matters more than the order
		ways = append(ways, join(quiet(append([]string{which, count}, left...)...)), join(quiet(append([]string{count}, left...)...)))
	}
	return append(ways, join(quiet(some...)), join(quiet(by, count)), join(quiet(count)), quiet(count))
}

// all is how many tickets there are that the filters choose from.
func (m *Model) all() int {
	if m.list.whole() {
		return m.list.counted.all
	}
	return m.list.total
}

// length is how long the list is once all of it is loaded, as far as anybody knows.
func (m *Model) length() int {
	if l := &m.list; !l.whole() && len(l.shown) == l.table.len() {
		return l.total
	}
	return len(m.list.shown)
}

// notShown says what the list leaves out.
func (m *Model) notShown() []string {
	var left []string
	for _, one := range m.list.notShown {
		id := "pane-left." + one.What
		switch {
		case one.What == tickets.LeftLimit:
			continue // it is loaded as one scrolls, and the counts say so
		case one.What == tickets.LeftLag && len(m.about.match.Beside) > 0:
			continue // a line of its own says so
		case one.What == tickets.LeftLag && !m.live.at.IsZero() && m.live.err == nil:
			continue // the lists, which do not lag, were asked since
		case one.Count < 0:
			id += "-untold"
		}
		left = append(left, m.frame.Words.T(id, "Count", max(one.Count, 0)))
	}
	return left
}

// filterNames are the values that the list is filtered by.
func (m *Model) filterNames() string {
	words, view := m.frame.Words, m.list.view
	var names []string
	for _, group := range []struct {
		prefix string
		values []string
	}{{"ticket-status.", view.Statuses}, {"ticket-priority.", view.Priorities}, {"ticket-type.", view.Types}} {
		for _, value := range group.values {
			if value == "" {
				names = append(names, words.T("pane-filter.none"))
			} else {
				names = append(names, wordFor(words, group.prefix, value))
			}
		}
	}
	for i, label := range view.Labels {
		names = slices.Insert(names, min(len(view.Statuses)+i, len(names)), locale.Clean(label))
	}
	if count := len(view.Assignees); count > 0 {
		names = append(names, words.T("pane-filter.people", "Count", count))
	}
	return words.Join(names)
}

// statusLine is what is to be said for a moment, else what stands above, below and what is marked.
func (m *Model) statusLine() string {
	words, style, width := m.frame.Words, m.frame.Theme, m.frame.Width-theme.Margin
	switch {
	case m.toast.Words() != "":
		return m.frame.Cut(" "+style.Accent.Render(m.toast.Words()), width)
	case (m.waits() || m.live.asking.runs()) && m.frame.WaitLine(m.waiting, m.now) != "":
		return m.frame.Cut(" "+m.frame.WaitLine(m.waiting, m.now), width)
	case m.saving != nil || m.place == searching && !m.search.list.Overflows():
		return ""
	case m.place == searching:
		at := words.T("checklist.position", "At", m.search.list.Cursor()+1, "All", len(m.search.rows()))
		return m.frame.Spread("", style.Quiet.Render(at), width)
	case m.live.err != nil:
		return " " + m.troubleLine(width-1)
	}
	var left, right []string
	if count := len(m.list.picked); count > 0 {
		left = append(left, style.Accent.Render(words.T("pane.picked", "Count", count)))
	} else if matched := style.Quiet.Render(m.matched()); m.place == listing && !strings.Contains(m.heading(), matched) {
		left = append(left, matched) // there was no room for it above
	}
	if m.place == reading || m.list.rows.Overflows() {
		right = append(right, style.Quiet.Render(words.T("checklist.position", "At", m.list.rows.Cursor()+1, "All", m.length())))
	}
	return m.frame.Spread(" "+strings.Join(left, " "), strings.Join(right, " "), width)
}

// troubleLine says why nothing is kept up to date, and when or how it will be, as far as there is room.
func (m *Model) troubleLine(width int) string {
	words, style, err, then := m.frame.Words, m.frame.Theme, m.live.err, m.retries()
	whole, brief := style.Bad.Render(words.Error(err)), style.Bad.Render(words.Brief(err))
	for _, what := range []string{whole, brief} {
		if parts.Width(what)+2+parts.Width(then) <= width {
			return m.frame.Spread(what, then, width)
		}
	}
	if _, ok := wantsSignIn(err); ok {
		return m.frame.Cut(then, width)
	}
	return m.frame.Cut(brief, width)
}

// retries says when the pane asks again, or what has to happen before.
func (m *Model) retries() string {
	words, quiet := m.frame.Words, m.frame.Theme.Quiet
	if service, ok := wantsSignIn(m.live.err); ok {
		return m.frame.Theme.Accent.Render(words.T("pane.sign-in", "Service", string(service), "Key", "L"))
	}
	left := m.live.next.Sub(m.now)
	if m.live.next.IsZero() || left <= 0 {
		return quiet.Render(words.T("pane.looking"))
	}
	return quiet.Render(words.T("pane.retries", "Left", locale.Countdown(left)))
}

func number(id int64) string { return "#" + strconv.FormatInt(id, 10) }
