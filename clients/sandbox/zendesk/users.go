package zendesk

import (
	"slices"
	"strings"
	"time"

	"zsf/clients/sandbox/seed"
)

// A user, its members in the order in which the service sends them.
type user struct {
	ID                   int64          `json:"id"`
	URL                  string         `json:"url"`
	Name                 string         `json:"name"`
	Email                nullable       `json:"email"`
	CreatedAt            time.Time      `json:"created_at"`
	UpdatedAt            time.Time      `json:"updated_at"`
	TimeZone             string         `json:"time_zone"`
	IANATimeZone         string         `json:"iana_time_zone"`
	Phone                nullable       `json:"phone"`
	SharedPhoneNumber    *bool          `json:"shared_phone_number"`
	Photo                *struct{}      `json:"photo"`
	LocaleID             int            `json:"locale_id"`
	Locale               string         `json:"locale"`
	OrganizationID       ref            `json:"organization_id"`
	Role                 string         `json:"role"`
	Verified             bool           `json:"verified"`
	ExternalID           nullable       `json:"external_id"`
	Tags                 []string       `json:"tags"`
	Alias                nullable       `json:"alias"`
	Active               bool           `json:"active"`
	Shared               bool           `json:"shared"`
	SharedAgent          bool           `json:"shared_agent"`
	LastLoginAt          *time.Time     `json:"last_login_at"`
	TwoFactorAuthEnabled *bool          `json:"two_factor_auth_enabled"`
	Signature            nullable       `json:"signature"`
	Details              nullable       `json:"details"`
	Notes                nullable       `json:"notes"`
	RoleType             *int           `json:"role_type"`
	CustomRoleID         ref            `json:"custom_role_id"`
	Moderator            bool           `json:"moderator"`
	TicketRestriction    nullable       `json:"ticket_restriction"`
	OnlyPrivateComments  bool           `json:"only_private_comments"`
	RestrictedAgent      bool           `json:"restricted_agent"`
	Suspended            bool           `json:"suspended"`
	DefaultGroupID       ref            `json:"default_group_id"`
	ReportCSV            bool           `json:"report_csv"`
	Fields               map[string]any `json:"user_fields"`
}

// users are the staff first, then those of the seed's contacts who have an e-mail of their own.
// Of two contacts who share one, the first is the user.
type users struct {
	table[user]
	byExternal map[string]int64 // lower case, of changed and added ones
	byEmail    map[string]int64 // lower case; nil until first needed
}

// staff are the team members: the owner, then the signed-in user, then another admin and the agents.
var staff = []struct{ name, korean, email string }{
	{"Jordan Avery", "정다은", "jordan.avery"},
	{"Mina Kim", "김미나", "mina.kim"},
	{"Tomás Ferreira", "오세훈", "tomas.ferreira"},
	{"Priya Raman", "라하늘", "priya.raman"},
	{"Wei Zhang", "장우진", "wei.zhang"},
	{"Amal Haddad", "한아람", "amal.haddad"},
	{"Zoë O'Neil", "조은별", "zoe.oneil"},
	{"Søren Lindqvist", "임서준", "soren.lindqvist"},
}

const (
	owner       = 0
	signedIn    = 1
	adminCount  = 3
	staffDomain = "@helpdesk.example"
	agentGroup  = ref(20_701_338_816_666)
)

func newUsers(a *Account) users {
	makeUser := func(n int) (user, bool) {
		if n < len(staff) {
			return a.staffMember(n), true
		}
		return a.endUser(n - len(staff))
	}
	all := users{
		table:      newTable(userIDs, len(staff)+a.seed.Contacts(), makeUser, func(u user) int64 { return u.ID }),
		byExternal: map[string]int64{},
	}
	all.add(a.lightAgent(all.nextID()))
	return all
}

// Several is the id of a user who is in three organizations; 0 where there is none.
func (a *Account) Several() int64 {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.memberships.several
}

// LightAgent is the e-mail of the team's light agent.
func (a *Account) LightAgent() string { return lightEmail }

// ContactOf is the number of the seed's contact who is that user.
func (a *Account) ContactOf(userID int64) (n int, found bool) { return a.contactOf(userID) }

const lightEmail = "noor.santos" + staffDomain

// lightAgent is one who reads and writes notes, and has no other part in tickets.
func (a *Account) lightAgent(id int64) user {
	u := a.blankUser(id, a.opened.Add(2000*time.Hour))
	u.Name, u.Email = "Noor Santos", lightEmail
	if a.korean() {
		u.Name = "노하람"
	}
	u.Verified, u.TicketRestriction, u.DefaultGroupID = true, "", agentGroup
	u.makeLight()
	return u
}

// makeLight makes a light agent of somebody.
func (u *user) makeLight() {
	light := 1
	u.Role, u.RoleType, u.OnlyPrivateComments, u.RestrictedAgent, u.Moderator = "agent", &light, true, true, false
}

