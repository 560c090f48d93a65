package checklist

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"zsf/flows/flow"
	"zsf/ui/parts"
	"zsf/ui/theme"
	"zsf/ui/uitest"
)

// story runs a test in a bubble, on a screen of that size, with trouble found in the first look.
func story(t *testing.T, width, height int, change func(*Options), tell func(s *stage)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := set(t, frameOf(t, "en", width, height, theme.Terminal{}), uitest.Troubled(), change)
		defer s.model.Leave()
		tell(s)
	})
}

// mended is Troubled with the failed session lock by a pass.
func mended() flow.Report {
	report, well := uitest.Troubled(), uitest.Well()
	lock, _ := well.Finding("salesforce.session-lock")
	uitest.Replace(&report, lock)
	return report
}

func TestNothingMovesWhenAnswersCome(t *testing.T) {
	for _, size := range [][2]int{{120, 40}, {80, 24}, {60, 16}} {
		story(t, size[0], size[1], nil, func(s *stage) {
			places := func() []int {
				var places []int
				for _, item := range s.model.items {
					title := s.model.frame.Words.Say(item.Step.Title())
					places = append(places, slices.IndexFunc(s.lines(), func(line string) bool { return strings.Contains(line, " "+title+" ") }))
				}
				return places
			}
			s.Press("down", "up") // a person is at the keys: the cursor stays too
			before := places()
			for range 30 {
				s.Pass(20 * time.Millisecond)
				if after := places(); !slices.Equal(before, after) {
					t.Fatalf("%v: rows moved from %v to %v:\n%s", size, before, after, s.Render())
				}
			}
		})
	}
}

func (s *stage) lines() []string { return strings.Split(ansi.Strip(s.Render()), "\n") }

func TestTheCursorGoesToWhatFailed(t *testing.T) {
	story(t, 120, 40, nil, func(s *stage) {
		s.done()
		s.Sees("▸ ✗ Session settings", "10:02:11   23 looked at in 0.4 s")
	})
	story(t, 120, 40, nil, func(s *stage) {
		s.Press("down")
		s.done()
		s.Sees("▸ ✓ Zendesk sign-in")
	})
}

func TestALookAgainKeepsTheOldFindingWithItsTime(t *testing.T) {
	story(t, 120, 40, nil, func(s *stage) {
		s.done()
		s.checker.Finds(mended())
		s.checker.Pause = 3 * time.Second
		s.Press("r")
		s.Pass(2100 * time.Millisecond)
		s.Sees("0 of 1 · looking… 2 s", "looking again… 2 s · this was seen 10:02:11", "originated: on")
		s.Pass(2 * time.Second)
		s.SeesNot("looking", "originated: on")
		s.Sees("▸ ✓ Session settings", "1 looked at")
		if looks := s.checker.Looks(); !slices.Equal(looks, []flow.ID{"", "salesforce.session-lock"}) {
			t.Errorf("looked at %v", looks)
		}
	})
}

func TestWhileItLooksOneStepCannotBeAskedForAgain(t *testing.T) {
	story(t, 120, 40, nil, func(s *stage) {
		s.Press("r")
		s.Sees("It is being looked at just now.")
		s.done()
		if looks := s.checker.Looks(); len(looks) != 1 {
			t.Errorf("looked at %v", looks)
		}
		s.Pass(6 * time.Second)
		s.SeesNot("just now")
	})
}

func TestALookFromTheStartDropsLateAnswers(t *testing.T) {
	story(t, 120, 40, nil, func(s *stage) {
		s.Pass(160 * time.Millisecond) // past the session lock's failure
		s.Sees("✗ Session settings")
		s.checker.Finds(mended())
		const stale = 1 // the look that Enter began
		s.Press("R")
		s.Send(parts.Reply{Call: parts.Call{Screen: Screen, Number: stale}, Message: parts.Events{Batch: []any{parts.LookEnded{Report: uitest.Troubled()}}}})
		s.Sees("0 of 23")
		s.done()
		s.Sees("✓ Session settings")
		s.SeesNot("failed")
	})
}

