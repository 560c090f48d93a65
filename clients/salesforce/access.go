// Rows about who connected and who may: connected apps, their tokens and log-ins, and access to them.

package salesforce

// A ConnectedApplication is a connected app that is installed in the org. The API only reads it.
type ConnectedApplication struct {
	ID   string `json:"Id"`
	Name string `json:"Name"`
	// Permitted Users is "Admin approved users are pre-authorized"; nil: not told to this user
	// (it needs View Setup and Configuration).
	OptionsAllowAdminApprovedUsersOnly *bool `json:"OptionsAllowAdminApprovedUsersOnly"`
	CreatedDate                        Time  `json:"CreatedDate"`
	LastModifiedDate                   Time  `json:"LastModifiedDate"`
}

// ConnectedApplicationQuery finds all installed apps.
const ConnectedApplicationQuery = "SELECT Id, Name, OptionsAllowAdminApprovedUsersOnly, CreatedDate, LastModifiedDate FROM ConnectedApplication"

// An OauthToken is a live connection of an app as a user. Whoever lacks Customize Application sees only his own.
// The secrets in the row, AccessToken and DeleteToken, are never asked for.
type OauthToken struct {
	AppName       string  `json:"AppName"`
	AppMenuItemID *string `json:"AppMenuItemId"` // nil: the app is used but not installed (measured, pipedream#21557)
	User          struct {
		Username string `json:"Username"`
		Name     string `json:"Name"`
	} `json:"User"`
	CreatedDate  Time `json:"CreatedDate"`
	LastUsedDate Time `json:"LastUsedDate"`
	UseCount     int  `json:"UseCount"`
}

// OauthTokenQuery finds the tokens of apps with Zendesk in their name, the last used first.
// A query of OauthToken ends at 2,500 rows, so it asks for no others.
const OauthTokenQuery = "SELECT AppName, AppMenuItemId, User.Username, User.Name, CreatedDate, LastUsedDate, UseCount " +
	"FROM OauthToken WHERE AppName LIKE '%Zendesk%' ORDER BY LastUsedDate DESC NULLS LAST"

// A LoginEvent is a row of LoginHistory. Whoever lacks Manage Users or Monitor Login History sees only his own.
type LoginEvent struct {
	ID          string `json:"Id"`
	UserID      string `json:"UserId"`
	LoginTime   Time   `json:"LoginTime"`
	LoginType   string `json:"LoginType"`
	Application string `json:"Application"` // the app's label
	Status      string `json:"Status"`      // Success, or why not
}

// LoginHistoryQuery finds the newest log-ins of apps by OAuth. Application and Status cannot be filtered by SOQL.
const LoginHistoryQuery = "SELECT Id, UserId, LoginTime, LoginType, Application, Status FROM LoginHistory " +
	"WHERE LoginType IN ('Remote Access Client', 'Remote Access 2.0') ORDER BY LoginTime DESC LIMIT 500"

// A SetupEntityAccess says that a permission set, or the one that a profile owns, may use something.
type SetupEntityAccess struct {
	ID              string `json:"Id"`
	ParentID        string `json:"ParentId"`
	SetupEntityID   string `json:"SetupEntityId"`
	SetupEntityType string `json:"SetupEntityType"`
	Parent          struct {
		IsOwnedByProfile bool   `json:"IsOwnedByProfile"`
		ProfileID        string `json:"ProfileId"`
		Profile          struct {
			Name string `json:"Name"`
		} `json:"Profile"`
	} `json:"Parent"`
}

const accessColumns = "SELECT Id, ParentId, SetupEntityId, SetupEntityType, Parent.IsOwnedByProfile, Parent.ProfileId, " +
	"Parent.Profile.Name FROM SetupEntityAccess WHERE "

// ConnectedApplicationAccessQuery finds who may use which connected app.
const ConnectedApplicationAccessQuery = accessColumns + "SetupEntityType = 'ConnectedApplication'"

// AccessQuery finds who may use the things with these ids: apps, Visualforce pages, classes.
func AccessQuery(ids []string) string {
	return accessColumns + "SetupEntityId IN (" + quoteAll(ids) + ")"
}
