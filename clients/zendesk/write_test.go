package zendesk

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zsf/clients/sandbox"
	"zsf/clients/transport"
)

// aSandbox is a sandbox and a client of its account. No wait of the client's takes time, and a try may take that long.
func aSandbox(t *testing.T, timeout time.Duration) (*sandbox.Sandbox, *Client) {
	t.Helper()
	served, err := sandbox.Start(context.Background(), sandbox.Options{Scenario: "ready", Accounts: 30, Tickets: 60})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := served.Close(); err != nil {
			t.Error(err)
		}
	})
	info := served.Info().Zendesk
	client, err := New(info.URL, info.AccessToken, transport.Config{
		Timeout: timeout, Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	})
	if err != nil {
		t.Fatal(err)
	}
	return served, client
}

func must[T any](value T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

// anUnclosedTicket is one of the sandbox's that is not closed.
func anUnclosedTicket(t *testing.T, client *Client) WholeTicket {
	t.Helper()
	var ids []int64
	for id := range int64(60) {
		ids = append(ids, id+1)
	}
	for _, ticket := range must(client.WholeTickets(t.Context(), ids))(t) {
		if ticket.Status != "closed" {
			return ticket
		}
	}
	t.Fatal("every ticket is closed")
	return WholeTicket{}
}

func count(t *testing.T, served *sandbox.Sandbox, method string) int {
	t.Helper()
	n := 0
	for _, request := range served.Requests() {
		if request.Method == method {
			n++
		}
	}
	return n
}

func TestTheAccountTellsWhatATicketCanBeFilledWith(t *testing.T) {
	_, client := aSandbox(t, 0)
	forms, fields := must(client.TicketForms(t.Context()))(t), must(client.TicketFields(t.Context()))(t)
	at := slices.IndexFunc(forms, func(f TicketForm) bool { return len(f.Conditions) > 0 })
	if at < 0 || len(forms[at].FieldIDs) == 0 || forms[at].Conditions[0].Value[0] == "" || len(forms[at].Conditions[0].Children) == 0 {
		t.Fatalf("%+v", forms)
	}
	if on := forms[at].Conditions[0].Children[0].RequiredOn; on.Type != "SOME_STATUSES" || !slices.Contains(on.Statuses, "solved") {
		t.Errorf("%+v", on)
	}
	kinds := map[string]TicketField{}
	for _, field := range fields {
		kinds[field.Type] = field
	}
	if len(kinds["tagger"].Choices) == 0 || len(kinds["priority"].SystemChoices) != 4 || kinds["regexp"].Pattern == "" || kinds["checkbox"].Tag == "" || len(kinds["custom_status"].Statuses) == 0 {
		t.Errorf("%+v", kinds)
	}
	if kinds["subject"].Own || !kinds["tagger"].Own || !kinds["subject"].Required {
		t.Errorf("%+v", kinds["subject"])
	}
}

func TestTheTeamIsReadWithItsGroups(t *testing.T) {
	_, client := aSandbox(t, 0)
	groups, members, agents := must(client.Groups(t.Context()))(t), must(client.GroupMembers(t.Context()))(t), must(client.Agents(t.Context()))(t)
	if len(groups) != 3 || !slices.ContainsFunc(groups, func(g Group) bool { return g.Default }) {
		t.Errorf("%+v", groups)
	}
	for _, member := range members {
		at := slices.IndexFunc(agents, func(u User) bool { return u.ID == member.UserID })
		if at < 0 || agents[at].Role == "end-user" || !slices.ContainsFunc(groups, func(g Group) bool { return g.ID == member.GroupID }) {
			t.Errorf("%+v is of nobody or of no group", member)
		}
	}
	if len(agents) < 8 || len(members) < len(groups) {
		t.Errorf("%d agents, %d memberships", len(agents), len(members))
	}
}

func TestATicketIsMadeOnceAndChanged(t *testing.T) {
	served, client := aSandbox(t, 0)
	fields := must(client.TicketFields(t.Context()))(t)
	of := func(kind string) TicketField {
		return fields[slices.IndexFunc(fields, func(f TicketField) bool { return f.Type == kind })]
	}
	write := TicketWrite{
		Subject: Set("The lamp is out"), Priority: Set("high"), Type: Set("incident"), Tags: Set([]string{"lamp"}),
		Requester: &NewRequester{Name: "New Person", Email: "new.person@else.example"}, Comment: &CommentWrite{Body: "one\ntwo", Public: true},
		CustomFields: []FieldWrite{
			of("checkbox").Write([]string{"true"}), of("multiselect").Write([]string{"region_kr", "region_eu"}),
			of("textarea").Write([]string{"first", "second"}), of("integer").Write([]string{"12"}), of("text").Write(nil),
		},
	}
	made := must(client.CreateTicket(t.Context(), "key-1", write))(t)
	again := must(client.CreateTicket(t.Context(), "key-1", write))(t)
	if made.Before || !again.Before || made.Ticket.ID != again.Ticket.ID || made.Ticket.Priority != "high" {
		t.Fatalf("%+v, then %+v", made, again)
	}
	write.Subject = Set("Another lamp")
	if _, err := client.CreateTicket(t.Context(), "key-1", write); failureOf(t, err).Code != KeyReused {
		t.Errorf("%v", err)
	}
	whole, users, err := client.WholeTicket(t.Context(), made.Ticket.ID)
	if err != nil || !slices.ContainsFunc(users, func(u User) bool { return u.Email == "new.person@else.example" }) {
		t.Errorf("%+v %v", users, err)
	}
	values := map[int64]FieldValue{}
	for _, field := range whole.CustomFields {
		values[field.ID] = field.Value
	}
	for kind, want := range map[string]FieldValue{"checkbox": {"true"}, "multiselect": {"region_kr", "region_eu"}, "textarea": {"first", "second"}, "integer": {"12"}, "text": nil} {
		if diff := cmp.Diff(want, values[of(kind).ID]); diff != "" {
			t.Errorf("%s: %s", kind, diff)
		}
	}
	changed := must(client.UpdateTicket(t.Context(), whole.ID, whole.UpdatedAt, TicketWrite{Priority: Clear[string](), Status: "pending"}))(t)
	if changed.Priority != "" || changed.Status != "pending" || changed.Subject != "The lamp is out" || !slices.Contains(changed.Tags, "lamp") {
		t.Errorf("%+v", changed)
	}
	if found := must(client.WholeTickets(t.Context(), []int64{whole.ID, 1, 999_999}))(t); len(found) != 2 {
		t.Errorf("%d shown", len(found))
	}
	if found := must(client.TicketsByID(t.Context(), []int64{whole.ID, 1}))(t); len(found) != 2 {
		t.Errorf("%d shown", len(found))
	}
	if n := count(t, served, http.MethodPut); n != 1 {
		t.Errorf("%d updates", n)
	}
}

func TestARequesterHasOrganizationsOfTheirOwn(t *testing.T) {
	_, client := aSandbox(t, 0)
	several := 0
	for id := range int64(60) {
		ticket, _, err := client.WholeTicket(t.Context(), id+1)
		if err != nil {
			t.Fatal(err)
		}
		if ticket.OrganizationID == 0 {
			continue
		}
		own := must(client.UserOrganizations(t.Context(), ticket.RequesterID))(t)
		if !slices.ContainsFunc(own, func(o Organization) bool { return o.ID == ticket.OrganizationID }) {
			t.Errorf("ticket %d is of an organization that its requester is not in", id+1)
		}
		several = max(several, len(own))
	}
	if several != 3 {
		t.Errorf("at most %d organizations", several)
	}
}

func TestWhatARefusalHasAgainstEachField(t *testing.T) {
	_, client := aSandbox(t, 0)
	id := anUnclosedTicket(t, client).ID
	_, err := client.UpdateTicket(t.Context(), id, time.Time{}, TicketWrite{Priority: Set("most"), Status: "odd", Comment: &CommentWrite{Body: "x"}})
	var refused *RefusalError
	if !errors.As(err, &refused) || len(refused.Problems) != 2 {
		t.Fatalf("%v", err)
	}
	if first := refused.Problems[0]; first.Field != "priority" || first.Code != "InvalidValue" || first.Message == "" {
		t.Errorf("%+v", first)
	}
	if failureOf(t, err).Kind != transport.Rejected {
		t.Errorf("%v", err)
	}
	if comments := must(client.Comments(t.Context(), id))(t); slices.ContainsFunc(comments, func(c Comment) bool { return c.Text()[0] == "x" }) {
		t.Error("the comment of a refused update is there")
	}
	if _, err := client.UpdateTicket(t.Context(), 999_999, time.Time{}, TicketWrite{Status: "open"}); transport.KindOf(err) != transport.NotFound {
		t.Errorf("%v", err)
	}
}

func TestProblemsAreCleanAndInOrder(t *testing.T) {
	got := problems([]byte(`{"details":{"subject":[{"description":"Subject:\u001b[2J too long"},{"description":"b","error":"X"}],"base":"odd","n":[1]}}`))
	want := []FieldProblem{{"subject", "Subject: too long", ""}, {"subject", "b", "X"}, {"base", "odd", ""}, {"n", "1", ""}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, body := range []string{``, `null`, `{}`, `{"details":null}`, `{"details":"x"}`, `{"details":[1]}`, `{"details":{"a":`} {
		if got := problems([]byte(body)); len(got) != 0 {
			t.Errorf("%s: %+v", body, got)
		}
	}
}

func TestASafeUpdateMeetsAnotherPersonsChange(t *testing.T) {
	served, client := aSandbox(t, 0)
	ticket := anUnclosedTicket(t, client)
	_, err := client.UpdateTicket(t.Context(), ticket.ID, ticket.UpdatedAt.Add(-time.Second), TicketWrite{Priority: Set("urgent"), Comment: &CommentWrite{Body: "x", Public: true}})
	var conflict *ConflictError
	if !errors.As(err, &conflict) || failureOf(t, err).Status != http.StatusConflict {
		t.Fatalf("%v", err)
	}
	if n := count(t, served, http.MethodPut); n != 1 {
		t.Errorf("%d updates sent", n)
	}
}

// Whatever breaks a write, it is sent once, and nobody claims to know what became of it.
func TestAWriteThatGetsNoAnswerIsUnsureAndNotSentTwice(t *testing.T) {
	type test struct {
		fault   sandbox.Fault
		arrives bool
	}
	tests := map[string]test{"garbage": {sandbox.Fault{Garbage: true}, true}, "cut": {sandbox.Fault{CutAfter: 5}, true}}
	for name, fault := range map[string]sandbox.Fault{
		"reset": {Reset: true}, "500": {Status: 500, Body: "x"}, "503": {Status: 503, Headers: map[string]string{"Retry-After": "1"}}, "502": {Status: 502}, "late": {DelayMS: 1000},
	} {
		tests[name+" before"] = test{fault, false}
		fault.After = true
		tests[name+" after"] = test{fault, true}
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			served, client := aSandbox(t, 200*time.Millisecond)
			patient := must(New(served.Info().Zendesk.URL, served.Info().Zendesk.AccessToken, transport.Config{}))(t)
			id := anUnclosedTicket(t, patient).ID
			served.AddFault(sandbox.FaultRule{Service: "zendesk", Method: http.MethodPut, Path: "/api/v2/tickets/*", Fault: test.fault})
			_, err := client.UpdateTicket(t.Context(), id, time.Time{}, TicketWrite{Subject: Set("changed")})
			var unsure *UnsureError
			if !errors.As(err, &unsure) {
				t.Fatalf("%v", err)
			}
			if failureOf(t, err).Kind == transport.Rejected {
				t.Errorf("%v", err)
			}
			if served.FaultsLeft() != 0 || count(t, served, http.MethodPut) > 1 {
				t.Error("the fault was not met, or the write was sent twice")
			}
			if after := must(patient.TicketsByID(t.Context(), []int64{id}))(t)[0]; (after.Subject == "changed") != test.arrives {
				t.Errorf("the subject is %q", after.Subject)
			}
		})
	}
}

