package store

import "context"

// RefuseSecrets is the guard of Append.
var RefuseSecrets = refuseSecrets

// Migrations is the newest version.
var Migrations = len(migrations)

// Exec runs a statement on the journal's own connection.
func (j *Journal) Exec(ctx context.Context, statement string) error {
	_, err := j.db.ExecContext(ctx, statement)
	return err
}

// Whole tells what SQLite says of the file's soundness: "ok".
func (j *Journal) Whole(ctx context.Context) (said string, err error) {
	err = j.db.QueryRowContext(ctx, "PRAGMA integrity_check").Scan(&said)
	return said, err
}

// LockCache writes to a cache, and does not come to an end before release is called.
func LockCache(ctx context.Context, c Cache) (release func(), err error) {
	db, err := cachePlan.open(ctx, c.folder)
	if err != nil {
		return nil, err
	}
	change, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	return func() { _, _ = change.Rollback(), db.Close() }, nil
}

// ExecCache runs a statement on a cache.
func ExecCache(ctx context.Context, c Cache, statement string) error {
	return c.once(ctx, func(db *database) error {
		_, err := db.ExecContext(ctx, statement)
		return err
	})
}
