package steps

import (
	"zsf/clients/transport"
	"zsf/flows/flow"
	"zsf/flows/world"
)

// SalesforceEdition: the org's edition has API rights. What proves it is that the API answers;
// the name of the edition is only shown, as its list of values is not documented.
var SalesforceEdition = flow.Step{
	ID:    "salesforce.edition",
	Needs: []flow.ID{SalesforceSignin.ID},
	Reads: []world.Fact{world.Organization},
	Look: func(w *world.World) flow.Finding {
		organization := w.Organization()
		if transport.KindOf(organization.Err) == transport.APIDisabled {
			// Salesforce sends the same code when only the user lacks "API Enabled".
			return flow.Failed(flow.Say("salesforce.edition.no-api")).Because(organization.Err).
				With(flow.SawBad(organization, flow.Say("fact.error", "Reason", organization.Err))).
				Mend(
					setupPage(w, companyPage, "company"),
					setupPage(w, profilesPage, "api-enabled"),
					flow.Tell(flow.Say("salesforce.edition.add-on")),
				)
		}
		if organization.Err != nil {
			return flow.NotSeen(organization)
		}
		return flow.Passed(flow.Raw(organization.Value.OrganizationType)).With(
			flow.SawGood(organization, flow.Say("fact.edition", "Edition", organization.Value.OrganizationType)),
			flow.SawGood(organization, flow.Say("fact.api-answers")),
			flow.Saw(organization, flow.Say("fact.org", "Name", organization.Value.Name, "ID", organization.Value.ID)),
		)
	},
}
