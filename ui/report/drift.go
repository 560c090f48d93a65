package report

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"zsf/flows/snapshot"
	"zsf/ui/locale"
)

// A Drift is what has changed since a snapshot.
type Drift struct {
	Since   string // which snapshot, in words
	Changes []snapshot.Change
}

// A Side is one of two snapshots that were compared.
type Side struct {
	Name  string // as the command named it: 12, before.json, now
	Taken snapshot.Snapshot
}

type change struct {
	Path    string        `json:"path"`
	Kind    snapshot.Kind `json:"kind"`
	Differs bool          `json:"differs"` // false: worth knowing, and no difference
	What    string        `json:"what"`
	Before  string        `json:"before"`
	After   string        `json:"after"`
	Text    string        `json:"text"`
}

type comparedSide struct {
	Name    string    `json:"name"`
	Profile string    `json:"profile"`
	Label   string    `json:"label"`
	TakenAt time.Time `json:"taken_at"`
}

func changesOf(words *locale.Locale, changes []snapshot.Change) []change {
	all := make([]change, 0, len(changes))
	for _, one := range changes {
		all = append(all, change{
			Path: locale.Clean(one.Path), Kind: one.Kind, Differs: one.Differs(), What: words.Say(one.What),
			Before: words.Say(one.Before), After: words.Say(one.After), Text: words.Say(one.Words()),
		})
	}
	return all
}

// WriteDiff writes what differs between two snapshots as one JSON document on one line.
func WriteDiff(w io.Writer, words *locale.Locale, a, b Side, changes []snapshot.Change) error {
	doc := struct {
		Schema  int          `json:"schema"`
		From    comparedSide `json:"from"`
		To      comparedSide `json:"to"`
		Equal   bool         `json:"equal"`
		Changes []change     `json:"changes"`
	}{Schema, sideOf(a), sideOf(b), !snapshot.Differ(changes), changesOf(words, changes)}
	if err := json.NewEncoder(w).Encode(doc); err != nil {
		return fmt.Errorf("write the differences: %w", err)
	}
	return nil
}

func sideOf(side Side) comparedSide {
	return comparedSide{
		Name: locale.Clean(side.Name), Profile: locale.Clean(side.Taken.Profile), Label: locale.Clean(side.Taken.Label), TakenAt: side.Taken.TakenAt,
	}
}

// WriteSnapshots lists kept snapshots as one JSON document on one line.
func WriteSnapshots(w io.Writer, profile string, kept []snapshot.Kept) error {
	type listed struct {
		ID       int64     `json:"id"`
		TakenAt  time.Time `json:"taken_at"`
		Who      string    `json:"who"`
		Label    string    `json:"label"`
		Readable bool      `json:"readable"` // by this zsf
	}
	doc := struct {
		Schema    int      `json:"schema"`
		Profile   string   `json:"profile"`
		Snapshots []listed `json:"snapshots"`
	}{Schema, profile, []listed{}}
	for _, one := range kept {
		doc.Snapshots = append(doc.Snapshots, listed{one.ID, one.TakenAt, locale.Clean(one.Who), locale.Clean(one.Label), one.Readable()})
	}
	if err := json.NewEncoder(w).Encode(doc); err != nil {
		return fmt.Errorf("write the list of snapshots: %w", err)
	}
	return nil
}
