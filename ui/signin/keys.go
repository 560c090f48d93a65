// The keys of the screen, and what each does. A key that a field may want is never a shortcut while the field has it.

package signin

import (
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"zsf/clients/transport"
	flow "zsf/flows/signin"
	"zsf/ui/parts"
)

// Keys are the screen's keys as they are just now.
func (m *Model) Keys() parts.Table {
	switch m.stage {
	case starting:
		return m.startingKeys()
	case choosing:
		return choosingKeys()
	case forming:
		return m.formKeys()
	case unlocking:
		return parts.Table{{Do: "answer", Keys: []string{"enter"}}, outKey}
	case waiting:
		return m.waitingKeys()
	case failed:
		return m.failedKeys()
	case done:
		return parts.Table{{Do: "go-on", Keys: []string{"enter", "esc", "q"}, Label: "enter"}}
	}
	return parts.Table{outKey, helpKey, quitKey}
}

var (
	outKey  = parts.Binding{Do: "step-out", Keys: []string{"esc"}}
	helpKey = parts.Binding{Do: "help", Keys: []string{"?"}}
	quitKey = parts.Binding{Do: "quit", Keys: []string{"q", "ctrl+c"}, Label: "q"}
	moveKey = parts.Binding{Do: "move", Keys: []string{"up", "down", "k", "j"}, Label: "↑ ↓ k j", Quiet: true}
)

func (m *Model) startingKeys() parts.Table {
	table := parts.Table{outKey, helpKey, quitKey}
	if m.work == "signin.asking-sf" {
		table = append(parts.Table{{Do: "by-browser", Keys: []string{"b", "enter"}, Label: "b"}}, table...)
	}
	return table
}

func choosingKeys() parts.Table {
	return parts.Table{
		moveKey,
		{Do: "choose", Keys: []string{"enter"}},
		{Do: "by-browser", Keys: []string{"b"}},
		outKey, helpKey, quitKey,
	}
}

// formKeys are few while a field is typed into.
func (m *Model) formKeys() parts.Table {
	next := parts.Binding{Do: "next-field", Keys: []string{"enter", "tab", "down"}, Label: "tab ↓"}
	before := parts.Binding{Do: "field-before", Keys: []string{"shift+tab", "up"}, Label: "shift+tab ↑", Quiet: true}
	if m.field() != nil {
		return parts.Table{next, before, {Do: "edit-line", Keys: []string{"ctrl+u"}, Quiet: true}, outKey}
	}
	table := parts.Table{}
	switch m.form.at {
	case goRow:
		table = append(table, parts.Binding{Do: "begin", Keys: []string{"enter"}})
	case labelRow:
		table = append(table, parts.Binding{Do: "turn-label", Keys: []string{"space", "left", "right"}, Label: "space"})
	case pageRow:
		table = append(table, parts.Binding{Do: "open-console", Keys: []string{"enter"}, Off: m.offConsole(), Quiet: true})
	default:
		table = append(table, parts.Binding{Do: "copy-value", Keys: []string{"enter", "y"}, Label: "y"})
	}
	next.Keys, before.Keys = []string{"tab", "down", "j"}, []string{"shift+tab", "up", "k"}
	if m.form.at == labelRow {
		next.Keys = append(next.Keys, "enter")
	}
	quit := quitKey
	if m.isTyped() {
		quit.Off = "off.typed" // a consumer key that is typed beside its field has many a q in it
	}
	return append(table,
		parts.Binding{Do: "open-console", Keys: []string{"o"}, Off: m.offConsole()},
		parts.Binding{Do: "copy-number", Keys: []string{"1", "2", "3", "4", "5", "6", "7", "8", "9"}, Label: "1-" + strconv.Itoa(len(m.copies()))},
		next, before, outKey, helpKey, quit)
}

func (m *Model) offConsole() string {
	if m.guide().Page == "" {
		return "off.no-console"
	}
	return ""
}

func (m *Model) waitingKeys() parts.Table {
	if !m.attempt.away {
		return parts.Table{
			{Do: "use-pasted", Keys: []string{"enter"}},
			{Do: "to-keys", Keys: []string{"tab"}},
			{Do: "cancel-sign-in", Keys: []string{"esc"}},
		}
	}
	return parts.Table{
		{Do: "open-again", Keys: []string{"o"}},
		{Do: "copy-url", Keys: []string{"y"}},
		{Do: "to-field", Keys: []string{"tab", "enter"}, Label: "tab"},
		helpKey,
		{Do: "cancel-sign-in", Keys: []string{"esc"}},
		{Do: "quit", Keys: []string{"q", "ctrl+c"}, Label: "q", Quiet: true},
	}
}

