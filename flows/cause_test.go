package flows_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"zsf/clients/salesforce"
	"zsf/clients/sandbox"
	"zsf/clients/store"
	"zsf/clients/transport"
	"zsf/flows/flow"
	"zsf/flows/memory"
	"zsf/flows/snapshot"
)

// datedSandbox is ready, and its clock can be set: a number of days from now.
func datedSandbox(t *testing.T) (served *sandbox.Sandbox, setDay func(int)) {
	t.Helper()
	var days atomic.Int64
	served, err := sandbox.Start(context.Background(), sandbox.Options{
		Scenario: "ready", Accounts: 2, Tickets: 2,
		Now: func() time.Time { return time.Now().Add(time.Duration(days.Load()) * 24 * time.Hour) },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = served.Close() })
	return served, func(day int) { days.Store(int64(day)) }
}

func causeIn(t *testing.T, served *sandbox.Sandbox) flow.Finding {
	t.Helper()
	return findingIn(t, walkerOn(t, served, ""), "reconnect", "reconnect.cause")
}

// keep leaves a snapshot of how both services stand in the journal.
func keep(t *testing.T, w walker) {
	t.Helper()
	if _, err := snapshot.Keep(t.Context(), journalOf(t, w), took(t, w, ""), "J. Park"); err != nil {
		t.Fatal(err)
	}
}

func TestEachOfSeveralCausesIsToldWithItsMend(t *testing.T) {
	t.Parallel()
	served := serveScenario(t, "ready")
	for _, change := range []sandbox.OrgChange{{AnotherAdminLocksSession: true, AnotherAdminRequiresPKCE: true}, {Integration: "blocked"}} {
		if err := served.ChangeOrg(change); err != nil {
			t.Fatal(err)
		}
	}
	if err := served.ChangeAccount(sandbox.AccountChange{ConnectorDowngraded: true}); err != nil {
		t.Fatal(err)
	}
	finding := causeIn(t, served)
	first, _ := finding.Summary.Args["First"].(flow.Text)
	if finding.Summary.ID != "reconnect.cause.several" || first.ID != "reconnect.cause.blocked" || finding.Summary.Args["Count"] != 3 {
		t.Errorf("%s, %s, %v", finding.Summary.ID, first.ID, finding.Summary.Args["Count"])
	}
	mends := map[string]bool{}
	for _, remedy := range finding.Remedies {
		mends[remedy.Title.ID] = true
	}
	for _, name := range []string{"blocked", "session-lock", "pkce", "zendesk-downgraded"} {
		if !mends["reconnect.cause."+name+"-mend"] {
			t.Errorf("%s is not mended: %v", name, mends)
		}
	}
}

// What the connection outlived has not ended it, though the trail still tells of it.
func TestWhatAConnectionOutlivedIsNoCause(t *testing.T) {
	t.Parallel()
	served, setDay := datedSandbox(t)
	setDay(-10)
	if err := served.ChangeOrg(sandbox.OrgChange{Integration: "blocked", AnotherAdminLocksSession: true, AnotherAdminRequiresPKCE: true}); err != nil {
		t.Fatal(err)
	}
	info := served.Info().Salesforce
	org, err := salesforce.New(info.InstanceURL, info.AccessToken, transport.Config{Service: transport.Salesforce, MaxTries: 1})
	if err != nil {
		t.Fatal(err)
	}
	for _, setting := range [][3]string{
		{"SecuritySettings", "Security", salesforce.LockSessionsToIPPath},
		{"OauthOidcSettings", "OauthOidc", salesforce.PkceRequiredPath},
	} {
		if err := org.UpdateSetting(t.Context(), setting[0], setting[1], setting[2], "false"); err != nil {
			t.Fatal(err)
		}
	}
	setDay(0)
	if finding := causeIn(t, served); finding.Summary.ID != "reconnect.cause.none-alive" {
		t.Errorf("%s: %s, by %v", finding.Verdict, finding.Summary.ID, factsOf(finding))
	}
}

