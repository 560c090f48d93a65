package main_test

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"zsf/clients/sandbox"
)

// ask reads what the sandbox itself says, past the program.
func ask(t *testing.T, address, token string, into any) {
	t.Helper()
	send(t, http.MethodGet, address, token, "", into)
}

func send(t *testing.T, method, address, token, body string, into any) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if err := json.NewDecoder(response.Body).Decode(into); err != nil || response.StatusCode > 299 {
		t.Fatalf("%s: %d %v", address, response.StatusCode, err)
	}
}

// A company is an organization of the sandbox with an account of the same name.
type company struct {
	ID         int64  `json:"id"`
	Name       string `json:"name"`
	ExternalID string `json:"external_id"`
	account    string
}

// aCompany finds one that is linked by its external id, or one that is matched by its name alone, with tickets that are not closed.
func aCompany(t *testing.T, served *sandbox.Sandbox, linked bool) company {
	t.Helper()
	org, account := served.Info().Salesforce, served.Info().Zendesk
	var listed struct {
		Organizations []company `json:"organizations"`
	}
	ask(t, account.URL+"/api/v2/organizations?page%5Bsize%5D=100", account.AccessToken, &listed)
	for _, found := range listed.Organizations {
		if (found.ExternalID != "") != linked {
			continue
		}
		var counted struct {
			Count int `json:"count"`
		}
		query := url.QueryEscape("type:ticket status<closed organization_id:" + strconv.FormatInt(found.ID, 10))
		ask(t, account.URL+"/api/v2/search/count?query="+query, account.AccessToken, &counted)
		var rows struct {
			Records []struct{ ID string }
		}
		soql := url.QueryEscape("SELECT Id FROM Account WHERE Name = '" + strings.ReplaceAll(found.Name, "'", `\'`) + "'")
		ask(t, org.InstanceURL+"/services/data/v68.0/query?q="+soql, org.AccessToken, &rows)
		if counted.Count > 0 && len(rows.Records) == 1 {
			found.account = rows.Records[0].ID
			return found
		}
	}
	t.Fatal("the sandbox has no such company")
	return company{}
}

type ticketLine struct {
	ID        int64
	Subject   string
	Status    string
	Priority  *string
	Requester struct {
		ID          int64
		Name, Email string
	}
	OrganizationID int64     `json:"organization_id"`
	UpdatedAt      time.Time `json:"updated_at"`
	URL            string
}

// The list of a record's tickets, as a script reads it.
type listed struct {
	Schema int
	Record struct{ ID, Type, Name, URL string }
	Match  struct {
		By     string
		Values []string
	}
	Tickets  []ticketLine
	Total    int
	NotShown []struct {
		What  string
		Count *int
	} `json:"not_shown"`
	ReadAt time.Time `json:"read_at"`
	Error  struct{ Code, Message, Hint string }
}

func readTickets(t *testing.T, ran outcome) listed {
	t.Helper()
	var list listed
	if err := json.Unmarshal([]byte(ran.stdout), &list); err != nil {
		t.Fatalf("%v\n%s%s", err, ran.stdout, ran.stderr)
	}
	return list
}

// beyondStart leaves out the calls that ask which version of its API the org speaks, and who is signed in.
func beyondStart(requests []sandbox.Request, service string) []sandbox.Request {
	return slices.DeleteFunc(slices.Clone(requests), func(r sandbox.Request) bool {
		return r.Service != service || r.Path == "/services/data/" || r.Path == "/services/oauth2/userinfo"
	})
}

func TestTicketsAreTwoChainedCallsAwayAtMost(t *testing.T) {
	for by, linked := range map[string]bool{"external-id": true, "name": false} {
		served, env := serve(t, sandbox.Options{Scenario: "ready", Accounts: 40, Tickets: 400, Latency: late})
		from := aCompany(t, served, linked)
		before := len(served.Requests())
		list := readTickets(t, runZSF(t, env, "tickets", from.account, "--json"))
		requests := served.Requests()[before:]
		if list.Schema != 1 || list.Match.By != by || list.Record.ID != from.account || len(list.Tickets) == 0 || list.Total != len(list.Tickets) {
			t.Errorf("%s: %+v", by, list)
		}
		for service, most := range map[string]int{"salesforce": 1, "zendesk": 2} {
			if chain := longestChain(beyondStart(requests, service)); chain > most || chain == 0 {
				t.Errorf("%s: %d chained calls to %s: %+v", by, chain, service, requests)
			}
		}
		for _, ticket := range list.Tickets {
			if ticket.Status == "closed" || ticket.OrganizationID != from.ID || ticket.Requester.Name == "" || !strings.HasSuffix(ticket.URL, "/agent/tickets/"+strconv.FormatInt(ticket.ID, 10)) {
				t.Errorf("%s: %+v", by, ticket)
			}
		}
		if !slices.IsSortedFunc(list.Tickets, func(a, b ticketLine) int { return b.UpdatedAt.Compare(a.UpdatedAt) }) {
			t.Errorf("%s: not the last changed first", by)
		}
	}
}

