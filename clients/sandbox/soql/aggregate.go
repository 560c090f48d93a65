// Aggregate queries: rows become groups, and groups become the records of an AggregateResult.

package soql

import (
	"fmt"
	"strings"
)

// An aggregate adds up one column of a group. Nulls do not count.
type aggregate interface {
	add(value any)
	result() any
}

var aggregates = map[string]func() aggregate{
	"count":          func() aggregate { return new(counter) },
	"count_distinct": func() aggregate { return distinct{} },
	"sum":            func() aggregate { return new(sum) },
	"avg":            func() aggregate { return new(average) },
	"min":            func() aggregate { return &extreme{sign: -1} },
	"max":            func() aggregate { return &extreme{sign: 1} },
}

type counter int64

func (c *counter) add(any)     { *c++ }
func (c *counter) result() any { return int64(*c) }

type distinct map[string]bool

func (d distinct) add(value any) { d[identity(value)] = true }
func (d distinct) result() any   { return int64(len(d)) }

type sum struct {
	whole  int64
	real   float64
	isReal bool
	seen   bool
}

func (s *sum) add(value any) {
	s.seen = true
	if n, ok := value.(int64); ok {
		s.whole += n
		return
	}
	n, _ := number(value)
	s.real, s.isReal = s.real+n, true
}

func (s *sum) result() any {
	switch {
	case !s.seen:
		return nil
	case s.isReal:
		return s.real + float64(s.whole)
	}
	return s.whole
}

type average struct {
	total float64
	n     int
}

func (a *average) add(value any) {
	n, _ := number(value)
	a.total += n
	a.n++
}

func (a *average) result() any {
	if a.n == 0 {
		return nil
	}
	return a.total / float64(a.n)
}

type extreme struct {
	sign int // 1 for the greatest, -1 for the least
	best any
}

func (e *extreme) add(value any) {
	if e.best == nil || compare(value, e.best)*e.sign > 0 {
		e.best = value
	}
}

func (e *extreme) result() any { return e.best }

// aggregatable tells which functions take a field, as the SOQL reference lists them by type.
func aggregatable(function string, field *Field) bool {
	if field.Type == "boolean" || field.Type == "complexvalue" || field.Type == "textarea" && !field.Filterable {
		return false
	}
	if function == "sum" || function == "avg" {
		return kindOf(field.Type) == kindNumber
	}
	return true
}

func aggregateType(function, fieldType string) string {
	switch function {
	case "count", "count_distinct":
		return "int"
	case "avg":
		return "double"
	}
	return fieldType
}

// A grouping is an aggregate query under way: its group fields come first in a group's values, then its totals.
type grouping struct {
	*scope
	groups []*operand
	totals []*operand
	places map[string]int // by an operand's key
}

// A group is a row of a grouping. Its fields are named by an operand's key.
type group struct {
	places map[string]int
	values []any
}

func (g group) Value(key string) any { return g.values[g.places[key]] }

// aggregate answers a query with GROUP BY or with aggregate functions.
func (s *scope) aggregate(st *statement) (*Result, error) {
	g := &grouping{scope: s, places: map[string]int{}}
	if err := g.groupBy(st); err != nil {
		return nil, err
	}
	columns, err := g.columns(st)
	if err != nil {
		return nil, err
	}
	having, order, err := g.clauses(st)
	if err != nil {
		return nil, err
	}
	wanted, err := s.where(st.Where, false)
	if err != nil {
		return nil, err
	}
	rows, err := g.collect(wanted)
	if err != nil {
		return nil, err
	}
	kept := rows[:0]
	for _, row := range rows {
		if having.match(row) {
			kept = append(kept, row)
		}
	}
	sortRows(kept, order)
	records := []Record{}
	for _, row := range cut(kept, st) {
		record := Record{Columns: make([]Column, len(columns))}
		for i := range columns {
			record.Columns[i] = Column{Name: columns[i].name, Value: columns[i].value(row)}
		}
		records = append(records, record)
	}
	return &Result{Query: s.query, Records: records, Total: len(records)}, nil
}

func (g *grouping) groupBy(st *statement) error {
	for _, e := range st.GroupBy {
		made, err := g.operand(e)
		switch {
		case err != nil:
			return err
		case made.total != nil:
			return g.noFunction(e)
		case !made.date && !made.path.field.Groupable:
			return g.fail(e.Pos, malformedQuery, "field '%s' can not be grouped in a query call", made.path.field.Name)
		}
		if _, again := g.places[made.key]; !again {
			g.places[made.key] = len(g.groups)
			g.groups = append(g.groups, made)
		}
	}
	return nil
}

