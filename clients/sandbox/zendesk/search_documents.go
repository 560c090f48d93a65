package zendesk

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"zsf/clients/sandbox/seed"
)

// documents visits the records of a kind that a search can find, as they were when the index saw them last.
func (a *Account) documents(kind string, q searchQuery, indexed time.Time, visit func(document)) {
	switch kind {
	case "ticket":
		organizationOf := a.organizationsOfTickets()
		for n := range a.ticketsToSearch(q) {
			if d, known := a.ticketDocument(n, indexed, organizationOf); known {
				visit(d)
			}
		}
	case "user":
		a.users.scan(0, false, func(u user) bool { visit(a.userDocument(u)); return true })
	case "organization":
		a.organizations.scan(0, false, func(o organization) bool { visit(a.organizationDocument(o)); return true })
	case "group":
		for _, g := range a.groups() {
			visit(a.groupDocument(g))
		}
	}
}

// ticketsToSearch are all of them, or fewer where the search names organizations or requesters by id.
func (a *Account) ticketsToSearch(q searchQuery) func(func(int) bool) {
	ids, only := q.ids("organization_id")
	if !only {
		ids, only = a.organizationsNamed(q)
	}
	if only {
		return func(yield func(int) bool) {
			for _, id := range ids {
				if o, found := a.organizations.find(id); found {
					for n := range a.ticketsOfOrganization(o).numbers {
						if !yield(n) {
							return
						}
					}
				}
			}
		}
	}
	if ids, only := a.requesters(q); only {
		return func(yield func(int) bool) {
			for _, id := range ids {
				for _, n := range a.ticketsRequestedBy(id) {
					if !yield(n) {
						return
					}
				}
			}
		}
	}
	return a.allTickets().numbers
}

