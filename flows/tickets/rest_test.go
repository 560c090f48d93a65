package tickets_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"zsf/clients/zendesk"
	"zsf/flows/tickets"
)

// unheard sends a draft so that it arrives and nobody hears of it, and gives it back as it was kept.
func (o *clerk) unheard(draft tickets.Draft, method string) tickets.Draft {
	o.t.Helper()
	o.wire.meets(thenDark(method, lostAfter))
	if _, err := o.desk.Send(o.t.Context(), draft, o.catalog); err == nil {
		o.t.Fatal("answered")
	}
	o.wire.meets(nil)
	return o.kept()[0]
}

// earlier is why a draft that was changed after it had arrived is not sent as it is.
func (o *clerk) earlier(draft tickets.Draft) *tickets.EarlierError {
	o.t.Helper()
	_, err := o.desk.Send(o.t.Context(), draft, o.catalog)
	var earlier *tickets.EarlierError
	if !errors.As(err, &earlier) {
		o.t.Fatal(err)
	}
	return earlier
}

func TestOnlyWhatANewTicketHasNotYetIsSentToIt(t *testing.T) {
	o := open(t)
	draft := o.newTicket("rest")
	draft.Comment = "First words."
	draft.Values[tickets.PriorityKey], draft.AddTags = []string{"high"}, []string{"early", "taken-back"}
	draft = o.unheard(draft, http.MethodPost)
	draft.Comment += "\n\nSecond thoughts."
	draft.Values[tickets.PriorityKey], draft.AddTags = []string{"urgent"}, []string{"early", "late"}
	earlier := o.earlier(draft)
	if looked, err := o.desk.Earlier(t.Context(), draft, o.catalog); err != nil || looked == nil || looked.Ticket != earlier.Ticket {
		t.Fatalf("%+v %v", looked, err)
	}
	rest := tickets.GoOn(draft, earlier)
	if rest.Comment != "Second thoughts." || rest.Base.Requester.Name != draft.Requester.Name || !slices.Equal(rest.Changed(), []string{tickets.PriorityKey}) || rest.Arrived.Comment != "First words." {
		t.Errorf("%+v", rest)
	}
	sent, err := o.desk.Send(t.Context(), rest, o.catalog)
	if err != nil || sent.New || sent.Ticket.ID != earlier.Ticket || len(o.kept()) != 0 {
		t.Errorf("%+v %v, %v", sent, err, o.kept())
	}
	if said := o.comments(earlier.Ticket); !slices.Equal(said, []string{"First words. true", "Second thoughts. true"}) {
		t.Errorf("%q", said)
	}
	now := o.read(earlier.Ticket)
	if now.Priority != "urgent" || !slices.Contains(now.Tags, "early") || !slices.Contains(now.Tags, "late") || slices.Contains(now.Tags, "taken-back") {
		t.Errorf("%s, %v", now.Priority, now.Tags)
	}
}

func TestOnlyWhatATicketHasNotYetIsSentToIt(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*tickets.Draft)
		said   []string // in the end, beside what was there
		fields []string
	}{
		"a field more":          {func(d *tickets.Draft) { d.Values[tickets.PriorityKey] = []string{"urgent"} }, []string{"noted false"}, []string{tickets.PriorityKey}},
		"a field taken back":    {func(d *tickets.Draft) { delete(d.Values, tickets.SubjectKey) }, []string{"noted false"}, []string{tickets.SubjectKey}},
		"other words":           {func(d *tickets.Draft) { d.Comment = "no, this" }, []string{"noted false", "no, this false"}, nil},
		"the same said aloud":   {func(d *tickets.Draft) { d.Public = true }, []string{"noted false", "noted true"}, nil},
		"more words":            {func(d *tickets.Draft) { d.Comment = "noted, and more" }, []string{"noted false", ", and more false"}, nil},
		"a field set as it was": {func(d *tickets.Draft) { d.Values[tickets.SubjectKey] = d.Base.Values[tickets.SubjectKey] }, []string{"noted false"}, []string{tickets.SubjectKey}},
	} {
		t.Run(name, func(t *testing.T) {
			o := open(t)
			id := o.ticket().ID
			before, subject := o.comments(id), o.read(id).Subject
			draft := o.note(id, "noted")
			draft.Values[tickets.SubjectKey] = []string{"Another subject"}
			draft = o.unheard(draft, http.MethodPut)
			c.change(&draft)
			rest := tickets.GoOn(draft, o.earlier(draft))
			if !slices.Equal(rest.Changed(), c.fields) {
				t.Errorf("it would change %v: %+v", rest.Changed(), rest.Values)
			}
			if _, err := o.desk.Send(t.Context(), rest, o.catalog); err != nil || len(o.kept()) != 0 {
				t.Errorf("%v, %v", err, o.kept())
			}
			if said := o.comments(id); !slices.Equal(said[len(before):], c.said) {
				t.Errorf("%q", said[len(before):])
			}
			want := "Another subject"
			if slices.Contains(c.fields, tickets.SubjectKey) {
				want = subject
			}
			if now := o.read(id).Subject; now != want {
				t.Errorf("subject %q", now)
			}
		})
	}
}

