package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"zsf/flows/flow"
	"zsf/flows/memory"
	runs "zsf/flows/run"
	"zsf/flows/tickets"
	"zsf/ui/plain"
	"zsf/ui/report"
)

// An undoRequest is what zsf undo was asked for.
type undoRequest struct {
	change int64 // 0: list them
	yes    bool
	dryRun bool
	who    string
}

func (p *program) undoCommand() *cobra.Command {
	var request undoRequest
	command := &cobra.Command{
		Use:     "undo [CHANGE]",
		Short:   p.words.T("cli.undo.short"),
		Long:    p.words.T("cli.undo.long"),
		Example: "  zsf undo\n  zsf undo 22\n  zsf undo 22 --yes --json",
		RunE: func(command *cobra.Command, args []string) error {
			if len(args) == 0 {
				return p.runUndo(command.Context(), request)
			}
			number, err := strconv.ParseInt(args[0], 10, 64)
			if err != nil || number < 1 || len(args) > 1 {
				return p.usage("usage.arguments", "Use", p.useLine(command))
			}
			request.change = number
			return p.runUndo(command.Context(), request)
		},
	}
	command.Flags().BoolVar(&request.yes, "yes", false, p.words.T("flag-walk.yes"))
	command.Flags().BoolVar(&request.dryRun, "dry-run", false, p.words.T("flag-walk.dry-run"))
	command.Flags().StringVar(&request.who, "who", "", p.words.T("flag-undo.who"))
	return command
}

func (p *program) runUndo(ctx context.Context, request undoRequest) error {
	if request.change == 0 {
		p.plain = true // a list needs no sign-in that a passphrase unlocks
	}
	s, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	journal, err := s.journalToRead(ctx)
	if err != nil {
		return err
	}
	undo := runs.Undo{Journal: journal, Makers: memory.Makers(journal, p.whoOr(request.who), p.Now), World: s.world, Who: p.whoOr(request.who), Now: p.Now}
	recorded, err := undo.Changes(ctx)
	if err != nil {
		return err
	}
	if request.change == 0 {
		return p.listChanges(s, recorded)
	}
	for _, change := range recorded {
		if change.Entry == request.change {
			return p.takeBack(ctx, s, undo, change, request)
		}
	}
	if entry, err := journal.Entry(ctx, request.change); err == nil && entry.Profile == s.profile.Name {
		if why := tickets.WhyFinal(entry); !why.Empty() {
			return errors.New(p.words.Say(why))
		}
	}
	return p.usage("usage.change", "Number", strconv.FormatInt(request.change, 10), "Profile", s.profile.Name)
}

func (p *program) whoOr(who string) string {
	if who != "" {
		return who
	}
	return p.user()
}

func (p *program) listChanges(s *session, recorded []runs.Recorded) error {
	if p.json {
		return report.WriteChanges(p.Stdout, p.words, s.profile.Name, recorded)
	}
	return p.print(plain.Changes(p.words, s.profile.Name, recorded))
}

// takeBack shows what taking a change back would do, and does it where it is wanted.
func (p *program) takeBack(ctx context.Context, s *session, undo runs.Undo, change runs.Recorded, request undoRequest) error {
	if !change.CanBeTakenBack() && !change.Open() {
		return p.cannotTakeBack(change)
	}
	if !p.json {
		if err := p.print(plain.PreviewBack(p.words, change)); err != nil {
			return err
		}
	}
	if request.dryRun {
		if p.json {
			return report.WriteBack(p.Stdout, p.words, s.profile.Name, runs.Result{Change: change.Change, Entry: change.Entry, Outcome: change.Outcome}, true)
		}
		return p.print(p.words.T("rehearse.end") + "\n")
	}
	if wanted, err := p.wanted(ctx, request.yes); err != nil || !wanted {
		return err
	}
	unlock, err := s.state.Hold(ctx, s.profile.Name, "undo")
	if err != nil {
		return err
	}
	defer func() { _ = unlock() }()
	result, err := undo.TakeBack(ctx, change.Entry)
	var moved *runs.MovedError
	switch {
	case errors.As(err, &moved):
		if !p.json {
			if err := p.print(plain.NowThere(p.words, moved.Differences)); err != nil {
				return err
			}
			return &saidError{code: exitWrong}
		}
		return fmt.Errorf("%s", p.words.T("undo.moved-json", "Differences", plain.Differences(p.words, moved.Differences)))
	case errors.Is(err, runs.ErrTakenBack):
		change.TakenBack = true
		return p.cannotTakeBack(change)
	case err != nil:
		return err
	}
	return p.tookBack(s, result)
}

// cannotTakeBack says why a change cannot be taken back, and what to do instead.
func (p *program) cannotTakeBack(change runs.Recorded) error {
	switch {
	case change.TakenBack && change.BackAt.IsZero():
		return errors.New(p.words.T("undo.is-back"))
	case change.TakenBack:
		return errors.New(p.words.T("undo.was-back", "Time", flow.Moment(change.BackAt)))
	case change.Outcome == flow.Underway:
		return errors.New(p.words.T("undo.under-way"))
	case change.Outcome == flow.NotMade:
		return errors.New(p.words.T("undo.not-made", "Reason", change.Reason))
	}
	return errors.New(p.words.T("undo.final", "Instead", change.Change.Final))
}

func (p *program) tookBack(s *session, result runs.Result) error {
	var err error
	if p.json {
		err = report.WriteBack(p.Stdout, p.words, s.profile.Name, result, false)
	} else {
		err = p.print(plain.Back(p.words, result))
	}
	if err == nil && result.Outcome != flow.NotMade {
		err = &saidError{code: exitWrong}
	}
	return err
}

// wanted asks whether to go on. A script says so by --yes.
func (p *program) wanted(ctx context.Context, yes bool) (bool, error) {
	switch {
	case yes:
		return true, nil
	case p.json, !p.Terminal && !p.plain:
		return false, p.usage("usage.yes")
	}
	ctx, done := context.WithCancel(ctx)
	defer done()
	wanted, err := plain.NewAsker(ctx, p.Stdin, p.Stdout, p.words).Yes(ctx, "--yes")
	if errors.Is(err, plain.ErrNoAnswer) {
		return false, p.usage("usage.yes")
	}
	if err == nil && !wanted {
		err = p.print("  " + p.words.T("preview.left") + "\n")
	}
	return wanted, err
}
