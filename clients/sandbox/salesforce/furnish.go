// How the org stands at the start: the company, its licences, profiles and permission sets.

package salesforce

import (
	"slices"
	"strings"
	"time"
)

// cast is who and what the org's furniture refers to.
type cast struct {
	founded    time.Time
	username   string            // of the signed-in user
	signedIn   string            // the signed-in user's id
	connecting string            // the id of the admin who connected Zendesk
	profiles   map[string]string // profile id by key
	sets       map[string]string // id of the profile's own permission set, by the profile's key
	users      map[string]string // user id by handle
	viewed     []lastViewed      // by the signed-in user, the latest first
}

const (
	connectingHandle  = "avery.morgan"
	notAdminHandle    = "noah.lindqvist"
	apiOnlyUserHandle = "integration.user"
)

// A profileKind is one profile as the org has it from the start.
type profileKind struct {
	key, name, korean, fullName, licence string
	standard                             bool
}

var profileKinds = []profileKind{
	{"admin", "System Administrator", "시스템 관리자", "Admin", "SFDC", true},
	{"standard", "Standard User", "표준 사용자", "Standard", "SFDC", true},
	{"readonly", "Read Only", "읽기 전용", "ReadOnly", "SFDC", true},
	{"marketing", "Marketing User", "마케팅 사용자", "MarketingProfile", "SFDC", true},
	{"contract", "Contract Manager", "계약 관리자", "ContractManager", "SFDC", true},
	{"minimum", "Minimum Access - Salesforce", "최소 액세스 - Salesforce", "Minimum Access - Salesforce", "SFDC", true},
	{"platform", "Standard Platform User", "표준 플랫폼 사용자", "StandardAul", "AUL", true},
	{"revops", "RevOps Administrator", "", "RevOps Administrator", "SFDC", false},
	{"salesrep", "Sales Representative", "", "Sales Representative", "SFDC", false},
	{"salesmgr", "Sales Manager", "", "Sales Manager", "SFDC", false},
	{"agent", "Support Agent", "", "Support Agent", "SFDC", false},
	{"lead", "Support Lead", "", "Support Lead", "SFDC", false},
	{"ops", "CRM Operations", "", "CRM Operations", "SFDC", false},
	{"integration", "Integration Administrator", "", "Integration Administrator", integrationKey, false},
}

const integrationKey = "PID_Salesforce_Integration"

// appProfiles are the profiles that Setup.OtherProfiles lets use the app.
var appProfiles = []string{"standard", "salesrep", "salesmgr", "agent", "lead"}

// A licenceKind is one user licence that the company bought.
type licenceKind struct {
	key, name, korean string
	total             int
}

var licenceKinds = []licenceKind{
	{"SFDC", "Salesforce", "", 40},
	{"AUL", "Salesforce Platform", "", 10},
	{integrationKey, "Salesforce Integration", "Salesforce 통합", 5},
	{"PID_CHATTER", "Chatter Free", "Chatter 무료", 5000},
	{"PID_IDENTITY", "Identity", "ID", 5},
}

// notEvenAdmins are permissions that the System Administrator profile comes without.
var notEvenAdmins = []string{
	"ApiUserOnly", "BulkApiHardDelete", "ConnectOrgToEnvironmentHub", "ForceTwoFactor", "HideReadByList",
	"ManageEncryptionKeys", "OptOutGeoLocationTracking", "PasswordNeverExpires", "PreventClassicExperience",
	"ShowCompanyNameAsUserBadge", "TwoFactorApi", "ViewEncryptedData",
}

func (o *Org) furnish() {
	o.cast = cast{
		founded:  time.Date(2021, time.March, 15, 8, 30, 0, 0, time.UTC),
		profiles: map[string]string{}, sets: map[string]string{}, users: map[string]string{},
	}
	for _, names := range [][]string{o.schema.names, o.schema.toolNames} {
		for _, name := range names {
			e, ok := o.schema.find(name, false)
			if !ok {
				e, _ = o.schema.find(name, true)
			}
			if o.tables[e.name] == nil {
				o.tables[e.name] = newTable(e.prefix, nil)
			}
		}
	}
	people := readUsers()
	o.cast.connecting = newID("005", 1)
	o.addOrganization()
	o.addProfiles()
	o.addUsers(people)
	o.addPermissionSets()
	o.addBusiness()
	o.addPastLives()
	o.settings = o.readSettings()
	o.addIntegration()
	o.addPages()
	o.openAuthority()
	o.used.Store(o.startingUse())
}

// furniture adds a row that was there before the first request.
func (o *Org) furniture(object string, row values) string {
	o.stamp(row, o.cast.connecting, o.cast.founded)
	return o.tables[object].add(row)
}

