package zendesk

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"zsf/clients/sandbox/seed"
)

func TestIDsGoThereAndBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 1_000_000_000).Draw(t, "n")
		id := organizationIDs.id(n)
		if got, ok := organizationIDs.number(id); !ok || got != n {
			t.Fatalf("number(%d) = %d, %v; want %d", id, got, ok, n)
		}
		if next := organizationIDs.id(n + 1); next <= id || len(fmt.Sprint(id)) != 14 {
			t.Fatalf("%d, then %d", id, next)
		}
		if near, ok := organizationIDs.number(id + 1); ok {
			t.Fatalf("%d is the id of %d", id+1, near)
		}
	})
}

// TestATableIsAList holds a table of lazily made records against a plain list.
func TestATableIsAList(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seeded := rapid.IntRange(0, 20).Draw(t, "seeded")
		record := func(n int) (string, bool) { return fmt.Sprint(userIDs.id(n)), n%3 != 1 }
		idOf := func(record string) int64 {
			var id int64
			_, _ = fmt.Sscan(record, &id)
			return id
		}
		table := newTable(userIDs, seeded, record, idOf)
		var want []int64
		for n := range seeded {
			if _, exists := record(n); exists {
				want = append(want, userIDs.id(n))
			}
		}
		for range rapid.IntRange(0, 12).Draw(t, "changes") {
			if rapid.Bool().Draw(t, "add") || len(want) == 0 {
				id := table.nextID()
				table.add(fmt.Sprint(id))
				want = append(want, id)
			} else {
				at := rapid.IntRange(0, len(want)-1).Draw(t, "which")
				table.remove(want[at])
				want = slices.Delete(want, at, at+1)
			}
			if rapid.Bool().Draw(t, "count") && table.size() != len(want) {
				t.Fatalf("%d records, want %d", table.size(), len(want))
			}
		}
		from := rapid.Int64Range(int64(userIDs)-5, int64(userIDs+made)+20*idStep).Draw(t, "from")
		if len(want) > 0 && rapid.Bool().Draw(t, "from a record") {
			from = rapid.SampledFrom(want).Draw(t, "which")
		}
		var up, down []int64
		table.scan(from, false, func(record string) bool { up = append(up, idOf(record)); return true })
		table.scan(from, true, func(record string) bool { down = append(down, idOf(record)); return true })
		after := slices.DeleteFunc(slices.Clone(want), func(id int64) bool { return id <= from })
		before := slices.DeleteFunc(slices.Clone(want), func(id int64) bool { return id >= from })
		slices.Reverse(before)
		if !slices.Equal(up, after) || !slices.Equal(down, before) {
			t.Fatalf("from %d: up %v, want %v; down %v, want %v", from, up, after, down, before)
		}
	})
}

func TestCursorsGoThereAndBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := position{rapid.Int64().Draw(t, "a"), rapid.String().Draw(t, "b"), rapid.Int64().Draw(t, "c")}
		got, err := positionOf(p.cursor("x"), "x")
		if err != nil || p.compare(got) != 0 || len(got) != 3 {
			t.Fatalf("%v became %v: %v", p, got, err)
		}
		if _, err := positionOf(p.cursor("x"), "y"); err == nil {
			t.Fatal("taken for a cursor of another list")
		}
	})
}

func FuzzCursor(f *testing.F) {
	f.Add(position{int64(5), "title", int64(7)}.cursor("id"))
	f.Add("eyJvIjoiaWQiLCJ2IjoiYVJvL1IzU1RCUUFBIn0=")
	f.Fuzz(func(t *testing.T, cursor string) {
		p, err := positionOf(cursor, "id")
		if err == nil {
			again, err := positionOf(p.cursor("id"), "id")
			if err != nil || p.compare(again) != 0 || again.id() != p.id() {
				t.Errorf("%q: %v, then %v: %v", cursor, p, again, err)
			}
		}
	})
}

func TestRequestsAtTheSameTime(t *testing.T) {
	f := open(t, func(o *Options) {
		var mu sync.Mutex
		minutes := 0
		o.Clock = func() time.Time { // every look is in another minute, so that no limit is met
			mu.Lock()
			defer mu.Unlock()
			minutes++
			return today.Add(time.Duration(minutes) * time.Minute / 4)
		}
	})
	var all sync.WaitGroup
	for worker := range 6 {
		all.Go(func() {
			for i := range 8 {
				name := fmt.Sprintf("Organization %d of %d", i, worker)
				made := f.call("POST", "/api/v2/organizations", object{{"organization", object{{"name", name}}}})
				if made.status != 201 {
					t.Errorf("%s: %d %s", name, made.status, made.body)
					return
				}
				f.get("/api/v2/organizations?page[size]=100")
				f.get("/api/v2/organizations")
				f.get("/api/v2/triggers")
				f.get("/admin/home")
			}
		})
	}
	same := make(chan int, 6)
	for range 6 {
		all.Go(func() {
			same <- f.call("POST", "/api/v2/organizations", `{"organization":{"name":"Only one"}}`).status
		})
	}
	all.Wait()
	close(same)
	var statuses []int
	for status := range same {
		statuses = append(statuses, status)
	}
	slices.Sort(statuses)
	if !slices.Equal(statuses, []int{201, 422, 422, 422, 422, 422}) {
		t.Errorf("one name six times: %v", statuses)
	}
	if found := f.get("/api/v2/organizations/autocomplete?name=Organization+").must(t, 200); found.at(t, "count") != 48.0 {
		t.Errorf("%v of 48 organizations", found.at(t, "count"))
	}
}

func BenchmarkFirstPageOf100kAccounts(b *testing.B) {
	for b.Loop() {
		a := New(Options{Setup: Ready(testOrg), Seed: seed.New(1, 100_000, 100_000, "en", today), URL: "http://localhost", Clock: func() time.Time { return today }})
		n := 0
		a.organizations.scan(0, false, func(organization) bool { n++; return n < 100 })
	}
}

func BenchmarkNamesOf100kAccounts(b *testing.B) {
	for b.Loop() {
		a := New(Options{Seed: seed.New(1, 100_000, 0, "en", today), URL: "http://localhost", Clock: func() time.Time { return today }})
		if _, taken := a.organizationNames().find(strings.Repeat("x", 9)); taken {
			b.Fatal("taken")
		}
	}
}

func BenchmarkMembershipsOf100kAccounts(b *testing.B) {
	for b.Loop() {
		a := New(Options{Seed: seed.New(1, 100_000, 0, "en", today), URL: "http://localhost", Clock: func() time.Time { return today }})
		a.memberships.size()
	}
}
