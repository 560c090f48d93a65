package compose

import (
	"errors"
	"io/fs"
	"slices"
	"testing"
	"time"

	"zsf/clients/transport"
	"zsf/clients/zendesk"
	"zsf/flows/flow"
	"zsf/flows/tickets"
	"zsf/ui/uitest"
)

func TestClosingForGoodIsAskedTwice(t *testing.T) {
	tell(t, asked(Edit), nil, func(s *stageOf) {
		s.to(tickets.AssigneeKey)
		s.types("park")
		s.Press("enter")
		s.to(tickets.StatusKey)
		s.types("closed")
		s.Sees("for good")
		s.Press("enter", "ctrl+s")
		s.Sees("closed for good")
		s.Press("D")
		if len(s.desk.sent) != 0 {
			t.Fatal("one key closed it")
		}
		s.Sees("C", "yes, close it for good")
		s.Press("D", "c")
		if len(s.desk.sent) != 0 {
			t.Fatal("a habit closed it")
		}
		s.Press("C")
		if len(s.desk.sent) != 1 || !s.desk.sent[0].CloseSaid {
			t.Errorf("%+v", s.desk.sent)
		}
	})
}

func TestAConflictIsMergedFieldByField(t *testing.T) {
	for side, want := range map[string]string{"m": "pending", "t": "solved"} {
		tell(t, replyTo, func(s *stageOf) { s.desk.answers = []error{theirs()} }, func(s *stageOf) {
			s.types("We are on it.")
			s.to(tickets.StatusKey)
			s.types("pending")
			s.Press("enter", "ctrl+s", "D")
			s.Sees("Both of you changed", "Status", "(x) mine", "Pending", "( ) theirs", "Solved", "They changed", "M. Alvarez", "+done",
				"I rolled the gateway back.", "정말 감사합니다")
			s.Press(side, "enter")
			s.Sees("We are on it.", "Public reply to R. Osei")
			s.Press("D")
			sent := s.desk.sent[len(s.desk.sent)-1]
			if now := sent.Now()[tickets.StatusKey]; !slices.Equal(now, []string{want}) || sent.Comment != "We are on it." {
				t.Errorf("%s: status %v, comment %q", side, now, sent.Comment)
			}
			if !sent.Base.UpdatedAt.Equal(theirs().Theirs.UpdatedAt) || sent.Base.LastComment != 6 {
				t.Errorf("it goes on from %v, comment %d", sent.Base.UpdatedAt, sent.Base.LastComment)
			}
			if !slices.Contains(sent.Now()[tickets.TagsKey], "done") {
				t.Error("their tag is lost")
			}
		})
	}
}

func TestNothingIsLostWhenAConflictIsLeft(t *testing.T) {
	tell(t, replyTo, func(s *stageOf) { s.desk.answers = []error{theirs()} }, func(s *stageOf) {
		s.types("We are on it.")
		s.Press("ctrl+s", "D", "esc")
		s.Sees("We are on it.")
		s.Press("esc")
		if s.drafts.kept(s.t).Comment != "We are on it." {
			t.Error("the text is lost")
		}
	})
}

func TestWhatZendeskRefusesStandsAtItsField(t *testing.T) {
	refused := &tickets.RefusedError{Ticket: 48190, Fields: map[string]flow.Text{"custom:6": flow.Raw("Seats: is \x1b[31mtoo large"), tickets.WholeKey: flow.Raw("Something else")}}
	tell(t, asked(Edit), func(s *stageOf) { s.desk.answers = []error{refused} }, func(s *stageOf) {
		s.to("custom:6")
		s.types("1200")
		s.Press("ctrl+s", "D")
		s.Sees("✗ Seats: is too large", "Something else")
		if s.model.at != "custom:6" {
			t.Errorf("the cursor is on %s", s.model.at)
		}
		s.Press("backspace")
		s.SeesNot("too large")
	})
}

