// Package theme holds colours, marks and spacing, in one place: dark, light, sixteen colours,
// no colour, and ASCII only. No meaning is in a colour alone: each has a mark or a word too.
package theme

import (
	"image/color"
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"

	"zsf/flows/flow"
)

// Spacing, in cells.
const (
	Margin = 1 // left and right of the screen
	Gutter = 3 // between two columns of text
	Indent = 2 // of what belongs to the line above
)

// A Terminal is what a theme has to suit.
type Terminal struct {
	Light   bool                 // the background is light
	Profile colorprofile.Profile // colours that it can show
	ASCII   bool                 // it shows ASCII only
}

// A Theme is what the screens draw with. Styles are named by what they mean.
type Theme struct {
	Terminal Terminal

	Plain  lipgloss.Style // what is read
	Strong lipgloss.Style // what is read first
	Quiet  lipgloss.Style // what need not be read
	Accent lipgloss.Style // where one is, and what one can press
	Good   lipgloss.Style
	Bad    lipgloss.Style
	Doubt  lipgloss.Style

	Icons Icons
}

// New makes the theme for a terminal.
func New(terminal Terminal) Theme {
	theme := Theme{Terminal: terminal, Icons: unicode}
	if terminal.ASCII {
		theme.Icons = ascii
	}
	if terminal.Profile <= colorprofile.ASCII {
		return theme.withoutColour()
	}
	colours := dark
	switch {
	case terminal.Profile == colorprofile.ANSI && terminal.Light:
		colours = sixteenOnLight
	case terminal.Profile == colorprofile.ANSI:
		colours = sixteenOnDark
	case terminal.Light:
		colours = light
	}
	theme.Plain = lipgloss.NewStyle()
	theme.Strong = lipgloss.NewStyle().Bold(true)
	theme.Quiet = lipgloss.NewStyle().Foreground(colours.quiet)
	theme.Accent = lipgloss.NewStyle().Foreground(colours.accent)
	theme.Good = lipgloss.NewStyle().Foreground(colours.good)
	theme.Bad = lipgloss.NewStyle().Foreground(colours.bad)
	theme.Doubt = lipgloss.NewStyle().Foreground(colours.doubt)
	return theme
}

// IsASCII tells whether the environment's character set cannot hold the marks: ZSF_ASCII is set,
// or the locale is C, POSIX, or one with a character set that is not UTF-8.
func IsASCII(getenv func(string) string) bool {
	if getenv("ZSF_ASCII") != "" {
		return true
	}
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		value := strings.ToLower(getenv(name))
		if value == "" {
			continue
		}
		_, charset, named := strings.Cut(value, ".")
		if named {
			return charset != "utf-8" && charset != "utf8"
		}
		return value == "c" || value == "posix"
	}
	return false
}

// twins replace, cell for cell, what words hold beyond ASCII.
var twins = strings.NewReplacer("›", ">", "…", ".", "“", `"`, "”", `"`, "‘", "'", "’", "'", "–", "-", "—", "-",
	"·", "-", "→", ">", "←", "<", "↑", "^", "↓", "v", "⚙", "*", "\u00a0", " ",
	"✓", "+", "✗", "x", "◦", "o", "⊘", "#", "▸", ">")

// Finish makes a drawn screen fit for the terminal: in ASCII, signs become their twins of the same width.
func (t Theme) Finish(screen string) string {
	if !t.Terminal.ASCII {
		return screen
	}
	return twins.Replace(screen)
}

// colours are the few that zsf uses: one accent, and three for verdicts.
type colours struct{ quiet, accent, good, bad, doubt color.Color }

// Each has a contrast of at least 4.5 to 1 (WCAG AA) against black or white, which a test computes.
// The sixteen are the terminal's own.
var (
	dark = colours{
		quiet: lipgloss.Color("#949494"), accent: lipgloss.Color("#5FB8D9"), good: lipgloss.Color("#7FB58A"),
		bad: lipgloss.Color("#F47C7C"), doubt: lipgloss.Color("#E0B45C"),
	}
	light = colours{
		quiet: lipgloss.Color("#626262"), accent: lipgloss.Color("#00658A"), good: lipgloss.Color("#2C6E3F"),
		bad: lipgloss.Color("#B3261E"), doubt: lipgloss.Color("#7D5700"),
	}
	sixteenOnDark = colours{
		quiet: lipgloss.BrightBlack, accent: lipgloss.Cyan, good: lipgloss.Green,
		bad: lipgloss.BrightRed, doubt: lipgloss.Yellow,
	}
	sixteenOnLight = colours{
		quiet: lipgloss.BrightBlack, accent: lipgloss.Blue, good: lipgloss.Green,
		bad: lipgloss.Red, doubt: lipgloss.Magenta,
	}
)

func (t Theme) withoutColour() Theme {
	t.Plain = lipgloss.NewStyle()
	t.Strong = lipgloss.NewStyle().Bold(true)
	t.Quiet = lipgloss.NewStyle().Faint(true)
	t.Accent = lipgloss.NewStyle().Bold(true)
	t.Good, t.Bad, t.Doubt = t.Plain, t.Strong, t.Plain
	return t
}

// Without is the theme without any style: for a pipe.
func (t Theme) Without() Theme {
	none := lipgloss.NewStyle()
	t.Plain, t.Strong, t.Quiet, t.Accent, t.Good, t.Bad, t.Doubt = none, none, none, none, none, none, none
	return t
}

// Verdict is the style of a verdict's mark and word.
func (t Theme) Verdict(verdict flow.Verdict) lipgloss.Style {
	switch verdict {
	case flow.Pass, flow.Confirmed:
		return t.Good
	case flow.Fail:
		return t.Bad
	case flow.Warn:
		return t.Doubt
	case flow.Unknown:
		return t.Plain
	default:
		return t.Quiet
	}
}

// Status is the style of a ticket's status: what waits for an agent stands out.
func (t Theme) Status(status string) lipgloss.Style {
	switch status {
	case "new":
		return t.Doubt
	case "open":
		return t.Bad
	case "pending":
		return t.Accent
	case "hold":
		return t.Plain
	default:
		return t.Quiet
	}
}
