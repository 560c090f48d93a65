// Package tickets is the pane of a Salesforce record's tickets: the search for the record, the list, and the
// conversation of the chosen ticket, kept up to date while one reads.
package tickets

import (
	"context"
	"iter"
	"time"

	tea "charm.land/bubbletea/v2"

	"zsf/flows/flow"
	"zsf/flows/tickets"
	"zsf/ui/parts"
)

// Screen is the name under which the pane's requests go out.
const Screen = "tickets"

// A Desk looks up records and tickets; a *tickets.Desk is one.
type Desk interface {
	Recent(ctx context.Context) ([]tickets.Hit, error)
	Hits(ctx context.Context, words string) ([]tickets.Hit, error)
	Look(ctx context.Context, sought tickets.Sought, memory *tickets.Memory) (tickets.Found, error)
	List(ctx context.Context, match tickets.Match, query tickets.Query) (tickets.List, error)
	Fresh(ctx context.Context, match tickets.Match, known iter.Seq[tickets.Known], since time.Time) (tickets.News, error)
	Show(ctx context.Context, id int64) (tickets.Conversation, error)
}

// Options are what a pane shows, and what it may use for it.
type Options struct {
	Desk     Desk
	Profile  string
	Account  string                                      // the account's address, below which agents see tickets
	Text     string                                      // the record to open at once: an id, an address or words
	By       tickets.By                                  // the way to match it
	With     tickets.With                                // what to show beside the record's own tickets
	View     View                                        // how the profile's list was last sorted and filtered
	KeepView func(ctx context.Context, view View) error  // nil: nowhere
	Memory   *tickets.Memory                             // what was last seen, so that it is there at once; nil: nothing
	Open     func(ctx context.Context, url string) error // opens a page in the browser
	Save     func(ctx context.Context, file tickets.Attachment, path string) (string, error)
	Folder   string              // where attachments go unless somebody says otherwise
	ToWrite  string              // what is written as soon as a record is found: WriteNew; empty: nothing
	Waits    func() flow.Waiting // which service asked last to be left alone; nil: nobody knows
	Clock    parts.Clock
}

// The kinds of writing that the pane asks for.
const (
	WriteReply = "reply" // to the requester
	WriteNote  = "note"  // for agents only
	WriteEdit  = "edit"
	WriteNew   = "new"
	WriteMany  = "many" // several tickets at once
)

// A Write asks the root for a place to write in. Its answer is a Written.
type Write struct {
	Kind         string
	Ticket       int64                 // of a reply, a note, an edit
	Conversation *tickets.Conversation // of that ticket, where it has been read; nil otherwise
	Record       tickets.Record
	Match        tickets.Match
	IDs          []int64 // of many
}

// Written tells the pane that tickets were made or changed.
type Written struct{ IDs []int64 }

// Told is what the root has to say at the foot of the pane for a moment.
type Told struct{ Words string }

// A place is what the pane shows.
type place int

const (
	searching place = iota
	listing
	reading // the conversation fills the screen
)

// A Model is the pane. It is used by one goroutine, the program's.
type Model struct {
	options Options
	frame   parts.Frame
	ctx     context.Context //nolint:containedctx // one a screen, cancelled on leaving it
	leave   context.CancelFunc
	homely  bool // there is a screen below this one

	now     time.Time
	waiting flow.Waiting // a service asked to be left alone
	number  int          // of the last request
	born    int          // the last request before the screen was entered
	ticking int          // the request of the running tick; 0 when none runs
	toast   parts.Toast

	place  place
	search search
	about  about
	list   list
	talk   talk
	live   live
	saving *saving // where to save an attachment; nil: nobody asked
}

// about is the record whose tickets are shown.
type about struct {
	record tickets.Record
	match  tickets.Match
	asked  tickets.By       // the way that a person chose
	with   tickets.With     // what is shown beside the record's own tickets
	all    []tickets.Target // that were matched, shown or not
}

// New makes a pane. homely tells that Esc leads back to another screen.
func New(options Options, homely bool) *Model {
	m := &Model{options: options, homely: homely}
	m.list.view = options.View
	m.list.view.All = options.View.All || contains(options.View.Statuses, "closed")
	m.about.asked, m.about.with = options.By, options.With
	m.talk.kept.read = map[int64]*tickets.Conversation{}
	return m
}

// Enter shows the record that was named, or asks for one. Everything that it starts ends with ctx, or with Leave.
func (m *Model) Enter(ctx context.Context, frame parts.Frame) tea.Cmd {
	m.ctx, m.leave = context.WithCancel(ctx)
	m.now, m.born, m.ticking = m.options.Clock.Now(), m.number, 0
	m.SetFrame(frame)
	var first tea.Cmd
	switch text := m.options.Text; {
	case text != "":
		m.options.Text = ""
		m.search.field.Set(text)
		first = tea.Batch(m.open(text), m.recent()) //nolint:contextcheck // m.ctx comes from ctx
	case m.place == searching:
		first = m.recent() //nolint:contextcheck // likewise
	default:
		first = m.look() //nolint:contextcheck // likewise
	}
	return tea.Batch(first, m.layOut(), m.tick()) //nolint:contextcheck // likewise
}

