// Package faces is what the faces without a screen share: what lines of text and documents both show.
package faces

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"zsf/flows/tickets"
	"zsf/ui/locale"
)

// A TicketField is one column of a list of tickets.
type TicketField struct {
	Name  string
	Width int  // the most cells in a table; 0: as many as it needs
	Free  bool // people write the field's text
	of    func(*locale.Locale, tickets.Ticket) string
}

// Title is the field's heading.
func (f TicketField) Title(words *locale.Locale) string {
	if f.Name == "id" { // a word that the files of words keep for themselves
		return words.T("ticket-field.number")
	}
	return words.T("ticket-field." + f.Name)
}

// Of is what a ticket has in the field, as people read it.
func (f TicketField) Of(words *locale.Locale, ticket tickets.Ticket) string {
	return locale.Clean(f.of(words, ticket))
}

// TicketFields are all fields that a list can show.
var TicketFields = []TicketField{
	{Name: "id", of: func(_ *locale.Locale, t tickets.Ticket) string { return Number(t.ID) }},
	{Name: "subject", Width: 60, Free: true, of: func(_ *locale.Locale, t tickets.Ticket) string { return t.Subject }},
	{Name: "status", Width: 20, Free: true, of: status},
	{Name: "priority", Width: 12, of: func(words *locale.Locale, t tickets.Ticket) string {
		return known(words, "ticket-priority.", t.Priority)
	}},
	{Name: "type", Width: 12, of: func(words *locale.Locale, t tickets.Ticket) string { return known(words, "ticket-type.", t.Type) }},
	{Name: "requester", Width: 24, Free: true, of: func(_ *locale.Locale, t tickets.Ticket) string { return Person(t.Requester) }},
	{Name: "email", Width: 40, Free: true, of: func(_ *locale.Locale, t tickets.Ticket) string { return t.Requester.Email }},
	{Name: "assignee", Width: 24, Free: true, of: func(_ *locale.Locale, t tickets.Ticket) string { return Person(t.Assignee) }},
	{Name: "organization_id", of: func(_ *locale.Locale, t tickets.Ticket) string { return Number(t.OrganizationID) }},
	{Name: "created", of: func(words *locale.Locale, t tickets.Ticket) string { return words.Date(t.CreatedAt) }},
	{Name: "updated", of: func(words *locale.Locale, t tickets.Ticket) string { return words.Date(t.UpdatedAt) }},
	{Name: "url", of: func(_ *locale.Locale, t tickets.Ticket) string { return t.URL }},
}

// DefaultTicketFields are those of a table that nobody chose fields for.
var DefaultTicketFields = []string{"id", "subject", "status", "priority", "requester", "assignee", "updated"}

// TicketFieldOf finds a field by its name.
func TicketFieldOf(name string) (TicketField, bool) {
	for _, field := range TicketFields {
		if field.Name == name {
			return field, true
		}
	}
	return TicketField{}, false
}

// Number is a ticket's number, or another id, in digits; empty for none.
func Number(id int64) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(id, 10)
}

// Person is how one is called: by the name, or else by what is known.
func Person(who tickets.Person) string {
	switch {
	case who.Name != "":
		return who.Name
	case who.Email != "":
		return who.Email
	}
	return Number(who.ID)
}

// known is the word for one of Zendesk's own values; one that is new to zsf stays as it is.
func known(words *locale.Locale, group, value string) string {
	if value == "" || !words.Has(group+value) {
		return value
	}
	return words.T(group + value)
}

func status(words *locale.Locale, t tickets.Ticket) string {
	if t.Label != "" {
		return t.Label
	}
	return known(words, "ticket-status.", t.Status)
}

// A TicketList is what a look for a record's tickets came to.
type TicketList struct {
	Record tickets.Record
	Match  tickets.Match
	tickets.List
	Link tickets.LinkState
	Was  tickets.Match // what the record was matched to before, where that has changed
}

// A TicketPreview is what sending a draft would do, and to what.
type TicketPreview struct {
	tickets.Preview

	URL    string    // of the one ticket
	Gone   []int64   // tickets that were named and are not there
	Closed []int64   // and those that are closed
	Since  time.Time // of a send that got no answer; zero: there was none
}

// TicketHint says what to do about a draft that was not sent.
func TicketHint(words *locale.Locale, err error, draft tickets.Draft) string {
	var (
		problems *tickets.ProblemsError
		refused  *tickets.RefusedError
		conflict *tickets.ConflictError
		gone     *tickets.GoneError
		unsure   *tickets.UnsureError
		later    *tickets.LaterError
		earlier  *tickets.EarlierError
	)
	switch {
	case errors.As(err, &problems) && draft.Base.Category == "closed":
		return words.T("ticket-refused.hint-closed", "Number", Number(draft.Ticket))
	case errors.As(err, &problems):
		return words.T("ticket-refused.hint-before")
	case errors.As(err, &unsure):
		return words.T("ticket-unsure.hint", "ID", draft.ID)
	case errors.As(err, &conflict):
		return words.T("ticket-conflict.hint", "ID", draft.ID, "Number", Number(conflict.Ticket))
	case errors.As(err, &refused):
		return words.T("ticket-refused.hint", "ID", draft.ID)
	case errors.As(err, &earlier):
		return words.T("ticket-earlier.hint", "ID", draft.ID, "Number", Number(earlier.Ticket))
	case errors.As(err, &gone) && gone.Into != 0:
		return words.T("ticket-gone.hint-into", "ID", draft.ID, "Into", Number(gone.Into))
	case errors.As(err, &gone) && gone.Why == "closed":
		return words.T("ticket-refused.hint-closed", "Number", Number(gone.Ticket)) + " " + words.T("ticket-gone.hint", "ID", draft.ID)
	case errors.As(err, &gone):
		return words.T("ticket-gone.hint", "ID", draft.ID)
	case errors.As(err, &later):
		return words.T("ticket-later.hint", "ID", draft.ID, "Time", later.Until)
	}
	return strings.TrimSpace(words.T("ticket-kept.hint", "ID", draft.ID, "Hint", words.Hint(err))) // each error of a send keeps it
}
