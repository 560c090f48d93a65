// Package zendesk is a client of one Zendesk account.
// Every failure of a call is a *transport.Error; every string that comes back is safe to show.
package zendesk

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"zsf/clients/transport"
)

// A Client calls one account as one user. It is safe for concurrent use.
type Client struct {
	caller *transport.Caller
}

// New makes a client for the account at baseURL (https://acme.zendesk.com, no path).
// config's Service, BaseURL and Token are set here. Without a token every call fails with transport.SignInMissing.
func New(baseURL, accessToken string, config transport.Config) (*Client, error) {
	config.Service, config.BaseURL, config.Token = transport.Zendesk, baseURL, accessToken
	caller, err := transport.NewCaller(config)
	if err != nil {
		return nil, err
	}
	return &Client{caller: caller}, nil
}

// URL is the account's address, without a path.
func (c *Client) URL() string { return c.caller.URL() }

// A User is a person in the account.
type User struct {
	ID           int64  `json:"id"`
	Name         string `json:"name"`
	Email        string `json:"email"`
	ExternalID   string `json:"external_id"`
	Role         string `json:"role"`           // end-user, agent, admin
	RoleType     *int   `json:"role_type"`      // 0: custom, 1: light agent, 3: contributor, 4: admin, 5: billing admin; nil: none
	CustomRoleID *int64 `json:"custom_role_id"` // nil: none
	Active       bool   `json:"active"`         // false: deleted
	Suspended    bool   `json:"suspended"`
	Verified     bool   `json:"verified"`

	OnlyPrivateComments bool `json:"only_private_comments"` // of an agent: none of their comments is public
}

// Me reads who is signed in. Zendesk answers nobody, too, with 200 and a user without an id
// (measured): that is an error of kind transport.Anonymous.
func (c *Client) Me(ctx context.Context) (User, error) {
	var body struct {
		User *User `json:"user"`
	}
	answer, err := c.get(ctx, "/api/v2/users/me.json", nil, &body)
	switch {
	case err != nil:
		return User{}, err
	case body.User == nil:
		return User{}, c.garbled(answer, "the answer names no user")
	case body.User.ID == 0:
		return User{}, c.caller.Fail(answer, transport.Anonymous, "", body.User.Name)
	}
	return *body.User, nil
}

// A Token is the access token in use, without its secret.
type Token struct {
	ID                    int64      `json:"id"`
	ClientID              int64      `json:"client_id"`
	UserID                int64      `json:"user_id"`
	Scopes                []string   `json:"scopes"` // as granted: read, tickets:write
	CreatedAt             time.Time  `json:"created_at"`
	UsedAt                *time.Time `json:"used_at"`
	ExpiresAt             *time.Time `json:"expires_at"` // nil: never; clients from before May 2026
	RefreshTokenExpiresAt *time.Time `json:"refresh_token_expires_at"`
}

// CurrentToken reads what the access token in use may do, and how long.
func (c *Client) CurrentToken(ctx context.Context) (Token, error) {
	var body struct {
		Token *Token `json:"token"`
	}
	answer, err := c.get(ctx, "/api/v2/oauth/tokens/current.json", nil, &body)
	if err != nil {
		return Token{}, err
	}
	if body.Token == nil {
		return Token{}, c.garbled(answer, "the answer names no token")
	}
	return *body.Token, nil
}

func (c *Client) get(ctx context.Context, path string, query url.Values, into any) (transport.Answer, error) {
	answer, err := c.caller.Call(ctx, transport.Request{
		Path: path, Query: query, Header: http.Header{"Accept": {"application/json"}},
	})
	if err != nil {
		return answer, err
	}
	if answer.Status < 200 || answer.Status > 299 {
		return answer, c.refusal(answer)
	}
	return answer, c.caller.Decode(answer, into)
}

func (c *Client) garbled(answer transport.Answer, why string) error {
	return c.caller.Fail(answer, transport.Garbled, "", why)
}
