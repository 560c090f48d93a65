package report

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"zsf/clients/store"
	"zsf/flows/flow"
	"zsf/flows/run"
	"zsf/ui/locale"
)

type changeDocument struct {
	Number      int64        `json:"number"`
	Step        flow.ID      `json:"step"`
	Title       string       `json:"title"`
	At          time.Time    `json:"at"`
	Who         string       `json:"who"`
	Outcome     flow.Outcome `json:"outcome"` // empty: nobody knows yet
	CanTakeBack bool         `json:"can_take_back"`
	TakenBackAt time.Time    `json:"taken_back_at,omitzero"`
	Lines       []changeLine `json:"lines"`
}

type changeLine struct {
	What   string `json:"what"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// WriteChanges writes the changes of a profile as one JSON document on one line.
func WriteChanges(w io.Writer, words *locale.Locale, profile string, recorded []run.Recorded) error {
	doc := struct {
		Schema  int              `json:"schema"`
		Profile string           `json:"profile"`
		Changes []changeDocument `json:"changes"`
	}{Schema, profile, make([]changeDocument, 0, len(recorded))}
	for _, change := range recorded {
		doc.Changes = append(doc.Changes, changeDocument{
			Number: change.Entry, Step: change.Change.Step, Title: words.Say(change.Change.Title), At: change.At.UTC(), Who: change.Who,
			Outcome: change.Outcome, CanTakeBack: change.CanBeTakenBack(), TakenBackAt: change.BackAt, Lines: linesOf(words, change.Change),
		})
	}
	if err := json.NewEncoder(w).Encode(doc); err != nil {
		return fmt.Errorf("write the changes: %w", err)
	}
	return nil
}

func linesOf(words *locale.Locale, change flow.Change) []changeLine {
	lines := make([]changeLine, 0, len(change.Lines))
	for _, line := range change.Lines {
		lines = append(lines, changeLine{What: words.Say(line.What), Before: words.Say(line.Before), After: words.Say(line.After)})
	}
	return lines
}

// A resultDocument is what became of a change, or of taking one back.
type resultDocument struct {
	Schema  int               `json:"schema"`
	Profile string            `json:"profile"`
	Change  *int64            `json:"change"` // its number, which zsf undo takes; null: none was made
	Step    flow.ID           `json:"step"`
	Title   string            `json:"title"`
	DryRun  bool              `json:"dry_run"`
	Outcome flow.Outcome      `json:"outcome"` // of the change: made, not-made, part-made, under-way
	Lines   []changeLine      `json:"lines"`
	Effects []string          `json:"effects"`
	Moved   []flow.Difference `json:"moved"` // what else is other than before
	Reason  string            `json:"reason"`
}

func resultOf(words *locale.Locale, profile string, result run.Result, dryRun bool) resultDocument {
	doc := resultDocument{
		Schema: Schema, Profile: profile, Step: result.Change.Step, Title: words.Say(result.Change.Title), DryRun: dryRun,
		Outcome: result.Outcome, Lines: linesOf(words, result.Change), Effects: []string{}, Moved: append([]flow.Difference{}, result.Moved...),
		Reason: words.Error(result.Err),
	}
	if result.Entry != 0 {
		doc.Change = &result.Entry
	}
	for _, effect := range result.Change.Effects {
		doc.Effects = append(doc.Effects, words.Say(effect))
	}
	return doc
}

// WriteResult writes what became of a change as one JSON document on one line.
func WriteResult(w io.Writer, words *locale.Locale, profile string, result run.Result, dryRun bool) error {
	return encode(w, resultOf(words, profile, result, dryRun), "write what became of the change")
}

// A backDocument is what became of taking a change back.
type backDocument struct {
	resultDocument
	TakenBack bool `json:"taken_back"`
}

// WriteBack writes what became of taking a change back: the lines are those of the way back, the effects are not known.
func WriteBack(w io.Writer, words *locale.Locale, profile string, result run.Result, dryRun bool) error {
	doc := resultOf(words, profile, result, dryRun)
	doc.Effects = []string{}
	for i, line := range doc.Lines {
		doc.Lines[i].Before, doc.Lines[i].After = line.After, line.Before
	}
	back := backDocument{resultDocument: doc, TakenBack: !dryRun && result.Outcome == flow.NotMade}
	return encode(w, back, "write what became of taking it back")
}

type entryDocument struct {
	ID      int64           `json:"id"`
	At      time.Time       `json:"at"`
	Who     string          `json:"who"`
	Run     string          `json:"run"`
	Kind    store.Kind      `json:"kind"`
	Step    string          `json:"step"`
	Verdict string          `json:"verdict"`
	Data    json.RawMessage `json:"data"`
}

// WriteJournal writes entries of the journal as one JSON document on one line.
func WriteJournal(w io.Writer, profile string, entries []store.Entry) error {
	doc := struct {
		Schema  int             `json:"schema"`
		Profile string          `json:"profile"`
		Entries []entryDocument `json:"entries"`
	}{Schema, profile, make([]entryDocument, 0, len(entries))}
	for _, entry := range entries {
		data := entry.Data
		if len(data) == 0 {
			data = json.RawMessage("null")
		}
		doc.Entries = append(doc.Entries, entryDocument{
			ID: entry.ID, At: entry.At.UTC(), Who: entry.Who, Run: entry.Run, Kind: entry.Kind, Step: entry.Step, Verdict: entry.Verdict, Data: data,
		})
	}
	return encode(w, doc, "write the journal")
}

func encode(w io.Writer, doc any, doing string) error {
	if err := json.NewEncoder(w).Encode(doc); err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	return nil
}
