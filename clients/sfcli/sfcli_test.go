package sfcli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os/exec"
	"reflect"
	"strings"
	"testing"
)

const (
	access   = "00DWs0000009Lqe!AQJI78JmymysOiMCvlKgRggzRCSlkhQqBNwOYeE7ZwYqeTXbtWkR.8i7efc8KBUj7xz0PXraQZ34"
	redacted = "[REDACTED] Use 'sf org auth show-access-token' to view"
	hiddenBy = `"Secrets are now hidden from 'sf org display' command output. Use the 'sf org auth' commands instead."`
)

// A reply is what `sf` writes in answer to one command.
type reply struct {
	stdout, stderr string
	err            error
}

// cli answers by the words before the first flag, and keeps what was asked.
func cli(asked *[]string, replies map[string]reply) CLI {
	return CLI{Run: func(_ context.Context, args ...string) ([]byte, []byte, error) {
		line := strings.Join(args, " ")
		*asked = append(*asked, line)
		command, _, _ := strings.Cut(line, " --")
		r, ok := replies[command]
		if !ok {
			return nil, nil, fmt.Errorf("the test has no answer to %q", line)
		}
		return []byte(r.stdout), []byte(r.stderr), r.err
	}}
}

var errExit = errors.New("exit status 1")

// quote is a string in JSON.
func quote(text string) string {
	quoted, _ := json.Marshal(text)
	return string(quoted)
}

func displayed(token, status string, warnings ...string) string {
	return fmt.Sprintf(`{"status": 0,
  "result": {"id": "00DWs0000009LqeMAE", "apiVersion": "68.0", "accessToken": %s, "instanceUrl": "https://larkspur--uat.sandbox.my.salesforce.com/",
    "username": "avery@larkspur.example.uat", "clientId": "PlatformCLI", "connectedStatus": %s, "alias": "uat"},
  "warnings": [%s]}`, quote(token), quote(status), strings.Join(warnings, ","))
}

func shown(token string, warnings ...string) string {
	return fmt.Sprintf("{\n  \"status\": 0,\n  \"result\": {\n    \"accessToken\": %s\n  },\n  \"warnings\": [%s]\n}\n", quote(token), strings.Join(warnings, ","))
}

func refused(name, message string) string {
	return fmt.Sprintf(`{"name": %s, "message": %s, "exitCode": 1, "stack": "at run.js:15:1", "warnings": [], "code": "1", "status": 1}`, quote(name), quote(message))
}

const stale = `"Unable to refresh auth for org. Access token may be stale."`

func TestTokenIsFoundInEveryVersion(t *testing.T) {
	whole := Token{Access: access, InstanceURL: "https://larkspur--uat.sandbox.my.salesforce.com", Username: "avery@larkspur.example.uat", OrgID: "00DWs0000009LqeMAE"}
	old := whole
	old.Stale = true
	newOnes := reply{stdout: displayed(redacted, "Connected", hiddenBy)}
	coloured := strings.NewReplacer(`"accessToken"`, "\x1b[94m\"accessToken\"\x1b[39m", "{", "\x1b[97m{\x1b[39m", "0,", "\x1b[33m0\x1b[39m,").Replace(shown(access))
	for name, test := range map[string]struct {
		replies map[string]reply
		want    Token
		asks    int
	}{
		"old, shown by org display": {map[string]reply{"org display": {stdout: displayed(access, "Connected")}}, whole, 1},
		"new, hidden by org display": {map[string]reply{
			"org display": newOnes, "org auth show-access-token": {stdout: shown(access, `"This command exposes a sensitive Access Token"`)},
		}, whole, 2},
		"scratch orgs have no connected status": {map[string]reply{
			"org display": {stdout: displayed(redacted, "")}, "org auth show-access-token": {stdout: shown(access)},
		}, whole, 2},
		"colours in the JSON": {map[string]reply{
			"org display": newOnes, "org auth show-access-token": {stdout: coloured},
		}, whole, 2},
		"an update notice and a warning around it": {map[string]reply{
			"org display": {
				stdout: " ›   Warning: @salesforce/cli update available from {2.136.8} to 2.146.3.\n\ufeff\n" + displayed(redacted, "Connected") + "\nDone {1}.\n",
				stderr: "(node:27497) [ENOENT] Error: spawn sf ENOENT\n",
			},
			"org auth show-access-token": {stdout: "\n{ not: json }\n{\"update\": true}\n" + shown(access)},
		}, whole, 2},
		"the org cannot be reached": {map[string]reply{
			"org display": {stdout: displayed(redacted, "fetch failed")}, "org auth show-access-token": {stdout: shown(access, stale)},
		}, old, 2},
		"a code other than 0 with an answer": {map[string]reply{
			"org display": {stdout: displayed(access, "Connected"), err: errExit},
		}, whole, 1},
	} {
		t.Run(name, func(t *testing.T) {
			var asked []string
			got, err := cli(&asked, test.replies).Token(t.Context(), "uat")
			if err != nil || !reflect.DeepEqual(got, test.want) {
				t.Errorf("got %v (stale %v), %v", got, got.Stale, err)
			}
			if len(asked) != test.asks {
				t.Errorf("asked %q", asked)
			}
			for _, line := range asked {
				if !strings.HasSuffix(line, " --target-org uat --json") {
					t.Errorf("asked %q", line)
				}
			}
		})
	}
}

