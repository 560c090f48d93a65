package world

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"zsf/clients/salesforce"
	"zsf/clients/transport"
)

// What a Salesforce org can be asked.
const (
	SalesforceUser      Fact = "salesforce.user" // who is signed in: the org answers
	Versions            Fact = "salesforce.versions"
	Organization        Fact = "salesforce.organization"
	RunningUser         Fact = "salesforce.running-user"
	Permissions         Fact = "salesforce.permissions" // effective ones, of the signed-in user
	PushTopic           Fact = "salesforce.push-topic"
	StreamingChannel    Fact = "salesforce.streaming-channel"
	CaseObject          Fact = "salesforce.case"
	AccountObject       Fact = "salesforce.account"
	ContactObject       Fact = "salesforce.contact"
	LeadObject          Fact = "salesforce.lead"
	OpportunityObject   Fact = "salesforce.opportunity"
	Limits              Fact = "salesforce.limits"
	SecuritySettings    Fact = "salesforce.security-settings"
	SessionLockEvents   Fact = "salesforce.session-lock-events" // who changed it: nil where the org does not tell
	OauthOidcSettings   Fact = "salesforce.oauth-oidc-settings"
	SettingsHistory     Fact = "salesforce.settings-history"
	ConnectingUsers     Fact = "salesforce.connecting-users"
	Packages            Fact = "salesforce.packages"
	PackageInstalls     Fact = "salesforce.package-installs"
	TicketViewPages     Fact = "salesforce.ticket-view-pages"
	TicketViewComponent Fact = "salesforce.ticket-view-component"
	TicketViewGrants    Fact = "salesforce.ticket-view-grants" // which permission sets may open the pages
	ConnectedApps       Fact = "salesforce.connected-apps"
	OauthTokens         Fact = "salesforce.oauth-tokens"
	Logins              Fact = "salesforce.logins"
	AppGrants           Fact = "salesforce.app-grants"
	Profiles            Fact = "salesforce.profiles"
	ProfileSets         Fact = "salesforce.profile-sets" // the permission set that each profile owns
	ActiveUsers         Fact = "salesforce.active-users"
	AdminProfile        Fact = "salesforce.admin-profile"
	RecordPages         Fact = "salesforce.record-pages"
	TicketRecords       Fact = "salesforce.ticket-records" // asked about NewestTickets, which a step has to read, too
)

// A RecordPage is one Lightning record page and the names of the components on it.
type RecordPage struct {
	salesforce.FlexiPage
	Components []string
}

// recordPageList is which record pages there are; what is on them is asked about each.
const recordPageList Fact = "salesforce.record-page-list"

// A part is a fact that travels in a composite call with others.
type part struct {
	ask    func(id string, user salesforce.UserInfo) salesforce.Part
	decode func(context.Context, *salesforce.Client, salesforce.Answer) (any, error)
}

var parts = map[Fact]part{
	Organization:        query(salesforce.OrganizationQuery, first[salesforce.Organization]),
	RunningUser:         {ask: askUser, decode: first[salesforce.User]},
	ConnectedApps:       query(salesforce.ConnectedApplicationQuery, rows[salesforce.ConnectedApplication]),
	OauthTokens:         query(salesforce.OauthTokenQuery, rows[salesforce.OauthToken]),
	Logins:              query(salesforce.LoginHistoryQuery, rows[salesforce.LoginEvent]),
	AppGrants:           query(salesforce.ConnectedApplicationAccessQuery, rows[salesforce.SetupEntityAccess]),
	Profiles:            query(salesforce.ProfileQuery, rows[salesforce.Profile]),
	ProfileSets:         query(salesforce.ProfileSetQuery, rows[salesforce.ProfileSet]),
	ActiveUsers:         query(salesforce.ActiveUsersQuery, rows[salesforce.ActiveUsers]),
	PushTopic:           describe("PushTopic"),
	StreamingChannel:    describe("StreamingChannel"),
	CaseObject:          describe("Case"),
	AccountObject:       describe("Account"),
	ContactObject:       describe("Contact"),
	LeadObject:          describe("Lead"),
	OpportunityObject:   describe("Opportunity"),
	Limits:              {ask: askLimits, decode: whole[salesforce.Limits]},
	Packages:            tooling(salesforce.InstalledPackageQuery, rows[salesforce.InstalledPackage]),
	PackageInstalls:     tooling(salesforce.PackageInstallRequestQuery, installs),
	TicketViewPages:     tooling(salesforce.TicketViewPageQuery, rows[salesforce.ApexPage]),
	TicketViewComponent: tooling(salesforce.TicketViewComponentQuery, rows[salesforce.AuraDefinitionBundle]),
	recordPageList:      tooling(salesforce.RecordPageQuery(salesforce.TicketObjects), rows[salesforce.FlexiPage]),
}

