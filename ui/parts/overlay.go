// What lies over a screen: its help, and lists to choose from.

package parts

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"zsf/flows/flow"
	"zsf/ui/locale"
)

// An Overlay lies over a screen and has the keys until it is done.
type Overlay interface {
	Press(frame Frame, key string) (command tea.Cmd, done bool)
	Render(frame Frame) string
}

// Opened asks the root to lay an overlay over the screen.
type Opened struct{ Overlay Overlay }

// Open asks the root to lay an overlay over the screen.
func Open(overlay Overlay) tea.Cmd { return func() tea.Msg { return Opened{Overlay: overlay} } }

// Back asks the root to go one step out of the screen.
type Back struct{}

// Quit asks the root to end the program.
type Quit struct{}

// The keys that every overlay has.
var (
	scrollKey = Binding{Do: "move", Keys: []string{"up", "down", "k", "j"}, Label: "↑↓"}
	closeKey  = Binding{Do: "close", Keys: []string{"esc", "q", "?"}, Label: "esc"}
	chooseKey = Binding{Do: "choose", Keys: []string{"enter"}}
)

// Help explains one screen.
type Help struct {
	Title  string // a text's ID
	About  string // a text's ID
	Table  Table
	Marks  bool // explain the marks of verdicts too
	reader Reader
}

// Press scrolls, or closes.
func (h *Help) Press(frame Frame, key string) (tea.Cmd, bool) {
	lines, height := len(h.lines(frame)), overlayHeight(frame)
	switch key {
	case "esc", "q", "?", "enter":
		return nil, true
	case "down", "j":
		h.reader.Scroll(1, lines, height)
	case "up", "k":
		h.reader.Scroll(-1, lines, height)
	case "pgdown", "space":
		h.reader.Scroll(height-1, lines, height)
	case "pgup":
		h.reader.Scroll(1-height, lines, height)
	case "home", "g":
		h.reader.Scroll(-lines, lines, height)
	case "end", "G":
		h.reader.Scroll(lines, lines, height)
	}
	return nil, false
}

// Render draws the help over the whole screen.
func (h *Help) Render(frame Frame) string {
	lines := h.lines(frame)
	keys := Table{closeKey}
	if len(lines) > overlayHeight(frame) {
		keys = Table{scrollKey, closeKey}
	}
	return frame.overlay(h.Title, h.reader.View(frame, lines, overlayHeight(frame), ""), keys)
}

func (h *Help) lines(frame Frame) []string {
	width := min(frame.Width-2*overlayMargin, 84)
	lines := Wrap(frame.Words.T(h.About), width)
	if h.Marks {
		lines = append(append(lines, ""), frame.marks(width)...)
	}
	return append(append(lines, ""), frame.helpLines(h.Table, width)...)
}

// marks name the verdicts' marks, as many on a line as fit.
func (f Frame) marks(width int) []string {
	var lines []string
	line := ""
	for _, verdict := range flow.Verdicts {
		mark := f.Theme.Verdict(verdict).Render(f.Theme.Icons.Mark(verdict)) + " " + f.Words.Verdict(verdict)
		switch {
		case line == "":
			line = mark
		case Width(line)+2+Width(mark) <= width:
			line += "  " + mark
		default:
			lines, line = append(lines, line), mark
		}
	}
	return append(lines, line)
}

// A Choice is a row of a Picker.
type Choice struct{ Name, Words string }

// A Picker lets one of a list be chosen.
type Picker struct {
	Title   string // a text's ID
	Choices []Choice
	Current string                    // the name that holds now
	Start   string                    // the name that the cursor starts at, where none holds
	Chosen  func(name string) tea.Cmd // called with the choice
	list    List
	begun   bool
}

// Press moves, chooses, or closes.
func (p *Picker) Press(frame Frame, key string) (tea.Cmd, bool) {
	p.prepare(frame)
	switch key {
	case "esc", "q":
		return nil, true
	case "enter":
		if at := p.list.Cursor(); at >= 0 {
			return p.Chosen(p.Choices[at].Name), true
		}
	default:
		p.list.Press(key)
	}
	return nil, false
}

// prepare fits the list to the frame, and starts at what holds now.
func (p *Picker) prepare(frame Frame) {
	p.list.Fit(len(p.Choices), overlayHeight(frame), nil)
	if p.begun {
		return
	}
	p.begun = true
	for i, choice := range p.Choices {
		if choice.Name == p.Current || p.Current == "" && choice.Name == p.Start {
			p.list.Select(i)
		}
	}
}

// Render draws the list over the whole screen.
func (p *Picker) Render(frame Frame) string {
	view := *p // drawing changes nothing
	view.prepare(frame)
	column := 0
	for _, choice := range p.Choices {
		column = max(column, Width(locale.Clean(choice.Name)))
	}
	column = min(column, frame.Width/2)
	from, to := view.list.Window()
	var lines []string
	for i := from; i < to; i++ {
		lines = append(lines, view.row(frame, i, column))
	}
	return frame.overlay(p.Title, lines, Table{scrollKey, chooseKey, closeKey})
}

func (p *Picker) row(frame Frame, i, column int) string {
	choice, style := p.Choices[i], frame.Theme
	name := frame.Fit(locale.Clean(choice.Name), column)
	cursor := " "
	if i == p.list.Cursor() {
		cursor, name = style.Accent.Render(style.Icons.Cursor), style.Strong.Render(name)
	}
	words := locale.Clean(choice.Words)
	if choice.Name == p.Current {
		words = frame.Words.T("picker.current", "Words", words)
	}
	width := frame.Width - 2*overlayMargin
	return frame.Cut(cursor+" "+name+"   "+style.Quiet.Render(words), width+2)
}

// overlayMargin is left and right of what an overlay says.
const overlayMargin = 3

// overlayHeight is how many lines an overlay has between its title and its keys.
func overlayHeight(frame Frame) int { return max(frame.Height-4, 1) }

func (f Frame) overlay(title string, lines []string, keys Table) string {
	screen := []string{" " + f.Cut(f.Theme.Strong.Render(f.Words.T(title)), f.Width-2), ""}
	for _, line := range Pad(lines, overlayHeight(f)) {
		if line != "" {
			line = f.Cut("   "+line, f.Width-1)
		}
		screen = append(screen, line)
	}
	return strings.Join(append(screen, "", f.Footer(keys)), "\n")
}
