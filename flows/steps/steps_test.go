package steps_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"zsf/clients/salesforce"
	"zsf/clients/sandbox"
	"zsf/clients/transport"
	"zsf/clients/zendesk"
	"zsf/flows"
	"zsf/flows/flow"
	"zsf/flows/world"
)

// A stage is a sandbox and a runner that looks at it over real HTTP.
type stage struct {
	t      *testing.T
	served *sandbox.Sandbox
	info   sandbox.Info
	label  world.Environment
}

func on(t *testing.T, scenario string) *stage {
	t.Helper()
	served, err := sandbox.Start(context.Background(), sandbox.Options{Scenario: scenario, Accounts: 5, Tickets: 5})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = served.Close() })
	return &stage{t: t, served: served, info: served.Info(), label: world.Sandbox}
}

func (s *stage) look() flow.Report {
	s.t.Helper()
	org, err := salesforce.New(s.info.Salesforce.InstanceURL, s.info.Salesforce.AccessToken, transport.Config{Service: transport.Salesforce, MaxTries: 1})
	if err != nil {
		s.t.Fatal(err)
	}
	account, err := zendesk.New(s.info.Zendesk.URL, s.info.Zendesk.AccessToken, transport.Config{Service: transport.Zendesk, MaxTries: 1})
	if err != nil {
		s.t.Fatal(err)
	}
	w := world.New(world.Options{Profile: world.Profile{Name: "acme", Zendesk: s.label}, Salesforce: org, Zendesk: account})
	return flow.NewRunner(flows.Preflight, w, time.Now).Look(context.Background(), nil, func(flow.Event) {})
}

// answers makes one path say something else, for as long as the stage stands.
func (s *stage) answers(service, path string, status int, body string) {
	s.served.AddFault(sandbox.FaultRule{Service: service, Path: path, Times: -1, Fault: sandbox.Fault{
		Status: status, Headers: map[string]string{"Content-Type": "application/json"}, Body: body,
	}})
}

// salesforce calls the org as its admin would, to change how it stands.
func (s *stage) salesforce(method, path, contentType, body string) []byte {
	s.t.Helper()
	request, err := http.NewRequest(method, s.info.Salesforce.InstanceURL+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+s.info.Salesforce.AccessToken)
	request.Header.Set("Content-Type", contentType)
	request.Header.Set("SOAPAction", `""`)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode > 299 {
		s.t.Fatalf("%s %s: %d %s %v", method, path, response.StatusCode, answer, err)
	}
	return answer
}

func (s *stage) query(soql string) []map[string]any {
	s.t.Helper()
	var page struct{ Records []map[string]any }
	answer := s.salesforce(http.MethodGet, "/services/data/v68.0/query?q="+url.QueryEscape(soql), "", "")
	if err := json.NewDecoder(bytes.NewReader(answer)).Decode(&page); err != nil {
		s.t.Fatal(err)
	}
	return page.Records
}

// setting changes one setting of the org by SOAP, and no other.
func (s *stage) setting(kind, name, element string) {
	s.t.Helper()
	token := strings.NewReplacer("&", "&amp;", "<", "&lt;").Replace(s.info.Salesforce.AccessToken)
	s.salesforce(http.MethodPost, "/services/Soap/m/68.0", "text/xml", `<?xml version="1.0"?>
		<env:Envelope xmlns:env="http://schemas.xmlsoap.org/soap/envelope/" xmlns:met="http://soap.sforce.com/2006/04/metadata" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
		<env:Header><met:SessionHeader><met:sessionId>`+token+`</met:sessionId></met:SessionHeader></env:Header>
		<env:Body><met:updateMetadata><met:metadata xsi:type="met:`+kind+`"><met:fullName>`+name+`</met:fullName>`+element+`</met:metadata></met:updateMetadata></env:Body></env:Envelope>`)
}

func (s *stage) expect(id flow.ID, verdict flow.Verdict, summary string) flow.Finding {
	s.t.Helper()
	finding, ok := s.look().Finding(id)
	if !ok || finding.Verdict != verdict || finding.Summary.ID != summary {
		s.t.Errorf("%s is %s, %s %v; want %s, %s", id, finding.Verdict, finding.Summary.ID, finding.Summary.Args, verdict, summary)
	}
	return finding
}

