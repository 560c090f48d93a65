// The people that an app signs in as, and what they may do now.

package salesforce

// A ConnectingUser is somebody as whom an app signed in.
type ConnectingUser struct {
	ID       string `json:"Id"`
	Username string `json:"Username"`
	Name     string `json:"Name"`
	IsActive bool   `json:"IsActive"`
	Profile  struct {
		Name           string `json:"Name"`
		APIEnabled     bool   `json:"PermissionsApiEnabled"`
		ModifyMetadata bool   `json:"PermissionsModifyMetadata"`
	} `json:"Profile"`
}

// ConnectingUserQuery finds users by their ids, and by their usernames.
func ConnectingUserQuery(ids, usernames []string) string {
	return "SELECT Id, Username, Name, IsActive, Profile.Name, Profile.PermissionsApiEnabled, Profile.PermissionsModifyMetadata FROM User " +
		"WHERE Id IN (" + orNobody(ids) + ") OR Username IN (" + orNobody(usernames) + ")"
}

// orNobody is the inside of IN (…), which may not be empty.
func orNobody(values []string) string {
	if len(values) == 0 {
		return Quote("")
	}
	return quoteAll(values)
}
