package sandbox_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"zsf/clients/sandbox"
	"zsf/clients/sandbox/persona"
	"zsf/clients/sandbox/salesforce"
)

// What all walks share: a clock that goes on only while somebody waits, and the pages of the guide.

type fakeClock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *fakeClock {
	return &fakeClock{at: time.Date(2026, time.November, 23, 10, 2, 11, 0, time.UTC)}
}

func (c *fakeClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *fakeClock) wait(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
	return ctx.Err()
}

const (
	sessionPage      = "/lightning/setup/SecuritySession/home"
	oidcPage         = "/lightning/setup/OauthOidcSettings/home"
	appsPage         = "/lightning/setup/ConnectedApplication/home"
	usagePage        = "/lightning/setup/ConnectedAppsUsage/home"
	builderPage      = "/lightning/setup/FlexiPageList/home"
	streamingPage    = "/lightning/setup/UserInterfaceUI/home"
	integrationsPage = "/admin/apps-integrations/integrations/integrations"
	salesforcePage   = integrationsPage + "/salesforce"
	triggersPage     = "/admin/objects-rules/rules/triggers"
	webhooksPage     = "/admin/apps-integrations/webhooks/webhooks"
)

// A walk is a sandbox with somebody who acts in it.
type walk struct {
	t      *testing.T
	served *sandbox.Sandbox
	info   sandbox.Info
	clock  *fakeClock
}

func begin(t *testing.T, scenario string) *walk {
	t.Helper()
	w := &walk{t: t, clock: newClock()}
	w.served = start(t, sandbox.Options{Scenario: scenario, Now: w.clock.now})
	w.info = w.served.Info()
	return w
}

func (w *walk) org(path string) string     { return w.info.Salesforce.InstanceURL + path }
func (w *walk) account(path string) string { return w.info.Zendesk.URL + path }

func (w *walk) open(address string, tasks ...persona.Task) error {
	person := persona.Person{Wait: w.clock.wait}
	return person.Open(w.t.Context(), address, tasks...)
}

func (w *walk) must(address string, tasks ...persona.Task) {
	w.t.Helper()
	if err := w.open(address, tasks...); err != nil {
		w.t.Fatalf("%s %v: %v", address, tasks, err)
	}
}

// state is the sandbox's, without the addresses of this very one.
func (w *walk) state() string {
	w.t.Helper()
	state, err := w.served.State()
	if err != nil {
		w.t.Fatal(err)
	}
	over := call(w.t, http.MethodGet, w.info.ControlURL+"/state", "", nil)
	if over.status != http.StatusOK || !bytes.Equal(over.body, state) {
		w.t.Errorf("the control tells another state: %d", over.status)
	}
	return string(state)
}

// wantReady compares the whole of both sides with the scenario in which everything is done.
func (w *walk) wantReady(scenario string) {
	w.t.Helper()
	got, want := w.state(), begin(w.t, scenario).state()
	if got == want {
		return
	}
	ours, theirs := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(ours), len(theirs)) {
		if ours[i] != theirs[i] {
			w.t.Fatalf("line %d is %s, want %s\nafter %s", i+1, ours[i], theirs[i], strings.Join(ours[max(0, i-6):i], "\n"))
		}
	}
	w.t.Fatalf("%d lines, want %d", len(ours), len(theirs))
}

func TestAPersonWalksTheGuideToItsEnd(t *testing.T) {
	w := begin(t, "fresh")
	w.must(w.org(sessionPage))
	w.must(w.org(oidcPage))
	w.must(w.org(streamingPage))
	w.must(w.account(integrationsPage))
	w.must(w.org(appsPage))
	w.must(w.org(builderPage))
	w.wantReady("ready")
}

