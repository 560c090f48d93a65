package zendesk

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"zsf/clients/sandbox/seed"
)

// What all tests here share: an account on loopback, a client whose every answer is held
// against the vendor's OpenAPI file, and a clock that stands still.

var (
	today   = time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC)
	testOrg = seed.WithChecksum("00D8d00000Abc12")
)

type fixture struct {
	t       *testing.T
	account *Account
	server  *httptest.Server
	client  *http.Client
	token   string
	clock   *time.Time
}

func open(t *testing.T, change ...func(*Options)) *fixture {
	t.Helper()
	at := today
	f := &fixture{t: t, token: givenAccessToken, clock: &at}
	f.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { f.account.ServeHTTP(w, r) }))
	t.Cleanup(f.server.Close)
	o := Options{Setup: Ready(testOrg), Seed: seed.New(1, 60, 300, "en", today), URL: f.server.URL, Clock: func() time.Time { return *f.clock }}
	for _, c := range change {
		c(&o)
	}
	f.account = New(o)
	f.client = &http.Client{
		Transport:     &checkedTransport{t: t, next: f.server.Client().Transport},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return f
}

func with(setup func(*Setup)) func(*Options) {
	return func(o *Options) { setup(&o.Setup) }
}

// said is an answer, its body read.
type said struct {
	status int
	header http.Header
	body   string
}

// call sends a request as the signed-in user; body is nil, a text sent as it is, or anything that becomes JSON.
func (f *fixture) call(method, path string, body any, headers ...string) said {
	f.t.Helper()
	var content []byte
	switch body := body.(type) {
	case nil:
	case string:
		content = []byte(body)
	default:
		var err error
		if content, err = json.Marshal(body); err != nil {
			f.t.Fatal(err)
		}
	}
	r, err := http.NewRequestWithContext(f.t.Context(), method, f.server.URL+path, bytes.NewReader(content))
	if err != nil {
		f.t.Fatal(err)
	}
	if f.token != "" {
		r.Header.Set("Authorization", "Bearer "+f.token)
	}
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	answer, err := f.client.Do(r)
	if err != nil {
		f.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	all, err := io.ReadAll(answer.Body)
	if err != nil {
		f.t.Fatal(err)
	}
	return said{answer.StatusCode, answer.Header, string(all)}
}

func (f *fixture) get(path string) said { f.t.Helper(); return f.call(http.MethodGet, path, nil) }

// read is the answer as JSON.
func (s said) read(t *testing.T) map[string]any {
	t.Helper()
	var out map[string]any
	if err := json.Unmarshal([]byte(s.body), &out); err != nil {
		t.Fatalf("%d %q is not an object: %v", s.status, s.body, err)
	}
	return out
}

// at follows keys and indexes: at(t, "organization", "name").
func (s said) at(t *testing.T, path ...any) any {
	t.Helper()
	var here any = s.read(t)
	for _, step := range path {
		switch step := step.(type) {
		case string:
			object, isObject := here.(map[string]any)
			if !isObject {
				t.Fatalf("no %q in %T of %s", step, here, s.body)
			}
			here = object[step]
		case int:
			array, isArray := here.([]any)
			if !isArray || step >= len(array) {
				t.Fatalf("no item %d in %s", step, s.body)
			}
			here = array[step]
		}
	}
	return here
}

func (s said) list(t *testing.T, name string) []map[string]any {
	t.Helper()
	array, isArray := s.at(t, name).([]any)
	if !isArray {
		t.Fatalf("%q is no list in %s", name, s.body)
	}
	out := make([]map[string]any, len(array))
	for i := range array {
		out[i], _ = array[i].(map[string]any)
	}
	return out
}

func (s said) must(t *testing.T, status int) said {
	t.Helper()
	if s.status != status {
		t.Fatalf("status %d, want %d: %s", s.status, status, s.body)
	}
	return s
}

func idOf(t *testing.T, record any) string {
	t.Helper()
	object, _ := record.(map[string]any)
	number, isNumber := object["id"].(float64)
	if !isNumber {
		t.Fatalf("no id in %v", record)
	}
	return strconv.FormatInt(int64(number), 10)
}
