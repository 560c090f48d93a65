package salesforce

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// found are the ids of a search's answer, in its order.
func (r reply) found(t *testing.T) (ids []string) {
	t.Helper()
	var got struct{ SearchRecords []map[string]any }
	r.decode(t, 200, &got)
	for _, record := range got.SearchRecords {
		ids = append(ids, fmt.Sprint(record["Id"]))
	}
	return ids
}

func (s *served) sosl(query string) reply {
	s.t.Helper()
	return s.get(api + "search?q=" + url.QueryEscape(query))
}

func TestSOSLFindsAllWords(t *testing.T) {
	s := serveSize(t, Setup{}, 40)
	s.created(api+"sobjects/Account", `{"Name":"Juniper Quillmere Co","Website":"https://quillmere.example"}`)
	second := s.created(api+"sobjects/Account", `{"Name":"Quillmere Juniper"}`)
	third := s.created(api+"sobjects/Account", `{"Name":"Quillmeres"}`)
	korean := s.created(api+"sobjects/Account", `{"Name":"해솔바다 주식회사"}`)
	for query, want := range map[string]int{
		"FIND {Juniper Quillmere} IN ALL FIELDS RETURNING Account(Id, Name)":                   2,
		"find {juniper AND quillmere} returning account(id)":                                   2,
		"FIND {Quillmere} RETURNING Account(Id)":                                               2,
		"FIND {Quillmer*} RETURNING Account(Id)":                                               3,
		"FIND {Quillmer} RETURNING Account(Id)":                                                0,
		`FIND {"Quillmere Juniper"} RETURNING Account(Id)`:                                     1,
		"FIND {Quillmere AND NOT Juniper} RETURNING Account(Id)":                               0,
		"FIND {Quillmeres OR Juniper} RETURNING Account(Id)":                                   3,
		"FIND {바다} RETURNING Account(Id)":                                                      1,
		"FIND {Quillmer*} IN NAME FIELDS RETURNING Account(Id WHERE Website = null)":           2,
		"FIND {Quillmer*} IN PHONE FIELDS RETURNING Account(Id)":                               0,
		"FIND {Quillmer*} RETURNING Account(Id, Name ORDER BY Name DESC LIMIT 2), Contact(Id)": 2,
		"FIND {Quillmer*} RETURNING Account(Id) LIMIT 1":                                       1,
		`FIND {O\'Quillmere} RETURNING Account`:                                                0,
		"FIND {Quillmer*}":                                                                     3,
	} {
		if got := s.sosl(query).found(t); len(got) != want {
			t.Errorf("%s: %d found, want %d", query, len(got), want)
		}
	}
	if got := s.sosl("FIND {quillmere juniper*} RETURNING Account(Id)").found(t); got[0] != second {
		t.Errorf("the one of that very name is not first of %v", got)
	}
	if got := s.sosl("FIND {해솔바*} RETURNING Account(Id)").found(t); !slices.Equal(got, []string{korean}) {
		t.Errorf("%v for Korean", got)
	}
	if r := s.do(http.MethodDelete, api+"sobjects/Account/"+third, ""); r.status != 204 {
		t.Fatalf("%d %s", r.status, r.body)
	}
	if got := s.sosl("FIND {Quillmeres} RETURNING Account(Id)").found(t); len(got) != 0 {
		t.Errorf("a deleted account is found: %v", got)
	}
}

func TestSearchesThatCannotBe(t *testing.T) {
	s := serveSize(t, Setup{}, 4)
	for query, code := range map[string]string{
		"":                                     "MALFORMED_SEARCH",
		"SELECT Id FROM Account":               "MALFORMED_SEARCH",
		"FIND {a}":                             "INVALID_SEARCH",
		"FIND {*}":                             "INVALID_SEARCH",
		"FIND {a & b}":                         "MALFORMED_SEARCH",
		"FIND {ab} RETURNING Account(Id":       "MALFORMED_SEARCH",
		"FIND {ab} LIMIT 2001":                 "MALFORMED_SEARCH",
		"FIND {ab} SORTED":                     "MALFORMED_SEARCH",
		"FIND {ab} RETURNING Nothing(Id)":      "INVALID_TYPE",
		"FIND {ab} RETURNING Account(Nothing)": "INVALID_FIELD",
	} {
		r := s.sosl(query)
		var problems []struct{ ErrorCode, Message string }
		r.decode(t, 400, &problems)
		if len(problems) != 1 || problems[0].ErrorCode != code || problems[0].Message == "" {
			t.Errorf("%q: %s, want %s", query, r.body, code)
		}
	}
}

func TestAParameterizedSearch(t *testing.T) {
	s := serveSize(t, Setup{}, 40)
	account := s.created(api+"sobjects/Account", `{"Name":"Quillmere","Industry":"Energy"}`)
	contact := s.created(api+"sobjects/Contact", `{"LastName":"Quillmere","Email":"a.quillmere@example.com"}`)
	got := s.get(api + "parameterizedSearch?q=quillmer*&sobject=Account&sobject=Contact&Account.fields=Id,Name,Industry&Account.limit=5&fields=Id")
	if ids := got.found(t); !slices.Equal(ids, []string{account, contact}) || !strings.Contains(got.body, `"Industry":"Energy"`) {
		t.Errorf("GET: %s", got.body)
	}
	posted := s.do(http.MethodPost, api+"parameterizedSearch", `{"q":"quillmere","in":"NAME","fields":["Id","Name"],"sobjects":[{"name":"Contact"},{"name":"Account","where":"Industry = 'Energy'"}],"overallLimit":1}`)
	if ids := posted.found(t); !slices.Equal(ids, []string{contact}) {
		t.Errorf("POST: %s", posted.body)
	}
	if all := s.get(api + "parameterizedSearch?q=quillmere").found(t); len(all) != 2 {
		t.Errorf("everywhere: %v", all)
	}
	if r := s.get(api + "parameterizedSearch?q=t"); r.status != 400 || !strings.Contains(r.body, "INVALID_SEARCH") {
		t.Errorf("one letter: %d %s", r.status, r.body)
	}
	if r := s.do(http.MethodPut, api+"parameterizedSearch", ""); r.status != 405 {
		t.Errorf("PUT: %d", r.status)
	}
}