func staffID(n int) int64   { return userIDs.id(n) }
func contactID(n int) int64 { return userIDs.id(len(staff) + n) }

func (a *Account) signedIn() user {
	u, _ := a.users.find(staffID(signedIn))
	return u
}

func (a *Account) blankUser(id int64, at time.Time) user {
	u := user{
		ID: id, URL: a.resource("users", id), CreatedAt: at, UpdatedAt: at, TimeZone: "London", IANATimeZone: "Europe/London",
		LocaleID: 1, Locale: "en-US", Role: "end-user", Tags: []string{}, Active: true,
		TicketRestriction: "requested", RestrictedAgent: true, Fields: map[string]any{},
	}
	if a.korean() {
		u.TimeZone, u.IANATimeZone, u.LocaleID, u.Locale = "Seoul", "Asia/Seoul", 69, "ko"
	}
	return u
}

func (a *Account) staffMember(n int) user {
	u := a.blankUser(staffID(n), a.opened.Add(time.Duration(n)*73*time.Hour))
	member := staff[n]
	u.Name, u.Email, u.Role = member.name, nullable(member.email+staffDomain), "agent"
	if a.korean() {
		u.Name = member.korean
	}
	admin := 4
	if n < adminCount && (n != signedIn || !a.setup.NotAdmin) {
		u.Role, u.RoleType, u.Moderator = "admin", &admin, true
	}
	u.Verified, u.TicketRestriction, u.RestrictedAgent, u.DefaultGroupID = true, "", false, agentGroup
	if n == signedIn && a.setup.LightAgent {
		u.makeLight()
	}
	on, seen := n == owner, a.started.Add(-time.Duration(n+1)*47*time.Minute)
	u.TwoFactorAuthEnabled, u.LastLoginAt = &on, &seen
	return u
}

func (a *Account) endUser(n int) (user, bool) {
	contact := a.seed.Contact(n)
	if contact.Email == "" || n%2 == 1 && a.seed.Contact(n-1).Email == contact.Email {
		return user{}, false
	}
	u := a.blankUser(contactID(n), contact.CreatedAt)
	u.UpdatedAt = contact.UpdatedAt
	u.Name, u.Email, u.Phone, u.Verified = contact.Name(), nullable(contact.Email), nullable(contact.Phone), n%5 != 0
	if n%2 == 0 && a.seed.Account(contact.Account).Linked {
		u.ExternalID = nullable(contact.ID)
	}
	return u, true
}

// contactOf is the seed's contact of a user, if it has one.
func (a *Account) contactOf(id int64) (n int, found bool) {
	n, found = userIDs.number(id)
	n -= len(staff)
	return n, found && n >= 0 && n < a.seed.Contacts()
}

func (u *users) ofExternal(external string) (user, bool) {
	if id, found := u.byExternal[strings.ToLower(external)]; found {
		return u.find(id)
	}
	n, isID := seed.IndexOf(external)
	if !isID || len(staff)+n >= u.seeded || !strings.EqualFold(external, seed.SalesforceID("003", n)) {
		return user{}, false
	}
	found, exists := u.find(contactID(n))
	return found, exists && strings.EqualFold(found.ExternalID.value(), external)
}

func (u *users) ofEmail(email string) (user, bool) {
	if u.byEmail == nil {
		u.byEmail = map[string]int64{}
		u.scan(0, false, func(one user) bool {
			u.byEmail[strings.ToLower(one.Email.value())] = one.ID
			return true
		})
		delete(u.byEmail, "")
	}
	id, found := u.byEmail[strings.ToLower(email)]
	if !found {
		return user{}, false
	}
	return u.find(id)
}

// keep stores a changed or added user and what finds it.
func (u *users) keep(record user) {
	if before, existed := u.find(record.ID); existed {
		delete(u.byExternal, strings.ToLower(before.ExternalID.value()))
		delete(u.byEmail, strings.ToLower(before.Email.value()))
		u.put(record)
	} else {
		u.add(record)
	}
	if record.ExternalID != "" {
		u.byExternal[strings.ToLower(record.ExternalID.value())] = record.ID
	}
	if u.byEmail != nil && record.Email != "" {
		u.byEmail[strings.ToLower(record.Email.value())] = record.ID
	}
}

// shownUser is a user as sent: with the organization that is its default now.
func (a *Account) shownUser(u user) any {
	u.OrganizationID = ref(a.memberships.defaultOrganization(u.ID))
	return u
}

// matches is the filter of a list of users.
func (c *call) matches() func(user) bool {
	query := c.query()
	roles := query["role[]"]
	if role := query.Get("role"); role != "" {
		roles = append(roles, role)
	}
	external := query.Get("external_id")
	if len(roles) == 0 && external == "" {
		return nil
	}
	return func(u user) bool {
		return (len(roles) == 0 || slices.Contains(roles, u.Role)) &&
			(external == "" || strings.EqualFold(external, u.ExternalID.value()))
	}
}
