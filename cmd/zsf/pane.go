// The pane of a record's tickets: what it may use of a session.

package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"zsf/flows/flow"
	"zsf/flows/tickets"
	"zsf/ui/parts"
	pane "zsf/ui/tickets"
)

// showTickets opens the pane on the record that was named, or on the search for one.
func (p *program) showTickets(ctx context.Context, s *session, request ticketsRequest) error {
	options := p.appOptions(s, checkRequest{})
	options.AtTickets = true
	options.Tickets = func(ctx context.Context) pane.Options {
		begun := p.paneOptions(ctx, s.latest(), request.noCache)
		begun.Text, begun.By, begun.With = request.text, tickets.By(request.match), request.with
		if request.query.Sort != tickets.ByUpdated || request.query.Reversed {
			begun.View.Sort, begun.View.Reversed = request.query.Sort, request.query.Reversed
		}
		if len(request.statuses) > 0 {
			begun.View.Statuses, begun.View.Labels = nil, nil
		}
		for _, status := range request.statuses {
			if slices.Contains(tickets.Statuses, status) {
				begun.View.Statuses = append(begun.View.Statuses, status)
			} else {
				begun.View.Labels = append(begun.View.Labels, status)
			}
		}
		begun.View.All = begun.View.All || request.all
		return begun
	}
	return leftByHand(p.show(ctx, s, options, checkRequest{}))
}

// paneOptions are what the pane may use of a session as it is just now.
func (p *program) paneOptions(ctx context.Context, s *session, noCache bool) pane.Options {
	desk := p.desk(s)
	options := pane.Options{
		Desk: desk, Memory: p.memory(s, noCache), Profile: s.profile.Name, Account: s.world.ZendeskURL(),
		Open: p.Open, Clock: parts.SystemClock(), Folder: "~/Downloads",
		Save: func(ctx context.Context, file tickets.Attachment, path string) (string, error) {
			return desk.Save(ctx, file, path, cmp.Or(p.Getenv("HOME"), p.Getenv("USERPROFILE")))
		},
		Waits: func() (waiting flow.Waiting) {
			if last := s.waits.Load(); last != nil {
				waiting = *last
			}
			return waiting
		},
	}
	if s.noState != nil || s.sandbox != nil {
		return options // a rehearsal leaves no trace
	}
	if body, err := s.state.View(ctx, s.profile.Name, ticketView); err == nil && body != nil {
		_ = json.Unmarshal(body, &options.View) // another zsf's view is no reason not to show tickets
	}
	options.KeepView = func(ctx context.Context, view pane.View) error {
		body, err := json.Marshal(view)
		if err != nil {
			return fmt.Errorf("keep the view: %w", err)
		}
		return s.state.KeepView(ctx, s.profile.Name, ticketView, body)
	}
	return options
}

// ticketView is the name under which the list's order and filters are kept.
const ticketView = "tickets"
