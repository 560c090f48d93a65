// Package oauth signs a person in to either service with their own browser, answered on a loopback address,
// and renews and revokes what came of it. It knows no screen and no vault.
package oauth

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"zsf/clients/transport"
)

// Service is one of the two services.
type Service = transport.Service

// A Provider is one service's sign-in: an org's or account's address, and the client that is registered there.
// Made by Salesforce or Zendesk; the zero value signs nobody in.
type Provider struct {
	service   Service
	base      *url.URL
	clientID  string
	scopes    []string
	ports     []int
	host      string // of the redirect address, as the service wants it registered
	authorize string
	token     string
	revoke    string
	lifetimes map[string]int // seconds, asked for with each token
	now       func() time.Time
}

// The ports that the guides tell people to register, tried in this order. Salesforce's own CLI begins with 1717 too.
var (
	salesforcePorts = []int{1717, 7171, 8717}
	zendeskPorts    = []int{8765, 8766, 8767}
)

// What zsf asks for. Zendesk's search and settings have no narrower scope than read.
var (
	salesforceScopes = []string{"refresh_token", "api", "web"}
	zendeskScopes    = []string{"read", "tickets:write", "organizations:write", "triggers:write"}
)

// Zendesk's lifetimes, within its limits of 300 to 172800 and of 604800 to 7776000 seconds
// (support.zendesk.com articles 10212201463962 and 9182123625370).
const (
	accessSeconds  = 86400
	refreshSeconds = 5184000
)

// The errors of what a person entered.
var (
	ErrNoClientID = errors.New("a client id is needed")
	ErrNotZendesk = errors.New("not the address of a Zendesk account: it is NAME.zendesk.com, even where customers see another")
)

// Salesforce signs in at loginURL: an org's My Domain, login.salesforce.com, test.salesforce.com, or a page of the org
// from the browser's address bar. http is for loopback hosts only. The client is an External Client App's consumer key.
// Its addresses are on localhost: Salesforce registers no http address on 127.0.0.1
// (github.com/anthropics/claude-code#86233, cognizant-ai-lab/nsflow#233).
func Salesforce(loginURL, clientID string) (Provider, error) {
	base, err := parseAddress(transport.Salesforce, loginURL)
	if err != nil {
		return Provider{}, err
	}
	p := Provider{
		service: transport.Salesforce, base: base, scopes: salesforceScopes, ports: salesforcePorts, host: "localhost",
		authorize: "/services/oauth2/authorize", token: "/services/oauth2/token", revoke: "/services/oauth2/revoke",
	}
	return p.withClient(clientID)
}

// Zendesk signs in at an account: NAME, NAME.zendesk.com, or a page of it. The client is a public OAuth client's
// unique identifier. Its addresses are on 127.0.0.1, as localhost may mean another socket first.
func Zendesk(accountURL, clientID string) (Provider, error) {
	base, err := parseAddress(transport.Zendesk, accountURL)
	if err != nil {
		return Provider{}, err
	}
	p := Provider{
		service: transport.Zendesk, base: base, scopes: zendeskScopes, ports: zendeskPorts, host: "127.0.0.1",
		authorize: "/oauth/authorizations/new", token: "/oauth/tokens", revoke: "/api/v2/oauth/tokens/current.json",
		lifetimes: map[string]int{"expires_in": accessSeconds, "refresh_token_expires_in": refreshSeconds},
	}
	return p.withClient(clientID)
}

func (p Provider) withClient(clientID string) (Provider, error) {
	p.clientID = strings.TrimSpace(clientID)
	if !isSecret(p.clientID) {
		return Provider{}, fmt.Errorf("%s: %w: %q is none", p.service, ErrNoClientID, transport.Clean(p.clientID))
	}
	return p, nil
}

// WithScopes asks for other scopes. None at all makes Salesforce give what its app is set to, which mends
// OAUTH_APPROVAL_ERROR_GENERIC where the app lacks one; Zendesk would give full access, so its own stay.
func (p Provider) WithScopes(scopes ...string) Provider {
	if len(scopes) > 0 || p.service == transport.Salesforce {
		p.scopes = slices.Clone(scopes)
	}
	return p
}

