package main_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"zsf/clients/sandbox"
)

// What each scenario must come to, other than pass and unknown. Steps that need a failed one are blocked.
var scenarios = []struct {
	name    string
	want    map[string]string
	code    int
	unknown []string // steps that must be unknown, with a reason
	blocked []string // steps that must be blocked; nil where none may be
}{
	{name: "fresh", code: 5, want: map[string]string{
		"salesforce.session-lock": "fail", "setup.package": "fail", "setup.connect": "fail",
	}, blocked: []string{"access.pages", "access.permitted-users", "access.profiles"}},
	{name: "ready"},
	{name: "professional-with-api"},
	{name: "korean"},
	{name: "production"},
	{name: "session-locked", code: 5, want: map[string]string{"salesforce.session-lock": "fail"}},
	{name: "pkce-required", code: 5, want: map[string]string{"salesforce.pkce-policy": "fail"}},
	{name: "not-zendesk-admin", code: 5, want: map[string]string{"zendesk.admin": "fail"}},
	{
		name: "not-salesforce-admin", code: 5, want: map[string]string{"salesforce.admin": "fail"},
		unknown: []string{"setup.package", "setup.connect", "access.pages"},
	},
	{name: "api-disabled", code: 5, want: map[string]string{"salesforce.edition": "fail"}, blocked: behindTheAPI},
	{name: "essentials", code: 5, want: map[string]string{"salesforce.edition": "fail"}, blocked: behindTheAPI},
	{name: "api-only-user", code: 5, want: map[string]string{"salesforce.connecting-user": "fail"}},
	{name: "no-package", code: 5, want: map[string]string{"setup.package": "fail"}, blocked: []string{"access.pages"}},
	{name: "package-admins-only", want: map[string]string{"setup.package": "warn"}},
	{name: "not-connected", code: 5, want: map[string]string{"setup.connect": "fail"}, blocked: []string{"access.permitted-users", "access.profiles"}},
	{name: "used-not-installed", code: 5, want: map[string]string{"setup.connect": "fail"}, blocked: []string{"access.permitted-users", "access.profiles"}},
	{name: "self-authorize", code: 5, want: map[string]string{"access.permitted-users": "fail"}},
	{name: "admin-profile-missing", code: 5, want: map[string]string{"access.profiles": "fail"}},
	{name: "no-page-component", want: map[string]string{"access.pages": "warn"}},
	{name: "triggers-off", code: 5, want: map[string]string{"zendesk.triggers": "fail"}},
	{name: "webhook-off", code: 5, want: map[string]string{"zendesk.triggers": "fail"}},
	{name: "mixed-environments", want: map[string]string{"environment.rehearsal": "warn"}},
	{name: "other-org", code: 5, want: map[string]string{"environment.one-org": "fail"}},
	{
		name: "api-limit-reached", code: 5, want: map[string]string{"salesforce.api-room": "fail"},
		unknown: []string{"salesforce.edition", "salesforce.session-lock", "setup.package"},
	},
	{
		name: "expired-salesforce", code: 3, want: map[string]string{"salesforce.signin": "fail"},
		blocked: append([]string{"salesforce.edition", "salesforce.my-domain", "environment.one-org"}, behindTheAPI...),
	},
	{
		name: "expired-zendesk", code: 3, want: map[string]string{"zendesk.signin": "fail"},
		blocked: []string{"environment.one-org", "tickets.sample", "zendesk.admin", "zendesk.triggers"},
	},
	{name: "disconnected", code: 5, want: map[string]string{"setup.connect": "fail", "zendesk.triggers": "fail"}, blocked: []string{"access.permitted-users", "access.profiles"}},
}

// behindTheAPI are the steps that cannot be looked at in an org whose API does not answer.
var behindTheAPI = []string{
	"access.pages", "access.permitted-users", "access.profiles", "environment.rehearsal",
	"salesforce.admin", "salesforce.api-room", "salesforce.connecting-user", "salesforce.pkce-policy",
	"salesforce.session-lock", "salesforce.streaming", "setup.connect", "setup.instance", "setup.package", "tickets.sample",
}

func TestEachScenarioHasItsVerdictsAndExitCode(t *testing.T) {
	tested := map[string]bool{}
	for _, scenario := range scenarios {
		tested[scenario.name] = true
		t.Run(scenario.name, func(t *testing.T) {
			t.Parallel()
			ran := runZSF(t, nil, "--demo", "--scenario", scenario.name, "check", "--json")
			if ran.code != scenario.code {
				t.Errorf("exit code %d, want %d; stderr: %s", ran.code, scenario.code, ran.stderr)
			}
			looked := readLook(t, ran)
			want := maps.Clone(scenario.want)
			if want == nil {
				want = map[string]string{}
			}
			for _, id := range scenario.blocked {
				want[id] = "blocked"
			}
			got := looked.verdicts()
			for _, id := range scenario.unknown {
				if got[id] != "unknown" || looked.summary(id) == "" {
					t.Errorf("%s is %s (%s), want unknown with a reason", id, got[id], looked.summary(id))
				}
			}
			maps.DeleteFunc(got, func(_, verdict string) bool { return verdict == "pass" || verdict == "unknown" })
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("verdicts differ (-want +got):\n%s", diff)
				for _, check := range looked.Checks {
					t.Logf("%-28s %-8s %s", check.ID, check.Verdict, check.Summary)
				}
			}
		})
	}
	for _, scenario := range sandbox.Scenarios() {
		if !tested[scenario.Name] {
			t.Errorf("scenario %s has no expectation", scenario.Name)
		}
	}
}