func TestOnlyWhatIsWrong(t *testing.T) {
	story(t, 80, 24, nil, func(s *stage) {
		s.done()
		s.Press("f")
		s.Sees("Session settings", "Rehearsal", "Terms of use", "Record pages", "f show all")
		s.SeesNot("Streaming API")
		s.checker.Finds(mended())
		s.Press("r")
		s.Pass(time.Second)
		s.Sees("▸ ✓ Session settings") // it was mended in sight
		s.Press("f", "f")
		s.SeesNot("Session settings")
		s.Press("esc")
		s.Sees("Session settings")
	})
}

func TestNothingWrongSaysSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		report := uitest.Well()
		report.Findings = report.Findings[:5]
		s := set(t, frameOf(t, "en", 80, 24, theme.Terminal{}), report, nil).done()
		defer s.model.Leave()
		s.Press("f", "o", "enter", "r", "y", "down", "1", "tab")
		s.Sees("Nothing is wrong. f shows everything again.", "The details fit the screen.")
		s.Press("f")
		s.Sees("▸ ✓ Salesforce sign-in")
	})
}

func TestPagesAreOpenedAndLinksCopied(t *testing.T) {
	var opened []string
	fails := errors.New("no browser here")
	open := func(options *Options) {
		options.Open = func(_ context.Context, url string) error {
			opened = append(opened, url)
			if strings.Contains(url, "ImportedPackage") {
				return fails
			}
			return nil
		}
	}
	const integrations = uitest.Account + "/admin/apps-integrations/integrations/integrations"
	const packages = uitest.Instance + "/lightning/setup/ImportedPackage/home"
	story(t, 120, 40, open, func(s *stage) {
		s.done()
		s.Press("o")
		s.Sees("Opened in the browser.")
		s.Press("y")
		s.Sees("Sent to the terminal's clipboard.")
		s.SeesNot("opied")
		s.Press("f", "down", "down", "o", "2") // the package has two pages
		s.Sees("No browser opened. y sends the link", "▸ 2 Setup")
		s.Press("y", "9")
		s.Sees("This step has 2 pages.")
		want := []string{uitest.Instance + "/lightning/setup/SecuritySession/home", integrations, packages}
		if !slices.Equal(opened, want) {
			t.Errorf("opened %v, want %v", opened, want)
		}
		sent := []string{"tea.setClipboardMsg " + want[0], "tea.setClipboardMsg " + packages}
		if !slices.Equal(s.Sent, sent) {
			t.Errorf("sent %v, want %v", s.Sent, sent)
		}
	})
}

func TestWithoutASignInThePageHasOnlyItsTrail(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		report := uitest.Troubled()
		unseen := flow.Failed(flow.Say("signin.missing")).Mend(
			flow.Open("", flow.Say("trail.session-settings")), flow.Run("export ZSF_ZENDESK_URL=…", flow.Text{}))
		unseen.Step, unseen.Unseen = "zendesk.signin", true
		uitest.Replace(&report, unseen)
		report.Zendesk = flow.Zendesk{}
		s := set(t, frameOf(t, "en", 120, 40, theme.Terminal{}), report, nil).done()
		defer s.model.Leave()
		s.Sees("Zendesk not signed in", "Setup › Security › Session Settings")
		s.Press("o")
		s.Sees("The page's address is not known without a sign-in.")
		s.Press("y")
		if !slices.Equal(s.Sent, []string{"tea.setClipboardMsg export ZSF_ZENDESK_URL=…"}) {
			t.Errorf("sent %v", s.Sent)
		}
	})
}

func TestDetailsFillTheScreenAndScroll(t *testing.T) {
	story(t, 60, 16, nil, func(s *stage) {
		s.done()
		s.Sees("↓ 18 more lines")
		s.Press("tab", "down", "down")
		s.Sees("↓ 16 more lines", "esc out")
		s.Press("esc", "down")
		s.Sees("▸ ✓ PKCE policy")
		s.Press("up", "enter")
		s.SeesNot("PKCE")
		s.Sees("esc back")
		s.Press("G")
		s.Sees("end", "your desk")
		s.Press("g", "pgdown", "enter")
		s.Sees("PKCE")
		s.Press("esc")
		s.Sees("q quits.")
		s.Press("q")
		if !s.Quit {
			t.Error("q did not quit")
		}
	})
}

