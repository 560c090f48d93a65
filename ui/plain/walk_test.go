package plain_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/exp/golden"

	"zsf/clients/store"
	"zsf/flows"
	"zsf/flows/answers"
	"zsf/flows/flow"
	"zsf/flows/run"
	"zsf/flows/steps"
	"zsf/flows/world"
	"zsf/ui/locale"
	"zsf/ui/plain"
	"zsf/ui/uitest"
)

func TestTheGuideInBothLanguages(t *testing.T) {
	w := world.New(world.Options{Profile: world.Profile{Name: "acme"}})
	for _, tag := range []string{"en", "ko"} {
		t.Run(tag, func(t *testing.T) {
			printed, out := printer(t, tag)
			if err := printed.Guide("zsf setup", plain.GuidePart{
				About: flows.Setup(""), Profile: "acme", Remedies: func(id flow.ID) []flow.Remedy { return steps.Guide(id, w) },
				Command: func(id flow.ID) string { return "zsf setup --only " + string(id) },
			}); err != nil {
				t.Fatal(err)
			}
			golden.RequireEqual(t, out.Bytes())
		})
	}
}

func TestTheGuideHasSomethingToDoForEachStep(t *testing.T) {
	w := world.New(world.Options{})
	words := uitest.Words(t, "en")
	for _, about := range []flow.Flow{flows.Setup(""), flows.Setup(world.NewerLayout), flows.Access, flows.Preflight, flows.Disconnect(""), flows.Reconnect(""), flows.Reconnect(world.NewerLayout)} {
		for _, step := range about.Steps() {
			if len(steps.Guide(step.ID, w)) == 0 {
				t.Errorf("%s: nothing to do", step.ID)
			}
			if !words.Has("look-for."+string(step.ID)) && step.ID != "zendesk.triggers" {
				t.Errorf("%s: nothing to look for", step.ID)
			}
			for _, way := range steps.Guide(step.ID, w) {
				if way.Kind == flow.ByPage && !words.Has(way.Clicks.ID) {
					t.Errorf("%s: no clicks for %s", step.ID, way.Clicks.ID)
				}
			}
		}
	}
}

// Whatever the faces without a screen say has words in both languages.
func TestEveryTextOfTheWalkHasWords(t *testing.T) {
	said := regexp.MustCompile(`(?:\.T|[sS]ay|add|fmt\.Fprintln)\((?:[^"\n]*, )?"([a-z][a-z-]*\.[a-z.-]*[a-z])"`)
	ids := map[string]bool{}
	for _, folder := range []string{".", "../../cmd/zsf", "../../flows/access"} {
		files, err := os.ReadDir(folder)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if !strings.HasSuffix(file.Name(), ".go") || strings.HasSuffix(file.Name(), "_test.go") {
				continue
			}
			source, err := os.ReadFile(folder + "/" + file.Name())
			if err != nil {
				t.Fatal(err)
			}
			for _, match := range said.FindAllSubmatch(source, -1) {
				ids[string(match[1])] = true
			}
		}
	}
	if len(ids) < 120 {
		t.Fatalf("found only %d texts: the search is broken", len(ids))
	}
	for _, outcome := range []flow.Outcome{flow.Made, flow.NotMade, flow.PartMade, flow.Underway} {
		ids["became."+string(outcome)] = true
	}
	for _, action := range answers.Actions {
		ids["rehearse."+string(action)] = true
	}
	for _, tag := range locale.Languages {
		words := uitest.Words(t, tag)
		for _, id := range slices.Sorted(maps.Keys(ids)) {
			if !words.Has(id) && id != "walk.left-off-" {
				t.Errorf("%s has no words for %s", tag, id)
			}
		}
	}
}

// A toy is a service with a switch and a limit, and what only a person knows.
type toy struct {
	lock  string
	ready bool
}

func (o *toy) Read(context.Context, *world.World, flow.Change) (flow.State, error) {
	return flow.State{"lock": o.lock}, nil
}

func (o *toy) Make(context.Context, *world.World, flow.Change) error {
	o.lock = "off"
	return nil
}

func (o *toy) TakeBack(context.Context, *world.World, flow.Change) error {
	o.lock = "on"
	return nil
}

func (*toy) Judge(change flow.Change, now flow.State) (flow.Outcome, []flow.Difference) {
	return flow.JudgeBy(change.Before, flow.State{"lock": "off"}, now)
}

