package tickets

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"zsf/flows/tickets"
	"zsf/ui/uitest"
)

func TestTheListSaysWhatItShowsAndWhatNot(t *testing.T) {
	story(t, 120, 40, onAccount, func(s *stage) {
		s.Pass(time.Second)
		s.Sees("한빛전자 (Account)", "matched by external id", "as of 10:02:10", "live",
			"unclosed · changed last first · 5 of 5 · 1 closed not shown",
			"▸ #48213  ● Open       Urgent", "김지우", "M. Alvarez", "4 min",
			"◌ Waiting …", "unassigned", "○ Pending", "✓ Solved")
		s.SeesNot("Old trouble")
		s.Press("a")
		s.Pass(time.Second)
		s.Sees("closed ones, too · changed last first · 6 of 6", "Old trouble", "× Closed")
		s.Press("a")
		s.Pass(time.Second)
		s.SeesNot("Old trouble")
	})
}

func TestEverythingThatAListLeavesOutHasWords(t *testing.T) {
	for _, tag := range []string{"en", "ko"} {
		words := uitest.Words(t, tag)
		for id, count := range map[string]int{
			tickets.LeftClosed: 3, tickets.LeftClosed + "-untold": -1, tickets.LeftLag + "-untold": -1, tickets.LeftTwice + "-untold": -1,
		} {
			if !words.Has("pane-left." + id) {
				t.Errorf("%s: no words for %s (%d)", tag, id, count)
			}
		}
	}
}

func TestTheConversationStandsBelowWhereThereIsRoom(t *testing.T) {
	story(t, 120, 40, onAccount, func(s *stage) {
		s.Pass(time.Second)
		s.Sees("어제부터 주문 내역이 보이지 않습니다.", "#48213 · Incident · Urgent · Open")
		s.Press("down")
		s.Pass(500 * time.Millisecond)
		s.Sees("R. Osei · Public reply · 2 h ago", "Could you have a look?", "┆ M. Alvarez · Internal note · 60 min ago", "┆   Looks like the same as #47990.",
			"Attachment: trace.har, 20 KB")
		s.Press("up") // it is known already
		s.Sees("확인 부탁드립니다.")
		if calls := s.office.count("show 48213"); calls != 1 {
			t.Errorf("read %d times", calls)
		}
		s.Press("enter")
		s.SeesNot("▸ #")
		s.Sees("esc list")
		s.Press("right")
		s.Pass(500 * time.Millisecond)
		s.Sees("Webhook returns 502 since upgrade", "Could you have a look?")
		s.Press("esc")
		s.Sees("▸ #48190")
	})
	story(t, 80, 24, onAccount, func(s *stage) {
		s.Pass(time.Second)
		s.SeesNot("확인 부탁드립니다.")
		if s.office.count("show") != 0 {
			t.Error("a conversation that is not in sight was read")
		}
		s.Press("enter")
		s.Pass(time.Second)
		s.Sees("확인 부탁드립니다.")
	})
}

func TestFastMovesReadOnlyWhereTheCursorRests(t *testing.T) {
	story(t, 120, 40, onAccount, func(s *stage) {
		s.Pass(time.Second)
		s.Press("down", "down", "down", "down")
		s.Pass(time.Second)
		if calls := s.office.count("show"); calls != 2 {
			t.Errorf("read %d tickets: %v", calls, s.office.calls)
		}
	})
}

func TestWordsFilterAsTheyAreTyped(t *testing.T) {
	story(t, 120, 24, onAccount, func(s *stage) {
		s.Pass(time.Second)
		s.Press("/")
		s.types("osei")
		s.Sees("/ osei", "2 of 5", "Webhook", "Exports time out")
		s.SeesNot("Invoice")
		s.types(" 502")
		s.Sees("1 of 5", "Webhook")
		s.Press("enter", "r") // the keys are the list's again
		s.Sees("/ osei 502")
		if len(s.told) != 1 {
			t.Errorf("told %v", s.told)
		}
		s.Press("esc")
		s.Sees("5 of 5", "Invoice")
		s.Press("/")
		s.types("#475")
		s.Sees("1 of 5", "#47555")
		s.Press("esc")
		s.Press("/")
		s.types("nothing like it")
		s.Sees("No ticket fits.")
	})
}

