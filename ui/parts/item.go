// A step as the screens show it: what is known of it, its mark, and its line.

package parts

import (
	"strings"
	"time"

	"zsf/flows/flow"
)

// An Item is a step and what is known of it.
type Item struct {
	Step    flow.Step
	Group   int // of the flow
	Finding flow.Finding
	Seen    bool // there is a finding
	Looking bool
	Since   time.Time // of the look that runs
}

// Begin notes that a look at the step began; false where one runs already.
func (i *Item) Begin(now time.Time) bool {
	if i.Looking {
		return false
	}
	i.Looking, i.Since = true, now
	return true
}

// Settle takes a finding; true where a look was waiting for it.
func (i *Item) Settle(finding flow.Finding) bool {
	waited := i.Looking
	i.Finding, i.Seen, i.Looking = finding, true, false
	return waited
}

// Pages are the pages that the finding offers.
func (i *Item) Pages() []flow.Remedy {
	var pages []flow.Remedy
	for _, remedy := range i.Finding.Remedies {
		if remedy.Kind == flow.ByPage {
			pages = append(pages, remedy)
		}
	}
	return pages
}

// Command is the first command that the finding offers.
func (i *Item) Command() string {
	for _, remedy := range i.Finding.Remedies {
		if remedy.Command != "" {
			return remedy.Command
		}
	}
	return ""
}

// NamesSignIn tells that a remedy of the finding is to sign in.
func (i *Item) NamesSignIn() bool {
	for _, remedy := range i.Finding.Remedies {
		if strings.HasPrefix(remedy.Command, signInCommand) {
			return true
		}
	}
	return false
}

// Mark is a step's mark; it turns while zsf looks.
func (f Frame) Mark(item *Item, now time.Time) string {
	switch {
	case item.Looking:
		return f.Theme.Accent.Render(f.Theme.Icons.Looking(now.Sub(item.Since)))
	case !item.Seen:
		return f.Theme.Quiet.Render(f.Theme.Icons.NotYet)
	}
	return f.Theme.Verdict(item.Finding.Verdict).Render(f.Theme.Icons.Mark(item.Finding.Verdict))
}

// Summary is a step in one line. While zsf looks again, the old one stays, with the time when it was true.
func (f Frame) Summary(item *Item, now time.Time) string {
	switch {
	case item.Looking && item.Seen:
		return f.Words.T("checklist.seen-at", "Summary", item.Finding.Summary, "Time", item.Finding.ReadAt)
	case item.Looking:
		return f.Words.T("checklist.looking", "Span", f.Elapsed(now.Sub(item.Since)))
	case !item.Seen:
		return ""
	}
	return f.Words.Say(item.Finding.Summary)
}

// Elapsed is a running time in whole seconds; nothing in the first one.
func (f Frame) Elapsed(since time.Duration) string {
	if since < time.Second {
		return ""
	}
	return f.Words.Span(since.Truncate(time.Second))
}
