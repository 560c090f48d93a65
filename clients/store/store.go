// Package store keeps what zsf knows between two runs, in two SQLite databases.
//
// The journal's, under XDG_STATE_HOME, is precious: all that was looked at, changed and vouched for, how each profile's
// last check ended, and the drafts that nobody has sent. What cannot be kept there is an error, and is said.
//
// The cache, under XDG_CACHE_HOME, holds records and tickets as they were last seen, and what records were matched to. All of
// it can be asked for again, so it is a file that may be deleted at any time, is begun anew when it is
// damaged, waits for no lock, and is kept to a size. A link is as good as the next look at it: it belongs there.
//
// No token, password or key goes into either.
package store

import (
	"errors"
	"fmt"
	"path/filepath"
	"time"
)

// A Store is the folder that everything is kept in.
type Store struct {
	Now func() time.Time // default time.Now

	folder string
}

// ErrNoFolder means that the environment names no place for what is to be kept.
var ErrNoFolder = errors.New("neither this variable nor HOME is set")

func homeOf(getenv func(string) string) string {
	if home := getenv("HOME"); home != "" {
		return home
	}
	return getenv("USERPROFILE") // Windows
}

// Open names the folder: $XDG_STATE_HOME/zsf, else ~/.local/state/zsf. The disk is not touched until
// something is kept or asked for.
func Open(getenv func(string) string) (Store, error) {
	if state := getenv("XDG_STATE_HOME"); filepath.IsAbs(state) {
		return Store{folder: filepath.Join(state, "zsf")}, nil
	}
	home := homeOf(getenv)
	if home == "" {
		return Store{}, fmt.Errorf("%w: XDG_STATE_HOME", ErrNoFolder)
	}
	return Store{folder: filepath.Join(home, ".local", "state", "zsf")}, nil
}

// Folder is where everything is kept, or will be.
func (s Store) Folder() string { return s.folder }

func (s Store) now() time.Time {
	if s.Now != nil {
		return s.Now().UTC()
	}
	return time.Now().UTC()
}
