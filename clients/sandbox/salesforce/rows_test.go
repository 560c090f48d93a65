package salesforce

import (
	"net/http"
	"strings"
	"testing"
)

func TestDescribe(t *testing.T) {
	s := serve(t, Setup{})
	var d struct {
		Name, KeyPrefix, LabelPlural string
		Createable, Queryable        bool
		URLs                         map[string]string
		RecordTypeInfos              []struct{ Master bool }
		ChildRelationships           []struct{ ChildSObject, Field, RelationshipName string }
		Fields                       []map[string]any
	}
	s.get(api+"sobjects/account/describe").decode(t, 200, &d)
	if d.Name != "Account" || d.KeyPrefix != "001" || d.LabelPlural != "Accounts" || !d.Createable || !d.Queryable ||
		d.URLs["rowTemplate"] != api+"sobjects/Account/{ID}" || !d.RecordTypeInfos[0].Master || d.ChildRelationships[0].ChildSObject != "Contact" {
		t.Errorf("got %+v", d)
	}
	byName := map[string]map[string]any{}
	for _, f := range d.Fields {
		byName[f["name"].(string)] = f
	}
	owner := byName["OwnerId"]
	if compact(owner["referenceTo"]) != `["User"]` || owner["relationshipName"] != "Owner" || owner["soapType"] != "tns:ID" || owner["filterable"] != true {
		t.Errorf("OwnerId is %v", owner)
	}
	if name := byName["Name"]; name["nillable"] != false || name["nameField"] != true || name["length"] != 255.0 || name["updateable"] != true {
		t.Errorf("Name is %v", name)
	}
	if options := byName["Industry"]["picklistValues"].([]any); len(options) < 20 {
		t.Errorf("Industry has %d values", len(options))
	}
	if byName["CreatedDate"]["createable"] != false || byName["Description"]["filterable"] != false {
		t.Error("CreatedDate cannot be written, Description cannot be filtered")
	}
}

func TestGlobalDescribes(t *testing.T) {
	s := serve(t, Setup{})
	for path, want := range map[string]string{"sobjects": "ConnectedApplication", "tooling/sobjects": "FlexiPage", "sobjects/": "StreamingChannel"} {
		var d struct {
			SObjects []struct {
				Name string
				URLs map[string]string
			} `json:"sobjects"`
		}
		s.get(api+path).decode(t, 200, &d)
		found := false
		for _, o := range d.SObjects {
			found = found || o.Name == want && strings.HasPrefix(o.URLs["describe"], api+strings.TrimSuffix(path, "/"))
		}
		if !found {
			t.Errorf("%s does not list %s", path, want)
		}
	}
	s.get(api+"sobjects/Account").decode(t, 200, &map[string]any{})
}

func TestARowsLife(t *testing.T) {
	s := serve(t, Setup{})
	id := s.created(api+"sobjects/Account", `{"Name":"해솔 <&> \"co\"","AnnualRevenue":12,"NumberOfEmployees":"7","Industry":""}`)
	var row map[string]any
	r := s.get(api + "sobjects/Account/" + id)
	r.decode(t, 200, &row)
	if row["Name"] != `해솔 <&> "co"` || row["NumberOfEmployees"] != 7.0 || row["Industry"] != nil || row["OwnerId"] != s.cast.signedIn || row["CreatedDate"] != "2026-11-23T10:02:11.000+0000" {
		t.Errorf("got %v", row)
	}
	if !strings.Contains(r.body, `"AnnualRevenue":12.0`) || !strings.Contains(r.body, `<&>`) {
		t.Errorf("not as the service writes it: %s", r.body)
	}
	if r := s.do(http.MethodPatch, api+"sobjects/Account/"+id[:15], `{"Name":"two"}`); r.status != 204 || r.body != "" {
		t.Errorf("PATCH got %d %s", r.status, r.body)
	}
	if got := s.get(api + "sobjects/Account/" + id + "?fields=Name"); got.body != `{"attributes":{"type":"Account","url":"`+api+"sobjects/Account/"+id+`"},"Name":"two","Id":"`+id+`"}` {
		t.Errorf("got %s", got.body)
	}
	if r := s.do(http.MethodDelete, api+"sobjects/Account/"+id, ""); r.status != 204 {
		t.Errorf("DELETE got %d %s", r.status, r.body)
	}
	s.get(api+"sobjects/Account/"+id).wantError(t, 404, "ENTITY_IS_DELETED", "entity is deleted")
	s.do(http.MethodDelete, api+"sobjects/Account/"+id, "").wantError(t, 404, "ENTITY_IS_DELETED", "")
	if len(s.rows("SELECT Id FROM Account WHERE Id = '"+id+"'")) != 0 {
		t.Error("a deleted row is still found")
	}
	if got := s.get(api + "queryAll?q=SELECT+IsDeleted+FROM+Account+WHERE+Id='" + id + "'"); !strings.Contains(got.body, `"IsDeleted":true`) {
		t.Errorf("queryAll got %s", got.body)
	}
}

