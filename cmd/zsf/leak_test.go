package main_test

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"zsf/clients/sandbox"
)

// A leak hunt keeps what runs of the program left behind: what they printed, and what their browser was told.
type leakHunt struct {
	t       *testing.T
	served  *sandbox.Sandbox
	env     []string
	folder  string // everything that the program may write lies below
	traces  string
	printed map[string]string
}

const huntedPassphrase = "correct horse battery staple"

func huntLeaks(t *testing.T, served *sandbox.Sandbox) *leakHunt {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("what a browser is told is read from /proc, which is Linux's")
	}
	env := home(t)
	folder := homeOf(env)
	browser := filepath.Join(folder, "browser")
	// The browser writes down its own arguments and environment, and the arguments of the program that started it.
	script := fmt.Sprintf("#!/bin/sh\ntr '\\0' '\\n' </proc/$$/cmdline >>%[1]s.told\ntr '\\0' '\\n' </proc/$$/environ >>%[1]s.told\n"+
		"for one in /proc/[0-9]*; do [ \"$(readlink $one/exe)\" = %[2]s ] && tr '\\0' '\\n' <$one/cmdline >>%[1]s.told; done; exit 0\n", browser, program(t))
	if err := os.WriteFile(browser, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	hunt := &leakHunt{t: t, served: served, folder: folder, traces: filepath.Join(folder, "trace.jsonl"), printed: map[string]string{}}
	hunt.env = slices.Concat(env, []string{"BROWSER=" + browser, "TERM=dumb"})
	return hunt
}

// run runs a command with the trace in a file, and again with it on stderr.
func (h *leakHunt) run(args ...string) (first outcome) {
	h.t.Helper()
	for _, to := range []string{h.traces, "-"} {
		ran := runZSF(h.t, slices.Concat(h.env, []string{"ZSF_TRACE=" + to}), args...)
		h.keep(strings.Join(args, " ")+" "+to, ran.stdout+ran.stderr)
		if to == "-" && !strings.Contains(ran.stderr, `"duration_ms":`) {
			h.t.Errorf("%v: no trace on stderr: %s", args, ran.stderr)
		}
		if to != "-" {
			first = ran
		}
	}
	return first
}

func (h *leakHunt) keep(what, printed string) { h.printed[what] += printed }

// signIn signs in with the browser; a person allows it there, or pastes the way back.
func (h *leakHunt) signIn(service, address, clientID string, paste bool) {
	h.t.Helper()
	h.logIn(service, address, clientID, paste, false)
}

// refused is a sign-in whose code and verifier come back in the service's refusal.
func (h *leakHunt) refused(service, address, clientID string) {
	h.t.Helper()
	h.echo(service, "/oauth/tokens", 400, 2) // the look at the client, and the exchange
	if said := h.logIn(service, address, clientID, false, true); !strings.Contains(said, "[redacted]") {
		h.t.Errorf("nothing was repeated: %s", said)
	}
}

func (h *leakHunt) logIn(service, address, clientID string, paste, refused bool) string {
	h.t.Helper()
	args := []string{"auth", "login", service, "--url", address, "--client-id", clientID, "--store", "file", "--environment", "sandbox", "--trace", h.traces}
	if paste {
		args = append(args, "--paste", "--plain")
	}
	command := exec.Command(program(h.t), args...)
	command.Env = h.env
	stdin, err := command.StdinPipe()
	if err != nil {
		h.t.Fatal(err)
	}
	stdout, err := command.StdoutPipe()
	if err != nil {
		h.t.Fatal(err)
	}
	var stderr strings.Builder
	command.Stderr = &stderr
	if err := command.Start(); err != nil {
		h.t.Fatal(err)
	}
	lines := bufio.NewScanner(stdout)
	said := ""
	for lines.Scan() {
		said += lines.Text() + "\n"
		if !strings.HasPrefix(lines.Text(), "http://") {
			continue
		}
		far := newPerson(h.t)
		wayBack := ""
		far.client.CheckRedirect = func(next *http.Request, _ []*http.Request) error {
			if paste && strings.Contains(next.URL.Path, "callback") {
				wayBack = next.URL.String()
				return http.ErrUseLastResponse
			}
			return nil
		}
		far.allow(lines.Text())
		if paste {
			wrong := strings.Replace(wayBack, "state=", "state=x", 1) // refused, with the code in it
			if _, err := io.WriteString(stdin, wrong+"\n"+wayBack+"\n"); err != nil {
				h.t.Fatal(err)
			}
		}
	}
	if err := command.Wait(); (err == nil) == refused {
		h.t.Fatalf("%s: %v\n%s%s", service, err, said, &stderr)
	}
	h.keep("login "+service, said+stderr.String())
	return said + stderr.String()
}

// echo makes a service's next answers there repeat the request whole, its secrets included, as an error.
func (h *leakHunt) echo(service, path string, status, times int) {
	h.served.AddFault(sandbox.FaultRule{Service: service, Path: path, Times: times, Fault: sandbox.Fault{
		Status: status, Headers: map[string]string{"Content-Type": "application/json", "X-Request-Id": h.served.Secrets()[0]}, Echo: true,
	}})
}

