// The managed package, by a PackageInstallRequest. No API takes it away again.

package changes

import (
	"context"
	"errors"
	"strings"

	"zsf/clients/salesforce"
	"zsf/flows/flow"
	"zsf/flows/world"
)

const packageKind = "salesforce.package"

// Package is a package version to install for all users.
type Package struct {
	Version string `json:"version"` // its id: 04t…
}

// Change completes the change that installs it.
func (p Package) Change(change flow.Change) (flow.Change, error) {
	if p.Version == "" {
		return change, errData
	}
	return prepared(change, packageKind, p)
}

type packageMaker struct{}

// The paths of a package's state.
const (
	installedPath = "installed "
	requestPath   = "request "
)

// Read lists what is installed and what is being installed, for this version.
func (packageMaker) Read(ctx context.Context, w *world.World, change flow.Change) (flow.State, error) {
	wanted, err := dataOf[Package](change)
	if err != nil {
		return nil, err
	}
	org, err := client(w)
	if err != nil {
		return nil, err
	}
	packages, err := salesforce.ToolingQuery[salesforce.InstalledPackage](ctx, org, salesforce.InstalledPackageQuery)
	if err != nil {
		return nil, err
	}
	requests, err := salesforce.ToolingQuery[salesforce.PackageInstallRequest](ctx, org, salesforce.PackageInstallRequestQuery)
	if err != nil {
		return nil, err
	}
	state := flow.State{}
	for _, installed := range packages {
		state[installedPath+short(installed.SubscriberPackageVersion.ID)] = installed.SubscriberPackage.Name + " " + installed.Version()
	}
	for _, request := range requests {
		if salesforce.SameID(request.SubscriberPackageVersionKey, wanted.Version) {
			state[requestPath+short(request.ID)] = request.Status
		}
	}
	return state, nil
}

func (packageMaker) Make(ctx context.Context, w *world.World, change flow.Change) error {
	wanted, err := dataOf[Package](change)
	if err != nil {
		return err
	}
	org, err := client(w)
	if err != nil {
		return err
	}
	_, err = org.InstallPackage(ctx, wanted.Version, "Block")
	return err
}

func (packageMaker) TakeBack(context.Context, *world.World, flow.Change) error {
	return errors.ErrUnsupported
}

// Judge tells how far the install is. While the service is at work, the request is what there is to see.
func (packageMaker) Judge(change flow.Change, now flow.State) (flow.Outcome, []flow.Difference) {
	wanted, err := dataOf[Package](change)
	if err != nil {
		return flow.NotMade, flow.Compare(change.Before, now)
	}
	own := installedPath + short(wanted.Version)
	outcome := flow.NotMade
	var moved []flow.Difference
	for _, difference := range flow.Compare(change.Before, now) {
		isNew := difference.Before == ""
		switch isRequest := strings.HasPrefix(difference.Path, requestPath); {
		case isNew && difference.Path == own, isNew && isRequest && difference.After == salesforce.InstallSuccess:
			outcome = flow.Made
		case isNew && isRequest && difference.After == salesforce.InstallInProgress && outcome != flow.Made:
			outcome = flow.Underway
		case !isRequest:
			moved = append(moved, difference)
		}
	}
	return outcome, moved
}
