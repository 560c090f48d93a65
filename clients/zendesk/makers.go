// Who made the webhooks, and whether they are still admins: the account tells no other way who connected an integration.

package zendesk

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// A WebhookMaker is who made a webhook.
type WebhookMaker struct {
	Webhook string // its name
	Maker   User
}

// WebhookMakers are the people who made webhooks whose names begin so. One who is no longer there has an id only.
func (c *Client) WebhookMakers(ctx context.Context, prefix string) ([]WebhookMaker, error) {
	type webhook struct {
		Name      string `json:"name"`
		CreatedBy string `json:"created_by"`
	}
	webhooks, err := list[webhook](ctx, c, "/api/v2/webhooks", "webhooks")
	if err != nil {
		return nil, err
	}
	webhooks = slices.DeleteFunc(webhooks, func(one webhook) bool { return !strings.HasPrefix(one.Name, prefix) || one.CreatedBy == "" })
	var ids []string
	for _, one := range webhooks {
		if !slices.Contains(ids, one.CreatedBy) && len(ids) < showMany {
			ids = append(ids, one.CreatedBy)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	var body struct {
		Users []User `json:"users"`
	}
	if _, err := c.get(ctx, "/api/v2/users/show_many.json", url.Values{"ids": {strings.Join(ids, ",")}}, &body); err != nil {
		return nil, err
	}
	var makers []WebhookMaker
	for _, one := range webhooks {
		at := slices.IndexFunc(body.Users, func(user User) bool { return strconv.FormatInt(user.ID, 10) == one.CreatedBy })
		if at >= 0 {
			makers = append(makers, WebhookMaker{Webhook: one.Name, Maker: body.Users[at]})
		}
	}
	return makers, nil
}

// showMany is how many records one call shows.
const showMany = 100
