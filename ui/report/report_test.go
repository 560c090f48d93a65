package report_test

import (
	"bytes"
	"encoding/xml"
	"strings"
	"testing"

	"github.com/charmbracelet/x/exp/golden"

	"zsf/flows/flow"
	"zsf/flows/snapshot"
	"zsf/ui/report"
	"zsf/ui/uitest"
)

func sampleDrift() *report.Drift {
	return &report.Drift{Since: "snapshot 12", Changes: []snapshot.Change{
		{Path: "zendesk.triggers[1].active", Kind: snapshot.Changed, What: flow.Raw("Trigger A"), Before: flow.Say("change.on"), After: flow.Say("change.off")},
		{Path: "zendesk.webhooks", Kind: snapshot.NotRead, What: flow.Raw("Webhooks"), After: flow.Raw("forbidden")},
	}}
}

func sample() flow.Report {
	looked := uitest.Troubled()
	looked.StartedAt = uitest.Read
	return looked
}

func TestJUnit(t *testing.T) {
	for _, tag := range []string{"en", "ko"} {
		t.Run(tag, func(t *testing.T) {
			var out bytes.Buffer
			if err := report.WriteJUnit(&out, uitest.Words(t, tag), sample(), sampleDrift()); err != nil {
				t.Fatal(err)
			}
			golden.RequireEqual(t, out.Bytes())
		})
	}
}

func TestHTML(t *testing.T) {
	for _, tag := range []string{"en", "ko"} {
		t.Run(tag, func(t *testing.T) {
			var out bytes.Buffer
			if err := report.WriteHTML(&out, uitest.Words(t, tag), uitest.Flow(), sample(), sampleDrift()); err != nil {
				t.Fatal(err)
			}
			golden.RequireEqual(t, out.Bytes())
		})
	}
}

// What a service said is text on the page and in the report, and never more.
func TestHostileWordsStayWords(t *testing.T) {
	const hostile = `</title></script><img src=x onerror=alert(1)>"'&]]>` + "\x1b[31m\x00\u202e"
	looked := sample()
	looked.Profile, looked.Salesforce.OrgName = hostile, hostile
	for i := range looked.Findings {
		looked.Findings[i].Summary = flow.Raw(hostile)
		looked.Findings[i].Evidence = []flow.Evidence{{Fact: flow.Raw(hostile), Source: hostile}}
		looked.Findings[i].LeadsTo = flow.Raw(hostile)
		looked.Findings[i].Remedies = []flow.Remedy{flow.Open("javascript:alert(1)", flow.Raw(hostile)), flow.Run(hostile, flow.Raw(hostile))}
	}
	drift := &report.Drift{Since: hostile, Changes: []snapshot.Change{{Path: hostile, Kind: snapshot.Changed, What: flow.Raw(hostile), Before: flow.Raw(hostile)}}}
	words := uitest.Words(t, "en")
	var page, junit bytes.Buffer
	if err := report.WriteHTML(&page, words, uitest.Flow(), looked, drift); err != nil {
		t.Fatal(err)
	}
	for _, wrong := range []string{"<img", "</script", "javascript:", "\x1b", "\x00", "\u202e"} {
		if strings.Contains(page.String(), wrong) {
			t.Errorf("%q is on the page", wrong)
		}
	}
	if err := report.WriteJUnit(&junit, words, looked, drift); err != nil {
		t.Fatal(err)
	}
	var read struct {
		Suites []struct {
			Cases []struct {
				Class string `xml:"classname,attr"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal(junit.Bytes(), &read); err != nil || len(read.Suites) != 2 || len(read.Suites[0].Cases) != len(looked.Findings) {
		t.Errorf("%v\n%s", err, &junit)
	}
	for _, wrong := range []string{"<img", "\x1b", "\x00", "\u202e"} {
		if strings.Contains(junit.String(), wrong) {
			t.Errorf("%q is in the report", wrong)
		}
	}
}
