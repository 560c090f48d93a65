package plain_test

import (
	"testing"

	"github.com/charmbracelet/x/exp/golden"

	"zsf/flows/symptoms"
)

func TestSymptomsInBothLanguages(t *testing.T) {
	named := func(ids ...string) []symptoms.Symptom {
		var found []symptoms.Symptom
		for _, id := range ids {
			symptom, ok := symptoms.Find(id)
			if !ok {
				t.Fatalf("there is no symptom %s", id)
			}
			found = append(found, symptom)
		}
		return found
	}
	for name, found := range map[string][]symptoms.Symptom{
		"few":  named("daily-limit", "user-not-approved", "redirect-uri-mismatch"),
		"many": named("empty-list", "some-see-no-tickets", "page-without-tickets", "old-connection-dies"),
		"all":  nil,
	} {
		for _, tag := range []string{"en", "ko"} {
			t.Run(name+"/"+tag, func(t *testing.T) {
				printed, out := printer(t, tag)
				err := printed.Symptoms(found)
				if name == "all" {
					err = printed.AllSymptoms(symptoms.All())
				}
				if err != nil {
					t.Fatal(err)
				}
				golden.RequireEqual(t, out.Bytes())
			})
		}
	}
}
