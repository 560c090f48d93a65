// What another person changed meanwhile, beside what was written here, and how both become one.

package tickets

import (
	"context"
	"maps"
	"slices"

	"zsf/clients/transport"
)

// A Side is whose value of a field is taken.
type Side string

// The sides. What nobody chose a side for stays mine: nothing that was written is given up by itself.
const (
	Mine   Side = "mine"
	Theirs Side = "theirs"
)

// Merge goes on from a conflict: the draft is now written on the ticket as it is, and of the fields that both changed
// each has the side that was chosen, by its key. What only they changed stays theirs; tags of both are kept.
func Merge(draft Draft, conflict *ConflictError, choices map[string]Side) Draft {
	add, remove := draft.TagChanges()
	merged := draft
	merged.Values = maps.Clone(draft.Values)
	for key, side := range choices {
		if side == Theirs {
			delete(merged.Values, key)
		}
	}
	merged.Base = conflict.Theirs
	if merged.Base.Organizations == nil && merged.Base.Requester.ID == draft.Base.Requester.ID {
		merged.Base.Organizations = draft.Base.Organizations
	}
	merged.AddTags, merged.RemoveTags = add, remove
	delete(merged.Values, TagsKey)
	if draft.Values == nil {
		merged.Values = Values{}
	}
	for _, key := range slices.Collect(maps.Keys(merged.Values)) {
		if sameValues(merged.Values[key], merged.Base.Values[key]) {
			delete(merged.Values, key) // they did the same
		}
	}
	merged.Sending = Attempt{}
	return merged
}

// conflictOf says how a draft and the ticket as it is now differ from the ticket as it was.
func conflictOf(draft Draft, theirs Base, catalog Catalog) *ConflictError {
	conflict := &ConflictError{Ticket: draft.Ticket, Theirs: theirs}
	mine := draft.Changed()
	keys := slices.Collect(maps.Keys(theirs.Values))
	keys = slices.AppendSeq(keys, maps.Keys(draft.Base.Values))
	slices.Sort(keys)
	for _, key := range draft.inOrder(catalog, slices.Compact(keys)) {
		before, now := draft.Base.Values[key], theirs.Values[key]
		if sameValues(before, now) {
			continue
		}
		field, known := catalog.Field(key)
		if !known {
			field = Field{Key: key, Title: key}
		}
		if key == OrganizationKey {
			field.Options = append(slices.Clone(draft.Base.Organizations), theirs.Organizations...)
		}
		switch {
		case key == TagsKey:
			conflict.Beside = append(conflict.Beside, Difference{Field: field, Add: missing(now, before), Remove: missing(before, now)})
		case !slices.Contains(mine, key):
			conflict.Beside = append(conflict.Beside, Difference{Field: field, Before: words(field, before), After: words(field, now)})
		case !sameValues(draft.Values[key], now):
			conflict.Clashes = append(conflict.Clashes, Clash{
				Field: field, Before: words(field, before), Mine: words(field, draft.Values[key]), Theirs: words(field, now),
			})
		}
	}
	return conflict
}

// Rebase writes a draft on the tickets as they are now: what both changed has the side that was chosen. A ticket whose send
// got no answer is left as it is: Send looks for it first.
func (d *Desk) Rebase(ctx context.Context, catalog Catalog, draft Draft, side Side) (Draft, error) {
	if d.account == nil {
		return draft, &transport.Error{Service: transport.Zendesk, Kind: transport.SignInMissing}
	}
	if draft.Ticket != 0 {
		return d.rebaseOne(ctx, catalog, draft, side)
	}
	parts := maps.Clone(draft.Parts)
	for _, id := range draft.Pending() {
		rebased, err := d.rebaseOne(ctx, catalog, draft.Part(id), side)
		if err != nil {
			return draft, err
		}
		part := Part{Base: rebased.Base, Files: rebased.Files, Sending: rebased.Sending}
		for key, values := range draft.Values {
			if _, mine := rebased.Values[key]; !mine && !sameValues(values, rebased.Base.Values[key]) {
				part.Leave = append(part.Leave, key)
			}
		}
		parts[id] = part
	}
	draft.Parts = parts
	return draft, nil
}

func (d *Desk) rebaseOne(ctx context.Context, catalog Catalog, draft Draft, side Side) (Draft, error) {
	if !draft.Sending.IsZero() {
		return draft, nil
	}
	now, err := d.base(ctx, catalog, draft.Ticket)
	if err != nil {
		return draft, err
	}
	conflict := conflictOf(draft, now, catalog)
	choices := map[string]Side{}
	for _, clash := range conflict.Clashes {
		choices[clash.Field.Key] = side
	}
	return Merge(draft, conflict, choices), nil
}
