// Package seed makes the business that both halves of the sandbox serve: accounts, people, tickets.
// Each item is a function of the seed and its number, so that any size starts at once.
package seed

import "time"

// A Seed is one made-up business. Its zero value has nothing in it.
type Seed struct {
	seed     uint64
	accounts int
	tickets  int
	language string // "en" or "ko": which script most names are in
	hostile  bool
	now      time.Time
}

// New makes a business of that many accounts and tickets, as of now.
// The same arguments give the same business.
func New(seed uint64, accounts, tickets int, language string, now time.Time) *Seed {
	return &Seed{seed: seed, accounts: accounts, tickets: tickets, language: language, now: now}
}

// Accounts tells how many accounts there are; the other counts follow from it.
func (s *Seed) Accounts() int      { return s.accounts }
func (s *Seed) Contacts() int      { return s.accounts * 2 }
func (s *Seed) Leads() int         { return s.accounts / 4 }
func (s *Seed) Opportunities() int { return s.accounts / 2 }
func (s *Seed) Cases() int         { return s.accounts / 2 }
func (s *Seed) Tickets() int       { return s.tickets }

// An Account is a company, a Salesforce account and, where Linked, a Zendesk organization.
type Account struct {
	N         int
	ID        string // 18 characters, prefix 001
	Name      string // a few clash, without regard to case
	Website   string
	Domain    string
	Phone     string
	Industry  string
	Country   string
	City      string
	CreatedAt time.Time
	UpdatedAt time.Time
	Linked    bool // a Zendesk organization exists and carries ID as its external_id
	Named     bool // a Zendesk organization exists by that name, without a link
}

// A Contact is a person at an account (Account = its number); contact n belongs to account n/2.
type Contact struct {
	N         int
	ID        string // prefix 003
	Account   int
	First     string
	Last      string
	Email     string // empty for a few, shared by two for a few
	Phone     string
	Title     string
	CreatedAt time.Time
	UpdatedAt time.Time
}

// A Lead is somebody who is not a customer yet.
type Lead struct {
	N         int
	ID        string // prefix 00Q
	First     string
	Last      string
	Company   string
	Email     string
	Status    string
	CreatedAt time.Time
	UpdatedAt time.Time
}

// An Opportunity is a deal with an account.
type Opportunity struct {
	N         int
	ID        string // prefix 006
	Account   int
	Name      string
	Stage     string
	Amount    float64
	CloseDate string // YYYY-MM-DD
	CreatedAt time.Time
	UpdatedAt time.Time
}

// A Case is Salesforce's own ticket.
type Case struct {
	N         int
	ID        string // prefix 500
	Number    string // eight digits
	Account   int
	Contact   int
	Subject   string
	Status    string
	Priority  string
	CreatedAt time.Time
	UpdatedAt time.Time
}

// A Ticket is a Zendesk ticket of a contact. Archived ones are left out of lists by the service.
type Ticket struct {
	N         int
	Contact   int
	Subject   string
	Body      string
	Status    string // new, open, pending, hold, solved, closed
	Priority  string // "", low, normal, high, urgent
	Type      string // "", problem, incident, question, task
	Archived  bool
	CreatedAt time.Time
	UpdatedAt time.Time
}
