// How values compare: text without regard to case, numbers by size, times by instant, null apart.

package soql

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// compare puts a before, with or after b. Values of different kinds, which no column mixes, go by their kind.
func compare(a, b any) int {
	switch a := a.(type) {
	case string:
		if b, ok := b.(string); ok {
			return compareText(a, b)
		}
	case Date:
		if b, ok := b.(Date); ok {
			return cmp.Compare(a, b)
		}
	case time.Time:
		if b, ok := b.(time.Time); ok {
			return a.Compare(b)
		}
	case bool:
		if b, ok := b.(bool); ok {
			return cmp.Compare(truth(a), truth(b))
		}
	case int64:
		if b, ok := b.(int64); ok {
			return cmp.Compare(a, b)
		}
	}
	x, isNumber := number(a)
	y, areNumbers := number(b)
	if isNumber && areNumbers {
		return cmp.Compare(x, y)
	}
	return cmp.Compare(fmt.Sprintf("%T", a), fmt.Sprintf("%T", b))
}

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}

func number(value any) (float64, bool) {
	switch n := value.(type) {
	case int64:
		return float64(n), true
	case float64:
		return n, true
	case int:
		return float64(n), true
	}
	return 0, false
}

// compareText is strings.Compare on folded characters; it is 0 just where strings.EqualFold is true.
func compareText(a, b string) int {
	for a != "" && b != "" {
		x, sizeX := utf8.DecodeRuneInString(a)
		y, sizeY := utf8.DecodeRuneInString(b)
		if x != y {
			if order := cmp.Compare(foldRune(x), foldRune(y)); order != 0 {
				return order
			}
		}
		a, b = a[sizeX:], b[sizeY:]
	}
	return cmp.Compare(len(a), len(b))
}

// foldRune is the first of the characters that differ from r in case only.
func foldRune(r rune) rune {
	if r < utf8.RuneSelf {
		if 'a' <= r && r <= 'z' {
			return r - ('a' - 'A')
		}
		return r
	}
	least := r
	for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
		least = min(least, next)
	}
	return least
}

// matches tells whether the whole of text fits the pattern.
func (p pattern) matches(text string) bool {
	at, star, resume := 0, -1, ""
	for text != "" {
		r, size := utf8.DecodeRuneInString(text)
		switch {
		case at < len(p) && p[at].wild == '%':
			star, resume = at, text
			at++
		case at < len(p) && (p[at].wild == '_' || p[at].wild == 0 && p[at].r == foldRune(r)):
			at++
			text = text[size:]
		case star >= 0: // the last % takes one character more
			_, skipped := utf8.DecodeRuneInString(resume)
			resume = resume[skipped:]
			at, text = star+1, resume
		default:
			return false
		}
	}
	for at < len(p) && p[at].wild == '%' {
		at++
	}
	return at == len(p)
}

// identity is a key that two values share just where a query takes them for one value.
func identity(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return "s" + strings.Map(foldRune, v)
	case Date:
		return "d" + string(v)
	case bool:
		return "b" + strconv.FormatBool(v)
	case time.Time:
		return "t" + strconv.FormatInt(v.Unix(), 10) + "." + strconv.Itoa(v.Nanosecond())
	}
	if n, ok := number(value); ok {
		return "n" + strconv.FormatFloat(n, 'g', -1, 64)
	}
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprintf("%T", value)
	}
	return "j" + string(text)
}
