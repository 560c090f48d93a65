// The table of a screen's keys: footer, help and the README's table come from it.

package parts

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"zsf/ui/locale"
	"zsf/ui/theme"
)

// A Binding is what one can do, with which keys, and in which words.
// Its words are the text keys.<Do>, and keys.<Do>-help, which says more.
type Binding struct {
	Do    string   // what it does: again
	Keys  []string // as a key press names itself: r, enter, pgdown
	Label string   // the keys as a person reads them; where empty, the first of Keys
	Off   string   // the text that says why it cannot be done just now; empty when it can
	Quiet bool     // in the help only, not in the footer
}

// A Table is the keys of one screen, in the order of use.
type Table []Binding

// Find tells what a key press does; false when nothing.
func (t Table) Find(key string) (Binding, bool) {
	for _, binding := range t {
		for _, bound := range binding.Keys {
			if bound == key {
				return binding, true
			}
		}
	}
	return Binding{}, false
}

func (b Binding) label() string {
	if b.Label != "" {
		return b.Label
	}
	return b.Keys[0]
}

// Footer is the line of keys at the foot of a screen: those that fit, in order. Help always fits, and the last
// one, which leaves, stands at the right end.
func (f Frame) Footer(table Table) string {
	var shown Table
	for _, binding := range table {
		if !binding.Quiet {
			shown = append(shown, binding)
		}
	}
	if len(shown) == 0 {
		return ""
	}
	leave := f.key(shown[len(shown)-1])
	room := f.Width - 2*theme.Margin - Width(leave)
	for _, binding := range shown {
		if binding.Do == helpKey {
			room -= Width(f.key(binding)) + keyGap
		}
	}
	var line strings.Builder
	full := false
	for _, binding := range shown[:len(shown)-1] {
		key := f.key(binding) + strings.Repeat(" ", keyGap)
		if binding.Do == helpKey {
			line.WriteString(key)
			continue
		}
		full = full || Width(key) > room
		if !full {
			line.WriteString(key)
			room -= Width(key)
		}
	}
	margin := strings.Repeat(" ", theme.Margin)
	gap := max(f.Width-2*theme.Margin-Width(line.String())-Width(leave), 0)
	return margin + line.String() + strings.Repeat(" ", gap) + leave
}

const (
	helpKey = "help"
	keyGap  = 2 // cells between two keys
)

func (f Frame) key(binding Binding) string {
	words := f.Words.T("keys." + binding.Do)
	if binding.Off != "" {
		return f.Theme.Quiet.Render(binding.label() + " " + words)
	}
	return f.Theme.Accent.Render(binding.label()) + " " + words
}

// helpLines are the whole table: keys, what they do, and why not just now.
func (f Frame) helpLines(table Table, width int) []string {
	column := 0
	for _, binding := range table {
		column = max(column, Width(allKeys(binding)))
	}
	var lines []string
	for _, binding := range table {
		keys := strings.Repeat(" ", column-Width(allKeys(binding))) + allKeys(binding)
		for i, line := range Wrap(f.Words.T("keys."+binding.Do+"-help"), width-column-theme.Gutter) {
			if i > 0 {
				keys = strings.Repeat(" ", column)
			}
			lines = append(lines, f.Theme.Accent.Render(keys)+strings.Repeat(" ", theme.Gutter)+line)
		}
		if binding.Off == "" {
			continue
		}
		for _, line := range Wrap(f.Words.T("help.not-now", "Why", f.Words.T(binding.Off)), width-column-theme.Gutter) {
			lines = append(lines, strings.Repeat(" ", column+theme.Gutter)+f.Theme.Quiet.Render(line))
		}
	}
	return lines
}

// allKeys are all keys of a binding as a person reads them.
func allKeys(binding Binding) string {
	if binding.Label != "" {
		return binding.Label
	}
	return strings.Join(binding.Keys, " ")
}

// Markdown is a screen's keys as a table for a README.
func Markdown(words *locale.Locale, table Table) string {
	var b strings.Builder
	fmt.Fprintf(&b, "| %s | %s |\n| --- | --- |\n", words.T("help.key"), words.T("help.does"))
	for _, binding := range table {
		keys := strings.Fields(allKeys(binding))
		for i := range keys {
			keys[i] = "`" + keys[i] + "`"
		}
		fmt.Fprintf(&b, "| %s | %s |\n", strings.Join(keys, " "), words.T("keys."+binding.Do+"-help"))
	}
	return b.String()
}

// jamo are the letters that a Korean keyboard (Dubeolsik) gives where a Latin one gives those of the shortcuts.
var jamo = map[string]string{
	"ㅂ": "q", "ㅈ": "w", "ㄷ": "e", "ㄱ": "r", "ㅅ": "t", "ㅛ": "y", "ㅕ": "u", "ㅑ": "i", "ㅐ": "o", "ㅔ": "p",
	"ㅁ": "a", "ㄴ": "s", "ㅇ": "d", "ㄹ": "f", "ㅎ": "g", "ㅗ": "h", "ㅓ": "j", "ㅏ": "k", "ㅣ": "l",
	"ㅋ": "z", "ㅌ": "x", "ㅊ": "c", "ㅍ": "v", "ㅠ": "b", "ㅜ": "n", "ㅡ": "m", "ㄲ": "R", "ㄸ": "E", "ㅃ": "Q",
}

// KeyName names a key press as tables do; a letter typed on a Korean keyboard counts as the Latin one on that key.
func KeyName(press tea.KeyPressMsg) string {
	name := press.String()
	if latin, ok := jamo[name]; ok {
		return latin
	}
	return name
}
