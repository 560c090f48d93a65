package soql

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// org is the small org that the tests query.
type org struct {
	objects []*Object
	rows    map[string][]fakeRow
	scanned int // rows handed out by Scan
	found   int // calls of Find
}

type fakeRow map[string]any

func (r fakeRow) Value(field string) any { return r[field] }

func (o *org) Object(name string) (*Object, bool) {
	for _, object := range o.objects {
		if strings.EqualFold(object.Name, name) {
			return object, true
		}
	}
	return nil, false
}

func (o *org) Scan(object *Object, yield func(Row) bool) {
	for _, row := range o.rows[object.Name] {
		o.scanned++
		if !yield(row) {
			return
		}
	}
}

func (o *org) Find(object *Object, id string) (Row, bool) {
	o.found++
	for _, row := range o.rows[object.Name] {
		if row["Id"] == id {
			return row, true
		}
	}
	return nil, false
}

// The ids of the fixture, told apart by their last letters alone.
const (
	acme    = "0015g00000AAAAAAA5"
	acmeLC  = "0015g00000AAAAaAAP" // in another letter's case a different record
	korea   = "0015g00000AAAACAA5"
	japan   = "0015g00000AAAADAA5"
	rocket  = "0015g00000AAAAEAA5"
	percent = "0015g00000AAAAFAA5"

	ada   = "0055g00000BBBBAAA5"
	root  = "0055g00000BBBBBAA5"
	queue = "00G5g00000CCCCAEA5"
)

var now = time.Date(2026, time.November, 18, 15, 4, 5, 0, time.UTC) // a Wednesday

func clock() time.Time { return now }

func at(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return t
}

func newOrg() *org {
	o := &org{rows: map[string][]fakeRow{}}
	o.objects = []*Object{
		{Name: "Account", Queryable: true, Fields: []Field{
			usable("Id", "id"), nameField(), usable("Industry", "picklist"), usable("Rating", "picklist"),
			usable("NumberOfEmployees", "int"), usable("AnnualRevenue", "currency"), usable("Active__c", "boolean"),
			usable("Tags__c", "multipicklist"), usable("CreatedDate", "datetime"), usable("Founded__c", "date"),
			unusable("Description", "textarea"),
			reference("OwnerId", "Owner", "User", "Group"), reference("ParentId", "Parent", "Account"),
		}, Children: []Child{
			{Relationship: "Contacts", Object: "Contact", Field: "AccountId"},
			{Relationship: "ChildAccounts", Object: "Account", Field: "ParentId"},
		}},
		{Name: "Contact", Queryable: true, Fields: []Field{
			usable("Id", "id"), nameField(), usable("Email", "email"), reference("AccountId", "Account", "Account"),
			reference("OwnerId", "Owner", "User"),
		}},
		{Name: "User", Queryable: true, Fields: []Field{
			usable("Id", "id"), nameField(), usable("IsActive", "boolean"), reference("ManagerId", "Manager", "User"),
		}},
		{Name: "Group", Queryable: true, Fields: []Field{usable("Id", "id"), nameField()}},
		{Name: "LoginHistory", Queryable: true, Fields: []Field{
			usable("Id", "id"), usable("LoginType", "picklist"), unusable("Status", "string"), usable("LoginTime", "datetime"),
		}},
		{Name: "FlexiPage", Queryable: true, Fields: []Field{
			usable("Id", "id"), usable("DeveloperName", "string"), unusable("FullName", "string"), unusable("Metadata", "complexvalue"),
		}},
		{Name: "Hidden", Fields: []Field{usable("Id", "id")}},
	}
	o.fill()
	for _, rows := range o.rows {
		slices.SortFunc(rows, func(a, b fakeRow) int { return cmp.Compare(a["Id"].(string), b["Id"].(string)) })
	}
	return o
}

