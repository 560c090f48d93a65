package zendesk

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// anOrganization is one of the seed's that is linked to an account.
func (f *fixture) anOrganization() (id, external, name string) {
	f.t.Helper()
	for _, o := range f.get("/api/v2/organizations?page[size]=100").list(f.t, "organizations") {
		if external, linked := o["external_id"].(string); linked {
			return idOf(f.t, o), external, o["name"].(string)
		}
	}
	f.t.Fatal("no linked organization")
	return "", "", ""
}

func TestOrganizationsAreTheSeedsAccounts(t *testing.T) {
	f := open(t)
	found := map[string]bool{}
	for _, o := range f.get("/api/v2/organizations?page[size]=100").list(t, "organizations") {
		external, _ := o["external_id"].(string)
		found[o["name"].(string)] = external != ""
		if id := idOf(t, o); len(id) != 14 {
			t.Errorf("id %s", id)
		}
	}
	s := f.account.seed
	for n := range s.Accounts() {
		account := s.Account(n)
		linked, exists := found[account.Name]
		if exists != (account.Linked || account.Named) && !clashes(f, n) || exists && linked != account.Linked && !clashes(f, n) {
			t.Errorf("account %+v: organization %v, linked %v", account, exists, linked)
		}
	}
}

func clashes(f *fixture, n int) bool {
	name := strings.ToLower(f.account.seed.Account(n).Name)
	for other := range f.account.seed.Accounts() {
		if other != n && strings.ToLower(f.account.seed.Account(other).Name) == name {
			return true
		}
	}
	return false
}

func TestOrganizationLifecycle(t *testing.T) {
	f := open(t)
	made := f.call("POST", "/api/v2/organizations.json", `{"organization":{"name":"  Ünïcode <&> 株式会社 👩‍💻 ","external_id":"001Zz000001AbCdEAB","domain_names":["a.example"],"tags":["vip"],"organization_fields":{"tier":"gold","seats":5},"unknown":1}}`).must(t, 201)
	id := idOf(t, made.at(t, "organization"))
	url := f.server.URL + "/api/v2/organizations/" + id + ".json"
	if made.header.Get("Location") != url || made.at(t, "organization", "url") != url || made.at(t, "organization", "name") != "Ünïcode <&> 株式会社 👩‍💻" {
		t.Errorf("created %s at %s", made.body, made.header.Get("Location"))
	}
	if warned := made.header.Get("X-Zendesk-Api-Warn"); warned != `{:allowed_parameters=>{:controller=>"organizations", :action=>"create", :unpermitted_keys=>["organization.unknown"], :invalid_values=>[]}}` {
		t.Error(warned)
	}
	if !strings.Contains(made.body, "<&>") {
		t.Errorf("%s has its signs escaped", made.body)
	}
	*f.clock = today.Add(time.Hour)
	changed := f.call("PUT", "/api/v2/organizations/"+id, `{"organization":{"domain_names":["b.example"],"notes":"moved"}}`).must(t, 200)
	if got := changed.at(t, "organization", "domain_names"); len(got.([]any)) != 1 || got.([]any)[0] != "b.example" {
		t.Errorf("domain_names were not overwritten: %v", got)
	}
	if changed.at(t, "organization", "external_id") != "001Zz000001AbCdEAB" || changed.at(t, "organization", "updated_at") != "2026-11-23T10:30:00Z" || changed.at(t, "organization", "created_at") != "2026-11-23T09:30:00Z" {
		t.Error(changed.body)
	}
	for _, path := range []string{
		"search?external_id=001ZZ000001ABCDEAB", "search?name=%C3%9CN%C3%8FCODE+%3C%26%3E+%E6%A0%AA%E5%BC%8F%E4%BC%9A%E7%A4%BE+%F0%9F%91%A9%E2%80%8D%F0%9F%92%BB",
		"show_many?ids=" + id + ",5", "show_many.json?external_ids=nobody,001zz000001abcdeab", "autocomplete?name=%C3%BCn%C3%AF",
	} {
		if got := f.get("/api/v2/organizations/"+path).must(t, 200); got.at(t, "count") != 1.0 || idOf(t, got.at(t, "organizations", 0)) != id {
			t.Errorf("%s: %s", path, got.body)
		}
	}
	f.call("DELETE", "/api/v2/organizations/"+id, nil).must(t, 204)
	f.get("/api/v2/organizations/"+id).must(t, 404)
	if got := f.get("/api/v2/organizations/search?external_id=001Zz000001AbCdEAB").must(t, 200); got.at(t, "count") != 0.0 {
		t.Errorf("still found: %s", got.body)
	}
}

func TestSeededOrganizationIsFoundAndChanged(t *testing.T) {
	f := open(t)
	id, external, name := f.anOrganization()
	for _, spelt := range []string{external, strings.ToUpper(external), strings.ToLower(external)} {
		if got := f.get("/api/v2/organizations/show_many?external_ids="+spelt).must(t, 200); idOf(t, got.at(t, "organizations", 0)) != id {
			t.Errorf("%s: %s", spelt, got.body)
		}
	}
	if got := f.get("/api/v2/organizations/search?external_id="+external[:15]).must(t, 200); got.at(t, "count") != 0.0 {
		t.Errorf("the 15-character id is another text, and found %s", got.body)
	}
	f.call("PUT", "/api/v2/organizations/"+id, object{{"organization", object{{"external_id", nil}, {"name", name + " 2"}}}}).must(t, 200)
	if got := f.get("/api/v2/organizations/search?external_id="+external).must(t, 200); got.at(t, "count") != 0.0 {
		t.Errorf("still linked: %s", got.body)
	}
	if got := f.get("/api/v2/organizations/search?name="+urlEscape(name)).must(t, 200); got.at(t, "count") != 0.0 {
		t.Errorf("still found by its old name: %s", got.body)
	}
	f.call("POST", "/api/v2/organizations", object{{"organization", object{{"name", name}, {"external_id", external}}}}).must(t, 201)
}

