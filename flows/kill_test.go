package flows_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zsf/clients/sandbox"
	"zsf/clients/store"
	"zsf/flows/flow"
	"zsf/flows/run"
	"zsf/flows/world"
)

// haste is how many times as fast as elsewhere time goes by in the sandbox, so that nobody waits for an installation.
const haste = 50

func hurried() func() time.Time {
	start := time.Now()
	return func() time.Time { return start.Add(haste * time.Since(start)) }
}

// hurriedWait is how a person waits for a page there.
func hurriedWait(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d / haste):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func serve(t *testing.T) *sandbox.Sandbox {
	t.Helper()
	started, err := sandbox.Start(context.Background(), sandbox.Options{Scenario: "fresh", Accounts: 2, Tickets: 2, Now: hurried()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = started.Close() })
	return started
}

// writes counts the calls that changed the org, by what they changed.
func writes(served *sandbox.Sandbox) map[string]int {
	counts := map[string]int{}
	for _, request := range served.Requests() {
		switch {
		case request.Service != "salesforce" || request.Status > 299:
		case request.Method == http.MethodPost && strings.Contains(request.Path, "PackageInstallRequest"):
			counts["install"]++
		case request.Method == http.MethodPost && strings.HasSuffix(request.Path, "/composite/sobjects"):
			counts["grant"]++
		}
	}
	return counts
}

func TestBothLayoutsAreWalkedToTheEnd(t *testing.T) {
	for _, layout := range []world.Layout{world.GuideLayout, world.NewerLayout} {
		served := serve(t)
		w := walker{Sandbox: served.Info(), State: t.TempDir(), Layout: layout}
		if err := w.walk(t.Context()); err != nil {
			t.Errorf("%q: %v", layout, err)
		}
		if diff := cmp.Diff(map[string]int{"install": 1, "grant": 1}, writes(served)); diff != "" {
			t.Errorf("%q: %s", layout, diff)
		}
	}
}

// killEach is how many writings lie between two at which a walk is killed.
var killEach = 1

// Killed at each writing to the journal, before it and after it: the next start goes on, makes no change
// twice, loses none, and ends with both sides as an undisturbed walk leaves them.
func TestAWalkGoesOnFromWhereverItIsKilled(t *testing.T) {
	served := serve(t)
	w := walker{Sandbox: served.Info(), State: t.TempDir()}
	w.inAProcess(t)
	want, points := state(t, served), 0
	for _, before := range []bool{true, false} {
		for at := 1; ; at += killEach {
			served.Reset()
			w.State, w.KillAt, w.KillBefore = t.TempDir(), at, before
			if !w.inAProcess(t) {
				break // the walk has fewer writings
			}
			points++
			w.KillAt = 0
			if w.inAProcess(t) {
				t.Fatal("killed by somebody else")
			}
			judge(t, served, w, want)
			if t.Failed() {
				t.Fatalf("killed at writing %d, before it: %v", at, before)
			}
		}
	}
	if points < 100/killEach {
		t.Errorf("killed at %d points only", points)
	}
	t.Logf("killed at %d points", points)
}

func judge(t *testing.T, served *sandbox.Sandbox, w walker, want string) {
	t.Helper()
	got, err := served.State()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("both sides stand otherwise: %s", diff)
	}
	if diff := cmp.Diff(map[string]int{"install": 1, "grant": 1}, writes(served)); diff != "" {
		t.Errorf("changes: %s", diff)
	}
	kept, err := store.Open(func(name string) string { return map[string]string{"XDG_STATE_HOME": w.State}[name] })
	if err != nil {
		t.Fatal(err)
	}
	journal, err := kept.Journal(t.Context())
	if err != nil {
		t.Fatalf("the database: %v", err)
	}
	defer func() { _ = journal.Close() }()
	entries, err := journal.Entries(t.Context(), store.Filter{Profile: "acme"})
	if err != nil {
		t.Fatalf("the database: %v", err)
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
	if diff := cmp.Diff(map[flow.ID]int{"salesforce.session-lock": 1, "setup.package": 1, "access.profiles": 1}, made); diff != "" {
		t.Errorf("what the journal has of changes: %s", diff)
	}
}
