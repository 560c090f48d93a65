package salesforce

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"zsf/clients/sandbox/soql"
)

func TestWhatEachUserMay(t *testing.T) {
	columns := []string{"ApiEnabled", "ModifyMetadata", "ModifyAllData", "CustomizeApplication", "ViewSetup", "ManageUsers", "ApiUserOnly", "ManageProfilesPermissionsets", "ManageRemoteAccess", "InstallPackaging", "AssignPermissionSets", "AuthorApex"}
	for _, c := range []struct {
		user    User
		on, off string
		licence string
	}{
		{Admin, "ApiEnabled ModifyMetadata ModifyAllData CustomizeApplication ViewSetup ManageUsers ManageProfilesPermissionsets ManageRemoteAccess InstallPackaging AssignPermissionSets AuthorApex", "ApiUserOnly", "SFDC"},
		{NotAdmin, "ApiEnabled ModifyMetadata", "ModifyAllData CustomizeApplication ViewSetup ManageUsers ApiUserOnly ManageProfilesPermissionsets ManageRemoteAccess InstallPackaging AssignPermissionSets AuthorApex", "SFDC"},
		{APIOnlyUser, "ApiEnabled ModifyMetadata ModifyAllData CustomizeApplication ViewSetup ApiUserOnly", "", integrationKey},
	} {
		s := serve(t, Setup{User: c.user})
		row := s.rows("SELECT Permissions" + strings.Join(columns, ", Permissions") + " FROM UserPermissionAccess LIMIT 1")[0]
		for _, name := range strings.Fields(c.on) {
			if row["Permissions"+name] != true {
				t.Errorf("user %d lacks %s", c.user, name)
			}
		}
		for _, name := range strings.Fields(c.off) {
			if row["Permissions"+name] != false {
				t.Errorf("user %d has %s", c.user, name)
			}
		}
		me := s.rows("SELECT Profile.UserLicense.LicenseDefinitionKey FROM User WHERE Username = '" + s.Credentials().Username + "'")
		if !strings.Contains(compact(me), `"LicenseDefinitionKey":"`+c.licence+`"`) {
			t.Errorf("user %d: got %s", c.user, compact(me))
		}
	}
	s := serve(t, Setup{})
	s.soql("SELECT PermissionsCanApproveUninstalledApps FROM UserPermissionAccess").wantError(t, 400, "INVALID_FIELD", "No such column")
}

func TestWhatAUserWithoutViewSetupSees(t *testing.T) {
	setup := Ready()
	setup.User = NotAdmin
	s := serve(t, setup)
	for _, query := range []string{"SELECT Id FROM InstalledSubscriberPackage", "SELECT Id FROM FlexiPage", "SELECT Id FROM ApexPage", "SELECT FullName FROM Profile LIMIT 1"} {
		s.toolingQuery(query).wantError(t, 400, "INVALID_TYPE", "is not supported")
	}
	for _, query := range []string{"SELECT Id FROM SetupEntityAccess", "SELECT Id FROM PermissionSet", "SELECT Id FROM ObjectPermissions", "SELECT Id FROM AuraDefinitionBundle"} {
		s.soql(query).wantError(t, 400, "INVALID_TYPE", "is not supported")
	}
	s.toolingQuery("SELECT DurableId FROM SecurityHealthCheckRisks").wantError(t, 403, "INSUFFICIENT_ACCESS", "")
	s.soql("SELECT OptionsAllowAdminApprovedUsersOnly FROM ConnectedApplication").wantError(t, 400, "INVALID_FIELD", "No such column")
	s.soql("SELECT CreatedDate FROM ConnectedApplication").wantError(t, 400, "INVALID_FIELD", "No such column")
	if rows := s.rows("SELECT Name FROM ConnectedApplication WHERE Name LIKE '%Zendesk%'"); len(rows) != 1 {
		t.Errorf("got %v", rows)
	}
	for _, object := range []string{"OauthToken", "LoginHistory"} {
		for _, row := range s.rows("SELECT UserId FROM " + object) {
			if row["UserId"] != s.cast.signedIn {
				t.Errorf("%s shows another user's row", object)
			}
		}
	}
	if rows := s.rows("SELECT Name FROM Profile"); len(rows) != 1 || rows[0]["Name"] != "CRM Operations" {
		t.Errorf("got %v", rows)
	}
	s.get(api+"sobjects/SetupEntityAccess/describe").wantError(t, 404, "NOT_FOUND", "")
	s.do(http.MethodPatch, api+"sobjects/User/"+s.cast.signedIn, `{"Title":"x"}`).wantError(t, 403, "INSUFFICIENT_ACCESS_OR_READONLY", "")
}

