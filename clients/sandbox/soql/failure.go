// How Salesforce words a refused query: an excerpt, a caret, a row and a column, and then the reason.

package soql

import (
	"errors"
	"fmt"
	"strings"
	"unicode"

	"github.com/alecthomas/participle/v2"
	"github.com/alecthomas/participle/v2/lexer"
)

const (
	malformedQuery  = "MALFORMED_QUERY"
	invalidField    = "INVALID_FIELD"
	invalidType     = "INVALID_TYPE"
	invalidOperator = "INVALID_QUERY_FILTER_OPERATOR"
	outsideRange    = "NUMBER_OUTSIDE_VALID_RANGE"
)

// excerptReach is how many characters the excerpt shows on either side of the caret, before it is
// widened to whole words. Inferred from recorded answers; TestExcerptsAsRecorded has those known in full.
const excerptReach = 30

func malformed(format string, args ...any) *Error {
	return &Error{Code: malformedQuery, Message: fmt.Sprintf(format, args...)}
}

// failAt is an error whose message starts with where in source it was found.
func failAt(source string, at lexer.Position, code, format string, args ...any) *Error {
	return &Error{Code: code, Message: place(source, at.Line, at.Column) + fmt.Sprintf(format, args...)}
}

// unexpected names a token that no rule allows. Salesforce counts these columns from 0, all others from 1,
// and tells no place for the first token and for the end of the query.
func unexpected(source string, token lexer.Token) *Error {
	at := token.Pos
	switch {
	case token.EOF():
		return malformed("unexpected token: '<EOF>'")
	case token.Type == tokenIllegal:
		return malformed("%sline %d:%d unexpected token: '%s'",
			place(source, at.Line, at.Column-1), at.Line, at.Column-1, token.Value)
	case at.Offset == 0:
		return malformed("unexpected token: '%s'", token.Value)
	}
	return malformed("%sunexpected token: '%s'", place(source, at.Line, at.Column-1), token.Value)
}

// place draws the excerpt around a column (from 1) of a row (from 1).
func place(source string, row, column int) string {
	lines := strings.Split(source, "\n")
	if row < 1 || row > len(lines) {
		return ""
	}
	line := []rune(strings.TrimRight(lines[row-1], "\r"))
	caret := min(max(column-1, 0), len(line))
	start, end := max(caret-excerptReach, 0), min(caret+excerptReach, len(line))
	for start > 0 && !separates(line[start-1]) {
		start--
	}
	for end < len(line) && !separates(line[end]) {
		end++
	}
	return fmt.Sprintf("\n%s\n%s^\nERROR at Row:%d:Column:%d\n",
		string(line[start:end]), strings.Repeat(" ", caret-start), row, column)
}

func separates(r rune) bool { return r == ',' || unicode.IsSpace(r) }

// fromParser words an error of the parser as Salesforce would.
func fromParser(source string, err error) *Error {
	var wrong *participle.UnexpectedTokenError
	if errors.As(err, &wrong) {
		return unexpected(source, wrong.Unexpected)
	}
	var placed participle.Error
	if errors.As(err, &placed) {
		at := placed.Position()
		word := source[min(at.Offset, len(source)):]
		if end := strings.IndexFunc(word, separates); end >= 0 {
			word = word[:end]
		}
		return unexpected(source, lexer.Token{Type: tokenIdent, Value: word, Pos: at})
	}
	return malformed("%v", err)
}
