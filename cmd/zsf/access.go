package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"zsf/flows"
	"zsf/flows/access"
	"zsf/flows/flow"
	runs "zsf/flows/run"
	"zsf/flows/steps"
	"zsf/flows/world"
	"zsf/ui/plain"
	"zsf/ui/report"
)

func (p *program) accessCommand() *cobra.Command {
	command := p.walkCommand("access", func(world.Layout) flow.Flow { return flows.Access },
		"  zsf access\n  zsf access list\n  zsf access grant 'Standard User' --dry-run\n  zsf access explain kim@acme.com")
	command.AddCommand(
		&cobra.Command{
			Use: "list", Short: p.words.T("cli.access-list.short"), Args: p.noArgs,
			RunE: func(command *cobra.Command, _ []string) error { return p.runAccessList(command.Context()) },
		},
		p.grantCommand("grant PROFILE…", "cli.access-grant.short", true),
		p.grantCommand("revoke PROFILE…", "cli.access-revoke.short", false),
		&cobra.Command{
			Use: "explain USER", Short: p.words.T("cli.access-explain.short"), Long: p.words.T("cli.access-explain.long"), Args: p.exactly(1),
			RunE: func(command *cobra.Command, args []string) error { return p.runExplainUser(command.Context(), args[0]) },
		},
	)
	return command
}

// A grantRequest is which profiles are to gain or to lose the use of the app.
type grantRequest struct {
	profiles []string
	grant    bool
	yes      bool
	dryRun   bool
	who      string
}

func (p *program) grantCommand(use, short string, grant bool) *cobra.Command {
	request := grantRequest{grant: grant}
	command := &cobra.Command{
		Use: use, Short: p.words.T(short),
		RunE: func(command *cobra.Command, args []string) error {
			if len(args) == 0 || slices.Contains(args, "") {
				return p.usage("usage.arguments", "Use", p.useLine(command))
			}
			request.profiles = args
			return p.runGrant(command.Context(), request)
		},
	}
	command.Flags().BoolVar(&request.yes, "yes", false, p.words.T("flag-walk.yes"))
	command.Flags().BoolVar(&request.dryRun, "dry-run", false, p.words.T("flag-walk.dry-run"))
	command.Flags().StringVar(&request.who, "who", "", p.words.T("flag-undo.who"))
	return command
}

// runAccessList says which profiles may use the connected app.
func (p *program) runAccessList(ctx context.Context) error {
	s, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	s.world.Load(ctx, steps.AccessProfiles.Reads...)
	s.world.Wait(steps.AccessProfiles.Reads...)
	rows, err := steps.ProfileRows(s.world)
	if err != nil && !errors.Is(err, steps.ErrNoApp) {
		return p.serviceError(err)
	}
	if p.json {
		return report.WriteProfileRows(p.Stdout, p.words, s.profile.Name, err == nil, rows)
	}
	return p.print(plain.ProfileRows(p.words, s.profile.Name, err == nil, rows))
}

// serviceError gives an error of a service its own exit code.
func (p *program) serviceError(err error) error {
	if code := codeOf(flow.Report{Findings: []flow.Finding{{Err: err}}}); code != exitOK {
		return &codedError{code: code, err: err}
	}
	return err
}

// runGrant lets profiles use the connected app, or no longer: the same change as the wizard's.
func (p *program) runGrant(ctx context.Context, request grantRequest) error {
	s, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	run, release, err := p.beginGrant(ctx, s, request)
	if err != nil {
		return err
	}
	defer release()
	err = p.changeAccess(ctx, s, run, request)
	if !request.dryRun && !run.Resumed() {
		// What was begun for this alone ends with it, however it ended.
		err = errors.Join(err, run.End(context.WithoutCancel(ctx)))
	}
	return err
}

func (p *program) changeAccess(ctx context.Context, s *session, run *runs.Run, request grantRequest) error {
	looked := run.Look(ctx, []flow.ID{steps.AccessProfiles.ID}, p.tellWaits)
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("zsf access: %w", err)
	}
	rows, err := steps.ProfileRows(s.world)
	if err != nil {
		return p.cannotGrant(looked, err)
	}
	chosen, err := p.chosenProfiles(rows, request)
	if err != nil {
		return err
	}
	change, err := run.PrepareWith(ctx, steps.AccessProfiles.ID, flow.Answers{string(steps.AccessProfiles.ID): chosen})
	switch {
	case errors.Is(err, flow.ErrAsItShould):
		return p.asItIs(s, request)
	case err != nil:
		return err
	}
	return p.makeGrant(ctx, s, run, change, request)
}

