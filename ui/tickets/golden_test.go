package tickets

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/exp/golden"

	"zsf/clients/transport"
	"zsf/ui/parts"
	"zsf/ui/theme"
	"zsf/ui/uitest"
)

func TestGolden(t *testing.T) {
	states := []struct {
		name   string
		change func(*Options, *office)
		show   func(s *stage)
	}{
		{"search", nil, func(s *stage) {
			s.idle(time.Second)
			s.types("한빛")
			s.idle(time.Second)
		}},
		{"list", onAccount, func(s *stage) {
			s.idle(time.Second)
			s.Press("down", "x")
			s.idle(time.Second)
			s.office.change(func() {
				fresh := ticket(50000, "An order is missing", "new", "high", "R. Osei", "", 0)
				fresh.UpdatedAt = time.Now()
				s.office.rows = append(s.office.rows, fresh)
				s.office.rows[4].UpdatedAt = time.Now()
			})
			s.idle(10 * time.Second)
			s.Press("up", "up")
			s.idle(time.Second)
		}},
		{"conversation", onAccount, func(s *stage) {
			s.idle(time.Second)
			s.Press("down", "enter")
			s.idle(time.Second)
		}},
		{"offline", onAccount, func(s *stage) {
			s.idle(time.Second)
			s.office.change(func() {
				s.office.broken = &transport.Error{Service: transport.Zendesk, Host: "acme1700.zendesk.com", Kind: transport.Unreachable, Call: "GET /x", Err: errors.New("x")}
			})
			s.idle(20 * time.Second)
		}},
		{"filters", onAccount, func(s *stage) {
			s.idle(time.Second)
			s.Press("f", "down", "space")
		}},
	}
	for _, state := range states {
		for _, tag := range []string{"en", "ko"} {
			for _, size := range [][2]int{{120, 40}, {80, 24}, {60, 16}} {
				for name, terminal := range map[string]theme.Terminal{"colour": {Profile: colorprofile.TrueColor}, "plain": {ASCII: true}} {
					t.Run(fmt.Sprintf("%s/%s-%dx%d-%s", state.name, tag, size[0], size[1], name), func(t *testing.T) {
						synctest.Test(t, func(t *testing.T) {
							frame := frameOf(t, tag, size[0], size[1], terminal)
							s := set(t, frame, state.change)
							defer s.model.Leave()
							state.show(s)
							screen := frame.Theme.Finish(s.Render())
							uitest.Fits(t, screen, size[0], size[1])
							golden.RequireEqual(t, screen)
						})
					})
				}
			}
		}
	}
}

func TestEveryWidthHasItsScreen(t *testing.T) {
	for _, tag := range []string{"en", "ko"} {
		synctest.Test(t, func(t *testing.T) {
			s := set(t, frameOf(t, tag, 80, 24, theme.Terminal{}), onAccount)
			defer s.model.Leave()
			s.idle(time.Second)
			for _, key := range []string{"", "enter"} {
				if key != "" {
					s.Press(key)
					s.idle(time.Second)
				}
				for width := parts.MinWidth; width <= 160; width += 3 {
					for _, height := range []int{16, 24, 31} {
						frame := s.model.frame
						frame.Width, frame.Height = width, height
						s.model.SetFrame(frame)
						uitest.Fits(t, s.model.Render(), width, height)
						if strings.TrimSpace(s.model.frame.Footer(s.model.Keys())) == "" {
							t.Error("no keys")
						}
					}
				}
			}
		})
	}
}