// about is three steps of the real catalogue by name, on the toy.
func (o *toy) about() flow.Flow {
	lock := flow.Step{
		ID: "salesforce.session-lock", Reads: []world.Fact{world.SecuritySettings},
		Look: func(*world.World) flow.Finding {
			if o.lock == "on" {
				return flow.Failed(flow.Say("salesforce.session-lock.on"))
			}
			return flow.Passed(flow.Say("salesforce.session-lock.off"))
		},
		Change: func(*world.World, flow.Answers) (flow.Change, error) {
			return flow.Change{Kind: "toy", Title: flow.Say("change.session-lock"), Data: json.RawMessage("{}")}, nil
		},
	}
	terms := flow.Step{ID: "setup.terms", Look: func(*world.World) flow.Finding { return flow.NotKnown(flow.Say("only-a-person")) }}
	connect := flow.Step{
		ID: "setup.connect", Reads: []world.Fact{world.ConnectedApps},
		Look: func(*world.World) flow.Finding {
			if o.ready {
				return flow.Passed(flow.Say("setup.connect.by", "User", "avery"))
			}
			open := flow.Open("https://acme.zendesk.com/admin", flow.Say("trail.connect"))
			open.Clicks = flow.Say("clicks.connect")
			return flow.Failed(flow.Say("setup.connect.none")).Mend(open)
		},
	}
	return flow.Flow{ID: "setup", Groups: []flow.Group{{ID: "settings", Steps: []flow.Step{lock, terms, connect}}}}
}

// A stroll is a walk over the toy, whose clock stands still but for its waits.
type stroll struct {
	*plain.Walk
	toy    *toy
	out    *bytes.Buffer
	looks  int
	opened []string
}

func walkOn(t *testing.T, in io.Reader, given answers.Given) *stroll {
	t.Helper()
	kept, err := store.At(t.TempDir()).Journal(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = kept.Close() })
	now := time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	s := &stroll{toy: &toy{lock: "on"}, out: &bytes.Buffer{}}
	w := world.New(world.Options{Profile: world.Profile{Name: "acme"}, Now: clock})
	run, err := run.Begin(t.Context(), run.Options{
		Runner: flow.NewRunner(s.toy.about(), w, clock), Journal: kept, Makers: map[string]flow.Maker{"toy": s.toy}, Who: "jpark", Now: clock,
	})
	if err != nil {
		t.Fatal(err)
	}
	words := uitest.Words(t, "en")
	s.Walk = &plain.Walk{
		Run: run, Words: words, Out: s.out, Given: given, Command: "zsf setup", Now: clock, Emit: func(flow.Event) {},
		Open: func(_ context.Context, url string) error {
			s.opened = append(s.opened, url)
			return nil
		},
		After: func(d time.Duration) <-chan time.Time {
			now = now.Add(d)
			if s.looks++; s.looks == 3 {
				s.toy.ready = true
			}
			fired := make(chan time.Time, 1)
			fired <- now
			return fired
		},
	}
	if in != nil {
		s.Asker, s.Piped = plain.NewAsker(t.Context(), in, s.out, words), true
	}
	if err := s.Look(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *stroll) says(t *testing.T, words ...string) {
	t.Helper()
	text := s.out.String()
	for _, line := range words {
		i := strings.Index(text, line)
		if i < 0 {
			t.Fatalf("it does not say %q, or not then:\n%s", line, s.out)
		}
		text = text[i+len(line):]
	}
}

func TestAWalkAsksStepByStep(t *testing.T) {
	s := walkOn(t, strings.NewReader("1\nno\n\nyes\n2\nJ. Park\n1\n"), answers.Given{})
	if err := s.Do(t.Context()); err != nil {
		t.Fatalf("%v\n%s", err, s.out)
	}
	s.says(t, "1 of 3: Session settings", "1. Do it for me", "Type yes to do it (no)", "Nothing was changed.", "Type yes to do it",
		"Done, and read again.", "2 of 3: Terms of use", "What to look for:", "Who confirms “Terms of use”? (jpark)", "J. Park said so on 2026-11-25",
		"3 of 3: Connect and Allow", "Over to you in the browser", "https://acme.zendesk.com/admin", "1. Salesforce, in the list of integrations", "2. Choose Production or Sandbox",
		"Enter looks at once, b goes back", "Connect and Allow: passed, by avery")
	if s.toy.lock != "off" || len(s.opened) != 1 || len(s.Left()) > 0 {
		t.Errorf("lock %s, opened %v, left %v", s.toy.lock, s.opened, s.Left())
	}
	if strings.Count(s.out.String(), "not connected") != 1 {
		t.Errorf("a look that changed nothing was told:\n%s", s.out)
	}
}

