package zendesk

import (
	"crypto/sha256"
	"net/http"
	"slices"
	"strings"
	"time"
)

var ticketUpdateLimit = &limit{header: "Zendesk-Ratelimit-Tickets-Update", total: 100}

const (
	updatesOfOne   = 30 // by one user to one ticket …
	updatesWithin  = 10 * time.Minute
	keyLives       = 2 * time.Hour // an Idempotency-Key
	longestKey     = 255
	idempotencyKey = "Idempotency-Key"
)

var ticketFieldNames = []string{
	"subject", "comment", "requester_id", "requester", "submitter_id", "assignee_id", "organization_id", "group_id", "type", "priority", "status",
	"custom_status_id", "tags", "custom_fields", "ticket_form_id", "external_id", "due_at", "safe_update", "updated_stamp", "follower_ids", "email_ccs",
}

// A keyed answer is what a request with an Idempotency-Key was told.
type keyed struct {
	body [sha256.Size]byte
	said answer
	at   time.Time
}

func (a *Account) ticketWriteEndpoints() []endpoint {
	const r = "tickets"
	return []endpoint{
		{pattern: "POST /api/v2/tickets", action: "tickets/create", resource: r, do: a.createTicketOnce},
		{pattern: "PUT /api/v2/tickets/{id}", action: "tickets/update", resource: r, limit: ticketUpdateLimit, do: a.withTicket(a.updateTicket)},
		{pattern: "DELETE /api/v2/tickets/{id}", action: "tickets/destroy", resource: r, do: a.withTicket(a.deleteTicket)},
	}
}

// createTicketOnce answers the same request under the same key as it did before. No other endpoint takes a key.
func (a *Account) createTicketOnce(c *call) answer {
	key := c.request.Header.Get(idempotencyKey)
	if key == "" {
		return a.createTicket(c)
	}
	if len(key) > longestKey {
		return refusal(http.StatusBadRequest, "IdempotentRequestError", "The idempotency key is longer than 255 characters")
	}
	sum := sha256.Sum256(c.body)
	if before, known := a.tickets.keys[key]; known && a.now().Sub(before.at) < keyLives {
		if before.body != sum {
			return refusal(http.StatusBadRequest, "IdempotentRequestError", "Request parameters don't match the given idempotency key")
		}
		before.said.lookup = "hit"
		return before.said
	}
	said := a.createTicket(c)
	said.lookup = "miss"
	if a.tickets.keys == nil {
		a.tickets.keys = map[string]keyed{}
	}
	a.tickets.keys[key] = keyed{sum, said, a.now()}
	return said
}

func (a *Account) createTicket(c *call) answer {
	sent, refused := c.fields("ticket", append(slices.Clone(ticketFieldNames), "via_followup_source_id")...)
	if refused != nil {
		return *refused
	}
	n := a.ticketCount()
	t := ticket{
		ID: int64(n) + 1, Via: via{Channel: "api"}, CreatedAt: a.now(), UpdatedAt: a.now(), Status: "open", CustomStatusID: statusID(1),
		RequesterID: c.user.ID, SubmitterID: c.user.ID, GroupID: agentGroup, CollaboratorIDs: []int64{}, FollowerIDs: []int64{}, EmailCCIDs: []int64{},
		Tags: []string{}, SharingAgreementIDs: []int64{}, FollowupIDs: []int64{}, TicketFormID: ticketForm, BrandID: brand, AllowAttachments: true, IsPublic: true,
	}
	t.URL = a.resource("tickets", t.ID)
	for row := customFields; row < len(fieldRows); row++ {
		t.CustomFields = append(t.CustomFields, fieldValue{ID: fieldID(row)})
	}
	wrong := &problems{}
	closed, followsUp := a.followedUp(sent, wrong)
	if followsUp {
		t.takeOver(closed)
	}
	a.applyRequester(&t, sent, wrong)
	said, spoke := a.readComment(sent, true, wrong)
	if !spoke {
		wrong.add("base", "Description: cannot be blank", "BlankValue")
	}
	a.applyTicket(&t, sent, wrong)
	if t.Subject == "" {
		t.Subject, _, _ = strings.Cut(said.Body, "\n")
	}
	if wrong.any() {
		return wrong.answer()
	}
	if refused := c.onlyNotes(nil, said, spoke); refused != nil {
		return *refused
	}
	t.RawSubject, t.Description, t.IsPublic = t.Subject, said.Body, said.Public
	a.tickets.added++
	done := a.write(ticket{}, t, c.user.ID, &said)
	if followsUp {
		closed.FollowupIDs = append(slices.Clone(closed.FollowupIDs), t.ID)
		a.keepTicket(closed)
	}
	t.Fields = t.CustomFields
	return created(object{{"ticket", t}, {"audit", done}}, t.URL)
}

