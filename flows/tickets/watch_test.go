package tickets_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"zsf/clients/sandbox"
	"zsf/clients/transport"
	"zsf/clients/zendesk"
	"zsf/flows/tickets"
)

// ofSomebody is an organization with unclosed tickets, and its list.
func ofSomebody(t *testing.T, desk *tickets.Desk, account *zendesk.Client) (tickets.Match, tickets.List) {
	t.Helper()
	search, err := account.SearchTickets(t.Context(), zendesk.TicketQuery{Unclosed: true}, "updated_at", true, 1, 1)
	if err != nil || len(search.Tickets) == 0 {
		t.Fatal(err)
	}
	match := tickets.Match{Targets: []tickets.Target{{Kind: tickets.OfOrganization, ID: search.Tickets[0].OrganizationID}}}
	list, err := desk.List(t.Context(), match, tickets.Query{})
	if err != nil || len(list.Tickets) == 0 {
		t.Fatal(err)
	}
	return match, list
}

func known(list []tickets.Ticket) func(func(tickets.Known) bool) {
	return func(yield func(tickets.Known) bool) {
		for _, ticket := range list {
			if !yield(tickets.Known{ID: ticket.ID, UpdatedAt: ticket.UpdatedAt, Closed: ticket.Status == "closed"}) {
				return
			}
		}
	}
}

func TestNewsAreWhatTheListDoesNotKnow(t *testing.T) {
	desk, account, served := atDesk(t)
	match, list := ofSomebody(t, desk, account)
	before := len(served.Requests())
	news, err := desk.Fresh(t.Context(), match, known(list.Tickets), list.Newest)
	if err != nil || len(news.Gone) != 0 {
		t.Fatalf("%+v %v", news, err)
	}
	if len(news.Tickets) != 0 || news.Happened() {
		t.Errorf("nothing happened, and %+v", news.Tickets)
	}
	if calls := len(served.Requests()) - before; calls > 1 || news.Calls != 1 {
		t.Errorf("%d calls for a round", calls)
	}

	// One that the list shows older, one that it does not show, and one that is there no more.
	seen := slices.Clone(list.Tickets)
	stale, missing := seen[0], seen[len(seen)-1]
	seen[0].UpdatedAt = seen[0].UpdatedAt.Add(-time.Hour)
	gone := seen[0]
	gone.ID, gone.UpdatedAt = 999_999_999, time.Now()
	wanted := []int64{stale.ID}
	if len(seen) > 1 {
		seen, wanted = seen[:len(seen)-1], append(wanted, missing.ID)
	}
	news, err = desk.Fresh(t.Context(), match, known(append(seen, gone)), time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range wanted {
		at := slices.IndexFunc(news.Tickets, func(ticket tickets.Ticket) bool { return ticket.ID == id })
		if at < 0 || news.Tickets[at].Requester.Name == "" {
			t.Errorf("#%d is missing or has no requester: %+v", id, news.Tickets)
		}
	}
	if !slices.Equal(news.Gone, []int64{999_999_999}) {
		t.Errorf("gone: %v", news.Gone)
	}
}

// The lists reach back by a hundred changes. What is in view is asked for beyond them.
func TestWhatIsInViewIsLookedAtHoweverOldItIs(t *testing.T) {
	served, err := sandbox.Start(context.Background(), sandbox.Options{Scenario: "ready", Accounts: 2, Tickets: 6000})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = served.Close() })
	desk, account := deskIn(t, served)
	match, list := ofSomebody(t, desk, account)
	if len(list.Tickets) < 110 {
		t.Fatalf("%d tickets", len(list.Tickets))
	}
	old := list.Tickets[len(list.Tickets)-1]
	stale, gone := old, old
	stale.UpdatedAt = stale.UpdatedAt.Add(-time.Hour)
	gone.ID = 999_999_999
	watch := func(inView bool) tickets.News {
		t.Helper()
		news, err := desk.Fresh(t.Context(), match, func(yield func(tickets.Known) bool) {
			for _, one := range append(slices.Clone(list.Tickets[:len(list.Tickets)-1]), stale, gone) {
				if !yield(tickets.Known{ID: one.ID, UpdatedAt: one.UpdatedAt, InView: inView && (one.ID == stale.ID || one.ID == gone.ID)}) {
					return
				}
			}
		}, list.Newest)
		if err != nil {
			t.Fatal(err)
		}
		return news
	}
	if news := watch(false); news.Calls != 1 || news.Happened() {
		t.Errorf("%+v", news)
	}
	if news := watch(true); news.Calls != 3 || !slices.Equal(news.Gone, []int64{gone.ID}) || len(news.Tickets) != 1 || news.Tickets[0].ID != old.ID {
		t.Errorf("%+v", news)
	}
}

