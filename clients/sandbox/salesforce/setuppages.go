// The pages of Setup that hold one setting, and those that only tell.

package salesforce

import (
	"fmt"
	"strconv"

	"zsf/clients/sandbox/soql"
	"zsf/clients/sandbox/webform"
)

// setupPage is one page of Setup by its name in the address, and what follows the name.
func (v *visit) setupPage(name string, rest []string) result {
	if setting, found := v.setting(name); found {
		return v.settingPage(setting)
	}
	switch name {
	case "ConnectedApplication", "NavigationMenus":
		return v.appPages(rest)
	case "ConnectedAppsUsage":
		return v.usagePage()
	case "ImportedPackage":
		return shown(v.packagesPage())
	case "EnhancedProfiles":
		return shown(v.profilesPage())
	case "FlexiPageList":
		return shown(v.builderList())
	case "CompanyProfileInfo":
		p := v.setup(v.word("Company Settings", "회사 설정"), v.word("Company Information", "회사 정보"))
		p.Facts = v.homeFacts()
		return shown(p)
	case "SetupOneHome":
		return shown(v.setupHome())
	}
	p := v.setup(inWords(name))
	p.Facts = v.homeFacts()
	p.Note = v.word("The sandbox has nothing to set here.", "샌드박스에는 여기에서 설정할 것이 없습니다.")
	return shown(p)
}

// A setting is a check box of Setup that stands in a settings document.
type setting struct {
	page        string
	trail       []string
	name, label string
	document    string
	path        []string
}

func (v *visit) setting(page string) (setting, bool) {
	for _, s := range []setting{
		{
			page: "SecuritySession", trail: []string{v.word("Security", "보안"), v.word("Session Settings", "세션 설정")},
			name: "lockSessionsToIp", label: v.word("Lock sessions to the IP address from which they originated", "세션이 시작된 IP 주소로 세션 잠금"),
			document: "SecuritySettings", path: []string{"sessionSettings", "lockSessionsToIp"},
		},
		{
			page: "OauthOidcSettings", trail: []string{v.word("Identity", "ID"), v.word("OAuth and OpenID Connect Settings", "OAuth 및 OpenID Connect 설정")},
			name:     "isPkceRequired",
			label:    v.word("Require Proof Key for Code Exchange (PKCE) extension for all apps", "모든 앱에 PKCE(Proof Key for Code Exchange) 확장 요구"),
			document: "OauthOidcSettings", path: []string{"isPkceRequired"},
		},
		{
			page: "UserInterfaceUI", trail: []string{v.word("User Interface", "사용자 인터페이스")},
			name: "enableStreamingApi", label: v.word("Enable Streaming API", "스트리밍 API 활성화"),
			document: "EventSettings", path: []string{"enableStreamingApi"},
		},
	} {
		if s.page == page {
			return s, true
		}
	}
	return setting{}, false
}

func (v *visit) settingPage(s setting) result {
	address := "/lightning/setup/" + s.page + "/home"
	if v.sent != nil {
		if !v.can("CustomizeApplication") {
			return v.refused()
		}
		v.set(s.document, strconv.FormatBool(v.sent.Get(s.name) != ""), v.who, s.path...)
		return sentTo(address + "?saved=1")
	}
	p := v.setup(s.trail...)
	on := v.settings[s.document].at(s.path...).value() == "true"
	p.Forms = []webform.Form{{
		Action: address, Fields: []webform.Field{{Kind: "check", Name: s.name, Value: "1", Label: s.label, On: on}},
		Buttons: []webform.Button{{Value: "save", Label: v.word("Save", "저장"), Main: true}},
	}}
	return shown(p)
}

// set changes one value of a settings document, and notes who did.
func (o *Org) set(document, value string, who *person, path ...string) {
	before := o.settings[document]
	after := before.clone()
	if at := after.at(path...); at != nil && at.text != value {
		at.text = value
		o.settings[document] = after
		o.auditSettings(who, document, before, after)
	}
}

// setupHome leads to the pages that the integration's set-up needs.
func (v *visit) setupHome() *page {
	p := v.newPage(v.word("Setup", "설정"))
	for _, l := range []struct{ name, english, korean string }{
		{"SecuritySession", "Session Settings", "세션 설정"},
		{"OauthOidcSettings", "OAuth and OpenID Connect Settings", "OAuth 및 OpenID Connect 설정"},
		{"ConnectedApplication", "Manage Connected Apps", "연결된 앱 관리"},
		{"ConnectedAppsUsage", "Connected Apps OAuth Usage", "연결된 앱 OAuth 사용"},
		{"ImportedPackage", "Installed Packages", "설치된 패키지"},
		{"EnhancedProfiles", "Profiles", "프로필"},
		{"FlexiPageList", "Lightning App Builder", "Lightning 앱 빌더"},
		{"UserInterfaceUI", "User Interface", "사용자 인터페이스"},
		{"CompanyProfileInfo", "Company Information", "회사 정보"},
	} {
		p.Links = append(p.Links, webform.Link{Label: v.word(l.english, l.korean), URL: "/lightning/setup/" + l.name + "/home"})
	}
	return p
}

