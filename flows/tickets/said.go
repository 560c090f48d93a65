// What a person says in words, as the catalog has it: a field by its title, an agent by the address, a status by its label.

package tickets

import (
	"context"
	"net/mail"
	"slices"
	"strconv"
	"strings"

	"zsf/clients/transport"
	"zsf/flows/flow"
)

// A MeantError says that words mean nothing that the account has, or several things.
type MeantError struct{ text flow.Text }

func meant(id string, args ...any) error { return &MeantError{flow.Say("usage-write."+id, args...)} }

func (e *MeantError) Error() string { return e.text.ID }

// Text says it in words.
func (e *MeantError) Text() flow.Text { return e.text }

// none are the words that empty a field.
const none = "none"

// ParseField takes apart what is said of a field: NAME=VALUE. The name has no equals sign, the value may.
func ParseField(said string) (name, value string, err error) {
	name, value, ok := strings.Cut(said, "=")
	name, value = strings.TrimSpace(name), strings.TrimSpace(value)
	if !ok || name == "" {
		return "", "", meant("field", "Text", said)
	}
	return name, value, nil
}

// FieldCalled finds a field by its number, its key, or its title, whatever the case.
func (c Catalog) FieldCalled(name string) (Field, error) {
	var found []Field
	for _, form := range c.Forms {
		for _, field := range form.All {
			called := field.Key == name || field.Key == customPrefix+name || strings.EqualFold(field.Title, name)
			if called && !slices.ContainsFunc(found, func(f Field) bool { return f.Key == field.Key }) {
				found = append(found, field)
			}
		}
	}
	switch {
	case len(found) == 1:
		return c.filled(found[0], Values{}), nil
	case len(found) > 1:
		var keys []string
		for _, field := range found {
			keys = append(keys, strings.TrimPrefix(field.Key, customPrefix))
		}
		return Field{}, meant("several-fields", "Name", name, "Keys", keys)
	}
	if field, known := c.Field(name); known {
		return field, nil
	}
	return Field{}, meant("no-field", "Name", name)
}

// ticked are the words for a checkbox.
var ticked = map[string]string{"true": "true", "yes": "true", "on": "true", "1": "true", "예": "true", "false": "false", "no": "false", "off": "false", "0": "false", "아니요": "false"}

// ValueOf is what a person means by a word, as it stands in Values: an option by its value or its title, a checkbox by yes or no.
func (f Field) ValueOf(said string) (string, error) {
	said = strings.TrimSpace(said)
	if said == "" {
		return "", nil
	}
	if f.Kind == CheckboxField {
		if value, known := ticked[strings.ToLower(said)]; known {
			return value, nil
		}
		return said, nil // told as a problem
	}
	if f.Kind != ChoiceField && f.Kind != ManyField {
		return said, nil
	}
	var titles []flow.Text
	for _, option := range f.Options {
		if option.Value == said || strings.EqualFold(option.Title, said) {
			return option.Value, nil
		}
		titles = append(titles, option.Name(f.Key))
	}
	if strings.EqualFold(said, none) {
		return "", nil
	}
	return "", meant("no-value", "Field", f.Name(), "Value", said, "Names", titles)
}

// Say puts what a person says of a field into a draft. Several values of one field are said one after the other.
func (d *Draft) Say(field Field, said string) error {
	value, err := field.ValueOf(said)
	if err != nil {
		return err
	}
	if d.Values == nil {
		d.Values = Values{}
	}
	before, again := d.Values[field.Key]
	switch {
	case value == "":
		d.Values[field.Key] = nil
	case field.Kind == ManyField && again:
		d.Values[field.Key] = append(slices.Clone(before), value)
	default:
		d.Values[field.Key] = []string{value}
	}
	return nil
}

// SayStatus is Say for a status: its kind, its number, or the account's name for it.
func (d *Draft) SayStatus(catalog Catalog, said string) error {
	value, known := catalog.StatusOf(said)
	if !known {
		var names []flow.Text
		for _, option := range catalog.statusOptions("") {
			names = append(names, option.Name(StatusKey))
		}
		return meant("no-status", "Name", said, "Names", names)
	}
	d.Values[StatusKey] = []string{value}
	return nil
}

