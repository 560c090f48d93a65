// Asks a service, before any browser opens, what it makes of a client and its redirect address.

package oauth

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/oauth2"

	"zsf/clients/transport"
)

// probe is a code and a verifier that no service has given: what is refused before they are looked at is the client.
const probe = "zsf-looks-whether-this-client-is-known-to-the-service"

// Probe tells what a service already refuses: the client, its redirect address or its scopes. It is nil where nothing
// speaks against them: some services check more only once a person has signed in. A refusal is a *Denial, or an
// *transport.Error where the host is not the service's. port is the one to be registered; 0 for the usual ones.
func Probe(ctx context.Context, p Provider, port int, client *http.Client) error {
	if err := p.check(); err != nil {
		return err
	}
	redirect := p.RedirectURLs(port)[0]
	_, err := p.exchange(ctx, client, redirect, probe, probe)
	var failed *transport.Error
	if errors.As(err, &failed) && !refusesTheProbe(failed) {
		return err
	}
	return p.probePage(ctx, client, redirect)
}

// refusesTheProbe tells a token endpoint's answer to the code, which no client gets past. A client that is unknown is
// refused before its code is read (RFC 6749, section 5.2).
func refusesTheProbe(failed *transport.Error) bool {
	return failed.Kind == transport.Rejected &&
		!slices.Contains([]string{"invalid_client", "invalid_client_id", "unauthorized_client", "REDIRECT"}, failed.Code)
}

// told are the codes that a page may show before anybody has signed in.
var told = []string{"redirect_uri_mismatch", "invalid_client_id", "invalid_client", "oauth_ec_app_not_found", "app_not_installed", "invalid_scope"}

var tag = regexp.MustCompile(`(?s)<(script|style).*?</(script|style)>|<[^>]*>`)

// probePage asks for the page that the browser would open, and follows it nowhere.
func (p Provider) probePage(ctx context.Context, client *http.Client, redirect string) error {
	sent, cancel := p.sending(ctx, client)
	defer cancel()
	address := p.config(redirect).AuthCodeURL(probe, oauth2.S256ChallengeOption(probe))
	failed := &transport.Error{Service: p.service, Host: p.base.Host, Call: "GET " + p.authorize}
	req, err := http.NewRequestWithContext(sent, http.MethodGet, address, http.NoBody)
	if err != nil {
		return fmt.Errorf("%s: %w", p.service, transport.ErrBaseURL)
	}
	answer, err := p.client(client).Do(req)
	if err != nil {
		return p.broken(ctx, failed, err)
	}
	defer func() { _ = answer.Body.Close() }()
	if back, err := url.Parse(answer.Header.Get("Location")); err == nil && strings.HasPrefix(back.String(), redirect+"?") {
		if code := back.Query().Get("error"); errorCode.MatchString(code) {
			return &Denial{Service: p.service, Code: code, Description: clean(back.Query().Get("error_description"))}
		}
		return nil
	}
	if answer.StatusCode < 400 || answer.StatusCode > 499 {
		return nil
	}
	page, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	if err != nil {
		return p.broken(ctx, failed, err)
	}
	return p.readPage(tag.ReplaceAllString(string(page), " "))
}

// readPage finds what a page of refusal refuses.
func (p Provider) readPage(text string) error {
	text = strings.ToLower(text)
	for _, help := range helpTable {
		if slices.Contains(told, help.name) && contains(text, strings.ToLower(help.code)) {
			return &Denial{Service: p.service, Code: help.name}
		}
	}
	return nil
}