// ids are the values of a keyword when all are whole numbers, each once.
func (q searchQuery) ids(key string) (ids []int64, only bool) {
	for _, t := range q.terms {
		if t.key != key || t.negated {
			continue
		}
		id, err := strconv.ParseInt(t.value, 10, 64)
		if err != nil || t.op != ":" {
			return nil, false
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids, len(ids) > 0
}

// organizationsNamed are those whose names have the words of a search, or that it names by id.
func (a *Account) organizationsNamed(q searchQuery) (ids []int64, only bool) {
	for _, t := range q.terms {
		if t.key != "organization" || t.negated {
			continue
		}
		if t.op != ":" || t.value == "*" || strings.EqualFold(t.value, "none") {
			return nil, false
		}
		only = true
		for _, entry := range a.organizationNames().entries {
			if says(entry.key, t.value) || idText(entry.id) == t.value {
				ids = append(ids, entry.id)
			}
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids), only
}

// requesters are those that a search names by id or by their whole e-mail.
func (a *Account) requesters(q searchQuery) (ids []int64, only bool) {
	for _, t := range q.terms {
		if t.key != "requester" || t.negated {
			continue
		}
		id, err := strconv.ParseInt(t.value, 10, 64)
		if u, found := a.users.ofEmail(t.value); found {
			id, err = u.ID, nil
		}
		if err != nil || t.op != ":" {
			return nil, false
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids, len(ids) > 0
}

// ticketDocument finds archived tickets too. It is false for a ticket that the index has not seen yet.
// Most searches need little of most tickets: the whole is made when something asks for it.
func (a *Account) ticketDocument(n int, indexed time.Time, organizationOf func(int) int64) (document, bool) {
	var whole *ticket
	var light seed.Ticket
	if len(a.tickets.since[n]) > 0 || n >= a.seed.Tickets() || a.tickets.gone[int64(n)+1] {
		then, known := a.ticketAt(n, indexed)
		if !known {
			return document{}, false
		}
		whole = &then
		light = seed.Ticket{
			Status: then.Status, Priority: then.Priority.value(), Type: then.Type.value(), Subject: then.Subject, Body: then.Description,
			CreatedAt: then.CreatedAt, UpdatedAt: then.UpdatedAt,
		}
	} else {
		light = a.seedAt(n, indexed)
	}
	all := func() ticket {
		if whole == nil {
			made := a.seededTicket(n, light)
			whole = &made
		}
		return *whole
	}
	return document{
		kind: "ticket", id: int64(n) + 1, created: light.CreatedAt, updated: light.UpdatedAt,
		show: func() object { now, _ := a.findTicket(int64(n) + 1); return membersOf(now) },
		rank: func(by string) int {
			switch by {
			case "priority":
				return slices.Index(priorityOrder, light.Priority)
			case "status":
				return slices.Index(statuses, light.Status)
			}
			return slices.Index(typeOrder, light.Type)
		},
		texts: func() []string { return a.ticketTexts(n, light.Subject, all, indexed) },
		values: func(key string) []property {
			switch key {
			case "status":
				return []property{{light.Status, inStatus}}
			case "priority":
				return []property{{light.Priority, inPriority}}
			case "ticket_type":
				return []property{{light.Type, exact}}
			case "subject":
				return []property{{light.Subject, wordly}}
			case "description":
				return []property{{light.Body, wordly}}
			}
			if whole == nil && key == "organization_id" {
				return idProperty(organizationOf(n))
			}
			if whole == nil && key == "requester" {
				return a.personProperty(contactID(light.Contact))
			}
			return a.ticketProperty(all(), key)
		},
	}, true
}

// idProperty is empty for 0.
func idProperty(id int64) []property {
	if id == 0 {
		return []property{{}}
	}
	return []property{{idText(id), exact}}
}

// ticketTexts are what free text is sought in: the subject, the tags, and what was said.
func (a *Account) ticketTexts(n int, subject string, all func() ticket, indexed time.Time) []string {
	said, kept := a.tickets.said[n]
	if !kept && n < a.seed.Tickets() {
		var bodies []string
		for _, one := range a.seed.Comments(n) {
			bodies = append(bodies, one.Body)
		}
		tags, _ := fieldValues(n)
		said = strings.Join(append(bodies, tags...), "\n")
		if a.tickets.said == nil {
			a.tickets.said = map[int]string{}
		}
		a.tickets.said[n] = said
	}
	texts := []string{subject, said}
	if len(a.tickets.since[n]) == 0 {
		return texts
	}
	texts = append(texts, strings.Join(all().Tags, " "))
	for _, one := range a.tickets.comments[int64(n)+1] {
		if !one.CreatedAt.After(indexed) {
			texts = append(texts, one.Body)
		}
	}
	return texts
}

// ticketProperty is what only the whole ticket has.
func (a *Account) ticketProperty(t ticket, key string) []property {
	switch key {
	case "tags":
		return each(t.Tags)
	case "requester":
		return a.personProperty(t.RequesterID)
	case "submitter":
		return a.personProperty(t.SubmitterID)
	case "assignee":
		return a.personProperty(int64(t.AssigneeID))
	case "organization", "organization_id":
		return a.organizationProperty(key, int64(t.OrganizationID))
	case "group", "group_id":
		for _, g := range a.groups() {
			if g.ID == int64(t.GroupID) {
				return []property{{idText(g.ID), exact}, {g.Name, wordly}}
			}
		}
		return []property{{}}
	case "custom_status_id":
		return []property{{idText(t.CustomStatusID), exact}}
	case "form", "ticket_form_id":
		return []property{{idText(t.TicketFormID), exact}}
	case "via":
		return []property{{t.Via.Channel, exact}}
	case "external_id":
		return []property{{t.ExternalID.value(), exact}}
	}
	return nil
}

func each(texts []string) []property {
	values := []property{{}}
	for _, text := range texts {
		values = append(values, property{text, exact})
	}
	return values
}

// personProperty is found by id, e-mail, and name.
func (a *Account) personProperty(id int64) []property {
	u, found := a.users.find(id)
	if !found {
		return []property{{}}
	}
	return []property{{idText(id), exact}, {u.Email.value(), exact}, {u.Name, wordly}}
}

// organizationProperty by the keyword organization matches words of the name, so that it may match more than the one meant.
func (a *Account) organizationProperty(key string, id int64) []property {
	o, found := a.organizations.find(id)
	if !found {
		return []property{{}}
	}
	if key == "organization_id" {
		return idProperty(id)
	}
	return []property{{idText(id), exact}, {o.Name, wordly}}
}

func (a *Account) userDocument(u user) document {
	return document{
		kind: "user", id: u.ID, created: u.CreatedAt, updated: u.UpdatedAt,
		show:  func() object { return membersOf(a.shownUser(u)) },
		texts: func() []string { return []string{u.Name, u.Email.value(), u.Phone.value(), u.Notes.value()} },
		values: func(key string) []property {
			switch key {
			case "name":
				return []property{{u.Name, wordly}}
			case "email":
				return []property{{u.Email.value(), exact}}
			case "phone":
				return []property{{u.Phone.value(), wordly}}
			case "role":
				return []property{{u.Role, exact}}
			case "external_id":
				return []property{{u.ExternalID.value(), exact}}
			case "tags":
				return each(u.Tags)
			case "organization", "organization_id":
				return a.organizationProperty(key, a.memberships.defaultOrganization(u.ID))
			}
			return nil
		},
	}
}

func (a *Account) organizationDocument(o organization) document {
	return document{
		kind: "organization", id: o.ID, created: o.CreatedAt, updated: o.UpdatedAt,
		show: func() object { return membersOf(o) },
		texts: func() []string {
			return []string{o.Name, strings.Join(o.DomainNames, " "), o.Details.value(), o.Notes.value()}
		},
		values: func(key string) []property {
			switch key {
			case "name":
				return []property{{o.Name, wordly}}
			case "external_id":
				return []property{{o.ExternalID.value(), exact}}
			case "details":
				return []property{{o.Details.value(), wordly}}
			case "notes":
				return []property{{o.Notes.value(), wordly}}
			case "tags":
				return each(o.Tags)
			}
			return nil
		},
	}
}

func (a *Account) groupDocument(g group) document {
	return document{
		kind: "group", id: g.ID, created: g.CreatedAt, updated: g.UpdatedAt,
		show:  func() object { return membersOf(g) },
		texts: func() []string { return []string{g.Name, g.Description} },
		values: func(key string) []property {
			if key == "name" {
				return []property{{g.Name, wordly}}
			}
			return nil
		},
	}
}

// membersOf are a record's members, so that more can stand beside them.
func membersOf(record any) object {
	raw, err := encode(record)
	if err != nil {
		return nil
	}
	var out object
	d := json.NewDecoder(strings.NewReader(string(raw)))
	if _, err := d.Token(); err != nil {
		return nil
	}
	for d.More() {
		name, err := d.Token()
		var value json.RawMessage
		if err != nil || d.Decode(&value) != nil {
			return nil
		}
		text, _ := name.(string)
		out = append(out, member{text, value})
	}
	return out
}
