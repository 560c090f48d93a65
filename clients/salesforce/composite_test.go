package salesforce

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"zsf/clients/transport"
)

const compositePath = "/services/data/v68.0/composite"

func TestCompositeSplitsByTheLimits(t *testing.T) {
	tests := []struct{ queries, describes, limits, calls int }{
		{0, 0, 0, 0}, {1, 0, 0, 1}, {5, 20, 0, 1}, {6, 0, 0, 2}, {8, 7, 0, 2}, {5, 21, 0, 2}, {0, 51, 0, 3}, {11, 5, 1, 4}, {0, 0, 1, 1},
	}
	for _, test := range tests {
		t.Run(fmt.Sprint(test), func(t *testing.T) {
			o := newOrg(t, map[string]http.HandlerFunc{
				"/services/data/v68.0/limits": say(200, `{"DailyApiRequests":{"Max":100,"Remaining":7,"PerApp":{"Max":1}}}`),
				compositePath: composite(t, func(id, url string) (int, string) {
					if strings.Contains(url, "/describe") {
						return 200, fmt.Sprintf(`{"name":%q,"queryable":true,"fields":[{"name":"Email"}]}`, id)
					}
					return 200, records(fmt.Sprintf(`{"attributes":{},"Id":%q}`, id))
				}),
			})
			var parts []Part
			for i := range test.queries {
				parts = append(parts, QueryPart(fmt.Sprintf("q%d", i), "SELECT Id FROM A WHERE B = 'x&y+z'"))
			}
			for i := range test.describes {
				parts = append(parts, DescribePart(fmt.Sprintf("d%d", i), "Account"))
			}
			for i := range test.limits {
				parts = append(parts, LimitsPart(fmt.Sprintf("l%d", i)))
			}
			answers, err := o.Composite(t.Context(), parts)
			if err != nil || len(answers) != len(parts) {
				t.Fatalf("%d answers of %d: %v", len(answers), len(parts), err)
			}
			if len(o.asked) != test.calls {
				t.Errorf("%d calls, want %d", len(o.asked), test.calls)
			}
			for id, answer := range answers {
				if answer.ID != id || answer.Status != 200 || !answer.At.Equal(o.at) {
					t.Errorf("%s: %+v", id, answer)
				}
			}
			if test.queries > 0 {
				rows, err := Rows[Organization](t.Context(), o.Client, answers["q0"])
				if err != nil || len(rows) != 1 || rows[0].ID != "q0" {
					t.Errorf("%v %v", rows, err)
				}
			}
			if test.describes > 0 {
				var described Describe
				if err := answers["d0"].Decode(&described); err != nil || !described.HasField("email") || described.HasField("Name") {
					t.Errorf("%+v %v", described, err)
				}
			}
			if test.limits > 0 {
				var limits Limits
				if err := answers["l0"].Decode(&limits); err != nil || limits["DailyApiRequests"] != (Limit{100, 7}) {
					t.Errorf("%+v %v", limits, err)
				}
			}
		})
	}
}

func TestCompositeEscapesItsQueries(t *testing.T) {
	var url string
	o := newOrg(t, map[string]http.HandlerFunc{compositePath: composite(t, func(_, asked string) (int, string) {
		url = asked
		return 200, records()
	})})
	if _, err := o.Composite(t.Context(), []Part{QueryPart("q", "SELECT Id FROM A WHERE B = 'x&y+z%'")}); err != nil {
		t.Fatal(err)
	}
	if want := "/services/data/v68.0/query?q=SELECT+Id+FROM+A+WHERE+B+%3D+%27x%26y%2Bz%25%27"; url != want {
		t.Errorf("%s, want %s", url, want)
	}
}

