package main_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"zsf/clients/sandbox"
)

// harmless fails the test for every character that steers a terminal, turns a text about, or hides in it.
func harmless(t *testing.T, what, text string) {
	t.Helper()
	if !utf8.ValidString(text) {
		t.Errorf("%s is no UTF-8", what)
	}
	for at, r := range text {
		if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)) || unicode.Is(hiding, r) {
			t.Errorf("%s lets %U through: %q", what, r, text[max(0, at-20):min(len(text), at+40)])
			return
		}
	}
}

var hiding = &unicode.RangeTable{
	R16: []unicode.Range16{{0x200b, 0x200b, 1}, {0x2028, 0x2029, 1}, {0x2060, 0x2060, 1}, {0xfeff, 0xfeff, 1}, {0xfff9, 0xfffb, 1}},
	R32: []unicode.Range32{{0xe0001, 0xe007f, 1}},
}

// harmlessValues looks at all texts of a JSON document: a script would print them.
func harmlessValues(t *testing.T, what string, value any) {
	t.Helper()
	switch value := value.(type) {
	case string:
		harmless(t, what, value)
	case []any:
		for _, one := range value {
			harmlessValues(t, what, one)
		}
	case map[string]any:
		for name, one := range value {
			harmlessValues(t, what+" "+name, one)
		}
	}
}

var updatedAt = regexp.MustCompile(`\d{4}-\d\d-\d\d \d\d:\d\d$`)

// straight fails the test when a column of a table does not begin where its head does.
func straight(t *testing.T, table string) {
	t.Helper()
	_, rows, found := strings.Cut(table, "\nTicket ")
	head, rows, _ := strings.Cut(rows, "\n")
	rows, _, closed := strings.Cut(rows, "\n\n")
	if !found || !closed {
		t.Errorf("no table: %s", table)
		return
	}
	before, _, _ := strings.Cut("Ticket "+head, "Updated")
	for _, row := range strings.Split(rows, "\n") {
		at := updatedAt.FindStringIndex(row)
		if len(at) == 0 || ansi.StringWidth(row[:at[0]]) != ansi.StringWidth(before) {
			t.Errorf("a column moved:\n%s\n%s", "Ticket "+head, row)
		}
	}
}

// What a script or a log gets of hostile tickets is as harmless as the screens.
func TestHostileTicketsAreHarmlessAsText(t *testing.T) {
	t.Parallel()
	served, env := serve(t, sandbox.Options{Scenario: "ready", Accounts: 16, Tickets: 80, Hostile: true})
	env = append(env, "HOME="+t.TempDir())
	org := served.Info().Salesforce
	var rows struct {
		Records []struct{ ID string }
	}
	ask(t, org.InstanceURL+"/services/data/v68.0/query?q="+url.QueryEscape("SELECT Id FROM Account"), org.AccessToken, &rows)
	var shown []ticketLine
	most, open := "", ""
	for _, account := range rows.Records {
		ran := runZSF(t, env, "tickets", account.ID, "--all", "--json")
		harmless(t, "an error", ran.stderr)
		var whole any
		if err := json.Unmarshal([]byte(ran.stdout), &whole); err != nil {
			t.Fatalf("%v: %s", err, ran.stdout)
		}
		harmless(t, "JSON", ran.stdout)
		harmlessValues(t, "JSON", whole)
		list := readTickets(t, ran).Tickets
		if len(list) > len(shown) {
			shown, most = list, account.ID
		}
		for _, ticket := range list {
			if ticket.Status != "closed" {
				open = strconv.FormatInt(ticket.ID, 10)
			}
		}
	}
	if len(shown) < 3 || open == "" {
		t.Fatalf("%d tickets, open is %q: too few to tell", len(shown), open)
	}
	for _, lang := range []string{"en", "ko"} {
		ran := runZSF(t, env, "tickets", most, "--all", "--lang", lang, "--with", "contacts,children", "--explain")
		harmless(t, "a table", ran.stdout+ran.stderr)
		if lang == "en" {
			straight(t, ran.stdout)
		}
	}
	ran := runZSF(t, env, "tickets", most, "--all", "--csv")
	harmless(t, "CSV", ran.stdout)
	if read, err := csv.NewReader(strings.NewReader(ran.stdout)).ReadAll(); err != nil || len(read) != len(shown)+1 {
		t.Errorf("%d rows of CSV: %v", len(read), err)
	}
	for _, args := range [][]string{
		{"tickets", "show", open},
		{"tickets", "show", open, "--json"},
		{"tickets", "edit", open, "--priority", "urgent", "--comment", "\x1b[2Jx\u202e", "--internal", "--dry-run"},
	} {
		ran := runZSF(t, env, args...)
		harmless(t, fmt.Sprint(args), ran.stdout+ran.stderr)
		if ran.code != 0 {
			t.Errorf("%q exits with %d: %s", args, ran.code, ran.stderr)
		}
	}
	ran = runZSF(t, env, "tickets", "drafts")
	harmless(t, "drafts", ran.stdout+ran.stderr)
	ran = runZSF(t, env, "cache")
	harmless(t, "the cache", ran.stdout+ran.stderr)
}
