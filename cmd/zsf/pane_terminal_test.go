package main_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"zsf/clients/sandbox"
)

// A person finds a customer's tickets in each way there is, reads, filters, loses the network and gets it back.
func TestTicketsInARealTerminal(t *testing.T) {
	t.Parallel()
	served, env := serve(t, sandbox.Options{Scenario: "ready", Accounts: 40, Tickets: 1500})
	linked := aCompany(t, served, true)
	list := readTickets(t, runZSF(t, env, "tickets", linked.account, "--json", "--no-cache"))
	if len(list.Tickets) == 0 {
		t.Fatalf("%+v", list)
	}
	first := "#" + strconv.FormatInt(list.Tickets[0].ID, 10)

	// By id, from the shell. What is read there is kept.
	home := "HOME=" + t.TempDir()
	env = append(env, home)
	term := openTerminal(t, 120, 40, env, "tickets", linked.account)
	term.sees("tickets · ", "matched by external id", "live", "▸ "+first, fmt.Sprintf("%d of %d", len(list.Tickets), list.Total), "Public reply")

	// Read on the whole screen, and filter by words.
	term.press("Enter")
	term.sees("esc list")
	term.press("Escape")
	term.sees("esc out")
	term.press("/")
	term.tmux("send-keys", "-l", "no such words anywhere")
	term.sees("No ticket fits.")
	term.press("Escape")
	term.sees("▸ " + first)
	term.press("/")
	term.tmux("send-keys", "-l", first)
	term.sees("1 of "+strconv.Itoa(list.Total), "▸ "+first)
	term.press("Escape")
	term.sees(fmt.Sprintf("%d of %d", len(list.Tickets), list.Total))

	// Without the network, what was seen stays; it comes back by itself.
	served.AddFault(sandbox.FaultRule{Times: -1, Fault: sandbox.Fault{Reset: true}})
	term.press("R")
	term.sees("offline", "▸ "+first)
	served.Reset()
	term.sees("live", "▸ "+first)

	// By name, and by a pasted address.
	term.press("Escape")
	term.sees("Whose tickets?")
	term.press("C-u")
	term.tmux("send-keys", "-l", linked.Name)
	term.sees("▸ Account  " + linked.Name)
	term.press("Enter")
	term.sees("matched by external id", "live", "▸ "+first)
	term.press("Escape")
	term.sees("Whose tickets?")
	term.press("C-u")
	term.tmux("set-buffer", served.Info().Salesforce.InstanceURL+"/lightning/r/Account/"+linked.account+"/view")
	term.tmux("paste-buffer", "-p")
	term.sees("matched by external id", "live", "▸ "+first)

	term.resize(60, 16)
	term.sees("▸ " + first)
	term.press("q")
	screen := term.sees("exit code 0")
	if strings.Contains(screen, first) || strings.Contains(screen, "[I") || strings.Contains(screen, "[O") {
		t.Errorf("the screen was not given back clean:\n%s", screen)
	}

	// The next time it is there before anybody answers.
	served.AddFault(sandbox.FaultRule{Times: -1, Fault: sandbox.Fault{DelayMS: 60_000}})
	asked := len(served.Requests())
	again := openTerminal(t, 120, 40, env, "tickets", linked.account)
	again.sees("as it was", "▸ "+first)
	if answered := served.Requests()[asked:]; slices.ContainsFunc(answered, func(r sandbox.Request) bool { return r.Status != 0 }) {
		t.Errorf("it was answered: %+v", answered)
	}
	again.press("C-c")
	again.sees("exit code 130")
}
