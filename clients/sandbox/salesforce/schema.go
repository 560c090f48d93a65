// The org's schema: which objects and columns there are, read from the tables in data/.

package salesforce

import (
	_ "embed" // for the tables
	"fmt"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"zsf/clients/sandbox/soql"
)

//go:embed data/business.schema
var businessSchema string

//go:embed data/setup.schema
var setupSchema string

//go:embed data/permissions.txt
var permissionTable string

// An entity is one sObject of one API, with all that a describe tells of it.
type entity struct {
	name         string
	prefix       string
	label        string
	plural       string
	korean       string
	creates      bool
	updates      bool
	deletes      bool
	sees         []string // one of these permissions is needed to know the object at all
	writes       []string // all of these are needed to change rows
	refuses      bool     // a missing permission to see is said, where other objects look absent
	objectRights bool     // who may do what is up to ObjectPermissions
	noURL        bool     // rows have no id of their own
	metadata     bool     // Metadata and FullName are told for one row at a time
	filterBy     string   // the column that a WHERE must name
	tooling      bool
	columns      []column
}

// A column is a field with what soql needs not know.
type column struct {
	soql.Field
	korean    string
	required  bool
	defaulted bool
	lookup    bool // an upsert may name it
	setup     bool // told only to those who may view Setup
	person    bool // there only where person accounts are on
}

// A schema finds entities by name, without regard to case.
type schema struct {
	rest        map[string]*entity
	tooling     map[string]*entity
	names       []string // of rest, in the order of the tables
	toolNames   []string
	permissions []permission
}

// A permission is one user permission: its name without the prefix "Permissions".
type permission struct {
	name, label, korean string
	admin               bool // administrators only
}

var loadSchema = sync.OnceValue(func() *schema {
	s := &schema{rest: map[string]*entity{}, tooling: map[string]*entity{}}
	s.permissions = readPermissions(permissionTable)
	for _, table := range []string{businessSchema, setupSchema} {
		s.read(table)
	}
	return s
})

// find gives the object as an API knows it.
func (s *schema) find(name string, tooling bool) (*entity, bool) {
	objects := s.rest
	if tooling {
		objects = s.tooling
	}
	e, ok := objects[strings.ToLower(name)]
	return e, ok
}

// byPrefix finds the object whose ids start so.
func (s *schema) byPrefix(prefix string, tooling bool) (*entity, bool) {
	names := s.names
	if tooling {
		names = s.toolNames
	}
	for _, name := range names {
		if e, ok := s.find(name, tooling); ok && e.prefix == prefix {
			return e, true
		}
	}
	return nil, false
}

func (e *entity) column(name string) (*column, bool) {
	for i := range e.columns {
		if strings.EqualFold(e.columns[i].Name, name) {
			return &e.columns[i], true
		}
	}
	return nil, false
}

// read takes in a table. An object starts with a line
//
//	@ Name | id prefix | rights and marks | label | plural | Korean label
//
// and each of its columns is a line
//
//	Name | type and its arguments | marks | label | Korean label
//
// Marks of a column: c and u for create and update, ! for required, N for the name, ~ for never null, d for
// defaulted, lookup for upserts, setup for View Setup, person for orgs with
// person accounts, -f -s -g for not filterable, sortable, groupable.
func (s *schema) read(table string) {
	var current *entity
	var marks []string
	finish := func() {
		if current != nil {
			current.addSystemColumns(marks, s.permissions)
			s.add(current, marks)
		}
	}
	for line := range strings.Lines(table) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		if head, ok := strings.CutPrefix(line, "@ "); ok {
			finish()
			current, marks = readEntity(cells(head, 6))
			continue
		}
		current.columns = append(current.columns, readColumn(cells(line, 5)))
	}
	finish()
}

func (s *schema) add(e *entity, marks []string) {
	inTooling, inREST := e.tooling, !e.tooling
	for _, mark := range marks {
		if mark == "both" {
			inTooling = true
		}
	}
	key := strings.ToLower(e.name)
	if inREST {
		s.rest[key] = e
		s.names = append(s.names, e.name)
	}
	if inTooling {
		s.tooling[key] = e
		s.toolNames = append(s.toolNames, e.name)
	}
}

func cells(line string, n int) []string {
	parts := strings.Split(line, "|")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	for len(parts) < n {
		parts = append(parts, "")
	}
	return parts
}

func readEntity(cell []string) (*entity, []string) {
	e := &entity{name: cell[0], prefix: cell[1], label: cell[3], plural: cell[4], korean: cell[5]}
	marks := strings.Fields(cell[2])
	for _, mark := range marks {
		key, value, _ := strings.Cut(mark, "=")
		switch key {
		case "tooling":
			e.tooling = true
		case "see":
			if value != "*" {
				e.sees = strings.Split(value, ",")
			}
		case "write":
			e.writes = strings.Split(value, ",")
		case "refuse":
			e.refuses = true
		case "objectrights":
			e.objectRights = true
		case "nourl":
			e.noURL = true
		case "metadata":
			e.metadata = true
		case "filter":
			e.filterBy = value
		default:
			if strings.Trim(key, "cud") == "" {
				e.creates = strings.Contains(key, "c")
				e.updates = strings.Contains(key, "u")
				e.deletes = strings.Contains(key, "d")
			}
		}
	}
	return e, marks
}

