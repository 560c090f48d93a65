package seed

import (
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

var now = time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC)

func drawSeed(t *rapid.T) *Seed {
	return New(
		rapid.Uint64().Draw(t, "seed"),
		rapid.IntRange(1, 300_000).Draw(t, "accounts"),
		rapid.IntRange(1, 300_000).Draw(t, "tickets"),
		rapid.SampledFrom([]string{"", "en", "ko"}).Draw(t, "language"),
		now,
	)
}

func TestItemsAreAFunctionOfSeedAndNumber(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSeed(t)
		again := New(s.seed, s.accounts, s.tickets, s.language, now)
		n := rapid.IntRange(0, s.accounts-1).Draw(t, "n")
		if s.Account(n) != again.Account(n) || s.Contact(n) != again.Contact(n) || s.Lead(n/4) != again.Lead(n/4) ||
			s.Opportunity(n/2) != again.Opportunity(n/2) || s.Case(n/2) != again.Case(n/2) || s.Ticket(n%s.tickets) != again.Ticket(n%s.tickets) {
			t.Fatalf("item %d differs when made again", n)
		}
	})
}

func TestItemsAreWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSeed(t)
		a := s.Account(rapid.IntRange(0, s.accounts-1).Draw(t, "account"))
		c := s.Contact(rapid.IntRange(0, s.Contacts()-1).Draw(t, "contact"))
		k := s.Ticket(rapid.IntRange(0, s.tickets-1).Draw(t, "ticket"))
		for what, text := range map[string]string{
			"account name": a.Name, "website": a.Website, "domain": a.Domain, "phone": a.Phone, "industry": a.Industry, "country": a.Country, "city": a.City,
			"first": c.First, "last": c.Last, "full name": c.Name(), "title": c.Title, "subject": k.Subject, "body": k.Body, "status": k.Status,
		} {
			if strings.TrimSpace(text) == "" || !utf8.ValidString(text) || strings.Contains(text, "#") {
				t.Fatalf("%s is %q", what, text)
			}
		}
		if a.Linked && a.Named {
			t.Fatalf("account %d is both linked and only named", a.N)
		}
		inOrder(t, "account", a.CreatedAt, a.UpdatedAt)
		inOrder(t, "contact", c.CreatedAt, c.UpdatedAt)
		inOrder(t, "ticket", k.CreatedAt, k.UpdatedAt)
		if n := s.Leads(); n > 0 {
			l := s.Lead(rapid.IntRange(0, n-1).Draw(t, "lead"))
			inOrder(t, "lead", l.CreatedAt, l.UpdatedAt)
		}
		if n := s.Opportunities(); n > 0 {
			o := s.Opportunity(rapid.IntRange(0, n-1).Draw(t, "deal"))
			inOrder(t, "opportunity", o.CreatedAt, o.UpdatedAt)
			if o.Account < 0 || o.Account >= s.accounts {
				t.Fatalf("opportunity of account %d of %d", o.Account, s.accounts)
			}
			e := s.Case(o.N)
			inOrder(t, "case", e.CreatedAt, e.UpdatedAt)
			if e.Contact/2 != e.Account || len(e.Number) != 8 {
				t.Fatalf("case %+v", e)
			}
		}
		if k.Archived != (k.Status == "closed" && now.Sub(k.UpdatedAt) > 120*day) {
			t.Fatalf("ticket %s of %s archived=%v", k.Status, k.UpdatedAt, k.Archived)
		}
		if k.Contact != s.TicketContact(k.N) || (s.accounts > 4 && s.Contact(k.Contact).Email == "") {
			t.Fatalf("ticket %d has contact %d, whose e-mail is %q", k.N, k.Contact, s.Contact(k.Contact).Email)
		}
	})
}

func inOrder(t *rapid.T, what string, created, updated time.Time) {
	if created.After(updated) || !updated.Before(now) || created.Before(now.AddDate(-8, 0, 0)) {
		t.Fatalf("%s created %s, updated %s, now %s", what, created, updated, now)
	}
}

func TestIDsGoThereAndBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 50_000_000).Draw(t, "n")
		id := SalesforceID("001", n)
		spellings := map[string]string{"18": id, "15": id[:15], "capitals": strings.ToUpper(id), "small": strings.ToLower(id)}
		for how, spelt := range spellings {
			if got, ok := IndexOf(spelt); !ok || got != n {
				t.Fatalf("%s: IndexOf(%q) = %d, %v; want %d", how, spelt, got, ok, n)
			}
		}
		if WithChecksum(id[:15]) != id {
			t.Fatalf("WithChecksum(%q) = %q, want %q", id[:15], WithChecksum(id[:15]), id)
		}
		if next := SalesforceID("001", n+1); next <= id {
			t.Fatalf("%q comes before %q", next, id)
		}
	})
}

func TestChecksumIsSalesforces(t *testing.T) {
	for id, want := range map[string]string{ // examples in Salesforce's own documents
		"001D000000IRFma": "001D000000IRFmaIAH",
		"00D000000000062": "00D000000000062EAA",
	} {
		if got := WithChecksum(id); got != want {
			t.Errorf("WithChecksum(%q) = %q, want %q", id, got, want)
		}
	}
}

func FuzzIndexOf(f *testing.F) {
	f.Add("001Kg00000AbCdE")
	f.Add(SalesforceID("003", 77))
	f.Add("é12345678901234")
	f.Fuzz(func(t *testing.T, id string) {
		n, ok := IndexOf(id)
		if ok && !strings.EqualFold(SalesforceID(id[:3], n)[:15], id[:15]) { // the rest tells the case of the prefix too
			t.Errorf("IndexOf(%q) = %d, whose id is %q", id, n, SalesforceID(id[:3], n))
		}
	})
}

