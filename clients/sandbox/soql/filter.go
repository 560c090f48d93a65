// WHERE and HAVING: conditions become functions that tell whether a row, or a group, is wanted.

package soql

import (
	"slices"
	"strings"

	"github.com/alecthomas/participle/v2/lexer"
)

// A filter tells whether a row is wanted. Where it can only want rows with certain ids it names them.
type filter struct {
	match func(Row) bool
	byID  bool
	ids   []string // with byID: 18 characters each
}

// A filterer compiles the conditions of one WHERE or HAVING.
type filterer struct {
	*running
	left  func(*expression) (*operand, error) // finds what a comparison is of, and checks that it may be
	outer *Object                             // nil where sub-selects are not allowed
	joins int
}

// maxJoins is how many sub-selects one WHERE may hold, from the SOQL reference.
const maxJoins = 2

func everything(Row) bool { return true }

// where compiles the WHERE of a scope; an inner one is that of a sub-select.
func (s *scope) where(tree *condition, inner bool) (filter, error) {
	if tree == nil {
		return filter{match: everything}, nil
	}
	f := &filterer{running: s.running, left: s.filterable, outer: s.object}
	if err := f.checkJoins(tree, inner, ""); err != nil {
		return filter{}, err
	}
	return f.condition(tree)
}

func (s *scope) filterable(e *expression) (*operand, error) {
	made, err := s.operand(e)
	switch {
	case err != nil:
		return nil, err
	case made.total != nil:
		return nil, s.noFunction(e)
	case !made.path.field.Filterable:
		return nil, s.fail(e.Pos, invalidField, "field '%s' can not be filtered in a query call", made.path.field.Name)
	}
	return made, nil
}

// checkJoins holds Salesforce's rules of where a sub-select may stand; or is what to say of one found here.
func (f *filterer) checkJoins(tree *condition, inner bool, or string) error {
	if len(tree.Or) > 0 && or == "" {
		or = "Semi join sub-selects are not allowed with the 'OR' operator"
	}
	for _, t := range tree.terms() {
		if t.Group != nil {
			deeper := or
			if len(t.Group.Or) > 0 {
				deeper = "Semi join sub-selects are only allowed at the top level WHERE expressions."
			}
			if err := f.checkJoins(t.Group, inner, deeper); err != nil {
				return err
			}
			continue
		}
		if t.Comparison.In == nil || t.Comparison.In.Join == nil {
			continue
		}
		f.joins++
		switch {
		case inner:
			return malformed("Nesting of semi join sub-selects is not supported")
		case or != "":
			return malformed("%s", or)
		case f.joins > maxJoins:
			return malformed("Maximum %d semi join sub-selects are allowed", maxJoins)
		}
	}
	return nil
}

func (f *filterer) condition(tree *condition) (filter, error) {
	first, err := f.term(tree.First)
	if err != nil {
		return filter{}, err
	}
	if tree.Not {
		match := first.match
		first = filter{match: func(row Row) bool { return !match(row) }}
	}
	rest, err := f.terms(append(tree.And, tree.Or...))
	if err != nil || len(rest) == 0 {
		return first, err
	}
	all := append([]filter{first}, rest...)
	if len(tree.Or) > 0 {
		return anyOf(all), nil
	}
	return allOf(all), nil
}

func (f *filterer) terms(terms []*term) ([]filter, error) {
	made := make([]filter, 0, len(terms))
	for _, t := range terms {
		next, err := f.term(t)
		if err != nil {
			return nil, err
		}
		made = append(made, next)
	}
	return made, nil
}

func (f *filterer) term(t *term) (filter, error) {
	if t.Group != nil {
		return f.condition(t.Group)
	}
	return f.comparison(t.Comparison)
}

func anyOf(all []filter) filter {
	return filter{match: func(row Row) bool {
		for i := range all {
			if all[i].match(row) {
				return true
			}
		}
		return false
	}}
}

func allOf(all []filter) filter {
	both := filter{match: func(row Row) bool {
		for i := range all {
			if !all[i].match(row) {
				return false
			}
		}
		return true
	}}
	for _, one := range all {
		if one.byID && (!both.byID || len(one.ids) < len(both.ids)) {
			both.byID, both.ids = true, one.ids
		}
	}
	return both
}

func (f *filterer) comparison(c *comparison) (filter, error) {
	left, err := f.left(c.Left)
	if err != nil {
		return filter{}, err
	}
	switch {
	case c.Like != nil:
		return f.like(left, c.Like)
	case c.Multi != "":
		return f.multi(left, strings.EqualFold(c.Multi, "EXCLUDES"), c.Values)
	case c.In != nil && c.In.Join != nil:
		return f.join(left, c.NotIn, c.In.Join)
	case c.In != nil:
		return f.in(left, c.NotIn, c.In.Values)
	}
	test, err := f.test(left, c.Operator, c.Value)
	if err != nil {
		return filter{}, err
	}
	made := filter{match: func(row Row) bool { return test(left.value(row)) }}
	if id, ok := c.Value.value.(string); ok && c.Operator == "=" && left.isID() && id != "" {
		made.byID, made.ids = true, []string{To18(id)}
	}
	return made, nil
}

// isID tells whether the operand is the row's own id.
func (o *operand) isID() bool {
	return o.path != nil && o.total == nil && !o.date && len(o.path.parents) == 0 && o.path.field.Type == "id"
}

