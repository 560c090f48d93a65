package zendesk

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"zsf/clients/sandbox/seed"
)

func urlEscape(text string) string { return url.QueryEscape(text) }

// walk follows next links to the end and gives the ids that it saw.
func (f *fixture) walk(path, name string) (ids []string) {
	f.t.Helper()
	for range 200 {
		got := f.get(path).must(f.t, 200)
		for _, record := range got.list(f.t, name) {
			ids = append(ids, fmt.Sprint(record["id"]))
		}
		next := got.read(f.t)["next_page"]
		if meta, byCursor := got.read(f.t)["meta"].(map[string]any); byCursor {
			next = nil
			if meta["has_more"] == true {
				next = got.at(f.t, "links", "next")
			}
		}
		address, more := next.(string)
		if !more {
			return ids
		}
		path = strings.TrimPrefix(address, f.server.URL)
	}
	f.t.Fatalf("%s has no end", path)
	return nil
}

func TestEveryListIsTheSameByCursorAndByOffset(t *testing.T) {
	f := open(t)
	organization, _, _ := f.anOrganization()
	requester := fmt.Sprintf("%.0f", f.get("/api/v2/tickets/1").at(t, "ticket", "requester_id"))
	for _, test := range []struct{ path, name string }{
		{"organizations", "organizations"},
		{"users", "users"},
		{"users?role=agent", "users"},
		{"users?role[]=agent&role[]=admin", "users"},
		{"organization_memberships", "organization_memberships"},
		{"organizations/" + organization + "/users", "users"},
		{"organizations/" + organization + "/organization_memberships", "organization_memberships"},
		{"organizations/" + organization + "/tickets", "tickets"},
		{"users/" + requester + "/tickets/requested", "tickets"},
		{"users/" + requester + "/organization_memberships", "organization_memberships"},
		{"tickets", "tickets"},
		{"triggers", "triggers"},
		{"triggers?active=true", "triggers"},
		{"triggers/active", "triggers"},
		{"trigger_categories", "trigger_categories"},
		{"oauth/clients", "clients"},
	} {
		t.Run(test.path, func(t *testing.T) {
			*f.clock = f.clock.Add(61e9)
			and := "?"
			if strings.Contains(test.path, "?") {
				and = "&"
			}
			byCursor := f.walk("/api/v2/"+test.path+and+"page[size]=7", test.name)
			byOffset := f.walk("/api/v2/"+test.path+and+"per_page=11", test.name)
			whole := f.walk("/api/v2/"+test.path, test.name)
			if len(byCursor) == 0 && !strings.HasPrefix(test.path, "organizations/") {
				t.Error("the list is empty")
			}
			slices.Sort(byCursor)
			slices.Sort(byOffset)
			slices.Sort(whole)
			if !slices.Equal(byCursor, byOffset) || !slices.Equal(byOffset, whole) || len(slices.Compact(whole)) != len(byCursor) {
				t.Errorf("cursor %d, offset %d, whole %d: %v", len(byCursor), len(byOffset), len(whole), byCursor)
			}
		})
	}
}

func TestCursorPagesGoBothWays(t *testing.T) {
	f := open(t)
	for _, path := range []string{"/api/v2/organizations.json?page[size]=5", "/api/v2/triggers.json?page[size]=5", "/api/v2/tickets.json?page[size]=5&sort=-updated_at", "/api/v2/users.json?page[size]=5&sort=-id"} {
		name, _, _ := strings.Cut(strings.TrimPrefix(path, "/api/v2/"), ".json")
		first := f.get(path).must(t, 200)
		second := f.get(strings.TrimPrefix(first.at(t, "links", "next").(string), f.server.URL)).must(t, 200)
		back := f.get(strings.TrimPrefix(second.at(t, "links", "prev").(string), f.server.URL)).must(t, 200)
		if fmt.Sprint(back.list(t, name)) != fmt.Sprint(first.list(t, name)) || back.at(t, "meta", "has_more") != false {
			t.Errorf("%s: back at %s, not at %s", path, back.body, first.body)
		}
		if fmt.Sprint(second.list(t, name)) == fmt.Sprint(first.list(t, name)) {
			t.Errorf("%s: the second page is the first", path)
		}
	}
}

