// The autopilot: it presses the same keys as a person would, one at a time, until a person presses one.

package wizard

import (
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"zsf/flows/flow"
	"zsf/ui/parts"
)

// An autopilot is what the wizard does by itself.
type autopilot struct {
	on    bool
	next  time.Time          // of its next key
	tried map[flow.ID]string // the keys that it pressed at a step
}

const (
	autoPace = 1500 * time.Millisecond // between two keys, so that one can follow
	autoWait = 90 * time.Second        // for what is to happen in the browser
	autoName = "demo"                  // vouches
)

func (m *Model) autoPause() time.Duration {
	if m.options.Pace > 0 {
		return m.options.Pace
	}
	return autoPace
}

// stopAuto ends the autopilot with a person's first key; true where that was all that the key is to do.
func (m *Model) stopAuto(press tea.KeyPressMsg) bool {
	if !m.auto.on {
		return false
	}
	m.auto.on = false
	m.say("wizard.auto-stopped")
	return parts.KeyName(press) != "q"
}

func (m *Model) startAuto() {
	m.auto.on, m.auto.next, m.auto.tried = true, m.now.Add(m.autoPause()), nil
	m.say("wizard.auto-started")
}

// fly presses the autopilot's next key when it is time, and nothing is under way.
func (m *Model) fly() tea.Cmd {
	it := m.current()
	switch {
	case !m.auto.on, m.now.Before(m.auto.next), m.recovering, m.switching != "", !m.look.Finished:
		return nil
	case m.look.Runs(), it != nil && it.isUnderWay(), !m.goOn.at.IsZero():
		return nil
	case it == nil:
		m.auto.on = false
		return nil
	}
	key := m.autoKey(it)
	if key == "" {
		return nil
	}
	command := m.press(keyPress(key))
	m.auto.next = m.now.Add(m.autoPause())
	if now := m.current(); now != nil && now.mode != atStep {
		m.auto.next = m.now.Add(2 * m.autoPause()) // it asks for a decision
	}
	return command
}

// autoKey is what a person who knows nothing more than the screen says would press next.
func (m *Model) autoKey(it *item) string {
	switch it.mode {
	case previewing:
		return "D"
	case vouching:
		it.name = newField(autoName)
		return "enter"
	case leaving:
		return "s"
	case asking:
		if f := it.form.current(); f.err != nil || f.text != nil && typed(f.text) == "" {
			return "esc"
		}
		return "enter"
	case waiting:
		return m.autoWaits(it)
	case atStep, preparing, making:
	}
	warned := it.Finding.Verdict == flow.Warn
	if it.settled() && !warned {
		return "enter"
	}
	for _, way := range []struct {
		key string
		off string
	}{{"c", m.offDo(it)}, {"o", m.offOpen(it)}, {"v", m.offVouch(it)}, {"s", m.offSkip(it)}} {
		if warned && (way.key == "v" || way.key == "s") {
			return "enter" // a warning is no wall
		}
		if way.off == "" && m.try(it, way.key) {
			return way.key
		}
	}
	m.auto.on = false // nothing is left that it could do
	m.say("wizard.auto-stuck")
	return ""
}

// autoWaits leaves a page when what is to be done there cannot be seen, or does not happen.
func (m *Model) autoWaits(it *item) string {
	waited := m.now.Sub(it.wait.since)
	switch {
	case it.Finding.CanBeVouchedFor() && m.offVouch(it) == "" && waited > 2*m.autoPause() && m.try(it, "v"):
		return "v"
	case waited > autoWait && !it.wait.underway:
		return "esc"
	}
	return ""
}

// try tells whether a key is pressed at a step for the first time.
func (m *Model) try(it *item, key string) bool {
	if strings.Contains(m.auto.tried[it.Step.ID], key) {
		return false
	}
	if m.auto.tried == nil {
		m.auto.tried = map[flow.ID]string{}
	}
	m.auto.tried[it.Step.ID] += key
	return true
}

// keyPress is the press of a key by its name.
func keyPress(name string) tea.KeyPressMsg {
	switch name {
	case "enter":
		return tea.KeyPressMsg{Code: tea.KeyEnter}
	case "esc":
		return tea.KeyPressMsg{Code: tea.KeyEscape}
	}
	return tea.KeyPressMsg{Code: []rune(name)[0], Text: name}
}
