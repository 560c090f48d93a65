// Package report shows a look as a document for other programs.
package report

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"zsf/flows/flow"
	"zsf/ui/locale"
)

// Schema is the number of the JSON documents' form; it grows when a field changes its meaning.
const Schema = 1

type document struct {
	Schema     int                  `json:"schema"`
	Profile    string               `json:"profile"`
	Started    time.Time            `json:"started"`
	DurationMS int64                `json:"duration_ms"`
	Salesforce salesforce           `json:"salesforce"`
	Zendesk    zendesk              `json:"zendesk"`
	Checks     []check              `json:"checks"`
	Summary    map[flow.Verdict]int `json:"summary"`
	Drift      []change             `json:"drift,omitzero"` // since a snapshot; left out where nobody asked
}

type salesforce struct {
	OrgID       string `json:"org_id"`
	InstanceURL string `json:"instance_url"`
	Username    string `json:"username"`
	Sandbox     *bool  `json:"sandbox"` // null: the org did not tell
}

type zendesk struct {
	URL  string `json:"url"`
	User string `json:"user"`
	Role string `json:"role"`
}

type check struct {
	ID         flow.ID      `json:"id"`
	Verdict    flow.Verdict `json:"verdict"`
	Title      string       `json:"title"`
	Summary    string       `json:"summary"`
	Evidence   []evidence   `json:"evidence"`
	LeadsTo    string       `json:"leads_to"`
	Remedies   []remedy     `json:"remedies"`
	Needs      []flow.ID    `json:"needs"`
	Vouched    *vouched     `json:"vouched"` // null: nobody vouches for it
	DurationMS int64        `json:"duration_ms"`
}

type evidence struct {
	Fact   string    `json:"fact"`
	Source string    `json:"source"`
	ReadAt time.Time `json:"read_at,omitzero"`
}

type remedy struct {
	Kind    flow.RemedyKind `json:"kind"`
	Title   string          `json:"title"`
	URL     string          `json:"url"`
	Command string          `json:"command"`
}

// WriteJSON writes a whole look as one JSON document on one line.
func WriteJSON(w io.Writer, words *locale.Locale, looked flow.Report) error {
	return WriteCheck(w, words, looked, nil)
}

// WriteCheck is WriteJSON with what has changed since a snapshot; nil: nobody asked.
func WriteCheck(w io.Writer, words *locale.Locale, looked flow.Report, drift *Drift) error {
	doc := document{
		Schema:     Schema,
		Profile:    looked.Profile,
		Started:    looked.StartedAt.UTC(),
		DurationMS: looked.Took.Milliseconds(),
		Salesforce: salesforce{
			OrgID: looked.Salesforce.OrgID, InstanceURL: looked.Salesforce.InstanceURL,
			Username: looked.Salesforce.Username, Sandbox: looked.Salesforce.Sandbox,
		},
		Zendesk: zendesk(looked.Zendesk),
		Checks:  make([]check, 0, len(looked.Findings)),
		Summary: map[flow.Verdict]int{},
	}
	for _, verdict := range flow.Verdicts {
		doc.Summary[verdict] = looked.Count(verdict)
	}
	for _, finding := range looked.Findings {
		doc.Checks = append(doc.Checks, checkOf(words, finding))
	}
	if drift != nil {
		doc.Drift = changesOf(words, drift.Changes)
	}
	if err := json.NewEncoder(w).Encode(doc); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}

func checkOf(words *locale.Locale, finding flow.Finding) check {
	c := check{
		ID:         finding.Step,
		Verdict:    finding.Verdict,
		Title:      words.Say(flow.Step{ID: finding.Step}.Title()),
		Summary:    words.Say(finding.Summary),
		Evidence:   make([]evidence, 0, len(finding.Evidence)),
		Remedies:   make([]remedy, 0, len(finding.Remedies)),
		Needs:      append([]flow.ID{}, finding.Needs...),
		Vouched:    vouchedOf(finding),
		DurationMS: finding.Took.Milliseconds(),
	}
	if !finding.LeadsTo.Empty() {
		c.LeadsTo = words.Say(finding.LeadsTo)
	}
	for _, line := range finding.Evidence {
		c.Evidence = append(c.Evidence, evidence{Fact: words.Say(line.Fact), Source: line.Source, ReadAt: line.ReadAt.UTC()})
	}
	for _, way := range finding.Remedies {
		c.Remedies = append(c.Remedies, remedy{Kind: way.Kind, Title: words.Say(way.Title), URL: way.URL, Command: words.Command(way.Command)})
	}
	return c
}

// Failure is what went wrong before there was anything to report.
type Failure struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Hint    string `json:"hint"`
}

// WriteError writes a failure as one JSON document on one line.
func WriteError(w io.Writer, failure Failure) error {
	doc := struct {
		Schema int     `json:"schema"`
		Error  Failure `json:"error"`
	}{Schema, failure}
	if err := json.NewEncoder(w).Encode(doc); err != nil {
		return fmt.Errorf("write the error: %w", err)
	}
	return nil
}
