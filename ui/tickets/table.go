// The tickets of a list, kept small, and the order in which they are shown. A table is never changed: whoever
// changes it makes another, off the screen, so that a list of any length never holds up a key.

package tickets

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"zsf/flows/tickets"
	"zsf/ui/locale"
)

// A row is a ticket as the list shows it. Words that many rows have are kept once.
type row struct {
	id               int64
	updated, created int64 // seconds
	assigneeID       int64
	subject          string
	requester        string
	assignee         string // empty: nobody
	label            string // the account's own name of the status; empty: it has none
	status           string
	priority         string
	kind             string
}

// A table is rows, and where each ticket is among them.
type table struct {
	rows []row
	at   map[int64]int32
	last int64 // the highest number
}

// digits are those of the highest number, and never so few that the first one changes the columns.
func (t *table) digits() int { return max(len(strconv.FormatInt(t.last, 10)), 5) }

// longestSubject is how many cells of a subject are kept: more than the widest screen shows.
const longestSubject = 300

func newTable(all []tickets.Ticket) *table {
	t := &table{rows: make([]row, 0, len(all)), at: make(map[int64]int32, len(all))}
	words := words{}
	for i := range all {
		t.put(words.row(&all[i]))
	}
	return t
}

func (t *table) put(r row) {
	if i, there := t.at[r.id]; there {
		t.rows[i] = r
		return
	}
	t.last = max(t.last, r.id)
	t.at[r.id] = int32(len(t.rows)) //nolint:gosec // no list has so many
	t.rows = append(t.rows, r)
}

// get is a ticket's row; nil where the table has none.
func (t *table) get(id int64) *row {
	if t == nil {
		return nil
	}
	if i, there := t.at[id]; there {
		return &t.rows[i]
	}
	return nil
}

func (t *table) len() int {
	if t == nil {
		return 0
	}
	return len(t.rows)
}

// with is the table after news: what changed since, and without what is gone.
func (t *table) with(changes []change) *table {
	if len(changes) == 0 {
		return t
	}
	next := &table{rows: slices.Clone(t.rows), at: make(map[int64]int32, len(t.rows)), last: t.last}
	for i := range next.rows {
		next.at[next.rows[i].id] = int32(i)
	}
	words := words{}
	gone := map[int64]bool{}
	for i := range changes {
		if changes[i].gone != 0 {
			gone[changes[i].gone] = true
			continue
		}
		if known := next.get(changes[i].ticket.ID); known == nil || known.updated <= changes[i].ticket.UpdatedAt.Unix() {
			next.put(words.row(&changes[i].ticket))
		}
	}
	if len(gone) == 0 {
		return next
	}
	kept := &table{rows: make([]row, 0, len(next.rows)), at: make(map[int64]int32, len(next.rows))}
	for i := range next.rows {
		if !gone[next.rows[i].id] {
			kept.put(next.rows[i])
		}
	}
	return kept
}

// A change is a ticket as it is now, or the number of one that is gone.
type change struct {
	ticket tickets.Ticket
	gone   int64
}

// known tells what the table shows, and which of it is in view, for a look at what changed since.
func (t *table) known(inView []int64) iter.Seq[tickets.Known] {
	return func(yield func(tickets.Known) bool) {
		for i := range t.rows {
			r := &t.rows[i]
			one := tickets.Known{ID: r.id, UpdatedAt: time.Unix(r.updated, 0), Closed: r.status == "closed", InView: slices.Contains(inView, r.id)}
			if !yield(one) {
				return
			}
		}
	}
}

// words are kept once, cleaned.
type words map[string]string

func (w words) keep(text string) string {
	if kept, there := w[text]; there {
		return kept
	}
	kept := strings.TrimSpace(ansi.Truncate(locale.Clean(text), longestSubject, ""))
	w[strings.Clone(text)] = kept
	return kept
}

