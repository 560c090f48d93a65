// Takes a snapshot: every fact at once, and what could not be read with its reason.

package snapshot

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"zsf/clients/salesforce"
	"zsf/clients/store"
	"zsf/clients/transport"
	"zsf/clients/zendesk"
	"zsf/flows/steps"
	"zsf/flows/world"
)

// A Journal is where snapshots are kept, and what people said is found; a *store.Journal is one.
type Journal interface {
	Append(ctx context.Context, entry store.Entry) (store.Entry, error)
	Entries(ctx context.Context, filter store.Filter) ([]store.Entry, error)
	Entry(ctx context.Context, id int64) (store.Entry, error)
}

// Facts are what a snapshot is made from.
var Facts = []world.Fact{
	world.Organization, world.OauthTokens, world.Permissions, world.ConnectedApps, world.AppGrants, world.Profiles,
	world.Packages, world.TicketViewPages, world.TicketViewComponent, world.TicketViewGrants, world.RecordPages,
	world.SecuritySettings, world.OauthOidcSettings, world.Triggers, world.Webhooks,
}

// counted are facts that take a call for each hundred records.
var counted = []world.Fact{world.LinkedOrganizations, world.LinkedUsers}

// Options say how to take a snapshot.
type Options struct {
	Label     string
	Journal   Journal // nil: there is none
	Uncounted bool    // leave out how many records carry a Salesforce id
	Now       func() time.Time
}

// Take asks both services for what has not been asked of them yet in this world, and writes all of it down.
// A world that should be asked anew forgets Facts first. An error is the journal's, or the end of ctx: what a
// service did not tell is in the snapshot.
func Take(ctx context.Context, w *world.World, options Options) (Snapshot, error) {
	facts := Facts
	if !options.Uncounted {
		facts = slices.Concat(Facts, counted)
	}
	w.Load(ctx, facts...)
	w.Wait(facts...)
	if err := context.Cause(ctx); err != nil {
		return Snapshot{}, fmt.Errorf("take a snapshot of %s: %w", w.Profile().Name, err)
	}
	said, err := saidIn(ctx, options.Journal, w.Profile().Name)
	if err != nil {
		return Snapshot{}, err
	}
	taken := Snapshot{
		Schema: Schema, Label: transport.Clean(options.Label), Profile: w.Profile().Name, TakenAt: options.Now().UTC(),
		Salesforce: salesforceIn(w), Zendesk: zendeskIn(w, options.Uncounted), Said: said, Redacted: []string{},
	}
	return taken.withoutSecrets()
}

// part is a Part of one answer.
func part[T, U any](seen world.Seen[T], convert func(T) U) Part[U] {
	return partOf(seen, nil, convert)
}

// partOf is a Part of an answer that says something only beside others.
func partOf[T, U any](seen world.Seen[T], others []error, convert func(T) U) Part[U] {
	p := Part[U]{Source: seen.Source, ReadAt: seen.At.UTC()}
	for _, err := range append([]error{seen.Err}, others...) {
		if err != nil {
			p.Unknown = reasonOf(err)
			return p
		}
	}
	value := convert(seen.Value)
	p.Value = &value
	return p
}

