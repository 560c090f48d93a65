package zendesk

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"zsf/clients/sandbox/seed"
)

func (f *fixture) found(query string, more ...string) []map[string]any {
	f.t.Helper()
	return f.get("/api/v2/search.json?query="+url.QueryEscape(query)+strings.Join(more, "")).must(f.t, 200).list(f.t, "results")
}

func (f *fixture) foundCount(query string) int {
	f.t.Helper()
	count, _ := f.get("/api/v2/search/count?query="+url.QueryEscape(query)).must(f.t, 200).at(f.t, "count").(float64)
	return int(count)
}

// counted is how many tickets of the account are so.
func (f *fixture) counted(is func(ticket) bool) (n int) {
	for i := range f.account.ticketCount() {
		if is(f.account.ticket(i)) {
			n++
		}
	}
	return n
}

func TestASearchFindsTicketsByTheirProperties(t *testing.T) {
	f := open(t)
	some := f.account.ticket(7)
	requester, _ := f.account.users.find(some.RequesterID)
	noon := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	status := func(names ...string) func(ticket) bool {
		return func(one ticket) bool { return slices.Contains(names, one.Status) }
	}
	for query, is := range map[string]func(ticket) bool{
		"type:ticket":                                                       func(ticket) bool { return true },
		"type:ticket status:open":                                           status("open"),
		"type:ticket status:open status:pending":                            status("open", "pending"),
		"type:ticket status<closed":                                         status("new", "open", "pending", "hold", "solved"),
		"type:ticket status<solved":                                         status("new", "open", "pending", "hold"),
		"type:ticket status:>=solved":                                       status("solved", "closed"),
		"type:ticket -status:closed":                                        status("new", "open", "pending", "hold", "solved"),
		"type:ticket priority:urgent":                                       func(one ticket) bool { return one.Priority == "urgent" },
		"type:ticket priority>normal":                                       func(one ticket) bool { return one.Priority == "urgent" || one.Priority == "high" },
		"type:ticket priority:none":                                         func(one ticket) bool { return one.Priority == "" },
		"type:ticket ticket_type:incident":                                  func(one ticket) bool { return one.Type == "incident" },
		"type:ticket requester:" + string(requester.Email):                  func(one ticket) bool { return one.RequesterID == requester.ID },
		"type:ticket requester:" + idText(requester.ID):                     func(one ticket) bool { return one.RequesterID == requester.ID },
		"type:ticket organization:none":                                     func(one ticket) bool { return one.OrganizationID == 0 },
		"type:ticket tags:vip":                                              func(one ticket) bool { return slices.Contains(one.Tags, "vip") },
		"type:ticket -tags:vip":                                             func(one ticket) bool { return !slices.Contains(one.Tags, "vip") },
		"type:ticket created>=2026-06-01":                                   func(one ticket) bool { return !one.CreatedAt.Before(noon) },
		"type:ticket created<2026-06-01":                                    func(one ticket) bool { return one.CreatedAt.Before(noon) },
		"type:ticket updated>2026-06-01T00:00:00Z":                          func(one ticket) bool { return one.UpdatedAt.After(noon) },
		"type:ticket created>30days":                                        func(one ticket) bool { return one.CreatedAt.After(today.AddDate(0, 0, -30)) },
		"type:ticket custom_status_id:" + idText(statusID(defaultStatuses)): func(one ticket) bool { return one.CustomStatusID == statusID(defaultStatuses) },
	} {
		want := f.counted(is)
		if got := f.foundCount(query); got != want || want == 0 {
			t.Errorf("%s: %d found, want %d", query, got, want)
		}
	}
}

func TestASearchFindsByOrganization(t *testing.T) {
	f := open(t)
	for i := range f.account.ticketCount() {
		one := f.account.ticket(i)
		if one.OrganizationID == 0 {
			continue
		}
		o, _ := f.account.organizations.find(int64(one.OrganizationID))
		in := func(other ticket) bool { return other.OrganizationID == one.OrganizationID }
		byID := fmt.Sprintf("type:ticket organization_id:%d", one.OrganizationID)
		if got, want := f.foundCount(byID), f.counted(in); got != want {
			t.Errorf("%s: %d found, want %d", byID, got, want)
		}
		byName := `type:ticket organization:"` + strings.ReplaceAll(o.Name, `"`, "") + `"`
		if got, least := f.foundCount(byName), f.counted(in); got < least {
			t.Errorf("%s: %d found, at least %d wanted", byName, got, least)
		}
		break
	}
}

