package zendesk

import (
	"fmt"
	"strings"
	"testing"

	"zsf/clients/sandbox/seed"
)

// salesforce gives the integration's triggers and webhooks.
func (f *fixture) salesforce() (triggers, hooks []map[string]any) {
	f.t.Helper()
	for _, t := range f.get("/api/v2/triggers?page[size]=100").must(f.t, 200).list(f.t, "triggers") {
		if strings.HasPrefix(t["title"].(string), "(Salesforce Integration) ") {
			triggers = append(triggers, t)
		}
	}
	for _, h := range f.get("/api/v2/webhooks").must(f.t, 200).list(f.t, "webhooks") {
		if strings.HasPrefix(h["name"].(string), "(Salesforce Integration) ") {
			hooks = append(hooks, h)
		}
	}
	return triggers, hooks
}

func TestSetups(t *testing.T) {
	if len(OtherOrgID) != 18 || !strings.HasPrefix(OtherOrgID, "00D") || seed.WithChecksum(OtherOrgID[:15]) != OtherOrgID {
		t.Errorf("OtherOrgID is %q", OtherOrgID)
	}
	for _, test := range []struct {
		name           string
		setup          Setup
		triggers       int
		hooks          int
		active         int
		hooksActive    int
		connected, out string
	}{
		{name: "nothing", setup: Setup{}},
		{name: "connected without ticket sync", setup: Setup{ConnectedOrg: testOrg}},
		{name: "ready", setup: Ready(testOrg), triggers: 2, hooks: 1, active: 2, hooksActive: 1},
		{name: "triggers off", setup: Setup{TicketSync: true, ConnectedOrg: testOrg, TriggersOff: true}, triggers: 2, hooks: 1, active: 0, hooksActive: 1},
		{name: "webhook off", setup: Setup{TicketSync: true, ConnectedOrg: testOrg, WebhookOff: true}, triggers: 2, hooks: 1, active: 2, hooksActive: 0},
		{name: "other org", setup: Setup{TicketSync: true, ConnectedOrg: testOrg, OtherOrg: true}, triggers: 4, hooks: 2, active: 4, hooksActive: 2},
		{name: "Korean", setup: Setup{TicketSync: true, ConnectedOrg: testOrg, Language: "ko"}, triggers: 2, hooks: 1, active: 2, hooksActive: 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := open(t, func(o *Options) { o.Setup = test.setup })
			triggers, hooks := f.salesforce()
			active, hooksActive := 0, 0
			for _, one := range triggers {
				if one["active"] == true {
					active++
				}
			}
			byID := map[string]map[string]any{}
			for _, one := range hooks {
				if byID[one["id"].(string)] = one; one["status"] == "active" {
					hooksActive++
				}
			}
			if len(triggers) != test.triggers || len(hooks) != test.hooks || active != test.active || hooksActive != test.hooksActive {
				t.Errorf("%d triggers, %d active; %d webhooks, %d active", len(triggers), active, len(hooks), hooksActive)
			}
			for _, one := range triggers {
				org := strings.TrimSuffix(strings.TrimPrefix(one["title"].(string), "(Salesforce Integration) Sync tickets to Salesforce ("), ")")
				does := one["actions"].([]any)[0].(map[string]any)
				value := does["value"].([]any)
				hook := byID[value[0].(string)]
				if len(org) != 18 || does["field"] != "notification_webhook" || hook["name"] != one["title"] || value[1] != `{"ticket_id": {{ticket.id}}, "salesforce_org_id": "`+org+`"}` {
					t.Errorf("trigger %v with webhook %v", one, hook)
				}
			}
		})
	}
}

func TestOrdinaryTriggersAndWebhooks(t *testing.T) {
	f := open(t, func(o *Options) { o.Setup = Setup{} })
	all := f.get("/api/v2/triggers?page[size]=100").must(t, 200).list(t, "triggers")
	active := f.get("/api/v2/triggers/active").must(t, 200).list(t, "triggers")
	if len(all) != 20 || len(active) == 0 || len(active) >= len(all) {
		t.Errorf("%d triggers, %d active", len(all), len(active))
	}
	titles := map[string]bool{}
	for _, one := range all {
		titles[one["title"].(string)] = true
		if category, isText := one["category_id"].(string); !isText || len(category) != 14 || len(idOf(t, one)) != 14 {
			t.Errorf("%v", one)
		}
	}
	if len(titles) != 20 {
		t.Error("two titles are the same")
	}
	if hooks := f.get("/api/v2/webhooks").must(t, 200); len(hooks.list(t, "webhooks")) != 3 || !strings.HasPrefix(hooks.body, `{"meta":{"has_more":false},"webhooks":[{"id":"0`) {
		t.Error(hooks.body)
	}
}

