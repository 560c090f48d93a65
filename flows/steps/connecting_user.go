package steps

import (
	"strings"

	"zsf/clients/salesforce"
	"zsf/clients/transport"
	"zsf/flows/flow"
	"zsf/flows/world"
)

// SalesforceConnectingUser: the signed-in user has what the vendor asks of the user who connects
// (support.zendesk.com 4408843355290).
var SalesforceConnectingUser = flow.Step{
	ID:    "salesforce.connecting-user",
	Needs: []flow.ID{SalesforceEdition.ID},
	Reads: []world.Fact{
		world.RunningUser, world.Permissions, world.PushTopic, world.StreamingChannel, world.CaseObject,
		world.AccountObject, world.ContactObject, world.LeadObject, world.OpportunityObject,
	},
	Look: func(w *world.World) flow.Finding {
		permissions := w.Permissions()
		lines := []flow.Evidence{
			licenceLine(w.RunningUser()),
			permissionLine(permissions, "PermissionsApiEnabled"),
			notPermissionLine(permissions, "PermissionsApiUserOnly"),
			permissionLine(permissions, "PermissionsModifyMetadata"),
			fullAccessLine(w.Object(world.PushTopic), "PushTopic"),
			fullAccessLine(w.Object(world.StreamingChannel), "StreamingChannel"),
			readableLine(w.Object(world.CaseObject), "Case", ""),
			readableLine(w.Object(world.AccountObject), "Account", "Name"),
			readableLine(w.Object(world.ContactObject), "Contact", "Email"),
			readableLine(w.Object(world.LeadObject), "Lead", "Email"),
			readableLine(w.Object(world.OpportunityObject), "Opportunity", "AccountId"),
		}
		marked := map[flow.Verdict][]flow.Evidence{}
		for _, line := range lines {
			marked[line.Mark] = append(marked[line.Mark], line)
		}
		mend := []flow.Remedy{
			setupPage(w, usersPage, "salesforce-users"),
			setupPage(w, profilesPage, "profile-permissions"),
		}
		switch {
		case len(marked[flow.Unknown]) == len(lines):
			return flow.NotSeen(permissions)
		case len(marked[flow.Fail]) > 0:
			return flow.Failed(flow.Say("salesforce.connecting-user.lacks",
				"Count", len(marked[flow.Fail]), "More", len(marked[flow.Fail])-1, "First", marked[flow.Fail][0].Fact)).With(lines...).Mend(mend...)
		case len(marked[flow.Unknown]) > 0:
			return flow.NotKnown(flow.Say("salesforce.connecting-user.untold",
				"Count", len(marked[flow.Unknown]), "More", len(marked[flow.Unknown])-1, "First", marked[flow.Unknown][0].Fact)).With(lines...)
		case len(marked[flow.Warn]) > 0:
			return flow.Warned(flow.Say("salesforce.connecting-user.doubtful", "First", marked[flow.Warn][0].Fact)).
				With(lines...).Mend(mend...)
		}
		return flow.Passed(flow.Raw(w.RunningUser().Value.Username)).With(lines...)
	},
}

// licenceLine judges the licence by its key, which no language changes: SFDC is the full one.
func licenceLine(user world.Seen[salesforce.User]) flow.Evidence {
	if user.Err != nil {
		return unknownLine(user, "fact.licence-untold", user.Err)
	}
	licence := user.Value.Profile.UserLicense
	line := flow.Saw(user, flow.Say("fact.licence", "Licence", licence.Name))
	switch {
	case licence.LicenseDefinitionKey == "SFDC":
		line.Mark = flow.Pass
	case strings.Contains(strings.ToLower(licence.LicenseDefinitionKey), "integration"):
		line.Mark = flow.Fail
	default:
		line.Mark = flow.Warn
	}
	return line
}

// permissionLine is a permission that the user must have.
func permissionLine(permissions world.Seen[salesforce.Permissions], name string) flow.Evidence {
	return permissionMark(permissions, name, true)
}

// notPermissionLine is a permission that the user must not have.
func notPermissionLine(permissions world.Seen[salesforce.Permissions], name string) flow.Evidence {
	return permissionMark(permissions, name, false)
}

func permissionMark(permissions world.Seen[salesforce.Permissions], name string, wanted bool) flow.Evidence {
	label := flow.Say("permission." + name)
	if permissions.Err != nil {
		return unknownLine(permissions, "fact.permission-untold", permissions.Err, "Permission", label)
	}
	has, told := permissions.Value[name]
	if !told {
		line := flow.Saw(permissions, flow.Say("fact.permission-absent", "Permission", label))
		line.Mark = flow.Unknown
		return line
	}
	fact := flow.Say("fact.permission-off", "Permission", label)
	if has {
		fact = flow.Say("fact.permission-on", "Permission", label)
	}
	if has == wanted {
		return flow.SawGood(permissions, fact)
	}
	return flow.SawBad(permissions, fact)
}

// fullAccessLine is an object that the user must be able to read, create, edit and delete.
func fullAccessLine(object world.Seen[salesforce.Describe], name string) flow.Evidence {
	if isAbsent(object.Err) {
		return flow.SawBad(object, flow.Say("fact.object-absent", "Object", name))
	}
	if object.Err != nil {
		return unknownLine(object, "fact.object-untold", object.Err, "Object", name)
	}
	rights := []struct {
		has  bool
		name string
	}{
		{object.Value.Queryable, "read"},
		{object.Value.Createable, "create"},
		{object.Value.Updateable, "edit"},
		{object.Value.Deletable, "delete"},
	}
	var missing []string
	for _, right := range rights {
		if !right.has {
			missing = append(missing, right.name)
		}
	}
	if len(missing) > 0 {
		return flow.SawBad(object, flow.Say("fact.object-lacks", "Object", name, "Rights", strings.Join(missing, ", ")))
	}
	return flow.SawGood(object, flow.Say("fact.object-full", "Object", name))
}

// readableLine is an object, and a field of it where one is named, that the user must be able to read.
func readableLine(object world.Seen[salesforce.Describe], name, field string) flow.Evidence {
	what := strings.TrimSuffix(name+"."+field, ".")
	if isAbsent(object.Err) {
		return flow.SawBad(object, flow.Say("fact.object-absent", "Object", what))
	}
	if object.Err != nil {
		return unknownLine(object, "fact.object-untold", object.Err, "Object", what)
	}
	if !object.Value.Queryable || (field != "" && !object.Value.HasField(field)) {
		return flow.SawBad(object, flow.Say("fact.not-readable", "Object", what))
	}
	return flow.SawGood(object, flow.Say("fact.readable", "Object", what))
}

func unknownLine[T any](answer world.Seen[T], id string, err error, args ...any) flow.Evidence {
	line := flow.Saw(answer, flow.Say(id, append(args, "Reason", err)...))
	line.Mark = flow.Unknown
	return line
}

// isAbsent tells whether a describe says that the object is not there for this user.
func isAbsent(err error) bool { return transport.KindOf(err) == transport.NotFound }