// In a scenario with nothing wrong, only what no API can tell is unknown.
func TestWhatIsReadyIsUnknownOnlyWhereOnlyAPersonKnows(t *testing.T) {
	for _, name := range []string{"ready", "professional-with-api", "korean"} {
		looked := readLook(t, runZSF(t, nil, "--demo", "--scenario", name, "check", "--json"))
		var unknown []string
		for id, verdict := range looked.verdicts() {
			if verdict == "unknown" {
				unknown = append(unknown, id)
			}
		}
		slices.Sort(unknown)
		if diff := cmp.Diff([]string{"reconnect.syncs"}, unknown); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestTheJSONSaysWhereItLookedAndWhatToDo(t *testing.T) {
	served, env := serve(t, sandbox.Options{Scenario: "session-locked"})
	looked := readLook(t, runZSF(t, env, "check", "--json"))
	if looked.Profile != "default" || looked.Salesforce.InstanceURL != served.Info().Salesforce.InstanceURL ||
		len(looked.Salesforce.OrgID) != 18 || looked.Salesforce.Username != served.Info().Salesforce.Username ||
		looked.Salesforce.Sandbox == nil || !*looked.Salesforce.Sandbox ||
		looked.Zendesk.URL != served.Info().Zendesk.URL || looked.Zendesk.User != served.Info().Zendesk.Email || looked.Zendesk.Role != "admin" {
		t.Errorf("where it looked: %+v, %+v", looked.Salesforce, looked.Zendesk)
	}
	total := 0
	for _, count := range looked.Summary {
		total += count
	}
	if len(looked.Summary) != 7 || total != len(looked.Checks) {
		t.Errorf("summary %v does not add up to %d checks", looked.Summary, len(looked.Checks))
	}
	for _, check := range looked.Checks {
		if check.Title == "" || check.Title == check.ID+".title" || check.Summary == "" || check.Evidence == nil || check.Remedies == nil || check.Needs == nil {
			t.Errorf("%s lacks something: %+v", check.ID, check)
		}
		if check.ID != "salesforce.session-lock" {
			continue
		}
		if len(check.Evidence) == 0 || check.Evidence[0].Source != "SecuritySettings" || check.Evidence[0].ReadAt.IsZero() || check.LeadsTo == "" {
			t.Errorf("session lock: %+v", check)
		}
		change, page := check.Remedies[0], check.Remedies[1]
		if change.Kind != "change" || change.Command != "zsf setup --only salesforce.session-lock" {
			t.Errorf("session lock's first remedy: %+v", change)
		}
		if page.Kind != "page" || page.URL != served.Info().Salesforce.InstanceURL+"/lightning/setup/SecuritySession/home" {
			t.Errorf("session lock's page: %+v", page)
		}
	}
}

func TestOnlyLooksAtTheNamedStepsAndWhatTheyNeed(t *testing.T) {
	served, env := serve(t, sandbox.Options{Scenario: "session-locked"})
	looked := readLook(t, runZSF(t, env, "check", "--json", "--only", "salesforce.session-lock"))
	if diff := cmp.Diff(map[string]string{"salesforce.session-lock": "fail"}, looked.verdicts()); diff != "" {
		t.Error(diff)
	}
	for _, request := range served.Requests() {
		if request.Service == "zendesk" {
			t.Errorf("Zendesk was asked %s %s", request.Method, request.Path)
		}
	}
	// Version, user, edition, settings; and as they are locked, who locked them.
	if count := len(served.Requests()); count > 5 {
		t.Errorf("%d calls for one setting: %+v", count, served.Requests())
	}
}

// A step that was asked for and is blocked ends with the exit code of what blocks it.
func TestTheExitCodeOfABlockedStepIsThatOfWhatBlocksIt(t *testing.T) {
	for scenario, code := range map[string]int{"expired-zendesk": 3, "no-package": 5, "ready": 0} {
		ran := runZSF(t, nil, "--demo", "--scenario", scenario, "check", "--json", "--only", "zendesk.admin,access.pages")
		if ran.code != code || len(readLook(t, ran).Checks) != 2 {
			t.Errorf("%s: exit code %d, want %d: %s", scenario, ran.code, code, ran.stdout)
		}
	}
}
