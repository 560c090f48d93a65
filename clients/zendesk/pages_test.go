package zendesk

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"zsf/clients/transport"
)

// pages answers by the query of a call.
func pages(t *testing.T, bodies map[string]string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, ok := bodies[r.URL.RawQuery]
		if !ok {
			t.Errorf("asked for %s", r.URL.RequestURI())
			w.WriteHeader(http.StatusBadRequest)
		}
		fmt.Fprint(w, body)
	}
}

func titles(triggers []Trigger) []string {
	var all []string
	for _, trigger := range triggers {
		all = append(all, trigger.Title)
	}
	return all
}

func TestListsAreReadToTheirEnd(t *testing.T) {
	const first = "page%5Bsize%5D=100"
	tests := map[string]map[string]string{
		"by cursor": {
			first: `{"triggers":[{"id":1,"title":"a"},{"id":2,"title":"b"}],"meta":{"has_more":true,"after_cursor":"x+/=","before_cursor":"y"},
				"links":{"next":"https://old-name.zendesk.com/api/v2/triggers.json?page%5Bafter%5D=other"}}`,
			"page%5Bafter%5D=x%2B%2F%3D&" + first: `{"triggers":[{"id":3,"title":"c"}],"meta":{"has_more":false,"after_cursor":null,"before_cursor":null},"links":{"next":null,"prev":"p"}}`,
		},
		"by a link without a cursor": {
			first:                                 `{"triggers":[{"id":1,"title":"a"},{"id":2,"title":"b"}],"meta":{"has_more":true},"links":{"next":"https://old.zendesk.com/api/v2/triggers?page%5Bafter%5D=n&page%5Bsize%5D=100"}}`,
			"page%5Bafter%5D=n&" + first:          `{"triggers":[{"id":3,"title":"c"}],"meta":{"has_more":false}}`,
			"page%5Bafter%5D=x%2B%2F%3D&" + first: ``,
		},
		"by offset": {
			first:    `{"triggers":[{"id":1,"title":"a"},{"id":2,"title":"b"}],"next_page":"https://old.zendesk.com/api/v2/triggers.json?page=2","previous_page":null,"count":3}`,
			"page=2": `{"triggers":[{"id":3,"title":"c"}],"next_page":null,"count":3}`,
		},
		"in one piece": {first: `{"triggers":[{"id":1,"title":"a"},{"id":2,"title":"b"},{"id":3,"title":"c"}]}`},
	}
	for name, bodies := range tests {
		t.Run(name, func(t *testing.T) {
			client, _ := newAccount(t, pages(t, bodies))
			triggers, err := client.Triggers(t.Context())
			if diff := cmp.Diff([]string{"a", "b", "c"}, titles(triggers)); err != nil || diff != "" {
				t.Errorf("%v\n%s", err, diff)
			}
		})
	}
}

func TestListsOfAnotherShape(t *testing.T) {
	for _, body := range []string{
		`{}`, `{"triggers":null}`, `{"triggers":{}}`, `{"triggers":[{"id":"x"}]}`, `[]`, `null`, `<html>`, ``, `{"triggers":[`,
		`{"triggers":[],"meta":{"has_more":true}}`, `{"triggers":[],"meta":{"has_more":true,"after_cursor":"same"}}`,
		`{"triggers":[],"next_page":"::"}`, `{"triggers":[],"next_page":"https://acme.zendesk.com/api/v2/triggers?page%5Bsize%5D=100"}`,
	} {
		client, _ := newAccount(t, say(200, body))
		_, err := client.Triggers(t.Context())
		if failed := failureOf(t, err); failed.Kind != transport.Garbled {
			t.Errorf("%s: %+v", body, failed)
		}
	}
}

func TestAListThatFailsOnItsSecondPageFails(t *testing.T) {
	client, _ := newAccount(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("page[after]") != "" {
			say(403, `{"error":"Forbidden","description":"You are missing the following required scopes: read"}`)(w, r)
			return
		}
		fmt.Fprint(w, `{"triggers":[{"id":1}],"meta":{"has_more":true,"after_cursor":"n"}}`)
	})
	triggers, err := client.Triggers(t.Context())
	if failureOf(t, err).Kind != transport.Forbidden || triggers != nil {
		t.Errorf("%v %v", triggers, err)
	}
}

func TestWebhooks(t *testing.T) {
	client, asked := newAccount(t, say(200, `{"webhooks":[{"id":"01GWX","name":"(Salesforce Integration) Sync tickets to Salesforce",
		"status":"active","subscriptions":[],"created_at":"2026-01-02T03:04:05Z","created_by":"-1","endpoint":"https://x.example/in",
		"http_method":"POST","request_format":"json","updated_at":"2026-01-02T03:04:05Z","authentication":{"type":"bearer_token"}},
		{"id":"01GWY","name":"b","status":"inactive"}],"meta":{"has_more":false,"after_cursor":"c","before_cursor":"d"},"links":{"next":null}}`))
	webhooks, err := client.Webhooks(t.Context())
	if err != nil || len(webhooks) != 2 || webhooks[0].ID != "01GWX" || webhooks[0].Endpoint != "https://x.example/in" || webhooks[1].Status != "inactive" {
		t.Errorf("%+v %v", webhooks, err)
	}
	if (*asked)[0] != "GET /api/v2/webhooks?page%5Bsize%5D=100" {
		t.Error(*asked)
	}
}
