// Who belongs to an account: its contacts, and the accounts right below it.

package salesforce

import (
	"context"
	"fmt"
)

// The most contacts and child accounts that are read of an account.
const (
	MostContacts = 200
	MostChildren = 100
)

// Kin are an account's contacts and child accounts.
type Kin struct {
	Contacts     []Contact // those that changed last first
	MoreContacts bool      // there are others
	NoEmails     bool      // this user may not see the contacts' addresses
	Children     []Account // in the order of their names
	MoreChildren bool
}

// A Contact is a person at an account.
type Contact struct{ ID, Name, Email string }

// An Account is a company.
type Account struct{ ID, Name string }

// ReadKin reads an account's contacts, its child accounts, or both, in one call.
func (c *Client) ReadKin(ctx context.Context, accountID string, contacts, children bool) (Kin, error) {
	var parts []Part
	if contacts {
		where := fmt.Sprintf(" FROM Contact WHERE AccountId = %s ORDER BY LastModifiedDate DESC, Id LIMIT %d", Quote(accountID), MostContacts+1)
		// A user who may not see the addresses is refused a query that names them.
		parts = append(parts, QueryPart("contacts", "SELECT Id, Name"+where), QueryPart("emails", "SELECT Id, Email"+where))
	}
	if children {
		parts = append(parts, QueryPart("children",
			fmt.Sprintf("SELECT Id, Name FROM Account WHERE ParentId = %s ORDER BY Name, Id LIMIT %d", Quote(accountID), MostChildren+1)))
	}
	answers, err := c.Composite(ctx, parts)
	if err != nil {
		return Kin{}, err
	}
	var kin Kin
	if contacts {
		if err := kin.addContacts(ctx, c, answers); err != nil {
			return Kin{}, err
		}
	}
	if children {
		rows, err := Rows[recordRow](ctx, c, answers["children"])
		if err != nil {
			return Kin{}, err
		}
		for _, row := range rows {
			kin.Children = append(kin.Children, Account{wholeID(row.ID), row.Name})
		}
		if kin.MoreChildren = len(rows) > MostChildren; kin.MoreChildren {
			kin.Children = kin.Children[:MostChildren]
		}
	}
	return kin, nil
}

func (k *Kin) addContacts(ctx context.Context, c *Client, answers map[string]Answer) error {
	rows, err := Rows[recordRow](ctx, c, answers["contacts"])
	if err != nil {
		return err
	}
	addresses := map[string]string{}
	withEmail, err := Rows[recordRow](ctx, c, answers["emails"])
	failed, refused := asFailure(err)
	switch {
	case refused && failed.Code == "INVALID_FIELD":
		k.NoEmails = true
	case err != nil:
		return err
	}
	for _, row := range withEmail {
		addresses[row.ID] = row.Email
	}
	for _, row := range rows {
		k.Contacts = append(k.Contacts, Contact{wholeID(row.ID), row.Name, addresses[row.ID]})
	}
	if k.MoreContacts = len(rows) > MostContacts; k.MoreContacts {
		k.Contacts = k.Contacts[:MostContacts]
	}
	return nil
}

// wholeID is an id in its form of 18 characters, where it is one.
func wholeID(id string) string {
	if whole, ok := id18(id); ok {
		return whole
	}
	return id
}
