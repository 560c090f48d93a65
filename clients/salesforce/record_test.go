package salesforce

import (
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

const (
	account15 = "0015g00000AbCdE"
	account18 = "0015g00000AbCdEAAV"
	contact18 = "0035g00000AbCdEAAV"
)

func TestARecordIsReadFromWhatPeoplePaste(t *testing.T) {
	oneApp := func(state string) string {
		return "https://acme.lightning.force.com/one/one.app#" + base64.StdEncoding.EncodeToString([]byte(state))
	}
	for text, want := range map[string]RecordRef{
		account15:               {account18, AccountObject, ""},
		"  " + account18 + "\n": {account18, AccountObject, ""},
		"\"" + contact18 + "\"": {contact18, ContactObject, ""},
		"0015g00000AbCdEaav":    {account18, AccountObject, ""}, // the three last say how the others are written, whatever their own case
		"https://acme.lightning.force.com/lightning/r/Account/" + account18 + "/view":                                                                  {account18, AccountObject, "acme.lightning.force.com"},
		"https://acme.lightning.force.com/lightning/r/" + account18 + "/view":                                                                          {account18, AccountObject, "acme.lightning.force.com"},
		"acme.lightning.force.com/lightning/r/Account/" + account15 + "/view":                                                                          {account18, AccountObject, "acme.lightning.force.com"},
		"https://acme.lightning.force.com/lightning/r/Account/" + account18 + "/related/Contacts/view":                                                 {account18, AccountObject, "acme.lightning.force.com"},
		"https://acme--uat.sandbox.lightning.force.com/lightning/r/Account/" + account18 + "/view":                                                     {account18, AccountObject, "acme--uat.sandbox.lightning.force.com"},
		"https://acme.lightning.force.com/lightning/page/home?ws=" + url.QueryEscape("/lightning/r/Account/"+account18+"/view"):                        {account18, AccountObject, "acme.lightning.force.com"},
		"https://acme.lightning.force.com/lightning/r/Contact/" + contact18 + "/view?ws=" + url.QueryEscape("/lightning/r/Account/"+account18+"/view"): {contact18, ContactObject, "acme.lightning.force.com"},
		"https://acme.lightning.force.com/one/one.app#/sObject/" + account18 + "/view":                                                                 {account18, AccountObject, "acme.lightning.force.com"},
		oneApp(`{"componentDef":"force:recordHome","attributes":{"recordId":"` + account18 + `"},"t":1}`):                                              {account18, AccountObject, "acme.lightning.force.com"},
		"https://acme.my.salesforce.com/" + account15:                                                                                                  {account18, AccountObject, "acme.my.salesforce.com"},
		"https://na1.salesforce.com/" + account15 + "/e?retURL=%2F" + contact18:                                                                        {account18, AccountObject, "na1.salesforce.com"},
		"https://acme.my.salesforce.com/apex/Tickets?id=" + account15:                                                                                  {account18, AccountObject, "acme.my.salesforce.com"},
		"https://acme.my.salesforce.com/services/data/v68.0/sobjects/Account/" + account18:                                                             {account18, AccountObject, "acme.my.salesforce.com"},
		"https://acme.my.salesforce-setup.com/lightning/setup/ObjectManager/page?address=" + url.QueryEscape("/"+account18):                            {account18, AccountObject, "acme.my.salesforce-setup.com"},
		"https://login.salesforce.com/?startURL=" + url.QueryEscape("/lightning/r/Account/"+account18+"/view"):                                         {account18, AccountObject, "login.salesforce.com"},
		"https://safe.example/?url=" + url.QueryEscape("https://acme.my.salesforce.com/"+account18):                                                    {account18, AccountObject, "acme.my.salesforce.com"},
		"<https://acme.lightning.force.com/lightning/r/Account/" + account18 + "/view>":                                                                {account18, AccountObject, "acme.lightning.force.com"},
		"http://127.0.0.1:8080/lightning/r/Account/" + account18 + "/view":                                                                             {account18, AccountObject, "127.0.0.1:8080"},
		"/lightning/r/Account/" + account18 + "/view":                                                                                                  {account18, AccountObject, ""},
	} {
		got, err := ParseRecord(text)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", text, err, diff)
		}
	}
}

