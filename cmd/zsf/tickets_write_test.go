package main_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
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

// What a script reads of a write.
type wrote struct {
	Schema int
	Ticket struct {
		ID             int64
		URL, Status    string
		OrganizationID int64 `json:"organization_id"`
		Requester      struct {
			ID          int64
			Name, Email string
		}
	}
	New        bool
	SentBefore bool `json:"sent_before"`
	DryRun     bool `json:"dry_run"`
	Closes     bool
	SentAt     time.Time `json:"sent_at"`
	Changes    []struct {
		Field         string
		Before, After []string
		Add, Remove   []string
	}
	Comment *struct {
		Body   string
		Public bool
		To     *struct{ Email string }
		Files  []struct {
			Name string
			Size int64
		}
	}
	RequesterMade bool `json:"requester_made"`
	Results       []struct {
		ID      int64
		Written bool
		Error   *struct{ Code string }
	}
	Error    struct{ Code, Message, Hint string }
	Fields   map[string]string
	Conflict *struct {
		Clashes []struct {
			Field        string
			Mine, Theirs []string
		}
		TheyAlsoWrote []struct{ Body string } `json:"they_also_wrote"`
	}
	Draft  string
	Drafts []struct {
		ID      string
		Comment string
		SentAt  *time.Time `json:"sent_at"`
	}
	Looked []string
}

func readWrote(t *testing.T, ran outcome) wrote {
	t.Helper()
	var doc wrote
	if err := json.Unmarshal([]byte(ran.stdout), &doc); err != nil || doc.Schema != 1 {
		t.Fatalf("%v\n%s%s", err, ran.stdout, ran.stderr)
	}
	return doc
}

// A scribe writes tickets in a sandbox, and keeps its state from one start to the next.
type scribe struct {
	t       *testing.T
	served  *sandbox.Sandbox
	env     []string
	contact string // whose tickets
	email   string
}

func aScribe(t *testing.T) *scribe {
	t.Helper()
	served, env := serve(t, sandbox.Options{Scenario: "ready", Accounts: 10, Tickets: 120})
	s := &scribe{t: t, served: served, env: append(env, "XDG_STATE_HOME="+t.TempDir())}
	for _, row := range rowsOf(t, served, "query", "SELECT Id, Email FROM Contact WHERE Email != null") {
		var found struct{ Users []struct{ ID int64 } }
		account := served.Info().Zendesk
		ask(t, account.URL+"/api/v2/users/search?query=email%3A"+row["Email"].(string), account.AccessToken, &found)
		if len(found.Users) == 1 {
			s.contact, s.email = row["Id"].(string), row["Email"].(string)
			return s
		}
	}
	t.Fatal("no contact is in Zendesk")
	return nil
}

func (s *scribe) run(args ...string) outcome {
	s.t.Helper()
	return runZSF(s.t, s.env, append([]string{"tickets"}, args...)...)
}

func (s *scribe) made(args ...string) int64 {
	s.t.Helper()
	ran := s.run(append([]string{"new", s.contact, "--subject", "Made here", "--comment", "Hello", "--internal", "--yes", "--json"}, args...)...)
	if ran.code != 0 {
		s.t.Fatal(ran.stdout, ran.stderr)
	}
	return readWrote(s.t, ran).Ticket.ID
}

func (s *scribe) ticket(id int64) (ticket struct {
	Status, Priority string
	Tags             []string
}, comments []string,
) {
	s.t.Helper()
	account := s.served.Info().Zendesk
	var one struct {
		Ticket *struct {
			Status, Priority string
			Tags             []string
		}
	}
	one.Ticket = &ticket
	ask(s.t, account.URL+"/api/v2/tickets/"+strconv.FormatInt(id, 10), account.AccessToken, &one)
	var said struct {
		Comments []struct {
			Body   string
			Public bool
		}
	}
	ask(s.t, account.URL+"/api/v2/tickets/"+strconv.FormatInt(id, 10)+"/comments", account.AccessToken, &said)
	for _, comment := range said.Comments {
		comments = append(comments, comment.Body+" "+strconv.FormatBool(comment.Public))
	}
	return ticket, comments
}

