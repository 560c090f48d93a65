package sandbox_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"zsf/clients/sandbox"
)

func start(t *testing.T, options sandbox.Options) *sandbox.Sandbox {
	t.Helper()
	if options.Accounts == 0 {
		options.Accounts, options.Tickets = 10, 10
	}
	served, err := sandbox.Start(context.Background(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := served.Close(); err != nil {
			t.Error(err)
		}
	})
	return served
}

// An answer is what came back, or the error of the connection.
type answer struct {
	status int
	header http.Header
	body   []byte
	err    error
}

func call(t *testing.T, method, address, token string, body any) answer {
	t.Helper()
	var content io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		content = bytes.NewReader(text)
	}
	request, err := http.NewRequestWithContext(context.Background(), method, address, content)
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	// A connection that was kept alive would be opened anew by the transport itself when it is reset.
	response, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(request)
	if err != nil {
		return answer{err: err}
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	return answer{status: response.StatusCode, header: response.Header, body: text, err: err}
}

func TestBothServicesAnswerToTheTokensThatInfoGives(t *testing.T) {
	info := start(t, sandbox.Options{Scenario: "ready"}).Info()
	for address, token := range map[string]string{
		info.Salesforce.InstanceURL + "/services/oauth2/userinfo": info.Salesforce.AccessToken,
		info.Zendesk.URL + "/api/v2/users/me.json":                info.Zendesk.AccessToken,
	} {
		if got := call(t, http.MethodGet, address, token, nil); got.status != http.StatusOK {
			t.Errorf("%s answers %d %s %v", address, got.status, got.body, got.err)
		}
	}
}

func TestTokensStayTheSameOverScenariosAndResets(t *testing.T) {
	served := start(t, sandbox.Options{})
	before := served.Info()
	for _, scenario := range sandbox.Scenarios() {
		if err := served.SetScenario(scenario.Name); err != nil {
			t.Fatal(err)
		}
		if after := served.Info(); after.Salesforce.AccessToken != before.Salesforce.AccessToken || after.Zendesk != before.Zendesk {
			t.Errorf("%s has other tokens: %+v", scenario.Name, after)
		}
	}
	served.Reset()
	if got := served.Info().Zendesk; got != before.Zendesk {
		t.Errorf("after a reset: %+v", got)
	}
}

func TestControlListsRequestsAndSwitchesScenarios(t *testing.T) {
	served := start(t, sandbox.Options{Scenario: "ready"})
	info := served.Info()
	call(t, http.MethodGet, info.Zendesk.URL+"/api/v2/users/me", info.Zendesk.AccessToken, nil)

	var requests []sandbox.Request
	if err := json.Unmarshal(call(t, http.MethodGet, info.ControlURL+"/requests", "", nil).body, &requests); err != nil {
		t.Fatal(err)
	}
	if len(requests) != 1 || requests[0].Service != "zendesk" || requests[0].Path != "/api/v2/users/me" || requests[0].Status != 200 || requests[0].Ended.Before(requests[0].Started) {
		t.Errorf("requests: %+v", requests)
	}
	if got := call(t, http.MethodPost, info.ControlURL+"/scenario", "", map[string]string{"name": "expired-zendesk"}); got.status != http.StatusOK {
		t.Errorf("scenario: %d %s", got.status, got.body)
	}
	if got := call(t, http.MethodGet, info.Zendesk.URL+"/api/v2/users/me", info.Zendesk.AccessToken, nil); got.status != http.StatusUnauthorized {
		t.Errorf("an expired token answers %d %s", got.status, got.body)
	}
	if got := call(t, http.MethodPost, info.ControlURL+"/scenario", "", map[string]string{"name": "nonsense"}); got.status != http.StatusNotFound {
		t.Errorf("an unknown scenario answers %d", got.status)
	}
	if got := call(t, http.MethodPost, info.ControlURL+"/reset", "", nil); got.status != http.StatusOK || len(served.Requests()) != 0 {
		t.Errorf("reset: %d, %d requests left", got.status, len(served.Requests()))
	}
}

