// What each object demands of a row beyond the types of its fields, and what it fills in.

package salesforce

import (
	"fmt"
	"net/http"
	"strings"

	"zsf/clients/sandbox/soql"
)

// rules checks and completes a row. changed are the values being written, whole the row as it will be;
// for a new row both are one, and id is empty.
func (c *call) rules(e *entity, changed values, id string, whole values) *failure {
	switch e.name {
	case "Contact", "User", "Lead":
		changed["Name"] = fullName(str(whole["FirstName"]), str(whole["LastName"]))
	}
	switch e.name {
	case "User":
		return c.userRules(changed, id, whole)
	case "Lead":
		fallBack(changed, whole, "Status", "Open - Not Contacted")
	case "Opportunity":
		stage := str(whole["StageName"])
		changed["IsClosed"], changed["IsWon"] = strings.HasPrefix(stage, "Closed"), stage == "Closed Won"
		changed["ForecastCategory"] = forecast(stage)
		if _, set := changed["Probability"]; !set && changed["StageName"] != nil {
			changed["Probability"] = probability(stage)
		}
	case "Case":
		c.caseRules(changed, id, whole)
	case "PushTopic":
		return c.pushTopicRules(changed, id, whole)
	case "StreamingChannel":
		if !strings.HasPrefix(str(whole["Name"]), "/u/") {
			return refuse("INVALID_FIELD", "Invalid streaming channel name: it must start with /u/", "Name")
		}
	case "SetupEntityAccess":
		return c.accessRules(changed)
	case "PermissionSet":
		return c.permissionSetRules(changed, id, whole)
	case "PermissionSetAssignment":
		return c.assignmentRules(changed, id)
	case "ObjectPermissions":
		return c.objectPermissionRules(id, whole)
	case "PackageInstallRequest":
		return c.installRules(changed)
	}
	return nil
}

func fallBack(changed, whole values, field string, value any) {
	if whole[field] == nil {
		changed[field] = value
	}
}

func (c *call) userRules(changed values, id string, whole values) *failure {
	if !strings.Contains(str(whole["Username"]), "@") {
		return refuse("INVALID_EMAIL_ADDRESS", "Username must be in the form of an email address (for example, john@acme.com)", "Username")
	}
	taken := false
	c.org.tables["User"].each(func(other values) {
		taken = taken || other["Id"] != id && strings.EqualFold(str(other["Username"]), str(whole["Username"]))
	})
	if taken {
		return refuse("DUPLICATE_USERNAME", "Duplicate Username.<br>The username already exists in this or another Salesforce organization. Usernames must be unique across all Salesforce organizations. To resolve, use a different username (it doesn't need to match the user's email address). ", "Username")
	}
	fallBack(changed, whole, "CommunityNickname", whole["Alias"])
	changed["UserType"] = "Standard"
	if _, set := changed["IsActive"]; !set && id == "" {
		changed["IsActive"] = true
	}
	return nil
}

func (c *call) caseRules(changed values, id string, whole values) {
	fallBack(changed, whole, "Status", "New")
	fallBack(changed, whole, "Priority", "Medium")
	status := str(whole["Status"])
	changed["IsClosed"] = status == "Closed"
	if status == "Closed" && whole["ClosedDate"] == nil {
		changed["ClosedDate"] = c.org.now()
	}
	if id == "" {
		t := c.org.tables["Case"]
		changed["CaseNumber"] = fmt.Sprintf("%08d", 90_000_000+t.serial+1)
	}
	if contact, _, found := c.org.tables["Contact"].find(str(whole["ContactId"])); found {
		changed["ContactEmail"], changed["ContactPhone"] = contact.Value("Email"), contact.Value("Phone")
		if whole["AccountId"] == nil {
			changed["AccountId"] = contact.Value("AccountId")
		}
	}
}

func (c *call) pushTopicRules(changed values, id string, whole values) *failure {
	parsed, err := soql.Parse(str(whole["Query"]))
	if err != nil {
		return refuse("INVALID_FIELD", "Query parsing error: "+err.Error(), "Query")
	}
	if target, known := c.org.schema.find(parsed.From(), false); !known || !target.objectRights {
		return refuse("INVALID_FIELD", parsed.From()+" is not supported", "Query")
	}
	fallBack(changed, whole, "NotifyForFields", "Referenced")
	fallBack(changed, whole, "NotifyForOperations", "Extended")
	for _, field := range []string{"IsActive", "NotifyForOperationCreate", "NotifyForOperationUpdate", "NotifyForOperationDelete", "NotifyForOperationUndelete"} {
		fallBack(changed, whole, field, true)
	}
	return c.unique("PushTopic", "Name", id, whole)
}

