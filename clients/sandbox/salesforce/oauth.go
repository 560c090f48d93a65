// OAuth: tokens for codes and refresh tokens, revocation, introspection, and who a token belongs to.

package salesforce

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// serveOAuth answers the endpoints of the login host. They work while the API does not.
func (o *Org) serveOAuth(w http.ResponseWriter, r *http.Request, escaped string) {
	switch escaped {
	case "/services/oauth2/authorize":
		o.authorize(w, r)
	case "/services/oauth2/token":
		o.write(w, r, o.token(r), false)
	case "/services/oauth2/revoke":
		o.write(w, r, o.revokeToken(r), false)
	case "/services/oauth2/introspect":
		o.write(w, r, o.introspect(r), false)
	case "/services/oauth2/userinfo":
		o.identify(w, r, "")
	case "/.well-known/openid-configuration":
		o.write(w, r, o.discovery(), false)
	case "/id/keys":
		o.write(w, r, ok(document{{"keys", []any{}}}), false)
	default:
		if parts := segments(escaped); len(parts) == 3 && parts[0] == "id" {
			o.identify(w, r, escaped)
			return
		}
		o.write(w, r, oauthError(http.StatusNotFound, "not_found", "The requested resource does not exist"), false)
	}
}

func oauthError(status int, code, description string) answer {
	return answer{status: status, body: document{{"error", code}, {"error_description", description}}}
}

func badGrant(description string) answer {
	return oauthError(http.StatusBadRequest, "invalid_grant", description)
}

