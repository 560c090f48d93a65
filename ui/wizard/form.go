// The questions of a step: one of a list, several of it, or a line of text. What was given stays through errors.

package wizard

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"zsf/flows/flow"
	"zsf/ui/parts"
)

// A form is a step's questions while they are answered, one at a time.
type form struct {
	fields []*field
	at     int
}

// A field is a question and the answer as it stands.
type field struct {
	question  flow.Question
	given     []string // of a list
	text      *parts.Field
	filter    *parts.Field
	filtering bool
	list      parts.List
	err       error
}

func newForm(runner Runner, questions []flow.Question) *form {
	f := &form{}
	for _, question := range questions {
		answer := runner.Answered(question)
		one := &field{question: question, filter: newField("")}
		if question.Kind == flow.FreeText {
			one.text = newField(strings.Join(answer, " "))
		} else {
			one.given = slices.Clone(answer)
			one.selectGiven()
		}
		f.fields = append(f.fields, one)
	}
	return f
}

// renew takes the questions as they are now. What was given is kept.
func (f *form) renew(runner Runner, questions []flow.Question) {
	next := newForm(runner, questions)
	for _, one := range next.fields {
		for _, old := range f.fields {
			if old.question.ID == one.question.ID && old.question.Kind == one.question.Kind {
				question := one.question
				*one = *old
				one.question = question
			}
		}
	}
	f.fields, f.at = next.fields, min(f.at, max(len(next.fields)-1, 0))
}

func (f *form) current() *field { return f.fields[f.at] }

// answer is what would be answered now.
func (f *field) answer() []string {
	if f.text != nil {
		return []string{typed(f.text)}
	}
	return f.given
}

// shown are the options that the filter lets through, by their number: those with its letters in their words.
// Where none has them, those with its letters in their first note, which says of what kind they are.
func (f *field) shown(frame parts.Frame) []int {
	wanted := strings.ToLower(typed(f.filter))
	has := func(text flow.Text) bool { return strings.Contains(strings.ToLower(frame.Words.Say(text)), wanted) }
	var named, ofKind []int
	for i, option := range f.question.Options {
		if has(option.Words) {
			named = append(named, i)
		} else if len(option.Notes) > 0 && has(option.Notes[0]) {
			ofKind = append(ofKind, i)
		}
	}
	if len(named) > 0 {
		return named
	}
	return ofKind
}

// selectGiven puts the cursor on the first option that is given.
func (f *field) selectGiven() {
	f.list.Fit(len(f.question.Options), 1, nil)
	for i, option := range f.question.Options {
		if slices.Contains(f.given, option.Value) {
			f.list.Select(i)
			return
		}
	}
}

// marked is the option under the cursor; nil where the filter lets none through.
func (f *field) marked(frame parts.Frame) *flow.Option {
	shown := f.shown(frame)
	if at := f.list.Cursor(); at >= 0 && at < len(shown) {
		return &f.question.Options[shown[at]]
	}
	return nil
}

// toggle ticks the marked option, or takes the tick away; one that is locked stays.
func (f *field) toggle(frame parts.Frame) (locked flow.Text) {
	option := f.marked(frame)
	switch {
	case option == nil:
	case option.Locked:
		return option.Why
	case slices.Contains(f.given, option.Value):
		f.given = slices.DeleteFunc(f.given, func(value string) bool { return value == option.Value })
	default:
		f.given = append(f.given, option.Value)
	}
	return flow.Text{}
}

// fit brings the list to its place on the screen.
func (f *field) fit(frame parts.Frame, height int) {
	f.list.Fit(len(f.shown(frame)), height, nil)
}

// hasFocus tells that letters are typed, so that none of them is a shortcut.
func (f *field) hasFocus() bool { return f.text != nil || f.filtering }

// fewOptions are so few that nobody needs a filter.
const fewOptions = 9

