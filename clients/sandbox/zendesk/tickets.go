package zendesk

import (
	"cmp"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"zsf/clients/sandbox/seed"
)

// A ticket, its members in the order in which the service sends them. Its id is its number, from 1 on.
type ticket struct {
	URL                  string    `json:"url"`
	ID                   int64     `json:"id"`
	ExternalID           nullable  `json:"external_id"`
	Via                  via       `json:"via"`
	CreatedAt            time.Time `json:"created_at"`
	UpdatedAt            time.Time `json:"updated_at"`
	Type                 nullable  `json:"type"`
	Subject              string    `json:"subject"`
	RawSubject           string    `json:"raw_subject"`
	Description          string    `json:"description"`
	Priority             nullable  `json:"priority"`
	Status               string    `json:"status"`
	Recipient            nullable  `json:"recipient"`
	RequesterID          int64     `json:"requester_id"`
	SubmitterID          int64     `json:"submitter_id"`
	AssigneeID           ref       `json:"assignee_id"`
	OrganizationID       ref       `json:"organization_id"`
	GroupID              ref       `json:"group_id"`
	CollaboratorIDs      []int64   `json:"collaborator_ids"`
	FollowerIDs          []int64   `json:"follower_ids"`
	EmailCCIDs           []int64   `json:"email_cc_ids"`
	ForumTopicID         ref       `json:"forum_topic_id"`
	ProblemID            ref       `json:"problem_id"`
	HasIncidents         bool      `json:"has_incidents"`
	IsPublic             bool      `json:"is_public"`
	DueAt                nullable  `json:"due_at"`
	Tags                 []string  `json:"tags"`
	CustomFields         []any     `json:"custom_fields"`
	SatisfactionRating   *struct{} `json:"satisfaction_rating"`
	SharingAgreementIDs  []int64   `json:"sharing_agreement_ids"`
	CustomStatusID       int64     `json:"custom_status_id"`
	Fields               []any     `json:"fields"`
	FollowupIDs          []int64   `json:"followup_ids"`
	TicketFormID         int64     `json:"ticket_form_id"`
	BrandID              int64     `json:"brand_id"`
	AllowChannelback     bool      `json:"allow_channelback"`
	AllowAttachments     bool      `json:"allow_attachments"`
	FromMessagingChannel bool      `json:"from_messaging_channel"`
}

type via struct {
	Channel string    `json:"channel"`
	Source  viaSource `json:"source"`
}

type viaSource struct {
	From viaFrom  `json:"from"`
	To   struct{} `json:"to"`
	Rel  nullable `json:"rel"`
}

// viaFrom is empty but of a follow-up.
type viaFrom struct {
	TicketID int64  `json:"ticket_id,omitempty"`
	Subject  string `json:"subject,omitempty"`
	Channel  string `json:"channel,omitempty"`
}

const (
	ticketForm = 20_702_114_590_746
	brand      = 20_703_826_017_562
	statusBase = 20_704_930_264_602
)

// statuses in the order in which the service sorts them.
var statuses = []string{"new", "open", "pending", "hold", "solved", "closed"}

// tickets are the seed's and what became of them. What finds and orders them is made when first needed.
type tickets struct {
	since       map[int][]ticket    // by number: what tickets became, the oldest first; those made since have no other
	added       int                 // how many were made since
	byRequester map[int64][]int     // numbers of those made since
	comments    map[int64][]comment // written since, by ticket
	audits      map[int64][]audit   // written since, by ticket
	gone        map[int64]bool      // deleted
	keys        map[string]keyed    // by Idempotency-Key
	updates     map[[2]int64][]time.Time
	byContact   map[int][]int       // contact → numbers of the seed's
	said        map[int]string      // what free text finds the seed's by
	ordered     map[string][]ranked // sort → the tickets that are not archived
	exporting   exportOrder         // of the export that began last
}

// A ranked ticket is where a ticket stands in an order.
type ranked struct {
	n  int
	at position
}

func (a *Account) ticketCount() int { return a.seed.Tickets() + a.tickets.added }

// ticket is ticket number n as it is now.
func (a *Account) ticket(n int) ticket {
	if versions := a.tickets.since[n]; len(versions) > 0 {
		return versions[len(versions)-1]
	}
	return a.seededTicket(n, a.seed.Ticket(n))
}

func (a *Account) findTicket(id int64) (ticket, bool) {
	if id < 1 || id > int64(a.ticketCount()) || a.tickets.gone[id] {
		return ticket{}, false
	}
	return a.ticket(int(id - 1)), true
}

