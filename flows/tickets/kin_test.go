package tickets_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"zsf/clients/salesforce"
	"zsf/clients/sandbox"
	"zsf/flows/tickets"
)

type madeID struct{ ID string }

// contact makes one at an account.
func (o *office) contact(account, last, email string) string {
	o.t.Helper()
	var made madeID
	o.salesforce(http.MethodPost, "sobjects/Contact", map[string]any{"LastName": last, "Email": email, "AccountId": account}, &made)
	return made.ID
}

// asker makes an end user, who comes into being with a ticket.
func (o *office) asker(name, email string) (user, ticket int64) {
	o.t.Helper()
	var made struct {
		Ticket struct {
			ID          int64
			RequesterID int64 `json:"requester_id"`
		}
	}
	o.zendesk(http.MethodPost, "tickets", map[string]any{"ticket": map[string]any{
		"subject": "the first of " + name, "requester": map[string]any{"name": name, "email": email}, "comment": map[string]any{"body": "x"},
	}}, &made)
	return made.Ticket.RequesterID, made.Ticket.ID
}

// linkedContact is one that a user carries the id of, moved to an account and to another address.
func (o *office) linkedContact(account string) (contact string, user int64, theirs []int64) {
	o.t.Helper()
	var listed struct {
		Users []struct {
			ID         int64
			ExternalID string `json:"external_id"`
		}
	}
	o.zendesk(http.MethodGet, "users?role=end-user&page%5Bsize%5D=100", nil, &listed)
	for _, one := range listed.Users {
		if !strings.HasPrefix(one.ExternalID, "003") {
			continue
		}
		o.salesforce(http.MethodPatch, "sobjects/Contact/"+one.ExternalID, map[string]any{"AccountId": account, "Email": "moved@acme.example"}, nil)
		var requested struct {
			Tickets []struct {
				ID     int64
				Status string
			}
		}
		o.zendesk(http.MethodGet, "users/"+strconv.FormatInt(one.ID, 10)+"/tickets/requested", nil, &requested)
		for _, ticket := range requested.Tickets {
			if ticket.Status != "closed" {
				theirs = append(theirs, ticket.ID)
			}
		}
		return one.ExternalID, one.ID, theirs
	}
	o.t.Fatal("no contact is linked")
	return "", 0, nil
}

func (o *office) organization(name, externalID string) int64 {
	o.t.Helper()
	var made struct{ Organization struct{ ID int64 } }
	fields := map[string]any{"name": name}
	if externalID != "" {
		fields["external_id"] = externalID
	}
	o.zendesk(http.MethodPost, "organizations", map[string]any{"organization": fields}, &made)
	return made.Organization.ID
}

// ticket makes one, of an organization where one is named.
func (o *office) ticket(requester, organization int64, subject string) int64 {
	o.t.Helper()
	fields := map[string]any{"subject": subject, "requester_id": requester, "comment": map[string]any{"body": "x"}}
	if organization != 0 {
		fields["organization_id"] = organization
	}
	var made struct{ Ticket struct{ ID int64 } }
	o.zendesk(http.MethodPost, "tickets", map[string]any{"ticket": fields}, &made)
	return made.Ticket.ID
}

func (o *office) member(user, organization int64) {
	o.t.Helper()
	o.zendesk(http.MethodPost, "organization_memberships",
		map[string]any{"organization_membership": map[string]any{"user_id": user, "organization_id": organization}}, nil)
}

func (o *office) account(name string) string {
	o.t.Helper()
	var made madeID
	o.salesforce(http.MethodPost, "sobjects/Account", map[string]any{"Name": name}, &made)
	return made.ID
}

// later lets the search know what was just made.
func (o *office) later() { o.ahead.Add(int64(5 * time.Minute)) }

