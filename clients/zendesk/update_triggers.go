// Switching triggers on and off, and nothing else about them.

package zendesk

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"

	"zsf/clients/transport"
)

// A TriggerActive is a trigger and whether it is to be active.
type TriggerActive struct {
	ID     int64 `json:"id"`
	Active bool  `json:"active"`
}

// maxTriggers is how many triggers one call changes.
const maxTriggers = 100

// UpdateTriggers switches triggers on or off, and sends nothing else of them: an update that named conditions would
// clear the actions. It gives the triggers as the answer shows them, in the order in which they were asked for; one that
// the answer leaves out, or shows otherwise than asked, is an error, and those before it are given all the same.
//
// It is repeated after a broken connection, as the same switch set twice is the same switch.
func (c *Client) UpdateTriggers(ctx context.Context, changes []TriggerActive) ([]Trigger, error) {
	var updated []Trigger
	for some := range slices.Chunk(changes, maxTriggers) {
		answered, err := c.updateTriggers(ctx, some)
		updated = append(updated, answered...)
		if err != nil {
			return updated, err
		}
	}
	return updated, nil
}

func (c *Client) updateTriggers(ctx context.Context, changes []TriggerActive) ([]Trigger, error) {
	sent, err := json.Marshal(map[string][]TriggerActive{"triggers": changes})
	if err != nil {
		return nil, fmt.Errorf("writing a request: %w", err)
	}
	answer, err := c.caller.Call(ctx, transport.Request{
		Method: http.MethodPut, Path: "/api/v2/triggers/update_many.json", Body: sent, Idempotent: true,
		Header: http.Header{"Accept": {"application/json"}, "Content-Type": {"application/json"}},
	})
	if err != nil {
		return nil, err
	}
	if answer.Status < 200 || answer.Status > 299 {
		return nil, c.refusal(answer)
	}
	var body struct {
		Triggers []Trigger `json:"triggers"`
	}
	if err := c.caller.Decode(answer, &body); err != nil {
		return nil, err
	}
	var updated []Trigger
	for _, change := range changes {
		at := slices.IndexFunc(body.Triggers, func(trigger Trigger) bool { return trigger.ID == change.ID })
		switch {
		case at < 0:
			return updated, c.garbled(answer, fmt.Sprintf("the answer leaves out the trigger %d", change.ID))
		case body.Triggers[at].Active != change.Active:
			return updated, c.caller.Fail(answer, transport.Rejected, "", fmt.Sprintf("the trigger %d was left as it was", change.ID))
		}
		updated = append(updated, body.Triggers[at])
	}
	return updated, nil
}
