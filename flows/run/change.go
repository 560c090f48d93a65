// Changes of a run: previewed, written down before they are made, read again, and taken back.

package run

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"zsf/clients/store"
	"zsf/flows/flow"
	"zsf/flows/world"
)

// A Result is what became of a change.
type Result struct {
	Change  flow.Change
	Entry   int64 // of the journal, in which it was begun: what zsf undo names
	Outcome flow.Outcome
	Moved   []flow.Difference // what else is other than before it
	Err     error             // what the service said, where it was not made
}

// Why a change is not made, or not taken back.
var (
	ErrMoved     = errors.New("what it was prepared for is no longer so")
	ErrFinal     = errors.New("this change cannot be taken back by API")
	ErrNotMade   = errors.New("it was not made")
	ErrUnfit     = errors.New("no maker of this zsf knows such a change")
	ErrTakenBack = errors.New("it was taken back already")
)

// A MovedError is an ErrMoved that says what is other than it was.
type MovedError struct{ Differences []flow.Difference }

func (e *MovedError) Error() string { return ErrMoved.Error() }
func (e *MovedError) Unwrap() error { return ErrMoved }

// Prepare makes a step's change ready to be shown, by what was answered, with everything around it read anew.
func (r *Run) Prepare(ctx context.Context, id flow.ID) (flow.Change, error) {
	return r.PrepareWith(ctx, id, r.Answers())
}

// PrepareWith is Prepare by answers that are not kept.
func (r *Run) PrepareWith(ctx context.Context, id flow.ID, answers flow.Answers) (flow.Change, error) {
	step, ok := r.options.Runner.Flow.Step(id)
	if !ok || step.Change == nil {
		return flow.Change{}, fmt.Errorf("%s: %w", id, flow.ErrNoChange)
	}
	w := r.options.Runner.World
	w.Forget(step.ChangeReads...)
	w.Load(ctx, step.ChangeReads...)
	w.Wait(step.ChangeReads...)
	change, err := step.Change(w, answers)
	if err != nil {
		return flow.Change{}, fmt.Errorf("%s: %w", id, err)
	}
	change.Step = id
	maker, err := makerOf(r.options.Makers, change)
	if err != nil {
		return flow.Change{}, err
	}
	if change.Before, err = maker.Read(ctx, r.options.Runner.World, change); err != nil {
		return flow.Change{}, fmt.Errorf("%s: %w", id, err)
	}
	change.ReadAt = r.options.Now()
	if outcome, _ := maker.Judge(change, change.Before); outcome == flow.Made {
		return flow.Change{}, fmt.Errorf("%s: %w", id, flow.ErrAsItShould)
	}
	return change, nil
}

// Make makes a prepared change: it is written down first, and read again after. What stood around it
// when it was prepared must still stand so, or nothing is done and the error is a *MovedError.
func (r *Run) Make(ctx context.Context, change flow.Change) (Result, error) {
	if r.options.Watch {
		return Result{}, ErrWatching
	}
	maker, err := makerOf(r.options.Makers, change)
	if err != nil {
		return Result{}, err
	}
	now, err := maker.Read(ctx, r.options.Runner.World, change)
	if err != nil {
		return Result{}, fmt.Errorf("%s: %w", change.Step, err)
	}
	if moved := flow.Compare(change.Before, now); len(moved) > 0 {
		return Result{}, fmt.Errorf("%s: %w", change.Step, &MovedError{Differences: change.Named(moved)})
	}
	begun, err := r.append(ctx, store.ChangeBegun, change.Step, change)
	if err != nil {
		return Result{}, err
	}
	// From here on the change may have been made: whoever waits for it no longer ends it.
	ctx = context.WithoutCancel(ctx)
	made := maker.Make(ctx, r.options.Runner.World, change)
	result, err := r.ledger().settle(ctx, begun, change, made)
	return result, errors.Join(err, r.remember(ctx))
}

// TakeBack takes back a change of this profile, by its entry in the journal.
func (r *Run) TakeBack(ctx context.Context, entry int64) (Result, error) {
	if r.options.Watch {
		return Result{}, ErrWatching
	}
	return r.ledger().takeBack(ctx, entry)
}

