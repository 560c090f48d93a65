// Macros: changes that the account keeps ready. They are looked at here, and made by UpdateTicket.

package zendesk

import (
	"context"
	"encoding/json"
	"strconv"
)

// A Macro is a set of changes to a ticket. A title with :: is nested.
type Macro struct {
	ID          int64  `json:"id"`
	Title       string `json:"title"`
	Description string `json:"description"`
	Position    int    `json:"position"`
}

// MacroChanges are what a macro would write. What is not Is stays as it is.
type MacroChanges struct {
	Subject        Setting[string]   `json:"subject"`
	Status         Setting[string]   `json:"status"`
	CustomStatusID Setting[int64]    `json:"custom_status_id"`
	Priority       Setting[string]   `json:"priority"`
	Type           Setting[string]   `json:"type"`
	AssigneeID     Setting[int64]    `json:"assignee_id"`
	GroupID        Setting[int64]    `json:"group_id"`
	FormID         Setting[int64]    `json:"ticket_form_id"`
	Tags           Setting[[]string] `json:"tags"` // all that the ticket would have
	CustomFields   []CustomField     `json:"custom_fields"`
	Comment        *MacroComment     `json:"comment"` // nil: none
}

// A MacroComment is what a macro would say.
type MacroComment struct {
	Body   Lines `json:"body"`
	Public *bool `json:"public"` // nil: the macro leaves it to the agent
}

// Macros reads the active macros that the signed-in agent may use, shared and own.
func (c *Client) Macros(ctx context.Context) ([]Macro, error) {
	return list[Macro](ctx, c, "/api/v2/macros/active", "macros")
}

// ApplyMacro tells what a macro would make of a ticket: all values are told, those that stay as they are too. It changes
// nothing. For a ticket that is not made yet, ticket is 0: then only what the macro writes is told, its placeholders as
// they are written.
func (c *Client) ApplyMacro(ctx context.Context, ticket, macro int64) (MacroChanges, error) {
	path := "/api/v2/macros/" + strconv.FormatInt(macro, 10) + "/apply"
	if ticket != 0 {
		path = ticketPath(ticket) + "/macros/" + strconv.FormatInt(macro, 10) + "/apply"
	}
	var body struct {
		Result *struct {
			Ticket *struct {
				MacroChanges

				Fields json.RawMessage `json:"fields"` // the vendor's file has one object here; a ticket has a list
			} `json:"ticket"`
			Comment *MacroComment `json:"comment"` // where the vendor's older pages have it
		} `json:"result"`
	}
	answer, err := c.get(ctx, path, nil, &body)
	if err == nil && (body.Result == nil || body.Result.Ticket == nil) {
		err = c.garbled(answer, "the answer has no ticket")
	}
	if err != nil {
		return MacroChanges{}, err
	}
	told := body.Result.Ticket.MacroChanges
	if told.Comment == nil {
		told.Comment = body.Result.Comment
	}
	if len(told.CustomFields) == 0 && len(body.Result.Ticket.Fields) > 0 {
		raw := body.Result.Ticket.Fields
		if raw[0] == '{' {
			raw = []byte("[" + string(raw) + "]")
		}
		answer.Body = raw
		err = c.caller.Decode(answer, &told.CustomFields)
	}
	return told, err
}
