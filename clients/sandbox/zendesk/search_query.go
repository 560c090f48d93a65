package zendesk

import (
	"strings"
	"unicode"
)

// A term is one part of a search: a keyword with an operator and a value, or free text when it has no keyword.
type term struct {
	negated bool
	key     string // lower case
	op      string // ":", "<", ">", "<=" or ">="; a colon before the others adds nothing
	value   string
	phrase  bool // the value was in double quotes
}

// A searchQuery is a search taken apart. Nothing that is typed into a search is a mistake of grammar:
// what is not a keyword is text.
type searchQuery struct {
	terms     []term
	orderBy   string
	ascending bool
}

func parseSearch(text string) searchQuery {
	var q searchQuery
	for {
		text = strings.TrimLeftFunc(text, unicode.IsSpace)
		if text == "" {
			return q
		}
		var t term
		t, text = nextTerm(text)
		switch {
		case (t.key == "order_by" || t.key == "sort") && t.op == ":" && !t.negated:
			q.order(t)
		case t.value != "" || t.key != "":
			q.terms = append(q.terms, t)
		}
	}
}

func (q *searchQuery) order(t term) {
	if t.key == "order_by" {
		q.orderBy = strings.ToLower(t.value)
	} else {
		q.ascending = strings.EqualFold(t.value, "asc")
	}
}

// nextTerm takes a term off a text that does not begin with a space. It always takes something.
func nextTerm(text string) (t term, rest string) {
	rest = text
	if len(rest) > 1 && rest[0] == '-' && !startsWithSpace(rest[1:]) {
		t.negated, rest = true, rest[1:]
	}
	end := 0
	for end < len(rest) && (rest[end] == '_' || rest[end] >= 'a' && rest[end] <= 'z' || rest[end] >= 'A' && rest[end] <= 'Z' || end > 0 && rest[end] >= '0' && rest[end] <= '9') {
		end++
	}
	if op := operator(rest[end:]); end > 0 && op != "" {
		t.key, t.op = strings.ToLower(rest[:end]), strings.TrimPrefix(op, ":")
		if t.op == "" {
			t.op = ":"
		}
		rest = rest[end+len(op):]
	}
	t.value, t.phrase, rest = nextValue(rest)
	return t, rest
}

func operator(text string) string {
	for _, op := range []string{":<=", ":>=", "<=", ">=", ":<", ":>", ":", "<", ">"} {
		if strings.HasPrefix(text, op) {
			return op
		}
	}
	return ""
}

// nextValue takes a value: up to the closing quote, or up to a space. A quote that is not closed closes at the end.
func nextValue(text string) (value string, phrase bool, rest string) {
	if quoted, found := strings.CutPrefix(text, `"`); found {
		value, rest, _ = strings.Cut(quoted, `"`)
		return value, true, rest
	}
	at := strings.IndexFunc(text, unicode.IsSpace)
	if at < 0 {
		return text, false, ""
	}
	return text[:at], false, text[at:]
}

func startsWithSpace(text string) bool {
	return text == "" || strings.TrimLeftFunc(text, unicode.IsSpace) != text
}

// has tells whether the search names that keyword.
func (q searchQuery) has(key string) bool {
	for _, t := range q.terms {
		if t.key == key {
			return true
		}
	}
	return false
}

// words are the letters and digits of a text in lower case, apart from what stands between.
func words(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	})
}

// says tells whether a text has the words of another one after the other, the last one perhaps only begun.
// Scripts that are written without spaces match anywhere.
func says(text, sought string) bool {
	want := words(sought)
	if len(want) == 0 {
		sought = strings.TrimSpace(sought)
		return sought != "" && strings.Contains(text, sought) // an emoji, a sign
	}
	if unspaced(sought) {
		return strings.Contains(strings.ToLower(text), strings.ToLower(strings.TrimSuffix(sought, "*")))
	}
	have := words(text)
	for i := 0; i+len(want) <= len(have); i++ {
		if followedBy(have[i:], want) {
			return true
		}
	}
	return false
}

func followedBy(have, want []string) bool {
	last := len(want) - 1
	for i := range last {
		if have[i] != want[i] {
			return false
		}
	}
	return strings.HasPrefix(have[last], want[last])
}

func unspaced(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool {
		return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul)
	}) >= 0
}