// Of several tickets one got the change before it was changed: that one gets only the rest.
func TestOfSeveralTicketsTheOneThatWasReachedGetsOnlyTheRest(t *testing.T) {
	o := open(t)
	found, err := o.account.SearchTickets(t.Context(), zendesk.TicketQuery{Unclosed: true}, "updated_at", true, 1, 2)
	if err != nil || len(found.Tickets) != 2 {
		t.Fatal(err)
	}
	ids := []int64{found.Tickets[0].ID, found.Tickets[1].ID}
	draft, _, err := o.desk.EditMany(t.Context(), o.catalog, ids)
	if err != nil {
		t.Fatal(err)
	}
	draft.Comment, draft.PublicSaid = "swept", true
	o.wire.meets(thenDark(http.MethodPut, lostAfter))
	if _, err := o.desk.SendMany(t.Context(), draft, o.catalog, func(tickets.Result) {}); err != nil {
		t.Fatal(err)
	}
	o.wire.meets(nil)
	draft = o.kept()[0]
	draft.Values[tickets.PriorityKey] = []string{"urgent"}
	results, _ := o.desk.SendMany(t.Context(), draft, o.catalog, func(tickets.Result) {})
	draft = o.kept()[0]
	for _, result := range results {
		var earlier *tickets.EarlierError
		if errors.As(result.Err, &earlier) {
			draft = tickets.GoOn(draft, earlier)
		}
	}
	if _, err := o.desk.SendMany(t.Context(), draft, o.catalog, func(tickets.Result) {}); err != nil || len(o.kept()) != 0 {
		t.Errorf("%v, %+v", err, o.kept())
	}
	for _, id := range ids {
		if o.count("swept false", id) != 1 || o.read(id).Priority != "urgent" {
			t.Errorf("%d: %v, %s", id, o.comments(id), o.read(id).Priority)
		}
	}
}

// Two windows had one draft of a new ticket, and both send: under one key only one ticket is made.
func TestADraftThatWasPartedOffKeepsItsKey(t *testing.T) {
	o := open(t)
	draft := o.newTicket("once")
	parted := draft.PartOff()
	if parted.ID == draft.ID || parted.PartOff().ID == parted.ID {
		t.Error("it is no draft of its own")
	}
	if _, err := o.desk.Send(t.Context(), draft, o.catalog); err != nil {
		t.Fatal(err)
	}
	sent, err := o.desk.Send(t.Context(), parted.PartOff(), o.catalog)
	if err != nil || !sent.Before || o.made("once") != 1 {
		t.Errorf("%+v %v, %d made", sent, err, o.made("once"))
	}
}

