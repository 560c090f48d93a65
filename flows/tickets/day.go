// Dates as people write them.

package tickets

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

var (
	wholeDate  = regexp.MustCompile(`^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$`)
	daysFrom   = regexp.MustCompile(`^\+ ?(\d{1,4}) ?(d|days?|w|weeks?|일|주)$`)
	dayMonth   = regexp.MustCompile(`^(\d{1,2})\.? ([a-z]{3,9})\.?,?(?: (\d{4}))?$`)
	monthDay   = regexp.MustCompile(`^([a-z]{3,9})\.? (\d{1,2}),?(?: (\d{4}))?$`)
	koreanDate = regexp.MustCompile(`^(?:(\d{4})년 ?)?(\d{1,2})월 ?(\d{1,2})일$`)
	eitherDate = regexp.MustCompile(`^(\d{1,2})[-/.](\d{1,2})(?:[-/.]\d{2,4})?$`)
)

// isEither tells that a date could be two days, or is none at all: which of its numbers is the month nobody says.
func isEither(value string) bool {
	found := eitherDate.FindStringSubmatch(value)
	return len(found) > 0 && atoi(found[1]) <= 12 && atoi(found[2]) <= 12
}

// nearDays are the words for days near today.
var nearDays = map[string]int{"today": 0, "tomorrow": 1, "오늘": 0, "내일": 1, "모레": 2}

// DayOf is the date that words mean, as a date field has it: 2026-12-05. A day without a year is the next one, today included.
// Words that mean no day, or could mean two, as 12/5 does, come back as they are.
func DayOf(said string, today time.Time) string {
	words := strings.ToLower(strings.Join(strings.Fields(said), " "))
	if days, near := nearDays[words]; near {
		return today.AddDate(0, 0, days).Format(time.DateOnly)
	}
	if found := daysFrom.FindStringSubmatch(words); found != nil {
		days := atoi(found[1])
		if strings.HasPrefix(found[2], "w") || found[2] == "주" {
			days *= 7
		}
		return today.AddDate(0, 0, days).Format(time.DateOnly)
	}
	year, month, day := "", 0, ""
	if found := wholeDate.FindStringSubmatch(words); found != nil {
		year, month, day = found[1], atoi(found[2]), found[3]
	} else if found := koreanDate.FindStringSubmatch(words); found != nil {
		year, month, day = found[1], atoi(found[2]), found[3]
	} else if found := dayMonth.FindStringSubmatch(words); found != nil {
		day, month, year = found[1], monthOf(found[2]), found[3]
	} else if found := monthDay.FindStringSubmatch(words); found != nil {
		month, day, year = monthOf(found[1]), found[2], found[3]
	}
	if date, ok := nextDate(year, month, atoi(day), today); ok {
		return date.Format(time.DateOnly)
	}
	return said
}

func atoi(digits string) int {
	n, _ := strconv.Atoi(digits) // digits alone, a few of them; none are 0
	return n
}

// monthOf is the month that a word begins, of at least three letters; 0: none.
func monthOf(word string) int {
	for month := time.January; month <= time.December; month++ {
		if name := strings.ToLower(month.String()); strings.HasPrefix(name, word) || word == "sept" && month == time.September {
			return int(month)
		}
	}
	return 0
}

// nextDate is that day of the year, or where none is said, of the first year in which it has not passed.
func nextDate(year string, month, day int, today time.Time) (time.Time, bool) {
	first, last := today.Year(), today.Year()+8 // 29 February comes once in eight years at the latest
	if year != "" {
		first, last = atoi(year), atoi(year)
	}
	for at := first; at <= last && month > 0; at++ {
		date := time.Date(at, time.Month(month), day, 0, 0, 0, 0, time.UTC)
		passed := year == "" && date.Format(time.DateOnly) < today.Format(time.DateOnly)
		if int(date.Month()) == month && date.Day() == day && !passed {
			return date, true
		}
	}
	return time.Time{}, false
}
