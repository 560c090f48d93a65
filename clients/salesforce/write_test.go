package salesforce

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"zsf/clients/transport"
)

func updated(inside string) string {
	return envelope(`<updateMetadataResponse><result>` + inside + `</result></updateMetadataResponse>`)
}

func TestAnUpdateSendsOneElement(t *testing.T) {
	o := newOrg(t, map[string]http.HandlerFunc{soapPath: func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("SOAPAction") != `"updateMetadata"` {
			t.Error(r.Header)
		}
		say(200, updated(`<fullName>Security</fullName><success>true</success>`))(w, r)
	}})
	if err := o.UpdateSetting(t.Context(), SecuritySettingsKind, "Security", LockSessionsToIPPath, "false"); err != nil {
		t.Fatal(err)
	}
	sent, err := parseXML([]byte(o.bodies[0]))
	if err != nil {
		t.Fatal(err)
	}
	values := map[string][]string{}
	flatten(sent.child("Body"), "", values)
	want := map[string][]string{
		"updateMetadata.metadata.fullName":                         {"Security"},
		"updateMetadata.metadata.sessionSettings.lockSessionsToIp": {"false"},
	}
	if diff := cmp.Diff(want, values); diff != "" {
		t.Error(diff)
	}
	if !strings.Contains(o.bodies[0], `xsi:type="met:SecuritySettings"`) || !strings.Contains(o.bodies[0], `xmlns:xsi=`) {
		t.Error(o.bodies[0])
	}
}

func TestNoOtherSettingIsEverSent(t *testing.T) {
	o := newOrg(t, nil)
	for _, test := range [][4]string{
		{"SecuritySettings", "Security", "networkAccess", "false"},
		{"SecuritySettings", "Security", "networkAccess.ipRanges", "true"},
		{"SecuritySettings", "Security", "sessionSettings", "true"},
		{"SecuritySettings", "Security", "sessionSettings.lockSessionsToDomain", "true"},
		{"SecuritySettings", "security", LockSessionsToIPPath, "true"},
		{"SecuritySettings", "Security", LockSessionsToIPPath, "TRUE"},
		{"SecuritySettings", "Security", LockSessionsToIPPath, ""},
		{"SecuritySettings", "Security", LockSessionsToIPPath, "<a/>"},
		{"SecuritySettings", "Security", PkceRequiredPath, "true"},
		{"OauthOidcSettings", "OauthOidc", "blockOAuthUnPwFlow", "true"},
		{"ConnectedAppSettings", "ConnectedApp", "enableAdminApprovedAppsOnly", "true"},
	} {
		if err := o.UpdateSetting(t.Context(), test[0], test[1], test[2], test[3]); !errors.Is(err, ErrNotChangeable) {
			t.Errorf("%v: %v", test, err)
		}
	}
	if len(o.asked) != 0 {
		t.Error(o.asked)
	}
}

func TestAnUpdateThatWasNotMade(t *testing.T) {
	tests := map[string]struct {
		status int
		body   string
		kind   transport.Kind
		code   string
		words  string
	}{
		"without a reason": {200, updated(`<fullName>Security</fullName><success>false</success>`), transport.Rejected, "", "does not say why"},
		"with a reason": {
			200, updated(`<errors><message>no right</message><statusCode>INSUFFICIENT_ACCESS_OR_READONLY</statusCode></errors><success>false</success>`),
			transport.Forbidden, "INSUFFICIENT_ACCESS_OR_READONLY", "no right",
		},
		"a fault": {
			500, envelope(`<soapenv:Fault><faultcode>sf:INSUFFICIENT_ACCESS</faultcode><faultstring>INSUFFICIENT_ACCESS: ModifyMetadata</faultstring></soapenv:Fault>`),
			transport.Forbidden, "INSUFFICIENT_ACCESS", "ModifyMetadata",
		},
		"no result":         {200, envelope(`<updateMetadataResponse/>`), transport.Garbled, "", "does not say whether"},
		"no success":        {200, updated(`<fullName>Security</fullName>`), transport.Garbled, "", "does not say whether"},
		"a read's answer":   {200, answered(``), transport.Garbled, "", "updateMetadataResponse"},
		"an ended session":  {500, envelope(`<soapenv:Fault><faultcode>sf:INVALID_SESSION_ID</faultcode><faultstring>x</faultstring></soapenv:Fault>`), transport.SignInExpired, "INVALID_SESSION_ID", ""},
		"a page with a 503": {503, `<html><title>Down`, transport.Unavailable, "", "a web page"},
	}
	for name, test := range tests {
		o := newOrg(t, map[string]http.HandlerFunc{soapPath: say(test.status, test.body)})
		err := o.UpdateSetting(t.Context(), OauthOidcSettingsKind, "OauthOidc", PkceRequiredPath, "false")
		if failed := failureOf(t, err); failed.Kind != test.kind || failed.Code != test.code || !strings.Contains(failed.Message, test.words) {
			t.Errorf("%s: %+v", name, failed)
		}
	}
}

