// The two services in a screen's header and status line: who is looked at, and who asks to be left alone.

package parts

import (
	"strings"
	"time"

	"zsf/flows/flow"
	"zsf/ui/locale"
)

// Services names the org and the account; item finds a step, to tell whether somebody is signed in.
func (f Frame) Services(org flow.Salesforce, account flow.Zendesk, item func(flow.ID) *Item) string {
	return f.Words.T("checklist.services", "Salesforce", f.salesforce(org, item), "Zendesk", f.zendesk(account, item))
}

// salesforce names the org: its host's first part, and whether it is a sandbox.
func (f Frame) salesforce(org flow.Salesforce, item func(flow.ID) *Item) string {
	host := hostOf(org.InstanceURL)
	for _, suffix := range []string{".sandbox.my.salesforce.com", ".develop.my.salesforce.com", ".my.salesforce.com"} {
		host = strings.TrimSuffix(host, suffix)
	}
	switch {
	case host == "":
		return f.unseen(item("salesforce.signin"))
	case org.Sandbox == nil:
		return host
	case *org.Sandbox:
		return f.Words.T("checklist.sandbox", "Org", host)
	}
	return f.Words.T("checklist.production", "Org", host)
}

func (f Frame) zendesk(account flow.Zendesk, item func(flow.ID) *Item) string {
	host := strings.TrimSuffix(hostOf(account.URL), ".zendesk.com")
	if host == "" {
		return f.unseen(item("zendesk.signin"))
	}
	return host
}

// unseen says why a service has no name yet: nobody is signed in, or it is being looked at.
func (f Frame) unseen(signin *Item) string {
	if signin != nil && signin.Finding.Unseen {
		return f.Words.T("checklist.not-signed-in")
	}
	return f.Theme.Icons.Ellipsis
}

// hostOf is the host of a URL, cleaned; what is no URL comes back whole.
func hostOf(url string) string {
	url = locale.Clean(url)
	if _, rest, found := strings.Cut(url, "://"); found {
		url = rest
	}
	host, _, _ := strings.Cut(url, "/")
	return host
}

// Header is a screen's first line: the program, what it shows, about what; and something at the right end.
func (f Frame) Header(name, about string, right func(width int) string, width int) string {
	left := " " + f.Theme.Accent.Render("zsf") + "  " + f.Theme.Strong.Render(name)
	if about != "" {
		left += " " + f.Theme.Icons.Dot + " " + locale.Clean(about)
	}
	return f.Spread(left, right(f.Width-Width(left)-3), width)
}

// Fitting is the first of several ways to say the same that is at most width cells wide; the last, where none is.
func Fitting(ways []string, width int) string {
	for _, way := range ways[:len(ways)-1] {
		if Width(way) <= width {
			return way
		}
	}
	return ways[len(ways)-1]
}

// WaitLine says that a service asked to be left alone; empty when none does.
func (f Frame) WaitLine(waiting flow.Waiting, now time.Time) string {
	if !now.Before(waiting.Until) {
		return ""
	}
	left := (waiting.Until.Sub(now) + time.Second - 1).Truncate(time.Second)
	return f.Theme.Doubt.Render(f.Words.T("checklist.waiting", "Service", waiting.Service, "Span", left, "Why", waiting.Why))
}
