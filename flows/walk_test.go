package flows_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"zsf/clients/salesforce"
	"zsf/clients/sandbox"
	"zsf/clients/sandbox/persona"
	served "zsf/clients/sandbox/salesforce"
	"zsf/clients/store"
	"zsf/clients/transport"
	"zsf/clients/zendesk"
	"zsf/flows"
	"zsf/flows/flow"
	"zsf/flows/memory"
	"zsf/flows/run"
	"zsf/flows/world"
)

// A walker goes through the set-up flow as a person would who takes each step's first way: the change
// where there is one, the page where there is none, their word where no API tells.
type walker struct {
	Sandbox sandbox.Info
	State   string // the folder of the journal
	Layout  world.Layout
	Flow    string            // of flowsByName; empty: setup
	Answers map[string]string // by question, in place of what is offered

	KillAt     int  // the writing to the journal at which the process ends; 0: none
	KillBefore bool // that writing is not made
}

// flowsByName are the flows that a walker can go through.
var flowsByName = map[string]func(world.Layout) flow.Flow{
	"": flows.Setup, "disconnect": flows.Disconnect, "reconnect": flows.Reconnect,
}

// walkerVariable makes the test's own program a walker, in a process of its own.
const walkerVariable = "ZSF_TEST_WALKER"

func TestMain(m *testing.M) {
	described := os.Getenv(walkerVariable)
	if described == "" {
		os.Exit(m.Run())
	}
	var w walker
	err := json.Unmarshal([]byte(described), &w)
	if err == nil {
		err = w.walk(context.Background())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// inAProcess walks in another process, and tells whether it was killed.
func (w walker) inAProcess(t *testing.T) (killed bool) {
	t.Helper()
	described, err := json.Marshal(w)
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), program)
	command.Env = append(os.Environ(), walkerVariable+"="+string(described))
	said, err := command.CombinedOutput()
	if err == nil {
		return false
	}
	if command.ProcessState.ExitCode() == -1 {
		return true
	}
	t.Fatalf("killed at %d, before %v: %v: %s", w.KillAt, w.KillBefore, err, said)
	return false
}

func (w walker) walk(ctx context.Context) error {
	r, closeJournal, err := w.begin(ctx)
	if err != nil {
		return err
	}
	defer closeJournal()
	if _, err := r.Recover(ctx); err != nil {
		return err
	}
	r.Look(ctx, nil, func(flow.Event) {})
	for range 200 {
		id, left := r.Next()
		if !left {
			return r.End(ctx)
		}
		if err := w.take(ctx, r, id); err != nil {
			return fmt.Errorf("%s: %w", id, err)
		}
		r.Again(ctx, id, func(flow.Event) {})
	}
	id, _ := r.Next()
	return fmt.Errorf("%s never holds", id)
}

func (w walker) begin(ctx context.Context) (*run.Run, func(), error) {
	kept, err := store.Open(func(name string) string { return map[string]string{"XDG_STATE_HOME": w.State}[name] })
	if err != nil {
		return nil, nil, err
	}
	journal, err := kept.Journal(ctx)
	if err != nil {
		return nil, nil, err
	}
	org, err := salesforce.New(w.Sandbox.Salesforce.InstanceURL, w.Sandbox.Salesforce.AccessToken, transport.Config{})
	if err != nil {
		return nil, nil, err
	}
	account, err := zendesk.New(w.Sandbox.Zendesk.URL, w.Sandbox.Zendesk.AccessToken, transport.Config{})
	if err != nil {
		return nil, nil, err
	}
	seen := world.New(world.Options{
		Profile:    world.Profile{Name: "acme", Zendesk: world.Sandbox, Layout: w.Layout},
		Salesforce: org, Zendesk: account,
	})
	killed := &killing{Journal: journal, at: w.KillAt, before: w.KillBefore}
	r, err := run.Begin(ctx, run.Options{
		Runner:  flow.NewRunner(flowsByName[w.Flow](w.Layout), seen, time.Now),
		Journal: killed, Makers: memory.Makers(killed, "jpark", time.Now), Who: "jpark", Now: time.Now,
	})
	return r, func() { _ = journal.Close() }, err
}

// take does what there is to do about a step.
func (w walker) take(ctx context.Context, r *run.Run, id flow.ID) error {
	step, _ := r.Flow().Step(id)
	for _, question := range r.Questions(id) {
		answer := question.Default
		if given, ok := w.Answers[question.ID]; ok {
			answer = []string{given}
		} else if question.Kind == flow.FreeText {
			answer = []string{w.Sandbox.Salesforce.InstanceURL + "/packaging/installPackage.apexp?p0=" + served.PackageVersionID()}
		}
		if question.ID == "access.profiles" {
			answer = append(answer, "Standard User", "Sales Manager")
		}
		if err := r.Answer(ctx, id, question, answer); err != nil {
			return err
		}
	}
	if step.Change != nil {
		if err := w.change(ctx, r, id); !errors.Is(err, flow.ErrNoChange) {
			return err
		}
	} else if step.Ask != nil {
		r.Again(ctx, id, func(flow.Event) {}) // an answer can be what the page waits for
	}
	for _, finding := range r.Findings() {
		if finding.Step != id {
			continue
		}
		for _, remedy := range finding.Remedies {
			if remedy.Kind != flow.ByPage || finding.Verdict == flow.Unknown {
				continue
			}
			if err := r.Opened(ctx, id, remedy.URL); err != nil {
				return err
			}
			return w.open(ctx, id, remedy.URL)
		}
	}
	return r.Confirm(ctx, id, "J. Park")
}

// open does on a page what the person came for. A connection that broke is ended first.
func (w walker) open(ctx context.Context, id flow.ID, url string) error {
	person := persona.Person{Wait: hurriedWait}
	if w.Flow == "reconnect" && id == "setup.connect" {
		_ = person.Open(ctx, url, persona.Disconnect)
		return person.Open(ctx, url, persona.Connect)
	}
	if w.Flow == "disconnect" {
		return person.Open(ctx, url, persona.Disconnect)
	}
	return person.Open(ctx, url, tasks[id]...)
}

// tasks are what the person at the browser came for; where none is named, whatever the page is the place for.
var tasks = map[flow.ID][]persona.Task{"access.permitted-users": {persona.PermittedUsers}}

func (w walker) change(ctx context.Context, r *run.Run, id flow.ID) error {
	change, err := r.Prepare(ctx, id)
	if errors.Is(err, flow.ErrUnderway) {
		time.Sleep(20 * time.Millisecond)
		return nil
	}
	if err != nil {
		return err
	}
	result, err := r.Make(ctx, change)
	switch {
	case err != nil:
		return err
	case result.Err != nil:
		return result.Err
	case result.Outcome != flow.Made && result.Outcome != flow.Underway:
		return fmt.Errorf("the change is %s", result.Outcome)
	}
	return nil
}

// killing is a journal that ends the process at one of its writings, as kill -9 would.
type killing struct {
	run.Journal
	at      int
	before  bool
	written int
}

func (k *killing) Append(ctx context.Context, entry store.Entry) (store.Entry, error) {
	k.written++
	if k.written == k.at && k.before {
		killSelf()
	}
	kept, err := k.Journal.Append(ctx, entry)
	if k.written == k.at {
		killSelf()
	}
	return kept, err
}

func killSelf() {
	if self, err := os.FindProcess(os.Getpid()); err == nil {
		_ = self.Kill()
	}
	select {} // until the kill arrives
}
