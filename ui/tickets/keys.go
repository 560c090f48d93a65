// The keys of the pane, and what each does.

package tickets

import (
	"maps"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"zsf/clients/transport"
	"zsf/ui/parts"
)

// Keys are the pane's keys as they are just now.
func (m *Model) Keys() parts.Table {
	switch {
	case m.saving != nil:
		return parts.Table{{Do: "pane-save-here", Keys: []string{"enter"}}, {Do: "close", Keys: []string{"esc"}}}
	case m.place == searching:
		return m.searchKeys()
	case m.list.typing:
		return parts.Table{
			{Do: "pane-filter-done", Keys: []string{"enter"}},
			{Do: "pane-move", Keys: []string{"up", "down"}, Label: "↑ ↓", Quiet: true},
			{Do: "pane-filter-clear", Keys: []string{"esc"}},
		}
	case m.place == reading:
		return m.readingKeys()
	}
	return m.listKeys()
}

func (m *Model) searchKeys() parts.Table {
	out := "pane-out"
	if !m.homely {
		out = "quit"
	}
	if m.search.field.Value() != "" {
		out = "pane-clear"
	}
	return parts.Table{
		{Do: "pane-open-record", Keys: []string{"enter"}, Off: m.offNoRecord()},
		{Do: "pane-move", Keys: []string{"up", "down"}, Label: "↑ ↓"},
		{Do: "pages", Keys: []string{"pgup", "pgdown"}, Quiet: !m.search.list.Overflows()},
		{Do: "pane-sign-in", Keys: []string{"ctrl+l"}, Label: "^l", Off: m.offSignIn(), Quiet: m.offSignIn() != ""},
		{Do: out, Keys: []string{"esc"}},
	}
}

func (m *Model) listKeys() parts.Table {
	table := parts.Table{
		{Do: "pane-move", Keys: []string{"up", "down", "k", "j"}, Label: "↑ ↓ k j", Quiet: true},
		{Do: "ends", Keys: []string{"home", "end", "g", "G"}, Quiet: true},
		{Do: "pages", Keys: []string{"pgup", "pgdown"}, Quiet: true},
		{Do: "pane-read", Keys: []string{"enter"}, Off: m.offNone(), Quiet: m.bare()},
	}
	nobody := m.about.match.Nothing() && m.bare() // there is nothing to filter, and another match to try
	table = append(table, m.writeKeys()...)
	table = append(table,
		parts.Binding{Do: "pane-filter", Keys: []string{"/"}, Quiet: nobody},
		parts.Binding{Do: "pane-facets", Keys: []string{"f"}, Quiet: nobody},
		parts.Binding{Do: "pane-sort", Keys: []string{"s"}, Quiet: nobody},
		parts.Binding{Do: "pane-all", Keys: []string{"a"}, Quiet: nobody},
		parts.Binding{Do: "pane-match", Keys: []string{"m"}},
	)
	table = append(table, m.ticketKeys()...)
	inside := parts.Binding{Do: "pane-scroll", Keys: []string{"tab"}, Off: m.offScroll(), Quiet: true}
	return append(table, inside,
		parts.Binding{Do: "pane-mark", Keys: []string{"x", "space"}, Off: m.offNone(), Quiet: true},
		parts.Binding{Do: "pane-again", Keys: []string{"R"}, Quiet: true},
		parts.Binding{Do: "pane-sign-in", Keys: []string{"L"}, Off: m.offSignIn(), Quiet: m.offSignIn() != ""},
		parts.Binding{Do: "help", Keys: []string{"?"}},
		parts.Binding{Do: "quit", Keys: []string{"q", "ctrl+c"}, Label: "q", Quiet: true},
		parts.Binding{Do: "pane-out", Keys: []string{"esc"}},
	)
}

func (m *Model) readingKeys() parts.Table {
	table := append(parts.Table{
		{Do: "pane-move", Keys: []string{"up", "down", "k", "j"}, Label: "↑ ↓ k j", Quiet: true},
		{Do: "ends", Keys: []string{"home", "end", "g", "G"}, Quiet: true},
		{Do: "pages", Keys: []string{"pgup", "pgdown", "tab"}, Label: "pgup pgdown", Quiet: true},
	}, m.writeKeys()...)
	table = append(table, m.ticketKeys()...)
	return append(table,
		parts.Binding{Do: "pane-other", Keys: []string{"left", "right"}, Label: "← →"},
		parts.Binding{Do: "pane-again", Keys: []string{"R"}, Quiet: true},
		parts.Binding{Do: "help", Keys: []string{"?"}},
		parts.Binding{Do: "quit", Keys: []string{"q", "ctrl+c"}, Label: "q", Quiet: true},
		parts.Binding{Do: "pane-back", Keys: []string{"esc", "enter"}, Label: "esc"},
	)
}

