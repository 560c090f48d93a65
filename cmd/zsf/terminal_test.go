package main_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"zsf/clients/sandbox"
)

// A terminal is a real one: tmux draws what the program sends, and we look at its screen.
type terminal struct {
	t      *testing.T
	socket string
	cols   int
}

// openTerminal runs the program in a shell of that size; the shell says when it has ended.
func openTerminal(t *testing.T, cols, rows int, env []string, args ...string) *terminal {
	t.Helper()
	if _, err := exec.LookPath("tmux"); err != nil {
		t.Skip("tmux is not here: install it (Debian: apt-get install tmux) to test on a real terminal")
	}
	home := t.TempDir()
	term := &terminal{t: t, socket: filepath.Join(home, "tmux"), cols: cols}
	command := fmt.Sprintf("trap : INT; env $ZSF_BEFORE %s; echo exit code $?; cat", strings.Join(append([]string{program(t)}, args...), " "))
	session := exec.Command("tmux", "-S", term.socket, "-f", os.DevNull, "new-session", "-d",
		"-x", fmt.Sprint(cols), "-y", fmt.Sprint(rows), "sh", "-c", command)
	session.Env = append([]string{"HOME=" + home, "PATH=" + os.Getenv("PATH"), "LANG=C.UTF-8", "LC_ALL=C.UTF-8", "TERM=screen-256color"}, env...)
	if out, err := session.CombinedOutput(); err != nil {
		t.Fatalf("tmux: %v\n%s", err, out)
	}
	t.Cleanup(func() { _ = exec.Command("tmux", "-S", term.socket, "kill-server").Run() })
	return term
}

func (term *terminal) tmux(args ...string) string {
	term.t.Helper()
	out, err := exec.Command("tmux", append([]string{"-S", term.socket}, args...)...).CombinedOutput()
	if err != nil {
		term.t.Fatalf("tmux %v: %v\n%s", args, err, out)
	}
	return string(out)
}

// press sends keys by tmux's names: Down, Enter, Escape, q.
func (term *terminal) press(keys ...string) {
	term.t.Helper()
	for _, key := range keys {
		term.tmux("send-keys", key)
	}
}

func (term *terminal) resize(cols, rows int) {
	term.t.Helper()
	term.cols = cols
	term.tmux("resize-window", "-x", fmt.Sprint(cols), "-y", fmt.Sprint(rows))
}

func (term *terminal) screen() string {
	term.t.Helper()
	return term.tmux("capture-pane", "-p")
}

// sees waits until the screen shows all these words.
func (term *terminal) sees(words ...string) string {
	term.t.Helper()
	return term.until(fmt.Sprintf("the screen shows %q", words), func(screen string) bool {
		for _, word := range words {
			if !strings.Contains(screen, word) {
				return false
			}
		}
		return true
	})
}

// misses waits until the screen shows none of these words any more.
func (term *terminal) misses(words ...string) string {
	term.t.Helper()
	return term.until(fmt.Sprintf("the screen has lost %q", words), func(screen string) bool {
		for _, word := range words {
			if strings.Contains(screen, word) {
				return false
			}
		}
		return true
	})
}

func (term *terminal) until(what string, holds func(screen string) bool) string {
	term.t.Helper()
	deadline := time.Now().Add(2 * time.Minute)
	for {
		screen := term.screen()
		if holds(screen) {
			for _, line := range strings.Split(screen, "\n") {
				if ansi.StringWidth(line) > term.cols {
					term.t.Errorf("a line is wider than %d columns: %q", term.cols, line)
				}
			}
			return screen
		}
		if time.Now().After(deadline) {
			term.t.Fatalf("waited until %s; the screen is\n%s", what, screen)
		}
		<-time.After(20 * time.Millisecond)
	}
}

func TestTheDemoInARealTerminal(t *testing.T) {
	t.Parallel()
	term := openTerminal(t, 120, 40, nil, "demo")
	term.sees("set up · demo, fresh", "7 of 21", "sessions are locked to an IP address")

	// Nothing is changed by habit.
	term.press("c")
	term.sees("What changes", "on → off", "D Do it")
	term.press("Enter")
	term.sees("Enter makes no change")
	term.press("Escape")
	term.sees("What we see", "SecuritySettings, read")

	// A step that only a person can tell about.
	for range 9 {
		term.press("Right")
	}
	term.sees("16 of 21", "Terms of use")
	term.press("v")
	term.sees("You vouch for it", "Your name:")
	term.resize(60, 16)
	term.sees("Your name:")
	term.press("Enter")
	term.sees("17 of 21", "Connect and Allow")
	term.resize(80, 24)

	term.press("q")
	screen := term.sees("exit code 0")
	if strings.Contains(screen, "Connect and Allow") || strings.Contains(screen, "[?") {
		t.Errorf("the screen was not given back clean:\n%s", screen)
	}
}

