package tickets

import (
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"zsf/clients/transport"
	"zsf/flows/flow"
	"zsf/flows/tickets"
	"zsf/ui/parts"
	"zsf/ui/theme"
	"zsf/ui/uitest"
)

// idle lets a longer time pass, in coarser steps.
func (s *stage) idle(span time.Duration) {
	s.T.Helper()
	const step = 100 * time.Millisecond
	for ; span > 0; span -= step {
		<-time.After(min(step, span))
		s.Do(nil)
	}
}

// place is on which line of the screen the words stand; -1 where they do not.
func (s *stage) place(words string) int {
	return slices.IndexFunc(strings.Split(ansi.Strip(s.Render()), "\n"), func(line string) bool { return strings.Contains(line, words) })
}

func TestNewTicketsLeaveTheLineUnderTheCursorWhereItIs(t *testing.T) {
	story(t, 120, 40, onAccount, func(s *stage) {
		s.Pass(time.Second)
		s.Press("down", "down")
		before := s.place("▸ #47990")
		s.office.change(func() {
			now := time.Now()
			for i := range int64(3) {
				fresh := ticket(50000+i, "Something new", "new", "normal", "R. Osei", "", 0)
				fresh.UpdatedAt = now.Add(time.Duration(i) * time.Second)
				s.office.rows = append(s.office.rows, fresh)
			}
			s.office.rows[3].Status, s.office.rows[3].UpdatedAt = "open", now.Add(5*time.Second) // the one below the cursor moves above it
		})
		s.Pass(10 * time.Second)
		if after := s.place("▸ #47990"); after != before || before < 0 {
			t.Errorf("the cursor's line went from %d to %d:\n%s", before, after, s.Render())
		}
		s.Sees("↑ 3 new above", "8 of 8")
		s.Press("g")
		if line := s.Line("#50000"); !strings.HasSuffix(strings.TrimSpace(line), "new") {
			t.Errorf("%q", line)
		}
		s.Sees("▸ #47555  ● Open", "changed", "◆ New")
		s.SeesNot("new above")
		s.Press("down") // it was seen
		if line := s.Line("#47555"); strings.Contains(line, "changed") {
			t.Errorf("%q", line)
		}
	})
}

func TestTheTicketThatIsReadFollowsWhatIsSaid(t *testing.T) {
	story(t, 120, 40, onAccount, func(s *stage) {
		s.Pass(time.Second)
		s.Sees("확인 부탁드립니다.")
		s.office.change(func() {
			s.office.rows[0].UpdatedAt = time.Now().Add(2 * time.Second)
			s.office.talks[48213] = append(s.office.talks[48213], said("M. Alvarez", true, 0, "지금 확인하고 있습니다."))
		})
		s.Pass(10 * time.Second)
		s.Sees("지금 확인하고 있습니다.", "확인 부탁드립니다.")
	})
}

func TestATicketThatGoesWhileItIsReadSaysSo(t *testing.T) {
	for _, height := range []int{24, 40} {
		story(t, 100, height, onAccount, func(s *stage) {
			s.Pass(time.Second)
			s.Press("enter")
			s.Pass(time.Second)
			s.office.change(func() { s.office.rows = s.office.rows[1:] })
			s.Pass(10 * time.Second)
			s.Sees("This ticket is gone", "확인 부탁드립니다.") // what was read stays
			s.Press("esc")
			s.Sees("▸ #48213", "gone")
			s.Press("down")
			s.Pass(time.Second)
			s.SeesNot("#48213")
			s.Sees("▸ #48190", "4 of 4")
			if s.office.count("list") != 1 {
				t.Error("the list was read again for a ticket that is gone")
			}
		})
	}
	story(t, 100, 24, onAccount, func(s *stage) { // it goes between the list and the reading
		s.Pass(time.Second)
		s.office.change(func() { s.office.rows = s.office.rows[1:] })
		s.Press("enter")
		s.Pass(time.Second)
		s.Sees("This ticket is gone")
	})
	story(t, 100, 40, onAccount, func(s *stage) { // merged into another one
		s.Pass(time.Second)
		s.office.change(func() {
			s.office.rows[0].Status, s.office.rows[0].Tags, s.office.rows[0].UpdatedAt = "closed", []string{"closed_by_merge"}, time.Now().Add(time.Second)
		})
		s.Press("enter")
		s.Pass(10 * time.Second)
		s.Sees("This ticket was merged into another one")
	})
}

func TestATicketThatIsGoneWhenOneLooksAgainIsNotSwappedForAnother(t *testing.T) {
	drop := func(s *stage) {
		s.office.change(func() {
			s.office.rows = slices.DeleteFunc(s.office.rows, func(row tickets.Ticket) bool { return row.ID == 48213 })
		})
		s.Press("R")
		s.Pass(2 * time.Second)
	}
	story(t, 80, 24, onAccount, func(s *stage) {
		s.Pass(time.Second)
		s.Press("enter")
		s.Pass(time.Second)
		drop(s)
		s.Sees("This ticket is gone", "확인 부탁드립니다.", "#48213")
	})
	story(t, 80, 24, onAccount, func(s *stage) {
		s.Pass(time.Second)
		drop(s)
		s.Sees("#48213 is not in this list any more.", "▸ #48190")
	})
}

