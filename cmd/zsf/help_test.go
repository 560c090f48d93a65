package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// system is what any Go program opens before its first line: the kernel's, and the time zone.
var system = regexp.MustCompile(`"(/proc/|/sys/|/dev/|/etc/localtime|/usr/share/zoneinfo|/usr/share/lib/zoneinfo|/usr/lib/locale|/etc/ld\.so|/lib/|/usr/lib/)`)

// Help is there at once: it opens no file and no connection.
func TestHelpTouchesNeitherDiskNorNetwork(t *testing.T) {
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("strace is not here: install it (Debian: apt-get install strace) to see what --help touches")
	}
	home := t.TempDir()
	trace := filepath.Join(home, "trace")
	for _, args := range [][]string{{"--help"}, {"check", "--help"}, {"--help", "--lang", "ko"}} {
		command := exec.Command(strace, append([]string{"-f", "-o", trace, "-e", "trace=openat,openat2,mkdirat,renameat,unlinkat,network", program(t)}, args...)...)
		command.Env = []string{"HOME=" + home, "LANG=C.UTF-8"}
		if out, err := command.CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%s", args, err, out)
		}
		calls, err := os.ReadFile(trace)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(calls), "exited with 0") {
			t.Fatalf("strace saw nothing:\n%s", calls)
		}
		for _, call := range strings.Split(string(calls), "\n") {
			_, name, _ := strings.Cut(call, " ")
			switch {
			case system.MatchString(call), !strings.Contains(name, "("), strings.Contains(name, "???("):
			case strings.Contains(call, "+++"), strings.Contains(call, "---"):
			default:
				t.Errorf("%v: %s", args, call)
			}
		}
	}
}