func (m *Model) failedKeys() parts.Table {
	edit := parts.Binding{Do: "edit-entry", Keys: []string{"e"}}
	if m.from == choosing {
		edit.Do = "other-org"
	}
	return parts.Table{
		{Do: "retry", Keys: []string{"r", "enter"}, Label: "r"},
		edit,
		{Do: "step-out", Keys: []string{"esc"}},
		{Do: "move", Keys: []string{"up", "down", "k", "j", "pgup", "pgdown"}, Label: "↑ ↓ k j", Quiet: true},
		helpKey, quitKey,
	}
}

// AllKeys is the table for a manual: every key of every stage, once.
func AllKeys() parts.Table {
	m := New(Options{Service: transport.Zendesk, Login: Of(&flow.Login{Service: transport.Zendesk}, nil)})
	var table parts.Table
	add := func(set func()) {
		set()
		for _, binding := range m.Keys() {
			binding.Off = ""
			if binding.Do == "copy-number" {
				binding.Label = "1-9"
			}
			if _, known := find(table, binding.Do); !known && binding.Do != "help" && binding.Do != "quit" {
				table = append(table, binding)
			}
		}
	}
	add(func() { m.stage = choosing })
	for _, at := range []row{addressRow, firstEntry, labelRow, goRow} {
		add(func() { m.stage, m.form.at = forming, at })
	}
	add(func() { m.stage = unlocking })
	add(func() { m.stage = waiting })
	add(func() { m.attempt.away = true })
	add(func() { m.stage = failed })
	add(func() { m.from = choosing })
	add(func() { m.stage = done })
	return append(table, helpKey, quitKey)
}

func find(table parts.Table, do string) (parts.Binding, bool) {
	for _, binding := range table {
		if binding.Do == do {
			return binding, true
		}
	}
	return parts.Binding{}, false
}

// typing is the field that letters go to; nil where keys are shortcuts.
func (m *Model) typing() *parts.Field {
	switch {
	case m.stage == forming:
		return m.field()
	case m.stage == unlocking && m.unlock.second:
		return &m.unlock.again
	case m.stage == unlocking:
		return &m.unlock.first
	case m.stage == waiting && !m.attempt.away:
		return &m.attempt.pasted
	}
	return nil
}

// paste takes what the terminal says was pasted, whatever the keys are just now.
func (m *Model) paste(text string) {
	if m.stage == waiting {
		m.attempt.away = false
		if m.attempt.note.id != "" || strings.HasPrefix(strings.TrimSpace(text), "http") { // another try: what was there goes
			m.attempt.pasted.Set("")
		}
		m.attempt.note = note{}
	}
	if m.stage == forming && m.field() == nil {
		m.form.at = clientRow // what was copied in the console, with the cursor still beside its page
		if m.form.address.Value() == "" {
			m.form.at = addressRow
		}
	}
	if field := m.typing(); field != nil {
		field.Insert(text)
		m.typed()
	}
}

// typed heeds a change in a field.
func (m *Model) typed() {
	m.toast = parts.Toast{}
	switch m.stage {
	case forming:
		m.guess()
	case waiting:
		m.attempt.note = note{}
	case unlocking:
		m.unlock.note = ""
	}
}

// press does what a key is bound to, types a letter, or says why neither can be done.
func (m *Model) press(press tea.KeyPressMsg) tea.Cmd {
	m.toast = parts.Toast{}
	if field := m.typing(); field != nil {
		binding, bound := m.Keys().Find(press.String())
		if press.Text != "" || !bound || binding.Do == "edit-line" {
			if field.Press(press) {
				m.typed()
			}
			return nil
		}
		return m.do(binding, press.String())
	}
	key := parts.KeyName(press)
	binding, ok := m.Keys().Find(key)
	switch {
	case !ok:
		return nil
	case binding.Off != "":
		m.say(binding.Off)
		return nil
	}
	return m.do(binding, key)
}

