package world

import (
	"context"

	"zsf/clients/transport"
	"zsf/clients/zendesk"
)

// What a Zendesk account can be asked.
const (
	ZendeskUser  Fact = "zendesk.user" // who is signed in
	ZendeskToken Fact = "zendesk.token"
	Triggers     Fact = "zendesk.triggers"
	Webhooks     Fact = "zendesk.webhooks"

	NewestTickets Fact = "zendesk.newest-tickets" // unclosed ones

	WebhookMakers       Fact = "zendesk.webhook-makers"       // who made the integration's
	LinkedOrganizations Fact = "zendesk.linked-organizations" // how many carry a Salesforce id
	LinkedUsers         Fact = "zendesk.linked-users"
)

var zendeskCalls = map[Fact]func(context.Context, *zendesk.Client) (any, error){
	ZendeskUser:  func(ctx context.Context, c *zendesk.Client) (any, error) { return c.Me(ctx) },
	ZendeskToken: func(ctx context.Context, c *zendesk.Client) (any, error) { return c.CurrentToken(ctx) },
	Triggers:     func(ctx context.Context, c *zendesk.Client) (any, error) { return c.Triggers(ctx) },
	Webhooks:     func(ctx context.Context, c *zendesk.Client) (any, error) { return c.Webhooks(ctx) },

	NewestTickets: func(ctx context.Context, c *zendesk.Client) (any, error) { return c.NewestTickets(ctx) },

	WebhookMakers: func(ctx context.Context, c *zendesk.Client) (any, error) {
		return c.WebhookMakers(ctx, "(Salesforce Integration)")
	},

	LinkedOrganizations: func(ctx context.Context, c *zendesk.Client) (any, error) { return c.LinkedOrganizations(ctx) },
	LinkedUsers:         func(ctx context.Context, c *zendesk.Client) (any, error) { return c.LinkedUsers(ctx) },
}

// loadZendesk starts the calls for the asked facts of the account, all at once. The caller holds w.mu.
func (w *World) loadZendesk(ctx context.Context, asked map[Fact]bool) {
	client := w.options.Zendesk
	for fact := range asked {
		call, ok := zendeskCalls[fact]
		if !ok {
			continue
		}
		c := w.cells[fact]
		if client == nil {
			c.settle(nil, notSignedIn(transport.Zendesk), w.options.Now())
			continue
		}
		go w.fill(c, func() (any, error) { return call(ctx, client) })
	}
}
