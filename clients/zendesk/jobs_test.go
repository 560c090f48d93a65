package zendesk

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zsf/clients/sandbox"
	"zsf/clients/transport"
)

func TestManyTicketsAreChangedAndEachIsToldOf(t *testing.T) {
	served, client := aSandbox(t, 0)
	one, two := made(t, client), made(t, client)
	must(client.UpdateTicket(t.Context(), two.ID, two.UpdatedAt, TicketWrite{Status: "closed"}))(t)
	job := must(client.UpdateTickets(t.Context(), []int64{one.ID, two.ID}, TicketWrite{Priority: Set("high"), AddTags: []string{"x"}, RemoveTags: []string{"old"}}))(t)
	var waits []time.Duration
	var seen []string
	pause := func(_ context.Context, wait time.Duration) error { waits = append(waits, wait); return nil }
	job = must(client.AwaitJob(t.Context(), job, pause, func(now Job) { seen = append(seen, now.Status) }))(t)
	if !slices.Equal(seen, []string{"working", "completed"}) || !slices.Equal(waits, []time.Duration{250 * time.Millisecond, 500 * time.Millisecond}) {
		t.Errorf("%v after %v", seen, waits)
	}
	first, _ := job.Results.Of(one.ID)
	second, known := job.Results.Of(two.ID)
	if !first.Done || first.Status != "Updated" || second.Done || !known || second.Message == "" {
		t.Errorf("%+v", job)
	}
	if _, known := job.Results.Of(5); known {
		t.Error("a ticket that is not in the job is known of")
	}
	after := must(client.TicketsByID(t.Context(), []int64{one.ID}))(t)[0]
	if after.Priority != "high" || !slices.Equal(after.Tags, []string{"kept", "x"}) {
		t.Errorf("%+v", after)
	}
	if n := count(t, served, http.MethodPut); n != 2 {
		t.Errorf("%d updates sent", n)
	}
}

// made is a ticket with two tags.
func made(t *testing.T, client *Client) WholeTicket {
	t.Helper()
	return must(client.CreateTicket(t.Context(), "", TicketWrite{Tags: Set([]string{"kept", "old"}), Comment: &CommentWrite{Body: "x", Public: true}}))(t).Ticket
}

func TestEachOfManyTicketsIsSafeByItself(t *testing.T) {
	served, client := aSandbox(t, 0)
	one, two := made(t, client), made(t, client)
	theirs := sandbox.AccountChange{Tickets: []sandbox.TicketChange{{ID: two.ID, Set: map[string]any{"priority": "urgent"}}}}
	if err := served.ChangeAccount(theirs); err != nil {
		t.Fatal(err)
	}
	job := must(client.UpdateEach(t.Context(), []TicketUpdate{
		{one.ID, one.UpdatedAt, TicketWrite{Priority: Set("low")}}, {two.ID, two.UpdatedAt, TicketWrite{Priority: Set("low")}},
	}))(t)
	job = must(client.AwaitJob(t.Context(), job, func(context.Context, time.Duration) error { return nil }, func(Job) {}))(t)
	first, _ := job.Results.Of(one.ID)
	if second, _ := job.Results.Of(two.ID); !first.Done || second.Done || second.Code != "UpdateConflict" {
		t.Errorf("%+v", job.Results)
	}
}

func TestAJobThatIsNotWaitedForIsGivenAsItWasSeen(t *testing.T) {
	_, client := aSandbox(t, 0)
	job := must(client.UpdateTickets(t.Context(), []int64{made(t, client).ID}, TicketWrite{Priority: Set("low")}))(t)
	gone := errors.New("gone")
	looks := 0
	last, err := client.AwaitJob(t.Context(), job, func(context.Context, time.Duration) error {
		if looks++; looks > 1 {
			return gone
		}
		return nil
	}, func(Job) {})
	if !errors.Is(err, gone) || last.Status != "working" {
		t.Errorf("%+v %v", last, err)
	}
}

