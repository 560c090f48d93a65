package salesforce

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zsf/clients/transport"
)

func TestVersionsNeedNoSignIn(t *testing.T) {
	o := newOrg(t, map[string]http.HandlerFunc{"/services/data/": func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" {
			t.Error("the token went along")
		}
		fmt.Fprint(w, `[{"label":"Spring '26","url":"/services/data/v66.0","version":"66.0"},{"label":"Summer '27","url":"","version":"70.0"}]`)
	}})
	versions, err := o.Versions(t.Context())
	if err != nil || len(versions) != 2 || versions[0].Label != "Spring '26" {
		t.Errorf("%v %v", versions, err)
	}
	empty := newOrg(t, map[string]http.HandlerFunc{"/services/data/": say(200, `[]`)})
	if _, err := empty.Versions(t.Context()); transport.KindOf(err) != transport.Garbled {
		t.Errorf("%v", err)
	}
}

func TestPickTakesTheLowerOfNewestAndTested(t *testing.T) {
	tests := []struct {
		versions []string
		want     string
	}{
		{[]string{"64.0", "66.0", "65.0"}, "66.0"},
		{[]string{"67.0", "68.0", "69.0", "100.0"}, "68.0"},
		{[]string{"9.0", "10.0"}, "10.0"},
		{nil, "68.0"},
		{[]string{"../..", "x", "66.0/../", ""}, "68.0"},
	}
	for _, test := range tests {
		var versions []Version
		for _, version := range test.versions {
			versions = append(versions, Version{Version: version})
		}
		if got := Pick(versions); got != test.want {
			t.Errorf("%v: %s, want %s", test.versions, got, test.want)
		}
	}
}

func TestUseVersionIgnoresWhatIsNone(t *testing.T) {
	o := newOrg(t, nil)
	for _, version := range []string{"", "66", "v66.0", "../x", "66.0/x"} {
		o.UseVersion(version)
		if o.Version() != TestedVersion {
			t.Errorf("%q was taken", version)
		}
	}
	o.UseVersion("66.0")
	if o.Version() != "66.0" {
		t.Error(o.Version())
	}
}

func TestUserInfo(t *testing.T) {
	const path = "/services/oauth2/userinfo"
	o := newOrg(t, map[string]http.HandlerFunc{path: say(200, `{"sub":"https://x/id/00D/005","user_id":"005000000000001AAA",
		"organization_id":"00D000000000001AAA","preferred_username":"kim@acme.example","name":"김\u202e민준","email":"kim@acme.example",
		"email_verified":true,"locale":"ko_KR","urls":{"rest":"https://x/services/data/v{version}/","custom_domain":"https://acme.my.salesforce.com"}}`)})
	user, err := o.UserInfo(t.Context())
	want := UserInfo{
		UserID: "005000000000001AAA", OrganizationID: "00D000000000001AAA", Username: "kim@acme.example", Name: "김민준",
		Email: "kim@acme.example", Locale: "ko_KR", CustomDomain: "https://acme.my.salesforce.com",
	}
	if diff := cmp.Diff(want, user); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
	for body, kind := range map[string]transport.Kind{
		`{}`: transport.Garbled, `null`: transport.Garbled, `{"user_id":"005"}`: transport.Garbled, `<html><title>Login`: transport.Garbled,
	} {
		o := newOrg(t, map[string]http.HandlerFunc{path: say(200, body)})
		if _, err := o.UserInfo(t.Context()); failureOf(t, err).Kind != kind {
			t.Errorf("%s: %v", body, err)
		}
	}
}