// calls are the facts that take a call of their own.
var calls = map[Fact]func(context.Context, *World, *salesforce.Client) (any, error){
	Permissions:       readPermissions,
	SecuritySettings:  readSecuritySettings,
	SessionLockEvents: readSessionLockEvents,
	OauthOidcSettings: readOauthOidcSettings,
	TicketViewGrants:  readTicketViewGrants,
	SettingsHistory:   readSettingsHistory,
	ConnectingUsers:   readConnectingUsers,
	AdminProfile:      readAdminProfile,
	RecordPages:       readRecordPages,
	TicketRecords:     readTicketRecords,
}

// follow are the facts that a call must wait for, as it asks about what they hold.
var follow = map[Fact]Fact{
	SessionLockEvents: SecuritySettings,
	TicketViewGrants:  TicketViewPages,
	AdminProfile:      Profiles,
	ConnectingUsers:   Logins,
	RecordPages:       recordPageList,
}

// loadSalesforce starts the calls for the asked facts of the org: first who is signed in and which
// version to speak, then everything else at once. The caller holds w.mu.
func (w *World) loadSalesforce(ctx context.Context, asked map[Fact]bool) {
	wanted := map[Fact]*cell{}
	for fact := range asked {
		if isSalesforce(fact) {
			wanted[fact] = w.cells[fact]
		}
	}
	if len(wanted) == 0 {
		return
	}
	client := w.options.Salesforce
	if client == nil {
		err := notSignedIn(transport.Salesforce)
		for _, c := range wanted {
			c.settle(nil, err, w.options.Now())
		}
		return
	}
	for fact, before := range follow {
		if wanted[fact] != nil && w.cells[before] == nil {
			w.cells[before] = &cell{settled: make(chan struct{})}
			wanted[before] = w.cells[before]
		}
	}
	user, userWanted := w.base(SalesforceUser)
	versions, versionsWanted := w.base(Versions)
	delete(wanted, SalesforceUser)
	delete(wanted, Versions)
	if userWanted || asked[SalesforceUser] {
		go w.fill(user, func() (any, error) { return client.UserInfo(ctx) })
	}
	if versionsWanted || asked[Versions] {
		go w.fill(versions, func() (any, error) { return readVersions(ctx, client) })
	}
	go w.loadOrg(ctx, client, user, versions, wanted)
}

// base is the cell of a fact that every other one waits for, and whether it was made just now. One that could not
// be read is asked anew: its error is not that of a later look.
func (w *World) base(fact Fact) (*cell, bool) {
	if c := w.cells[fact]; c != nil && (!c.isSettled() || c.err == nil) {
		return c, false
	}
	w.cells[fact] = &cell{settled: make(chan struct{})}
	return w.cells[fact], true
}

func (w *World) loadOrg(ctx context.Context, client *salesforce.Client, user, versions *cell, wanted map[Fact]*cell) {
	<-user.settled
	<-versions.settled
	for _, before := range []*cell{user, versions} {
		if before.err != nil {
			for _, c := range wanted {
				c.settle(nil, before.err, before.at)
			}
			return
		}
	}
	together := map[Fact]*cell{}
	for fact, c := range wanted {
		if _, ok := parts[fact]; ok {
			together[fact] = c
			continue
		}
		go w.fill(c, func() (any, error) { return calls[fact](ctx, w, client) })
	}
	w.loadParts(ctx, client, user.answer.(salesforce.UserInfo), together)
}

// loadParts asks for all parts in as few composite calls as the service allows.
func (w *World) loadParts(ctx context.Context, client *salesforce.Client, user salesforce.UserInfo, together map[Fact]*cell) {
	if len(together) == 0 {
		return
	}
	// In a fixed order, so that the same look makes the same calls.
	facts := slices.Sorted(maps.Keys(together))
	asks := make([]salesforce.Part, 0, len(facts))
	for _, fact := range facts {
		asks = append(asks, parts[fact].ask(referenceID(fact), user))
	}
	answers, err := client.Composite(ctx, asks)
	for _, fact := range facts {
		answer, ok := answers[referenceID(fact)]
		if !ok || err != nil {
			together[fact].settle(nil, cmp.Or(err, errNotAnswered), w.options.Now())
			continue
		}
		go w.fill(together[fact], func() (any, error) { return parts[fact].decode(ctx, client, answer) })
	}
}