// writeKeys are those that write.
func (m *Model) writeKeys() parts.Table {
	edit := "pane-edit"
	if len(m.list.picked) > 0 && m.place == listing {
		edit = "pane-edit-many"
	}
	reply, closed := "pane-reply", false
	if r := m.list.current(); r != nil && r.status == "closed" { // it takes no changes
		reply, closed = "pane-follow-up", true
	}
	return parts.Table{
		{Do: edit, Keys: []string{"e"}, Off: m.offNone(), Quiet: m.bare() || closed && edit == "pane-edit"},
		{Do: reply, Keys: []string{"r"}, Off: m.offNone(), Quiet: m.bare()},
		{Do: "pane-note", Keys: []string{"i"}, Off: m.offNone(), Quiet: m.bare() || closed},
		{Do: "pane-new", Keys: []string{"n"}, Quiet: m.place == reading},
	}
}

// ticketKeys are what can be done with the chosen ticket.
func (m *Model) ticketKeys() parts.Table {
	return parts.Table{
		{Do: "pane-agent", Keys: []string{"o"}, Off: m.offNone(), Quiet: m.bare()},
		{Do: "pane-copy", Keys: []string{"y"}, Off: m.offNone(), Quiet: m.bare()},
		{Do: "pane-files", Keys: []string{"d"}, Off: m.offFiles(), Quiet: m.offFiles() != ""},
		{Do: "pane-links", Keys: []string{"l"}, Off: m.offLinks(), Quiet: m.offLinks() != ""},
		{Do: "pane-salesforce", Keys: []string{"O"}, Quiet: true},
		{Do: "pane-copy-number", Keys: []string{"Y"}, Off: m.offNone(), Quiet: true},
	}
}

// AllKeys is the table for a manual: every key of the list and the conversation, with nothing switched off.
func AllKeys() parts.Table {
	m := New(Options{}, true)
	m.place = listing
	table := m.Keys()
	m.place = reading
	for _, binding := range m.Keys() {
		if binding.Do == "pane-other" {
			table = slices.Insert(table, len(table)-3, binding)
		}
	}
	for i := range table {
		table[i].Off = ""
	}
	return table
}

// Why something cannot be done just now; empty when it can.

// bare tells that there is no ticket at all, and that none is being read: keys that want one would only be in the way.
func (m *Model) bare() bool {
	return m.list.table.len() == 0 && !m.search.opening.runs() && !m.list.loading.runs()
}

func (m *Model) offNone() string {
	if m.list.current() == nil {
		return "off-pane.no-ticket"
	}
	return ""
}

func (m *Model) offNoRecord() string {
	text := strings.TrimSpace(m.search.field.Value())
	gone, isGone := asNoRecord(m.search.err)
	if len(m.search.rows()) > 0 || isGone && gone.Other() != "" || text != "" && text != m.search.sought {
		return ""
	}
	return "off-pane.no-record"
}

func (m *Model) offFiles() string {
	if len(m.talk.files) == 0 {
		return "off-pane.no-file"
	}
	return ""
}

func (m *Model) offLinks() string {
	if len(m.talk.links) == 0 {
		return "off-pane.no-link"
	}
	return ""
}

func (m *Model) offScroll() string {
	if !m.showsTalk() || len(m.talk.lines) <= m.talkHeight() {
		return "off-pane.fits"
	}
	return ""
}

func (m *Model) offSignIn() string {
	if m.signInService() == "" {
		return "off-pane.signed-in"
	}
	return ""
}

// signInService is the service that nobody is signed in to any more; empty where nothing says so.
func (m *Model) signInService() transport.Service {
	for _, err := range []error{m.search.err, m.search.recentErr, m.list.err, m.live.err, m.talk.err} {
		if service, ok := wantsSignIn(err); ok {
			return service
		}
	}
	return ""
}

// press does what a key is bound to, or says why it cannot be done just now.
func (m *Model) press(press tea.KeyPressMsg) tea.Cmd {
	m.toast = parts.Toast{}
	key := parts.KeyName(press)
	types := m.saving != nil || m.place == searching || m.place == listing && m.list.typing
	if types {
		key = press.String() // a letter is a letter
	}
	binding, ok := m.Keys().Find(key)
	switch {
	case ok && binding.Off != "":
		m.say(binding.Off)
		return nil
	case ok:
		return m.perform(binding.Do, key)
	case m.saving != nil:
		m.saving.field.Press(press)
		m.saving.err = nil
	case m.place == searching && m.search.field.Press(press):
		return m.typed()
	case types && m.list.field.Press(press):
		return m.filtered()
	}
	return nil
}