// Recover finds out what became of the changes that a zsf which ended in the middle had begun, and of those that
// a service was still at work on.
func (r *Run) Recover(ctx context.Context) ([]Result, error) {
	if r.options.Watch {
		return nil, nil
	}
	entries, err := r.options.Journal.Entries(ctx, store.Filter{Profile: r.profile})
	if err != nil {
		return nil, fmt.Errorf("read the journal of %s: %w", r.profile, err)
	}
	var results []Result
	for _, change := range ChangesOf(entries) {
		if !change.Unsettled() {
			continue
		}
		result, err := r.ledger().recover(ctx, change)
		if err != nil {
			return results, err
		}
		results = append(results, result)
	}
	return results, r.remember(ctx)
}

// Changes are the changes that the journal has of this profile, the oldest first.
func (r *Run) Changes(ctx context.Context) ([]Recorded, error) {
	entries, err := r.options.Journal.Entries(ctx, store.Filter{Profile: r.profile})
	if err != nil {
		return nil, fmt.Errorf("read the journal of %s: %w", r.profile, err)
	}
	return ChangesOf(entries), nil
}

func (r *Run) ledger() ledger {
	return ledger{r.options.Journal, r.options.Makers, r.options.Runner.World, r.entry}
}

func makerOf(makers map[string]flow.Maker, change flow.Change) (flow.Maker, error) {
	maker, ok := makers[change.Kind]
	if !ok {
		return nil, fmt.Errorf("%s: %w: %q", change.Step, ErrUnfit, change.Kind)
	}
	return maker, nil
}

// A ledger keeps the journal of changes.
type ledger struct {
	journal Journal
	makers  map[string]flow.Maker
	world   *world.World
	entry   func(store.Kind, flow.ID, json.RawMessage, flow.Verdict) store.Entry
}

// ending is the data of an entry that says what became of a change.
type ending struct {
	Begun   int64             `json:"begun"`
	Outcome flow.Outcome      `json:"outcome,omitempty"`
	Moved   []flow.Difference `json:"moved,omitempty"`
	Reason  string            `json:"reason,omitempty"`
}

// settle reads what became of a change, and writes it down.
func (l ledger) settle(ctx context.Context, begun store.Entry, change flow.Change, failed error) (Result, error) {
	maker, err := makerOf(l.makers, change)
	if err != nil {
		return Result{}, err
	}
	result := Result{Change: change, Entry: begun.ID, Err: failed}
	now, err := maker.Read(ctx, l.world, change)
	if err != nil {
		// The change stays open in the journal: the next start finds out.
		return result, fmt.Errorf("%s: read again: %w", change.Step, errors.Join(err, failed))
	}
	result.Outcome, result.Moved = maker.Judge(change, now)
	result.Moved = change.Named(result.Moved)
	end := ending{Begun: begun.ID, Outcome: result.Outcome, Moved: result.Moved}
	kind := store.ChangeMade
	switch {
	case result.Outcome == flow.NotMade:
		kind = store.ChangeFailed
		if result.Err == nil {
			result.Err = ErrNotMade
		}
		end.Reason = result.Err.Error()
	case failed != nil:
		end.Reason = failed.Error()
	}
	return result, l.write(ctx, kind, change.Step, end)
}

func (l ledger) write(ctx context.Context, kind store.Kind, step flow.ID, data any) error {
	text, err := json.Marshal(data)
	if err != nil {
		return fmt.Errorf("write down %s: %w", kind, err)
	}
	if _, err := l.journal.Append(ctx, l.entry(kind, step, text, "")); err != nil {
		return fmt.Errorf("write down %s: %w", kind, err)
	}
	return nil
}