// ticketAt is ticket n as it was then, and false before it was made. Of the seed's, the only change known is the last one:
// before it they were new.
func (a *Account) ticketAt(n int, then time.Time) (ticket, bool) {
	if a.tickets.gone[int64(n)+1] {
		return ticket{}, false
	}
	for _, t := range slices.Backward(a.tickets.since[n]) {
		if !t.UpdatedAt.After(then) {
			return t, true
		}
	}
	if n >= a.seed.Tickets() {
		return ticket{}, false
	}
	made := a.seedAt(n, then)
	return a.seededTicket(n, made), !made.CreatedAt.After(then)
}

func (a *Account) seedAt(n int, then time.Time) seed.Ticket {
	made := a.seed.Ticket(n)
	if made.UpdatedAt.After(then) {
		made.Status, made.UpdatedAt = "new", made.CreatedAt
	}
	return made
}

func (a *Account) seededTicket(n int, made seed.Ticket) ticket {
	requester := contactID(made.Contact)
	t := ticket{
		ID: int64(n) + 1, Via: via{Channel: []string{"web", "email", "api"}[n%3]}, CreatedAt: made.CreatedAt, UpdatedAt: made.UpdatedAt,
		Type: nullable(made.Type), Subject: made.Subject, RawSubject: made.Subject, Description: made.Body,
		Priority: nullable(made.Priority), Status: made.Status, RequesterID: requester, SubmitterID: requester,
		OrganizationID: ref(a.memberships.ticketOrganization(n, requester)), GroupID: agentGroup,
		CollaboratorIDs: []int64{}, FollowerIDs: []int64{}, EmailCCIDs: []int64{}, IsPublic: true,
		SharingAgreementIDs: []int64{}, FollowupIDs: []int64{},
		CustomStatusID: ticketStatus(n, made.Status), TicketFormID: formOf(n), BrandID: brand,
		AllowAttachments: true,
	}
	t.Tags, t.CustomFields = fieldValues(n)
	t.Fields = t.CustomFields
	t.URL = a.resource("tickets", t.ID)
	if made.Status != "new" {
		agent := adminCount + n%(len(staff)-adminCount)
		t.AssigneeID = ref(staffID(agent))
		if n%4 == 3 {
			t.GroupID = groupID(groupOfAgent(agent))
		}
	}
	return t
}

func (a *Account) ticketEndpoints() []endpoint {
	const r = "tickets"
	return []endpoint{
		{pattern: "GET /api/v2/tickets", action: "tickets/index", resource: r, limit: ticketListLimit, do: a.listTickets},
		{pattern: "GET /api/v2/tickets/count", action: "tickets/count", resource: r, do: a.countTickets},
		{pattern: "GET /api/v2/tickets/{id}", action: "tickets/show", resource: r, do: a.withTicket(a.showTicket)},
		{pattern: "GET /api/v2/tickets/show_many", action: "tickets/show_many", resource: r, do: a.showManyTickets},
		{pattern: "GET /api/v2/tickets/{id}/comments", action: "ticket_comments/index", resource: r, do: a.withTicket(a.listComments)},
		{pattern: "GET /api/v2/tickets/{id}/audits", action: "ticket_audits/index", resource: r, do: a.withTicket(a.listAudits)},
		{pattern: "GET /api/v2/tickets/{id}/comments/count", action: "ticket_comments/count", resource: r, do: a.withTicket(a.countComments)},
	}
}

func (a *Account) withTicket(do func(*call, ticket) answer) func(*call) answer {
	return func(c *call) answer {
		id, numeric := c.id()
		if !numeric {
			return invalidEndpoint()
		}
		t, found := a.findTicket(id)
		if !found {
			return recordNotFound()
		}
		return do(c, t)
	}
}

// showTicket finds archived tickets too.
func (a *Account) showTicket(c *call, t ticket) answer {
	return ok(object{{"ticket", t}}).with(a.besideTickets(c.include(), []ticket{t})...)
}

// showManyTickets finds archived ones too, and leaves out those that are not there.
func (a *Account) showManyTickets(c *call) answer {
	values, byID, refused := manyValues(c)
	if refused != nil {
		return *refused
	}
	var numbers []int
	for _, value := range values {
		if id, err := strconv.Atoi(value); err == nil && byID && id >= 1 && id <= a.ticketCount() {
			numbers = append(numbers, id-1) // rank leaves out those that were deleted
		}
	}
	slices.Sort(numbers)
	return a.someTickets(c, ticketList{path: "tickets/show_many", numbers: slices.Values(slices.Compact(numbers)), archived: true})
}

// A ticketList is some tickets by number, growing.
type ticketList struct {
	path     string
	numbers  iter.Seq[int]
	archived bool // archived tickets are in it too
	all      bool // these are all the account's tickets
}

func none(func(int) bool) {}

func (a *Account) allTickets() ticketList {
	every := func(yield func(int) bool) {
		for n := range a.ticketCount() {
			if !yield(n) {
				return
			}
		}
	}
	return ticketList{path: "tickets", numbers: every, all: true}
}