func TestAResizeInTheMidstLosesNothing(t *testing.T) {
	story(t, 120, 40, nil, func(s *stage) {
		s.Pass(150 * time.Millisecond)
		s.Press("f", "f", "G", "enter", "enter")
		for _, size := range [][2]int{{60, 16}, {200, 60}, {1, 1}, {80, 24}, {99, 20}, {100, 20}} {
			frame := s.model.frame
			frame.Width, frame.Height = size[0], size[1]
			s.model.SetFrame(frame)
			s.Pass(30 * time.Millisecond)
			uitest.Fits(t, s.Render(), size[0], size[1])
			if size[0] >= parts.MinWidth {
				s.Sees("Salesforce triggers")
			}
		}
		s.done()
		s.Sees("Salesforce triggers", "23 looked at")
	})
}

func TestEveryWidthHasItsScreen(t *testing.T) {
	for _, tag := range []string{"en", "ko"} {
		synctest.Test(t, func(t *testing.T) {
			s := set(t, frameOf(t, tag, 80, 24, theme.Terminal{}), uitest.Troubled(), nil).done()
			defer s.model.Leave()
			for width := parts.MinWidth; width <= 140; width++ {
				for _, height := range []int{16, 24, 31} {
					frame := s.model.frame
					frame.Width, frame.Height = width, height
					s.model.SetFrame(frame)
					uitest.Fits(t, s.model.Render(), width, height)
					uitest.Fits(t, (&parts.Help{Title: "checklist.help-title", About: "checklist.help-about", Table: s.model.Keys(), Marks: true}).Render(frame), width, height)
				}
			}
		})
	}
}

func TestItLooksAgainEachInterval(t *testing.T) {
	story(t, 120, 40, func(options *Options) { options.Watch = 30 * time.Second }, func(s *stage) {
		s.done()
		s.Pass(10 * time.Second)
		s.Sees("again in 0:20")
		s.Pass(25 * time.Second)
		s.Sees("again in 0:2")
		if looks := s.checker.Looks(); len(looks) != 2 {
			t.Errorf("looked %d times", len(looks))
		}
	})
}

func TestAWaitIsSaid(t *testing.T) {
	story(t, 80, 24, func(options *Options) {
		checker := options.Checker.(*uitest.Checker)
		checker.Wait = flow.Waiting{Service: "Salesforce", Why: "429 Too Many Requests", Until: time.Now().Add(12 * time.Second)}
		checker.Pause = time.Second
	}, func(s *stage) {
		s.Pass(10 * time.Millisecond)
		s.Sees("waiting 12 s for Salesforce (429 Too Many Requests)")
		s.Pass(5 * time.Second)
		s.Sees("waiting 7 s for Salesforce")
		s.Pass(8 * time.Second)
		s.SeesNot("waiting")
	})
}

func TestTheDemoSwitchesScenarios(t *testing.T) {
	var well *uitest.Checker
	change := func(options *Options) {
		options.Scenario = "fresh"
		options.Scenarios = []Scenario{{"fresh", "nothing done"}, {"ready", "all done"}, {"broken", "does not start"}}
		options.Switch = func(_ context.Context, name string) (Checker, error) {
			if name == "broken" {
				return nil, errors.New("no such scenario")
			}
			time.Sleep(time.Second)
			well = (&uitest.Checker{Now: time.Now, After: time.After}).Finds(uitest.Well())
			return well, nil
		}
	}
	story(t, 80, 24, change, func(s *stage) {
		s.done()
		s.Sees("demo · fresh", "s scenario", "1 failed")
		s.Press("s", "esc", "s", "down", "enter")
		s.Sees("Starting the scenario ready…", "not looked at yet")
		s.Press("r", "R")
		s.Sees("The sandbox is being switched to another scenario.")
		s.done().done()
		s.Sees("demo · ready", "21 passed")
		s.SeesNot("failed")
		s.Press("s", "G", "enter")
		s.done()
		s.Sees("demo · broken", "no such scenario", "the look broke off")
		s.Press("s", "g", "enter")
		s.done().done()
		s.Sees("demo · fresh", "21 passed")
	})
}

func TestAPanicIsSaidAndDoesNotEndIt(t *testing.T) {
	story(t, 80, 24, func(options *Options) { options.Checker = panicking{} }, func(s *stage) {
		s.done()
		s.Sees("zsf made a mistake: no such thing", "the look broke off")
		s.SeesNot("looking…")
		s.Press("q")
	})
}