// referenceID names a part within a composite call: letters, digits and underscores only.
func referenceID(fact Fact) string {
	return strings.NewReplacer(".", "_", "-", "_").Replace(string(fact))
}

func isSalesforce(fact Fact) bool {
	_, isPart := parts[fact]
	_, isCall := calls[fact]
	return isPart || isCall || fact == SalesforceUser || fact == Versions
}

func query(soql string, decode func(context.Context, *salesforce.Client, salesforce.Answer) (any, error)) part {
	return part{
		ask:    func(id string, _ salesforce.UserInfo) salesforce.Part { return salesforce.QueryPart(id, soql) },
		decode: decode,
	}
}

func tooling(soql string, decode func(context.Context, *salesforce.Client, salesforce.Answer) (any, error)) part {
	return part{
		ask:    func(id string, _ salesforce.UserInfo) salesforce.Part { return salesforce.ToolingQueryPart(id, soql) },
		decode: decode,
	}
}

func describe(object string) part {
	return part{
		ask:    func(id string, _ salesforce.UserInfo) salesforce.Part { return salesforce.DescribePart(id, object) },
		decode: whole[salesforce.Describe],
	}
}

func askUser(id string, user salesforce.UserInfo) salesforce.Part {
	return salesforce.QueryPart(id, salesforce.UserQuery(user.UserID))
}

func askLimits(id string, _ salesforce.UserInfo) salesforce.Part { return salesforce.LimitsPart(id) }

func whole[T any](_ context.Context, _ *salesforce.Client, answer salesforce.Answer) (any, error) {
	var value T
	err := answer.Decode(&value)
	return value, err
}

func rows[T any](ctx context.Context, client *salesforce.Client, answer salesforce.Answer) (any, error) {
	return salesforce.Rows[T](ctx, client, answer)
}

// installs are the installations that were asked for. Why the newest failed, where it did, takes another call.
func installs(ctx context.Context, client *salesforce.Client, answer salesforce.Answer) (any, error) {
	requests, err := salesforce.Rows[salesforce.PackageInstallRequest](ctx, client, answer)
	if err != nil || len(requests) == 0 || requests[0].Status != salesforce.InstallError {
		return requests, err
	}
	requests[0], err = client.ReadPackageInstallRequest(ctx, requests[0].ID)
	return requests, err
}

// first is the only row of a query that names one thing.
func first[T any](ctx context.Context, client *salesforce.Client, answer salesforce.Answer) (any, error) {
	all, err := salesforce.Rows[T](ctx, client, answer)
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, errNoRow
	}
	return all[0], nil
}

func readVersions(ctx context.Context, client *salesforce.Client) (any, error) {
	versions, err := client.Versions(ctx)
	if err != nil {
		return nil, err
	}
	client.UseVersion(salesforce.Pick(versions))
	return versions, nil
}

// readPermissions reads what the signed-in user may do, by profile and permission sets together.
// One column that the org does not have would fail the whole query: it is left out and asked again.
func readPermissions(ctx context.Context, _ *World, client *salesforce.Client) (any, error) {
	return client.Permissions(ctx)
}

func readSecuritySettings(ctx context.Context, _ *World, client *salesforce.Client) (any, error) {
	return client.ReadSecuritySettings(ctx)
}

// readSessionLockEvents reads who locked the sessions; where they are not locked, nobody asks.
func readSessionLockEvents(ctx context.Context, w *World, client *salesforce.Client) (any, error) {
	w.Wait(SecuritySettings)
	if locked := w.SecuritySettings().Value.LockSessionsToIP; locked == nil || !*locked {
		return []salesforce.AuditEvent(nil), nil
	}
	events, _, err := client.SessionLockEvents(ctx)
	return events, err
}

// readSettingsHistory reads what was changed in Setup of late; nil where the org does not tell.
func readSettingsHistory(ctx context.Context, _ *World, client *salesforce.Client) (any, error) {
	events, _, err := client.AuditEvents(ctx)
	return events, err
}