func TestRefusals(t *testing.T) {
	tests := []struct {
		name    string
		status  int
		body    string
		kind    transport.Kind
		code    string
		message string
	}{
		{"expired", 401, `[{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}]`, transport.SignInExpired, "INVALID_SESSION_ID", "Session expired or invalid"},
		{"bad header", 401, `[{"message":"INVALID_AUTH_HEADER","errorCode":"INVALID_AUTH_HEADER"}]`, transport.SignInExpired, "INVALID_AUTH_HEADER", "INVALID_AUTH_HEADER"},
		{"OAuth's word", 403, "Bad_OAuth_Token", transport.SignInExpired, "Bad_OAuth_Token", "Forbidden"},
		{"OAuth's other word", 403, "Missing_OAuth_Token", transport.SignInMissing, "Missing_OAuth_Token", "Forbidden"},
		{"API disabled", 403, `[{"message":"The REST API is not enabled for this Organization.","errorCode":"API_DISABLED_FOR_ORG"}]`, transport.APIDisabled, "API_DISABLED_FOR_ORG", "The REST API is not enabled for this Organization."},
		{"API disabled, a bare object", 403, `{"message":"m","errorCode":"API_DISABLED_FOR_ORG"}`, transport.APIDisabled, "API_DISABLED_FOR_ORG", "m"},
		{"API disabled for the user", 403, `[{"message":"API is disabled for this User","errorCode":"API_CURRENTLY_DISABLED"}]`, transport.APIDisabled, "API_CURRENTLY_DISABLED", "API is disabled for this User"},
		{"the day's limit", 403, `[{"message":"TotalRequests Limit exceeded.","errorCode":"REQUEST_LIMIT_EXCEEDED"}]`, transport.LimitReached, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."},
		{"too many at once", 403, `[{"message":"ConcurrentPerOrgLongTxn Limit exceeded","errorCode":"REQUEST_LIMIT_EXCEEDED"}]`, transport.RateLimited, "REQUEST_LIMIT_EXCEEDED", "ConcurrentPerOrgLongTxn Limit exceeded"},
		{"a right is missing", 403, `[{"message":"insufficient access rights on cross-reference id","errorCode":"INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY"}]`, transport.Forbidden, "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY", "insufficient access rights on cross-reference id"},
		{"an object that is not there", 400, `[{"message":"\nSELECT Id FROM PushTopic\n               ^\nERROR at Row:1:Column:16\nsObject type 'PushTopic' is not supported.","errorCode":"INVALID_TYPE"}]`, transport.NotFound, "INVALID_TYPE", "sObject type 'PushTopic' is not supported."},
		{"a column that is not there", 400, `[{"message":"\nSELECT X FROM A\n       ^\nERROR at Row:1:Column:8\nNo such column 'X' on entity 'A'.","errorCode":"INVALID_FIELD"}]`, transport.Rejected, "INVALID_FIELD", "No such column 'X' on entity 'A'."},
		{"OAuth's object", 400, `{"error":"invalid_grant","error_description":"expired access/refresh token"}`, transport.SignInExpired, "invalid_grant", "expired access/refresh token"},
		{"nothing", 400, ``, transport.Rejected, "", "Bad Request"},
		{"an empty list", 400, `[]`, transport.Rejected, "", "Bad Request"},
		{"a page for maintenance", 503, `<html><title>We are down</title>`, transport.Unavailable, "", "a web page instead of JSON: We are down"},
		{"a page of another host", 404, `<html><title>Not here</title>`, transport.Garbled, "", "a web page instead of JSON: Not here"},
		{"a retired version", 410, `[{"errorCode":"UNSUPPORTED_API_VERSION","message":"x"}]`, transport.NotFound, "UNSUPPORTED_API_VERSION", "x"},
		{"the token, said back", 400, `[{"errorCode":"X","message":"Bearer ` + token + ` is bad"}]`, transport.Rejected, "X", "Bearer [redacted] is bad"},
		{"control characters", 400, "no\x1b]0;x\x07\x00 way\r\n", transport.Rejected, "", "no way"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			o := newOrg(t, map[string]http.HandlerFunc{"/services/data/v68.0/limits": say(test.status, test.body)})
			_, err := o.Limits(t.Context())
			failed := failureOf(t, err)
			if failed.Kind != test.kind || failed.Code != test.code || failed.Message != test.message || failed.Status != test.status {
				t.Errorf("%+v", failed)
			}
			if failed.Call != "GET /services/data/v68.0/limits" || failed.Service != transport.Salesforce {
				t.Errorf("%+v", failed)
			}
		})
	}
}

