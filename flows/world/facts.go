package world

import (
	"zsf/clients/salesforce"
	"zsf/clients/zendesk"
)

// sources name what was read, in the services' own words.
var sources = map[Fact]string{
	SalesforceUser:      "userinfo",
	Versions:            "/services/data/",
	Organization:        "Organization",
	RunningUser:         "User",
	Permissions:         "UserPermissionAccess",
	PushTopic:           "PushTopic describe",
	StreamingChannel:    "StreamingChannel describe",
	CaseObject:          "Case describe",
	AccountObject:       "Account describe",
	ContactObject:       "Contact describe",
	LeadObject:          "Lead describe",
	OpportunityObject:   "Opportunity describe",
	Limits:              "limits",
	SecuritySettings:    "SecuritySettings",
	SessionLockEvents:   "SetupAuditTrail",
	OauthOidcSettings:   "OauthOidcSettings",
	SettingsHistory:     "SetupAuditTrail",
	ConnectingUsers:     "User",
	WebhookMakers:       "users",
	Packages:            "InstalledSubscriberPackage",
	PackageInstalls:     "PackageInstallRequest",
	TicketViewPages:     "ApexPage",
	TicketViewComponent: "AuraDefinitionBundle",
	TicketViewGrants:    "SetupEntityAccess",
	ConnectedApps:       "ConnectedApplication",
	OauthTokens:         "OauthToken",
	Logins:              "LoginHistory",
	AppGrants:           "SetupEntityAccess",
	Profiles:            "Profile",
	ProfileSets:         "PermissionSet",
	ActiveUsers:         "User",
	AdminProfile:        "Profile",
	RecordPages:         "FlexiPage",
	ZendeskUser:         "users/me",
	ZendeskToken:        "oauth/tokens/current",
	NewestTickets:       "search type:ticket",
	TicketRecords:       "Account, Contact, Lead",
	Triggers:            "triggers",
	Webhooks:            "webhooks",
	LinkedOrganizations: "organizations",
	LinkedUsers:         "users",
}

// The facts, typed. Each is there only in a step that names it among its Reads.

func (w *World) SalesforceUser() Seen[salesforce.UserInfo] {
	return seen[salesforce.UserInfo](w, SalesforceUser)
}

func (w *World) Versions() Seen[[]salesforce.Version] {
	return seen[[]salesforce.Version](w, Versions)
}

func (w *World) Organization() Seen[salesforce.Organization] {
	return seen[salesforce.Organization](w, Organization)
}

func (w *World) RunningUser() Seen[salesforce.User] {
	return seen[salesforce.User](w, RunningUser)
}

func (w *World) Permissions() Seen[salesforce.Permissions] {
	return seen[salesforce.Permissions](w, Permissions)
}

// Object is the describe of one of the objects that have a fact.
func (w *World) Object(fact Fact) Seen[salesforce.Describe] {
	return seen[salesforce.Describe](w, fact)
}

func (w *World) Limits() Seen[salesforce.Limits] { return seen[salesforce.Limits](w, Limits) }

func (w *World) SecuritySettings() Seen[salesforce.SecuritySettings] {
	return seen[salesforce.SecuritySettings](w, SecuritySettings)
}

func (w *World) SessionLockEvents() Seen[[]salesforce.AuditEvent] {
	return seen[[]salesforce.AuditEvent](w, SessionLockEvents)
}

// SettingsHistory is what was changed in Setup of late, the newest first; nil where the org does not tell.
func (w *World) SettingsHistory() Seen[[]salesforce.AuditEvent] {
	return seen[[]salesforce.AuditEvent](w, SettingsHistory)
}

// ConnectingUsers are those as whom the integration signed in.
func (w *World) ConnectingUsers() Seen[[]salesforce.ConnectingUser] {
	return seen[[]salesforce.ConnectingUser](w, ConnectingUsers)
}

// WebhookMakers are those who made the integration's webhooks.
func (w *World) WebhookMakers() Seen[[]zendesk.WebhookMaker] {
	return seen[[]zendesk.WebhookMaker](w, WebhookMakers)
}

func (w *World) OauthOidcSettings() Seen[salesforce.OauthOidcSettings] {
	return seen[salesforce.OauthOidcSettings](w, OauthOidcSettings)
}

