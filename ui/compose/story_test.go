package compose

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"zsf/clients/transport"
	"zsf/flows/tickets"
	"zsf/ui/theme"
	"zsf/ui/uitest"
)

// tell runs a story in a bubble of its own time, at 100×30 in English.
func tell(t *testing.T, request Request, change, story func(*stageOf)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := set(t, frameOf(t, "en", 100, 30, theme.Terminal{}), request, change)
		s.Pass(10 * time.Millisecond)
		story(s)
		s.end()
	})
}

func TestAReplyIsSentByOneDeliberateKeyAfterItWasShown(t *testing.T) {
	tell(t, replyTo, nil, func(s *stageOf) {
		s.Sees("reply", "#48190  Webhook returns 502", "Public reply to R. Osei")
		s.types("We are on it.\nMore by noon?")
		s.Press("ctrl+s")
		s.Sees("Public reply to R. Osei <r.osei@acme.example> on #48190", "We are on it.", "More by noon?", "gets it by e-mail")
		s.Press("enter", "d", "s") // no habit sends
		if len(s.desk.sent) != 0 {
			t.Fatal("it was sent by another key than D")
		}
		s.Press("D")
		if len(s.desk.sent) != 1 || s.desk.sent[0].Comment != "We are on it.\nMore by noon?" || !s.desk.sent[0].Public {
			t.Fatalf("%+v", s.desk.sent)
		}
		if s.done == nil || s.done.Words != "Replied to R. Osei on #48190." || !slices.Equal(s.done.IDs, []int64{48190}) {
			t.Errorf("%+v", s.done)
		}
		if all, _ := s.drafts.All(s.t.Context()); len(all) != 0 {
			t.Error("the draft is still there")
		}
	})
}

func TestANoteNeverLooksLikeAReply(t *testing.T) {
	tell(t, asked(Note), nil, func(s *stageOf) {
		s.Sees("Internal note · only agents see it", "┆")
		s.types("same as #47990")
		s.Sees("┆ same as #47990")
		s.Press("ctrl+t")
		s.Sees("Public reply to R. Osei", "the requester gets it by e-mail")
		s.SeesNot("┆", "Internal note")
		s.Press("ctrl+t", "ctrl+s")
		s.Sees("Internal note on #48190, for agents only", "┆ same as")
		s.Press("D")
		if s.desk.sent[0].Public || s.done.Words != "Noted on #48190, for agents only." {
			t.Errorf("%+v %+v", s.desk.sent[0], s.done)
		}
	})
}

func TestALightAgentWritesInternalNotesOnly(t *testing.T) {
	tell(t, replyTo, func(s *stageOf) { s.desk.catalog.InternalOnly = true }, func(s *stageOf) {
		s.Sees("Internal note", "light agent")
		s.Press("ctrl+t")
		s.Sees("You are a light agent in Zendesk")
		s.types("hello")
		s.Press("ctrl+s", "D")
		if s.desk.sent[0].Public {
			t.Error("it went out public")
		}
	})
}

func TestAnEditSaysWhetherItsCommentIsPublicBeforeItIsSent(t *testing.T) {
	tell(t, asked(Edit), nil, func(s *stageOf) {
		s.Sees("▸ Status", "public or internal? ctrl+t says which")
		s.to(commentRow)
		s.types("x")
		s.Press("ctrl+s")
		s.Sees("✗", "public")
		if s.model.stage != writing {
			t.Fatal("it would have been sent")
		}
		s.Press("ctrl+t", "ctrl+s")
		s.Sees("Public reply to R. Osei")
	})
}

func TestEveryKindOfFieldIsFilledInAndShownBeforeItIsSent(t *testing.T) {
	tell(t, asked(Edit), nil, func(s *stageOf) {
		s.types("eng") // letters open the list of a choice, and find in it
		s.Sees("Status", "With engineering", "Open")
		s.Press("enter")
		s.Sees("With engineering", "was Open")
		s.to(tickets.AssigneeKey)
		s.Press("enter")
		s.Sees("J. Park", "you")
		s.types("park")
		s.Press("enter")
		s.to("custom:3")
		s.Press("enter", "space", "down", "down", "space", "enter")
		s.to("custom:4")
		s.Press("space")
		s.to("custom:5")
		s.types("2026-12-01")
		s.Press("enter") // goes on
		s.types("12")
		s.to("custom:7")
		s.types("A-17")
		s.to("custom:8")
		s.types("one\ntwo")
		s.to(tickets.TagsKey)
		s.Press("ctrl+u")
		s.types("vip new")
		s.Sees("+new -api")
		s.Press("ctrl+s")
		s.Sees("Open → With engineering", "– → J. Park", "Anvil, 터널 페인트", "2026-12-01", "A-17", "+new -api", "without a comment")
		s.Press("D")
		sent := s.desk.sent[0]
		want := tickets.Values{
			tickets.StatusKey: {"90"}, tickets.AssigneeKey: {"52"}, "custom:3": {"p1", "p3"}, "custom:4": {"true"}, "custom:5": {"2026-12-01"},
			"custom:6": {"12"}, "custom:7": {"A-17"}, "custom:8": {"one\ntwo"}, tickets.TagsKey: {"vip", "new"},
		}
		for key, values := range want {
			if !slices.Equal(sent.Values[key], values) {
				t.Errorf("%s is %q, want %q", key, sent.Values[key], values)
			}
		}
		if len(sent.Values) != len(want) {
			t.Errorf("%v", sent.Values)
		}
	})
}

