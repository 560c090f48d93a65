// Tickets and their conversations, as this account keeps them.

package zendesk

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Ticket is one request for help.
type Ticket struct {
	ID             int64     `json:"id"`
	Subject        string    `json:"subject"`
	Status         string    `json:"status"`           // new, open, pending, hold, solved, closed
	CustomStatusID int64     `json:"custom_status_id"` // 0: the account has none
	Priority       string    `json:"priority"`         // empty: none
	Type           string    `json:"type"`
	RequesterID    int64     `json:"requester_id"`
	AssigneeID     int64     `json:"assignee_id"` // 0: nobody
	OrganizationID int64     `json:"organization_id"`
	GroupID        int64     `json:"group_id"`
	Tags           []string  `json:"tags"`
	CreatedAt      time.Time `json:"created_at"`
	UpdatedAt      time.Time `json:"updated_at"`
}

// Lines are the lines of a longer text: a line break is the one control character that is kept.
type Lines []string

// UnmarshalJSON takes a text apart.
func (l *Lines) UnmarshalJSON(body []byte) error {
	var text string
	if err := json.Unmarshal(body, &text); err != nil {
		return fmt.Errorf("a text: %w", err)
	}
	*l = nil
	if text = strings.TrimRight(strings.ReplaceAll(text, "\r\n", "\n"), "\n"); text != "" {
		*l = strings.Split(text, "\n")
	}
	return nil
}

// A Comment is one message of a ticket's conversation.
type Comment struct {
	ID          int64        `json:"id"`
	AuthorID    int64        `json:"author_id"`
	Public      bool         `json:"public"` // false: only agents see it
	Body        Lines        `json:"body"`
	PlainBody   Lines        `json:"plain_body"`
	Attachments []Attachment `json:"attachments"`
	CreatedAt   time.Time    `json:"created_at"`
}

// Text is what the comment says.
func (c Comment) Text() []string {
	if len(c.PlainBody) > 0 {
		return c.PlainBody
	}
	return c.Body
}

// An Attachment is a file beside a comment.
type Attachment struct {
	ID          int64  `json:"id"`
	FileName    string `json:"file_name"` // as somebody called it: no path to write to
	ContentType string `json:"content_type"`
	ContentURL  string `json:"content_url"`
	Size        int64  `json:"size"`                // bytes
	Malware     string `json:"malware_scan_result"` // malware_found, malware_not_found, failed_to_scan, not_scanned; empty: not told
	Deleted     bool   `json:"deleted"`
}

// A CustomStatus is a name that the account gives to one of the kinds of status.
type CustomStatus struct {
	ID         int64  `json:"id"`
	Category   string `json:"status_category"` // new, open, pending, hold, solved
	AgentLabel string `json:"agent_label"`
	Active     bool   `json:"active"`
	Default    bool   `json:"default"`
}

// Tickets are tickets, and of the people in them those that came along.
type Tickets struct {
	Tickets []Ticket
	Users   []User
	Total   int  // how many there are; in a list that does not tell, how many were read
	More    bool // there are others
}

// CustomStatuses reads all statuses of the account. An account that has none has no such resource.
func (c *Client) CustomStatuses(ctx context.Context) ([]CustomStatus, error) {
	var body struct {
		Statuses []CustomStatus `json:"custom_statuses"`
	}
	_, err := c.get(ctx, "/api/v2/custom_statuses", nil, &body)
	return body.Statuses, err
}

// Ticket reads one ticket, and the people in it.
func (c *Client) Ticket(ctx context.Context, id int64) (Ticket, []User, error) {
	var body struct {
		Ticket *Ticket `json:"ticket"`
		Users  []User  `json:"users"`
	}
	answer, err := c.get(ctx, "/api/v2/tickets/"+strconv.FormatInt(id, 10), url.Values{"include": {"users"}}, &body)
	if err == nil && body.Ticket == nil {
		err = c.garbled(answer, "the answer has no ticket")
	}
	if err != nil {
		return Ticket{}, nil, err
	}
	return *body.Ticket, body.Users, nil
}

