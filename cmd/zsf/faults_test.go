package main_test

import (
	"net"
	"regexp"
	"strings"
	"testing"
	"time"

	"zsf/clients/sandbox"
)

const (
	everySalesforce = "/services/*"
	everyZendesk    = "/api/*"
)

// What a service does wrong, and what the check must then say of it.
var faults = []struct {
	name    string
	rule    sandbox.FaultRule
	code    int
	step    string         // whose summary tells
	says    *regexp.Regexp // which service, what happened
	waits   bool           // a line on stderr says that it waits
	verdict string
}{
	{
		name: "Salesforce answers with a page", code: 4, step: "salesforce.signin", verdict: "fail",
		rule: sandbox.FaultRule{Service: "salesforce", Times: -1, Fault: sandbox.Fault{
			Status: 200, Headers: map[string]string{"Content-Type": "text/html"}, Body: "<html><body>Down for maintenance</body></html>",
		}},
		says: regexp.MustCompile(`Salesforce`),
	},
	{
		name: "Zendesk answers with a page", code: 4, step: "zendesk.signin", verdict: "fail",
		rule: sandbox.FaultRule{Service: "zendesk", Times: -1, Fault: sandbox.Fault{
			Status: 200, Headers: map[string]string{"Content-Type": "text/html"}, Body: "<html><body>Oh</body></html>",
		}},
		says: regexp.MustCompile(`Zendesk`),
	},
	{
		name: "Zendesk cuts its body", code: 4, step: "zendesk.signin", verdict: "fail",
		rule:  sandbox.FaultRule{Service: "zendesk", Path: "/api/v2/users/me*", Times: -1, Fault: sandbox.Fault{CutAfter: 20}},
		waits: true,
		says:  regexp.MustCompile(`Zendesk broke off its answer to GET /api/v2/users/me.json`),
	},
	{
		name: "Zendesk sends garbage", code: 4, step: "zendesk.signin", verdict: "fail",
		rule: sandbox.FaultRule{Service: "zendesk", Path: everyZendesk, Times: -1, Fault: sandbox.Fault{Garbage: true}},
		says: regexp.MustCompile(`Zendesk`),
	},
	{
		name: "Salesforce sends what is not the gzip that it claims to be", code: 4, step: "salesforce.signin", verdict: "fail",
		rule: sandbox.FaultRule{Service: "salesforce", Times: -1, Fault: sandbox.Fault{Garbage: true}},
		says: regexp.MustCompile(`answered GET \S+ with something that is not from the Salesforce API`),
	},
	{
		name: "Salesforce resets each connection", code: 4, step: "salesforce.signin", verdict: "fail",
		rule:  sandbox.FaultRule{Service: "salesforce", Times: -1, Fault: sandbox.Fault{Reset: true}},
		waits: true,
		says:  regexp.MustCompile(`Salesforce`),
	},
	{
		name: "Zendesk says 429 once", code: 0, step: "zendesk.signin", verdict: "pass", waits: true,
		rule: sandbox.FaultRule{Service: "zendesk", Path: "/api/v2/users/me*", Fault: sandbox.Fault{
			Status: 429, Headers: map[string]string{"Retry-After": "1", "Content-Type": "text/plain"}, Body: "Number of allowed API requests per minute exceeded",
		}},
		says: regexp.MustCompile(`@`),
	},
	{
		name: "Salesforce says 503 with Retry-After", code: 0, step: "salesforce.signin", verdict: "pass", waits: true,
		rule: sandbox.FaultRule{Service: "salesforce", Path: "/services/oauth2/userinfo", Fault: sandbox.Fault{
			Status: 503, Headers: map[string]string{"Retry-After": "1"}, Body: "Service Unavailable",
		}},
		says: regexp.MustCompile(`@`),
	},
	{
		name: "Zendesk is down for maintenance for long", code: 4, step: "zendesk.signin", verdict: "fail",
		rule: sandbox.FaultRule{Service: "zendesk", Times: -1, Fault: sandbox.Fault{
			Status: 503, Headers: map[string]string{"Retry-After": "3600"}, Body: "Service Unavailable",
		}},
		says: regexp.MustCompile(`Zendesk.*503`),
	},
}

