// The wizard as a screen: a run of a flow, and what the screen may do with it.

package main

import (
	"context"
	"fmt"
	"io"

	tea "charm.land/bubbletea/v2"

	"zsf/clients/settings"
	"zsf/clients/store"
	"zsf/clients/transport"
	"zsf/flows"
	"zsf/flows/flow"
	runs "zsf/flows/run"
	"zsf/flows/world"
	"zsf/ui/app"
	"zsf/ui/parts"
	"zsf/ui/wizard"
)

// showWizard shows a run on the face that was asked for: answers that were given beforehand are for the lines.
func (p *program) showWizard(ctx context.Context, s *session, run *runs.Run, held *store.HeldError, request walkRequest) error {
	if !p.interactive() || request.yes || request.file != "" || len(request.said) > 0 {
		if held != nil {
			_, _ = fmt.Fprintln(p.Stderr, p.words.T("walk.only-watches", "Reason", held))
		}
		return p.walkPlain(ctx, s, run, request)
	}
	begun := p.wizardOptions(s, run, request)
	options := p.appOptions(s, checkRequest{})
	options.Wizard = &begun
	result, err := p.show(ctx, s, options, checkRequest{})
	if err != nil {
		return err
	}
	return p.wizardLeft(ctx, run, result, begun)
}

// wizardLeft says where a wizard that was left goes on, and tells it by the exit code, too.
func (p *program) wizardLeft(ctx context.Context, run *runs.Run, result app.Result, shown wizard.Options) error {
	if result.Next == "" {
		return nil
	}
	if !run.Watches() && !shown.Passing && result.Signal == nil {
		_, _ = io.WriteString(p.Stderr, p.words.T("wizard.goes-on",
			"Command", shown.Command, "Step", flow.Step{ID: result.Next}.Title())+"\n")
	}
	if result.Interrupted || result.Signal != nil || ctx.Err() != nil {
		return &saidError{code: exitInterrupted}
	}
	var left []flow.Finding
	for _, finding := range run.Findings() {
		if !finding.Verdict.Settled() {
			left = append(left, finding)
		}
	}
	return said(leftCode(left))
}

// wizardOptions are what the screen of a run is given.
func (p *program) wizardOptions(s *session, run *runs.Run, request walkRequest) wizard.Options {
	watch, who := run.Watches(), run.Who()
	again := func(ctx context.Context, in *session) (wizard.Runner, error) {
		next, err := p.begin(ctx, in, request.about(in.profile.Layout), who, watch)
		if err != nil {
			return nil, err
		}
		return next, nil
	}
	options := wizard.Options{
		Run: run, Command: p.words.Command(request.command), Profile: s.profile.Name, Passing: s.sandbox != nil, Open: p.Open, Clock: parts.SystemClock(),
		Salesforce: flow.Salesforce{InstanceURL: s.world.InstanceURL()},
		Zendesk:    flow.Zendesk{URL: s.world.ZendeskURL()},
		SwitchLayout: func(ctx context.Context) (wizard.Runner, error) {
			if err := p.useLayout(ctx, s, otherLayout(s.profile.Layout), watch); err != nil {
				return nil, err
			}
			return again(ctx, s)
		},
	}
	if len(request.steps) > 0 {
		options.Start = request.steps[0]
	}
	if s.sandbox == nil {
		s.goOn = again
		options.SignIn = func(service transport.Service) tea.Cmd {
			return func() tea.Msg { return parts.SignIn{Service: service} }
		}
	}
	return options
}

func otherLayout(layout world.Layout) world.Layout {
	if layout == world.NewerLayout {
		return world.GuideLayout
	}
	return world.NewerLayout
}

// useLayout looks at the profile as Admin Center's layout has it, and keeps that, where it is the profile's to keep.
func (p *program) useLayout(ctx context.Context, s *session, layout world.Layout, passing bool) error {
	if layout == s.profile.Layout {
		return nil
	}
	s.profile.Layout = layout
	if err := p.connect(s, s.org, s.account); err != nil {
		return err
	}
	if s.sandbox != nil || passing {
		return nil
	}
	file, err := settings.Open(p.Getenv)
	if err != nil {
		return err
	}
	return p.asUsage(file.Change(ctx, func(known *settings.Settings) error {
		profile := known.Profiles[s.profile.Name]
		profile.Layout = settings.Layout(layout)
		return known.Put(s.profile.Name, profile)
	}))
}

// setUpFromHome begins the profile's set-up, or goes on with it. It is held until the session closes.
func (p *program) setUpFromHome(ctx context.Context, s *session) (wizard.Options, error) {
	request := walkRequest{command: "zsf setup", about: flows.Setup}
	about := flows.Setup(s.profile.Layout)
	if s.alone {
		run, err := p.begin(ctx, s, about, "", false)
		if err != nil {
			return wizard.Options{}, err
		}
		return p.wizardOptions(s, run, request), nil
	}
	run, held, release, err := p.beginAlone(ctx, s, about, "")
	if err != nil {
		return wizard.Options{}, err
	}
	s.alone = held == nil
	s.atEnd(release)
	return p.wizardOptions(s, run, request), nil
}
