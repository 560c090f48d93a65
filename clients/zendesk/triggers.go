// Triggers and the webhooks that they call.

package zendesk

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"zsf/clients/transport"
)

// A Trigger acts on a ticket that changed.
type Trigger struct {
	ID          int64           `json:"id"`
	Title       string          `json:"title"`
	Description string          `json:"description"`
	Active      bool            `json:"active"`
	CategoryID  string          `json:"category_id"` // empty: none
	Position    int             `json:"position"`
	Default     bool            `json:"default"`
	CreatedAt   time.Time       `json:"created_at"`
	UpdatedAt   time.Time       `json:"updated_at"`
	Conditions  json.RawMessage `json:"conditions"` // as it came; not cleaned
	Actions     json.RawMessage `json:"actions"`    // as it came; not cleaned
}

// WebhookID is the webhook that the trigger's first such action calls; empty where it calls none.
func (t Trigger) WebhookID() string {
	var actions []struct {
		Field string          `json:"field"`
		Value json.RawMessage `json:"value"`
	}
	if json.Unmarshal(t.Actions, &actions) != nil {
		return ""
	}
	for _, action := range actions {
		if action.Field != "notification_webhook" {
			continue
		}
		var idAndBody []any
		if json.Unmarshal(action.Value, &idAndBody) != nil || len(idAndBody) == 0 {
			continue
		}
		if id, ok := idAndBody[0].(string); ok && id != "" {
			return transport.Clean(id)
		}
	}
	return ""
}

// Triggers reads all triggers, active or not.
func (c *Client) Triggers(ctx context.Context) ([]Trigger, error) {
	return list[Trigger](ctx, c, "/api/v2/triggers.json", "triggers")
}

// A Webhook is an address that triggers call
// (developer.zendesk.com/api-reference/webhooks/webhooks-api/webhooks).
type Webhook struct {
	ID             string                `json:"id"`
	Name           string                `json:"name"`
	Description    string                `json:"description"`
	Status         string                `json:"status"` // active, inactive
	Endpoint       string                `json:"endpoint"`
	HTTPMethod     string                `json:"http_method"`
	RequestFormat  string                `json:"request_format"`
	Subscriptions  []string              `json:"subscriptions"`
	Authentication WebhookAuthentication `json:"authentication"`
	CustomHeaders  HeaderNames           `json:"custom_headers"`
	CreatedAt      time.Time             `json:"created_at"`
	UpdatedAt      time.Time             `json:"updated_at"`
}

// WebhookAuthentication is how a webhook signs in. What it signs in with, its data, is never read.
type WebhookAuthentication struct {
	Type        string `json:"type"` // bearer_token, basic_auth, api_key; empty: it does not
	AddPosition string `json:"add_position"`
}

// HeaderNames are the names of the headers that a webhook sends, in order; their values, which may be secrets,
// are not kept.
type HeaderNames []string

// UnmarshalJSON takes the names of an object.
func (h *HeaderNames) UnmarshalJSON(body []byte) error {
	var headers map[string]json.RawMessage
	if err := json.Unmarshal(body, &headers); err != nil {
		return fmt.Errorf("custom headers: %w", err)
	}
	*h = slices.Sorted(maps.Keys(headers))
	return nil
}

// Webhooks reads all webhooks, active or not.
func (c *Client) Webhooks(ctx context.Context) ([]Webhook, error) {
	return list[Webhook](ctx, c, "/api/v2/webhooks", "webhooks")
}
