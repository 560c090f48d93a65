package main_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"zsf/clients/sandbox"
)

// A wire leads to Zendesk, and can be cut.
type wire struct {
	t       *testing.T
	address string
	to      string
	mu      sync.Mutex
	listen  net.Listener
	open    []net.Conn
}

func newWire(t *testing.T, zendesk string) *wire {
	t.Helper()
	to, err := url.Parse(zendesk)
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{t: t, to: to.Host, address: "127.0.0.1:0"}
	w.mend()
	t.Cleanup(w.cut)
	return w
}

// mend listens, at the same address as before.
func (w *wire) mend() {
	w.t.Helper()
	listener, err := net.Listen("tcp", w.address)
	if err != nil {
		w.t.Fatal(err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.listen, w.address = listener, listener.Addr().String()
	go func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("tcp", w.to)
			if err != nil {
				_ = near.Close()
				continue
			}
			w.mu.Lock()
			w.open = append(w.open, near, far)
			w.mu.Unlock()
			go func() { _, _ = io.Copy(far, near); _ = far.Close() }()
			go func() { _, _ = io.Copy(near, far); _ = near.Close() }()
		}
	}()
}

// cut ends what goes over the wire, and lets nothing new begin.
func (w *wire) cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	_ = w.listen.Close()
	for _, one := range w.open {
		_ = one.Close()
	}
	w.open = nil
}

// aBusyCompany is one with several tickets that are not closed.
func aBusyCompany(t *testing.T, served *sandbox.Sandbox, least int) (of company, ids []int64) {
	t.Helper()
	account := served.Info().Zendesk
	var all struct {
		Organizations []company `json:"organizations"`
	}
	ask(t, account.URL+"/api/v2/organizations?page%5Bsize%5D=100", account.AccessToken, &all)
	for _, found := range all.Organizations {
		var listed struct {
			Tickets []struct {
				ID     int64  `json:"id"`
				Status string `json:"status"`
			} `json:"tickets"`
		}
		ask(t, account.URL+"/api/v2/organizations/"+strconv.FormatInt(found.ID, 10)+"/tickets?page%5Bsize%5D=100", account.AccessToken, &listed)
		ids = nil
		for _, ticket := range listed.Tickets {
			if ticket.Status != "closed" && ticket.Status != "solved" {
				ids = append(ids, ticket.ID)
			}
		}
		if len(ids) >= least && found.ExternalID != "" {
			return found, ids
		}
	}
	t.Fatalf("the sandbox has no company with %d tickets", least)
	return company{}, nil
}

type comment struct {
	Body   string `json:"plain_body"`
	Public bool   `json:"public"`
}

// lastComment is what was said last on a ticket.
func lastComment(t *testing.T, served *sandbox.Sandbox, ticket int64) comment {
	t.Helper()
	all := comments(t, served, ticket)
	return all[len(all)-1]
}

func comments(t *testing.T, served *sandbox.Sandbox, ticket int64) []comment {
	t.Helper()
	var listed struct {
		Comments []comment `json:"comments"`
	}
	account := served.Info().Zendesk
	ask(t, fmt.Sprintf("%s/api/v2/tickets/%d/comments", account.URL, ticket), account.AccessToken, &listed)
	return listed.Comments
}

// countComments is how often something was said on a ticket.
func countComments(t *testing.T, served *sandbox.Sandbox, ticket int64, body string) int {
	t.Helper()
	count := 0
	for _, one := range comments(t, served, ticket) {
		if one.Body == body {
			count++
		}
	}
	return count
}

// ticketNow reads a ticket past the program.
func ticketNow(t *testing.T, served *sandbox.Sandbox, ticket int64) (now struct {
	Status, Priority, Subject string
	Tags                      []string
},
) {
	t.Helper()
	account := served.Info().Zendesk
	var read struct {
		Ticket struct {
			Status, Priority, Subject string
			Tags                      []string
		}
	}
	ask(t, fmt.Sprintf("%s/api/v2/tickets/%d", account.URL, ticket), account.AccessToken, &read)
	return read.Ticket
}

