package snapshot_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"zsf/clients/salesforce"
	"zsf/clients/sandbox"
	"zsf/clients/sandbox/zendesk"
	"zsf/flows/snapshot"
	"zsf/ui/locale"
)

var update = flag.Bool("update", false, "write the golden files anew")

// triggerID is the first of the integration's triggers.
func (p pair) trigger() snapshot.Trigger { return (*p.take(nil).Zendesk.Triggers.Value)[0] }

func (p pair) webhook(change zendesk.WebhookChange) {
	p.t.Helper()
	if err := p.ChangeAccount(sandbox.AccountChange{Webhook: change}); err != nil {
		p.t.Fatal(err)
	}
}

// edit sends a trigger's conditions and actions with something replaced, as the console would.
func (p pair) edit(was, is string) {
	p.t.Helper()
	trigger := p.trigger()
	definition, err := json.Marshal(map[string]any{"trigger": map[string]any{"conditions": trigger.Conditions, "actions": trigger.Actions}})
	if err != nil {
		p.t.Fatal(err)
	}
	if !strings.Contains(string(definition), was) {
		p.t.Fatalf("%s is not in %s", was, definition)
	}
	p.call("PUT", "/api/v2/triggers/"+strconv.FormatInt(trigger.ID, 10), strings.Replace(string(definition), was, is, 1))
}

func (p pair) scenario(name string) {
	p.t.Helper()
	if err := p.SetScenario(name); err != nil {
		p.t.Fatal(err)
	}
}

// drifts are what can happen behind one's back; each changes one thing.
var drifts = []struct {
	name   string
	happen func(pair)
}{
	{"another admin locks the sessions", func(p pair) {
		if err := p.ChangeOrg(sandbox.OrgChange{AnotherAdminLocksSession: true}); err != nil {
			p.t.Fatal(err)
		}
	}},
	{"a profile loses the app", func(p pair) {
		profiles := *p.take(nil).Salesforce.Profiles.Value
		grants, err := salesforce.Query[salesforce.SetupEntityAccess](p.t.Context(), p.org, salesforce.ConnectedApplicationAccessQuery)
		if err != nil {
			p.t.Fatal(err)
		}
		for _, grant := range grants {
			if grant.ParentID == profiles[len(profiles)-1].PermissionSet {
				if _, err := p.org.RevokeAccess(p.t.Context(), []string{grant.ID}); err != nil {
					p.t.Fatal(err)
				}
			}
		}
	}},
	{"a trigger is switched off", func(p pair) {
		p.call("PUT", "/api/v2/triggers/update_many", fmt.Sprintf(`{"triggers":[{"id":%d,"active":false}]}`, p.trigger().ID))
	}},
	{"a trigger moves", func(p pair) {
		p.call("PUT", "/api/v2/triggers/update_many", fmt.Sprintf(`{"triggers":[{"id":%d,"position":3}]}`, p.trigger().ID))
	}},
	{"a condition is edited", func(p pair) { p.edit(`"solved"`, `"closed"`) }},
	{"a condition is taken away", func(p pair) { p.edit(`,{"field":"status","operator":"value","value":"solved"}`, ``) }},
	{"a condition is added", func(p pair) { p.edit(`"all":[]`, `"all":[{"field":"priority","operator":"is","value":"urgent"}]`) }},
	{"an action's body is edited", func(p pair) { p.edit(`ticket_id`, `ticket`) }},
	{"a trigger is renamed", func(p pair) {
		p.call("PUT", "/api/v2/triggers/"+strconv.FormatInt(p.trigger().ID, 10), `{"trigger":{"title":"(Salesforce Integration) Mine"}}`)
	}},
	{"a trigger is deleted", func(p pair) { p.call("DELETE", "/api/v2/triggers/"+strconv.FormatInt(p.trigger().ID, 10), "") }},
	{"a webhook is renamed", func(p pair) { p.webhook(zendesk.WebhookChange{Name: "Cases, do not touch"}) }},
	{"a webhook is switched off", func(p pair) { p.webhook(zendesk.WebhookChange{Status: "inactive"}) }},
	{"a webhook goes elsewhere", func(p pair) {
		p.webhook(zendesk.WebhookChange{Endpoint: "https://elsewhere.example/hook"})
	}},
	{"a webhook is deleted", func(p pair) { p.webhook(zendesk.WebhookChange{Deleted: true}) }},
	{"everyone may authorize", func(p pair) { p.scenario("self-authorize") }},
	{"the ticket view leaves the pages", func(p pair) { p.scenario("no-page-component") }},
	{"the package is for admins only", func(p pair) { p.scenario("package-admins-only") }},
	{"the package is gone", func(p pair) { p.scenario("no-package") }},
	{"PKCE is required", func(p pair) { p.scenario("pkce-required") }},
	{"the connection is gone", func(p pair) { p.scenario("not-connected") }},
	{"the sign-in loses its rights", func(p pair) {
		if err := p.ChangeOrg(sandbox.OrgChange{Rights: "limited"}); err != nil {
			p.t.Fatal(err)
		}
	}},
	{"another org connects, too", func(p pair) { p.scenario("other-org") }},
}

func TestEachChangeBehindOnesBackIsSaid(t *testing.T) {
	said := map[string]*strings.Builder{"en": {}, "ko": {}}
	for _, drift := range drifts {
		p := serve(t, "ready")
		before := p.take(nil)
		drift.happen(p)
		changes := snapshot.Compare(before, p.take(nil))
		if !snapshot.Differ(changes) {
			t.Errorf("%s: nothing differs: %+v", drift.name, changes)
		}
		for tag, b := range said {
			words, err := locale.New(tag)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(b, "%s\n", drift.name)
			for _, change := range changes {
				line := words.Say(change.Words())
				if strings.Contains(line, "<no value>") || strings.Contains(line, "snapshot.") {
					t.Errorf("%s: %s", tag, line)
				}
				mark := " "
				if !change.Differs() {
					mark = "~"
				}
				fmt.Fprintf(b, " %s %s\n      %s\n", mark, line, change.Path)
			}
		}
	}
	for tag, b := range said {
		golden(t, "changes-"+tag+".golden", b.String())
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Error(diff)
	}
}

// What cannot be read for a while is what it was known to be, and neither changed nor as it was.
func TestWhatCannotBeReadIsCarried(t *testing.T) {
	change := func(path string, kind snapshot.Kind) snapshot.Change { return snapshot.Change{Path: path, Kind: kind} }
	locked := change("salesforce.security_settings[sessionSettings.lockSessionsToIp]", snapshot.Changed)
	renamed := change("zendesk.webhooks[1].name", snapshot.Changed)
	known := []snapshot.Change{locked, change("salesforce.packages[p]", snapshot.Vanished), change("salesforce.package_profiles[q]", snapshot.Appeared), renamed}
	now := []snapshot.Change{
		change("salesforce.packages", snapshot.Lost), change("salesforce.security_settings", snapshot.Lost), change("salesforce.org", snapshot.Lost), renamed,
	}
	want := []snapshot.Change{change("salesforce.packages[p]", snapshot.Vanished), locked, renamed}
	if diff := cmp.Diff(want, snapshot.Carry(known, now)); diff != "" {
		t.Error(diff)
	}
}
