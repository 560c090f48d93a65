package tickets_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"zsf/clients/salesforce"
	"zsf/clients/sandbox"
	"zsf/clients/store"
	"zsf/clients/transport"
	"zsf/clients/zendesk"
	"zsf/flows/tickets"
	"zsf/flows/world"
)

// An office is a desk in a sandbox without latency, and a way to change what is in it past the desk.
type office struct {
	t      *testing.T
	served *sandbox.Sandbox
	info   sandbox.Info
	cache  store.Cache
	ahead  *atomic.Int64 // how far the sandbox's clock is before this one, in nanoseconds
}

func newOffice(t *testing.T, options sandbox.Options) *office {
	t.Helper()
	options.Scenario = "ready"
	ahead := &atomic.Int64{}
	options.Now = func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	served, err := sandbox.Start(context.Background(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := served.Close(); err != nil {
			t.Error(err)
		}
	})
	return &office{t, served, served.Info(), store.CacheAt(t.TempDir()), ahead}
}

// desk is a new one: what it asks is not mixed with what others asked.
func (o *office) desk() *tickets.Desk {
	o.t.Helper()
	org, err := salesforce.New(o.info.Salesforce.InstanceURL, o.info.Salesforce.AccessToken, transport.Config{})
	if err != nil {
		o.t.Fatal(err)
	}
	account, err := zendesk.New(o.info.Zendesk.URL, o.info.Zendesk.AccessToken, transport.Config{})
	if err != nil {
		o.t.Fatal(err)
	}
	return tickets.New(world.New(world.Options{Salesforce: org, Zendesk: account, Now: time.Now}), time.Now)
}

func (o *office) memory() *tickets.Memory {
	return tickets.NewMemory(o.cache, "acme", o.info.Salesforce.InstanceURL, o.info.Zendesk.URL)
}

// look looks as a command does, and remembers.
func (o *office) look(sought tickets.Sought) (tickets.Found, error) {
	o.t.Helper()
	memory := o.memory()
	found, err := o.desk().Look(o.t.Context(), sought, memory)
	if kept := memory.Remember(o.t.Context(), sought, found, err); kept != nil {
		o.t.Error(kept)
	}
	return found, err
}

func (o *office) salesforce(method, resource string, body, into any) {
	o.send(method, o.info.Salesforce.InstanceURL+"/services/data/v68.0/"+resource, o.info.Salesforce.AccessToken, body, into)
}

func (o *office) zendesk(method, path string, body, into any) {
	o.send(method, o.info.Zendesk.URL+"/api/v2/"+path, o.info.Zendesk.AccessToken, body, into)
}

