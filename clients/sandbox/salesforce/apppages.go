// Connected apps in Setup: who may use them, which of them are installed, and which are blocked.

package salesforce

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"

	"zsf/clients/sandbox/soql"
	"zsf/clients/sandbox/webform"
)

const (
	appsHome  = "/lightning/setup/ConnectedApplication/home"
	usageHome = "/lightning/setup/ConnectedAppsUsage/home"
)

func (v *visit) trailOfApps(more ...string) []string {
	return append([]string{v.word("Apps", "앱"), v.word("Connected Apps", "연결된 앱")}, more...)
}

func appAddress(app values, page string) string {
	return "/lightning/setup/ConnectedApplication/" + url.PathEscape(str(app["Id"])) + "/" + page
}

// permitted names the choices of Permitted Users.
func (v *visit) permitted(adminApproved bool) string {
	if adminApproved {
		return v.word("Admin approved users are pre-authorized", "관리자 승인 사용자가 미리 승인됨")
	}
	return v.word("All users may self-authorize", "모든 사용자가 자체 승인할 수 있음")
}

// appPages are the list, and an app's own pages: view, edit and profiles.
func (v *visit) appPages(rest []string) result {
	if len(rest) != 2 {
		return shown(v.appList())
	}
	if !soql.ValidID(rest[0]) {
		return v.notThere()
	}
	app, found := v.tables["ConnectedApplication"].first("Id", soql.To18(rest[0]))
	if !found {
		return v.notThere()
	}
	switch rest[1] {
	case "view":
		return shown(v.appDetail(app))
	case "edit":
		return v.policies(app)
	case "profiles":
		return v.appProfiles(app)
	}
	return v.notThere()
}

func (v *visit) appList() *page {
	p := v.setup(v.trailOfApps(v.word("Manage Connected Apps", "연결된 앱 관리"))...)
	list := webform.Table{Heads: []string{v.word("Action", "작업"), v.word("Connected App Name", "연결된 앱 이름"), v.word("Permitted Users", "허용된 사용자")}}
	v.tables["ConnectedApplication"].each(func(app values) {
		list.Rows = append(list.Rows, []webform.Cell{
			{Text: v.word("Edit", "편집"), URL: appAddress(app, "edit")},
			{Text: str(app["Name"]), URL: appAddress(app, "view")},
			webform.Text(v.permitted(app["OptionsAllowAdminApprovedUsersOnly"] == true)),
		})
	})
	p.Tables = []webform.Table{list}
	return p
}

func (v *visit) appDetail(app values) *page {
	p := v.setup(v.trailOfApps(v.word("Manage Connected Apps", "연결된 앱 관리"), str(app["Name"]))...)
	p.Links = []webform.Link{
		{Label: v.word("Edit Policies", "정책 편집"), URL: appAddress(app, "edit")},
		{Label: v.word("Manage Profiles", "프로필 관리"), URL: appAddress(app, "profiles")},
	}
	p.Facts = []webform.Fact{{Name: v.word("Permitted Users", "허용된 사용자"), Value: v.permitted(app["OptionsAllowAdminApprovedUsersOnly"] == true)}}
	profiles := webform.Table{Title: v.word("Profiles", "프로필"), Heads: []string{v.word("Name", "이름")}, Empty: v.word("No profiles", "프로필 없음")}
	v.eachProfile(func(profile values, set any, _ string) {
		if v.granted(set, app["Id"]) {
			profiles.Rows = append(profiles.Rows, []webform.Cell{webform.Text(str(profile["Name"]))})
		}
	})
	sets := webform.Table{Title: v.word("Permission Sets", "권한 집합"), Heads: []string{v.word("Name", "이름")}, Empty: v.word("No permission sets", "권한 집합 없음")}
	v.tables["PermissionSet"].each(func(set values) {
		if set["IsOwnedByProfile"] != true && v.granted(set["Id"], app["Id"]) {
			sets.Rows = append(sets.Rows, []webform.Cell{webform.Text(str(set["Label"]))})
		}
	})
	p.Tables = []webform.Table{profiles, sets}
	return p
}

