// What would be written of tickets, and what became of it, for programs.

package report

import (
	"errors"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"zsf/flows/flow"
	"zsf/flows/tickets"
	"zsf/ui/faces"
	"zsf/ui/locale"
)

type fieldChange struct {
	Field  string   `json:"field"` // subject, status, custom:ID, tags, …
	Title  string   `json:"title"`
	Before []string `json:"before"` // in words; empty: nothing, or of several tickets each its own
	After  []string `json:"after"`
	Add    []string `json:"add,omitempty"` // of tags
	Remove []string `json:"remove,omitempty"`
}

type commentDocument struct {
	Body   string        `json:"body"`
	Public bool          `json:"public"`
	To     *ticketPerson `json:"to"` // who gets it by e-mail; null: nobody, or the requester of each
	Files  []sentFile    `json:"files"`
}

type sentFile struct {
	Name string `json:"name"`
	Size int64  `json:"size"`
}

// A writeDocument is what would be or was written.
type writeDocument struct {
	Changes       []fieldChange    `json:"changes"`
	Comment       *commentDocument `json:"comment"`
	Requester     *ticketPerson    `json:"requester"` // of a new ticket; id 0: made in Zendesk with it
	RequesterMade bool             `json:"requester_made"`
	FollowUpOf    int64            `json:"follow_up_of,omitempty"` // the closed ticket that a new one goes on from
	Undo          string           `json:"undo"`                   // why zsf undo does not take it back, and what would
}

func wordsOf(words *locale.Locale, texts []flow.Text) []string {
	said := make([]string, len(texts))
	for i, text := range texts {
		said[i] = words.Say(text)
	}
	return said
}

func fieldChangesOf(words *locale.Locale, differences []tickets.Difference) []fieldChange {
	changes := []fieldChange{}
	for _, difference := range differences {
		changes = append(changes, fieldChange{
			Field: difference.Field.Key, Title: words.Say(difference.Field.Name()), Before: wordsOf(words, difference.Before),
			After: wordsOf(words, difference.After), Add: difference.Add, Remove: difference.Remove,
		})
	}
	return changes
}

func writeOf(words *locale.Locale, preview tickets.Preview) writeDocument {
	doc := writeDocument{Changes: fieldChangesOf(words, preview.Differences), RequesterMade: preview.Made, FollowUpOf: preview.FollowUp, Undo: words.Say(preview.Final())}
	who := ticketPerson(preview.To)
	if len(preview.Tickets) == 0 && !preview.Several {
		doc.Requester = &who
	}
	if len(preview.Comment) > 0 {
		doc.Comment = &commentDocument{Body: strings.Join(preview.Comment, "\n"), Public: preview.Public, Files: []sentFile{}}
		if preview.Public && !preview.Several {
			doc.Comment.To = &who
		}
		for _, file := range preview.Files {
			doc.Comment.Files = append(doc.Comment.Files, sentFile{file.Name, file.Size})
		}
	}
	return doc
}

// WriteTicketPreview writes what would be sent, as one JSON document on one line.
func WriteTicketPreview(w io.Writer, words *locale.Locale, shown faces.TicketPreview) error {
	doc := struct {
		Schema  int     `json:"schema"`
		DryRun  bool    `json:"dry_run"`
		Tickets []int64 `json:"tickets"` // none: a new one
		Gone    []int64 `json:"gone"`    // left out, as they are not there
		Closed  []int64 `json:"closed"`  // left out, as they take no changes
		Closes  bool    `json:"closes"`  // for good
		writeDocument
	}{Schema, true, append([]int64{}, shown.Tickets...), append([]int64{}, shown.Gone...), append([]int64{}, shown.Closed...), shown.Closes, writeOf(words, shown.Preview)}
	return encode(w, doc, "write the preview")
}