func TestAJobsAnswerIsTakenInEachShape(t *testing.T) {
	for body, want := range map[string]int{
		`{"job_status":{"id":"a","status":"failed","results":null}}`:                                    0,
		`{"job_status":{"id":"a","status":"killed","results":{"success":true}}}`:                        0,
		`{"job_status":{"id":"a","status":"completed","total":null,"results":[{"id":1,"index":0}]}}`:    1,
		`{"job_status":{"id":"a","status":"completed","message":"a\u001b[2J","results":[{"id":1},{}]}}`: 2,
	} {
		client, _ := newAccount(t, say(200, body))
		job := must(client.Job(t.Context(), "a"))(t)
		if !job.Over() || len(job.Results) != want || slices.Contains([]byte(job.Message), 0x1b) {
			t.Errorf("%s: %+v", body, job)
		}
	}
	client, _ := newAccount(t, say(200, `{}`))
	var unsure *UnsureError
	if _, err := client.UpdateTickets(t.Context(), []int64{1}, TicketWrite{}); !errors.As(err, &unsure) {
		t.Errorf("%v", err)
	}
	busy, _ := newAccount(t, say(429, `{"error":"TooManyJobs","description":"Too many"}`))
	if _, err := busy.UpdateTickets(t.Context(), []int64{1}, TicketWrite{}); errors.As(err, &unsure) || failureOf(t, err).Kind != transport.RateLimited {
		t.Errorf("%v", err)
	}
}

func TestAuditsTellWhatSomebodyElseChanged(t *testing.T) {
	served, client := aSandbox(t, 0)
	ticket := made(t, client)
	theirs := sandbox.AccountChange{Tickets: []sandbox.TicketChange{{ID: ticket.ID, Set: map[string]any{
		"priority": "urgent", "tags": []string{"b", "c"}, "comment": map[string]any{"body": "one\ntwo", "public": true},
	}}}}
	if err := served.ChangeAccount(theirs); err != nil {
		t.Fatal(err)
	}
	audits := must(client.TicketAudits(t.Context(), ticket.ID))(t)
	me := must(client.Me(t.Context()))(t)
	if len(audits) != 2 || audits[0].AuthorID != me.ID || audits[1].AuthorID == me.ID {
		t.Fatalf("%+v", audits)
	}
	changes := map[string]AuditEvent{}
	for _, event := range audits[1].Events {
		changes[event.Type+event.Field] = event
	}
	if said := changes["Comment"]; !slices.Equal(said.Body, Lines{"one", "two"}) || !said.Public {
		t.Errorf("%+v", said)
	}
	tags, priority := changes["Changetags"], changes["Changepriority"]
	if !slices.Equal(tags.Value, FieldValue{"b", "c"}) || !slices.Equal(tags.Previous, FieldValue{"kept", "old"}) || !slices.Equal(priority.Value, FieldValue{"urgent"}) || priority.Previous != nil {
		t.Errorf("%+v", audits[1].Events)
	}
}

func TestEventsOfOtherShapesAreToldByTheirType(t *testing.T) {
	client, _ := newAccount(t, say(200, `{"audits":[{"id":1,"author_id":-1,"created_at":"2026-11-01T00:00:00Z","events":[
		{"id":"x","type":"Odd","value":{"a":1},"body":["b"],"public":"no","attachments":{}},
		{"id":2,"type":"Change","field_name":"assignee_id","value":null,"previous_value":35436}]}],"meta":{"has_more":false}}`))
	audits := must(client.TicketAudits(t.Context(), 1))(t)
	want := []AuditEvent{{Type: "Odd"}, {ID: 2, Type: "Change", Field: "assignee_id", Previous: FieldValue{"35436"}}}
	if diff := cmp.Diff(want, audits[0].Events); diff != "" || audits[0].AuthorID != -1 {
		t.Error(diff)
	}
}