func TestAWalkGoesBackAndLeaves(t *testing.T) {
	s := walkOn(t, strings.NewReader("3\n4\n1\n5\n"), answers.Given{})
	if err := s.Do(t.Context()); err != nil {
		t.Fatalf("%v\n%s", err, s.out)
	}
	s.says(t, "Left for later. Until then: The integration disconnects", "zsf setup --only salesforce.session-lock",
		"2 of 3: Terms of use", "1 of 3: Session settings", "1. Go on", "2 of 3: Terms of use", "Nothing is lost. zsf setup goes on from here.")
}

func TestTheInputEndsBeforeAnythingWasDone(t *testing.T) {
	given := answers.Given{Actions: map[flow.ID]answers.Action{"salesforce.session-lock": answers.Change}}
	s := walkOn(t, strings.NewReader(""), given)
	err := s.Do(t.Context())
	var missing *plain.MissingError
	if !errors.As(err, &missing) || len(missing.Needs) != 2 || missing.Needs[0].Step != "setup.terms" || s.toy.lock != "on" {
		t.Errorf("%v, lock %s", err, s.toy.lock)
	}
}

func TestTheInputEndsInTheMiddle(t *testing.T) {
	s := walkOn(t, strings.NewReader("1\nyes\n"), answers.Given{})
	err := s.Do(t.Context())
	if !errors.Is(err, plain.ErrNoAnswer) || !strings.HasPrefix(err.Error(), "setup.terms: ") || s.toy.lock != "off" {
		t.Errorf("%v, lock %s", err, s.toy.lock)
	}
}

func TestADryRunChangesNothing(t *testing.T) {
	s := walkOn(t, nil, answers.Given{Actions: map[flow.ID]answers.Action{"setup.terms": answers.Confirm}})
	if err := s.Rehearse(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.says(t, "What it does: Turn off the lock", "jpark would vouch for it.", "You would be asked.", "nothing was changed")
	if s.toy.lock != "on" || len(s.Left()) != 3 {
		t.Errorf("lock %s, left %d", s.toy.lock, len(s.Left()))
	}
}

func TestAWaitIsOverAfterAWhile(t *testing.T) {
	s := walkOn(t, nil, answers.Given{Actions: map[flow.ID]answers.Action{
		"salesforce.session-lock": answers.Skip, "setup.terms": answers.Skip, "setup.connect": answers.Wait,
	}})
	s.Longest, s.looks = time.Minute, 10
	if err := s.Do(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.says(t, "Nobody did it within 60 s: it is left.")
	if left := s.Left(); len(left) != 1 || left[0].Step != "setup.connect" {
		t.Errorf("left: %v", left)
	}
}

func TestOptionsAreChosenByNumberOrName(t *testing.T) {
	question := flow.Question{ID: "access.profiles", Kind: flow.PickMany, Options: []flow.Option{
		{Value: "System Administrator", Words: flow.Raw("System Administrator"), Locked: true, Why: flow.Say("access.profiles.locked")},
		{Value: "Standard User", Words: flow.Raw("Standard User")},
		{Value: "Sales, East", Words: flow.Raw("Sales, East")},
	}}
	for answer, want := range map[string][]string{
		"2": {"System Administrator", "Standard User"}, "standard user, 3": {"System Administrator", "Standard User", "Sales, East"},
		"Sales, East": {"System Administrator", "Sales, East"}, "": {"System Administrator", "Standard User"}, "9\n2": {"System Administrator", "Standard User"},
	} {
		var out bytes.Buffer
		asker := plain.NewAsker(t.Context(), strings.NewReader(answer+"\n"), &out, uitest.Words(t, "en"))
		got, err := asker.Answer(t.Context(), question, []string{"System Administrator", "Standard User"})
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: %v %v, want %v\n%s", answer, got, err, want, &out)
		}
		if !strings.Contains(out.String(), "1. System Administrator: always ticked: the guide requires it") {
			t.Errorf("%s", &out)
		}
	}
}
