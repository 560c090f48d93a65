// The terminal's own cursor stands where one types: an input method shows there what it composes, as for Korean, and a
// magnifier follows it.

package app

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"zsf/ui/parts"
)

// drawnCursor begins the cell that a text's cursor is drawn in; nothing else is drawn so.
const drawnCursor = "\x1b[7m"

// cursorIn is the place of the text's cursor on a screen; nil where nothing is typed.
func cursorIn(screen string) *tea.Cursor {
	before, _, found := strings.Cut(screen, drawnCursor)
	if !found {
		return nil
	}
	line := before[strings.LastIndexByte(before, '\n')+1:]
	cursor := tea.NewCursor(parts.Width(line), strings.Count(before, "\n"))
	cursor.Shape, cursor.Blink = tea.CursorBar, false // a block would turn the cell's colours back
	return cursor
}
