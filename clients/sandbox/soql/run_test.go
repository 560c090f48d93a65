package soql

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// ask parses and runs.
func ask(o *org, query string) (*Result, error) {
	q, err := Parse(query)
	if err != nil {
		return nil, err
	}
	return Run(context.Background(), q, o, clock)
}

// show writes records as "value|value; value|value", parents as {name=value}, children as [records].
func show(r *Result) string {
	if r.Count {
		return fmt.Sprint(r.Total)
	}
	rows := make([]string, 0, len(r.Records))
	for _, record := range r.Records {
		values := make([]string, 0, len(record.Columns))
		for _, column := range record.Columns {
			values = append(values, showValue(column.Value))
		}
		rows = append(rows, strings.Join(values, "|"))
	}
	return strings.Join(rows, "; ")
}

func showValue(value any) string {
	switch v := value.(type) {
	case nil:
		return "null"
	case time.Time:
		return v.Format(time.RFC3339)
	case *Record:
		values := make([]string, 0, len(v.Columns))
		for _, column := range v.Columns {
			values = append(values, column.Name+"="+showValue(column.Value))
		}
		return "{" + strings.Join(values, " ") + "}"
	case *Result:
		return "[" + show(v) + "]"
	}
	return fmt.Sprint(value)
}

const (
	all = "Acme; 한국전자; 株式会社サクラ; 🚀 O'Neil & Ürün; 100%_\\path; ACME"
)

