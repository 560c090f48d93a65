// Which organizations and users of Zendesk a record stands for.

package tickets

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"zsf/clients/salesforce"
	"zsf/clients/transport"
)

// By is what a record is matched by.
type By string

// The ways to match.
const (
	AsIntegration By = ""            // the exact link, else as the integration does
	ByExternalID  By = "external-id" // an organization or user that carries the Salesforce id
	ByName        By = "name"        // the organization that is called like the account
	ByEmail       By = "email"       // the user with that address
	ByDomain      By = "domain"      // the organizations that take users of the domain
)

// Ways are all of them.
var Ways = []By{ByExternalID, ByName, ByEmail, ByDomain}

// The kinds of targets.
const (
	OfOrganization = "organization"
	OfUser         = "user"
)

// A Target is an organization or a user whose tickets are the record's.
type Target struct {
	Kind string
	ID   int64
	Name string
}

// A Match is what a record was matched by, and what that found: nothing, one, or several.
type Match struct {
	By      By
	Values  []string // what was compared: the account's name, an address, an id
	Targets []Target
	Others  []By // ways that may find something, too
	Asked   By   // the way that was asked for; AsIntegration where nobody chose one, for this record or for the profile

	Beside []Beside // what the account's contacts and child accounts stand for, where they were asked for
	With   []Reach  // how far that went
}

// values are what a record can be matched by; empty where it cannot be.
func (r Record) values(by By) []string {
	var values []string
	switch by {
	case ByExternalID:
		switch r.Object {
		case salesforce.AccountObject, salesforce.OpportunityObject:
			values = []string{r.AccountID}
		case salesforce.LeadObject:
			values = []string{r.ID}
			if r.Converted != nil {
				values = append(values, r.Converted.ContactID)
			}
		default:
			values = []string{r.ID}
		}
	case ByName:
		values = []string{r.AccountName}
	case ByEmail:
		values = []string{r.Email}
	case ByDomain:
		values = []string{domainOf(r.Email, r.Website)}
	}
	return slices.DeleteFunc(values, func(value string) bool { return strings.TrimSpace(value) == "" })
}

// domainOf is the domain of an address, else of a web site.
func domainOf(email, website string) string {
	if at := strings.LastIndexByte(email, '@'); at >= 0 {
		return strings.ToLower(strings.TrimSpace(email[at+1:]))
	}
	if website == "" {
		return ""
	}
	if !strings.Contains(website, "://") {
		website = "https://" + website
	}
	address, err := url.Parse(strings.TrimSpace(website))
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(strings.ToLower(address.Hostname()), "www.")
}

// ofIntegration are the ways that count where nobody chose one, in their order.
func (r Record) ofIntegration() []By {
	ways := []By{ByExternalID, ByName}
	switch {
	case r.Object == salesforce.ContactObject || r.Object == salesforce.LeadObject:
		ways = []By{ByExternalID, ByEmail}
	case r.Email != "": // a person account is an organization or a user, as the integration was told
		ways = append(ways, ByEmail)
	}
	return slices.DeleteFunc(ways, func(by By) bool { return len(r.values(by)) == 0 })
}

// Ways are those in which the record can be matched.
func (r Record) Ways() []By {
	return slices.DeleteFunc(slices.Clone(Ways), func(by By) bool { return len(r.values(by)) == 0 })
}

