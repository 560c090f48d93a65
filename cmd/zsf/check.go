package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"zsf/flows"
	"zsf/flows/flow"
	"zsf/flows/snapshot"
	"zsf/ui/plain"
	"zsf/ui/report"
)

// shortestWatch keeps a watch from eating the org's API requests.
const shortestWatch = 5 * time.Second

// A checkRequest is what a check was asked to look at.
type checkRequest struct {
	only  []string
	steps []flow.ID
	watch time.Duration

	against string             // a snapshot's id, or a file
	since   *snapshotSide      // what against names
	files   map[string]*string // where to write reports of which kind
}

func (p *program) checkCommand() *cobra.Command {
	request := checkRequest{files: map[string]*string{}}
	command := &cobra.Command{
		Use:   "check",
		Short: p.words.T("cli.check.short"),
		Long:  p.words.T("cli.check.long"),
		Example: "  zsf check\n  zsf check --only salesforce.session-lock,access.profiles\n" +
			"  zsf check --json\n  zsf check --against 12 --junit check.xml --html check.html\n  zsf --demo --scenario ready check",
		Args: p.noArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			if command.Flags().Changed("against") && request.against == "" {
				return p.usage("usage-snapshot.now")
			}
			for _, name := range reportKinds {
				if !command.Flags().Changed(name) {
					delete(request.files, name)
				} else if err := p.canBeWritten(name, *request.files[name]); err != nil {
					return err
				}
			}
			return p.runCheck(command.Context(), request)
		},
	}
	command.Flags().StringSliceVar(&request.only, "only", nil, p.words.T("flag.only"))
	command.Flags().DurationVar(&request.watch, "watch", 0, p.words.T("flag.watch", "Shortest", shortestWatch))
	command.Flags().StringVar(&request.against, "against", "", p.words.T("flag-snapshot.against"))
	for _, kind := range reportKinds {
		request.files[kind] = command.Flags().String(kind, "", p.words.T("flag-snapshot."+kind))
	}
	return command
}

func (p *program) runCheck(ctx context.Context, request checkRequest) error {
	for _, id := range request.only {
		if _, ok := flows.Preflight.Step(flow.ID(id)); !ok {
			return p.usage("usage.step", "Name", id, "Names", stepNames())
		}
		request.steps = append(request.steps, flow.ID(id))
	}
	if request.watch != 0 && request.watch < shortestWatch {
		return p.usage("usage.watch", "Shortest", shortestWatch)
	}
	s, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	if err := p.recallWords(ctx, s); err != nil {
		return err
	}
	if request.against != "" {
		since, err := p.kept(ctx, s, request.against)
		if err != nil {
			return err
		}
		request.since = &since
	}
	// What is asked for beside the checklist is not on its screen.
	if p.interactive() && request.since == nil && len(request.files) == 0 {
		return p.showChecklist(ctx, s, request)
	}
	return p.printChecks(ctx, s, request)
}

// printChecks looks once, or again at each interval, and prints what it finds.
func (p *program) printChecks(ctx context.Context, s *session, request checkRequest) error {
	printed := plain.Printer{Out: p.Stdout, Words: p.words}
	var before checked
	var seen flow.Report        // each step as it was when something could be seen of it
	var known []snapshot.Change // to differ from the snapshot, by what could be read last
	for first := true; ; first = false {
		now, err := p.check(ctx, s, request)
		if err != nil {
			return err
		}
		switch {
		case p.json:
			err = report.WriteCheck(p.Stdout, p.words, now.Report, now.drift)
		case first:
			err = printed.Report(flows.Preflight, now.Report)
			if err == nil && now.drift != nil {
				err = printed.Drift(now.drift.Since, now.drift.Changes)
			}
		default:
			err = printed.Changes(seen, before.Report, now.Report)
			if err == nil && now.drift != nil {
				err = errors.Join(
					printed.Drifted(now.Report, known, now.drift.Changes),
					printed.Unread(now.Report, before.drift.Changes, now.drift.Changes))
			}
		}
		if err != nil {
			return err
		}
		if err := p.writeReports(request.files, now); err != nil {
			return err
		}
		if first {
			p.tellWritten(request.files)
		}
		if request.watch == 0 {
			return said(now.code())
		}
		seen = now.Over(seen)
		if before = now; now.drift != nil {
			known = snapshot.Carry(known, now.drift.Changes)
		}
		if err := sleep(ctx, request.watch); err != nil {
			return fmt.Errorf("check: %w", err)
		}
	}
}

// A checked is a look, and what has changed since a snapshot where that was asked for.
type checked struct {
	flow.Report
	drift *report.Drift
}

// check looks once. What a snapshot needs beyond the steps is asked anew as well.
func (p *program) check(ctx context.Context, s *session, request checkRequest) (checked, error) {
	if request.since != nil {
		s.runner.World.Forget(snapshot.Facts...)
	}
	now := checked{Report: s.checker().Look(ctx, request.steps, p.tellWaits)}
	if err := ctx.Err(); err != nil {
		return checked{}, fmt.Errorf("check: %w", err)
	}
	if len(request.steps) == 0 {
		p.keep(ctx, s, now.Report)
	}
	if request.since == nil {
		return now, nil
	}
	taken, err := p.take(ctx, s, snapshot.Options{Uncounted: true})
	if err != nil {
		return checked{}, err
	}
	now.drift = &report.Drift{
		Since:   p.sideWords(*request.since),
		Changes: snapshot.Compare(request.since.Snapshot, taken),
	}
	return now, nil
}

// code is the exit code: that of the look, or that of a failed check where something has changed since the snapshot.
func (c checked) code() int {
	code := codeOf(c.Report)
	if code == exitOK && c.drift != nil && snapshot.Differ(c.drift.Changes) {
		return exitFailed
	}
	return code
}

// tellWaits says on stderr when a service asked for a pause; a pipe gets nothing but results.
func (p *program) tellWaits(event flow.Event) {
	if wait, ok := event.(flow.Waiting); ok {
		left := wait.Until.Sub(p.Now()).Round(time.Second)
		_, _ = io.WriteString(p.Stderr, p.words.T("wait", "Service", wait.Service, "Left", max(left, time.Second), "Why", wait.Why)+"\n")
	}
}

func said(code int) error {
	if code == exitOK {
		return nil
	}
	return &saidError{code: code}
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return errors.Join(context.Canceled, ctx.Err())
	}
}

func stepNames() []string {
	var names []string
	for _, step := range flows.Preflight.Steps() {
		names = append(names, string(step.ID))
	}
	slices.Sort(names)
	return names
}
