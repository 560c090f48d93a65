package tickets_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"zsf/clients/salesforce"
	"zsf/clients/sandbox"
	"zsf/clients/transport"
	"zsf/clients/zendesk"
	"zsf/flows/tickets"
	"zsf/flows/world"
)

// atDesk is a desk in a sandbox where all is set up.
func atDesk(t *testing.T) (*tickets.Desk, *zendesk.Client, *sandbox.Sandbox) {
	t.Helper()
	served, err := sandbox.Start(context.Background(), sandbox.Options{Scenario: "ready", Accounts: 40, Tickets: 400, Latency: 50 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := served.Close(); err != nil {
			t.Error(err)
		}
	})
	desk, account := deskIn(t, served)
	return desk, account, served
}

// deskIn is a desk in a sandbox that is served.
func deskIn(t *testing.T, served *sandbox.Sandbox) (*tickets.Desk, *zendesk.Client) {
	t.Helper()
	info := served.Info()
	org, err := salesforce.New(info.Salesforce.InstanceURL, info.Salesforce.AccessToken, transport.Config{})
	if err != nil {
		t.Fatal(err)
	}
	account, err := zendesk.New(info.Zendesk.URL, info.Zendesk.AccessToken, transport.Config{})
	if err != nil {
		t.Fatal(err)
	}
	return tickets.New(world.New(world.Options{Salesforce: org, Zendesk: account, Now: time.Now}), time.Now), account
}

// Whoever knows what a record stands for needs no call to find it: all calls of a list go out together.
func TestAKnownLinkIsOneCallAway(t *testing.T) {
	desk, account, served := atDesk(t)
	search, err := account.SearchTickets(t.Context(), zendesk.TicketQuery{Unclosed: true}, "updated_at", true, 1, 1)
	if err != nil || len(search.Tickets) == 0 {
		t.Fatal(err)
	}
	of := search.Tickets[0].OrganizationID
	before := len(served.Requests())
	list, err := desk.List(t.Context(), tickets.Match{Targets: []tickets.Target{{Kind: tickets.OfOrganization, ID: of}}}, tickets.Query{Limit: 100})
	if err != nil || len(list.Tickets) == 0 || list.Tickets[0].Requester.Name == "" {
		t.Fatalf("%+v %v", list, err)
	}
	requests := served.Requests()[before:]
	for _, one := range requests {
		for _, other := range requests {
			if !other.Ended.After(one.Started) {
				t.Errorf("%s waited for %s", one.Path, other.Path)
			}
		}
	}
	if len(requests) > 4 {
		t.Errorf("%d calls: %+v", len(requests), requests)
	}
}

// A contact without a link is matched by the address.
func TestAContactIsMatchedByTheAddress(t *testing.T) {
	desk, account, _ := atDesk(t)
	search, err := account.SearchTickets(t.Context(), zendesk.TicketQuery{Unclosed: true}, "updated_at", true, 1, 100)
	if err != nil {
		t.Fatal(err)
	}
	users, err := account.Users(t.Context(), []int64{search.Tickets[0].RequesterID})
	if err != nil || len(users) != 1 {
		t.Fatal(users, err)
	}
	contact := tickets.Record{Record: salesforce.Record{ID: "003000000000000AAA", Object: salesforce.ContactObject, Name: "x", Email: users[0].Email}}
	match, err := desk.Match(t.Context(), contact, tickets.AsIntegration)
	if err != nil || match.By != tickets.ByEmail || len(match.Targets) != 1 || match.Targets[0].ID != users[0].ID || match.Targets[0].Kind != tickets.OfUser {
		t.Fatalf("%+v %v", match, err)
	}
	list, err := desk.List(t.Context(), match, tickets.Query{})
	if err != nil || len(list.Tickets) == 0 || list.Tickets[0].Requester.Email != users[0].Email {
		t.Errorf("%+v %v", list, err)
	}
	var noWay *tickets.NoWayError
	if _, err := desk.Match(t.Context(), contact, tickets.ByName); !errors.As(err, &noWay) {
		t.Errorf("%v", err)
	}
	if none, err := desk.Match(t.Context(), contact, tickets.ByExternalID); err != nil || len(none.Targets) != 0 {
		t.Errorf("%+v %v", none, err)
	}
}
