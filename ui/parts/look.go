// A look at the steps of a flow, whose events come back to the screen one batch after the other.

package parts

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"zsf/flows/flow"
)

// A Look is one go at the steps: the running one, or the last. Its zero value is none.
type Look struct {
	Started  time.Time
	Steps    int  // that it looks at
	Settled  int  // of them
	Finished bool // one look came to its end
	At       time.Time
	Took     time.Duration
	Err      error        // why the last one broke off
	Waiting  flow.Waiting // a service asked to be left alone

	number int             // of its request; 0 when none runs
	ctx    context.Context //nolint:containedctx // one a look, cancelled when another starts
	stop   context.CancelFunc
	events <-chan any
}

// LookEnded tells that a look came to its end.
type LookEnded struct{ Report flow.Report }

// Events are what a look told meanwhile: flow.Event, or LookEnded as the last. They travel in a Reply.
type Events struct{ Batch []any }

// Start ends the running look and starts another. Its events come through a channel, the report last.
func (l *Look) Start(ctx context.Context, call Call, now time.Time, work func(context.Context, func(flow.Event)) flow.Report) tea.Cmd {
	l.Stop()
	ctx, stop := context.WithCancel(ctx)
	channel := make(chan any, 64)
	*l = Look{number: call.Number, ctx: ctx, stop: stop, events: channel, Started: now, Finished: l.Finished, At: l.At, Took: l.Took}

	send := func(event any) {
		select {
		case channel <- event:
		case <-ctx.Done():
		}
	}
	run := Do(call, func() tea.Msg {
		report := work(ctx, func(event flow.Event) { send(event) })
		send(LookEnded{report})
		return nil
	})
	return tea.Batch(run, l.Listen(call))
}

// Listen waits for the look's next events, and takes all that are there.
func (l *Look) Listen(call Call) tea.Cmd {
	ctx, channel := l.ctx, l.events
	return Do(call, func() tea.Msg {
		var batch []any
		select {
		case event := <-channel:
			batch = append(batch, event)
		case <-ctx.Done():
			return nil
		}
		for {
			select {
			case event := <-channel:
				batch = append(batch, event)
			default:
				return Events{batch}
			}
		}
	})
}

// Stop ends the look that runs.
func (l *Look) Stop() {
	if l.stop != nil {
		l.stop()
	}
	l.number, l.stop, l.Waiting = 0, nil, flow.Waiting{}
}

// Runs tells whether a look is under way.
func (l *Look) Runs() bool { return l.number != 0 }

// Is tells whether an answer is to the look that runs.
func (l *Look) Is(reply Reply) bool { return l.number != 0 && reply.Number == l.number }

// Wait keeps the longest wait that a service asked for.
func (l *Look) Wait(event flow.Waiting) {
	if event.Until.After(l.Waiting.Until) {
		l.Waiting = event
	}
}

// End notes that the look came to its end.
func (l *Look) End(report flow.Report, now time.Time) {
	l.Stop()
	l.Finished, l.At, l.Took = true, now, report.Took
}
