// The rows of the business objects, made from the seed one by one.

package salesforce

import (
	"strings"
	"time"

	"zsf/clients/sandbox/seed"
	"zsf/clients/sandbox/soql"
)

// made is what the sources of all business objects share.
type made struct {
	seed   *seed.Seed
	owners []string // the users who own the rows, by turns
	admin  string   // who created them
	prefix string
	count  int
}

func (m *made) len() int { return m.count }

func (m *made) id(n int) string { return seed.SalesforceID(m.prefix, n) }

func (m *made) index(id string) (int, bool) {
	if !strings.HasPrefix(id, m.prefix) {
		return 0, false
	}
	n, ok := seed.IndexOf(id)
	return n, ok && n < m.count
}

func (m *made) owner(n int) string {
	if len(m.owners) == 0 {
		return m.admin
	}
	return m.owners[n%len(m.owners)]
}

// common answers for the fields that each business object has.
func (m *made) common(field string, n int, created, updated func() time.Time) any {
	switch field {
	case "Id":
		return m.id(n)
	case "OwnerId", "LastModifiedById":
		return m.owner(n)
	case "CreatedById":
		return m.admin
	case "CreatedDate":
		return created()
	case "LastModifiedDate", "SystemModstamp":
		return updated()
	case "IsDeleted":
		return false
	}
	return nil
}

type accounts struct{ *made }

func (a accounts) row(n int) businessRow { return &accountRow{made: a.made, n: n} }

// An accountRow makes its account when the first field that needs it is asked for; so do the other rows.
type accountRow struct {
	*made
	n   int
	got *seed.Account
}

func (r *accountRow) account() *seed.Account {
	if r.got == nil {
		a := r.seed.Account(r.n)
		r.got = &a
	}
	return r.got
}

// Value is a field of the account.
func (r *accountRow) Value(field string) any {
	switch field {
	case "Name":
		return r.account().Name
	case "ParentId":
		if r.n%8 == 5 { // a few are subsidiaries
			return seed.SalesforceID("001", r.n-1)
		}
		return nil
	case "Website":
		return text(r.account().Website)
	case "Phone":
		return text(r.account().Phone)
	case "Industry":
		return text(r.account().Industry)
	case "BillingCountry":
		return text(r.account().Country)
	case "BillingCity":
		return text(r.account().City)
	case "Type":
		return "Customer - Direct"
	}
	return r.common(field, r.n,
		func() time.Time { return r.account().CreatedAt },
		func() time.Time { return r.account().UpdatedAt })
}

type contacts struct{ *made }

func (c contacts) row(n int) businessRow { return &contactRow{made: c.made, n: n} }

type contactRow struct {
	*made
	n   int
	got *seed.Contact
}

func (r *contactRow) contact() *seed.Contact {
	if r.got == nil {
		c := r.seed.Contact(r.n)
		r.got = &c
	}
	return r.got
}

// Value is a field of the contact.
func (r *contactRow) Value(field string) any {
	switch field {
	case "AccountId":
		return seed.SalesforceID("001", r.contact().Account)
	case "FirstName":
		return text(r.contact().First)
	case "LastName":
		return r.contact().Last
	case "Name":
		return fullName(r.contact().First, r.contact().Last)
	case "Email":
		return text(r.contact().Email)
	case "Phone":
		return text(r.contact().Phone)
	case "Title":
		return text(r.contact().Title)
	}
	return r.common(field, r.n,
		func() time.Time { return r.contact().CreatedAt },
		func() time.Time { return r.contact().UpdatedAt })
}

type leads struct{ *made }

func (l leads) row(n int) businessRow { return &leadRow{made: l.made, n: n} }

type leadRow struct {
	*made
	n   int
	got *seed.Lead
}

func (r *leadRow) lead() *seed.Lead {
	if r.got == nil {
		l := r.seed.Lead(r.n)
		r.got = &l
	}
	return r.got
}

// Value is a field of the lead.
func (r *leadRow) Value(field string) any {
	switch field {
	case "FirstName":
		return text(r.lead().First)
	case "LastName":
		return r.lead().Last
	case "Name":
		return fullName(r.lead().First, r.lead().Last)
	case "Company":
		return r.lead().Company
	case "Email":
		return text(r.lead().Email)
	case "Status":
		return text(r.lead().Status)
	case "IsConverted":
		return strings.Contains(r.lead().Status, "Converted") && !strings.Contains(r.lead().Status, "Not Converted")
	}
	return r.common(field, r.n,
		func() time.Time { return r.lead().CreatedAt },
		func() time.Time { return r.lead().UpdatedAt })
}

