package tickets_test

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zsf/clients/salesforce"
	"zsf/clients/store"
	"zsf/clients/zendesk"
	"zsf/flows/tickets"
)

const (
	org     = "https://acme.my.salesforce.com"
	account = "https://acme.zendesk.com"
	acmeID  = "0015g00000AbCdEAAV"
)

var readAt = time.Date(2026, 11, 26, 10, 2, 0, 0, time.UTC)

func seenOf(id, name string, subjects ...string) tickets.Seen {
	seen := tickets.Seen{
		Record: tickets.Record{Record: salesforce.Record{ID: id, Object: "Account", Name: name, AccountID: id, AccountName: name, Converted: &salesforce.Conversion{ContactID: "x"}}, URL: org + "/1"},
		Match: tickets.Match{
			By: tickets.ByName, Values: []string{name}, Targets: []tickets.Target{{Kind: tickets.OfOrganization, ID: 7, Name: name}},
			Others: []tickets.By{tickets.ByDomain}, Asked: tickets.ByName,
		},
		List: tickets.List{Total: len(subjects), ReadAt: readAt, NotShown: []tickets.Left{{What: tickets.LeftClosed, Count: 3}}},
	}
	for i, subject := range subjects {
		seen.List.Tickets = append(seen.List.Tickets, tickets.Ticket{
			Ticket:    zendesk.Ticket{ID: int64(i + 1), Subject: subject, Status: "open", Tags: []string{"a"}, CreatedAt: readAt, UpdatedAt: readAt},
			Requester: tickets.Person{ID: 9, Name: "김지우", Email: "jiwoo@acme.com"}, Label: "Waiting", URL: account + "/agent/tickets/1",
		})
	}
	return seen
}

func keepSeen(t *testing.T, memory *tickets.Memory, seen ...tickets.Seen) {
	t.Helper()
	for _, one := range seen {
		if err := memory.Keep(t.Context(), one); err != nil {
			t.Fatal(err)
		}
	}
}

func TestWhatWasSeenIsRecalledByIDAddressAndName(t *testing.T) {
	cache := store.CacheAt(t.TempDir())
	memory := tickets.NewMemory(cache, "acme", org, account)
	want := seenOf(acmeID, "한빛전자", "주문 내역이 보이지 않아요", "")
	keepSeen(t, memory, want)
	for _, text := range []string{acmeID, acmeID[:15], org + "/lightning/r/Account/" + acmeID + "/view", "한빛전자", " 한빛전자 "} {
		got, known := memory.Recall(t.Context(), text)
		if diff := cmp.Diff(want, got); !known || diff != "" {
			t.Errorf("%q: %v %s", text, known, diff)
		}
	}
	for _, text := range []string{"한빛", "", "0015g00000AbCdFAAV", "https://example.com"} {
		if _, known := memory.Recall(t.Context(), text); known {
			t.Error(text)
		}
	}
	keepSeen(t, memory, seenOf("0015g00000AbCdFAAV", "한빛전자"))
	if seen, known := memory.Recall(t.Context(), "한빛전자"); known {
		t.Errorf("it is one of two: %+v", seen.Record)
	}
	for _, other := range []*tickets.Memory{
		nil, tickets.NewMemory(cache, "other", org, account), tickets.NewMemory(cache, "acme", org+".au", account),
		tickets.NewMemory(cache, "acme", org, "https://other.zendesk.com"),
	} {
		if _, known := other.Recall(t.Context(), acmeID); known {
			t.Errorf("%+v sees another's tickets", other)
		}
	}
}

func TestAMemoryIsNotASecretKeeper(t *testing.T) {
	cache := store.CacheAt(t.TempDir())
	memory := tickets.NewMemory(cache, "acme", org, account)
	const secret = "Bearer abcdefghijklmnopqrstuvwxyz0123456789"
	seen := seenOf(acmeID, "Acme", "my token: "+secret)
	said := tickets.Conversation{
		Ticket: seen.List.Tickets[0], ReadAt: readAt,
		Messages: []tickets.Message{{
			ID: 1, Public: true, Lines: []string{"password: hunter2-and-more", "well"}, At: readAt,
			Attachments: []zendesk.Attachment{{FileName: "a.png", ContentURL: account + "/attachments/token/sesame/?name=a.png", Size: 3}},
		}},
	}
	keepSeen(t, memory, seen)
	if err := memory.KeepConversation(t.Context(), said); err != nil {
		t.Fatal(err)
	}
	if seen.List.Tickets[0].Subject != "my token: "+secret || said.Messages[0].Attachments[0].ContentURL == "" || said.Messages[0].Lines[0] != "password: hunter2-and-more" {
		t.Error("what is shown was changed")
	}
	text, err := os.ReadFile(cache.Path())
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"abcdefghijklmnopq", "hunter2", "sesame"} {
		if strings.Contains(string(text), word) {
			t.Errorf("%s is in the file", word)
		}
	}
	got, known := memory.RecallConversation(t.Context(), 1)
	if !known || got.Messages[0].Lines[1] != "well" || got.Messages[0].Attachments[0].FileName != "a.png" || !got.ReadAt.Equal(readAt) {
		t.Errorf("%+v", got)
	}
	if err := memory.ForgetConversation(t.Context(), 1); err != nil {
		t.Error(err)
	}
	if _, known := memory.RecallConversation(t.Context(), 1); known {
		t.Error("it was not forgotten")
	}
}

