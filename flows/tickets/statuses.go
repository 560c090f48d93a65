// The account's own statuses, by the names that it gives them.

package tickets

import (
	"context"
	"slices"
	"strings"

	"zsf/clients/transport"
	"zsf/clients/zendesk"
	"zsf/flows/flow"
)

// A NoStatusError says that the account has no status of that name, or that closed was asked for beside a name.
type NoStatusError struct {
	Name  string
	Names []string // that it has
}

func (e *NoStatusError) Error() string { return "no status is called " + e.Name }

// Text says it in words.
func (e *NoStatusError) Text() flow.Text {
	if e.Name == "closed" {
		return flow.Say("no-status.closed")
	}
	return flow.Say("no-status.unknown", "Name", e.Name, "Names", strings.Join(e.Names, ", "))
}

// StatusesOf finds what a person calls statuses: kinds, or names of the account's own, whatever the case. Kinds alone need no
// call. Beside a name each kind stands for all statuses of the account that are of it; closed tickets are of none.
func (d *Desk) StatusesOf(ctx context.Context, names []string) (kinds []string, custom []int64, err error) {
	if !slices.ContainsFunc(names, func(name string) bool { return !slices.Contains(Statuses, name) }) {
		return names, nil, nil
	}
	if d.account == nil {
		return nil, nil, &transport.Error{Service: transport.Zendesk, Kind: transport.SignInMissing}
	}
	all, err := d.account.CustomStatuses(ctx)
	d.note(transport.Zendesk, "custom_statuses", len(all), err)
	if err != nil && !IsNoTicket(err) { // an account without them has no such resource
		return nil, nil, err
	}
	for _, name := range names {
		before := len(custom)
		for _, status := range all {
			if status.Category == name || strings.EqualFold(status.AgentLabel, strings.TrimSpace(name)) {
				custom = append(custom, status.ID)
			}
		}
		if len(custom) == before {
			return nil, nil, &NoStatusError{Name: name, Names: statusNames(all)}
		}
	}
	return nil, custom, nil
}

// statusNames are the kinds, and what the account calls the statuses that are more than a kind.
func statusNames(all []zendesk.CustomStatus) []string {
	names := slices.Clone(Statuses)
	for _, status := range all {
		if !status.Default {
			names = append(names, status.AgentLabel)
		}
	}
	return names
}
