package vault_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"zsf/clients/vault"
)

func TestAKeychainThatDoesNotWorkEndsInTheFileInTime(t *testing.T) {
	refused := errors.New("the bus said no")
	always := func(err error) func(string, string) error { return func(string, string) error { return err } }
	for name, row := range map[string]struct {
		ring  *fakeKeyring
		hangs string // on this verb
		why   error
	}{
		"missing":            {ring: &fakeKeyring{before: always(vault.ErrMissing)}, why: vault.ErrMissing},
		"locked":             {ring: &fakeKeyring{before: always(vault.ErrLocked)}, why: vault.ErrLocked},
		"refuses":            {ring: &fakeKeyring{before: always(refused)}, why: refused},
		"fails half-way":     {ring: &fakeKeyring{before: on("get", func() error { return refused })}, why: refused},
		"fails at the end":   {ring: &fakeKeyring{before: on("delete", func() error { return refused })}, why: refused},
		"locked half-way":    {ring: &fakeKeyring{before: on("get", func() error { return vault.ErrLocked })}, why: vault.ErrLocked},
		"loses what it gets": {ring: &fakeKeyring{loses: true}, why: vault.ErrLost},
		"hangs for ever":     {ring: &fakeKeyring{}, hangs: "set", why: vault.ErrSlow},
		"hangs on reading":   {ring: &fakeKeyring{}, hangs: "get", why: vault.ErrSlow},
		"hangs on deleting":  {ring: &fakeKeyring{}, hangs: "delete", why: vault.ErrSlow},
		"is slow, three times": {
			ring: &fakeKeyring{before: func(string, string) error { time.Sleep(1100 * time.Millisecond); return nil }}, why: vault.ErrSlow,
		},
		"panics": {ring: &fakeKeyring{before: func(string, string) error { panic("interface conversion") }}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ring, release := row.ring, make(chan struct{})
				defer func() {
					close(release)
					time.Sleep(time.Minute)
					if left := ring.names(); len(left) > 0 && name != "fails at the end" {
						t.Errorf("left in the keychain: %v", left)
					}
				}()
				if row.hangs != "" {
					ring.before = on(row.hangs, func() error { <-release; return nil })
				}
				options := vault.Options{Folder: "/nowhere", Keyring: ring}
				start := time.Now()
				opened, err := vault.Open(t.Context(), options)
				if err != nil {
					t.Fatal(err)
				}
				if opened.Kind() != vault.File || opened.Where() != "/nowhere/vault.age" || opened.Fallback == nil {
					t.Errorf("opened %s at %s, because of %v", opened.Kind(), opened.Where(), opened.Fallback)
				}
				if row.why != nil {
					does(t, opened.Fallback, row.why)
				}
				if took := time.Since(start); took >= 3*time.Second {
					t.Errorf("took %v", took)
				}
				options.Want = vault.Keychain
				_, err = vault.Open(t.Context(), options)
				if err == nil {
					t.Error("the keychain was asked for by name, and another vault was opened")
				}
				if row.why != nil {
					does(t, err, row.why)
				}
			})
		})
	}
}

func TestAKeychainThatWorksIsUsedAndKeepsNothingOfTheTry(t *testing.T) {
	for _, want := range []vault.Kind{"", vault.Keychain} {
		ring := &fakeKeyring{}
		opened, err := vault.Open(t.Context(), vault.Options{Want: want, Keyring: ring})
		if err != nil {
			t.Fatal(err)
		}
		if opened.Kind() != vault.Keychain || opened.Fallback != nil || !strings.HasPrefix(opened.Where(), "the system keychain (") {
			t.Errorf("opened %s at %s, because of %v", opened.Kind(), opened.Where(), opened.Fallback)
		}
		does(t, vault.Ready(t.Context(), opened), nil)
		if left := ring.names(); len(left) > 0 {
			t.Errorf("left in the keychain: %v", left)
		}
	}
}

func TestTheKeychainIsLeftAloneWhereTheFileIsWanted(t *testing.T) {
	ring := &fakeKeyring{before: func(verb, user string) error { t.Errorf("%s %s", verb, user); return nil }}
	opened, err := vault.Open(t.Context(), vault.Options{Want: vault.File, Folder: "/nowhere", Keyring: ring})
	if err != nil || opened.Kind() != vault.File || opened.Fallback != nil {
		t.Errorf("got %+v, %v", opened, err)
	}
}

