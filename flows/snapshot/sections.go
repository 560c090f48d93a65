// A snapshot as it is compared: its sections in order, with the words for each value.

package snapshot

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"zsf/clients/salesforce"
	"zsf/flows/flow"
)

func sectionsOf(s Snapshot) []section {
	org, account := s.Salesforce, s.Zendesk
	sections := []section{
		address("salesforce.instance_url", org.InstanceURL),
		sectionOf("salesforce.org", org.Org, orgItems),
		sectionOf("salesforce.connections", org.Connections, connectionItems),
		sectionOf("salesforce.apps", org.Apps, appItems),
		sectionOf("salesforce.profiles", org.Profiles, accessItems("salesforce.profiles", "snapshot.access")),
		sectionOf("salesforce.packages", org.Packages, packageItems),
		sectionOf("salesforce.package_profiles", org.PackageProfiles, accessItems("salesforce.package_profiles", "snapshot.package-access")),
		sectionOf("salesforce.visualforce_pages", org.VisualforcePages, nameItems("salesforce.visualforce_pages", "snapshot.visualforce-page")),
		sectionOf("salesforce.components", org.Components, nameItems("salesforce.components", "snapshot.component")),
		sectionOf("salesforce.record_pages", org.RecordPages, recordPageItems),
		sectionOf("salesforce.security_settings", org.SecuritySettings, settingItems("salesforce.security_settings", "SecuritySettings")),
		sectionOf("salesforce.oauth_oidc_settings", org.OauthSettings, settingItems("salesforce.oauth_oidc_settings", "OauthOidcSettings")),
		address("zendesk.url", account.URL),
		sectionOf("zendesk.triggers", account.Triggers, triggerItems),
		sectionOf("zendesk.webhooks", account.Webhooks, webhookItems),
		countSection("zendesk.organizations_with_salesforce_id", account.LinkedOrganizations),
		countSection("zendesk.users_with_salesforce_id", account.LinkedUsers),
	}
	for _, question := range Questions {
		sections = append(sections, answerSection(question, s.Said.Answers[question.ID]))
	}
	return sections
}

func sectionOf[T any](path string, part Part[T], items func(T) []item) section {
	s := section{path: path, what: sectionTitle(path), unknown: part.Unknown}
	if part.Value != nil {
		s.items = items(*part.Value)
	}
	return s
}

func sectionTitle(path string) flow.Text { return flow.Say("snapshot.section." + path) }

// address is where a side is; without a sign-in the other parts say so.
func address(path, url string) section {
	s := section{path: path, what: sectionTitle(path)}
	if url == "" {
		s.unknown = &Reason{Kind: NotAsked}
	}
	s.items = []item{{key: "address", path: path, fields: []field{text("", s.what, url)}}}
	return s
}

func text(path string, what flow.Text, value string) field {
	shown := raw(value)
	if value == "" {
		shown = flow.Say("snapshot.nothing")
	}
	return field{path: path, what: what, value: value, shown: shown}
}

func yesNo(path string, what flow.Text, value bool) field {
	return field{path: path, what: what, value: strconv.FormatBool(value), shown: flow.Say("snapshot.is." + strconv.FormatBool(value))}
}

func onOff(active bool) flow.Text {
	if active {
		return flow.Say("change.on")
	}
	return flow.Say("change.off")
}

func orgItems(org Org) []item {
	const path = "salesforce.org"
	return []item{{key: "org", path: path, fields: []field{
		text("id", flow.Say("snapshot.org.org-id"), org.ID),
		text("name", flow.Say("snapshot.org.name"), org.Name),
		text("edition", flow.Say("snapshot.org.edition"), org.Edition),
		yesNo("sandbox", flow.Say("snapshot.org.sandbox"), org.Sandbox),
	}}}
}

func connectionItems(connections []Connection) []item {
	var items []item
	for _, c := range connections {
		path := "salesforce.connections[" + c.User + "]"
		items = append(items, item{
			key: c.App + "\x00" + c.User, path: path, what: flow.Say("snapshot.connection.of", "App", c.App, "User", c.User),
			fields: []field{
				yesNo("installed", flow.Say("snapshot.connection.installed", "App", c.App, "User", c.User), c.Installed),
				text("tokens", flow.Say("snapshot.connection.tokens", "App", c.App, "User", c.User), strconv.Itoa(c.Tokens)),
			},
		})
	}
	return items
}

