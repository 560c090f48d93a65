package private

import "path/filepath"

// A NoHomeError says that the environment names no folder to keep anything in.
type NoHomeError struct {
	Variable string // the one of XDG's that would name it
}

func (e *NoHomeError) Error() string { return "neither " + e.Variable + " nor HOME is set" }

// Home names the folder for files of one kind: zsf in the one that variable names, if it is absolute as XDG demands,
// else in the given one below the person's own. The disk is not touched. Where there is none, it is a *NoHomeError.
func Home(getenv func(string) string, variable string, below ...string) (string, error) {
	if named := getenv(variable); filepath.IsAbs(named) {
		return filepath.Join(named, "zsf"), nil
	}
	own := getenv("HOME")
	if own == "" {
		own = getenv("USERPROFILE") // Windows
	}
	if own == "" {
		return "", &NoHomeError{Variable: variable}
	}
	return filepath.Join(append([]string{own}, append(below, "zsf")...)...), nil
}
