package store_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zsf/clients/store"
)

func init() { children["cache"] = childFillsCache }

var acme = store.Scope{Profile: "acme", Org: "https://acme.my.salesforce.com", Account: account}

// cacheIn is a cache with a clock that goes on by a second at each look.
func cacheIn(t *testing.T, folder string) store.Cache {
	t.Helper()
	cache, err := store.OpenCache(func(name string) string { return map[string]string{"XDG_CACHE_HOME": folder}[name] })
	if err != nil {
		t.Fatal(err)
	}
	now := noon
	cache.Now = func() time.Time {
		now = now.Add(time.Second)
		return now
	}
	return cache
}

func item(shelf store.Shelf, key, name, body string) store.Item {
	return store.Item{Shelf: shelf, Key: key, Name: name, ReadAt: noon, Body: json.RawMessage(body)}
}

func keepItems(t *testing.T, cache store.Cache, scope store.Scope, items ...store.Item) {
	t.Helper()
	if err := cache.Keep(t.Context(), scope, items...); err != nil {
		t.Fatal(err)
	}
}

// keysOf are the keys of what a cache knows.
func keysOf(t *testing.T, cache store.Cache, scope store.Scope, wanted ...store.Wanted) []string {
	t.Helper()
	items, err := cache.Items(t.Context(), scope, wanted...)
	if err != nil {
		t.Fatal(err)
	}
	keys := []string{}
	for _, item := range items {
		keys = append(keys, item.Key)
	}
	return keys
}

func TestWhatWasSeenIsFoundByKeyByNameAndAll(t *testing.T) {
	cache := cacheIn(t, t.TempDir())
	first, second := item(store.Recents, "001a", "Acme", `{"a":1}`), item(store.Recents, "001b", "acme", `{"b":2}`)
	keepItems(t, cache, acme, first, item(store.Links, "001a", "", `3`))
	keepItems(t, cache, acme, second)
	got, err := cache.Items(t.Context(), acme, store.Wanted{Shelf: store.Recents, Key: "001a"}, store.Wanted{Shelf: store.Recents, Name: "ACME"})
	if diff := cmp.Diff([]store.Item{first, second, first}, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
	keepItems(t, cache, acme, item(store.Recents, "001a", "Acme Inc.", `{"a":4}`))
	if keys := keysOf(t, cache, acme, store.Wanted{Shelf: store.Recents}); !cmp.Equal(keys, []string{"001a", "001b"}) {
		t.Error(keys)
	}
	if keys := keysOf(t, cache, acme, store.Wanted{Shelf: store.Recents, Most: 1}, store.Wanted{Shelf: store.Lists}); !cmp.Equal(keys, []string{"001a"}) {
		t.Error(keys)
	}
	if err := cache.Forget(t.Context(), acme, store.Wanted{Shelf: store.Recents, Key: "001a"}); err != nil {
		t.Error(err)
	}
	if keys := keysOf(t, cache, acme, store.Wanted{Shelf: store.Recents}, store.Wanted{Shelf: store.Links}); !cmp.Equal(keys, []string{"001b", "001a"}) {
		t.Error(keys)
	}
}

func TestNoScopeSeesAnothers(t *testing.T) {
	cache := cacheIn(t, t.TempDir())
	keepItems(t, cache, acme, item(store.Lists, "001a", "Acme", `1`))
	for _, other := range []store.Scope{
		{Profile: "other", Org: acme.Org, Account: acme.Account},
		{Profile: acme.Profile, Org: "https://acme--dev.sandbox.my.salesforce.com", Account: acme.Account},
		{Profile: acme.Profile, Org: acme.Org, Account: "https://another.zendesk.com"},
	} {
		if keys := keysOf(t, cache, other, store.Wanted{Shelf: store.Lists}, store.Wanted{Shelf: store.Lists, Key: "001a"}, store.Wanted{Shelf: store.Lists, Name: "acme"}); len(keys) != 0 {
			t.Errorf("%+v: %v", other, keys)
		}
	}
}

func TestTheOldestMakesRoom(t *testing.T) {
	cache := cacheIn(t, t.TempDir())
	cache.Limit = 1000
	body := `"` + strings.Repeat("x", 298) + `"`
	for _, key := range []string{"a", "b", "c", "a", "d"} { // a is seen again
		keepItems(t, cache, acme, item(store.Lists, key, "", body))
	}
	if keys := keysOf(t, cache, acme, store.Wanted{Shelf: store.Lists}); !cmp.Equal(keys, []string{"d", "a", "c"}) {
		t.Error(keys)
	}
	keepItems(t, cache, acme, item(store.Lists, "huge", "", `"`+strings.Repeat("x", 2000)+`"`)) // more than all that may be kept
	if keys := keysOf(t, cache, acme, store.Wanted{Shelf: store.Lists}); !cmp.Equal(keys, []string{"d", "a", "c"}) {
		t.Error(keys)
	}
}

func TestTheFileShrinksWithWhatIsInIt(t *testing.T) {
	folder := t.TempDir()
	cache := cacheIn(t, folder)
	var items []store.Item
	for i := range 20 {
		items = append(items, item(store.Lists, strconv.Itoa(i), "", `"`+strings.Repeat("hush", 5000)+`"`))
	}
	keepItems(t, cache, acme, items...)
	full := cache.Size()
	keepItems(t, cache, store.Scope{Profile: "other"}, item(store.Recents, "r", "", `1`))
	removed, err := cache.Clear(t.Context(), "acme")
	if err != nil || len(removed) != 1 || removed[0].Count != 20 || removed[0].Bytes != 20*20002 || removed[0].Shelf != store.Lists || !removed[0].Oldest.Equal(noon) {
		t.Errorf("%+v %v", removed, err)
	}
	if left := cache.Size(); left >= full/4 {
		t.Errorf("%d bytes of %d are left", left, full)
	}
	text, err := os.ReadFile(cache.Path())
	if err != nil || bytes.Contains(text, []byte("hushhush")) {
		t.Error("what was removed is still in the file", err)
	}
	kept, err := cache.Contents(t.Context())
	if err != nil || len(kept) != 1 || kept[0].Profile != "other" {
		t.Errorf("%+v %v", kept, err)
	}
	if removed, err := cache.Clear(t.Context(), ""); err != nil || len(removed) != 1 {
		t.Errorf("%+v %v", removed, err)
	}
	for path, want := range map[string]os.FileMode{cache.Path(): 0o600, filepath.Dir(cache.Path()): 0o700} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
			t.Error(path, info.Mode(), err)
		}
	}
}