func TestAFailedPartFailsAlone(t *testing.T) {
	bodies := map[string]struct {
		status int
		body   string
	}{
		"list":   {404, `[{"errorCode":"NOT_FOUND","message":"The requested resource does not exist"}]`},
		"object": {403, `{"message":"The REST API is not enabled for this Organization.","errorCode":"API_DISABLED_FOR_ORG"}`},
		"empty":  {400, `null`},
		"good":   {200, records(`{"Id":"1"}`)},
	}
	o := newOrg(t, map[string]http.HandlerFunc{compositePath: composite(t, func(id, _ string) (int, string) {
		return bodies[id].status, bodies[id].body
	})})
	answers, err := o.Composite(t.Context(), []Part{
		DescribePart("list", "PushTopic"), QueryPart("object", "SELECT Id FROM A"), QueryPart("empty", "SELECT Id FROM B"), QueryPart("good", "SELECT Id FROM C"),
	})
	if err != nil {
		t.Fatal(err)
	}
	var into any
	list := failureOf(t, answers["list"].Decode(&into))
	if list.Kind != transport.NotFound || list.Call != "GET /services/data/v68.0/sobjects/PushTopic/describe (list)" {
		t.Errorf("%+v", list)
	}
	_, err = Rows[User](t.Context(), o.Client, answers["object"])
	object := failureOf(t, err)
	if object.Kind != transport.APIDisabled || object.Call != "GET /services/data/v68.0/query (object)" {
		t.Errorf("%+v", object)
	}
	if empty := failureOf(t, answers["empty"].Decode(&into)); empty.Kind != transport.Rejected || empty.Message != "Bad Request" {
		t.Errorf("%+v", empty)
	}
	if rows, err := Rows[User](t.Context(), o.Client, answers["good"]); err != nil || len(rows) != 1 {
		t.Errorf("%v %v", rows, err)
	}
}

func TestAWholeCallThatFailsLeavesTheOthers(t *testing.T) {
	o := newOrg(t, map[string]http.HandlerFunc{
		compositePath:                 say(500, `[{"errorCode":"UNKNOWN_EXCEPTION","message":"An unexpected error occurred"}]`),
		"/services/data/v68.0/limits": say(200, `{}`),
	})
	answers, err := o.Composite(t.Context(), []Part{QueryPart("a", "SELECT Id FROM A"), DescribePart("b", "B"), LimitsPart("c")})
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"a", "b"} {
		var into any
		failed := failureOf(t, answers[id].Decode(&into))
		if failed.Kind != transport.Unavailable || failed.Call != "POST "+compositePath || answers[id].Status != 0 {
			t.Errorf("%s: %+v", id, failed)
		}
	}
	if err := answers["c"].Decode(&Limits{}); err != nil {
		t.Error(err)
	}
}

func TestCompositeThatLeavesAPartOut(t *testing.T) {
	for _, body := range []string{`{"compositeResponse":[]}`, `{}`} {
		o := newOrg(t, map[string]http.HandlerFunc{compositePath: say(200, body)})
		answers, err := o.Composite(t.Context(), []Part{QueryPart("a", "SELECT Id FROM A")})
		if err != nil {
			t.Fatal(err)
		}
		var into any
		if failed := failureOf(t, answers["a"].Decode(&into)); failed.Kind != transport.Garbled {
			t.Errorf("%+v", failed)
		}
		if err := answers["nobody"].Decode(&into); err == nil {
			t.Error("an answer that nobody asked for")
		}
	}
}

func TestCompositeRefusesIDsThatSalesforceDoes(t *testing.T) {
	o := newOrg(t, nil)
	for _, ids := range [][]string{{"a", "a"}, {"a.b"}, {"1a"}, {""}, {"a-b"}, {"é"}} {
		var parts []Part
		for _, id := range ids {
			parts = append(parts, DescribePart(id, "Account"))
		}
		if _, err := o.Composite(t.Context(), parts); err == nil {
			t.Errorf("%v was taken", ids)
		}
	}
}

func TestRowsFollowTheirPages(t *testing.T) {
	o := newOrg(t, map[string]http.HandlerFunc{
		"/services/data/v68.0/query": say(200, `{"totalSize":3,"done":false,"nextRecordsUrl":"/services/data/v68.0/query/01g-2",
			"records":[{"Id":"1","Name":"A\u001b[31m\u202e"},{"Id":"2"}]}`),
		"/services/data/v68.0/query/01g-2": say(200, `{"totalSize":3,"done":true,"records":[{"Id":"3"}]}`),
	})
	rows, err := Query[Profile](t.Context(), o.Client, "SELECT Id FROM Profile")
	if err != nil {
		t.Fatal(err)
	}
	want := []Profile{{ID: "1", Name: "A"}, {ID: "2"}, {ID: "3"}}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Error(diff)
	}
}

