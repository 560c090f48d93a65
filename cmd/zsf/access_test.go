package main_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"zsf/clients/sandbox"
	"zsf/clients/sandbox/salesforce"
)

func TestAccessIsGrantedRevokedAndTakenBack(t *testing.T) {
	t.Parallel()
	_, env := atHome(t, "ready")
	may := func(name string) bool {
		t.Helper()
		var listed struct {
			Profiles []struct {
				Name   string `json:"name"`
				MayUse bool   `json:"may_use"`
				Locked bool   `json:"locked"`
			} `json:"profiles"`
		}
		ran := runZSF(t, env, "access", "list", "--json")
		if err := json.Unmarshal([]byte(ran.stdout), &listed); err != nil || len(listed.Profiles) != 14 {
			t.Fatalf("%v: %s", err, ran.stdout)
		}
		for _, profile := range listed.Profiles {
			if profile.Locked != (profile.Name == "System Administrator") {
				t.Errorf("%s: locked %v", profile.Name, profile.Locked)
			}
			if profile.Name == name {
				return profile.MayUse
			}
		}
		t.Fatalf("no profile %s", name)
		return false
	}
	if ran := runZSF(t, env, "access", "grant", "read only", "--dry-run"); ran.code != 0 || !strings.Contains(ran.stdout, "1 person gains access.") || may("Read Only") {
		t.Errorf("a dry run: exit code %d\n%s\n%s", ran.code, ran.stdout, ran.stderr)
	}
	if ran := runZSF(t, env, "access", "grant", "read only"); ran.code != 2 || !strings.Contains(ran.stderr, "--yes") || may("Read Only") {
		t.Errorf("without a yes: exit code %d: %s", ran.code, ran.stderr)
	}
	var made struct {
		Change  json.Number `json:"change"`
		Outcome string      `json:"outcome"`
	}
	ran := runZSF(t, env, "access", "grant", "Read Only", "Marketing User", "--yes", "--json")
	if err := json.Unmarshal([]byte(ran.stdout), &made); err != nil || ran.code != 0 || made.Outcome != "made" || !may("Read Only") {
		t.Fatalf("%v: exit code %d: %s %s", err, ran.code, ran.stdout, ran.stderr)
	}
	if ran := runZSF(t, env, "access", "grant", "Read Only", "--yes"); ran.code != 0 || !strings.Contains(ran.stdout, "already") {
		t.Errorf("once more: exit code %d: %s", ran.code, ran.stdout)
	}
	if ran := runZSF(t, env, "access", "revoke", "Read Only", "--yes"); ran.code != 0 || may("Read Only") {
		t.Errorf("revoke: exit code %d: %s", ran.code, ran.stderr)
	}
	// Half of the first change is gone since: it is shown, and left alone.
	ran = runZSF(t, env, "undo", made.Change.String(), "--yes")
	if ran.code != 1 || !strings.Contains(ran.stdout, "Somebody changed it since, so it is left alone.") || !may("Marketing User") {
		t.Errorf("undo of what moved: exit code %d\n%s\n%s", ran.code, ran.stdout, ran.stderr)
	}
	if !strings.Contains(ran.stdout, "    Marketing User: nothing → may use the app") || strings.Contains(ran.stdout, "0PS") {
		t.Errorf("it is not said of whom:\n%s", ran.stdout)
	}
	if ran := runZSF(t, env, "undo"); !strings.Contains(ran.stdout, "      Marketing User, 2 active users: may not use it → may use it\n") {
		t.Errorf("two changes look the same:\n%s", ran.stdout)
	}
	ran = runZSF(t, env, "access", "grant", "Contract Manager", "--yes", "--json")
	if err := json.Unmarshal([]byte(ran.stdout), &made); err != nil {
		t.Fatal(err)
	}
	for _, dry := range []bool{true, false} {
		var back struct {
			TakenBack *bool `json:"taken_back"`
		}
		args := []string{"undo", made.Change.String(), "--yes", "--json"}
		if dry {
			args = append(args, "--dry-run")
		}
		ran := runZSF(t, env, args...)
		if err := json.Unmarshal([]byte(ran.stdout), &back); err != nil || back.TakenBack == nil || *back.TakenBack == dry || may("Contract Manager") != dry {
			t.Errorf("dry run %v: %v, exit code %d: %s", dry, err, ran.code, ran.stdout)
		}
	}
	if ran := runZSF(t, env, "access", "revoke", "System Administrator", "--yes"); ran.code != 2 || !strings.Contains(ran.stderr, "requires System Administrator") || !may("System Administrator") {
		t.Errorf("exit code %d: %s", ran.code, ran.stderr)
	}
	if ran := runZSF(t, env, "access", "grant", "Sales", "--yes"); ran.code != 2 || !strings.Contains(ran.stderr, "Sales Manager") {
		t.Errorf("exit code %d: %s", ran.code, ran.stderr)
	}
}

