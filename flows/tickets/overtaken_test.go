package tickets_test

import (
	"errors"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zsf/clients/sandbox"
	"zsf/clients/store"
	"zsf/clients/transport"
	"zsf/clients/zendesk"
	"zsf/flows/tickets"
)

func TestWhatSomebodyElseChangedIsShownAndMerged(t *testing.T) {
	o := open(t)
	ticket := o.ticket()
	draft := o.edit(ticket.ID)
	draft.Values = tickets.Values{tickets.PriorityKey: {"high"}, tickets.SubjectKey: {"Mine"}}
	draft.AddTags, draft.Comment, draft.PublicSaid = []string{"mine"}, "my note", true
	o.elsewhere(ticket.ID, zendesk.TicketWrite{
		Priority: zendesk.Set("low"), Type: zendesk.Set("problem"), Tags: zendesk.Set(append(slices.Clone(ticket.Tags), "theirs")),
		Comment: &zendesk.CommentWrite{Body: "their note"},
	})
	_, err := o.desk.Send(t.Context(), draft, o.catalog)
	var conflict *tickets.ConflictError
	if !errors.As(err, &conflict) {
		t.Fatal(err)
	}
	if len(conflict.Clashes) != 1 || conflict.Clashes[0].Field.Key != tickets.PriorityKey || len(conflict.Messages) == 0 || strings.Join(conflict.Messages[0].Lines, "") != "their note" || conflict.Messages[0].Author.Name == "" {
		t.Errorf("%+v", conflict)
	}
	var beside []string
	for _, difference := range conflict.Beside {
		beside = append(beside, difference.Field.Key)
	}
	if !slices.Contains(beside, tickets.TypeKey) || !slices.Contains(beside, tickets.TagsKey) {
		t.Error(beside)
	}
	if kept := o.kept(); len(kept) != 1 || kept[0].Comment != "my note" || !kept[0].Sending.IsZero() {
		t.Fatalf("%+v", kept)
	}
	merged := tickets.Merge(o.kept()[0], conflict, map[string]tickets.Side{tickets.PriorityKey: tickets.Theirs})
	if _, err := o.desk.Send(t.Context(), merged, o.catalog); err != nil {
		t.Fatal(err)
	}
	now := o.read(ticket.ID)
	if now.Subject != "Mine" || now.Priority != "low" || now.Type != "problem" || !slices.Contains(now.Tags, "mine") || !slices.Contains(now.Tags, "theirs") || o.count("my note false", ticket.ID) != 1 {
		t.Errorf("%+v %v", now, o.comments(ticket.ID))
	}
	if diff := cmp.Diff([]store.Kind{store.TicketBegun, store.TicketRefused, store.TicketBegun, store.TicketWritten}, o.notes.kinds()); diff != "" {
		t.Error(diff)
	}
}

func TestATicketThatWentAwayMeanwhileIsToldAsThat(t *testing.T) {
	closed := func(tags ...string) func(*clerk, int64) {
		return func(o *clerk, id int64) {
			write := zendesk.TicketWrite{Status: "closed", Comment: &zendesk.CommentWrite{Body: "This request was closed and merged into request #4711."}}
			if len(tags) > 0 {
				write.Tags = zendesk.Set(tags)
			}
			o.elsewhere(id, write)
		}
	}
	for name, test := range map[string]struct {
		why   string
		into  int64
		leave func(*clerk, int64)
	}{
		"deleted": {"deleted", 0, func(o *clerk, id int64) {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodDelete, o.served.Info().Zendesk.URL+"/api/v2/tickets/"+strconv.FormatInt(id, 10), http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("Authorization", "Bearer "+o.served.Info().Zendesk.AccessToken)
			answer, err := http.DefaultClient.Do(request)
			if err != nil || answer.StatusCode != http.StatusNoContent {
				t.Fatal(answer, err)
			}
			_ = answer.Body.Close()
		}},
		"closed": {"closed", 0, closed()},
		"merged": {"merged", 4711, closed("closed_by_merge")},
	} {
		t.Run(name, func(t *testing.T) {
			o := open(t)
			draft := o.note(o.ticket().ID, "too late")
			test.leave(o, draft.Ticket)
			_, err := o.desk.Send(t.Context(), draft, o.catalog)
			var gone *tickets.GoneError
			if !errors.As(err, &gone) || gone.Why != test.why || gone.Into != test.into || gone.Ticket != draft.Ticket {
				t.Fatalf("%+v %v", gone, err)
			}
			if kept := o.kept(); len(kept) != 1 || kept[0].Comment != "too late" {
				t.Errorf("%+v", kept)
			}
		})
	}
	o := open(t)
	if _, err := o.desk.Edit(t.Context(), o.catalog, 99_999_999); err == nil {
		t.Error("a ticket that never was")
	}
}

