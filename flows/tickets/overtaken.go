// What stands there instead, when a change is refused or somebody else was first.

package tickets

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sync/errgroup"

	"zsf/clients/transport"
	"zsf/clients/zendesk"
	"zsf/flows/flow"
)

// conflict reads what somebody else made of the ticket.
func (d *Desk) conflict(ctx context.Context, draft Draft, catalog Catalog, err error) error {
	var (
		theirs   Base
		comments []zendesk.Comment
		calls    errgroup.Group
	)
	calls.Go(func() (err error) {
		theirs, err = d.base(ctx, catalog, draft.Ticket)
		return err
	})
	calls.Go(func() (err error) {
		comments, err = d.account.Comments(ctx, draft.Ticket)
		return err
	})
	if failed := calls.Wait(); failed != nil {
		var gone *GoneError
		if errors.As(failed, &gone) {
			return gone
		}
		return errors.Join(err, failed)
	}
	if theirs.Category == "closed" {
		return closedError(draft.Ticket, theirs, comments, err)
	}
	conflict := conflictOf(draft, theirs, catalog)
	conflict.ReadAt = d.now()
	var since []zendesk.Comment
	var rows []zendesk.Ticket
	for _, comment := range comments {
		if comment.CreatedAt.After(draft.Base.UpdatedAt) && comment.ID > draft.Base.LastComment {
			since, rows = append(since, comment), append(rows, zendesk.Ticket{RequesterID: comment.AuthorID})
		}
	}
	people, failed := d.people(ctx, rows, nil)
	if failed != nil {
		return errors.Join(err, failed)
	}
	for _, comment := range since {
		conflict.Messages = append(conflict.Messages, messageOf(comment, people))
	}
	return conflict
}

// closedByMerge is the tag that Zendesk puts on a ticket that was merged into another one.
const closedByMerge = "closed_by_merge"

var mergedInto = regexp.MustCompile(`#(\d+)`)

// Gone says that the ticket took no changes any more when it was read; nil where it did.
func (d Draft) Gone() *GoneError {
	if d.Ticket == 0 || d.Base.Category != "closed" {
		return nil
	}
	return closedError(d.Ticket, d.Base, nil, nil)
}

// closedError tells a ticket that was closed from one that was merged: only that one's last words name another ticket.
func closedError(id int64, now Base, comments []zendesk.Comment, err error) *GoneError {
	gone := &GoneError{Ticket: id, Why: "closed", Err: err}
	if !slices.Contains(now.Values[TagsKey], closedByMerge) {
		return gone
	}
	gone.Why = "merged"
	for _, comment := range slices.Backward(comments) {
		if match := mergedInto.FindStringSubmatch(strings.Join(comment.Text(), " ")); match != nil {
			gone.Into, _ = strconv.ParseInt(match[1], 10, 64) // digits; too many of them are no number of a ticket
			break
		}
	}
	return gone
}

// refused says by field what Zendesk has against a ticket. One that was closed meanwhile is told as that.
func (d *Desk) refused(ctx context.Context, draft Draft, catalog Catalog, refused *zendesk.RefusalError) error {
	if draft.Ticket != 0 {
		now, err := d.base(ctx, catalog, draft.Ticket)
		var gone *GoneError
		switch {
		case errors.As(err, &gone):
			return gone
		case err == nil && now.Category == "closed":
			comments, _ := d.account.Comments(ctx, draft.Ticket) // without them it is told as closed, or merged into nobody knows which
			return closedError(draft.Ticket, now, comments, refused)
		}
	}
	said := &RefusedError{Ticket: draft.Ticket, Fields: map[string]flow.Text{}, Err: refused}
	for _, problem := range refused.Problems {
		key := keyOfProblem(catalog, problem)
		words := problem.Message
		if before, twice := said.Fields[key]; twice {
			words = before.Args["Words"].(string) + " " + words
		}
		said.Fields[key] = flow.Raw(words)
	}
	if len(refused.Problems) == 0 {
		var failed *transport.Error
		words := refused.Error()
		if errors.As(refused, &failed) {
			words = failed.Message
		}
		said.Fields[WholeKey] = flow.Raw(words)
	}
	return said
}

// problemKeys are the fields as the service calls them in a refusal.
var problemKeys = map[string]string{
	"subject": SubjectKey, "status": StatusKey, "custom_status_id": StatusKey, "priority": PriorityKey, "type": TypeKey, "ticket_type": TypeKey,
	"group": GroupKey, "group_id": GroupKey, "assignee": AssigneeKey, "assignee_id": AssigneeKey, "organization": OrganizationKey, "organization_id": OrganizationKey,
	"tags": TagsKey, "due_at": DueKey, "comment": CommentKey, "description": CommentKey, "requester": RequesterKey, "requester_id": RequesterKey, "email": RequesterKey,
}

// keyOfProblem finds the field that a refusal is about. Of the account's own fields it names the title alone, before a colon.
func keyOfProblem(catalog Catalog, problem zendesk.FieldProblem) string {
	if key, known := problemKeys[problem.Field]; known {
		return key
	}
	if id, err := strconv.ParseInt(strings.TrimPrefix(problem.Field, "ticket_field_"), 10, 64); err == nil {
		if _, known := catalog.Field(CustomKey(id)); known {
			return CustomKey(id)
		}
	}
	longest, found := 0, WholeKey
	for _, form := range catalog.Forms {
		for _, field := range form.All {
			if field.Title != "" && len(field.Title) > longest && strings.HasPrefix(problem.Message, field.Title+":") {
				longest, found = len(field.Title), field.Key
			}
		}
	}
	return found
}
