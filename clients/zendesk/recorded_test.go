package zendesk

import (
	"bufio"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"zsf/clients/transport"
)

// An exchange is one line of the recorded answers of the real service.
type exchange struct {
	Request struct {
		Method string `json:"method"`
		URI    string `json:"uri"`
	} `json:"request"`
	Response struct {
		Status  int         `json:"status"`
		Headers http.Header `json:"headers"`
		Body    string      `json:"body"`
	} `json:"response"`
}

// recorded reads one file of recorded answers, in the folder shared beside a folder above this one.
func recorded(t *testing.T, name string) []exchange {
	t.Helper()
	folder, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	path := ""
	for parent := folder; parent != filepath.Dir(parent); parent = filepath.Dir(parent) {
		path = filepath.Join(filepath.Dir(parent), "shared", "recorded", name)
		if _, err := os.Stat(path); err == nil {
			break
		}
	}
	file, err := os.Open(path)
	if err != nil {
		t.Skipf("the recorded answers are not here: %s", name)
	}
	defer file.Close()
	var all []exchange
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var one exchange
		if err := json.Unmarshal(lines.Bytes(), &one); err != nil {
			t.Fatal(err)
		}
		all = append(all, one)
	}
	if err := lines.Err(); err != nil || len(all) == 0 {
		t.Fatalf("%d lines: %v", len(all), err)
	}
	return all
}

func TestRecordedTriggersDecodeWithoutLoss(t *testing.T) {
	count := 0
	for _, one := range recorded(t, "zendesk-triggers.jsonl") {
		var body struct {
			Triggers []json.RawMessage `json:"triggers"`
			Trigger  json.RawMessage   `json:"trigger"`
		}
		if one.Response.Body == "" || one.Response.Status > 299 {
			continue
		}
		if err := json.Unmarshal([]byte(one.Response.Body), &body); err != nil {
			t.Fatal(err)
		}
		whole := one.Response.Body
		if body.Trigger != nil {
			body.Triggers = []json.RawMessage{body.Trigger}
			whole = `{"triggers":[` + string(body.Trigger) + `]}`
		}
		client, _ := newAccount(t, func(w http.ResponseWriter, r *http.Request) {
			if len(r.URL.Query()) > 1 || r.URL.Query().Has("page") { // the page after the recorded one
				whole = `{"triggers":[],"meta":{"has_more":false}}`
			}
			say(one.Response.Status, whole)(w, r)
		})
		triggers, err := client.Triggers(t.Context())
		if err != nil || len(triggers) != len(body.Triggers) {
			t.Fatalf("%s: %d triggers of %d: %v", one.Request.URI, len(triggers), len(body.Triggers), err)
		}
		for i, raw := range body.Triggers {
			count++
			compare(t, raw, triggers[i])
		}
	}
	if count == 0 {
		t.Error("no trigger was recorded")
	}
}

// compare holds what was decoded against what came, field by field.
func compare(t *testing.T, raw json.RawMessage, trigger Trigger) {
	t.Helper()
	again, err := json.Marshal(trigger)
	if err != nil {
		t.Fatal(err)
	}
	came, decoded := map[string]any{}, map[string]any{}
	for text, into := range map[string]*map[string]any{string(raw): &came, string(again): &decoded} {
		numbers := json.NewDecoder(strings.NewReader(text))
		numbers.UseNumber()
		if err := numbers.Decode(into); err != nil {
			t.Fatal(err)
		}
	}
	for _, unread := range []string{"url", "raw_title"} {
		delete(came, unread)
	}
	if came["description"] == nil {
		came["description"] = ""
	}
	if diff := cmp.Diff(came, decoded); diff != "" {
		t.Errorf("%s (-came +decoded):\n%s", trigger.Title, diff)
	}
}

func TestRecordedErrorsBecomeReadableOnes(t *testing.T) {
	all := append(recorded(t, "zendesk-errors.jsonl"), recorded(t, "zendesk-triggers.jsonl")...)
	for _, one := range all {
		if one.Response.Status < 300 {
			continue
		}
		client, _ := newAccount(t, nil)
		header := http.Header{}
		for name, values := range one.Response.Headers { // as Go reads them off the wire
			header[http.CanonicalHeaderKey(name)] = values
		}
		failed := client.refusal(transport.Answer{
			Call: "GET /x", Status: one.Response.Status, Header: header, Body: []byte(one.Response.Body),
		})
		var body map[string]any
		wanted, wantedCode := http.StatusText(one.Response.Status), ""
		if one.Response.Body != "" {
			if err := json.Unmarshal([]byte(one.Response.Body), &body); err != nil {
				t.Fatal(err)
			}
			wanted, _ = body["description"].(string)
			wantedCode, _ = body["error"].(string)
		}
		if failed.Message != wanted || failed.Code != wantedCode || failed.Kind == "" || failed.RequestID == "" {
			t.Errorf("%s %s: %+v", one.Request.Method, one.Request.URI, failed)
		}
	}
}
