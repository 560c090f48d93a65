// What one person sees of the org's rows: the data behind that person's queries.

package salesforce

import (
	"strings"

	"zsf/clients/sandbox/soql"
)

// A view is the org as one person sees it through one API. It implements soql.Rows.
// The org must be locked while it is in use.
type view struct {
	org     *Org
	who     *person
	tooling bool
	deleted bool // rows in the recycle bin are seen too

	refused  string // an object that was asked for and is forbidden, rather than unknown
	unnarrow string // an object that was scanned though its rows must be asked for by a column
}

// Object finds an object that the person may know.
func (v *view) Object(name string) (*soql.Object, bool) {
	e, ok := v.entity(name)
	if !ok {
		return nil, false
	}
	return v.org.object(e, v.who, v.tooling), true
}

func (v *view) entity(name string) (*entity, bool) {
	e, ok := v.org.schema.find(name, v.tooling)
	if !ok || e.streams() && !v.org.streaming() {
		return nil, false
	}
	if !v.who.on(e).read {
		if e.refuses {
			v.refused = e.name
		}
		return nil, false
	}
	return e, true
}

// Scan visits the rows that the person may see.
func (v *view) Scan(object *soql.Object, yield func(soql.Row) bool) {
	e, ok := v.org.schema.find(object.Name, v.tooling)
	if !ok {
		return
	}
	if e.filterBy != "" {
		v.unnarrow = e.name
		return
	}
	if rows, ok := v.computed(e); ok {
		for _, row := range rows {
			if !yield(seen{v.org, e, row}) {
				return
			}
		}
		return
	}
	t, ok := v.org.tables[e.name]
	if !ok {
		return
	}
	t.scan(v.deleted, func(row fieldReader) bool {
		return !v.visible(e, row) || yield(seen{v.org, e, row})
	})
}

// Find gives one row by its id.
func (v *view) Find(object *soql.Object, id string) (soql.Row, bool) {
	e, ok := v.org.schema.find(object.Name, v.tooling)
	if !ok {
		return nil, false
	}
	row, deleted, ok := v.find(e, id)
	if !ok || deleted && !v.deleted {
		return nil, false
	}
	return row, true
}

// find gives a row in the recycle bin too.
func (v *view) find(e *entity, id string) (row seen, deleted, ok bool) {
	id = soql.To18(id)
	if rows, ok := v.computed(e); ok {
		for _, row := range rows {
			if row["Id"] == id {
				return seen{v.org, e, row}, false, true
			}
		}
		return seen{}, false, false
	}
	t, ok := v.org.tables[e.name]
	if !ok {
		return seen{}, false, false
	}
	found, deleted, ok := t.find(id)
	if !ok || !v.visible(e, found) {
		return seen{}, false, false
	}
	return seen{v.org, e, found}, deleted, true
}

// visible tells whether the person may see the row at all.
func (v *view) visible(e *entity, row fieldReader) bool {
	switch e.name {
	case "OauthToken":
		return v.who.can("CustomizeApplication") || row.Value("UserId") == v.who.id
	case "LoginHistory":
		return v.who.can("ManageUsers") || v.who.can("MonitorLoginHistory") || row.Value("UserId") == v.who.id
	case "PermissionSetAssignment":
		return v.who.can("ViewSetup") || v.who.can("AssignPermissionSets") || row.Value("AssigneeId") == v.who.id
	case "Profile":
		return v.who.can("ViewSetup") || row.Value("Id") == v.who.profile
	}
	return true
}

// computed gives the rows of objects that are not stored but follow from other state.
func (v *view) computed(e *entity) ([]values, bool) {
	switch e.name {
	case "UserPermissionAccess":
		return []values{v.effectivePermissions()}, true
	case "SecurityHealthCheckRisks":
		return v.org.healthCheck(), true
	case "EntityDefinition":
		return v.definitions(), true
	case "RecentlyViewed":
		return v.recentlyViewed(), true
	case "UserLicense":
		return v.org.licences(), true
	}
	return nil, false
}

func (v *view) effectivePermissions() values {
	row := values{"Id": nullID, "LastCacheUpdate": v.org.cast.founded}
	for name := range v.who.permissions {
		row["Permissions"+name] = true
	}
	return row
}

func (v *view) definitions() []values {
	names := v.org.schema.names
	if v.tooling {
		names = v.org.schema.toolNames
	}
	var rows []values
	for _, name := range names {
		e, _ := v.org.schema.find(name, v.tooling)
		if !v.who.on(e).read {
			continue
		}
		rows = append(rows, values{
			"Id": nullID, "DurableId": e.name, "QualifiedApiName": e.name, "DeveloperName": e.name,
			"Label": v.org.word(e.label, e.korean), "MasterLabel": e.label, "PluralLabel": v.org.word(e.plural, e.korean),
			"KeyPrefix": e.prefix, "IsCustomizable": e.objectRights, "IsQueryable": true,
		})
	}
	return rows
}

// nullID is what the service gives rows that have no id of their own.
const nullID = "000000000000000AAA"

// A seen row answers false for booleans that were never set.
type seen struct {
	org    *Org
	entity *entity
	row    fieldReader
}

// Value is a column's value.
func (s seen) Value(field string) any {
	if s.entity.name == "Profile" {
		if field == "Metadata" {
			return s.org.profileDocument(s.row)
		}
		if strings.HasPrefix(field, "Permissions") {
			set, _ := s.org.tables["PermissionSet"].first("ProfileId", s.row.Value("Id"))
			return set[field] == true
		}
	}
	if v := s.row.Value(field); v != nil {
		return v
	}
	if field == "LastViewedDate" || field == "LastReferencedDate" {
		return s.org.viewedAt(str(s.row.Value("Id")))
	}
	if strings.HasPrefix(field, "Permissions") {
		return false
	}
	if c, ok := s.entity.column(field); ok && c.Type == "boolean" {
		return false
	}
	return nil
}
