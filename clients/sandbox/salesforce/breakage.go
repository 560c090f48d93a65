// What ends a connection from the org's side: each in its own way, with the traces that it leaves.

package salesforce

import (
	"zsf/clients/sandbox/soql"
)

// Breakages are what can happen to the integration, by name.
func Breakages() map[string]func(*Org) {
	return map[string]func(*Org){
		"revoked":     (*Org).revokeIntegration,
		"pushed-out":  (*Org).pushOut,
		"blocked":     (*Org).blockIntegration,
		"downgraded":  func(o *Org) { o.downgradeConnecting(false) },
		"deactivated": func(o *Org) { o.downgradeConnecting(true) },
		"no-package":  (*Org).uninstallPackage,
	}
}

// revokeIntegration is an admin's Revoke All on the page of OAuth usage.
func (o *Org) revokeIntegration() {
	o.dropIntegration()
	o.audit("revokeAllOAuthTokens", "Connected Apps", "Revoked all OAuth tokens for connected app "+integrationName, o.anotherAdmin(), o.now())
}

// pushOut lets the connecting admin connect other accounts until the oldest token is gone.
func (o *Org) pushOut() {
	tokens := o.tables["OauthToken"]
	user := o.cast.connecting
	for id, s := range tokens.byID {
		if s.values["AppName"] == integrationName {
			user = str(s.values["UserId"])
			tokens.drop(&transaction{}, id, s)
		}
	}
	for n := range maxGrants {
		at := o.now().Add(-hours(30 - 5*n))
		o.addToken(oauthGrant{app: integrationName, menu: o.menuItemOf(integrationName), user: user, created: at, used: at, count: 1})
		o.logIn(loginRecord{user: user, at: at, kind: "Remote Access Client", app: integrationName})
	}
}

// blockIntegration is Block on the page of OAuth usage.
func (o *Org) blockIntegration() {
	o.oauth.blocked[integrationName] = true
	o.endSessions(func(g *grant) bool { return o.clientNamed(g.client) == integrationName })
	o.audit("connectedAppBlocked", "Connected Apps", "blocked connected app "+integrationName, o.anotherAdmin(), o.now())
	o.logIn(loginRecord{user: o.integrationUser(), at: o.now(), kind: "Remote Access Client", app: integrationName, status: "Failed: OAuth App Blocked"})
}

// integrationUser is as whom the integration is connected.
func (o *Org) integrationUser() string {
	if token, connected := o.tables["OauthToken"].first("AppName", integrationName); connected {
		return str(token["UserId"])
	}
	return o.cast.connecting
}

// downgradeConnecting takes an admin's rights, or the whole account, from whoever connected: another than the
// signed-in user, who could not tell of it.
func (o *Org) downgradeConnecting(deactivated bool) {
	user := o.anotherAdmin()
	for _, table := range []string{"OauthToken", "LoginHistory"} {
		o.tables[table].each(func(row values) {
			if row["AppName"] == integrationName || row["Application"] == integrationName {
				row["UserId"] = user
			}
		})
	}
	person, _ := o.tables["User"].first("Id", user)
	if !deactivated {
		o.moveTo(user, "minimum")
		o.audit("changedprofileforuser", "Manage Users", "Changed profile for user "+str(person["Username"]), o.cast.signedIn, o.now())
		return
	}
	person["IsActive"] = false
	o.dropIntegration()
	o.audit("deactivateduser", "Manage Users", "Deactivated user "+str(person["Username"]), o.cast.signedIn, o.now())
}

// uninstallPackage takes the package away, with what it had brought; the connected app of a package goes with it.
func (o *Org) uninstallPackage() {
	o.dropIntegration()
	gone := map[any]bool{}
	for _, table := range []string{"InstalledSubscriberPackage", "PackageLicense", "AuraDefinitionBundle", "ApexPage"} {
		for id, s := range o.tables[table].byID {
			if s.values["NamespacePrefix"] == namespace || s.values["SubscriberPackageId"] == soql.To18(packageID) {
				gone[s.values["Id"]] = true
				o.tables[table].drop(&transaction{}, id, s)
			}
		}
	}
	for _, table := range []string{"ConnectedApplication", "AppMenuItem"} {
		for id, s := range o.tables[table].byID {
			if s.values["Name"] == integrationName {
				gone[s.values["Id"]] = true
				o.tables[table].drop(&transaction{}, id, s)
			}
		}
	}
	access := o.tables["SetupEntityAccess"]
	for id, s := range access.byID {
		if gone[s.values["SetupEntityId"]] {
			access.drop(&transaction{}, id, s)
		}
	}
	o.audit("uninstalledPackage", "Installed Packages", "Uninstalled package "+integrationName, o.anotherAdmin(), o.now())
}