func TestOpenRefuses(t *testing.T) {
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	for name, row := range map[string]struct {
		ctx     context.Context
		options vault.Options
		want    error
	}{
		"a kind that there is not":           {t.Context(), vault.Options{Want: "cupboard", Folder: "/nowhere"}, nil},
		"a file without a folder":            {t.Context(), vault.Options{Want: vault.File}, nil},
		"falling back without a folder":      {t.Context(), vault.Options{Keyring: &fakeKeyring{loses: true}}, vault.ErrLost},
		"falling back when it was cancelled": {cancelled, vault.Options{Folder: "/nowhere", Keyring: &fakeKeyring{}}, context.Canceled},
	} {
		t.Run(name, func(t *testing.T) {
			opened, err := vault.Open(row.ctx, row.options)
			if err == nil || row.want != nil && !errors.Is(err, row.want) {
				t.Errorf("got %+v, %v, want %v", opened, err, row.want)
			}
		})
	}
}

func TestWhatTheTryWroteTooLateIsRemoved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ring := &fakeKeyring{before: on("set", func() error { time.Sleep(time.Minute); return nil })}
		opened, err := vault.Open(t.Context(), vault.Options{Folder: "/nowhere", Keyring: ring})
		if err != nil {
			t.Fatal(err)
		}
		does(t, opened.Fallback, vault.ErrSlow)
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		if left := ring.names(); len(left) > 0 {
			t.Errorf("left in the keychain: %v", left)
		}
	})
}

func openFake(t *testing.T, ring *fakeKeyring) vault.Vault {
	t.Helper()
	opened, err := vault.Open(t.Context(), vault.Options{Want: vault.Keychain, Keyring: ring, Folder: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	return opened.Vault
}

func TestACallThatHangsIsGivenUpAndNeverOvertakesTheNext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ring := &fakeKeyring{}
		kept := openFake(t, ring)
		sets := 0
		ring.before = on("set", func() error {
			if sets++; sets == 1 {
				time.Sleep(5 * time.Second)
			}
			return nil
		})
		start := time.Now()
		does(t, kept.Set(t.Context(), "a/zendesk", []byte("old")), vault.ErrSlow)
		if took := time.Since(start); took != 3*time.Second {
			t.Errorf("a call was given up after %v", took)
		}
		does(t, kept.Set(t.Context(), "a/zendesk", []byte("new")), nil) // waits for its turn
		if secret, err := kept.Get(t.Context(), "a/zendesk"); err != nil || string(secret) != "new" {
			t.Errorf("got %q, %v", secret, err)
		}
	})
}

func TestAKeychainThatHangsHoldsOneCallAndRefusesTheRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ring, release, calls := &fakeKeyring{}, make(chan struct{}), 0
		kept := openFake(t, ring)
		ring.before = on("get", func() error { calls++; <-release; return nil })
		for range 5 {
			_, err := kept.Get(t.Context(), "a/zendesk")
			does(t, err, vault.ErrSlow)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := kept.Get(ctx, "a/zendesk")
		does(t, err, context.Canceled)
		close(release)
		synctest.Wait()
		if calls != 1 {
			t.Errorf("%d calls hang", calls)
		}
		_, err = kept.Get(t.Context(), "a/zendesk")
		does(t, err, vault.ErrEmpty)
	})
}

func TestNoErrorRepeatsASecret(t *testing.T) {
	ring := &fakeKeyring{}
	kept := openFake(t, ring)
	ring.before = nil
	parrot := parrotKeyring{ring}
	opened, err := vault.Open(t.Context(), vault.Options{Folder: t.TempDir(), Keyring: parrot})
	if err != nil {
		t.Fatal(err)
	}
	if opened.Kind() != vault.File {
		t.Errorf("opened %s", opened.Kind())
	}
	parrotKept := openFake(t, ring)
	ring.before = on("set", func() error { panic("hunter2") })
	for name, err := range map[string]error{
		"the try":    opened.Fallback,
		"a panic":    parrotKept.Set(t.Context(), "a/b", []byte("hunter2")),
		"a bad name": kept.Set(t.Context(), "no#good", []byte("hunter2")),
	} {
		if err == nil || strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), "aHVudGVyMg") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if !strings.Contains(opened.Fallback.Error(), "repeat the secret") {
		t.Errorf("got %v", opened.Fallback)
	}
}

// A parrotKeyring says what it refuses.
type parrotKeyring struct{ *fakeKeyring }

func (parrotKeyring) Set(_, _, password string) error { return errors.New("will not keep " + password) }