// What Zendesk refuses stands at its field; mended, it is sent, though the service keeps its first answer under the first key.
func TestARefusalStandsAtItsFieldAndCanBeMended(t *testing.T) {
	o := open(t)
	draft := o.newTicket("refused once")
	serial := o.field("Serial number")
	draft.Values[serial] = []string{"KR-123456"}
	o.fault(http.MethodPost, "/api/v2/tickets", 1, sandbox.Fault{Status: 422, Body: `{"error":"RecordInvalid","description":"Record validation errors","details":{
		"base":[{"description":"Serial number: is taken","error":"InvalidValue"},{"description":"The moon is full"}],"status":[{"description":"Status: is invalid"}]}}`})
	_, err := o.desk.Send(t.Context(), draft, o.catalog)
	var refused *tickets.RefusedError
	if !errors.As(err, &refused) {
		t.Fatal(err)
	}
	if keys := slices.Sorted(maps.Keys(refused.Fields)); !slices.Equal(keys, []string{tickets.WholeKey, serial, tickets.StatusKey}) {
		t.Error(keys)
	}
	kept := o.kept()[0]
	if !kept.Sending.IsZero() || kept.Comment != draft.Comment {
		t.Errorf("%+v", kept)
	}
	kept.Values[tickets.PriorityKey] = []string{"high"}
	if _, err := o.desk.Send(t.Context(), kept, o.catalog); err != nil || o.made("refused once") != 1 {
		t.Fatal(o.made("refused once"), err)
	}

	// The service itself refuses, and answers the same under the same key for two hours.
	draft = o.newTicket("refused by itself")
	draft.Values[tickets.AssigneeKey] = []string{strconv.FormatInt(o.requester().ID, 10)}
	catalog := o.catalog
	catalog.Agents = append(slices.Clone(catalog.Agents), o.requester()) // as if it had been an agent when it was asked
	if _, err = o.desk.Send(t.Context(), draft, catalog); !errors.As(err, &refused) || refused.Fields[tickets.AssigneeKey].Empty() {
		t.Fatal(err)
	}
	kept = o.kept()[0]
	delete(kept.Values, tickets.AssigneeKey)
	if _, err := o.desk.Send(t.Context(), kept, o.catalog); err != nil || o.made("refused by itself") != 1 {
		t.Fatal(err)
	}
}

func (o *clerk) field(title string) string {
	o.t.Helper()
	for _, form := range o.catalog.Forms {
		for _, field := range form.All {
			if field.Title == title {
				return field.Key
			}
		}
	}
	o.t.Fatalf("no field %s in %+v", title, o.catalog.Forms)
	return ""
}

