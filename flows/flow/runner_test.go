package flow_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zsf/flows/flow"
	"zsf/flows/world"
)

// A play is a flow whose steps are made up, and which remembers which of them were looked at.
type play struct {
	mu      sync.Mutex
	looked  []flow.ID
	verdict map[flow.ID]flow.Finding
}

func (p *play) step(id flow.ID, needs ...flow.ID) flow.Step {
	return flow.Step{ID: id, Needs: needs, Look: func(*world.World) flow.Finding {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.looked = append(p.looked, id)
		if finding, ok := p.verdict[id]; ok {
			return finding
		}
		return flow.Passed(flow.Raw("well"))
	}}
}

func (p *play) lookedAt() []flow.ID {
	p.mu.Lock()
	defer p.mu.Unlock()
	looked := slices.Clone(p.looked)
	slices.Sort(looked)
	p.looked = nil
	return looked
}

// house needs signin, edition needs signin, package needs edition, pages need package; terms need nothing.
func house(p *play) *flow.Runner {
	about := flow.Flow{Groups: []flow.Group{
		{ID: "ready", Steps: []flow.Step{p.step("signin"), p.step("edition", "signin")}},
		{ID: "connected", Steps: []flow.Step{p.step("package", "edition"), p.step("terms"), p.step("pages", "package")}},
	}}
	clock := time.Date(2026, 11, 23, 10, 2, 11, 0, time.UTC)
	now := func() time.Time { return clock }
	return flow.NewRunner(about, world.New(world.Options{Profile: world.Profile{Name: "acme"}, Now: now}), now)
}

func verdicts(report flow.Report) map[flow.ID]flow.Verdict {
	found := map[flow.ID]flow.Verdict{}
	for _, finding := range report.Findings {
		found[finding.Step] = finding.Verdict
	}
	return found
}

func silent(flow.Event) {}

func TestAStepThatNeedsAFailedOneIsBlockedAndSoAreThoseBehindIt(t *testing.T) {
	p := &play{verdict: map[flow.ID]flow.Finding{"edition": flow.Failed(flow.Raw("no API"))}}
	report := house(p).Look(context.Background(), nil, silent)
	want := map[flow.ID]flow.Verdict{
		"signin": flow.Pass, "edition": flow.Fail, "package": flow.Blocked, "terms": flow.Pass, "pages": flow.Blocked,
	}
	if diff := cmp.Diff(want, verdicts(report)); diff != "" {
		t.Error(diff)
	}
	if looked := p.lookedAt(); slices.Contains(looked, "package") || slices.Contains(looked, "pages") {
		t.Errorf("a blocked step was looked at: %v", looked)
	}
	pages, _ := report.Finding("pages")
	if diff := cmp.Diff([]flow.ID{"package"}, pages.Blocking); diff != "" {
		t.Error(diff)
	}
}

func TestWarningsAndUnknownsDoNotBlock(t *testing.T) {
	for _, finding := range []flow.Finding{flow.Warned(flow.Raw("hm")), flow.NotKnown(flow.Raw("who knows"))} {
		p := &play{verdict: map[flow.ID]flow.Finding{"edition": finding}}
		report := house(p).Look(context.Background(), nil, silent)
		if got := verdicts(report)["package"]; got != flow.Pass {
			t.Errorf("behind a %s, package is %s", finding.Verdict, got)
		}
	}
}

func TestWithoutASignInTheStepsBehindItAreStillLookedAt(t *testing.T) {
	missing := flow.Failed(flow.Raw("not signed in"))
	missing.Unseen = true
	p := &play{verdict: map[flow.ID]flow.Finding{"signin": missing}}
	report := house(p).Look(context.Background(), nil, silent)
	if got := verdicts(report)["edition"]; got != flow.Pass {
		t.Errorf("edition is %s", got)
	}
}

func TestOnlySomeStepsAreReportedWithTheirNeedsJudged(t *testing.T) {
	p := &play{verdict: map[flow.ID]flow.Finding{"signin": flow.Failed(flow.Raw("expired"))}}
	report := house(p).Look(context.Background(), []flow.ID{"pages"}, silent)
	want := map[flow.ID]flow.Verdict{"pages": flow.Blocked}
	if diff := cmp.Diff(want, verdicts(report)); diff != "" {
		t.Error(diff)
	}
	if looked := p.lookedAt(); slices.Contains(looked, "terms") {
		t.Errorf("terms was looked at: %v", looked)
	}
	needed := verdicts(flow.Report{Findings: report.Needed})
	if diff := cmp.Diff(map[flow.ID]flow.Verdict{"signin": flow.Fail, "edition": flow.Blocked, "package": flow.Blocked}, needed); diff != "" {
		t.Errorf("what was needed: %s", diff)
	}
}