func text(id int64) string { return strconv.FormatInt(id, 10) }

func TestATicketIsShownThenMade(t *testing.T) {
	s := aScribe(t)
	path := filepath.Join(t.TempDir(), "report.txt")
	if err := os.WriteFile(path, []byte("hello"), 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{
		"new", s.contact, "--subject", "Invoice 4711", "--comment", "We look into it.\n\nBest", "--public", "--priority", "high", "--status", "waiting on engineering",
		"--tag", "one,two", "--field", "serial number=KR-123456", "--field", "Affected regions=Korea", "--field", "Affected regions=region_jp", "--field", "VIP=yes", "--assignee", "me", "--attach", path,
	}
	posted := func() (posts int) {
		for _, request := range s.served.Requests() {
			if request.Service == "zendesk" && request.Method != http.MethodGet {
				posts++
			}
		}
		return posts
	}
	shown := s.run(append(args, "--dry-run")...)
	for _, words := range []string{"A new ticket of ", s.email, "Subject: Invoice 4711", "Waiting on engineering", "Priority: High", "Affected regions: Korea and Japan", "VIP: yes", "Tags: +one +two", "Public reply to ", "    We look into it.\n\n    Best\n", "report.txt, 5 bytes", "zsf undo does not take this back", "Nothing was sent."} {
		if !strings.Contains(shown.stdout, words) {
			t.Errorf("%q is not in\n%s", words, shown.stdout)
		}
	}
	if doc := readWrote(t, s.run(append(args, "--dry-run", "--json")...)); !doc.DryRun || doc.Comment.To.Email != s.email || len(doc.Changes) < 8 {
		t.Errorf("%+v", doc)
	}
	if ran := s.run(args...); ran.code != 2 || !strings.Contains(ran.stderr, "--yes") || posted() != 0 {
		t.Errorf("nobody agreed: %d %s, %d writes", ran.code, ran.stderr, posted())
	}
	doc := readWrote(t, s.run(append(args, "--yes", "--json")...))
	if !doc.New || doc.Ticket.ID == 0 || doc.Ticket.Requester.Email != s.email || doc.Comment.Files[0].Size != 5 || doc.SentAt.IsZero() || !strings.HasSuffix(doc.Ticket.URL, "/agent/tickets/"+text(doc.Ticket.ID)) {
		t.Errorf("%+v", doc)
	}
	if _, comments := s.ticket(doc.Ticket.ID); !slices.Equal(comments, []string{"We look into it.\n\nBest true"}) {
		t.Error(comments)
	}
	journal := runZSF(t, s.env, "journal")
	for _, words := range []string{"began to send a new ticket of ", "Priority: nothing → High", "Public reply", "sent ticket " + text(doc.Ticket.ID)} {
		if !strings.Contains(journal.stdout, words) {
			t.Errorf("%q is not in\n%s", words, journal.stdout)
		}
	}
	if strings.Contains(journal.stdout+runZSF(t, s.env, "journal", "--json").stdout, "look into it") {
		t.Error("the journal has the comment's words")
	}
	if ran := runZSF(t, s.env, "undo", "1", "--yes"); ran.code != 1 || !strings.Contains(ran.stderr, "a ticket that was made stays") {
		t.Errorf("%d %s", ran.code, ran.stderr)
	}
}

func TestSomebodyNewIsMadeWithTheTicket(t *testing.T) {
	s := aScribe(t)
	account := rowsOf(t, s.served, "query", "SELECT Id FROM Account LIMIT 1")[0]["Id"].(string)
	if ran := s.run("new", account, "--subject", "x", "--comment", "x", "--internal", "--yes"); ran.code != 1 || !strings.Contains(ran.stderr, "--requester") {
		t.Errorf("%d %s", ran.code, ran.stderr)
	}
	if ran := s.run("new", account, "--requester", "zoe@new.example", "--subject", "x", "--comment", "x", "--internal", "--yes"); ran.code != 1 || !strings.Contains(ran.stderr, "a name is needed") {
		t.Errorf("%d %s", ran.code, ran.stderr)
	}
	doc := readWrote(t, s.run("new", account, "--requester", "Zoé Ñu <zoe@new.example>", "--subject", "x", "--comment", "x", "--internal", "--yes", "--json"))
	if !doc.RequesterMade || doc.Ticket.Requester.ID == 0 || doc.Ticket.Requester.Name != "Zoé Ñu" {
		t.Errorf("%+v", doc)
	}
}

func TestTicketsAreChangedAsTheFlagsSay(t *testing.T) {
	s := aScribe(t)
	one, two := s.made("--tag", "before"), s.made()
	ran := s.run("edit", text(one), "--status", "pending", "--add-tag", "after", "--remove-tag", "before", "--comment", "now", "--public", "--yes")
	ticket, comments := s.ticket(one)
	if ran.code != 0 || ticket.Status != "pending" || !slices.Equal(ticket.Tags, []string{"after"}) || !slices.Equal(comments, []string{"Hello false", "now true"}) {
		t.Errorf("%d %s%s %+v %v", ran.code, ran.stdout, ran.stderr, ticket, comments)
	}
	command := exec.CommandContext(t.Context(), program(t), "tickets", "edit", "#"+text(two), text(one), "--priority", "urgent", "--comment-file", "-", "--internal", "--yes", "--json")
	command.Env = append([]string{"HOME=" + t.TempDir(), "LANG=C.UTF-8"}, s.env...)
	command.Stdin = strings.NewReader("two\nlines\n")
	out, err := command.Output()
	doc := readWrote(t, outcome{stdout: string(out)})
	if err != nil || len(doc.Results) != 2 || !doc.Results[0].Written || !doc.Results[1].Written || doc.Results[0].ID != two {
		t.Errorf("%v %s", err, out)
	}
	for _, id := range []int64{one, two} {
		ticket, comments := s.ticket(id)
		if ticket.Priority != "urgent" || comments[len(comments)-1] != "two\nlines false" {
			t.Errorf("%+v %q", ticket, comments)
		}
	}
	if ran := s.run("edit", text(two), "--status", "closed", "--yes"); ran.code != 2 || !strings.Contains(ran.stderr, "--close") {
		t.Errorf("%d %s", ran.code, ran.stderr)
	}
	if ran := s.run("edit", text(two), "--status", "closed", "--close", "--yes"); ran.code != 0 || !strings.Contains(ran.stdout, "closed is for good") {
		t.Errorf("%d %s%s", ran.code, ran.stdout, ran.stderr)
	}
	if ran := s.run("edit", text(two), text(one), "99999999", "--priority", "low", "--yes"); ran.code != 0 || !strings.Contains(ran.stdout, "Closed, so left out: #"+text(two)) || !strings.Contains(ran.stdout, "left out: #99999999") {
		t.Errorf("%d %s%s", ran.code, ran.stdout, ran.stderr)
	}
	if ran := s.run("edit", text(two), "--priority", "low", "--yes"); ran.code != 1 || !strings.Contains(ran.stderr, "takes no changes") {
		t.Errorf("%d %s", ran.code, ran.stderr)
	}
}

func TestWhatCannotBeWrittenIsSaidBeforeAnythingIsSent(t *testing.T) {
	s := aScribe(t)
	id := text(s.made())
	folder := t.TempDir()
	long := folder + "/long.txt"
	if err := os.WriteFile(long, []byte(strings.Repeat("words ", 200_000)), 0o600); err != nil {
		t.Fatal(err)
	}
	before := len(s.served.Requests())
	for _, test := range []struct {
		args []string
		code int
		said string
	}{
		{[]string{"edit", id, "--comment", "x", "--yes"}, 2, "never guessed"},
		{[]string{"edit", id, "--comment", "x", "--public", "--internal"}, 2, "--internal"},
		{[]string{"edit", id, "--public", "--status", "open"}, 2, "there is none"},
		{[]string{"edit", id}, 2, "what to change"},
		{[]string{"edit", "x", "--status", "open"}, 2, "ticket number"},
		{[]string{"edit"}, 2, "which tickets"},
		{[]string{"edit", id, "--comment", " ", "--public"}, 2, "empty"},
		{[]string{"edit", id, "--comment", "x", "--comment-file", "y", "--public"}, 2, "--comment-file"},
		{[]string{"edit", id, "--comment-file", "-", "--public"}, 2, "standard input"},
		{[]string{"edit", id, "--comment-file", folder + "/none", "--public"}, 1, "no such file"},
		{[]string{"edit", id, "--comment-file", long, "--public", "--yes"}, 2, "far longer"},
		{[]string{"edit", id, "--field", "Serial number"}, 2, "NAME=VALUE"},
		{[]string{"edit", id, "--attach", folder, "--comment", "x", "--public"}, 1, "no file"},
		{[]string{"new", "--comment", "x", "--public"}, 2, "which record"},
		{[]string{"edit", id, "--status", "done"}, 2, "Waiting on engineering"},
		{[]string{"edit", id, "--priority", "high!"}, 2, "Urgent"},
		{[]string{"edit", id, "--assignee", "nobody@nowhere.example"}, 2, "No agent"},
		{[]string{"edit", id, "--group", "Nobody"}, 2, "Billing"},
		{[]string{"edit", id, "--form", "Nobody"}, 2, "Refund"},
		{[]string{"edit", id, "--field", "Colour=red"}, 2, "no field Colour"},
		{[]string{"edit", id, "--macro", "Nobody"}, 2, "no macro"},
		{[]string{"edit", id, "--organization", "Nobody"}, 2, "Nobody"},
		{[]string{"edit", id, "--field", "Serial number=1", "--yes"}, 1, "must fit"},
		{[]string{"edit", "99999999", "--status", "open", "--yes"}, 1, "no ticket 99999999"},
		{[]string{"drafts", "drop", "x"}, 2, "no draft x"},
	} {
		ran := s.run(test.args...)
		if ran.code != test.code || !strings.Contains(ran.stderr, test.said) {
			t.Errorf("%v: %d %s%s", test.args, ran.code, ran.stdout, ran.stderr)
		}
	}
	if failed := readWrote(t, s.run("edit", id, "--field", "Serial number=1", "--yes", "--json")); failed.Error.Code != "invalid" || len(failed.Fields) != 1 {
		t.Errorf("%+v", failed)
	}
	for _, request := range s.served.Requests()[before:] {
		if request.Method != http.MethodGet {
			t.Errorf("%s %s", request.Method, request.Path)
		}
	}
	if ran := runZSF(t, nil, "tickets", "edit", id, "--status", "open", "--yes"); ran.code != 3 {
		t.Errorf("without a sign-in: %d %s", ran.code, ran.stderr)
	}
}

// A relay stands between the program and Zendesk, and is told what to do with a write.
type relay struct {
	mu     sync.Mutex
	before func(*http.Request) // of a write, before it is passed on
	after  func(*http.Request) // before its answer is
}

func (r *relay) serve(t *testing.T, to string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		r.mu.Lock()
		before, after := r.before, r.after
		r.mu.Unlock()
		writes := request.Method == http.MethodPost || request.Method == http.MethodPut
		if writes && before != nil {
			before(request)
		}
		body, _ := io.ReadAll(request.Body)
		onward, err := http.NewRequestWithContext(context.Background(), request.Method, to+request.URL.RequestURI(), bytes.NewReader(body))
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		onward.Header = request.Header
		answer, err := http.DefaultClient.Do(onward)
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		defer func() { _ = answer.Body.Close() }()
		if writes && after != nil {
			after(request)
		}
		for name, values := range answer.Header {
			w.Header()[name] = values
		}
		w.WriteHeader(answer.StatusCode)
		_, _ = io.Copy(w, answer.Body)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// Killed while it sends, before the service has it and after: the next start finds out, and sends it once.
func TestASendThatIsKilledIsTakenUpAgain(t *testing.T) {
	s := aScribe(t)
	between := &relay{}
	s.env = append(s.env, "ZSF_ZENDESK_URL="+between.serve(t, s.served.Info().Zendesk.URL))
	id := s.made()
	for _, way := range []string{"true", "false", "true, again", "false, again"} { // whether it arrives, whether the command is given again
		said, retried := strings.CutSuffix(way, ", again")
		arrives := said == "true"
		for _, args := range [][]string{
			{"edit", text(id), "--comment", "killed " + way, "--internal", "--yes"},
			{"new", s.contact, "--subject", "Killed " + way, "--comment", "killed", "--internal", "--yes"},
		} {
			command := exec.CommandContext(t.Context(), program(t), append([]string{"tickets"}, args...)...)
			command.Env = append([]string{"HOME=" + t.TempDir(), "LANG=C.UTF-8"}, s.env...)
			dead := make(chan struct{})
			kill := func(*http.Request) {
				_ = command.Process.Kill()
				<-dead
				if !arrives {
					panic(http.ErrAbortHandler)
				}
			}
			between.mu.Lock()
			if between.before, between.after = kill, nil; arrives {
				between.before, between.after = nil, kill
			}
			between.mu.Unlock()
			if err := command.Start(); err != nil {
				t.Fatal(err)
			}
			_ = command.Wait()
			close(dead)
			between.mu.Lock()
			between.before, between.after = nil, nil
			between.mu.Unlock()
			drafts := readWrote(t, s.run("drafts", "--json")).Drafts
			if len(drafts) != 1 || drafts[0].SentAt == nil || !strings.HasPrefix(drafts[0].Comment, "killed") {
				t.Fatalf("%v: %+v", args, drafts)
			}
			resent := []string{"drafts", "send", drafts[0].ID, "--yes"}
			if retried {
				resent = args
			}
			again := readWrote(t, s.run(append(resent, "--json")...))
			if again.SentBefore != arrives || again.Error.Code != "" {
				t.Errorf("%v: %+v", args, again)
			}
			if args[0] == "new" {
				continue
			}
			if _, comments := s.ticket(id); strings.Count(strings.Join(comments, "\n"), args[3]+" false") != 1 {
				t.Errorf("%v: %v", args, comments)
			}
		}
	}
	list := readTickets(t, s.run(s.contact, "--json", "--limit", "0"))
	for _, subject := range []string{"Killed true", "Killed false", "Killed true, again", "Killed false, again"} {
		if found := slices.DeleteFunc(slices.Clone(list.Tickets), func(line ticketLine) bool { return line.Subject != subject }); len(found) != 1 {
			t.Errorf("%s: %d", subject, len(found))
		}
	}
	if ran := s.run("drafts"); ran.code != 0 || !strings.Contains(ran.stdout, "no drafts") {
		t.Error(ran.stdout)
	}
}

// Somebody else was first: both sides are shown, and the draft is sent with the side that is chosen.
func TestAConflictShowsBothSidesAndIsSentWithOne(t *testing.T) {
	t.Parallel()
	s := aScribe(t)
	between := &relay{}
	s.env = append(s.env, "ZSF_ZENDESK_URL="+between.serve(t, s.served.Info().Zendesk.URL))
	account := s.served.Info().Zendesk
	id := s.made()
	first := func(*http.Request) {
		between.mu.Lock()
		between.before = nil
		between.mu.Unlock()
		time.Sleep(1100 * time.Millisecond) // a stamp has seconds
		send(t, http.MethodPut, account.URL+"/api/v2/tickets/"+text(id), account.AccessToken, `{"ticket":{"priority":"low","comment":{"body":"their note","public":false}}}`, &struct{}{})
	}
	between.before = first
	ran := s.run("edit", text(id), "--priority", "high", "--comment", "mine", "--internal", "--yes")
	if ran.code != 1 || !strings.Contains(ran.stdout, "Priority: was nothing; you High; they Low") || !strings.Contains(ran.stdout, "their note") || !strings.Contains(ran.stderr, "Nothing was sent") || !strings.Contains(ran.stderr, "--mine") {
		t.Fatalf("%d\n%s%s", ran.code, ran.stdout, ran.stderr)
	}
	draft := readWrote(t, s.run("drafts", "--json")).Drafts[0].ID
	failed := readWrote(t, s.run("drafts", "send", draft, "--yes", "--json"))
	if failed.Error.Code != "conflict" || failed.Conflict == nil || failed.Conflict.Clashes[0].Theirs[0] != "Low" || failed.Conflict.TheyAlsoWrote[0].Body != "their note" || failed.Draft != draft {
		t.Errorf("%+v", failed)
	}
	if ran := s.run("drafts", "send", draft, "--theirs", "--yes"); ran.code != 0 {
		t.Fatal(ran.stdout, ran.stderr)
	}
	if ticket, comments := s.ticket(id); ticket.Priority != "low" || !slices.Equal(comments, []string{"Hello false", "their note false", "mine false"}) {
		t.Errorf("%+v %v", ticket, comments)
	}
}

// Whatever a send ends with, what was written is kept, and the way back to it is said.
func TestWhatWasNotSentIsKeptWithAWayBack(t *testing.T) {
	s := aScribe(t)
	id := s.made()
	for name, test := range map[string]struct {
		fault sandbox.Fault
		code  int
		named string
	}{
		"refused":        {sandbox.Fault{Status: 422, Body: `{"error":"RecordInvalid","details":{"base":[{"description":"Serial number: is taken"}]}}`}, 1, "refused"},
		"sign-in":        {sandbox.Fault{Status: 401, Body: `{"error":"invalid_token"}`}, 3, "sign-in"},
		"too many":       {sandbox.Fault{Status: 429, Headers: map[string]string{"Retry-After": "3600"}}, 4, "later"},
		"in maintenance": {sandbox.Fault{Status: 503, Headers: map[string]string{"Retry-After": "3600"}}, 4, "later"},
	} {
		path := "/api/v2/tickets/" + text(id)
		for range 2 {
			s.served.AddFault(sandbox.FaultRule{Service: "zendesk", Method: http.MethodPut, Path: path, Fault: test.fault})
		}
		ran := s.run("edit", text(id), "--comment", "kept "+name, "--internal", "--yes", "--json")
		failed := readWrote(t, ran)
		if ran.code != test.code || failed.Error.Code != test.named || failed.Draft == "" || !strings.Contains(failed.Error.Hint, "draft is kept") {
			t.Errorf("%s: %d %s", name, ran.code, ran.stdout)
		}
		for s.served.FaultsLeft() > 0 { // one that was not met
			useUp(t, s.served, path)
		}
		again := s.run("drafts", "send", failed.Draft, "--yes")
		if _, comments := s.ticket(id); again.code != 0 || strings.Count(strings.Join(comments, "\n"), "kept "+name) != 1 {
			t.Errorf("%s: %d %s%s %v", name, again.code, again.stdout, again.stderr, comments)
		}
	}
}

// useUp uses up a fault.
func useUp(t *testing.T, served *sandbox.Sandbox, path string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPut, served.Info().Zendesk.URL+path, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
}
