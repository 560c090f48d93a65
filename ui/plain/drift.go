// What differs between two snapshots, as lines of text.

package plain

import (
	"fmt"
	"strings"

	"zsf/flows/flow"
	"zsf/flows/snapshot"
)

// Diff prints what differs between two sides, whose words are given, and what is worth knowing beside it.
func (p Printer) Diff(from, to string, changes []snapshot.Change) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n", p.Words.T("snapshot.diff-heading", "From", from, "To", to))
	if !snapshot.Differ(changes) {
		fmt.Fprintf(&b, "%s\n", p.Words.T("snapshot.equal"))
	} else {
		fmt.Fprintf(&b, "%s\n", p.Words.T("snapshot.differing-heading"))
	}
	differing := p.lines(&b, changes, snapshot.Change.Differs)
	if differing > 0 {
		fmt.Fprintf(&b, "\n%s\n", p.Words.T("snapshot.differing", "Count", differing))
	}
	if differing < len(changes) {
		fmt.Fprintf(&b, "\n%s\n", p.Words.T("snapshot.notes-heading"))
		p.lines(&b, changes, func(change snapshot.Change) bool { return !change.Differs() })
	}
	return p.print(b.String())
}

func (p Printer) lines(b *strings.Builder, changes []snapshot.Change, wanted func(snapshot.Change) bool) int {
	count := 0
	for _, change := range changes {
		if wanted(change) {
			count++
			fmt.Fprintf(b, "  %s\n", p.Words.Say(change.Words()))
		}
	}
	return count
}

// Drift prints what has changed since a snapshot, below a look.
func (p Printer) Drift(since string, changes []snapshot.Change) error {
	var b strings.Builder
	fmt.Fprintf(&b, "\n%s\n", p.Words.T("snapshot.drift-heading", "Since", since))
	p.lines(&b, changes, func(snapshot.Change) bool { return true })
	if !snapshot.Differ(changes) {
		fmt.Fprintf(&b, "  %s\n", p.Words.T("snapshot.drift-none"))
	}
	return p.print(b.String())
}

// Drifted prints a line for each change since the snapshot that the look before did not see, and for each that is
// as in the snapshot again.
func (p Printer) Drifted(looked flow.Report, before, now []snapshot.Change) error {
	var b strings.Builder
	at := p.Words.Time(looked.StartedAt)
	tell := func(id string, changes, known []snapshot.Change) {
		seen := map[string]bool{}
		for _, change := range known {
			seen[p.Words.Say(change.Words())] = true
		}
		for _, change := range changes {
			if said := p.Words.Say(change.Words()); change.Differs() && !seen[said] {
				fmt.Fprintf(&b, "%s  %s\n", at, p.Words.T(id, "Change", said))
			}
		}
	}
	tell("snapshot.drift-line", now, before)
	tell("snapshot.drift-gone", before, now)
	return p.print(b.String())
}
