package sandbox

import (
	"bytes"
	"encoding/json"
	"fmt"

	"zsf/clients/sandbox/salesforce"
	"zsf/clients/sandbox/zendesk"
)

// An OrgChange happens to the org while somebody works with it; `POST /org` of the control takes it as JSON.
type OrgChange = salesforce.Change

// An AccountChange happens to the account; `POST /account` of the control takes it as JSON.
type AccountChange = zendesk.Change

// A TriggerChange is one to a trigger of the integration, within an AccountChange.
type TriggerChange = zendesk.TriggerChange

// A TicketChange is one that somebody else makes to a ticket, within an AccountChange.
type TicketChange = zendesk.TicketChange

// A WebhookChange is one to the integration's webhook, within an AccountChange.
type WebhookChange = zendesk.WebhookChange

// ChangeOrg makes a change, or tells that there is no such one.
func (s *Sandbox) ChangeOrg(change OrgChange) error {
	if err := s.state.Load().org.Apply(change); err != nil {
		return fmt.Errorf("sandbox: %w", err)
	}
	return nil
}

// ChangeAccount makes a change, or tells that there is no such one.
func (s *Sandbox) ChangeAccount(change AccountChange) error {
	if err := s.state.Load().account.Apply(change); err != nil {
		return fmt.Errorf("sandbox: %w", err)
	}
	return nil
}

// State is how both sides are set up, as JSON: settings, apps and who may use them, packages, pages, tokens,
// the connection, triggers and webhooks. It is sorted and has neither times nor row ids, so that two moments
// with the same set-up have the same bytes.
func (s *Sandbox) State() ([]byte, error) {
	now := s.state.Load()
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetIndent("", " ")
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(map[string]any{"salesforce": now.org.State(), "zendesk": now.account.State()}); err != nil {
		return nil, fmt.Errorf("sandbox: writing its state: %w", err)
	}
	return b.Bytes(), nil
}
