// Changing many tickets at once: a job of the service's, which is asked for until it is over.

package zendesk

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"zsf/clients/transport"
)

// A Job is work on many records. That it is completed does not say that each record was changed.
type Job struct {
	ID       string     `json:"id"`
	Status   string     `json:"status"` // queued, working, completed, failed, killed
	Total    int        `json:"total"`
	Progress int        `json:"progress"` // records that were looked at
	Message  string     `json:"message"`
	Results  JobResults `json:"results"` // none before it is over
}

// A JobResult is what became of one record.
type JobResult struct {
	ID      int64  `json:"id"`
	Done    bool   `json:"success"`
	Status  string `json:"status"` // Updated
	Code    string `json:"error"`
	Message string `json:"details"`
}

// JobResults are what became of each record. One that is missing is not known of.
type JobResults []JobResult

// UnmarshalJSON takes a list; what else the service may say there names no record.
func (r *JobResults) UnmarshalJSON(body []byte) error {
	*r = nil
	if len(body) == 0 || body[0] != '[' {
		return nil
	}
	if err := json.Unmarshal(body, (*[]JobResult)(r)); err != nil {
		return fmt.Errorf("results of a job: %w", err)
	}
	return nil
}

// Of tells what became of one record, and false where the job does not say.
func (r JobResults) Of(id int64) (JobResult, bool) {
	at := slices.IndexFunc(r, func(one JobResult) bool { return one.ID == id })
	if at < 0 {
		return JobResult{}, false
	}
	return r[at], true
}

// Over tells whether nothing more will be done.
func (j Job) Over() bool {
	return j.Status == "completed" || j.Status == "failed" || j.Status == "killed"
}

// A TicketUpdate is an update of one ticket among many.
type TicketUpdate struct {
	ID    int64
	Since time.Time // when the ticket had last changed when it was read; zero: whatever it is by now
	Write TicketWrite
}

// UpdateTickets begins one and the same change of up to MaxUpdates tickets, whatever they are by now. AddTags and
// RemoveTags leave the tickets' other tags.
func (c *Client) UpdateTickets(ctx context.Context, ids []int64, write TicketWrite) (Job, error) {
	return c.updateMany(ctx, url.Values{"ids": {idList(ids)}}, map[string]TicketWrite{"ticket": write})
}

// UpdateEach begins a change of its own for each of up to MaxUpdates tickets. One that has changed since it was read is
// left alone, and its result says so.
func (c *Client) UpdateEach(ctx context.Context, updates []TicketUpdate) (Job, error) {
	all := make([]safeWrite, len(updates))
	for i, one := range updates {
		all[i] = one.Write.safe(one.Since)
		all[i].ID = one.ID
	}
	return c.updateMany(ctx, nil, map[string][]safeWrite{"tickets": all})
}

// updateMany is never repeated: the service knows no key here.
func (c *Client) updateMany(ctx context.Context, query url.Values, sent any) (Job, error) {
	var body struct {
		Job *Job `json:"job_status"`
	}
	answer, err := c.write(ctx, transport.Request{Method: http.MethodPut, Path: "/api/v2/tickets/update_many", Query: query}, sent, &body)
	if err == nil && (body.Job == nil || body.Job.ID == "") {
		err = &UnsureError{Err: c.garbled(answer, "the answer has no job")}
	}
	if err != nil {
		return Job{}, err
	}
	return *body.Job, nil
}

// Job reads how far a job is. The service forgets one after a day.
func (c *Client) Job(ctx context.Context, id string) (Job, error) {
	var body struct {
		Job *Job `json:"job_status"`
	}
	answer, err := c.get(ctx, "/api/v2/job_statuses/"+url.PathEscape(id), nil, &body)
	if err == nil && body.Job == nil {
		err = c.garbled(answer, "the answer has no job")
	}
	if err != nil {
		return Job{}, err
	}
	return *body.Job, nil
}

// How long is waited between two looks at a job: at first, and at most.
const (
	firstLook = 250 * time.Millisecond
	lastLook  = 4 * time.Second
)

// AwaitJob asks for a job until it is over or ctx ends, ever less often, and tells of each look. pause waits, and returns
// early with the context's error when ctx ends. A job that was not seen to its end is given as it was seen last.
func (c *Client) AwaitJob(ctx context.Context, job Job, pause func(context.Context, time.Duration) error, seen func(Job)) (Job, error) {
	for wait := firstLook; !job.Over(); wait = min(2*wait, lastLook) {
		if err := pause(ctx, wait); err != nil {
			return job, fmt.Errorf("waiting for the job %s: %w", job.ID, err)
		}
		now, err := c.Job(ctx, job.ID)
		if err != nil {
			return job, err
		}
		job = now
		seen(job)
	}
	return job, nil
}
