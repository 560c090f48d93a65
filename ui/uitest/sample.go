// Package uitest is what the screens' tests share: a sample flow with findings, a checker that
// takes its time, and a driver that tells a test as a story.
package uitest

import (
	"embed"
	"testing"
	"time"

	"zsf/flows/flow"
	"zsf/ui/locale"
)

//go:embed en/*.toml ko/*.toml
var sampleWords embed.FS

// Words are a language's words, with times in UTC.
func Words(t testing.TB, tag string) *locale.Locale {
	t.Helper()
	words, err := locale.New(tag, sampleWords)
	if err != nil {
		t.Fatal(err)
	}
	words.Zone = time.UTC
	return words
}

// Read is when the sample's answers were read.
var Read = time.Date(2026, 11, 23, 10, 2, 11, 0, time.UTC)

// Flow is the sample flow: the steps of the pre-flight, without their looks.
func Flow() flow.Flow {
	steps := func(ids ...flow.ID) []flow.Step {
		steps := make([]flow.Step, len(ids))
		for i, id := range ids {
			steps[i].ID = id
		}
		return steps
	}
	return flow.Flow{ID: "preflight", Groups: []flow.Group{
		{ID: "ready", Steps: steps("salesforce.signin", "zendesk.signin", "salesforce.edition", "salesforce.admin",
			"zendesk.admin", "salesforce.connecting-user", "salesforce.session-lock", "salesforce.pkce-policy",
			"salesforce.streaming", "salesforce.api-room", "salesforce.my-domain", "environment.rehearsal", "environment.one-org")},
		{ID: "connected", Steps: steps("setup.instance", "setup.package", "setup.terms", "setup.connect")},
		{ID: "visible", Steps: steps("access.permitted-users", "access.profiles", "access.pages", "tickets.sample")},
		{ID: "in-step", Steps: steps("reconnect.syncs", "zendesk.triggers")},
	}}
}

// Addresses of the sample's org and account.
const (
	Instance = "https://acme--dev.sandbox.my.salesforce.com"
	Account  = "https://acme1700.zendesk.com"
)

// Well is a report in which everything that can be looked up passes.
func Well() flow.Report {
	integrations := flow.Open(Account+"/admin/apps-integrations/integrations/integrations", flow.Say("trail.integrations"))
	sandbox := true
	report := flow.Report{
		Profile:    "acme-sandbox",
		Took:       412 * time.Millisecond,
		Salesforce: flow.Salesforce{OrgID: "00D5g000004uBxZEAU", OrgName: "Acme", InstanceURL: Instance, Username: "jpark@acme.com.dev", Sandbox: &sandbox},
		Zendesk:    flow.Zendesk{URL: Account, User: "j.park@acme.com", Role: "admin"},
	}
	pass := func(id flow.ID, summary flow.Text, evidence ...flow.Evidence) {
		finding := flow.Passed(summary).With(evidence...)
		finding.Step, finding.ReadAt, finding.Took = id, Read, 300*time.Millisecond
		report.Findings = append(report.Findings, finding)
	}
	user := func(name, login string) flow.Text { return flow.Say("fact.user", "Name", name, "Login", login) }
	pass("salesforce.signin", flow.Raw("jpark@acme.com.dev"), Good(user("J. Park", "jpark@acme.com.dev"), "userinfo"))
	pass("zendesk.signin", flow.Raw("j.park@acme.com"), Good(user("J. Park", "j.park@acme.com"), "users/me"))
	pass("salesforce.edition", flow.Raw("Enterprise Edition"), Good(flow.Say("fact.edition", "Edition", "Enterprise Edition"), "Organization"))
	pass("salesforce.admin", flow.Raw("J. Park"), Good(flow.Say("fact.permission-on", "Permission", "Customize Application"), "UserPermissionAccess"))
	pass("zendesk.admin", flow.Raw("admin"), Good(flow.Say("fact.role", "Role", "admin"), "users/me"))
	pass("salesforce.connecting-user", flow.Raw("J. Park · Salesforce"))
	pass("salesforce.session-lock", flow.Say("salesforce.session-lock.off"), Good(flow.Say("fact.session-lock-off"), "SecuritySettings"))
	pass("salesforce.pkce-policy", flow.Say("salesforce.pkce-policy.off"), Good(flow.Say("fact.pkce-off"), "OauthOidcSettings"))
	pass("salesforce.streaming", flow.Say("salesforce.streaming.on"), Good(flow.Say("fact.object-there", "Object", "PushTopic"), "PushTopic describe"))
	pass("salesforce.api-room", flow.Say("salesforce.api-room.left", "Remaining", 98211, "Max", 100000))
	pass("salesforce.my-domain", flow.Raw("acme--dev.sandbox.my.salesforce.com"))
	pass("environment.rehearsal", flow.Raw("sandbox · sandbox"))
	pass("environment.one-org", flow.Say("environment.one-org.only-this"))
	pass("setup.instance", flow.Say("setup.instance.this-sandbox", "Org", "Acme 한빛전자"))
	pass("setup.package", flow.Say("setup.package.installed", "Version", "4.12"))
	report.Findings = append(report.Findings, onlyAPerson("setup.terms", integrations))
	pass("setup.connect", flow.Say("setup.connect.by", "User", "jpark@acme.com.dev"))
	pass("access.permitted-users", flow.Say("access.permitted-users.admin"))
	pass("access.profiles", flow.Raw("6 / 14"))
	pass("access.pages", flow.Say("access.pages.all"))
	pass("tickets.sample", flow.Say("tickets.sample.seen", "Record", "한빛전자", "Object", "Account", "Count", 37),
		Good(flow.Say("fact.sample-by-name", "Record", "한빛전자", "Object", "Account", "ID", "0015g00000AbCdEAAV", "Target", "한빛전자"), "Account, Contact, Lead"),
		Good(flow.Say("fact.sample-tickets", "Count", 37, "All", 100, "ID", "48190", "Subject", "Webhook returns 502 since upgrade"), "search type:ticket"))
	report.Findings = append(report.Findings, onlyAPerson("reconnect.syncs", integrations))
	pass("zendesk.triggers", flow.Raw("2"))
	return report
}

