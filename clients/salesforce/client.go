// Package salesforce is a client of one Salesforce org: REST, Tooling and SOAP metadata.
// Every failure of a call is a *transport.Error; every string that comes back is safe to show.
package salesforce

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"

	"zsf/clients/transport"
)

// TestedVersion is the newest API version that this client was made for: Winter '27.
const TestedVersion = "68.0"

// A Client calls one org as one user. It is safe for concurrent use.
type Client struct {
	caller  *transport.Caller
	version atomic.Pointer[string]
}

// New makes a client for the org at instanceURL (https://acme.my.salesforce.com, no path).
// config's Service, BaseURL, Token and Refused are set here. Without a token only Versions works;
// every other call fails with transport.SignInMissing.
func New(instanceURL, accessToken string, config transport.Config) (*Client, error) {
	config.Service, config.BaseURL, config.Token = transport.Salesforce, instanceURL, accessToken
	config.Refused = refusesToken
	caller, err := transport.NewCaller(config)
	if err != nil {
		return nil, err
	}
	client := &Client{caller: caller}
	client.UseVersion(TestedVersion)
	return client, nil
}

// refusesToken tells an answer to a session that has ended: 401 on REST, 403 on userinfo, a fault on SOAP.
func refusesToken(answer transport.Answer) bool {
	switch answer.Status {
	case http.StatusUnauthorized:
		return true
	case http.StatusForbidden:
		return bytes.Contains(answer.Body, []byte("Bad_OAuth_Token"))
	case http.StatusInternalServerError:
		return bytes.Contains(answer.Body, []byte("sf:INVALID_SESSION_ID"))
	}
	return false
}

// InstanceURL is the org's address, without a path.
func (c *Client) InstanceURL() string { return c.caller.URL() }

var versionForm = regexp.MustCompile(`^[1-9]\d{1,2}\.\d$`)

// UseVersion sets the API version of the calls that follow: "68.0". Anything of another form is ignored.
func (c *Client) UseVersion(version string) {
	if versionForm.MatchString(version) {
		c.version.Store(&version)
	}
}

// Version is the API version in use.
func (c *Client) Version() string { return *c.version.Load() }

// data is the path of a versioned resource.
func (c *Client) data(resource string) string {
	return "/services/data/v" + c.Version() + "/" + resource
}

// get reads a resource as JSON into a value.
func (c *Client) get(ctx context.Context, path string, query url.Values, into any) error {
	answer, err := c.call(ctx, transport.Request{Path: path, Query: query})
	if err != nil {
		return err
	}
	return c.caller.Decode(answer, into)
}

// call makes a call and turns a status of failure into an error.
func (c *Client) call(ctx context.Context, request transport.Request) (transport.Answer, error) {
	answer, err := c.caller.Call(ctx, request)
	if err != nil {
		return answer, err
	}
	if answer.Status < 200 || answer.Status > 299 {
		return answer, c.refusal(answer)
	}
	return answer, nil
}

// A Version is one API version that the org speaks.
type Version struct {
	Label   string `json:"label"` // Winter '27
	URL     string `json:"url"`
	Version string `json:"version"` // 68.0
}

// Versions reads the API versions that the org speaks. It needs no sign-in and counts against no limit.
func (c *Client) Versions(ctx context.Context) ([]Version, error) {
	answer, err := c.call(ctx, transport.Request{Path: "/services/data/", NoToken: true})
	if err != nil {
		return nil, err
	}
	var versions []Version
	if err := c.caller.Decode(answer, &versions); err != nil {
		return nil, err
	}
	if len(versions) == 0 {
		return nil, c.caller.Fail(answer, transport.Garbled, "", "the list of API versions is empty")
	}
	return versions, nil
}

// Pick is the version to speak: the newest of the org's or the tested one, whichever is lower.
func Pick(versions []Version) string {
	newest := 0.0
	pick := TestedVersion
	for _, v := range versions {
		number, err := strconv.ParseFloat(v.Version, 64)
		if err == nil && versionForm.MatchString(v.Version) && number > newest {
			newest, pick = number, v.Version
		}
	}
	if tested, err := strconv.ParseFloat(TestedVersion, 64); err == nil && newest > tested {
		return TestedVersion
	}
	return pick
}

