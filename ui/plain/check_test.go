package plain_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/exp/golden"
	"github.com/google/go-cmp/cmp"

	"zsf/clients/transport"
	"zsf/flows/flow"
	"zsf/flows/snapshot"
	"zsf/ui/plain"
	"zsf/ui/uitest"
)

func printer(t *testing.T, tag string) (plain.Printer, *bytes.Buffer) {
	t.Helper()
	var out bytes.Buffer
	return plain.Printer{Out: &out, Words: uitest.Words(t, tag)}, &out
}

func TestReportInBothLanguages(t *testing.T) {
	for _, tag := range []string{"en", "ko"} {
		t.Run(tag, func(t *testing.T) {
			printed, out := printer(t, tag)
			looked := uitest.Troubled()
			looked.StartedAt = uitest.Read
			if err := printed.Report(uitest.Flow(), looked); err != nil {
				t.Fatal(err)
			}
			golden.RequireEqual(t, out.Bytes())
		})
	}
}

func TestAWatchPrintsOnlyWhatChanged(t *testing.T) {
	printed, out := printer(t, "en")
	before, now := uitest.Well(), uitest.Troubled()
	now.StartedAt = uitest.Read.Add(5 * time.Minute)
	if err := printed.Changes(before, before, now); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 4 || !strings.Contains(out.String(), "10:07:11  Session settings: passed → failed: sessions are locked to an IP address") {
		t.Errorf("%s", out)
	}
	out.Reset()
	if err := printed.Changes(now, now, now); err != nil || out.String() != "" {
		t.Errorf("%q %v", out, err)
	}
}

