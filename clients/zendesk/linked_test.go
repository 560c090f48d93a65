package zendesk

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRecordsWithASalesforceIDAreCounted(t *testing.T) {
	const first = "page%5Bsize%5D=100&role=end-user"
	client, _ := newAccount(t, pages(t, map[string]string{
		first: `{"users":[{"external_id":"0035g00000Abcde"},{"external_id":"0035g00000AbcdeAAA"},{"external_id":null},{"external_id":"003"}],
			"meta":{"has_more":true,"after_cursor":"x"},"links":{"next":"n"}}`,
		"page%5Bafter%5D=x&" + first: `{"users":[{"external_id":"00Q5g00000AbcdeAAA"},{"external_id":"42"}],"meta":{"has_more":false}}`,
	}))
	linked, err := client.LinkedUsers(t.Context())
	want := Linked{ByPrefix: map[string]int{ContactID: 2, LeadID: 1}, Looked: 6, Whole: true}
	if diff := cmp.Diff(want, linked); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
}

// Whoever has a hundred thousand organizations does not wait for them.
func TestACountEndsAfterTenPagesAndSaysSo(t *testing.T) {
	calls := 0
	client, _ := newAccount(t, func(w http.ResponseWriter, _ *http.Request) {
		calls++
		records := strings.Repeat(`{"external_id":"0015g00000AbcdeAAA"},`, 99) + `{}`
		fmt.Fprintf(w, `{"organizations":[%s],"meta":{"has_more":true,"after_cursor":"c%d"}}`, records, calls)
	})
	linked, err := client.LinkedOrganizations(t.Context())
	want := Linked{ByPrefix: map[string]int{AccountID: 990}, Looked: 1000}
	if diff := cmp.Diff(want, linked); err != nil || diff != "" || calls != 10 {
		t.Errorf("%d calls, %v\n%s", calls, err, diff)
	}
}

// What a webhook signs in with, and what its headers say, is not read.
func TestAWebhooksSecretsAreNotRead(t *testing.T) {
	client, _ := newAccount(t, pages(t, map[string]string{"page%5Bsize%5D=100": `{"webhooks":[{"id":"01A","name":"n","status":"active",
		"endpoint":"https://e.example","http_method":"POST","request_format":"json","subscriptions":["conditional_ticket_events"],
		"signing_secret":{"secret":"hush","algorithm":"SHA256"},"custom_headers":{"X-Key":"hush","Accept":"a"},
		"authentication":{"type":"basic_auth","data":{"username":"u","password":"hush"},"add_position":"header"}}],"meta":{"has_more":false}}`}))
	webhooks, err := client.Webhooks(t.Context())
	want := []Webhook{{
		ID: "01A", Name: "n", Status: "active", Endpoint: "https://e.example", HTTPMethod: "POST", RequestFormat: "json",
		Subscriptions: []string{"conditional_ticket_events"}, CustomHeaders: HeaderNames{"Accept", "X-Key"},
		Authentication: WebhookAuthentication{Type: "basic_auth", AddPosition: "header"},
	}}
	if diff := cmp.Diff(want, webhooks); err != nil || diff != "" || strings.Contains(fmt.Sprintf("%+v", webhooks), "hush") {
		t.Errorf("%v\n%s", err, diff)
	}
}
