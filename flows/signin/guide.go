// How a person makes the app or the client that signs zsf in: the console's page, and what to enter there.

package signin

import (
	"strings"

	"zsf/clients/transport"
)

// A Guide is for one service. Its words are in ui/locale, under signin.guide.<service>.
type Guide struct {
	Page    string // the address of the console's page; empty where the host entered has none
	Entries []Entry
}

// An Entry is one field of the console's page, or one thing to do there.
type Entry struct {
	ID    string // of its words: signin.guide.zendesk.name
	Value string // to be copied; empty: there is nothing to copy
}

// The consoles' pages, below the org's and the account's own address.
const (
	appManagerPage   = "/lightning/setup/ManageExternalClientApplication/home"
	oauthClientsPage = "/admin/apps-integrations/apis/zendesk-api/oauth_clients/new"
)

// appName is what the app and the client are called.
const appName = "zsf"

// Guide is for the address that was entered so far, which may be none.
func (l *Login) Guide(entered string) Guide {
	address, err := l.Address(entered)
	if err != nil {
		address = ""
	}
	redirects := strings.Join(l.Redirects(), "\n")
	if l.Service == transport.Zendesk {
		guide := Guide{Entries: entries("zendesk", "name", appName, "kind", "", "redirect", redirects, "scopes", strings.Join(l.scopes(), "\n"), "identifier", "")}
		if address != "" {
			guide.Page = address + oauthClientsPage
		}
		return guide
	}
	guide := Guide{Entries: entries("salesforce", "name", appName, "distribution", "", "callback", redirects, "scopes", "", "security", "", "key", "")}
	if strings.Contains(address, ".my.salesforce.com") {
		guide.Page = address + appManagerPage
	}
	return guide
}

func (l *Login) scopes() []string {
	provider, err := l.provider("example", anyClient)
	if err != nil {
		return nil
	}
	return provider.Scopes()
}

func entries(service string, namesAndValues ...string) []Entry {
	var all []Entry
	for i := 0; i+1 < len(namesAndValues); i += 2 {
		all = append(all, Entry{ID: "signin.guide." + service + "." + namesAndValues[i], Value: namesAndValues[i+1]})
	}
	return all
}
