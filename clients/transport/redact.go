// Takes secrets out of text that may be shown or written down.

package transport

import "regexp"

const redacted = "[redacted]"

// secrets are what a secret of either service looks like. The first group, where there is one, stays.
var secrets = []*regexp.Regexp{
	// Header values: Bearer, Basic, OAuth.
	regexp.MustCompile(`(?i)(\bbearer[ \t]+)[A-Za-z0-9._~+/!=-]{8,}`),
	regexp.MustCompile(`(?i)(\b(?:basic|oauth|token)[ \t]+)[A-Za-z0-9._~+/!=-]{20,}`),
	regexp.MustCompile(`(?i)((?:proxy-)?authorization["']?[ \t]*[:=][ \t]*["']?(?:[a-z]+[ \t]+)?)[^\s"',;]+`),
	regexp.MustCompile(`(?i)((?:set-)?cookie["']?[ \t]*:[ \t]*)[^\r\n]+`),
	// Form, query and JSON fields of OAuth, and the SOAP session.
	regexp.MustCompile(`(?i)(["']?\b(?:access_?token|refresh_?token|id_token|delete_?token|request_?token|client_secret|` +
		`code_verifier|assertion|password|session_?id|sid|device_code|api_token)["']?[ \t]*[:=][ \t]*["']?)[^\s"'&<>,;}]+`),
	regexp.MustCompile(`(?i)((?:^|[?&\s"'])code=)[^\s"'&<>,;}]+`),
	regexp.MustCompile(`(?i)(<(?:[a-z]+:)?sessionId>)[^<]*`),
	// A Salesforce refresh token and authorization code, by how they begin.
	regexp.MustCompile(`\b(?:5Aep861|aPrx)[A-Za-z0-9._%+/=-]{16,}`),
	// A Salesforce session id, an SFDX auth URL, a JSON Web Token, a Zendesk token.
	regexp.MustCompile(`\b00D[A-Za-z0-9]{12}(?:[A-Za-z0-9]{3})?(?:!|%21)[A-Za-z0-9._%+/=-]+`),
	regexp.MustCompile(`(?i)(\bforce://)[^\s"'<>]+`),
	regexp.MustCompile(`\beyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*)?`),
	regexp.MustCompile(`\b[0-9a-f]{64}\b`),
	// User information in a URL.
	regexp.MustCompile(`(?i)(\bhttps?://)[^/\s@]+@`),
}

// Redact replaces tokens, Authorization values, OAuth codes and the like by "[redacted]".
func Redact(s string) string {
	for _, secret := range secrets {
		s = secret.ReplaceAllString(s, "${1}"+redacted)
	}
	return s
}