// Comments reads a ticket's conversation, the oldest first.
func (c *Client) Comments(ctx context.Context, id int64) ([]Comment, error) {
	return list[Comment](ctx, c, "/api/v2/tickets/"+strconv.FormatInt(id, 10)+"/comments", "comments")
}

// OrganizationTickets lists an organization's tickets, those that changed last first. Archived ones are not among them.
func (c *Client) OrganizationTickets(ctx context.Context, id int64, pages int) (Tickets, error) {
	return c.ticketPages(ctx, "/api/v2/organizations/"+strconv.FormatInt(id, 10)+"/tickets", pages)
}

// RequestedTickets lists the tickets that a user asked for, those that changed last first.
func (c *Client) RequestedTickets(ctx context.Context, id int64, pages int) (Tickets, error) {
	return c.ticketPages(ctx, "/api/v2/users/"+strconv.FormatInt(id, 10)+"/tickets/requested", pages)
}

func (c *Client) ticketPages(ctx context.Context, path string, pages int) (Tickets, error) {
	tickets, more, err := firstPages[Ticket](ctx, c, path, "tickets", url.Values{"sort": {"-updated_at"}}, pages)
	return Tickets{Tickets: tickets, Total: len(tickets), More: more}, err
}

// most is how many records one call may name.
const most = 100

// Users reads users by their ids, a hundred a call. Those that are gone are left out.
func (c *Client) Users(ctx context.Context, ids []int64) ([]User, error) {
	var users []User
	for part := range slices.Chunk(ids, most) {
		names := make([]string, len(part))
		for i, id := range part {
			names[i] = strconv.FormatInt(id, 10)
		}
		found, err := some[User](ctx, c, "/api/v2/users/show_many", "users", url.Values{"ids": {strings.Join(names, ",")}})
		if err != nil {
			return nil, err
		}
		users = append(users, found...)
	}
	return users, nil
}

// An Organization is a company in the account.
type Organization struct {
	ID          int64    `json:"id"`
	Name        string   `json:"name"`
	ExternalID  string   `json:"external_id"`
	DomainNames []string `json:"domain_names"`
}

// OrganizationsByExternalID finds organizations by their external ids. Zendesk does not mind the case of an id:
// whoever cares looks again.
func (c *Client) OrganizationsByExternalID(ctx context.Context, ids ...string) ([]Organization, error) {
	return some[Organization](ctx, c, "/api/v2/organizations/show_many", "organizations", url.Values{"external_ids": {strings.Join(ids, ",")}})
}

// UsersByExternalID finds users by their external ids.
func (c *Client) UsersByExternalID(ctx context.Context, ids ...string) ([]User, error) {
	return some[User](ctx, c, "/api/v2/users/show_many", "users", url.Values{"external_ids": {strings.Join(ids, ",")}})
}

// UsersByEmail finds the users with an address, letter by letter but for the case.
func (c *Client) UsersByEmail(ctx context.Context, address string) ([]User, error) {
	found, err := some[User](ctx, c, "/api/v2/users/search", "users", url.Values{"query": {Term("email", address)}})
	return those(found, func(u User) bool { return strings.EqualFold(u.Email, strings.TrimSpace(address)) }), err
}

// some reads one page of a list that stands under key.
func some[T any](ctx context.Context, c *Client, path, key string, query url.Values) ([]T, error) {
	var raw map[string]json.RawMessage
	answer, err := c.get(ctx, path, query, &raw)
	if err != nil {
		return nil, err
	}
	items, ok := raw[key]
	if !ok {
		return nil, c.garbled(answer, "the answer has no "+key)
	}
	var found []T
	answer.Body = items
	return found, c.caller.Decode(answer, &found)
}
