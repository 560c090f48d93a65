package tickets

import (
	"context"
	"slices"
	"testing"
	"time"

	"zsf/clients/store"
	"zsf/clients/transport"
	"zsf/flows/tickets"
	"zsf/ui/uitest"
)

// memoryIn is what was last seen, kept in a folder.
func memoryIn(t *testing.T, folder string) *tickets.Memory {
	t.Helper()
	cache, err := store.OpenCache(func(name string) string { return map[string]string{"XDG_CACHE_HOME": folder, "HOME": folder}[name] })
	if err != nil {
		t.Fatal(err)
	}
	return tickets.NewMemory(cache, "acme-sandbox", uitest.Instance, uitest.Account)
}

func TestWhatWasSeenIsThereBeforeAnybodyAnswers(t *testing.T) {
	folder := t.TempDir()
	open := func(options *Options, o *office) {
		onAccount(options, o)
		options.Memory = memoryIn(t, folder)
	}
	story(t, 120, 40, open, func(s *stage) {
		s.Pass(time.Second)
		s.Sees("live", "확인 부탁드립니다.")
	})
	story(t, 120, 40, func(options *Options, o *office) {
		open(options, o)
		o.takes = 10 * time.Second
		o.rows[2].Subject, o.rows[2].UpdatedAt = "Exports work again", uitest.Read
		o.rows = append(o.rows, ticket(50000, "Something new", "new", "normal", "R. Osei", "", time.Second))
	}, func(s *stage) {
		s.Pass(500 * time.Millisecond)
		s.Sees("한빛전자 (Account)", "as it was just now", "looking…", "▸ #48213", "Exports time out", "확인 부탁드립니다.")
		s.idle(time.Minute)
		s.Sees("live", "▸ #47990", "Exports work again", "changed", "Something new", "new")
	})
	gone := &transport.Error{Service: transport.Salesforce, Host: "acme.my.salesforce.com", Kind: transport.Unreachable, Call: "GET /x", Message: "network is down"}
	for _, takes := range []time.Duration{0, time.Second} { // nobody answers, sooner or later than the memory
		story(t, 120, 40, func(options *Options, o *office) {
			open(options, o)
			o.takes, o.refused[accountID] = takes, gone
		}, func(s *stage) {
			s.idle(5 * time.Second)
			s.Sees("offline", "network is down", "▸ #", "#47990", "as it was")
			s.office.change(func() { delete(s.office.refused, accountID) })
			s.idle(2 * time.Minute)
			s.Sees("live")
			s.SeesNot("network is down")
		})
	}
}

// A strandedOffice reaches nobody who could tell what was looked at last.
type strandedOffice struct{ *office }

func (strandedOffice) Recent(context.Context) ([]tickets.Hit, error) {
	return nil, &transport.Error{Service: transport.Salesforce, Host: "acme.my.salesforce.com", Kind: transport.Unreachable, Call: "GET /x", Message: "network is down"}
}

func TestWhatWasLookedAtLastIsThereBeforeAnybodyAnswers(t *testing.T) {
	folder := t.TempDir()
	story(t, 120, 40, func(options *Options, _ *office) { options.Memory = memoryIn(t, folder) }, func(s *stage) {
		s.SeesNot("J. Park") // nothing is known yet
		s.Pass(time.Second)
		s.Sees("J. Park")
	})
	story(t, 120, 40, func(options *Options, o *office) {
		options.Memory = memoryIn(t, folder)
		o.takes = 10 * time.Second
		o.recent = []tickets.Hit{{ID: accountID, Object: "Account", Name: "Only this"}}
	}, func(s *stage) {
		s.Pass(500 * time.Millisecond)
		s.Sees("Looking up what you saw last", "한빛전자", "J. Park")
		s.Pass(10 * time.Second)
		s.Sees("Only this")
		s.SeesNot("J. Park")
	})
	story(t, 120, 40, func(options *Options, o *office) {
		options.Memory, options.Desk = memoryIn(t, folder), strandedOffice{o}
	}, func(s *stage) {
		s.Pass(time.Second)
		s.Sees("network is down", "Only this")
	})
}

// An askedOffice notes what it is asked for.
type askedOffice struct {
	*office
	sought []tickets.Sought
}

func (o *askedOffice) Look(ctx context.Context, sought tickets.Sought, memory *tickets.Memory) (tickets.Found, error) {
	o.sought = append(o.sought, sought)
	return o.office.Look(ctx, sought, memory)
}

func TestThePaneOpensWithContactsWhereTheyWereNamed(t *testing.T) {
	var asked *askedOffice
	story(t, 120, 40, func(options *Options, o *office) {
		onAccount(options, o)
		asked = &askedOffice{office: o}
		options.Desk, options.With = asked, tickets.With{tickets.OfContacts}
	}, func(s *stage) {
		s.Pass(time.Second)
		if len(asked.sought) != 1 || !slices.Equal(asked.sought[0].With, tickets.With{tickets.OfContacts}) {
			t.Errorf("%+v", asked.sought)
		}
	})
}