func TestASendWithoutAnAnswerIsLookedForBeforeItIsSentAgain(t *testing.T) {
	since := uitest.Read
	unsureOf := &tickets.UnsureError{Ticket: 48190, Since: since, Looked: []flow.Text{flow.Raw("#48190: 3 comments")}, Err: errors.New("no answer")}
	leaves := func(draft *tickets.Draft) { draft.Sending = tickets.Attempt{Since: since} }
	t.Run("it has arrived", func(t *testing.T) {
		tell(t, replyTo, func(s *stageOf) {
			s.desk.answers, s.desk.leaves = []error{unsureOf}, leaves
			s.desk.look = tickets.Look{Arrival: tickets.Arrived, Ticket: zendesk.WholeTicket{Ticket: zendesk.Ticket{ID: 48190}}}
		}, func(s *stageOf) {
			s.types("x")
			s.Press("ctrl+s", "D")
			s.Sees("?", "#48190: 3 comments", "look again")
			s.Press("r")
			s.Sees("It is there: ticket #48190.")
			s.Press("enter")
			if all, _ := s.drafts.All(s.t.Context()); s.done == nil || len(all) != 0 || len(s.desk.sent) != 1 {
				t.Errorf("%+v, %d drafts, %d sends", s.done, len(all), len(s.desk.sent))
			}
		})
	})
	t.Run("it has not", func(t *testing.T) {
		tell(t, replyTo, func(s *stageOf) {
			s.desk.answers, s.desk.leaves = []error{unsureOf}, leaves
			s.desk.look = tickets.Look{Arrival: tickets.NotArrived}
		}, func(s *stageOf) {
			s.types("x")
			s.Press("ctrl+s", "D", "r")
			s.Sees("had not arrived")
			s.Press("ctrl+s", "D")
			if s.done == nil || len(s.desk.sent) != 2 || s.desk.sent[1].Sending.IsZero() {
				t.Error("the second send does not know of the first")
			}
		})
	})
	t.Run("what the flow kept cannot be read back", func(t *testing.T) {
		tell(t, replyTo, func(s *stageOf) { s.desk.answers = []error{unsureOf} }, func(s *stageOf) {
			s.types("x")
			s.Press("ctrl+s", "D", "esc", "esc")
			if kept := s.drafts.kept(s.t); !kept.Sending.Since.Equal(since) || kept.Sending.Comment != "x" {
				t.Errorf("nobody would look before it is sent again: %+v", kept.Sending)
			}
		})
	})
	t.Run("nobody can tell", func(t *testing.T) {
		tell(t, replyTo, func(s *stageOf) {
			s.desk.answers, s.desk.leaves = []error{unsureOf}, leaves
			s.desk.look = tickets.Look{Arrival: tickets.Untold}
		}, func(s *stageOf) {
			s.types("x")
			s.Press("ctrl+s", "D", "r")
			s.Sees("What is there tells neither", "send it anyway")
			s.Press("esc", "esc")
			if kept := s.drafts.kept(s.t); kept.Comment != "x" || kept.Sending.IsZero() {
				t.Errorf("%+v", kept)
			}
			s.open(replyTo, s.model.frame) // after the program was ended
			s.Sees("being sent: x")
			s.Press("enter")
			s.Pass(20 * time.Millisecond)
			s.Sees("What is there tells neither")
			s.Press("D")
			if last := s.desk.sent[len(s.desk.sent)-1]; !last.Sending.IsZero() {
				t.Error("it was not sent anew")
			}
		})
	})
}

func TestWhyNothingWasSentIsSaidAndTheDraftKept(t *testing.T) {
	var gone *tickets.GoneError
	refused := &transport.Error{Service: transport.Zendesk, Kind: transport.Rejected, Status: 422}
	cases := []struct {
		name string
		err  error
		sees []string
	}{
		{"no network", &transport.Error{Service: transport.Zendesk, Host: "acme.zendesk.com", Kind: transport.Unreachable, Call: "PUT /api/v2/tickets/48190"}, []string{"acme.zendesk.com", "send again"}},
		{"too many calls", &tickets.LaterError{Until: uitest.Read.Add(40 * time.Second), Err: &transport.Error{Service: transport.Zendesk, Kind: transport.RateLimited, RetryAfter: 40 * time.Second}}, []string{"asked again in 4", "send again"}},
		{"signed out", &transport.Error{Service: transport.Zendesk, Kind: transport.SignInExpired}, []string{"sign in to Zendesk", "send again"}},
		{"closed meanwhile", &tickets.GoneError{Ticket: 48190, Why: "closed", Err: refused}, []string{"closed", "write a new ticket that follows it up", "go on writing"}},
		{"deleted meanwhile", &tickets.GoneError{Ticket: 48190, Why: "deleted"}, []string{"not there any more", "go on writing"}},
		{"merged meanwhile", &tickets.GoneError{Ticket: 48190, Why: "merged", Into: 48001}, []string{"merged", "reply to #48001", "go on writing"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			tell(t, replyTo, func(s *stageOf) { s.desk.answers = []error{c.err} }, func(s *stageOf) {
				s.types("We are on it.")
				s.Press("ctrl+s", "D")
				s.Sees("Not sent", "What you wrote is kept as a draft")
				s.Sees(c.sees...)
				if kept := s.drafts.kept(s.t); kept.Comment != "We are on it." {
					t.Errorf("%+v", kept)
				}
				switch {
				case c.name == "signed out":
					s.Press("l")
					if !s.signIn {
						t.Error("l leads to no sign-in")
					}
				case errors.As(c.err, &gone):
					s.SeesNot("send again", "mistake of zsf")
					s.Press("r")
					if len(s.desk.sent) != 1 {
						t.Error("it was sent to a ticket that is gone")
					}
					return
				}
				s.Press("r")
				if s.done == nil {
					t.Error("it was not sent again")
				}
			})
		})
	}
}

