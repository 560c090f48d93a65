// The changes of a profile as the journal has them.

package run

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"zsf/clients/store"
	"zsf/flows/flow"
	"zsf/flows/world"
)

// A Recorded is a change of the journal, and what became of it.
type Recorded struct {
	Entry     int64
	At        time.Time
	Who       string
	Change    flow.Change
	Outcome   flow.Outcome // empty while nobody knows
	Moved     []flow.Difference
	Reason    string
	Undoing   bool // taking it back was begun, and did not come to an end
	TakenBack bool
	BackAt    time.Time
}

// Open tells that zsf ended in the middle, so that what became of it has to be found out.
func (r Recorded) Open() bool { return r.Outcome == "" || r.Undoing }

// Unsettled tells that what became of it may be known by now: zsf ended in the middle, or the service was at work.
func (r Recorded) Unsettled() bool { return r.Open() || r.Outcome == flow.Underway && !r.TakenBack }

// CanBeTakenBack tells that zsf undo has something to do.
func (r Recorded) CanBeTakenBack() bool {
	return !r.TakenBack && r.Change.Final.Empty() && (r.Outcome == flow.Made || r.Outcome == flow.PartMade)
}

// ChangesOf finds the changes among the entries of one profile, the oldest first.
func ChangesOf(entries []store.Entry) []Recorded {
	var changes []Recorded
	at := map[int64]int{}
	for _, entry := range entries {
		if entry.Kind == store.ChangeBegun {
			begun := Recorded{Entry: entry.ID, At: entry.At, Who: entry.Who}
			if json.Unmarshal(entry.Data, &begun.Change) == nil {
				at[entry.ID] = len(changes)
				changes = append(changes, begun)
			}
			continue
		}
		var end ending
		if json.Unmarshal(entry.Data, &end) != nil {
			continue
		}
		if i, ok := at[end.Begun]; ok {
			changes[i].take(entry, end)
		}
	}
	return changes
}

func (r *Recorded) take(entry store.Entry, end ending) {
	switch entry.Kind {
	case store.ChangeMade, store.ChangeFailed:
		r.Outcome, r.Moved, r.Reason = end.Outcome, end.Moved, end.Reason
	case store.UndoBegun:
		r.Undoing = true
	case store.Undone:
		r.Undoing, r.TakenBack, r.BackAt = false, true, entry.At
	case store.UndoFailed:
		r.Undoing = false
	}
}

// Undo takes back a change of a profile outside any run: what zsf undo does.
type Undo struct {
	Journal Journal
	Makers  map[string]flow.Maker
	World   *world.World
	Who     string
	Now     func() time.Time
}

// Changes are the profile's changes, the oldest first.
func (u Undo) Changes(ctx context.Context) ([]Recorded, error) {
	entries, err := u.Journal.Entries(ctx, store.Filter{Profile: u.World.Profile().Name})
	if err != nil {
		return nil, fmt.Errorf("read the journal of %s: %w", u.World.Profile().Name, err)
	}
	return ChangesOf(entries), nil
}

// TakeBack takes back one change, by its entry in the journal.
func (u Undo) TakeBack(ctx context.Context, entry int64) (Result, error) {
	return ledger{u.Journal, u.Makers, u.World, u.entry}.takeBack(ctx, entry)
}

func (u Undo) entry(kind store.Kind, step flow.ID, data json.RawMessage, _ flow.Verdict) store.Entry {
	return store.Entry{Profile: u.World.Profile().Name, At: u.Now(), Who: u.Who, Kind: kind, Step: string(step), Data: data}
}
