package main_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zsf/clients/sandbox"
	"zsf/clients/sandbox/persona"
)

// wholeWalk answers everything that a fresh pair asks.
const wholeWalk = `who = "J. Park"
"salesforce.session-lock" = "change"
"setup.instance" = "sandbox"
"environment.one-org" = "confirm"
"setup.package" = "wait"
"setup.terms" = "confirm"
"setup.connect" = "wait"
"access.permitted-users" = "wait"
"access.profiles" = ["Standard User", "Support Agent"]
"access.pages" = "wait"
`

// A process is the program while it runs, and somebody at the browser who does what it says.
type process struct {
	t       *testing.T
	command *exec.Cmd
	stdin   io.WriteCloser
	done    chan error

	production     bool // connects a production org
	mu             sync.Mutex
	stdout, stderr bytes.Buffer
}

// start runs the program with an open input. Each page that it sends the person to is seen to, where act says so.
func start(t *testing.T, env []string, act bool, args ...string) *process {
	t.Helper()
	p := &process{t: t, command: exec.Command(program(t), args...), done: make(chan error, 1)}
	p.command.Env = append([]string{"LANG=C.UTF-8", "TZ=UTC", "USER=jpark"}, env...)
	out, err := p.command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if p.stdin, err = p.command.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	p.command.Stderr = writer(func(text []byte) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.stderr.Write(text)
	})
	if err := p.command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.command.Process.Kill() })
	go func() {
		trail := ""
		for lines := bufio.NewScanner(out); lines.Scan(); {
			line := lines.Text()
			p.mu.Lock()
			p.stdout.WriteString(line + "\n")
			p.mu.Unlock()
			if there, ok := strings.CutPrefix(line, "Over to you in the browser: "); ok {
				trail = there
			}
			if address := strings.TrimSpace(line); act && trail != "" && strings.HasPrefix(address, "http") {
				go p.atBrowser(trail, address)
				trail = ""
			}
		}
		p.done <- p.command.Wait()
	}()
	return p
}

type writer func([]byte)

func (w writer) Write(text []byte) (int, error) {
	w(text)
	return len(text), nil
}