// policies changes Permitted Users: for that one needs Customize Application, and Modify All Data or Manage Connected Apps.
func (v *visit) policies(app values) result {
	if !v.managesApps() {
		return v.refused()
	}
	name := str(app["Name"])
	if v.sent != nil {
		strict := v.sent.Get("permittedUsers") == "admin"
		if strict != (app["OptionsAllowAdminApprovedUsersOnly"] == true) {
			app["OptionsAllowAdminApprovedUsersOnly"] = strict
			v.touch(app)
			v.audit("connectedAppPolicy", "Connected Apps", "Changed Permitted Users of "+name+" to "+v.permitted(strict), v.who.id, v.now())
		}
		return sentTo(appAddress(app, "view") + "?saved=1")
	}
	p := v.setup(v.trailOfApps(v.word("Manage Connected Apps", "연결된 앱 관리"), name, v.word("Edit Policies", "정책 편집"))...)
	strict := app["OptionsAllowAdminApprovedUsersOnly"] == true
	p.Forms = []webform.Form{{
		Title: v.word("OAuth Policies", "OAuth 정책"), Action: appAddress(app, "edit"),
		Fields: []webform.Field{{Kind: "select", Name: "permittedUsers", Label: v.word("Permitted Users", "허용된 사용자"), Options: []webform.Option{
			{Value: "self", Label: v.permitted(false), On: !strict}, {Value: "admin", Label: v.permitted(true), On: strict},
		}}},
		Buttons: []webform.Button{{Value: "save", Label: v.word("Save", "저장"), Main: true}},
	}}
	return shown(p)
}

func (v *visit) managesApps() bool {
	return v.can("CustomizeApplication") && (v.can("ModifyAllData") || v.can("ManageRemoteAccess"))
}

func (v *visit) touch(row values) {
	now := v.now()
	row["LastModifiedById"], row["LastModifiedDate"], row["SystemModstamp"] = v.who.id, now, now
}

// appProfiles ticks the profiles whose users may use the app: rows of SetupEntityAccess.
func (v *visit) appProfiles(app values) result {
	if !v.can("CustomizeApplication", "ModifyAllData", "ManageProfilesPermissionsets") {
		return v.refused()
	}
	if v.sent != nil {
		v.eachProfile(func(profile values, set any, _ string) {
			v.allow(set, app, slices.Contains(v.sent["profile"], str(profile["Id"])))
		})
		return sentTo(appAddress(app, "view") + "?saved=1")
	}
	p := v.setup(v.trailOfApps(v.word("Manage Connected Apps", "연결된 앱 관리"), str(app["Name"]), v.word("Manage Profiles", "프로필 관리"))...)
	form := webform.Form{Action: appAddress(app, "profiles"), Buttons: []webform.Button{{Value: "save", Label: v.word("Save", "저장"), Main: true}}}
	v.eachProfile(func(profile values, set any, licence string) {
		form.Fields = append(form.Fields, webform.Field{
			Kind: "check", Name: "profile", Value: str(profile["Id"]), Label: str(profile["Name"]), Note: licence, On: v.granted(set, app["Id"]),
		})
	})
	p.Forms = []webform.Form{form}
	return shown(p)
}

// allow lets the owners of a permission set use an app, or no longer.
func (v *visit) allow(set any, app values, may bool) {
	access := v.tables["SetupEntityAccess"]
	if may == v.granted(set, app["Id"]) {
		return
	}
	if may {
		row := values{"ParentId": set, "SetupEntityId": app["Id"], "SetupEntityType": "ConnectedApplication"}
		v.stamp(row, v.who.id, v.now())
		access.add(row)
		return
	}
	for id, s := range access.byID {
		if s.values["ParentId"] == set && s.values["SetupEntityId"] == app["Id"] {
			access.drop(&transaction{}, id, s)
			return
		}
	}
}

