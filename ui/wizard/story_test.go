package wizard

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"zsf/clients/transport"
	"zsf/flows/flow"
	"zsf/flows/run"
	"zsf/ui/parts"
	"zsf/ui/theme"
	"zsf/ui/uitest"
)

func TestItDoesNotMoveUnderAPerson(t *testing.T) {
	story(t, nil, func(s *stage) {
		s.Press("n")
		s.done()
		s.Sees("▸ ✓ Zendesk sign-in", "2 of 19")
	})
}

func TestNothingJumpsWhenAnswersCome(t *testing.T) {
	for _, size := range [][2]int{{120, 40}, {100, 24}, {80, 24}, {60, 16}} {
		synctest.Test(t, func(t *testing.T) {
			s := set(t, frameOf(t, "en", size[0], size[1], theme.Terminal{}), uitest.Fresh(), nil)
			defer s.model.Leave()
			s.Press("n", "p")
			places := func() []int {
				var places []int
				for _, it := range s.model.items {
					title := s.model.frame.Words.Say(it.Step.Title())
					places = append(places, slices.IndexFunc(s.lines(), func(line string) bool { return strings.HasPrefix(line[min(len(line), 2):], title) }))
				}
				return append(places, slices.IndexFunc(s.lines(), func(line string) bool { return strings.Contains(line, "Every look at the org") }))
			}
			before := places()
			for range 25 {
				s.Pass(20 * time.Millisecond)
				if after := places(); !slices.Equal(before, after) {
					t.Fatalf("%v: lines moved from %v to %v:\n%s", size, before, after, s.Render())
				}
			}
		})
	}
}

func TestWatchingGoesOnByItself(t *testing.T) {
	storyOf(t, connected(), nil, func(s *stage) {
		s.done()
		s.at("access.permitted-users")
		looks := len(s.run.Looks())
		s.Press("o")
		s.Sees("Waiting for you in the browser", "1  Salesforce Integration for Zendesk", "2  Edit Policies", "4  Save", "We look every few seconds.")
		s.Pass(65300 * time.Millisecond)
		s.Sees("1:05", "all users may self-authorize", "Last look")
		// At first each two seconds, then each four.
		if now := len(s.run.Looks()) - looks; now < 18 || now > 26 {
			t.Errorf("it looked %d times in 65 s", now)
		}
		s.run.Finds(uitest.Mended(connected(), "access.permitted-users"))
		s.Press("r")
		s.Pass(200 * time.Millisecond)
		s.Sees("✓ Done", "▸ ✓ Permitted users")
		s.Pass(2500 * time.Millisecond)
		s.Sees("▸ ✓ Permitted users") // the key was pressed less than three seconds ago
		s.Pass(time.Second)
		s.Sees("▸ ✗ Profiles")
		if want := []string{uitest.Instance + "/lightning/setup/ConnectedApplication/home"}; !slices.Equal(s.opened, want) {
			t.Errorf("opened %v", s.opened)
		}
		s.called("opened a page of access.permitted-users")
	})
}

func TestAWarningIsWatchedUntilItIsMended(t *testing.T) {
	report := uitest.Well()
	pages := flow.Warned(flow.Say("access.pages.without", "Objects", []string{"Lead"})).
		Mend(flow.Open(uitest.Instance+"/lightning/setup/FlexiPageList/home", flow.Say("trail.app-builder")))
	pages.Step = "access.pages"
	uitest.Replace(&report, pages)
	storyOf(t, report, nil, func(s *stage) {
		s.done()
		s.Sees("▸ ! Record pages")
		s.Press("o")
		s.Pass(20 * time.Second)
		s.Sees("Waiting for you in the browser")
		s.run.Finds(uitest.Well())
		s.Pass(10 * time.Second)
		s.Sees("▸ ? Terms of use", "✓ Record pages")
	})
}

