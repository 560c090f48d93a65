// Sign-in without a person: a secret for Zendesk, a signed assertion for Salesforce.

package oauth

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

// The errors of what an unattended sign-in was given.
var (
	ErrNoSecret = errors.New("a client secret is needed")
	ErrBadKey   = errors.New("an RSA key of 2048 bits or more is needed")
)

// ClientCredentials signs in to Zendesk with a confidential client's secret. The sign-in acts as whoever made the
// client, lasts a day, and has no refresh token: sign in anew. now is the clock; time.Now when nil.
func ClientCredentials(ctx context.Context, accountURL, clientID, clientSecret string, client *http.Client, now func() time.Time) (Tokens, error) {
	p, err := Zendesk(accountURL, clientID)
	if err != nil {
		return Tokens{}, err
	}
	if clientSecret == "" {
		return Tokens{}, fmt.Errorf("%s: %w", p.service, ErrNoSecret)
	}
	p = p.WithClock(now)
	p.lifetimes = map[string]int{"expires_in": accessSeconds}
	return p.grant(ctx, client, clientSecret, p.scopes, nil)
}

// JWTBearer signs in to Salesforce as username, with the key whose certificate the External Client App has. An admin
// must have let the user use the app beforehand. There is no refresh token: sign in anew. now is the clock; time.Now
// when nil.
func JWTBearer(ctx context.Context, loginURL, clientID, username string, key crypto.Signer, client *http.Client, now func() time.Time) (Tokens, error) {
	p, err := Salesforce(loginURL, clientID)
	if err != nil {
		return Tokens{}, err
	}
	p = p.WithClock(now)
	assertion, err := p.assertion(username, key)
	if err != nil {
		return Tokens{}, err
	}
	return p.grant(ctx, client, "", nil, url.Values{
		"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"},
		"assertion":  {assertion},
	})
}

func (p Provider) grant(ctx context.Context, client *http.Client, secret string, scopes []string, with url.Values) (Tokens, error) {
	config := clientcredentials.Config{
		ClientID: p.clientID, ClientSecret: secret, TokenURL: p.base.String() + p.token, Scopes: scopes,
		EndpointParams: with, AuthStyle: oauth2.AuthStyleInParams,
	}
	sent, cancel := p.sending(ctx, client)
	defer cancel()
	answer, err := config.Token(sent)
	if err != nil {
		return Tokens{}, p.failed(ctx, err, secret, with.Get("assertion"))
	}
	return p.tokens(answer, Tokens{})
}

// assertionLife is the longest that Salesforce takes (help.salesforce.com remoteaccess_oauth_jwt_flow).
const assertionLife = 3 * time.Minute

// assertion is a JSON Web Token, signed by RS256 (RFC 7523).
func (p Provider) assertion(username string, key crypto.Signer) (string, error) {
	if key == nil {
		return "", fmt.Errorf("%s: %w", p.service, ErrBadKey)
	}
	if public, ok := key.Public().(*rsa.PublicKey); !ok || public.N.BitLen() < 2048 {
		return "", fmt.Errorf("%s: %w", p.service, ErrBadKey)
	}
	claims, err := json.Marshal(map[string]any{
		"iss": p.clientID, "sub": username, "aud": p.audience(), "exp": p.clock().Add(assertionLife).Unix(),
	})
	if err != nil {
		return "", fmt.Errorf("%s: making the assertion: %w", p.service, err)
	}
	signed := encode([]byte(`{"alg":"RS256"}`)) + "." + encode(claims)
	digest := sha256.Sum256([]byte(signed))
	signature, err := key.Sign(rand.Reader, digest[:], crypto.SHA256)
	if err != nil {
		return "", fmt.Errorf("%s: signing the assertion: %w", p.service, err)
	}
	return signed + "." + encode(signature), nil
}

func encode(part []byte) string { return base64.RawURLEncoding.EncodeToString(part) }

// audience is the login host of the org's kind, which Salesforce wants there whatever host is called:
// test for sandboxes and scratch orgs, login for the others. A host that is not Salesforce's own names itself.
func (p Provider) audience() string {
	host := p.base.Hostname()
	switch {
	case host != "salesforce.com" && !strings.HasSuffix(host, ".salesforce.com"):
		return p.base.String()
	case host == "test.salesforce.com", strings.HasSuffix(host, ".sandbox.my.salesforce.com"), strings.HasSuffix(host, ".scratch.my.salesforce.com"):
		return "https://test.salesforce.com"
	}
	return "https://login.salesforce.com"
}
