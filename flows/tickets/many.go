// Several tickets at once.
//
// Each is updated by a call of its own, four at a time, and not by one job for all: a job's updates are safe only against
// what happens while it runs, its answer says nothing of what somebody changed since the preview, and one that got no answer
// could not be looked for. So each ticket has its own stamp, its own line in the journal, its own result, and can be taken up
// again alone. The service's own limit of updates a minute is waited for as with any other call.

package tickets

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"zsf/clients/transport"
)

// atOnce is how many tickets are sent together.
const atOnce = 4

// MostTickets is how many tickets are changed at once.
const MostTickets = 100

// A Result is what became of one of several tickets.
type Result struct {
	Ticket int64
	Sent   Sent
	Err    error // one of Send's; nil: it was written; ErrNothing: it was so already
}

// SendMany sends a draft of several tickets; emit hears of each as it is settled, from any goroutine. The results are in
// the order of the tickets. Those that were not written stay in the draft, which is kept until none is left: sending it
// again writes no ticket twice.
func (d *Desk) SendMany(ctx context.Context, draft Draft, catalog Catalog, emit func(Result)) ([]Result, error) {
	if d.account == nil {
		return nil, &transport.Error{Service: transport.Zendesk, Kind: transport.SignInMissing}
	}
	if problems := draft.Problems(catalog); len(problems) > 0 {
		return nil, &ProblemsError{Fields: problems}
	}
	all := &several{draft: draft, keep: d.saver()}
	results := make([]Result, len(draft.Tickets))
	var calls errgroup.Group
	calls.SetLimit(atOnce)
	for i, id := range draft.Tickets {
		if draft.Parts[id].Sent {
			continue
		}
		calls.Go(func() error {
			results[i] = d.sendPart(ctx, all, catalog, id)
			emit(results[i])
			return nil
		})
	}
	_ = calls.Wait() // each has its own error
	var settled []Result
	for _, result := range results {
		if result.Ticket != 0 {
			settled = append(settled, result)
		}
	}
	return settled, all.finish(context.WithoutCancel(ctx))
}

func (d *Desk) sendPart(ctx context.Context, all *several, catalog Catalog, id int64) Result {
	if err := ctx.Err(); err != nil {
		return Result{Ticket: id, Err: err}
	}
	part := all.part(id)
	sent, err := d.send(ctx, part, catalog, saver{save: all.save, drop: all.drop})
	if errors.Is(err, ErrNothing) {
		err = joined(err, all.drop(ctx, part))
	}
	return Result{Ticket: id, Sent: sent, Err: err}
}

// Part is the draft of one of several tickets: what a conflict of it is merged with.
func (d Draft) Part(id int64) Draft {
	part, of := d.Parts[id], d
	of.Ticket, of.Tickets, of.Parts = id, nil, nil
	of.Base, of.Sending = part.Base, part.Sending
	if len(part.Leave) > 0 {
		of.Values = maps.Clone(d.Values)
		for _, key := range part.Leave {
			delete(of.Values, key)
		}
		if slices.Contains(part.Leave, CommentKey) {
			of.Comment = ""
		}
	}
	of.Files = make([]File, len(d.Files))
	copy(of.Files, d.Files)
	if len(part.Files) > 0 {
		copy(of.Files, part.Files)
	}
	if of.Comment == "" && d.Comment != "" {
		of.Files = nil // they went with the comment
	}
	return of
}

// Pending are the tickets of a draft that were not written yet.
func (d Draft) Pending() []int64 {
	var ids []int64
	for _, id := range d.Tickets {
		if !d.Parts[id].Sent {
			ids = append(ids, id)
		}
	}
	return ids
}

// WithoutClosed leaves out those of several tickets that were closed when writing began, as they take no changes, and names them.
func (d Draft) WithoutClosed() (left Draft, closed []int64) {
	left = d
	left.Tickets, left.Parts = nil, map[int64]Part{}
	for _, id := range d.Tickets {
		if d.Parts[id].Base.Category == "closed" {
			closed = append(closed, id)
			continue
		}
		left.Tickets, left.Parts[id] = append(left.Tickets, id), d.Parts[id]
	}
	return left, closed
}

// several is a draft of which parts are sent at the same time.
type several struct {
	mu    sync.Mutex
	draft Draft
	keep  saver
}

func (s *several) part(id int64) Draft {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.draft.Part(id)
}

func (s *several) save(ctx context.Context, part Draft) error { return s.put(ctx, part, false) }

func (s *several) drop(ctx context.Context, part Draft) error { return s.put(ctx, part, true) }

func (s *several) put(ctx context.Context, part Draft, sent bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	kept := s.draft.Parts[part.Ticket]
	kept.Base, kept.Files, kept.Sending, kept.Sent = part.Base, part.Files, part.Sending, sent
	parts := map[int64]Part{} // whoever was handed the draft has the old ones
	maps.Copy(parts, s.draft.Parts)
	s.draft.Parts = parts
	s.draft.Parts[part.Ticket] = kept
	return s.keep.save(ctx, s.draft)
}

// finish drops the draft once all are written.
func (s *several) finish(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.draft.Pending()) > 0 {
		return s.keep.save(ctx, s.draft)
	}
	return s.keep.drop(ctx, s.draft)
}