func TestSeededRowsCanBeChangedAndDeleted(t *testing.T) {
	s := serve(t, Setup{})
	ids := s.rows("SELECT Id, Name FROM Account LIMIT 2")
	first, second := ids[0]["Id"].(string), ids[1]["Id"].(string)
	s.do(http.MethodPatch, api+"sobjects/Account/"+first, `{"Phone":"+1 555"}`)
	s.do(http.MethodDelete, api+"sobjects/Account/"+second, "")
	got := s.rows("SELECT Id, Name, Phone, LastModifiedById FROM Account LIMIT 1")[0]
	if got["Id"] != first || got["Name"] != ids[0]["Name"] || got["Phone"] != "+1 555" || got["LastModifiedById"] != s.cast.signedIn {
		t.Errorf("got %v", got)
	}
	if r := s.soql("SELECT COUNT() FROM Account"); !strings.Contains(r.body, `"totalSize":2999`) {
		t.Errorf("got %s", r.body)
	}
}

func TestWritesAreChecked(t *testing.T) {
	s := serve(t, Ready())
	account := s.rows("SELECT Id FROM Account LIMIT 1")[0]["Id"].(string)
	app := s.rows("SELECT Id FROM ConnectedApplication LIMIT 1")[0]["Id"].(string)
	access := s.rows("SELECT Id, ParentId, SetupEntityId FROM SetupEntityAccess WHERE SetupEntityType = 'ConnectedApplication' LIMIT 1")[0]
	for _, c := range []struct {
		name, method, path, body string
		status                   int
		code, message            string
	}{
		{"a required field is missing", "POST", "sobjects/Contact", `{"FirstName":"A"}`, 400, "REQUIRED_FIELD_MISSING", "Required fields are missing: [LastName]"},
		{"a required field is emptied", "PATCH", "sobjects/Account/" + account, `{"Name":null}`, 400, "REQUIRED_FIELD_MISSING", "[Name]"},
		{"an unknown field", "POST", "sobjects/Account", `{"Name":"A","Nope":1}`, 400, "INVALID_FIELD", "No such column 'Nope' on sobject of type Account"},
		{"a field that nobody writes", "POST", "sobjects/Account", `{"Name":"A","CreatedDate":"2020-01-01T00:00:00Z"}`, 400, "INVALID_FIELD_FOR_INSERT_UPDATE", "Unable to create/update fields: CreatedDate."},
		{"an id on create", "POST", "sobjects/Account", `{"Name":"A","Id":"` + account + `"}`, 400, "INVALID_FIELD_FOR_INSERT_UPDATE", "cannot specify Id in an insert call"},
		{"a wrong type", "POST", "sobjects/Contact", `{"LastName":"A","DoNotCall":"maybe"}`, 400, "JSON_PARSER_ERROR", "Cannot deserialize instance of boolean from VALUE_STRING value maybe"},
		{"a text for a number", "POST", "sobjects/Account", `{"Name":"A","AnnualRevenue":"much"}`, 400, "JSON_PARSER_ERROR", "currency"},
		{"broken JSON", "POST", "sobjects/Account", `{"Name":x}`, 400, "JSON_PARSER_ERROR", "Unexpected character ('x' (code 120)) at [line:1, column:9]"},
		{"no body", "POST", "sobjects/Account", ``, 400, "JSON_PARSER_ERROR", "end of input"},
		{"null as body", "POST", "sobjects/Account", `null`, 400, "JSON_PARSER_ERROR", ""},
		{"too long", "POST", "sobjects/Contact", `{"LastName":"` + strings.Repeat("가", 81) + `"}`, 400, "STRING_TOO_LONG", "(max length=80)"},
		{"no address", "POST", "sobjects/Contact", `{"LastName":"A","Email":"nobody"}`, 400, "INVALID_EMAIL_ADDRESS", "invalid email address: nobody"},
		{"a malformed reference", "POST", "sobjects/Contact", `{"LastName":"A","AccountId":"12"}`, 400, "MALFORMED_ID", "id value of incorrect type: 12"},
		{"a reference to another object", "POST", "sobjects/Contact", `{"LastName":"A","AccountId":"` + s.cast.signedIn + `"}`, 400, "FIELD_INTEGRITY_EXCEPTION", ""},
		{"a reference to nothing", "POST", "sobjects/Contact", `{"LastName":"A","AccountId":"001000000000000AAA"}`, 400, "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY", ""},
		{"a malformed id", "GET", "sobjects/Account/001Kg00000BUnUvXXX", "", 400, "MALFORMED_ID", "malformed id"},
		{"no id at all", "PATCH", "sobjects/Account/nope", `{}`, 404, "NOT_FOUND", "Provided external ID field does not exist or is not accessible: nope"},
		{"another object's id", "GET", "sobjects/Account/" + s.cast.signedIn, "", 404, "NOT_FOUND", "Provided external ID field"},
		{"an id of nothing", "DELETE", "sobjects/Account/001000000000000AAA", "", 404, "INVALID_CROSS_REFERENCE_KEY", ""},
		{"an object without create", "POST", "sobjects/ConnectedApplication", `{"Name":"x"}`, 400, "INVALID_TYPE_FOR_OPERATION", "entity type ConnectedApplication does not support create"},
		{"an app's policy", "PATCH", "sobjects/ConnectedApplication/" + app, `{"OptionsAllowAdminApprovedUsersOnly":true}`, 400, "INVALID_TYPE_FOR_OPERATION", "does not support update"},
		{"a token", "POST", "sobjects/OauthToken", `{}`, 400, "INVALID_TYPE_FOR_OPERATION", ""},
		{"an update of access", "PATCH", "sobjects/SetupEntityAccess/" + access["Id"].(string), `{}`, 400, "INVALID_TYPE_FOR_OPERATION", "does not support update"},
		{"the type of access", "POST", "sobjects/SetupEntityAccess", `{"ParentId":"` + access["ParentId"].(string) + `","SetupEntityId":"` + app + `","SetupEntityType":"ConnectedApplication"}`, 400, "INVALID_FIELD_FOR_INSERT_UPDATE", "SetupEntityType"},
		{"access that is there", "POST", "sobjects/SetupEntityAccess", `{"ParentId":"` + access["ParentId"].(string) + `","SetupEntityId":"` + access["SetupEntityId"].(string) + `"}`, 400, "DUPLICATE_VALUE", "duplicate value found"},
		{"access to nothing", "POST", "sobjects/SetupEntityAccess", `{"ParentId":"` + access["ParentId"].(string) + `","SetupEntityId":"0H4000000000000CAA"}`, 400, "INVALID_CROSS_REFERENCE_KEY", ""},
		{"a username that is taken", "PATCH", "sobjects/User/" + s.cast.users["ravi.shah"], `{"Username":"avery.morgan@larkspur.example.uat"}`, 400, "DUPLICATE_USERNAME", ""},
		{"a push topic's query", "POST", "sobjects/PushTopic", `{"Name":"T","Query":"nonsense","ApiVersion":68.0}`, 400, "INVALID_FIELD", ""},
		{"a method that is none", "PUT", "sobjects/Account", `{}`, 405, "METHOD_NOT_ALLOWED", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s.t = t
			s.do(c.method, api+c.path, c.body).wantError(t, c.status, c.code, c.message)
		})
	}
}

