package main_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"zsf/clients/sandbox"
)

// linkedList is what a list says of how the record was matched.
type linkedList struct {
	Match struct {
		By, Link string
		Targets  []struct{ ID int64 }
		Was      []struct{ ID int64 }
		With     []struct {
			What           string
			Records, Found int
			More           bool
			Targets        []struct {
				Kind string
				ID   int64
				Of   []struct{ ID, Name string }
			}
		}
	}
	Tickets []ticketLine
	Total   int
}

func readLinked(t *testing.T, ran outcome) linkedList {
	t.Helper()
	var list linkedList
	if err := json.Unmarshal([]byte(ran.stdout), &list); err != nil || ran.code != 0 {
		t.Fatalf("%d %v\n%s%s", ran.code, err, ran.stdout, ran.stderr)
	}
	return list
}

// What is kept, or was removed.
type keptThings struct {
	Schema        int
	Path          string
	Size, Limit   int64
	Kept, Removed []struct {
		Profile, What string
		Count         int
		Bytes         int64
		Oldest        time.Time `json:"oldest_read_at"`
	}
}

func readKept(t *testing.T, ran outcome) keptThings {
	t.Helper()
	var kept keptThings
	if err := json.Unmarshal([]byte(ran.stdout), &kept); err != nil || ran.code != 0 || kept.Schema != 1 {
		t.Fatalf("%d %v\n%s%s", ran.code, err, ran.stdout, ran.stderr)
	}
	return kept
}

func TestASecondLookAtARecordIsOneCallDeep(t *testing.T) {
	served, env := serve(t, sandbox.Options{Scenario: "ready", Accounts: 40, Tickets: 400, Latency: late})
	from := aCompany(t, served, true)
	env = append(env, "HOME="+t.TempDir())
	first := readLinked(t, runZSF(t, env, "tickets", from.account, "--json"))
	before := len(served.Requests())
	again := readLinked(t, runZSF(t, env, "tickets", from.account, "--json"))
	requests := served.Requests()[before:]
	if first.Match.Link != "new" || again.Match.Link != "holds" || len(again.Tickets) != len(first.Tickets) || again.Match.Targets[0].ID != from.ID {
		t.Errorf("%+v\n%+v", first.Match, again.Match)
	}
	for _, service := range []string{"salesforce", "zendesk"} {
		if chain := longestChain(beyondStart(requests, service)); chain != 1 {
			t.Errorf("%d chained calls to %s: %+v", chain, service, requests)
		}
	}
	without := readLinked(t, runZSF(t, env, "tickets", from.account, "--json", "--no-cache"))
	if without.Match.Link != "new" {
		t.Errorf("%+v", without.Match)
	}
}

func TestWhatIsKeptIsShownAndCleared(t *testing.T) {
	served, env := serve(t, sandbox.Options{Scenario: "ready", Accounts: 40, Tickets: 400})
	from := aCompany(t, served, true)
	home := t.TempDir()
	env = append(env, "HOME="+home)
	path := filepath.Join(home, ".cache", "zsf", "cache.db")
	for _, args := range [][]string{{"cache"}, {"cache", "clear"}, {"tickets", "--no-cache", from.account}, {"tickets", "show", "1", "--no-cache"}} {
		if ran := runZSF(t, env, args...); ran.code != 0 {
			t.Errorf("%v: %d %s", args, ran.code, ran.stderr)
		}
		if _, err := os.Stat(filepath.Dir(path)); !os.IsNotExist(err) {
			t.Errorf("%v touched the disk: %v", args, err)
		}
	}
	for _, args := range [][]string{{"tickets", from.account}, {"--profile", "other", "tickets", from.account}, {"tickets", "show", "1", "--json"}} {
		if ran := runZSF(t, env, args...); ran.code != 0 || ran.stderr != "" {
			t.Errorf("%v: %d %s", args, ran.code, ran.stderr)
		}
	}
	kept := readKept(t, runZSF(t, env, "cache", "--json"))
	said := map[string]int{}
	for _, one := range kept.Kept {
		said[one.Profile+" "+one.What] = one.Count
		if one.Bytes == 0 || time.Since(one.Oldest) > time.Hour {
			t.Errorf("%+v", one)
		}
	}
	if kept.Path != path || kept.Size == 0 || kept.Limit != 50<<20 || len(said) != 5 || said["default link"] != 1 || said["other list"] != 1 || said["default conversation"] != 1 {
		t.Errorf("%+v", kept)
	}
	text := runZSF(t, env, "cache", "--profile", "other").stdout
	if !strings.Contains(text, path) || !strings.Contains(text, "other: the tickets of 1 record, ") || strings.Contains(text, "default:") {
		t.Error(text)
	}
	removed := readKept(t, runZSF(t, env, "--profile", "other", "cache", "clear", "--json"))
	if len(removed.Removed) != 2 || removed.Removed[0].Profile != "other" {
		t.Errorf("%+v", removed)
	}
	if text := runZSF(t, env, "cache", "clear").stdout; !strings.Contains(text, "Removed from "+path) || !strings.Contains(text, "default: 1 conversation, ") {
		t.Error(text)
	}
	if text := runZSF(t, env, "cache").stdout; text != "Nothing is kept in "+path+".\n" {
		t.Error(text)
	}
	if ran := runZSF(t, env, "--demo", "cache"); ran.code != 2 {
		t.Errorf("%d %s", ran.code, ran.stderr)
	}
}