// usagePage lists the apps that anybody used. Those that are not installed can be, or be blocked.
func (v *visit) usagePage() result {
	if v.sent != nil {
		return v.decideOnApp(v.sent.Get("app"), v.did())
	}
	p := v.setup(v.trailOfApps(v.word("Connected Apps OAuth Usage", "연결된 앱 OAuth 사용"))...)
	list := webform.Table{Heads: []string{v.word("Connected App", "연결된 앱"), v.word("User Count", "사용자 수"), v.word("Actions", "작업")}}
	for _, app := range v.usedApps() {
		does := webform.Cell{}
		installed, isInstalled := v.tables["ConnectedApplication"].first("Name", app)
		if isInstalled {
			does.Links = []webform.Link{{Label: v.word("Manage App Policies", "앱 정책 관리"), URL: appAddress(installed, "view")}}
		} else {
			does.Forms = append(does.Forms, webform.Press(usageHome, "install", v.word("Install", "설치"), "app", app))
		}
		if v.oauth.blocked[app] {
			does.Forms = append(does.Forms, webform.Press(usageHome, "unblock", v.word("Unblock", "차단 해제"), "app", app))
		} else {
			does.Forms = append(does.Forms, webform.Press(usageHome, "block", v.word("Block", "차단"), "app", app))
		}
		list.Rows = append(list.Rows, []webform.Cell{webform.Text(app), webform.Text(strconv.Itoa(v.usersOf(app))), does})
	}
	p.Tables = []webform.Table{list}
	return shown(p)
}

func (o *Org) usedApps() []string {
	var apps []string
	o.tables["OauthToken"].each(func(token values) {
		if app := str(token["AppName"]); !slices.Contains(apps, app) {
			apps = append(apps, app)
		}
	})
	return apps
}

func (o *Org) usersOf(app string) int {
	users := map[any]bool{}
	o.tables["OauthToken"].each(func(token values) {
		if token["AppName"] == app {
			users[token["UserId"]] = true
		}
	})
	return len(users)
}

func (v *visit) decideOnApp(app, do string) result {
	switch {
	case !v.managesApps():
		return v.refused()
	case !slices.Contains(v.usedApps(), app):
		return v.notThere()
	}
	switch do {
	case "install":
		v.installApp(app, v.who.id, v.now())
		v.audit("connectedAppInstalled", "Connected Apps", "Installed connected app "+app, v.who.id, v.now())
		installed, _ := v.tables["ConnectedApplication"].first("Name", app)
		return sentTo(appAddress(installed, "view") + "?saved=1")
	case "block", "unblock":
		v.oauth.blocked[app] = do == "block"
		v.endSessions(func(g *grant) bool { return do == "block" && v.clientNamed(g.client) == app })
		v.audit("connectedAppBlocked", "Connected Apps", fmt.Sprintf("%sed connected app %s", do, app), v.who.id, v.now())
	}
	return sentTo(usageHome + "?saved=1")
}

// installApp gives an app its row, if it has none, and its menu item also to the tokens it had before.
func (o *Org) installApp(name, by string, at any) {
	if _, installed := o.tables["ConnectedApplication"].first("Name", name); installed {
		return
	}
	row := values{"Name": name, "OptionsAllowAdminApprovedUsersOnly": false, "CreatedById": by, "LastModifiedById": by, "CreatedDate": at, "LastModifiedDate": at, "SystemModstamp": at}
	if name == integrationName {
		row["Id"] = appID18()
	}
	id := o.furniture("ConnectedApplication", row)
	o.addMenuItem(id, name, o.now())
	o.tables["OauthToken"].each(func(token values) {
		if token["AppName"] == name {
			token["AppMenuItemId"] = o.menuItem(id)
		}
	})
}
