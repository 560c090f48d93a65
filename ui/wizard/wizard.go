// Package wizard carries a person through a flow, one step on the screen at a time: what it is for,
// what is true now, and one key to do it.
package wizard

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"zsf/clients/transport"
	"zsf/flows/flow"
	"zsf/flows/run"
	"zsf/ui/parts"
)

// Screen is the name under which the wizard's requests go out.
const Screen = "wizard"

// A Runner carries out a flow; a *run.Run is one. emit may be called from any goroutine.
type Runner interface {
	Flow() flow.Flow
	Who() string
	Watches() bool

	Look(ctx context.Context, only []flow.ID, emit func(flow.Event)) flow.Report
	Again(ctx context.Context, id flow.ID, emit func(flow.Event)) flow.Report
	Findings() []flow.Finding

	Questions(id flow.ID) []flow.Question
	Answered(question flow.Question) []string
	Answer(ctx context.Context, step flow.ID, question flow.Question, answer []string) error
	Confirm(ctx context.Context, step flow.ID, by string) error
	TakeBackWord(ctx context.Context, step flow.ID) error
	Skip(ctx context.Context, step flow.ID) error
	Unskip(ctx context.Context, step flow.ID) error
	Opened(ctx context.Context, step flow.ID, url string) error

	Prepare(ctx context.Context, id flow.ID) (flow.Change, error)
	Make(ctx context.Context, change flow.Change) (run.Result, error)
	TakeBack(ctx context.Context, entry int64) (run.Result, error)
	Recover(ctx context.Context) ([]run.Result, error)
	Changes(ctx context.Context) ([]run.Recorded, error)
	End(ctx context.Context) error
}

// Options are what a wizard shows, and what it may use for it.
type Options struct {
	Run        Runner
	Command    string // that opens this wizard: zsf setup
	Title      string // a text's ID; wizard.name.<flow> where empty
	Profile    string
	Passing    bool            // a rehearsal: nothing of it stays, so that nothing goes on later
	Salesforce flow.Salesforce // what is known before the first look
	Zendesk    flow.Zendesk    // likewise
	Clock      parts.Clock
	Start      flow.ID       // the step to open at; empty: the first that does not hold
	Auto       bool          // the wizard presses the keys by itself, until a person does
	Pace       time.Duration // between two of its keys; 0: so that one can follow

	Open         func(ctx context.Context, url string) error // opens a page in the browser
	SignIn       func(service transport.Service) tea.Cmd     // leads to the sign-in; nil: there is none from here
	SwitchLayout func(ctx context.Context) (Runner, error)   // the run in Admin Center's other order; nil: there is none

	Scenarios []parts.Choice // of the demo; none outside it
	Scenario  string         // the one that holds now
	Switch    func(ctx context.Context, name string) (Runner, error)
}

// Renewed tells the wizard that it goes on with another run of the same flow: somebody signed in.
type Renewed struct{ Run Runner }

// A Model is the wizard. It is used by one goroutine, the program's.
type Model struct {
	options Options
	run     Runner
	frame   parts.Frame
	ctx     context.Context //nolint:containedctx // one a screen, cancelled on leaving it
	leave   context.CancelFunc
	homely  bool // there is a screen below this one

	items   []item
	at      int  // the step on the screen; the number of steps: the end
	placed  bool // the step to begin with was found, or a person chose another
	reader  parts.Reader
	notices []string // what became of what an earlier zsf left in the middle

	now     time.Time
	pressed time.Time // the last key of a person
	covered bool      // something lies over the wizard, as far as it knows
	number  int       // of the last request
	born    int       // the last request before the screen was entered
	ticking int       // the request of the running tick; 0 when none runs
	look    parts.Look
	report  flow.Report
	changes []run.Recorded // of the profile, the oldest first
	toast   parts.Toast
	goOn    goingOn
	by      string // who vouched last

	recovering bool
	switching  string // what is being switched to: a text's ID; empty when nothing is
	ending     bool
	endErr     error // why the run could not be closed
	auto       autopilot
}

// An item is a step, what is known of it, and what a person is doing there.
type item struct {
	parts.Item
	questions []flow.Question
	place
}