// Troubled is Well with a session lock, a mixed pair, a package for admins only, and no triggers to see.
func Troubled() flow.Report {
	report := Well()
	lock := flow.Failed(flow.Say("salesforce.session-lock.on")).
		With(Bad(flow.Say("fact.session-lock-on"), "SecuritySettings")).
		Mend(flow.Open(Instance+"/lightning/setup/SecuritySession/home", flow.Say("trail.session-settings")),
			flow.Tell(flow.Say("salesforce.session-lock.health-check")))
	lock.Step = "salesforce.session-lock"
	rehearsal := flow.Warned(flow.Say("environment.rehearsal.mixed-production")).
		With(Plain(flow.Say("fact.org-is-production"), "Organization"), Plain(flow.Say("fact.account-is-sandbox"), "profile")).
		Mend(flow.Tell(flow.Say("environment.rehearsal.pair")))
	rehearsal.Step = "environment.rehearsal"
	installed := flow.Warned(flow.Say("setup.package.admins-only", "Version", "4.12")).
		With(Good(flow.Say("fact.package", "Name", "Salesforce Integration for Zendesk", "Version", "4.12"), "InstalledSubscriberPackage"),
			Good(flow.Say("fact.component", "Component", "Zendesk_Ticket_View"), "AuraDefinitionBundle")).
		Mend(flow.Open(Account+"/admin/apps-integrations/integrations/integrations", flow.Say("trail.install-package")),
			flow.Open(Instance+"/lightning/setup/ImportedPackage/home", flow.Say("trail.session-settings")),
			flow.Run("zsf setup --only setup.package", flow.Text{}))
	installed.Step = "setup.package"
	blocked := flow.Finding{
		Step: "access.pages", Verdict: flow.Blocked, Summary: flow.Say("blocked", "Step", flow.Say("setup.package.title")),
		Needs: []flow.ID{"setup.package"}, Blocking: []flow.ID{"setup.package"},
	}
	for _, finding := range []flow.Finding{lock, rehearsal, installed, blocked} {
		finding.ReadAt, finding.Took = Read, 310*time.Millisecond
		if finding.Verdict != flow.Blocked {
			finding.LeadsTo = flow.Say(string(finding.Step) + ".leads_to")
		}
		Replace(&report, finding)
	}
	return report
}

// Replace puts a finding in the place of the one of its step.
func Replace(report *flow.Report, finding flow.Finding) {
	for i := range report.Findings {
		if report.Findings[i].Step == finding.Step {
			report.Findings[i] = finding
		}
	}
}

func onlyAPerson(id flow.ID, page flow.Remedy) flow.Finding {
	finding := flow.NotKnown(flow.Say("only-a-person")).Mend(page, flow.Tell(flow.Say(string(id)+".find-out")))
	finding.Step, finding.ReadAt, finding.LeadsTo = id, Read, flow.Say(string(id)+".leads_to")
	return finding
}

// Good is a fact that speaks for the step, read at Read.
func Good(fact flow.Text, source string) flow.Evidence {
	return flow.Evidence{Fact: fact, Source: source, ReadAt: Read, Mark: flow.Pass}
}

// Bad is a fact that speaks against the step.
func Bad(fact flow.Text, source string) flow.Evidence {
	return flow.Evidence{Fact: fact, Source: source, ReadAt: Read, Mark: flow.Fail}
}

// Plain is a fact that decides nothing.
func Plain(fact flow.Text, source string) flow.Evidence {
	return flow.Evidence{Fact: fact, Source: source, ReadAt: Read}
}