// Match finds what a record stands for. All ways that count are asked at once, the first that finds something is used.
// A match without targets is no error.
func (d *Desk) Match(ctx context.Context, record Record, by By) (Match, error) {
	if d.account == nil {
		return Match{}, &transport.Error{Service: transport.Zendesk, Kind: transport.SignInMissing}
	}
	asked := d.way(by)
	ways := record.ofIntegration()
	switch {
	case by == AsIntegration && len(record.values(asked)) > 0:
		ways = []By{asked}
	case by != AsIntegration:
		ways = []By{by}
		if len(record.values(by)) == 0 {
			return Match{}, &NoWayError{By: by, Record: record}
		}
	}
	if len(ways) == 0 { // an opportunity without an account
		return Match{By: ByName, Asked: asked}, nil
	}
	found := make([][]Target, len(ways))
	var calls errgroup.Group
	for i, way := range ways {
		calls.Go(func() (err error) {
			found[i], err = d.targets(ctx, record, way)
			return err
		})
	}
	if err := calls.Wait(); err != nil {
		return Match{}, err //nolint:wrapcheck // a service's own error
	}
	used := len(ways) - 1
	for i := range ways {
		if len(found[i]) > 0 {
			used = i
			break
		}
	}
	match := Match{By: ways[used], Values: record.values(ways[used]), Targets: found[used], Asked: asked}
	for _, way := range Ways {
		at := slices.Index(ways, way)
		if way != match.By && len(record.values(way)) > 0 && (at < 0 || len(found[at]) > 0) {
			match.Others = append(match.Others, way)
		}
	}
	return match, nil
}

// targets asks Zendesk in one way.
func (d *Desk) targets(ctx context.Context, record Record, by By) ([]Target, error) {
	values := record.values(by)
	isCompany := record.Object == salesforce.AccountObject || record.Object == salesforce.OpportunityObject
	switch {
	case by == ByExternalID && isCompany:
		return d.organizationsByID(ctx, values)
	case by == ByExternalID:
		return d.usersByID(ctx, values)
	case by == ByEmail:
		found, err := d.account.UsersByEmail(ctx, values[0])
		d.note(transport.Zendesk, "users/search email:"+values[0], len(found), err)
		return targetsOf(OfUser, found, func(u zendeskUser) (int64, string) { return u.ID, nameOf(u) }), err
	case by == ByDomain:
		found, err := d.account.OrganizationsByDomain(ctx, values[0])
		d.note(transport.Zendesk, "search type:organization "+values[0], len(found), err)
		return targetsOf(OfOrganization, found, idAndName), err
	}
	found, err := d.account.OrganizationsByName(ctx, values[0])
	d.note(transport.Zendesk, "organizations/search name="+values[0], len(found), err)
	return targetsOf(OfOrganization, found, idAndName), err
}

func (d *Desk) organizationsByID(ctx context.Context, ids []string) ([]Target, error) {
	found, err := d.account.OrganizationsByExternalID(ctx, bothForms(ids)...)
	found = slices.DeleteFunc(found, func(o zendeskOrganization) bool { return !isOneOf(o.ExternalID, ids) })
	d.note(transport.Zendesk, "organizations/show_many external_ids="+strings.Join(ids, ","), len(found), err)
	return targetsOf(OfOrganization, found, idAndName), err
}

func (d *Desk) usersByID(ctx context.Context, ids []string) ([]Target, error) {
	found, err := d.account.UsersByExternalID(ctx, bothForms(ids)...)
	found = slices.DeleteFunc(found, func(u zendeskUser) bool { return !isOneOf(u.ExternalID, ids) })
	d.note(transport.Zendesk, "users/show_many external_ids="+strings.Join(ids, ","), len(found), err)
	return targetsOf(OfUser, found, func(u zendeskUser) (int64, string) { return u.ID, nameOf(u) }), err
}

// bothForms adds to each id its form of 15 characters: older links carry that one.
func bothForms(ids []string) []string {
	var both []string
	for _, id := range ids {
		both = append(both, id)
		if len(id) == 18 {
			both = append(both, id[:15])
		}
	}
	return both
}

// isOneOf looks again at what Zendesk found: the 15 characters of two records can differ by nothing but case.
func isOneOf(externalID string, ids []string) bool {
	return slices.ContainsFunc(ids, func(id string) bool {
		return salesforce.SameID(externalID, id) || len(id) == 18 && strings.EqualFold(externalID, id)
	})
}

func targetsOf[T any](kind string, found []T, of func(T) (int64, string)) []Target {
	var targets []Target
	for _, one := range found {
		id, name := of(one)
		targets = append(targets, Target{kind, id, name})
	}
	return targets
}
