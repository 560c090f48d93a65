package flows_test

import (
	"context"
	"errors"
	"testing"

	"zsf/clients/sandbox"
	"zsf/clients/sandbox/persona"
	"zsf/flows/flow"
	"zsf/flows/run"
)

// What an admin does about a fault that zsf cannot mend: the sandbox's switches do it.
var elsewhere = map[string]func(*sandbox.Sandbox) error{
	"not-zendesk-admin":    func(s *sandbox.Sandbox) error { return s.ChangeAccount(sandbox.AccountChange{Role: "admin"}) },
	"not-salesforce-admin": func(s *sandbox.Sandbox) error { return s.ChangeOrg(sandbox.OrgChange{Rights: "admin"}) },
	"api-only-user":        func(s *sandbox.Sandbox) error { return s.ChangeOrg(sandbox.OrgChange{Rights: "admin"}) },
	"api-disabled":         func(s *sandbox.Sandbox) error { return s.ChangeOrg(sandbox.OrgChange{API: "on"}) },
}

// Each fault is the step on which a set-up opens, and what the step offers makes it pass.
func TestEachFaultIsWhereASetUpOpensAndItsRemedyMendsIt(t *testing.T) {
	for scenario, step := range map[string]flow.ID{
		"session-locked":        "salesforce.session-lock",
		"pkce-required":         "salesforce.pkce-policy",
		"not-zendesk-admin":     "zendesk.admin",
		"not-salesforce-admin":  "salesforce.admin",
		"api-disabled":          "salesforce.edition",
		"api-only-user":         "salesforce.connecting-user",
		"no-package":            "setup.package",
		"not-connected":         "setup.instance", // chosen anew with each connection
		"used-not-installed":    "setup.connect",
		"self-authorize":        "access.permitted-users",
		"admin-profile-missing": "access.profiles",
	} {
		t.Run(scenario, func(t *testing.T) {
			served, r := at(t, scenario)
			next, _ := r.Next()
			if next != step {
				t.Fatalf("opens on %s, want %s", next, step)
			}
			if scenario == "not-connected" {
				step = "setup.connect"
			}
			w := walker{Sandbox: served.Info()}
			for range 100 {
				if finding := lookAgain(t, r, step); finding.Verdict == flow.Pass {
					return
				}
				mend := func() error { return w.take(t.Context(), r, step) }
				if change, ok := elsewhere[scenario]; ok {
					mend = func() error { return change(served) }
				}
				if err := mend(); err != nil {
					t.Fatal(err)
				}
			}
			t.Errorf("%s does not pass", step)
		})
	}
}

// What only warns is no wall: a set-up goes past it, and its remedy mends it all the same.
func TestEachWarningIsMended(t *testing.T) {
	for scenario, step := range map[string]flow.ID{"package-admins-only": "setup.package", "no-page-component": "access.pages"} {
		t.Run(scenario, func(t *testing.T) {
			served, r := at(t, scenario)
			if next, left := r.Next(); left {
				t.Errorf("%s holds a set-up up", next)
			}
			w := walker{Sandbox: served.Info()}
			for range 100 {
				if finding := lookAgain(t, r, step); finding.Verdict == flow.Pass {
					return
				}
				if err := w.take(t.Context(), r, step); err != nil {
					t.Fatal(err)
				}
			}
			t.Errorf("%s does not pass", step)
		})
	}
}

func TestASessionThatEndsWhileOneWaitsIsSaidAndRecovers(t *testing.T) {
	served, r := at(t, "not-connected")
	over, back := true, false
	if err := served.ChangeOrg(sandbox.OrgChange{SessionExpired: &over}); err != nil {
		t.Fatal(err)
	}
	if finding := lookAgain(t, r, "setup.connect"); finding.Verdict == flow.Pass || finding.Verdict == flow.Fail && finding.Err == nil {
		t.Errorf("with an ended session it is %s: %v", finding.Verdict, finding.Summary)
	}
	if _, err := r.Prepare(t.Context(), "salesforce.session-lock"); err == nil {
		t.Error("a change was prepared without a session")
	}
	if err := served.ChangeOrg(sandbox.OrgChange{SessionExpired: &back}); err != nil {
		t.Fatal(err)
	}
	r.Look(t.Context(), nil, func(flow.Event) {})
	if finding := lookAgain(t, r, "setup.connect"); finding.Verdict != flow.Fail || finding.Err != nil {
		t.Errorf("after a new session it is %s: %v", finding.Verdict, finding.Summary)
	}
}

func TestAPersonWhoDeniesConnectsNothing(t *testing.T) {
	served, r := at(t, "fresh")
	before := state(t, served)
	err := persona.Open(context.Background(), served.Info().Zendesk.URL+"/agent/dashboard")
	if !errors.Is(err, persona.ErrNothingToDo) {
		t.Errorf("%v", err)
	}
	if before != state(t, served) {
		t.Error("something was done on a page that is no place for it")
	}
	if finding := lookAgain(t, r, "setup.connect"); finding.Verdict != flow.Fail {
		t.Errorf("%s", finding.Verdict)
	}
}

func lookAgain(t *testing.T, r *run.Run, step flow.ID) flow.Finding {
	t.Helper()
	r.Again(t.Context(), step, func(flow.Event) {})
	for _, finding := range r.Findings() {
		if finding.Step == step {
			return finding
		}
	}
	t.Fatalf("%s was not looked at", step)
	return flow.Finding{}
}