// names are queries whose answer is told by the Name column alone.
var names = []struct{ name, where, want string }{
	{"no condition", "", all},
	{"text without regard to case", "WHERE Name = 'aCmE'", "Acme; ACME"},
	{"keywords, objects and fields without regard to case", "wHeRe nAME = 'acme' oRdEr bY id LiMiT 1", "Acme"},
	{"the object's own name before a field", "WHERE Account.Name = 'acme'", "Acme; ACME"},
	{"not equal includes null", "WHERE Industry != 'banking'", "한국전자; 株式会社サクラ; 🚀 O'Neil & Ürün; 100%_\\path"},
	{"<> is !=", "WHERE Industry <> 'banking' AND Industry != null", "한국전자; 🚀 O'Neil & Ürün; 100%_\\path"},
	{"Korean", "WHERE Name = '한국전자'", "한국전자"},
	{"Japanese, in part", "WHERE Name LIKE '%会社_クラ'", "株式会社サクラ"},
	{"an emoji is one character", "WHERE Name LIKE '_ o\\'neil %'", "🚀 O'Neil & Ürün"},
	{"an emoji by its escapes", "WHERE Name LIKE '\\uD83D\\uDE80%'", "🚀 O'Neil & Ürün"},
	{"letters beyond ASCII fold too", "WHERE Name LIKE '%üRÜN'", "🚀 O'Neil & Ürün"},
	{"LIKE's escapes", `WHERE Name LIKE '100\%\_\\%'`, `100%_\path`},
	{"LIKE without wildcards is equality", "WHERE Name LIKE 'acme'", "Acme; ACME"},
	{"LIKE with many wildcards", "WHERE Name LIKE '%a%c%m%e%'", "Acme; ACME"},
	{"LIKE finds no null", "WHERE Industry LIKE '%'", "Acme; 한국전자; 🚀 O'Neil & Ürün; 100%_\\path; ACME"},
	{"a doubled backslash", `WHERE Name = '100%_\\path'`, `100%_\path`},
	{"null", "WHERE Industry = null", "株式会社サクラ"},
	{"an empty string is null", "WHERE Industry = ''", "株式会社サクラ"},
	{"not null", "WHERE Rating != NULL", "Acme; 🚀 O'Neil & Ürün"},
	{"true", "WHERE Active__c = true", "Acme; 한국전자; 🚀 O'Neil & Ürün"},
	{"false, and null is false", "WHERE Active__c = FALSE", "株式会社サクラ; 100%_\\path; ACME"},
	{"false in a list, and null is false", "WHERE Active__c IN (false)", "株式会社サクラ; 100%_\\path; ACME"},
	{"numbers", "WHERE NumberOfEmployees >= 100", "Acme; 한국전자"},
	{"null is below no number", "WHERE NumberOfEmployees < 100", "株式会社サクラ; ACME"},
	{"a decimal", "WHERE AnnualRevenue > 99.5", "Acme"},
	{"text in order", "WHERE Name < 'b' AND Name > '1'", "Acme; 100%_\\path; ACME"},
	{"AND", "WHERE Industry = 'Banking' AND Active__c = true", "Acme"},
	{"OR", "WHERE Industry = 'Retail' OR Rating = 'Hot'", "Acme; 100%_\\path"},
	{"AND and OR in parentheses", "WHERE (Industry = 'Retail' OR Rating = 'Hot') AND Active__c = true", "Acme"},
	{"NOT", "WHERE NOT Name LIKE 'acme'", "한국전자; 株式会社サクラ; 🚀 O'Neil & Ürün; 100%_\\path"},
	{"NOT in parentheses", "WHERE Active__c = true AND (NOT Industry = 'energy')", "Acme"},
	{"IN", "WHERE Industry IN ('BANKING', 'retail')", "Acme; 100%_\\path; ACME"},
	{"IN with null", "WHERE Industry IN ('retail', null)", "株式会社サクラ; 100%_\\path"},
	{"IN of numbers", "WHERE NumberOfEmployees IN (7, 20)", "株式会社サクラ; ACME"},
	{"NOT IN", "WHERE Industry NOT IN ('Banking', 'Energy')", "株式会社サクラ; 100%_\\path"},
	{"INCLUDES one of them", "WHERE Tags__c INCLUDES ('a', 'C')", "Acme"},
	{"INCLUDES both", "WHERE Tags__c INCLUDES ('B;A')", "Acme"},
	{"EXCLUDES", "WHERE Tags__c EXCLUDES ('A')", "한국전자; 株式会社サクラ; 🚀 O'Neil & Ürün; 100%_\\path; ACME"},
	{"an id of 18", "WHERE Id = '" + acme + "'", "Acme"},
	{"an id of 15 tells case apart", "WHERE Id = '" + acmeLC[:15] + "'", "ACME"},
	{"ids of both lengths", "WHERE Id IN ('" + korea + "', '" + acme[:15] + "', '" + acme + "')", "Acme; 한국전자"},
	{"an id and more", "WHERE Id = '" + acme + "' AND Name = 'other'", ""},
	{"an id or more", "WHERE Id = '" + acme + "' OR Name = '한국전자'", "Acme; 한국전자"},
	{"no id", "WHERE Id NOT IN ('" + acme + "') AND Name LIKE 'acme'", "ACME"},
	{"ids in order", "WHERE Id > '" + percent + "'", "ACME"},
	{"a reference of 15", "WHERE OwnerId = '" + queue[:15] + "'", "株式会社サクラ"},
	{"a reference that is null", "WHERE ParentId = null AND OwnerId != ''", "Acme; 株式会社サクラ"},
	{"a parent's field", "WHERE Owner.Name = 'ada'", "Acme; ACME"},
	{"a parent of another object", "WHERE Owner.Name = 'Queue'", "株式会社サクラ"},
	{"several parents up", "WHERE Parent.Parent.Name = 'Acme'", "한국전자"},
	{"a missing parent is null", "WHERE Parent.Name = null", "Acme; 株式会社サクラ; 🚀 O'Neil & Ürün; 100%_\\path"},
	{"a semi-join", "WHERE Id IN (SELECT AccountId FROM Contact WHERE Email != null)", "Acme; 한국전자"},
	{"an anti-join", "WHERE Id NOT IN (SELECT AccountId FROM Contact)", "株式会社サクラ; 🚀 O'Neil & Ürün; 100%_\\path; ACME"},
	{"a semi-join on a reference", "WHERE OwnerId IN (SELECT Id FROM User WHERE IsActive = true) AND ParentId != null", "ACME"},
	{"TODAY", "WHERE CreatedDate = TODAY", "Acme"},
	{"TODAY of a date", "WHERE Founded__c = today", "Acme"},
	{"before TODAY", "WHERE CreatedDate < TODAY AND CreatedDate >= LAST_WEEK", "한국전자; ACME"},
	{"after TODAY", "WHERE CreatedDate > TODAY", "100%_\\path"},
	{"YESTERDAY", "WHERE CreatedDate = YESTERDAY", "ACME"},
	{"not YESTERDAY", "WHERE CreatedDate != YESTERDAY AND Industry = 'Banking'", "Acme"},
	{"LAST_N_DAYS includes today", "WHERE CreatedDate = LAST_N_DAYS:1", "Acme; ACME"},
	{"later than LAST_N_DAYS is later than its start", "WHERE CreatedDate > LAST_N_DAYS:10", "Acme; 100%_\\path; ACME"},
	{"LAST_WEEK from Sunday", "WHERE CreatedDate = LAST_WEEK", "한국전자"},
	{"THIS_MONTH", "WHERE CreatedDate = THIS_MONTH", "Acme; 한국전자; ACME"},
	{"NEXT_WEEK of a date", "WHERE Founded__c = NEXT_WEEK", "100%_\\path"},
	{"LAST_N_MONTHS", "WHERE CreatedDate = LAST_N_MONTHS:1", "株式会社サクラ"},
	{"N_YEARS_AGO", "WHERE CreatedDate = N_YEARS_AGO:1", "🚀 O'Neil & Ürün"},
	{"THIS_FISCAL_QUARTER", "WHERE Founded__c = THIS_FISCAL_QUARTER", "Acme; 한국전자; 100%_\\path; ACME"},
	{"a date", "WHERE Founded__c > 2026-11-17", "Acme; 100%_\\path"},
	{"a datetime in a zone", "WHERE CreatedDate >= 2026-11-18T10:00:00+09:00", "Acme; 100%_\\path"},
	{"a datetime with a fraction", "WHERE CreatedDate > 2026-11-18T00:59:59.999Z", "Acme; 100%_\\path"},
	{"toLabel passes the value", "WHERE toLabel(Rating) = 'hot'", "Acme"},
	{"a date function", "WHERE CALENDAR_YEAR(CreatedDate) = 2025", "🚀 O'Neil & Ürün"},
	{"ORDER BY without regard to case, nulls first", "ORDER BY Industry, Name", "株式会社サクラ; Acme; ACME; 한국전자; 🚀 O'Neil & Ürün; 100%_\\path"},
	{"DESC, nulls first all the same", "ORDER BY NumberOfEmployees DESC, Id", "🚀 O'Neil & Ürün; 100%_\\path; 한국전자; Acme; ACME; 株式会社サクラ"},
	{"NULLS LAST", "ORDER BY NumberOfEmployees ASC NULLS LAST LIMIT 2", "株式会社サクラ; ACME"},
	{"ORDER BY a parent's field", "WHERE OwnerId != null ORDER BY Owner.Name DESC NULLS LAST, Id DESC", "한국전자; 株式会社サクラ; ACME; Acme"},
	{"LIMIT and OFFSET", "LIMIT 2 OFFSET 1", "한국전자; 株式会社サクラ"},
	{"OFFSET past the end", "OFFSET 100", ""},
	{"LIMIT 0", "LIMIT 0", ""},
	{"FOR VIEW and FOR REFERENCE", "LIMIT 1 FOR VIEW FOR REFERENCE", "Acme"},
	{"FOR UPDATE, ALL ROWS", "LIMIT 1 FOR UPDATE ALL ROWS", "Acme"},
	{"WITH", "WHERE Name = '한국전자' WITH SECURITY_ENFORCED", "한국전자"},
	{"WITH USER_MODE", "WITH user_mode LIMIT 1", "Acme"},
	{"USING SCOPE", "USING SCOPE mine WHERE Name = '한국전자'", "한국전자"},
}

