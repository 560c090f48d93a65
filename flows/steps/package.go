package steps

import (
	"fmt"
	"strings"

	"zsf/clients/salesforce"
	"zsf/flows/changes"
	"zsf/flows/flow"
	"zsf/flows/world"
)

// appName is the connected app's and the managed package's.
const appName = world.IntegrationName

// componentName is the Lightning component's; a namespace may stand before it.
const componentName = "Zendesk_Ticket_View"

// SetupPackage: the managed package is installed for all users, with its component and pages.
// Its id and namespace are not public, so it is found by name.
var SetupPackage = flow.Step{
	ID:    "setup.package",
	Needs: []flow.ID{SalesforceEdition.ID},
	Reads: []world.Fact{
		world.Packages, world.PackageInstalls, world.TicketViewPages, world.TicketViewComponent,
		world.TicketViewGrants, world.Profiles,
	},
	Look: func(w *world.World) flow.Finding {
		packages := w.Packages()
		open := setupPage(w, packagesPage, "installed-packages")
		if packages.Err != nil {
			return flow.NotSeen(packages).Mend(open)
		}
		installed, ok := findPackage(packages.Value)
		if !ok {
			finding := flow.Failed(flow.Say("setup.package.none")).
				With(flow.SawBad(packages, flow.Say("fact.no-package", "Name", appName, "Count", len(packages.Value)))).
				Mend(adminCenterPage(w, integrationsPage, "install-package"), open)
			installs := w.PackageInstalls()
			if installs.Err == nil && anyRunning(installs.Value) {
				finding.Summary, finding.Underway = flow.Say("setup.package.installing"), true
			}
			return finding.With(lastInstall(installs)...)
		}
		version := flow.SawGood(packages, flow.Say("fact.package", "Name", installed.SubscriberPackage.Name, "Version", installed.Version()))
		return judgeParts(w, installed, version, open)
	},
	Ask:    askPackageLink,
	Change: installPackage,
}

// packageLink is the question for the vendor's install link: the package's id is not public.
const packageLink = "setup.package.link"

func askPackageLink(*world.World) []flow.Question {
	return []flow.Question{{ID: packageLink, Kind: flow.FreeText, Check: func(answer []string) error {
		_, err := salesforce.ParsePackageLink(answer[0])
		return err
	}}}
}

func installPackage(w *world.World, answers flow.Answers) (flow.Change, error) {
	given := answers[packageLink]
	if len(given) != 1 {
		return flow.Change{}, fmt.Errorf("%s: %w", packageLink, flow.ErrUnanswered)
	}
	link, err := salesforce.ParsePackageLink(given[0])
	if err != nil {
		return flow.Change{}, err
	}
	if anyRunning(w.PackageInstalls().Value) {
		return flow.Change{}, flow.ErrUnderway
	}
	before := flow.Say("change.package-none")
	if installed, ok := findPackage(w.Packages().Value); ok {
		before = flow.Say("change.package-version", "Version", installed.Version())
	}
	return changes.Package{Version: link.VersionID}.Change(flow.Change{
		Title:   flow.Say("change.package"),
		Lines:   []flow.Line{{What: flow.Raw(appName), Before: before, After: flow.Say("change.package-id", "ID", link.VersionID)}},
		Effects: []flow.Text{flow.Say("change.package-effect")},
		Right:   flow.Say("change.package-right"),
		Final:   flow.Say("change.package-final"),
	})
}

