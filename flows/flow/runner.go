package flow

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"zsf/flows/world"
)

// A Runner looks at the steps of one flow in one world, and keeps what it found.
// Its methods may be called from several goroutines, one look at a time.
type Runner struct {
	Flow  Flow
	World *world.World
	Now   func() time.Time

	mu       sync.Mutex // held by the look that is under way
	findings map[ID]Finding
	listener atomic.Pointer[func(Event)]
}

// NewRunner makes a Runner that has found nothing yet.
func NewRunner(flow Flow, w *world.World, now func() time.Time) *Runner {
	return &Runner{Flow: flow, World: w, Now: now, findings: map[ID]Finding{}}
}

// Look asks the services anew and judges the named steps, or all of them when none is named.
// Independent calls go out together; emit hears of each step as it is settled, from any goroutine.
// When ctx ends, the steps that were not settled are unknown, with the reason.
func (r *Runner) Look(ctx context.Context, only []ID, emit func(Event)) Report {
	r.mu.Lock()
	defer r.mu.Unlock()

	asked := r.asked(only)
	looked := r.withNeeds(asked)
	for _, step := range looked {
		r.World.Forget(step.Reads...)
	}
	return r.look(ctx, looked, asked, emit)
}

// Again looks again at one step: only what it reads is asked anew, with the steps that it needs
// and that do not hold, and those that it was blocking.
func (r *Runner) Again(ctx context.Context, id ID, emit func(Event)) Report {
	r.mu.Lock()
	defer r.mu.Unlock()

	chosen := map[ID]bool{id: true}
	for grown := true; grown; {
		grown = false
		for _, step := range r.Flow.Steps() {
			if chosen[step.ID] && r.addUnheldNeeds(chosen, step) {
				grown = true
			}
			if !chosen[step.ID] && r.blockedByAny(chosen, step) {
				chosen[step.ID], grown = true, true
			}
		}
	}
	var looked []Step
	for _, step := range r.Flow.Steps() {
		if chosen[step.ID] {
			looked = append(looked, step)
			r.World.Forget(step.Reads...)
		}
	}
	return r.look(ctx, looked, r.Flow.Steps(), emit)
}

func (r *Runner) addUnheldNeeds(chosen map[ID]bool, step Step) bool {
	grown := false
	for _, need := range step.Needs {
		if !chosen[need] && r.findings[need].Verdict != Pass {
			chosen[need], grown = true, true
		}
	}
	return grown
}

func (r *Runner) blockedByAny(chosen map[ID]bool, step Step) bool {
	return slices.ContainsFunc(r.findings[step.ID].Blocking, func(need ID) bool { return chosen[need] })
}

// Tell passes an event that did not come from a step to whoever listens to the look under way.
func (r *Runner) Tell(event Event) {
	if emit := r.listener.Load(); emit != nil {
		(*emit)(event)
	}
}

// look runs the steps, each as soon as what it reads and what it needs are there.
func (r *Runner) look(ctx context.Context, looked, reported []Step, emit func(Event)) Report {
	started := r.Now()
	r.listener.Store(&emit)
	defer r.listener.Store(nil)
	var reads []world.Fact
	settled := make(map[ID]chan struct{}, len(looked))
	for _, step := range looked {
		reads = append(reads, step.Reads...)
		settled[step.ID] = make(chan struct{})
		emit(Looking{Step: step.ID})
	}
	r.World.Load(ctx, reads...)

	var found sync.Map
	for id, finding := range r.findings {
		found.Store(id, finding)
	}
	var steps sync.WaitGroup
	for _, step := range looked {
		steps.Go(func() {
			defer close(settled[step.ID])
			finding := r.judge(step, settled, &found)
			finding.Took = r.Now().Sub(started)
			found.Store(step.ID, finding)
			emit(Found{Finding: finding})
		})
	}
	steps.Wait()
	for _, step := range looked {
		finding, _ := found.Load(step.ID)
		r.findings[step.ID] = finding.(Finding)
	}
	return r.report(started, looked, reported)
}

func (r *Runner) judge(step Step, settled map[ID]chan struct{}, found *sync.Map) Finding {
	var blocking []ID
	for _, need := range step.Needs {
		if done, looking := settled[need]; looking {
			<-done
		}
		if finding, ok := found.Load(need); ok && finding.(Finding).blocks() {
			blocking = append(blocking, need)
		}
	}
	if len(blocking) > 0 {
		return Finding{
			Step: step.ID, Verdict: Blocked, Needs: step.Needs, Blocking: blocking, ReadAt: r.Now(),
			Summary: Say("blocked", "Step", Say(string(blocking[0])+".title")),
		}
	}
	r.World.Wait(step.Reads...)
	finding := lookAt(step, r.World)
	finding.Step = step.ID
	finding.Needs = step.Needs
	if finding.Verdict != Pass && finding.LeadsTo.Empty() {
		finding.LeadsTo = Say(string(step.ID) + ".leads_to")
	}
	finding.ReadAt = r.World.Oldest(step.Reads...)
	if finding.ReadAt.IsZero() {
		finding.ReadAt = r.Now()
	}
	return finding
}

// lookAt is a step's own look. A fault in it makes its step unknown, and no other.
func lookAt(step Step, w *world.World) (finding Finding) {
	defer func() {
		if fault := recover(); fault != nil {
			finding = NotSeen(world.Seen[any]{Err: fmt.Errorf("a fault in zsf: %v", fault)})
		}
	}()
	return step.Look(w)
}

// blocks tells whether steps that need this one have nothing to say. Without a sign-in they still
// have: what they could not see is unknown, and a person can confirm it.
func (f Finding) blocks() bool {
	return (f.Verdict == Fail || f.Verdict == Blocked) && !f.Unseen
}

func (r *Runner) report(started time.Time, looked, reported []Step) Report {
	report := Report{
		Profile:    r.World.Profile().Name,
		StartedAt:  started,
		Took:       r.Now().Sub(started),
		Salesforce: salesforceOf(r.World),
		Zendesk:    zendeskOf(r.World),
	}
	for _, step := range reported {
		if finding, ok := r.findings[step.ID]; ok {
			report.Findings = append(report.Findings, finding)
		}
	}
	for _, step := range looked {
		if _, ok := report.Finding(step.ID); !ok {
			report.Needed = append(report.Needed, r.findings[step.ID])
		}
	}
	return report
}

func (r *Runner) asked(only []ID) []Step {
	if len(only) == 0 {
		return r.Flow.Steps()
	}
	var steps []Step
	for _, step := range r.Flow.Steps() {
		if slices.Contains(only, step.ID) {
			steps = append(steps, step)
		}
	}
	return steps
}

// withNeeds adds the steps without which the asked ones cannot be judged, in the flow's order.
func (r *Runner) withNeeds(asked []Step) []Step {
	wanted := map[ID]bool{}
	var want func(ID)
	want = func(id ID) {
		if wanted[id] {
			return
		}
		wanted[id] = true
		if step, ok := r.Flow.Step(id); ok {
			for _, need := range step.Needs {
				want(need)
			}
		}
	}
	for _, step := range asked {
		want(step.ID)
	}
	return slices.DeleteFunc(r.Flow.Steps(), func(step Step) bool { return !wanted[step.ID] })
}
