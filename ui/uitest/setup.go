package uitest

import (
	"encoding/json"
	"fmt"

	"zsf/flows/flow"
	"zsf/flows/run"
)

// Fresh is a report of a pair at the start of its set-up: sessions are locked, nothing is installed or connected.
func Fresh() flow.Report {
	report := Well()
	failed := func(id flow.ID, finding flow.Finding) {
		finding.Step, finding.ReadAt = id, Read
		if finding.Verdict != flow.Blocked {
			finding.LeadsTo = flow.Say(string(id) + ".leads_to")
		}
		Replace(&report, finding)
	}
	failed("salesforce.session-lock", flow.Failed(flow.Say("salesforce.session-lock.on")).
		With(Bad(flow.Say("fact.session-lock-on"), "SecuritySettings")).
		Mend(page(Instance+"/lightning/setup/SecuritySession/home", "session-settings"),
			flow.Tell(flow.Say("salesforce.session-lock.health-check"))))
	failed("setup.instance", flow.NotKnown(flow.Say("setup.instance.choose-sandbox", "Org", "Acme")).
		With(Plain(flow.Say("fact.org-is-sandbox"), "Organization")))
	failed("setup.package", flow.Failed(flow.Say("setup.package.none")).
		With(Bad(flow.Say("fact.no-package", "Name", "Salesforce Integration for Zendesk", "Count", 3), "InstalledSubscriberPackage")).
		Mend(page(Account+"/admin/apps-integrations/integrations/integrations", "install-package"),
			page(Instance+"/lightning/setup/ImportedPackage/home", "installed-packages")))
	failed("setup.terms", flow.NotKnown(flow.Say("only-a-person")).
		Mend(page(Account+"/admin/apps-integrations/integrations/integrations", "terms")))
	failed("setup.connect", flow.Failed(flow.Say("setup.connect.none")).
		With(Bad(flow.Say("fact.no-token", "App", "Salesforce Integration for Zendesk"), "OauthToken")).
		Mend(page(Account+"/admin/apps-integrations/integrations/integrations", "connect")))
	for _, id := range []flow.ID{"access.permitted-users", "access.profiles"} {
		failed(id, flow.Finding{Verdict: flow.Blocked, Summary: flow.Say("blocked", "Step", flow.Say("setup.connect.title")), Blocking: []flow.ID{"setup.connect"}})
	}
	failed("access.pages", flow.Finding{Verdict: flow.Blocked, Summary: flow.Say("blocked", "Step", flow.Say("setup.package.title")), Blocking: []flow.ID{"setup.package"}})
	return report
}

// Installing is Fresh while the service is at work on the package.
func Installing() flow.Report {
	return packaged(func(finding *flow.Finding) {
		finding.Summary, finding.Underway = flow.Say("setup.package.installing"), true
	})
}

// InstallFailed is Fresh after the service could not install the package.
func InstallFailed() flow.Report {
	return packaged(func(finding *flow.Finding) {
		failed := flow.Say("fact.install-failed", "ID", "04t5g000000ABCD", "Time", flow.Moment(Read), "Reason", "deployment failed")
		*finding = finding.With(Plain(failed, "PackageInstallRequest"))
	})
}

func packaged(change func(*flow.Finding)) flow.Report {
	report := Fresh()
	finding, _ := report.Finding("setup.package")
	change(&finding)
	Replace(&report, finding)
	return report
}

func page(url, name string) flow.Remedy {
	remedy := flow.Open(url, flow.Say("trail."+name))
	remedy.Clicks = flow.Say("clicks." + name)
	return remedy
}

// Mended is a report in which some steps are as they are when all is well.
func Mended(report flow.Report, ids ...flow.ID) flow.Report {
	mended, well := report, Well()
	mended.Findings = append([]flow.Finding(nil), report.Findings...)
	for _, id := range ids {
		if finding, ok := well.Finding(id); ok {
			Replace(&mended, finding)
		}
	}
	return mended
}

// LockChange is the change that turns the session lock off.
func LockChange() flow.Change {
	return flow.Change{
		Step: "salesforce.session-lock", Kind: "toy", Title: flow.Say("change.session-lock"),
		Lines:   []flow.Line{{What: flow.Say("change.session-lock-setting"), Before: flow.Say("change.on"), After: flow.Say("change.off")}},
		Effects: []flow.Text{flow.Say("change.session-lock-effect")}, Right: flow.Say("permission.PermissionsModifyMetadata"),
		Data: json.RawMessage("{}"), ReadAt: Read,
	}
}

// AccessChange is a change of who may use the app.
func AccessChange() flow.Change {
	may, mayNot := flow.Say("change.may"), flow.Say("change.may-not")
	change := flow.Change{
		Step: "access.profiles", Kind: "toy", Title: flow.Say("change.access"), Right: flow.Say("change.access-right"), ReadAt: Read,
		Effects: []flow.Text{flow.Say("change.access-gained", "Count", 92), flow.Say("change.access-lost", "Count", 8)},
	}
	for i, name := range []string{"Standard User", "Sales User", "Support User"} {
		line := flow.Line{What: flow.Say("change.access-profile", "Profile", name, "Count", 28+i), Before: mayNot, After: may}
		if i == 2 {
			line.Before, line.After = may, mayNot
		}
		change.Lines = append(change.Lines, line)
	}
	return change
}

// PackageChange installs the package, which no API takes away again.
func PackageChange() flow.Change {
	return flow.Change{
		Step: "setup.package", Kind: "toy", Title: flow.Say("change.package"), Right: flow.Say("change.package-right"), ReadAt: Read,
		Lines:   []flow.Line{{What: flow.Raw("Salesforce Integration for Zendesk"), Before: flow.Say("change.package-none"), After: flow.Say("change.package-id", "ID", "04t5g000000ABCDEAA")}},
		Effects: []flow.Text{flow.Say("change.package-effect")}, Final: flow.Say("change.package-final"),
	}
}

// Prepared prepares the sample's changes.
func Prepared(id flow.ID) (flow.Change, error) {
	switch id {
	case "salesforce.session-lock":
		return LockChange(), nil
	case "access.profiles":
		return AccessChange(), nil
	case "setup.package":
		return PackageChange(), nil
	}
	return flow.Change{}, fmt.Errorf("%s: %w", id, flow.ErrNoChange)
}

// MadeAs answers each change with one outcome.
func MadeAs(outcome flow.Outcome, moved ...flow.Difference) func(flow.Change) (run.Result, error) {
	return func(change flow.Change) (run.Result, error) {
		return run.Result{Change: change, Entry: 12, Outcome: outcome, Moved: moved}, nil
	}
}