func TestAFieldThatGoesBackToWhatItWasIsNoChange(t *testing.T) {
	tell(t, asked(Edit), nil, func(s *stageOf) {
		s.types("pending")
		s.Press("enter")
		s.Sees("was Open")
		s.Press("ctrl+x")
		s.SeesNot("was Open")
		s.to("custom:6")
		s.types("1")
		s.Press("backspace", "ctrl+s")
		s.Sees("There is nothing to send yet.")
	})
}

func TestAConditionalFieldComesAndGoesAndKeepsWhatWasTyped(t *testing.T) {
	tell(t, asked(Edit), nil, func(s *stageOf) {
		s.SeesNot("환불 금액")
		s.to("custom:1")
		s.types("refund")
		s.Sees("Money › Refund")
		s.Press("enter")
		s.to("custom:2")
		s.Sees("환불 금액", "In the customer's currency")
		s.types("12.5")
		s.to("custom:1")
		s.types("bug")
		s.Press("enter")
		s.SeesNot("환불 금액")
		s.Press("ctrl+s")
		s.SeesNot("12.5")
		s.Press("esc")
		s.to("custom:1")
		s.types("refund")
		s.Press("enter")
		s.Sees("환불 금액", "12.5")
	})
}

func TestWhatIsRequiredIsAskedForAtItsField(t *testing.T) {
	tell(t, asked(Edit), nil, func(s *stageOf) {
		s.to("custom:1")
		s.types("refund")
		s.Press("enter")
		s.to(tickets.StatusKey)
		s.types("solved")
		s.Press("enter", "ctrl+s")
		if s.model.stage != writing || s.model.at != "custom:2" {
			t.Errorf("the cursor is on %s", s.model.at)
		}
		s.Sees("✗")
		s.to("custom:2")
		s.types("abc")
		s.Press("ctrl+s")
		s.to("custom:2")
		line := s.Line("✗ ")
		if line == "" {
			t.Error("nothing says what is wrong")
		}
		s.Press("ctrl+u")
		s.types("9")
		s.to(tickets.AssigneeKey)
		s.types("park")
		s.Press("enter")
		s.SeesNot("✗")
		s.Press("ctrl+s")
		s.Sees("Solved", "D")
	})
}

func TestANewTicketIsForThePersonOfTheRecord(t *testing.T) {
	tell(t, asked(Create), func(s *stageOf) { s.desk.people = []tickets.Person{unmade} }, func(s *stageOf) {
		s.Sees("new ticket · Dana Cole", "Dana Cole", "not in Zendesk yet")
		if s.model.at != tickets.SubjectKey {
			t.Errorf("the cursor is on %s", s.model.at)
		}
		s.types("Anvil arrived late")
		s.Press("enter")
		s.types("It came on Tuesday.")
		s.Press("ctrl+t", "ctrl+s")
		s.Sees("A new ticket for Dana Cole <dana@acme.example>", "is made there with this ticket", "Anvil arrived late")
		s.Press("D")
		if sent := s.desk.sent[0]; sent.Requester != unmade || sent.Form != 11 || sent.Ticket != 0 || s.done.IDs[0] != 48300 {
			t.Errorf("%+v %+v", sent, s.done)
		}
	})
}

func TestARequesterIsFoundWhileOneTypes(t *testing.T) {
	tell(t, asked(Create), func(s *stageOf) {
		s.desk.found = []tickets.Person{osei, jiwoo}
		s.desk.options = []tickets.Option{{Value: "1", Title: "Acme"}, {Value: "2", Title: "Acme Korea"}}
	}, func(s *stageOf) {
		s.Sees("▸ Requester", "nobody yet")
		s.types("osei")
		s.Pass(300 * time.Millisecond)
		if !slices.Equal(s.desk.searched, []string{"osei"}) {
			t.Errorf("asked for %q", s.desk.searched)
		}
		s.Sees("R. Osei")
		s.SeesNot("김지우")
		s.Press("enter")
		s.Sees("R. Osei <r.osei@acme.example>", "Organization", "Acme")
		s.to(tickets.OrganizationKey)
		s.types("korea")
		s.Press("enter")
		if got := s.model.draft.Values[tickets.OrganizationKey]; !slices.Equal(got, []string{"2"}) {
			t.Errorf("organization %v", got)
		}
		s.to(requesterRow)
		s.Press("enter")
		s.types("Lee <lee@new.example>")
		s.Pass(300 * time.Millisecond)
		s.Sees("not in Zendesk yet: made with this ticket")
		s.Press("enter")
		if got := s.model.draft.Requester; got != (tickets.Person{Name: "Lee", Email: "lee@new.example"}) {
			t.Errorf("%+v", got)
		}
	})
}

