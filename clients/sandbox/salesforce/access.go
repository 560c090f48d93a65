// Who may do what: a person's effective permissions, and what they open of an object.

package salesforce

import (
	"strconv"
	"strings"

	"zsf/clients/sandbox/soql"
)

// A person is a user with all that profile and permission sets give.
type person struct {
	id          string
	profile     string
	permissions map[string]bool
	objects     map[string]rights
}

// rights are those that ObjectPermissions gives on one object.
type rights struct{ create, read, edit, remove bool }

// person gathers what a user may do. The org must be locked.
func (o *Org) person(userID string) *person {
	p := &person{id: userID, permissions: map[string]bool{}, objects: map[string]rights{}}
	user, _, ok := o.tables["User"].find(userID)
	if !ok {
		return p
	}
	p.profile, _ = user.Value("ProfileId").(string)
	for _, id := range o.permissionSetsOf(userID, p.profile) {
		set, _, _ := o.tables["PermissionSet"].find(id)
		for _, permission := range o.schema.permissions {
			if on, _ := set.Value("Permissions" + permission.name).(bool); on {
				p.permissions[permission.name] = true
			}
		}
		o.addObjectRights(p, id)
	}
	return p
}

func (o *Org) permissionSetsOf(userID, profileID string) []string {
	var sets []string
	if own, ok := o.tables["PermissionSet"].first("ProfileId", profileID); ok {
		sets = append(sets, own["Id"].(string))
	}
	o.tables["PermissionSetAssignment"].each(func(row values) {
		if row["AssigneeId"] == userID && row["PermissionSetId"] != nil {
			sets = append(sets, row["PermissionSetId"].(string))
		}
	})
	return sets
}

func (o *Org) addObjectRights(p *person, set string) {
	o.tables["ObjectPermissions"].each(func(row values) {
		if row["ParentId"] != set {
			return
		}
		object, _ := row["SobjectType"].(string)
		have := p.objects[object]
		have.create = have.create || row["PermissionsCreate"] == true
		have.read = have.read || row["PermissionsRead"] == true
		have.edit = have.edit || row["PermissionsEdit"] == true
		have.remove = have.remove || row["PermissionsDelete"] == true
		p.objects[object] = have
	})
}

func (p *person) can(permission string) bool { return p.permissions[permission] }

// on tells what the person may do to an object's rows.
func (p *person) on(e *entity) rights {
	var all rights
	switch {
	case e.objectRights:
		all = p.objects[e.name]
		if p.can("ViewAllData") {
			all.read = true
		}
		if p.can("ModifyAllData") {
			all = rights{true, true, true, true}
		}
	default:
		may := true
		for _, permission := range e.writes {
			may = may && p.can(permission)
		}
		all = rights{create: may, read: p.sees(e), edit: may, remove: may}
	}
	all.create = all.create && all.read && e.creates
	all.edit = all.edit && all.read && e.updates
	all.remove = all.remove && all.read && e.deletes
	return all
}

func (p *person) sees(e *entity) bool {
	for _, permission := range e.sees {
		if p.can(permission) {
			return true
		}
	}
	return len(e.sees) == 0
}

// object is the entity as the person may know it. The same question gets the same object.
func (o *Org) object(e *entity, p *person, tooling bool) *soql.Object {
	may, setup := p.on(e), p.can("ViewSetup")
	key := strings.Join([]string{
		e.name, strconv.FormatBool(e.tooling), strconv.FormatBool(tooling), strconv.FormatBool(setup),
		strconv.FormatBool(may.create), strconv.FormatBool(may.edit), strconv.FormatBool(may.remove),
	}, " ")
	if known, ok := o.objects.Load(key); ok {
		return known.(*soql.Object)
	}
	made := &soql.Object{
		Name: e.name, Label: o.word(e.label, e.korean), LabelPlural: o.word(e.plural, e.korean), KeyPrefix: e.prefix,
		Createable: may.create, Updateable: may.edit, Deletable: may.remove, Queryable: true,
		Children: childrenOf[e.name],
	}
	for _, c := range e.columns {
		if c.setup && !setup || c.person && !o.setup.PersonAccounts {
			continue
		}
		field := c.Field
		field.Label = o.word(c.Label, c.korean)
		made.Fields = append(made.Fields, field)
	}
	known, _ := o.objects.LoadOrStore(key, made)
	return known.(*soql.Object)
}

// word picks the label in the org's language.
func (o *Org) word(english, korean string) string {
	if o.setup.Language == "ko" && korean != "" {
		return korean
	}
	return english
}

// childrenOf are the relationships that a query may go down.
var childrenOf = map[string][]soql.Child{
	"Account": {
		{Relationship: "Contacts", Object: "Contact", Field: "AccountId"},
		{Relationship: "Opportunities", Object: "Opportunity", Field: "AccountId"},
		{Relationship: "Cases", Object: "Case", Field: "AccountId"},
		{Relationship: "ChildAccounts", Object: "Account", Field: "ParentId"},
	},
	"Contact": {{Relationship: "Cases", Object: "Case", Field: "ContactId"}},
	"PermissionSet": {
		{Relationship: "Assignments", Object: "PermissionSetAssignment", Field: "PermissionSetId"},
		{Relationship: "ObjectPerms", Object: "ObjectPermissions", Field: "ParentId"},
		{Relationship: "SetupEntityAccessItems", Object: "SetupEntityAccess", Field: "ParentId"},
	},
	"Profile": {{Relationship: "Users", Object: "User", Field: "ProfileId"}},
	"User":    {{Relationship: "PermissionSetAssignments", Object: "PermissionSetAssignment", Field: "AssigneeId"}},
}