func TestItGoesOnUnderNobodysFingers(t *testing.T) {
	ready := func(s *stage) {
		s.done()
		s.at("access.permitted-users")
		s.Press("o")
		s.Pass(10 * time.Second)
		s.run.Finds(uitest.Mended(connected(), "access.permitted-users"))
	}
	storyOf(t, connected(), nil, func(s *stage) { // somebody reads the help
		ready(s)
		s.Press("?")
		s.Pass(time.Minute)
		s.Press("esc", "j")
		s.Sees("▸ ✓ Permitted users", "✓ Done")
		s.Pass(4 * time.Second)
		s.Sees("▸ ✗ Profiles")
	})
	storyOf(t, connected(), nil, func(s *stage) { // somebody went elsewhere
		ready(s)
		s.Press("p")
		s.Pass(time.Minute)
		s.Sees("▸ ✓ Connect and Allow")
		s.Press("n")
		s.Pass(10 * time.Second)
		s.Sees("▸ ✗ Profiles") // the wait went on where it was
	})
	storyOf(t, connected(), nil, func(s *stage) { // nobody waits any more
		ready(s)
		s.Press("esc")
		looks := len(s.run.Looks())
		s.Pass(time.Minute)
		s.Sees("▸ ✗ Permitted users", "What to do")
		if len(s.run.Looks()) != looks {
			t.Error("it goes on looking after esc")
		}
	})
}

func TestAServiceThatGoesAwayIsAState(t *testing.T) {
	storyOf(t, connected(), nil, func(s *stage) {
		s.done()
		s.at("access.permitted-users")
		s.Press("o")
		gone := connected()
		for _, err := range []error{
			errAway,
			&transport.Error{Service: transport.Salesforce, Kind: transport.SignInExpired, Status: 401, Code: "INVALID_SESSION_ID"},
			&transport.Error{Service: transport.Salesforce, Kind: transport.Forbidden, Status: 403, Code: "INSUFFICIENT_ACCESS"},
		} {
			finding := flow.NotKnown(flow.Say("unseen", "Reason", err)).Because(err)
			finding.Step = "access.permitted-users"
			uitest.Replace(&gone, finding)
			s.run.Finds(gone)
			s.Pass(5 * time.Second)
			s.Sees("Waiting for you", "could not be looked up", s.model.frame.Words.Hint(err)[:20])
		}
		s.run.Finds(uitest.Mended(connected(), "access.permitted-users"))
		s.Pass(20 * time.Second)
		s.Sees("▸ ✗ Profiles")
	})
}

func TestAWaitThatAServiceAsksForIsSaid(t *testing.T) {
	story(t, func(s *stage, _ *Options) {
		s.run.Wait = flow.Waiting{Service: "Salesforce", Why: "429 Too Many Requests", Until: time.Now().Add(12 * time.Second)}
		s.run.Pause = time.Second
	}, func(s *stage) {
		s.Pass(5 * time.Second)
		s.Sees("waiting 7 s for Salesforce (429 Too Many Requests)")
		s.Press("n")
		s.Sees("2 of 19") // keys never wait
	})
}

func TestAPageThatOnlyAPersonCanTellAbout(t *testing.T) {
	story(t, nil, func(s *stage) {
		s.done()
		s.at("setup.terms")
		looks := len(s.run.Looks())
		s.Press("o")
		s.Pass(30 * time.Second)
		s.Sees("0:30", "No API tells when this is done: press v when it is")
		if len(s.run.Looks()) != looks {
			t.Error("it looks where no look can tell")
		}
		s.Press("v", "enter")
		s.Pass(time.Second)
		s.Sees("▸ ✗ Connect and Allow")
	})
}

