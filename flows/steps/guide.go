// What there is to do about each step whatever was seen: the guide without a look.

package steps

import (
	"zsf/flows/flow"
	"zsf/flows/world"
)

// Questions are all questions that steps ask, by kind: what answers that are given beforehand are read by.
var Questions = map[string]flow.QuestionKind{
	string(SetupInstance.ID):  flow.ChooseOne,
	packageLink:               flow.FreeText,
	string(AccessProfiles.ID): flow.PickMany,
	triggersQuestion:          flow.PickMany,
	orgNameQuestion:           flow.FreeText,
	"syncs.accounts":          flow.ChooseOne,
	"syncs.users":             flow.ChooseOne,
	"syncs.tickets":           flow.ChooseOne,
}

// Guide is where a person does a step, or what to type for it, in the order in which it is done.
func Guide(id flow.ID, w *world.World) []flow.Remedy {
	guide, ok := guides[id]
	if !ok {
		return nil
	}
	return guide(w)
}

var guides = map[flow.ID]func(*world.World) []flow.Remedy{
	SalesforceSignin.ID: func(*world.World) []flow.Remedy { return []flow.Remedy{signinRemedy("salesforce")} },
	ZendeskSignin.ID:    func(*world.World) []flow.Remedy { return []flow.Remedy{signinRemedy("zendesk")} },
	SalesforceEdition.ID: func(w *world.World) []flow.Remedy {
		return []flow.Remedy{setupPage(w, companyPage, "company"), flow.Tell(flow.Say("salesforce.edition.add-on"))}
	},
	SalesforceAdmin.ID: func(w *world.World) []flow.Remedy {
		return []flow.Remedy{setupPage(w, usersPage, "salesforce-users")}
	},
	ZendeskAdmin.ID: func(w *world.World) []flow.Remedy {
		return []flow.Remedy{adminCenterPage(w, teamPage, "zendesk-team")}
	},
	SalesforceConnectingUser.ID: func(w *world.World) []flow.Remedy {
		return []flow.Remedy{setupPage(w, profilesPage, "profile-permissions")}
	},
	SalesforceSessionLock.ID: func(w *world.World) []flow.Remedy {
		return []flow.Remedy{setupPage(w, sessionSettingsPage, "session-settings"), flow.Tell(flow.Say("salesforce.session-lock.health-check"))}
	},
	SalesforcePKCEPolicy.ID: func(w *world.World) []flow.Remedy {
		return []flow.Remedy{setupPage(w, oauthSettingsPage, "oauth-settings")}
	},
	SalesforceStreaming.ID: func(w *world.World) []flow.Remedy {
		return []flow.Remedy{setupPage(w, userInterfacePage, "user-interface")}
	},
	SalesforceAPIRoom.ID: func(w *world.World) []flow.Remedy {
		return []flow.Remedy{setupPage(w, companyPage, "company"), flow.Tell(flow.Say("salesforce.api-room.wait"))}
	},
	SalesforceMyDomain.ID: func(w *world.World) []flow.Remedy {
		return []flow.Remedy{setupPage(w, myDomainPage, "my-domain")}
	},
	EnvironmentRehearsal.ID: func(*world.World) []flow.Remedy {
		return []flow.Remedy{flow.Tell(flow.Say("environment.rehearsal.pair"))}
	},
	EnvironmentOneOrg.ID: func(w *world.World) []flow.Remedy {
		return []flow.Remedy{adminCenterPage(w, integrationsPage, "integrations")}
	},
	SetupInstance.ID: func(w *world.World) []flow.Remedy {
		return []flow.Remedy{adminCenterPage(w, integrationsPage, "integrations")}
	},
	SetupPackage.ID: func(w *world.World) []flow.Remedy {
		return []flow.Remedy{adminCenterPage(w, integrationsPage, "install-package"), setupPage(w, packagesPage, "installed-packages")}
	},
	SetupTerms.ID: func(w *world.World) []flow.Remedy {
		return []flow.Remedy{adminCenterPage(w, integrationsPage, "terms"), flow.Tell(flow.Say("setup.terms.find-out"))}
	},
	SetupConnect.ID: func(w *world.World) []flow.Remedy {
		return []flow.Remedy{adminCenterPage(w, integrationsPage, "connect"), setupPage(w, appUsagePage, "app-usage")}
	},
	AccessPermittedUsers.ID: func(w *world.World) []flow.Remedy {
		return []flow.Remedy{setupPage(w, connectedAppsPage, "permitted-users")}
	},
	AccessProfiles.ID: func(w *world.World) []flow.Remedy {
		return []flow.Remedy{setupPage(w, connectedAppsPage, "manage-profiles")}
	},
	AccessPages.ID: func(w *world.World) []flow.Remedy {
		return []flow.Remedy{setupPage(w, appBuilderPage, "app-builder")}
	},
	TicketsSample.ID: func(*world.World) []flow.Remedy { return sampleWays() },
	ReconnectSyncs.ID: func(w *world.World) []flow.Remedy {
		return []flow.Remedy{adminCenterPage(w, integrationsPage, "data-sync"), flow.Tell(flow.Say("reconnect.syncs.find-out"))}
	},
	DisconnectSnapshot.ID: func(*world.World) []flow.Remedy {
		return []flow.Remedy{flow.Run("zsf snapshot", flow.Say("snapshot-step.by-hand"))}
	},
	ReconnectSnapshot.ID: func(*world.World) []flow.Remedy {
		return []flow.Remedy{flow.Run("zsf snapshot", flow.Say("snapshot-step.by-hand"))}
	},
	DisconnectDone.ID: disconnectWays,
	ReconnectCause.ID: func(w *world.World) []flow.Remedy {
		return []flow.Remedy{
			setupPage(w, auditTrailPage, "audit-trail"), setupPage(w, loginHistoryPage, "login-history"), setupPage(w, appUsagePage, "app-usage-look"),
		}
	},
	ReconnectAccounts.ID: func(w *world.World) []flow.Remedy {
		return []flow.Remedy{adminCenterPage(w, integrationsPage, "sync-accounts")}
	},
	ReconnectPeople.ID: func(w *world.World) []flow.Remedy {
		return []flow.Remedy{adminCenterPage(w, integrationsPage, "sync-people")}
	},
	ReconnectTickets.ID: func(w *world.World) []flow.Remedy {
		return []flow.Remedy{adminCenterPage(w, integrationsPage, "sync-tickets")}
	},
	ZendeskTriggers.ID: func(w *world.World) []flow.Remedy {
		return []flow.Remedy{adminCenterPage(w, triggersPage, "triggers"), adminCenterPage(w, webhooksPage, "webhooks")}
	},
}
