// One comparison of a value with a literal: which literals a column's type takes, and what it means.

package soql

import (
	"strings"
	"time"
)

// A kind is how a column's type compares.
type kind int

const (
	kindText kind = iota
	kindID
	kindBoolean
	kindNumber
	kindDate
	kindDateTime
)

func kindOf(fieldType string) kind {
	switch fieldType {
	case "id", "reference":
		return kindID
	case "boolean":
		return kindBoolean
	case "int", "double", "currency", "percent", "long":
		return kindNumber
	case "date":
		return kindDate
	case "datetime":
		return kindDateTime
	}
	return kindText
}

// test compiles "value operator literal". A null equals only null, differs from all else, and has no order.
func (f *filterer) test(left *operand, operator string, l *literal) (func(any) bool, error) {
	if err := f.fits(left, l); err != nil {
		return nil, err
	}
	if operator == "<>" {
		operator = "!="
	}
	ordered := operator != "=" && operator != "!="
	if ordered && (kindOf(left.typ) == kindBoolean || left.typ == "multipicklist" || l.value == nil) {
		return nil, f.badOperator(left)
	}
	if l.value == nil || l.value == "" {
		return nullTest(operator), nil
	}
	compares := f.comparer(left, l, operator)
	isBoolean := kindOf(left.typ) == kindBoolean
	return func(value any) bool {
		if isNull(value) {
			if !isBoolean {
				return operator == "!="
			}
			value = false // as in an outer join
		}
		return holds(operator, compares(value))
	}, nil
}

func isNull(value any) bool { return value == nil || value == "" }

func nullTest(operator string) func(any) bool {
	switch operator {
	case "=":
		return isNull
	case "!=":
		return func(value any) bool { return !isNull(value) }
	}
	return func(any) bool { return false }
}

func holds(operator string, order int) bool {
	switch operator {
	case "=":
		return order == 0
	case "!=":
		return order != 0
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	case ">":
		return order > 0
	}
	return order >= 0
}

// comparer orders values against the literal: below it, the same or in its range, above it.
func (f *filterer) comparer(left *operand, l *literal, operator string) func(any) int {
	if named, ok := l.value.(dateRange); ok {
		return f.rangeComparer(left, named, operator)
	}
	if kindOf(left.typ) != kindID {
		want := l.value
		return func(value any) int { return compare(value, want) }
	}
	want := idKey(l.value)
	return func(value any) int { return strings.Compare(idKey(value), want) }
}

func (f *filterer) rangeComparer(left *operand, named dateRange, operator string) func(any) int {
	start, end := named.bounds(f.now)
	if named.running && operator == ">" {
		end = named.unit.add(start, 1)
		if kindOf(left.typ) == kindDateTime {
			end = start.Add(1)
		}
	}
	if kindOf(left.typ) == kindDate {
		first, after := dateOf(start), dateOf(end)
		return func(value any) int {
			have, _ := value.(Date)
			return within(have < first, have >= after)
		}
	}
	return func(value any) int {
		have, _ := value.(time.Time)
		return within(have.Before(start), !have.Before(end))
	}
}

func within(below, above bool) int {
	switch {
	case below:
		return -1
	case above:
		return 1
	}
	return 0
}

// fits refuses a literal that the operand's type does not take. Null fits every type.
func (f *filterer) fits(left *operand, l *literal) error {
	if l.value == nil {
		return nil
	}
	ok, called := false, left.typ
	_, isText := l.value.(string)
	_, isRange := l.value.(dateRange)
	switch kindOf(left.typ) {
	case kindText:
		if isText {
			return nil
		}
		return f.fail(left.at, invalidField, "value of filter criterion for field '%s' must be of type string and should be enclosed in quotes", left.lastName())
	case kindID:
		if s, _ := l.value.(string); !isText || s != "" && !ValidID(s) {
			return f.fail(left.at, invalidOperator, "invalid ID field: %s", strings.Trim(l.written(), "'"))
		}
		return nil
	case kindBoolean:
		_, ok = l.value.(bool)
	case kindNumber:
		_, ok = number(l.value)
		if called != "int" {
			called = "double"
		}
	case kindDate:
		_, ok = l.value.(Date)
		ok = ok || isRange
	case kindDateTime:
		_, ok = l.value.(time.Time)
		ok, called = ok || isRange, "dateTime"
	}
	if ok {
		return nil
	}
	return f.fail(left.at, invalidField, "value of filter criterion for field '%s' must be of type %s and should not be enclosed in quotes", left.lastName(), called)
}

func (o *operand) lastName() string {
	if o.path == nil {
		return o.name
	}
	return o.path.field.Name
}
