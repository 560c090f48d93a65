package seed

import "time"

// archivedAfter is how long after its closing a ticket leaves the lists (120 days on production accounts:
// support.zendesk.com article 4408887617050).
const archivedAfter = 120 * day

var (
	priorities = []string{"", "low", "normal", "normal", "normal", "high", "urgent"}
	types      = []string{"", "question", "question", "question", "problem", "incident", "task"}
)

// Ticket is ticket n, 0 ≤ n < Tickets(). Its contact has an e-mail, and is the first of those who share it.
func (s *Seed) Ticket(n int) Ticket {
	d := s.dice(ofTicket, n)
	contact := s.TicketContact(n)
	l, _ := s.localeOf(contact / 2)
	first, last := s.personOf(l, contact)
	about := pick(&d, l.topics)
	sameNumber := d
	t := Ticket{
		N:        n,
		Contact:  contact,
		Subject:  made(&d, about.subject),
		Body:     l.greeting + "\n\n" + made(&sameNumber, about.body) + "\n\n" + l.closing + "\n" + Contact{First: first.native, Last: last.native}.Name(),
		Priority: pick(&d, priorities),
		Type:     pick(&d, types),
	}
	t.Subject, t.Body = s.poison(ofTicket, n, t.Subject), s.poison(ofTicket, n+1, t.Body)
	t.CreatedAt = s.created(&d, n, s.tickets, 2*year)
	t.UpdatedAt = t.CreatedAt.Add(min(time.Duration(d.roll(21*24*60))*time.Minute, s.now.Sub(t.CreatedAt)-time.Minute)).Truncate(time.Second)
	t.Status = statusAfter(&d, s.now.Sub(t.UpdatedAt))
	t.Archived = t.Status == "closed" && s.now.Sub(t.UpdatedAt) > archivedAfter
	return t
}

// TicketContact is Ticket(n).Contact, found without making the ticket.
func (s *Seed) TicketContact(n int) int {
	d := s.dice(ofTicket, -1-n)
	count := max(s.Contacts(), 1)
	contact := d.roll(count)
	for range count {
		switch s.mailOf(contact) {
		case ownMail:
			return contact
		case sharedMail:
			return contact &^ 1
		case noMail:
			contact = (contact + 1) % count
		}
	}
	return contact
}

// statusAfter follows a ticket's life: what nobody touched for a month is nearly always closed.
func statusAfter(d *dice, quiet time.Duration) string {
	roll := d.roll(100)
	switch {
	case quiet > 30*day && roll < 94:
		return "closed"
	case quiet > 4*day && roll < 55:
		return "solved"
	case quiet < day && roll < 30:
		return "new"
	case roll < 60:
		return "open"
	case roll < 90:
		return "pending"
	}
	return "hold"
}