func TestWhichRows(t *testing.T) {
	for _, c := range names {
		t.Run(c.name, func(t *testing.T) {
			got, err := ask(newOrg(), "SELECT Name FROM Account "+c.where)
			if err != nil {
				t.Fatal(err)
			}
			if show(got) != c.want {
				t.Errorf("%s\n got %s\nwant %s", c.where, show(got), c.want)
			}
		})
	}
}

func TestColumns(t *testing.T) {
	for _, c := range []struct{ name, query, want string }{
		{"parents keep their place", "SELECT Owner.Name, Id, Owner.Manager.Name, Owner.Id FROM Account LIMIT 1", "{Name=Ada Manager={Name=루트} Id=" + ada + "}|" + acme},
		{"a missing parent is null", "SELECT Parent.Name, Parent.Owner.Name FROM Account WHERE Name = '株式会社サクラ'", "null"},
		{"exact names", "SELECT id, OWNER.nAmE FROM account WHERE name = '한국전자'", korea + "|{Name=루트}"},
		{"an alias of the object", "SELECT a.Name, a.Owner.Name FROM Account AS a WHERE a.Name = '한국전자'", "한국전자|{Name=루트}"},
		{"an object whose name is a keyword", "SELECT Name FROM Group", "Queue"},
		{"functions for a person's eyes", "SELECT toLabel(Rating), FORMAT(AnnualRevenue) revenue, AnnualRevenue FROM Account LIMIT 1", "Hot|$1,000.50|1000.5"},
		{"FORMAT of numbers and dates", "SELECT FORMAT(NumberOfEmployees), FORMAT(CreatedDate), FORMAT(Founded__c), FORMAT(Name), FORMAT(Owner.Name) FROM Account WHERE Name = '한국전자'", "3,000|11/8/2026, 12:00 AM|10/31/2026|한국전자|{Name=루트}"},
		{"FORMAT of nothing", "SELECT FORMAT(AnnualRevenue) FROM Account WHERE AnnualRevenue = null LIMIT 1", "null"},
		{"FIELDS(STANDARD)", "SELECT FIELDS(STANDARD) FROM User", ada + "|Ada|true|" + root + "; " + root + "|루트|false|null"},
		{"FIELDS(CUSTOM)", "SELECT FIELDS(CUSTOM) FROM Account LIMIT 1", "true|A;B|2026-11-18"},
		{"FIELDS(ALL) beside a parent", "SELECT FIELDS(ALL), Account.Name FROM Contact LIMIT 1", "0035g00000DDDDAAA5|Zoë|zoe@acme.test|" + acme + "|" + ada + "|{Name=Acme}"},
		{"a document", "SELECT Metadata FROM FlexiPage WHERE DeveloperName = 'Lead_Page'", "map[type:RecordPage]"},
		{"children", "SELECT Name, (SELECT Name, Account.Name FROM Contacts ORDER BY Name) FROM Account WHERE Name IN ('Acme', '한국전자') AND Industry != null", "Acme|[Bob|{Name=Acme}; Zoë|{Name=Acme}]; 한국전자|[김철수|{Name=한국전자}]; ACME|null"},
		{"children, each parent's own LIMIT", "SELECT Name, (SELECT Name FROM Account.Contacts WHERE Email != null LIMIT 1) FROM Account LIMIT 2", "Acme|[Zoë]; 한국전자|[김철수]"},
		{"children of children", "SELECT (SELECT Name, (SELECT Name FROM ChildAccounts) FROM ChildAccounts) FROM Account LIMIT 1", "[ACME|[한국전자]]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := ask(newOrg(), c.query)
			if err != nil {
				t.Fatal(err)
			}
			if show(got) != c.want {
				t.Errorf("%s\n got %s\nwant %s", c.query, show(got), c.want)
			}
		})
	}
}

