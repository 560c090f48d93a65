// Keeps secrets out of the journal, which is a file that people copy, diff and send to each other.

package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"zsf/clients/transport"
)

// ErrSecret says that an entry carries what looks like a secret. It is a mistake of the program:
// what comes from a service is redacted before it gets here.
var ErrSecret = errors.New("what looks like a secret does not go into the journal")

// refuseSecrets says in which part of an entry a secret stands, and never what it is.
func refuseSecrets(entry Entry) error {
	for _, part := range []struct{ name, text string }{
		{"run", entry.Run},
		{"profile", entry.Profile},
		{"who", entry.Who},
		{"kind", string(entry.Kind)},
		{"step", entry.Step},
		{"verdict", entry.Verdict},
	} {
		if isSecret(part.text) {
			return fmt.Errorf("%w: it stands in %s", ErrSecret, part.name)
		}
	}
	if dataHoldsSecret(entry.Data) {
		return fmt.Errorf("%w: it stands in the data of %q for %q", ErrSecret, entry.Kind, entry.Step)
	}
	return nil
}

func isSecret(text string) bool { return transport.Redact(text) != text }

// dataHoldsSecret looks at the data as it is written, as it would be without escapes, and at each string alone,
// so that no way of writing JSON hides one.
func dataHoldsSecret(data json.RawMessage) bool {
	if len(data) == 0 {
		return false
	}
	if isSecret(string(data)) {
		return true
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	var value any
	if decoder.Decode(&value) != nil {
		return false
	}
	var plain bytes.Buffer
	encoder := json.NewEncoder(&plain)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(value) != nil || isSecret(plain.String()) || anySecret(value)
}

func anySecret(value any) bool {
	switch value := value.(type) {
	case string:
		return isSecret(value)
	case []any:
		for _, item := range value {
			if anySecret(item) {
				return true
			}
		}
	case map[string]any:
		for name, item := range value {
			if isSecret(name) || anySecret(item) {
				return true
			}
		}
	}
	return false
}
