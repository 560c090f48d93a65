// The conversation of the chosen ticket: read when the cursor rests on it, laid out off the screen.

package tickets

import (
	"context"
	"regexp"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"zsf/flows/tickets"
	"zsf/ui/locale"
	"zsf/ui/parts"
)

// talk is what was said in a ticket.
type talk struct {
	id     int64 // of the ticket that is shown; 0: none
	read   *tickets.Conversation
	err    error
	stale  bool // it changed since it was read
	inside bool // the keys scroll it, where the list is in sight as well
	reader parts.Reader
	kept   kept

	lines []string
	links []string
	files []tickets.Attachment
	laid  layout

	asking    request
	recalling request
	laying    request
}

// A layout is what laid-out lines depend on.
type layout struct {
	read   *tickets.Conversation
	width  int
	minute int64 // of the clock: ages are told in minutes
	styles parts.Frame
}

// The answers of the conversation's requests.
type (
	recalled struct {
		id   int64
		read *tickets.Conversation
	}
	shown struct {
		id   int64
		read *tickets.Conversation
		err  error
	}
	laid struct {
		lines []string
		links []string
		files []tickets.Attachment
		as    layout
	}
)

// kept are the conversations that were read last.
type kept struct {
	read  map[int64]*tickets.Conversation
	order []int64
}

// mostKept is how many conversations are kept.
const mostKept = 30

func (k *kept) put(read *tickets.Conversation) {
	if _, there := k.read[read.ID]; !there {
		k.order = append(k.order, read.ID)
	}
	k.read[read.ID] = read
	if len(k.order) > mostKept {
		delete(k.read, k.order[0])
		k.order = k.order[1:]
	}
}

// leave forgets all that was read.
func (t *talk) leave() {
	t.asking.end()
	t.recalling.end()
	t.laying.end()
	*t = talk{kept: kept{read: map[int64]*tickets.Conversation{}}}
}

// restPause is how long the cursor rests on a ticket before it is read.
const restPause = 150 * time.Millisecond

// read shows the conversation of the chosen ticket, where there is room for it: as it was read before, and then as it is.
func (m *Model) read() tea.Cmd {
	t := &m.talk
	id := m.list.chosen
	if m.place == searching || m.place == listing && !m.showsTalk() {
		return nil
	}
	if id != t.id {
		t.asking.end()
		t.id, t.err, t.inside, t.read, t.stale = id, nil, false, t.kept.read[id], false
		t.reader.Reset()
	}
	r := m.list.table.get(id)
	if r == nil || t.asking.runs() {
		return nil
	}
	fresh := t.read != nil && !t.stale && t.read.UpdatedAt.Unix() >= r.updated
	if fresh || t.err != nil && !t.stale {
		return nil
	}
	return tea.Batch(m.recallTalk(id), m.readTicket(id))
}

// recallTalk shows what was last read of a ticket, until it is read again.
func (m *Model) recallTalk(id int64) tea.Cmd {
	memory := m.options.Memory
	if memory == nil || m.talk.read != nil {
		return nil
	}
	return m.ask(&m.talk.recalling, func(ctx context.Context) tea.Msg {
		read, known := memory.RecallConversation(ctx, id)
		if !known {
			return nil
		}
		return recalled{id, &read}
	})
}

func (m *Model) recalledTalk(message recalled) {
	if t := &m.talk; message.id == t.id && t.read == nil {
		t.read = message.read
	}
}

// readTicket reads a ticket once the cursor has rested on it.
func (m *Model) readTicket(id int64) tea.Cmd {
	work, clock, memory := m.options.Desk, m.options.Clock, m.options.Memory
	pause := restPause
	if m.place == reading {
		pause = 0
	}
	m.talk.stale = false
	return m.ask(&m.talk.asking, func(ctx context.Context) tea.Msg {
		if pause > 0 {
			select {
			case <-clock.After(pause):
			case <-ctx.Done():
				return nil
			}
		}
		read, err := work.Show(ctx, id)
		switch {
		case ctx.Err() != nil:
			return nil
		case err == nil:
			_ = memory.KeepConversation(ctx, read) // the look that opened the record said why not
		case tickets.IsNoTicket(err):
			_ = memory.ForgetConversation(ctx, id)
		}
		return shown{id, &read, err}
	})
}

func (m *Model) shown(message shown) tea.Cmd {
	t := &m.talk
	if message.id != t.id {
		return nil
	}
	if t.err = message.err; t.err != nil {
		if tickets.IsNoTicket(t.err) {
			m.list.marks[t.id] = isGone
		}
		return nil
	}
	t.read = message.read
	t.kept.put(message.read)
	if r := m.list.table.get(t.id); r != nil && r.updated < message.read.UpdatedAt.Unix() {
		m.list.pending = append(m.list.pending, change{ticket: message.read.Ticket})
		return m.arrange()
	}
	return nil
}