func TestWhatIsNoRecordSaysWhy(t *testing.T) {
	for text, want := range map[string]NoRecord{
		"":                   JustWords,
		"Acme Corporation":   JustWords,
		"Internationally":    JustWords, // fifteen letters
		"삼성전자":               JustWords,
		"jo@acme.com":        JustWords,
		"AC/DC":              JustWords,
		"0015g00000AbCdEAAA": MistypedID,
		"0015g00000abcdeAAV": MistypedID,
		"5005g00000AbCdE":    OtherObject,
		"a0B5g00000AbCdE":    OtherObject,
		"https://acme.lightning.force.com/lightning/o/Account/list?filterName=00B5g00000AbCdE": ListView,
		"https://acme.my.salesforce.com/001":                                                   ListView,
		"https://acme.my.salesforce.com/001/o":                                                 ListView,
		"https://acme.my.salesforce-setup.com/lightning/setup/SetupOneHome/home":               NoID,
		"https://acme.my.salesforce.com/":                                                      NoID,
		"https://acme.zendesk.com/agent/tickets/5":                                             OtherService,
		"https://evil.example/" + account18:                                                    OtherService,
		"https://salesforce.com.evil.example/" + account18:                                     OtherService,
	} {
		_, err := ParseRecord(text)
		var none *NoRecordError
		if !errors.As(err, &none) || none.Why != want {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}

func FuzzParseRecord(f *testing.F) {
	for _, seed := range []string{"", account15, account18, "https://acme.my.salesforce.com/" + account18, "https://a.force.com/#eyJhIjoxfQ==", "%2F%2F", "a?ws=%2f" + account15} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := ParseRecord(text)
		if err != nil {
			var none *NoRecordError
			if !errors.As(err, &none) {
				t.Fatalf("%T", err)
			}
			for _, r := range none.What {
				if unicode.IsControl(r) {
					t.Fatalf("%q is not safe to show", none.What)
				}
			}
			return
		}
		if whole, ok := id18(got.ID); !ok || whole != got.ID || ObjectOf(got.ID) != got.Object || got.Object == "" {
			t.Fatalf("%q gave %+v", text, got)
		}
	})
}

