package sandbox

import (
	"zsf/clients/sandbox/salesforce"
	"zsf/clients/sandbox/zendesk"
)

// A Scenario is a whole state of both sides.
type Scenario struct {
	Name        string
	Environment string // how a profile on it labels its Zendesk account: sandbox or production

	salesforce salesforce.Setup
	zendesk    zendesk.Setup
}

// Scenarios are all scenarios, in the order in which they are offered. All but fresh and
// disconnected are ready with one thing wrong.
func Scenarios() []Scenario {
	return []Scenario{
		{Name: "fresh", salesforce: salesforce.Setup{SessionsLocked: true}},
		but("ready", nil, nil),
		but("disconnected", func(s *salesforce.Setup) { s.App = salesforce.AppInstalled }, func(z *zendesk.Setup) { z.TriggersOff, z.Disconnected = true, true }),
		but("session-locked", func(s *salesforce.Setup) { s.SessionsLocked = true }, nil),
		but("pkce-required", func(s *salesforce.Setup) { s.PKCERequired = true }, nil),
		but("not-zendesk-admin", nil, func(z *zendesk.Setup) { z.NotAdmin = true }),
		but("not-salesforce-admin", func(s *salesforce.Setup) { s.User = salesforce.NotAdmin }, nil),
		but("api-disabled", func(s *salesforce.Setup) { s.API = salesforce.APIOffForUser }, nil),
		but("production", func(s *salesforce.Setup) { s.Production = true }, nil).in("production"),
		but("professional-with-api", func(s *salesforce.Setup) { s.Edition = "Professional Edition" }, nil),
		but("essentials", func(s *salesforce.Setup) { s.Edition, s.API = "Essentials Edition", salesforce.APIOffForEdition }, nil),
		but("api-only-user", func(s *salesforce.Setup) { s.User = salesforce.APIOnlyUser }, nil),
		but("no-package", func(s *salesforce.Setup) { s.Package, s.PageComponents = salesforce.NoPackage, false }, nil),
		but("package-admins-only", func(s *salesforce.Setup) { s.Package = salesforce.PackageForAdmins }, nil),
		but("not-connected", func(s *salesforce.Setup) { s.App = salesforce.AppUnknown }, nil),
		but("used-not-installed", func(s *salesforce.Setup) { s.App = salesforce.AppUsed }, nil),
		but("self-authorize", func(s *salesforce.Setup) { s.AdminApprovedOnly = false }, nil),
		but("admin-profile-missing", func(s *salesforce.Setup) { s.AdminProfile = false }, nil),
		but("no-page-component", func(s *salesforce.Setup) { s.PageComponents = false }, nil),
		but("triggers-off", nil, func(z *zendesk.Setup) { z.TriggersOff = true }),
		but("webhook-off", nil, func(z *zendesk.Setup) { z.WebhookOff = true }),
		but("mixed-environments", func(s *salesforce.Setup) { s.Production = true }, nil),
		but("other-org", nil, func(z *zendesk.Setup) { z.OtherOrg = true }),
		but("expired-salesforce", func(s *salesforce.Setup) { s.SessionExpired = true }, nil),
		but("expired-zendesk", nil, func(z *zendesk.Setup) { z.TokenExpired = true }),
		but("api-limit-reached", func(s *salesforce.Setup) { s.LimitReached = true }, nil),
		but("korean", func(s *salesforce.Setup) { s.Language = "ko" }, func(z *zendesk.Setup) { z.Language = "ko" }),
	}
}

// FindScenario finds a scenario by name.
func FindScenario(name string) (Scenario, bool) {
	for _, scenario := range Scenarios() {
		if scenario.Name == name {
			if scenario.Environment == "" {
				scenario.Environment = "sandbox"
			}
			return scenario, true
		}
	}
	return Scenario{}, false
}

// in says how a profile on it labels its Zendesk account.
func (s Scenario) in(environment string) Scenario {
	s.Environment = environment
	return s
}

// but is ready, with something else on either side.
func but(name string, org func(*salesforce.Setup), account func(*zendesk.Setup)) Scenario {
	scenario := Scenario{Name: name, salesforce: salesforce.Ready(), zendesk: zendesk.Ready("")}
	if org != nil {
		org(&scenario.salesforce)
	}
	if account != nil {
		account(&scenario.zendesk)
	}
	return scenario
}
