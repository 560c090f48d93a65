package report

import (
	"encoding/json"
	"fmt"
	"io"
)

// WriteVersion writes the version as one JSON document on one line.
func WriteVersion(w io.Writer, version string) error {
	doc := struct {
		Schema  int    `json:"schema"`
		Version string `json:"version"`
	}{Schema, version}
	if err := json.NewEncoder(w).Encode(doc); err != nil {
		return fmt.Errorf("write the version: %w", err)
	}
	return nil
}
