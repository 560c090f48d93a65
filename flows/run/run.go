// Package run carries out a flow: it looks, keeps what a person says, makes changes and takes them back,
// and writes all of it into the journal, so that a run goes on where it ended.
package run

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"zsf/clients/store"
	"zsf/flows/flow"
	"zsf/flows/world"
)

// A Journal is where a run is written down; a *store.Journal is one.
type Journal interface {
	Append(ctx context.Context, entry store.Entry) (store.Entry, error)
	Entries(ctx context.Context, filter store.Filter) ([]store.Entry, error)
	Entry(ctx context.Context, id int64) (store.Entry, error)
}

// Options are what a run is made from.
type Options struct {
	Runner  *flow.Runner
	Journal Journal
	Makers  map[string]flow.Maker
	Who     string // sits at the machine
	Watch   bool   // only look: somebody else's run of this profile is under way
	Now     func() time.Time
}

// A Run is one execution of a flow for one profile. Its methods may be called from several goroutines.
type Run struct {
	options Options
	profile string
	resumed bool

	mu       sync.Mutex
	id       string // names the run in the journal; empty while it only watches, and there is none
	marks    marks
	supposed flow.Answers             // taken as offered, though nobody wrote them down
	last     map[flow.ID]string       // what the journal has of each step's last look
	seen     map[flow.ID]flow.Finding // as the last look left them, without what people said
}

// ErrWatching is the error of everything that a run which only watches may not do.
var ErrWatching = errors.New("another zsf is at work on this profile, so this one only watches")

// Begin goes on with the profile's last run of the flow if it has not ended, and starts one otherwise.
func Begin(ctx context.Context, options Options) (*Run, error) {
	r := &Run{
		options: options, profile: options.Runner.World.Profile().Name,
		last: map[flow.ID]string{}, seen: map[flow.ID]flow.Finding{},
	}
	if err := r.recall(ctx); err != nil {
		return nil, err
	}
	if r.resumed = r.id != ""; !options.Watch && !r.resumed {
		r.id = fmt.Sprintf("%s-%s", options.Runner.Flow.ID, options.Now().UTC().Format("20060102T150405.000"))
		if err := r.write(ctx, store.RunStarted, "", started{Flow: options.Runner.Flow.ID}); err != nil {
			return nil, err
		}
	}
	if err := r.beginAnew(ctx); err != nil {
		return nil, err
	}
	return r, r.remember(ctx)
}

// started is the data of an entry that begins a run.
type started struct {
	Flow string `json:"flow"`
}