func FuzzParseRefusal(f *testing.F) {
	for _, seed := range []string{`[{"message":"m","errorCode":"c"}]`, `{"error":"x"}`, `[]`, `[null]`, `null`, `<`, `ERROR at Row:`, `[{"message":"ERROR at Row:"}]`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		code, message := parseRefusal(body)
		if kindOf(400, code, message) == "" {
			t.Fatal("an error without a kind")
		}
	})
}

func TestSignedOut(t *testing.T) {
	client, err := New("https://acme.my.salesforce.com", "", transport.Config{Base: http.NewFileTransport(http.Dir("."))})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.UserInfo(t.Context()); transport.KindOf(err) != transport.SignInMissing {
		t.Errorf("%v", err)
	}
	if _, err := client.ReadSecuritySettings(t.Context()); transport.KindOf(err) != transport.SignInMissing {
		t.Errorf("%v", err)
	}
}

func TestPermissionsLeaveOutColumnsThatTheOrgDoesNotHave(t *testing.T) {
	missing := []string{"PermissionsManageRemoteAccess", "PermissionsApiUserOnly"}
	var asked []string
	o := newOrg(t, map[string]http.HandlerFunc{"/services/data/v68.0/query": func(w http.ResponseWriter, r *http.Request) {
		soql := r.URL.Query().Get("q")
		asked = append(asked, soql)
		for _, column := range missing {
			if strings.Contains(soql, column) {
				say(400, fmt.Sprintf(`[{"errorCode":"INVALID_FIELD","message":"\n%s\n   ^\nERROR at Row:1:Column:3\nNo such column '%s' on entity 'UserPermissionAccess'. If you"}]`,
					strings.Repeat("x", 500), column))(w, r)
				return
			}
		}
		fmt.Fprint(w, records(`{"attributes":{"type":"UserPermissionAccess"},"PermissionsApiEnabled":true,"PermissionsViewSetup":false,"PermissionsManageUsers":null}`))
	}})
	permissions, err := o.Permissions(t.Context())
	want := Permissions{"PermissionsApiEnabled": true, "PermissionsViewSetup": false}
	if diff := cmp.Diff(want, permissions); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
	if len(asked) != 3 || asked[0] != permissionsQuery() || strings.Contains(asked[2], "ApiUserOnly") || !strings.HasSuffix(asked[2], " FROM UserPermissionAccess") {
		t.Errorf("%q", asked)
	}
	empty := newOrg(t, map[string]http.HandlerFunc{"/services/data/v68.0/query": say(200, records())})
	if _, err := empty.Permissions(t.Context()); transport.KindOf(err) != transport.Garbled {
		t.Errorf("%v", err)
	}
}

func TestTime(t *testing.T) {
	want := time.Date(2026, 11, 23, 10, 2, 11, 0, time.UTC)
	for text, at := range map[string]time.Time{
		`"2026-11-23T10:02:11.000+0000"`: want, `"2026-11-23T10:02:11Z"`: want, `"2026-11-23T19:02:11.000+09:00"`: want,
		`"2026-11-23T19:02:11+0900"`: want, `"2026-11-23"`: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC), `null`: {}, `""`: {},
	} {
		var row struct{ At Time }
		if err := json.Unmarshal([]byte(`{"At":`+text+`}`), &row); err != nil || !row.At.Equal(at) {
			t.Errorf("%s: %v %v", text, row.At, err)
		}
	}
	for _, text := range []string{`"yesterday"`, `5`, `{}`} {
		var at Time
		if json.Unmarshal([]byte(text), &at) == nil {
			t.Errorf("%s was taken", text)
		}
	}
}
