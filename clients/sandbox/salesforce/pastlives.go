// Rows with a past: deleted, merged into another, converted; and what the signed-in user looked at last.

package salesforce

import (
	"maps"
	"slices"
	"time"

	"zsf/clients/sandbox/seed"
	"zsf/clients/sandbox/soql"
)

// addPastLives adds a few rows to those of the seed. Those in the recycle bin are in no ordinary answer.
func (o *Org) addPastLives() {
	if o.seed.Accounts() == 0 {
		return
	}
	now := o.now()
	row := o.aged
	kept := o.seed.Account(0)
	o.bury("Account", row(3, values{"Name": "Closed Company Ltd"}))
	o.bury("Account", row(5, values{"Name": kept.Name, "MasterRecordId": kept.ID, "Website": kept.Website}))
	person := o.seed.Contact(0)
	o.bury("Contact", row(4, values{"FirstName": "Gone", "LastName": "Person", "Name": "Gone Person", "AccountId": kept.ID, "Email": "gone.person@" + kept.Domain}))
	o.bury("Contact", row(6, values{"FirstName": text(person.First), "LastName": person.Last, "Name": fullName(person.First, person.Last), "MasterRecordId": person.ID, "AccountId": kept.ID}))
	if o.seed.Leads() > 0 {
		o.bury("Lead", row(7, values{"LastName": "Forgotten", "Name": "Forgotten", "Company": "Nowhere Inc", "Status": "Open - Not Contacted"}))
	}
	o.addConverted(kept, person)
	if o.setup.PersonAccounts {
		o.addPersonAccount()
	}
	o.addViewed(now)
}

// aged is a row of the signed-in user's that was changed that many days ago.
func (o *Org) aged(days int, fields values) values {
	at := o.now().AddDate(0, 0, -days)
	fields["OwnerId"], fields["CreatedById"], fields["LastModifiedById"] = o.cast.signedIn, o.cast.signedIn, o.cast.signedIn
	fields["CreatedDate"], fields["LastModifiedDate"], fields["SystemModstamp"] = at.AddDate(-1, 0, 0), at, at
	return fields
}

// turnOnPersonAccounts gives Account and Contact their columns for people.
func (o *Org) turnOnPersonAccounts() {
	o.setup.PersonAccounts = true
	o.objects.Clear()
	o.addPersonAccount()
}

// addPersonAccount adds an account that is a person, and the contact that it has by itself.
func (o *Org) addPersonAccount() {
	name := values{"FirstName": "Robin", "LastName": "Castellan", "Name": "Robin Castellan", "IsPersonAccount": true, "Phone": "+1 555 0142"}
	account, contact := maps.Clone(name), maps.Clone(name)
	account["PersonEmail"], contact["Email"] = "robin.castellan@home.example", "robin.castellan@home.example"
	id := o.tables["Account"].add(o.aged(12, account))
	contact["AccountId"] = id
	account["PersonContactId"] = o.tables["Contact"].add(o.aged(12, contact))
}

// addConverted adds a lead that became the seed's first account and contact, where the seed has leads at all.
func (o *Org) addConverted(account seed.Account, person seed.Contact) {
	if o.seed.Leads() == 0 || o.seed.Opportunities() == 0 {
		return
	}
	o.tables["Lead"].add(o.aged(30, values{
		"FirstName": text(person.First), "LastName": person.Last, "Name": fullName(person.First, person.Last), "Company": account.Name,
		"Email": text(person.Email), "Status": "Closed - Converted", "IsConverted": true,
		"ConvertedDate":      soql.Date(o.now().AddDate(0, 0, -30).Format(time.DateOnly)),
		"ConvertedAccountId": account.ID, "ConvertedContactId": person.ID, "ConvertedOpportunityId": o.seed.Opportunity(0).ID,
	}))
}

func (o *Org) bury(object string, row values) {
	t := o.tables[object]
	row["IsDeleted"] = true
	t.byID[t.add(row)].deleted = true
}

// addViewed remembers what the signed-in user opened in the last days, the latest first: those whose tickets keep them busy.
func (o *Org) addViewed(now time.Time) {
	type record struct{ object, id string }
	var seen []record
	for _, contact := range o.busiest() {
		seen = append(seen, record{"Account", o.seed.Account(contact / 2).ID}, record{"Contact", o.seed.Contact(contact).ID})
	}
	if o.seed.Leads() > 1 {
		seen = append(seen, record{"Lead", o.seed.Lead(1).ID})
	}
	for i, one := range seen {
		o.cast.viewed = append(o.cast.viewed, lastViewed{one.object, one.id, now.Add(-time.Duration(i*i+1) * 37 * time.Minute)})
	}
}

const (
	viewedAccounts = 4
	lookedThrough  = 300 // of the newest tickets
)

// busiest are contacts, one an account: those with the most unclosed tickets among the newest, then whoever comes first.
func (o *Org) busiest() []int {
	counts := map[int]int{}
	var contacts []int
	for n := o.seed.Tickets() - 1; n >= max(o.seed.Tickets()-lookedThrough, 0); n-- {
		ticket := o.seed.Ticket(n)
		if ticket.Status == "closed" {
			continue
		}
		if counts[ticket.Contact/2]++; counts[ticket.Contact/2] == 1 {
			contacts = append(contacts, ticket.Contact)
		}
	}
	slices.SortStableFunc(contacts, func(a, b int) int { return counts[b/2] - counts[a/2] })
	for n := 0; n < o.seed.Accounts() && len(contacts) < viewedAccounts; n++ {
		if counts[n] == 0 {
			contacts = append(contacts, 2*n+1)
		}
	}
	return contacts[:min(len(contacts), viewedAccounts)]
}

// A lastViewed record is one that the signed-in user opened.
type lastViewed struct {
	object, id string
	at         time.Time
}

// viewedAt is when the person opened the record last; nobody but the signed-in user has opened any.
func (o *Org) viewedAt(id string) any {
	for _, one := range o.cast.viewed {
		if one.id == id {
			return one.at
		}
	}
	return nil
}

// recentlyViewed are the rows of that object, for the person who looks: of records that are still there.
func (v *view) recentlyViewed() []values {
	rows := []values{}
	if v.who.id != v.org.cast.signedIn {
		return rows
	}
	for _, one := range v.org.cast.viewed {
		e, known := v.entity(one.object)
		if !known {
			continue
		}
		record, deleted, found := v.find(e, one.id)
		if !found || deleted {
			continue
		}
		row := values{"Id": one.id, "Type": one.object, "LastViewedDate": one.at, "LastReferencedDate": one.at}
		for _, field := range []string{"Name", "FirstName", "LastName", "Title", "Email", "Phone"} {
			if value := record.Value(field); value != nil {
				row[field] = value
			}
		}
		rows = append(rows, row)
	}
	return rows
}
