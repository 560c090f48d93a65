// The org's configuration as one document without row ids and times, so that two moments can be compared.

package salesforce

import (
	"encoding/json"
	"slices"
	"strings"
)

// State is how the org is set up: all that a person or a program can change in Setup, and who uses which app.
// It is JSON by its keys' order, with lists sorted, so that the same set-up gives the same bytes.
func (o *Org) State() any {
	o.mu.RLock()
	defer o.mu.RUnlock()
	settings := map[string]any{}
	for kind, document := range o.settings {
		settings[kind] = document.plain()
	}
	var blocked []any
	for app, is := range o.oauth.blocked {
		if is {
			blocked = append(blocked, app)
		}
	}
	return map[string]any{
		"org_id":              o.id,
		"settings":            settings,
		"connected_apps":      o.rowsOf("ConnectedApplication"),
		"blocked_apps":        sortedList(blocked),
		"setup_entity_access": o.accessState(),
		"packages":            o.packageState(),
		"visualforce_pages":   o.rowsOf("ApexPage"),
		"components":          o.rowsOf("AuraDefinitionBundle"),
		"lightning_pages":     o.builderState(),
		"permission_sets":     o.permissionSetState(),
		"users":               o.userState(),
		"tokens":              o.tokenState(),
		"push_topics":         o.rowsOf("PushTopic"),
	}
}

// rowsOf are an object's rows by the columns that are no ids, references and times.
func (o *Org) rowsOf(object string) []any {
	e, ok := o.schema.find(object, false)
	if !ok {
		e, _ = o.schema.find(object, true)
	}
	var rows []any
	o.tables[object].each(func(row values) {
		shown := map[string]any{}
		for _, c := range e.columns {
			switch {
			case c.Type == "id" || c.Type == "reference" || c.Type == "datetime":
			case c.Type == "boolean":
				shown[c.Name] = row[c.Name] == true
			case row[c.Name] != nil:
				shown[c.Name] = row[c.Name]
			}
		}
		rows = append(rows, shown)
	})
	return sortedList(rows)
}

func (o *Org) accessState() []any {
	var rows []any
	o.tables["SetupEntityAccess"].each(func(row values) {
		rows = append(rows, map[string]any{
			"parent": o.setName(row["ParentId"]), "entity": o.entityName(str(row["SetupEntityId"])), "type": row["SetupEntityType"],
		})
	})
	return sortedList(rows)
}

// setName is a permission set's name, or that of the profile that owns it.
func (o *Org) setName(id any) string {
	set, _ := o.tables["PermissionSet"].first("Id", id)
	if set["IsOwnedByProfile"] == true {
		return "profile " + o.profileName(set["ProfileId"])
	}
	return "permission set " + str(set["Name"])
}

func (o *Org) profileName(id any) string {
	profile, _ := o.tables["Profile"].first("Id", id)
	return str(profile["FullName"])
}

func (o *Org) entityName(id string) string {
	for _, object := range []string{"ConnectedApplication", "ApexPage"} {
		if row, found := o.tables[object].first("Id", id); found {
			return strings.TrimPrefix(str(row["NamespacePrefix"])+"__"+str(row["Name"]), "__")
		}
	}
	return ""
}

func (o *Org) packageState() []any {
	var rows []any
	o.tables["InstalledSubscriberPackage"].each(func(row values) {
		known, _, _ := o.tables["SubscriberPackage"].find(str(row["SubscriberPackageId"]))
		rows = append(rows, map[string]any{"name": known.Value("Name"), "namespace": known.Value("NamespacePrefix"), "version": row["SubscriberPackageVersionId"]})
	})
	return sortedList(rows)
}

func (o *Org) builderState() []any {
	var rows []any
	o.tables["FlexiPage"].each(func(row values) {
		rows = append(rows, map[string]any{"name": row["DeveloperName"], "org_default": row["active"] == true, "page": row["Metadata"]})
	})
	return sortedList(rows)
}

func (o *Org) permissionSetState() []any {
	var rows []any
	o.tables["PermissionSet"].each(func(set values) {
		var on, objects []any
		for _, p := range o.schema.permissions {
			if set["Permissions"+p.name] == true {
				on = append(on, p.name)
			}
		}
		o.tables["ObjectPermissions"].each(func(row values) {
			if row["ParentId"] != set["Id"] {
				return
			}
			may := []string{str(row["SobjectType"])}
			for _, right := range []string{"Create", "Read", "Edit", "Delete", "ViewAllRecords", "ModifyAllRecords"} {
				if row["Permissions"+right] == true {
					may = append(may, right)
				}
			}
			objects = append(objects, strings.Join(may, " "))
		})
		rows = append(rows, map[string]any{"name": o.setName(set["Id"]), "permissions": sortedList(on), "objects": sortedList(objects)})
	})
	return sortedList(rows)
}

// userState tells each user's profile, and the permission sets beside it.
func (o *Org) userState() []any {
	var rows []any
	o.tables["User"].each(func(user values) {
		var sets []any
		o.tables["PermissionSetAssignment"].each(func(row values) {
			set, _ := o.tables["PermissionSet"].first("Id", row["PermissionSetId"])
			if row["AssigneeId"] == user["Id"] && set["IsOwnedByProfile"] != true {
				sets = append(sets, set["Name"])
			}
		})
		rows = append(rows, map[string]any{
			"username": user["Username"], "active": user["IsActive"] == true, "profile": o.profileName(user["ProfileId"]), "permission_sets": sortedList(sets),
		})
	})
	return sortedList(rows)
}

func (o *Org) tokenState() []any {
	var rows []any
	o.tables["OauthToken"].each(func(row values) {
		user, _, _ := o.tables["User"].find(str(row["UserId"]))
		rows = append(rows, map[string]any{"app": row["AppName"], "user": user.Value("Username"), "installed": row["AppMenuItemId"] != nil})
	})
	return sortedList(rows)
}

// plain is an element as JSON has it: a text, an object, or a list where names come more than once.
func (e *element) plain() any {
	if len(e.children) == 0 {
		return e.text
	}
	object := map[string]any{}
	for _, child := range e.children {
		same := e.all(child.name)
		if len(same) == 1 {
			object[child.name] = child.plain()
			continue
		}
		list := make([]any, len(same))
		for i, one := range same {
			list[i] = one.plain()
		}
		object[child.name] = list
	}
	return object
}

// sortedList is the list in the order of its items' JSON, and never nil.
func sortedList(list []any) []any {
	key := func(v any) string {
		text, err := json.Marshal(v)
		if err != nil {
			return ""
		}
		return string(text)
	}
	sorted := slices.Clone(list)
	slices.SortFunc(sorted, func(one, other any) int { return strings.Compare(key(one), key(other)) })
	return append([]any{}, sorted...)
}