func TestWithoutTheNetworkWhatWasSeenStays(t *testing.T) {
	gone := &transport.Error{Service: transport.Zendesk, Host: "acme1700.zendesk.com", Kind: transport.Unreachable, Call: "GET /api/v2/organizations/900/tickets", Message: "network is down"}
	story(t, 120, 40, onAccount, func(s *stage) {
		s.Pass(time.Second)
		s.office.change(func() { s.office.broken = gone })
		s.idle(30 * time.Second)
		s.Sees("offline · as it was 30 s ago", "network is down", "again in", "#48190", "확인 부탁드립니다.")
		s.Press("down")
		s.Pass(time.Second)
		s.Sees("▸ #48190", "network is down")
		s.office.change(func() {
			s.office.broken = nil
			s.office.rows[1].Subject, s.office.rows[1].UpdatedAt = "Webhook is well again", time.Now()
		})
		s.idle(2 * time.Minute)
		s.Sees("live", "Webhook is well again", "Could you have a look?")
		s.SeesNot("offline", "network is down")
	})
	story(t, 60, 16, onAccount, func(s *stage) { // where there is little room, what matters is not cut
		s.Pass(time.Second)
		s.office.change(func() { s.office.broken = gone })
		s.idle(30 * time.Second)
		s.Sees("Zendesk cannot be reached ", "again in", "#48190")
		s.office.change(func() { s.office.broken = &transport.Error{Service: transport.Zendesk, Kind: transport.SignInExpired} })
		s.Press("R")
		s.Pass(time.Second)
		s.Sees("L signs in to Zendesk.")
	})
	story(t, 100, 24, func(options *Options, o *office) { // from the start
		onAccount(options, o)
		o.match = func(tickets.Record, tickets.By) (tickets.Match, error) { return tickets.Match{}, gone }
	}, func(s *stage) {
		s.Pass(time.Second)
		s.Sees("한빛전자 (Account)", "network is down")
		s.office.change(func() {
			s.office.match = atWork().match
		})
		s.Press("R")
		s.Pass(2 * time.Second)
		s.Sees("#48190", "live")
	})
}

func TestAPaneThatNobodyLooksAtAsksForNothing(t *testing.T) {
	story(t, 120, 40, onAccount, func(s *stage) {
		s.Pass(time.Second)
		s.Send(tea.BlurMsg{})
		s.idle(time.Minute)
		s.Sees("live") // a short look elsewhere changes nothing
		s.idle(2 * time.Minute)
		s.Sees("paused, as nobody looks")
		before := s.office.count("fresh")
		s.idle(10 * time.Minute)
		if after := s.office.count("fresh"); after != before {
			t.Errorf("%d calls while nobody looked", after-before)
		}
		s.Send(tea.FocusMsg{})
		s.Pass(200 * time.Millisecond)
		s.Sees("live", "#48213")
		if after := s.office.count("fresh"); after != before+1 {
			t.Errorf("%d calls when somebody looked again", after-before)
		}
	})
}

func TestThePaceIsOneThatTheAccountCanBear(t *testing.T) {
	perMinute := func(s *stage) []int {
		var counts []int
		for range 6 {
			before := s.office.count("fresh")
			s.idle(time.Minute)
			counts = append(counts, s.office.count("fresh")-before)
		}
		return counts
	}
	story(t, 120, 40, onAccount, func(s *stage) {
		s.Pass(time.Second)
		idle := perMinute(s)
		if idle[0] < 3 || idle[5] != 1 {
			t.Errorf("while nothing happens: %v", idle)
		}
		// Something happens all the time, and somebody presses keys.
		stop := make(chan struct{})
		go func() {
			for {
				select {
				case <-time.After(time.Second):
					s.office.change(func() { s.office.rows[0].UpdatedAt = time.Now() })
				case <-stop:
					return
				}
			}
		}()
		for range 10 {
			s.Press("down", "up")
		}
		busy := perMinute(s)
		close(stop)
		if slices.Max(busy) > tickets.CallsEach || busy[5] < 10 {
			t.Errorf("while something happens: %v", busy)
		}
	})
	// Thirty organizations cost thirty calls a round.
	story(t, 120, 40, func(options *Options, o *office) {
		onAccount(options, o)
		o.match = func(tickets.Record, tickets.By) (tickets.Match, error) {
			match := tickets.Match{By: tickets.ByName}
			for i := range int64(30) {
				match.Targets = append(match.Targets, tickets.Target{Kind: tickets.OfOrganization, ID: orgID + i})
			}
			return match, nil
		}
	}, func(s *stage) {
		s.Pass(time.Second)
		rounds := 0
		for range 10 {
			before := s.office.count("fresh")
			for range 60 {
				s.Press("down", "up")
				s.idle(time.Second)
			}
			rounds += s.office.count("fresh") - before
		}
		if calls := rounds * 30; calls > 10*tickets.CallsEach+30 {
			t.Errorf("%d calls in ten minutes", calls)
		}
	})
}

