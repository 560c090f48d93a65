package zendesk

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// done is a job's results once it is over.
func (f *fixture) done(started said) []map[string]any {
	f.t.Helper()
	path := "/api/v2/job_statuses/" + started.must(f.t, 200).at(f.t, "job_status", "id").(string)
	var statuses []any
	got := started
	for range 2 {
		statuses = append(statuses, got.at(f.t, "job_status", "status"))
		got = f.get(path).must(f.t, 200)
	}
	if !slices.Equal(statuses, []any{"queued", "working"}) || got.at(f.t, "job_status", "status") != "completed" || started.at(f.t, "job_status", "results") != nil {
		f.t.Errorf("%v, then %s", statuses, got.body)
	}
	var results []map[string]any
	for _, one := range got.at(f.t, "job_status", "results").([]any) {
		results = append(results, one.(map[string]any))
	}
	return results
}

func TestACompletedJobHasTicketsThatItDidNotChange(t *testing.T) {
	f := open(t)
	one, two, closed := f.made(map[string]any{"tags": []string{"kept", "gone"}}), f.made(nil), f.made(nil)
	f.call(http.MethodPut, closed, update(map[string]any{"status": "closed"})).must(t, 200)
	id := func(path string) string { return path[strings.LastIndex(path, "/")+1:] }
	sent := update(map[string]any{"priority": "high", "additional_tags": []string{"new"}, "remove_tags": []string{"gone"}, "comment": map[string]any{"body": "all", "public": false}})
	results := f.done(f.call(http.MethodPut, fmt.Sprintf("/api/v2/tickets/update_many?ids=%s,%s,%s,9999", id(one), id(two), id(closed)), sent))
	var success []any
	for _, result := range results {
		success = append(success, result["success"])
	}
	if !slices.Equal(success, []any{true, true, false, false}) {
		t.Errorf("%v", results)
	}
	changed := f.get(one)
	if tags := changed.at(t, "ticket", "tags").([]any); !slices.Equal(tags, []any{"kept", "new"}) || changed.at(t, "ticket", "priority") != "high" {
		t.Errorf("%s", changed.body)
	}
	if comments := f.get(two+"/comments").list(t, "comments"); len(comments) != 2 || comments[1]["public"] != false {
		t.Errorf("%v", comments)
	}
	batch := map[string]any{"tickets": []any{
		map[string]any{"id": 301, "status": "pending"},
		map[string]any{"id": 302, "status": "pending", "safe_update": true, "updated_stamp": "2020-01-01T00:00:00Z"},
	}}
	each := f.done(f.call(http.MethodPut, "/api/v2/tickets/update_many", batch))
	if each[0]["success"] != true || each[1]["error"] != "UpdateConflict" {
		t.Errorf("%v", each)
	}
	f.call(http.MethodPut, "/api/v2/tickets/update_many", `{}`).must(t, 400)
	f.call(http.MethodPut, "/api/v2/tickets/update_many?ids="+strings.Repeat("1,", 100)+"1", sent).must(t, 400)
	f.get("/api/v2/job_statuses/none").must(t, 404)
}

func TestOnlySoManyJobsAreAtWork(t *testing.T) {
	f := open(t)
	sent := update(map[string]any{"priority": "high"})
	for range jobsAtOnce {
		f.call(http.MethodPut, "/api/v2/tickets/update_many?ids=9999", sent).must(t, 200)
	}
	refused := f.call(http.MethodPut, "/api/v2/tickets/update_many?ids=9999", sent).must(t, 429)
	if refused.at(t, "error") != "TooManyJobs" || len(refused.at(t, "current_job_ids").([]any)) != jobsAtOnce {
		t.Errorf("%s", refused.body)
	}
	*f.clock = f.clock.Add(jobTakes)
	f.call(http.MethodPut, "/api/v2/tickets/update_many?ids=9999", sent).must(t, 200)
}