func TestStreamingRightsFollowObjectPermissions(t *testing.T) {
	s := serve(t, Setup{User: NotAdmin})
	for _, object := range []string{"PushTopic", "StreamingChannel", "Case"} {
		var d struct{ Createable, Updateable, Deletable, Queryable bool }
		s.get(api+"sobjects/"+object+"/describe").decode(t, 200, &d)
		if !d.Createable || !d.Updateable || !d.Deletable || !d.Queryable {
			t.Errorf("%s: got %+v", object, d)
		}
	}
	admin := serve(t, Setup{})
	id := admin.rows("SELECT Id FROM ObjectPermissions WHERE SobjectType = 'PushTopic' AND Parent.Profile.Name = 'CRM Operations'")[0]["Id"].(string)
	if r := admin.do(http.MethodPatch, api+"sobjects/ObjectPermissions/"+id, `{"PermissionsDelete":false}`); r.status != 204 {
		t.Fatalf("got %d %s", r.status, r.body)
	}
	admin.mu.RLock()
	defer admin.mu.RUnlock()
	e, _ := admin.schema.find("PushTopic", false)
	if got := admin.person(admin.cast.users[notAdminHandle]).on(e); got.remove || !got.edit {
		t.Errorf("got %+v", got)
	}
}

func TestAPermissionSetAddsToAProfile(t *testing.T) {
	s := serve(t, Setup{})
	set := s.created(api+"sobjects/PermissionSet", `{"Name":"More","Label":"More","PermissionsViewSetup":true}`)
	user := s.cast.users["ravi.shah"]
	assignment := s.created(api+"sobjects/PermissionSetAssignment", `{"PermissionSetId":"`+set+`","AssigneeId":"`+user+`"}`)
	s.do(http.MethodPost, api+"sobjects/PermissionSetAssignment", `{"PermissionSetId":"`+set+`","AssigneeId":"`+user+`"}`).wantError(t, 400, "DUPLICATE_VALUE", "")
	can := func() bool {
		s.mu.RLock()
		defer s.mu.RUnlock()
		return s.person(user).can("ViewSetup")
	}
	if !can() {
		t.Error("the assignment gives nothing")
	}
	s.do(http.MethodDelete, api+"sobjects/PermissionSetAssignment/"+assignment, "")
	if can() {
		t.Error("the right outlives the assignment")
	}
}

func TestTheAppsStandAsSetUp(t *testing.T) {
	for _, c := range []struct {
		app                 App
		rows, tokens, menus int
	}{{AppUnknown, 0, 0, 0}, {AppUsed, 0, 1, 0}, {AppInstalled, 1, 0, 0}, {AppConnected, 1, 1, 1}} {
		s := serve(t, Setup{App: c.app})
		where := " WHERE AppName = '" + integrationName + "'"
		tokens := s.rows("SELECT Id, UserId, AppMenuItemId, AppMenuItem.ApplicationId FROM OauthToken" + where)
		menus := 0
		for _, token := range tokens {
			if token["Id"] != nil || token["UserId"] != s.cast.signedIn {
				t.Errorf("app %d: got %v", c.app, token)
			}
			if id, _ := token["AppMenuItemId"].(string); strings.HasPrefix(id, "0DS") {
				menus++
			}
		}
		if rows := s.rows("SELECT Id FROM ConnectedApplication WHERE Name = '" + integrationName + "'"); len(rows) != c.rows || len(tokens) != c.tokens || menus != c.menus {
			t.Errorf("app %d: %d rows, %d tokens, %d with a menu item", c.app, len(rows), len(tokens), menus)
		}
	}
}

func TestTheReadyOrg(t *testing.T) {
	s := serve(t, Ready())
	var names []string
	for _, row := range s.rows("SELECT Parent.Profile.Name FROM SetupEntityAccess WHERE SetupEntityType = 'ConnectedApplication' AND SetupEntityId = '" + appID18() + "'") {
		names = append(names, row["Parent"].(map[string]any)["Profile"].(map[string]any)["Name"].(string))
	}
	slices.Sort(names)
	if strings.Join(names, ",") != "Sales Manager,Sales Representative,Standard User,Support Agent,Support Lead,System Administrator" {
		t.Errorf("got %v", names)
	}
	if rows := s.rows("SELECT Name FROM ApexPage WHERE Name LIKE 'Zendesk_Ticket_View%'"); len(rows) != 4 {
		t.Errorf("got %v", rows)
	}
	if rows := s.toolingRows("SELECT DeveloperName FROM AuraDefinitionBundle WHERE DeveloperName = 'Zendesk_Ticket_View'"); len(rows) != 1 {
		t.Errorf("got %v", rows)
	}
	for _, object := range []string{"Account", "Contact", "Lead", "Opportunity", "Case"} {
		rows := s.toolingRows("SELECT Metadata FROM FlexiPage WHERE EntityDefinitionId = '" + object + "'")
		if has := strings.Contains(compact(rows), `"componentName":"Zendesk:Zendesk_Ticket_View"`); has != (object != "Case") {
			t.Errorf("%s: the ticket view is there: %t", object, has)
		}
	}
}