func TestAPersonWalksTheNewerOrderTaskByTask(t *testing.T) {
	w := begin(t, "fresh")
	if err := w.served.ChangeAccount(sandbox.AccountChange{Layout: "newer"}); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		address string
		task    persona.Task
	}{
		{w.account(integrationsPage), persona.Connect},
		{w.account(integrationsPage), persona.InstallPackage},
		{w.account(integrationsPage), persona.TicketView},
		{w.account(integrationsPage), persona.TicketSync},
		{w.org(appsPage), persona.PermittedUsers},
		{w.org(appsPage), persona.Profiles},
		{w.org(builderPage), persona.PlaceComponent},
		{w.org(sessionPage), persona.UnlockSessions},
	} {
		before := w.state()
		w.must(step.address, step.task)
		if w.state() == before {
			t.Errorf("%s changed nothing", step.task)
		}
	}
	w.wantReady("ready")
}

// Each scenario with one thing wrong is mended on the page that its step leads to.
func TestAPersonMendsEachFault(t *testing.T) {
	for scenario, mend := range map[string]struct {
		page  string
		tasks []persona.Task
	}{
		"session-locked":        {sessionPage, nil},
		"pkce-required":         {oidcPage, nil},
		"package-admins-only":   {salesforcePage, []persona.Task{persona.InstallPackage}},
		"not-connected":         {salesforcePage, []persona.Task{persona.Connect, persona.TicketView, persona.TicketSync}},
		"self-authorize":        {appsPage, []persona.Task{persona.PermittedUsers}},
		"admin-profile-missing": {appsPage, []persona.Task{persona.Profiles}},
		"no-page-component":     {builderPage, nil},
		"triggers-off":          {triggersPage, nil},
		"webhook-off":           {webhooksPage, nil},
		"disconnected":          {salesforcePage, nil},
	} {
		t.Run(scenario, func(t *testing.T) {
			w := begin(t, scenario)
			address := w.org(mend.page)
			if strings.HasPrefix(mend.page, "/admin/") {
				address = w.account(mend.page)
			}
			w.must(address, mend.tasks...)
			if scenario == "not-connected" {
				w.must(w.org(appsPage))
			}
			w.wantReady("ready")
		})
	}
	t.Run("used-not-installed", func(t *testing.T) {
		w := begin(t, "used-not-installed")
		w.must(w.org(usagePage))
		w.must(w.org(appsPage))
		w.wantReady("ready")
	})
	t.Run("korean", func(t *testing.T) {
		w := begin(t, "korean")
		w.must(w.account(salesforcePage), persona.Disconnect)
		w.must(w.account(salesforcePage))
		w.must(w.org(appsPage))
		w.wantReady("korean")
	})
}

func TestDisconnectEndsTheConnectionAndKeepsItsConfiguration(t *testing.T) {
	w := begin(t, "ready")
	w.must(w.account(salesforcePage), persona.Disconnect)
	var state struct {
		Salesforce struct {
			Tokens []struct{ App string }
			Apps   []struct{ Name string } `json:"connected_apps"`
		}
		Zendesk struct {
			Connection any
			Kept       map[string]map[string]any
			Triggers   []struct {
				Title  string
				Active bool
			}
		}
	}
	if err := json.Unmarshal([]byte(w.state()), &state); err != nil {
		t.Fatal(err)
	}
	for _, token := range state.Salesforce.Tokens {
		if strings.Contains(token.App, "Zendesk") {
			t.Error("a token of Zendesk's is left")
		}
	}
	if len(state.Salesforce.Apps) != 3 || state.Zendesk.Connection != nil {
		t.Errorf("apps %v, connection %v", state.Salesforce.Apps, state.Zendesk.Connection)
	}
	for org, kept := range state.Zendesk.Kept {
		if kept["ticket_view"] != false || kept["tickets_to_cases"] != false || kept["name"] != "Larkspur Trading" {
			t.Errorf("kept for %s: %v", org, kept)
		}
	}
	if len(state.Zendesk.Kept) != 1 {
		t.Errorf("kept: %v", state.Zendesk.Kept)
	}
	for _, trigger := range state.Zendesk.Triggers {
		if strings.HasPrefix(trigger.Title, "(Salesforce Integration)") && trigger.Active {
			t.Errorf("%s is active", trigger.Title)
		}
	}
}

