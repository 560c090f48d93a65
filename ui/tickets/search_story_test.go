package tickets

import (
	"fmt"
	"slices"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"zsf/clients/salesforce"
	"zsf/clients/transport"
	"zsf/flows/flow"
	"zsf/flows/tickets"
	"zsf/ui/parts"
)

func TestWhatWasLookedAtLastComesFirst(t *testing.T) {
	story(t, 80, 24, nil, func(s *stage) {
		s.Sees("Whose tickets?", "Looking up what you saw last…")
		s.Pass(200 * time.Millisecond)
		s.Sees("You looked at these last in Salesforce", "▸ Account  한빛전자", "Contact  J. Park")
		s.Press("enter")
		s.Pass(time.Second)
		s.Sees("한빛전자 (Account)", "#48190", "live")
		s.Press("esc") // to the search, where it goes on
		s.Sees("Whose tickets?")
		s.Press("esc")
		if !slices.Contains(s.told, tea.Msg(parts.Back{})) {
			t.Errorf("told %v", s.told)
		}
	})
}

func TestWordsAreLookedUpOnceNobodyTypes(t *testing.T) {
	story(t, 80, 24, nil, func(s *stage) {
		s.Pass(time.Second)
		s.types("한빛")
		s.Sees("▸ 한빛", "looking…")
		s.Pass(100 * time.Millisecond)
		s.types("전")
		s.Press("backspace")
		if calls := s.office.count("hits"); calls != 0 {
			t.Errorf("%d searches while somebody types", calls)
		}
		s.Pass(time.Second)
		s.Sees("2 records", "▸ Account  한빛전자", "Lead     한빛나")
		if calls := s.office.count("hits 한빛"); calls != 1 {
			t.Errorf("%d searches: %v", calls, s.office.calls)
		}
		s.Press("down", "up", "enter")
		s.Pass(time.Second)
		s.Sees("한빛전자 (Account)", "#48190")
	})
}

func TestWhatToDoWhereNothingIsCalledSoIsSaidWhole(t *testing.T) {
	story(t, 60, 16, nil, func(s *stage) {
		s.Pass(time.Second)
		s.types("nobody")
		s.Pass(time.Second)
		s.Sees("called so", "paste its address.")
	})
}

func TestOneLetterIsNotLookedUp(t *testing.T) {
	story(t, 80, 24, nil, func(s *stage) {
		s.Pass(time.Second)
		s.types("h")
		s.Pass(time.Second)
		s.Sees("Type another letter")
		s.SeesNot("called so")
		if calls := s.office.count("hits"); calls != 0 {
			t.Errorf("%d searches for a letter", calls)
		}
		s.Press("enter")
		s.Sees("There is no record here to open yet.")
	})
}

func TestOnePagesThroughManyRecords(t *testing.T) {
	story(t, 80, 24, func(_ *Options, o *office) {
		for i := range tickets.MostHits {
			o.hits["ac"] = append(o.hits["ac"], tickets.Hit{ID: accountID, Object: "Account", Name: fmt.Sprintf("Acme %03d", i+1)})
		}
	}, func(s *stage) {
		s.Pass(time.Second)
		s.types("ac")
		s.Pass(time.Second)
		s.Sees("The first 100 records.", "▸ Account  Acme 001", "1 of 100")
		s.Press("pgdown", "pgdown")
		s.SeesNot("Acme 001")
		s.Press("pgup", "pgup", "down")
		s.Sees("▸ Account  Acme 002", "2 of 100")
	})
}

func TestNewsThatComeLateAreSaidTo(t *testing.T) {
	change := func(options *Options, o *office) {
		options.Text, options.With = accountID, tickets.With{tickets.OfContacts}
		match := o.match
		o.match = func(record tickets.Record, by tickets.By) (tickets.Match, error) {
			found, err := match(record, by)
			found.Beside = []tickets.Beside{{Target: tickets.Target{Kind: tickets.OfUser, ID: 7}, What: tickets.OfContacts}}
			return found, err
		}
	}
	for _, size := range [][2]int{{120, 40}, {60, 16}} {
		story(t, size[0], size[1], change, func(s *stage) {
			s.Pass(time.Second)
			s.Sees("With its contacts: 2 of 3 were found in Zendesk.", "can come minutes late", "it lags.", "#48190")
		})
	}
	story(t, 120, 40, onAccount, func(s *stage) {
		s.Pass(time.Second)
		s.SeesNot("minutes late")
	})
}

