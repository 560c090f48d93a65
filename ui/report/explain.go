package report

import (
	"encoding/json"
	"fmt"
	"io"

	"zsf/flows/flow"
	"zsf/flows/symptoms"
	"zsf/ui/locale"
)

type symptom struct {
	ID      string         `json:"id"`
	Sees    string         `json:"sees"`
	Codes   []string       `json:"codes"`
	Cause   string         `json:"cause"`
	Fix     string         `json:"fix"`
	Also    string         `json:"also"`
	Known   symptoms.Known `json:"known"`
	Source  string         `json:"source"` // the page that says so; empty where none does
	Steps   []flow.ID      `json:"steps"`  // those that look for the cause
	Command string         `json:"command"`
}

// WriteSymptoms writes symptoms as one JSON document on one line.
func WriteSymptoms(w io.Writer, words *locale.Locale, found []symptoms.Symptom) error {
	doc := struct {
		Schema   int       `json:"schema"`
		Symptoms []symptom `json:"symptoms"`
	}{Schema, make([]symptom, 0, len(found))}
	for _, s := range found {
		doc.Symptoms = append(doc.Symptoms, symptom{
			ID: s.ID, Sees: words.Say(s.Sees()), Codes: append([]string{}, s.Codes...),
			Cause: words.Say(s.Cause()), Fix: words.Say(s.Fix()), Also: words.Say(s.More()),
			Known: s.Known, Source: s.Source, Steps: append([]flow.ID{}, s.Steps...), Command: s.Command(),
		})
	}
	if err := json.NewEncoder(w).Encode(doc); err != nil {
		return fmt.Errorf("write the symptoms: %w", err)
	}
	return nil
}
