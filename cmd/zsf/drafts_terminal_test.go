package main_test

import (
	"strconv"
	"testing"

	"zsf/clients/sandbox"
)

// Who names no record looks for it first, and the program ends with the ticket that was made.
func TestANewTicketBeginsWithTheSearchInARealTerminal(t *testing.T) {
	t.Parallel()
	served, env := serve(t, sandbox.Options{Scenario: "ready", Accounts: 40, Tickets: 800})
	of, _ := aBusyCompany(t, served, 4)
	term := openTerminal(t, 80, 24, env, "tickets", "new")
	term.sees("For whom is the new ticket?", "You looked at these last")
	term.types(of.ExternalID)
	term.press("Enter")
	term.sees("new ticket · ", "▸ Requester", "Ticket status")
	term.press("Enter")
	term.sees("type to find", "@")
	term.press("Enter")
	term.misses("nobody yet", "type to find")
	term.goTo("▸ Subject", "Tab")
	term.types("늦게 왔습니다")
	term.press("Tab")
	term.types("It came on Tuesday.")
	term.press("C-t", "C-s")
	term.sees("A new ticket for", "늦게 왔습니다", "It came on Tuesday.")
	term.press("D")
	made := ticketIn(t, term.sees("Made ticket #", "exit code 0"))
	if now := ticketNow(t, served, made); now.Subject != "늦게 왔습니다" {
		t.Errorf("the new ticket is %+v", now)
	}
}

// Two windows, one draft: the one that took it up last goes on with it, the other says so, and both texts are there.
func TestADraftIsChosenAndTwoWindowsLoseNothingInARealTerminal(t *testing.T) {
	t.Parallel()
	served, env := serve(t, sandbox.Options{Scenario: "ready", Accounts: 40, Tickets: 800})
	_, ids := aBusyCompany(t, served, 4)
	env = append(env, "XDG_STATE_HOME="+t.TempDir())
	first := openTerminal(t, 80, 24, env, "tickets", "edit", strconv.FormatInt(ids[0], 10))
	first.sees("edit · #", "Ticket status")
	first.goTo("▸ Comment", "Tab")
	first.types("one")
	first.sees("one", "draft kept")

	second := openTerminal(t, 80, 24, env, "tickets", "drafts")
	second.sees("drafts", "#"+strconv.FormatInt(ids[0], 10), "one")
	second.press("Enter")
	second.sees("▸ Comment", "Tags", "one")
	second.types(" two")
	second.sees("one two")
	second.press("Escape") // kept
	second.sees("exit code 0")

	first.types(" uno")
	first.sees("Another window of zsf goes on with this draft", "one uno")
	first.press("Escape")
	first.sees("exit code 0")

	list := openTerminal(t, 80, 24, env, "tickets", "drafts")
	list.sees("one two", "one uno")
	list.press("Down", "C-x")
	list.sees("Once more drops")
	list.press("C-x")
	list.misses("one two")
	list.sees("one uno")
	list.press("Escape")
	list.sees("exit code 0")
}
