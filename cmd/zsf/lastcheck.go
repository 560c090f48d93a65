package main

import (
	"context"
	"errors"
	"io"

	"zsf/clients/store"
	"zsf/flows/flow"
	"zsf/ui/home"
)

// keep remembers a whole check for the next start. A rehearsal leaves no trace.
func (p *program) keep(ctx context.Context, s *session, looked flow.Report) {
	if s.sandbox != nil {
		return
	}
	last := store.LastCheck{
		At: looked.StartedAt, DurationMS: looked.Took.Milliseconds(), Looked: len(looked.Findings), Counts: map[string]int{},
	}
	for _, verdict := range flow.Verdicts {
		last.Counts[string(verdict)] = looked.Count(verdict)
	}
	for _, wrong := range home.CheckOf(looked).Wrong {
		last.Wrong = append(last.Wrong, store.Wrong{Step: string(wrong.Step), Verdict: string(wrong.Verdict)})
	}
	kept, err := store.Open(p.Getenv)
	if err == nil {
		err = kept.KeepLastCheck(context.WithoutCancel(ctx), s.profile.Name, last) // who leaves has looked all the same
	}
	if err != nil {
		// The check itself is done: that it cannot be remembered is worth a word, not a failure.
		_, _ = io.WriteString(p.Stderr, p.words.T("not-kept", "Reason", err)+"\n")
	}
}

// lastCheck is what keep remembered; nil when there is nothing, or nothing that can be read.
func (p *program) lastCheck(ctx context.Context, s *session) *home.Check {
	if s.sandbox != nil {
		return nil
	}
	kept, err := store.Open(p.Getenv)
	if err != nil {
		return nil
	}
	last, err := kept.LastCheck(ctx, s.profile.Name)
	if errors.Is(err, store.ErrNone) {
		return nil
	}
	if err != nil {
		_, _ = io.WriteString(p.Stderr, "zsf: "+p.words.Error(err)+"\n")
		return nil
	}
	check := &home.Check{At: last.At, Totals: map[flow.Verdict]int{}}
	for verdict, count := range last.Counts {
		check.Totals[flow.Verdict(verdict)] = count
	}
	for _, wrong := range last.Wrong {
		check.Wrong = append(check.Wrong, home.Wrong{Step: flow.ID(wrong.Step), Verdict: flow.Verdict(wrong.Verdict)})
	}
	return check
}
