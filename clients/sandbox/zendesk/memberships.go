package zendesk

import (
	"cmp"
	"slices"
	"strconv"
	"time"
)

// A membership puts a user into an organization.
type membership struct {
	URL              string    `json:"url"`
	ID               int64     `json:"id"`
	UserID           int64     `json:"user_id"`
	OrganizationID   int64     `json:"organization_id"`
	Default          bool      `json:"default"`
	CreatedAt        time.Time `json:"created_at"`
	OrganizationName string    `json:"organization_name"`
	UpdatedAt        time.Time `json:"updated_at"`
	ViewTickets      bool      `json:"view_tickets"`
}

// memberships are those of the seed's contacts who are users, in their accounts' organizations;
// membership n is contact n's.
type memberships struct {
	table[membership]
	account *Account
	added   map[int64][]int64 // by user and by organization: memberships made since
	several int64             // a user of the seed who is in three organizations, with tickets in each
}

func newMemberships(a *Account) memberships {
	m := memberships{account: a, added: map[int64][]int64{}}
	seeded := func(n int) (membership, bool) {
		home := organizationIDs.id(n / 2)
		u, isUser := a.users.find(contactID(n))
		o, isOrganization := a.organizations.find(home)
		if !isUser || !isOrganization {
			return membership{}, false
		}
		at := u.CreatedAt
		if o.CreatedAt.After(at) {
			at = o.CreatedAt
		}
		one := membership{ID: membershipIDs.id(n), UserID: u.ID, OrganizationID: o.ID, Default: true, CreatedAt: at, UpdatedAt: at, ViewTickets: true}
		one.URL = a.resource("organization_memberships", one.ID)
		return one, true
	}
	m.table = newTable(membershipIDs, a.seed.Contacts(), seeded, func(one membership) int64 { return one.ID })
	m.putInSeveral()
	return m
}

// putInSeveral makes the one who has the most of the first tickets a member of two organizations more.
func (m *memberships) putInSeveral() {
	a, counts, most := m.account, map[int]int{}, 0
	for n := range min(a.seed.Tickets(), 200) {
		contact := a.seed.TicketContact(n)
		if counts[contact]++; counts[contact] > counts[most] && m.defaultOrganization(contactID(contact)) != 0 {
			most = contact
		}
	}
	if counts[most] == 0 {
		return
	}
	u, _ := a.users.find(contactID(most))
	joined := 0
	for n := range a.seed.Accounts() {
		o, exists := a.organizations.find(organizationIDs.id(n))
		if !exists || n == most/2 {
			continue
		}
		one := membership{ID: m.nextID(), UserID: u.ID, OrganizationID: o.ID, CreatedAt: u.UpdatedAt, UpdatedAt: u.UpdatedAt, ViewTickets: true}
		one.URL = a.resource("organization_memberships", one.ID)
		m.keep(one)
		if joined++; joined == 2 {
			m.several = u.ID
			return
		}
	}
}

// ticketOrganization is that of ticket n of the seed: its requester's default, or one of several.
func (m *memberships) ticketOrganization(n int, userID int64) int64 {
	if userID == m.several {
		if all := m.ofUser(userID); len(all) > 0 {
			return all[n%len(all)].OrganizationID
		}
	}
	return m.defaultOrganization(userID)
}

// ofUser is in the service's order: the default one first, then by the organization's name.
func (m *memberships) ofUser(userID int64) []membership {
	var all []membership
	if n, isContact := m.account.contactOf(userID); isContact {
		if one, found := m.find(membershipIDs.id(n)); found {
			all = append(all, one)
		}
	}
	all = append(all, m.these(m.added[userID])...)
	slices.SortStableFunc(all, func(one, other membership) int {
		if one.Default != other.Default {
			if one.Default {
				return -1
			}
			return 1
		}
		return cmp.Compare(m.named(one).OrganizationName, m.named(other).OrganizationName)
	})
	return all
}

func (m *memberships) ofOrganization(organizationID int64) []membership {
	var all []membership
	if n, isSeeded := organizationIDs.number(organizationID); isSeeded && n < m.account.seed.Accounts() {
		for contact := 2 * n; contact < 2*n+2; contact++ {
			if one, found := m.find(membershipIDs.id(contact)); found && one.OrganizationID == organizationID {
				all = append(all, one)
			}
		}
	}
	return append(all, m.these(m.added[organizationID])...)
}

func (m *memberships) these(ids []int64) []membership {
	var all []membership
	for _, id := range ids {
		if one, found := m.find(id); found {
			all = append(all, one)
		}
	}
	return all
}

// defaultOrganization is 0 for a user without one.
func (m *memberships) defaultOrganization(userID int64) int64 {
	for _, one := range m.ofUser(userID) {
		if one.Default {
			return one.OrganizationID
		}
	}
	return 0
}

func (m *memberships) join(userID, organizationID int64) membership {
	now := m.account.now()
	one := membership{
		ID: m.nextID(), UserID: userID, OrganizationID: organizationID, Default: m.defaultOrganization(userID) == 0,
		CreatedAt: now, UpdatedAt: now, ViewTickets: true,
	}
	one.URL = m.account.resource("organization_memberships", one.ID)
	m.keep(one)
	return one
}

func (m *memberships) keep(one membership) {
	m.add(one)
	m.added[one.UserID] = append(m.added[one.UserID], one.ID)
	m.added[one.OrganizationID] = append(m.added[one.OrganizationID], one.ID)
}