func (w words) row(ticket *tickets.Ticket) row {
	return row{
		id: ticket.ID, updated: ticket.UpdatedAt.Unix(), created: ticket.CreatedAt.Unix(), assigneeID: ticket.Assignee.ID,
		subject:   strings.TrimSpace(ansi.Truncate(locale.Clean(ticket.Subject), longestSubject, "")),
		requester: w.keep(nameOf(ticket.Requester)), assignee: w.keep(nameOf(ticket.Assignee)), label: w.keep(ticket.Label),
		status: w.keep(ticket.Status), priority: w.keep(ticket.Priority), kind: w.keep(ticket.Type),
	}
}

// nameOf is what a person is called; a number where nobody told the name.
func nameOf(who tickets.Person) string {
	switch {
	case who.Name != "":
		return who.Name
	case who.Email != "":
		return who.Email
	case who.ID == 0:
		return ""
	}
	return "#" + strconv.FormatInt(who.ID, 10)
}

// A View is which tickets a list shows, and in which order. What is empty leaves nothing out.
type View struct {
	Sort       tickets.Sort
	Reversed   bool
	Statuses   []string // kinds of status, with all of the account's own names for them
	Labels     []string // the account's own names of statuses
	Priorities []string
	Types      []string
	Assignees  []int64 // 0: nobody
	All        bool    // closed ones, too
}

// Filters tells whether the view leaves something out.
func (v View) Filters() bool {
	return len(v.Statuses)+len(v.Labels)+len(v.Priorities)+len(v.Types)+len(v.Assignees) > 0
}

// query is what the view asks the service for. What filters is done here, as it is quick and takes no call.
func (v View) query(limit int) tickets.Query {
	return tickets.Query{All: v.All, Sort: v.Sort, Reversed: v.Reversed, Limit: limit}
}

// A facet is a value that some tickets have, and how many do.
type facet struct {
	value string
	under string // the kind of status, where value is the account's own name of one
	id    int64  // of an assignee
	count int
}

// facets are the values that can be filtered by.
type facets struct {
	statuses, priorities, types, assignees []facet
	all                                    int // tickets that are looked through
}

// fits tells whether a row is in the view, and holds all of the sought words, which are in small letters.
func (v *View) fits(r *row, sought []string) bool {
	if !v.All && r.status == "closed" || !v.fitsStatus(r) || !one(v.Priorities, r.priority) || !one(v.Types, r.kind) {
		return false
	}
	if len(v.Assignees) > 0 && !slices.Contains(v.Assignees, r.assigneeID) {
		return false
	}
	for _, word := range sought {
		number, isNumber := strings.CutPrefix(word, "#")
		if isNumber && strings.HasPrefix(strconv.FormatInt(r.id, 10), number) {
			continue
		}
		if !holds(r.subject, word) && !holds(r.requester, word) && !holds(r.assignee, word) && !holds(r.label, word) &&
			!strings.HasPrefix(strconv.FormatInt(r.id, 10), word) {
			return false
		}
	}
	return true
}

func (v *View) fitsStatus(r *row) bool {
	return len(v.Statuses)+len(v.Labels) == 0 || slices.Contains(v.Statuses, r.status) ||
		r.label != "" && slices.ContainsFunc(v.Labels, func(label string) bool { return strings.EqualFold(label, r.label) })
}

// sought are the words of a filter, in small letters.
func sought(text string) []string { return strings.Fields(strings.ToLower(text)) }

func one(of []string, value string) bool { return len(of) == 0 || slices.Contains(of, value) }

func holds(text, word string) bool { return strings.Contains(strings.ToLower(text), word) }

// looksEach is after how many rows a running arrangement asks whether it is still wanted.
const looksEach = 4096