func TestAnotherFormShowsItsOwnFields(t *testing.T) {
	tell(t, asked(Create), func(s *stageOf) { s.desk.people = []tickets.Person{osei} }, func(s *stageOf) {
		s.to("custom:6")
		s.types("7")
		s.to(formRow)
		s.types("고장")
		s.Press("enter")
		s.Sees("고장 신고")
		s.SeesNot("Seats", "Products")
		s.to(formRow)
		s.types("default")
		s.Press("enter")
		s.to("custom:6")
		s.Sees("Seats", "7")
	})
}

func TestOneCanWriteBeforeAnythingIsRead(t *testing.T) {
	offline := &transport.Error{Service: transport.Zendesk, Host: "acme.zendesk.com", Kind: transport.Unreachable}
	tell(t, replyTo, func(s *stageOf) { s.desk.slow, s.desk.readErr = 2*time.Second, offline }, func(s *stageOf) {
		s.types("written on a train")
		s.Sees("Reading the account's fields")
		s.Press("ctrl+s")
		s.Sees("still being read")
		s.Pass(3 * time.Second)
		s.Sees("not read; ctrl+s tries again: Zendesk cannot be reached")
		s.desk.readErr = nil
		s.Press("ctrl+s")
		s.Pass(3 * time.Second)
		s.Sees("Status", "written on a train")
		s.Press("ctrl+s", "D")
		s.Pass(3 * time.Second)
		if s.done == nil || s.desk.sent[0].Comment != "written on a train" || s.desk.sent[0].Base.UpdatedAt.IsZero() {
			t.Errorf("%+v", s.desk.sent)
		}
	})
}

func TestATicketHasItsOwnFormUntilAnotherIsChosen(t *testing.T) {
	tell(t, asked(Edit), func(s *stageOf) { s.desk.base.Form = 12 }, func(s *stageOf) {
		s.Sees("고장 신고", "Escalated")
		s.SeesNot("Products")
		s.to(formRow)
		s.types("default")
		s.Press("enter")
		s.Sees("Products")
		s.Press("ctrl+s")
		s.Sees("고장 신고 → Default")
		s.Press("D")
		if s.desk.sent[0].Form != 11 {
			t.Errorf("form %d", s.desk.sent[0].Form)
		}
	})
}

func TestATicketThatChangedSinceItWasReadSaysSo(t *testing.T) {
	tell(t, replyTo, func(s *stageOf) { s.desk.base.UpdatedAt = uitest.Read }, func(s *stageOf) {
		s.Sees("Somebody changed this ticket since you read it")
	})
}

func TestNothingTypedIsLostByAResize(t *testing.T) {
	tell(t, replyTo, nil, func(s *stageOf) {
		s.types("한글 and English, long enough to be wrapped on a narrow screen, twice even")
		s.Press("left", "left")
		for _, size := range [][2]int{{60, 16}, {200, 60}, {61, 17}, {100, 30}} {
			s.model.SetFrame(frameOf(t, "en", size[0], size[1], theme.Terminal{}))
			s.model.Render()
		}
		s.types("!")
		if got := s.model.draft.Comment; got != "한글 and English, long enough to be wrapped on a narrow screen, twice ev!en" {
			t.Errorf("%q", got)
		}
	})
}

func TestKeysOfAFieldAreNoShortcuts(t *testing.T) {
	tell(t, replyTo, nil, func(s *stageOf) {
		s.types("q?/jkD C")
		if s.left || s.overlay != nil || s.model.draft.Comment != "q?/jkD C" {
			t.Errorf("%q", s.model.draft.Comment)
		}
		s.Press("f1")
		s.Sees("Show what would be sent")
		s.Press("esc")
		s.Press("tab", "tab", "tab", "?")
		s.Sees("Show what would be sent")
	})
}

func TestTabTakesWhatIsMarkedAndGoesOn(t *testing.T) {
	tell(t, asked(Edit), nil, func(s *stageOf) {
		s.types("pend")
		s.Press("tab")
		if at := s.model.current().key; at == tickets.StatusKey || s.model.stage != writing {
			t.Errorf("it is at %s", at)
		}
		s.Press("ctrl+s")
		s.Sees("Open → Pending")
	})
}