func TestAStepIsLeftForLaterAndTakenUpAgain(t *testing.T) {
	story(t, nil, func(s *stage) {
		s.done()
		s.Press("s")
		s.Sees("What it leads to until then", "disconnects when its session expires", "$ zsf setup --only salesforce.session-lock")
		s.Press("esc", "s", "s")
		s.Pass(time.Second)
		s.Sees("- Session settings", "▸ ? Instance", "left for later")
		s.at("salesforce.session-lock")
		s.Sees("skipped: left for later", "s Take it up again", "zsf setup --only salesforce.session-lock")
		s.Press("s")
		s.Pass(time.Second)
		s.Sees("▸ ✗ Session settings")
		s.called("skip salesforce.session-lock", "unskip salesforce.session-lock")
		s.at("salesforce.edition")
		s.Press("s")
		s.Sees("There is nothing to skip")
	})
}

// Whoever leaves a step for later while the others are still being looked at is not led to one that then passes.
func TestLeavingAStepWaitsForWhatIsBeingLookedAt(t *testing.T) {
	report := uitest.Well()
	locked := uitest.Fresh()
	for _, finding := range locked.Findings {
		if finding.Step == "salesforce.session-lock" {
			uitest.Replace(&report, finding)
		}
	}
	storyOf(t, report, func(s *stage, _ *Options) { s.run.Pause = 50 * time.Millisecond }, func(s *stage) {
		s.Pass(370 * time.Millisecond)
		s.Sees("▸ ✗ Session settings", "looking…")
		s.Press("s", "s")
		s.Pass(350 * time.Millisecond)
		s.Sees("▸ - Session settings")
		s.Pass(2 * time.Second)
		s.Sees("▸ ? Terms of use")
	})
}

// What a person says while a look is being written down is not undone by what the look found before.
func TestAWordThatCrossesALookStays(t *testing.T) {
	story(t, func(s *stage, _ *Options) { s.run.Keeps = 2 * time.Second }, func(s *stage) {
		s.Pass(time.Second)
		s.Sees("▸ ✗ Session settings", "looking…")
		s.Press("s", "s")
		s.Pass(3 * time.Second)
		s.Sees("- Session settings")
	})
}

func TestOneThatOnlyWatchesChangesNothing(t *testing.T) {
	story(t, func(s *stage, o *Options) {
		s.run.Watching = true
		o.SignIn = func(transport.Service) tea.Cmd { panic("signed in") }
		o.SwitchLayout = func(context.Context) (Runner, error) { panic("switched") }
	}, func(s *stage) {
		s.done()
		s.Sees("another zsf is at work on this profile")
		for _, key := range []string{"c", "s", "u", "V", "L", "l"} {
			s.Press(key)
			s.Sees("this one only looks, opens and copies")
			s.Pass(6 * time.Second)
		}
		s.Press("o")
		s.Pass(time.Second)
		s.Sees("Opened in the browser.", "Waiting for you")
		s.Press("y")
		s.at("setup.terms")
		s.Press("v")
		s.Sees("this one only looks, opens and copies")
		s.called()
	})
}

func TestWhatWasLeftInTheMiddleIsSaid(t *testing.T) {
	results := map[string]run.Result{
		"was made: Turn off the lock of sessions to an IP address. zsf undo 7": {Outcome: flow.Made},
		"was not made":     {Outcome: flow.NotMade, Err: run.ErrNotMade},
		"was made in part": {Outcome: flow.PartMade},
		"still under way":  {Outcome: flow.Underway},
		"was taken back":   {Outcome: flow.NotMade},
	}
	for want, result := range results {
		story(t, func(s *stage, _ *Options) {
			result.Change, result.Entry = uitest.LockChange(), 7
			s.run.Left = []run.Result{result}
		}, func(s *stage) {
			s.done()
			s.Sees("What was begun on 2026-11-23 10:02", strings.Fields(want)[1])
			screen := strings.Join(strings.Fields(strings.Join(s.lines(), " ")), " ")
			for _, word := range strings.Fields(want) {
				if !strings.Contains(screen, word) {
					t.Errorf("%q is not on the screen", word)
				}
			}
			s.Press("n", "p")
			s.SeesNot("What was begun")
		})
	}
}

