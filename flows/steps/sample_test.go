package steps_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"zsf/clients/sandbox"
	"zsf/flows/flow"
)

// record is one that the sandbox's org has.
func (s *stage) record(soql string) map[string]string {
	s.t.Helper()
	rows := s.query(soql + " LIMIT 1")
	if len(rows) == 0 {
		s.t.Fatalf("%s finds nothing", soql)
	}
	record := map[string]string{}
	for name, value := range rows[0] {
		record[name], _ = value.(string)
	}
	return record
}

// newest makes the search answer with two tickets of one organization and one requester.
func (s *stage) newest(organization, externalID, email string) {
	s.t.Helper()
	s.answers("zendesk", "/api/v2/search", 200, fmt.Sprintf(`{"count":112,"results":[
		{"id":35436,"subject":"Invoice","status":"open","requester_id":7,"organization_id":5},
		{"id":35437,"subject":"Refund","status":"new","requester_id":7,"organization_id":5}
	],"users":[{"id":7,"name":"Jo","email":%s}],"organizations":[{"id":5,"name":%s,"external_id":%s}]}`, quoted(email), quoted(organization), quoted(externalID)))
}

func quoted(text string) string {
	said, _ := json.Marshal(text)
	return string(said)
}

func TestARecordWithTicketsIsFoundFromTheTickets(t *testing.T) {
	for by, fit := range map[string]func(*stage){
		"name": func(s *stage) { s.newest(s.record("SELECT Name FROM Account")["Name"], "", "nobody@nowhere.example") },
		"external-id": func(s *stage) {
			s.newest("Another name", s.record("SELECT Id FROM Account")["Id"][:15], "nobody@nowhere.example")
		},
		"email": func(s *stage) {
			s.newest("Another name", "not an id", s.record("SELECT Email FROM Contact WHERE Email != null")["Email"])
		},
	} {
		s := on(t, "ready")
		fit(s)
		finding := s.expect("tickets.sample", flow.Pass, "tickets.sample.seen")
		s.evidence(finding, "fact.sample-by-"+by, flow.Pass)
		s.evidence(finding, "fact.sample-tickets", flow.Pass)
		if at := slices.IndexFunc(finding.Evidence, func(e flow.Evidence) bool { return e.Fact.ID == "fact.sample-tickets" }); at >= 0 {
			if said := finding.Evidence[at].Fact.Args; said["Count"] != 2 || said["ID"] != "35436" || said["Subject"] != "Invoice" {
				t.Errorf("%s: %v", by, said)
			}
		}
	}
}

// What shows nowhere is worth a look, and says how to find out; it is never a failure.
func TestTicketsThatNoRecordShowsAreAWarning(t *testing.T) {
	s := on(t, "ready")
	s.newest("Nobody's customer", "", "nobody@nowhere.example")
	finding := s.expect("tickets.sample", flow.Warn, "tickets.sample.unmatched")
	s.evidence(finding, "fact.sample-organization", flow.Warn)
	s.evidence(finding, "fact.sample-requester", flow.Warn)
	commands := ""
	for _, way := range finding.Remedies {
		commands += way.Command + "\n"
	}
	if commands != "zsf tickets --explain RECORD\n\nzsf explain empty-list\n" {
		t.Errorf("the ways are %q", commands)
	}

	without := on(t, "ready")
	without.answers("zendesk", "/api/v2/search", 200, `{"count":1,"results":[{"id":1,"status":"open","requester_id":7,"organization_id":null}],"users":[],"organizations":[]}`)
	without.evidence(without.expect("tickets.sample", flow.Warn, "tickets.sample.unmatched"), "fact.sample-no-organization", flow.Warn)
}

func TestAnAccountWithoutTicketsProvesNothing(t *testing.T) {
	s := on(t, "ready")
	s.answers("zendesk", "/api/v2/search", 200, `{"count":0,"results":[]}`)
	if finding := s.expect("tickets.sample", flow.Warn, "tickets.sample.none"); finding.LeadsTo.ID != "tickets.sample.unproven" {
		t.Errorf("it leads to %s", finding.LeadsTo.ID)
	}
}

func TestWhatWasNotToldIsNotGuessed(t *testing.T) {
	untold := on(t, "ready")
	untold.answers("zendesk", "/api/v2/search", 200, `{"count":1,"results":[{"id":1,"status":"open","requester_id":7,"organization_id":5}],"users":[]}`)
	untold.expect("tickets.sample", flow.Unknown, "tickets.sample.untold")

	refused := on(t, "ready")
	refused.answers("zendesk", "/api/v2/search", 403, `{"error":"Forbidden","description":"You do not have access to this page."}`)
	refused.expect("tickets.sample", flow.Unknown, "unseen-by-user")

	down := on(t, "ready")
	down.served.AddFault(sandbox.FaultRule{Service: "zendesk", Path: "/api/v2/search", Times: -1, Fault: sandbox.Fault{Status: 503}})
	down.expect("tickets.sample", flow.Unknown, "unseen")
}
