// Queries, and their pages.

package salesforce

import (
	"context"
	"net/url"
	"strings"

	"zsf/clients/transport"
)

// page is one page of a query's result.
type page[T any] struct {
	Next    string `json:"nextRecordsUrl"`
	Records *[]T   `json:"records"`
}

// Query runs a SOQL query and reads all its pages.
func Query[T any](ctx context.Context, c *Client, soql string) ([]T, error) {
	answer, err := c.call(ctx, transport.Request{Path: c.data("query"), Query: url.Values{"q": {soql}}})
	if err != nil {
		return nil, err
	}
	return collect[T](ctx, c, answer)
}

// ToolingQuery is Query on the objects of the Tooling API.
func ToolingQuery[T any](ctx context.Context, c *Client, soql string) ([]T, error) {
	answer, err := c.call(ctx, transport.Request{Path: c.data("tooling/query"), Query: url.Values{"q": {soql}}})
	if err != nil {
		return nil, err
	}
	return collect[T](ctx, c, answer)
}

// Rows are the records of a query's answer; further pages are read now.
func Rows[T any](ctx context.Context, c *Client, answer Answer) ([]T, error) {
	if err := answer.failure(); err != nil {
		return nil, err
	}
	return collect[T](ctx, c, answer.whole)
}

// maxPages ends a result that never ends: 2,000 pages of 2,000 rows are more than a query may have.
const maxPages = 2000

func collect[T any](ctx context.Context, c *Client, answer transport.Answer) ([]T, error) {
	var rows []T
	for range maxPages {
		var part page[T]
		if err := c.caller.Decode(answer, &part); err != nil {
			return nil, err
		}
		if part.Records == nil {
			return nil, c.caller.Fail(answer, transport.Garbled, "", "the answer to a query has no records")
		}
		rows = append(rows, *part.Records...)
		if part.Next == "" {
			return rows, nil
		}
		if !strings.HasPrefix(part.Next, "/services/data/") {
			return nil, c.caller.Fail(answer, transport.Garbled, "", "the next page of the query lies outside the API")
		}
		next, err := c.call(ctx, transport.Request{Path: part.Next})
		if err != nil {
			return nil, err
		}
		answer = next
	}
	return nil, c.caller.Fail(answer, transport.Garbled, "", "the query's pages do not end")
}
