package symptoms_test

import (
	"os"
	"regexp"
	"testing"
)

var heading = regexp.MustCompile(`(?m)^\[symptom\.([a-z0-9-]+)\]$`)

// symptomIDs are the symptoms that a language has words for.
func symptomIDs(t *testing.T, tag string) []string {
	t.Helper()
	file, err := os.ReadFile("../../ui/locale/" + tag + "/symptoms.toml")
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, match := range heading.FindAllSubmatch(file, -1) {
		ids = append(ids, string(match[1]))
	}
	if len(ids) < 30 {
		t.Fatalf("found only %v: the search is broken", ids)
	}
	return ids
}
