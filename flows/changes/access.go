// Which profiles may use the connected app: rows of SetupEntityAccess, whose parent is the permission set
// that a profile owns. All rows of the app are compared.

package changes

import (
	"context"
	"errors"
	"maps"

	"zsf/clients/salesforce"
	"zsf/clients/transport"
	"zsf/flows/flow"
	"zsf/flows/world"
)

const accessKind = "salesforce.app-access"

// Access is who is to gain and to lose the use of an app.
type Access struct {
	App  string  `json:"app"` // its id
	Gain []Owner `json:"gain"`
	Lose []Owner `json:"lose"`
}

// An Owner is a profile, and the permission set that it owns.
type Owner struct {
	Profile string `json:"profile"` // its name
	Set     string `json:"set"`     // the permission set's id
}

// Change completes the change of access.
func (a Access) Change(change flow.Change) (flow.Change, error) {
	if a.App == "" || len(a.Gain)+len(a.Lose) == 0 {
		return change, flow.ErrAsItShould
	}
	return prepared(change, accessKind, a)
}

type accessMaker struct{}

// granted is the value at the path of a permission set that may use the app.
const granted = "may use the app"

func (accessMaker) Read(ctx context.Context, w *world.World, change flow.Change) (flow.State, error) {
	rows, err := rowsOf(ctx, w, change)
	if err != nil {
		return nil, err
	}
	state := flow.State{}
	for _, row := range rows {
		state[short(row.ParentID)] = granted
	}
	return state, nil
}

func rowsOf(ctx context.Context, w *world.World, change flow.Change) ([]salesforce.SetupEntityAccess, error) {
	access, err := dataOf[Access](change)
	if err != nil {
		return nil, err
	}
	org, err := client(w)
	if err != nil {
		return nil, err
	}
	return salesforce.Query[salesforce.SetupEntityAccess](ctx, org, salesforce.AccessQuery([]string{access.App}))
}

func (m accessMaker) Make(ctx context.Context, w *world.World, change flow.Change) error {
	access, err := dataOf[Access](change)
	if err != nil {
		return err
	}
	return m.apply(ctx, w, change, access.App, access.Gain, access.Lose)
}

func (m accessMaker) TakeBack(ctx context.Context, w *world.World, change flow.Change) error {
	access, err := dataOf[Access](change)
	if err != nil {
		return err
	}
	return m.apply(ctx, w, change, access.App, access.Lose, access.Gain)
}

// apply adds first and removes after: whoever is to keep access is never without it.
func (accessMaker) apply(ctx context.Context, w *world.World, change flow.Change, app string, gain, lose []Owner) error {
	org, err := client(w)
	if err != nil {
		return err
	}
	grants := make([]salesforce.Grant, 0, len(gain))
	for _, owner := range gain {
		grants = append(grants, salesforce.Grant{ParentID: owner.Set, SetupEntityID: app})
	}
	if err := refused(org.GrantAccess(ctx, grants)); err != nil || len(lose) == 0 {
		return err
	}
	rows, err := rowsOf(ctx, w, change)
	if err != nil {
		return err
	}
	var gone []string
	for _, owner := range lose {
		for _, row := range rows {
			if salesforce.SameID(row.ParentID, owner.Set) {
				gone = append(gone, row.ID)
			}
		}
	}
	return refused(org.RevokeAccess(ctx, gone))
}

// refused is why rows were not written; nil when all were. A row that fell with another's refusal says
// less than that one.
func refused(rows []salesforce.Written, err error) error {
	if err != nil {
		return err
	}
	var fallen error
	for _, row := range rows {
		var failed *transport.Error
		switch {
		case row.Err == nil:
		case errors.As(row.Err, &failed) && (failed.Code == salesforce.RolledBack || failed.Code == salesforce.Halted):
			fallen = row.Err
		default:
			return row.Err
		}
	}
	return fallen
}

// PathOf is where the state of a change of access has an owner's permission set.
func PathOf(owner Owner) string { return short(owner.Set) }

// short is an id in the form that every API agrees on: its first 15 characters.
func short(id string) string { return id[:min(len(id), 15)] }

func (accessMaker) Judge(change flow.Change, now flow.State) (flow.Outcome, []flow.Difference) {
	access, err := dataOf[Access](change)
	if err != nil {
		return flow.NotMade, flow.Compare(change.Before, now)
	}
	want := cloned(change.Before)
	for _, owner := range access.Gain {
		want[PathOf(owner)] = granted
	}
	for _, owner := range access.Lose {
		delete(want, PathOf(owner))
	}
	return flow.JudgeBy(change.Before, want, now)
}

func cloned(state flow.State) flow.State {
	if state == nil {
		return flow.State{}
	}
	return maps.Clone(state)
}