// A service that is away for a while has changed nothing by that; what changed meanwhile is told when it is seen.
func TestAWatchTellsAServiceThatIsAwayFromAChange(t *testing.T) {
	printed, out := printer(t, "en")
	round := func(seen, before, now flow.Report) string {
		out.Reset()
		if err := printed.Changes(seen, before, now); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	well, gone, back := uitest.Well(), uitest.Well(), uitest.Troubled()
	for _, id := range []flow.ID{"salesforce.session-lock", "salesforce.pkce-policy"} {
		unread := flow.NotKnown(flow.Say("unseen")).Because(&transport.Error{Service: transport.Salesforce, Kind: transport.Unavailable, Status: 503, Call: "POST /composite"})
		unread.Step = id
		uitest.Replace(&gone, unread)
	}
	waits := flow.Finding{Step: "setup.package", Verdict: flow.Blocked, Blocking: []flow.ID{"salesforce.session-lock"}}
	uitest.Replace(&gone, waits)
	if said := round(well, well, gone); strings.Count(said, "\n") != 1 || !strings.Contains(said, "Salesforce: 3 steps cannot be looked at now: Salesforce is not working just now") {
		t.Errorf("%s", said)
	}
	seen := gone.Over(well)
	if said := round(seen, gone, gone); said != "" {
		t.Errorf("said again: %s", said)
	}
	said := round(seen, gone, back)
	if !strings.Contains(said, "Salesforce answers again") || !strings.Contains(said, "Session settings: passed → failed") || strings.Contains(said, "PKCE") {
		t.Errorf("%s", said)
	}
}

func TestAWatchDoesNotReportEachCountOfWhatIsWell(t *testing.T) {
	printed, out := printer(t, "en")
	before, now := uitest.Well(), uitest.Well()
	now.StartedAt = uitest.Read
	room := flow.Passed(flow.Say("salesforce.api-room.left", "Remaining", 98210, "Max", 100000))
	room.Step = "salesforce.api-room"
	uitest.Replace(&now, room)
	if err := printed.Changes(before, before, now); err != nil || out.String() != "" {
		t.Errorf("%q %v", out, err)
	}
}

// Without marks and colours, a word tells the facts that speak against a step from those that speak for it.
func TestWhatSpeaksAgainstAStepIsToldApart(t *testing.T) {
	printed, out := printer(t, "en")
	facts := []flow.Evidence{
		{Fact: flow.Raw("API Enabled: on"), Mark: flow.Pass},
		{Fact: flow.Raw("API Only: on"), Mark: flow.Fail},
		{Fact: flow.Raw("Case: not looked up"), Mark: flow.Unknown},
		{Fact: flow.Raw("signed in at 10:02")},
	}
	both, against := flow.Failed(flow.Raw("API only")).With(facts...), flow.Failed(flow.Raw("API only")).With(facts[1])
	both.Step, against.Step = "salesforce.connecting-user", "salesforce.edition"
	if err := printed.Report(uitest.Flow(), flow.Report{Findings: []flow.Finding{both, against}}); err != nil {
		t.Fatal(err)
	}
	var lines []string
	for line := range strings.Lines(out.String()) {
		lines = append(lines, strings.TrimSpace(line))
	}
	for _, want := range []string{"API Enabled: on", "failed: API Only: on", "unknown: Case: not looked up", "signed in at 10:02", "API Only: on"} {
		if !slices.Contains(lines, want) {
			t.Errorf("no line is %q:\n%s", want, out)
		}
	}
}

// What came over the network is words, whatever it holds.
func TestHostileWordsPrintNoControlBytes(t *testing.T) {
	printed, out := printer(t, "en")
	hostile := "\x1b]0;owned\x07 name\r\nwith \u202e and \x9b31m"
	finding := flow.Failed(flow.Raw(hostile)).With(flow.Evidence{Fact: flow.Say("fact.org", "Name", hostile, "ID", hostile), Source: "Organization"}).
		Mend(flow.Open("https://example.com/", flow.Raw(hostile)))
	finding.Step = "salesforce.edition"
	looked := flow.Report{Profile: hostile, Findings: []flow.Finding{finding}, Salesforce: flow.Salesforce{InstanceURL: "https://example.com", OrgName: hostile, Username: hostile}}
	if err := printed.Report(uitest.Flow(), looked); err != nil {
		t.Fatal(err)
	}
	for _, r := range out.String() {
		if (r < ' ' && r != '\n') || (r >= 0x7f && r <= 0x9f) || r == '\u202e' {
			t.Fatalf("%U got through: %q", r, out)
		}
	}
}

// A service that is away for one look has changed nothing by that, and is told of in a line.
func TestAServiceThatIsAwayIsNoDrift(t *testing.T) {
	lost := func(path, what string) snapshot.Change {
		return snapshot.Change{Path: path, Kind: snapshot.Lost, What: flow.Raw(what), After: flow.Raw("away")}
	}
	locked := snapshot.Change{Path: "a[lock]", Kind: snapshot.Changed, What: flow.Raw("Lock"), Before: flow.Raw("off"), After: flow.Raw("on")}
	looked := flow.Report{StartedAt: time.Date(2026, 11, 23, 10, 2, 0, 0, time.UTC)}
	away := []snapshot.Change{lost("a", "Settings"), lost("b", "Org")}
	for _, test := range []struct {
		name               string
		known, before, now []snapshot.Change
		lines              []string
	}{
		{"away", []snapshot.Change{locked}, []snapshot.Change{locked}, away, []string{"not compared now: Settings and Org: away"}},
		{"still away", []snapshot.Change{locked}, away, away, nil},
		{"back", []snapshot.Change{locked}, away, []snapshot.Change{locked}, []string{"compared again: Settings and Org"}},
		{"back, and other", nil, away, []snapshot.Change{locked}, []string{"since the snapshot: Lock: off → on", "compared again: Settings and Org"}},
		{"as it was", []snapshot.Change{locked}, []snapshot.Change{locked}, nil, []string{"as in the snapshot again: Lock: off → on"}},
	} {
		printed, out := printer(t, "en")
		if err := errors.Join(printed.Drifted(looked, test.known, test.now), printed.Unread(looked, test.before, test.now)); err != nil {
			t.Fatal(err)
		}
		want := ""
		for _, line := range test.lines {
			want += "10:02:00  " + line + "\n"
		}
		if diff := cmp.Diff(want, out.String()); diff != "" {
			t.Errorf("%s: %s", test.name, diff)
		}
	}
}
