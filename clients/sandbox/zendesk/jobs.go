package zendesk

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A job is work on many records. What it does is done at once; that it is done shows after it was asked for twice.
type job struct {
	id, kind string
	at       time.Time
	looks    int
	results  []any
}

const (
	jobsAtOnce = 30
	jobTakes   = 10 * time.Second // when nobody asks for it
	jobKept    = 24 * time.Hour
)

func (a *Account) jobEndpoints() []endpoint {
	return []endpoint{
		{pattern: "GET /api/v2/job_statuses/{id}", action: "job_statuses/show", do: a.showJob},
		{pattern: "PUT /api/v2/tickets/update_many", action: "tickets/update_many", resource: "tickets", do: a.updateManyTickets},
		{pattern: "POST /api/v2/tickets/{id}/merge", action: "tickets/merge", resource: "tickets", do: a.withTicket(a.mergeTickets)},
	}
}

func (j job) over(now time.Time) bool { return j.looks > 1 || now.Sub(j.at) >= jobTakes }

// tooManyJobs refuses a job while as many are at work as may be.
func (a *Account) tooManyJobs(kind string) *answer {
	var ids []string
	for id, j := range a.jobs {
		if !j.over(a.now()) {
			ids = append(ids, id)
		}
	}
	if len(ids) < jobsAtOnce {
		return nil
	}
	slices.Sort(ids)
	return &answer{status: http.StatusTooManyRequests, body: object{
		{"error", "TooManyJobs"}, {"description", "Too many " + kind + " jobs are currently queued or running. Try again later."}, {"current_job_ids", ids},
	}}
}

func (a *Account) startJob(kind string, results []any) answer {
	if a.jobs == nil {
		a.jobs = map[string]job{}
	}
	j := job{id: derived("job", strconv.Itoa(len(a.jobs)))[:32], kind: kind, at: a.now(), results: results}
	a.jobs[j.id] = j
	return a.jobStatus(j)
}

// showJob keeps what it knows for a day.
func (a *Account) showJob(c *call) answer {
	j, known := a.jobs[c.request.PathValue("id")]
	if !known || a.now().Sub(j.at) >= jobKept {
		return recordNotFound()
	}
	j.looks++
	a.jobs[j.id] = j
	return a.jobStatus(j)
}

func (a *Account) jobStatus(j job) answer {
	status, progress, message, results := "queued", any(nil), any(nil), any(nil)
	switch {
	case j.over(a.now()):
		status, progress, message, results = "completed", len(j.results), "Completed at "+a.now().Format("2006-01-02 15:04:05 +0000"), j.results
	case j.looks == 1:
		status, progress = "working", len(j.results)/2
	}
	return ok(object{{"job_status", object{
		{"id", j.id},
		{"job_type", j.kind},
		{"url", a.url + "/api/v2/job_statuses/" + j.id + ".json"},
		{"total", len(j.results)},
		{"progress", progress},
		{"status", status},
		{"message", message},
		{"results", results},
	}}})
}

// updateManyTickets takes one update for the tickets of ids=…, or one for each of some tickets.
func (a *Account) updateManyTickets(c *call) answer {
	var sent struct {
		Ticket  fields   `json:"ticket"`
		Tickets []fields `json:"tickets"`
	}
	if err := json.Unmarshal(c.body, &sent); err != nil {
		return unreadableBody()
	}
	if c.query().Has("ids") {
		sent.Tickets = nil
		for _, id := range strings.Split(c.query().Get("ids"), ",") {
			one := fields{"id": json.RawMessage(strconv.FormatInt(parsedID(id), 10))}
			for name, value := range sent.Ticket {
				one[name] = value
			}
			sent.Tickets = append(sent.Tickets, one)
		}
	}
	switch {
	case len(sent.Tickets) == 0 || c.query().Has("ids") && sent.Ticket == nil:
		return missingParameter("tickets")
	case len(sent.Tickets) > 100:
		return tooManyValues()
	}
	const kind = "TicketBulkUpdateJob"
	if refused := a.tooManyJobs(kind); refused != nil {
		return *refused
	}
	results := []any{}
	for _, one := range sent.Tickets {
		results = append(results, a.updateOneOfMany(c, one))
	}
	return a.startJob(kind, results)
}