// layOut lays out what is to be read, where it was not yet, or is not any more, laid out so.
func (m *Model) layOut() tea.Cmd {
	t := &m.talk
	if t.read == nil {
		t.lines, t.links, t.files, t.laid = nil, nil, nil, layout{}
		return nil
	}
	if m.ctx == nil || m.ctx.Err() != nil || m.place == searching || m.place == listing && !m.showsTalk() {
		return nil
	}
	wanted := layout{t.read, m.talkWidth(), m.now.Unix() / 60, m.frame}
	wanted.styles.Width, wanted.styles.Height = 0, 0
	if t.laid.same(wanted) || t.laying.runs() {
		return nil
	}
	now := m.now
	return m.ask(&t.laying, func(context.Context) tea.Msg {
		sheet := sheet{frame: wanted.styles, width: wanted.width, now: now}
		sheet.conversation(wanted.read)
		return laid{sheet.lines, sheet.links, sheet.files, wanted}
	})
}

func (l layout) same(other layout) bool {
	return l.read == other.read && l.width == other.width && l.minute == other.minute &&
		l.styles.Words == other.styles.Words && l.styles.Theme.Terminal == other.styles.Theme.Terminal
}

// layAgain lays out again once the ages that are told are no longer so.
func (m *Model) layAgain() tea.Cmd { return m.layOut() }

// A sheet is a conversation while it is laid out.
type sheet struct {
	frame parts.Frame
	width int
	now   time.Time
	lines []string
	links []string
	files []tickets.Attachment
}

// longest is how many lines of a conversation are laid out; whoever has more to read opens it in the browser.
const longest = 20_000

func (s *sheet) conversation(read *tickets.Conversation) {
	for i := range read.Messages {
		if i > 0 {
			s.lines = append(s.lines, "")
		}
		s.message(&read.Messages[i])
		if len(s.lines) > longest {
			s.lines = append(s.lines[:longest], s.frame.Theme.Doubt.Render(s.frame.Words.T("pane.too-long")))
			return
		}
	}
}

// message lays out what one person said. What only agents see has a bar, a colour and the word.
func (s *sheet) message(said *tickets.Message) {
	style, words := s.frame.Theme, s.frame.Words
	bar, name, kind := "  ", style.Strong, style.Quiet.Render(words.T("ticket.public"))
	if !said.Public {
		bar, name = style.Doubt.Render(style.Icons.Bar)+" ", style.Doubt
		kind = style.Doubt.Render(words.T("ticket.internal"))
	}
	who := name.Render(s.frame.Cut(locale.Clean(nameOf(said.Author)), s.width/2))
	head := who + " " + style.Quiet.Render(style.Icons.Dot) + " " + kind + " " + style.Quiet.Render(style.Icons.Dot+" "+s.when(said.At))
	s.lines = append(s.lines, s.frame.Cut(bar+head, s.width))
	for _, line := range said.Lines {
		line = strings.TrimRight(locale.Clean(line), " ")
		s.find(line)
		for _, part := range parts.Wrap(line, s.width-4) {
			s.lines = append(s.lines, strings.TrimRight(bar+"  "+s.frame.Cut(part, s.width-4), " "))
		}
	}
	for _, file := range said.Attachments {
		s.files = append(s.files, file)
		text := words.T("pane.file", "Name", file.FileName, "Size", size(file.Size))
		s.lines = append(s.lines, bar+"  "+style.Accent.Render(s.frame.Cut(text, s.width-4)))
	}
}

// when is how long ago something was said; its day, where that is long ago.
func (s *sheet) when(at time.Time) string {
	if span := s.now.Sub(at); span < 36*time.Hour {
		return s.frame.Words.Ago(max(span.Truncate(time.Minute), 0))
	}
	return s.frame.Words.Date(at)
}

// address is what may be a link. Only http and https are.
var address = regexp.MustCompile(`https?://[^\s<>"'` + "`" + `|\\^{}]+`)

// mostLinks is how many links of a conversation one can choose from.
const mostLinks = 200

// find keeps a line's links, each once.
func (s *sheet) find(line string) {
	for _, link := range address.FindAllString(line, -1) {
		link = strings.TrimRight(link, ".,;:!?)]*_")
		if len(s.links) < mostLinks && !contains(s.links, link) && isLink(link) {
			s.links = append(s.links, link)
		}
	}
}
