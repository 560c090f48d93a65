package parts_test

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"zsf/ui/parts"
	"zsf/ui/theme"
	"zsf/ui/uitest"
)

func TestAFieldIsEditedByWholeLetters(t *testing.T) {
	backspace := tea.KeyPressMsg{Code: tea.KeyBackspace}
	left, remove := tea.KeyPressMsg{Code: tea.KeyLeft}, tea.KeyPressMsg{Code: tea.KeyDelete}
	cases := []struct {
		name string
		set  string
		keys []tea.KeyPressMsg
		want string
	}{
		{"typed", "", []tea.KeyPressMsg{uitest.Key("a"), uitest.Key("한"), uitest.Key("?")}, "a한?"},
		{"in the middle", "ac", []tea.KeyPressMsg{left, uitest.Key("b")}, "abc"},
		{"a joined letter goes whole", "a👩‍👧", []tea.KeyPressMsg{backspace}, "a"},
		{"nothing to delete", "", []tea.KeyPressMsg{backspace, remove, left}, ""},
		{"forwards", "ab", []tea.KeyPressMsg{uitest.Key("home"), remove}, "b"},
		{"up to the cursor", "abc", []tea.KeyPressMsg{left, uitest.Key("ctrl+u")}, "c"},
		{"the rest", "abc", []tea.KeyPressMsg{left, uitest.Key("ctrl+k")}, "ab"},
		{"a word", "ab cd  ", []tea.KeyPressMsg{uitest.Key("ctrl+w")}, "ab "},
		{"to the end", "ab", []tea.KeyPressMsg{uitest.Key("ctrl+a"), uitest.Key("ctrl+e"), uitest.Key("c")}, "abc"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var field parts.Field
			field.Set(c.set)
			for _, key := range c.keys {
				if !field.Press(key) {
					t.Errorf("%s is no key of a field", key)
				}
			}
			if got := field.Value(); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
	var field parts.Field
	if field.Press(uitest.Key("enter")) || field.Press(uitest.Key("tab")) || field.Press(uitest.Key("esc")) {
		t.Error("a key that moves on was taken for a letter")
	}
}

func TestAFieldTakesOneLineOfWhatIsPasted(t *testing.T) {
	var field parts.Field
	field.Insert("https://a\r\n.example\t/x\x1b[31m")
	if got := field.Value(); got != "https://a.example/x[31m" {
		t.Errorf("got %q", got)
	}
	field.Insert(strings.Repeat("x", 20<<10))
	if len(field.Value()) > 16<<10 {
		t.Error("there is no end to it")
	}
}

func TestTheCursorStaysInSight(t *testing.T) {
	frame := parts.Frame{Theme: theme.New(theme.Terminal{}), Words: uitest.Words(t, "en")}
	var field parts.Field
	field.Set("한글 주소와 latin letters, 아주 긴 것")
	for range 30 {
		for width := 4; width < 40; width += 3 {
			view := field.View(frame, width, true, "")
			if got := ansi.StringWidth(view); got > width {
				t.Errorf("%d cells of %d: %q", got, width, view)
			}
			if !strings.Contains(view, "\x1b[7m") {
				t.Errorf("no cursor in %q", view)
			}
		}
		field.Press(tea.KeyPressMsg{Code: tea.KeyLeft})
	}
	field.Masked = true
	if view := field.View(frame, 80, false, ""); strings.Contains(view, "한") || !strings.Contains(view, "•") {
		t.Errorf("masked: %q", view)
	}
}
