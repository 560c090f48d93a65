package flows_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"zsf/clients/sandbox"
	"zsf/clients/store"
	"zsf/flows/flow"
	"zsf/flows/run"
)

// activations counts the calls that switched triggers on by API.
func activations(served *sandbox.Sandbox) int {
	count := 0
	for _, request := range served.Requests() {
		if request.Method == http.MethodPut && strings.Contains(request.Path, "triggers/update_many") && request.Status < 300 {
			count++
		}
	}
	return count
}

// disconnected is an account that is ready but for its connection, and a journal that knows what was on.
func disconnected(t *testing.T, served *sandbox.Sandbox) walker {
	t.Helper()
	served.Reset()
	off := false
	if err := served.ChangeAccount(sandbox.AccountChange{OtherOrg: true, Triggers: []sandbox.TriggerChange{{Nth: 1, Active: &off}}}); err != nil {
		t.Fatal(err)
	}
	w := walkerOn(t, served, "")
	walked(t, w, "disconnect")
	w.Flow = "reconnect"
	return w
}

// Killed at each writing to the journal, before it or after it in turn: the next start goes on, switches no trigger
// twice, forgets none, and ends with both sides as an undisturbed reconnect leaves them.
func TestAReconnectGoesOnFromWhereverItIsKilled(t *testing.T) {
	served := serveScenario(t, "ready")
	w := disconnected(t, served)
	w.inAProcess(t)
	want := state(t, served)
	points := 0
	for at := 1; ; at += 2 * killEach {
		w := disconnected(t, served)
		w.KillAt, w.KillBefore = at, at%4 == 1
		if !w.inAProcess(t) {
			break // the walk has fewer writings
		}
		points++
		w.KillAt = 0
		if w.inAProcess(t) {
			t.Fatal("killed by somebody else")
		}
		if diff := cmp.Diff(want, state(t, served)); diff != "" {
			t.Errorf("both sides stand otherwise: %s", diff)
		}
		if made := activations(served); made != 1 {
			t.Errorf("triggers were switched on %d times", made)
		}
		// One that was killed at its very end has ended: the next one is a run of its own, with a snapshot of its own.
		snapshots := runsIn(t, w, "reconnect")
		if diff := cmp.Diff(map[flow.ID]int{"disconnect.snapshot": 1, "reconnect.snapshot": snapshots, "zendesk.triggers": 1}, madeIn(t, w)); diff != "" {
			t.Errorf("what the journal has of changes: %s", diff)
		}
		if t.Failed() {
			t.Fatalf("killed at writing %d, before it: %v", at, w.KillBefore)
		}
	}
	if points < 15/killEach {
		t.Errorf("killed at %d points only", points)
	}
	t.Logf("killed at %d points", points)
}

// madeIn counts the changes that the journal says were made, by step.
func madeIn(t *testing.T, w walker) map[flow.ID]int {
	t.Helper()
	entries, err := journalOf(t, w).Entries(t.Context(), store.Filter{Profile: "acme"})
	if err != nil {
		t.Fatal(err)
	}
	made := map[flow.ID]int{}
	for _, change := range run.ChangesOf(entries) {
		switch {
		case change.Open():
			t.Errorf("nobody knows what became of the change of %s", change.Change.Step)
		case change.Outcome != flow.NotMade:
			made[change.Change.Step]++
		}
	}
	return made
}

// runsIn counts the runs of a flow that the journal has.
func runsIn(t *testing.T, w walker, name string) int {
	t.Helper()
	entries, err := journalOf(t, w).Entries(t.Context(), store.Filter{Profile: "acme", Kinds: []store.Kind{store.RunStarted}})
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for _, entry := range entries {
		if strings.HasPrefix(entry.Run, name) {
			count++
		}
	}
	return count
}
