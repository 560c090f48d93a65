package answers_test

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"zsf/flows"
	"zsf/flows/answers"
	"zsf/flows/flow"
	"zsf/flows/steps"
)

var setup = flows.Setup("")

const whole = `# before the change window
who = "J. Park"
"salesforce.session-lock" = "change"
"setup.terms" = "confirm"
"setup.instance" = "sandbox"
"setup.package.link" = "https://login.salesforce.com/packaging/installPackage.apexp?p0=04t000000000001AAA"
"access.profiles" = ["Standard User", "Sales \"East\""]
[environment]
one-org = "skip"
`

func TestAFileSaysWhichWayEachStepGoes(t *testing.T) {
	given, err := answers.Parse(whole, setup, steps.Questions)
	if err != nil {
		t.Fatal(err)
	}
	want := answers.Given{
		Who: "J. Park",
		Actions: map[flow.ID]answers.Action{
			"salesforce.session-lock": answers.Change, "setup.terms": answers.Confirm, "environment.one-org": answers.Skip,
		},
		Questions: flow.Answers{
			"setup.instance":     {"sandbox"},
			"setup.package.link": {"https://login.salesforce.com/packaging/installPackage.apexp?p0=04t000000000001AAA"},
			"access.profiles":    {"Standard User", `Sales "East"`},
		},
	}
	if diff := cmp.Diff(want, given); diff != "" {
		t.Error(diff)
	}
	again, err := answers.Parse(given.TOML(setup, steps.Questions), setup, steps.Questions)
	if err != nil {
		t.Fatalf("what was written cannot be read: %v\n%s", err, given.TOML(setup, steps.Questions))
	}
	if diff := cmp.Diff(want, again); diff != "" {
		t.Errorf("after writing and reading: %s", diff)
	}
}

func TestAMistakeInAFileIsNamedByLineAndKey(t *testing.T) {
	for _, tc := range []struct {
		name, text string
		line       int
		key        string
		what       error
	}{
		{"an unknown step", "\n\"setup.termz\" = \"confirm\"\n", 2, "setup.termz", answers.ErrUnknown},
		{"an unknown question", "\"setup.package.lnk\" = \"x\"\n", 1, "setup.package.lnk", answers.ErrUnknown},
		{"an unknown action", "who = \"J\"\n\"setup.terms\" = \"agree\"\n", 2, "setup.terms", answers.ErrAction},
		{"a number", "\"setup.terms\" = 3\n", 1, "setup.terms", answers.ErrAction},
		{"a text for a list", "\"access.profiles\" = \"Standard User\"\n", 1, "access.profiles", answers.ErrList},
		{"a list of numbers", "\"access.profiles\" = [1]\n", 1, "access.profiles", answers.ErrList},
		{"a change that no API makes", "\"setup.terms\" = \"change\"\n", 1, "setup.terms", answers.ErrCannot},
		{"nobody", "who = \"\"\n", 1, "who", answers.ErrText},
		{"no TOML", "who = \"J\"\nthis is it\n", 2, "", answers.ErrNotTOML},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := answers.Parse(tc.text, setup, steps.Questions)
			var wrong *answers.Mistake
			if !errors.As(err, &wrong) || wrong.Line != tc.line || wrong.Key != tc.key || !errors.Is(err, tc.what) {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestAFlagGoesBeforeAFile(t *testing.T) {
	file, err := answers.Parse(whole, setup, steps.Questions)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"setup.terms=skip", "access.profiles=Standard User", "who=M. Alvarez"} {
		flag, err := answers.One(text, setup, steps.Questions)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		file = flag.Over(file)
	}
	if file.Who != "M. Alvarez" || file.Actions["setup.terms"] != answers.Skip || len(file.Questions["access.profiles"]) != 1 {
		t.Errorf("%+v", file)
	}
	for _, text := range []string{"setup.terms", "setup.terms=agree", "=x", `"=x`} {
		if _, err := answers.One(text, setup, steps.Questions); err == nil || strings.Contains(err.Error(), "line") {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func FuzzNoTextIsReadAndWrittenOtherwise(f *testing.F) {
	f.Add("J. \"Park\"\x01\\", "Standard\nUser")
	f.Add("\xde", "\xbd") // one rune, torn in two
	f.Fuzz(func(t *testing.T, who, profile string) {
		given := answers.Given{Who: who, Questions: flow.Answers{"access.profiles": {profile}}}
		read, err := answers.Parse(given.TOML(setup, steps.Questions), setup, steps.Questions)
		if !utf8.ValidString(who) || !utf8.ValidString(profile) || who == "" {
			return // TOML has no such text
		}
		if err != nil || read.Who != who || read.Questions["access.profiles"][0] != profile {
			t.Errorf("%q %q became %+v, %v", who, profile, read, err)
		}
	})
}
