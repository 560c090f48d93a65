// Lists, page by page: by cursor, as asked for, or by offset where an endpoint knows no cursor.

package zendesk

import (
	"context"
	"encoding/json"
	"maps"
	"net/url"

	"zsf/clients/transport"
)

const (
	pageSize = "100"
	maxPages = 1000
)

// links is what a page says of the next one.
type links struct {
	Meta *struct {
		HasMore     bool   `json:"has_more"`
		AfterCursor string `json:"after_cursor"`
	} `json:"meta"`
	Links struct {
		Next string `json:"next"`
	} `json:"links"`
	NextPage string `json:"next_page"`
}

// list reads all pages of a list that stands under key.
func list[T any](ctx context.Context, c *Client, path, key string) ([]T, error) {
	all, more, err := firstPages[T](ctx, c, path, key, nil, maxPages)
	if err == nil && more {
		err = c.endless(path, key)
	}
	if err != nil {
		return nil, err
	}
	return all, nil
}

func (c *Client) endless(path, key string) error {
	return c.garbled(transport.Answer{Call: "GET " + path}, "the pages of "+key+" do not end")
}

// firstPages reads at most so many pages, and tells whether there are more.
// Without page[size] Zendesk would page by offset, silently.
func firstPages[T any](ctx context.Context, c *Client, path, key string, filter url.Values, pages int) (all []T, more bool, err error) {
	query := url.Values{"page[size]": {pageSize}}
	maps.Copy(query, filter)
	seen := map[string]bool{}
	for range pages {
		seen[query.Encode()] = true
		var raw map[string]json.RawMessage
		answer, err := c.get(ctx, path, query, &raw)
		if err != nil {
			return nil, false, err
		}
		var part []T
		items, ok := raw[key]
		if !ok || string(items) == "null" {
			return nil, false, c.garbled(answer, "the answer has no "+key)
		}
		answerPart := answer
		answerPart.Body = items
		if err := c.caller.Decode(answerPart, &part); err != nil {
			return nil, false, err
		}
		all = append(all, part...)
		var next links
		if err := c.caller.Decode(answer, &next); err != nil {
			return nil, false, err
		}
		if query, err = c.nextQuery(answer, next, query); err != nil || query == nil {
			return all, false, err
		}
		if seen[query.Encode()] {
			return nil, false, c.garbled(answer, "the pages of "+key+" go round in a circle")
		}
	}
	return all, true, nil
}

// nextQuery asks for the next page; nil where there is none. Only the query of a link is used:
// links name the account by whatever host name it had first.
func (c *Client) nextQuery(answer transport.Answer, next links, query url.Values) (url.Values, error) {
	link := next.NextPage
	if next.Meta != nil {
		switch {
		case !next.Meta.HasMore:
			return nil, nil //nolint:nilnil // no next page is an answer
		case next.Meta.AfterCursor != "":
			following := maps.Clone(query) // with the filter
			following["page[after]"] = []string{next.Meta.AfterCursor}
			return following, nil
		}
		if link = next.Links.Next; link == "" {
			return nil, c.garbled(answer, "more is to come, but the answer does not say where")
		}
	}
	if link == "" {
		return nil, nil //nolint:nilnil // no next page is an answer
	}
	address, err := url.Parse(link)
	if err != nil || address.RawQuery == "" {
		return nil, c.garbled(answer, "the link to the next page is not usable")
	}
	return address.Query(), nil
}
