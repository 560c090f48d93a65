package wizard

import (
	"context"
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

// A stage is a wizard on a screen, with a run whose services do what a test says.
type stage struct {
	*uitest.Story
	model   *Model
	run     *uitest.Runner
	overlay parts.Overlay
	opened  []string
	went    string    // where the wizard asked to go
	mended  []flow.ID // by whoever acts for a person
}

func frameOf(t testing.TB, tag string, width, height int, terminal theme.Terminal) parts.Frame {
	return parts.Frame{Width: width, Height: height, Theme: theme.New(terminal), Words: uitest.Words(t, tag)}
}

// set puts a wizard on the stage and enters it.
func set(t testing.TB, frame parts.Frame, report flow.Report, change func(*stage, *Options)) *stage {
	t.Helper()
	uitest.Begin()
	s := &stage{run: uitest.NewRunner(report)}
	s.run.Prepares, s.run.Makes = uitest.Prepared, uitest.MadeAs(flow.Made)
	options := Options{
		Run: s.run, Command: "zsf setup", Profile: "acme-sandbox", Clock: parts.SystemClock(),
		Salesforce: flow.Salesforce{InstanceURL: uitest.Instance}, Zendesk: flow.Zendesk{URL: uitest.Account},
		Open: func(_ context.Context, url string) error {
			s.opened = append(s.opened, url)
			return nil
		},
	}
	if change != nil {
		change(s, &options)
	}
	s.model = New(options, false)
	s.Story = &uitest.Story{T: t, Update: s.update, Render: func() string {
		if s.overlay != nil {
			return s.overlay.Render(s.model.frame)
		}
		return s.model.Render()
	}}
	s.Do(s.model.Enter(t.Context(), frame))
	return s
}

// update does what the root does: keys go to the overlay that lies on top.
func (s *stage) update(message tea.Msg) tea.Cmd {
	switch message := message.(type) {
	case parts.Opened:
		s.overlay = message.Overlay
		return nil
	case parts.Quit:
		s.went = "quit"
		return tea.Quit
	case parts.Back:
		s.went = "back"
		return nil
	case tea.KeyPressMsg:
		if s.overlay != nil {
			command, done := s.overlay.Press(s.model.frame, parts.KeyName(message))
			if done {
				s.overlay = nil
			}
			return command
		}
	}
	return s.model.Update(message)
}

// done lets the first look come to its end.
func (s *stage) done() *stage {
	s.Pass(time.Second)
	return s
}

// types types letter by letter.
func (s *stage) types(text string) {
	for _, r := range text {
		s.Press(string(r))
	}
}

// story runs a test in a bubble, on a wide screen, at the start of a set-up.
func story(t *testing.T, change func(*stage, *Options), tell func(s *stage)) {
	t.Helper()
	storyOf(t, uitest.Fresh(), change, tell)
}

func storyOf(t *testing.T, report flow.Report, change func(*stage, *Options), tell func(s *stage)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := set(t, frameOf(t, "en", 120, 40, theme.Terminal{}), report, change)
		defer s.model.Leave()
		tell(s)
	})
}

func (s *stage) lines() []string { return strings.Split(ansi.Strip(s.Render()), "\n") }

// called fails the test unless the run was asked for exactly that.
func (s *stage) called(want ...string) {
	s.T.Helper()
	if got := s.run.Calls(); !slices.Equal(got, want) {
		s.T.Errorf("the run was asked for %q, want %q", got, want)
	}
}

func (s *stage) resize(width, height int) {
	frame := s.model.frame
	frame.Width, frame.Height = width, height
	s.model.SetFrame(frame)
}

// fits fails the test for a screen that is not as large as its frame.
func (s *stage) fits() {
	s.T.Helper()
	uitest.Fits(s.T, s.Render(), s.model.frame.Width, s.model.frame.Height)
}
