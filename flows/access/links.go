// How each link is judged.

package access

import (
	"strings"

	"zsf/clients/salesforce"
	"zsf/flows/flow"
	"zsf/flows/steps"
)

// fullLicence is the licence of a full user, in every language.
const fullLicence = "SFDC"

// licence: who may open Salesforce's own pages. What the ticket view does for other licences, no API tells.
func (c chain) licence() flow.Finding {
	licence := c.user.Profile.UserLicense
	fact := flow.Say("fact.licence", "Licence", licence.Name)
	switch {
	case licence.LicenseDefinitionKey == "":
		return flow.NotKnown(flow.Say("link.licence-untold"))
	case licence.LicenseDefinitionKey == fullLicence:
		return flow.Passed(flow.Raw(licence.Name)).With(c.saw(flow.Pass, "User", fact))
	case c.user.UserType != "Standard" || strings.Contains(strings.ToLower(licence.LicenseDefinitionKey), "integration"):
		return flow.Failed(flow.Say("link.licence-none", "Licence", licence.Name)).With(c.saw(flow.Fail, "User", fact)).
			Mend(flow.Tell(flow.Say("link.licence-full")))
	}
	return flow.NotKnown(flow.Say("link.licence-other", "Licence", licence.Name)).With(c.saw(flow.Unknown, "User", fact))
}

func (c chain) active() flow.Finding {
	if c.user.IsActive {
		return flow.Passed(flow.Say("link.is-active")).With(c.saw(flow.Pass, "User", flow.Say("link.is-active")))
	}
	return flow.Failed(flow.Say("link.not-active")).With(c.saw(flow.Fail, "User", flow.Say("link.not-active"))).
		Mend(flow.Tell(flow.Say("link.activate")))
}

// profile: by which profile and permission sets everything below is let through.
func (c chain) profile() flow.Finding {
	if c.access.AssignmentsErr != nil {
		finding := c.untold("PermissionSetAssignment", c.access.AssignmentsErr)
		if c.user.Profile.Name != "" {
			finding = finding.With(c.saw("", "User", flow.Say("link.profile-is", "Profile", c.user.Profile.Name)))
		}
		return finding
	}
	finding := flow.Passed(flow.Raw(c.user.Profile.Name)).With(c.saw(flow.Pass, "User", flow.Say("link.profile-is", "Profile", c.user.Profile.Name)))
	for _, assigned := range c.access.Assignments {
		switch {
		case assigned.PermissionSet.IsOwnedByProfile:
		case ended(assigned, c.read):
			finding = finding.With(c.saw(flow.Warn, "PermissionSetAssignment", flow.Say("link.set-ended", "Set", assigned.PermissionSet.Label)))
		default:
			finding = finding.With(c.saw("", "PermissionSetAssignment", flow.Say("link.set-is", "Set", assigned.PermissionSet.Label)))
		}
	}
	return finding
}

// policy: the app is there, and says who may use it.
func (c chain) policy() flow.Finding {
	apps := c.w.ConnectedApps()
	if apps.Err != nil {
		return flow.NotSeen(apps)
	}
	app, installed := steps.App(c.w)
	switch {
	case !installed:
		return flow.Failed(flow.Say("access.no-app")).With(flow.SawBad(apps, flow.Say("access.no-app"))).Mend(c.mend(steps.SetupConnect.ID)...)
	case app.OptionsAllowAdminApprovedUsersOnly == nil:
		return flow.NotKnown(flow.Say("access.permitted-users.untold")).Mend(c.mend(steps.AccessPermittedUsers.ID)...)
	case !*app.OptionsAllowAdminApprovedUsersOnly:
		return flow.Warned(flow.Say("access.permitted-users.self")).With(flow.SawDoubtful(apps, flow.Say("fact.self-authorize"))).
			Mend(c.mend(steps.AccessPermittedUsers.ID)...)
	}
	return flow.Passed(flow.Say("access.permitted-users.admin")).With(flow.SawGood(apps, flow.Say("fact.admin-approved")))
}

// grant: the profile, or a permission set, may use the app.
func (c chain) grant() flow.Finding {
	app, installed := steps.App(c.w)
	switch {
	case c.w.ConnectedApps().Err != nil:
		return flow.NotSeen(c.w.ConnectedApps())
	case !installed:
		return c.behind("policy")
	case c.access.GrantsErr != nil:
		return c.untold("SetupEntityAccess", c.access.GrantsErr)
	}
	var evidence []flow.Evidence
	for _, row := range c.access.MayUse(app.ID) {
		fact := flow.Say("link.granted-profile", "Profile", c.user.Profile.Name, "What", app.Name)
		if !row.Parent.IsOwnedByProfile {
			fact = flow.Say("link.granted-set", "Set", c.setName(row.ParentID), "What", app.Name)
		}
		evidence = append(evidence, c.saw(flow.Pass, "SetupEntityAccess", fact))
	}
	if len(evidence) > 0 {
		return flow.Passed(flow.Say("link.granted")).With(evidence...)
	}
	refused := c.saw(flow.Fail, "SetupEntityAccess", flow.Say("fact.profile-missing", "Profile", c.user.Profile.Name))
	if approved := app.OptionsAllowAdminApprovedUsersOnly; approved != nil && !*approved {
		refused.Mark = flow.Warn
		return flow.Warned(flow.Say("link.not-granted-yet")).With(refused).Mend(c.grantRemedy())
	}
	return flow.Failed(flow.Say("link.not-granted", "Profile", c.user.Profile.Name)).With(refused).Mend(c.grantRemedy(), steps.Way(steps.AccessProfiles.ID, c.w))
}

