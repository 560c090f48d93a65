// Making and changing tickets.

package zendesk

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"zsf/clients/transport"
)

// A WholeTicket is a ticket with all that an edit needs of it.
type WholeTicket struct {
	Ticket

	FormID       int64         `json:"ticket_form_id"` // 0: the account has no forms
	DueAt        *time.Time    `json:"due_at"`         // of a task
	ExternalID   string        `json:"external_id"`
	CustomFields []CustomField `json:"custom_fields"`
}

// A CustomField is what a ticket has in one of the account's own fields.
type CustomField struct {
	ID    int64      `json:"id"`
	Value FieldValue `json:"value"`
}

// A TicketWrite is what is to be written of a ticket, and nothing else is sent of it.
type TicketWrite struct {
	Subject        Setting[string]    `json:"subject,omitzero"`
	Status         string             `json:"status,omitempty"`
	CustomStatusID int64              `json:"custom_status_id,omitempty"` // sets the status, too
	Priority       Setting[string]    `json:"priority,omitzero"`
	Type           Setting[string]    `json:"type,omitzero"`
	DueAt          Setting[time.Time] `json:"due_at,omitzero"`
	AssigneeID     Setting[int64]     `json:"assignee_id,omitzero"`
	GroupID        Setting[int64]     `json:"group_id,omitzero"`
	OrganizationID Setting[int64]     `json:"organization_id,omitzero"` // one of the requester's own
	RequesterID    int64              `json:"requester_id,omitempty"`
	Requester      *NewRequester      `json:"requester,omitempty"` // found by e-mail, or made
	FormID         int64              `json:"ticket_form_id,omitempty"`
	FollowUpOf     int64              `json:"via_followup_source_id,omitempty"` // CreateTicket only: a closed ticket; of others it is ignored
	Tags           Setting[[]string]  `json:"tags,omitzero"`                    // in place of all that are there
	AddTags        []string           `json:"additional_tags,omitempty"`        // UpdateTickets only
	RemoveTags     []string           `json:"remove_tags,omitempty"`            // UpdateTickets only
	CustomFields   []FieldWrite       `json:"custom_fields,omitempty"`
	Comment        *CommentWrite      `json:"comment,omitempty"`
}

// A NewRequester is somebody whom the account may not know yet.
type NewRequester struct {
	Name  string `json:"name"`
	Email string `json:"email"`
}

// A FieldWrite is a value for one of the account's own fields: a text, a bool, several texts, or nil for none.
// TicketField.Write makes one that fits the field.
type FieldWrite struct {
	ID    int64 `json:"id"`
	Value any   `json:"value"`
}

// A CommentWrite is a comment to be added. Whether it is public is always sent: left out, the service decides by the first.
type CommentWrite struct {
	Body    string   `json:"body"`
	Public  bool     `json:"public"`
	Uploads []string `json:"uploads,omitempty"` // tokens of Upload
}

// A MadeTicket is a ticket as it was made.
type MadeTicket struct {
	Ticket WholeTicket
	Before bool // it had been made already, by an earlier try with the same key
}

// CreateTicket makes a ticket. key, of at most 255 characters, is known to the account for two hours: the same write under
// the same key makes no second ticket, and another write is refused with the code KeyReused. So it is repeated after a
// broken connection; what is still unsure then is an *UnsureError.
func (c *Client) CreateTicket(ctx context.Context, key string, write TicketWrite) (MadeTicket, error) {
	var body struct {
		Ticket *WholeTicket `json:"ticket"`
	}
	request := transport.Request{Method: http.MethodPost, Path: "/api/v2/tickets"}
	if key != "" {
		request.Idempotent, request.Header = true, http.Header{"Idempotency-Key": {key}}
	}
	answer, err := c.write(ctx, request, map[string]TicketWrite{"ticket": write}, &body)
	if err == nil && body.Ticket == nil {
		err = &UnsureError{Err: c.garbled(answer, "the answer has no ticket")}
	}
	if err != nil {
		return MadeTicket{}, err
	}
	return MadeTicket{Ticket: *body.Ticket, Before: strings.EqualFold(answer.Header.Get("X-Idempotency-Lookup"), "hit")}, nil
}