func TestRecordsWithAPast(t *testing.T) {
	s := serveSize(t, Setup{}, 40)
	var rows struct {
		Records []map[string]any
	}
	s.get(api+"queryAll?q="+url.QueryEscape("SELECT Id, MasterRecordId FROM Account WHERE IsDeleted = true")).decode(t, 200, &rows)
	if len(rows.Records) != 2 {
		t.Fatalf("%d deleted accounts", len(rows.Records))
	}
	merged := 0
	for _, row := range rows.Records {
		if row["MasterRecordId"] == s.seed.Account(0).ID {
			merged++
		}
		if r := s.get(api + "sobjects/Account/" + fmt.Sprint(row["Id"])); r.status != 404 || !strings.Contains(r.body, "ENTITY_IS_DELETED") {
			t.Errorf("%d %s", r.status, r.body)
		}
	}
	if merged != 1 {
		t.Errorf("%d accounts were merged into the first", merged)
	}
	s.get(api+"query?q="+url.QueryEscape("SELECT Id, ConvertedAccountId, ConvertedContactId, ConvertedOpportunityId FROM Lead WHERE IsConverted = true")).decode(t, 200, &rows)
	if len(rows.Records) != 1 || rows.Records[0]["ConvertedAccountId"] != s.seed.Account(0).ID || rows.Records[0]["ConvertedOpportunityId"] != s.seed.Opportunity(0).ID {
		t.Errorf("converted: %v", rows.Records)
	}
}

func TestWhatWasViewedLast(t *testing.T) {
	s := serveSize(t, Setup{}, 40)
	var rows struct{ Records []map[string]any }
	s.get(api+"query?q="+url.QueryEscape("SELECT Id, Name, Type, LastViewedDate FROM RecentlyViewed WHERE Type IN ('Account','Contact','Lead') ORDER BY LastViewedDate DESC LIMIT 5")).decode(t, 200, &rows)
	if len(rows.Records) != 5 || rows.Records[0]["Id"] != s.seed.Account(0).ID || rows.Records[0]["Type"] != "Account" || rows.Records[0]["Name"] != s.seed.Account(0).Name {
		t.Errorf("got %v", rows.Records)
	}
	s.get(api+"query?q="+url.QueryEscape("SELECT Id FROM Account WHERE LastViewedDate != null ORDER BY LastViewedDate DESC")).decode(t, 200, &rows)
	if len(rows.Records) < 2 || rows.Records[0]["Id"] != s.seed.Account(0).ID {
		t.Errorf("accounts: %v", rows.Records)
	}
}

func TestPersonAccountsAreThereWhereTheyAreOn(t *testing.T) {
	query := api + "query?q=" + url.QueryEscape("SELECT Id, PersonEmail, PersonContactId FROM Account WHERE IsPersonAccount = true")
	if r := serveSize(t, Setup{}, 4).get(query); r.status != 400 || !strings.Contains(r.body, "INVALID_FIELD") {
		t.Errorf("without: %d %s", r.status, r.body)
	}
	s := serveSize(t, Setup{}, 4)
	s.get(api+"sobjects/Account/describe").decode(t, 200, &map[string]any{})
	if err := s.Apply(Change{PersonAccounts: true}); err != nil {
		t.Fatal(err)
	}
	var rows struct{ Records []map[string]any }
	s.get(query).decode(t, 200, &rows)
	if len(rows.Records) != 1 {
		t.Fatalf("%d person accounts", len(rows.Records))
	}
	var contact map[string]any
	s.get(api+"sobjects/Contact/"+fmt.Sprint(rows.Records[0]["PersonContactId"])).decode(t, 200, &contact)
	if contact["AccountId"] != rows.Records[0]["Id"] || contact["Email"] != rows.Records[0]["PersonEmail"] || contact["IsPersonAccount"] != true {
		t.Errorf("its contact: %v", contact)
	}
}

func FuzzAnySOSLIsReadOrRefused(f *testing.F) {
	for _, query := range []string{"FIND {a b} IN ALL FIELDS RETURNING Account(Id WHERE Name = 'x)' LIMIT 3 OFFSET 1), Contact LIMIT 5", `FIND {"a\"b*" OR \{c}`, "FIND {ab} RETURNING ,(", "FIND {}", "FIND {한글*} RETURNING Lead(Id ORDER BY Name)"} {
		f.Add(query)
	}
	f.Fuzz(func(t *testing.T, query string) {
		s, problem := parseSOSL(query)
		if problem != nil {
			if problem.status != 400 || problem.message == "" {
				t.Errorf("%q: %+v", query, problem)
			}
			return
		}
		_ = s.words.in([]string{query})
		_ = s.words.score(query)
	})
}
