// The sign-in's screen: what it is given, and what holds after it.
package main

import (
	"context"
	"sync"

	"zsf/clients/transport"
	"zsf/flows/flow"
	"zsf/flows/steps"
	"zsf/flows/world"
	"zsf/ui/app"
	"zsf/ui/checklist"
	"zsf/ui/parts"
	"zsf/ui/signin"
)

// typed is the passphrase that a person typed into a screen. While a screen is drawn, nobody is asked otherwise.
type typed struct {
	mu    sync.Mutex
	words string
	drawn bool
}

func (t *typed) get() (words string, drawn bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.words, t.drawn
}

func (t *typed) set(words string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.words = words
}

func (t *typed) draw(drawn bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.drawn = drawn
}

// offSignIn is why nobody can sign in to a service from here; empty where they can.
func (p *program) offSignIn(service transport.Service) string {
	switch {
	case p.demo:
		return "off.demo-sign-in"
	case p.environmentSignIn(service).missing():
		return ""
	case service == transport.Salesforce:
		return "off.variable-salesforce"
	}
	return "off.variable-zendesk"
}

// signInSteps are the steps of the checklist that lead to a sign-in.
func (p *program) signInSteps() map[flow.ID]checklist.SignIn {
	return map[flow.ID]checklist.SignIn{
		steps.SalesforceSignin.ID: {Service: transport.Salesforce, Off: p.offSignIn(transport.Salesforce)},
		steps.ZendeskSignin.ID:    {Service: transport.Zendesk, Off: p.offSignIn(transport.Zendesk)},
	}
}

// withSignIn lets the screens sign in to what the profile keeps.
func (p *program) withSignIn(options *app.Options, s *session) {
	if s.sandbox != nil {
		return
	}
	options.SignIn = func(service transport.Service) app.SignIn {
		in := app.SignIn{Off: p.offSignIn(service)}
		if in.Off == "" {
			in.Options = signin.Options{
				Service: service, Profile: s.profile.Name, Open: p.Open, Clock: parts.SystemClock(),
				Login: signin.Of(p.loginOf(s.keeper, service), p.typed.set),
			}
		}
		return in
	}
	options.SignedIn = func(ctx context.Context) (app.Fresh, error) {
		org, account := p.environmentSignIn(transport.Salesforce), p.environmentSignIn(transport.Zendesk)
		fresh, err := p.openKept(ctx, s.keeper, org, account, world.Environment(p.Getenv(envZendeskEnvironment)))
		if err != nil {
			return app.Fresh{}, err
		}
		s.beside = append(s.beside, fresh)
		s.later.Store(fresh)
		if err := p.recallWords(ctx, fresh); err != nil {
			return app.Fresh{}, err
		}
		known := app.Fresh{Home: p.homeData(ctx, fresh), Checklist: p.checklistOptions(fresh, checkRequest{})}
		if s.goOn != nil {
			if known.Run, err = s.goOn(ctx, fresh); err != nil {
				return app.Fresh{}, err
			}
		}
		return known, nil
	}
}
