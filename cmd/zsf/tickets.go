package main

import (
	"context"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"zsf/flows/tickets"
	"zsf/ui/faces"
	"zsf/ui/plain"
	"zsf/ui/report"
)

// A ticketsRequest is whose tickets to list, which, and how.
type ticketsRequest struct {
	text     string
	match    string
	statuses []string
	all      bool
	sort     string
	limit    int
	fields   []string
	csv      bool
	explain  bool
	table    bool // it is to be a table, whoever sits there
	with     []string
	noCache  bool

	query   tickets.Query
	columns []faces.TicketField
}

// defaultTicketLimit is one page of a search.
const defaultTicketLimit = 100

func (p *program) ticketsCommand() *cobra.Command {
	request := ticketsRequest{}
	command := &cobra.Command{
		Use:   "tickets [WORDS|ID|URL]",
		Short: p.words.T("cli.tickets.short"),
		Long:  p.words.T("cli.tickets.long"),
		Example: "  zsf tickets acme\n  zsf tickets 0015g00000AbCdEAAV --json\n" +
			"  zsf tickets https://acme.lightning.force.com/lightning/r/Account/0015g00000AbCdEAAV/view --status open,pending --sort priority\n" +
			"  zsf tickets jo@acme.com --all --csv --fields id,subject,status,updated\n  zsf tickets show 35436",
		RunE: func(command *cobra.Command, args []string) error {
			request.text = strings.TrimSpace(strings.Join(args, " "))
			for _, name := range []string{"fields", "limit", "csv", "explain"} { // they are about a table
				request.table = request.table || command.Flags().Changed(name)
			}
			return p.runTickets(command.Context(), request)
		},
	}
	flags := command.Flags()
	flags.StringVar(&request.match, "match", "", p.words.T("flag-tickets.match"))
	flags.StringSliceVar(&request.statuses, "status", nil, p.words.T("flag-tickets.status"))
	flags.BoolVar(&request.all, "all", false, p.words.T("flag-tickets.all"))
	flags.StringVar(&request.sort, "sort", string(tickets.ByUpdated), p.words.T("flag-tickets.sort"))
	flags.IntVar(&request.limit, "limit", defaultTicketLimit, p.words.T("flag-tickets.limit"))
	flags.StringSliceVar(&request.fields, "fields", faces.DefaultTicketFields, p.words.T("flag-tickets.fields"))
	flags.BoolVar(&request.csv, "csv", false, p.words.T("flag-tickets.csv"))
	flags.BoolVar(&request.explain, "explain", false, p.words.T("flag-tickets.explain"))
	flags.StringSliceVar(&request.with, "with", nil, p.words.T("flag-tickets.with"))
	command.PersistentFlags().BoolVar(&request.noCache, "no-cache", false, p.words.T("flag-tickets.no-cache"))
	command.AddCommand(&cobra.Command{
		Use: "show NUMBER", Short: p.words.T("cli.tickets-show.short"), Args: p.exactly(1),
		RunE: func(command *cobra.Command, args []string) error {
			return p.runShowTicket(command.Context(), args[0], request.noCache)
		},
	})
	command.AddCommand(p.ticketWriteCommands()...)
	return command
}

// checkTickets reads what the flags say.
func (p *program) checkTickets(request *ticketsRequest) error {
	if request.csv && p.json {
		return p.usage("usage-tickets.csv-json")
	}
	if request.match != "" && !slices.Contains(tickets.Ways, tickets.By(request.match)) {
		return p.usage("usage-tickets.value", "Flag", "--match", "Name", request.match, "Names", named(tickets.Ways))
	}
	for _, kin := range request.with {
		if !slices.Contains(tickets.KinKinds, kin) {
			return p.usage("usage-tickets.value", "Flag", "--with", "Name", kin, "Names", tickets.KinKinds)
		}
	}
	sort, reversed := strings.CutPrefix(request.sort, "-")
	if !slices.Contains(tickets.Sorts, tickets.Sort(sort)) {
		return p.usage("usage-tickets.value", "Flag", "--sort", "Name", sort, "Names", named(tickets.Sorts))
	}
	if request.limit < 0 {
		return p.usage("usage.limit")
	}
	for _, name := range request.fields {
		field, ok := faces.TicketFieldOf(name)
		if !ok {
			var names []string
			for _, known := range faces.TicketFields {
				names = append(names, known.Name)
			}
			return p.usage("usage-tickets.value", "Flag", "--fields", "Name", name, "Names", names)
		}
		request.columns = append(request.columns, field)
	}
	request.query = tickets.Query{
		Statuses: request.statuses, All: request.all, Sort: tickets.Sort(sort), Reversed: reversed, Limit: request.limit,
	}
	return nil
}

func named[T ~string](values []T) []string {
	names := make([]string, len(values))
	for i, value := range values {
		names[i] = string(value)
	}
	return names
}

