package store_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"zsf/clients/store"
)

// databaseFile is the path of a database with a hundred entries that nobody has open.
func databaseFile(t *testing.T, folder string) string {
	t.Helper()
	to, err := in(t, folder).Journal(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for range 100 {
		add(t, to, store.Entry{Profile: "acme", Kind: store.Looked, At: noon, Step: strings.Repeat("a.step ", 20)})
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(folder, "zsf", "journal.db")
}

// spoiled is the error that a journal gives, at its opening or its reading, after its file was changed.
func spoiled(t *testing.T, change func(path string, text []byte) []byte) (*store.Error, string) {
	t.Helper()
	folder := t.TempDir()
	path := databaseFile(t, folder)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text = change(path, text)
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	opened, err := in(t, folder).Journal(t.Context())
	if err == nil {
		_, err = opened.Entries(t.Context(), store.Filter{})
		_ = opened.Close()
	}
	var failed *store.Error
	if !errors.As(err, &failed) {
		t.Fatalf("%v is no *store.Error", err)
	}
	if failed.Path != path || !strings.Contains(failed.Error(), path) {
		t.Errorf("%v does not name %s", failed, path)
	}
	after, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(text, after) {
		t.Errorf("the file was changed, or %v", err)
	}
	return failed, failed.Error()
}

func TestADamagedDatabaseIsSaidAndLeftAlone(t *testing.T) {
	tests := map[string]func(path string, text []byte) []byte{
		"other words":   func(string, []byte) []byte { return []byte(strings.Repeat("this is no database ", 500)) },
		"cut in half":   func(_ string, text []byte) []byte { return text[:len(text)/2] },
		"pages of zero": func(_ string, text []byte) []byte { clear(text[4096:]); return text },
		"emptied, with a log": func(path string, text []byte) []byte {
			if err := os.WriteFile(path+"-wal", text[:100], 0o600); err != nil {
				t.Fatal(err)
			}
			return nil
		},
	}
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			failed, words := spoiled(t, change)
			if failed.Problem != store.Damaged || !strings.Contains(words, "move it away") {
				t.Errorf("%s: %s", failed.Problem, words)
			}
		})
	}
}

func TestADatabaseOfALaterZsfIsSaid(t *testing.T) {
	folder := t.TempDir()
	databaseFile(t, folder)
	to, err := in(t, folder).Journal(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(to.Exec(t.Context(), "PRAGMA user_version = 99"), to.Close()); err != nil {
		t.Fatal(err)
	}
	var failed *store.Error
	if _, err := in(t, folder).Journal(t.Context()); !errors.As(err, &failed) || failed.Problem != store.Newer {
		t.Error(err)
	}
	if _, err := in(t, folder).LastCheck(t.Context(), "acme"); !errors.As(err, &failed) || failed.Problem != store.Newer {
		t.Error(err)
	}
}

func TestAnotherProgramsDatabaseIsLeftAlone(t *testing.T) {
	folder := t.TempDir()
	databaseFile(t, folder)
	to, err := in(t, folder).Journal(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(to.Exec(t.Context(), "PRAGMA user_version = 0"), to.Close()); err != nil {
		t.Fatal(err)
	}
	var failed *store.Error
	if _, err := in(t, folder).Journal(t.Context()); !errors.As(err, &failed) || failed.Problem != store.Damaged {
		t.Error(err)
	}
}

func TestAFullDiskIsSaid(t *testing.T) {
	kept, _ := open(t)
	to := journal(t, kept)
	if err := to.Exec(t.Context(), "PRAGMA max_page_count = 10"); err != nil {
		t.Fatal(err)
	}
	var err error
	count := 0
	for ; err == nil && count < 1000; count++ {
		_, err = to.Append(t.Context(), looked(strings.Repeat("long ", 200)))
	}
	var failed *store.Error
	if !errors.As(err, &failed) || failed.Problem != store.Full {
		t.Fatal(err)
	}
	if entries, err := to.Entries(t.Context(), store.Filter{}); err != nil || len(entries) != count-1 {
		t.Errorf("%d entries of %d, %v", len(entries), count-1, err)
	}
}

func TestAFileThatIsNotOursIsNotFollowed(t *testing.T) {
	kept, folder := open(t)
	elsewhere := filepath.Join(t.TempDir(), "elsewhere")
	if err := errors.Join(os.WriteFile(elsewhere, nil, 0o600), os.Mkdir(kept.Folder(), 0o700),
		os.Symlink(elsewhere, filepath.Join(folder, "zsf", "journal.db"))); err != nil {
		t.Fatal(err)
	}
	var failed *store.Error
	if _, err := kept.Journal(t.Context()); !errors.As(err, &failed) || failed.Problem != store.Unsafe {
		t.Error(err)
	}
}

func TestWhoGivesUpIsNotToldOfAFailure(t *testing.T) {
	kept, _ := open(t)
	to := journal(t, kept)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := to.Append(ctx, looked("s"))
	var failed *store.Error
	if !errors.Is(err, context.Canceled) || errors.As(err, &failed) {
		t.Error(err)
	}
	if _, err := kept.Journal(ctx); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
