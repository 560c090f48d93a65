// A whole settings document, so that what was there before a change can be compared with what is there after it.

package salesforce

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"
)

// Settings are one settings document of the org, whole.
type Settings struct {
	Kind     string    // SecuritySettings
	FullName string    // Security
	At       time.Time // when it was read
	// Values are all values by path: sessionSettings.lockSessionsToIp. What may stand there several times has several,
	// in an order of their own, as the org may give them in any. It is empty when the org has no such document.
	Values map[string][]string
}

// Value is the one value at a path; false when there is none, or there are several.
func (s Settings) Value(path string) (string, bool) {
	values := s.Values[path]
	if len(values) != 1 {
		return "", false
	}
	return values[0], true
}

// ReadSettings reads a settings document, by SOAP: SecuritySettings is named Security, OauthOidcSettings OauthOidc.
func (c *Client) ReadSettings(ctx context.Context, kind, fullName string) (Settings, error) {
	record, at, err := c.readMetadata(ctx, kind, fullName)
	if err != nil {
		return Settings{}, err
	}
	return documentOf(record, kind, fullName, at), nil
}

func documentOf(record *element, kind, fullName string, at time.Time) Settings {
	document := Settings{Kind: kind, FullName: fullName, At: at, Values: map[string][]string{}}
	if record != nil {
		flatten(record, "", document.Values)
		delete(document.Values, "fullName")
	}
	for _, values := range document.Values {
		slices.Sort(values)
	}
	return document
}

// lists are elements that may stand side by side. Each is one value, so that what belongs together stays together.
var lists = map[string]bool{"ipRanges": true}

func flatten(parent *element, above string, into map[string][]string) {
	count := map[string]int{}
	for _, child := range parent.children {
		count[child.name]++
	}
	for _, child := range parent.children {
		path := above + child.name
		switch {
		case len(child.children) == 0 && child.isNil: // not set
		case len(child.children) == 0:
			into[path] = append(into[path], child.value())
		case lists[child.name] || count[child.name] > 1:
			into[path] = append(into[path], inOne(child))
		default:
			flatten(child, path+".", into)
		}
	}
}

// inOne writes an element of several parts as one value: end=10.0.0.9, start=10.0.0.1.
func inOne(parent *element) string {
	inside := map[string][]string{}
	flatten(parent, "", inside)
	var parts []string
	for _, path := range slices.Sorted(maps.Keys(inside)) {
		slices.Sort(inside[path])
		for _, value := range inside[path] {
			parts = append(parts, path+"="+value)
		}
	}
	return strings.Join(parts, ", ")
}
