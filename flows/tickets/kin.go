// An account's tickets are also those of its contacts, and of the accounts right below it: where somebody asks for them.

package tickets

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sync/errgroup"

	"zsf/clients/salesforce"
	"zsf/clients/transport"
	"zsf/clients/zendesk"
	"zsf/flows/flow"
)

// What can be asked for beside a record's own tickets.
const (
	OfContacts = "contacts" // the people at its account, as requesters
	OfChildren = "children" // the accounts right below it, as organizations
)

// Kinds of kin, in the order in which they are told.
var KinKinds = []string{OfContacts, OfChildren}

// With is what is asked for beside a record's own tickets: some of KinKinds.
type With []string

func (w With) none() bool { return len(w) == 0 }

// A Beside is an organization or a user of Zendesk that contacts or child accounts stand for.
type Beside struct {
	Target
	What string     // one of KinKinds
	Of   []Relative // several contacts can have one address
}

// A Relative is a contact or a child account.
type Relative struct{ ID, Name string }

// A Reach is how far a look for contacts or child accounts went.
type Reach struct {
	What     string
	Records  int  // that the account has, as far as they were read
	More     bool // it has others, which were not looked at
	Found    int  // of Records: that were found in Zendesk
	NoEmails bool // this user may not see the contacts' addresses: only exact links were followed
}

// Texts say how far it went, and what it could not see.
func (r Reach) Texts() []flow.Text {
	if r.Records == 0 {
		return []flow.Text{flow.Say("tickets-with.no-" + r.What)}
	}
	said := []flow.Text{flow.Say("tickets-with."+r.What, "Found", r.Found, "Records", r.Records)}
	if r.More {
		said = append(said, flow.Say("tickets-with.more-"+r.What, "Records", r.Records))
	}
	if r.NoEmails {
		said = append(said, flow.Say("tickets-with.no-emails"))
	}
	return said
}

// Nothing tells that a match found nobody whose tickets could be listed.
func (m Match) Nothing() bool { return len(m.Targets)+len(m.Beside) == 0 }

// A NoKinError says that a record has no contacts or child accounts.
type NoKinError struct{ Record Record }

func (e *NoKinError) Error() string {
	return fmt.Sprintf("%s %s has no contacts or child accounts", e.Record.Object, e.Record.ID)
}

// Text says it in words.
func (e *NoKinError) Text() flow.Text {
	return flow.Say("no-kin.message", "Object", flow.Say("ticket-object."+e.Record.Object), "Record", e.Record.Name)
}

// MayWith is what can be asked for beside the record's own tickets.
func (r Record) MayWith() []string {
	if r.AccountID == "" || r.Object != salesforce.AccountObject && r.Object != salesforce.OpportunityObject {
		return nil
	}
	return slices.Clone(KinKinds)
}

// Widen adds to a match what the contacts and child accounts of the record's account stand for. A *NoKinError where
// the record can have none.
func (d *Desk) Widen(ctx context.Context, record Record, match Match, with With) (Match, error) {
	if with.none() {
		return match, nil
	}
	if len(record.MayWith()) == 0 {
		return match, &NoKinError{Record: record}
	}
	return d.kinOf(ctx, record.AccountID, with).join(match)
}

// kin is what a look for contacts and child accounts came to.
type kin struct {
	beside []Beside
	with   []Reach
	err    error
}

// join adds it to a match. What the match has already is not added.
func (k kin) join(match Match) (Match, error) {
	match.With, match.Beside = k.with, nil
	for _, one := range k.beside {
		own := slices.ContainsFunc(match.Targets, func(t Target) bool { return t.Kind == one.Kind && t.ID == one.ID })
		if !own {
			match.Beside = append(match.Beside, one)
		}
	}
	return match, k.err
}

// kinAhead begins to look for an account's kin before the account itself is read.
func (d *Desk) kinAhead(ctx context.Context, ref salesforce.RecordRef, with With) <-chan kin {
	if with.none() || ref.Object != salesforce.AccountObject {
		return nil
	}
	ahead := make(chan kin, 1)
	go func() { ahead <- d.kinOf(ctx, ref.ID, with) }()
	return ahead
}

// matchWith matches a record, and its kin where they are asked for.
func (d *Desk) matchWith(ctx context.Context, record Record, sought Sought, ahead <-chan kin) (Match, error) {
	if !sought.With.none() && len(record.MayWith()) == 0 {
		return Match{}, &NoKinError{Record: record}
	}
	if ahead == nil && !sought.With.none() {
		ahead = d.kinAhead(ctx, salesforce.RecordRef{ID: record.AccountID, Object: salesforce.AccountObject}, sought.With)
	}
	match, err := d.Match(ctx, record, sought.By)
	if err != nil || ahead == nil {
		return match, err
	}
	return (<-ahead).join(match)
}

