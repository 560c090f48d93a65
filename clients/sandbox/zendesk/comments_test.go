package zendesk

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestATicketHasPublicAndInternalComments(t *testing.T) {
	f := open(t)
	public, internal, files, several := 0, 0, 0, 0
	for n := range 60 {
		got := f.get(fmt.Sprintf("/api/v2/tickets/%d/comments?page[size]=100&include=users", n+1)).must(t, 200)
		all := got.list(t, "comments")
		ticket := f.account.ticket(n)
		if all[0]["body"] != ticket.Description || all[0]["author_id"] != float64(ticket.RequesterID) {
			t.Errorf("ticket %d begins with %v", n+1, all[0])
		}
		known := map[string]bool{}
		for _, u := range got.list(t, "users") {
			known[idOf(t, u)] = true
		}
		for _, one := range all {
			if one["public"] == true {
				public++
			} else {
				internal++
			}
			if !known[fmt.Sprintf("%.0f", one["author_id"])] {
				t.Errorf("the author %v is not beside the comments", one["author_id"])
			}
			files += len(one["attachments"].([]any))
		}
		if len(all) > 2 {
			several++
		}
	}
	if public == 0 || internal == 0 || files == 0 || several == 0 {
		t.Errorf("%d public, %d internal, %d files, %d tickets with several", public, internal, files, several)
	}
	f.get("/api/v2/tickets/9999/comments").must(t, 404)
}

func TestCommentsAreSorted(t *testing.T) {
	f := open(t)
	for n := range 60 {
		*f.clock = f.clock.Add(time.Minute)
		path := fmt.Sprintf("/api/v2/tickets/%d/comments", n+1)
		up := f.walk(path+"?page[size]=2&sort=created_at", "comments")
		down := f.walk(path+"?page[size]=2&sort=-created_at", "comments")
		slices.Reverse(down)
		if !slices.Equal(up, down) {
			t.Errorf("ticket %d: %v, and the other way round %v", n+1, up, down)
		}
		offset := f.get(path+"?sort_order=desc").must(t, 200).list(t, "comments")
		if fmt.Sprint(offset[0]["id"]) != up[len(up)-1] {
			t.Errorf("ticket %d: by offset %v comes first", n+1, offset[0]["id"])
		}
		if count := f.get(path+"/count").must(t, 200).at(t, "count", "value"); count != float64(len(up)) {
			t.Errorf("%v counted, %d listed", count, len(up))
		}
	}
	f.get("/api/v2/tickets/1/comments?page[size]=2&sort=author").must(t, 400)
}

func TestAnAttachmentIsServed(t *testing.T) {
	f := open(t)
	var files []attachment
	for n := range f.account.ticketCount() {
		for _, one := range f.account.commentsOf(f.account.ticket(n)) {
			files = append(files, one.Attachments...)
		}
	}
	if len(files) < 5 {
		t.Fatalf("%d attachments", len(files))
	}
	for _, file := range files[:5] {
		there := f.get(strings.TrimPrefix(file.ContentURL, f.server.URL)).must(t, http.StatusFound).header.Get("Location")
		if strings.HasPrefix(there, f.server.URL) {
			t.Errorf("the file is on the account's own host: %s", there)
		}
		_, rest, _ := strings.Cut(there, contentPath)
		path := contentPath + rest
		f.get(path).must(t, http.StatusBadRequest) // with a token
		signedIn := f.token
		f.token = ""
		got := f.get(path).must(t, http.StatusOK)
		f.token = signedIn
		if len(got.body) != file.Size || got.header.Get("Content-Type") != file.ContentType {
			t.Errorf("%v: %d bytes of %s", file, len(got.body), got.header.Get("Content-Type"))
		}
	}
}

func TestTicketsComeWithWhatTheyName(t *testing.T) {
	f := open(t)
	got := f.get("/api/v2/tickets/show_many?ids=3,1,2,99999&include=users,groups,organizations").must(t, 200)
	if all := got.list(t, "tickets"); len(all) != 3 || idOf(t, all[0]) != "1" {
		t.Errorf("tickets %v", all)
	}
	if len(got.list(t, "users")) == 0 || len(got.list(t, "groups")) == 0 {
		t.Errorf("nothing beside the tickets: %s", got.body)
	}
	beside := f.get("/api/v2/search?query=type:ticket&include=tickets(users)").must(t, 200)
	if len(beside.list(t, "users")) == 0 {
		t.Error("no users beside search results")
	}
	f.get("/api/v2/tickets/show_many?ids="+strings.Repeat("1,", 100)+"1").must(t, 400)
}

func TestARequesterHasTicketsInThreeOrganizations(t *testing.T) {
	f := open(t)
	id := f.account.memberships.several
	in := map[any]bool{}
	for _, one := range f.get(fmt.Sprintf("/api/v2/users/%d/tickets/requested", id)).must(t, 200).list(t, "tickets") {
		in[one["organization_id"]] = true
	}
	if members := f.account.memberships.ofUser(id); len(members) != 3 || len(in) < 2 {
		t.Errorf("member of %d organizations, with tickets in %v", len(members), in)
	}
}

func TestTheAccountsOwnStatusesFieldsAndForms(t *testing.T) {
	f := open(t)
	all := f.get("/api/v2/custom_statuses").must(t, 200).list(t, "custom_statuses")
	active := f.get("/api/v2/custom_statuses?active=true&status_categories=open,solved&default=false").must(t, 200).list(t, "custom_statuses")
	if len(all) != len(statusRows) || len(active) != 1 {
		t.Errorf("%d statuses, %d active open ones", len(all), len(active))
	}
	kinds := map[any]bool{}
	for _, one := range f.get("/api/v2/ticket_fields?page[size]=100").must(t, 200).list(t, "ticket_fields") {
		kinds[one["type"]] = true
		f.get("/api/v2/ticket_fields/"+idOf(t, one)).must(t, 200)
	}
	for _, kind := range []string{"text", "textarea", "tagger", "multiselect", "checkbox", "date", "integer", "decimal", "regexp", "lookup", "custom_status"} {
		if !kinds[kind] {
			t.Errorf("no field is a %s", kind)
		}
	}
	if forms := f.get("/api/v2/ticket_forms?active=true").must(t, 200).list(t, "ticket_forms"); len(forms) != 3 {
		t.Errorf("%d active forms", len(forms))
	}
	groups := f.get("/api/v2/groups?page[size]=10").must(t, 200).list(t, "groups")
	if len(groups) != len(groupNames) {
		t.Errorf("%d groups", len(groups))
	}
	for _, one := range groups {
		f.get("/api/v2/groups/"+idOf(t, one)).must(t, 200)
		if len(f.get("/api/v2/groups/"+idOf(t, one)+"/users").must(t, 200).list(t, "users")) == 0 {
			t.Errorf("nobody is in %v", one["name"])
		}
	}
	f.get("/api/v2/groups/1").must(t, 404)
	f.get("/api/v2/groups/assignable").must(t, 200)
	f.get("/api/v2/groups/count").must(t, 200)
	f.get("/api/v2/ticket_forms/"+idText(formID(1))).must(t, 200)
	f.get("/api/v2/custom_statuses/"+idText(statusID(1))).must(t, 200)
}
