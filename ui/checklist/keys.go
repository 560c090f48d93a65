// The keys of the checklist, and what each does.

package checklist

import (
	"strconv"

	tea "charm.land/bubbletea/v2"

	"zsf/flows/flow"
	"zsf/ui/parts"
)

// Keys are the checklist's keys as they are just now.
func (m *Model) Keys() parts.Table {
	if m.whole {
		return m.wholeKeys()
	}
	table := moveKeys()
	out := parts.Binding{Do: "out", Keys: []string{"esc"}, Quiet: !m.reading}
	if m.reading {
		table = append(table, out) // the way back comes first
	}
	if m.IsDemo() {
		table = append(table, parts.Binding{Do: "scenario", Keys: []string{"s"}})
	}
	offFits := m.offFits()
	filter := parts.Binding{Do: "wrong", Keys: []string{"f"}}
	if m.wrongOnly {
		filter.Do = "everything"
	}
	table = append(append(table, m.stepKeys()...),
		filter,
		parts.Binding{Do: "details", Keys: []string{"enter"}, Off: m.offNoStep()},
		m.copyKey(),
		parts.Binding{Do: "read", Keys: []string{"tab"}, Off: offFits, Quiet: offFits != ""},
		parts.Binding{Do: "all", Keys: []string{"R"}, Off: m.offSwitching()},
		parts.Binding{Do: "help", Keys: []string{"?"}},
	)
	if !m.reading {
		table = append(table, out)
	}
	return append(table, parts.Binding{Do: "quit", Keys: []string{"q", "ctrl+c"}, Label: "q"})
}

// wholeKeys are the keys while the details fill the screen.
func (m *Model) wholeKeys() parts.Table {
	back := parts.Binding{Do: "back", Keys: []string{"esc", "enter"}, Label: "esc"}
	return append(append(append(moveKeys(), back), m.stepKeys()...),
		m.copyKey(),
		parts.Binding{Do: "help", Keys: []string{"?"}},
		parts.Binding{Do: "quit", Keys: []string{"q", "ctrl+c"}, Label: "q"},
	)
}

// moveKeys go through the list, or through the details.
func moveKeys() parts.Table {
	return parts.Table{
		{Do: "move", Keys: []string{"up", "down", "k", "j"}, Label: "↑ ↓ k j", Quiet: true},
		{Do: "ends", Keys: []string{"home", "end", "g", "G"}, Quiet: true},
		{Do: "pages", Keys: []string{"pgup", "pgdown"}, Quiet: true},
	}
}

// stepKeys are what can be done with the chosen step.
func (m *Model) stepKeys() parts.Table {
	return parts.Table{
		{Do: "again", Keys: []string{"r"}, Off: m.offAgain()},
		{Do: "open", Keys: []string{"o"}, Off: m.offOpen()},
		{Do: "sign-in", Keys: []string{"l"}, Off: m.offSignIn(), Quiet: !m.wantsSignIn()},
		{Do: "page", Keys: []string{"1", "2", "3", "4", "5", "6", "7", "8", "9"}, Label: "1-9", Off: m.offOnePage(), Quiet: true},
	}
}

func (m *Model) copyKey() parts.Binding {
	return parts.Binding{Do: "copy", Keys: []string{"y"}, Off: m.offCopy()}
}

// AllKeys is the table for a manual: every key, with nothing switched off.
func AllKeys() parts.Table {
	m := New(Options{Scenarios: []Scenario{{}}}, true)
	table := m.Keys()
	for i := range table {
		table[i].Off = ""
	}
	return table
}

// Why something cannot be done just now; empty when it can.

func (m *Model) offNoStep() string {
	if m.current() == nil {
		return "off.no-step"
	}
	return ""
}

func (m *Model) offSwitching() string {
	if m.switching {
		return "off.switching"
	}
	return ""
}

func (m *Model) offAgain() string {
	switch {
	case m.switching:
		return "off.switching"
	case m.current() != nil && m.look.Runs():
		return "off.looking"
	}
	return m.offNoStep()
}

func (m *Model) offOpen() string {
	item := m.current()
	switch {
	case item == nil:
		return "off.no-step"
	case len(item.Pages()) == 0:
		return "off.no-page"
	case item.Pages()[m.pageOf(item)].URL == "":
		return "off.no-address"
	}
	return ""
}

func (m *Model) offSignIn() string {
	about, ok := m.signIn()
	switch {
	case m.IsDemo():
		return "off.demo-sign-in"
	case !ok:
		return "off.not-a-sign-in"
	}
	return about.Off
}

// wantsSignIn tells whether the chosen step would be mended by signing in.
func (m *Model) wantsSignIn() bool {
	item := m.current()
	return item != nil && item.Seen && item.Finding.Verdict != flow.Pass && m.offSignIn() == ""
}

func (m *Model) offOnePage() string {
	if item := m.current(); item == nil || len(item.Pages()) < 2 {
		return "off.one-page"
	}
	return ""
}

