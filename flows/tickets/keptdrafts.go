// Drafts beside the journal: they outlast the program, the machine's power, and everything but being dropped.

package tickets

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"zsf/clients/store"
	"zsf/flows/flow"
)

// KeptDrafts are a profile's drafts for the Zendesk account at an address. They are safe for concurrent use, by
// several processes, too.
type KeptDrafts struct {
	Store   store.Store
	Profile string
	Account string
	Now     func() time.Time
}

var _ Drafts = KeptDrafts{}

// An UnkeptError says that what is being written is on the screen alone: it could not be kept, or not be read again.
type UnkeptError struct {
	Read bool // false: kept
	Err  error
}

func (e *UnkeptError) Error() string {
	if e.Read {
		return "the drafts could not be read: " + e.Err.Error()
	}
	return "what was written could not be kept: " + e.Err.Error()
}

func (e *UnkeptError) Unwrap() error { return e.Err }

// Text says it in words.
func (e *UnkeptError) Text() flow.Text {
	if e.Read {
		return flow.Say("draft-unkept.read", "Reason", e.Err)
	}
	return flow.Say("draft-unkept.kept", "Reason", e.Err)
}

// Save keeps a draft in place of its earlier one, unless that was saved later. What cannot be kept is an *UnkeptError; what was sent
// meanwhile, a *DoneError; what another zsf goes on with, a *TakenError.
func (d KeptDrafts) Save(ctx context.Context, draft Draft) error {
	if draft.SavedAt.IsZero() {
		draft.SavedAt = d.Now()
	}
	body, err := json.Marshal(draft)
	if err == nil {
		err = d.Store.KeepDraft(ctx, store.Draft{
			ID: draft.ID, Profile: d.Profile, Account: d.Account, Ticket: draft.Ticket, SavedAt: draft.SavedAt,
			Writer: draft.Writer, TakenUp: draft.TakenUp, Body: body,
		})
	}
	switch {
	case errors.Is(err, store.ErrDraftDone):
		return &DoneError{Err: err}
	case errors.Is(err, store.ErrDraftTaken):
		return &TakenError{Err: err}
	case err != nil:
		return &UnkeptError{Err: err}
	}
	return nil
}

// A DoneError says that a draft was sent meanwhile, by another zsf: here it is neither kept nor sent any more.
type DoneError struct{ Err error }

func (e *DoneError) Error() string { return e.Err.Error() }

func (e *DoneError) Unwrap() error { return e.Err }

// Text says it in words.
func (e *DoneError) Text() flow.Text { return flow.Say("draft-unkept.done") }

// A TakenError says that another zsf goes on with a draft: what that one saved stays as it is.
type TakenError struct{ Err error }

func (e *TakenError) Error() string { return e.Err.Error() }

func (e *TakenError) Unwrap() error { return e.Err }

// Text says it in words.
func (e *TakenError) Text() flow.Text { return flow.Say("draft-unkept.taken") }

// Done drops a draft that was sent.
func (d KeptDrafts) Done(ctx context.Context, id string) error {
	if err := d.Store.DraftDone(ctx, d.Profile, id); err != nil {
		return &UnkeptError{Err: err}
	}
	return nil
}

// All are those that are kept, the last saved first. One that this zsf cannot read stays where it is, and is an *UnkeptError
// beside the others.
func (d KeptDrafts) All(ctx context.Context) ([]Draft, error) {
	kept, err := d.Store.Drafts(ctx, d.Profile, d.Account)
	if err != nil {
		return nil, &UnkeptError{Read: true, Err: err}
	}
	var drafts []Draft
	var unread []error
	for _, one := range kept {
		var draft Draft
		if err := json.Unmarshal(one.Body, &draft); err != nil {
			unread = append(unread, fmt.Errorf("the draft %s: %w", one.ID, err))
			continue
		}
		drafts = append(drafts, draft)
	}
	if len(unread) > 0 {
		return drafts, &UnkeptError{Read: true, Err: errors.Join(unread...)}
	}
	return drafts, nil
}

// Drop drops a draft.
func (d KeptDrafts) Drop(ctx context.Context, id string) error {
	if err := d.Store.DropDraft(ctx, d.Profile, id); err != nil {
		return &UnkeptError{Err: err}
	}
	return nil
}
