// Two profiles side by side, and the way from one to the other, as lines.

package plain

import (
	"fmt"
	"strings"

	"zsf/flows/flow"
	moves "zsf/flows/move"
	"zsf/ui/locale"
)

// Move says what both profiles have, what to look at before the move, and what of it is done.
func Move(words *locale.Locale, from, to string, rows []moves.Row, plan []moves.Stage) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n", words.T("move.heading", "From", from, "To", to))
	for _, row := range rows {
		id := "move.row"
		if row.Mark == flow.Warn || row.Mark == flow.Fail {
			id = "move.row-" + string(row.Mark)
		}
		fmt.Fprintf(&b, "  %s\n", words.T(id, "What", row.What))
		fmt.Fprintf(&b, "    %s\n    %s\n", sideLine(words, from, row.From), sideLine(words, to, row.To))
	}
	fmt.Fprintf(&b, "\n%s\n", words.T("move.plan"))
	for n, stage := range plan {
		id := "move.stage-open"
		if stage.Done {
			id = "move.stage-done"
		}
		fmt.Fprintf(&b, "  %s\n", words.T(id, "Number", n+1, "Profile", stage.Profile, "What", flow.Say("move.stage."+stage.ID)))
	}
	return b.String()
}

func sideLine(words *locale.Locale, profile string, text flow.Text) string {
	if text.Empty() {
		text = flow.Say("move.none")
	}
	return words.T("move.side", "Profile", profile, "Text", text)
}