func (f *filterer) like(left *operand, l *literal) (filter, error) {
	if kindOf(left.typ) != kindText || left.typ == "multipicklist" {
		return filter{}, f.badOperator(left)
	}
	return filter{match: func(row Row) bool {
		value, ok := left.value(row).(string)
		return ok && l.pattern.matches(value)
	}}, nil
}

// multi is INCLUDES and EXCLUDES. A value such as 'A;B' asks for both A and B.
func (f *filterer) multi(left *operand, excludes bool, values []*literal) (filter, error) {
	if left.typ != "multipicklist" {
		return filter{}, f.badOperator(left)
	}
	var wanted [][]string
	for _, l := range values {
		if err := f.fits(left, l); err != nil {
			return filter{}, err
		}
		value, _ := l.value.(string)
		wanted = append(wanted, strings.Split(value, ";"))
	}
	return filter{match: func(row Row) bool {
		value, _ := left.value(row).(string)
		chosen := strings.Split(value, ";")
		for _, all := range wanted {
			if containsAll(chosen, all) {
				return !excludes
			}
		}
		return excludes
	}}, nil
}

func containsAll(chosen, wanted []string) bool {
	for _, want := range wanted {
		found := false
		for _, have := range chosen {
			found = found || strings.EqualFold(have, want)
		}
		if !found {
			return false
		}
	}
	return true
}

func (f *filterer) in(left *operand, not bool, values []*literal) (filter, error) {
	key := identity
	if kindOf(left.typ) == kindID {
		key = idKey
	}
	known := map[string]bool{}
	var tests []func(any) bool // for what a key cannot find: nulls, ranges of dates, false as null
	var ids []string
	for _, l := range values {
		test, err := f.test(left, "=", l)
		if err != nil {
			return filter{}, err
		}
		if _, isRange := l.value.(dateRange); isRange || isNull(l.value) || kindOf(left.typ) == kindBoolean {
			tests = append(tests, test)
			continue
		}
		known[key(l.value)] = true
		ids = append(ids, key(l.value))
	}
	has := func(value any) bool {
		if known[key(value)] {
			return true
		}
		return slices.ContainsFunc(tests, func(test func(any) bool) bool { return test(value) })
	}
	made := filter{match: func(row Row) bool { return has(left.value(row)) != not }}
	if left.isID() && !not && len(tests) == 0 {
		made.byID, made.ids = true, ids
	}
	return made, nil
}

func idKey(value any) string {
	word, _ := value.(string)
	return To18(word)
}

// join runs the sub-select at once, and compares with the ids that it found.
func (f *filterer) join(left *operand, not bool, j *join) (filter, error) {
	if f.outer == nil {
		return filter{}, malformed("Semi join sub-selects are only allowed at the top level WHERE expressions.")
	}
	inner, err := f.open(j.From)
	if err != nil {
		return filter{}, err
	}
	column, err := inner.operand(j.Column)
	if err != nil {
		return filter{}, err
	}
	if err := f.checkJoin(left, column, inner.object); err != nil {
		return filter{}, err
	}
	wanted, err := inner.where(j.Where, true)
	if err != nil {
		return filter{}, err
	}
	found := map[string]bool{}
	var ids []string
	err = inner.scan(wanted, func(row Row) bool {
		if id := idKey(column.value(row)); id != "" && !found[id] {
			found[id] = true
			ids = append(ids, id)
		}
		return true
	})
	if err != nil {
		return filter{}, err
	}
	made := filter{match: func(row Row) bool { return found[idKey(left.value(row))] != not }}
	if left.isID() && !not {
		made.byID, made.ids = true, ids
	}
	return made, nil
}

func (f *filterer) checkJoin(left, column *operand, inner *Object) error {
	switch {
	case column.total != nil || column.date:
		return malformed("only root queries support aggregate expressions")
	case kindOf(left.typ) != kindID || left.date:
		return malformed("The left operand field in the where expression for outer query should be an id field, cannot use: '%s'", left.name)
	case len(left.path.parents) > 0:
		return malformed("The left operand in '%s' cannot have more than one level of relationships", left.name)
	case kindOf(column.typ) != kindID:
		return malformed("The inner select field '%s' must be an id or a reference field", column.name)
	case inner == f.outer:
		return malformed("The inner and outer selects should not be on the same object type")
	case !meet(left.pointsTo(), column.pointsTo()):
		return malformed("The selected field '%s' in the subquery and the left operand field in the where expression in the outer query '%s' should point to the same object type", column.name, left.name)
	}
	return nil
}

// pointsTo names the objects whose ids the operand can hold.
func (o *operand) pointsTo() []string {
	if o.typ == "id" {
		return []string{o.path.object.Name}
	}
	return o.path.field.ReferenceTo
}

// meet tells whether two lists share a name; an empty list, for a reference to anything, meets all.
func meet(a, b []string) bool {
	for _, x := range a {
		for _, y := range b {
			if strings.EqualFold(x, y) {
				return true
			}
		}
	}
	return len(a) == 0 || len(b) == 0
}

func (f *filterer) badOperator(left *operand) error {
	what := left.typ
	if kindOf(what) == kindID {
		what = "id"
	}
	return f.fail(left.at, invalidOperator, "invalid operator on %s field", what)
}

func (r *running) noFunction(e *expression) error {
	return r.fail(e.Pos, malformedQuery, "Invalid aggregate function: %s", strings.ToUpper(e.Name))
}

func (r *running) unexpected(at lexer.Position, word string) error {
	return unexpected(r.source, lexer.Token{Type: tokenIdent, Value: word, Pos: at})
}