func TestAccessCannotBeGrantedToAnAppThatIsNotThere(t *testing.T) {
	t.Parallel()
	ran := runZSF(t, nil, "--demo", "--scenario", "not-connected", "access", "grant", "Read Only", "--yes")
	if ran.code != 1 || !strings.Contains(ran.stderr, "not installed") {
		t.Errorf("exit code %d: %s", ran.code, ran.stderr)
	}
	if ran := runZSF(t, nil, "access", "grant", "Read Only", "--yes"); ran.code != 3 {
		t.Errorf("without a sign-in: exit code %d: %s", ran.code, ran.stderr)
	}
}

func TestWhyAUserSeesNoTickets(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, scenario, user string
		broken               string // empty: the chain is whole
		verdict              string
		mend                 string
		code                 int
	}{
		{"all is well", "ready", "luca.moretti@larkspur.example.uat", "", "", "", 0},
		{"the profile is not ticked", "ready", "ravi", "grant", "fail", "zsf --demo --scenario ready access grant 'Marketing User'", 5},
		{"an integration's user", "ready", "Integration User", "licence", "fail", "full Salesforce license", 5},
		{"everybody may authorize", "self-authorize", "luca", "policy", "warn", "setup --only access.permitted-users", 5},
		{"nobody is connected", "not-connected", "luca", "policy", "fail", "setup --only setup.connect", 5},
		{"no package", "no-package", "luca", "pages", "fail", "setup --only setup.package", 5},
		{"a package for admins", "package-admins-only", "luca", "pages", "fail", "setup --only setup.package", 5},
		{"an admin of the same", "package-admins-only", "morgan", "", "", "", 0},
		{"no component", "no-page-component", "luca", "component", "fail", "setup --only access.pages", 5},
		{"a Korean org", "korean", "luca", "", "", "", 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if tc.scenario == "korean" {
				tc.user = "avery.morgan@larkspur.example.uat"
			}
			ran := runZSF(t, nil, "--demo", "--scenario", tc.scenario, "access", "explain", tc.user, "--json")
			var explained struct {
				Broken *string `json:"broken"`
				Links  []struct {
					ID       string                                       `json:"id"`
					Verdict  string                                       `json:"verdict"`
					Evidence []struct{ Fact, Source string }              `json:"evidence"`
					Remedies []struct{ Kind, Title, URL, Command string } `json:"remedies"`
				} `json:"links"`
			}
			if err := json.Unmarshal([]byte(ran.stdout), &explained); err != nil || ran.code != tc.code || len(explained.Links) != 8 {
				t.Fatalf("%v: exit code %d\n%s\n%s", err, ran.code, ran.stdout, ran.stderr)
			}
			if tc.broken == "" {
				if explained.Broken != nil {
					t.Errorf("it breaks at %s", *explained.Broken)
				}
				return
			}
			if explained.Broken == nil || *explained.Broken != tc.broken {
				t.Fatalf("it breaks at %v\n%s", explained.Broken, ran.stdout)
			}
			for _, link := range explained.Links {
				if link.ID != tc.broken {
					continue
				}
				remedies, err := json.Marshal(link.Remedies)
				if err != nil || link.Verdict != tc.verdict || !strings.Contains(string(remedies), tc.mend) || len(link.Evidence) == 0 {
					t.Errorf("%+v", link)
				}
			}
			said := runZSF(t, nil, "--demo", "--scenario", tc.scenario, "access", "explain", tc.user)
			if strings.Count(said.stdout, "Here the chain breaks.") != 1 || said.code != tc.code {
				t.Errorf("exit code %d\n%s", said.code, said.stdout)
			}
		})
	}
}

// Who may not read it is not told that somebody sees tickets, and is not told of a mistake of zsf.
func TestWhatAUserMayNotReadIsUnknown(t *testing.T) {
	t.Parallel()
	ran := runZSF(t, nil, "--demo", "--scenario", "not-salesforce-admin", "access", "explain", "luca")
	for _, want := range []string{"unknown  License         not told to the user who is signed in", "but 7 of 8 links are unknown"} {
		if ran.code != 0 || !strings.Contains(ran.stdout, want) {
			t.Errorf("exit code %d, without %q:\n%s", ran.code, want, ran.stdout)
		}
	}
	if strings.Contains(ran.stdout, "should see tickets") {
		t.Error(ran.stdout)
	}
	if ran = runZSF(t, nil, "--demo", "--scenario", "not-salesforce-admin", "access", "list"); ran.code != 1 || !strings.Contains(ran.stderr, "sign in as an admin") {
		t.Errorf("exit code %d: %s", ran.code, ran.stderr)
	}
}

func TestAUserMustBeOneThatIsThere(t *testing.T) {
	t.Parallel()
	for user, said := range map[string]string{"nobody at all": "No user of this org is called nobody at all", "a": "Several users are called a: "} {
		if ran := runZSF(t, nil, "--demo", "--scenario", "ready", "access", "explain", user); ran.code != 2 || !strings.Contains(ran.stderr, said) {
			t.Errorf("%s: exit code %d: %s", user, ran.code, ran.stderr)
		}
	}
}

