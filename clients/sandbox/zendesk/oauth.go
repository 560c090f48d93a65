package zendesk

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	publicClient       = "zsf"
	confidentialClient = "zsf_unattended"
)

// The given tokens are the same for every account, so that a reset does not sign anybody out.
var (
	givenAccessToken  = derived("access token", "given")
	givenRefreshToken = derived("refresh token", "given")
	givenScopes       = []string{"read", "tickets:write", "organizations:write", "triggers:write"}
)

// derived makes secrets that are the same in every run, 64 characters like the service's own.
func derived(kind, of string) string {
	sum := sha256.Sum256([]byte("zsf sandbox " + kind + " " + of))
	return hex.EncodeToString(sum[:])
}

// A client is an OAuth client of this account.
type client struct {
	ID           int64
	Identifier   string
	Name         string
	Company      string
	Description  string
	Kind         string // public or confidential
	Secret       string
	RedirectURIs []string
	UserID       int64 // who made it
	CreatedAt    time.Time
}

// A token is a pair of an access and a refresh token; the second is empty where the grant has none.
type token struct {
	ID               int64
	UserID           int64
	ClientID         int64
	Access           string
	Refresh          string
	Scopes           []string
	CreatedAt        time.Time
	UsedAt           time.Time
	ExpiresAt        time.Time
	RefreshExpiresAt time.Time
}

// A grant is what an authorization code stands for.
type grant struct {
	client      *client
	userID      int64
	redirectURI string
	scopes      []string
	challenge   string // S256, empty without PKCE
	expires     time.Time
}

type oauth struct {
	clients   []client
	tokens    []*token // live and expired ones, not those revoked
	codes     map[string]grant
	sessions  map[string]int64 // cookie → user
	made      int              // tokens ever made
	codesMade int
}

func newOAuth(a *Account, redirects []string) oauth {
	if redirects == nil {
		redirects = RedirectURIs
	}
	made := func(n int, identifier, name, kind string, redirects []string) client {
		return client{
			ID: clientIDs.id(n), Identifier: identifier, Name: name, Company: "Helpdesk", Kind: kind, Secret: derived("secret", identifier),
			RedirectURIs: redirects, UserID: staffID(owner), CreatedAt: a.opened.Add(time.Duration(n) * 900 * time.Hour),
		}
	}
	o := oauth{codes: map[string]grant{}, sessions: map[string]int64{}, clients: []client{
		made(0, publicClient, "zsf", "public", redirects),
		made(1, confidentialClient, "zsf, unattended", "confidential", []string{}),
		made(2, "salesforce_integration", "Salesforce Integration", "confidential", []string{"https://salesforce-integration.example/oauth/callback"}),
	}}
	expires := a.started.Add(longestAccess)
	if a.setup.TokenExpired {
		expires = a.started.Add(-time.Minute)
	}
	o.tokens = append(o.tokens, &token{
		ID: tokenIDs.id(0), UserID: staffID(signedIn), ClientID: o.clients[0].ID, Access: givenAccessToken, Refresh: givenRefreshToken,
		Scopes: givenScopes, CreatedAt: a.started.Add(-2 * time.Minute), UsedAt: a.started.Add(-2 * time.Minute),
		ExpiresAt: expires, RefreshExpiresAt: a.started.Add(longestRefresh),
	})
	o.made = 1
	return o
}

// live finds a good access token.
func (o *oauth) live(access string, now time.Time) *token {
	for _, t := range o.tokens {
		if t.Access == access && now.Before(t.ExpiresAt) {
			return t
		}
	}
	return nil
}

func (o *oauth) client(identifier string) *client {
	for i := range o.clients {
		if o.clients[i].Identifier == identifier {
			return &o.clients[i]
		}
	}
	return nil
}

func (o *oauth) revoke(t *token) {
	o.tokens = slices.DeleteFunc(o.tokens, func(other *token) bool { return other == t })
}

// issue makes a new pair; without a refresh token when refreshFor is 0.
func (o *oauth) issue(c *client, userID int64, scopes []string, now time.Time, accessFor, refreshFor time.Duration) *token {
	serial := strconv.Itoa(o.made)
	t := &token{
		ID: tokenIDs.id(o.made), UserID: userID, ClientID: c.ID, Access: derived("access token", serial), Scopes: scopes,
		CreatedAt: now, UsedAt: now, ExpiresAt: now.Add(accessFor),
	}
	if refreshFor > 0 {
		t.Refresh, t.RefreshExpiresAt = derived("refresh token", serial), now.Add(refreshFor)
	}
	o.made++
	o.tokens = append(o.tokens, t)
	return t
}

