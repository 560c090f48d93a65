// Codes that the browser shows and that may never come back here, and what helps against each.

package oauth

import (
	"slices"
	"strings"
)

// A helped code has a cause and a way out in the words of ui/locale, under this name.
type helped struct {
	code string // as the services spell it
	name string
}

// helpTable has longer codes before those that they contain: a person pastes whole sentences.
// From help.salesforce.com (005132365, remoteaccess_oauth_flow_errors) and Zendesk's OAuth pages.
var helpTable = []helped{
	{"OAUTH_APPROVAL_ERROR_GENERIC", "oauth_approval_error_generic"},
	{"OAUTH_EC_APP_NOT_FOUND", "oauth_ec_app_not_found"},
	{"OAUTH_APP_ACCESS_DENIED", "oauth_app_access_denied"},
	{"OAUTH_APP_BLOCKED", "oauth_app_blocked"},
	{"OAuth App Blocked", "oauth_app_blocked"},
	{"app must be installed into org", "app_not_installed"},
	{"External client app is not installed", "app_not_installed"},
	{"redirect_uri_mismatch", "redirect_uri_mismatch"},
	{"invalid_redirect_uri", "redirect_uri_mismatch"},
	{"Invalid redirect", "redirect_uri_mismatch"},
	{"redirect URL", "redirect_uri_mismatch"},
	{"invalid_client_id", "invalid_client_id"},
	{"client identifier invalid", "invalid_client_id"},
	{"No such client", "invalid_client"},
	{"unauthorized_client", "unauthorized_client"},
	{"invalid_client", "invalid_client"},
	{"invalid_scope", "invalid_scope"},
	{"invalid_grant", "invalid_grant"},
	{"unsupported_grant_type", "unsupported_grant_type"},
	{"unsupported_response_type", "unsupported_response_type"},
	{"missing required code challenge", "code_challenge"},
	{"code_challenge", "code_challenge"},
	{"inactive_user", "inactive_user"},
	{"inactive_org", "inactive_org"},
	{"rate_limit_exceeded", "rate_limit_exceeded"},
	{"authorization_canceled", "access_denied"},
	{"access-denied", "access_denied"},
	{"access_denied", "access_denied"},
	{"invalid_request", "invalid_request"},
	{"server_error", "server_error"},
}

// HelpFor finds the code in what a person reads in the browser, whatever surrounds it, and names the messages that
// say the cause and the way out: oauth.help.NAME.cause and oauth.help.NAME.way_out. Where no code is known,
// they are those of oauth.help.unknown.
func HelpFor(text string) (cause, wayOut string, known bool) {
	name := "unknown"
	lower := strings.ToLower(text)
	for _, help := range helpTable {
		if contains(lower, strings.ToLower(help.code)) {
			name, known = help.name, true
			break
		}
	}
	return "oauth.help." + name + ".cause", "oauth.help." + name + ".way_out", known
}

// Help is HelpFor the denial.
func (d *Denial) Help() (cause, wayOut string, known bool) {
	return HelpFor(d.Code + " " + d.Description)
}

// HelpNames are all NAMEs that HelpFor can give, in order, unknown included.
func HelpNames() []string {
	names := []string{"unknown"}
	for _, help := range helpTable {
		names = append(names, help.name)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// HelpCodes are the codes that HelpFor gives NAME for, as the services spell them.
func HelpCodes(name string) []string {
	var codes []string
	for _, help := range helpTable {
		if help.name == name {
			codes = append(codes, help.code)
		}
	}
	return codes
}

// contains finds whole words: invalid_client is not in invalid_client_id.
func contains(text, code string) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], code)
		if i < 0 {
			return false
		}
		start, end := from+i, from+i+len(code)
		if (start == 0 || !isCodeByte(text[start-1])) && (end == len(text) || !isCodeByte(text[end])) {
			return true
		}
		from = end
	}
}

func isCodeByte(b byte) bool {
	return b == '_' || b >= 'a' && b <= 'z' || b >= '0' && b <= '9'
}
