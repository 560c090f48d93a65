// Drafts: what a person typed and has not sent. They are kept until somebody drops them.

package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// A Draft is a ticket, or an answer to one, that is being written.
type Draft struct {
	ID      string // random
	Profile string
	Account string // the address of the Zendesk account that it is for
	Ticket  int64  // 0: a new one, or several
	SavedAt time.Time
	Writer  string          // random: the window, or the command, that writes it
	TakenUp time.Time       // when it had been saved as that writer found it; zero: the writer began it. It is not kept
	Body    json.RawMessage // letter by letter what was typed, which may be anything; the writer decides how it is told
}

// errNoDraft is a mistake of the program: a draft that could not be found again.
var errNoDraft = errors.New("a draft needs an id, a profile, a time and a body that is JSON")

// ErrDraftDone says that a draft was sent meanwhile: it is not kept again, as it would be sent once more.
var ErrDraftDone = errors.New("the draft was sent meanwhile")

// ErrDraftTaken says that another writer goes on with a draft: what it saved stays as it is.
var ErrDraftTaken = errors.New("another zsf goes on with the draft")

// doneDraft stands for the body of a draft that was sent, for as long as another process may still have it.
const (
	doneDraft = `"sent"`
	doneLives = 30 * 24 * time.Hour
)

// KeepDraft keeps a draft in place of an earlier one with its id, and returns when it would outlast a loss of power.
// Where two of them are under way at once, the one that was saved last stays. One that is done is ErrDraftDone, and one that another
// writer saved since it was taken up is ErrDraftTaken. It is not looked through for secrets: what was typed comes back as it was typed.
func (s Store) KeepDraft(ctx context.Context, draft Draft) (err error) {
	if draft.ID == "" || draft.Profile == "" || draft.SavedAt.IsZero() || !json.Valid(draft.Body) {
		return errNoDraft
	}
	db, err := s.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var takenUp int64
	if !draft.TakenUp.IsZero() {
		takenUp = draft.TakenUp.UnixNano()
	}
	result, err := db.ExecContext(ctx, "INSERT INTO draft (profile, id, account, ticket, saved_at, writer, body) VALUES (?, ?, ?, ?, ?, ?, ?)"+
		" ON CONFLICT (profile, id) DO UPDATE SET account = excluded.account, ticket = excluded.ticket,"+
		" saved_at = excluded.saved_at, writer = excluded.writer, body = excluded.body"+
		" WHERE excluded.saved_at >= saved_at AND body <> ? AND (writer = excluded.writer OR saved_at = ?)",
		draft.Profile, draft.ID, draft.Account, draft.Ticket, draft.SavedAt.UnixNano(), draft.Writer, string(draft.Body), doneDraft, takenUp)
	if err != nil {
		return db.problem(ctx, err)
	}
	if kept, err := result.RowsAffected(); err != nil || kept > 0 {
		return db.problem(ctx, err)
	}
	var done, mine bool
	err = db.QueryRowContext(ctx, "SELECT body = ?, writer = ? FROM draft WHERE profile = ? AND id = ?",
		doneDraft, draft.Writer, draft.Profile, draft.ID).Scan(&done, &mine)
	switch {
	case err == nil && done:
		return ErrDraftDone
	case err == nil && !mine:
		return ErrDraftTaken
	}
	return db.problem(ctx, err)
}

// DraftDone drops a draft that was sent. Another process that still has it cannot keep it again.
func (s Store) DraftDone(ctx context.Context, profile, id string) error {
	return s.reading(ctx, func(db *database) error {
		now := s.now()
		_, err := db.ExecContext(ctx, "DELETE FROM draft WHERE body = ? AND saved_at < ?", doneDraft, now.Add(-doneLives).UnixNano())
		if err == nil {
			_, err = db.ExecContext(ctx, "UPDATE draft SET body = ?, saved_at = ? WHERE profile = ? AND id = ?", doneDraft, now.UnixNano(), profile, id)
		}
		return err //nolint:wrapcheck // reading says which file it was
	})
}

// Drafts are a profile's drafts for an account, those that were saved last first. It makes no database.
func (s Store) Drafts(ctx context.Context, profile, account string) (drafts []Draft, err error) {
	err = s.reading(ctx, func(db *database) error {
		rows, err := db.QueryContext(ctx, "SELECT id, ticket, saved_at, writer, body FROM draft WHERE profile = ? AND account = ? AND body <> ?"+
			" ORDER BY saved_at DESC, id", profile, account, doneDraft)
		if err != nil {
			return err //nolint:wrapcheck // reading says which file it was
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			draft := Draft{Profile: profile, Account: account}
			var saved int64
			var body string
			if err := rows.Scan(&draft.ID, &draft.Ticket, &saved, &draft.Writer, &body); err != nil {
				return fmt.Errorf("read a draft: %w", err)
			}
			draft.SavedAt, draft.Body = time.Unix(0, saved).UTC(), json.RawMessage(body)
			drafts = append(drafts, draft)
		}
		return rows.Err()
	})
	return drafts, err
}

// DropDraft drops a draft; one that is not there is none.
func (s Store) DropDraft(ctx context.Context, profile, id string) error {
	return s.reading(ctx, func(db *database) error {
		_, err := db.ExecContext(ctx, "DELETE FROM draft WHERE profile = ? AND id = ?", profile, id)
		return err //nolint:wrapcheck // reading says which file it was
	})
}

// reading does something with a database that is there; it makes none.
func (s Store) reading(ctx context.Context, do func(*database) error) (err error) {
	if there, err := s.Begun(); err != nil || !there {
		return err
	}
	db, err := s.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return db.problem(ctx, do(db))
}
