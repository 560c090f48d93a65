package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"zsf/clients/settings"
	"zsf/clients/sfcli"
	"zsf/ui/plain"
	"zsf/ui/report"
)

func (p *program) orgsCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "orgs",
		Short:   p.words.T("auth.orgs-short"),
		Example: "  zsf auth orgs\n  zsf auth orgs --json",
		Args:    p.noArgs,
		RunE:    func(command *cobra.Command, _ []string) error { return p.runOrgs(command.Context()) },
	}
}

// runOrgs lists the orgs that the sf CLI is signed in to.
func (p *program) runOrgs(ctx context.Context) error {
	orgs, err := sfcli.New(p.Environ).Orgs(ctx)
	if err != nil {
		return err
	}
	if p.json {
		shown := make([]report.Org, len(orgs))
		for i, org := range orgs {
			shown[i] = report.Org{
				Alias: org.Alias, Username: org.Username, OrgID: org.OrgID, InstanceURL: org.InstanceURL,
				Sandbox: org.Sandbox, Scratch: org.Scratch, Default: org.Default,
			}
		}
		return report.WriteOrgs(p.Stdout, shown)
	}
	if len(orgs) == 0 {
		return p.print(p.words.T("auth.no-orgs") + "\n")
	}
	for _, org := range orgs {
		if err := p.print(p.orgLine(org) + "\n"); err != nil {
			return err
		}
	}
	return nil
}

func (p *program) orgLine(org sfcli.Org) string {
	kind := "production"
	if org.Sandbox || org.Scratch {
		kind = "sandbox"
	}
	return p.words.T("auth.org", "Name", org.Name(), "Username", org.Username, "URL", org.InstanceURL, "Kind", p.words.T("environment-kind."+kind))
}

// reuse takes an org that the sf CLI is signed in to.
func (l *login) reuse(ctx context.Context) error {
	name := l.request.sf
	if name == anyOrg {
		org, err := l.chooseOrg(ctx)
		if err != nil {
			return err
		}
		name = org.Username
		if l.flow.Label == "" && (org.Sandbox || org.Scratch) {
			l.flow.Label = settings.Sandbox
		}
	}
	done, err := l.flow.Reuse(ctx, name)
	if err != nil {
		return err
	}
	return l.done(done, l.words.T("source.sf"))
}

// chooseOrg is the one org that there is, or the one that a person chooses by its number or name.
func (l *login) chooseOrg(ctx context.Context) (sfcli.Org, error) {
	orgs, err := l.flow.Orgs(ctx)
	switch {
	case err != nil:
		return sfcli.Org{}, err
	case len(orgs) == 0:
		return sfcli.Org{}, errors.New(l.words.T("auth.no-orgs"))
	case len(orgs) == 1:
		return orgs[0], nil
	case l.json:
		names := make([]string, len(orgs))
		for i, org := range orgs {
			names[i] = org.Name()
		}
		return sfcli.Org{}, l.usage("usage.sf-which", "Names", strings.Join(names, ", "))
	}
	for i, org := range orgs {
		_, _ = fmt.Fprintf(l.Stderr, "%3d  %s\n", i+1, l.orgLine(org))
	}
	pick := func(answer string) (sfcli.Org, error) {
		if n, err := strconv.Atoi(answer); err == nil && n >= 1 && n <= len(orgs) {
			return orgs[n-1], nil
		}
		for _, org := range orgs {
			if answer == org.Alias || answer == org.Username {
				return org, nil
			}
		}
		return sfcli.Org{}, errors.New(l.words.T("auth.no-such-org", "Count", len(orgs)))
	}
	answer, err := l.ask(ctx).Ask(ctx, plain.Question{
		Name: "--sf", Words: l.words.T("auth.which-org"), Default: "1",
		Check: func(answer string) error { _, err := pick(answer); return err },
	})
	if err != nil {
		return sfcli.Org{}, err
	}
	return pick(answer)
}