func TestFaultsBreakTheAnswersThatTheyFitAndNoOthers(t *testing.T) {
	served := start(t, sandbox.Options{Scenario: "ready"})
	info := served.Info()
	me := func() answer {
		return call(t, http.MethodGet, info.Zendesk.URL+"/api/v2/users/me", info.Zendesk.AccessToken, nil)
	}
	fault := func(fault sandbox.Fault) {
		got := call(t, http.MethodPost, info.ControlURL+"/faults", "", sandbox.FaultRule{Service: "zendesk", Method: "GET", Path: "/api/v2/users/*", Fault: fault})
		if got.status != http.StatusCreated {
			t.Fatalf("faults: %d %s", got.status, got.body)
		}
	}
	whole := me()

	fault(sandbox.Fault{Status: 429, Headers: map[string]string{"Retry-After": "7"}, Body: "slow down"})
	if other := call(t, http.MethodGet, info.Zendesk.URL+"/api/v2/triggers", info.Zendesk.AccessToken, nil); other.status != 200 {
		t.Errorf("another path answers %d", other.status)
	}
	if got := me(); got.status != 429 || got.header.Get("Retry-After") != "7" || string(got.body) != "slow down" {
		t.Errorf("status: %d %v %s", got.status, got.header, got.body)
	}
	if got := me(); got.status != 200 {
		t.Errorf("a fault without times struck twice: %d", got.status)
	}
	fault(sandbox.Fault{Reset: true})
	if got := me(); got.err == nil {
		t.Errorf("reset: %d %s", got.status, got.body)
	}
	fault(sandbox.Fault{CutAfter: 10})
	if got := me(); !errors.Is(got.err, io.ErrUnexpectedEOF) || !bytes.Equal(got.body, whole.body[:10]) {
		t.Errorf("cut: %v %q", got.err, got.body)
	}
	fault(sandbox.Fault{Garbage: true})
	if got := me(); got.status != 200 || json.Valid(got.body) {
		t.Errorf("garbage: %d %q", got.status, got.body)
	}
	fault(sandbox.Fault{DelayMS: 30})
	started := time.Now()
	if got := me(); got.status != 200 || time.Since(started) < 30*time.Millisecond {
		t.Errorf("delay: %d after %v", got.status, time.Since(started))
	}
	if got := call(t, http.MethodPost, info.ControlURL+"/faults", "", map[string]any{"service": "zendisk"}); got.status != http.StatusBadRequest {
		t.Errorf("a fault of no service: %d %s", got.status, got.body)
	}
	if got := call(t, http.MethodPost, info.ControlURL+"/faults", "", map[string]any{"colour": "red"}); got.status != http.StatusBadRequest {
		t.Errorf("a rule that says nothing known answers %d", got.status)
	}
}

func TestAFaultComesBeforeTheWorkOrAfterIt(t *testing.T) {
	served := start(t, sandbox.Options{Scenario: "ready", Accounts: 10, Tickets: 50})
	info := served.Info()
	write := func(after bool, status int) int {
		t.Helper()
		served.AddFault(sandbox.FaultRule{Service: "zendesk", Method: http.MethodPost, Times: -1, Fault: sandbox.Fault{Status: status, Reset: status == 0, After: after}})
		ticket := map[string]any{"ticket": map[string]any{"comment": map[string]string{"body": "x"}}}
		if got := call(t, http.MethodPost, info.Zendesk.URL+"/api/v2/tickets", info.Zendesk.AccessToken, ticket); got.status != status {
			t.Errorf("%d %v", got.status, got.err)
		}
		if got := call(t, http.MethodDelete, info.ControlURL+"/faults", "", nil); got.status != http.StatusOK || served.FaultsLeft() != 0 {
			t.Errorf("%d faults left", served.FaultsLeft())
		}
		var shown struct {
			Tickets []any `json:"tickets"`
		}
		many := call(t, http.MethodGet, info.Zendesk.URL+"/api/v2/tickets/show_many?ids=51,52,53", info.Zendesk.AccessToken, nil)
		if err := json.Unmarshal(many.body, &shown); err != nil {
			t.Fatal(err)
		}
		return len(shown.Tickets)
	}
	if got := []int{write(false, 0), write(false, 503), write(true, 0), write(true, 503)}; !slices.Equal(got, []int{0, 0, 1, 2}) {
		t.Errorf("tickets made: %v", got)
	}
}

