package run_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"zsf/clients/store"
	"zsf/flows/flow"
	"zsf/flows/run"
)

func TestAWordHoldsInEveryRunAndASkipInOne(t *testing.T) {
	s := newStage(t)
	first := s.begin()
	if err := first.Confirm(t.Context(), "terms", "J. Park"); err != nil {
		t.Fatal(err)
	}
	if err := first.Skip(t.Context(), "instance"); err != nil {
		t.Fatal(err)
	}
	want := map[flow.ID]flow.Verdict{"lock": flow.Fail, "terms": flow.Confirmed, "instance": flow.Skipped}
	if diff := cmp.Diff(want, verdicts(first)); diff != "" {
		t.Error(diff)
	}
	resumed := s.begin()
	if diff := cmp.Diff(want, verdicts(resumed)); diff != "" {
		t.Errorf("after a resume: %s", diff)
	}
	if next, _ := resumed.Next(); next != "lock" {
		t.Errorf("goes on at %q", next)
	}
	if err := resumed.End(t.Context()); err != nil {
		t.Fatal(err)
	}
	want["instance"] = flow.Unknown
	if diff := cmp.Diff(want, verdicts(s.begin())); diff != "" {
		t.Errorf("in another run: %s", diff)
	}
}

func TestAWordIsTakenBack(t *testing.T) {
	s := newStage(t)
	r := s.begin()
	for _, say := range []error{
		r.Confirm(t.Context(), "terms", "J. Park"), r.TakeBackWord(t.Context(), "terms"),
		r.Skip(t.Context(), "instance"), r.Unskip(t.Context(), "instance"),
	} {
		if say != nil {
			t.Fatal(say)
		}
	}
	want := map[flow.ID]flow.Verdict{"lock": flow.Fail, "terms": flow.Unknown, "instance": flow.Unknown}
	if diff := cmp.Diff(want, verdicts(r)); diff != "" {
		t.Error(diff)
	}
}

func TestALookThatContradictsAWordSaysSo(t *testing.T) {
	s := newStage(t)
	r := s.begin()
	if err := r.Confirm(t.Context(), "lock", "J. Park"); err != nil {
		t.Fatal(err)
	}
	lock := r.Findings()[0]
	if lock.Verdict != flow.Fail {
		t.Fatalf("a word overruled what was seen: %s", lock.Verdict)
	}
	last := lock.Evidence[len(lock.Evidence)-1]
	if last.Fact.ID != "fact.contradicts" || last.Fact.Args["Name"] != "J. Park" {
		t.Errorf("it says %v", last.Fact)
	}
}

func TestAChangeIsWrittenDownMadeAndReadAgain(t *testing.T) {
	s := newStage(t)
	r := s.begin()
	change, err := r.Prepare(t.Context(), "lock")
	if err != nil {
		t.Fatal(err)
	}
	if s.org.settings["lock"] != "on" {
		t.Fatal("a preview changed something")
	}
	result, err := r.Make(t.Context(), change)
	if err != nil || result.Outcome != flow.Made || len(result.Moved) > 0 {
		t.Fatalf("%+v %v", result, err)
	}
	back, err := r.TakeBack(t.Context(), result.Entry)
	if err != nil || back.Outcome != flow.NotMade {
		t.Fatalf("%+v %v", back, err)
	}
	if diff := cmp.Diff(flow.State{"lock": "on", "timeout": "2 h"}, s.org.settings); diff != "" {
		t.Error(diff)
	}
	want := []store.Kind{store.RunStarted, store.ChangeBegun, store.ChangeMade, store.UndoBegun, store.Undone}
	if diff := cmp.Diff(want, s.kinds()); diff != "" {
		t.Error(diff)
	}
	if _, err := r.TakeBack(t.Context(), result.Entry); !errors.Is(err, run.ErrTakenBack) {
		t.Errorf("a second time: %v", err)
	}
}

// What a service was still at work on is found out later; while nothing is new, nothing is written down.
func TestWhatBecameOfASlowChangeIsFoundOut(t *testing.T) {
	for ends, want := range map[string]flow.Outcome{"off": flow.Made, "on": flow.NotMade} {
		s := newStage(t)
		s.org.slow = true
		r := s.begin()
		change, err := r.Prepare(t.Context(), "lock")
		if err != nil {
			t.Fatal(err)
		}
		if result, err := r.Make(t.Context(), change); err != nil || result.Outcome != flow.Underway {
			t.Fatalf("%+v %v", result, err)
		}
		before := len(s.kinds())
		if results, err := r.Recover(t.Context()); err != nil || len(results) != 1 || results[0].Outcome != flow.Underway {
			t.Errorf("%+v %v", results, err)
		}
		if after := len(s.kinds()); after != before {
			t.Errorf("%d entries were written of nothing", after-before)
		}
		s.org.settings["lock"] = ends
		for _, left := range []int{1, 0} { // it is found out once
			if results, err := r.Recover(t.Context()); err != nil || len(results) != left || left > 0 && results[0].Outcome != want {
				t.Errorf("%s: %+v %v", ends, results, err)
			}
		}
		if changes, err := r.Changes(t.Context()); err != nil || len(changes) != 1 || changes[0].Outcome != want {
			t.Errorf("%s: %+v %v", ends, changes, err)
		}
	}
}