// beginGrant begins the run that the change is written down in. A dry run writes nothing.
func (p *program) beginGrant(ctx context.Context, s *session, request grantRequest) (*runs.Run, func(), error) {
	if request.dryRun {
		run, err := p.watching(ctx, s, flows.Access)
		return run, func() {}, err
	}
	run, held, release, err := p.beginAlone(ctx, s, flows.Access, request.who)
	if err == nil && held != nil {
		release()
		return nil, nil, held
	}
	return run, release, err
}

// cannotGrant says why the profiles cannot be changed: by the step that comes first, where one is in the way.
func (p *program) cannotGrant(looked flow.Report, err error) error {
	if errors.Is(err, steps.ErrNoApp) {
		return errors.New(p.words.T("grant.no-app"))
	}
	for _, finding := range slices.Concat(looked.Needed, looked.Findings) {
		if finding.Err != nil {
			return p.serviceError(finding.Err)
		}
	}
	return err
}

// chosenProfiles are those that may use the app afterwards.
func (p *program) chosenProfiles(rows []steps.ProfileRow, request grantRequest) ([]string, error) {
	named := map[string]bool{}
	for _, name := range request.profiles {
		i := slices.IndexFunc(rows, func(row steps.ProfileRow) bool { return strings.EqualFold(row.Name, strings.TrimSpace(name)) })
		switch {
		case i < 0:
			return nil, p.usage("usage.profile", "Name", name, "Names", rowNames(rows))
		case rows[i].Locked && !request.grant:
			return nil, p.usage("usage.locked", "Name", rows[i].Name)
		}
		named[rows[i].Name] = true
	}
	var chosen []string
	for _, row := range rows {
		if request.grant && named[row.Name] || row.MayUse && !named[row.Name] || row.Locked {
			chosen = append(chosen, row.Name)
		}
	}
	return chosen, nil
}

func rowNames(rows []steps.ProfileRow) []string {
	names := make([]string, len(rows))
	for i, row := range rows {
		names[i] = row.Name
	}
	return names
}

func (p *program) asItIs(s *session, request grantRequest) error {
	if p.json {
		return report.WriteResult(p.Stdout, p.words, s.profile.Name, runs.Result{
			Change: flow.Change{Step: steps.AccessProfiles.ID, Title: flow.Say("change.access")}, Outcome: flow.Made,
		}, request.dryRun)
	}
	return p.print(p.words.T("off.as-it-should") + "\n")
}

func (p *program) makeGrant(ctx context.Context, s *session, run *runs.Run, change flow.Change, request grantRequest) error {
	if !p.json {
		if err := p.print(plain.Preview(p.words, change)); err != nil {
			return err
		}
	}
	if request.dryRun {
		if p.json {
			return report.WriteResult(p.Stdout, p.words, s.profile.Name, runs.Result{Change: change, Outcome: flow.NotMade}, true)
		}
		return p.print(p.words.T("rehearse.end") + "\n")
	}
	if wanted, err := p.wanted(ctx, request.yes); err != nil || !wanted {
		return err
	}
	result, err := run.Make(ctx, change)
	if err != nil {
		return err
	}
	run.Again(ctx, change.Step, p.tellWaits)
	if p.json {
		err = report.WriteResult(p.Stdout, p.words, s.profile.Name, result, false)
	} else {
		err = p.print(plain.Became(p.words, result))
	}
	if err == nil && result.Outcome != flow.Made {
		err = &saidError{code: exitWrong}
	}
	return err
}

// runExplainUser answers why one Salesforce user sees tickets or does not.
func (p *program) runExplainUser(ctx context.Context, words string) error {
	s, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	explained, err := access.Explain(ctx, s.world, words, p.Now)
	var several *access.SeveralError
	switch {
	case errors.As(err, &several):
		names := make([]string, len(several.People))
		for i, person := range several.People {
			names[i] = person.Name + " (" + person.Username + ")"
		}
		return p.usage("usage.several-users", "Words", words, "People", strings.Join(names, " · "))
	case errors.Is(err, access.ErrNoUser):
		return p.usage("usage.no-user", "Words", words)
	case err != nil:
		return p.serviceError(err)
	}
	if p.json {
		err = report.WriteExplanation(p.Stdout, p.words, s.profile.Name, explained)
	} else {
		err = p.print(plain.Explanation(p.words, explained))
	}
	if _, broken := explained.Broken(); err == nil && broken {
		err = &saidError{code: exitFailed}
	}
	return err
}