func TestSomebodyElseChangesATicketThroughTheControl(t *testing.T) {
	served := start(t, sandbox.Options{Scenario: "ready", Accounts: 10, Tickets: 50})
	info := served.Info()
	change := func(text string) answer {
		return call(t, http.MethodPost, info.ControlURL+"/account", "", json.RawMessage(text))
	}
	if got := change(`{"tickets":[{"set":{"subject":"Theirs","comment":{"body":"x","public":true}}},{"id":51,"set":{"priority":"urgent"}}]}`); got.status != http.StatusOK {
		t.Errorf("%d %s", got.status, got.body)
	}
	ticket := call(t, http.MethodGet, info.Zendesk.URL+"/api/v2/tickets/51", info.Zendesk.AccessToken, nil)
	if !bytes.Contains(ticket.body, []byte(`"subject":"Theirs"`)) || !bytes.Contains(ticket.body, []byte(`"priority":"urgent"`)) {
		t.Errorf("%d %s", ticket.status, ticket.body)
	}
	if got := change(`{"tickets":[{"id":51,"set":{"priority":"most"}}]}`); got.status != http.StatusBadRequest || !bytes.Contains(got.body, []byte("priority")) {
		t.Errorf("%d %s", got.status, got.body)
	}
}

func TestItListensOnThisMachineOnly(t *testing.T) {
	for _, address := range []string{"0.0.0.0:0", ":0", "192.0.2.1:0", "example.com:80", "127.0.0.1"} {
		if served, err := sandbox.Start(context.Background(), sandbox.Options{Listen: address}); err == nil {
			_ = served.Close()
			t.Errorf("it listens on %q", address)
		}
	}
}

func TestAnUnknownScenarioIsRefused(t *testing.T) {
	if _, err := sandbox.Start(context.Background(), sandbox.Options{Scenario: "nonsense"}); err == nil {
		t.Error("it started")
	}
}

// Any size starts at once, as each row is made when it is asked for.
func BenchmarkStartWith100000AccountsAndTickets(b *testing.B) {
	for b.Loop() {
		served, err := sandbox.Start(context.Background(), sandbox.Options{Scenario: "ready", Seed: 1, Accounts: 100_000, Tickets: 100_000})
		if err != nil {
			b.Fatal(err)
		}
		if err := served.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

func TestTheSpecialCasesAreFoundAmongThePeople(t *testing.T) {
	served := start(t, sandbox.Options{Scenario: "ready", Accounts: sandbox.DefaultAccounts, Tickets: sandbox.DefaultTickets})
	info := served.Info()
	var people sandbox.People
	if err := json.Unmarshal(call(t, http.MethodGet, info.ControlURL+"/people", "", nil).body, &people); err != nil {
		t.Fatal(err)
	}
	query := func(soql string) (rows []map[string]any) {
		t.Helper()
		var found struct {
			Records []map[string]any `json:"records"`
		}
		got := call(t, http.MethodGet, info.Salesforce.InstanceURL+"/services/data/v60.0/query?q="+url.QueryEscape(soql), info.Salesforce.AccessToken, nil)
		if err := json.Unmarshal(got.body, &found); err != nil {
			t.Fatalf("%d %s", got.status, got.body)
		}
		return found.Records
	}
	if shared := query("SELECT Id FROM Contact WHERE Email = '" + people.SharedEmail + "' ORDER BY Id"); len(shared) != 2 || shared[0]["Id"] != people.SharedContacts[0] || shared[1]["Id"] != people.SharedContacts[1] {
		t.Errorf("%v share %s", shared, people.SharedEmail)
	}
	several := query("SELECT Email FROM Contact WHERE Id = '" + people.Several + "'")
	user := call(t, http.MethodGet, fmt.Sprintf("%s/api/v2/users/%d", info.Zendesk.URL, people.SeveralUser), info.Zendesk.AccessToken, nil)
	if len(several) != 1 || !bytes.Contains(user.body, []byte(`"email":"`+fmt.Sprint(several[0]["Email"])+`"`)) {
		t.Errorf("%v is not %s", several, user.body)
	}
}