// arrange puts the rows that fit in order, and counts by what they can be filtered. One ticket is kept, whether it fits
// or not, as somebody looks at it. It gives up, undone, when ctx ends.
func (t *table) arrange(ctx context.Context, view View, text string, keep int64) (shown []int32, counted facets, done bool) {
	words := sought(text)
	tally := newTally()
	for i := range t.rows {
		if i%looksEach == 0 && ctx.Err() != nil {
			return nil, facets{}, false
		}
		r := &t.rows[i]
		if view.All || r.status != "closed" {
			tally.add(r)
		}
		if r.id == keep || view.fits(r, words) {
			shown = append(shown, int32(i))
		}
	}
	slices.SortFunc(shown, func(a, b int32) int { return view.order(&t.rows[a], &t.rows[b]) })
	return shown, tally.facets(), ctx.Err() == nil
}

func (v *View) order(a, b *row) int {
	var by int
	switch v.Sort {
	case tickets.ByCreated:
		by = cmp.Compare(b.created, a.created)
	case tickets.ByPriority:
		by = cmp.Compare(priorityRank(b.priority), priorityRank(a.priority))
	case tickets.ByStatus:
		by = cmp.Compare(statusRank(a.status), statusRank(b.status))
	}
	if by == 0 {
		by = cmp.Compare(b.updated, a.updated)
	}
	if v.Reversed {
		by = -by
	}
	return cmp.Or(by, cmp.Compare(b.id, a.id))
}

func statusRank(status string) int { return slices.Index(tickets.Statuses, status) }

func priorityRank(priority string) int { return slices.Index(tickets.Priorities, priority) }

// A label is the account's own name of a status, and the kind that it is of.
type label struct{ kind, name string }

// A tally counts values.
type tally struct {
	statuses, priorities, types map[string]int
	labels                      map[label]int
	assignees                   map[int64]int
	names                       map[int64]string
	all                         int
}

func newTally() *tally {
	return &tally{map[string]int{}, map[string]int{}, map[string]int{}, map[label]int{}, map[int64]int{}, map[int64]string{}, 0}
}

func (t *tally) add(r *row) {
	t.all++
	t.statuses[r.status]++
	if r.label != "" {
		t.labels[label{r.status, r.label}]++
	}
	t.priorities[r.priority]++
	t.types[r.kind]++
	t.assignees[r.assigneeID]++
	t.names[r.assigneeID] = r.assignee
}

// mostAssignees is how many of those with the most tickets one can filter by.
const mostAssignees = 50

func (t *tally) facets() facets {
	counted := facets{
		all:        t.all,
		statuses:   t.statusFacets(),
		priorities: values(t.priorities, func(value string) int { return -priorityRank(value) }),
		types:      values(t.types, func(string) int { return 0 }),
	}
	for id, count := range t.assignees {
		counted.assignees = append(counted.assignees, facet{value: t.names[id], id: id, count: count})
	}
	slices.SortFunc(counted.assignees, func(a, b facet) int { return cmp.Or(cmp.Compare(b.count, a.count), cmp.Compare(a.id, b.id)) })
	counted.assignees = counted.assignees[:min(len(counted.assignees), mostAssignees)]
	return counted
}

// statusFacets are the kinds of status, and below each the names that the account has for it.
func (t *tally) statusFacets() []facet {
	var all []facet
	for _, kind := range values(t.statuses, statusRank) {
		all = append(all, kind)
		var names []facet
		for label, count := range t.labels {
			if label.kind == kind.value {
				names = append(names, facet{value: label.name, under: label.kind, count: count})
			}
		}
		slices.SortFunc(names, func(a, b facet) int { return cmp.Compare(a.value, b.value) })
		all = append(all, names...)
	}
	return all
}

func values(counts map[string]int, rank func(string) int) []facet {
	var all []facet
	for value, count := range counts {
		all = append(all, facet{value: value, count: count})
	}
	slices.SortFunc(all, func(a, b facet) int {
		return cmp.Or(cmp.Compare(rank(a.value), rank(b.value)), cmp.Compare(a.value, b.value))
	})
	return all
}
