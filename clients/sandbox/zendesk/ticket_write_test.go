package zendesk

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

func newTicket(more map[string]any) map[string]any {
	ticket := map[string]any{"comment": map[string]any{"body": "The lamp is out."}}
	for name, value := range more {
		ticket[name] = value
	}
	return map[string]any{"ticket": ticket}
}

func TestATicketIsMadeWithOnlyAComment(t *testing.T) {
	f := open(t)
	before := len(f.walk("/api/v2/tickets?page[size]=100", "tickets"))
	made := f.call(http.MethodPost, "/api/v2/tickets", newTicket(nil)).must(t, 201)
	id := idOf(t, made.at(t, "ticket"))
	if made.at(t, "ticket", "subject") != "The lamp is out." || made.header.Get("Location") != f.server.URL+"/api/v2/tickets/"+id+".json" {
		t.Errorf("%s at %s", made.body, made.header.Get("Location"))
	}
	if listed := f.walk("/api/v2/tickets?page[size]=100", "tickets"); len(listed) != before+1 {
		t.Errorf("%d tickets listed, %d before", len(listed), before)
	}
	comments := f.get("/api/v2/tickets/"+id+"/comments").must(t, 200).list(t, "comments")
	if len(comments) != 1 || comments[0]["public"] != true || comments[0]["body"] != "The lamp is out." {
		t.Errorf("comments %v", comments)
	}
	if got := f.foundCount("type:ticket lamp"); got != 0 {
		t.Errorf("search has the ticket at once")
	}
	*f.clock = today.Add(searchLag)
	if got := f.foundCount("type:ticket lamp"); got != 1 {
		t.Errorf("%d found when the index has it", got)
	}
	f.call(http.MethodPost, "/api/v2/tickets", map[string]any{"ticket": map[string]any{"subject": "no comment"}}).must(t, 422)
}

func TestATicketIsMadeForARequester(t *testing.T) {
	f := open(t)
	several := f.account.memberships.several
	members := f.account.memberships.ofUser(several)
	for _, m := range members {
		made := f.call(http.MethodPost, "/api/v2/tickets", newTicket(map[string]any{"requester_id": several, "organization_id": m.OrganizationID})).must(t, 201)
		if made.at(t, "ticket", "organization_id") != float64(m.OrganizationID) {
			t.Errorf("organization %v, want %d", made.at(t, "ticket", "organization_id"), m.OrganizationID)
		}
		listed := f.walk(fmt.Sprintf("/api/v2/organizations/%d/tickets?page[size]=100", m.OrganizationID), "tickets")
		if !slices.Contains(listed, fmt.Sprint(made.at(t, "ticket", "id"))) {
			t.Errorf("the ticket is not in the list of organization %d", m.OrganizationID)
		}
	}
	foreign := int64(0)
	f.account.organizations.scan(0, false, func(o organization) bool {
		if !slices.ContainsFunc(members, func(m membership) bool { return m.OrganizationID == o.ID }) {
			foreign = o.ID
		}
		return foreign == 0
	})
	refused := f.call(http.MethodPost, "/api/v2/tickets", newTicket(map[string]any{"requester_id": several, "organization_id": foreign})).must(t, 422)
	if refused.at(t, "error") != "RecordInvalid" || refused.at(t, "details", "organization") == nil {
		t.Errorf("%s", refused.body)
	}
	made := f.call(http.MethodPost, "/api/v2/tickets", newTicket(map[string]any{"requester": map[string]any{"name": "New Person", "email": "New.Person@else.example"}})).must(t, 201)
	u, found := f.account.users.ofEmail("new.person@else.example")
	if !found || made.at(t, "ticket", "requester_id") != float64(u.ID) {
		t.Errorf("requester %v", made.at(t, "ticket", "requester_id"))
	}
}

