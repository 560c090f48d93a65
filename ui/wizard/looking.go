// Looks and the passing of time: the first look, watching while somebody acts, and going on by itself.

package wizard

import (
	"context"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"zsf/flows/flow"
	"zsf/flows/run"
	"zsf/ui/parts"
)

// The messages that concern no single step. Each travels in a parts.Reply.
type (
	ticked    struct{}
	recovered struct {
		results []run.Result
		changes []run.Recorded
		err     error
	}
	reviewed struct{ changes []run.Recorded }
	selected struct{ scenario string }
	switched struct {
		runner   Runner
		scenario string // empty: the layout was switched
		err      error
	}
	ended struct {
		err   error
		quits bool
	}
)

// A goingOn is when the wizard goes on by itself, from which step.
type goingOn struct {
	at    time.Time // zero: it does not
	from  flow.ID
	asked bool // by a key, while it was still being looked at
}

const (
	doneTime  = 2 * time.Second // how long "Done" is shown
	quietTime = 3 * time.Second // without a key, before anything moves by itself
)

func (m *Model) call() parts.Call {
	m.number++
	return parts.Call{Screen: Screen, Number: m.number}
}

// recover finds out what became of the changes that an earlier zsf left in the middle.
func (m *Model) recover() tea.Cmd {
	m.recovering = true
	ctx, runner := m.ctx, m.run
	return parts.Do(m.call(), func() tea.Msg {
		results, err := runner.Recover(ctx)
		changes, failed := runner.Changes(ctx)
		if err == nil {
			err = failed
		}
		return recovered{results, changes, err}
	})
}

func (m *Model) recovered(message recovered) tea.Cmd {
	m.recovering, m.changes = false, message.changes
	for _, found := range message.results {
		m.notices = append(m.notices, m.noticeOf(found))
	}
	if message.err != nil {
		m.notices = append(m.notices, m.frame.Words.T("wizard.not-recovered", "Reason", message.err))
	}
	return m.lookAtAll()
}

// noticeOf says what became of a change that was left in the middle.
func (m *Model) noticeOf(found run.Result) string {
	id := "wizard.recovered-" + string(found.Outcome)
	if found.Outcome == flow.NotMade && found.Err == nil {
		id = "wizard.recovered-taken-back"
	}
	return m.frame.Words.T(id, "Time", flow.Moment(found.Change.ReadAt), "Change", found.Change.Title, "Entry", found.Entry)
}

func (m *Model) lookAtAll() tea.Cmd {
	runner := m.run
	return m.startLook(func(ctx context.Context, emit func(flow.Event)) flow.Report {
		return runner.Look(ctx, nil, emit)
	})
}

// lookAgain looks at one step; at all, while there was no whole look yet.
func (m *Model) lookAgain(id flow.ID) tea.Cmd {
	if !m.look.Finished {
		return m.lookAtAll()
	}
	runner := m.run
	return m.startLook(func(ctx context.Context, emit func(flow.Event)) flow.Report {
		return runner.Again(ctx, id, emit)
	})
}

// lookAfter looks at a step again after something was done there.
func (m *Model) lookAfter(it *item) tea.Cmd { return m.lookAgain(it.Step.ID) }

func (m *Model) startLook(work func(context.Context, func(flow.Event)) flow.Report) tea.Cmd {
	m.stopLook()
	return m.look.Start(m.ctx, m.call(), m.now, work)
}

func (m *Model) stopLook() {
	m.look.Stop()
	for i := range m.items {
		m.items[i].Looking, m.items[i].spoken = false, false
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
			return m.passTime()
		}
	case parts.Events:
		if m.look.Is(reply) {
			return m.hear(reply.Call, message.Batch)
		}
	case recovered:
		return m.recovered(message)
	case reviewed:
		m.changes = message.changes
	case opened:
		m.sayOpened(message)
	case selected:
		return m.switchTo(message.scenario)
	case switched:
		return m.switched(message)
	case ended:
		m.ending, m.endErr = false, message.err
		switch {
		case message.err != nil:
		case message.quits:
			return quit
		default:
			return m.out()
		}
	case parts.Failed:
		return m.failed(reply, message.Err)
	}
	return m.answerStep(reply)
}

func (m *Model) sayOpened(message opened) {
	switch {
	case message.err != nil:
		m.say("checklist.not-opened", "Reason", message.err)
	case message.kept != nil:
		m.toast.Show(m.frame.Words.Error(message.kept), m.now)
	default:
		m.say("checklist.opened")
	}
}

// answerStep takes the answer to what was begun at a step.
func (m *Model) answerStep(reply parts.Reply) tea.Cmd {
	it := m.startedBy(reply.Number)
	if it == nil {
		return nil
	}
	switch message := reply.Message.(type) {
	case prepared:
		return m.prepared(it, message)
	case made:
		return m.made(it, message)
	case noted:
		return m.noted(it, message)
	}
	return nil
}

