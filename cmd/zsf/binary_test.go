package main_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"zsf/clients/sandbox"
)

// zsf is the real program, built once for all tests.
var zsf string

func TestMain(m *testing.M) {
	os.Exit(buildAndRun(m))
}

func buildAndRun(m *testing.M) int {
	folder, err := os.MkdirTemp("", "zsf")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(folder) }()
	zsf = filepath.Join(folder, "zsf")
	if out, err := exec.Command("go", "build", "-o", zsf, ".").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build zsf: %v\n%s", err, out)
		return 1
	}
	return m.Run()
}

// program is the path of the real program. It tells go's test cache what the calling test depends on: the
// cache does not see into the build above, and would take an old result for a new program.
func program(t *testing.T) string {
	t.Helper()
	if err := lookAtSources(); err != nil {
		t.Fatal(err)
	}
	return zsf
}

var lookAtSources = sync.OnceValue(func() error {
	return filepath.WalkDir("../..", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == ".git" || entry.Name() == "bin"):
			return filepath.SkipDir
		case entry.IsDir() || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		_, err = os.Stat(path)
		return err
	})
})

// An outcome is what a run of the program left.
type outcome struct {
	stdout, stderr string
	code           int
}

// runZSF runs the program without a terminal, in an environment of its own.
func runZSF(t *testing.T, env []string, args ...string) outcome {
	t.Helper()
	return runWithInput(t, env, "", args...)
}

// runWithInput runs the program with that on its standard input.
func runWithInput(t *testing.T, env []string, input string, args ...string) outcome {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, program(t), args...)
	command.Env = append([]string{"HOME=" + t.TempDir(), "LANG=C.UTF-8", "TZ=UTC"}, env...) // the last of a name counts
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	if input != "" {
		command.Stdin = strings.NewReader(input)
	}
	err := command.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return outcome{stdout: stdout.String(), stderr: stderr.String(), code: command.ProcessState.ExitCode()}
}

// serve starts a sandbox, and the environment that signs in to it.
func serve(t *testing.T, options sandbox.Options) (*sandbox.Sandbox, []string) {
	t.Helper()
	if options.Accounts == 0 {
		options.Accounts, options.Tickets = 20, 20
	}
	served, err := sandbox.Start(context.Background(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := served.Close(); err != nil {
			t.Error(err)
		}
	})
	return served, signedIn(served.Info())
}

func signedIn(info sandbox.Info) []string {
	return []string{
		"ZSF_SALESFORCE_INSTANCE_URL=" + info.Salesforce.InstanceURL,
		"ZSF_SALESFORCE_ACCESS_TOKEN=" + info.Salesforce.AccessToken,
		"ZSF_ZENDESK_URL=" + info.Zendesk.URL,
		"ZSF_ZENDESK_ACCESS_TOKEN=" + info.Zendesk.AccessToken,
		"ZSF_ZENDESK_ENVIRONMENT=sandbox",
	}
}

// A look is the JSON that check prints, as a script would read it.
type look struct {
	Schema     int    `json:"schema"`
	Profile    string `json:"profile"`
	DurationMS int    `json:"duration_ms"`
	Salesforce struct {
		OrgID       string `json:"org_id"`
		InstanceURL string `json:"instance_url"`
		Username    string `json:"username"`
		Sandbox     *bool  `json:"sandbox"`
	} `json:"salesforce"`
	Zendesk struct{ URL, User, Role string } `json:"zendesk"`
	Checks  []struct {
		ID       string   `json:"id"`
		Verdict  string   `json:"verdict"`
		Title    string   `json:"title"`
		Summary  string   `json:"summary"`
		LeadsTo  string   `json:"leads_to"`
		Needs    []string `json:"needs"`
		Evidence []struct {
			Fact   string    `json:"fact"`
			Source string    `json:"source"`
			ReadAt time.Time `json:"read_at"`
		} `json:"evidence"`
		Remedies []struct{ Kind, Title, URL, Command string } `json:"remedies"`
	} `json:"checks"`
	Summary map[string]int `json:"summary"`
	Error   *struct{ Code, Message, Hint string }
}

func (l look) verdicts() map[string]string {
	verdicts := map[string]string{}
	for _, check := range l.Checks {
		verdicts[check.ID] = check.Verdict
	}
	return verdicts
}

func (l look) summary(id string) string {
	for _, check := range l.Checks {
		if check.ID == id {
			return check.Summary
		}
	}
	return ""
}

// readLook fails unless stdout is one JSON document and nothing else.
func readLook(t *testing.T, ran outcome) look {
	t.Helper()
	var looked look
	decoder := json.NewDecoder(bytes.NewBufferString(ran.stdout))
	if err := decoder.Decode(&looked); err != nil {
		t.Fatalf("stdout is not JSON: %v\nstdout: %s\nstderr: %s", err, ran.stdout, ran.stderr)
	}
	if decoder.More() {
		t.Fatalf("more than one document on stdout: %s", ran.stdout)
	}
	if looked.Schema != 1 {
		t.Errorf("schema is %d, want 1", looked.Schema)
	}
	return looked
}