func TestSearchTriggers(t *testing.T) {
	f := open(t)
	for query, want := range map[string]int{
		"query=salesforce": 2, "query=SYNC+tickets": 2, "query=salesforce&active=false": 0, "query=nothing+like+this": 0,
		`query=notify&filter=` + urlEscape(`{"json":{"active":true}}`): 6, `filter=` + urlEscape(`{"json":{"title":"VIP organizations get high priority"}}`): 1,
	} {
		if got := f.get("/api/v2/triggers/search.json?"+query).must(t, 200); int(got.at(t, "count").(float64)) != want {
			t.Errorf("%s: %v, want %d", query, got.at(t, "count"), want)
		}
	}
	f.get("/api/v2/triggers/search").must(t, 400)
	f.get("/api/v2/triggers/search?filter=%7B").must(t, 400)
}

func TestSortTriggers(t *testing.T) {
	f := open(t)
	byTitle := f.walk("/api/v2/triggers?page[size]=4&sort=alphabetical", "triggers")
	fallen := f.walk("/api/v2/triggers?page[size]=4&sort=-alphabetical", "triggers")
	if len(byTitle) != 22 || byTitle[0] != fallen[21] || byTitle[21] != fallen[0] {
		t.Errorf("%v and %v", byTitle, fallen)
	}
	newest := f.get("/api/v2/triggers?sort_by=created_at").must(t, 200).list(t, "triggers")
	if newest[0]["created_at"].(string) < newest[1]["created_at"].(string) {
		t.Errorf("%v before %v", newest[0], newest[1])
	}
	first := f.get("/api/v2/triggers").must(t, 200).list(t, "triggers")
	if first[0]["position"] != 1.0 || first[20]["position"] != 35.0 || first[21]["position"] != 36.0 {
		t.Errorf("positions %v, %v, %v", first[0]["position"], first[20]["position"], first[21]["position"])
	}
}

func TestUpdateManyTriggersHonoursThreeMembers(t *testing.T) {
	f := open(t, with(func(s *Setup) { s.TriggersOff = true }))
	before, _ := f.salesforce()
	category := f.get("/api/v2/trigger_categories").must(t, 200).at(t, "trigger_categories", 1, "id").(string)
	one, two := idOf(t, before[0]), idOf(t, before[1])
	got := f.call("PUT", "/api/v2/triggers/update_many.json", `{"triggers":[{"id":`+one+`,"active":true,"title":"X","actions":[],"conditions":{}},{"id":`+two+`,"position":3,"category_id":"`+category+`"}]}`).must(t, 200)
	if got.at(t, "count") != 2.0 || got.at(t, "triggers", 0, "active") != true || got.at(t, "triggers", 1, "active") != false || got.at(t, "triggers", 1, "position") != 3.0 {
		t.Error(got.body)
	}
	after := f.get("/api/v2/triggers/"+one).must(t, 200).at(t, "trigger").(map[string]any)
	for _, member := range []string{"title", "actions", "conditions", "position", "category_id", "created_at"} {
		if fmt.Sprint(after[member]) != fmt.Sprint(before[0][member]) {
			t.Errorf("%s became %v", member, after[member])
		}
	}
	f.call("PUT", "/api/v2/triggers/update_many", `{"triggers":[{"id":`+two+`,"active":true},{"id":5,"active":true}]}`).must(t, 404)
	if f.get("/api/v2/triggers/"+two).must(t, 200).at(t, "trigger", "active") != false {
		t.Error("a request that was refused changed something")
	}
	f.call("PUT", "/api/v2/triggers/update_many", `{}`).must(t, 400)
	f.call("PUT", "/api/v2/triggers/update_many", `[`).must(t, 400)
}

func TestUpdatingConditionsOrActionsReplacesBoth(t *testing.T) {
	f := open(t)
	before, _ := f.salesforce()
	path := "/api/v2/triggers/" + idOf(t, before[0])
	kept := f.call("PUT", path, `{"trigger":{"active":false}}`).must(t, 200)
	if len(kept.at(t, "trigger", "actions").([]any)) != 1 || len(kept.at(t, "trigger", "conditions", "any").([]any)) != 2 || kept.header.Get("Location") == "" {
		t.Error(kept.body)
	}
	got := f.call("PUT", path, `{"trigger":{"actions":[{"field":"status","value":"open"}]}}`).must(t, 200)
	if len(got.at(t, "trigger", "actions").([]any)) != 1 || len(got.at(t, "trigger", "conditions", "any").([]any)) != 0 {
		t.Errorf("conditions outlived an update of the actions: %s", got.body)
	}
	got = f.call("PUT", path, `{"trigger":{"conditions":{"all":[{"field":"status","operator":"is","value":"open"}]}}}`).must(t, 200)
	if len(got.at(t, "trigger", "actions").([]any)) != 0 || len(got.at(t, "trigger", "conditions", "all").([]any)) != 1 {
		t.Errorf("actions outlived an update of the conditions: %s", got.body)
	}
}

