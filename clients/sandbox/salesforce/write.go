// Writes of rows: who may, which fields, of which types, and then the rules of each object.

package salesforce

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"zsf/clients/sandbox/soql"
)

func refuse(code, message string, fields ...string) *failure {
	if fields == nil {
		fields = []string{}
	}
	return &failure{status: http.StatusBadRequest, code: code, message: message, fields: fields}
}

// create adds a row and gives its id.
func (c *call) create(e *entity, object *soql.Object, fields map[string]any) (string, *failure) {
	if problem := may(e, e.creates, object.Createable, "create"); problem != nil {
		return "", problem
	}
	row, problem := c.accept(e, object, fields, true)
	if problem != nil {
		return "", problem
	}
	if missing := missingFields(e, row); len(missing) > 0 {
		return "", refuse("REQUIRED_FIELD_MISSING", fmt.Sprintf("Required fields are missing: [%s]", strings.Join(missing, ", ")), missing...)
	}
	if c.hasColumn(e, "OwnerId") && row["OwnerId"] == nil {
		row["OwnerId"] = c.who.id
	}
	if problem := c.rules(e, row, "", row); problem != nil {
		return "", problem
	}
	c.org.stamp(row, c.who.id, c.org.now())
	id := c.org.tables[e.name].insert(c.tx, row)
	c.after(e, id)
	return id, nil
}

func (c *call) hasColumn(e *entity, name string) bool {
	_, found := e.column(name)
	return found
}

// update changes fields of the row with that 18-character id.
func (c *call) update(e *entity, object *soql.Object, id string, fields map[string]any) *failure {
	if problem := may(e, e.updates, object.Updateable, "update"); problem != nil {
		return problem
	}
	before, problem := c.existing(e, id)
	if problem != nil {
		return problem
	}
	changed, problem := c.accept(e, object, fields, false)
	if problem != nil {
		return problem
	}
	whole := values{}
	for _, column := range e.columns {
		whole[column.Name] = before.Value(column.Name)
	}
	for name, value := range changed {
		whole[name] = value
	}
	if problem := c.rules(e, changed, id, whole); problem != nil {
		return problem
	}
	now := c.org.now()
	changed["LastModifiedById"], changed["LastModifiedDate"], changed["SystemModstamp"] = c.who.id, now, now
	c.org.tables[e.name].change(c.tx, id, e.columns, changed)
	return nil
}

func (c *call) remove(e *entity, object *soql.Object, id string) *failure {
	if problem := may(e, e.deletes, object.Deletable, "delete"); problem != nil {
		return problem
	}
	row, problem := c.existing(e, id)
	if problem != nil {
		return problem
	}
	if problem := c.keep(e, row); problem != nil {
		return problem
	}
	c.org.tables[e.name].remove(c.tx, id, e.columns, c.hasColumn(e, "IsDeleted"))
	return nil
}

// may tells an operation that the object does not have from one that the caller may not use.
func may(e *entity, has, allowed bool, operation string) *failure {
	switch {
	case !has:
		return refuse("INVALID_TYPE_FOR_OPERATION", fmt.Sprintf("entity type %s does not support %s", e.name, operation))
	case !allowed:
		return &failure{http.StatusForbidden, "INSUFFICIENT_ACCESS_OR_READONLY", "insufficient access rights on object id", []string{}}
	}
	return nil
}

func (c *call) existing(e *entity, id string) (soql.Row, *failure) {
	row, deleted, found := c.view(true).find(e, id)
	switch {
	case !found:
		return nil, &failure{http.StatusNotFound, "INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", []string{}}
	case deleted:
		return nil, &failure{http.StatusNotFound, "ENTITY_IS_DELETED", "entity is deleted", []string{}}
	}
	return row, nil
}

func missingFields(e *entity, row values) []string {
	var missing []string
	for _, column := range e.columns {
		if column.required && row[column.Name] == nil {
			missing = append(missing, column.Name)
		}
	}
	return missing
}

// accept checks the fields of a body and turns them into stored values.
func (c *call) accept(e *entity, object *soql.Object, fields map[string]any, creating bool) (values, *failure) {
	row := values{}
	var closed []string
	names := make([]string, 0, len(fields))
	for name := range fields {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if name == "attributes" {
			continue
		}
		field, found := visibleField(object, name)
		switch {
		case !found:
			return nil, &failure{status: http.StatusBadRequest, code: "INVALID_FIELD", message: noColumn(name, e)}
		case field.Name == "Id" && !creating:
			return nil, refuse("INVALID_FIELD", "The Id field should not be specified in the sobject data.")
		case field.Name == "Id":
			return nil, refuse("INVALID_FIELD_FOR_INSERT_UPDATE", "cannot specify Id in an insert call", "Id")
		case creating && !field.Createable || !creating && !field.Updateable:
			closed = append(closed, field.Name)
			continue
		}
		value, problem := c.convert(e, field, fields[name])
		if problem != nil {
			return nil, problem
		}
		row[field.Name] = value
		if value == nil && !creating && !field.Nillable {
			return nil, refuse("REQUIRED_FIELD_MISSING", fmt.Sprintf("Required fields are missing: [%s]", field.Name), field.Name)
		}
	}
	if closed != nil {
		return nil, refuse("INVALID_FIELD_FOR_INSERT_UPDATE", "Unable to create/update fields: "+strings.Join(closed, ", ")+
			". Please check the security settings of this field and verify that it is read/write for your profile or permission set.", closed...)
	}
	return row, nil
}

