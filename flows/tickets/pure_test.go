package tickets

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zsf/clients/salesforce"
	"zsf/clients/zendesk"
)

func at(minute int) time.Time { return time.Date(2026, 11, 25, 10, minute, 0, 0, time.UTC) }

func row(id int64, status string, minute int) zendesk.Ticket {
	return zendesk.Ticket{ID: id, Status: status, UpdatedAt: at(minute)}
}

func searched(total int, rows ...zendesk.Ticket) zendesk.Tickets {
	return zendesk.Tickets{Tickets: rows, Total: total}
}

// The search is late by minutes; the lists are not.
func TestWhatTheListsSayGoesOverWhatTheSearchSaid(t *testing.T) {
	tests := map[string]struct {
		search, lists zendesk.Tickets
		query         Query
		want          []int64
		change        int
	}{
		"nothing new":              {searched(1, row(1, "open", 1)), searched(1, row(1, "open", 1)), Query{}, []int64{1}, 0},
		"made since":               {searched(1, row(1, "open", 1)), searched(2, row(2, "new", 2), row(1, "open", 1)), Query{}, []int64{1, 2}, 1},
		"closed since":             {searched(2, row(1, "open", 1), row(2, "open", 0)), searched(2, row(1, "closed", 3), row(2, "open", 0)), Query{}, []int64{2}, -1},
		"closed long ago":          {searched(1, row(1, "open", 1)), searched(2, row(1, "open", 1), row(3, "closed", 0)), Query{}, []int64{1}, 0},
		"closed ones asked for":    {searched(1, row(1, "open", 1)), searched(2, row(3, "closed", 0)), Query{All: true}, []int64{1, 3}, 1},
		"the same on two pages":    {searched(2, row(1, "open", 1), row(1, "open", 1)), searched(0), Query{}, []int64{1}, 0},
		"beyond the page":          {searched(300, row(1, "open", 5)), searched(2, row(2, "open", 4)), Query{}, []int64{1}, 0},
		"late, before the page":    {searched(300, row(1, "open", 5)), searched(2, row(2, "open", 6)), Query{}, []int64{1, 2}, 0},
		"late, by another order":   {searched(300, row(1, "open", 5)), searched(2, row(2, "open", 6)), Query{Sort: ByPriority}, []int64{1}, 0},
		"of one status":            {searched(1, row(1, "open", 1)), searched(2, row(2, "new", 2)), Query{Statuses: []string{"open"}}, []int64{1}, 0},
		"an older list is no news": {searched(1, row(1, "open", 5)), searched(1, row(1, "closed", 1)), Query{}, []int64{1}, 0},
	}
	for name, test := range tests {
		rows, change := merge(test.search, test.lists, test.query)
		var ids []int64
		for _, row := range rows {
			ids = append(ids, row.ID)
		}
		if diff := cmp.Diff(test.want, ids); diff != "" || change != test.change {
			t.Errorf("%s: change %d\n%s", name, change, diff)
		}
	}
}

func TestARecordIsMatchedAsTheIntegrationDoes(t *testing.T) {
	const account, contact, lead, opportunity = "0015g00000AbCdEAAV", "0035g00000AbCdEAAV", "00Q5g00000AbCdEAAV", "0065g00000AbCdEAAV"
	tests := map[string]struct {
		record salesforce.Record
		want   []By
		values map[By][]string
	}{
		"account": {
			salesforce.Record{ID: account, Object: "Account", Name: "Acme", AccountID: account, AccountName: "Acme", Website: "http://www.acme.example/x"},
			[]By{ByExternalID, ByName},
			map[By][]string{ByExternalID: {account}, ByName: {"Acme"}, ByDomain: {"acme.example"}},
		},
		"person account": {
			salesforce.Record{ID: account, Object: "Account", Name: "Jo", AccountID: account, AccountName: "Jo", Email: "Jo@A.example", Person: true},
			[]By{ByExternalID, ByName, ByEmail},
			map[By][]string{ByExternalID: {account}, ByName: {"Jo"}, ByEmail: {"Jo@A.example"}, ByDomain: {"a.example"}},
		},
		"opportunity": {
			salesforce.Record{ID: opportunity, Object: "Opportunity", Name: "Deal", AccountID: account, AccountName: "Acme"},
			[]By{ByExternalID, ByName},
			map[By][]string{ByExternalID: {account}, ByName: {"Acme"}},
		},
		"opportunity without an account": {salesforce.Record{ID: opportunity, Object: "Opportunity", Name: "Deal"}, []By{}, map[By][]string{}},
		"contact": {
			salesforce.Record{ID: contact, Object: "Contact", Email: "jo@a.example", AccountName: "Acme"},
			[]By{ByExternalID, ByEmail},
			map[By][]string{ByExternalID: {contact}, ByEmail: {"jo@a.example"}, ByName: {"Acme"}, ByDomain: {"a.example"}},
		},
		"contact without an address": {salesforce.Record{ID: contact, Object: "Contact"}, []By{ByExternalID}, map[By][]string{ByExternalID: {contact}}},
		"converted lead": {
			salesforce.Record{ID: lead, Object: "Lead", Email: "jo@a.example", Converted: &salesforce.Conversion{ContactID: contact}},
			[]By{ByExternalID, ByEmail},
			map[By][]string{ByExternalID: {lead, contact}, ByEmail: {"jo@a.example"}, ByDomain: {"a.example"}},
		},
	}
	for name, test := range tests {
		record := Record{Record: test.record}
		values := map[By][]string{}
		for _, by := range Ways {
			if of := record.values(by); len(of) > 0 {
				values[by] = of
			}
		}
		if diff := cmp.Diff(test.want, record.ofIntegration()); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if diff := cmp.Diff(test.values, values); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// Zendesk finds external ids without regard to case: two Salesforce ids of 15 characters can be the same to it.
func TestALinkIsLookedAtAgain(t *testing.T) {
	ids := []string{"0015g00000AbCdEAAV"}
	for external, want := range map[string]bool{
		"0015g00000AbCdEAAV": true, "0015g00000AbCdE": true, "0015g00000abcdeaav": true, "0015g00000abcde": false, "0015g00000abcdeAAA": false, "": false,
	} {
		if isOneOf(external, ids) != want {
			t.Error(external)
		}
	}
}

func TestTicketsAreOrderedAsPeopleReadThem(t *testing.T) {
	urgent := zendesk.Ticket{ID: 1, Priority: "urgent", Status: "solved", UpdatedAt: at(1), CreatedAt: at(3)}
	none := zendesk.Ticket{ID: 2, Status: "new", UpdatedAt: at(2), CreatedAt: at(1)}
	for query, first := range map[*Query]int64{
		{}: 2, {Reversed: true}: 1, {Sort: ByPriority}: 1, {Sort: ByPriority, Reversed: true}: 2, {Sort: ByStatus}: 2, {Sort: ByCreated}: 1,
	} {
		if got := query.order(urgent, none) < 0; got != (first == 1) {
			t.Errorf("%+v", *query)
		}
	}
}
