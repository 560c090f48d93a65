package salesforce

import (
	"context"

	"zsf/clients/transport"
)

// Answers is nil where a Salesforce login host is: My Domain, login.salesforce.com, test.salesforce.com.
// It reads the host's OpenID Connect configuration and needs no sign-in.
func (c *Client) Answers(ctx context.Context) error {
	answer, err := c.call(ctx, transport.Request{Path: "/.well-known/openid-configuration", NoToken: true})
	if err != nil {
		return err
	}
	var told struct {
		Issuer string `json:"issuer"`
		Token  string `json:"token_endpoint"`
	}
	if err := c.caller.Decode(answer, &told); err != nil {
		return err
	}
	if told.Issuer == "" || told.Token == "" {
		return c.caller.Fail(answer, transport.Garbled, "", "the answer names no token endpoint")
	}
	return nil
}