// WriteTicketSent writes that a ticket was written, as one JSON document on one line.
func WriteTicketSent(w io.Writer, words *locale.Locale, sent tickets.Sent) error {
	doc := struct {
		Schema int          `json:"schema"`
		Ticket ticketRow    `json:"ticket"`
		New    bool         `json:"new"`
		Before bool         `json:"sent_before"` // an earlier send had arrived: this time nothing was written
		SentAt time.Time    `json:"sent_at"`
		Other  []otherField `json:"otherwise"` // fields that the ticket does not have as they were sent
		writeDocument
	}{Schema, rowOf(sent.Ticket), sent.New, sent.Before, sent.At, othersOf(words, sent.Other), writeOf(words, sent.Changes)}
	return encode(w, doc, "write what was sent")
}

type otherField struct {
	Field string   `json:"field"`
	Title string   `json:"title"`
	Sent  []string `json:"sent"`
	Has   []string `json:"has"`
}

func othersOf(words *locale.Locale, others []tickets.Clash) []otherField {
	fields := []otherField{}
	for _, one := range others {
		fields = append(fields, otherField{one.Field.Key, words.Say(one.Field.Name()), wordsOf(words, one.Mine), wordsOf(words, one.Theirs)})
	}
	return fields
}

type ticketResult struct {
	ID      int64      `json:"id"`
	URL     string     `json:"url"`
	Written bool       `json:"written"`
	Before  bool       `json:"sent_before"`
	SentAt  *time.Time `json:"sent_at"`
	Error   *Failure   `json:"error"` // null where it was written; nothing-to-send where it was so already
}

// WriteTicketResults writes of each ticket what became of it, as one JSON document on one line.
func WriteTicketResults(w io.Writer, words *locale.Locale, preview tickets.Preview, draft tickets.Draft, results []tickets.Result) error {
	doc := struct {
		Schema  int            `json:"schema"`
		Results []ticketResult `json:"results"`
		Draft   *string        `json:"draft"` // what was not written is kept in it; null: all was
		writeDocument
	}{Schema: Schema, Results: []ticketResult{}, writeDocument: writeOf(words, preview)}
	for _, result := range results {
		one := ticketResult{ID: result.Ticket, URL: result.Sent.Ticket.URL}
		switch {
		case errors.Is(result.Err, tickets.ErrNothing):
			one.Error = &Failure{Code: "nothing-to-send", Message: words.Error(result.Err)}
		case result.Err != nil && result.Sent.Ticket.ID == 0:
			one.Error = &Failure{Code: TicketFailure(result.Err), Message: words.Error(result.Err), Hint: faces.TicketHint(words, result.Err, draft)}
			doc.Draft = &draft.ID
		default:
			one.Written, one.Before, one.SentAt = !result.Sent.Before, result.Sent.Before, &result.Sent.At
		}
		doc.Results = append(doc.Results, one)
	}
	return encode(w, doc, "write what was sent")
}

// TicketFailure is the code of an error of a send; "failed" where it has none of its own.
func TicketFailure(err error) string {
	for _, known := range []struct {
		code string
		is   func(error) bool
	}{
		{"invalid", is[*tickets.ProblemsError]},
		{"refused", is[*tickets.RefusedError]},
		{"conflict", is[*tickets.ConflictError]},
		{"gone", is[*tickets.GoneError]},
		{"unsure", is[*tickets.UnsureError]},
		{"later", is[*tickets.LaterError]},
		{"sent-earlier", is[*tickets.EarlierError]},
		{"file", is[*tickets.FileError]},
	} {
		if known.is(err) {
			return known.code
		}
	}
	return "failed"
}

func is[T error](err error) bool {
	var as T
	return errors.As(err, &as)
}

type clashDocument struct {
	Field  string   `json:"field"`
	Title  string   `json:"title"`
	Before []string `json:"before"`
	Mine   []string `json:"mine"`
	Theirs []string `json:"theirs"`
}

type conflictDocument struct {
	Clashes   []clashDocument `json:"clashes"`
	Beside    []fieldChange   `json:"they_also_changed"`
	Comments  []ticketMessage `json:"they_also_wrote"`
	UpdatedAt time.Time       `json:"updated_at"`
}

