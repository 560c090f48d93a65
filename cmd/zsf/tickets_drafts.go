package main

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"zsf/flows/tickets"
	"zsf/ui/faces"
	"zsf/ui/plain"
	"zsf/ui/report"
)

// draftsCommand lists what was written and not sent, sends it, and forgets it.
func (p *program) draftsCommand() *cobra.Command {
	var request writeRequest
	var mine, theirs, rest bool
	command := &cobra.Command{
		Use: "drafts [ID]", Short: p.words.T("cli.tickets-drafts.short"), Long: p.words.T("cli.tickets-drafts.long"), Args: func(command *cobra.Command, args []string) error {
			if len(args) > 1 {
				return p.noArgs(command, args)
			}
			return nil
		},
		Example: "  zsf tickets drafts\n  zsf tickets drafts 4RQXZ5FJ7K2M\n  zsf tickets drafts send 4RQXZ5FJ7K2M --yes\n  zsf tickets drafts send 4RQXZ5FJ7K2M --theirs\n  zsf tickets drafts send 4RQXZ5FJ7K2M --rest\n  zsf tickets drafts drop 4RQXZ5FJ7K2M",
		RunE: func(command *cobra.Command, args []string) error {
			return p.runDrafts(command.Context(), strings.Join(args, ""))
		},
	}
	send := &cobra.Command{
		Use: "send ID", Short: p.words.T("cli.tickets-drafts-send.short"), Args: p.exactly(1),
		RunE: func(command *cobra.Command, args []string) error {
			if mine && theirs {
				return p.usage("usage-write.sides")
			}
			if rest {
				return p.runSendRest(command.Context(), args[0], &request)
			}
			side := tickets.Side("")
			if mine {
				side = tickets.Mine
			} else if theirs {
				side = tickets.Theirs
			}
			return p.runSendDraft(command.Context(), args[0], &request, side)
		},
	}
	flags := send.Flags()
	flags.BoolVar(&request.yes, "yes", false, p.words.T("flag-write.yes"))
	flags.BoolVar(&request.closing, "close", false, p.words.T("flag-write.close"))
	flags.BoolVar(&request.dryRun, "dry-run", false, p.words.T("flag-write.dry-run"))
	flags.StringVar(&request.who, "who", "", p.words.T("flag-write.who"))
	flags.BoolVar(&mine, "mine", false, p.words.T("flag-write.mine"))
	flags.BoolVar(&theirs, "theirs", false, p.words.T("flag-write.theirs"))
	flags.BoolVar(&rest, "rest", false, p.words.T("flag-write.rest"))
	var agreed writeRequest
	drop := &cobra.Command{
		Use: "drop ID", Short: p.words.T("cli.tickets-drafts-drop.short"), Args: p.exactly(1),
		RunE: func(command *cobra.Command, args []string) error {
			return p.runDropDraft(command.Context(), args[0], &agreed)
		},
	}
	drop.Flags().BoolVar(&agreed.yes, "yes", false, p.words.T("flag-write.yes"))
	command.AddCommand(send, drop)
	return command
}

// keptDrafts are the profile's for the account that it is signed in to.
func (p *program) keptDrafts(ctx context.Context) (*session, tickets.Drafts, []tickets.Draft, error) {
	s, err := p.open(ctx)
	if err != nil {
		return nil, nil, nil, err
	}
	if err := s.noState; err == nil && s.sandbox != nil {
		_, err = s.openJournal(ctx) // a rehearsal's state is made with its journal
		s.noState = err
	}
	if s.noState != nil {
		s.close()
		return nil, nil, nil, s.noState
	}
	drafts := tickets.KeptDrafts{Store: s.state, Profile: s.profile.Name, Account: s.account.url, Now: p.Now}
	all, err := drafts.All(ctx)
	if err != nil && len(all) == 0 {
		s.close()
		return nil, nil, nil, err
	}
	return s, drafts, all, nil
}

