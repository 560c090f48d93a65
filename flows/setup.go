package flows

import (
	"zsf/flows/flow"
	"zsf/flows/steps"
	"zsf/flows/symptoms"
	"zsf/flows/world"
)

// Setup connects the two, from nothing to tickets on the record pages: in the order of the vendor's guide
// (support.zendesk.com 4408821555482), or in that of Admin Center's newer layout, which connects first.
func Setup(layout world.Layout) flow.Flow {
	connect := []flow.Step{steps.SetupPackage, steps.SetupTerms, steps.SetupConnect}
	if layout == world.NewerLayout {
		connect = []flow.Step{steps.SetupTerms, steps.SetupConnect, steps.SetupPackage}
	}
	return symptoms.Named(flow.Flow{ID: "setup", Groups: []flow.Group{
		{ID: "sign-in", Steps: []flow.Step{steps.SalesforceSignin, steps.ZendeskSignin}},
		{ID: "admins", Steps: []flow.Step{
			steps.SalesforceEdition,
			steps.SalesforceAdmin,
			steps.ZendeskAdmin,
			steps.SalesforceConnectingUser,
		}},
		{ID: "settings", Steps: []flow.Step{
			steps.SalesforceSessionLock,
			steps.SalesforcePKCEPolicy,
			steps.SalesforceStreaming,
			steps.SalesforceMyDomain,
			steps.SalesforceAPIRoom,
		}},
		{ID: "instance", Steps: []flow.Step{
			steps.EnvironmentRehearsal,
			steps.SetupInstance,
			steps.EnvironmentOneOrg,
		}},
		{ID: "connect", Steps: connect},
		{ID: "visible", Steps: visible},
	}})
}

// visible is what lets people see tickets.
var visible = []flow.Step{steps.AccessPermittedUsers, steps.AccessProfiles, steps.AccessPages, steps.TicketsSample}

// Access decides who sees tickets: what setup ends with, and what is done again when people change.
var Access = symptoms.Named(flow.Flow{ID: "access", Groups: []flow.Group{
	{ID: "sign-in", Steps: []flow.Step{steps.SalesforceSignin, steps.SalesforceEdition}},
	{ID: "connect", Steps: []flow.Step{steps.SetupPackage, steps.SetupConnect}},
	{ID: "visible", Steps: visible},
}})