func (o *office) send(method, address, token string, body, into any) {
	o.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		o.t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(o.t.Context(), method, address, strings.NewReader(string(text)))
	if err != nil {
		o.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		o.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode > 299 {
		o.t.Fatalf("%s %s: %d %s %v", method, address, response.StatusCode, answer, err)
	}
	if into != nil {
		if err := json.Unmarshal(answer, into); err != nil {
			o.t.Fatal(err)
		}
	}
}

type sfRow struct{ ID, Name, Email, ParentID string }

// rows asks the org past the desk.
func (o *office) rows(soql string) []sfRow {
	o.t.Helper()
	var found struct{ Records []sfRow }
	o.salesforce(http.MethodGet, "query?q="+url.QueryEscape(soql), nil, &found)
	if len(found.Records) == 0 {
		o.t.Fatalf("%s finds nothing", soql)
	}
	return found.Records
}

// linked is an account whose organization carries its id and has tickets that are not closed.
func (o *office) linked() (sfRow, tickets.Found) {
	o.t.Helper()
	for _, account := range o.rows("SELECT Id, Name FROM Account WHERE IsDeleted = false") {
		found, err := o.desk().Look(o.t.Context(), tickets.Sought{Text: account.ID}, nil)
		if err == nil && found.Match.By == tickets.ByExternalID && len(found.List.Tickets) > 0 {
			return account, found
		}
	}
	o.t.Fatal("no account is linked")
	return sfRow{}, tickets.Found{}
}

func idsOf(list tickets.List) []int64 {
	var ids []int64
	for _, ticket := range list.Tickets {
		ids = append(ids, ticket.ID)
	}
	return ids
}

// depth is the longest chain of a service's requests that each waited for the one before; start-up does not count.
func depth(requests []sandbox.Request, service string) int {
	requests = slices.DeleteFunc(slices.Clone(requests), func(r sandbox.Request) bool {
		return r.Service != service || r.Path == "/services/data/" || r.Path == "/services/oauth2/userinfo"
	})
	slices.SortFunc(requests, func(a, b sandbox.Request) int { return a.Started.Compare(b.Started) })
	chains := make([]int, len(requests))
	longest := 0
	for i, one := range requests {
		chains[i] = 1
		for j := range i {
			if !requests[j].Ended.After(one.Started) {
				chains[i] = max(chains[i], chains[j]+1)
			}
		}
		longest = max(longest, chains[i])
	}
	return longest
}

// notDeeper looks up to three times: on a machine that is busy a call that waits for none can come after it all the same.
func (o *office) notDeeper(sought tickets.Sought, salesforce, zendesk int) (found tickets.Found) {
	o.t.Helper()
	for try := range 3 {
		before := len(o.served.Requests())
		var err error
		if found, err = o.look(sought); err != nil {
			o.t.Fatal(err)
		}
		requests := o.served.Requests()[before:]
		org, account := depth(requests, "salesforce"), depth(requests, "zendesk")
		if org <= salesforce && account <= zendesk {
			return found
		}
		if try == 2 {
			o.t.Errorf("%+v: %d calls deep to Salesforce, %d to Zendesk: %+v", sought, org, account, requests)
		}
	}
	return found
}

// The record, the tickets, and whether the link still holds are asked for at once.
func TestAKnownLinkIsFollowedInOneRound(t *testing.T) {
	o := newOffice(t, sandbox.Options{Accounts: 40, Tickets: 400, Latency: 50 * time.Millisecond})
	account, _ := o.linked()
	for _, text := range []string{account.ID, o.info.Salesforce.InstanceURL + "/lightning/r/Account/" + account.ID[:15] + "/view"} {
		first, err := o.look(tickets.Sought{Text: text})
		if err != nil || text == account.ID && first.Link != tickets.LinkNew {
			t.Fatalf("%+v %v", first.Link, err)
		}
		again := o.notDeeper(tickets.Sought{Text: text}, 1, 1)
		if again.Link != tickets.LinkHolds || !slices.Equal(idsOf(first.List), idsOf(again.List)) || again.Record.Name != account.Name {
			t.Errorf("%s: %+v", text, again)
		}
	}
	// Words have to be searched for: the tickets go out with the record.
	o.salesforce(http.MethodPatch, "sobjects/Account/"+account.ID, map[string]any{"Name": "Unmistakable"}, nil)
	if _, err := o.look(tickets.Sought{Text: account.ID}); err != nil {
		t.Fatal(err)
	}
	if again := o.notDeeper(tickets.Sought{Text: "unmistakable"}, 2, 1); again.Link != tickets.LinkHolds {
		t.Errorf("%+v", again.Link)
	}
	// Contacts and child accounts are read along with the account, and found along with what it stands for.
	if wide := o.notDeeper(tickets.Sought{Text: account.ID, With: tickets.KinKinds}, 1, 2); len(wide.Match.With) != 2 {
		t.Errorf("%+v", wide.Match)
	}
}

func TestALinkThatNoLongerHoldsIsSaidAndTheTicketsAreOfTheNewOne(t *testing.T) {
	o := newOffice(t, sandbox.Options{Accounts: 40, Tickets: 400})
	account, first := o.linked()
	if _, err := o.look(tickets.Sought{Text: account.ID}); err != nil {
		t.Fatal(err)
	}
	old := first.Match.Targets[0].ID
	var made struct{ Organization struct{ ID int64 } }
	o.zendesk(http.MethodPut, "organizations/"+strconv.FormatInt(old, 10), map[string]any{"organization": map[string]any{"external_id": nil, "name": "Somebody else"}}, nil)
	o.zendesk(http.MethodPost, "organizations", map[string]any{"organization": map[string]any{"external_id": account.ID, "name": "Moved here"}}, &made)
	moved, err := o.look(tickets.Sought{Text: account.ID})
	if err != nil || moved.Link != tickets.LinkChanged || len(moved.Match.Targets) != 1 || moved.Match.Targets[0].ID != made.Organization.ID ||
		moved.Was.Targets[0].ID != old || len(moved.List.Tickets) != 0 {
		t.Errorf("%+v %v", moved, err)
	}
	if again, err := o.look(tickets.Sought{Text: account.ID}); err != nil || again.Link != tickets.LinkHolds || again.Match.Targets[0].ID != made.Organization.ID {
		t.Errorf("%+v %v", again, err)
	}
	// Nothing stands for it any more: no tickets of what once did.
	o.zendesk(http.MethodDelete, "organizations/"+strconv.FormatInt(made.Organization.ID, 10), nil, nil)
	if gone, err := o.look(tickets.Sought{Text: account.ID}); err != nil || gone.Link != tickets.LinkChanged || len(gone.Match.Targets) != 0 || len(gone.List.Tickets) != 0 {
		t.Errorf("%+v %v", gone, err)
	}
}

// A record that is called otherwise by now is matched by its new name, whatever the old one still finds.
func TestARenamedRecordIsMatchedByItsNewName(t *testing.T) {
	o := newOffice(t, sandbox.Options{Accounts: 40, Tickets: 400})
	account, _ := o.linked()
	sought := tickets.Sought{Text: account.ID, By: tickets.ByName}
	first, err := o.look(sought)
	if err != nil || len(first.Match.Targets) == 0 {
		t.Fatal(first, err)
	}
	o.salesforce(http.MethodPatch, "sobjects/Account/"+account.ID, map[string]any{"Name": "Called otherwise"}, nil)
	again, err := o.look(sought)
	if err != nil || again.Link != tickets.LinkChanged || len(again.Match.Targets) != 0 || again.Record.Name != "Called otherwise" || len(again.List.Tickets) != 0 {
		t.Errorf("%+v %v", again, err)
	}
}

func TestARecordThatIsNoMoreIsForgotten(t *testing.T) {
	o := newOffice(t, sandbox.Options{Accounts: 40, Tickets: 400})
	account, _ := o.linked()
	if _, err := o.look(tickets.Sought{Text: account.ID}); err != nil {
		t.Fatal(err)
	}
	if _, known := o.memory().Recall(t.Context(), account.ID); !known {
		t.Fatal("it was not remembered")
	}
	o.salesforce(http.MethodDelete, "sobjects/Account/"+account.ID, nil, nil)
	var gone *tickets.NoRecordError
	if _, err := o.look(tickets.Sought{Text: account.ID}); !errors.As(err, &gone) || gone.Why() != "deleted" {
		t.Error(err)
	}
	if seen, known := o.memory().Recall(t.Context(), account.ID); known {
		t.Errorf("%+v", seen)
	}
}

// A service that is away does not take what is known along.
func TestALookThatFailedForgetsNothing(t *testing.T) {
	o := newOffice(t, sandbox.Options{Accounts: 40, Tickets: 400})
	account, _ := o.linked()
	if _, err := o.look(tickets.Sought{Text: account.ID}); err != nil {
		t.Fatal(err)
	}
	for _, service := range []string{"zendesk", "salesforce"} {
		o.served.AddFault(sandbox.FaultRule{Service: service, Times: -1, Fault: sandbox.Fault{Status: 400, Body: `[{"errorCode":"X","message":"x"}]`}})
		if _, err := o.look(tickets.Sought{Text: account.ID}); err == nil {
			t.Error("no error")
		}
	}
	if seen, known := o.memory().Recall(t.Context(), account.ID); !known || len(seen.List.Tickets) == 0 || seen.List.ReadAt.IsZero() {
		t.Errorf("%+v", seen)
	}
}

func TestAProfilesOwnWayToMatchIsUsedWhereNobodyChoseAnother(t *testing.T) {
	o := newOffice(t, sandbox.Options{Accounts: 40, Tickets: 400})
	account, _ := o.linked()
	desk := o.desk()
	desk.Prefer(tickets.ByName)
	record, err := desk.Find(t.Context(), account.ID)
	if err != nil {
		t.Fatal(err)
	}
	for by, want := range map[tickets.By]tickets.By{tickets.AsIntegration: tickets.ByName, tickets.ByExternalID: tickets.ByExternalID} {
		if match, err := desk.Match(t.Context(), record, by); err != nil || match.By != want || len(match.Targets) != 1 || match.Asked != want {
			t.Errorf("%q: %+v %v", by, match, err)
		}
	}
	desk.Prefer(tickets.ByEmail) // of which an account has none
	if match, err := desk.Match(t.Context(), record, tickets.AsIntegration); err != nil || match.By != tickets.ByExternalID {
		t.Errorf("%+v %v", match, err)
	}
	// A link is known by the way in which it was found.
	if _, err := o.look(tickets.Sought{Text: account.ID}); err != nil {
		t.Fatal(err)
	}
	if found, err := desk.Look(t.Context(), tickets.Sought{Text: account.ID}, o.memory()); err != nil || found.Link != tickets.LinkNew {
		t.Errorf("%+v %v", found.Link, err)
	}
}

func TestACacheInTroubleStopsNoLook(t *testing.T) {
	o := newOffice(t, sandbox.Options{Accounts: 40, Tickets: 400})
	account, first := o.linked()
	folder := t.TempDir()
	blocked := filepath.Join(folder, "file")
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	o.cache = store.CacheAt(blocked)
	found, err := o.desk().Look(t.Context(), tickets.Sought{Text: account.ID}, o.memory())
	if err != nil || !slices.Equal(idsOf(found.List), idsOf(first.List)) {
		t.Errorf("%+v %v", found, err)
	}
	var failed *store.Error
	if err := o.memory().Remember(t.Context(), tickets.Sought{Text: account.ID}, found, nil); !errors.As(err, &failed) || failed.Is != "cache" {
		t.Error(err)
	}
}