func salesforceIn(w *world.World) Salesforce {
	apps, profiles, pages := w.ConnectedApps(), w.Profiles(), w.TicketViewPages()
	app, _ := steps.IntegrationApp(apps.Value)
	return Salesforce{
		InstanceURL: w.InstanceURL(),
		Org: part(w.Organization(), func(org salesforce.Organization) Org {
			return Org{ID: org.ID, Name: org.Name, Edition: org.OrganizationType, Sandbox: org.IsSandbox}
		}),
		Connections: connectionsIn(w),
		Apps:        part(apps, appsOf),
		Profiles: partOf(w.AppGrants(), []error{apps.Err, profiles.Err}, func(grants []salesforce.SetupEntityAccess) []Access {
			return accessOf(grants, profiles.Value, func(entity string) bool { return salesforce.SameID(entity, app.ID) })
		}),
		Packages: part(w.Packages(), packagesOf),
		PackageProfiles: partOf(w.TicketViewGrants(), []error{pages.Err, profiles.Err}, func(grants []salesforce.SetupEntityAccess) []Access {
			return accessOf(grants, profiles.Value, func(string) bool { return true })
		}),
		VisualforcePages: part(pages, func(pages []salesforce.ApexPage) []string {
			return namesOf(pages, func(page salesforce.ApexPage) string { return page.Name })
		}),
		Components: part(w.TicketViewComponent(), func(bundles []salesforce.AuraDefinitionBundle) []string {
			return namesOf(bundles, func(bundle salesforce.AuraDefinitionBundle) string { return bundle.DeveloperName })
		}),
		RecordPages: part(w.RecordPages(), recordPagesOf),
		SecuritySettings: part(w.SecuritySettings(), func(settings salesforce.SecuritySettings) SettingsValues {
			return valuesOf(settings.Document)
		}),
		OauthSettings: part(w.OauthOidcSettings(), func(settings salesforce.OauthOidcSettings) SettingsValues {
			return valuesOf(settings.Document)
		}),
	}
}

// connectionsIn are by app and user. Whoever may not see other people's tokens cannot tell which there are.
func connectionsIn(w *world.World) Part[[]Connection] {
	p := part(w.OauthTokens(), connectionsOf)
	permissions := w.Permissions()
	if p.Value != nil && (permissions.Err != nil || !permissions.Value["PermissionsCustomizeApplication"]) {
		p.Value, p.Unknown = nil, &Reason{Kind: OwnOnly}
	}
	return p
}

func connectionsOf(tokens []salesforce.OauthToken) []Connection {
	found := []Connection{}
	for _, token := range steps.IntegrationTokens(tokens) {
		one := Connection{App: token.AppName, User: token.User.Username, Installed: token.AppMenuItemID != nil, Tokens: 1, Since: token.CreatedDate.UTC()}
		at := slices.IndexFunc(found, func(c Connection) bool { return c.App == one.App && c.User == one.User && c.Installed == one.Installed })
		if at < 0 {
			found = append(found, one)
			continue
		}
		found[at].Tokens++
		if one.Since.After(found[at].Since) {
			found[at].Since = one.Since
		}
	}
	sortBy(found, func(c Connection) string { return c.App + "\x00" + c.User })
	return found
}

func appsOf(apps []salesforce.ConnectedApplication) []App {
	app, installed := steps.IntegrationApp(apps)
	if !installed {
		return []App{}
	}
	return []App{{ID: app.ID, Name: app.Name, AdminApprovedOnly: app.OptionsAllowAdminApprovedUsersOnly}}
}

// accessOf is one row for each permission set, though it was granted several things.
func accessOf(grants []salesforce.SetupEntityAccess, profiles []salesforce.Profile, counts func(entity string) bool) []Access {
	found := []Access{}
	for _, grant := range grants {
		if !counts(grant.SetupEntityID) {
			continue
		}
		one := Access{PermissionSet: grant.ParentID}
		if grant.Parent.IsOwnedByProfile {
			one.Profile = grant.Parent.Profile.Name
			for _, profile := range profiles {
				if salesforce.SameID(profile.ID, grant.Parent.ProfileID) {
					one.Profile = profile.Name
				}
			}
		}
		if !slices.Contains(found, one) {
			found = append(found, one)
		}
	}
	sortBy(found, func(a Access) string { return a.Profile + "\x00" + a.PermissionSet })
	return found
}

func packagesOf(packages []salesforce.InstalledPackage) []Package {
	installed, ok := steps.IntegrationPackage(packages)
	if !ok {
		return []Package{}
	}
	one := Package{Name: installed.SubscriberPackage.Name, Version: installed.Version(), VersionID: installed.SubscriberPackageVersion.ID}
	if prefix := installed.SubscriberPackage.NamespacePrefix; prefix != nil {
		one.Namespace = *prefix
	}
	return []Package{one}
}