// convert turns a JSON value into what a column stores.
func (c *call) convert(e *entity, field *soql.Field, v any) (any, *failure) {
	if v == nil || v == "" {
		return nil, nil
	}
	switch field.Type {
	case "boolean":
		if b, isBool := v.(bool); isBool {
			return b, nil
		}
		if v == "true" || v == "false" {
			return v == "true", nil
		}
	case "int":
		if n, err := strconv.ParseInt(fmt.Sprint(v), 10, 32); err == nil {
			return n, nil
		}
	case "double", "currency", "percent":
		if n, err := strconv.ParseFloat(fmt.Sprint(v), 64); err == nil {
			return n, nil
		}
	case "date":
		if t, err := time.Parse(time.DateOnly, str(v)); err == nil {
			return soql.Date(t.Format(time.DateOnly)), nil
		}
	case "datetime":
		if t, ok := datetime(str(v)); ok {
			return t, nil
		}
	case "complexvalue":
		return v, nil
	case "reference":
		return c.reference(e, field, v)
	default:
		if s, isString := v.(string); isString {
			return fitText(field, s)
		}
	}
	return nil, &failure{status: http.StatusBadRequest, code: "JSON_PARSER_ERROR", message: fmt.Sprintf(
		"Cannot deserialize instance of %s from %s value %v or request may be missing a required field at [line:1, column:1]",
		field.Type, token(v), v)}
}

// token is what the service's JSON parser calls a value's kind.
func token(v any) string {
	switch v := v.(type) {
	case string:
		return "VALUE_STRING"
	case bool:
		return "VALUE_" + strings.ToUpper(strconv.FormatBool(v))
	case json.Number:
		if strings.Contains(v.String(), ".") {
			return "VALUE_NUMBER_FLOAT"
		}
		return "VALUE_NUMBER_INT"
	case []any:
		return "START_ARRAY"
	}
	return "START_OBJECT"
}

func datetime(s string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339, datetimeLayout, "2006-01-02T15:04:05-0700", time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

// fitText checks what fits into a text column.
func fitText(field *soql.Field, s string) (any, *failure) {
	s = strings.TrimSpace(s)
	if s == "" {
		return nil, nil
	}
	if field.Type != "picklist" && utf8.RuneCountInString(s) > field.Length {
		return nil, refuse("STRING_TOO_LONG", fmt.Sprintf("%s: data value too large: %s (max length=%d)", field.Label, s, field.Length), field.Name)
	}
	if local, domain, found := strings.Cut(s, "@"); field.Type == "email" && (!found || local == "" || !strings.Contains(domain, ".") || strings.ContainsAny(s, " \t")) {
		return nil, refuse("INVALID_EMAIL_ADDRESS", fmt.Sprintf("%s: invalid email address: %s", field.Label, s), field.Name)
	}
	return s, nil
}

// reference checks that an id is one, and leads to a row.
func (c *call) reference(e *entity, field *soql.Field, v any) (any, *failure) {
	id := str(v)
	if !soql.ValidID(id) {
		return nil, refuse("MALFORMED_ID", fmt.Sprintf("%s: id value of incorrect type: %v", field.Label, v), field.Name)
	}
	id = soql.To18(id)
	all := c.view(false)
	all.who = &person{permissions: map[string]bool{"ViewSetup": true, "ModifyAllData": true, "ViewAllData": true}}
	fits := false
	for _, name := range field.ReferenceTo {
		target, known := c.org.schema.find(name, c.tooling)
		if !known || !strings.HasPrefix(id, target.prefix) {
			continue
		}
		fits = true
		if _, deleted, found := all.find(target, id); found && !deleted {
			return id, nil
		}
	}
	if !fits {
		return nil, refuse("FIELD_INTEGRITY_EXCEPTION", fmt.Sprintf("%s: id value of incorrect type: %s", field.Label, id), field.Name)
	}
	if e.objectRights {
		return nil, refuse("INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY", "insufficient access rights on cross-reference id")
	}
	return nil, refuse("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", field.Name)
}