func (l ledger) takeBack(ctx context.Context, id int64) (Result, error) {
	recorded, err := l.find(ctx, id)
	if err != nil {
		return Result{}, err
	}
	change := recorded.Change
	maker, err := makerOf(l.makers, change)
	switch {
	case err != nil:
		return Result{}, err
	case !change.Final.Empty():
		return Result{Change: change, Entry: id}, fmt.Errorf("%s: %w", change.Step, ErrFinal)
	case recorded.TakenBack:
		return Result{Change: change, Entry: id}, fmt.Errorf("%s: %w", change.Step, ErrTakenBack)
	case recorded.Outcome == flow.NotMade:
		return Result{Change: change, Entry: id}, fmt.Errorf("%s: %w", change.Step, ErrNotMade)
	}
	now, err := maker.Read(ctx, l.world, change)
	if err != nil {
		return Result{}, fmt.Errorf("%s: %w", change.Step, err)
	}
	// What was changed must still stand as it was left: somebody else's work is not overwritten.
	switch outcome, _ := maker.Judge(change, now); outcome {
	case recorded.Outcome:
	case flow.NotMade:
		return Result{Change: change, Entry: id, Outcome: outcome}, fmt.Errorf("%s: %w", change.Step, ErrTakenBack)
	default:
		return Result{Change: change, Entry: id}, fmt.Errorf("%s: %w", change.Step, &MovedError{Differences: change.Named(flow.Compare(change.Before, now))})
	}
	if err := l.write(ctx, store.UndoBegun, change.Step, ending{Begun: id}); err != nil {
		return Result{}, err
	}
	ctx = context.WithoutCancel(ctx)
	return l.settleUndo(ctx, id, change, maker.TakeBack(ctx, l.world, change))
}

// settleUndo reads what became of taking a change back, and writes it down.
func (l ledger) settleUndo(ctx context.Context, id int64, change flow.Change, failed error) (Result, error) {
	maker, err := makerOf(l.makers, change)
	if err != nil {
		return Result{}, err
	}
	result := Result{Change: change, Entry: id, Err: failed}
	now, err := maker.Read(ctx, l.world, change)
	if err != nil {
		return result, fmt.Errorf("%s: read again: %w", change.Step, errors.Join(err, failed))
	}
	result.Outcome, result.Moved = maker.Judge(change, now)
	result.Moved = change.Named(result.Moved)
	end := ending{Begun: id, Outcome: result.Outcome, Moved: result.Moved}
	kind := store.Undone
	if result.Outcome != flow.NotMade {
		kind = store.UndoFailed
		if result.Err == nil {
			result.Err = errStillMade
		}
		end.Reason = result.Err.Error()
	} else {
		result.Err = nil
	}
	return result, l.write(ctx, kind, change.Step, end)
}

var errStillMade = errors.New("the service took the call, and the change is still there")

func (l ledger) recover(ctx context.Context, recorded Recorded) (Result, error) {
	if recorded.Undoing {
		return l.settleUndo(ctx, recorded.Entry, recorded.Change, nil)
	}
	if recorded.Outcome == flow.Underway {
		still, err := l.isUnderway(ctx, recorded.Change)
		if err != nil || still {
			return Result{Change: recorded.Change, Entry: recorded.Entry, Outcome: flow.Underway}, err
		}
	}
	return l.settle(ctx, store.Entry{ID: recorded.Entry}, recorded.Change, nil)
}

// isUnderway tells that the service is still at work on a change: there is nothing new to write down.
func (l ledger) isUnderway(ctx context.Context, change flow.Change) (bool, error) {
	maker, err := makerOf(l.makers, change)
	if err != nil {
		return false, err
	}
	now, err := maker.Read(ctx, l.world, change)
	if err != nil {
		return false, fmt.Errorf("%s: %w", change.Step, err)
	}
	outcome, _ := maker.Judge(change, now)
	return outcome == flow.Underway, nil
}

func (l ledger) find(ctx context.Context, id int64) (Recorded, error) {
	begun, err := l.journal.Entry(ctx, id)
	if err != nil {
		return Recorded{}, fmt.Errorf("read change %d: %w", id, err)
	}
	entries, err := l.journal.Entries(ctx, store.Filter{Profile: begun.Profile})
	if err != nil {
		return Recorded{}, fmt.Errorf("read change %d: %w", id, err)
	}
	for _, recorded := range ChangesOf(entries) {
		if recorded.Entry == id {
			return recorded, nil
		}
	}
	return Recorded{}, fmt.Errorf("change %d: %w", id, ErrNoSuchChange)
}

// ErrNoSuchChange is the error of an entry that is no change.
var ErrNoSuchChange = errors.New("the journal has no such change")
