// Package move compares two profiles before the work goes from one to the other: what is there, and what is not.
package move

import (
	"slices"
	"strconv"
	"strings"

	"zsf/clients/salesforce"
	"zsf/flows/flow"
	"zsf/flows/snapshot"
)

// A Row is one thing that both profiles have, as each has it.
type Row struct {
	ID       string
	What     flow.Text
	From, To flow.Text
	Mark     flow.Verdict // Fail: it keeps the move from coming to its end; Warn: somebody should look; empty: only told
}

// A Side is one profile: how both of its services stand, and the org's profiles by name.
type Side struct {
	Taken    snapshot.Snapshot
	Profiles []string // nil: not told
	Fields   flow.Finding
}

// A Stage is one part of a move: in whose profile it is done, and whether it is.
type Stage struct {
	ID      string `json:"id"`
	Profile string `json:"profile"`
	Done    bool   `json:"done"`
}

// Rows are the two profiles side by side.
func Rows(from, to Side) []Row {
	rows := []Row{
		row("org", text(orgName(from)), text(orgName(to))),
		row("kind", kind(from), kind(to)),
		row("account", text(from.Taken.Zendesk.URL), text(to.Taken.Zendesk.URL)),
		row("edition", text(org(from).Edition), text(org(to).Edition)),
		row("package", packageOf(from), packageOf(to)),
		row("connection", connectionOf(from), connectionOf(to)),
		row("profiles", list(allowed(from)), list(allowed(to))),
		row("fields", from.Fields.Summary, to.Fields.Summary),
		row("triggers", triggersOf(from), triggersOf(to)),
	}
	mark := func(id string, verdict flow.Verdict) {
		rows[slices.IndexFunc(rows, func(r Row) bool { return r.ID == id })].Mark = verdict
	}
	if orgID(from) != "" && salesforce.SameID(orgID(from), orgID(to)) {
		mark("org", flow.Fail)
	}
	if org(from).Edition != org(to).Edition {
		mark("edition", flow.Warn)
	}
	if org(to).Sandbox {
		mark("kind", flow.Warn)
	}
	if to.Fields.Verdict == flow.Fail {
		mark("fields", flow.Fail)
	}
	if others := otherTriggers(to); others > 0 {
		rows = append(rows, Row{ID: "other-triggers", What: flow.Say("move.other-triggers"), To: flow.Say("move.count", "Count", others), Mark: flow.Warn})
	}
	if missing := Missing(from, to); len(missing) > 0 {
		rows = append(rows, Row{ID: "missing-profiles", What: flow.Say("move.missing-profiles"), From: list(missing), Mark: flow.Warn})
	}
	return rows
}

// Missing are profiles that may use the app on the one side and do not exist on the other.
func Missing(from, to Side) []string {
	if to.Profiles == nil {
		return nil
	}
	return slices.DeleteFunc(allowed(from), func(name string) bool { return slices.Contains(to.Profiles, name) })
}

// Shared are profiles that may use the app on the one side and exist on the other.
func Shared(from, to Side) []string {
	return slices.DeleteFunc(allowed(from), func(name string) bool { return !slices.Contains(to.Profiles, name) })
}

// SameAccount tells that both profiles are of one Zendesk account, which holds one connection.
func SameAccount(from, to Side) bool {
	one, other := from.Taken.Zendesk.URL, to.Taken.Zendesk.URL
	return one != "" && strings.EqualFold(strings.TrimSuffix(one, "/"), strings.TrimSuffix(other, "/"))
}

// IsConnected tells whether a side's org has a connection; told is false where nobody knows.
func IsConnected(side Side) (connected, told bool) {
	connections := side.Taken.Salesforce.Connections.Value
	return connections != nil && len(*connections) > 0, connections != nil
}

func row(id string, from, to flow.Text) Row {
	return Row{ID: id, What: flow.Say("move." + id), From: from, To: to}
}

func text(value string) flow.Text {
	if value == "" {
		return flow.Say("move.untold")
	}
	return flow.Raw(value)
}

func list(values []string) flow.Text {
	if len(values) == 0 {
		return flow.Say("move.none")
	}
	return flow.Raw(strings.Join(values, ", "))
}

func org(side Side) snapshot.Org {
	if value := side.Taken.Salesforce.Org.Value; value != nil {
		return *value
	}
	return snapshot.Org{}
}

func orgID(side Side) string { return org(side).ID }

func orgName(side Side) string {
	if org(side).ID == "" {
		return ""
	}
	return org(side).Name + " (" + org(side).ID + ")"
}

func kind(side Side) flow.Text {
	switch {
	case org(side).ID == "":
		return flow.Say("move.untold")
	case org(side).Sandbox:
		return flow.Say("setup.instance.sandbox")
	}
	return flow.Say("setup.instance.production")
}

func packageOf(side Side) flow.Text {
	packages := side.Taken.Salesforce.Packages.Value
	switch {
	case packages == nil:
		return flow.Say("move.untold")
	case len(*packages) == 0:
		return flow.Say("move.none")
	}
	return flow.Raw((*packages)[0].Version)
}

func connectionOf(side Side) flow.Text {
	switch connected, told := IsConnected(side); {
	case !told:
		return flow.Say("move.untold")
	case !connected:
		return flow.Say("move.none")
	}
	return flow.Raw((*side.Taken.Salesforce.Connections.Value)[0].User)
}

func allowed(side Side) []string {
	profiles := side.Taken.Salesforce.Profiles.Value
	if profiles == nil {
		return nil
	}
	var names []string
	for _, access := range *profiles {
		if access.Profile != "" && !slices.Contains(names, access.Profile) {
			names = append(names, access.Profile)
		}
	}
	return names
}

func triggersOf(side Side) flow.Text {
	triggers := side.Taken.Zendesk.Triggers.Value
	if triggers == nil {
		return flow.Say("move.untold")
	}
	on, own := 0, 0
	for _, trigger := range *triggers {
		if trigger.Org != "" && !salesforce.SameID(trigger.Org, orgID(side)) {
			continue
		}
		own++
		if trigger.Active {
			on++
		}
	}
	return flow.Say("move.triggers-on", "On", strconv.Itoa(on), "All", strconv.Itoa(own))
}

func otherTriggers(side Side) int {
	triggers := side.Taken.Zendesk.Triggers.Value
	if triggers == nil || orgID(side) == "" {
		return 0
	}
	count := 0
	for _, trigger := range *triggers {
		if trigger.Active && trigger.Org != "" && !salesforce.SameID(trigger.Org, orgID(side)) {
			count++
		}
	}
	return count
}
