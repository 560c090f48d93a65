// A draft in the service's words: only what was changed, and of a comment always whether it is public.

package tickets

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"zsf/clients/transport"
	"zsf/clients/zendesk"
)

// write is what sending a draft says.
func (d Draft) write(catalog Catalog) zendesk.TicketWrite {
	var sent zendesk.TicketWrite
	for _, key := range d.Changed() {
		d.set(&sent, catalog, key)
	}
	if d.IsNew() {
		sent.FollowUpOf = d.FollowUp
		if d.Requester.ID != 0 {
			sent.RequesterID = d.Requester.ID
		} else {
			sent.Requester = &zendesk.NewRequester{Name: d.Requester.Name, Email: d.Requester.Email}
		}
	}
	if d.Form != 0 && d.Form != d.Base.Form {
		sent.FormID = d.Form
	}
	if add, remove := d.TagChanges(); len(add)+len(remove) > 0 {
		sent.Tags = zendesk.Set(changeTags(d.tagsBeside(catalog), add, remove))
	}
	if lines := d.lines(); len(lines) > 0 {
		sent.Comment = &zendesk.CommentWrite{Body: strings.Join(lines, "\n"), Public: d.Public}
		for _, file := range d.Files {
			sent.Comment.Uploads = append(sent.Comment.Uploads, file.Token)
		}
	}
	return sent
}

// set puts one changed value into an update.
func (d Draft) set(sent *zendesk.TicketWrite, catalog Catalog, key string) {
	value := plainText(d.Values.one(key))
	switch key {
	case SubjectKey:
		sent.Subject = zendesk.Set(value)
	case StatusKey:
		if id, err := strconv.ParseInt(value, 10, 64); err == nil {
			sent.CustomStatusID = id
		} else {
			sent.Status = value
		}
	case PriorityKey:
		sent.Priority = textOrNone(value)
	case TypeKey:
		sent.Type = textOrNone(value)
	case GroupKey:
		sent.GroupID = idOrNone(value)
	case AssigneeKey:
		sent.AssigneeID = idOrNone(value)
	case OrganizationKey:
		sent.OrganizationID = idOrNone(value)
	case DueKey:
		sent.DueAt = zendesk.Clear[time.Time]()
		if day, err := time.Parse(time.DateOnly, value); err == nil {
			sent.DueAt = zendesk.Set(day.Add(12 * time.Hour)) // noon is the same day nearly everywhere
		}
	default:
		id, own := customID(key)
		field, known := catalog.Field(key)
		if own && known {
			sent.CustomFields = append(sent.CustomFields, zendesk.TicketField{ID: id, Type: wireKinds[field.Kind]}.Write(plainValues(d.Values[key])))
		}
	}
}

// plainText is text without what no screen shows: control and escape bytes, bidirectional overrides, invisible characters. What is
// sent is what was shown. Line feeds and tabulators stay.
func plainText(text string) string {
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	for i, line := range lines {
		columns := strings.Split(line, "\t")
		for n := range columns {
			columns[n] = transport.Clean(columns[n])
		}
		lines[i] = strings.Join(columns, "\t")
	}
	return strings.Join(lines, "\n")
}

func plainValues(values []string) []string {
	plain := slices.Clone(values)
	for i := range plain {
		plain[i] = plainText(plain[i])
	}
	return plain
}

// wireKinds are the kinds of fields whose values are no text on the wire.
var wireKinds = map[FieldKind]string{CheckboxField: "checkbox", ManyField: "multiselect"}

func textOrNone(value string) zendesk.Setting[string] {
	if value == "" {
		return zendesk.Clear[string]()
	}
	return zendesk.Set(value)
}

func idOrNone(value string) zendesk.Setting[int64] {
	id, err := strconv.ParseInt(value, 10, 64)
	if err != nil || id == 0 {
		return zendesk.Clear[int64]()
	}
	return zendesk.Set(id)
}

// tagsBeside are the ticket's tags as they are once its fields are changed: options and ticked boxes are tags, too, and
// tags that are written would go over them.
func (d Draft) tagsBeside(catalog Catalog) []string {
	tags := slices.Clone(d.Base.Values[TagsKey])
	for _, key := range d.Changed() {
		field, _ := catalog.Field(key)
		if _, own := customID(key); !own {
			continue
		}
		tags = changeTags(tags, field.tags(d.Values[key]), field.tags(d.Base.Values[key]))
	}
	return tags
}

// tags are those that values of a field put on a ticket.
func (f Field) tags(values []string) []string {
	switch {
	case f.Kind == ChoiceField || f.Kind == ManyField:
		return values
	case f.Kind == CheckboxField && f.Tag != "" && slices.Contains(values, "true"):
		return []string{f.Tag}
	}
	return nil
}
