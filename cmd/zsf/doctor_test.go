package main_test

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"zsf/clients/sandbox"
)

func TestDoctorLooksAtTheMachineAndChangesNothing(t *testing.T) {
	served, env := serve(t, sandbox.Options{Scenario: "ready"})
	env = append(env, home(t)...)
	ran := runZSF(t, env, "doctor", "--json")
	looked := readLook(t, ran)
	verdicts := looked.verdicts()
	if ran.code != 0 || len(verdicts) != 9 || verdicts["doctor.salesforce"] != "pass" || verdicts["doctor.zendesk"] != "pass" || looked.Summary["fail"] != 0 {
		t.Errorf("%+v\n%v", ran, verdicts)
	}
	folder := homeOf(env)
	if entries, err := os.ReadDir(folder); err != nil || len(entries) != 0 {
		t.Errorf("left behind: %v, %v", entries, err)
	}

	// The org is ten minutes ahead, the account two minutes behind.
	for service, skew := range map[string]time.Duration{"salesforce": 10 * time.Minute, "zendesk": -2 * time.Minute} {
		served.AddFault(sandbox.FaultRule{Service: service, Times: -1, Fault: sandbox.Fault{
			Headers: map[string]string{"Date": time.Now().Add(skew).UTC().Format(http.TimeFormat)},
		}})
	}
	ran = runZSF(t, env, "doctor")
	for _, line := range []string{"zsf doctor · default", "this machine's clock is 10 min behind Salesforce's", "this machine's clock is 2 min ahead of Zendesk's", "1 failed"} {
		if !strings.Contains(ran.stdout, line) {
			t.Errorf("%q was not said:\n%s", line, ran.stdout)
		}
	}
	info := served.Info()
	if ran.code != 5 || strings.Contains(ran.stdout+ran.stderr, info.Salesforce.AccessToken) || strings.Contains(ran.stdout+ran.stderr, info.Zendesk.AccessToken) {
		t.Errorf("%+v", ran)
	}
	if ran := runZSF(t, env, "doctor", "--lang", "ko"); ran.code != 5 || !strings.Contains(ran.stdout, "이 컴퓨터의 시계가 Salesforce보다 10분 느림") {
		t.Errorf("%+v", ran)
	}
}

func TestDoctorTellsTheLineOfAMistakeInTheSettings(t *testing.T) {
	env := home(t)
	file := filepath.Join(homeOf(env), ".config", "zsf", "config.toml")
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte("default = \"acme\"\n\nstore = \"s3cret-drawer\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	ran := runZSF(t, env, "doctor", "--json")
	looked := readLook(t, ran)
	if ran.code != 5 || looked.verdicts()["doctor.settings"] != "fail" || looked.verdicts()["doctor.zendesk"] != "unknown" ||
		!strings.Contains(looked.summary("doctor.settings"), file+":3: store") || strings.Contains(ran.stdout, "s3cret") {
		t.Errorf("%+v", ran)
	}
}

func TestDoctorLooksAtTheSandboxOfADemo(t *testing.T) {
	ran := runZSF(t, home(t), "--demo", "doctor", "--json")
	if looked := readLook(t, ran); ran.code != 0 || looked.verdicts()["doctor.zendesk"] != "pass" {
		t.Errorf("%+v", ran)
	}
}

// The terminal is asked how wide it draws, and is left as it was: nothing of the question or the answer stays.
func TestDoctorMeasuresWideCharactersInARealTerminal(t *testing.T) {
	t.Parallel()
	term := openTerminal(t, 120, 50, nil, "--demo", "doctor")
	screen := term.sees("Wide characters", "한 takes two cells", "exit code 0")
	for _, stray := range []string{"^[", "[6n", ";3R"} {
		if strings.Contains(screen, stray) {
			t.Errorf("%q was left behind:\n%s", stray, screen)
		}
	}
	if first, _, _ := strings.Cut(screen, "\n"); !strings.HasPrefix(first, "zsf doctor") {
		t.Errorf("the first line is %q", first)
	}
	// What is typed afterwards is echoed again: cat gives it back.
	term.press("h", "i", "Enter")
	term.until("the line is there twice", func(screen string) bool { return strings.Count(screen, "\nhi") == 2 })
}

// A terminal that answers nothing is given up, and one that may not be drawn on is not asked.
func TestDoctorDoesNotInsistOnAnAnswer(t *testing.T) {
	t.Parallel()
	script, err := exec.LookPath("script")
	if err != nil {
		t.Skip("script is not here: install it (Debian: apt-get install bsdutils) to test on a terminal that answers nothing")
	}
	for flag, words := range map[string]string{
		"":        "the terminal does not tell where its cursor is",
		"--plain": "nothing is asked of the terminal",
	} {
		command := exec.Command(script, "-qec", "stty cols 120 rows 40; "+program(t)+" --demo doctor "+flag, os.DevNull)
		command.Env = []string{"HOME=" + t.TempDir(), "PATH=" + os.Getenv("PATH"), "TERM=xterm", "LANG=C.UTF-8"}
		shown, err := command.CombinedOutput()
		asked := strings.Contains(string(shown), "\x1b[6n")
		if err != nil || !strings.Contains(string(shown), words) || asked != (flag == "") {
			t.Errorf("%q: %v: %q", flag, err, shown)
		}
	}
}

func homeOf(env []string) (folder string) {
	for _, variable := range env {
		if value, ok := strings.CutPrefix(variable, "HOME="); ok {
			folder = value
		}
	}
	return folder
}
