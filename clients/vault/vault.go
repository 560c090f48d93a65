// Package vault keeps secrets: in the system's keychain, or in an encrypted file where there is none.
package vault

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"sync/atomic"
	"time"

	"zsf/clients/vault/private"
)

// A Kind is where a vault keeps its secrets.
type Kind string

// The kinds of vault.
const (
	Keychain Kind = "keychain"
	File     Kind = "file"
)

// A Vault keeps secrets by name; names look like "default/zendesk". Its errors hold no secret and are
// told apart by errors.Is.
type Vault interface {
	Kind() Kind
	// Where says for people where the secrets are: "the system keychain (Secret Service)", or a path.
	Where() string
	// Get returns a secret; ErrEmpty when there is none. The bytes are the caller's, to be cleared after use.
	Get(ctx context.Context, name string) ([]byte, error)
	// Set keeps a secret in place of the one before, and has read it back when it returns nil.
	Set(ctx context.Context, name string, secret []byte) error
	// Delete forgets a secret; ErrEmpty when there is none.
	Delete(ctx context.Context, name string) error
}

// SystemKeychain is where a keychain says that it keeps secrets.
const SystemKeychain = "the system keychain (" + KeychainName + ")"

// What can be wrong with a vault.
var (
	ErrEmpty           = errors.New("nothing is kept under that name")
	ErrName            = errors.New("not a name for a secret")
	ErrMissing         = errors.New("there is no system keychain here")
	ErrLocked          = errors.New("the system keychain is locked")
	ErrSlow            = errors.New("the system keychain does not answer")
	ErrLost            = errors.New("the vault did not keep what it was given")
	ErrDamaged         = errors.New("what the vault keeps is damaged")
	ErrWrongPassphrase = errors.New("the passphrase is wrong")
	ErrNoPassphrase    = errors.New("no passphrase was given")
)

// Options say which vault to open, and how. The zero Options open the keychain only, as a file
// needs a Folder.
type Options struct {
	Want   Kind   // empty: the keychain if it works, else the file
	Folder string // of the file and the locks
	// Passphrase asks a person. It is asked only when the file is used and the environment has none.
	Passphrase func(context.Context) (string, error)
	Getenv     func(string) string
	Service    string        // what the keychain files the secrets under; "zsf"
	Timeout    time.Duration // of one call of the keychain; 3 s
	Keyring    Keyring       // in tests; else the system's
}

// Opened is the vault that there is. Fallback is why it is not the keychain, where the keychain was tried;
// a person is to be told, and the Kind to be remembered.
type Opened struct {
	Vault
	Fallback error
}

// Open opens the vault that is wanted. The keychain is first tried with a throw-away name: within the
// Timeout it works, or Open falls back to the file, or, when the keychain was asked for by its name, says
// why not. The file is not touched, nor its passphrase asked for, before it is used: see Ready.
func Open(ctx context.Context, options Options) (Opened, error) {
	o := options.withDefaults()
	switch o.Want {
	case File:
		return o.openFile(nil)
	case Keychain, "":
	default:
		return Opened{}, fmt.Errorf("a vault is %q or %q, not %q", Keychain, File, o.Want)
	}
	chain := newKeychain(o)
	err := chain.try(ctx)
	switch {
	case err == nil:
		return Opened{Vault: chain}, nil
	case ctx.Err() != nil:
		return Opened{}, fmt.Errorf("open the keychain: %w", context.Cause(ctx))
	case o.Want == Keychain:
		return Opened{}, err
	}
	return o.openFile(err)
}

// Ready makes sure, before a browser opens, that a secret can be kept now: it keeps a throw-away one, reads it
// back and deletes it. A file asks for its passphrase here.
func Ready(ctx context.Context, v Vault) error {
	name := throwAway()
	if err := v.Set(ctx, name, []byte(name)); err != nil {
		return err
	}
	return v.Delete(ctx, name)
}

// FileExists tells whether a vault's file is in the folder: if not, a passphrase that is asked for is a new one.
func FileExists(folder string) bool {
	_, err := os.Lstat(filepath.Join(folder, fileName))
	return err == nil
}

// Lock holds a name across all processes of this user, so that a pair of tokens is refreshed, stored and then
// used by one of them at a time. It waits until ctx ends. A process that is killed lets go of its locks.
func Lock(ctx context.Context, folder, name string) (unlock func() error, err error) {
	return private.Lock(ctx, folder, name)
}

func (o Options) withDefaults() Options {
	if o.Getenv == nil {
		o.Getenv = func(string) string { return "" }
	}
	if o.Service == "" {
		o.Service = "zsf"
	}
	if o.Timeout <= 0 {
		o.Timeout = 3 * time.Second
	}
	if o.Keyring == nil {
		o.Keyring = systemKeyring{}
	}
	return o
}

func (o Options) openFile(fallback error) (Opened, error) {
	if o.Folder == "" {
		return Opened{}, errors.Join(errors.New("there is no folder for the vault's file"), fallback)
	}
	return Opened{Vault: newFile(o), Fallback: fallback}, nil
}

// plainName leaves '#' to the parts of a long secret.
var plainName = regexp.MustCompile(`^[A-Za-z0-9._/-]{1,128}$`)

func checkName(name string) error {
	if !plainName.MatchString(name) {
		return fmt.Errorf("%q: %w", name, ErrName)
	}
	return nil
}

var thrownAway atomic.Int64

// throwAway is a name that no other process and no other call uses at the same time. What a killed process
// left under such a name is overwritten one day, so it cannot pile up.
func throwAway() string {
	return fmt.Sprintf("try/%d.%d", os.Getpid(), thrownAway.Add(1))
}
