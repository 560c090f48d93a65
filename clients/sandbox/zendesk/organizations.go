package zendesk

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"zsf/clients/sandbox/seed"
)

// An organization, its members in the order in which the service sends them.
type organization struct {
	URL            string         `json:"url"`
	ID             int64          `json:"id"`
	Name           string         `json:"name"`
	SharedTickets  bool           `json:"shared_tickets"`
	SharedComments bool           `json:"shared_comments"`
	ExternalID     nullable       `json:"external_id"`
	CreatedAt      time.Time      `json:"created_at"`
	UpdatedAt      time.Time      `json:"updated_at"`
	DomainNames    []string       `json:"domain_names"`
	Details        nullable       `json:"details"`
	Notes          nullable       `json:"notes"`
	GroupID        ref            `json:"group_id"`
	Tags           []string       `json:"tags"`
	Fields         map[string]any `json:"organization_fields"`
}

// organizations are those of the seed's accounts that are Linked or Named; organization n is account n's.
type organizations struct {
	table[organization]
	byExternal map[string]int64 // lower case, of changed and added ones
	names      nameIndex
}

func newOrganizations(a *Account) organizations {
	seeded := func(n int) (organization, bool) {
		account := a.seed.Account(n)
		if !account.Linked && !account.Named {
			return organization{}, false
		}
		o := organization{
			ID:          organizationIDs.id(n),
			Name:        account.Name,
			CreatedAt:   account.CreatedAt,
			UpdatedAt:   account.UpdatedAt,
			DomainNames: []string{account.Domain},
			Tags:        []string{},
			Fields:      map[string]any{},
		}
		o.URL = a.resource("organizations", o.ID)
		if account.Linked {
			o.ExternalID = nullable(account.ID)
		}
		return o, true
	}
	return organizations{
		table:      newTable(organizationIDs, a.seed.Accounts(), seeded, func(o organization) int64 { return o.ID }),
		byExternal: map[string]int64{},
	}
}

func (a *Account) resource(kind string, id int64) string {
	return a.url + "/api/v2/" + kind + "/" + strconv.FormatInt(id, 10) + ".json"
}

// ofExternal finds the organization with that external id, whatever its case.
func (o *organizations) ofExternal(external string) (organization, bool) {
	if id, found := o.byExternal[strings.ToLower(external)]; found {
		return o.find(id)
	}
	n, isID := seed.IndexOf(external)
	if !isID || n >= o.seeded || !strings.EqualFold(external, seed.SalesforceID("001", n)) {
		return organization{}, false
	}
	found, exists := o.find(organizationIDs.id(n))
	return found, exists && strings.EqualFold(found.ExternalID.value(), external)
}

// keep stores a changed or added organization and what finds it.
func (o *organizations) keep(record organization) {
	if before, existed := o.find(record.ID); existed {
		o.forget(before)
		o.put(record)
	} else {
		o.add(record)
	}
	if record.ExternalID != "" {
		o.byExternal[strings.ToLower(record.ExternalID.value())] = record.ID
	}
	o.names.insert(record.Name, record.ID)
}

func (o *organizations) forget(record organization) {
	delete(o.byExternal, strings.ToLower(record.ExternalID.value()))
	o.names.delete(record.Name, record.ID)
}

func (a *Account) organizationEndpoints() []endpoint {
	const r = "organizations"
	return []endpoint{
		{pattern: "GET /api/v2/organizations", action: "organizations/index", resource: r, do: a.listOrganizations},
		{pattern: "POST /api/v2/organizations", action: "organizations/create", resource: r, do: a.createOrganization},
		{pattern: "GET /api/v2/organizations/{id}", action: "organizations/show", resource: r, do: a.withOrganization(a.showOrganization)},
		{pattern: "PUT /api/v2/organizations/{id}", action: "organizations/update", resource: r, do: a.withOrganization(a.updateOrganization)},
		{pattern: "DELETE /api/v2/organizations/{id}", action: "organizations/destroy", resource: r, admins: true, do: a.withOrganization(a.deleteOrganization)},
		{pattern: "POST /api/v2/organizations/create_or_update", action: "organizations/create_or_update", resource: r, do: a.createOrUpdateOrganization},
		{pattern: "GET /api/v2/organizations/show_many", action: "organizations/show_many", resource: r, do: a.showManyOrganizations},
		{pattern: "GET /api/v2/organizations/search", action: "organizations/search", resource: r, admins: true, do: a.searchOrganizations},
		{pattern: "GET /api/v2/organizations/autocomplete", action: "organizations/autocomplete", resource: r, do: a.autocompleteOrganizations},
		{pattern: "GET /api/v2/organizations/count", action: "organizations/count", resource: r, do: a.countOrganizations},
		{pattern: "GET /api/v2/organizations/{id}/users", action: "users/index", resource: "users", do: a.withOrganization(a.listOrganizationUsers)},
		{pattern: "GET /api/v2/organizations/{id}/organization_memberships", action: "organization_memberships/index", resource: r, do: a.withOrganization(a.listOrganizationMembers)},
		{pattern: "GET /api/v2/organizations/{id}/tickets", action: "tickets/index", resource: "tickets", limit: ticketListLimit, do: a.withOrganization(a.listOrganizationTickets)},
		{pattern: "GET /api/v2/organizations/{id}/tickets/count", action: "tickets/count", resource: "tickets", do: a.withOrganization(a.countOrganizationTickets)},
	}
}

// withOrganization looks up the {id} of the path.
func (a *Account) withOrganization(do func(*call, organization) answer) func(*call) answer {
	return func(c *call) answer {
		id, numeric := c.id()
		if !numeric {
			return invalidEndpoint()
		}
		o, found := a.organizations.find(id)
		if !found {
			return recordNotFound()
		}
		return do(c, o)
	}
}

