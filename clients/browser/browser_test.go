package browser

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

var errAbsent = errors.New("absent")

// machine is a System that writes down what it would start.
func machine(os string, env map[string]string, programs ...string) (System, *[]string) {
	started := new([]string)
	return System{
		OS:     os,
		Getenv: func(name string) string { return env[name] },
		Find: func(name string) error {
			for _, program := range programs {
				if program == name {
					return nil
				}
			}
			return errAbsent
		},
		Start: func(argv []string) error {
			*started = append(*started, strings.Join(argv, " "))
			if argv[0] == "broken" {
				return errAbsent
			}
			return nil
		},
		Native: func(page string) error {
			*started = append(*started, "native "+page)
			return nil
		},
	}, started
}

func TestOpensWithWhatTheMachineHas(t *testing.T) {
	const page = "https://acme.my.salesforce.com/x?a=1&b=2"
	desktop := map[string]string{"DISPLAY": ":0"}
	tests := []struct {
		name     string
		os       string
		env      map[string]string
		programs []string
		started  []string
		none     bool
	}{
		{"a Linux desktop", "linux", desktop, nil, []string{"native " + page}, false},
		{"Wayland", "linux", map[string]string{"WAYLAND_DISPLAY": "w"}, nil, []string{"native " + page}, false},
		{"a Linux without a desktop", "linux", nil, []string{"www-browser"}, nil, true},
		{"a Mac", "darwin", nil, nil, []string{"native " + page}, false},
		{"Windows", "windows", nil, nil, []string{"native " + page}, false},
		{"$BROWSER first", "linux", map[string]string{"BROWSER": "mine", "DISPLAY": ":0"}, []string{"mine"}, []string{"mine " + page}, false},
		{"$BROWSER with %s and a second choice", "linux", map[string]string{"BROWSER": "gone:mine --url=%s -n"}, []string{"mine"}, []string{"mine --url=" + page + " -n"}, false},
		{"$BROWSER that fails at once", "linux", map[string]string{"BROWSER": "broken:mine"}, []string{"broken", "mine"}, []string{"broken " + page, "mine " + page}, false},
		{"$BROWSER that is not there", "darwin", map[string]string{"BROWSER": "gone"}, nil, nil, true},
		{"WSL with wslview", "linux", map[string]string{"WSL_DISTRO_NAME": "Ubuntu"}, []string{"wslview", "powershell.exe"}, []string{"wslview " + page}, false},
		{"WSL without wslview", "linux", map[string]string{"WSL_INTEROP": "x"}, []string{"powershell.exe"}, []string{"powershell.exe -NoProfile -NonInteractive -Command Start-Process '" + page + "'"}, false},
		{"WSL with neither", "linux", map[string]string{"WSL_INTEROP": "x"}, []string{"explorer.exe"}, nil, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			system, started := machine(test.os, test.env, test.programs...)
			err := system.Open(t.Context(), page)
			if errors.Is(err, ErrNoBrowser) != test.none || (err != nil) != test.none {
				t.Errorf("%v", err)
			}
			if diff := cmp.Diff(test.started, *started, cmp.Transformer("", func(s []string) string { return strings.Join(s, "\n") })); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestOpensNothingButWebPages(t *testing.T) {
	system, started := machine("darwin", nil)
	for _, address := range []string{
		"", "acme.example", "file:///etc/passwd", "javascript:alert(1)", "ftp://x.example", "https://", "https:x", "-flag",
		"https://me:pw@acme.example", "mailto:a@b.example", "C:\\x.exe", "https://a b.example", "\x1b]0;x\x07",
	} {
		if err := system.Open(t.Context(), address); !errors.Is(err, ErrNotAPage) {
			t.Errorf("%q: %v", address, err)
		}
	}
	if len(*started) != 0 {
		t.Errorf("%q", *started)
	}
}

func TestAddressesCannotLeaveTheirQuotes(t *testing.T) {
	page, err := pageURL("https://acme.example/a'b;c?q='+calc+’$(x)`y`\"z&한=1#'’")
	if err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(page, "'\"`$’\\ <>") || strings.IndexFunc(page, func(r rune) bool { return r > 0x7e }) >= 0 {
		t.Error(page)
	}
}

func FuzzPageURL(f *testing.F) {
	f.Add("https://acme.example/x?y='z'")
	f.Add("http://[::1]:80/\u2019")
	f.Fuzz(func(t *testing.T, address string) {
		page, err := pageURL(address)
		if err != nil {
			return
		}
		if !strings.HasPrefix(page, "http") || strings.ContainsAny(page, "'\"`$\\<> \n\r\t\x1b") {
			t.Fatalf("%q became %q", address, page)
		}
	})
}

func TestAProgramThatNeverEndsHasOpened(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		started := time.Now()
		if err := wait(make(chan error)); err != nil || time.Since(started) != settle {
			t.Errorf("%v after %s", err, time.Since(started))
		}
	})
	failed := make(chan error, 1)
	failed <- errAbsent
	if err := wait(failed); !errors.Is(err, errAbsent) {
		t.Errorf("%v", err)
	}
}

func TestCancelEndsTheWait(t *testing.T) {
	system, _ := machine("darwin", nil)
	held := make(chan struct{})
	defer close(held)
	system.Native = func(string) error { <-held; return nil }
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := system.Open(ctx, "https://acme.example"); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestStartTellsOfAProgramThatFails(t *testing.T) {
	if err := start([]string{"/does/not/exist"}); err == nil {
		t.Error("a program that is not there was started")
	}
}