func TestADocumentIsComparedAsAWhole(t *testing.T) {
	read := func(records string) Settings {
		o := newOrg(t, map[string]http.HandlerFunc{soapPath: say(200, answered(records))})
		document, err := o.ReadSettings(t.Context(), "SecuritySettings", "Security")
		if err != nil {
			t.Fatal(err)
		}
		return document
	}
	ranges := func(parts ...string) string {
		return `<networkAccess>` + strings.Join(parts, "") + `</networkAccess>`
	}
	one, two := `<ipRanges><end>10.0.0.9</end><start>10.0.0.1</start></ipRanges>`, `<ipRanges><start>10.0.1.1</start><description>b</description><end>10.0.1.9</end></ipRanges>`
	session := `<sessionSettings><lockSessionsToIp>true</lockSessionsToIp><none xsi:nil="true"/></sessionSettings>`
	before := read(`<records><fullName>Security</fullName>` + ranges(one, two) + session + `</records>`)
	want := map[string][]string{
		"networkAccess.ipRanges":           {"description=b, end=10.0.1.9, start=10.0.1.1", "end=10.0.0.9, start=10.0.0.1"},
		"sessionSettings.lockSessionsToIp": {"true"},
	}
	if diff := cmp.Diff(want, before.Values); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(want, read(`<records>`+session+ranges(two, one)+`</records>`).Values); diff != "" {
		t.Errorf("the same in another order: %s", diff)
	}
	other := map[string][]string{"networkAccess.ipRanges": {"end=10.0.0.9, start=10.0.0.1"}, "new": {"1"}}
	if diff := cmp.Diff(other, read(`<records>`+ranges(one)+`<new>1</new></records>`).Values); diff != "" {
		t.Error(diff)
	}
	none := read(`<records xsi:nil="true"/>`)
	if _, ok := none.Value(LockSessionsToIPPath); ok || len(none.Values) != 0 {
		t.Errorf("%+v", none)
	}
	text, err := json.Marshal(before)
	var again Settings
	if err := errors.Join(err, json.Unmarshal(text, &again)); err != nil || !cmp.Equal(before, again) {
		t.Errorf("%s %v", text, err)
	}
}

const rowsPath = "/services/data/v68.0/composite/sobjects"

func refusedRow(code, message string) string {
	return fmt.Sprintf(`{"success":false,"errors":[{"statusCode":%q,"message":%q,"fields":[]}]}`, code, message)
}

func TestAGrantNeverSendsItsType(t *testing.T) {
	o := newOrg(t, map[string]http.HandlerFunc{rowsPath: say(200, `[{"id":"0J0000000000001AAA","success":true,"errors":[]}]`)})
	if _, err := o.GrantAccess(t.Context(), []Grant{{"0PS000000000001", "0H4000000000001"}}); err != nil {
		t.Fatal(err)
	}
	want := `{"allOrNone":true,"records":[{"attributes":{"type":"SetupEntityAccess"},"ParentId":"0PS000000000001","SetupEntityId":"0H4000000000001"}]}`
	if o.bodies[0] != want {
		t.Error(o.bodies[0])
	}
}

