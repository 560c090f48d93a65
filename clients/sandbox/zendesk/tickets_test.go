package zendesk

import (
	"fmt"
	"testing"
)

func TestArchivedTicketsAreLeftOutOfLists(t *testing.T) {
	f := open(t)
	s := f.account.seed
	listed := map[string]bool{}
	for _, id := range f.walk("/api/v2/tickets?page[size]=100", "tickets") {
		listed[id] = true
	}
	open, archived := 0, -1
	for n := range s.Tickets() {
		if s.Ticket(n).Archived {
			archived = n
		} else {
			open++
		}
		if listed[fmt.Sprint(n+1)] == s.Ticket(n).Archived {
			t.Errorf("ticket %d: archived %v, listed %v", n+1, s.Ticket(n).Archived, listed[fmt.Sprint(n+1)])
		}
	}
	if got := f.get("/api/v2/tickets/count").must(t, 200).at(t, "count", "value"); got != float64(open) {
		t.Errorf("%v counted, %d are not archived", got, open)
	}
	got := f.get(fmt.Sprintf("/api/v2/tickets/%d.json", archived+1)).must(t, 200)
	requester := fmt.Sprintf("%.0f", got.at(t, "ticket", "requester_id"))
	found := false
	for _, id := range f.walk("/api/v2/users/"+requester+"/tickets/requested?page[size]=100", "tickets") {
		found = found || id == fmt.Sprint(archived+1)
	}
	if !found {
		t.Error("an archived ticket is missing from those that its requester requested")
	}
	if organization := got.at(t, "ticket", "organization_id"); organization != nil {
		for _, id := range f.walk(fmt.Sprintf("/api/v2/organizations/%.0f/tickets", organization), "tickets") {
			if id == fmt.Sprint(archived+1) {
				t.Error("an archived ticket is in its organization's list")
			}
		}
	}
	f.get("/api/v2/tickets?external_id=1").must(t, 200)
	if again := f.get("/api/v2/tickets").must(t, 200); again.at(t, "count") != float64(open) {
		t.Errorf("%v tickets listed after a search for an external id", again.at(t, "count"))
	}
}

func TestTicketsOfAnOrganizationAreItsRequesters(t *testing.T) {
	f := open(t)
	seen := 0
	for _, o := range f.get("/api/v2/organizations?page[size]=30").list(t, "organizations") {
		id := idOf(t, o)
		listed := f.get("/api/v2/organizations/"+id+"/tickets?page[size]=100").must(t, 200).list(t, "tickets")
		for _, one := range listed {
			if fmt.Sprintf("%.0f", one["organization_id"]) != id {
				t.Errorf("ticket of organization %v among those of %s", one["organization_id"], id)
			}
		}
		if count := f.get("/api/v2/organizations/"+id+"/tickets/count").must(t, 200).at(t, "count", "value"); count != float64(len(listed)) {
			t.Errorf("%v counted, %d listed", count, len(listed))
		}
		seen += len(listed)
	}
	if seen == 0 {
		t.Error("no organization has a ticket")
	}
}

func TestSortTickets(t *testing.T) {
	f := open(t)
	for query, rises := range map[string]func(one, other map[string]any) bool{
		"page[size]=50&sort=-id": func(one, other map[string]any) bool { return one["id"].(float64) > other["id"].(float64) },
		"page[size]=50&sort=updated_at": func(one, other map[string]any) bool {
			return one["updated_at"].(string) <= other["updated_at"].(string)
		},
		"sort_by=created_at&sort_order=asc": func(one, other map[string]any) bool {
			return one["created_at"].(string) <= other["created_at"].(string)
		},
		"sort_by=subject&sort_order=desc": func(one, other map[string]any) bool { return one["subject"].(string) >= other["subject"].(string) },
	} {
		all := f.get("/api/v2/tickets?"+query).must(t, 200).list(t, "tickets")
		for i := 1; i < len(all); i++ {
			if !rises(all[i-1], all[i]) {
				t.Errorf("%s: %v before %v", query, all[i-1], all[i])
			}
		}
	}
	for _, by := range []string{"status", "requester", "requester.name", "assignee", "id", "updated_at", "group"} {
		f.get("/api/v2/tickets?sort_by="+by).must(t, 200)
	}
}

func TestSettings(t *testing.T) {
	f := open(t)
	if got := f.get("/api/v2/account/settings.json").must(t, 200); got.at(t, "settings", "active_features", "sandbox") != false {
		t.Error("the settings must not tell a sandbox: the flag means that the account has one")
	}
}
