// A record that shows tickets, found from the tickets: what a check looks for, with no call of its own.

package tickets

import (
	"slices"
	"strings"

	"zsf/clients/salesforce"
	"zsf/clients/zendesk"
)

// A Sample is a record that shows tickets.
type Sample struct {
	Record  Record
	Match   Match
	Tickets []zendesk.Ticket // of those that were looked through, the one that changed last first
}

// FindSample goes through tickets, the one that changed last first, and finds the first that a record shows: by the
// exact link or by what the integration matches on. False where none of the records shows any of the tickets.
func FindSample(newest zendesk.Newest, records []salesforce.Record) (Sample, bool) {
	for _, ticket := range newest.Tickets {
		for _, by := range []By{ByExternalID, ByName, ByEmail} {
			for _, record := range records {
				candidate := Record{Record: record}
				target, ok := candidate.stands(newest, ticket, by)
				if !ok {
					continue
				}
				sample := Sample{Record: candidate, Match: Match{By: by, Values: candidate.values(by), Targets: []Target{target}}}
				for _, other := range newest.Tickets {
					if target.isOf(other) {
						sample.Tickets = append(sample.Tickets, other)
					}
				}
				return sample, true
			}
		}
	}
	return Sample{}, false
}

// stands finds whom a record stands for among those whose a ticket is, in one of the ways that count for it.
func (r Record) stands(newest zendesk.Newest, ticket zendesk.Ticket, by By) (Target, bool) {
	if !slices.Contains(r.ofIntegration(), by) {
		return Target{}, false
	}
	organization, hasOrganization := newest.Organization(ticket.OrganizationID)
	requester, hasRequester := newest.User(ticket.RequesterID)
	values, isCompany := r.values(by), r.Object == salesforce.AccountObject
	switch {
	case by == ByName && hasOrganization && isSame(organization.Name, values[0]),
		by == ByExternalID && isCompany && hasOrganization && isOneOf(organization.ExternalID, values):
		return Target{OfOrganization, organization.ID, organization.Name}, true
	case by == ByEmail && hasRequester && isSame(requester.Email, values[0]),
		by == ByExternalID && !isCompany && hasRequester && isOneOf(requester.ExternalID, values):
		return Target{OfUser, requester.ID, nameOf(requester)}, true
	}
	return Target{}, false
}

// isSame compares as both services do: without regard to case.
func isSame(one, other string) bool {
	return strings.EqualFold(strings.TrimSpace(one), strings.TrimSpace(other))
}

func (t Target) isOf(ticket zendesk.Ticket) bool {
	if t.Kind == OfUser {
		return ticket.RequesterID == t.ID
	}
	return ticket.OrganizationID == t.ID
}
