// What differs between two snapshots, as lines of text.

package plain

import (
	"fmt"
	"slices"
	"strings"

	"zsf/flows/flow"
	"zsf/flows/snapshot"
)

// Diff prints what differs between two sides, whose words are given, and what is worth knowing beside it.
func (p Printer) Diff(from, to string, changes []snapshot.Change) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n", p.Words.T("snapshot.diff-heading", "From", from, "To", to))
	differing, unread := slices.ContainsFunc(changes, differs), slices.ContainsFunc(changes, snapshot.Change.Unread)
	switch {
	case differing:
		fmt.Fprintf(&b, "%s\n", p.Words.T("snapshot.differing-heading"))
		fmt.Fprintf(&b, "\n%s\n", p.Words.T("snapshot.differing", "Count", p.lines(&b, changes, differs)))
	case unread:
		fmt.Fprintf(&b, "%s\n", p.Words.T("snapshot.equal-as-read"))
	default:
		fmt.Fprintf(&b, "%s\n", p.Words.T("snapshot.equal"))
	}
	if unread {
		fmt.Fprintf(&b, "\n%s\n", p.Words.T("snapshot.unread-heading"))
		p.lines(&b, changes, snapshot.Change.Unread)
	}
	isNote := func(change snapshot.Change) bool { return !change.Differs() }
	if slices.ContainsFunc(changes, isNote) {
		fmt.Fprintf(&b, "\n%s\n", p.Words.T("snapshot.notes-heading"))
		p.lines(&b, changes, isNote)
	}
	return p.print(b.String())
}

// differs tells that both sides were read, and are not the same.
func differs(change snapshot.Change) bool { return change.Differs() && !change.Unread() }

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
	switch {
	case slices.ContainsFunc(changes, differs):
	case snapshot.Differ(changes):
		fmt.Fprintf(&b, "  %s\n", p.Words.T("snapshot.equal-as-read"))
	default:
		fmt.Fprintf(&b, "  %s\n", p.Words.T("snapshot.drift-none"))
	}
	return p.print(b.String())
}

// Drifted prints a line for each change since the snapshot that was not known before, and for each that is as in the
// snapshot again. What cannot be read for a while has not changed by that: a line says what, and why.
func (p Printer) Drifted(looked flow.Report, known, now []snapshot.Change) error {
	var b strings.Builder
	at := p.Words.Time(looked.StartedAt)
	tell := func(id string, changes, known []snapshot.Change) {
		seen := map[string]bool{}
		for _, change := range known {
			seen[p.Words.Say(change.Words())] = true
		}
		for _, change := range changes {
			if said := p.Words.Say(change.Words()); differs(change) && !seen[said] {
				fmt.Fprintf(&b, "%s  %s\n", at, p.Words.T(id, "Change", said))
			}
		}
	}
	carried := snapshot.Carry(known, now)
	tell("snapshot.drift-line", carried, known)
	tell("snapshot.drift-gone", known, carried)
	return p.print(b.String())
}

// Unread prints a line for what could be compared at the look before and could not be read now, by its reason, and
// one for what can be compared again.
func (p Printer) Unread(looked flow.Report, before, now []snapshot.Change) error {
	var b strings.Builder
	at := p.Words.Time(looked.StartedAt)
	isLost := func(in []snapshot.Change, path string) bool {
		return slices.ContainsFunc(in, func(change snapshot.Change) bool { return change.Kind == snapshot.Lost && change.Path == path })
	}
	var reasons []string
	lost := map[string][]string{}
	for _, change := range now {
		if change.Kind != snapshot.Lost || isLost(before, change.Path) {
			continue
		}
		reason := p.Words.Say(change.After)
		if _, told := lost[reason]; !told {
			reasons = append(reasons, reason)
		}
		lost[reason] = append(lost[reason], p.Words.Say(change.What))
	}
	for _, reason := range reasons {
		fmt.Fprintf(&b, "%s  %s\n", at, p.Words.T("snapshot.drift-unread", "What", lost[reason], "Reason", reason))
	}
	var again []string
	for _, change := range before {
		if change.Kind == snapshot.Lost && !isLost(now, change.Path) {
			again = append(again, p.Words.Say(change.What))
		}
	}
	if len(again) > 0 {
		fmt.Fprintf(&b, "%s  %s\n", at, p.Words.T("snapshot.drift-read", "What", again))
	}
	return p.print(b.String())
}
