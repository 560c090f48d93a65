// The keys of the wizard as they are just now, and why some cannot be used.

package wizard

import (
	"zsf/clients/transport"
	"zsf/flows/flow"
	"zsf/flows/run"
	"zsf/ui/parts"
)

// Keys are the wizard's keys as they are just now.
func (m *Model) Keys() parts.Table {
	it := m.current()
	switch {
	case it == nil:
		return m.endKeys()
	case it.mode == asking:
		return m.formKeys(it.form.current())
	case it.mode == vouching:
		return parts.Table{
			{Do: "vouch-now", Keys: []string{"enter"}, Off: offUnderWay(it)},
			{Do: "step-back", Keys: []string{"esc"}},
		}
	case it.mode == previewing:
		return m.previewKeys(it)
	case it.mode == preparing, it.mode == making:
		return m.busyKeys(it)
	case it.mode == leaving:
		return append(parts.Table{
			{Do: "skip-now", Keys: []string{"s", "enter"}, Label: "s", Off: offUnderWay(it)},
			{Do: "step-back", Keys: []string{"esc"}},
		}, m.aroundKeys()...)
	case it.mode == waiting:
		return m.waitKeys(it)
	}
	return m.stepKeys(it)
}

// stepKeys are what can be done at a step. Those that mean nothing there are in the help only.
func (m *Model) stepKeys(it *item) parts.Table {
	skip := parts.Binding{Do: "skip", Keys: []string{"s"}, Off: m.offSkip(it), Quiet: it.settled() || !it.Seen || m.run.Watches()}
	if it.Finding.Verdict == flow.Skipped {
		skip = parts.Binding{Do: "unskip", Keys: []string{"s"}, Off: m.offChanging(it)}
	}
	vouched := it.Finding.Verdict == flow.Confirmed || it.Finding.Vouched.By != ""
	table := parts.Table{
		{Do: "wizard-go", Keys: []string{"enter"}, Quiet: !it.settled()},
		{Do: "do", Keys: []string{"c"}, Off: m.offDo(it), Quiet: !m.offersDo(it)},
		{Do: "sign-in", Keys: []string{"l"}, Off: m.offSignIn(it), Quiet: !m.offersSignIn(it)},
		{Do: "open", Keys: []string{"o"}, Off: m.offOpen(it), Quiet: len(it.Pages()) == 0},
		{Do: "vouch", Keys: []string{"v"}, Off: m.offVouch(it), Quiet: !m.offersWord(it)},
		{Do: "copy", Keys: []string{"y"}, Off: offCopy(it), Quiet: it.copied() == ""},
		{Do: "again", Keys: []string{"r"}, Off: m.offAgain()},
		{Do: "previous", Keys: []string{"left", "p"}, Label: "←", Off: m.offFirst()},
		{Do: "next", Keys: []string{"right", "n"}, Label: "→", Quiet: it.settled()},
		skip,
		{Do: "take-back", Keys: []string{"u"}, Off: m.offTakeBack(it), Quiet: m.lastChange(it.Step.ID) == nil},
		{Do: "unvouch", Keys: []string{"V"}, Off: m.offUnvouch(it), Quiet: !vouched},
		{Do: "page", Keys: []string{"1", "2", "3", "4", "5", "6", "7", "8", "9"}, Label: "1-9", Off: offOnePage(it), Quiet: true},
	}
	return append(append(append(table, m.rareKeys()...), m.scrollKeys()...),
		parts.Binding{Do: "wizard-out", Keys: []string{"esc"}, Quiet: true}, m.quitKey())
}

// rareKeys are those that are used once a flow, if at all.
func (m *Model) rareKeys() parts.Table {
	table := parts.Table{{Do: "layout", Keys: []string{"L"}, Off: m.offLayout(), Quiet: true}}
	if m.IsDemo() {
		table = append(table, parts.Binding{Do: "scenario", Keys: []string{"S"}, Off: m.offSwitching(), Quiet: true})
	}
	if m.options.Auto {
		table = append(table, parts.Binding{Do: "auto", Keys: []string{"a"}, Quiet: m.auto.on})
	}
	return table
}

// scrollKeys go through what does not fit, and help.
func (m *Model) scrollKeys() parts.Table {
	return parts.Table{
		{Do: "move", Keys: []string{"up", "down", "k", "j"}, Label: "↑ ↓ k j", Quiet: true},
		{Do: "ends", Keys: []string{"home", "end", "g", "G"}, Quiet: true},
		{Do: "pages", Keys: []string{"pgup", "pgdown", "tab", "space"}, Label: "pgup pgdown tab", Quiet: true},
		{Do: "help", Keys: []string{"?"}},
	}
}

