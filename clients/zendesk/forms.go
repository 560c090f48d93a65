// The account's ticket forms and fields: what a ticket can be filled with, and what it must be.

package zendesk

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
)

// A TicketForm is which fields a ticket shows, in which order. An account without forms has no such resource.
type TicketForm struct {
	ID         int64           `json:"id"`
	Name       string          `json:"name"`
	Active     bool            `json:"active"`
	Default    bool            `json:"default"`
	Position   int             `json:"position"`
	FieldIDs   []int64         `json:"ticket_field_ids"`
	Conditions []FormCondition `json:"agent_conditions"` // for agents; end users have others
}

// A FormCondition shows fields when another has a value. A field that is a child of any condition is hidden unless one holds.
type FormCondition struct {
	ParentFieldID int64              `json:"parent_field_id"`
	Value         FieldValue         `json:"value"`
	Children      []ConditionalField `json:"child_fields"`
}

// A ConditionalField is a field that a condition shows.
type ConditionalField struct {
	ID         int64 `json:"id"`
	Required   bool  `json:"is_required"`
	RequiredOn struct {
		Type     string   `json:"type"`     // ALL_STATUSES, SOME_STATUSES, NO_STATUSES; empty: none
		Statuses []string `json:"statuses"` // of SOME_STATUSES: new, open, pending, hold, solved
	} `json:"required_on_statuses"`
}

// A TicketField is one of the service's own fields or of the account's.
type TicketField struct {
	ID       int64  `json:"id"`
	Type     string `json:"type"` // subject, description, custom_status, tickettype, priority, group, assignee; text, textarea, tagger, multiselect, checkbox, date, integer, decimal, regexp, lookup, partialcreditcard
	Title    string `json:"title"`
	Hint     string `json:"agent_description"` // what the account tells its agents of it
	Active   bool   `json:"active"`
	Required bool   `json:"required"` // to solve a ticket
	Editable bool   `json:"agent_can_edit"`
	Own      bool   `json:"removable"` // the account's own
	Pattern  string `json:"regexp_for_validation"`
	Tag      string `json:"tag"`                      // of a checkbox: what a ticket gets
	Target   string `json:"relationship_target_type"` // of a lookup: zen:user, zen:organization, zen:ticket, zen:custom_object:…

	Choices       []FieldChoice  `json:"custom_field_options"` // of tagger and multiselect; a name with :: is nested
	SystemChoices []FieldChoice  `json:"system_field_options"` // of priority, tickettype and status
	Statuses      []CustomStatus `json:"custom_statuses"`      // of custom_status
}

// A FieldChoice is one of those that a field offers.
type FieldChoice struct {
	Name    string `json:"name"`
	Value   string `json:"value"`
	Default bool   `json:"default"`
}

// A FieldValue is what stands in a field: nothing, a text (its lines, where it has several), or several choices.
// A checkbox has true or false.
type FieldValue []string

// UnmarshalJSON takes a text, a number, a bool, several of these, or null.
func (v *FieldValue) UnmarshalJSON(body []byte) error {
	var value any
	decoder := json.NewDecoder(strings.NewReader(string(body)))
	decoder.UseNumber()
	if err := decoder.Decode(&value); err != nil {
		return fmt.Errorf("a field's value: %w", err)
	}
	*v = nil
	all, several := value.([]any)
	if !several {
		all = []any{value}
	}
	for _, one := range all {
		switch one := one.(type) {
		case string:
			if one != "" {
				*v = append(*v, strings.Split(strings.ReplaceAll(one, "\r\n", "\n"), "\n")...)
			}
		case json.Number, bool:
			*v = append(*v, fmt.Sprint(one))
		}
	}
	return nil
}

// Write is a value for the field as an update takes it: nothing, a text or its lines, or choices.
func (f TicketField) Write(value []string) FieldWrite {
	w := FieldWrite{ID: f.ID}
	text := strings.Join(value, "\n")
	switch {
	case f.Type == "checkbox":
		w.Value = text == "true"
	case f.Type == "multiselect":
		w.Value = append([]string{}, value...)
	case text != "":
		w.Value = text
	}
	return w
}

// TicketForms reads all forms, active or not. An account that has none refuses as transport.NotFound or Forbidden.
func (c *Client) TicketForms(ctx context.Context) ([]TicketForm, error) {
	return list[TicketForm](ctx, c, "/api/v2/ticket_forms", "ticket_forms")
}

// TicketFields reads all fields, active or not.
func (c *Client) TicketFields(ctx context.Context) ([]TicketField, error) {
	return list[TicketField](ctx, c, "/api/v2/ticket_fields", "ticket_fields")
}