// WriteNotSent writes why a draft was not sent, by field where it is known, and what stands there instead.
func WriteNotSent(w io.Writer, words *locale.Locale, failure Failure, err error, draft tickets.Draft) error {
	doc := struct {
		Schema   int               `json:"schema"`
		Error    Failure           `json:"error"`
		Fields   map[string]string `json:"fields,omitempty"` // the empty name: the ticket as a whole
		Conflict *conflictDocument `json:"conflict,omitempty"`
		Looked   []string          `json:"looked,omitempty"`      // where it was looked for
		Again    *time.Time        `json:"again_after,omitempty"` // when Zendesk takes something again
		Draft    string            `json:"draft,omitempty"`       // what it is kept as
	}{Schema: Schema, Error: failure, Draft: draft.ID}
	var (
		problems *tickets.ProblemsError
		refused  *tickets.RefusedError
		conflict *tickets.ConflictError
		unsure   *tickets.UnsureError
		later    *tickets.LaterError
	)
	switch {
	case errors.As(err, &problems):
		doc.Fields, doc.Draft = fieldsOf(words, problems.Fields), ""
	case errors.As(err, &refused):
		doc.Fields = fieldsOf(words, refused.Fields)
	case errors.As(err, &conflict):
		doc.Conflict = conflictOf(words, conflict)
	case errors.As(err, &unsure):
		doc.Looked = wordsOf(words, unsure.Looked)
	case errors.As(err, &later):
		doc.Again = &later.Until
	}
	return encode(w, doc, "write why it was not sent")
}

func fieldsOf(words *locale.Locale, fields map[string]flow.Text) map[string]string {
	said := map[string]string{}
	for _, key := range slices.Sorted(maps.Keys(fields)) {
		said[key] = words.Say(fields[key])
	}
	return said
}

func conflictOf(words *locale.Locale, conflict *tickets.ConflictError) *conflictDocument {
	doc := &conflictDocument{Clashes: []clashDocument{}, Beside: fieldChangesOf(words, conflict.Beside), Comments: []ticketMessage{}, UpdatedAt: conflict.Theirs.UpdatedAt}
	for _, clash := range conflict.Clashes {
		doc.Clashes = append(doc.Clashes, clashDocument{
			Field: clash.Field.Key, Title: words.Say(clash.Field.Name()), Before: wordsOf(words, clash.Before),
			Mine: wordsOf(words, clash.Mine), Theirs: wordsOf(words, clash.Theirs),
		})
	}
	for _, message := range conflict.Messages {
		doc.Comments = append(doc.Comments, messageOf(message))
	}
	return doc
}

type draftDocument struct {
	ID        string        `json:"id"`
	Tickets   []int64       `json:"tickets"` // none: a new one
	Requester *ticketPerson `json:"requester"`
	Subject   string        `json:"subject"`
	Comment   string        `json:"comment"`
	Public    bool          `json:"public"`
	SavedAt   time.Time     `json:"saved_at"`
	Sending   *time.Time    `json:"sent_at"` // since when a send may have arrived; null: none has
}

// WriteDrafts writes what was written and not sent, as one JSON document on one line.
func WriteDrafts(w io.Writer, drafts []tickets.Draft) error {
	doc := struct {
		Schema int             `json:"schema"`
		Drafts []draftDocument `json:"drafts"`
	}{Schema, []draftDocument{}}
	for _, draft := range drafts {
		one := draftDocument{
			ID: draft.ID, Tickets: append([]int64{}, draft.Pending()...), Subject: strings.Join(draft.Values[tickets.SubjectKey], ""),
			Comment: draft.Comment, Public: draft.Public, SavedAt: draft.SavedAt,
		}
		if draft.Ticket != 0 {
			one.Tickets = []int64{draft.Ticket}
		}
		if draft.IsNew() {
			who := ticketPerson(draft.Requester)
			one.Requester = &who
		}
		if !draft.Sending.IsZero() {
			one.Sending = &draft.Sending.Since
		}
		doc.Drafts = append(doc.Drafts, one)
	}
	return encode(w, doc, "write the drafts")
}

// WriteDropped writes that a draft was forgotten.
func WriteDropped(w io.Writer, id string) error {
	doc := struct {
		Schema  int    `json:"schema"`
		Dropped string `json:"dropped"`
	}{Schema, id}
	return encode(w, doc, "write what was forgotten")
}
