package zendesk

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"zsf/clients/transport"
)

func TestAMacroTellsWhatItWouldMakeOfATicket(t *testing.T) {
	_, client := aSandbox(t, 0)
	ticket := anUnclosedTicket(t, client)
	macros := must(client.Macros(t.Context()))(t)
	by := func(part string) int64 {
		at := slices.IndexFunc(macros, func(m Macro) bool { return strings.Contains(m.Title, part) })
		if at < 0 {
			t.Fatalf("no macro %q among %+v", part, macros)
		}
		return macros[at].ID
	}
	if slices.ContainsFunc(macros, func(m Macro) bool { return m.Title == "Old greeting" }) {
		t.Error("an inactive macro is offered")
	}
	solve := must(client.ApplyMacro(t.Context(), ticket.ID, by("Thank")))(t)
	if solve.Status.Value != "solved" || solve.Comment == nil || !*solve.Comment.Public || strings.Contains(strings.Join(solve.Comment.Body, " "), "{{") || len(solve.Comment.Body) != 5 {
		t.Errorf("%+v %+v", solve, solve.Comment)
	}
	escalate := must(client.ApplyMacro(t.Context(), ticket.ID, by("Escalate")))(t)
	if escalate.Priority.Value != "urgent" || *escalate.Comment.Public || !slices.Contains(escalate.Tags.Value, "escalated") || escalate.CustomStatusID.Value == ticket.CustomStatusID || escalate.GroupID.Value == 0 {
		t.Errorf("%+v", escalate)
	}
	for _, tag := range ticket.Tags {
		if !slices.Contains(escalate.Tags.Value, tag) {
			t.Errorf("tag %s would go", tag)
		}
	}
	refund := must(client.ApplyMacro(t.Context(), ticket.ID, by("Refund")))(t)
	if refund.Comment != nil || len(refund.CustomFields) != len(ticket.CustomFields) || refund.FormID.Value == 0 {
		t.Errorf("%+v", refund)
	}
	unmade := must(client.ApplyMacro(t.Context(), 0, by("Refund")))(t)
	if unmade.Status.Is || len(unmade.CustomFields) != 2 || !unmade.Priority.Is {
		t.Errorf("%+v", unmade)
	}
	after, _, err := client.WholeTicket(t.Context(), ticket.ID)
	if diff := cmp.Diff(ticket, after); err != nil || diff != "" {
		t.Errorf("looking at a macro changed the ticket: %v %s", err, diff)
	}
	if _, err := client.ApplyMacro(t.Context(), ticket.ID, 5); transport.KindOf(err) != transport.NotFound {
		t.Errorf("%v", err)
	}
}

func TestAMacrosAnswerIsTakenInEachShape(t *testing.T) {
	for body, want := range map[string]MacroChanges{
		`{"result":{"ticket":{"assignee_id":5,"fields":{"id":7,"value":"745"}}}}`:                               {AssigneeID: Set[int64](5), CustomFields: []CustomField{{7, FieldValue{"745"}}}},
		`{"result":{"ticket":{"assignee_id":null,"fields":[{"id":7,"value":true}]},"comment":{"body":"a\nb"}}}`: {AssigneeID: Clear[int64](), CustomFields: []CustomField{{7, FieldValue{"true"}}}, Comment: &MacroComment{Body: Lines{"a", "b"}}},
		`{"result":{"ticket":{"subject":"a\u001b[2Jb","tags":["\u202ex"]}}}`:                                    {Subject: Set("ab"), Tags: Set([]string{"x"})},
	} {
		client, _ := newAccount(t, say(200, body))
		got := must(client.ApplyMacro(t.Context(), 1, 2))(t)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s\n%s", body, diff)
		}
	}
	for _, body := range []string{`{}`, `{"result":null}`, `{"result":{"ticket":null}}`, `{"result":{"ticket":{"fields":"x"}}}`} {
		client, _ := newAccount(t, say(200, body))
		if _, err := client.ApplyMacro(t.Context(), 1, 2); transport.KindOf(err) != transport.Garbled {
			t.Errorf("%s: %v", body, err)
		}
	}
}
