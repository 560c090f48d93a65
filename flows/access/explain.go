// Package access answers why one Salesforce user sees tickets or does not: a chain of links, each with what
// was read, the first broken one marked.
package access

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"zsf/clients/salesforce"
	"zsf/clients/transport"
	"zsf/flows/flow"
	"zsf/flows/steps"
	"zsf/flows/world"
)

// A Person is the Salesforce user that is asked about.
type Person struct {
	ID, Name, Username, Email string
	Profile, Licence          string
	Active                    bool
}

// A Link is one thing that must hold for tickets to be seen. Its words are in ui/locale: explain.<ID>.
type Link struct {
	ID string
	flow.Finding
}

// Title names the link.
func (l Link) Title() flow.Text { return flow.Say("link." + l.ID) }

// An Explanation is the whole chain, in the order in which Salesforce goes along it.
type Explanation struct {
	Person Person
	Links  []Link
}

// Broken is the first link that does not hold: a failure, else a doubt. False when none is.
func (e Explanation) Broken() (Link, bool) {
	for _, verdict := range []flow.Verdict{flow.Fail, flow.Warn} {
		for _, link := range e.Links {
			if link.Verdict == verdict {
				return link, true
			}
		}
	}
	return Link{}, false
}

// Unknown is how many links could not be judged.
func (e Explanation) Unknown() int {
	count := 0
	for _, link := range e.Links {
		if link.Verdict == flow.Unknown {
			count++
		}
	}
	return count
}

// ErrNoUser says that nobody is called so.
var ErrNoUser = errors.New("no user of this org is called so")

// A SeveralError is that several users are called so.
type SeveralError struct{ People []Person }

func (e *SeveralError) Error() string { return fmt.Sprintf("%d users are called so", len(e.People)) }

// reads are what a chain needs of the org beside the user's own rows.
var reads = []world.Fact{world.SalesforceUser, world.ConnectedApps, world.TicketViewPages, world.RecordPages, world.Profiles}

// Explain finds the user by an id, a username, an e-mail address or a name, and judges each link.
func Explain(ctx context.Context, w *world.World, words string, now func() time.Time) (Explanation, error) {
	org := w.SalesforceClient()
	if org == nil {
		return Explanation{}, &transport.Error{Service: transport.Salesforce, Kind: transport.SignInMissing}
	}
	w.Load(ctx, reads...)
	w.Wait(reads...)
	if user := w.SalesforceUser(); user.Err != nil {
		return Explanation{}, user.Err
	}
	found, err := org.FindUsers(ctx, words)
	switch {
	case err != nil:
		return Explanation{}, err
	case len(found) == 0:
		return Explanation{}, fmt.Errorf("%q: %w", words, ErrNoUser)
	case len(found) > 1:
		several := &SeveralError{}
		for _, user := range found {
			several.People = append(several.People, personOf(user))
		}
		return Explanation{}, several
	}
	read := now()
	access, err := org.UserAccess(ctx, found[0].ID)
	if err != nil {
		return Explanation{}, err
	}
	chain := chain{w: w, user: found[0], access: withoutEnded(access, read), read: read}
	return Explanation{Person: personOf(found[0]), Links: []Link{
		{"licence", chain.licence()},
		{"active", chain.active()},
		{"profile", chain.profile()},
		{"policy", chain.policy()},
		{"grant", chain.grant()},
		{"pages", chain.pages()},
		{"component", chain.component()},
		{"fields", chain.fields()},
	}}, nil
}

func personOf(user salesforce.User) Person {
	return Person{
		ID: user.ID, Name: user.Name, Username: user.Username, Email: user.Email, Profile: user.Profile.Name,
		Licence: user.Profile.UserLicense.Name, Active: user.IsActive,
	}
}

// withoutEnded leaves out what comes by an assignment that is not active, or has expired.
func withoutEnded(access salesforce.UserAccess, now time.Time) salesforce.UserAccess {
	over := map[string]bool{}
	for _, assigned := range access.Assignments {
		if ended(assigned, now) {
			over[assigned.PermissionSetID] = true
		}
	}
	access.Grants = slices.DeleteFunc(access.Grants, func(g salesforce.SetupEntityAccess) bool { return over[g.ParentID] })
	access.Objects = slices.DeleteFunc(access.Objects, func(o salesforce.ObjectPermission) bool { return over[o.ParentID] })
	access.Fields = slices.DeleteFunc(access.Fields, func(f salesforce.FieldPermission) bool { return over[f.ParentID] })
	return access
}

func ended(assigned salesforce.PermissionSetAssignment, now time.Time) bool {
	return !assigned.IsActive || !assigned.ExpirationDate.IsZero() && assigned.ExpirationDate.Before(now)
}

// A chain is what is judged: one user, and what lets him through.
type chain struct {
	w      *world.World
	user   salesforce.User
	access salesforce.UserAccess
	read   time.Time // when the user's rows were read
}

// saw is a fact of the user's own rows.
func (c chain) saw(mark flow.Verdict, source string, fact flow.Text) flow.Evidence {
	return flow.Evidence{Fact: fact, Mark: mark, Source: source, ReadAt: c.read}
}

// untold is the finding of a link whose rows could not be read.
func (c chain) untold(source string, err error) flow.Finding {
	return flow.NotKnown(flow.Say("link.untold", "What", source, "Reason", err)).Because(err)
}

// mend is the remedy of a step, by the page where it is done.
func (c chain) mend(id flow.ID) []flow.Remedy {
	remedies := []flow.Remedy{flow.Run("zsf setup --only "+string(id), flow.Say("link.step"))}
	if way := steps.Way(id, c.w); way.Kind != "" {
		remedies = append(remedies, way)
	}
	return remedies
}
