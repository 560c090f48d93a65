// The rehearsal: the wizard on the embedded sandbox, with a journal that ends with it.

package main

import (
	"context"
	"errors"
	"fmt"

	"zsf/clients/sandbox"
	"zsf/clients/sandbox/persona"
	"zsf/flows"
	"zsf/ui/parts"
	"zsf/ui/wizard"
)

// runDemo opens the wizard on the sandbox.
func (p *program) runDemo(ctx context.Context) error {
	s, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	begun, err := p.demoWizard(ctx, s)
	if err != nil {
		return err
	}
	options := p.appOptions(s, checkRequest{})
	options.Wizard = &begun
	return leftByHand(p.show(ctx, s, options, checkRequest{}))
}

// demoWizard is the set-up of the sandbox that a session serves. What it writes down goes with the session.
func (p *program) demoWizard(ctx context.Context, s *session) (wizard.Options, error) {
	run, err := p.begin(ctx, s, flows.Setup(s.profile.Layout), demoProfile, false)
	if err != nil {
		return wizard.Options{}, err
	}
	options := p.wizardOptions(s, run, walkRequest{command: "zsf setup", about: flows.Setup})
	options.Auto, options.Pace, options.Scenario = p.auto, p.pace, s.sandbox.Scenario().Name
	if p.auto {
		options.Open = func(ctx context.Context, url string) error {
			err := persona.Open(ctx, url)
			if errors.Is(err, persona.ErrNothingToDo) {
				return nil // it was done when the page was open for another step
			}
			return err
		}
	}
	for _, scenario := range sandbox.Scenarios() {
		options.Scenarios = append(options.Scenarios, parts.Choice{Name: scenario.Name, Words: p.words.T("scenario." + scenario.Name)})
	}
	options.Switch = func(ctx context.Context, name string) (wizard.Runner, error) {
		if err := s.sandbox.SetScenario(name); err != nil {
			return nil, fmt.Errorf("switch to the scenario: %w", err)
		}
		layout := s.profile.Layout
		if err := p.enter(s); err != nil {
			return nil, err
		}
		if err := p.useLayout(ctx, s, layout, true); err != nil {
			return nil, err
		}
		s.journal = nil // another scenario has another past
		next, err := p.begin(ctx, s, flows.Setup(layout), demoProfile, false)
		if err != nil {
			return nil, err
		}
		return next, nil
	}
	return options, nil
}
