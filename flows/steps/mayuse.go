// Which profiles may use the connected app, as a list.

package steps

import (
	"errors"
	"slices"
	"strings"

	"zsf/clients/salesforce"
	"zsf/flows/flow"
	"zsf/flows/world"
)

// A ProfileRow is one profile of the org, and whether its users may use the connected app.
type ProfileRow struct {
	Name    string
	Licence string
	People  int  // active users
	Told    bool // People is known
	MayUse  bool
	Locked  bool      // it must stay so
	Why     flow.Text // it is locked
}

// ErrNoApp says that there is no connected app that anybody could be let use.
var ErrNoApp = errors.New("the connected app is not installed in this org: zsf setup --only setup.connect says how it gets there")

// ProfileRows lists the profiles, from what AccessProfiles reads. Without the connected app nobody may use it,
// and the error is ErrNoApp.
func ProfileRows(w *world.World) ([]ProfileRow, error) {
	apps, grants, profiles := w.ConnectedApps(), w.AppGrants(), w.Profiles()
	for _, err := range []error{apps.Err, grants.Err, profiles.Err} {
		if err != nil {
			return nil, err
		}
	}
	app, installed := findApp(apps.Value)
	allowed := profilesOf(app, grants.Value, profiles.Value)
	admin, users := w.AdminProfile().Value, w.ActiveUsers()
	rows := make([]ProfileRow, 0, len(profiles.Value))
	for _, profile := range profiles.Value {
		row := ProfileRow{
			Name: profile.Name, Licence: profile.UserLicense.Name, People: activeIn(users.Value, profile.ID), Told: users.Err == nil,
			MayUse: slices.ContainsFunc(allowed, func(p salesforce.Profile) bool { return p.ID == profile.ID }),
		}
		if row.Locked = profile.ID == admin.ID && admin.ID != ""; row.Locked {
			row.Why = flow.Say("access.profiles.locked")
		}
		rows = append(rows, row)
	}
	slices.SortFunc(rows, func(a, b ProfileRow) int { return strings.Compare(a.Name, b.Name) })
	if !installed {
		return rows, ErrNoApp
	}
	return rows, nil
}

// App is the connected app, if it is installed.
func App(w *world.World) (salesforce.ConnectedApplication, bool) {
	return findApp(w.ConnectedApps().Value)
}

// PageWithTicketView is a record page of an object that shows tickets.
func PageWithTicketView(w *world.World, object string) (world.RecordPage, bool) {
	return pageWithTicketView(w.RecordPages().Value, object)
}

// TicketViewPage is the name of the Visualforce page that shows an object's tickets.
func TicketViewPage(object string) string { return componentName + "_" + object }

// Way is the page of a step where it is done by hand.
func Way(id flow.ID, w *world.World) flow.Remedy {
	for _, way := range Guide(id, w) {
		if way.Kind == flow.ByPage {
			return way
		}
	}
	return flow.Remedy{}
}
