package main

import (
	"context"
	"errors"
	"strings"
	"time"

	"zsf/clients/oauth"
	"zsf/clients/settings"
	"zsf/clients/transport"
	"zsf/clients/vault"
	"zsf/flows/signin"
	"zsf/ui/report"
)

// runAuthStatus says who is signed in; exit code 3 where a sign-in is missing.
func (p *program) runAuthStatus(ctx context.Context) error {
	if p.demo {
		return p.usage("usage.demo-auth")
	}
	keeper, err := p.keeper(p.askPassphrase)
	if err != nil {
		return err
	}
	if err := p.chooseProfile(keeper); err != nil {
		return err
	}
	code := exitOK
	var signIns []report.SignIn
	for _, service := range []transport.Service{transport.Salesforce, transport.Zendesk} {
		found, err := p.signInOf(ctx, keeper, service)
		if err != nil {
			return err
		}
		if !found.SignedIn || found.Problem != "" {
			code = exitSignIn
		}
		signIns = append(signIns, found)
	}
	if p.json {
		if err := report.WriteSignIns(p.Stdout, p.profile, signIns); err != nil {
			return err
		}
		return said(code)
	}
	for _, found := range signIns {
		if err := p.print(strings.Join(p.statusLines(found), "\n") + "\n"); err != nil {
			return err
		}
	}
	return said(code)
}

func (p *program) signInOf(ctx context.Context, keeper *signin.Keeper, service transport.Service) (report.SignIn, error) {
	name := strings.ToLower(string(service))
	found := report.SignIn{Service: name, Scopes: []string{}}
	if org := p.environmentSignIn(service); !org.missing() {
		found.SignedIn, found.URL, found.Source = true, org.url, "environment"
		return found, nil
	}
	account, err := keeper.Account(p.profile, service)
	if errors.Is(err, signin.ErrNone) {
		found.Mend = p.signInCommand(keeper, service)
		return found, nil
	}
	if err != nil {
		return found, err
	}
	found.SignedIn, found.User, found.URL = true, account.User, account.URL
	found.Environment, found.Source = string(account.Environment), string(account.Source)
	switch account.Source {
	case settings.SF:
		return found, nil
	case settings.JWT:
		found.KeyFile = account.KeyFile
		if _, err := oauth.ReadKey(account.KeyFile); err != nil {
			found.Problem = p.words.Error(err)
			found.Mend = p.signInCommand(keeper, service, "--jwt-key", "FILE", "--username", account.User)
		}
		return found, nil
	}
	tokens, err := keeper.Tokens(ctx, p.profile, service)
	if err != nil {
		found.Problem, found.Mend = p.words.Error(err), p.mend(keeper, service, account, err)
		return found, nil
	}
	if len(tokens.Scopes) > 0 {
		found.Scopes = tokens.Scopes
	}
	found.ExpiresAt, found.RefreshExpiresAt = tokens.ExpiresAt, tokens.RefreshExpiresAt
	if account.Source != settings.ClientCredentials && p.isOver(tokens) {
		found.Problem, found.Mend = p.words.T("auth.status.over"), p.signInCommand(keeper, service)
	}
	return found, nil
}

// isOver tells a sign-in that has ended and cannot be renewed.
func (p *program) isOver(tokens oauth.Tokens) bool {
	ended := func(at time.Time) bool { return !at.IsZero() && !p.Now().Before(at) }
	return ended(tokens.RefreshExpiresAt) || tokens.Refresh == "" && ended(tokens.ExpiresAt)
}

// signInCommand is the command that signs this profile in.
func (p *program) signInCommand(keeper *signin.Keeper, service transport.Service, flags ...string) string {
	command := append([]string{"zsf auth login", strings.ToLower(string(service))}, flags...)
	known, err := keeper.Known()
	if err == nil {
		if meant, err := known.Choose(""); p.profile != meant && (err == nil || p.profile != defaultProfile) {
			command = append(command, "--profile", p.profile)
		}
	}
	return strings.Join(command, " ")
}

// mend is the command that mends a sign-in which cannot be read: a new one does not open a vault.
func (p *program) mend(keeper *signin.Keeper, service transport.Service, account settings.Account, err error) string {
	switch {
	case errors.Is(err, vault.ErrNoPassphrase), errors.Is(err, vault.ErrWrongPassphrase):
		return "export " + envPassphrase + "=…"
	case errors.Is(err, vault.ErrLocked), errors.Is(err, vault.ErrMissing), errors.Is(err, vault.ErrSlow):
		return p.signInCommand(keeper, service, "--store", "file")
	case account.Source == settings.ClientCredentials:
		return p.signInCommand(keeper, service, "--client-secret-file", "FILE")
	}
	return p.signInCommand(keeper, service)
}

func (p *program) statusLines(found report.SignIn) []string {
	service := map[string]string{"salesforce": "Salesforce", "zendesk": "Zendesk"}[found.Service]
	if !found.SignedIn {
		return []string{p.words.T("auth.status.none", "Service", service), p.words.T("auth.status.mend", "Command", found.Mend)}
	}
	in := p.words.T("auth.status.in", "Service", service, "User", found.User, "URL", found.URL)
	if found.User == "" {
		in = p.words.T("auth.status.in-somebody", "Service", service, "URL", found.URL)
	}
	lines := []string{
		in,
		p.words.T("auth.status.from", "From", p.words.T("source."+found.Source)),
	}
	if found.Environment != "" {
		lines = append(lines, p.words.T("auth.status.kind", "Kind", p.words.T("environment-kind."+found.Environment)))
	}
	if found.KeyFile != "" {
		lines = append(lines, p.words.T("auth.status.key", "File", found.KeyFile))
	}
	if len(found.Scopes) > 0 {
		lines = append(lines, p.words.T("auth.status.scopes", "Scopes", strings.Join(found.Scopes, " ")))
	}
	if ends := p.expiry(found.ExpiresAt); ends != "" && found.Problem == "" {
		lines = append(lines, p.words.T("auth.status.ends", "Ends", ends))
	}
	if ends := p.expiry(found.RefreshExpiresAt); ends != "" {
		lines = append(lines, p.words.T("auth.status.refresh-ends", "Ends", ends))
	}
	if found.Problem != "" {
		lines = append(lines, p.words.T("auth.status.broken", "Reason", found.Problem), p.words.T("auth.status.mend", "Command", found.Mend))
	}
	return lines
}