func (s *stage) evidence(finding flow.Finding, fact string, mark flow.Verdict) {
	s.t.Helper()
	for _, line := range finding.Evidence {
		if line.Fact.ID == fact && line.Mark == mark {
			return
		}
	}
	s.t.Errorf("%s has no evidence %s marked %q: %+v", finding.Step, fact, mark, finding.Evidence)
}

func TestAnAnonymousAnswerIsNoSignIn(t *testing.T) {
	s := on(t, "ready")
	s.answers("zendesk", "/api/v2/users/me*", 200, `{"user":{"id":null,"name":"Anonymous user","email":"invalid@example.com","role":"end-user"}}`)
	s.expect("zendesk.signin", flow.Fail, "signin.ended")
}

func TestATokenThatMayNotReadDoesNotSuffice(t *testing.T) {
	s := on(t, "ready")
	s.answers("zendesk", "/api/v2/oauth/tokens/current*", 200, `{"token":{"id":1,"scopes":["tickets:write"]}}`)
	s.expect("zendesk.signin", flow.Fail, "zendesk.signin.scope")
}

func TestATokenThatMayOnlyReadSufficesAndTheRestIsSaid(t *testing.T) {
	s := on(t, "ready")
	s.answers("zendesk", "/api/v2/oauth/tokens/current*", 200, `{"token":{"id":1,"scopes":["read"]}}`)
	finding, _ := s.look().Finding("zendesk.signin")
	if finding.Verdict != flow.Pass {
		t.Errorf("%+v", finding)
	}
	s.evidence(finding, "fact.scope-missing", flow.Warn)
}

func TestScopesThatCannotBeReadAreUnknown(t *testing.T) {
	s := on(t, "ready")
	s.answers("zendesk", "/api/v2/oauth/tokens/current*", 404, `{"error":"RecordNotFound","description":"Not found"}`)
	s.expect("zendesk.signin", flow.Unknown, "unseen")
}

func TestASuspendedAdminIsNoAdmin(t *testing.T) {
	s := on(t, "ready")
	s.answers("zendesk", "/api/v2/users/me*", 200, `{"user":{"id":7,"name":"J. Park","email":"j@example.com","role":"admin","active":true,"suspended":true}}`)
	s.expect("zendesk.admin", flow.Fail, "zendesk.admin.suspended")
}

func TestAnOrgWithoutItsOwnDomainFails(t *testing.T) {
	s := on(t, "ready")
	s.answers("salesforce", "/services/oauth2/userinfo", 200, `{"user_id":"005Ws000000001AIAQ","organization_id":"00DWs0000009LqeMAE","preferred_username":"j@example.com","urls":{}}`)
	s.expect("salesforce.my-domain", flow.Fail, "salesforce.my-domain.none")
}

func TestFewRequestsLeftIsAWarningAndNoneAFailure(t *testing.T) {
	for body, want := range map[string]struct {
		verdict flow.Verdict
		summary string
	}{
		`{"DailyApiRequests":{"Max":15000,"Remaining":1500},"DailyStreamingApiEvents":{"Max":50000,"Remaining":50000}}`: {flow.Pass, "salesforce.api-room.left"},
		`{"DailyApiRequests":{"Max":15000,"Remaining":1499},"DailyStreamingApiEvents":{"Max":50000,"Remaining":50000}}`: {flow.Warn, "salesforce.api-room.left"},
		`{"DailyApiRequests":{"Max":15000,"Remaining":9000},"DailyStreamingApiEvents":{"Max":50000,"Remaining":0}}`:     {flow.Fail, "salesforce.api-room.used-up"},
		`{"DailyApiRequests":{"Max":15000,"Remaining":10},"DailyStreamingApiEvents":{"Max":50000,"Remaining":0}}`:       {flow.Fail, "salesforce.api-room.used-up"},
		`{"DataStorageMB":{"Max":15000,"Remaining":10}}`:                                                                {flow.Unknown, "salesforce.api-room.untold"},
	} {
		s := on(t, "ready")
		s.answers("salesforce", "/services/data/v68.0/limits", 200, body)
		s.expect("salesforce.api-room", want.verdict, want.summary)
	}
}

