// Text that may be longer than the place it has, and can be scrolled.

package parts

// A Reader keeps how far a text is scrolled. The text itself stays with its owner.
type Reader struct{ top int }

// Reset goes back to the start.
func (r *Reader) Reset() { r.top = 0 }

// Scroll moves by so many of the text's lines, of which height fit.
func (r *Reader) Scroll(by, lines, height int) {
	r.top = min(max(r.top+by, 0), max(lines-textHeight(lines, height), 0))
}

// Press scrolls as a key says: by a line, by a screen less two lines, to an end.
func (r *Reader) Press(key string, lines, height int) {
	by := map[string]int{
		"up": -1, "k": -1, "down": 1, "j": 1, "home": -lines, "g": -lines, "end": lines, "G": lines,
		"pgup": 2 - height, "pgdown": height - 2, "tab": height - 2, "space": height - 2,
	}
	r.Scroll(by[key], lines, height)
}

// View is the part of the text that is in view. Where it does not fit, the last line says how much is left,
// and names the key that lets one scroll, where it is not the arrows.
func (r *Reader) View(frame Frame, lines []string, height int, key string) []string {
	room := textHeight(len(lines), height)
	top := min(r.top, max(len(lines)-room, 0))
	view := append([]string(nil), lines[top:min(top+room, len(lines))]...)
	if len(lines) <= height {
		return view
	}
	icons := frame.Theme.Icons
	below := len(lines) - top - room
	note := frame.Words.T("reader.end")
	if below > 0 {
		note = icons.Down + " " + frame.Words.T("reader.below", "Count", below)
	}
	note = frame.Theme.Quiet.Render(note)
	if key != "" {
		note += frame.Theme.Quiet.Render(" "+icons.Dot+" ") + frame.Theme.Accent.Render(key)
	}
	return append(Pad(view, room), note)
}

// textHeight is how many lines of text fit: one less where a note on the rest must stand below them.
func textHeight(lines, height int) int {
	if lines > height {
		return max(height-1, 1)
	}
	return height
}
