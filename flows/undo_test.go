package flows_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"zsf/clients/sandbox"
	"zsf/clients/transport"
	"zsf/flows/flow"
	"zsf/flows/run"
)

// at begins a run on a scenario, and looks at everything.
func at(t *testing.T, scenario string) (*sandbox.Sandbox, *run.Run) {
	t.Helper()
	served, err := sandbox.Start(context.Background(), sandbox.Options{Scenario: scenario, Accounts: 2, Tickets: 2, Now: hurried()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = served.Close() })
	r, closeJournal, err := walker{Sandbox: served.Info(), State: t.TempDir()}.begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(closeJournal)
	r.Look(t.Context(), nil, func(flow.Event) {})
	return served, r
}

func state(t *testing.T, served *sandbox.Sandbox) string {
	t.Helper()
	whole, err := served.State()
	if err != nil {
		t.Fatal(err)
	}
	return string(whole)
}

// profiles answers which profiles may use the app.
func profiles(t *testing.T, r *run.Run, add, drop string) {
	t.Helper()
	question := r.Questions("access.profiles")[0]
	answer := []string{add}
	for _, name := range question.Default {
		if name != drop {
			answer = append(answer, name)
		}
	}
	if err := r.Answer(t.Context(), "access.profiles", question, answer); err != nil {
		t.Fatal(err)
	}
}

func TestEachChangeIsTakenBackToTheByte(t *testing.T) {
	for scenario, step := range map[string]flow.ID{
		"session-locked":        "salesforce.session-lock",
		"pkce-required":         "salesforce.pkce-policy",
		"admin-profile-missing": "access.profiles",
		"ready":                 "access.profiles",
	} {
		t.Run(scenario, func(t *testing.T) {
			served, r := at(t, scenario)
			if scenario == "ready" {
				profiles(t, r, "Marketing User", "Standard User")
			}
			before := state(t, served)
			change, err := r.Prepare(t.Context(), step)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(before, state(t, served)); diff != "" {
				t.Fatalf("a preview changed something: %s", diff)
			}
			result, err := r.Make(t.Context(), change)
			if err != nil || result.Err != nil || result.Outcome != flow.Made || len(result.Moved) > 0 {
				t.Fatalf("%+v %v", result, err)
			}
			r.Again(t.Context(), step, func(flow.Event) {})
			for _, finding := range r.Findings() {
				if finding.Step == step && finding.Verdict != flow.Pass {
					t.Errorf("after the change it is %s", finding.Verdict)
				}
			}
			if before == state(t, served) {
				t.Error("nothing was changed")
			}
			back, err := r.TakeBack(t.Context(), result.Entry)
			if err != nil || back.Err != nil || len(back.Moved) > 0 {
				t.Fatalf("%+v %v", back, err)
			}
			if diff := cmp.Diff(before, state(t, served)); diff != "" {
				t.Errorf("not as before: %s", diff)
			}
		})
	}
}

func TestAPackageIsNotTakenBackAndSaysSo(t *testing.T) {
	_, r := at(t, "no-package")
	w := walker{Sandbox: sandbox.Info{}}
	w.Sandbox.Salesforce.InstanceURL = "https://acme.my.salesforce.com"
	if err := w.take(t.Context(), r, "setup.package"); err != nil {
		t.Fatal(err)
	}
	made, err := r.Changes(t.Context())
	if err != nil || len(made) != 1 {
		t.Fatalf("%v %v", made, err)
	}
	result, err := r.TakeBack(t.Context(), made[0].Entry)
	if !errors.Is(err, run.ErrFinal) || result.Change.Final.Empty() {
		t.Errorf("%v: %v", err, result.Change.Final)
	}
}

func TestAnotherAdminsWorkIsNotOverwritten(t *testing.T) {
	served, r := at(t, "session-locked")
	change, err := r.Prepare(t.Context(), "salesforce.session-lock")
	if err != nil {
		t.Fatal(err)
	}
	result, err := r.Make(t.Context(), change)
	if err != nil {
		t.Fatal(err)
	}
	if err := served.ChangeOrg(sandbox.OrgChange{AnotherAdminLocksSession: true}); err != nil {
		t.Fatal(err)
	}
	before := state(t, served)
	if _, err := r.TakeBack(t.Context(), result.Entry); !errors.Is(err, run.ErrTakenBack) {
		t.Errorf("%v", err)
	}
	if diff := cmp.Diff(before, state(t, served)); diff != "" {
		t.Error(diff)
	}
}

func TestAChangeWithoutTheRightIsRefusedWhole(t *testing.T) {
	for scenario, step := range map[string]flow.ID{
		"session-locked": "salesforce.session-lock", "admin-profile-missing": "access.profiles",
	} {
		t.Run(scenario, func(t *testing.T) {
			served, r := at(t, scenario)
			change, err := r.Prepare(t.Context(), step)
			if err != nil {
				t.Fatal(err)
			}
			if err := served.ChangeOrg(sandbox.OrgChange{Rights: "limited"}); err != nil {
				t.Fatal(err)
			}
			before := state(t, served)
			result, err := r.Make(t.Context(), change)
			var failed *transport.Error
			if !errors.As(errors.Join(err, result.Err), &failed) || result.Outcome == flow.Made {
				t.Errorf("%+v %v", result, err)
			}
			if diff := cmp.Diff(before, state(t, served)); diff != "" {
				t.Errorf("half of it was done: %s", diff)
			}
		})
	}
}

func TestAnInstallationThatFailsOrStallsIsTold(t *testing.T) {
	for name, want := range map[string]flow.Outcome{"fails": flow.NotMade, "stuck": flow.Underway} {
		t.Run(name, func(t *testing.T) {
			served, r := at(t, "no-package")
			if err := served.ChangeOrg(sandbox.OrgChange{Install: name}); err != nil {
				t.Fatal(err)
			}
			w := walker{Sandbox: served.Info()}
			_ = w.take(t.Context(), r, "setup.package")
			made, err := r.Changes(t.Context())
			if err != nil || len(made) != 1 {
				t.Fatalf("%v %v", made, err)
			}
			if made[0].Outcome != flow.Underway && made[0].Outcome != want {
				t.Errorf("it is %q", made[0].Outcome)
			}
			finding := lookAgain(t, r, "setup.package")
			for range 100 {
				if name == "stuck" || !finding.Underway {
					break
				}
				finding = lookAgain(t, r, "setup.package")
			}
			if finding.Verdict != flow.Fail || finding.Underway != (want == flow.Underway) {
				t.Errorf("the step is %s: %v, under way: %v", finding.Verdict, finding.Summary, finding.Underway)
			}
			if _, err := r.Recover(t.Context()); err != nil {
				t.Fatal(err)
			}
			if made, err = r.Changes(t.Context()); err != nil || made[0].Outcome != want {
				t.Errorf("afterwards it is %q, want %q (%v)", made[0].Outcome, want, err)
			}
		})
	}
}
