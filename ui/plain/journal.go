// The journal as lines: when, who, what.

package plain

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"zsf/clients/store"
	"zsf/flows/flow"
	"zsf/ui/locale"
)

// Journal says what was looked at, changed and vouched for, by whom, when; the oldest first.
func Journal(words *locale.Locale, profile string, entries []store.Entry) string {
	if len(entries) == 0 {
		return words.T("journal.none", "Profile", profile) + "\n"
	}
	var b strings.Builder
	for _, entry := range entries {
		fmt.Fprintf(&b, "%s  %s  %s\n", words.Date(entry.At), locale.Clean(entry.Who), words.Say(happened(entry)))
	}
	return b.String()
}

// happened is what an entry tells of.
func happened(entry store.Entry) flow.Text {
	var data struct {
		By       string       `json:"by"`
		URL      string       `json:"url"`
		Question string       `json:"question"`
		Answer   []string     `json:"answer"`
		Title    flow.Text    `json:"title"`
		Begun    int64        `json:"begun"`
		Outcome  flow.Outcome `json:"outcome"`
		Reason   string       `json:"reason"`
		Flow     string       `json:"flow"`
		Summary  string       `json:"summary"`
		Because  flow.Text    `json:"because"` // a word no longer holds
		Lines    []flow.Line  `json:"lines"`
		Comment  string       `json:"comment"` // of a ticket: public, internal
	}
	// What an older or newer zsf wrote otherwise is told as far as it is understood.
	_ = json.Unmarshal(entry.Data, &data)
	step := flow.Step{ID: flow.ID(entry.Step)}.Title()
	number := data.Begun
	if entry.Kind == store.ChangeBegun || entry.Kind == store.Snapshot || entry.Kind == store.TicketBegun {
		number = entry.ID
	}
	words := "journal." + string(entry.Kind)
	if !data.Because.Empty() {
		words += "-because"
	}
	return flow.Say(words, "Step", step, "Verdict", flow.Verdict(entry.Verdict), "Name", data.By, "URL", data.URL,
		"Question", flow.Question{ID: data.Question}.Words(), "Answer", data.Answer, "Title", data.Title, "Number", strconv.FormatInt(number, 10),
		"Reason", data.Reason, "Flow", data.Flow, "Because", data.Because, "Fields", changedBy(data.Lines, data.Comment))
}

// changedBy are the lines of a change, and its comment without what it says.
func changedBy(lines []flow.Line, comment string) []flow.Text {
	var changed []flow.Text
	for _, line := range lines {
		if line.Before.Empty() {
			changed = append(changed, flow.Say("ticket-preview.set", "Field", line.What, "After", line.After))
			continue
		}
		changed = append(changed, flow.Say("preview.line", "What", line.What, "Before", line.Before, "After", line.After))
	}
	if comment != "" {
		changed = append(changed, flow.Say("ticket."+comment))
	}
	return changed
}
