package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"zsf/clients/sandbox"
	"zsf/flows"
	"zsf/flows/flow"
	"zsf/ui/app"
	"zsf/ui/checklist"
	"zsf/ui/home"
	"zsf/ui/parts"
	"zsf/ui/report"
	"zsf/ui/theme"
	pane "zsf/ui/tickets"
	"zsf/ui/wizard"
)

// runHome shows where the profile stands and what to do next.
func (p *program) runHome(command *cobra.Command, _ []string) error {
	ctx := command.Context()
	s, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	stands := p.homeData(ctx, s)
	switch {
	case p.json:
		return report.WriteHome(p.Stdout, stands)
	case !p.interactive():
		for _, line := range home.Text(stands, p.words, p.Now(), plainWidth) {
			if err := p.print(line + "\n"); err != nil {
				return err
			}
		}
		return nil
	}
	if err := p.recallWords(ctx, s); err != nil {
		return err
	}
	options := p.appOptions(s, checkRequest{})
	options.Home = &stands
	options.SetUp = func(ctx context.Context) (wizard.Options, error) { return p.setUpFromHome(ctx, s) }
	options.Rehearse = func(ctx context.Context) (wizard.Options, error) { return p.rehearse(ctx, s) }
	return leftByHand(p.show(ctx, s, options, checkRequest{}))
}

// leftByHand is nothing where a person left the screen, and the exit code where Ctrl+C or a signal ended it.
func leftByHand(result app.Result, err error) error {
	if err == nil && (result.Interrupted || result.Signal != nil) {
		return &saidError{code: exitInterrupted}
	}
	return err
}

// plainWidth is how wide text is that nobody's terminal decides.
const plainWidth = 100

func (p *program) homeData(ctx context.Context, s *session) home.Data {
	data := home.Data{Profile: s.profile.Name, Last: p.lastCheck(ctx, s)}
	if address := s.runner.World.InstanceURL(); address != "" {
		data.Salesforce = home.SignIn{Name: address, From: s.org.from}
	}
	if address := s.runner.World.ZendeskURL(); address != "" {
		data.Zendesk = home.SignIn{Name: address, From: s.account.from}
	}
	return data
}

// showChecklist opens the live checklist, and ends with the exit code of what it found.
func (p *program) showChecklist(ctx context.Context, s *session, request checkRequest) error {
	result, err := p.show(ctx, s, p.appOptions(s, request), request)
	switch {
	case err != nil:
		return err
	case result.Interrupted, result.Signal != nil, !result.Whole:
		return &saidError{code: exitInterrupted}
	}
	return said(codeOf(result.Report))
}

func (p *program) show(ctx context.Context, s *session, options app.Options, request checkRequest) (app.Result, error) {
	p.typed.draw(true)
	result, err := app.Run(ctx, options)
	p.typed.draw(false)
	if result.Whole && len(request.steps) == 0 {
		p.keep(ctx, s, result.Report)
	}
	if errors.Is(err, context.Canceled) {
		return result, &saidError{code: exitInterrupted}
	}
	if err != nil {
		return result, fmt.Errorf("zsf: %w", err)
	}
	return result, nil
}

func (p *program) appOptions(s *session, request checkRequest) app.Options {
	options := app.Options{
		Words:     p.words,
		ASCII:     theme.IsASCII(p.Getenv),
		Clock:     parts.SystemClock(),
		Checklist: p.checklistOptions(s, request),
	}
	options.Tickets = func(ctx context.Context) pane.Options { return p.paneOptions(ctx, s.latest(), false) }
	options.Compose = p.composing(s)
	p.withSignIn(&options, s)
	return options
}

func (p *program) checklistOptions(s *session, request checkRequest) checklist.Options {
	options := checklist.Options{
		Flow:       flows.Preflight,
		Checker:    s.checker(),
		Only:       request.steps,
		Profile:    s.profile.Name,
		Salesforce: flow.Salesforce{InstanceURL: s.runner.World.InstanceURL()},
		Zendesk:    flow.Zendesk{URL: s.runner.World.ZendeskURL()},
		Watch:      request.watch,
		Open:       p.Open,
		Clock:      parts.SystemClock(),
	}
	if s.sandbox == nil {
		options.SignIns = p.signInSteps()
		return options
	}
	options.Scenario = s.sandbox.Scenario().Name
	for _, scenario := range sandbox.Scenarios() {
		options.Scenarios = append(options.Scenarios, checklist.Scenario{
			Name: scenario.Name, Words: p.words.T("scenario." + scenario.Name),
		})
	}
	options.Switch = func(_ context.Context, name string) (checklist.Checker, error) {
		if err := s.sandbox.SetScenario(name); err != nil {
			return nil, fmt.Errorf("switch to the scenario: %w", err)
		}
		if err := p.enter(s); err != nil {
			return nil, err
		}
		return s.runner, nil
	}
	return options
}

// rehearse opens the sandbox beside the profile's own session, until that one closes.
func (p *program) rehearse(ctx context.Context, own *session) (wizard.Options, error) {
	rehearsing, err := p.openSandbox(ctx)
	if err != nil {
		return wizard.Options{}, err
	}
	own.beside = append(own.beside, rehearsing)
	return p.demoWizard(ctx, rehearsing)
}

func (p *program) demoCommand() *cobra.Command {
	demo := &cobra.Command{
		Use:     "demo",
		Short:   p.words.T("cli.demo.short"),
		Long:    p.words.T("cli.demo.long"),
		Example: "  zsf demo\n  zsf demo --auto\n  zsf demo --scenario session-locked\n  zsf --demo check --json",
		Args:    p.noArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			p.demo = true
			if p.interactive() {
				return p.runDemo(command.Context())
			}
			err := p.runCheck(command.Context(), checkRequest{})
			var said *saidError
			if errors.As(err, &said) && said.code == exitFailed {
				return nil // what the demo shows to be wrong is meant to be
			}
			return err
		},
	}
	demo.Flags().BoolVar(&p.auto, "auto", false, p.words.T("flag-demo.auto"))
	demo.Flags().DurationVar(&p.pace, "pace", 0, p.words.T("flag-demo.pace"))
	return demo
}