func (m *Model) quitKey() parts.Binding {
	return parts.Binding{Do: "quit-for-now", Keys: []string{"q", "ctrl+c"}, Label: "q", Off: m.offQuit()}
}

// previewKeys make what is shown, with a key that nobody presses by habit.
func (m *Model) previewKeys(it *item) parts.Table {
	do := "do-now"
	if it.undo != nil {
		do = "take-back-now"
	}
	return append(parts.Table{
		{Do: do, Keys: []string{"D"}},
		{Do: "not-now", Keys: []string{"esc"}},
		{Do: "habit", Keys: []string{"enter"}, Quiet: true},
	}, m.aroundKeys()...)
}

// busyKeys are what is left while a service is being asked.
func (m *Model) busyKeys(it *item) parts.Table {
	table := parts.Table{}
	if it.mode == preparing {
		table = append(table, parts.Binding{Do: "step-back", Keys: []string{"esc"}})
	}
	return append(table, m.aroundKeys()...)
}

// aroundKeys look around and leave, while something is being done at the step: it stays as it is.
func (m *Model) aroundKeys() parts.Table {
	table := parts.Table{
		{Do: "previous", Keys: []string{"left", "p"}, Label: "←", Off: m.offFirst(), Quiet: true},
		{Do: "next", Keys: []string{"right", "n"}, Label: "→", Quiet: true},
	}
	if m.options.Auto {
		table = append(table, parts.Binding{Do: "auto", Keys: []string{"a"}, Quiet: true})
	}
	return append(append(table, m.scrollKeys()...), m.quitKey())
}

// waitKeys are the keys while somebody else acts.
func (m *Model) waitKeys(it *item) parts.Table {
	vouch := parts.Binding{Do: "vouch", Keys: []string{"v"}, Off: m.offVouch(it), Quiet: !m.offersWord(it)}
	table := parts.Table{
		{Do: "again", Keys: []string{"r"}, Off: m.offAgain()},
		{Do: "open", Keys: []string{"o"}, Off: m.offOpen(it), Quiet: len(it.Pages()) == 0},
	}
	if it.Finding.Err == nil {
		table = append(parts.Table{vouch}, table...)
	} else {
		table = append(table, vouch) // a look may tell yet
	}
	table = append(table, parts.Table{
		{Do: "step-back", Keys: []string{"esc"}},
		{Do: "copy", Keys: []string{"y"}, Off: offCopy(it), Quiet: it.copied() == ""},
		{Do: "page", Keys: []string{"1", "2", "3", "4", "5", "6", "7", "8", "9"}, Label: "1-9", Off: offOnePage(it), Quiet: true},
	}...)
	return append(table, m.aroundKeys()...)
}

// endKeys are the keys of the last page.
func (m *Model) endKeys() parts.Table {
	table := parts.Table{
		{Do: "previous", Keys: []string{"left", "p"}, Label: "←"},
		{Do: "all", Keys: []string{"r", "R"}, Label: "r", Off: m.offAgain()},
	}
	if m.nextOpen(0) < len(m.items) {
		table = append(parts.Table{{Do: "to-open", Keys: []string{"enter"}}}, table...)
	}
	return append(append(append(table, m.rareKeys()...), m.scrollKeys()...),
		parts.Binding{Do: "wizard-out", Keys: []string{"esc"}, Quiet: true},
		parts.Binding{Do: "leave", Keys: []string{"q", "ctrl+c"}, Label: "q", Off: m.offEnding()})
}

// AllKeys is the table for a manual: every key, with nothing switched off.
func AllKeys() parts.Table {
	m := New(Options{Run: manual{}, Scenarios: []parts.Choice{{}}, Auto: true}, true)
	it := &m.items[0]
	table := m.stepKeys(it)
	for _, binding := range append(m.previewKeys(it), m.formKeys(&field{question: flow.Question{Kind: flow.PickMany}})...) {
		switch binding.Do {
		case "do-now", "tick", "filter":
			table = append(table, binding)
		}
	}
	for i := range table {
		table[i].Off = ""
	}
	return table
}

// manual is a run of one step, for the table of keys.
type manual struct{ Runner }

func (manual) Flow() flow.Flow {
	return flow.Flow{Groups: []flow.Group{{Steps: []flow.Step{{}}}}}
}
func (manual) Who() string   { return "" }
func (manual) Watches() bool { return false }

// Why something cannot be done just now; empty when it can.

func offUnderWay(it *item) string {
	if it.isUnderWay() {
		return "off.under-way"
	}
	return ""
}

