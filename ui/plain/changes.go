// Changes that were made: the list, taking one back, and what else the journal has.

package plain

import (
	"fmt"
	"strconv"
	"strings"

	"zsf/flows/flow"
	"zsf/flows/run"
	"zsf/ui/locale"
)

// Changes lists the changes of a profile, the newest first, and which of them can be taken back.
func Changes(words *locale.Locale, profile string, recorded []run.Recorded) string {
	if len(recorded) == 0 {
		return words.T("undo.none", "Profile", profile) + "\n"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", words.T("undo.heading", "Profile", profile))
	for i := len(recorded) - 1; i >= 0; i-- {
		change := recorded[i]
		fmt.Fprintf(&b, "%4d  %s\n", change.Entry, words.T("undo.line", "Time", flow.Moment(change.At), "Name", change.Who,
			"Title", change.Change.Title, "State", StateOf(change)))
		for n, line := range change.Change.Lines {
			if n == fewLines && len(change.Change.Lines) > fewLines+1 {
				fmt.Fprintf(&b, "      %s\n", words.T("undo.more", "Count", len(change.Change.Lines)-n))
				break
			}
			fmt.Fprintf(&b, "      %s\n", words.T("preview.line", "What", line.What, "Before", line.Before, "After", line.After))
		}
	}
	return b.String()
}

// fewLines are as many as a list shows of a change.
const fewLines = 3

// StateOf says how a change stands.
func StateOf(change run.Recorded) flow.Text {
	switch {
	case change.TakenBack:
		return flow.Say("undo.state-back", "Time", flow.Moment(change.BackAt))
	case change.Open():
		return flow.Say("undo.state-open")
	case change.Outcome == flow.NotMade:
		return flow.Say("undo.state-not-made")
	case change.Outcome == flow.Underway:
		return flow.Say("undo.state-under-way")
	case !change.Change.Final.Empty():
		return change.Change.Final
	}
	return flow.Say("undo.state-can", "Number", strconv.FormatInt(change.Entry, 10))
}

// PreviewBack says what taking a change back does.
func PreviewBack(words *locale.Locale, change run.Recorded) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", words.T("undo.what", "Number", strconv.FormatInt(change.Entry, 10), "Title", change.Change.Title,
		"Name", change.Who, "Time", flow.Moment(change.At)))
	for _, line := range change.Change.Lines {
		fmt.Fprintf(&b, "  %s\n", words.T("preview.line", "What", line.What, "Before", line.After, "After", line.Before))
	}
	if !change.Change.Right.Empty() {
		fmt.Fprintf(&b, "  %s\n", words.T("preview.right", "Right", change.Change.Right))
	}
	return b.String()
}

// Back says what became of taking a change back.
func Back(words *locale.Locale, result run.Result) string {
	var b strings.Builder
	if result.Outcome == flow.NotMade {
		fmt.Fprintf(&b, "%s\n", words.T("undo.done"))
		if len(result.Moved) == 0 {
			fmt.Fprintf(&b, "%s\n", words.T("undo.as-before"))
		}
	} else {
		fmt.Fprintf(&b, "%s\n", words.T("undo.not-done"))
		if result.Err != nil {
			fmt.Fprintf(&b, "%s\n", words.Error(result.Err))
		}
	}
	if len(result.Moved) > 0 {
		fmt.Fprintf(&b, "%s\n%s", words.T("became.moved"), differences(words, result.Moved))
	}
	return b.String()
}

// NowThere says what stands there now, where somebody changed it since: it is left alone.
func NowThere(words *locale.Locale, moved []flow.Difference) string {
	return words.T("undo.moved") + "\n" + differences(words, moved)
}

// Differences are the same in one line each.
func Differences(words *locale.Locale, moved []flow.Difference) []string {
	return strings.Split(strings.TrimSpace(strings.ReplaceAll(differences(words, moved), "\n    ", "\n")), "\n")
}
