// The filters: every value that tickets of the list have, with how many have it. What is chosen shows those alone.

package tickets

import (
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"zsf/ui/locale"
	"zsf/ui/parts"
)

// filters is the overlay that chooses by what the list is filtered.
type filters struct {
	lines []filterLine
	list  parts.List
	apply func(lines []filterLine) tea.Cmd
	begun bool
}

// A filterLine is a heading, or a value that is chosen or not.
type filterLine struct {
	group string // statuses, labels, priorities, types, assignees
	value facet
	words string
	on    bool
	title bool
}

func newFilters(m *Model) *filters {
	f := &filters{}
	view, counted, words := m.list.view, m.list.counted, m.frame.Words
	heading := func(group string) {
		f.lines = append(f.lines, filterLine{group: group, title: true, words: words.T("pane-filter." + group)})
	}
	heading("statuses")
	for _, value := range withLabels(withChosen(counted.statuses, view.Statuses), view.Labels) {
		line := filterLine{group: "statuses", value: value, words: wordFor(words, "ticket-status.", value.value), on: slices.Contains(view.Statuses, value.value)}
		if value.under != "" {
			line.group, line.words, line.on = "labels", locale.Clean(value.value), hasLabel(view.Labels, value.value)
		}
		f.lines = append(f.lines, line)
	}
	for _, group := range []struct {
		name   string
		values []facet
		chosen []string
		prefix string
	}{
		{"priorities", counted.priorities, view.Priorities, "ticket-priority."},
		{"types", counted.types, view.Types, "ticket-type."},
	} {
		heading(group.name)
		for _, value := range withChosen(group.values, group.chosen) {
			name := wordFor(words, group.prefix, value.value)
			if value.value == "" {
				name = words.T("pane-filter.none")
			}
			f.lines = append(f.lines, filterLine{group.name, value, name, slices.Contains(group.chosen, value.value), false})
		}
	}
	heading("assignees")
	for _, value := range withPeople(counted.assignees, view.Assignees) {
		name := locale.Clean(value.value)
		if value.id == 0 {
			name = words.T("pane.unassigned")
		}
		f.lines = append(f.lines, filterLine{"assignees", value, name, slices.Contains(view.Assignees, value.id), false})
	}
	f.apply = func(lines []filterLine) tea.Cmd {
		return m.do(func() tea.Cmd { return m.changeView(func(view *View) { view.choose(lines) }) })
	}
	return f
}

// withChosen adds values that are chosen though no ticket has them just now: else nobody could take them back.
func withChosen(values []facet, chosen []string) []facet {
	for _, one := range chosen {
		if !slices.ContainsFunc(values, func(f facet) bool { return f.value == one && f.under == "" }) {
			values = append(slices.Clip(values), facet{value: one})
		}
	}
	return values
}

// ownName is what stands as the kind of a status of which only the account's own name is known.
const ownName = "?"

func withLabels(values []facet, chosen []string) []facet {
	for _, one := range chosen {
		if !slices.ContainsFunc(values, func(f facet) bool { return f.under != "" && strings.EqualFold(f.value, one) }) {
			values = append(slices.Clip(values), facet{value: one, under: ownName})
		}
	}
	return values
}

func hasLabel(labels []string, name string) bool {
	return slices.ContainsFunc(labels, func(label string) bool { return strings.EqualFold(label, name) })
}

func withPeople(values []facet, chosen []int64) []facet {
	for _, one := range chosen {
		if !slices.ContainsFunc(values, func(f facet) bool { return f.id == one }) {
			values = append(slices.Clip(values), facet{value: "#" + strconv.FormatInt(one, 10), id: one})
		}
	}
	return values
}

// choose makes the chosen lines the view's filters.
func (v *View) choose(lines []filterLine) {
	v.Statuses, v.Labels, v.Priorities, v.Types, v.Assignees = nil, nil, nil, nil, nil
	for _, line := range lines {
		if !line.on || line.title {
			continue
		}
		switch line.group {
		case "statuses":
			v.Statuses = append(v.Statuses, line.value.value)
		case "labels":
			v.Labels = append(v.Labels, line.value.value)
		case "priorities":
			v.Priorities = append(v.Priorities, line.value.value)
		case "types":
			v.Types = append(v.Types, line.value.value)
		case "assignees":
			v.Assignees = append(v.Assignees, line.value.id)
		}
	}
}

// keys say what Enter does: where nothing is chosen, nothing is left out.
func (f *filters) keys() parts.Table {
	apply, none := parts.Binding{Do: "pane-filter-apply", Keys: []string{"enter"}}, parts.Binding{Do: "pane-filter-none", Keys: []string{"c"}}
	if f.chosen() == 0 {
		apply.Do, none.Quiet = "pane-filter-every", true
	}
	return parts.Table{{Do: "pane-filter-toggle", Keys: []string{"space"}}, apply, none, {Do: "close", Keys: []string{"esc"}}}
}

// chosen is how many values are.
func (f *filters) chosen() int {
	count := 0
	for _, line := range f.lines {
		if line.on {
			count++
		}
	}
	return count
}

func (f *filters) fit(frame parts.Frame) {
	f.list.Fit(len(f.lines), height(frame), func(i int) bool { return !f.lines[i].title })
	if !f.begun {
		f.begun = true
		f.list.Home()
	}
}

// Press moves, chooses, applies, or closes.
func (f *filters) Press(frame parts.Frame, key string) (tea.Cmd, bool) {
	f.fit(frame)
	switch key {
	case "esc", "q":
		return nil, true
	case "space", "x":
		if at := f.list.Cursor(); at >= 0 {
			f.lines[at].on = !f.lines[at].on
		}
	case "c":
		for i := range f.lines {
			f.lines[i].on = false
		}
	case "enter":
		return f.apply(f.lines), true
	default:
		f.list.Press(key)
	}
	return nil, false
}

// Render draws the values.
func (f *filters) Render(frame parts.Frame) string {
	view := *f // drawing changes nothing
	view.fit(frame)
	from, to := view.list.Window()
	var body []string
	for i := from; i < to; i++ {
		body = append(body, view.line(frame, i))
	}
	words := frame.Words
	chosen := words.T("pane-filter.nothing")
	if count := f.chosen(); count > 0 {
		chosen = words.T("pane-filter.chosen", "Count", count)
	}
	return over(frame, words.T("pane-filter.title")+" "+frame.Theme.Icons.Dot+" "+chosen, body, f.keys())
}

func (f *filters) line(frame parts.Frame, i int) string {
	line, style := f.lines[i], frame.Theme
	if line.title {
		return style.Strong.Render(line.words)
	}
	wide := min(frame.Width/2, 40)
	cursor, box, words := " ", "[ ]", frame.Fit(line.words, wide)
	if line.value.under != "" { // below its kind
		words = "  " + frame.Fit(line.words, wide-2)
	}
	if line.on {
		box = "[" + style.Icons.Picked + "]"
	}
	if i == f.list.Cursor() {
		cursor, words = style.Accent.Render(style.Icons.Cursor), style.Strong.Render(words)
	}
	return cursor + " " + box + " " + words + "  " + style.Quiet.Render(frame.Words.T("pane-filter.count", "Count", line.value.count))
}

// wordFor is the word for one of the service's own values; one that is new to zsf stays as it is.
func wordFor(words *locale.Locale, group, value string) string {
	if value == "" || !words.Has(group+value) {
		return locale.Clean(value)
	}
	return words.T(group + value)
}