// TestABusinessOfManyAccounts counts over a whole business what single items cannot show.
func TestABusinessOfManyAccounts(t *testing.T) {
	for _, language := range []string{"en", "ko"} {
		t.Run(language, func(t *testing.T) {
			s := New(7, 60_000, 20_000, language, now)
			names, domains := map[string]int{}, map[string]bool{}
			taken := map[string]bool{}
			var clashes, linked, named, hangul, emojis int
			for n := range s.Accounts() {
				a := s.Account(n)
				key := strings.ToLower(a.Name)
				names[key]++
				clashes += count(names[key] > 1)
				if domains[a.Domain] {
					t.Fatalf("domain %s twice", a.Domain)
				}
				domains[a.Domain] = true
				if a.Linked || a.Named {
					if taken[key] {
						t.Fatalf("two organizations would be called %q", a.Name)
					}
					taken[key] = true
				}
				linked += count(a.Linked)
				named += count(a.Named)
				hangul += count(strings.ContainsFunc(a.Name, func(r rune) bool { return unicode.Is(unicode.Hangul, r) }))
				emojis += count(strings.ContainsFunc(a.Name, func(r rune) bool { return r > 0x1f000 }))
			}
			within(t, "clashing names", clashes, 1_200, 2_400)
			within(t, "linked", linked, 30_000, 42_000)
			within(t, "named", named, 8_000, 13_000)
			within(t, "with an emoji", emojis, 300, 2_000)
			if language == "ko" {
				within(t, "Korean names", hangul, 42_000, 54_000)
			} else {
				within(t, "Korean names", hangul, 6_000, 12_000)
			}
		})
	}
}

func TestEmailsMissingAndShared(t *testing.T) {
	s := New(3, 20_000, 10, "en", now)
	owner := map[string]int{}
	var missing, shared int
	for n := range s.Contacts() {
		c := s.Contact(n)
		if c.Email == "" {
			missing++
			continue
		}
		if c.Email != strings.ToLower(c.Email) || strings.ContainsFunc(c.Email, func(r rune) bool { return r > 127 }) {
			t.Fatalf("contact %d has the e-mail %q", n, c.Email)
		}
		if other, ok := owner[c.Email]; ok {
			shared++
			if other/2 != n/2 {
				t.Fatalf("contacts %d and %d of different accounts share %q", other, n, c.Email)
			}
		}
		owner[c.Email] = n
	}
	within(t, "missing e-mails", missing, 1_200, 2_800)
	within(t, "shared e-mails", shared, 200, 600)
}

func TestTicketsOfAllKinds(t *testing.T) {
	s := New(5, 5_000, 20_000, "en", now)
	statuses, scripts := map[string]int{}, map[string]int{}
	archived := 0
	for n := range s.Tickets() {
		k := s.Ticket(n)
		statuses[k.Status]++
		archived += count(k.Archived)
		for script, table := range map[string]*unicode.RangeTable{"Hangul": unicode.Hangul, "Kana": unicode.Hiragana, "Arabic": unicode.Arabic, "Greek": unicode.Greek, "Cyrillic": unicode.Cyrillic} {
			scripts[script] += count(strings.ContainsFunc(k.Body, func(r rune) bool { return unicode.Is(table, r) }))
		}
	}
	for _, status := range []string{"new", "open", "pending", "hold", "solved", "closed"} {
		if statuses[status] == 0 {
			t.Errorf("no ticket is %s: %v", status, statuses)
		}
	}
	for script, n := range scripts {
		if n < 200 {
			t.Errorf("%d bodies in %s", n, script)
		}
	}
	within(t, "archived", archived, 10_000, 18_000)
	if closedButListed := statuses["closed"] - archived; closedButListed == 0 {
		t.Error("every closed ticket is archived")
	}
}

func TestLocalesAreComplete(t *testing.T) {
	for _, shares := range [][]share{worldwide, mostlyKo} {
		sum := 0
		for _, share := range shares {
			sum += share.of
			l := share.locale
			if len(l.trades) != len(trades) {
				t.Errorf("locale %q has %d trades, not %d", l.code, len(l.trades), len(trades))
			}
			if len(l.first) < 2 || len(l.last) == 0 || len(l.topics) == 0 || len(l.places) == 0 || l.greeting == "" || l.closing == "" {
				t.Errorf("locale %q lacks words", l.code)
			}
		}
		if sum != block {
			t.Errorf("shares add up to %d, not %d", sum, block)
		}
	}
}

func TestAnEmptyBusiness(t *testing.T) {
	var s Seed
	if s.Accounts()+s.Contacts()+s.Leads()+s.Opportunities()+s.Cases()+s.Tickets() != 0 {
		t.Error("the zero Seed has something in it")
	}
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

func within(t *testing.T, what string, got, low, high int) {
	t.Helper()
	if got < low || got > high {
		t.Errorf("%s: %d, want %d to %d", what, got, low, high)
	}
}

func BenchmarkAccounts100k(b *testing.B) {
	s := New(1, 100_000, 0, "en", now)
	b.ReportAllocs()
	for b.Loop() {
		for n := range s.Accounts() {
			_ = s.Account(n)
		}
	}
}

func BenchmarkTicket(b *testing.B) {
	s := New(1, 100_000, 100_000, "en", now)
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		_ = s.Ticket(n % 100_000)
		n++
	}
}

func BenchmarkContact(b *testing.B) {
	s := New(1, 100_000, 100_000, "en", now)
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		_ = s.Contact(n % 200_000)
		n++
	}
}
