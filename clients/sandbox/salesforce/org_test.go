package salesforce

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"zsf/clients/sandbox/seed"
)

const api = "/services/data/v68.0/"

// A fakeClock goes only where a test moves it.
type fakeClock struct {
	mu sync.Mutex
	at time.Time
}

func (c *fakeClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *fakeClock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// A served org is one behind real HTTP.
type served struct {
	*Org
	t     *testing.T
	url   string
	token string
	clock *fakeClock
}

func serve(t *testing.T, setup Setup) *served { return serveSize(t, setup, 3000) }

func serveSize(t *testing.T, setup Setup, accounts int) *served {
	t.Helper()
	clock := &fakeClock{at: time.Date(2026, time.November, 23, 10, 2, 11, 0, time.UTC)}
	server := httptest.NewUnstartedServer(nil)
	address := "http://" + server.Listener.Addr().String()
	org := New(Options{Setup: setup, Seed: seed.New(7, accounts, 0, setup.Language, clock.now()), URL: address, Clock: clock.now})
	server.Config.Handler = org
	server.Start()
	t.Cleanup(server.Close)
	return &served{Org: org, t: t, url: address, token: org.Credentials().AccessToken, clock: clock}
}

// A reply is an answer as a client got it.
type reply struct {
	status int
	header http.Header
	body   string
}

func (s *served) do(method, path, body string, headers ...string) reply {
	s.t.Helper()
	request, err := http.NewRequestWithContext(context.Background(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	if s.token != "" {
		request.Header.Set("Authorization", "Bearer "+s.token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return reply{response.StatusCode, response.Header, string(data)}
}

func (s *served) get(path string) reply { s.t.Helper(); return s.do(http.MethodGet, path, "") }

func (s *served) soql(query string) reply {
	s.t.Helper()
	return s.get(api + "query?q=" + url.QueryEscape(query))
}

func (s *served) toolingQuery(query string) reply {
	s.t.Helper()
	return s.get(api + "tooling/query?q=" + url.QueryEscape(query))
}

// rows runs a query that must succeed and gives its records.
func (s *served) rows(query string) []map[string]any {
	s.t.Helper()
	return decodeRows(s.t, s.soql(query))
}

func (s *served) toolingRows(query string) []map[string]any {
	s.t.Helper()
	return decodeRows(s.t, s.toolingQuery(query))
}

func decodeRows(t *testing.T, r reply) []map[string]any {
	t.Helper()
	var result struct {
		Records []map[string]any `json:"records"`
	}
	r.decode(t, http.StatusOK, &result)
	return result.Records
}

func (r reply) decode(t *testing.T, status int, into any) {
	t.Helper()
	if r.status != status {
		t.Fatalf("got %d %s, want %d", r.status, r.body, status)
	}
	if err := json.Unmarshal([]byte(r.body), into); err != nil {
		t.Fatalf("%v in %s", err, r.body)
	}
}

// wantError checks the service's own shape of an error: a list of one.
func (r reply) wantError(t *testing.T, status int, code, message string) {
	t.Helper()
	var list []struct{ Message, ErrorCode string }
	r.decode(t, status, &list)
	if len(list) != 1 || list[0].ErrorCode != code || !strings.Contains(list[0].Message, message) {
		t.Errorf("got %s, want %s: …%s…", r.body, code, message)
	}
}

func (s *served) created(path, body string) string {
	s.t.Helper()
	var made struct {
		ID      string `json:"id"`
		Success bool   `json:"success"`
	}
	s.do(http.MethodPost, path, body).decode(s.t, http.StatusCreated, &made)
	return made.ID
}

func compact(v any) string {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return err.Error()
	}
	return strings.TrimSpace(b.String())
}

func TestCredentialsOutliveEverySetup(t *testing.T) {
	first := New(Options{URL: "http://127.0.0.1:1"}).Credentials()
	for _, setup := range []Setup{Ready(), {Production: true}, {SessionExpired: true}, {Language: "ko"}} {
		got := New(Options{Setup: setup, URL: "http://127.0.0.1:1"}).Credentials()
		if got.AccessToken != first.AccessToken || got.RefreshToken != first.RefreshToken || got.ClientID != first.ClientID {
			t.Errorf("%+v: got other credentials", setup)
		}
	}
	if !strings.HasPrefix(first.AccessToken, "00D") || !strings.Contains(first.AccessToken, "!AQ") {
		t.Errorf("the access token looks like none: %s", first.AccessToken)
	}
}

func TestOrgIDsDiffer(t *testing.T) {
	if OrgID(Setup{}) == OrgID(Setup{Production: true}) || len(OrgID(Setup{})) != 18 || New(Options{}).ID() != OrgID(Setup{}) {
		t.Error("production and sandbox need ids of their own, of 18 characters")
	}
}

func TestSchemaTablesAreWhole(t *testing.T) {
	s := loadSchema()
	types := "id reference string boolean int double currency percent date datetime picklist email phone url textarea complexvalue"
	seenPrefix := map[string]string{}
	for _, tooling := range []bool{false, true} {
		names := s.names
		if tooling {
			names = s.toolNames
		}
		for _, name := range names {
			e, _ := s.find(name, tooling)
			if other := seenPrefix[e.prefix]; other != "" && other != e.name {
				t.Errorf("%s and %s share the prefix %s", other, e.name, e.prefix)
			}
			seenPrefix[e.prefix] = e.name
			if e.label == "" || e.plural == "" || len(e.prefix) != 3 && name != "RecentlyViewed" || e.columns[0].Name != "Id" {
				t.Errorf("%s lacks a label, a prefix or an Id", name)
			}
			seen := map[string]bool{}
			for _, c := range e.columns {
				if seen[c.Name] || c.Label == "" || !strings.Contains(" "+types+" ", " "+c.Type+" ") {
					t.Errorf("%s.%s: twice, without a label, or of type %q", name, c.Name, c.Type)
				}
				seen[c.Name] = true
			}
			for _, permission := range append(append([]string{}, e.sees...), e.writes...) {
				if !s.isPermission(permission) {
					t.Errorf("%s names the unknown permission %s", name, permission)
				}
			}
		}
	}
	if len(New(Options{}).settings) != 3 {
		t.Error("the settings documents do not parse")
	}
}

// isPermission tells whether name is a user permission that this org knows.
func (s *schema) isPermission(name string) bool {
	for _, p := range s.permissions {
		if p.name == name {
			return true
		}
	}
	return false
}