func TestWhatAnOrgSaysOfRows(t *testing.T) {
	tests := map[string]struct {
		answer  string
		id      string
		already bool
		kind    transport.Kind // of the row; empty: no error
	}{
		"made":              {`{"id":"0J0000000000001AAA","success":true,"errors":[]}`, "0J0000000000001AAA", false, ""},
		"there":             {refusedRow("DUPLICATE_VALUE", "중복 값: SetupEntityAccess 0J0000000000009 레코드"), "0J0000000000009", true, ""},
		"there, not where":  {refusedRow("DUPLICATE_VALUE", "duplicate value found"), "", true, ""},
		"no right":          {refusedRow("INSUFFICIENT_ACCESS_OR_READONLY", "no"), "", false, transport.Forbidden},
		"no such app":       {refusedRow("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id"), "", false, transport.Rejected},
		"type sent":         {refusedRow("INVALID_FIELD_FOR_INSERT_UPDATE", "x"), "", false, transport.Rejected},
		"nothing is said":   {`{"success":false,"errors":[]}`, "", false, transport.Rejected},
		"another row's end": {refusedRow(Halted, "x"), "", false, transport.Rejected},
	}
	for name, test := range tests {
		o := newOrg(t, map[string]http.HandlerFunc{rowsPath: say(200, "["+test.answer+"]")})
		rows, err := o.GrantAccess(t.Context(), []Grant{{"0PS", "0H4"}})
		if err != nil || rows[0].ID != test.id || rows[0].Already != test.already || transport.KindOf(rows[0].Err) != test.kind {
			t.Errorf("%s: %+v %v", name, rows, err)
		}
		if len(o.asked) != 1 {
			t.Errorf("%s: %v", name, o.asked)
		}
	}
	for name, body := range map[string]string{"too few": `[]`, "no list": `{}`, "too many": `[{"success":true},{"success":true}]`} {
		o := newOrg(t, map[string]http.HandlerFunc{rowsPath: say(200, body)})
		if _, err := o.GrantAccess(t.Context(), []Grant{{"0PS", "0H4"}}); transport.KindOf(err) != transport.Garbled {
			t.Errorf("%s: %v", name, err)
		}
	}
	o := newOrg(t, map[string]http.HandlerFunc{rowsPath: say(200, "["+refusedRow("INVALID_CROSS_REFERENCE_KEY", "x")+"]")})
	if rows, err := o.RevokeAccess(t.Context(), []string{"0J0000000000001"}); err != nil || !rows[0].Already || rows[0].Err != nil {
		t.Errorf("%+v %v", rows, err)
	}
	if _, err := o.RevokeAccess(t.Context(), []string{"001000000000001"}); err == nil || len(o.asked) != 1 {
		t.Error("an account was to be deleted")
	}
}

func TestManyRowsGoInSeveralCalls(t *testing.T) {
	o := newOrg(t, map[string]http.HandlerFunc{rowsPath: func(w http.ResponseWriter, r *http.Request) {
		var asked struct {
			Records []json.RawMessage `json:"records"`
		}
		if err := json.NewDecoder(r.Body).Decode(&asked); err != nil || len(asked.Records) > 200 {
			t.Errorf("%d %v", len(asked.Records), err)
		}
		rows := strings.Repeat(`{"id":"0J0000000000001AAA","success":true},`, len(asked.Records))
		say(200, "["+strings.TrimSuffix(rows, ",")+"]")(w, r)
	}})
	rows, err := o.GrantAccess(t.Context(), make([]Grant, 450))
	if err != nil || len(rows) != 450 || len(o.asked) != 3 {
		t.Errorf("%d %d %v", len(rows), len(o.asked), err)
	}
	if rows, err := o.GrantAccess(t.Context(), nil); err != nil || len(rows) != 0 || len(o.asked) != 3 {
		t.Errorf("%v %v", rows, err)
	}
}

