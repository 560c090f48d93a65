package report

import (
	"io"

	"zsf/flows/access"
	"zsf/flows/flow"
	"zsf/flows/steps"
	"zsf/ui/locale"
)

type profileRow struct {
	Name    string `json:"name"`
	License string `json:"license"`
	Users   *int   `json:"active_users"` // null: the org did not tell
	MayUse  bool   `json:"may_use"`
	Locked  bool   `json:"locked"` // it must stay so
}

// WriteProfileRows writes which profiles may use the connected app as one JSON document on one line.
func WriteProfileRows(w io.Writer, _ *locale.Locale, profile string, installed bool, rows []steps.ProfileRow) error {
	doc := struct {
		Schema    int          `json:"schema"`
		Profile   string       `json:"profile"`
		Installed bool         `json:"app_installed"`
		Profiles  []profileRow `json:"profiles"`
	}{Schema, profile, installed, make([]profileRow, 0, len(rows))}
	for _, row := range rows {
		listed := profileRow{Name: row.Name, License: row.Licence, MayUse: row.MayUse, Locked: row.Locked}
		if row.Told {
			listed.Users = &row.People
		}
		doc.Profiles = append(doc.Profiles, listed)
	}
	return encode(w, doc, "write the profiles")
}

type link struct {
	ID       string       `json:"id"`
	Title    string       `json:"title"`
	Verdict  flow.Verdict `json:"verdict"`
	Summary  string       `json:"summary"`
	Evidence []evidence   `json:"evidence"`
	Remedies []remedy     `json:"remedies"`
}

// WriteExplanation writes why a user sees tickets or does not as one JSON document on one line.
func WriteExplanation(w io.Writer, words *locale.Locale, profile string, explained access.Explanation) error {
	person := explained.Person
	doc := struct {
		Schema  int    `json:"schema"`
		Profile string `json:"profile"`
		User    struct {
			ID       string `json:"id"`
			Name     string `json:"name"`
			Username string `json:"username"`
			Email    string `json:"email"`
			Profile  string `json:"profile"`
			License  string `json:"license"`
			Active   bool   `json:"active"`
		} `json:"user"`
		Broken *string `json:"broken"` // the first link that does not hold; null: none
		Links  []link  `json:"links"`
	}{Schema: Schema, Profile: profile}
	doc.User.ID, doc.User.Name, doc.User.Username, doc.User.Email = person.ID, person.Name, person.Username, person.Email
	doc.User.Profile, doc.User.License, doc.User.Active = person.Profile, person.Licence, person.Active
	if broken, ok := explained.Broken(); ok {
		doc.Broken = &broken.ID
	}
	for _, l := range explained.Links {
		checked := checkOf(words, l.Finding)
		doc.Links = append(doc.Links, link{
			ID: l.ID, Title: words.Say(l.Title()), Verdict: l.Verdict, Summary: checked.Summary, Evidence: checked.Evidence, Remedies: checked.Remedies,
		})
	}
	return encode(w, doc, "write the explanation")
}
