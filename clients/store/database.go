// The databases: where they are, how they are opened, and how an older one becomes a newer one.

package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	_ "modernc.org/sqlite" // the driver

	"zsf/clients/vault/private"
)

// A plan is what a database's file is called, how it is written to, and how it came to have the tables that it has.
type plan struct {
	name     string
	is       string   // what the file is, in an error
	settings []string // of a connection
	before   []string // settings of a new file, before its first table
	// migrations take the database from one version to the next; the count of them is the newest version.
	// One that has been released is never changed.
	migrations []string
}

// journalPlan waits for another's write, and returns from a write only when it would outlast a loss of power.
var journalPlan = plan{
	name: "journal.db", is: "journal",
	settings:   []string{"busy_timeout(10000)", "synchronous(FULL)", "foreign_keys(1)"},
	migrations: migrations,
}

var migrations = []string{
	`CREATE TABLE entry (
		id      INTEGER PRIMARY KEY AUTOINCREMENT,
		run     TEXT NOT NULL,
		profile TEXT NOT NULL,
		at      INTEGER NOT NULL, -- nanoseconds since 1970, UTC
		who     TEXT NOT NULL,
		kind    TEXT NOT NULL,
		step    TEXT NOT NULL,
		verdict TEXT NOT NULL,
		data    TEXT NOT NULL -- JSON; empty: none
	) STRICT;
	CREATE INDEX entry_of_profile ON entry (profile, kind, id);
	CREATE INDEX entry_of_run ON entry (run, id);
	CREATE TABLE last_check (
		profile TEXT PRIMARY KEY,
		checked TEXT NOT NULL -- JSON
	) STRICT, WITHOUT ROWID;`,
	`CREATE TABLE draft (
		profile  TEXT NOT NULL,
		id       TEXT NOT NULL,
		account  TEXT NOT NULL, -- the address of the Zendesk account that it is for
		ticket   INTEGER NOT NULL, -- 0: a new one, or several
		saved_at INTEGER NOT NULL, -- nanoseconds since 1970, UTC
		body     TEXT NOT NULL, -- JSON
		PRIMARY KEY (profile, id)
	) STRICT;
	CREATE TABLE view (
		profile TEXT NOT NULL,
		name    TEXT NOT NULL, -- of the screen
		body    TEXT NOT NULL, -- JSON
		PRIMARY KEY (profile, name)
	) STRICT, WITHOUT ROWID;`,
	`ALTER TABLE draft ADD COLUMN writer TEXT NOT NULL DEFAULT ''`, // SQLite keeps a comment as part of the table: it would end the statement
}

// A database is an open file.
type database struct {
	*sql.DB
	path string
	plan plan
}

// Begun tells whether anything has been kept yet, without making the database.
func (s Store) Begun() (bool, error) {
	there, err := isThere(filepath.Join(s.folder, journalPlan.name))
	if err != nil {
		return false, fmt.Errorf("look for the journal: %w", err)
	}
	return there, nil
}

func isThere(path string) (bool, error) {
	_, err := os.Lstat(path)
	switch {
	case err == nil:
		return true, nil
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	}
	return false, err //nolint:wrapcheck // the caller says what it was
}

// open opens the journal's database, and makes it where it is missing.
func (s Store) open(ctx context.Context) (*database, error) { return journalPlan.open(ctx, s.folder) }

// open opens a database, and makes it where it is missing.
func (p plan) open(ctx context.Context, folder string) (*database, error) {
	path := filepath.Join(folder, p.name)
	db := &database{path: path, plan: p}
	log, _ := os.Stat(path + "-wal") // before the file: a new database has its first page before it has a log
	if _, err := private.Ensure(folder, p.name); err != nil {
		return nil, db.problem(ctx, err)
	}
	if info, err := os.Stat(path); err == nil && info.Size() == 0 && log != nil && log.Size() > 0 {
		return nil, &Error{Path: path, Is: p.is, Problem: Damaged, Err: errEmptied}
	}
	pool, err := sql.Open("sqlite", dataSource(path, p.settings))
	if err != nil {
		return nil, db.problem(ctx, err)
	}
	pool.SetMaxOpenConns(1) // one writer at a time anyway, and the settings belong to a connection
	db.DB = pool
	if err := db.bringUpToDate(ctx, folder); err != nil {
		return nil, errors.Join(db.problem(ctx, err), pool.Close())
	}
	return db, nil
}

var (
	errEmptied = errors.New("the file is empty, but changes to it are waiting in the file beside it")
	errForeign = errors.New("it holds tables that are not zsf's")
)

// dataSource names the file and the settings of a connection.
func dataSource(path string, settings []string) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // C:/…
	}
	source := url.URL{Scheme: "file", Path: path, RawQuery: url.Values{
		"_pragma": settings,
		"_txlock": {"immediate"},
	}.Encode()}
	return source.String()
}

// bringUpToDate makes the tables of a new database and changes those of an older one, one process at a time.
func (db *database) bringUpToDate(ctx context.Context, folder string) (err error) {
	version, err := db.version(ctx)
	if err != nil || version == len(db.plan.migrations) {
		return err
	}
	unlock, err := private.Lock(ctx, folder, db.plan.name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	if version, err = db.version(ctx); err != nil || version == len(db.plan.migrations) {
		return err
	}
	if version == 0 {
		if err := db.begin(ctx); err != nil {
			return err
		}
	}
	return db.migrate(ctx, version)
}

// version is how far the database has come; a later one than this program knows is an error.
func (db *database) version(ctx context.Context) (int, error) {
	var version int
	if err := db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return 0, fmt.Errorf("read the version: %w", err)
	}
	if version < 0 || version > len(db.plan.migrations) {
		return 0, &Error{Path: db.path, Is: db.plan.is, Problem: Newer, Err: fmt.Errorf("it has version %d, and this zsf knows %d", version, len(db.plan.migrations))}
	}
	return version, nil
}

// begin makes sure that the database is nobody else's, and lets readers and a writer work side by side.
func (db *database) begin(ctx context.Context) error {
	var tables int
	if err := db.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&tables); err != nil {
		return fmt.Errorf("look at the tables: %w", err)
	}
	if tables > 0 {
		return &Error{Path: db.path, Is: db.plan.is, Problem: Damaged, Err: errForeign}
	}
	for _, setting := range db.plan.before {
		if _, err := db.ExecContext(ctx, "PRAGMA "+setting); err != nil {
			return fmt.Errorf("begin the file: %w", err)
		}
	}
	var mode string // where the disk does not take a log, the mode stays as it was, which is as safe
	if err := db.QueryRowContext(ctx, "PRAGMA journal_mode = WAL").Scan(&mode); err != nil {
		return fmt.Errorf("begin the log: %w", err)
	}
	return nil
}

func (db *database) migrate(ctx context.Context, version int) error {
	change, err := db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("bring the tables up to date: %w", err)
	}
	defer func() { _ = change.Rollback() }() // nothing is left to take back after a commit
	for _, migration := range db.plan.migrations[version:] {
		if _, err := change.ExecContext(ctx, migration); err != nil {
			return fmt.Errorf("bring the tables up to date: %w", err)
		}
	}
	if _, err := change.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", len(db.plan.migrations))); err != nil {
		return fmt.Errorf("bring the tables up to date: %w", err)
	}
	if err := change.Commit(); err != nil {
		return fmt.Errorf("bring the tables up to date: %w", err)
	}
	return nil
}
