package main

import (
	"context"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"zsf/clients/sandbox"
	"zsf/clients/transport"
	"zsf/ui/compose"
	"zsf/ui/locale"
)

// A sign-in that came while the program runs is the one that tickets are read and written with.
func TestTicketsGoOnWithTheNewSignIn(t *testing.T) {
	served, err := sandbox.Start(t.Context(), sandbox.Options{Scenario: "ready", Accounts: 6, Tickets: 30})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = served.Close() })
	info, home := served.Info(), t.TempDir()
	var token atomic.Value
	token.Store("over")
	words, err := locale.New("en")
	if err != nil {
		t.Fatal(err)
	}
	p := &program{words: words, timeout: defaultTimeout, machine: machine{Now: time.Now, Getenv: func(name string) string {
		return map[string]string{
			"HOME": home, "USER": "jpark", envSalesforceURL: info.Salesforce.InstanceURL, envSalesforceToken: info.Salesforce.AccessToken,
			envZendeskURL: info.Zendesk.URL, envZendeskToken: token.Load().(string),
		}[name]
	}}}
	s, err := p.open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.close)
	if s.keeper, err = p.keeper(func(context.Context) (string, error) { return "", nil }); err != nil {
		t.Fatal(err)
	}
	options := p.appOptions(s, checkRequest{})
	reads := func() []transport.Kind {
		written, err := options.Compose(compose.Request{Kind: compose.Reply, Ticket: 1})
		if err != nil {
			t.Fatal(err)
		}
		_, writes := written.Desk.Catalog(t.Context())
		_, shows := options.Tickets(t.Context()).Desk.Show(t.Context(), 1)
		return []transport.Kind{transport.KindOf(writes), transport.KindOf(shows)}
	}
	if kinds := reads(); !slices.Equal(kinds, []transport.Kind{transport.SignInExpired, transport.SignInExpired}) {
		t.Fatal(kinds)
	}
	token.Store(info.Zendesk.AccessToken)
	if fresh, err := options.SignedIn(t.Context()); err != nil || fresh.Home.Zendesk.Name == "" {
		t.Fatalf("%+v %v", fresh.Home, err)
	}
	if kinds := reads(); !slices.Equal(kinds, []transport.Kind{"", ""}) {
		t.Error(kinds)
	}
}
