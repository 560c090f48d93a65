// Package checklist is the live checklist: every step of a flow with its verdict as it comes in,
// and what was seen, what it leads to and how to mend it, for the chosen one.
package checklist

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"zsf/clients/transport"
	"zsf/flows/flow"
	"zsf/ui/parts"
)

// Screen is the name under which the checklist's requests go out.
const Screen = "checklist"

// A Checker looks at steps; a *flow.Runner is one. emit may be called from any goroutine.
type Checker interface {
	Look(ctx context.Context, only []flow.ID, emit func(flow.Event)) flow.Report
	Again(ctx context.Context, id flow.ID, emit func(flow.Event)) flow.Report
}

// A SignIn is the service that a step is about, and why nobody can sign in to it from here (a text's ID).
type SignIn struct {
	Service transport.Service
	Off     string
}

// A Scenario is a state of the sandbox that the demo can switch to.
type Scenario struct{ Name, Words string }

// Options are what a checklist shows, and what it may use for it.
type Options struct {
	Flow       flow.Flow
	Checker    Checker
	Only       []flow.ID // steps to look at; all when empty
	Profile    string
	Salesforce flow.Salesforce                             // what is known before the first look
	Zendesk    flow.Zendesk                                // likewise
	Watch      time.Duration                               // looks again each interval; 0: only when asked
	Open       func(ctx context.Context, url string) error // opens a page in the browser
	Clock      parts.Clock
	SignIns    map[flow.ID]SignIn // the steps that are about a sign-in

	Scenarios []Scenario // of the demo; none outside it
	Scenario  string     // the one that holds now
	Switch    func(ctx context.Context, name string) (Checker, error)
}

// A Model is the checklist. It is used by one goroutine, the program's.
type Model struct {
	options Options
	frame   parts.Frame
	ctx     context.Context //nolint:containedctx // one a screen, cancelled on leaving it
	leave   context.CancelFunc
	homely  bool // there is a screen below this one

	items  []parts.Item
	rows   []row
	list   parts.List
	chosen flow.ID // the step under the cursor
	moved  bool    // the cursor was moved by hand

	wrongOnly bool
	kept      map[flow.ID]bool // shown while wrongOnly: what was wrong at any time since
	reader    parts.Reader
	reading   bool // the keys scroll the details
	whole     bool // the details fill the screen
	page      int  // the chosen one of the step's pages

	now     time.Time
	number  int // of the last request
	born    int // the last request before the screen was entered
	ticking int // the request of the running tick; 0 when none runs
	look    parts.Look
	toast   parts.Toast
	next    time.Time // of the next look, when it watches
	report  flow.Report

	switching bool // another scenario is being started
}

// New makes a checklist. homely tells that Esc leads back to another screen.
func New(options Options, homely bool) *Model {
	m := &Model{options: options, homely: homely, kept: map[flow.ID]bool{}}
	wanted := map[flow.ID]bool{}
	for _, id := range options.Only {
		wanted[id] = true
	}
	for g, group := range options.Flow.Groups {
		for _, step := range group.Steps {
			if len(wanted) == 0 || wanted[step.ID] {
				m.items = append(m.items, parts.Item{Step: step, Group: g})
			}
		}
	}
	m.report = flow.Report{Profile: options.Profile, Salesforce: options.Salesforce, Zendesk: options.Zendesk}
	return m
}

// Enter starts the first look. Everything that it starts ends with ctx, or with Leave.
func (m *Model) Enter(ctx context.Context, frame parts.Frame) tea.Cmd {
	m.ctx, m.leave = context.WithCancel(ctx)
	m.now, m.born, m.ticking = m.options.Clock.Now(), m.number, 0
	m.SetFrame(frame)
	return tea.Batch(m.lookAtAll(), m.tick()) //nolint:contextcheck // m.ctx comes from ctx
}

// Leave ends everything that runs. A checklist that was left can be entered anew.
func (m *Model) Leave() {
	if m.leave != nil {
		m.leave()
	}
	m.stopLook()
	m.ticking, m.next = 0, time.Time{}
}

// SignedIn looks at everything again, as somebody has just signed in.
func (m *Model) SignedIn(options Options) tea.Cmd {
	m.options.Checker, m.options.SignIns = options.Checker, options.SignIns
	m.report.Salesforce, m.report.Zendesk = options.Salesforce, options.Zendesk
	if m.ctx == nil || m.ctx.Err() != nil {
		return nil // it is not entered, and looks at all when it is
	}
	m.now = m.options.Clock.Now()
	return tea.Batch(m.lookAtAll(), m.tick())
}

// SetFrame fits the checklist to a new size, theme or language.
func (m *Model) SetFrame(frame parts.Frame) {
	m.frame = frame
	m.arrange()
}

// IsDemo tells that the checklist looks at the sandbox.
func (m *Model) IsDemo() bool { return len(m.options.Scenarios) > 0 }

// Report is what is known by now. whole tells that a look came to its end.
func (m *Model) Report() (report flow.Report, whole bool) {
	report = m.report
	report.Findings = nil
	for _, item := range m.items {
		if item.Seen {
			report.Findings = append(report.Findings, item.Finding)
		}
	}
	return report, m.look.Finished
}

// Update takes a key press or the answer to a request.
func (m *Model) Update(message tea.Msg) tea.Cmd {
	m.now = m.options.Clock.Now()
	m.toast.Expire(m.now)
	var command tea.Cmd
	switch message := message.(type) {
	case tea.KeyPressMsg:
		command = m.press(parts.KeyName(message))
	case parts.Reply:
		command = m.answer(message)
	}
	return tea.Batch(command, m.tick())
}

// say shows a message for a moment.
func (m *Model) say(id string, args ...any) {
	m.toast.Show(m.frame.Words.T(id, args...), m.now)
}

func (m *Model) item(id flow.ID) *parts.Item {
	for i := range m.items {
		if m.items[i].Step.ID == id {
			return &m.items[i]
		}
	}
	return nil
}

// current is the chosen step; nil when the list is empty.
func (m *Model) current() *parts.Item { return m.item(m.chosen) }

// signIn is the sign-in that the chosen step is about, or waits for.
func (m *Model) signIn() (SignIn, bool) {
	item := m.current()
	if item == nil {
		return SignIn{}, false
	}
	for _, id := range append([]flow.ID{item.Step.ID}, item.Finding.Blocking...) {
		if about, ok := m.options.SignIns[id]; ok {
			return about, true
		}
	}
	return SignIn{}, false
}