func (m *Model) offCopy() string {
	item := m.current()
	if item == nil {
		return "off.no-step"
	}
	if m.copied(item) == "" {
		return "off.nothing-to-copy"
	}
	return ""
}

func (m *Model) offFits() string {
	if m.whole || !m.detailsOverflow() {
		return "off.fits"
	}
	return ""
}

// press does what a key is bound to, or says why it cannot be done just now.
func (m *Model) press(key string) tea.Cmd {
	m.toast = parts.Toast{}
	binding, ok := m.Keys().Find(key)
	if !ok {
		return nil
	}
	if binding.Off != "" {
		m.say(binding.Off)
		return nil
	}
	switch binding.Do {
	case "move", "ends", "pages":
		m.move(key)
	case "again":
		return m.lookAgain(m.chosen)
	case "all":
		return m.lookAtAll()
	case "open":
		return m.open(m.current().Pages()[m.pageOf(m.current())].URL)
	case "sign-in":
		about, _ := m.signIn()
		return func() tea.Msg { return parts.SignIn{Service: about.Service} }
	case "page":
		return m.openNumbered(key)
	case "copy":
		m.say("checklist.sent-to-clipboard")
		return tea.SetClipboard(m.copied(m.current()))
	case "wrong", "everything":
		m.toggleWrong()
	case "details", "back":
		m.whole, m.reading = !m.whole, false
		m.reader.Reset()
	case "read":
		m.reading = !m.reading
	case "scenario":
		return m.offerScenarios()
	case "help":
		return parts.Open(&parts.Help{Title: "checklist.help-title", About: "checklist.help-about", Table: m.Keys(), Marks: true})
	case "out":
		return m.out()
	case "quit":
		return func() tea.Msg { return parts.Quit{} }
	}
	return nil
}

// move goes through the list, or through the details while they are read.
func (m *Model) move(key string) {
	if m.whole || m.reading {
		m.scroll(key)
		return
	}
	m.moved = true
	m.list.Press(key)
	if at := m.list.Cursor(); at >= 0 {
		m.choose(m.items[m.rows[at].item].Step.ID)
	}
}

func (m *Model) scroll(key string) {
	width, height := m.detailsSize()
	m.reader.Press(key, len(m.details(m.current(), width)), height)
}

// choose makes a step the one whose details are shown.
func (m *Model) choose(id flow.ID) {
	if id == m.chosen {
		return
	}
	m.chosen, m.page, m.reading = id, 0, false
	m.reader.Reset()
}

// out is one step out: of the details, of the filter, of the screen.
func (m *Model) out() tea.Cmd {
	switch {
	case m.reading:
		m.reading = false
	case m.wrongOnly:
		m.toggleWrong()
	case m.homely:
		return func() tea.Msg { return parts.Back{} }
	default:
		m.say("checklist.outermost")
	}
	return nil
}

// toggleWrong shows only what is wrong, or all. What is mended meanwhile stays in sight.
func (m *Model) toggleWrong() {
	m.wrongOnly = !m.wrongOnly
	m.kept = map[flow.ID]bool{}
	for _, item := range m.items {
		if item.Seen && isWrong(item.Finding.Verdict) {
			m.kept[item.Step.ID] = true
		}
	}
	m.arrange()
}

func isWrong(verdict flow.Verdict) bool {
	switch verdict {
	case flow.Fail, flow.Warn, flow.Unknown, flow.Blocked:
		return true
	default:
		return false
	}
}

// pageOf is the chosen page of a step.
func (m *Model) pageOf(item *parts.Item) int { return min(m.page, max(len(item.Pages())-1, 0)) }

func (m *Model) openNumbered(key string) tea.Cmd {
	number, err := strconv.Atoi(key)
	pages := m.current().Pages()
	if err != nil || number > len(pages) {
		m.say("checklist.no-such-page", "Count", len(pages))
		return nil
	}
	m.page = number - 1
	if pages[m.page].URL == "" {
		m.say("off.no-address")
		return nil
	}
	return m.open(pages[m.page].URL)
}

// copied is what the copy key takes: the chosen page's link, or else the command.
func (m *Model) copied(item *parts.Item) string {
	if pages := item.Pages(); len(pages) > 0 && pages[m.pageOf(item)].URL != "" {
		return pages[m.pageOf(item)].URL
	}
	return m.frame.Words.Command(item.Command())
}

func (m *Model) offerScenarios() tea.Cmd {
	picker := &parts.Picker{Title: "checklist.scenarios", Current: m.options.Scenario, Chosen: func(name string) tea.Cmd {
		return parts.Do(m.call(), func() tea.Msg { return selected{name} })
	}}
	for _, scenario := range m.options.Scenarios {
		picker.Choices = append(picker.Choices, parts.Choice{Name: scenario.Name, Words: scenario.Words})
	}
	return parts.Open(picker)
}