func TestALateAnswerIsDropped(t *testing.T) {
	story(t, 80, 24, func(_ *Options, o *office) {
		o.takes = time.Second
		o.hits["한빛나"] = []tickets.Hit{{ID: "00Q000000000000AAA", Object: "Lead", Name: "한빛나"}}
	}, func(s *stage) {
		s.Pass(2 * time.Second)
		s.types("한빛")
		s.Pass(500 * time.Millisecond) // it is asked
		s.types("나")
		s.Pass(800 * time.Millisecond) // the first answer would be here
		s.Sees("looking…")
		s.SeesNot("한빛전자")
		s.Pass(time.Second)
		s.Sees("1 record", "Lead  한빛나")
	})
}

func TestAPastedAddressGoesStraightThere(t *testing.T) {
	story(t, 80, 24, nil, func(s *stage) {
		s.Pass(time.Second)
		s.Send(tea.PasteMsg{Content: accountAt + "\n"})
		s.Sees("opening…")
		s.Pass(time.Second)
		s.Sees("한빛전자 (Account)", "#48190")
		other := account
		other.ID, other.Name = "001000000000000AAA", "Acme"
		s.office.change(func() { s.office.records["001000000000000AAA"] = other })
		s.Send(tea.PasteMsg{Content: "001000000000000AAA"}) // another record, from the list
		s.Pass(time.Second)
		s.Sees("Acme (Account)", "#48190")
	})
	story(t, 80, 24, nil, func(s *stage) { // typed, it waits for Enter
		s.Pass(time.Second)
		s.types(accountID)
		s.Sees("Enter goes straight to it.")
		s.Pass(time.Second)
		if s.office.count("hits") != 0 || s.office.count("find") != 0 {
			t.Errorf("%v", s.office.calls)
		}
		s.Press("enter")
		s.Pass(time.Second)
		s.Sees("한빛전자 (Account)")
	})
}

func TestWhatCannotBeShownSaysWhy(t *testing.T) {
	refused := func(err error) func(*Options, *office) {
		return func(options *Options, o *office) {
			options.Text = accountID
			o.refused[accountID] = err
		}
	}
	story(t, 80, 24, refused(&transport.Error{Service: transport.Salesforce, Host: "acme.my.salesforce.com", Kind: transport.Unreachable, Call: "GET /x", Message: "connection refused"}), func(s *stage) {
		s.Pass(time.Second)
		s.Sees("Whose tickets?", "connection refused")
		s.types("x") // it goes away with the first letter
		s.SeesNot("connection refused")
	})
	story(t, 80, 24, refused(&transport.Error{Service: transport.Salesforce, Kind: transport.SignInExpired, Status: 401}), func(s *stage) {
		s.Pass(time.Second)
		s.Sees("ctrl+l signs in to Salesforce.")
		s.Press("ctrl+l")
		if !slices.Contains(s.told, tea.Msg(parts.SignIn{Service: transport.Salesforce})) {
			t.Errorf("told %v", s.told)
		}
	})
	several := &tickets.SeveralError{Words: "acme", Hits: []tickets.Hit{{ID: accountID, Object: "Account", Name: "한빛전자"}, {ID: "x", Object: "Lead", Name: "Acme"}}}
	story(t, 80, 24, func(options *Options, o *office) {
		options.Text = "acme"
		o.refused["acme"] = several
	}, func(s *stage) {
		s.Pass(time.Second)
		s.Sees("▸ acme", "2 records", "▸ Account  한빛전자")
		s.Press("enter")
		s.Pass(time.Second)
		s.Sees("한빛전자 (Account)")
	})
}

// A goneRecord was merged into another one, or deleted.
type goneRecord struct{ other string }

