package wizard

import (
	"fmt"
	"testing"
	"time"

	"zsf/clients/transport"
	"zsf/flows/flow"
	"zsf/flows/run"
	"zsf/ui/uitest"
)

func TestAChangeIsShownMadeAndTakenBack(t *testing.T) {
	story(t, func(s *stage, _ *Options) {
		s.run.Undoes = func(entry int64) (run.Result, error) {
			s.run.Finds(uitest.Fresh())
			return run.Result{Entry: entry, Change: uitest.LockChange(), Outcome: flow.NotMade}, nil
		}
	}, func(s *stage) {
		s.done()
		s.Press("c")
		s.Sees("Reading what stands there now…")
		s.Pass(time.Second)
		s.Sees("What changes", "on → off", "Sessions of all users", "Modify Metadata", "Yes: u takes it back")
		s.Press("enter")
		s.Sees("Enter makes no change. D makes it")
		s.called("prepare salesforce.session-lock")
		s.run.Finds(uitest.Mended(uitest.Fresh(), "salesforce.session-lock"))
		s.run.Takes = 3 * time.Second
		s.Press("D", "D", "c", "q")
		s.Sees("A change is being made")
		s.Pass(2100 * time.Millisecond)
		s.Sees("Doing it… 2 s", "on → off")
		s.Pass(2 * time.Second)
		s.Sees("Done, read again, and nothing else moved. u takes it back.", "✓ passed: not locked", "▸ ✓ Session settings")
		s.called("prepare salesforce.session-lock", "make salesforce.session-lock")
		s.Pass(time.Minute)
		s.Sees("▸ ✓ Session settings") // what a change came to is read in peace

		s.run.Takes = 0
		s.Press("u")
		s.Sees("Take back what jpark changed", "off → on", "D Take it back")
		s.Press("D")
		s.Pass(time.Second)
		s.Sees("Taken back, read again, and nothing else moved.", "✗ failed: sessions are locked")
		s.called("prepare salesforce.session-lock", "make salesforce.session-lock", "take back 12")
		s.Press("u")
		s.Sees("zsf has made no change here")
	})
}

func TestWhatIsAsItShouldBeIsLookedAtAgain(t *testing.T) {
	story(t, func(s *stage, _ *Options) {
		s.run.Prepares = func(id flow.ID) (flow.Change, error) {
			return flow.Change{}, fmt.Errorf("%s: %w", id, flow.ErrAsItShould)
		}
	}, func(s *stage) {
		s.done()
		s.run.Finds(uitest.Mended(uitest.Fresh(), "salesforce.session-lock")) // somebody else did it
		s.Press("c")
		s.Pass(time.Second)
		s.Sees("It is already as it should be.", "▸ ✓ Session settings")
		s.SeesNot("Nothing was done")
	})
}

func TestALateAnswerToWhatWasLeftIsDropped(t *testing.T) {
	story(t, func(s *stage, _ *Options) { s.run.Takes = 2 * time.Second }, func(s *stage) {
		s.done()
		s.Press("c")
		s.Pass(time.Second)
		s.Press("esc")
		s.Pass(3 * time.Second)
		s.Sees("What to do")
		s.SeesNot("What changes")
	})
}

func TestWhileAChangeIsMadeOneCanLookAround(t *testing.T) {
	story(t, func(s *stage, _ *Options) { s.run.Takes = 2 * time.Second }, func(s *stage) {
		s.done()
		s.Press("c")
		s.Pass(3 * time.Second)
		s.Press("D", "j", "?")
		s.Sees("The wizard")
		s.Press("esc")
		s.run.Finds(uitest.Mended(uitest.Fresh(), "salesforce.session-lock"))
		s.Pass(3 * time.Second)
		s.Sees("Done, read again")
	})
}

func TestAnOrgThatChangedMeanwhileIsShownAndPreparedAnew(t *testing.T) {
	moved := true
	story(t, func(s *stage, _ *Options) {
		s.run.Makes = func(change flow.Change) (run.Result, error) {
			if moved {
				moved = false
				return run.Result{}, fmt.Errorf("lock: %w", &run.MovedError{Differences: []flow.Difference{{Path: "timeout", Before: "2 h", After: ""}}})
			}
			return run.Result{Change: change, Entry: 3, Outcome: flow.Made}, nil
		}
	}, func(s *stage) {
		s.done()
		s.Press("c")
		s.Pass(time.Second)
		s.Press("D")
		s.Pass(2 * time.Second)
		s.Sees("This changed since you looked, so nothing was done", "timeout", "2 h → (nothing)", "on → off")
		s.Press("D")
		s.Pass(time.Second)
		s.Sees("Done, read again")
		s.SeesNot("since you looked")
	})
}

