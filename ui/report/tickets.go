// A record's tickets, and one ticket's conversation, for programs.

package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"time"

	"zsf/flows/tickets"
	"zsf/ui/faces"
	"zsf/ui/locale"
)

type ticketPerson struct {
	ID    int64  `json:"id"`
	Name  string `json:"name"`
	Email string `json:"email"`
}

type ticketAssignee struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

type ticketRow struct {
	ID             int64           `json:"id"`
	Subject        string          `json:"subject"`
	Status         string          `json:"status"`
	Priority       *string         `json:"priority"`
	Type           *string         `json:"type"`
	Requester      ticketPerson    `json:"requester"`
	Assignee       *ticketAssignee `json:"assignee"` // null: nobody
	OrganizationID *int64          `json:"organization_id"`
	CreatedAt      time.Time       `json:"created_at"`
	UpdatedAt      time.Time       `json:"updated_at"`
	URL            string          `json:"url"`
}

type ticketRecord struct {
	ID   string `json:"id"`
	Type string `json:"type"`
	Name string `json:"name"`
	URL  string `json:"url"`
}

type notShown struct {
	What  string `json:"what"`
	Count *int   `json:"count"` // null: nobody counted
}

type askedCall struct {
	Service string    `json:"service"`
	Call    string    `json:"call"`
	Found   int       `json:"found"`
	Error   string    `json:"error,omitempty"`
	At      time.Time `json:"at"`
}

func present[T comparable](value T) *T {
	var none T
	if value == none {
		return nil
	}
	return &value
}

func rowOf(ticket tickets.Ticket) ticketRow {
	row := ticketRow{
		ID: ticket.ID, Subject: ticket.Subject, Status: ticket.Status, Priority: present(ticket.Priority), Type: present(ticket.Type),
		Requester:      ticketPerson{ticket.Requester.ID, ticket.Requester.Name, ticket.Requester.Email},
		OrganizationID: present(ticket.OrganizationID), CreatedAt: ticket.CreatedAt, UpdatedAt: ticket.UpdatedAt, URL: ticket.URL,
	}
	if ticket.Assignee.ID != 0 {
		row.Assignee = &ticketAssignee{ticket.Assignee.ID, ticket.Assignee.Name}
	}
	return row
}

// WriteTickets writes a record's tickets as one JSON document on one line, with the calls behind it where they are asked for.
func WriteTickets(w io.Writer, words *locale.Locale, list faces.TicketList, asked []tickets.Asked) error {
	doc := struct {
		Schema int          `json:"schema"`
		Record ticketRecord `json:"record"`
		Match  struct {
			By     tickets.By `json:"by"`
			Values []string   `json:"values"`
			ticketLink
		} `json:"match"`
		Tickets  []ticketRow `json:"tickets"`
		Total    int         `json:"total"`
		NotShown []notShown  `json:"not_shown"`
		ReadAt   time.Time   `json:"read_at"`
		Explain  []askedCall `json:"explain,omitempty"`
	}{
		Schema: Schema, Tickets: []ticketRow{}, NotShown: []notShown{}, Total: list.Total, ReadAt: list.ReadAt,
		Record: ticketRecord{list.Record.ID, list.Record.Object, list.Record.Name, list.Record.URL},
	}
	doc.Match.By, doc.Match.Values = list.Match.By, append([]string{}, list.Match.Values...)
	doc.Match.ticketLink = linkOf(list)
	for _, ticket := range list.Tickets {
		doc.Tickets = append(doc.Tickets, rowOf(ticket))
	}
	for _, left := range list.NotShown {
		said := notShown{What: left.What}
		if left.Count >= 0 {
			said.Count = &left.Count
		}
		doc.NotShown = append(doc.NotShown, said)
	}
	for _, call := range asked {
		doc.Explain = append(doc.Explain, askedCall{string(call.Service), call.What, call.Found, words.Error(call.Err), call.At})
	}
	return encode(w, doc, "write the tickets")
}

// WriteTicketsCSV writes a header and a line for each ticket. What people wrote is kept from being a formula,
// in a spreadsheet of East Asia, too, which takes the wide signs for the narrow ones.
func WriteTicketsCSV(w io.Writer, words *locale.Locale, rows []tickets.Ticket, fields []faces.TicketField) error {
	out := csv.NewWriter(w)
	line := make([]string, len(fields))
	for i, field := range fields {
		line[i] = field.Name
	}
	_ = out.Write(line) // kept for Flush
	for _, ticket := range rows {
		for i, field := range fields {
			switch field.Name {
			case "status":
				line[i] = ticket.Status
			case "priority":
				line[i] = ticket.Priority
			case "type":
				line[i] = ticket.Type
			case "created":
				line[i] = ticket.CreatedAt.Format(time.RFC3339)
			case "updated":
				line[i] = ticket.UpdatedAt.Format(time.RFC3339)
			default:
				line[i] = field.Of(words, ticket)
			}
			if field.Free && strings.IndexAny(strings.TrimLeft(line[i], " "), "=+-@＝＋－＠") == 0 {
				line[i] = "'" + line[i]
			}
		}
		_ = out.Write(line)
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("write the tickets: %w", err)
	}
	return nil
}

// WriteHits writes that words fit several records, or which were looked at last, with the records.
func WriteHits(w io.Writer, failure Failure, hits []tickets.Hit) error {
	doc := struct {
		Schema  int            `json:"schema"`
		Error   Failure        `json:"error"`
		Records []ticketRecord `json:"records"`
	}{Schema, failure, []ticketRecord{}}
	for _, hit := range hits {
		doc.Records = append(doc.Records, ticketRecord{hit.ID, hit.Object, hit.Name, hit.URL})
	}
	return encode(w, doc, "write the records")
}

type ticketFile struct {
	Name string `json:"name"`
	Type string `json:"content_type"`
	Size int64  `json:"size"`
	URL  string `json:"url"`
}

type ticketMessage struct {
	ID          int64        `json:"id"`
	Public      bool         `json:"public"`
	Author      ticketPerson `json:"author"`
	Body        string       `json:"body"`
	Attachments []ticketFile `json:"attachments"`
	CreatedAt   time.Time    `json:"created_at"`
}

// WriteConversation writes a ticket and what was said in it as one JSON document on one line.
func WriteConversation(w io.Writer, shown tickets.Conversation) error {
	doc := struct {
		Schema   int             `json:"schema"`
		Ticket   ticketRow       `json:"ticket"`
		Comments []ticketMessage `json:"comments"`
		ReadAt   time.Time       `json:"read_at"`
	}{Schema, rowOf(shown.Ticket), []ticketMessage{}, shown.ReadAt}
	for _, message := range shown.Messages {
		doc.Comments = append(doc.Comments, messageOf(message))
	}
	return encode(w, doc, "write the conversation")
}

func messageOf(message tickets.Message) ticketMessage {
	said := ticketMessage{
		ID: message.ID, Public: message.Public, Author: ticketPerson(message.Author),
		Body: strings.Join(message.Lines, "\n"), Attachments: []ticketFile{}, CreatedAt: message.At,
	}
	for _, file := range message.Attachments {
		said.Attachments = append(said.Attachments, ticketFile{file.FileName, file.ContentType, file.Size, file.ContentURL})
	}
	return said
}
