package zendesk

import (
	"net/http"
	"slices"
	"strings"
)

// with adds members to an answer that is a success.
func (said answer) with(more ...member) answer {
	if body, isObject := said.body.(object); isObject && said.status == http.StatusOK {
		said.body = append(slices.Clone(body), more...)
	}
	return said
}

// include is what the caller wants beside a list: include=users,groups,organizations.
func (c *call) include() []string { return strings.Split(c.query().Get("include"), ",") }

// besideTickets are the records that tickets name, of the kinds that are asked for, each once.
func (a *Account) besideTickets(kinds []string, tickets []ticket) []member {
	var users, organizations, inGroups []int64
	for _, t := range tickets {
		users = append(users, t.RequesterID, t.SubmitterID, int64(t.AssigneeID))
		organizations = append(organizations, int64(t.OrganizationID))
		inGroups = append(inGroups, int64(t.GroupID))
	}
	var beside []member
	for _, kind := range kinds {
		switch strings.TrimSpace(kind) {
		case "users":
			beside = append(beside, member{"users", a.besideUsers(users)})
		case "organizations":
			beside = append(beside, member{"organizations", some(organizations, a.organizations.find, whole[organization])})
		case "groups":
			find := func(id int64) (group, bool) {
				at := slices.IndexFunc(a.groups(), func(g group) bool { return g.ID == id })
				if at < 0 {
					return group{}, false
				}
				return a.groups()[at], true
			}
			beside = append(beside, member{"groups", some(inGroups, find, whole[group])})
		}
	}
	return beside
}

func (a *Account) besideUsers(ids []int64) []any { return some(ids, a.users.find, a.shownUser) }

// some are the records with those ids, each once.
func some[T any](ids []int64, find func(int64) (T, bool), show func(T) any) []any {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	out := []any{}
	for _, id := range slices.Compact(ids) {
		if record, found := find(id); found {
			out = append(out, show(record))
		}
	}
	return out
}

// beside is besideTickets for the tickets among what a search found.
func (a *Account) beside(kinds []string, found []document) []member {
	var sent []ticket
	for _, d := range found {
		if t, known := a.findTicket(d.id); known && d.kind == "ticket" {
			sent = append(sent, t)
		}
	}
	return a.besideTickets(kinds, sent)
}

// besideResults reads what search takes: include=tickets(users,groups).
func (a *Account) besideResults(c *call, found []document) []member {
	inside, asked := strings.CutPrefix(c.query().Get("include"), "tickets(")
	if !asked {
		return nil
	}
	return a.beside(strings.Split(strings.TrimSuffix(inside, ")"), ","), found)
}