func TestATableSaysWhatItIsAboutAndWhatItLeavesOut(t *testing.T) {
	served, env := serve(t, sandbox.Options{Scenario: "ready", Accounts: 40, Tickets: 400})
	from := aCompany(t, served, true)
	ran := runZSF(t, env, "tickets", from.account, "--explain")
	for _, words := range []string{"Account " + from.Name, "Matched by external id: organization " + from.Name, "Ticket  Subject", " read at "} {
		if !strings.Contains(ran.stdout, words) {
			t.Errorf("%q is not in:\n%s", words, ran.stdout)
		}
	}
	if ran.code != 0 || !strings.Contains(ran.stderr, "organizations/show_many external_ids="+from.account) || !strings.Contains(ran.stderr, "status<closed") {
		t.Errorf("%d\n%s", ran.code, ran.stderr)
	}
}

func TestTicketsAreFilteredSortedAndCut(t *testing.T) {
	served, env := serve(t, sandbox.Options{Scenario: "ready", Accounts: 2, Tickets: 400})
	from := aCompany(t, served, true)
	all := readTickets(t, runZSF(t, env, "tickets", from.account, "--json", "--all", "--limit", "0"))
	if len(all.Tickets) != all.Total || all.Total <= 100 || len(all.NotShown) != 0 {
		t.Errorf("%d of %d: %+v", len(all.Tickets), all.Total, all.NotShown)
	}
	count := map[string]int{}
	for _, ticket := range all.Tickets {
		count[ticket.Status]++
	}
	some := readTickets(t, runZSF(t, env, "tickets", from.account, "--json", "--status", "closed,open", "--sort", "-updated", "--limit", "3"))
	if some.Total != count["closed"]+count["open"] || len(some.Tickets) != 3 || some.Tickets[0].UpdatedAt.After(some.Tickets[2].UpdatedAt) {
		t.Errorf("%v: %+v", count, some)
	}
	if len(some.NotShown) != 2 || some.NotShown[0].What != "lag" || some.NotShown[0].Count != nil || some.NotShown[1].What != "limit" || *some.NotShown[1].Count != some.Total-3 {
		t.Errorf("%+v", some.NotShown)
	}
	unclosed := readTickets(t, runZSF(t, env, "tickets", from.account, "--json"))
	if len(unclosed.NotShown) != 1 || unclosed.NotShown[0].What != "closed" || *unclosed.NotShown[0].Count != count["closed"] || unclosed.Total != all.Total-count["closed"] {
		t.Errorf("%v: %+v", count, unclosed.NotShown)
	}
	waits := strconv.FormatInt(unclosed.Tickets[0].ID, 10)
	if ran := runZSF(t, env, "tickets", "edit", waits, "--status", "waiting for payment", "--yes"); ran.code != 0 {
		t.Fatalf("%+v", ran)
	}
	waiting := readTickets(t, runZSF(t, env, "tickets", from.account, "--json", "--status", "Waiting for payment"))
	both := readTickets(t, runZSF(t, env, "tickets", from.account, "--json", "--status", "waiting for payment,pending,hold"))
	if waiting.Total == 0 || waiting.Tickets[0].Status != "pending" || strconv.FormatInt(waiting.Tickets[0].ID, 10) != waits || both.Total <= waiting.Total {
		t.Errorf("%v: %d wait, %d with those that are pending or on hold", count, waiting.Total, both.Total)
	}
	file := runZSF(t, env, "tickets", from.account, "--csv", "--fields", "id,updated,url", "--all", "--limit", "7")
	rows, err := csv.NewReader(strings.NewReader(file.stdout)).ReadAll()
	if err != nil || len(rows) != 8 || strings.Join(rows[0], " ") != "id updated url" || rows[1][0] != strconv.FormatInt(all.Tickets[0].ID, 10) {
		t.Errorf("%v %v", rows, err)
	}
}

