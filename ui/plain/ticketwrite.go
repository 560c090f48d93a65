// What would be written of tickets, and what became of it, as lines.

package plain

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"zsf/flows/flow"
	"zsf/flows/tickets"
	"zsf/ui/faces"
	"zsf/ui/locale"
)

// PreviewTicket says what would be sent, to whom, and what it cannot take back.
func PreviewTicket(words *locale.Locale, shown faces.TicketPreview) string {
	var b strings.Builder
	switch {
	case shown.Several:
		fmt.Fprintln(&b, words.T("ticket-preview.several", "Count", len(shown.Tickets), "Numbers", Numbers(shown.Tickets)))
	case len(shown.Tickets) == 0:
		fmt.Fprintln(&b, words.T("ticket-preview.new", "Requester", Someone(shown.To)))
		if shown.FollowUp != 0 {
			fmt.Fprintln(&b, "  "+words.T("ticket-preview.follow-up", "Number", faces.Number(shown.FollowUp)))
		}
		if shown.Made {
			fmt.Fprintln(&b, "  "+words.T("ticket-preview.made", "Requester", Someone(shown.To)))
		}
	default:
		fmt.Fprintln(&b, words.T("ticket-preview.edit", "Number", faces.Number(shown.Tickets[0]), "URL", shown.URL))
	}
	if len(shown.Gone) > 0 {
		fmt.Fprintln(&b, "  "+words.T("ticket-preview.gone", "Numbers", Numbers(shown.Gone)))
	}
	if len(shown.Closed) > 0 {
		fmt.Fprintln(&b, "  "+words.T("ticket-preview.closed", "Numbers", Numbers(shown.Closed)))
	}
	if len(shown.Said) > 0 {
		fmt.Fprintln(&b, "  "+words.T("ticket-preview.said", "Numbers", Numbers(shown.Said)))
	}
	if !shown.Since.IsZero() {
		fmt.Fprintln(&b, "  "+words.T("ticket-preview.unsure", "Time", flow.Moment(shown.Since)))
	}
	for _, difference := range shown.Differences {
		fmt.Fprintln(&b, "  "+Difference(words, difference, len(shown.Tickets) > 0 && !shown.Several))
	}
	b.WriteString(said(words, shown))
	fmt.Fprintln(&b, words.Say(shown.Final()))
	return b.String()
}

// said is the comment, whole, and to whom it goes.
func said(words *locale.Locale, shown faces.TicketPreview) string {
	if len(shown.Comment) == 0 {
		return ""
	}
	var b strings.Builder
	bar := "    "
	switch {
	case !shown.Public:
		fmt.Fprintln(&b, "  "+words.T("ticket-preview.internal"))
		bar = "    | "
	case shown.Several:
		fmt.Fprintln(&b, "  "+words.T("ticket-preview.public-several"))
	default:
		fmt.Fprintln(&b, "  "+words.T("ticket-preview.public", "Name", Someone(shown.To)))
	}
	for _, line := range shown.Comment {
		fmt.Fprintln(&b, strings.TrimRight(bar+locale.Clean(line), " "))
	}
	for _, file := range shown.Files {
		fmt.Fprintln(&b, "  "+words.T("ticket-preview.file", "Name", file.Name, "Size", file.Size))
	}
	return b.String()
}

// Difference is a field's before and after in one line. Where nobody knows what was before, it is left out.
func Difference(words *locale.Locale, difference tickets.Difference, before bool) string {
	if difference.Field.Key == tickets.TagsKey {
		return words.T("ticket-preview.set", "Field", difference.Field.Name(), "After", strings.Join(difference.SignedTags(), " "))
	}
	if !before {
		return words.T("ticket-preview.set", "Field", difference.Field.Name(), "After", Values(words, difference.After))
	}
	return words.T("ticket-preview.line", "Field", difference.Field.Name(), "Before", Values(words, difference.Before), "After", Values(words, difference.After))
}

// Values are a field's values in words; of none it says so.
func Values(words *locale.Locale, values []flow.Text) string {
	if len(values) == 0 {
		return words.T("ticket-preview.nothing")
	}
	said := make([]string, len(values))
	for i, value := range values {
		said[i] = words.Say(value)
	}
	return words.Join(said)
}

// Someone is a person with the address.
func Someone(who tickets.Person) string {
	switch {
	case who.Name != "" && who.Email != "":
		return who.Name + " <" + who.Email + ">"
	case who.Name+who.Email == "":
		return faces.Number(who.ID)
	}
	return who.Name + who.Email
}

// Numbers are tickets as people name them.
func Numbers(ids []int64) []string {
	all := make([]string, len(ids))
	for i, id := range ids {
		all[i] = "#" + strconv.FormatInt(id, 10)
	}
	return all
}

// TicketSent says that a ticket was written, and when that was known.
func TicketSent(words *locale.Locale, sent tickets.Sent) string {
	id := "ticket-sent.edit"
	switch {
	case sent.Before:
		id = "ticket-sent.before"
	case sent.New:
		id = "ticket-sent.new"
	}
	var b strings.Builder
	fmt.Fprintln(&b, words.T(id, "Time", sent.At, "Number", faces.Number(sent.Ticket.ID), "URL", sent.Ticket.URL))
	for _, other := range sent.Other {
		fmt.Fprintln(&b, "  "+Otherwise(words, other))
	}
	return b.String()
}