type opportunities struct{ *made }

func (o opportunities) row(n int) businessRow { return &opportunityRow{made: o.made, n: n} }

type opportunityRow struct {
	*made
	n   int
	got *seed.Opportunity
}

func (r *opportunityRow) opportunity() *seed.Opportunity {
	if r.got == nil {
		o := r.seed.Opportunity(r.n)
		r.got = &o
	}
	return r.got
}

// Value is a field of the opportunity.
func (r *opportunityRow) Value(field string) any {
	switch field {
	case "AccountId":
		return seed.SalesforceID("001", r.opportunity().Account)
	case "Name":
		return r.opportunity().Name
	case "StageName":
		return r.opportunity().Stage
	case "Amount":
		return r.opportunity().Amount
	case "CloseDate":
		return soql.Date(r.opportunity().CloseDate)
	case "IsClosed":
		return strings.HasPrefix(r.opportunity().Stage, "Closed")
	case "IsWon":
		return r.opportunity().Stage == "Closed Won"
	case "Probability":
		return probability(r.opportunity().Stage)
	case "ForecastCategory":
		return forecast(r.opportunity().Stage)
	}
	return r.common(field, r.n,
		func() time.Time { return r.opportunity().CreatedAt },
		func() time.Time { return r.opportunity().UpdatedAt })
}

type cases struct{ *made }

func (c cases) row(n int) businessRow { return &caseRow{made: c.made, n: n} }

type caseRow struct {
	*made
	n   int
	got *seed.Case
}

func (r *caseRow) get() *seed.Case {
	if r.got == nil {
		c := r.seed.Case(r.n)
		r.got = &c
	}
	return r.got
}

// Value is a field of the case.
func (r *caseRow) Value(field string) any {
	switch field {
	case "CaseNumber":
		return r.get().Number
	case "AccountId":
		return seed.SalesforceID("001", r.get().Account)
	case "ContactId":
		return seed.SalesforceID("003", r.get().Contact)
	case "Subject":
		return text(r.get().Subject)
	case "Status":
		return r.get().Status
	case "Priority":
		return text(r.get().Priority)
	case "Origin":
		return "Email"
	case "ContactEmail":
		return text(r.seed.Contact(r.get().Contact).Email)
	case "IsClosed":
		return r.get().Status == "Closed"
	case "ClosedDate":
		if r.get().Status == "Closed" {
			return r.get().UpdatedAt
		}
		return nil
	}
	return r.common(field, r.n,
		func() time.Time { return r.get().CreatedAt },
		func() time.Time { return r.get().UpdatedAt })
}

// text is s, or null for an empty one, as the service keeps no empty strings.
func text(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// fullName puts family names first where they are written first.
func fullName(first, last string) string {
	switch {
	case first == "":
		return last
	case last == "":
		return first
	case eastAsian(last):
		return last + " " + first
	}
	return first + " " + last
}

func eastAsian(s string) bool {
	for _, r := range s {
		return r >= 0x3040 && r <= 0x30ff || r >= 0x4e00 && r <= 0x9fff || r >= 0xac00 && r <= 0xd7a3
	}
	return false
}

// probability is the share in percent that each stage of the standard sales process stands for.
func probability(stage string) float64 {
	switch stage {
	case "Prospecting":
		return 10
	case "Qualification":
		return 10
	case "Needs Analysis":
		return 20
	case "Value Proposition":
		return 50
	case "Id. Decision Makers":
		return 60
	case "Perception Analysis":
		return 70
	case "Proposal/Price Quote":
		return 75
	case "Negotiation/Review":
		return 90
	case "Closed Won":
		return 100
	}
	return 0
}

func forecast(stage string) string {
	switch {
	case stage == "Closed Won":
		return "Closed"
	case stage == "Closed Lost":
		return "Omitted"
	case probability(stage) >= 90:
		return "Forecast"
	case probability(stage) >= 70:
		return "BestCase"
	}
	return "Pipeline"
}
