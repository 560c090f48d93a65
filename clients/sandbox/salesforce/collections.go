// sObject collections: up to 200 records created, changed, deleted or read in one call.

package salesforce

import (
	"fmt"
	"net/http"
	"strings"

	"zsf/clients/sandbox/soql"
)

const (
	maxRecords  = 200
	maxRetrieve = 2000 // records that a read by POST may ask for
)

// A recordList is the body of a collection request.
type recordList struct {
	AllOrNone bool             `json:"allOrNone"`
	Records   []map[string]any `json:"records"`
	IDs       []string         `json:"ids"`
	Fields    []string         `json:"fields"`
}

// collections answers /composite/sobjects, with an object's name for reads and an id field for upserts.
func (c *call) collections(rest []string) answer {
	if c.method == http.MethodDelete && len(rest) == 0 {
		return c.deleteMany()
	}
	if c.method == http.MethodGet && len(rest) == 1 {
		return c.retrieveMany(rest[0], commaList(c.query.Get("ids")), commaList(c.query.Get("fields")))
	}
	var list recordList
	if c.method == http.MethodPost || c.method == http.MethodPatch {
		if problem := decode(c.body, &list); problem != nil {
			return problem.answer()
		}
	}
	switch {
	case c.method == http.MethodPost && len(rest) == 1:
		return c.retrieveMany(rest[0], list.IDs, list.Fields)
	case len(rest) == 0 && (c.method == http.MethodPost || c.method == http.MethodPatch):
		return c.writeMany(list, nil)
	case len(rest) == 2 && c.method == http.MethodPatch:
		return c.writeMany(list, rest)
	case len(rest) == 0:
		return notAllowed(c.method, "DELETE", "PATCH", "POST")
	}
	return notFound()
}

func commaList(s string) []string {
	if s == "" {
		return nil
	}
	parts := strings.Split(s, ",")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return parts
}

func tooMany(n int) answer {
	return fail(http.StatusBadRequest, "EXCEEDED_ID_LIMIT", fmt.Sprintf("record limit reached. cannot submit more than %d records into this call", n))
}

// writeMany creates, updates or, by an object and its id field, upserts.
func (c *call) writeMany(list recordList, upsert []string) answer {
	if len(list.Records) > maxRecords {
		return tooMany(maxRecords)
	}
	if len(list.Records) == 0 {
		return fail(http.StatusBadRequest, "INVALID_INPUT", "Missing required field: records")
	}
	return c.each(len(list.Records), list.AllOrNone, func(i int) (document, *failure) {
		return c.writeOne(list.Records[i], upsert)
	})
}

func (c *call) writeOne(record map[string]any, upsert []string) (document, *failure) {
	attributes, _ := record["attributes"].(map[string]any)
	name := str(attributes["type"])
	if len(upsert) > 0 && name == "" {
		name = upsert[0]
	}
	rows := c.view(false)
	e, known := rows.entity(name)
	if !known {
		return nil, refuse("INVALID_TYPE", "sObject type '"+name+"' is not supported.")
	}
	object := c.org.object(e, c.who, c.tooling)
	fields := map[string]any{}
	id := ""
	for field, value := range record {
		if strings.EqualFold(field, "id") && (c.method == http.MethodPatch) {
			id = str(value)
			continue
		}
		fields[field] = value
	}
	switch {
	case upsert != nil:
		return c.upsertOne(e, object, upsert[1], fields, id)
	case c.method == http.MethodPost:
		made, problem := c.create(e, object, fields)
		return document{{"id", made}, {"success", true}, {"errors", []any{}}}, problem
	}
	if problem := wellFormed(e, id); problem != nil {
		return nil, problem
	}
	return document{{"id", soql.To18(id)}, {"success", true}, {"errors", []any{}}}, c.update(e, object, soql.To18(id), fields)
}

func (c *call) upsertOne(e *entity, object *soql.Object, field string, fields map[string]any, id string) (document, *failure) {
	column, known := e.column(field)
	if !known || !column.lookup {
		return nil, refuse("INVALID_FIELD", "Field name provided, "+field+" is not an External ID or indexed field")
	}
	value := id
	if column.Type != "id" {
		value = str(fields[column.Name])
		delete(fields, column.Name)
	}
	var ids []string
	if value != "" {
		ids = c.lookUp(e, column, value)
	}
	if len(ids) > 1 {
		return nil, refuse("DUPLICATE_EXTERNAL_ID", fmt.Sprintf("%s: more than one record found for external id field: [%s]", column.Name, strings.Join(ids, ", ")), column.Name)
	}
	if column.Type == "id" && value == "" {
		made, problem := c.create(e, object, fields)
		return document{{"id", made}, {"success", true}, {"errors", []any{}}, {"created", true}}, problem
	}
	made, found, problem := c.upsertFields(e, object, column, value, ids, fields)
	return document{{"id", found}, {"success", true}, {"errors", []any{}}, {"created", made}}, problem
}

