package zendesk

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	searchLag   = 3 * time.Minute // how long the index is behind: "up to a few minutes" in the vendor's words
	searchLimit = 1000            // results that search gives of any number
)

var (
	searchIndexLimit  = &limit{header: "Zendesk-Ratelimit-Search-Index", total: perMinute}
	searchExportLimit = &limit{header: "Zendesk-Ratelimit-Search-Export", total: 100}
)

// Search has no scope of its own: only a token that may read everything can use it.
func (a *Account) searchEndpoints() []endpoint {
	return []endpoint{
		{pattern: "GET /api/v2/search", action: "search/index", limit: searchIndexLimit, do: a.search},
		{pattern: "GET /api/v2/search/count", action: "search/count", limit: searchIndexLimit, do: a.countSearch},
		{pattern: "GET /api/v2/search/export", action: "search/export", limit: searchExportLimit, do: a.exportSearch},
	}
}

func invalidSearch(problem string) answer {
	return refusal(http.StatusUnprocessableEntity, "invalid", "Invalid search: "+problem)
}

// searched reads the query and finds what matches, in no order.
func (a *Account) searched(c *call) (q searchQuery, found []document, refused *answer) {
	query := c.query()
	if !query.Has("query") {
		missing := missingParameter("query")
		return q, nil, &missing
	}
	q = parseSearch(query.Get("query"))
	if q.orderBy == "" {
		q.orderBy, q.ascending = query.Get("sort_by"), query.Get("sort_order") == "asc"
	}
	if value, wrong := q.wrongDate(a.now()); wrong {
		invalid := invalidSearch("'" + value + "' is not a date")
		return q, nil, &invalid
	}
	return q, a.find(q), nil
}

func (a *Account) find(q searchQuery) []document {
	var found []document
	now := a.now()
	indexed := now.Add(-searchLag)
	for _, kind := range q.kinds() {
		a.documents(kind, q, indexed, func(d document) {
			if !d.created.After(indexed) && q.matches(d, now) {
				d.relevance = q.relevance(d)
				found = append(found, d)
			}
		})
	}
	return found
}

// kinds are those that the search asks for, or all.
func (q searchQuery) kinds() []string {
	all := []string{"user", "organization", "group", "ticket"}
	if !q.has("type") {
		return all
	}
	return slices.DeleteFunc(all, func(kind string) bool {
		return !slices.ContainsFunc(q.terms, func(t term) bool { return t.key == "type" && strings.EqualFold(t.value, kind) })
	})
}

// sorted puts documents in the order that the search asks for; by relevance, as far as this account tells it:
// those that have the words in what is shown of them first, then what was touched last.
func (q searchQuery) sorted(found []document) {
	by := strings.TrimSuffix(q.orderBy, "_at")
	slices.SortFunc(found, func(one, other document) int {
		var order int
		switch by {
		case "created":
			order = one.created.Compare(other.created)
		case "updated":
			order = one.updated.Compare(other.updated)
		case "priority", "status", "ticket_type":
			order = cmp.Compare(one.ranked(by), other.ranked(by))
		default:
			order = cmp.Or(cmp.Compare(one.relevance, other.relevance), one.updated.Compare(other.updated), cmp.Compare(one.id, other.id))
			return -order
		}
		order = cmp.Or(order, cmp.Compare(one.id, other.id))
		if !q.ascending {
			order = -order
		}
		return order
	})
}

func (d document) ranked(by string) int {
	if d.rank == nil {
		return -1
	}
	return d.rank(by)
}

// relevance is how many of the words are in what is shown first of a record.
func (q searchQuery) relevance(d document) int {
	n := 0
	for _, t := range q.terms {
		if t.key == "" && !t.negated && says(d.texts()[0], t.value) {
			n++
		}
	}
	return n
}

// search pages by offset only, and not beyond a thousand; its count is the true one.
func (a *Account) search(c *call) answer {
	q, found, refused := a.searched(c)
	if refused != nil {
		return *refused
	}
	if beyondSearch(c) {
		return invalidSearch("Requested response size was greater than Search Response Limits")
	}
	q.sorted(found)
	var sent []document
	said := page(a, c, list[document]{
		name: "results", path: "search",
		show:     func(d document) any { sent = append(sent, d); return append(d.show(), member{"result_type", d.kind}) },
		total:    func() int { return len(found) },
		byOffset: func(yield func(document) bool) { inOrder(found, false, yield) },
	})
	body, paged := said.body.(object)
	if !paged || said.status != http.StatusOK {
		return said
	}
	said.body = slices.Insert(body, 1, member{"facets", nil})
	return said.with(a.besideResults(c, sent)...)
}

func beyondSearch(c *call) bool {
	query := c.query()
	number, err := strconv.Atoi(cmp.Or(query.Get("page"), "1"))
	size, wrong := strconv.Atoi(cmp.Or(query.Get("per_page"), strconv.Itoa(pageLimit)))
	if err != nil || wrong != nil || number < 1 || size < 1 {
		return false // page says what is wrong with them
	}
	return number > searchLimit/min(size, pageLimit)
}

func (a *Account) countSearch(c *call) answer {
	_, found, refused := a.searched(c)
	if refused != nil {
		return *refused
	}
	return ok(object{{"count", len(found)}})
}
