package main_test

import (
	"strings"
	"testing"

	"zsf/clients/sandbox"
)

// What was entered is tried at the service before anybody is sent to a browser, which would show what is wrong
// where zsf does not see it.
func TestTheWrongPartOfALoginIsNamedBeforeABrowserOpens(t *testing.T) {
	served, _ := serve(t, sandbox.Options{Scenario: "ready"})
	info := served.Info()
	env := homeWithoutPorts(t)
	for _, tc := range []struct {
		service, url, client string
		more                 []string
		code                 int
		says                 string
	}{
		{"zendesk", info.Zendesk.URL, "nosuch", nil, 1, `"code":"client-id"`},
		{"salesforce", info.Salesforce.LoginURL, "nosuch", nil, 1, `"code":"client-id"`},
		{"zendesk", info.Zendesk.URL, info.Zendesk.ClientID, []string{"--port", "22000"}, 1, "The redirect address is wrong"},
		{"salesforce", info.Salesforce.LoginURL, info.Salesforce.ClientID, []string{"--port", "22000"}, 1, "The redirect address is wrong"},
		{"zendesk", info.Salesforce.LoginURL, info.Zendesk.ClientID, nil, 1, `"code":"host"`},
		{"salesforce", info.ControlURL, info.Salesforce.ClientID, nil, 1, "as the browser's address bar has it"},
		{"zendesk", "http://127.0.0.1:1", info.Zendesk.ClientID, nil, 4, `"code":"unreachable"`},
	} {
		args := append([]string{"auth", "login", tc.service, "--json", "--url", tc.url, "--client-id", tc.client}, tc.more...)
		ran := runZSF(t, env, args...)
		if ran.code != tc.code || !strings.Contains(ran.stdout, tc.says) || strings.Contains(ran.stdout, `"event":"url"`) {
			t.Errorf("%q: %+v, want exit code %d and %s", args, ran, tc.code, tc.says)
		}
	}
	command := []string{"auth", "login", "zendesk", "--plain"}
	ran := runWithInput(t, env, "http://127.0.0.1:1\n"+info.Zendesk.URL+"\nnosuch\n", command...)
	for _, said := range []string{"Zendesk cannot be reached at 127.0.0.1:1", "The client id is wrong", "--client-id: the input ended"} {
		if !strings.Contains(ran.stderr, said) {
			t.Errorf("%q was not said: %+v", said, ran)
		}
	}
}
