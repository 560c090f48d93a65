// From a text to tickets in as few rounds as can be: what is known to be matched is asked for at once.

package tickets

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"

	"zsf/clients/salesforce"
)

// A Sought is whose tickets to look for, and which.
type Sought struct {
	Text  string // an id, an address, or words
	By    By
	With  With
	Query Query
}

// A LinkState is what came of a link that was known.
type LinkState string

// What can come of it.
const (
	LinkNew     LinkState = "new"     // none was known
	LinkHolds   LinkState = "holds"   // the record is still matched so
	LinkChanged LinkState = "changed" // the record is matched otherwise by now
)

// Found is what a look came to. After an error it holds what was found before it.
type Found struct {
	Record Record
	Match  Match
	List   List
	Link   LinkState
	Was    Match // what the record was matched to before; of LinkChanged
}

// Prefer makes a way the one by which records are matched where nobody chooses another; those that have nothing
// to be matched by in that way are matched as the integration does.
func (d *Desk) Prefer(by By) { d.usual = by }

// way is the way that is meant.
func (d *Desk) way(by By) By { return cmp.Or(by, d.usual) }

// Look finds the record, matches it and lists its tickets. Where the memory knows what the record was matched to, the record,
// the match and the tickets are asked for at once, one call deep; that the match still holds is seen in the
// same round, and where it does not, the tickets are those of the new one.
func (d *Desk) Look(ctx context.Context, sought Sought, memory *Memory) (Found, error) {
	if known, ok := d.knownLink(ctx, sought, memory, parsed(sought.Text)); ok { // before the org says which version it speaks
		return d.lookAgain(ctx, sought, known)
	}
	ref, err := d.resolve(ctx, sought.Text)
	if err != nil {
		return Found{}, err
	}
	if known, ok := d.knownLink(ctx, sought, memory, ref); ok {
		return d.lookAgain(ctx, sought, known)
	}
	return d.lookFirst(ctx, sought, ref)
}

// parsed is the record that a text names by itself; zero where it has to be searched for.
func parsed(text string) salesforce.RecordRef {
	ref, _ := salesforce.ParseRecord(text) // resolve says what is wrong with it
	return ref
}

// A knownLink is a record that is meant, and what it was matched to.
type knownLink struct {
	link
	ref salesforce.RecordRef
}

func (d *Desk) knownLink(ctx context.Context, sought Sought, memory *Memory, ref salesforce.RecordRef) (knownLink, bool) {
	if ref.ID == "" || !sought.With.none() {
		return knownLink{}, false
	}
	known, ok := memory.recallLink(ctx, ref.ID, d.way(sought.By))
	return knownLink{known, ref}, ok
}

func (d *Desk) lookFirst(ctx context.Context, sought Sought, ref salesforce.RecordRef) (found Found, err error) {
	found.Link = LinkNew
	ahead := d.kinAhead(ctx, ref, sought.With)
	if found.Record, err = d.Read(ctx, ref); err != nil {
		return found, err
	}
	if found.Match, err = d.matchWith(ctx, found.Record, sought, ahead); err != nil {
		return found, err
	}
	found.List, err = d.List(ctx, found.Match, sought.Query)
	return found, err
}

// lookAgain asks for everything at once, and then sees what of it is still so.
func (d *Desk) lookAgain(ctx context.Context, sought Sought, known knownLink) (Found, error) {
	var (
		found                      = Found{Link: LinkHolds}
		calls                      sync.WaitGroup
		readErr, matchErr, listErr error
	)
	ahead, stop := context.WithCancel(ctx)
	defer stop()
	calls.Go(func() {
		if readErr = d.enter(ctx); readErr == nil {
			found.Record, readErr = d.Read(ctx, known.ref)
		}
		if readErr != nil {
			stop() // there is nobody to ask for any more
		}
	})
	calls.Go(func() { found.Match, matchErr = d.Match(ahead, known.Record, sought.By) })
	calls.Go(func() { found.List, listErr = d.List(ahead, known.Match, sought.Query) })
	calls.Wait()
	if readErr != nil {
		return Found{}, readErr
	}
	if !matchedAlike(known.Record, found.Record) {
		found.Match, matchErr = d.Match(ctx, found.Record, sought.By)
	}
	if matchErr != nil {
		return Found{Record: found.Record}, matchErr
	}
	if !sameTargets(found.Match, known.Match) {
		found.Link, found.Was = LinkChanged, known.Match
		found.List, listErr = d.List(ctx, found.Match, sought.Query)
	}
	return found, listErr
}

// matchedAlike tells whether two readings of a record have the same to be matched by.
func matchedAlike(a, b Record) bool {
	return !slices.ContainsFunc(Ways, func(by By) bool { return !slices.Equal(a.values(by), b.values(by)) })
}

// sameTargets tells whether two matches lead to the same tickets. Another name is the same target.
func sameTargets(a, b Match) bool {
	nameless := func(match Match) []Target {
		targets := slices.Clone(match.Targets)
		for i := range targets {
			targets[i].Name = ""
		}
		slices.SortFunc(targets, func(a, b Target) int { return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID)) })
		return targets
	}
	return slices.Equal(nameless(a), nameless(b))
}

// Remember keeps what a look came to, for the next one. Of a list that shows but some of the tickets, the link alone is kept.
// After an error, what is no more is forgotten.
func (m *Memory) Remember(ctx context.Context, sought Sought, found Found, looked error) error {
	var gone *NoRecordError
	switch ref := parsed(sought.Text); {
	case m == nil:
		return nil
	case errors.As(looked, &gone) && ref.ID != "":
		return m.Forget(ctx, ref.ID)
	case looked != nil, found.Record.ID == "":
		return nil //nolint:nilerr // what was seen before it is as true as it was
	case len(sought.Query.Statuses)+len(sought.Query.Custom) > 0 || sought.Query.Limit > 0 && sought.Query.Limit < firstScreen:
		return m.keepLink(ctx, found.Record, found.Match, found.List.ReadAt)
	}
	return m.Keep(ctx, Seen{found.Record, found.Match, found.List})
}

// firstScreen is how many tickets a list was asked for at least where it is worth keeping.
const firstScreen = 100
