// What was last seen, kept on this machine: so that tickets are there at once, with their age, before anybody is asked.

package tickets

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"zsf/clients/salesforce"
	"zsf/clients/store"
	"zsf/clients/transport"
)

// A Memory keeps what was last seen for one profile, one org and one account. Nil keeps nothing, and knows nothing.
// It is safe for concurrent use.
type Memory struct {
	cache store.Cache
	scope store.Scope
}

// NewMemory is the part of a cache that was seen by one profile in the org and the account at these addresses, each with
// the user where that is known.
func NewMemory(cache store.Cache, profile, org, account string) *Memory {
	return &Memory{cache: cache, scope: store.Scope{Profile: profile, Org: org, Account: account}}
}

// Seen is a record's tickets as they were seen last; List.ReadAt tells when.
type Seen struct {
	Record Record
	Match  Match
	List   List
}

// Shape is the form in which things are kept. What was kept in another is not known.
const shape = 1

// mostKept is how many tickets of a list are kept: as many as a screen needs at once.
const mostKept = 1000

// A link is what a record was matched to, and the record as it was then.
type link struct {
	Record Record
	Match  Match
}

// Keep keeps what was seen of a record, and what it was matched to. Of a long list the first thousand tickets are kept; what
// looks like a secret in a subject is not.
func (m *Memory) Keep(ctx context.Context, seen Seen) error {
	switch {
	case m == nil:
		return nil
	case len(seen.Match.With) > 0: // a record's own tickets are what it is opened with
		return m.keepLink(ctx, seen.Record, seen.Match, seen.List.ReadAt)
	}
	list := seen.List
	if left := len(list.Tickets) - mostKept; left > 0 {
		list.Tickets = list.Tickets[:mostKept]
		list.NotShown = append(slices.Clone(list.NotShown), Left{LeftLimit, left})
	}
	list.Tickets = slices.Clone(list.Tickets)
	for i := range list.Tickets {
		list.Tickets[i].Subject = transport.Redact(list.Tickets[i].Subject)
	}
	seen.List = list
	kept, err := item(store.Lists, seen.Record.ID, seen.Record.Name, list.ReadAt, seen)
	if err != nil {
		return err
	}
	linked, err := linkItem(seen.Record, seen.Match, list.ReadAt)
	if err != nil {
		return err
	}
	return m.cache.Keep(ctx, m.scope, append(linked, kept)...)
}

// keepLink keeps what a record was matched to, and nothing of its tickets.
func (m *Memory) keepLink(ctx context.Context, record Record, match Match, at time.Time) error {
	linked, err := linkItem(record, match, at)
	if err != nil || len(linked) == 0 {
		return err
	}
	return m.cache.Keep(ctx, m.scope, linked...)
}

// linkItem is a link as it is kept; none where nothing was found. Contacts and child accounts come and go: they are not kept.
func linkItem(record Record, match Match, at time.Time) ([]store.Item, error) {
	if len(match.Targets) == 0 {
		return nil, nil
	}
	match.Beside, match.With = nil, nil
	kept, err := item(store.Links, linkKey(record.ID, match.Asked), record.Name, at, link{record, match})
	return []store.Item{kept}, err
}

func linkKey(id string, asked By) string { return id + " " + string(asked) }

// KeepConversation keeps what was said in a ticket. The addresses of files open them to whoever has them: they are left
// out, as is what looks like a secret.
func (m *Memory) KeepConversation(ctx context.Context, said Conversation) error {
	if m == nil {
		return nil
	}
	said.Subject = transport.Redact(said.Subject)
	said.Messages = slices.Clone(said.Messages)
	for i := range said.Messages {
		message := &said.Messages[i]
		message.Lines, message.Attachments = slices.Clone(message.Lines), slices.Clone(message.Attachments)
		for j := range message.Lines {
			message.Lines[j] = transport.Redact(message.Lines[j])
		}
		for j := range message.Attachments {
			message.Attachments[j].ContentURL = ""
		}
	}
	kept, err := item(store.Conversations, strconv.FormatInt(said.ID, 10), said.Subject, said.ReadAt, said)
	if err != nil {
		return err
	}
	return m.cache.Keep(ctx, m.scope, kept)
}

