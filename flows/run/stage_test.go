package run_test

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"sync"
	"testing"
	"time"

	"zsf/clients/store"
	"zsf/flows/flow"
	"zsf/flows/run"
	"zsf/flows/world"
)

// An org is a toy service: some settings, and what goes wrong with them.
type org struct {
	settings flow.State
	refuses  error // what a change is answered with
	also     func(flow.State)
	lost     bool // the answer to a change is lost: it is made all the same
	slow     bool // a change is not made at once
}

// toyMaker sets lock to off.
type toyMaker struct{ org *org }

func (m toyMaker) Read(context.Context, *world.World, flow.Change) (flow.State, error) {
	return maps.Clone(m.org.settings), nil
}

func (m toyMaker) Make(context.Context, *world.World, flow.Change) error { return m.set("off") }

func (m toyMaker) TakeBack(_ context.Context, _ *world.World, change flow.Change) error {
	return m.set(change.Before["lock"])
}

func (m toyMaker) set(value string) error {
	if m.org.refuses != nil {
		return m.org.refuses
	}
	m.org.settings["lock"] = value
	if m.org.slow {
		m.org.settings["lock"] = "being set"
	}
	if m.org.also != nil {
		m.org.also(m.org.settings)
	}
	if m.org.lost {
		return errors.New("the answer was lost")
	}
	return nil
}

func (toyMaker) Judge(change flow.Change, now flow.State) (flow.Outcome, []flow.Difference) {
	if now["lock"] == "being set" {
		return flow.Underway, nil
	}
	want := maps.Clone(change.Before)
	want["lock"] = "off"
	return flow.JudgeBy(change.Before, want, now)
}

// about is a flow of three steps: one that an API tells and changes, one that only a person knows, one that asks.
func about(o *org) flow.Flow {
	lock := flow.Step{
		ID: "lock",
		Look: func(*world.World) flow.Finding {
			if o.settings["lock"] == "on" {
				return flow.Failed(flow.Raw("locked"))
			}
			return flow.Passed(flow.Raw("open"))
		},
		Change: func(*world.World, flow.Answers) (flow.Change, error) {
			return flow.Change{Kind: "toy", Title: flow.Say("change.session-lock"), Data: json.RawMessage("{}")}, nil
		},
	}
	terms := flow.Step{ID: "terms", Look: func(*world.World) flow.Finding { return flow.NotKnown(flow.Raw("who knows")) }}
	instance := flow.Step{
		ID:   "instance",
		Look: func(*world.World) flow.Finding { return flow.NotKnown(flow.Raw("choose")) },
		Ask: func(*world.World) []flow.Question {
			return []flow.Question{{ID: "instance", Kind: flow.ChooseOne, Options: []flow.Option{{Value: "sandbox"}, {Value: "production"}}}}
		},
	}
	return flow.Flow{ID: "setup", Groups: []flow.Group{{ID: "all", Steps: []flow.Step{lock, terms, instance}}}}
}

// A stage is one journal and one org, on which runs begin and end.
type stage struct {
	t       *testing.T
	org     *org
	store   store.Store
	journal *store.Journal

	mu  sync.Mutex // steps are looked at side by side, and each asks for the time
	now time.Time
}

func newStage(t *testing.T) *stage {
	t.Helper()
	folder := t.TempDir()
	kept, err := store.Open(func(name string) string { return map[string]string{"XDG_STATE_HOME": folder}[name] })
	if err != nil {
		t.Fatal(err)
	}
	journal, err := kept.Journal(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = journal.Close() })
	return &stage{
		t: t, store: kept, journal: journal, now: time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC),
		org: &org{settings: flow.State{"lock": "on", "timeout": "2 h"}},
	}
}

func (s *stage) clock() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(time.Second)
	return s.now
}

func (s *stage) options() run.Options {
	w := world.New(world.Options{Profile: world.Profile{Name: "acme"}, Now: s.clock})
	return run.Options{
		Runner: flow.NewRunner(about(s.org), w, s.clock), Journal: s.journal, Who: "jpark", Now: s.clock,
		Makers: map[string]flow.Maker{"toy": toyMaker{s.org}},
	}
}

func (s *stage) begin() *run.Run {
	s.t.Helper()
	r, err := run.Begin(s.t.Context(), s.options())
	if err != nil {
		s.t.Fatal(err)
	}
	r.Look(s.t.Context(), nil, func(flow.Event) {})
	return r
}

func (s *stage) kinds() []store.Kind {
	s.t.Helper()
	entries, err := s.journal.Entries(s.t.Context(), store.Filter{Profile: "acme"})
	if err != nil {
		s.t.Fatal(err)
	}
	var kinds []store.Kind
	for _, entry := range entries {
		if entry.Kind != store.Looked {
			kinds = append(kinds, entry.Kind)
		}
	}
	return kinds
}

func verdicts(r *run.Run) map[flow.ID]flow.Verdict {
	found := map[flow.ID]flow.Verdict{}
	for _, finding := range r.Findings() {
		found[finding.Step] = finding.Verdict
	}
	return found
}
