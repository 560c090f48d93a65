package tickets

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

	"zsf/flows/tickets"
	"zsf/ui/parts"
	"zsf/ui/theme"
	"zsf/ui/uitest"
)

// manyTickets are so many that no screen and no search holds them.
func manyTickets(count int) []tickets.Ticket {
	statuses, priorities := tickets.Statuses[:5], tickets.Priorities
	all := make([]tickets.Ticket, count)
	for i := range all {
		subject := fmt.Sprintf("Order %d does not arrive at the warehouse in Busan", i)
		if i%3 == 0 {
			subject = fmt.Sprintf("주문 %d 번이 창고에 도착하지 않았습니다", i)
		}
		all[i] = ticket(int64(i+1), subject, statuses[i%5], priorities[i%5], fmt.Sprintf("고객 %d", i%900), fmt.Sprintf("Agent %d", i%40), time.Duration(i)*time.Second)
		all[i].Assignee.ID = int64(i % 40)
	}
	return all
}

// crowded is a pane with so many tickets in its list, without a program around it.
func crowded(t testing.TB, count int) *Model {
	m := New(Options{Desk: atWork(), Clock: parts.SystemClock()}, true)
	m.ctx, m.leave = context.WithCancel(t.Context())
	m.now = uitest.Read
	m.about.record, m.about.match = account, tickets.Match{By: tickets.ByName, Targets: []tickets.Target{{ID: orgID}}}
	m.SetFrame(frameOf(t, "en", 120, 40, theme.Terminal{}))
	m.enterList()
	full := newTable(manyTickets(count))
	m.list.take(tickets.List{Total: count, ReadAt: uitest.Read}, full, false)
	shown, counted, done := full.arrange(m.ctx, m.list.view, "", 0)
	if !done {
		t.Fatal("it gave up")
	}
	m.arranged(arranged{table: full, shown: shown, counted: counted})
	return m
}

// keyAndFrame presses keys for as long as the benchmark wants, and tells how long each took with its frame.
func keyAndFrame(b *testing.B, m *Model) {
	keys := []string{"down", "down", "pgdown", "down", "up", "pgdown", "G", "up", "pgup", "g", "x", "down"}
	took := make([]time.Duration, 0, 1<<16)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		start := time.Now()
		m.Update(uitest.Key(keys[i%len(keys)]))
		if m.Render() == "" {
			b.Fatal("nothing drawn")
		}
		if len(took) < cap(took) {
			took = append(took, time.Since(start))
		}
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "µs-p99")
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "µs-p50")
}

func BenchmarkKeyToFrameAmong100000(b *testing.B) { keyAndFrame(b, crowded(b, 100_000)) }

func BenchmarkKeyToFrameAmong100(b *testing.B) { keyAndFrame(b, crowded(b, 100)) }

// A key takes as much memory among very many tickets as among a few. How long it takes is the benchmarks' to tell:
// a busy machine must not fail a test.
func TestAKeyCostsTheSameInAListOfAnyLength(t *testing.T) {
	cost := func(m *Model) uint64 {
		const times = 200
		keys := []string{"down", "pgdown", "up", "G", "g", "x"}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for i := range times {
			m.Update(uitest.Key(keys[i%len(keys)]))
			_ = m.Render()
		}
		runtime.ReadMemStats(&after)
		return (after.TotalAlloc - before.TotalAlloc) / times
	}
	few, many := cost(crowded(t, 200)), cost(crowded(t, 20_000))
	if many > few*3/2 {
		t.Errorf("a key takes %d bytes among 200 tickets, and %d among 20,000", few, many)
	}
}

func TestAHundredThousandTicketsFitInMemory(t *testing.T) {
	heap := func() uint64 {
		runtime.GC()
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		return stats.HeapAlloc
	}
	before := heap()
	m := crowded(t, 100_000)
	if used := (heap() - before) >> 20; used > 60 {
		t.Errorf("the list takes %d MB", used)
	}
	runtime.KeepAlive(m)
}

// While a filter is worked out, keys go on, and the next letter ends it.
func TestAFilterOfManyTicketsHoldsUpNoKey(t *testing.T) {
	m := crowded(t, 20_000)
	m.list.field.Set("창")
	first := m.filtered()
	before := m.list.chosen
	m.move("down") // nothing of the filter has run yet
	if m.list.chosen == before || len(m.list.shown) != 20_000 {
		t.Errorf("at #%d of %d", m.list.chosen, len(m.list.shown))
	}
	m.list.field.Set("창고")
	second := m.filtered()
	if answer := first(); answer != nil {
		t.Errorf("the first filter came to %T, though another was wanted", answer)
	}
	m.Update(second())
	if shown := len(m.list.shown); shown == 0 || shown > 7000 {
		t.Errorf("%d tickets are shown", shown)
	}
}

func BenchmarkArrange100000(b *testing.B) {
	full := newTable(manyTickets(100_000))
	for b.Loop() {
		if shown, _, done := full.arrange(b.Context(), View{Sort: tickets.ByPriority}, "창고", 0); !done || len(shown) == 0 {
			b.Fatal("nothing arranged")
		}
	}
}
