// Who works on tickets, in which groups, and whose organizations a requester is in.

package zendesk

import (
	"context"
	"net/url"
	"strconv"
)

// A Group is a team of agents.
type Group struct {
	ID      int64  `json:"id"`
	Name    string `json:"name"`
	Default bool   `json:"default"`
	Deleted bool   `json:"deleted"`
}

// A GroupMember is an agent in a group.
type GroupMember struct {
	UserID  int64 `json:"user_id"`
	GroupID int64 `json:"group_id"`
	Default bool  `json:"default"` // the group that the agent's tickets get when nobody says
}

// The kinds of agent that are no full agents.
const (
	lightAgent  = 1
	contributor = 3
)

// InternalOnly tells an agent whose comments only agents may see, and who cannot be assigned a ticket. The service refuses
// a public one only when it is sent.
func (u User) InternalOnly() bool {
	return u.Role != "end-user" && (u.OnlyPrivateComments || u.RoleType != nil && (*u.RoleType == lightAgent || *u.RoleType == contributor))
}

// Groups reads the groups that tickets can be given to.
func (c *Client) Groups(ctx context.Context) ([]Group, error) {
	return list[Group](ctx, c, "/api/v2/groups/assignable", "groups")
}

// GroupMembers reads who of the agents can be assigned tickets in which group.
func (c *Client) GroupMembers(ctx context.Context) ([]GroupMember, error) {
	return list[GroupMember](ctx, c, "/api/v2/group_memberships/assignable", "group_memberships")
}

// Agents reads the agents and the admins, light agents among them.
func (c *Client) Agents(ctx context.Context) ([]User, error) {
	users, more, err := firstPages[User](ctx, c, "/api/v2/users", "users", url.Values{"role[]": {"agent", "admin"}}, maxPages)
	if err == nil && more {
		err = c.endless("/api/v2/users", "users")
	}
	return users, err
}

// UserOrganizations reads the organizations that a user is in. A ticket of theirs can be in one of these, and in no other.
func (c *Client) UserOrganizations(ctx context.Context, id int64) ([]Organization, error) {
	return list[Organization](ctx, c, "/api/v2/users/"+strconv.FormatInt(id, 10)+"/organizations", "organizations")
}
