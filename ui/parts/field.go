// A line of text that a person types or pastes.

package parts

import (
	"slices"
	"strings"
	"unicode"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"zsf/ui/locale"
)

// A Field is one line of text with a cursor. The zero Field is empty.
type Field struct {
	Masked  bool // shows no letter of it
	letters []string
	at      int // the letter that the cursor stands on
}

// maxField is more bytes than any address, code or passphrase has.
const maxField = 16 << 10

// Value is the text.
func (f *Field) Value() string { return strings.Join(f.letters, "") }

// Set replaces the text, and leaves the cursor at its end.
func (f *Field) Set(text string) {
	f.letters, f.at = nil, 0
	f.Insert(text)
}

// Insert puts text where the cursor is: one line of it, whatever was pasted.
func (f *Field) Insert(text string) {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, text)
	if len(text)+len(f.Value()) > maxField {
		return
	}
	letters := graphemes(text)
	f.letters = slices.Insert(f.letters, f.at, letters...)
	f.at += len(letters)
}

func graphemes(text string) []string {
	var letters []string
	for text != "" {
		letter, _ := ansi.FirstGraphemeCluster(text, ansi.GraphemeWidth)
		if letter == "" {
			break
		}
		letters, text = append(letters, letter), text[len(letter):]
	}
	return letters
}

// Press types a letter or does what an editing key does; false where the key is neither.
func (f *Field) Press(press tea.KeyPressMsg) bool {
	if press.Text != "" {
		f.Insert(press.Text)
		return true
	}
	switch press.String() {
	case "left", "ctrl+b":
		f.at = max(f.at-1, 0)
	case "right", "ctrl+f":
		f.at = min(f.at+1, len(f.letters))
	case "home", "ctrl+a":
		f.at = 0
	case "end", "ctrl+e":
		f.at = len(f.letters)
	case "backspace", "ctrl+h":
		f.delete(f.at-1, f.at)
	case "delete", "ctrl+d":
		f.delete(f.at, f.at+1)
	case "ctrl+u":
		f.delete(0, f.at)
	case "ctrl+k":
		f.delete(f.at, len(f.letters))
	case "ctrl+w":
		from := f.at
		for from > 0 && f.letters[from-1] == " " {
			from--
		}
		for from > 0 && f.letters[from-1] != " " {
			from--
		}
		f.delete(from, f.at)
	default:
		return false
	}
	return true
}

func (f *Field) delete(from, to int) {
	from, to = max(from, 0), min(to, len(f.letters))
	if from >= to {
		return
	}
	f.letters = slices.Delete(f.letters, from, to)
	f.at = from
}

// View is the part of the text around the cursor that fits width cells. hint stands there while it is empty.
func (f *Field) View(frame Frame, width int, focused bool, hint string) string {
	letters, at := f.shown(frame), f.at
	if !focused {
		if len(letters) == 0 {
			return frame.Theme.Quiet.Render(frame.Cut(hint, width))
		}
		return frame.Cut(locale.Clean(strings.Join(letters, "")), width)
	}
	if len(letters) == 0 {
		return frame.Theme.Plain.Reverse(true).Render(" ") + frame.Theme.Quiet.Render(frame.Cut(hint, width-1))
	}
	cursor := " "
	if at < len(letters) {
		cursor = letters[at]
	}
	// The text left of the cursor gives way before the cursor does.
	from, room := at, width-Width(cursor)
	for from > 0 && room >= Width(letters[from-1]) {
		from--
		room -= Width(letters[from])
	}
	to := min(at+1, len(letters))
	for to < len(letters) && room >= Width(letters[to]) {
		room -= Width(letters[to])
		to++
	}
	line := strings.Join(letters[from:at], "") + frame.Theme.Plain.Reverse(true).Render(cursor)
	if at+1 < to {
		line += strings.Join(letters[at+1:to], "")
	}
	return line
}

// shown are the letters as they may be seen.
func (f *Field) shown(frame Frame) []string {
	letters := make([]string, len(f.letters))
	for i, letter := range f.letters {
		letters[i] = locale.Clean(letter)
		if f.Masked {
			letters[i] = frame.Theme.Icons.Masked
		}
	}
	return letters
}