// scopesOf reads a scope parameter. An empty one gives full access.
func scopesOf(scope string) []string {
	if words := strings.Fields(scope); len(words) > 0 {
		return words
	}
	return []string{"read", "write"}
}

// allows tells whether the token has any of these scopes. Writing does not imply reading.
func (t *token) allows(anyOf []string) bool {
	return t != nil && slices.ContainsFunc(anyOf, func(scope string) bool { return slices.Contains(t.Scopes, scope) })
}

// knownResources are those that scopes can name (the vendor's reference), each with :read and :write.
var knownResources = []string{
	"tickets", "users", "auditlogs", "organizations", "hc", "apps", "triggers", "automations", "targets", "webhooks", "macros", "requests",
	"satisfaction_ratings", "dynamic_content", "any_channel", "web_widget", "account_settings",
}

// useful tells whether any scope of the token is one that the service knows; a token without any is refused everywhere.
func (t *token) useful() bool {
	return slices.ContainsFunc(t.Scopes, func(scope string) bool {
		resource, level, granular := strings.Cut(scope, ":")
		if !granular {
			return scope == "read" || scope == "write" || scope == "impersonate"
		}
		return slices.Contains(knownResources, resource) && (level == "read" || level == "write")
	})
}

func (a *Account) tokenEndpoints() []endpoint {
	return []endpoint{
		{pattern: "GET /api/v2/oauth/clients", action: "oauth/clients/index", admins: true, do: a.listClients},
		{pattern: "GET /api/v2/oauth/tokens/{id}", action: "oauth/tokens/show", open: true, do: a.withToken(a.showToken)},
		{pattern: "DELETE /api/v2/oauth/tokens/{id}", action: "oauth/tokens/destroy", open: true, do: a.withToken(func(_ *call, t *token) answer {
			a.oauth.revoke(t)
			return noContent()
		})},
		{pattern: "POST /oauth/tokens", action: "oauth/tokens/create", open: true, do: a.grantToken},
	}
}

// withToken looks up the {id} of the path, or the caller's own token for "current".
// Everybody may see and revoke their own, admins anybody's.
func (a *Account) withToken(do func(*call, *token) answer) func(*call) answer {
	return func(c *call) answer {
		if c.user == nil {
			return notAuthenticated()
		}
		if c.request.PathValue("id") == "current" {
			return do(c, c.token)
		}
		id, numeric := c.id()
		if !numeric {
			return invalidEndpoint()
		}
		for _, t := range a.oauth.tokens {
			if t.ID == id && (t.UserID == c.user.ID || c.admin()) {
				return do(c, t)
			}
		}
		return recordNotFound()
	}
}

// showToken shows the first ten characters of each secret.
func (a *Account) showToken(c *call, t *token) answer {
	if !c.token.useful() {
		return missingScope([]string{"read"})
	}
	shown := object{
		{"url", a.resource("oauth/tokens", t.ID)},
		{"id", t.ID},
		{"user_id", t.UserID},
		{"client_id", t.ClientID},
		{"token", t.Access[:10]},
		{"created_at", t.CreatedAt},
		{"used_at", t.UsedAt},
		{"scopes", t.Scopes},
		{"expires_at", t.ExpiresAt},
	}
	if t.Refresh != "" {
		shown = append(shown, member{"refresh_token", t.Refresh[:10]}, member{"refresh_token_expires_at", t.RefreshExpiresAt})
	}
	return answer{status: http.StatusOK, body: object{{"token", shown}}}
}

// listClients shows the first nine characters of each secret.
func (a *Account) listClients(c *call) answer {
	show := func(one client) any {
		return object{
			{"id", one.ID},
			{"url", a.resource("oauth/clients", one.ID)},
			{"identifier", one.Identifier},
			{"name", one.Name},
			{"company", one.Company},
			{"description", one.Description},
			{"kind", one.Kind},
			{"redirect_uri", one.RedirectURIs},
			{"secret", one.Secret[:9]},
			{"global", false},
			{"user_id", one.UserID},
			{"created_at", one.CreatedAt},
			{"updated_at", one.CreatedAt},
		}
	}
	at := func(one client) position { return position{one.ID} }
	return page(a, c, wholeList("clients", "oauth/clients", "id", a.oauth.clients, at, show))
}
