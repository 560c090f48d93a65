package zendesk

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

func (a *Account) userEndpoints() []endpoint {
	const r = "users"
	return []endpoint{
		{pattern: "GET /api/v2/users/me", action: "users/me", open: true, do: a.showSelf},
		{pattern: "GET /api/v2/users", action: "users/index", resource: r, do: a.listUsers},
		{pattern: "POST /api/v2/users", action: "users/create", resource: r, do: a.createUser},
		{pattern: "GET /api/v2/users/{id}", action: "users/show", resource: r, do: a.withUser(func(_ *call, u user) answer {
			return ok(object{{"user", a.shownUser(u)}})
		})},
		{pattern: "PUT /api/v2/users/{id}", action: "users/update", resource: r, do: a.withUser(a.updateUser)},
		{pattern: "GET /api/v2/users/show_many", action: "users/show_many", resource: r, do: a.showManyUsers},
		{pattern: "GET /api/v2/users/search", action: "users/search", resource: r, do: a.searchUsers},
		{pattern: "GET /api/v2/users/count", action: "users/count", resource: r, do: a.countUsers},
		{pattern: "GET /api/v2/users/{id}/organization_memberships", action: "organization_memberships/index", resource: "organizations", do: a.withUser(a.listUserMemberships)},
		{pattern: "GET /api/v2/users/{id}/organizations", action: "organizations/index", resource: "organizations", do: a.withUser(a.listUserOrganizations)},
		{pattern: "GET /api/v2/users/{id}/tickets/requested", action: "tickets/index", resource: "tickets", limit: ticketListLimit, do: a.withUser(a.listRequestedTickets)},
	}
}

// showSelf answers everybody: who is not signed in gets the anonymous user, without an id.
// Tokens still need a scope for it.
func (a *Account) showSelf(c *call) answer {
	if c.user == nil {
		return ok(object{{"user", a.anonymous()}})
	}
	if needed := (endpoint{pattern: "GET /", resource: "users"}).scopes(); !c.token.allows(needed) {
		return missingScope(needed)
	}
	type self struct {
		user
		AuthenticityToken string `json:"authenticity_token"`
	}
	u := *c.user
	u.OrganizationID = ref(a.memberships.defaultOrganization(u.ID))
	return ok(object{{"user", self{u, derived("authenticity", strconv.Itoa(a.requests))}}})
}

func (a *Account) anonymous() object {
	return object{
		{"id", nil},
		{"url", a.url + "/api/v2/users/.json"},
		{"name", "Anonymous user"},
		{"email", "invalid@example.com"},
		{"created_at", nil},
		{"updated_at", nil},
		{"time_zone", "London"},
		{"iana_time_zone", "Europe/London"},
		{"phone", nil},
		{"shared_phone_number", nil},
		{"photo", nil},
		{"locale_id", 1},
		{"locale", "en-US"},
		{"organization_id", nil},
		{"role", "end-user"},
		{"verified", false},
		{"authenticity_token", derived("authenticity", strconv.Itoa(a.requests))},
	}
}

func (a *Account) withUser(do func(*call, user) answer) func(*call) answer {
	return func(c *call) answer {
		id, numeric := c.id()
		if !numeric {
			return invalidEndpoint()
		}
		u, found := a.users.find(id)
		if !found {
			return recordNotFound()
		}
		return do(c, u)
	}
}

func (a *Account) listUsers(c *call) answer {
	l := list[user]{
		name: "users", path: "users", show: a.shownUser, total: a.users.size,
		byOffset: func(yield func(user) bool) { a.users.scan(0, false, yield) },
		byCursor: byID(&a.users.table, "id"),
	}
	if matches := c.matches(); matches != nil {
		l = filtered(l, matches)
	}
	return page(a, c, l)
}

