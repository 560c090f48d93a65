package checklist

import (
	tea "charm.land/bubbletea/v2"

	"zsf/ui/parts"
)

// update does what the root does: keys go to the overlay that lies on top.
func (s *stage) update(message tea.Msg) tea.Cmd {
	switch message := message.(type) {
	case parts.Opened:
		s.overlay = message.Overlay
		return nil
	case parts.Quit:
		return tea.Quit
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

func (s *stage) render(frame parts.Frame) func() string {
	return func() string {
		if s.overlay != nil {
			return s.overlay.Render(frame)
		}
		return s.model.Render()
	}
}
