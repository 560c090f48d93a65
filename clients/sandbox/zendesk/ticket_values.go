package zendesk

import (
	"encoding/json"
	"slices"
	"strconv"
)

// applyFieldValues checks the values of the account's own fields; fields that it does not have are passed over.
func (a *Account) applyFieldValues(t *ticket, sent fields, wrong *problems) {
	var values []struct {
		ID    int64 `json:"id"`
		Value any   `json:"value"`
	}
	if !set(sent, "custom_fields", &values, wrong) {
		return
	}
	all := a.ticketFields()
	for _, v := range values {
		row := slices.IndexFunc(all, func(f ticketField) bool { return f.ID == v.ID })
		if row < customFields {
			continue
		}
		if !all[row].takes(v.Value) {
			wrong.add("base", all[row].Title+": "+jsonOf(v.Value)+" is not valid", "InvalidValue")
			continue
		}
		t.Tags = all[row].tagged(t.Tags, v.Value)
		t.CustomFields[row-customFields] = fieldValue{v.ID, v.Value}
	}
}

// tagged are the tags of a ticket whose field now has that value.
func (f ticketField) tagged(tags []string, value any) []string {
	chosen := []string{}
	switch value := value.(type) {
	case string:
		chosen = append(chosen, value)
	case []any:
		for _, one := range value {
			text, _ := one.(string)
			chosen = append(chosen, text)
		}
	case bool:
		if value {
			chosen = append(chosen, f.Tag.value())
		}
	}
	own := []string{f.Tag.value()}
	for _, option := range f.Options {
		own = append(own, option.Value)
	}
	tags = slices.DeleteFunc(tags, func(tag string) bool { return slices.Contains(own, tag) })
	for _, tag := range chosen {
		if tag != "" && slices.Contains(own, tag) {
			tags = append(tags, tag)
		}
	}
	slices.Sort(tags)
	return tags
}

func jsonNumber(value any) (string, bool) {
	switch value := value.(type) {
	case string:
		return value, true
	case float64:
		raw, err := json.Marshal(value)
		return string(raw), err == nil
	}
	return "", false
}

func isWhole(value any) bool {
	text, fits := jsonNumber(value)
	_, err := strconv.ParseInt(text, 10, 64)
	return fits && err == nil
}