// updateTicket with safe_update refuses what was written with an older state in mind.
func (a *Account) updateTicket(c *call, t ticket) answer {
	sent, refused := c.fields("ticket", ticketFieldNames...)
	if refused != nil {
		return *refused
	}
	if !a.mayUpdate(c.user.ID, t.ID) {
		return answer{status: http.StatusTooManyRequests, body: text("Number of allowed updates of this ticket by one user within 10 minutes exceeded")}
	}
	wrong := &problems{}
	var safe bool
	var stamp string
	set(sent, "safe_update", &safe, wrong)
	if set(sent, "updated_stamp", &stamp, wrong); safe {
		at, err := time.Parse(time.RFC3339, stamp)
		if err != nil || !at.Truncate(time.Second).Equal(t.UpdatedAt) {
			return refusal(http.StatusConflict, "UpdateConflict", "Safe Update prevented the update due to outdated ticket data.")
		}
	}
	if t.Status == "closed" {
		wrong.add("status", "closed prevents ticket update", "")
		return wrong.answer()
	}
	said, spoke := a.readComment(sent, a.commentsOf(t)[0].Public, wrong)
	if refused := c.onlyNotes(sent, said, spoke); refused != nil {
		return *refused
	}
	before := t
	t.Tags, t.CustomFields = slices.Clone(t.Tags), slices.Clone(t.CustomFields)
	a.applyTicket(&t, sent, wrong)
	if wrong.any() {
		return wrong.answer()
	}
	t.UpdatedAt = a.now()
	t.Fields = t.CustomFields
	spoken := &said
	if !spoke {
		spoken = nil
	}
	return ok(object{{"ticket", t}, {"audit", a.write(before, t, c.user.ID, spoken)}})
}

// onlyNotes refuses a light agent whatever is no note among agents: a public comment, and a change to a ticket.
// RECALLED: that it is refused is known, in which words is not.
func (c *call) onlyNotes(changed fields, said comment, spoke bool) *answer {
	if !c.user.OnlyPrivateComments {
		return nil
	}
	refused := noAccess()
	if spoke && said.Public {
		return &refused
	}
	for name := range changed {
		if !slices.Contains([]string{"comment", "safe_update", "updated_stamp"}, name) {
			return &refused
		}
	}
	return nil
}

// mayUpdate counts the updates of one ticket by one user.
func (a *Account) mayUpdate(userID, ticketID int64) bool {
	if a.tickets.updates == nil {
		a.tickets.updates = map[[2]int64][]time.Time{}
	}
	who := [2]int64{userID, ticketID}
	recent := slices.DeleteFunc(a.tickets.updates[who], func(at time.Time) bool { return a.now().Sub(at) >= updatesWithin })
	a.tickets.updates[who] = append(recent, a.now())
	return len(recent) < updatesOfOne
}

func (a *Account) deleteTicket(_ *call, t ticket) answer {
	if a.tickets.gone == nil {
		a.tickets.gone = map[int64]bool{}
	}
	a.tickets.gone[t.ID] = true
	a.tickets.ordered = nil
	return noContent()
}

// keepTicket stores what a ticket is from now on.
func (a *Account) keepTicket(t ticket) {
	t.Fields = t.CustomFields
	n := int(t.ID - 1)
	if a.tickets.since == nil {
		a.tickets.since, a.tickets.byRequester = map[int][]ticket{}, map[int64][]int{}
	}
	if n >= a.seed.Tickets() && len(a.tickets.since[n]) == 0 {
		a.tickets.byRequester[t.RequesterID] = append(a.tickets.byRequester[t.RequesterID], n)
	}
	a.tickets.since[n] = append(a.tickets.since[n], t)
	a.tickets.ordered = nil
}

// A sentComment is a comment as a request has it.
type sentComment struct {
	Body     string   `json:"body"`
	HTMLBody string   `json:"html_body"`
	Public   *bool    `json:"public"`
	Uploads  []string `json:"uploads"`
}

// readComment gives a comment whose public member is as sent, or else as that of the ticket's first comment.
func (a *Account) readComment(sent fields, public bool, wrong *problems) (comment, bool) {
	var said sentComment
	if !set(sent, "comment", &said, wrong) {
		return comment{}, false
	}
	one := comment{Body: strings.TrimSpace(said.Body), Public: public}
	if one.Body == "" {
		one.Body, one.HTMLBody = plain(said.HTMLBody), said.HTMLBody
	}
	if said.Public != nil {
		one.Public = *said.Public
	}
	one.Attachments = a.attached(said.Uploads, wrong)
	return one, one.Body != ""
}