// somebodyElse changes a ticket past the program.
func somebodyElse(t *testing.T, served *sandbox.Sandbox, ticket int64, change string) {
	t.Helper()
	account := served.Info().Zendesk
	var answer map[string]any
	send(t, http.MethodPut, fmt.Sprintf("%s/api/v2/tickets/%d", account.URL, ticket), account.AccessToken, `{"ticket":`+change+`}`, &answer)
}

// chosen is the number of the ticket that the pane's cursor stands on.
func (term *terminal) chosen() int64 {
	term.t.Helper()
	for line := range strings.Lines(term.screen()) {
		if rest, ok := strings.CutPrefix(line, "▸ #"); ok {
			id, _ := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			return id
		}
	}
	term.t.Fatalf("no ticket is chosen:\n%s", term.screen())
	return 0
}

func TestTicketsAreWrittenInARealTerminal(t *testing.T) {
	t.Parallel()
	served, env := serve(t, sandbox.Options{Scenario: "ready", Accounts: 40, Tickets: 800})
	of, _ := aBusyCompany(t, served, 4)
	folder := t.TempDir()
	editor := filepath.Join(folder, "editor")
	if err := os.WriteFile(editor, []byte("#!/bin/sh\nprintf '한 줄 더\\nfrom my editor\\n' >> \"$1\"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	term := openTerminal(t, 120, 40, append(env, "EDITOR="+editor, "USER=jpark"), "tickets", of.ExternalID)
	term.sees("▸ #", "enter read")
	first := term.chosen()

	// A public reply, with some lines from the person's own editor.
	term.press("r")
	term.sees("Public reply to", "Ticket status")
	term.types("We are on it; 곧 알려 드리겠습니다.")
	term.sees("드리겠습니다.")
	// The terminal's own cursor is there, too, so that an input method composes in its place.
	if got := strings.TrimSpace(term.tmux("display-message", "-p", "#{cursor_flag} #{cursor_x} #{cursor_y}")); got != "1 40 3" {
		t.Errorf("the cursor is shown, and where: %s", got)
	}
	term.press("Enter", "C-o")
	term.sees("from my editor")
	term.press("C-s")
	term.sees("Public reply to", "곧 알려", "한 줄 더", "gets it by e-mail")
	term.press("D")
	term.sees("Replied to", "enter read")
	if got := lastComment(t, served, first); !got.Public || !strings.HasPrefix(got.Body, "We are on it; 곧 알려 드리겠습니다.\n한 줄 더\nfrom my editor") {
		t.Errorf("the last comment is %+v", got)
	}

	// An internal note.
	term.press("i")
	term.sees("Internal note", "┆", "Ticket status")
	term.types("same as 47990")
	term.press("C-s")
	term.sees("Internal note on #")
	term.press("D")
	term.sees("Noted on #")
	if got := lastComment(t, served, first); got.Public || got.Body != "same as 47990" {
		t.Errorf("the last comment is %+v", got)
	}

	// A conflict: somebody else raises the priority and renames the ticket meanwhile.
	somebodyElse(t, served, first, `{"priority":"normal"}`)
	term.press("e")
	term.sees("▸", "Form", "Priority", "Normal")
	<-time.After(1100 * time.Millisecond) // stamps of tickets have whole seconds
	somebodyElse(t, served, first, `{"priority":"urgent","subject":"Webhooks fail since noon","comment":{"body":"I take this one","public":false}}`)
	term.goTo("▸ Priority", "Tab")
	term.types("low")
	term.sees("Low")
	term.press("Enter")
	term.sees("was ")
	term.press("C-s")
	term.sees("What changes", "Low")
	term.press("D")
	term.sees("Both of you changed", "(x) mine", "Urgent", "I take this one", "Webhooks fail since noon")
	term.press("m", "Enter")
	term.sees("What changes", "Urgent → Low")
	term.press("D")
	term.sees("Changed #")
	if now := ticketNow(t, served, first); now.Priority != "low" || now.Subject != "Webhooks fail since noon" {
		t.Errorf("the ticket is %+v", now)
	}

	// Three at once.
	term.press("Home", "x", "Down", "x", "Down", "x", "e")
	term.sees("edit several · 3 tickets", "stays as it is")
	term.goTo("▸ Tags", "Tab")
	term.types("outage")
	term.press("C-s")
	term.sees("The same changes to 3 tickets", "+outage")
	term.press("D")
	term.sees("3 tickets are written.", "✓ #")
	written := 0
	for line := range strings.Lines(term.screen()) {
		if _, rest, ok := strings.Cut(line, "✓ #"); ok {
			id, _ := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			if slices.Contains(ticketNow(t, served, id).Tags, "outage") {
				written++
			}
		}
	}
	if written != 3 {
		t.Errorf("%d of 3 tickets carry the tag", written)
	}
	term.press("Enter")
	term.sees("enter read")

	// A new one for a contact of the account.
	term.press("n")
	term.sees("▸ Requester", "nobody yet", "Ticket status")
	term.press("Enter")
	term.sees("type to find", "@")
	term.press("Enter")
	term.misses("nobody yet", "type to find")
	term.press("Tab", "Tab")
	term.sees("▸ Subject")
	term.types("앤빌이 늦게 왔습니다")
	term.press("Tab")
	term.types("It came on Tuesday.")
	term.press("C-t", "C-s")
	term.sees("A new ticket for", "앤빌이 늦게 왔습니다")
	term.press("D")
	made := ticketIn(t, term.sees("Made ticket #"))
	if now := ticketNow(t, served, made); now.Subject != "앤빌이 늦게 왔습니다" {
		t.Errorf("the new ticket is %+v", now)
	}
	if got := lastComment(t, served, made); !got.Public || got.Body != "It came on Tuesday." {
		t.Errorf("the new ticket says %+v", got)
	}
	term.press("q")
	term.sees("exit code 0")

	// The command alone opens the same screen, and ends with it.
	term = openTerminal(t, 80, 24, env, "tickets", "edit", strconv.FormatInt(made, 10))
	term.sees("edit · #", "앤빌이 늦게 왔습니다")
	term.types("pending")
	term.press("Tab", "C-s")
	term.sees("What changes", "Pending")
	term.press("D")
	term.sees("Changed #"+strconv.FormatInt(made, 10), "exit code 0")
	if now := ticketNow(t, served, made); now.Status != "pending" {
		t.Errorf("the ticket is %+v", now)
	}
	term = openTerminal(t, 80, 24, env, "tickets", "new", of.ExternalID)
	term.sees("new ticket · ", "Requester")
	term.press("Escape")
	term.sees("exit code 0")
}

// ticketIn is the number of the ticket that was made, as the screen says it.
func ticketIn(t *testing.T, screen string) int64 {
	t.Helper()
	_, rest, _ := strings.Cut(screen, "Made ticket #")
	digits, _, _ := strings.Cut(rest, " ")
	id, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestWhatIsWrittenOutlastsTheNetworkAndTheProgram(t *testing.T) {
	t.Parallel()
	served, env := serve(t, sandbox.Options{Scenario: "ready", Accounts: 40, Tickets: 800})
	of, _ := aBusyCompany(t, served, 1)
	line := newWire(t, served.Info().Zendesk.URL)
	env = append(env, "HOME="+t.TempDir(), "USER=jpark", "ZSF_ZENDESK_URL=http://"+line.address)
	first := openTerminal(t, 100, 30, env, "tickets", of.ExternalID)
	first.sees("▸ #", "enter read")
	ticket := first.chosen()
	before := lastComment(t, served, ticket)

	// The network goes while one types, and comes back.
	first.press("r")
	first.sees("Public reply to", "Ticket status")
	line.cut()
	first.types("written on a train")
	first.press("C-s")
	first.sees("written on a train", "D")
	first.press("D")
	first.sees("What you wrote is kept as a draft")
	if got := lastComment(t, served, ticket); got != before {
		t.Errorf("something was sent: %+v", got)
	}
	first.press("Escape")
	first.sees("Public reply to", "draft kept")
	first.types(", and in the tunnel")
	first.sees("in the tunnel")
	<-time.After(1100 * time.Millisecond) // what is at risk is never older than a second

	// The program is killed in the middle of the next word.
	first.kill()

	line.mend()
	second := openTerminal(t, 100, 30, env, "tickets", of.ExternalID)
	second.choose(ticket)
	second.press("r")
	second.sees("You began this before", "written on a train, and in the tunnel")
	second.press("Enter")
	screen := second.until("the draft is there, or it is said whether it had arrived", func(screen string) bool {
		return strings.Contains(screen, "ctrl+s send") && strings.Contains(screen, "Ticket status")
	})
	if !strings.Contains(screen, "written on a train, and in the tunnel") {
		t.Errorf("the draft is not there:\n%s", screen)
	}
	second.press("C-s")
	second.sees("Public reply to", "D")
	second.press("D")
	second.sees("Replied to")
	if got := lastComment(t, served, ticket); got.Body != "written on a train, and in the tunnel" || !got.Public {
		t.Errorf("the last comment is %+v", got)
	}

	// The program is killed while it sends: the next one looks first, and sends nothing twice.
	served.AddFault(sandbox.FaultRule{Service: "zendesk", Method: http.MethodPut, Fault: sandbox.Fault{After: true, DelayMS: 20_000}})
	second.press("r")
	second.sees("Public reply to", "Ticket status")
	second.types("sent once")
	second.press("C-s")
	second.sees("sent once", "D")
	second.press("D")
	second.sees("Sending")
	second.until("it has arrived", func(string) bool { return lastComment(t, served, ticket).Body == "sent once" })
	second.kill()
	third := openTerminal(t, 100, 30, env, "tickets", of.ExternalID)
	third.choose(ticket)
	third.press("r")
	third.sees("You began this before", "being sent", "sent once")
	third.press("Enter")
	third.sees("It is there: ticket #" + strconv.FormatInt(ticket, 10))
	third.press("Enter")
	third.sees("Nothing was sent a second time")
	if got := countComments(t, served, ticket, "sent once"); got != 1 {
		t.Errorf("it is there %d times", got)
	}
	third.press("q")
	third.sees("exit code 0")
}

// kill ends the program as nothing can that it could prepare for.
func (term *terminal) kill() {
	term.t.Helper()
	shell := strings.TrimSpace(term.tmux("display-message", "-p", "#{pane_pid}"))
	if out, err := exec.Command("pkill", "-9", "-P", shell).CombinedOutput(); err != nil {
		term.t.Fatalf("%v %s", err, out)
	}
	term.sees("exit code 137")
}

// choose puts the pane's cursor on a ticket.
func (term *terminal) choose(ticket int64) {
	term.t.Helper()
	term.sees("▸ #")
	term.goTo("▸ #"+strconv.FormatInt(ticket, 10), "Down")
}

// goTo presses a key until the cursor's line begins so; each press waits for the one before.
func (term *terminal) goTo(begins, key string) {
	term.t.Helper()
	cursor := func(screen string) string {
		for line := range strings.Lines(screen) {
			if strings.HasPrefix(strings.TrimSpace(line), "▸") {
				return strings.TrimSpace(line)
			}
		}
		return ""
	}
	for at := cursor(term.screen()); !strings.HasPrefix(at, begins); {
		before := at
		term.press(key)
		term.until("the cursor has left "+before, func(screen string) bool {
			at = cursor(screen)
			return at != "" && at != before
		})
	}
}