func TestAMergedTicketIsClosedAndSaysWhere(t *testing.T) {
	f := open(t)
	target, source := f.made(nil), f.made(nil)
	number := source[strings.LastIndex(source, "/")+1:]
	results := f.done(f.call(http.MethodPost, target+"/merge", `{"ids":[`+number+`,9999]}`))
	if results[0]["success"] != true || results[1]["success"] != false {
		t.Errorf("%v", results)
	}
	merged := f.get(source).must(t, 200)
	if merged.at(t, "ticket", "status") != "closed" || merged.at(t, "ticket", "tags", 0) != "closed_by_merge" {
		t.Errorf("%s", merged.body)
	}
	said := f.get(source+"/comments").list(t, "comments")[1]
	if into := target[strings.LastIndex(target, "/")+1:]; !strings.Contains(said["body"].(string), "#"+into) || said["public"] != false {
		t.Errorf("%v", said)
	}
	if there := f.get(target+"/comments").list(t, "comments"); len(there) != 2 || !strings.Contains(there[1]["body"].(string), "#"+number) {
		t.Errorf("%v", there)
	}
}

func TestAuditsTellWhoChangedWhat(t *testing.T) {
	f := open(t)
	path := f.made(map[string]any{"priority": "low", "tags": []string{"a"}})
	f.call(http.MethodPut, path, update(map[string]any{"priority": "high", "tags": []string{"b"}})).must(t, 200)
	number := path[strings.LastIndex(path, "/")+1:]
	if err := f.account.Apply(Change{Tickets: []TicketChange{{ID: parsedID(number), Set: map[string]any{"status": "pending", "comment": map[string]any{"body": "theirs", "public": true}}}}}); err != nil {
		t.Fatal(err)
	}
	all := f.get(path+"/audits?page[size]=100").must(t, 200).list(t, "audits")
	if len(all) != 3 || all[0]["author_id"] != float64(staffID(signedIn)) || all[2]["author_id"] != float64(staffID(adminCount)) {
		t.Fatalf("%v", all)
	}
	told := func(audit map[string]any) (words []string) {
		for _, one := range audit["events"].([]any) {
			event := one.(map[string]any)
			words = append(words, fmt.Sprint(event["type"], " ", event["field_name"], " ", event["previous_value"], "→", event["value"]))
		}
		return words
	}
	if got := told(all[1]); !slices.Equal(got, []string{"Change priority low→high", "Change tags [a]→[b]"}) {
		t.Errorf("%q", got)
	}
	if got := told(all[2]); got[0] != "Comment <nil> <nil>→<nil>" || got[1] != "Change status open→pending" {
		t.Errorf("%q", got)
	}
	if got := told(all[0]); !slices.Contains(got, "Create priority <nil>→low") || !strings.HasPrefix(got[0], "Comment") {
		t.Errorf("%q", got)
	}
	for n := range 30 {
		path := fmt.Sprintf("/api/v2/tickets/%d", n+1)
		audits := f.walk(path+"/audits?page[size]=2", "audits")
		if comments := f.walk(path+"/comments?page[size]=100", "comments"); len(audits) != len(comments) {
			t.Errorf("ticket %d: %d audits, %d comments", n+1, len(audits), len(comments))
		}
	}
}

func TestWhatSomebodyElseDoesIsALaterChange(t *testing.T) {
	f := open(t)
	path := f.made(nil)
	id := parsedID(path[strings.LastIndex(path, "/")+1:])
	stamp := f.get(path).at(t, "ticket", "updated_at")
	change := func(c TicketChange) error { return f.account.Apply(Change{Tickets: []TicketChange{c}}) }
	if err := change(TicketChange{ID: id, Set: map[string]any{"priority": "urgent"}}); err != nil {
		t.Fatal(err)
	}
	f.call(http.MethodPut, path, update(map[string]any{"priority": "low", "safe_update": true, "updated_stamp": stamp})).must(t, 409)
	if err := change(TicketChange{Set: map[string]any{"subject": "Theirs", "comment": map[string]any{"body": "new"}}}); err != nil || f.account.ticketCount() != int(id)+1 {
		t.Errorf("%v, %d tickets", err, f.account.ticketCount())
	}
	if err := change(TicketChange{ID: id, MergedInto: id + 1}); err != nil || f.get(path).at(t, "ticket", "status") != "closed" {
		t.Errorf("%v", err)
	}
	for _, wrong := range []TicketChange{{ID: 9999}, {ID: id, By: "nobody@else.example"}, {ID: id, Set: map[string]any{"status": "open"}}} {
		if change(wrong) == nil {
			t.Errorf("%+v was made", wrong)
		}
	}
	if err := change(TicketChange{ID: id, Deleted: true}); err != nil {
		t.Error(err)
	}
	f.get(path).must(t, 404)
}
