package zendesk

import (
	"encoding/json"
	"fmt"
)

// A Setting is a value that is to be written, or that a macro would write. The zero Setting leaves what is there.
type Setting[T any] struct {
	Value T
	Is    bool // it is written
	None  bool // it is written that there is none: Value is its zero
}

// Set writes a value.
func Set[T any](value T) Setting[T] { return Setting[T]{Value: value, Is: true} }

// Clear writes that there is none.
func Clear[T any]() Setting[T] { return Setting[T]{Is: true, None: true} }

// IsZero tells whether nothing is written.
func (s Setting[T]) IsZero() bool { return !s.Is }

// MarshalJSON is the value, or null.
func (s Setting[T]) MarshalJSON() ([]byte, error) {
	if s.None {
		return []byte("null"), nil
	}
	body, err := json.Marshal(s.Value)
	if err != nil {
		return nil, fmt.Errorf("writing a value: %w", err)
	}
	return body, nil
}

// UnmarshalJSON takes a value, or null.
func (s *Setting[T]) UnmarshalJSON(body []byte) error {
	*s = Setting[T]{Is: true, None: string(body) == "null"}
	if s.None {
		return nil
	}
	if err := json.Unmarshal(body, &s.Value); err != nil {
		return fmt.Errorf("a value: %w", err)
	}
	return nil
}
