// The profiles of a large org.

package wizard

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"zsf/flows/flow"
	"zsf/flows/world"
	"zsf/ui/theme"
)

// manyProfiles is the question of an org with two hundred profiles, some with long names, some with Korean ones.
func manyProfiles() flow.Question {
	question := flow.Question{ID: "access.profiles", Kind: flow.PickMany, Default: []string{"System Administrator"}}
	for i := range 200 {
		name := fmt.Sprintf("Regional Sales and Service Management Team %03d, third line", i)
		switch {
		case i == 0:
			name = "System Administrator"
		case i%3 == 1:
			name = fmt.Sprintf("한국 영업 및 고객 지원 %03d팀", i)
		case i%3 == 2:
			name = fmt.Sprintf("Support %03d", i)
		}
		option := flow.Option{Value: name, Words: flow.Raw(name), Notes: []flow.Text{
			flow.Raw("Salesforce Platform"), flow.Say("access.profiles.people", "Count", i*31), flow.Say("access.profiles.today"),
		}}
		if i == 0 {
			option.Locked, option.Why = true, flow.Say("access.profiles.locked")
		}
		question.Options = append(question.Options, option)
	}
	return question
}

// Two hundred profiles are filtered, walked through and ticked on the smallest screen, and nothing of it is lost by
// another size.
func TestTwoHundredProfilesOnASmallScreen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := set(t, frameOf(t, "en", 60, 16, theme.Terminal{}), connected(), func(s *stage, _ *Options) {
			for g, group := range s.run.Steps.Groups {
				for i, step := range group.Steps {
					if step.ID == "access.profiles" {
						step.Ask = func(*world.World) []flow.Question { return []flow.Question{manyProfiles()} }
						s.run.Steps.Groups[g].Steps[i] = step
					}
				}
			}
		})
		defer s.model.Leave()
		s.done()
		s.at("access.profiles")
		s.Press("c", "down", "down", "down")
		s.Sees("1 of 200 ticked", "  Regional Sales and Service Management Team 003, third", "active users · may use it")
		s.Press("/", "한", "국")
		s.SeesNot("Support 002")
		s.fits()
		s.Press("enter", "end", "space")
		s.Sees("2 of 200 ticked", "▸ [x] 한국 영업 및 고객 지원 199팀")
		s.resize(120, 40)
		s.Sees("2 of 200 ticked", "/ 한국", "[x] 한국 영업 및 고객 지원 199팀")
		s.fits()
		s.resize(60, 16)
		s.Press("enter")
		s.Pass(time.Second)
		s.called(`answer access.profiles ["System Administrator" "한국 영업 및 고객 지원 199팀"]`, "prepare access.profiles")
	})
}