func TestATicketListBeyondTheSearchsWallIsWhole(t *testing.T) {
	served, env := serve(t, sandbox.Options{Scenario: "ready", Accounts: 2, Tickets: 2500})
	from := aCompany(t, served, true)
	list := readTickets(t, runZSF(t, env, "tickets", from.account, "--json", "--all", "--limit", "0", "--explain"))
	if len(list.Tickets) != list.Total || list.Total <= 1000 {
		t.Errorf("%d of %d", len(list.Tickets), list.Total)
	}
}

func TestWhatIsNoRecordHasItsExitCodeAndHint(t *testing.T) {
	served, env := serve(t, sandbox.Options{Scenario: "ready", Accounts: 40, Tickets: 400})
	from := aCompany(t, served, true)
	for _, test := range []struct {
		args []string
		code int
		said string
	}{
		{[]string{from.account[:17] + "9"}, 1, "mistyped"},
		{[]string{"0015g00000AbCdE"}, 1, "is not there for you"},
		{[]string{"5005g00000AbCdE"}, 1, "is no account"},
		{[]string{"https://acme.lightning.force.com/lightning/o/Account/list"}, 1, "a list"},
		{[]string{"https://acme.lightning.force.com/lightning/r/Account/0015g00000AbCdE/view"}, 1, "copied from acme.lightning.force.com"},
		{[]string{from.account, "--match", "phone"}, 2, "external-id"},
		{[]string{from.account, "--status", "done"}, 2, "Waiting for payment"},
		{[]string{from.account, "--status", "closed,waiting for payment"}, 2, "of its own"},
		{[]string{from.account, "--sort", "-size"}, 2, "updated"},
		{[]string{from.account, "--fields", "id,x"}, 2, "subject"},
		{[]string{from.account, "--limit", "-1"}, 2, "negative"},
		{[]string{from.account, "--csv", "--json"}, 2, "--csv"},
		{[]string{from.account, "--match", "email"}, 1, "no e-mail address"},
		{[]string{"show", "x"}, 2, "ticket number"},
		{[]string{"show", "99999999"}, 1, "no ticket 99999999"},
	} {
		ran := runZSF(t, env, append([]string{"tickets"}, test.args...)...)
		if ran.code != test.code || !strings.Contains(ran.stderr+ran.stdout, test.said) {
			t.Errorf("%v: %d %s%s", test.args, ran.code, ran.stdout, ran.stderr)
		}
	}
	if ran := runZSF(t, nil, "tickets", from.account); ran.code != 3 {
		t.Errorf("without a sign-in: %d %s", ran.code, ran.stderr)
	}
}

func TestAnAccountWithoutAnOrganizationIsSaid(t *testing.T) {
	_, env := serve(t, sandbox.Options{Scenario: "ready", Accounts: 40, Tickets: 400})
	ran := runZSF(t, env, "tickets", leadOf(t, env), "--json")
	if list := readTickets(t, ran); ran.code != 1 || list.Match.By != "email" || len(list.Match.Values) != 1 || list.Tickets == nil || len(list.Tickets) != 0 {
		t.Errorf("%d %s", ran.code, ran.stdout)
	}
}

// leadOf is a lead of the sandbox; leads are no users there.
func leadOf(t *testing.T, env []string) string {
	t.Helper()
	known := map[string]string{}
	for _, variable := range env {
		name, value, _ := strings.Cut(variable, "=")
		known[name] = value
	}
	var rows struct {
		Records []struct{ ID string }
	}
	soql := url.QueryEscape("SELECT Id FROM Lead WHERE Email != null AND IsConverted = false LIMIT 1")
	ask(t, known["ZSF_SALESFORCE_INSTANCE_URL"]+"/services/data/v68.0/query?q="+soql, known["ZSF_SALESFORCE_ACCESS_TOKEN"], &rows)
	if len(rows.Records) == 0 {
		t.Fatal("the sandbox has no leads")
	}
	return rows.Records[0].ID
}

