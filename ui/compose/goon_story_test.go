package compose

import (
	"strings"
	"testing"
	"time"

	"zsf/flows/tickets"
)

// A ticket that is closed says so when it is opened, not when all is written; what is to be said goes into a follow-up.
func TestAClosedTicketSaysSoAtOnceAndLeadsToAFollowUp(t *testing.T) {
	closed := func(s *stageOf) {
		s.desk.base.Category, s.desk.base.Values[tickets.StatusKey] = "closed", []string{"closed"}
	}
	tell(t, replyTo, closed, func(s *stageOf) {
		s.Sees("Ticket 48190 is closed", "write a new ticket that follows it up")
		s.SeesNot("Not sent", "kept as a draft")
		s.Press("f")
		s.Sees("follow-up of #48190", "R. Osei <r.osei@acme.example>", "Webhook returns 502 since upgrade", "Public: R. Osei gets this by e-mail")
		s.to(commentRow)
		s.types("It is back.")
		s.Press("ctrl+s")
		s.Sees("A new ticket for R. Osei", "It follows up the closed ticket #48190", "It is back.", "D send")
		s.Press("D")
		sent := s.desk.sent[0]
		if s.done == nil || !sent.IsNew() || sent.FollowUp != 48190 || sent.Requester != osei || sent.Comment != "It is back." {
			t.Errorf("%+v", sent)
		}
	})
	tell(t, asked(Note), closed, func(s *stageOf) {
		s.Press("esc")
		if !s.left || s.drafts.saves != 0 {
			t.Error("there is nothing to keep")
		}
	})
}

// The ticket was closed while somebody wrote: the text, the file and the fields go along into the follow-up.
func TestWhatWasWrittenIntoAClosedTicketGoesIntoItsFollowUp(t *testing.T) {
	tell(t, asked(Edit), func(s *stageOf) {
		s.desk.answers = []error{&tickets.GoneError{Ticket: 48190, Why: "closed"}}
	}, func(s *stageOf) {
		s.to(tickets.PriorityKey)
		s.types("urg")
		s.Press("enter")
		s.to(commentRow)
		s.types("late")
		s.Press("ctrl+t", "ctrl+s", "D")
		s.Sees("Not sent", "follows it up", "kept as a draft")
		s.Press("f", "ctrl+s")
		s.Sees("A new ticket for R. Osei", "late", "Urgent", "follows up the closed ticket #48190")
		s.Press("esc", "esc")
		if kept := s.drafts.kept(s.t); kept.FollowUp != 48190 || kept.Ticket != 0 || kept.Comment != "late" {
			t.Errorf("%+v", kept)
		}
	})
}

// An earlier send had arrived, and the draft was changed since: only what is not there yet is sent, on the ticket that is there.
func TestTheRestOfADraftGoesOnWhereAnEarlierSendArrived(t *testing.T) {
	now := sampleBase()
	now.Values[tickets.StatusKey] = []string{"pending"}
	earlier := &tickets.EarlierError{Ticket: 48300, Now: now, Sent: tickets.Attempt{
		Since: now.UpdatedAt, Comment: "First words.", Public: true, Requester: unmade, Form: 11,
		Values: tickets.Values{tickets.SubjectKey: {"Broken"}, tickets.PriorityKey: {"high"}},
	}}
	written := func(s *stageOf) {
		s.desk.people = []tickets.Person{unmade}
		s.desk.answers = []error{earlier}
		draft := tickets.NewDraft()
		draft.Record.ID, draft.Form, draft.Requester, draft.Comment = asked(Create).Record.ID, 11, unmade, "First words. And a second thought."
		draft.Public, draft.PublicSaid, draft.Values = true, true, tickets.Values{tickets.SubjectKey: {"Broken"}, tickets.PriorityKey: {"urgent"}}
		_ = s.drafts.Save(s.t.Context(), draft)
	}
	tell(t, asked(Create), written, func(s *stageOf) {
		s.Press("enter", "ctrl+s", "D")
		s.Sees("it is in ticket 48300", "Already on #48300", "First words.", "Not there yet", "And a second thought.", "go on with what is not there yet")
		s.Press("enter")
		s.Sees("Public reply to", "on #48300", "And a second thought.", "High → Urgent", "Already on #48300")
		s.SeesNot("First words. And")
		s.Press("esc")
		s.Sees("Already on #48300: First words.")
		s.Press("ctrl+s", "D")
		sent := s.desk.sent[1]
		if s.done == nil || sent.Ticket != 48300 || sent.Comment != "And a second thought." || !sent.Base.UpdatedAt.Equal(now.UpdatedAt) || len(sent.Changed()) != 1 {
			t.Errorf("%+v", sent)
		}
	})
	tell(t, asked(Create), written, func(s *stageOf) {
		s.Press("enter", "ctrl+s", "D", "A")
		if all, _ := s.drafts.All(t.Context()); s.done == nil || s.done.IDs[0] != 48300 || len(all) != 0 || len(s.desk.sent) != 1 {
			t.Errorf("%+v, %+v", s.done, all)
		}
	})
}

// Of two windows with one draft the second goes on; what the first has is no longer that draft, and none of either is lost.
func TestTwoWindowsWithOneDraftKeepBothTexts(t *testing.T) {
	tell(t, replyTo, nil, func(s *stageOf) {
		s.types("one")
		s.Pass(time.Second)
		first := s.model
		s.open(replyTo, s.model.frame)
		second := s.model
		s.Press("enter")
		s.types(" two")
		s.Pass(time.Second)
		s.model = first
		s.types(" uno")
		s.Pass(time.Second)
		s.Sees("Another window of zsf goes on with this draft", "one uno")
		s.types(" dos")
		s.Press("esc")
		s.model = second
		s.types(" three")
		s.Press("ctrl+s", "D")
		if len(s.desk.sent) != 1 || s.desk.sent[0].Comment != "one two three" {
			t.Errorf("%+v", s.desk.sent)
		}
		if kept := s.drafts.kept(s.t); kept.Comment != "one uno dos" {
			t.Errorf("%+v", kept)
		}
	})
}

