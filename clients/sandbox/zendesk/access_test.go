package zendesk

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestWhoAmI(t *testing.T) {
	for _, test := range []struct {
		name   string
		header string
		status int
		body   string // part of it
	}{
		{"with the given token", "Bearer " + givenAccessToken, 200, `"role":"admin"`},
		{"without credentials", "", 200, `{"user":{"id":null,`},
		{"with e-mail and password", basic("mina.kim@helpdesk.example", "right or wrong"), 200, `"name":"Anonymous user"`},
		{"with an API token", basic("mina.kim@helpdesk.example/token", "abc"), 401, `{"error":"Couldn't authenticate you"}`},
		{"with a dead token", "Bearer 00", 401, `{"error":"invalid_token","error_description":"The access token provided is expired, revoked, malformed or invalid for other reasons."}`},
		{"with an empty token", "Bearer ", 401, `"invalid_token"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := open(t)
			f.token = ""
			headers := []string{}
			if test.header != "" {
				headers = append(headers, "Authorization", test.header)
			}
			for _, path := range []string{"/api/v2/users/me", "/api/v2/users/me.json"} {
				if got := f.call(http.MethodGet, path, nil, headers...).must(t, test.status); !strings.Contains(got.body, test.body) {
					t.Errorf("%s: %s does not contain %s", path, got.body, test.body)
				}
			}
		})
	}
}

func basic(name, password string) string {
	r := http.Request{Header: http.Header{}}
	r.SetBasicAuth(name, password)
	return r.Header.Get("Authorization")
}

func TestOtherCallsNeedSignIn(t *testing.T) {
	f := open(t)
	f.token = ""
	for _, path := range []string{"/api/v2/tickets.json", "/api/v2/organizations", "/api/v2/triggers", "/api/v2/webhooks", "/api/v2/oauth/tokens/current", "/api/v2/account/settings"} {
		if got := f.get(path).must(t, 401); got.body != `{"error":"Couldn't authenticate you"}` {
			t.Errorf("%s: %s", path, got.body)
		}
	}
}

func TestExpiredToken(t *testing.T) {
	expired := open(t, with(func(s *Setup) { s.TokenExpired = true }))
	expired.get("/api/v2/users/me").must(t, 401)

	f := open(t)
	f.get("/api/v2/users/me").must(t, 200)
	*f.clock = today.Add(longestAccess)
	f.get("/api/v2/users/me").must(t, 401)
}

// tokenWith gets a token with those scopes for the signed-in user.
func (f *fixture) tokenWith(scope string) string {
	f.t.Helper()
	f.account.mu.Lock()
	defer f.account.mu.Unlock()
	return f.account.oauth.issue(f.account.oauth.client(publicClient), staffID(signedIn), scopesOf(scope), today, longestAccess, 0).Access
}

func TestScopes(t *testing.T) {
	const write = `{"organization":{"name":"New"}}`
	for _, test := range []struct {
		name, scope, method, path, body string
		status                          int
		missing                         string
	}{
		{"read reads", "read", "GET", "/api/v2/triggers", "", 200, ""},
		{"a granular scope reads its own", "triggers:read", "GET", "/api/v2/triggers", "", 200, ""},
		{"a granular scope reads nothing else", "triggers:read", "GET", "/api/v2/organizations", "", 403, "organizations:read, read"},
		{"write does not read", "organizations:write", "GET", "/api/v2/organizations", "", 403, "organizations:read, read"},
		{"read does not write", "read", "POST", "/api/v2/organizations", write, 403, "organizations:write, write"},
		{"write writes", "write", "POST", "/api/v2/organizations", write, 201, ""},
		{"a granular scope writes", "organizations:write", "POST", "/api/v2/organizations", write, 201, ""},
		{"an empty scope is everything", "", "POST", "/api/v2/organizations", write, 201, ""},
		{"what has no scope of its own", "users:read", "GET", "/api/v2/oauth/clients", "", 403, "read"},
		{"an unknown scope on users/me", "raed", "GET", "/api/v2/users/me", "", 403, "users:read, read"},
		{"an unknown scope on the token itself", "raed", "GET", "/api/v2/oauth/tokens/current", "", 403, "read"},
		{"any scope shows the token itself", "tickets:write", "GET", "/api/v2/oauth/tokens/current", "", 200, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := open(t)
			f.token = f.tokenWith(test.scope)
			got := f.call(test.method, test.path, test.body).must(t, test.status)
			want := `{"error":"Forbidden","description":"You are missing the following required scopes: ` + test.missing + `"}`
			if test.status == 403 && got.body != want {
				t.Errorf("%s, want %s", got.body, want)
			}
		})
	}
}

func TestTheGivenTokenMayNotChangeWebhooks(t *testing.T) {
	f := open(t)
	hook := f.account.webhooks.ofSalesforce(testOrg)
	got := f.call(http.MethodPatch, "/api/v2/webhooks/"+hook, `{"webhook":{"status":"inactive"}}`).must(t, 403)
	if !strings.Contains(got.body, "webhooks:write, write") {
		t.Error(got.body)
	}
}

func TestAnAgentMayReadAndNotChange(t *testing.T) {
	f := open(t, with(func(s *Setup) { s.NotAdmin = true }))
	f.token = f.tokenWith("read write")
	me := f.get("/api/v2/users/me").must(t, 200)
	if me.at(t, "user", "role") != "agent" || me.at(t, "user", "role_type") != nil {
		t.Errorf("the signed-in user is %s", me.body)
	}
	organization := idOf(t, f.get("/api/v2/organizations?page[size]=1").at(t, "organizations", 0))
	hook := f.account.webhooks.ofSalesforce(testOrg)
	trigger := idOf(t, f.get("/api/v2/triggers?page[size]=1").at(t, "triggers", 0))
	const forbidden = `{"error":{"title":"Forbidden","message":"You do not have access to this page. Please contact the account owner of this help desk for further help."}}`
	for _, test := range []struct {
		method, path, body string
		status             int
	}{
		{"GET", "/api/v2/oauth/tokens/current", "", 200},
		{"GET", "/api/v2/triggers", "", 200},
		{"GET", "/api/v2/triggers/active", "", 200},
		{"GET", "/api/v2/triggers/search?query=salesforce", "", 200},
		{"GET", "/api/v2/trigger_categories", "", 200},
		{"GET", "/api/v2/webhooks", "", 200},
		{"GET", "/api/v2/account/settings", "", 200},
		{"GET", "/api/v2/organizations/autocomplete?name=a", "", 200},
		{"GET", "/api/v2/users", "", 200},
		{"GET", "/api/v2/tickets", "", 200},
		{"PUT", "/api/v2/organizations/" + organization, `{"organization":{"notes":"called"}}`, 200},
		{"POST", "/api/v2/users", `{"user":{"name":"A customer"}}`, 201},
		{"GET", "/api/v2/organizations/search?name=a", "", 403},
		{"POST", "/api/v2/organizations", `{"organization":{"name":"New"}}`, 403},
		{"POST", "/api/v2/organizations/create_or_update", `{"organization":{"name":"New"}}`, 403},
		{"PUT", "/api/v2/organizations/" + organization, `{"organization":{"name":"Other"}}`, 403},
		{"DELETE", "/api/v2/organizations/" + organization, "", 403},
		{"POST", "/api/v2/users", `{"user":{"name":"An admin","role":"admin"}}`, 403},
		{"POST", "/api/v2/triggers", `{"trigger":{"title":"x"}}`, 403},
		{"PUT", "/api/v2/triggers/" + trigger, `{"trigger":{"active":false}}`, 403},
		{"PUT", "/api/v2/triggers/update_many", `{"triggers":[{"id":` + trigger + `,"active":false}]}`, 403},
		{"DELETE", "/api/v2/triggers/" + trigger, "", 403},
		{"PATCH", "/api/v2/webhooks/" + hook, `{"webhook":{"status":"inactive"}}`, 403},
		{"GET", "/api/v2/oauth/clients", "", 403},
	} {
		got := f.call(test.method, test.path, test.body)
		if got.status != test.status || got.status == 403 && got.body != forbidden {
			t.Errorf("%s %s: %d %s, want %d", test.method, test.path, got.status, got.body, test.status)
		}
	}
}

func TestPathsThatAreNotThere(t *testing.T) {
	f := open(t)
	const invalid = `{"error":"InvalidEndpoint","description":"Not found"}`
	for _, test := range []struct{ method, path string }{
		{"GET", "/api/v2/nonsense.json"},
		{"GET", "/api/v2"},
		{"GET", "/api/v2/audit_logs"},
		{"PUT", "/api/v2/organization_memberships/create_many"},
		{"POST", "/api/v2/organizations/create_many.json"},
		{"PUT", "/api/v2/organizations/update_many.json"},
		{"DELETE", "/api/v2/organizations/destroy_many.json"},
		{"GET", "/api/v2/views/1"},
		{"GET", "/api/v2/views.json?active=true"},
		{"GET", "/api/v2/tickets/1/metrics"},
		{"GET", "/api/v2/organizations/abc"},
		{"PATCH", "/api/v2/organizations/1"},
	} {
		for _, token := range []string{givenAccessToken, ""} {
			f.token = token
			if strings.HasSuffix(test.path, "/abc") || strings.HasSuffix(test.path, "_many.json") && test.method != "POST" {
				f.token = givenAccessToken // told apart from ids only once signed in
			}
			if got := f.call(test.method, test.path, nil); got.status != 404 || got.body != invalid {
				t.Errorf("%s %s: %d %s", test.method, test.path, got.status, got.body)
			}
		}
	}
}

func TestRecordsThatAreNotThere(t *testing.T) {
	f := open(t)
	f.token = f.tokenWith("")
	for _, test := range []struct{ method, path string }{
		{"GET", "/api/v2/organizations/9223372036854775807.json"},
		{"PUT", "/api/v2/organizations/9223372036854775807.json"},
		{"DELETE", "/api/v2/organizations/21000000000001"},
		{"GET", "/api/v2/users/1"},
		{"PUT", "/api/v2/users/1"},
		{"GET", "/api/v2/tickets/0"},
		{"GET", "/api/v2/tickets/301"},
		{"GET", "/api/v2/triggers/5"},
		{"DELETE", "/api/v2/triggers/9223372036854775807.json"},
		{"GET", "/api/v2/organization_memberships/5"},
		{"GET", "/api/v2/oauth/tokens/5"},
		{"GET", "/api/v2/organizations/5/users"},
		{"GET", "/api/v2/users/5/tickets/requested"},
	} {
		if got := f.call(test.method, test.path, `{}`); got.status != 404 || got.body != `{"error":"RecordNotFound","description":"Not found"}` {
			t.Errorf("%s %s: %d %s", test.method, test.path, got.status, got.body)
		}
	}
}

func TestHeaders(t *testing.T) {
	f := open(t)
	got := f.get("/api/v2/organizations.json?page[size]=1").must(t, 200)
	for name, want := range map[string]string{
		"Content-Type": "application/json; charset=utf-8", "X-Rate-Limit": "400", "X-Rate-Limit-Remaining": "399",
		"Ratelimit-Limit": "400", "Ratelimit-Remaining": "399", "Ratelimit-Reset": "60", "X-Zendesk-Api-Version": "v2", "Cache-Control": "max-age=30, private",
	} {
		if got.header.Get(name) != want {
			t.Errorf("%s: %q, want %q", name, got.header.Get(name), want)
		}
	}
	if other := f.get("/api/v2/users/me"); got.header.Get("X-Zendesk-Request-Id") == "" || other.header.Get("X-Zendesk-Request-Id") == got.header.Get("X-Zendesk-Request-Id") {
		t.Errorf("request ids %q and %q", got.header.Get("X-Zendesk-Request-Id"), other.header.Get("X-Zendesk-Request-Id"))
	}
}

func TestRateLimit(t *testing.T) {
	f := open(t)
	*f.clock = today.Add(18 * time.Second)
	for range perMinute {
		f.get("/api/v2/users/me").must(t, 200)
	}
	got := f.get("/api/v2/users/me").must(t, 429)
	if got.header.Get("Retry-After") != "42" || got.header.Get("X-Rate-Limit-Remaining") != "0" ||
		got.header.Get("Content-Type") != "text/plain; charset=utf-8" || got.body != "Number of allowed API requests per minute exceeded" {
		t.Errorf("%v %s", got.header, got.body)
	}
	*f.clock = today.Add(60 * time.Second)
	f.get("/api/v2/users/me").must(t, 200)
}

func TestRateLimitsOfTheirOwn(t *testing.T) {
	f := open(t)
	for range 100 {
		f.get("/api/v2/tickets.json?page[size]=1").must(t, 200)
	}
	if got := f.get("/api/v2/tickets.json?page[size]=1").must(t, 429); got.header.Get("Zendesk-Ratelimit-Tickets-Index") != "total=100; remaining=0; resets=60" {
		t.Error(got.header)
	}
	for range 100 {
		f.get("/api/v2/webhooks").must(t, 200)
	}
	if got := f.get("/api/v2/webhooks").must(t, 429); got.header.Get("X-Rate-Limit") != "100" {
		t.Error(got.header)
	}
	f.get("/api/v2/users/me").must(t, 200)
}
