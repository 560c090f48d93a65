package report

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"zsf/flows/flow"
	"zsf/ui/locale"
)

// A Status is where a flow of a profile stands.
type Status struct {
	Run      string // empty: none is under way
	Flow     string
	Profile  string
	Watching bool // another zsf is at work on it
	Findings []flow.Finding
}

// Holds tells that every step is as it should be.
func (s Status) Holds() bool {
	for _, finding := range s.Findings {
		if !finding.Verdict.Holds() {
			return false
		}
	}
	return true
}

// next is the first step that is not settled.
func (s Status) next() string {
	for _, finding := range s.Findings {
		if !finding.Verdict.Settled() {
			return string(finding.Step)
		}
	}
	return ""
}

type statusDocument struct {
	Schema  int          `json:"schema"`
	Run     *string      `json:"run"` // null: none is under way
	Flow    string       `json:"flow"`
	Profile string       `json:"profile"`
	Holds   bool         `json:"holds"`
	Next    *string      `json:"next"` // the first step that is left; null: none
	Steps   []statusStep `json:"steps"`
}

type statusStep struct {
	ID      flow.ID      `json:"id"`
	Title   string       `json:"title"`
	Verdict flow.Verdict `json:"verdict"`
	Summary string       `json:"summary"`
	Vouched *vouched     `json:"vouched"` // null: nobody did
	ReadAt  time.Time    `json:"read_at,omitzero"`
}

type vouched struct {
	By string    `json:"by"`
	At time.Time `json:"at"`
}

// WriteStatus writes where a flow stands as one JSON document on one line.
func WriteStatus(w io.Writer, words *locale.Locale, status Status) error {
	if err := json.NewEncoder(w).Encode(statusOf(words, status)); err != nil {
		return fmt.Errorf("write where the flow stands: %w", err)
	}
	return nil
}

func statusOf(words *locale.Locale, status Status) statusDocument {
	doc := statusDocument{
		Schema: Schema, Run: orNull(status.Run), Flow: status.Flow, Profile: status.Profile,
		Holds: status.Holds(), Next: orNull(status.next()), Steps: make([]statusStep, 0, len(status.Findings)),
	}
	for _, finding := range status.Findings {
		doc.Steps = append(doc.Steps, statusStep{
			ID: finding.Step, Title: words.Say(flow.Step{ID: finding.Step}.Title()), Verdict: finding.Verdict,
			Summary: words.Say(finding.Summary), Vouched: vouchedOf(finding), ReadAt: finding.ReadAt.UTC(),
		})
	}
	return doc
}

func vouchedOf(finding flow.Finding) *vouched {
	if finding.Vouched.By == "" {
		return nil
	}
	return &vouched{By: finding.Vouched.By, At: finding.Vouched.At.UTC()}
}

func orNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