func TestAPhraseMatchesTheBeginningsOfOtherNames(t *testing.T) {
	for _, c := range []struct {
		text, sought string
		want         bool
	}{
		{"MD Photo", "MD Photo", true},
		{"The MD Photography Club", "md photo", true},
		{"MD Video Photo", "MD Photo", false},
		{"Desktop Solutions", "top", false},
		{"Tip-Top Mops", "top", true},
		{"로그인이 되지 않습니다", "그인이", true},
		{"ログインできません", "イン", true},
		{"Hello 🚀", "🚀", true},
		{"Hello", "", false},
	} {
		if got := says(c.text, c.sought); got != c.want {
			t.Errorf("%q says %q: %v", c.text, c.sought, got)
		}
	}
}

func TestASearchForWordsReadsSubjectsAndComments(t *testing.T) {
	f := open(t)
	one := f.account.ticket(3)
	ids := map[string]bool{}
	for _, r := range f.found(`type:ticket "` + one.Subject + `"`) {
		ids[idOf(t, r)] = true
		if r["result_type"] != "ticket" {
			t.Errorf("result_type %v", r["result_type"])
		}
	}
	if !ids["4"] {
		t.Errorf("ticket 4 is not among %v", ids)
	}
	if got := f.foundCount("type:ticket 4"); got == 0 {
		t.Error("a ticket is not found by its number")
	}
	if got := f.foundCount("type:ticket zzzzqqqq"); got != 0 {
		t.Errorf("%d found for a word that is nowhere", got)
	}
}

func TestASearchWithoutATypeFindsEveryKind(t *testing.T) {
	f := open(t)
	kinds := map[any]bool{}
	for page := 1; page <= 5; page++ {
		for _, r := range f.found("created>2000-01-01", fmt.Sprintf("&page=%d", page)) {
			kinds[r["result_type"]] = true
		}
	}
	if len(kinds) != 4 {
		t.Errorf("kinds %v", kinds)
	}
	o := f.account.seed
	for n := range o.Accounts() {
		if o.Account(n).Linked {
			if got := f.foundCount("type:organization external_id:" + o.Account(n).ID); got != 1 {
				t.Errorf("%d organizations have the id of an account", got)
			}
			return
		}
	}
}

func TestASearchStopsAtAThousand(t *testing.T) {
	f := open(t, func(o *Options) { o.Seed = seed.New(1, 60, 1200, "en", today) })
	got := f.get("/api/v2/search?query=type:ticket&page=10").must(t, 200)
	if n := len(got.list(t, "results")); n != 100 || got.at(t, "count") != float64(1200) {
		t.Errorf("%d results of %v", n, got.at(t, "count"))
	}
	if next, _ := got.at(t, "next_page").(string); !strings.Contains(next, "page=11") {
		t.Errorf("next page %q", next)
	}
	wall := f.get("/api/v2/search?query=type:ticket&page=11").must(t, 422)
	if wall.at(t, "error") != "invalid" || wall.at(t, "description") != "Invalid search: Requested response size was greater than Search Response Limits" {
		t.Errorf("beyond the wall: %s", wall.body)
	}
	if said := f.get("/api/v2/search?query=type:ticket&page[size]=100").must(t, 400); !strings.Contains(said.body, "page must be an integer") {
		t.Errorf("with a cursor: %s", said.body)
	}
	f.get("/api/v2/search").must(t, 400)
	f.get("/api/v2/search?query=created>yesterdayish").must(t, 422)
}

func TestSearchResultsAreSorted(t *testing.T) {
	f := open(t)
	*f.clock = today.Add(time.Hour) // by now the index has each change
	for query, rises := range map[string]func(one, other map[string]any) bool{
		"type:ticket order_by:created_at sort:asc": func(one, other map[string]any) bool {
			return one["created_at"].(string) <= other["created_at"].(string)
		},
		"type:ticket order_by:updated_at": func(one, other map[string]any) bool {
			return one["updated_at"].(string) >= other["updated_at"].(string)
		},
		"type:ticket order_by:status sort:asc": func(one, other map[string]any) bool {
			return slices.Index(statuses, one["status"].(string)) <= slices.Index(statuses, other["status"].(string))
		},
	} {
		all := f.found(query)
		for i := 1; i < len(all); i++ {
			if !rises(all[i-1], all[i]) {
				t.Errorf("%s: %v before %v", query, all[i-1]["id"], all[i]["id"])
			}
		}
	}
	both := f.found("type:ticket", "&sort_by=created_at&sort_order=asc")
	if both[0]["id"] != f.found("type:ticket order_by:created_at sort:asc")[0]["id"] {
		t.Error("sort_by and order_by differ")
	}
}