func TestTheStreamingAPIThatIsOffFailsItsStepAndTheConnectingUser(t *testing.T) {
	s := on(t, "ready")
	s.setting("EventSettings", "Event", "<met:enableStreamingApi>false</met:enableStreamingApi>")
	s.expect("salesforce.streaming", flow.Fail, "salesforce.streaming.off")
	user := s.expect("salesforce.connecting-user", flow.Fail, "salesforce.connecting-user.lacks")
	s.evidence(user, "fact.object-absent", flow.Fail)
}

// A clone of the administrators' profile has the same rights, and does not stand in for it.
func TestAnotherProfileWithAdminRightsIsNotTheSystemAdministrator(t *testing.T) {
	s := on(t, "admin-profile-missing")
	admins := s.query("SELECT Id, Name FROM Profile WHERE PermissionsModifyAllData = true AND PermissionsCustomizeApplication = true AND PermissionsManageUsers = true")
	if len(admins) < 2 {
		t.Fatalf("the sandbox should have a clone of the administrators' profile: %v", admins)
	}
	app := s.query("SELECT Id FROM ConnectedApplication WHERE Name = 'Salesforce Integration for Zendesk'")[0]["Id"].(string)
	for _, profile := range admins {
		if profile["Name"] == "System Administrator" {
			continue
		}
		set := s.query("SELECT Id FROM PermissionSet WHERE IsOwnedByProfile = true AND ProfileId = '" + profile["Id"].(string) + "'")[0]["Id"].(string)
		s.salesforce(http.MethodPost, "/services/data/v68.0/sobjects/SetupEntityAccess", "application/json", `{"ParentId":"`+set+`","SetupEntityId":"`+app+`"}`)
	}
	s.expect("access.profiles", flow.Fail, "access.profiles.no-admin")
}

func TestAPackageThatIsBeingInstalledSaysSo(t *testing.T) {
	s := on(t, "fresh")
	s.expect("setup.package", flow.Fail, "setup.package.none")
	s.salesforce(http.MethodPost, "/services/data/v68.0/tooling/sobjects/PackageInstallRequest", "application/json",
		`{"SubscriberPackageVersionKey":"`+packageVersion(s)+`","SecurityType":"Full","NameConflictResolution":"Block","EnableRss":true}`)
	s.expect("setup.package", flow.Fail, "setup.package.installing")
}

// packageVersion is the id in the link that the org's own page of the package shows.
func packageVersion(s *stage) string {
	s.t.Helper()
	ready := on(s.t, "ready")
	var page struct {
		Records []struct {
			SubscriberPackageVersionID string `json:"SubscriberPackageVersionId"`
		} `json:"records"`
	}
	answer := ready.salesforce(http.MethodGet, "/services/data/v68.0/tooling/query?q="+url.QueryEscape("SELECT SubscriberPackageVersionId FROM InstalledSubscriberPackage"), "", "")
	if err := json.Unmarshal(answer, &page); err != nil || len(page.Records) == 0 {
		s.t.Fatalf("%v: %s", err, answer)
	}
	return page.Records[len(page.Records)-1].SubscriberPackageVersionID
}

func TestProductionWithProductionIsForAPersonToKnow(t *testing.T) {
	s := on(t, "mixed-environments")
	s.label = world.Production
	s.expect("environment.rehearsal", flow.Unknown, "environment.rehearsal.production")
	s.label = world.Unlabelled
	s.expect("environment.rehearsal", flow.Unknown, "environment.rehearsal.unlabelled")
}

const otherOrg = "00D5g000004uBxZEAU"

func triggers(list ...string) string {
	return `{"triggers":[` + strings.Join(list, ",") + `],"meta":{"has_more":false},"links":{}}`
}

func trigger(title string, active bool, webhook string) string {
	text, _ := json.Marshal(map[string]any{
		"id": 360000000001, "title": title, "active": active, "category_id": "1", "position": 1,
		"conditions": map[string]any{"all": []any{}, "any": []any{}},
		"actions":    []any{map[string]any{"field": "notification_webhook", "value": []string{webhook, `{"ticket_id": {{ticket.id}}}`}}},
	})
	return string(text)
}

