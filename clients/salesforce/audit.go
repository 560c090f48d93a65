// Who changed a setting, and when, by the Setup Audit Trail.

package salesforce

import (
	"context"
	"strings"

	"zsf/clients/transport"
)

// An AuditEvent is a row of the Setup Audit Trail, which keeps half a year. It needs View Setup.
type AuditEvent struct {
	ID          string `json:"Id"`
	Action      string `json:"Action"`
	Section     string `json:"Section"` // in the org's language
	Display     string `json:"Display"` // what was done, in the org's language
	CreatedDate Time   `json:"CreatedDate"`
	CreatedBy   *struct {
		Name     string `json:"Name"`
		Username string `json:"Username"`
	} `json:"CreatedBy"` // nil: Salesforce itself
	DelegateUser string `json:"DelegateUser"` // who was logged in as that user
}

// auditQuery finds the newest events. Which names the actions have is not documented, so they are told apart here.
const auditQuery = "SELECT Id, Action, Section, Display, CreatedDate, CreatedBy.Name, CreatedBy.Username, DelegateUser " +
	"FROM SetupAuditTrail ORDER BY CreatedDate DESC LIMIT 2000"

// AuditEvents are the newest events of the trail. It tells false where the org keeps no such trail, or does not show it
// to this user: then nothing is known of who changed what. Columns that the org does not have are left out.
func (c *Client) AuditEvents(ctx context.Context) ([]AuditEvent, bool, error) {
	soql := auditQuery
	for {
		events, err := Query[AuditEvent](ctx, c, soql)
		if shorter, ok := dropColumn(soql, err); ok {
			soql = shorter
			continue
		}
		if failed, ok := asFailure(err); ok && (failed.Kind == transport.NotFound || failed.Code == "INVALID_FIELD") {
			return nil, false, nil
		}
		return events, err == nil, err
	}
}

// SessionLockEvents are the events about the lock of sessions to an IP address, the newest first. It tells false
// where the trail cannot be read.
func (c *Client) SessionLockEvents(ctx context.Context) ([]AuditEvent, bool, error) {
	events, told, err := c.AuditEvents(ctx)
	var found []AuditEvent
	for _, event := range events {
		if event.IsSessionLock() {
			found = append(found, event)
		}
	}
	return found, told, err
}

// IsSessionLock tells that the event is about the lock of sessions to an IP address.
func (event AuditEvent) IsSessionLock() bool {
	action, words := strings.ToLower(event.Action), strings.ToLower(event.Display)
	return strings.Contains(action, "locksessionstoip") || strings.Contains(words, "locksessionstoip") ||
		strings.Contains(words, "lock sessions to the ip address") || strings.Contains(event.Display, "IP 주소로 세션")
}

// IsPKCEPolicy tells that the event is about whether PKCE is required of every app.
func (event AuditEvent) IsPKCEPolicy() bool {
	action, words := strings.ToLower(event.Action), strings.ToLower(event.Display)
	return strings.Contains(action, "pkce") || strings.Contains(words, "pkce") || strings.Contains(words, "proof key for code exchange")
}

// Names tells that the event is about something of that name.
func (event AuditEvent) Names(name string) bool {
	return strings.Contains(strings.ToLower(event.Display), strings.ToLower(name))
}
