package zendesk

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"
)

func TestATicketIsReadCleanWithItsPeople(t *testing.T) {
	client, asked := newAccount(t, say(200, `{"ticket":{"id":35436,"subject":"Help\u001b[2J\u202e \ud55c\uae00","status":"open","custom_status_id":null,
		"priority":null,"type":"question","requester_id":7,"assignee_id":null,"organization_id":null,"tags":["a\u0007b"],
		"created_at":"2026-11-01T00:00:00Z","updated_at":"2026-11-02T00:00:00Z"},"users":[{"id":7,"name":"Jo","email":"jo@a.example"}]}`))
	ticket, users, err := client.Ticket(t.Context(), 35436)
	want := Ticket{
		ID: 35436, Subject: "Help 한글", Status: "open", Type: "question", RequesterID: 7, Tags: []string{"ab"},
		CreatedAt: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), UpdatedAt: time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC),
	}
	if diff := cmp.Diff(want, ticket); err != nil || diff != "" || len(users) != 1 {
		t.Errorf("%v %v\n%s", err, users, diff)
	}
	if (*asked)[0] != "GET /api/v2/tickets/35436?include=users" {
		t.Error(*asked)
	}
}

func TestACommentKeepsItsLinesAndNothingElse(t *testing.T) {
	client, _ := newAccount(t, say(200, `{"comments":[{"id":1,"author_id":7,"public":false,"body":"*x*","plain_body":"one\r\ntwo\u001b]0;x\u0007\n\nfour\n",
		"attachments":[{"file_name":"a\u202egnp.exe","content_url":"https://e.example/a","size":5}],"created_at":"2026-11-01T00:00:00Z"},
		{"id":2,"author_id":8,"public":true,"body":"only this","plain_body":null}],"meta":{"has_more":false}}`))
	comments, err := client.Comments(t.Context(), 5)
	if err != nil || len(comments) != 2 {
		t.Fatal(comments, err)
	}
	if diff := cmp.Diff([]string{"one", "two", "", "four"}, comments[0].Text()); diff != "" || comments[0].Public {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"only this"}, comments[1].Text()); diff != "" || !comments[1].Public {
		t.Error(diff)
	}
	if comments[0].Attachments[0].FileName != "agnp.exe" {
		t.Errorf("%q", comments[0].Attachments[0].FileName)
	}
}

func TestTheSearchEndsAtItsWall(t *testing.T) {
	client, asked := newAccount(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("page") == "2" {
			say(422, `{"error":"invalid","description":"Invalid search: Requested response size was greater than Search Response Limits"}`)(w, r)
			return
		}
		say(200, `{"results":[{"id":1}],"count":2500,"users":[]}`)(w, r)
	})
	query := TicketQuery{Organizations: []int64{5}, Unclosed: true}
	first, err := client.SearchTickets(t.Context(), query, "updated_at", true, 1, 100)
	if err != nil || first.Total != 2500 || !first.More || len(first.Tickets) != 1 {
		t.Errorf("%+v %v", first, err)
	}
	sent, err := url.Parse(strings.TrimPrefix((*asked)[0], "GET "))
	if err != nil || sent.Query().Get("query") != "type:ticket organization_id:5 status<closed" || sent.Query().Get("sort_order") != "desc" {
		t.Error((*asked)[0], err)
	}
	for _, page := range []int{2, 11} {
		var wall *SearchWallError
		if _, err := client.SearchTickets(t.Context(), query, "updated_at", true, page, 100); !errors.As(err, &wall) {
			t.Errorf("page %d: %v", page, err)
		}
	}
	if len(*asked) != 2 {
		t.Errorf("page 11 was asked for: %v", *asked)
	}
}

func TestOnlyWhatFitsExactlyIsFound(t *testing.T) {
	client, _ := newAccount(t, say(200, `{"organizations":[{"id":1,"name":"ACME"},{"id":2,"name":"Acme Inc"}],
		"users":[{"id":1,"email":"JO@a.example"},{"id":2,"email":"jo@a.example.org"}],
		"results":[{"id":1,"domain_names":["a.example"]},{"id":2,"name":"a.example","domain_names":[]}]}`))
	named, err := client.OrganizationsByName(t.Context(), "acme")
	if err != nil || len(named) != 1 || named[0].ID != 1 {
		t.Error(named, err)
	}
	mailed, err := client.UsersByEmail(t.Context(), "jo@a.example")
	if err != nil || len(mailed) != 1 || mailed[0].ID != 1 {
		t.Error(mailed, err)
	}
	domain, err := client.OrganizationsByDomain(t.Context(), "A.example")
	if err != nil || len(domain) != 1 || domain[0].ID != 1 {
		t.Error(domain, err)
	}
}

func TestAnAgentWhoMayNotSearchByNameLooksThroughTheBeginnings(t *testing.T) {
	client, asked := newAccount(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/search") {
			say(403, `{"error":{"title":"Forbidden","message":"You do not have access to this page."}}`)(w, r)
			return
		}
		say(200, `{"organizations":[{"id":1,"name":"Acme"},{"id":2,"name":"Acme Inc"}]}`)(w, r)
	})
	found, err := client.OrganizationsByName(t.Context(), "Acme")
	if err != nil || len(found) != 1 || len(*asked) != 2 {
		t.Error(found, err, *asked)
	}
}

func TestUsersAreReadAHundredACall(t *testing.T) {
	client, asked := newAccount(t, say(200, `{"users":[]}`))
	ids := make([]int64, 201)
	for i := range ids {
		ids[i] = int64(i + 1)
	}
	if _, err := client.Users(t.Context(), ids); err != nil || len(*asked) != 3 {
		t.Error(err, len(*asked))
	}
}

// What a name holds cannot leave its place in a query.
func FuzzPhrase(f *testing.F) {
	for _, seed := range []string{"", "Acme", `a" status:closed "`, `\"`, "a\nb", "\xff", "한글", `"`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		phrase := Term("organization", value)
		inside, ok := strings.CutPrefix(phrase, `organization:"`)
		if !ok || !strings.HasSuffix(inside, `"`) {
			t.Fatalf("%q is no phrase", phrase)
		}
		inside = inside[:len(inside)-1]
		for _, r := range inside {
			if r == '"' || r == '\\' || unicode.IsControl(r) {
				t.Fatalf("%q holds %q", phrase, r)
			}
		}
		query := TicketQuery{Statuses: []string{value}}.String()
		if len(strings.Fields(query)) != 2 {
			t.Fatalf("a status became several words: %q", query)
		}
		if fmt.Sprint(strings.Fields(inside)) != fmt.Sprint(strings.FieldsFunc(strings.ToValidUTF8(value, "\ufffd"), func(r rune) bool {
			return r == '"' || r == '\\' || unicode.IsControl(r) || unicode.IsSpace(r)
		})) {
			t.Fatalf("%q became %q", value, inside)
		}
	})
}
