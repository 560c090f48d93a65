// The two settings that this client changes, one element at a time.

package salesforce

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"zsf/clients/transport"
)

// The settings that may be changed, and no others: what an update names is replaced as a whole, so that an
// update of networkAccess, say, would take the org's trusted addresses away.
const (
	SecuritySettingsKind  = "SecuritySettings"
	OauthOidcSettingsKind = "OauthOidcSettings"
	LockSessionsToIPPath  = "sessionSettings.lockSessionsToIp"
	PkceRequiredPath      = "isPkceRequired"
)

type setting struct{ kind, fullName, path string }

var changeable = map[setting]bool{
	{SecuritySettingsKind, "Security", LockSessionsToIPPath}: true,
	{OauthOidcSettingsKind, "OauthOidc", PkceRequiredPath}:   true,
}

// ErrNotChangeable says that a setting is not one of those that this client changes, or that the value is not
// one that it may have. Nothing was sent.
var ErrNotChangeable = errors.New("zsf does not change this setting")

// UpdateSetting changes one setting, true or false, and sends nothing else of the document. It needs "Modify
// Metadata Through Metadata API Functions" (or "Modify All Data") and "Customize Application".
// That the org says it was done is not yet proof: read the document again and compare.
//
// It is repeated after a broken connection, as the same value set twice is the same value.
func (c *Client) UpdateSetting(ctx context.Context, kind, fullName, path, value string) error {
	if !changeable[setting{kind, fullName, path}] || value != "true" && value != "false" {
		return fmt.Errorf("%w: %s %s = %q", ErrNotChangeable, kind, path, value)
	}
	result, answer, err := c.metadataCall(ctx, "updateMetadata", kind, updateBody(kind, fullName, path, value))
	if err != nil {
		return err
	}
	switch result.child("success").value() {
	case "true":
		return nil
	case "false":
		return c.notUpdated(answer, result.child("errors"))
	}
	return c.caller.Fail(answer, transport.Garbled, "", "the answer does not say whether the setting was changed")
}

// updateBody is the document with one element in it.
func updateBody(kind, fullName, path, value string) string {
	names := strings.Split(path, ".")
	var b strings.Builder
	b.WriteString(`<met:metadata xsi:type="met:` + kind + `"><met:fullName>` + escapeXML(fullName) + `</met:fullName>`)
	for _, name := range names {
		b.WriteString("<met:" + name + ">")
	}
	b.WriteString(escapeXML(value))
	for i := len(names) - 1; i >= 0; i-- {
		b.WriteString("</met:" + names[i] + ">")
	}
	b.WriteString("</met:metadata>")
	return b.String()
}

// notUpdated is the error of an update that the org did not make; it may not even say why.
func (c *Client) notUpdated(answer transport.Answer, why *element) *transport.Error {
	code, message := why.child("statusCode").value(), why.child("message").value()
	if message == "" {
		message = "the org did not make the change, and does not say why"
	}
	return c.caller.Fail(answer, kindOf(http.StatusBadRequest, code, message), code, message)
}
