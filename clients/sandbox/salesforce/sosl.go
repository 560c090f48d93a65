// SOSL: FIND {words} IN … FIELDS RETURNING Object(fields WHERE …), … LIMIT n, taken apart.

package salesforce

import (
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A search is one request, of SOSL or of parameters.
type search struct {
	words   sought
	in      string // ALL, NAME, EMAIL, PHONE or SIDEBAR
	objects []searched
	limit   int
}

// A searched object is one of RETURNING, with its own part of a query.
type searched struct {
	name   string
	fields string // as a SELECT has them
	rest   string // WHERE … ORDER BY …
	limit  int    // 0 for none of its own
	offset int
}

const (
	mostFound   = 2000
	mostObjects = 20
)

var (
	soslHead  = regexp.MustCompile(`(?is)^\s*FIND\s*\{((?:[^\\{}]|\\.)*)\}\s*(.*)$`)
	soslIn    = regexp.MustCompile(`(?is)^IN\s+(ALL|NAME|EMAIL|PHONE|SIDEBAR)\s+FIELDS\b\s*(.*)$`)
	soslLimit = regexp.MustCompile(`(?is)^(.*?)\s*\bLIMIT\s+(\d+)\s*$`)
	rowLimit  = regexp.MustCompile(`(?is)^(.*?)\s*\bLIMIT\s+(\d+)(?:\s+OFFSET\s+(\d+))?\s*$`)
	rowOffset = regexp.MustCompile(`(?is)^(.*?)\s*\bOFFSET\s+(\d+)\s*$`)
	rowQuery  = regexp.MustCompile(`(?is)^(.*?)\s*\b(WHERE\b.*|ORDER\s+BY\b.*)$`)
	named     = regexp.MustCompile(`^[A-Za-z]\w*$`)
)

func malformedSearch(format string, args ...any) *failure {
	return &failure{status: http.StatusBadRequest, code: "MALFORMED_SEARCH", message: fmt.Sprintf(format, args...)}
}

func parseSOSL(source string) (search, *failure) {
	s := search{in: "ALL", limit: mostFound}
	head := soslHead.FindStringSubmatch(source)
	if head == nil {
		return s, malformedSearch("No search term found. The search term must be enclosed in braces.")
	}
	words, problem := parseSought(head[1])
	if problem != nil {
		return s, problem
	}
	s.words = words
	rest := head[2]
	if in := soslIn.FindStringSubmatch(rest); in != nil {
		s.in, rest = strings.ToUpper(in[1]), in[2]
	}
	if tail := soslLimit.FindStringSubmatch(rest); len(tail) > 2 && depth(tail[1]) == 0 {
		rest = tail[1]
		n, err := strconv.Atoi(tail[2])
		if err != nil || n > mostFound || n < 1 {
			return s, malformedSearch("search limit must be between 1 and %d", mostFound)
		}
		s.limit = n
	}
	word, listed, _ := strings.Cut(strings.TrimSpace(rest), " ")
	switch {
	case strings.TrimSpace(rest) == "":
		return s, nil
	case !strings.EqualFold(word, "RETURNING"):
		return s, malformedSearch("unexpected token: '%s'", word)
	}
	s.objects, problem = parseReturning(listed)
	return s, problem
}

func parseReturning(listed string) ([]searched, *failure) {
	var all []searched
	for _, part := range splitOutside(listed) {
		name, inside, hasFields := strings.Cut(strings.TrimSpace(part), "(")
		one := searched{name: strings.TrimSpace(name), fields: "Id"}
		if !named.MatchString(one.name) {
			return nil, malformedSearch("unexpected token: '%s'", one.name)
		}
		if hasFields {
			inside = strings.TrimSpace(inside)
			body, closed := strings.CutSuffix(inside, ")")
			if !closed || depth(body) != 0 {
				return nil, malformedSearch("expecting a right parentheses, found '%s'", inside)
			}
			one.read(body)
		}
		if all = append(all, one); len(all) > mostObjects {
			return nil, malformedSearch("a search can return at most %d objects", mostObjects)
		}
	}
	return all, nil
}

// read takes apart what stands in an object's parentheses.
func (one *searched) read(body string) {
	if m := rowLimit.FindStringSubmatch(body); len(m) > 3 && depth(m[1]) == 0 {
		body = m[1]
		one.limit, _ = strconv.Atoi(m[2])  // digits; one too many is no limit
		one.offset, _ = strconv.Atoi(m[3]) // digits, or nothing
	} else if m := rowOffset.FindStringSubmatch(body); len(m) > 2 && depth(m[1]) == 0 {
		body = m[1]
		one.offset, _ = strconv.Atoi(m[2]) // digits
	}
	if m := rowQuery.FindStringSubmatch(body); m != nil {
		body, one.rest = m[1], m[2]
	}
	if fields := strings.TrimSpace(body); fields != "" {
		one.fields = fields
	}
}

// depth is how many parentheses outside quotes are open at the end.
func depth(text string) int {
	n, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '\'':
			quoted = !quoted
		case quoted:
		case c == '(':
			n++
		case c == ')':
			n--
		}
	}
	return n
}

