// The fields of a ticket as a form shows them, and what can stand in them.

package tickets

import (
	"slices"
	"strconv"
	"strings"

	"zsf/flows/flow"
)

// Values are what fields have or are to have, by Key. A field that is not among them is untouched; one with an empty list
// is emptied. A checkbox has true or false, a date 2026-11-26, a person or a group its number.
type Values map[string][]string

// The keys of the fields that every account has. Those of its own are CustomKey(id).
const (
	SubjectKey      = "subject"
	StatusKey       = "status"
	PriorityKey     = "priority"
	TypeKey         = "type"
	GroupKey        = "group"
	AssigneeKey     = "assignee"
	OrganizationKey = "organization"
	TagsKey         = "tags"
	DueKey          = "due_at"
)

// The keys of what a draft has beside fields, where something about it is wrong.
const (
	CommentKey   = "comment"
	RequesterKey = "requester"
	FilesKey     = "files"
	WholeKey     = "" // the ticket as a whole
)

const customPrefix = "custom:"

// CustomKey is the key of one of the account's own fields.
func CustomKey(id int64) string { return customPrefix + strconv.FormatInt(id, 10) }

// customID is the number of one of the account's own fields.
func customID(key string) (int64, bool) {
	digits, own := strings.CutPrefix(key, customPrefix)
	id, err := strconv.ParseInt(digits, 10, 64)
	return id, own && err == nil && id > 0
}

// A FieldKind is how a field is filled in.
type FieldKind string

// The kinds of fields.
const (
	TextField      FieldKind = "text"
	ParagraphField FieldKind = "paragraph" // lines of text
	ChoiceField    FieldKind = "choice"    // one of Options, or nothing
	ManyField      FieldKind = "many"      // any of Options
	CheckboxField  FieldKind = "checkbox"
	DateField      FieldKind = "date"
	IntegerField   FieldKind = "integer"
	DecimalField   FieldKind = "decimal"
	PatternField   FieldKind = "pattern" // a text that must fit Pattern
	TagsField      FieldKind = "tags"
)

// A Field is one field of a ticket, as it stands for the values at hand.
type Field struct {
	Key      string
	Title    string // the account's own; empty: Name has zsf's word
	Kind     FieldKind
	Options  []Option
	Required bool   // for the status that the ticket has or is to have
	ToSolve  bool   // before the ticket can be solved
	Pattern  string // as Zendesk has it: a regular expression of Ruby's
	Tag      string // a checkbox: the tag that it puts on the ticket
	ReadOnly bool
	Hint     string // what the account tells its agents of the field; empty: nothing
}

// Name is the field's title in words.
func (f Field) Name() flow.Text {
	if f.Title != "" {
		return flow.Raw(f.Title)
	}
	return flow.Say("ticket-key." + f.Key)
}

// An Option is what a field can have.
type Option struct {
	Value string
	Title string // the account's own, "Europe::West" where options are nested; empty: Name has zsf's word
}

// Name is the option in words, of the field with that key.
func (o Option) Name(key string) flow.Text {
	switch {
	case o.Title != "":
		return flow.Raw(o.Title)
	case o.Value != "" && (key == StatusKey && slices.Contains(Statuses, o.Value) || key == PriorityKey && slices.Contains(Priorities, o.Value) ||
		key == TypeKey && slices.Contains(types, o.Value)):
		return flow.Say("ticket-" + key + "." + o.Value)
	}
	return flow.Raw(o.Value)
}

// types are those of tickets.
var types = []string{"question", "incident", "problem", "task"}

// Fields are those that a form shows for values, in its order: conditional ones only where they apply, then the due date
// of a task, and the tags. values are all that the ticket has or is to have: Draft.Now.
func (c Catalog) Fields(form int64, values Values) []Field {
	of := c.Form(form)
	shown := of.shown(values)
	var fields []Field
	for _, field := range of.All {
		on, conditional := shown[field.Key]
		if conditional && on == nil {
			continue
		}
		if conditional {
			field.demand(on, c.Category(values.one(StatusKey)))
		} else {
			field.Required = field.ToSolve && slices.Contains([]string{"solved", "closed"}, c.Category(values.one(StatusKey)))
		}
		fields = append(fields, c.filled(field, values))
	}
	if values.one(TypeKey) == "task" {
		fields = append(fields, Field{Key: DueKey, Kind: DateField})
	}
	return append(fields, Field{Key: TagsKey, Kind: TagsField})
}