// startedBy finds the step at which a request was begun, if it still waits for it.
func (m *Model) startedBy(number int) *item {
	for i := range m.items {
		if m.items[i].number == number {
			return &m.items[i]
		}
	}
	return nil
}

// failed takes a mistake of zsf in work that it was asked for.
func (m *Model) failed(reply parts.Reply, err error) tea.Cmd {
	it := m.startedBy(reply.Number)
	switch {
	case m.look.Is(reply):
		m.stopLook()
		m.look.Err = err
	case it != nil:
		it.abandon()
		it.trouble = err
	default:
		m.switching, m.ending, m.recovering = "", false, false
		m.toast.Show(m.frame.Words.Error(err), m.now)
		if !m.look.Finished && !m.look.Runs() {
			return m.lookAtAll()
		}
	}
	return nil
}

func (m *Model) hear(call parts.Call, batch []any) tea.Cmd {
	for _, event := range batch {
		switch event := event.(type) {
		case flow.Looking:
			if at, ok := m.find(event.Step); ok && m.items[at].Begin(m.now) {
				m.look.Steps++
			}
		case flow.Found:
			m.settle(event.Finding)
		case flow.Waiting:
			m.look.Wait(event)
		case parts.LookEnded:
			m.end(event.Report)
			return tea.Batch(m.byItself(), m.review())
		}
	}
	m.place()
	return m.look.Listen(call)
}

func (m *Model) settle(finding flow.Finding) {
	at, ok := m.find(finding.Step)
	if !ok {
		return
	}
	it := &m.items[at]
	if it.spoken && !finding.ReadAt.After(it.Finding.ReadAt) {
		return // what the person said has crossed what was found before
	}
	if it.Finding.Verdict != finding.Verdict {
		it.page = 0
	}
	if it.Settle(finding) {
		m.look.Settled++
	}
	if it.Step.Ask != nil {
		it.questions = m.run.Questions(it.Step.ID)
	}
}

// end takes the report of a look that came to its end.
func (m *Model) end(report flow.Report) {
	for _, finding := range report.Findings {
		m.settle(finding)
	}
	m.stopLook()
	m.report = report
	m.look.End(report, m.now)
	m.place()
	m.placed = true
	if it := m.current(); m.goOn.asked && (it == nil || !it.settled()) {
		m.goOn = goingOn{}
	}
	for i := range m.items {
		m.watched(&m.items[i])
	}
}

// place opens the wizard at the first step that does not hold, as soon as all before it are known, unless a
// person is at the keys. Where all hold, one that is not as it should be is worth a look; else it is the end.
func (m *Model) place() {
	if m.placed {
		return
	}
	for at := range m.items {
		it := &m.items[at]
		switch {
		case !it.Seen || it.Looking:
			return
		case it.settled(), it.Finding.Verdict == flow.Unknown && m.holdsAfter(at):
			continue
		case it.Finding.Verdict == flow.Unknown && m.look.Runs():
			return // what comes after it may hold
		}
		m.at, m.placed = at, true
		return
	}
	m.at, m.placed = m.nextOpen(0), true
	warned := slices.IndexFunc(m.items, func(it item) bool { return it.Finding.Verdict == flow.Warn })
	if warned >= 0 {
		m.at = warned // at most what only a person can tell is left, and this is not as it should be
	}
}

// holdsAfter tells that a later step holds by an API's word. A step that no API tells about is then not where
// to begin: the faulty one comes first. That some ticket is found says nothing: it is before anything is set up.
func (m *Model) holdsAfter(at int) bool {
	for i := at + 1; i < len(m.items); i++ {
		if it := &m.items[i]; it.Seen && !it.Looking && it.Finding.Verdict == flow.Pass && (it.Step.ID != "tickets.sample" || m.begun()) {
			return true
		}
	}
	return false
}

// begun tells that something of the set-up itself is there by an API's word.
func (m *Model) begun() bool {
	return slices.ContainsFunc(m.items, func(it item) bool {
		return it.Finding.Verdict == flow.Pass && (it.Step.ID == "setup.package" || it.Step.ID == "setup.connect")
	})
}

// beginWait watches a step until what somebody else does there has happened.
func (m *Model) beginWait(it *item) {
	if it.mode != waiting {
		it.wait = wait{since: m.now, warned: it.Finding.Verdict == flow.Warn}
	}
	it.mode = waiting
	it.wait.next = m.now.Add(run.Pause(0))
	m.reader.Reset()
}

