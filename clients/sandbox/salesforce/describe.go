// Describes: what objects there are, and all about one.

package salesforce

import (
	"net/http"
	"slices"
	"strings"

	"zsf/clients/sandbox/soql"
)

// sobjects answers everything under /sobjects.
func (c *call) sobjects(rest []string) answer {
	if len(rest) == 0 {
		return c.only(http.MethodGet, c.globalDescribe)
	}
	rows := c.view(false)
	e, known := rows.entity(rest[0])
	if rows.refused != "" {
		return fail(http.StatusForbidden, "INSUFFICIENT_ACCESS", "You do not have access to "+rows.refused+". View Setup and Configuration is needed.")
	}
	if !known {
		return notFound()
	}
	object := c.org.object(e, c.who, c.tooling)
	switch {
	case len(rest) == 1:
		return c.collection(e, object)
	case rest[1] == "describe":
		if len(rest) > 2 {
			return notFound()
		}
		return c.only(http.MethodGet, func() answer { return ok(c.describe(e, object)) })
	case len(rest) == 2 && strings.EqualFold(rest[1], "Id") && c.method == http.MethodPost:
		return c.post(e, object, member{"created", true}) // an upsert of what has no id yet
	case len(rest) == 2:
		return c.row(e, object, rest[1])
	case len(rest) == 3:
		return c.byExternalID(e, object, rest[1], rest[2])
	}
	return notFound()
}

func (c *call) collection(e *entity, object *soql.Object) answer {
	switch c.method {
	case http.MethodGet:
		recent := []any{}
		return ok(document{{"objectDescribe", c.brief(e, object)}, {"recentItems", recent}})
	case http.MethodPost:
		return c.post(e, object)
	}
	return notAllowed(c.method, "HEAD", "GET", "POST")
}

func (c *call) globalDescribe() answer {
	names := c.org.schema.names
	if c.tooling {
		names = c.org.schema.toolNames
	}
	names = slices.Sorted(slices.Values(names))
	rows := c.view(false)
	list := make([]any, 0, len(names))
	for _, name := range names {
		if e, known := rows.entity(name); known {
			list = append(list, c.brief(e, c.org.object(e, c.who, c.tooling)))
		}
	}
	return ok(document{{"encoding", "UTF-8"}, {"maxBatchSize", 200}, {"sobjects", list}})
}

// brief is an object in the global describe.
func (c *call) brief(e *entity, object *soql.Object) document {
	base := e.url(c.version, c.tooling)
	return append(c.traits(e, object), member{"urls", document{
		{"sobject", base}, {"describe", base + "/describe"}, {"rowTemplate", base + "/{ID}"},
	}})
}

func (c *call) traits(e *entity, o *soql.Object) document {
	business := e.objectRights && !e.streams()
	return document{
		{"activateable", false},
		{"associateEntityType", nil},
		{"associateParentEntity", nil},
		{"createable", o.Createable},
		{"custom", o.Custom},
		{"customSetting", false},
		{"deepCloneable", false},
		{"deletable", o.Deletable},
		{"deprecatedAndHidden", false},
		{"feedEnabled", business},
		{"hasSubtypes", false},
		{"isInterface", false},
		{"isSubtype", false},
		{"keyPrefix", text(o.KeyPrefix)},
		{"label", o.Label},
		{"labelPlural", o.LabelPlural},
		{"layoutable", business},
		{"mergeable", business},
		{"mruEnabled", business},
		{"name", o.Name},
		{"queryable", o.Queryable},
		{"replicateable", business},
		{"retrieveable", !e.noURL},
		{"searchable", business || e.name == "User"},
		{"triggerable", business},
		{"undeletable", business},
		{"updateable", o.Updateable},
	}
}

// describe tells all of an object.
func (c *call) describe(e *entity, object *soql.Object) document {
	fields := make([]any, 0, len(object.Fields))
	for i := range object.Fields {
		fields = append(fields, describeField(e, &object.Fields[i]))
	}
	children := make([]any, 0, len(object.Children))
	for _, child := range object.Children {
		children = append(children, document{
			{"cascadeDelete", false},
			{"childSObject", child.Object},
			{"deprecatedAndHidden", false},
			{"field", child.Field},
			{"junctionIdListNames", []any{}},
			{"junctionReferenceTo", []any{}},
			{"relationshipName", child.Relationship},
			{"restrictedDelete", false},
		})
	}
	base := e.url(c.version, c.tooling)
	d := document{{"actionOverrides", []any{}}}
	d = append(d, c.traits(e, object)...)
	return append(d,
		member{"childRelationships", children},
		member{"compactLayoutable", e.objectRights},
		member{"fields", fields},
		member{"listviewable", nil}, member{"lookupLayoutable", nil}, member{"namedLayoutInfos", []any{}},
		member{"networkScopeFieldName", nil},
		member{"recordTypeInfos", []any{c.masterRecordType(base)}},
		member{"searchLayoutable", e.objectRights},
		member{"supportedScopes", []any{
			document{{"label", c.org.word("All "+e.plural, "모든 "+e.korean)}, {"name", "everything"}},
			document{{"label", c.org.word("My "+e.plural, "내 "+e.korean)}, {"name", "mine"}},
		}},
		member{"urls", document{
			{"sobject", base},
			{"describe", base + "/describe"},
			{"rowTemplate", base + "/{ID}"},
			{"uiDetailTemplate", c.org.base + "/{ID}"},
			{"uiEditTemplate", c.org.base + "/{ID}/e"},
			{"uiNewRecord", c.org.base + "/" + e.prefix + "/e"},
		}},
	)
}

