// The keys while one writes. A key that a text may want is never a shortcut while the text has the focus.

package compose

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"zsf/clients/transport"
	"zsf/flows/tickets"
	"zsf/ui/parts"
)

// Keys are the screen's keys as they are just now.
func (m *Model) Keys() parts.Table {
	switch m.stage {
	case offering:
		away := notNowKey
		if m.options.Kind == Drafts {
			away.Do = "leave-as-it-is"
		}
		return parts.Table{takeUpKey, dropDraftKey, moveKey, away}
	case picking:
		return m.pickKeys()
	case applying:
		return parts.Table{{Do: "apply-macro", Keys: []string{"enter"}}, scrollKey, backKey}
	case checking:
		return m.checkKeys()
	case sending:
		return parts.Table{scrollKey, helpKey, {Do: "leave-sending", Keys: []string{"esc"}}}
	case conflicted:
		return m.conflictKeys()
	case unsure:
		return m.unsureKeys()
	case stopped:
		return m.stoppedKeys()
	case reported:
		return m.reportedKeys()
	}
	return m.writingKeys()
}

var (
	helpKey   = parts.Binding{Do: "help", Keys: []string{"f1"}}
	leaveKey  = parts.Binding{Do: "leave-writing", Keys: []string{"esc"}}
	backKey   = parts.Binding{Do: "back-to-writing", Keys: []string{"esc"}}
	moveKey   = parts.Binding{Do: "move", Keys: []string{"up", "down"}, Label: "↑ ↓", Quiet: true}
	scrollKey = parts.Binding{Do: "move", Keys: []string{"up", "down", "pgup", "pgdown", "k", "j", "space", "home", "end", "g", "G"}, Label: "↑ ↓", Quiet: true}

	takeUpKey    = parts.Binding{Do: "take-up-draft", Keys: []string{"enter"}}
	dropDraftKey = parts.Binding{Do: "drop-draft", Keys: []string{"ctrl+x"}}
	notNowKey    = parts.Binding{Do: "begin-anew", Keys: []string{"esc"}}
)

// writingKeys are those of the row with the cursor.
func (m *Model) writingKeys() parts.Table { return m.rowKeys(m.current()) }

func (m *Model) rowKeys(of row) parts.Table {
	table := parts.Table{{Do: "send", Keys: []string{"ctrl+s", "f2"}, Label: "ctrl+s"}}
	next := parts.Binding{Do: "next-row", Keys: []string{"tab", "down"}, Label: "tab"}
	before := parts.Binding{Do: "row-before", Keys: []string{"shift+tab", "up"}, Label: "shift+tab", Quiet: true}
	switch {
	case m.area(of) != nil:
	case of.key == filesRow:
		table = append(table, parts.Binding{Do: "attach", Keys: []string{"enter"}}, parts.Binding{Do: "complete-path", Keys: []string{"ctrl+n"}},
			parts.Binding{Do: "detach", Keys: []string{"ctrl+x"}, Off: m.offDetach(), Quiet: len(m.draft.Files) == 0})
	case m.line(of) != nil:
		next.Keys = append(next.Keys, "enter")
	case of.isField() && of.field.Kind == tickets.CheckboxField:
		table = append(table, parts.Binding{Do: "tick-row", Keys: []string{"space", "enter"}, Label: "space", Off: m.offChoose(of)})
	default:
		table = append(table, parts.Binding{Do: "open-choices", Keys: []string{"enter", "space"}, Label: "enter", Off: m.offChoose(of)})
	}
	table = append(table, next, before)
	if of.isField() {
		table = append(table, parts.Binding{Do: "restore-field", Keys: []string{"ctrl+x"}, Quiet: !m.isChanged(of.key)})
	}
	return append(table,
		parts.Binding{Do: "turn-public", Keys: []string{"ctrl+t"}, Off: m.offTurn()},
		parts.Binding{Do: "macros", Keys: []string{"ctrl+r"}, Off: m.offMacros()},
		parts.Binding{Do: "own-editor", Keys: []string{"ctrl+o"}, Off: m.offEditor()},
		parts.Binding{Do: "drafts", Keys: []string{"ctrl+l"}, Off: m.offDrafts(), Quiet: true},
		helpKey, leaveKey)
}