// columns names what the query selects: an alias, a grouped field's own name, or expr0, expr1 and so on.
func (g *grouping) columns(st *statement) ([]column, error) {
	var columns []column
	names := map[string]bool{}
	unnamed := 0
	for _, item := range st.Select {
		if item.Expression == nil {
			return nil, malformed("Subqueries are not allowed in an aggregate query")
		}
		made, err := g.grouped(item.Expression, "Field")
		if err != nil {
			return nil, err
		}
		name := made.lastName()
		switch {
		case item.Alias != nil:
			name = item.Alias.Name
		case made.total != nil || made.date:
			name = fmt.Sprintf("expr%d", unnamed)
			unnamed++
		}
		if names[strings.ToLower(name)] {
			return nil, malformed("duplicate alias: %s", name)
		}
		names[strings.ToLower(name)] = true
		columns = append(columns, column{name: name, value: made.read})
	}
	return columns, nil
}

// clauses compiles HAVING and ORDER BY, and checks LIMIT and OFFSET.
func (g *grouping) clauses(st *statement) (having filter, order []sorting, err error) {
	having = filter{match: everything}
	if st.Having != nil {
		f := &filterer{running: g.running, left: func(e *expression) (*operand, error) { return g.grouped(e, "Field") }}
		if having, err = f.condition(st.Having); err != nil {
			return having, nil, err
		}
	}
	for _, by := range st.OrderBy {
		if _, err := g.sortable(by.Expression); err != nil {
			return having, nil, err
		}
		made, err := g.grouped(by.Expression, "Ordered field")
		if err != nil {
			return having, nil, err
		}
		order = append(order, newSorting(by, made.value))
	}
	if len(g.groups) == 0 {
		for clause, given := range map[string]*count{"LIMIT": st.Limit, "OFFSET": st.Offset} {
			if given != nil {
				return having, nil, malformed("Non-grouped query that uses overall aggregate functions cannot also use %s", clause)
			}
		}
	}
	return having, order, nil
}

// grouped finds an operand that reads from a group: one of its fields, or a total, which it takes on.
func (g *grouping) grouped(e *expression, what string) (*operand, error) {
	if e.isBareCount() {
		return nil, g.unexpected(e.Pos, e.Name)
	}
	if e.Call && strings.EqualFold(e.Name, "FIELDS") {
		return nil, g.noFunction(e)
	}
	made, err := g.operand(e)
	if err != nil {
		return nil, err
	}
	_, known := g.places[made.key]
	switch {
	case made.total == nil && !known:
		return nil, notGrouped(what, e)
	case made.total != nil && g.groups != nil && g.isGroup(made.path):
		return nil, malformed("Grouped field should not be aggregated: %s", made.name)
	case !known:
		g.places[made.key] = len(g.groups) + len(g.totals)
		g.totals = append(g.totals, made)
	}
	reader, key := *made, made.key
	reader.value = func(row Row) any { return row.Value(key) }
	return &reader, nil
}

func (g *grouping) isGroup(p *path) bool {
	place, ok := g.places[strings.ToLower(p.String())]
	return ok && place < len(g.groups)
}

func notGrouped(what string, e *expression) error {
	return malformed("%s must be grouped or aggregated: %s", what, e)
}

// String is the expression as the query writes it.
func (e *expression) String() string {
	if e.Call && e.Argument != nil {
		return e.Name + "(" + e.Argument.String() + ")"
	}
	if e.Call {
		return e.Name + "()"
	}
	return strings.Join(append([]string{e.Name}, e.Path...), ".")
}

// collect adds up the wanted rows, in groups in the order in which they first appear.
// Without GROUP BY all rows are one group, even when there are none.
func (g *grouping) collect(wanted filter) ([]Row, error) {
	type sums struct {
		values []any
		totals []aggregate
	}
	var found []*sums
	byKey := map[string]*sums{}
	begin := func(key string, values []any) *sums {
		fresh := &sums{values: values}
		for _, total := range g.totals {
			fresh.totals = append(fresh.totals, total.total())
		}
		byKey[key] = fresh
		found = append(found, fresh)
		return fresh
	}
	if len(g.groups) == 0 {
		begin("", nil)
	}
	err := g.scan(wanted, func(row Row) bool {
		values := make([]any, len(g.groups), len(g.groups)+len(g.totals))
		var key strings.Builder
		for i, by := range g.groups {
			values[i] = by.value(row)
			part := identity(values[i])
			fmt.Fprintf(&key, "%d:%s", len(part), part)
		}
		into, ok := byKey[key.String()]
		if !ok {
			into = begin(key.String(), values)
		}
		for i, total := range g.totals {
			if value := total.each(row); !isNull(value) {
				into.totals[i].add(value)
			}
		}
		return true
	})
	if err != nil {
		return nil, err
	}
	rows := make([]Row, 0, len(found))
	for _, one := range found {
		for _, total := range one.totals {
			one.values = append(one.values, total.result())
		}
		rows = append(rows, group{places: g.places, values: one.values})
	}
	return rows, nil
}
