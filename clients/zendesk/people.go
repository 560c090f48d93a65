// People as one looks for them while typing.

package zendesk

import (
	"context"
	"net/url"
)

// SearchUsers finds users by part of a name, an address or a phone number: the first page of them.
func (c *Client) SearchUsers(ctx context.Context, words string) ([]User, error) {
	return some[User](ctx, c, "/api/v2/users/search", "users", url.Values{"query": {words}})
}