func TestTheIndexIsBehind(t *testing.T) {
	f := open(t)
	newest := f.account.ticket(f.account.ticketCount() - 1)
	for i := range f.account.ticketCount() {
		if one := f.account.ticket(i); one.UpdatedAt.After(newest.UpdatedAt) {
			newest = one
		}
	}
	query := fmt.Sprintf("type:ticket %d updated>=%s", newest.ID, newest.UpdatedAt.Format(time.RFC3339))
	*f.clock = newest.UpdatedAt.Add(searchLag - time.Second)
	if got := f.foundCount(query); got != 0 {
		t.Errorf("%d found before the index has the change", got)
	}
	*f.clock = newest.UpdatedAt.Add(searchLag)
	if got := f.foundCount(query); got != 1 {
		t.Errorf("%d found when the index has the change", got)
	}
}

func TestAnExportHasNoWall(t *testing.T) {
	f := open(t, func(o *Options) { o.Seed = seed.New(1, 60, 1200, "en", today) })
	seen := map[string]bool{}
	last := "9"
	path := "/api/v2/search/export?query=created>2000-01-01&filter[type]=ticket&page[size]=500"
	for pages := 1; path != ""; pages++ {
		got := f.get(path).must(t, 200)
		for _, r := range got.list(t, "results") {
			if created := r["created_at"].(string); created > last {
				t.Errorf("%s after %s", created, last)
			} else {
				last = created
			}
			seen[idOf(t, r)] = true
		}
		next, _ := got.at(t, "links", "next").(string)
		path = strings.TrimPrefix(next, f.server.URL)
		if pages > 3 {
			t.Fatal("the export does not end")
		}
	}
	if len(seen) != 1200 {
		t.Errorf("%d tickets exported", len(seen))
	}
	f.get("/api/v2/search/export?query=type:ticket&filter[type]=ticket").must(t, 422)
	f.get("/api/v2/search/export?query=a").must(t, 400)
	cursor := f.get("/api/v2/search/export?query=status<closed&filter[type]=ticket&page[size]=1").must(t, 200).at(t, "meta", "after_cursor").(string)
	*f.clock = today.Add(exportLife + time.Second)
	f.get("/api/v2/search/export?query=status<closed&filter[type]=ticket&page[after]="+url.QueryEscape(cursor)).must(t, 422)
}

func TestAnExportGoesOnThoughATicketIsDeletedMeanwhile(t *testing.T) {
	f := open(t)
	first := f.get("/api/v2/search/export?query=created>2000-01-01&filter[type]=ticket&page[size]=100").must(t, 200)
	seen := map[string]bool{}
	for _, r := range first.list(t, "results") {
		seen[idOf(t, r)] = true
	}
	gone := 1 // the oldest are the last
	for seen[strconv.Itoa(gone)] {
		gone++
	}
	f.account.tickets.gone = map[int64]bool{int64(gone): true}
	for next := first; ; {
		link, more := next.at(t, "links", "next").(string)
		if !more {
			break
		}
		next = f.get(strings.TrimPrefix(link, f.server.URL)).must(t, 200)
		for _, r := range next.list(t, "results") {
			if id := idOf(t, r); seen[id] {
				t.Errorf("ticket %s comes twice", id)
			} else {
				seen[id] = true
			}
		}
	}
	if len(seen) != f.account.seed.Tickets()-1 || seen[strconv.Itoa(gone)] {
		t.Errorf("%d tickets of %d, and the deleted one: %t", len(seen), f.account.seed.Tickets(), seen[strconv.Itoa(gone)])
	}
}

func TestSearchNeedsTheReadScope(t *testing.T) {
	e := endpoint{pattern: "GET /api/v2/search"}
	if got := e.scopes(); !slices.Equal(got, []string{"read"}) {
		t.Errorf("scopes %v", got)
	}
}

func FuzzAnySearchIsRead(f *testing.F) {
	for _, query := range []string{"type:ticket status<closed", `organization:"MD Photo" -tags:a`, `"`, "-", "a:", `:"`, "order_by:created sort:asc", "created>=2026-01-01T00:00:00Z", "é🚀 한글", "created:>4hours"} {
		f.Add(query)
	}
	f.Fuzz(func(t *testing.T, query string) {
		q := parseSearch(query)
		if len(q.terms) > len(query) {
			t.Errorf("%d terms of %q", len(q.terms), query)
		}
		d := document{kind: "ticket", texts: func() []string { return []string{"한글 MD Photo"} }, values: func(key string) []property { return []property{{key, wordly}} }}
		_ = q.matches(d, today)
		_, _ = q.wrongDate(today)
	})
}
