// Salesforce's own way to write a time.

package salesforce

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
)

// A Time is a moment in a row. A null or an empty text is the zero time.
type Time struct{ time.Time }

// The forms in which REST writes a moment or a day.
var timeForms = []string{"2006-01-02T15:04:05.999999999Z0700", time.RFC3339Nano, time.DateOnly}

// UnmarshalJSON reads 2026-11-23T10:02:11.000+0000 and its relatives.
func (t *Time) UnmarshalJSON(body []byte) error {
	t.Time = time.Time{}
	if bytes.Equal(body, []byte("null")) {
		return nil
	}
	var text string
	if err := json.Unmarshal(body, &text); err != nil {
		return fmt.Errorf("a time: %w", err)
	}
	if text == "" {
		return nil
	}
	for _, form := range timeForms {
		if parsed, err := time.Parse(form, text); err == nil {
			t.Time = parsed.UTC()
			return nil
		}
	}
	return fmt.Errorf("%q is no time that Salesforce writes", text)
}
