package report

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"

	"zsf/flows/flow"
	"zsf/flows/snapshot"
	"zsf/ui/locale"
)

type testSuites struct {
	XMLName  xml.Name    `xml:"testsuites"`
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Time     string      `xml:"time,attr"`
	Suites   []testSuite `xml:"testsuite"`
}

type testSuite struct {
	Name      string     `xml:"name,attr"`
	Timestamp string     `xml:"timestamp,attr"`
	Tests     int        `xml:"tests,attr"`
	Failures  int        `xml:"failures,attr"`
	Errors    int        `xml:"errors,attr"`
	Skipped   int        `xml:"skipped,attr"`
	Time      string     `xml:"time,attr"`
	Cases     []testCase `xml:"testcase"`
}

type testCase struct {
	Name    string   `xml:"name,attr"`
	Class   string   `xml:"classname,attr"`
	Time    string   `xml:"time,attr"`
	Failure *outcome `xml:"failure"`
	Skipped *outcome `xml:"skipped"`
	Out     string   `xml:"system-out,omitempty"`
}

type outcome struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",chardata"`
}

// WriteJUnit writes a look as a JUnit report: a case for each step, and one for each thing that has changed since
// a snapshot. What failed is a failure; what nobody could look at is skipped, with its reason.
func WriteJUnit(w io.Writer, words *locale.Locale, looked flow.Report, drift *Drift) error {
	steps := testSuite{Name: "zsf check " + locale.Clean(looked.Profile), Time: seconds(looked.Took)}
	for _, finding := range looked.Findings {
		steps.add(stepCase(words, finding))
	}
	suites := []testSuite{steps}
	if drift != nil {
		suites = append(suites, driftSuite(words, looked, *drift))
	}
	all := testSuites{Name: "zsf check", Time: seconds(looked.Took)}
	for _, suite := range suites {
		suite.Timestamp = looked.StartedAt.UTC().Format(time.RFC3339)
		all.Tests, all.Failures, all.Skipped = all.Tests+suite.Tests, all.Failures+suite.Failures, all.Skipped+suite.Skipped
		all.Suites = append(all.Suites, suite)
	}
	text, err := xml.MarshalIndent(all, "", "  ")
	if err == nil {
		_, err = io.WriteString(w, xml.Header+string(text)+"\n")
	}
	if err != nil {
		return fmt.Errorf("write the JUnit report: %w", err)
	}
	return nil
}

func (s *testSuite) add(one testCase) {
	s.Tests++
	if one.Failure != nil {
		s.Failures++
	}
	if one.Skipped != nil {
		s.Skipped++
	}
	s.Cases = append(s.Cases, one)
}

func stepCase(words *locale.Locale, finding flow.Finding) testCase {
	one := testCase{
		Name: words.Say(flow.Step{ID: finding.Step}.Title()), Class: string(finding.Step), Time: seconds(finding.Took),
	}
	said := &outcome{Message: words.Say(finding.Summary), Type: string(finding.Verdict), Text: aboutFinding(words, finding)}
	switch finding.Verdict {
	case flow.Fail:
		one.Failure = said
	case flow.Unknown, flow.Blocked, flow.Skipped:
		one.Skipped = &outcome{Message: words.Verdict(finding.Verdict) + ": " + said.Message}
	default:
		one.Out = strings.TrimSpace(words.Verdict(finding.Verdict) + ": " + said.Message + "\n" + said.Text)
	}
	return one
}

// aboutFinding is what was seen, what it leads to, and what to do, a line each.
func aboutFinding(words *locale.Locale, finding flow.Finding) string {
	var lines []string
	for _, line := range finding.Evidence {
		lines = append(lines, words.Say(line.Fact))
	}
	if !finding.LeadsTo.Empty() {
		lines = append(lines, words.T("plain.leads-to", "What", finding.LeadsTo))
	}
	for _, way := range finding.Remedies {
		lines = append(lines, strings.TrimSpace(words.T("plain.remedy", "Title", way.Title)+"  "+cmp.Or(locale.Clean(way.URL), words.Command(way.Command))))
	}
	return strings.Join(lines, "\n")
}

func driftSuite(words *locale.Locale, looked flow.Report, drift Drift) testSuite {
	suite := testSuite{Name: "zsf drift " + locale.Clean(looked.Profile), Time: seconds(0)}
	for _, change := range drift.Changes {
		one := testCase{Name: words.Say(change.What), Class: locale.Clean(change.Path), Time: seconds(0)}
		said := words.Say(change.Words())
		if change.Differs() && !change.Unread() {
			one.Failure = &outcome{Message: said, Type: string(change.Kind), Text: said}
		} else {
			one.Skipped = &outcome{Message: said}
		}
		suite.add(one)
	}
	if !snapshot.Differ(drift.Changes) {
		suite.add(testCase{Name: words.T("snapshot.drift-heading", "Since", drift.Since), Class: "drift", Time: seconds(0), Out: words.T("snapshot.drift-none")})
	}
	return suite
}

func seconds(span time.Duration) string { return fmt.Sprintf("%.3f", span.Seconds()) }
