// Queries: run, cut into batches, continued by locator, or described column by column.

package salesforce

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"zsf/clients/sandbox/soql"
)

const (
	smallestBatch = 200
	largestBatch  = 2000
	keptCursors   = 10 // as many as the service keeps for a user
)

// A cursor is an answer that was too long for one batch.
type cursor struct {
	id      string
	owner   string
	tooling bool
	result  *soql.Result
}

type cursors struct {
	mu     sync.Mutex
	serial int
	open   []cursor // oldest first
}

// runQuery answers query and queryAll, whose path may go on with a locator.
func (c *call) runQuery(rest []string, deleted bool) answer {
	switch {
	case len(rest) > 1:
		return notFound()
	case len(rest) == 1:
		return c.more(rest[0], deleted)
	}
	source := c.query.Get("q")
	if explain := c.query.Get("explain"); explain != "" && source == "" {
		return fail(http.StatusBadRequest, "INVALID_QUERY", "Query plans are not available in this sandbox.")
	}
	if source == "" {
		return fail(http.StatusBadRequest, "MALFORMED_QUERY", "SOQL statements cannot be empty or null")
	}
	parsed, err := soql.Parse(source)
	if err != nil {
		return queryFailure(err)
	}
	rows := c.view(deleted || parsed.AllRows)
	result, err := soql.Run(c.ctx, parsed, rows, c.org.now)
	switch {
	case rows.refused != "":
		return fail(http.StatusForbidden, "INSUFFICIENT_ACCESS", "You do not have access to "+rows.refused+". View Setup and Configuration is needed.")
	case err != nil:
		return queryFailure(err)
	case rows.unnarrow != "":
		return unfiltered(rows.unnarrow, c.org.schema)
	}
	if c.query.Get("columns") == "true" {
		return c.columns(result, rows)
	}
	return c.batch(result, 0, "", deleted)
}

func unfiltered(object string, s *schema) answer {
	e, _ := s.find(object, true)
	return fail(http.StatusBadRequest, "MALFORMED_QUERY",
		fmt.Sprintf("%s: a filter on a reified column is required [%s]", e.name, e.filterBy))
}

func (c *call) view(deleted bool) *view {
	return &view{org: c.org, who: c.who, tooling: c.tooling, deleted: deleted}
}

// batchSize reads Sforce-Query-Options: batchSize=500.
func (c *call) batchSize() int {
	for option := range strings.SplitSeq(c.header.Get("Sforce-Query-Options"), ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(option), "=")
		n, err := strconv.Atoi(strings.TrimSpace(value))
		if strings.EqualFold(strings.TrimSpace(name), "batchSize") && err == nil {
			return min(max(n, smallestBatch), largestBatch)
		}
	}
	return largestBatch
}

// batch writes the records from one on, and keeps the rest for a locator.
func (c *call) batch(result *soql.Result, from int, id string, deleted bool) answer {
	to := min(from+c.batchSize(), len(result.Records))
	d := document{{"totalSize", result.Total}, {"done", to == len(result.Records)}}
	if to < len(result.Records) {
		if id == "" {
			id = c.org.cursors.keep(cursor{owner: c.who.id, tooling: c.tooling, result: result})
		}
		resource := "query"
		if deleted {
			resource = "queryAll"
		}
		if c.tooling {
			resource = "tooling/" + resource
		}
		d = append(d, member{"nextRecordsUrl", fmt.Sprintf("/services/data/%s/%s/%s-%d", c.version, resource, id, to)})
	}
	records := make([]any, 0, to-from)
	for i := range result.Records[from:to] {
		records = append(records, c.record(&result.Records[from+i]))
	}
	if c.tooling {
		d = append(document{{"size", to - from}}, d...)
		d = append(d, member{"queryLocator", nil}, member{"entityTypeName", c.entityTypeName(result)})
	}
	return ok(append(d, member{"records", records}))
}

func (c *call) entityTypeName(result *soql.Result) any {
	if e, ok := c.org.schema.find(result.Query.From(), c.tooling); ok && !result.Count {
		return e.name
	}
	return nil
}

func (c *call) record(r *soql.Record) document {
	d := make(document, 0, len(r.Columns)+1)
	d = append(d, member{"attributes", c.attributes(r.Object, r.ID)})
	for _, column := range r.Columns {
		d = append(d, member{column.Name, c.value(column.Value)})
	}
	return d
}

func (c *call) attributes(object *soql.Object, id string) document {
	if object == nil {
		return document{{"type", "AggregateResult"}}
	}
	if id == "" {
		id = nullID
	}
	e, found := c.org.schema.find(object.Name, c.tooling)
	if !found {
		return document{{"type", object.Name}}
	}
	return document{{"type", e.name}, {"url", e.url(c.version, c.tooling) + "/" + id}}
}

func (c *call) value(v any) any {
	switch v := v.(type) {
	case *soql.Record:
		if v == nil {
			return nil
		}
		return c.record(v)
	case *soql.Result:
		if v == nil {
			return nil
		}
		inner := make([]any, 0, len(v.Records))
		for i := range v.Records {
			inner = append(inner, c.record(&v.Records[i]))
		}
		return document{{"totalSize", v.Total}, {"done", true}, {"records", inner}}
	}
	return v
}

// more continues an answer: 01g…-2000.
func (c *call) more(locator string, deleted bool) answer {
	id, offset, _ := strings.Cut(locator, "-")
	from, err := strconv.Atoi(offset)
	kept, found := c.org.cursors.find(id)
	if err != nil || !found || kept.owner != c.who.id || kept.tooling != c.tooling || from < 0 || from >= len(kept.result.Records) {
		return fail(http.StatusBadRequest, "INVALID_QUERY_LOCATOR", "invalid query locator")
	}
	return c.batch(kept.result, from, id, deleted)
}

func (k *cursors) keep(made cursor) string {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.serial++
	made.id = newID("01g", k.serial)
	k.open = append(k.open, made)
	if len(k.open) > keptCursors {
		k.open = k.open[1:]
	}
	return made.id
}

func (k *cursors) find(id string) (cursor, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, kept := range k.open {
		if soql.SameID(kept.id, id) {
			return kept, true
		}
	}
	return cursor{}, false
}
