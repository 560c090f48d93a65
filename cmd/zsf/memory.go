package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"zsf/clients/settings"
	"zsf/clients/store"
	"zsf/flows"
	runs "zsf/flows/run"
	"zsf/flows/world"
	"zsf/ui/checklist"
)

// remembering begins the session of a profile with what this machine knows of it: the layout of its
// Admin Center, and whether a set-up was rehearsed here.
func (p *program) remembering(ctx context.Context, profile world.Profile) (*session, error) {
	s := &session{profile: profile}
	s.state, s.noState = store.Open(p.Getenv)
	if file, err := settings.Open(p.Getenv); err == nil {
		// Who signs in by the environment needs no settings: those that cannot be read are not their concern.
		if known, err := file.Load(); err == nil {
			s.profile.Layout = world.Layout(known.Profiles[profile.Name].Layout)
			s.match = known.Profiles[profile.Name].Tickets.Match
		}
	}
	return s, p.withJournal(ctx, s, func(journal *store.Journal) (err error) {
		s.profile.Rehearsed, err = runs.Rehearsed(ctx, journal)
		return err
	})
}

// withJournal reads a journal that is there, and makes none. One that cannot be read stops nothing, and is said.
func (p *program) withJournal(ctx context.Context, s *session, read func(*store.Journal) error) error {
	if s.noState != nil {
		return nil //nolint:nilerr // said when something is to be kept
	}
	if err := s.readJournal(ctx, read); err != nil {
		if ctx.Err() != nil {
			return err
		}
		if said := p.words.Error(err); said != p.warned {
			p.warned = said
			_, _ = io.WriteString(p.Stderr, "zsf: "+said+"\n")
		}
	}
	return nil
}

func (s *session) readJournal(ctx context.Context, read func(*store.Journal) error) error {
	begun, err := s.state.Begun()
	if err != nil || !begun {
		return err
	}
	journal, err := s.openJournal(ctx)
	if err != nil {
		return err
	}
	return read(journal)
}

// recallWords lets a check say what people vouched for. A rehearsal knows of nobody.
func (p *program) recallWords(ctx context.Context, s *session) error {
	if s.sandbox != nil {
		return nil
	}
	return p.withJournal(ctx, s, func(*store.Journal) (err error) {
		s.words, err = p.watching(ctx, s, flows.Preflight)
		return err
	})
}

// checker looks for a check.
func (s *session) checker() checklist.Checker {
	if s.words != nil {
		return s.words
	}
	return s.runner
}

// openJournal is the profile's journal, until the session closes. A rehearsal's passes with it.
func (s *session) openJournal(ctx context.Context) (*store.Journal, error) {
	switch {
	case s.journal != nil:
		return s.journal, nil
	case s.noState != nil:
		return nil, s.noState
	}
	if s.sandbox != nil {
		var err error
		if s.state, err = s.passing(); err != nil {
			return nil, err
		}
	}
	journal, err := s.state.Journal(ctx)
	if err != nil {
		return nil, err
	}
	s.atEnd(func() { _ = journal.Close() })
	s.journal = journal
	return journal, nil
}

// journalToRead is the profile's journal for what writes nothing: an empty one that passes with the session where
// none was begun yet, so that a look leaves no trace, and needs no place for one.
func (s *session) journalToRead(ctx context.Context) (*store.Journal, error) {
	begun := s.journal != nil || s.sandbox != nil
	if !begun && s.noState == nil {
		var err error
		if begun, err = s.state.Begun(); err != nil {
			return nil, err
		}
	}
	if begun {
		return s.openJournal(ctx)
	}
	empty, err := s.passing()
	if err != nil {
		return nil, err
	}
	journal, err := empty.Journal(ctx)
	if err != nil {
		return nil, err
	}
	s.atEnd(func() { _ = journal.Close() })
	return journal, nil
}

// passing is a place for a journal that goes with the session.
func (s *session) passing() (store.Store, error) {
	folder, err := os.MkdirTemp("", "zsf-")
	if err != nil {
		return store.Store{}, fmt.Errorf("a folder for a journal that passes: %w", err)
	}
	s.atEnd(func() { _ = os.RemoveAll(folder) })
	return store.At(folder), nil
}
