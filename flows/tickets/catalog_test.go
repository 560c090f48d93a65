package tickets_test

import (
	"net/http"
	"slices"
	"testing"

	"zsf/clients/sandbox"
	"zsf/flows/tickets"
)

// All that the account offers comes in one round of calls.
func TestACatalogIsOneRoundOfCallsAway(t *testing.T) {
	desk, _, served := atDesk(t)
	before := len(served.Requests())
	catalog, err := desk.Catalog(t.Context())
	if err != nil || len(catalog.Missing) != 0 || catalog.ReadAt.IsZero() {
		t.Fatalf("%+v %v", catalog, err)
	}
	requests := served.Requests()[before:]
	for _, one := range requests {
		for _, other := range requests {
			if !other.Ended.After(one.Started) {
				t.Errorf("%s waited for %s", one.Path, other.Path)
			}
		}
	}
	if len(catalog.Forms) < 2 || !catalog.Forms[0].Default || len(catalog.Groups) < 2 || len(catalog.Groups[0].Members) == 0 || len(catalog.Macros) == 0 || catalog.Me.ID == 0 {
		t.Errorf("%+v", catalog)
	}
	var labels []string
	for _, status := range catalog.Statuses {
		labels = append(labels, status.Label)
	}
	if !slices.Contains(labels, "Waiting on engineering") || slices.Contains(labels, "Merged by hand (old)") {
		t.Error(labels)
	}
	for _, agent := range catalog.Agents {
		if agent.ID == 0 || agent.Name == "" {
			t.Errorf("%+v", agent)
		}
	}
}

// An account on a smaller plan has neither forms, nor statuses of its own; what may not be read is made do without, and named.
func TestACatalogMakesDoWithoutWhatTheAccountLacks(t *testing.T) {
	desk, _, served := atDesk(t)
	for path, status := range map[string]int{"/api/v2/ticket_forms": 404, "/api/v2/custom_statuses": 404, "/api/v2/macros/active": 403} {
		served.AddFault(sandbox.FaultRule{Service: "zendesk", Path: path, Fault: sandbox.Fault{Status: status, Body: `{"error":"InvalidEndpoint"}`}})
	}
	catalog, err := desk.Catalog(t.Context())
	if err != nil || !slices.Equal(catalog.Missing, []string{"macros"}) {
		t.Fatalf("%v %v", catalog.Missing, err)
	}
	if len(catalog.Forms) != 1 || catalog.Forms[0].ID != 0 || len(catalog.Forms[0].All) < 10 {
		t.Errorf("%+v", catalog.Forms)
	}
	for _, kind := range []string{"new", "open", "pending", "solved", "closed"} {
		if got, known := catalog.StatusOf(kind); !known || got != kind {
			t.Errorf("%s: %s", kind, got)
		}
	}
	fields := catalog.Fields(0, tickets.Values{})
	if fields[0].Key != tickets.SubjectKey || fields[len(fields)-1].Key != tickets.TagsKey {
		t.Errorf("%+v", fields)
	}
	served.AddFault(sandbox.FaultRule{Service: "zendesk", Path: "/api/v2/ticket_fields", Fault: sandbox.Fault{Status: http.StatusForbidden, Body: `{"error":"Forbidden"}`}})
	if _, err := desk.Catalog(t.Context()); err == nil {
		t.Error("a catalog without fields")
	}
}
