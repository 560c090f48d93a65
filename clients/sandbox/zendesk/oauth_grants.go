package zendesk

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// How long tokens may live, and do when nobody asks (support.zendesk.com articles 9182123625370 and 10212201463962).
const (
	codeLife        = 120 * time.Second
	shortestAccess  = 5 * time.Minute
	defaultAccess   = 30 * time.Minute
	longestAccess   = 48 * time.Hour
	shortestRefresh = 7 * 24 * time.Hour
	defaultRefresh  = 30 * 24 * time.Hour
	longestRefresh  = 90 * 24 * time.Hour
)

func grantRefused(status int, code, description string) answer {
	return answer{status: status, body: object{{"error", code}, {"error_description", description}}}
}

func invalidRequest(description string) answer {
	return grantRefused(http.StatusBadRequest, "invalid_request", description)
}

func invalidGrant() answer {
	return grantRefused(http.StatusBadRequest, "invalid_grant", "The provided authorization grant (e.g., authorization code, resource owner credentials) or refresh token is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client.")
}

func invalidClient() answer {
	return grantRefused(http.StatusUnauthorized, "invalid_client", "Client authentication failed (e.g., unknown client, no client authentication included, or unsupported authentication method).")
}

// grantToken is POST /oauth/tokens: a code, a refresh token or a confidential client's secret for a new pair.
func (a *Account) grantToken(c *call) answer {
	sent, readable := tokenRequest(c)
	if !readable {
		return invalidRequest("The request body must be JSON.")
	}
	accessFor, refreshFor, refused := lifetimes(sent)
	if refused != nil {
		return *refused
	}
	kind := sent["grant_type"]
	if kind == "" {
		return invalidRequest("The request is missing a required parameter: grant_type.")
	}
	who := a.oauth.client(sent["client_id"])
	if who == nil || !who.proven(sent) {
		return invalidClient()
	}
	switch kind {
	case "authorization_code":
		return a.exchange(who, sent, accessFor, refreshFor)
	case "refresh_token":
		return a.refresh(who, sent["refresh_token"], accessFor, refreshFor)
	case "client_credentials":
		if who.Kind != "confidential" {
			return grantRefused(http.StatusBadRequest, "unauthorized_client", "The client is not authorized to request a token using this method.")
		}
		return granted(a.oauth.issue(who, who.UserID, scopesOf(sent["scope"]), a.now(), accessFor, 0), a.now())
	}
	return grantRefused(http.StatusBadRequest, "unsupported_grant_type", "The authorization grant type is not supported by the authorization server.")
}

// tokenRequest reads JSON, whose numbers may be texts, or a form.
func tokenRequest(c *call) (map[string]string, bool) {
	sent := map[string]string{}
	if strings.HasPrefix(c.request.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		form, err := url.ParseQuery(string(c.body))
		for key := range form {
			sent[key] = form.Get(key)
		}
		return sent, err == nil
	}
	var body map[string]any
	if json.Unmarshal(c.body, &body) != nil {
		return nil, false
	}
	for key, value := range body {
		switch value := value.(type) {
		case string:
			sent[key] = value
		case float64:
			sent[key] = strconv.FormatFloat(value, 'f', -1, 64)
		case []any: // ["read", "write"] is not a scope that exists, and is taken all the same
			raw, _ := json.Marshal(value)
			sent[key] = strings.ReplaceAll(string(raw), " ", "")
		}
	}
	return sent, true
}

// proven tells whether the client is who it says: a public one without a secret, a confidential one by its secret
// or, for a code, by PKCE. A wrong secret is wrong for both.
func (c *client) proven(sent map[string]string) bool {
	if secret := sent["client_secret"]; secret != "" {
		return subtle.ConstantTimeCompare([]byte(secret), []byte(c.Secret)) == 1
	}
	return c.Kind == "public" || sent["grant_type"] == "authorization_code" && sent["code_verifier"] != ""
}

func lifetimes(sent map[string]string) (access, refresh time.Duration, refused *answer) {
	access, refresh = defaultAccess, defaultRefresh
	for _, asked := range []struct {
		name              string
		into              *time.Duration
		shortest, longest time.Duration
	}{{"expires_in", &access, shortestAccess, longestAccess}, {"refresh_token_expires_in", &refresh, shortestRefresh, longestRefresh}} {
		if sent[asked.name] == "" {
			continue
		}
		seconds, err := strconv.Atoi(sent[asked.name])
		life := time.Duration(seconds) * time.Second
		if err != nil || life < asked.shortest || life > asked.longest {
			wrong := invalidRequest(asked.name + " must be between " + strconv.Itoa(int(asked.shortest.Seconds())) + " and " + strconv.Itoa(int(asked.longest.Seconds())) + " seconds.")
			return 0, 0, &wrong
		}
		*asked.into = life
	}
	return access, refresh, nil
}

// exchange takes a code once, within two minutes, from the client and for the address that it was made for.
func (a *Account) exchange(who *client, sent map[string]string, accessFor, refreshFor time.Duration) answer {
	code, known := a.oauth.codes[sent["code"]]
	delete(a.oauth.codes, sent["code"])
	now := a.now()
	switch {
	case !known, code.client != who, !now.Before(code.expires), code.redirectURI != sent["redirect_uri"]:
		return invalidGrant()
	case code.challenge != "" && !verifies(sent["code_verifier"], code.challenge):
		return invalidGrant()
	}
	return granted(a.oauth.issue(who, code.userID, code.scopes, now, accessFor, refreshFor), now)
}

// verifies is PKCE's S256 (RFC 7636).
func verifies(verifier, challenge string) bool {
	if len(verifier) < 43 || len(verifier) > 128 {
		return false
	}
	sum := sha256.Sum256([]byte(verifier))
	return subtle.ConstantTimeCompare([]byte(base64.RawURLEncoding.EncodeToString(sum[:])), []byte(challenge)) == 1
}

// refresh gives a new pair for the old one, which is dead from then on.
func (a *Account) refresh(who *client, secret string, accessFor, refreshFor time.Duration) answer {
	now := a.now()
	for _, t := range a.oauth.tokens {
		if secret != "" && t.Refresh == secret && t.ClientID == who.ID && now.Before(t.RefreshExpiresAt) {
			a.oauth.revoke(t)
			return granted(a.oauth.issue(who, t.UserID, t.Scopes, now, accessFor, refreshFor), now)
		}
	}
	return invalidGrant()
}

func granted(t *token, now time.Time) answer {
	body := object{{"access_token", t.Access}}
	if t.Refresh != "" {
		body = append(body, member{"refresh_token", t.Refresh})
	}
	body = append(body, member{"token_type", "bearer"}, member{"scope", strings.Join(t.Scopes, " ")}, member{"expires_in", int(t.ExpiresAt.Sub(now).Seconds())})
	if t.Refresh != "" {
		body = append(body, member{"refresh_token_expires_in", int(t.RefreshExpiresAt.Sub(now).Seconds())})
	}
	return answer{status: http.StatusCreated, body: body}
}