// item is a thing as it is kept.
func item(shelf store.Shelf, key, name string, at time.Time, thing any) (store.Item, error) {
	body, err := json.Marshal(struct {
		Shape int
		Thing any
	}{shape, thing})
	if err != nil {
		return store.Item{}, fmt.Errorf("keep what was seen: %w", err)
	}
	return store.Item{Shelf: shelf, Key: key, Name: name, ReadAt: at, Body: body}, nil
}

// Recall is what was last seen of the record that a text means: an id, an address, or its whole name. It asks nobody, and
// knows nothing where the cache cannot be read, or where a name is that of several.
func (m *Memory) Recall(ctx context.Context, text string) (seen Seen, known bool) {
	wanted := store.Wanted{Shelf: store.Lists, Most: 2}
	if ref, err := salesforce.ParseRecord(text); err == nil {
		wanted.Key = ref.ID
	} else if wanted.Name = strings.TrimSpace(text); wanted.Name == "" {
		return Seen{}, false
	}
	known = m.recall(ctx, wanted, &seen)
	return seen, known
}

// RecallConversation is what was last read of a ticket; its files cannot be opened before it is read again.
func (m *Memory) RecallConversation(ctx context.Context, id int64) (said Conversation, known bool) {
	known = m.recall(ctx, store.Wanted{Shelf: store.Conversations, Key: strconv.FormatInt(id, 10)}, &said)
	return said, known
}

// recallLink is what a record was matched to when it was asked for in that way.
func (m *Memory) recallLink(ctx context.Context, id string, asked By) (known link, ok bool) {
	ok = m.recall(ctx, store.Wanted{Shelf: store.Links, Key: linkKey(id, asked)}, &known)
	return known, ok && len(known.Match.Targets) > 0
}

// recall finds one thing. A cache that cannot be read knows of none.
func (m *Memory) recall(ctx context.Context, wanted store.Wanted, into any) bool {
	if m == nil {
		return false
	}
	items, err := m.cache.Items(ctx, m.scope, wanted)
	if err != nil || len(items) != 1 {
		return false
	}
	kept := struct {
		Shape int
		Thing json.RawMessage
	}{}
	return json.Unmarshal(items[0].Body, &kept) == nil && kept.Shape == shape && json.Unmarshal(kept.Thing, into) == nil
}

// recent is the key of the one list of records that a person looked at last.
const recent = "recent"

// KeepRecent keeps which records the person looked at last in Salesforce.
func (m *Memory) KeepRecent(ctx context.Context, hits []Hit, at time.Time) error {
	if m == nil {
		return nil
	}
	kept, err := item(store.Recents, recent, "", at, hits)
	if err != nil {
		return err
	}
	return m.cache.Keep(ctx, m.scope, kept)
}

// RecallRecent are the records that the person had looked at last when somebody asked last.
func (m *Memory) RecallRecent(ctx context.Context) (hits []Hit, known bool) {
	known = m.recall(ctx, store.Wanted{Shelf: store.Recents, Key: recent}, &hits)
	return hits, known
}

// ForgetConversation drops a ticket that is no more.
func (m *Memory) ForgetConversation(ctx context.Context, id int64) error {
	if m == nil {
		return nil
	}
	return m.cache.Forget(ctx, m.scope, store.Wanted{Shelf: store.Conversations, Key: strconv.FormatInt(id, 10)})
}

// Forget drops a record that is no more: its tickets, and what it was matched to in any way.
func (m *Memory) Forget(ctx context.Context, id string) error {
	if m == nil {
		return nil
	}
	gone := []store.Wanted{{Shelf: store.Lists, Key: id}}
	for _, way := range append([]By{AsIntegration}, Ways...) {
		gone = append(gone, store.Wanted{Shelf: store.Links, Key: linkKey(id, way)})
	}
	return m.cache.Forget(ctx, m.scope, gone...)
}