func TestTheEndClosesTheRun(t *testing.T) {
	storyOf(t, uitest.Well(), func(s *stage, _ *Options) {
		s.run.Keep(run.Recorded{Entry: 12, At: uitest.Read, Who: "kim", Change: uitest.LockChange(), Outcome: flow.Made})
		s.run.Keep(run.Recorded{Entry: 9, At: uitest.Read, Who: "kim", Change: uitest.LockChange(), Outcome: flow.Made, TakenBack: true})
	}, func(s *stage) {
		s.done()
		s.Press("v", "enter")
		s.Pass(time.Second)
		s.Sees("▸ · The end", "Everything is settled.", "18 by what the services' APIs answered, 1 by a person's word.",
			"What people confirmed (1)", "What zsf changed (1)", "zsf undo 12", "zsf check --watch 5m", "read 10:02:11")
		s.SeesNot("zsf undo 9")
		s.run.Notes = errNotes
		s.Press("q")
		s.Pass(time.Second)
		s.Sees("The run could not be closed: the disk is full")
		if s.Quit {
			t.Fatal("it quit without a word")
		}
		s.Press("q")
		if !s.Quit {
			t.Error("it does not quit")
		}
	})
	storyOf(t, uitest.Well(), nil, func(s *stage) {
		s.done()
		s.Press("v", "enter")
		s.Pass(time.Second)
		s.Press("esc")
		s.Pass(time.Second)
		s.called("confirm setup.terms by jpark", "end")
		if !s.Quit {
			t.Error("it does not quit")
		}
	})
}

func TestAnEndWithSomethingLeftClosesNothing(t *testing.T) {
	story(t, nil, func(s *stage) {
		s.done()
		for range 20 {
			s.Press("right")
		}
		s.Sees("8 steps are not settled yet.", "What is left to do", "✗ Package", "waits for: Connect and Allow")
		s.Press("enter")
		s.Sees("▸ ✗ Session settings")
		for range 20 {
			s.Press("right")
		}
		s.Press("esc")
		s.Sees("q quits. zsf setup goes on here.")
		s.Press("q")
		if !s.Quit {
			t.Error("it does not quit")
		}
		s.called()
		if next, ok := s.model.Unsettled(); !ok || next != "salesforce.session-lock" {
			t.Errorf("it goes on at %q", next)
		}
	})
}

func TestSigningInTurnsWordsIntoLooks(t *testing.T) {
	var asked transport.Service
	storyOf(t, unseen(), func(_ *stage, o *Options) {
		o.SignIn = func(service transport.Service) tea.Cmd {
			asked = service
			return nil
		}
	}, func(s *stage) {
		s.done()
		s.Sees("l Sign in with the browser", "$ zsf auth login salesforce", "Confirm it yourself")
		s.Press("l")
		if asked != transport.Salesforce {
			t.Errorf("asked to sign in to %q", asked)
		}
		signedIn := uitest.NewRunner(uitest.Fresh())
		s.Press("n", "n")
		s.Send(Renewed{Run: signedIn})
		s.done()
		s.Sees("▸ ✓ Salesforce edition", "✓ Salesforce sign-in")
		s.Press("l")
		s.Sees("This step needs no sign-in.")
	})
	storyOf(t, unseen(), nil, func(s *stage) {
		s.done()
		s.Press("l")
		s.Sees("Signing in is done from the shell: zsf auth login.")
		s.Press("c")
		s.Sees("No API can do this step")
	})
}