func (c *call) masterRecordType(base string) document {
	const master = "012000000000000AAA"
	return document{
		{"active", true},
		{"available", true},
		{"defaultRecordTypeMapping", true},
		{"developerName", "Master"},
		{"master", true},
		{"name", c.org.word("Master", "마스터")},
		{"recordTypeId", master},
		{"urls", document{{"layout", base + "/describe/layouts/" + master}}},
	}
}

func describeField(e *entity, f *soql.Field) document {
	c, _ := e.column(f.Name)
	picklist := make([]any, 0, len(f.Picklist))
	for _, value := range f.Picklist {
		picklist = append(picklist, document{{"active", true}, {"defaultValue", false}, {"label", value}, {"validFor", nil}, {"value", value}})
	}
	references := make([]any, 0, len(f.ReferenceTo))
	for _, name := range f.ReferenceTo {
		references = append(references, name)
	}
	var standard any
	if f.Type == "boolean" {
		standard = false
	}
	digits, precision, scale := numeric(f.Type)
	return document{
		{"aggregatable", f.Type != "boolean" && f.Filterable},
		{"aiPredictionField", false},
		{"autoNumber", f.Name == "CaseNumber"},
		{"byteLength", byteLength(f)},
		{"calculated", false},
		{"calculatedFormula", nil},
		{"cascadeDelete", false},
		{"caseSensitive", false},
		{"compoundFieldName", nil},
		{"controllerName", nil},
		{"createable", f.Createable},
		{"custom", f.Custom},
		{"defaultValue", standard},
		{"defaultValueFormula", nil},
		{"defaultedOnCreate", c.defaulted || f.Type == "id" || f.Type == "boolean"},
		{"dependentPicklist", false},
		{"deprecatedAndHidden", false},
		{"digits", digits},
		{"displayLocationInDecimal", false},
		{"encrypted", false},
		{"externalId", f.ExternalID},
		{"extraTypeInfo", extraType(f)},
		{"filterable", f.Filterable},
		{"filteredLookupInfo", nil},
		{"formulaTreatNullNumberAsZero", false},
		{"groupable", f.Groupable},
		{"highScaleNumber", false},
		{"htmlFormatted", false},
		{"idLookup", c.lookup},
		{"inlineHelpText", nil},
		{"label", f.Label},
		{"length", f.Length},
		{"mask", nil},
		{"maskType", nil},
		{"name", f.Name},
		{"nameField", f.NameField},
		{"namePointing", len(f.ReferenceTo) > 1},
		{"nillable", f.Nillable},
		{"permissionable", f.Createable && f.Nillable},
		{"picklistValues", picklist},
		{"polymorphicForeignKey", len(f.ReferenceTo) > 1},
		{"precision", precision},
		{"queryByDistance", false},
		{"referenceTargetField", nil},
		{"referenceTo", references},
		{"relationshipName", text(f.RelationshipName)},
		{"relationshipOrder", nil},
		{"restrictedDelete", false},
		{"restrictedPicklist", false},
		{"scale", scale},
		{"searchPrefilterable", false},
		{"soapType", soapType(f.Type)},
		{"sortable", f.Sortable},
		{"type", f.Type},
		{"unique", false},
		{"updateable", f.Updateable},
		{"writeRequiresMasterRead", false},
	}
}

func byteLength(f *soql.Field) int {
	if f.Type == "id" || f.Type == "reference" {
		return 18
	}
	return f.Length * 3
}

func numeric(kind string) (digits, precision, scale int) {
	switch kind {
	case "int":
		return 8, 0, 0
	case "currency":
		return 0, 18, 2
	case "double":
		return 0, 18, 1
	case "percent":
		return 0, 3, 0
	}
	return 0, 0, 0
}

func extraType(f *soql.Field) any {
	switch {
	case f.Type == "textarea":
		return "plaintextarea"
	case f.Name == "Name" && !f.Createable:
		return "personname"
	}
	return nil
}

func soapType(kind string) string {
	switch kind {
	case "id", "reference":
		return "tns:ID"
	case "boolean", "int", "date", "double":
		return "xsd:" + kind
	case "currency", "percent":
		return "xsd:double"
	case "datetime":
		return "xsd:dateTime"
	case "complexvalue":
		return "tns:complexvalue"
	}
	return "xsd:string"
}
