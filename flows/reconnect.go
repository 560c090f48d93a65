package flows

import (
	"zsf/flows/flow"
	"zsf/flows/steps"
	"zsf/flows/symptoms"
	"zsf/flows/world"
)

// Disconnect ends the connection of the profile's org: what is on is written down first.
func Disconnect(world.Layout) flow.Flow {
	return symptoms.Named(flow.Flow{ID: "disconnect", Groups: []flow.Group{
		{ID: "sign-in", Steps: []flow.Step{steps.SalesforceSignin, steps.ZendeskSignin}},
		{ID: "disconnect", Steps: []flow.Step{steps.DisconnectSnapshot, steps.DisconnectDone}},
	}})
}

// Reconnect mends a connection that is dead or was ended: why it broke, what it needs, a new one, and then the four
// things that every new connection leaves off.
func Reconnect(layout world.Layout) flow.Flow {
	connect := []flow.Step{steps.SetupPackage, steps.SetupTerms, steps.ReconnectConnect}
	if layout == world.NewerLayout {
		connect = []flow.Step{steps.SetupTerms, steps.ReconnectConnect, steps.SetupPackage}
	}
	return symptoms.Named(flow.Flow{
		ID: "reconnect",
		Groups: []flow.Group{
			{ID: "sign-in", Steps: []flow.Step{steps.SalesforceSignin, steps.ZendeskSignin}},
			{ID: "cause", Steps: []flow.Step{steps.ReconnectSnapshot, steps.ReconnectCause}},
			{ID: "ready-again", Steps: []flow.Step{
				steps.SalesforceEdition,
				steps.SalesforceAdmin,
				steps.ZendeskAdmin,
				steps.SalesforceConnectingUser,
				steps.SalesforceSessionLock,
				steps.SalesforcePKCEPolicy,
				steps.SalesforceStreaming,
				steps.EnvironmentOneOrg,
			}},
			{ID: "connect", Steps: connect},
			{ID: "on-again", Steps: []flow.Step{
				steps.ReconnectAccounts,
				steps.ReconnectPeople,
				steps.ReconnectTickets,
				steps.ReconnectTriggers,
			}},
			{ID: "visible", Steps: visible},
		},
		Anew: []flow.ID{steps.ReconnectAccounts.ID, steps.ReconnectPeople.ID, steps.ReconnectTickets.ID, steps.ReconnectCause.ID},
	})
}

// MoveFrom is what a move does with the profile that it leaves: its connection ends where the other profile is of the
// same Zendesk account, which holds one; otherwise it is only written down.
func MoveFrom(sameAccount bool) flow.Flow {
	done := []flow.Step{steps.MoveSnapshot}
	if sameAccount {
		done = []flow.Step{steps.DisconnectSnapshot, steps.DisconnectDone}
	}
	return symptoms.Named(flow.Flow{ID: "move-from", Groups: []flow.Group{
		{ID: "sign-in", Steps: []flow.Step{steps.SalesforceSignin, steps.ZendeskSignin}},
		{ID: "disconnect", Steps: done},
	}})
}

// MoveTo is what a move does with the profile that it goes to: the whole set-up, and all that was on before.
func MoveTo(layout world.Layout) flow.Flow {
	on := symptoms.Named(flow.Flow{Groups: []flow.Group{{ID: "on-again", Steps: []flow.Step{
		steps.ReconnectAccounts, steps.ReconnectPeople, steps.ReconnectTickets, steps.ReconnectTriggers,
	}}}})
	return flow.Flow{ID: "move-to", Groups: append(Setup(layout).Groups, on.Groups...)}
}

// Move is both, for the answers that are given to them beforehand.
func Move(layout world.Layout) flow.Flow {
	from, to := MoveFrom(true), MoveTo(layout)
	return flow.Flow{ID: "move", Groups: append(from.Groups[1:], to.Groups...)}
}
