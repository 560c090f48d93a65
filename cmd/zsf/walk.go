package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"zsf/clients/store"
	"zsf/flows/flow"
	"zsf/flows/memory"
	runs "zsf/flows/run"
	"zsf/flows/steps"
	"zsf/ui/plain"
	"zsf/ui/report"
)

// watching is a run that only looks: for what writes nothing, or comes second.
func (p *program) watching(ctx context.Context, s *session, about flow.Flow) (*runs.Run, error) {
	return p.begin(ctx, s, about, "", true)
}

func (p *program) begin(ctx context.Context, s *session, about flow.Flow, who string, watch bool) (*runs.Run, error) {
	open := s.openJournal
	if watch {
		open = s.journalToRead
	}
	journal, err := open(ctx)
	if err != nil {
		return nil, err
	}
	return runs.Begin(ctx, runs.Options{
		Runner: s.carry(about, p.Now), Journal: journal, Makers: memory.Makers(journal, cmp.Or(who, p.user()), p.Now), Who: cmp.Or(who, p.user()), Watch: watch, Now: p.Now,
	})
}

// user is who sits at the machine, as the system calls them.
func (p *program) user() string {
	return cmp.Or(p.Getenv("USER"), p.Getenv("LOGNAME"), p.Getenv("USERNAME"), p.words.T("walk.somebody"))
}

// beginAlone begins a run that no other zsf can begin until release is called. Where one was first, the run only
// watches, and held says who that is.
func (p *program) beginAlone(ctx context.Context, s *session, about flow.Flow, who string) (run *runs.Run, held *store.HeldError, release func(), err error) {
	if _, err := s.openJournal(ctx); err != nil { // gives a rehearsal its place
		return nil, nil, nil, err
	}
	unlock, err := s.state.Hold(ctx, s.profile.Name, about.ID)
	if err != nil && !errors.As(err, &held) {
		return nil, nil, nil, err
	}
	release = func() {
		if unlock != nil {
			_ = unlock()
		}
	}
	run, err = p.begin(ctx, s, about, who, held != nil)
	if err != nil {
		release()
	}
	return run, held, release, err
}

// walk carries a flow out: on the screen, or as lines.
func (p *program) walk(ctx context.Context, s *session, about flow.Flow, request walkRequest) error {
	if request.dryRun {
		return p.rehearseWalk(ctx, s, about, request)
	}
	run, held, release, err := p.beginAlone(ctx, s, about, request.given.Who)
	if err != nil {
		return err
	}
	defer release()
	return p.showWizard(ctx, s, run, held, request)
}

// walkPlain walks through a run line by line.
func (p *program) walkPlain(ctx context.Context, s *session, run *runs.Run, request walkRequest) error {
	walk := p.plainWalk(ctx, s, run, request)
	if err := p.heading(s, run); err != nil {
		return err
	}
	err := walk.Recover(ctx)
	if err == nil {
		err = walk.Look(ctx)
	}
	switch {
	case err != nil:
	case run.Watches():
		err = walk.Watch(ctx)
	default:
		err = p.carryOut(ctx, walk)
	}
	return p.walked(ctx, s, run, walk, request, err)
}

// carryOut walks to the end. Where nobody can be asked, all answers must be there before anything is done.
func (p *program) carryOut(ctx context.Context, walk *plain.Walk) error {
	if missing := walk.Missing(); walk.Asker == nil && len(missing) > 0 {
		return &plain.MissingError{Needs: missing}
	}
	if err := walk.Do(ctx); err != nil {
		return err
	}
	if walk.Acted() {
		// One step's doing can settle another, and the world may have moved: what is said at the end was just read.
		if err := walk.Look(ctx); err != nil {
			return err
		}
	}
	if _, open := walk.Run.Next(); !open {
		if err := walk.Run.End(ctx); err != nil {
			return err
		}
	}
	return walk.End(ctx)
}

// walked is how a walk ends for whoever called it: what was not told, what is left, or that it was interrupted.
func (p *program) walked(ctx context.Context, s *session, run *runs.Run, walk *plain.Walk, request walkRequest, err error) error {
	var missing *plain.MissingError
	switch {
	case errors.As(err, &missing):
		lines := make([]string, len(missing.Needs))
		for i, need := range missing.Needs {
			lines[i] = need.Say(p.words)
		}
		return p.usage("missing.all", "Count", len(lines), "Needs", strings.Join(lines, " · "))
	case errors.Is(err, plain.ErrNoAnswer):
		name, _, _ := strings.Cut(err.Error(), ": ")
		return p.usage("missing.ended", "Key", name, "Command", walk.Command)
	case ctx.Err() != nil:
		if !p.json {
			_, _ = fmt.Fprintln(p.Stderr, p.words.T("walk.interrupted"+passes(s), "Command", walk.Command))
			return &saidError{code: exitInterrupted}
		}
		return fmt.Errorf("%s: %w", walk.Command, context.Canceled)
	case err != nil:
		return err
	}
	if p.json {
		if err := report.WriteStatus(p.Stdout, p.words, statusOf(s, run, request.steps)); err != nil {
			return err
		}
	}
	return said(leftCode(walk.Left()))
}

