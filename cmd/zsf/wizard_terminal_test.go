package main_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"zsf/clients/sandbox"
)

// An admin sits at a terminal with the wizard, and at a real Chromium that it opens pages in.
type admin struct {
	*terminal
	opened string // the file that the wizard's browser writes addresses to
	seen   int    // how many of them were followed
	page   context.Context
}

// sitDown is an admin at a sandbox whose clock is in a hurry.
func sitDown(t *testing.T, scenario string) (*admin, *sandbox.Sandbox, []string) {
	t.Helper()
	served, env := serve(t, sandbox.Options{Scenario: scenario, Now: inAHurry()})
	a, desk := sitDownAt(t)
	return a, served, append(env, append(desk, "HOME="+t.TempDir())...)
}

// sitDownAt is an admin with a browser, and the environment in which zsf opens pages there.
func sitDownAt(t *testing.T) (*admin, []string) {
	t.Helper()
	page := chromium(t)
	folder := t.TempDir()
	opened, script := filepath.Join(folder, "opened"), filepath.Join(folder, "browser")
	if err := os.WriteFile(script, []byte("#!/bin/sh\necho \"$1\" >>"+opened+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	return &admin{opened: opened, page: page}, []string{"BROWSER=" + script, "USER=jpark"}
}

// inAHurry is a clock that runs ten times as fast, so that nobody waits for an installation.
func inAHurry() func() time.Time {
	start := time.Now()
	return func() time.Time { return start.Add(10 * time.Since(start)) }
}

// begins opens a wizard, and lets its page be looked at from the start.
func (a *admin) begins(t *testing.T, env []string, command string) {
	t.Helper()
	a.terminal = openTerminal(t, 120, 40, env, command)
}

func chromium(t *testing.T) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("left out: chromium is not installed (Debian: apt-get install chromium)")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()), chromedp.WindowSize(1000, 800),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-back-forward-cache", true))
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox)
	}
	allocator, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	browser, closeBrowser := chromedp.NewContext(allocator)
	if err := chromedp.Do(browser); err != nil {
		t.Fatal("Chromium did not start: ", err)
	}
	limited, stop := context.WithTimeout(browser, 4*time.Minute)
	t.Cleanup(func() {
		stop()
		closeBrowser()
		cancel()
	})
	return limited
}