func TestFiltersAndOrderAreKeptForTheProfile(t *testing.T) {
	var kept []View
	keep := func(options *Options, o *office) {
		onAccount(options, o)
		options.KeepView = func(_ context.Context, view View) error {
			kept = append(kept, view)
			return nil
		}
	}
	story(t, 120, 40, keep, func(s *stage) {
		s.Pass(time.Second)
		s.Press("s")
		s.Sees("Order", "changed last           (current)", "most urgent")
		s.Press("down", "down", "down", "down", "enter")
		s.Sees("most urgent first")
		s.Press("f")
		s.Sees("Show only", "Status", "[ ] Open", "2 tickets", "[ ] Pending", "Priority", "[ ] none", "Assignee", "unassigned")
		s.Press("space")
		s.Sees("[✓] Open")
		s.Press("enter")
		s.Pass(100 * time.Millisecond)
		s.Sees("Open · unclosed · most urgent first · 2 of 5")
		s.SeesNot("Invoice")
		want := View{Sort: tickets.ByPriority, Statuses: []string{"open"}}
		if len(kept) != 2 || !reflect.DeepEqual(kept[1], want) {
			t.Errorf("kept %+v", kept)
		}
		s.Press("f", "c", "enter")
		s.Pass(100 * time.Millisecond)
		s.Sees("5 of 5", "Invoice")
	})
	story(t, 120, 40, func(options *Options, o *office) {
		onAccount(options, o)
		options.View = View{Sort: tickets.ByPriority, Statuses: []string{"new"}}
	}, func(s *stage) {
		s.Pass(time.Second)
		s.Sees("New · unclosed · most urgent first · 0 of 5", "No ticket fits.")
		s.Press("f") // what is chosen can be taken back though no ticket has it
		s.Sees("[✓] New", "0 tickets")
	})
}

func TestOneFiltersByTheAccountsOwnStatuses(t *testing.T) {
	var kept View
	story(t, 120, 40, func(options *Options, o *office) {
		onAccount(options, o)
		options.KeepView = func(_ context.Context, view View) error {
			kept = view
			return nil
		}
	}, func(s *stage) {
		s.Pass(time.Second)
		s.Press("f")
		s.Sees("nothing chosen: all are shown", "show all", "[ ] On hold", "[ ]   Waiting for a part")
		s.Press("down", "down", "down", "space")
		s.Sees("1 chosen", "[✓]   Waiting for a part", "1 ticket")
		s.Press("enter")
		s.Pass(100 * time.Millisecond)
		s.Sees("Waiting for a part · unclosed", "1 of 5")
		if want := (View{Labels: []string{"Waiting for a part"}}); !reflect.DeepEqual(kept, want) {
			t.Errorf("kept %+v", kept)
		}
	})
	story(t, 120, 40, func(options *Options, o *office) {
		onAccount(options, o)
		options.View = View{Statuses: []string{"open"}, Labels: []string{"waiting for A PART", "No such name"}}
	}, func(s *stage) {
		s.Pass(time.Second)
		s.Sees("3 of 5")
		s.Press("f")
		s.Sees("[✓] Open", "[✓]   Waiting for a part", "[✓]   No such name", "0 tickets")
	})
}

func TestClosedTicketsAreShownWhereTheyAreAskedFor(t *testing.T) {
	story(t, 120, 40, func(options *Options, o *office) {
		onAccount(options, o)
		options.View = View{Statuses: []string{"closed"}}
	}, func(s *stage) {
		s.Pass(time.Second)
		s.Sees("Old trouble", "Closed · closed ones, too", "1 of 6", "r follow up")
		s.SeesNot("internal note", "e edit")
	})
}

func TestManyTicketsAreLoadedAsOneScrolls(t *testing.T) {
	story(t, 120, 40, func(options *Options, o *office) {
		onAccount(options, o)
		o.rows = manyTickets(2500)
	}, func(s *stage) {
		s.Pass(time.Second)
		s.Sees("100 of 2500", "1 of 2500")
		s.Press("pgdown", "pgdown", "pgdown", "pgdown", "pgdown", "pgdown", "pgdown", "pgdown", "pgdown")
		s.Pass(time.Second)
		s.Sees("1000 of 2500", "▸ #100 ", "100 of 2500")
		s.Press("G") // to the last of all, not of those that are loaded
		s.Pass(time.Second)
		s.Sees("· 2500 of 2500", "▸ #2500 ")
		if limits := []int{s.office.lists[0].Limit, s.office.lists[1].Limit, s.office.lists[2].Limit}; !slices.Equal(limits, []int{100, 1000, 0}) {
			t.Errorf("asked for %v", limits)
		}
	})
	story(t, 120, 40, func(options *Options, o *office) {
		onAccount(options, o)
		o.rows = manyTickets(2500)
	}, func(s *stage) {
		s.Pass(time.Second)
		s.Press("/")
		s.types("Order 2407 ware")
		s.Pass(time.Second)
		s.Sees("1 of 2500", "Order 2407 does not arrive")
	})
}

