package steps

import (
	"regexp"
	"slices"
	"strings"

	"zsf/clients/salesforce"
	"zsf/clients/zendesk"
	"zsf/flows/flow"
	"zsf/flows/world"
)

// EnvironmentRehearsal: a sandbox goes with a sandbox, production with production, in that order.
var EnvironmentRehearsal = flow.Step{
	ID:    "environment.rehearsal",
	Needs: []flow.ID{SalesforceEdition.ID},
	Reads: []world.Fact{world.Organization},
	Look: func(w *world.World) flow.Finding {
		organization := w.Organization()
		if organization.Err != nil {
			return flow.NotSeen(organization)
		}
		org := world.Production
		if organization.Value.IsSandbox {
			org = world.Sandbox
		}
		account := w.Profile().Zendesk
		evidence := []flow.Evidence{
			flow.Saw(organization, flow.Say("fact.org-is-"+string(org))),
		}
		if account == world.Unlabelled {
			return flow.NotKnown(flow.Say("environment.rehearsal.unlabelled")).With(evidence...).
				Mend(flow.Run("export ZSF_ZENDESK_ENVIRONMENT=sandbox", flow.Say("environment.rehearsal.label")))
		}
		evidence = append(evidence, flow.Evidence{Fact: flow.Say("fact.account-is-" + string(account)), Source: "profile"})
		switch {
		case org != account:
			return flow.Warned(flow.Say("environment.rehearsal.mixed-" + string(org))).With(evidence...).
				Mend(flow.Tell(flow.Say("environment.rehearsal.pair")))
		case org == world.Production && !w.Profile().Rehearsed.IsZero():
			evidence = append(evidence, flow.Evidence{
				Fact: flow.Say("fact.rehearsed", "Time", flow.Moment(w.Profile().Rehearsed)), Source: "journal", Mark: flow.Pass,
			})
			return flow.Passed(flow.Say("environment.rehearsal.rehearsed")).With(evidence...)
		case org == world.Production:
			return flow.NotKnown(flow.Say("environment.rehearsal.production")).With(evidence...).
				Mend(flow.Tell(flow.Say("environment.rehearsal.pair")))
		}
		return flow.Passed(flow.Say("environment.rehearsal.sandboxes")).With(evidence...)
	},
}

// EnvironmentOneOrg: this Zendesk account is not tied to another org. The integration's triggers
// carry the org's id in their title and in what they send.
var EnvironmentOneOrg = flow.Step{
	ID:    "environment.one-org",
	Needs: []flow.ID{SalesforceSignin.ID, ZendeskSignin.ID},
	Reads: []world.Fact{world.SalesforceUser, world.Triggers},
	Look: func(w *world.World) flow.Finding {
		user, triggers := w.SalesforceUser(), w.Triggers()
		if user.Err != nil {
			return flow.NotSeen(user)
		}
		if triggers.Err != nil {
			return flow.NotSeen(triggers)
		}
		var evidence []flow.Evidence
		var others []string
		own := 0
		for _, trigger := range integrationTriggers(triggers.Value) {
			org := orgOf(trigger)
			switch {
			case org == "":
			case salesforce.SameID(org, user.Value.OrganizationID):
				own++
			case trigger.Active:
				others = append(others, org)
				evidence = append(evidence, flow.SawBad(triggers, flow.Say("fact.trigger-of-org", "Title", trigger.Title, "Org", org)))
			default:
				evidence = append(evidence, flow.SawDoubtful(triggers, flow.Say("fact.old-trigger-of-org", "Title", trigger.Title, "Org", org)))
			}
		}
		slices.Sort(others)
		others = slices.Compact(others)
		switch {
		case len(others) > 0:
			return flow.Failed(flow.Say("environment.one-org.others", "Orgs", others)).With(evidence...).
				Mend(adminCenterPage(w, integrationsPage, "integrations"), adminCenterPage(w, triggersPage, "other-triggers"),
					flow.Run("zsf reconnect", flow.Say("environment.one-org.take-over")))
		case own == 0:
			return flow.NotKnown(flow.Say("environment.one-org.untold")).With(evidence...).
				Mend(adminCenterPage(w, integrationsPage, "integrations"))
		}
		return flow.Passed(flow.Say("environment.one-org.only-this")).
			With(flow.SawGood(triggers, flow.Say("fact.own-triggers", "Count", own, "Org", user.Value.OrganizationID))).
			With(evidence...)
	},
}

// integrationPrefix begins the title of every trigger and webhook that the vendor's integration
// makes; the id of the org follows at the end, and several can stand side by side.
const integrationPrefix = "(Salesforce Integration)"

func integrationTriggers(triggers []zendesk.Trigger) []zendesk.Trigger {
	return slices.DeleteFunc(slices.Clone(triggers), func(trigger zendesk.Trigger) bool {
		return !strings.HasPrefix(strings.TrimSpace(trigger.Title), integrationPrefix)
	})
}

var orgID = regexp.MustCompile(`\b00D[A-Za-z0-9]{12}(?:[A-Z0-5]{3})?\b`)

// orgOf is the Salesforce org that a trigger of the integration names; empty where it names none.
func orgOf(trigger zendesk.Trigger) string {
	if id := orgID.FindString(trigger.Title); id != "" {
		return id
	}
	return orgID.FindString(string(trigger.Actions))
}
