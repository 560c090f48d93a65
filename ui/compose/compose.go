// Package compose is where tickets are written: a reply, an internal note, a new ticket, changes to one or to several.
package compose

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"zsf/flows/flow"
	"zsf/flows/tickets"
	"zsf/ui/parts"
)

// Screen is the name under which the screen's requests go out.
const Screen = "compose"

// A Kind is what is written.
type Kind string

// The kinds: a comment that the requester gets, one that only agents see, fields of a ticket, a new ticket, and fields of
// several tickets. Of Drafts it is chosen first which of them to go on with.
const (
	Reply   Kind = "reply"
	Note    Kind = "note"
	Edit    Kind = "edit"
	Create  Kind = "new"
	Several Kind = "many"
	Drafts  Kind = "drafts"
)

// A Request is what is to be written, and what is known of it beforehand.
type Request struct {
	Kind        Kind
	Ticket      int64 // of a reply, a note, an edit
	Subject     string
	Requester   tickets.Person // of that ticket
	SeenAt      time.Time      // the stamp of that ticket as the person read it; zero: not read
	LastComment int64          // that the person read; 0: not known
	Tickets     []int64        // several
	Record      tickets.Record // of a new ticket; its zero value: of none
	FollowUp    int64          // of a new ticket: the closed one that it goes on from
	Draft       string         // the ID of a draft to go on with; empty: those about the same are offered
	People      []tickets.Person
}

// A Desk is what the screen asks of the flow; a *tickets.Desk is one.
type Desk interface {
	Catalog(ctx context.Context) (tickets.Catalog, error)
	Edit(ctx context.Context, catalog tickets.Catalog, id int64) (tickets.Draft, error)
	EditMany(ctx context.Context, catalog tickets.Catalog, ids []int64) (draft tickets.Draft, gone []int64, err error)
	New(ctx context.Context, catalog tickets.Catalog, record tickets.Record, requester tickets.Person) (tickets.Draft, error)
	FollowUp(ctx context.Context, catalog tickets.Catalog, id int64) (tickets.Draft, error)
	PeopleOf(ctx context.Context, record tickets.Record) ([]tickets.Person, error)
	People(ctx context.Context, words string) ([]tickets.Person, error)
	Apply(ctx context.Context, draft tickets.Draft, catalog tickets.Catalog, macro int64) (tickets.Draft, error)
	Send(ctx context.Context, draft tickets.Draft, catalog tickets.Catalog) (tickets.Sent, error)
	FindSent(ctx context.Context, draft tickets.Draft, catalog tickets.Catalog) (tickets.Look, error)
	SendMany(ctx context.Context, draft tickets.Draft, catalog tickets.Catalog, emit func(tickets.Result)) ([]tickets.Result, error)
}

var _ Desk = (*tickets.Desk)(nil)

// Files are the files of the machine, as far as one names them for a ticket.
type Files interface {
	Look(path string) (tickets.File, error)
	Complete(path string) []string
}

// Options are what the screen is about, and what it may use for it.
type Options struct {
	Request
	Profile string
	Account string // the address of the Zendesk account
	Desk    Desk
	Drafts  tickets.Drafts
	Files   Files
	// Editor opens a file in the person's own editor, and calls done when that has ended; nil: none is named.
	Editor func(path string, done func(error) tea.Msg) tea.Cmd
	Clock  parts.Clock
}

// Done is the message of a ticket that is written, and of which the person knows.
type Done struct {
	Kind  Kind
	Words string // what became of it, said already in the person's language
	IDs   []int64
}

// A stage is what the screen shows.
type stage int

const (
	writing  stage = iota
	offering       // drafts that were begun before
	picking        // a value for a row, a macro
	applying       // what a macro would do
	checking       // what would be sent, to whom
	sending
	conflicted
	unsure   // a send got no answer
	stopped  // a send came to nothing
	reported // what became of several tickets
)

// A Model is the screen. It is used by one goroutine, the program's.
type Model struct {
	options Options
	frame   parts.Frame
	ctx     context.Context //nolint:containedctx // one a screen, cancelled on leaving it
	leave   context.CancelFunc

	stage   stage
	toast   parts.Toast
	reader  parts.Reader
	now     time.Time
	number  int // of the last request
	born    int // the last request before the screen was entered
	ticking int // the request of the running tick
	asked   int // the request that the stage waits for

	draft   tickets.Draft
	catalog tickets.Catalog
	reading int   // the request for the account's fields and the ticket; 0: none runs
	unread  error // why they could not be read
	gone    []int64
	people  []tickets.Person // who a new ticket may be for; one of ID 0 is made

	made     []row  // the rows; nil: something changed since they were made
	at       string // the row with the cursor
	comment  parts.Area
	areas    map[string]*parts.Area  // texts of several lines, by field
	lines    map[string]*parts.Field // texts of one line, by field
	path     parts.Field             // of a file to go along
	fileNote note
	problems map[string]flow.Text // that the flow found
	wrong    map[string]flow.Text // that the service found, until the field is changed
	checked  bool                 // somebody wanted to send: problems are shown from now on

	keep     keeping
	pick     pick
	applied  tickets.Draft // by a macro, not taken yet
	macro    tickets.Macro
	since    time.Time // of what runs
	closing  bool      // the second question of a ticket that is closed for good
	failure  error     // why the last send came to nothing
	look     *tickets.Look
	looking  bool
	conflict *tickets.ConflictError
	choices  map[string]tickets.Side
	clash    int // the field of the conflict that the cursor stands on
	results  manyResults
}

