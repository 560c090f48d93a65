package locale_test

import (
	"strings"
	"testing"

	"zsf/flows/flow"
	"zsf/ui/locale"
)

func TestCommandsAreThoseOfTheProfile(t *testing.T) {
	for _, tag := range locale.Languages {
		plain, err := locale.New(tag)
		if err != nil {
			t.Fatal(err)
		}
		live, err := plain.Of("live")
		if err != nil {
			t.Fatal(err)
		}
		for command, want := range map[string][3]string{
			"zsf setup --only setup.package":          {"zsf setup --only setup.package", "zsf --profile live setup --only setup.package", "zsf --demo --scenario ready setup --only setup.package"},
			"zsf auth login zendesk":                  {"zsf auth login zendesk", "zsf --profile live auth login zendesk", "zsf auth login zendesk"},
			"zsf explain disconnects-by-itself":       {"zsf explain disconnects-by-itself", "zsf explain disconnects-by-itself", "zsf explain disconnects-by-itself"},
			"zsf auth login salesforce --profile uat": {"zsf auth login salesforce --profile uat", "zsf auth login salesforce --profile uat", "zsf auth login salesforce --profile uat"},
			"zsf move --from uat --to live":           {"zsf move --from uat --to live", "zsf move --from uat --to live", "zsf move --from uat --to live"},
		} {
			said := [3]string{plain.Command(command), live.Command(command), plain.InDemo("--scenario ready").Command(command)}
			if said != want {
				t.Errorf("%s: %q", command, said)
			}
		}
		for id, args := range map[string][]any{
			"hint.sign-in-missing-zendesk": nil,
			"became.undo":                  {"Number", "7"},
		} {
			if words := live.T(id, args...); !strings.Contains(words, "zsf --profile live ") || live.Zone != plain.Zone {
				t.Errorf("%s %s: %s", tag, id, words)
			}
			if words := plain.T(id, args...); strings.Contains(words, "--profile") {
				t.Errorf("%s %s: %s", tag, id, words)
			}
		}
		if words := live.T("walk.heading-setup", "Profile", "live"); strings.Contains(words, "--profile") {
			t.Errorf("a heading is no command: %s", words)
		}
		// What people wrote is theirs.
		if words := live.Say(flow.Say("walk.command", "What", "zsf check fails", "Command", "")); strings.Contains(words, "--profile") {
			t.Errorf("%s", words)
		}
	}
}
