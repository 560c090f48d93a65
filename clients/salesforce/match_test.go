package salesforce

import (
	"strings"
	"testing"
)

// What comes from the other service is quoted, and only what is an id of such a record stands where an id must.
func TestCounterpartsAskForNothingElse(t *testing.T) {
	ids := []string{account15, contact18, "0015g00000AbCdEAAW", "00D5g00000AbCdE", "not an id", "", "001') OR (Id"}
	if got := idsOf(AccountObject, ids); strings.Join(got, " ") != account18 {
		t.Errorf("ids of accounts: %v", got)
	}
	if got := idsOf(ContactObject, ids); strings.Join(got, " ") != contact18 {
		t.Errorf("ids of contacts: %v", got)
	}
}
