package salesforce

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestVersionsAnswerAnybody(t *testing.T) {
	s := serve(t, Setup{API: APIOffForEdition})
	s.token = ""
	for _, path := range []string{"/services/data", "/services/data/", "//services//data//"} {
		var list []struct{ Label, URL, Version string }
		r := s.get(path)
		r.decode(t, http.StatusOK, &list)
		newest := list[len(list)-1]
		if newest.Version != "68.0" || newest.Label != "Winter '27" || newest.URL != "/services/data/v68.0" || r.header.Get("Sforce-Limit-Info") != "" {
			t.Errorf("%s: got %+v", path, newest)
		}
	}
}

func TestSessions(t *testing.T) {
	s := serve(t, Setup{})
	good := s.token
	for _, c := range []struct {
		name, header string
		status       int
		code         string
	}{
		{"none", "", 401, "INVALID_SESSION_ID"},
		{"unknown", "Bearer 00Dnope", 401, "INVALID_SESSION_ID"},
		{"no scheme", good, 401, "INVALID_AUTH_HEADER"},
		{"the old scheme", "OAuth " + good, 200, ""},
		{"bearer", "Bearer " + good, 200, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s.token = ""
			r := s.do(http.MethodGet, api, "", "Authorization", c.header)
			if c.status == 200 {
				r.decode(t, 200, &map[string]any{})
				return
			}
			r.wantError(t, c.status, c.code, "")
			if r.header.Get("WWW-Authenticate") != "Token" {
				t.Error("no WWW-Authenticate")
			}
		})
	}
}

func TestUnknownPathsAndVersions(t *testing.T) {
	s := serve(t, Setup{})
	for _, path := range []string{api + "nonsense", "/services/data/v99.0/query", "/services/data/v1.0/", "/services/data/latest/", api + "sobjects/Nope/describe", "/services/apexrest/x"} {
		s.get(path).wantError(t, 404, "NOT_FOUND", "The requested resource does not exist")
	}
	s.do(http.MethodPost, api+"query", "").wantError(t, 405, "METHOD_NOT_ALLOWED", "HTTP Method 'POST' not allowed. Allowed are HEAD,GET")
}

func TestDoubledSlashesCountAsOne(t *testing.T) {
	s := serve(t, Setup{})
	s.get("/services//data/v68.0//sobjects///Account//describe").decode(t, 200, &map[string]any{})
}

func TestQueryPagesByLocator(t *testing.T) {
	s := serve(t, Setup{})
	var first, second struct {
		TotalSize      int
		Done           bool
		NextRecordsURL string `json:"nextRecordsUrl"`
		Records        []map[string]any
	}
	s.soql("SELECT Id FROM Account").decode(t, 200, &first)
	if first.TotalSize != 3000 || first.Done || len(first.Records) != 2000 || !strings.HasPrefix(first.NextRecordsURL, api+"query/01g") || !strings.HasSuffix(first.NextRecordsURL, "-2000") {
		t.Fatalf("first batch: %d of %d, next %s", len(first.Records), first.TotalSize, first.NextRecordsURL)
	}
	s.get(first.NextRecordsURL).decode(t, 200, &second)
	if !second.Done || len(second.Records) != 1000 || second.NextRecordsURL != "" || second.Records[0]["Id"] == first.Records[0]["Id"] {
		t.Errorf("second batch: %d, done %t", len(second.Records), second.Done)
	}
	s.get(api+"query/01gnope-2000").wantError(t, 400, "INVALID_QUERY_LOCATOR", "invalid query locator")
}

func TestBatchSizes(t *testing.T) {
	s := serve(t, Setup{})
	for option, want := range map[string]int{"batchSize=500": 500, "batchsize = 3": 200, "batchSize=9999": 2000, "x": 2000} {
		r := s.do(http.MethodGet, api+"query?q="+url.QueryEscape("SELECT Id FROM Account"), "", "Sforce-Query-Options", option)
		if got := len(decodeRows(t, r)); got != want {
			t.Errorf("%s: got %d, want %d", option, got, want)
		}
	}
}

func TestTheOldestCursorIsForgotten(t *testing.T) {
	s := serve(t, Setup{})
	next := make([]string, 0, keptCursors+1)
	for range keptCursors + 1 {
		var page struct {
			Next string `json:"nextRecordsUrl"`
		}
		s.soql("SELECT Id FROM Account").decode(t, 200, &page)
		next = append(next, page.Next)
	}
	s.get(next[0]).wantError(t, 400, "INVALID_QUERY_LOCATOR", "")
	s.get(next[1]).decode(t, 200, &map[string]any{})
}

