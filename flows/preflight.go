// Package flows lists the steps of each flow, in order.
package flows

import (
	"zsf/flows/flow"
	"zsf/flows/steps"
	"zsf/flows/symptoms"
)

// Preflight is what must be true before the two are connected, and while they are. It changes nothing,
// and its findings name the command that mends them, and the symptoms that they lead to.
var Preflight = mendable(symptoms.Named(flow.Flow{ID: "preflight", Groups: []flow.Group{
	{ID: "ready", Steps: []flow.Step{
		steps.SalesforceSignin,
		steps.ZendeskSignin,
		steps.SalesforceEdition,
		steps.SalesforceAdmin,
		steps.ZendeskAdmin,
		steps.SalesforceConnectingUser,
		steps.SalesforceSessionLock,
		steps.SalesforcePKCEPolicy,
		steps.SalesforceStreaming,
		steps.SalesforceAPIRoom,
		steps.SalesforceMyDomain,
		steps.EnvironmentRehearsal,
		steps.EnvironmentOneOrg,
	}},
	{ID: "connected", Steps: []flow.Step{
		steps.SetupInstance,
		steps.SetupPackage,
		steps.SetupTerms,
		steps.SetupConnect,
	}},
	{ID: "visible", Steps: visible},
	{ID: "in-step", Steps: []flow.Step{
		steps.ReconnectSyncs,
		steps.ZendeskTriggers,
	}},
}}))