func appItems(apps []App) []item {
	var items []item
	for _, app := range apps {
		users := field{path: "admin_approved_users_only", what: flow.Say("snapshot.app.permitted-users", "App", app.Name), shown: flow.Say("snapshot.app.untold")}
		if app.AdminApprovedOnly != nil {
			users.value = strconv.FormatBool(*app.AdminApprovedOnly)
			users.shown = flow.Say("snapshot.app.permitted-" + users.value)
		}
		items = append(items, item{
			key: app.Name, path: "salesforce.apps[" + app.Name + "]", what: flow.Say("snapshot.app.of", "App", app.Name), fields: []field{users},
		})
	}
	return items
}

// accessItems are found again by the permission set, or by the profile's name where that is a new one.
func accessItems(path, words string) func([]Access) []item {
	return func(all []Access) []item {
		var items []item
		for _, access := range all {
			one := item{
				id: access.PermissionSet, key: access.Profile, path: path + "[" + access.Profile + "]",
				what:   flow.Say(words, "Profile", access.Profile),
				fields: []field{text("profile", flow.Say("snapshot.access-name", "Profile", access.Profile), access.Profile)},
			}
			if access.Profile == "" {
				one.path, one.what = path+"["+access.PermissionSet+"]", flow.Say(words+"-set", "Set", access.PermissionSet)
			}
			items = append(items, one)
		}
		return items
	}
}

func packageItems(packages []Package) []item {
	var items []item
	for _, p := range packages {
		items = append(items, item{
			key: p.Name, path: "salesforce.packages[" + p.Name + "]", what: flow.Say("snapshot.package.of", "Package", p.Name), shown: raw(p.Version),
			fields: []field{
				text("version", flow.Say("snapshot.package.version", "Package", p.Name), p.Version),
				text("version_id", flow.Say("snapshot.package.version-id", "Package", p.Name), p.VersionID),
				text("namespace", flow.Say("snapshot.package.namespace", "Package", p.Name), p.Namespace),
			},
		})
	}
	return items
}

func nameItems(path, words string) func([]string) []item {
	return func(names []string) []item {
		var items []item
		for _, name := range names {
			items = append(items, item{key: name, path: path + "[" + name + "]", what: flow.Say(words, "Name", name)})
		}
		return items
	}
}

func recordPageItems(pages []RecordPage) []item {
	var items []item
	for _, page := range pages {
		items = append(items, item{
			key: page.Object + "\x00" + page.Page, path: "salesforce.record_pages[" + page.Page + "]",
			what: flow.Say("snapshot.record-page", "Object", page.Object, "Page", page.Label),
			fields: []field{
				text("components", flow.Say("snapshot.record-page-components", "Object", page.Object, "Page", page.Label), strings.Join(page.Components, ", ")),
				text("label", flow.Say("snapshot.record-page-label", "Object", page.Object, "Page", page.Page), page.Label),
			},
		})
	}
	return items
}

// settingItems is one item with a field for each path. The two that break the integration have names of their own.
func settingItems(path, document string) func(SettingsValues) []item {
	return func(values SettingsValues) []item {
		one := item{key: document, path: path}
		for _, name := range slices.Sorted(maps.Keys(values)) {
			what := flow.Say("snapshot.setting", "Name", name, "Document", document)
			switch name {
			case salesforce.LockSessionsToIPPath:
				what = flow.Say("change.session-lock-setting")
			case salesforce.PkceRequiredPath:
				what = flow.Say("change.pkce-policy-setting")
			}
			f := text("["+name+"]", what, strings.Join(values[name], "; "))
			if f.value == "true" || f.value == "false" {
				f.shown = onOff(f.value == "true")
			}
			one.fields = append(one.fields, f)
		}
		return []item{one}
	}
}