// splitOutside splits at the commas that stand in no parentheses.
func splitOutside(text string) []string {
	var parts []string
	from := 0
	for i := range len(text) {
		if text[i] == ',' && depth(text[from:i]) == 0 {
			parts = append(parts, text[from:i])
			from = i + 1
		}
	}
	return append(parts, text[from:])
}

// Sought are the words of a search: any of some groups, each all of its words.
type sought [][]soughtWord

type soughtWord struct {
	parts   []string // lower case; more than one for a phrase
	begins  bool     // ended with *
	without bool     // AND NOT
}

// parseSought reads words, "phrases", *, AND, OR and AND NOT. Reserved characters stand for themselves behind a backslash.
func parseSought(text string) (sought, *failure) {
	groups := sought{nil}
	without, letters := false, 0
	for _, token := range soughtTokens(text) {
		switch {
		case token.bare && token.text == "AND":
		case token.bare && token.text == "OR":
			groups = append(groups, nil)
		case token.bare && token.text == "NOT":
			without = true
		case token.reserved != 0:
			return nil, malformedSearch("unexpected character '%c' in the search term: reserved characters must be escaped with a backslash", token.reserved)
		default:
			w := soughtWord{parts: searchWords(token.text), begins: strings.HasSuffix(token.text, "*") && !token.escaped, without: without}
			without = false
			for _, part := range w.parts {
				letters += utf8.RuneCountInString(part)
			}
			if len(w.parts) > 0 {
				last := len(groups) - 1
				groups[last] = append(groups[last], w)
			}
		}
	}
	if letters < 2 {
		return nil, &failure{status: http.StatusBadRequest, code: "INVALID_SEARCH", message: "search term must be longer than one character: " + strings.TrimSpace(text)}
	}
	return groups, nil
}

// A soughtToken is a word or a phrase as it was typed.
type soughtToken struct {
	text     string
	bare     bool // neither quoted nor escaped: it may be an operator
	escaped  bool // its last character was
	reserved rune // a character that may not stand there
}

func soughtTokens(text string) []soughtToken {
	var all []soughtToken
	var b strings.Builder
	here := soughtToken{bare: true}
	end := func() {
		if b.Len() > 0 || here.reserved != 0 {
			here.text = b.String()
			all = append(all, here)
		}
		b.Reset()
		here = soughtToken{bare: true}
	}
	quoted, escaped := false, false
	for _, r := range text {
		switch {
		case escaped:
			b.WriteRune(r)
			escaped, here.bare, here.escaped = false, false, true
			continue
		case r == '\\':
			escaped = true
		case r == '"':
			end()
			quoted = !quoted
			here.bare = !quoted
		case quoted:
			b.WriteRune(r)
		case unicode.IsSpace(r) || r == '(' || r == ')':
			end()
		case strings.ContainsRune("&|![]^~:{}", r):
			here.reserved = r
		default:
			b.WriteRune(r)
		}
		here.escaped = false
	}
	end()
	return all
}

func searchWords(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	})
}

// in tells whether one of the groups is met by a row's texts, each word by any of them.
func (s sought) in(texts []string) bool {
	for _, group := range s {
		met := len(group) > 0
		for _, word := range group {
			found := false
			for _, text := range texts {
				found = found || word.in(text)
			}
			met = met && found != word.without
		}
		if met {
			return true
		}
	}
	return false
}

// in finds whole words, or beginnings with *; in scripts without spaces, anything.
func (w soughtWord) in(text string) bool {
	text = strings.ToLower(text)
	if !strings.Contains(text, w.parts[0]) {
		return false
	}
	if unspaced(w.parts[0]) {
		return strings.Contains(text, strings.Join(w.parts, " "))
	}
	have := searchWords(text)
	last := len(w.parts) - 1
	for i := 0; i+last < len(have); i++ {
		met := true
		for j, part := range w.parts {
			word := have[i+j]
			met = met && (word == part || j == last && w.begins && strings.HasPrefix(word, part))
		}
		if met {
			return true
		}
	}
	return false
}

func unspaced(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool {
		return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul)
	}) >= 0
}
