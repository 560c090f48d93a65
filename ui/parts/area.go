// Text of several lines that a person types or pastes.

package parts

import (
	"slices"
	"strings"
	"unicode"

	tea "charm.land/bubbletea/v2"

	"zsf/ui/locale"
)

// An Area is text with a cursor, wrapped to a width. The zero Area is empty.
type Area struct {
	lines         [][]string // letters
	row, at       int        // the line, and the letter in it, that the cursor stands on
	goal          int        // cells from the left that up and down aim at; -1: where the cursor is
	width, height int        // as Fit told
	top           int        // the first of the rows in view
	laid          []stretch  // the lines as they are wrapped; nil: they changed since
	laidFor       int        // the width that they were wrapped for
}

// MaxText is how many bytes an Area takes: as many as a comment of a ticket may have.
const MaxText = 64 << 10

// tab is what stands for a tabulator: no cell of the screen moves by itself.
const tab = "    "

// Value is the text, its lines ended by line feeds.
func (a *Area) Value() string {
	lines := make([]string, len(a.lines))
	for i, line := range a.lines {
		lines[i] = strings.Join(line, "")
	}
	return strings.Join(lines, "\n")
}

// Set replaces the text, and leaves the cursor at its end.
func (a *Area) Set(text string) {
	a.lines, a.row, a.at, a.top, a.laid = nil, 0, 0, 0, nil
	a.Insert(text)
}