func TestWhileZendeskTakesItsTimeKeysAreAnswered(t *testing.T) {
	tell(t, replyTo, nil, func(s *stageOf) {
		s.types("x")
		s.desk.slow = 4 * time.Second
		s.Press("ctrl+s", "D")
		s.Pass(2200 * time.Millisecond)
		s.Sees("Sending… 2 s")
		s.Press("esc")
		s.Sees("cannot be called back")
		if s.left {
			t.Error("it was left while it was being sent")
		}
		s.Press("f1")
		s.Sees("Writing")
		s.Press("esc")
		s.Pass(3 * time.Second)
		if s.done == nil {
			t.Error("it was not sent")
		}
	})
}

func TestAnExpiredSignInIsRenewedAndNothingIsLost(t *testing.T) {
	expired := &transport.Error{Service: transport.Zendesk, Kind: transport.SignInExpired}
	tell(t, replyTo, func(s *stageOf) { s.desk.readErr = expired }, func(s *stageOf) {
		s.types("hello")
		s.Press("ctrl+s")
		s.Sees("Not sent", "no longer accepts the sign-in")
		s.Press("l")
		if !s.signIn {
			t.Fatal("l leads to no sign-in")
		}
		s.desk.readErr = nil
		s.Do(s.model.SignedIn(s.model.options))
		s.Sees("Signed in", "hello", "Status")
		s.Press("ctrl+s", "D")
		if s.done == nil {
			t.Error("it was not sent")
		}
	})
}

func TestWhatIsWrittenForOneAccountNeverGoesToAnother(t *testing.T) {
	tell(t, replyTo, nil, func(s *stageOf) {
		s.types("hello")
		other := s.model.options
		other.Account, other.Desk, other.Drafts = "https://other.zendesk.com", &desk{}, &drafts{}
		s.Do(s.model.SignedIn(other))
		s.Sees("another account", "hello")
		if s.model.options.Desk != s.desk || s.model.options.Drafts != s.drafts || s.drafts.kept(s.t).Comment != "hello" {
			t.Error("it would go to the other account, or is kept for it")
		}
	})
}

func TestWhatWasRefusedIsSentAgainUnderItsNextKey(t *testing.T) {
	refused := &tickets.RefusedError{Fields: map[string]flow.Text{tickets.CommentKey: flow.Raw("Description: no")}}
	tell(t, asked(Create), func(s *stageOf) {
		s.desk.answers, s.desk.leaves = []error{refused}, func(draft *tickets.Draft) { draft.Round++ }
		s.desk.people = []tickets.Person{{ID: 5, Name: "R. Osei"}}
	}, func(s *stageOf) {
		s.to(tickets.SubjectKey)
		s.types("x")
		s.to(commentRow)
		s.types("x")
		s.Press("ctrl+t", "ctrl+s", "D")
		s.Sees("Description: no")
		s.types("y")
		s.Press("ctrl+s", "D")
		if len(s.desk.sent) != 2 || s.desk.sent[1].Round != 1 {
			t.Errorf("%+v", s.desk.sent)
		}
	})
}

