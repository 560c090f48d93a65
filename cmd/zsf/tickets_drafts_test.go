package main_test

import (
	"slices"
	"strings"
	"testing"

	"zsf/clients/sandbox"
)

// A closed ticket takes no changes: the way on is a follow-up, and the refusal names it.
func TestAClosedTicketIsFollowedUp(t *testing.T) {
	s := aScribe(t)
	id := s.made("--priority", "high", "--tag", "lamp")
	if ran := s.run("new", "--follow-up", text(id), "--comment", "x", "--internal", "--yes", "--json"); ran.code != 1 || readWrote(t, ran).Error.Code != "not-closed" {
		t.Errorf("%d %s", ran.code, ran.stdout)
	}
	if ran := s.run("edit", text(id), "--status", "closed", "--close", "--yes"); ran.code != 0 {
		t.Fatal(ran.stdout, ran.stderr)
	}
	ran := s.run("edit", text(id), "--comment", "late", "--public", "--yes")
	if ran.code != 1 || !strings.Contains(ran.stderr, "zsf tickets new --follow-up "+text(id)) {
		t.Errorf("%d %s", ran.code, ran.stderr)
	}
	ran = s.run("new", "--follow-up", text(id), "--comment", "It is back.", "--public", "--dry-run")
	if ran.code != 0 || !strings.Contains(ran.stdout, "A follow-up of the closed ticket #"+text(id)) || !strings.Contains(ran.stdout, s.email) || !strings.Contains(ran.stdout, "Made here") {
		t.Errorf("%d %s%s", ran.code, ran.stdout, ran.stderr)
	}
	ran = s.run("new", "--follow-up", text(id), "--comment", "It is back.", "--public", "--yes", "--json")
	made := readWrote(t, ran)
	if ran.code != 0 || !made.New || !strings.EqualFold(made.Ticket.Requester.Email, s.email) {
		t.Fatalf("%d %s", ran.code, ran.stdout)
	}
	ticket, comments := s.ticket(made.Ticket.ID)
	if ticket.Priority != "" || !slices.Contains(ticket.Tags, "lamp") || !slices.Equal(comments, []string{"It is back. true"}) {
		t.Errorf("%+v %v", ticket, comments)
	}
	for _, args := range [][]string{{"--follow-up", "-3"}, {"--follow-up", "soon"}} {
		if ran := s.run(append([]string{"new", "--comment", "x", "--internal", "--yes"}, args...)...); ran.code != 2 {
			t.Errorf("%v: %d %s", args, ran.code, ran.stderr)
		}
	}
}

// A draft is text that somebody wrote: it is shown whole, and not dropped by a slip of the fingers.
func TestADraftIsShownWholeAndDroppedOnlyByAYes(t *testing.T) {
	s := aScribe(t)
	id := s.made()
	for range 2 {
		s.served.AddFault(sandbox.FaultRule{Service: "zendesk", Method: "PUT", Path: "/api/v2/tickets/" + text(id), Fault: sandbox.Fault{Status: 429, Headers: map[string]string{"Retry-After": "3600"}}})
	}
	draft := readWrote(t, s.run("edit", text(id), "--comment", "first line\nsecond line", "--internal", "--yes", "--json")).Draft
	if ran := s.run("drafts", draft); ran.code != 0 || !strings.Contains(ran.stdout, "first line") || !strings.Contains(ran.stdout, "second line") {
		t.Errorf("%d %s%s", ran.code, ran.stdout, ran.stderr)
	}
	if ran := s.run("drafts", draft, "--json"); ran.code != 0 || len(readWrote(t, ran).Drafts) != 1 {
		t.Errorf("%d %s", ran.code, ran.stdout)
	}
	for _, args := range [][]string{{"drafts", "NOPE"}, {"drafts", draft, "more"}, {"drafts", "drop", draft}, {"drafts", "drop", draft, "--json"}} {
		if ran := s.run(args...); ran.code != 2 {
			t.Errorf("%v: %d %s%s", args, ran.code, ran.stdout, ran.stderr)
		}
	}
	if ran := s.run("drafts", "send", draft, "--rest", "--yes", "--json"); ran.code != 1 || readWrote(t, ran).Error.Code != "no-rest" {
		t.Errorf("%d %s", ran.code, ran.stdout)
	}
	if ran := s.run("drafts", "drop", draft, "--yes"); ran.code != 0 || !strings.Contains(s.run("drafts").stdout, "no drafts") {
		t.Errorf("%d %s%s", ran.code, ran.stdout, ran.stderr)
	}
}