func TestRecordsCarryObjectIDAndExactNames(t *testing.T) {
	got, err := ask(newOrg(), "SELECT name, owner.name FROM aCCount WHERE Id = '"+japan+"'")
	if err != nil {
		t.Fatal(err)
	}
	record := got.Records[0]
	if record.Object.Name != "Account" || record.ID != japan || got.Total != 1 {
		t.Errorf("got %s %s, total %d", record.Object.Name, record.ID, got.Total)
	}
	if record.Columns[0].Name != "Name" || record.Columns[1].Name != "Owner" {
		t.Errorf("got columns %s and %s", record.Columns[0].Name, record.Columns[1].Name)
	}
	owner, ok := record.Columns[1].Value.(*Record)
	if !ok || owner.Object.Name != "Group" || owner.ID != queue {
		t.Errorf("the owner is %+v, want the Group", record.Columns[1].Value)
	}
}

func TestAggregates(t *testing.T) {
	for _, c := range []struct{ name, query, columns, want string }{
		{"a bare count", "SELECT COUNT() FROM Account", "", "6"},
		{"a count of some", "select count() from Account where Industry = 'banking'", "", "2"},
		{"a count with LIMIT", "SELECT COUNT() FROM Account LIMIT 4", "", "4"},
		{"a count with OFFSET", "SELECT COUNT() FROM Account LIMIT 10 OFFSET 5", "", "1"},
		{"one row of totals", "SELECT COUNT(Id), COUNT(Industry) i, COUNT_DISTINCT(Industry), SUM(NumberOfEmployees), AVG(AnnualRevenue), MIN(Name), MAX(CreatedDate) FROM Account", "expr0 i expr1 expr2 expr3 expr4 expr5", "6|5|3|3127|550|100%_\\path|2026-12-01T00:00:00Z"},
		{"one row even of nothing", "SELECT COUNT(Id) n, SUM(AnnualRevenue), MAX(Name) FROM Account WHERE Name = 'none'", "n expr0 expr1", "0|null|null"},
		{"groups without regard to case", "SELECT Industry, COUNT(Id) n FROM Account GROUP BY Industry ORDER BY COUNT(Id) DESC, Industry", "Industry n", "Banking|2; Energy|2; null|1; Retail|1"},
		{"no groups of nothing", "SELECT Industry FROM Account WHERE Name = 'none' GROUP BY Industry", "", ""},
		{"groups alone", "SELECT Industry i FROM Account GROUP BY Industry ORDER BY Industry NULLS LAST LIMIT 2 OFFSET 1", "i", "Energy; Retail"},
		{"a parent's field", "SELECT Owner.Name, COUNT(Id) FROM Account WHERE OwnerId != null GROUP BY Owner.Name ORDER BY Owner.Name", "Name expr0", "Ada|2; Queue|1; 루트|1"},
		{"HAVING", "SELECT Industry FROM Account GROUP BY Industry HAVING COUNT(Id) > 1 AND Industry LIKE 'b%'", "Industry", "Banking"},
		{"HAVING without the total in SELECT", "SELECT Industry FROM Account GROUP BY Industry HAVING SUM(NumberOfEmployees) > 1000", "Industry", "Energy"},
		{"a date function", "SELECT CALENDAR_YEAR(CreatedDate) y, CALENDAR_MONTH(CreatedDate), COUNT(Id) FROM Account GROUP BY CALENDAR_YEAR(CreatedDate), CALENDAR_MONTH(CreatedDate) ORDER BY CALENDAR_YEAR(CreatedDate), CALENDAR_MONTH(CreatedDate)", "y expr0 expr1", "2025|11|1; 2026|10|1; 2026|11|3; 2026|12|1"},
		{"FORMAT of a total", "SELECT FORMAT(MAX(AnnualRevenue)) most FROM Account", "most", "$1,000.50"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := ask(newOrg(), c.query)
			if err != nil {
				t.Fatal(err)
			}
			if show(got) != c.want {
				t.Errorf("%s\n got %s\nwant %s", c.query, show(got), c.want)
			}
			if len(got.Records) == 0 {
				return
			}
			columns := make([]string, 0, len(got.Records[0].Columns))
			for _, column := range got.Records[0].Columns {
				columns = append(columns, column.Name)
			}
			if strings.Join(columns, " ") != c.columns || got.Records[0].Object != nil {
				t.Errorf("got columns %v of %v, want %s", columns, got.Records[0].Object, c.columns)
			}
		})
	}
}

