package zendesk

import (
	"errors"
	"strings"
)

// The integration with Salesforce as the account keeps it: one connection, what it is configured to do,
// and what was configured for orgs that were connected before.

// A Salesforce is the org beside the account, as the integration's own server reaches it.
type Salesforce interface {
	ConnectURL(production bool, state string) string
	Connect(code string) (orgID, name, user string, err error)
	Disconnect()
	InstallURL() string
}

// noSalesforce stands in for an org where there is none.
type noSalesforce struct{}

var errNoSalesforce = errors.New("there is no Salesforce org beside this account")

func (noSalesforce) ConnectURL(bool, string) string { return integrationPath }
func (noSalesforce) Connect(string) (orgID, name, user string, err error) {
	return "", "", "", errNoSalesforce
}
func (noSalesforce) Disconnect()        {}
func (noSalesforce) InstallURL() string { return integrationPath }

// A Layout is how Admin Center shows the integration: both are in the field.
type Layout string

// The layouts.
const (
	GuideLayout Layout = ""      // one page: install the package, agree, connect
	NewerLayout Layout = "newer" // a list of connections: connect, then install
)

// A connection is one to an org, with its configuration. The features that are on are those of a live one.
type connection struct {
	OrgID       string
	Name        string
	Production  bool
	User        string // who connected it, in Salesforce
	Terms       bool   // agreed to
	TicketView  bool
	Maps        map[string]string // field of the ticket by object of Salesforce
	AccountSync bool
	UserSync    bool
	UsersFrom   string // Contact or Lead
	TicketSync  bool
}

// mapped are the objects whose fields ticket view matches on, with the vendor's defaults.
var mapped = []struct{ object, by string }{
	{"Account", "organization_name"}, {"Contact", "requester_email"}, {"Lead", "requester_email"}, {"Opportunity", "organization_name"},
}

func newConnection(org string) connection {
	c := connection{OrgID: org, Maps: map[string]string{}, UsersFrom: "Contact"}
	for _, m := range mapped {
		c.Maps[m.object] = m.by
	}
	return c
}

// inactive is the configuration with each feature off, as it is after a connect.
func (c connection) inactive() connection {
	c.TicketView, c.AccountSync, c.UserSync, c.TicketSync = false, false, false, false
	return c
}

type integration struct {
	salesforce Salesforce
	other      Salesforce // a second org, where there is one
	production bool       // the second one is a production org
	layout     Layout
	live       *connection
	kept       map[string]connection // by org id
	pending    map[string]connection // by OAuth state
}

func newIntegration(a *Account, salesforce Salesforce) integration {
	i := integration{salesforce: salesforce, layout: a.setup.Layout, kept: map[string]connection{}, pending: map[string]connection{}}
	if salesforce == nil {
		i.salesforce = noSalesforce{}
	}
	if a.setup.ConnectedOrg == "" {
		return i
	}
	c := newConnection(a.setup.ConnectedOrg)
	c.Name, c.User, c.Production, c.Terms = a.setup.OrgName, a.setup.OrgUser, a.setup.OrgProduction, true
	c.TicketView, c.TicketSync = true, a.setup.TicketSync
	i.kept[c.OrgID] = c.inactive()
	if !a.setup.Disconnected {
		i.live = &c
	}
	return i
}

// org is the one that people of production orgs, or of sandboxes, sign in to.
func (i *integration) org(production bool) Salesforce {
	if i.other != nil && i.production == production {
		return i.other
	}
	return i.salesforce
}

// Join lets a second org be connected to the account, one at a time: one of them is a production org, one a sandbox.
func (a *Account) Join(org Salesforce, production bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.integration.other, a.integration.production = org, production
}

// connect begins with what was kept for the same org, everything inactive.
func (i *integration) connect(asked connection, orgID, name, user string) {
	c, before := i.kept[orgID]
	if !before {
		c = newConnection(orgID)
		c.Name = name
	}
	c.User, c.Production, c.Terms = user, asked.Production, asked.Terms
	i.live = &c
}

// disconnect keeps the configuration, and switches off the features and the triggers of that org.
func (a *Account) disconnect() {
	c := *a.integration.live
	a.integration.kept[c.OrgID] = c.inactive()
	a.integration.live = nil
	a.integration.org(c.Production).Disconnect()
	for id, t := range a.triggers.byID {
		if t.Title == salesforceTitle(c.OrgID) && t.Active {
			t.Active, t.UpdatedAt = false, a.now()
			a.triggers.byID[id] = t
		}
	}
}

// syncTickets makes the webhook and the triggers of the connected org, unless an earlier connection left them.
func (a *Account) syncTickets(on bool) {
	c := a.integration.live
	c.TicketSync = on
	if !on {
		return
	}
	if a.webhooks.ofSalesforce(c.OrgID) == "" {
		a.webhooks.insertSalesforce(a, c.OrgID, true, a.now())
	}
	for _, t := range a.triggers.byID {
		if t.Title == salesforceTitle(c.OrgID) {
			return
		}
	}
	a.triggers.insertSalesforce(a, c.OrgID, 35, true, a.now())
}

func (c connection) features() []string {
	var on []string
	for _, f := range []struct {
		name string
		on   bool
	}{{"ticket view", c.TicketView}, {"accounts", c.AccountSync}, {"users", c.UserSync}, {"tickets", c.TicketSync}} {
		if f.on {
			on = append(on, f.name)
		}
	}
	return on
}

func ofSalesforce(title string) bool { return strings.HasPrefix(title, "(Salesforce Integration)") }
