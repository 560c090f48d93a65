package salesforce

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

type compositeReply struct {
	CompositeResponse []struct {
		Body           any
		HTTPHeaders    map[string]string
		HTTPStatusCode int
		ReferenceID    string
	}
}

func (s *served) composite(body string) compositeReply {
	s.t.Helper()
	var got compositeReply
	s.do(http.MethodPost, api+"composite", body).decode(s.t, 200, &got)
	return got
}

func TestCompositeReferences(t *testing.T) {
	s := serve(t, Setup{})
	got := s.composite(`{"allOrNone":true,"compositeRequest":[
		{"method":"POST","referenceId":"acc","url":"` + api + `sobjects/Account","body":{"Name":"Ref \"one\""}},
		{"method":"GET","referenceId":"info","url":"` + api + `sobjects/Account/@{acc.id}?fields=Name,OwnerId"},
		{"method":"POST","referenceId":"con","url":"` + api + `sobjects/Contact","body":{"LastName":"@{info.Name}","AccountId":"@{acc.id}"}},
		{"method":"GET","referenceId":"list","url":"` + api + `query?q=SELECT+Id+FROM+Contact+WHERE+AccountId='@{acc.id}'"},
		{"method":"DELETE","referenceId":"del","url":"` + api + `sobjects/Contact/@{list.records[0].Id}"}]}`)
	for i, want := range []int{201, 200, 201, 200, 204} {
		if r := got.CompositeResponse[i]; r.HTTPStatusCode != want {
			t.Fatalf("step %d got %d: %v", i, r.HTTPStatusCode, r.Body)
		}
	}
	made := got.CompositeResponse[0]
	id := made.Body.(map[string]any)["id"].(string)
	if made.HTTPHeaders["Location"] != api+"sobjects/Account/"+id || got.CompositeResponse[4].Body != nil || got.CompositeResponse[2].ReferenceID != "con" {
		t.Errorf("got %+v", got)
	}
}

func TestCompositeFailures(t *testing.T) {
	s := serve(t, Setup{})
	steps := `{"method":"POST","referenceId":"a","url":"` + api + `sobjects/Account","body":{"Name":"Kept?"}},
		{"method":"POST","referenceId":"b","url":"` + api + `sobjects/Account","body":{}},
		{"method":"POST","referenceId":"c","url":"` + api + `sobjects/Contact","body":{"LastName":"X","AccountId":"@{b.id}"}}`
	got := s.composite(`{"allOrNone":true,"compositeRequest":[` + steps + `]}`)
	if len(s.rows("SELECT Id FROM Account WHERE Name = 'Kept?'")) != 0 {
		t.Error("allOrNone kept a row")
	}
	if !strings.Contains(compact(got.CompositeResponse[0].Body), "PROCESSING_HALTED") || !strings.Contains(compact(got.CompositeResponse[1].Body), "REQUIRED_FIELD_MISSING") ||
		!strings.Contains(compact(got.CompositeResponse[2].Body), "PROCESSING_HALTED") {
		t.Errorf("got %+v", got)
	}
	got = s.composite(`{"compositeRequest":[` + steps + `]}`)
	if len(s.rows("SELECT Id FROM Account WHERE Name = 'Kept?'")) != 1 {
		t.Error("without allOrNone the good row stays")
	}
	if got.CompositeResponse[2].HTTPStatusCode != 400 || !strings.Contains(compact(got.CompositeResponse[2].Body), "Invalid reference specified. No value for b.id found in b") {
		t.Errorf("got %+v", got.CompositeResponse[2])
	}
}

func TestCompositeLimits(t *testing.T) {
	s := serve(t, Setup{})
	repeat := func(n int, format string) string {
		var steps []string
		for i := range n {
			steps = append(steps, fmt.Sprintf(format, i))
		}
		return `{"compositeRequest":[` + strings.Join(steps, ",") + `]}`
	}
	query := `{"method":"GET","referenceId":"r%d","url":"` + api + `query?q=SELECT+Id+FROM+User"}`
	read := `{"method":"GET","referenceId":"r%d","url":"` + api + `sobjects/Account/describe"}`
	for _, c := range []struct{ name, body, want string }{
		{"26 steps", repeat(26, read), "can’t contain more than 25 operations"},
		{"6 queries", repeat(6, query), "more than 5 query"},
		{"a name twice", `{"compositeRequest":[` + fmt.Sprintf(read, 1) + `,` + fmt.Sprintf(read, 1) + `]}`, "Duplicate ReferenceId"},
		{"a bad name", strings.ReplaceAll(repeat(1, read), "r0", "r-0"), "must start with a letter or a number"},
		{"composite in composite", `{"compositeRequest":[{"method":"POST","referenceId":"x","url":"` + api + `composite","body":{}}]}`, "cannot contain another one"},
	} {
		if got := s.do(http.MethodPost, api+"composite", c.body); got.status != 200 || !strings.Contains(got.body, c.want) {
			t.Errorf("%s: got %d %s", c.name, got.status, got.body)
		}
	}
	for body, want := range map[string]int{repeat(25, read): 25, repeat(5, query): 5} {
		if got := s.composite(body); len(got.CompositeResponse) != want || got.CompositeResponse[want-1].HTTPStatusCode != 200 {
			t.Errorf("got %+v", got)
		}
	}
	s.do(http.MethodPost, api+"composite", `{"compositeRequest":[{"method":"GET","url":"x"}]}`).wantError(t, 400, "INVALID_INPUT", "referenceId")
}

