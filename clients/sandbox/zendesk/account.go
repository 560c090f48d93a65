package zendesk

import (
	"cmp"
	"net/http"
	"strings"
	"sync"
	"time"

	"zsf/clients/sandbox/seed"
)

// OtherOrgID is the Salesforce org whose triggers and webhook exist too under Setup.OtherOrg.
var OtherOrgID = seed.WithChecksum("00D5g00000TqWzx")

// RedirectURIs are the addresses that the account's public OAuth client is registered with.
// The service compares them as they are; no other port will do.
var RedirectURIs = []string{
	"http://127.0.0.1:8765/callback", "http://127.0.0.1:8766/callback", "http://127.0.0.1:8767/callback",
	"http://localhost:8765/callback", "http://localhost:8766/callback", "http://localhost:8767/callback",
}

// Options are what an Account is made from.
type Options struct {
	Setup        Setup
	Seed         *seed.Seed       // whose accounts are organizations, and contacts users; nothing when nil
	URL          string           // the account's own address, without a slash at the end
	Clock        func() time.Time // tells token ages and rate limits
	RedirectURIs []string         // of the public OAuth client; the list above when nil
	Salesforce   Salesforce       // the org that can be connected; none when nil
}

// Credentials are what a client needs to sign in.
type Credentials struct {
	URL          string
	ClientID     string // of a public OAuth client
	Email        string // of the signed-in user
	AccessToken  string // with the scopes read tickets:write organizations:write triggers:write
	RefreshToken string
}

// An Account is one Zendesk account. It serves requests at the same time, one change after the other.
type Account struct {
	setup Setup
	seed  *seed.Seed
	url   string
	clock func() time.Time
	mux   *http.ServeMux

	started time.Time // when this Account was made
	opened  time.Time // when the company opened it, years before

	mu            sync.Mutex // guards all below
	requests      int
	windows       map[string]*window
	organizations organizations
	users         users
	memberships   memberships
	tickets       tickets
	triggers      triggers
	webhooks      webhooks
	files         files
	jobs          map[string]job
	oauth         oauth
	integration   integration
}

// New opens an account as o.Setup tells. Nothing of the seed's business is made before it is asked for.
func New(o Options) *Account {
	a := &Account{
		setup:   o.Setup,
		seed:    cmp.Or(o.Seed, &seed.Seed{}),
		url:     strings.TrimSuffix(o.URL, "/"),
		clock:   o.Clock,
		windows: map[string]*window{},
	}
	a.started = a.now()
	a.opened = a.started.AddDate(-6, -1, 0).Truncate(24 * time.Hour)
	a.organizations = newOrganizations(a)
	a.users = newUsers(a)
	a.memberships = newMemberships(a)
	a.webhooks = newWebhooks(a)
	a.triggers = newTriggers(a)
	a.oauth = newOAuth(a, o.RedirectURIs)
	a.integration = newIntegration(a, o.Salesforce)
	a.mux = a.routes()
	return a
}

// SalesforceCallback is where the integration's people come back to from Salesforce, of an account at that address.
func SalesforceCallback(address string) string { return address + integrationPath + "/callback" }

// Credentials are the same for every Account at that address, so that they outlive a reset.
func (a *Account) Credentials() Credentials {
	return Credentials{URL: a.url, ClientID: publicClient, Email: a.signedIn().Email.value(), AccessToken: givenAccessToken, RefreshToken: givenRefreshToken}
}

func (a *Account) now() time.Time { return a.clock().UTC().Truncate(time.Second) }

func (a *Account) korean() bool { return a.setup.Language == "ko" }
