package zendesk

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A nameIndex finds organizations by name without regard to case. It is built when first needed,
// as a hundred thousand names take a moment.
type nameIndex struct {
	built   bool
	entries []nameEntry // by key, then id
}

type nameEntry struct {
	key string
	id  int64
}

func (e nameEntry) compare(other nameEntry) int {
	return cmp.Or(strings.Compare(e.key, other.key), cmp.Compare(e.id, other.id))
}

func nameKey(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

func (a *Account) organizationNames() *nameIndex {
	index := &a.organizations.names
	if !index.built {
		a.organizations.scan(0, false, func(o organization) bool {
			index.entries = append(index.entries, nameEntry{nameKey(o.Name), o.ID})
			return true
		})
		slices.SortFunc(index.entries, nameEntry.compare)
		index.built = true
	}
	return index
}

func (x *nameIndex) find(name string) (id int64, found bool) {
	key := nameKey(name)
	at, _ := slices.BinarySearchFunc(x.entries, nameEntry{key: key}, nameEntry.compare)
	if at == len(x.entries) || x.entries[at].key != key {
		return 0, false
	}
	return x.entries[at].id, true
}

func (x *nameIndex) startingWith(name string) []nameEntry {
	prefix := nameKey(name)
	from, _ := slices.BinarySearchFunc(x.entries, nameEntry{key: prefix}, nameEntry.compare)
	to := from
	for to < len(x.entries) && strings.HasPrefix(x.entries[to].key, prefix) {
		to++
	}
	return x.entries[from:to]
}

func (x *nameIndex) insert(name string, id int64) {
	if entry := (nameEntry{nameKey(name), id}); x.built {
		at, _ := slices.BinarySearchFunc(x.entries, entry, nameEntry.compare)
		x.entries = slices.Insert(x.entries, at, entry)
	}
}

func (x *nameIndex) delete(name string, id int64) {
	if at, found := slices.BinarySearchFunc(x.entries, nameEntry{nameKey(name), id}, nameEntry.compare); found {
		x.entries = slices.Delete(x.entries, at, at+1)
	}
}

// foundOrganizations lists organizations by offset only.
func (a *Account) foundOrganizations(c *call, path string, ids []int64) answer {
	return page(a, c, list[organization]{
		name: "organizations", path: path, show: whole[organization],
		total: func() int { return len(ids) },
		byOffset: func(yield func(organization) bool) {
			for _, id := range ids {
				if o, found := a.organizations.find(id); found && !yield(o) {
					return
				}
			}
		},
	})
}

// showManyOrganizations finds up to a hundred by id or by external id, and leaves out those that are not there.
func (a *Account) showManyOrganizations(c *call) answer {
	values, byID, refused := manyValues(c)
	if refused != nil {
		return *refused
	}
	var ids []int64
	for _, value := range values {
		if byID {
			if id, err := strconv.ParseInt(value, 10, 64); err == nil {
				if _, found := a.organizations.find(id); found {
					ids = append(ids, id)
				}
			}
		} else if o, found := a.organizations.ofExternal(value); found {
			ids = append(ids, o.ID)
		}
	}
	slices.Sort(ids)
	return a.foundOrganizations(c, "organizations/show_many", slices.Compact(ids))
}

// manyValues reads ids or external_ids, at most a hundred.
func manyValues(c *call) (values []string, byID bool, refused *answer) {
	given := c.query().Get("ids")
	byID = given != ""
	if !byID {
		given = c.query().Get("external_ids")
	}
	if given == "" {
		missing := missingParameter("ids")
		return nil, false, &missing
	}
	values = strings.Split(given, ",")
	if len(values) > pageLimit {
		tooMany := tooManyValues()
		return nil, false, &tooMany
	}
	for i := range values {
		values[i] = strings.TrimSpace(values[i])
	}
	return values, byID, nil
}

// searchOrganizations is exact but for the case, by external_id or by name.
func (a *Account) searchOrganizations(c *call) answer {
	query := c.query()
	var ids []int64
	switch {
	case query.Get("external_id") != "":
		if o, found := a.organizations.ofExternal(query.Get("external_id")); found {
			ids = append(ids, o.ID)
		}
	case query.Get("name") != "":
		if id, found := a.organizationNames().find(query.Get("name")); found {
			ids = append(ids, id)
		}
	default:
		return missingParameter("external_id")
	}
	return a.foundOrganizations(c, "organizations/search", ids)
}

func (a *Account) autocompleteOrganizations(c *call) answer {
	name := c.query().Get("name")
	if name == "" {
		return coded(http.StatusBadRequest, "QueryError", "Required parameter missing: name", "")
	}
	var ids []int64
	for _, entry := range a.organizationNames().startingWith(name) {
		ids = append(ids, entry.id)
	}
	return a.foundOrganizations(c, "organizations/autocomplete", ids)
}

func (a *Account) countOrganizations(*call) answer {
	return counted(len(a.organizationNames().entries), a.now())
}

// counted is what count endpoints answer.
func counted(value int, at time.Time) answer {
	return ok(object{{"count", object{{"value", value}, {"refreshed_at", at}}}})
}
