// Which profiles may use the connected app: what is asked, and what a change of it does.

package steps

import (
	"slices"

	"zsf/clients/salesforce"
	"zsf/flows/changes"
	"zsf/flows/flow"
	"zsf/flows/world"
)

// askProfiles offers every profile by name, with those ticked that may use the app today. System
// Administrator is ticked for good: the guide requires it.
func askProfiles(w *world.World) []flow.Question {
	profiles := w.Profiles()
	if profiles.Err != nil {
		return nil
	}
	app, _ := findApp(w.ConnectedApps().Value)
	allowed := profilesOf(app, w.AppGrants().Value, profiles.Value)
	admin := w.AdminProfile().Value
	question := flow.Question{ID: "access.profiles", Kind: flow.PickMany}
	for _, profile := range profiles.Value {
		option := flow.Option{Value: profile.Name, Words: flow.Raw(profile.Name), Notes: []flow.Text{
			flow.Raw(profile.UserLicense.Name), peopleOf(w, profile),
		}}
		isAllowed := slices.ContainsFunc(allowed, func(p salesforce.Profile) bool { return p.ID == profile.ID })
		if isAllowed {
			option.Notes = append(option.Notes, flow.Say("access.profiles.today"))
		}
		if profile.ID == admin.ID && admin.ID != "" {
			option.Locked, option.Why = true, flow.Say("access.profiles.locked")
		}
		if isAllowed || option.Locked {
			question.Default = append(question.Default, profile.Name)
		}
		question.Options = append(question.Options, option)
	}
	return []flow.Question{question}
}

func peopleOf(w *world.World, profile salesforce.Profile) flow.Text {
	users := w.ActiveUsers()
	if users.Err != nil {
		return flow.Say("access.profiles.people-untold")
	}
	return flow.Say("access.profiles.people", "Count", activeIn(users.Value, profile.ID))
}

func activeIn(users []salesforce.ActiveUsers, profileID string) int {
	count := 0
	for _, group := range users {
		if group.ProfileID == profileID {
			count += group.Count
		}
	}
	return count
}

// changeProfiles gives the use of the app to the profiles that were ticked, and takes it from the others.
func changeProfiles(w *world.World, answers flow.Answers) (flow.Change, error) {
	apps, grants, profiles, sets := w.ConnectedApps(), w.AppGrants(), w.Profiles(), w.ProfileSets()
	for _, err := range []error{apps.Err, grants.Err, profiles.Err, sets.Err} {
		if err != nil {
			return flow.Change{}, err
		}
	}
	question := askProfiles(w)[0]
	ticked := question.Default
	if given, ok := answers[question.ID]; ok {
		ticked = given
	}
	ticked, err := question.Fit(ticked)
	if err != nil {
		return flow.Change{}, err
	}
	app, installed := findApp(apps.Value)
	if !installed {
		return flow.Change{}, flow.ErrNoChange
	}
	return accessChange(w, app, ticked)
}

func accessChange(w *world.World, app salesforce.ConnectedApplication, ticked []string) (flow.Change, error) {
	may, mayNot := flow.Say("change.may"), flow.Say("change.may-not")
	access := changes.Access{App: app.ID}
	change := flow.Change{Title: flow.Say("change.access"), Right: flow.Say("change.access-right"), Names: map[string]string{}}
	gained, lost := 0, 0
	allowed := profilesOf(app, w.AppGrants().Value, w.Profiles().Value)
	for _, profile := range w.Profiles().Value {
		owner := changes.Owner{Profile: profile.Name, Set: setOf(w.ProfileSets().Value, profile.ID)}
		before := slices.ContainsFunc(allowed, func(p salesforce.Profile) bool { return p.ID == profile.ID })
		after := slices.Contains(ticked, profile.Name)
		change.Names[changes.PathOf(owner)] = profile.Name
		people := activeIn(w.ActiveUsers().Value, profile.ID)
		what := flow.Say("change.access-profile", "Profile", profile.Name, "Count", people)
		switch {
		case before == after || owner.Set == "":
		case after:
			access.Gain = append(access.Gain, owner)
			change.Lines = append(change.Lines, flow.Line{What: what, Before: mayNot, After: may})
			gained += people
		default:
			access.Lose = append(access.Lose, owner)
			change.Lines = append(change.Lines, flow.Line{What: what, Before: may, After: mayNot})
			lost += people
		}
	}
	if len(access.Gain) > 0 {
		change.Effects = append(change.Effects, flow.Say("change.access-gained", "Count", gained))
	}
	if len(access.Lose) > 0 {
		change.Effects = append(change.Effects, flow.Say("change.access-lost", "Count", lost))
	}
	return access.Change(change)
}

func setOf(sets []salesforce.ProfileSet, profileID string) string {
	for _, set := range sets {
		if set.ProfileID == profileID {
			return set.ID
		}
	}
	return ""
}