// stamp fills in the audit fields that a row does not have yet.
func (o *Org) stamp(row values, by string, at time.Time) {
	for field, value := range map[string]any{
		"CreatedById": by, "LastModifiedById": by,
		"CreatedDate": at, "LastModifiedDate": at, "SystemModstamp": at,
	} {
		if row[field] == nil {
			row[field] = value
		}
	}
}

func (o *Org) addOrganization() {
	edition := o.setup.Edition
	if edition == "" {
		edition = "Enterprise Edition"
	}
	locale, language, zone := "en_US", "en_US", "America/Los_Angeles"
	if o.setup.Language == "ko" {
		locale, language, zone = "ko_KR", "ko", "Asia/Seoul"
	}
	instance := "USA1S"
	if o.setup.Production {
		instance = "NA231"
	}
	o.furniture("Organization", values{
		"Id": o.id, "Name": o.companyName(), "City": o.word("Portland", "서울"), "Country": o.word("US", "KR"),
		"PrimaryContact": o.word("Avery Morgan", "한민지"), "DefaultLocaleSidKey": locale, "LanguageLocaleKey": language,
		"TimeZoneSidKey": zone, "OrganizationType": edition, "InstanceName": instance, "IsSandbox": !o.setup.Production,
		"ReceivesInfoEmails": true, "ReceivesAdminInfoEmails": true, "FiscalYearStartMonth": int64(1),
		"DefaultAccountAccess": "Edit", "DefaultContactAccess": "ControlledByParent", "DefaultOpportunityAccess": "Read",
		"DefaultLeadAccess": "ReadEditTransfer", "DefaultCaseAccess": "ReadEditTransfer",
	})
}

func (o *Org) companyName() string { return o.word("Larkspur Trading", "해솔상사") }

func (o *Org) addProfiles() {
	for _, kind := range profileKinds {
		profile := values{
			"Name": o.word(kind.name, kind.korean), "FullName": kind.fullName,
			"UserLicenseId": o.licenceID(kind.licence), "UserType": "Standard",
		}
		id := o.furniture("Profile", profile)
		set := values{
			"Name": "X" + id[:15], "Label": id[:15], "ProfileId": id, "IsOwnedByProfile": true,
			"IsCustom": !kind.standard, "LicenseId": o.licenceID(kind.licence), "Type": "Profile",
		}
		for _, name := range o.profilePermissions(kind.key) {
			set["Permissions"+name] = true
		}
		o.cast.profiles[kind.key] = id
		o.cast.sets[kind.key] = o.furniture("PermissionSet", set)
		o.addObjectPermissions(kind.key)
	}
}

// profilePermissions lists what a profile switches on.
func (o *Org) profilePermissions(key string) []string {
	var on []string
	for _, p := range o.schema.permissions {
		if o.profileHas(key, p) {
			on = append(on, p.name)
		}
	}
	return on
}

func (o *Org) profileHas(key string, p permission) bool {
	if p.name == "ApiEnabled" && o.setup.API == APIOffForUser && key == o.signedInProfile() {
		return false
	}
	switch key {
	case "admin", "revops", "integration":
		if key == "integration" && p.name == "ApiUserOnly" {
			return true
		}
		return !slices.Contains(notEvenAdmins, p.name)
	case "ops":
		return p.name == "ModifyMetadata" || !p.admin && !slices.Contains(notEvenAdmins, p.name)
	case "minimum":
		return slices.Contains([]string{"ActivitiesAccess", "ApiEnabled", "LightningExperienceUser", "ChatterInternalUser", "ViewHelpLink"}, p.name)
	case "readonly":
		return !p.admin && !slices.Contains(notEvenAdmins, p.name) &&
			!strings.HasPrefix(p.name, "Edit") && !strings.HasPrefix(p.name, "Manage") && !strings.HasPrefix(p.name, "Create")
	}
	return !p.admin && !slices.Contains(notEvenAdmins, p.name)
}

// signedInProfile is the key of the signed-in user's profile.
func (o *Org) signedInProfile() string {
	switch o.setup.User {
	case NotAdmin:
		return "ops"
	case APIOnlyUser:
		return "integration"
	default:
		return "admin"
	}
}

func (o *Org) addObjectPermissions(key string) {
	streaming := slices.Contains([]string{"admin", "revops", "integration", "ops"}, key)
	all := slices.Contains([]string{"admin", "revops", "integration"}, key)
	for _, object := range []string{"Account", "Contact", "Lead", "Opportunity", "Case", "PushTopic", "StreamingChannel"} {
		stream := object == "PushTopic" || object == "StreamingChannel"
		edit := key != "readonly" && key != "minimum" && (!stream || streaming)
		if key == "minimum" || stream && key == "platform" || key == "platform" && (object == "Lead" || object == "Opportunity" || object == "Case") {
			continue
		}
		o.furniture("ObjectPermissions", values{
			"ParentId": o.cast.sets[key], "SobjectType": object, "PermissionsRead": true,
			"PermissionsCreate": edit, "PermissionsEdit": edit, "PermissionsDelete": edit && (all || stream || object != "Account"),
			"PermissionsViewAllRecords": all && !stream, "PermissionsModifyAllRecords": all && !stream,
		})
		o.addFieldPermissions(key, object, edit)
	}
}