// A cache is not needed: whatever is wrong with it, tickets are listed, and it is said in one line.
func TestACacheInTroubleStopsNoListOfTickets(t *testing.T) {
	served, env := serve(t, sandbox.Options{Scenario: "ready", Accounts: 40, Tickets: 400})
	from := aCompany(t, served, true)
	blocked := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	ran := runZSF(t, append(env, "XDG_CACHE_HOME="+blocked), "tickets", from.account, "--json")
	if list := readLinked(t, ran); len(list.Tickets) == 0 || strings.Count(ran.stderr, "\n") != 1 || !strings.Contains(ran.stderr, "not kept for the next time") {
		t.Errorf("%+v %s", list.Match, ran.stderr)
	}
	folder := t.TempDir()
	path := filepath.Join(folder, "zsf", "cache.db")
	if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(strings.Repeat("somebody's words ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, link := range []string{"new", "holds"} {
		ran := runZSF(t, append(env, "XDG_CACHE_HOME="+folder), "tickets", from.account, "--json")
		if list := readLinked(t, ran); list.Match.Link != link || ran.stderr != "" {
			t.Errorf("%+v %s", list.Match, ran.stderr)
		}
	}
}

// A record that nothing in Zendesk stands for is known as such.
func TestARecordWithoutTicketsIsKeptToo(t *testing.T) {
	_, env := serve(t, sandbox.Options{Scenario: "ready", Accounts: 40, Tickets: 400})
	env = append(env, "HOME="+t.TempDir())
	lead := leadOf(t, env)
	for range 2 {
		if ran := runZSF(t, env, "tickets", lead); ran.code != 1 || ran.stderr != "" {
			t.Errorf("%d %s", ran.code, ran.stderr)
		}
	}
	if kept := readKept(t, runZSF(t, env, "cache", "--json")); len(kept.Kept) != 1 || kept.Kept[0].What != "list" {
		t.Errorf("%+v", kept)
	}
}

func TestAProfileHasItsOwnWayToMatch(t *testing.T) {
	served, env := serve(t, sandbox.Options{Scenario: "ready", Accounts: 40, Tickets: 400})
	from := aCompany(t, served, true)
	home := t.TempDir()
	env = append(env, "HOME="+home)
	config := filepath.Join(home, ".config", "zsf", "config.toml")
	if err := os.MkdirAll(filepath.Dir(config), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(config, []byte("default = \"acme\"\n[profiles.acme]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	by := func(args ...string) string {
		t.Helper()
		return readLinked(t, runZSF(t, env, append([]string{"--profile", "acme", "tickets", from.account, "--json"}, args...)...)).Match.By
	}
	if got := by(); got != "external-id" {
		t.Error(got)
	}
	if ran := runZSF(t, env, "profile", "match", "name"); ran.code != 0 {
		t.Fatal(ran.stderr)
	}
	if got := by() + " " + by("--match", "external-id"); got != "name external-id" {
		t.Error(got)
	}
	if text := runZSF(t, env, "profile").stdout; !strings.Contains(text, "tickets matched by organization name") {
		t.Error(text)
	}
	if text := runZSF(t, env, "profile", "--json").stdout; !strings.Contains(text, `"match":"name"`) {
		t.Error(text)
	}
	if ran := runZSF(t, env, "profile", "match", "integration", "--profile", "acme"); ran.code != 0 || by() != "external-id" {
		t.Error(ran.stderr)
	}
	for _, args := range [][]string{{"profile", "match", "phone"}, {"profile", "match"}, {"profile", "match", "name", "--profile", "nobody"}} {
		if ran := runZSF(t, env, args...); ran.code != 2 || ran.stderr == "" {
			t.Errorf("%v: %d %s", args, ran.code, ran.stderr)
		}
	}
	nowhere := runZSF(t, append(env, "HOME="+t.TempDir()), "profile", "match", "name")
	if nowhere.code != 2 || !strings.Contains(nowhere.stderr, "zsf auth login makes one") || strings.Contains(nowhere.stderr, `""`) {
		t.Errorf("without a profile: %d %s", nowhere.code, nowhere.stderr)
	}
}

func TestTheTicketsOfContactsAndChildrenAreAskedForByAFlag(t *testing.T) {
	served, env := serve(t, sandbox.Options{Scenario: "ready", Accounts: 40, Tickets: 400})
	parent := rowsOf(t, served, "query", "SELECT ParentId FROM Account WHERE ParentId != null ORDER BY Id LIMIT 1")[0]["ParentId"].(string)
	list := readLinked(t, runZSF(t, env, "tickets", parent, "--with", "contacts,children", "--json", "--explain"))
	if len(list.Match.With) != 2 || list.Match.With[0].What != "contacts" || list.Match.With[0].Records == 0 || list.Match.With[1].Records != 1 {
		t.Fatalf("%+v", list.Match)
	}
	for _, reach := range list.Match.With {
		for _, target := range reach.Targets {
			if target.ID == 0 || len(target.Of) == 0 || target.Of[0].Name == "" {
				t.Errorf("%+v", target)
			}
		}
	}
	text := runZSF(t, env, "tickets", parent, "--with", "contacts", "--explain")
	if !strings.Contains(text.stdout, "With its contacts: ") || strings.Contains(text.stdout, "child accounts: ") || !strings.Contains(text.stderr, "contacts of "+parent) {
		t.Error(text.stdout, text.stderr)
	}
	if ran := runZSF(t, env, "tickets", parent, "--with", "friends"); ran.code != 2 || !strings.Contains(ran.stderr, "children") {
		t.Errorf("%d %s", ran.code, ran.stderr)
	}
	if ran := runZSF(t, env, "tickets", leadOf(t, env), "--with", "contacts"); ran.code != 1 || !strings.Contains(ran.stderr, "has no contacts") {
		t.Errorf("%d %s", ran.code, ran.stderr)
	}
}