// listTickets leaves out the archived ones. No ticket of this account has an external id.
func (a *Account) listTickets(c *call) answer {
	if c.query().Get("external_id") != "" {
		return a.someTickets(c, ticketList{path: "tickets", numbers: none})
	}
	return a.someTickets(c, a.allTickets())
}

func (a *Account) countTickets(*call) answer {
	return counted(len(a.rank("id", a.allTickets())), a.now())
}

// listOrganizationTickets leaves out the archived ones.
func (a *Account) listOrganizationTickets(c *call, o organization) answer {
	return a.someTickets(c, a.ticketsOfOrganization(o))
}

func (a *Account) countOrganizationTickets(_ *call, o organization) answer {
	return counted(len(a.rank("id", a.ticketsOfOrganization(o))), a.now())
}

// listRequestedTickets has the archived ones too: the vendor's list of lists without them does not name it.
func (a *Account) listRequestedTickets(c *call, u user) answer {
	path := "users/" + strconv.FormatInt(u.ID, 10) + "/tickets/requested"
	return a.someTickets(c, ticketList{path: path, numbers: slices.Values(a.ticketsRequestedBy(u.ID)), archived: true})
}

// ticketsRequestedBy are numbers, growing.
func (a *Account) ticketsRequestedBy(userID int64) []int {
	var all []int
	if contact, found := a.contactOf(userID); found {
		all = append(all, a.ticketsByContact()[contact]...)
	}
	return append(all, a.tickets.byRequester[userID]...)
}

func (a *Account) ticketsByContact() map[int][]int {
	if a.tickets.byContact == nil {
		a.tickets.byContact = map[int][]int{}
		for n := range a.seed.Tickets() {
			contact := a.seed.TicketContact(n)
			a.tickets.byContact[contact] = append(a.tickets.byContact[contact], n)
		}
	}
	return a.tickets.byContact
}

// ticketsOfOrganization are those of its members that are in it: a member of several has tickets in others too.
func (a *Account) ticketsOfOrganization(o organization) ticketList {
	var all []int
	organizationOf := a.organizationsOfTickets()
	for _, m := range a.memberships.ofOrganization(o.ID) {
		for _, n := range a.ticketsRequestedBy(m.UserID) {
			if organizationOf(n) == o.ID {
				all = append(all, n)
			}
		}
	}
	slices.Sort(all)
	return ticketList{path: "organizations/" + strconv.FormatInt(o.ID, 10) + "/tickets", numbers: slices.Values(all)}
}

// organizationsOfTickets tells the organization of each ticket without making it, and looks once for each requester:
// it is good for one call.
func (a *Account) organizationsOfTickets() func(n int) int64 {
	homes := map[int64]int64{}
	return func(n int) int64 {
		if len(a.tickets.since[n]) > 0 {
			return int64(a.ticket(n).OrganizationID)
		}
		requester := contactID(a.seed.TicketContact(n))
		if requester == a.memberships.several {
			return a.memberships.ticketOrganization(n, requester)
		}
		home, known := homes[requester]
		if !known {
			home = a.memberships.defaultOrganization(requester)
			homes[requester] = home
		}
		return home
	}
}

// someTickets lists tickets by id, unless the query sorts them: sort with cursors, sort_by and sort_order without.
func (a *Account) someTickets(c *call, tickets ticketList) answer {
	query := c.query()
	sortBy, down := cmp.Or(query.Get("sort_by"), "id"), query.Get("sort_order") == "desc"
	var sent []ticket
	said := page(a, c, list[ranked]{
		name: "tickets", path: tickets.path,
		show:     func(r ranked) any { t := a.ticket(r.n); sent = append(sent, t); return t },
		total:    func() int { return len(a.rank("id", tickets)) },
		byOffset: func(yield func(ranked) bool) { inOrder(a.rank(sortBy, tickets), down, yield) },
		byCursor: func(sort string) (ordering[ranked], bool) {
			by := cmp.Or(strings.TrimPrefix(sort, "-"), "id")
			if by != "id" && by != "updated_at" && by != "status" {
				return ordering[ranked]{}, false
			}
			at := func(r ranked) position { return r.at }
			name := strings.Replace(by, "id", "nice_id", 1)
			up := a.rank(by, tickets)
			if !strings.HasPrefix(sort, "-") {
				return sorted(name, up, false, at), true
			}
			fallen := slices.Clone(up)
			slices.Reverse(fallen)
			return sorted("-"+name, fallen, true, at), true
		},
	})
	return said.with(a.besideTickets(c.include(), sent)...)
}

func inOrder[T any](all []T, down bool, yield func(T) bool) {
	for i := range all {
		if down {
			i = len(all) - 1 - i
		}
		if !yield(all[i]) {
			return
		}
	}
}