// runTickets lists the tickets of a record.
func (p *program) runTickets(ctx context.Context, request ticketsRequest) error {
	if err := p.checkTickets(&request); err != nil {
		return err
	}
	s, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	if p.interactive() && !request.table {
		return p.showTickets(ctx, s, request)
	}
	desk := p.desk(s)
	if request.text == "" {
		return p.recentRecords(ctx, desk)
	}
	if request.query.Statuses, request.query.Custom, err = desk.StatusesOf(ctx, request.statuses); err != nil {
		return p.noTickets(err)
	}
	memory := p.memory(s, request.noCache)
	sought := tickets.Sought{Text: request.text, By: tickets.By(request.match), With: request.with, Query: request.query}
	found, err := desk.Look(ctx, sought, memory)
	looked := err
	defer func() { p.sayUnkept(memory.Remember(context.WithoutCancel(ctx), sought, found, looked)) }() // once it is shown
	list := faces.TicketList{Record: found.Record, Match: found.Match, List: found.List, Link: found.Link, Was: found.Was}
	if request.explain && !p.json {
		_, _ = io.WriteString(p.Stderr, plain.Asked(p.words, desk.Asked()))
	}
	if err != nil {
		return p.noTickets(err)
	}
	switch {
	case p.json && request.explain:
		err = report.WriteTickets(p.Stdout, p.words, list, desk.Asked())
	case p.json:
		err = report.WriteTickets(p.Stdout, p.words, list, nil)
	case request.csv:
		err = report.WriteTicketsCSV(p.Stdout, p.words, list.Tickets, request.columns)
		if list.Match.Nothing() {
			_, _ = io.WriteString(p.Stderr, strings.Join(plain.About(p.words, list.Record, list.Match), "\n")+"\n")
		}
	default:
		err = p.print(plain.Tickets(p.words, list, request.columns))
	}
	if err == nil && list.Match.Nothing() {
		err = &saidError{code: exitWrong}
	}
	return err
}

// noTickets says why there are none, and what to do.
func (p *program) noTickets(err error) error {
	var several *tickets.SeveralError
	var none *tickets.NoRecordError
	var noWay *tickets.NoWayError
	var noKin *tickets.NoKinError
	var noStatus *tickets.NoStatusError
	switch {
	case errors.As(err, &noStatus):
		return &usageError{err: errors.New(p.words.Error(err))}
	case errors.As(err, &several):
		failure := report.Failure{
			Code: "several-records", Message: p.words.Error(err), Hint: p.words.T("no-record-hint.several"),
		}
		if several.More {
			failure.Hint = p.words.T("no-record-hint.more")
		}
		return p.saidHits(failure, several.Hits)
	case errors.As(err, &none):
		return &hintedError{code: "no-record", message: p.words.Error(err), hint: p.words.Say(none.Hint())}
	case errors.As(err, &noKin):
		return &hintedError{code: "no-kin", message: p.words.Error(err), hint: p.words.T("no-kin.hint")}
	case errors.As(err, &noWay):
		return &hintedError{code: "no-way", message: p.words.Error(err), hint: p.words.T("no-way.hint")}
	}
	return p.serviceError(err)
}

// saidHits lists records to choose from: nobody is asked here.
func (p *program) saidHits(failure report.Failure, hits []tickets.Hit) error {
	var err error
	if p.json {
		err = report.WriteHits(p.Stdout, failure, hits)
	} else {
		_, _ = io.WriteString(p.Stderr, "zsf: "+failure.Message+"\n"+failure.Hint+"\n")
		err = p.print(plain.Hits(p.words, hits))
	}
	if err != nil {
		return err
	}
	return &saidError{code: exitUsage}
}

// recentRecords lists what the person looked at last, as nothing was named.
func (p *program) recentRecords(ctx context.Context, desk *tickets.Desk) error {
	hits, err := desk.Recent(ctx)
	if err != nil {
		return p.serviceError(err)
	}
	failure := report.Failure{Code: "usage", Message: p.words.T("no-record.unnamed"), Hint: p.words.T("no-record-hint.recent")}
	if len(hits) == 0 {
		failure.Hint = p.words.T("no-record-hint.unnamed")
	}
	return p.saidHits(failure, hits)
}

// runShowTicket shows one ticket and what was said in it.
func (p *program) runShowTicket(ctx context.Context, number string, noCache bool) error {
	id, err := strconv.ParseInt(strings.TrimPrefix(number, "#"), 10, 64)
	if err != nil || id <= 0 {
		return p.usage("usage-tickets.number", "Number", number)
	}
	s, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	memory := p.memory(s, noCache)
	shown, err := p.desk(s).Show(ctx, id)
	switch {
	case tickets.IsNoTicket(err):
		p.sayUnkept(memory.ForgetConversation(ctx, id))
		return &hintedError{code: "no-ticket", message: p.words.T("no-ticket.message", "Number", number), hint: p.words.T("no-ticket.hint")}
	case err != nil:
		return p.serviceError(err)
	}
	defer func() { p.sayUnkept(memory.KeepConversation(context.WithoutCancel(ctx), shown)) }() // once it is shown
	if p.json {
		return report.WriteConversation(p.Stdout, shown)
	}
	return p.print(plain.Conversation(p.words, shown))
}