func TestTheRecordsThatWereLookedAtLastAreRecalled(t *testing.T) {
	memory := tickets.NewMemory(store.CacheAt(t.TempDir()), "acme", org, account)
	if hits, known := memory.RecallRecent(t.Context()); known || hits != nil {
		t.Error(hits)
	}
	want := []tickets.Hit{{ID: acmeID, Object: "Account", Name: "한빛전자", URL: org + "/1"}, {ID: "003000000000000AAA", Object: "Contact", Name: "J. Park"}}
	if err := memory.KeepRecent(t.Context(), want, readAt); err != nil {
		t.Fatal(err)
	}
	if hits, known := memory.RecallRecent(t.Context()); !known || !cmp.Equal(want, hits) {
		t.Error(hits)
	}
	var nothing *tickets.Memory
	if _, known := nothing.RecallRecent(t.Context()); known || nothing.KeepRecent(t.Context(), want, readAt) != nil {
		t.Error("nothing knows something")
	}
}

func TestALongListIsKeptInPart(t *testing.T) {
	memory := tickets.NewMemory(store.CacheAt(t.TempDir()), "acme", org, account)
	keepSeen(t, memory, seenOf(acmeID, "Acme", make([]string, 1500)...))
	seen, known := memory.Recall(t.Context(), acmeID)
	last := seen.List.NotShown[len(seen.List.NotShown)-1]
	if !known || len(seen.List.Tickets) != 1000 || seen.List.Total != 1500 || last != (tickets.Left{What: tickets.LeftLimit, Count: 500}) {
		t.Errorf("%v %d %+v", known, len(seen.List.Tickets), seen.List.NotShown)
	}
}

// A list that shows but some of the tickets is not what a record is opened with.
func TestOnlyAWholeListIsKept(t *testing.T) {
	for name, test := range map[string]struct {
		query tickets.Query
		with  []tickets.Reach
		want  bool
	}{
		"all unclosed":   {tickets.Query{}, nil, true},
		"a first screen": {tickets.Query{Limit: 100}, nil, true},
		"a few":          {tickets.Query{Limit: 3}, nil, false},
		"of one status":  {tickets.Query{Statuses: []string{"open"}}, nil, false},
		"with contacts":  {tickets.Query{}, []tickets.Reach{{What: tickets.OfContacts}}, false},
	} {
		memory := tickets.NewMemory(store.CacheAt(t.TempDir()), "acme", org, account)
		seen := seenOf(acmeID, "Acme", "x")
		seen.Match.With = test.with
		err := memory.Remember(t.Context(), tickets.Sought{Text: acmeID, Query: test.query}, tickets.Found{Record: seen.Record, Match: seen.Match, List: seen.List}, nil)
		if _, known := memory.Recall(t.Context(), acmeID); known != test.want || err != nil {
			t.Errorf("%s: %v %v", name, known, err)
		}
	}
}

func TestDraftsOutlastTheProgram(t *testing.T) {
	kept := store.At(t.TempDir())
	drafts := tickets.KeptDrafts{Store: kept, Profile: "acme", Account: account, Now: func() time.Time { return readAt }}
	draft := tickets.NewDraft()
	draft.Ticket, draft.Comment, draft.Values = 7, "half a sen", tickets.Values{"status": {"pending"}}
	draft.Sending = tickets.Attempt{Since: readAt, Entry: 7, Values: tickets.Values{"subject": {"x"}}, Comment: "x", Public: true}
	if err := drafts.Save(t.Context(), draft); err != nil {
		t.Fatal(err)
	}
	draft.SavedAt = readAt
	if all, err := drafts.All(t.Context()); err != nil || !cmp.Equal([]tickets.Draft{draft}, all) {
		t.Errorf("%v %s", err, cmp.Diff([]tickets.Draft{draft}, all))
	}
	elsewhere := drafts
	elsewhere.Account = "https://other.zendesk.com"
	if all, err := elsewhere.All(t.Context()); err != nil || len(all) != 0 {
		t.Error("a draft is offered for another account", err)
	}
	// One that a later zsf wrote is said, and hides no other.
	if err := kept.KeepDraft(t.Context(), store.Draft{ID: "later", Profile: "acme", Account: account, SavedAt: readAt, Body: json.RawMessage(`{"Ticket":"many"}`)}); err != nil {
		t.Fatal(err)
	}
	var unkept *tickets.UnkeptError
	if all, err := drafts.All(t.Context()); len(all) != 1 || !errors.As(err, &unkept) || !unkept.Read {
		t.Error(all, err)
	}
	if err := errors.Join(drafts.Drop(t.Context(), "later"), drafts.Drop(t.Context(), draft.ID)); err != nil {
		t.Error(err)
	}
	if all, err := drafts.All(t.Context()); len(all) != 0 || err != nil {
		t.Error(all, err)
	}
}

func TestADraftThatCannotBeKeptSaysSo(t *testing.T) {
	blocked := t.TempDir() + "/file"
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	drafts := tickets.KeptDrafts{Store: store.At(blocked), Profile: "acme", Account: account, Now: time.Now}
	var unkept *tickets.UnkeptError
	if err := drafts.Save(t.Context(), tickets.NewDraft()); !errors.As(err, &unkept) || unkept.Read || unkept.Text().ID != "draft-unkept.kept" {
		t.Error(err)
	}
}