func TestAServiceThatMisbehavesIsNamedWithWhatToDo(t *testing.T) {
	for _, fault := range faults {
		t.Run(fault.name, func(t *testing.T) {
			t.Parallel()
			served, env := serve(t, sandbox.Options{Scenario: "ready"})
			served.AddFault(fault.rule)
			ran := runZSF(t, env, "check", "--json")
			looked := readLook(t, ran)
			if ran.code != fault.code {
				t.Errorf("exit code %d, want %d", ran.code, fault.code)
			}
			if got := looked.verdicts()[fault.step]; got != fault.verdict || !fault.says.MatchString(looked.summary(fault.step)) {
				t.Errorf("%s is %s: %s", fault.step, got, looked.summary(fault.step))
			}
			if fault.verdict == "fail" && !hasRemedy(looked, fault.step) {
				t.Errorf("%s does not say what to do", fault.step)
			}
			if waited := strings.Contains(ran.stderr, "waiting "); waited != fault.waits {
				t.Errorf("stderr: %q", ran.stderr)
			}
			nothingSecret(t, served, ran)
		})
	}
}

func hasRemedy(looked look, id string) bool {
	for _, check := range looked.Checks {
		if check.ID == id {
			return len(check.Remedies) > 0 && check.Remedies[0].Title != ""
		}
	}
	return false
}

// nothingSecret fails where a token got into what the program printed.
func nothingSecret(t *testing.T, served *sandbox.Sandbox, ran outcome) {
	t.Helper()
	info := served.Info()
	for _, token := range []string{info.Salesforce.AccessToken, info.Zendesk.AccessToken} {
		if strings.Contains(ran.stdout+ran.stderr, token) {
			t.Error("a token was printed")
		}
	}
}

func TestAServiceThatIsDownIsNamedAndTheOtherStillChecked(t *testing.T) {
	served, env := serve(t, sandbox.Options{Scenario: "ready"})
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := closed.Addr().String()
	if err := closed.Close(); err != nil {
		t.Fatal(err)
	}
	for i, variable := range env {
		if strings.HasPrefix(variable, "ZSF_ZENDESK_URL=") {
			env[i] = "ZSF_ZENDESK_URL=http://" + address
		}
	}
	ran := runZSF(t, env, "check", "--json")
	looked := readLook(t, ran)
	if ran.code != 4 || looked.verdicts()["zendesk.signin"] != "fail" || !strings.Contains(looked.summary("zendesk.signin"), address) {
		t.Errorf("exit code %d, zendesk.signin: %s", ran.code, looked.summary("zendesk.signin"))
	}
	if looked.verdicts()["salesforce.session-lock"] != "pass" {
		t.Errorf("Salesforce was not checked: %v", looked.verdicts())
	}
	nothingSecret(t, served, ran)
}

// A service that takes the call and never answers is given up after the time limit of a try.
func TestAServiceThatHangsIsGivenUp(t *testing.T) {
	t.Parallel()
	served, env := serve(t, sandbox.Options{Scenario: "ready"})
	served.AddFault(sandbox.FaultRule{Service: "zendesk", Times: -1, Fault: sandbox.Fault{DelayMS: int(time.Minute / time.Millisecond)}})
	ran := runZSF(t, env, "check", "--json", "--timeout", "5s")
	looked := readLook(t, ran)
	if ran.code != 4 || looked.verdicts()["zendesk.signin"] != "fail" {
		t.Errorf("exit code %d, zendesk.signin %s: %s", ran.code, looked.verdicts()["zendesk.signin"], looked.summary("zendesk.signin"))
	}
	if looked.verdicts()["salesforce.session-lock"] != "pass" {
		t.Errorf("Salesforce was not checked: %v", looked.verdicts())
	}
}
