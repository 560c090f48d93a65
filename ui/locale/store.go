// The journal's and the cache's troubles in words, and who else is at work on a profile.

package locale

import (
	"errors"
	"strconv"

	"zsf/clients/store"
	"zsf/clients/vault/private"
)

// stored says what is wrong with the journal or the cache; empty where the error is another's.
func (l *Locale) stored(err error) string {
	var held *store.HeldError
	var failed *store.Error
	var homeless *private.NoHomeError
	switch {
	case errors.As(err, &homeless):
		return l.T("error.store.no-home", "Variable", homeless.Variable)
	case errors.As(err, &held) && held.PID != 0:
		return l.T("error.store.held-by", "Profile", held.Profile, "Flow", held.Flow,
			"PID", strconv.Itoa(held.PID), "Since", l.Date(held.Since))
	case errors.As(err, &held):
		return l.T("error.store.held", "Profile", held.Profile)
	case errors.As(err, &failed):
		return l.T("error."+fileOf(failed)+"."+string(failed.Problem), "Path", failed.Path)
	}
	return ""
}

// storedHint says what to do about it.
func (l *Locale) storedHint(err error) string {
	var held *store.HeldError
	var failed *store.Error
	var homeless *private.NoHomeError
	switch {
	case errors.As(err, &homeless):
		return l.T("hint.store.no-home", "Variable", homeless.Variable)
	case errors.As(err, &held):
		return l.T("hint.store.held")
	case errors.As(err, &failed):
		return l.T("hint." + fileOf(failed) + "." + string(failed.Problem))
	}
	return ""
}

// fileOf names the words about the file that is in trouble.
func fileOf(failed *store.Error) string {
	if failed.Is == "cache" {
		return "cache"
	}
	return "store"
}
