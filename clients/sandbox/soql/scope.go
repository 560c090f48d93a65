// What the names in a query stand for: the object after FROM, its fields, and those of its parents.

package soql

import (
	"strings"

	"github.com/alecthomas/participle/v2/lexer"
)

// maxParents is how many levels up a path may go, from the SOQL reference.
const maxParents = 5

// A scope is one FROM of a running query, and finds what its expressions name.
type scope struct {
	*running
	object *Object
	alias  string
}

// A path leads from a row over parents to a field.
type path struct {
	parents []parent
	object  *Object // that has the field; the first of several, where a parent can be of several objects
	field   *Field
}

// A parent is one step up: a reference and the objects that it may point to.
type parent struct {
	reference *Field
	objects   []*Object
}

func (r *running) open(f *from) (*scope, error) {
	object, ok := r.rows.Object(f.Object)
	if !ok || !object.Queryable || len(f.Path) > 0 {
		name := strings.Join(append([]string{f.Object}, f.Path...), ".")
		return nil, r.fail(f.Pos, invalidType, "sObject type '%s' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names.", name)
	}
	return &scope{running: r, object: object, alias: f.Alias}, nil
}

// resolve finds the field that an expression without a function names.
func (s *scope) resolve(e *expression) (*path, error) {
	names := append([]string{e.Name}, e.Path...)
	if len(names) > 1 && s.isOwnName(names[0]) {
		names = names[1:]
	}
	steps, last := names[:len(names)-1], names[len(names)-1]
	if len(steps) > maxParents {
		return nil, s.fail(e.Pos, malformedQuery, "Relationship path is too long: %s", strings.Join(names, "."))
	}
	found := &path{}
	objects := []*Object{s.object}
	for _, name := range steps {
		up, ok := s.parent(objects, name)
		if !ok {
			return nil, s.fail(e.Pos, invalidField, "Didn't understand relationship '%s' in field path. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL or the describe call for the appropriate names.", name)
		}
		found.parents = append(found.parents, up)
		objects = up.objects
	}
	for _, object := range objects {
		if field, ok := object.field(last); ok {
			found.object, found.field = object, field
			return found, nil
		}
	}
	return nil, s.noColumn(e.Pos, last, objects[0])
}

func (s *scope) noColumn(at lexer.Position, name string, object *Object) error {
	return s.fail(at, invalidField, "No such column '%s' on entity '%s'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.", name, object.Name)
}

// isOwnName tells whether a path's first name is the queried object, not a parent: Account.Name FROM Account.
func (s *scope) isOwnName(name string) bool {
	if s.alias != "" && strings.EqualFold(name, s.alias) {
		return true
	}
	_, isParent := s.parent([]*Object{s.object}, name)
	return !isParent && strings.EqualFold(name, s.object.Name)
}

func (s *scope) parent(objects []*Object, relationship string) (parent, bool) {
	for _, object := range objects {
		for i := range object.Fields {
			field := &object.Fields[i]
			if field.RelationshipName == "" || !strings.EqualFold(field.RelationshipName, relationship) {
				continue
			}
			up := parent{reference: field}
			for _, name := range field.ReferenceTo {
				if target, ok := s.rows.Object(name); ok {
					up.objects = append(up.objects, target)
				}
			}
			return up, len(up.objects) > 0
		}
	}
	return parent{}, false
}

func (o *Object) field(name string) (*Field, bool) {
	for i := range o.Fields {
		if strings.EqualFold(o.Fields[i].Name, name) {
			return &o.Fields[i], true
		}
	}
	return nil, false
}

func (o *Object) child(relationship string) (*Child, bool) {
	for i := range o.Children {
		if strings.EqualFold(o.Children[i].Relationship, relationship) {
			return &o.Children[i], true
		}
	}
	return nil, false
}

// find gives the parent of row, and which object it is of.
func (p parent) find(rows Rows, row Row) (Row, *Object) {
	id, ok := row.Value(p.reference.Name).(string)
	if !ok || id == "" {
		return nil, nil
	}
	id = To18(id)
	for _, object := range p.objects {
		if found, ok := rows.Find(object, id); ok {
			return found, object
		}
	}
	return nil, nil
}

// value reads the field at the end of the path; nil where a parent is missing.
func (p *path) value(rows Rows, row Row) any {
	for _, up := range p.parents {
		if row, _ = up.find(rows, row); row == nil {
			return nil
		}
	}
	return row.Value(p.field.Name)
}

// String is the path with its exact names.
func (p *path) String() string {
	var out strings.Builder
	for _, up := range p.parents {
		out.WriteString(up.reference.RelationshipName + ".")
	}
	return out.String() + p.field.Name
}
