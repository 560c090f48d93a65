// The symptoms of the integration, in the order in which they come up: connecting, seeing tickets, syncing.

package symptoms

import "zsf/flows/flow"

func zendesk(article string) string {
	return "https://support.zendesk.com/hc/en-us/articles/" + article
}

func salesforce(article string) string {
	return "https://help.salesforce.com/s/articleView?id=" + article + "&type=1"
}

// The articles that several rows rest on.
var (
	connecting = zendesk("4408821555482")
	ticketView = zendesk("4408834115738")
	inTheView  = zendesk("4408828317082")
	dataSync   = zendesk("4408828539290")
	ticketSync = zendesk("4408828449050")
	flowErrors = "https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_flow_errors.htm&type=5"
)

var table = []Symptom{
	{ID: "disconnects-by-itself", Steps: []flow.ID{"salesforce.session-lock"}, Known: Documented, Source: connecting},
	{ID: "stops-weeks-later", Steps: []flow.ID{"salesforce.pkce-policy"}, Known: Documented, Source: connecting},
	{ID: "stops-after-staff-change", Steps: []flow.ID{"zendesk.admin"}, Known: Documented, Source: connecting},
	{ID: "old-connection-dies", Steps: []flow.ID{"setup.connect"}, Known: Reported},
	{ID: "cannot-connect-as-this-user", Steps: []flow.ID{"salesforce.connecting-user"}, Known: Documented, Source: zendesk("4408843355290")},
	{ID: "api-disabled", Codes: []string{"API_DISABLED_FOR_ORG"}, Steps: []flow.ID{"salesforce.edition"}, Known: Documented, Source: connecting},
	{
		ID: "user-not-approved", Codes: []string{"user hasn't approved this consumer"},
		Steps: []flow.ID{"access.permitted-users", "access.profiles"}, Known: Recalled,
	},
	{
		ID: "off-after-reconnect", Steps: []flow.ID{"reconnect.syncs", "zendesk.triggers"}, Known: Documented, Source: connecting,
	},

	{ID: "some-see-no-tickets", Steps: []flow.ID{"setup.package", "access.profiles"}, Known: Documented, Source: ticketView},
	{ID: "page-without-tickets", Steps: []flow.ID{"access.pages"}, Known: Documented, Source: ticketView},
	{ID: "not-in-app-builder", Steps: []flow.ID{"salesforce.my-domain", "setup.package"}, Known: Documented, Source: ticketView},
	{ID: "empty-list", Codes: []string{"No tickets in this list"}, Steps: []flow.ID{"tickets.sample"}, Known: Documented, Source: ticketView},
	{ID: "large-account-shows-nothing", Known: Documented, Source: ticketView},
	{ID: "cannot-create-tickets", Known: Documented, Source: inTheView},
	{ID: "new-ticket-missing", Known: Documented, Source: inTheView},
	{ID: "sidebar-app-fails", Known: Documented, Source: zendesk("4408834679066")},

	{ID: "nothing-syncs", Steps: []flow.ID{"salesforce.streaming", "salesforce.connecting-user"}, Known: Documented, Source: dataSync},
	{ID: "account-does-not-sync", Known: Documented, Source: dataSync},
	{
		ID: "daily-limit", Codes: []string{"403::Organization total events daily limit exceeded", "REQUEST_LIMIT_EXCEEDED"},
		Steps: []flow.ID{"salesforce.api-room"}, Known: Documented, Source: salesforce("000382446"),
	},
	{ID: "already-taken", Codes: []string{"has already been taken"}, Known: Documented, Source: zendesk("4935435219098")},
	{ID: "external-id-taken", Steps: []flow.ID{"environment.one-org"}, Known: Documented, Source: zendesk("4408823346458")},
	{ID: "several-match", Known: Documented, Source: dataSync},
	{ID: "automation-not-synced", Known: Documented, Source: dataSync},
	{ID: "contact-is-agent", Known: Documented, Source: dataSync},
	{ID: "users-without-organization", Steps: []flow.ID{"zendesk.admin"}, Known: Documented, Source: zendesk("6687489452826")},
	{ID: "picklist-error", Known: Documented, Source: dataSync},
	{ID: "phone-error", Known: Documented, Source: zendesk("4468066453274")},
	{ID: "person-account", Known: Documented, Source: dataSync},

	{ID: "ticket-to-case-fails", Steps: []flow.ID{"zendesk.triggers"}, Known: Documented, Source: ticketSync},
	{ID: "case-fields-missing", Steps: []flow.ID{"salesforce.connecting-user"}, Known: Documented, Source: ticketSync},
	{ID: "case-without-account", Known: Documented, Source: zendesk("5576872397338")},
	{
		ID: "webhook-stops", Steps: []flow.ID{"zendesk.triggers"}, Known: Documented,
		Source: "https://developer.zendesk.com/documentation/webhooks/",
	},
}

// ofCodes are the codes of a sign-in that Admin Center's Connect shows as well, with what more there is to say then.
var ofCodes = map[string]Symptom{
	"oauth-approval-error-generic": {
		Also: true, Steps: []flow.ID{"salesforce.connecting-user", "setup.connect"}, Known: Documented, Source: salesforce("005132365"),
	},
	"oauth-app-blocked":     {Also: true, Steps: []flow.ID{"setup.connect"}, Known: Documented, Source: salesforce("005132365")},
	"app-not-installed":     {Also: true, Steps: []flow.ID{"setup.connect"}, Known: Documented, Source: salesforce("005132365")},
	"redirect-uri-mismatch": {Also: true, Steps: []flow.ID{"setup.instance"}, Known: Documented, Source: flowErrors},
	"invalid-grant": {
		Also: true, Steps: []flow.ID{"access.permitted-users", "access.profiles"}, Known: Reported,
	},
}