func (m *Model) offTurn() string {
	if m.catalog.InternalOnly {
		return "off.internal-only"
	}
	return ""
}

func (m *Model) offMacros() string {
	switch {
	case m.catalog.ReadAt.IsZero():
		return "off.fields-unread"
	case len(m.catalog.Macros) == 0:
		return "off.no-macros"
	}
	return ""
}

func (m *Model) offEditor() string {
	if m.options.Editor == nil {
		return "off.no-editor"
	}
	return ""
}

func (m *Model) offDrafts() string {
	if len(m.keep.begun) == 0 {
		return "off.no-drafts"
	}
	return ""
}

func (m *Model) offDetach() string {
	if len(m.draft.Files) == 0 {
		return "off.no-files"
	}
	return ""
}

func (m *Model) offChoose(of row) string {
	if of.isField() && of.field.ReadOnly {
		return "off.read-only"
	}
	return ""
}

// press gives a key to what has the focus.
func (m *Model) press(press tea.KeyPressMsg) tea.Cmd {
	if m.stage != sending {
		m.toast = parts.Toast{}
	}
	switch m.stage {
	case writing:
		return m.pressWriting(press)
	case offering:
		return m.pressDrafts(press)
	case picking:
		return m.pressPick(press)
	}
	return m.pressBound(press)
}

// pressBound does what a key is bound to, where no text has the focus.
func (m *Model) pressBound(press tea.KeyPressMsg) tea.Cmd {
	key := parts.KeyName(press)
	binding, ok := m.Keys().Find(key)
	switch {
	case !ok && key == "?":
		return m.help()
	case !ok:
		return nil
	case binding.Off != "":
		m.say(binding.Off)
		return nil
	}
	return m.do(binding.Do, key)
}

func (m *Model) pressWriting(press tea.KeyPressMsg) tea.Cmd {
	of := m.current()
	binding, bound := m.writingKeys().Find(press.String())
	bound = bound && press.Text == ""
	if area := m.area(of); area != nil {
		if m.typeInto(of, press, area.Value, area.Press) {
			return nil
		}
	} else if line := m.line(of); line != nil && (!bound || press.String() != "enter") {
		if m.typeInto(of, press, line.Value, line.Press) {
			return nil
		}
	} else if line == nil && press.Text != "" && press.Text != " " {
		if press.Text == "?" {
			return m.help()
		}
		return m.pickTyping(of, press.Text)
	} else if line == nil && press.Text == " " {
		binding, bound = m.writingKeys().Find("space")
	}
	switch {
	case !bound:
		return nil
	case binding.Off != "":
		m.say(binding.Off)
		return nil
	}
	return m.do(binding.Do, press.String())
}

// typeInto gives a key to the text of a row; false where it has no use for it.
func (m *Model) typeInto(of row, press tea.KeyPressMsg, value func() string, into func(tea.KeyPressMsg) bool) bool {
	before := value()
	if !into(press) {
		return false
	}
	switch changed := value() != before; {
	case changed:
		m.typed(of)
	case press.Text != "":
		m.say("compose.too-long", "Most", parts.MaxText>>10)
	}
	return true
}

// paste takes what the terminal says was pasted.
func (m *Model) paste(text string) tea.Cmd {
	switch m.stage {
	case picking:
		m.pick.chooser.Insert(text)
		return m.pickTyped()
	case offering:
		if m.options.Kind == Drafts {
			m.pick.chooser.Insert(text)
			return nil
		}
		return m.beginWith(m.pick.chooser.Typed() + text)
	case writing:
	default:
		return nil
	}
	of := m.current()
	if area := m.area(of); area != nil {
		if !area.Insert(text) {
			m.say("compose.too-long", "Most", parts.MaxText>>10)
			return nil
		}
		m.typed(of)
		return nil
	}
	if line := m.line(of); line != nil {
		line.Insert(text)
		m.typed(of)
		return nil
	}
	return m.pickTyping(of, text)
}