// New makes a wizard. homely tells that Esc leads back to another screen.
func New(options Options, homely bool) *Model {
	m := &Model{options: options, homely: homely, by: options.Run.Who()}
	m.auto.on = options.Auto
	m.report = flow.Report{Profile: options.Profile, Salesforce: options.Salesforce, Zendesk: options.Zendesk}
	m.take(options.Run)
	if at, ok := m.find(options.Start); ok {
		m.at, m.placed = at, true
	}
	return m
}

// take goes on with a run. What is known of its steps, and what was being done there, stays.
func (m *Model) take(runner Runner) {
	m.run = runner
	before := m.items
	current := m.current()
	m.items = nil
	for g, group := range runner.Flow().Groups {
		for _, step := range group.Steps {
			known := item{Item: parts.Item{Step: step, Group: g}}
			for _, old := range before {
				if old.Step.ID == step.ID {
					known = old
					known.Step, known.Group, known.Looking = step, g, false
				}
			}
			m.items = append(m.items, known)
		}
	}
	m.at = min(m.at, len(m.items))
	if current != nil {
		if at, ok := m.find(current.Step.ID); ok {
			m.at = at
		}
	}
}

// Enter finds out what was left in the middle, and looks at everything. Everything that it starts ends with
// ctx, or with Leave.
func (m *Model) Enter(ctx context.Context, frame parts.Frame) tea.Cmd {
	m.ctx, m.leave = context.WithCancel(ctx)
	m.now, m.born, m.ticking = m.options.Clock.Now(), m.number, 0
	m.auto.next = m.now.Add(m.autoPause())
	m.SetFrame(frame)
	return tea.Batch(m.recover(), m.tick()) //nolint:contextcheck // m.ctx comes from ctx
}

// Leave ends everything that runs. A wizard that was left can be entered anew.
func (m *Model) Leave() {
	if m.leave != nil {
		m.leave()
	}
	m.stopLook()
	m.ticking, m.goOn, m.recovering, m.switching, m.ending = 0, goingOn{}, false, "", false
	for i := range m.items {
		m.items[i].abandon()
	}
}

// SetFrame fits the wizard to a new size, theme or language.
func (m *Model) SetFrame(frame parts.Frame) { m.frame = frame }

// IsDemo tells that the wizard works on the sandbox.
func (m *Model) IsDemo() bool { return len(m.options.Scenarios) > 0 }

// Unsettled is the first step at which there is something to do; false when there is none.
func (m *Model) Unsettled() (flow.ID, bool) {
	if at := m.nextOpen(0); at < len(m.items) {
		return m.items[at].Step.ID, true
	}
	return "", false
}

// Update takes a key press, pasted text, or the answer to a request.
func (m *Model) Update(message tea.Msg) tea.Cmd {
	m.now = m.options.Clock.Now()
	m.toast.Expire(m.now)
	var command tea.Cmd
	switch message := message.(type) {
	case tea.KeyPressMsg:
		m.touched()
		if m.stopAuto(message) {
			break
		}
		command = m.press(message)
	case tea.PasteMsg:
		m.touched()
		m.paste(message.Content)
	case Renewed:
		command = m.renew(message.Run)
	case parts.Reply:
		command = m.answer(message)
	}
	return tea.Batch(command, m.tick())
}

// touched notes that a person is at the keys: from now on the wizard moves only when they are still.
func (m *Model) touched() {
	m.pressed, m.placed, m.covered = m.now, true, false
}

// say shows a message for a moment.
func (m *Model) say(id string, args ...any) {
	m.toast.Show(m.frame.Words.T(id, args...), m.now)
}

func (m *Model) find(id flow.ID) (at int, ok bool) {
	for i := range m.items {
		if m.items[i].Step.ID == id {
			return i, true
		}
	}
	return 0, false
}

// known finds what is known of a step; nil where the flow has no such step.
func (m *Model) known(id flow.ID) *parts.Item {
	if at, ok := m.find(id); ok {
		return &m.items[at].Item
	}
	return nil
}

// current is the step on the screen; nil at the end.
func (m *Model) current() *item {
	if m.at < len(m.items) {
		return &m.items[m.at]
	}
	return nil
}

// isAtEnd tells that the last page is on the screen.
func (m *Model) isAtEnd() bool { return m.at >= len(m.items) }
