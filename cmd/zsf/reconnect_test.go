package main_test

import (
	"strings"
	"testing"

	"zsf/clients/sandbox"
)

// wholeReconnect answers what a disconnect and a reconnect ask.
const wholeReconnect = `who = "J. Park"
"setup.terms" = "confirm"
"setup.connect" = "wait"
"reconnect.accounts" = "confirm"
"reconnect.people" = "confirm"
"reconnect.tickets" = "confirm"
"zendesk.triggers" = "change"
"environment.one-org" = "confirm"
"access.permitted-users" = "wait"
"access.profiles" = "wait"
`

func TestDisconnectAndReconnectLeaveEverythingAsItWas(t *testing.T) {
	t.Parallel()
	served, env := atHome(t, "ready")
	off := false
	if err := served.ChangeAccount(sandbox.AccountChange{Triggers: []sandbox.TriggerChange{{Nth: 1, Active: &off}}}); err != nil {
		t.Fatal(err)
	}
	said := []string{"--say", "syncs.accounts=on", "--say", "syncs.accounts-matching=Account Name = Organization Name", "--say", "syncs.users=leads", "--say", "syncs.tickets=on"}
	before := runZSF(t, env, append([]string{"snapshot", "--json"}, said...)...)
	if before.code != 0 {
		t.Fatalf("%s%s", before.stdout, before.stderr)
	}
	gone := start(t, env, true, "disconnect", "--answer", "disconnect.done=wait").ends()
	if gone.code != 0 || !strings.Contains(gone.stdout, "Connection ended: passed, no connection is left in this org") {
		t.Fatalf("exit code %d\n%s\n%s", gone.code, gone.stdout, gone.stderr)
	}
	file := answersFile(t, before.stdout)
	if differs := runZSF(t, env, "diff", file, "now"); differs.code != 5 {
		t.Fatalf("a disconnect changed nothing: exit code %d\n%s", differs.code, differs.stdout)
	}
	back := start(t, env, true, "reconnect", "--answers", answersFile(t, wholeReconnect)).ends()
	if back.code != 0 {
		t.Fatalf("exit code %d\n%s\n%s", back.code, back.stdout, back.stderr)
	}
	for _, words := range []string{
		"Why it broke: warning, it was disconnected", "was on, matching Account Name = Organization Name", "was on, from leads",
		"Activate 1 trigger", "Only “active” is sent", "1 active, 1 off as before",
	} {
		if !strings.Contains(back.stdout, words) {
			t.Errorf("it does not say %q:\n%s", words, back.stdout)
		}
	}
	if differs := runZSF(t, env, "diff", file, "now"); differs.code != 0 {
		t.Errorf("not as before: exit code %d\n%s", differs.code, differs.stdout)
	}
	looked := readLook(t, runZSF(t, env, "check", "--json"))
	if looked.verdicts()["reconnect.syncs"] != "confirmed" || looked.verdicts()["zendesk.triggers"] != "warn" {
		t.Errorf("the check says %v", looked.verdicts())
	}
	if journal := runZSF(t, env, "journal"); !strings.Contains(journal.stdout, "took snapshot") {
		t.Errorf("the journal says nothing of a snapshot:\n%s", journal.stdout)
	}
}

func TestADisconnectOfProductionIsAskedForByItsName(t *testing.T) {
	t.Parallel()
	served, env := atHome(t, "production")
	walk := start(t, env, true, "--plain", "disconnect")
	walk.types("on", "off", "on") // the syncs
	walk.sees("type its name first")
	if stdout, _ := walk.shown(); strings.Contains(stdout, "Over to you") {
		t.Error("the page was offered before the name was typed")
	}
	walk.types("1", "Larkspur")
	walk.sees("that is not the org's name")
	walk.types("Larkspur Trading")
	walk.sees("1. Open the page: Admin Center")
	walk.types("1")
	for _, request := range served.Requests() {
		if strings.HasSuffix(request.Path, "/disconnect") {
			t.Error("somebody disconnected at once")
		}
	}
	walk.sees("no connection is left in this org")
	if ran := walk.ends(); ran.code != 0 {
		t.Errorf("exit code %d\n%s\n%s", ran.code, ran.stdout, ran.stderr)
	}
}
