package main_test

import (
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"zsf/clients/sandbox"
)

// A renewal that is cut off is said to be so at the next start, with the command that mends it; one whose request
// never arrived costs nothing.
func TestARenewalThatIsCutOffIsSaidSoAtTheNextStart(t *testing.T) {
	var offset atomic.Int64
	served, _ := serve(t, sandbox.Options{Scenario: "ready", Now: func() time.Time { return time.Now().Add(time.Duration(offset.Load())) }})
	info := served.Info()
	env := home(t)
	signIn(t, env, "zendesk", info.Zendesk.URL, info.Zendesk.ClientID)
	check := func() outcome { return runZSF(t, env, "check", "--only", "zendesk.signin") }

	// Killed before the service has taken the request up.
	offset.Add(int64(25 * time.Hour))
	served.AddFault(sandbox.FaultRule{Service: "zendesk", Path: "/oauth/tokens", Fault: sandbox.Fault{DelayMS: int(time.Minute / time.Millisecond)}})
	killed := exec.Command(program(t), "check", "--only", "zendesk.signin")
	killed.Env = env
	if err := killed.Start(); err != nil {
		t.Fatal(err)
	}
	waitFor(t, func() bool { // the renewal is on its way
		marks, err := filepath.Glob(filepath.Join(homeOf(env), ".local", "state", "zsf", "*.renewing"))
		return err == nil && len(marks) == 1 && served.FaultsLeft() == 0
	})
	if err := killed.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = killed.Wait()
	if ran := check(); ran.code != 0 {
		t.Errorf("after a kill: %+v", ran)
	}

	// Cut off after the service has replaced the pair.
	offset.Add(int64(25 * time.Hour))
	served.AddFault(sandbox.FaultRule{Service: "zendesk", Path: "/oauth/tokens", Fault: sandbox.Fault{CutAfter: 10}})
	if ran := check(); ran.code != 4 {
		t.Errorf("cut off: %+v", ran)
	}
	ran := check()
	for _, words := range []string{"The Zendesk sign-in is lost: a renewal began at ", "its answer was never kept", "zsf auth login zendesk"} {
		if ran.code != 3 || !strings.Contains(ran.stdout, words) {
			t.Errorf("%q is not said: %+v", words, ran)
		}
	}
	nothingSecret(t, served, ran)
	signIn(t, env, "zendesk", info.Zendesk.URL, info.Zendesk.ClientID)
	if ran := check(); ran.code != 0 {
		t.Errorf("signed in again: %+v", ran)
	}
}

func waitFor(t *testing.T, holds func() bool) {
	t.Helper()
	deadline := time.Now().Add(time.Minute)
	for !holds() {
		if time.Now().After(deadline) {
			t.Fatal("it did not come to pass")
		}
		<-time.After(10 * time.Millisecond)
	}
}
