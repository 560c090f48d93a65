// Which triggers to switch on again: what is asked, and the change that does it.

package steps

import (
	"encoding/json"
	"reflect"
	"slices"
	"strconv"

	"zsf/clients/zendesk"
	"zsf/flows/changes"
	"zsf/flows/flow"
	"zsf/flows/world"
)

// triggersQuestion is the name of the question, which is its step's.
const triggersQuestion = "zendesk.triggers"

// askTriggers offers every inactive trigger of the integration, this org's first. Ticked are those that are to be on;
// what was off before, duplicates, and those of another org are left alone unless somebody ticks them.
func askTriggers(w *world.World) []flow.Question {
	triggers := w.Triggers()
	if triggers.Err != nil {
		return nil
	}
	own := triggersOf(w, triggers.Value)
	question := flow.Question{ID: triggersQuestion, Kind: flow.PickMany, Once: true}
	var others []flow.Option
	for _, trigger := range integrationTriggers(triggers.Value) {
		if trigger.Active {
			continue
		}
		option := flow.Option{
			Value: number(trigger.ID),
			Words: flow.Say("zendesk.triggers.option", "Title", trigger.Title, "ID", number(trigger.ID)),
			Notes: notesOf(w, trigger, own),
		}
		switch {
		case !isOwnTrigger(w, trigger):
			others = append(others, option)
			continue
		case isOn(w, trigger, own):
			question.Default = append(question.Default, option.Value)
		}
		question.Options = append(question.Options, option)
	}
	question.Options = append(question.Options, others...)
	if len(question.Options) == 0 {
		return nil
	}
	return []flow.Question{question}
}

// notesOf are what helps to decide about a trigger.
func notesOf(w *world.World, trigger zendesk.Trigger, own []zendesk.Trigger) []flow.Text {
	var notes []flow.Text
	before := w.Memory().Before
	if !isOwnTrigger(w, trigger) {
		notes = append(notes, flow.Say("zendesk.triggers.other-org", "Org", orgOf(trigger)))
	}
	past, known := before.Trigger(trigger.ID)
	switch {
	case known && past.Active:
		notes = append(notes, flow.Say("zendesk.triggers.was-on", "Time", flow.Moment(before.At)))
	case known:
		notes = append(notes, flow.Say("zendesk.triggers.was-off", "Time", flow.Moment(before.At)))
	case before.ID != 0:
		notes = append(notes, flow.Say("zendesk.triggers.newer", "Time", flow.Moment(before.At)))
	}
	if isOwnTrigger(w, trigger) && isDuplicate(w, trigger, own) {
		notes = append(notes, flow.Say("zendesk.triggers.duplicate"))
	}
	return notes
}

// changeTriggers switches on what was ticked, and sends nothing else.
func changeTriggers(w *world.World, answers flow.Answers) (flow.Change, error) {
	triggers := w.Triggers()
	if triggers.Err != nil {
		return flow.Change{}, triggers.Err
	}
	questions := askTriggers(w)
	if len(questions) == 0 {
		return flow.Change{}, flow.ErrNoChange
	}
	ticked := questions[0].Default
	if given, ok := answers[questions[0].ID]; ok {
		if fitted, err := questions[0].Fit(given); err == nil {
			ticked = fitted
		}
	}
	var wanted changes.Triggers
	change := flow.Change{
		Title: flow.Say("change.triggers", "Count", len(ticked)), Right: flow.Say("change.triggers-right"),
		Effects: []flow.Text{flow.Say("change.triggers-effect"), flow.Say("change.triggers-only")},
	}
	for _, trigger := range integrationTriggers(triggers.Value) {
		if trigger.Active || !slices.Contains(ticked, number(trigger.ID)) {
			wanted.Beside = append(wanted.Beside, trigger.ID)
			continue
		}
		wanted.On = append(wanted.On, trigger.ID)
		change.Lines = append(change.Lines, flow.Line{
			What: flow.Say("zendesk.triggers.option", "Title", trigger.Title, "ID", number(trigger.ID)), Before: flow.Say("change.off"), After: flow.Say("change.on"),
		})
	}
	if len(wanted.On) == 0 {
		return flow.Change{}, flow.ErrNoChange
	}
	return wanted.Change(change)
}

// sameContent compares JSON by what it says.
func sameContent(one, other json.RawMessage) bool {
	var a, b any
	if json.Unmarshal(one, &a) != nil || json.Unmarshal(other, &b) != nil {
		return string(one) == string(other)
	}
	return reflect.DeepEqual(a, b)
}

// number is an id as it is written, without the separators of a quantity.
func number(id int64) string { return strconv.FormatInt(id, 10) }
