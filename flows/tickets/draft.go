// What a person is writing: kept from the first letter until the service has it.

package tickets

import (
	"cmp"
	"context"
	"crypto/rand"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"zsf/clients/salesforce"
	"zsf/clients/store"
)

// A Draft is a ticket that is being written: a new one, one that is changed, or several that are changed at once.
// It is data alone, kept as JSON: whatever ends the program, the draft says what was written and how far it came.
type Draft struct {
	ID         string // random
	Round      int    // how often it was refused: with the ID, the Idempotency-Key of a new ticket
	Ticket     int64  // 0: a new one, or several
	Tickets    []int64
	Base       Base // the ticket as it was when writing began; of a new one: what it can have
	Form       int64
	Values     Values   // only what the person changed
	AddTags    []string // beside Values["tags"], which is all tags that the ticket is to have
	RemoveTags []string
	Requester  Person // of a new ticket; ID 0 and an e-mail: made in Zendesk when the ticket is
	Comment    string // lines of plain text
	Public     bool   // the requester gets it by e-mail; false: only agents see it
	PublicSaid bool   // somebody chose it; a comment is never sent before
	Files      []File
	CloseSaid  bool // somebody agreed to a status of closed, which nobody can take back
	Record     RecordRef
	SavedAt    time.Time
	Parts      map[int64]Part // of Tickets: how far each came
	Sending    Attempt        // a send that may have reached the service; zero: there is none
	Arrived    Attempt        // an earlier send that is in the ticket, of which this is the rest; zero: there is none
	FollowUp   int64          // of a new ticket: the closed one that it goes on from; 0: none
	KeyID      string         // in place of the ID in the Idempotency-Key: of a draft that was parted from another
	Writer     string         // random: the window, or the command, that writes it
	TakenUp    time.Time      // when it had been saved as that writer found it; zero: the writer began it
}

// A Base is a ticket as it was when writing began.
type Base struct {
	Values        Values
	Form          int64
	UpdatedAt     time.Time // the stamp of a safe update
	Category      string    // the kind of its status
	Requester     Person
	Organizations []Option // those of the requester; nil: not asked for
	LastComment   int64    // 0: not known
	URL           string   // its page for agents
}

// A File is one that goes along with the comment.
type File struct {
	Path  string // absolute
	Name  string
	Size  int64     // bytes, when it was added
	Token string    // of its upload; empty: not uploaded
	At    time.Time // of the upload: a token is good for an hour
}

// A Part is how far one of several tickets came.
type Part struct {
	Base    Base
	Files   []File
	Sending Attempt
	Leave   []string // keys of values that stay as they are: as somebody else made them, or as an earlier send did; CommentKey: it is said
	Sent    bool
}

// An Attempt is a send that may have reached the service: what it said, so that it can be looked for.
type Attempt struct {
	Since      time.Time // of the first one
	Entry      int64     // of the journal; 0: none was written
	Values     Values    // those that were changed
	AddTags    []string
	RemoveTags []string
	Form       int64
	Comment    string
	Public     bool
	Files      []string // their paths
	Requester  Person   // of a new ticket
}

// Attempted is a send of a draft as it is, begun at that time.
func (d Draft) Attempted(since time.Time) Attempt {
	begun := Attempt{
		Since: since, Entry: d.Sending.Entry, Values: Values{}, AddTags: slices.Clone(d.AddTags), RemoveTags: slices.Clone(d.RemoveTags),
		Form: d.Form, Comment: d.Comment, Public: d.Public, Requester: d.Requester,
	}
	for key, values := range d.Values {
		begun.Values[key] = plainValues(values) // as they are sent
	}
	for _, file := range d.Files {
		begun.Files = append(begun.Files, file.Path)
	}
	return begun
}

// says tells whether a draft still says what was sent then.
func (a Attempt) says(draft Draft) bool {
	now := draft.Attempted(a.Since)
	if words1(a.Comment) != words1(now.Comment) || a.Public != now.Public || len(a.Values) != len(now.Values) || a.Form != now.Form ||
		!sameValues(a.AddTags, now.AddTags) || !sameValues(a.RemoveTags, now.RemoveTags) || !slices.Equal(a.Files, now.Files) || a.Requester != now.Requester {
		return false
	}
	for key, values := range now.Values {
		if !sameValues(values, a.Values[key]) {
			return false
		}
	}
	return true
}

// IsZero tells that nothing may have reached the service.
func (a Attempt) IsZero() bool { return a.Since.IsZero() }

// A RecordRef is the Salesforce record that a ticket is written for.
type RecordRef struct{ ID, Object, Name string }

// Record is the record as far as the draft knows it.
func (r RecordRef) Record() Record {
	return Record{Record: salesforce.Record{ID: r.ID, Object: r.Object, Name: r.Name}}
}

// Drafts keep what is being written. Its methods return when it would outlast the end of the program.
type Drafts interface {
	Save(ctx context.Context, draft Draft) error // one that another writer goes on with is a *TakenError
	All(ctx context.Context) ([]Draft, error)    // the last saved first
	Drop(ctx context.Context, id string) error
	Done(ctx context.Context, id string) error // drops one that was sent: whoever still has it cannot Save it, by a *DoneError
}

// NewDraft begins an empty one.
func NewDraft() Draft {
	return Draft{ID: rand.Text(), Writer: rand.Text(), Values: Values{}}
}

// TakeUp goes on with a draft as it was found, for a writer of its own: whoever wrote it before cannot save it over this one.
func (d Draft) TakeUp() Draft {
	d.Writer, d.TakenUp = rand.Text(), d.SavedAt
	return d
}

