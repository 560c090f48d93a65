// The tickets that changed last, with whose they are: one call, for whoever wants an example.

package zendesk

import (
	"context"
	"net/url"
	"strconv"
)

// Newest are the unclosed tickets that changed last, at most a hundred, with the people and the organizations in them as
// far as they came along.
type Newest struct {
	Tickets       []Ticket
	Users         []User
	Organizations []Organization
	Total         int // how many unclosed tickets the account has
}

// NewestTickets reads them in one call. It is a search: what changed in the last minutes may be missing.
func (c *Client) NewestTickets(ctx context.Context) (Newest, error) {
	var body struct {
		Results       *[]Ticket      `json:"results"`
		Users         []User         `json:"users"`
		Organizations []Organization `json:"organizations"`
		Count         int            `json:"count"`
	}
	answer, err := c.get(ctx, "/api/v2/search", url.Values{
		"query": {TicketQuery{Unclosed: true}.String()}, "sort_by": {"updated_at"}, "sort_order": {"desc"},
		"include": {"tickets(users,organizations)"}, "per_page": {strconv.Itoa(SearchPage)},
	}, &body)
	if err == nil && body.Results == nil {
		err = c.garbled(answer, "the answer to a search has no results")
	}
	if err != nil {
		return Newest{}, err
	}
	return Newest{Tickets: *body.Results, Users: body.Users, Organizations: body.Organizations, Total: body.Count}, nil
}

// Organization is one that came along; false where it did not.
func (n Newest) Organization(id int64) (Organization, bool) {
	for _, organization := range n.Organizations {
		if organization.ID == id {
			return organization, true
		}
	}
	return Organization{}, false
}

// User is one that came along; false where it did not.
func (n Newest) User(id int64) (User, bool) {
	for _, user := range n.Users {
		if user.ID == id {
			return user, true
		}
	}
	return User{}, false
}
