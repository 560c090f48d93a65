// The screen drawn: header, what the stage shows, what is said for a moment, keys.

package signin

import (
	"strings"
	"time"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"zsf/clients/sfcli"
	"zsf/flows/flow"
	"zsf/ui/locale"
	"zsf/ui/parts"
	"zsf/ui/theme"
)

const (
	indent    = 3  // of the body
	widest    = 96 // columns of text that are read with ease
	tallFrom  = 20 // lines: a blank one below the header
	roomyFrom = 30 // lines: a blank one above the status
)

// Render draws the screen: frame.Height lines of at most frame.Width cells.
func (m *Model) Render() string {
	lines := m.header()
	lines = append(lines, parts.Pad(m.body(), m.bodyHeight())...)
	if m.frame.Height >= roomyFrom {
		lines = append(lines, "")
	}
	status := ""
	if m.toast.Words() != "" {
		status = " " + m.frame.Theme.Accent.Render(m.toast.Words())
	}
	lines = append(lines, status, m.frame.Footer(m.Keys()))
	for i := range lines {
		lines[i] = m.frame.Cut(lines[i], m.frame.Width)
	}
	return strings.Join(parts.Pad(lines, m.frame.Height), "\n")
}

func (m *Model) header() []string {
	style, words := m.frame.Theme, m.frame.Words
	left := " " + style.Accent.Render("zsf") + "  " + style.Strong.Render(words.T("signin.name", "Service", m.name()))
	if m.options.Profile != "" {
		left += " " + style.Icons.Dot + " " + locale.Clean(m.options.Profile)
	}
	right := ""
	if m.stage == waiting {
		right = style.Accent.Render(locale.Countdown(m.attempt.Deadline().Sub(m.now)))
	}
	header := []string{m.frame.Spread(left, right, m.frame.Width-theme.Margin)}
	if m.frame.Height >= tallFrom {
		header = append(header, "")
	}
	return header
}

func (m *Model) bodyHeight() int {
	height := m.frame.Height - 1 - 2
	if m.frame.Height >= tallFrom {
		height--
	}
	if m.frame.Height >= roomyFrom {
		height--
	}
	return max(height, 2)
}

// width is that of the body's text.
func (m *Model) width() int { return min(m.frame.Width-indent-theme.Margin, widest) }

func (m *Model) body() []string {
	var lines []string
	switch m.stage {
	case starting, working:
		lines = m.workingLines()
	case choosing:
		lines = m.choosingLines()
	case forming:
		return indented(m.formLines())
	case unlocking:
		lines = m.unlockingLines()
	case waiting:
		lines = m.waitingLines()
	case failed:
		lines = m.reader.View(m.frame, m.failedLines(), m.bodyHeight(), "")
	case done:
		lines = m.doneLines()
	}
	return indented(lines)
}

func indented(lines []string) []string {
	moved := make([]string, len(lines))
	for i, line := range lines {
		if line != "" {
			moved[i] = strings.Repeat(" ", indent) + line
		}
	}
	return moved
}

// text wraps a text's words in a style.
func (m *Model) text(style lipgloss.Style, id string, args ...any) []string {
	return m.styled(style, m.frame.Words.T(id, args...))
}

func (m *Model) styled(style lipgloss.Style, words string) []string {
	var lines []string
	for _, paragraph := range strings.Split(words, "\n") {
		for _, line := range parts.Wrap(paragraph, m.width()) {
			lines = append(lines, style.Render(line))
		}
	}
	return lines
}

func (m *Model) workingLines() []string {
	mark := m.frame.Theme.Icons.Looking(time.Duration(m.now.UnixNano()) % time.Second)
	words := m.frame.Words.T(m.work, "Service", m.name())
	return []string{m.frame.Theme.Accent.Render(mark) + " " + m.frame.Cut(words, m.width()-2)}
}

// listHeight is how many orgs are in view.
func (m *Model) listHeight() int { return max(m.bodyHeight()-3, 1) }

func (m *Model) choosingLines() []string {
	style, words := m.frame.Theme, m.frame.Words
	lines := append(m.text(style.Strong, "signin.choose-org"), "")
	view := m.list // drawing changes nothing
	view.Fit(len(m.orgs)+1, m.listHeight(), nil)
	column := parts.Width(words.T("signin.another-org"))
	for _, org := range m.orgs {
		column = max(column, parts.Width(locale.Clean(org.Name())))
	}
	column = min(column, m.width()/2)
	from, to := view.Window()
	for i := from; i < to; i++ {
		name, about := words.T("signin.another-org"), words.T("signin.another-org-about")
		if i < len(m.orgs) {
			name, about = locale.Clean(m.orgs[i].Name()), m.orgWords(m.orgs[i])
		}
		cursor, name := " ", m.frame.Fit(name, column)
		if i == view.Cursor() {
			cursor, name = style.Accent.Render(style.Icons.Cursor), style.Strong.Render(name)
		}
		lines = append(lines, m.frame.Cut(cursor+" "+name+"   "+style.Quiet.Render(about), m.width()))
	}
	return lines
}

// orgWords are the org's host, whether it is a sandbox, and who is signed in.
func (m *Model) orgWords(org sfcli.Org) string {
	kind := "production"
	if org.Sandbox || org.Scratch {
		kind = "sandbox"
	}
	_, host, _ := strings.Cut(org.InstanceURL, "://")
	words := m.frame.Words.T("environment-kind."+kind) + " " + m.frame.Theme.Icons.Dot + " " + locale.Clean(host)
	if org.Alias != "" {
		words = m.frame.Words.T("environment-kind."+kind) + " " + m.frame.Theme.Icons.Dot + " " + locale.Clean(org.Username)
	}
	return words
}

