// Tickets written on a screen of their own, where a command names a ticket or a record and nothing else.

package main

import (
	"context"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"zsf/clients/transport"
	"zsf/ui/app"
	"zsf/ui/compose"
	pane "zsf/ui/tickets"
)

// onScreen tells whether a person is there, and said by no flag of the command what is to be written.
func (p *program) onScreen(command *cobra.Command) bool {
	said := false
	command.LocalNonPersistentFlags().VisitAll(func(flag *pflag.Flag) { said = said || flag.Changed && flag.Name != "follow-up" })
	return p.interactive() && !said
}

// newOnScreen finds the record, and opens the screen for a new ticket of it, or for one that follows up a closed one.
func (p *program) newOnScreen(ctx context.Context, text string, followUp int64) error {
	return p.writeOnScreen(ctx, func(s *session) (request compose.Request, err error) {
		request = compose.Request{Kind: compose.Create, FollowUp: followUp}
		if text != "" {
			request.Record, err = p.desk(s).Find(ctx, text)
		}
		return request, err
	})
}

// newFromSearch lets the person look for the record first. The program ends with the ticket.
func (p *program) newFromSearch(ctx context.Context) error {
	s, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	if s.account.missing() {
		return p.serviceError(&transport.Error{Service: transport.Zendesk, Kind: transport.SignInMissing})
	}
	options := p.appOptions(s, checkRequest{})
	options.AtTickets, options.EndsWritten = true, true
	options.Tickets = func(ctx context.Context) pane.Options {
		begun := p.paneOptions(ctx, s.latest(), false)
		begun.ToWrite = pane.WriteNew
		return begun
	}
	return p.shown(p.show(ctx, s, options, checkRequest{}))
}

// draftOnScreen goes on with a draft; where none is named, one is chosen.
func (p *program) draftOnScreen(ctx context.Context, id string) error {
	return p.writeOnScreen(ctx, func(*session) (compose.Request, error) {
		return compose.Request{Kind: compose.Drafts, Draft: id}, nil
	})
}

// editOnScreen opens the screen for one ticket, or for several at once.
func (p *program) editOnScreen(ctx context.Context, ids []int64) error {
	return p.writeOnScreen(ctx, func(*session) (compose.Request, error) {
		if len(ids) == 1 {
			return compose.Request{Kind: compose.Edit, Ticket: ids[0]}, nil
		}
		return compose.Request{Kind: compose.Several, Tickets: ids}, nil
	})
}

func (p *program) writeOnScreen(ctx context.Context, about func(*session) (compose.Request, error)) error {
	s, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	if s.account.missing() {
		return p.serviceError(&transport.Error{Service: transport.Zendesk, Kind: transport.SignInMissing})
	}
	request, err := about(s)
	if err != nil {
		return p.noTickets(err)
	}
	options := p.appOptions(s, checkRequest{})
	options.Write = &request
	return p.shown(p.show(ctx, s, options, checkRequest{}))
}

// shown says what became of the writing.
func (p *program) shown(result app.Result, err error) error {
	switch {
	case err != nil:
		return err
	case result.Interrupted, result.Signal != nil:
		return &saidError{code: exitInterrupted}
	case result.Written != "":
		return p.print(result.Written + "\n")
	case result.Kept:
		return p.print(p.words.T("compose.left-as-draft") + "\n")
	}
	return nil
}