func TestAnotherOrderOfManyTicketsIsAskedOfTheService(t *testing.T) {
	story(t, 120, 40, func(options *Options, o *office) {
		onAccount(options, o)
		o.rows = manyTickets(2500)
	}, func(s *stage) {
		s.Pass(time.Second)
		s.Press("s", "down", "down", "enter") // the newest first
		s.Pass(time.Second)
		if last := s.office.lists[len(s.office.lists)-1]; last.Sort != tickets.ByCreated || last.Reversed || last.Limit != fewest {
			t.Errorf("asked for %+v", last)
		}
		s.Sees("newest first", "100 of 2500")
	})
}

func TestTheConversationScrollsBelowTheList(t *testing.T) {
	story(t, 120, 40, func(options *Options, o *office) {
		onAccount(options, o)
		var lines []string
		for i := range 60 {
			lines = append(lines, fmt.Sprintf("line %d of it", i+1))
		}
		o.talks[48213] = []tickets.Message{said("R. Osei", true, time.Hour, lines...)}
	}, func(s *stage) {
		s.Pass(time.Second)
		s.Sees("line 1 of it", "more lines · tab")
		s.Press("tab", "G")
		s.Sees("line 60 of it", "▸ #48213")
		s.Press("esc", "down")
		s.Sees("▸ #48190")
		s.Press("up", "enter", "pgdown")
		s.Sees("line 60 of it")
	})
}

func TestAListThatGrowsShorterKeepsItsPlace(t *testing.T) {
	story(t, 60, 16, onAccount, func(s *stage) {
		s.Pass(time.Second)
		s.Press("end")
		s.office.change(func() { s.office.rows = s.office.rows[:1] })
		s.Press("R")
		s.Pass(time.Second)
		s.Sees("▸ #48213", "1 of 1")
	})
}

func TestOneMarkedTicketIsEditedLikeAnyOther(t *testing.T) {
	story(t, 120, 40, onAccount, func(s *stage) {
		s.Pass(time.Second)
		s.Press("x", "e") // the cursor has gone on to the next
		if write, ok := s.told[0].(Write); !ok || write.Kind != WriteEdit || write.Ticket != 48213 || write.IDs != nil {
			t.Errorf("%+v", s.told)
		}
	})
}

func TestWritingIsAskedOfTheRoot(t *testing.T) {
	story(t, 120, 40, onAccount, func(s *stage) {
		s.Pass(time.Second)
		s.Press("r", "i", "e", "n", "x", "x")
		s.Sees("2 marked", "✓#48213", "✓#48190", "e edit marked")
		s.Press("e")
		var kinds []string
		for _, told := range s.told {
			write, ok := told.(Write)
			if !ok || write.Record.ID != accountID || len(write.Match.Targets) != 1 {
				t.Fatalf("%+v", told)
			}
			kinds = append(kinds, write.Kind)
		}
		if !slices.Equal(kinds, []string{WriteReply, WriteNote, WriteEdit, WriteNew, WriteMany}) {
			t.Errorf("asked for %v", kinds)
		}
		if reply := s.told[0].(Write); reply.Ticket != 48213 || reply.Conversation == nil || len(reply.Conversation.Messages) != 1 {
			t.Errorf("%+v", reply)
		}
		if many := s.told[4].(Write); !slices.Equal(many.IDs, []int64{48190, 48213}) {
			t.Errorf("%v", many.IDs)
		}
		s.Press("esc")
		s.SeesNot("marked")
		s.office.change(func() { s.office.rows[0].Status, s.office.rows[0].UpdatedAt = "solved", time.Now() })
		s.Send(Written{IDs: []int64{48213}})
		s.Pass(time.Second)
		s.Sees("✓ Solved     Urgent")
	})
}

