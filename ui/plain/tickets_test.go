package plain

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/charmbracelet/x/ansi"

	"zsf/clients/salesforce"
	"zsf/clients/zendesk"
	"zsf/flows/tickets"
	"zsf/ui/faces"
	"zsf/ui/locale"
)

func ticketWords(t *testing.T) *locale.Locale {
	t.Helper()
	words, err := locale.New("en")
	if err != nil {
		t.Fatal(err)
	}
	words.Zone = time.UTC
	return words
}

func ticketOf(id int64, subject, name string) tickets.Ticket {
	return tickets.Ticket{
		Ticket:    zendesk.Ticket{ID: id, Subject: subject, Status: "open", Priority: "high", UpdatedAt: time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC)},
		Requester: tickets.Person{ID: 7, Name: name}, Assignee: tickets.Person{ID: 8, Name: "Zoë"}, URL: "https://acme.zendesk.com/agent/tickets/1",
	}
}

func defaultFields(t *testing.T) []faces.TicketField {
	t.Helper()
	var fields []faces.TicketField
	for _, name := range faces.DefaultTicketFields {
		field, ok := faces.TicketFieldOf(name)
		if !ok {
			t.Fatal(name)
		}
		fields = append(fields, field)
	}
	return fields
}

func TestATableLinesUpWithWideCharacters(t *testing.T) {
	words := ticketWords(t)
	list := faces.TicketList{
		Record: tickets.Record{Record: salesforce.Record{ID: "1", Object: "Account", Name: "株式会社渡邊水道"}, URL: "https://x"},
		Match:  tickets.Match{By: tickets.ByName, Values: []string{"株式会社渡邊水道"}, Targets: []tickets.Target{{Kind: tickets.OfOrganization, ID: 5, Name: "株式会社渡邊水道"}}},
		List: tickets.List{
			Tickets: []tickets.Ticket{ticketOf(1, "注文番号82884が届きません", "渡邊 健"), ticketOf(22, "Plain", "Jo"), ticketOf(333, "새벽디자인 👩‍👩‍👧", "한 가온")},
			Total:   3, NotShown: []tickets.Left{{What: tickets.LeftClosed, Count: 1}, {What: tickets.LeftLag, Count: -1}},
			ReadAt: time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC),
		},
	}
	shown := Tickets(words, list, defaultFields(t))
	t.Log("\n" + shown)
	column := -1
	for _, line := range strings.Split(shown, "\n") {
		before, _, found := strings.Cut(line, "2026-11-25 10:00")
		if !found {
			continue
		}
		if at := ansi.StringWidth(before); column >= 0 && at != column {
			t.Errorf("the last column is at %d and at %d", column, at)
		} else {
			column = at
		}
	}
	for _, said := range []string{"Account 株式会社渡邊水道", "1 closed ticket is not shown", "in the last minutes", "organization 株式会社渡邊水道 (5)", "3 tickets, read at 10:00:00"} {
		if !strings.Contains(shown, said) {
			t.Errorf("%q is not there", said)
		}
	}
}

// hostile are pieces of what somebody would write who wants to steer the terminal or to break a column.
var hostile = []string{
	"\x1b[2J", "\x1b]0;owned\x07", "\x1b]8;;https://evil.example\x1b\\", "\u202e", "\u2066", "\u200b", "\u200d", "\x00", "\x07", "\x08", "\x7f", "\u009b31m",
	"\r", "\n", "\t", "\v", "\u2028", "e\u0301\u0301\u0301\u0301\u0301\u0301\u0301", "\xff\xfe", "한글", "👩‍👩‍👧", "\U000e0041", "\ufeff", "a", " ", "=1+1", strings.Repeat("w", 10000), strings.Repeat("漢", 5000),
}

func TestNothingFromATicketSteersTheTerminalOrBreaksAColumn(t *testing.T) {
	words := ticketWords(t)
	dice := rand.New(rand.NewPCG(1, 2))
	piece := func() string {
		var b strings.Builder
		for range dice.IntN(6) {
			b.WriteString(hostile[dice.IntN(len(hostile))])
		}
		return b.String()
	}
	var rows []tickets.Ticket
	conversation := tickets.Conversation{}
	for i := range 1000 {
		row := ticketOf(int64(i+1), piece(), piece())
		row.Label, row.Assignee.Name, row.Requester.Email, row.Type = piece(), piece(), piece(), piece()
		rows = append(rows, row)
		conversation.Messages = append(conversation.Messages, tickets.Message{
			Author: tickets.Person{Name: piece()}, Lines: []string{piece(), piece()}, Public: i%2 == 0,
			Attachments: []zendesk.Attachment{{FileName: piece()}},
		})
	}
	conversation.Ticket = rows[0]
	table := ticketTable(words, rows, defaultFields(t))
	lines := strings.Split(strings.TrimSuffix(table, "\n"), "\n")
	if len(lines) != 1001 {
		t.Fatalf("%d lines", len(lines))
	}
	date := strings.Index(lines[0], "Updated")
	for i, line := range lines {
		if width := ansi.StringWidth(line); width > 200 {
			t.Errorf("line %d is %d cells wide", i, width)
		}
		before, _, _ := strings.Cut(line, "2026-11-25 10:00")
		if i > 0 && ansi.StringWidth(before) != date {
			t.Errorf("line %d: the last column is at %d, not at %d: %q", i, ansi.StringWidth(before), date, line)
		}
	}
	hits := Hits(words, []tickets.Hit{{ID: piece(), Object: "Account", Name: piece()}})
	for _, text := range []string{table, Conversation(words, conversation), hits} {
		for _, r := range text {
			if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) {
				t.Fatalf("%U reached the terminal", r)
			}
		}
	}
}