func TestAServiceThatMakesOneWaitIsNamed(t *testing.T) {
	wait := flow.Waiting{}
	story(t, 60, 16, func(options *Options, o *office) {
		options.Waits = func() flow.Waiting { return wait }
		o.takes = 30 * time.Second
	}, func(s *stage) {
		s.Press("h", "a")
		s.Pass(time.Second)
		s.SeesNot("429")
		wait = flow.Waiting{Service: "Salesforce", Why: "429", Until: time.Now().Add(20 * time.Second)}
		s.Pass(time.Second)
		s.Sees("waiting 19 s for Salesforce (429)")
		s.Pass(20 * time.Second)
		s.SeesNot("429")
	})
}

func TestAScreenThatGrowsShowsTheConversation(t *testing.T) {
	story(t, 60, 16, onAccount, func(s *stage) {
		s.Pass(time.Second)
		s.SeesNot("확인 부탁드립니다.")
		s.model.SetFrame(frameOf(s.T, "en", 100, 30, theme.Terminal{}))
		s.Pass(2 * time.Second)
		s.Sees("확인 부탁드립니다.")
	})
}

func TestAServiceThatAsksToBeLeftAloneIs(t *testing.T) {
	story(t, 120, 40, onAccount, func(s *stage) {
		s.Pass(time.Second)
		s.office.change(func() {
			s.office.broken = &transport.Error{Service: transport.Zendesk, Kind: transport.RateLimited, Status: 429, RetryAfter: 90 * time.Second, Call: "GET /x"}
		})
		s.Pass(10 * time.Second)
		s.office.change(func() { s.office.broken = nil })
		before := s.office.count("fresh")
		s.Press("down", "up")
		s.idle(80 * time.Second)
		if s.office.count("fresh") != before {
			t.Error("it did not wait")
		}
		s.idle(20 * time.Second)
		s.Sees("live")
	})
}

func TestASignInThatExpiredIsAKeyAway(t *testing.T) {
	story(t, 120, 40, onAccount, func(s *stage) {
		s.Pass(time.Second)
		s.office.change(func() {
			s.office.broken = &transport.Error{Service: transport.Zendesk, Kind: transport.SignInExpired, Status: 401, Call: "GET /x"}
		})
		s.Pass(10 * time.Second)
		s.Sees("L signs in to Zendesk.", "#48190")
		s.Press("L")
		if !slices.Contains(s.told, tea.Msg(parts.SignIn{Service: transport.Zendesk})) {
			t.Errorf("told %v", s.told)
		}
		s.office.change(func() { s.office.broken = nil })
		s.Do(s.model.SignedIn(Options{Desk: s.office}))
		s.Pass(time.Second)
		s.Sees("live")
	})
}

func TestLeavingEndsAllThatRuns(t *testing.T) {
	story(t, 120, 40, onAccount, func(s *stage) {
		s.Pass(150 * time.Millisecond) // in the midst of opening
		s.model.Leave()
		calls := len(s.office.calls)
		s.idle(time.Minute)
		if len(s.office.calls) != calls {
			t.Errorf("it went on: %v", s.office.calls[calls:])
		}
		s.Do(s.model.Enter(s.T.Context(), frameOf(t, "en", 120, 40, s.model.frame.Theme.Terminal)))
		s.Pass(time.Second)
		s.Sees("Whose tickets?", accountID)
		s.Press("enter")
		s.Pass(time.Second)
		s.Sees("#48190")
		s.model.Leave()
		s.office.change(func() { s.office.rows[0].Subject, s.office.rows[0].UpdatedAt = "Changed meanwhile", time.Now() })
		s.idle(time.Hour)
		s.Do(s.model.Enter(s.T.Context(), frameOf(t, "en", 120, 40, s.model.frame.Theme.Terminal)))
		s.Pass(time.Second)
		s.Sees("Changed meanwhile", "live")
	})
}

func TestAResizeLosesNothing(t *testing.T) {
	story(t, 120, 40, onAccount, func(s *stage) {
		s.Pass(time.Second)
		s.Press("/")
		s.types("webhook")
		for _, size := range [][2]int{{60, 16}, {200, 60}, {1, 1}, {80, 24}, {99, 30}, {120, 40}} {
			frame := s.model.frame
			frame.Width, frame.Height = size[0], size[1]
			s.model.SetFrame(frame)
			s.Pass(30 * time.Millisecond)
			uitest.Fits(t, s.Render(), size[0], size[1])
			if size[0] >= parts.MinWidth {
				s.Sees("/ webhook", "#48190")
			}
		}
	})
}
