package main_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"zsf/clients/sandbox"
)

// confidential is the sandbox's client that signs in by a secret, and that secret.
const confidential = "zsf_unattended"

func confidentialSecret() string {
	sum := sha256.Sum256([]byte("zsf sandbox secret " + confidential))
	return hex.EncodeToString(sum[:])
}

func TestAClientsSecretSignsInUnattended(t *testing.T) {
	var offset atomic.Int64
	served, _ := serve(t, sandbox.Options{Scenario: "ready", Now: func() time.Time { return time.Now().Add(time.Duration(offset.Load())) }})
	url := served.Info().Zendesk.URL
	folder := t.TempDir()
	file := filepath.Join(folder, "secret.txt")
	if err := os.WriteFile(file, []byte(confidentialSecret()+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct{ flags, env []string }{
		"a file":          {[]string{"--client-secret-file", file}, nil},
		"the environment": {nil, []string{"ZSF_ZENDESK_CLIENT_SECRET=" + confidentialSecret()}},
	} {
		t.Run(name, func(t *testing.T) {
			env := homeWithoutPorts(t)
			args := append([]string{"auth", "login", "zendesk", "--url", url, "--client-id", confidential, "--store", "file", "--json"}, tc.flags...)
			if ran := runZSF(t, append(env, tc.env...), args...); ran.code != 0 || !strings.Contains(ran.stdout, `"event":"signed-in"`) {
				t.Fatalf("%+v", ran)
			}
			status := runZSF(t, env, "auth", "status", "--json")
			if !strings.Contains(status.stdout, `"source":"client-credentials"`) || !strings.Contains(status.stdout, `"scopes":["read","tickets:write"`) {
				t.Errorf("status: %+v", status)
			}
			offset.Add(int64(49 * time.Hour)) // the token has ended: it is got anew
			if looked := readLook(t, runZSF(t, env, "check", "--json", "--only", "zendesk.admin")); looked.verdicts()["zendesk.admin"] != "pass" {
				t.Errorf("two days later: %v", looked.verdicts())
			}
			noTokenIn(t, strings.TrimPrefix(env[0], "HOME="))
		})
	}
	ran := runZSF(t, homeWithoutPorts(t), "auth", "login", "zendesk", "--url", url, "--client-id", "nobody", "--store", "file", "--json", "--client-secret-file", file)
	if ran.code != 1 || !strings.Contains(ran.stdout, "The client id or its secret is wrong") || strings.Contains(ran.stdout, confidentialSecret()) {
		t.Errorf("a wrong client: %+v", ran)
	}
}

// An org that lets an app in by its key. Whether the assertion is sound is for flows/signin to test.
func jwtOrg(t *testing.T) *httptest.Server {
	t.Helper()
	org := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		switch r.URL.Path {
		case "/services/oauth2/token":
			_, _ = fmt.Fprintf(w, `{"access_token":"jwt-token","instance_url":%q,"token_type":"Bearer"}`, "http://"+r.Host)
		case "/services/oauth2/userinfo":
			_, _ = fmt.Fprint(w, `{"user_id":"005Ws000001AbCdEFG","organization_id":"00DWs0000009LqeMAE","preferred_username":"ci@larkspur.example"}`)
		case "/services/data/":
			_, _ = fmt.Fprint(w, `[{"label":"Winter '27","url":"/services/data/v68.0","version":"68.0"}]`)
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	t.Cleanup(org.Close)
	return org
}

func TestAKeySignsInUnattendedWithoutAnyVault(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	file := filepath.Join(folder, "server.key")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}), 0o600); err != nil {
		t.Fatal(err)
	}
	org := jwtOrg(t)
	env := []string{"HOME=" + folder, "PATH=" + os.Getenv("PATH"), "NO_PROXY=*"} // no passphrase, no keychain
	ran := runZSF(t, env, "auth", "login", "salesforce", "--url", org.URL, "--client-id", "app", "--jwt-key", file, "--username", "ci@larkspur.example", "--environment", "sandbox")
	if ran.code != 0 || !strings.Contains(ran.stdout, "Signed in to Salesforce as ci@larkspur.example") {
		t.Fatalf("%+v", ran)
	}
	kept, err := os.ReadFile(filepath.Join(folder, ".config", "zsf", "config.toml"))
	if err != nil || !strings.Contains(string(kept), file) || strings.Contains(string(kept), "PRIVATE") || strings.Contains(string(kept), "jwt-token") {
		t.Errorf("%v: the settings are\n%s", err, kept)
	}
	if looked := readLook(t, runZSF(t, env, "check", "--json", "--only", "salesforce.signin")); looked.verdicts()["salesforce.signin"] != "pass" {
		t.Errorf("%v", looked.verdicts())
	}
	status := runZSF(t, env, "auth", "status")
	for _, want := range []string{"ci@larkspur.example", "from a private key", file, "sandbox", "zsf auth login zendesk"} {
		if !strings.Contains(status.stdout, want) {
			t.Errorf("the status lacks %q:\n%s", want, status.stdout)
		}
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if status := runZSF(t, env, "auth", "status"); status.code != 3 || !strings.Contains(status.stdout, "zsf auth login salesforce --jwt-key FILE --username ci@larkspur.example") {
		t.Errorf("without the key: %+v", status)
	}
	if ran := runZSF(t, env, "auth", "logout", "salesforce"); ran.code != 0 || !strings.Contains(ran.stdout, "certificate") {
		t.Errorf("logout: %+v", ran)
	}
}

// withSF puts an sf CLI on the PATH that is signed in to so many orgs, the first of them the sandbox's.
func withSF(t *testing.T, served *sandbox.Sandbox, orgs int) []string {
	t.Helper()
	org, folder := served.Info().Salesforce, t.TempDir()
	listed := fmt.Sprintf(`{"alias":"uat","username":%q,"orgId":"00DWs0000009LqeMAE","instanceUrl":%q,"isSandbox":true}`, org.Username, org.InstanceURL)
	if orgs > 1 {
		listed += `,{"alias":"prod","username":"avery@larkspur.example","orgId":"00DWs0000009LqfMAE","instanceUrl":"https://larkspur.my.salesforce.com"}`
	}
	if orgs == 0 {
		listed = ""
	}
	script := fmt.Sprintf("#!/bin/sh\ncase \"$*\" in\n'org list'*) echo '{\"status\":0,\"result\":{\"nonScratchOrgs\":[%s]}}';;\n"+
		"'org display --target-org %s'*|'org display --target-org uat'*) echo '{\"status\":0,\"result\":{\"id\":\"00DWs0000009LqeMAE\",\"accessToken\":\"%s\",\"instanceUrl\":\"%s\",\"username\":\"%s\",\"connectedStatus\":\"Connected\"}}';;\n"+
		"*) echo '{\"status\":1,\"name\":\"NamedOrgNotFoundError\",\"message\":\"No authorization information found\"}'; exit 1;;\nesac\n",
		listed, org.Username, org.AccessToken, org.InstanceURL, org.Username)
	if err := os.WriteFile(filepath.Join(folder, "sf"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	return []string{"HOME=" + t.TempDir(), "PATH=" + folder + string(os.PathListSeparator) + os.Getenv("PATH"), "NO_PROXY=*"}
}

func TestTheSfCLIsOrgsAreListedAndChosen(t *testing.T) {
	served, _ := serve(t, sandbox.Options{Scenario: "ready"})
	user := served.Info().Salesforce.Username
	two := withSF(t, served, 2)
	for _, tc := range []struct {
		name  string
		env   []string
		args  []string
		code  int
		wants []string
	}{
		{"listed", two, []string{"auth", "orgs"}, 0, []string{"uat: " + user, "(sandbox)", "prod: avery@larkspur.example", "(production)"}},
		{"listed for a script", two, []string{"auth", "orgs", "--json"}, 0, []string{`{"schema":1,"orgs":[{"alias":"prod"`, `"sandbox":true`}},
		{"none", withSF(t, served, 0), []string{"auth", "orgs"}, 0, []string{"sf org login web"}},
		{"no sf", []string{"HOME=" + t.TempDir(), "PATH=" + t.TempDir()}, []string{"auth", "orgs", "--json"}, 1, []string{"not installed"}},
		{"a script must name one", two, []string{"auth", "login", "salesforce", "--sf", "--json"}, 2, []string{"prod, uat"}},
		{"by name", two, []string{"auth", "login", "salesforce", "--sf", "uat"}, 0, []string{"Signed in to Salesforce as " + user}},
		{"the only one", withSF(t, served, 1), []string{"auth", "login", "--sf", "salesforce"}, 0, []string{"Signed in to Salesforce as " + user}},
		{"unknown", two, []string{"auth", "login", "salesforce", "--sf=nobody"}, 1, []string{"knows no such org"}},
		{"for Zendesk", two, []string{"auth", "login", "zendesk", "--sf=uat"}, 2, []string{"are for Salesforce"}},
		{"half a key", two, []string{"auth", "login", "salesforce", "--jwt-key", "x"}, 2, []string{"go together"}},
	} {
		ran := runZSF(t, tc.env, tc.args...)
		if ran.code != tc.code {
			t.Errorf("%s: %+v, want exit code %d", tc.name, ran, tc.code)
		}
		for _, want := range tc.wants {
			if !strings.Contains(ran.stdout+ran.stderr, want) {
				t.Errorf("%s: %q is missing in %+v", tc.name, want, ran)
			}
		}
	}
	gone := append(slices.Clone(two), "PATH="+t.TempDir())
	if ran := runZSF(t, gone, "check", "--only", "salesforce.signin"); ran.code != 3 || !strings.Contains(ran.stdout, "not installed") || strings.Contains(ran.stdout, "no longer accepts") {
		t.Errorf("without the sf CLI: %+v", ran)
	}
	looked := readLook(t, runZSF(t, two, "check", "--json", "--only", "salesforce.signin"))
	if looked.verdicts()["salesforce.signin"] != "pass" {
		t.Errorf("the borrowed sign-in: %v", looked.verdicts())
	}
}

// What a profile keeps and cannot be used is the profile's, whatever variables there are.
func TestAnAddressThatAProfileKeepsIsNamedAsTheProfiles(t *testing.T) {
	for service, url := range map[string]string{"salesforce": "https://nowhere", "zendesk": "https://help.acme.com"} {
		folder := t.TempDir()
		if err := os.MkdirAll(filepath.Join(folder, ".config", "zsf"), 0o700); err != nil {
			t.Fatal(err)
		}
		config := fmt.Sprintf("[profiles.acme.%s]\nurl = %q\nclient_id = \"x\"\nsource = \"browser\"\n", service, url)
		if err := os.WriteFile(filepath.Join(folder, ".config", "zsf", "config.toml"), []byte(config), 0o600); err != nil {
			t.Fatal(err)
		}
		ran := runZSF(t, []string{"HOME=" + folder}, "check")
		if ran.code != 1 || !strings.Contains(ran.stderr, "config.toml") || !strings.Contains(ran.stderr, "profiles.acme."+service+".url") || strings.Contains(ran.stderr, "ZSF_") {
			t.Errorf("%s: %+v", service, ran)
		}
	}
}
