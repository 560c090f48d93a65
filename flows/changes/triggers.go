// Triggers in Zendesk, switched on or off. Nothing else of them is sent; their whole definitions are compared.

package changes

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"

	"zsf/clients/transport"
	"zsf/clients/zendesk"
	"zsf/flows/flow"
	"zsf/flows/world"
)

const triggersKind = "zendesk.triggers"

// Triggers are which triggers to switch on, and those beside them that are to stay as they are.
type Triggers struct {
	On     []int64 `json:"on"`
	Beside []int64 `json:"beside"`
}

// Change completes the change that switches them on.
func (t Triggers) Change(change flow.Change) (flow.Change, error) {
	if len(t.On) == 0 {
		return change, flow.ErrAsItShould
	}
	return prepared(change, triggersKind, t)
}

type triggersMaker struct{}

// Read reads the whole definition of each trigger; one that is gone has nothing at its paths.
func (triggersMaker) Read(ctx context.Context, w *world.World, change flow.Change) (flow.State, error) {
	wanted, err := dataOf[Triggers](change)
	if err != nil {
		return nil, err
	}
	account, err := accountOf(w)
	if err != nil {
		return nil, err
	}
	all, err := account.Triggers(ctx)
	if err != nil {
		return nil, err
	}
	state := flow.State{}
	for _, trigger := range all {
		if !slices.Contains(wanted.On, trigger.ID) && !slices.Contains(wanted.Beside, trigger.ID) {
			continue
		}
		at := "trigger " + strconv.FormatInt(trigger.ID, 10) + " "
		state[at+"active"] = strconv.FormatBool(trigger.Active)
		state[at+"title"] = trigger.Title
		state[at+"description"] = trigger.Description
		state[at+"category"] = trigger.CategoryID
		state[at+"position"] = strconv.Itoa(trigger.Position)
		state[at+"conditions"] = content(trigger.Conditions)
		state[at+"actions"] = content(trigger.Actions)
	}
	return state, nil
}

// content is JSON by what it says: with its keys in order, and without the spaces between.
func content(raw json.RawMessage) string {
	var value any
	if json.Unmarshal(raw, &value) != nil {
		return transport.Clean(string(raw))
	}
	text, err := json.Marshal(value)
	if err != nil {
		return transport.Clean(string(raw))
	}
	return transport.Clean(string(text))
}

func (triggersMaker) Make(ctx context.Context, w *world.World, change flow.Change) error {
	wanted, err := dataOf[Triggers](change)
	if err != nil {
		return err
	}
	return switchTriggers(ctx, w, wanted.On, func(int64) bool { return true })
}

func (triggersMaker) TakeBack(ctx context.Context, w *world.World, change flow.Change) error {
	wanted, err := dataOf[Triggers](change)
	if err != nil {
		return err
	}
	return switchTriggers(ctx, w, wanted.On, func(id int64) bool { return change.Before[activeAt(id)] == "true" })
}

func activeAt(id int64) string { return "trigger " + strconv.FormatInt(id, 10) + " active" }

func switchTriggers(ctx context.Context, w *world.World, ids []int64, active func(int64) bool) error {
	account, err := accountOf(w)
	if err != nil {
		return err
	}
	sent := make([]zendesk.TriggerActive, 0, len(ids))
	for _, id := range ids {
		sent = append(sent, zendesk.TriggerActive{ID: id, Active: active(id)})
	}
	_, err = account.UpdateTriggers(ctx, sent)
	return err
}

func (triggersMaker) Judge(change flow.Change, now flow.State) (flow.Outcome, []flow.Difference) {
	wanted, err := dataOf[Triggers](change)
	if err != nil {
		return flow.NotMade, flow.Compare(change.Before, now)
	}
	want := cloned(change.Before)
	for _, id := range wanted.On {
		want[activeAt(id)] = "true"
	}
	return flow.JudgeBy(change.Before, want, now)
}

// accountOf is the Zendesk account's client; a change without a sign-in is none.
func accountOf(w *world.World) (*zendesk.Client, error) {
	if c := w.ZendeskClient(); c != nil {
		return c, nil
	}
	return nil, &transport.Error{Service: transport.Zendesk, Kind: transport.SignInMissing}
}
