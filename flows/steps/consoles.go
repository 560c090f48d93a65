// Package steps holds every step of the catalogue: what must be true, what it reads, how it judges.
// Their words are in ui/locale/*/steps.toml.
package steps

import (
	"strings"

	"zsf/flows/flow"
	"zsf/flows/world"
)

// Pages of Salesforce Setup, below the org's address. The paths are in several public lists of
// shortcuts; the clicks that lead there are named beside each, as an org may lay them out otherwise.
const (
	sessionSettingsPage = "/lightning/setup/SecuritySession/home"
	oauthSettingsPage   = "/lightning/setup/OauthOidcSettings/home"
	userInterfacePage   = "/lightning/setup/UserInterfaceUI/home"
	myDomainPage        = "/lightning/setup/OrgDomain/home"
	companyPage         = "/lightning/setup/CompanyProfileInfo/home"
	usersPage           = "/lightning/setup/ManageUsers/home"
	profilesPage        = "/lightning/setup/EnhancedProfiles/home"
	packagesPage        = "/lightning/setup/ImportedPackage/home"
	appUsagePage        = "/lightning/setup/ConnectedAppsUsage/home"
	connectedAppsPage   = "/lightning/setup/ConnectedApplication/home"
	auditTrailPage      = "/lightning/setup/SecurityEvents/home"
	loginHistoryPage    = "/lightning/setup/OrgLoginHistory/home"
	appBuilderPage      = "/lightning/setup/FlexiPageList/home"
)

// Pages of Zendesk's Admin Center. The page of the integrations is not documented:
// it is opened as a guess, with the clicks beside it.
const (
	integrationsPage = "/admin/apps-integrations/integrations/integrations"
	triggersPage     = "/admin/objects-rules/rules/triggers"
	webhooksPage     = "/admin/apps-integrations/webhooks/webhooks"
	teamPage         = "/admin/people/team/members"
)

// setupPage is the remedy of a page in Salesforce Setup, named by its trail.<name>.
func setupPage(w *world.World, path, name string) flow.Remedy {
	return page(join(w.InstanceURL(), path), name)
}

// adminCenterPage is the remedy of a page in Zendesk's Admin Center, named by its trail.<name>. Where its two
// layouts differ, the newer one's name ends in -newer.
func adminCenterPage(w *world.World, path, name string) flow.Remedy {
	if w.Profile().Layout == world.NewerLayout && differs[name] {
		name += "-newer"
	}
	return page(join(w.ZendeskURL(), path), name)
}

// differs are the trails that Admin Center's newer layout has otherwise.
var differs = map[string]bool{"connect": true, "install-package": true, "terms": true, "disconnect": true, "connect-anew": true}

func page(url, name string) flow.Remedy {
	remedy := flow.Open(url, flow.Say("trail."+name))
	remedy.Clicks = flow.Say("clicks." + name)
	return remedy
}

// join leaves the address empty where there is no sign-in: the clicks are still worth saying.
func join(base, path string) string {
	if base == "" {
		return ""
	}
	return strings.TrimSuffix(base, "/") + path
}