// Leave ends everything that runs. A pane that was left can be entered anew, and shows what it showed.
func (m *Model) Leave() {
	if m.leave != nil {
		m.leave()
	}
	for _, asked := range m.requests() {
		asked.end()
	}
	m.ticking = 0
}

func (m *Model) requests() []*request {
	return []*request{
		&m.search.hitting, &m.search.recalling, &m.search.lately, &m.search.opening, &m.search.remembering,
		&m.list.loading, &m.list.arranging, &m.talk.asking, &m.talk.recalling, &m.talk.laying, &m.live.asking,
	}
}

// SignedIn goes on with other sign-ins.
func (m *Model) SignedIn(options Options) tea.Cmd {
	m.options.Desk, m.options.Save, m.options.Memory, m.options.Waits = options.Desk, options.Save, options.Memory, options.Waits
	if m.ctx == nil || m.ctx.Err() != nil {
		return nil
	}
	m.now = m.options.Clock.Now()
	m.search.err = nil
	if m.place == searching {
		return tea.Batch(m.recent(), m.tick())
	}
	return tea.Batch(m.look(), m.tick())
}

// SetFrame fits the pane to a new size, theme or language.
func (m *Model) SetFrame(frame parts.Frame) {
	m.frame = frame
	m.fit()
}

// Update takes a key press, what was pasted, or the answer to a request.
func (m *Model) Update(message tea.Msg) tea.Cmd {
	m.now = m.options.Clock.Now()
	m.toast.Expire(m.now)
	if m.options.Waits != nil {
		m.waiting = m.options.Waits()
	}
	var command tea.Cmd
	switch message := message.(type) {
	case tea.KeyPressMsg:
		command = m.press(message)
		m.hurry()
	case tea.PasteMsg:
		command = m.paste(message.Content)
	case tea.FocusMsg:
		command = m.inFront()
	case tea.BlurMsg:
		m.live.away = m.now
	case Told:
		m.toast.Show(message.Words, m.now)
	case Written:
		command = m.written(message)
	case parts.Reply:
		if message.Number > m.born {
			command = m.answer(message)
		}
	}
	return tea.Batch(command, m.layOut(), m.tick())
}

// answer takes what a request came to, unless nothing waits for it any more.
func (m *Model) answer(reply parts.Reply) tea.Cmd {
	switch message := reply.Message.(type) {
	case ticked:
		if reply.Number == m.ticking {
			m.ticking = 0
			return tea.Batch(m.watch(), m.read(), m.layAgain()) // a screen that grew has room for a conversation
		}
	case did:
		return message.do()
	case opened:
		if message.err != nil {
			m.say("pane.not-opened", "Reason", message.err)
		} else {
			m.say("checklist.opened")
		}
	case saved:
		return m.savedFile(message)
	case viewKept:
		if message.err != nil {
			m.say("pane.view-not-kept", "Reason", message.err)
		}
	default:
		for _, asked := range m.requests() {
			if asked.is(reply) {
				return m.settle(asked, reply.Message)
			}
		}
	}
	return nil
}

// settle takes the answer that a running request was waiting for.
func (m *Model) settle(asked *request, message tea.Msg) tea.Cmd {
	asked.end()
	if failed, ok := message.(parts.Failed); ok {
		m.fail(asked, failed.Err)
		return nil
	}
	switch message := message.(type) {
	case hits:
		m.search.take(message)
		m.fit()
	case waited:
		return m.ask(&m.search.hitting, m.findHits(message.words))
	case recents:
		m.recents(message)
	case lately:
		m.recalledRecent(message.hits)
	case found:
		return m.found(message)
	case remembered:
		return m.remembered(message)
	case listed:
		return m.listed(message)
	case arranged:
		return m.arranged(message)
	case shown:
		return m.shown(message)
	case recalled:
		m.recalledTalk(message)
	case laid:
		m.talk.lines, m.talk.links, m.talk.files, m.talk.laid = message.lines, message.links, message.files, message.as
	case news:
		return m.heard(message)
	}
	return nil
}

// fail notes that zsf itself made a mistake in a request.
func (m *Model) fail(asked *request, err error) {
	switch asked {
	case &m.talk.asking:
		m.talk.err = err
	case &m.live.asking:
		m.live.err = err
	default:
		m.search.err, m.list.err = err, err
	}
}

// say shows a message for a moment.
func (m *Model) say(id string, args ...any) {
	m.toast.Show(m.frame.Words.T(id, args...), m.now)
}