// token trades a code or a refresh token for an access token.
func (o *Org) token(r *http.Request) answer {
	if r.Method != http.MethodPost {
		return oauthError(http.StatusBadRequest, "invalid_request", "must use HTTP POST")
	}
	if err := r.ParseForm(); err != nil {
		return oauthError(http.StatusBadRequest, "invalid_request", "the form could not be read")
	}
	kind := r.PostForm.Get("grant_type")
	switch kind {
	case "authorization_code", "refresh_token":
	case "password":
		return badGrant("authentication failure")
	case "client_credentials":
		return badGrant("no client credentials user enabled")
	case "":
		return oauthError(http.StatusBadRequest, "unsupported_grant_type", "grant type not supported")
	default:
		return oauthError(http.StatusBadRequest, "unsupported_grant_type", "grant type not supported")
	}
	id := r.PostForm.Get("client_id")
	if name, _, sent := r.BasicAuth(); id == "" && sent {
		id = name
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if _, known := o.clientByID(id); !known {
		return oauthError(http.StatusBadRequest, "invalid_client_id", "client identifier invalid")
	}
	if kind == "refresh_token" {
		return o.refresh(id, r.PostForm.Get("refresh_token"))
	}
	return o.redeem(id, r.PostForm)
}

func (o *Org) refresh(clientID, token string) answer {
	g := o.grantByRefresh(token)
	if g == nil || g.client != clientID {
		return badGrant("expired access/refresh token")
	}
	o.countUse(g)
	return ok(o.tokenAnswer(g, o.newSession(g), ""))
}

// countUse notes in OauthToken that a grant was used once more.
func (o *Org) countUse(g *grant) {
	if row, found := o.tables["OauthToken"].byID[g.token]; found {
		count, _ := row.values["UseCount"].(int64)
		row.values["UseCount"], row.values["LastUsedDate"] = count+1, o.now()
	}
}

// redeem trades an authorization code; a code works once.
func (o *Org) redeem(clientID string, form url.Values) answer {
	code := form.Get("code")
	issued, found := o.oauth.codes[code]
	switch {
	case !found:
		return badGrant("invalid authorization code")
	case issued.spent || o.now().Sub(issued.at) > codeLives:
		return badGrant("expired authorization code")
	case issued.request.client.id != clientID:
		return badGrant("invalid authorization code")
	case issued.request.redirect != form.Get("redirect_uri"):
		return oauthError(http.StatusBadRequest, "redirect_uri_mismatch", "redirect_uri must match configuration")
	}
	verifier := form.Get("code_verifier")
	if challenge := issued.request.challenge; challenge != "" {
		if verifier == "" {
			return badGrant("missing required code verifier")
		}
		if !answers(challenge, verifier) {
			return oauthError(http.StatusBadRequest, "invalid_request", "invalid code verifier")
		}
	}
	issued.spent = true
	g := o.newGrant(clientID, issued.user, issued.request.scope, "5Aep861"+o.randomText(80))
	o.logIn(loginRecord{user: g.user, at: o.now(), kind: "Remote Access 2.0", app: issued.request.client.name, ip: "127.0.0.1"})
	refresh := g.refresh
	if !strings.Contains(g.scope, "refresh_token") && !strings.Contains(g.scope, "offline_access") {
		refresh = ""
	}
	return ok(o.tokenAnswer(g, o.newSession(g), refresh))
}

// answers tells whether a verifier belongs to an S256 challenge (RFC 7636, section 4.6).
func answers(challenge, verifier string) bool {
	sum := sha256.Sum256([]byte(verifier))
	want := base64.RawURLEncoding.EncodeToString(sum[:])
	return subtle.ConstantTimeCompare([]byte(strings.TrimRight(challenge, "=")), []byte(want)) == 1
}

// tokenAnswer has no expires_in: the service tells none.
func (o *Org) tokenAnswer(g *grant, access, refresh string) document {
	issued := strconv.FormatInt(o.clock().UnixMilli(), 10)
	signature := sha256.Sum256([]byte(o.identityURL(g.user) + issued))
	d := document{{"access_token", access}}
	if refresh != "" {
		d = append(d, member{"refresh_token", refresh})
	}
	return append(d,
		member{"signature", base64.StdEncoding.EncodeToString(signature[:])}, member{"scope", g.scope},
		member{"instance_url", o.base}, member{"id", o.identityURL(g.user)}, member{"token_type", "Bearer"}, member{"issued_at", issued})
}

func (o *Org) identityURL(user string) string { return o.base + "/id/" + o.id + "/" + user }

// revokeToken ends an access token, or a refresh token and all that came from it.
func (o *Org) revokeToken(r *http.Request) answer {
	if err := r.ParseForm(); err != nil {
		return oauthError(http.StatusBadRequest, "invalid_request", "the form could not be read")
	}
	token := r.Form.Get("token")
	o.mu.Lock()
	defer o.mu.Unlock()
	if g := o.grantByRefresh(token); g != nil {
		o.revoke(g)
		return answer{status: http.StatusOK}
	}
	if _, live := o.oauth.sessions[token]; live && token != "" {
		delete(o.oauth.sessions, token)
		return answer{status: http.StatusOK}
	}
	return oauthError(http.StatusBadRequest, "invalid_token", "The token is invalid or has already been revoked.")
}

// introspect tells a client about a token of its own (RFC 7662).
func (o *Org) introspect(r *http.Request) answer {
	if err := r.ParseForm(); err != nil || r.Method != http.MethodPost {
		return oauthError(http.StatusBadRequest, "invalid_request", "must use HTTP POST")
	}
	id := r.PostForm.Get("client_id")
	if name, _, sent := r.BasicAuth(); sent {
		id = name
	}
	token := r.PostForm.Get("token")
	o.mu.RLock()
	defer o.mu.RUnlock()
	if _, known := o.clientByID(id); !known {
		return oauthError(http.StatusUnauthorized, "invalid_client", "invalid client credentials")
	}
	g, kind := o.oauth.sessions[token], "access_token"
	if g == nil {
		g, kind = o.grantByRefresh(token), "refresh_token"
	}
	if g == nil || g.client != id {
		return ok(document{{"active", false}})
	}
	user, _, _ := o.tables["User"].find(g.user)
	issued := g.issued.Unix()
	return ok(document{
		{"active", true},
		{"scope", g.scope},
		{"client_id", g.client},
		{"username", user.Value("Username")},
		{"sub", o.identityURL(g.user)},
		{"token_type", kind},
		{"exp", o.now().Add(2 * time.Hour).Unix()},
		{"iat", issued},
		{"nbf", issued},
	})
}

func (o *Org) discovery() answer {
	oauth := o.base + "/services/oauth2/"
	list := func(words string) []any {
		fields := strings.Fields(words)
		all := make([]any, len(fields))
		for i, word := range fields {
			all[i] = word
		}
		return all
	}
	return ok(document{
		{"issuer", o.base},
		{"authorization_endpoint", oauth + "authorize"},
		{"token_endpoint", oauth + "token"},
		{"revocation_endpoint", oauth + "revoke"},
		{"userinfo_endpoint", oauth + "userinfo"},
		{"jwks_uri", o.base + "/id/keys"},
		{"introspection_endpoint", oauth + "introspect"},
		{"scopes_supported", list(knownScopes)},
		{"response_types_supported", list("code")},
		{"subject_types_supported", list("public")},
		{"code_challenge_methods_supported", list("S256")},
		{"token_endpoint_auth_methods_supported", list("client_secret_post client_secret_basic none")},
		{"display_values_supported", list("page popup touch")},
	})
}
