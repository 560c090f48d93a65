// Many reads in few calls: the composite resource.

package salesforce

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"zsf/clients/transport"
)

// The limits of one composite call (developer.salesforce.com, REST API 264.0: resources_composite_composite_post).
// The Tooling API has a composite resource of its own, with the same limits; neither takes the other's parts.
const (
	maxParts   = 25
	maxQueries = 5
)

// A Part is one read among those that travel together.
type Part struct {
	id       string
	resource string // after /services/data/vNN.N/
	query    bool
	tooling  bool
	alone    bool // no composite resource takes it
}

// QueryPart is a SOQL query. The id names its answer: letters, digits and underscores, a letter first.
func QueryPart(id, soql string) Part {
	return Part{id: id, resource: "query?q=" + url.QueryEscape(soql), query: true}
}

// ToolingQueryPart is a SOQL query against the Tooling API.
func ToolingQueryPart(id, soql string) Part {
	return Part{id: id, resource: "tooling/query?q=" + url.QueryEscape(soql), query: true, tooling: true}
}

// ToolingRowPart is one row of a Tooling object, with the fields that only one row at a time tells.
func ToolingRowPart(id, object, row string) Part {
	return Part{id: id, resource: "tooling/sobjects/" + url.PathEscape(object) + "/" + url.PathEscape(row), tooling: true}
}

// DescribePart is the describe of an object.
func DescribePart(id, object string) Part {
	return Part{id: id, resource: describePath(object)}
}

// LimitsPart is the org's limits. The composite resource takes only objects and queries,
// so this goes out beside it, at the same time.
func LimitsPart(id string) Part {
	return Part{id: id, resource: "limits", alone: true}
}

// An Answer is what came of one part: a body, or an error of its own.
type Answer struct {
	ID     string
	Status int       // HTTP; 0 when there was no answer
	At     time.Time // when it was read; zero when there was no answer

	client *Client
	whole  transport.Answer
	err    error
}

// Decode reads the body into a value. A part that failed gives its *transport.Error, whose Call names the part.
func (a Answer) Decode(into any) error {
	if err := a.failure(); err != nil {
		return err
	}
	return a.client.caller.Decode(a.whole, into)
}

func (a Answer) failure() error {
	switch {
	case a.err != nil:
		return a.err
	case a.client == nil:
		return errNoAnswer
	case a.Status < 200 || a.Status > 299:
		return a.client.refusal(a.whole)
	}
	return nil
}

var (
	errNoAnswer = errors.New("salesforce: no part of that name was asked")
	errPartID   = errors.New("salesforce: a part's id is used twice, or is not made of letters, digits and underscores")
)

// Composite reads all parts in as few calls as the limits allow (25 parts, 5 queries a call), all at once,
// those of the Tooling API beside the others.
// Every part has its answer, by id: where a whole call fails, each of its answers carries the error
// and the others are there all the same. An error is only for ids that cannot be used.
func (c *Client) Composite(ctx context.Context, parts []Part) (map[string]Answer, error) {
	ids := make(map[string]bool, len(parts))
	for _, part := range parts {
		if ids[part.id] || !isReference(part.id) {
			return nil, fmt.Errorf("%w: %q", errPartID, part.id)
		}
		ids[part.id] = true
	}
	groups := split(parts)
	results := make([][]Answer, len(groups))
	var calls errgroup.Group
	calls.SetLimit(10)
	for i, group := range groups {
		calls.Go(func() error {
			if group[0].alone {
				results[i] = []Answer{c.readAlone(ctx, group[0])}
			} else {
				results[i] = c.readTogether(ctx, group)
			}
			return nil // each answer carries its own
		})
	}
	if err := calls.Wait(); err != nil {
		return nil, fmt.Errorf("composite: %w", err)
	}
	answers := make(map[string]Answer, len(parts))
	for _, result := range results {
		for _, answer := range result {
			answers[answer.ID] = answer
		}
	}
	return answers, nil
}

// isReference tells what a composite call takes as a referenceId.
func isReference(id string) bool {
	for i, r := range id {
		isLetter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		if !isLetter && (i == 0 || (r < '0' || r > '9') && r != '_') {
			return false
		}
	}
	return id != ""
}

// split deals the parts out to the fewest calls, evenly, as the org works through the parts of one call in turn.
func split(parts []Part) [][]Part {
	var alone [][]Part
	var data, tooling []Part
	for _, part := range parts {
		switch {
		case part.alone:
			alone = append(alone, []Part{part})
		case part.tooling:
			tooling = append(tooling, part)
		default:
			data = append(data, part)
		}
	}
	return slices.Concat(deal(data), deal(tooling), alone)
}

// deal splits the parts of one composite resource.
func deal(parts []Part) [][]Part {
	var queries, others []Part
	for _, part := range parts {
		if part.query {
			queries = append(queries, part)
		} else {
			others = append(others, part)
		}
	}
	count := max(divideUp(len(queries), maxQueries), divideUp(len(parts), maxParts))
	groups := make([][]Part, count)
	for i, part := range append(queries, others...) {
		groups[i%count] = append(groups[i%count], part)
	}
	return groups
}

func divideUp(n, by int) int { return (n + by - 1) / by }

type subrequest struct {
	Method      string `json:"method"`
	URL         string `json:"url"`
	ReferenceID string `json:"referenceId"`
}

func (c *Client) readTogether(ctx context.Context, parts []Part) []Answer {
	version := c.Version()
	var asked struct {
		AllOrNone bool         `json:"allOrNone"`
		Requests  []subrequest `json:"compositeRequest"`
	}
	for _, part := range parts {
		asked.Requests = append(asked.Requests, subrequest{
			Method: http.MethodGet, URL: "/services/data/v" + version + "/" + part.resource, ReferenceID: part.id,
		})
	}
	var answered struct {
		Responses []struct {
			ReferenceID string          `json:"referenceId"`
			Status      int             `json:"httpStatusCode"`
			Body        json.RawMessage `json:"body"`
		} `json:"compositeResponse"`
	}
	resource := "/composite"
	if parts[0].tooling {
		resource = "/tooling/composite"
	}
	call, err := c.postJSON(ctx, "/services/data/v"+version+resource, asked, &answered)
	answers := make([]Answer, len(parts))
	for i, part := range parts {
		answers[i] = Answer{ID: part.id, At: call.At, client: c, err: err}
		whole := transport.Answer{Call: partCall(version, part), Header: call.Header, At: call.At}
		for _, response := range answered.Responses {
			if response.ReferenceID == part.id {
				whole.Status, whole.Body = response.Status, response.Body
			}
		}
		answers[i].Status, answers[i].whole = whole.Status, whole
		if err == nil && whole.Status == 0 {
			answers[i].err = c.caller.Fail(whole, transport.Garbled, "", "the composite call's answer leaves this part out")
		}
	}
	return answers
}

func (c *Client) readAlone(ctx context.Context, part Part) Answer {
	whole, err := c.caller.Call(ctx, transport.Request{Path: c.data(part.resource)})
	return Answer{ID: part.id, Status: whole.Status, At: whole.At, client: c, whole: whole, err: err}
}

// partCall names a part in an error: GET /services/data/v68.0/query (organization).
func partCall(version string, part Part) string {
	path := part.resource
	if part.query {
		path, _, _ = strings.Cut(path, "?")
	}
	return fmt.Sprintf("GET /services/data/v%s/%s (%s)", version, path, part.id)
}
