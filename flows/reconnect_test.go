package flows_test

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zsf/clients/sandbox"
	"zsf/clients/store"
	"zsf/flows/flow"
	"zsf/flows/run"
	"zsf/flows/snapshot"
	"zsf/ui/locale"
)

func serveScenario(t *testing.T, scenario string) *sandbox.Sandbox {
	t.Helper()
	served, err := sandbox.Start(context.Background(), sandbox.Options{Scenario: scenario, Accounts: 2, Tickets: 2, Now: hurried()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = served.Close() })
	return served
}

// said are the answers about the syncs.
var said = map[string]string{"syncs.accounts": "on", "syncs.users": "contacts", "syncs.tickets": "on"}

func walkerOn(t *testing.T, served *sandbox.Sandbox, name string) walker {
	t.Helper()
	return walker{Sandbox: served.Info(), State: t.TempDir(), Flow: name, Answers: said}
}

// took is a snapshot of how both services stand.
func took(t *testing.T, w walker, label string) snapshot.Snapshot {
	t.Helper()
	r, closeJournal, err := w.begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer closeJournal()
	journal := journalOf(t, w)
	r.Look(t.Context(), []flow.ID{"salesforce.signin"}, func(flow.Event) {})
	taken, err := snapshot.Take(t.Context(), r.World(), snapshot.Options{Label: label, Journal: journal, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	return taken
}

func journalOf(t *testing.T, w walker) *store.Journal {
	t.Helper()
	kept, err := store.Open(func(name string) string { return map[string]string{"XDG_STATE_HOME": w.State}[name] })
	if err != nil {
		t.Fatal(err)
	}
	journal, err := kept.Journal(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = journal.Close() })
	return journal
}

func walked(t *testing.T, w walker, name string) {
	t.Helper()
	w.Flow = name
	if err := w.walk(t.Context()); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

func snapshotsIn(t *testing.T, w walker) []snapshot.Kept {
	t.Helper()
	kept, err := snapshot.List(t.Context(), journalOf(t, w), "acme")
	if err != nil {
		t.Fatal(err)
	}
	return kept
}

// different are what two snapshots do not share, in words.
func different(t *testing.T, before, after snapshot.Snapshot) []string {
	t.Helper()
	words, err := locale.New("en")
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, change := range snapshot.Compare(before, after) {
		if change.Differs() {
			lines = append(lines, change.Path+": "+words.Say(change.Words()))
		}
	}
	return lines
}

func TestWhatIsDisconnectedComesBackAsItWas(t *testing.T) {
	served := serveScenario(t, "ready")
	off := false
	if err := served.ChangeAccount(sandbox.AccountChange{Triggers: []sandbox.TriggerChange{{Nth: 1, Active: &off}}}); err != nil {
		t.Fatal(err)
	}
	w := walkerOn(t, served, "")
	walked(t, w, "disconnect")
	if lost := different(t, snapshotsIn(t, w)[0].Snapshot, took(t, w, "between")); len(lost) < 2 {
		t.Fatalf("a disconnect changed only %v", lost)
	}
	walked(t, w, "reconnect")
	if lost := different(t, snapshotsIn(t, w)[0].Snapshot, took(t, w, "after")); len(lost) > 0 {
		t.Errorf("not as before: %s", strings.Join(lost, "\n"))
	}
	for _, request := range served.Requests() {
		if request.Service == "zendesk" && request.Method != http.MethodGet && strings.HasPrefix(request.Path, "/api/") && !strings.Contains(request.Path, "triggers/update_many") {
			t.Errorf("%s %s", request.Method, request.Path)
		}
	}
}

func TestADisconnectEndsTheWordsOfPeople(t *testing.T) {
	served := serveScenario(t, "ready")
	w := walkerOn(t, served, "")
	r, closeJournal, err := w.begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Confirm(t.Context(), "setup.terms", "J. Park"); err != nil {
		t.Fatal(err)
	}
	closeJournal()
	walked(t, w, "disconnect")
	entries, err := journalOf(t, w).Entries(t.Context(), store.Filter{Profile: "acme", Kinds: []store.Kind{store.Unconfirmed}})
	if err != nil || len(entries) != 1 || entries[0].Step != "setup.terms" || !strings.Contains(string(entries[0].Data), "word-ended.disconnect.done") {
		t.Errorf("%v %v", entries, err)
	}
}

func TestAProductionOrgIsDisconnectedOnlyByItsName(t *testing.T) {
	served := serveScenario(t, "production")
	w := walkerOn(t, served, "disconnect")
	r, closeJournal, err := w.begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer closeJournal()
	r.Look(t.Context(), nil, func(flow.Event) {})
	if err := w.take(t.Context(), r, "disconnect.snapshot"); err != nil {
		t.Fatal(err)
	}
	r.Again(t.Context(), "disconnect.snapshot", func(flow.Event) {})
	if url := pageOf(r, "disconnect.done"); url != "" {
		t.Errorf("the page is offered at once: %s", url)
	}
	question := r.Questions("disconnect.done")[0]
	name := r.World().Organization().Value.Name
	for _, other := range []string{"Somebody else", strings.ToUpper(name), name + " UAT", strings.Fields(name)[0]} {
		if err := r.Answer(t.Context(), "disconnect.done", question, []string{other}); err == nil {
			t.Errorf("%q will do", other)
		}
	}
	// Which spaces part the words, nobody sees, and so nobody can type.
	if err := r.Answer(t.Context(), "disconnect.done", question, []string{" " + strings.ReplaceAll(name, " ", "\u00a0 ") + " "}); err != nil {
		t.Fatal(err)
	}
	r.Again(t.Context(), "disconnect.done", func(flow.Event) {})
	if pageOf(r, "disconnect.done") == "" {
		t.Error("the page is not offered")
	}
}

func pageOf(r *run.Run, id flow.ID) string {
	for _, finding := range r.Findings() {
		for _, remedy := range finding.Remedies {
			if finding.Step == id && remedy.Kind == flow.ByPage {
				return remedy.URL
			}
		}
	}
	return ""
}

// finding looks at a flow as the profile stands, and gives one step's finding.
func findingIn(t *testing.T, w walker, name string, id flow.ID) flow.Finding {
	t.Helper()
	w.Flow = name
	r, closeJournal, err := w.begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer closeJournal()
	r.Look(t.Context(), nil, func(flow.Event) {})
	for _, finding := range r.Findings() {
		if finding.Step == id {
			return finding
		}
	}
	t.Fatalf("%s has no finding", id)
	return flow.Finding{}
}

func TestTheCauseOfABreakIsNamed(t *testing.T) {
	org := func(name string) func(*sandbox.Sandbox) error {
		return func(s *sandbox.Sandbox) error { return s.ChangeOrg(sandbox.OrgChange{Integration: name}) }
	}
	for name, does := range map[string]func(*sandbox.Sandbox) error{
		"session-lock": func(s *sandbox.Sandbox) error { return s.ChangeOrg(sandbox.OrgChange{AnotherAdminLocksSession: true}) },
		"pkce":         func(s *sandbox.Sandbox) error { return s.ChangeOrg(sandbox.OrgChange{AnotherAdminRequiresPKCE: true}) },
		"downgraded":   org("downgraded"),
		"deactivated":  org("deactivated"),
		"zendesk-downgraded": func(s *sandbox.Sandbox) error {
			return s.ChangeAccount(sandbox.AccountChange{ConnectorDowngraded: true})
		},
		"blocked":    org("blocked"),
		"revoked":    org("revoked"),
		"pushed-out": org("pushed-out"),
		"package":    org("no-package"),
		"none-alive": func(*sandbox.Sandbox) error { return nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			served := serveScenario(t, "ready")
			if err := does(served); err != nil {
				t.Fatal(err)
			}
			finding := findingIn(t, walkerOn(t, served, ""), "reconnect", "reconnect.cause")
			if finding.Summary.ID != "reconnect.cause."+name || len(finding.Evidence) == 0 {
				t.Errorf("%s: %s, by %v", finding.Verdict, finding.Summary.ID, finding.Evidence)
			}
			words, err := locale.New("ko")
			if err != nil {
				t.Fatal(err)
			}
			for _, said := range append([]flow.Text{finding.Summary}, titles(finding.Remedies)...) {
				if !words.Has(said.ID) {
					t.Errorf("no words for %s", said.ID)
				}
			}
		})
	}
}

func titles(remedies []flow.Remedy) []flow.Text {
	var all []flow.Text
	for _, remedy := range remedies {
		all = append(all, remedy.Title)
	}
	return all
}

func TestNothingIsGuessedWhereNothingBroke(t *testing.T) {
	served := serveScenario(t, "fresh")
	finding := findingIn(t, walkerOn(t, served, ""), "reconnect", "reconnect.cause")
	if finding.Verdict != flow.Unknown {
		t.Errorf("%s: %s", finding.Verdict, finding.Summary.ID)
	}
}

// A connection that broke is made anew, whatever broke it, and what ended it is mended first.
func TestABrokenConnectionIsMended(t *testing.T) {
	for _, breakage := range []sandbox.OrgChange{
		{AnotherAdminLocksSession: true},
		{AnotherAdminRequiresPKCE: true},
		{Integration: "revoked"},
		{Integration: "pushed-out"},
		{Integration: "downgraded"},
		{Integration: "no-package"},
	} {
		t.Run(breakage.Integration, func(t *testing.T) {
			t.Parallel()
			served := serveScenario(t, "ready")
			if err := served.ChangeOrg(breakage); err != nil {
				t.Fatal(err)
			}
			w := walkerOn(t, served, "")
			walked(t, w, "reconnect")
			if cause := findingIn(t, w, "reconnect", "setup.connect"); cause.Verdict != flow.Pass {
				t.Logf("a later look: %s %s", cause.Verdict, cause.Summary.ID)
			}
			state := state(t, served)
			var stands struct {
				Zendesk struct {
					Connection *struct{} `json:"connection"`
					Triggers   []struct {
						Title  string `json:"title"`
						Active bool   `json:"active"`
					} `json:"triggers"`
				} `json:"zendesk"`
			}
			if err := json.Unmarshal([]byte(state), &stands); err != nil || stands.Zendesk.Connection == nil {
				t.Errorf("not connected: %v", err)
			}
			for _, trigger := range stands.Zendesk.Triggers {
				if strings.HasPrefix(trigger.Title, "(Salesforce Integration)") && !trigger.Active {
					t.Errorf("%s is off", trigger.Title)
				}
			}
		})
	}
}

// definitions are the integration's triggers, by number, without whether they are on.
func definitions(taken snapshot.Snapshot) map[int64]snapshot.Trigger {
	found := map[int64]snapshot.Trigger{}
	for _, trigger := range *taken.Zendesk.Triggers.Value {
		trigger.Active = false
		found[trigger.ID] = trigger
	}
	return found
}

func active(taken snapshot.Snapshot) []int64 {
	var on []int64
	for _, trigger := range *taken.Zendesk.Triggers.Value {
		if trigger.Active {
			on = append(on, trigger.ID)
		}
	}
	slices.Sort(on)
	return on
}

// crowded is an account with triggers of two orgs, a duplicate, and one that is off.
func crowded(t *testing.T) *sandbox.Sandbox {
	t.Helper()
	served := serveScenario(t, "ready")
	off := false
	err := served.ChangeAccount(sandbox.AccountChange{
		OtherOrg: true,
		Triggers: []sandbox.TriggerChange{{Nth: 0, Duplicated: true}, {Nth: 1, Duplicated: true}, {Nth: 3, Title: "(Salesforce Integration) Second sync"}, {Nth: 1, Active: &off}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return served
}

func TestExactlyTheRightTriggersComeBack(t *testing.T) {
	served := crowded(t)
	w := walkerOn(t, served, "")
	walked(t, w, "disconnect")
	before := snapshotsIn(t, w)[0].Snapshot
	// In the meantime, somebody renames the webhook.
	if err := served.ChangeAccount(sandbox.AccountChange{Webhook: sandbox.WebhookChange{Name: "(Salesforce Integration) Mine"}}); err != nil {
		t.Fatal(err)
	}
	walked(t, w, "reconnect")
	after := took(t, w, "after")
	if diff := cmp.Diff(active(before), active(after)); diff != "" {
		t.Errorf("other triggers are on: %s", diff)
	}
	if diff := cmp.Diff(definitions(before), definitions(after)); diff != "" {
		t.Errorf("a definition is other than it was: %s", diff)
	}
	finding := findingIn(t, w, "reconnect", "zendesk.triggers")
	named := factsOf(finding)
	for _, words := range []string{"fact.trigger-on", "fact.trigger-was-off", "fact.trigger-of-other-off", "fact.webhook-renamed"} {
		if !slices.Contains(named, words) {
			t.Errorf("nothing says %s: %v", words, named)
		}
	}
	if finding.Verdict != flow.Warn || len(finding.Evidence) < len(*after.Zendesk.Triggers.Value) {
		t.Errorf("%s, %v", finding.Verdict, named)
	}
}

func TestADeletedTriggerIsNamed(t *testing.T) {
	served := serveScenario(t, "ready")
	w := walkerOn(t, served, "")
	walked(t, w, "disconnect")
	if err := served.ChangeAccount(sandbox.AccountChange{Triggers: []sandbox.TriggerChange{{Nth: 0, Deleted: true}}}); err != nil {
		t.Fatal(err)
	}
	walked(t, w, "reconnect")
	finding := findingIn(t, w, "reconnect", "zendesk.triggers")
	if finding.Verdict != flow.Warn || !slices.Contains(factsOf(finding), "fact.trigger-gone") {
		t.Errorf("%s %v", finding.Verdict, factsOf(finding))
	}
}

func factsOf(finding flow.Finding) []string {
	var named []string
	for _, evidence := range finding.Evidence {
		named = append(named, evidence.Fact.ID)
	}
	return named
}

// Without a snapshot, those of this org that are no duplicates are ticked; what is chosen beside them comes back too.
func TestWithoutASnapshotEachTriggerIsOffered(t *testing.T) {
	served := crowded(t)
	w := walkerOn(t, served, "reconnect")
	if err := w.open(t.Context(), "setup.connect", served.Info().Zendesk.URL+"/admin/apps-integrations/integrations/integrations"); err != nil {
		t.Fatal(err)
	}
	r, closeJournal, err := w.begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer closeJournal()
	r.Look(t.Context(), nil, func(flow.Event) {})
	question := r.Questions("zendesk.triggers")[0]
	if len(question.Options) != 6 || len(question.Default) != 3 {
		t.Fatalf("%d options, %v", len(question.Options), question.Default)
	}
	chosen := append(slices.Clone(question.Default), question.Options[5].Value)
	if err := r.Answer(t.Context(), "zendesk.triggers", question, chosen); err != nil {
		t.Fatal(err)
	}
	before := took(t, w, "before")
	change, err := r.Prepare(t.Context(), "zendesk.triggers")
	if err != nil {
		t.Fatal(err)
	}
	result, err := r.Make(t.Context(), change)
	if err != nil || result.Outcome != flow.Made || len(result.Moved) > 0 {
		t.Fatalf("%+v %v", result, err)
	}
	after := took(t, w, "after")
	if len(active(after)) != 4 {
		t.Errorf("%v are on", active(after))
	}
	if diff := cmp.Diff(definitions(before), definitions(after)); diff != "" {
		t.Error(diff)
	}
	if _, err := r.TakeBack(t.Context(), result.Entry); err != nil {
		t.Fatal(err)
	}
	if lost := different(t, before, took(t, w, "back")); len(lost) > 0 {
		t.Errorf("not taken back: %v", lost)
	}
}