func TestIDsAreFoundNotScanned(t *testing.T) {
	for _, c := range []struct {
		where   string
		scanned int
	}{
		{"Id = '" + acme + "'", 0},
		{"Name != null AND (Id IN ('" + acme + "', '" + korea + "'))", 0},
		{"Id IN (SELECT AccountId FROM Contact)", 4}, // the contacts
		{"Id = '" + acme + "' OR Name = 'x'", 6},
		{"NOT Id = '" + acme + "'", 6},
		{"Parent.Id = '" + acme + "'", 6},
	} {
		o := newOrg()
		if _, err := ask(o, "SELECT Id FROM Account WHERE "+c.where); err != nil {
			t.Fatal(err)
		}
		if o.scanned != c.scanned {
			t.Errorf("%s: scanned %d rows, want %d", c.where, o.scanned, c.scanned)
		}
	}
}

func TestLimitStopsTheScan(t *testing.T) {
	for query, want := range map[string]int{
		"SELECT Id FROM Account LIMIT 2":               2,
		"SELECT Id FROM Account LIMIT 2 OFFSET 1":      3,
		"SELECT COUNT() FROM Account LIMIT 2":          2,
		"SELECT Id FROM Account LIMIT 0":               0,
		"SELECT Id FROM Account ORDER BY Name LIMIT 2": 6,
	} {
		o := newOrg()
		if _, err := ask(o, query); err != nil {
			t.Fatal(err)
		}
		if o.scanned != want {
			t.Errorf("%s: scanned %d rows, want %d", query, o.scanned, want)
		}
	}
}