// SayAssignee is Say for an agent: a number, an address, a name, "me", or "none".
func (d *Draft) SayAssignee(catalog Catalog, said string) error {
	said = strings.TrimSpace(said)
	switch strings.ToLower(said) {
	case "me":
		d.Values[AssigneeKey] = []string{number(catalog.Me.ID)}
		return nil
	case none:
		d.Values[AssigneeKey] = nil
		return nil
	}
	var found []Person
	for _, agent := range catalog.Agents {
		if number(agent.ID) == said || strings.EqualFold(agent.Email, said) {
			found = []Person{agent}
			break
		}
		if strings.EqualFold(agent.Name, said) {
			found = append(found, agent)
		}
	}
	if len(found) > 1 {
		var names []string
		for _, agent := range found {
			names = append(names, agent.Email)
		}
		return meant("several-agents", "Name", said, "Names", names)
	}
	if len(found) == 0 {
		return meant("no-agent", "Name", said)
	}
	d.Values[AssigneeKey] = []string{number(found[0].ID)}
	return nil
}

// SayGroup is Say for a group: a number or a name.
func (d *Draft) SayGroup(catalog Catalog, said string) error {
	var names []string
	for _, group := range catalog.Groups {
		if number(group.ID) == said || strings.EqualFold(group.Name, strings.TrimSpace(said)) {
			d.Values[GroupKey] = []string{number(group.ID)}
			return nil
		}
		names = append(names, group.Name)
	}
	return meant("no-group", "Name", said, "Names", names)
}

// SayForm chooses a form by its number or its name.
func (d *Draft) SayForm(catalog Catalog, said string) error {
	var names []string
	for _, form := range catalog.Forms {
		if form.ID != 0 && (number(form.ID) == said || strings.EqualFold(form.Name, strings.TrimSpace(said))) {
			d.Form = form.ID
			return nil
		}
		names = append(names, form.Name)
	}
	return meant("no-form", "Name", said, "Names", names)
}

// SayOrganization is Say for one of the requester's organizations: a number or a name.
func (d *Draft) SayOrganization(said string) error {
	var names []string
	for _, option := range d.Base.Organizations {
		if option.Value == said || strings.EqualFold(option.Title, strings.TrimSpace(said)) {
			d.Values[OrganizationKey] = []string{option.Value}
			return nil
		}
		names = append(names, option.Title)
	}
	if len(names) == 0 {
		return meant("no-organizations", "Name", said)
	}
	return meant("no-organization", "Name", said, "Names", names)
}

// MacroCalled finds a macro by its number or its name, groups before it or not.
func (c Catalog) MacroCalled(name string) (Macro, error) {
	var found []Macro
	for _, macro := range c.Macros {
		_, last, _ := strings.Cut(macro.Title, "::")
		switch {
		case number(macro.ID) == name, strings.EqualFold(macro.Title, name):
			return macro, nil
		case last != "" && strings.EqualFold(last, name):
			found = append(found, macro)
		}
	}
	if len(found) == 1 {
		return found[0], nil
	}
	if len(found) == 0 {
		return Macro{}, meant("no-macro", "Name", name)
	}
	var names []string
	for _, macro := range found {
		names = append(names, macro.Title+" "+number(macro.ID))
	}
	return Macro{}, meant("several-macros", "Name", name, "Names", names)
}

// Requester finds whom a person means: by a number, an address, or "Jo Kim <jo@acme.com>". Somebody whom Zendesk does not
// know has no ID, and is made when the ticket is; nobody at all is a number that is none.
func (d *Desk) Requester(ctx context.Context, said string) ([]Person, error) {
	if d.account == nil {
		return nil, &transport.Error{Service: transport.Zendesk, Kind: transport.SignInMissing}
	}
	said = strings.TrimSpace(said)
	if id, err := strconv.ParseInt(said, 10, 64); err == nil {
		return d.users(ctx, id)
	}
	address, err := mail.ParseAddress(said)
	if err != nil {
		return nil, meant("requester", "Text", said)
	}
	users, err := d.account.UsersByEmail(ctx, address.Address)
	d.note(transport.Zendesk, "users/search email:"+address.Address, len(users), err)
	if err != nil {
		return nil, err
	}
	var people []Person
	for _, user := range users {
		people = append(people, personOf(user))
	}
	if len(people) == 0 {
		people = []Person{{Name: address.Name, Email: address.Address}}
	}
	return people, nil
}

func (d *Desk) users(ctx context.Context, ids ...int64) ([]Person, error) {
	users, err := d.account.Users(ctx, ids)
	d.note(transport.Zendesk, "users/show_many", len(users), err)
	var people []Person
	for _, user := range users {
		people = append(people, personOf(user))
	}
	return people, err
}
