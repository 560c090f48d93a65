// How many organizations and users carry a Salesforce id as their external id.

package zendesk

import (
	"context"
	"net/url"
	"slices"
	"strings"
)

// linkedPages are how many pages a count reads: of 1,000 records it is exact, and it never takes long. No
// documented search finds external ids by how they begin.
const linkedPages = 10

// The beginnings of Salesforce ids, by object.
const (
	AccountID = "001"
	ContactID = "003"
	LeadID    = "00Q"
)

// A Linked is how many records carry a Salesforce id.
type Linked struct {
	ByPrefix map[string]int // how many external ids begin so: 001
	Looked   int            // records that were looked at
	Whole    bool           // there are no others
}

// LinkedOrganizations counts organizations that carry an account's id.
func (c *Client) LinkedOrganizations(ctx context.Context) (Linked, error) {
	return countLinked(ctx, c, "/api/v2/organizations", "organizations", nil, AccountID)
}

// LinkedUsers counts end users that carry the id of a contact or a lead.
func (c *Client) LinkedUsers(ctx context.Context) (Linked, error) {
	return countLinked(ctx, c, "/api/v2/users", "users", url.Values{"role": {"end-user"}}, ContactID, LeadID)
}

func countLinked(ctx context.Context, c *Client, path, key string, filter url.Values, prefixes ...string) (Linked, error) {
	type record struct {
		ExternalID string `json:"external_id"`
	}
	records, more, err := firstPages[record](ctx, c, path, key, filter, linkedPages)
	if err != nil {
		return Linked{}, err
	}
	linked := Linked{ByPrefix: map[string]int{}, Looked: len(records), Whole: !more}
	for _, prefix := range prefixes {
		linked.ByPrefix[prefix] = 0
	}
	for _, one := range records {
		at := slices.IndexFunc(prefixes, func(prefix string) bool { return strings.HasPrefix(one.ExternalID, prefix) })
		if at >= 0 && (len(one.ExternalID) == 15 || len(one.ExternalID) == 18) {
			linked.ByPrefix[prefixes[at]]++
		}
	}
	return linked, nil
}
