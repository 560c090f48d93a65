// What happened to a ticket: who changed which field, and what was said with it.

package zendesk

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// An Audit is what somebody did to a ticket at once.
type Audit struct {
	ID        int64        `json:"id"`
	AuthorID  int64        `json:"author_id"` // -1: the service itself
	CreatedAt time.Time    `json:"created_at"`
	Events    []AuditEvent `json:"events"`
}

// An AuditEvent is a field that got another value, or a comment. There are other types, of which only the type is told.
type AuditEvent struct {
	ID          int64        `json:"id"`
	Type        string       `json:"type"`           // Create, Change, Comment, …
	Field       string       `json:"field_name"`     // of Create and Change: status, priority …; the id of one of the account's own fields
	Value       FieldValue   `json:"value"`          // an id in digits; tags one by one
	Previous    FieldValue   `json:"previous_value"` // of Change
	Body        Lines        `json:"body"`           // of Comment
	Public      bool         `json:"public"`
	Attachments []Attachment `json:"attachments"`
}

// UnmarshalJSON takes all of the events that it knows, and only the type of any other: these have members of other shapes.
func (e *AuditEvent) UnmarshalJSON(body []byte) error {
	var kind struct {
		Type string `json:"type"`
	}
	err := json.Unmarshal(body, &kind)
	*e = AuditEvent{Type: kind.Type}
	if err == nil && (kind.Type == "Create" || kind.Type == "Change" || kind.Type == "Comment") {
		type known AuditEvent
		err = json.Unmarshal(body, (*known)(e))
	}
	if err != nil {
		return fmt.Errorf("an event of an audit: %w", err)
	}
	return nil
}

// TicketAudits reads all that happened to a ticket, the oldest first.
func (c *Client) TicketAudits(ctx context.Context, id int64) ([]Audit, error) {
	return list[Audit](ctx, c, ticketPath(id)+"/audits", "audits")
}