func (w *World) Packages() Seen[[]salesforce.InstalledPackage] {
	return seen[[]salesforce.InstalledPackage](w, Packages)
}

func (w *World) PackageInstalls() Seen[[]salesforce.PackageInstallRequest] {
	return seen[[]salesforce.PackageInstallRequest](w, PackageInstalls)
}

func (w *World) TicketViewPages() Seen[[]salesforce.ApexPage] {
	return seen[[]salesforce.ApexPage](w, TicketViewPages)
}

func (w *World) TicketViewComponent() Seen[[]salesforce.AuraDefinitionBundle] {
	return seen[[]salesforce.AuraDefinitionBundle](w, TicketViewComponent)
}

func (w *World) TicketViewGrants() Seen[[]salesforce.SetupEntityAccess] {
	return seen[[]salesforce.SetupEntityAccess](w, TicketViewGrants)
}

func (w *World) ConnectedApps() Seen[[]salesforce.ConnectedApplication] {
	return seen[[]salesforce.ConnectedApplication](w, ConnectedApps)
}

func (w *World) OauthTokens() Seen[[]salesforce.OauthToken] {
	return seen[[]salesforce.OauthToken](w, OauthTokens)
}

func (w *World) Logins() Seen[[]salesforce.LoginEvent] {
	return seen[[]salesforce.LoginEvent](w, Logins)
}

func (w *World) AppGrants() Seen[[]salesforce.SetupEntityAccess] {
	return seen[[]salesforce.SetupEntityAccess](w, AppGrants)
}

func (w *World) Profiles() Seen[[]salesforce.Profile] {
	return seen[[]salesforce.Profile](w, Profiles)
}

func (w *World) ProfileSets() Seen[[]salesforce.ProfileSet] {
	return seen[[]salesforce.ProfileSet](w, ProfileSets)
}

func (w *World) ActiveUsers() Seen[[]salesforce.ActiveUsers] {
	return seen[[]salesforce.ActiveUsers](w, ActiveUsers)
}

func (w *World) AdminProfile() Seen[salesforce.Profile] {
	return seen[salesforce.Profile](w, AdminProfile)
}

func (w *World) RecordPages() Seen[[]RecordPage] { return seen[[]RecordPage](w, RecordPages) }

func (w *World) ZendeskUser() Seen[zendesk.User] { return seen[zendesk.User](w, ZendeskUser) }

func (w *World) ZendeskToken() Seen[zendesk.Token] { return seen[zendesk.Token](w, ZendeskToken) }

func (w *World) Triggers() Seen[[]zendesk.Trigger] { return seen[[]zendesk.Trigger](w, Triggers) }

func (w *World) Webhooks() Seen[[]zendesk.Webhook] { return seen[[]zendesk.Webhook](w, Webhooks) }

func (w *World) LinkedOrganizations() Seen[zendesk.Linked] {
	return seen[zendesk.Linked](w, LinkedOrganizations)
}

func (w *World) LinkedUsers() Seen[zendesk.Linked] { return seen[zendesk.Linked](w, LinkedUsers) }

// NewestTickets are the unclosed tickets that changed last.
func (w *World) NewestTickets() Seen[zendesk.Newest] { return seen[zendesk.Newest](w, NewestTickets) }

// TicketRecords are the records that may stand for the organizations and requesters of NewestTickets.
func (w *World) TicketRecords() Seen[[]salesforce.Record] {
	return seen[[]salesforce.Record](w, TicketRecords)
}

// InstanceURL is the org's address; empty without a sign-in.
func (w *World) InstanceURL() string {
	if w.options.Salesforce == nil {
		return ""
	}
	return w.options.Salesforce.InstanceURL()
}

// ZendeskURL is the account's address; empty without a sign-in.
func (w *World) ZendeskURL() string {
	if w.options.Zendesk == nil {
		return ""
	}
	return w.options.Zendesk.URL()
}

// APIVersion is the version of the API that is spoken: "68.0".
func (w *World) APIVersion() string {
	if w.options.Salesforce == nil {
		return ""
	}
	return w.options.Salesforce.Version()
}
