package snapshot_test

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zsf/clients/salesforce"
	"zsf/clients/sandbox"
	"zsf/clients/store"
	"zsf/clients/transport"
	"zsf/clients/zendesk"
	"zsf/flows"
	"zsf/flows/flow"
	"zsf/flows/snapshot"
	"zsf/flows/world"
)

var day = time.Date(2026, 11, 25, 10, 2, 11, 0, time.UTC)

// A pair is a sandbox with the clients that look at it.
type pair struct {
	*sandbox.Sandbox
	t       *testing.T
	org     *salesforce.Client
	account *zendesk.Client
}

func serve(t *testing.T, scenario string) pair {
	t.Helper()
	served, err := sandbox.Start(context.Background(), sandbox.Options{
		Scenario: scenario, Accounts: 30, Tickets: 10, Now: func() time.Time { return day }, // ids tell of the day
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = served.Close() })
	info := served.Info()
	org, err := salesforce.New(info.Salesforce.InstanceURL, info.Salesforce.AccessToken, transport.Config{})
	if err != nil {
		t.Fatal(err)
	}
	account, err := zendesk.New(info.Zendesk.URL, info.Zendesk.AccessToken, transport.Config{})
	if err != nil {
		t.Fatal(err)
	}
	return pair{served, t, org, account}
}

func (p pair) world() *world.World {
	return world.New(world.Options{Profile: world.Profile{Name: "acme"}, Salesforce: p.org, Zendesk: p.account})
}

func (p pair) take(journal snapshot.Journal) snapshot.Snapshot {
	p.t.Helper()
	taken, err := snapshot.Take(p.t.Context(), p.world(), snapshot.Options{Label: "before", Journal: journal, Now: time.Now})
	if err != nil {
		p.t.Fatal(err)
	}
	return taken
}

// call makes a call of Zendesk's API as an admin beside zsf would.
func (p pair) call(method, path, body string) []byte {
	p.t.Helper()
	info := p.Info().Zendesk
	request, err := http.NewRequestWithContext(p.t.Context(), method, info.URL+path, strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+info.AccessToken)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	var answer bytes.Buffer
	if _, err := answer.ReadFrom(response.Body); err != nil || response.StatusCode >= 300 {
		p.t.Fatalf("%s %s: %d %s %v", method, path, response.StatusCode, &answer, err)
	}
	return answer.Bytes()
}

func encoded(t *testing.T, s snapshot.Snapshot) []byte {
	t.Helper()
	text, err := s.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func openJournal(t *testing.T) *store.Journal {
	t.Helper()
	folder := t.TempDir()
	kept, err := store.Open(func(name string) string { return map[string]string{"XDG_STATE_HOME": folder}[name] })
	if err != nil {
		t.Fatal(err)
	}
	journal, err := kept.Journal(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = journal.Close() })
	return journal
}

func TestASnapshotHoldsWhatBothServicesShow(t *testing.T) {
	p := serve(t, "ready")
	taken := p.take(nil)
	if unread := taken.Unread(); len(unread) > 0 {
		t.Fatalf("not read: %+v", unread)
	}
	org, account := taken.Salesforce, taken.Zendesk
	for name, holds := range map[string]bool{
		"org":         len(org.Org.Value.ID) == 18 && org.Org.Value.Edition != "",
		"connections": len(*org.Connections.Value) == 1 && (*org.Connections.Value)[0].Installed,
		"policy":      *(*org.Apps.Value)[0].AdminApprovedOnly,
		"profiles":    len(*org.Profiles.Value) > 1 && (*org.Profiles.Value)[0].PermissionSet != "",
		"package":     (*org.Packages.Value)[0].Version != "",
		"for whom":    len(*org.PackageProfiles.Value) > 1,
		"pages":       len(*org.VisualforcePages.Value) == 4 && len(*org.Components.Value) == 1,
		"on pages":    len(*org.RecordPages.Value) == 4,
		"lock":        cmp.Equal((*org.SecuritySettings.Value)["sessionSettings.lockSessionsToIp"], []string{"false"}),
		"all of it":   len(*org.SecuritySettings.Value) > 10,
		"pkce":        cmp.Equal((*org.OauthSettings.Value)["isPkceRequired"], []string{"false"}),
		"triggers":    len(*account.Triggers.Value) == 2 && (*account.Triggers.Value)[0].Org == org.Org.Value.ID,
		"webhooks":    len(*account.Webhooks.Value) == 1 && (*account.Webhooks.Value)[0].AuthenticationType == "bearer_token",
		"counts":      account.LinkedOrganizations.Value.Exact && account.LinkedOrganizations.Value.ByPrefix["001"] > 0,
		"users":       account.LinkedUsers.Value.ByPrefix["003"] > 0,
		"untold":      taken.Said.Answers["syncs.accounts"].Unknown.Kind == snapshot.NoJournal,
	} {
		if !holds {
			t.Errorf("%s: %s", name, encoded(t, taken))
		}
	}
}

func TestASnapshotEqualsItself(t *testing.T) {
	p := serve(t, "ready")
	before, after := p.take(nil), p.take(nil)
	if changes := snapshot.Compare(before, after); len(changes) > 0 {
		t.Errorf("%+v", changes)
	}
	read, err := snapshot.Parse(encoded(t, before))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(encoded(t, read), encoded(t, before)) {
		t.Errorf("what was read back is written otherwise:\n%s", cmp.Diff(string(encoded(t, before)), string(encoded(t, read))))
	}
	if changes := snapshot.Compare(before, read); len(changes) > 0 {
		t.Errorf("%+v", changes)
	}
}

// What a check has read is not read again: only the records with a Salesforce id are counted beyond it.
func TestASnapshotTakesNoCallThatACheckHasMade(t *testing.T) {
	p := serve(t, "ready")
	w := p.world()
	flow.NewRunner(flows.Preflight, w, time.Now).Look(t.Context(), nil, func(flow.Event) {})
	looked := len(p.Requests())
	if _, err := snapshot.Take(t.Context(), w, snapshot.Options{Uncounted: true, Now: time.Now}); err != nil {
		t.Fatal(err)
	}
	if more := p.Requests()[looked:]; len(more) != 0 {
		t.Errorf("%+v", more)
	}
	if _, err := snapshot.Take(t.Context(), w, snapshot.Options{Now: time.Now}); err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, request := range p.Requests()[looked:] {
		paths = append(paths, request.Path)
	}
	slices.Sort(paths)
	if diff := cmp.Diff([]string{"/api/v2/organizations", "/api/v2/users"}, slices.Compact(paths)); diff != "" || len(p.Requests())-looked > 4 {
		t.Errorf("%d calls more\n%s", len(p.Requests())-looked, diff)
	}
	alone := serve(t, "ready")
	alone.take(nil)
	if calls := len(alone.Requests()); calls >= looked {
		t.Errorf("%d calls for a snapshot, %d for a check", calls, looked)
	}
}