func (m *Model) do(binding parts.Binding, key string) tea.Cmd {
	switch binding.Do {
	case "help":
		return parts.Open(&parts.Help{Title: "signin.help-title", About: "signin.help-about", Table: m.Keys()})
	case "quit":
		return func() tea.Msg { return parts.Quit{} }
	case "step-out":
		return m.out()
	case "move":
		m.scroll(key)
	case "choose":
		if at := m.list.Cursor(); at < len(m.orgs) {
			return m.reuse(at)
		}
		return m.toForm()
	case "by-browser":
		return m.toForm()
	case "retry":
		return m.retry()
	case "edit-entry", "other-org":
		return m.back()
	case "go-on":
		message := Done{Service: m.options.Service, User: m.finished.User}
		return func() tea.Msg { return message }
	case "answer":
		return m.answerPassphrase()
	}
	if m.stage == waiting {
		return m.doWaiting(binding.Do)
	}
	return m.doForm(binding.Do, key)
}

func (m *Model) doForm(do, key string) tea.Cmd {
	switch do {
	case "next-field", "field-before":
		by := 1
		if do == "field-before" {
			by = -1
		}
		m.moveRow(by, key != "tab" && key != "shift+tab" && key != "enter")
		return m.checkAddress()
	case "begin":
		return m.begin()
	case "turn-label":
		m.turnLabel()
	case "open-console":
		ctx, open, page := m.ctx, m.options.Open, m.guide().Page
		m.say("signin.opening-console")
		call := m.call()
		return parts.Do(call, func() tea.Msg { return consoled{open(ctx, page)} })
	case "copy-value":
		return m.copyEntry(m.guide().Entries[m.form.at-firstEntry])
	case "copy-number":
		n, err := strconv.Atoi(key)
		if copies := m.copies(); err == nil && n <= len(copies) {
			return m.copyEntry(copies[n-1])
		}
	}
	return nil
}

func (m *Model) copyEntry(entry flow.Entry) tea.Cmd {
	m.say("signin.copied", "Field", m.frame.Words.T(entry.ID))
	return tea.SetClipboard(entry.Value)
}

func (m *Model) doWaiting(do string) tea.Cmd {
	switch do {
	case "use-pasted":
		return m.usePasted()
	case "to-keys", "to-field":
		m.attempt.away = !m.attempt.away
	case "open-again":
		return m.browse()
	case "copy-url":
		m.say("checklist.sent-to-clipboard")
		return tea.SetClipboard(m.attempt.URL())
	case "cancel-sign-in":
		return m.cancel()
	}
	return nil
}

// answerPassphrase takes the passphrase; a new one twice.
func (m *Model) answerPassphrase() tea.Cmd {
	u := &m.unlock
	switch {
	case u.first.Value() == "":
		u.note = "ask.empty"
		return nil
	case u.fresh && !u.second:
		u.second, u.note = true, ""
		return nil
	case u.fresh && u.first.Value() != u.again.Value():
		u.note, u.second = "auth.passphrase-differs", false
		u.first.Set("")
		u.again.Set("")
		return nil
	}
	return m.openVault(u.first.Value())
}

// scroll goes through the orgs, or through what went wrong.
func (m *Model) scroll(key string) {
	by := map[string]int{"up": -1, "k": -1, "down": 1, "j": 1, "pgup": -m.bodyHeight() + 2, "pgdown": m.bodyHeight() - 2}[key]
	if m.stage == choosing {
		m.list.Move(by)
		return
	}
	m.reader.Scroll(by, len(m.failedLines()), m.bodyHeight())
}

// out is one step out, with all that was typed.
func (m *Model) out() tea.Cmd {
	switch m.stage {
	case forming:
		if len(m.orgs) > 0 {
			m.stage = choosing
			return nil
		}
	case unlocking:
		m.unlock = unlock{store: m.unlock.store}
		m.stage, m.form.at = forming, goRow
		return nil
	case failed:
		return m.back()
	case working:
		m.endAttempt()
		m.asked = 0
		m.stage = m.from
		return nil
	}
	return func() tea.Msg { return parts.Back{} }
}

// back is where what failed began.
func (m *Model) back() tea.Cmd {
	under := m.attempt.Attempt
	m.endAttempt()
	m.attempt = attempt{}
	m.stage, m.asked = m.from, 0
	if m.stage == choosing && len(m.orgs) == 0 {
		m.stage = forming
	}
	return m.close(under)
}
