// The marks, each one cell wide, each with a twin in ASCII.

package theme

import (
	"time"

	"zsf/flows/flow"
)

// Icons are the marks that the screens draw with.
type Icons struct {
	marks    map[flow.Verdict]string
	turning  []string
	NotYet   string // not looked at yet
	Cursor   string // the chosen row
	Ellipsis string // text was left out
	Rule     string // a line between two areas, repeated
	Dot      string // between two things on a line
	Up       string // there is more above
	Down     string // there is more below
	Masked   string // a letter that is not shown
	Bar      string // before what only agents see
	Picked   string // a row that is marked
	statuses map[string]string
}

var unicode = Icons{
	marks: map[flow.Verdict]string{
		flow.Pass: "✓", flow.Fail: "✗", flow.Warn: "!", flow.Unknown: "?",
		flow.Confirmed: "◦", flow.Blocked: "⊘", flow.Skipped: "-",
	},
	turning: []string{"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"},
	NotYet:  "·", Cursor: "▸", Ellipsis: "…", Rule: "─", Dot: "·", Up: "↑", Down: "↓", Masked: "•", Bar: "┆", Picked: "✓",
	statuses: map[string]string{"new": "◆", "open": "●", "pending": "○", "hold": "◌", "solved": "✓", "closed": "×"},
}

var ascii = Icons{
	marks: map[flow.Verdict]string{
		flow.Pass: "+", flow.Fail: "x", flow.Warn: "!", flow.Unknown: "?",
		flow.Confirmed: "o", flow.Blocked: "#", flow.Skipped: "-",
	},
	turning: []string{"|", "/", "-", "\\"},
	NotYet:  ".", Cursor: ">", Ellipsis: "...", Rule: "-", Dot: "-", Up: "^", Down: "v", Masked: "*", Bar: "|", Picked: "+",
	statuses: map[string]string{"new": "*", "open": "@", "pending": "o", "hold": "=", "solved": "+", "closed": "x"},
}

// Looking is the mark of something at which zsf has been looking for so long; at 0 it stands still.
func (i Icons) Looking(since time.Duration) string {
	const turn = 100 * time.Millisecond
	return i.turning[int(max(since, 0)/turn)%len(i.turning)]
}

// Mark is a verdict's mark; that of something not looked at for an empty verdict.
func (i Icons) Mark(verdict flow.Verdict) string {
	if mark, ok := i.marks[verdict]; ok {
		return mark
	}
	return i.NotYet
}

// Status is the mark of a ticket's status; a space for one that zsf does not know.
func (i Icons) Status(status string) string {
	if mark, ok := i.statuses[status]; ok {
		return mark
	}
	return " "
}
