package tickets_test

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"zsf/clients/sandbox"
	"zsf/clients/zendesk"
	"zsf/flows/tickets"
)

func TestFilesGoUpOnceThoughTheCommentFails(t *testing.T) {
	o := open(t)
	path := filepath.Join(t.TempDir(), "report 한글.txt")
	if err := os.WriteFile(path, []byte("hello"), 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := tickets.Attach(path)
	if err != nil {
		t.Fatal(err)
	}
	draft := o.note(o.ticket().ID, "see there")
	draft.Files = []tickets.File{file}
	o.fault(http.MethodPut, "", 1, sandbox.Fault{Status: 422, Body: `{"error":"RecordInvalid","details":{"base":[{"description":"no"}]}}`})
	if _, err := o.desk.Send(t.Context(), draft, o.catalog); err == nil {
		t.Fatal("not refused")
	}
	kept := o.kept()[0]
	if kept.Files[0].Token == "" {
		t.Fatalf("%+v", kept.Files)
	}
	if _, err := o.desk.Send(t.Context(), kept, o.catalog); err != nil {
		t.Fatal(err)
	}
	uploads := 0
	for _, request := range o.served.Requests() {
		if strings.HasPrefix(request.Path, "/api/v2/uploads") {
			uploads++
		}
	}
	comments, err := o.account.Comments(t.Context(), draft.Ticket)
	if last := comments[len(comments)-1]; err != nil || uploads != 1 || len(last.Attachments) != 1 || last.Attachments[0].FileName != "report 한글.txt" || last.Attachments[0].Size != 5 {
		t.Errorf("%d uploads, %+v %v", uploads, last, err)
	}
	for path, want := range map[string]error{filepath.Join(t.TempDir(), "none"): os.ErrNotExist, t.TempDir(): nil} {
		var failed *tickets.FileError
		if _, err := tickets.Attach(path); !errors.As(err, &failed) || want != nil && !errors.Is(err, want) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestSeveralTicketsAreWrittenEachForItself(t *testing.T) {
	for side, priority := range map[tickets.Side]string{tickets.Mine: "low", tickets.Theirs: "urgent"} {
		t.Run(string(side), func(t *testing.T) { writeSeveral(t, side, priority) })
	}
}

// writeSeveral writes six tickets of which somebody else changed the third, then that one with a side.
func writeSeveral(t *testing.T, side tickets.Side, priority string) {
	o := open(t)
	found, err := o.account.SearchTickets(t.Context(), zendesk.TicketQuery{Unclosed: true}, "updated_at", true, 1, 6)
	if err != nil || len(found.Tickets) < 6 {
		t.Fatal(err)
	}
	var ids []int64
	for _, ticket := range found.Tickets {
		ids = append(ids, ticket.ID)
	}
	draft, gone, err := o.desk.EditMany(t.Context(), o.catalog, append(slices.Clone(ids), 99_999_999, ids[0]))
	if err != nil || !slices.Equal(gone, []int64{99_999_999}) || !slices.Equal(draft.Tickets, ids) {
		t.Fatal(draft.Tickets, gone, err)
	}
	draft.Values[tickets.PriorityKey], draft.AddTags = []string{"low"}, []string{"swept"}
	draft.Comment, draft.PublicSaid = "for all", true
	o.elsewhere(ids[2], zendesk.TicketWrite{Priority: zendesk.Set("urgent")})
	o.wire.meets(once(http.MethodPut, lostAfter))
	var heard []int64
	results, err := o.desk.SendMany(t.Context(), draft, o.catalog, locked(func(result tickets.Result) { heard = append(heard, result.Ticket) }))
	if err != nil || len(results) != 6 || len(heard) != 6 {
		t.Fatal(results, err)
	}
	for i, result := range results {
		var conflict *tickets.ConflictError
		if result.Ticket != ids[i] || (i == 2) != errors.As(result.Err, &conflict) || i != 2 && result.Err != nil {
			t.Errorf("%d: %+v", i, result)
		}
	}
	kept := o.kept()
	if len(kept) != 1 || !slices.Equal(kept[0].Pending(), []int64{ids[2]}) {
		t.Fatalf("%+v", kept)
	}
	// Taken up again, nothing is written twice.
	again, err := o.desk.Rebase(t.Context(), o.catalog, kept[0], side)
	if err != nil {
		t.Fatal(err)
	}
	if results, err = o.desk.SendMany(t.Context(), again, o.catalog, func(tickets.Result) {}); err != nil || len(results) != 1 || results[0].Err != nil || len(o.kept()) != 0 {
		t.Fatal(results, err, o.kept())
	}
	for i, id := range ids {
		now, want := o.read(id), "low"
		if i == 2 {
			want = priority
		}
		if now.Priority != want || !slices.Contains(now.Tags, "swept") || o.count("for all false", id) != 1 {
			t.Errorf("%+v %v", now, o.comments(id))
		}
	}
}

func TestAMacroIsTakenInAndNotSent(t *testing.T) {
	o := open(t)
	at := slices.IndexFunc(o.catalog.Macros, func(m tickets.Macro) bool { return m.Title == "Escalate to engineering" })
	if at < 0 {
		t.Fatalf("%+v", o.catalog.Macros)
	}
	draft := o.edit(o.ticket().ID)
	draft.Comment = "First mine."
	before := o.read(draft.Ticket)
	applied, err := o.desk.Apply(t.Context(), draft, o.catalog, o.catalog.Macros[at].ID)
	if err != nil {
		t.Fatal(err)
	}
	add, remove := applied.TagChanges()
	if applied.Values[tickets.PriorityKey][0] != "urgent" || applied.Values[tickets.StatusKey][0] != o.status("Waiting on engineering") || !slices.Contains(add, "escalated") || len(remove) != 0 ||
		applied.Comment != "First mine.\n\nPlease look at this one first." || applied.Public || !applied.PublicSaid {
		t.Errorf("%+v %v %v", applied, add, remove)
	}
	if after := o.read(draft.Ticket); !after.UpdatedAt.Equal(before.UpdatedAt) {
		t.Error("the macro was sent")
	}
	if _, err := o.desk.Send(t.Context(), applied, o.catalog); err != nil {
		t.Fatal(err)
	}
	if now := o.read(draft.Ticket); now.Priority != "urgent" || !slices.Contains(now.Tags, "escalated") {
		t.Errorf("%+v", now)
	}
}

func locked(do func(tickets.Result)) func(tickets.Result) {
	gate := make(chan struct{}, 1)
	return func(result tickets.Result) {
		gate <- struct{}{}
		defer func() { <-gate }()
		do(result)
	}
}
