// Package salesforce is the sandbox's Salesforce org: REST, Tooling, SOAP metadata and OAuth over one state.
package salesforce

// A Setup is how the org stands when it starts. The zero value is an Enterprise sandbox
// where nothing is done yet; Ready is the same org with all of it done.
type Setup struct {
	Language          string  // of labels and standard profile names: "en" (also when empty) or "ko"
	Production        bool    // Organization.IsSandbox is false
	Edition           string  // Organization.OrganizationType; "Enterprise Edition" when empty
	API               API     // whether the API answers
	SessionExpired    bool    // the given access token is no longer good
	LimitReached      bool    // the day's API requests are used up
	User              User    // the signed-in user
	SessionsLocked    bool    // SecuritySettings.sessionSettings.lockSessionsToIp
	PKCERequired      bool    // OauthOidcSettings.isPkceRequired
	Package           Package // the managed package "Salesforce Integration for Zendesk"
	App               App     // the connected app of the same name
	AdminApprovedOnly bool    // OptionsAllowAdminApprovedUsersOnly
	AdminProfile      bool    // the System Administrator profile may use the app
	OtherProfiles     bool    // five more profiles may use it
	PersonAccounts    bool    // people can be accounts, and one is
	PageComponents    bool    // the ticket view is on the Account, Contact, Lead and Opportunity record pages
}

// API tells whether REST and SOAP answer.
type API int

// Whether the API answers.
const (
	APIOn            API = iota
	APIOffForUser        // the user lacks "API Enabled": 403 API_DISABLED_FOR_ORG all the same
	APIOffForEdition     // the edition has no API: 403 API_DISABLED_FOR_ORG
)

// User is what the signed-in user may do.
type User int

// The users that can be signed in.
const (
	Admin       User = iota // a System Administrator
	NotAdmin                // full licence and all that the connection needs, but no admin rights (no Customize Application, Modify All Data, View Setup, Manage Users)
	APIOnlyUser             // an admin whose profile says "API Only User", on a Salesforce Integration licence
)

// Package tells for whom the managed package is installed.
type Package int

// For whom the package can be installed.
const (
	NoPackage        Package = iota
	PackageForAdmins         // "Install for Admins Only": only the admin profile sees its pages and component
	PackageForAll
)

// App is how far the connected app got.
type App int

// How far the app can have got.
const (
	AppUnknown   App = iota // nobody has used it
	AppUsed                 // an OauthToken without AppMenuItemId, no ConnectedApplication row: used, not installed
	AppInstalled            // a ConnectedApplication row and no token
	AppConnected            // a row, and a live token of the connecting admin
)

// Ready is a Setup with everything done and connected.
func Ready() Setup {
	return Setup{
		Package:           PackageForAll,
		App:               AppConnected,
		AdminApprovedOnly: true,
		AdminProfile:      true,
		OtherProfiles:     true,
		PageComponents:    true,
	}
}
