package zendesk

import (
	"context"
	"strings"
	"testing"
	"unicode"

	"zsf/clients/sandbox"
	"zsf/clients/transport"
)

// Nothing that steers a terminal comes through a client, whatever people call themselves, their tickets and their files.
func TestNothingHostileComesThrough(t *testing.T) {
	served, err := sandbox.Start(context.Background(), sandbox.Options{Scenario: "ready", Accounts: 40, Tickets: 400, Hostile: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = served.Close() })
	info := served.Info().Zendesk
	client := must(New(info.URL, info.AccessToken, transport.Config{}))(t)
	seen := 0
	clean := func(text string) {
		seen++
		for _, r := range text {
			if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune("\u034f\u2028\u2029\u3164", r) {
				t.Fatalf("%+q holds %U", text, r)
			}
		}
	}
	tickets := must(client.ExportTickets(t.Context(), TicketQuery{}))(t)
	if len(tickets) != 400 {
		t.Fatalf("%d tickets", len(tickets))
	}
	requesters := map[int64]bool{}
	for _, ticket := range tickets {
		clean(ticket.Subject)
		requesters[ticket.RequesterID] = true
	}
	var ids []int64
	for id := range requesters {
		ids = append(ids, id)
	}
	for _, user := range must(client.Users(t.Context(), ids))(t) {
		clean(user.Name)
	}
	for _, ticket := range tickets[:60] {
		for _, comment := range must(client.Comments(t.Context(), ticket.ID))(t) {
			for _, line := range comment.Text() {
				clean(line)
			}
			for _, file := range comment.Attachments {
				clean(file.FileName)
			}
		}
	}
	for _, organization := range must(list[Organization](t.Context(), client, "/api/v2/organizations", "organizations"))(t) {
		clean(organization.Name)
	}
	if seen < 1000 {
		t.Errorf("%d texts seen", seen)
	}
}