func TestCreateAndDeleteTrigger(t *testing.T) {
	f := open(t)
	made := f.call("POST", "/api/v2/triggers.json", `{"trigger":{"actions":[{"field":"status","value":"open"}],"title":"testTrigger100","all":[{"field":"status","operator":"less_than","value":"solved"}]}}`).must(t, 201)
	id := idOf(t, made.at(t, "trigger"))
	if made.at(t, "trigger", "description") != nil || made.at(t, "trigger", "active") != true || made.header.Get("Location") != f.server.URL+"/api/v2/triggers/"+id+".json" {
		t.Error(made.body)
	}
	f.call("DELETE", "/api/v2/triggers/"+id+".json", nil).must(t, 204)
	f.get("/api/v2/triggers/"+id).must(t, 404)
	for body, want := range map[string]string{
		`{"trigger":{"title":"x","conditions":{"all":[{"field":"status","operator":"is","value":"open"}]}}}`: `"Actions: cannot be blank"`,
		`{"trigger":{"title":"x","actions":[{"field":"status","value":"open"}]}}`:                            `"Conditions: cannot be blank"`,
		`{"trigger":{"actions":[{"field":"status","value":"open"}],"category_id":"7"}}`:                      `"Title: cannot be blank"`,
		`{"trigger":{"title":"x","category_id":"7"}}`:                                                        `"Category: is invalid"`,
	} {
		if got := f.call("POST", "/api/v2/triggers", body); got.status != 422 || !strings.Contains(got.body, want) {
			t.Errorf("%s: %d %s", body, got.status, got.body)
		}
	}
}

func TestChangeWebhook(t *testing.T) {
	f := open(t, with(func(s *Setup) { s.WebhookOff = true }))
	f.token = f.tokenWith("read write")
	_, hooks := f.salesforce()
	path := "/api/v2/webhooks/" + hooks[0]["id"].(string)
	if got := f.call("PATCH", path, `{"webhook":{"status":"active"}}`).must(t, 204); got.body != "" {
		t.Error(got.body)
	}
	after := f.get(path).must(t, 200)
	if after.at(t, "webhook", "status") != "active" || after.at(t, "webhook", "name") != hooks[0]["name"] || after.at(t, "webhook", "updated_by") != fmt.Sprint(staffID(signedIn)) {
		t.Error(after.body)
	}
	f.call("PUT", path, `{"webhook":{"status":"inactive"}}`).must(t, 400)
	f.call("PUT", path, `{"webhook":{"status":"inactive","name":"New","endpoint":"https://a.example","http_method":"GET","request_format":"json"}}`).must(t, 204)
	after = f.get(path).must(t, 200)
	if after.at(t, "webhook", "status") != "inactive" || after.at(t, "webhook", "authentication") != nil {
		t.Error(after.body)
	}
	for _, body := range []string{`{"webhook":{"status":"off"}}`, `{"webhook":{"name":""}}`, `{"webhook":{"http_method":"LOOK"}}`, `{"webhook":{"request_format":"csv"}}`, `{"webhook":{"status":5}}`, `{}`, `[`} {
		f.call("PATCH", path, body).must(t, 400)
	}
	f.get("/api/v2/webhooks/nothing").must(t, 404)
}

func TestListWebhooks(t *testing.T) {
	f := open(t)
	for query, want := range map[string]int{"": 4, "?filter[name_contains]=Salesforce": 1, "?filter[status]=inactive": 1, "?page[size]=2": 2, "?sort=name": 4} {
		if got := f.get("/api/v2/webhooks"+query).must(t, 200); len(got.list(t, "webhooks")) != want {
			t.Errorf("%s: %s", query, got.body)
		}
	}
	first := f.get("/api/v2/webhooks?page[size]=3").must(t, 200)
	second := f.get(strings.TrimPrefix(first.at(t, "links", "next").(string), f.server.URL)).must(t, 200)
	back := f.get(strings.TrimPrefix(second.at(t, "links", "prev").(string), f.server.URL)).must(t, 200)
	if len(second.list(t, "webhooks")) != 1 || second.at(t, "meta", "has_more") != false || fmt.Sprint(back.list(t, "webhooks")) != fmt.Sprint(first.list(t, "webhooks")) {
		t.Errorf("%s then %s", second.body, back.body)
	}
	f.get("/api/v2/webhooks?page[size]=x").must(t, 400)
}

func TestKoreanNames(t *testing.T) {
	f := open(t, with(func(s *Setup) { s.Language = "ko" }))
	for path, want := range map[string]string{"/api/v2/users/me": "김미나", "/api/v2/triggers": "긴급: 당직 관리자 호출", "/api/v2/trigger_categories": "연동"} {
		if got := f.get(path).must(t, 200); !strings.Contains(got.body, want) {
			t.Errorf("%s: %s", path, got.body)
		}
	}
}