func webhooks(id, status string) string {
	return `{"webhooks":[{"id":"` + id + `","name":"(Salesforce Integration) Sync tickets to Salesforce","status":"` + status + `","endpoint":"https://example.com"}],"meta":{"has_more":false},"links":{}}`
}

func TestTriggersAreJudgedByTheOrgThatTheyName(t *testing.T) {
	const own = "00DWs0000009LqeMAE"
	title := "(Salesforce Integration) Sync tickets to Salesforce"
	for name, tc := range map[string]struct {
		triggers, webhooks string
		trigger, oneOrg    flow.Verdict
		said               string
	}{
		"a webhook that is gone":                  {triggers(trigger(title+" ("+own+")", true, "A")), webhooks("B", "active"), flow.Fail, flow.Pass, "zendesk.triggers.webhook-off"},
		"an id of 15 characters":                  {triggers(trigger(title+" ("+own[:15]+")", true, "A")), webhooks("A", "active"), flow.Pass, flow.Pass, "zendesk.triggers.on"},
		"another org's trigger that is left over": {triggers(trigger(title+" ("+own+")", true, "A"), trigger(title+" ("+otherOrg+")", false, "A")), webhooks("A", "active"), flow.Pass, flow.Pass, "zendesk.triggers.on"},
		"only another org's trigger":              {triggers(trigger(title+" ("+otherOrg+")", true, "A")), webhooks("A", "active"), flow.Unknown, flow.Fail, "zendesk.triggers.none"},
		"a trigger that names no org":             {triggers(trigger(title, false, "A")), webhooks("A", "active"), flow.Fail, flow.Unknown, "zendesk.triggers.off"},
		"one of two that is off":                  {triggers(trigger(title+" ("+own+")", true, "A"), trigger(title+" ("+own+")", false, "A")), webhooks("A", "active"), flow.Fail, flow.Pass, "zendesk.triggers.off"},
		"triggers that are not the integration's": {triggers(trigger("Notify "+title, true, "A")), webhooks("A", "active"), flow.Unknown, flow.Unknown, "zendesk.triggers.none"},
	} {
		t.Run(name, func(t *testing.T) {
			s := on(t, "ready")
			s.answers("zendesk", "/api/v2/triggers*", 200, tc.triggers)
			s.answers("zendesk", "/api/v2/webhooks*", 200, tc.webhooks)
			s.expect("zendesk.triggers", tc.trigger, tc.said)
			report := s.look()
			if finding, _ := report.Finding("environment.one-org"); finding.Verdict != tc.oneOrg {
				t.Errorf("environment.one-org is %s, %s; want %s", finding.Verdict, finding.Summary.ID, tc.oneOrg)
			}
			if org := report.Salesforce.OrgID; org != own {
				t.Fatalf("the sandbox's org is %s", org)
			}
		})
	}
}

func TestWebhooksThatMayNotBeReadLeaveActiveTriggersUnknown(t *testing.T) {
	s := on(t, "ready")
	s.answers("zendesk", "/api/v2/webhooks*", 403, `{"error":"Forbidden","description":"You are missing the following required scopes: webhooks:read, read"}`)
	finding := s.expect("zendesk.triggers", flow.Unknown, "unseen-by-user")
	s.evidence(finding, "fact.trigger-on", flow.Pass)
}

// A finding is never older than it looks, and what failed says what to do.
func TestEachFindingCarriesItsTimeAndAWayOut(t *testing.T) {
	for _, scenario := range sandbox.Scenarios() {
		for _, finding := range on(t, scenario.Name).look().Findings {
			if finding.ReadAt.IsZero() || time.Since(finding.ReadAt) > time.Minute {
				t.Errorf("%s: %s was read at %v", scenario.Name, finding.Step, finding.ReadAt)
			}
			if finding.Verdict == flow.Fail && (len(finding.Remedies) == 0 || len(finding.Evidence) == 0) {
				t.Errorf("%s: %s failed with %d remedies and %d pieces of evidence", scenario.Name, finding.Step, len(finding.Remedies), len(finding.Evidence))
			}
			if finding.Verdict == flow.Pass && len(finding.Evidence) == 0 {
				t.Errorf("%s: %s passed without evidence", scenario.Name, finding.Step)
			}
		}
	}
}