func TestRowsOfAnotherShape(t *testing.T) {
	for _, body := range []string{
		`{}`, `null`, `[]`, `{"records":null}`, `{"records":{}}`, `{"records":[{"Id":5}]}`, `<html>`, ``, `{"records":[`,
		`{"records":[],"nextRecordsUrl":"https://evil.example/x"}`, `{"records":[],"nextRecordsUrl":"//evil.example/x"}`,
	} {
		o := newOrg(t, map[string]http.HandlerFunc{"/services/data/v68.0/query": say(200, body)})
		_, err := Query[Profile](t.Context(), o.Client, "SELECT Id FROM Profile")
		if failed := failureOf(t, err); failed.Kind != transport.Garbled {
			t.Errorf("%s: %+v", body, failed)
		}
	}
	circle := newOrg(t, map[string]http.HandlerFunc{"/services/data/v68.0/query": say(200, `{"records":[],"nextRecordsUrl":"/services/data/v68.0/query"}`)})
	if _, err := Query[Profile](t.Context(), circle.Client, "x"); transport.KindOf(err) != transport.Garbled {
		t.Errorf("%v", err)
	}
}

func TestPartsOfTheToolingAPITravelInItsOwnCompositeCall(t *testing.T) {
	pkg := records(`{"Id":"0A3","SubscriberPackage":{"Name":"P","NamespacePrefix":null},
		"SubscriberPackageVersion":{"MajorVersion":4,"MinorVersion":12,"PatchVersion":0,"BuildNumber":3}}`)
	o := newOrg(t, map[string]http.HandlerFunc{
		"/services/data/v66.0/composite": say(200, `{"compositeResponse":[{"referenceId":"org","httpStatusCode":200,"body":`+records(`{"Id":"00D"}`)+`}]}`),
		"/services/data/v66.0/tooling/composite": say(200, `{"compositeResponse":[
			{"referenceId":"package","httpStatusCode":200,"body":`+pkg+`},
			{"referenceId":"page","httpStatusCode":200,"body":{"FullName":"Account_Page","Metadata":{"flexiPageRegions":[
				{"name":"main","itemInstances":[{"componentInstance":{"componentName":"zd:Zendesk_Ticket_View"}},{"componentInstance":null,"fieldInstance":{}}]},
				{"name":"old","componentInstances":[{"componentName":"flexipage:visualforcePage","componentInstanceProperties":[
					{"name":"height","value":300},{"name":"pageName","value":"Zendesk_Ticket_View_Account"}]}]}]}}},
			{"referenceId":"empty","httpStatusCode":200,"body":{"FullName":"Empty","Metadata":null}}]}`),
	})
	o.UseVersion("66.0")
	answers, err := o.Composite(t.Context(), []Part{
		QueryPart("org", OrganizationQuery), ToolingQueryPart("package", InstalledPackageQuery),
		ToolingRowPart("page", "FlexiPage", "0M0"), ToolingRowPart("empty", "FlexiPage", "0M1"),
	})
	if err != nil {
		t.Fatal(err)
	}
	if orgs, err := Rows[Organization](t.Context(), o.Client, answers["org"]); err != nil || len(orgs) != 1 {
		t.Errorf("%+v %v", orgs, err)
	}
	packages, err := Rows[InstalledPackage](t.Context(), o.Client, answers["package"])
	if err != nil || len(packages) != 1 || packages[0].Version() != "4.12" || packages[0].SubscriberPackage.NamespacePrefix != nil {
		t.Errorf("%+v %v", packages, err)
	}
	var page, empty FlexiPageMetadata
	if err := answers["page"].Decode(&page); err != nil {
		t.Fatal(err)
	}
	want := []string{"zd:Zendesk_Ticket_View", "flexipage:visualforcePage", "Zendesk_Ticket_View_Account"}
	if diff := cmp.Diff(want, page.Components()); diff != "" {
		t.Error(diff)
	}
	if err := answers["empty"].Decode(&empty); err != nil || len(empty.Components()) != 0 {
		t.Errorf("%+v %v", empty, err)
	}
}
