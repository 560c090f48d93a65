// One wizard at a time for each profile, across all processes of this user.

package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"zsf/clients/vault/private"
)

// ErrHeld says that another zsf works on the profile; a *HeldError tells who.
var ErrHeld = errors.New("another zsf works on this profile")

// A HeldError is who holds a profile, as far as it is known.
type HeldError struct {
	Profile string
	Flow    string    // what the other does; empty: not known
	PID     int       // 0: not known
	Since   time.Time // zero: not known
}

func (e *HeldError) Error() string {
	words := ErrHeld.Error() + ": " + e.Profile
	if e.PID != 0 {
		words += fmt.Sprintf(" (%s, process %d, since %s)", e.Flow, e.PID, e.Since.Format(time.RFC3339))
	}
	return words
}

// Is makes it an ErrHeld.
func (e *HeldError) Is(target error) bool { return target == ErrHeld }

// holder is what stands in the file beside the lock.
type holder struct {
	Flow  string    `json:"flow"`
	PID   int       `json:"pid"`
	Since time.Time `json:"since"`
}

// holderLimit is far above what a holder takes.
const holderLimit = 4 << 10

// Hold keeps every other zsf from a flow that changes things for the profile, until release is called or
// this process ends, however it ends. Where another was first it fails at once, with a *HeldError.
func (s Store) Hold(ctx context.Context, profile, flow string) (release func() error, err error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("hold the profile %s: %w", profile, context.Cause(ctx))
	}
	folder := filepath.Join(s.folder, "running")
	file := url.PathEscape(profile) + ".json"
	unlock, err := private.TryLock(folder, profile)
	if errors.Is(err, private.ErrLocked) {
		return nil, heldBy(folder, file, profile)
	}
	if err != nil {
		return nil, fmt.Errorf("hold the profile %s: %w", profile, err)
	}
	told, err := json.Marshal(holder{Flow: flow, PID: os.Getpid(), Since: s.now()})
	if err == nil {
		err = private.Write(folder, file, told)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("hold the profile %s: %w", profile, err), unlock())
	}
	return func() error {
		return errors.Join(private.Remove(folder, file), unlock())
	}, nil
}

func heldBy(folder, file, profile string) *HeldError {
	held := &HeldError{Profile: profile}
	told, err := private.Read(folder, file, holderLimit)
	if err != nil {
		return held // the other has not written it yet, or is just gone
	}
	var by holder
	if json.Unmarshal(told, &by) == nil {
		held.Flow, held.PID, held.Since = by.Flow, by.PID, by.Since
	}
	return held
}