func TestATicketIsShownWithItsConversation(t *testing.T) {
	served, env := serve(t, sandbox.Options{Scenario: "ready", Accounts: 40, Tickets: 400})
	from := aCompany(t, served, true)
	first := readTickets(t, runZSF(t, env, "tickets", from.account, "--json")).Tickets[0]
	var shown struct {
		Ticket   struct{ Subject string }
		Comments []struct {
			Public bool
			Body   string
			Author struct{ Name string }
		}
	}
	ran := runZSF(t, env, "tickets", "show", strconv.FormatInt(first.ID, 10), "--json")
	if err := json.Unmarshal([]byte(ran.stdout), &shown); err != nil || ran.code != 0 {
		t.Fatalf("%v %s%s", err, ran.stdout, ran.stderr)
	}
	if shown.Ticket.Subject != first.Subject || len(shown.Comments) == 0 || shown.Comments[0].Body == "" || shown.Comments[0].Author.Name == "" {
		t.Errorf("%+v", shown)
	}
	text := runZSF(t, env, "tickets", "show", "#"+strconv.FormatInt(first.ID, 10))
	if text.code != 0 || !strings.Contains(text.stdout, first.Subject) || !strings.Contains(text.stdout, "Public reply · "+shown.Comments[0].Author.Name) {
		t.Error(text.stdout, text.stderr)
	}
}

// rowsOf asks the sandbox's org past the program; queryAll finds what was deleted, too.
func rowsOf(t *testing.T, served *sandbox.Sandbox, resource, soql string) []map[string]any {
	t.Helper()
	org := served.Info().Salesforce
	var rows struct {
		Records []map[string]any `json:"records"`
	}
	ask(t, org.InstanceURL+"/services/data/v68.0/"+resource+"?q="+url.QueryEscape(soql), org.AccessToken, &rows)
	if len(rows.Records) == 0 {
		t.Fatalf("%s finds nothing", soql)
	}
	return rows.Records
}

func TestWhatBecameOfARecordIsToldWithWhatToDo(t *testing.T) {
	served, env := serve(t, sandbox.Options{Scenario: "ready"})
	for _, test := range []struct{ object, soql, said string }{
		{"Account", "MasterRecordId = null", "was deleted"},
		{"Account", "MasterRecordId != null", "was merged into"},
		{"Contact", "MasterRecordId = null", "was deleted"},
		{"Lead", "MasterRecordId = null", "was deleted"},
	} {
		rows := rowsOf(t, served, "queryAll", "SELECT Id, MasterRecordId FROM "+test.object+" WHERE IsDeleted = true AND "+test.soql)
		ran := runZSF(t, env, "tickets", rows[0]["Id"].(string), "--json")
		failed := readTickets(t, ran).Error
		master, _ := rows[0]["MasterRecordId"].(string)
		if ran.code != 1 || failed.Code != "no-record" || !strings.Contains(failed.Message, test.said) || !strings.Contains(failed.Hint, master) {
			t.Errorf("%s %s: %d %+v", test.object, test.soql, ran.code, failed)
		}
	}
	lead := rowsOf(t, served, "query", "SELECT Id, ConvertedAccountId FROM Lead WHERE IsConverted = true")[0]
	ran := runZSF(t, env, "tickets", lead["Id"].(string))
	if !strings.Contains(ran.stdout, "This lead was converted: account "+lead["ConvertedAccountId"].(string)) {
		t.Errorf("%d %s%s", ran.code, ran.stdout, ran.stderr)
	}
}