func (v *visit) homeFacts() []webform.Fact {
	org, _, _ := v.tables["Organization"].find(v.id)
	return []webform.Fact{
		{Name: v.word("Organization", "조직"), Value: str(org.Value("Name"))},
		{Name: "ID", Value: v.id[:15]},
		{Name: v.word("Edition", "에디션"), Value: str(org.Value("OrganizationType"))},
		{Name: v.word("Sandbox", "샌드박스"), Value: strconv.FormatBool(org.Value("IsSandbox") == true)},
	}
}

func (v *visit) packagesPage() *page {
	p := v.setup(v.word("Apps", "앱"), v.word("Installed Packages", "설치된 패키지"))
	list := webform.Table{Heads: []string{v.word("Package Name", "패키지 이름"), v.word("Publisher", "게시자"), v.word("Version Number", "버전 번호")}}
	v.tables["InstalledSubscriberPackage"].each(func(row values) {
		known, _, _ := v.tables["SubscriberPackage"].find(str(row["SubscriberPackageId"]))
		version, _, _ := v.tables["SubscriberPackageVersion"].find(str(row["SubscriberPackageVersionId"]))
		list.Rows = append(list.Rows, []webform.Cell{
			webform.Text(str(known.Value("Name"))), webform.Text(str(version.Value("PublisherName"))),
			webform.Text(fmt.Sprintf("%d.%d", version.Value("MajorVersion"), version.Value("MinorVersion"))),
		})
	})
	p.Tables = []webform.Table{list}
	return p
}

// profilesPage shows who may use the integration's app. It is changed on the app's own page.
func (v *visit) profilesPage() *page {
	p := v.setup(v.word("Users", "사용자"), v.word("Profiles", "프로필"))
	list := webform.Table{Heads: []string{v.word("Profile Name", "프로필 이름"), v.word("User License", "사용자 라이센스"), integrationName}}
	v.eachProfile(func(profile values, set any, licence string) {
		state := webform.Cell{Text: v.word("no access", "액세스 없음")}
		if v.granted(set, appID18()) {
			state = webform.Cell{Text: v.word("has access", "액세스 있음"), Good: true}
		}
		list.Rows = append(list.Rows, []webform.Cell{webform.Text(str(profile["Name"])), webform.Text(licence), state})
	})
	p.Tables = []webform.Table{list}
	p.Links = []webform.Link{{Label: v.word("Manage Connected Apps", "연결된 앱 관리"), URL: appsHome}}
	return p
}

// eachProfile visits each profile with the id of its own permission set and the name of its licence.
func (o *Org) eachProfile(visit func(profile values, set any, licence string)) {
	licences := map[any]string{}
	for _, licence := range o.licences() {
		licences[licence["Id"]] = str(licence["Name"])
	}
	o.tables["Profile"].each(func(profile values) {
		set, _ := o.tables["PermissionSet"].first("ProfileId", profile["Id"])
		visit(profile, set["Id"], licences[profile["UserLicenseId"]])
	})
}

// recordPageOf shows /lightning/r/Account/{id}/view, with or without the object.
func (v *visit) recordPageOf(parts []string) *page {
	for _, part := range parts {
		if !soql.ValidID(part) {
			continue
		}
		id := soql.To18(part)
		e, known := v.schema.byPrefix(id[:3], false)
		if !known {
			continue
		}
		row, deleted, found := v.tables[e.name].find(id)
		if !found || deleted {
			break
		}
		name := str(row.Value("Name"))
		if e.name == "Case" {
			name = str(row.Value("CaseNumber"))
		}
		p := v.newPage(v.word(e.label, e.korean))
		p.Facts = []webform.Fact{{Name: v.word("Name", "이름"), Value: name}, {Name: "ID", Value: id}}
		if page, ok := v.tables["FlexiPage"].first("EntityDefinitionId", e.name); ok && v.can("CustomizeApplication") {
			p.Links = []webform.Link{{Label: v.word("Edit Page", "페이지 편집"), URL: builderOf(page)}}
		}
		return p
	}
	return v.newPage(v.word("This record isn't available", "이 레코드를 사용할 수 없습니다"))
}