func TestALimitAndAnOutageSayWhenToTryAgain(t *testing.T) {
	for status, mayHaveArrived := range map[int]bool{http.StatusTooManyRequests: false, http.StatusServiceUnavailable: true} {
		o := open(t)
		draft := o.note(o.ticket().ID, "later")
		path := "/api/v2/tickets/" + strconv.FormatInt(draft.Ticket, 10)
		o.fault(http.MethodPut, path, 9, sandbox.Fault{Status: status, Headers: map[string]string{"Retry-After": "600"}})
		_, err := o.desk.Send(t.Context(), draft, o.catalog)
		var later *tickets.LaterError
		if !errors.As(err, &later) || time.Until(later.Until) < 9*time.Minute || time.Until(later.Until) > 11*time.Minute {
			t.Fatalf("%d: %v", status, err)
		}
		if kept := o.kept(); len(kept) != 1 || kept[0].Sending.IsZero() == mayHaveArrived {
			t.Errorf("%d: %+v", status, kept)
		}
	}
}

func TestASignInThatExpiredKeepsTheDraft(t *testing.T) {
	o := open(t)
	draft := o.note(o.ticket().ID, "kept")
	o.fault("", "", 99, sandbox.Fault{Status: 401, Body: `{"error":"invalid_token","error_description":"The access token provided is expired"}`})
	_, err := o.desk.Send(t.Context(), draft, o.catalog)
	if transport.KindOf(err) != transport.SignInExpired {
		t.Fatal(err)
	}
	if kept := o.kept(); len(kept) != 1 || !kept[0].Sending.IsZero() || kept[0].Comment != "kept" {
		t.Errorf("%+v", kept)
	}
}

func TestALightAgentIsToldBeforeItIsSent(t *testing.T) {
	o := open(t)
	if err := o.served.ChangeAccount(sandbox.AccountChange{Role: "light-agent"}); err != nil {
		t.Fatal(err)
	}
	catalog, err := o.desk.Catalog(t.Context())
	if err != nil || !catalog.InternalOnly {
		t.Fatalf("%+v %v", catalog, err)
	}
	draft := o.note(o.ticket().ID, "to everybody")
	draft.Public = true
	var problems *tickets.ProblemsError
	if _, err := o.desk.Send(t.Context(), draft, catalog); !errors.As(err, &problems) || problems.Fields[tickets.CommentKey].ID != "ticket-problem.internal-only" {
		t.Fatal(err)
	}
	draft.Public = false
	if _, err := o.desk.Send(t.Context(), draft, catalog); err != nil || o.count("to everybody false", draft.Ticket) != 1 {
		t.Fatal(err, o.comments(draft.Ticket))
	}
}

