package zendesk

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"zsf/clients/sandbox/seed"
)

func TestUsersAreTheSeedsContactsWithAnEmail(t *testing.T) {
	f := open(t, func(o *Options) { o.Seed = seed.New(2, 400, 10, "en", today) })
	s := f.account.seed
	owners := map[string]bool{}
	for n := range s.Contacts() {
		if email := s.Contact(n).Email; email != "" {
			owners[email] = true
		}
	}
	counted := int(f.get("/api/v2/users/count?role=end-user").must(t, 200).at(t, "count", "value").(float64))
	if counted != len(owners) {
		t.Errorf("%d end users for %d addresses", counted, len(owners))
	}
	if all := int(f.get("/api/v2/users/count").must(t, 200).at(t, "count", "value").(float64)); all != counted+len(staff)+1 { // and a light agent
		t.Errorf("%d users, %d of them end users", all, counted)
	}
	seen := map[string]bool{}
	for _, u := range f.get("/api/v2/users?per_page=100&role=end-user").list(t, "users") {
		email := u["email"].(string)
		if !owners[email] || seen[email] || u["role"] != "end-user" || u["active"] != true {
			t.Errorf("%v", u)
		}
		seen[email] = true
	}
}

func TestSearchUsers(t *testing.T) {
	f := open(t)
	var linked map[string]any
	for _, u := range f.get("/api/v2/users?page[size]=100&role=end-user").list(t, "users") {
		if u["external_id"] != nil {
			linked = u
			break
		}
	}
	email := linked["email"].(string)
	for _, query := range []string{
		"external_id=" + linked["external_id"].(string), "external_id=" + strings.ToLower(linked["external_id"].(string)),
		"query=" + urlEscape(email), "query=" + urlEscape("email:"+email), "query=" + urlEscape(`email:"`+strings.ToUpper(email)+`"`), "query=" + urlEscape(linked["name"].(string)),
	} {
		if got := f.get("/api/v2/users/search.json?"+query).must(t, 200); got.at(t, "count") != 1.0 || idOf(t, got.at(t, "users", 0)) != idOf(t, linked) {
			t.Errorf("%s: %s", query, got.body)
		}
	}
	if got := f.get("/api/v2/users/search?query=nobody@nowhere.example").must(t, 200); got.body != `{"users":[],"next_page":null,"previous_page":null,"count":0}` {
		t.Error(got.body)
	}
	f.get("/api/v2/users/search").must(t, 400)
	ids := idOf(t, linked) + "," + fmt.Sprint(staffID(owner))
	if got := f.get("/api/v2/users/show_many?ids="+ids).must(t, 200); len(got.list(t, "users")) != 2 {
		t.Error(got.body)
	}
	if got := f.get("/api/v2/users/show_many?external_ids="+linked["external_id"].(string)).must(t, 200); len(got.list(t, "users")) != 1 {
		t.Error(got.body)
	}
}