// plain is HTML without its tags.
func plain(html string) string {
	var b strings.Builder
	inside := false
	for _, r := range html {
		switch {
		case r == '<':
			inside = true
		case r == '>':
			inside = false
		case !inside:
			b.WriteRune(r)
		}
	}
	return strings.TrimSpace(b.String())
}

// applyRequester finds or makes the requester: by id, or by e-mail, which makes a user of an unknown one.
func (a *Account) applyRequester(t *ticket, sent fields, wrong *problems) {
	var person struct{ Name, Email string }
	if set(sent, "requester", &person, wrong) {
		u, found := a.users.ofEmail(person.Email)
		if !found && strings.Contains(person.Email, "@") && person.Name != "" {
			u = a.blankUser(a.users.nextID(), a.now())
			u.Name, u.Email = person.Name, nullable(strings.ToLower(person.Email))
			a.users.keep(u)
			found = true
		}
		if !found {
			wrong.add("requester", "Requester: Name: is too short (minimum one characters)", "InvalidValue")
			return
		}
		t.RequesterID = u.ID
	} else if set(sent, "requester_id", &t.RequesterID, wrong) {
		if _, found := a.users.find(t.RequesterID); !found {
			wrong.add("requester", "Requester: is invalid", "InvalidValue")
		}
	}
	t.OrganizationID = ref(a.memberships.defaultOrganization(t.RequesterID))
}

// applyTicket writes what a request sent into t.
func (a *Account) applyTicket(t *ticket, sent fields, wrong *problems) {
	set(sent, "subject", &t.Subject, wrong)
	t.RawSubject = t.Subject
	choose(sent, "type", &t.Type, typeOrder, wrong)
	choose(sent, "priority", &t.Priority, priorityOrder, wrong)
	set(sent, "external_id", &t.ExternalID, wrong)
	set(sent, "due_at", &t.DueAt, wrong)
	set(sent, "follower_ids", &t.FollowerIDs, wrong)
	a.applyStatus(t, sent, wrong)
	if set(sent, "organization_id", &t.OrganizationID, wrong) && t.OrganizationID != 0 {
		in := func(m membership) bool { return m.OrganizationID == int64(t.OrganizationID) }
		if !slices.ContainsFunc(a.memberships.ofUser(t.RequesterID), in) {
			wrong.add("organization", "Organization: is not one of the requester's", "InvalidValue")
		}
	}
	if set(sent, "group_id", &t.GroupID, wrong) && !slices.ContainsFunc(a.groups(), func(g group) bool { return g.ID == int64(t.GroupID) }) {
		wrong.add("group", "Group: is invalid", "InvalidValue")
	}
	if set(sent, "assignee_id", &t.AssigneeID, wrong) && t.AssigneeID != 0 {
		if u, found := a.users.find(int64(t.AssigneeID)); !found || u.Role == "end-user" || u.OnlyPrivateComments {
			wrong.add("assignee", "Assignee: is invalid", "InvalidValue")
		} else if t.Status == "new" {
			t.Status, t.CustomStatusID = "open", statusID(1)
		}
	}
	if set(sent, "ticket_form_id", &t.TicketFormID, wrong) {
		isIt := func(f ticketFormRecord) bool { return f.ID == t.TicketFormID && f.Active }
		if !slices.ContainsFunc(a.ticketForms(), isIt) {
			wrong.add("base", "Ticket form: is invalid", "InvalidValue")
		}
	}
	set(sent, "tags", &t.Tags, wrong)
	a.applyFieldValues(t, sent, wrong)
	a.mustBeWhole(t, wrong)
}

// choose is set for a member that has a few values, or null.
func choose(sent fields, key string, into *nullable, values []string, wrong *problems) {
	if set(sent, key, into, wrong) && !slices.Contains(values, into.value()) {
		wrong.add(key, label(key)+": "+into.value()+" is not a valid "+key, "InvalidValue")
	}
}

// applyStatus keeps the status and the custom status together.
func (a *Account) applyStatus(t *ticket, sent fields, wrong *problems) {
	status := t.Status
	if set(sent, "status", &status, wrong) {
		at := slices.Index(statuses, status)
		if at < 0 {
			wrong.add("status", "Status: "+status+" is not a valid status", "InvalidValue")
			return
		}
		t.Status, t.CustomStatusID = status, statusID(min(at, defaultStatuses-1))
	}
	var custom int64
	if !set(sent, "custom_status_id", &custom, wrong) {
		return
	}
	for _, s := range a.customStatuses() {
		if s.ID == custom && s.Active {
			t.Status, t.CustomStatusID = s.StatusCategory, custom
			return
		}
	}
	wrong.add("custom_status_id", "Custom status: is invalid", "InvalidValue")
}