func TestAccessToAnAppIsGivenAndTaken(t *testing.T) {
	setup := Ready()
	setup.AdminProfile = false
	s := serve(t, setup)
	app := s.rows("SELECT Id FROM ConnectedApplication WHERE Name = '" + integrationName + "'")[0]["Id"].(string)
	set := s.rows("SELECT Id FROM PermissionSet WHERE Profile.Name = 'System Administrator'")[0]["Id"].(string)
	id := s.created(api+"sobjects/SetupEntityAccess", `{"ParentId":"`+set[:15]+`","SetupEntityId":"`+app+`"}`)
	got := s.rows("SELECT SetupEntityType, Parent.Profile.Name FROM SetupEntityAccess WHERE Id = '" + id + "'")[0]
	if got["SetupEntityType"] != "ConnectedApplication" {
		t.Errorf("got %v", got)
	}
	if r := s.do(http.MethodDelete, api+"sobjects/SetupEntityAccess/"+id, ""); r.status != 204 {
		t.Errorf("DELETE got %d %s", r.status, r.body)
	}
	if len(s.rows("SELECT Id FROM SetupEntityAccess WHERE Id = '"+id+"'")) != 0 {
		t.Error("the access is still there")
	}
	again := s.created(api+"sobjects/SetupEntityAccess", `{"ParentId":"`+set+`","SetupEntityId":"`+app+`"}`)
	if again == id {
		t.Error("an id was used twice")
	}
}