func TestAKeyMakesOneTicket(t *testing.T) {
	f := open(t)
	count := f.account.ticketCount()
	one := f.call(http.MethodPost, "/api/v2/tickets", newTicket(nil), idempotencyKey, "k1").must(t, 201)
	again := f.call(http.MethodPost, "/api/v2/tickets", newTicket(nil), idempotencyKey, "k1").must(t, 201)
	if one.body != again.body || one.header.Get("X-Idempotency-Lookup") != "miss" || again.header.Get("X-Idempotency-Lookup") != "hit" {
		t.Errorf("%s, then %s", one.header.Get("X-Idempotency-Lookup"), again.header.Get("X-Idempotency-Lookup"))
	}
	other := f.call(http.MethodPost, "/api/v2/tickets", newTicket(map[string]any{"subject": "b"}), idempotencyKey, "k1").must(t, 400)
	if other.at(t, "error") != "IdempotentRequestError" {
		t.Errorf("%s", other.body)
	}
	f.call(http.MethodPost, "/api/v2/tickets", newTicket(nil), idempotencyKey, strings.Repeat("k", longestKey+1)).must(t, 400)
	*f.clock = today.Add(keyLives)
	f.token = f.tokenWith("read write")
	if late := f.call(http.MethodPost, "/api/v2/tickets", newTicket(nil), idempotencyKey, "k1").must(t, 201); late.header.Get("X-Idempotency-Lookup") != "miss" {
		t.Error("the key is still known after two hours")
	}
	if made := f.account.ticketCount() - count; made != 2 {
		t.Errorf("%d tickets made", made)
	}
}

// made is the path of a new ticket.
func (f *fixture) made(more map[string]any) string {
	f.t.Helper()
	return "/api/v2/tickets/" + idOf(f.t, f.call(http.MethodPost, "/api/v2/tickets", newTicket(more)).must(f.t, 201).at(f.t, "ticket"))
}

func update(members map[string]any) map[string]any { return map[string]any{"ticket": members} }

func TestASafeUpdateRefusesAnOldState(t *testing.T) {
	f := open(t)
	path := f.made(nil)
	stamp := f.get(path).must(t, 200).at(t, "ticket", "updated_at")
	*f.clock = f.clock.Add(time.Minute)
	f.call(http.MethodPut, path, update(map[string]any{"priority": "high", "safe_update": true, "updated_stamp": stamp})).must(t, 200)
	late := f.call(http.MethodPut, path, update(map[string]any{"priority": "low", "safe_update": true, "updated_stamp": stamp})).must(t, 409)
	if late.at(t, "error") != "UpdateConflict" {
		t.Errorf("%s", late.body)
	}
	if got := f.get(path).at(t, "ticket", "priority"); got != "high" {
		t.Errorf("priority %v", got)
	}
	f.call(http.MethodPut, path, update(map[string]any{"priority": "low"})).must(t, 200)
}

func TestACommentIsAsPublicAsTheFirst(t *testing.T) {
	f := open(t)
	path := f.made(map[string]any{"comment": map[string]any{"body": "among us", "public": false}})
	f.call(http.MethodPut, path, update(map[string]any{"comment": map[string]any{"body": "nobody said"}})).must(t, 200)
	f.call(http.MethodPut, path, update(map[string]any{"comment": map[string]any{"html_body": "<p>for <b>all</b></p>", "public": true}})).must(t, 200)
	comments := f.get(path+"/comments").must(t, 200).list(t, "comments")
	var public []any
	for _, one := range comments {
		public = append(public, one["public"])
	}
	if !slices.Equal(public, []any{false, false, true}) || comments[2]["plain_body"] != "for all" {
		t.Errorf("public %v, %v", public, comments[2])
	}
}

func TestAClosedTicketStaysAsItIs(t *testing.T) {
	f := open(t)
	path := f.made(nil)
	f.call(http.MethodPut, path, update(map[string]any{"status": "closed"})).must(t, 200)
	refused := f.call(http.MethodPut, path, update(map[string]any{"status": "open"})).must(t, 422)
	if refused.at(t, "details", "status", 0, "description") != "closed prevents ticket update" {
		t.Errorf("%s", refused.body)
	}
}

