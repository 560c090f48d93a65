package zendesk

import (
	"context"
	"encoding/json"
	"net/http"

	"zsf/clients/transport"
)

// Answers is nil where a Zendesk account is. It asks who is signed in, as nobody: Zendesk answers with a user
// without an id (measured), or refuses in its own words.
func (c *Client) Answers(ctx context.Context) error {
	answer, err := c.caller.Call(ctx, transport.Request{
		Path: "/api/v2/users/me.json", NoToken: true, Header: http.Header{"Accept": {"application/json"}},
	})
	if err != nil {
		return err
	}
	var told struct {
		User  *json.RawMessage `json:"user"`
		Error *json.RawMessage `json:"error"`
	}
	refused := answer.Status == http.StatusUnauthorized || answer.Status == http.StatusForbidden
	if answer.Status != http.StatusOK && !refused {
		return c.refusal(answer)
	}
	if err := c.caller.Decode(answer, &told); err != nil {
		return err
	}
	if told.User == nil && (told.Error == nil || !refused) {
		return c.garbled(answer, "the answer names no user")
	}
	return nil
}