func TestPagesAndLinksOpenAndAreCopied(t *testing.T) {
	story(t, 120, 40, onAccount, func(s *stage) {
		s.Pass(time.Second)
		s.Press("down")
		s.Pass(time.Second)
		s.Press("o", "O", "y", "Y", "l")
		if want := []string{uitest.Account + "/agent/tickets/48190", accountAt}; !slices.Equal(s.opened, want) {
			t.Errorf("opened %v", s.opened)
		}
		if want := []string{"tea.setClipboardMsg " + uitest.Account + "/agent/tickets/48190", "tea.setClipboardMsg 48190"}; !slices.Equal(s.Sent, want) {
			t.Errorf("sent %v", s.Sent)
		}
		s.Sees("Links", "https://hooks.acme.com/in?x=1")
		s.Press("enter")
		s.Sees("Open this link?", "https://hooks.acme.com/in?x=1", "It leads to hooks.acme.com")
		if len(s.opened) != 2 {
			t.Error("it was opened before it was shown")
		}
		s.Press("o")
		if s.opened[2] != "https://hooks.acme.com/in?x=1" {
			t.Errorf("opened %v", s.opened)
		}
		s.Press("l", "enter", "y")
		if sent := s.Sent[len(s.Sent)-1]; sent != "tea.setClipboardMsg https://hooks.acme.com/in?x=1" {
			t.Errorf("sent %v", s.Sent)
		}
		s.Sees("Sent to the terminal's clipboard.", "Webhook returns 502")
	})
}

func TestOneSeesWhoseTicketItIsAndWhichOneIsRead(t *testing.T) {
	story(t, 80, 24, onAccount, func(s *stage) {
		s.Pass(time.Second)
		s.Sees("matched by external id") // below, as there is no room for it above
		s.Press("enter")
		s.Pass(time.Second)
		s.Sees("assigned to M. Alvarez", "1 of 5")
		s.Press("right")
		s.Pass(time.Second)
		s.Sees("Webhook returns 502 since upgrade", "unassigned", "2 of 5")
	})
}

func TestAFileIsSavedWhereAPersonSays(t *testing.T) {
	var saved []string
	var refuse error
	change := func(options *Options, o *office) {
		onAccount(options, o)
		o.talks[48190][0].Attachments[0].FileName = "../../.bashrc"
		options.Save = func(_ context.Context, file tickets.Attachment, path string) (string, error) {
			saved = append(saved, file.ContentURL+" "+path)
			return path, refuse
		}
	}
	story(t, 120, 40, change, func(s *stage) {
		s.Pass(time.Second)
		s.Press("down")
		s.Pass(time.Second)
		s.Press("d", "enter", "enter")
		s.Sees("Where should ../../.bashrc (20 KB) go?", "/home/jo/Downloads/bashrc", "A file that is there already stays as it is.")
		refuse = context.DeadlineExceeded
		s.Press("enter")
		s.Sees("/home/jo/Downloads/bashrc", "it took too long")
		refuse = nil
		s.types("2")
		s.Press("enter")
		s.Sees("Saved: /home/jo/Downloads/bashrc2", "▸ #48190")
		if len(saved) != 2 {
			t.Errorf("%v", saved)
		}
	})
}

func TestKeysSayWhyNotJustNow(t *testing.T) {
	story(t, 120, 40, func(options *Options, o *office) {
		onAccount(options, o)
		o.rows = nil
	}, func(s *stage) {
		s.Pass(time.Second)
		s.Sees("There are no tickets.")
		for _, key := range []string{"enter", "e", "r", "i", "o", "y"} {
			s.Press(key)
			s.Sees("There is no ticket to do that with.")
		}
		s.Press("d")
		s.Sees("This ticket has no attachment that was read.")
		s.Press("?")
		s.Sees("The tickets of a record", "Not just now:")
	})
}

func TestLettersInAFieldAreLetters(t *testing.T) {
	story(t, 80, 24, nil, func(s *stage) {
		s.Pass(time.Second)
		s.types("q?ㅂ")
		s.Sees("▸ q?ㅂ")
		if s.Quit {
			t.Error("a letter quit")
		}
	})
	story(t, 80, 24, onAccount, func(s *stage) {
		s.Pass(time.Second)
		s.Press("/")
		s.types("q?ㅂr")
		s.Sees("/ q?ㅂr")
		if s.Quit || len(s.told) != 0 {
			t.Error("a letter was a key")
		}
		s.Press("esc")
		s.Send(tea.KeyPressMsg{Code: 'ㅂ', Text: "ㅂ"}) // on the list it is q
		if !s.Quit {
			t.Error("a Korean keyboard has no q")
		}
	})
}