// runDrafts lets a person choose a draft and go on with it; without a terminal it lists them, or shows the one that is named.
func (p *program) runDrafts(ctx context.Context, id string) error {
	s, _, all, err := p.keptDrafts(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	one := tickets.Draft{}
	if id != "" {
		if one, err = p.draftOf(all, id); err != nil {
			return err
		}
		all = []tickets.Draft{one}
	}
	switch {
	case p.json:
		return report.WriteDrafts(p.Stdout, all)
	case p.interactive() && len(all) > 0 && s.sandbox == nil:
		return p.draftOnScreen(ctx, id)
	case id != "":
		return p.print(plain.Draft(p.words, one))
	}
	return p.print(plain.Drafts(p.words, all))
}

func (p *program) runDropDraft(ctx context.Context, id string, request *writeRequest) error {
	s, drafts, all, err := p.keptDrafts(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	draft, err := p.draftOf(all, id)
	if err != nil {
		return err
	}
	if !p.json && !request.yes {
		if err := p.print(plain.Draft(p.words, draft)); err != nil {
			return err
		}
	}
	if agreed, err := p.agreed(ctx, request, false, p.words.T("ticket-drafts.kept", "ID", id)); err != nil || !agreed {
		return err
	}
	if err := drafts.Drop(ctx, id); err != nil {
		return err
	}
	if p.json {
		return report.WriteDropped(p.Stdout, id)
	}
	return p.print(p.words.T("ticket-drafts.dropped", "ID", id) + "\n")
}

func (p *program) draftOf(all []tickets.Draft, id string) (tickets.Draft, error) {
	at := slices.IndexFunc(all, func(draft tickets.Draft) bool { return draft.ID == id })
	if at < 0 {
		return tickets.Draft{}, p.usage("usage-write.draft", "ID", id)
	}
	return all[at].TakeUp(), nil
}

// takeUp takes a draft up for a send, with what the account has for it.
func (p *program) takeUp(ctx context.Context, id string, request *writeRequest, send func(*tickets.Desk, tickets.Catalog, tickets.Draft) error) error {
	s, desk, err := p.writing(ctx, request.who)
	if err != nil {
		return err
	}
	defer s.close()
	drafts := tickets.KeptDrafts{Store: s.state, Profile: s.profile.Name, Account: s.account.url, Now: p.Now}
	all, err := drafts.All(ctx)
	if err != nil && len(all) == 0 {
		return err
	}
	draft, err := p.draftOf(all, id)
	if err != nil {
		return err
	}
	catalog, err := desk.Catalog(ctx)
	if err != nil {
		return p.serviceError(err)
	}
	return send(desk, catalog, draft)
}

// runSendDraft sends a draft, written anew on the tickets as they are now where a side was chosen.
func (p *program) runSendDraft(ctx context.Context, id string, request *writeRequest, side tickets.Side) error {
	return p.takeUp(ctx, id, request, func(desk *tickets.Desk, catalog tickets.Catalog, draft tickets.Draft) error {
		draft, err := p.takenUp(ctx, desk, catalog, draft, side)
		if err != nil {
			return err
		}
		if request.closing {
			draft.CloseSaid = true
		}
		return p.sendDraft(ctx, desk, catalog, draft, request, faces.TicketPreview{})
	})
}

// runSendRest sends of a draft what an earlier send of it, which has arrived, did not say.
func (p *program) runSendRest(ctx context.Context, id string, request *writeRequest) error {
	return p.takeUp(ctx, id, request, func(desk *tickets.Desk, catalog tickets.Catalog, draft tickets.Draft) error {
		earlier, err := desk.Earlier(ctx, draft, catalog)
		switch {
		case err != nil:
			return p.serviceError(err)
		case earlier == nil:
			return &hintedError{code: "no-rest", message: p.words.T("ticket-drafts.no-rest")}
		}
		if !p.json {
			if err := p.print(p.words.T("ticket-drafts.rest", "Number", strconv.FormatInt(earlier.Ticket, 10)) + "\n"); err != nil {
				return err
			}
		}
		return p.sendDraft(ctx, desk, catalog, tickets.GoOn(draft, earlier), request, faces.TicketPreview{})
	})
}

// takenUp puts a draft on the tickets as they are now, where somebody said whose values stay.
func (p *program) takenUp(ctx context.Context, desk *tickets.Desk, catalog tickets.Catalog, draft tickets.Draft, side tickets.Side) (tickets.Draft, error) {
	if side == "" || draft.IsNew() {
		return draft, nil
	}
	var gone *tickets.GoneError
	rebased, err := desk.Rebase(ctx, catalog, draft, side)
	switch {
	case errors.As(err, &gone):
		return draft, p.notSent(err, draft)
	case err != nil:
		return draft, p.serviceError(err)
	}
	return rebased, nil
}
