package zendesk

import (
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A document is a record as the search index has it. The record itself may have changed since.
type document struct {
	kind             string // ticket, user, organization, group
	id               int64
	created, updated time.Time
	show             func() object
	texts            func() []string             // where free text is sought
	values           func(key string) []property // nil for a keyword that its kind does not have
	rank             func(by string) int         // where the kind sorts by more than times; nil when it does not
	relevance        int                         // to the search that found it
}

// A property is one value of a record, and how it is compared.
type property struct {
	text string
	how  comparison
}

type comparison int

const (
	exact    comparison = iota // but for the case
	wordly                     // by words and beginnings of words
	inStatus                   // exact, and ordered as statuses are
	inPriority
	inTime // RFC 3339
)

var (
	errSearchDate = errors.New("not a date of a search")
	priorityOrder = []string{"", "low", "normal", "high", "urgent"}
	typeOrder     = []string{"", "question", "incident", "problem", "task"}
	ago           = regexp.MustCompile(`^(\d{1,6})(minute|hour|day|week|month|year)s?$`)
)

// matches holds a document against all terms: of one keyword several values may match, all else must.
func (q searchQuery) matches(d document, now time.Time) bool {
	either := map[string]bool{}
	for _, t := range q.terms {
		matched := d.match(t, now)
		switch {
		case t.key == "type":
			either[t.key] = either[t.key] || matched
		case t.key != "" && t.op == ":" && !t.negated:
			either[t.key] = either[t.key] || matched
		case matched == t.negated:
			return false
		}
	}
	for _, matched := range either {
		if !matched {
			return false
		}
	}
	return true
}

func (d document) match(t term, now time.Time) bool {
	if t.key == "" {
		return strconv.FormatInt(d.id, 10) == t.value || slices.ContainsFunc(d.texts(), func(text string) bool { return says(text, t.value) })
	}
	if t.key == "type" {
		return strings.EqualFold(t.value, d.kind)
	}
	values := d.property(t.key)
	if values == nil {
		return false
	}
	if strings.EqualFold(t.value, "none") && !t.phrase {
		return !slices.ContainsFunc(values, func(p property) bool { return p.text != "" })
	}
	return slices.ContainsFunc(values, func(p property) bool { return p.meets(t, now) })
}

func (d document) property(key string) []property {
	switch key {
	case "created", "created_at":
		return []property{{d.created.Format(time.RFC3339), inTime}}
	case "updated", "updated_at":
		return []property{{d.updated.Format(time.RFC3339), inTime}}
	}
	return d.values(key)
}

func (p property) meets(t term, now time.Time) bool {
	switch p.how {
	case inTime:
		at, err := time.Parse(time.RFC3339, p.text)
		from, to, wrong := searchedTime(t.value, now)
		return err == nil && wrong == nil && inRange(at, from, to, t.op)
	case inStatus:
		return compared(slices.Index(statuses, p.text), slices.Index(statuses, strings.ToLower(t.value)), t.op)
	case inPriority:
		return compared(slices.Index(priorityOrder, p.text), slices.Index(priorityOrder, strings.ToLower(t.value)), t.op)
	case wordly:
		return p.text != "" && (t.value == "*" || says(p.text, t.value))
	case exact:
	}
	if begins, open := strings.CutSuffix(t.value, "*"); open {
		return p.text != "" && strings.HasPrefix(strings.ToLower(p.text), strings.ToLower(begins))
	}
	return p.text != "" && strings.EqualFold(p.text, t.value)
}

func compared(one, other int, op string) bool {
	if one < 0 || other < 0 {
		return false
	}
	switch op {
	case "<":
		return one < other
	case ">":
		return one > other
	case "<=":
		return one <= other
	case ">=":
		return one >= other
	}
	return one == other
}

func inRange(at, from, to time.Time, op string) bool {
	switch op {
	case "<":
		return at.Before(from)
	case ">":
		return !at.Before(to)
	case "<=":
		return at.Before(to)
	case ">=":
		return !at.Before(from)
	}
	return !at.Before(from) && at.Before(to)
}

// searchedTime is the stretch of time that a value names: a day, a second, or how long ago.
func searchedTime(value string, now time.Time) (from, to time.Time, err error) {
	if parts := ago.FindStringSubmatch(strings.ToLower(value)); parts != nil {
		n, err := strconv.Atoi(parts[1])
		if err != nil {
			return from, to, errSearchDate
		}
		from = before(now, n, parts[2])
		return from, from.Add(time.Second), nil
	}
	if from, err = time.Parse(time.DateOnly, value); err == nil {
		return from, from.AddDate(0, 0, 1), nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05"} {
		if from, err = time.Parse(layout, value); err == nil {
			from = from.Truncate(time.Second)
			return from, from.Add(time.Second), nil
		}
	}
	return from, to, errSearchDate
}

func before(now time.Time, n int, unit string) time.Time {
	switch unit {
	case "minute":
		return now.Add(-time.Duration(n) * time.Minute)
	case "hour":
		return now.Add(-time.Duration(n) * time.Hour)
	case "week":
		return now.AddDate(0, 0, -7*n)
	case "month":
		return now.AddDate(0, -n, 0)
	case "year":
		return now.AddDate(-n, 0, 0)
	}
	return now.AddDate(0, 0, -n)
}

// wrongDate is the first value of a date that is none.
func (q searchQuery) wrongDate(now time.Time) (value string, wrong bool) {
	for _, t := range q.terms {
		if t.key == "created" || t.key == "updated" || t.key == "created_at" || t.key == "updated_at" {
			if _, _, err := searchedTime(t.value, now); err != nil && t.value != "none" {
				return t.value, true
			}
		}
	}
	return "", false
}
