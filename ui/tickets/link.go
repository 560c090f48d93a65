// A link is shown whole, with the host that it leads to, before it is opened.

package tickets

import (
	"errors"
	"net/url"
	"strings"

	tea "charm.land/bubbletea/v2"

	"zsf/clients/transport"
	"zsf/ui/locale"
	"zsf/ui/parts"
	"zsf/ui/theme"
)

// isLink tells an address that may be opened: http or https, with a host.
func isLink(address string) bool {
	link, err := url.Parse(address)
	return err == nil && (link.Scheme == "http" || link.Scheme == "https") && link.Hostname() != ""
}

// A link is the overlay that asks before it opens an address.
type link struct {
	address string
	open    func() tea.Cmd
	copied  func() tea.Cmd
	reader  parts.Reader
}

// Press opens, copies, scrolls, or closes.
func (l *link) Press(frame parts.Frame, key string) (tea.Cmd, bool) {
	switch key {
	case "o":
		return l.open(), true
	case "y":
		return l.copied(), true
	case "esc", "q":
		return nil, true
	}
	l.reader.Press(key, len(l.lines(frame)), height(frame))
	return nil, false
}

func height(frame parts.Frame) int { return max(frame.Height-4, 1) }

func (l *link) lines(frame parts.Frame) []string {
	width := frame.Width - 2*overlayMargin
	words, style := frame.Words, frame.Theme
	lines := parts.Break(locale.Clean(l.address), width)
	host := ""
	if address, err := url.Parse(l.address); err == nil {
		host = locale.Clean(address.Hostname())
	}
	lines = append(lines, "")
	for _, line := range parts.Wrap(words.T("pane-link.leads-to", "Host", host), width) {
		lines = append(lines, style.Strong.Render(line))
	}
	if strings.ContainsFunc(host, func(r rune) bool { return r > 0x7e }) || strings.Contains(host, "xn--") {
		for _, line := range parts.Wrap(words.T("pane-link.foreign"), width) {
			lines = append(lines, style.Doubt.Render(line))
		}
	}
	return lines
}

// overlayMargin is left and right of what an overlay says.
const overlayMargin = 3

// Render draws the whole address.
func (l *link) Render(frame parts.Frame) string {
	body := l.reader.View(frame, l.lines(frame), height(frame), "")
	keys := parts.Table{
		{Do: "pane-link-open", Keys: []string{"o"}},
		{Do: "pane-link-copy", Keys: []string{"y"}},
		{Do: "close", Keys: []string{"esc"}},
	}
	return over(frame, frame.Words.T("pane-link.heading"), body, keys)
}

// over draws a screen that lies over the pane.
func over(frame parts.Frame, title string, body []string, keys parts.Table) string {
	screen := []string{" " + frame.Cut(frame.Theme.Strong.Render(title), frame.Width-2*theme.Margin), ""}
	for _, line := range parts.Pad(body, height(frame)) {
		if line != "" {
			line = frame.Cut("   "+line, frame.Width-1)
		}
		screen = append(screen, line)
	}
	return strings.Join(append(screen, "", frame.Footer(keys)), "\n")
}

// serviceOf is the service that an error is about.
func serviceOf(err error) transport.Service {
	var failed *transport.Error
	if errors.As(err, &failed) {
		return failed.Service
	}
	return ""
}
