// People to write to, found while one types.

package tickets

import (
	"context"
	"slices"

	"zsf/clients/transport"
)

// People finds users by part of a name or an address, as far as they can write to it: one call,
// the first hundred.
func (d *Desk) People(ctx context.Context, words string) ([]Person, error) {
	if d.account == nil {
		return nil, &transport.Error{Service: transport.Zendesk, Kind: transport.SignInMissing}
	}
	found, err := d.account.SearchUsers(ctx, words)
	d.note(transport.Zendesk, "users/search "+words, len(found), err)
	people := make([]Person, 0, len(found))
	for _, user := range found {
		if user.Active && !user.Suspended {
			people = append(people, Person{user.ID, user.Name, user.Email})
		}
	}
	return people, err
}

// PeopleOf are who a ticket for a record can be for: Requesters, and of an account the users whom its contacts are.
func (d *Desk) PeopleOf(ctx context.Context, record Record) ([]Person, error) {
	if !slices.Contains(record.MayWith(), OfContacts) {
		return d.Requesters(ctx, record)
	}
	match, err := d.Widen(ctx, record, Match{}, With{OfContacts})
	if err != nil {
		return nil, err
	}
	var ids []int64
	for _, one := range match.Beside {
		if one.Kind == OfUser {
			ids = append(ids, one.ID)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	users, err := d.account.Users(ctx, ids)
	d.note(transport.Zendesk, "users/show_many", len(users), err)
	people := make([]Person, len(users))
	for i, user := range users {
		people[i] = personOf(user)
	}
	return people, err
}