// watched takes what a look came to for a step that waits.
func (m *Model) watched(it *item) {
	if it.mode != waiting {
		return
	}
	it.wait.last = m.now
	it.wait.next = m.now.Add(run.Pause(m.now.Sub(it.wait.since)))
	verdict := it.Finding.Verdict
	if it.wait.underway && verdict == flow.Fail && !it.Finding.Underway {
		// What the service was at work on came to nothing; what it said is among what we see.
		it.mode = atStep
		it.result = &result{Result: run.Result{Outcome: flow.NotMade}}
		return
	}
	if !verdict.Holds() || verdict == flow.Warn && it.wait.warned {
		return
	}
	it.mode = atStep
	it.result = &result{done: true}
	if m.current() == it {
		m.goOn = goingOn{at: m.now.Add(doneTime), from: it.Step.ID}
		m.reader.Reset()
	}
}

// review finds out what became of the changes that a service was at work on, once it no longer is.
func (m *Model) review() tea.Cmd {
	over := slices.ContainsFunc(m.changes, func(recorded run.Recorded) bool {
		at, ok := m.find(recorded.Change.Step)
		return ok && recorded.Outcome == flow.Underway && !m.items[at].Finding.Underway && m.items[at].Finding.Err == nil
	})
	if !over || m.run.Watches() {
		return nil
	}
	ctx, runner, known := m.ctx, m.run, m.changes
	return parts.Do(m.call(), func() tea.Msg {
		_, _ = runner.Recover(ctx) // what cannot be found out now is found out at the next start, and said then
		changes, err := runner.Changes(ctx)
		if err != nil {
			changes = known
		}
		return reviewed{changes}
	})
}

// tick lets time pass on the screen, as long as something on it depends on time.
func (m *Model) tick() tea.Cmd {
	pause := m.pause()
	if m.ticking != 0 || pause == 0 {
		return nil
	}
	call := m.call()
	m.ticking = call.Number
	return m.options.Clock.Wait(m.ctx, call, pause, ticked{})
}

func (m *Model) pause() time.Duration {
	it := m.current()
	switch {
	case m.look.Runs() || it != nil && it.isUnderWay():
		return 100 * time.Millisecond
	case m.auto.on, it != nil && it.mode == waiting, !m.goOn.at.IsZero():
		return 250 * time.Millisecond
	case m.toast.Words() != "":
		return time.Second
	}
	return 0
}

// passTime does what it is time for: the next look of a wait, going on, the autopilot's next key.
func (m *Model) passTime() tea.Cmd {
	it := m.current()
	if it != nil && it.mode == waiting && !it.onlyAPerson() && !m.look.Runs() && !m.now.Before(it.wait.next) {
		return m.lookAgain(it.Step.ID)
	}
	if m.isTimeToGoOn() {
		m.goOn = goingOn{}
		return m.goFrom(it)
	}
	return m.fly()
}

func (m *Model) isTimeToGoOn() bool {
	it := m.current()
	switch {
	case m.goOn.at.IsZero(), m.now.Before(m.goOn.at), m.covered:
		return false
	case m.goOn.asked:
		return it != nil && it.Step.ID == m.goOn.from && it.mode == atStep && !m.look.Runs() && it.settled()
	case m.now.Sub(m.pressed) < quietTime:
		return false
	}
	return it != nil && it.Step.ID == m.goOn.from && it.mode == atStep && !it.isUnderWay()
}

// renew goes on with another run of the same flow, at the same step.
func (m *Model) renew(runner Runner) tea.Cmd {
	m.take(runner)
	return m.lookAtAll()
}

// switchLayout takes the flow in Admin Center's other order.
func (m *Model) switchLayout() tea.Cmd {
	m.stopLook()
	m.switching = "wizard.switching-layout"
	ctx, change := m.ctx, m.options.SwitchLayout
	return parts.Do(m.call(), func() tea.Msg {
		runner, err := change(ctx)
		return switched{runner: runner, err: err}
	})
}

// switchTo goes to another scenario of the sandbox: nothing that was seen before holds there.
func (m *Model) switchTo(scenario string) tea.Cmd {
	m.stopLook()
	m.switching = "wizard.switching-scenario"
	ctx, change := m.ctx, m.options.Switch
	return parts.Do(m.call(), func() tea.Msg {
		runner, err := change(ctx, scenario)
		return switched{runner: runner, scenario: scenario, err: err}
	})
}

func (m *Model) switched(message switched) tea.Cmd {
	m.switching = ""
	if message.err != nil {
		m.toast.Show(m.frame.Words.Error(message.err), m.now)
		return nil
	}
	if message.scenario == "" {
		m.say("wizard.switched-layout")
		return m.renew(message.runner)
	}
	m.options.Scenario = message.scenario
	m.items, m.changes, m.look, m.at, m.placed = nil, nil, parts.Look{}, 0, false
	m.report = flow.Report{Profile: m.options.Profile}
	m.reader.Reset()
	m.take(message.runner)
	return m.recover()
}
