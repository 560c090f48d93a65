// The whole guide of a flow as text: what is done where, without doing anything.

package plain

import (
	"fmt"
	"strings"

	"zsf/flows/flow"
	"zsf/ui/locale"
)

// A GuidePart is one profile's part of a guide.
type GuidePart struct {
	About    flow.Flow
	Profile  string
	Remedies func(flow.ID) []flow.Remedy
	Command  func(flow.ID) string // lets zsf do a step by itself
}

// Guide writes the steps of flows in order: why, what to look for, where to click, what to type. The command walks
// through all of them.
func (p Printer) Guide(command string, parts ...GuidePart) error {
	var b strings.Builder
	number := 0
	for n, part := range parts {
		if n > 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "%s\n", p.Words.T("guide."+part.About.ID, "Profile", part.Profile))
		for _, group := range part.About.Groups {
			fmt.Fprintf(&b, "\n%s\n", p.Words.Say(group.Title()))
			for _, step := range group.Steps {
				number++
				p.guideStep(&b, number, step, part)
			}
		}
	}
	fmt.Fprintf(&b, "\n%s\n", p.Words.T("guide.end", "Command", command))
	return p.print(b.String())
}

func (p Printer) guideStep(b *strings.Builder, number int, step flow.Step, part GuidePart) {
	fmt.Fprintf(b, "\n%d. %s (%s)\n", number, p.Words.Say(step.Title()), step.ID)
	fmt.Fprintf(b, "   %s\n", p.Words.T("walk.why", "Why", step.Why()))
	if look := lookFor(step.ID); p.Words.Has(look.ID) {
		fmt.Fprintf(b, "   %s\n", p.Words.T("walk.look-for", "What", look))
	}
	if step.Change != nil {
		fmt.Fprintf(b, "   %s\n", p.Words.T("guide.change", "Command", part.Command(step.ID)))
	}
	p.ways(b, part.Remedies(step.ID))
}

func (p Printer) ways(b *strings.Builder, remedies []flow.Remedy) {
	for _, way := range remedies {
		switch way.Kind {
		case flow.ByPage:
			fmt.Fprintf(b, "   %s\n", p.Words.T("guide.page", "Trail", way.Title))
			b.WriteString(Clicks(p.Words, way, "     "))
		case flow.ByCommand:
			fmt.Fprintf(b, "   %s\n", p.Words.T("walk.command", "What", way.Title, "Command", p.Words.Command(way.Command)))
		default:
			fmt.Fprintf(b, "   %s\n", p.Words.T("walk.advice", "What", way.Title))
		}
	}
}

// Clicks are a page's address, and what to click there, numbered.
func Clicks(words *locale.Locale, page flow.Remedy, indent string) string {
	var b strings.Builder
	if page.URL != "" {
		fmt.Fprintf(&b, "%s%s\n", indent, locale.Clean(page.URL))
	}
	if !words.Has(page.Clicks.ID) {
		return b.String()
	}
	for n, click := range strings.Split(words.Say(page.Clicks), "\n") {
		fmt.Fprintf(&b, "%s%d. %s\n", indent, n+1, click)
	}
	return b.String()
}
