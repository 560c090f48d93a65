package plain

import (
	"strings"
	"testing"
	"time"

	"zsf/clients/store"
	"zsf/ui/faces"
	"zsf/ui/locale"
)

func TestAllThatIsKeptHasWords(t *testing.T) {
	cache := faces.Cache{Path: "/home/kim/.cache/zsf/cache.db", Size: 3 << 20, Limit: 50 << 20}
	for _, shelf := range store.Shelves {
		cache.Kept = append(cache.Kept, store.Kept{Profile: "acme", Shelf: shelf, Count: 2, Bytes: 2048, Oldest: time.Date(2026, 11, 26, 10, 2, 0, 0, time.UTC)})
	}
	for _, tag := range locale.Languages {
		words, err := locale.New(tag)
		if err != nil {
			t.Fatal(err)
		}
		words.Zone = time.UTC
		for name, text := range map[string]string{"kept": Kept(words, cache), "cleared": Cleared(words, cache)} {
			if strings.Contains(text, "cache-shelf") || strings.Count(text, "\n") != len(store.Shelves)+1 || !strings.Contains(text, cache.Path) ||
				!strings.Contains(text, "2 kB") || !strings.Contains(text, "2026-11-26 10:02") {
				t.Errorf("%s %s: %s", tag, name, text)
			}
		}
		if text := Kept(words, cache); !strings.Contains(text, "3.0 MB") || !strings.Contains(text, "50.0 MB") {
			t.Error(text)
		}
		if empty, nothing := Kept(words, faces.Cache{Path: "/x"}), Cleared(words, faces.Cache{Path: "/x"}); empty == nothing || !strings.Contains(empty+nothing, "/x") {
			t.Errorf("%s: %s%s", tag, empty, nothing)
		}
	}
}

func TestSizesAreReadAtAGlance(t *testing.T) {
	for size, want := range map[int64]string{0: "0 B", 1023: "1023 B", 1024: "1 kB", 1 << 20: "1.0 MB", 50 << 20: "50.0 MB"} {
		if got := bytes(size); got != want {
			t.Errorf("%d: %s", size, got)
		}
	}
}