// Insert puts text where the cursor is: its lines, no control characters. It tells whether there was room for it.
func (a *Area) Insert(text string) bool {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n", "\t", tab).Replace(text)
	text = strings.Map(func(r rune) rune {
		if r != '\n' && unicode.IsControl(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "\ufffd"))
	if text == "" {
		return true
	}
	if len(text)+a.size() > MaxText {
		return false
	}
	a.begin()
	a.laid = nil
	var added [][]string
	for line := range strings.SplitSeq(text, "\n") {
		added = append(added, graphemes(line))
	}
	last := len(added) - 1
	rest := slices.Clone(a.lines[a.row][a.at:])
	at := len(added[last])
	added[0] = append(slices.Clone(a.lines[a.row][:a.at]), added[0]...)
	if last == 0 {
		at += a.at
	}
	added[last] = append(added[last], rest...)
	a.lines = slices.Replace(a.lines, a.row, a.row+1, added...)
	a.row, a.at, a.goal = a.row+last, at, -1
	a.follow()
	return true
}

func (a *Area) size() int {
	size := len(a.lines)
	for _, line := range a.lines {
		for _, letter := range line {
			size += len(letter)
		}
	}
	return size
}

// begin makes sure that there is a line to stand on.
func (a *Area) begin() {
	if len(a.lines) == 0 {
		a.lines, a.row, a.at, a.goal, a.laid = [][]string{{}}, 0, 0, -1, nil
	}
}

// Fit tells how many cells and rows the text has on the screen.
func (a *Area) Fit(width, height int) {
	a.width, a.height = max(width, 2), max(height, 1)
	a.begin()
	a.follow()
}

// Press types a letter or does what an editing key does; false where the key is neither, or leads out of the text.
func (a *Area) Press(press tea.KeyPressMsg) bool {
	a.begin()
	if press.Text != "" {
		a.Insert(press.Text)
		return true
	}
	done := a.move(press.String()) || a.edit(press.String())
	a.follow()
	return done
}

func (a *Area) move(key string) bool {
	line := a.lines[a.row]
	switch key {
	case "left", "ctrl+b":
		a.step(-1)
	case "right", "ctrl+f":
		a.step(1)
	case "ctrl+left", "alt+left", "alt+b":
		a.word(-1)
	case "ctrl+right", "alt+right", "alt+f":
		a.word(1)
	case "home", "ctrl+a":
		a.at = 0
	case "end", "ctrl+e":
		a.at = len(line)
	case "ctrl+home":
		a.row, a.at = 0, 0
	case "ctrl+end":
		a.row = len(a.lines) - 1
		a.at = len(a.lines[a.row])
	case "up", "down", "pgup", "pgdown":
		by := map[string]int{"up": -1, "down": 1, "pgup": 1 - a.height, "pgdown": a.height - 1}[key]
		return a.climb(by)
	default:
		return false
	}
	a.goal = -1
	return true
}

// step goes a letter on, or back; from one line to the next.
func (a *Area) step(by int) {
	switch at := a.at + by; {
	case at < 0 && a.row > 0:
		a.row--
		a.at = len(a.lines[a.row])
	case at > len(a.lines[a.row]) && a.row+1 < len(a.lines):
		a.row, a.at = a.row+1, 0
	default:
		a.at = min(max(at, 0), len(a.lines[a.row]))
	}
}

// word goes to the start of a word, or past its end.
func (a *Area) word(by int) {
	blank := func() bool {
		at := a.at
		if by < 0 {
			at--
		}
		line := a.lines[a.row]
		return at < 0 || at >= len(line) || strings.TrimSpace(line[at]) == ""
	}
	ends := func() bool {
		return by < 0 && a.row == 0 && a.at == 0 || by > 0 && a.row == len(a.lines)-1 && a.at == len(a.lines[a.row])
	}
	for blank() && !ends() {
		a.step(by)
	}
	for !blank() && !ends() {
		a.step(by)
	}
}

func (a *Area) edit(key string) bool {
	line := a.lines[a.row]
	switch key {
	case "enter", "ctrl+j", "shift+enter", "alt+enter":
		a.Insert("\n")
	case "backspace", "ctrl+h", "shift+backspace":
		if a.row > 0 || a.at > 0 {
			a.step(-1)
			a.remove()
		}
	case "delete", "ctrl+d":
		a.remove()
	case "ctrl+u":
		a.lines[a.row], a.at = slices.Clone(line[a.at:]), 0
	case "ctrl+k":
		if a.at == len(line) {
			a.remove()
		} else {
			a.lines[a.row] = slices.Clone(line[:a.at])
		}
	case "ctrl+w", "alt+backspace":
		row, at := a.row, a.at
		a.word(-1)
		if a.row != row { // no further than to the start of the line
			a.row, a.at = row, 0
		}
		a.lines[a.row] = slices.Delete(slices.Clone(line), a.at, at)
	default:
		return false
	}
	a.goal, a.laid = -1, nil
	return true
}

// remove takes away the letter under the cursor, or the end of its line.
func (a *Area) remove() {
	line := a.lines[a.row]
	switch {
	case a.at < len(line):
		a.lines[a.row] = slices.Delete(slices.Clone(line), a.at, a.at+1)
	case a.row+1 < len(a.lines):
		a.lines[a.row] = append(slices.Clone(line), a.lines[a.row+1]...)
		a.lines = slices.Delete(a.lines, a.row+1, a.row+2)
	}
}

// A stretch is the part of a line that stands in one row of the screen.
type stretch struct{ line, from, to int }

// rows breaks the lines where the screen ends: between words where it can. The last cell is the cursor's.
func (a *Area) rows() []stretch {
	if a.laid != nil && a.laidFor == a.width {
		return a.laid
	}
	room := max(a.width-1, 1)
	var rows []stretch
	for i, line := range a.lines {
		from, cells, blank := 0, 0, 0
		for at, letter := range line {
			wide := cellsOf(letter)
			for cells+wide > room && at > from {
				to := at
				if blank > from {
					to = blank
				}
				rows = append(rows, stretch{i, from, to})
				from, cells = to, 0
				for _, moved := range line[to:at] {
					cells += cellsOf(moved)
				}
			}
			cells += wide
			if letter == " " {
				blank = at + 1
			}
		}
		rows = append(rows, stretch{i, from, len(line)})
	}
	a.laid, a.laidFor = rows, a.width
	return rows
}

// cellsOf is how many cells a letter takes.
func cellsOf(letter string) int {
	if len(letter) == 1 && letter[0] >= ' ' && letter[0] < 0x7f {
		return 1
	}
	return Width(locale.Clean(letter))
}

// place is the row that the cursor is in.
func (a *Area) place(rows []stretch) int {
	for i, row := range rows {
		last := i+1 == len(rows) || rows[i+1].line != row.line
		if row.line == a.row && a.at >= row.from && (a.at < row.to || last) {
			return i
		}
	}
	return 0
}

// climb goes so many rows of the screen down, or up; false where there is none.
func (a *Area) climb(by int) bool {
	rows := a.rows()
	from := a.place(rows)
	to := min(max(from+by, 0), len(rows)-1)
	if to == from {
		return false
	}
	if a.goal < 0 {
		a.goal = 0
		for _, letter := range a.lines[a.row][rows[from].from:a.at] {
			a.goal += cellsOf(letter)
		}
	}
	row, cells := rows[to], 0
	a.row, a.at = row.line, row.from
	for _, letter := range a.lines[row.line][row.from:row.to] {
		if cells += cellsOf(letter); cells > a.goal {
			break
		}
		a.at++
	}
	last := to+1 == len(rows) || rows[to+1].line != row.line
	if !last && a.at == row.to {
		a.at-- // the place after it is the start of the row below
	}
	return true
}

// follow scrolls as little as it must to have the cursor in view.
func (a *Area) follow() {
	if a.height == 0 || len(a.lines) == 0 {
		return
	}
	rows := a.rows()
	at := a.place(rows)
	a.top = min(a.top, at)
	a.top = max(a.top, at-a.height+1)
	a.top = max(min(a.top, len(rows)-a.height), 0)
}

// Hidden is how many rows are above and below what is in view.
func (a *Area) Hidden() (above, below int) {
	return a.top, max(len(a.rows())-a.top-a.height, 0)
}

// View is the text in view: height rows of at most width cells. hint stands there while it is empty.
func (a *Area) View(frame Frame, width, height int, focused bool, hint string) []string {
	view := *a // drawing changes nothing
	view.Fit(width, height)
	if len(view.lines) == 1 && len(view.lines[0]) == 0 {
		var field Field
		return Pad([]string{field.View(frame, width, focused, hint)}, height)
	}
	rows := view.rows()
	cursor := view.place(rows)
	var lines []string
	for i := view.top; i < min(view.top+view.height, len(rows)); i++ {
		row := rows[i]
		letters := view.lines[row.line][row.from:row.to]
		if !focused || i != cursor {
			lines = append(lines, cleaned(letters))
			continue
		}
		at, under, rest := view.at-row.from, " ", ""
		if at < len(letters) {
			under, rest = locale.Clean(letters[at]), cleaned(letters[at+1:])
			if under == "" {
				under = " "
			}
		}
		lines = append(lines, cleaned(letters[:at])+frame.Theme.Plain.Reverse(true).Render(under)+rest)
	}
	return Pad(lines, height)
}

func cleaned(letters []string) string { return locale.Clean(strings.Join(letters, "")) }
