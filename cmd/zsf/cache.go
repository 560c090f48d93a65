package main

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"zsf/clients/store"
	"zsf/flows/tickets"
	"zsf/ui/faces"
	"zsf/ui/plain"
	"zsf/ui/report"
)

// cacheCommand shows and clears what was last seen.
func (p *program) cacheCommand() *cobra.Command {
	command := &cobra.Command{
		Use: "cache", Short: p.words.T("cli.cache.short"), Long: p.words.T("cli.cache.long"), Args: p.noArgs,
		Example: "  zsf cache\n  zsf cache clear\n  zsf cache clear --profile acme-sandbox --json",
		RunE:    func(command *cobra.Command, _ []string) error { return p.runCache(command.Context(), false) },
	}
	command.AddCommand(&cobra.Command{
		Use: "clear", Short: p.words.T("cli.cache-clear.short"), Args: p.noArgs,
		RunE: func(command *cobra.Command, _ []string) error { return p.runCache(command.Context(), true) },
	})
	return command
}

// runCache says what is kept, or removes it: of the profile that was named, else of all.
func (p *program) runCache(ctx context.Context, remove bool) error {
	if p.demo {
		return p.usage("usage-cache.demo")
	}
	cache, err := store.OpenCache(p.Getenv)
	if err != nil {
		return err
	}
	var kept []store.Kept
	if remove {
		kept, err = cache.Clear(ctx, p.profile)
	} else {
		kept, err = cache.Contents(ctx)
		kept = ofProfile(kept, p.profile)
	}
	if err != nil {
		return err
	}
	shown := faces.Cache{Path: cache.Path(), Size: cache.Size(), Limit: store.DefaultCacheLimit, Kept: kept}
	switch {
	case p.json && remove:
		return report.WriteCleared(p.Stdout, shown)
	case p.json:
		return report.WriteCache(p.Stdout, shown)
	case remove:
		return p.print(plain.Cleared(p.words, shown))
	}
	return p.print(plain.Kept(p.words, shown))
}

func ofProfile(kept []store.Kept, profile string) []store.Kept {
	var own []store.Kept
	for _, one := range kept {
		if profile == "" || one.Profile == profile {
			own = append(own, one)
		}
	}
	return own
}

// desk is where the session looks up records and tickets, in the profile's own way.
func (p *program) desk(s *session) *tickets.Desk {
	desk := tickets.New(s.world, p.Now)
	desk.Prefer(tickets.By(s.match))
	return desk
}

// memory is what was last seen in the session's org and account; nil where nothing is to be kept. A rehearsal leaves no trace.
func (p *program) memory(s *session, without bool) *tickets.Memory {
	if without || s.sandbox != nil || s.org.missing() || s.account.missing() {
		return nil
	}
	cache, err := store.OpenCache(p.Getenv)
	if err != nil {
		return nil // there is no place for it, and it is not needed
	}
	cache.Now = p.Now
	return tickets.NewMemory(cache, s.profile.Name, s.org.seenAs(), s.account.seenAs())
}

// seenAs is whose knowledge it is: what one user saw is not another's to see.
func (s signIn) seenAs() string {
	if s.user == "" {
		return s.url
	}
	return s.url + " as " + s.user
}

// sayUnkept says that the next look will know less; the one that was made is not concerned.
func (p *program) sayUnkept(err error) {
	if err != nil {
		_, _ = io.WriteString(p.Stderr, p.words.T("not-cached", "Reason", err)+"\n")
	}
}

// forgetSeen drops what was last seen of a profile, whose sign-ins are gone. What cannot be dropped is said.
func (p *program) forgetSeen(ctx context.Context, profile string) {
	cache, err := store.OpenCache(p.Getenv)
	if err == nil {
		_, err = cache.Clear(ctx, profile)
	}
	if err != nil {
		_, _ = io.WriteString(p.Stderr, p.words.T("not-forgotten", "Profile", profile, "Reason", err)+"\n")
	}
}