func TestAnUnansweredSendLeadsToTheSignInThatTheLookNeeds(t *testing.T) {
	since := uitest.Read
	expired := &transport.Error{Service: transport.Zendesk, Kind: transport.SignInExpired}
	tell(t, replyTo, func(s *stageOf) {
		s.desk.answers = []error{&tickets.UnsureError{Ticket: 48190, Since: since, Err: expired}}
		s.desk.leaves = func(draft *tickets.Draft) { draft.Sending = tickets.Attempt{Since: since} }
	}, func(s *stageOf) {
		s.types("x")
		s.Press("ctrl+s", "D", "l")
		if !s.signIn {
			t.Error("l leads to no sign-in")
		}
	})
}

func TestSeveralTicketsHaveTheirOwnResults(t *testing.T) {
	conflict := theirs()
	conflict.Ticket = 47555
	tell(t, asked(Several), func(s *stageOf) { s.desk.results = map[int64]error{47555: conflict} }, func(s *stageOf) {
		s.Sees("edit several · 3 tickets", "stays as it is")
		s.SeesNot("Subject")
		s.types("pending")
		s.Press("enter")
		s.to(tickets.TagsKey)
		s.types("outage -vip")
		s.Press("ctrl+s")
		s.Sees("The same changes to 3 tickets", "#48213, #48190 and #47555", "+outage -vip", "Pending")
		s.SeesNot("→") // each had a status of its own
		s.Press("D")
		s.Sees("1 of 3 were not written", "✓ #48213", "✓ #48190", "✗ #47555", "yours Pending, theirs Solved")
		if sent := s.desk.sent[0]; !slices.Equal(sent.AddTags, []string{"outage"}) || !slices.Equal(sent.RemoveTags, []string{"vip"}) {
			t.Errorf("%+v", sent)
		}
		s.desk.results = nil
		s.Press("m")
		s.Sees("What changes", "#47555")
		s.SeesNot("#48213")
		s.Press("D")
		s.Sees("3 tickets are written.")
		if got := s.desk.sent[1].Parts[47555].Base.UpdatedAt; !got.Equal(conflict.Theirs.UpdatedAt) {
			t.Errorf("it was sent over %v", got)
		}
		s.Press("enter")
		if s.done == nil || len(s.done.IDs) != 3 {
			t.Errorf("%+v", s.done)
		}
	})
}

func TestATicketThatIsGoneIsLeftOut(t *testing.T) {
	tell(t, asked(Several), func(s *stageOf) { s.desk.gone = []int64{48190} }, func(s *stageOf) {
		s.Sees("left out: #48190", "2 tickets")
	})
}

// A form switch, or a field that the account no longer has, leaves values without a row: they stay in the draft, and it is said
// that they are not sent.
func TestWhatTheFormDoesNotShowIsSaidNotToBeSent(t *testing.T) {
	begun := func(s *stageOf) {
		draft := tickets.NewDraft()
		draft.Ticket, draft.Base, draft.Comment, draft.PublicSaid = 48190, sampleBase(), "x", true
		draft.Values = tickets.Values{"custom:6": {"12"}, "custom:77": {"gone from the account"}}
		_ = s.drafts.Save(s.t.Context(), draft)
	}
	tell(t, asked(Edit), begun, func(s *stageOf) {
		s.Press("enter")
		s.to(formRow)
		s.types("고장")
		s.Press("enter", "ctrl+s")
		s.Sees("Form", "Not sent, as the form does not show it: Seats and custom:77")
		s.Press("esc")
		s.to(formRow)
		s.types("Default")
		s.Press("enter", "ctrl+s")
		s.Sees("Seats", "12", "does not show it: custom:77")
		s.Press("D")
		if sent := s.desk.sent[0]; len(sent.Values) != 1 || sent.Values["custom:6"][0] != "12" {
			t.Errorf("%+v", sent.Values)
		}
	})
}

// A file that vanished between choosing and sending is said at its row; when it is there again, the same key sends.
func TestAFileThatVanishedIsSaidAtItsRow(t *testing.T) {
	tell(t, replyTo, func(s *stageOf) {
		s.desk.answers = []error{&tickets.FileError{Path: "/home/kim/report.pdf", Err: fs.ErrNotExist}}
	}, func(s *stageOf) {
		s.types("see there")
		s.Press("ctrl+s", "D")
		s.Sees("▸ Files", "✗ /home/kim/report.pdf cannot be attached: it is not there")
		s.Press("ctrl+s", "D")
		if s.done == nil || len(s.desk.sent) != 2 {
			t.Errorf("%d sends", len(s.desk.sent))
		}
	})
}