func TestOrganizationsThatAreInvalid(t *testing.T) {
	f := open(t)
	_, external, name := f.anOrganization()
	for _, test := range []struct {
		name    string
		body    any
		status  int
		details string
	}{
		{"blank name", `{"organization":{"name":" "}}`, 422, `{"name":[{"description":"Name: cannot be blank","error":"BlankValue"}]}`},
		{"no name", `{"organization":{}}`, 422, `{"name":[{"description":"Name: cannot be blank","error":"BlankValue"}]}`},
		{"taken name", object{{"organization", object{{"name", strings.ToUpper(name)}}}}, 422, `has already been taken","error":"DuplicateValue"}]}`},
		{"taken external id", object{{"organization", object{{"name", "Other"}, {"external_id", strings.ToLower(external)}}}}, 422, `{"external_id":[{"description":"External: ` + strings.ToLower(external) + ` has already been taken","error":"DuplicateValue"}]}`},
		{"a name that is no text", `{"organization":{"name":{"a":1}}}`, 422, `"Name: is invalid"`},
		{"a long name", object{{"organization", object{{"name", strings.Repeat("é", 256)}}}}, 422, `"Name: is too long (maximum is 255 characters)"`},
		{"no organization", `{"name":"New"}`, 400, "Required parameter missing: organization"},
		{"not JSON", `{"organization":`, 400, "Unable to parse the request body"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := f.call("POST", "/api/v2/organizations", test.body).must(t, test.status)
			if !strings.Contains(got.body, test.details) {
				t.Errorf("%s does not contain %s", got.body, test.details)
			}
			if start := `{"error":"RecordInvalid","description":"Record validation errors","details":{`; test.status == 422 && !strings.HasPrefix(got.body, start) {
				t.Errorf("%s does not start with %s", got.body, start)
			}
			if text := got.header.Get("Content-Type"); test.status == 400 && text != "text/plain; charset=utf-8" {
				t.Errorf("sent as %s", text)
			}
		})
	}
}

func TestCreateOrUpdateNeverMatchesByName(t *testing.T) {
	f := open(t)
	const path = "/api/v2/organizations/create_or_update"
	first := f.call("POST", path, `{"organization":{"name":"Lorem Ipsum","external_id":"a-1"}}`).must(t, 201)
	again := f.call("POST", path, `{"organization":{"name":"Lorem Ipsum","external_id":"A-1","notes":"x"}}`).must(t, 200)
	if idOf(t, first.at(t, "organization")) != idOf(t, again.at(t, "organization")) {
		t.Error("another organization was updated")
	}
	f.call("POST", path, `{"organization":{"name":"lorem ipsum"}}`).must(t, 422)
	f.call("POST", path, `{"organization":{"id":7,"name":"lorem ipsum"}}`).must(t, 404)
	f.call("POST", path, `{"organization":{"id":`+idOf(t, first.at(t, "organization"))+`,"name":"Dolor"}}`).must(t, 200)
}

func TestShowManyLimits(t *testing.T) {
	f := open(t)
	hundredAndOne := strings.Repeat("1,", 100) + "1"
	got := f.get("/api/v2/organizations/show_many?ids="+hundredAndOne).must(t, 400)
	if got.body != `{"error":"TooManyValues","description":"Parameter  cannot specify more than 100 values","max_count":100}` {
		t.Error(got.body)
	}
	if got := f.get("/api/v2/organizations/show_many").must(t, 400); got.body != "Required parameter missing: ids" {
		t.Error(got.body)
	}
	f.get("/api/v2/organizations/search").must(t, 400)
	f.get("/api/v2/organizations/autocomplete").must(t, 400)
}

func TestAnOrganizationMayBeUpdatedFiveTimesAMinute(t *testing.T) {
	f := open(t)
	id, _, _ := f.anOrganization()
	for range perOrganization {
		f.call("PUT", "/api/v2/organizations/"+id, `{"organization":{"notes":"x"}}`).must(t, 200)
	}
	got := f.call("PUT", "/api/v2/organizations/"+id, `{"organization":{"notes":"x"}}`).must(t, 429)
	if got.body != `{"errors":[{"code":"TooManyRequests","title":"Too many requests to update"}]}` {
		t.Error(got.body)
	}
	*f.clock = f.clock.Add(time.Minute)
	f.call("PUT", "/api/v2/organizations/"+id, `{"organization":{"notes":"x"}}`).must(t, 200)
}

func TestCountOrganizations(t *testing.T) {
	f := open(t)
	before := f.get("/api/v2/organizations/count").must(t, 200).at(t, "count", "value").(float64)
	listed := f.get("/api/v2/organizations?page[size]=100").list(t, "organizations")
	if int(before) != len(listed) {
		t.Errorf("%v counted, %d listed", before, len(listed))
	}
	f.call(http.MethodPost, "/api/v2/organizations", `{"organization":{"name":"One more"}}`).must(t, 201)
	f.call(http.MethodDelete, "/api/v2/organizations/"+idOf(t, listed[0]), nil).must(t, 204)
	f.call(http.MethodDelete, "/api/v2/organizations/"+idOf(t, listed[1]), nil).must(t, 204)
	if after := f.get("/api/v2/organizations/count").must(t, 200).at(t, "count", "value").(float64); after != before-1 {
		t.Errorf("%v after %v", after, before)
	}
}
