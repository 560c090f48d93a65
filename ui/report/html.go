package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"

	"zsf/flows/flow"
	"zsf/flows/snapshot"
	"zsf/ui/locale"
)

var (
	//go:embed page.html
	pageText string
	//go:embed page.css
	pageStyle string

	page = template.Must(template.New("page").Parse(pageText))
)

// what page.html shows: words only, which it escapes.
type pageData struct {
	Lang, Title, Heading, Looked, Totals, Legend, MadeBy string
	Style                                                template.CSS
	Places                                               []place
	Groups                                               []pageGroup
	Drift                                                *pageDrift
}

type place struct{ Name, Value string }

type pageGroup struct {
	Title string
	Steps []pageStep
}

type pageStep struct {
	Class, Verdict, Title, Summary     string
	Open                               bool // shown whole: it is not well
	SeenTitle, LeadsToTitle, MendTitle string
	Seen                               []place
	LeadsTo                            string
	Ways                               []pageWay
}

type pageWay struct {
	Title, Command string
	URL            string
}

type pageDrift struct {
	Title          string
	Changes, Notes []string
	None           string
}

// WriteHTML writes a look as one page that needs nothing else: to hand to a colleague.
func WriteHTML(w io.Writer, words *locale.Locale, about flow.Flow, looked flow.Report, drift *Drift) error {
	data := pageData{
		Lang: words.Tag(), Title: words.T("html.title", "Profile", looked.Profile), Heading: words.T("html.heading"),
		Looked: words.T("html.looked", "Time", flow.Moment(looked.StartedAt), "Took", looked.Took),
		Totals: words.Totals(looked, flow.Verdicts...), Legend: words.T("html.legend"), MadeBy: words.T("html.made-by"),
		Style: template.CSS(pageStyle), //nolint:gosec // our own
		Places: []place{
			{words.T("html.org"), placeOf(words, looked.Salesforce.InstanceURL, looked.Salesforce.OrgName, looked.Salesforce.Username)},
			{words.T("html.account"), placeOf(words, looked.Zendesk.URL, looked.Zendesk.User, looked.Zendesk.Role)},
		},
		Drift: driftOf(words, drift),
	}
	for _, group := range about.Groups {
		shown := pageGroup{Title: words.Say(group.Title())}
		for _, step := range group.Steps {
			if finding, ok := looked.Finding(step.ID); ok {
				shown.Steps = append(shown.Steps, pageStepOf(words, finding))
			}
		}
		if len(shown.Steps) > 0 {
			data.Groups = append(data.Groups, shown)
		}
	}
	if err := page.Execute(w, data); err != nil {
		return fmt.Errorf("write the page: %w", err)
	}
	return nil
}

func placeOf(words *locale.Locale, address string, more ...string) string {
	if address == "" {
		return words.T("plain.no-sign-in")
	}
	parts := []string{address}
	for _, part := range more {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return locale.Clean(strings.Join(parts, " · "))
}

func pageStepOf(words *locale.Locale, finding flow.Finding) pageStep {
	step := pageStep{
		Class: string(finding.Verdict), Verdict: words.Verdict(finding.Verdict),
		Title: words.Say(flow.Step{ID: finding.Step}.Title()), Summary: words.Say(finding.Summary),
		Open:      finding.Verdict == flow.Fail || finding.Verdict == flow.Warn,
		SeenTitle: words.T("html.seen"), LeadsToTitle: words.T("html.leads-to"), MendTitle: words.T("html.mend"),
	}
	for _, line := range finding.Evidence {
		source := line.Source
		if !line.ReadAt.IsZero() {
			source = strings.TrimLeft(source+", "+words.Time(line.ReadAt), ", ")
		}
		step.Seen = append(step.Seen, place{Name: words.Say(line.Fact), Value: locale.Clean(source)})
	}
	if step.Open {
		step.LeadsTo = words.Say(finding.LeadsTo)
	}
	for _, way := range finding.Remedies {
		step.Ways = append(step.Ways, pageWay{Title: words.Say(way.Title), URL: locale.Clean(way.URL), Command: words.Command(way.Command)})
	}
	return step
}

func driftOf(words *locale.Locale, drift *Drift) *pageDrift {
	if drift == nil {
		return nil
	}
	shown := &pageDrift{Title: words.T("snapshot.drift-heading", "Since", drift.Since)}
	for _, change := range drift.Changes {
		if said := words.Say(change.Words()); change.Differs() {
			shown.Changes = append(shown.Changes, said)
		} else {
			shown.Notes = append(shown.Notes, said)
		}
	}
	if !snapshot.Differ(drift.Changes) {
		shown.None = words.T("snapshot.drift-none")
	}
	return shown
}