func TestWhatBecameOfAChangeIsSaid(t *testing.T) {
	refused := &transport.Error{Service: transport.Salesforce, Kind: transport.Forbidden, Call: "updateMetadata", Code: "INSUFFICIENT_ACCESS"}
	cases := []struct {
		name   string
		result run.Result
		err    error
		want   []string
	}{
		{"refused", run.Result{Entry: 5, Outcome: flow.NotMade, Err: refused}, nil, []string{"It was not made.", "INSUFFICIENT_ACCESS", "o Setup › Security"}},
		{"taken and not done", run.Result{Entry: 5, Outcome: flow.NotMade, Err: run.ErrNotMade}, nil, []string{"It was not made."}},
		{"partly", run.Result{Entry: 5, Outcome: flow.PartMade, Err: refused}, nil, []string{"Only a part of it was made.", "INSUFFICIENT_ACCESS", "u Take back"}},
		{"more than it", run.Result{Entry: 5, Outcome: flow.Made, Moved: []flow.Difference{{Path: "timeout", After: "9 h"}}}, nil, []string{"Something else is other than before", "(nothing) → 9 h"}},
		{"not read again", run.Result{Entry: 5}, errAway, []string{"What became of it is not known yet", "Salesforce is not working"}},
		{"not begun", run.Result{}, errAway, []string{"Nothing was done: Salesforce is not working", "Look again in"}},
		{"only watching", run.Result{}, run.ErrWatching, []string{"Nothing was done: another zsf is at work"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			story(t, func(s *stage, _ *Options) {
				s.run.Makes = func(change flow.Change) (run.Result, error) {
					result := c.result
					result.Change = change
					return result, c.err
				}
			}, func(s *stage) {
				s.done()
				s.Press("c")
				s.Pass(time.Second)
				s.Press("D")
				s.Pass(time.Second)
				s.Sees(c.want...)
				s.Press("c") // none is a dead end
				s.Pass(time.Second)
				s.Sees("What changes")
			})
		})
	}
}

func TestATakeBackThatFailsIsSaid(t *testing.T) {
	cases := []struct {
		name   string
		result run.Result
		err    error
		want   []string
	}{
		{"refused", run.Result{Entry: 12, Outcome: flow.Made, Err: errAway}, nil, []string{"It was not taken back: the change still stands.", "Salesforce is not working"}},
		{
			"changed since",
			run.Result{Entry: 12},
			fmt.Errorf("x: %w", &run.MovedError{Differences: []flow.Difference{{Path: "lock", Before: "on", After: "auto"}}}),
			[]string{"Nothing was done", "What is other than it was left", "on → auto"},
		},
		{"already back", run.Result{Entry: 12, Outcome: flow.NotMade}, fmt.Errorf("x: %w", run.ErrTakenBack), []string{"Nothing was done: it was taken back already"}},
		{"and more moved", run.Result{Entry: 12, Outcome: flow.NotMade, Moved: []flow.Difference{{Path: "timeout", Before: "a", After: "b"}}}, nil, []string{"Taken back and read again. Something else", "a → b"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			story(t, func(s *stage, _ *Options) {
				s.run.Keep(run.Recorded{Entry: 12, At: uitest.Read, Who: "kim", Change: uitest.LockChange(), Outcome: flow.Made})
				s.run.Undoes = func(int64) (run.Result, error) { return c.result, c.err }
			}, func(s *stage) {
				s.done()
				s.Press("u", "D")
				s.Pass(time.Second)
				s.Sees(c.want...)
			})
		})
	}
}

// Enter right after a change, while the step is still being looked at, means to go on: not to do it once more.
func TestEnterRightAfterAChangeGoesOn(t *testing.T) {
	story(t, nil, func(s *stage) {
		s.done()
		s.Press("c")
		s.Pass(time.Second)
		s.run.Finds(uitest.Mended(uitest.Fresh(), "salesforce.session-lock"))
		s.run.Pause = 2 * time.Second // of the look that follows
		s.Press("D")
		s.Pass(time.Second)
		s.Sees("Done, read again, and nothing else moved.")
		s.Press("enter")
		s.called("prepare salesforce.session-lock", "make salesforce.session-lock")
		s.Sees("▸")
		s.Pass(3 * time.Second)
		s.SeesNot("▸ ✓ Session settings")
		s.called("prepare salesforce.session-lock", "make salesforce.session-lock")
	})
}

// A rehearsal is gone when it ends: nothing is promised of it.
func TestARehearsalPromisesNothing(t *testing.T) {
	story(t, func(_ *stage, options *Options) { options.Passing = true }, func(s *stage) {
		s.done()
		s.Press("esc")
		s.Sees("Nothing of a rehearsal stays.")
		s.SeesNot("goes on here")
	})
}
