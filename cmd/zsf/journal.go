package main

import (
	"context"
	"slices"

	"github.com/spf13/cobra"

	"zsf/clients/store"
	"zsf/ui/plain"
	"zsf/ui/report"
)

// journalKinds are the kinds that zsf journal shows, by their names.
var journalKinds = []store.Kind{
	store.RunStarted, store.Looked, store.Opened, store.Answered, store.Confirmed, store.Unconfirmed, store.Skipped,
	store.Unskipped, store.ChangeBegun, store.ChangeMade, store.ChangeFailed, store.UndoBegun, store.Undone, store.UndoFailed, store.RunEnded, store.Snapshot,
	store.TicketBegun, store.TicketWritten, store.TicketRefused, store.TicketUnsure,
}

func (p *program) journalCommand() *cobra.Command {
	var limit int
	var kinds []string
	command := &cobra.Command{
		Use:     "journal",
		Short:   p.words.T("cli.journal.short"),
		Example: "  zsf journal\n  zsf journal --kind confirmed,change-made --limit 10\n  zsf journal --json",
		Args:    p.noArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			filter := store.Filter{Limit: limit}
			for _, kind := range kinds {
				if !slices.Contains(journalKinds, store.Kind(kind)) {
					return p.usage("usage.kind", "Name", kind, "Names", kindNames())
				}
				filter.Kinds = append(filter.Kinds, store.Kind(kind))
			}
			if limit < 0 {
				return p.usage("usage.limit")
			}
			return p.runJournal(command.Context(), filter)
		},
	}
	command.Flags().IntVar(&limit, "limit", 50, p.words.T("flag-journal.limit"))
	command.Flags().StringSliceVar(&kinds, "kind", nil, p.words.T("flag-journal.kind"))
	return command
}

func kindNames() []string {
	names := make([]string, len(journalKinds))
	for i, kind := range journalKinds {
		names[i] = string(kind)
	}
	return names
}

func (p *program) runJournal(ctx context.Context, filter store.Filter) error {
	p.plain = true // it needs no sign-in
	s, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	journal, err := s.journalToRead(ctx)
	if err != nil {
		return err
	}
	filter.Profile = s.profile.Name
	entries, err := journal.Entries(ctx, filter)
	if err != nil {
		return err
	}
	if p.json {
		return report.WriteJournal(p.Stdout, s.profile.Name, entries)
	}
	return p.print(plain.Journal(p.words, s.profile.Name, entries))
}