type panicking struct{}

func (panicking) Look(_ context.Context, _ []flow.ID, emit func(flow.Event)) flow.Report {
	emit(flow.Looking{Step: "salesforce.signin"})
	panic("no such thing")
}

func (panicking) Again(context.Context, flow.ID, func(flow.Event)) flow.Report { panic("again") }

func TestLeavingEndsTheLook(t *testing.T) {
	story(t, 80, 24, nil, func(s *stage) {
		s.Pass(100 * time.Millisecond)
		before := s.Render()
		s.model.Leave()
		s.Pass(time.Second) // the bubble fails the test if a goroutine stays
		if after := s.Render(); ansi.Strip(after) == ansi.Strip(before) {
			t.Error("it still shows a running look")
		}
		report, whole := s.model.Report()
		if whole || len(report.Findings) == 0 {
			t.Errorf("whole %v, %d findings", whole, len(report.Findings))
		}
		s.Do(s.model.Enter(s.T.Context(), s.model.frame))
		s.done()
		s.Sees("23 looked at", "Session settings")
	})
}

func TestAKoreanKeyboardHasTheSameShortcuts(t *testing.T) {
	story(t, 80, 24, nil, func(s *stage) {
		s.done()
		s.Send(tea.KeyPressMsg{Code: 'ㄹ', Text: "ㄹ"})
		s.Sees("f show all")
	})
}

func TestHostileWordsDoNotReachTheTerminal(t *testing.T) {
	const hostile = "a\x1b]0;owned\x07b\x1b[2Jc\u009b31md\u202eevil\u2066\u200b\r\n\x00z"
	synctest.Test(t, func(t *testing.T) {
		report := uitest.Well()
		bad := flow.Failed(flow.Raw(hostile)).
			With(flow.Evidence{Fact: flow.Raw(hostile), Source: hostile, Mark: flow.Fail}).
			Mend(flow.Open("https://x/"+hostile, flow.Raw(hostile)), flow.Run(hostile, flow.Raw(hostile)), flow.Tell(flow.Say("nosuch"+hostile))).
			Because(fmt.Errorf("%s", hostile))
		bad.Step, bad.LeadsTo = "salesforce.signin", flow.Say("unseen", "Reason", hostile)
		uitest.Replace(&report, bad)
		report.Salesforce.InstanceURL, report.Zendesk.URL = "https://"+hostile, hostile
		s := set(t, frameOf(t, "en", 120, 40, theme.Terminal{}), report, func(options *Options) {
			options.Profile = hostile
			options.Checker.(*uitest.Checker).Wait = flow.Waiting{Service: hostile, Why: hostile, Until: time.Now().Add(400 * time.Millisecond)}
			options.Scenarios, options.Scenario = []Scenario{{hostile, hostile}}, hostile
		})
		defer s.model.Leave()
		s.Pass(100 * time.Millisecond)
		harmless(t, s.Render())
		s.done()
		harmless(t, s.Render())
		s.Press("enter")
		harmless(t, s.Render())
		s.Press("enter", "s")
		harmless(t, s.Render())
	})
}

// harmless fails the test for every control character but a style's and the line breaks.
func harmless(t *testing.T, screen string) {
	t.Helper()
	plain := ansi.Strip(screen)
	if strings.Contains(screen, "\x1b]") || strings.Contains(screen, "\x1b[2J") {
		t.Errorf("a sequence got through: %q", screen)
	}
	for _, r := range plain {
		if r != '\n' && (r < 0x20 || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0x200b) {
			t.Errorf("%U got through", r)
		}
	}
}

func BenchmarkUpdateAndRender(b *testing.B) {
	frame := frameOf(b, "ko", 120, 40, theme.Terminal{})
	m := New(Options{Flow: uitest.Flow(), Clock: parts.SystemClock()}, false)
	m.ctx, m.leave = context.WithCancel(b.Context())
	m.SetFrame(frame)
	m.end(uitest.Troubled())
	down, up := uitest.Key("down"), uitest.Key("up")
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if i%20 < 10 {
			m.Update(down)
		} else {
			m.Update(up)
		}
		if m.Render() == "" {
			b.Fatal("nothing drawn")
		}
	}
}
