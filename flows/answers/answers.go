// Package answers is what a person says to a flow beforehand, in a file or by flags: which way each step
// is to go, and the answers to its questions.
package answers

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"zsf/clients/settings"
	"zsf/flows/flow"
)

// An Action is which way a step is to go where it does not hold.
type Action string

// The actions.
const (
	Change  Action = "change"  // zsf does it by API
	Wait    Action = "wait"    // somebody does it in the browser, and zsf looks until it is done
	Confirm Action = "confirm" // somebody vouches for it
	Skip    Action = "skip"    // it is left for later
)

// Actions are all actions.
var Actions = []Action{Change, Wait, Confirm, Skip}

// Given is what was said beforehand. The zero value says nothing.
type Given struct {
	Who       string // vouches for what is confirmed
	Actions   map[flow.ID]Action
	Questions flow.Answers
}

// A Mistake is what answers should not say.
type Mistake struct {
	Line int // of the file, from 1; 0: not known
	Key  string
	What error
}

func (m *Mistake) Error() string {
	words := m.What.Error()
	if m.Key != "" {
		words = m.Key + ": " + words
	}
	if m.Line > 0 {
		words = fmt.Sprintf("line %d: %s", m.Line, words)
	}
	return words
}

func (m *Mistake) Unwrap() error { return m.What }

// What can be wrong with answers.
var (
	ErrNotTOML = errors.New("this is not TOML")
	ErrUnknown = errors.New("the flow has no such step and no such question")
	ErrAction  = errors.New("a step takes change, wait, confirm or skip")
	ErrText    = errors.New("this takes one text in quotes")
	ErrList    = errors.New("this takes a list of texts: [\"…\", \"…\"]")
	ErrCannot  = errors.New("no API can do this step: it takes wait, confirm or skip")
)

const whoKey = "who"

// Parse reads a file of answers for a flow, whose questions are given by kind. What it should not say is a *Mistake.
func Parse(text string, about flow.Flow, questions map[string]flow.QuestionKind) (Given, error) {
	var table map[string]any
	_, err := toml.Decode(text, &table)
	if bad := (toml.ParseError{}); errors.As(err, &bad) {
		return Given{}, &Mistake{Line: bad.Position.Line, What: ErrNotTOML}
	}
	if err != nil {
		return Given{}, &Mistake{What: ErrNotTOML}
	}
	given := Given{Actions: map[flow.ID]Action{}, Questions: flow.Answers{}}
	found := flat(nil, table)
	slices.SortFunc(found, func(a, b entry) int { return strings.Compare(a.name(), b.name()) })
	for _, entry := range found {
		if wrong := given.take(entry.name(), entry.value, about, questions); wrong != nil {
			return Given{}, &Mistake{Line: settings.LineOf(text, entry.key), Key: entry.name(), What: wrong}
		}
	}
	return given, nil
}

// An entry is a key as the file has it, quoted or in tables, and its value.
type entry struct {
	key   toml.Key
	value any
}

func (e entry) name() string { return strings.Join(e.key, ".") }

func flat(above toml.Key, table map[string]any) []entry {
	var entries []entry
	for name, value := range table {
		key := append(slices.Clone(above), name)
		if below, ok := value.(map[string]any); ok {
			entries = append(entries, flat(key, below)...)
			continue
		}
		entries = append(entries, entry{key, value})
	}
	return entries
}

func (g *Given) take(key string, value any, about flow.Flow, questions map[string]flow.QuestionKind) error {
	text, isText := value.(string)
	step, isStep := about.Step(flow.ID(key))
	kind, isQuestion := questions[key]
	isQuestion = isQuestion && asks(about, key)
	switch {
	case key == whoKey && (!isText || text == ""):
		return ErrText
	case key == whoKey:
		g.Who = text
	case !isStep && !isQuestion:
		return ErrUnknown
	case isStep && isText && slices.Contains(Actions, Action(text)):
		if Action(text) == Change && step.Change == nil {
			return ErrCannot
		}
		g.Actions[step.ID] = Action(text)
	case isQuestion:
		return g.answer(key, kind, value)
	default:
		return ErrAction
	}
	return nil
}

