// The journal: what was looked at, changed and vouched for, by whom, when. Entries are only ever added.

package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// A Kind is what an entry tells of.
type Kind string

// The kinds of entry.
const (
	RunStarted   Kind = "run-started"
	Looked       Kind = "looked"
	Opened       Kind = "opened"   // a page
	Answered     Kind = "answered" // a question
	Confirmed    Kind = "confirmed"
	Unconfirmed  Kind = "unconfirmed"
	Skipped      Kind = "skipped"
	Unskipped    Kind = "unskipped"
	ChangeBegun  Kind = "change-begun" // written before the service is asked: a change that was killed is known
	ChangeMade   Kind = "change-made"
	ChangeFailed Kind = "change-failed"
	UndoBegun    Kind = "undo-begun"
	Undone       Kind = "undone"
	UndoFailed   Kind = "undo-failed"
	RunEnded     Kind = "run-ended"
	Snapshot     Kind = "snapshot" // all that both services showed

	TicketBegun   Kind = "ticket-begun" // written before a ticket is sent: a send that was killed is known
	TicketWritten Kind = "ticket-written"
	TicketRefused Kind = "ticket-refused"
	TicketUnsure  Kind = "ticket-unsure" // nobody knows whether it arrived
)

// An Entry is one thing that happened.
type Entry struct {
	ID      int64  // rises; never used twice
	Run     string // empty outside a run
	Profile string
	At      time.Time // UTC
	Who     string    // the user at the machine, or the name that a person gave
	Kind    Kind
	Step    string
	Verdict string          // of a look
	Data    json.RawMessage // what it is, the kind decides; never a secret
}

// A Filter says which entries are wanted; what is empty does not narrow them.
type Filter struct {
	Profile string
	Run     string
	Kinds   []Kind
	Step    string
	After   int64 // an entry's ID
	Limit   int   // only so many, the newest
}

// ErrNoEntry says that there is no such entry.
var ErrNoEntry = errors.New("the journal has no such entry")

// errIncomplete is a mistake of the program: an entry that says too little to be of use.
var errIncomplete = errors.New("an entry of the journal needs a profile, a kind and a time")

// A Journal is open until it is closed. It is safe for concurrent use, by several processes, too.
type Journal struct {
	// AfterAppend is told of each entry once it is kept, before Append returns; nil: nobody is.
	AfterAppend func(Entry)

	db *database
}

// Journal opens the journal, and makes it where it is missing. A file that cannot be used is an *Error;
// it is left as it is.
func (s Store) Journal(ctx context.Context) (*Journal, error) {
	db, err := s.open(ctx)
	if err != nil {
		return nil, err
	}
	return &Journal{db: db}, nil
}

// Close lets go of the file.
func (j *Journal) Close() error {
	if err := j.db.Close(); err != nil {
		return fmt.Errorf("close the journal %s: %w", j.db.path, err)
	}
	return nil
}

// Append keeps an entry, and returns it with its ID when it would outlast the end of this process or of
// the machine's power. An entry that carries a secret is refused with ErrSecret.
func (j *Journal) Append(ctx context.Context, entry Entry) (Entry, error) {
	entry.At = entry.At.UTC()
	switch {
	case entry.Profile == "" || entry.Kind == "" || entry.At.IsZero():
		return Entry{}, errIncomplete
	case len(entry.Data) > 0 && !json.Valid(entry.Data):
		return Entry{}, fmt.Errorf("an entry's data is no JSON: %s for %s", entry.Kind, entry.Step)
	}
	if err := refuseSecrets(entry); err != nil {
		return Entry{}, err
	}
	result, err := j.db.ExecContext(ctx,
		"INSERT INTO entry (run, profile, at, who, kind, step, verdict, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		entry.Run, entry.Profile, entry.At.UnixNano(), entry.Who, string(entry.Kind), entry.Step, entry.Verdict, string(entry.Data))
	if err == nil {
		entry.ID, err = result.LastInsertId()
	}
	if err != nil {
		return Entry{}, j.db.problem(ctx, err)
	}
	entry.Data = slices.Clone(entry.Data)
	if j.AfterAppend != nil {
		j.AfterAppend(entry)
	}
	return entry, nil
}

const columns = "SELECT id, run, profile, at, who, kind, step, verdict, data FROM entry"

// Entries are those that the filter lets through, the oldest first.
func (j *Journal) Entries(ctx context.Context, filter Filter) ([]Entry, error) {
	where, values := filter.where()
	query := columns + where + " ORDER BY id DESC"
	if filter.Limit > 0 {
		query += " LIMIT ?"
		values = append(values, filter.Limit)
	}
	entries, err := j.read(ctx, query, values...)
	if err != nil {
		return nil, err
	}
	slices.Reverse(entries)
	return entries, nil
}

// Entry is the one with that ID; ErrNoEntry when there is none.
func (j *Journal) Entry(ctx context.Context, id int64) (Entry, error) {
	entries, err := j.read(ctx, columns+" WHERE id = ?", id)
	if err != nil {
		return Entry{}, err
	}
	if len(entries) == 0 {
		return Entry{}, fmt.Errorf("%w: %d", ErrNoEntry, id)
	}
	return entries[0], nil
}

func (f Filter) where() (clause string, values []any) {
	var terms []string
	narrow := func(column, value string) {
		if value != "" {
			terms, values = append(terms, column+" = ?"), append(values, value)
		}
	}
	narrow("profile", f.Profile)
	narrow("run", f.Run)
	narrow("step", f.Step)
	if f.After > 0 {
		terms, values = append(terms, "id > ?"), append(values, f.After)
	}
	if len(f.Kinds) > 0 {
		terms = append(terms, "kind IN (?"+strings.Repeat(", ?", len(f.Kinds)-1)+")")
		for _, kind := range f.Kinds {
			values = append(values, string(kind))
		}
	}
	if len(terms) == 0 {
		return "", nil
	}
	return " WHERE " + strings.Join(terms, " AND "), values
}

func (j *Journal) read(ctx context.Context, query string, values ...any) ([]Entry, error) {
	rows, err := j.db.QueryContext(ctx, query, values...)
	if err != nil {
		return nil, j.db.problem(ctx, err)
	}
	defer func() { _ = rows.Close() }() // what went wrong is in Err
	entries, err := scan(rows)
	if err != nil {
		return nil, j.db.problem(ctx, err)
	}
	return entries, nil
}

func scan(rows *sql.Rows) ([]Entry, error) {
	var entries []Entry
	for rows.Next() {
		var entry Entry
		var at int64
		var data string
		if err := rows.Scan(&entry.ID, &entry.Run, &entry.Profile, &at, &entry.Who, &entry.Kind, &entry.Step, &entry.Verdict, &data); err != nil {
			return nil, fmt.Errorf("read an entry: %w", err)
		}
		entry.At = time.Unix(0, at).UTC()
		if data != "" {
			entry.Data = json.RawMessage(data)
		}
		entries = append(entries, entry)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read the entries: %w", err)
	}
	return entries, nil
}
