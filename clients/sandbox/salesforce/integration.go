// What the Zendesk integration leaves in an org: the managed package, the connected app, its grants and its traces.

package salesforce

import (
	"time"

	"zsf/clients/sandbox/soql"
)

const (
	integrationName = "Salesforce Integration for Zendesk"
	namespace       = "Zendesk" // invented, as is all below: the real ones are not public
	packageVersion  = "04t5Y000001VkQz"
	packageID       = "033Ws0000004ZdK"
	appID           = "0H4Ws0000000hVJ"
	ticketView      = "Zendesk_Ticket_View"
)

// PackageVersionID is the 18-character id of the managed package's version that the org can install.
func PackageVersionID() string { return soql.To18(packageVersion) }

// InstallURL is where a person installs the managed package.
func (o *Org) InstallURL() string {
	return o.base + "/packaging/installPackage.apexp?p0=" + PackageVersionID()
}

func hours(n int) time.Duration { return time.Duration(n) * time.Hour }

func (o *Org) addIntegration() {
	o.addKnownPackages()
	o.addApps()
	connected := o.now().Add(-hours(41*24 + 3))
	if o.setup.Package != NoPackage {
		o.installPackage(&transaction{}, o.cast.connecting, connected.Add(-hours(1)), func(profile, _ string) bool { return o.setup.Package == PackageForAll || profile == "admin" })
	}
	if o.setup.App == AppInstalled || o.setup.App == AppConnected {
		o.addIntegrationApp(connected)
	}
	if o.setup.App == AppUsed || o.setup.App == AppConnected {
		o.addToken(oauthGrant{
			app: integrationName, menu: o.menuItem(appID18()), user: o.cast.connecting,
			created: connected, used: o.now().Add(-7 * time.Minute), count: 3871,
		})
		o.logIn(loginRecord{user: o.cast.connecting, at: connected, kind: "Remote Access Client", app: integrationName})
	}
	o.addHistory()
}

func appID18() string { return soql.To18(appID) }

func (o *Org) addKnownPackages() {
	for _, p := range []struct {
		id, version, name, namespace, publisher, versionName string
		major, minor, build                                  int64
	}{
		{packageID, packageVersion, integrationName, namespace, "Zendesk, Inc.", "4.12", 4, 12, 3},
		{"033Ws0000001Ab2", "04t3k000002RrWq", "Address Autofill", "addrfill", "Parcelmark", "Winter 2026", 2, 7, 1},
	} {
		o.furniture("SubscriberPackage", values{"Id": soql.To18(p.id), "Name": p.name, "NamespacePrefix": p.namespace, "IsPackageValid": true})
		o.furniture("SubscriberPackageVersion", values{
			"Id": soql.To18(p.version), "SubscriberPackageId": soql.To18(p.id), "Name": p.versionName, "PublisherName": p.publisher,
			"MajorVersion": p.major, "MinorVersion": p.minor, "PatchVersion": int64(0), "BuildNumber": p.build, "ReleaseState": "Released",
			"IsManaged": true, "Package2ContainerOptions": "Managed", "InstallValidationStatus": "NO_ERRORS_DETECTED", "IsSecurityReviewed": true,
			"CspTrustedSites": noSettings, "RemoteSiteSettings": noSettings,
		})
	}
	o.furniture("InstalledSubscriberPackage", values{
		"SubscriberPackageId": soql.To18("033Ws0000001Ab2"), "SubscriberPackageVersionId": soql.To18("04t3k000002RrWq"),
		"MinPackageVersionId": soql.To18("04t3k000002RrWq"),
	})
	o.furniture("PackageLicense", licenceOf("addrfill"))
	page := o.furniture("ApexPage", apexPage("", "QuoteDocument", "Quote Document"))
	o.grant("salesrep", page, "ApexPage")
	o.furniture("AuraDefinitionBundle", bundle("", "AccountHealth", "Account Health"))
}

// noSettings is an empty list as package versions have it.
var noSettings = document{{"settings", []any{}}}

func licenceOf(prefix string) values {
	return values{"NamespacePrefix": prefix, "Status": "Active", "AllowedLicenses": int64(-1), "UsedLicenses": int64(0), "IsProvisioned": true}
}

