// What the server of Zendesk's integration asks of the org: where its people sign in, a token for them, and its end.

package salesforce

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"zsf/clients/sandbox/soql"
)

// The hosts at which the people of production orgs and of sandboxes sign in.
const (
	productionHost = "login.salesforce.com"
	sandboxHost    = "test.salesforce.com"
)

// ConnectURL is the page where a person lets Zendesk in, as one of a production org or of a sandbox.
// It asks for no PKCE: an org that requires it of every app sends the person back with an error.
func (o *Org) ConnectURL(production bool, state string) string {
	host := sandboxHost
	if production {
		host = productionHost
	}
	return o.base + "/services/oauth2/authorize?" + url.Values{
		"response_type": {"code"}, "client_id": {integrationClientID}, "redirect_uri": {o.callback},
		"scope": {"api web refresh_token"}, "state": {state}, "prompt": {"login consent"}, "login_host": {host},
	}.Encode()
}

// errNotConnected is why Zendesk has no connection after all.
var errNotConnected = errors.New("salesforce refused the connection")

// Connect trades the code of a person who pressed Allow, and tells of the org. Where the package is there, so is its app.
func (o *Org) Connect(code string) (orgID, name, user string, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	said := o.redeem(integrationClientID, url.Values{"code": {code}, "redirect_uri": {o.callback}})
	body, _ := said.body.(document)
	if said.status != http.StatusOK {
		return "", "", "", fmt.Errorf("%w: %s: %s", errNotConnected, body.get("error"), body.get("error_description"))
	}
	who := o.oauth.sessions[str(body.get("access_token"))].user
	if !o.apiOn(o.person(who)) {
		o.dropIntegration()
		return "", "", "", fmt.Errorf("%w: API_DISABLED_FOR_ORG: The REST API is not enabled for this Organization", errNotConnected)
	}
	if _, installed := o.tables["InstalledSubscriberPackage"].first("SubscriberPackageId", soql.To18(packageID)); installed {
		o.installApp(integrationName, who, o.now())
	}
	o.logIn(loginRecord{user: who, at: o.now(), kind: "Remote Access Client", app: integrationName})
	org, _, _ := o.tables["Organization"].find(o.id)
	person, _, _ := o.tables["User"].find(who)
	return o.id, str(org.Value("Name")), str(person.Value("Username")), nil
}

// Connected is the org's name, and the user whose token Zendesk has, or nobody.
func (o *Org) Connected() (name, user string) {
	o.mu.RLock()
	defer o.mu.RUnlock()
	org, _, _ := o.tables["Organization"].find(o.id)
	if token, connected := o.tables["OauthToken"].first("AppName", integrationName); connected {
		person, _, _ := o.tables["User"].find(str(token["UserId"]))
		user = str(person.Value("Username"))
	}
	return str(org.Value("Name")), user
}

// Disconnect revokes every token of Zendesk's app. The package and the app stay.
func (o *Org) Disconnect() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.dropIntegration()
}

func (o *Org) dropIntegration() {
	for _, g := range append([]*grant{}, o.oauth.grants...) {
		if g.client == integrationClientID {
			o.revoke(g)
		}
	}
	tokens := o.tables["OauthToken"]
	for id, s := range tokens.byID {
		if s.values["AppName"] == integrationName {
			tokens.drop(&transaction{}, id, s)
		}
	}
}
