// Single rows by id or by external id: read, change, delete, upsert.

package salesforce

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"zsf/clients/sandbox/soql"
)

// row answers /sobjects/X/{id}.
func (c *call) row(e *entity, object *soql.Object, id string) answer {
	if (len(id) == 15 || len(id) == 18) && strings.HasPrefix(id, e.prefix) && !soql.ValidID(id) {
		return (&failure{http.StatusBadRequest, "MALFORMED_ID", "malformed id " + id, []string{}}).answer()
	}
	if !soql.ValidID(id) || !strings.HasPrefix(soql.To18(id), e.prefix) {
		return noExternalID(id)
	}
	id = soql.To18(id)
	switch c.method {
	case http.MethodGet:
		row, deleted, found := c.view(true).find(e, id)
		switch {
		case !found:
			return notFound()
		case deleted:
			return fail(http.StatusNotFound, "ENTITY_IS_DELETED", "entity is deleted")
		}
		return c.show(e, object, row)
	case http.MethodPatch:
		fields, problem := c.fields()
		if problem != nil {
			return problem.answer()
		}
		return c.done(c.update(e, object, id, fields))
	case http.MethodDelete:
		return c.done(c.remove(e, object, id))
	}
	return notAllowed(c.method, "HEAD", "GET", "PATCH", "DELETE")
}

func noExternalID(name string) answer {
	return fail(http.StatusNotFound, "NOT_FOUND", "Provided external ID field does not exist or is not accessible: "+name)
}

func (c *call) done(problem *failure) answer {
	if problem != nil {
		return problem.answer()
	}
	return answer{status: http.StatusNoContent}
}

// show writes a row, or the fields of it that were asked for.
func (c *call) show(e *entity, object *soql.Object, row soql.Row) answer {
	id, _ := row.Value("Id").(string)
	d := document{{"attributes", c.attributes(object, id)}}
	wanted := c.query.Get("fields")
	if wanted == "" {
		for i := range object.Fields {
			d = append(d, member{object.Fields[i].Name, row.Value(object.Fields[i].Name)})
		}
		return ok(d)
	}
	hasID := false
	for name := range strings.SplitSeq(wanted, ",") {
		field, found := visibleField(object, strings.TrimSpace(name))
		if !found {
			return fail(http.StatusBadRequest, "INVALID_FIELD", noColumn(strings.TrimSpace(name), e))
		}
		hasID = hasID || field.Name == "Id"
		d = append(d, member{field.Name, row.Value(field.Name)})
	}
	if !hasID {
		d = append(d, member{"Id", text(id)})
	}
	return ok(d)
}

func visibleField(object *soql.Object, name string) (*soql.Field, bool) {
	for i := range object.Fields {
		if strings.EqualFold(object.Fields[i].Name, name) {
			return &object.Fields[i], true
		}
	}
	return nil, false
}

func noColumn(name string, e *entity) string {
	return fmt.Sprintf("No such column '%s' on sobject of type %s", name, e.name)
}

// fields reads the body as one record.
func (c *call) fields() (map[string]any, *failure) {
	var fields map[string]any
	if problem := decode(c.body, &fields); problem != nil {
		return nil, problem
	}
	if fields == nil {
		return nil, &failure{status: http.StatusBadRequest, code: "JSON_PARSER_ERROR", message: "The HTTP entity body is required, but this request has no entity body."}
	}
	return fields, nil
}

// decode reads JSON, and tells what is wrong with it as the service does.
func decode(body []byte, into any) *failure {
	if len(bytes.TrimSpace(body)) == 0 {
		return &failure{status: http.StatusBadRequest, code: "JSON_PARSER_ERROR", message: "No content to map to Object due to end of input"}
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	err := decoder.Decode(into)
	if err == nil {
		return nil
	}
	at := decoder.InputOffset()
	message := "Unexpected end-of-input"
	var syntax *json.SyntaxError
	var wrongType *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		at = min(max(syntax.Offset-1, 0), int64(len(body)-1))
		message = fmt.Sprintf("Unexpected character ('%c' (code %d))", body[at], body[at])
	case errors.As(err, &wrongType):
		at = wrongType.Offset
		message = "Cannot deserialize the value"
	}
	line := 1 + bytes.Count(body[:at], []byte("\n"))
	column := int(at) - bytes.LastIndexByte(body[:at], '\n')
	return &failure{status: http.StatusBadRequest, code: "JSON_PARSER_ERROR", message: fmt.Sprintf("%s at [line:%d, column:%d]", message, line, column)}
}

