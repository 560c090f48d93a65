package report

import (
	"encoding/json"
	"fmt"
	"io"
	"time"
)

// A SignIn is what is known of one service's sign-in; it never holds a token.
type SignIn struct {
	Service          string    `json:"service"`
	SignedIn         bool      `json:"signed_in"`
	User             string    `json:"user"`
	URL              string    `json:"url"`
	Environment      string    `json:"environment"`
	Source           string    `json:"source"`
	KeyFile          string    `json:"key_file,omitempty"` // of an unattended sign-in
	Scopes           []string  `json:"scopes"`
	ExpiresAt        time.Time `json:"expires_at,omitzero"`
	RefreshExpiresAt time.Time `json:"refresh_expires_at,omitzero"`
	Problem          string    `json:"problem"` // why it cannot be used, where it cannot
	Mend             string    `json:"mend"`    // the command that mends it
}

// WriteSignIns writes a profile's sign-ins as one JSON document on one line.
func WriteSignIns(w io.Writer, profile string, signIns []SignIn) error {
	doc := struct {
		Schema  int      `json:"schema"`
		Profile string   `json:"profile"`
		SignIns []SignIn `json:"sign_ins"`
	}{Schema, profile, signIns}
	if err := json.NewEncoder(w).Encode(doc); err != nil {
		return fmt.Errorf("write the sign-ins: %w", err)
	}
	return nil
}

// WriteEvent writes what happened in a sign-in as one JSON document on one line.
func WriteEvent(w io.Writer, event map[string]string) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false) // an address is there to be opened, by people too
	if err := encoder.Encode(event); err != nil {
		return fmt.Errorf("write the event: %w", err)
	}
	return nil
}

// A SignOut is what came of signing out of one service.
type SignOut struct {
	Service     string `json:"service"` // salesforce or zendesk
	WasSignedIn bool   `json:"was_signed_in"`
	Revoked     bool   `json:"revoked"` // at the service; what was forgotten here only, is not
	Reason      string `json:"reason"`  // why not; empty where it was, or where nobody was signed in
}

// WriteSignOuts writes what came of a sign-out as one JSON document on one line.
func WriteSignOuts(w io.Writer, profile string, outs []SignOut) error {
	doc := struct {
		Schema   int       `json:"schema"`
		Profile  string    `json:"profile"`
		SignOuts []SignOut `json:"sign_outs"`
	}{Schema, profile, outs}
	if err := json.NewEncoder(w).Encode(doc); err != nil {
		return fmt.Errorf("write the sign-outs: %w", err)
	}
	return nil
}

// A Profile is one pair of an org and an account, as the settings have it.
type Profile struct {
	Name       string `json:"name"`
	Salesforce string `json:"salesforce"` // its address; empty: none
	Zendesk    string `json:"zendesk"`
	// What each is labelled: sandbox or production; empty where nobody has said.
	SalesforceEnvironment string `json:"salesforce_environment"`
	ZendeskEnvironment    string `json:"zendesk_environment"`

	Match string `json:"match,omitempty"` // what its records are matched by; empty: as the integration does
}

// WriteProfiles writes all profiles as one JSON document on one line.
func WriteProfiles(w io.Writer, chosen string, profiles []Profile) error {
	doc := struct {
		Schema   int       `json:"schema"`
		Default  string    `json:"default"`
		Profiles []Profile `json:"profiles"`
	}{Schema, chosen, profiles}
	if err := json.NewEncoder(w).Encode(doc); err != nil {
		return fmt.Errorf("write the profiles: %w", err)
	}
	return nil
}

// An Org is one that the sf CLI is signed in to.
type Org struct {
	Alias       string `json:"alias"`
	Username    string `json:"username"`
	OrgID       string `json:"org_id"`
	InstanceURL string `json:"instance_url"`
	Sandbox     bool   `json:"sandbox"`
	Scratch     bool   `json:"scratch"`
	Default     bool   `json:"default"` // of the sf CLI
}

// WriteOrgs writes the sf CLI's orgs as one JSON document on one line.
func WriteOrgs(w io.Writer, orgs []Org) error {
	doc := struct {
		Schema int   `json:"schema"`
		Orgs   []Org `json:"orgs"`
	}{Schema, orgs}
	if err := json.NewEncoder(w).Encode(doc); err != nil {
		return fmt.Errorf("write the orgs: %w", err)
	}
	return nil
}