func TestAFollowUpGoesOnFromAClosedTicket(t *testing.T) {
	o := open(t)
	id := o.ticket().ID
	var open *tickets.NotClosedError
	if _, err := o.desk.FollowUp(t.Context(), o.catalog, id); !errors.As(err, &open) {
		t.Fatal(err)
	}
	field := o.ownText()
	o.elsewhere(id, zendesk.TicketWrite{
		Subject: zendesk.Set("Broken again"), Priority: zendesk.Set("urgent"), Tags: zendesk.Set([]string{"vip"}),
		CustomFields: []zendesk.FieldWrite{{ID: field, Value: "A-17"}},
	})
	if _, err := o.account.UpdateTicket(t.Context(), id, time.Time{}, zendesk.TicketWrite{Status: "closed"}); err != nil {
		t.Fatal(err)
	}
	closed := o.read(id)
	draft, err := o.desk.FollowUp(t.Context(), o.catalog, id)
	if err != nil || draft.Requester.ID != closed.RequesterID || draft.Values[tickets.PriorityKey] != nil {
		t.Fatalf("%+v %v", draft, err)
	}
	draft.Comment, draft.PublicSaid = "goes on", true
	if preview := draft.Preview(o.catalog); preview.FollowUp != id {
		t.Errorf("%+v", preview)
	}
	sent, err := o.desk.Send(t.Context(), draft, o.catalog)
	if err != nil || !sent.New {
		t.Fatal(err)
	}
	made := o.read(sent.Ticket.ID)
	if made.Subject != "Broken again" || made.RequesterID != closed.RequesterID || made.FormID != closed.FormID || made.OrganizationID != closed.OrganizationID || made.Priority != "" || !slices.Contains(made.Tags, "vip") {
		t.Errorf("%+v", made)
	}
	for _, own := range made.CustomFields {
		if own.ID == field && !slices.Equal(own.Value, []string{"A-17"}) {
			t.Errorf("%+v", own)
		}
	}
	if _, err := o.desk.FollowUp(t.Context(), o.catalog, 99_999_999); !tickets.IsNoTicket(err) {
		t.Errorf("%v", err)
	}
}

// A field that the account no longer has, or that a rule of the account sets: what was sent is not what the ticket has.
func TestWhatZendeskKeepsOtherwiseIsSaid(t *testing.T) {
	o := open(t)
	id := o.ticket().ID
	for i := range o.catalog.Forms {
		o.catalog.Forms[i].All = append(slices.Clone(o.catalog.Forms[i].All), tickets.Field{Key: tickets.CustomKey(4711), Title: "Removed", Kind: tickets.TextField})
	}
	draft := o.edit(id)
	draft.Values[tickets.CustomKey(4711)], draft.Values[tickets.SubjectKey], draft.Values[tickets.StatusKey] = []string{"x"}, []string{"Kept  so"}, []string{"pending"}
	sent, err := o.desk.Send(t.Context(), draft, o.catalog)
	if err != nil || len(sent.Other) != 1 || sent.Other[0].Field.Title != "Removed" || len(sent.Other[0].Theirs) != 0 {
		t.Errorf("%v: %+v", err, sent.Other)
	}
}

// What no screen shows is not sent either: a preview hides nothing.
func TestWhatIsSentIsWhatWasShown(t *testing.T) {
	o := open(t)
	hidden := "\x1b[31mred\x1b[0m \u202etxt.exe\u202c a\u200bb\x07\ttab\r\nnext"
	draft := o.newTicket("hidden")
	draft.Comment, draft.Values[tickets.SubjectKey] = hidden, []string{"sub\x1b]0;x\x07ject\u202e"}
	preview := draft.Preview(o.catalog)
	o.wire.meets(once(http.MethodPost, lostAfter)) // it is found again, too
	sent, err := o.desk.Send(t.Context(), draft, o.catalog)
	if err != nil || o.made("subject") != 1 {
		t.Fatalf("%v, %d made", err, o.made("subject"))
	}
	raw := o.raw("/api/v2/tickets/" + fmt.Sprint(sent.Ticket.ID) + "/comments")
	if want := strings.Join(preview.Comment, "\n"); want != "red txt.exe ab\ttab\nnext" || raw != want {
		t.Errorf("shown %q, sent %q", want, raw)
	}
}

// raw is what a comment says over the wire, before any client has cleaned it.
func (o *clerk) raw(path string) string {
	o.t.Helper()
	request, err := http.NewRequestWithContext(o.t.Context(), http.MethodGet, o.served.Info().Zendesk.URL+path, http.NoBody)
	if err != nil {
		o.t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+o.served.Info().Zendesk.AccessToken)
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		o.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	var body struct {
		Comments []struct{ Body string }
	}
	if err := json.NewDecoder(answer.Body).Decode(&body); err != nil || len(body.Comments) == 0 {
		o.t.Fatal(err)
	}
	return body.Comments[0].Body
}

// ownText is a text field of the account's own that a form shows.
func (o *clerk) ownText() int64 {
	o.t.Helper()
	for _, form := range o.catalog.Forms {
		for _, field := range form.All {
			var id int64
			if _, err := fmt.Sscanf(field.Key, "custom:%d", &id); err == nil && field.Kind == tickets.TextField && !field.ReadOnly {
				return id
			}
		}
	}
	o.t.Fatal("there is none")
	return 0
}