func TestTheDemoWalksByItselfToTheEnd(t *testing.T) {
	t.Parallel()
	term := openTerminal(t, 120, 40, nil, "demo", "--auto", "--pace", "50ms")
	term.sees("▸ · The end", "Everything is settled.", "✓ Terms of use", "◦ One org", "What zsf changed (1)")
	term.press("q")
	term.sees("exit code 0")
}

func TestTheChecklistInARealTerminal(t *testing.T) {
	t.Parallel()
	term := openTerminal(t, 120, 40, nil, "--demo", "check")
	term.sees("Ready to connect", "Session settings", "3 failed")

	// The eye lands on the first thing to do: what was seen, where, what it leads to, and how to mend it.
	term.press("g")
	for range 6 {
		term.press("Down")
	}
	term.sees("What we see", "SecuritySettings, read", "Setup › Security › Session Settings")

	term.press("f")
	term.misses("Streaming API")
	term.press("f")
	term.sees("Streaming API")

	term.press("?")
	term.sees("Look at this step again. Only what it reads is asked anew.")
	term.press("Escape")
	term.sees("Ready to connect")
	term.press("Enter")
	term.misses("Ready to connect")
	term.press("Escape")
	term.sees("Ready to connect")

	// Looking again asks the service anew, and says when.
	term.press("r")
	term.sees("SecuritySettings, read")

	// Another scenario is a key away.
	term.press("s")
	term.sees("session-locked", "korean")
	term.press("Down", "Enter")
	term.misses("3 failed")

	// It follows the terminal's size, down to where it says that there is no room.
	term.resize(80, 24)
	term.sees("Ready to connect")
	term.resize(60, 16)
	term.sees("q")
	term.resize(44, 10)
	term.sees("--plain")
	term.resize(120, 40)
	term.sees("Ready to connect", "23 looked at") // leaving before the end is an interruption

	term.press("q")
	screen := term.sees("exit code 0")
	if strings.Contains(screen, "Ready to connect") || strings.Contains(screen, "[?") || strings.Contains(screen, ";rgb:") {
		t.Errorf("the screen was not given back clean:\n%s", screen)
	}
}

func TestACheckInARealTerminalEndsWithItsExitCode(t *testing.T) {
	t.Parallel()
	term := openTerminal(t, 80, 24, nil, "--demo", "--scenario", "session-locked", "check")
	term.sees("1 failed", "23 looked at") // leaving before the end is an interruption
	term.press("q")
	term.sees("exit code 5")
}

func TestKoreanLinesUpInARealTerminal(t *testing.T) {
	t.Parallel()
	term := openTerminal(t, 100, 30, nil, "--demo", "--scenario", "korean", "--lang", "ko", "check")
	term.sees("연결 준비", "세션 설정", "프로필", "동안 23개 점검")
	term.press("q")
	term.sees("exit code 0")
}

func TestAPersonCanAskForPlainLinesOnATerminal(t *testing.T) {
	t.Parallel()
	for _, way := range []string{"--plain", "ZSF_ACCESSIBLE=1", "ACCESSIBLE=1", "TERM=dumb"} {
		var term *terminal
		if strings.HasPrefix(way, "--") {
			term = openTerminal(t, 120, 100, nil, way, "--demo", "check")
		} else {
			term = openTerminal(t, 120, 100, []string{"ZSF_BEFORE=" + way}, "--demo", "check")
		}
		term.sees("zsf check · demo", "3 failed", "exit code 5")
	}
}

func TestInterruptedIsExitCode130(t *testing.T) {
	t.Parallel()
	served, env := serve(t, sandbox.Options{Scenario: "ready"})
	served.AddFault(sandbox.FaultRule{Service: "zendesk", Times: -1, Fault: sandbox.Fault{Status: 429, Headers: map[string]string{"Retry-After": "30"}}})
	command := exec.Command(program(t), "check")
	command.Env = append([]string{"HOME=" + t.TempDir()}, env...)
	said, err := command.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	// It says that it waits: now it is under way.
	line, err := bufio.NewReader(said).ReadString('\n')
	if err != nil || !strings.Contains(line, "waiting 30 s for Zendesk (429 Too Many Requests)") {
		t.Fatalf("%q %v", line, err)
	}
	if err := command.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	_ = command.Wait()
	if code := command.ProcessState.ExitCode(); code != 130 {
		t.Errorf("exit code %d, want 130", code)
	}
}

// Ctrl+C and Ctrl+D end a question whose answer is hidden, and the shell afterwards shows what is typed.
func TestAHiddenQuestionCanBeLeft(t *testing.T) {
	t.Parallel()
	for key, said := range map[string][]string{
		"C-c": {"zsf: interrupted", "exit code 130"},
		"C-d": {"the passphrase of the encrypted file is needed", "ZSF_VAULT_PASSPHRASE", "exit code 1"},
	} {
		term := openTerminal(t, 100, 20, nil, "auth", "login", "zendesk", "--url", "acme", "--client-id", "zsf", "--store", "file", "--no-browser")
		term.sees("A new passphrase")
		term.press(key)
		term.sees(said...)
		term.types("shown again")
		term.sees("shown again")
	}
}