// A safeWrite is refused when the ticket has changed since that time.
type safeWrite struct {
	TicketWrite

	ID           int64  `json:"id,omitempty"` // in a batch
	SafeUpdate   bool   `json:"safe_update,omitempty"`
	UpdatedStamp string `json:"updated_stamp,omitempty"`
}

func (w TicketWrite) safe(since time.Time) safeWrite {
	if since.IsZero() {
		return safeWrite{TicketWrite: w}
	}
	return safeWrite{TicketWrite: w, SafeUpdate: true, UpdatedStamp: since.UTC().Format(time.RFC3339)}
}

// UpdateTicket changes a ticket that was read when it had last changed at since; a *ConflictError says that it has changed
// again. With the zero time it is changed whatever it is by now. It is never repeated: the service knows no key here.
func (c *Client) UpdateTicket(ctx context.Context, id int64, since time.Time, write TicketWrite) (WholeTicket, error) {
	var body struct {
		Ticket *WholeTicket `json:"ticket"`
	}
	answer, err := c.write(ctx, transport.Request{Method: http.MethodPut, Path: ticketPath(id)}, map[string]safeWrite{"ticket": write.safe(since)}, &body)
	if err == nil && body.Ticket == nil {
		err = &UnsureError{Err: c.garbled(answer, "the answer has no ticket")}
	}
	if err != nil {
		return WholeTicket{}, err
	}
	return *body.Ticket, nil
}

// WholeTicket reads one ticket with all that an edit needs, and the people in it.
func (c *Client) WholeTicket(ctx context.Context, id int64) (WholeTicket, []User, error) {
	var body struct {
		Ticket *WholeTicket `json:"ticket"`
		Users  []User       `json:"users"`
	}
	answer, err := c.get(ctx, ticketPath(id), url.Values{"include": {"users"}}, &body)
	if err == nil && body.Ticket == nil {
		err = c.garbled(answer, "the answer has no ticket")
	}
	if err != nil {
		return WholeTicket{}, nil, err
	}
	return *body.Ticket, body.Users, nil
}

// WholeTickets reads tickets by their ids, archived ones too, a hundred a call. Those that are gone are left out.
func (c *Client) WholeTickets(ctx context.Context, ids []int64) ([]WholeTicket, error) {
	return showTickets[WholeTicket](ctx, c, ids)
}

// TicketsByID reads tickets by their ids, archived ones too, a hundred a call. Those that are gone are left out.
func (c *Client) TicketsByID(ctx context.Context, ids []int64) ([]Ticket, error) {
	return showTickets[Ticket](ctx, c, ids)
}

func showTickets[T any](ctx context.Context, c *Client, ids []int64) ([]T, error) {
	var all []T
	for part := range slices.Chunk(ids, most) {
		found, err := some[T](ctx, c, "/api/v2/tickets/show_many", "tickets", url.Values{"ids": {idList(part)}})
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

func ticketPath(id int64) string { return "/api/v2/tickets/" + strconv.FormatInt(id, 10) }

func idList(ids []int64) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = strconv.FormatInt(id, 10)
	}
	return strings.Join(names, ",")
}

// A NewUser is an end user to be made.
type NewUser struct {
	Name           string `json:"name"`
	Email          string `json:"email,omitempty"`
	ExternalID     string `json:"external_id,omitempty"`
	OrganizationID int64  `json:"organization_id,omitempty"`
}

// CreateUser makes an end user. The sign-in must have the scope for it; a ticket's Requester needs none.
func (c *Client) CreateUser(ctx context.Context, user NewUser) (User, error) {
	var body struct {
		User *User `json:"user"`
	}
	answer, err := c.write(ctx, transport.Request{Method: http.MethodPost, Path: "/api/v2/users"}, map[string]NewUser{"user": user}, &body)
	if err == nil && body.User == nil {
		err = &UnsureError{Err: c.garbled(answer, "the answer has no user")}
	}
	if err != nil {
		return User{}, err
	}
	return *body.User, nil
}
