// The screen that writes tickets: what it may use of a session.

package main

import (
	"cmp"
	"context"
	"fmt"
	"sync"

	"zsf/clients/store"
	"zsf/flows/tickets"
	"zsf/ui/compose"
	"zsf/ui/parts"
)

// composing makes the screen for a request, with the session's sign-ins as they are just then. It opens nothing: the screen
// is there at once. A rehearsal leaves no trace.
func (p *program) composing(s *session) func(compose.Request) (compose.Options, error) {
	var rehearsed tickets.MemoryDrafts
	var catalog tickets.KeptCatalog
	journal := &lateJournal{open: func(ctx context.Context) (*store.Journal, error) { return s.state.Journal(ctx) }}
	s.atEnd(journal.close)
	return func(request compose.Request) (compose.Options, error) {
		s := s.latest()
		desk, drafts := p.desk(s), tickets.Drafts(&rehearsed)
		if s.sandbox != nil {
			desk.Keep(drafts, nil, p.user())
		} else {
			if s.noState != nil {
				return compose.Options{}, s.noState
			}
			drafts = tickets.KeptDrafts{Store: s.state, Profile: s.profile.Name, Account: s.account.url, Now: p.Now}
			desk.Keep(drafts, journal, p.user())
		}
		return compose.Options{
			Request: request, Profile: s.profile.Name, Account: s.account.url, Desk: knowingDesk{desk, &catalog}, Drafts: drafts,
			Files:  compose.Disk{Home: cmp.Or(p.Getenv("HOME"), p.Getenv("USERPROFILE"))},
			Editor: compose.OwnEditor(p.Getenv), Clock: parts.SystemClock(),
		}, nil
	}
}

// A knowingDesk does not ask for what the account offers each time that somebody writes.
type knowingDesk struct {
	*tickets.Desk
	kept *tickets.KeptCatalog
}

// Catalog is what the account offers.
func (d knowingDesk) Catalog(ctx context.Context) (tickets.Catalog, error) {
	return d.kept.Read(ctx, d.Desk)
}

// A lateJournal opens when the first entry is written.
type lateJournal struct {
	open func(context.Context) (*store.Journal, error)

	mu     sync.Mutex
	opened *store.Journal
}

// Append writes an entry.
func (j *lateJournal) Append(ctx context.Context, entry store.Entry) (store.Entry, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.opened == nil {
		opened, err := j.open(ctx)
		if err != nil {
			return store.Entry{}, fmt.Errorf("the journal: %w", err)
		}
		j.opened = opened
	}
	return j.opened.Append(ctx, entry)
}

func (j *lateJournal) close() {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.opened != nil {
		_ = j.opened.Close()
	}
}