// Every kind of field is written and read back, and emptied again.
func TestEveryKindOfFieldIsWrittenAndEmptied(t *testing.T) {
	o := open(t)
	id := o.ticket().ID
	draft := o.edit(id)
	want := tickets.Values{
		tickets.SubjectKey: {"Everything"}, tickets.PriorityKey: {"urgent"}, tickets.TypeKey: {"task"}, tickets.DueKey: {"2026-12-24"}, tickets.StatusKey: {o.status("Waiting for payment")},
		tickets.GroupKey: {strconv.FormatInt(o.catalog.Groups[1].ID, 10)}, tickets.AssigneeKey: {strconv.FormatInt(o.catalog.Me.ID, 10)},
		o.field("Affected regions"): {"region_jp", "region_kr"}, o.field("VIP"): {"true"}, o.field("Delivery date"): {"2026-12-01"},
		o.field("Seats"): {"12"}, o.field("Refund amount"): {"12.50"}, o.field("Serial number"): {"KR-654321"}, o.field("Refund reason"): {"refund_late"},
	}
	for _, form := range o.catalog.Forms {
		for _, field := range form.All {
			if _, set := want[field.Key]; !set {
				switch field.Kind {
				case tickets.TextField:
					want[field.Key] = []string{"A text"}
				case tickets.IntegerField: // looks a user up
					want[field.Key] = []string{strconv.FormatInt(o.catalog.Me.ID, 10)}
				case tickets.ParagraphField:
					want[field.Key] = []string{"Two\nlines"}
				case tickets.ChoiceField:
					want[field.Key] = []string{field.Options[0].Value}
				}
			}
		}
	}
	maps.Copy(draft.Values, want)
	sent, err := o.desk.Send(t.Context(), draft, o.catalog)
	if err != nil || sent.Ticket.Label != "Waiting for payment" {
		t.Fatalf("%+v %v", sent, err)
	}
	draft = o.edit(id)
	for key, values := range want {
		got := slices.Clone(draft.Base.Values[key])
		slices.Sort(got)
		if !slices.Equal(got, values) {
			t.Errorf("%s: want %v, got %v", key, values, got)
		}
	}
	kinds := map[tickets.FieldKind]bool{}
	for key := range want {
		field, _ := o.catalog.Field(key)
		kinds[field.Kind] = true
		switch {
		case key == tickets.SubjectKey || key == tickets.StatusKey || key == tickets.GroupKey:
		case field.Kind == tickets.CheckboxField:
			draft.Values[key] = []string{"false"}
		default:
			draft.Values[key] = nil
		}
	}
	for _, kind := range []tickets.FieldKind{
		tickets.TextField, tickets.ParagraphField, tickets.ChoiceField, tickets.ManyField, tickets.CheckboxField, tickets.DateField,
		tickets.IntegerField, tickets.DecimalField, tickets.PatternField,
	} {
		if !kinds[kind] {
			t.Errorf("the sandbox has no field of the kind %s", kind)
		}
	}
	if _, err := o.desk.Send(t.Context(), draft, o.catalog); err != nil {
		t.Fatal(err)
	}
	draft = o.edit(id)
	for key := range draft.Base.Values {
		field, _ := o.catalog.Field(key)
		if _, set := want[key]; set && field.Kind != tickets.CheckboxField && key != tickets.SubjectKey && key != tickets.StatusKey && key != tickets.GroupKey {
			t.Errorf("%s still has %v", key, draft.Base.Values[key])
		}
	}
}

func (o *clerk) status(label string) string {
	o.t.Helper()
	value, ok := o.catalog.StatusOf(label)
	if !ok {
		o.t.Fatalf("no status %s", label)
	}
	return value
}

