// Ends a sign-in at the service, so that nothing which was stored is of use to anybody.

package oauth

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/oauth2"

	"zsf/clients/transport"
)

// Revoke ends the sign-in at the service. Tokens that are dead already are no error; a service that cannot be
// reached, or refuses, is an *transport.Error, and then the tokens may still be alive.
func Revoke(ctx context.Context, p Provider, t Tokens, client *http.Client) error {
	if err := p.check(); err != nil {
		return err
	}
	if p.service == transport.Zendesk {
		return p.revokeZendesk(ctx, t, client)
	}
	return p.revokeSalesforce(ctx, t, client)
}

// revokeSalesforce revokes the refresh token, and with it all that came from it. A dead one, as it is after a
// rotation that was lost, leaves the access token to revoke.
func (p Provider) revokeSalesforce(ctx context.Context, t Tokens, client *http.Client) error {
	for _, token := range []string{t.Refresh, t.Access} {
		if token == "" {
			continue
		}
		form := url.Values{"token": {token}}.Encode()
		err := p.call(ctx, client, http.MethodPost, form, t)
		if !isDead(err) {
			return err
		}
	}
	return nil
}

// revokeZendesk deletes the token that the call is made with, and its refresh token. An access token that has ended
// is renewed first: its refresh token may live for weeks.
func (p Provider) revokeZendesk(ctx context.Context, t Tokens, client *http.Client) error {
	if t.Access != "" {
		err := p.call(ctx, client, http.MethodDelete, "", t)
		if !isDead(err) {
			return err
		}
	}
	if t.Refresh == "" {
		return nil
	}
	fresh, err := Refresh(ctx, p, t, client)
	switch {
	case transport.KindOf(err) == transport.SignInExpired:
		return nil
	case err != nil:
		return err
	}
	return p.call(ctx, client, http.MethodDelete, "", fresh)
}

// isDead tells the refusal of a token that is none any more.
func isDead(err error) bool {
	var failed *transport.Error
	return errors.As(err, &failed) &&
		(failed.Code == "invalid_token" || failed.Code == "unsupported_token_type" || failed.Status == http.StatusUnauthorized)
}

// call makes the service's call that revokes.
func (p Provider) call(ctx context.Context, client *http.Client, method, form string, t Tokens) error {
	sent, cancel := p.sending(ctx, client)
	defer cancel()
	failed := &transport.Error{Service: p.service, Host: p.base.Host, Call: method + " " + p.revoke}
	req, err := http.NewRequestWithContext(sent, method, p.base.String()+p.revoke, strings.NewReader(form))
	if err != nil {
		return p.garbled("the address cannot be called")
	}
	if form == "" {
		req.Body, req.ContentLength = nil, 0
		req.Header.Set("Authorization", "Bearer "+t.Access)
	} else {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	answer, err := p.client(client).Do(req)
	if err != nil {
		return p.broken(ctx, failed, err)
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode >= 200 && answer.StatusCode < 300 {
		return nil
	}
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return p.broken(ctx, failed, err)
	}
	refused := &oauth2.RetrieveError{Response: answer, Body: body}
	var said struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}
	if json.Unmarshal(body, &said) == nil {
		refused.ErrorCode, refused.ErrorDescription = said.Error, said.Description
	}
	p.refused(failed, refused, []string{t.Access, t.Refresh})
	return failed
}
