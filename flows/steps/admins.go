package steps

import (
	"zsf/flows/flow"
	"zsf/flows/world"
)

// ZendeskAdmin: the signed-in Zendesk user is an admin.
var ZendeskAdmin = flow.Step{
	ID:    "zendesk.admin",
	Needs: []flow.ID{ZendeskSignin.ID},
	Reads: []world.Fact{world.ZendeskUser},
	Look: func(w *world.World) flow.Finding {
		user := w.ZendeskUser()
		if user.Err != nil {
			return flow.NotSeen(user)
		}
		role := flow.Saw(user, flow.Say("fact.role", "Role", user.Value.Role))
		open := adminCenterPage(w, teamPage, "zendesk-team")
		switch {
		case user.Value.Suspended || !user.Value.Active:
			role.Mark = flow.Fail
			return flow.Failed(flow.Say("zendesk.admin.suspended")).With(role).Mend(open)
		case user.Value.Role != "admin":
			role.Mark = flow.Fail
			return flow.Failed(flow.Say("zendesk.admin.other-role", "Role", user.Value.Role)).With(role).Mend(open)
		}
		role.Mark = flow.Pass
		return flow.Passed(flow.Raw(user.Value.Name)).With(role)
	},
}

// adminPermissions are an administrator's, whatever the profile is called: with these one may change
// the connected app's policies and profiles (Salesforce help, connected_app_overview).
var adminPermissions = []string{
	"PermissionsCustomizeApplication",
	"PermissionsModifyAllData",
	"PermissionsManageProfilesPermissionsets",
	"PermissionsViewSetup",
}

// SalesforceAdmin: the signed-in Salesforce user is an admin, by effective permissions.
var SalesforceAdmin = flow.Step{
	ID:    "salesforce.admin",
	Needs: []flow.ID{SalesforceEdition.ID},
	Reads: []world.Fact{world.SalesforceUser, world.Permissions},
	Look: func(w *world.World) flow.Finding {
		permissions := w.Permissions()
		if permissions.Err != nil {
			return flow.NotSeen(permissions)
		}
		var evidence []flow.Evidence
		missing, unknown := 0, 0
		for _, name := range adminPermissions {
			line := permissionLine(permissions, name)
			evidence = append(evidence, line)
			switch line.Mark {
			case flow.Fail:
				missing++
			case flow.Unknown:
				unknown++
			}
		}
		switch {
		case missing > 0:
			return flow.Failed(flow.Say("salesforce.admin.missing", "Count", missing)).With(evidence...).
				Mend(setupPage(w, usersPage, "salesforce-users"))
		case unknown > 0:
			return flow.NotKnown(flow.Say("salesforce.admin.untold")).With(evidence...)
		}
		return flow.Passed(flow.Raw(w.SalesforceUser().Value.Username)).With(evidence...)
	},
}