// A follow-up takes over what its closed ticket has, but for priority, type, group and assignee; tags that are sent replace.
func TestAFollowUpTakesOverFromItsClosedTicket(t *testing.T) {
	f := open(t)
	several := f.account.memberships.several
	path := f.made(map[string]any{
		"subject": "The lamp is out again", "requester_id": several, "priority": "urgent", "tags": []string{"lamp"},
		"custom_fields": []any{map[string]any{"id": fieldID(orderField), "value": "A-17"}},
	})
	id := f.get(path).must(t, 200).at(t, "ticket", "id")
	follow := func(more map[string]any) said {
		sent := newTicket(more)
		sent["ticket"].(map[string]any)["via_followup_source_id"] = id
		return f.call(http.MethodPost, "/api/v2/tickets", sent).must(t, 201)
	}
	early := follow(nil)
	if early.at(t, "ticket", "subject") != "The lamp is out." || early.at(t, "ticket", "requester_id") == float64(several) {
		t.Errorf("a ticket that is not closed has a follow-up: %s", early.body)
	}
	f.call(http.MethodPut, path, update(map[string]any{"status": "closed"})).must(t, 200)
	made := follow(nil)
	if made.at(t, "ticket", "subject") != "The lamp is out again" || made.at(t, "ticket", "requester_id") != float64(several) ||
		made.at(t, "ticket", "priority") != nil || made.at(t, "ticket", "via", "source", "rel") != "follow_up" ||
		made.at(t, "ticket", "via", "source", "from", "ticket_id") != id || fmt.Sprint(made.at(t, "ticket", "tags")) != "[lamp]" || !strings.Contains(made.body, `"A-17"`) {
		t.Errorf("%s", made.body)
	}
	other := follow(map[string]any{"tags": []string{"other"}, "subject": "Another lamp"})
	if fmt.Sprint(other.at(t, "ticket", "tags")) != "[other]" || other.at(t, "ticket", "subject") != "Another lamp" {
		t.Errorf("%s", other.body)
	}
	want := fmt.Sprint([]any{made.at(t, "ticket", "id"), other.at(t, "ticket", "id")})
	if got := fmt.Sprint(f.get(path).must(t, 200).at(t, "ticket", "followup_ids")); got != want {
		t.Errorf("follow-ups %s, not %s", got, want)
	}
	f.call(http.MethodPut, path, update(map[string]any{"via_followup_source_id": 1})).must(t, 422)
}

func TestFieldsOfATicketAreChecked(t *testing.T) {
	f := open(t)
	path := f.made(map[string]any{"tags": []string{"kept"}})
	one := func(row int, value any) map[string]any {
		return update(map[string]any{"custom_fields": []any{map[string]any{"id": fieldID(row), "value": value}}})
	}
	for row, values := range map[int][2]any{
		productField: {"product_app", "product_none"}, regionField: {[]string{"region_kr", "region_eu"}, []string{"x"}}, vipField: {true, "yes"},
		seatsField: {"12", "1.5"}, amountField: {"1.5", "much"}, serialField: {"KR-123456", "KR-1"}, 12: {"2026-12-01", "soon"}, orderField: {"A-1", 5},
	} {
		f.call(http.MethodPut, path, one(row, values[0])).must(t, 200)
		f.call(http.MethodPut, path, one(row, values[1])).must(t, 422)
	}
	tags, _ := f.get(path).at(t, "ticket", "tags").([]any)
	if !slices.Equal(tags, []any{"kept", "product_app", "region_eu", "region_kr", "vip"}) {
		t.Errorf("tags %v", tags)
	}
	for name, value := range map[string]any{"status": "odd", "priority": "most", "type": "x", "assignee_id": contactID(0), "group_id": 5, "custom_status_id": statusID(7), "ticket_form_id": formID(2)} {
		f.call(http.MethodPut, path, update(map[string]any{name: value})).must(t, 422)
	}
	f.call(http.MethodPut, path, update(map[string]any{"custom_status_id": statusID(defaultStatuses + 1)})).must(t, 200)
	if got := f.get(path).at(t, "ticket", "status"); got != "pending" {
		t.Errorf("status %v", got)
	}
}

func TestASolvedTicketIsWhole(t *testing.T) {
	f := open(t)
	path := f.made(map[string]any{"ticket_form_id": formID(1)})
	solve := map[string]any{"status": "solved", "assignee_id": staffID(adminCount), "custom_fields": []any{map[string]any{"id": fieldID(productField), "value": "product_device"}}}
	refused := f.call(http.MethodPut, path, update(solve)).must(t, 422)
	if !strings.Contains(refused.body, "Refund reason: is required when solving a ticket") {
		t.Errorf("%s", refused.body)
	}
	f.call(http.MethodPut, path, update(map[string]any{"status": "solved", "assignee_id": nil})).must(t, 422)
	solve["custom_fields"] = append(solve["custom_fields"].([]any), map[string]any{"id": fieldID(reasonField), "value": "refund_late"})
	f.call(http.MethodPut, path, update(solve)).must(t, 200)
}

func TestOneTicketIsNotUpdatedTooOften(t *testing.T) {
	f := open(t)
	path := f.made(nil)
	for range updatesOfOne {
		f.call(http.MethodPut, path, update(map[string]any{"priority": "low"})).must(t, 200)
	}
	f.call(http.MethodPut, path, update(map[string]any{"priority": "low"})).must(t, 429)
	*f.clock = f.clock.Add(updatesWithin)
	f.call(http.MethodPut, path, update(map[string]any{"priority": "low"})).must(t, 200)
}

