// What the journal has of how a run's steps came to hold, as answers for the next one.

package run

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"zsf/clients/store"
	"zsf/flows/answers"
	"zsf/flows/flow"
)

// Given is what people said and did in this profile, as answers that a run elsewhere can be given.
func (r *Run) Given(ctx context.Context) (answers.Given, error) {
	entries, err := r.options.Journal.Entries(ctx, store.Filter{Profile: r.profile})
	if err != nil {
		return answers.Given{}, fmt.Errorf("read the journal of %s: %w", r.profile, err)
	}
	given := answers.Given{Actions: map[flow.ID]answers.Action{}, Questions: r.Answers()}
	for _, entry := range entries {
		// Whoever opened the page has seen to it there, unless something else is told later.
		if entry.Kind == store.Opened {
			given.Actions[flow.ID(entry.Step)] = answers.Wait
		}
	}
	for _, change := range ChangesOf(entries) {
		if change.Outcome == flow.Made && !change.TakenBack {
			given.Actions[change.Change.Step] = answers.Change
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for step, word := range r.marks.vouched {
		given.Actions[step], given.Who = answers.Confirm, word.By
	}
	for step := range r.marks.skipped {
		given.Actions[step] = answers.Skip
	}
	return given, nil
}

// Offer keeps answers for a profile in which these questions have not been answered yet: each face offers them.
func Offer(ctx context.Context, journal Journal, entry store.Entry, offered map[flow.ID]flow.Answers) error {
	entries, err := journal.Entries(ctx, store.Filter{Profile: entry.Profile, Kinds: []store.Kind{store.Answered}})
	if err != nil {
		return fmt.Errorf("read the journal of %s: %w", entry.Profile, err)
	}
	known := marksOf(entries, "").answers
	for _, step := range slices.Sorted(maps.Keys(offered)) {
		for _, question := range slices.Sorted(maps.Keys(offered[step])) {
			answer := offered[step][question]
			if _, answered := known[question]; answered || len(answer) == 0 {
				continue
			}
			if entry.Data, err = json.Marshal(answering{Question: question, Answer: answer}); err != nil {
				return fmt.Errorf("offer an answer to %s: %w", question, err)
			}
			entry.Kind, entry.Step = store.Answered, string(step)
			if _, err := journal.Append(ctx, entry); err != nil {
				return fmt.Errorf("offer an answer to %s: %w", question, err)
			}
		}
	}
	return nil
}

// Suppose lets a run that only watches take answers as offered, where these questions have not been answered yet.
// Nothing is written down.
func (r *Run) Suppose(offered flow.Answers) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.supposed = offered
	r.marks.suppose(offered)
}

func (m marks) suppose(offered flow.Answers) {
	for question, answer := range offered {
		if _, answered := m.answers[question]; !answered && len(answer) > 0 {
			m.answers[question] = answer
		}
	}
}
