package app

import (
	"context"
	"errors"
	"image/color"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"zsf/flows/flow"
	"zsf/ui/checklist"
	"zsf/ui/home"
	"zsf/ui/parts"
	"zsf/ui/uitest"
	"zsf/ui/wizard"
)

// An act is the whole app without a terminal.
type act struct {
	*uitest.Story
	root    *model
	checker *uitest.Checker
}

func perform(t *testing.T, change func(*Options), tell func(a *act)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		uitest.Begin()
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		a := &act{checker: (&uitest.Checker{Now: time.Now, After: time.After, Pause: 10 * time.Millisecond}).Finds(uitest.Troubled())}
		options := Options{
			Words: uitest.Words(t, "en"), Clock: parts.SystemClock(),
			Checklist: checklist.Options{Flow: uitest.Flow(), Checker: a.checker, Profile: "acme-sandbox", Clock: parts.SystemClock()},
		}
		if change != nil {
			change(&options)
		}
		a.root = newModel(ctx, options)
		a.Story = &uitest.Story{T: t, Update: func(message tea.Msg) tea.Cmd {
			_, command := a.root.Update(message)
			return command
		}, Render: func() string { return a.root.View().Content }}
		a.Do(a.root.Init())
		a.Send(tea.WindowSizeMsg{Width: 80, Height: 24})
		tell(a)
		a.Pass(time.Second)
	})
}

func withHome(options *Options) { options.Home = &home.Data{Profile: "acme-sandbox"} }

func answer(a *act) { a.Send(tea.BackgroundColorMsg{Color: color.Black}) }

func TestHomeLeadsToTheChecklistAndBack(t *testing.T) {
	perform(t, withHome, func(a *act) {
		a.Sees("zsf · acme-sandbox", "nothing checked so far")
		a.Press("c")
		a.Pass(time.Second)
		a.Sees("check · acme-sandbox", "23 looked at")
		a.Press("esc")
		a.Sees("just now: 1 failed, 2 warnings", "✗ Session settings")
		a.checker.Pause = time.Second
		a.Press("enter")
		a.Pass(1500 * time.Millisecond)
		a.Sees("10:02:11 · sessions are locked to an IP address") // what was found stays in sight
		a.Press("esc")
	})
}

// aWizard is a set-up of the sample, in the demo where it has a scenario.
func aWizard(scenario string) (wizard.Options, *uitest.Runner) {
	runner := uitest.NewRunner(uitest.Fresh())
	runner.Prepares, runner.Makes = uitest.Prepared, uitest.MadeAs(flow.Made)
	options := wizard.Options{Run: runner, Command: "zsf setup", Profile: "acme-sandbox", Clock: parts.SystemClock()}
	if scenario != "" {
		options.Scenarios, options.Scenario = []parts.Choice{{Name: scenario}}, scenario
	}
	return options, runner
}

func TestTheRehearsalStartsFromHome(t *testing.T) {
	rehearse := func(options *Options) {
		withHome(options)
		options.Rehearse = func(context.Context) (wizard.Options, error) {
			begun, _ := aWizard("fresh")
			return begun, nil
		}
	}
	perform(t, rehearse, func(a *act) {
		a.Press("d")
		a.Pass(time.Second)
		a.Sees("set up · demo, fresh", "Session settings")
		a.Press("esc")
		a.Sees("nothing checked so far") // a rehearsal is no check of the profile
		a.root.keepReport()
		if a.root.result.Whole || a.root.result.Next != "" {
			t.Errorf("the rehearsal became the profile's: %+v", a.root.result)
		}
		a.Press("c") // the profile's own
		a.Pass(time.Second)
		a.Sees("check · acme-sandbox", "23 looked at")
	})
	perform(t, func(options *Options) {
		rehearse(options)
		options.Rehearse = func(context.Context) (wizard.Options, error) {
			return wizard.Options{}, errors.New("no port left")
		}
	}, func(a *act) {
		a.Press("d")
		a.Sees("no port left", "What to do next")
	})
	perform(t, withHome, func(a *act) {
		a.Press("d")
		a.Sees("Leave with q, then type: zsf demo")
		a.Press("s")
		a.Sees("Leave with q, then type: zsf setup")
	})
}

func TestTheSetUpStartsFromHomeOrAlone(t *testing.T) {
	perform(t, func(options *Options) {
		withHome(options)
		options.SetUp = func(context.Context) (wizard.Options, error) {
			begun, _ := aWizard("")
			return begun, nil
		}
	}, func(a *act) {
		a.Press("s")
		a.Pass(time.Second)
		a.Sees("set up · acme-sandbox", "7 of 19", "Session settings")
		a.root.keepReport()
		if next := a.root.result.Next; next != "salesforce.session-lock" {
			t.Errorf("it goes on at %q", next)
		}
		a.Press("esc")
		a.Sees("What to do next")
	})
	var runner *uitest.Runner
	perform(t, func(options *Options) {
		var begun wizard.Options
		begun, runner = aWizard("")
		options.Wizard = &begun
	}, func(a *act) {
		a.Pass(time.Second)
		a.Send(tea.WindowSizeMsg{Width: 120, Height: 40})
		a.Press("n", "n", "n", "n", "n", "n", "n", "c")
		a.Send(tea.PasteMsg{Content: "https://login.salesforce.com/packaging/x"})
		a.Sees("https://login.salesforce.com/packaging/x") // pasted text finds its way
		a.Send(wizard.Renewed{Run: runner})
		a.Pass(time.Second)
		if looks := runner.Looks(); len(looks) != 2 {
			t.Errorf("after a sign-in it looked %d times", len(looks))
		}
		a.Sees("https://login.salesforce.com/packaging/x")
		answer(a)
		a.Press("ctrl+c")
	})
}

