// FORMAT: a value as Salesforce shows it to a person, in the ways of the locale en_US and the zone UTC.

package soql

import (
	"strconv"
	"strings"
	"time"
)

// formatted is $44,000.00 for an amount of money, 4/10/2025 for a date, 4/10/2025, 3:31 PM for a date with a time: the
// examples of the SOQL reference (sforce_api_calls_soql_select_format). What is neither a number nor a date stays.
func formatted(typ string, value any) any {
	switch v := value.(type) {
	case time.Time:
		return v.UTC().Format("1/2/2006, 3:04 PM")
	case Date:
		if day, err := time.Parse(time.DateOnly, string(v)); err == nil {
			return day.Format("1/2/2006")
		}
		return value
	case int64:
		if typ != "currency" {
			return grouped(strconv.FormatInt(v, 10))
		}
	}
	n, ok := number(value)
	if !ok {
		return value
	}
	if typ != "currency" {
		return grouped(strconv.FormatFloat(n, 'f', -1, 64))
	}
	amount := "$" + grouped(strconv.FormatFloat(max(n, -n), 'f', 2, 64))
	if n < 0 {
		return "-" + amount
	}
	return amount
}

// grouped sets a comma after each three digits before the point.
func grouped(digits string) string {
	whole, fraction, _ := strings.Cut(digits, ".")
	first := 0
	if strings.HasPrefix(whole, "-") {
		first = 1
	}
	for at := len(whole) - 3; at > first; at -= 3 {
		whole = whole[:at] + "," + whole[at:]
	}
	if fraction != "" {
		return whole + "." + fraction
	}
	return whole
}
