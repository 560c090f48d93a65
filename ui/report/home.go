package report

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"zsf/flows/flow"
	"zsf/ui/home"
)

type standing struct {
	Schema     int        `json:"schema"`
	Profile    string     `json:"profile"`
	Salesforce *signIn    `json:"salesforce"` // null: not signed in
	Zendesk    *signIn    `json:"zendesk"`
	LastCheck  *lastCheck `json:"last_check"` // null: there was none
}

type signIn struct {
	URL  string `json:"url"`
	From string `json:"from"`
}

type lastCheck struct {
	At      time.Time            `json:"at"`
	Summary map[flow.Verdict]int `json:"summary"`
	Wrong   []wrong              `json:"wrong"`
}

type wrong struct {
	ID      flow.ID      `json:"id"`
	Verdict flow.Verdict `json:"verdict"`
}

// WriteHome writes where a profile stands as one JSON document on one line.
func WriteHome(w io.Writer, stands home.Data) error {
	doc := standing{Schema: Schema, Profile: stands.Profile, Salesforce: signInOf(stands.Salesforce), Zendesk: signInOf(stands.Zendesk)}
	if last := stands.Last; last != nil {
		doc.LastCheck = &lastCheck{At: last.At.UTC(), Summary: last.Totals, Wrong: make([]wrong, 0, len(last.Wrong))}
		for _, step := range last.Wrong {
			doc.LastCheck.Wrong = append(doc.LastCheck.Wrong, wrong{ID: step.Step, Verdict: step.Verdict})
		}
	}
	if err := json.NewEncoder(w).Encode(doc); err != nil {
		return fmt.Errorf("write where the profile stands: %w", err)
	}
	return nil
}

func signInOf(in home.SignIn) *signIn {
	if in.Name == "" {
		return nil
	}
	return &signIn{URL: in.Name, From: in.From}
}