func TestAnswersHaveTheServicesShapes(t *testing.T) {
	s := serve(t, Setup{})
	for _, c := range []struct{ query, want string }{
		{"SELECT COUNT() FROM Account", `{"totalSize":3000,"done":true,"records":[]}`},
		{"SELECT COUNT(Id) n FROM Account", `{"totalSize":1,"done":true,"records":[{"attributes":{"type":"AggregateResult"},"n":3000}]}`},
		{"SELECT name, Owner.Name FROM AppMenuItem", "Didn't understand relationship 'Owner'"},
		{"SELECT OrganizationType, IsSandbox, CreatedDate FROM Organization", `"OrganizationType":"Enterprise Edition","IsSandbox":true,"CreatedDate":"2021-03-15T08:30:00.000+0000"}`},
		{"SELECT Amount FROM Opportunity WHERE Amount = 0 LIMIT 0", `{"totalSize":0,"done":true,"records":[]}`},
		{"SELECT Id FROM Accounts", "sObject type 'Accounts' is not supported"},
		{"SELEC Id FROM Account", `[{"message":"unexpected token: 'SELEC'","errorCode":"MALFORMED_QUERY"}]`},
		{"SELECT Nope FROM Account", `No such column 'Nope' on entity 'Account'`},
		{"SELECT Id FROM LoginHistory WHERE Application = 'x'", "field 'Application' can not be filtered in a query call"},
	} {
		if r := s.soql(c.query); !strings.Contains(r.body, c.want) {
			t.Errorf("%s\n got %s\nwant %s", c.query, r.body, c.want)
		}
	}
}

func TestRecordsCarryTypeAndAddress(t *testing.T) {
	s := serve(t, Setup{})
	row := s.rows("SELECT Id, Account.Name FROM Contact LIMIT 1")[0]
	attributes := row["attributes"].(map[string]any)
	if attributes["type"] != "Contact" || attributes["url"] != api+"sobjects/Contact/"+row["Id"].(string) {
		t.Errorf("got %v", attributes)
	}
	account := row["Account"].(map[string]any)["attributes"].(map[string]any)
	if account["type"] != "Account" {
		t.Errorf("the parent is %v", account)
	}
	tooling := s.toolingRows("SELECT Id FROM ApexPage LIMIT 1")[0]["attributes"].(map[string]any)
	if !strings.HasPrefix(tooling["url"].(string), api+"tooling/sobjects/ApexPage/066") {
		t.Errorf("got %v", tooling)
	}
}

func TestColumnMetadata(t *testing.T) {
	s := serve(t, Setup{})
	query := "SELECT Id, Owner.Name, Owner.Id, (SELECT LastName FROM Contacts), CreatedDate FROM Account LIMIT 1"
	var got struct {
		ColumnMetadata []struct {
			ColumnName  string
			Aggregate   bool
			ApexType    string
			JoinColumns []struct{ ColumnName string }
		}
		EntityName, KeyPrefix string
		IDSelected            bool `json:"idSelected"`
	}
	s.get(api+"query?columns=true&q="+url.QueryEscape(query)).decode(t, 200, &got)
	var names []string
	for _, c := range got.ColumnMetadata {
		name := c.ColumnName
		for _, j := range c.JoinColumns {
			name += "." + j.ColumnName
		}
		names = append(names, fmt.Sprintf("%s %s %t", name, c.ApexType, c.Aggregate))
	}
	want := "Id Id false; Owner.Name.Id  false; Contacts.LastName  true; CreatedDate Datetime false"
	if strings.Join(names, "; ") != want || got.EntityName != "Account" || got.KeyPrefix != "001" || !got.IDSelected {
		t.Errorf("got %s (%+v)", strings.Join(names, "; "), got)
	}
	s.get(api+"query?columns=true&q="+url.QueryEscape("SELECT COUNT(Id), MAX(Name) top FROM Account")).decode(t, 200, &got)
	if got.ColumnMetadata[0].ColumnName != "expr0" || got.ColumnMetadata[1].ColumnName != "top" {
		t.Errorf("got %+v", got.ColumnMetadata)
	}
}

func FuzzSelected(f *testing.F) {
	for _, query := range []string{"SELECT Id FROM Account", "select a,b ,c(d) x from y", "SELECT (SELECT Id FROM B), from FROM A", "", "select", "SELECT ))(( from "} {
		f.Add(query)
	}
	f.Fuzz(func(t *testing.T, query string) {
		if !strings.HasPrefix(strings.ToLower(query), "select") {
			return
		}
		if len(selected(query)) == 0 {
			t.Error("a select list is never empty")
		}
	})
}

func TestGzipWhenAsked(t *testing.T) {
	s := serve(t, Setup{})
	if r := s.do(http.MethodGet, api+"limits", "", "Accept-Encoding", "gzip"); r.header.Get("Content-Encoding") != "gzip" || strings.HasPrefix(r.body, "{") {
		t.Errorf("not compressed: %v", r.header)
	}
	if r := s.do(http.MethodGet, api+"limits", "", "Accept-Encoding", "identity"); r.header.Get("Content-Encoding") != "" || !strings.HasPrefix(r.body, "{") {
		t.Errorf("compressed unasked: %v", r.header)
	}
	id := s.created(api+"sobjects/Account", `{"Name":"x"}`)
	if r := s.do(http.MethodDelete, api+"sobjects/Account/"+id, "", "Accept-Encoding", "gzip"); r.status != 204 || r.body != "" {
		t.Errorf("got %d %q", r.status, r.body)
	}
}