func (m *Model) unlockingLines() []string {
	style, words, u := m.frame.Theme, m.frame.Words, &m.unlock
	var lines []string
	title := "signin.passphrase"
	if u.fresh {
		title = "signin.passphrase-new"
	}
	lines = append(lines, m.text(style.Strong, title)...)
	lines = append(lines, "")
	if u.store.Fallback != nil {
		lines = append(lines, m.text(style.Doubt, "auth.fallback", "Reason", u.store.Fallback, "Where", u.store.Where)...)
		lines = append(lines, "")
	} else if u.store.Where != "" {
		lines = append(append(lines, m.text(style.Quiet, "signin.passphrase-where", "Where", m.frame.Words.Kept(u.store.Where))...), "")
	}
	lines = append(lines, m.prompt(words.T("signin.passphrase-field"), &u.first, !u.second))
	if u.fresh {
		lines = append(lines, m.prompt(words.T("signin.passphrase-again-field"), &u.again, u.second))
	}
	if u.note != "" {
		lines = append(append(lines, ""), m.text(style.Bad, u.note)...)
	}
	return lines
}

// prompt is a field with its name before it.
func (m *Model) prompt(name string, field *parts.Field, focused bool) string {
	style, cursor := m.frame.Theme, " "
	if focused {
		cursor = style.Accent.Render(style.Icons.Cursor)
	}
	column := max(parts.Width(m.frame.Words.T("signin.passphrase-field")), parts.Width(m.frame.Words.T("signin.passphrase-again-field")))
	lead := cursor + " " + m.frame.Fit(name, column) + "  "
	return lead + field.View(m.frame, m.width()-parts.Width(lead), focused, "")
}

// waitingLines have the address whole, and the field in sight, on the smallest screen too.
func (m *Model) waitingLines() []string {
	style := m.frame.Theme
	address := m.linked(m.attempt.URL(), m.width())
	field := m.pasteLines()
	browser, args, again := "signin.browser-asked", []any(nil), "signin.closed-tab"
	if m.attempt.failed != nil {
		browser, args, again = "signin.browser-not", []any{"Reason", m.attempt.failed}, "signin.take-address"
	}
	const least = 3
	for level := range least + 1 {
		var lines []string
		if level < least {
			lines = m.text(style.Strong, "signin.waiting")
		}
		if level == 0 {
			lines = append(lines, "")
		}
		if level < 2 {
			lines = append(lines, m.text(style.Plain, browser, args...)...)
		}
		lines = append(lines, address...)
		if level == 0 {
			lines = append(append(lines, ""), m.text(style.Quiet, again)...)
			lines = append(append(lines, ""), m.text(style.Plain, "signin.paste")...)
		}
		lines = append(lines, field...)
		if len(lines) <= m.bodyHeight() || level == least {
			return fitted(lines, len(field), m.bodyHeight())
		}
	}
	return nil
}

// fitted drops what is above the last lines, where all do not fit.
func fitted(lines []string, last, height int) []string {
	if len(lines) <= height {
		return lines
	}
	return append(lines[:max(height-last, 0):max(height-last, 0)], lines[len(lines)-min(last, height):]...)
}

func (m *Model) pasteLines() []string {
	style := m.frame.Theme
	cursor := " "
	if !m.attempt.away {
		cursor = style.Accent.Render(style.Icons.Cursor)
	}
	field := cursor + " " + m.attempt.pasted.View(m.frame, m.width()-2, !m.attempt.away, m.frame.Words.T("signin.paste-hint"))
	lines := []string{field}
	switch {
	case m.attempt.trying != 0:
		lines = append(lines, m.text(style.Accent, "signin.trying-pasted")...)
	case m.attempt.note.id != "":
		lines = append(lines, m.text(style.Doubt, m.attempt.note.id, m.attempt.note.args...)...)
	}
	return lines
}

// linked is an address whole, broken only where the screen ends; each part leads to the whole, where the terminal
// has hyperlinks.
func (m *Model) linked(address string, width int) []string {
	address = locale.Clean(address)
	lines := parts.Break(address, width)
	for i, line := range lines {
		line = m.frame.Theme.Accent.Render(line)
		if m.frame.Theme.Terminal.Profile > colorprofile.ASCII {
			line = ansi.SetHyperlink(address, "id=zsf") + line + ansi.ResetHyperlink()
		}
		lines[i] = line
	}
	return lines
}

func (m *Model) doneLines() []string {
	style, kept := m.frame.Theme, m.finished
	mark := style.Good.Render(style.Icons.Mark(flow.Pass)) + " "
	lines := []string{mark + style.Strong.Render(m.frame.Cut(m.frame.Words.T("signin.done", "Service", m.name(), "User", kept.User), m.width()-2)), ""}
	where := m.frame.Words.Kept(kept.Where)
	if where == "" {
		where = m.frame.Words.T("source.sf")
	}
	lines = append(lines, m.text(style.Plain, "signin.done-at", "URL", kept.URL)...)
	lines = append(lines, m.text(style.Plain, "signin.done-where", "Where", where)...)
	if m.unlock.store.Fallback != nil && kept.Where != "" {
		lines = append(append(lines, ""), m.text(style.Doubt, "auth.fallback", "Reason", m.unlock.store.Fallback, "Where", m.unlock.store.Where)...)
	}
	if len(kept.Missing) > 0 {
		lines = append(append(lines, ""), m.text(style.Doubt, "auth.scope-missing", "Scopes", strings.Join(kept.Missing, " "))...)
	}
	return lines
}