func TestTokenErrorsAreTold(t *testing.T) {
	newOnes := reply{stdout: displayed(redacted, "Connected", hiddenBy)}
	for name, test := range map[string]struct {
		display, show reply
		want          error
		says          string
	}{
		"unknown alias": {
			display: reply{stdout: refused("NamedOrgNotFoundError", "Parsing --target-org \n\tNo authorization information found for uat.\nSee more help with --help"), err: errExit},
			want:    ErrNoOrg, says: "Parsing --target-org No authorization information found for uat. See more help with --help",
		},
		"unknown alias, in an old version, on stderr": {
			display: reply{stderr: refused("NamedOrgNotFound", "No AuthInfo found for name uat"), err: errExit}, want: ErrNoOrg, says: "No AuthInfo found",
		},
		"session ended": {display: reply{stdout: displayed(redacted, "Session expired or invalid")}, want: ErrSignedOut, says: "Session expired or invalid"},
		"refresh token ended, and a token in the words": {
			display: reply{stdout: displayed(redacted, "Error authenticating with the refresh token due to:\n\x1b[31mexpired access/refresh token "+access+"\x1b[0m")},
			want:    ErrSignedOut, says: "due to: expired access/refresh token",
		},
		"refresh token ended, in an old version": {display: reply{stdout: displayed(access, "RefreshTokenAuthError")}, want: ErrSignedOut, says: "RefreshTokenAuthError"},
		"refused as signed out": {
			display: newOnes, show: reply{stdout: refused("RefreshTokenAuthError", "Error authenticating with the refresh token due to: inactive user"), err: errExit},
			want: ErrSignedOut, says: "inactive user",
		},
		"no such command": {
			display: newOnes,
			show:    reply{stderr: " ›   Warning: org auth show-access-token is not a sf command.\n ›   Error: Run sf help org for a list of available commands.\n", err: errors.New("exit status 127")},
			want:    ErrTooOld, says: "sf update",
		},
		"hidden twice":          {display: newOnes, show: reply{stdout: shown(redacted)}, want: ErrRedacted},
		"hidden, and empty":     {display: newOnes, show: reply{stdout: shown("")}, want: ErrRedacted},
		"a token of two lines":  {display: newOnes, show: reply{stdout: shown(access + "\r\nX-Other: 1")}, want: ErrUnreadable},
		"no address":            {display: reply{stdout: `{"status":0,"result":{"username":"a@b.c","accessToken":"` + access + `"}}`}, want: ErrUnreadable},
		"an address of no page": {display: reply{stdout: strings.ReplaceAll(displayed(access, ""), "https://", "https://who@")}, want: ErrUnreadable},
		"a result of another shape": {
			display: reply{stdout: `{"status":0,"result":["` + access + `"]}`}, want: ErrUnreadable,
		},
		"no JSON": {display: reply{stdout: access, stderr: "Error: Bearer " + access, err: errExit}, want: ErrUnreadable, says: "Bearer [redacted]"},
		"nothing": {want: ErrUnreadable, says: "it said nothing"},
		"another program by the name": {
			display: reply{stdout: "siegfried 1.11\n", stderr: "flag provided but not defined: -target-org", err: errExit}, want: ErrUnreadable, says: "flag provided",
		},
		"JSON cut short":   {display: reply{stdout: displayed(access, "")[:200]}, want: ErrUnreadable},
		"not installed":    {display: reply{err: &exec.Error{Name: "sf", Err: exec.ErrNotFound}}, want: ErrNotInstalled},
		"it took too long": {display: reply{err: context.DeadlineExceeded}, want: context.DeadlineExceeded, says: "org display"},
		"cancelled":        {display: reply{err: context.Canceled}, want: context.Canceled},
	} {
		t.Run(name, func(t *testing.T) {
			var asked []string
			got, err := cli(&asked, map[string]reply{"org display": test.display, "org auth show-access-token": test.show}).Token(t.Context(), "uat")
			if !errors.Is(err, test.want) || !strings.Contains(err.Error(), test.says) {
				t.Fatalf("got %v", err)
			}
			if strings.Contains(err.Error(), access[20:40]) || strings.ContainsAny(err.Error(), "\x1b\n\r") {
				t.Errorf("a token or a control character in %q", err)
			}
			if got != (Token{}) {
				t.Error("a token came with an error")
			}
		})
	}
}

