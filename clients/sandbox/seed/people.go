package seed

import (
	"strconv"
	"unicode"
	"unicode/utf8"
)

// Contact is contact n, 0 ≤ n < Contacts(). It belongs to account n/2.
// No two have the same e-mail but the two of one account, a few of which share one.
func (s *Seed) Contact(n int) Contact {
	d := s.dice(ofContact, n)
	f := s.firmOf(n / 2)
	first, last := s.personOf(f.locale, n)
	c := Contact{
		N:       n,
		ID:      SalesforceID("003", n),
		Account: n / 2,
		First:   first.native,
		Last:    s.poison(ofContact, n, last.native),
		Phone:   made(&d, f.locale.phone),
		Title:   pick(&d, f.locale.titles),
	}
	switch s.mailOf(n) {
	case sharedMail:
		c.Email = "office@" + f.domain()
	case ownMail:
		c.Email = first.plain + "." + last.plain + "@" + f.domain()
	case noMail:
	}
	d2 := s.dice(ofAccount, n/2)
	c.CreatedAt = s.between(&d, s.created(&d2, n/2, s.accounts, 6*year))
	c.UpdatedAt = s.between(&d, c.CreatedAt)
	return c
}

// Name is the full name, family name first and unspaced where it is written so.
func (c Contact) Name() string {
	r, _ := utf8.DecodeRuneInString(c.Last)
	switch {
	case unicode.Is(unicode.Hangul, r):
		return c.Last + c.First
	case unicode.Is(unicode.Han, r):
		return c.Last + " " + c.First
	}
	return c.First + " " + c.Last
}

type mail int

const (
	ownMail mail = iota
	sharedMail
	noMail
)

func (s *Seed) mailOf(n int) mail {
	pair := s.dice(ofContact, -1-n/2)
	if pair.percent(2) {
		return sharedMail
	}
	d := s.dice(ofContact, n)
	if d%100 < 5 {
		return noMail
	}
	return ownMail
}

// personOf names contact n; the two contacts of an account never have the same first name.
func (s *Seed) personOf(l *locale, n int) (first, last word) {
	d := s.dice(ofContact, -1-n/2)
	at, step := d.roll(len(l.first)), 1+d.roll(len(l.first)-1)
	own := s.dice(ofContact, n)
	own.next()
	return l.first[(at+n%2*step)%len(l.first)], pick(&own, l.last)
}

var leadStatus = []string{"Open - Not Contacted", "Open - Not Contacted", "Working - Contacted", "Working - Contacted", "Closed - Not Converted"}

// Lead is lead n, 0 ≤ n < Leads(). Its company is none of the accounts.
func (s *Seed) Lead(n int) Lead {
	d := s.dice(ofLead, n)
	company := s.firmOf(s.accounts + n)
	first, last := pick(&d, company.locale.first), pick(&d, company.locale.last)
	l := Lead{
		N:       n,
		ID:      SalesforceID("00Q", n),
		First:   first.native,
		Last:    s.poison(ofLead, n, last.native),
		Company: s.poison(ofLead, n+1, company.String()),
		Status:  pick(&d, leadStatus),
	}
	if !d.percent(8) {
		l.Email = first.plain + "." + last.plain + "@" + company.domain()
	}
	l.CreatedAt = s.created(&d, n, s.Leads(), 2*year)
	l.UpdatedAt = s.between(&d, l.CreatedAt)
	return l
}

var (
	stages   = []string{"Prospecting", "Qualification", "Needs Analysis", "Value Proposition", "Id. Decision Makers", "Perception Analysis", "Proposal/Price Quote", "Negotiation/Review", "Closed Won", "Closed Won", "Closed Lost"}
	deals    = []string{"New business", "Renewal", "Upgrade", "Add-on seats", "Pilot", "Services"}
	statuses = []string{"New", "Working", "Working", "Escalated", "Closed", "Closed", "Closed"}
	urgency  = []string{"Low", "Medium", "Medium", "High"}
)

// Opportunity is opportunity n, 0 ≤ n < Opportunities().
func (s *Seed) Opportunity(n int) Opportunity {
	d := s.dice(ofOpportunity, n)
	account := d.roll(max(s.accounts, 1))
	source, _ := s.namesake(account)
	o := Opportunity{
		N:       n,
		ID:      SalesforceID("006", n),
		Account: account,
		Name:    s.accountName(source) + " - " + pick(&d, deals),
		Stage:   pick(&d, stages),
		Amount:  float64(1+d.roll(2000)) * 250,
	}
	o.CreatedAt = s.created(&d, n, s.Opportunities(), 3*year)
	o.UpdatedAt = s.between(&d, o.CreatedAt)
	closes := s.now.AddDate(0, 0, 7+d.roll(180))
	if o.Stage == "Closed Won" || o.Stage == "Closed Lost" {
		closes = o.UpdatedAt
	}
	o.CloseDate = closes.UTC().Format("2006-01-02")
	return o
}

// Case is case n, 0 ≤ n < Cases().
func (s *Seed) Case(n int) Case {
	d := s.dice(ofCase, n)
	contact := d.roll(max(s.Contacts(), 1))
	l, _ := s.localeOf(contact / 2)
	c := Case{
		N:        n,
		ID:       SalesforceID("500", n),
		Number:   eightDigits(1001 + n),
		Account:  contact / 2,
		Contact:  contact,
		Subject:  made(&d, pick(&d, l.topics).subject),
		Status:   pick(&d, statuses),
		Priority: pick(&d, urgency),
	}
	c.CreatedAt = s.created(&d, n, s.Cases(), 2*year)
	c.UpdatedAt = s.between(&d, c.CreatedAt)
	return c
}

func eightDigits(n int) string {
	text := strconv.Itoa(n)
	return "00000000"[:max(8-len(text), 0)] + text
}
