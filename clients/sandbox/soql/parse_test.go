package soql

import (
	"context"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestEscapes(t *testing.T) {
	for written, want := range map[string]string{
		`''`:                         "",
		`'plain'`:                    "plain",
		`'\n\r\t\b\f\"\'\\'`:         "\n\r\t\b\f\"'\\",
		`'\N\R\T\B\F'`:               "\n\r\t\b\f",
		`'\u0041\uD55C\ud83d\ude80'`: "A한🚀",
		`'\ud83dx'`:                  "\uFFFDx",
		`'\uD83D\u0041'`:             "\uFFFDA",
		"'a\nb'":                     "a\nb",
		`'한국 🚀'`:                     "한국 🚀",
		`'100%_'`:                    "100%_",
	} {
		q, err := Parse("SELECT Id FROM Account WHERE Name = " + written)
		if err != nil {
			t.Errorf("%s: %v", written, err)
			continue
		}
		if got := q.statement.Where.First.Comparison.Value.value; got != want {
			t.Errorf("%s reads as %q, want %q", written, got, want)
		}
	}
}

func TestQuotedTextReadsBackAsItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		q, err := Parse("SELECT Id FROM Account WHERE Name = " + quote(s) + " LIMIT 1")
		if err != nil {
			t.Fatal(err)
		}
		if got := q.statement.Where.First.Comparison.Value.value; got != s {
			t.Fatalf("%s reads as %q, want %q", quote(s), got, s)
		}
	})
}

func TestQuotedTextFindsItsRow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringN(1, 20, -1).Draw(t, "name")
		o := newOrg()
		o.rows["Group"] = []fakeRow{{"Id": queue, "Name": name}}
		got, err := ask(o, "SELECT COUNT() FROM Group WHERE Name = "+quote(name))
		if err != nil || got.Total != 1 {
			t.Fatalf("%q: %v, %v", name, got, err)
		}
	})
}

// Whatever equals without regard to case must compare, match and group as the same.
func TestTextComparesConsistently(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.String().Draw(t, "a")
		b := rapid.OneOf(rapid.Just(strings.ToUpper(a)), rapid.Just(strings.ToLower(a)), rapid.String()).Draw(t, "b")
		same := strings.EqualFold(a, b)
		if (compareText(a, b) == 0) != same || (identity(a) == identity(b)) != same || compareText(a, b) != -compareText(b, a) {
			t.Fatalf("%q and %q: equal is %v, compare %d, identity %q and %q", a, b, same, compareText(a, b), identity(a), identity(b))
		}
		var plain pattern
		for _, r := range b {
			plain = append(plain, glyph{r: foldRune(r)})
		}
		if plain.matches(a) != same {
			t.Fatalf("%q LIKE %q is %v", a, b, !same)
		}
	})
}

func TestFromNamesTheObjectAsWritten(t *testing.T) {
	q, err := Parse("select id from aCCOUNT all rows")
	if err != nil {
		t.Fatal(err)
	}
	if q.From() != "aCCOUNT" || !q.AllRows {
		t.Errorf("got %q, all rows %v", q.From(), q.AllRows)
	}
}

func TestLongQueriesParse(t *testing.T) {
	ids := strings.TrimSuffix(strings.Repeat("'"+acme+"',", 4000), ",")
	got, err := ask(newOrg(), "SELECT Name FROM Account WHERE Id IN ("+ids+")")
	if err != nil || show(got) != "Acme" {
		t.Errorf("got %v, %v", got, err)
	}
	terms := strings.Repeat("Name = 'x' OR ", 5000) + "Name = '한국전자'"
	if got, err = ask(newOrg(), "SELECT Name FROM Account WHERE "+terms); err != nil || show(got) != "한국전자" {
		t.Errorf("got %v, %v", got, err)
	}
	nested := strings.Repeat("(", maxNesting) + "Name = '한국전자'" + strings.Repeat(")", maxNesting)
	if got, err = ask(newOrg(), "SELECT Name FROM Account WHERE "+nested); err != nil || show(got) != "한국전자" {
		t.Errorf("got %v, %v", got, err)
	}
}

func FuzzParse(f *testing.F) {
	for _, c := range names {
		f.Add("SELECT Id, Name, Owner.Name FROM Account " + c.where)
	}
	f.Add("SELECT Industry, COUNT(Id) n FROM Account GROUP BY Industry HAVING COUNT(Id) > 1 ORDER BY MAX(Name)")
	f.Add("SELECT FIELDS(ALL), (SELECT Id FROM Contacts) FROM Account LIMIT 200")
	f.Add("SELECT COUNT() FROM Contact WHERE AccountId NOT IN (SELECT Id FROM Account WHERE Name = '\\u0041')")
	f.Add("SELECT Id FROM Account WHERE ((((((Name = 'a')")
	f.Add("\x00'\\")
	o := newOrg()
	f.Fuzz(func(t *testing.T, query string) {
		q, err := Parse(query)
		var refused *Error
		if err != nil {
			if !errors.As(err, &refused) || refused.Code != malformedQuery {
				t.Fatalf("%q: %v", query, err)
			}
			if utf8.ValidString(query) && !utf8.ValidString(refused.Message) {
				t.Fatalf("%q: %q", query, refused.Message)
			}
			return
		}
		got, err := Run(context.Background(), q, o, clock)
		if err != nil && !errors.As(err, &refused) {
			t.Fatalf("%q: %v", query, err)
		}
		if err == nil && !got.Count && got.Total != len(got.Records) {
			t.Fatalf("%q: %d records, total %d", query, len(got.Records), got.Total)
		}
	})
}

var quoter = strings.NewReplacer(`\`, `\\`, `'`, `\'`, "\n", `\n`, "\r", `\r`, "\t", `\t`, "\b", `\b`, "\f", `\f`)

// quote writes s as a string literal that a comparison other than LIKE reads back as s.
func quote(s string) string { return "'" + quoter.Replace(s) + "'" }