func TestBatch(t *testing.T) {
	s := serve(t, Setup{})
	calls := `{"method":"GET","url":"v68.0/sobjects/Nope"},{"method":"PATCH","url":"v68.0/sobjects/User/` + s.cast.signedIn + `","richInput":{"Title":"Boss"}}`
	var got struct {
		HasErrors bool
		Results   []struct {
			StatusCode int
			Result     any
		}
	}
	s.do(http.MethodPost, api+"composite/batch", `{"batchRequests":[`+calls+`]}`).decode(t, 200, &got)
	if !got.HasErrors || got.Results[0].StatusCode != http.StatusNotFound || got.Results[1].StatusCode != http.StatusNoContent {
		t.Errorf("got %+v", got)
	}
	s.do(http.MethodPost, api+"composite/batch", `{"haltOnError":true,"batchRequests":[`+calls+`]}`).decode(t, 200, &got)
	if got.Results[1].StatusCode != http.StatusPreconditionFailed || !strings.Contains(compact(got.Results[1].Result), "BATCH_PROCESSING_HALTED") {
		t.Errorf("got %+v", got)
	}
}

func TestWhatCountsAsARequest(t *testing.T) {
	s := serve(t, Setup{})
	query := `{"method":"GET","url":"v68.0/query?q=SELECT+Id+FROM+User","referenceId":"%s"}`
	series := strings.ReplaceAll(query, `"v68`, `"/services/data/v68`)
	for _, c := range []struct {
		name string
		call func()
		want int64
	}{
		{"a query", func() { s.soql("SELECT Id FROM User") }, 1},
		{"a failed query", func() { s.soql("SELECT") }, 1},
		{"versions", func() { s.get("/services/data") }, 0},
		{"limits", func() { s.get(api + "limits") }, 0},
		{"userinfo", func() { s.get("/services/oauth2/userinfo") }, 0},
		{"a composite of three", func() {
			s.composite(`{"compositeRequest":[` + fmt.Sprintf(series, "a") + "," + fmt.Sprintf(series, "b") + "," + fmt.Sprintf(series, "c") + `]}`)
		}, 1},
		{"a batch of three", func() {
			s.do(http.MethodPost, api+"composite/batch", `{"batchRequests":[`+strings.Repeat(fmt.Sprintf(query, "a")+",", 2)+fmt.Sprintf(query, "a")+`]}`)
		}, 3},
		{"a SOAP call", func() { s.soap("readMetadata", `<type>SecuritySettings</type><fullNames>Security</fullNames>`) }, 1},
	} {
		before := s.used.Load()
		c.call()
		if got := s.used.Load() - before; got != c.want {
			t.Errorf("%s counts as %d, want %d", c.name, got, c.want)
		}
	}
	if got := s.soql("SELECT Id FROM User LIMIT 1").header.Get("Sforce-Limit-Info"); got != fmt.Sprintf("api-usage=%d/5000000", s.used.Load()) {
		t.Errorf("got %s", got)
	}
}

func TestLimitsMoveWithUse(t *testing.T) {
	s := serve(t, Setup{})
	read := func() int64 {
		var got map[string]struct{ Max, Remaining int64 }
		s.get(api+"limits").decode(t, 200, &got)
		for _, name := range []string{"DailyStreamingApiEvents", "DailyDurableStreamingApiEvents", "StreamingApiConcurrentClients", "DurableStreamingApiConcurrentClients", "DailyBulkApiBatches", "DataStorageMB"} {
			if got[name].Max == 0 || got[name].Remaining > got[name].Max {
				t.Errorf("%s is %+v", name, got[name])
			}
		}
		return got["DailyApiRequests"].Remaining
	}
	before := read()
	s.soql("SELECT Id FROM User LIMIT 1")
	if after := read(); after != before-1 {
		t.Errorf("%d requests were left, then %d", before, after)
	}
}

func TestLimitReached(t *testing.T) {
	s := serve(t, Setup{LimitReached: true})
	for _, path := range []string{"query?q=SELECT+Id+FROM+User", "sobjects", "tooling/query?q=SELECT+Id+FROM+FlexiPage", "sobjects/Account/describe"} {
		s.get(api+path).wantError(t, 403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")
	}
	if r := s.soap("readMetadata", `<type>SecuritySettings</type><fullNames>Security</fullNames>`); r.status != 500 || !strings.Contains(r.body, "sf:REQUEST_LIMIT_EXCEEDED") {
		t.Errorf("SOAP got %d %s", r.status, r.body)
	}
	var limits map[string]struct{ Remaining int64 }
	s.get(api+"limits").decode(t, 200, &limits)
	if limits["DailyApiRequests"].Remaining != 0 {
		t.Errorf("got %+v", limits["DailyApiRequests"])
	}
	for _, path := range []string{"/services/data/", "/services/oauth2/userinfo", "/id/" + s.ID() + "/" + s.cast.signedIn} {
		if r := s.get(path); r.status != 200 {
			t.Errorf("%s got %d", path, r.status)
		}
	}
}

func FuzzFillIn(f *testing.F) {
	for _, in := range []string{"@{a.id}", "x@{a.records[0].Id}y", "@{a}", "@{", "@{a..b}", "@{a.records[99999999999999999999].x}"} {
		f.Add(in)
	}
	done := map[string]any{"a": map[string]any{"id": `"quoted"`, "records": []any{map[string]any{"Id": "1"}}}}
	f.Fuzz(func(t *testing.T, in string) {
		out, problem := fillIn(in, done, jsonEscape)
		if problem == nil && !strings.Contains(in, "@{") && out != in {
			t.Errorf("%q became %q", in, out)
		}
	})
}
