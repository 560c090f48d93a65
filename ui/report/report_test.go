package report_test

import (
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"strings"
	"testing"

	"github.com/charmbracelet/x/exp/golden"

	"zsf/flows/flow"
	"zsf/flows/snapshot"
	"zsf/flows/tickets"
	"zsf/ui/faces"
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

// A spreadsheet that opens the file computes nothing that a requester wrote.
func TestNoCellOfTheTicketsIsAFormula(t *testing.T) {
	wrote := []string{"=1+1", "+1", "-1", "@SUM(1)", "\t=1", " =1", "\r\n=1", "＝1", "＋1", "－1", "＠1", "\u200b=1"}
	rows := make([]tickets.Ticket, len(wrote))
	for i, text := range wrote {
		rows[i].Subject, rows[i].Label, rows[i].Requester = text, text, tickets.Person{ID: 1, Name: text, Email: text}
		rows[i].Assignee = rows[i].Requester
	}
	var out bytes.Buffer
	if err := report.WriteTicketsCSV(&out, uitest.Words(t, "en"), rows, faces.TicketFields); err != nil {
		t.Fatal(err)
	}
	read, err := csv.NewReader(&out).ReadAll()
	if err != nil || len(read) != len(rows)+1 {
		t.Fatalf("%d rows: %v", len(read), err)
	}
	for i, row := range read[1:] {
		kept := 0
		for _, cell := range row {
			if strings.IndexAny(strings.TrimSpace(cell), "=+-@＝＋－＠") == 0 {
				t.Errorf("%q is a formula: %q", wrote[i], cell)
			}
			if strings.HasPrefix(cell, "'") {
				kept++
			}
		}
		if kept < 4 { // subject, requester, address, assignee
			t.Errorf("%q: %d cells have their apostrophe: %q", wrote[i], kept, row)
		}
	}
}