// recall reads what the journal has of the profile.
func (r *Run) recall(ctx context.Context) error {
	entries, err := r.options.Journal.Entries(ctx, store.Filter{Profile: r.profile})
	if err != nil {
		return fmt.Errorf("read the journal of %s: %w", r.profile, err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.id = unfinished(entries, r.options.Runner.Flow.ID)
	r.marks = marksOf(entries, r.id)
	r.marks.suppose(r.supposed)
	for _, entry := range entries {
		if entry.Kind == store.Looked && entry.Run == r.id {
			r.last[flow.ID(entry.Step)] = entry.Verdict + string(entry.Data)
		}
	}
	return nil
}

// unfinished is the flow's run that was begun last, where it has not ended; empty where there is none.
func unfinished(entries []store.Entry, flowID string) string {
	open := ""
	for _, entry := range entries {
		switch entry.Kind {
		case store.RunStarted:
			var begun started
			if json.Unmarshal(entry.Data, &begun) == nil && begun.Flow == flowID {
				open = entry.Run
			}
		case store.RunEnded:
			if entry.Run == open {
				open = ""
			}
		}
	}
	return open
}

// ID names the run in the journal; empty where this one only watches, and there is none.
func (r *Run) ID() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.id
}

// Resumed tells that this goes on with a run that was begun before.
func (r *Run) Resumed() bool { return r.resumed }

// Profile is whose run it is.
func (r *Run) Profile() string { return r.profile }

// Flow is what is carried out.
func (r *Run) Flow() flow.Flow { return r.options.Runner.Flow }

// World is what the run asks.
func (r *Run) World() *world.World { return r.options.Runner.World }

// Who sits at the machine.
func (r *Run) Who() string { return r.options.Who }

// Watches tells that this run may only look.
func (r *Run) Watches() bool { return r.options.Watch }

// Look looks at the named steps, or at all. What a person vouched for or skipped is in the findings.
func (r *Run) Look(ctx context.Context, only []flow.ID, emit func(flow.Event)) flow.Report {
	return r.looked(ctx, emit, func(emit func(flow.Event)) flow.Report {
		return r.options.Runner.Look(ctx, only, emit)
	})
}

// Again looks again at one step, and at what depends on it.
func (r *Run) Again(ctx context.Context, id flow.ID, emit func(flow.Event)) flow.Report {
	return r.looked(ctx, emit, func(emit func(flow.Event)) flow.Report {
		return r.options.Runner.Again(ctx, id, emit)
	})
}

func (r *Run) looked(ctx context.Context, emit func(flow.Event), look func(func(flow.Event)) flow.Report) flow.Report {
	if r.options.Watch {
		_ = r.recall(ctx) // what the other one has written by now; where it cannot be read, what was known stays
		_ = r.remember(ctx)
	}
	report := look(func(event flow.Event) {
		if found, ok := event.(flow.Found); ok {
			found.Finding = r.mark(found.Finding)
			event = found
		}
		emit(event)
	})
	for i, finding := range report.Findings {
		report.Findings[i] = r.mark(finding)
	}
	for i, finding := range report.Needed {
		report.Needed[i] = r.mark(finding)
	}
	r.keep(ctx, report.Findings)
	r.endWords(ctx, report.Findings)
	return report
}

// mark remembers a finding, and gives it the verdict that a person's word makes of it.
func (r *Run) mark(finding flow.Finding) flow.Finding {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.seen[finding.Step] = finding
	step, _ := r.options.Runner.Flow.Step(finding.Step)
	return r.marks.apply(step, finding)
}

// keep writes down each finding that is other than the last that was written down. A journal that cannot be
// written stops no look: what a person does next will say so.
func (r *Run) keep(ctx context.Context, findings []flow.Finding) {
	for _, finding := range findings {
		if r.options.Watch || finding.ReadAt.IsZero() {
			continue
		}
		data, err := json.Marshal(lookedAt{Summary: finding.Summary.ID})
		if err != nil || !r.isNews(finding.Step, string(finding.Verdict)+string(data)) {
			continue
		}
		_, _ = r.options.Journal.Append(ctx, r.entry(store.Looked, finding.Step, data, finding.Verdict))
	}
}

// isNews tells whether a look came to something else than the one before it.
func (r *Run) isNews(step flow.ID, now string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	before := r.last[step]
	r.last[step] = now
	return before != now
}

// lookedAt is the data of an entry about a look.
type lookedAt struct {
	Summary string `json:"summary"` // the name of its words
}

// Findings are what is known by now, in the flow's order.
func (r *Run) Findings() []flow.Finding {
	r.mu.Lock()
	defer r.mu.Unlock()
	var findings []flow.Finding
	for _, step := range r.options.Runner.Flow.Steps() {
		if finding, ok := r.seen[step.ID]; ok {
			findings = append(findings, r.marks.apply(step, finding))
		}
	}
	return findings
}

// Next is the first step that does not hold; false when all do.
func (r *Run) Next() (flow.ID, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, step := range r.options.Runner.Flow.Steps() {
		if finding, ok := r.seen[step.ID]; !ok || !r.marks.apply(step, finding).Verdict.Settled() {
			return step.ID, true
		}
	}
	return "", false
}

// End closes the run: the flow's next one starts anew.
func (r *Run) End(ctx context.Context) error {
	end := ended{Flow: r.Flow().ID, Counts: map[flow.Verdict]int{}, Account: r.options.Runner.World.Profile().Zendesk}
	for _, finding := range r.Findings() {
		end.Counts[finding.Verdict]++
	}
	if organization := r.options.Runner.World.Organization(); organization.Err == nil {
		end.Org = world.Production
		if organization.Value.IsSandbox {
			end.Org = world.Sandbox
		}
	}
	return r.write(ctx, store.RunEnded, "", end)
}

// ended is the data of an entry that ends a run.
type ended struct {
	Flow    string               `json:"flow"`
	Counts  map[flow.Verdict]int `json:"counts"`
	Org     world.Environment    `json:"org,omitempty"` // empty: the org did not tell
	Account world.Environment    `json:"account,omitempty"`
}

// Rehearsed is when a set-up of a sandbox org with a Zendesk sandbox last came to its end, for whichever
// profile; zero when none did.
func Rehearsed(ctx context.Context, journal Journal) (time.Time, error) {
	entries, err := journal.Entries(ctx, store.Filter{Kinds: []store.Kind{store.RunEnded}})
	if err != nil {
		return time.Time{}, fmt.Errorf("look for a rehearsal in the journal: %w", err)
	}
	for _, entry := range slices.Backward(entries) {
		var end ended
		if json.Unmarshal(entry.Data, &end) == nil && end.Flow == "setup" && end.Org == world.Sandbox && end.Account == world.Sandbox {
			return entry.At, nil
		}
	}
	return time.Time{}, nil
}

func (r *Run) write(ctx context.Context, kind store.Kind, step flow.ID, data any) error {
	_, err := r.append(ctx, kind, step, data)
	return err
}

func (r *Run) append(ctx context.Context, kind store.Kind, step flow.ID, data any) (store.Entry, error) {
	if r.options.Watch {
		return store.Entry{}, ErrWatching
	}
	text, err := json.Marshal(data)
	if err != nil {
		return store.Entry{}, fmt.Errorf("write down %s: %w", kind, err)
	}
	entry, err := r.options.Journal.Append(ctx, r.entry(kind, step, text, ""))
	if err != nil {
		return entry, fmt.Errorf("write down %s: %w", kind, err)
	}
	return entry, nil
}

func (r *Run) entry(kind store.Kind, step flow.ID, data json.RawMessage, verdict flow.Verdict) store.Entry {
	return store.Entry{
		Run: r.ID(), Profile: r.profile, At: r.options.Now(), Who: r.options.Who,
		Kind: kind, Step: string(step), Verdict: string(verdict), Data: data,
	}
}
