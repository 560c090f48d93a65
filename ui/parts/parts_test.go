package parts

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"zsf/ui/locale"
	"zsf/ui/theme"
)

func frameOf(t testing.TB, width int) Frame {
	t.Helper()
	words, err := locale.New("en")
	if err != nil {
		t.Fatal(err)
	}
	return Frame{Width: width, Height: 24, Theme: theme.New(theme.Terminal{}).Without(), Words: words}
}

func TestTextFits(t *testing.T) {
	frame := frameOf(t, 80)
	cases := []struct{ name, got, want string }{
		{"short text is filled up", frame.Fit("ab", 4), "ab  "},
		{"long text is cut", frame.Cut("abcdef", 4), "abc…"},
		{"a wide character is not cut in half", frame.Fit("한빛전자", 6), "한빛… "},
		{"an emoji counts two cells", frame.Fit("🎫 x", 5), "🎫 x "},
		{"no room at all", frame.Cut("abc", 0), ""},
		{"both ends", frame.Spread("left", "right", 12), "left   right"},
		{"right gives way", frame.Spread("a long left", "right", 12), "a long left"},
		{"a URL breaks where the line ends", strings.Join(Break("https://a--b.example/c", 10), "|"), "https://a-|-b.example|/c"},
		{"words stay whole", strings.Join(Wrap("look again now", 10), "|"), "look again|now"},
		{"a flag stays whole", strings.Join(Wrap("zsf setup --only setup.package", 15), "|"), "zsf setup|--only|setup.package"},
		{"a hyphen breaks", strings.Join(Wrap("session-lock", 9), "|"), "session-|lock"},
		{"a lead stands before the first line", strings.Join(Indented("- ", "look again now", 12), "|"), "- look again|  now"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if c.got != c.want {
				t.Errorf("got %q, want %q", c.got, c.want)
			}
		})
	}
}

func TestAListDrawsOnlyItsWindow(t *testing.T) {
	var list List
	list.Fit(100_000, 10, nil)
	list.End()
	from, to := list.Window()
	if list.Cursor() != 99_999 || from != 99_990 || to != 100_000 {
		t.Errorf("cursor %d, window %d to %d", list.Cursor(), from, to)
	}
	list.Page(-1)
	if list.Cursor() != 99_990 {
		t.Errorf("a page up from the end is %d", list.Cursor())
	}
	list.Home()
	list.Move(-1)
	if from, _ := list.Window(); list.Cursor() != 0 || from != 0 {
		t.Errorf("cursor %d, window from %d", list.Cursor(), from)
	}
}

func TestAListStepsOverHeadings(t *testing.T) {
	headings := []int{0, 1, 5, 9}
	var list List
	list.Fit(10, 4, func(i int) bool { return !slices.Contains(headings, i) })
	var visited []int
	for range 8 {
		visited = append(visited, list.Cursor())
		list.Move(1)
	}
	if want := []int{2, 3, 4, 6, 7, 8, 8, 8}; !slices.Equal(visited, want) {
		t.Errorf("visited %v, want %v", visited, want)
	}
	list.Move(-3)
	if from, _ := list.Window(); list.Cursor() != 4 || from > 4 {
		t.Errorf("cursor %d, window from %d", list.Cursor(), from)
	}
	list.Home()
	if from, _ := list.Window(); from != 0 {
		t.Errorf("the heading above the first row is out of sight: from %d", from)
	}
	list.Fit(0, 4, nil)
	if list.Cursor() != -1 {
		t.Errorf("an empty list has a cursor at %d", list.Cursor())
	}
}

func TestAReaderTellsHowMuchIsLeft(t *testing.T) {
	frame := frameOf(t, 80)
	var text []string
	for i := range 20 {
		text = append(text, fmt.Sprint("line ", i))
	}
	var reader Reader
	if view := reader.View(frame, text, 5, ""); len(view) != 5 || view[4] != "↓ 16 more lines" {
		t.Errorf("got %q", view)
	}
	if view := reader.View(frame, text, 5, "tab"); view[4] != "↓ 16 more lines · tab" {
		t.Errorf("got %q", view[4])
	}
	reader.Scroll(100, len(text), 5)
	if view := reader.View(frame, text, 5, ""); view[3] != "line 19" || view[4] != "end" {
		t.Errorf("at the end: %q", view)
	}
	if view := reader.View(frame, text[:3], 5, "tab"); len(view) != 3 || view[0] != "line 0" {
		t.Errorf("a shorter text: %q", view)
	}
}