// What stands beside a record is searched for, in one call for all of it; nobody can tell that one of those is gone.
func TestNewsOfContactsTakeOneCallForAllOfThem(t *testing.T) {
	desk, account, served := atDesk(t)
	match, list := ofSomebody(t, desk, account)
	for _, ticket := range list.Tickets {
		match.Beside = append(match.Beside, tickets.Beside{Target: tickets.Target{Kind: tickets.OfUser, ID: ticket.RequesterID}, What: tickets.OfContacts})
	}
	wide, err := desk.List(t.Context(), match, tickets.Query{})
	if err != nil || wide.Newest.IsZero() {
		t.Fatal(wide.Newest, err)
	}
	before := len(served.Requests())
	gone := tickets.Ticket{Ticket: zendesk.Ticket{ID: 999_999_999, UpdatedAt: time.Now(), Status: "open"}}
	news, err := desk.Fresh(t.Context(), match, known(append(wide.Tickets, gone)), wide.Newest)
	if err != nil || news.Happened() {
		t.Errorf("%+v %v", news, err)
	}
	if calls := len(served.Requests()) - before; calls > 2 || news.Calls != 2 {
		t.Errorf("%d calls, and %d are told", calls, news.Calls)
	}
}

// Without a list nobody can tell what is gone, so nothing is said to be.
func TestAListThatFailsIsNoNews(t *testing.T) {
	desk, account, served := atDesk(t)
	match, list := ofSomebody(t, desk, account)
	served.AddFault(sandbox.FaultRule{Service: "zendesk", Path: "/api/v2/organizations/*", Times: -1, Fault: sandbox.Fault{Status: 403, Body: `{"error":"Forbidden"}`}})
	news, err := desk.Fresh(t.Context(), match, known(list.Tickets), list.Newest)
	if transport.KindOf(err) != transport.Forbidden || news.Happened() {
		t.Errorf("%+v %v", news, err)
	}
}

func TestHitsAreWhatWordsMayMean(t *testing.T) {
	desk, _, served := atDesk(t)
	recent, err := desk.Recent(t.Context())
	if err != nil || len(recent) == 0 {
		t.Fatal(recent, err)
	}
	before := len(served.Requests())
	hits, err := desk.Hits(t.Context(), recent[0].Name)
	if err != nil || !slices.ContainsFunc(hits, func(hit tickets.Hit) bool { return hit.ID == recent[0].ID && strings.Contains(hit.URL, hit.ID) }) {
		t.Errorf("%+v %v", hits, err)
	}
	if calls := len(served.Requests()) - before; calls > 1 {
		t.Errorf("%d calls", calls)
	}
	if hits, err := desk.Hits(t.Context(), "x"); err != nil || len(hits) != 0 {
		t.Errorf("%v %v", hits, err)
	}
	for text, words := range map[string]bool{
		"": true, "acme": true, "jo@acme.com": true, recent[0].ID: false, recent[0].URL: false, "https://example.com/x": false,
	} {
		if tickets.IsWords(text) != words {
			t.Errorf("%q: words %v", text, !words)
		}
	}
}

func TestThePaceFollowsWhatHappens(t *testing.T) {
	var pace tickets.Pace
	one := tickets.News{Calls: 1}
	if first := pace.Next(one, nil); first != 5*time.Second {
		t.Errorf("the first wait is %s", first)
	}
	last := time.Duration(0)
	for range 20 {
		next := pace.Next(one, nil)
		if next < last {
			t.Errorf("%s after %s, though nothing happened", next, last)
		}
		last = next
	}
	if last != time.Minute {
		t.Errorf("while nothing happens it waits %s", last)
	}
	if next := pace.Next(tickets.News{Calls: 1, Gone: []int64{1}}, nil); next != 5*time.Second {
		t.Errorf("after something happened it waits %s", next)
	}
	if next := pace.Next(tickets.News{Calls: 30, Gone: []int64{1}}, nil); next < 75*time.Second {
		t.Errorf("thirty calls each %s", next)
	}
	limited := &transport.Error{Kind: transport.RateLimited, RetryAfter: 3 * time.Minute}
	if next := pace.Next(one, errors.Join(limited)); next != 3*time.Minute {
		t.Errorf("asked to wait three minutes, it waits %s", next)
	}
	pace.Hurry()
	if next := pace.Next(one, nil); next != 5*time.Second {
		t.Errorf("in a hurry it waits %s", next)
	}
}

func TestAFileNameIsOneOnEverySystem(t *testing.T) {
	for name, want := range map[string]string{
		"trace.har":                          "trace.har",
		"보고서 (1).pdf":                        "보고서 (1).pdf",
		"../../.bashrc":                      "bashrc",
		`C:\Windows\System32\evil.exe`:       "evil.exe",
		"/etc/passwd":                        "passwd",
		"a\x1b[31mb\u202egpj.exe\x00":        "abgpj.exe",
		"-rf":                                "rf",
		"~root":                              "root",
		"con.txt":                            "_con.txt",
		"NUL":                                "_NUL",
		"a<b>c:d\"e|f?g*h":                   "a_b_c_d_e_f_g_h",
		"":                                   "attachment",
		"..":                                 "attachment",
		"\x00/\x1b[2J":                       "attachment",
		strings.Repeat("한", 300) + ".tar.gz": strings.Repeat("한", 65) + ".gz",
	} {
		if got := tickets.FileName(name); got != want {
			t.Errorf("%q becomes %q, want %q", name, got, want)
		}
	}
}
