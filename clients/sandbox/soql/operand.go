// An operand is what a query reads from a row: a field, or a function of one.

package soql

import (
	"slices"
	"strings"
	"time"

	"github.com/alecthomas/participle/v2/lexer"
)

type operand struct {
	at    lexer.Position
	path  *path                           // nil for COUNT()
	name  string                          // as messages call it
	key   string                          // the same for operands that are the same
	typ   string                          // as Field.Type
	value func(Row) any                   // of a row, or of a group once grouped
	each  func(Row) any                   // of each row of a group, for an aggregate
	total func() aggregate                // makes what adds them up; nil for all but aggregates
	date  bool                            // the operand is a date function
	shown func(typ string, value any) any // FORMAT: makes of its value what a person reads; nil: the value itself
}

// labels are the functions for a person's eyes. All but FORMAT pass their field's value.
var labels = []string{"tolabel", "format", "convertcurrency"}

func (s *scope) operand(e *expression) (*operand, error) {
	if !e.Call {
		return s.fieldOperand(e)
	}
	function := strings.ToLower(e.Name)
	if function == "count" && e.Argument == nil {
		return &operand{at: e.Pos, name: "COUNT()", key: "count()", typ: "int", total: aggregates["count"]}, nil
	}
	makes, isAggregate := aggregates[function]
	part, isDate := dateParts[function]
	isLabel := slices.Contains(labels, function)
	if e.Argument == nil || !isAggregate && !isDate && !isLabel {
		return nil, s.noFunction(e)
	}
	inner, err := s.operand(e.Argument)
	if err != nil {
		return nil, err
	}
	switch {
	case isLabel && inner.path != nil:
		if function == "format" {
			inner.shown = formatted
		}
		return inner, nil
	case inner.total != nil || inner.date: // no function of those but a label
		return nil, s.noFunction(e)
	case isDate:
		return s.dateOperand(e, inner, part)
	}
	if !aggregatable(function, inner.path.field) {
		return nil, malformed("field %s does not support aggregate operator %s", inner.name, strings.ToUpper(function))
	}
	made := &operand{at: e.Pos, path: inner.path, name: inner.name, typ: aggregateType(function, inner.typ), each: inner.value, total: makes}
	made.key = function + "(" + inner.key + ")"
	return made, nil
}

func (s *scope) fieldOperand(e *expression) (*operand, error) {
	found, err := s.resolve(e)
	if err != nil {
		return nil, err
	}
	made := &operand{at: e.Pos, path: found, name: found.String(), key: strings.ToLower(found.String()), typ: found.field.Type}
	rows, field := s.rows, found.field.Name
	if len(found.parents) == 0 {
		made.value = func(row Row) any { return row.Value(field) }
	} else {
		made.value = func(row Row) any { return found.value(rows, row) }
	}
	return made, nil
}

// read is the operand's value as the query asks for it.
func (o *operand) read(row Row) any {
	value := o.value(row)
	if o.shown == nil || isNull(value) {
		return value
	}
	return o.shown(o.typ, value)
}

// A datePart is a function of a date, reckoned in UTC.
type datePart struct {
	typ  string
	read func(time.Time) any
}

var dateParts = map[string]datePart{
	"calendar_year":    whole(func(t time.Time) int { return t.Year() }),
	"calendar_quarter": whole(func(t time.Time) int { return (int(t.Month()) + 2) / 3 }),
	"calendar_month":   whole(func(t time.Time) int { return int(t.Month()) }),
	"fiscal_year":      whole(func(t time.Time) int { return t.Year() }),
	"fiscal_quarter":   whole(func(t time.Time) int { return (int(t.Month()) + 2) / 3 }),
	"fiscal_month":     whole(func(t time.Time) int { return int(t.Month()) }),
	"day_in_month":     whole(func(t time.Time) int { return t.Day() }),
	"day_in_week":      whole(func(t time.Time) int { return int(t.Weekday()) + 1 }),
	"day_in_year":      whole(func(t time.Time) int { return t.YearDay() }),
	"week_in_month":    whole(func(t time.Time) int { return (t.Day()-1)/7 + 1 }),
	"week_in_year":     whole(func(t time.Time) int { return (t.YearDay()-1)/7 + 1 }),
	"hour_in_day":      whole(func(t time.Time) int { return t.Hour() }),
	"day_only":         {typ: "date", read: func(t time.Time) any { return dateOf(t) }},
}

func whole(read func(time.Time) int) datePart {
	return datePart{typ: "int", read: func(t time.Time) any { return int64(read(t)) }}
}

func (s *scope) dateOperand(e *expression, inner *operand, part datePart) (*operand, error) {
	if inner.typ != "datetime" && inner.typ != "date" {
		return nil, s.fail(e.Pos, malformedQuery, "field %s does not support date function %s", inner.name, strings.ToUpper(e.Name))
	}
	made := &operand{at: e.Pos, path: inner.path, name: inner.name, typ: part.typ, date: true}
	made.key = strings.ToLower(e.Name) + "(" + inner.key + ")"
	made.value = func(row Row) any {
		switch v := inner.value(row).(type) {
		case time.Time:
			return part.read(v.UTC())
		case Date:
			if t, err := time.Parse(time.DateOnly, string(v)); err == nil {
				return part.read(t)
			}
		}
		return nil
	}
	return made, nil
}
