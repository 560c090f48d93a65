// What is written is kept as it is written: whatever ends the program, at most the last second is lost.

package compose

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"zsf/flows/tickets"
	"zsf/ui/parts"
)

// keeping is how far the draft is kept.
type keeping struct {
	unsaved bool // something changed since the last save
	soon    int  // the request that waits to save; 0: none does
	saving  int  // the request that saves; 0: none does
	at      time.Time
	err     error
	stored  bool // there is something in the store to be dropped
	leaving bool // the screen is left as soon as all is kept
	anyway  bool // it could not be kept, and the person knows
	begun   []tickets.Draft
	order   inOrder
}

// inOrder lets no older write come after a newer one.
type inOrder struct {
	mu   sync.Mutex
	last int
}

func (o *inOrder) write(number int, work func() error) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if number < o.last {
		return nil
	}
	o.last = number
	return work()
}

// The messages of requests about drafts.
type (
	draftsFound struct {
		drafts []tickets.Draft
		err    error
	}
	saveNow   struct{}
	draftKept struct {
		at  time.Time
		err error
	}
	draftDropped struct {
		id  string
		err error
	}
)

// savePause is how long a change waits for the next one, so that not each letter is a write. It runs from the first change
// that is not kept, so that no more than this is ever at risk.
const savePause = 700 * time.Millisecond

// saveLimit is how long a write may take, whatever becomes of the screen.
const saveLimit = 5 * time.Second

// lookForDrafts looks for what was begun before about the same.
func (m *Model) lookForDrafts() tea.Cmd {
	ctx, drafts := m.ctx, m.options.Drafts
	return parts.Do(m.call(), func() tea.Msg {
		all, err := drafts.All(ctx)
		return draftsFound{all, err}
	})
}

// isAbout tells that a draft is about what the screen is about.
func (m *Model) isAbout(draft tickets.Draft) bool {
	switch {
	case draft.ID == m.draft.ID:
		return false
	case m.options.Kind == Drafts:
		return true
	case m.draft.IsNew():
		return draft.IsNew() && draft.Record.ID == m.draft.Record.ID && draft.FollowUp == m.draft.FollowUp
	case m.draft.Ticket != 0:
		return draft.Ticket == m.draft.Ticket
	}
	return len(draft.Tickets) > 0 && slices.Equal(slices.Sorted(slices.Values(draft.Tickets)), slices.Sorted(slices.Values(m.draft.Tickets)))
}

// offer shows what was begun before, unless the person writes already. The draft that was asked for is gone on with.
func (m *Model) offer(found draftsFound) tea.Cmd {
	m.keep.err = found.err // some may be there all the same
	m.keep.begun = nil
	for _, draft := range found.drafts {
		if m.isAbout(draft) || draft.ID == m.options.Draft {
			m.keep.begun = append(m.keep.begun, draft)
		}
	}
	asked := m.options.Draft
	m.options.Draft = ""
	switch {
	case asked != "":
		return m.takeUp(asked)
	case m.options.Kind == Drafts:
		m.showDrafts()
	case len(m.keep.begun) == 0:
	case m.stage != writing || m.keep.unsaved || !m.draft.Empty():
		m.say("compose.draft-there", "Count", len(m.keep.begun))
	default:
		m.showDrafts()
	}
	return nil
}

// keepSoon saves the draft in a moment, where it changed.
func (m *Model) keepSoon() tea.Cmd {
	if !m.keep.unsaved || m.keep.soon != 0 || m.keep.saving != 0 {
		return nil
	}
	call := m.call()
	m.keep.soon = call.Number
	return m.options.Clock.Wait(m.ctx, call, savePause, saveNow{})
}

// save writes the draft as it is now, whatever becomes of the screen. Nil where all is kept.
func (m *Model) save() tea.Cmd {
	m.keep.soon = 0
	if !m.keep.unsaved {
		return nil
	}
	m.keep.unsaved = false
	m.draft.Stamp(m.options.Clock.Now())
	ctx, drafts, order := context.WithoutCancel(m.ctx), m.options.Drafts, &m.keep.order
	draft, call := snapshot(m.draft), m.call()
	m.keep.saving = call.Number
	empty, stored := m.isUntouched(), m.keep.stored
	return parts.Do(call, func() tea.Msg {
		ctx, cancel := context.WithTimeout(ctx, saveLimit)
		defer cancel()
		switch {
		case !empty:
			return draftKept{draft.SavedAt, order.write(call.Number, func() error { return drafts.Save(ctx, draft) })}
		case stored: // all was deleted again
			return draftDropped{draft.ID, order.write(call.Number, func() error { return drafts.Drop(ctx, draft.ID) })}
		}
		return draftKept{}
	})
}

// isUntouched tells that there is nothing worth keeping: what is there was there when the screen was opened.
func (m *Model) isUntouched() bool {
	asked := m.options.Kind == Create && len(m.people) != 1 && m.draft.Requester != (tickets.Person{})
	return m.draft.Empty() && m.draft.Sending.IsZero() && !asked
}

// snapshot is a draft that later changes do not reach.
func snapshot(draft tickets.Draft) tickets.Draft {
	draft.Values = maps.Clone(draft.Values)
	draft.Parts = maps.Clone(draft.Parts)
	draft.Files = slices.Clone(draft.Files)
	return draft
}

// kept takes the answer of a save.
func (m *Model) kept(number int, message draftKept) tea.Cmd {
	if number == m.keep.saving {
		m.keep.saving = 0
	}
	m.keep.err = message.err
	switch {
	case isElsewhere(message.err):
		return m.partOff(message.err)
	case message.err != nil:
		m.keep.unsaved, m.keep.anyway = true, m.keep.leaving
		if m.keep.leaving {
			m.keep.leaving = false
			m.say("compose.leaves-anyway")
		}
		return nil
	case !message.at.IsZero():
		m.keep.at, m.keep.stored, m.keep.anyway = message.at, true, false
	}
	return m.goOnLeaving()
}

func (m *Model) dropped(number int, message draftDropped) tea.Cmd {
	if number == m.keep.saving {
		m.keep.saving = 0
	}
	m.keep.err = message.err
	if message.id == m.draft.ID && message.err == nil {
		m.keep.stored, m.keep.at = false, time.Time{}
	}
	return m.goOnLeaving()
}

// Keep writes what is not kept yet, and answers when it is: for the end of the program. Nil where all is kept.
func (m *Model) Keep() tea.Cmd { return m.save() }

// out leaves the screen, when the draft is kept.
func (m *Model) out() tea.Cmd {
	if m.keep.anyway {
		return func() tea.Msg { return parts.Back{} }
	}
	m.keep.leaving = true
	if save := m.save(); save != nil {
		return save
	}
	return m.goOnLeaving()
}

// goOnLeaving leaves, where that waited for the draft to be kept.
func (m *Model) goOnLeaving() tea.Cmd {
	switch {
	case !m.keep.leaving || m.keep.saving != 0:
		return nil
	case m.keep.unsaved:
		return m.save()
	}
	m.keep.leaving = false
	return func() tea.Msg { return parts.Back{} }
}

// IsKept tells that there is a draft to come back to, for whoever the screen was left to.
func (m *Model) IsKept() bool { return m.keep.stored }