// ticked lets time pass on the screen.
type ticked struct{}

// note is a text that the screen says where it fits.
type note struct {
	id   string
	args []any
}

// New makes the screen. What is typed into it outlives leaving it, as a draft.
func New(options Options) *Model {
	m := &Model{options: options, draft: tickets.NewDraft(), at: commentRow, people: options.People}
	m.draft.Ticket, m.draft.Tickets, m.draft.FollowUp = options.Ticket, options.Tickets, options.FollowUp
	m.draft.Base.Requester, m.draft.Base.LastComment = options.Requester, options.LastComment
	m.draft.Record = tickets.RecordRef{ID: options.Record.ID, Object: options.Record.Object, Name: options.Record.Name}
	switch options.Kind {
	case Reply:
		m.draft.Public, m.draft.PublicSaid = true, true
	case Note:
		m.draft.PublicSaid = true
	case Create:
		if m.at = requesterRow; options.FollowUp != 0 {
			m.at = commentRow
		}
	case Edit, Several:
		m.at = tickets.StatusKey
	case Drafts:
		m.stage, m.pick.chooser.Nothing = offering, "compose.drafts-read"
	}
	m.fill()
	return m
}

// fill brings the texts to what the draft has.
func (m *Model) fill() {
	m.made = nil
	m.comment.Set(m.draft.Comment)
	m.areas, m.lines = map[string]*parts.Area{}, map[string]*parts.Field{}
	m.problems, m.wrong, m.checked = nil, map[string]flow.Text{}, false
}

// Enter begins: drafts are looked for, and the account's fields and the ticket are read. One can type at once.
func (m *Model) Enter(ctx context.Context, frame parts.Frame) tea.Cmd {
	m.ctx, m.leave = context.WithCancel(ctx)
	m.now, m.born, m.ticking = m.options.Clock.Now(), m.number, 0
	m.SetFrame(frame)
	if m.options.Kind == Drafts {
		return tea.Batch(m.lookForDrafts(), m.tick()) //nolint:contextcheck // m.ctx comes from ctx
	}
	return tea.Batch(m.lookForDrafts(), m.read(), m.tick()) //nolint:contextcheck // m.ctx comes from ctx
}

// Leave ends everything that runs, but for what was sent and what is kept.
func (m *Model) Leave() {
	if m.leave != nil {
		m.leave()
	}
	m.ticking = 0
}

// Request is what the screen is about.
func (m *Model) Request() Request { return m.options.Request }

// SignedIn goes on with a desk that has new sign-ins. What is written stays; for another account it is not meant, and is
// kept for its own.
func (m *Model) SignedIn(options Options) tea.Cmd {
	if options.Account != m.options.Account {
		m.now = m.options.Clock.Now()
		m.say("compose.other-account", "Account", m.options.Account)
		return tea.Batch(m.save(), m.tick())
	}
	m.options.Desk, m.options.Drafts = options.Desk, options.Drafts
	m.now = m.options.Clock.Now()
	if m.stage == stopped {
		m.stage = writing
		m.say("compose.signed-in")
	}
	if m.unread != nil {
		return tea.Batch(m.read(), m.tick())
	}
	return m.tick()
}

// SetFrame fits the screen to a new size, theme or language.
func (m *Model) SetFrame(frame parts.Frame) {
	m.frame = frame
	m.fitAreas()
}

// Update takes a key press, something pasted, or the answer to a request.
func (m *Model) Update(message tea.Msg) tea.Cmd {
	m.now = m.options.Clock.Now()
	m.toast.Expire(m.now)
	var command tea.Cmd
	switch message := message.(type) {
	case tea.KeyPressMsg:
		command = m.press(message)
	case tea.PasteMsg:
		command = m.paste(message.Content)
	case parts.Reply:
		command = m.answer(message)
	}
	m.made = nil // whatever the message changed
	m.fitAreas()
	return tea.Batch(command, m.keepSoon(), m.tick())
}

// say shows a message for a moment.
func (m *Model) say(id string, args ...any) {
	m.toast.Show(m.frame.Words.T(id, args...), m.now)
}

func (m *Model) call() parts.Call {
	m.number++
	return parts.Call{Screen: Screen, Number: m.number}
}

// ask makes a request that the stage waits for.
func (m *Model) ask(work func() tea.Msg) tea.Cmd {
	call := m.call()
	m.asked = call.Number
	return parts.Do(call, work)
}

// tick lets time pass on the screen, as long as something on it depends on time.
func (m *Model) tick() tea.Cmd {
	pause := time.Second
	switch {
	case m.ticking != 0:
		return nil
	case m.stage == sending || m.reading != 0 || m.looking || m.stage == applying:
		pause = 100 * time.Millisecond
	case m.toast.Words() != "", m.isLater():
	default:
		return nil
	}
	call := m.call()
	m.ticking = call.Number
	return m.options.Clock.Wait(m.ctx, call, pause, ticked{})
}
