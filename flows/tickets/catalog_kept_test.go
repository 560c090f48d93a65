package tickets_test

import (
	"testing"
	"time"

	"zsf/clients/transport"
	"zsf/clients/zendesk"
	"zsf/flows/tickets"
	"zsf/flows/world"
)

func TestACatalogIsReadOnceForSomeMinutesAndSignIn(t *testing.T) {
	_, _, served := atDesk(t)
	info, now := served.Info(), time.Now()
	desk := func(account *zendesk.Client) *tickets.Desk {
		return tickets.New(world.New(world.Options{Zendesk: account, Now: time.Now}), func() time.Time { return now })
	}
	signIn := func() *zendesk.Client {
		account, err := zendesk.New(info.Zendesk.URL, info.Zendesk.AccessToken, transport.Config{})
		if err != nil {
			t.Fatal(err)
		}
		return account
	}
	var kept tickets.KeptCatalog
	reads := func(of *tickets.Desk) bool {
		before := len(served.Requests())
		catalog, err := kept.Read(t.Context(), of)
		if err != nil || len(catalog.Forms) == 0 {
			t.Fatal(err)
		}
		return len(served.Requests()) > before
	}
	first := signIn()
	if !reads(desk(first)) || reads(desk(first)) {
		t.Error("it is not read the first time, or read twice")
	}
	if now = now.Add(tickets.CatalogLives); !reads(desk(first)) {
		t.Error("it is never read again")
	}
	if reads(desk(first)) || !reads(desk(signIn())) {
		t.Error("another sign-in sees what the first one saw")
	}
	if _, err := kept.Read(t.Context(), desk(nil)); err == nil {
		t.Error("nobody is signed in, and sees it")
	}
}

func TestPeopleAreFoundByPartOfTheirNameOrAddress(t *testing.T) {
	desk, account, _ := atDesk(t)
	search, err := account.SearchTickets(t.Context(), zendesk.TicketQuery{Unclosed: true}, "updated_at", true, 1, 1)
	if err != nil || len(search.Tickets) == 0 {
		t.Fatal(err)
	}
	users, err := account.Users(t.Context(), []int64{search.Tickets[0].RequesterID})
	if err != nil || len(users) != 1 {
		t.Fatal(err)
	}
	wanted := users[0]
	for _, words := range []string{wanted.Name, string([]rune(wanted.Name)[:3]), wanted.Email} {
		found, err := desk.People(t.Context(), words)
		if err != nil {
			t.Fatal(err)
		}
		is := false
		for _, person := range found {
			is = is || person == tickets.Person{ID: wanted.ID, Name: wanted.Name, Email: wanted.Email}
		}
		if !is && words != string([]rune(wanted.Name)[:3]) {
			t.Errorf("%q does not find %s among %d", words, wanted.Name, len(found))
		}
		if len(found) == 0 {
			t.Errorf("%q finds nobody", words)
		}
	}
}
