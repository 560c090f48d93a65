// What a cache holds, and its clearing.

package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"
)

// A Kept is how much of a kind a cache holds.
type Kept struct {
	Profile string
	Shelf   Shelf
	Count   int
	Bytes   int64
	Oldest  time.Time // when the oldest of it was read
}

// Contents tells what is kept, by profile and shelf. It makes no database.
func (c Cache) Contents(ctx context.Context) (kept []Kept, err error) {
	if there, err := c.exists(); err != nil || !there {
		return nil, err
	}
	err = c.using(ctx, func(db *database) error {
		kept, err = count(ctx, db, "")
		return err
	})
	return kept, err
}

func count(ctx context.Context, db *database, profile string) (kept []Kept, err error) {
	rows, err := db.QueryContext(ctx, "SELECT profile, shelf, count(*), sum(bytes), min(read_at) FROM item"+
		" WHERE ?1 = '' OR profile = ?1 GROUP BY profile, shelf ORDER BY profile, shelf", profile)
	if err != nil {
		return nil, err //nolint:wrapcheck // using says which file it was
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var some Kept
		var oldest int64
		if err := rows.Scan(&some.Profile, &some.Shelf, &some.Count, &some.Bytes, &oldest); err != nil {
			return nil, fmt.Errorf("count what is kept: %w", err)
		}
		some.Oldest = time.Unix(0, oldest).UTC()
		kept = append(kept, some)
	}
	return kept, rows.Err() //nolint:wrapcheck // using says which file it was
}

// Clear removes what is kept of a profile, or of all where none is named, and tells what that was. The file of a
// later zsf, which this one cannot read, goes whole where all of it is meant.
func (c Cache) Clear(ctx context.Context, profile string) (removed []Kept, err error) {
	if there, err := c.exists(); err != nil || !there {
		return nil, err
	}
	err = c.using(ctx, func(db *database) error {
		if removed, err = count(ctx, db, profile); err != nil {
			return err
		}
		if _, err := db.ExecContext(ctx, "DELETE FROM item WHERE ?1 = '' OR profile = ?1", profile); err != nil {
			return err //nolint:wrapcheck // using says which file it was
		}
		return nil
	})
	var failed *Error
	if profile == "" && errors.As(err, &failed) && failed.Problem == Newer {
		return nil, c.remove()
	}
	return removed, err
}

// Size is how many bytes the cache takes on the disk.
func (c Cache) Size() int64 {
	var size int64
	for _, beside := range []string{"", "-wal"} {
		if info, err := os.Stat(c.Path() + beside); err == nil {
			size += info.Size()
		}
	}
	return size
}
