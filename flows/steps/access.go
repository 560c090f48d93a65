package steps

import (
	"slices"
	"strings"

	"zsf/clients/salesforce"
	"zsf/flows/flow"
	"zsf/flows/world"
)

// AccessPermittedUsers: Permitted Users is "Admin approved users are pre-authorized".
// The API only reads it.
var AccessPermittedUsers = flow.Step{
	ID:    "access.permitted-users",
	Needs: []flow.ID{SetupConnect.ID},
	Reads: []world.Fact{world.ConnectedApps},
	Look: func(w *world.World) flow.Finding {
		apps := w.ConnectedApps()
		open := setupPage(w, connectedAppsPage, "permitted-users")
		if apps.Err != nil {
			return flow.NotSeen(apps).Mend(open)
		}
		app, installed := findApp(apps.Value)
		switch {
		case !installed:
			return flow.NotKnown(flow.Say("access.no-app")).Mend(open)
		case app.OptionsAllowAdminApprovedUsersOnly == nil:
			return flow.NotKnown(flow.Say("access.permitted-users.untold")).Mend(open)
		case !*app.OptionsAllowAdminApprovedUsersOnly:
			return flow.Failed(flow.Say("access.permitted-users.self")).
				With(flow.SawBad(apps, flow.Say("fact.self-authorize"))).Mend(open)
		}
		return flow.Passed(flow.Say("access.permitted-users.admin")).
			With(flow.SawGood(apps, flow.Say("fact.admin-approved")))
	},
}

// AccessProfiles: the chosen profiles may use the app, System Administrator among them.
var AccessProfiles = flow.Step{
	ID:    "access.profiles",
	Needs: []flow.ID{SetupConnect.ID},
	Reads: []world.Fact{world.ConnectedApps, world.AppGrants, world.Profiles, world.AdminProfile, world.ActiveUsers},
	Look: func(w *world.World) flow.Finding {
		apps, grants, profiles := w.ConnectedApps(), w.AppGrants(), w.Profiles()
		open := setupPage(w, connectedAppsPage, "manage-profiles")
		switch {
		case apps.Err != nil:
			return flow.NotSeen(apps).Mend(open)
		case grants.Err != nil:
			return flow.NotSeen(grants).Mend(open)
		case profiles.Err != nil:
			return flow.NotSeen(profiles).Mend(open)
		}
		app, installed := findApp(apps.Value)
		if !installed {
			return flow.NotKnown(flow.Say("access.no-app")).Mend(open)
		}
		allowed := profilesOf(app, grants.Value, profiles.Value)
		people := peopleIn(allowed, w.ActiveUsers())
		evidence := []flow.Evidence{flow.Saw(grants, flow.Say("fact.profiles", "Profiles", namesOf(allowed)))}
		if len(allowed) == 0 {
			evidence = []flow.Evidence{flow.SawBad(grants, flow.Say("fact.no-profiles"))}
		}
		if people.Fact.ID != "" {
			evidence = append(evidence, people)
		}
		admin := w.AdminProfile()
		if admin.Err != nil && len(allowed) > 0 {
			return flow.NotKnown(flow.Say("access.profiles.admin-untold", "Reason", admin.Err)).Because(admin.Err).
				With(evidence...).Mend(open)
		}
		if !slices.ContainsFunc(allowed, func(p salesforce.Profile) bool { return p.ID == admin.Value.ID }) {
			return flow.Failed(flow.Say("access.profiles.no-admin", "Admin", adminName(admin.Value))).
				With(flow.SawBad(grants, flow.Say("fact.profile-missing", "Profile", adminName(admin.Value)))).
				With(evidence...).Mend(open)
		}
		return flow.Passed(flow.Say("access.profiles.some", "Count", len(allowed), "All", len(profiles.Value), "Admin", adminName(admin.Value))).
			With(flow.SawGood(grants, flow.Say("fact.profile-there", "Profile", adminName(admin.Value)))).
			With(evidence...)
	},
	Ask:         askProfiles,
	ChangeReads: []world.Fact{world.ProfileSets},
	Change:      changeProfiles,
}

// adminName is what the org calls its System Administrator profile.
func adminName(profile salesforce.Profile) any {
	if profile.Name == "" {
		return flow.Say("system-administrator")
	}
	return profile.Name
}

// profilesOf are the profiles whose own permission set may use the app.
func profilesOf(app salesforce.ConnectedApplication, grants []salesforce.SetupEntityAccess, profiles []salesforce.Profile) []salesforce.Profile {
	granted := map[string]bool{}
	for _, grant := range grants {
		if salesforce.SameID(grant.SetupEntityID, app.ID) && grant.Parent.IsOwnedByProfile {
			granted[grant.Parent.ProfileID] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(profiles), func(p salesforce.Profile) bool { return !granted[p.ID] })
}

func peopleIn(profiles []salesforce.Profile, users world.Seen[[]salesforce.ActiveUsers]) flow.Evidence {
	if users.Err != nil {
		return flow.Evidence{}
	}
	count := 0
	for _, group := range users.Value {
		if slices.ContainsFunc(profiles, func(p salesforce.Profile) bool { return p.ID == group.ProfileID }) {
			count += group.Count
		}
	}
	return flow.Saw(users, flow.Say("fact.people", "Count", count))
}

func namesOf(profiles []salesforce.Profile) []string {
	names := make([]string, 0, len(profiles))
	for _, profile := range profiles {
		names = append(names, profile.Name)
	}
	return names
}

// AccessPages: the ticket view is on the record pages of all four objects.
var AccessPages = flow.Step{
	ID:    "access.pages",
	Needs: []flow.ID{SetupPackage.ID},
	Reads: []world.Fact{world.RecordPages},
	Look: func(w *world.World) flow.Finding {
		pages := w.RecordPages()
		open := setupPage(w, appBuilderPage, "app-builder")
		if pages.Err != nil {
			return flow.NotSeen(pages).Mend(open)
		}
		var evidence []flow.Evidence
		var without []string
		for _, object := range salesforce.TicketObjects {
			page, ok := pageWithTicketView(pages.Value, object)
			if ok {
				evidence = append(evidence, flow.SawGood(pages, flow.Say("fact.ticket-view-on", "Object", object, "Page", page.MasterLabel)))
				continue
			}
			without = append(without, object)
			evidence = append(evidence, flow.SawDoubtful(pages, flow.Say("fact.no-ticket-view-on", "Object", object)))
		}
		if len(without) > 0 {
			return flow.Warned(flow.Say("access.pages.without", "Objects", without)).With(evidence...).Mend(open)
		}
		return flow.Passed(flow.Say("access.pages.all")).With(evidence...)
	},
}

func pageWithTicketView(pages []world.RecordPage, object string) (world.RecordPage, bool) {
	for _, page := range pages {
		if page.EntityDefinitionID != object {
			continue
		}
		for _, component := range page.Components {
			if strings.Contains(component, componentName) {
				return page, true
			}
		}
	}
	return world.RecordPage{}, false
}
