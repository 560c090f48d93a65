// Compares two snapshots: item by item, value by value, by content. Times are no difference.

package snapshot

import (
	"slices"
	"strings"

	"zsf/flows/flow"
)

// A Kind is what sort of difference a Change is.
type Kind string

// The kinds.
const (
	Appeared Kind = "appeared"
	Vanished Kind = "vanished"
	Changed  Kind = "changed"
	Lost     Kind = "lost"      // it was known before, and could not be read after
	Found    Kind = "found"     // it could not be read before, and is known after
	NotRead  Kind = "not-read"  // in neither: nothing was compared
	Counted  Kind = "counted"   // more or fewer records: what happens each day
	NotAlike Kind = "not-alike" // a person was asked on one side only: nothing was compared
)

// A Change is one difference, or one thing that could not be compared.
type Change struct {
	Path   string // zendesk.triggers[360001].active
	Kind   Kind
	What   flow.Text
	Before flow.Text // empty: there was nothing
	After  flow.Text
}

// Differs tells whether the two sides are not the same by it. The others are worth a word, and no more.
func (c Change) Differs() bool {
	switch c.Kind {
	case NotRead, Counted, NotAlike:
		return false
	}
	return true
}

// Unread tells that one side alone could not be read: it is not known whether the two are the same.
func (c Change) Unread() bool { return c.Kind == Lost || c.Kind == Found }

// Words say the change in a sentence.
func (c Change) Words() flow.Text {
	return flow.Say("snapshot.change."+string(c.Kind), "What", c.What, "Before", c.Before, "After", c.After)
}

// Differ tells whether any change is a difference.
func Differ(changes []Change) bool { return slices.ContainsFunc(changes, Change.Differs) }

// Carry is what is known to differ after another comparison with the same side: where something could not be read
// this time, it is what was known of it before.
func Carry(known, now []Change) []Change {
	var carried []Change
	for _, change := range now {
		if change.Kind != Lost && change.Kind != NotRead {
			carried = append(carried, change)
			continue
		}
		for _, before := range known {
			if rest, within := strings.CutPrefix(before.Path, change.Path); within && (rest == "" || rest[0] == '.' || rest[0] == '[') {
				carried = append(carried, before)
			}
		}
	}
	return carried
}

// A section is one part of a snapshot, as it is compared.
type section struct {
	path    string
	what    flow.Text
	unknown *Reason
	items   []item
	counted bool // its values change each day
	said    bool // by a person
}

// An item is one thing in a section: found again by its id, or else by its key.
type item struct {
	id, key string
	path    string
	what    flow.Text
	shown   flow.Text // what to say of it where it appears or vanishes
	fields  []field
}

// A field is one value of an item.
type field struct {
	path    string // below the item's
	what    flow.Text
	value   string
	shown   flow.Text
	compare func(path string, other field) []Change // in place of comparing value, where there is more to see
	content any
}

// Compare tells what is other in b than in a, in the snapshot's order.
func Compare(a, b Snapshot) []Change {
	before, after := sectionsOf(a), sectionsOf(b)
	var changes []Change
	for i := range before {
		changes = append(changes, compareSections(before[i], after[i])...)
	}
	for _, path := range a.Redacted {
		if slices.Contains(b.Redacted, path) {
			redacted := flow.Say("snapshot.reason.redacted")
			changes = append(changes, Change{Path: path, Kind: NotRead, What: flow.Raw(path), Before: redacted, After: redacted})
		}
	}
	return changes
}

func compareSections(a, b section) []Change {
	change := Change{Path: a.path, What: a.what}
	switch {
	case skips(a.unknown) || skips(b.unknown):
		return nil
	case a.unknown != nil && b.unknown != nil && a.said:
		return nil // nobody was asked: there is nothing to compare, and nothing to read either
	case a.unknown != nil && b.unknown != nil:
		change.Kind, change.Before, change.After = NotRead, a.unknown.text(), b.unknown.text()
		return []Change{change}
	case a.unknown != nil:
		change.Kind, change.Before = Found, a.unknown.text()
	case b.unknown != nil:
		change.Kind, change.After = Lost, b.unknown.text()
	default:
		changes := compareItems(a.items, b.items)
		for i := range changes {
			if a.counted {
				changes[i].Kind = Counted
			}
		}
		return changes
	}
	if a.said {
		change.Kind, change.Before, change.After = NotAlike, shownIn(a), shownIn(b)
	}
	return []Change{change}
}

// skips tells that nobody wanted to know.
func skips(unknown *Reason) bool { return unknown != nil && unknown.Kind == NotAsked }

// shownIn is the one answer of a section, or why there is none.
func shownIn(s section) flow.Text {
	if s.unknown != nil {
		return s.unknown.text()
	}
	return s.items[0].fields[0].shown
}

// text says a reason.
func (r Reason) text() flow.Text {
	switch r.Kind {
	case OwnOnly, NotAsked, Untold, NoJournal:
		return flow.Say("snapshot.reason." + map[string]string{
			OwnOnly: "own-only", NotAsked: "not-asked", Untold: "untold", NoJournal: "no-journal",
		}[r.Kind])
	}
	return flow.Say("snapshot.reason.error", "Reason", r.Err())
}

// compareItems finds each item again, by id, then by key, and compares what it found.
func compareItems(before, after []item) []Change {
	partner := matchItems(before, after)
	var changes []Change
	taken := map[int]bool{}
	for i, was := range before {
		at, found := partner[i]
		if !found {
			changes = append(changes, Change{Path: was.path, Kind: Vanished, What: was.what, Before: was.shown})
			continue
		}
		taken[at] = true
		changes = append(changes, compareFields(was, after[at])...)
	}
	for i, is := range after {
		if !taken[i] {
			changes = append(changes, Change{Path: is.path, Kind: Appeared, What: is.what, After: is.shown})
		}
	}
	return changes
}

// matchItems pairs the items of two sides; each has one partner at most.
func matchItems(before, after []item) map[int]int {
	partner, taken := map[int]int{}, map[int]bool{}
	pair := func(name func(item) string) {
		at := map[string][]int{}
		for i, is := range after {
			if !taken[i] && name(is) != "" {
				at[name(is)] = append(at[name(is)], i)
			}
		}
		for i, was := range before {
			if _, paired := partner[i]; paired || len(at[name(was)]) == 0 {
				continue
			}
			partner[i] = at[name(was)][0]
			taken[partner[i]] = true
			at[name(was)] = at[name(was)][1:]
		}
	}
	pair(func(i item) string { return i.id })
	pair(func(i item) string { return i.key })
	return partner
}

func compareFields(was, is item) []Change {
	var changes []Change
	seen := map[string]bool{}
	for _, before := range was.fields {
		seen[before.path] = true
		after, found := fieldAt(is, before.path)
		path := join(was.path, before.path)
		switch {
		case !found:
			changes = append(changes, Change{Path: path, Kind: Vanished, What: before.what, Before: before.shown})
		case before.compare != nil:
			changes = append(changes, before.compare(path, after)...)
		case before.value != after.value:
			from, to := excerpts(before.shown, after.shown)
			changes = append(changes, Change{Path: path, Kind: Changed, What: before.what, Before: from, After: to})
		}
	}
	for _, after := range is.fields {
		if !seen[after.path] {
			changes = append(changes, Change{Path: join(is.path, after.path), Kind: Appeared, What: after.what, After: after.shown})
		}
	}
	return changes
}

func fieldAt(in item, path string) (field, bool) {
	for _, one := range in.fields {
		if one.path == path {
			return one, true
		}
	}
	return field{}, false
}