func TestForWhomThePackageIs(t *testing.T) {
	for _, c := range []struct {
		pack Package
		sets int
	}{{NoPackage, 0}, {PackageForAdmins, 1}, {PackageForAll, 12}} {
		s := serve(t, Setup{Package: c.pack})
		sets := map[any]bool{}
		for _, row := range s.rows("SELECT ParentId FROM SetupEntityAccess WHERE SetupEntityType = 'ApexPage' AND SetupEntityId IN (SELECT Id FROM ApexPage WHERE Name LIKE 'Zendesk%')") {
			sets[row["ParentId"]] = true
		}
		if len(sets) != c.sets {
			t.Errorf("package %d: %d sets have the pages, want %d", c.pack, len(sets), c.sets)
		}
	}
}

func TestAnInstallTakesItsTime(t *testing.T) {
	s := serve(t, Setup{Package: PackageForAdmins})
	id := s.created(api+"tooling/sobjects/PackageInstallRequest", `{"SubscriberPackageVersionKey":"`+PackageVersionID()[:15]+`","SecurityType":"Full","EnableRss":true}`)
	other := s.created(api+"tooling/sobjects/PackageInstallRequest", `{"SubscriberPackageVersionKey":"04t000000000000AAA","SecurityType":"Full"}`)
	status := func(id string) string {
		var row struct {
			Status string
			Errors any
		}
		s.get(api+"tooling/sobjects/PackageInstallRequest/"+id).decode(t, 200, &row)
		return row.Status
	}
	count := func() int {
		return len(s.rows("SELECT Id FROM SetupEntityAccess WHERE SetupEntityType = 'ApexPage'"))
	}
	before := count()
	s.clock.advance(7 * time.Second)
	if status(id) != "IN_PROGRESS" || count() != before {
		t.Errorf("after 7 seconds it is %s", status(id))
	}
	s.clock.advance(2 * time.Second)
	if status(id) != "SUCCESS" || status(other) != "ERROR" {
		t.Errorf("got %s and %s", status(id), status(other))
	}
	if got := count(); got != before+11*4 {
		t.Errorf("%d grants before, %d after", before, got)
	}
	if rows := s.toolingRows("SELECT Id FROM InstalledSubscriberPackage WHERE SubscriberPackageId = '" + soql.To18(packageID) + "'"); len(rows) != 1 {
		t.Errorf("installed %d times", len(rows))
	}
	s.do(http.MethodPost, api+"tooling/sobjects/PackageInstallRequest", `{"SubscriberPackageVersionKey":"x"}`).wantError(t, 400, "MALFORMED_ID", "")
	s.do(http.MethodPost, api+"tooling/sobjects/PackageInstallRequest", `{}`).wantError(t, 400, "REQUIRED_FIELD_MISSING", "SubscriberPackageVersionKey")
}

func TestToolingRules(t *testing.T) {
	s := serve(t, Ready())
	s.toolingQuery("SELECT Id FROM InstalledSubscriberPackage WHERE SubscriberPackage.NamespacePrefix = 'Zendesk'").wantError(t, 400, "INVALID_FIELD", "can not be filtered in a query call")
	s.toolingQuery("SELECT Id FROM SubscriberPackageVersion").wantError(t, 400, "MALFORMED_QUERY", "a filter on a reified column is required [Id]")
	if rows := s.toolingRows("SELECT MajorVersion, MinorVersion FROM SubscriberPackageVersion WHERE Id = '" + PackageVersionID() + "'"); compact(rows[0]["MajorVersion"]) != "4" {
		t.Errorf("got %v", rows)
	}
	s.toolingQuery("SELECT Id, Metadata FROM FlexiPage").wantError(t, 400, "MALFORMED_QUERY", "must specify no more than one row for retrieval")
	s.get(api+"query?q=SELECT+Id+FROM+FlexiPage").wantError(t, 400, "INVALID_TYPE", "")
	id := s.toolingRows("SELECT Id FROM FlexiPage LIMIT 1")[0]["Id"].(string)
	if r := s.get(api + "tooling/sobjects/FlexiPage/" + id); !strings.Contains(r.body, `"Metadata":{`) {
		t.Errorf("got %s", r.body)
	}
	got := s.do(http.MethodPost, api+"tooling/composite", `{"compositeRequest":[{"method":"GET","referenceId":"a","url":"`+api+`tooling/query?q=SELECT+Id+FROM+FlexiPage"}]}`)
	if !strings.Contains(got.body, `"httpStatusCode":200`) {
		t.Errorf("got %s", got.body)
	}
}

