package world_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zsf/clients/salesforce"
	"zsf/clients/sandbox"
	"zsf/clients/transport"
	"zsf/clients/zendesk"
	"zsf/flows"
	"zsf/flows/world"
)

func serve(t *testing.T, scenario string, latency time.Duration) (*sandbox.Sandbox, *world.World) {
	t.Helper()
	served, err := sandbox.Start(context.Background(), sandbox.Options{Scenario: scenario, Accounts: 5, Tickets: 5, Latency: latency})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = served.Close() })
	info := served.Info()
	org, err := salesforce.New(info.Salesforce.InstanceURL, info.Salesforce.AccessToken, transport.Config{Service: transport.Salesforce})
	if err != nil {
		t.Fatal(err)
	}
	account, err := zendesk.New(info.Zendesk.URL, info.Zendesk.AccessToken, transport.Config{Service: transport.Zendesk})
	if err != nil {
		t.Fatal(err)
	}
	return served, world.New(world.Options{Salesforce: org, Zendesk: account})
}

func paths(requests []sandbox.Request) []string {
	var paths []string
	for _, request := range requests {
		paths = append(paths, request.Path)
	}
	return paths
}

// everything is what all steps together read.
func everything() []world.Fact {
	var facts []world.Fact
	for _, step := range flows.Preflight.Steps() {
		facts = append(facts, step.Reads...)
	}
	return facts
}

func TestEachFactIsAskedOnce(t *testing.T) {
	served, w := serve(t, "ready", 0)
	w.Load(t.Context(), everything()...)
	w.Load(t.Context(), everything()...)
	w.Wait(everything()...)
	first := len(served.Requests())
	w.Load(t.Context(), everything()...)
	w.Wait(everything()...)
	if again := len(served.Requests()); again != first {
		t.Errorf("%d calls at first, %d after asking again", first, again)
	}
	// Many different things are asked through these; every other path names one thing.
	shared := map[string]bool{
		"/services/data/v68.0/composite": true, "/services/data/v68.0/tooling/composite": true,
		"/services/data/v68.0/query": true, "/services/Soap/m/68.0": true,
	}
	seen := map[string]bool{}
	for _, path := range paths(served.Requests()) {
		if seen[path] && !shared[path] {
			t.Errorf("%s was asked twice", path)
		}
		seen[path] = true
	}
}

func TestWhatIsForgottenIsAskedAnewAndNothingElse(t *testing.T) {
	served, w := serve(t, "session-locked", 0)
	w.Load(t.Context(), everything()...)
	w.Wait(everything()...)
	before := w.SecuritySettings()
	if before.Err != nil || before.Value.LockSessionsToIP == nil || !*before.Value.LockSessionsToIP {
		t.Fatalf("%+v", before)
	}
	count := len(served.Requests())
	if err := served.SetScenario("ready"); err != nil {
		t.Fatal(err)
	}
	w.Forget(world.SecuritySettings)
	w.Load(t.Context(), world.SecuritySettings)
	w.Wait(world.SecuritySettings)
	if after := w.SecuritySettings(); after.Err != nil || *after.Value.LockSessionsToIP || !after.At.After(before.At) {
		t.Errorf("%+v", after)
	}
	if diff := cmp.Diff([]string{"/services/Soap/m/68.0"}, paths(served.Requests()[count:])); diff != "" {
		t.Error(diff)
	}
}

// What is on the record pages is asked in two steps; looking again repeats both.
func TestForgettingTheRecordPagesFindsNewOnes(t *testing.T) {
	served, w := serve(t, "no-page-component", 0)
	w.Load(t.Context(), world.RecordPages)
	w.Wait(world.RecordPages)
	if pages := w.RecordPages(); pages.Err != nil || len(pages.Value) == 0 {
		t.Fatalf("%+v", pages)
	}
	count := len(served.Requests())
	w.Forget(world.RecordPages)
	w.Load(t.Context(), world.RecordPages)
	w.Wait(world.RecordPages)
	if calls := len(served.Requests()) - count; calls != 2 {
		t.Errorf("%d calls: %v", calls, paths(served.Requests()[count:]))
	}
}

