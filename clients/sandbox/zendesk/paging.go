package zendesk

import (
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// A list is what a list endpoint gives pages of.
type list[T any] struct {
	name  string // of the array in the answer
	path  string // of the endpoint, from /api/v2/ on
	total func() int
	show  func(T) any
	// byOffset visits the records for offset paging, which for some lists has an order of its own.
	byOffset func(yield func(T) bool)
	// byCursor gives the ordering that the sort parameter asks for, and false for one there is none of;
	// nil for lists with offset paging only.
	byCursor func(sort string) (ordering[T], bool)
}

// An ordering visits records from a position on, or backwards from it; from nowhere when it is nil.
type ordering[T any] struct {
	name string
	at   func(T) position
	scan func(from position, backwards bool, yield func(T) bool)
}

const (
	pageLimit  = 100    // records a page
	depthLimit = 10_000 // records that offset paging reaches
)

// page answers with one page: by cursor when the query has page[…], by offset when it has not.
// Asking for a cursor and sort_by gives the default order without a word, as the service does.
func page[T any](a *Account, c *call, l list[T]) answer {
	query := c.query()
	if !query.Has("page[size]") && !query.Has("page[after]") && !query.Has("page[before]") {
		return offsetPage(a, c, l, query)
	}
	if l.byCursor == nil {
		return invalidAttribute("page", "must be an integer", c.action)
	}
	return cursorPage(a, c, l, query)
}

func cursorPage[T any](a *Account, c *call, l list[T], query url.Values) answer {
	size := pageLimit
	if asked := query.Get("page[size]"); asked != "" {
		n, err := strconv.Atoi(asked)
		if err != nil || n < 1 {
			return invalidAttribute("page.size", "must be an integer", c.action)
		}
		if n > pageLimit {
			return coded(http.StatusBadRequest, "InvalidPaginationParameter", "page[size] cannot be greater than 100", "")
		}
		size = n
	}
	sort := query.Get("sort")
	order, found := l.byCursor(sort)
	if !found {
		return coded(http.StatusBadRequest, "InvalidPaginationParameter", "sort is not valid", sort+" is not an attribute that cursor pagination can sort by")
	}
	cursor, backwards := query.Get("page[after]"), query.Has("page[before]")
	if backwards {
		cursor = query.Get("page[before]")
	}
	var from position
	if cursor != "" {
		var err error
		if from, err = positionOf(cursor, order.name); err != nil {
			return coded(http.StatusBadRequest, "InvalidPaginationParameter", "page[after] and page[before] take the cursors of an answer", "")
		}
	}
	var records []T
	more := false
	order.scan(from, backwards, func(record T) bool {
		if more = len(records) == size; more {
			return false
		}
		records = append(records, record)
		return true
	})
	if backwards {
		slices.Reverse(records)
	}
	return ok(cursorBody(a, l, order, records, more, query))
}

// cursorBody has both links wherever there are records, whether or not more follow: has_more tells that.
func cursorBody[T any](a *Account, l list[T], order ordering[T], records []T, more bool, query url.Values) object {
	var after, before, next, prev any
	if n := len(records); n > 0 {
		last, first := order.at(records[n-1]).cursor(order.name), order.at(records[0]).cursor(order.name)
		after, before = last, first
		next, prev = a.link(l.path, query, "page[after]", last), a.link(l.path, query, "page[before]", first)
	}
	return object{
		{l.name, shown(l, records)},
		{"meta", object{{"has_more", more}, {"after_cursor", after}, {"before_cursor", before}}},
		{"links", object{{"prev", prev}, {"next", next}}},
	}
}

func offsetPage[T any](a *Account, c *call, l list[T], query url.Values) answer {
	number, size := 1, pageLimit
	for name, into := range map[string]*int{"page": &number, "per_page": &size} {
		if asked := query.Get(name); asked != "" {
			n, err := strconv.Atoi(asked)
			if err != nil || n < 1 {
				return invalidAttribute(name, "must be an integer", c.action)
			}
			*into = n
		}
	}
	size = min(size, pageLimit)
	if number > depthLimit/size {
		return coded(http.StatusBadRequest, "InvalidPaginationDepth",
			"Pagination requests using Offset Pagination are limited to page 100 or up to 10000 records (page * per_page)",
			"There are limits to the page depth in Offset Pagination. Offset Pagination will be deprecated fully in the near future.\n"+
				"Please switch to Cursor Pagination at the earliest. Cursor Pagination does not have any limits.\n"+
				"See https://developer.zendesk.com/documentation/api-basics/pagination/comparing-cursor-pagination-and-offset-pagination\n")
	}
	var records []T
	skip := (number - 1) * size
	l.byOffset(func(record T) bool {
		if skip > 0 {
			skip--
		} else {
			records = append(records, record)
		}
		return len(records) < size
	})
	total := l.total()
	var next, previous any
	if number*size < total {
		next = a.link(l.path, query, "page", strconv.Itoa(number+1))
	}
	if number > 1 {
		previous = a.link(l.path, query, "page", strconv.Itoa(number-1))
	}
	return ok(object{{l.name, shown(l, records)}, {"next_page", next}, {"previous_page", previous}, {"count", total}})
}

func shown[T any](l list[T], records []T) []any {
	out := make([]any, len(records))
	for i, record := range records {
		out[i] = l.show(record)
	}
	return out
}

// link is the address of another page: the same query but for where it starts.
func (a *Account) link(path string, query url.Values, name, value string) string {
	changed := url.Values{}
	for key, values := range query {
		if key != "page[after]" && key != "page[before]" {
			changed[key] = values
		}
	}
	changed.Set(name, value)
	return a.url + "/api/v2/" + path + ".json?" + changed.Encode()
}

// byID is the ordering of a table: by id, or backwards for -id.
func byID[T any](t *table[T], name string) func(sort string) (ordering[T], bool) {
	return func(sort string) (ordering[T], bool) {
		down := strings.HasPrefix(sort, "-")
		at := func(record T) position { return position{t.idOf(record)} }
		scan := func(from position, backwards bool, yield func(T) bool) {
			start := int64(0)
			if down != backwards {
				start = math.MaxInt64
			}
			if from != nil {
				start = from.id()
			}
			t.scan(start, down != backwards, yield)
		}
		order := ordering[T]{name: name, at: at, scan: scan}
		if down {
			order.name = "-" + name
		}
		return order, sort == "" || strings.TrimPrefix(sort, "-") == "id"
	}
}

// sorted is the ordering of a slice that is already in that order, by the position of each record.
// down tells that positions fall instead of rise.
func sorted[T any](name string, records []T, down bool, at func(T) position) ordering[T] {
	scan := func(from position, backwards bool, yield func(T) bool) {
		start := 0
		if backwards {
			start = len(records)
		}
		if from != nil {
			compare := func(record T, from position) int {
				order := at(record).compare(from)
				if down {
					return -order
				}
				return order
			}
			var exact bool
			if start, exact = slices.BinarySearchFunc(records, from, compare); exact && !backwards {
				start++
			}
		}
		if !backwards {
			for _, record := range records[start:] {
				if !yield(record) {
					return
				}
			}
			return
		}
		for i := start - 1; i >= 0; i-- {
			if !yield(records[i]) {
				return
			}
		}
	}
	return ordering[T]{name: name, at: at, scan: scan}
}

// wholeList is a list of few records in one order for both kinds of paging.
func wholeList[T any](name, path, order string, records []T, at func(T) position, show func(T) any) list[T] {
	return list[T]{
		name: name, path: path, show: show,
		total: func() int { return len(records) },
		byOffset: func(yield func(T) bool) {
			for _, record := range records {
				if !yield(record) {
					return
				}
			}
		},
		byCursor: func(string) (ordering[T], bool) { return sorted(order, records, false, at), true },
	}
}