func FuzzSearchWords(f *testing.F) {
	for _, seed := range []string{"", "acme", "a OR b", `"`, `\`, "x-y (z)", "not", "\x00", "\xff", "한글 회사", "AND"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, words string) {
		isSpace := func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }
		want := strings.FieldsFunc(strings.ToValidUTF8(words, "\ufffd"), isSpace)
		sought := SearchWords(words)
		if sought == "" && len(want) == 0 {
			return
		}
		if !utf8.ValidString(sought) {
			t.Fatalf("%q is not UTF-8", sought)
		}
		got := strings.Split(sought, " ")
		if len(got) != len(want) {
			t.Fatalf("%q became %q", words, sought)
		}
		for i, word := range got {
			if plain := strings.Trim(word, `"`); strings.HasPrefix(word, `"`) && plain == want[i] {
				continue
			}
			var b strings.Builder
			for j := 0; j < len(word); j++ {
				switch {
				case word[j] == '\\' && j+1 < len(word):
					j++
				case word[j] == '*' && i == len(got)-1 && j == len(word)-1:
					continue // the beginning of a word
				case strings.IndexByte(reserved, word[j]) >= 0:
					t.Fatalf("%q has a bare %q", sought, word[j])
				}
				b.WriteByte(word[j])
			}
			if b.String() != want[i] {
				t.Fatalf("%q came back as %q", want[i], b.String())
			}
		}
	})
}

// answeredBy gives a composite answer by the words of the query.
func answeredBy(t *testing.T, answers map[string]string) *org {
	t.Helper()
	return newOrg(t, map[string]http.HandlerFunc{
		"/services/data/v68.0/composite": composite(t, func(_, address string) (int, string) {
			asked, err := url.Parse(address)
			if err != nil {
				t.Fatal(err)
			}
			soql := asked.Query().Get("q")
			if strings.Contains(asked.Path, "queryAll") {
				soql = "ALL " + soql
			}
			for words, body := range answers {
				if strings.HasPrefix(soql, words) {
					if strings.HasPrefix(body, "[") {
						return 400, body
					}
					return 200, body
				}
			}
			return 200, records()
		}),
	})
}

func TestARecordIsReadInOneCall(t *testing.T) {
	noField := `[{"errorCode":"INVALID_FIELD","message":"No such column 'IsPersonAccount' on entity 'Account'."}]`
	tests := map[string]struct {
		ref     RecordRef
		answers map[string]string
		want    Record
	}{
		"an account of an org without person accounts": {
			RecordRef{ID: account18, Object: AccountObject},
			map[string]string{
				"SELECT Id, Name FROM Account": records(`{"Id":"` + account18 + `","Name":"Acme\u001b[2J"}`),
				"SELECT Id, Website":           records(`{"Id":"x","Website":"acme.example"}`),
				"SELECT Id, IsPersonAccount":   noField,
			},
			Record{ID: account18, Object: AccountObject, Name: "Acme", AccountID: account18, AccountName: "Acme", Website: "acme.example"},
		},
		"a person account": {
			RecordRef{ID: account18, Object: AccountObject},
			map[string]string{
				"SELECT Id, Name FROM Account": records(`{"Id":"x","Name":"Jo"}`),
				"SELECT Id, IsPersonAccount":   records(`{"IsPersonAccount":true,"PersonEmail":"jo@a.example"}`),
			},
			Record{ID: account18, Object: AccountObject, Name: "Jo", AccountID: account18, AccountName: "Jo", Email: "jo@a.example", Person: true},
		},
		"a contact whose e-mail is hidden": {
			RecordRef{ID: contact18, Object: ContactObject},
			map[string]string{
				"SELECT Id, Name FROM Contact": records(`{"Id":"x","Name":"Jo"}`),
				"SELECT Id, Email":             `[{"errorCode":"INVALID_FIELD","message":"No such column 'Email' on entity 'Contact'."}]`,
				"SELECT Id, AccountId":         records(`{"AccountId":"` + account18 + `","Account":{"Name":"Acme"}}`),
			},
			Record{ID: contact18, Object: ContactObject, Name: "Jo", AccountID: account18, AccountName: "Acme", Hidden: []string{"Email"}},
		},
		"a converted lead": {
			RecordRef{ID: "00Q5g00000AbCdEAAV", Object: LeadObject},
			map[string]string{
				"SELECT Id, Name FROM Lead": records(`{"Id":"x","Name":"Jo"}`),
				"SELECT Id, Email":          records(`{"Email":"jo@a.example"}`),
				"SELECT Id, IsConverted":    records(`{"IsConverted":true,"ConvertedAccountId":"a","ConvertedContactId":"c","ConvertedOpportunityId":null}`),
			},
			Record{ID: "00Q5g00000AbCdEAAV", Object: LeadObject, Name: "Jo", Email: "jo@a.example", Converted: &Conversion{"a", "c", ""}},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			o := answeredBy(t, test.answers)
			got, err := o.ReadRecord(t.Context(), test.ref)
			if diff := cmp.Diff(test.want, got); err != nil || diff != "" || len(o.asked) != 1 {
				t.Errorf("%v %v\n%s", err, o.asked, diff)
			}
		})
	}
}

func TestWhatBecameOfARecordIsSaid(t *testing.T) {
	ref := RecordRef{ID: account18, Object: AccountObject}
	for name, test := range map[string]struct {
		trash string
		want  GoneError
	}{
		"deleted":     {records(`{"IsDeleted":true,"MasterRecordId":null}`), GoneError{Deleted, ref, ""}},
		"merged":      {records(`{"IsDeleted":true,"MasterRecordId":"m"}`), GoneError{Merged, ref, "m"}},
		"not visible": {records(), GoneError{NotVisible, ref, ""}},
	} {
		_, err := answeredBy(t, map[string]string{"ALL ": test.trash}).ReadRecord(t.Context(), ref)
		var gone *GoneError
		if !errors.As(err, &gone) {
			t.Errorf("%s: %v", name, err)
		} else if diff := cmp.Diff(test.want, *gone); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestASearchAsksForFourObjectsInOneCall(t *testing.T) {
	o := newOrg(t, map[string]http.HandlerFunc{
		"/services/data/v68.0/parameterizedSearch": say(200, `{"searchRecords":[
			{"attributes":{"type":"Account"},"Id":"`+account15+`","Name":"Acme\u202e"},{"attributes":{"type":"Case"},"Id":"5005g00000AbCdE"}]}`),
	})
	hits, err := o.SearchRecords(t.Context(), "acme (eu)", 20)
	if diff := cmp.Diff([]Hit{{account18, AccountObject, "Acme"}}, hits); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
	if len(o.asked) != 1 || !strings.Contains(o.bodies[0], `"q":"acme \\(eu\\)*"`) || strings.Count(o.bodies[0], `"name":`) != 4 {
		t.Errorf("%v %v", o.asked, o.bodies)
	}
	if hits, err := o.SearchRecords(t.Context(), "a", 20); err != nil || hits != nil || len(o.asked) != 1 {
		t.Errorf("one letter was searched for: %v %v", hits, err)
	}
}