func (c *call) unique(object, field, id string, whole values) *failure {
	var clash string
	c.org.tables[object].each(func(other values) {
		if other["Id"] != id && strings.EqualFold(str(other[field]), str(whole[field])) {
			clash = str(other["Id"])
		}
	})
	if clash == "" {
		return nil
	}
	return duplicate(field, clash)
}

func duplicate(field, id string) *failure {
	return refuse("DUPLICATE_VALUE", fmt.Sprintf("duplicate value found: %s duplicates value on record with id: %s", field, id[:15]))
}

// accessRules: the type follows from the id; a grant exists once; and who edits the access of an app needs
// Customize Application, Modify All Data and Manage Profiles and Permission Sets (packaging guide).
func (c *call) accessRules(changed values) *failure {
	entity := str(changed["SetupEntityId"])
	switch {
	case strings.HasPrefix(entity, "0H4"):
		if !c.who.can("CustomizeApplication") || !c.who.can("ModifyAllData") {
			return &failure{http.StatusForbidden, "INSUFFICIENT_ACCESS_OR_READONLY", "insufficient access rights on object id", []string{}}
		}
		changed["SetupEntityType"] = "ConnectedApplication"
	default:
		changed["SetupEntityType"] = "ApexPage"
	}
	var clash string
	c.org.tables["SetupEntityAccess"].each(func(other values) {
		if other["ParentId"] == changed["ParentId"] && other["SetupEntityId"] == entity {
			clash = str(other["Id"])
		}
	})
	if clash != "" {
		return duplicate("SetupEntityAccess", clash)
	}
	return nil
}

func (c *call) permissionSetRules(changed values, id string, whole values) *failure {
	if id == "" {
		changed["IsCustom"], changed["Type"] = true, "Regular"
	}
	name := str(whole["Name"])
	if strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") != "" {
		return refuse("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", "The Permission Set Name can only contain underscores and alphanumeric characters.", "Name")
	}
	if c.unique("PermissionSet", "Name", id, whole) != nil {
		return refuse("DUPLICATE_DEVELOPER_NAME", "The name "+name+" is already in use: it must be unique", "Name")
	}
	return nil
}

func (c *call) assignmentRules(changed values, id string) *failure {
	if id != "" {
		return nil
	}
	if changed["PermissionSetId"] == nil {
		return refuse("REQUIRED_FIELD_MISSING", "Required fields are missing: [PermissionSetId]", "PermissionSetId")
	}
	set, _, _ := c.org.tables["PermissionSet"].find(str(changed["PermissionSetId"]))
	if set.Value("IsOwnedByProfile") == true {
		return refuse("FIELD_INTEGRITY_EXCEPTION", "PermissionSet can't be assigned: it is owned by a profile", "PermissionSetId")
	}
	var clash string
	c.org.tables["PermissionSetAssignment"].each(func(other values) {
		if other["AssigneeId"] == changed["AssigneeId"] && other["PermissionSetId"] == changed["PermissionSetId"] {
			clash = str(other["Id"])
		}
	})
	if clash != "" {
		return duplicate("PermissionSetAssignment", clash)
	}
	changed["IsActive"] = true
	return nil
}

func (c *call) objectPermissionRules(id string, whole values) *failure {
	var clash string
	c.org.tables["ObjectPermissions"].each(func(other values) {
		if other["Id"] != id && other["ParentId"] == whole["ParentId"] && other["SobjectType"] == whole["SobjectType"] {
			clash = str(other["Id"])
		}
	})
	if clash != "" {
		return duplicate("ObjectPermissions", clash)
	}
	read := whole["PermissionsRead"] == true
	more := whole["PermissionsCreate"] == true || whole["PermissionsEdit"] == true || whole["PermissionsDelete"] == true
	if more && !read || !more && !read {
		return refuse("FIELD_INTEGRITY_EXCEPTION", "Permission Read "+str(whole["SobjectType"])+" must be enabled", "PermissionsRead")
	}
	return nil
}

// keep refuses to delete rows that others stand on.
func (c *call) keep(e *entity, row soql.Row) *failure {
	switch e.name {
	case "PermissionSet":
		if row.Value("IsOwnedByProfile") == true {
			return refuse("INSUFFICIENT_ACCESS_OR_READONLY", "insufficient access rights on object id")
		}
	case "PermissionSetAssignment":
		set, _, _ := c.org.tables["PermissionSet"].find(str(row.Value("PermissionSetId")))
		if set != nil && set.Value("IsOwnedByProfile") == true {
			return refuse("INSUFFICIENT_ACCESS_OR_READONLY", "insufficient access rights on object id")
		}
	}
	return nil
}
