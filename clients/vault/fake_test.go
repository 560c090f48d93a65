package vault_test

import (
	"errors"
	"maps"
	"slices"
	"sync"
	"testing"

	"github.com/zalando/go-keyring"
)

// A fakeKeyring is a keychain in memory; before, when set, comes before each call and may refuse it.
type fakeKeyring struct {
	mutex  sync.Mutex
	items  map[string]string
	before func(verb, user string) error
	loses  bool // Set does nothing, and says that it did
}

func (f *fakeKeyring) Get(service, user string) (string, error) {
	if err := f.ask("get", user); err != nil {
		return "", err
	}
	f.mutex.Lock()
	defer f.mutex.Unlock()
	text, ok := f.items[service+" "+user]
	if !ok {
		return "", keyring.ErrNotFound
	}
	return text, nil
}

// Set has the limits of Windows and of macOS: see go-keyring's keyring_windows.go and keyring_darwin.go.
func (f *fakeKeyring) Set(service, user, password string) error {
	if err := f.ask("set", user); err != nil {
		return err
	}
	macOS := len("add-generic-password -U -s '' -a '' -w 'go-keyring-base64:'\n") + len(service) + len(user) + (len(password)+2)/3*4
	if len(password) > 2560 || macOS > 4096 {
		return keyring.ErrSetDataTooBig
	}
	f.mutex.Lock()
	defer f.mutex.Unlock()
	if f.loses {
		return nil
	}
	if f.items == nil {
		f.items = map[string]string{}
	}
	f.items[service+" "+user] = password
	return nil
}

func (f *fakeKeyring) Delete(service, user string) error {
	if err := f.ask("delete", user); err != nil {
		return err
	}
	f.mutex.Lock()
	defer f.mutex.Unlock()
	if _, ok := f.items[service+" "+user]; !ok {
		return keyring.ErrNotFound
	}
	delete(f.items, service+" "+user)
	return nil
}

func (f *fakeKeyring) ask(verb, user string) error {
	if f.before == nil {
		return nil
	}
	return f.before(verb, user)
}

func (f *fakeKeyring) names() []string {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	return slices.Sorted(maps.Keys(f.items))
}

// on is a before that does something on one verb only.
func on(verb string, do func() error) func(string, string) error {
	return func(asked, _ string) error {
		if asked != verb {
			return nil
		}
		return do()
	}
}

func does(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("got %v, want %v", err, want)
	}
}
