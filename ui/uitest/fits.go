package uitest

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

// Fits fails a test whose screen has other than height lines, or a line of more than width cells.
func Fits(t testing.TB, screen string, width, height int) {
	t.Helper()
	lines := strings.Split(screen, "\n")
	if len(lines) != height {
		t.Errorf("%d×%d: %d lines", width, height, len(lines))
	}
	for i, line := range lines {
		if cells := ansi.StringWidth(line); cells > width {
			t.Errorf("%d×%d: line %d has %d cells: %q", width, height, i, cells, line)
		}
	}
}
