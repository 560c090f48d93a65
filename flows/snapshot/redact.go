// Takes out of a snapshot what looks like a secret, though nobody asked for one: a trigger's body can hold anything.

package snapshot

import (
	"fmt"
	"slices"
	"strings"

	"zsf/clients/transport"
)

// redacted stands where a value looked like a secret. It is what transport.Redact leaves, so that it stays.
const redacted = "[redacted]"

// withoutSecrets gives the snapshot without them, and with the paths where they stood.
func (s Snapshot) withoutSecrets() (Snapshot, error) {
	text, err := marshal(s)
	if err != nil {
		return Snapshot{}, err
	}
	tree, err := parseValue(text)
	if err != nil {
		return Snapshot{}, err
	}
	var found []string
	tree = hide(tree, "", "", &found)
	if len(found) == 0 {
		return s, nil
	}
	slices.Sort(found)
	found = slices.Compact(found)
	if text, err = marshal(tree); err != nil {
		return Snapshot{}, err
	}
	clean, err := Parse(text)
	if err != nil {
		return Snapshot{}, fmt.Errorf("after what looked like a secret was taken out: %w", err)
	}
	clean.Redacted = found
	return clean, nil
}

// hide replaces the strings below a value that look like secrets, by themselves or beside the name that they stand under.
func hide(value any, path, name string, found *[]string) any {
	switch value := value.(type) {
	case map[string]any:
		for key, item := range value {
			value[key] = hide(item, join(path, key), key, found)
		}
	case []any:
		for i, item := range value {
			value[i] = hide(item, fmt.Sprintf("%s[%d]", path, i), "", found)
		}
	case string:
		return hideText(value, path, name, found)
	}
	return value
}

func hideText(text, path, name string, found *[]string) string {
	if !isSecret(name, text) {
		return text
	}
	// The body that a webhook gets is JSON in a string: what is no secret in it stays.
	if inside, ok := embedded(text); ok {
		var below []string
		inside = hide(inside, path, "", &below)
		if shorter, err := marshal(inside); err == nil && !isSecret(name, string(shorter)) {
			*found = append(*found, below...)
			return string(shorter)
		}
	}
	*found = append(*found, path)
	return redacted
}

func isSecret(name, text string) bool {
	if transport.Redact(text) != text {
		return true
	}
	pair := `"` + name + `":"` + text + `"`
	return name != "" && transport.Redact(pair) != pair
}

// embedded is the JSON that a string holds, where it is an object or a list.
func embedded(text string) (any, bool) {
	if tooDeep([]byte(text)) {
		return nil, false
	}
	value, err := parseValue([]byte(text))
	if err != nil {
		return nil, false
	}
	switch value.(type) {
	case map[string]any, []any:
		return value, true
	}
	return nil, false
}

func join(path, name string) string {
	if path == "" || name == "" || strings.HasPrefix(name, "[") {
		return path + name
	}
	return path + "." + name
}
