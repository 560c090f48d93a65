package parts_test

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"zsf/ui/parts"
	"zsf/ui/theme"
	"zsf/ui/uitest"
)

func areaOf(text string, width, height int) *parts.Area {
	area := &parts.Area{}
	area.Fit(width, height)
	area.Set(text)
	return area
}

func TestAnAreaIsEditedByWholeLetters(t *testing.T) {
	cases := []struct {
		name, set string
		keys      []string
		want      string
	}{
		{"typed", "", []string{"a", "한", "enter", "?"}, "a한\n?"},
		{"a line is broken", "ab", []string{"left", "enter"}, "a\nb"},
		{"two lines are joined", "a\nb", []string{"home", "backspace"}, "ab"},
		{"and from the other side", "a\nb", []string{"up", "end", "delete"}, "ab"},
		{"nothing before the start", "a", []string{"home", "backspace"}, "a"},
		{"a joined letter goes whole", "a👩‍👧", []string{"backspace"}, "a"},
		{"from one line to the next", "ab\ncd", []string{"home", "left", "x", "right", "y"}, "abx\nycd"},
		{"up to the cursor", "x\nabc", []string{"left", "ctrl+u"}, "x\nc"},
		{"the rest", "abc", []string{"left", "ctrl+k"}, "ab"},
		{"the end of the line", "a\nb", []string{"up", "end", "ctrl+k"}, "ab"},
		{"a word", "ab cd  ", []string{"ctrl+w"}, "ab "},
		{"no word of the line above", "ab\n", []string{"ctrl+w"}, "ab\n"},
		{"to the ends", "ab\ncd", []string{"ctrl+home", "1", "ctrl+end", "2"}, "1ab\ncd2"},
		{"up keeps the column", "abcd\nx\nabcd", []string{"up", "up", "1"}, "abcd1\nx\nabcd"},
		{"over wide letters", "가나\nabcd", []string{"left", "left", "up", "1"}, "가1나\nabcd"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			area := areaOf(c.set, 20, 5)
			for _, key := range c.keys {
				area.Press(uitest.Key(key))
			}
			if got := area.Value(); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
	area := areaOf("ab", 20, 5)
	for _, key := range []string{"tab", "esc", "up", "down", "ctrl+s"} {
		if area.Press(uitest.Key(key)) {
			t.Errorf("%s leads out of the text, and was taken for a letter", key)
		}
	}
}

func TestAnAreaTakesTheLinesOfWhatIsPasted(t *testing.T) {
	area := areaOf("", 20, 5)
	area.Insert("one\r\ntwo\rthree\x1b[31m\x00\u0085\n\tfour\xff")
	if got := area.Value(); got != "one\ntwo\nthree[31m\n    four\ufffd" {
		t.Errorf("got %q", got)
	}
	if area.Insert(strings.Repeat("가", parts.MaxText/3)) {
		t.Error("there is no end to it")
	}
	if got := area.Value(); !strings.HasPrefix(got, "one") || len(got) > 50 {
		t.Errorf("what did not fit changed the text to %q", got)
	}
}

func TestAWrappedTextFitsAndShowsItsCursor(t *testing.T) {
	frame := parts.Frame{Theme: theme.New(theme.Terminal{}), Words: uitest.Words(t, "en")}
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.SampledFrom([]rune("ab 한글\n👩\u200d\u0301\u202ee")), 0, 200, -1).Draw(t, "text")
		width, height := rapid.IntRange(4, 30).Draw(t, "width"), rapid.IntRange(1, 6).Draw(t, "height")
		area := areaOf(text, width, height)
		before := area.Value()
		for _, key := range rapid.SliceOf(rapid.SampledFrom([]string{"up", "down", "left", "right", "home", "end", "pgup", "pgdown"})).Draw(t, "keys") {
			area.Press(uitest.Key(key))
		}
		view := area.View(frame, width, height, true, "")
		if len(view) != height {
			t.Fatalf("%d rows of %d", len(view), height)
		}
		if whole := strings.Join(view, "\n"); strings.Count(whole, "\x1b[7m") != 1 || strings.ContainsRune(whole, '\u202e') {
			t.Fatalf("the cursor is not there once, or a letter turns the text: %q", whole)
		}
		for _, line := range view {
			if ansi.StringWidth(line) > width {
				t.Fatalf("%d cells of %d: %q", ansi.StringWidth(line), width, line)
			}
		}
		if area.Value() != before {
			t.Fatalf("moving changed %q to %q", before, area.Value())
		}
	})
}

func TestEveryRowOfAWrappedTextIsReached(t *testing.T) {
	frame := parts.Frame{Theme: theme.New(theme.Terminal{}), Words: uitest.Words(t, "en")}
	area := areaOf(strings.Repeat("lorem ipsum 한글 ", 20), 24, 4)
	rows := 1
	for area.Press(uitest.Key("up")) {
		rows++
	}
	down := 1
	for area.Press(tea.KeyPressMsg{Code: tea.KeyDown}) {
		down++
	}
	above, below := area.Hidden()
	if rows != down || above+below+4 != rows {
		t.Errorf("%d rows up, %d rows down, %d hidden", rows, down, above+below)
	}
	if view := area.View(frame, 24, 4, true, ""); strings.TrimSpace(view[0]) == "" {
		t.Errorf("the view is scrolled beyond the text: %q", view)
	}
}