func TestAPackageIsInstalledByItsLinkAndCannotBeTakenBack(t *testing.T) {
	t.Parallel()
	_, env := atHome(t, "no-package")
	bad := runZSF(t, env, "setup", "--only", "setup.package", "--answer", "setup.package.link=https://evil.example/x")
	if bad.code != 2 || !strings.Contains(bad.stderr, "setup.package.link: ") {
		t.Errorf("a link of somebody else: exit code %d: %s", bad.code, bad.stderr)
	}
	link := "https://login.salesforce.com/packaging/installPackage.apexp?p0=" + salesforce.PackageVersionID()
	ran := runZSF(t, env, "setup", "--only", "setup.package", "--answer", "setup.package.link="+link)
	if ran.code != 0 || !strings.Contains(ran.stdout, "The service is at work on it.") || !strings.Contains(ran.stdout, "Package: passed") {
		t.Fatalf("exit code %d\n%s\n%s", ran.code, ran.stdout, ran.stderr)
	}
	back := runZSF(t, env, "undo", journalOf(t, env).change(t), "--yes")
	if back.code != 1 || !strings.Contains(back.stderr, "Uninstall") && !strings.Contains(back.stderr, "still at work") {
		t.Errorf("exit code %d: %s", back.code, back.stderr)
	}
}

func TestARehearsalIsKnownToTheProfileThatFollows(t *testing.T) {
	t.Parallel()
	_, rehearsal := atHome(t, "ready")
	home := rehearsal[len(rehearsal)-2]
	file := answersFile(t, "\"setup.terms\" = \"confirm\"\n")
	if ran := runZSF(t, rehearsal, "setup", "--profile", "rehearsal", "--answers", file); ran.code != 0 {
		t.Fatalf("exit code %d\n%s\n%s", ran.code, ran.stdout, ran.stderr)
	}
	_, production := serve(t, sandbox.Options{Scenario: "mixed-environments"})
	production = append(production, home, "ZSF_ZENDESK_ENVIRONMENT=production")
	looked := readLook(t, runZSF(t, production, "check", "--json"))
	if looked.verdicts()["environment.rehearsal"] != "pass" {
		t.Errorf("the rehearsal is %s: %s", looked.verdicts()["environment.rehearsal"], looked.summary("environment.rehearsal"))
	}
	elsewhere := readLook(t, runZSF(t, append(production, "HOME="+t.TempDir()), "check", "--json"))
	if elsewhere.verdicts()["environment.rehearsal"] != "unknown" {
		t.Errorf("on another machine it is %s", elsewhere.verdicts()["environment.rehearsal"])
	}
}

func TestTheLayoutIsKeptInTheProfile(t *testing.T) {
	t.Parallel()
	_, env := atHome(t, "ready")
	order := func(args ...string) bool {
		t.Helper()
		ran := runZSF(t, env, append([]string{"setup", "--status", "--json"}, args...)...)
		var ids []string
		for _, step := range statusOf(t, ran).Steps {
			ids = append(ids, step.ID)
		}
		all := strings.Join(ids, " ")
		return strings.Index(all, "setup.connect") < strings.Index(all, "setup.package")
	}
	if order() || !order("--layout", "newer") || order() {
		t.Error("a look kept the layout, or the layouts are the same")
	}
	file := answersFile(t, "\"setup.terms\" = \"confirm\"\n")
	if ran := runZSF(t, env, "setup", "--layout", "newer", "--answers", file); ran.code != 0 {
		t.Fatalf("exit code %d: %s", ran.code, ran.stderr)
	}
	if !order() {
		t.Error("the layout was not kept")
	}
	home, _ := strings.CutPrefix(env[len(env)-2], "HOME=")
	kept, err := os.ReadFile(filepath.Join(home, ".config", "zsf", "config.toml"))
	if err != nil || !strings.Contains(string(kept), `layout = "newer"`) {
		t.Errorf("%v: %s", err, kept)
	}
}

func TestAWalkWithoutASignInSaysWhatToLookFor(t *testing.T) {
	t.Parallel()
	ran := runZSF(t, []string{"USER=jpark"}, "setup", "--only", "salesforce.session-lock,setup.connect",
		"--answer", "salesforce.session-lock=confirm", "--answer", "setup.connect=skip", "--who", "M. Alvarez")
	if ran.code != 0 || !strings.Contains(ran.stdout, "What to look for: “Lock sessions") || !strings.Contains(ran.stdout, "M. Alvarez said so on") {
		t.Errorf("exit code %d\n%s\n%s", ran.code, ran.stdout, ran.stderr)
	}
	change := runZSF(t, nil, "setup", "--only", "salesforce.session-lock", "--yes")
	if change.code != 2 || !strings.Contains(change.stderr, "salesforce.session-lock: confirm, skip") {
		t.Errorf("exit code %d: %s", change.code, change.stderr)
	}
}
