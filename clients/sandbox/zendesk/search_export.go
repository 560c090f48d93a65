package zendesk

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	exportPage = 1000
	exportLife = time.Hour // of a cursor
)

// An exportCursor is where an export goes on: after a record, in the order of creation, the newest first.
type exportCursor struct {
	Field   string `json:"field"`
	Falling bool   `json:"desc"`
	Tie     string `json:"tieBreakField"`
	Created int64  `json:"sortValue"`
	ID      int64  `json:"tieBreakValue"`
	Given   int64  `json:"createdAt"` // milliseconds
}

func (e exportCursor) String() string {
	raw, err := json.Marshal(e)
	if err != nil {
		return ""
	}
	return base64.StdEncoding.EncodeToString(raw)
}

func readExportCursor(text string) (e exportCursor, ok bool) {
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil || json.Unmarshal(raw, &e) != nil {
		return e, false
	}
	return e, e.Field == "created_at"
}

// exportSearch has one kind of record, no wall, and no count.
func (a *Account) exportSearch(c *call) answer {
	query := c.query()
	kind := query.Get("filter[type]")
	if !slices.Contains([]string{"ticket", "organization", "user", "group"}, kind) {
		return missingParameter("filter[type]")
	}
	size := pageLimit
	if asked := query.Get("page[size]"); asked != "" {
		n, err := strconv.Atoi(asked)
		if err != nil || n < 1 || n > exportPage {
			return invalidAttribute("page.size", "must be an integer from 1 to 1000", c.action)
		}
		size = n
	}
	if parseSearch(query.Get("query")).has("type") {
		return invalidSearch("the type belongs into filter[type], not into the query")
	}
	from, refused := a.exportFrom(query.Get("page[after]"))
	if refused != nil {
		return *refused
	}
	found, refused := a.exportOrder(c, kind, from != nil)
	if refused != nil {
		return *refused
	}
	start := 0
	if from != nil {
		start, _ = slices.BinarySearchFunc(found, *from, func(p exportPlace, e exportCursor) int {
			return -cmp.Or(cmp.Compare(p.created, e.Created), cmp.Compare(p.id, e.ID))
		})
		if start < len(found) && found[start].id == from.ID {
			start++
		}
	}
	return a.exported(c, kind, found[start:], size)
}

// An exportOrder is what an export found, in its order. Its later pages go on in it, as long as the index could not
// have seen anything that was written since it was made.
type exportOrder struct {
	query, kind string
	places      []exportPlace
	made        time.Time
}

type exportPlace struct {
	created, id int64 // seconds
}

func (a *Account) exportOrder(c *call, kind string, goesOn bool) ([]exportPlace, *answer) {
	kept, query := a.tickets.exporting, c.query().Get("query")
	if goesOn && kept.query == query && kept.kind == kind && a.now().Sub(kept.made) < searchLag {
		return kept.places, nil
	}
	q, found, refused := a.searched(c)
	if refused != nil {
		return nil, refused
	}
	found = slices.DeleteFunc(found, func(d document) bool { return d.kind != kind })
	q.orderBy, q.ascending = "created_at", false
	q.sorted(found)
	places := make([]exportPlace, len(found))
	for i, d := range found {
		places[i] = exportPlace{d.created.Unix(), d.id}
	}
	a.tickets.exporting = exportOrder{query, kind, places, a.now()}
	return places, nil
}

func (a *Account) exportFrom(after string) (*exportCursor, *answer) {
	if after == "" {
		return nil, nil
	}
	from, readable := readExportCursor(after)
	var refused answer
	switch {
	case !readable:
		refused = coded(http.StatusBadRequest, "InvalidPaginationParameter", "page[after] takes the cursor of an answer", "")
	case a.now().Sub(time.UnixMilli(from.Given)) > exportLife:
		refused = invalidSearch("the cursor has expired")
	default:
		return &from, nil
	}
	return nil, &refused
}

func (a *Account) exported(c *call, kind string, rest []exportPlace, size int) answer {
	sent := rest[:min(size, len(rest))]
	more := len(rest) > size
	results, records := []any{}, []document{}
	for _, place := range sent {
		if shown, found := a.foundNow(kind, place.id); found {
			results, records = append(results, append(shown, member{"result_type", kind})), append(records, document{kind: kind, id: place.id})
		}
	}
	var cursor, next any
	if more {
		last := sent[len(sent)-1]
		text := exportCursor{"created_at", true, "id", last.created, last.id, a.now().UnixMilli()}.String()
		cursor, next = text, a.link("search/export", c.query(), "page[after]", text)
	}
	said := ok(object{
		{"results", results},
		{"facets", nil},
		{"meta", object{{"has_more", more}, {"after_cursor", cursor}, {"before_cursor", nil}}},
		{"links", object{{"prev", nil}, {"next", next}}},
	})
	return said.with(a.beside(strings.Split(c.query().Get("include"), ","), records)...)
}

// foundNow is a record as it is now; what was deleted since it was found is not there.
func (a *Account) foundNow(kind string, id int64) (object, bool) {
	var record any
	var found bool
	switch kind {
	case "ticket":
		record, found = a.findTicket(id)
	case "user":
		var u user
		u, found = a.users.find(id)
		record = a.shownUser(u)
	case "organization":
		record, found = a.organizations.find(id)
	case "group":
		at := slices.IndexFunc(a.groups(), func(g group) bool { return g.ID == id })
		if found = at >= 0; found {
			record = a.groups()[at]
		}
	}
	if !found {
		return nil, false
	}
	return membersOf(record), true
}
