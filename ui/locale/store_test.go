package locale

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"zsf/clients/store"
)

func TestTheJournalsTroublesAreSaid(t *testing.T) {
	problems := []store.Problem{
		store.Damaged, store.Newer, store.ReadOnly, store.Full, store.Busy, store.Unsafe, store.Unreadable,
	}
	since := time.Date(2026, 11, 25, 10, 2, 0, 0, time.UTC)
	for _, tag := range []string{"en", "ko"} {
		l := open(t, tag)
		l.Zone = time.UTC
		for _, problem := range problems {
			said := map[string]bool{}
			for _, is := range []string{"journal", "cache"} {
				err := fmt.Errorf("keep: %w", &store.Error{Path: "/home/kim/a.db", Is: is, Problem: problem, Err: errors.New("SQLITE")})
				words, hint := l.Error(err), l.Hint(err)
				if !strings.Contains(words, "/home/kim/a.db") || strings.Contains(words, "SQLITE") || hint == "" || strings.HasPrefix(hint, "hint.") || said[words] || said[hint] {
					t.Errorf("%s %s %s: %s %s", tag, is, problem, words, hint)
				}
				said[words], said[hint] = true, true
			}
		}
		held := &store.HeldError{Profile: "acme", Flow: "setup", PID: 12345, Since: since}
		for _, part := range []string{"acme", "zsf setup", "12345", "2026-11-25 10:02"} {
			if words := l.Error(held); !strings.Contains(words, part) {
				t.Errorf("%s: %q lacks %q", tag, words, part)
			}
		}
		if words := l.Error(&store.HeldError{Profile: "acme"}); strings.Contains(words, "0001") || l.Hint(held) == "" {
			t.Error(words)
		}
	}
}
