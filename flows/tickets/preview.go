// What a draft would do, before it does it: nothing is sent that was not shown.

package tickets

import (
	"slices"
	"strings"

	"zsf/flows/flow"
)

// A Preview is all that sending a draft would do.
type Preview struct {
	Tickets     []int64      // those that are not written yet; none: a new one is made
	Several     bool         // each with its own values: nobody says what was before
	Differences []Difference // field by field, in the form's order; of several tickets those that are the same for all
	To          Person       // the requester, who gets a public reply by e-mail; of several tickets nobody: each has its own
	FollowUp    int64        // the closed ticket that a new one goes on from; 0: none
	Made        bool         // the requester is not in Zendesk yet, and is made
	Comment     []string     // its lines, whole
	Said        []int64      // of several tickets those that have the comment already: it is not sent there again
	Public      bool
	Files       []File
	Closes      bool // for good: ask once more, then set Draft.CloseSaid
}

// A Difference is what a field has, and what it is to have.
type Difference struct {
	Field         Field
	Before, After []flow.Text // nil: nothing
	Add, Remove   []string    // of tags, whatever the others are
}

// SignedTags are a difference's tags, each with a plus or a minus before it.
func (d Difference) SignedTags() []string {
	var tags []string
	for _, tag := range d.Add {
		tags = append(tags, "+"+tag)
	}
	for _, tag := range d.Remove {
		tags = append(tags, "-"+tag)
	}
	return tags
}

// Empty tells that there is nothing to send.
func (p Preview) Empty() bool {
	return len(p.Differences) == 0 && len(p.Comment) == 0 && len(p.Files) == 0
}

// Final says why no undo takes back what a preview shows, and what would.
func (p Preview) Final() flow.Text {
	switch {
	case p.Closes:
		return flow.Say("ticket-final.closed")
	case len(p.Tickets) == 0 && !p.Several:
		return flow.Say("ticket-final.new")
	case len(p.Comment) > 0:
		return flow.Say("ticket-final.comment")
	}
	return flow.Say("ticket-final.fields")
}

// Preview says what sending a draft would do. It makes no call.
func (d Draft) Preview(catalog Catalog) Preview {
	preview := Preview{Tickets: d.Pending(), To: d.recipient(), Comment: d.lines(), Public: d.Public, Files: d.Files, Closes: d.Closes(), Several: len(d.Tickets) > 0}
	if d.Ticket != 0 {
		preview.Tickets = []int64{d.Ticket}
	} else {
		preview.FollowUp = d.FollowUp
	}
	for _, id := range d.Pending() {
		if slices.Contains(d.Parts[id].Leave, CommentKey) {
			preview.Said = append(preview.Said, id)
		}
	}
	preview.Made = d.IsNew() && d.Requester.ID == 0 && d.Requester.Email != ""
	if form, changed := d.formChange(catalog); changed {
		preview.Differences = append(preview.Differences, form)
	}
	for _, key := range d.inOrder(catalog, d.Changed()) {
		field, known := catalog.Field(key)
		if !known {
			field = Field{Key: key, Title: key}
		}
		if key == OrganizationKey {
			field.Options = d.Base.Organizations
		}
		preview.Differences = append(preview.Differences, Difference{
			Field: field, Before: words(field, d.Base.Values[key]), After: words(field, d.Values[key]),
		})
	}
	if add, remove := d.TagChanges(); len(add)+len(remove) > 0 {
		field, _ := catalog.Field(TagsKey)
		preview.Differences = append(preview.Differences, Difference{Field: field, Add: add, Remove: remove})
	}
	return preview
}

// recipient is who a public reply goes to.
func (d Draft) recipient() Person {
	switch {
	case d.IsNew():
		return d.Requester
	case d.Ticket != 0:
		return d.Base.Requester
	}
	return Person{}
}

// lines are the comment's, without what stands empty at its ends.
func (d Draft) lines() []string {
	text := strings.Trim(plainText(d.Comment), "\n")
	if strings.TrimSpace(text) == "" {
		return nil
	}
	return strings.Split(text, "\n")
}

func (d Draft) formChange(catalog Catalog) (Difference, bool) {
	if d.Form == 0 || len(d.Tickets) > 0 && d.Form == 0 || d.Form == d.Base.Form {
		return Difference{}, false
	}
	change := Difference{Field: Field{Key: "form"}, After: []flow.Text{flow.Raw(catalog.Form(d.Form).Name)}}
	if d.Base.Form != 0 {
		change.Before = []flow.Text{flow.Raw(catalog.Form(d.Base.Form).Name)}
	}
	return change, true
}

// inOrder sorts keys as the form has its fields; those that it does not have come last.
func (d Draft) inOrder(catalog Catalog, keys []string) []string {
	form := d.Form
	if form == 0 {
		form = d.Base.Form
	}
	place := map[string]int{}
	for i, field := range catalog.Form(form).All {
		place[field.Key] = i - 1000
	}
	slices.SortStableFunc(keys, func(a, b string) int { return place[a] - place[b] })
	return keys
}

// words are values as people read them; what is no option of the field stands for itself.
func words(field Field, values []string) []flow.Text {
	var said []flow.Text
	for _, value := range values {
		if value == "" {
			continue
		}
		option := Option{Value: value}
		if at := slices.IndexFunc(field.Options, func(o Option) bool { return o.Value == value }); at >= 0 {
			option = field.Options[at]
		}
		if field.Kind == CheckboxField {
			said = append(said, flow.Say("ticket-checkbox."+value))
			continue
		}
		said = append(said, option.Name(field.Key))
	}
	return said
}
