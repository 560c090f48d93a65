package seed

import (
	"strconv"
	"strings"
)

// A firm is an account's name before anything is put together.
type firm struct {
	locale *locale
	name   word
	trade  int
	form   form
	round  int // how often the locale's names were used up before
	place  place
}

var emoji = []string{"☕", "🚀", "🌱", "🐙", "🍜", "❤️", "👩‍💻", "🇰🇷", "🏳️‍🌈"}

// Account is account n, 0 ≤ n < Accounts().
// Of accounts whose names clash, only the first can be Linked or Named, as a Zendesk account
// takes each organization name once.
func (s *Seed) Account(n int) Account {
	d := s.dice(ofAccount, n)
	own := s.firmOf(n)
	website := "https://www." + own.domain()
	a := Account{
		N:        n,
		ID:       SalesforceID("001", n),
		Website:  website,
		Domain:   website[len("https://www."):],
		Phone:    made(&d, own.locale.phone),
		Industry: trades[own.trade].industry,
		Country:  own.place.country,
		City:     own.place.city,
	}
	standing := d.roll(100)
	if source, clashes := s.namesake(n); clashes {
		a.Name = respelled(&d, s.accountName(source))
	} else {
		a.Name = s.accountName(n)
		a.Linked = standing < 62
		a.Named = standing >= 62 && standing < 80
	}
	a.CreatedAt = s.created(&d, n, s.accounts, 6*year)
	a.UpdatedAt = s.between(&d, a.CreatedAt)
	return a
}

// namesake tells whether account n has taken its name from an earlier one, and from which.
func (s *Seed) namesake(n int) (source int, clashes bool) {
	if !s.borrows(n) {
		return n, false
	}
	d := s.dice(ofName, n)
	for source = d.roll(n); s.borrows(source); {
		source--
	}
	return source, true
}

func (s *Seed) borrows(n int) bool { return n > 0 && s.dice(ofName, n)%100 < 3 }

func (s *Seed) accountName(n int) string {
	d := s.dice(ofName, n)
	name := s.firmOf(n).String()
	if d.percent(2) {
		name += " " + pick(&d, emoji)
	}
	return s.poison(ofAccount, n, name)
}

// respelled is the name as somebody else typed it: equal, or equal but for the case.
func respelled(d *dice, name string) string {
	switch d.roll(3) {
	case 0:
		return strings.ToUpper(name)
	case 1:
		return strings.ToLower(name)
	}
	return name
}

func (s *Seed) firmOf(n int) firm {
	l, rank := s.localeOf(n)
	names, forms := len(l.names), len(l.forms)
	size := names * forms * len(trades)
	at := shuffled(s.seed, rank%size, size)
	d := s.dice(ofBlock, -1-n)
	f := firm{locale: l, name: l.names[at%names], form: l.forms[at/names%forms], trade: at / names / forms, round: rank / size}
	f.place = pick(&d, l.places)
	if f.round > 0 {
		f.place = l.places[f.round%len(l.places)]
	}
	return f
}

func (f firm) String() string {
	one, two := f.name.native, f.locale.trades[f.trade]
	if f.locale.tradeFirst {
		one, two = two, one
	}
	if f.round == 0 {
		return f.form.before + one + f.form.between + two + f.form.after
	}
	return f.form.before + one + f.form.between + two + f.branch() + f.form.after
}

// branch tells firms of a used-up name apart by their city, and by a number when cities are used up too.
func (f firm) branch() string {
	if lap := f.round / len(f.locale.places); lap > 0 {
		return " " + f.place.city + " " + strconv.Itoa(lap+1)
	}
	return " " + f.place.city
}

// domain is under .example, which nobody can own (RFC 2606), and no other account's.
func (f firm) domain() string {
	domain := f.name.plain + "-" + trades[f.trade].plain + f.form.plain
	if f.round > 0 {
		domain += "-" + strconv.Itoa(f.round+1)
	}
	return domain + f.locale.code + ".example"
}

// made fills each # with a digit.
func made(d *dice, pattern string) string {
	if strings.IndexByte(pattern, '#') < 0 {
		return pattern
	}
	var room [256]byte
	out := append(room[:0], pattern...)
	for i, c := range out {
		if c == '#' {
			out[i] = "0123456789"[d.roll(10)]
		}
	}
	return string(out)
}
