// Package parts is what the screens share: keys, lists, text that fits, dialogs, requests.
package parts

import (
	"regexp"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"zsf/ui/locale"
	"zsf/ui/theme"
)

// A Frame is what a screen draws into and with. It has no state of its own.
type Frame struct {
	Width, Height int // in cells
	Theme         theme.Theme
	Words         *locale.Locale
}

// The least size in which every screen works.
const (
	MinWidth  = 60
	MinHeight = 16
)

// TooSmall tells whether the frame is below the least size.
func (f Frame) TooSmall() bool { return f.Width < MinWidth || f.Height < MinHeight }

// Width is how many cells a line takes; the only measure in use.
func Width(line string) int { return ansi.StringWidth(line) }

// Cut shortens a line to width cells; an ellipsis stands for what is gone.
func (f Frame) Cut(line string, width int) string {
	if Width(line) <= width {
		return line
	}
	return ansi.Truncate(line, max(width, 0), f.Theme.Icons.Ellipsis)
}

// Fit makes a line exactly width cells wide.
func (f Frame) Fit(line string, width int) string {
	line = f.Cut(line, width)
	return line + strings.Repeat(" ", max(width-Width(line), 0))
}

// Spread sets left and right at the two ends of a line of width cells. Where both do not fit,
// right gives way.
func (f Frame) Spread(left, right string, width int) string {
	gap := width - Width(left) - Width(right)
	if Width(right) == 0 || gap < 2 {
		return f.Cut(left, width)
	}
	return left + strings.Repeat(" ", gap) + right
}

// Wrap breaks plain text into lines of at most width cells: between words where it can, and never in a command's flag,
// which nobody could copy.
func Wrap(text string, width int) []string {
	held := flags.ReplaceAllStringFunc(text, func(flag string) string { return strings.ReplaceAll(flag, "-", unbroken) })
	return strings.Split(strings.ReplaceAll(ansi.Wrap(held, max(width, 1), ""), unbroken, "-"), "\n")
}

// unbroken stands for a hyphen at which no line ends: U+2011 is that, and as wide.
const unbroken = "\u2011"

var flags = regexp.MustCompile(`(^|\s)--[a-z][a-z-]*`)

// Break cuts plain text into lines of width cells, wherever they end: for what has no words, as a URL.
func Break(text string, width int) []string {
	return strings.Split(ansi.Hardwrap(text, max(width, 1), true), "\n")
}

// Indented wraps text and puts lead before the first line, and as many blanks before the others.
func Indented(lead, text string, width int) []string {
	indent := Width(lead)
	lines := Wrap(text, width-indent)
	for i := range lines {
		if i == 0 {
			lines[i] = lead + lines[i]
		} else {
			lines[i] = strings.Repeat(" ", indent) + lines[i]
		}
	}
	return lines
}

// Pad makes lines exactly height in number.
func Pad(lines []string, height int) []string {
	for len(lines) < height {
		lines = append(lines, "")
	}
	return lines[:max(height, 0)]
}

// Beside puts two columns of lines next to each other; left is width cells wide.
func (f Frame) Beside(left []string, width int, gap string, right []string) []string {
	rows := make([]string, max(len(left), len(right)))
	for i := range rows {
		var l, r string
		if i < len(left) {
			l = left[i]
		}
		if i < len(right) {
			r = right[i]
		}
		rows[i] = strings.TrimRight(f.Fit(l, width)+gap+r, " ")
	}
	return rows
}
