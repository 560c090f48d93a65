package tickets_test

import (
	"testing"
	"time"

	"zsf/flows/tickets"
)

func TestADateIsTakenAsPeopleWriteIt(t *testing.T) {
	today := time.Date(2026, time.November, 26, 23, 50, 0, 0, time.FixedZone("KST", 9*3600))
	for said, want := range map[string]string{
		"2026-12-05": "2026-12-05", "2026-12-5": "2026-12-05", "2026/12/05": "2026-12-05", "2026.12.5": "2026-12-05",
		"today": "2026-11-26", " Tomorrow ": "2026-11-27", "+3d": "2026-11-29", "+2w": "2026-12-10", "+1 day": "2026-11-27",
		"5 Dec": "2026-12-05", "Dec 5": "2026-12-05", "5 december 2027": "2027-12-05", "December 5, 2027": "2027-12-05", "5. Dec": "2026-12-05",
		"26 Nov": "2026-11-26", "25 Nov": "2027-11-25", "29 Feb": "2028-02-29", "1 Sept": "2027-09-01",
		"오늘": "2026-11-26", "내일": "2026-11-27", "모레": "2026-11-28", "12월 5일": "2026-12-05", "2027년 1월 2일": "2027-01-02", "+3일": "2026-11-29",
		// What means no day, or could mean two, stays as it is.
		"12/5": "12/5", "5.12.": "5.12.", "05/12/2026": "05/12/2026", "31 Nov": "31 Nov", "2026-02-30": "2026-02-30", "2026-13-01": "2026-13-01",
		"soon": "soon", "5 Foo": "5 Foo", "ma 5": "ma 5", "13월 1일": "13월 1일", "": "", "0 Dec": "0 Dec",
	} {
		if got := tickets.DayOf(said, today); got != want {
			t.Errorf("%q is %q, not %q", said, got, want)
		}
	}
}
