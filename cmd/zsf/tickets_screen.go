// Tickets written on a screen of their own, where a command names a ticket or a record and nothing else.

package main

import (
	"context"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"zsf/clients/transport"
	"zsf/ui/compose"
)

// onScreen tells whether a person is there, and said by no flag of the command what is to be written.
func (p *program) onScreen(command *cobra.Command) bool {
	said := false
	command.LocalNonPersistentFlags().VisitAll(func(flag *pflag.Flag) { said = said || flag.Changed })
	return p.interactive() && !said
}

// newOnScreen finds the record, and opens the screen for a new ticket of it.
func (p *program) newOnScreen(ctx context.Context, text string) error {
	return p.writeOnScreen(ctx, func(s *session) (compose.Request, error) {
		record, err := p.desk(s).Find(ctx, text)
		return compose.Request{Kind: compose.Create, Record: record}, err
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
	result, err := p.show(ctx, s, options, checkRequest{})
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
