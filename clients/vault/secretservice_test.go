//go:build linux

package vault_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"zsf/clients/vault"
)

const (
	secrets     = "org.freedesktop.secrets"
	secretsPath = "/org/freedesktop/secrets"
	// emptyBus is a session bus on which nothing can be started.
	emptyBus = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`
)

func init() { children["keychain"] = childUsesKeychain }

func TestTheRealKeychain(t *testing.T) {
	for _, program := range []string{"gnome-keyring-daemon", "dbus-run-session"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("left out: %s is not installed (Debian: gnome-keyring, dbus)", program)
		}
	}
	for state, want := range map[string]answers{
		"open":           {Kind: vault.Keychain, Where: "the system keychain (Secret Service)"},
		"locked":         {Kind: vault.File, Reason: "locked"},
		"never unlocked": {Kind: vault.File, Reason: "missing"}, // an empty password makes no keychain
		"hangs":          {Kind: vault.File, Reason: "slow"},
		"no service":     {Kind: vault.File, Reason: "missing"},
		"killed":         {Kind: vault.File, Reason: "locked"}, // the bus starts it anew, without the password
		"silent bus":     {Kind: vault.File, Reason: "slow"},
		"dead bus":       {Kind: vault.File, Reason: "missing"},
		"no bus":         {Kind: vault.File, Reason: "missing"},
	} {
		if _, err := os.Stat(fmt.Sprintf("/run/user/%d/bus", os.Getuid())); err == nil && state == "no bus" {
			continue // this machine has a desktop: its keychain is not the test's
		}
		t.Run(state, func(t *testing.T) {
			home := t.TempDir()
			trap := filepath.Join(home, "dbus-launch")
			if err := os.WriteFile(trap, []byte("#!/bin/sh\n: >\"$HOME/launched\"\nexit 1\n"), 0o700); err != nil {
				t.Fatal(err)
			}
			got := inSession(t, state, home)
			if _, err := os.Stat(filepath.Join(home, "launched")); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("a bus was started behind the person's back: %v", err)
			}
			if want.Where == "" {
				want.Where = filepath.Join(home, "vault", "vault.age")
			}
			if got.Kind != want.Kind || got.Where != want.Where || got.Reason != want.Reason || got.Wrong != "" {
				t.Errorf("got %+v, want %+v", got, want)
			}
			t.Logf("after %d ms: %s", got.TookMS, got.Fallback)
		})
	}
}

// inSession runs the child on a session bus of its own, with nothing of this machine's desktop.
func inSession(t *testing.T, state, home string) answers {
	t.Helper()
	cmd := asChild(t, "keychain", state)
	switch state {
	case "silent bus", "dead bus", "no bus":
	case "no service":
		config := filepath.Join(home, "bus.conf")
		if err := os.WriteFile(config, []byte(emptyBus), 0o600); err != nil {
			t.Fatal(err)
		}
		cmd.Args = append([]string{"dbus-run-session", "--config-file=" + config, "--"}, cmd.Args...)
	default:
		cmd.Args = append([]string{"dbus-run-session", "--"}, cmd.Args...)
	}
	path, err := exec.LookPath(cmd.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	cmd.Path = path
	said, out := sessionFile(t, home, "said"), sessionFile(t, home, "out")
	cmd.Stderr, cmd.Stdout = said, out // files, not pipes: a daemon that outlives the session would hold a pipe open
	t.Cleanup(func() { endSession(home) })
	cmd.Env = []string{childVariable + "=keychain", "PATH=" + home + ":" + os.Getenv("PATH"), "HOME=" + home, "XDG_RUNTIME_DIR=" + home, "ZSF_VAULT_PASSPHRASE=pw"}
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v: %s", err, readBack(t, said))
	}
	var got answers
	if err := json.Unmarshal(readBack(t, out), &got); err != nil {
		t.Fatalf("%v: %s%s", err, readBack(t, out), readBack(t, said))
	}
	return got
}

func sessionFile(t *testing.T, home, name string) *os.File {
	t.Helper()
	file, err := os.Create(filepath.Join(home, name))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	return file
}

func readBack(t *testing.T, file *os.File) []byte {
	t.Helper()
	content, err := os.ReadFile(file.Name())
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// endSession ends what outlived its session: a daemon that the bus started anew just before the
// bus itself ended knows of no end. It is told by the home that it was started with.
func endSession(home string) {
	processes, _ := filepath.Glob("/proc/[0-9]*/environ")
	for _, environ := range processes {
		variables, err := os.ReadFile(environ)
		if err != nil || !slices.Contains(strings.Split(string(variables), "\x00"), "HOME="+home) {
			continue
		}
		if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(environ))); err == nil && pid != os.Getpid() {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
	}
}

// childUsesKeychain brings the keychain into a state, and opens the vault.
func childUsesKeychain(arguments []string) error {
	undo, err := bring(arguments[0])
	if err != nil {
		return err
	}
	defer undo()
	start := time.Now()
	ctx := context.Background()
	opened, err := vault.Open(ctx, vault.Options{Folder: filepath.Join(os.Getenv("HOME"), "vault"), Getenv: os.Getenv})
	if err != nil {
		return err
	}
	found := answers{Kind: opened.Kind(), Where: opened.Where(), TookMS: time.Since(start).Milliseconds()}
	if opened.Fallback != nil {
		found.Fallback, found.Reason = opened.Fallback.Error(), reason(opened.Fallback)
	}
	if err := useVault(ctx, vault.Cheap(opened.Vault)); err != nil {
		found.Wrong = err.Error()
	}
	return found.say()
}

// useVault does all that a vault can, and leaves nothing behind.
func useVault(ctx context.Context, kept vault.Vault) error {
	for _, secret := range [][]byte{[]byte("hunter2"), long(1, 9000), {0, 255, '\n'}} {
		if err := kept.Set(ctx, "a/zendesk", secret); err != nil {
			return err
		}
		if got, err := kept.Get(ctx, "a/zendesk"); err != nil || !bytes.Equal(got, secret) {
			return fmt.Errorf("got %d bytes of %d, %w", len(got), len(secret), err)
		}
	}
	if _, err := kept.Get(ctx, "a/salesforce"); !errors.Is(err, vault.ErrEmpty) {
		return fmt.Errorf("what was never kept: %w", err)
	}
	if err := kept.Delete(ctx, "a/zendesk"); err != nil {
		return err
	}
	if _, err := kept.Get(ctx, "a/zendesk"); !errors.Is(err, vault.ErrEmpty) {
		return fmt.Errorf("what was deleted: %w", err)
	}
	return nil
}

func bring(state string) (undo func(), err error) {
	undo = func() {}
	switch state {
	case "no service", "no bus":
		return undo, nil
	case "dead bus":
		return undo, os.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus")
	case "silent bus":
		return silentBus()
	case "never unlocked":
		return undo, startDaemon("")
	}
	if err := startDaemon("pw\n"); err != nil {
		return nil, err
	}
	bus, err := dbus.ConnectSessionBus()
	if err != nil {
		return nil, err
	}
	if err := waitForDaemon(bus); err != nil {
		return nil, err
	}
	switch state {
	case "locked":
		var locked []dbus.ObjectPath
		var prompt dbus.ObjectPath
		collections := []dbus.ObjectPath{secretsPath + "/collection/login"}
		err := bus.Object(secrets, secretsPath).Call("org.freedesktop.Secret.Service.Lock", 0, collections).Store(&locked, &prompt)
		if err == nil && len(locked) != 1 {
			err = errors.New("the keychain would not be locked")
		}
		return undo, err
	case "hangs":
		return signalDaemon(bus, syscall.SIGSTOP)
	case "killed":
		return signalDaemon(bus, syscall.SIGKILL)
	}
	return undo, nil
}

func startDaemon(password string) error {
	cmd := exec.Command("gnome-keyring-daemon", "--unlock", "--components=secrets")
	cmd.Stdin = strings.NewReader(password)
	return cmd.Run()
}

// waitForDaemon returns when the daemon, which goes on in the background, is on the bus.
func waitForDaemon(bus *dbus.Conn) error {
	for range 6000 {
		var there bool
		if err := bus.BusObject().Call("org.freedesktop.DBus.NameHasOwner", 0, secrets).Store(&there); err != nil || there {
			return err
		}
		time.Sleep(10 * time.Millisecond)
	}
	return errors.New("the daemon is not on the bus")
}

func signalDaemon(bus *dbus.Conn, signal syscall.Signal) (undo func(), err error) {
	var pid uint32
	err = bus.BusObject().Call("org.freedesktop.DBus.GetConnectionUnixProcessID", 0, secrets).Store(&pid)
	if err != nil {
		return nil, err
	}
	undo = func() { _ = syscall.Kill(int(pid), syscall.SIGKILL) }
	return undo, syscall.Kill(int(pid), signal)
}

// silentBus takes connections, and says nothing.
func silentBus() (undo func(), err error) {
	path := filepath.Join(os.TempDir(), "zsf-silent-"+strconv.Itoa(os.Getpid())) // short, as a socket's path must be
	listener, err := net.Listen("unix", path)
	if err != nil {
		return nil, err
	}
	return func() { _ = listener.Close() }, os.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+path)
}

// answers is what a child found out about the real keychain.
type answers struct {
	Kind     vault.Kind
	Where    string
	Fallback string
	Reason   string // the name of the vault's error
	TookMS   int64
	Wrong    string
}

func (a answers) say() error {
	if err := json.NewEncoder(os.Stdout).Encode(a); err != nil {
		return fmt.Errorf("say: %w", err)
	}
	return nil
}

func reason(err error) string {
	for name, is := range map[string]error{
		"missing": vault.ErrMissing, "locked": vault.ErrLocked, "slow": vault.ErrSlow, "lost": vault.ErrLost,
	} {
		if errors.Is(err, is) {
			return name
		}
	}
	return strings.TrimSpace(fmt.Sprint("another: ", err))
}