func TestAgainLooksAtTheStepItsFailedNeedsAndWhatItBlocked(t *testing.T) {
	p := &play{verdict: map[flow.ID]flow.Finding{"edition": flow.Failed(flow.Raw("no API"))}}
	runner := house(p)
	runner.Look(context.Background(), nil, silent)
	p.lookedAt()

	p.verdict = nil // somebody mended it
	report := runner.Again(context.Background(), "edition", silent)
	if diff := cmp.Diff([]flow.ID{"edition", "package", "pages"}, p.lookedAt()); diff != "" {
		t.Errorf("looked at the wrong steps: %s", diff)
	}
	if report.Count(flow.Pass) != 5 {
		t.Errorf("want all five to pass: %v", verdicts(report))
	}
	runner.Again(context.Background(), "terms", silent)
	if diff := cmp.Diff([]flow.ID{"terms"}, p.lookedAt()); diff != "" {
		t.Errorf("looked at the wrong steps: %s", diff)
	}
}

func TestEventsTellEachStepBeforeAndAfter(t *testing.T) {
	p := &play{}
	var mu sync.Mutex
	begun, found := map[flow.ID]int{}, map[flow.ID]int{}
	house(p).Look(context.Background(), nil, func(event flow.Event) {
		mu.Lock()
		defer mu.Unlock()
		switch event := event.(type) {
		case flow.Looking:
			begun[event.Step]++
		case flow.Found:
			found[event.Finding.Step]++
			if begun[event.Finding.Step] != 1 {
				t.Errorf("%s was found before it was looked at", event.Finding.Step)
			}
		}
	})
	want := map[flow.ID]int{"signin": 1, "edition": 1, "package": 1, "terms": 1, "pages": 1}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Error(diff)
	}
}

func TestWhoListensHearsOfWaitsOnlyWhileALookIsUnderWay(t *testing.T) {
	var runner *flow.Runner
	heard := 0
	about := flow.Flow{Groups: []flow.Group{{ID: "ready", Steps: []flow.Step{{ID: "signin", Look: func(*world.World) flow.Finding {
		runner.Tell(flow.Waiting{Service: "Zendesk"})
		return flow.Passed(flow.Raw("well"))
	}}}}}}
	runner = flow.NewRunner(about, world.New(world.Options{}), time.Now)
	runner.Tell(flow.Waiting{Service: "Zendesk"})
	runner.Look(context.Background(), nil, func(event flow.Event) {
		if _, ok := event.(flow.Waiting); ok {
			heard++
		}
	})
	runner.Tell(flow.Waiting{Service: "Zendesk"})
	if heard != 1 {
		t.Errorf("heard %d waits, want 1", heard)
	}
}

func TestAFindingThatIsNotAPassSaysWhatItLeadsTo(t *testing.T) {
	p := &play{verdict: map[flow.ID]flow.Finding{"terms": flow.NotKnown(flow.Raw("who knows"))}}
	report := house(p).Look(context.Background(), nil, silent)
	terms, _ := report.Finding("terms")
	signin, _ := report.Finding("signin")
	if terms.LeadsTo.ID != "terms.leads_to" || !signin.LeadsTo.Empty() {
		t.Errorf("terms leads to %q, signin to %q", terms.LeadsTo.ID, signin.LeadsTo.ID)
	}
	if terms.ReadAt.IsZero() {
		t.Error("a finding must carry its time")
	}
}

func TestAFaultInOneLookLeavesTheOthersAlone(t *testing.T) {
	about := flow.Flow{Groups: []flow.Group{{ID: "ready", Steps: []flow.Step{
		{ID: "broken", Look: func(*world.World) flow.Finding { panic("index out of range") }},
		{ID: "whole", Look: func(*world.World) flow.Finding { return flow.Passed(flow.Raw("well")) }},
	}}}}
	report := flow.NewRunner(about, world.New(world.Options{}), time.Now).Look(context.Background(), nil, silent)
	want := map[flow.ID]flow.Verdict{"broken": flow.Unknown, "whole": flow.Pass}
	if diff := cmp.Diff(want, verdicts(report)); diff != "" {
		t.Error(diff)
	}
}
