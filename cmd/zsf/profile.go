package main

import (
	"context"
	"errors"
	"slices"

	"github.com/spf13/cobra"

	"zsf/clients/settings"
	"zsf/clients/store"
	"zsf/flows/flow"
	"zsf/flows/tickets"
	"zsf/ui/report"
)

func (p *program) profileCommand() *cobra.Command {
	list := func(command *cobra.Command, _ []string) error { return p.runProfiles(command.Context()) }
	command := &cobra.Command{Use: "profile", Short: p.words.T("profile.short"), Args: p.noArgs, RunE: list}
	command.AddCommand(
		&cobra.Command{Use: "list", Short: p.words.T("profile.short"), Args: p.noArgs, RunE: list},
		&cobra.Command{
			Use: "default NAME", Short: p.words.T("profile.default-short"), Args: p.exactly(1),
			RunE: func(command *cobra.Command, args []string) error {
				err := p.changeProfiles(command.Context(), func(known *settings.Settings) error {
					name, err := known.Choose(args[0])
					known.Default = name
					return err
				})
				return p.tellProfile(err, "profile.now-default", "Name", args[0])
			},
		},
		&cobra.Command{
			Use: "rename FROM TO", Short: p.words.T("profile.rename-short"), Args: p.exactly(2),
			RunE: func(command *cobra.Command, args []string) error {
				keeper, err := p.keeper(p.askPassphrase)
				if err != nil {
					return err
				}
				if err := keeper.Rename(command.Context(), args[0], args[1]); err != nil {
					return p.asUsage(err)
				}
				err = p.renameKept(command.Context(), args[0], args[1])
				return p.tellProfile(err, "profile.renamed", "From", args[0], "To", args[1])
			},
		},
		&cobra.Command{
			Use: "remove NAME", Short: p.words.T("profile.remove-short"), Args: p.exactly(1),
			RunE: func(command *cobra.Command, args []string) error {
				keeper, err := p.keeper(p.askPassphrase)
				if err != nil {
					return err
				}
				if err := keeper.Remove(command.Context(), args[0]); err != nil {
					return p.asUsage(err)
				}
				p.forgetSeen(command.Context(), args[0])
				return p.tellProfile(nil, "profile.removed", "Name", args[0])
			},
		},
		p.matchCommand(),
	)
	return command
}

// tellProfile says what was done to a profile; under --json its exit code says so.
func (p *program) tellProfile(err error, id string, args ...any) error {
	if err != nil || p.json {
		return err
	}
	return p.print(p.words.T(id, args...) + "\n")
}

func (p *program) runProfiles(context.Context) error {
	file, err := settings.Open(p.Getenv)
	if err != nil {
		return err
	}
	known, err := file.Load()
	if err != nil {
		return err
	}
	profiles := make([]report.Profile, 0, len(known.Profiles))
	for _, name := range known.Names() {
		profile := known.Profiles[name]
		profiles = append(profiles, report.Profile{
			Name: name, Salesforce: profile.Salesforce.URL, Zendesk: profile.Zendesk.URL, Match: string(profile.Tickets.Match),
			SalesforceEnvironment: string(profile.Salesforce.Environment), ZendeskEnvironment: string(profile.Zendesk.Environment),
		})
	}
	if p.json {
		return report.WriteProfiles(p.Stdout, known.Default, profiles)
	}
	if len(profiles) == 0 {
		return p.print(p.words.T("profile.none") + "\n")
	}
	for _, profile := range profiles {
		mark := " "
		if profile.Name == known.Default {
			mark = "*"
		}
		or := func(address, environment string) string {
			switch {
			case address == "":
				return p.words.T("plain.no-sign-in")
			case environment == "":
				return address
			}
			return address + " (" + p.words.T("environment-kind."+environment) + ")"
		}
		line := p.words.T("profile.line", "Mark", mark, "Name", profile.Name, "Salesforce", or(profile.Salesforce, profile.SalesforceEnvironment), "Zendesk", or(profile.Zendesk, profile.ZendeskEnvironment))
		if profile.Match != "" {
			line += "\n    " + p.words.T("profile-match.line", "By", flow.Say("ticket-by."+profile.Match))
		}
		if err := p.print(line + "\n"); err != nil {
			return err
		}
	}
	return nil
}

// changeProfiles edits the settings, and shows what they are then.
func (p *program) changeProfiles(ctx context.Context, edit func(*settings.Settings) error) error {
	file, err := settings.Open(p.Getenv)
	if err != nil {
		return err
	}
	if err := file.Change(ctx, edit); err != nil {
		return p.asUsage(err)
	}
	return p.runProfiles(ctx)
}

// asUsage makes a profile that is not there, or a name that is none, wrong usage.
func (p *program) asUsage(err error) error {
	var name *settings.NameError
	if !errors.As(err, &name) {
		return err
	}
	id := map[error]string{settings.ErrNoProfile: "none", settings.ErrProfileExists: "exists", settings.ErrProfileName: "wrong"}[name.Err]
	return p.usage("profile-name."+id, "Name", name.Name)
}

// exactly takes that many arguments.
func (p *program) exactly(count int) cobra.PositionalArgs {
	return func(command *cobra.Command, args []string) error {
		if len(args) != count || slices.Contains(args, "") {
			return p.usage("usage.arguments", "Use", p.useLine(command))
		}
		return nil
	}
}

// asTheIntegration takes a profile's own way to match back.
const asTheIntegration = "integration"

// matchCommand chooses what a profile's records are matched by where nothing else is said.
func (p *program) matchCommand() *cobra.Command {
	return &cobra.Command{
		Use: "match WAY", Short: p.words.T("profile-match.short"), Long: p.words.T("profile-match.long"), Args: p.exactly(1),
		Example: "  zsf profile match domain\n  zsf profile match integration --profile acme-sandbox",
		RunE: func(command *cobra.Command, args []string) error {
			way := tickets.By(args[0])
			switch {
			case args[0] == asTheIntegration:
				way = tickets.AsIntegration
			case !slices.Contains(tickets.Ways, way):
				return p.usage("usage-tickets.value", "Flag", "zsf profile match", "Name", args[0], "Names", append(named(tickets.Ways), asTheIntegration))
			}
			return p.changeProfiles(command.Context(), func(known *settings.Settings) error {
				name, err := known.Choose(p.profile)
				switch {
				case err != nil && p.profile == "" && known.Default == "": // signed in by the environment, or one of several
					return p.usage("profile-match.none")
				case err != nil:
					return err
				}
				profile := known.Profiles[name]
				profile.Tickets.Match = settings.Way(way)
				return known.Put(name, profile)
			})
		},
	}
}

// renameKept takes what a profile wrote to its new name, and drops what was last seen under the old one.
func (p *program) renameKept(ctx context.Context, from, to string) error {
	kept, err := store.Open(p.Getenv)
	if err == nil {
		err = kept.RenameProfile(ctx, from, to)
	}
	p.forgetSeen(ctx, from)
	return err
}