func TestUpsert(t *testing.T) {
	s := serve(t, Setup{})
	path := api + "sobjects/Contact/Email/new%2Bone@x.example"
	var made struct {
		ID      string
		Created bool
	}
	s.do(http.MethodPatch, path, `{"LastName":"One"}`).decode(t, 201, &made)
	if !made.Created {
		t.Error("not created")
	}
	first := made.ID
	s.do(http.MethodPatch, path, `{"LastName":"Two"}`).decode(t, 200, &made)
	if made.Created || made.ID != first {
		t.Errorf("got %+v, want an update of %s", made, first)
	}
	if got := s.rows("SELECT Name, Email FROM Contact WHERE Id = '" + first + "'")[0]; got["Name"] != "Two" || got["Email"] != "new+one@x.example" {
		t.Errorf("got %v", got)
	}
	s.get(path).decode(t, 200, &map[string]any{})
	s.do(http.MethodPatch, api+"sobjects/Contact/Email/nobody@x.example?updateOnly=true", `{"LastName":"X"}`).wantError(t, 404, "NOT_FOUND", "")
	s.do(http.MethodPost, api+"sobjects/Contact/Id", `{"LastName":"By no id"}`).decode(t, 201, &made)
	if got := s.rows("SELECT LastName FROM Contact WHERE Id = '" + made.ID + "'"); !made.Created || len(got) != 1 || got[0]["LastName"] != "By no id" {
		t.Errorf("got %+v, %v", made, got)
	}
	s.do(http.MethodPatch, path, `{"Email":"a@b.example"}`).wantError(t, 400, "INVALID_FIELD", "should not be specified")
	s.do(http.MethodPatch, api+"sobjects/Contact/Title/x", `{}`).wantError(t, 404, "NOT_FOUND", "Provided external ID field does not exist or is not accessible: Title")
	s.get(api+"sobjects/Contact/Email/nobody@x.example").wantError(t, 404, "NOT_FOUND", "")
	s.created(api+"sobjects/Contact", `{"LastName":"Three","Email":"NEW+one@x.example"}`)
	var urls []string
	s.do(http.MethodPatch, path, `{"LastName":"Four"}`).decode(t, 300, &urls)
	if len(urls) != 2 {
		t.Errorf("got %v", urls)
	}
}

