// The org's settings that only the Metadata API tells.

package salesforce

import (
	"context"
	"strings"
)

// SecuritySettings are the org's session settings
// (developer.salesforce.com, Metadata API: SecuritySettings). They need "Modify Metadata Through Metadata API
// Functions" or "Modify All Data".
type SecuritySettings struct {
	LockSessionsToIP *bool             // sessionSettings.lockSessionsToIp; nil: the org did not say
	Session          map[string]string // all of sessionSettings, by name
	Document         Settings          // whole
}

// OauthOidcSettings are the org's OAuth and OpenID Connect settings (isPkceRequired since API version 59.0).
type OauthOidcSettings struct {
	IsPkceRequired *bool             // nil: the org did not say
	All            map[string]string // all of the settings, by name
	Document       Settings          // whole
}

// ReadSecuritySettings reads the session settings, by SOAP.
func (c *Client) ReadSecuritySettings(ctx context.Context) (SecuritySettings, error) {
	// The full name is the file's, Security.settings; "Settings" as a type is a fault (jsforce#1208).
	record, at, err := c.readMetadata(ctx, "SecuritySettings", "Security")
	if err != nil {
		return SecuritySettings{}, err
	}
	session := valuesOf(record.child("sessionSettings"))
	return SecuritySettings{
		LockSessionsToIP: boolOf(session, "lockSessionsToIp"), Session: session,
		Document: documentOf(record, "SecuritySettings", "Security", at),
	}, nil
}

// ReadOauthOidcSettings reads the OAuth and OpenID Connect settings, by SOAP.
func (c *Client) ReadOauthOidcSettings(ctx context.Context) (OauthOidcSettings, error) {
	record, at, err := c.readMetadata(ctx, "OauthOidcSettings", "OauthOidc")
	if err != nil {
		return OauthOidcSettings{}, err
	}
	all := valuesOf(record)
	return OauthOidcSettings{
		IsPkceRequired: boolOf(all, "isPkceRequired"), All: all,
		Document: documentOf(record, "OauthOidcSettings", "OauthOidc", at),
	}, nil
}

// valuesOf are an element's children that hold text alone, by name.
func valuesOf(parent *element) map[string]string {
	values := map[string]string{}
	if parent == nil {
		return values
	}
	for _, child := range parent.children {
		if len(child.children) == 0 && !child.isNil {
			values[child.name] = child.value()
		}
	}
	return values
}

func boolOf(values map[string]string, name string) *bool {
	var is bool
	switch strings.ToLower(values[name]) {
	case "true", "1":
		is = true
	case "false", "0":
	default:
		return nil
	}
	return &is
}
