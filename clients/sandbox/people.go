package sandbox

// People are those of the business who are a special case for a program that shows tickets, by what finds them.
type People struct {
	SharedEmail    string    `json:"shared_email"`    // an address that two contacts of one account have; empty: nobody's
	SharedContacts [2]string `json:"shared_contacts"` // their Salesforce ids; the first is the Zendesk user
	Several        string    `json:"several"`         // the Salesforce id of a contact whose user is in three organizations; empty: nobody's
	SeveralUser    int64     `json:"several_user"`    // … and the Zendesk user's id
	LightAgent     string    `json:"light_agent"`     // the e-mail of one
}

// People finds them; `GET /people` of the control gives them as JSON.
func (s *Sandbox) People() People {
	now := s.state.Load()
	var p People
	p.SeveralUser, p.LightAgent = now.account.Several(), now.account.LightAgent()
	for n := 1; n < now.business.Contacts(); n += 2 {
		one, other := now.business.Contact(n-1), now.business.Contact(n)
		if one.Email != "" && one.Email == other.Email {
			p.SharedEmail, p.SharedContacts = one.Email, [2]string{one.ID, other.ID}
			break
		}
	}
	if contact, found := now.account.ContactOf(p.SeveralUser); found {
		p.Several = now.business.Contact(contact).ID
	}
	return p
}
