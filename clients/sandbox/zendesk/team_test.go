package zendesk

import (
	"fmt"
	"net/http"
	"testing"
)

func TestWhoCanBeGivenTicketsInWhichGroup(t *testing.T) {
	f := open(t)
	members := f.get("/api/v2/group_memberships/assignable?page[size]=100").must(t, 200).list(t, "group_memberships")
	agents := map[any]bool{}
	for _, one := range f.get("/api/v2/users?role[]=agent&role[]=admin").must(t, 200).list(t, "users") {
		agents[one["id"]] = true
	}
	groups := map[any]int{}
	for _, one := range members {
		if groups[one["group_id"]]++; !agents[one["user_id"]] {
			t.Errorf("%v is no agent", one)
		}
	}
	if len(groups) != len(groupNames) {
		t.Errorf("groups %v", groups)
	}
}

func TestTheOrganizationsOfAUser(t *testing.T) {
	f := open(t)
	got := f.get(fmt.Sprintf("/api/v2/users/%d/organizations?page[size]=100", f.account.memberships.several)).must(t, 200)
	if all := got.list(t, "organizations"); len(all) != 3 {
		t.Errorf("in %d organizations", len(all))
	}
	f.get("/api/v2/users/1/organizations").must(t, 404)
}

func TestALightAgentWritesNotesOnly(t *testing.T) {
	f := open(t)
	path := f.made(nil)
	if err := f.account.Apply(Change{Role: "light-agent"}); err != nil {
		t.Fatal(err)
	}
	me := f.get("/api/v2/users/me").must(t, 200)
	if me.at(t, "user", "role_type") != 1.0 || me.at(t, "user", "only_private_comments") != true || me.at(t, "user", "role") != "agent" {
		t.Errorf("%s", me.body)
	}
	say := func(public bool) map[string]any {
		return map[string]any{"comment": map[string]any{"body": "seen", "public": public}}
	}
	f.call(http.MethodPut, path, update(say(false))).must(t, 200)
	f.call(http.MethodPut, path, update(say(true))).must(t, 403)
	f.call(http.MethodPut, path, update(map[string]any{"priority": "high"})).must(t, 403)
	f.call(http.MethodPost, "/api/v2/tickets", update(say(true))).must(t, 403)
	f.call(http.MethodPost, "/api/v2/tickets", update(say(false))).must(t, 201)
	if all := f.get(path+"/comments").list(t, "comments"); len(all) != 2 {
		t.Errorf("%d comments", len(all))
	}
	if err := f.account.Apply(Change{Role: "admin"}); err != nil {
		t.Fatal(err)
	}
	light := int64(0)
	for _, u := range f.get("/api/v2/users?role[]=agent").list(t, "users") {
		if u["only_private_comments"] == true {
			light = int64(u["id"].(float64))
		}
	}
	if light == 0 {
		t.Fatal("no light agent in the team")
	}
	f.call(http.MethodPut, path, update(map[string]any{"assignee_id": light})).must(t, 422)
}
