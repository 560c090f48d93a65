// Why something is no snapshot, in words.

package locale

import (
	"errors"

	"zsf/flows/snapshot"
)

// noSnapshot says why something could not be read as a snapshot; empty where the error is another's.
func (l *Locale) noSnapshot(err error) string {
	var schema *snapshot.SchemaError
	var unreadable *snapshot.UnreadableError
	switch {
	case errors.Is(err, snapshot.ErrTooLarge):
		return l.T("error.snapshot.large", "Limit", snapshot.MaxSize>>20)
	case errors.As(err, &schema):
		return l.T("error.snapshot.schema", "Schema", schema.Schema, "Own", snapshot.Schema)
	case errors.As(err, &unreadable):
		return l.T("error.snapshot.unreadable", "Reason", unreadable.Err.Error())
	case errors.Is(err, snapshot.ErrNotOne):
		return l.T("error.snapshot.not-one")
	}
	return ""
}
