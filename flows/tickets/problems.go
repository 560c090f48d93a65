// What is wrong with a draft before it is sent, by field.

package tickets

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"zsf/clients/zendesk"
	"zsf/flows/flow"
)

// Problems are what is wrong with a draft, by field; Zendesk itself may still refuse what none of them names.
// It makes no call.
func (d Draft) Problems(catalog Catalog) map[string]flow.Text {
	problems := map[string]flow.Text{}
	d.commentProblems(catalog, problems)
	for _, key := range d.Changed() {
		field, known := catalog.Field(key)
		switch {
		case !known:
			problems[key] = flow.Say("ticket-problem.no-field", "Key", key)
		case key == OrganizationKey:
			field.Options = d.Base.Organizations
			if d.Base.Organizations != nil && !field.has(d.Values.one(key)) && d.Values.one(key) != "" {
				problems[key] = flow.Say("ticket-problem.organization")
			}
		default:
			if wrong := field.wrong(d.Values[key]); !wrong.Empty() {
				problems[key] = wrong
			}
		}
	}
	if len(d.Tickets) == 0 {
		d.missingFields(catalog, problems)
	}
	if d.Base.Category == "closed" {
		problems[WholeKey] = flow.Say("ticket-problem.closed", "Number", number(d.Ticket))
	}
	if d.Closes() && !d.CloseSaid {
		problems[StatusKey] = flow.Say("ticket-problem.closing")
	}
	return problems
}

func (d Draft) commentProblems(catalog Catalog, problems map[string]flow.Text) {
	switch has := len(d.lines()) > 0; {
	case !has && d.IsNew():
		problems[CommentKey] = flow.Say("ticket-problem.no-comment")
	case !has && len(d.Files) > 0:
		problems[FilesKey] = flow.Say("ticket-problem.files-alone")
	case has && len(strings.Join(d.lines(), "\n")) > MostCommentBytes:
		problems[CommentKey] = flow.Say("ticket-problem.long-comment", "Most", strconv.Itoa((MostCommentBytes+1)>>10))
	case has && !d.PublicSaid:
		problems[CommentKey] = flow.Say("ticket-problem.public")
	case has && d.Public && catalog.InternalOnly:
		problems[CommentKey] = flow.Say("ticket-problem.internal-only", "Name", catalog.Me.Name)
	case !has && catalog.InternalOnly && !d.Empty():
		problems[WholeKey] = flow.Say("ticket-problem.notes-only", "Name", catalog.Me.Name)
	}
	if d.IsNew() && d.Requester.ID == 0 {
		switch {
		case d.Requester.Email == "":
			problems[RequesterKey] = flow.Say("ticket-problem.no-requester")
		case d.Requester.Name == "":
			problems[RequesterKey] = flow.Say("ticket-problem.no-name", "Email", d.Requester.Email)
		}
	}
	for _, file := range d.Files {
		if file.Size > MostFileBytes {
			problems[FilesKey] = flow.Say("ticket-problem.file-size", "Name", file.Name, "Most", strconv.Itoa(MostFileBytes>>20))
		}
	}
}

// MostCommentBytes is the longest comment: of a longer one Zendesk cuts off the end, and does not say so.
const MostCommentBytes = 64<<10 - 1

// MostFileBytes is the largest file that Zendesk takes.
const MostFileBytes = zendesk.MaxUpload

// missingFields are those that must be filled for the status that the ticket is to have. Of a ticket whose status stays as
// it is only those count that were emptied.
func (d Draft) missingFields(catalog Catalog, problems map[string]flow.Text) {
	form, now := d.Form, d.Now()
	if form == 0 {
		form = d.Base.Form
	}
	changed := d.Changed()
	for _, field := range catalog.Fields(form, now) {
		matters := d.IsNew() || slices.Contains(changed, StatusKey) || slices.Contains(changed, field.Key)
		if !field.Required || !matters || field.ReadOnly || !sameValues(now[field.Key], nil) || field.Kind == CheckboxField {
			continue
		}
		if _, already := problems[field.Key]; !already {
			problems[field.Key] = flow.Say("ticket-problem.required", "Field", field.Name())
		}
	}
}

func (f Field) has(value string) bool {
	return slices.ContainsFunc(f.Options, func(o Option) bool { return o.Value == value })
}

// wrong says why values cannot stand in a field; empty where they can.
func (f Field) wrong(values []string) flow.Text {
	if f.ReadOnly {
		return flow.Say("ticket-problem.read-only", "Field", f.Name())
	}
	if len(values) > 1 && f.Kind != ManyField && f.Kind != TagsField {
		return flow.Say("ticket-problem.single", "Field", f.Name())
	}
	for _, value := range values {
		if value == "" {
			continue
		}
		if wrong := f.wrongValue(value); !wrong.Empty() {
			return wrong
		}
	}
	return flow.Text{}
}

var (
	wholeNumber   = regexp.MustCompile(`^[+-]?\d+$`)
	decimalNumber = regexp.MustCompile(`^[+-]?\d*\.?\d+$`)
)

func (f Field) wrongValue(value string) flow.Text {
	fits, kind := true, string(f.Kind)
	switch f.Kind {
	case ChoiceField, ManyField:
		// Where nobody told the options, the service decides.
		fits = len(f.Options) == 0 || f.has(value)
	case CheckboxField:
		fits = value == "true" || value == "false"
	case DateField:
		_, err := time.Parse(time.DateOnly, value)
		if fits = err == nil; !fits && isEither(value) {
			kind = "date-either"
		}
	case IntegerField:
		fits = wholeNumber.MatchString(value)
	case DecimalField:
		fits = decimalNumber.MatchString(value)
	case PatternField:
		fits = fitsPattern(f.Pattern, value)
	case TagsField:
		fits = !strings.ContainsAny(value, " \t\n")
	case TextField:
		fits = !strings.Contains(value, "\n")
	}
	if fits {
		return flow.Text{}
	}
	return flow.Say("ticket-problem.not-"+kind, "Field", f.Name(), "Value", value, "Pattern", f.Pattern)
}

// fitsPattern looks whether a value fits a regular expression of Ruby's, where Go knows it, too; else Zendesk decides.
func fitsPattern(pattern, value string) bool {
	pattern = strings.ReplaceAll(pattern, `\Z`, `\z`)
	known, err := regexp.Compile(pattern)
	return err != nil || known.MatchString(value)
}

// ProblemKeys are the keys of problems in the order of a form, what belongs to no field last.
func (d Draft) ProblemKeys(catalog Catalog, problems map[string]flow.Text) []string {
	return d.inOrder(catalog, slices.Sorted(maps.Keys(problems)))
}