// Where nothing tells why the tokens are gone, it is not said that somebody revoked them.
func TestTokensThatAreGoneAreNotSaidToBeRevoked(t *testing.T) {
	t.Parallel()
	served, setDay := datedSandbox(t)
	setDay(-200) // before the app last signed in: it is no reason
	if err := served.ChangeOrg(sandbox.OrgChange{Integration: "revoked"}); err != nil {
		t.Fatal(err)
	}
	setDay(0)
	if finding := causeIn(t, served); finding.Summary.ID != "reconnect.cause.no-token" || len(finding.Evidence) == 0 {
		t.Errorf("%s: %s, by %v", finding.Verdict, finding.Summary.ID, factsOf(finding))
	}
}

// A snapshot of an older connection does not hide who connected last.
func TestWhoConnectedLastIsJudgedThoughTheSnapshotIsOlder(t *testing.T) {
	t.Parallel()
	served := serveScenario(t, "ready")
	w := walkerOn(t, served, "")
	keep(t, w)
	if err := served.ChangeOrg(sandbox.OrgChange{Integration: "deactivated"}); err != nil {
		t.Fatal(err)
	}
	if finding := findingIn(t, w, "reconnect", "reconnect.cause"); finding.Summary.ID != "reconnect.cause.deactivated" {
		t.Errorf("%s: %s, by %v", finding.Verdict, finding.Summary.ID, factsOf(finding))
	}
}

// A snapshot of another org, which the profile was of before, says nothing about this one.
func TestASnapshotOfAnotherOrgIsNoSignOfABreak(t *testing.T) {
	t.Parallel()
	w := walkerOn(t, serveScenario(t, "production"), "")
	keep(t, w)
	w.Sandbox = serveScenario(t, "fresh").Info()
	if finding := findingIn(t, w, "reconnect", "reconnect.cause"); finding.Verdict != flow.Unknown {
		t.Errorf("%s: %s, by %v", finding.Verdict, finding.Summary.ID, factsOf(finding))
	}
}

// Who made another org's webhook did not connect this one.
func TestTheMakerOfAnotherOrgsWebhookIsNoCause(t *testing.T) {
	t.Parallel()
	served := serveScenario(t, "ready")
	for _, change := range []sandbox.AccountChange{
		{Webhook: sandbox.WebhookChange{Deleted: true}}, {OtherOrg: true}, {ConnectorDowngraded: true},
	} {
		if err := served.ChangeAccount(change); err != nil {
			t.Fatal(err)
		}
	}
	if finding := causeIn(t, served); finding.Summary.ID != "reconnect.cause.none-alive" {
		t.Errorf("%s: %s, by %v", finding.Verdict, finding.Summary.ID, factsOf(finding))
	}
}

// A copy of a trigger that names no org stays on through a disconnect: what a snapshot has of it then is not how all was.
func TestACopyThatStaysOnIsNotTheIntegrationAtWork(t *testing.T) {
	t.Parallel()
	w := walkerOn(t, serveScenario(t, "ready"), "")
	taken := took(t, w, "")
	journal := journalOf(t, w)
	well, err := snapshot.Keep(t.Context(), journal, taken, "J. Park")
	if err != nil {
		t.Fatal(err)
	}
	triggers := *taken.Zendesk.Triggers.Value
	for i := range triggers {
		triggers[i].Active = false
	}
	triggers = append(triggers, snapshot.Trigger{ID: 7, Title: "(Salesforce Integration) copy", Active: true})
	taken.Zendesk.Triggers.Value = &triggers
	if _, err := snapshot.Keep(t.Context(), journal, taken, "J. Park"); err != nil {
		t.Fatal(err)
	}
	entries, err := journal.Entries(t.Context(), store.Filter{Profile: "acme"})
	if err != nil {
		t.Fatal(err)
	}
	if before := memory.Of(entries, "").Before; before.ID != well {
		t.Errorf("the last one at work is said to be %d, and is %d", before.ID, well)
	}
}