// atBrowser does what a page is for, by the clicks that lead to it.
func (p *process) atBrowser(trail, address string) {
	parts := strings.Split(trail, " › ")
	task, known := map[string]persona.Task{
		"Install for All Users": persona.InstallPackage, "Connect": persona.Connect, "Disconnect": persona.Disconnect, "Permitted Users": persona.PermittedUsers, "Edit Page": persona.PlaceComponent,
	}[parts[len(parts)-1]]
	if !known {
		p.t.Errorf("nobody knows what to do at %s", trail)
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	who := persona.Person{Production: p.production}
	if err := who.Open(ctx, address, task); err != nil {
		p.t.Errorf("%s: %v", trail, err)
	}
}

func (p *process) shown() (stdout, stderr string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.stdout.String(), p.stderr.String()
}

// sees waits until the program has said that.
func (p *process) sees(words string) {
	p.t.Helper()
	for range 2400 {
		stdout, stderr := p.shown()
		if strings.Contains(stdout+stderr, words) {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	stdout, stderr := p.shown()
	p.t.Fatalf("it never said %q\nstdout: %s\nstderr: %s", words, stdout, stderr)
}

func (p *process) types(lines ...string) {
	p.t.Helper()
	for _, line := range lines {
		if _, err := io.WriteString(p.stdin, line+"\n"); err != nil {
			p.t.Fatal(err)
		}
	}
}

// ends waits for the end, and returns what was left.
func (p *process) ends() outcome {
	p.t.Helper()
	select {
	case err := <-p.done:
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			p.t.Fatal(err)
		}
	case <-time.After(2 * time.Minute):
		stdout, stderr := p.shown()
		p.t.Fatalf("it does not end\nstdout: %s\nstderr: %s", stdout, stderr)
	}
	stdout, stderr := p.shown()
	return outcome{stdout: stdout, stderr: stderr, code: p.command.ProcessState.ExitCode()}
}

// atHome serves a scenario, with a home that several runs share.
func atHome(t *testing.T, scenario string) (*sandbox.Sandbox, []string) {
	t.Helper()
	served, env := serve(t, sandbox.Options{Scenario: scenario})
	return served, append(env, "HOME="+t.TempDir(), "USER=jpark")
}

func answersFile(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "answers.toml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// writes are the calls that changed something in the org.
func writes(served *sandbox.Sandbox) []string {
	var changed []string
	for _, request := range served.Requests() {
		reads := request.Method == http.MethodGet || strings.HasSuffix(request.Path, "/composite") || strings.Contains(request.Path, "/services/Soap/m/")
		if !reads {
			changed = append(changed, request.Method+" "+request.Path)
		}
	}
	return changed
}

type status struct {
	Schema  int     `json:"schema"`
	Run     *string `json:"run"`
	Flow    string  `json:"flow"`
	Profile string  `json:"profile"`
	Holds   bool    `json:"holds"`
	Next    *string `json:"next"`
	Steps   []struct {
		ID      string                   `json:"id"`
		Verdict string                   `json:"verdict"`
		Vouched *struct{ By, At string } `json:"vouched"`
	} `json:"steps"`
	Error *struct{ Code, Message string } `json:"error"`
}

func (s status) verdict(id string) string {
	for _, step := range s.Steps {
		if step.ID == id {
			return step.Verdict
		}
	}
	return ""
}

func statusOf(t *testing.T, ran outcome) status {
	t.Helper()
	var read status
	if err := json.Unmarshal([]byte(ran.stdout), &read); err != nil {
		t.Fatalf("%v\nstdout: %s\nstderr: %s", err, ran.stdout, ran.stderr)
	}
	return read
}

func TestAWholeWalkWithAnswers(t *testing.T) {
	t.Parallel()
	_, env := atHome(t, "fresh")
	file := answersFile(t, wholeWalk)
	walk := start(t, env, true, "setup", "--answers", file)
	ran := walk.ends()
	if ran.code != 0 {
		t.Fatalf("exit code %d\n%s\n%s", ran.code, ran.stdout, ran.stderr)
	}
	for _, words := range []string{
		"Done, and read again.", "Nothing else moved.", "Confirmed by J. Park on", "Take it back with: zsf undo ",
		"7 of 21: Session settings", "17 of 21: Connect and Allow", "Package: passed",
	} {
		if !strings.Contains(ran.stdout, words) {
			t.Errorf("it does not say %q:\n%s", words, ran.stdout)
		}
	}
	if strings.Contains(ran.stdout, "\x1b") || strings.Contains(ran.stdout, "\r") {
		t.Error("something was redrawn")
	}

	stands := runZSF(t, env, "setup", "--status", "--json")
	if now := statusOf(t, stands); stands.code != 0 || !now.Holds || now.Next != nil || now.Run != nil || now.verdict("environment.one-org") != "confirmed" {
		t.Errorf("exit code %d: %s", stands.code, stands.stdout)
	}
	checked := runZSF(t, env, "check", "--json")
	looked := readLook(t, checked)
	if checked.code != 0 || looked.Summary["confirmed"] != 1 || looked.verdicts()["environment.one-org"] != "confirmed" {
		t.Errorf("exit code %d: %v\n%s", checked.code, looked.Summary, checked.stdout)
	}
	if said := looked.summary("environment.one-org"); !strings.HasPrefix(said, "J. Park said so on ") {
		t.Errorf("the check says %q", said)
	}
	given := runZSF(t, env, "setup", "--print-answers")
	for _, line := range strings.Split(strings.TrimSpace(wholeWalk), "\n") {
		if key, _, _ := strings.Cut(line, " ="); key == `"access.profiles"` {
			line = `"access.profiles" = ["Standard User", "Support Agent", "System Administrator"]`
			if !sameList(given.stdout, line) {
				t.Errorf("the answers do not say %s:\n%s", line, given.stdout)
			}
			continue
		}
		if !strings.Contains(given.stdout, line) {
			t.Errorf("the answers do not say %s:\n%s", line, given.stdout)
		}
	}
	takeAllBack(t, env)
}

func sameList(text, line string) bool {
	found := regexp.MustCompile(`"access.profiles" = \[(.*)\]`).FindStringSubmatch(text)
	wanted := regexp.MustCompile(`\[(.*)\]`).FindStringSubmatch(line)
	if found == nil {
		return false
	}
	is, want := strings.Split(found[1], ", "), strings.Split(wanted[1], ", ")
	slices.Sort(is)
	slices.Sort(want)
	return slices.Equal(is, want)
}

// takeAllBack takes back what a walk changed, and looks that it is gone.
func takeAllBack(t *testing.T, env []string) {
	t.Helper()
	listed := runZSF(t, env, "undo", "--json")
	var changes struct {
		Changes []struct {
			Number      json.Number `json:"number"`
			Step        string      `json:"step"`
			CanTakeBack bool        `json:"can_take_back"`
		} `json:"changes"`
	}
	if err := json.Unmarshal([]byte(listed.stdout), &changes); err != nil || len(changes.Changes) != 2 {
		t.Fatalf("%v: %s", err, listed.stdout)
	}
	for _, change := range changes.Changes {
		back := runZSF(t, env, "undo", change.Number.String(), "--yes")
		if back.code != 0 || !change.CanTakeBack || !strings.Contains(back.stdout, "Everything is as it was before the change.") {
			t.Errorf("undo of %s: exit code %d\n%s\n%s", change.Step, back.code, back.stdout, back.stderr)
		}
		again := runZSF(t, env, "undo", change.Number.String(), "--yes")
		if again.code != 1 || !strings.Contains(again.stderr, "It was taken back already") {
			t.Errorf("a second time: exit code %d: %s", again.code, again.stderr)
		}
	}
	now := readLook(t, runZSF(t, env, "check", "--json")).verdicts()
	if now["salesforce.session-lock"] != "fail" || now["access.profiles"] != "fail" {
		t.Errorf("after taking all back: %v", now)
	}
}

func TestTooFewAnswersAreListedBeforeAnythingIsDone(t *testing.T) {
	t.Parallel()
	served, env := atHome(t, "fresh")
	file := answersFile(t, "\"salesforce.session-lock\" = \"change\"\n\"setup.terms\" = \"wait\"\n\"setup.connect\" = \"confirm\"\n")
	for name, args := range map[string][]string{
		"no one to ask": {"setup", "--answers", file},
		"an empty pipe": {"setup", "--plain", "--answers", file},
		"a script":      {"setup", "--json", "--answers", file},
	} {
		ran := runZSF(t, env, args...)
		said := ran.stdout + ran.stderr
		if ran.code != 2 {
			t.Errorf("%s: exit code %d\n%s", name, ran.code, said)
		}
		for _, words := range []string{
			"7 answers are missing, and nothing was done", "setup.instance: ", "setup.package: change, wait, skip",
			"setup.connect: the service says that it does not hold",
			"access.permitted-users: ", "access.profiles: ", "access.pages: ", "environment.one-org: ",
		} {
			if !strings.Contains(said, words) {
				t.Errorf("%s: it does not say %q:\n%s", name, words, said)
			}
		}
	}
	if changed := writes(served); len(changed) > 0 {
		t.Errorf("something was done: %v", changed)
	}
	if now := readLook(t, runZSF(t, env, "check", "--json")).verdicts(); now["salesforce.session-lock"] != "fail" {
		t.Errorf("the sessions are %s", now["salesforce.session-lock"])
	}
}

func TestTheEndOfTheInputNamesTheQuestion(t *testing.T) {
	t.Parallel()
	_, env := atHome(t, "fresh")
	walk := start(t, env, false, "setup", "--plain")
	walk.types("1", "yes", "9", "1", "")
	walk.sees("Who confirms")
	if err := walk.stdin.Close(); err != nil {
		t.Fatal(err)
	}
	ran := walk.ends()
	if ran.code != 2 || !strings.Contains(ran.stderr, "setup.instance had no answer: the input ended before it. zsf setup goes on from here.") &&
		!strings.Contains(ran.stderr, "environment.one-org had no answer") {
		t.Errorf("exit code %d: %s\n%s", ran.code, ran.stderr, ran.stdout)
	}
	if !strings.Contains(ran.stdout, "Done, and read again.") || !strings.Contains(ran.stdout, "That is not one of the numbers.") {
		t.Errorf("%s", ran.stdout)
	}
}

func TestAWalkGoesOnWhereItWasInterrupted(t *testing.T) {
	t.Parallel()
	_, env := atHome(t, "fresh")
	file := answersFile(t, wholeWalk)
	walk := start(t, env, false, "setup", "--answers", file)
	walk.sees("We look every few seconds")
	if err := walk.command.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	ran := walk.ends()
	if ran.code != 130 || !strings.Contains(ran.stderr, "Nothing is lost: zsf setup goes on from here.") {
		t.Errorf("exit code %d: %s", ran.code, ran.stderr)
	}
	again := start(t, env, true, "setup", "--answers", file)
	if went := again.ends(); went.code != 0 || !strings.Contains(went.stdout, "This goes on where it was left.") || strings.Contains(went.stdout, "zsf undo") && strings.Count(went.stdout, "Done, and read again.") != 1 {
		t.Errorf("exit code %d\n%s\n%s", went.code, went.stdout, went.stderr)
	}
}

func TestASecondWalkOnlyWatches(t *testing.T) {
	t.Parallel()
	_, env := atHome(t, "fresh")
	file := answersFile(t, wholeWalk)
	first := start(t, env, false, "setup", "--answers", file)
	first.sees("We look every few seconds")
	before := journalOf(t, env)
	second := runZSF(t, env, "setup", "--yes")
	if second.code != 5 || !strings.Contains(second.stderr, "Another zsf is working on the profile default: zsf setup, process ") ||
		!strings.Contains(second.stderr, "This one only watches.") || !strings.Contains(second.stdout, "16 of 21: Terms of use: unknown") {
		t.Errorf("exit code %d\n%s\n%s", second.code, second.stdout, second.stderr)
	}
	for name, args := range map[string][]string{
		"undo": {"undo", before.change(t), "--yes"}, "grant": {"access", "revoke", "Standard User", "--yes"},
	} {
		if ran := runZSF(t, env, args...); ran.code != 1 || !strings.Contains(ran.stderr, "Another zsf is working on the profile") {
			t.Errorf("%s beside a walk: exit code %d: %s", name, ran.code, ran.stderr)
		}
	}
	if after := journalOf(t, env); cmp.Diff(before.kinds("change-begun", "undo-begun", "confirmed"), after.kinds("change-begun", "undo-begun", "confirmed")) != "" {
		t.Errorf("the second one wrote: %v", after)
	}
	_ = first.command.Process.Signal(os.Interrupt)
	first.ends()
}

type journal struct {
	Entries []struct {
		ID   json.Number `json:"id"`
		Who  string      `json:"who"`
		Kind string      `json:"kind"`
		Step string      `json:"step"`
	} `json:"entries"`
}

func journalOf(t *testing.T, env []string, args ...string) journal {
	t.Helper()
	ran := runZSF(t, env, append([]string{"journal", "--json", "--limit", "0"}, args...)...)
	var read journal
	if err := json.Unmarshal([]byte(ran.stdout), &read); err != nil {
		t.Fatalf("%v: %s %s", err, ran.stdout, ran.stderr)
	}
	return read
}

func (j journal) kinds(only ...string) []string {
	var kinds []string
	for _, entry := range j.Entries {
		if slices.Contains(only, entry.Kind) {
			kinds = append(kinds, entry.Kind+" "+entry.Step)
		}
	}
	return kinds
}

func (j journal) change(t *testing.T) string {
	t.Helper()
	for _, entry := range j.Entries {
		if entry.Kind == "change-begun" {
			return entry.ID.String()
		}
	}
	t.Fatalf("no change in %v", j)
	return ""
}
