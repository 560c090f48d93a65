// What Zendesk says when it says no: four JSON envelopes, plain text, or nothing.

package zendesk

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"zsf/clients/transport"
)

// refusal makes the error of an answer whose status is a failure.
func (c *Client) refusal(answer transport.Answer) *transport.Error {
	code, message := parseRefusal(answer.Body)
	kind := transport.KindOfStatus(answer.Status)
	if transport.IsHTML(answer.Body) && (kind == transport.Forbidden || kind == transport.NotFound || kind == transport.Rejected) {
		kind = transport.Garbled // a page at an API's path: no such account, or something between us and it
	}
	if message == "" {
		message = http.StatusText(answer.Status)
	}
	return c.caller.Fail(answer, kind, code, message)
}

// parseRefusal reads an error body. The code is empty where the body has only words.
func parseRefusal(body []byte) (code, message string) {
	var envelope map[string]any
	switch {
	case transport.IsHTML(body):
		return "", transport.NotJSON(body, nil)
	case json.Unmarshal(body, &envelope) != nil:
		return "", strings.TrimSpace(string(body))
	}
	if errors, ok := envelope["errors"].([]any); ok && len(errors) > 0 {
		return fromErrors(errors)
	}
	switch failure := envelope["error"].(type) {
	case map[string]any: // {"error":{"title","message"}}
		return "", join(": ", text(failure["title"]), text(failure["message"]))
	case string:
		code = failure
	}
	message = join(": ", firstOf(envelope, "description", "error_description", "message", "detail", "title"),
		details(envelope["details"]))
	if strings.ContainsAny(code, " \t\n") { // words in the code's place: {"error":"Couldn't authenticate you"}
		return "", join(": ", code, message)
	}
	return code, message
}

// fromErrors reads {"errors":[{"code","title","detail"}]}.
func fromErrors(errors []any) (code, message string) {
	var messages []string
	for _, item := range errors {
		failure, ok := item.(map[string]any)
		if !ok {
			messages = append(messages, text(item))
			continue
		}
		if code == "" {
			code = text(failure["code"])
		}
		messages = append(messages, join(": ", text(failure["title"]), firstOf(failure, "detail", "description", "message")))
	}
	return code, join("; ", messages...)
}

// details reads {"name":[{"description":"Name: … has already been taken","error":"DuplicateValue"}]}.
func details(value any) string {
	fields, ok := value.(map[string]any)
	if !ok {
		return text(value)
	}
	var messages []string
	for _, field := range slices.Sorted(maps.Keys(fields)) {
		items, ok := fields[field].([]any)
		if !ok {
			items = []any{fields[field]}
		}
		for _, item := range items {
			messages = append(messages, detail(field, item))
		}
	}
	return join("; ", messages...)
}

func detail(field string, item any) string {
	failure, ok := item.(map[string]any)
	if !ok {
		return join(": ", field, text(item))
	}
	words := join(": ", field, text(failure["description"]))
	if code := firstOf(failure, "error", "type"); code != "" {
		words += " (" + code + ")"
	}
	return words
}

func firstOf(object map[string]any, names ...string) string {
	for _, name := range names {
		if s := text(object[name]); s != "" {
			return s
		}
	}
	return ""
}

// text is a JSON value in words; empty for null and for what is not one word or number.
func text(value any) string {
	switch value := value.(type) {
	case string:
		return strings.TrimSpace(value)
	case float64, bool:
		return fmt.Sprint(value)
	}
	return ""
}

// join puts what is not empty together.
func join(between string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(slices.Clone(parts), func(s string) bool { return s == "" }), between)
}