func TestHelpExplainsThisScreen(t *testing.T) {
	perform(t, withHome, func(a *act) {
		a.Press("?")
		a.Sees("Home", "Look whether both sides are ready")
		a.Press("esc", "c", "?")
		a.Pass(time.Second)
		a.Sees("The checklist", "Look at this step again.", "✓ passed")
		a.Press("?")
		a.Sees("23 looked at")
	})
}

func TestASmallWindowSaysSoAndWorksAgainWhenItGrows(t *testing.T) {
	perform(t, nil, func(a *act) {
		a.Pass(time.Second)
		a.Press("down")
		for _, size := range []tea.WindowSizeMsg{{Width: 44, Height: 20}, {Width: 59, Height: 40}, {Width: 3, Height: 2}, {Width: 1, Height: 1}} {
			a.Send(size)
			a.Press("f", "enter", "down")
		}
		a.Send(tea.WindowSizeMsg{Width: 44, Height: 20})
		a.Sees("This window is 44×20. zsf needs 60×16", "--plain")
		a.Send(tea.WindowSizeMsg{Width: 60, Height: 16})
		a.Sees("▸ ✓ PKCE policy")
		a.Send(tea.WindowSizeMsg{Width: 44, Height: 20})
		answer(a)
		a.Press("q")
		if !a.Quit {
			t.Error("q did not quit")
		}
	})
}

func TestQuittingWaitsForTheTerminalsAnswers(t *testing.T) {
	perform(t, nil, func(a *act) {
		a.Press("q")
		if a.Quit {
			t.Fatal("it quit while the terminal had not answered")
		}
		answer(a)
		if !a.Quit {
			t.Error("it did not quit when the terminal had answered")
		}
	})
	perform(t, nil, func(a *act) {
		a.Press("q")
		a.Pass(answerLimit)
		if !a.Quit {
			t.Error("it waits for a terminal that never answers")
		}
	})
	perform(t, nil, func(a *act) {
		answer(a)
		a.Press("ctrl+c")
		if !a.Quit || !a.root.result.Interrupted {
			t.Errorf("quit %v, interrupted %v", a.Quit, a.root.result.Interrupted)
		}
	})
}

func TestTheResultHoldsWhatIsKnown(t *testing.T) {
	perform(t, nil, func(a *act) {
		a.Pass(105 * time.Millisecond)
		a.root.keepReport()
		if a.root.result.Whole || len(a.root.result.Report.Findings) != 10 {
			t.Errorf("whole %v, %d findings", a.root.result.Whole, len(a.root.result.Report.Findings))
		}
		a.Pass(time.Second)
		a.root.keepReport()
		if !a.root.result.Whole || a.root.result.Report.Count(flow.Fail) != 1 || a.root.result.Report.Profile != "acme-sandbox" {
			t.Errorf("got %+v", a.root.result)
		}
	})
}

func TestTheThemeFollowsTheTerminal(t *testing.T) {
	perform(t, nil, func(a *act) {
		a.Pass(time.Second)
		if strings.Contains(a.Render(), "\x1b[38") {
			t.Error("colours before the terminal told that it has any")
		}
		a.Send(tea.ColorProfileMsg{Profile: colorprofile.TrueColor})
		dark := a.Render()
		a.Send(tea.BackgroundColorMsg{Color: color.White})
		if light := a.Render(); light == dark || !strings.Contains(light, "\x1b[38;2") {
			t.Error("a light background changed nothing")
		}
		a.Send(tea.ColorProfileMsg{Profile: colorprofile.ASCII})
		if strings.Contains(a.Render(), "\x1b[38") {
			t.Error("colours under NO_COLOR")
		}
	})
}

func TestASCIIOnly(t *testing.T) {
	perform(t, func(options *Options) { options.ASCII = true }, func(a *act) {
		a.Pass(time.Second)
		a.Press("f", "?", "esc")
		a.Sees("> x Session settings")
		a.Press("enter")
		a.Sees("Setup > Security > Session Settings")
		for _, r := range a.Render() {
			if r > 0x7e && !strings.ContainsRune("한빛전자", r) {
				t.Errorf("%q is not ASCII", r)
			}
		}
	})
}

func TestASignalAndAMistakeEndItInOrder(t *testing.T) {
	perform(t, nil, func(a *act) {
		a.Send(signalled{os.Interrupt})
		if !a.Quit || a.root.result.Signal != os.Interrupt {
			t.Errorf("quit %v, signal %v", a.Quit, a.root.result.Signal)
		}
	})
	perform(t, nil, func(a *act) {
		a.Send(parts.Opened{Overlay: broken{}})
		var crash error
		a.root.kill = func(err error) { crash = err }
		a.Render()
		if !errors.Is(crash, parts.ErrCrashed) {
			t.Errorf("a panic in View gave %v", crash)
		}
		a.Press("x")
		if !a.Quit || !errors.Is(a.root.err, parts.ErrCrashed) {
			t.Errorf("a panic in Update gave %v, quit %v", a.root.err, a.Quit)
		}
		a.root.overlays = nil
	})
}

type broken struct{}

func (broken) Press(parts.Frame, string) (tea.Cmd, bool) { panic("no such key") }
func (broken) Render(parts.Frame) string                 { panic("no such picture") }