func TestTheOtherLayoutKeepsThePlace(t *testing.T) {
	story(t, func(s *stage, o *Options) {
		o.SwitchLayout = func(context.Context) (Runner, error) {
			time.Sleep(time.Second)
			connect := s.run.Steps.Groups[4].Steps
			s.run.Steps.Groups[4].Steps = []flow.Step{connect[1], connect[2], connect[0]}
			return s.run, nil
		}
	}, func(s *stage) {
		s.done()
		s.at("setup.package")
		s.Press("c")
		s.types("04t")
		s.Press("esc", "L")
		s.Sees("Switching to Admin Center's other order…")
		s.Press("L")
		s.Pass(3 * time.Second)
		s.Sees("▸ ✗ Package", "16 of 19")
		s.Press("c")
		s.Sees("04t")
	})
}

func TestTheDemoSwitchesScenarios(t *testing.T) {
	story(t, func(_ *stage, o *Options) {
		o.Scenario, o.Scenarios = "fresh", []parts.Choice{{Name: "fresh"}, {Name: "ready"}, {Name: "broken"}}
		o.Switch = func(_ context.Context, name string) (Runner, error) {
			if name == "broken" {
				return nil, errors.New("no such scenario")
			}
			return uitest.NewRunner(uitest.Well()), nil
		}
	}, func(s *stage) {
		s.done()
		s.Sees("set up · demo, fresh")
		s.Press("S", "down", "enter")
		s.done()
		s.Sees("set up · demo, ready", "▸ ? Terms of use")
		s.Press("S", "G", "enter")
		s.done()
		s.Sees("no such scenario", "demo, ready")
	})
}

func TestPagesAreChosenAndLinksCopied(t *testing.T) {
	story(t, nil, func(s *stage) {
		s.done()
		s.at("setup.package")
		s.Press("2")
		s.Sees("Setup › Apps › Installed Packages", "Find “Salesforce Integration for Zendesk”", "1 Other page")
		s.Press("y", "9")
		s.Sees("This step has 2 pages.")
		if want := []string{uitest.Instance + "/lightning/setup/ImportedPackage/home"}; !slices.Equal(s.opened, want) {
			t.Errorf("opened %v", s.opened)
		}
		if want := []string{"tea.setClipboardMsg " + uitest.Instance + "/lightning/setup/ImportedPackage/home"}; !slices.Equal(s.Sent, want) {
			t.Errorf("sent %v", s.Sent)
		}
	})
}

func TestAPanicIsSaidAndEndsNothing(t *testing.T) {
	story(t, func(s *stage, _ *Options) {
		s.run.Prepares = func(flow.ID) (flow.Change, error) { panic("no such thing") }
	}, func(s *stage) {
		s.done()
		s.Press("c")
		s.Pass(time.Second)
		s.Sees("Nothing was done: zsf made a mistake: no such thing")
		s.Press("r")
		s.Pass(time.Second)
		s.SeesNot("mistake")
	})
}

func TestLeavingEndsEverythingAndItCanBeEnteredAnew(t *testing.T) {
	story(t, func(s *stage, _ *Options) { s.run.Takes = 5 * time.Second }, func(s *stage) {
		s.Pass(100 * time.Millisecond)
		s.model.Leave()
		s.Pass(time.Second) // the bubble fails the test if a goroutine stays
		s.Do(s.model.Enter(s.T.Context(), s.model.frame))
		s.done()
		s.Sees("▸ ✗ Session settings", "as of")
		s.Press("c")
		s.model.Leave()
		s.Pass(6 * time.Second)
		s.Do(s.model.Enter(s.T.Context(), s.model.frame))
		s.done()
		s.Sees("What to do")
	})
}

func TestAKoreanKeyboardHasTheSameShortcuts(t *testing.T) {
	story(t, nil, func(s *stage) {
		s.done()
		s.Send(tea.KeyPressMsg{Code: 'ㅊ', Text: "ㅊ"})
		s.Pass(time.Second)
		s.Sees("What changes")
		s.at("setup.terms")
		s.Press("v", "ctrl+u")
		s.Send(tea.KeyPressMsg{Code: '박', Text: "박지은"})
		s.Sees("Your name:  박지은")
	})
}
