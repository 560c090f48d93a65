package plain_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"zsf/flows/flow"
	"zsf/flows/tickets"
	"zsf/ui/faces"
	"zsf/ui/locale"
	"zsf/ui/plain"
)

// hostile is what people and accounts can put into a ticket.
const hostile = "a\x1b[2J\u202eb\u200bc\x07\r"

func TestNothingOfATicketSteersTheTerminal(t *testing.T) {
	for _, tag := range locale.Languages {
		words, err := locale.New(tag)
		if err != nil {
			t.Fatal(err)
		}
		field := tickets.Field{Key: "custom:1", Title: hostile}
		said := []flow.Text{flow.Raw(hostile)}
		person := tickets.Person{ID: 1, Name: hostile, Email: hostile}
		conflict := &tickets.ConflictError{
			Ticket: 1, Clashes: []tickets.Clash{{Field: field, Before: said, Mine: said, Theirs: said}},
			Beside:   []tickets.Difference{{Field: tickets.Field{Key: tickets.TagsKey}, Add: []string{hostile}}, {Field: field, Before: said, After: said}},
			Messages: []tickets.Message{{Author: person, Lines: []string{hostile}}},
		}
		refused := map[string]flow.Text{"a": flow.Raw(hostile), "b": flow.Raw(hostile)}
		drafts := []tickets.Draft{{ID: hostile, Requester: person, Values: tickets.Values{tickets.SubjectKey: {hostile}}, Comment: hostile}}
		for _, text := range []string{
			plain.PreviewTicket(words, faces.TicketPreview{URL: hostile, Preview: tickets.Preview{
				To: person, Made: true, Comment: []string{hostile, ""}, Public: true, Files: []tickets.File{{Name: hostile, Size: 1}},
				Differences: []tickets.Difference{{Field: field, Before: said, After: said}},
			}}),
			plain.NotSent(words, conflict), words.Error(conflict),
			plain.NotSent(words, &tickets.RefusedError{Fields: refused}), words.Error(&tickets.RefusedError{Fields: map[string]flow.Text{"a": flow.Raw(hostile)}}),
			plain.NotSent(words, &tickets.UnsureError{Since: time.Now(), Looked: said}),
			plain.Drafts(words, drafts), faces.TicketHint(words, errors.New("x"), drafts[0]),
			words.Error(&tickets.FileError{Path: hostile, Err: errors.New(hostile)}),
		} {
			if strings.ContainsAny(text, "\x1b\u202e\u200b\x07\r") || strings.Contains(text, "<no value>") || strings.Contains(text, "ticket-") {
				t.Errorf("%s: %q", tag, text)
			}
		}
	}
}
