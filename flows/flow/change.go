// A change to a service: prepared and shown, then made, read again, and taken back on demand.

package flow

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"zsf/flows/world"
)

// A Change is one write, prepared and shown, not yet made. It can be written down as JSON and read back.
type Change struct {
	Step    ID                `json:"step"`
	Kind    string            `json:"kind"` // names its Maker
	Title   Text              `json:"title"`
	Lines   []Line            `json:"lines"`
	Effects []Text            `json:"effects,omitempty"` // who is affected, and how
	Right   Text              `json:"right"`             // what the signed-in user must be allowed
	Final   Text              `json:"final,omitzero"`    // why it cannot be taken back; empty: it can
	Data    json.RawMessage   `json:"data"`              // what its Maker needs
	Before  State             `json:"before"`            // all that stood around it when it was prepared
	Names   map[string]string `json:"names,omitempty"`   // what stands at those of its paths that are ids
	ReadAt  time.Time         `json:"read_at"`           // when that was
}

// Named puts names in the place of the ids at which something is other.
func (c Change) Named(differences []Difference) []Difference {
	named := slices.Clone(differences)
	for i := range named {
		if name, ok := c.Names[named[i].Path]; ok {
			named[i].Path = name
		}
	}
	return named
}

// A Line is one thing that a change makes different.
type Line struct {
	What   Text `json:"what"`
	Before Text `json:"before"`
	After  Text `json:"after"`
}

// A State is everything around a change, by path, so that two of them can be compared whole.
type State map[string]string

// A Difference is what two states do not share. An empty side has nothing at that path.
type Difference struct {
	Path   string `json:"path"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// Compare lists what two states do not share, in the paths' order.
func Compare(before, after State) []Difference {
	paths := slices.Collect(maps.Keys(before))
	paths = slices.AppendSeq(paths, maps.Keys(after))
	slices.Sort(paths)
	var different []Difference
	for _, path := range slices.Compact(paths) {
		if before[path] != after[path] {
			different = append(different, Difference{Path: path, Before: before[path], After: after[path]})
		}
	}
	return different
}

// An Outcome tells how far a change has come, from the state that is found.
type Outcome string

// The outcomes.
const (
	Made     Outcome = "made"
	NotMade  Outcome = "not-made"
	PartMade Outcome = "part-made"
	Underway Outcome = "under-way" // the service is at work on it
)

// A Maker makes one kind of change and takes it back. It keeps nothing: what it needs is in the change.
type Maker interface {
	// Read reads everything around the change, anew.
	Read(ctx context.Context, w *world.World, change Change) (State, error)
	// Make makes it. Where it ends in an error, the change may have been made all the same: read.
	Make(ctx context.Context, w *world.World, change Change) error
	// TakeBack makes what was before again.
	TakeBack(ctx context.Context, w *world.World, change Change) error
	// Judge tells how far the change has come in a state, and what else is other than before it.
	Judge(change Change, now State) (Outcome, []Difference)
}

// JudgeBy judges a change whose whole result is known beforehand.
func JudgeBy(before, want, now State) (Outcome, []Difference) {
	expected, found := Compare(before, want), Compare(before, now)
	reached := 0
	moved := slices.DeleteFunc(found, func(d Difference) bool {
		if slices.Contains(expected, d) {
			reached++
			return true
		}
		return false
	})
	switch {
	case reached == len(expected):
		return Made, moved
	case reached == 0:
		return NotMade, moved
	}
	return PartMade, moved
}

// Why a step has no change to offer.
var (
	ErrNoChange   = errors.New("no API can do this step")
	ErrAsItShould = errors.New("everything is already as it should be")
	ErrUnderway   = errors.New("the service is at work on it already")
)

// UnmarshalJSON gives numbers, lists and texts the types that they had when the text was written down.
func (t *Text) UnmarshalJSON(body []byte) error {
	var plain struct {
		ID   string                     `json:"id"`
		Args map[string]json.RawMessage `json:"args"`
	}
	if err := json.Unmarshal(body, &plain); err != nil {
		return fmt.Errorf("a text: %w", err)
	}
	*t = Text{ID: plain.ID}
	for name, raw := range plain.Args {
		value, err := argument(raw)
		if err != nil {
			return err
		}
		if t.Args == nil {
			t.Args = map[string]any{}
		}
		t.Args[name] = value
	}
	return nil
}

func argument(raw json.RawMessage) (any, error) {
	for _, into := range []func() (any, error){
		func() (any, error) { return decoded[int](raw) },
		func() (any, error) { return decoded[string](raw) },
		func() (any, error) { return decoded[[]string](raw) },
		func() (any, error) { return decoded[Text](raw) },
		func() (any, error) { return decoded[[]Text](raw) },
	} {
		if value, err := into(); err == nil {
			return value, nil
		}
	}
	var value any
	if err := json.Unmarshal(raw, &value); err != nil {
		return nil, fmt.Errorf("an argument of a text: %w", err)
	}
	return value, nil
}

func decoded[T any](raw json.RawMessage) (T, error) {
	var value T
	err := json.Unmarshal(raw, &value)
	return value, err //nolint:wrapcheck // tells only whether the type fits
}
