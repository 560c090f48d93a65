// Package app is the root of the screens: it routes messages, and owns size, theme, overlays and quitting.
package app

import (
	"context"
	"os"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"zsf/clients/transport"
	"zsf/ui/checklist"
	"zsf/ui/compose"
	"zsf/ui/home"
	"zsf/ui/locale"
	"zsf/ui/parts"
	"zsf/ui/signin"
	"zsf/ui/theme"
	"zsf/ui/tickets"
	"zsf/ui/wizard"
)

// Options are what the app shows, and what it may use for it.
type Options struct {
	Words     *locale.Locale
	ASCII     bool // the terminal shows ASCII only
	Clock     parts.Clock
	Home      *home.Data      // the app starts there; nil: at the wizard, or else at the checklist
	Wizard    *wizard.Options // the app starts there, where there is no home; nil: at the checklist
	Checklist checklist.Options

	// Tickets is the pane of a record's tickets. Where it is nil, home tells the command.
	Tickets   func(ctx context.Context) tickets.Options
	AtTickets bool // the app starts there, where there is no home
	// Compose is the screen that writes tickets, over the pane. Where it is nil, the pane tells the command.
	Compose func(request compose.Request) (compose.Options, error)
	Write   *compose.Request // the app is that screen alone, and ends with it
	// EndsWritten says that the app ends with the ticket that is written over the pane.
	EndsWritten bool

	// SetUp begins the profile's set-up, and Rehearse one in the sandbox, each from home. Where one is nil, home
	// tells the command.
	SetUp    func(ctx context.Context) (wizard.Options, error)
	Rehearse func(ctx context.Context) (wizard.Options, error)

	// SignIn is the screen that signs in to a service. Where it is nil, home tells the command.
	SignIn func(service transport.Service) SignIn
	// SignedIn reads what holds after a sign-in.
	SignedIn func(ctx context.Context) (Fresh, error)
}

// A SignIn is a screen, or why there is none for its service just now (a text's ID).
type SignIn struct {
	signin.Options
	Off string
}

// Fresh is what home and the screens show of new sign-ins.
type Fresh struct {
	Home      home.Data
	Checklist checklist.Options
	Run       wizard.Runner // with which the wizard goes on; nil: none was begun
}

// A page is a screen of its own, entered and left.
type page interface {
	Enter(ctx context.Context, frame parts.Frame) tea.Cmd
	Leave()
	SetFrame(frame parts.Frame)
	Update(message tea.Msg) tea.Cmd
	Render() string
}

// screen is the name under which the root's own requests go out.
const screen = "app"

// The messages of the root's own requests.
type (
	begun struct { // a wizard can be shown
		options wizard.Options
		err     error
	}
	refreshed struct {
		fresh Fresh
		err   error
	}
	chosenService struct{ service transport.Service }
	answerTime    struct{} // the terminal had time enough to answer
	signalled     struct{ signal os.Signal }
	crashed       struct{ err error }
)

// model is the root. Its methods are called by one goroutine, the program's.
type model struct {
	options  Options
	ctx      context.Context //nolint:containedctx // ends with the program
	frame    parts.Frame
	terminal theme.Terminal
	started  time.Time
	number   int // of the last request

	home      *home.Model
	checklist *checklist.Model                    // nil until it is first needed
	wizard    *wizard.Model                       // the last that was begun; nil before
	tickets   *tickets.Model                      // likewise
	compose   *compose.Model                      // the last that was begun, over the pane
	shown     page                                // one of them; nil at home
	signins   map[transport.Service]*signin.Model // those that were begun, with what was typed
	signin    *signin.Model                       // the one that lies over what is shown; nil: none
	overlays  []parts.Overlay
	notice    string // said at home: why something did not start

	answered bool // the terminal answered what it was asked at the start
	quitting bool
	result   Result
	err      error
	kill     func(error) // ends the program from where no command can be given
}

func newModel(ctx context.Context, options Options) *model {
	m := &model{options: options, ctx: ctx, started: options.Clock.Now(), signins: map[transport.Service]*signin.Model{}}
	m.terminal = theme.Terminal{ASCII: options.ASCII}
	m.frame = parts.Frame{Theme: theme.New(m.terminal), Words: options.Words}
	if options.Home != nil {
		m.home = home.New(*options.Home, options.Clock)
	}
	return m
}

// Init starts the first screen, and asks the terminal for its background.
func (m *model) Init() tea.Cmd {
	switch {
	case m.home != nil:
		return tea.RequestBackgroundColor
	case m.options.Write != nil:
		return tea.Batch(tea.RequestBackgroundColor, m.writeAlone(*m.options.Write))
	case m.options.AtTickets:
		return tea.Batch(tea.RequestBackgroundColor, m.toTickets())
	case m.options.Wizard != nil:
		return tea.Batch(tea.RequestBackgroundColor, m.toWizard(*m.options.Wizard))
	}
	return tea.Batch(tea.RequestBackgroundColor, m.toChecklist())
}

