// Installing a package by the API: asked for once, then looked at until it has ended.

package salesforce

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"zsf/clients/transport"
)

// What an installation may say of itself.
const (
	InstallInProgress = "IN_PROGRESS"
	InstallSuccess    = "SUCCESS"
	InstallError      = "ERROR"
)

// A PackageInstallRequest is an installation that was asked for by the API.
type PackageInstallRequest struct {
	ID                          string        `json:"Id"`
	SubscriberPackageVersionKey string        `json:"SubscriberPackageVersionKey"` // 04t…
	SecurityType                string        `json:"SecurityType"`                // Full: all users; None: admins only; Custom
	NameConflictResolution      string        `json:"NameConflictResolution"`      // Block, RenameMetadata; a query does not tell it
	Status                      string        `json:"Status"`                      // IN_PROGRESS, SUCCESS, ERROR, UNKNOWN
	CreatedDate                 Time          `json:"CreatedDate"`
	Errors                      InstallErrors `json:"Errors"` // a query does not tell them
}

// Settled tells whether the installation has ended, well or not.
func (r PackageInstallRequest) Settled() bool { return r.Status != InstallInProgress }

// InstallErrors are the service's words on why a package was not installed.
type InstallErrors []string

// UnmarshalJSON reads {"errors":[{"message":"…"}]}, or null.
func (e *InstallErrors) UnmarshalJSON(body []byte) error {
	*e = nil
	var list struct {
		Errors []struct {
			Message string `json:"message"`
		} `json:"errors"`
	}
	if err := json.Unmarshal(body, &list); err != nil {
		return fmt.Errorf("the errors of an installation: %w", err)
	}
	for _, failure := range list.Errors {
		*e = append(*e, failure.Message)
	}
	return nil
}

// PackageInstallRequestQuery finds the installations that were asked for, the newest first.
const PackageInstallRequestQuery = "SELECT Id, SubscriberPackageVersionKey, SecurityType, Status, CreatedDate " +
	"FROM PackageInstallRequest ORDER BY CreatedDate DESC"

var (
	errNotAccess  = errors.New("a row that zsf does not remove")
	errNotVersion = errors.New("this is not the id of a package version")
)

// InstallPackage asks the org to install a package version for all users, and gives the request's id.
// nameConflict is Block, which ends the installation where names clash, or RenameMetadata. It needs Download AppExchange
// Packages (InstallPackaging) and View Setup.
//
// It is never repeated: a second request would be a second installation. Where no answer came, look for the
// request by PackageInstallRequestQuery.
func (c *Client) InstallPackage(ctx context.Context, versionID, nameConflict string) (string, error) {
	if !isID(versionID) || !strings.HasPrefix(versionID, "04t") {
		return "", fmt.Errorf("%w: %q", errNotVersion, versionID)
	}
	body, err := json.Marshal(map[string]string{
		"SubscriberPackageVersionKey": versionID, "SecurityType": "Full", "NameConflictResolution": nameConflict,
	})
	if err != nil {
		return "", fmt.Errorf("writing a request: %w", err)
	}
	answer, err := c.call(ctx, transport.Request{
		Method: http.MethodPost, Path: c.data("tooling/sobjects/PackageInstallRequest"), Body: body,
		Header: http.Header{"Content-Type": {"application/json; charset=UTF-8"}},
	})
	if err != nil {
		return "", err
	}
	var made rowAnswer
	if err := c.caller.Decode(answer, &made); err != nil {
		return "", err
	}
	if !made.Success || !isID(made.ID) {
		return "", c.caller.Fail(answer, transport.Garbled, "", "the answer names no request")
	}
	return made.ID, nil
}

// ReadPackageInstallRequest reads how far an installation is, once. Who waits for its end asks again.
func (c *Client) ReadPackageInstallRequest(ctx context.Context, id string) (PackageInstallRequest, error) {
	var request PackageInstallRequest
	answer, err := c.call(ctx, transport.Request{Path: c.data("tooling/sobjects/PackageInstallRequest/" + url.PathEscape(id))})
	if err != nil {
		return request, err
	}
	if err := c.caller.Decode(answer, &request); err != nil {
		return request, err
	}
	if request.Status == "" {
		return request, c.caller.Fail(answer, transport.Garbled, "", "the installation has no status")
	}
	return request, nil
}
