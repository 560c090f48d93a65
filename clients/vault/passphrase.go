// Where the file's passphrase comes from: the environment, a file that the environment names, or a person.

package vault

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
)

const (
	passphraseVariable     = "ZSF_VAULT_PASSPHRASE"
	passphraseFileVariable = "ZSF_VAULT_PASSPHRASE_FILE"
	passphraseLimit        = 64 << 10
)

// A passphrase is called where it is needed, and not before.
type passphrase func() (string, error)

func (f *file) passphrase(ctx context.Context) (string, error) {
	if words := f.getenv(passphraseVariable); words != "" {
		return words, nil
	}
	if path := f.getenv(passphraseFileVariable); path != "" {
		return passphraseIn(path)
	}
	if f.ask == nil {
		return "", fmt.Errorf("%w: set %s, or %s", ErrNoPassphrase, passphraseVariable, passphraseFileVariable)
	}
	words, err := f.ask(ctx)
	if err != nil {
		return "", fmt.Errorf("ask for the passphrase: %w", err)
	}
	if words == "" {
		return "", ErrNoPassphrase
	}
	return words, nil
}

// A PassphraseFileError says why ZSF_VAULT_PASSPHRASE_FILE gives no passphrase. It is an ErrNoPassphrase.
type PassphraseFileError struct{ Err error }

func (e *PassphraseFileError) Error() string   { return passphraseFileVariable + ": " + e.Err.Error() }
func (e *PassphraseFileError) Unwrap() []error { return []error{ErrNoPassphrase, e.Err} }

// passphraseIn reads a file as container platforms mount it: it may be a link, and end with a line break.
func passphraseIn(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", &PassphraseFileError{Err: err}
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, passphraseLimit))
	defer clear(text)
	if err != nil {
		return "", &PassphraseFileError{Err: err}
	}
	words := strings.TrimRight(string(text), "\r\n")
	if words == "" {
		return "", &PassphraseFileError{Err: fmt.Errorf("%s is empty", path)}
	}
	return words, nil
}
