package symptoms_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"zsf/clients/oauth"
	"zsf/clients/salesforce"
	"zsf/clients/sandbox"
	"zsf/clients/transport"
	"zsf/clients/zendesk"
	"zsf/flows"
	"zsf/flows/flow"
	"zsf/flows/symptoms"
	"zsf/flows/world"
	"zsf/ui/locale"
)

// withoutSymptom are the steps that name none, and why.
var withoutSymptom = map[string]string{
	"salesforce.signin":       "it is zsf that is not signed in: the finding itself says what to run, and the integration goes on",
	"zendesk.signin":          "as salesforce.signin",
	"salesforce.admin":        "it keeps a person from the set-up; the integration shows nothing of it",
	"environment.rehearsal":   "it warns of what is not done yet, so there is nothing to see",
	"setup.instance":          "it never fails: only a person chooses",
	"setup.terms":             "it never fails: only a person knows",
	"setup.connect.none":      "nothing was connected yet, so nothing went wrong",
	"access.permitted-users":  "users see their tickets; who may is what nobody has decided",
	"reconnect.syncs":         "it never fails: only a person knows",
	"tickets.sample.none":     "there is no ticket, so nobody misses one",
	"zendesk.triggers.none":   "it is unknown, not a failure",
	"salesforce.admin.untold": "it is unknown, not a failure",
}

func words(t *testing.T) []*locale.Locale {
	t.Helper()
	var spoken []*locale.Locale
	for _, tag := range locale.Languages {
		words, err := locale.New(tag)
		if err != nil {
			t.Fatal(err)
		}
		spoken = append(spoken, words)
	}
	return spoken
}

func TestEverySymptomHasItsWords(t *testing.T) {
	seen := map[string]bool{}
	for _, symptom := range symptoms.All() {
		if seen[symptom.ID] {
			t.Errorf("%s is there twice", symptom.ID)
		}
		seen[symptom.ID] = true
		for _, spoken := range words(t) {
			for _, text := range []flow.Text{symptom.Sees(), symptom.Cause(), symptom.Fix(), symptom.More(), symptom.Words(), symptom.Sureness()} {
				if !text.Empty() && !spoken.Has(text.ID) {
					t.Errorf("%s: %s has no words for %s", symptom.ID, spoken.Tag(), text.ID)
				}
			}
			if !symptom.Also && spoken.Has("symptom."+symptom.ID+".also") {
				t.Errorf("%s: what more there is to say is never said", symptom.ID)
			}
		}
		for _, step := range symptom.Steps {
			if _, ok := flows.Preflight.Step(step); !ok {
				t.Errorf("%s looks at %s, which is no step", symptom.ID, step)
			}
		}
		if symptom.Known == symptoms.Documented && symptom.Source == "" {
			t.Errorf("%s is documented nowhere", symptom.ID)
		}
	}
	for tag, ids := range map[string][]string{"en": symptomIDs(t, "en"), "ko": symptomIDs(t, "ko")} {
		for _, id := range ids {
			if !seen[id] {
				t.Errorf("%s has words for %s, which is no symptom", tag, id)
			}
		}
	}
}

func TestEveryStepThatCanFailNamesItsSymptomOrSaysWhyNot(t *testing.T) {
	for _, step := range flows.Preflight.Steps() {
		named := false
		for from, id := range symptoms.Leads {
			if from == string(step.ID) || strings.HasPrefix(from, string(step.ID)+".") {
				named = true
				if _, ok := symptoms.Find(id); !ok {
					t.Errorf("%s leads to %s, which is no symptom", from, id)
				}
			}
		}
		if why := withoutSymptom[string(step.ID)]; named == (why != "") {
			t.Errorf("%s: names a symptom: %v, why none: %q", step.ID, named, why)
		}
	}
	for from := range symptoms.Leads {
		if !slices.ContainsFunc(flows.Preflight.Steps(), func(step flow.Step) bool {
			return from == string(step.ID) || strings.HasPrefix(from, string(step.ID)+".")
		}) {
			t.Errorf("%s belongs to no step", from)
		}
	}
}

// In each scenario of the sandbox, what fails names a symptom by a command, last of its remedies.
func TestWhatFailsNamesTheSymptomThatItLeadsTo(t *testing.T) {
	named := map[string]bool{}
	for _, scenario := range sandbox.Scenarios() {
		for _, finding := range look(t, scenario.Name).Findings {
			var commands []string
			for _, remedy := range finding.Remedies {
				if id, ok := strings.CutPrefix(remedy.Command, "zsf explain "); ok {
					commands = append(commands, id)
				}
			}
			troubled := finding.Verdict == flow.Fail || finding.Verdict == flow.Warn
			excused := withoutSymptom[string(finding.Step)] != "" || withoutSymptom[finding.Summary.ID] != ""
			switch {
			case troubled && !excused && len(commands) != 1, (!troubled || excused) && len(commands) != 0:
				t.Errorf("%s: %s is %s (%s) and names %v", scenario.Name, finding.Step, finding.Verdict, finding.Summary.ID, commands)
			case len(commands) == 1:
				named[commands[0]] = true
				if last := finding.Remedies[len(finding.Remedies)-1]; last.Command != "zsf explain "+commands[0] || last.Kind != flow.ByCommand {
					t.Errorf("%s: %s: the last remedy is %+v", scenario.Name, finding.Step, last)
				}
			}
		}
	}
	if len(named) < 12 {
		t.Errorf("only %v were named", named)
	}
}

