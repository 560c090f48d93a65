// What a person sees zsf in: the terminal, and the browser that a sign-in opens.

package doctor

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"zsf/flows/flow"
)

// The smallest window that screens fit into.
const (
	minWidth  = 60
	minHeight = 16
)

// A Terminal is what zsf runs in.
type Terminal struct {
	Width, Height int     // in cells; 0 when it does not tell
	Colours       Colours // how many it shows
	// Cells asks it how many cells WideCharacter takes there; nil: it is not to be asked, as nothing may be drawn.
	Cells func(context.Context) (int, error)
}

// Colours is how many colours a terminal shows.
type Colours string

// How many colours there are.
const (
	TrueColour Colours = "true-colour"
	Colours256 Colours = "256"
	Colours16  Colours = "16"
	NoColours  Colours = "none"
)

func (m Machine) terminal() flow.Finding {
	if m.Terminal == nil {
		return flow.NotKnown(flow.Say("doctor.terminal.absent"))
	}
	name, charset := m.Getenv("TERM"), m.locale()
	size := fmt.Sprintf("%d×%d", m.Terminal.Width, m.Terminal.Height)
	dumb := name == "dumb" || name == "" && m.OS != "windows"
	small := m.Terminal.Width < minWidth || m.Terminal.Height < minHeight
	narrow := m.OS != "windows" && !isUTF8(charset)
	colours := flow.Say("doctor.terminal.colours-" + string(m.Terminal.Colours))

	finding := flow.Passed(flow.Say("doctor.terminal.good", "Size", size, "Colours", colours))
	var remedies []flow.Remedy
	if narrow {
		finding = flow.Warned(flow.Say("doctor.terminal.no-utf8"))
		remedies = append(remedies, flow.Run("export LC_ALL=C.UTF-8", flow.Say("doctor.terminal.set-locale")))
	}
	if small {
		finding = flow.Warned(flow.Say("doctor.terminal.small", "Size", size, "Least", fmt.Sprintf("%d×%d", minWidth, minHeight)))
		remedies = append(remedies, flow.Tell(flow.Say("doctor.terminal.enlarge")))
	}
	if dumb {
		finding = flow.Warned(flow.Say("doctor.terminal.dumb", "Term", name))
		remedies = append(remedies, flow.Run("export TERM=xterm-256color", flow.Say("doctor.terminal.set-term")))
	}
	return finding.Mend(remedies...).With(
		marked(warnIf(small), flow.Say("doctor.terminal.size", "Size", size)),
		fact(colours),
		marked(warnIf(dumb), flow.Say("doctor.terminal.term", "Term", name)),
		marked(warnIf(narrow), flow.Say("doctor.terminal.locale", "Locale", charset)),
	)
}

// WideCharacter is one that takes two cells.
const WideCharacter = "한"

// Why a terminal's width of a wide character is not known.
var (
	ErrNoReply   = errors.New("the terminal did not answer")
	ErrCannotAsk = errors.New("this system's console is not asked")
)

// wide tells whether the terminal draws a wide character as wide as zsf reckons: else no column of Korean lines up.
func (m Machine) wide(ctx context.Context) flow.Finding {
	unknown := func(id string) flow.Finding { return flow.NotKnown(flow.Say(id)) }
	switch {
	case m.Terminal == nil:
		return unknown("doctor.wide.absent")
	case m.Terminal.Cells == nil:
		return unknown("doctor.wide.not-asked")
	case m.Getenv("TERM") == "dumb":
		return unknown("doctor.wide.dumb")
	}
	cells, err := m.Terminal.Cells(ctx)
	switch {
	case errors.Is(err, ErrNoReply):
		return unknown("doctor.wide.no-reply").Because(err)
	case errors.Is(err, ErrCannotAsk):
		return unknown("doctor.wide.cannot-ask").Because(err)
	case err != nil:
		return flow.NotKnown(flow.Say("unseen", "Reason", err)).Because(err)
	case cells == 2:
		return flow.Passed(flow.Say("doctor.wide.good", "Character", WideCharacter))
	}
	return flow.Warned(flow.Say("doctor.wide.wrong", "Character", WideCharacter, "Cells", cells)).Mend(
		flow.Run("export LC_ALL=C.UTF-8", flow.Say("doctor.terminal.set-locale")),
		flow.Tell(flow.Say("doctor.wide.use-plain")),
	)
}

func warnIf(wrong bool) flow.Verdict {
	if wrong {
		return flow.Warn
	}
	return flow.Pass
}

// locale is what decides the letters, in the order of POSIX.
func (m Machine) locale() string {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if value := m.Getenv(name); value != "" {
			return value
		}
	}
	return ""
}

func isUTF8(locale string) bool {
	return strings.Contains(strings.ReplaceAll(strings.ToLower(locale), "-", ""), "utf8")
}

// browser tells whether a page could be opened, in the ways of clients/browser; it opens none.
func (m Machine) browser() flow.Finding {
	if own := m.Getenv("BROWSER"); own != "" {
		var names []string
		for entry := range strings.SplitSeq(own, ":") {
			if argv := strings.Fields(entry); len(argv) > 0 {
				names = append(names, argv[0])
			}
		}
		return m.firstOf(names, "doctor.browser.own", "doctor.browser.own-missing")
	}
	switch {
	case m.OS == "linux" && (m.Getenv("WSL_DISTRO_NAME") != "" || m.Getenv("WSL_INTEROP") != ""):
		return m.firstOf([]string{"wslview", "powershell.exe"}, "doctor.browser.windows", "doctor.browser.windows-missing")
	case m.OS == "windows", m.OS == "darwin":
		return flow.Passed(flow.Say("doctor.browser.system"))
	case m.Getenv("DISPLAY") == "" && m.Getenv("WAYLAND_DISPLAY") == "":
		return noBrowser(flow.Say("doctor.browser.no-desktop"))
	}
	return m.firstOf([]string{"xdg-open", "x-www-browser", "www-browser"}, "doctor.browser.desktop", "doctor.browser.desktop-missing")
}

func (m Machine) firstOf(names []string, found, missing string) flow.Finding {
	for _, name := range names {
		if m.Find(name) == nil {
			return flow.Passed(flow.Say(found, "Name", name))
		}
	}
	return noBrowser(flow.Say(missing, "Names", names))
}

func noBrowser(why flow.Text) flow.Finding {
	return flow.Warned(why).Mend(flow.Run("zsf auth login zendesk --paste", flow.Say("doctor.browser.paste")))
}
