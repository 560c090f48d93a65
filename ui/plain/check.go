// Package plain shows flows as lines of text: for a pipe, a screen reader, a dumb terminal.
// Nothing is redrawn, and nothing depends on colour.
package plain

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"zsf/clients/transport"
	"zsf/flows/flow"
	"zsf/ui/locale"
)

// A Printer prints findings.
type Printer struct {
	Out     io.Writer
	Words   *locale.Locale
	Heading string // the words of a report's first line; plain.heading when empty
}

// Report prints a whole look: where, what was found group by group, and the totals.
// What is well takes a line; the rest says what was seen, what it leads to, and what to do.
func (p Printer) Report(about flow.Flow, looked flow.Report) error {
	var b strings.Builder
	p.heading(&b, looked)
	wide := p.widest(about, looked)
	for _, group := range about.Groups {
		first := true
		for _, step := range group.Steps {
			finding, ok := looked.Finding(step.ID)
			if !ok {
				continue
			}
			if first {
				fmt.Fprintf(&b, "\n%s\n", p.Words.Say(group.Title()))
				first = false
			}
			p.finding(&b, finding, wide)
		}
	}
	fmt.Fprintf(&b, "\n%s\n", p.Totals(looked))
	return p.print(b.String())
}

func (p Printer) print(text string) error {
	if _, err := io.WriteString(p.Out, text); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}

func (p Printer) heading(b *strings.Builder, looked flow.Report) {
	heading := cmp.Or(p.Heading, "plain.heading")
	fmt.Fprintf(b, "%s\n", p.Words.T(heading, "Profile", looked.Profile, "Time", looked.StartedAt))
	org, account := looked.Salesforce, looked.Zendesk
	fmt.Fprintf(b, "%s\n", p.Words.T("plain.org", "Org", place(p.Words, org.InstanceURL, org.OrgName, org.Username)))
	fmt.Fprintf(b, "%s\n", p.Words.T("plain.account", "Account", place(p.Words, account.URL, account.User, account.Role)))
}

func place(words *locale.Locale, address string, more ...string) string {
	if address == "" {
		return words.T("plain.no-sign-in")
	}
	for _, part := range more {
		if part != "" {
			address += " · " + part
		}
	}
	return address
}

// columns are the widths of the verdict's word and of the title.
type columns struct{ verdict, title int }

func (p Printer) widest(about flow.Flow, looked flow.Report) columns {
	var wide columns
	for _, step := range about.Steps() {
		if finding, ok := looked.Finding(step.ID); ok {
			wide.verdict = max(wide.verdict, ansi.StringWidth(p.Words.Verdict(finding.Verdict)))
			wide.title = max(wide.title, ansi.StringWidth(p.Words.Say(step.Title())))
		}
	}
	return wide
}

func (p Printer) finding(b *strings.Builder, finding flow.Finding, wide columns) {
	title := p.Words.Say(flow.Step{ID: finding.Step}.Title())
	fmt.Fprintf(b, "  %s  %s  %s\n",
		pad(p.Words.Verdict(finding.Verdict), wide.verdict), pad(title, wide.title), p.Words.Say(finding.Summary))
	if finding.Verdict == flow.Pass || finding.Verdict == flow.Blocked || finding.Verdict == flow.Confirmed {
		return
	}
	indent := strings.Repeat(" ", wide.verdict+4)
	for _, line := range finding.Evidence {
		fmt.Fprintf(b, "%s%s%s%s\n", indent, p.mark(line, finding.Evidence), p.Words.Say(line.Fact), p.source(line))
	}
	if finding.Verdict == flow.Fail || finding.Verdict == flow.Warn {
		fmt.Fprintf(b, "%s%s\n", indent, p.Words.T("plain.leads-to", "What", finding.LeadsTo))
	}
	for _, way := range finding.Remedies {
		fmt.Fprintf(b, "%s%s\n", indent, p.Words.T("plain.remedy", "Title", way.Title))
		for _, follow := range []string{way.URL, p.Words.Command(way.Command)} {
			if follow != "" {
				fmt.Fprintf(b, "%s  %s\n", indent, follow)
			}
		}
	}
}

// mark is the word before a fact that speaks against the step, where others speak for it.
func (p Printer) mark(line flow.Evidence, among []flow.Evidence) string {
	speaksFor := func(other flow.Evidence) bool { return other.Mark == flow.Pass }
	if line.Mark == "" || speaksFor(line) || !slices.ContainsFunc(among, speaksFor) {
		return ""
	}
	return p.Words.Verdict(line.Mark) + ": "
}

// source is where and when a fact was read, in brackets.
func (p Printer) source(line flow.Evidence) string {
	switch {
	case line.Source == "":
		return ""
	case line.ReadAt.IsZero():
		return " (" + line.Source + ")"
	}
	return " (" + line.Source + ", " + p.Words.T("plain.read-at", "Time", line.ReadAt) + ")"
}

const tenth = 100 * time.Millisecond

// Totals is one line: how many of which verdict, how many steps, how long it took.
func (p Printer) Totals(looked flow.Report) string {
	return p.Words.T("plain.totals", "Counts", p.Words.Totals(looked, flow.Verdicts...),
		"Count", len(looked.Findings), "Took", max(looked.Took.Round(tenth), tenth))
}

// Changes prints a line for each step whose verdict is another than when it was seen last, or that is not well in
// another way. What is well may count differently each time: that is no change. Nor is it one that nothing could be
// seen of a step: of a service that is away, or back after the look before, a line says so.
func (p Printer) Changes(seen, before, now flow.Report) error {
	var b strings.Builder
	at := p.Words.Time(now.StartedAt)
	for _, service := range []transport.Service{transport.Salesforce, transport.Zendesk} {
		count, why := away(now, service)
		was, _ := away(before, service)
		switch {
		case count > 0 && was == 0:
			fmt.Fprintf(&b, "%s  %s\n", at, p.Words.T("plain.away", "Service", string(service), "Count", count, "Reason", why))
		case count == 0 && was > 0:
			fmt.Fprintf(&b, "%s  %s\n", at, p.Words.T("plain.back", "Service", string(service)))
		}
	}
	for _, finding := range now.Over(seen).Findings {
		old, ok := seen.Finding(finding.Step)
		same := finding.Verdict == flow.Pass || p.Words.Say(old.Summary) == p.Words.Say(finding.Summary)
		if ok && old.Verdict == finding.Verdict && same {
			continue
		}
		fmt.Fprintf(&b, "%s  %s\n", at, p.Words.T("plain.change",
			"Title", flow.Step{ID: finding.Step}.Title(), "Before", p.Words.Verdict(old.Verdict),
			"Now", p.Words.Verdict(finding.Verdict), "Summary", finding.Summary))
	}
	return p.print(b.String())
}

// away counts the steps that could not be looked at as their service did not answer, and says why.
func away(looked flow.Report, service transport.Service) (count int, why error) {
	for _, finding := range looked.Findings {
		if failed := looked.Away(finding); failed != nil && failed.Service == service {
			count, why = count+1, failed
		}
	}
	return count, why
}

func pad(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-ansi.StringWidth(text)))
}