// The other window has sent the draft: what stands here is not lost with it, and not sent by one key.
func TestWhatAnotherWindowSentIsKeptApart(t *testing.T) {
	tell(t, replyTo, nil, func(s *stageOf) {
		s.types("one")
		s.Pass(time.Second)
		if err := s.drafts.Done(t.Context(), s.drafts.kept(s.t).ID); err != nil {
			t.Fatal(err)
		}
		s.types(" more")
		s.Press("ctrl+s", "D")
		s.Sees("This was sent meanwhile")
		s.Pass(time.Second)
		if kept := s.drafts.kept(s.t); kept.Comment != "one more" || len(s.desk.sent) != 0 {
			t.Errorf("%+v, %+v", kept, s.desk.sent)
		}
	})
}

func TestADraftIsChosenFromAllOfThem(t *testing.T) {
	begun := func(s *stageOf) {
		reply := tickets.NewDraft()
		reply.Ticket, reply.Comment, reply.Public, reply.PublicSaid, reply.Base, reply.SavedAt = 48190, "half a reply", true, true, sampleBase(), time.Now()
		made := tickets.NewDraft()
		made.Comment, made.Requester, made.Record.Name, made.SavedAt = "a new one", osei, "Acme", time.Now().Add(-time.Hour)
		_, _ = s.drafts.Save(s.t.Context(), reply), s.drafts.Save(s.t.Context(), made)
	}
	tell(t, Request{Kind: Drafts}, begun, func(s *stageOf) {
		s.Sees("drafts", "#48190 · public: half a reply", "new ticket Acme", "esc leaves them")
		s.pastes("a new")
		s.Press("esc")
		s.Press("enter")
		s.Sees("reply", "Public reply to R. Osei", "half a reply")
		s.types(", whole")
		s.Press("ctrl+s", "D")
		if s.done == nil || s.desk.sent[0].Ticket != 48190 || s.desk.sent[0].Comment != "half a reply, whole" {
			t.Errorf("%+v", s.desk.sent)
		}
	})
	tell(t, Request{Kind: Drafts}, begun, func(s *stageOf) {
		s.Press("down", "ctrl+x")
		s.Sees("Once more drops")
		s.Press("ctrl+x", "ctrl+x", "ctrl+x")
		s.Sees("There are no drafts.")
		s.Press("esc")
		if all, _ := s.drafts.All(t.Context()); !s.left || len(all) != 0 {
			t.Errorf("%+v", all)
		}
	})
	tell(t, Request{Kind: Drafts}, begun, func(s *stageOf) {
		s.Press("down")
		id := ""
		all, _ := s.drafts.All(t.Context())
		for _, draft := range all {
			if draft.IsNew() {
				id = draft.ID
			}
		}
		s.Press("esc")
		s.open(Request{Kind: Drafts, Draft: id}, s.model.frame)
		s.Sees("new ticket", "a new one", "R. Osei")
	})
	tell(t, Request{Kind: Drafts, Draft: "gone"}, nil, func(s *stageOf) { s.Sees("not there any more") })
}

func TestADateIsShownAsItIsUnderstood(t *testing.T) {
	tell(t, asked(Edit), nil, func(s *stageOf) {
		s.to("custom:5")
		s.types("tomorrow")
		want := time.Now().AddDate(0, 0, 1).Format(time.DateOnly)
		s.Sees("tomorrow", "= "+want)
		s.Press("ctrl+s")
		s.Sees("Promised for", "– → "+want)
		s.Press("esc", "ctrl+x")
		s.types("12/5")
		s.SeesNot("= ")
		s.Press("ctrl+s")
		s.Sees("12/5 could be two days")
		if s.model.stage != writing || !strings.Contains(s.Render(), "Promised for") {
			t.Error("it would have been sent")
		}
	})
}

// One of several tickets had got an earlier part of it: that one goes on with the rest, the others with all of it.
func TestOfSeveralTicketsOneGoesOnWithTheRest(t *testing.T) {
	now := sampleBase()
	now.UpdatedAt = now.UpdatedAt.Add(time.Minute)
	tell(t, asked(Several), func(s *stageOf) {
		s.desk.results = map[int64]error{48190: &tickets.EarlierError{Ticket: 48190, Now: now, Sent: tickets.Attempt{Since: now.UpdatedAt, Comment: "swept"}}}
	}, func(s *stageOf) {
		s.to(tickets.PriorityKey)
		s.types("urg")
		s.Press("enter")
		s.to(commentRow)
		s.types("swept")
		s.Press("ctrl+t", "ctrl+t", "ctrl+s", "D")
		s.Sees("1 of 3 were not written", "it is in ticket 48190", "m mine over theirs")
		s.Press("m")
		s.Sees("The comment is there already, so it is not sent again: #48190")
		s.desk.results = nil
		s.Press("D")
		s.Sees("3 tickets are written")
		part := s.desk.sent[1].Part(48190)
		if part.Comment != "" || !part.Base.UpdatedAt.Equal(now.UpdatedAt) || len(part.Changed()) != 1 {
			t.Errorf("%+v", part)
		}
	})
}
