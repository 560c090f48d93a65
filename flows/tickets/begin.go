// Beginning to write: a ticket as it is now, or a person to write to.

package tickets

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"zsf/clients/salesforce"
	"zsf/clients/transport"
	"zsf/clients/zendesk"
	"zsf/flows/flow"
)

// Edit begins to change a ticket as it is now. One that is not there is a *GoneError.
func (d *Desk) Edit(ctx context.Context, catalog Catalog, id int64) (Draft, error) {
	if d.account == nil {
		return Draft{}, &transport.Error{Service: transport.Zendesk, Kind: transport.SignInMissing}
	}
	base, err := d.base(ctx, catalog, id)
	if err != nil {
		return Draft{}, err
	}
	draft := NewDraft()
	draft.Ticket, draft.Base = id, base
	return draft, nil
}

// EditMany begins to change several tickets at once, each as it is now. Those that are not there any more are left out, and named.
func (d *Desk) EditMany(ctx context.Context, catalog Catalog, ids []int64) (draft Draft, gone []int64, err error) {
	if d.account == nil {
		return Draft{}, nil, &transport.Error{Service: transport.Zendesk, Kind: transport.SignInMissing}
	}
	found, err := d.account.WholeTickets(ctx, ids)
	d.note(transport.Zendesk, "tickets/show_many", len(found), err)
	if err != nil {
		return Draft{}, nil, err
	}
	draft = NewDraft()
	draft.Parts = map[int64]Part{}
	for _, id := range ids {
		at := slices.IndexFunc(found, func(t zendesk.WholeTicket) bool { return t.ID == id })
		switch {
		case at < 0:
			gone = append(gone, id)
		case !slices.Contains(draft.Tickets, id):
			draft.Tickets = append(draft.Tickets, id)
			draft.Parts[id] = Part{Base: d.baseOf(catalog, found[at], nil)}
		}
	}
	return draft, gone, nil
}

// base reads a ticket as it is now.
func (d *Desk) base(ctx context.Context, catalog Catalog, id int64) (Base, error) {
	ticket, users, err := d.account.WholeTicket(ctx, id)
	d.note(transport.Zendesk, "tickets/"+number(id), min(1, int(ticket.ID)), err)
	if IsNoTicket(err) {
		return Base{}, &GoneError{Ticket: id, Why: "deleted", Err: err}
	}
	if err != nil {
		return Base{}, err
	}
	return d.baseOf(catalog, ticket, users), nil
}

func (d *Desk) baseOf(catalog Catalog, ticket zendesk.WholeTicket, users []zendesk.User) Base {
	base := Base{
		Values: valuesOf(catalog, ticket), Form: ticket.FormID, UpdatedAt: ticket.UpdatedAt, Category: ticket.Status,
		Requester: Person{ID: ticket.RequesterID}, URL: d.page4agents(ticket.ID),
	}
	for _, user := range users {
		if user.ID == ticket.RequesterID {
			base.Requester = personOf(user)
		}
	}
	return base
}

func (d *Desk) page4agents(id int64) string { return d.account.URL() + "/agent/tickets/" + number(id) }

// valuesOf are a ticket's values as fields have them.
func valuesOf(catalog Catalog, ticket zendesk.WholeTicket) Values {
	values := Values{StatusKey: {catalog.statusValue(ticket.Status, ticket.CustomStatusID)}, TagsKey: slices.Clone(ticket.Tags)}
	for key, value := range map[string]string{SubjectKey: ticket.Subject, PriorityKey: ticket.Priority, TypeKey: ticket.Type} {
		if value != "" {
			values[key] = []string{value}
		}
	}
	for key, id := range map[string]int64{GroupKey: ticket.GroupID, AssigneeKey: ticket.AssigneeID, OrganizationKey: ticket.OrganizationID} {
		if id != 0 {
			values[key] = []string{number(id)}
		}
	}
	if ticket.DueAt != nil {
		values[DueKey] = []string{ticket.DueAt.UTC().Format(time.DateOnly)}
	}
	for _, own := range ticket.CustomFields {
		key := CustomKey(own.ID)
		field, known := catalog.Field(key)
		switch {
		case !known: // no form shows it
		case field.Kind == CheckboxField && len(own.Value) == 0:
			values[key] = []string{"false"} // nobody ever touched it
		case len(own.Value) == 0:
		case field.Kind == ManyField:
			values[key] = slices.Clone(own.Value)
		default:
			values[key] = []string{strings.Join(own.Value, "\n")}
		}
	}
	return values
}

