// Run: a query over rows, from its scan to its records.

package soql

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/alecthomas/participle/v2/lexer"
)

// maxOffset is the farthest that OFFSET may skip, from the SOQL reference.
const maxOffset = 2000

// Run answers q from rows. Its errors are *Error, or wrap the error of ctx, which it heeds during long scans.
// Date literals are reckoned from clock, in the zone of the time that it gives.
func Run(ctx context.Context, q *Query, rows Rows, clock Clock) (*Result, error) {
	r := &running{cancelled: ctx.Err, query: q, rows: rows, source: q.Source, now: clock()}
	s, err := r.open(q.statement.From)
	if err != nil {
		return nil, err
	}
	if offset := q.statement.Offset; offset != nil && offset.n > maxOffset {
		return nil, &Error{Code: outsideRange, Message: fmt.Sprintf("Maximum SOQL offset allowed for apiName %s is %d", s.object.Name, maxOffset)}
	}
	isCount, isAggregate := q.statement.shape()
	switch {
	case isCount:
		return s.count(q.statement)
	case isAggregate:
		return s.aggregate(q.statement)
	}
	plan, err := s.plan(q.statement)
	if err != nil {
		return nil, err
	}
	records, err := plan.records()
	if err != nil {
		return nil, err
	}
	return &Result{Query: q, Records: records, Total: len(records)}, nil
}

// running is what one Run carries about.
type running struct {
	cancelled func() error // the context's error, once it has one
	query     *Query
	rows      Rows
	source    string
	now       time.Time
	visited   int
}

func (r *running) fail(at lexer.Position, code, format string, args ...any) error {
	return failAt(r.source, at, code, format, args...)
}

// shape tells a bare SELECT COUNT() and an aggregate query from one for rows.
func (st *statement) shape() (isCount, isAggregate bool) {
	isAggregate = len(st.GroupBy) > 0
	for _, item := range st.Select {
		isAggregate = isAggregate || item.Expression.isAggregate()
	}
	for _, by := range st.OrderBy {
		isAggregate = isAggregate || by.Expression.isAggregate()
	}
	only := st.Select[0]
	isCount = len(st.Select) == 1 && only.Alias == nil && len(st.GroupBy) == 0 && only.Expression.isBareCount()
	return isCount, isAggregate
}

func (e *expression) isBareCount() bool {
	return e != nil && e.Call && e.Argument == nil && strings.EqualFold(e.Name, "COUNT")
}

func (e *expression) isAggregate() bool {
	if e == nil || !e.Call {
		return false
	}
	function := strings.ToLower(e.Name)
	_, isDate := dateParts[function]
	return aggregates[function] != nil || isDate || e.Argument.isAggregate()
}

// checkEvery is how many rows pass between two looks at the context.
const checkEvery = 512

// scan visits the rows that f wants, in id order, until yield returns false.
func (s *scope) scan(f filter, yield func(Row) bool) error {
	visit := func(row Row) bool {
		s.visited++
		if s.visited%checkEvery == 0 && s.cancelled() != nil {
			return false
		}
		return !f.match(row) || yield(row)
	}
	if s.cancelled() == nil {
		if f.byID {
			s.visitIDs(f.ids, visit)
		} else {
			s.rows.Scan(s.object, visit)
		}
	}
	return s.stopped()
}

// stopped is the context's error, if it has one.
func (s *scope) stopped() error {
	if err := s.cancelled(); err != nil {
		return fmt.Errorf("query on %s was stopped: %w", s.object.Name, err)
	}
	return nil
}

func (s *scope) visitIDs(ids []string, visit func(Row) bool) {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		if row, ok := s.rows.Find(s.object, id); ok && !visit(row) {
			return
		}
	}
}

// count answers SELECT COUNT().
func (s *scope) count(st *statement) (*Result, error) {
	if len(st.OrderBy) > 0 {
		return nil, notGrouped("Ordered field", st.OrderBy[0].Expression)
	}
	wanted, err := s.where(st.Where, false)
	if err != nil {
		return nil, err
	}
	enough := st.enough()
	total := 0
	if enough != 0 {
		err = s.scan(wanted, func(Row) bool {
			total++
			return total != enough
		})
	}
	if err != nil {
		return nil, err
	}
	if st.Offset != nil {
		total = max(total-st.Offset.n, 0)
	}
	return &Result{Query: s.query, Total: total, Count: true}, nil
}

// enough is how many rows an unsorted answer needs, or -1 for all of them.
func (st *statement) enough() int {
	switch {
	case st.Limit == nil:
		return -1
	case st.Limit.n == 0 || st.Offset == nil:
		return st.Limit.n
	}
	return st.Limit.n + st.Offset.n
}

// cut applies OFFSET and LIMIT.
func cut[T any](all []T, st *statement) []T {
	if st.Offset != nil {
		all = all[min(st.Offset.n, len(all)):]
	}
	if st.Limit != nil {
		all = all[:min(st.Limit.n, len(all))]
	}
	return all
}

// A sorting is one item of ORDER BY.
type sorting struct {
	value      func(Row) any
	descending bool
	nullsLast  bool
}

func newSorting(by *ordering, value func(Row) any) sorting {
	return sorting{value: value, descending: by.Descending, nullsLast: strings.EqualFold(by.Nulls, "LAST")}
}

// sortRows keeps the order of rows that no item tells apart.
func sortRows(rows []Row, by []sorting) {
	if len(by) == 0 {
		return
	}
	type keyed struct {
		row  Row
		keys []any
	}
	all := make([]keyed, len(rows))
	keys := make([]any, len(rows)*len(by))
	for i, row := range rows {
		all[i] = keyed{row: row, keys: keys[i*len(by) : (i+1)*len(by)]}
		for j := range by {
			all[i].keys[j] = by[j].value(row)
		}
	}
	slices.SortStableFunc(all, func(a, b keyed) int {
		for j := range by {
			if order := by[j].compare(a.keys[j], b.keys[j]); order != 0 {
				return order
			}
		}
		return 0
	})
	for i := range all {
		rows[i] = all[i].row
	}
}

func (s sorting) compare(a, b any) int {
	nullA, nullB := isNull(a), isNull(b)
	if nullA || nullB {
		order := truth(nullB) - truth(nullA) // nulls first, whichever the direction
		if s.nullsLast {
			order = -order
		}
		return order
	}
	if s.descending {
		return compare(b, a)
	}
	return compare(a, b)
}
