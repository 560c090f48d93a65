package parts_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"zsf/ui/parts"
	"zsf/ui/theme"
	"zsf/ui/uitest"
)

func press(c *parts.Chooser, keys ...string) parts.Outcome {
	outcome := parts.GoesOn
	for _, key := range keys {
		outcome = c.Press(uitest.Key(key))
	}
	return outcome
}

var agents = []parts.Option{{"1", "M. Alvarez", "m@x.example"}, {"2", "김지우", "jiwoo@x.example"}, {"3", "R. Osei", ""}}

func TestTypedLettersFindAnOption(t *testing.T) {
	cases := []struct {
		name  string
		keys  []string
		given []string
		ends  parts.Outcome
	}{
		{"what was marked is taken", []string{"enter"}, []string{"3"}, parts.Made},
		{"by its words", []string{"a", "l", "v", "enter"}, []string{"1"}, parts.Made},
		{"by its note", []string{"j", "i", "w", "enter"}, []string{"2"}, parts.Made},
		{"by its value", []string{"2", "enter"}, []string{"2"}, parts.Made},
		{"in Korean", []string{"김", "enter"}, []string{"2"}, parts.Made},
		{"nothing fits", []string{"q", "enter"}, []string{"3"}, parts.GoesOn},
		{"esc takes back the letters first", []string{"q", "esc"}, []string{"3"}, parts.GoesOn},
		{"and then gives up", []string{"q", "esc", "esc"}, []string{"3"}, parts.GivenUp},
		{"k and j are letters", []string{"k", "enter"}, []string{"3"}, parts.GoesOn},
		{"the arrows move", []string{"up", "enter"}, []string{"2"}, parts.Made},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			chooser := &parts.Chooser{Options: agents, Given: []string{"3"}}
			chooser.Fit(5)
			if ends := press(chooser, c.keys...); ends != c.ends || !slices.Equal(chooser.Given, c.given) {
				t.Errorf("%v, given %v", ends, chooser.Given)
			}
		})
	}
}

func TestSeveralAreTicked(t *testing.T) {
	given := []string{"1"}
	chooser := &parts.Chooser{Many: true, Options: agents, Given: given}
	chooser.Fit(5)
	press(chooser, "space", "down", "space", "o", "s", "e", "i", "space")
	if press(chooser, "enter") != parts.Made || !slices.Equal(chooser.Given, []string{"2", "3"}) {
		t.Errorf("given %v", chooser.Given)
	}
	if given[0] != "1" {
		t.Error("what was given before is no longer what it was")
	}
}

func TestALongListOfHostileNamesFits(t *testing.T) {
	frame := parts.Frame{Theme: theme.New(theme.Terminal{}), Words: uitest.Words(t, "ko")}
	var options []parts.Option
	for i := range 5000 {
		options = append(options, parts.Option{Value: fmt.Sprint(i), Words: fmt.Sprintf("\x1b[2J한빛 %d\u202e%s", i, strings.Repeat("x", i%200)), Note: "\x07n"})
	}
	chooser := &parts.Chooser{Options: options, Given: []string{"4321"}}
	chooser.Fit(8)
	for _, key := range []string{"", "pgdown", "ctrl+end", "up", "4", "2"} {
		if key != "" {
			press(chooser, key)
		}
		lines := chooser.Lines(frame, 50, 10)
		if len(lines) > 10 {
			t.Fatalf("%d lines of 10", len(lines))
		}
		for _, line := range lines {
			if ansi.StringWidth(line) > 50 || strings.ContainsAny(line, "\x07\u202e") || strings.Contains(line, "[2J") {
				t.Errorf("%q", line)
			}
		}
	}
}
