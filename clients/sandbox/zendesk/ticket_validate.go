package zendesk

import (
	"regexp"
	"slices"
	"strconv"
	"time"
)

// takes tells whether a value can stand in a field. Null always can.
func (f ticketField) takes(value any) bool {
	if value == nil || value == "" {
		return true
	}
	has := func(one any) bool {
		text, isText := one.(string)
		return isText && slices.ContainsFunc(f.Options, func(o fieldOption) bool { return o.Value == text })
	}
	text, isText := value.(string)
	switch f.Type {
	case "tagger":
		return has(value)
	case "multiselect":
		all, isList := value.([]any)
		return isList && !slices.ContainsFunc(all, func(one any) bool { return !has(one) })
	case "checkbox":
		_, isBool := value.(bool)
		return isBool
	case "date":
		_, err := time.Parse(time.DateOnly, text)
		return isText && err == nil
	case "integer", "lookup":
		return isWhole(value)
	case "decimal":
		number, fits := jsonNumber(value)
		_, err := strconv.ParseFloat(number, 64)
		return fits && err == nil
	case "regexp":
		matched, err := regexp.MatchString(f.Regexp.value(), text)
		return isText && err == nil && matched
	}
	return isText
}

// mustBeWhole tells what a ticket still lacks for its status: an assignee to be solved, and the required fields of its form.
func (a *Account) mustBeWhole(t *ticket, wrong *problems) {
	solved := t.Status == "solved"
	when := ": is required"
	if solved {
		when = ": is required when solving a ticket"
	}
	if solved && t.AssigneeID == 0 {
		wrong.add("base", "Assignee"+when, "BlankValue")
	}
	forms := a.ticketForms()
	at := slices.IndexFunc(forms, func(f ticketFormRecord) bool { return f.ID == t.TicketFormID })
	if at < 0 {
		return
	}
	all := a.ticketFields()
	for row := customFields; row < len(all); row++ {
		f, value := all[row], t.value(fieldID(row))
		if slices.Contains(forms[at].TicketFieldIDs, f.ID) && (value == nil || value == "") && forms[at].requires(f, t) {
			wrong.add("base", f.Title+when, "BlankValue")
		}
	}
}

// value is what a ticket has in one of the fields that conditions look at.
func (t *ticket) value(field int64) any {
	switch field {
	case fieldID(priorityField):
		return t.Priority.value()
	case fieldID(typeField):
		return t.Type.value()
	}
	for _, v := range t.CustomFields {
		if one, _ := v.(fieldValue); one.ID == field {
			return one.Value
		}
	}
	return nil
}

// requires tells whether a field must have a value: to solve a ticket by itself, or where conditions show it, by them.
func (form ticketFormRecord) requires(f ticketField, t *ticket) bool {
	conditional := false
	for _, c := range form.AgentConditions {
		for _, child := range c.ChildFields {
			if child.ID != f.ID {
				continue
			}
			conditional = true
			when := child.Required.Type == "ALL_STATUSES" || slices.Contains(child.Required.Statuses, t.Status)
			if child.IsRequired && when && t.value(c.ParentFieldID) == c.Value {
				return true
			}
		}
	}
	return f.Required && f.Active && !conditional && t.Status == "solved"
}