func TestOtherErrorsKeepTheWordsOfSf(t *testing.T) {
	var asked []string
	_, err := cli(&asked, map[string]reply{"org display": {
		stdout: refused("GenericKeychainServiceError", strings.Repeat("no keychain ", 100)), err: errExit,
	}}).Token(t.Context(), "uat")
	var refusal *Refusal
	if !errors.As(err, &refusal) || refusal.Kind != nil || refusal.Name != "GenericKeychainServiceError" || len(refusal.Message) > maxSaid+3 {
		t.Errorf("got %v", err)
	}
}

func TestNamesThatAreFlagsAreRefusedUnasked(t *testing.T) {
	for _, name := range []string{"", "-o", "--help", "a\nb", "a\x00b", "a\x1b[1m", strings.Repeat("a", 256)} {
		var asked []string
		if _, err := cli(&asked, nil).Token(t.Context(), name); !errors.Is(err, ErrNotAName) || asked != nil {
			t.Errorf("%q: %v, asked %q", name, err, asked)
		}
	}
}

// listed is an org as `org list` of sf 2.146 has it.
func listed(fields string) string {
	return `{"accessToken": "` + redacted + `", "loginUrl": "https://login.salesforce.com", "namespacePrefix": null, "isDefaultDevHubUsername": false, "lastUsed": "2026-11-23T20:20:01.300Z", ` + fields + `}`
}

func TestOrgsAreMergedFromEveryList(t *testing.T) {
	prod := listed(`"username": "avery@larkspur.example", "orgId": "00DWs0000001AAAAA0", "instanceUrl": "https://larkspur.my.salesforce.com/", "isSandbox": false, "isDevHub": true, "alias": "prod", "isDefaultUsername": false`)
	uat := listed(`"username": "avery@larkspur.example.uat", "orgId": "00DWs0000009LqeMAE", "instanceUrl": "https://Larkspur--uat.sandbox.my.salesforce.com", "isSandbox": true, "isScratch": false, "isDefaultUsername": true, "connectedStatus": "Connected"`)
	scratch := listed(`"username": "test-1@example.com", "orgId": "00DWs0000002BBBBB0", "instanceUrl": "https://x.scratch.my.salesforce.com", "alias": "s\u001b[31mcratch", "status": "Active", "isExpired": "unknown"`)
	over := listed(`"username": "test-2@example.com", "orgId": "00DWs0000003CCCCC0", "status": "Deleted", "isExpired": true`)
	early := `{"username":"old@larkspur.example.dev","orgId":"00DWs0000004DDDDD0","instanceUrl":"https://larkspur--dev.sandbox.my.salesforce.com","connectedStatus":"RefreshTokenAuthError","accessToken":"` + access + `"}`

	uatOrg := Org{Username: "avery@larkspur.example.uat", OrgID: "00DWs0000009LqeMAE", InstanceURL: "https://larkspur--uat.sandbox.my.salesforce.com", Sandbox: true, Default: true, Connected: "Connected"}
	prodOrg := Org{Alias: "prod", Username: "avery@larkspur.example", OrgID: "00DWs0000001AAAAA0", InstanceURL: "https://larkspur.my.salesforce.com"}
	scratchOrg := Org{Alias: "scratch", Username: "test-1@example.com", OrgID: "00DWs0000002BBBBB0", InstanceURL: "https://x.scratch.my.salesforce.com", Scratch: true, Connected: "Active"}
	for name, test := range map[string]struct {
		reply reply
		want  []Org
	}{
		"new": {reply{stdout: `{"status":0,"result":{"other":[],"sandboxes":[` + uat + `],"nonScratchOrgs":[` + prod + "," + uat + `],"devHubs":[` + prod + `],"scratchOrgs":[` + scratch + "," + over + `]},"warnings":[` + hiddenBy + `]}`}, []Org{uatOrg, prodOrg, scratchOrg}},
		"old": {reply{stdout: `{"status":0,"result":{"nonScratchOrgs":[` + early + `],"scratchOrgs":[]}}`}, []Org{{
			Username: "old@larkspur.example.dev", OrgID: "00DWs0000004DDDDD0", InstanceURL: "https://larkspur--dev.sandbox.my.salesforce.com", Sandbox: true, Connected: "RefreshTokenAuthError",
		}}},
		"none":                       {reply{stdout: `{"status":0,"result":{"other":[],"sandboxes":[],"nonScratchOrgs":[],"devHubs":[],"scratchOrgs":[]}}`}, nil},
		"none, in an old version":    {reply{stdout: refused("noOrgsFound", "No orgs can be found."), err: errExit}, nil},
		"records of another shape":   {reply{stdout: `{"status":0,"result":{"nonScratchOrgs":[{"username":7},{},{"username":"a@b.c","alias":["x"],"isSandbox":"yes"}]}}`}, []Org{{Username: "a@b.c"}}},
		"the lists are all it shows": {reply{stdout: `{"status":0,"result":{"more":[` + prod + `]}}`}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var asked []string
			got, err := cli(&asked, map[string]reply{"org list": test.reply}).Orgs(t.Context())
			if err != nil || !reflect.DeepEqual(got, test.want) {
				t.Errorf("got %+v, %v", got, err)
			}
			if want := []string{"org list --skip-connection-status --json"}; !reflect.DeepEqual(asked, want) {
				t.Errorf("asked %q", asked)
			}
		})
	}
	var asked []string
	if _, err := cli(&asked, map[string]reply{"org list": {stdout: `{"status":0,"result":{"nonScratchOrgs":{}}}`}}).Orgs(t.Context()); !errors.Is(err, ErrUnreadable) {
		t.Errorf("a list of another shape: %v", err)
	}
	if _, err := cli(&asked, map[string]reply{"org list": {err: exec.ErrNotFound}}).Orgs(t.Context()); !errors.Is(err, ErrNotInstalled) {
		t.Errorf("not installed: %v", err)
	}
}

