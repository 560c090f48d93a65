package theme

import (
	"image/color"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"zsf/flows/flow"
)

func TestEveryVerdictHasAMarkOfItsOwnOneCellWide(t *testing.T) {
	for name, icons := range map[string]Icons{"unicode": unicode, "ascii": ascii} {
		seen := map[string]flow.Verdict{}
		for _, verdict := range append(flow.Verdicts, "") {
			mark := icons.Mark(verdict)
			if other, twice := seen[mark]; twice {
				t.Errorf("%s: %s and %s have the same mark %q", name, verdict, other, mark)
			}
			seen[mark] = verdict
			if ansi.StringWidth(mark) != 1 {
				t.Errorf("%s: the mark %q is %d cells wide", name, mark, ansi.StringWidth(mark))
			}
			if name == "ascii" && mark[0] > 0x7e {
				t.Errorf("%q is not ASCII", mark)
			}
		}
		if icons.Looking(0) == icons.Looking(100*time.Millisecond) || icons.Looking(-time.Hour) != icons.Looking(0) {
			t.Errorf("%s: the mark does not turn", name)
		}
	}
}

func TestTwinsKeepTheWidth(t *testing.T) {
	const signs = "Setup › “a” ‘b’ – — … · ↑↓ → ← it’s ✓ ✗ ◦ ⊘ ▸"
	plain := New(Terminal{ASCII: true}).Finish(signs)
	if ansi.StringWidth(plain) != ansi.StringWidth(signs) {
		t.Errorf("%q has another width than %q", plain, signs)
	}
	if strings.ContainsFunc(plain, func(r rune) bool { return r > 0x7e }) {
		t.Errorf("%q is not ASCII", plain)
	}
	if same := New(Terminal{}).Finish(signs); same != signs {
		t.Errorf("%q was changed to %q", signs, same)
	}
}

func TestWithoutColourNothingIsColoured(t *testing.T) {
	for profile, coloured := range map[colorprofile.Profile]bool{
		colorprofile.NoTTY: false, colorprofile.ASCII: false, colorprofile.ANSI: true, colorprofile.TrueColor: true,
	} {
		for _, light := range []bool{false, true} {
			theme := New(Terminal{Profile: profile, Light: light})
			for _, verdict := range flow.Verdicts {
				drawn := theme.Verdict(verdict).Render("x") + theme.Accent.Render("x") + theme.Quiet.Render("x")
				if got := strings.Contains(drawn, "\x1b[3") || strings.Contains(drawn, "\x1b[9"); got != coloured {
					t.Errorf("%v: %q", profile, drawn)
				}
			}
		}
	}
}

func TestColoursStandOutFromTheBackground(t *testing.T) {
	for name, c := range map[string]struct {
		colours    colours
		background float64
	}{"dark": {dark, 0}, "light": {light, 1}} {
		for _, colour := range []color.Color{c.colours.quiet, c.colours.accent, c.colours.good, c.colours.bad, c.colours.doubt} {
			bright, dim := max(luminance(colour), c.background), min(luminance(colour), c.background)
			if contrast := (bright + 0.05) / (dim + 0.05); contrast < 4.5 {
				t.Errorf("%s: %v has a contrast of %.1f to 1", name, colour, contrast)
			}
		}
	}
}

// luminance is a colour's relative luminance (WCAG 2.2).
func luminance(c color.Color) float64 {
	r, g, b, _ := c.RGBA()
	linear := func(channel uint32) float64 {
		v := float64(channel) / 0xffff
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
}

func TestASCIIComesFromTheLocale(t *testing.T) {
	cases := []struct {
		env  map[string]string
		want bool
	}{
		{nil, false},
		{map[string]string{"LANG": "en_US.UTF-8"}, false},
		{map[string]string{"LANG": "ko_KR.utf8"}, false},
		{map[string]string{"LANG": "en_US.ISO-8859-1"}, true},
		{map[string]string{"LC_ALL": "C", "LANG": "en_US.UTF-8"}, true},
		{map[string]string{"LC_ALL": "C.UTF-8"}, false},
		{map[string]string{"LANG": "ko_KR"}, false},
		{map[string]string{"ZSF_ASCII": "1", "LANG": "en_US.UTF-8"}, true},
	}
	for _, c := range cases {
		if got := IsASCII(func(name string) string { return c.env[name] }); got != c.want {
			t.Errorf("%v: got %v", c.env, got)
		}
	}
}
