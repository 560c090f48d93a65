package steps_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"zsf/flows"
	"zsf/flows/flow"
	"zsf/ui/locale"
)

var said = regexp.MustCompile(`(?:flow\.Say|unknownLine)\([^"\n]*"([a-z][a-zA-Z.-]*[a-zA-Z])"[,)]`)

var (
	trails      = regexp.MustCompile(`(?:setupPage|adminCenterPage)\(w, \w+, "([a-z-]+)"\)`)
	permissions = regexp.MustCompile(`"(Permissions[A-Za-z]+)"`)
)

// Whatever a step says has words in both languages.
func TestEveryTextOfEveryStepHasWords(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) < 5 {
		t.Fatalf("found %v, %v", files, err)
	}
	ids := map[string]bool{}
	for _, name := range files {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range said.FindAllSubmatch(source, -1) {
			ids[string(match[1])] = true
		}
		for _, match := range trails.FindAllSubmatch(source, -1) {
			ids["trail."+string(match[1])] = true
		}
		for _, match := range permissions.FindAllSubmatch(source, -1) {
			ids["permission."+string(match[1])] = true
		}
	}
	for _, about := range []flow.Flow{
		flows.Preflight, flows.Access, flows.Setup(""), flows.Disconnect(""), flows.Reconnect(""), flows.MoveFrom(true), flows.MoveTo(""),
	} {
		for _, step := range about.Steps() {
			for _, part := range []string{".title", ".why", ".leads_to"} {
				ids[string(step.ID)+part] = true
			}
		}
		for _, group := range about.Groups {
			ids[group.Title().ID] = true
		}
	}
	if len(ids) < 150 {
		t.Fatalf("found only %d texts: the search is broken", len(ids))
	}
	for _, tag := range locale.Languages {
		words, err := locale.New(tag)
		if err != nil {
			t.Fatal(err)
		}
		for id := range ids {
			if !words.Has(id) {
				t.Errorf("%s has no words for %s", tag, id)
			}
		}
	}
}
