// Reading what the account offers.

package tickets

import (
	"context"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"zsf/clients/transport"
	"zsf/clients/zendesk"
)

// An offer is what the calls of a catalog brought.
type offer struct {
	forms    []zendesk.TicketForm
	fields   []zendesk.TicketField
	groups   []zendesk.Group
	members  []zendesk.GroupMember
	agents   []zendesk.User
	statuses []zendesk.CustomStatus
	macros   []zendesk.Macro
	me       zendesk.User
	missing  []string
}

// Catalog reads what the account offers, in one round of calls. Without the fields and who is signed in there is none; what
// else cannot be read is made do without, and named in Missing.
func (d *Desk) Catalog(ctx context.Context) (Catalog, error) {
	if d.account == nil {
		return Catalog{}, &transport.Error{Service: transport.Zendesk, Kind: transport.SignInMissing}
	}
	at := d.now()
	got, err := d.offered(ctx)
	if err != nil {
		return Catalog{}, err
	}
	catalog := Catalog{
		Me: personOf(got.me), InternalOnly: got.me.InternalOnly(), Missing: got.missing, ReadAt: at,
		Statuses: statusChoices(got.statuses), Groups: groupsOf(got.groups, got.members),
	}
	for _, agent := range got.agents {
		if agent.Active && !agent.Suspended && !agent.InternalOnly() {
			catalog.Agents = append(catalog.Agents, personOf(agent))
		}
	}
	for _, macro := range got.macros {
		catalog.Macros = append(catalog.Macros, Macro{macro.ID, macro.Title, macro.Description})
	}
	catalog.Forms = formsOf(got.forms, got.fields)
	return catalog, nil
}

func (d *Desk) offered(ctx context.Context) (offer, error) {
	var (
		got   offer
		mu    sync.Mutex
		calls errgroup.Group
	)
	// without goes on when something cannot be read; an account that does not have it is no gap.
	without := func(what string, err error) error {
		kind := transport.KindOf(err)
		if err == nil || kind == transport.NotFound {
			return nil
		}
		if kind == transport.SignInExpired || kind == transport.SignInMissing || ctx.Err() != nil {
			return err
		}
		mu.Lock()
		defer mu.Unlock()
		got.missing = append(got.missing, what)
		return nil
	}
	must := func(_ string, err error) error { return err }
	ask(&calls, d, must, "ticket_fields", &got.fields, func() ([]zendesk.TicketField, error) { return d.account.TicketFields(ctx) })
	ask(&calls, d, without, "ticket_forms", &got.forms, func() ([]zendesk.TicketForm, error) { return d.account.TicketForms(ctx) })
	ask(&calls, d, without, "groups", &got.groups, func() ([]zendesk.Group, error) { return d.account.Groups(ctx) })
	ask(&calls, d, without, "group_memberships", &got.members, func() ([]zendesk.GroupMember, error) { return d.account.GroupMembers(ctx) })
	ask(&calls, d, without, "users", &got.agents, func() ([]zendesk.User, error) { return d.account.Agents(ctx) })
	ask(&calls, d, without, "custom_statuses", &got.statuses, func() ([]zendesk.CustomStatus, error) { return d.account.CustomStatuses(ctx) })
	ask(&calls, d, without, "macros", &got.macros, func() ([]zendesk.Macro, error) { return d.account.Macros(ctx) })
	calls.Go(func() (err error) {
		got.me, err = d.account.Me(ctx)
		return err
	})
	err := calls.Wait()
	slices.Sort(got.missing)
	return got, err //nolint:wrapcheck // a service's own error
}

func ask[T any](calls *errgroup.Group, d *Desk, judge func(string, error) error, what string, into *[]T, read func() ([]T, error)) {
	calls.Go(func() error {
		found, err := read()
		d.note(transport.Zendesk, what, len(found), err)
		*into = found
		return judge(what, err)
	})
}

func personOf(user zendesk.User) Person { return Person{user.ID, user.Name, user.Email} }

// statusChoices are the active statuses, kind by kind, each kind's default first. An account without statuses of its own has the kinds.
func statusChoices(statuses []zendesk.CustomStatus) []StatusChoice {
	var choices []StatusChoice
	for _, kind := range Statuses[:len(Statuses)-1] {
		var own []StatusChoice
		first := StatusChoice{Value: kind, Category: kind}
		told := len(statuses) == 0 && kind != "hold" // the service tells of no other account whether it has on-hold
		for _, status := range statuses {
			switch {
			case status.Category != kind || !status.Active:
			case status.Default:
				first.Label, told = status.AgentLabel, true
			default:
				own = append(own, StatusChoice{number(status.ID), kind, status.AgentLabel})
			}
		}
		if told {
			choices = append(choices, first)
		}
		choices = append(choices, own...)
	}
	return choices
}

