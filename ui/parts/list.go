// A list of any length, of which only the rows in view are drawn.

package parts

// A List keeps which row is chosen and which are in view. The rows themselves stay with their owner.
type List struct {
	rows       int
	selectable func(int) bool // headings are not
	cursor     int
	top        int
	over       int // how far down it may stand though rows above would fit, as the chosen one was held
	height     int
}

// Fit tells how many rows there are, how many of them are in view at once, and which can be chosen.
// The cursor stays where it is, or as near as can be.
func (l *List) Fit(rows, height int, selectable func(int) bool) {
	l.rows, l.height, l.selectable = rows, max(height, 1), selectable
	l.Select(l.cursor)
}

// Cursor is the chosen row; -1 when none can be chosen.
func (l *List) Cursor() int {
	if l.cursor < l.rows && l.choosable(l.cursor) {
		return l.cursor
	}
	return -1
}

// Window is the rows in view: from, and the first one after them.
func (l *List) Window() (from, to int) {
	return l.top, min(l.top+l.height, l.rows)
}

// Overflows tells whether there are more rows than fit.
func (l *List) Overflows() bool { return l.rows > l.height }

// Select chooses a row, or the nearest that can be chosen.
func (l *List) Select(row int) {
	row = min(max(row, 0), max(l.rows-1, 0))
	for distance := range max(l.rows, 1) {
		if l.choosable(row + distance) {
			row += distance
			break
		}
		if l.choosable(row - distance) {
			row -= distance
			break
		}
	}
	l.cursor = row
	l.follow()
}

// Hold takes a new number of rows, and chooses one that stays as far below the top as the chosen one stood, even where
// the rows that came above it would fit: one scrolls to them.
func (l *List) Hold(rows, row int) {
	below := l.cursor - l.top
	l.rows, l.cursor, l.top = rows, row, max(row-below, 0)
	l.over = l.top
	l.follow()
}

// Move goes down by so many rows that can be chosen, or up where by is negative.
func (l *List) Move(by int) {
	step := 1
	if by < 0 {
		step, by = -1, -by
	}
	at := l.cursor
	for row := at + step; by > 0 && row >= 0 && row < l.rows; row += step {
		if l.choosable(row) {
			at = row
			by--
		}
	}
	l.cursor = at
	l.follow()
}

// Page goes down by a page, or up where by is negative.
func (l *List) Page(by int) { l.Move(by * max(l.height-1, 1)) }

// Press moves by a key; keys that move nothing do nothing.
func (l *List) Press(key string) {
	switch key {
	case "up", "k":
		l.Move(-1)
	case "down", "j":
		l.Move(1)
	case "home", "g":
		l.Home()
	case "end", "G":
		l.End()
	case "pgup":
		l.Page(-1)
	case "pgdown":
		l.Page(1)
	}
}

// Home and End go to the first and the last row.
func (l *List) Home() { l.Select(0) }

// End goes to the last row.
func (l *List) End() { l.Select(l.rows - 1) }

func (l *List) choosable(row int) bool {
	return row >= 0 && row < l.rows && (l.selectable == nil || l.selectable(row))
}

// follow scrolls as little as it must to have the cursor in view, with the heading above it.
func (l *List) follow() {
	if l.height == 0 {
		return
	}
	first := l.cursor
	for first > 0 && !l.choosable(first-1) && l.cursor-first < l.height-1 {
		first--
	}
	l.top = min(l.top, first)
	l.top = max(l.top, l.cursor-l.height+1)
	l.top = max(min(l.top, max(l.rows-l.height, l.over)), 0)
	l.over = min(l.over, l.top)
}
