// How values become words: lists, numbers, times and spans of time.

package locale

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"zsf/clients/transport"
	"zsf/flows/flow"
)

// Clean makes words from elsewhere safe for a terminal: no control characters, no text that runs backwards.
func Clean(words string) string { return transport.Clean(words) }

// value makes an argument of a text ready to stand in a sentence.
func (l *Locale) value(value any) any {
	switch value := value.(type) {
	case nil:
		return ""
	case bool:
		return value
	case string:
		return Clean(value)
	case flow.Text:
		return l.Say(value)
	case error:
		return l.Error(value)
	case time.Time:
		return l.Time(value)
	case flow.Moment:
		return l.Date(time.Time(value))
	case time.Duration:
		return l.Span(value)
	case flow.Verdict:
		return l.Verdict(value)
	case []string:
		return l.Join(value)
	case []flow.Text:
		words := make([]string, len(value))
		for i, text := range value {
			words[i] = l.Say(text)
		}
		return l.Join(words)
	case float64:
		return strconv.FormatFloat(value, 'f', -1, 64)
	}
	if isInteger(value) {
		return group(fmt.Sprint(value))
	}
	return Clean(fmt.Sprint(value))
}

func isInteger(value any) bool {
	switch value.(type) {
	case int, int8, int16, int32, int64, uint8, uint16, uint32, uint64, uint:
		return true
	}
	return false
}

// group sets a comma before each three digits of numbers from 10,000 up; a year or a port stays whole.
func group(digits string) string {
	sign := ""
	if strings.HasPrefix(digits, "-") {
		sign, digits = "-", digits[1:]
	}
	if len(digits) < 5 {
		return sign + digits
	}
	first := (len(digits)-1)%3 + 1
	grouped := []string{digits[:first]}
	for i := first; i < len(digits); i += 3 {
		grouped = append(grouped, digits[i:i+3])
	}
	return sign + strings.Join(grouped, ",")
}

// Join makes a list into words: "a, b and c".
func (l *Locale) Join(items []string) string {
	clean := make([]string, len(items))
	for i, item := range items {
		clean[i] = Clean(item)
	}
	if len(clean) < 2 {
		return strings.Join(clean, "")
	}
	last := len(clean) - 1
	return strings.Join(clean[:last], l.T("list.separator")) + l.T("list.last-separator") + clean[last]
}

// Time is a clock time: 15:04:05. The zero time is nothing.
func (l *Locale) Time(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.In(l.zone()).Format("15:04:05")
}

// Date is a day and a clock time: 2026-11-23 15:04.
func (l *Locale) Date(at time.Time) string { return at.In(l.zone()).Format("2006-01-02 15:04") }

func (l *Locale) zone() *time.Location {
	if l.Zone == nil {
		return time.Local
	}
	return l.Zone
}

// Span is a span of time as one would say it: 40 ms, 0.4 s, 12 s, 4 min, 2 h, 3 d.
func (l *Locale) Span(span time.Duration) string {
	span = max(span, 0)
	switch {
	case span < 100*time.Millisecond && span > 0:
		return l.span("span.milliseconds", span, time.Millisecond)
	case span < 9950*time.Millisecond && span%time.Second != 0:
		tenths := strconv.FormatFloat(span.Seconds(), 'f', 1, 64)
		return l.localize("span.seconds", map[string]any{"N": tenths})
	case span < 90*time.Second:
		return l.span("span.seconds", span, time.Second)
	case span < 90*time.Minute:
		return l.span("span.minutes", span, time.Minute)
	case span < 36*time.Hour:
		return l.span("span.hours", span, time.Hour)
	}
	return l.span("span.days", span, 24*time.Hour)
}

func (l *Locale) span(id string, span, unit time.Duration) string {
	return l.localize(id, map[string]any{"N": int(span.Round(unit) / unit)})
}

// Ago tells how long ago something was: "4 min ago"; "just now" below five seconds.
func (l *Locale) Ago(span time.Duration) string {
	if span < 5*time.Second {
		return l.T("span.just-now")
	}
	return l.T("span.ago", "Span", span.Round(time.Second))
}

// Countdown is what is left of a wait: 1:24.
func Countdown(left time.Duration) string {
	seconds := int((max(left, 0) + time.Second - 1) / time.Second)
	return fmt.Sprintf("%d:%02d", seconds/60, seconds%60)
}

// Verdict is a verdict's own word.
func (l *Locale) Verdict(verdict flow.Verdict) string { return l.T("verdict." + string(verdict)) }

// Totals says how many findings came to each verdict, the troubling ones first: "1 failed, 1 warning".
// It names only the given verdicts, and of them only those that occur.
func (l *Locale) Totals(report flow.Report, verdicts ...flow.Verdict) string {
	var words []string
	for _, verdict := range verdicts {
		if count := report.Count(verdict); count > 0 {
			words = append(words, l.Total(verdict, count))
		}
	}
	return strings.Join(words, l.T("list.separator"))
}

// Total says how many findings came to one verdict: "3 warnings".
func (l *Locale) Total(verdict flow.Verdict, count int) string {
	return l.T("total."+string(verdict), "Count", count)
}
