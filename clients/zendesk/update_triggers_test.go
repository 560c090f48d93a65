package zendesk

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zsf/clients/sandbox"
	"zsf/clients/transport"
)

func inSandbox(t *testing.T, scenario string) *Client {
	t.Helper()
	served, err := sandbox.Start(context.Background(), sandbox.Options{Scenario: scenario, Accounts: 5, Tickets: 5})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := served.Close(); err != nil {
			t.Error(err)
		}
	})
	info := served.Info().Zendesk
	client, err := New(info.URL, info.AccessToken, transport.Config{
		Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func TestTriggersAreSwitchedOnAndOffAndNothingElse(t *testing.T) {
	client := inSandbox(t, "triggers-off")
	before, err := client.Triggers(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var changes []TriggerActive
	for _, trigger := range before {
		if strings.HasPrefix(trigger.Title, "(Salesforce Integration)") {
			changes = append(changes, TriggerActive{ID: trigger.ID, Active: !trigger.Active})
		}
	}
	if len(changes) == 0 {
		t.Fatal("no trigger of the integration")
	}
	updated, err := client.UpdateTriggers(t.Context(), changes)
	if err != nil || len(updated) != len(changes) {
		t.Fatalf("%+v %v", updated, err)
	}
	after, err := client.Triggers(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := before
	for i := range want {
		for _, change := range changes {
			if want[i].ID == change.ID {
				want[i].Active = change.Active
			}
		}
		for _, trigger := range after {
			if trigger.ID == want[i].ID {
				want[i].UpdatedAt = trigger.UpdatedAt // the one other thing that may move
			}
		}
	}
	if diff := cmp.Diff(want, after); diff != "" {
		t.Error(diff)
	}
}

func TestWhoMayNotSwitchTriggersIsTold(t *testing.T) {
	client := inSandbox(t, "not-zendesk-admin")
	_, err := client.UpdateTriggers(t.Context(), []TriggerActive{{ID: 1, Active: true}})
	if failed := failureOf(t, err); failed.Kind != transport.Forbidden {
		t.Errorf("%+v", failed)
	}
	_, err = inSandbox(t, "ready").UpdateTriggers(t.Context(), []TriggerActive{{ID: 1, Active: true}})
	if failed := failureOf(t, err); failed.Kind != transport.NotFound {
		t.Errorf("%+v", failed)
	}
}

func TestWhatAnUpdateSendsAndReadsBack(t *testing.T) {
	answer, sent := "", []string{}
	client, asked := newAccount(t, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		sent = append(sent, string(body))
		say(200, answer)(w, r)
	})
	tests := []struct {
		answer string
		kind   transport.Kind
		given  int
	}{
		{`{"triggers":[{"id":2,"active":false},{"id":3,"active":true},{"id":1,"active":true}]}`, "", 2},
		{`{"triggers":[{"id":1,"active":true}]}`, transport.Garbled, 1},
		{`{"triggers":[{"id":1,"active":true},{"id":2,"active":true}]}`, transport.Rejected, 1},
		{`{"triggers":null}`, transport.Garbled, 0},
		{`{"job_status":{"id":"x"}}`, transport.Garbled, 0},
		{`[]`, transport.Garbled, 0},
	}
	for _, test := range tests {
		answer = test.answer
		updated, err := client.UpdateTriggers(t.Context(), []TriggerActive{{1, true}, {2, false}})
		if transport.KindOf(err) != test.kind || len(updated) != test.given || (test.kind == "") != (err == nil) {
			t.Errorf("%s: %+v %v", test.answer, updated, err)
		}
	}
	if (*asked)[0] != "PUT /api/v2/triggers/update_many.json" || sent[0] != `{"triggers":[{"id":1,"active":true},{"id":2,"active":false}]}` {
		t.Error((*asked)[0], sent[0])
	}
	if updated, err := client.UpdateTriggers(t.Context(), nil); err != nil || updated != nil || len(*asked) != len(tests) {
		t.Errorf("%v %v", updated, err)
	}
}

func TestManyTriggersGoInSeveralCalls(t *testing.T) {
	client, asked := newAccount(t, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		var sent struct {
			Triggers []TriggerActive `json:"triggers"`
		}
		if err != nil || json.Unmarshal(body, &sent) != nil || len(sent.Triggers) > 100 {
			t.Errorf("%d %v", len(sent.Triggers), err)
		}
		say(200, string(body))(w, r)
	})
	changes := make([]TriggerActive, 230)
	for i := range changes {
		changes[i] = TriggerActive{ID: int64(i + 1), Active: true}
	}
	updated, err := client.UpdateTriggers(t.Context(), changes)
	if err != nil || len(updated) != 230 || len(*asked) != 3 {
		t.Errorf("%d %v %v", len(updated), *asked, err)
	}
}
