// How the last look at each profile ended, for the next start.

package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// A LastCheck is how the last look at a profile ended.
type LastCheck struct {
	Schema     int            `json:"schema"`
	At         time.Time      `json:"at"`
	DurationMS int64          `json:"duration_ms"`
	Looked     int            `json:"looked"` // how many steps
	Counts     map[string]int `json:"counts"` // by verdict
	Wrong      []Wrong        `json:"wrong"`
}

// Wrong is a step that failed, or was warned of.
type Wrong struct {
	Step    string `json:"step"`
	Verdict string `json:"verdict"`
}

// ErrNone says that a profile has never been looked at.
var ErrNone = errors.New("there is no earlier check")

// KeepLastCheck writes a profile's last check, whole or not at all.
func (s Store) KeepLastCheck(ctx context.Context, profile string, check LastCheck) (err error) {
	check.Schema = 1
	text, err := json.Marshal(check)
	if err != nil {
		return fmt.Errorf("keep the last check: %w", err)
	}
	db, err := s.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	_, err = db.ExecContext(ctx, "INSERT INTO last_check (profile, checked) VALUES (?, ?)"+
		" ON CONFLICT (profile) DO UPDATE SET checked = excluded.checked", profile, string(text))
	return db.problem(ctx, err)
}

// LastCheck reads a profile's last check; ErrNone when there is none. It makes no database.
func (s Store) LastCheck(ctx context.Context, profile string) (check LastCheck, err error) {
	switch there, err := s.Begun(); {
	case err != nil:
		return LastCheck{}, err
	case !there:
		return LastCheck{}, ErrNone
	}
	db, err := s.open(ctx)
	if err != nil {
		return LastCheck{}, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var text string
	err = db.QueryRowContext(ctx, "SELECT checked FROM last_check WHERE profile = ?", profile).Scan(&text)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return LastCheck{}, ErrNone
	case err != nil:
		return LastCheck{}, db.problem(ctx, err)
	}
	if err := json.Unmarshal([]byte(text), &check); err != nil {
		return LastCheck{}, &Error{Path: db.path, Problem: Damaged, Err: fmt.Errorf("the last check: %w", err)}
	}
	return check, nil
}