func apexPage(prefix, name, label string) values {
	return values{
		"NamespacePrefix": text(prefix), "Name": name, "MasterLabel": label, "ApiVersion": 62.0, "ControllerType": "1",
		"IsAvailableInTouch": true, "Markup": "(hidden)",
	}
}

func bundle(prefix, name, label string) values {
	return values{"NamespacePrefix": text(prefix), "DeveloperName": name, "MasterLabel": label, "Language": "en_US", "ApiVersion": 62.0}
}

// installPackage puts the managed package into the org, for the profiles that it is meant for. Only those with a
// full licence can have it.
func (o *Org) installPackage(tx *transaction, by string, at time.Time, isFor func(profile, set string) bool) {
	add := func(object string, row values) {
		o.stamp(row, by, at)
		o.tables[object].insert(tx, row)
	}
	if _, installed := o.tables["InstalledSubscriberPackage"].first("SubscriberPackageId", soql.To18(packageID)); !installed {
		add("InstalledSubscriberPackage", values{
			"SubscriberPackageId": soql.To18(packageID), "SubscriberPackageVersionId": PackageVersionID(), "MinPackageVersionId": PackageVersionID(),
		})
		add("PackageLicense", licenceOf(namespace))
		add("AuraDefinitionBundle", bundle(namespace, ticketView, "Zendesk Ticket View"))
		for _, object := range []string{"Account", "Contact", "Lead", "Opportunity"} {
			add("ApexPage", apexPage(namespace, ticketView+"_"+object, "Zendesk Ticket View "+object))
		}
	}
	var pages []any
	o.tables["ApexPage"].each(func(page values) {
		if page["NamespacePrefix"] == namespace {
			pages = append(pages, page["Id"])
		}
	})
	for _, kind := range profileKinds {
		if kind.licence != "SFDC" || !isFor(kind.key, o.cast.sets[kind.key]) {
			continue
		}
		for _, page := range pages {
			if !o.granted(o.cast.sets[kind.key], page) {
				add("SetupEntityAccess", values{"ParentId": o.cast.sets[kind.key], "SetupEntityId": page, "SetupEntityType": "ApexPage"})
			}
		}
	}
}

func (o *Org) granted(set, entity any) bool {
	found := false
	o.tables["SetupEntityAccess"].each(func(row values) {
		found = found || row["ParentId"] == set && row["SetupEntityId"] == entity
	})
	return found
}

// grant lets a profile use an app or a page.
func (o *Org) grant(profile, entity, kind string) {
	o.furniture("SetupEntityAccess", values{"ParentId": o.cast.sets[profile], "SetupEntityId": entity, "SetupEntityType": kind})
}

// addApps adds connected apps that have nothing to do with Zendesk.
func (o *Org) addApps() {
	for i, app := range []struct {
		name   string
		strict bool
		grants []string
	}{
		{"Salesforce for Outlook", false, nil},
		{"Larkspur Warehouse Sync", true, []string{"admin", "integration"}},
	} {
		id := o.furniture("ConnectedApplication", values{
			"Name": app.name, "OptionsAllowAdminApprovedUsersOnly": app.strict, "OptionsRefreshTokenValidityMetric": false,
			"RefreshTokenValidityPeriod": int64(0), "CreatedDate": o.cast.founded.AddDate(1, i, 0),
		})
		o.addMenuItem(id, app.name, o.cast.founded)
		for _, profile := range app.grants {
			o.grant(profile, id, "ConnectedApplication")
		}
		o.addToken(oauthGrant{
			app: app.name, menu: o.menuItem(id), user: o.cast.users["priya.raman"],
			created: o.cast.founded.AddDate(3, 1, i), used: o.now().Add(-hours(30 + i)), count: 214 + 61*int64(i),
		})
	}
}