func TestCreateAndUpdateUser(t *testing.T) {
	f := open(t)
	f.token = f.tokenWith("read write")
	organization, _, _ := f.anOrganization()
	made := f.call("POST", "/api/v2/users", `{"user":{"name":"Nora Ødegård","email":"Nora@new.example","external_id":"x-9","organization_id":`+organization+`}}`).must(t, 201)
	id := idOf(t, made.at(t, "user"))
	if fmt.Sprintf("%.0f", made.at(t, "user", "organization_id")) != organization || made.at(t, "user", "role") != "end-user" {
		t.Error(made.body)
	}
	if got := f.get("/api/v2/organizations/"+organization+"/users").must(t, 200); !strings.Contains(got.body, "Ødegård") {
		t.Errorf("not in the organization: %s", got.body)
	}
	changed := f.call("PUT", "/api/v2/users/"+id, `{"user":{"phone":"+47 555 01 23","organization_id":null,"tags":["a"]}}`).must(t, 200)
	if changed.at(t, "user", "organization_id") != nil || changed.at(t, "user", "phone") != "+47 555 01 23" || changed.at(t, "user", "name") != "Nora Ødegård" {
		t.Error(changed.body)
	}
	for body, want := range map[string]string{
		`{"user":{"email":"a@b.example"}}`:                       `"Name: cannot be blank"`,
		`{"user":{"name":"N","email":"NORA@NEW.EXAMPLE"}}`:       `{"email":[{"description":"Email: NORA@NEW.EXAMPLE is already being used by another user","error":"DuplicateValue"}]}`,
		`{"user":{"name":"N","email":"nora"}}`:                   `is not properly formatted`,
		`{"user":{"name":"N","external_id":"X-9"}}`:              `"error":"DuplicateValue"`,
		`{"user":{"name":"N","role":"king"}}`:                    `"Role: is invalid"`,
		`{"user":{"name":"N","organization_id":21000000000001}}`: `"Organization: is invalid"`,
	} {
		if got := f.call("POST", "/api/v2/users", body); got.status != 422 || !strings.Contains(got.body, want) {
			t.Errorf("%s: %d %s", body, got.status, got.body)
		}
	}
	promoted := f.call("PUT", "/api/v2/users/"+id, `{"user":{"role":"admin"}}`).must(t, 200)
	if promoted.at(t, "user", "role_type") != 4.0 {
		t.Error(promoted.body)
	}
}

func TestMemberships(t *testing.T) {
	f := open(t)
	organization, _, _ := f.anOrganization()
	other := idOf(t, f.call("POST", "/api/v2/organizations", `{"organization":{"name":"Aardvark"}}`).must(t, 201).at(t, "organization"))
	members := f.get("/api/v2/organizations/"+organization+"/organization_memberships").must(t, 200).list(t, "organization_memberships")
	if len(members) == 0 {
		t.Fatal("the first organization has no users with this seed")
	}
	user := fmt.Sprintf("%.0f", members[0]["user_id"])
	joined := f.call("POST", "/api/v2/organization_memberships.json", `{"organization_membership":{"user_id":`+user+`,"organization_id":`+other+`}}`).must(t, 201)
	if joined.at(t, "organization_membership", "default") != false || joined.at(t, "organization_membership", "organization_name") != "Aardvark" {
		t.Error(joined.body)
	}
	f.call("POST", "/api/v2/organization_memberships", `{"organization_membership":{"user_id":`+user+`,"organization_id":`+other+`}}`).must(t, 422)
	f.call("POST", "/api/v2/organization_memberships", `{"organization_membership":{"user_id":1,"organization_id":2}}`).must(t, 422)
	mine := f.get("/api/v2/users/"+user+"/organization_memberships").must(t, 200).list(t, "organization_memberships")
	if len(mine) != 2 || mine[0]["default"] != true || mine[1]["organization_name"] != "Aardvark" {
		t.Errorf("%v", mine)
	}
	f.get("/api/v2/organization_memberships/"+idOf(t, mine[1])).must(t, 200)
	f.call(http.MethodDelete, "/api/v2/organization_memberships/"+idOf(t, mine[0]), nil).must(t, 204)
	if got := f.get("/api/v2/users/"+user).must(t, 200); fmt.Sprintf("%.0f", got.at(t, "user", "organization_id")) != other {
		t.Errorf("the other membership is not the default now: %s", got.body)
	}
	f.call(http.MethodDelete, "/api/v2/organizations/"+other, nil).must(t, 204)
	if got := f.get("/api/v2/users/"+user).must(t, 200); got.at(t, "user", "organization_id") != nil {
		t.Errorf("still in a deleted organization: %s", got.body)
	}
	f.get("/api/v2/organization_memberships/"+idOf(t, mine[1])).must(t, 404)
	f.call(http.MethodDelete, "/api/v2/organizations/"+organization, nil).must(t, 204)
	for _, m := range members[1:] {
		f.get("/api/v2/organization_memberships/"+idOf(t, m)).must(t, 404)
	}
}
