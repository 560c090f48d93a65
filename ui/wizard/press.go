// What the keys do.

package wizard

import (
	"strconv"

	tea "charm.land/bubbletea/v2"

	"zsf/flows/flow"
	"zsf/ui/parts"
)

// press does what a key is bound to, or says why it cannot be done just now.
func (m *Model) press(press tea.KeyPressMsg) tea.Cmd {
	m.toast = parts.Toast{}
	it := m.current()
	switch {
	case it != nil && it.mode == asking:
		return m.pressForm(it, press)
	case it != nil && it.mode == vouching:
		return m.pressName(it, press)
	}
	key := parts.KeyName(press)
	binding, ok := m.Keys().Find(key)
	switch {
	case !ok && it != nil && it.isUnderWay():
		m.say("off.under-way")
		return nil
	case !ok:
		return nil
	case binding.Off != "":
		m.say(binding.Off)
		return nil
	case binding.Do == "move" || binding.Do == "ends" || binding.Do == "pages":
		m.scroll(key)
		return nil
	case binding.Do == "page":
		return m.openNumbered(it, key)
	case it == nil:
		return m.atEnd(binding.Do)
	}
	return m.atStep(it, binding.Do)
}

// atStep does one thing at a step.
func (m *Model) atStep(it *item, do string) tea.Cmd {
	switch do {
	case "wizard-go":
		return m.goFurther(it)
	case "do":
		return m.do(it)
	case "open":
		return m.open(it)
	case "copy":
		m.say("checklist.sent-to-clipboard")
		return tea.SetClipboard(m.frame.Words.Command(it.copied()))
	case "again":
		it.trouble = nil
		return m.lookAgain(it.Step.ID)
	case "vouch":
		m.offerWord(it)
	case "unvouch":
		return m.note(it, "unvouch", "")
	case "skip":
		it.fresh()
		it.mode = leaving
		m.reader.Reset()
	case "skip-now":
		return m.note(it, "skip", "")
	case "unskip":
		return m.note(it, "unskip", "")
	case "take-back":
		m.offerTakeBack(it)
	case "do-now", "take-back-now":
		return m.makeIt(it)
	case "habit":
		m.say("wizard.press-d")
	case "step-back", "not-now":
		m.stepBack(it)
	case "sign-in":
		return m.options.SignIn(it.service())
	}
	return m.common(do)
}

// common does what can be done from everywhere.
func (m *Model) common(do string) tea.Cmd {
	switch do {
	case "previous":
		m.goTo(m.at - 1)
	case "next":
		m.goTo(m.at + 1)
	case "layout":
		return m.switchLayout()
	case "scenario":
		return m.offerScenarios()
	case "auto":
		m.startAuto()
	case "help":
		m.covered = true
		return parts.Open(&parts.Help{Title: "wizard.help-title", About: "wizard.help-about", Table: m.Keys(), Marks: true})
	case "wizard-out":
		return m.out()
	case "quit-for-now":
		return quit
	}
	return nil
}

func quit() tea.Msg { return parts.Quit{} }

// out is one step out of the wizard.
func (m *Model) out() tea.Cmd {
	if m.homely {
		return func() tea.Msg { return parts.Back{} }
	}
	if m.isAtEnd() && m.nextOpen(0) == len(m.items) {
		return quit
	}
	if m.options.Passing {
		m.say("wizard.outermost-passing")
		return nil
	}
	m.say("wizard.outermost", "Command", m.options.Command)
	return nil
}

// goFurther does the first thing that there is to do; where nothing is, it goes to the next step.
func (m *Model) goFurther(it *item) tea.Cmd {
	switch {
	case it.settled():
		return m.goFrom(it)
	case it.result != nil && it.result.err == nil && it.result.Outcome == flow.Made && it.Looking:
		m.goOn = goingOn{at: m.now, from: it.Step.ID, asked: true}
	case m.offDo(it) == "" && !it.isUnread():
		return m.do(it)
	case m.offersSignIn(it) && m.offSignIn(it) == "":
		return m.options.SignIn(it.service())
	case m.offOpen(it) == "":
		return m.open(it)
	case m.offVouch(it) == "":
		m.offerWord(it)
	default:
		m.say("wizard.nothing-by-itself")
	}
	return nil
}

// stepBack leaves what is being done at a step. What was asked for and has not come yet is not waited for.
func (m *Model) stepBack(it *item) {
	it.number = 0
	if it.mode == preparing && it.form != nil && it.undo == nil && len(it.questions) > 0 {
		it.mode = asking
		return
	}
	it.back()
	it.moved = nil
	m.reader.Reset()
}

// atEnd does one thing on the last page.
func (m *Model) atEnd(do string) tea.Cmd {
	switch do {
	case "to-open":
		m.goTo(m.nextOpen(0))
	case "all":
		return m.lookAtAll()
	case "leave", "wizard-out":
		return m.leaveEnd(do)
	}
	return m.common(do)
}

// leaveEnd closes the run where nothing is left to do, and leaves.
func (m *Model) leaveEnd(do string) tea.Cmd {
	if m.nextOpen(0) < len(m.items) || m.run.Watches() || m.endErr != nil {
		if do == "leave" {
			return quit
		}
		return m.out()
	}
	m.ending = true
	ctx, runner := m.ctx, m.run
	quits := do == "leave"
	return parts.Do(m.call(), func() tea.Msg { return ended{err: runner.End(ctx), quits: quits} })
}

// offerWord asks for the name of who vouches for the step.
func (m *Model) offerWord(it *item) {
	it.fresh()
	if it.name == nil {
		name := m.by
		if name == m.frame.Words.T("walk.somebody") {
			name = "" // that is nobody's name
		}
		it.name = newField(name)
	}
	it.mode = vouching
	m.reader.Reset()
}

// pressName takes a key while the name is typed.
func (m *Model) pressName(it *item, press tea.KeyPressMsg) tea.Cmd {
	switch press.String() {
	case "enter":
		switch {
		case it.isUnderWay():
			m.say("off.under-way")
		case typed(it.name) == "":
			m.say("wizard.name-missing")
		default:
			return m.note(it, "vouch", typed(it.name))
		}
	case "esc":
		it.number = 0
		it.back()
	default:
		it.name.Press(press)
	}
	return nil
}

func (m *Model) openNumbered(it *item, key string) tea.Cmd {
	number, err := strconv.Atoi(key)
	pages := it.Pages()
	if err != nil || number > len(pages) {
		m.say("checklist.no-such-page", "Count", len(pages))
		return nil
	}
	it.page = number - 1
	if pages[it.page].URL == "" {
		m.say("off.no-address")
		return nil
	}
	return m.open(it)
}

// scroll goes through what does not fit the screen.
func (m *Model) scroll(key string) {
	width, height := m.paneSize()
	m.reader.Press(key, len(m.paneLines(width)), height)
}

func (m *Model) offerScenarios() tea.Cmd {
	m.covered = true
	return parts.Open(&parts.Picker{
		Title: "checklist.scenarios", Choices: m.options.Scenarios, Current: m.options.Scenario,
		Chosen: func(name string) tea.Cmd {
			return parts.Do(m.call(), func() tea.Msg { return selected{name} })
		},
	})
}