func (a *Account) listOrganizations(c *call) answer {
	t := &a.organizations.table
	return page(a, c, list[organization]{
		name: "organizations", path: "organizations", show: whole[organization],
		total: func() int { return len(a.organizationNames().entries) },
		byOffset: func(yield func(organization) bool) { // by name, as recorded
			for _, entry := range a.organizationNames().entries {
				if o, found := t.find(entry.id); found && !yield(o) {
					return
				}
			}
		},
		byCursor: byID(t, "id"),
	})
}

// whole shows a record as it is.
func whole[T any](record T) any { return record }

func (a *Account) showOrganization(_ *call, o organization) answer {
	return ok(object{{"organization", o}})
}

var organizationFields = []string{"name", "external_id", "shared_tickets", "shared_comments", "domain_names", "details", "notes", "group_id", "tags", "organization_fields"}

func (a *Account) createOrganization(c *call) answer {
	sent, refused := c.fields("organization", organizationFields...)
	if refused != nil {
		return *refused
	}
	return a.addOrganization(c, sent)
}

func (a *Account) addOrganization(c *call, sent fields) answer {
	if !c.admin() {
		return noAccess()
	}
	now := a.now()
	o := organization{ID: a.organizations.nextID(), CreatedAt: now, UpdatedAt: now, DomainNames: []string{}, Tags: []string{}, Fields: map[string]any{}}
	o.URL = a.resource("organizations", o.ID)
	if wrong := a.applyOrganization(&o, sent); wrong.any() {
		return wrong.answer()
	}
	a.organizations.keep(o)
	return created(object{{"organization", o}}, o.URL)
}

func (a *Account) updateOrganization(c *call, o organization) answer {
	sent, refused := c.fields("organization", organizationFields...)
	if refused != nil {
		return *refused
	}
	if a.spend("organization "+strconv.FormatInt(o.ID, 10), perOrganization) < 0 {
		return coded(http.StatusTooManyRequests, "TooManyRequests", "Too many requests to update", "")
	}
	return a.changeOrganization(c, o, sent)
}

// onlyNotes tells whether an agent may send that: "Agents with no permissions restrictions can only update notes".
func onlyNotes(sent fields) bool {
	for key := range sent {
		if key != "notes" && key != "id" {
			return false
		}
	}
	return true
}

func (a *Account) changeOrganization(c *call, o organization, sent fields) answer {
	if !c.admin() && !onlyNotes(sent) {
		return noAccess()
	}
	if wrong := a.applyOrganization(&o, sent); wrong.any() {
		return wrong.answer()
	}
	o.UpdatedAt = a.now()
	a.organizations.keep(o)
	return ok(object{{"organization", o}})
}

// applyOrganization writes what a request sent into o, and tells what is wrong with the result.
func (a *Account) applyOrganization(o *organization, sent fields) *problems {
	wrong := &problems{}
	set(sent, "name", &o.Name, wrong)
	set(sent, "external_id", &o.ExternalID, wrong)
	set(sent, "shared_tickets", &o.SharedTickets, wrong)
	set(sent, "shared_comments", &o.SharedComments, wrong)
	set(sent, "domain_names", &o.DomainNames, wrong)
	set(sent, "details", &o.Details, wrong)
	set(sent, "notes", &o.Notes, wrong)
	set(sent, "group_id", &o.GroupID, wrong)
	set(sent, "tags", &o.Tags, wrong)
	set(sent, "organization_fields", &o.Fields, wrong)
	o.DomainNames, o.Tags = present(o.DomainNames), present(o.Tags)
	if o.Fields == nil {
		o.Fields = map[string]any{}
	}
	o.Name = strings.TrimSpace(o.Name)
	if o.Name == "" {
		wrong.add("name", "Name: cannot be blank", "BlankValue")
	} else if id, taken := a.organizationNames().find(o.Name); taken && id != o.ID {
		wrong.add("name", "Name: "+o.Name+" has already been taken", "DuplicateValue")
	}
	if len([]rune(o.Name)) > 255 {
		wrong.add("name", "Name: is too long (maximum is 255 characters)", "TooLong")
	}
	if other, taken := a.organizations.ofExternal(o.ExternalID.value()); taken && other.ID != o.ID {
		wrong.add("external_id", "External: "+o.ExternalID.value()+" has already been taken", "DuplicateValue")
	}
	return wrong
}

// present is an empty list instead of null.
func present(list []string) []string {
	if list == nil {
		return []string{}
	}
	return slices.Clone(list)
}

func (a *Account) deleteOrganization(_ *call, o organization) answer {
	a.organizationNames() // known before it changes
	a.organizations.forget(o)
	a.organizations.remove(o.ID)
	a.memberships.dropOrganization(o.ID)
	return noContent()
}

// createOrUpdateOrganization matches by id or external_id, never by name.
func (a *Account) createOrUpdateOrganization(c *call) answer {
	sent, refused := c.fields("organization", append(organizationFields, "id")...)
	if refused != nil {
		return *refused
	}
	var wrong problems
	var id int64
	var external nullable
	if set(sent, "id", &id, &wrong) && id != 0 {
		if o, found := a.organizations.find(id); found {
			return a.changeOrganization(c, o, sent)
		}
		return recordNotFound()
	}
	if set(sent, "external_id", &external, &wrong) && external != "" {
		if o, found := a.organizations.ofExternal(external.value()); found {
			return a.changeOrganization(c, o, sent)
		}
	}
	return a.addOrganization(c, sent)
}
