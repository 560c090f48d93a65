// A short message that stands for a moment where the status line is.

package parts

import "time"

// A Toast is a message with an end.
type Toast struct {
	words string
	until time.Time
}

// toastTime is how long a toast stands: long enough to read a line twice.
const toastTime = 5 * time.Second

// Show replaces what is said.
func (t *Toast) Show(words string, now time.Time) {
	t.words, t.until = words, now.Add(toastTime)
}

// Expire drops a message whose time is over.
func (t *Toast) Expire(now time.Time) {
	if !now.Before(t.until) {
		t.words = ""
	}
}

// Words is what is said just now; empty when nothing.
func (t *Toast) Words() string { return t.words }
