// What can be wrong with the database, in the terms that decide what a person can do about it.

package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"zsf/clients/vault/private"
)

// A Problem is what is wrong with the database.
type Problem string

// The problems.
const (
	Damaged    Problem = "damaged"
	Newer      Problem = "newer"      // a later zsf has made it
	ReadOnly   Problem = "read-only"  // the file, or its folder
	Full       Problem = "full"       // the disk
	Busy       Problem = "busy"       // another zsf has been writing for all the time that was waited
	Unsafe     Problem = "unsafe"     // not a file that only its owner could have put there
	Unreadable Problem = "unreadable" // anything else
)

// advice is what a person can do about each problem.
var advice = map[Problem]string{
	Damaged: "nothing was overwritten: put back a copy of it from a backup, or move it away together with the files beside it" +
		" that begin with its name, and zsf starts a new one",
	Newer:      "use the newer zsf, or move the file away to start a new one",
	ReadOnly:   "let your user write to it and to its folder",
	Full:       "make room on the disk",
	Busy:       "try again when the other zsf has ended",
	Unsafe:     "look at who put it there",
	Unreadable: "look at the file and its folder",
}

// An Error says which file is in trouble, in which, and what can be done.
type Error struct {
	Path    string
	Is      string // journal or cache; empty: journal
	Problem Problem
	Err     error
}

func (e *Error) Error() string {
	return fmt.Sprintf("the %s %s is %s (%s): %v", cmp.Or(e.Is, journalPlan.is), e.Path, e.Problem, advice[e.Problem], e.Err)
}

func (e *Error) Unwrap() error { return e.Err }

// problem makes an *Error of what the database said. That a caller gave up is his, and not the file's.
func (db *database) problem(ctx context.Context, err error) error {
	var known *Error
	switch {
	case err == nil || errors.As(err, &known):
		return err
	case ctx.Err() != nil:
		return fmt.Errorf("the %s %s: %w", db.plan.is, db.path, context.Cause(ctx))
	}
	return &Error{Path: db.path, Is: db.plan.is, Problem: problemOf(err), Err: err}
}

func problemOf(err error) Problem {
	var said *sqlite.Error
	if !errors.As(err, &said) {
		switch {
		case errors.Is(err, private.ErrUnsafe):
			return Unsafe
		case errors.Is(err, fs.ErrPermission), isReadOnly(err):
			return ReadOnly
		case isFull(err):
			return Full
		}
		return Unreadable
	}
	switch said.Code() & 0xff { // the rest says more than is needed here
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return Damaged
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN:
		return ReadOnly // the file itself was there a moment ago: what cannot be opened is to be made beside it
	case sqlite3.SQLITE_FULL:
		return Full
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL:
		return Busy
	}
	return Unreadable
}