// judgeParts looks at what the package brings, and for whom.
func judgeParts(w *world.World, installed salesforce.InstalledPackage, version flow.Evidence, open flow.Remedy) flow.Finding {
	pages, component, grants, profiles := w.TicketViewPages(), w.TicketViewComponent(), w.TicketViewGrants(), w.Profiles()
	for _, err := range []error{pages.Err, component.Err, grants.Err, profiles.Err} {
		if err != nil {
			return flow.NotKnown(flow.Say("setup.package.parts-untold", "Version", installed.Version(), "Reason", err)).
				Because(err).With(version).Mend(open)
		}
	}
	evidence := []flow.Evidence{version}
	missing := 0
	for _, object := range salesforce.TicketObjects {
		name := componentName + "_" + object
		line := flow.SawGood(pages, flow.Say("fact.visualforce-page", "Page", name))
		if !hasPage(pages.Value, name) {
			line = flow.SawBad(pages, flow.Say("fact.no-visualforce-page", "Page", name))
			missing++
		}
		evidence = append(evidence, line)
	}
	if len(component.Value) > 0 {
		evidence = append(evidence, flow.SawGood(component, flow.Say("fact.component", "Component", componentName)))
	} else {
		evidence = append(evidence, flow.SawBad(component, flow.Say("fact.no-component", "Component", componentName)))
		missing++
	}
	open.Title = flow.Say("trail.installed-packages")
	if missing > 0 {
		return flow.Failed(flow.Say("setup.package.parts-missing", "Count", missing)).With(evidence...).
			Mend(flow.Tell(flow.Say("setup.package.deployment-status")), open)
	}
	opened, full := profilesWithPages(grants.Value, profiles.Value)
	spread := flow.Saw(grants, flow.Say("fact.package-profiles", "Count", opened, "All", full))
	if opened == 0 && full > 0 {
		spread.Mark = flow.Warn
		return flow.Warned(flow.Say("setup.package.admins-only", "Version", installed.Version())).
			With(evidence...).With(spread).
			Mend(adminCenterPage(w, integrationsPage, "install-package"), flow.Tell(flow.Say("setup.package.all-users")))
	}
	return flow.Passed(flow.Say("setup.package.installed", "Version", installed.Version())).
		With(evidence...).With(spread)
}

// profilesWithPages counts the profiles below an administrator's, on a full licence, that may open
// the ticket view's pages. An administrator may open every page without a grant.
func profilesWithPages(grants []salesforce.SetupEntityAccess, profiles []salesforce.Profile) (opened, full int) {
	granted := map[string]bool{}
	for _, grant := range grants {
		if grant.Parent.IsOwnedByProfile {
			granted[grant.Parent.ProfileID] = true
		}
	}
	for _, profile := range profiles {
		if profile.Administers() || profile.UserLicense.LicenseDefinitionKey != "SFDC" {
			continue
		}
		full++
		if granted[profile.ID] {
			opened++
		}
	}
	return opened, full
}

func findPackage(packages []salesforce.InstalledPackage) (salesforce.InstalledPackage, bool) {
	var similar salesforce.InstalledPackage
	found := false
	for _, installed := range packages {
		name := installed.SubscriberPackage.Name
		if strings.EqualFold(name, appName) {
			return installed, true
		}
		lower := strings.ToLower(name)
		if strings.Contains(lower, "zendesk") && strings.Contains(lower, "integration") {
			similar, found = installed, true
		}
	}
	return similar, found
}

// lastInstall is the installation that was asked for last, where it failed. Which package's it was, only its
// version's id tells.
func lastInstall(installs world.Seen[[]salesforce.PackageInstallRequest]) []flow.Evidence {
	if installs.Err != nil || len(installs.Value) == 0 || installs.Value[0].Status != salesforce.InstallError {
		return nil
	}
	last := installs.Value[0]
	return []flow.Evidence{flow.SawDoubtful(installs, flow.Say("fact.install-failed", "ID", last.SubscriberPackageVersionKey,
		"Time", flow.Moment(last.CreatedDate.Time), "Reason", strings.Join(last.Errors, " ")))}
}

func anyRunning(installs []salesforce.PackageInstallRequest) bool {
	for _, install := range installs {
		if install.Status == "IN_PROGRESS" {
			return true
		}
	}
	return false
}

func hasPage(pages []salesforce.ApexPage, name string) bool {
	for _, page := range pages {
		if page.Name == name {
			return true
		}
	}
	return false
}