// PartOff is what a writer has whose draft another one goes on with: a draft of its own. Its key stays that of the other,
// so that of two that are sent only one makes a ticket.
func (d Draft) PartOff() Draft {
	if d.KeyID == "" {
		d.KeyID = d.ID
	}
	d.ID, d.Writer, d.TakenUp = rand.Text(), rand.Text(), time.Time{}
	return d
}

// Stamp says that the draft is saved now: always after it was saved before, though the clock went back since.
func (d *Draft) Stamp(now time.Time) {
	if !now.After(d.SavedAt) {
		now = d.SavedAt.Add(1)
	}
	d.SavedAt = now
}

// key is the Idempotency-Key of a new ticket. What was refused keeps its key for two hours, and the answer that it got.
func (d Draft) key() string {
	id := cmp.Or(d.KeyID, d.ID)
	if d.Round == 0 {
		return id
	}
	return id + "-" + strconv.Itoa(d.Round)
}

// IsNew tells that it is a ticket that is not there yet.
func (d Draft) IsNew() bool { return d.Ticket == 0 && len(d.Tickets) == 0 }

// Empty tells that nothing was written.
func (d Draft) Empty() bool {
	return strings.TrimSpace(d.Comment) == "" && len(d.Files) == 0 && len(d.Changed()) == 0 && len(d.AddTags) == 0 && len(d.RemoveTags) == 0
}

// Now are all values that the ticket has or is to have.
func (d Draft) Now() Values {
	now := maps.Clone(d.Base.Values)
	if now == nil {
		now = Values{}
	}
	maps.Copy(now, d.Values)
	if add, remove := d.TagChanges(); len(add)+len(remove) > 0 {
		now[TagsKey] = changeTags(d.Base.Values[TagsKey], add, remove)
	}
	return now
}

// Changed are the keys of the values that are other than they were, in order; tags are not among them. Of several tickets,
// which have different values, they are all that were said.
func (d Draft) Changed() []string {
	var keys []string
	for _, key := range slices.Sorted(maps.Keys(d.Values)) {
		if key != TagsKey && (len(d.Tickets) > 0 || !sameValues(d.Values[key], d.Base.Values[key])) {
			keys = append(keys, key)
		}
	}
	return keys
}

// sameValues compares without regard to order and to what is empty.
func sameValues(a, b []string) bool {
	tidy := func(values []string) []string {
		values = slices.DeleteFunc(slices.Clone(values), func(v string) bool { return v == "" })
		slices.Sort(values)
		return slices.Compact(values)
	}
	return slices.Equal(tidy(a), tidy(b))
}

// TagChanges are the tags to be put on and to be taken off, whatever the newest tags are: tags that others put on meanwhile stay.
func (d Draft) TagChanges() (add, remove []string) {
	if wanted, said := d.Values[TagsKey]; said {
		add = missing(wanted, d.Base.Values[TagsKey])
		remove = missing(d.Base.Values[TagsKey], wanted)
	}
	add = missing(d.AddTags, nil, add...)
	remove = missing(d.RemoveTags, nil, remove...)
	if !d.Base.UpdatedAt.IsZero() { // a ticket whose tags are known
		add = missing(add, d.Base.Values[TagsKey])
		remove = slices.DeleteFunc(remove, func(tag string) bool { return !slices.Contains(d.Base.Values[TagsKey], tag) })
	}
	slices.Sort(add)
	slices.Sort(remove)
	return add, remove
}

// missing adds to begun those of tags that are not among known.
func missing(tags, known []string, begun ...string) []string {
	for _, tag := range tags {
		if tag != "" && !slices.Contains(known, tag) && !slices.Contains(begun, tag) {
			begun = append(begun, tag)
		}
	}
	return begun
}

func changeTags(tags, add, remove []string) []string {
	kept := slices.DeleteFunc(slices.Clone(tags), func(tag string) bool { return slices.Contains(remove, tag) })
	return missing(add, kept, kept...)
}

// Closes tells that the ticket would be closed for good.
func (d Draft) Closes() bool {
	return d.Values.one(StatusKey) == "closed" && d.Base.Category != "closed"
}

// A MemoryDrafts keeps drafts for as long as the program runs. Its zero value is empty.
type MemoryDrafts struct {
	mu     sync.Mutex
	drafts map[string]Draft
	done   map[string]bool
}

// Save keeps a draft.
func (m *MemoryDrafts) Save(_ context.Context, draft Draft) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.done[draft.ID] {
		return &DoneError{Err: store.ErrDraftDone}
	}
	if m.drafts == nil {
		m.drafts = map[string]Draft{}
	}
	if kept, there := m.drafts[draft.ID]; there && kept.Writer != draft.Writer && !kept.SavedAt.Equal(draft.TakenUp) {
		return &TakenError{Err: store.ErrDraftTaken}
	}
	m.drafts[draft.ID] = draft
	return nil
}

// All are those that are kept, the last saved first.
func (m *MemoryDrafts) All(context.Context) ([]Draft, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.SortedFunc(maps.Values(m.drafts), func(a, b Draft) int { return b.SavedAt.Compare(a.SavedAt) }), nil
}

// Drop forgets a draft.
func (m *MemoryDrafts) Drop(_ context.Context, id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.drafts, id)
	return nil
}

// Done drops a draft that was sent.
func (m *MemoryDrafts) Done(_ context.Context, id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.done == nil {
		m.done = map[string]bool{}
	}
	m.done[id] = true
	delete(m.drafts, id)
	return nil
}
