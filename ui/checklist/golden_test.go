package checklist

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/exp/golden"

	"zsf/flows/flow"
	"zsf/ui/parts"
	"zsf/ui/theme"
	"zsf/ui/uitest"
)

// A stage is a checklist on a screen, with a checker that finds one step each 20 ms.
type stage struct {
	*uitest.Story
	model   *Model
	checker *uitest.Checker
	overlay parts.Overlay
}

func frameOf(t testing.TB, tag string, width, height int, terminal theme.Terminal) parts.Frame {
	return parts.Frame{Width: width, Height: height, Theme: theme.New(terminal), Words: uitest.Words(t, tag)}
}

// set puts a checklist on the stage and starts its first look.
func set(t testing.TB, frame parts.Frame, report flow.Report, change func(*Options)) *stage {
	t.Helper()
	uitest.Begin()
	s := &stage{checker: (&uitest.Checker{Now: time.Now, After: time.After, Pause: 20 * time.Millisecond}).Finds(report)}
	options := Options{
		Flow: uitest.Flow(), Checker: s.checker, Profile: "acme-sandbox", Clock: parts.SystemClock(),
		Salesforce: flow.Salesforce{InstanceURL: uitest.Instance}, Zendesk: flow.Zendesk{URL: uitest.Account},
	}
	if change != nil {
		change(&options)
	}
	s.model = New(options, false)
	s.Story = &uitest.Story{T: t, Update: s.update, Render: s.render(frame)}
	s.Do(s.model.Enter(t.Context(), frame))
	return s
}

// done lets the first look come to its end.
func (s *stage) done() *stage {
	s.Pass(time.Second)
	return s
}

func requireScreen(t *testing.T, screen string, frame parts.Frame) {
	t.Helper()
	lines := strings.Split(screen, "\n")
	if len(lines) != frame.Height {
		t.Errorf("%d lines on a screen of %d", len(lines), frame.Height)
	}
	for i, line := range lines {
		if width := ansi.StringWidth(line); width > frame.Width {
			t.Errorf("line %d is %d cells wide, of %d: %q", i, width, frame.Width, line)
		}
	}
	golden.RequireEqual(t, screen)
}

func TestGolden(t *testing.T) {
	scenarios := func(options *Options) {
		options.Scenarios = []Scenario{
			{"fresh", "nothing is done yet, sessions are locked"},
			{"ready", "all is done and connected"},
			{"session-locked", "ready, but sessions are locked to an IP address"},
			{"korean", "한국어 조직: 프로필 이름이 번역되어 있습니다"},
		}
		options.Scenario = "fresh"
	}
	states := []struct {
		name string
		show func(t *testing.T, frame parts.Frame) *stage
	}{
		{"looking", func(t *testing.T, frame parts.Frame) *stage {
			s := set(t, frame, uitest.Troubled(), func(options *Options) {
				options.Checker.(*uitest.Checker).Pause = 150 * time.Millisecond
			})
			s.Pass(1310 * time.Millisecond)
			return s
		}},
		{"trouble", func(t *testing.T, frame parts.Frame) *stage { return set(t, frame, uitest.Troubled(), nil).done() }},
		{"well", func(t *testing.T, frame parts.Frame) *stage { return set(t, frame, uitest.Well(), nil).done() }},
		{"wrong-only", func(t *testing.T, frame parts.Frame) *stage {
			s := set(t, frame, uitest.Troubled(), nil).done()
			s.Press("f", "down", "down")
			return s
		}},
		{"details", func(t *testing.T, frame parts.Frame) *stage {
			s := set(t, frame, uitest.Troubled(), nil).done()
			s.Press("f", "down", "down", "enter")
			return s
		}},
		{"again", func(t *testing.T, frame parts.Frame) *stage {
			s := set(t, frame, uitest.Troubled(), nil).done()
			s.checker.Pause = 5 * time.Second
			s.Press("r")
			s.Pass(2030 * time.Millisecond)
			return s
		}},
		{"help", func(t *testing.T, frame parts.Frame) *stage {
			s := set(t, frame, uitest.Troubled(), nil).done()
			s.Press("?")
			return s
		}},
		{"scenarios", func(t *testing.T, frame parts.Frame) *stage {
			s := set(t, frame, uitest.Troubled(), scenarios).done()
			s.Press("s", "down")
			return s
		}},
	}
	for _, state := range states {
		for _, tag := range []string{"en", "ko"} {
			for _, size := range [][2]int{{120, 40}, {80, 24}, {60, 16}} {
				for name, terminal := range map[string]theme.Terminal{"colour": {Profile: colorprofile.TrueColor}, "plain": {}} {
					t.Run(fmt.Sprintf("%s/%s-%dx%d-%s", state.name, tag, size[0], size[1], name), func(t *testing.T) {
						synctest.Test(t, func(t *testing.T) {
							frame := frameOf(t, tag, size[0], size[1], terminal)
							s := state.show(t, frame)
							defer s.model.Leave()
							requireScreen(t, s.Render(), frame)
						})
					})
				}
			}
		}
	}
}