// Requesters are who a ticket for a record can be from: the users that it is matched to, else the person of the record,
// with no ID, who is made in Zendesk when the ticket is. An account has none of its own.
func (d *Desk) Requesters(ctx context.Context, record Record) ([]Person, error) {
	match, err := d.Match(ctx, record, AsIntegration)
	if err != nil {
		return nil, err
	}
	var ids []int64
	for _, target := range match.Targets {
		if target.Kind == OfUser {
			ids = append(ids, target.ID)
		}
	}
	if len(ids) > 0 {
		return d.users(ctx, ids...)
	}
	if record.Email == "" {
		return nil, nil
	}
	return []Person{{Name: record.Name, Email: strings.TrimSpace(record.Email)}}, nil
}

// Organizations are those that a person's tickets can be in. Somebody who is not in Zendesk yet has none.
func (d *Desk) Organizations(ctx context.Context, requester Person) ([]Option, error) {
	options := []Option{}
	if requester.ID == 0 {
		return options, nil
	}
	found, err := d.account.UserOrganizations(ctx, requester.ID)
	d.note(transport.Zendesk, "users/"+number(requester.ID)+"/organizations", len(found), err)
	for _, organization := range found {
		options = append(options, Option{number(organization.ID), organization.Name})
	}
	return options, err
}

// New begins a ticket of a requester for a record, in the record's organization where the requester is in it.
// Of a record without a name nobody knows anything.
func (d *Desk) New(ctx context.Context, catalog Catalog, record Record, requester Person) (Draft, error) {
	draft := NewDraft()
	draft.Requester, draft.Record = requester, RecordRef{record.ID, record.Object, record.Name}
	draft.Form = catalog.Form(0).ID
	var calls errgroup.Group
	var match Match
	calls.Go(func() (err error) {
		draft.Base.Organizations, err = d.Organizations(ctx, requester)
		return err
	})
	if record.Object == salesforce.AccountObject || record.Object == salesforce.OpportunityObject {
		calls.Go(func() error {
			match, _ = d.Match(ctx, record, AsIntegration) // without it Zendesk takes the requester's first organization
			return nil
		})
	}
	if err := calls.Wait(); err != nil {
		return Draft{}, err //nolint:wrapcheck // a service's own error
	}
	for _, target := range match.Targets {
		id := number(target.ID)
		if target.Kind == OfOrganization && slices.ContainsFunc(draft.Base.Organizations, func(o Option) bool { return o.Value == id }) {
			draft.Values[OrganizationKey] = []string{id}
			break
		}
	}
	return draft, nil
}

// A FileError says that a file cannot be attached.
type FileError struct {
	Path string
	Err  error
}

func (e *FileError) Error() string { return fmt.Sprintf("%s cannot be attached: %v", e.Path, e.Err) }

func (e *FileError) Unwrap() error { return e.Err }

var (
	errNoFile    = errors.New("it is no file")
	errEmpty     = errors.New("it is empty")
	errOtherSize = errors.New("it has another size than when it was chosen")
)

// Text says it in words.
func (e *FileError) Text() flow.Text {
	why := flow.Raw(e.Err.Error())
	for _, known := range []struct {
		err error
		id  string
	}{{fs.ErrNotExist, "none"}, {fs.ErrPermission, "not-allowed"}, {errNoFile, "no-file"}, {errEmpty, "empty"}, {errOtherSize, "other-size"}} {
		if errors.Is(e.Err, known.err) {
			why = flow.Say("ticket-file-problem." + known.id)
		}
	}
	return flow.Say("ticket-file-problem.cannot", "Path", e.Path, "Why", why)
}

// Attach looks at a file that is to go along. It is read when the draft is sent.
func Attach(path string) (File, error) {
	whole, err := filepath.Abs(path)
	if err != nil {
		return File{}, &FileError{path, err}
	}
	info, err := os.Stat(whole)
	var inner *os.PathError
	switch {
	case errors.As(err, &inner):
		return File{}, &FileError{path, inner.Err}
	case err != nil:
		return File{}, &FileError{path, err}
	case !info.Mode().IsRegular():
		return File{}, &FileError{path, errNoFile}
	case info.Size() == 0:
		return File{}, &FileError{path, errEmpty}
	}
	return File{Path: whole, Name: filepath.Base(whole), Size: info.Size()}, nil
}