func triggerItems(triggers []Trigger) []item {
	var items []item
	for _, t := range triggers {
		id := strconv.FormatInt(t.ID, 10)
		// Titles may be there twice.
		say := func(what string) flow.Text { return flow.Say("snapshot.trigger."+what, "Title", t.Title+" #"+id) }
		active := field{path: "active", what: say("of"), value: strconv.FormatBool(t.Active), shown: onOff(t.Active)}
		items = append(items, item{
			id: id, key: t.Title + "\x00" + t.Org, path: "zendesk.triggers[" + id + "]", what: say("of"), shown: onOff(t.Active),
			fields: []field{
				active,
				text("title", say("title"), t.Title),
				text("description", say("about"), t.Description),
				text("category_id", say("category"), t.CategoryID),
				text("position", say("position"), strconv.Itoa(t.Position)),
				yesNo("default", say("default"), t.Default),
				contentField("conditions", t.Conditions, func(list string) flow.Text {
					if list != "all" && list != "any" {
						return say("conditions")
					}
					return say("condition-" + list)
				}),
				contentField("actions", t.Actions, func(string) flow.Text { return say("action") }),
			},
		})
	}
	return items
}

func webhookItems(webhooks []Webhook) []item {
	var items []item
	for _, w := range webhooks {
		say := func(what string) flow.Text { return flow.Say("snapshot.webhook."+what, "Name", w.Name) }
		status := field{path: "status", what: say("of"), value: w.Status, shown: raw(w.Status)}
		if w.Status == "active" || w.Status == "inactive" {
			status.shown = onOff(w.Status == "active")
		}
		items = append(items, item{
			id: w.ID, key: w.Name + "\x00" + w.Endpoint, path: "zendesk.webhooks[" + w.ID + "]", what: say("of"), shown: status.shown,
			fields: []field{
				status,
				text("name", say("name"), w.Name),
				text("endpoint", say("endpoint"), w.Endpoint),
				text("http_method", say("method"), w.Method),
				text("request_format", say("format"), w.Format),
				text("description", say("about"), w.Description),
				text("subscriptions", say("subscriptions"), strings.Join(w.Subscriptions, ", ")),
				text("authentication_type", say("authentication"), w.AuthenticationType),
				text("authentication_position", say("authentication-position"), w.AuthenticationPosition),
				text("header_names", say("headers"), strings.Join(w.HeaderNames, ", ")),
			},
		})
	}
	return items
}

func countSection(path string, part Part[Count]) section {
	s := sectionOf(path, part, func(count Count) []item {
		one := item{key: path, path: path}
		for _, prefix := range slices.Sorted(maps.Keys(count.ByPrefix)) {
			shown := flow.Say("snapshot.count.exact", "Count", count.ByPrefix[prefix])
			if !count.Exact {
				shown = flow.Say("snapshot.count.first", "Count", count.ByPrefix[prefix], "Looked", count.LookedAt)
			}
			what := flow.Say("snapshot.count.records", "Prefix", prefix)
			if words, known := countWords[prefix]; known {
				what = flow.Say("snapshot.count." + words)
			}
			one.fields = append(one.fields, field{path: "by_prefix." + prefix, what: what, value: strconv.Itoa(count.ByPrefix[prefix]), shown: shown})
		}
		return []item{one}
	})
	s.counted = true
	return s
}

// countWords name what carries ids that begin so.
var countWords = map[string]string{"001": "accounts", "003": "contacts", "00Q": "leads"}

func answerSection(question flow.Question, answer Answer) section {
	path := "said.answers[" + question.ID + "]"
	s := section{path: path, what: flow.Say("snapshot.said." + question.ID), unknown: answer.Unknown, said: true}
	if answer.Unknown == nil && len(answer.Value) == 0 {
		s.unknown = &Reason{Kind: Untold}
	}
	var shown []flow.Text
	for _, value := range answer.Value {
		words := raw(value)
		for _, option := range question.Options {
			if option.Value == value {
				words = option.Words
			}
		}
		shown = append(shown, words)
	}
	f := field{what: s.what, value: strings.Join(answer.Value, "; ")}
	if len(shown) > 0 {
		f.shown = flow.Say("snapshot.list", "Values", shown)
	}
	s.items = []item{{key: question.ID, path: path, fields: []field{f}}}
	return s
}