func TestAWriteThatLeftNothingIsNotUnsure(t *testing.T) {
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	for name, config := range map[string]struct{ url, token string }{"refused": {closed.URL, token}, "signed out": {closed.URL, ""}} {
		client := must(New(config.url, config.token, transport.Config{Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }}))(t)
		_, err := client.UpdateTicket(t.Context(), 3, time.Time{}, TicketWrite{Status: "open"})
		var unsure *UnsureError
		if err == nil || errors.As(err, &unsure) {
			t.Errorf("%s: %v", name, err)
		}
	}
	served, client := aSandbox(t, 0)
	served.AddFault(sandbox.FaultRule{Service: "zendesk", Method: http.MethodPut, Times: -1, Fault: sandbox.Fault{Status: 429, Headers: map[string]string{"Retry-After": "7"}}})
	_, err := client.UpdateTicket(t.Context(), 3, time.Time{}, TicketWrite{Status: "open"})
	var unsure *UnsureError
	if failed := failureOf(t, err); errors.As(err, &unsure) || failed.Kind != transport.RateLimited || failed.RetryAfter != 7*time.Second {
		t.Errorf("%v", err)
	}
}

// A ticket is made once, however its answer got lost: the same key is sent again.
func TestATicketIsMadeOnceThoughItsAnswerWasLost(t *testing.T) {
	for name, fault := range map[string]sandbox.Fault{"reset": {Reset: true, After: true}, "503": {Status: 503, After: true}, "reset before": {Reset: true}} {
		served, client := aSandbox(t, 0)
		served.AddFault(sandbox.FaultRule{Service: "zendesk", Method: http.MethodPost, Fault: fault})
		made := must(client.CreateTicket(t.Context(), "only-once", TicketWrite{Subject: Set("x"), Comment: &CommentWrite{Body: "x", Public: true}}))(t)
		for deadline := time.Now().Add(time.Minute); count(t, served, http.MethodPost) < 2 && time.Now().Before(deadline); {
			time.Sleep(time.Millisecond) // the log of a connection that was reset comes when its handler ends
		}
		if made.Before != fault.After || count(t, served, http.MethodPost) != 2 || made.Ticket.ID != 61 {
			t.Errorf("%s: %+v", name, made)
		}
	}
}