func (g goneRecord) Error() string { return "gone" }
func (g goneRecord) Other() string { return g.other }
func (g goneRecord) Text() flow.Text {
	if g.other == "" {
		return flow.Say("no-record.deleted", "What", "Account X")
	}
	return flow.Say("no-record.merged", "What", "Account X", "Other", g.other)
}
func (g goneRecord) Hint() flow.Text { return flow.Say("no-record-hint.deleted") }

func TestARecordThatIsGoneSaysWhatItHasBecome(t *testing.T) {
	story(t, 80, 24, func(options *Options, o *office) {
		options.Text = "001000000000000AAA"
		o.refused["001000000000000AAA"] = goneRecord{accountID}
	}, func(s *stage) {
		s.Pass(time.Second)
		s.Sees("Account X was merged into "+accountID, "Enter goes to the record that it has become")
		s.Press("enter")
		s.Pass(time.Second)
		s.Sees("한빛전자 (Account)", "#48190")
	})
	story(t, 80, 24, func(options *Options, o *office) {
		options.Text = "001000000000000AAA"
		o.refused["001000000000000AAA"] = goneRecord{}
	}, func(s *stage) {
		s.Pass(time.Second)
		s.Sees("Account X was deleted. It is in Salesforce's recycle bin.", "Restore it there")
	})
	story(t, 80, 24, onAccount, func(s *stage) { // it goes while its tickets are shown
		s.Pass(time.Second)
		s.office.refused[accountID] = goneRecord{}
		s.Press("m", "enter")
		s.Pass(time.Second)
		s.Sees("Whose tickets?", "was deleted")
	})
}

func TestARecordThatIsNotAsOthersAreSaysSo(t *testing.T) {
	person := account
	person.Person, person.Email = true, "jo@acme.com"
	person.Hidden = []string{"Website"}
	lead := account
	lead.Converted = &salesforce.Conversion{AccountID: "001AAA", ContactID: "003AAA"}
	for what, record := range map[string]tickets.Record{"This is a person account": person, "This lead was converted: account 001AAA": lead} {
		story(t, 80, 24, func(options *Options, o *office) {
			options.Text = accountID
			o.records[accountID] = record
		}, func(s *stage) {
			s.Pass(time.Second)
			s.Sees(what, "#48190", "Thank you")
		})
	}
}

func TestTheWayToMatchCanBeSwitched(t *testing.T) {
	two := []tickets.Target{{Kind: tickets.OfOrganization, ID: orgID, Name: "한빛전자"}, {Kind: tickets.OfOrganization, ID: 901, Name: "한빛전자 (old)"}}
	change := func(options *Options, o *office) {
		options.Text = accountID
		o.match = func(_ tickets.Record, by tickets.By) (tickets.Match, error) {
			switch by {
			case tickets.ByName:
				return tickets.Match{By: by, Values: []string{"한빛전자"}, Targets: two}, nil
			default:
				return tickets.Match{By: tickets.ByExternalID, Values: []string{accountID}, Others: []tickets.By{tickets.ByName}}, nil
			}
		}
	}
	story(t, 100, 40, change, func(s *stage) {
		s.Pass(time.Second)
		s.Sees("matched by external id", "Nothing in Zendesk has this external id: "+accountID, "m matches the record in another way.")
		s.Sees("n new  m match")
		s.SeesNot("live", "filter ·", "───", "r reply", "enter read")
		s.Press("m")
		s.Sees("Match the record", "as the integration does", "external id", "found 0", "organization name", "may find something")
		s.Press("down", "down", "enter")
		s.Pass(time.Second)
		s.Sees("matched by organization name: 2", "#48190")
		s.Press("m")
		s.Sees("all 2", "only organization 한빛전자 (old) (901)")
		s.Sees("with its contacts' tickets")
		s.Press("G", "up", "up", "enter")
		s.Pass(time.Second)
		s.Sees("matched by organization name: 1", "There are no tickets.")
		s.Press("m", "G", "enter")
		s.Pass(time.Second)
		s.Sees("With its child accounts: 2 of 3 were found in Zendesk.")
		s.Press("m")
		s.Sees("without its child accounts' tickets")
	})
}
