package soql

import (
	"context"
	"fmt"
	"testing"
)

// bigOrg makes accounts only when they are asked for.
type bigOrg struct {
	*org
	size    int
	visited int
	at      func(n int)
}

type bigRow int

func (n bigRow) Value(field string) any {
	switch field {
	case "Id":
		return To18(fmt.Sprintf("0015g%010d", int(n)))
	case "Name":
		return bigNames[int(n)%len(bigNames)]
	case "NumberOfEmployees":
		return int64(n)
	case "Industry":
		return "Banking"
	}
	return nil
}

var bigNames = []string{"Acme Holdings", "한국전자 주식회사", "株式会社サクラ", "Globex", "🚀 Rocket"}

func (b *bigOrg) Scan(_ *Object, yield func(Row) bool) {
	for n := range b.size {
		b.visited = n
		if b.at != nil {
			b.at(n)
		}
		if !yield(bigRow(n)) {
			return
		}
	}
}

func benchmark(b *testing.B, query string) {
	rows := &bigOrg{org: newOrg(), size: 100_000}
	q, err := Parse(query)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := Run(context.Background(), q, rows, clock); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCount(b *testing.B) { benchmark(b, "SELECT COUNT() FROM Account") }

func BenchmarkFilter(b *testing.B) {
	for name, where := range map[string]string{
		"equal":  "Name = 'globex'",
		"like":   "Name LIKE '%전자%'",
		"in":     "Name IN ('a', 'b', 'GLOBEX')",
		"number": "NumberOfEmployees > 50000 AND Industry = 'banking'",
	} {
		b.Run(name, func(b *testing.B) { benchmark(b, "SELECT COUNT() FROM Account WHERE "+where) })
	}
}

func BenchmarkRecords(b *testing.B) { benchmark(b, "SELECT Name, NumberOfEmployees FROM Account") }

func BenchmarkOrder(b *testing.B) { benchmark(b, "SELECT Name FROM Account ORDER BY Name LIMIT 10") }

func BenchmarkGroup(b *testing.B) {
	benchmark(b, "SELECT Name, COUNT(Id), MAX(NumberOfEmployees) FROM Account GROUP BY Name")
}

func BenchmarkParse(b *testing.B) {
	for b.Loop() {
		if _, err := Parse("SELECT Id, Name, Owner.Name FROM Account WHERE (Name LIKE 'a%' OR Industry IN ('x','y')) AND CreatedDate = LAST_N_DAYS:30 ORDER BY Name LIMIT 200"); err != nil {
			b.Fatal(err)
		}
	}
}