func TestACommentAlwaysSaysWhetherItIsPublic(t *testing.T) {
	var sent string
	client, _ := newAccount(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		sent = string(body)
		say(200, `{"ticket":{"id":5}}`)(w, r)
	})
	since := time.Date(2026, 11, 2, 1, 2, 3, 0, time.FixedZone("KST", 9*3600))
	must(client.UpdateTicket(t.Context(), 5, since, TicketWrite{Comment: &CommentWrite{Body: "b"}, AssigneeID: Clear[int64]()}))(t)
	if want := `{"ticket":{"assignee_id":null,"comment":{"body":"b","public":false},"safe_update":true,"updated_stamp":"2026-11-01T16:02:03Z"}}`; sent != want {
		t.Errorf("%s\nwant %s", sent, want)
	}
	must(client.UpdateTicket(t.Context(), 5, time.Time{}, TicketWrite{Tags: Set([]string{})}))(t)
	if want := `{"ticket":{"tags":[]}}`; sent != want {
		t.Errorf("%s\nwant %s", sent, want)
	}
}

func TestAnEndUserIsMade(t *testing.T) {
	_, client := aSandbox(t, 0)
	if _, err := client.CreateUser(t.Context(), NewUser{Name: "A", Email: "a@b.example"}); transport.KindOf(err) != transport.Forbidden {
		t.Errorf("without the scope: %v", err)
	}
}