func recordPagesOf(pages []world.RecordPage) []RecordPage {
	found := []RecordPage{}
	for _, page := range pages {
		var components []string
		for _, component := range page.Components {
			if steps.ShowsTickets(component) {
				components = append(components, component)
			}
		}
		if len(components) > 0 {
			slices.Sort(components)
			found = append(found, RecordPage{Object: page.EntityDefinitionID, Page: page.DeveloperName, Label: page.MasterLabel, Components: components})
		}
	}
	sortBy(found, func(p RecordPage) string { return p.Object + "\x00" + p.Page })
	return found
}

func valuesOf(document salesforce.Settings) SettingsValues {
	values := SettingsValues{}
	for path, several := range document.Values {
		values[path] = slices.Clone(several)
	}
	return values
}

func zendeskIn(w *world.World, uncounted bool) Zendesk {
	triggers := w.Triggers()
	account := Zendesk{
		URL:      w.ZendeskURL(),
		Triggers: part(triggers, triggersOf),
		Webhooks: partOf(w.Webhooks(), []error{triggers.Err}, func(webhooks []zendesk.Webhook) []Webhook {
			return webhooksOf(webhooks, steps.IntegrationTriggers(triggers.Value))
		}),
		LinkedOrganizations: part(w.LinkedOrganizations(), countOf),
		LinkedUsers:         part(w.LinkedUsers(), countOf),
	}
	if uncounted {
		account.LinkedOrganizations = Part[Count]{Source: w.LinkedOrganizations().Source, Unknown: &Reason{Kind: NotAsked}}
		account.LinkedUsers = Part[Count]{Source: w.LinkedUsers().Source, Unknown: &Reason{Kind: NotAsked}}
	}
	return account
}

func countOf(linked zendesk.Linked) Count {
	return Count{ByPrefix: linked.ByPrefix, LookedAt: linked.Looked, Exact: linked.Whole}
}

func triggersOf(triggers []zendesk.Trigger) []Trigger {
	found := []Trigger{}
	for _, trigger := range steps.IntegrationTriggers(triggers) {
		found = append(found, Trigger{
			ID: trigger.ID, Org: steps.OrgOf(trigger), Title: trigger.Title, Active: trigger.Active,
			Description: trigger.Description, CategoryID: trigger.CategoryID, Position: trigger.Position, Default: trigger.Default,
			Conditions: contentOf(trigger.Conditions), Actions: contentOf(trigger.Actions),
		})
	}
	slices.SortFunc(found, func(a, b Trigger) int { return int(min(max(a.ID-b.ID, -1), 1)) })
	return found
}

// contentOf is what a service sent as JSON; as a text where it is none.
func contentOf(raw []byte) Content {
	value, err := parseValue(raw)
	if err != nil {
		return Content{string(raw)}
	}
	return Content{value}
}

// webhooksOf are those that bear the integration's name, and those that its triggers call, whatever they are named.
func webhooksOf(webhooks []zendesk.Webhook, triggers []zendesk.Trigger) []Webhook {
	found := []Webhook{}
	for _, webhook := range webhooks {
		called := slices.ContainsFunc(triggers, func(t zendesk.Trigger) bool { return t.WebhookID() == webhook.ID })
		if !called && !steps.IsIntegrationWebhook(webhook) {
			continue
		}
		found = append(found, Webhook{
			ID: webhook.ID, Name: webhook.Name, Status: webhook.Status, Endpoint: webhook.Endpoint, Method: webhook.HTTPMethod,
			Format: webhook.RequestFormat, Description: webhook.Description,
			Subscriptions:      slices.Sorted(slices.Values(webhook.Subscriptions)),
			AuthenticationType: webhook.Authentication.Type, AuthenticationPosition: webhook.Authentication.AddPosition,
			HeaderNames: slices.Clone(webhook.CustomHeaders),
		})
	}
	sortBy(found, func(w Webhook) string { return w.ID })
	return found
}

func namesOf[T any](rows []T, name func(T) string) []string {
	names := []string{}
	for _, row := range rows {
		names = append(names, name(row))
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func sortBy[T any](rows []T, key func(T) string) {
	slices.SortFunc(rows, func(a, b T) int { return strings.Compare(key(a), key(b)) })
}
