package main_test

import (
	"encoding/json"
	"encoding/xml"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"zsf/clients/sandbox"
	"zsf/clients/sandbox/zendesk"
)

var takenID = regexp.MustCompile(`^Snapshot (\d+) of default`)

// takenOf takes a snapshot of a ready pair, and returns its id and an environment that keeps it.
func takenOf(t *testing.T) (served *sandbox.Sandbox, env []string, id string) {
	t.Helper()
	served, env = serve(t, sandbox.Options{Scenario: "ready"})
	env = append(env, "XDG_STATE_HOME="+t.TempDir(), "USER=jpark")
	taken := runZSF(t, env, "snapshot", "--label", "all well", "--say", "syncs.accounts=on")
	found := takenID.FindStringSubmatch(taken.stdout)
	if taken.code != 0 || found == nil {
		t.Fatalf("%+v", taken)
	}
	return served, env, found[1]
}

// spoil does two things behind one's back.
func spoil(t *testing.T, served *sandbox.Sandbox) {
	t.Helper()
	if err := served.ChangeOrg(sandbox.OrgChange{AnotherAdminLocksSession: true}); err != nil {
		t.Fatal(err)
	}
	if err := served.ChangeAccount(sandbox.AccountChange{Webhook: zendesk.WebhookChange{Name: "Renamed"}}); err != nil {
		t.Fatal(err)
	}
}

func TestASnapshotIsTakenListedAndCompared(t *testing.T) {
	served, env, id := takenOf(t)
	list := runZSF(t, env, "snapshot", "list")
	if list.code != 0 || !strings.Contains(list.stdout, id+"  ") || !strings.Contains(list.stdout, "jpark  all well") {
		t.Errorf("%+v", list)
	}
	if told := runZSF(t, env, "journal"); told.code != 0 || !strings.Contains(told.stdout, "jpark  took snapshot "+id) {
		t.Errorf("%+v", told)
	}
	if same := runZSF(t, env, "diff", id, "now"); same.code != 0 || !strings.Contains(same.stdout, "Nothing differs.") || same.stderr != "" {
		t.Errorf("%+v", same)
	}
	taken := runZSF(t, env, "snapshot", "--json")
	file := filepath.Join(t.TempDir(), "before.json")
	if err := os.WriteFile(file, []byte(taken.stdout), 0o600); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(taken.stdout, `"value": [
          "on"
        ],
        "by": "jpark"`) {
		t.Errorf("the answer is not in the snapshot:\n%s", taken.stdout)
	}
	spoil(t, served)
	for _, from := range []string{id, file} {
		differs := runZSF(t, env, "diff", from, "now")
		if differs.code != 5 || !strings.Contains(differs.stdout, "originated: off → on") || !strings.Contains(differs.stdout, "→ Renamed") ||
			!strings.Contains(differs.stdout, "2 differences") {
			t.Errorf("%s: %+v", from, differs)
		}
	}
	var compared struct {
		Schema  int
		Equal   bool
		Changes []struct{ Path, Kind, Text string }
	}
	differs := runZSF(t, env, "diff", id, "now", "--json")
	if err := json.Unmarshal([]byte(differs.stdout), &compared); err != nil || differs.code != 5 || compared.Equal || len(compared.Changes) != 2 {
		t.Errorf("%v %+v", err, differs)
	}
	if korean := runZSF(t, env, "--lang", "ko", "diff", id, "now"); !strings.Contains(korean.stdout, "꺼짐 → 켜짐") || !strings.Contains(korean.stdout, "다른 것 2개") {
		t.Errorf("%+v", korean)
	}
}

func TestASideThatCannotBeUsedIsWrongUsage(t *testing.T) {
	_, env, _ := takenOf(t)
	folder := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, args := range [][]string{
		{"diff", "now"},
		{"diff", "-", "-"},
		{"diff", "99", "now"},
		{"diff", "1", "now"}, // an answer
		{"diff", filepath.Join(folder, "none.json"), "now"},
		{"diff", folder, "now"},
		{"diff", file("other.json", `{"schema":1,"checks":[]}`), "now"},
		{"diff", file("later.json", `{"schema":7}`), "now"},
		{"diff", file("rubbish", "\x1b[31m\x00"), "now"},
		{"check", "--against", "now"},
		{"check", "--against", ""},
		{"check", "--html", folder},
		{"check", "--junit", filepath.Join(folder, "no", "such", "folder.xml")},
		{"snapshot", "--say", "nothing=on"},
		{"snapshot", "--say", "syncs.accounts=perhaps"},
	} {
		ended := runZSF(t, env, args...)
		if ended.code != 2 || ended.stdout != "" || !strings.HasPrefix(ended.stderr, "zsf: ") || strings.ContainsAny(ended.stderr, "\x1b\x00") {
			t.Errorf("%q: %+v", args, ended)
		}
		inJSON := runZSF(t, env, append(args, "--json")...)
		if inJSON.code != 2 || !strings.HasPrefix(inJSON.stdout, `{"schema":1,"error":{"code":"usage"`) {
			t.Errorf("%q: %+v", args, inJSON)
		}
	}
}