// readConnectingUsers reads how those stand now as whom the integration signed in, by the log-ins, or by the last snapshot.
func readConnectingUsers(ctx context.Context, w *World, client *salesforce.Client) (any, error) {
	w.Wait(Logins)
	logins := w.Logins()
	var ids, names []string
	for _, login := range logins.Value {
		if strings.EqualFold(login.Application, IntegrationName) && !slices.Contains(ids, login.UserID) && len(ids) < mostConnecting {
			ids = append(ids, login.UserID)
		}
	}
	if past := w.Memory().Before; past.User != "" {
		names = append(names, past.User)
	}
	if len(ids)+len(names) == 0 {
		return []salesforce.ConnectingUser(nil), logins.Err
	}
	return salesforce.Query[salesforce.ConnectingUser](ctx, client, salesforce.ConnectingUserQuery(ids, names))
}

// mostConnecting is how many people are asked about: an integration signs in as one or two.
const mostConnecting = 20

// IntegrationName is the name of the connected app and of the managed package (support.zendesk.com 4408834115738).
const IntegrationName = "Salesforce Integration for Zendesk"

func readOauthOidcSettings(ctx context.Context, _ *World, client *salesforce.Client) (any, error) {
	return client.ReadOauthOidcSettings(ctx)
}

// readTicketViewGrants reads which permission sets may open the ticket view's Visualforce pages.
func readTicketViewGrants(ctx context.Context, w *World, client *salesforce.Client) (any, error) {
	w.Wait(TicketViewPages)
	pages := w.TicketViewPages()
	if pages.Err != nil || len(pages.Value) == 0 {
		return []salesforce.SetupEntityAccess(nil), pages.Err
	}
	ids := make([]string, 0, len(pages.Value))
	for _, page := range pages.Value {
		ids = append(ids, page.ID)
	}
	return salesforce.Query[salesforce.SetupEntityAccess](ctx, client, salesforce.AccessQuery(ids))
}

// readAdminProfile finds the standard System Administrator profile among those with an
// administrator's permissions. Its name is translated; only its Tooling FullName is "Admin" in
// every language, and that takes one query a profile: it is asked where several could be meant.
func readAdminProfile(ctx context.Context, w *World, client *salesforce.Client) (any, error) {
	w.Wait(Profiles)
	profiles := w.Profiles()
	if profiles.Err != nil {
		return nil, profiles.Err
	}
	var admins []salesforce.Profile
	for _, profile := range profiles.Value {
		if profile.Administers() {
			admins = append(admins, profile)
		}
	}
	if len(admins) == 1 {
		return admins[0], nil
	}
	asks := make([]salesforce.Part, len(admins))
	for i, profile := range admins {
		asks[i] = salesforce.ToolingQueryPart(numbered(i), salesforce.ProfileNameQuery(profile.ID))
	}
	answers, err := client.Composite(ctx, asks)
	if err != nil {
		return nil, err
	}
	for i, profile := range admins {
		names, err := salesforce.Rows[salesforce.ProfileName](ctx, client, answers[numbered(i)])
		if err != nil {
			return nil, err
		}
		if len(names) == 1 && names[0].FullName == "Admin" {
			return profile, nil
		}
	}
	return nil, errNoAdminProfile
}

// readRecordPages reads what is on the Lightning record pages that can hold the ticket view.
// The org tells it for one page at a time, so these go out together.
func readRecordPages(ctx context.Context, w *World, client *salesforce.Client) (any, error) {
	w.Wait(recordPageList)
	pages := seen[[]salesforce.FlexiPage](w, recordPageList)
	if pages.Err != nil {
		return nil, pages.Err
	}
	asks := make([]salesforce.Part, len(pages.Value))
	for i, page := range pages.Value {
		asks[i] = salesforce.ToolingRowPart(numbered(i), "FlexiPage", page.ID)
	}
	answers, err := client.Composite(ctx, asks)
	if err != nil {
		return nil, err
	}
	records := make([]RecordPage, len(pages.Value))
	for i, page := range pages.Value {
		var on salesforce.FlexiPageMetadata
		if err := answers[numbered(i)].Decode(&on); err != nil {
			return nil, err
		}
		records[i] = RecordPage{FlexiPage: page, Components: on.Components()}
	}
	return records, nil
}

// numbered names the parts of a composite call that asks about several of a kind.
func numbered(i int) string { return fmt.Sprintf("n%d", i) }

var (
	errNotAnswered    = errors.New("the composite call left this part out")
	errNoRow          = errors.New("the query found no row")
	errNoAdminProfile = errors.New("no profile has the full name Admin")
)