func TestACursorOutlivesItsRecord(t *testing.T) {
	f := open(t)
	first := f.get("/api/v2/organizations?page[size]=3").must(t, 200)
	next := strings.TrimPrefix(first.at(t, "links", "next").(string), f.server.URL)
	want := f.get(next).must(t, 200).list(t, "organizations")
	f.call("DELETE", "/api/v2/organizations/"+idOf(t, first.at(t, "organizations", 2)), nil).must(t, 204)
	if got := f.get(next).must(t, 200).list(t, "organizations"); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestPagesThatAreRefused(t *testing.T) {
	f := open(t)
	for path, want := range map[string]string{
		"organizations?page=x":                           `{"error":{"title":"Invalid attribute","message":"You passed an invalid value for the page attribute. Invalid parameter: page must be an integer from api/v2/organizations/index"}}`,
		"organizations?page[size]=x":                     `{"error":{"title":"Invalid attribute","message":"You passed an invalid value for the page.size attribute. Invalid parameter: page.size must be an integer from api/v2/organizations/index"}}`,
		"triggers/search?query=a&page[size]=5":           `page must be an integer from api/v2/triggers/search`,
		"organizations/autocomplete?name=a&page[size]=5": `page must be an integer`,
		"users/search?query=a&page[size]=5":              `page must be an integer`,
		"organizations?page[size]=101":                   `"code":"InvalidPaginationParameter"`,
		"organizations?page[after]=garbage":              `"code":"InvalidPaginationParameter"`,
		"organizations?page[after]=eyJvIjoibmFtZSJ9":     `"code":"InvalidPaginationParameter"`,
		"tickets?page[size]=5&sort=created_at":           `"code":"InvalidPaginationParameter"`,
		"organizations?page=101":                         `"code":"InvalidPaginationDepth","title":"Pagination requests using Offset Pagination are limited to page 100 or up to 10000 records (page * per_page)"`,
		"tickets?page=1001&per_page=10":                  `{"errors":[{"code":"InvalidPaginationDepth"`,
	} {
		if got := f.get("/api/v2/" + path); got.status != 400 || !strings.Contains(got.body, want) {
			t.Errorf("%s: %d %s", path, got.status, got.body)
		}
	}
	if got := f.get("/api/v2/organizations?page=100").must(t, 200); len(got.list(t, "organizations")) != 0 || got.at(t, "next_page") != nil {
		t.Error(got.body)
	}
	if got := f.get("/api/v2/organizations?per_page=1000").must(t, 200); len(got.list(t, "organizations")) > 100 {
		t.Error("more than a hundred on a page")
	}
}

func TestMixingPagingDropsTheSortWithoutAWord(t *testing.T) {
	f := open(t)
	mixed := f.get("/api/v2/tickets?page[size]=3&sort_by=created_at&sort_order=desc").must(t, 200).list(t, "tickets")
	plain := f.get("/api/v2/tickets?page[size]=3").must(t, 200).list(t, "tickets")
	sorted := f.get("/api/v2/tickets?per_page=3&sort_by=created_at&sort_order=desc").must(t, 200).list(t, "tickets")
	if idOf(t, mixed[0]) != idOf(t, plain[0]) || idOf(t, sorted[0]) == idOf(t, plain[0]) {
		t.Errorf("mixed %v, plain %v, sorted %v", mixed[0]["id"], plain[0]["id"], sorted[0]["id"])
	}
}

func TestLinksKeepTheQuery(t *testing.T) {
	f := open(t)
	got := f.get("/api/v2/users?page[size]=1&role=agent").must(t, 200)
	if next := got.at(t, "links", "next").(string); !strings.HasPrefix(next, f.server.URL+"/api/v2/users.json?page%5Bafter%5D=") || !strings.HasSuffix(next, "&page%5Bsize%5D=1&role=agent") {
		t.Error(next)
	}
	got = f.get("/api/v2/users?per_page=1&role=agent&page=2").must(t, 200)
	if got.at(t, "next_page") != f.server.URL+"/api/v2/users.json?page=3&per_page=1&role=agent" || got.at(t, "previous_page") != f.server.URL+"/api/v2/users.json?page=1&per_page=1&role=agent" {
		t.Error(got.body)
	}
}

func TestAnEmptyAccountHasEmptyPages(t *testing.T) {
	f := open(t, func(o *Options) { o.Seed = nil; o.Setup = Setup{} })
	if got := f.get("/api/v2/organizations?page[size]=5").must(t, 200); got.body != `{"organizations":[],"meta":{"has_more":false,"after_cursor":null,"before_cursor":null},"links":{"prev":null,"next":null}}` {
		t.Error(got.body)
	}
	if got := f.get("/api/v2/tickets").must(t, 200); got.body != `{"tickets":[],"next_page":null,"previous_page":null,"count":0}` {
		t.Error(got.body)
	}
}

func TestABigAccountPagesAtOnce(t *testing.T) {
	f := open(t, func(o *Options) { o.Seed = seed.New(1, 100_000, 100_000, "en", today) })
	page := f.get("/api/v2/organizations?page[size]=100").must(t, 200)
	if len(page.list(t, "organizations")) != 100 || page.at(t, "meta", "has_more") != true {
		t.Error(page.body)
	}
	page = f.get("/api/v2/organizations?page=100").must(t, 200)
	if page.at(t, "count").(float64) < 50_000 || len(page.list(t, "organizations")) != 100 {
		t.Error(page.at(t, "count"))
	}
}
