// Parse: from text to a checked Query, before any object is known.

package soql

import (
	"strconv"
	"strings"

	"github.com/alecthomas/participle/v2/lexer"
)

const (
	maxLength  = 100_000 // characters; Salesforce's own limit
	maxNesting = 100     // open parentheses; ours, so that no query can exhaust the stack
)

// A Query is SOQL that has parsed. It can be run any number of times, and by several at once.
type Query struct {
	Source  string
	AllRows bool // ALL ROWS: deleted rows are wanted too

	statement *statement
}

// From is the queried object's name as the query writes it, which may not be its exact name.
func (q *Query) From() string { return q.statement.From.Object }

// Parse reads src, up to 100,000 characters. Its errors are *Error with the code MALFORMED_QUERY.
// It does not know TYPEOF, GROUP BY ROLLUP and CUBE, DISTANCE, convertTimezone, and WITH DATA CATEGORY.
func Parse(src string) (*Query, error) {
	if strings.TrimSpace(src) == "" {
		return nil, malformed("SOQL statements cannot be empty or null")
	}
	if len(src) > maxLength {
		return nil, malformed("SOQL statements cannot be longer than %d characters.", maxLength)
	}
	if nesting(src) > maxNesting {
		return nil, malformed("unexpected token: '('")
	}
	parsed, err := parser.ParseString("", src)
	if err != nil {
		return nil, fromParser(src, err)
	}
	if err := (checker{src}).statement(parsed); err != nil {
		return nil, err
	}
	return &Query{Source: src, AllRows: parsed.AllRows, statement: parsed}, nil
}

// nesting is how deep the parentheses outside quotes go.
func nesting(src string) int {
	depth, deepest, quoted := 0, 0, false
	for i := 0; i < len(src); i++ {
		switch c := src[i]; {
		case quoted && c == '\\':
			i++
		case c == '\'':
			quoted = !quoted
		case quoted:
		case c == '(':
			depth++
			deepest = max(deepest, depth)
		case c == ')':
			depth--
		}
	}
	return deepest
}

// A checker reads the literals of a statement that has parsed, and keeps their values in it.
type checker struct{ source string }

func (c checker) statement(s *statement) error {
	for _, item := range s.Select {
		if item.Children != nil {
			if err := c.statement(item.Children); err != nil {
				return err
			}
		}
	}
	for _, tree := range []*condition{s.Where, s.Having} {
		if err := c.condition(tree); err != nil {
			return err
		}
	}
	for _, n := range []*count{s.Limit, s.Offset} {
		if err := c.count(n); err != nil {
			return err
		}
	}
	return nil
}

func (c checker) count(n *count) error {
	if n == nil {
		return nil
	}
	if strings.Trim(n.Digits, "0123456789") != "" {
		return unexpected(c.source, lexer.Token{Type: tokenIdent, Value: n.Digits, Pos: n.Pos})
	}
	value, err := strconv.ParseInt(n.Digits, 10, 32)
	if err != nil {
		return failAt(c.source, n.Pos, malformedQuery, "numeric value out of range: %s", n.Digits)
	}
	n.n = int(value)
	return nil
}

func (c checker) condition(tree *condition) error {
	if tree == nil {
		return nil
	}
	for _, t := range tree.terms() {
		if t.Group != nil {
			if err := c.condition(t.Group); err != nil {
				return err
			}
			continue
		}
		if err := c.comparison(t.Comparison); err != nil {
			return err
		}
	}
	return nil
}

func (tree *condition) terms() []*term {
	terms := append([]*term{tree.First}, tree.And...)
	return append(terms, tree.Or...)
}

func (c checker) comparison(cmp *comparison) error {
	switch {
	case cmp.Like != nil:
		return c.pattern(cmp.Like)
	case cmp.Value != nil:
		return c.literal(cmp.Value)
	case cmp.In != nil && cmp.In.Join != nil:
		return c.condition(cmp.In.Join.Where)
	case cmp.In != nil:
		return c.literals(cmp.In.Values)
	}
	return c.literals(cmp.Values)
}

func (c checker) literals(all []*literal) error {
	for _, l := range all {
		if err := c.literal(l); err != nil {
			return err
		}
	}
	return nil
}

func (c checker) literal(l *literal) error {
	value, reason := l.read()
	if reason != "" {
		return failAt(c.source, l.Pos, malformedQuery, "%s", reason)
	}
	l.value = value
	return nil
}

func (c checker) pattern(l *literal) error {
	if l.Text == "" {
		return unexpected(c.source, lexer.Token{Type: tokenIdent, Value: l.written(), Pos: l.Pos})
	}
	read, reason := readPattern(l.Text)
	if reason != "" {
		return failAt(c.source, l.Pos, malformedQuery, "%s", reason)
	}
	l.pattern = read
	return nil
}
