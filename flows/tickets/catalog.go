// What the account offers for its tickets: forms, fields, groups, agents, statuses and macros.

package tickets

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Catalog is what the account offers for its tickets, read in one round of calls. It is data alone: it can be kept as
// JSON, and nothing in it changes after it was read.
type Catalog struct {
	Forms        []Form // active ones, the default first; at least one, that of ID 0 where the account has none
	Groups       []Group
	Agents       []Person // those that a ticket can be assigned to
	Statuses     []StatusChoice
	Macros       []Macro
	Me           Person
	InternalOnly bool      // a light agent or a contributor: no public replies
	Missing      []string  // what could not be read, in the service's words: macros, groups; forms are made do without it
	ReadAt       time.Time // when it was asked for
}

// A Form is which fields a ticket has, in which order, and which of them depend on others.
type Form struct {
	ID         int64 // 0: the account has no forms, all its fields are one
	Name       string
	Default    bool
	All        []Field // whether shown or not; Catalog.Fields are those that are
	Conditions []Condition
}

// A Condition shows fields when another one has a value.
type Condition struct {
	Parent string // a Key
	Value  string // a checkbox: true, false
	Shows  []Shown
}

// A Shown is a field that a condition shows.
type Shown struct {
	Key string
	On  []string // the kinds of status in which it must be filled; everyStatus: in all
}

const everyStatus = "*"

// A Group is a group of agents.
type Group struct {
	ID      int64
	Name    string
	Members []int64 // of Agents; nil: nobody told
}

// A StatusChoice is a status that a ticket can be given.
type StatusChoice struct {
	Value    string // what stands in Values: its kind where it is the kind's default, else its number
	Category string // its kind: new, open, pending, hold, solved
	Label    string // the account's name for it; empty: it has none
}

// A Macro is a set of changes that agents put on a ticket; Desk.Apply tells what it would do.
type Macro struct {
	ID          int64
	Title       string // "Refunds::Late": groups of macros stand before two colons
	Description string
}

// Form finds a form; the default one where there is none of that number.
func (c Catalog) Form(id int64) Form {
	at := slices.IndexFunc(c.Forms, func(f Form) bool { return f.ID == id })
	if at < 0 {
		at = slices.IndexFunc(c.Forms, func(f Form) bool { return f.Default })
	}
	switch {
	case at >= 0:
		return c.Forms[at]
	case len(c.Forms) > 0:
		return c.Forms[0]
	}
	return Form{Default: true, All: c.ownFields()}
}

// Category is the kind of a status as it stands in Values; empty where it is none.
func (c Catalog) Category(value string) string {
	for _, choice := range c.Statuses {
		if choice.Value == value {
			return choice.Category
		}
	}
	if slices.Contains(Statuses, value) {
		return value
	}
	return ""
}

// StatusOf finds a status by what a person says: its kind, its number, or the account's name for it, whatever the case.
func (c Catalog) StatusOf(said string) (string, bool) {
	said = strings.TrimSpace(said)
	for _, choice := range c.Statuses {
		if choice.Value == said || strings.EqualFold(choice.Label, said) {
			return choice.Value, true
		}
	}
	if kind := strings.ToLower(said); slices.Contains(Statuses, kind) {
		return kind, true
	}
	return "", false
}

// statusValue is a ticket's status as it stands in Values.
func (c Catalog) statusValue(kind string, customID int64) string {
	id := strconv.FormatInt(customID, 10)
	if slices.ContainsFunc(c.Statuses, func(s StatusChoice) bool { return s.Value == id }) && kind != "closed" {
		return id
	}
	return kind
}