// follows waits until the wizard has opened a page, and goes there.
func (a *admin) follows() {
	a.t.Helper()
	for range 1200 {
		text, _ := os.ReadFile(a.opened)
		if lines := strings.Fields(string(text)); len(lines) > a.seen {
			a.seen = len(lines)
			a.do(chromedp.Navigate(lines[a.seen-1]))
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	a.t.Fatal("no page was opened")
}

func (a *admin) do(steps ...chromedp.Action[chromedp.Void]) {
	a.t.Helper()
	if err := chromedp.Do(a.page, steps...); err != nil {
		content, _ := chromedp.Run(a.page, chromedp.OuterHTML(chromedp.CSS("main")))
		a.t.Fatalf("%v: %s", err, content)
	}
}

// clicks presses the button or link with those words, and waits for the page that comes.
func (a *admin) clicks(words ...string) {
	a.t.Helper()
	for _, word := range words {
		a.loads(chromedp.Click(chromedp.Search(`//*[(self::a or self::button) and normalize-space(text())="` + word + `"]`)))
	}
}

func (a *admin) loads(step chromedp.Action[chromedp.Void]) {
	a.t.Helper()
	if _, err := chromedp.RunResponse(a.page, step); err != nil {
		content, _ := chromedp.Run(a.page, chromedp.OuterHTML(chromedp.CSS("main")))
		a.t.Fatalf("%v: %s", err, content)
	}
}

// chooses presses a label, which stays on its page.
func (a *admin) chooses(words string) {
	a.t.Helper()
	a.do(chromedp.Click(chromedp.Search(`//*[(self::summary or self::span) and normalize-space(text())="` + words + `"]`)))
}

func (a *admin) finds(words string) {
	a.t.Helper()
	a.do(chromedp.WaitVisible(chromedp.Search(`//body//*[contains(normalize-space(text()), "` + words + `")]`)))
}

// connects does in Admin Center what leads to a connection with a kind of org: the terms, Connect and Allow.
func (a *admin) connects(kind string) {
	a.t.Helper()
	a.follows()
	a.clicks("Salesforce")
	a.chooses(kind)
	a.chooses("I agree to the Built by Zendesk Terms of Use")
	a.clicks("Connect Salesforce", "Log In", "Allow")
}

// installs puts the package into the org, for all users, from Admin Center's page.
func (a *admin) installs() {
	a.t.Helper()
	a.follows()
	a.clicks("Salesforce", "Install managed package")
	a.chooses("Install for All Users")
	a.clicks("Install")
	a.finds("Installation Complete!")
}

// approves lets only users in whom an admin approved.
func (a *admin) approves() {
	a.t.Helper()
	a.follows()
	a.clicks("Salesforce Integration for Zendesk", "Edit Policies")
	a.do(chromedp.SetAttributeValue(chromedp.CSS(`option[value="admin"]`), "selected", "selected"))
	a.clicks("Save")
}

// vouches gives a word for the step that is shown.
func (a *admin) vouches() {
	a.t.Helper()
	a.press("v")
	a.sees("jpark")
	a.press("Enter")
}

// The whole set-up by keys in a terminal, with a real browser for what only a person can do there.
func TestAnAdminWalksTheSetUpWithKeysAndARealBrowser(t *testing.T) {
	t.Parallel()
	a, served, env := sitDown(t, "fresh")
	a.begins(t, env, "setup")
	a.sees("Session settings", "sessions are locked to an IP address", "c Turn it off for you")
	a.press("c")
	a.sees("What changes", "on → off", "D Do it")
	a.press("Enter") // not by habit
	a.sees("D Do it")
	a.press("D")
	a.sees("Done, read again, and nothing else moved", "enter Go on to: Instance")
	a.press("Enter")
	a.sees("c Which Salesforce org do you connect?")
	a.press("c")
	a.sees("Which Salesforce org do you connect?", "▸ Sandbox")
	a.resize(80, 24)
	a.sees("Which Salesforce org do you connect?", "▸ Sandbox")
	a.resize(120, 40)
	a.press("Enter")
	a.sees("▸ ? One org")
	a.vouches()
	a.sees("◦ One org", "▸ ✗ Package")

	a.press("o")
	a.sees("Waiting for you in the browser", "Install for All Users")
	a.installs()
	a.sees("✓ Package", "▸ ? Terms of use") // by itself
	a.vouches()

	a.sees("▸ ✗ Connect and Allow")
	a.press("o")
	a.connects("Sandbox")
	a.sees("✓ Connect and Allow", "▸ ✗ Permitted users")

	a.press("o")
	a.approves()
	a.sees("✓ Permitted users", "▸ ✗ Profiles")

	a.press("c")
	a.sees("Which profiles may see tickets?", "System Administrator")
	a.press("/")
	a.types("Sales Rep")
	a.press("Enter", "Space", "Enter")
	a.sees("Sales Representative, 10 active users", "may not use it → may use it", "people gain access")
	a.press("D")
	a.sees("Done, read again, and nothing else moved")
	a.press("Enter")

	a.sees("▸ ! Record pages")
	a.press("o")
	a.follows()
	for _, object := range []string{"Account", "Contact", "Lead", "Opportunity"} {
		a.loads(chromedp.Click(chromedp.Search(`//td[normalize-space()="` + object + ` Record Page"]/../td[1]/a`)))
		a.chooses("Zendesk_Ticket_View")
		a.clicks("Save", "Activation...")
		a.finds("assigned as org default")
		a.do(chromedp.Navigate(served.Info().Salesforce.InstanceURL + "/lightning/setup/FlexiPageList/home"))
	}
	a.sees("▸ · The end", "Everything is settled.", "zsf undo")
	a.press("q")
	a.sees("exit code 0")

	if checked := runZSF(t, env, "check", "--json"); checked.code != 0 || readLook(t, checked).Summary["fail"] != 0 {
		t.Errorf("the check ends with %d: %s", checked.code, checked.stdout)
	}
}

// A terminal is left as it was, however the wizard ends; killed, it goes on where it was.
func TestAWizardThatIsKilledGoesOn(t *testing.T) {
	t.Parallel()
	_, env := serve(t, sandbox.Options{Scenario: "session-locked"})
	home := t.TempDir()
	env = append(env, "HOME="+home, "USER=jpark")
	first := openTerminal(t, 100, 30, env, "setup")
	first.sees("▸ ✗ Session settings", "c Turn it off for you")
	first.press("s")
	first.sees("zsf setup --only salesforce.session-lock")
	first.press("s")
	first.sees("What was left for later")
	shell := strings.TrimSpace(first.tmux("display-message", "-p", "#{pane_pid}"))
	if out, err := exec.Command("pkill", "-9", "-P", shell).CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	first.sees("exit code 137")

	second := openTerminal(t, 100, 30, env, "setup", "--only", "salesforce.session-lock")
	second.sees("Session settings", "left for later")
	second.press("s") // takes it up again
	second.sees("c Turn it off for you")
	second.press("q")
	second.sees("zsf setup goes on here at: Session settings", "exit code 5")
}

func TestASecondWizardOnlyWatches(t *testing.T) {
	t.Parallel()
	_, env := serve(t, sandbox.Options{Scenario: "session-locked"})
	env = append(env, "HOME="+t.TempDir(), "USER=jpark")
	first := openTerminal(t, 100, 30, env, "setup")
	first.sees("c Turn it off for you")
	second := openTerminal(t, 100, 30, env, "setup")
	second.sees("another zsf is at work on this profile", "Session settings")
	second.press("c")
	second.sees("only looks, opens and copies")
	first.press("q")
	first.sees("exit code 5")
	second.press("q")
	third := openTerminal(t, 100, 30, env, "setup")
	third.sees("c Turn it off for you")
	third.misses("another zsf is at work")
	third.press("q")
}

// saysWhatIsOn answers what no API tells of the syncs, before the snapshot is taken.
func (a *admin) saysWhatIsOn() {
	a.sees("▸ ✗ Snapshot first", "c Say which syncs are on")
	a.press("c")
	for _, question := range []string{"to organizations on?", "to users on?", "to cases on?"} {
		a.sees(question, "enter take it")
		a.press("Enter")
	}
}

// A connection is ended and made anew, with keys and a real browser: nothing is other than it was.
func TestAnAdminDisconnectsAndReconnectsWithKeysAndARealBrowser(t *testing.T) {
	t.Parallel()
	a, _, env := sitDown(t, "ready")
	before := runZSF(t, env, "snapshot", "--json")
	if before.code != 0 {
		t.Fatalf("%+v", before)
	}
	file := answersFile(t, before.stdout)

	a.begins(t, env, "disconnect")
	a.saysWhatIsOn()
	a.sees("✓ Snapshot first", "was on, from contacts", "enter Go on to: Connection ended")
	a.press("Enter")
	a.sees("▸ ✗ Connection ended", "o Admin Center")
	a.press("o")
	a.follows()
	a.clicks("Salesforce", "Disconnect")
	a.loads(chromedp.Click(chromedp.CSS(`button[value="disconnect"]`)))
	a.sees("✓ Connection ended", "Everything is settled.")
	a.press("q")
	a.sees("exit code 0")
	if differs := runZSF(t, env, "diff", file, "now"); differs.code != 5 {
		t.Fatalf("a disconnect changed nothing: %+v", differs)
	}

	a.begins(t, env, "reconnect")
	a.sees("✓ Snapshot first")
	a.press("Enter")
	a.sees("▸ ! Why it broke", "it was disconnected")
	a.press("Enter")
	a.sees("▸ ? Terms of use")
	a.vouches()
	a.sees("▸ ✗ Connect and Allow")
	a.press("o")
	a.connects("Sandbox")
	a.clicks("Configure")
	a.chooses("Turn on Zendesk ticket view for Salesforce")
	a.clicks("Save", "Data sync")
	a.chooses("Enable ticket sync")
	a.loads(chromedp.Click(chromedp.CSS(`form:has(input[value="tickets"]) button`)))
	for _, sync := range []string{"Accounts to organizations", "Contacts or leads to users", "Tickets to cases"} {
		a.sees("▸ ? "+sync, "was on")
		a.vouches()
	}
	a.sees("▸ ✗ Salesforce triggers", "2 of 2 are not active")
	a.press("c")
	a.sees("[x]", "enter take it")
	a.press("Enter")
	a.sees("Activate 2 triggers", "D Do it")
	a.press("D")
	a.sees("Done, read again, and nothing else moved")
	a.press("Enter")
	a.sees("▸ · The end", "Everything is settled")
	a.press("q")
	a.sees("exit code 0")
	if differs := runZSF(t, env, "diff", file, "now"); differs.code != 0 {
		t.Errorf("not as before: %+v", differs)
	}
}
