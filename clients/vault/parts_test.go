package vault_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"zsf/clients/vault"
)

// long is a secret that no item of a keychain takes whole; seeds differ in every part.
func long(seed byte, size int) []byte {
	secret := make([]byte, size)
	for i := range secret {
		secret[i] = byte(i*7+i/251) ^ seed
	}
	return secret
}

func TestASecretOfAnyLengthComesBack(t *testing.T) {
	ring := &fakeKeyring{}
	kept := openFake(t, ring)
	name := strings.Repeat("n", 128)
	for _, size := range []int{0, 1, 1799, 1800, 1801, 3600, 3601, 50_000, 10} { // over one another
		secret := long(byte(size), size)
		does(t, kept.Set(t.Context(), name, secret), nil)
		got, err := kept.Get(t.Context(), name)
		if err != nil || !bytes.Equal(got, secret) {
			t.Errorf("of %d bytes came back %d, %v", size, len(got), err)
		}
		if want := max(1, (size+1799)/1800); len(ring.names()) != want {
			t.Errorf("%d bytes are in the items %v, want %d", size, ring.names(), want)
		}
	}
	does(t, kept.Delete(t.Context(), name), nil)
	if left := ring.names(); len(left) > 0 {
		t.Errorf("left after Delete: %v", left)
	}
	_, err := kept.Get(t.Context(), name)
	does(t, err, vault.ErrEmpty)
	does(t, kept.Delete(t.Context(), name), vault.ErrEmpty)
}

func TestAWriteThatEndsHalfWayLosesNothing(t *testing.T) {
	broken := errors.New("broken")
	before, after := long(1, 9000), long(2, 7000)
	for failAt := 1; ; failAt++ {
		ring := &fakeKeyring{}
		kept := openFake(t, ring)
		does(t, kept.Set(t.Context(), "a/b", before), nil)
		calls := 0
		ring.before = func(string, string) error {
			if calls++; calls >= failAt {
				return broken
			}
			return nil
		}
		failed := kept.Set(t.Context(), "a/b", after)
		done := calls < failAt
		ring.before = nil
		got, err := kept.Get(t.Context(), "a/b")
		if err != nil || !bytes.Equal(got, before) && !bytes.Equal(got, after) {
			t.Fatalf("after call %d: got %d bytes, %v", failAt, len(got), err)
		}
		if failed == nil && !bytes.Equal(got, after) {
			t.Errorf("after call %d: Set said that it kept the secret, and did not", failAt)
		}
		does(t, kept.Set(t.Context(), "a/b", long(3, 5000)), nil)
		does(t, kept.Delete(t.Context(), "a/b"), nil)
		if left := ring.names(); len(left) > 0 {
			t.Errorf("after call %d: left %v", failAt, left)
		}
		if done {
			return
		}
	}
}

func TestWhatAnotherProgramDidToTheItemsIsDamage(t *testing.T) {
	for name, spoil := range map[string]func(ring *fakeKeyring){
		"a part is gone":        func(ring *fakeKeyring) { delete(ring.items, ring.names()[1]) },
		"a part is another":     func(ring *fakeKeyring) { ring.items[ring.names()[1]] = ring.items[ring.names()[2]] },
		"the head is another":   func(ring *fakeKeyring) { ring.items[ring.names()[0]] = "hunter2" },
		"the head is cut":       func(ring *fakeKeyring) { ring.items[ring.names()[0]] = ring.items[ring.names()[0]][:100] },
		"the head counts badly": func(ring *fakeKeyring) { ring.items[ring.names()[0]] = "zsf1:a:-1:x:y" },
		"no such generation":    func(ring *fakeKeyring) { ring.items[ring.names()[0]] = "zsf1:c:1:x:y" },
	} {
		t.Run(name, func(t *testing.T) {
			ring := &fakeKeyring{}
			kept := openFake(t, ring)
			does(t, kept.Set(t.Context(), "a/b", long(1, 5000)), nil)
			spoil(ring)
			_, err := kept.Get(t.Context(), "a/b")
			does(t, err, vault.ErrDamaged)
			does(t, kept.Set(t.Context(), "a/b", []byte("new")), nil) // signing in anew mends it
			got, err := kept.Get(t.Context(), "a/b")
			if err != nil || string(got) != "new" {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
}

func TestASecretThatIsLostIsTold(t *testing.T) {
	ring := &fakeKeyring{}
	kept := openFake(t, ring)
	does(t, kept.Set(t.Context(), "a/b", []byte("old")), nil)
	ring.loses = true
	does(t, kept.Set(t.Context(), "a/b", []byte("new")), vault.ErrLost)
	does(t, kept.Set(t.Context(), "a/c", []byte("new")), vault.ErrLost)
}

func TestProcessesThatWriteLongSecretsAtOnceMixNothing(t *testing.T) {
	ring, folder := &fakeKeyring{}, t.TempDir()
	failed := make(chan error)
	for writer := range 4 {
		go func() {
			opened, err := vault.Open(t.Context(), vault.Options{Want: vault.Keychain, Keyring: ring, Folder: folder})
			for round := 0; err == nil && round < 20; round++ {
				if err = opened.Set(t.Context(), fmt.Sprintf("a/%d", writer), long(byte(writer), 6000)); err == nil {
					_, err = opened.Get(t.Context(), fmt.Sprintf("a/%d", (writer+1)%4))
				}
				if errors.Is(err, vault.ErrEmpty) {
					err = nil
				}
			}
			failed <- err
		}()
	}
	for range 4 {
		if err := <-failed; err != nil {
			t.Error(err)
		}
	}
}

func TestNames(t *testing.T) {
	ring := &fakeKeyring{}
	for _, kept := range []vault.Vault{openFake(t, ring), openFile(t, t.TempDir(), "pw")} {
		for _, name := range []string{"", "a b", "a#b2", "a\n", "ä", strings.Repeat("a", 129)} {
			_, err := kept.Get(t.Context(), name)
			does(t, err, vault.ErrName)
			does(t, kept.Set(t.Context(), name, []byte("x")), vault.ErrName)
			does(t, kept.Delete(t.Context(), name), vault.ErrName)
		}
	}
}