// passes ends the names of the words for a rehearsal, of which nothing stays.
func passes(s *session) string {
	if s.sandbox != nil {
		return "-demo"
	}
	return ""
}

// leftCode is the exit code of what is left: a sign-in that is missing and a service that is away hide the rest.
func leftCode(left []flow.Finding) int {
	if len(left) == 0 {
		return exitOK
	}
	if code := codeOf(flow.Report{Findings: left}); code != exitOK {
		return code
	}
	return exitFailed
}

// plainWalk is a walk over a run, with who can be asked.
func (p *program) plainWalk(ctx context.Context, s *session, run *runs.Run, request walkRequest) *plain.Walk {
	walk := &plain.Walk{
		Run: run, Words: p.words, Out: p.Stdout, Given: request.given, Yes: request.yes, Only: request.steps,
		Command: p.words.Command(request.command), Guide: func(id flow.ID) []flow.Remedy { return steps.Guide(id, s.world) },
		Passing: s.sandbox != nil, Open: p.Open, Now: p.Now, After: time.After, Emit: p.tellWaits,
	}
	// A script is never asked: only a person, or who asks for lines over a pipe.
	switch {
	case p.json:
		walk.Out, walk.Longest = p.Stderr, request.longest
	case p.Terminal:
		walk.Asker = plain.NewAsker(ctx, p.Stdin, p.Stdout, p.words)
	case p.plain:
		walk.Asker, walk.Piped, walk.Longest = plain.NewAsker(ctx, p.Stdin, p.Stdout, p.words), true, request.longest
	default:
		walk.Longest = request.longest
	}
	return walk
}

func (p *program) heading(s *session, run *runs.Run) error {
	out := p.Stdout
	if p.json {
		out = p.Stderr
	}
	place := func(address string) string { return cmp.Or(address, p.words.T("plain.no-sign-in")) }
	lines := []string{
		p.words.T("walk.heading-"+run.Flow().ID, "Profile", s.profile.Name),
		p.words.T("plain.org", "Org", place(s.world.InstanceURL())),
		p.words.T("plain.account", "Account", place(s.world.ZendeskURL())),
	}
	if run.Resumed() {
		lines = append(lines, p.words.T("walk.resumed"))
	}
	if _, err := io.WriteString(out, strings.Join(lines, "\n")+"\n"); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return nil
}

// rehearseWalk shows what a walk would do. It writes nothing anywhere.
func (p *program) rehearseWalk(ctx context.Context, s *session, about flow.Flow, request walkRequest) error {
	status, err := p.showWalk(ctx, s, about, request, nil, (*plain.Walk).Rehearse)
	if err == nil && p.json {
		err = report.WriteStatus(p.Stdout, p.words, status)
	}
	return err
}

// showWalk shows what a walk would do, with answers that would be offered to it, and says where it stands now.
func (p *program) showWalk(ctx context.Context, s *session, about flow.Flow, request walkRequest, offered flow.Answers, show func(*plain.Walk, context.Context) error) (report.Status, error) {
	run, err := p.watching(ctx, s, about)
	if err != nil {
		return report.Status{}, err
	}
	run.Suppose(offered)
	walk := p.plainWalk(ctx, s, run, request)
	if err := p.heading(s, run); err != nil {
		return report.Status{}, err
	}
	if err := walk.Look(ctx); err != nil {
		return report.Status{}, fmt.Errorf("%s: %w", request.command, err)
	}
	return statusOf(s, run, request.steps), show(walk, ctx)
}

// printStatus says where a flow stands: it looks, and writes nothing.
func (p *program) printStatus(ctx context.Context, s *session, about flow.Flow, request walkRequest) error {
	run, err := p.watching(ctx, s, about)
	if err != nil {
		return err
	}
	looked := run.Look(ctx, request.steps, p.tellWaits)
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("%s: %w", request.command, err)
	}
	status := statusOf(s, run, request.steps)
	if p.json {
		err = report.WriteStatus(p.Stdout, p.words, status)
	} else {
		err = plain.Printer{Out: p.Stdout, Words: p.words, Heading: "walk.status-heading"}.Report(about, looked)
	}
	if err != nil {
		return err
	}
	if !status.Holds() {
		return &saidError{code: exitFailed}
	}
	return nil
}

func statusOf(s *session, run *runs.Run, only []flow.ID) report.Status {
	status := report.Status{Run: run.ID(), Flow: run.Flow().ID, Profile: s.profile.Name, Watching: run.Watches(), Findings: run.Findings()}
	status.Findings = keepOnly(status.Findings, only)
	return status
}

func keepOnly(findings []flow.Finding, only []flow.ID) []flow.Finding {
	if len(only) == 0 {
		return findings
	}
	var kept []flow.Finding
	for _, id := range only {
		for _, finding := range findings {
			if finding.Step == id {
				kept = append(kept, finding)
			}
		}
	}
	return kept
}
