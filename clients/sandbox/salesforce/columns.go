// The column metadata of a query (columns=true), which clients that print tables ask for.

package salesforce

import (
	"fmt"
	"strings"

	"zsf/clients/sandbox/soql"
)

// columns describes what the query selects. The query must have run without an error.
func (c *call) columns(result *soql.Result, rows *view) answer {
	e, found := c.org.schema.find(result.Query.From(), c.tooling)
	if !found {
		return notFound()
	}
	object, _ := rows.Object(e.name)
	items := selected(result.Query.Source)
	d := describer{view: rows}
	list := d.list(object, items)
	lower := strings.ToLower(strings.Join(items, ","))
	return ok(document{
		{"columnMetadata", list},
		{"entityName", e.name},
		{"groupBy", strings.Contains(strings.ToLower(result.Query.Source), "group by")},
		{"idSelected", strings.Contains(","+lower+",", ",id,") || strings.Contains(lower, "fields(")},
		{"keyPrefix", e.prefix},
	})
}

// selected splits a query's select list at its commas. No literals with commas can be in there.
func selected(source string) []string {
	start := strings.Index(strings.ToLower(source), "select") + len("select")
	var items []string
	depth, from := 0, start
	for i := start; i < len(source); i++ {
		switch source[i] {
		case '(':
			depth++
		case ')':
			depth--
		case ',':
			if depth == 0 {
				items = append(items, strings.TrimSpace(source[from:i]))
				from = i + 1
			}
		}
		if depth == 0 && isWord(source, i, "from") {
			return append(items, strings.TrimSpace(source[from:i]))
		}
	}
	return append(items, strings.TrimSpace(source[from:]))
}

func isWord(s string, at int, word string) bool {
	end := at + len(word)
	return end < len(s) && strings.EqualFold(s[at:end], word) && at > 0 &&
		strings.ContainsRune(" \t\r\n)", rune(s[at-1])) && strings.ContainsRune(" \t\r\n", rune(s[end]))
}

// A describer turns select items into column metadata.
type describer struct {
	view        *view
	expressions int
}

func (d *describer) list(object *soql.Object, items []string) []any {
	var list []any
	parents := map[string]int{}
	for _, item := range items {
		switch {
		case strings.HasPrefix(item, "("):
			list = append(list, d.children(object, strings.TrimSuffix(item[1:], ")")))
		case strings.HasPrefix(strings.ToLower(item), "fields("):
			list = append(list, d.all(object)...)
		case strings.Contains(item, "("):
			list = append(list, d.function(item))
		default:
			list = d.path(list, parents, object, strings.Split(strings.Fields(item)[0], "."))
		}
	}
	if list == nil {
		list = []any{}
	}
	return list
}

func (d *describer) all(object *soql.Object) []any {
	var list []any
	for i := range object.Fields {
		if object.Fields[i].Type != "complexvalue" {
			list = append(list, columnOf(&object.Fields[i]))
		}
	}
	return list
}

// path adds a field, below its parents where it has some.
func (d *describer) path(list []any, parents map[string]int, object *soql.Object, names []string) []any {
	if len(names) > 1 && strings.EqualFold(names[0], object.Name) {
		names = names[1:]
	}
	if len(names) == 1 {
		for i := range object.Fields {
			if strings.EqualFold(object.Fields[i].Name, names[0]) {
				return append(list, columnOf(&object.Fields[i]))
			}
		}
		return list
	}
	relation, target := d.parent(object, names[0])
	if target == nil {
		return list
	}
	at, known := parents[relation]
	if !known {
		at = len(list)
		parents[relation] = at
		list = append(list, columnDocument(relation, "", false, nil))
	}
	parent := list[at].(document)
	joined := parent.get("joinColumns").([]any)
	parent.set("joinColumns", d.path(joined, map[string]int{}, target, names[1:]))
	return list
}

func (d *describer) parent(object *soql.Object, relation string) (string, *soql.Object) {
	for i := range object.Fields {
		field := &object.Fields[i]
		if field.RelationshipName == "" || !strings.EqualFold(field.RelationshipName, relation) {
			continue
		}
		for _, name := range field.ReferenceTo {
			if target, ok := d.view.Object(name); ok {
				return field.RelationshipName, target
			}
		}
	}
	return "", nil
}

func (d *describer) children(object *soql.Object, query string) document {
	after := strings.Fields(query[strings.LastIndex(strings.ToLower(query), "from")+len("from"):])
	for _, child := range object.Children {
		if len(after) > 0 && strings.EqualFold(child.Relationship, after[0]) {
			if target, ok := d.view.Object(child.Object); ok {
				return columnDocument(child.Relationship, "", true, d.list(target, selected(query)))
			}
		}
	}
	return columnDocument(query, "", true, nil)
}

// function describes an aggregate, whose column is its alias or expr0, expr1 and so on.
func (d *describer) function(item string) document {
	call, alias := item, ""
	if end := strings.LastIndex(item, ")"); end >= 0 {
		call, alias = item[:end+1], strings.TrimSpace(item[end+1:])
	}
	name, _, _ := strings.Cut(call, "(")
	if alias == "" {
		alias = fmt.Sprintf("expr%d", d.expressions)
		d.expressions++
	}
	kind := "Integer"
	switch strings.ToLower(strings.TrimSpace(name)) {
	case "sum", "avg":
		kind = "Double"
	case "min", "max", "format", "tolabel":
		kind = "String"
	}
	column := columnDocument(alias, kind, true, nil)
	column.set("displayName", strings.ToLower(name)+call[len(name):])
	return column
}

func columnOf(f *soql.Field) document {
	kind := map[string]string{
		"id": "Id", "reference": "Id", "boolean": "Boolean", "int": "Integer", "double": "Double", "currency": "Decimal",
		"percent": "Double", "date": "Date", "datetime": "Datetime", "complexvalue": "complexvalue",
	}[f.Type]
	if kind == "" {
		kind = "String"
	}
	d := columnDocument(f.Name, kind, false, nil)
	d.set("custom", f.Custom)
	d.set("insertable", f.Createable)
	d.set("updatable", f.Updateable)
	return d
}

func columnDocument(name, apexType string, aggregate bool, joined []any) document {
	if joined == nil {
		joined = []any{}
	}
	number := apexType == "Integer" || apexType == "Double" || apexType == "Decimal"
	return document{
		{"aggregate", aggregate},
		{"apexType", text(apexType)},
		{"booleanType", apexType == "Boolean"},
		{"columnName", name},
		{"custom", false},
		{"displayName", name},
		{"foreignKeyName", nil},
		{"insertable", false},
		{"joinColumns", joined},
		{"numberType", number},
		{"textType", apexType == "String" || apexType == "Id"},
		{"updatable", false},
	}
}

func (d document) get(key string) any {
	for _, m := range d {
		if m.key == key {
			return m.value
		}
	}
	return nil
}

func (d document) set(key string, value any) {
	for i := range d {
		if d[i].key == key {
			d[i].value = value
		}
	}
}
