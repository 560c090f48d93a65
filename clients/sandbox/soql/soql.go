// Package soql parses SOQL and runs it over in-memory objects.
// It knows the language and its errors; what objects there are, and who may see them, is the caller's.
package soql

import "time"

// A Schema is what a query can name. Names are found without regard to case.
type Schema interface {
	Object(name string) (*Object, bool)
}

// Rows is the data behind a Schema. Scan visits the rows in id order until yield returns false;
// it may make each row only when asked, as an object can have hundreds of thousands.
// Find is asked for ids of 18 characters.
type Rows interface {
	Schema
	Scan(object *Object, yield func(Row) bool)
	Find(object *Object, id string) (Row, bool)
}

// A Row answers for one field, by the field's exact name in its Object.
// Values are nil, string, bool, int64, float64, time.Time (datetime), Date, or, where a field is
// a document rather than a column (Type "complexvalue"), anything that encodes as JSON.
type Row interface {
	Value(field string) any
}

// A Date is a calendar day, YYYY-MM-DD, without a zone.
type Date string

// An Object is one sObject's columns, as its describe names them.
type Object struct {
	Name        string
	Label       string
	LabelPlural string
	KeyPrefix   string
	Custom      bool
	Createable  bool
	Updateable  bool
	Deletable   bool
	Queryable   bool
	Fields      []Field
	Children    []Child // what a sub-query in SELECT can name
}

// A Child is a relationship to the rows of another object that point here: an Account's Contacts.
type Child struct {
	Relationship string // what a query calls them: Contacts
	Object       string
	Field        string // the child's reference field: AccountId
}

// A Field is one column.
type Field struct {
	Name             string
	Label            string
	Type             string // id, reference, string, boolean, int, double, currency, date, datetime, picklist, email, phone, url, textarea, complexvalue
	Length           int
	Nillable         bool
	Createable       bool
	Updateable       bool
	Filterable       bool
	Sortable         bool
	Groupable        bool
	ExternalID       bool
	NameField        bool
	Custom           bool
	ReferenceTo      []string // the objects that a reference can point to
	RelationshipName string   // what a query calls the parent: Owner, Account, Parent
	Picklist         []string
}

// A Record is one row of an answer, its columns in the order in which the query named them.
type Record struct {
	Object  *Object // nil for the rows of an aggregate query ("AggregateResult")
	ID      string
	Columns []Column
}

// A Column holds what Row.Value may return, a *Record for a parent (nil where there is none),
// or a *Result for a sub-query (nil where it found nothing).
type Column struct {
	Name  string
	Value any
}

// A Result is a whole answer; cutting it into batches is the caller's.
type Result struct {
	Query   *Query
	Records []Record
	Total   int  // also the answer of SELECT COUNT(), whose Records are empty
	Count   bool // the query was SELECT COUNT()
}

// An Error is Salesforce's own: an error code such as MALFORMED_QUERY, INVALID_FIELD or INVALID_TYPE
// and a message in the service's form.
type Error struct {
	Code    string
	Message string
}

func (e *Error) Error() string { return e.Code + ": " + e.Message }

// A Clock gives the time that date literals such as TODAY and LAST_N_DAYS are reckoned from.
type Clock func() time.Time
