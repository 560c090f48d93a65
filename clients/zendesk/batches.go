// Many users or organizations in few calls.

package zendesk

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sync/errgroup"

	"zsf/clients/transport"
)

// searchBatch is how many values one search is asked for: a page of results has room for several finds of each.
const searchBatch = 20

// EachUserByExternalID finds users by any number of external ids, a hundred a call, the calls side by side.
func (c *Client) EachUserByExternalID(ctx context.Context, ids []string) ([]User, error) {
	return inBatches(ctx, ids, most, func(ctx context.Context, part []string) ([]User, error) { return c.UsersByExternalID(ctx, part...) })
}

// EachOrganizationByExternalID finds organizations in the same way.
func (c *Client) EachOrganizationByExternalID(ctx context.Context, ids []string) ([]Organization, error) {
	return inBatches(ctx, ids, most, func(ctx context.Context, part []string) ([]Organization, error) {
		return c.OrganizationsByExternalID(ctx, part...)
	})
}

// EachUserByEmail finds the users with any of these addresses, letter by letter but for the case, twenty addresses
// a search: several values of one property are sought as alternatives. The search lags by minutes.
func (c *Client) EachUserByEmail(ctx context.Context, addresses []string) ([]User, error) {
	found, err := searchEach[User](ctx, c, "user", "email", addresses)
	return those(found, func(u User) bool { return isAmong(addresses, u.Email) }), err
}

// EachOrganizationByName finds the organizations with any of these names in the same way.
func (c *Client) EachOrganizationByName(ctx context.Context, names []string) ([]Organization, error) {
	found, err := searchEach[Organization](ctx, c, "organization", "name", names)
	return those(found, func(o Organization) bool { return isAmong(names, o.Name) }), err
}

// isAmong compares without regard to case and to spaces around.
func isAmong(values []string, value string) bool {
	return slices.ContainsFunc(values, func(one string) bool {
		return strings.EqualFold(transport.Clean(strings.TrimSpace(one)), strings.TrimSpace(value))
	})
}

func searchEach[T any](ctx context.Context, c *Client, kind, property string, values []string) ([]T, error) {
	return inBatches(ctx, values, searchBatch, func(ctx context.Context, part []string) ([]T, error) {
		words := []string{"type:" + kind}
		for _, value := range part {
			words = append(words, Term(property, value))
		}
		return some[T](ctx, c, "/api/v2/search", "results",
			url.Values{"query": {strings.Join(words, " ")}, "per_page": {strconv.Itoa(SearchPage)}})
	})
}

// atOnce is how many batches go out side by side.
const atOnce = 4

// inBatches asks for values in parts, each of no more than size.
func inBatches[T any](ctx context.Context, values []string, size int, ask func(context.Context, []string) ([]T, error)) ([]T, error) {
	parts := slices.Collect(slices.Chunk(values, size))
	found := make([][]T, len(parts))
	calls, ctx := errgroup.WithContext(ctx)
	calls.SetLimit(atOnce)
	for i, part := range parts {
		calls.Go(func() (err error) {
			found[i], err = ask(ctx, part)
			return err
		})
	}
	if err := calls.Wait(); err != nil {
		return nil, err //nolint:wrapcheck // a service's own error
	}
	return slices.Concat(found...), nil
}
