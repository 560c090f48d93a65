// The requests of the pane: each kind runs once at a time, and a new one ends the one before.

package tickets

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"zsf/ui/parts"
)

// A request is one that is under way; its zero value is none.
type request struct {
	number int
	stop   context.CancelFunc
	since  time.Time
}

// The messages that come back beside the answers of requests. Each travels in a parts.Reply.
type (
	ticked   struct{}
	did      struct{ do func() tea.Cmd } // what was chosen in an overlay
	opened   struct{ err error }
	viewKept struct{ err error }
)

func (r *request) runs() bool { return r.number != 0 }

func (r *request) is(reply parts.Reply) bool { return r.number != 0 && reply.Number == r.number }

func (r *request) end() {
	if r.stop != nil {
		r.stop()
	}
	*r = request{}
}

func (m *Model) call() parts.Call {
	m.number++
	return parts.Call{Screen: Screen, Number: m.number}
}

// ask ends the request of its kind that runs, and starts another.
func (m *Model) ask(r *request, work func(ctx context.Context) tea.Msg) tea.Cmd {
	r.end()
	ctx, stop := context.WithCancel(m.ctx)
	call := m.call()
	*r = request{number: call.Number, stop: stop, since: m.now}
	return parts.Do(call, func() tea.Msg { return work(ctx) })
}

// after is a request that does nothing but wait.
func (m *Model) after(r *request, pause time.Duration, message tea.Msg) tea.Cmd {
	clock := m.options.Clock
	return m.ask(r, func(ctx context.Context) tea.Msg {
		select {
		case <-clock.After(pause):
			return message
		case <-ctx.Done():
			return nil
		}
	})
}

// do makes what an overlay's choice does come back to Update.
func (m *Model) do(what func() tea.Cmd) tea.Cmd {
	return parts.Do(m.call(), func() tea.Msg { return did{what} })
}

// tick lets time pass on the screen, as long as something on it depends on time.
func (m *Model) tick() tea.Cmd {
	pause := time.Second
	switch {
	case m.ticking != 0 || m.ctx == nil || m.ctx.Err() != nil:
		return nil
	case m.waits():
		pause = 100 * time.Millisecond
	case m.place == searching && m.toast.Words() == "":
		return nil
	}
	call := m.call()
	m.ticking = call.Number
	return m.options.Clock.Wait(m.ctx, call, pause, ticked{})
}

// waits tells whether a person sees the pane wait for something.
func (m *Model) waits() bool {
	return m.search.hitting.runs() || m.search.opening.runs() || m.list.loading.runs() || m.talk.asking.runs()
}

func (m *Model) openPage(url string) tea.Cmd {
	ctx, open := m.ctx, m.options.Open
	m.say("checklist.opening")
	return parts.Do(m.call(), func() tea.Msg { return opened{err: open(ctx, url)} })
}
