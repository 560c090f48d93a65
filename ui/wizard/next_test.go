package wizard

import (
	"testing"
	"time"

	"zsf/ui/uitest"
)

// What comes next is the flow's own: after a disconnect nobody sees tickets, and the first half of a move leads to the other.
func TestTheEndOfEachFlowSaysWhatComesNext(t *testing.T) {
	live, err := uitest.Words(t, "en").Of("live")
	if err != nil {
		t.Fatal(err)
	}
	for flowID, test := range map[string]struct {
		command     string
		says, never []string
	}{
		"setup":      {"zsf --profile live setup", []string{"see its tickets", "zsf --profile live check --watch 5m", "Set up another pair"}, nil},
		"disconnect": {"zsf --profile live disconnect", []string{"Make the connection anew", "zsf --profile live reconnect", "zsf --profile live snapshot list"}, []string{"see its tickets", "--watch"}},
		"reconnect":  {"zsf --profile live reconnect", []string{"see its tickets", "See what is other than before", "zsf --profile live check --watch 5m"}, []string{"Set up another pair"}},
		"move-from":  {"zsf move --from a --to b", []string{"The other profile comes next", "zsf move --from a --to b"}, []string{"see its tickets", "--watch", "Set up another pair"}},
		"move-to":    {"zsf move --from a --to acme-sandbox", []string{"zsf says what is other here", "zsf --profile live check --watch 5m"}, []string{"Set up another pair"}},
	} {
		storyOf(t, uitest.Well(), func(s *stage, o *Options) {
			s.run.Steps.ID, o.Command = flowID, test.command
		}, func(s *stage) {
			frame := s.model.frame
			frame.Words = live
			s.model.SetFrame(frame)
			s.done()
			s.Press("v", "enter")
			s.Pass(time.Second)
			s.Sees("Everything is settled.")
			s.Sees(test.says...)
			s.SeesNot(append(test.never, "wizard.")...)
		})
	}
}

// A rehearsal leaves nothing behind that anything could follow on.
func TestNothingFollowsARehearsal(t *testing.T) {
	for _, play := range []func(*stage){
		func(s *stage) { s.Press("v", "enter"); s.Pass(time.Second) },
		func(s *stage) { s.Press("right") },
	} {
		storyOf(t, uitest.Well(), func(s *stage, o *Options) {
			s.run.Steps.ID, o.Command, o.Passing = "disconnect", "zsf --demo disconnect", true
		}, func(s *stage) {
			s.done()
			play(s)
			for range 20 {
				s.Press("right")
			}
			s.Sees("The end")
			s.SeesNot("What you can do next", "zsf reconnect", "Go on another day")
		})
	}
}

// Where something is left, nothing follows yet but going on.
func TestNothingFollowsWhatHasNotEnded(t *testing.T) {
	story(t, func(s *stage, o *Options) {
		s.run.Steps.ID, o.Command = "move-from", "zsf move --from a --to b"
	}, func(s *stage) {
		s.done()
		for range 20 {
			s.Press("right")
		}
		s.Sees("8 steps are not settled yet.", "Go on another day.", "zsf move --from a --to b")
		s.SeesNot("The other profile comes next")
	})
}
