// The cache: records and tickets as they were last seen, so that a screen opens at once with what it knew.

package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"zsf/clients/vault/private"
)

// DefaultCacheLimit is how many bytes the bodies in a cache may have altogether.
const DefaultCacheLimit = 50 << 20

// A Cache is the folder of what can be asked for again. It is a database of its own, $XDG_CACHE_HOME/zsf/cache.db, and
// not a part of the journal's: whoever empties that folder loses nothing, and what is wrong with the file
// never stands in the way of the journal, or of a look at tickets.
type Cache struct {
	Now   func() time.Time // default time.Now
	Limit int64            // in bytes; 0: DefaultCacheLimit. The oldest goes out first

	folder string
}

// OpenCache names the folder: $XDG_CACHE_HOME/zsf, else ~/.cache/zsf. The disk is not touched until something is kept or
// asked for.
func OpenCache(getenv func(string) string) (Cache, error) {
	if cache := getenv("XDG_CACHE_HOME"); filepath.IsAbs(cache) {
		return Cache{folder: filepath.Join(cache, "zsf")}, nil
	}
	home := homeOf(getenv)
	if home == "" {
		return Cache{}, fmt.Errorf("%w: XDG_CACHE_HOME", ErrNoFolder)
	}
	return Cache{folder: filepath.Join(home, ".cache", "zsf")}, nil
}

// CacheAt is a cache in a folder of its own, for what is not to stay.
func CacheAt(folder string) Cache { return Cache{folder: folder} }

// Path is where the cache is, or will be.
func (c Cache) Path() string { return filepath.Join(c.folder, cachePlan.name) }

// cachePlan waits for nobody long, and may lose its last writes with the machine's power.
var cachePlan = plan{
	name: "cache.db", is: "cache",
	settings: []string{"busy_timeout(500)", "synchronous(NORMAL)", "secure_delete(1)"},
	before:   []string{"auto_vacuum = FULL"},
	migrations: []string{
		`CREATE TABLE item (
			profile TEXT NOT NULL,
			org     TEXT NOT NULL,
			account TEXT NOT NULL,
			shelf   TEXT NOT NULL,
			key     TEXT NOT NULL,
			name    TEXT NOT NULL,
			read_at INTEGER NOT NULL, -- nanoseconds since 1970, UTC
			kept_at INTEGER NOT NULL,
			bytes   INTEGER NOT NULL, -- of the body
			body    TEXT NOT NULL, -- JSON
			PRIMARY KEY (profile, org, account, shelf, key)
		) STRICT;
		CREATE INDEX item_by_name ON item (profile, org, account, shelf, name COLLATE NOCASE);
		CREATE INDEX item_by_age ON item (kept_at);
		CREATE INDEX item_by_size ON item (bytes);`,
	},
}

// A Scope is whose knowledge it is. What was read in one is never shown in another.
type Scope struct {
	Profile string
	Org     string // the address of the Salesforce org, its My Domain, which no two orgs share; and as whom it was seen
	Account string // the address of the Zendesk account, and as whom it was seen
}

// A Shelf is a kind of thing that is kept.
type Shelf string

// The shelves.
const (
	Recents       Shelf = "recent" // records that a person looked at last
	Links         Shelf = "link"   // what a record was matched to
	Lists         Shelf = "list"   // a record, and its tickets
	Conversations Shelf = "conversation"
)

// Shelves are all of them.
var Shelves = []Shelf{Recents, Links, Lists, Conversations}

// An Item is one thing as it was last seen.
type Item struct {
	Shelf  Shelf
	Key    string // names it in its shelf
	Name   string // what a person calls it; empty: nothing
	ReadAt time.Time
	Body   json.RawMessage
}

// A Wanted is one or several things on a shelf: by key, by name without regard to the case of A to Z, or all of it.
type Wanted struct {
	Shelf Shelf
	Key   string
	Name  string
	Most  int // 0: all that fit
}

// Keep keeps things in place of what was known of them, all or none. What goes beyond the limit is not kept, or
// makes room: what was not kept anew for the longest time goes first.
func (c Cache) Keep(ctx context.Context, scope Scope, items ...Item) error {
	return c.using(ctx, func(db *database) error {
		change, err := db.BeginTx(ctx, nil)
		if err != nil {
			return err //nolint:wrapcheck // using says which file it was
		}
		defer func() { _ = change.Rollback() }() // nothing is left to take back after a commit
		for _, item := range items {
			if int64(len(item.Body)) > c.limit() {
				continue
			}
			if _, err := change.ExecContext(ctx, "INSERT OR REPLACE INTO item"+
				" (profile, org, account, shelf, key, name, read_at, kept_at, bytes, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
				scope.Profile, scope.Org, scope.Account, string(item.Shelf), item.Key, item.Name,
				item.ReadAt.UnixNano(), c.now().UnixNano(), len(item.Body), string(item.Body)); err != nil {
				return err //nolint:wrapcheck // using says which file it was
			}
		}
		// A running total over the newest first: what lies beyond the limit goes.
		if _, err := change.ExecContext(ctx, "DELETE FROM item WHERE (SELECT sum(bytes) FROM item) > ?1 AND rowid IN (SELECT rowid FROM"+
			" (SELECT rowid, sum(bytes) OVER (ORDER BY kept_at DESC, rowid DESC) AS total FROM item) WHERE total > ?1)", c.limit()); err != nil {
			return err //nolint:wrapcheck // using says which file it was
		}
		return change.Commit()
	})
}