// offChanging is why nothing is changed or noted at all.
func (m *Model) offChanging(it *item) string {
	switch {
	case m.run.Watches():
		return "off.watching"
	case m.switching != "":
		return m.offSwitching()
	}
	return offUnderWay(it)
}

func (m *Model) offersDo(it *item) bool {
	return it.canBeDone() && !m.run.Watches() && !it.isUnseen() && !it.isUnread() && (!it.settled() || len(it.questions) > 0)
}

func (m *Model) offDo(it *item) string {
	switch {
	case m.offChanging(it) != "":
		return m.offChanging(it)
	case it.Step.Change == nil && it.Step.Ask == nil:
		return "off.no-change"
	case !it.Seen:
		return "off.not-seen"
	case it.isUnseen() && it.Step.Change != nil:
		return "off.no-sign-in"
	case it.Finding.Verdict == flow.Blocked:
		return "off.blocked"
	case it.settled() && it.Finding.Verdict != flow.Skipped && len(it.questions) == 0:
		return "off.as-it-should"
	case it.Step.Change == nil && len(it.questions) == 0:
		return "off.no-question"
	}
	return ""
}

func (m *Model) offOpen(it *item) string {
	switch {
	case len(it.Pages()) == 0:
		return "off.no-page"
	case it.Pages()[it.pageNumber()].URL == "":
		return "off.no-address"
	}
	return ""
}

func offOnePage(it *item) string {
	if len(it.Pages()) < 2 {
		return "off.one-page"
	}
	return ""
}

func offCopy(it *item) string {
	if it.copied() == "" {
		return "off.nothing-to-copy"
	}
	return ""
}

// offersWord tells that a person's word is what the step lacks.
// An answer to the step's own question is one.
func (m *Model) offersWord(it *item) bool {
	answers := it.Step.Change == nil && len(it.questions) > 0 && m.offersDo(it)
	return it.Finding.CanBeVouchedFor() && !m.run.Watches() && !answers
}

func (m *Model) offVouch(it *item) string {
	switch {
	case m.offChanging(it) != "":
		return m.offChanging(it)
	case !it.Seen:
		return "off.not-seen"
	case it.Finding.Verdict == flow.Confirmed:
		return "off.confirmed"
	case !it.Finding.CanBeVouchedFor():
		return "off.api-tells"
	}
	return ""
}

func (m *Model) offUnvouch(it *item) string {
	if off := m.offChanging(it); off != "" {
		return off
	}
	if it.Finding.Verdict != flow.Confirmed && it.Finding.Vouched.By == "" {
		return "off.no-word"
	}
	return ""
}

func (m *Model) offSkip(it *item) string {
	switch {
	case m.offChanging(it) != "":
		return m.offChanging(it)
	case !it.Seen:
		return "off.not-seen"
	case it.settled():
		return "off.holds"
	}
	return ""
}

func (m *Model) offTakeBack(it *item) string {
	if off := m.offChanging(it); off != "" {
		return off
	}
	if m.lastChange(it.Step.ID) == nil {
		return "off.no-own-change"
	}
	return ""
}

func (m *Model) offAgain() string {
	if m.look.Runs() || m.recovering {
		return "off.looking"
	}
	return m.offSwitching()
}

func (m *Model) offersSignIn(it *item) bool {
	return m.options.SignIn != nil && !m.run.Watches() && it.service() != "" && !it.Finding.Verdict.Holds()
}

func (m *Model) offSignIn(it *item) string {
	switch {
	case m.options.SignIn == nil:
		return "off.sign-in-elsewhere"
	case m.run.Watches():
		return "off.watching"
	case it.service() == transport.Service(""):
		return "off.signed-in"
	}
	return m.offSwitching()
}

func (m *Model) offLayout() string {
	switch {
	case m.options.SwitchLayout == nil:
		return "off.one-layout"
	case m.run.Watches():
		return "off.watching"
	}
	return m.offSwitching()
}

func (m *Model) offSwitching() string {
	if m.switching != "" {
		return m.switching
	}
	return ""
}

func (m *Model) offFirst() string {
	if m.at == 0 {
		return "off.first"
	}
	return ""
}

// offQuit keeps a change from being cut off in the middle.
func (m *Model) offQuit() string {
	for i := range m.items {
		if m.items[i].mode == making {
			return "off.making"
		}
	}
	return ""
}

func (m *Model) offEnding() string {
	if m.ending {
		return "off.under-way"
	}
	return m.offQuit()
}

var _ Runner = (*run.Run)(nil)