// Otherwise says that a field is otherwise than it was sent.
func Otherwise(words *locale.Locale, other tickets.Clash) string {
	listed := func(values []flow.Text) string {
		if len(values) == 0 {
			return words.T("ticket-preview.nothing")
		}
		return words.T("ticket-values.list", "Values", values)
	}
	return words.T("ticket-sent.otherwise", "Field", other.Field.Name(), "Mine", listed(other.Mine), "Theirs", listed(other.Theirs))
}

// TicketResults say of each ticket what became of it.
func TicketResults(words *locale.Locale, draft tickets.Draft, results []tickets.Result) string {
	var b strings.Builder
	written, left := 0, 0
	for _, result := range results {
		switch {
		case errors.Is(result.Err, tickets.ErrNothing):
			fmt.Fprintln(&b, words.T("ticket-sent.so-already", "Number", faces.Number(result.Ticket)))
		case result.Err != nil && result.Sent.Ticket.ID == 0:
			left++
			fmt.Fprintln(&b, words.T("ticket-sent.not-sent", "Number", faces.Number(result.Ticket), "Why", result.Err))
			b.WriteString(NotSent(words, result.Err))
		default:
			written++
			b.WriteString(TicketSent(words, result.Sent))
		}
	}
	fmt.Fprintln(&b, words.T("ticket-sent.all", "Count", written))
	if left > 0 {
		fmt.Fprintln(&b, words.T("ticket-sent.left", "Count", left, "ID", draft.ID))
	}
	return b.String()
}

// NotSent is what stands there instead: both sides of a conflict, where a send that got no answer was looked for, or
// reasons where there are several.
func NotSent(words *locale.Locale, err error) string {
	var b strings.Builder
	var (
		conflict *tickets.ConflictError
		unsure   *tickets.UnsureError
		problems *tickets.ProblemsError
		refused  *tickets.RefusedError
	)
	switch {
	case errors.As(err, &conflict):
		for _, clash := range conflict.Clashes {
			fmt.Fprintln(&b, "  "+words.T("ticket-conflict.clash", "Field", clash.Field.Name(), "Before", Values(words, clash.Before),
				"Mine", Values(words, clash.Mine), "Theirs", Values(words, clash.Theirs)))
		}
		if len(conflict.Beside) > 0 {
			fmt.Fprintln(&b, "  "+words.T("ticket-conflict.beside"))
		}
		for _, difference := range conflict.Beside {
			fmt.Fprintln(&b, "    "+Difference(words, difference, true))
		}
		if len(conflict.Messages) > 0 {
			fmt.Fprintln(&b, "  "+words.T("ticket-conflict.messages"))
		}
		for _, message := range conflict.Messages {
			b.WriteString(indented(Message(words, message), "    "))
		}
	case errors.As(err, &problems):
		b.WriteString(reasons(words, problems.Fields))
	case errors.As(err, &refused):
		b.WriteString(reasons(words, refused.Fields))
	case errors.As(err, &unsure):
		for _, where := range unsure.Looked {
			fmt.Fprintln(&b, "  "+words.T("ticket-unsure.looked", "Where", where))
		}
	}
	return b.String()
}

// reasons are several, a line each; a single one is in the error's own words.
func reasons(words *locale.Locale, fields map[string]flow.Text) string {
	if len(fields) < 2 {
		return ""
	}
	var b strings.Builder
	for _, key := range slices.Sorted(maps.Keys(fields)) {
		fmt.Fprintln(&b, "  "+words.Say(fields[key]))
	}
	return b.String()
}

func indented(text, by string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString(strings.TrimRight(by+line, " "))
	}
	return b.String()
}

// Drafts lists what was written and not sent.
func Drafts(words *locale.Locale, drafts []tickets.Draft) string {
	if len(drafts) == 0 {
		return words.T("ticket-drafts.none") + "\n"
	}
	var b strings.Builder
	for _, draft := range drafts {
		first, _, _ := strings.Cut(strings.TrimSpace(draft.Comment), "\n")
		b.WriteString(draftLines(words, draft, first))
	}
	return b.String()
}

// Draft is one of them, with all that its comment says.
func Draft(words *locale.Locale, draft tickets.Draft) string {
	return draftLines(words, draft, strings.TrimSpace(draft.Comment))
}

func draftLines(words *locale.Locale, draft tickets.Draft, comment string) string {
	var b strings.Builder
	id, args := "ticket-drafts.edit", []any{"Number", faces.Number(draft.Ticket)}
	switch {
	case len(draft.Tickets) > 0:
		id, args = "ticket-drafts.several", []any{"Numbers", Numbers(draft.Pending())}
	case draft.IsNew():
		id, args = "ticket-drafts.new", []any{"Requester", Someone(draft.Requester), "Subject", strings.Join(draft.Values[tickets.SubjectKey], "")}
	}
	fmt.Fprintln(&b, words.T(id, append(args, "ID", draft.ID, "Time", flow.Moment(draft.SavedAt))...))
	if !draft.Sending.IsZero() {
		fmt.Fprintln(&b, "    "+words.T("ticket-drafts.unsure", "Time", flow.Moment(draft.Sending.Since)))
	}
	for line := range strings.SplitSeq(comment, "\n") {
		if comment != "" {
			fmt.Fprintln(&b, "    "+locale.Clean(line))
		}
	}
	return b.String()
}
