package main

import (
	"context"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"zsf/clients/transport"
	"zsf/flows/tickets"
	"zsf/ui/faces"
	"zsf/ui/plain"
	"zsf/ui/report"
)

// ticketWriteCommands are those that write tickets.
func (p *program) ticketWriteCommands() []*cobra.Command {
	return []*cobra.Command{p.newTicketCommand(), p.editTicketsCommand(), p.draftsCommand()}
}

func (p *program) newTicketCommand() *cobra.Command {
	var request writeRequest
	command := &cobra.Command{
		Use: "new [RECORD]", Short: p.words.T("cli.tickets-new.short"), Long: p.words.T("cli.tickets-new.long"),
		Example: "  zsf tickets new jo@acme.com --subject \"Invoice 4711\" --comment \"We look into it.\" --public --dry-run\n" +
			"  zsf tickets new 0035g00000AbCdEAAV --subject Refund --comment-file - --internal --priority high --field \"Order number=A-17\" --yes < note.txt\n" +
			"  zsf tickets new --follow-up 35436 --comment \"It is back, and we look into it.\" --public\n" +
			"  zsf tickets new acme --requester \"Jo Kim <jo@acme.com>\" --subject Hello --comment Hello --public --attach report.pdf --json --yes",
		RunE: func(command *cobra.Command, args []string) error {
			text := strings.TrimSpace(strings.Join(args, " "))
			switch of := request.followUp; {
			case of < 0:
				return p.usage("usage-tickets.number", "Number", strconv.FormatInt(of, 10))
			case p.onScreen(command) && text == "" && of == 0:
				return p.newFromSearch(command.Context())
			case p.onScreen(command):
				return p.newOnScreen(command.Context(), text, of)
			case text == "" && of == 0:
				return p.usage("usage-write.record")
			}
			if err := p.checkWrite(command, &request); err != nil {
				return err
			}
			return p.runNewTicket(command.Context(), text, &request)
		},
	}
	p.writeFlags(command, &request)
	command.Flags().StringArrayVar(&request.addTags, "tag", nil, p.words.T("flag-write.tag"))
	command.Flags().Int64Var(&request.followUp, "follow-up", 0, p.words.T("flag-write.follow-up"))
	command.Flags().StringVar(&request.requester, "requester", "", p.words.T("flag-write.requester"))
	return command
}

func (p *program) editTicketsCommand() *cobra.Command {
	var request writeRequest
	command := &cobra.Command{
		Use: "edit NUMBER [NUMBER…]", Short: p.words.T("cli.tickets-edit.short"), Long: p.words.T("cli.tickets-edit.long"),
		Example: "  zsf tickets edit 35436 --status solved --comment \"Done.\" --public\n" +
			"  zsf tickets edit 35436 35437 35440 --assignee me --priority high --add-tag swept --yes --json\n" +
			"  zsf tickets edit 35436 --field \"Serial number=KR-123456\" --comment-file note.txt --internal --dry-run",
		RunE: func(command *cobra.Command, args []string) error {
			ids, err := p.ticketNumbers(args)
			if err != nil {
				return err
			}
			if p.onScreen(command) {
				return p.editOnScreen(command.Context(), ids)
			}
			if err := p.checkWrite(command, &request); err != nil {
				return err
			}
			if !request.changesAnything() {
				return p.usage("usage-write.nothing")
			}
			return p.runEditTickets(command.Context(), ids, &request)
		},
	}
	p.writeFlags(command, &request)
	command.Flags().StringArrayVar(&request.addTags, "add-tag", nil, p.words.T("flag-write.tag"))
	command.Flags().StringArrayVar(&request.removeTags, "remove-tag", nil, p.words.T("flag-write.remove-tag"))
	return command
}