func (m *memberships) leave(one membership) {
	isIt := func(id int64) bool { return id == one.ID }
	m.added[one.UserID] = slices.DeleteFunc(m.added[one.UserID], isIt)
	m.added[one.OrganizationID] = slices.DeleteFunc(m.added[one.OrganizationID], isIt)
	m.remove(one.ID)
	if rest := m.ofUser(one.UserID); one.Default && len(rest) > 0 {
		rest[0].Default = true
		m.put(rest[0])
	}
}

// makeHome is what a user's organization_id does: it replaces the default membership, and null ends it.
func (m *memberships) makeHome(a *Account, userID, organizationID int64) {
	if m.defaultOrganization(userID) == organizationID {
		return
	}
	for _, one := range a.memberships.ofUser(userID) {
		if one.Default || one.OrganizationID == organizationID {
			m.leave(one)
		}
	}
	if organizationID == 0 {
		return
	}
	for _, one := range m.ofUser(userID) {
		one.Default = false
		m.put(one)
	}
	m.join(userID, organizationID)
}

// dropOrganization forgets the memberships of an organization that was deleted; those of the seed go with it.
func (m *memberships) dropOrganization(organizationID int64) {
	m.counted = false
	for _, one := range m.these(m.added[organizationID]) {
		m.leave(one)
	}
	if n, isSeeded := organizationIDs.number(organizationID); isSeeded {
		for contact := 2 * n; contact < 2*n+2; contact++ {
			delete(m.changed, membershipIDs.id(contact))
		}
	}
}

// named adds the organization's name as it is now.
func (m *memberships) named(one membership) membership {
	if o, found := m.account.organizations.find(one.OrganizationID); found {
		one.OrganizationName = o.Name
	}
	return one
}

func (a *Account) shownMembership(one membership) any { return a.memberships.named(one) }

func (a *Account) membershipEndpoints() []endpoint {
	const r = "organizations"
	return []endpoint{
		{pattern: "GET /api/v2/organization_memberships", action: "organization_memberships/index", resource: r, do: a.listMemberships},
		{pattern: "POST /api/v2/organization_memberships", action: "organization_memberships/create", resource: r, do: a.createMembership},
		{pattern: "GET /api/v2/organization_memberships/{id}", action: "organization_memberships/show", resource: r, do: a.withMembership(func(_ *call, one membership) answer {
			return ok(object{{"organization_membership", a.shownMembership(one)}})
		})},
		{pattern: "DELETE /api/v2/organization_memberships/{id}", action: "organization_memberships/destroy", resource: r, do: a.withMembership(a.deleteMembership)},
	}
}

func (a *Account) withMembership(do func(*call, membership) answer) func(*call) answer {
	return func(c *call) answer {
		id, numeric := c.id()
		if !numeric {
			return invalidEndpoint()
		}
		one, found := a.memberships.find(id)
		if !found {
			return recordNotFound()
		}
		return do(c, one)
	}
}

func (a *Account) listMemberships(c *call) answer {
	t := &a.memberships.table
	return page(a, c, list[membership]{
		name: "organization_memberships", path: "organization_memberships", show: a.shownMembership, total: t.size,
		byOffset: func(yield func(membership) bool) { t.scan(0, false, yield) },
		byCursor: byID(t, "id"),
	})
}

func (a *Account) listUserMemberships(c *call, u user) answer {
	return a.someMemberships(c, "users/"+strconv.FormatInt(u.ID, 10), a.memberships.ofUser(u.ID))
}

func (a *Account) listOrganizationMembers(c *call, o organization) answer {
	return a.someMemberships(c, "organizations/"+strconv.FormatInt(o.ID, 10), a.memberships.ofOrganization(o.ID))
}

func (a *Account) someMemberships(c *call, of string, all []membership) answer {
	places := make(map[int64]int64, len(all))
	for i, one := range all {
		places[one.ID] = int64(i)
	}
	at := func(one membership) position { return position{places[one.ID], one.ID} }
	return page(a, c, wholeList("organization_memberships", of+"/organization_memberships", "default,id", all, at, a.shownMembership))
}

func (a *Account) createMembership(c *call) answer {
	sent, refused := c.fields("organization_membership", "user_id", "organization_id", "default")
	if refused != nil {
		return *refused
	}
	wrong := &problems{}
	var userID, organizationID int64
	set(sent, "user_id", &userID, wrong)
	set(sent, "organization_id", &organizationID, wrong)
	u, isUser := a.users.find(userID)
	if !isUser {
		wrong.add("user", "User: cannot be blank", "BlankValue")
	}
	if _, found := a.organizations.find(organizationID); !found {
		wrong.add("organization", "Organization: cannot be blank", "BlankValue")
	}
	for _, one := range a.memberships.ofUser(userID) {
		if one.OrganizationID == organizationID {
			wrong.add("user_id", "User has already been taken", "DuplicateValue")
		}
	}
	if wrong.any() {
		return wrong.answer()
	}
	if u.Role != "end-user" && !c.admin() {
		return noAccess()
	}
	one := a.memberships.join(userID, organizationID)
	return created(object{{"organization_membership", a.shownMembership(one)}}, one.URL)
}

func (a *Account) deleteMembership(c *call, one membership) answer {
	if u, found := a.users.find(one.UserID); found && u.Role != "end-user" && !c.admin() {
		return noAccess()
	}
	a.memberships.leave(one)
	return noContent()
}