func (o *Org) addIntegrationApp(at time.Time) {
	o.furniture("ConnectedApplication", values{
		"Id": appID18(), "Name": integrationName, "OptionsAllowAdminApprovedUsersOnly": o.setup.AdminApprovedOnly,
		"StartUrl": nil, "CreatedDate": at, "LastModifiedDate": at, "SystemModstamp": at,
	})
	o.addMenuItem(appID18(), integrationName, at)
	if o.setup.AdminProfile {
		o.grant("admin", appID18(), "ConnectedApplication")
	}
	if o.setup.OtherProfiles {
		for _, profile := range appProfiles {
			o.grant(profile, appID18(), "ConnectedApplication")
		}
	}
}

func (o *Org) addMenuItem(app, name string, at time.Time) {
	o.furniture("AppMenuItem", values{
		"Name": name, "Label": name, "Type": "ConnectedApplication", "ApplicationId": app, "IsVisible": true, "IsAccessible": true,
		"SortOrder": int64(len(o.tables["AppMenuItem"].added) + 1), "CreatedDate": at, "LastModifiedDate": at, "SystemModstamp": at,
	})
}

// menuItem is the id of an app's menu item, or nil while the app is not installed.
func (o *Org) menuItem(app string) any {
	if item, ok := o.tables["AppMenuItem"].first("ApplicationId", app); ok {
		return item["Id"]
	}
	return nil
}

// menuItemOf is the same by the app's name.
func (o *Org) menuItemOf(name string) any {
	app, installed := o.tables["ConnectedApplication"].first("Name", name)
	if !installed {
		return nil
	}
	return o.menuItem(str(app["Id"]))
}

// An oauthGrant is a row of OauthToken.
type oauthGrant struct {
	app, user     string
	menu          any
	refresh       string // the refresh token, where one of ours is behind the row
	created, used time.Time
	count         int64
}

func (o *Org) addToken(g oauthGrant) {
	t := o.tables["OauthToken"]
	t.serial++
	key := newID("0CQ", t.serial)
	s := &stored{values: values{
		"UserId": g.user, "AppName": g.app, "AppMenuItemId": g.menu, "CreatedDate": g.created, "LastUsedDate": g.used,
		"UseCount": g.count, "refresh": g.refresh,
	}}
	t.added = append(t.added, s)
	t.byID[key] = s
}

// A loginRecord is a row of LoginHistory.
type loginRecord struct {
	user, kind, app string
	at              time.Time
	status          string // "Success" when empty
	ip, browser     string
}

func (o *Org) logIn(l loginRecord) {
	if l.status == "" {
		l.status = "Success"
	}
	if l.ip == "" {
		l.ip = "203.0.113.24" // of RFC 5737's addresses for documentation
	}
	if l.browser == "" {
		l.browser = "Unknown"
	}
	o.tables["LoginHistory"].add(values{
		"UserId": l.user, "LoginTime": l.at, "LoginType": l.kind, "Application": l.app, "Status": l.status, "SourceIp": l.ip,
		"Browser": l.browser, "Platform": "Unknown", "TlsProtocol": "TLS 1.3", "LoginUrl": "login.salesforce.com", "CountryIso": "US",
		"ClientVersion": "N/A", "ApiType": "N/A", "ApiVersion": "N/A",
	})
}

// addHistory adds everyday logins of the last fortnight, and what admins changed of late.
func (o *Org) addHistory() {
	n := 0
	o.tables["User"].each(func(user values) {
		last, ok := user["LastLoginDate"].(time.Time)
		if !ok {
			return
		}
		for day := range 1 + n%3 {
			o.logIn(loginRecord{user: user["Id"].(string), at: last.Add(-hours(24 * day)), kind: "Application", app: "Browser", browser: "Chrome 142"})
		}
		n++
	})
	o.audit("createduser", "Manage Users", "Created new user Amara Diallo", o.cast.connecting, o.now().Add(-hours(9*24)))
	if o.setup.SessionsLocked {
		o.audit("lockSessionsToIp", "Session Settings", "Lock sessions to the IP address from which they originated: enabled", o.cast.connecting, o.now().Add(-hours(50)))
	}
}

func (o *Org) audit(action, section, display, by string, at time.Time) {
	o.tables["SetupAuditTrail"].add(values{
		"Action": action, "Section": section, "Display": display, "CreatedById": by, "CreatedDate": at,
	})
}