func TestALightAgentIsKnownBeforeTheRefusal(t *testing.T) {
	served, client := aSandbox(t, 0)
	id := anUnclosedTicket(t, client).ID
	light := 0
	for _, agent := range must(client.Agents(t.Context()))(t) {
		if agent.InternalOnly() {
			light++
		}
	}
	if me := must(client.Me(t.Context()))(t); light != 1 || me.InternalOnly() {
		t.Errorf("%d light agents, %+v", light, me)
	}
	if err := served.ChangeAccount(sandbox.AccountChange{Role: "light-agent"}); err != nil {
		t.Fatal(err)
	}
	if me := must(client.Me(t.Context()))(t); !me.InternalOnly() {
		t.Errorf("%+v", me)
	}
	if _, err := client.UpdateTicket(t.Context(), id, time.Time{}, TicketWrite{Comment: &CommentWrite{Body: "x", Public: true}}); transport.KindOf(err) != transport.Forbidden {
		t.Errorf("%v", err)
	}
	must(client.UpdateTicket(t.Context(), id, time.Time{}, TicketWrite{Comment: &CommentWrite{Body: "x"}}))(t)
}

func TestAKeyThatIsStillAtWorkLeavesItUnsure(t *testing.T) {
	client, _ := newAccount(t, say(409, `{"error":"IdempotentRequestInProgress"}`))
	_, err := client.CreateTicket(t.Context(), "k", TicketWrite{Comment: &CommentWrite{Body: "x"}})
	var unsure *UnsureError
	if !errors.As(err, &unsure) {
		t.Errorf("%v", err)
	}
}

// A try before the last that may have arrived leaves it unsure, whatever the last one is told of something else.
func TestALaterRefusalDoesNotSettleAnEarlierTry(t *testing.T) {
	for status, unsure := range map[int]bool{401: true, 403: true, 429: true, 422: false, 400: false} {
		served, client := aSandbox(t, 0)
		served.AddFault(sandbox.FaultRule{Service: "zendesk", Method: http.MethodPost, Path: "/api/v2/tickets", Fault: sandbox.Fault{Status: 502, After: true}})
		served.AddFault(sandbox.FaultRule{Service: "zendesk", Method: http.MethodPost, Path: "/api/v2/tickets", Times: 9, Fault: sandbox.Fault{Status: status, Body: `{"error":"x"}`}})
		_, err := client.CreateTicket(t.Context(), "k", TicketWrite{Comment: &CommentWrite{Body: "x"}})
		var nobodyKnows *UnsureError
		if err == nil || errors.As(err, &nobodyKnows) != unsure {
			t.Errorf("%d: %v", status, err)
		}
	}
}
