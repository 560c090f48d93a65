package main_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"zsf/clients/sandbox"
	"zsf/clients/sandbox/persona"
)

// wholeMove answers what a move to a production org without a connection asks.
const wholeMove = `who = "J. Park"
"disconnect.snapshot" = "change"
"disconnect.done" = "wait"
"syncs.accounts" = "on"
"syncs.users" = "contacts"
"syncs.tickets" = "on"
"salesforce.session-lock" = "change"
"environment.rehearsal" = "confirm"
"setup.instance" = "production"
"environment.one-org" = "confirm"
"setup.package" = "wait"
"setup.terms" = "confirm"
"setup.connect" = "wait"
"access.permitted-users" = "wait"
"access.profiles" = "change"
"access.pages" = "wait"
"reconnect.accounts" = "confirm"
"reconnect.people" = "confirm"
"reconnect.tickets" = "confirm"
"zendesk.triggers" = "change"
`

// A move goes from a sandbox to production with keys in a terminal, and a real browser for what only a person can do there.
func TestAnAdminMovesToProductionWithKeysAndARealBrowser(t *testing.T) {
	t.Parallel()
	from, _ := serve(t, sandbox.Options{Scenario: "ready"})
	to, _ := serve(t, sandbox.Options{Scenario: "production", Now: inAHurry()})
	if err := to.ChangeOrg(sandbox.OrgChange{Integration: "no-package", AnotherAdminLocksSession: true}); err != nil {
		t.Fatal(err)
	}
	integrations := to.Info().Zendesk.URL + "/admin/apps-integrations/integrations/integrations"
	if err := persona.Open(t.Context(), integrations, persona.Disconnect); err != nil {
		t.Fatal(err)
	}
	a, desk := sitDownAt(t)
	env := append(homeWithoutPorts(t), desk...)
	t.Run("signing in", func(t *testing.T) {
		takePorts(t)
		signInAs(t, env, "rehearsal", from.Info().Salesforce, from.Info().Zendesk)
		signInAs(t, env, "live", to.Info().Salesforce, to.Info().Zendesk, "--environment", "production")
	})
	move := []string{"move", "--from", "rehearsal", "--to", "live"}
	a.terminal = openTerminal(t, 120, 40, env, move...)
	a.sees("leave · rehearsal")
	a.saysWhatIsOn()
	a.sees("✓ Snapshot first", "leave · rehearsal")
	a.press("Enter")
	a.sees("▸ · The end", "Everything is settled.", "The other profile comes next", "zsf move --from rehearsal --to live")
	a.press("q")

	a.sees("· live", "▸ ✗ Session settings", "c Turn it off for you")
	a.press("c")
	a.sees("on → off", "D Do it")
	a.press("D")
	a.sees("Done, read again, and nothing else moved", "enter Go on to: Rehearsal")
	a.press("Enter")
	a.sees("▸ ? Rehearsal")
	a.vouches()
	a.sees("c Which Salesforce org do you connect?")
	a.press("c")
	a.sees("Which Salesforce org do you connect?", "▸ Production")
	a.press("Enter")
	a.sees("▸ ✗ Package")
	a.press("q") // enough for one day
	a.sees("zsf move --from rehearsal --to live", "exit code 5")

	a.terminal = openTerminal(t, 120, 40, env, move...)
	a.sees("· live", "▸ ✗ Package")
	a.press("o")
	a.installs()
	a.sees("▸ ? Terms of use")
	a.vouches()
	a.sees("▸ ✗ Connect and Allow")
	a.press("o")
	a.connects("Production")
	a.sees("▸ ✗ Permitted users")
	a.press("o")
	a.approves()
	a.sees("▸ ✗ Profiles")
	a.press("c")
	a.sees("Which profiles may see tickets?", "[x] Sales Representative") // as in the profile that is left
	a.press("Enter")
	a.sees("people gain access", "D Do it")
	a.press("D")
	a.sees("Done, read again, and nothing else moved")
	a.press("Enter")
	for _, sync := range []string{"Accounts to organizations", "Contacts or leads to users", "Tickets to cases"} {
		a.sees("▸ ? " + sync)
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
	a.sees("▸ · The end", "Everything is settled.", "zsf says what is other here", "zsf --profile live check --watch 5m")
	a.press("q")
	a.sees("What is other than it was in rehearsal", "exit code 0")
	if done := runZSF(t, env, append(move, "--status")...); strings.Count(done.stdout, "(done)") != 5 {
		t.Errorf("not all is done:\n%s", done.stdout)
	}
}

// One Zendesk account holds one connection: the sandbox's ends, and production's begins there. Of the triggers that
// three orgs left in it, production's come back, and no other.
func TestAMoveWithinOneZendeskAccount(t *testing.T) {
	t.Parallel()
	env := home(t)
	from, _ := serve(t, sandbox.Options{Scenario: "ready"})
	to, _ := serve(t, sandbox.Options{Scenario: "production", Beside: from})
	if err := to.ChangeOrg(sandbox.OrgChange{Integration: "no-package", AnotherAdminLocksSession: true}); err != nil {
		t.Fatal(err)
	}
	account := from.Info().Zendesk
	signInAs(t, env, "rehearsal", from.Info().Salesforce, account)
	signInAs(t, env, "live", to.Info().Salesforce, account)
	args := []string{"move", "--from", "rehearsal", "--to", "live"}
	env = append(env, "USER=jpark")
	var asJSON struct {
		Schema   int
		From, To string
		Rows     []struct{ ID, From, To string }
		Walks    []struct {
			Flow, Profile string
			Steps         []struct{ ID, Verdict string }
		}
	}
	orgs := map[string]string{}
	rehearsed := runZSF(t, env, append(args, "--dry-run", "--json")...)
	if err := json.Unmarshal([]byte(rehearsed.stdout), &asJSON); err != nil || rehearsed.code != 0 || len(asJSON.Walks) != 2 {
		t.Fatalf("exit code %d: %v\n%s%s", rehearsed.code, err, rehearsed.stdout, rehearsed.stderr)
	}
	if left, gone := asJSON.Walks[0], asJSON.Walks[1]; left.Flow != "move-from" || left.Profile != "rehearsal" || gone.Flow != "move-to" || gone.Profile != "live" {
		t.Errorf("%+v", asJSON.Walks)
	}
	for _, row := range asJSON.Rows {
		if row.ID == "org" {
			_, orgs["rehearsal"], _ = strings.Cut(strings.TrimSuffix(row.From, ")"), "(")
			_, orgs["live"], _ = strings.Cut(strings.TrimSuffix(row.To, ")"), "(")
		}
	}
	// Production was connected once; so was an org that nobody knows any more.
	if err := from.ChangeAccount(sandbox.AccountChange{OtherOrg: true, LeftBy: orgs["live"]}); err != nil {
		t.Fatal(err)
	}
	before := accountOf(t, from)
	if on := before.active(); len(on) != 2 || !strings.Contains(on[0], orgs["rehearsal"]) {
		t.Fatalf("active before: %q", on)
	}

	for _, words := range []string{
		"zsf move · leaving rehearsal", "Write down what is on", "Connection ended: blocked", "zsf move · going to live",
		"Turn off the lock of sessions to an IP address", "This was a dry run: nothing was changed.",
	} {
		if !strings.Contains(rehearsed.stderr, words) {
			t.Errorf("--dry-run does not say %q:\n%s", words, rehearsed.stderr)
		}
	}
	guide := runZSF(t, env, append(args, "--print")...)
	for _, words := range []string{
		"Leaving rehearsal", "Connection ended (disconnect.done)", "Going to live", "Salesforce triggers (zendesk.triggers)", "zsf move --from rehearsal --to live walks through",
	} {
		if guide.code != 0 || !strings.Contains(guide.stdout, words) {
			t.Errorf("--print: exit code %d; it does not say %q:\n%s%s", guide.code, words, guide.stdout, guide.stderr)
		}
	}
	journal := func() string {
		return runZSF(t, env, "--profile", "rehearsal", "journal", "--json").stdout + runZSF(t, env, "--profile", "live", "journal", "--json").stdout
	}
	if written := journal(); strings.Contains(written, "move-") || strings.Contains(written, `"answered"`) {
		t.Errorf("what was only shown is in the journal: %s", written)
	}
	for _, request := range append(from.Requests(), to.Requests()...) {
		if request.Method != http.MethodGet && strings.Contains(request.Path, "update_many") {
			t.Errorf("%s %s", request.Method, request.Path)
		}
	}

	answers := answersFile(t, wholeMove)
	walk := start(t, env, false, append(args, "--answers", answers, "--wait", "1ms")...).ends()
	if walk.code != 5 || strings.Contains(walk.stdout, "going to live") { // nobody is at the browser: the connection stays
		t.Fatalf("exit code %d\n%s\n%s", walk.code, walk.stdout, walk.stderr)
	}
	moving := startMoving(t, env, append(args, "--answers", answers)...).ends()
	if moving.code != 0 {
		t.Fatalf("exit code %d\n%s\n%s", moving.code, moving.stdout, moving.stderr)
	}
	for _, words := range []string{
		"Kind of org", "rehearsal: Sandbox", "live: Production", "Edition", "2. rehearsal: end the connection",
		"6. live: the syncs, and the triggers with the new org's id", "This goes on where it was left.", "no connection is left in this org", "Next: the other profile.", "was on, from contacts", "Sales Representative",
		"Activate 2 triggers", "Next: how this profile stands is compared", "What is other than it was in rehearsal",
	} {
		if !strings.Contains(moving.stdout, words) {
			t.Errorf("it does not say %q:\n%s", words, moving.stdout)
		}
	}
	if written := journal(); !strings.Contains(written, "move-from") || !strings.Contains(written, "move-to") || !strings.Contains(written, `"answered"`) {
		t.Errorf("the journal has nothing of the move: %s", written)
	}
	after := accountOf(t, from)
	if on := after.active(); len(on) != 2 || !strings.Contains(on[0], orgs["live"]) || on[1] != on[0] {
		t.Errorf("active after: %q", on)
	}
	if diff := cmp.Diff(before.definitions(), after.definitions()); diff != "" {
		t.Errorf("a definition is other than it was: %s", diff)
	}
	if again := runZSF(t, env, append(args, "--status")...); strings.Count(again.stdout, "(done)") != 6 {
		t.Errorf("not all is done:\n%s", again.stdout)
	}
}

func signInAs(t *testing.T, env []string, profile string, org sandbox.SalesforceInfo, account sandbox.ZendeskInfo, more ...string) {
	t.Helper()
	signIn(t, env, "salesforce", org.LoginURL, org.ClientID, append(more, "--profile", profile)...)
	signIn(t, env, "zendesk", account.URL, account.ClientID, append(more, "--profile", profile)...)
}

// An account is the integration's triggers, as they stand in a sandbox's account.
type account struct {
	Zendesk struct {
		Triggers []struct {
			Title      string          `json:"title"`
			Active     bool            `json:"active"`
			Conditions json.RawMessage `json:"conditions"`
			Actions    json.RawMessage `json:"actions"`
		} `json:"triggers"`
	} `json:"zendesk"`
}

func accountOf(t *testing.T, served *sandbox.Sandbox) account {
	t.Helper()
	var stands account
	text, err := served.State()
	if err == nil {
		err = json.Unmarshal(text, &stands)
	}
	if err != nil {
		t.Fatal(err)
	}
	return stands
}

// active are the titles of the triggers of the integration that are on.
func (a account) active() []string {
	var titles []string
	for _, trigger := range a.Zendesk.Triggers {
		if trigger.Active && strings.HasPrefix(trigger.Title, "(Salesforce Integration)") {
			titles = append(titles, trigger.Title)
		}
	}
	return titles
}

// definitions are what all triggers do, whether they are on or not.
func (a account) definitions() map[string]int {
	all := map[string]int{}
	for _, trigger := range a.Zendesk.Triggers {
		all[trigger.Title+string(trigger.Conditions)+string(trigger.Actions)]++
	}
	return all
}

func startMoving(t *testing.T, env []string, args ...string) *process {
	t.Helper()
	p := start(t, env, true, args...)
	p.mu.Lock()
	p.production = true
	p.mu.Unlock()
	return p
}

// A snapshot that says how the profile stands need not be taken twice; an old one of other things is taken anew.
func TestAMoveTakesASnapshotWhereTheLastOneIsOld(t *testing.T) {
	env := home(t)
	from, _ := serve(t, sandbox.Options{Scenario: "ready"})
	to, _ := serve(t, sandbox.Options{Scenario: "production"})
	signInAs(t, env, "rehearsal", from.Info().Salesforce, from.Info().Zendesk)
	signInAs(t, env, "live", to.Info().Salesforce, to.Info().Zendesk)
	isDone := func() bool {
		status := runZSF(t, env, "move", "--from", "rehearsal", "--to", "live", "--status")
		if status.code != 0 {
			t.Fatalf("%+v", status)
		}
		return strings.Contains(status.stdout, "rehearsal: write down what is on (done)")
	}
	if isDone() {
		t.Error("nothing is written down yet")
	}
	if taken := runZSF(t, env, "--profile", "rehearsal", "snapshot"); taken.code != 0 {
		t.Fatalf("%+v", taken)
	}
	if !isDone() {
		t.Error("it was just written down")
	}
	spoil(t, from)
	if isDone() {
		t.Error("what is written down is no longer so")
	}
}

func TestAMoveNeedsTwoProfiles(t *testing.T) {
	t.Parallel()
	env := homeWithoutPorts(t)
	for _, args := range [][]string{
		{"move"}, {"move", "--from", "a"}, {"move", "--from", "a", "--to", "a"}, {"--demo", "move", "--from", "a", "--to", "b"},
	} {
		if ran := runZSF(t, env, args...); ran.code != 2 || ran.stderr == "" {
			t.Errorf("%v: exit code %d, %s", args, ran.code, ran.stderr)
		}
	}
}