// In each scenario of the sandbox, what zsf can mend by API says first of its remedies by which command; nothing else does.
func TestWhatAnAPICanMendNamesItsCommandFirst(t *testing.T) {
	want := map[string]string{
		"fresh":                 "zsf setup --only salesforce.session-lock; zsf setup --only setup.package",
		"session-locked":        "zsf setup --only salesforce.session-lock",
		"pkce-required":         "zsf setup --only salesforce.pkce-policy",
		"no-package":            "zsf setup --only setup.package",
		"admin-profile-missing": "zsf setup --only access.profiles",
		"triggers-off":          "zsf reconnect --only zendesk.triggers",
		"disconnected":          "zsf reconnect --only zendesk.triggers",
	}
	for _, scenario := range sandbox.Scenarios() {
		var commands []string
		for _, finding := range look(t, scenario.Name).Findings {
			for i, remedy := range finding.Remedies {
				if remedy.Kind != flow.ByChange {
					continue
				}
				commands = append(commands, remedy.Command)
				if i != 0 || finding.Verdict != flow.Fail {
					t.Errorf("%s: %s is %s, and names the change as remedy %d", scenario.Name, finding.Step, finding.Verdict, i)
				}
			}
		}
		if got := strings.Join(commands, "; "); got != want[scenario.Name] {
			t.Errorf("%s: got %q, want %q", scenario.Name, got, want[scenario.Name])
		}
	}
}

func look(t *testing.T, scenario string) flow.Report {
	t.Helper()
	served, err := sandbox.Start(context.Background(), sandbox.Options{Scenario: scenario, Accounts: 5, Tickets: 5})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = served.Close() }()
	info := served.Info()
	org, err := salesforce.New(info.Salesforce.InstanceURL, info.Salesforce.AccessToken, transport.Config{Service: transport.Salesforce, MaxTries: 1})
	if err != nil {
		t.Fatal(err)
	}
	account, err := zendesk.New(info.Zendesk.URL, info.Zendesk.AccessToken, transport.Config{Service: transport.Zendesk, MaxTries: 1})
	if err != nil {
		t.Fatal(err)
	}
	profile := world.Profile{Name: "acme", Zendesk: world.Environment(served.Scenario().Environment)}
	w := world.New(world.Options{Profile: profile, Salesforce: org, Zendesk: account})
	return flow.NewRunner(flows.Preflight, w, time.Now).Look(context.Background(), nil, func(flow.Event) {})
}

func search(t *testing.T, query string) []string {
	t.Helper()
	spoken := words(t)
	found := symptoms.Search(query, func(text flow.Text) []string {
		var said []string
		for _, words := range spoken {
			said = append(said, words.Say(text))
		}
		return said
	})
	ids := make([]string, len(found))
	for i, symptom := range found {
		ids[i] = symptom.ID
	}
	return ids
}

func TestASymptomIsFoundByWhatAnAdminSees(t *testing.T) {
	for _, tc := range []struct {
		query, first string
		only         bool
	}{
		{"disconnects-by-itself", "disconnects-by-itself", true},
		{"DISCONNECTS by itself", "disconnects-by-itself", true},
		{"oauth_app_blocked", "oauth-app-blocked", true},
		{"https://acme.example/cb?error=OAUTH_APPROVAL_ERROR_GENERIC&error_description=x", "oauth-approval-error-generic", true},
		{"error: redirect_uri_mismatch", "redirect-uri-mismatch", true},
		{"CometD said 403::Organization total events daily limit exceeded at 10:02", "daily-limit", true},
		{"invalid_grant: user hasn’t approved this consumer", "user-not-approved", false},
		{"Name has already been taken", "already-taken", true},
		{"No tickets in this list", "empty-list", true},
		{"OAUTH_APPROVAL", "oauth-approval-error-generic", true},
		{"it disconnects every night", "disconnects-by-itself", true},
		{"employee left the company", "stops-after-staff-change", true},
		{"light agent cannot submit", "cannot-create-tickets", true},
		{"users have no organization", "users-without-organization", false},
		{"연동이 자꾸 끊겨요", "disconnects-by-itself", true},
		{"담당자가 퇴사했어요", "stops-after-staff-change", true},
		{"티켓이 케이스가 되지 않아요", "ticket-to-case-fails", false},
		{"큰 계정에 티켓이 나오지 않음", "large-account-shows-nothing", false},
		{"", "", true},
		{"the of and", "", true},
		{"xyzzy", "", true},
		{strings.Repeat("x ", 100_000), "", true},
		{"\xff\xfe 안", "", true},
	} {
		found := search(t, tc.query)
		switch {
		case tc.first == "" && len(found) > 0:
			t.Errorf("%.40q found %v", tc.query, found)
		case tc.first != "" && (len(found) == 0 || found[0] != tc.first || tc.only && len(found) > 1):
			t.Errorf("%.40q found %v, want %s first", tc.query, found, tc.first)
		}
	}
}

// One code has one answer: what a sign-in says of a code that is pasted into it is what zsf explain says.
func TestACodeHasOneAnswer(t *testing.T) {
	for _, symptom := range symptoms.All() {
		for _, code := range symptom.Codes {
			found := search(t, code)
			if len(found) == 0 || found[0] != symptom.ID {
				t.Errorf("%q found %v, want %s", code, found, symptom.ID)
			}
			cause, wayOut, known := oauth.HelpFor(code)
			if known && (cause != symptom.Cause().ID || wayOut != symptom.Fix().ID) {
				t.Errorf("%q: a sign-in says %s, zsf explain %s", code, cause, symptom.Cause().ID)
			}
		}
	}
	for _, name := range oauth.HelpNames() {
		if _, ok := symptoms.Find(strings.ReplaceAll(name, "_", "-")); ok == (name == "unknown") {
			t.Errorf("%s: explained: %v", name, ok)
		}
	}
}