func TestATicketOfSomebodyInSeveralOrganizationsIsInOneOfThem(t *testing.T) {
	o := open(t)
	var several tickets.Person
	var options []tickets.Option
	all, err := o.account.SearchTickets(t.Context(), zendesk.TicketQuery{}, "created_at", true, 1, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, ticket := range all.Tickets {
		found, err := o.desk.Organizations(t.Context(), tickets.Person{ID: ticket.RequesterID})
		if err != nil {
			t.Fatal(err)
		}
		if len(found) > len(options) {
			several, options = tickets.Person{ID: ticket.RequesterID, Name: "x"}, found
		}
		if len(options) >= 3 {
			break
		}
	}
	if len(options) < 3 {
		t.Fatalf("nobody in the sandbox is in three organizations: %v", options)
	}
	draft, err := o.desk.New(t.Context(), o.catalog, tickets.Record{}, several)
	if err != nil || len(draft.Base.Organizations) != len(options) {
		t.Fatal(draft, err)
	}
	draft.Comment, draft.PublicSaid = "x", true
	draft.Values[tickets.OrganizationKey] = []string{options[2].Value}
	sent, err := o.desk.Send(t.Context(), draft, o.catalog)
	if err != nil || strconv.FormatInt(sent.Ticket.OrganizationID, 10) != options[2].Value {
		t.Fatalf("%+v %v", sent, err)
	}
	draft, _ = o.desk.New(t.Context(), o.catalog, tickets.Record{}, several)
	draft.Comment, draft.PublicSaid = "x", true
	draft.Values[tickets.OrganizationKey] = []string{"1"}
	var problems *tickets.ProblemsError
	if _, err := o.desk.Send(t.Context(), draft, o.catalog); !errors.As(err, &problems) || problems.Fields[tickets.OrganizationKey].Empty() {
		t.Fatal(err)
	}
}

// What was changed after a send that nobody knew of is not lost with it.
func TestAnEarlierSendThatHadArrivedKeepsWhatWasChangedSince(t *testing.T) {
	for _, isNew := range []bool{true, false} {
		o := open(t)
		draft, method := o.note(o.ticket().ID, "first words"), http.MethodPut
		if isNew {
			draft, method = o.newTicket("first words"), http.MethodPost
		}
		o.wire.meets(thenDark(method, lostAfter))
		if _, err := o.desk.Send(t.Context(), draft, o.catalog); err == nil {
			t.Fatal("answered")
		}
		o.wire.meets(nil)
		kept := o.kept()[0]
		kept.Comment = "second words"
		_, err := o.desk.Send(t.Context(), kept, o.catalog)
		var earlier *tickets.EarlierError
		if !errors.As(err, &earlier) || earlier.Ticket == 0 || len(o.kept()) != 1 {
			t.Errorf("new %t: %v %v", isNew, err, o.kept())
		}
		if isNew && o.made("first words") != 1 || !isNew && o.count("first words false", draft.Ticket) != 1 {
			t.Error("not once")
		}
	}
}

// I wrote something else to the ticket meanwhile: whether that is what was sent, with its placeholders filled in, nobody can tell.
func TestWhatNobodyCanTellIsSaidWithWhereItWasLookedFor(t *testing.T) {
	o := open(t)
	draft := o.note(o.ticket().ID, "for {{ticket.requester.name}}")
	o.wire.meets(thenDark(http.MethodPut, lostBefore))
	if _, err := o.desk.Send(t.Context(), draft, o.catalog); err == nil {
		t.Fatal("answered")
	}
	o.wire.meets(nil)
	o.elsewhere(draft.Ticket, zendesk.TicketWrite{Comment: &zendesk.CommentWrite{Body: "for Jo"}})
	before := o.comments(draft.Ticket)
	_, err := o.desk.Send(t.Context(), o.kept()[0], o.catalog)
	var unsure *tickets.UnsureError
	if !errors.As(err, &unsure) || len(unsure.Looked) == 0 || unsure.Since.IsZero() || len(o.kept()) != 1 {
		t.Errorf("%v %v", err, o.kept())
	}
	if after := o.comments(draft.Ticket); !slices.Equal(before, after) {
		t.Errorf("%v\n%v", before, after)
	}
}

// Two hours later the service has forgotten the key: the requester's tickets are looked through before anything is sent.
func TestANewTicketIsLookedForWhenItsKeyIsForgotten(t *testing.T) {
	for _, arrived := range []bool{true, false} {
		o := open(t)
		of := lostBefore
		if arrived {
			of = lostAfter
		}
		o.wire.meets(thenDark(http.MethodPost, of))
		if _, err := o.desk.Send(t.Context(), o.newTicket("long ago"), o.catalog); err == nil {
			t.Fatal("answered")
		}
		o.wire.meets(nil)
		kept := o.kept()[0]
		if !arrived {
			later := time.Now().Add(3 * time.Hour)
			o.now = &later
		} else {
			kept.Sending.Since = kept.Sending.Since.Add(-30 * time.Minute) // the clocks differ
			later := kept.Sending.Since.Add(3 * time.Hour)
			o.now = &later
		}
		before := len(o.served.Requests())
		sent, err := o.desk.Send(t.Context(), kept, o.catalog)
		if err != nil || sent.Before != arrived || o.made("long ago") != 1 {
			t.Fatalf("arrived %t: %+v %v", arrived, sent, err)
		}
		posts := 0
		for _, request := range o.served.Requests()[before:] {
			if request.Method == http.MethodPost {
				posts++
			}
		}
		if (posts == 0) != arrived {
			t.Errorf("arrived %t: %d posts", arrived, posts)
		}
	}
}