func TestTheTicketsOfContactsAndChildAccountsAreThereWhenAskedFor(t *testing.T) {
	o := newOffice(t, sandbox.Options{Accounts: 10, Tickets: 50})
	acme := o.account("Acme Holding")
	o.organization("Acme Holding", acme)
	var child madeID
	o.salesforce(http.MethodPost, "sobjects/Account", map[string]any{"Name": "Acme Garden", "ParentId": acme}, &child)
	o.salesforce(http.MethodPost, "sobjects/Account", map[string]any{"Name": "Acme Nowhere", "ParentId": acme}, nil)
	garden := o.organization("ACME garden", "")
	linked, byLink, want := o.linkedContact(acme)
	// One address of two people, one of whom has no link.
	first, second := o.contact(acme, "One", "office@acme.example"), o.contact(acme, "Two", "Office@acme.example")
	o.contact(acme, "Unknown", "nobody@acme.example")
	o.contact(acme, "Addressless", "")
	byEmail, its := o.asker("Office", "office@acme.example")
	gardener, before := o.asker("Gardener", "gardener@acme.example") // when it belonged nowhere
	// A requester in three organizations.
	far, farther := o.organization("Far", ""), o.organization("Farther", "")
	for _, in := range []int64{garden, far, farther} {
		o.member(byEmail, in)
	}
	o.member(gardener, garden)
	want = append(want, its, o.ticket(byLink, 0, "by the link"), o.ticket(byEmail, far, "of far"), o.ticket(byEmail, farther, "of farther"),
		o.ticket(byEmail, garden, "of both"), o.ticket(gardener, garden, "of the garden"))
	slices.Sort(want)
	o.later()
	already := len(o.served.Requests())
	found, err := o.desk().Look(t.Context(), tickets.Sought{Text: acme, With: tickets.KinKinds}, nil)
	requests := o.served.Requests()[already:]
	if err != nil {
		t.Fatal(err)
	}
	got := idsOf(found.List)
	slices.Sort(got)
	if !slices.Equal(got, want) || slices.Contains(got, before) || found.List.Total != len(want) {
		t.Errorf("%v of %d, want %v", got, found.List.Total, want)
	}
	reach := []tickets.Reach{{What: tickets.OfContacts, Records: 5, Found: 3}, {What: tickets.OfChildren, Records: 2, Found: 1}}
	if !slices.Equal(found.Match.With, reach) {
		t.Errorf("%+v", found.Match.With)
	}
	targets := map[int64][]string{}
	for _, one := range found.Match.Beside {
		for _, of := range one.Of {
			targets[one.ID] = append(targets[one.ID], of.ID)
		}
		slices.Sort(targets[one.ID])
	}
	for id, of := range map[int64][]string{byLink: {linked}, byEmail: {first, second}, garden: {child.ID}} {
		if slices.Sort(of); !slices.Equal(targets[id], of) {
			t.Errorf("%d stands for %v, want %v", id, targets[id], of)
		}
	}
	if len(targets) != 3 || len(found.Match.Targets) != 1 {
		t.Errorf("%+v", found.Match)
	}
	// No call for each contact.
	if len(requests) > 18 {
		t.Errorf("%d calls: %+v", len(requests), requests)
	}
	// By default there is nothing of it.
	own, err := o.desk().Look(t.Context(), tickets.Sought{Text: acme}, nil)
	if err != nil || len(own.List.Tickets) != 0 || len(own.Match.Beside) != 0 {
		t.Errorf("%+v %v", own, err)
	}
	// The same, step by step, and in part.
	desk := o.desk()
	wide, err := desk.Widen(t.Context(), own.Record, own.Match, tickets.With{tickets.OfChildren})
	list, err2 := desk.List(t.Context(), wide, tickets.Query{Limit: 1})
	if err := errors.Join(err, err2); err != nil || len(list.Tickets) != 1 || list.Total != 2 || !slices.Contains(list.NotShown, tickets.Left{What: tickets.LeftLimit, Count: 1}) {
		t.Errorf("%+v %v", list, err)
	}
}

func TestManyContactsTakeFewCallsAndWhatIsNotReadIsSaid(t *testing.T) {
	o := newOffice(t, sandbox.Options{Accounts: 10, Tickets: 50})
	acme := o.account("Acme Holding")
	for part := range 3 {
		var records []map[string]any
		for i := range 70 {
			records = append(records, map[string]any{
				"attributes": map[string]any{"type": "Contact"}, "LastName": "N", "AccountId": acme, "Email": fmt.Sprintf("n%d.%d@acme.example", part, i),
			})
		}
		o.salesforce(http.MethodPost, "composite/sobjects", map[string]any{"records": records}, nil)
	}
	o.asker("Jo", "n0.69@acme.example") // among the last 200, or not: the org says by when it was changed
	o.later()
	before := len(o.served.Requests())
	found, err := o.desk().Look(t.Context(), tickets.Sought{Text: acme, With: tickets.With{tickets.OfContacts}}, nil)
	requests := o.served.Requests()[before:]
	if err != nil || len(found.Match.With) != 1 || found.Match.With[0].Records != salesforce.MostContacts || !found.Match.With[0].More {
		t.Fatalf("%+v %v", found.Match.With, err)
	}
	if len(found.List.Tickets) != found.Match.With[0].Found {
		t.Errorf("%+v %+v", found.List.Tickets, found.Match.With)
	}
	if len(requests) > 30 {
		t.Errorf("%d calls", len(requests))
	}
}