func (c chain) grantRemedy() flow.Remedy {
	return flow.Run("zsf access grant "+shellWord(c.user.Profile.Name), flow.Say("link.let", "Profile", c.user.Profile.Name))
}

// shellWord quotes a name for a shell, where it needs it.
func shellWord(name string) string {
	const safe = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"
	if name != "" && strings.Trim(name, safe) == "" {
		return name
	}
	return "'" + strings.ReplaceAll(name, "'", `'\''`) + "'"
}

func (c chain) setName(id string) string {
	for _, assigned := range c.access.Assignments {
		if salesforce.SameID(assigned.PermissionSetID, id) {
			return assigned.PermissionSet.Label
		}
	}
	return id
}

// behind is the finding of a link of which nothing can be said before another one holds.
func (c chain) behind(link string) flow.Finding {
	return flow.Finding{Verdict: flow.Blocked, Summary: flow.Say("blocked", "Step", flow.Say("link."+link))}
}

// pages: the package's Visualforce pages are open to the user. Who may customize the application opens all.
func (c chain) pages() flow.Finding {
	pages := c.w.TicketViewPages()
	switch {
	case pages.Err != nil:
		return flow.NotSeen(pages)
	case len(pages.Value) == 0:
		return flow.Failed(flow.Say("link.no-pages")).With(flow.SawBad(pages, flow.Say("link.no-pages"))).Mend(c.mend(steps.SetupPackage.ID)...)
	case c.access.GrantsErr != nil:
		return c.untold("SetupEntityAccess", c.access.GrantsErr)
	}
	all := c.customizes()
	found := c.each("pages", func(object string) flow.Evidence {
		for _, page := range pages.Value {
			if page.Name == steps.TicketViewPage(object) && (all || len(c.access.MayUse(page.ID)) > 0) {
				return c.saw(flow.Pass, "SetupEntityAccess", flow.Say("link.page-open", "Page", page.Name))
			}
		}
		return c.saw(flow.Fail, "SetupEntityAccess", flow.Say("link.page-shut", "Page", steps.TicketViewPage(object)))
	}, c.mend(steps.SetupPackage.ID)...)
	if profiles := c.w.Profiles(); found.Verdict != flow.Pass && profiles.Err != nil {
		return c.untold(profiles.Source, profiles.Err) // the profile may open all of them
	}
	return found
}

// customizes tells whether the user's profile may customize the application.
func (c chain) customizes() bool {
	for _, profile := range c.w.Profiles().Value {
		if salesforce.SameID(profile.ID, c.user.Profile.ID) {
			return profile.CustomizeApplication
		}
	}
	return false
}

// component: a record page of each object shows tickets. Which page a user gets, his app and profile decide.
func (c chain) component() flow.Finding {
	records := c.w.RecordPages()
	if records.Err != nil {
		return flow.NotSeen(records)
	}
	return c.each("component", func(object string) flow.Evidence {
		if page, ok := steps.PageWithTicketView(c.w, object); ok {
			return flow.SawGood(records, flow.Say("fact.ticket-view-on", "Object", object, "Page", page.MasterLabel))
		}
		return flow.SawBad(records, flow.Say("fact.no-ticket-view-on", "Object", object))
	}, c.mend(steps.AccessPages.ID)...)
}

// matchedBy are the fields by which tickets are found. Account.Name follows the object.
var matchedBy = map[string]string{"Contact": "Contact.Email", "Lead": "Lead.Email", "Opportunity": "Opportunity.AccountId"}

// fields: the user may read each object, and the field by which its tickets are found.
func (c chain) fields() flow.Finding {
	if err := c.access.ObjectsErr; err != nil {
		return c.untold("ObjectPermissions", err)
	}
	if err := c.access.FieldsErr; err != nil {
		return c.untold("FieldPermissions", err)
	}
	return c.each("fields", func(object string) flow.Evidence {
		field, has := matchedBy[object]
		switch {
		case !c.access.CanReadObject(object):
			return c.saw(flow.Fail, "ObjectPermissions", flow.Say("fact.not-readable", "Object", object))
		case has && !c.access.CanReadField(field):
			return c.saw(flow.Fail, "FieldPermissions", flow.Say("fact.not-readable", "Object", field))
		case !has:
			field = "Account.Name"
		}
		return c.saw(flow.Pass, "FieldPermissions", flow.Say("fact.readable", "Object", field))
	}, flow.Tell(flow.Say("link.fields-mend", "Profile", c.user.Profile.Name)))
}

// each judges a link that can hold on some of the objects only: those are then named.
func (c chain) each(link string, look func(object string) flow.Evidence, mend ...flow.Remedy) flow.Finding {
	var evidence []flow.Evidence
	var without []string
	for _, object := range salesforce.TicketObjects {
		seen := look(object)
		if seen.Mark != flow.Pass {
			without = append(without, object)
		}
		evidence = append(evidence, seen)
	}
	switch len(without) {
	case 0:
		return flow.Passed(flow.Say("link." + link + "-all")).With(evidence...)
	case len(salesforce.TicketObjects):
		return flow.Failed(flow.Say("link." + link + "-none")).With(evidence...).Mend(mend...)
	}
	return flow.Warned(flow.Say("link."+link+"-some", "Objects", without)).With(evidence...).Mend(mend...)
}
