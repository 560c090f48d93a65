package zendesk

import (
	_ "embed"
	"encoding/json"
)

// settings is a whole account's settings document, as the vendor's reference describes it.
//
//go:embed settings.json
var settings []byte

func (a *Account) settingEndpoints() []endpoint {
	return []endpoint{{pattern: "GET /api/v2/account/settings", action: "account/settings/show", resource: "account_settings", do: a.showSettings}}
}

// showSettings never says whether the account is a sandbox: active_features.sandbox would mean that it has one.
func (a *Account) showSettings(*call) answer {
	return ok(object{{"settings", json.RawMessage(settings)}})
}