func TestWordsThatFitSeveralRecordsListThem(t *testing.T) {
	served, env := serve(t, sandbox.Options{Scenario: "ready"})
	accounts := rowsOf(t, served, "query", "SELECT Id, Name FROM Account")
	called := map[any]int{}
	for _, row := range accounts {
		called[row["Name"]]++
	}
	account := accounts[slices.IndexFunc(accounts, func(row map[string]any) bool { return called[row["Name"]] == 1 })]
	name := account["Name"].(string)
	before := len(served.Requests())
	one := readTickets(t, runZSF(t, env, "tickets", name, "--json"))
	if chain := longestChain(beyondStart(served.Requests()[before:], "salesforce")); one.Record.ID != account["Id"] || chain != 2 {
		t.Errorf("%d chained calls: %+v", chain, one)
	}
	letters := map[string]string{}
	for _, row := range rowsOf(t, served, "query", "SELECT Name FROM Contact LIMIT 40") {
		first, _, _ := strings.Cut(row["Name"].(string), " ")
		letters[first] += "x"
	}
	for first, times := range letters {
		if len(times) < 2 {
			continue
		}
		ran := runZSF(t, env, "tickets", first)
		if ran.code != 2 || strings.Count(ran.stdout, "Contact ") < 2 || !strings.Contains(ran.stderr, "zsf tickets ID") {
			t.Errorf("%s: %d %s%s", first, ran.code, ran.stdout, ran.stderr)
		}
		ran = runZSF(t, env, "tickets", first, "--json")
		if failed := readTickets(t, ran).Error; ran.code != 2 || failed.Code != "several-records" || strings.Count(ran.stdout, `"type":"Contact"`) < 2 {
			t.Errorf("%s: %d %s", first, ran.code, ran.stdout)
		}
		break
	}
	for words, said := range map[string]string{"zzzqq": "is called", `"`: "too short", "a": "too short", "***": "too short"} {
		if ran := runZSF(t, env, "tickets", words); ran.code != 1 || !strings.Contains(ran.stderr, said) {
			t.Errorf("%s: %d %s", words, ran.code, ran.stderr)
		}
	}
	if ran := runZSF(t, env, "tickets"); ran.code != 2 || !strings.Contains(ran.stdout, "Account ") {
		t.Errorf("%d %s%s", ran.code, ran.stdout, ran.stderr)
	}
}

// The search knows a change minutes later; a person who has just solved a ticket does not wait for it.
func TestWhatJustChangedIsThereAtOnce(t *testing.T) {
	served, env := serve(t, sandbox.Options{Scenario: "ready", Accounts: 40, Tickets: 400})
	from := aCompany(t, served, true)
	account := served.Info().Zendesk
	before := readTickets(t, runZSF(t, env, "tickets", from.account, "--json"))
	var made struct {
		Ticket struct{ ID int64 } `json:"ticket"`
	}
	send(t, http.MethodPost, account.URL+"/api/v2/tickets", account.AccessToken,
		`{"ticket":{"subject":"Just now\u001b[2J","requester_id":`+strconv.FormatInt(before.Tickets[0].Requester.ID, 10)+`,"organization_id":`+
			strconv.FormatInt(from.ID, 10)+`,"comment":{"body":"Hello\n\u001b]0;owned\u0007again"}}}`, &made)
	closed := strconv.FormatInt(before.Tickets[0].ID, 10)
	send(t, http.MethodPut, account.URL+"/api/v2/tickets/"+closed, account.AccessToken, `{"ticket":{"status":"closed"}}`, &struct{}{})
	after := readTickets(t, runZSF(t, env, "tickets", from.account, "--json"))
	if after.Total != before.Total || len(after.Tickets) != after.Total || after.Tickets[0].ID != made.Ticket.ID || after.Tickets[0].Subject != "Just now" {
		t.Errorf("%+v\n%+v", before.Tickets, after.Tickets)
	}
	for _, ticket := range after.Tickets {
		if strconv.FormatInt(ticket.ID, 10) == closed {
			t.Errorf("%s is still there, as %s", closed, ticket.Status)
		}
	}
	number := strconv.FormatInt(made.Ticket.ID, 10)
	send(t, http.MethodPut, account.URL+"/api/v2/tickets/"+number, account.AccessToken, `{"ticket":{"comment":{"body":"for us alone","public":false}}}`, &struct{}{})
	shown := runZSF(t, env, "tickets", "show", number).stdout
	if !strings.Contains(shown, "Public reply") || !strings.Contains(shown, "Internal note") || !strings.Contains(shown, "  | for us alone") ||
		!strings.Contains(shown, "  Hello\n  again\n") || strings.ContainsAny(shown, "\x1b\x07") {
		t.Errorf("%q", shown)
	}
}

func TestAPersonAccountIsSaidAndMatchedByTheAddressToo(t *testing.T) {
	served, env := serve(t, sandbox.Options{Scenario: "ready"})
	if err := served.ChangeOrg(sandbox.OrgChange{PersonAccounts: true}); err != nil {
		t.Fatal(err)
	}
	person := rowsOf(t, served, "query", "SELECT Id, PersonEmail FROM Account WHERE IsPersonAccount = true")[0]
	ran := runZSF(t, env, "tickets", person["Id"].(string))
	if ran.code != 1 || !strings.Contains(ran.stdout, "This is a person account") || !strings.Contains(ran.stdout, person["PersonEmail"].(string)) {
		t.Errorf("%d %s%s", ran.code, ran.stdout, ran.stderr)
	}
}
