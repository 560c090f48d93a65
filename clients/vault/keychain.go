// The vault in the system's keychain: it may hang, be locked or lose what it is given, and each is told apart.

package vault

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/zalando/go-keyring"
)

// A Keyring is what a system's keychain can do. What is absent is keyring.ErrNotFound or ErrEmpty.
type Keyring interface {
	Get(service, user string) (string, error)
	Set(service, user, password string) error
	Delete(service, user string) error
}

type keychain struct {
	ring    Keyring
	service string
	folder  string
	limit   time.Duration
	// turn is held by the call under way, also by one that was given up: a keychain that hangs holds one
	// goroutine and no more, and a late write never overtakes a newer one.
	turn chan struct{}
}

func newKeychain(o Options) *keychain {
	return &keychain{ring: o.Keyring, service: o.Service, folder: o.Folder, limit: o.Timeout, turn: make(chan struct{}, 1)}
}

func (k *keychain) Kind() Kind { return Keychain }

func (k *keychain) Where() string { return SystemKeychain }

func (k *keychain) Get(ctx context.Context, name string) ([]byte, error) {
	if err := checkName(name); err != nil {
		return nil, err
	}
	secret, err := k.get(ctx, name)
	if err != nil {
		return nil, fmt.Errorf("get %s from the keychain: %w", name, err)
	}
	return secret, nil
}

func (k *keychain) Set(ctx context.Context, name string, secret []byte) error {
	if err := checkName(name); err != nil {
		return err
	}
	if err := k.set(ctx, name, secret); err != nil {
		return fmt.Errorf("keep %s in the keychain: %w", name, err)
	}
	return nil
}

func (k *keychain) Delete(ctx context.Context, name string) error {
	if err := checkName(name); err != nil {
		return err
	}
	if err := k.forget(ctx, name); err != nil {
		return fmt.Errorf("delete %s from the keychain: %w", name, err)
	}
	return nil
}

// try finds out whether the keychain keeps what it is given. All of it ends a little before the limit of one
// call, so that whoever waits has an answer within it.
func (k *keychain) try(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, k.limit*5/6, ErrSlow)
	defer cancel()
	name := throwAway()
	remove := func() { _ = k.ring.Delete(k.service, name) }
	if err := k.put(ctx, name, name, remove); err != nil {
		return fmt.Errorf("try the keychain: %w", err)
	}
	kept, err := k.fetch(ctx, name, remove)
	if errors.Is(err, ErrEmpty) || err == nil && kept != name {
		err = ErrLost
	}
	if dropped := k.drop(ctx, name); err == nil {
		err = dropped
	}
	if err != nil {
		return fmt.Errorf("try the keychain: %w", err)
	}
	return nil
}

// fetch calls late when the answer came after the call had been given up; so does put.
func (k *keychain) fetch(ctx context.Context, item string, late func()) (string, error) {
	var text string
	err := k.call(ctx, func() (err error) {
		text, err = k.ring.Get(k.service, item)
		return err
	}, late)
	if err != nil {
		return "", err
	}
	return text, nil
}

func (k *keychain) put(ctx context.Context, item, text string, late func()) error {
	err := k.call(ctx, func() error { return k.ring.Set(k.service, item, text) }, late)
	if err != nil && strings.Contains(err.Error(), text) {
		return errors.New("the keychain refused it, in words that repeat the secret")
	}
	return err
}

func (k *keychain) drop(ctx context.Context, item string) error {
	return k.call(ctx, func() error { return k.ring.Delete(k.service, item) }, nil)
}

// call does the work when the keychain's turn comes, and gives it up after the limit. A keychain cannot be
// interrupted: what was given up goes on, and its answer is dropped.
func (k *keychain) call(ctx context.Context, work func() error, late func()) error {
	ctx, cancel := context.WithTimeoutCause(ctx, k.limit, ErrSlow)
	defer cancel()
	select {
	case k.turn <- struct{}{}:
	case <-ctx.Done():
		return context.Cause(ctx) //nolint:wrapcheck // the caller says what for
	}
	answer := make(chan error)
	go func() {
		defer func() { <-k.turn }()
		err := guarded(work)
		select {
		case answer <- err:
		case <-ctx.Done():
			if late != nil {
				_ = guarded(func() error { late(); return nil })
			}
		}
	}()
	select {
	case err := <-answer:
		return plainly(err)
	case <-ctx.Done():
		return context.Cause(ctx) //nolint:wrapcheck // the caller says what for
	}
}

// guarded turns a panic of the keychain's library, which trusts what the bus answers, into an error.
func guarded(work func() error) (err error) {
	defer func() {
		if recover() != nil { // the panic's own words may repeat a secret
			err = errors.New("the keychain's answer makes no sense")
		}
	}()
	return work()
}

// plainly is the error in the vault's own words.
func plainly(err error) error {
	switch {
	case err == nil, errors.Is(err, ErrMissing), errors.Is(err, ErrLocked), errors.Is(err, ErrEmpty):
		return err
	case errors.Is(err, keyring.ErrNotFound):
		return ErrEmpty
	case errors.Is(err, keyring.ErrUnsupportedPlatform):
		return ErrMissing
	}
	if meaning := systemMeaning(err); meaning != nil {
		return fmt.Errorf("%w: %w", meaning, err)
	}
	return err
}
