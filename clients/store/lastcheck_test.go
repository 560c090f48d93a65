package store_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zsf/clients/store"
)

func TestLastCheckComesBackAsItWasKept(t *testing.T) {
	kept, _ := open(t)
	check := store.LastCheck{
		Schema: 1, At: time.Date(2026, 11, 23, 10, 2, 14, 0, time.UTC), DurationMS: 412, Looked: 22,
		Counts: map[string]int{"pass": 20, "fail": 2},
		Wrong:  []store.Wrong{{Step: "setup.package", Verdict: "fail"}},
	}
	for _, looked := range []int{21, 22} { // the later one stays
		check.Looked = looked
		if err := kept.KeepLastCheck(t.Context(), "../acme", check); err != nil {
			t.Fatal(err)
		}
	}
	got, err := kept.LastCheck(t.Context(), "../acme")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(check, got); diff != "" {
		t.Error(diff)
	}
}

func TestAProfileThatWasNeverLookedAtHasNoLastCheck(t *testing.T) {
	kept, folder := open(t)
	if _, err := kept.LastCheck(t.Context(), "acme"); !errors.Is(err, store.ErrNone) {
		t.Errorf("got %v, want ErrNone", err)
	}
	if made, err := os.ReadDir(folder); err != nil || len(made) != 0 {
		t.Errorf("asking made %v, %v", made, err)
	}
	if err := kept.KeepLastCheck(t.Context(), "other", store.LastCheck{}); err != nil {
		t.Fatal(err)
	}
	if _, err := kept.LastCheck(t.Context(), "acme"); !errors.Is(err, store.ErrNone) {
		t.Errorf("got %v, want ErrNone", err)
	}
}

func TestAFileOfAnEarlierZsfIsLeftAlone(t *testing.T) {
	kept, folder := open(t)
	old := filepath.Join(folder, "zsf", "last-check", "acme.json")
	if err := os.MkdirAll(filepath.Dir(old), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(old, []byte(`{"schema":`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := kept.LastCheck(t.Context(), "acme"); !errors.Is(err, store.ErrNone) {
		t.Errorf("got %v, want ErrNone", err)
	}
	if err := kept.KeepLastCheck(t.Context(), "acme", store.LastCheck{Looked: 1}); err != nil {
		t.Error(err)
	}
}
