// What belongs to the integration among all that the services show, for whoever writes it down.

package steps

import (
	"strings"

	"zsf/clients/salesforce"
	"zsf/clients/zendesk"
)

// IntegrationApp is the integration's connected app; false where it is not installed.
func IntegrationApp(apps []salesforce.ConnectedApplication) (salesforce.ConnectedApplication, bool) {
	return findApp(apps)
}

// IntegrationTokens are the integration's live connections.
func IntegrationTokens(tokens []salesforce.OauthToken) []salesforce.OauthToken {
	return tokensOf(tokens)
}

// IntegrationPackage is the managed package; false where it is not installed.
func IntegrationPackage(packages []salesforce.InstalledPackage) (salesforce.InstalledPackage, bool) {
	return findPackage(packages)
}

// IntegrationTriggers are the triggers of the integration, of whichever org.
func IntegrationTriggers(triggers []zendesk.Trigger) []zendesk.Trigger {
	return integrationTriggers(triggers)
}

// IsIntegrationWebhook tells whether a webhook bears the integration's name.
func IsIntegrationWebhook(webhook zendesk.Webhook) bool {
	return strings.HasPrefix(strings.TrimSpace(webhook.Name), integrationPrefix)
}

// OrgOf is the Salesforce org that a trigger of the integration names; empty where it names none.
func OrgOf(trigger zendesk.Trigger) string { return orgOf(trigger) }

// ShowsTickets tells whether a component of a record page is the ticket view.
func ShowsTickets(component string) bool { return strings.Contains(component, componentName) }
