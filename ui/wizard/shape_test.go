package wizard

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/charmbracelet/x/ansi"

	"zsf/flows/flow"
	"zsf/flows/run"
	"zsf/ui/parts"
	"zsf/ui/theme"
	"zsf/ui/uitest"
)

func TestEverySceneFitsEveryWidth(t *testing.T) {
	for _, scene := range scenes() {
		if scene.play == nil {
			continue
		}
		for _, tag := range []string{"en", "ko"} {
			synctest.Test(t, func(t *testing.T) {
				s := set(t, frameOf(t, tag, 80, 24, theme.Terminal{}), scene.report(), scene.set)
				defer s.model.Leave()
				s.done()
				scene.play(s)
				for width := parts.MinWidth; width <= 130; width += 7 {
					for _, height := range []int{16, 19, 20, 24, 31} {
						s.resize(width, height)
						s.fits()
					}
				}
			})
		}
	}
}

func TestNoWordsAreMissing(t *testing.T) {
	for _, scene := range scenes() {
		for _, tag := range []string{"en", "ko"} {
			synctest.Test(t, func(t *testing.T) {
				s := set(t, frameOf(t, tag, 130, 60, theme.Terminal{}), scene.report(), scene.set)
				defer s.model.Leave()
				s.done()
				if scene.play != nil {
					scene.play(s)
				}
				s.SeesNot("wizard.", "keys.", "off.", "do.sales", "<no value>")
				s.overlay = nil
				s.Press("?")
				s.SeesNot("keys.", "off.", "<no value>")
			})
		}
	}
}

func TestHostileWordsDoNotReachTheTerminal(t *testing.T) {
	const hostile = "a\x1b]0;owned\x07b\x1b[2Jc\u009b31md\u202eevil\u2066\u200b\r\n\x00z"
	report := uitest.Fresh()
	bad := flow.Failed(flow.Raw(hostile)).
		With(flow.Evidence{Fact: flow.Raw(hostile), Source: hostile, Mark: flow.Fail}).
		Mend(flow.Open("https://x/"+hostile, flow.Raw(hostile)), flow.Run(hostile, flow.Raw(hostile))).
		Because(fmt.Errorf("%s", hostile))
	bad.Step = "salesforce.session-lock"
	bad.Remedies[0].Clicks = flow.Raw(hostile)
	uitest.Replace(&report, bad)
	report.Salesforce.InstanceURL, report.Zendesk.URL = "https://"+hostile, hostile
	change := uitest.LockChange()
	change.Title, change.Lines[0].Before, change.Effects = flow.Raw(hostile), flow.Raw(hostile), []flow.Text{flow.Raw(hostile)}
	storyOf(t, report, func(s *stage, o *Options) {
		o.Profile = hostile
		s.run.Prepares = func(flow.ID) (flow.Change, error) { return change, nil }
		s.run.Makes = uitest.MadeAs(flow.Made, flow.Difference{Path: hostile, Before: hostile, After: hostile})
		s.run.Keep(run.Recorded{Entry: 3, Who: hostile, Change: change, Outcome: flow.Made})
	}, func(s *stage) {
		look := func() {
			t.Helper()
			harmless(t, s.Render())
		}
		s.done()
		look()
		s.Press("o")
		look()
		s.Press("esc", "c")
		s.Pass(time.Second)
		look()
		s.Press("D")
		s.Pass(time.Second)
		look()
		s.Press("u")
		look()
		for range 20 {
			s.Press("right")
		}
		look()
	})
}

// harmless fails the test for every control character but a style's and the line breaks.
func harmless(t *testing.T, screen string) {
	t.Helper()
	if strings.Contains(screen, "\x1b]") || strings.Contains(screen, "\x1b[2J") {
		t.Errorf("a sequence got through: %q", screen)
	}
	for _, r := range ansi.Strip(screen) {
		if r != '\n' && (r < 0x20 || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0x200b) {
			t.Errorf("%U got through", r)
		}
	}
}

// auto is a set-up in which services and browser do what is asked of them.
func auto(s *stage, o *Options) {
	o.Auto = true
	mend := func(ids ...flow.ID) {
		s.run.Finds(uitest.Mended(uitest.Fresh(), append(s.mended, ids...)...))
		s.mended = append(s.mended, ids...)
	}
	s.run.Makes = func(change flow.Change) (run.Result, error) {
		mend(change.Step)
		return run.Result{Change: change, Entry: int64(10 + len(s.mended)), Outcome: flow.Made}, nil
	}
	open := o.Open
	o.Open = func(ctx context.Context, url string) error {
		switch step := s.model.current().Step.ID; step {
		case "setup.package":
			mend(step, "access.pages")
		case "setup.connect":
			mend(step, "access.permitted-users", "access.profiles")
		}
		return open(ctx, url)
	}
}

func TestTheAutopilotWalksToTheEnd(t *testing.T) {
	story(t, auto, func(s *stage) {
		for range 240 {
			s.Pass(time.Second)
			if s.model.isAtEnd() {
				break
			}
		}
		s.Sees("▸ · The end", "Everything is settled.", "◦ Terms of use", "demo, 2026")
		calls := strings.Join(s.run.Calls(), "\n")
		for _, want := range []string{"make salesforce.session-lock", "confirm setup.instance", "opened a page of setup.package", "confirm setup.terms by demo", "opened a page of setup.connect"} {
			if !strings.Contains(calls, want) {
				t.Errorf("it did not %s:\n%s", want, calls)
			}
		}
		if s.Quit || strings.Contains(calls, "end") {
			t.Error("it left by itself")
		}
	})
}

func TestAKeyStopsTheAutopilot(t *testing.T) {
	story(t, auto, func(s *stage) {
		s.Pass(3 * time.Second)
		s.Press("j")
		s.Sees("It is yours now. a lets the wizard go on by itself.")
		calls := len(s.run.Calls())
		s.Pass(time.Minute)
		if len(s.run.Calls()) != calls {
			t.Error("it goes on under a person")
		}
		s.Press("esc", "a")
		for range 240 {
			s.Pass(time.Second)
		}
		s.Sees("Everything is settled.")
	})
}