// stopped is what the page said that a person could not get past.
func stopped(t *testing.T, err error) *persona.Stopped {
	t.Helper()
	var at *persona.Stopped
	if !errors.As(err, &at) {
		t.Fatalf("the persona ended with %v", err)
	}
	return at
}

func TestPagesSayWhyNot(t *testing.T) {
	yes := true
	for _, test := range []struct {
		name, scenario string
		org            sandbox.OrgChange
		account        sandbox.AccountChange
		page           string
		tasks          []persona.Task
		says           string
	}{
		{name: "no rights on a setting", scenario: "fresh", org: sandbox.OrgChange{Rights: "limited"}, page: sessionPage, says: "Insufficient Privileges"},
		{name: "no rights to install", scenario: "fresh", org: sandbox.OrgChange{Rights: "none"}, page: salesforcePage, says: "Insufficient Privileges"},
		{name: "no rights on an app", scenario: "ready", org: sandbox.OrgChange{Rights: "limited"}, page: appsPage, says: "Insufficient Privileges"},
		{name: "an API-only user", scenario: "api-only-user", page: sessionPage, says: "Insufficient Privileges"},
		{name: "an API-only user connects", scenario: "api-only-user", page: salesforcePage, tasks: []persona.Task{persona.Disconnect, persona.Connect}, says: "OAUTH_APPROVAL_ERROR_GENERIC"},
		{name: "an install fails", scenario: "fresh", org: sandbox.OrgChange{Install: "fails"}, page: salesforcePage, says: "There are problems that prevent this package from being installed."},
		{name: "an install takes long", scenario: "fresh", org: sandbox.OrgChange{Install: "stuck"}, page: salesforcePage, says: "You will receive an email"},
		{name: "no admin in Zendesk", scenario: "fresh", account: sandbox.AccountChange{Role: "agent"}, page: salesforcePage, says: "You don't have access"},
		{name: "PKCE is required", scenario: "pkce-required", page: salesforcePage, tasks: []persona.Task{persona.Disconnect, persona.Connect}, says: "missing required code challenge"},
		{name: "the wrong environment", scenario: "mixed-environments", page: salesforcePage, tasks: []persona.Task{persona.Disconnect, persona.Connect}, says: "check your username and password"},
		{name: "no API for the edition", scenario: "essentials", page: salesforcePage, tasks: []persona.Task{persona.Disconnect, persona.Connect}, says: "API_DISABLED_FOR_ORG"},
		{name: "the app is not in the list", scenario: "fresh", page: appsPage, says: "not in the list"},
		{name: "no component before the package", scenario: "fresh", page: builderPage, says: "no custom components"},
		{name: "a session that ended is begun again by Log In", scenario: "session-locked", org: sandbox.OrgChange{SessionExpired: &yes}, page: sessionPage},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := begin(t, test.scenario)
			if got := call(t, http.MethodPost, w.info.ControlURL+"/org", "", test.org); got.status != http.StatusOK {
				t.Fatalf("%d %s", got.status, got.body)
			}
			if got := call(t, http.MethodPost, w.info.ControlURL+"/account", "", test.account); got.status != http.StatusOK {
				t.Fatalf("%d %s", got.status, got.body)
			}
			address := w.org(test.page)
			if strings.HasPrefix(test.page, "/admin/") {
				address = w.account(test.page)
			}
			var err error
			if len(test.tasks) == 0 {
				err = w.open(address)
			}
			for _, task := range test.tasks {
				err = w.open(address, task)
			}
			if test.says == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if at := stopped(t, err); !strings.Contains(at.Error(), test.says) {
				t.Errorf("the page says %v", at)
			}
		})
	}
}

