// Package browser opens a page for a person, or says that it cannot.
package browser

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/pkg/browser"
)

// The reasons why a page was not opened.
var (
	ErrNoBrowser = errors.New("no browser can be opened from here")
	ErrNoDesktop = fmt.Errorf("%w: there is no desktop", ErrNoBrowser)
	ErrNotAPage  = errors.New("not the address of a web page")
)

// A System opens pages with what the machine has: $BROWSER, else on WSL the Windows side's browser
// (wslview, then PowerShell), else the desktop's own. Without a desktop it opens nothing:
// a browser in text mode would take the terminal.
type System struct {
	OS     string                    // runtime.GOOS
	Getenv func(string) string       // os.Getenv
	Find   func(name string) error   // tells whether a program is there
	Start  func(argv []string) error // starts a program, and tells of one that fails at once
	Native func(page string) error   // the desktop's own way
}

// New is the System of this machine.
func New() System {
	return System{
		OS:     runtime.GOOS,
		Getenv: os.Getenv,
		Find: func(name string) error {
			if _, err := exec.LookPath(name); err != nil {
				return fmt.Errorf("looking for a browser: %w", err)
			}
			return nil
		},
		Start:  start,
		Native: native,
	}
}

// Open opens a page. It returns when the page is on its way, or when ctx ends.
func (s System) Open(ctx context.Context, address string) error {
	page, err := pageURL(address)
	if err != nil {
		return err
	}
	opened := make(chan error, 1)
	go func() { opened <- s.open(page) }()
	select {
	case err := <-opened:
		return err
	case <-ctx.Done():
		return fmt.Errorf("opening %s: %w", page, context.Cause(ctx))
	}
}

func (s System) open(page string) error {
	if own := s.Getenv("BROWSER"); own != "" {
		return s.first(commands(own, page))
	}
	switch {
	case s.OS == "linux" && (s.Getenv("WSL_DISTRO_NAME") != "" || s.Getenv("WSL_INTEROP") != ""):
		return s.first([][]string{
			{"wslview", page},
			{"powershell.exe", "-NoProfile", "-NonInteractive", "-Command", "Start-Process '" + page + "'"},
		})
	case s.OS != "windows" && s.OS != "darwin" && s.Getenv("DISPLAY") == "" && s.Getenv("WAYLAND_DISPLAY") == "":
		return ErrNoDesktop
	}
	if err := s.Native(page); err != nil {
		return fmt.Errorf("%w: %w", ErrNoBrowser, err)
	}
	return nil
}

// first starts the first of the commands that is there and does not fail at once.
func (s System) first(commands [][]string) error {
	var failed []error
	for _, argv := range commands {
		err := s.Find(argv[0])
		if err == nil {
			err = s.Start(argv)
		}
		if err == nil {
			return nil
		}
		failed = append(failed, err)
	}
	return fmt.Errorf("%w: %w", ErrNoBrowser, errors.Join(failed...))
}

// commands reads $BROWSER: commands between colons, each with %s where the page belongs, or at its end.
func commands(own, page string) [][]string {
	var all [][]string
	for entry := range strings.SplitSeq(own, ":") {
		argv := strings.Fields(entry)
		if len(argv) == 0 {
			continue
		}
		placed := false
		for i, word := range argv[1:] {
			if strings.Contains(word, "%s") {
				argv[i+1] = strings.ReplaceAll(word, "%s", page)
				placed = true
			}
		}
		if !placed {
			argv = append(argv, page)
		}
		all = append(all, argv)
	}
	return all
}

// pageURL is the address in letters that no shell, and not PowerShell with its many quotes, reads anything into.
func pageURL(address string) (string, error) {
	parsed, err := url.Parse(address)
	if err != nil || (parsed.Scheme != "https" && parsed.Scheme != "http") || parsed.Hostname() == "" || parsed.User != nil {
		return "", fmt.Errorf("%q: %w", address, ErrNotAPage)
	}
	var page strings.Builder
	for _, b := range []byte(parsed.String()) {
		if b <= 0x20 || b >= 0x7f || strings.IndexByte("'\"`$<>\\^{|}", b) >= 0 {
			fmt.Fprintf(&page, "%%%02X", b)
			continue
		}
		page.WriteByte(b)
	}
	return page.String(), nil
}

// settle is how long a program may take to fail. A browser in the foreground never ends by itself.
const settle = 2 * time.Second

func start(argv []string) error {
	// The command is the person's own $BROWSER or one of two fixed names; it outlives this call, so it has no context.
	cmd := exec.Command(argv[0], argv[1:]...) //nolint:gosec,noctx // see above
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("starting a browser: %w", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	return wait(ended)
}

func native(page string) error {
	silence.Do(func() { browser.Stdout, browser.Stderr = io.Discard, io.Discard })
	ended := make(chan error, 1)
	go func() { ended <- browser.OpenURL(page) }()
	return wait(ended)
}

var silence sync.Once

func wait(ended <-chan error) error {
	timer := time.NewTimer(settle)
	defer timer.Stop()
	select {
	case err := <-ended:
		return err
	case <-timer.C:
		return nil
	}
}