func (m *Model) perform(do, key string) tea.Cmd {
	if write, ok := writes[do]; ok {
		return m.write(write)
	}
	switch do {
	case "pane-move", "ends", "pages":
		return m.moveOrScroll(key)
	case "pane-open-record":
		return m.choose()
	case "pane-clear":
		m.search.field.Set("")
		return m.typed()
	case "pane-read":
		m.place, m.talk.inside = reading, false
		m.fit()
		return m.read()
	case "pane-scroll":
		m.talk.inside = !m.talk.inside
	case "pane-other":
		by := 1
		if key == "left" {
			by = -1
		}
		m.list.rows.Move(by)
		return tea.Batch(m.follow(), m.loadMore())
	case "pane-mark":
		return m.mark()
	case "pane-again":
		return m.lookAgain()
	case "pane-filter":
		m.list.typing, m.talk.inside = true, false
	case "pane-filter-done":
		m.list.typing = false
	case "pane-filter-clear":
		m.list.typing = false
		m.list.field.Set("")
		return m.filtered()
	case "help":
		return parts.Open(&parts.Help{Title: "pane.help-title", About: "pane.help-about", Table: m.Keys()})
	case "pane-save-here":
		return m.saveFile()
	case "close":
		m.saving = nil
	case "pane-back", "pane-out":
		return m.out()
	case "pane-sign-in":
		service := m.signInService()
		return func() tea.Msg { return parts.SignIn{Service: service} }
	case "quit":
		return func() tea.Msg { return parts.Quit{} }
	}
	return m.offer(do)
}

// moveOrScroll goes through what has the keys.
func (m *Model) moveOrScroll(key string) tea.Cmd {
	switch {
	case m.place == searching:
		m.search.list.Press(key)
	case m.place == reading || m.talk.inside:
		m.talk.reader.Press(key, len(m.talk.lines), m.talkHeight())
	default:
		return m.move(key)
	}
	return nil
}

// out is one step out: of the conversation, of what filters, of the list, of the screen.
func (m *Model) out() tea.Cmd {
	switch {
	case m.place == reading:
		m.place = listing
		m.fit()
		return m.read()
	case m.talk.inside:
		m.talk.inside = false
	case m.place == listing && len(m.list.picked) > 0:
		m.list.picked = map[int64]bool{}
	case m.place == listing && strings.TrimSpace(m.list.field.Value()) != "":
		m.list.field.Set("")
		return m.filtered()
	case m.place == listing:
		return m.toSearch()
	default:
		return func() tea.Msg { return parts.Back{} }
	}
	return nil
}

// toSearch leaves the record. What was typed stays.
func (m *Model) toSearch() tea.Cmd {
	for _, asked := range []*request{&m.list.loading, &m.list.arranging, &m.talk.asking, &m.live.asking, &m.search.opening} {
		asked.end()
	}
	m.place, m.live.err = searching, nil
	m.about.asked, m.about.with = m.options.By, nil // they were about the record
	m.fit()
	return m.recent()
}

// mark marks the ticket under the cursor, or takes its mark away, and goes on to the next.
func (m *Model) mark() tea.Cmd {
	r := m.list.current()
	if m.list.picked[r.id] {
		delete(m.list.picked, r.id)
	} else {
		m.list.picked[r.id] = true
	}
	m.list.rows.Move(1)
	return tea.Batch(m.follow(), m.loadMore())
}

// lookAgain reads everything anew.
func (m *Model) lookAgain() tea.Cmd {
	m.talk.stale, m.talk.err = true, nil
	m.live.pace.Hurry()
	m.live.mended = time.Time{}
	switch {
	case m.about.match.Nothing() || m.list.remembered:
		return m.look()
	case m.place == reading: // the list stays, and what is read with it, whatever became of it
		return tea.Batch(m.look(), m.read())
	}
	return tea.Batch(m.reload(), m.read())
}

// writes are the keys that write.
var writes = map[string]string{
	"pane-reply": WriteReply, "pane-follow-up": WriteReply, "pane-note": WriteNote, "pane-edit": WriteEdit, "pane-edit-many": WriteMany, "pane-new": WriteNew,
}

// write asks the root for a place to write in.
func (m *Model) write(kind string) tea.Cmd {
	write := Write{Kind: kind, Record: m.about.record, Match: m.about.match}
	switch kind {
	case WriteNew:
	case WriteMany:
		ids := slices.Sorted(maps.Keys(m.list.picked))
		if len(ids) == 1 { // it is one ticket like any other
			write.Kind, write.Ticket = WriteEdit, ids[0]
		} else {
			write.IDs = ids
		}
	default:
		write.Ticket = m.list.current().id
		if read := m.talk.read; read != nil && read.ID == write.Ticket && !m.talk.stale {
			write.Conversation = read
		}
	}
	return func() tea.Msg { return write }
}