func TestADeletedTicketIsGone(t *testing.T) {
	f := open(t)
	before := f.foundCount("type:ticket")
	f.call(http.MethodDelete, "/api/v2/tickets/3", nil).must(t, 204)
	f.get("/api/v2/tickets/3").must(t, 404)
	f.get("/api/v2/tickets/3/comments").must(t, 404)
	if got := f.get("/api/v2/tickets/show_many?ids=2,3").must(t, 200).list(t, "tickets"); len(got) != 1 {
		t.Errorf("%d shown", len(got))
	}
	if got := f.foundCount("type:ticket"); got != before-1 {
		t.Errorf("%d found, %d before", got, before)
	}
}

func TestAChangeOfASeededTicketIsSeen(t *testing.T) {
	f := open(t)
	for n := range f.account.ticketCount() {
		if f.account.ticket(n).Status != "open" {
			continue
		}
		path := fmt.Sprintf("/api/v2/tickets/%d", n+1)
		f.call(http.MethodPut, path, update(map[string]any{"status": "pending", "comment": map[string]any{"body": "asked", "public": true}})).must(t, 200)
		first := f.get("/api/v2/tickets?page[size]=1&sort=-updated_at").must(t, 200).list(t, "tickets")[0]
		if idOf(t, first) != fmt.Sprint(n+1) || first["status"] != "pending" {
			t.Errorf("first is %v", first)
		}
		query := fmt.Sprintf("type:ticket %d status:pending", n+1)
		if f.foundCount(query) != 0 {
			t.Error("search has the change at once")
		}
		*f.clock = f.clock.Add(searchLag)
		if f.foundCount(query) != 1 {
			t.Error("search has not the change after its lag")
		}
		return
	}
}

func TestAFieldIsRequiredAsItsConditionsSay(t *testing.T) {
	f := open(t)
	path := f.made(map[string]any{"ticket_form_id": formID(3), "assignee_id": staffID(adminCount)})
	field := func(row int, value any) map[string]any { return map[string]any{"id": fieldID(row), "value": value} }
	change := func(status int, members map[string]any, fields ...any) said {
		t.Helper()
		if fields != nil {
			members["custom_fields"] = fields
		}
		return f.call(http.MethodPut, path, update(members)).must(t, status)
	}
	if refused := change(422, map[string]any{}, field(vipField, true)); !strings.Contains(refused.body, `"Account manager: is required"`) {
		t.Errorf("%s", refused.body)
	}
	change(200, map[string]any{}, field(vipField, true), field(managerField, idText(contactID(0))))
	change(200, map[string]any{"status": "open"}, field(productField, "product_device"))
	change(422, map[string]any{"status": "pending"})
	change(200, map[string]any{"status": "pending"}, field(dateField, "2026-12-01"))
	change(200, map[string]any{"priority": "urgent"})
	if refused := change(422, map[string]any{"status": "solved"}); !strings.Contains(refused.body, "Steps to reproduce: is required when solving a ticket") {
		t.Errorf("%s", refused.body)
	}
	change(200, map[string]any{"status": "solved", "priority": "normal"})
}

func TestEachKindOfFieldIsInMoreThanOneForm(t *testing.T) {
	f := open(t)
	kinds := map[string]int{}
	inForms := map[int64]bool{}
	all := f.account.ticketFields()
	for _, form := range f.account.ticketForms() {
		seen := map[string]bool{}
		for _, id := range form.TicketFieldIDs {
			field := all[slices.IndexFunc(all, func(one ticketField) bool { return one.ID == id })]
			inForms[id] = true
			if form.Active && !seen[field.Type] {
				seen[field.Type] = true
				kinds[field.Type]++
			}
		}
	}
	nowhere, inactive := 0, 0
	for _, field := range all {
		if kinds[field.Type] < 2 && field.Type != "description" {
			t.Errorf("a %s is in %d forms", field.Type, kinds[field.Type])
		}
		if !inForms[field.ID] && field.Active {
			nowhere++
		}
		if !field.Active {
			inactive++
		}
	}
	if nowhere != 1 || inactive != 1 {
		t.Errorf("%d fields are in no form, %d are inactive", nowhere, inactive)
	}
}
