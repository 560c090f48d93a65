// Package installs: a PackageInstallRequest takes some seconds, and then the package is there.

package salesforce

import (
	"slices"
	"time"

	"zsf/clients/sandbox/soql"
)

const installTakes = 8 * time.Second

func (c *call) installRules(changed values) *failure {
	key := soql.To18(str(changed["SubscriberPackageVersionKey"]))
	if !soql.ValidID(key) || key[:3] != "04t" {
		return refuse("MALFORMED_ID", "SubscriberPackageVersionKey: id value of incorrect type: "+str(changed["SubscriberPackageVersionKey"]), "SubscriberPackageVersionKey")
	}
	changed["SubscriberPackageVersionKey"] = key
	fallBack(changed, changed, "NameConflictResolution", "Block")
	fallBack(changed, changed, "SecurityType", "None")
	fallBack(changed, changed, "PackageInstallSource", "U")
	changed["Status"] = "IN_PROGRESS"
	return nil
}

// after does what a new row sets in motion.
func (c *call) after(e *entity, id string) {
	if e.name != "PackageInstallRequest" {
		return
	}
	due := c.org.now().Add(installTakes)
	row, _, _ := c.org.tables[e.name].find(id)
	row.(values)["due"] = due
	c.org.await(due)
}

// await looks at the installs at that time, or earlier if another is due.
func (o *Org) await(due time.Time) {
	if next := o.due.Load(); next == 0 || due.UnixNano() < next {
		o.due.Store(due.UnixNano())
	}
}

// settle finishes the installs whose time has come.
func (o *Org) settle() {
	due := o.due.Load()
	if due == 0 || o.now().UnixNano() < due {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.installs == InstallsStuck {
		return // they stay due until they may go on
	}
	o.due.Store(0)
	o.tables["PackageInstallRequest"].each(func(request values) {
		at, waiting := request["due"].(time.Time)
		switch {
		case !waiting || request["Status"] != "IN_PROGRESS":
		case o.now().Before(at):
			o.await(at)
		default:
			o.finish(request, at)
		}
	})
}

func (o *Org) finish(request values, at time.Time) {
	by := str(request["CreatedById"])
	request["LastModifiedDate"], request["SystemModstamp"] = at, at
	switch {
	case request["SubscriberPackageVersionKey"] != PackageVersionID():
		failInstall(request, "The package version is not available or does not exist. Check the package version id and the installation key.")
		return
	case o.installs == InstallsFail:
		failInstall(request, "(Zendesk_Ticket_View) An unexpected error occurred during deployment. Try the installation again.")
		return
	}
	chosen, _ := request["sets"].([]string)
	o.installPackage(&transaction{}, by, at, func(profile, set string) bool {
		return request["SecurityType"] == "Full" || profile == "admin" || slices.Contains(chosen, set)
	})
	o.installApp(integrationName, by, at)
	o.audit("packageInstalled", "Custom App Licenses", "Installed "+integrationName+" package", by, at)
	request["Status"] = "SUCCESS"
}

func failInstall(request values, message string) {
	request["Status"] = "ERROR"
	request["Errors"] = document{{"errors", []any{document{{"message", message}}}}}
}

// installProblem is why a request failed.
func installProblem(request values) string {
	told, _ := request["Errors"].(document)
	list, _ := told.get("errors").([]any)
	if len(list) == 0 {
		return ""
	}
	first, _ := list[0].(document)
	return str(first.get("message"))
}
