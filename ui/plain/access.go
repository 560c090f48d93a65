// Who may use the connected app, and why one user sees tickets or does not.

package plain

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"zsf/flows/access"
	"zsf/flows/flow"
	"zsf/flows/steps"
	"zsf/ui/locale"
)

// ProfileRows lists the profiles: may use it or not, licence, active users, and which is locked.
func ProfileRows(words *locale.Locale, profile string, installed bool, rows []steps.ProfileRow) string {
	var b strings.Builder
	may, people := 0, 0
	wide := columns{}
	for _, row := range rows {
		wide.title = max(wide.title, ansi.StringWidth(locale.Clean(row.Name)))
		wide.verdict = max(wide.verdict, ansi.StringWidth(locale.Clean(row.Licence)))
		if row.MayUse {
			may++
			people += row.People
		}
	}
	fmt.Fprintf(&b, "%s\n", words.T("grant.heading", "Profile", profile, "May", may, "All", len(rows), "People", people))
	if !installed {
		fmt.Fprintf(&b, "%s\n", words.T("grant.no-app"))
	}
	state := max(ansi.StringWidth(words.T("change.may")), ansi.StringWidth(words.T("change.may-not")))
	for _, row := range rows {
		what := words.T("change.may-not")
		if row.MayUse {
			what = words.T("change.may")
		}
		count := words.T("access.profiles.people-untold")
		if row.Told {
			count = words.T("access.profiles.people", "Count", row.People)
		}
		line := fmt.Sprintf("  %s  %s  %s  %s", pad(what, state), pad(locale.Clean(row.Name), wide.title), pad(locale.Clean(row.Licence), wide.verdict), count)
		if row.Locked {
			line += "  " + words.T("grant.locked", "Why", row.Why)
		}
		fmt.Fprintf(&b, "%s\n", line)
	}
	return b.String()
}

// Explanation says link by link what lets a user see tickets, and marks the first that does not hold.
func Explanation(words *locale.Locale, explained access.Explanation) string {
	var b strings.Builder
	person := explained.Person
	fmt.Fprintf(&b, "%s\n\n", words.T("explanation.heading", "Name", person.Name, "Username", person.Username))
	broken, isBroken := explained.Broken()
	var wide columns
	for _, link := range explained.Links {
		wide.verdict = max(wide.verdict, ansi.StringWidth(words.Verdict(link.Verdict)))
		wide.title = max(wide.title, ansi.StringWidth(words.Say(link.Title())))
	}
	indent := strings.Repeat(" ", wide.verdict+4)
	printer := Printer{Words: words}
	for _, link := range explained.Links {
		fmt.Fprintf(&b, "  %s  %s  %s\n", pad(words.Verdict(link.Verdict), wide.verdict), pad(words.Say(link.Title()), wide.title), words.Say(link.Summary))
		if link.Verdict != flow.Pass || link.ID == "grant" || link.ID == "profile" {
			for _, line := range link.Evidence {
				fmt.Fprintf(&b, "%s%s%s\n", indent, words.Say(line.Fact), printer.source(line))
			}
		}
		if isBroken && link.ID == broken.ID {
			fmt.Fprintf(&b, "%s%s\n", indent, words.T("explanation.here"))
		}
		for _, way := range link.Remedies {
			fmt.Fprintf(&b, "%s%s\n", indent, words.T("plain.remedy", "Title", way.Title))
			for _, follow := range []string{locale.Clean(way.URL), words.Command(way.Command)} {
				if follow != "" {
					fmt.Fprintf(&b, "%s  %s\n", indent, follow)
				}
			}
		}
	}
	fmt.Fprintf(&b, "\n%s\n", words.Say(Conclusion(explained)))
	return b.String()
}

// Conclusion is the answer in one sentence.
func Conclusion(explained access.Explanation) flow.Text {
	broken, isBroken := explained.Broken()
	name := explained.Person.Name
	switch {
	case isBroken && broken.Verdict == flow.Fail:
		return flow.Say("explanation.broken", "Name", name, "Link", broken.Title())
	case isBroken:
		return flow.Say("explanation.partly", "Name", name, "Link", broken.Title(), "Summary", broken.Summary)
	case explained.Unknown() > 0:
		return flow.Say("explanation.unknown", "Name", name, "Count", explained.Unknown(), "All", len(explained.Links))
	}
	return flow.Say("explanation.whole", "Name", name)
}