// updateOneOfMany tells what became of one ticket. RECALLED: which words stand in error and details.
func (a *Account) updateOneOfMany(c *call, sent fields) object {
	id := parsedID(string(sent["id"]))
	delete(sent, "id")
	failed := func(code, details string) object {
		return object{{"id", id}, {"action", "update"}, {"error", code}, {"details", details}, {"success", false}}
	}
	t, found := a.findTicket(id)
	if !found {
		return failed("TicketNotFound", "Ticket "+idText(id)+" was not found")
	}
	t.withTags(sent)
	body, err := encode(object{{"ticket", sent}})
	if err != nil {
		return failed("InvalidRequest", "The ticket is not valid")
	}
	said := a.updateTicket(&call{request: c.request, action: "tickets/update", token: c.token, user: c.user, body: body}, t)
	if said.status == http.StatusOK {
		return object{{"id", id}, {"action", "update"}, {"status", "Updated"}, {"success", true}}
	}
	if words, isText := said.body.(text); isText {
		return failed("TicketUpdateFailed", string(words))
	}
	refused, _ := said.body.(object)
	var words []string
	for _, one := range refused[1:] {
		words = append(words, fmt.Sprint(one.value))
		if one.name == "details" {
			words[len(words)-1] = jsonOf(one.value)
		}
	}
	code, _ := refused[0].value.(string)
	if code == "" {
		code = "Forbidden"
	}
	return failed(code, strings.Join(words, ": "))
}

// withTags makes one list of the tags that many updates add and remove.
func (t ticket) withTags(sent fields) {
	var add, remove []string
	_, adds := sent["additional_tags"]
	_, removes := sent["remove_tags"]
	if !adds && !removes {
		return
	}
	wrong := &problems{}
	set(sent, "additional_tags", &add, wrong)
	set(sent, "remove_tags", &remove, wrong)
	delete(sent, "additional_tags")
	delete(sent, "remove_tags")
	tags := append(slices.Clone(t.Tags), add...)
	tags = slices.DeleteFunc(tags, func(tag string) bool { return slices.Contains(remove, tag) })
	slices.Sort(tags)
	if raw, err := encode(slices.Compact(tags)); err == nil && !wrong.any() {
		sent["tags"] = raw
	}
}

// mergeTickets closes tickets in favour of one that gets their comments' words. RECALLED: the tag closed_by_merge.
func (a *Account) mergeTickets(c *call, target ticket) answer {
	var sent struct {
		IDs    []int64 `json:"ids"`
		Target string  `json:"target_comment"`
		Source string  `json:"source_comment"`

		TargetPublic bool `json:"target_comment_is_public"`
		SourcePublic bool `json:"source_comment_is_public"`
	}
	if err := json.Unmarshal(c.body, &sent); err != nil {
		return unreadableBody()
	}
	if len(sent.IDs) == 0 {
		return missingParameter("ids")
	}
	if refused := a.tooManyJobs("TicketMergeJob"); refused != nil {
		return *refused
	}
	results := []any{}
	for _, id := range sent.IDs {
		source, found := a.findTicket(id)
		if !found || source.Status == "closed" || target.Status == "closed" || id == target.ID {
			results = append(results, object{{"id", id}, {"action", "merge"}, {"error", "TicketMergeFailed"}, {"details", "The ticket cannot be merged"}, {"success", false}})
			continue
		}
		a.merge(c.user.ID, source, target.ID, sent.Source, sent.SourcePublic)
		results = append(results, object{{"id", id}, {"action", "merge"}, {"status", "Merged"}, {"success", true}})
	}
	words := sent.Target
	if words == "" {
		words = fmt.Sprintf("Requests %s were closed and merged into this request.", joined(sent.IDs))
	}
	a.addComment(target, c.user.ID, comment{Body: words, Public: sent.TargetPublic, Via: merged()})
	return a.startJob("TicketMergeJob", results)
}

func joined(ids []int64) string {
	var words []string
	for _, id := range ids {
		words = append(words, "#"+idText(id))
	}
	return strings.Join(words, ", ")
}

func merged() via { return via{Channel: "web", Source: viaSource{Rel: "merge"}} }

// merge closes a ticket in favour of another.
func (a *Account) merge(author int64, source ticket, target int64, words string, public bool) {
	if words == "" {
		into, _ := a.findTicket(target)
		words = fmt.Sprintf("This request was closed and merged into request #%d %q.", target, into.Subject)
	}
	source.Tags = append(slices.Clone(source.Tags), "closed_by_merge")
	slices.Sort(source.Tags)
	source.Status, source.CustomStatusID = "closed", statusID(defaultStatuses-1)
	a.addComment(source, author, comment{Body: words, Public: public, Via: merged()})
}

// addComment writes what a ticket has become with a comment, now.
func (a *Account) addComment(t ticket, author int64, said comment) {
	before, _ := a.findTicket(t.ID)
	t.UpdatedAt = a.now()
	a.write(before, t, author, &said)
}