func (p *program) ticketNumbers(args []string) ([]int64, error) {
	var ids []int64
	for _, arg := range args {
		id, err := strconv.ParseInt(strings.TrimPrefix(arg, "#"), 10, 64)
		if err != nil || id <= 0 {
			return nil, p.usage("usage-tickets.number", "Number", arg)
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return nil, p.usage("usage-write.number")
	}
	if len(ids) > tickets.MostTickets {
		return nil, p.usage("usage-write.too-many", "Most", tickets.MostTickets, "Count", len(ids))
	}
	return ids, nil
}

// runNewTicket makes a ticket for a record.
func (p *program) runNewTicket(ctx context.Context, text string, request *writeRequest) error {
	s, desk, err := p.writing(ctx, request.who)
	if err != nil {
		return err
	}
	defer s.close()
	var record tickets.Record
	var catalog tickets.Catalog
	var calls errgroup.Group
	calls.Go(func() (err error) {
		if text != "" {
			record, err = desk.Find(ctx, text)
		}
		return err
	})
	calls.Go(func() (err error) {
		catalog, err = desk.Catalog(ctx)
		return err
	})
	if err := calls.Wait(); err != nil {
		return p.noTickets(err)
	}
	draft, err := p.newDraft(ctx, desk, catalog, record, request)
	if err != nil {
		return err
	}
	if err := request.fill(ctx, desk, catalog, &draft); err != nil {
		return p.notMeant(err)
	}
	if draft, err = desk.Unanswered(ctx, draft); err != nil {
		return err
	}
	return p.sendDraft(ctx, desk, catalog, draft, request, faces.TicketPreview{})
}

// newDraft begins a ticket for a record, or one that follows up a closed ticket.
func (p *program) newDraft(ctx context.Context, desk *tickets.Desk, catalog tickets.Catalog, record tickets.Record, request *writeRequest) (tickets.Draft, error) {
	if request.followUp != 0 && request.requester == "" {
		return p.followUp(ctx, desk, catalog, record, request.followUp)
	}
	requester, err := p.requesterOf(ctx, desk, record, request.requester)
	if err != nil {
		return tickets.Draft{}, err
	}
	draft, err := desk.New(ctx, catalog, record, requester)
	if err != nil || request.followUp == 0 {
		return draft, p.serviceError(err)
	}
	of, err := p.followUp(ctx, desk, catalog, record, request.followUp)
	of.Requester, of.Base.Organizations = requester, draft.Base.Organizations
	delete(of.Values, tickets.OrganizationKey) // it was one of somebody else's
	return of, err
}

func (p *program) followUp(ctx context.Context, desk *tickets.Desk, catalog tickets.Catalog, record tickets.Record, of int64) (tickets.Draft, error) {
	draft, err := desk.FollowUp(ctx, catalog, of)
	draft.Record = tickets.RecordRef{ID: record.ID, Object: record.Object, Name: record.Name}
	var open *tickets.NotClosedError
	number := strconv.FormatInt(of, 10)
	switch {
	case errors.As(err, &open):
		return draft, &hintedError{code: "not-closed", message: p.words.Error(err), hint: p.words.T("ticket-followup.hint", "Number", number)}
	case tickets.IsNoTicket(err):
		return draft, &hintedError{code: "no-ticket", message: p.words.T("no-ticket.message", "Number", number), hint: p.words.T("no-ticket.hint")}
	}
	return draft, p.serviceError(err)
}

// requesterOf is whom a new ticket is from: the one who was named, else the record's own person.
func (p *program) requesterOf(ctx context.Context, desk *tickets.Desk, record tickets.Record, said string) (tickets.Person, error) {
	find := func() ([]tickets.Person, error) { return desk.Requester(ctx, said) }
	if said == "" {
		find = func() ([]tickets.Person, error) { return desk.Requesters(ctx, record) }
	}
	people, err := find()
	switch {
	case err != nil:
		return tickets.Person{}, p.notMeant(err)
	case len(people) == 0 && said != "":
		return tickets.Person{}, &hintedError{code: "no-requester", message: p.words.T("no-requester.unknown", "Number", said), hint: p.words.T("no-requester.unknown-hint")}
	case len(people) == 0:
		return tickets.Person{}, &hintedError{code: "no-requester", message: p.words.T("no-requester.none", "Record", record.Name), hint: p.words.T("no-requester.none-hint")}
	case len(people) > 1:
		var names []string
		for _, person := range people {
			names = append(names, plain.Someone(person)+" "+strconv.FormatInt(person.ID, 10))
		}
		return tickets.Person{}, &hintedError{
			code: "several-requesters", message: p.words.T("no-requester.several", "Record", record.Name, "Names", names),
			hint: p.words.T("no-requester.several-hint", "ID", strconv.FormatInt(people[0].ID, 10)),
		}
	}
	if people[0].ID == 0 && people[0].Name == "" && strings.EqualFold(people[0].Email, record.Email) {
		people[0].Name = record.Name
	}
	return people[0], nil
}

// runEditTickets changes one ticket or several.
func (p *program) runEditTickets(ctx context.Context, ids []int64, request *writeRequest) error {
	s, desk, err := p.writing(ctx, request.who)
	if err != nil {
		return err
	}
	defer s.close()
	catalog, err := desk.Catalog(ctx)
	if err != nil {
		return p.serviceError(err)
	}
	var draft tickets.Draft
	var gone, closed []int64
	if len(ids) == 1 {
		draft, err = desk.Edit(ctx, catalog, ids[0])
	} else {
		draft, gone, err = desk.EditMany(ctx, catalog, ids)
		draft, closed = draft.WithoutClosed()
	}
	var away *tickets.GoneError
	switch {
	case err == nil && len(closed) > 0 && len(draft.Tickets) == 0:
		return &hintedError{code: "closed", message: p.words.T("ticket-preview.closed", "Numbers", plain.Numbers(closed)), hint: p.words.T("ticket-refused.hint-closed", "Number", strconv.FormatInt(closed[0], 10))}
	case errors.As(err, &away), err == nil && len(ids) > 1 && len(draft.Tickets) == 0:
		number := strconv.FormatInt(ids[0], 10)
		return &hintedError{code: "no-ticket", message: p.words.T("no-ticket.message", "Number", number), hint: p.words.T("no-ticket.hint")}
	case err != nil:
		return p.serviceError(err)
	}
	if len(draft.Tickets) == 1 { // the others are left out: it is one ticket like any other
		if draft, err = desk.Edit(ctx, catalog, draft.Tickets[0]); err != nil {
			return p.serviceError(err)
		}
	}
	if request.said["organization"] && len(draft.Tickets) == 0 {
		if draft.Base.Organizations, err = desk.Organizations(ctx, draft.Base.Requester); err != nil {
			return p.serviceError(err)
		}
	}
	if err := request.fill(ctx, desk, catalog, &draft); err != nil {
		return p.notMeant(err)
	}
	if draft, err = desk.Unanswered(ctx, draft); err != nil {
		return err
	}
	return p.sendDraft(ctx, desk, catalog, draft, request, faces.TicketPreview{Gone: gone, Closed: closed})
}

// writing opens a session in which tickets are written: with drafts and a journal that outlast it.
func (p *program) writing(ctx context.Context, who string) (*session, *tickets.Desk, error) {
	s, err := p.open(ctx)
	if err != nil {
		return nil, nil, err
	}
	if s.account.missing() {
		s.close()
		return nil, nil, p.serviceError(&transport.Error{Service: transport.Zendesk, Kind: transport.SignInMissing})
	}
	journal, err := s.openJournal(ctx)
	if err != nil {
		s.close()
		return nil, nil, err
	}
	desk := p.desk(s)
	drafts := tickets.KeptDrafts{Store: s.state, Profile: s.profile.Name, Account: s.account.url, Now: p.Now}
	desk.Keep(drafts, journal, p.whoOr(who))
	return s, desk, nil
}

// notMeant makes wrong usage of words that mean nothing in the account.
func (p *program) notMeant(err error) error {
	var meant *tickets.MeantError
	if errors.As(err, &meant) {
		return &usageError{err: err}
	}
	return p.noTickets(err)
}

// sendDraft shows what a draft would do, asks, and sends it.
func (p *program) sendDraft(ctx context.Context, desk *tickets.Desk, catalog tickets.Catalog, draft tickets.Draft, request *writeRequest, shown faces.TicketPreview) error {
	preview := draft.Preview(catalog)
	shown.Preview, shown.URL, shown.Since = preview, draft.Base.URL, draft.Sending.Since
	problems := draft.Problems(catalog)
	if preview.Closes && !request.closing {
		delete(problems, tickets.StatusKey) // it is asked for below
	}
	switch {
	case preview.Empty():
		return &hintedError{code: "nothing-to-send", message: p.words.Error(tickets.ErrNothing)}
	case len(problems) > 0:
		return p.notSent(&tickets.ProblemsError{Fields: problems}, draft)
	case request.dryRun && p.json:
		return report.WriteTicketPreview(p.Stdout, p.words, shown)
	}
	if !p.json {
		if err := p.print(plain.PreviewTicket(p.words, shown)); err != nil {
			return err
		}
	}
	if request.dryRun {
		return p.print(p.words.T("ticket-preview.rehearsed") + "\n")
	}
	agreed, err := p.agreed(ctx, request, preview.Closes, p.words.T("ticket-preview.rehearsed"))
	if err != nil || !agreed {
		return err
	}
	draft.CloseSaid = preview.Closes
	return p.deliver(ctx, desk, catalog, draft)
}

// agreed asks whether to do it, and once more where it closes a ticket for good. A script says so by --yes and --close.
// Declined is said where the answer is no.
func (p *program) agreed(ctx context.Context, request *writeRequest, closes bool, declined string) (bool, error) {
	needed := []string{}
	if closes && !request.closing {
		needed = append(needed, "--close")
	}
	if !request.yes {
		needed = append(needed, "--yes")
	}
	switch {
	case len(needed) == 0:
		return true, nil
	case p.json, !p.Terminal && !p.plain:
		if needed[0] == "--close" {
			return false, p.usage("usage-write.close")
		}
		return false, p.usage("usage.yes")
	}
	ctx, done := context.WithCancel(ctx)
	defer done()
	asker := plain.NewAsker(ctx, p.Stdin, p.Stdout, p.words)
	for _, flag := range needed {
		if flag == "--close" {
			if err := p.print(p.words.T("ticket-preview.closes") + "\n"); err != nil {
				return false, err
			}
		}
		wanted, err := asker.Yes(ctx, flag)
		if errors.Is(err, plain.ErrNoAnswer) {
			return false, p.usage("usage.yes")
		}
		if err == nil && !wanted {
			err = p.print(declined + "\n")
		}
		if err != nil || !wanted {
			return false, err
		}
	}
	return true, nil
}

// deliver sends a draft, and says what became of it.
func (p *program) deliver(ctx context.Context, desk *tickets.Desk, catalog tickets.Catalog, draft tickets.Draft) error {
	if len(draft.Tickets) > 0 {
		return p.deliverMany(ctx, desk, catalog, draft)
	}
	sent, err := desk.Send(ctx, draft, catalog)
	switch {
	case sent.Ticket.ID == 0 && err != nil:
		return p.notSent(err, draft)
	case p.json:
		return errors.Join(report.WriteTicketSent(p.Stdout, p.words, sent), err)
	}
	return errors.Join(p.print(plain.TicketSent(p.words, sent)), err)
}

func (p *program) deliverMany(ctx context.Context, desk *tickets.Desk, catalog tickets.Catalog, draft tickets.Draft) error {
	results, err := desk.SendMany(ctx, draft, catalog, func(tickets.Result) {})
	if err != nil && len(results) == 0 {
		return p.notSent(err, draft)
	}
	failed := slices.ContainsFunc(results, func(result tickets.Result) bool {
		return result.Err != nil && !errors.Is(result.Err, tickets.ErrNothing)
	})
	if p.json {
		err = errors.Join(report.WriteTicketResults(p.Stdout, p.words, draft.Preview(catalog), draft, results), err)
	} else {
		err = errors.Join(p.print(plain.TicketResults(p.words, draft, results)), err)
	}
	if err == nil && failed {
		err = &saidError{code: exitWrong}
	}
	return err
}

// notSent says why a draft was not sent, what stands there instead, and what to do.
func (p *program) notSent(err error, draft tickets.Draft) error {
	var unkept *tickets.UnkeptError
	var done *tickets.DoneError
	if errors.As(err, &unkept) || errors.As(err, &done) { // there is no draft to come back to
		return err
	}
	code, name := p.codeOfWrite(err)
	failure := report.Failure{Code: name, Message: p.words.Error(err), Hint: faces.TicketHint(p.words, err, draft)}
	if p.json {
		if err := report.WriteNotSent(p.Stdout, p.words, failure, err, draft); err != nil {
			return err
		}
		return &saidError{code: code}
	}
	if err := p.print(plain.NotSent(p.words, err)); err != nil {
		return err
	}
	_, _ = io.WriteString(p.Stderr, strings.TrimRight("zsf: "+failure.Message+"\n"+failure.Hint, "\n")+"\n")
	return &saidError{code: code}
}

// codeOfWrite is the exit code of a write that failed, and its name. Whether something arrived goes before why no answer came.
func (p *program) codeOfWrite(err error) (code int, name string) {
	var unsure *tickets.UnsureError
	var coded *codedError
	name = report.TicketFailure(err)
	switch {
	case transport.KindOf(err) == transport.Canceled:
		return exitInterrupted, name
	case errors.As(err, &unsure), !errors.As(p.serviceError(err), &coded):
		return exitWrong, name
	case name != "failed":
		return coded.code, name
	}
	return coded.code, map[int]string{exitSignIn: "sign-in", exitUnreachable: "unreachable"}[coded.code]
}
