// The flow as the screen asks it.

package signin

import (
	"context"

	"zsf/clients/settings"
	"zsf/clients/sfcli"
	flow "zsf/flows/signin"
)

// Of is a flow's Login for the screen. unlock gives its vault the passphrase that a person typed.
func Of(login *flow.Login, unlock func(passphrase string)) Login {
	return &ofFlow{login: login, unlock: unlock}
}

type ofFlow struct {
	login  *flow.Login
	unlock func(string)
}

func (f *ofFlow) Address(entered string) (string, error) { return f.login.Address(entered) }

func (f *ofFlow) Client(address, clientID string) error {
	_, err := f.login.Provider(address, clientID)
	return err
}

func (f *ofFlow) Guess(entered string) settings.Environment { return f.login.Guess(entered) }
func (f *ofFlow) Guide(entered string) flow.Guide           { return f.login.Guide(entered) }

func (f *ofFlow) Known(context.Context) (settings.Account, error) { return f.login.Known() }

func (f *ofFlow) Orgs(ctx context.Context) ([]sfcli.Org, error) { return f.login.Orgs(ctx) }

func (f *ofFlow) Reuse(ctx context.Context, org sfcli.Org) (flow.Done, error) {
	login := f.labelled("")
	if org.Sandbox || org.Scratch {
		login.Label = settings.Sandbox
	}
	return login.Reuse(ctx, org.Username)
}

func (f *ofFlow) CheckAddress(ctx context.Context, entered string) error {
	return f.login.CheckAddress(ctx, entered)
}

func (f *ofFlow) CheckClient(ctx context.Context, entered, clientID string) error {
	return f.login.CheckClient(ctx, entered, clientID)
}

func (f *ofFlow) OpenVault(ctx context.Context, passphrase string) (flow.Store, error) {
	if passphrase != "" {
		f.unlock(passphrase)
	}
	return f.login.OpenVault(ctx, "")
}

func (f *ofFlow) Begin(ctx context.Context, address, clientID string, label settings.Environment) (Attempt, error) {
	attempt, err := f.labelled(label).Begin(ctx, address, clientID)
	if err != nil {
		return nil, err
	}
	return attempt, nil
}

// labelled is the login with what a person says that the org or account is.
func (f *ofFlow) labelled(label settings.Environment) *flow.Login {
	login := *f.login
	login.Label = label
	return &login
}