func readColumn(cell []string) column {
	c := newColumn(cell[0], cell[1])
	c.Label, c.korean = cell[3], cell[4]
	for _, mark := range strings.Fields(cell[2]) {
		switch mark {
		case "!":
			c.required, c.Nillable = true, false
		case "~":
			c.Nillable = false
		case "N":
			c.NameField = true
		case "d":
			c.defaulted, c.Nillable = true, false
		case "lookup":
			c.lookup = true
		case "setup":
			c.setup = true
		case "person":
			c.person = true
		case "-f":
			c.Filterable = false
		case "-s":
			c.Sortable = false
		case "-g":
			c.Groupable = false
		default:
			c.Createable = c.Createable || strings.Contains(mark, "c")
			c.Updateable = c.Updateable || strings.Contains(mark, "u")
		}
	}
	return c
}

func newColumn(name, kind string) column {
	word, rest, _ := strings.Cut(kind, " ")
	c := column{Field: soql.Field{Name: name, Type: word, Nillable: true, Filterable: true, Sortable: true, Groupable: true}}
	switch word {
	case "id":
		c.Length, c.Nillable, c.lookup = 18, false, true
	case "boolean":
		c.Nillable = false
	case "reference":
		objects, relation, _ := strings.Cut(rest, " ")
		c.Length, c.ReferenceTo = 18, strings.Split(objects, ",")
		if relation != "-" {
			c.RelationshipName = relation
		}
	case "picklist":
		c.Length, c.Picklist = 255, strings.Split(rest, ";")
	case "datetime", "double", "currency", "percent":
		c.Groupable = false
	case "complexvalue":
		c.Filterable, c.Sortable, c.Groupable = false, false, false
	}
	if n, err := strconv.Atoi(rest); err == nil {
		c.Length = n
	}
	if word == "textarea" && c.Length > 255 {
		c.Filterable, c.Sortable, c.Groupable = false, false, false
	}
	return c
}

// addSystemColumns gives an entity the columns that its marks stand for.
func (e *entity) addSystemColumns(marks []string, all []permission) {
	for _, mark := range marks {
		switch mark {
		case "audit", "audit-setup":
			e.addAudit(mark == "audit-setup")
		case "deleted":
			e.columns = append(e.columns, labelled("IsDeleted", "boolean", "Deleted", "삭제됨"))
		case "permissions", "permissions-plain":
			for _, p := range all {
				c := labelled("Permissions"+p.name, "boolean", p.label, p.korean)
				c.Createable = mark == "permissions" && e.creates
				c.Updateable, c.defaulted = c.Createable, c.Createable
				if mark == "permissions-plain" {
					c.Sortable, c.Groupable = false, false
				}
				e.columns = append(e.columns, c)
			}
		}
	}
}

func (e *entity) addAudit(setup bool) {
	added := []column{
		labelled("CreatedDate", "datetime", "Created Date", "작성일"),
		labelled("CreatedById", "reference User CreatedBy", "Created By ID", "작성자 ID"),
		labelled("LastModifiedDate", "datetime", "Last Modified Date", "마지막 수정일"),
		labelled("LastModifiedById", "reference User LastModifiedBy", "Last Modified By ID", "마지막 수정자 ID"),
		labelled("SystemModstamp", "datetime", "System Modstamp", "시스템 Modstamp"),
	}
	for i := range added {
		added[i].Nillable = false
		added[i].setup = setup
	}
	e.columns = append(e.columns, added...)
}

func labelled(name, kind, label, korean string) column {
	c := newColumn(name, kind)
	c.Label, c.korean = label, korean
	return c
}

func readPermissions(table string) []permission {
	var all []permission
	for line := range strings.Lines(table) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		cell := cells(line, 3)
		name, admin := strings.CutPrefix(cell[0], "! ")
		label := cell[1]
		if label == "" {
			label = inWords(name)
		}
		all = append(all, permission{name: name, label: label, korean: cell[2], admin: admin})
	}
	return all
}

// inWords spells a name in camel case as words.
func inWords(name string) string {
	var b strings.Builder
	for i, r := range name {
		if i > 0 && unicode.IsUpper(r) {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// url is where an entity's rows are, under a version such as v68.0.
func (e *entity) url(version string, tooling bool) string {
	if tooling {
		return fmt.Sprintf("/services/data/%s/tooling/sobjects/%s", version, e.name)
	}
	return fmt.Sprintf("/services/data/%s/sobjects/%s", version, e.name)
}

// streams tells the objects that are there only while the Streaming API is on.
func (e *entity) streams() bool { return e.name == "PushTopic" || e.name == "StreamingChannel" }
