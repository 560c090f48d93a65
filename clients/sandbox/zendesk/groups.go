package zendesk

import "time"

// A group of agents.
type group struct {
	URL         string    `json:"url"`
	ID          int64     `json:"id"`
	IsPublic    bool      `json:"is_public"`
	Name        string    `json:"name"`
	Description string    `json:"description"`
	Default     bool      `json:"default"`
	Deleted     bool      `json:"deleted"`
	CreatedAt   time.Time `json:"created_at"`
	UpdatedAt   time.Time `json:"updated_at"`
}

var groupNames = []struct{ name, korean string }{{"Support", "고객 지원"}, {"Billing", "결제"}, {"Escalations", "긴급 대응"}}

func groupID(n int) ref { return agentGroup + ref(n)*idStep }

func (a *Account) groups() []group {
	all := make([]group, len(groupNames))
	for n, named := range groupNames {
		g := group{ID: int64(groupID(n)), IsPublic: true, Name: named.name, Default: n == 0, CreatedAt: a.opened, UpdatedAt: a.opened}
		if a.korean() {
			g.Name = named.korean
		}
		g.URL = a.resource("groups", g.ID)
		all[n] = g
	}
	return all
}

func (a *Account) groupEndpoints() []endpoint {
	const r = "groups"
	return []endpoint{
		{pattern: "GET /api/v2/groups", action: "groups/index", resource: r, do: func(c *call) answer { return a.listGroups(c, "groups") }},
		{pattern: "GET /api/v2/groups/assignable", action: "groups/assignable", resource: r, do: func(c *call) answer { return a.listGroups(c, "groups/assignable") }},
		{pattern: "GET /api/v2/groups/count", action: "groups/count", resource: r, do: func(*call) answer { return counted(len(groupNames), a.now()) }},
		{pattern: "GET /api/v2/groups/{id}", action: "groups/show", resource: r, do: a.showGroup},
		{pattern: "GET /api/v2/group_memberships/assignable", action: "group_memberships/assignable", resource: r, do: a.listAssignable},
		{pattern: "GET /api/v2/groups/{id}/users", action: "users/index", resource: "users", do: a.listGroupUsers},
	}
}

func (a *Account) listGroups(c *call, path string) answer {
	at := func(g group) position { return position{g.ID} }
	return page(a, c, wholeList("groups", path, "id", a.groups(), at, whole[group]))
}

func (a *Account) groupOf(c *call) (g group, refused *answer) {
	id, numeric := c.id()
	if !numeric {
		said := invalidEndpoint()
		return g, &said
	}
	for _, g := range a.groups() {
		if g.ID == id {
			return g, nil
		}
	}
	said := recordNotFound()
	return g, &said
}

func (a *Account) showGroup(c *call) answer {
	g, refused := a.groupOf(c)
	if refused != nil {
		return *refused
	}
	return ok(object{{"group", g}})
}

// groupOfAgent is the one group that an agent besides Support is in, by the agent's number among the staff.
func groupOfAgent(n int) int { return n % len(groupNames) }

// listGroupUsers: everybody is in the first group, and each in one more.
func (a *Account) listGroupUsers(c *call) answer {
	g, refused := a.groupOf(c)
	if refused != nil {
		return *refused
	}
	var ids []int64
	for n := range staff {
		if isInGroup(n, g) {
			ids = append(ids, staffID(n))
		}
	}
	return a.someUsers(c, "groups/"+idText(g.ID)+"/users", ids)
}

func isInGroup(n int, g group) bool { return g.Default || g.ID == int64(groupID(groupOfAgent(n))) }

// A groupMembership puts an agent into a group.
type groupMembership struct {
	URL       string    `json:"url"`
	ID        int64     `json:"id"`
	UserID    int64     `json:"user_id"`
	GroupID   int64     `json:"group_id"`
	Default   bool      `json:"default"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

const groupMembershipIDs idRange = 29_104_662_871_834

// listAssignable has who can be given tickets in which group: no light agent is among them.
func (a *Account) listAssignable(c *call) answer {
	var all []groupMembership
	for n := range staff {
		u, _ := a.users.find(staffID(n))
		for i, g := range a.groups() {
			if !isInGroup(n, g) || u.OnlyPrivateComments {
				continue
			}
			m := groupMembership{ID: groupMembershipIDs.id(n*len(groupNames) + i), UserID: u.ID, GroupID: g.ID, Default: g.Default, CreatedAt: a.opened, UpdatedAt: a.opened}
			m.URL = a.resource("group_memberships", m.ID)
			all = append(all, m)
		}
	}
	at := func(m groupMembership) position { return position{m.ID} }
	return page(a, c, wholeList("group_memberships", "group_memberships/assignable", "id", all, at, whole[groupMembership]))
}