// Update routes a message. A panic below it ends the program with an error, the terminal restored.
func (m *model) Update(message tea.Msg) (next tea.Model, command tea.Cmd) {
	defer func() {
		if cause := recover(); cause != nil {
			m.err = parts.Crashed(cause)
			next, command = m, m.keepFirst(tea.Quit)
		}
	}()
	command = m.update(message)
	return m, command
}

func (m *model) update(message tea.Msg) tea.Cmd {
	switch message := message.(type) {
	case tea.WindowSizeMsg:
		m.frame.Width, m.frame.Height = message.Width, message.Height
		m.reframe()
	case tea.ColorProfileMsg:
		m.terminal.Profile = message.Profile
		m.reframe()
	case tea.BackgroundColorMsg:
		m.answered, m.terminal.Light = true, !message.IsDark()
		m.reframe()
		if m.quitting {
			return tea.Quit
		}
	case tea.KeyPressMsg:
		return m.press(message)
	case tea.PasteMsg:
		switch {
		case len(m.overlays) > 0 || m.frame.TooSmall():
		case m.signin != nil:
			return m.signin.Update(message)
		case m.shown != nil:
			return m.shown.Update(message)
		}
	case tea.FocusMsg, tea.BlurMsg:
		return m.focus(message)
	case tickets.Write:
		return m.write(message)
	case compose.Done:
		return m.wrote(message)
	case wizard.Renewed:
		if m.wizard != nil {
			return m.wizard.Update(message)
		}
	case parts.Opened:
		m.overlays = append(m.overlays, message.Overlay)
	case parts.Back:
		if m.signin != nil {
			m.leaveSignIn()
			return nil
		}
		if m.composes() {
			return m.leaveCompose()
		}
		m.toHome()
	case parts.SignIn:
		return m.toSignIn(message.Service)
	case signin.Done:
		return m.signedIn(message)
	case parts.Quit:
		return m.quit()
	case home.Chosen:
		return m.choose(message.Do)
	case signalled:
		m.result.Signal = message.signal
		return m.keepFirst(tea.Quit)
	case crashed:
		m.err = message.err
		return tea.Quit
	case parts.Reply:
		return m.reply(message)
	}
	return nil
}

// press gives a key to what lies on top. Interrupt and suspend work everywhere.
func (m *model) press(press tea.KeyPressMsg) tea.Cmd {
	m.notice = ""
	name := parts.KeyName(press)
	switch {
	case name == "ctrl+c":
		m.result.Interrupted = true
		return m.quit()
	case name == "ctrl+z":
		return tea.Suspend
	case m.frame.TooSmall():
		if name == "q" {
			return m.quit()
		}
		return nil
	case len(m.overlays) > 0:
		top := len(m.overlays) - 1
		command, done := m.overlays[top].Press(m.frame, name)
		if done {
			m.overlays = m.overlays[:top]
		}
		return command
	case m.signin != nil:
		return m.signin.Update(press)
	case m.shown != nil:
		return m.shown.Update(press)
	case m.home != nil:
		return m.home.Update(press)
	}
	return nil // its first screen could not begin, and it ends
}

func (m *model) reply(reply parts.Reply) tea.Cmd {
	switch {
	case reply.Screen == checklist.Screen && m.checklist != nil:
		return m.checklist.Update(reply)
	case reply.Screen == wizard.Screen && m.wizard != nil:
		return m.wizard.Update(reply)
	case reply.Screen == tickets.Screen:
		return m.ticketsReply(reply)
	case reply.Screen == compose.Screen:
		return m.composeReply(reply)
	case reply.Screen != screen:
		for service, begun := range m.signins {
			if reply.Screen == signin.Screen(service) {
				return begun.Update(reply)
			}
		}
		return nil
	}
	switch message := reply.Message.(type) {
	case answerTime:
		return tea.Quit
	case begun:
		if message.err != nil {
			m.notice = m.frame.Words.Error(message.err)
			return nil
		}
		m.notice = ""
		return m.toWizard(message.options)
	case chosenService:
		return m.toSignIn(message.service)
	case refreshed:
		return m.refresh(message)
	case parts.Failed:
		m.notice = m.frame.Words.Error(message.Err)
	}
	return nil
}

func (m *model) call() parts.Call {
	m.number++
	return parts.Call{Screen: screen, Number: m.number}
}

