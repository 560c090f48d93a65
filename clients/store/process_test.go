package store_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"zsf/clients/store"
)

// childVariable makes the test's own program one of the other processes that a test needs.
const childVariable = "ZSF_STORE_TEST_CHILD"

var children = map[string]func(kept store.Store, arguments []string) error{
	"append": childAppends, "killed": childIsKilled, "hold": childHolds,
}

func TestMain(m *testing.M) {
	child, ok := children[os.Getenv(childVariable)]
	if !ok {
		os.Exit(m.Run())
	}
	kept, err := store.Open(os.Getenv)
	if err == nil {
		err = child(kept, os.Args[1:])
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

func asChild(t *testing.T, folder, child string, arguments ...string) *exec.Cmd {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), program, arguments...)
	cmd.Env = append(os.Environ(), childVariable+"="+child, "XDG_STATE_HOME="+folder)
	cmd.Stderr = os.Stderr
	return cmd
}

func holds(text []byte, words ...string) bool {
	for _, word := range words {
		if bytes.Contains(text, []byte(word)) {
			return true
		}
	}
	return false
}

func looked(step string) store.Entry {
	return store.Entry{Profile: "acme", Run: "r", Kind: store.Looked, Step: step, At: noon}
}

// childAppends adds so many entries, or for ever, and says each one's ID once it is kept.
func childAppends(kept store.Store, arguments []string) error {
	count, err := strconv.Atoi(arguments[1])
	if err != nil {
		return err
	}
	to, err := kept.Journal(context.Background())
	if err != nil {
		return err
	}
	for range count {
		entry, err := to.Append(context.Background(), looked(arguments[0]))
		if err != nil {
			return err
		}
		fmt.Println(entry.ID)
	}
	return to.Close()
}

// childIsKilled ends without a word at its nth write.
func childIsKilled(kept store.Store, arguments []string) error {
	last, err := strconv.Atoi(arguments[0])
	if err != nil {
		return err
	}
	to, err := kept.Journal(context.Background())
	if err != nil {
		return err
	}
	written := 0
	to.AfterAppend = func(store.Entry) {
		if written++; written == last {
			self, err := os.FindProcess(os.Getpid())
			if err == nil {
				err = self.Kill()
			}
			fmt.Fprintln(os.Stderr, "still here", err)
			select {}
		}
	}
	for {
		if _, err := to.Append(context.Background(), looked("s")); err != nil {
			return err
		}
	}
}

// childHolds holds a profile, says so, and keeps it for ever.
func childHolds(kept store.Store, arguments []string) error {
	if _, err := kept.Hold(context.Background(), arguments[0], "setup"); err != nil {
		return err
	}
	fmt.Println("held")
	select {}
}

func TestTwoProcessesWriteAtOnceAndLoseNothing(t *testing.T) {
	_, folder := open(t)
	const each = 40
	var running []*exec.Cmd
	for _, name := range []string{"one", "two", "three"} { // all of them make the new database, too
		cmd := asChild(t, folder, "append", name, strconv.Itoa(each))
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
	kept := in(t, folder)
	got := journal(t, kept)
	for _, name := range []string{"one", "two", "three"} {
		entries, err := got.Entries(t.Context(), store.Filter{Step: name})
		if err != nil || len(entries) != each {
			t.Errorf("%s: %d entries, %v", name, len(entries), err)
		}
	}
}

func TestWhatWasKeptOutlastsAKill(t *testing.T) {
	_, folder := open(t)
	told := int64(0)
	for _, lines := range []int{0, 1, 2, 5, 11, 23} { // 0: while the database is made, perhaps
		cmd := asChild(t, folder, "append", "s", "1000000")
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		said := bufio.NewScanner(out)
		for range lines {
			if !said.Scan() {
				t.Fatal("the child ended", said.Err())
			}
			if told, err = strconv.ParseInt(said.Text(), 10, 64); err != nil {
				t.Fatal(err)
			}
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		for said.Scan() { // what it said before it was killed was kept, too
			if id, err := strconv.ParseInt(said.Text(), 10, 64); err == nil && strings.TrimSpace(said.Text()) != "" {
				told = max(told, id)
			}
		}
		_ = cmd.Wait()
		got := journal(t, in(t, folder))
		entries, err := got.Entries(t.Context(), store.Filter{})
		if err != nil {
			t.Fatal(err)
		}
		if int64(len(entries)) < told || int64(len(entries)) > told+1 {
			t.Errorf("%d entries, %d were told of", len(entries), told)
		}
		told = int64(len(entries))
		if said, err := got.Whole(t.Context()); err != nil || said != "ok" {
			t.Errorf("%s %v", said, err)
		}
	}
}

func TestAProcessCanBeEndedAtEveryWrite(t *testing.T) {
	_, folder := open(t)
	total := 0
	for last := 1; last <= 4; last++ {
		var exit *exec.ExitError
		if err := asChild(t, folder, "killed", strconv.Itoa(last)).Run(); !errors.As(err, &exit) || exit.Exited() {
			t.Fatalf("%v", err)
		}
		total += last
		entries, err := journal(t, in(t, folder)).Entries(t.Context(), store.Filter{})
		if err != nil || len(entries) != total {
			t.Errorf("killed at write %d: %d entries, %v", last, len(entries), err)
		}
	}
}

func TestOneWizardWorksOnAProfile(t *testing.T) {
	kept, folder := open(t)
	kept.Now = func() time.Time { return noon }
	release, err := kept.Hold(t.Context(), "../acme", "setup")
	if err != nil {
		t.Fatal(err)
	}
	_, err = in(t, folder).Hold(t.Context(), "../acme", "access")
	var held *store.HeldError
	if !errors.Is(err, store.ErrHeld) || !errors.As(err, &held) {
		t.Fatal(err)
	}
	if held.PID != os.Getpid() || !held.Since.Equal(noon) || held.Flow != "setup" || held.Profile != "../acme" {
		t.Errorf("%+v", held)
	}
	other, err := kept.Hold(t.Context(), "other", "setup") // another profile is another lock
	if err != nil {
		t.Fatal(err)
	}
	for _, let := range []func() error{release, other} {
		if err := let(); err != nil {
			t.Error(err)
		}
	}
	again, err := kept.Hold(t.Context(), "../acme", "access")
	if err != nil {
		t.Fatal(err)
	}
	if err := again(); err != nil {
		t.Error(err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := kept.Hold(ended, "acme", "setup"); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestAProcessThatIsKilledLetsGoOfItsProfile(t *testing.T) {
	kept, folder := open(t)
	cmd := asChild(t, folder, "hold", "acme")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || line != "held\n" {
		t.Fatal(line, err)
	}
	var held *store.HeldError
	if _, err := kept.Hold(t.Context(), "acme", "setup"); !errors.As(err, &held) || held.PID != cmd.Process.Pid {
		t.Errorf("%v", err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	release, err := kept.Hold(t.Context(), "acme", "setup")
	if err != nil {
		t.Fatal(err)
	}
	if err := release(); err != nil {
		t.Error(err)
	}
}