// filtered is a list of those records of another that match.
func filtered[T any](l list[T], matches func(T) bool) list[T] {
	only := func(yield func(T) bool) func(T) bool {
		return func(record T) bool { return !matches(record) || yield(record) }
	}
	all, cursor := l.byOffset, l.byCursor
	l.byOffset = func(yield func(T) bool) { all(only(yield)) }
	l.byCursor = func(sort string) (ordering[T], bool) {
		order, found := cursor(sort)
		scan := order.scan
		order.scan = func(from position, backwards bool, yield func(T) bool) { scan(from, backwards, only(yield)) }
		return order, found
	}
	l.total = func() int {
		n := 0
		l.byOffset(func(T) bool { n++; return true })
		return n
	}
	return l
}

// someUsers lists the users with those ids.
func (a *Account) someUsers(c *call, path string, ids []int64) answer {
	found := make([]user, 0, len(ids))
	for _, id := range ids {
		if u, ok := a.users.find(id); ok {
			found = append(found, u)
		}
	}
	at := func(u user) position { return position{u.ID} }
	return page(a, c, wholeList("users", path, "id", found, at, a.shownUser))
}

func (a *Account) listOrganizationUsers(c *call, o organization) answer {
	members := a.memberships.ofOrganization(o.ID)
	ids := make([]int64, 0, len(members))
	for _, m := range members {
		ids = append(ids, m.UserID)
	}
	slices.Sort(ids)
	return a.someUsers(c, "organizations/"+strconv.FormatInt(o.ID, 10)+"/users", ids)
}

func (a *Account) listUserOrganizations(c *call, u user) answer {
	var in []organization
	for _, m := range a.memberships.ofUser(u.ID) {
		if o, found := a.organizations.find(m.OrganizationID); found {
			in = append(in, o)
		}
	}
	slices.SortFunc(in, func(one, other organization) int { return cmp.Compare(one.ID, other.ID) })
	at := func(o organization) position { return position{o.ID} }
	return page(a, c, wholeList("organizations", "users/"+idText(u.ID)+"/organizations", "id", in, at, whole[organization]))
}

func (a *Account) showManyUsers(c *call) answer {
	values, byID, refused := manyValues(c)
	if refused != nil {
		return *refused
	}
	var ids []int64
	for _, value := range values {
		if byID {
			if id, err := strconv.ParseInt(value, 10, 64); err == nil {
				ids = append(ids, id)
			}
		} else if u, found := a.users.ofExternal(value); found {
			ids = append(ids, u.ID)
		}
	}
	slices.Sort(ids)
	return a.someUsers(c, "users/show_many", slices.Compact(ids))
}

// searchUsers is by external_id, or by a query: email:…, an e-mail, or part of a name, e-mail or phone number.
func (a *Account) searchUsers(c *call) answer {
	query := c.query()
	l := list[user]{name: "users", path: "users/search", show: a.shownUser}
	search := strings.ToLower(strings.Trim(query.Get("query"), `"`))
	email := strings.Trim(strings.TrimPrefix(search, "email:"), `"`)
	switch {
	case query.Get("external_id") != "":
		l = atMostOne(l, a.users.ofExternal, query.Get("external_id"))
	case strings.Contains(email, "@"):
		l = atMostOne(l, a.users.ofEmail, email)
	case search != "":
		l.byOffset = func(yield func(user) bool) { a.users.scan(0, false, yield) }
		byCursor := l.byCursor
		l = filtered(l, func(u user) bool {
			return strings.Contains(strings.ToLower(u.Name), search) || strings.Contains(u.Email.value(), search) || strings.Contains(u.Phone.value(), search)
		})
		l.byCursor = byCursor
	default:
		return missingParameter("query")
	}
	return page(a, c, l)
}

func atMostOne(l list[user], find func(string) (user, bool), by string) list[user] {
	u, found := find(by)
	l.byOffset = func(yield func(user) bool) {
		if found {
			yield(u)
		}
	}
	l.total = func() int {
		if found {
			return 1
		}
		return 0
	}
	return l
}

func (a *Account) countUsers(c *call) answer {
	if matches := c.matches(); matches != nil {
		n := 0
		a.users.scan(0, false, func(u user) bool {
			if matches(u) {
				n++
			}
			return true
		})
		return counted(n, a.now())
	}
	return counted(a.users.size(), a.now())
}

