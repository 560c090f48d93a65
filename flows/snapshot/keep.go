// Snapshots in the journal.

package snapshot

import (
	"context"
	"errors"
	"fmt"

	"zsf/clients/store"
)

// ErrNotOne is the error of an entry of the journal that is no snapshot.
var ErrNotOne = errors.New("that entry of the journal is no snapshot")

// A Kept is a snapshot in the journal.
type Kept struct {
	ID  int64
	Who string
	Snapshot
}

// Keep writes a snapshot into the journal, and returns the id by which it is found again.
func Keep(ctx context.Context, journal Journal, taken Snapshot, who string) (int64, error) {
	text, err := taken.Encode()
	if err != nil {
		return 0, err
	}
	entry, err := journal.Append(ctx, store.Entry{Profile: taken.Profile, At: taken.TakenAt, Who: who, Kind: store.Snapshot, Data: text})
	if err != nil {
		return 0, fmt.Errorf("keep the snapshot: %w", err)
	}
	return entry.ID, nil
}

// Load reads a snapshot from the journal, of whichever profile.
func Load(ctx context.Context, journal Journal, id int64) (Kept, error) {
	entry, err := journal.Entry(ctx, id)
	if err != nil {
		return Kept{}, fmt.Errorf("look for the snapshot: %w", err)
	}
	return kept(entry)
}

// List is a profile's snapshots, the oldest first. One that cannot be read has an id, a time and no content.
func List(ctx context.Context, journal Journal, profile string) ([]Kept, error) {
	entries, err := journal.Entries(ctx, store.Filter{Profile: profile, Kinds: []store.Kind{store.Snapshot}})
	if err != nil {
		return nil, fmt.Errorf("read the journal of %s: %w", profile, err)
	}
	var all []Kept
	for _, entry := range entries {
		one, err := kept(entry)
		if err != nil {
			one = Kept{ID: entry.ID, Who: entry.Who, Snapshot: Snapshot{Profile: entry.Profile, TakenAt: entry.At}}
		}
		all = append(all, one)
	}
	return all, nil
}

// Readable tells that this zsf can read a kept snapshot.
func (k Kept) Readable() bool { return k.Schema == Schema }

func kept(entry store.Entry) (Kept, error) {
	if entry.Kind != store.Snapshot {
		return Kept{}, fmt.Errorf("%w: %d", ErrNotOne, entry.ID)
	}
	read, err := Parse(entry.Data)
	if err != nil {
		return Kept{}, fmt.Errorf("snapshot %d: %w", entry.ID, err)
	}
	return Kept{ID: entry.ID, Who: entry.Who, Snapshot: read}, nil
}