func TestTheFooterKeepsWhatFitsInTheOrderOfUse(t *testing.T) {
	table := Table{
		{Do: "move", Keys: []string{"up", "down"}, Quiet: true},
		{Do: "again", Keys: []string{"r"}},
		{Do: "open", Keys: []string{"o"}},
		{Do: "all", Keys: []string{"R"}},
		{Do: "help", Keys: []string{"?"}},
		{Do: "quit", Keys: []string{"q", "ctrl+c"}, Label: "q"},
	}
	for width, want := range map[int]string{
		80: " r look again  o open page  R look at all again  ? help                  q quit",
		44: " r look again  o open page  ? help   q quit",
		32: " r look again  ? help    q quit",
		18: " ? help    q quit",
	} {
		if got := frameOf(t, width).Footer(table); got != want {
			t.Errorf("%d: got %q, want %q", width, got, want)
		}
	}
}

func TestAKeyOfTheKoreanKeyboardIsTheLatinOneOnIt(t *testing.T) {
	for press, want := range map[tea.KeyPressMsg]string{
		{Code: 'ㄱ', Text: "ㄱ"}: "r", {Code: 'ㄲ', Text: "ㄲ"}: "R", {Code: 'r', Text: "r"}: "r",
		{Code: tea.KeyEnter}: "enter", {Code: '한', Text: "한"}: "한",
	} {
		if got := KeyName(press); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestTheKeyTableIsMarkdown(t *testing.T) {
	table := Table{{Do: "again", Keys: []string{"r"}}, {Do: "move", Keys: []string{"up", "down"}, Label: "↑ ↓"}}
	want := "| Key | What it does |\n| --- | --- |\n" +
		"| `r` | Look at this step again. Only what it reads is asked anew. |\n" +
		"| `↑` `↓` | Go up and down, or scroll the details. |\n"
	if got := Markdown(frameOf(t, 80).Words, table); got != want {
		t.Errorf("got\n%s", got)
	}
}

func TestAPanicInARequestIsItsAnswer(t *testing.T) {
	call := Call{Screen: "x", Number: 7}
	reply, ok := Do(call, func() tea.Msg { panic("broken") })().(Reply)
	if !ok || reply.Call != call {
		t.Fatalf("got %v", reply)
	}
	var crash *CrashError
	if failed, ok := reply.Message.(Failed); !ok || !errors.Is(failed.Err, ErrCrashed) || !errors.As(failed.Err, &crash) || crash.Stack == "" {
		t.Errorf("got %v", reply.Message)
	}
	if answer := Do(call, func() tea.Msg { return nil })(); answer != nil {
		t.Errorf("work without an answer gave %v", answer)
	}
}

func TestAPickerChooses(t *testing.T) {
	frame := frameOf(t, 80)
	chosen := ""
	picker := &Picker{Title: "checklist.scenarios", Current: "b", Chosen: func(name string) tea.Cmd {
		chosen = name
		return nil
	}}
	for _, name := range []string{"a", "b", "c"} {
		picker.Choices = append(picker.Choices, Choice{Name: name, Words: "scenario " + name})
	}
	before := picker.Render(frame)
	if before != picker.Render(frame) || !strings.Contains(before, "▸ b   scenario b (current)") {
		t.Errorf("drawn as\n%s", before)
	}
	for _, key := range []string{"down", "down", "up", "down"} {
		if _, done := picker.Press(frame, key); done {
			t.Fatal("it closed by itself")
		}
	}
	if _, done := picker.Press(frame, "enter"); !done || chosen != "c" {
		t.Errorf("done %v, chosen %q", done, chosen)
	}
	if _, done := picker.Press(frame, "esc"); !done {
		t.Error("esc does not close it")
	}
}
