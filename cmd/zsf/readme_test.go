package main_test

import (
	"flag"
	"os"
	"strings"
	"testing"

	"zsf/ui/checklist"
	"zsf/ui/compose"
	"zsf/ui/locale"
	"zsf/ui/parts"
	"zsf/ui/signin"
	"zsf/ui/tickets"
	"zsf/ui/wizard"
)

var update = flag.Bool("update", false, "write the README's key tables anew")

// The README's tables of keys are those that the screens' own help is made from.
func TestReadmeNamesTheKeysThatThereAre(t *testing.T) {
	const path = "../../README.md"
	readme, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	words, err := locale.New("en")
	if err != nil {
		t.Fatal(err)
	}
	text := string(readme)
	for name, table := range map[string]parts.Table{"keys": checklist.AllKeys(), "sign-in keys": signin.AllKeys(), "wizard keys": wizard.AllKeys(), "tickets keys": tickets.AllKeys(), "writing keys": compose.AllKeys()} {
		begin, end := "<!-- "+name+": written by `go test ./cmd/zsf -run Readme -update` -->\n", "<!-- /"+name+" -->"
		before, rest, found := strings.Cut(text, begin)
		written, after, closed := strings.Cut(rest, end)
		if !found || !closed {
			t.Fatalf("the README has lost the marks around its table of %s", name)
		}
		want := parts.Markdown(words, table)
		if written != want && !*update {
			t.Errorf("the README's %s are not the screen's; run this test with -update:\n%s", name, want)
		}
		text = before + begin + want + end + after
	}
	if *update {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