func TestTheTicketsOfManyContactsAreSortedCutAndCountedOnce(t *testing.T) {
	o := newOffice(t, sandbox.Options{Accounts: 2, Tickets: 600})
	account, _ := o.linked()
	own, err := o.desk().Look(t.Context(), tickets.Sought{Text: account.ID, Query: tickets.Query{All: true}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	// All requesters of the organization are contacts: everything is found twice.
	wide, err := o.desk().Look(t.Context(), tickets.Sought{Text: account.ID, With: tickets.With{tickets.OfContacts}, Query: tickets.Query{All: true}}, nil)
	if err != nil || len(wide.Match.Beside) == 0 || wide.List.Total != len(wide.List.Tickets) || len(wide.List.Tickets) < len(own.List.Tickets) {
		t.Errorf("%d of %d, own %d, %+v %v", len(wide.List.Tickets), wide.List.Total, len(own.List.Tickets), wide.Match, err)
	}
	seen := map[int64]bool{}
	for _, ticket := range wide.List.Tickets {
		if seen[ticket.ID] || ticket.Requester.ID == 0 || ticket.URL == "" {
			t.Errorf("%+v", ticket)
		}
		seen[ticket.ID] = true
	}
	cut, err := o.desk().Look(t.Context(), tickets.Sought{Text: account.ID, With: tickets.With{tickets.OfContacts}, Query: tickets.Query{All: true, Limit: 20}}, nil)
	if err != nil || !slices.Equal(idsOf(cut.List), idsOf(wide.List)[:20]) {
		t.Errorf("%v %v", idsOf(cut.List), err)
	}
	if twice := slices.Contains(cut.List.NotShown, tickets.Left{What: tickets.LeftTwice, Count: -1}); twice != (cut.List.Total != wide.List.Total) {
		t.Errorf("%d of %d: %+v", cut.List.Total, wide.List.Total, cut.List.NotShown)
	}
}

func TestOnlyAccountsAndOpportunitiesHaveKin(t *testing.T) {
	o := newOffice(t, sandbox.Options{Accounts: 10, Tickets: 50})
	contact := o.rows("SELECT Id FROM Contact LIMIT 1")[0].ID
	var noKin *tickets.NoKinError
	if _, err := o.desk().Look(t.Context(), tickets.Sought{Text: contact, With: tickets.KinKinds}, nil); !errors.As(err, &noKin) {
		t.Error(err)
	}
	opportunity := o.rows("SELECT Id FROM Opportunity LIMIT 1")[0].ID
	found, err := o.desk().Look(t.Context(), tickets.Sought{Text: opportunity, With: tickets.KinKinds}, nil)
	if err != nil || len(found.Match.With) != 2 || found.Match.With[0].Records == 0 {
		t.Errorf("%+v %v", found.Match, err)
	}
	for object, want := range map[string]int{"Account": 2, "Opportunity": 2, "Contact": 0, "Lead": 0} {
		record := tickets.Record{Record: salesforce.Record{Object: object, AccountID: acmeID}}
		if len(record.MayWith()) != want {
			t.Error(object)
		}
	}
}

// Names with everything that means something in a query reach both services as they are.
func TestKinWithHostileNamesIsFoundAllTheSame(t *testing.T) {
	o := newOffice(t, sandbox.Options{Accounts: 10, Tickets: 50})
	acme := o.account("Acme Holding")
	name := `O'Neil "&" Co\ %_ type:ticket OR 1=1`
	o.salesforce(http.MethodPost, "sobjects/Account", map[string]any{"Name": name, "ParentId": acme}, nil)
	o.contact(acme, name, "o'neil+a@acme.example")
	organization := o.organization(name, "")
	user, _ := o.asker(name, "o'neil+a@acme.example")
	o.later()
	found, err := o.desk().Look(t.Context(), tickets.Sought{Text: acme, With: tickets.KinKinds}, nil)
	var ids []string
	for _, one := range found.Match.Beside {
		ids = append(ids, one.Kind+" "+strconv.FormatInt(one.ID, 10))
	}
	want := fmt.Sprintf("user %d organization %d", user, organization)
	if err != nil || strings.Join(ids, " ") != want {
		t.Errorf("%v, want %s: %v", ids, want, err)
	}
}
