package main_test

import (
	"flag"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"zsf/clients/sandbox"
	"zsf/ui/checklist"
	"zsf/ui/compose"
	"zsf/ui/locale"
	"zsf/ui/parts"
	"zsf/ui/signin"
	"zsf/ui/tickets"
	"zsf/ui/wizard"
)

var update = flag.Bool("update", false, "write the README's key tables anew")

// The README's tables of keys are those that the screens' own help is made from.
func TestReadmeNamesTheKeysThatThereAre(t *testing.T) {
	const path = "../../README.md"
	readme, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	words, err := locale.New("en")
	if err != nil {
		t.Fatal(err)
	}
	text := string(readme)
	for name, table := range map[string]parts.Table{"keys": checklist.AllKeys(), "sign-in keys": signin.AllKeys(), "wizard keys": wizard.AllKeys(), "tickets keys": tickets.AllKeys(), "writing keys": compose.AllKeys()} {
		begin, end := "<!-- "+name+": written by `go test ./cmd/zsf -run Readme -update` -->\n", "<!-- /"+name+" -->"
		before, rest, found := strings.Cut(text, begin)
		written, after, closed := strings.Cut(rest, end)
		if !found || !closed {
			t.Fatalf("the README has lost the marks around its table of %s", name)
		}
		want := parts.Markdown(words, table)
		if written != want && !*update {
			t.Errorf("the README's %s are not the screen's; run this test with -update:\n%s", name, want)
		}
		text = before + begin + want + end + after
	}
	if *update {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// Each command of the README runs as it stands there, signed in to the sandbox: only its names and numbers are others.
func TestReadmeShowsCommandsThatRun(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	served, env := serve(t, sandbox.Options{Scenario: "ready", Accounts: 20, Tickets: 600})
	org := served.Info().Salesforce
	var accounts, people struct {
		Records []struct{ ID, Email, Username string }
	}
	ask(t, org.InstanceURL+"/services/data/v68.0/query?q="+url.QueryEscape("SELECT Id FROM Account"), org.AccessToken, &accounts)
	ask(t, org.InstanceURL+"/services/data/v68.0/query?q="+url.QueryEscape("SELECT Id, Email FROM Contact WHERE Email != null"), org.AccessToken, &people)
	home := t.TempDir()
	env = append(env, "HOME="+home, "LANG=C.UTF-8", "PATH="+filepath.Dir(program(t))+string(os.PathListSeparator)+os.Getenv("PATH"))
	account, open := "", []ticketLine{}
	for _, one := range accounts.Records {
		if list := readTickets(t, runZSF(t, env, "tickets", one.ID, "--json")).Tickets; len(list) > len(open) {
			account, open = one.ID, list
		}
	}
	closed := readTickets(t, runZSF(t, env, "tickets", account, "--status", "closed", "--json")).Tickets
	address := ""
	for _, one := range people.Records {
		if runZSF(t, env, "tickets", one.Email, "--json").code == 0 { // one record of that address, with tickets
			address = one.Email
			break
		}
	}
	if len(open) < 2 || len(closed) == 0 || address == "" {
		t.Fatalf("%d open tickets, %d closed ones, and %q", len(open), len(closed), address)
	}
	names := strings.NewReplacer(
		"jo@acme.com", address, "kim@acme.com", org.Username, "tickets acme", "tickets "+account,
		"0015g00000AbCdEAAV", account, "35436", fmt.Sprint(open[0].ID), "35437", fmt.Sprint(open[1].ID), "35112", fmt.Sprint(closed[0].ID),
		"diff 12", "diff 1", "--against 12", "--against 1",
	)
	for name, text := range map[string]string{
		"note.txt": "A note.", "answers.toml": "who = \"J. Park\"",
		"well.json": runZSF(t, env, "snapshot", "--json").stdout,
	} {
		if err := os.WriteFile(filepath.Join(home, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	count := 0
	for _, line := range shellLines(string(readme)) {
		command := names.Replace(line)
		switch {
		case strings.HasPrefix(command, "zsf auth login ") && !strings.HasPrefix(command, "zsf auth login salesforce") && !strings.HasPrefix(command, "zsf auth login zendesk"):
			t.Errorf("%s: names no service", line)
		case strings.HasPrefix(command, "zsf auth "), strings.HasPrefix(command, "zsf move "), strings.HasPrefix(command, "zsf sandbox "), strings.Contains(command, "--watch"),
			strings.HasPrefix(command, "zsf tickets edit ") && len(strings.Fields(command)) == 4: // a screen
			command += " --help" // it waits for somebody, or asks for more than is here; that it is written right, it says
		case strings.HasPrefix(command, "zsf tickets new "), strings.HasPrefix(command, "zsf tickets edit ") && !strings.Contains(command, "--yes"):
			command += " --dry-run" // else it asks
		}
		shell := exec.Command("sh", "-c", command)
		shell.Dir, shell.Env = home, env
		out, err := shell.CombinedOutput()
		unanswered := strings.Contains(string(out), "missing, and nothing was done") || strings.Contains(string(out), "the input ended")
		switch code := shell.ProcessState.ExitCode(); {
		case code == 0, code == 5, code == 2 && unanswered:
		default:
			t.Errorf("%s: %v\n%s", line, err, out)
		}
		count++
	}
	if count < 40 {
		t.Errorf("only %d commands were found", count)
	}
}

// shellLines are the zsf commands in the README's blocks of shell, without what is said of them and what reads them.
func shellLines(readme string) (lines []string) {
	for i, block := range strings.Split(readme, "```") {
		if i%2 == 0 || !strings.HasPrefix(block, "sh\n") {
			continue
		}
		for line := range strings.Lines(block) {
			line, _, _ = strings.Cut(strings.TrimSpace(line), "  #")
			line, _, _ = strings.Cut(line, " | ")
			if line = strings.TrimSpace(line); line == "zsf" || strings.HasPrefix(line, "zsf ") {
				lines = append(lines, line)
			}
		}
	}
	return lines
}