func (o *org) fill() {
	o.rows["User"] = []fakeRow{
		{"Id": ada, "Name": "Ada", "IsActive": true, "ManagerId": root},
		{"Id": root, "Name": "루트", "IsActive": false},
	}
	o.rows["Group"] = []fakeRow{{"Id": queue, "Name": "Queue"}}
	o.rows["Account"] = []fakeRow{
		{"Id": acme, "Name": "Acme", "Industry": "Banking", "Rating": "Hot", "NumberOfEmployees": int64(100), "AnnualRevenue": 1000.5, "Active__c": true, "Tags__c": "A;B", "CreatedDate": at("2026-11-18T01:00:00Z"), "Founded__c": Date("2026-11-18"), "OwnerId": ada, "Description": "first"},
		{"Id": acmeLC, "Name": "ACME", "Industry": "Banking", "NumberOfEmployees": int64(20), "AnnualRevenue": 99.5, "Active__c": false, "Tags__c": "B", "CreatedDate": at("2026-11-17T23:59:59Z"), "Founded__c": Date("2026-11-17"), "OwnerId": ada, "ParentId": acme},
		{"Id": korea, "Name": "한국전자", "Industry": "Energy", "NumberOfEmployees": int64(3000), "Active__c": true, "CreatedDate": at("2026-11-08T00:00:00Z"), "Founded__c": Date("2026-10-31"), "OwnerId": root, "ParentId": acmeLC},
		{"Id": japan, "Name": "株式会社サクラ", "NumberOfEmployees": int64(7), "CreatedDate": at("2026-10-20T12:00:00Z"), "Founded__c": Date("2025-12-31"), "OwnerId": queue},
		{"Id": rocket, "Name": "🚀 O'Neil & Ürün", "Industry": "energy", "Rating": "Cold", "Active__c": true, "CreatedDate": at("2025-11-18T12:00:00Z")},
		{"Id": percent, "Name": `100%_\path`, "Industry": "Retail", "CreatedDate": at("2026-12-01T00:00:00Z"), "Founded__c": Date("2026-11-25")},
	}
	o.rows["Contact"] = []fakeRow{
		{"Id": "0035g00000DDDDAAA5", "Name": "Zoë", "Email": "zoe@acme.test", "AccountId": acme, "OwnerId": ada},
		{"Id": "0035g00000DDDDBAA5", "Name": "김철수", "Email": "kim@korea.test", "AccountId": korea, "OwnerId": root},
		{"Id": "0035g00000DDDDCAA5", "Name": "Bob", "AccountId": acme},
		{"Id": "0035g00000DDDDDAA5", "Name": "Nobody", "Email": "n@b.test"},
	}
	o.rows["LoginHistory"] = []fakeRow{
		{"Id": "0Ya5g00000EEEEACA5", "LoginType": "Application", "Status": "Success", "LoginTime": at("2026-11-18T02:00:00Z")},
	}
	o.rows["FlexiPage"] = []fakeRow{
		{"Id": "0M05g00000FFFFACA5", "DeveloperName": "Account_Page", "FullName": "Account_Page", "Metadata": map[string]any{"type": "RecordPage"}},
		{"Id": "0M05g00000FFFFBCA5", "DeveloperName": "Lead_Page", "FullName": "Lead_Page", "Metadata": map[string]any{"type": "RecordPage"}},
	}
}

func usable(name, typ string) Field {
	return Field{
		Name: name, Type: typ, Filterable: true, Sortable: typ != "multipicklist", Groupable: typ != "datetime" && typ != "currency",
		Custom: strings.HasSuffix(name, "__c"),
	}
}

func nameField() Field {
	f := usable("Name", "string")
	f.NameField = true
	return f
}

func unusable(name, typ string) Field { return Field{Name: name, Type: typ} }

func reference(name, relationship string, to ...string) Field {
	f := usable(name, "reference")
	f.RelationshipName, f.ReferenceTo = relationship, to
	return f
}