func TestTokensAreNeverPrinted(t *testing.T) {
	token := Token{Access: access, InstanceURL: "https://x.my.salesforce.com", Username: "a@b.c", OrgID: "00D"}
	var logged strings.Builder
	logger := slog.New(slog.NewJSONHandler(&logged, nil))
	logger.Info("signed in", "token", token, "pointer", &token, "list", []Token{token})
	slog.New(slog.NewTextHandler(&logged, nil)).Info("signed in", "token", token, "list", []Token{token})
	encoded, err := json.Marshal(token)
	if err != nil {
		t.Fatal(err)
	}
	shown := []string{logged.String(), string(encoded), token.String(), token.GoString()}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d"} {
		shown = append(shown, fmt.Sprintf(verb, token), fmt.Sprintf(verb, &token), fmt.Sprintf(verb, []Token{token}), fmt.Sprintf(verb, struct{ T Token }{token}))
	}
	for _, text := range shown {
		if strings.Contains(text, access[20:40]) || strings.Contains(strings.ToLower(text), fmt.Sprintf("%x", access[20:40])) {
			t.Errorf("a token in %s", text)
		}
	}
}

func FuzzAnswers(f *testing.F) {
	f.Add(displayed(access, "Connected"), "")
	f.Add("\x1b[97m{\n{\"status\":1}", "{\"status\":0}")
	f.Add(refused("NamedOrgNotFoundError", access), "Warning: x is not a sf command.")
	f.Fuzz(func(t *testing.T, stdout, stderr string) {
		c := CLI{Run: func(context.Context, ...string) ([]byte, []byte, error) { return []byte(stdout), []byte(stderr), nil }}
		token, err := c.Token(t.Context(), "uat")
		if (err == nil) != (token.Access != "") || err == nil && (!tokenShape.MatchString(token.Access) || origin(token.InstanceURL) == "") {
			t.Errorf("token of %d bytes, %v", len(token.Access), err)
		}
		if err != nil && strings.ContainsAny(err.Error(), "\x1b\n\r") {
			t.Errorf("a control character in %q", err)
		}
		if orgs, err := c.Orgs(t.Context()); err != nil && orgs != nil {
			t.Errorf("orgs with an error: %v", err)
		}
	})
}