func TestCollections(t *testing.T) {
	s := serve(t, Setup{})
	records := `[{"attributes":{"type":"Account"},"Name":"A"},{"attributes":{"type":"Contact"}},{"attributes":{"type":"Contact"},"LastName":"B"}]`
	var results []struct {
		ID      string
		Success bool
		Errors  []struct {
			StatusCode, Message string
			Fields              []string
		}
	}
	s.do(http.MethodPost, api+"composite/sobjects", `{"records":`+records+`}`).decode(t, 200, &results)
	if !results[0].Success || results[1].Success || !results[2].Success || results[1].Errors[0].StatusCode != "REQUIRED_FIELD_MISSING" {
		t.Errorf("got %+v", results)
	}
	account := results[0].ID
	s.do(http.MethodPost, api+"composite/sobjects", `{"allOrNone":true,"records":`+records+`}`).decode(t, 200, &results)
	if results[0].Success || results[0].Errors[0].StatusCode != "ALL_OR_NONE_OPERATION_ROLLED_BACK" || len(s.rows("SELECT Id FROM Account WHERE Name = 'A'")) != 1 {
		t.Errorf("allOrNone left something behind: %+v", results)
	}
	s.do(http.MethodPatch, api+"composite/sobjects", `{"records":[{"attributes":{"type":"Account"},"id":"`+account+`","Name":"AA"},{"attributes":{"type":"Account"},"id":"x","Name":"B"}]}`).decode(t, 200, &results)
	if !results[0].Success || results[1].Errors[0].StatusCode != "MALFORMED_ID" {
		t.Errorf("got %+v", results)
	}
	var rows []map[string]any
	s.get(api+"composite/sobjects/Account?ids="+account+",001000000000000AAA&fields=Name").decode(t, 200, &rows)
	if rows[0]["Name"] != "AA" || rows[1] != nil {
		t.Errorf("got %v", rows)
	}
	s.do(http.MethodPost, api+"composite/sobjects/Account", `{"ids":["`+account+`"],"fields":["Id"]}`).decode(t, 200, &rows)
	if rows[0]["Id"] != account {
		t.Errorf("got %v", rows)
	}
	s.do(http.MethodDelete, api+"composite/sobjects?ids="+account+",nope", "").decode(t, 200, &results)
	if !results[0].Success || results[1].Success {
		t.Errorf("got %+v", results)
	}
	many := strings.Repeat(`{"attributes":{"type":"Account"},"Name":"A"},`, 201)
	s.do(http.MethodPost, api+"composite/sobjects", `{"records":[`+strings.TrimSuffix(many, ",")+`]}`).wantError(t, 400, "EXCEEDED_ID_LIMIT", "cannot submit more than 200 records")
}

func TestAccountsStartAtOnceAtAnySize(t *testing.T) {
	s := serveSize(t, Setup{}, 100_000)
	if r := s.soql("SELECT COUNT() FROM Contact"); !strings.Contains(r.body, `"totalSize":200000`) {
		t.Errorf("got %s", r.body)
	}
	last := s.rows("SELECT Id FROM Account ORDER BY Id DESC LIMIT 1")[0]["Id"].(string)
	s.get(api+"sobjects/Account/"+last).decode(t, 200, &map[string]any{})
}

func FuzzDecode(f *testing.F) {
	for _, body := range []string{`{"a":1}`, `{`, ``, "\n\n{x", `[1]`, `"`, "\xff"} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var fields map[string]any
		if problem := decode(body, &fields); problem != nil && problem.code != "JSON_PARSER_ERROR" {
			t.Errorf("got %+v", problem)
		}
	})
}
