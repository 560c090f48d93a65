// Whose the newest tickets are: one call to each service, the second about what the first one brought.

package world

import (
	"context"
	"slices"
	"strings"

	"zsf/clients/salesforce"
)

// mostSampled is how many organizations, and how many requesters, are looked for: an example needs one.
const mostSampled = 10

// readTicketRecords reads the records of the organizations and the requesters of the newest tickets.
func readTicketRecords(ctx context.Context, w *World, client *salesforce.Client) (any, error) {
	w.Wait(NewestTickets)
	newest := w.NewestTickets()
	if newest.Err != nil {
		return nil, newest.Err
	}
	var of salesforce.Counterpart
	add := func(values *[]string, value string) {
		if value = strings.TrimSpace(value); value != "" && !slices.Contains(*values, value) && len(*values) < mostSampled {
			*values = append(*values, value)
		}
	}
	for _, ticket := range newest.Value.Tickets {
		organization, _ := newest.Value.Organization(ticket.OrganizationID)
		requester, _ := newest.Value.User(ticket.RequesterID)
		add(&of.Names, organization.Name)
		add(&of.IDs, organization.ExternalID)
		add(&of.Emails, requester.Email)
	}
	return client.Counterparts(ctx, of)
}
