// What one user may see and why: who it is, through which permission sets, and what each of those lets through.

package salesforce

import (
	"context"
	"strings"
)

const userColumns = "SELECT Id, Username, Name, Email, IsActive, UserType, Profile.Id, Profile.Name, " +
	"Profile.UserLicense.Name, Profile.UserLicense.LicenseDefinitionKey FROM User WHERE "

// maxFound is how many users a search gives: whoever finds more needs better words.
const maxFound = 20

// userSearchQuery finds users by what a person calls them: an id, a username or an e-mail address, or a part of
// a name or a username. Those who can log in come first.
func userSearchQuery(words string) string {
	words = strings.TrimSpace(words)
	order := " ORDER BY IsActive DESC, Name LIMIT 20"
	switch {
	case isID(words) && strings.HasPrefix(words, "005"):
		return userColumns + "Id = " + Quote(words)
	case strings.Contains(words, "@"):
		return userColumns + "(Username = " + Quote(words) + " OR Email = " + Quote(words) + ")" + order
	}
	like := "'%" + QuoteLike(words) + "%'"
	return userColumns + "(Name LIKE " + like + " OR Username LIKE " + like + ")" + order
}

// FindUsers finds users by an id, a username, an e-mail address, or a part of a name. Where an address is somebody's
// username, only he is found. No more than 20 are given.
func (c *Client) FindUsers(ctx context.Context, words string) ([]User, error) {
	if strings.TrimSpace(words) == "" {
		return nil, nil
	}
	found, err := Query[User](ctx, c, userSearchQuery(words))
	if err != nil {
		return nil, err
	}
	for _, user := range found {
		if strings.EqualFold(user.Username, strings.TrimSpace(words)) {
			return []User{user}, nil
		}
	}
	return found[:min(len(found), maxFound)], nil
}

// A PermissionSetAssignment is one permission set that a user has; the profile's own is one of them.
type PermissionSetAssignment struct {
	ID              string `json:"Id"`
	PermissionSetID string `json:"PermissionSetId"`
	IsActive        bool   `json:"IsActive"`
	ExpirationDate  Time   `json:"ExpirationDate"` // zero: it does not expire
	PermissionSet   struct {
		Name             string `json:"Name"`
		Label            string `json:"Label"`
		IsOwnedByProfile bool   `json:"IsOwnedByProfile"`
		ProfileID        string `json:"ProfileId"`
	} `json:"PermissionSet"`
}

// An ObjectPermission is what a permission set allows on an object. Without a row it allows nothing.
type ObjectPermission struct {
	ParentID    string `json:"ParentId"`
	SobjectType string `json:"SobjectType"`
	Read        bool   `json:"PermissionsRead"`
}

// A FieldPermission is what a permission set allows on a field. Without a row it allows nothing. Fields that
// everybody sees who sees the object, like Account.Name, have no rows at all.
type FieldPermission struct {
	ParentID    string `json:"ParentId"`
	SobjectType string `json:"SobjectType"`
	Field       string `json:"Field"` // Contact.Email
	Read        bool   `json:"PermissionsRead"`
}

// ticketViewFields are what the ticket view matches on (support.zendesk.com 4408843355290). Account.Name follows the
// object alone.
var ticketViewFields = []string{"Contact.Email", "Lead.Email", "Opportunity.AccountId"}

// A UserAccess is all that a user's profile and permission sets let through. A part that was not told has its error,
// a *transport.Error, and is empty.
type UserAccess struct {
	Assignments []PermissionSetAssignment
	Grants      []SetupEntityAccess // connected apps and Visualforce pages
	Objects     []ObjectPermission  // of TicketObjects
	Fields      []FieldPermission   // those that the ticket view matches on

	AssignmentsErr, GrantsErr, ObjectsErr, FieldsErr error
}

// MayUse tells whether one of the user's permission sets lets him use an app or a page, and which rows say so.
func (a UserAccess) MayUse(setupEntityID string) []SetupEntityAccess {
	var found []SetupEntityAccess
	for _, grant := range a.Grants {
		if SameID(grant.SetupEntityID, setupEntityID) {
			found = append(found, grant)
		}
	}
	return found
}

// CanReadObject tells whether one of the user's permission sets lets him read an object.
func (a UserAccess) CanReadObject(object string) bool {
	for _, allowed := range a.Objects {
		if allowed.Read && allowed.SobjectType == object {
			return true
		}
	}
	return false
}

// CanReadField tells whether one of the user's permission sets lets him read a field: Contact.Email.
func (a UserAccess) CanReadField(field string) bool {
	for _, allowed := range a.Fields {
		if allowed.Read && allowed.Field == field {
			return true
		}
	}
	return false
}

// UserAccess reads what a user's profile and permission sets let through, in one call. It needs View Setup.
func (c *Client) UserAccess(ctx context.Context, userID string) (UserAccess, error) {
	mine := " ParentId IN (SELECT PermissionSetId FROM PermissionSetAssignment WHERE AssigneeId = " + Quote(userID) + ")"
	answers, err := c.Composite(ctx, []Part{
		QueryPart("assignments", "SELECT Id, PermissionSetId, IsActive, ExpirationDate, PermissionSet.Name, PermissionSet.Label, "+
			"PermissionSet.IsOwnedByProfile, PermissionSet.ProfileId FROM PermissionSetAssignment WHERE AssigneeId = "+Quote(userID)),
		QueryPart("grants", accessColumns+"SetupEntityType IN ('ConnectedApplication', 'ApexPage') AND"+mine),
		QueryPart("objects", "SELECT ParentId, SobjectType, PermissionsRead FROM ObjectPermissions WHERE SobjectType IN ("+
			quoteAll(TicketObjects)+") AND"+mine),
		QueryPart("fields", "SELECT ParentId, SobjectType, Field, PermissionsRead FROM FieldPermissions WHERE Field IN ("+
			quoteAll(ticketViewFields)+") AND"+mine),
	})
	if err != nil {
		return UserAccess{}, err
	}
	var access UserAccess
	access.Assignments, access.AssignmentsErr = Rows[PermissionSetAssignment](ctx, c, answers["assignments"])
	access.Grants, access.GrantsErr = Rows[SetupEntityAccess](ctx, c, answers["grants"])
	access.Objects, access.ObjectsErr = Rows[ObjectPermission](ctx, c, answers["objects"])
	access.Fields, access.FieldsErr = Rows[FieldPermission](ctx, c, answers["fields"])
	return access, nil
}
