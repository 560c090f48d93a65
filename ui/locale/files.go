// What went wrong with a file, in words: the system's own are in one language.

package locale

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// fileReasons are the IDs below error.file.
var fileReasons = []struct {
	err error
	id  string
}{
	{fs.ErrNotExist, "missing"},
	{fs.ErrPermission, "denied"},
	{syscall.ENOSPC, "full"},
	{syscall.EDQUOT, "full"},
	{syscall.EROFS, "read-only"},
	{syscall.EISDIR, "folder"},
}

// fileError says which file it is, and what is wrong with it; empty where the error is another's.
func (l *Locale) fileError(err error) string {
	reason := ""
	for _, known := range fileReasons {
		if errors.Is(err, known.err) {
			reason = l.T("error.file." + known.id)
			break
		}
	}
	var failed *fs.PathError
	switch {
	case !errors.As(err, &failed):
		return reason
	case failed.Path == os.Stdout.Name():
		if reason == "" {
			reason = failed.Err.Error()
		}
		return l.T("error.unwritten", "Reason", reason)
	case reason == "":
		return ""
	}
	return l.T("error.file.at", "Path", failed.Path, "Reason", reason)
}