func TestHealthCheckFollowsTheSettings(t *testing.T) {
	for _, locked := range []bool{false, true} {
		s := serve(t, Setup{SessionsLocked: locked})
		row := s.toolingRows("SELECT RiskType, OrgValue, OrgValueRaw, Setting FROM SecurityHealthCheckRisks WHERE DurableId LIKE '%lockSessionsToIp'")[0]
		want := map[bool][2]string{true: {"true", "MEETS_STANDARD"}, false: {"false", "INFORMATIONAL"}}[locked]
		if row["OrgValueRaw"] != want[0] || row["RiskType"] != want[1] || !strings.HasPrefix(row["OrgValue"].(string), "__MISSING LABEL__") {
			t.Errorf("locked %t: got %v", locked, row)
		}
	}
}

func TestTheKoreanOrg(t *testing.T) {
	setup := Ready()
	setup.Language = "ko"
	s := serve(t, setup)
	for query, want := range map[string]string{
		"SELECT Profile.Name, Name FROM User WHERE Username = '" + s.Credentials().Username + "'": "시스템 관리자",
		"SELECT Name FROM UserLicense WHERE LicenseDefinitionKey = '" + integrationKey + "'":      "Salesforce 통합",
		"SELECT Name, LanguageLocaleKey FROM Organization":                                        "해솔상사",
		"SELECT Name FROM User WHERE Username LIKE 'avery%'":                                      "한 민지",
	} {
		if got := compact(s.rows(query)); !strings.Contains(got, want) {
			t.Errorf("%s got %s", query, got)
		}
	}
	if r := s.get(api + "sobjects/Account/describe"); !strings.Contains(r.body, `"label":"계정 이름"`) || !strings.Contains(r.body, `"name":"Name"`) {
		t.Error("labels are Korean, names are not")
	}
	if rows := s.toolingRows("SELECT FullName FROM Profile WHERE Name = '시스템 관리자'"); rows[0]["FullName"] != "Admin" {
		t.Errorf("got %v", rows)
	}
	if rows := s.toolingRows("SELECT Setting FROM SecurityHealthCheckRisks WHERE DurableId LIKE '%lockSessionsToIp'"); rows[0]["Setting"] == "Lock sessions to the IP address from which they originated" {
		t.Errorf("got %v", rows)
	}
}

func TestProductionAndEditions(t *testing.T) {
	s := serve(t, Setup{Production: true, Edition: "Professional Edition"})
	row := s.rows("SELECT Id, IsSandbox, OrganizationType FROM Organization")[0]
	if row["IsSandbox"] != false || row["OrganizationType"] != "Professional Edition" || row["Id"] != s.ID() {
		t.Errorf("got %v", row)
	}
	s = serve(t, Setup{API: APIOffForEdition, Edition: "Base Edition"})
	s.soql("SELECT Id FROM User").wantError(t, 403, "API_DISABLED_FOR_ORG", "The REST API is not enabled for this Organization.")
}

func TestManyAtOnce(t *testing.T) {
	s := serve(t, Ready())
	done := make(chan bool)
	for i := range 8 {
		go func() {
			defer func() { done <- true }()
			for range 5 {
				switch i % 4 {
				case 0:
					s.soql("SELECT Id, Name FROM Account WHERE Name LIKE 'A%'")
				case 1:
					s.do(http.MethodPost, api+"sobjects/Account", `{"Name":"A"}`)
				case 2:
					s.soap("updateMetadata", update(`<sessionSettings><lockSessionsToIp>true</lockSessionsToIp></sessionSettings>`))
				default:
					s.toolingQuery("SELECT OrgValueRaw FROM SecurityHealthCheckRisks")
				}
			}
		}()
	}
	for range 8 {
		<-done
	}
	if r := s.soql("SELECT COUNT() FROM Account"); !strings.Contains(r.body, `"totalSize":3010`) {
		t.Errorf("got %s", r.body)
	}
}