// UserInfo is who is signed in, by the org's OpenID Connect endpoint.
type UserInfo struct {
	UserID         string `json:"user_id"`         // 18 characters
	OrganizationID string `json:"organization_id"` // 18 characters
	Username       string `json:"preferred_username"`
	Name           string `json:"name"`
	Email          string `json:"email"`
	Locale         string `json:"locale"`
	CustomDomain   string `json:"-"` // My Domain, with its scheme; empty without one
}

// UnmarshalJSON takes the custom domain from among the URLs.
func (u *UserInfo) UnmarshalJSON(body []byte) error {
	type plain UserInfo
	var whole struct {
		plain
		URLs struct {
			CustomDomain string `json:"custom_domain"`
		} `json:"urls"`
	}
	if err := json.Unmarshal(body, &whole); err != nil {
		return fmt.Errorf("userinfo: %w", err)
	}
	*u = UserInfo(whole.plain)
	u.CustomDomain = whole.URLs.CustomDomain
	return nil
}

// UserInfo reads who is signed in. It answers for orgs and users without API rights as well,
// so it proves the sign-in and nothing more.
func (c *Client) UserInfo(ctx context.Context) (UserInfo, error) {
	var user UserInfo
	answer, err := c.call(ctx, transport.Request{Path: "/services/oauth2/userinfo"})
	if err != nil {
		return user, err
	}
	if err := c.caller.Decode(answer, &user); err != nil {
		return user, err
	}
	if user.UserID == "" || user.OrganizationID == "" {
		return user, c.caller.Fail(answer, transport.Garbled, "", "the answer names no user or no org")
	}
	return user, nil
}

// A Limit is one of the org's limits, for the last 24 hours unless its name says otherwise.
type Limit struct {
	Max       int `json:"Max"`
	Remaining int `json:"Remaining"`
}

// Limits are the org's limits by name: DailyApiRequests, DailyStreamingApiEvents…
type Limits map[string]Limit

// Limits reads the org's limits.
func (c *Client) Limits(ctx context.Context) (Limits, error) {
	var limits Limits
	err := c.get(ctx, c.data("limits"), nil, &limits)
	return limits, err
}

// A Describe is what an object is and what the signed-in user may do with it.
type Describe struct {
	Name       string  `json:"name"`
	Label      string  `json:"label"`
	Queryable  bool    `json:"queryable"`
	Createable bool    `json:"createable"`
	Updateable bool    `json:"updateable"`
	Deletable  bool    `json:"deletable"`
	Fields     []Field `json:"fields"` // those that the user may read
}

// A Field is one field of an object.
type Field struct {
	Name       string `json:"name"`
	Label      string `json:"label"`
	Type       string `json:"type"`
	Updateable bool   `json:"updateable"`
}

// HasField tells whether the user may read a field. Names match without regard to case, as in SOQL.
func (d Describe) HasField(name string) bool {
	for _, field := range d.Fields {
		if strings.EqualFold(field.Name, name) {
			return true
		}
	}
	return false
}

// UnmarshalJSON refuses an answer that describes nothing: all its rights would look missing.
func (d *Describe) UnmarshalJSON(body []byte) error {
	type plain Describe
	if err := json.Unmarshal(body, (*plain)(d)); err != nil {
		return fmt.Errorf("describe: %w", err)
	}
	if d.Name == "" {
		return errDescribesNothing
	}
	return nil
}

var errDescribesNothing = errors.New("the describe names no object")

// Describe reads an object. One that is not there for this user is a transport.NotFound.
func (c *Client) Describe(ctx context.Context, object string) (Describe, error) {
	var described Describe
	err := c.get(ctx, c.data(describePath(object)), nil, &described)
	return described, err
}

func describePath(object string) string { return "sobjects/" + url.PathEscape(object) + "/describe" }

// postJSON makes a read that goes by POST.
func (c *Client) postJSON(ctx context.Context, path string, document, into any) (transport.Answer, error) {
	body, err := json.Marshal(document)
	if err != nil {
		return transport.Answer{}, fmt.Errorf("writing a request: %w", err)
	}
	answer, err := c.call(ctx, transport.Request{
		Method: http.MethodPost, Path: path, Body: body, Idempotent: true,
		Header: http.Header{"Content-Type": {"application/json; charset=UTF-8"}},
	})
	if err != nil {
		return answer, err
	}
	return answer, c.caller.Decode(answer, into)
}

// asFailure is the *transport.Error in an error, if it is one.
func asFailure(err error) (*transport.Error, bool) {
	var failed *transport.Error
	ok := errors.As(err, &failed)
	return failed, ok
}