func TestDatesAreReckonedInTheClocksZone(t *testing.T) {
	q, err := Parse("SELECT COUNT() FROM Account WHERE CreatedDate = TODAY")
	if err != nil {
		t.Fatal(err)
	}
	seoul := time.FixedZone("KST", 9*60*60)
	got, err := Run(context.Background(), q, newOrg(), func() time.Time { return at("2026-11-18T16:00:00Z").In(seoul) })
	if err != nil {
		t.Fatal(err)
	}
	if got.Total != 0 {
		t.Errorf("in Seoul it is the 19th already, yet %d rows are of TODAY", got.Total)
	}
}

func TestLongScansHeedTheContext(t *testing.T) {
	for _, query := range []string{
		"SELECT COUNT() FROM Account", "SELECT Id FROM Account", "SELECT MAX(Name) FROM Account", "SELECT Id FROM Account ORDER BY Name",
	} {
		q, err := Parse(query)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		rows := &bigOrg{org: newOrg(), size: 100_000, at: func(n int) {
			if n == 1000 {
				cancel()
			}
		}}
		if _, err = Run(ctx, q, rows, clock); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: got %v", query, err)
		}
		if rows.visited > 2000 {
			t.Errorf("%s: went on to row %d", query, rows.visited)
		}
	}
}

func TestOneQueryRunsManyTimesAtOnce(t *testing.T) {
	q, err := Parse("SELECT Name, (SELECT Name FROM Contacts) FROM Account WHERE (Name LIKE 'a%' OR Industry IN ('Retail')) AND CreatedDate < NEXT_YEAR ORDER BY Name")
	if err != nil {
		t.Fatal(err)
	}
	answers := make(chan string)
	for range 8 {
		go func() {
			got, err := Run(context.Background(), q, newOrg(), clock)
			if err != nil {
				answers <- err.Error()
				return
			}
			answers <- show(got)
		}()
	}
	first := <-answers
	for range 7 {
		if next := <-answers; next != first {
			t.Errorf("got %s and %s", first, next)
		}
	}
}
