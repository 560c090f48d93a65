// What can happen to an org while somebody works with it: sessions end, rights go, installs stall, others change settings.

package salesforce

import (
	"errors"
	"fmt"
)

// Installs is how package installs end.
type Installs string

// How installs can end.
const (
	InstallsWork  Installs = ""
	InstallsStuck Installs = "stuck" // they stay in progress until this is switched back
	InstallsFail  Installs = "fails"
)

// A Change is what happens to the org from outside. What is nil or empty stays.
type Change struct {
	SessionExpired           *bool  `json:"session_expired"` // ends every session, of apps and browsers; false brings back the given token
	Rights                   string `json:"rights"`          // of the signed-in user: admin, limited (no admin rights) or none (a minimum profile)
	Install                  string `json:"install"`         // works, stuck or fails
	API                      string `json:"api"`             // on or off, for the signed-in user's profile; on also lifts the edition's lack of it
	LimitReached             *bool  `json:"limit_reached"`   // of the day's API requests
	PersonAccounts           bool   `json:"person_accounts"` // turns them on, which in Salesforce nobody can undo, and makes one
	AnotherAdminLocksSession bool   `json:"another_admin_locks_sessions"`
	AnotherAdminRequiresPKCE bool   `json:"another_admin_requires_pkce"`
	Integration              string `json:"integration"` // what breaks it: see Breakages
}

// ErrNoSuchChange is a value that a Change does not know.
var ErrNoSuchChange = errors.New("no such change")

// Apply makes a change, or none of it.
func (o *Org) Apply(c Change) error {
	profile, knownRights := map[string]string{"": "", "admin": "admin", "limited": "ops", "none": "minimum"}[c.Rights]
	if !knownRights {
		return fmt.Errorf("rights %q: %w", c.Rights, ErrNoSuchChange)
	}
	installs, knownInstalls := map[string]Installs{"": o.Installs(), "works": InstallsWork, "stuck": InstallsStuck, "fails": InstallsFail}[c.Install]
	if !knownInstalls {
		return fmt.Errorf("install %q: %w", c.Install, ErrNoSuchChange)
	}
	if c.API != "" && c.API != "on" && c.API != "off" {
		return fmt.Errorf("api %q: %w", c.API, ErrNoSuchChange)
	}
	breakage, knownBreakage := Breakages()[c.Integration]
	if c.Integration != "" && !knownBreakage {
		return fmt.Errorf("integration %q: %w", c.Integration, ErrNoSuchChange)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.installs = installs
	if breakage != nil {
		breakage(o)
	}
	if c.SessionExpired != nil {
		o.expireSessions(*c.SessionExpired)
	}
	if profile != "" {
		o.moveTo(o.cast.signedIn, profile)
	}
	if c.API != "" {
		o.switchAPI(c.API == "on")
	}
	if c.PersonAccounts && !o.setup.PersonAccounts {
		o.turnOnPersonAccounts()
	}
	if c.LimitReached != nil {
		o.setup.LimitReached = *c.LimitReached
		o.used.Store(o.startingUse())
	}
	if c.AnotherAdminLocksSession {
		o.set("SecuritySettings", "true", o.person(o.anotherAdmin()), "sessionSettings", "lockSessionsToIp")
	}
	if c.AnotherAdminRequiresPKCE {
		o.set("OauthOidcSettings", "true", o.person(o.anotherAdmin()), "isPkceRequired")
	}
	return nil
}

// Installs is how installs end now.
func (o *Org) Installs() Installs {
	o.mu.RLock()
	defer o.mu.RUnlock()
	return o.installs
}

func (o *Org) expireSessions(over bool) {
	if !over {
		if g := o.grantByRefresh(givenRefreshToken); g != nil {
			o.oauth.sessions[givenAccessToken] = g
		}
		return
	}
	o.endSessions(func(*grant) bool { return true })
	for cookie := range o.oauth.browsers {
		o.oauth.browsers[cookie] = ""
	}
}

// switchAPI changes "API Enabled" of the signed-in user's profile.
func (o *Org) switchAPI(on bool) {
	if on {
		o.setup.API = APIOn
	}
	user, _ := o.tables["User"].first("Id", o.cast.signedIn)
	if set, found := o.tables["PermissionSet"].first("ProfileId", user["ProfileId"]); found {
		set["PermissionsApiEnabled"] = on
	}
}

// moveTo gives a user another profile.
func (o *Org) moveTo(userID, profile string) {
	user, _ := o.tables["User"].first("Id", userID)
	before, _ := o.tables["PermissionSet"].first("ProfileId", user["ProfileId"])
	user["ProfileId"] = o.cast.profiles[profile]
	o.tables["PermissionSetAssignment"].each(func(row values) {
		if row["AssigneeId"] == userID && row["PermissionSetId"] == before["Id"] {
			row["PermissionSetId"] = o.cast.sets[profile]
		}
	})
}

func (o *Org) anotherAdmin() string {
	if other := o.cast.users["priya.raman"]; other != o.cast.signedIn {
		return other
	}
	return o.cast.connecting
}
