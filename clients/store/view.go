// How a person left a screen: what a list is sorted by, what it leaves out.

package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
)

// errNoView is a mistake of the program.
var errNoView = errors.New("a view needs a profile, a name and a body that is JSON")

// KeepView keeps how a screen of that name was left, for a profile. The screen decides how it is told.
func (s Store) KeepView(ctx context.Context, profile, name string, body json.RawMessage) (err error) {
	if profile == "" || name == "" || !json.Valid(body) {
		return errNoView
	}
	db, err := s.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	_, err = db.ExecContext(ctx, "INSERT INTO view (profile, name, body) VALUES (?, ?, ?)"+
		" ON CONFLICT (profile, name) DO UPDATE SET body = excluded.body", profile, name, string(body))
	return db.problem(ctx, err)
}

// View is how a screen was left; nil where it never was. It makes no database.
func (s Store) View(ctx context.Context, profile, name string) (body json.RawMessage, err error) {
	err = s.reading(ctx, func(db *database) error {
		var text string
		err := db.QueryRowContext(ctx, "SELECT body FROM view WHERE profile = ? AND name = ?", profile, name).Scan(&text)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return nil
		case err != nil:
			return fmt.Errorf("read a view: %w", err)
		}
		body = json.RawMessage(text)
		return nil
	})
	return body, err
}

// RenameProfile gives what was written for a profile its new name, all of it or nothing: drafts, views and its last
// check. The journal keeps the name under which each thing happened.
func (s Store) RenameProfile(ctx context.Context, from, to string) error {
	return s.reading(ctx, func(db *database) error {
		change, err := db.BeginTx(ctx, nil)
		if err != nil {
			return fmt.Errorf("rename a profile: %w", err)
		}
		defer func() { _ = change.Rollback() }() // nothing is left to take back after a commit
		for _, rename := range []string{
			"UPDATE OR REPLACE draft SET profile = ? WHERE profile = ?",
			"UPDATE OR REPLACE view SET profile = ? WHERE profile = ?",
			"UPDATE OR REPLACE last_check SET profile = ? WHERE profile = ?",
		} {
			if _, err := change.ExecContext(ctx, rename, to, from); err != nil {
				return fmt.Errorf("rename a profile: %w", err)
			}
		}
		return change.Commit()
	})
}
