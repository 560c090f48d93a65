// Words that no longer hold: what people vouched for before things became other than they were.

package run

import (
	"context"
	"fmt"
	"slices"

	"zsf/clients/store"
	"zsf/flows/flow"
	"zsf/flows/memory"
)

// dropping is the data of an entry that takes a word back because of what has happened since.
type dropping struct {
	Because flow.Text `json:"because"`
}

// beginAnew takes back the words that were given before this run for steps that the flow asks about anew.
func (r *Run) beginAnew(ctx context.Context) error {
	about := r.options.Runner.Flow
	if r.options.Watch || len(about.Anew) == 0 {
		return nil
	}
	entries, err := r.options.Journal.Entries(ctx, store.Filter{Profile: r.profile})
	if err != nil {
		return fmt.Errorf("read the journal of %s: %w", r.profile, err)
	}
	begun := slices.IndexFunc(entries, func(entry store.Entry) bool { return entry.Kind == store.RunStarted && entry.Run == r.id })
	before := marksOf(entries[:max(begun, 0)], r.id)
	since := marksOf(entries[max(begun, 0):], r.id)
	for _, step := range about.Anew {
		_, old := before.vouched[step]
		_, fresh := since.vouched[step]
		_, now := r.marks.vouched[step]
		if !old || fresh || !now {
			continue
		}
		if err := r.say(ctx, store.Unconfirmed, step, dropping{Because: flow.Say("word-ended.anew")}); err != nil {
			return err
		}
	}
	return nil
}

// endWords takes back the words that a step which holds has made void. A journal that cannot be written stops no look.
func (r *Run) endWords(ctx context.Context, findings []flow.Finding) {
	if r.options.Watch {
		return
	}
	for _, finding := range findings {
		step, _ := r.options.Runner.Flow.Step(finding.Step)
		if !finding.Verdict.Holds() {
			continue
		}
		for _, ended := range step.Ends {
			r.mu.Lock()
			_, vouched := r.marks.vouched[ended]
			r.mu.Unlock()
			if vouched {
				_ = r.say(ctx, store.Unconfirmed, ended, dropping{Because: flow.Say("word-ended." + string(step.ID))})
			}
		}
	}
}

// remember lets the steps know what the journal has by now.
func (r *Run) remember(ctx context.Context) error {
	entries, err := r.options.Journal.Entries(ctx, store.Filter{Profile: r.profile, Kinds: memory.Kinds})
	if err != nil {
		return fmt.Errorf("read the journal of %s: %w", r.profile, err)
	}
	known := memory.Of(entries, r.ID())
	known.Answers = r.Answers()
	r.options.Runner.World.Remember(known)
	return nil
}
