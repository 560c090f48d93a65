package compose

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
	"zsf/flows/flow"
	"zsf/flows/tickets"
	"zsf/ui/parts"
	"zsf/ui/theme"
	"zsf/ui/uitest"
)

// A state is a screen that somebody comes to.
type state struct {
	name  string
	of    Kind
	with  func(*stageOf)
	steps func(*stageOf)
}

const wideText = "안녕하세요, 김지우 님. 게이트웨이를 이전 버전으로 되돌렸고, 지금은 모든 호출이 정상입니다.\n\nWe keep watching it until Friday."

func typesReply(s *stageOf) { s.pastes(wideText) }

var states = []state{
	{"reply", Reply, nil, typesReply},
	{"reading", Reply, func(s *stageOf) { s.desk.slow = time.Minute }, nil},
	{"note", Note, nil, func(s *stageOf) {
		typesReply(s)
		s.to(tickets.StatusKey)
		s.types("pend")
		s.Press("enter")
	}},
	{"light-agent", Reply, func(s *stageOf) { s.desk.catalog.InternalOnly = true }, nil},
	{"edit", Edit, nil, func(s *stageOf) {
		s.to("custom:1")
		s.types("refund")
		s.Press("enter", "tab")
		s.types("12.5")
	}},
	{"problems", Edit, nil, func(s *stageOf) {
		s.to("custom:6")
		s.types("many")
		s.to("custom:7")
		s.types("17")
		s.Press("ctrl+s")
	}},
	{"choice", Edit, nil, func(s *stageOf) { s.Press("enter") }},
	{"many", Edit, nil, func(s *stageOf) {
		s.to("custom:3")
		s.Press("enter", "space", "down")
	}},
	{"new", Create, func(s *stageOf) { s.desk.people = []tickets.Person{unmade} }, func(s *stageOf) {
		s.types("주문 내역이 보이지 않아요")
		s.Press("enter")
		typesReply(s)
		s.Press("ctrl+t")
	}},
	{"requester", Create, func(s *stageOf) { s.desk.found = []tickets.Person{osei, jiwoo} }, func(s *stageOf) {
		s.types("example")
		s.Pass(300 * time.Millisecond)
	}},
	{"several", Several, nil, func(s *stageOf) {
		s.types("pend")
		s.Press("enter")
		s.to(tickets.TagsKey)
		s.types("outage -vip")
	}},
	{"preview", Reply, nil, func(s *stageOf) {
		typesReply(s)
		s.to(tickets.StatusKey)
		s.types("pend")
		s.Press("enter", "ctrl+s")
	}},
	{"closing", Edit, nil, func(s *stageOf) {
		s.to(tickets.AssigneeKey)
		s.types("park")
		s.Press("enter")
		s.to(tickets.StatusKey)
		s.types("closed")
		s.Press("enter", "ctrl+s", "D")
	}},
	{"sending", Reply, nil, func(s *stageOf) {
		typesReply(s)
		s.desk.slow = time.Minute
		s.Press("ctrl+s", "D")
		s.Pass(2 * time.Second)
	}},
	{"conflict", Reply, func(s *stageOf) { s.desk.answers = []error{theirs()} }, func(s *stageOf) {
		typesReply(s)
		s.to(tickets.StatusKey)
		s.types("pend")
		s.Press("enter", "ctrl+s", "D", "t")
	}},
	{"unsure", Reply, func(s *stageOf) {
		s.desk.answers = []error{&tickets.UnsureError{Ticket: 48190, Since: uitest.Read, Looked: []flow.Text{flow.Say("ticket-looked.update", "Number", "48190", "Time", flow.Moment(uitest.Read), "Count", 3)}, Err: errors.New("no answer within 30 s")}}
	}, func(s *stageOf) {
		typesReply(s)
		s.Press("ctrl+s", "D")
	}},
	{"offline", Reply, func(s *stageOf) {
		s.desk.answers = []error{&transport.Error{Service: transport.Zendesk, Host: "acme.zendesk.com", Kind: transport.Unreachable, Call: "PUT /api/v2/tickets/48190"}}
	}, func(s *stageOf) {
		typesReply(s)
		s.Press("ctrl+s", "D")
	}},
	{"later", Reply, func(s *stageOf) {
		s.desk.answers = []error{&tickets.LaterError{Until: uitest.Read.Add(40 * time.Second), Err: &transport.Error{Service: transport.Zendesk, Host: "acme.zendesk.com", Kind: transport.RateLimited, Status: 429, RetryAfter: 40 * time.Second}}}
	}, func(s *stageOf) {
		typesReply(s)
		s.Press("ctrl+s", "D")
	}},
	{"merged-away", Reply, func(s *stageOf) {
		s.desk.answers = []error{&tickets.GoneError{Ticket: 48190, Why: "merged", Into: 48001}}
	}, func(s *stageOf) {
		typesReply(s)
		s.Press("ctrl+s", "D")
	}},
	{"files", Reply, nil, func(s *stageOf) {
		typesReply(s)
		s.Send(parts.Reply{Call: parts.Call{Screen: Screen, Number: 1 << 20}, Message: fileFound{file: tickets.File{Path: "/x/server log.txt", Name: "server log.txt", Size: 3 << 20}}})
		s.Send(parts.Reply{Call: parts.Call{Screen: Screen, Number: 1 << 20}, Message: fileFound{file: tickets.File{Path: "/x/화면.png", Name: "화면.png", Size: 48_213}}})
		s.to(filesRow)
	}},
	{"expired", Reply, func(s *stageOf) {
		s.desk.answers = []error{&transport.Error{Service: transport.Zendesk, Host: "acme.zendesk.com", Kind: transport.SignInExpired}}
	}, func(s *stageOf) {
		typesReply(s)
		s.Press("ctrl+s", "D")
	}},
	{"results", Several, func(s *stageOf) {
		conflict := theirs()
		conflict.Ticket = 47555
		s.desk.results = map[int64]error{47555: conflict, 48213: tickets.ErrNothing}
	}, func(s *stageOf) {
		s.types("pend")
		s.Press("enter", "ctrl+s", "D")
	}},
	{"macro", Reply, func(s *stageOf) {
		s.desk.applies = func(draft tickets.Draft) (tickets.Draft, error) {
			draft.Values = tickets.Values{tickets.StatusKey: {"pending"}}
			draft.Comment, draft.AddTags = "죄송합니다.\nSorry for the wait.", []string{"late"}
			return draft, nil
		}
	}, func(s *stageOf) { s.Press("ctrl+r", "enter") }},
	{"drafts", Reply, func(s *stageOf) {
		draft := tickets.NewDraft()
		draft.Ticket, draft.Comment, draft.Public, draft.SavedAt = 48190, wideText, true, uitest.Read.Add(-3*time.Hour)
		draft.PublicSaid = true
		other := draft
		other.ID, other.Public, other.Comment, other.SavedAt = "zsf-other", false, "same as #47990", uitest.Read.Add(-26*time.Hour)
		s.drafts.MemoryDrafts.Save(nil, draft) //nolint:errcheck,staticcheck // it is memory
		s.drafts.MemoryDrafts.Save(nil, other) //nolint:errcheck,staticcheck // it is memory
	}, nil},
	{"all-drafts", Drafts, func(s *stageOf) {
		reply := tickets.NewDraft()
		reply.Ticket, reply.Comment, reply.Public, reply.PublicSaid, reply.SavedAt = 48190, wideText, true, true, uitest.Read.Add(-3*time.Hour)
		made := tickets.NewDraft()
		made.Comment, made.Record.Name, made.SavedAt = "begun, and left", "한빛전자", uitest.Read.Add(-26*time.Hour)
		s.drafts.MemoryDrafts.Save(nil, reply) //nolint:errcheck,staticcheck // it is memory
		s.drafts.MemoryDrafts.Save(nil, made)  //nolint:errcheck,staticcheck // it is memory
	}, nil},
	{"earlier", Reply, func(s *stageOf) {
		now := sampleBase()
		s.desk.answers = []error{&tickets.EarlierError{Ticket: 48190, Now: now, Sent: tickets.Attempt{
			Since: now.UpdatedAt, Comment: "게이트웨이를 되돌렸습니다.", Public: true, Values: tickets.Values{tickets.PriorityKey: {"high"}},
		}}}
	}, func(s *stageOf) {
		s.types("게이트웨이를 되돌렸습니다. 내일 다시 확인하겠습니다.")
		s.Press("ctrl+s", "D")
	}},
	{"closed", Reply, func(s *stageOf) { s.desk.base.Category = "closed" }, nil},
	{"help", Reply, nil, func(s *stageOf) { s.Press("f1") }},
}

