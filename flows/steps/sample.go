package steps

import (
	"zsf/clients/transport"
	"zsf/clients/zendesk"
	"zsf/flows/flow"
	"zsf/flows/tickets"
	"zsf/flows/world"
)

// TicketsSample: a real record shows its tickets. It is looked for from the tickets that changed last, as the tickets
// flow matches a record: one call to each service.
var TicketsSample = flow.Step{
	ID:    "tickets.sample",
	Needs: []flow.ID{SalesforceEdition.ID, ZendeskSignin.ID},
	Reads: []world.Fact{world.NewestTickets, world.TicketRecords},
	Look: func(w *world.World) flow.Finding {
		newest, records := w.NewestTickets(), w.TicketRecords()
		ways := sampleWays()
		switch {
		case newest.Err != nil:
			return flow.NotSeen(newest).Mend(ways...)
		case len(newest.Value.Tickets) == 0:
			finding := flow.Warned(flow.Say("tickets.sample.none")).With(flow.SawDoubtful(newest, flow.Say("fact.sample-none")))
			finding.LeadsTo = flow.Say("tickets.sample.unproven")
			return finding.Mend(flow.Tell(flow.Say("tickets.sample.make")))
		case records.Err != nil:
			return flow.NotSeen(records).With(sampleTickets(newest)).Mend(ways...)
		}
		sample, found := tickets.FindSample(newest.Value, records.Value)
		if !found {
			return noSample(newest).With(sampleTickets(newest)).With(sampleOwners(newest)...).Mend(ways...)
		}
		record := []any{"Record", sample.Record.Name, "Object", sample.Record.Object}
		first := sample.Tickets[0]
		return flow.Passed(flow.Say("tickets.sample.seen", append(record, "Count", len(sample.Tickets))...)).With(
			flow.SawGood(records, flow.Say("fact.sample-by-"+string(sample.Match.By), append(record, "ID", sample.Record.ID, "Target", sample.Match.Targets[0].Name)...)),
			flow.SawGood(newest, flow.Say("fact.sample-tickets", "Count", len(sample.Tickets), "All", len(newest.Value.Tickets), "ID", number(first.ID), "Subject", transport.Cut(first.Subject, mostSubject))),
		)
	},
}

// mostSubject is how much of a subject an example needs.
const mostSubject = 80

// noSample says that no record shows any of the newest tickets; not known where it was not told whose they all are.
func noSample(newest world.Seen[zendesk.Newest]) flow.Finding {
	for _, ticket := range newest.Value.Tickets {
		_, told := newest.Value.Organization(ticket.OrganizationID)
		if ticket.OrganizationID != 0 && !told {
			return flow.NotKnown(flow.Say("tickets.sample.untold"))
		}
	}
	return flow.Warned(flow.Say("tickets.sample.unmatched"))
}

// sampleTickets is how many tickets were looked through.
func sampleTickets(newest world.Seen[zendesk.Newest]) flow.Evidence {
	return flow.Saw(newest, flow.Say("fact.sample-looked", "Count", len(newest.Value.Tickets), "All", newest.Value.Total))
}

// sampleOwners are the organization and the requester of the ticket that changed last, for whom no record was found.
func sampleOwners(newest world.Seen[zendesk.Newest]) []flow.Evidence {
	ticket := newest.Value.Tickets[0]
	id := number(ticket.ID)
	var lines []flow.Evidence
	switch organization, told := newest.Value.Organization(ticket.OrganizationID); {
	case ticket.OrganizationID == 0:
		lines = append(lines, flow.SawDoubtful(newest, flow.Say("fact.sample-no-organization", "ID", id)))
	case told:
		lines = append(lines, flow.SawDoubtful(newest, flow.Say("fact.sample-organization", "ID", id, "Name", organization.Name)))
	}
	if requester, told := newest.Value.User(ticket.RequesterID); told && requester.Email != "" {
		lines = append(lines, flow.SawDoubtful(newest, flow.Say("fact.sample-requester", "ID", id, "Email", requester.Email)))
	}
	return lines
}

// sampleWays are how to find out about a record of one's own.
func sampleWays() []flow.Remedy {
	return []flow.Remedy{
		flow.Run("zsf tickets --explain RECORD", flow.Say("tickets.sample.explain")), flow.Tell(flow.Say("tickets.sample.match")),
	}
}
