// The requests of the checklist: looks, their events, the passing of time, the browser, another scenario.

package checklist

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"zsf/flows/flow"
	"zsf/ui/parts"
)

// The messages that come back. Each travels in a parts.Reply.
type (
	ticked   struct{}
	selected struct{ scenario string }
	opened   struct{ err error }
	switched struct {
		name    string
		checker Checker
		err     error
	}
)

func (m *Model) call() parts.Call {
	m.number++
	return parts.Call{Screen: Screen, Number: m.number}
}

func (m *Model) lookAtAll() tea.Cmd {
	checker, only := m.options.Checker, m.options.Only
	return m.startLook(func(ctx context.Context, emit func(flow.Event)) flow.Report {
		return checker.Look(ctx, only, emit)
	})
}

func (m *Model) lookAgain(id flow.ID) tea.Cmd {
	checker := m.options.Checker
	return m.startLook(func(ctx context.Context, emit func(flow.Event)) flow.Report {
		return checker.Again(ctx, id, emit)
	})
}

// startLook ends the running look and starts another.
func (m *Model) startLook(work func(context.Context, func(flow.Event)) flow.Report) tea.Cmd {
	m.stopLook()
	m.next = time.Time{}
	return m.look.Start(m.ctx, m.call(), m.now, work)
}

func (m *Model) stopLook() {
	m.look.Stop()
	for i := range m.items {
		m.items[i].Looking = false
	}
}

// answer takes what a request came to, unless nothing waits for it any more.
func (m *Model) answer(reply parts.Reply) tea.Cmd {
	if reply.Number <= m.born {
		return nil // it was asked before the screen was left
	}
	switch message := reply.Message.(type) {
	case ticked:
		if reply.Number == m.ticking {
			m.ticking = 0
			return m.watch()
		}
	case parts.Events:
		if m.look.Is(reply) {
			return m.hear(reply.Call, message.Batch)
		}
	case opened:
		if message.err != nil {
			m.say("checklist.not-opened", "Reason", message.err)
		} else {
			m.say("checklist.opened")
		}
	case selected:
		return m.enter(message.scenario)
	case switched:
		return m.entered(message)
	case parts.Failed:
		if m.look.Is(reply) || m.switching {
			m.stopLook()
			m.look.Err, m.switching = message.Err, false
		}
	}
	return nil
}

func (m *Model) hear(call parts.Call, batch []any) tea.Cmd {
	for _, event := range batch {
		switch event := event.(type) {
		case flow.Looking:
			m.begin(event.Step)
		case flow.Found:
			m.settle(event.Finding)
		case flow.Waiting:
			m.look.Wait(event)
		case parts.LookEnded:
			m.end(event.Report)
			m.arrange()
			return nil
		}
	}
	m.arrange()
	return m.look.Listen(call)
}

func (m *Model) begin(id flow.ID) {
	if item := m.item(id); item != nil && item.Begin(m.now) {
		m.look.Steps++
	}
}

func (m *Model) settle(finding flow.Finding) {
	item := m.item(finding.Step)
	if item == nil {
		return
	}
	if item.Step.ID == m.chosen && item.Finding.Verdict != finding.Verdict {
		m.page = 0
		m.reader.Reset()
	}
	if item.Settle(finding) {
		m.look.Settled++
	}
	if isWrong(finding.Verdict) {
		m.kept[finding.Step] = true
	}
}

// end takes the report of a look that came to its end.
func (m *Model) end(report flow.Report) {
	first := !m.look.Finished
	for _, finding := range report.Findings {
		m.settle(finding)
	}
	m.stopLook()
	m.report = report
	m.look.End(report, m.now)
	if m.options.Watch > 0 {
		m.next = m.now.Add(m.options.Watch)
	}
	if first && !m.moved {
		m.chooseWorst()
	}
}

// chooseWorst puts the cursor where there is something to do, before anybody has moved it.
func (m *Model) chooseWorst() {
	for _, verdict := range []flow.Verdict{flow.Fail, flow.Warn} {
		for _, item := range m.items {
			if item.Finding.Verdict == verdict {
				m.choose(item.Step.ID)
				return
			}
		}
	}
}

// tick lets time pass on the screen, as long as something on it depends on time.
func (m *Model) tick() tea.Cmd {
	var pause time.Duration
	switch {
	case m.ticking != 0:
		return nil
	case m.look.Runs():
		pause = 100 * time.Millisecond
	case m.toast.Words() != "" || !m.next.IsZero():
		pause = time.Second
	default:
		return nil
	}
	call := m.call()
	m.ticking = call.Number
	return m.options.Clock.Wait(m.ctx, call, pause, ticked{})
}

// watch looks again when it is time.
func (m *Model) watch() tea.Cmd {
	if m.next.IsZero() || m.look.Runs() || m.now.Before(m.next) {
		return nil
	}
	return m.lookAtAll()
}

func (m *Model) open(url string) tea.Cmd {
	ctx, open := m.ctx, m.options.Open
	m.say("checklist.opening")
	return parts.Do(m.call(), func() tea.Msg { return opened{err: open(ctx, url)} })
}

// enter switches the demo to another scenario: nothing that was seen before holds there.
func (m *Model) enter(name string) tea.Cmd {
	m.stopLook()
	m.look = parts.Look{}
	for i := range m.items {
		m.items[i] = parts.Item{Step: m.items[i].Step, Group: m.items[i].Group}
	}
	m.kept, m.wrongOnly, m.moved, m.next = map[flow.ID]bool{}, false, false, time.Time{}
	m.options.Scenario, m.switching = name, true
	m.report = flow.Report{Profile: m.report.Profile}
	m.choose(m.items[0].Step.ID)
	m.arrange()
	ctx, change := m.ctx, m.options.Switch
	return parts.Do(m.call(), func() tea.Msg {
		checker, err := change(ctx, name)
		return switched{name: name, checker: checker, err: err}
	})
}

func (m *Model) entered(message switched) tea.Cmd {
	if message.name != m.options.Scenario {
		return nil // another was chosen meanwhile
	}
	m.switching, m.toast = false, parts.Toast{}
	if message.err != nil {
		m.look.Err = message.err
		return nil
	}
	m.options.Checker = message.checker
	return m.lookAtAll()
}