func TestAnInstallationsAnswers(t *testing.T) {
	path := "/services/data/v68.0/tooling/sobjects/PackageInstallRequest"
	for body, kind := range map[string]transport.Kind{
		`{"id":"0Hf000000000001AAA","success":true,"errors":[]}`: "",
		`{"id":"","success":true}`:                               transport.Garbled,
		`{"success":false,"errors":[]}`:                          transport.Garbled,
		`[]`:                                                     transport.Garbled,
	} {
		o := newOrg(t, map[string]http.HandlerFunc{path: say(201, body)})
		id, err := o.InstallPackage(t.Context(), version18, "RenameMetadata")
		if transport.KindOf(err) != kind || (err == nil) != (id != "") {
			t.Errorf("%s: %q %v", body, id, err)
		}
		want := `{"NameConflictResolution":"RenameMetadata","SecurityType":"Full","SubscriberPackageVersionKey":"` + version18 + `"}`
		if o.bodies[0] != want {
			t.Error(o.bodies[0])
		}
	}
	for body, want := range map[string]InstallErrors{
		`{"Status":"ERROR","Errors":{"errors":[{"message":"a` + "\u202e" + `"},{"message":"b"}]}}`: {"a", "b"},
		`{"Status":"SUCCESS","Errors":null}`:          nil,
		`{"Status":"SUCCESS","Errors":{"errors":[]}}`: nil,
		`{"Status":"ERROR","Errors":{"errors":null}}`: nil,
	} {
		o := newOrg(t, map[string]http.HandlerFunc{path + "/0Hf000000000001": say(200, body)})
		request, err := o.ReadPackageInstallRequest(t.Context(), "0Hf000000000001")
		if diff := cmp.Diff(want, request.Errors); err != nil || diff != "" || !request.Settled() {
			t.Errorf("%s: %v %s", body, err, diff)
		}
	}
	o := newOrg(t, map[string]http.HandlerFunc{path + "/x": say(200, `{}`)})
	if _, err := o.ReadPackageInstallRequest(t.Context(), "x"); transport.KindOf(err) != transport.Garbled {
		t.Error(err)
	}
}

func TestTheAuditTrailOfAnOlderOrg(t *testing.T) {
	query := "/services/data/v68.0/query"
	o := newOrg(t, map[string]http.HandlerFunc{query: func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Query().Get("q"), "DelegateUser") {
			say(400, `[{"errorCode":"INVALID_FIELD","message":"No such column 'DelegateUser' on entity 'SetupAuditTrail'."}]`)(w, r)
			return
		}
		say(200, records(
			`{"Id":"1","Action":"changedSessionSetting","Display":"Changed Lock sessions to the IP address from which they originated","CreatedBy":null}`,
			`{"Id":"2","Action":"createduser","Display":"Created user"}`,
			`{"Id":"3","Action":"lockSessionsToIpEnabled","Display":"세션 설정 변경"}`))(w, r)
	}})
	events, told, err := o.SessionLockEvents(t.Context())
	if err != nil || !told || len(events) != 2 || events[0].ID != "1" || events[1].ID != "3" || events[0].CreatedBy != nil {
		t.Errorf("%+v %v %v", events, told, err)
	}
	for body, kind := range map[string]transport.Kind{
		`[{"errorCode":"INVALID_TYPE","message":"sObject type 'SetupAuditTrail' is not supported."}]`: "",
		`[{"errorCode":"INVALID_FIELD","message":"Something else"}]`:                                  "",
		`[{"errorCode":"MALFORMED_QUERY","message":"x"}]`:                                             transport.Rejected,
	} {
		o := newOrg(t, map[string]http.HandlerFunc{query: say(400, body)})
		events, told, err := o.SessionLockEvents(t.Context())
		if told || events != nil || transport.KindOf(err) != kind || (kind == "") != (err == nil) {
			t.Errorf("%s: %+v %v %v", body, events, told, err)
		}
	}
}
