package app

import (
	"context"
	"errors"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"zsf/clients/settings"
	"zsf/clients/transport"
	"zsf/clients/vault"
	steps "zsf/flows/flow"
	flow "zsf/flows/signin"
	"zsf/ui/checklist"
	"zsf/ui/home"
	"zsf/ui/parts"
	"zsf/ui/signin"
	"zsf/ui/uitest"
)

// An inbox answers the sign-in's screen: everything is well, and the browser comes back when it is told to.
type inbox struct {
	signin.Login
	came chan error
}

func (i *inbox) Known(context.Context) (settings.Account, error) {
	return settings.Account{URL: "https://acme.zendesk.com", ClientID: "zsf", Source: settings.Browser}, nil
}
func (*inbox) CheckAddress(context.Context, string) error        { return nil }
func (*inbox) CheckClient(context.Context, string, string) error { return nil }
func (*inbox) OpenVault(context.Context, string) (flow.Store, error) {
	return flow.Store{Where: "a keychain"}, nil
}

func (i *inbox) Begin(context.Context, string, string, settings.Environment) (signin.Attempt, error) {
	return i, nil
}
func (*inbox) URL() string         { return "https://acme.zendesk.com/oauth/authorizations/new" }
func (*inbox) Deadline() time.Time { return time.Now().Add(5 * time.Minute) }
func (i *inbox) Paste(context.Context, string) error {
	i.came <- nil
	return nil
}
func (*inbox) Close() {}

func (i *inbox) Wait(ctx context.Context) (flow.Done, error) {
	select {
	case err := <-i.came:
		return flow.Done{User: "jpark@acme.com", URL: "https://acme.zendesk.com"}, err
	case <-ctx.Done():
		return flow.Done{}, ctx.Err()
	}
}

func withSignIn(in *inbox, fresh func() (Fresh, error)) func(*Options) {
	return func(options *Options) {
		withHome(options)
		options.SignIn = func(service transport.Service) SignIn {
			in.Login, in.came = signin.Of(&flow.Login{Service: service}, nil), make(chan error, 1)
			off := ""
			if service == transport.Salesforce {
				off = "off.variable-salesforce"
			}
			return SignIn{Options: signin.Options{
				Service: service, Login: in, Clock: parts.SystemClock(), Profile: "acme-sandbox",
				Open: func(context.Context, string) error { return nil },
			}, Off: off}
		}
		options.SignedIn = func(context.Context) (Fresh, error) { return fresh() }
	}
}

func TestSigningInFromHomeComesBackSignedIn(t *testing.T) {
	in := &inbox{}
	fresh := func() (Fresh, error) {
		return Fresh{Home: home.Data{Zendesk: home.SignIn{Name: "acme.zendesk.com", From: "the browser"}}}, nil
	}
	perform(t, withSignIn(in, fresh), func(a *act) {
		a.Press("l", "enter")
		a.Sees("ZSF_SALESFORCE_ACCESS_TOKEN is set", "What to do next") // nothing that could be done there
		a.Press("l", "down", "enter")
		a.Sees("sign in to Zendesk · acme-sandbox")
		a.Press("?")
		a.Sees("Letters typed into a field")
		a.Press("esc", "enter")
		a.Sees("Waiting for you in the browser")
		a.Send(tea.PasteMsg{Content: "a code"})
		a.Press("enter")
		a.Sees("Signed in to Zendesk as jpark@acme.com")
		a.Press("enter")
		a.Sees("acme.zendesk.com", "What to do next", "Signed in to Zendesk as")
		if a.root.signin != nil || len(a.root.signins) != 0 {
			t.Error("the screen is still there")
		}
	})
}

func TestSigningInFromTheChecklistLooksAgain(t *testing.T) {
	in := &inbox{}
	better := (&uitest.Checker{Now: time.Now, After: time.After, Pause: 10 * time.Millisecond}).Finds(uitest.Well())
	perform(t, func(options *Options) {
		withSignIn(in, func() (Fresh, error) {
			fresh := options.Checklist
			fresh.Checker = better
			return Fresh{Checklist: fresh}, nil
		})(options)
		options.Checklist.SignIns = map[steps.ID]checklist.SignIn{"zendesk.signin": {Service: transport.Zendesk}}
	}, func(a *act) {
		a.Press("c")
		a.Pass(time.Second)
		a.Send(parts.SignIn{Service: transport.Zendesk})
		a.Sees("sign in to Zendesk")
		// One step out leads back to the checklist as it was.
		a.Press("esc")
		a.Sees("check · acme-sandbox", "1 failed")
		a.Send(parts.SignIn{Service: transport.Zendesk})
		a.Press("enter")
		a.Send(tea.WindowSizeMsg{Width: 100, Height: 30})
		a.Send(tea.PasteMsg{Content: "a code"})
		a.Press("enter", "enter")
		a.Pass(time.Second)
		a.Sees("check · acme-sandbox", "23 looked at")
		a.SeesNot("1 failed")
		if len(better.Looks()) != 1 {
			t.Errorf("looks: %v", better.Looks())
		}
	})
}

func TestASignInThatCannotBeReadAfterwardsIsSaid(t *testing.T) {
	perform(t, withSignIn(&inbox{}, func() (Fresh, error) { return Fresh{}, vault.ErrLocked }), func(a *act) {
		a.Send(parts.SignIn{Service: transport.Zendesk})
		a.Press("enter")
		a.Send(tea.PasteMsg{Content: "a code"})
		a.Press("enter", "enter")
		a.Sees("the system keychain is locked")
	})
	perform(t, withHome, func(a *act) {
		a.Press("l")
		a.Sees("Leave with q, then type: zsf auth login")
	})
}

func TestQuittingWhileASignInIsUnderWayEndsIt(t *testing.T) {
	perform(t, withSignIn(&inbox{}, func() (Fresh, error) { return Fresh{}, errors.New("not reached") }), func(a *act) {
		a.Send(parts.SignIn{Service: transport.Zendesk})
		a.Press("enter")
		answer(a)
		a.Press("ctrl+c")
		if !a.Quit || !a.root.result.Interrupted {
			t.Error("ctrl+c did not end it")
		}
		a.root.leaveSignIn()
	})
}
