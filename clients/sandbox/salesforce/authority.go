// Sessions, tokens and the apps that may ask for them.

package salesforce

import (
	"crypto/sha256"
	"encoding/binary"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

const (
	cliClientID         = "PlatformCLI"
	ownClientID         = "3MVG9zsfSandbox.k1VdT0uNq7wGmXcE4rJ2hYb8LsPaFi5oQ6xKtMvWzRnDyUeHgCjBp3A9lS0OiTfX7"
	integrationClientID = "3MVG9zsfSandbox.Zendesk.qT4mB7yXcN2vLpR8sWkJ1dFhGzUe0oIa6Y5"
	maxGrants           = 5                // for a user and an app; the next one revokes the oldest
	codeLives           = 15 * time.Minute // of an authorization code, and of a sign-in that nobody finishes
	tokenLetters        = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._"
)

// The given tokens follow from a fixed text, so that a caller can keep them over resets and scenarios.
var (
	givenAccessToken  = sandboxID + "!AQ" + fixedToken("access", 94)
	givenRefreshToken = "5Aep861" + fixedToken("refresh", 80)
)

// A client is an app that may ask for tokens.
type client struct {
	id, name    string
	redirects   []string
	uninstalled bool // only users who may approve uninstalled apps can let it in
}

func (o *Org) clients() []client {
	own := client{id: ownClientID, name: "zsf"}
	for _, port := range []string{"1717", "7171", "8717"} {
		own.redirects = append(own.redirects, "http://127.0.0.1:"+port+"/callback", "http://localhost:"+port+"/callback")
	}
	_, installed := o.tables["ConnectedApplication"].first("Name", integrationName)
	return []client{
		own,
		{id: cliClientID, name: "Salesforce CLI", redirects: []string{"http://localhost:1717/OauthRedirect"}, uninstalled: true},
		{id: integrationClientID, name: integrationName, redirects: []string{o.callback}, uninstalled: !installed},
	}
}

func (o *Org) clientByID(id string) (client, bool) {
	all := o.clients()
	i := slices.IndexFunc(all, func(c client) bool { return c.id == id })
	if i < 0 {
		return client{}, false
	}
	return all[i], true
}

func (o *Org) clientNamed(id string) string {
	app, _ := o.clientByID(id)
	return app.name
}

// A grant is what a user gave an app; its refresh token stands for it.
type grant struct {
	user, client, scope, refresh string
	token                        string // key of its row in OauthToken
	issued                       time.Time
}

type authority struct {
	sessions map[string]*grant // by access token
	grants   []*grant          // oldest first
	codes    map[string]*codeIssued
	pending  map[string]*signIn
	browsers map[string]string // user id by the cookie of a browser; empty once it is signed out
	approved map[string]bool   // client and user, once Allow was pressed
	blocked  map[string]bool   // by the app's name
}

func (o *Org) openAuthority() {
	o.oauth = authority{
		sessions: map[string]*grant{}, codes: map[string]*codeIssued{}, pending: map[string]*signIn{},
		browsers: map[string]string{}, approved: map[string]bool{}, blocked: map[string]bool{},
	}
	given := o.newGrant(ownClientID, o.cast.signedIn, "refresh_token api web", givenRefreshToken)
	if !o.setup.SessionExpired {
		o.oauth.sessions[givenAccessToken] = given
	}
}

// newGrant keeps a grant, and revokes the oldest of a user and an app who have too many.
func (o *Org) newGrant(clientID, user, scope, refresh string) *grant {
	app, _ := o.clientByID(clientID)
	now := o.now()
	o.addToken(oauthGrant{app: app.name, menu: o.menuItemOf(app.name), user: user, created: now, used: now, count: 1, refresh: refresh})
	rows := o.tables["OauthToken"]
	g := &grant{user: user, client: clientID, scope: scope, refresh: refresh, issued: now, token: newID("0CQ", rows.serial)}
	o.oauth.grants = append(o.oauth.grants, g)
	var same []*grant
	for _, other := range o.oauth.grants {
		if other.client == clientID && other.user == user {
			same = append(same, other)
		}
	}
	if len(same) > maxGrants {
		o.revoke(same[0])
	}
	return g
}

// revoke ends a grant and every session made from it.
func (o *Org) revoke(g *grant) {
	o.oauth.grants = slices.DeleteFunc(o.oauth.grants, func(other *grant) bool { return other == g })
	o.endSessions(func(other *grant) bool { return other == g })
	rows := o.tables["OauthToken"]
	if row, found := rows.byID[g.token]; found {
		rows.drop(&transaction{}, g.token, row)
	}
}

// endSessions makes the access tokens of some grants useless.
func (o *Org) endSessions(of func(*grant) bool) {
	maps.DeleteFunc(o.oauth.sessions, func(_ string, g *grant) bool { return of(g) })
}

func (o *Org) grantByRefresh(token string) *grant {
	for _, g := range o.oauth.grants {
		if g.refresh == token && token != "" {
			return g
		}
	}
	return nil
}

func (o *Org) newSession(g *grant) string {
	token := o.id[:15] + "!AQ" + o.randomText(94)
	o.oauth.sessions[token] = g
	return token
}

func (o *Org) randomText(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = tokenLetters[o.random()%uint64(len(tokenLetters))]
	}
	return string(b)
}

func fixedToken(what string, n int) string {
	b := make([]byte, n)
	for i := range b {
		var place [8]byte
		binary.BigEndian.PutUint64(place[:], uint64(i))
		sum := sha256.Sum256(append([]byte("the zsf sandbox's own "+what+" token "), place[:]...))
		b[i] = tokenLetters[int(sum[0])%len(tokenLetters)]
	}
	return string(b)
}

// session finds who calls. Both schemes that the service takes are taken.
func (o *Org) session(r *http.Request) (user string, problem *answer) {
	header := r.Header.Get("Authorization")
	if header == "" {
		refused := expired()
		return "", &refused
	}
	token, isToken := bearer(header)
	if !isToken {
		refused := fail(http.StatusUnauthorized, "INVALID_AUTH_HEADER", "INVALID_AUTH_HEADER")
		return "", &refused
	}
	if user = o.sessionByToken(token); user == "" {
		refused := expired()
		return "", &refused
	}
	return user, nil
}

func bearer(header string) (token string, ok bool) {
	scheme, token, ok := strings.Cut(header, " ")
	return strings.TrimSpace(token), ok && (strings.EqualFold(scheme, "Bearer") || strings.EqualFold(scheme, "OAuth"))
}

// sessionByToken gives the user of a live access token, or nothing.
func (o *Org) sessionByToken(token string) string {
	o.mu.RLock()
	defer o.mu.RUnlock()
	if g, found := o.oauth.sessions[token]; found && token != "" {
		return g.user
	}
	return ""
}