// post makes a row; also is what the answer says beside its id.
func (c *call) post(e *entity, object *soql.Object, also ...member) answer {
	fields, problem := c.fields()
	if problem != nil {
		return problem.answer()
	}
	id, problem := c.create(e, object, fields)
	if problem != nil {
		return problem.answer()
	}
	return c.created(e, id, http.StatusCreated, append(document{{"id", id}, {"success", true}, {"errors", []any{}}}, also...))
}

func (c *call) created(e *entity, id string, status int, body document) answer {
	if c.tooling {
		body = append(body, member{"warnings", []any{}}, member{"infos", []any{}})
	}
	return answer{status: status, body: body, header: map[string]string{"Location": e.url(c.version, c.tooling) + "/" + id}}
}

// byExternalID answers /sobjects/X/{field}/{value}.
func (c *call) byExternalID(e *entity, object *soql.Object, field, value string) answer {
	column, known := e.column(field)
	if _, visible := visibleField(object, field); !known || !visible || !column.lookup {
		return noExternalID(field)
	}
	ids := c.lookUp(e, column, value)
	if len(ids) > 1 {
		return c.ambiguous(e, ids)
	}
	upserts := c.method == http.MethodPatch || c.method == http.MethodPost
	switch {
	case upserts && len(ids) == 0 && strings.EqualFold(c.query.Get("updateOnly"), "true"):
		return notFound()
	case upserts:
		return c.upsert(e, object, column, value, ids)
	case len(ids) == 0:
		return notFound()
	}
	return c.row(e, object, ids[0])
}

func (c *call) ambiguous(e *entity, ids []string) answer {
	urls := make([]any, len(ids))
	for i, id := range ids {
		urls[i] = e.url(c.version, c.tooling) + "/" + id
	}
	return answer{status: http.StatusMultipleChoices, body: urls}
}

// lookUp finds the rows with that value in a column.
func (c *call) lookUp(e *entity, column *column, value string) []string {
	rows := c.view(false)
	if column.Type == "id" {
		if _, deleted, found := rows.find(e, value); found && !deleted {
			return []string{soql.To18(value)}
		}
		return nil
	}
	var ids []string
	rows.Scan(c.org.object(e, c.who, c.tooling), func(row soql.Row) bool {
		if strings.EqualFold(str(row.Value(column.Name)), value) {
			ids = append(ids, str(row.Value("Id")))
		}
		return true
	})
	return ids
}

func (c *call) upsert(e *entity, object *soql.Object, column *column, value string, ids []string) answer {
	fields, problem := c.fields()
	if problem != nil {
		return problem.answer()
	}
	for name := range fields {
		if strings.EqualFold(name, column.Name) {
			return (&failure{http.StatusBadRequest, "INVALID_FIELD", "The " + column.Name + " field should not be specified in the sobject data.", []string{}}).answer()
		}
	}
	made, id, problem := c.upsertFields(e, object, column, value, ids, fields)
	if problem != nil {
		return problem.answer()
	}
	status := http.StatusOK
	if made {
		status = http.StatusCreated
	}
	return c.created(e, id, status, document{{"id", id}, {"success", true}, {"errors", []any{}}, {"created", made}})
}

func (c *call) upsertFields(e *entity, object *soql.Object, column *column, value string, ids []string, fields map[string]any) (made bool, id string, problem *failure) {
	if len(ids) == 1 {
		return false, ids[0], c.update(e, object, ids[0], fields)
	}
	if column.Type == "id" {
		return false, "", &failure{http.StatusNotFound, "INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", []string{}}
	}
	fields[column.Name] = value
	id, problem = c.create(e, object, fields)
	return true, id, problem
}