// formKeys are the keys while a question is asked.
func (m *Model) formKeys(f *field) parts.Table {
	if f.filtering {
		return parts.Table{{Do: "filter-done", Keys: []string{"enter"}}, {Do: "filter-off", Keys: []string{"esc"}}}
	}
	table := parts.Table{{Do: "take-answer", Keys: []string{"enter"}}}
	if f.question.Kind == flow.PickMany {
		table = append(table, parts.Binding{Do: "tick", Keys: []string{"space", "x"}, Label: "space"})
	}
	if f.text == nil {
		table = append(table, parts.Binding{Do: "move", Keys: []string{"up", "down", "k", "j"}, Label: "↑ ↓", Quiet: true},
			parts.Binding{Do: "ends", Keys: []string{"home", "end", "g", "G"}, Quiet: true},
			parts.Binding{Do: "pages", Keys: []string{"pgup", "pgdown"}, Quiet: true},
			parts.Binding{Do: "filter", Keys: []string{"/"}, Quiet: len(f.question.Options) <= fewOptions})
	}
	table = append(table, parts.Binding{Do: "step-back", Keys: []string{"esc"}})
	if !f.hasFocus() {
		table = append(table, parts.Binding{Do: "help", Keys: []string{"?"}}, m.quitKey())
	}
	return table
}

// pressForm takes a key while a question is asked.
func (m *Model) pressForm(it *item, press tea.KeyPressMsg) tea.Cmd {
	f, key := it.form.current(), parts.KeyName(press)
	m.fitForm(it)
	if f.hasFocus() {
		if m.typeInto(it, f, press) {
			return nil
		}
	}
	binding, ok := m.formKeys(f).Find(key)
	if !ok || f.hasFocus() && press.Text != "" {
		return nil
	}
	switch binding.Do {
	case "take-answer":
		return m.takeAnswer(it, f)
	case "tick":
		if why := f.toggle(m.frame); !why.Empty() {
			m.say("wizard.locked", "Why", why)
		}
		f.err = nil
	case "move", "ends", "pages":
		f.list.Press(key)
	case "filter":
		f.filtering = true
	case "step-back":
		m.formBack(it)
	default:
		return m.common(binding.Do)
	}
	return nil
}

// typeInto gives a key to the line with the focus; false where it has no use for it.
func (m *Model) typeInto(it *item, f *field, press tea.KeyPressMsg) bool {
	if f.text != nil {
		f.err = nil
		return f.text.Press(press)
	}
	switch press.String() {
	case "enter", "down", "tab":
		f.filtering = false
	case "esc":
		f.filtering, f.filter = false, newField("")
	default:
		if !f.filter.Press(press) {
			return false
		}
	}
	m.fitForm(it)
	f.list.Home()
	return true
}

// formBack goes to the question before, or to the step.
func (m *Model) formBack(it *item) {
	if it.form.at > 0 {
		it.form.at--
		return
	}
	it.back()
}

// takeAnswer goes on to the next question, or, after the last, to what the answers are for.
func (m *Model) takeAnswer(it *item, f *field) tea.Cmd {
	if f.question.Kind == flow.ChooseOne {
		if option := f.marked(m.frame); option != nil {
			f.given = []string{option.Value}
		}
	}
	answer, err := f.question.Fit(f.answer())
	if f.err = err; err != nil {
		return nil
	}
	if f.text == nil {
		f.given = answer
	}
	if it.form.at+1 < len(it.form.fields) {
		it.form.at++
		return nil
	}
	return m.finishForm(it)
}

// paste puts text into the line with the focus.
func (m *Model) paste(text string) {
	it := m.current()
	if it == nil {
		return
	}
	switch {
	case it.mode == vouching:
		it.name.Insert(text)
	case it.mode == asking && it.form.current().text != nil:
		it.form.current().err = nil
		it.form.current().text.Insert(text)
	case it.mode == asking && it.form.current().filtering:
		it.form.current().filter.Insert(text)
		m.fitForm(it)
	}
}

// newField is a line that holds text already.
func newField(text string) *parts.Field {
	field := &parts.Field{}
	field.Set(text)
	return field
}

// typed is what a line holds, without blanks around it.
func typed(field *parts.Field) string { return strings.TrimSpace(field.Value()) }
