package run_test

import (
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"zsf/flows/answers"
	"zsf/flows/flow"
	"zsf/flows/run"
)

func TestWhatWasSaidAndDoneBecomesAnswers(t *testing.T) {
	s := newStage(t)
	r := s.begin()
	change, err := r.Prepare(t.Context(), "lock")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Make(t.Context(), change); err != nil {
		t.Fatal(err)
	}
	for _, said := range []error{
		r.Opened(t.Context(), "lock", "https://acme.example/"), r.Confirm(t.Context(), "terms", "J. Park"),
		r.Answer(t.Context(), "instance", r.Questions("instance")[0], []string{"sandbox"}), r.Skip(t.Context(), "instance"),
	} {
		if said != nil {
			t.Fatal(said)
		}
	}
	given, err := r.Given(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := answers.Given{
		Who:       "J. Park",
		Actions:   map[flow.ID]answers.Action{"lock": answers.Change, "terms": answers.Confirm, "instance": answers.Skip},
		Questions: flow.Answers{"instance": {"sandbox"}},
	}
	if diff := cmp.Diff(want, given); diff != "" {
		t.Error(diff)
	}
}

func TestARunThatWatchesSeesWhatTheOtherOneWrites(t *testing.T) {
	s := newStage(t)
	first := s.begin()
	options := s.options()
	options.Watch = true
	watching, err := run.Begin(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	if err := first.Confirm(t.Context(), "terms", "J. Park"); err != nil {
		t.Fatal(err)
	}
	watching.Look(t.Context(), nil, func(flow.Event) {})
	if got := verdicts(watching)["terms"]; got != flow.Confirmed || watching.ID() != first.ID() {
		t.Errorf("%s, run %s of %s", got, watching.ID(), first.ID())
	}
}

func TestARunThatWatchesIsLookedAtFromSeveralSides(t *testing.T) {
	s := newStage(t)
	s.begin()
	options := s.options()
	options.Watch = true
	watching, err := run.Begin(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	var sides sync.WaitGroup
	for range 4 {
		sides.Go(func() { watching.Look(t.Context(), nil, func(flow.Event) {}) })
		sides.Go(func() {
			if watching.ID() == "" {
				t.Error("no run is watched")
			}
		})
	}
	sides.Wait()
}

func TestOnlyASetUpOfSandboxesIsARehearsal(t *testing.T) {
	s := newStage(t)
	if err := s.begin().End(t.Context()); err != nil {
		t.Fatal(err)
	}
	// This one knows of no org: it may have been production.
	if at, err := run.Rehearsed(t.Context(), s.journal); err != nil || !at.IsZero() {
		t.Errorf("%v %v", at, err)
	}
}

// What a dry run supposes is offered like an answer, gives way to one, outlasts a look, and is written nowhere.
func TestASuppositionIsNotWrittenDown(t *testing.T) {
	s := newStage(t)
	options := s.options()
	options.Watch = true
	watching, err := run.Begin(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	watching.Suppose(flow.Answers{"instance": {"production"}})
	watching.Look(t.Context(), nil, func(flow.Event) {})
	if got := watching.Answers()["instance"]; !cmp.Equal(got, []string{"production"}) {
		t.Errorf("it supposes %v", got)
	}
	first := s.begin()
	if _, written := first.Answers()["instance"]; written {
		t.Error("a supposition is in the journal")
	}
	if err := first.Answer(t.Context(), "instance", first.Questions("instance")[0], []string{"sandbox"}); err != nil {
		t.Fatal(err)
	}
	watching.Look(t.Context(), nil, func(flow.Event) {})
	if got := watching.Answers()["instance"]; !cmp.Equal(got, []string{"sandbox"}) {
		t.Errorf("after an answer it supposes %v", got)
	}
}
