// What Salesforce says when it says no, in each of its shapes.

package salesforce

import (
	"encoding/json"
	"net/http"
	"strings"

	"zsf/clients/transport"
)

// refusal makes the error of an answer whose status is a failure.
func (c *Client) refusal(answer transport.Answer) *transport.Error {
	code, message := parseRefusal(answer.Body)
	kind := kindOf(answer.Status, code, message)
	if code == "" && transport.IsHTML(answer.Body) && kind != transport.Unavailable && answer.Status != http.StatusUnauthorized {
		kind = transport.Garbled // a page at an API's path: another host, or something between us and the org
	}
	if message == "" {
		message = http.StatusText(answer.Status)
	}
	return c.caller.Fail(answer, kind, code, message)
}

// parseRefusal reads an error body: a list or a bare object of REST, an object of OAuth, a page, a word, or nothing.
func parseRefusal(body []byte) (code, message string) {
	type refusal struct {
		Message     string `json:"message"`
		ErrorCode   string `json:"errorCode"`
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}
	var list []refusal
	var one refusal
	switch {
	case json.Unmarshal(body, &list) == nil:
		if len(list) == 0 {
			return "", ""
		}
		one = list[0]
	case json.Unmarshal(body, &one) == nil:
	case transport.IsHTML(body):
		return "", transport.NotJSON(body, nil)
	default:
		return wordRefusal(strings.TrimSpace(string(body)))
	}
	if one.ErrorCode == "" {
		one.ErrorCode = one.Error
	}
	if one.Message == "" {
		one.Message = one.Description
	}
	return one.ErrorCode, withoutEcho(one.Message)
}

// wordRefusal reads the OAuth resources' bare words, like Bad_OAuth_Token.
func wordRefusal(word string) (code, message string) {
	if strings.HasSuffix(word, "_OAuth_Token") && len(word) < 40 {
		return word, ""
	}
	return "", word
}

// withoutEcho drops the piece of query that Salesforce repeats before it says what is wrong with it.
func withoutEcho(message string) string {
	_, after, found := strings.Cut(message, "ERROR at Row:")
	if !found {
		return message
	}
	_, after, found = strings.Cut(after, "\n")
	if !found {
		return message
	}
	return after
}

// kindOf judges by the code where it says more than the status
// (developer.salesforce.com, REST API: Status Codes and Error Responses).
func kindOf(status int, code, message string) transport.Kind {
	switch code {
	case "INVALID_SESSION_ID", "INVALID_AUTH_HEADER", "Bad_OAuth_Token", "invalid_token", "invalid_grant":
		return transport.SignInExpired
	case "Missing_OAuth_Token":
		return transport.SignInMissing
	case "API_DISABLED_FOR_ORG", "API_CURRENTLY_DISABLED":
		return transport.APIDisabled
	case "REQUEST_LIMIT_EXCEEDED":
		if strings.Contains(message, "Concurrent") {
			return transport.RateLimited
		}
		return transport.LimitReached
	case "INSUFFICIENT_ACCESS", "INSUFFICIENT_ACCESS_OR_READONLY", "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY":
		return transport.Forbidden
	case "NOT_FOUND", "INVALID_TYPE", "ENTITY_IS_DELETED":
		return transport.NotFound // INVALID_TYPE: the object is not there for this user
	case "SERVER_UNAVAILABLE":
		return transport.Unavailable
	}
	return transport.KindOfStatus(status)
}
