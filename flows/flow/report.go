package flow

import (
	"errors"
	"slices"
	"time"

	"zsf/clients/transport"
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

// Away is why nothing could be seen of a step: its service, or that of a step it waits for, did not answer, or not well.
// It is nil where it was looked at, and where a service answered that it may not be.
func (r Report) Away(finding Finding) *transport.Error {
	if finding.Verdict == Blocked {
		for _, looked := range slices.Concat(r.Findings, r.Needed) {
			if slices.Contains(finding.Blocking, looked.Step) {
				if failed := r.Away(looked); failed != nil {
					return failed
				}
			}
		}
		return nil
	}
	var failed *transport.Error
	if finding.Verdict != Unknown && finding.Verdict != Fail || !errors.As(finding.Err, &failed) {
		return nil
	}
	switch failed.Kind {
	case transport.Unreachable, transport.TimedOut, transport.RateLimited, transport.Unavailable, transport.Garbled:
		return failed
	}
	return nil
}

// Over is the report, with each step of which nothing could be seen as it was before.
func (r Report) Over(before Report) Report {
	findings := slices.Clone(r.Findings)
	for i, finding := range findings {
		if old, ok := before.Finding(finding.Step); ok && r.Away(finding) != nil {
			findings[i] = old
		}
	}
	r.Findings = findings
	return r
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
