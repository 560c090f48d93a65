package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"zsf/clients/settings"
	"zsf/clients/store"
	"zsf/clients/transport"
	"zsf/clients/vault"
	"zsf/flows/signin"
	"zsf/ui/report"
)

func (p *program) authCommand() *cobra.Command {
	command := &cobra.Command{
		Use:   "auth",
		Short: p.words.T("auth.short"),
		Args:  p.noArgs,
		RunE:  func(command *cobra.Command, _ []string) error { return p.runAuthStatus(command.Context()) },
	}
	command.AddCommand(p.loginCommand(), p.statusCommand(), p.logoutCommand(), p.orgsCommand())
	return command
}

func (p *program) statusCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "status",
		Short: p.words.T("auth.status-short"),
		Args:  p.noArgs,
		RunE:  func(command *cobra.Command, _ []string) error { return p.runAuthStatus(command.Context()) },
	}
}

func (p *program) logoutCommand() *cobra.Command {
	return &cobra.Command{
		Use:       "logout [salesforce|zendesk]",
		Short:     p.words.T("auth.logout-short"),
		ValidArgs: []string{"salesforce", "zendesk"},
		RunE: func(command *cobra.Command, args []string) error {
			services, err := p.servicesOf(args)
			if err != nil {
				return err
			}
			return p.runLogout(command.Context(), services)
		},
	}
}

// servicesOf are the services that the arguments name; both when they name none.
func (p *program) servicesOf(args []string) ([]transport.Service, error) {
	if p.demo {
		return nil, p.usage("usage.demo-auth")
	}
	if len(args) == 0 {
		return []transport.Service{transport.Salesforce, transport.Zendesk}, nil
	}
	var services []transport.Service
	for _, name := range args {
		service, ok := map[string]transport.Service{"salesforce": transport.Salesforce, "zendesk": transport.Zendesk}[strings.ToLower(name)]
		if !ok {
			return nil, p.usage("usage.service", "Name", name)
		}
		services = append(services, service)
	}
	return services, nil
}

// keeper is what keeps this machine's sign-ins.
func (p *program) keeper(passphrase func(context.Context) (string, error)) (*signin.Keeper, error) {
	file, err := settings.Open(p.Getenv)
	if err != nil {
		return nil, err
	}
	state, err := store.Open(p.Getenv)
	if err != nil {
		return nil, err
	}
	folder := state.Folder()
	keeper := &signin.Keeper{Settings: file, Folder: folder, HTTP: &http.Client{Timeout: p.timeout, Transport: p.trace.Around(nil)}, Now: p.Now}
	p.atEnd = append(p.atEnd, keeper.Settle)
	var opening sync.Mutex // both services may ask at once
	var opened vault.Vault
	keeper.Vault = func(ctx context.Context) (vault.Vault, error) {
		opening.Lock()
		defer opening.Unlock()
		if opened != nil {
			return opened, nil
		}
		known, err := keeper.Known()
		if err != nil {
			return nil, err
		}
		found, err := vault.Open(ctx, vault.Options{
			Want: known.Store, Folder: folder, Getenv: p.Getenv, Passphrase: passphrase,
		})
		if err != nil {
			return nil, err
		}
		opened = found
		return opened, nil
	}
	return keeper, nil
}

// profileToSignIn settles which profile a sign-in is for; one that is named is made.
func (p *program) profileToSignIn(keeper *signin.Keeper) error {
	if p.profile != "" {
		return p.asUsage(settings.CheckName(p.profile))
	}
	return p.chooseProfile(keeper)
}

func (p *program) runLogout(ctx context.Context, services []transport.Service) error {
	keeper, err := p.keeper(p.askPassphrase)
	if err != nil {
		return err
	}
	if err := p.chooseProfile(keeper); err != nil {
		return err
	}
	var outs []report.SignOut
	for _, service := range services {
		notRevoked, err := keeper.Forget(ctx, p.profile, service)
		out := report.SignOut{Service: strings.ToLower(string(service)), WasSignedIn: !errors.Is(err, signin.ErrNone)}
		line := p.words.T("auth.out", "Service", string(service))
		switch {
		case !out.WasSignedIn:
			line = p.words.T("auth.not-signed-in", "Service", string(service))
		case err != nil:
			return err
		case notRevoked != nil:
			line = p.words.T("auth.out-not-revoked", "Service", string(service), "Reason", notRevoked)
			out.Reason = p.words.Error(notRevoked)
		}
		out.Revoked = out.WasSignedIn && notRevoked == nil
		outs = append(outs, out)
		if p.json {
			continue
		}
		if err := p.print(line + "\n"); err != nil {
			return err
		}
	}
	p.forgetSeen(ctx, p.profile)
	if p.json {
		return report.WriteSignOuts(p.Stdout, p.profile, outs)
	}
	return nil
}

// expiry is a time as a person reads it; empty where a service told none.
func (p *program) expiry(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return fmt.Sprintf("%s (%s)", p.words.Date(at), p.words.Span(at.Sub(p.Now())))
}