func TestDriftIsToldByACheckAndItsReports(t *testing.T) {
	served, env, id := takenOf(t)
	folder := t.TempDir()
	html, junit := filepath.Join(folder, "check.html"), filepath.Join(folder, "check.xml")
	args := []string{"check", "--only", "zendesk.triggers", "--against", id, "--html", html, "--junit", junit}
	if well := runZSF(t, env, args...); well.code != 0 || !strings.Contains(well.stdout, "nothing has changed") {
		t.Errorf("%+v", well)
	} else if well.stderr != "A page to hand to a colleague is in "+html+"\nA report for a CI server is in "+junit+"\n" {
		t.Errorf("the files are not named: %q", well.stderr)
	}
	spoil(t, served)
	// The step that was looked at is well: what has changed is elsewhere.
	drifted := runZSF(t, env, args...)
	if drifted.code != 5 || strings.Contains(drifted.stdout, "failed") || !strings.Contains(drifted.stdout, "originated: off → on") {
		t.Errorf("%+v", drifted)
	}
	var looked struct {
		look
		Drift []struct{ Path, Kind, Before, After string }
	}
	inJSON := runZSF(t, env, append(args, "--json")...)
	if err := json.Unmarshal([]byte(inJSON.stdout), &looked); err != nil || inJSON.code != 5 || len(looked.Drift) != 2 || len(looked.Checks) != 1 {
		t.Errorf("%v %+v", err, inJSON)
	}
	if without := runZSF(t, env, "check", "--json"); strings.Contains(without.stdout, `"drift"`) {
		t.Error("nobody asked for a drift")
	}
	page, err := os.ReadFile(html)
	if err != nil || !strings.Contains(string(page), "off → on") {
		t.Errorf("%v %s", err, page)
	}
	var suites struct {
		Failures int `xml:"failures,attr"`
		Suites   []struct {
			Cases []struct {
				Name string `xml:"name,attr"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	report, err := os.ReadFile(junit)
	if err == nil {
		err = xml.Unmarshal(report, &suites)
	}
	if err != nil || suites.Failures != 2 || len(suites.Suites) != 2 || len(suites.Suites[1].Cases) != 2 {
		t.Errorf("%v %s", err, report)
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) != 2 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

func TestWhatCannotBeReachedDoesNotPassForEqual(t *testing.T) {
	served, env, id := takenOf(t)
	for _, setting := range env {
		if !strings.HasPrefix(setting, "ZSF_ZENDESK_ACCESS_TOKEN=") {
			continue
		}
		signedOut := append(append([]string{}, env...), "ZSF_ZENDESK_ACCESS_TOKEN=")
		if ended := runZSF(t, signedOut, "diff", id, "now"); ended.code != 3 || !strings.Contains(ended.stdout, "could not be read after") ||
			!strings.Contains(ended.stdout, "Nothing that could be read differs.") || strings.Contains(ended.stdout, "differences") {
			t.Errorf("%+v", ended)
		}
		if ended := runZSF(t, signedOut, "snapshot"); ended.code != 3 || !strings.Contains(ended.stdout, "Could not be read: Salesforce triggers in Zendesk") {
			t.Errorf("%+v", ended)
		}
	}
	if err := served.SetScenario("expired-salesforce"); err != nil {
		t.Fatal(err)
	}
	if ended := runZSF(t, env, "diff", id, "now"); ended.code != 3 {
		t.Errorf("%+v", ended)
	}
}

// A rehearsal leaves no trace, and says so.
func TestARehearsalKeepsNoSnapshot(t *testing.T) {
	state := t.TempDir()
	env := []string{"XDG_STATE_HOME=" + state}
	if taken := runZSF(t, env, "--demo", "--scenario", "ready", "snapshot"); taken.code != 0 || !strings.Contains(taken.stdout, "not kept") {
		t.Errorf("%+v", taken)
	}
	if left, err := os.ReadDir(state); err != nil || len(left) > 0 {
		t.Errorf("%v %v", left, err)
	}
	if listed := runZSF(t, env, "--demo", "snapshot", "list"); listed.code != 2 {
		t.Errorf("%+v", listed)
	}
}

// A CI server may have nowhere to keep a journal: a file is compared all the same.
func TestWithoutAJournalAFileIsCompared(t *testing.T) {
	_, env, _ := takenOf(t)
	file := filepath.Join(t.TempDir(), "well.json")
	if err := os.WriteFile(file, []byte(runZSF(t, env, "snapshot", "--json").stdout), 0o600); err != nil {
		t.Fatal(err)
	}
	homeless := append(append([]string{}, env...), "HOME=", "XDG_STATE_HOME=")
	ended := runZSF(t, homeless, "diff", file, "now")
	if ended.code != 0 || !strings.Contains(ended.stdout, "Nothing differs.") || !strings.Contains(ended.stderr, "HOME") ||
		!strings.Contains(ended.stdout, "Accounts to organizations sync: on → there is no journal") {
		t.Errorf("%+v", ended)
	}
}

func TestASideComesOnStandardInput(t *testing.T) {
	_, env, id := takenOf(t)
	taken := runZSF(t, env, "snapshot", "--json").stdout
	for _, stdin := range []string{taken, "\ufeff" + taken} {
		command := exec.CommandContext(t.Context(), program(t), "diff", id, "-")
		command.Env, command.Stdin = append([]string{"HOME=" + t.TempDir(), "LANG=C.UTF-8", "TZ=UTC"}, env...), strings.NewReader(stdin)
		said, err := command.CombinedOutput()
		if err != nil || !strings.Contains(string(said), "standard input · default") || !strings.Contains(string(said), "Nothing differs.") {
			t.Errorf("%v %s", err, said)
		}
	}
}