func TestACacheThatIsAskedMakesNoFile(t *testing.T) {
	folder := t.TempDir()
	cache := cacheIn(t, folder)
	items, err := cache.Items(t.Context(), acme, store.Wanted{Shelf: store.Recents})
	kept, err2 := cache.Contents(t.Context())
	removed, err3 := cache.Clear(t.Context(), "")
	if err := errors.Join(err, err2, err3, cache.Forget(t.Context(), acme, store.Wanted{Shelf: store.Recents, Key: "x"})); err != nil || len(items)+len(kept)+len(removed) != 0 {
		t.Error(err)
	}
	if files, err := os.ReadDir(folder); err != nil || len(files) != 0 {
		t.Errorf("%v %v", files, err)
	}
}

// A cache is worth nothing: one that is damaged is begun anew.
func TestADamagedCacheIsBegunAnew(t *testing.T) {
	for name, spoil := range map[string]func(path string, text []byte) error{
		"no database": func(path string, _ []byte) error {
			return os.WriteFile(path, []byte(strings.Repeat("somebody's words ", 100)), 0o600)
		},
		"half of it": func(path string, text []byte) error { return os.WriteFile(path, text[:len(text)/2/4096*4096], 0o600) },
		"a lost page": func(path string, text []byte) error {
			return os.WriteFile(path, append(text[:4096:4096], make([]byte, len(text)-4096)...), 0o600)
		},
		"a wrong page": func(path string, text []byte) error {
			return os.WriteFile(path, append(text[:4096:4096], bytes.Repeat([]byte("x"), len(text)-4096)...), 0o600)
		},
	} {
		t.Run(name, func(t *testing.T) {
			cache := cacheIn(t, t.TempDir())
			var items []store.Item
			for i := range 50 {
				items = append(items, item(store.Lists, strconv.Itoa(i), "n", `"`+strings.Repeat("x", 3000)+`"`))
			}
			keepItems(t, cache, acme, items...)
			text, err := os.ReadFile(cache.Path())
			if err != nil {
				t.Fatal(err)
			}
			if err := spoil(cache.Path(), text); err != nil {
				t.Fatal(err)
			}
			if items, err := cache.Items(t.Context(), acme, store.Wanted{Shelf: store.Lists}); err != nil || len(items) != 0 {
				t.Errorf("%d items, %v", len(items), err)
			}
			keepItems(t, cache, acme, item(store.Lists, "new", "n", `1`))
			if keys := keysOf(t, cache, acme, store.Wanted{Shelf: store.Lists}); !cmp.Equal(keys, []string{"new"}) {
				t.Error(keys)
			}
		})
	}
}

