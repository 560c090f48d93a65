// The literals of a query: quoted strings and their escapes, LIKE's patterns, numbers, dates and words.

package soql

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"
)

// escapes are what may follow a backslash, besides u and four hexadecimal digits, and in LIKE _ and %.
// From the SOQL reference, "Quoted String Escape Sequences".
var escapes = map[byte]rune{
	'n': '\n', 'N': '\n', 'r': '\r', 'R': '\r', 't': '\t', 'T': '\t',
	'b': '\b', 'B': '\b', 'f': '\f', 'F': '\f', '"': '"', '\'': '\'', '\\': '\\',
}

// A pattern is what LIKE compares with.
type pattern []glyph

// A glyph is one character of a pattern, folded, or a wildcard.
type glyph struct {
	r    rune
	wild rune // % for any characters, _ for one, 0 for r itself
}

// read gives the literal's value, or the reason why it has none.
func (l *literal) read() (value any, reason string) {
	switch {
	case l.Text != "":
		return unquote(l.Text)
	case l.Number != "":
		return readNumber(l.Number)
	case l.Date != "":
		if _, err := time.Parse(time.DateOnly, l.Date); err != nil {
			return nil, "Invalid date: " + l.Date
		}
		return Date(l.Date), ""
	case l.DateTime != "":
		return readDateTime(l.DateTime)
	case l.Range != "":
		if named, ok := numberedRange(l.Range); ok {
			return named, ""
		}
		return nil, "unexpected token: '" + l.Range + "'"
	case l.Word != "":
		return readWord(l.Word)
	}
	return nil, noBinding
}

// noBinding is also what Salesforce says of a string without its quotes.
const noBinding = "Bind variables only allowed in Apex code"

func readWord(word string) (value any, reason string) {
	switch strings.ToUpper(word) {
	case "NULL":
		return nil, ""
	case "TRUE":
		return true, ""
	case "FALSE":
		return false, ""
	}
	if named, ok := namedRange(word); ok {
		return named, ""
	}
	return nil, noBinding
}

func readNumber(digits string) (value any, reason string) {
	if n, err := strconv.ParseInt(digits, 10, 64); err == nil {
		return n, ""
	}
	f, err := strconv.ParseFloat(digits, 64)
	if err != nil {
		return nil, "numeric value out of range: " + digits
	}
	return f, ""
}

func readDateTime(text string) (value any, reason string) {
	upper := strings.ToUpper(text)
	for _, layout := range []string{"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05Z0700"} {
		if t, err := time.Parse(layout, upper); err == nil {
			return t.UTC(), ""
		}
	}
	return nil, "Invalid datetime: " + text
}

func unquote(quoted string) (value any, reason string) {
	var out strings.Builder
	reason = eachCharacter(quoted, func(r rune, escaped bool) bool {
		if escaped && (r == '_' || r == '%') {
			return false
		}
		out.WriteRune(r)
		return true
	})
	return out.String(), reason
}

func readPattern(quoted string) (read pattern, reason string) {
	reason = eachCharacter(quoted, func(r rune, escaped bool) bool {
		if !escaped && (r == '_' || r == '%') {
			read = append(read, glyph{wild: r})
		} else {
			read = append(read, glyph{r: foldRune(r)})
		}
		return true
	})
	return read, reason
}

// eachCharacter gives each character of a quoted literal, and whether a backslash stood before it.
// It stops with a reason at a backslash that means nothing, or that yield refuses.
func eachCharacter(quoted string, yield func(r rune, escaped bool) bool) (reason string) {
	for text := quoted[1 : len(quoted)-1]; text != ""; {
		r, size := utf8.DecodeRuneInString(text)
		if r != '\\' {
			yield(r, false)
			text = text[size:]
			continue
		}
		r, size = unescape(text)
		if size == 0 || !yield(r, true) {
			_, width := utf8.DecodeRuneInString(text[1:])
			return fmt.Sprintf("Invalid string literal %s. Illegal character sequence '%s' in string literal.",
				quoted, text[:1+width])
		}
		text = text[size:]
	}
	return ""
}

// unescape reads the escape that text starts with; size is 0 when it is none.
func unescape(text string) (r rune, size int) {
	if len(text) < 2 {
		return 0, 0
	}
	c := text[1]
	if c == '_' || c == '%' {
		return rune(c), 2
	}
	if c == 'u' {
		return unescapeUnicode(text)
	}
	if known, ok := escapes[c]; ok {
		return known, 2
	}
	return 0, 0
}

// unescapeUnicode reads \uXXXX, or two of them where they are the halves of one character.
func unescapeUnicode(text string) (r rune, size int) {
	first, ok := hexadecimal(text)
	if !ok {
		return 0, 0
	}
	if utf16.IsSurrogate(first) {
		if second, ok := hexadecimal(text[6:]); ok {
			if whole := utf16.DecodeRune(first, second); whole != utf8.RuneError {
				return whole, 12
			}
		}
		return utf8.RuneError, 6
	}
	return first, 6
}

func hexadecimal(text string) (rune, bool) {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(text[2:6], 16, 16)
	return rune(n), err == nil
}

// written is the literal as the query has it.
func (l *literal) written() string {
	if l.Bind != "" {
		return ":"
	}
	return l.Text + l.Number + l.DateTime + l.Date + l.Range + l.Word
}
