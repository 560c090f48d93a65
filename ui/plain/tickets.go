// A record's tickets as a table, and one ticket's conversation.

package plain

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"zsf/flows/flow"
	"zsf/flows/tickets"
	"zsf/ui/faces"
	"zsf/ui/locale"
)

// Tickets is the table, with what it is about above and what it leaves out below.
func Tickets(words *locale.Locale, list faces.TicketList, fields []faces.TicketField) string {
	var b strings.Builder
	for _, line := range About(words, list.Record, list.Match) {
		fmt.Fprintln(&b, line)
	}
	if list.Link == tickets.LinkChanged {
		fmt.Fprintln(&b, words.T("tickets-link.changed", "Targets", targetNames(words, list.Was.Targets)))
	}
	if list.Match.Nothing() {
		return b.String()
	}
	b.WriteString("\n" + ticketTable(words, list.Tickets, fields))
	if len(list.Tickets) > 0 {
		b.WriteString("\n")
	}
	fmt.Fprintln(&b, words.T("tickets.shown", "Count", len(list.Tickets), "Time", list.ReadAt))
	for _, left := range list.NotShown {
		id := "tickets-left." + left.What
		if left.Count < 0 {
			id += "-untold"
		}
		fmt.Fprintln(&b, words.T(id, "Count", max(left.Count, 0)))
	}
	return b.String()
}

// About says which record it is, and what it was matched to.
func About(words *locale.Locale, record tickets.Record, match tickets.Match) []string {
	lines := []string{words.T("tickets.record", "Object", words.T("ticket-object."+record.Object), "Name", record.Name, "URL", record.URL)}
	if record.Person {
		lines = append(lines, words.T("tickets.person"))
	}
	if record.Converted != nil {
		lines = append(lines, words.T("tickets.converted", "Account", record.Converted.AccountID, "Contact", record.Converted.ContactID))
	}
	if len(record.Hidden) > 0 {
		lines = append(lines, words.T("tickets.hidden", "Fields", record.Hidden))
	}
	by := words.T("ticket-by." + string(match.By))
	switch {
	case len(match.Values) == 0:
		lines = append(lines, words.T("tickets.no-value"))
	case len(match.Targets) == 0:
		lines = append(lines, words.T("tickets.no-target", "By", by, "Values", match.Values))
	default:
		lines = append(lines, words.T("tickets.matched", "By", by, "Targets", targetNames(words, match.Targets)))
	}
	for _, reach := range match.With {
		lines = append(lines, reached(words, reach)...)
	}
	if len(match.Targets) != 1 && len(match.Others) > 0 {
		var others []string
		for _, way := range match.Others {
			others = append(others, string(way))
		}
		lines = append(lines, words.T("tickets.others", "Ways", others))
	}
	if kin := record.MayWith(); len(match.Targets) == 0 && len(match.With) == 0 && len(kin) > 0 {
		lines = append(lines, words.T("tickets-with.offer", "Kin", strings.Join(kin, ",")))
	}
	return lines
}

func targetNames(words *locale.Locale, targets []tickets.Target) []string {
	var names []string
	for _, target := range targets {
		names = append(names, words.T("ticket-target."+target.Kind, "Name", target.Name, "ID", faces.Number(target.ID)))
	}
	return names
}

// reached says how far a look for contacts or child accounts went.
func reached(words *locale.Locale, reach tickets.Reach) []string {
	var said []string
	for _, text := range reach.Texts() {
		said = append(said, words.Say(text))
	}
	return said
}

// ticketTable lines the tickets up, whatever their characters are.
func ticketTable(words *locale.Locale, rows []tickets.Ticket, fields []faces.TicketField) string {
	if len(rows) == 0 {
		return ""
	}
	cells := make([][]string, len(rows)+1)
	wide := make([]int, len(fields))
	for i := range cells {
		for j, field := range fields {
			text := field.Title(words)
			if i > 0 {
				text = field.Of(words, rows[i-1])
			}
			if field.Width > 0 {
				text = ansi.Truncate(text, field.Width, "…")
			}
			cells[i] = append(cells[i], text)
			wide[j] = max(wide[j], ansi.StringWidth(text))
		}
	}
	var b strings.Builder
	for _, line := range cells {
		for j := range line {
			if j < len(line)-1 {
				line[j] = pad(line[j], wide[j]+2)
			}
		}
		fmt.Fprintln(&b, strings.TrimRight(strings.Join(line, ""), " "))
	}
	return b.String()
}

// Hits lists the records that words fit.
func Hits(words *locale.Locale, hits []tickets.Hit) string {
	var b strings.Builder
	object, name := 0, 0
	for _, hit := range hits {
		object = max(object, ansi.StringWidth(words.T("ticket-object."+hit.Object)))
		name = max(name, ansi.StringWidth(ansi.Truncate(locale.Clean(hit.Name), 60, "…")))
	}
	for _, hit := range hits {
		fmt.Fprintf(&b, "  %s  %s  %s\n", pad(words.T("ticket-object."+hit.Object), object), pad(ansi.Truncate(locale.Clean(hit.Name), 60, "…"), name), locale.Clean(hit.ID))
	}
	return b.String()
}

// Asked says which calls found what.
func Asked(words *locale.Locale, calls []tickets.Asked) string {
	var b strings.Builder
	for _, call := range calls {
		found := words.T("tickets.found", "Count", call.Found)
		if call.Err != nil {
			found = words.Error(call.Err)
		}
		fmt.Fprintln(&b, words.T("tickets.asked", "Time", call.At, "Service", string(call.Service), "What", call.What, "Found", found))
	}
	return b.String()
}

// Conversation is a ticket and all that was said in it. What only agents see is marked.
func Conversation(words *locale.Locale, shown tickets.Conversation) string {
	var b strings.Builder
	fmt.Fprintln(&b, words.T("ticket.heading", "ID", faces.Number(shown.ID), "Subject", shown.Subject))
	for _, name := range []string{"status", "priority", "type", "requester", "assignee", "created", "updated", "url"} {
		field, _ := faces.TicketFieldOf(name)
		if text := field.Of(words, shown.Ticket); text != "" {
			fmt.Fprintln(&b, "  "+words.T("ticket.line", "Name", field.Title(words), "Text", text))
		}
	}
	for _, message := range shown.Messages {
		b.WriteString("\n" + Message(words, message))
	}
	fmt.Fprintf(&b, "\n%s\n", words.T("ticket.read", "Count", len(shown.Messages), "Time", shown.ReadAt))
	return b.String()
}

// Message is one comment of a conversation.
func Message(words *locale.Locale, message tickets.Message) string {
	var b strings.Builder
	kind, bar := flow.Say("ticket.internal"), "  | "
	if message.Public {
		kind, bar = flow.Say("ticket.public"), "  "
	}
	fmt.Fprintln(&b, words.T("ticket.message", "Kind", kind, "Author", faces.Person(message.Author), "Date", flow.Moment(message.At)))
	for _, line := range message.Lines {
		fmt.Fprintln(&b, strings.TrimRight(bar+locale.Clean(line), " "))
	}
	for _, file := range message.Attachments {
		fmt.Fprintln(&b, bar+words.T("ticket-file.line", "Name", file.FileName, "Size", file.Size))
	}
	return b.String()
}
