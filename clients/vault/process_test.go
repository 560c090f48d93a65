package vault_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"testing"

	"zsf/clients/vault"
)

// childVariable makes the test's own program one of the other processes that a test needs.
const childVariable = "ZSF_VAULT_TEST_CHILD"

var children = map[string]func(arguments []string) error{
	"write": childWrites, "count": childCounts, "hold": childHolds,
}

func TestMain(m *testing.M) {
	child, ok := children[os.Getenv(childVariable)]
	if !ok {
		os.Exit(m.Run())
	}
	if err := child(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

func asChild(t *testing.T, child string, arguments ...string) *exec.Cmd {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), program, arguments...)
	cmd.Env = append(os.Environ(), childVariable+"="+child, "ZSF_VAULT_PASSPHRASE=pw")
	cmd.Stderr = os.Stderr
	return cmd
}

func childFile(folder string) (vault.Vault, error) {
	opened, err := vault.Open(context.Background(), vault.Options{Want: vault.File, Folder: folder, Getenv: os.Getenv})
	if err != nil {
		return nil, err
	}
	return vault.Cheap(opened.Vault), nil
}

// childWrites keeps a hundred secrets of its own.
func childWrites(arguments []string) error {
	kept, err := childFile(arguments[0])
	for i := 0; err == nil && i < 100; i++ {
		err = kept.Set(context.Background(), fmt.Sprintf("%s/%d", arguments[1], i), []byte(arguments[1]))
	}
	return err
}

// childCounts keeps a number, and says which one it has kept, for ever.
func childCounts(arguments []string) error {
	kept, err := childFile(arguments[0])
	for i := 1; err == nil; i++ {
		if err = kept.Set(context.Background(), "a/count", []byte(strconv.Itoa(i))); err == nil {
			fmt.Fprintln(os.Stdout, i)
		}
	}
	return err
}

// childHolds takes a lock, says so, and keeps it for ever.
func childHolds(arguments []string) error {
	if _, err := vault.Lock(context.Background(), arguments[0], "a/zendesk"); err != nil {
		return err
	}
	fmt.Fprintln(os.Stdout, "held")
	select {}
}

func TestTwoProcessesThatWriteAtOnceLoseNothing(t *testing.T) {
	folder := t.TempDir()
	names := []string{"one", "two"}
	var running []*exec.Cmd
	for _, name := range names {
		cmd := asChild(t, "write", folder, name)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		running = append(running, cmd)
	}
	for _, cmd := range running {
		if err := cmd.Wait(); err != nil {
			t.Fatal(err)
		}
	}
	kept := openFile(t, folder, "pw")
	for _, name := range names {
		for i := range 100 {
			if secret, err := kept.Get(t.Context(), fmt.Sprintf("%s/%d", name, i)); err != nil || string(secret) != name {
				t.Errorf("%s/%d is %q, %v", name, i, secret, err)
			}
		}
	}
}

// start runs a child and gives the lines that it says.
func start(t *testing.T, cmd *exec.Cmd) *bufio.Scanner {
	t.Helper()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return bufio.NewScanner(out)
}

func TestAProcessThatIsKilledLeavesTheFileWhole(t *testing.T) {
	folder := t.TempDir()
	for round := range 8 {
		cmd := asChild(t, "count", folder)
		said := start(t, cmd)
		last := ""
		for range 5 + 7*round {
			if said.Scan() {
				last = said.Text()
			}
		}
		if err := cmd.Process.Kill(); err != nil { // SIGKILL, wherever it is
			t.Fatal(err)
		}
		for said.Scan() {
			last = said.Text()
		}
		_ = cmd.Wait()
		secret, err := openFile(t, folder, "pw").Get(t.Context(), "a/count")
		if err != nil {
			t.Fatal(err)
		}
		is, _ := strconv.Atoi(string(secret))
		was, _ := strconv.Atoi(last)
		if was == 0 || is != was && is != was+1 { // it may have been killed before it could say so
			t.Errorf("the child kept %d, and %d is there", was, is)
		}
	}
}

func TestAProcessThatIsKilledLetsGoOfItsLock(t *testing.T) {
	folder := t.TempDir()
	cmd := asChild(t, "hold", folder)
	if said := start(t, cmd); !said.Scan() || said.Text() != "held" {
		t.Fatalf("the child said %q", said.Text())
	}
	ctx, cancel := context.WithCancel(t.Context())
	taken := make(chan error)
	go func() {
		_, err := vault.Lock(ctx, folder, "a/zendesk")
		taken <- err
	}()
	select {
	case err := <-taken:
		t.Fatalf("two processes hold the lock: %v", err)
	default:
	}
	cancel()
	does(t, <-taken, context.Canceled)
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	unlock, err := vault.Lock(t.Context(), folder, "a/zendesk")
	if err != nil {
		t.Fatal(err)
	}
	does(t, unlock(), nil)
}