func TestGolden(t *testing.T) {
	for _, state := range states {
		for _, tag := range []string{"en", "ko"} {
			for _, size := range [][2]int{{120, 40}, {80, 24}, {60, 16}} {
				for name, terminal := range map[string]theme.Terminal{"colour": {Profile: colorprofile.TrueColor}, "plain": {}, "ascii": {ASCII: true}} {
					if name == "colour" && size[0] != 80 || name == "ascii" && (size[0] != 80 || tag != "en") {
						continue
					}
					t.Run(fmt.Sprintf("%s/%s-%dx%d-%s", state.name, tag, size[0], size[1], name), func(t *testing.T) {
						synctest.Test(t, func(t *testing.T) {
							frame := frameOf(t, tag, size[0], size[1], terminal)
							s := set(t, frame, asked(state.of), state.with)
							s.Pass(20 * time.Millisecond)
							if state.steps != nil {
								state.steps(s)
							}
							s.Pass(900 * time.Millisecond)
							screen := frame.Theme.Finish(s.Render())
							s.end()
							uitest.Fits(t, screen, frame.Width, frame.Height)
							golden.RequireEqual(t, screen)
						})
					})
				}
			}
		}
	}
}

// On every size the row with the cursor stays in sight.
func TestEveryStateFitsEverySize(t *testing.T) {
	for _, state := range states {
		for _, tag := range []string{"en", "ko"} {
			synctest.Test(t, func(t *testing.T) {
				frame := frameOf(t, tag, 80, 24, theme.Terminal{})
				s := set(t, frame, asked(state.of), state.with)
				s.Pass(20 * time.Millisecond)
				if state.steps != nil {
					state.steps(s)
				}
				for width := parts.MinWidth; width <= 130; width += 7 {
					for height := parts.MinHeight; height <= 42; height += 5 {
						frame.Width, frame.Height = width, height
						s.model.SetFrame(frame)
						screen := s.model.Render()
						uitest.Fits(t, screen, frame.Width, frame.Height)
						if s.model.stage == writing && !strings.Contains(screen, "▸") {
							t.Errorf("%s at %d×%d: the cursor's row is out of sight:\n%s", state.name, width, height, screen)
						}
					}
				}
				s.end()
			})
		}
	}
}