func (m *Model) do(what, key string) tea.Cmd {
	switch what {
	case "help":
		return m.help()
	case "leave-writing", "leave-as-it-is":
		return m.out()
	case "back-to-writing":
		m.stage, m.closing = writing, false
	case "next-row":
		m.moveRow(1)
	case "row-before":
		m.moveRow(-1)
	case "restore-field":
		m.restore(m.current().key)
	case "tick-row":
		m.tickBox(m.current())
	case "open-choices":
		return m.pickFor(m.current())
	case "attach":
		return m.attach()
	case "complete-path":
		return m.complete()
	case "detach":
		m.detach()
	case "turn-public":
		m.turn()
	case "macros":
		m.pickMacro()
	case "own-editor":
		return m.edit()
	case "drafts":
		m.showDrafts()
	case "move":
		m.reader.Press(key, len(m.readable()), m.bodyHeight())
	default:
		return m.doSend(what)
	}
	return nil
}

// help explains the keys of what is shown.
func (m *Model) help() tea.Cmd {
	return parts.Open(&parts.Help{Title: "compose.help-title", About: "compose.help-about", Table: m.Keys()})
}

// turn makes the comment public, or internal. Where nobody said which, the first press makes it public.
func (m *Model) turn() {
	m.draft.Public = !m.draft.Public || !m.draft.PublicSaid
	m.draft.PublicSaid = true
	m.changed(commentRow)
	if m.draft.Public {
		m.say("compose.turned-public")
	} else {
		m.say("compose.turned-internal")
	}
}

// tickBox ticks a checkbox, or takes the tick away.
func (m *Model) tickBox(of row) {
	values := m.values(of.key)
	if len(values) > 0 && values[0] == "true" {
		m.give(of.key, "false")
		return
	}
	m.give(of.key, "true")
}

// AllKeys is the table for a manual: every key of every stage, once.
func AllKeys() parts.Table {
	m := New(Options{})
	m.conflict = &tickets.ConflictError{Clashes: make([]tickets.Clash, 1)}
	var table parts.Table
	add := func(keys parts.Table) {
		for _, binding := range keys {
			known := slices.ContainsFunc(table, func(one parts.Binding) bool { return one.Do == binding.Do })
			if common := binding.Do == helpKey.Do || binding.Do == leaveKey.Do; !known && !common {
				binding.Off = ""
				table = append(table, binding)
			}
		}
	}
	kinds := []tickets.FieldKind{tickets.TextField, tickets.ChoiceField, tickets.CheckboxField}
	add(m.rowKeys(row{key: commentRow}))
	for _, kind := range kinds {
		add(m.rowKeys(row{key: "custom:1", field: tickets.Field{Key: "custom:1", Kind: kind}}))
	}
	add(m.rowKeys(row{key: filesRow}))
	m.stage, m.pick.chooser.Many = picking, true
	add(m.Keys())
	m.options.Kind, m.stage = Drafts, offering
	add(m.Keys())
	m.options.Kind = ""
	for _, next := range []stage{offering, applying, checking, conflicted, unsure} {
		m.stage = next
		add(m.Keys())
	}
	m.closing = true
	add(m.checkKeys())
	m.failure = &transport.Error{Kind: transport.SignInExpired}
	add(m.stoppedKeys())
	m.failure = &tickets.EarlierError{}
	add(m.stoppedKeys())
	m.failure = &tickets.GoneError{Why: "closed"}
	add(m.stoppedKeys())
	m.results.list = []tickets.Result{{Ticket: 1, Err: m.conflict}}
	add(m.reportedKeys())
	return append(table, helpKey, leaveKey)
}