// nothing fails for each secret that is anywhere it does not belong.
func (h *leakHunt) nothing() {
	h.t.Helper()
	secrets := append(h.served.Secrets(), huntedPassphrase)
	if len(secrets) < 12 {
		h.t.Fatalf("only %d secrets are known", len(secrets))
	}
	places := map[string]string{}
	for what, printed := range h.printed {
		places["printed by "+what] = printed
	}
	err := filepath.WalkDir(h.folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		places[path] = string(text)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	for _, name := range []string{"trace.jsonl", "browser.told", "check.html", "check.xml", ".config/zsf/config.toml"} {
		if places[filepath.Join(h.folder, name)] == "" {
			h.t.Errorf("%s is empty: nothing was searched", name)
		}
	}
	for place, text := range places {
		for i, secret := range secrets {
			for _, spelled := range []string{secret, url.QueryEscape(secret), base64.StdEncoding.EncodeToString([]byte(secret))} {
				if strings.Contains(text, spelled) {
					h.t.Errorf("secret %d (%.6s…) is in %s", i, secret, place)
				}
			}
		}
	}
}

// A sign-in, its use, its renewal, its end, and what goes wrong in each: no token, code, verifier or passphrase is
// in any file, in the trace, in what is printed, or among what the browser is told.
func TestNoSecretIsInAnyFileTraceOutputOrArgument(t *testing.T) {
	t.Parallel()
	var offset atomic.Int64
	served, _ := serve(t, sandbox.Options{Scenario: "ready", Now: func() time.Time { return time.Now().Add(time.Duration(offset.Load())) }})
	info := served.Info()
	hunt := huntLeaks(t, served)

	hunt.refused("zendesk", info.Zendesk.URL, info.Zendesk.ClientID)
	hunt.signIn("zendesk", info.Zendesk.URL, info.Zendesk.ClientID, false)
	hunt.signIn("salesforce", info.Salesforce.LoginURL, info.Salesforce.ClientID, true)
	hunt.run("check", "--json")
	hunt.run("doctor")
	runs := runZSF(t, hunt.env, "auth", "status", "--json", "--trace", hunt.traces)
	hunt.keep("status", runs.stdout+runs.stderr)

	// The services repeat what they are asked. (A check runs twice: with its trace in a file, and on stderr.)
	hunt.echo("zendesk", "/api/v2/users/me", 500, 2)
	hunt.echo("salesforce", "/services/oauth2/userinfo", 403, 2)
	reports := []string{"check", "--html", filepath.Join(hunt.folder, "check.html"), "--junit", filepath.Join(hunt.folder, "check.xml")}
	if ran := hunt.run(reports...); ran.code != exitFailedLook {
		t.Errorf("check: %+v", ran)
	}
	hunt.echo("salesforce", "/services/oauth2/userinfo", 403, 2)
	hunt.run("snapshot", "--json")
	hunt.echo("zendesk", "/api/v2/users/me", 500, 2)
	hunt.run("access", "explain", info.Salesforce.Username, "--json")
	journal := runZSF(t, hunt.env, "journal", "--json")
	hunt.keep("journal", journal.stdout+journal.stderr)
	// A renewal, refused twice with the token in the refusal, and then granted.
	offset.Store(int64(25 * time.Hour))
	hunt.echo("zendesk", "/oauth/tokens", 400, 2)
	hunt.run("check", "--only", "zendesk.admin")
	if ran := hunt.run("check", "--only", "zendesk.admin"); ran.code != 0 {
		t.Errorf("after the renewal: %+v", ran)
	}
	// A revocation that is refused, and a new sign-in that ends well.
	hunt.echo("zendesk", "/api/v2/oauth/tokens/current.json", 500, -1)
	hunt.echo("salesforce", "/services/oauth2/revoke", 503, -1)
	ran := runZSF(t, hunt.env, "auth", "logout", "--trace", hunt.traces)
	hunt.keep("logout", ran.stdout+ran.stderr)
	if ran.code != 0 || !strings.Contains(ran.stdout, "[redacted]") {
		t.Errorf("logout: %+v", ran)
	}
	hunt.nothing()
	hunt.traced()
}

const exitFailedLook = 4

// traced reads the trace: each line is one of its form, and calls, tries and token requests are all there.
func (h *leakHunt) traced() {
	h.t.Helper()
	info, err := os.Stat(h.traces)
	if err != nil || info.Mode().Perm() != 0o600 {
		h.t.Errorf("%v %v", info, err)
	}
	text, err := os.ReadFile(h.traces)
	if err != nil {
		h.t.Fatal(err)
	}
	seen := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		var traced struct {
			Time       time.Time `json:"time"`
			Service    string    `json:"service"`
			Method     string    `json:"method"`
			Path       string    `json:"path"`
			Status     int       `json:"status"`
			DurationMS int64     `json:"duration_ms"`
			Kind       string    `json:"kind"`
			Try        int       `json:"try"`
			WaitMS     int64     `json:"wait_ms"`
		}
		decoder := json.NewDecoder(strings.NewReader(line))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&traced); err != nil || traced.Time.IsZero() || traced.Try < 1 || strings.ContainsAny(traced.Path, "?#") {
			h.t.Errorf("%v: %s", err, line)
		}
		seen[fmt.Sprintf("%s %s %s %d", traced.Service, traced.Method, traced.Path, traced.Status)] = true
	}
	for _, call := range []string{
		"Zendesk POST /oauth/tokens 201", "Salesforce POST /services/oauth2/token 200", "Zendesk POST /oauth/tokens 400",
		"Zendesk GET /api/v2/users/me.json 200", "Zendesk GET /api/v2/oauth/tokens/current.json 401", "Zendesk GET /api/v2/users/me.json 500",
		"Zendesk DELETE /api/v2/oauth/tokens/current.json 500", "Salesforce POST /services/oauth2/revoke 503",
	} {
		if !seen[call] {
			h.t.Errorf("%s is not in the trace", call)
		}
	}
	if h.t.Failed() {
		h.t.Logf("%v", seen)
	}
}