// Items are what is known of what is wanted, in its order, what was kept last first. It makes no database.
func (c Cache) Items(ctx context.Context, scope Scope, wanted ...Wanted) (items []Item, err error) {
	if there, err := c.exists(); err != nil || !there {
		return nil, err
	}
	err = c.using(ctx, func(db *database) error {
		items = nil
		for _, want := range wanted {
			some, err := take(ctx, db, scope, want)
			if err != nil {
				return err
			}
			items = append(items, some...)
		}
		return nil
	})
	return items, err
}

func take(ctx context.Context, db *database, scope Scope, want Wanted) (items []Item, err error) {
	query := "SELECT key, name, read_at, body FROM item WHERE profile = ? AND org = ? AND account = ? AND shelf = ?"
	values := []any{scope.Profile, scope.Org, scope.Account, string(want.Shelf)}
	switch {
	case want.Key != "":
		query, values = query+" AND key = ?", append(values, want.Key)
	case want.Name != "":
		query, values = query+" AND name = ? COLLATE NOCASE", append(values, want.Name)
	}
	query += " ORDER BY kept_at DESC, rowid DESC"
	if want.Most > 0 {
		query, values = query+" LIMIT ?", append(values, want.Most)
	}
	rows, err := db.QueryContext(ctx, query, values...)
	if err != nil {
		return nil, err //nolint:wrapcheck // using says which file it was
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		item := Item{Shelf: want.Shelf}
		var read int64
		var body string
		if err := rows.Scan(&item.Key, &item.Name, &read, &body); err != nil {
			return nil, fmt.Errorf("read what is kept: %w", err)
		}
		item.ReadAt, item.Body = time.Unix(0, read).UTC(), json.RawMessage(body)
		items = append(items, item)
	}
	return items, rows.Err() //nolint:wrapcheck // using says which file it was
}

// Forget drops things that are no more; what is not there is none.
func (c Cache) Forget(ctx context.Context, scope Scope, wanted ...Wanted) error {
	if there, err := c.exists(); err != nil || !there {
		return err
	}
	return c.using(ctx, func(db *database) error {
		for _, want := range wanted {
			if _, err := db.ExecContext(ctx, "DELETE FROM item WHERE profile = ? AND org = ? AND account = ? AND shelf = ? AND key = ?",
				scope.Profile, scope.Org, scope.Account, string(want.Shelf), want.Key); err != nil {
				return err //nolint:wrapcheck // using says which file it was
			}
		}
		return nil
	})
}

func (c Cache) exists() (bool, error) {
	there, err := isThere(c.Path())
	if err != nil {
		return false, fmt.Errorf("look for the cache: %w", err)
	}
	return there, nil
}

// using does something with the database. One that is damaged is begun anew: nothing in it is of worth. Two that
// find it so at once take turns. What another program has put there is left alone.
func (c Cache) using(ctx context.Context, do func(*database) error) error {
	err := c.once(ctx, do)
	var failed *Error
	if !errors.As(err, &failed) || failed.Problem != Damaged || errors.Is(err, errForeign) {
		return err
	}
	unlock, err := private.Lock(ctx, c.folder, cachePlan.name+".anew")
	if err != nil {
		return err
	}
	defer func() { _ = unlock() }()
	if err := c.once(ctx, do); err == nil { // another has begun it anew meanwhile
		return nil
	}
	if err := c.remove(); err != nil {
		return err
	}
	return c.once(ctx, do)
}

func (c Cache) once(ctx context.Context, do func(*database) error) (err error) {
	db, err := cachePlan.open(ctx, c.folder)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return db.problem(ctx, do(db))
}

// remove removes the file, and those that SQLite puts beside it.
func (c Cache) remove() error {
	for _, beside := range []string{"", "-wal", "-shm", "-journal"} {
		if err := os.Remove(c.Path() + beside); err != nil && !errors.Is(err, os.ErrNotExist) {
			return &Error{Path: c.Path(), Is: cachePlan.is, Problem: problemOf(err), Err: err}
		}
	}
	return nil
}

func (c Cache) limit() int64 {
	if c.Limit > 0 {
		return c.Limit
	}
	return DefaultCacheLimit
}

func (c Cache) now() time.Time {
	if c.Now != nil {
		return c.Now()
	}
	return time.Now()
}
