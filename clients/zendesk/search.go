// Zendesk's search: its words, and its wall at 1,000 results. It lags behind by minutes.

package zendesk

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode"

	"zsf/clients/transport"
)

// A search gives no more than so many results, in pages of so many.
const (
	SearchWall = 1000
	SearchPage = 100
)

// A SearchWallError says that a search was asked for more than it gives.
type SearchWallError struct{ Err error }

func (e *SearchWallError) Error() string {
	return fmt.Sprintf("zendesk: a search ends at %d results", SearchWall)
}

func (e *SearchWallError) Unwrap() error { return e.Err }

// Phrase quotes a value for a search. Zendesk knows no escape for the quote itself, and reads a control character
// as it likes: both become spaces.
func Phrase(value string) string {
	clean := strings.Map(func(r rune) rune {
		if r == '"' || r == '\\' || unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(value, "\ufffd"))
	return `"` + strings.Join(strings.Fields(clean), " ") + `"`
}

// Term asks for a property to have a value: email:"jo@acme.com".
func Term(property, value string) string { return property + ":" + Phrase(value) }

// A TicketQuery is which tickets to search for.
type TicketQuery struct {
	Organizations []int64 // of any of them
	Requesters    []int64
	Statuses      []string // of any of them; none: any
	Custom        []int64  // of any of these statuses of the account's own; none: any
	Unclosed      bool
}

// String is the query in the words of the search.
func (q TicketQuery) String() string {
	words := []string{"type:ticket"}
	for _, id := range q.Organizations {
		words = append(words, "organization_id:"+strconv.FormatInt(id, 10))
	}
	for _, id := range q.Requesters {
		words = append(words, "requester:"+strconv.FormatInt(id, 10))
	}
	for _, status := range q.Statuses {
		words = append(words, "status:"+strings.ReplaceAll(strings.Trim(Phrase(status), `"`), " ", ""))
	}
	for _, id := range q.Custom {
		words = append(words, "custom_status_id:"+strconv.FormatInt(id, 10))
	}
	if q.Unclosed {
		words = append(words, "status<closed")
	}
	return strings.Join(words, " ")
}

// SearchTickets reads one page of a search, the first is 1, with the people in its tickets where they come along.
// Sort is updated_at, created_at, priority or status; down tells which way.
func (c *Client) SearchTickets(ctx context.Context, query TicketQuery, sort string, down bool, page, size int) (Tickets, error) {
	if page > 0 && (page-1)*size >= SearchWall {
		return Tickets{}, &SearchWallError{}
	}
	order := "asc"
	if down {
		order = "desc"
	}
	var body struct {
		Results *[]Ticket `json:"results"`
		Users   []User    `json:"users"`
		Count   int       `json:"count"`
	}
	answer, err := c.get(ctx, "/api/v2/search", url.Values{
		"query": {query.String()}, "sort_by": {sort}, "sort_order": {order}, "include": {"tickets(users)"},
		"per_page": {strconv.Itoa(size)}, "page": {strconv.Itoa(page)},
	}, &body)
	var failed *transport.Error
	switch {
	case errors.As(err, &failed) && failed.Status == http.StatusUnprocessableEntity && page > 1:
		return Tickets{}, &SearchWallError{Err: err}
	case err != nil:
		return Tickets{}, err
	case body.Results == nil:
		return Tickets{}, c.garbled(answer, "the answer to a search has no results")
	}
	return Tickets{Tickets: *body.Results, Users: body.Users, Total: body.Count, More: page*size < body.Count}, nil
}

// ExportTickets reads all that a search finds, beyond its wall, in the order in which they were made.
func (c *Client) ExportTickets(ctx context.Context, query TicketQuery) ([]Ticket, error) {
	words := strings.TrimSpace(strings.TrimPrefix(query.String(), "type:ticket")) // the filter says it; twice is refused
	tickets, more, err := firstPages[Ticket](ctx, c, "/api/v2/search/export", "results", url.Values{
		"query": {words}, "filter[type]": {"ticket"}, "page[size]": {strconv.Itoa(exportPage)},
	}, maxPages)
	if err == nil && more {
		err = c.endless("/api/v2/search/export", "an export")
	}
	return tickets, err
}

// exportPage is the largest that an export takes: it may be asked a hundred times a minute, by the whole account.
const exportPage = 1000

// CountTickets tells how many tickets a search finds, beyond its wall as well.
func (c *Client) CountTickets(ctx context.Context, query TicketQuery) (int, error) {
	var body struct {
		Count *int `json:"count"`
	}
	answer, err := c.get(ctx, "/api/v2/search/count", url.Values{"query": {query.String()}}, &body)
	if err == nil && body.Count == nil {
		err = c.garbled(answer, "the answer has no count")
	}
	if err != nil {
		return 0, err
	}
	return *body.Count, nil
}

// OrganizationsByName finds organizations with that name, letter by letter but for the case. The exact search is closed to
// some agents: for them the names that begin so are looked through.
func (c *Client) OrganizationsByName(ctx context.Context, name string) ([]Organization, error) {
	found, err := some[Organization](ctx, c, "/api/v2/organizations/search", "organizations", url.Values{"name": {name}})
	if transport.KindOf(err) == transport.Forbidden {
		found, err = some[Organization](ctx, c, "/api/v2/organizations/autocomplete", "organizations",
			url.Values{"name": {name}, "per_page": {strconv.Itoa(most)}})
	}
	return those(found, func(o Organization) bool { return strings.EqualFold(o.Name, transport.Clean(strings.TrimSpace(name))) }), err
}

// OrganizationsByDomain finds organizations that take users of a domain: acme.com. The search looks at more than domains, so
// what it finds is looked at again; one that it does not look at is not found.
func (c *Client) OrganizationsByDomain(ctx context.Context, domain string) ([]Organization, error) {
	found, err := some[Organization](ctx, c, "/api/v2/search", "results",
		url.Values{"query": {"type:organization " + Phrase(domain)}, "per_page": {strconv.Itoa(SearchPage)}})
	return those(found, func(o Organization) bool {
		for _, name := range o.DomainNames {
			if strings.EqualFold(name, domain) {
				return true
			}
		}
		return false
	}), err
}

func those[T any](all []T, fit func(T) bool) []T {
	var some []T
	for _, one := range all {
		if fit(one) {
			some = append(some, one)
		}
	}
	return some
}