func TestWhatMovedBesideAChangeIsNamed(t *testing.T) {
	s := newStage(t)
	s.org.also = func(settings flow.State) { settings["timeout"] = "24 h" }
	r := s.begin()
	change, err := r.Prepare(t.Context(), "lock")
	if err != nil {
		t.Fatal(err)
	}
	result, err := r.Make(t.Context(), change)
	want := []flow.Difference{{Path: "timeout", Before: "2 h", After: "24 h"}}
	if err != nil || result.Outcome != flow.Made || cmp.Diff(want, result.Moved) != "" {
		t.Errorf("%+v %v", result, err)
	}
}

func TestAnOrgThatChangedSinceThePreviewIsLeftAlone(t *testing.T) {
	s := newStage(t)
	r := s.begin()
	change, err := r.Prepare(t.Context(), "lock")
	if err != nil {
		t.Fatal(err)
	}
	s.org.settings["timeout"] = "8 h"
	_, err = r.Make(t.Context(), change)
	var moved *run.MovedError
	if !errors.As(err, &moved) || moved.Differences[0].Path != "timeout" {
		t.Fatalf("%v", err)
	}
	if s.org.settings["lock"] != "on" || len(s.kinds()) != 1 {
		t.Errorf("something was done: %v %v", s.org.settings, s.kinds())
	}
}

func TestAChangeThatSomebodyElseChangedIsNotTakenBack(t *testing.T) {
	s := newStage(t)
	r := s.begin()
	change, err := r.Prepare(t.Context(), "lock")
	if err != nil {
		t.Fatal(err)
	}
	result, err := r.Make(t.Context(), change)
	if err != nil {
		t.Fatal(err)
	}
	s.org.settings["lock"] = "in part"
	if _, err := r.TakeBack(t.Context(), result.Entry); !errors.Is(err, run.ErrTakenBack) && !errors.Is(err, run.ErrMoved) {
		t.Errorf("%v", err)
	}
	if s.org.settings["lock"] != "in part" {
		t.Error("somebody else's work was overwritten")
	}
}

func TestARefusedChangeIsSaidAndNotMade(t *testing.T) {
	s := newStage(t)
	s.org.refuses = errors.New("INSUFFICIENT_ACCESS")
	r := s.begin()
	change, err := r.Prepare(t.Context(), "lock")
	if err != nil {
		t.Fatal(err)
	}
	result, err := r.Make(t.Context(), change)
	if err != nil || result.Outcome != flow.NotMade || !strings.Contains(result.Err.Error(), "INSUFFICIENT_ACCESS") {
		t.Errorf("%+v %v", result, err)
	}
}

func TestAChangeWhoseAnswerWasLostIsFound(t *testing.T) {
	s := newStage(t)
	s.org.lost = true
	r := s.begin()
	change, err := r.Prepare(t.Context(), "lock")
	if err != nil {
		t.Fatal(err)
	}
	if result, err := r.Make(t.Context(), change); err != nil || result.Outcome != flow.Made {
		t.Errorf("%+v %v", result, err)
	}
}

func TestARunThatOnlyWatchesWritesNothing(t *testing.T) {
	s := newStage(t)
	s.begin()
	before := len(s.kinds())
	options := s.options()
	options.Watch = true
	watching, err := run.Begin(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	watching.Look(t.Context(), nil, func(flow.Event) {})
	for name, err := range map[string]error{
		"confirm": watching.Confirm(t.Context(), "terms", "J. Park"),
		"skip":    watching.Skip(t.Context(), "terms"),
		"end":     watching.End(t.Context()),
	} {
		if !errors.Is(err, run.ErrWatching) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if after := len(s.kinds()); after != before {
		t.Errorf("%d entries became %d", before, after)
	}
}

func TestAnAnswerMustFitItsQuestion(t *testing.T) {
	s := newStage(t)
	r := s.begin()
	question := r.Questions("instance")[0]
	if err := r.Answer(t.Context(), "instance", question, []string{"moon"}); !errors.Is(err, flow.ErrNoOption) {
		t.Errorf("%v", err)
	}
	if err := r.Answer(t.Context(), "instance", question, []string{"sandbox"}); err != nil {
		t.Fatal(err)
	}
	if got := s.begin().Answered(question); cmp.Diff([]string{"sandbox"}, got) != "" {
		t.Errorf("after a resume: %v", got)
	}
}