// Who is signed in is asked before everything else: that it could not be asked once must not stand in the way for ever.
func TestABaseThatCouldNotBeReadIsAskedAgain(t *testing.T) {
	served, w := serve(t, "ready", 0)
	ended, end := context.WithCancel(t.Context())
	end()
	w.Load(ended, world.Profiles)
	w.Wait(world.Profiles)
	if kind := transport.KindOf(w.Profiles().Err); kind != transport.Canceled {
		t.Fatalf("%v", w.Profiles().Err)
	}
	w.Forget(world.Profiles)
	w.Load(t.Context(), world.Profiles)
	w.Wait(world.Profiles)
	if profiles := w.Profiles(); profiles.Err != nil || len(profiles.Value) == 0 {
		t.Errorf("%+v after %v", profiles, paths(served.Requests()))
	}
}

func TestWithoutASignInEachFactSaysSo(t *testing.T) {
	w := world.New(world.Options{})
	w.Load(t.Context(), everything()...)
	w.Wait(everything()...)
	if kind := transport.KindOf(w.SecuritySettings().Err); kind != transport.SignInMissing {
		t.Errorf("Salesforce: %v", w.SecuritySettings().Err)
	}
	if kind := transport.KindOf(w.Triggers().Err); kind != transport.SignInMissing {
		t.Errorf("Zendesk: %v", w.Triggers().Err)
	}
}

func TestACanceledLookSettlesEveryFact(t *testing.T) {
	_, w := serve(t, "ready", 30*time.Second)
	ctx, cancel := context.WithCancel(t.Context())
	w.Load(ctx, everything()...)
	cancel()
	w.Wait(everything()...)
	for _, err := range []error{w.Organization().Err, w.RecordPages().Err, w.AdminProfile().Err, w.ZendeskUser().Err} {
		if kind := transport.KindOf(err); kind != transport.Canceled {
			t.Errorf("%q: %v", kind, err)
		}
	}
}

// A fact that no one asked for is not made up.
func TestAFactThatWasNotAskedForHasAnError(t *testing.T) {
	_, w := serve(t, "ready", 0)
	if seen := w.Limits(); seen.Err == nil {
		t.Errorf("%+v", seen)
	}
	w.Load(t.Context(), "nonsense")
	w.Wait("nonsense")
}

// Every step reads what it judges by: a fact that is left out would show as unknown everywhere.
func TestEveryAnswerOfAReadyOrgArrives(t *testing.T) {
	_, w := serve(t, "ready", 0)
	w.Load(t.Context(), everything()...)
	w.Wait(everything()...)
	for name, err := range map[string]error{
		"user": w.SalesforceUser().Err, "versions": w.Versions().Err, "organization": w.Organization().Err,
		"running user": w.RunningUser().Err, "permissions": w.Permissions().Err, "limits": w.Limits().Err,
		"security": w.SecuritySettings().Err, "oauth": w.OauthOidcSettings().Err, "packages": w.Packages().Err,
		"installs": w.PackageInstalls().Err, "pages": w.TicketViewPages().Err, "component": w.TicketViewComponent().Err,
		"page grants": w.TicketViewGrants().Err, "apps": w.ConnectedApps().Err, "tokens": w.OauthTokens().Err,
		"logins": w.Logins().Err, "app grants": w.AppGrants().Err, "profiles": w.Profiles().Err,
		"active users": w.ActiveUsers().Err, "admin profile": w.AdminProfile().Err, "record pages": w.RecordPages().Err,
		"zendesk user": w.ZendeskUser().Err, "token": w.ZendeskToken().Err, "triggers": w.Triggers().Err, "webhooks": w.Webhooks().Err,
	} {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
