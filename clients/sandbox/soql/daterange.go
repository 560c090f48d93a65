// Date literals such as TODAY and LAST_N_WEEKS:3, as stretches of time around the clock's now.

package soql

import (
	"strconv"
	"strings"
	"time"
)

// A dateRange reaches from one bound to before another, both counted in units from the unit that now is in.
type dateRange struct {
	unit     unit
	from, to int
	// running ranges end with today, so that "later than" them would be the future;
	// it means later than their start, as queries in the field use it (not confirmed on an org).
	running bool
}

type unit int

const (
	day unit = iota
	week
	month
	quarter
	year
)

// A fiscal year is the calendar's here, as in an org that has set none.
var units = map[string]unit{
	"DAY": day, "WEEK": week, "MONTH": month, "QUARTER": quarter, "YEAR": year,
	"FISCAL_QUARTER": quarter, "FISCAL_YEAR": year,
}

var days = map[string]dateRange{
	"YESTERDAY":    {unit: day, from: -1, to: 0},
	"TODAY":        {unit: day, from: 0, to: 1},
	"TOMORROW":     {unit: day, from: 1, to: 2},
	"LAST_90_DAYS": {unit: day, from: -90, to: 1, running: true},
	"NEXT_90_DAYS": {unit: day, from: 1, to: 91},
}

// maxCount bounds n, as no year has more than four digits.
const maxCount = 9999

// namedRange finds TODAY, THIS_WEEK, LAST_FISCAL_YEAR and their like.
func namedRange(name string) (dateRange, bool) {
	name = strings.ToUpper(name)
	if found, ok := days[name]; ok {
		return found, true
	}
	which, rest, _ := strings.Cut(name, "_")
	u, ok := units[rest]
	if !ok || u == day {
		return dateRange{}, false
	}
	switch which {
	case "LAST":
		return dateRange{unit: u, from: -1, to: 0}, true
	case "THIS":
		return dateRange{unit: u, from: 0, to: 1}, true
	case "NEXT":
		return dateRange{unit: u, from: 1, to: 2}, true
	}
	return dateRange{}, false
}

// numberedRange finds LAST_N_DAYS:n, NEXT_N_MONTHS:n, N_YEARS_AGO:n and their like.
func numberedRange(text string) (dateRange, bool) {
	name, digits, _ := strings.Cut(strings.ToUpper(text), ":")
	n, err := strconv.Atoi(digits)
	if err != nil || n > maxCount {
		return dateRange{}, false
	}
	switch which, u, ok := numberedUnit(name); {
	case !ok:
		return dateRange{}, false
	case which == "LAST" && u == day:
		return dateRange{unit: u, from: -n, to: 1, running: true}, true
	case which == "LAST":
		return dateRange{unit: u, from: -n, to: 0}, true
	case which == "NEXT":
		return dateRange{unit: u, from: 1, to: n + 1}, true
	default:
		return dateRange{unit: u, from: -n, to: -n + 1}, true
	}
}

// numberedUnit splits LAST_N_DAYS, NEXT_N_DAYS and N_DAYS_AGO into LAST, NEXT or AGO and the unit.
func numberedUnit(name string) (which string, u unit, ok bool) {
	for which, around := range map[string][2]string{
		"LAST": {"LAST_N_", "S"}, "NEXT": {"NEXT_N_", "S"}, "AGO": {"N_", "S_AGO"},
	} {
		rest, hasPrefix := strings.CutPrefix(name, around[0])
		single, hasSuffix := strings.CutSuffix(rest, around[1])
		if u, ok := units[single]; ok && hasPrefix && hasSuffix {
			return which, u, true
		}
	}
	return "", 0, false
}

// bounds are the range's first instant and the first one after it, in now's zone.
func (d dateRange) bounds(now time.Time) (start, end time.Time) {
	floor := d.unit.floor(now)
	return d.unit.add(floor, d.from), d.unit.add(floor, d.to)
}

func (u unit) floor(t time.Time) time.Time {
	y, m, d := t.Date()
	switch u {
	case day:
	case week: // from Sunday, as in an English locale
		d -= int(t.Weekday())
	case month:
		d = 1
	case quarter:
		m, d = (m-1)/3*3+1, 1
	case year:
		m, d = time.January, 1
	}
	return time.Date(y, m, d, 0, 0, 0, 0, t.Location())
}

func (u unit) add(t time.Time, n int) time.Time {
	switch u {
	case week:
		return t.AddDate(0, 0, 7*n)
	case month:
		return t.AddDate(0, n, 0)
	case quarter:
		return t.AddDate(0, 3*n, 0)
	case year:
		return t.AddDate(n, 0, 0)
	default:
		return t.AddDate(0, 0, n)
	}
}

func dateOf(t time.Time) Date { return Date(t.Format(time.DateOnly)) }
