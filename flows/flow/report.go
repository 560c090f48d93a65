package flow

import (
	"time"

	"zsf/flows/world"
)

// A Report is a whole look: every finding, in the flow's order.
type Report struct {
	Profile    string
	StartedAt  time.Time
	Took       time.Duration
	Salesforce Salesforce
	Zendesk    Zendesk
	Findings   []Finding
	Needed     []Finding // of steps that were not asked for, though those above need them
}

// Salesforce is the org that was looked at, as far as it told.
type Salesforce struct {
	OrgID       string
	OrgName     string
	InstanceURL string
	Username    string
	Sandbox     *bool // nil: the org did not tell
}

// Zendesk is the account that was looked at, as far as it told.
type Zendesk struct {
	URL  string
	User string
	Role string
}

// Count tells how many findings have that verdict.
func (r Report) Count(verdict Verdict) int {
	count := 0
	for _, finding := range r.Findings {
		if finding.Verdict == verdict {
			count++
		}
	}
	return count
}

// Finding finds the finding of a step.
func (r Report) Finding(id ID) (Finding, bool) {
	for _, finding := range r.Findings {
		if finding.Step == id {
			return finding, true
		}
	}
	return Finding{}, false
}

// An Event is what a Runner tells while it works: Looking, Found or Waiting.
type Event interface{ event() }

// Looking says that a step is being looked at.
type Looking struct{ Step ID }

// Found says what a look found.
type Found struct{ Finding Finding }

// Waiting says that a service asked to be left alone for a while.
type Waiting struct {
	Service string // Salesforce or Zendesk
	Why     string // the service's own words: 429 Too Many Requests
	Until   time.Time
}

func (Looking) event() {}
func (Found) event()   {}
func (Waiting) event() {}

func salesforceOf(w *world.World) Salesforce {
	user, organization := w.SalesforceUser(), w.Organization()
	org := Salesforce{
		OrgID:       user.Value.OrganizationID,
		OrgName:     organization.Value.Name,
		InstanceURL: w.InstanceURL(),
		Username:    user.Value.Username,
	}
	if organization.Err == nil && organization.Value.ID != "" {
		org.Sandbox = &organization.Value.IsSandbox
	}
	return org
}

func zendeskOf(w *world.World) Zendesk {
	user := w.ZendeskUser().Value
	return Zendesk{URL: w.ZendeskURL(), User: user.Email, Role: user.Role}
}
