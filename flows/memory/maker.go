// A snapshot as a change: it is prepared, written down and judged like any other, so that a run that ends in the
// middle finds out whether it was taken.

package memory

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"zsf/clients/store"
	"zsf/flows/changes"
	"zsf/flows/flow"
	"zsf/flows/snapshot"
	"zsf/flows/steps"
	"zsf/flows/world"
)

// Makers are all makers of changes, snapshots among them.
func Makers(journal snapshot.Journal, who string, now func() time.Time) map[string]flow.Maker {
	makers := changes.Makers()
	makers[steps.SnapshotKind] = snapshotMaker{journal: journal, who: who, now: now}
	return makers
}

type snapshotMaker struct {
	journal snapshot.Journal
	who     string
	now     func() time.Time
}

// Read lists the profile's snapshots.
func (m snapshotMaker) Read(ctx context.Context, w *world.World, _ flow.Change) (flow.State, error) {
	entries, err := m.journal.Entries(ctx, store.Filter{Profile: w.Profile().Name, Kinds: []store.Kind{store.Snapshot}})
	if err != nil {
		return nil, fmt.Errorf("read the journal of %s: %w", w.Profile().Name, err)
	}
	state := flow.State{}
	for _, entry := range entries {
		state["snapshot "+strconv.FormatInt(entry.ID, 10)] = entry.At.UTC().Format(time.RFC3339)
	}
	return state, nil
}

// Make takes one, with everything asked anew.
func (m snapshotMaker) Make(ctx context.Context, w *world.World, change flow.Change) error {
	var label string
	if err := json.Unmarshal(change.Data, &label); err != nil {
		return fmt.Errorf("take a snapshot: %w", err)
	}
	w.Forget(snapshot.Facts...)
	taken, err := snapshot.Take(ctx, w, snapshot.Options{Label: label, Journal: m.journal, Now: m.now})
	if err != nil {
		return fmt.Errorf("take a snapshot: %w", err)
	}
	_, err = snapshot.Keep(ctx, m.journal, taken, m.who)
	return err
}

// TakeBack takes nothing back: what was written down stays.
func (snapshotMaker) TakeBack(context.Context, *world.World, flow.Change) error {
	return errors.ErrUnsupported
}

// Judge finds a snapshot that was not there before.
func (snapshotMaker) Judge(change flow.Change, now flow.State) (flow.Outcome, []flow.Difference) {
	for _, difference := range flow.Compare(change.Before, now) {
		if difference.Before == "" {
			return flow.Made, nil
		}
	}
	return flow.NotMade, nil
}