var userFields = []string{"name", "email", "phone", "role", "external_id", "organization_id", "tags", "alias", "signature", "details", "notes", "verified", "suspended", "locale", "time_zone", "user_fields", "moderator"}

func (a *Account) createUser(c *call) answer {
	sent, refused := c.fields("user", userFields...)
	if refused != nil {
		return *refused
	}
	u := a.blankUser(a.users.nextID(), a.now())
	if refused := a.applyUser(c, &u, sent); refused != nil {
		return *refused
	}
	return created(object{{"user", a.shownUser(u)}}, u.URL)
}

func (a *Account) updateUser(c *call, u user) answer {
	sent, refused := c.fields("user", userFields...)
	if refused != nil {
		return *refused
	}
	if u.Role != "end-user" && !c.admin() && u.ID != c.user.ID {
		return noAccess()
	}
	u.UpdatedAt = a.now()
	if refused := a.applyUser(c, &u, sent); refused != nil {
		return *refused
	}
	return ok(object{{"user", a.shownUser(u)}})
}

// applyUser writes what a request sent into u and keeps it, or tells what is wrong with the result.
func (a *Account) applyUser(c *call, u *user, sent fields) *answer {
	wrong := &problems{}
	role := u.Role
	set(sent, "name", &u.Name, wrong)
	set(sent, "email", &u.Email, wrong)
	set(sent, "phone", &u.Phone, wrong)
	set(sent, "role", &role, wrong)
	set(sent, "external_id", &u.ExternalID, wrong)
	set(sent, "tags", &u.Tags, wrong)
	set(sent, "alias", &u.Alias, wrong)
	set(sent, "signature", &u.Signature, wrong)
	set(sent, "details", &u.Details, wrong)
	set(sent, "notes", &u.Notes, wrong)
	set(sent, "verified", &u.Verified, wrong)
	set(sent, "suspended", &u.Suspended, wrong)
	set(sent, "locale", &u.Locale, wrong)
	set(sent, "time_zone", &u.TimeZone, wrong)
	set(sent, "user_fields", &u.Fields, wrong)
	set(sent, "moderator", &u.Moderator, wrong)
	var home int64
	moves := set(sent, "organization_id", &home, wrong)
	u.Tags = present(u.Tags)
	if u.Fields == nil {
		u.Fields = map[string]any{}
	}
	if role != u.Role {
		if !c.admin() {
			refused := noAccess()
			return &refused
		}
		u.giveRole(role, wrong)
	}
	a.checkUser(u, home, wrong)
	if wrong.any() {
		refused := wrong.answer()
		return &refused
	}
	a.users.keep(*u)
	if moves {
		a.memberships.makeHome(a, u.ID, home)
	}
	return nil
}

func (u *user) giveRole(role string, wrong *problems) {
	admin := 4
	switch role {
	case "admin":
		u.RoleType = &admin
	case "agent", "end-user":
		u.RoleType = nil
	default:
		wrong.add("role", "Role: is invalid", "InvalidValue")
		return
	}
	u.Role, u.Moderator, u.RestrictedAgent = role, role == "admin", role == "end-user"
}

func (a *Account) checkUser(u *user, home int64, wrong *problems) {
	if strings.TrimSpace(u.Name) == "" {
		wrong.add("name", "Name: cannot be blank", "BlankValue")
	}
	if email := u.Email.value(); email != "" {
		if local, domain, found := strings.Cut(email, "@"); !found || local == "" || domain == "" {
			wrong.add("email", "Email: "+email+" is not properly formatted", "InvalidFormat")
		} else if other, taken := a.users.ofEmail(email); taken && other.ID != u.ID {
			wrong.add("email", "Email: "+email+" is already being used by another user", "DuplicateValue")
		}
	}
	if other, taken := a.users.ofExternal(u.ExternalID.value()); taken && other.ID != u.ID {
		wrong.add("external_id", "External: "+u.ExternalID.value()+" has already been taken", "DuplicateValue")
	}
	if home != 0 {
		if _, found := a.organizations.find(home); !found {
			wrong.add("organization", "Organization: is invalid", "InvalidValue")
		}
	}
}
