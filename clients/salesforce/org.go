// Rows about the org and its people: Organization, User, Profile, and what the signed-in user may do.

package salesforce

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"zsf/clients/transport"
)

// An Organization is the org itself.
type Organization struct {
	ID                  string `json:"Id"`
	Name                string `json:"Name"`
	OrganizationType    string `json:"OrganizationType"` // Enterprise Edition; more strings exist than are documented
	IsSandbox           bool   `json:"IsSandbox"`
	InstanceName        string `json:"InstanceName"`        // USA1234S
	TrialExpirationDate Time   `json:"TrialExpirationDate"` // zero: no trial. A sandbox with one is a scratch org
}

// OrganizationQuery has one row.
const OrganizationQuery = "SELECT Id, Name, OrganizationType, IsSandbox, InstanceName, TrialExpirationDate FROM Organization"

// A UserLicense says what kind of user a profile is for. Name is translated, LicenseDefinitionKey is not:
// SFDC is the full licence.
type UserLicense struct {
	Name                 string `json:"Name"`
	LicenseDefinitionKey string `json:"LicenseDefinitionKey"`
}

// A User is a person in the org.
type User struct {
	ID       string `json:"Id"`
	Username string `json:"Username"`
	Name     string `json:"Name"`
	Email    string `json:"Email"`
	IsActive bool   `json:"IsActive"`
	UserType string `json:"UserType"` // Standard
	Profile  struct {
		ID          string      `json:"Id"`
		Name        string      `json:"Name"` // translated for standard profiles
		UserLicense UserLicense `json:"UserLicense"`
	} `json:"Profile"`
}

// UserQuery finds one user by id.
func UserQuery(id string) string {
	return userColumns + "Id = " + Quote(id)
}

// A Profile is a set of rights that each user has one of.
type Profile struct {
	ID                   string      `json:"Id"`
	Name                 string      `json:"Name"` // translated for standard profiles
	UserType             string      `json:"UserType"`
	ModifyAllData        bool        `json:"PermissionsModifyAllData"`
	CustomizeApplication bool        `json:"PermissionsCustomizeApplication"`
	ManageUsers          bool        `json:"PermissionsManageUsers"`
	UserLicense          UserLicense `json:"UserLicense"`
}

// Administers tells whether a profile has an administrator's rights, whatever its name.
func (p Profile) Administers() bool {
	return p.ModifyAllData && p.CustomizeApplication && p.ManageUsers
}

// ProfileQuery finds all profiles.
const ProfileQuery = "SELECT Id, Name, UserType, PermissionsModifyAllData, PermissionsCustomizeApplication, " +
	"PermissionsManageUsers, UserLicense.Name, UserLicense.LicenseDefinitionKey FROM Profile"

// A ProfileSet is the permission set that a profile owns: rows that give the profile a right name it as their parent.
type ProfileSet struct {
	ID        string `json:"Id"`
	ProfileID string `json:"ProfileId"`
}

// ProfileSetQuery finds the permission sets of all profiles.
const ProfileSetQuery = "SELECT Id, ProfileId FROM PermissionSet WHERE IsOwnedByProfile = true"

// A ProfileName is a profile's name in the Metadata API, which no language changes: the standard
// System Administrator is "Admin".
type ProfileName struct {
	FullName string `json:"FullName"`
}

// ProfileNameQuery asks the Tooling API for a profile's name. It tells one profile at a time.
func ProfileNameQuery(id string) string {
	return "SELECT Id, FullName FROM Profile WHERE Id = " + Quote(id)
}

// ActiveUsers counts a profile's active users.
type ActiveUsers struct {
	ProfileID string `json:"ProfileId"`
	Count     int    `json:"expr0"`
}

// ActiveUsersQuery has a row for each profile that has active users.
const ActiveUsersQuery = "SELECT ProfileId, COUNT(Id) FROM User WHERE IsActive = true GROUP BY ProfileId"

// Permissions are what the signed-in user may do, by profile and permission sets together:
// the columns of UserPermissionAccess by name. One that is not there was not told.
type Permissions map[string]bool

// permissionColumns are what the checks ask about.
var permissionColumns = []string{
	"PermissionsApiEnabled", "PermissionsApiUserOnly", "PermissionsModifyMetadata", "PermissionsModifyAllData",
	"PermissionsCustomizeApplication", "PermissionsViewSetup", "PermissionsManageUsers",
	"PermissionsManageProfilesPermissionsets", "PermissionsManageRemoteAccess", "PermissionsMonitorLoginHistory",
}

// UnmarshalJSON keeps the columns that are permissions.
func (p *Permissions) UnmarshalJSON(body []byte) error {
	var columns map[string]any
	if err := json.Unmarshal(body, &columns); err != nil {
		return fmt.Errorf("permissions: %w", err)
	}
	*p = Permissions{}
	for name, value := range columns {
		if has, ok := value.(bool); ok && strings.HasPrefix(name, "Permissions") {
			(*p)[name] = has
		}
	}
	return nil
}

// permissionsQuery has one row, about the signed-in user.
func permissionsQuery() string {
	return "SELECT " + strings.Join(permissionColumns, ", ") + " FROM UserPermissionAccess"
}

// Permissions reads the signed-in user's permissions. Columns that the org does not have are left out, one call each.
func (c *Client) Permissions(ctx context.Context) (Permissions, error) {
	soql := permissionsQuery()
	for {
		rows, err := Query[Permissions](ctx, c, soql)
		switch shorter, ok := dropColumn(soql, err); {
		case ok:
			soql = shorter
		case err != nil:
			return nil, err
		case len(rows) == 0:
			return nil, c.caller.Fail(transport.Answer{Call: "GET " + c.data("query")}, transport.Garbled, "",
				"UserPermissionAccess has no row for this user")
		default:
			return rows[0], nil
		}
	}
}