func groupsOf(groups []zendesk.Group, members []zendesk.GroupMember) []Group {
	var all []Group
	for _, group := range groups {
		if group.Deleted {
			continue
		}
		one := Group{ID: group.ID, Name: group.Name}
		for _, member := range members {
			if member.GroupID == group.ID {
				one.Members = append(one.Members, member.UserID)
			}
		}
		all = append(all, one)
	}
	return all
}

// formsOf are the active forms, the default one first. An account without forms has one of all its fields.
func formsOf(forms []zendesk.TicketForm, fields []zendesk.TicketField) []Form {
	forms = slices.DeleteFunc(slices.Clone(forms), func(f zendesk.TicketForm) bool { return !f.Active })
	slices.SortStableFunc(forms, func(a, b zendesk.TicketForm) int { return a.Position - b.Position })
	byID := map[int64]Field{}
	var order []int64
	for _, field := range fields {
		if one, ok := fieldOf(field); ok && field.Active {
			byID[field.ID], order = one, append(order, field.ID)
		}
	}
	if len(forms) == 0 {
		return []Form{{Default: true, All: distinct(byID, order)}}
	}
	var all []Form
	for _, form := range forms {
		one := Form{ID: form.ID, Name: form.Name, Default: form.Default, All: distinct(byID, form.FieldIDs)}
		for _, condition := range form.Conditions {
			one.Conditions = append(one.Conditions, conditionOf(condition, byID))
		}
		all = append(all, one)
	}
	slices.SortStableFunc(all, func(a, b Form) int {
		switch {
		case a.Default == b.Default:
			return 0
		case a.Default:
			return -1
		}
		return 1
	})
	return all
}

// distinct are the fields of those numbers. An account with statuses of its own has the old field of the status beside the new one.
func distinct(byID map[int64]Field, ids []int64) []Field {
	var fields []Field
	for _, id := range ids {
		field, known := byID[id]
		if known && !slices.ContainsFunc(fields, func(f Field) bool { return f.Key == field.Key }) {
			fields = append(fields, field)
		}
	}
	return fields
}

func conditionOf(sent zendesk.FormCondition, byID map[int64]Field) Condition {
	condition := Condition{Parent: byID[sent.ParentFieldID].Key}
	if len(sent.Value) > 0 {
		condition.Value = sent.Value[0]
	}
	for _, child := range sent.Children {
		shown := Shown{Key: byID[child.ID].Key, On: []string{}}
		switch {
		case child.RequiredOn.Type == "ALL_STATUSES":
			shown.On = []string{everyStatus}
		case child.RequiredOn.Type == "SOME_STATUSES":
			shown.On = append(shown.On, child.RequiredOn.Statuses...)
		case child.RequiredOn.Type == "" && child.Required: // as conditions were before they knew statuses
			shown.On = []string{"solved"}
		}
		condition.Shows = append(condition.Shows, shown)
	}
	return condition
}

// systemKeys are the keys of the fields that every account has, by their types.
var systemKeys = map[string]string{
	"subject": SubjectKey, "status": StatusKey, "custom_status": StatusKey, "tickettype": TypeKey, "priority": PriorityKey, "group": GroupKey, "assignee": AssigneeKey,
}

var kindsOfFields = map[string]FieldKind{
	"text": TextField, "textarea": ParagraphField, "tagger": ChoiceField, "multiselect": ManyField, "checkbox": CheckboxField, "date": DateField,
	"integer": IntegerField, "decimal": DecimalField, "regexp": PatternField, "lookup": TextField,
}

// fieldOf is a field as forms show it. The description is none: it is the first comment.
func fieldOf(sent zendesk.TicketField) (Field, bool) {
	field := Field{Title: sent.Title, ReadOnly: !sent.Editable, Tag: sent.Tag, Pattern: sent.Pattern, Hint: sent.Hint}
	if key, system := systemKeys[sent.Type]; system {
		field.Key, field.Kind, field.ReadOnly = key, ChoiceField, false
		if key == SubjectKey {
			field.Kind = TextField
		}
		field.Options = optionsOf(sent.SystemChoices)
		return field, true
	}
	if !sent.Own {
		return Field{}, false
	}
	kind, known := kindsOfFields[sent.Type]
	if sent.Type == "lookup" && strings.HasPrefix(sent.Target, "zen:") && !strings.HasPrefix(sent.Target, "zen:custom_object:") {
		kind = IntegerField // the number of a user, an organization or a ticket
	}
	if !known {
		kind, field.ReadOnly = TextField, true // a card's number, or a kind that zsf does not know
	}
	field.Key, field.Kind, field.ToSolve, field.Options = CustomKey(sent.ID), kind, sent.Required, optionsOf(sent.Choices)
	return field, true
}

func optionsOf(choices []zendesk.FieldChoice) []Option {
	var options []Option
	for _, choice := range choices {
		options = append(options, Option{choice.Value, choice.Name})
	}
	return options
}
