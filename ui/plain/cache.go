// What is kept of what was last seen.

package plain

import (
	"fmt"
	"strings"

	"zsf/clients/store"
	"zsf/flows/flow"
	"zsf/ui/faces"
	"zsf/ui/locale"
)

// Kept says what is kept and where.
func Kept(words *locale.Locale, cache faces.Cache) string {
	if len(cache.Kept) == 0 {
		return words.T("cache.empty", "Path", cache.Path) + "\n"
	}
	return words.T("cache.place", "Path", cache.Path, "Size", bytes(cache.Size), "Limit", bytes(cache.Limit)) + "\n" + lines(words, cache.Kept)
}

// Cleared says what was removed.
func Cleared(words *locale.Locale, cache faces.Cache) string {
	if len(cache.Kept) == 0 {
		return words.T("cache.nothing", "Path", cache.Path) + "\n"
	}
	return words.T("cache.removed", "Path", cache.Path) + "\n" + lines(words, cache.Kept)
}

func lines(words *locale.Locale, kept []store.Kept) string {
	var b strings.Builder
	for _, one := range kept {
		fmt.Fprintln(&b, "  "+words.T("cache.line", "Profile", one.Profile,
			"What", flow.Say("cache-shelf."+string(one.Shelf), "Count", one.Count), "Size", bytes(one.Bytes), "Date", flow.Moment(one.Oldest)))
	}
	return b.String()
}

// bytes is a size as people read it.
func bytes(size int64) string {
	const unit = 1024
	switch {
	case size < unit:
		return fmt.Sprintf("%d B", size)
	case size < unit*unit:
		return fmt.Sprintf("%.0f kB", float64(size)/unit)
	}
	return fmt.Sprintf("%.1f MB", float64(size)/unit/unit)
}
