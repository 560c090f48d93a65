package zendesk

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"slices"
	"sort"
	"strings"
	"testing"
)

// A recording is one exchange with the real service.
type recording struct {
	Request struct {
		Method string `json:"method"`
		URI    string `json:"uri"`
		Body   string `json:"body"`
	} `json:"request"`
	Response struct {
		Status  int                 `json:"status"`
		Headers map[string][]string `json:"headers"`
		Body    string              `json:"body"`
	} `json:"response"`
}

func recordings(t *testing.T, name string) []recording {
	t.Helper()
	path, err := shared("recorded/" + name)
	if err != nil {
		t.Skipf("nothing to compare with: %v", err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	var all []recording
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var one recording
		if err := json.Unmarshal(lines.Bytes(), &one); err != nil {
			t.Fatal(err)
		}
		all = append(all, one)
	}
	if lines.Err() != nil || len(all) == 0 {
		t.Fatalf("%d recordings: %v", len(all), lines.Err())
	}
	return all
}

// shape is the names and JSON types of a value; the items of a list are taken together.
func shape(value any, path string, into map[string]map[string]bool) {
	note := func(kind string) {
		if into[path] == nil {
			into[path] = map[string]bool{}
		}
		into[path][kind] = true
	}
	switch value := value.(type) {
	case nil:
		note("null")
	case string:
		note("text")
	case bool:
		note("bool")
	case float64:
		note("number")
	case []any:
		note("list")
		for _, item := range value {
			shape(item, path+"[]", into)
		}
	case map[string]any:
		note("object")
		for name, member := range value {
			shape(member, path+"."+name, into)
		}
	}
}

// orderOf is the names of a JSON object as they come.
func orderOf(body string) []string {
	decoder := json.NewDecoder(strings.NewReader(body))
	var names []string
	depth, isName := 0, false
	for {
		token, err := decoder.Token()
		if err != nil {
			return names
		}
		switch token := token.(type) {
		case json.Delim:
			if token == '{' || token == '[' {
				depth++
			} else {
				depth--
			}
			isName = depth == 1
		default:
			if depth == 1 && isName {
				names = append(names, fmt.Sprint(token))
			}
			isName = depth == 1 && !isName
		}
	}
}

// replayed answers a recorded request in the sandbox, whose ids are not the recorded ones.
func (f *fixture) replayed(r recording) (said, bool) {
	f.t.Helper()
	address, err := url.Parse(r.Request.URI)
	if err != nil {
		f.t.Fatal(err)
	}
	path := address.Path
	known := map[string]bool{"/api/v2/organizations.json": true, "/api/v2/triggers.json": true, "/api/v2/organizations/show_many.json": true}
	kind, id, hasID := strings.Cut(strings.TrimPrefix(strings.TrimSuffix(path, ".json"), "/api/v2/"), "/")
	if !known[path] && (!hasID || kind != "organizations" && kind != "triggers" || strings.Contains(id, "many")) {
		return said{}, false
	}
	query := address.Query()
	if query.Has("page[after]") {
		first := f.get(path + "?page[size]=" + query.Get("page[size]"))
		query.Set("page[after]", first.at(f.t, "meta", "after_cursor").(string))
	}
	if hasID && id != "show_many" && id != "9223372036854775807" {
		path = "/api/v2/" + kind + "/" + idOf(f.t, f.get("/api/v2/"+kind+"?page[size]=1").at(f.t, kind, 0))
	}
	if query.Has("ids") {
		query.Set("ids", idOf(f.t, f.get("/api/v2/organizations?page[size]=1").at(f.t, "organizations", 0)))
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return f.call(r.Request.Method, path, r.Request.Body), true
}

// valuesDiffer are places whose values are the business's own: what a trigger does, what a field holds.
func valuesDiffer(path string) bool {
	return strings.Contains(path, ".conditions.") || strings.Contains(path, ".actions[].value") || strings.Contains(path, ".organization_fields.") ||
		strings.HasSuffix(path, "tags[]") || strings.HasSuffix(path, "domain_names[]")
}

func TestAnswersHaveTheShapeOfTheRecorded(t *testing.T) {
	for _, name := range []string{"zendesk-organizations.jsonl", "zendesk-triggers.jsonl", "zendesk-errors.jsonl"} {
		compared := 0
		for i, r := range recordings(t, name) {
			f := open(t)
			got, replayable := f.replayed(r)
			if !replayable {
				continue
			}
			compared++
			what := fmt.Sprintf("%s:%d %s %s", name, i+1, r.Request.Method, r.Request.URI)
			if got.status != r.Response.Status {
				t.Errorf("%s: status %d, recorded %d: %s", what, got.status, r.Response.Status, got.body)
				continue
			}
			compareHeaders(t, what, got.header, r.Response.Headers)
			if r.Response.Body == "" {
				if got.body != "" {
					t.Errorf("%s: %s, recorded nothing", what, got.body)
				}
				continue
			}
			compareBodies(t, what, got.body, r.Response.Body)
		}
		if compared == 0 {
			t.Errorf("nothing in %s was compared", name)
		}
	}
}

func compareBodies(t *testing.T, what, got, recorded string) {
	t.Helper()
	var mine, theirs any
	if err := json.Unmarshal([]byte(got), &mine); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	if err := json.Unmarshal([]byte(recorded), &theirs); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	if one, other := orderOf(got), orderOf(recorded); !slices.Equal(one, other) {
		t.Errorf("%s: members %v, recorded %v", what, one, other)
	}
	myShape, theirShape := map[string]map[string]bool{}, map[string]map[string]bool{}
	shape(mine, "", myShape)
	shape(theirs, "", theirShape)
	for path, kinds := range theirShape {
		if valuesDiffer(path) {
			continue
		}
		if myShape[path] == nil {
			t.Errorf("%s: %s is missing", what, path)
		}
		for kind := range myShape[path] {
			if !kinds[kind] && !mayBe(path, kind) {
				t.Errorf("%s: %s is %s, recorded %v", what, path, kind, names(kinds))
			}
		}
	}
	for path := range myShape {
		if theirShape[path] == nil && !valuesDiffer(path) {
			t.Errorf("%s: %s was never recorded", what, path)
		}
	}
}

// mayBe are types that the recorded account had no case of, and the vendor's reference has.
func mayBe(path, kind string) bool {
	switch {
	case strings.HasSuffix(path, ".external_id"), strings.HasSuffix(path, ".notes"), strings.HasSuffix(path, ".details"), strings.HasSuffix(path, ".next_page"), strings.HasSuffix(path, ".description"):
		return kind == "text" || kind == "null"
	}
	return false
}

func names(kinds map[string]bool) []string {
	var all []string
	for kind := range kinds {
		all = append(all, kind)
	}
	sort.Strings(all)
	return all
}

// compareHeaders looks for the recorded headers that are the service's own and not its network's.
func compareHeaders(t *testing.T, what string, got http.Header, recorded map[string][]string) {
	t.Helper()
	for name := range recorded {
		switch strings.ToLower(name) {
		case "x-rate-limit", "x-rate-limit-remaining", "ratelimit-limit", "ratelimit-remaining", "ratelimit-reset", "x-request-id", "x-zendesk-api-version",
			"cache-control", "x-frame-options", "etag", "location", "content-type":
			if got.Get(name) == "" {
				t.Errorf("%s: no header %s", what, name)
			}
		}
		if strings.EqualFold(name, "content-type") && got.Get(name) != recorded[name][0] {
			t.Errorf("%s: %s, recorded %s", what, got.Get(name), recorded[name][0])
		}
	}
	if location := recorded["location"]; location == nil && got.Get("Location") != "" {
		t.Errorf("%s: a Location, recorded none", what)
	}
}

func TestCursorsAreThoseOfTheRecorded(t *testing.T) {
	for _, name := range []string{"zendesk-organizations.jsonl", "zendesk-triggers.jsonl"} {
		compared := 0
		for i, r := range recordings(t, name) {
			var body struct {
				Triggers []struct {
					ID, Position int64
					Title        string
				}
				Organizations []struct{ ID int64 }
				Meta          *struct {
					After string `json:"after_cursor"`
				}
			}
			if json.Unmarshal([]byte(r.Response.Body), &body) != nil || body.Meta == nil {
				continue
			}
			compared++
			order, want := "id", position(nil)
			if n := len(body.Organizations); n > 0 {
				want = position{body.Organizations[n-1].ID}
			} else if n := len(body.Triggers); n > 0 {
				last := body.Triggers[n-1]
				order, want = runningOrder, position{int64(1), last.Position, last.Title, last.ID}
			}
			if want.cursor(order) != body.Meta.After {
				t.Errorf("%s:%d: %s, recorded %s", name, i+1, want.cursor(order), body.Meta.After)
			}
		}
		if compared == 0 {
			t.Errorf("no cursors in %s", name)
		}
	}
}
