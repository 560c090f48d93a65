// Package changes makes the changes that steps offer, reads what became of them, and takes them back.
package changes

import (
	"encoding/json"
	"errors"
	"fmt"

	"zsf/clients/salesforce"
	"zsf/clients/transport"
	"zsf/flows/flow"
	"zsf/flows/world"
)

// Makers are all makers, by the kind of change that each makes.
func Makers() map[string]flow.Maker {
	return map[string]flow.Maker{
		settingKind:  settingMaker{},
		accessKind:   accessMaker{},
		packageKind:  packageMaker{},
		triggersKind: triggersMaker{},
	}
}

// prepared completes a change with what its maker needs.
func prepared(change flow.Change, kind string, data any) (flow.Change, error) {
	text, err := json.Marshal(data)
	if err != nil {
		return change, fmt.Errorf("%s: %w", kind, err)
	}
	change.Kind, change.Data = kind, text
	return change, nil
}

func dataOf[T any](change flow.Change) (T, error) {
	var data T
	if err := json.Unmarshal(change.Data, &data); err != nil {
		return data, fmt.Errorf("%s: what the journal has of it cannot be read: %w", change.Kind, err)
	}
	return data, nil
}

// client is the org's; a change without a sign-in is none.
func client(w *world.World) (*salesforce.Client, error) {
	if c := w.SalesforceClient(); c != nil {
		return c, nil
	}
	return nil, &transport.Error{Service: transport.Salesforce, Kind: transport.SignInMissing}
}

// errData is the error of a change whose data names nothing to change.
var errData = errors.New("the change names nothing to change")
