// What a macro would do, taken into a draft: it is looked at and sent like anything else that was written.

package tickets

import (
	"context"
	"slices"
	"strings"

	"zsf/clients/transport"
	"zsf/clients/zendesk"
)

// Apply takes what a macro would do to the ticket into a draft, and writes nothing. Its comment is put below what was written;
// whether it is public is the macro's to say only where nobody said it yet. On a new ticket, or on several, Zendesk does not
// fill in its placeholders before it is sent.
func (d *Desk) Apply(ctx context.Context, draft Draft, catalog Catalog, macro int64) (Draft, error) {
	if d.account == nil {
		return draft, &transport.Error{Service: transport.Zendesk, Kind: transport.SignInMissing}
	}
	told, err := d.account.ApplyMacro(ctx, draft.Ticket, macro)
	d.note(transport.Zendesk, "macros/"+number(macro)+"/apply", 1, err)
	if err != nil {
		return draft, err
	}
	now, applied := draft.Now(), Values{}
	for key, value := range draft.Values {
		applied[key] = value
	}
	take := func(key string, values []string) {
		if !sameValues(values, now[key]) {
			applied[key] = values
		}
	}
	for key, value := range textsOf(told, catalog) {
		take(key, value)
	}
	for _, own := range told.CustomFields {
		key := CustomKey(own.ID)
		field, known := catalog.Field(key)
		switch {
		case !known:
		case field.Kind == CheckboxField && len(own.Value) == 0:
			take(key, []string{"false"})
		case field.Kind == ManyField:
			take(key, own.Value)
		default:
			take(key, []string{strings.Join(own.Value, "\n")})
		}
	}
	if told.FormID.Is && told.FormID.Value != 0 && told.FormID.Value != draft.Base.Form {
		draft.Form = told.FormID.Value
	}
	if told.Tags.Is {
		draft.AddTags = missing(told.Tags.Value, now[TagsKey], draft.AddTags...)
		if draft.Ticket != 0 { // all tags are told
			draft.RemoveTags = missing(now[TagsKey], told.Tags.Value, draft.RemoveTags...)
		}
		draft.AddTags = slices.DeleteFunc(draft.AddTags, func(tag string) bool { return slices.Contains(draft.RemoveTags, tag) })
	}
	draft.Values = applied
	return draft.withMacroComment(told.Comment), nil
}

// textsOf are the values of the fields that every account has, as far as the macro tells of them.
func textsOf(told zendesk.MacroChanges, catalog Catalog) Values {
	values := Values{}
	for key, setting := range map[string]zendesk.Setting[string]{SubjectKey: told.Subject, PriorityKey: told.Priority, TypeKey: told.Type} {
		if setting.Is {
			values[key] = []string{setting.Value}
		}
	}
	for key, setting := range map[string]zendesk.Setting[int64]{GroupKey: told.GroupID, AssigneeKey: told.AssigneeID} {
		if setting.Is {
			values[key] = []string{strings.TrimPrefix(number(setting.Value), "0")}
		}
	}
	switch {
	case told.CustomStatusID.Is && told.CustomStatusID.Value != 0 && catalog.Category(number(told.CustomStatusID.Value)) != "":
		values[StatusKey] = []string{number(told.CustomStatusID.Value)}
	case told.Status.Is && told.Status.Value != "":
		values[StatusKey] = []string{told.Status.Value}
	}
	return values
}

func (d Draft) withMacroComment(comment *zendesk.MacroComment) Draft {
	if comment == nil || len(comment.Body) == 0 {
		return d
	}
	text := strings.Join(comment.Body, "\n")
	if strings.TrimSpace(d.Comment) != "" {
		text = strings.TrimRight(d.Comment, "\n") + "\n\n" + text
	}
	d.Comment = text
	if comment.Public != nil && !d.PublicSaid {
		d.Public, d.PublicSaid = *comment.Public, true
	}
	return d
}