// What is in the way, or is being written for long, is an error: whoever looks at tickets does without.
func TestACacheInTroubleIsAnError(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "zsf"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	var failed *store.Error
	if err := cacheIn(t, folder).Keep(t.Context(), acme, item(store.Lists, "a", "", `1`)); !errors.As(err, &failed) || failed.Is != "cache" {
		t.Error(err)
	}
	cache := cacheIn(t, t.TempDir())
	keepItems(t, cache, acme, item(store.Lists, "a", "", `1`))
	release, err := store.LockCache(t.Context(), cache)
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	if err := cache.Keep(t.Context(), acme, item(store.Lists, "b", "", `1`)); !errors.As(err, &failed) || failed.Problem != store.Busy {
		t.Error(err)
	}
	if keys := keysOf(t, cache, acme, store.Wanted{Shelf: store.Lists}); !cmp.Equal(keys, []string{"a"}) { // a reader waits for no writer
		t.Error(keys)
	}
}

func TestTheCacheOfALaterZsfIsLeftAloneUntilItIsCleared(t *testing.T) {
	cache := cacheIn(t, t.TempDir())
	keepItems(t, cache, acme, item(store.Lists, "a", "", `1`))
	if err := store.ExecCache(t.Context(), cache, "PRAGMA user_version = 99"); err != nil {
		t.Fatal(err)
	}
	var failed *store.Error
	if _, err := cache.Items(t.Context(), acme, store.Wanted{Shelf: store.Lists}); !errors.As(err, &failed) || failed.Problem != store.Newer {
		t.Error(err)
	}
	if _, err := cache.Clear(t.Context(), ""); err != nil {
		t.Error(err)
	}
	keepItems(t, cache, acme, item(store.Lists, "b", "", `1`))
}

// childFillsCache keeps and asks for as many things as it is told.
func childFillsCache(_ store.Store, arguments []string) error {
	cache, err := store.OpenCache(func(string) string { return arguments[0] })
	if err != nil {
		return err
	}
	for i := range 10 {
		key := arguments[1] + strconv.Itoa(i)
		if err := cache.Keep(context.Background(), acme, item(store.Lists, key, key, `1`)); err != nil {
			return err
		}
		if items, err := cache.Items(context.Background(), acme, store.Wanted{Shelf: store.Lists, Key: key}); err != nil || len(items) != 1 {
			return errors.Join(err, errors.New("what was kept is not there"))
		}
	}
	return nil
}

func TestProcessesShareACache(t *testing.T) {
	folder := t.TempDir()
	var running []*exec.Cmd
	for _, name := range []string{"one", "two", "three"} {
		cmd := asChild(t, t.TempDir(), "cache", folder, name)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		running = append(running, cmd)
	}
	for _, cmd := range running {
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
	}
	if keys := keysOf(t, cacheIn(t, folder), acme, store.Wanted{Shelf: store.Lists}); len(keys) != 30 {
		t.Errorf("%d things", len(keys))
	}
}