func TestAnInstallThatWasStuckGoesOn(t *testing.T) {
	w := begin(t, "fresh")
	if err := w.served.ChangeOrg(sandbox.OrgChange{Install: "stuck"}); err != nil {
		t.Fatal(err)
	}
	if at := stopped(t, w.open(w.account(salesforcePage), persona.InstallPackage)); at.Title != "This app is taking a long time to install." {
		t.Errorf("the page says %v", at)
	}
	before := w.state()
	if err := w.served.ChangeOrg(sandbox.OrgChange{Install: "works"}); err != nil {
		t.Fatal(err)
	}
	call(t, http.MethodGet, w.org("/services/data"), "", nil)
	if w.state() == before {
		t.Error("it did not go on")
	}
}

func TestTheControlChangesTheOrgInTheMiddle(t *testing.T) {
	w := begin(t, "ready")
	me := func() int {
		return call(t, http.MethodGet, w.org("/services/data/v68.0/limits"), w.info.Salesforce.AccessToken, nil).status
	}
	ready := w.state()
	post := func(body map[string]any, want int) {
		t.Helper()
		if got := call(t, http.MethodPost, w.info.ControlURL+"/org", "", body); got.status != want {
			t.Errorf("%v: %d %s", body, got.status, got.body)
		}
	}
	post(map[string]any{"session_expired": true}, 200)
	if got := me(); got != http.StatusUnauthorized {
		t.Errorf("an expired session answers %d", got)
	}
	post(map[string]any{"session_expired": false}, 200)
	if got := me(); got != http.StatusOK {
		t.Errorf("a session that is back answers %d", got)
	}
	for _, change := range []string{"api", "limit_reached"} {
		for _, refused := range []bool{true, false} {
			value := map[string]any{"api": map[bool]any{true: "off", false: "on"}[refused], "limit_reached": refused}[change]
			post(map[string]any{change: value}, 200)
			if got := call(t, http.MethodGet, w.org("/services/data/v68.0/query?q=SELECT+Id+FROM+User+LIMIT+1"), w.info.Salesforce.AccessToken, nil).status; (got == http.StatusForbidden) != refused {
				t.Errorf("%s %v answers %d", change, value, got)
			}
		}
	}
	post(map[string]any{"another_admin_locks_sessions": true, "rights": "limited"}, 200)
	if w.state() == ready {
		t.Error("nothing changed")
	}
	post(map[string]any{"rights": "admin"}, 200)
	w.must(w.org(sessionPage))
	if w.state() != ready {
		t.Error("it did not come back to what it was")
	}
	for _, wrong := range []map[string]any{{"rights": "god"}, {"install": "maybe"}, {"api": "half"}, {"colour": "red"}} {
		post(wrong, 400)
	}
	if err := w.served.ChangeOrg(sandbox.OrgChange{Rights: "x"}); !errors.Is(err, salesforce.ErrNoSuchChange) {
		t.Errorf("got %v", err)
	}
}

func TestFormsFromElsewhereAreRefused(t *testing.T) {
	w := begin(t, "ready")
	before := w.state()
	for _, address := range []string{w.org(sessionPage), w.account(triggersPage)} {
		for _, headers := range []http.Header{{"Sec-Fetch-Site": {"same-site"}}, {"Sec-Fetch-Site": {"cross-site"}}, {"Origin": {"http://127.0.0.1:1"}}, {"Origin": {"null"}}} {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader(url.Values{"do": {"save"}, "lockSessionsToIp": {"1"}}.Encode()))
			if err != nil {
				t.Fatal(err)
			}
			request.Header = headers.Clone()
			request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			answer, err := http.DefaultClient.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			_ = answer.Body.Close()
			if answer.StatusCode != http.StatusForbidden {
				t.Errorf("%s with %v answers %d", address, headers, answer.StatusCode)
			}
		}
	}
	if w.state() != before {
		t.Error("something changed")
	}
}

func TestThePersonaActsOnThisMachineOnly(t *testing.T) {
	if err := persona.Open(t.Context(), "https://example.my.salesforce.com/"); !errors.Is(err, persona.ErrNotLoopback) {
		t.Errorf("got %v", err)
	}
	w := begin(t, "ready")
	if err := w.open(w.org("/")); !errors.Is(err, persona.ErrNothingToDo) {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := persona.Open(ctx, w.org(sessionPage)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
