// SOQL text: quoting what goes into a query, mending a query that names a column too many, and comparing ids.

package salesforce

import (
	"fmt"
	"regexp"
	"strings"
)

// Quote makes a SOQL string literal, with its quotes
// (developer.salesforce.com, SOQL and SOSL Reference: Quoted String Escape Sequences).
func Quote(s string) string { return "'" + escape(s, false) + "'" }

// QuoteLike escapes text that is meant letter by letter inside a LIKE literal. It adds no quotes,
// so that wildcards can stand beside it: "LIKE '" + QuoteLike(prefix) + "%'".
func QuoteLike(s string) string { return escape(s, true) }

func escape(s string, like bool) string {
	var b strings.Builder
	for _, r := range strings.ToValidUTF8(s, "\ufffd") {
		switch r {
		case '\\', '\'':
			b.WriteByte('\\')
			b.WriteRune(r)
		case '\n':
			b.WriteString(`\n`)
		case '\r':
			b.WriteString(`\r`)
		case '\t':
			b.WriteString(`\t`)
		case '\b':
			b.WriteString(`\b`)
		case '\f':
			b.WriteString(`\f`)
		case '%', '_':
			if like {
				b.WriteByte('\\')
			}
			b.WriteRune(r)
		default:
			if r < 0x20 || r == 0x7f {
				fmt.Fprintf(&b, `\u%04X`, r)
			} else {
				b.WriteRune(r)
			}
		}
	}
	return b.String()
}

// quoteAll makes the inside of IN (…).
func quoteAll(values []string) string {
	quoted := make([]string, len(values))
	for i, value := range values {
		quoted[i] = Quote(value)
	}
	return strings.Join(quoted, ", ")
}

var (
	noSuchColumn = regexp.MustCompile(`No such column '([A-Za-z0-9_.]+)'`)
	selectList   = regexp.MustCompile(`(?is)^(\s*SELECT\s+)(.*?)(\s+FROM\s.*)$`)
)

// dropColumn leaves out of a query the column that the org has just said it does not have (or does not
// show to this user): one such column fails a whole query. It tells false when err is of another kind,
// or when the column is not in the query's list or is the only one.
func dropColumn(soql string, err error) (string, bool) {
	failed, ok := asFailure(err)
	if !ok || failed.Code != "INVALID_FIELD" {
		return "", false
	}
	named := noSuchColumn.FindStringSubmatch(failed.Message)
	query := selectList.FindStringSubmatch(soql)
	if named == nil || query == nil {
		return "", false
	}
	var kept []string
	dropped := false
	for column := range strings.SplitSeq(query[2], ",") {
		column = strings.TrimSpace(column)
		if strings.EqualFold(column, named[1]) {
			dropped = true
			continue
		}
		kept = append(kept, column)
	}
	if !dropped || len(kept) == 0 {
		return "", false
	}
	return query[1] + strings.Join(kept, ", ") + query[3], true
}

// SameID tells whether two ids of 15 or 18 characters name the same record. The first 15, with their case, decide.
func SameID(a, b string) bool {
	return isID(a) && isID(b) && a[:15] == b[:15]
}

func isID(id string) bool { return len(id) == 15 || len(id) == 18 }