func wellFormed(e *entity, id string) *failure {
	if !soql.ValidID(id) {
		return refuse("MALFORMED_ID", "malformed id "+id, "Id")
	}
	if !strings.HasPrefix(soql.To18(id), e.prefix) {
		return refuse("MALFORMED_ID", fmt.Sprintf("%s ID: id value of incorrect type: %s", e.label, id), "Id")
	}
	return nil
}

func (c *call) deleteMany() answer {
	ids := commaList(c.query.Get("ids"))
	if len(ids) == 0 {
		return fail(http.StatusBadRequest, "INVALID_INPUT", "Missing required parameter: ids")
	}
	if len(ids) > maxRecords {
		return tooMany(maxRecords)
	}
	return c.each(len(ids), strings.EqualFold(c.query.Get("allOrNone"), "true"), func(i int) (document, *failure) {
		id := soql.To18(ids[i])
		if !soql.ValidID(id) {
			return nil, refuse("MALFORMED_ID", "malformed id "+id)
		}
		e, known := c.org.schema.byPrefix(id[:3], c.tooling)
		if !known || !c.who.on(e).read {
			return nil, refuse("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id")
		}
		return document{{"id", id}, {"success", true}, {"errors", []any{}}}, c.remove(e, c.org.object(e, c.who, c.tooling), id)
	})
}

// each does n writes. One that fails is taken back; with allOrNone so are all the others.
func (c *call) each(n int, allOrNone bool, write func(int) (document, *failure)) answer {
	whole := c.tx
	defer func() { c.tx = whole }()
	results := make([]any, n)
	problems := make([]*failure, n)
	broken := false
	inside := &transaction{}
	for i := range n {
		c.tx = &transaction{}
		done, problem := write(i)
		results[i], problems[i] = done, problem
		if problem != nil {
			c.tx.rollback()
			broken = true
			continue
		}
		inside.undo = append(inside.undo, c.tx.undo...)
	}
	if broken && allOrNone {
		inside.rollback()
	}
	whole.undo = append(whole.undo, inside.undo...)
	for i, problem := range problems {
		if problem == nil && broken && allOrNone {
			problem = refuse("ALL_OR_NONE_OPERATION_ROLLED_BACK", "Record rolled back because not all records were valid and the request was using AllOrNone header")
		}
		if problem != nil {
			if problem.fields == nil {
				problem.fields = []string{}
			}
			results[i] = document{{"success", false}, {"errors", []any{problem.document("statusCode")}}}
		}
	}
	return ok(results)
}

// retrieveMany reads rows of one object; those that are not there come as null.
func (c *call) retrieveMany(name string, ids, fields []string) answer {
	rows := c.view(false)
	e, known := rows.entity(name)
	if !known {
		return notFound()
	}
	most := maxRetrieve
	if c.method == http.MethodGet {
		most = 800
	}
	switch {
	case len(ids) > most:
		return tooMany(most)
	case len(ids) == 0 || len(fields) == 0:
		return fail(http.StatusBadRequest, "INVALID_INPUT", "Missing required parameter: ids and fields")
	}
	object := c.org.object(e, c.who, c.tooling)
	list := make([]any, len(ids))
	for i, id := range ids {
		row, deleted, found := rows.find(e, id)
		if !found || deleted {
			continue
		}
		d := document{{"attributes", c.attributes(object, soql.To18(id))}}
		hasID := false
		for _, name := range fields {
			field, visible := visibleField(object, name)
			if !visible {
				return fail(http.StatusBadRequest, "INVALID_FIELD", noColumn(name, e))
			}
			hasID = hasID || field.Name == "Id"
			d = append(d, member{field.Name, row.Value(field.Name)})
		}
		if !hasID {
			d = append(d, member{"Id", soql.To18(id)})
		}
		list[i] = d
	}
	return ok(list)
}
