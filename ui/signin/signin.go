// Package signin is the sign-in to one service as a screen: an org of the sf CLI, or the guided set-up, the browser,
// and what came of it.
package signin

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"zsf/clients/settings"
	"zsf/clients/sfcli"
	"zsf/clients/transport"
	flow "zsf/flows/signin"
	"zsf/ui/parts"
)

// A Login is what the screen asks of the flow. The calls with a context may take long; the others only look at words.
type Login interface {
	Address(entered string) (string, error)
	Client(address, clientID string) error
	Guess(entered string) settings.Environment
	Guide(entered string) flow.Guide

	Known(ctx context.Context) (settings.Account, error)
	Orgs(ctx context.Context) ([]sfcli.Org, error)
	Reuse(ctx context.Context, org sfcli.Org) (flow.Done, error)
	CheckAddress(ctx context.Context, entered string) error
	CheckClient(ctx context.Context, entered, clientID string) error
	OpenVault(ctx context.Context, passphrase string) (flow.Store, error)
	Begin(ctx context.Context, address, clientID string, label settings.Environment) (Attempt, error)
}

// An Attempt is a sign-in by a browser that is under way; a *flow.Attempt is one.
type Attempt interface {
	URL() string
	Deadline() time.Time
	Paste(ctx context.Context, text string) error
	Wait(ctx context.Context) (flow.Done, error)
	Close()
}

// Options are what the screen is about, and what it may use for it.
type Options struct {
	Service transport.Service
	Profile string
	Login   Login
	Open    func(ctx context.Context, url string) error // opens a page in the browser
	Clock   parts.Clock
}

// Screen is the name under which a service's requests go out.
func Screen(service transport.Service) string { return "signin " + string(service) }

// Done is the message of a sign-in that is kept, and that the person has seen. Leaving before is parts.Back.
type Done struct {
	Service transport.Service
	User    string
}

// A stage is what the screen shows.
type stage int

const (
	starting  stage = iota
	choosing        // among the sf CLI's orgs
	forming         // the guided set-up
	working         // a service is being asked
	unlocking       // the passphrase of the encrypted file
	waiting         // for the browser
	failed
	done
)

// A Model is the screen. It is used by one goroutine, the program's.
type Model struct {
	options Options
	frame   parts.Frame
	ctx     context.Context //nolint:containedctx // one a screen, cancelled on leaving it
	leave   context.CancelFunc

	stage  stage
	work   string // a text's ID: what is being asked, while working
	toast  parts.Toast
	reader parts.Reader
	now    time.Time

	number  int // of the last request
	born    int // the last request before the screen was entered
	ticking int // the request of the running tick
	asked   int // the request that the stage waits for

	known settings.Account // what the profile had before
	orgs  []sfcli.Org
	list  parts.List
	chose int // the org that was chosen last

	form     form
	unlock   unlock
	attempt  attempt
	failure  error
	retry    func() tea.Cmd
	from     stage // that failed leads back to
	finished flow.Done
}

// unlock is the question for the encrypted file's passphrase.
type unlock struct {
	first, again parts.Field
	store        flow.Store
	fresh        bool   // a new one, asked for twice
	second       bool   // the cursor is in again
	note         string // a text's ID: what was wrong with the last answer
}

// attempt is the sign-in under way.
type attempt struct {
	Attempt
	ctx    context.Context //nolint:containedctx // one an attempt, cancelled with it
	cancel context.CancelFunc
	pasted parts.Field
	away   bool  // the keys are shortcuts, not letters of what is pasted
	trying int   // the request that tries what was pasted; 0 when it has answered
	note   note  // about what was pasted
	opened int   // the request that opens the browser; 0 when it has answered
	failed error // why no browser opened
}

// note is a text that the screen says where it fits.
type note struct {
	id   string
	args []any
}

// New makes the screen. What is typed into it outlives leaving it.
func New(options Options) *Model { return &Model{options: options} }

// Enter begins: what the profile knows is read, and the sf CLI is asked for its orgs.
func (m *Model) Enter(ctx context.Context, frame parts.Frame) tea.Cmd {
	m.ctx, m.leave = context.WithCancel(ctx)
	m.now, m.born, m.ticking = m.options.Clock.Now(), m.number, 0
	m.SetFrame(frame)
	return tea.Batch(m.again(), m.tick()) //nolint:contextcheck // m.ctx comes from ctx
}

// Leave ends everything that runs. A screen that was left can be entered anew.
func (m *Model) Leave() {
	if m.leave != nil {
		m.leave()
	}
	m.endAttempt()
	m.ticking = 0
}

// SetFrame fits the screen to a new size, theme or language.
func (m *Model) SetFrame(frame parts.Frame) { m.frame = frame }

// Service is the one that the screen is about.
func (m *Model) Service() transport.Service { return m.options.Service }

// Update takes a key press, something pasted, or the answer to a request.
func (m *Model) Update(message tea.Msg) tea.Cmd {
	m.now = m.options.Clock.Now()
	m.toast.Expire(m.now)
	var command tea.Cmd
	switch message := message.(type) {
	case tea.KeyPressMsg:
		command = m.press(message)
	case tea.PasteMsg:
		m.paste(message.Content)
	case parts.Reply:
		command = m.answer(message)
	}
	return tea.Batch(command, m.tick())
}

// say shows a message for a moment.
func (m *Model) say(id string, args ...any) {
	m.toast.Show(m.frame.Words.T(id, args...), m.now)
}

// name is the service's, as words have it.
func (m *Model) name() string { return string(m.options.Service) }