// addFieldPermissions adds what a profile allows on fields. Those that everybody sees, like Account.Name, have no rows.
func (o *Org) addFieldPermissions(key, object string, edit bool) {
	for _, field := range map[string][]string{
		"Contact": {"Email", "Phone"}, "Lead": {"Email", "Phone"}, "Opportunity": {"AccountId", "Amount"},
	}[object] {
		o.furniture("FieldPermissions", values{
			"ParentId": o.cast.sets[key], "SobjectType": object, "Field": object + "." + field,
			"PermissionsRead": true, "PermissionsEdit": edit,
		})
	}
}

// addPermissionSets adds the sets that admins made beside the profiles', and who has which.
func (o *Org) addPermissionSets() {
	for i, set := range []struct {
		name, label, korean, permission string
		profiles                        []string
	}{
		{"Report_Builder", "Report Builder", "보고서 작성자", "CreateCustomizeReports", []string{"salesmgr", "lead"}},
		{"Knowledge_Author", "Knowledge Author", "Knowledge 작성자", "AllowViewKnowledge", []string{"lead", "agent"}},
		{"Data_Steward", "Data Steward", "데이터 관리 담당자", "MassInlineEdit", []string{"revops"}},
		{"Lead_Import", "Lead Import", "리드 가져오기", "ImportLeads", []string{"marketing"}},
		{"Login_Auditor", "Login Auditor", "로그인 감사자", "MonitorLoginHistory", nil},
	} {
		id := o.furniture("PermissionSet", values{
			"Name": set.name, "Label": o.word(set.label, set.korean), "IsCustom": true, "Type": "Regular",
			"Permissions" + set.permission: true, "CreatedDate": o.cast.founded.AddDate(0, 3*i+1, 4),
		})
		for _, key := range set.profiles {
			o.tables["User"].each(func(user values) {
				if user["ProfileId"] == o.cast.profiles[key] && user["IsActive"] == true {
					o.assign(user["Id"], id)
				}
			})
		}
	}
}

func (o *Org) assign(user any, set string) {
	o.furniture("PermissionSetAssignment", values{"AssigneeId": user, "PermissionSetId": set, "IsActive": true})
}

func (o *Org) licenceID(key string) string {
	return newID("100", slices.IndexFunc(licenceKinds, func(l licenceKind) bool { return l.key == key })+1)
}

// licences counts who holds what.
func (o *Org) licences() []values {
	used := map[any]int64{}
	o.tables["User"].each(func(user values) {
		id, _ := user["ProfileId"].(string)
		if profile, _, ok := o.tables["Profile"].find(id); ok && user["IsActive"] == true {
			used[profile.Value("UserLicenseId")]++
		}
	})
	rows := make([]values, 0, len(licenceKinds))
	for _, kind := range licenceKinds {
		id := o.licenceID(kind.key)
		rows = append(rows, values{
			"Id": id, "LicenseDefinitionKey": kind.key, "Name": o.word(kind.name, kind.korean), "MasterLabel": o.word(kind.name, kind.korean),
			"Status": "Active", "TotalLicenses": int64(kind.total), "UsedLicenses": used[id], "UsedLicensesLastUpdated": o.now(),
			"MonthlyLoginsUsed": int64(0), "MonthlyLoginsEntitlement": int64(0),
			"CreatedDate": o.cast.founded, "LastModifiedDate": o.cast.founded, "SystemModstamp": o.cast.founded,
		})
	}
	return rows
}

func (o *Org) addBusiness() {
	var owners []string
	o.tables["User"].each(func(user values) {
		profile := user["ProfileId"]
		if user["IsActive"] == true && (profile == o.cast.profiles["salesrep"] || profile == o.cast.profiles["salesmgr"]) {
			owners = append(owners, user["Id"].(string))
		}
	})
	of := func(prefix string, count int) *made {
		return &made{seed: o.seed, owners: owners, admin: o.cast.connecting, prefix: prefix, count: count}
	}
	o.tables["Account"].made = accounts{of("001", o.seed.Accounts())}
	o.tables["Contact"].made = contacts{of("003", o.seed.Contacts())}
	o.tables["Lead"].made = leads{of("00Q", o.seed.Leads())}
	o.tables["Opportunity"].made = opportunities{of("006", o.seed.Opportunities())}
	o.tables["Case"].made = cases{of("500", o.seed.Cases())}
}