// shown tells of each field that depends on others whether it is shown, and where it must be filled; nil: it is hidden.
// A field that hangs on a hidden one is hidden, whatever that one has.
func (f Form) shown(values Values) map[string][]string {
	depends := map[string][]string{}
	for _, condition := range f.Conditions {
		for _, child := range condition.Shows {
			depends[child.Key] = nil
		}
	}
	for grown := true; grown; {
		grown = false
		for _, condition := range f.Conditions {
			if on, conditional := depends[condition.Parent]; conditional && on == nil || !condition.holds(values) {
				continue
			}
			for _, child := range condition.Shows {
				if depends[child.Key] == nil {
					depends[child.Key], grown = append([]string{}, child.On...), true
				}
			}
		}
	}
	return depends
}

func (c Condition) holds(values Values) bool {
	if has := values[c.Parent]; len(has) > 0 {
		return slices.Contains(has, c.Value)
	}
	return c.Value == "" || c.Value == "false" // an unticked checkbox that nobody touched has no value
}

// demand says in which statuses the field must be filled.
func (f *Field) demand(on []string, status string) {
	everywhere := slices.Contains(on, everyStatus)
	f.ToSolve = everywhere || slices.Contains(on, "solved")
	f.Required = everywhere || slices.Contains(on, status) || status == "closed" && f.ToSolve
}

// filled gives a field the options that come from elsewhere in the catalog.
func (c Catalog) filled(field Field, values Values) Field {
	switch field.Key {
	case StatusKey:
		field.Options = c.statusOptions(values.one(StatusKey))
	case GroupKey:
		field.Options = nil
		for _, group := range c.Groups {
			field.Options = append(field.Options, Option{strconv.FormatInt(group.ID, 10), group.Name})
		}
	case AssigneeKey:
		field.Options = c.assignees(values.one(GroupKey))
	}
	return field
}

// statusOptions are what a status can become. New is for tickets that are new, and closed comes last.
func (c Catalog) statusOptions(now string) []Option {
	var options []Option
	for _, choice := range c.Statuses {
		if choice.Category != "new" || now == "" || c.Category(now) == "new" {
			options = append(options, Option{choice.Value, choice.Label})
		}
	}
	return append(options, Option{Value: "closed"})
}

// assignees are the agents of a group; all where no group is chosen, or nobody told who is in it.
func (c Catalog) assignees(group string) []Option {
	var members map[int64]bool
	for _, one := range c.Groups {
		if strconv.FormatInt(one.ID, 10) == group && one.Members != nil {
			members = make(map[int64]bool, len(one.Members))
			for _, id := range one.Members {
				members[id] = true
			}
		}
	}
	var options []Option
	for _, agent := range c.Agents {
		if members == nil || members[agent.ID] {
			options = append(options, Option{strconv.FormatInt(agent.ID, 10), agent.Name})
		}
	}
	return options
}

// Field finds a field of any form by its key.
func (c Catalog) Field(key string) (Field, bool) {
	switch key {
	case TagsKey:
		return Field{Key: TagsKey, Kind: TagsField}, true
	case DueKey:
		return Field{Key: DueKey, Kind: DateField}, true
	case OrganizationKey:
		return Field{Key: OrganizationKey, Kind: ChoiceField}, true
	}
	for _, form := range c.Forms {
		for _, field := range form.All {
			if field.Key == key {
				return c.filled(field, Values{}), true
			}
		}
	}
	return Field{}, false
}

// ownFields are the fields of an account of which nothing could be read.
func (c Catalog) ownFields() []Field {
	return []Field{
		{Key: SubjectKey, Kind: TextField},
		{Key: StatusKey, Kind: ChoiceField},
		{Key: TypeKey, Kind: ChoiceField, Options: plainOptions(types)},
		{Key: PriorityKey, Kind: ChoiceField, Options: plainOptions(Priorities[1:])},
		{Key: GroupKey, Kind: ChoiceField},
		{Key: AssigneeKey, Kind: ChoiceField},
	}
}

func plainOptions(values []string) []Option {
	var options []Option
	for _, value := range values {
		options = append(options, Option{Value: value})
	}
	return options
}

// one is the single value of a field; empty where it has none.
func (v Values) one(key string) string {
	if len(v[key]) == 0 {
		return ""
	}
	return v[key][0]
}

// Words are values of a field as people read them.
func (c Catalog) Words(key string, values []string) []flow.Text {
	field, _ := c.Field(key)
	var words []flow.Text
	for _, value := range values {
		at := slices.IndexFunc(field.Options, func(o Option) bool { return o.Value == value })
		switch {
		case at >= 0:
			words = append(words, field.Options[at].Name(key))
		case field.Kind == CheckboxField:
			words = append(words, flow.Say("ticket-checkbox."+value))
		default:
			words = append(words, Option{Value: value}.Name(key))
		}
	}
	return words
}
