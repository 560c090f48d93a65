package seed

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestAHostileBusinessIsTheSameOneUnderneath(t *testing.T) {
	plain := New(1, 60, 300, "en", now)
	hostile := plain.Hostile()
	kinds := map[string]bool{}
	for n := range 60 {
		one, other := plain.Account(n), hostile.Account(n)
		if one.Name == other.Name || one.Domain != other.Domain || one.ID != other.ID || one.Linked != other.Linked || !utf8.ValidString(other.Name) {
			t.Errorf("%q became %q", one.Name, other.Name)
		}
	}
	files := map[string]bool{}
	for n := range 300 {
		one, other := plain.Ticket(n), hostile.Ticket(n)
		if one.Subject == other.Subject || one.Body == other.Body || one.Status != other.Status || one.Contact != other.Contact {
			t.Errorf("ticket %d: %q", n, other.Subject)
		}
		for _, comment := range hostile.Comments(n) {
			files[comment.File] = true
		}
		for _, sign := range []string{"\x1b", "\u009b", "\u202e", "\u200b", "\n", "javascript:", strings.Repeat("W", 9999), strings.Repeat("\u0301\u0489\u20dd", 9)} {
			if strings.Contains(other.Subject, sign) {
				kinds[sign] = true
			}
		}
	}
	if len(kinds) != 8 || len(files) < 10 {
		t.Errorf("%d kinds of harm, %d names of files", len(kinds), len(files))
	}
	for n := range 120 {
		one, other := plain.Contact(n), hostile.Contact(n)
		if one.Last == other.Last || one.Email != other.Email {
			t.Errorf("%q <%s>", other.Last, other.Email)
		}
	}
}
