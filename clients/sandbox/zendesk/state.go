package zendesk

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

func idText(id int64) string { return strconv.FormatInt(id, 10) }

func parsedID(text string) int64 {
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0
	}
	return id
}

// State is how the account is set up, as one document without record ids and times: the integration,
// the triggers in their order, the webhooks by name, and the team. The same set-up gives the same bytes.
func (a *Account) State() any {
	a.mu.Lock()
	defer a.mu.Unlock()
	names := map[string]string{}
	hooks := []any{}
	for _, hook := range a.webhooks.all {
		names[hook.ID] = "webhook " + hook.Name
		hooks = append(hooks, map[string]any{
			"name": hook.Name, "status": hook.Status, "endpoint": hook.Endpoint, "method": hook.HTTPMethod, "format": hook.RequestFormat,
			"subscriptions": hook.Subscriptions, "description": hook.Description,
		})
	}
	slices.SortFunc(hooks, func(one, other any) int { return strings.Compare(jsonOf(one), jsonOf(other)) })
	rules := []any{}
	for _, t := range a.triggers.those(func(trigger) bool { return true }) {
		actions := jsonOf(t.Actions)
		for id, name := range names {
			actions = strings.ReplaceAll(actions, id, name)
		}
		rules = append(rules, map[string]any{
			"title": t.Title, "active": t.Active, "position": t.Position, "description": t.Description.value(),
			"conditions": t.Conditions, "actions": json.RawMessage(actions),
		})
	}
	slices.SortStableFunc(rules, func(one, other any) int { return strings.Compare(jsonOf(one), jsonOf(other)) })
	team := []any{}
	for n := range staff {
		u, _ := a.users.find(staffID(n))
		team = append(team, map[string]any{"email": u.Email.value(), "role": u.Role, "suspended": u.Suspended})
	}
	return map[string]any{"connection": a.connectionState(), "kept": a.keptState(), "triggers": rules, "webhooks": hooks, "team": team}
}

func (a *Account) connectionState() any {
	if a.integration.live == nil {
		return nil
	}
	return a.integration.live.state()
}

// keptState is what was configured for orgs that are not connected now.
func (a *Account) keptState() map[string]any {
	kept := map[string]any{}
	for org, c := range a.integration.kept {
		if a.integration.live == nil || a.integration.live.OrgID != org {
			kept[org] = c.state()
		}
	}
	return kept
}

func (c connection) state() any {
	return map[string]any{
		"org_id": c.OrgID, "name": c.Name, "production": c.Production, "connected_by": c.User, "terms_agreed": c.Terms, "ticket_view": c.TicketView,
		"mapped": c.Maps, "accounts_to_organizations": c.AccountSync, "users": c.UserSync, "users_from": c.UsersFrom, "tickets_to_cases": c.TicketSync,
	}
}

func jsonOf(v any) string {
	text, err := encode(v)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(text))
}

// A Change is what happens to the account from outside. What is nil or empty stays.
type Change struct {
	Layout       string `json:"layout"`        // guide or newer
	Role         string `json:"role"`          // of the signed-in user: admin, agent or light-agent
	TokenExpired *bool  `json:"token_expired"` // of the given token

	Webhook  WebhookChange   `json:"webhook"`  // to the integration's webhook
	Triggers []TriggerChange `json:"triggers"` // to the integration's triggers, one after the other
	Tickets  []TicketChange  `json:"tickets"`  // one after the other; the first that is refused ends them, and is told

	OtherOrg            bool   `json:"other_org"`            // leaves triggers and a webhook of another org behind, inactive
	LeftBy              string `json:"left_by"`              // the id of an org that leaves its triggers and webhook behind, inactive
	ConnectorDowngraded bool   `json:"connector_downgraded"` // whoever connected is an agent now
}

// A WebhookChange is what somebody does to a webhook in the console. What is empty stays.
type WebhookChange struct {
	Name     string `json:"name"`
	Status   string `json:"status"` // active or inactive
	Endpoint string `json:"endpoint"`
	Deleted  bool   `json:"deleted"`
}

// ErrNoSuchChange is a value that a Change does not know.
var ErrNoSuchChange = errors.New("no such change")

// Apply makes a change, or none of it but the tickets before the one that is refused.
func (a *Account) Apply(c Change) error {
	layout, known := map[string]Layout{"guide": GuideLayout, "newer": NewerLayout, "": a.layoutNow()}[c.Layout]
	switch {
	case !known:
		return fmt.Errorf("layout %q: %w", c.Layout, ErrNoSuchChange)
	case !slices.Contains([]string{"", "admin", "agent", "light-agent"}, c.Role):
		return fmt.Errorf("role %q: %w", c.Role, ErrNoSuchChange)
	case !slices.Contains([]string{"", "active", "inactive"}, c.Webhook.Status):
		return fmt.Errorf("webhook status %q: %w", c.Webhook.Status, ErrNoSuchChange)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if err := a.changeTickets(c.Tickets); err != nil {
		return err
	}
	a.integration.layout = layout
	if c.Role != "" {
		a.setup.NotAdmin, a.setup.LightAgent = c.Role != "admin", c.Role == "light-agent"
	}
	a.webhooks.change(c.Webhook)
	if c.OtherOrg {
		a.leaveBehind(OtherOrgID, 37)
	}
	if c.LeftBy != "" {
		a.leaveBehind(c.LeftBy, 39)
	}
	for _, change := range c.Triggers {
		a.changeTrigger(change)
	}
	if c.ConnectorDowngraded {
		a.downgradeConnector()
	}
	for _, t := range a.oauth.tokens {
		if c.TokenExpired != nil && t.Access == givenAccessToken {
			t.ExpiresAt = a.now().Add(longestAccess)
			if *c.TokenExpired {
				t.ExpiresAt = a.now()
			}
		}
	}
	return nil
}

func (a *Account) leaveBehind(org string, position int64) {
	a.webhooks.insertSalesforce(a, org, true, time.Time{})
	a.triggers.insertSalesforce(a, org, position, false, time.Time{})
}

// change makes a change to the first webhook that bears the integration's name.
func (w *webhooks) change(c WebhookChange) {
	at := slices.IndexFunc(w.all, func(one webhook) bool { return ofSalesforce(one.Name) })
	switch {
	case at < 0:
	case c.Deleted:
		w.all = slices.Delete(w.all, at, at+1)
	default:
		one := &w.all[at]
		one.Name = cmp.Or(c.Name, one.Name)
		one.Status = cmp.Or(c.Status, one.Status)
		one.Endpoint = cmp.Or(c.Endpoint, one.Endpoint)
	}
}

func (a *Account) layoutNow() Layout {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.integration.layout
}