// reframe fits everything to a new size or theme.
func (m *model) reframe() {
	m.frame.Theme = theme.New(m.terminal)
	if m.home != nil {
		m.home.SetFrame(m.frame)
	}
	if m.shown != nil {
		m.shown.SetFrame(m.frame)
	}
	if m.signin != nil {
		m.signin.SetFrame(m.frame)
	}
}

// choose does what was chosen at home.
func (m *model) choose(do string) tea.Cmd {
	switch do {
	case home.DoSetUp:
		return m.begin(do, m.options.SetUp)
	case home.DoRehearse:
		return m.begin(do, m.options.Rehearse)
	case home.DoTickets:
		return m.toTickets()
	case home.DoSignIn:
		return m.offerServices()
	}
	return m.toChecklist()
}

// begin makes a wizard ready, which takes a moment, and shows it.
func (m *model) begin(do string, ready func(context.Context) (wizard.Options, error)) tea.Cmd {
	if ready == nil {
		m.notice = m.frame.Words.T("home." + do + "-command")
		return nil
	}
	m.notice = m.frame.Words.T("home." + do + "-begins")
	ctx := m.ctx
	return parts.Do(m.call(), func() tea.Msg {
		options, err := ready(ctx)
		return begun{options: options, err: err}
	})
}

// toChecklist looks at the profile again. What was found before stays in sight until then.
func (m *model) toChecklist() tea.Cmd {
	if m.checklist == nil {
		m.checklist = checklist.New(m.options.Checklist, m.home != nil)
	}
	return m.show(m.checklist)
}

func (m *model) toWizard(options wizard.Options) tea.Cmd {
	m.wizard = wizard.New(options, m.home != nil)
	return m.show(m.wizard)
}

func (m *model) show(shown page) tea.Cmd {
	m.overlays, m.shown = nil, shown
	return shown.Enter(m.ctx, m.frame)
}

// toHome leaves what is shown. What it found stays known.
func (m *model) toHome() {
	if m.home == nil || m.shown == nil {
		return
	}
	m.keepReport()
	m.shown.Leave()
	m.overlays, m.shown = nil, nil
}

// keepReport takes what the checklist knows into the result, and to home; of the wizard, where it goes on.
func (m *model) keepReport() {
	if m.wizard != nil && m.shown == m.wizard && (m.home == nil || !m.wizard.IsDemo()) {
		m.result.Next, _ = m.wizard.Unsettled()
	}
	if m.checklist == nil || m.shown != m.checklist {
		return
	}
	report, whole := m.checklist.Report()
	m.result.Report, m.result.Whole = report, whole
	if whole && m.home != nil {
		m.home.SetLast(home.CheckOf(report))
	}
}

// answerLimit is how long zsf waits, from its start, for a terminal to answer what it was asked,
// before it quits: an answer that comes later would be typed into the shell.
const answerLimit = 300 * time.Millisecond

func (m *model) quit() tea.Cmd {
	m.quitting = true
	left := answerLimit - m.options.Clock.Now().Sub(m.started)
	if m.answered || left <= 0 {
		return m.keepFirst(tea.Quit)
	}
	after := m.options.Clock.After
	return m.keepFirst(parts.Do(m.call(), func() tea.Msg {
		<-after(left)
		return answerTime{}
	}))
}

// View draws what lies on top. Only the root makes a tea.View.
func (m *model) View() (view tea.View) {
	defer func() {
		if cause := recover(); cause != nil {
			view = tea.View{AltScreen: true}
			m.kill(parts.Crashed(cause))
		}
	}()
	view.AltScreen, view.ReportFocus = true, m.tickets != nil && m.shown != nil
	content := m.frame.Theme.Finish(m.content())
	view.SetContent(content)
	view.Cursor = cursorIn(content)
	return view
}

func (m *model) content() string {
	switch {
	case m.frame.Width == 0 || m.frame.Height == 0:
		return ""
	case m.frame.TooSmall():
		return m.tooSmall()
	case len(m.overlays) > 0:
		return m.overlays[len(m.overlays)-1].Render(m.frame)
	case m.signin != nil:
		return m.signin.Render()
	case m.shown != nil:
		return m.shown.Render()
	case m.home != nil:
		return m.home.Render(m.notice)
	}
	return "" // its first screen could not begin, and it ends
}

// tooSmall says so, in as much space as there is.
func (m *model) tooSmall() string {
	text := m.frame.Words.T("app.too-small", "Width", m.frame.Width, "Height", m.frame.Height,
		"MinWidth", parts.MinWidth, "MinHeight", parts.MinHeight)
	lines := parts.Wrap(text, max(m.frame.Width-2*theme.Margin, 1))
	for i := range lines {
		lines[i] = m.frame.Cut(" "+lines[i], m.frame.Width)
	}
	return strings.Join(parts.Pad(lines, m.frame.Height), "\n")
}