// WithClock tells the time by now, for when tokens end.
func (p Provider) WithClock(now func() time.Time) Provider {
	p.now = now
	return p
}

// Service is whose sign-in this is.
func (p Provider) Service() Service { return p.service }

// Address is the org's or account's, without a slash at the end.
func (p Provider) Address() string {
	if p.base == nil {
		return ""
	}
	return p.base.String()
}

// ClientID is the client's.
func (p Provider) ClientID() string { return p.clientID }

// Scopes are those that are asked for.
func (p Provider) Scopes() []string { return slices.Clone(p.scopes) }

// Ports are those tried, in order, when nobody names another.
func (p Provider) Ports() []int { return slices.Clone(p.ports) }

// RedirectURLs are what must be registered with the client, letter by letter: one for each port,
// or for the one port that a person chose instead.
func (p Provider) RedirectURLs(port int) []string {
	ports := p.ports
	if port != 0 {
		ports = []int{port}
	}
	addresses := make([]string, len(ports))
	for i, one := range ports {
		addresses[i] = p.redirectURL(one)
	}
	return addresses
}

// MissingScopes are those asked for that the tokens do not have.
func (p Provider) MissingScopes(granted Tokens) []string {
	var missing []string
	for _, scope := range p.scopes {
		if !slices.ContainsFunc(granted.Scopes, func(has string) bool { return covers(has, scope) }) {
			missing = append(missing, scope)
		}
	}
	return missing
}

// covers knows Salesforce's second name for refresh_token, and that its scope full is all others but that one.
func covers(has, asked string) bool {
	refresh := asked == "refresh_token" || asked == "offline_access"
	return has == asked || refresh && (has == "refresh_token" || has == "offline_access") || has == "full" && !refresh
}

func (p Provider) redirectURL(port int) string {
	return "http://" + p.host + ":" + strconv.Itoa(port) + callbackPath
}

func (p Provider) config(redirectURL string) *oauth2.Config {
	return &oauth2.Config{
		ClientID: p.clientID, Scopes: p.scopes, RedirectURL: redirectURL,
		Endpoint: oauth2.Endpoint{
			AuthURL: p.base.String() + p.authorize, TokenURL: p.base.String() + p.token, AuthStyle: oauth2.AuthStyleInParams,
		},
	}
}

func (p Provider) clock() time.Time {
	if p.now == nil {
		return time.Now()
	}
	return p.now()
}

// parseAddress makes the address to sign in at of what a person has: a host, or a page from the address bar.
func parseAddress(service Service, text string) (*url.URL, error) {
	text = strings.TrimSpace(text)
	if service == transport.Zendesk && text != "" && !strings.ContainsAny(text, ".:/@") {
		text += ".zendesk.com"
	}
	if text != "" && !strings.Contains(text, "://") {
		text = "https://" + text
	}
	if page, err := url.Parse(text); err == nil && page.Opaque == "" && page.User == nil {
		text = page.Scheme + "://" + apiHost(strings.ToLower(page.Host))
	}
	_, base, err := transport.New(transport.Config{Service: service, BaseURL: text})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", service, err)
	}
	if service == transport.Zendesk && !isLoopback(base) {
		label, found := strings.CutSuffix(base.Host, ".zendesk.com")
		if !found || strings.Contains(label, ".") {
			return nil, fmt.Errorf("%q: %w", transport.Clean(base.Host), ErrNotZendesk)
		}
	}
	return base, nil
}

// apiHost is the host that signs in, for the hosts that show an org's pages.
func apiHost(host string) string {
	for _, pages := range []string{".lightning.force.com", ".my.salesforce-setup.com"} {
		if domain, found := strings.CutSuffix(host, pages); found {
			return domain + ".my.salesforce.com"
		}
	}
	return host
}

// isLoopback tells an address that transport let have http.
func isLoopback(base *url.URL) bool {
	host := base.Hostname()
	return host == "localhost" || host == "::1" || strings.HasPrefix(host, "127.")
}