// asks tells whether one of the flow's steps has that question: it is named after its step.
func asks(about flow.Flow, question string) bool {
	return slices.ContainsFunc(about.Steps(), func(step flow.Step) bool {
		return step.Ask != nil && (question == string(step.ID) || strings.HasPrefix(question, string(step.ID)+".") || slices.Contains(step.Asks, question))
	})
}

func (g *Given) answer(question string, kind flow.QuestionKind, value any) error {
	switch value := value.(type) {
	case string:
		if kind == flow.PickMany {
			return ErrList
		}
		g.Questions[question] = []string{value}
	case []any:
		if kind != flow.PickMany {
			return ErrText
		}
		picked := make([]string, 0, len(value))
		for _, item := range value {
			text, ok := item.(string)
			if !ok {
				return ErrList
			}
			picked = append(picked, text)
		}
		g.Questions[question] = picked
	default:
		return ErrText
	}
	return nil
}

// One reads a flag, KEY=VALUE. The value is as a file has it, or plain text.
func One(text string, about flow.Flow, questions map[string]flow.QuestionKind) (Given, error) {
	key, value, ok := strings.Cut(text, "=")
	if !ok {
		return Given{}, &Mistake{Key: text, What: ErrText}
	}
	if !strings.HasPrefix(value, "[") && !strings.HasPrefix(value, `"`) {
		value = quoted(value)
		if questions[key] == flow.PickMany && !slices.Contains(Actions, Action(strings.Trim(value, `"`))) {
			value = "[" + value + "]"
		}
	}
	given, err := Parse(quoted(key)+" = "+value, about, questions)
	if wrong := (*Mistake)(nil); errors.As(err, &wrong) {
		wrong.Line = 0
	}
	return given, err
}

// Over lays these answers over others: where both say something, these hold.
func (g Given) Over(others Given) Given {
	merged := Given{Who: others.Who, Actions: maps.Clone(others.Actions), Questions: maps.Clone(others.Questions)}
	if g.Who != "" {
		merged.Who = g.Who
	}
	if merged.Actions == nil {
		merged.Actions = map[flow.ID]Action{}
	}
	if merged.Questions == nil {
		merged.Questions = flow.Answers{}
	}
	maps.Copy(merged.Actions, g.Actions)
	maps.Copy(merged.Questions, g.Questions)
	return merged
}

// TOML writes the answers as a file that Parse reads, in the flow's order. An answer to a question that is
// named as its step goes before an action: it says more.
func (g Given) TOML(about flow.Flow, questions map[string]flow.QuestionKind) string {
	var b strings.Builder
	if g.Who != "" {
		fmt.Fprintf(&b, "%s = %s\n", whoKey, quoted(g.Who))
	}
	for _, step := range about.Steps() {
		_, answered := g.Questions[string(step.ID)]
		if action, ok := g.Actions[step.ID]; ok && !answered {
			fmt.Fprintf(&b, "%s = %s\n", quoted(string(step.ID)), quoted(string(action)))
		}
		for _, question := range slices.Sorted(maps.Keys(g.Questions)) {
			if asks(flow.Flow{Groups: []flow.Group{{Steps: []flow.Step{step}}}}, question) {
				fmt.Fprintf(&b, "%s = %s\n", quoted(question), valueOf(questions[question], g.Questions[question]))
			}
		}
	}
	return b.String()
}

func valueOf(kind flow.QuestionKind, answer []string) string {
	items := make([]string, len(answer))
	for i, item := range answer {
		items[i] = quoted(item)
	}
	if kind != flow.PickMany && len(items) == 1 {
		return items[0]
	}
	return "[" + strings.Join(items, ", ") + "]"
}

// quoted is a TOML basic string.
func quoted(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < 0x20 || r == 0x7f:
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