// kinOf reads an account's kin from Salesforce in one call, and finds them in Zendesk in one round.
func (d *Desk) kinOf(ctx context.Context, accountID string, with With) kin {
	if err := d.enter(ctx); err != nil {
		return kin{err: err}
	}
	contacts, children := slices.Contains(with, OfContacts), slices.Contains(with, OfChildren)
	read, err := d.org.ReadKin(ctx, accountID, contacts, children)
	d.note(transport.Salesforce, strings.Join(with, " and ")+" of "+accountID, len(read.Contacts)+len(read.Children), err)
	if err != nil {
		return kin{err: err}
	}
	var found kin
	var users, organizations []Beside
	var calls errgroup.Group
	if contacts {
		calls.Go(func() (err error) {
			users, err = d.usersOf(ctx, read.Contacts)
			return err
		})
	}
	if children {
		calls.Go(func() (err error) {
			organizations, err = d.organizationsOf(ctx, read.Children)
			return err
		})
	}
	found.err = calls.Wait()
	found.beside = slices.Concat(users, organizations)
	if contacts {
		found.with = append(found.with, Reach{OfContacts, len(read.Contacts), read.MoreContacts, reached(users), read.NoEmails})
	}
	if children {
		found.with = append(found.with, Reach{OfChildren, len(read.Children), read.MoreChildren, reached(organizations), false})
	}
	return found
}

func reached(beside []Beside) int {
	records := map[string]bool{}
	for _, one := range beside {
		for _, of := range one.Of {
			records[of.ID] = true
		}
	}
	return len(records)
}

// usersOf finds the users of contacts: by the exact link, else by the address.
func (d *Desk) usersOf(ctx context.Context, contacts []salesforce.Contact) ([]Beside, error) {
	if len(contacts) == 0 {
		return nil, nil
	}
	relatives, ids := make([]Relative, len(contacts)), make([]string, len(contacts))
	var addresses []string
	for i, contact := range contacts {
		relatives[i], ids[i] = Relative{contact.ID, contact.Name}, contact.ID
		if contact.Email != "" && !slices.ContainsFunc(addresses, func(a string) bool { return strings.EqualFold(a, contact.Email) }) {
			addresses = append(addresses, contact.Email)
		}
	}
	linked, called, err := bothWays(
		func() ([]zendesk.User, error) {
			found, err := d.account.EachUserByExternalID(ctx, bothForms(ids))
			d.note(transport.Zendesk, "users/show_many external_ids of "+strconv.Itoa(len(ids))+" contacts", len(found), err)
			return found, err
		},
		func() ([]zendesk.User, error) {
			if len(addresses) == 0 {
				return nil, nil
			}
			found, err := d.account.EachUserByEmail(ctx, addresses)
			d.note(transport.Zendesk, "search type:user by "+strconv.Itoa(len(addresses))+" addresses", len(found), err)
			return found, err
		})
	return besides(OfContacts, relatives, func(i int) (targets []Target) {
		own := those(linked, func(u zendesk.User) bool { return isOneOf(u.ExternalID, ids[i:i+1]) })
		if len(own) == 0 && contacts[i].Email != "" {
			own = those(called, func(u zendesk.User) bool { return strings.EqualFold(u.Email, contacts[i].Email) })
		}
		return targetsOf(OfUser, own, func(u zendesk.User) (int64, string) { return u.ID, nameOf(u) })
	}), err
}

// organizationsOf finds the organizations of child accounts: by the exact link, else by the name.
func (d *Desk) organizationsOf(ctx context.Context, children []salesforce.Account) ([]Beside, error) {
	if len(children) == 0 {
		return nil, nil
	}
	relatives := make([]Relative, len(children))
	ids, names := make([]string, len(children)), make([]string, len(children))
	for i, child := range children {
		relatives[i], ids[i], names[i] = Relative(child), child.ID, child.Name
	}
	linked, called, err := bothWays(
		func() ([]zendesk.Organization, error) {
			found, err := d.account.EachOrganizationByExternalID(ctx, bothForms(ids))
			d.note(transport.Zendesk, "organizations/show_many external_ids of "+strconv.Itoa(len(ids))+" accounts", len(found), err)
			return found, err
		},
		func() ([]zendesk.Organization, error) {
			found, err := d.account.EachOrganizationByName(ctx, names)
			d.note(transport.Zendesk, "search type:organization by "+strconv.Itoa(len(names))+" names", len(found), err)
			return found, err
		})
	return besides(OfChildren, relatives, func(i int) []Target {
		own := those(linked, func(o zendesk.Organization) bool { return isOneOf(o.ExternalID, ids[i:i+1]) })
		if len(own) == 0 {
			own = those(called, func(o zendesk.Organization) bool { return strings.EqualFold(o.Name, strings.TrimSpace(names[i])) })
		}
		return targetsOf(OfOrganization, own, idAndName)
	}), err
}

// bothWays asks by the link and by what records are called, at once.
func bothWays[T any](byLink, byValue func() ([]T, error)) (linked, called []T, err error) {
	var calls errgroup.Group
	calls.Go(func() (err error) {
		linked, err = byLink()
		return err
	})
	calls.Go(func() (err error) {
		called, err = byValue()
		return err
	})
	err = calls.Wait()
	return linked, called, err //nolint:wrapcheck // a service's own error
}

// besides are the targets of all relatives, each once, with all that stand for it.
func besides(what string, relatives []Relative, targets func(i int) []Target) []Beside {
	var all []Beside
	at := map[int64]int{}
	for i, relative := range relatives {
		for _, target := range targets(i) {
			known, twice := at[target.ID]
			if !twice {
				known, at[target.ID] = len(all), len(all)
				all = append(all, Beside{Target: target, What: what})
			}
			all[known].Of = append(all[known].Of, relative)
		}
	}
	return all
}

func those[T any](all []T, fit func(T) bool) []T {
	return slices.DeleteFunc(slices.Clone(all), func(one T) bool { return !fit(one) })
}
