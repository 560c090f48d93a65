package oauth

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"zsf/clients/transport"
)

// TestHostileCallbacks sends what strangers send while a person signs in. None of it signs in, none ends the
// person's own sign-in, and nothing secret is in a page or in the log.
func TestHostileCallbacks(t *testing.T) {
	s := startService(t, nil)
	s.reply = s.tradesGoodCode
	a := start(t, salesforceAt(t, s.URL), Options{}, nil)
	own := "127.0.0.1:" + a.port
	header := func(pairs ...string) http.Header {
		h := http.Header{}
		for i := 0; i+1 < len(pairs); i += 2 {
			h.Add(pairs[i], pairs[i+1])
		}
		return h
	}
	good := a.back("code", goodCode)
	tests := []struct {
		name, method, host, path string
		header                   http.Header
		status                   int
	}{
		{"no query", "GET", own, callbackPath, nil, 400},
		{"no state", "GET", own, "/callback?code=" + goodCode, nil, 400},
		{"an empty state", "GET", own, "/callback?state=&code=" + goodCode, nil, 400},
		{"a wrong state", "GET", own, "/callback?state=wrong&code=" + goodCode, nil, 400},
		{"a state of the right length", "GET", own, "/callback?state=" + strings.Repeat("A", 43) + "&code=" + goodCode, nil, 400},
		{"the start of the state", "GET", own, "/callback?state=" + a.state[:20] + "&code=" + goodCode, nil, 400},
		{"more than the state", "GET", own, "/callback?state=" + a.state + "x&code=" + goodCode, nil, 400},
		{"the state in other letters", "GET", own, "/callback?state=" + strings.ToUpper(a.state) + "&code=" + goodCode, nil, 400},
		{"the state twice", "GET", own, good + "&state=" + a.state, nil, 400},
		{"a wrong state after the right one", "GET", own, good + "&state=wrong", nil, 400},
		{"the code of another sign-in", "GET", own, "/callback?state=" + a.verifier + "&code=" + badCode, nil, 400},
		{"a denial without a state", "GET", own, "/callback?error=access_denied", nil, 400},
		{"a denial with a wrong state", "GET", own, "/callback?error=access_denied&state=wrong", nil, 400},
		{"neither code nor error", "GET", own, a.back(), nil, 400},
		{"two codes", "GET", own, good + "&code=" + badCode, nil, 400},
		{"an empty code", "GET", own, a.back("code", ""), nil, 400},
		{"a code and an error", "GET", own, good + "&error=access_denied", nil, 400},
		{"two errors", "GET", own, a.back("error", "access_denied") + "&error=x", nil, 400},
		{"a code with a line break", "GET", own, a.back("code", "abc\r\nSet-Cookie: x"), nil, 400},
		{"a query that is not well formed", "GET", own, good + "&x=%zz", nil, 400},
		{"semicolons", "GET", own, "/callback?code=" + goodCode + ";state=" + a.state, nil, 400},
		{"the answer in the fragment's place", "GET", own, "/callback/" + a.state + "/" + goodCode, nil, 404},
		{"POST", "POST", own, good, nil, 405},
		{"HEAD", "HEAD", own, good, nil, 405},
		{"OPTIONS", "OPTIONS", own, good, header("Access-Control-Request-Private-Network", "true"), 405},
		{"PUT", "PUT", own, good, nil, 405},
		{"a method of one's own", "STEAL", own, good, nil, 405},
		{"the root", "GET", own, "/", nil, 404},
		{"an icon", "GET", own, "/favicon.ico", nil, 404},
		{"a slash too many", "GET", own, strings.Replace(good, callbackPath, callbackPath+"/", 1), nil, 404},
		{"other letters", "GET", own, strings.Replace(good, callbackPath, "/Callback", 1), nil, 404},
		{"the path spelled in percents", "GET", own, strings.Replace(good, callbackPath, "/%63allback", 1), nil, 404},
		{"a path that climbs", "GET", own, strings.Replace(good, callbackPath, "/x/../callback", 1), nil, 404},
		{"the answer page before the answer", "GET", own, donePath, nil, 404},
		{"the last page before the end", "GET", own, overPath, nil, 404},
		{"a rebound name", "GET", "evil.example:" + a.port, good, nil, 400},
		{"a rebound name without a port", "GET", "evil.example", good, nil, 400},
		{"a name that ends well", "GET", "127.0.0.1.evil.example:" + a.port, good, nil, 400},
		{"a subdomain of localhost", "GET", "x.localhost:" + a.port, good, nil, 400},
		{"the host without its port", "GET", "127.0.0.1", good, nil, 400},
		{"the host with another port", "GET", "127.0.0.1:1", good, nil, 400},
		{"another loopback address", "GET", "127.0.0.2:" + a.port, good, nil, 400},
		{"all addresses", "GET", "0.0.0.0:" + a.port, good, nil, 400},
		{"a foreign origin", "GET", own, good, header("Origin", "https://evil.example"), 403},
		{"an origin without a name", "GET", own, good, header("Origin", "null"), 403},
		{"an origin on another port", "GET", own, good, header("Origin", "http://127.0.0.1:1"), 403},
		{"two origins", "GET", own, good, header("Origin", "http://"+own, "Origin", "https://evil.example"), 403},
		{"a script's fetch", "GET", own, good, header("Sec-Fetch-Mode", "no-cors"), 403},
		{"a picture of a page elsewhere", "GET", own, good, header("Sec-Fetch-Mode", "no-cors", "Sec-Fetch-Dest", "image"), 403},
		{"a frame of a page elsewhere", "GET", own, good, header("Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "iframe"), 403},
		{"a socket of a page elsewhere", "GET", own, good, header("Origin", "https://evil.example", "Connection", "Upgrade", "Upgrade", "websocket"), 403},
		{"an origin that begins well", "GET", own, good, header("Origin", "http://"+own+".evil.example"), 403},
		{"a name that ends in a dot", "GET", "localhost.:" + a.port, good, nil, 400},
		{"a name with a user before it", "GET", "evil@" + own, good, nil, 400},
		{"POST that calls itself GET", "POST", own, good, header("X-HTTP-Method-Override", "GET"), 405},
		{"the state in a list", "GET", own, "/callback?state[]=" + a.state + "&code=" + goodCode, nil, 400},
		{"the state and a byte of nothing", "GET", own, "/callback?state=" + a.state + "%00&code=" + goodCode, nil, 400},
		{"a path with a byte of nothing", "GET", own, strings.Replace(good, callbackPath, callbackPath+"%00", 1), nil, 404},
		{"a path with a parameter", "GET", own, strings.Replace(good, callbackPath, callbackPath+";x=1", 1), nil, 404},
		{"a long address", "GET", own, good + "&x=" + strings.Repeat("a", maxTarget), nil, 414},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a.t = t
			status, location, body, got := a.send(test.method, test.host, test.path, test.header)
			if status != test.status || location != "" {
				t.Errorf("answered with %d to %q, want %d", status, location, test.status)
			}
			if secret := a.leaks(body + fmt.Sprint(got)); secret != "" {
				t.Errorf("the answer has %q: %s", secret, body)
			}
			wantPrivate(t, got)
			if status == 405 && got.Get("Allow") != "GET" {
				t.Errorf("Allow: %q", got.Get("Allow"))
			}
			if a.isSettled() {
				t.Fatal("that ended the sign-in")
			}
		})
	}
	a.t = t
	if calls := s.seen(); len(calls) != 0 {
		t.Errorf("the service was asked %d times", len(calls))
	}
	a.finish()
	if secret := a.leaks(a.logged()); secret != "" {
		t.Errorf("the log has %q:\n%s", secret, a.logged())
	}
}

func wantPrivate(t *testing.T, got http.Header) {
	t.Helper()
	for name, want := range map[string]string{
		"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY",
		"Content-Security-Policy": policy, "Access-Control-Allow-Origin": "", "Set-Cookie": "",
	} {
		if got.Get(name) != want {
			t.Errorf("%s: %q, want %q", name, got.Get(name), want)
		}
	}
}

// TestHostileConnections are requests that no HTTP library sends.
func TestHostileConnections(t *testing.T) {
	s := startService(t, nil)
	s.reply = s.tradesGoodCode
	a := start(t, salesforceAt(t, s.URL), Options{}, func(l *limits) { l.header = 100 * time.Millisecond })
	good, own := a.back("code", goodCode), "127.0.0.1:"+a.port
	tests := []struct{ name, send, answer string }{
		{"nothing at all", "", ""},
		{"half a line", "GET /callb", ""},
		{"headers that never end", "GET " + good + " HTTP/1.1\r\nHost: " + own + "\r\nX-A: b\r\n", ""},
		{"headers that fit nowhere", "GET " + good + " HTTP/1.1\r\nHost: " + own + "\r\nX-A: " + strings.Repeat("b", 2*maxHeader) + "\r\n\r\n", ""},
		{"a body that never ends", "GET " + good + " HTTP/1.1\r\nHost: " + own + "\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n", "400"},
		{"a body that is promised", "GET " + good + " HTTP/1.1\r\nHost: " + own + "\r\nContent-Length: 1000000\r\n\r\nabc", "400"},
		{"two lengths", "GET " + good + " HTTP/1.1\r\nHost: " + own + "\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", "400"},
		{"no host", "GET " + good + " HTTP/1.1\r\n\r\n", "400"},
		{"no host, as of old", "GET " + good + " HTTP/1.0\r\n\r\n", "400"},
		{"two hosts", "GET " + good + " HTTP/1.1\r\nHost: " + own + "\r\nHost: evil.example\r\n\r\n", "400"},
		{"another host in the line", "GET http://evil.example" + good + " HTTP/1.1\r\nHost: " + own + "\r\n\r\n", "400"},
		{"the own host in the line, another below it", "GET http://" + own + good + " HTTP/1.1\r\nHost: evil.example\r\n\r\n", "400"},
		{"the own host in the line", "GET http://" + own + good + " HTTP/1.1\r\nHost: " + own + "\r\n\r\n", "400"},
		{"two slashes", "GET /" + good + " HTTP/1.1\r\nHost: " + own + "\r\n\r\n", "404"},
		{"a host in two lines", "GET " + good + " HTTP/1.1\r\nHost: " + own + "\r\n .evil.example\r\n\r\n", "400"},
		{"a proxy's request", "CONNECT login.salesforce.com:443 HTTP/1.1\r\nHost: login.salesforce.com:443\r\n\r\n", "400"},
		{"HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "4"},
		{"TLS", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "400"},
		{"no HTTP", "EHLO evil.example\r\n\r\n", "400"},
		{"two requests at once, the second the right one", "GET / HTTP/1.1\r\nHost: " + own + "\r\n\r\nGET " + good + " HTTP/1.1\r\nHost: " + own + "\r\n\r\n", "404"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			conn, err := net.Dial("tcp", own)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			_, _ = io.WriteString(conn, test.send) // may be cut off on the way
			if err := conn.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(conn) // ends when the server cuts it off
			var timeout net.Error
			if errors.As(err, &timeout) && timeout.Timeout() {
				t.Fatal("it was not cut off")
			}
			status := ""
			if fields := strings.Fields(string(got)); len(fields) > 1 {
				status = fields[1]
			}
			if !strings.HasPrefix(status, test.answer) {
				t.Errorf("answered with %q", got)
			}
			if strings.Count(string(got), "HTTP/1.") > 1 {
				t.Errorf("two answers: %q", got)
			}
			if secret := a.leaks(string(got)); secret != "" || a.isSettled() {
				t.Errorf("it told %q, or ended the sign-in", secret)
			}
		})
	}
	a.finish()
}

func TestAFloodDoesNotKeepThePersonOut(t *testing.T) {
	s := startService(t, nil)
	s.reply = s.tradesGoodCode
	a := start(t, salesforceAt(t, s.URL), Options{}, func(l *limits) { l.header, l.connections = time.Minute, 8 })
	var silent []net.Conn
	for i := range 200 {
		conn, err := net.Dial("tcp", "127.0.0.1:"+a.port)
		if err != nil {
			t.Fatalf("connection %d: %v", i, err)
		}
		t.Cleanup(func() { _ = conn.Close() })
		if i%2 == 0 {
			_, _ = io.WriteString(conn, "GET /callback?state=")
		}
		silent = append(silent, conn)
	}
	a.finish()
	if open := a.gates[0].count(); open > 8 {
		t.Errorf("%d connections are open", open)
	}
	if _, err := bufio.NewReader(silent[0]).ReadByte(); err == nil {
		t.Error("the oldest connection got an answer")
	}
	for range 2 * maxLogged {
		a.log("x")
	}
	if lines := strings.Count(a.logged(), "\n") + 1; lines > maxLogged {
		t.Errorf("%d lines in the log", lines)
	}
}

func (g *gate) count() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.open)
}

func TestTheTradeSurvivesAFlood(t *testing.T) {
	trading, goOn := make(chan struct{}), make(chan struct{})
	s := startService(t, nil)
	s.reply = func(c call) (int, string) {
		close(trading)
		<-goOn
		return s.tradesGoodCode(c)
	}
	a := start(t, salesforceAt(t, s.URL), Options{}, func(l *limits) { l.connections = 4 })
	answered := make(chan string, 1)
	go func() {
		defer close(answered)
		_, location, _, _ := a.visit(a.back("code", goodCode))
		answered <- location
	}()
	<-trading
	for range 20 {
		conn, err := net.Dial("tcp", "127.0.0.1:"+a.port)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close() })
	}
	close(goOn)
	if location := <-answered; location != donePath {
		t.Errorf("the person was sent to %q", location)
	}
}

func TestTwoAnswersAtOnceSettleOnce(t *testing.T) {
	s := startService(t, nil)
	s.reply = s.tradesGoodCode
	a := start(t, salesforceAt(t, s.URL), Options{}, nil)
	var wg sync.WaitGroup
	var mu sync.Mutex
	went := map[string]int{}
	for range 20 {
		wg.Go(func() {
			_, location, _, _ := a.visit(a.back("code", goodCode))
			mu.Lock()
			defer mu.Unlock()
			went[location]++
		})
	}
	wg.Wait()
	if went[donePath] != 1 || went[overPath] != 19 || len(s.seen()) != 1 {
		t.Errorf("sent to %v, with %d codes traded", went, len(s.seen()))
	}
}

func TestAfterTheEndEveryPageIsCalm(t *testing.T) {
	s := startService(t, nil)
	s.reply = s.tradesGoodCode
	a := start(t, salesforceAt(t, s.URL), Options{}, nil)
	a.finish()
	for name, path := range map[string]string{
		"the way back again":  a.back("code", goodCode),
		"a second tab":        a.back("code", badCode),
		"a denial afterwards": a.back("error", "access_denied"),
	} {
		if status, location, _, _ := a.visit(path); status != 303 || location != overPath {
			t.Errorf("%s: %d to %q", name, status, location)
		}
	}
	for path, headline := range map[string]string{donePath: english.SignedIn, overPath: english.Over} {
		for range 2 {
			if status, _, body, _ := a.visit(path); status != 200 || !strings.Contains(body, headline) || strings.Contains(body, "error") {
				t.Errorf("%s: %d %s", path, status, body)
			}
		}
	}
	if status, _, _, _ := a.visit("/callback?state=wrong&code=x"); status != 400 {
		t.Errorf("a wrong state after the end: %d", status)
	}
	if tokens, err := a.Wait(t.Context()); err != nil || tokens.Access != accessText || len(s.seen()) != 1 {
		t.Errorf("the outcome changed: %v, %d calls", err, len(s.seen()))
	}
}

func TestALateAnswerIsAnsweredCalmly(t *testing.T) {
	s := startService(t, nil)
	s.reply = s.tradesGoodCode
	a := start(t, salesforceAt(t, s.URL), Options{Timeout: time.Millisecond}, nil)
	if _, err := a.Wait(t.Context()); !errors.Is(err, ErrTimedOut) || kindOf(err) != "" {
		t.Fatalf("ended with %v", err)
	}
	if status, location, _, _ := a.visit(a.back("code", goodCode)); status != 303 || location != overPath {
		t.Errorf("%d to %q", status, location)
	}
	if err := a.Paste(t.Context(), goodCode); !errors.Is(err, ErrSettled) {
		t.Errorf("a late paste: %v", err)
	}
	if len(s.seen()) != 0 {
		t.Error("the late code was traded")
	}
}

func TestRefusalsByWayOfTheBrowser(t *testing.T) {
	tests := []struct {
		name     string
		sent     []string
		code     string
		byPerson bool
		shown    string
	}{
		{"the person denied", []string{"error", "access_denied", "error_description", "end-user denied authorization"}, "access_denied", true, ""},
		{"as one page of the help spells it", []string{"error", "access-denied"}, "access-denied", true, ""},
		{"the app is blocked", []string{"error", "OAUTH_APP_BLOCKED", "error_description", "this app is blocked by admin"}, "OAUTH_APP_BLOCKED", false, "OAUTH_APP_BLOCKED"},
		{"the app is not there", []string{"error", "OAUTH_EC_APP_NOT_FOUND"}, "OAUTH_EC_APP_NOT_FOUND", false, "OAUTH_EC_APP_NOT_FOUND"},
		{"no code at all", []string{"error", "<script>alert(1)</script>", "error_description", "\x1b]0;title\x07words"}, "", false, ""},
		{"a code of no table", []string{"error", "weather"}, "weather", false, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := startService(t, nil)
			a := start(t, salesforceAt(t, s.URL), Options{}, nil)
			test.sent = append(test.sent, "x", "y")
			if status, location, _, _ := a.visit(a.back(test.sent...)); status != 303 || location != donePath {
				t.Fatalf("%d to %q", status, location)
			}
			_, _, body, _ := a.visit(donePath)
			if !strings.Contains(body, english.Denied) || test.shown != "" && !strings.Contains(body, "<code>"+test.shown) || test.shown == "" && strings.Contains(body, "<code>") {
				t.Error(body)
			}
			if strings.Contains(body, "script") || strings.Contains(body, "weather") || strings.Contains(body, "words") {
				t.Error("the page shows what came with the request:", body)
			}
			_, err := a.Wait(t.Context())
			var denial *Denial
			if !errors.As(err, &denial) || denial.Code != test.code || denial.ByPerson() != test.byPerson || denial.Service != transport.Salesforce {
				t.Fatalf("ended with %#v", err)
			}
			if strings.ContainsAny(err.Error(), "\x1b\x07") {
				t.Errorf("%q", err)
			}
		})
	}
}

func TestADenialDoesNotRepeatTheState(t *testing.T) {
	s := startService(t, nil)
	a := start(t, salesforceAt(t, s.URL), Options{}, nil)
	a.visit(a.back("error", a.state, "error_description", "state "+a.state+" code="+goodCode))
	a.visit(donePath)
	if _, err := a.Wait(t.Context()); err == nil || a.leaks(err.Error()) != "" {
		t.Errorf("ended with %v", err)
	}
}

func TestACodeThatTheServiceRefuses(t *testing.T) {
	s := startService(t, nil)
	s.reply = s.tradesGoodCode
	a := start(t, salesforceAt(t, s.URL), Options{}, nil)
	if _, location, _, _ := a.visit(a.back("code", badCode)); location != donePath {
		t.Fatalf("sent to %q", location)
	}
	if _, _, body, _ := a.visit(donePath); !strings.Contains(body, english.Failed) || strings.Contains(body, english.SignedIn) {
		t.Error(body)
	}
	_, err := a.Wait(t.Context())
	var failed *transport.Error
	if !errors.As(err, &failed) || failed.Code != "invalid_grant" || failed.Kind != transport.Rejected || failed.Status != 400 {
		t.Fatalf("ended with %v", err)
	}
	if secret := a.leaks(err.Error() + a.logged()); secret != "" {
		t.Errorf("%q is in %v", secret, err)
	}
}

func TestWhoMayComeBack(t *testing.T) {
	for name, test := range map[string]struct{ host, origin, mode string }{
		"Chromium, after a redirect": {"localhost", "", "navigate"},
		"an older browser":           {"127.0.0.1", "", ""},
		"with an origin of null":     {"localhost", "null", "navigate"},
		"from this very server":      {"localhost", "http://localhost", "navigate"},
	} {
		t.Run(name, func(t *testing.T) {
			s := startService(t, nil)
			s.reply = s.tradesGoodCode
			a := start(t, salesforceAt(t, s.URL), Options{}, nil)
			h := http.Header{}
			if test.mode != "" {
				h.Set("Sec-Fetch-Mode", test.mode)
			}
			if test.origin != "" {
				h.Set("Origin", strings.Replace(test.origin, "localhost", "localhost:"+a.port, 1))
			}
			h.Set("Cookie", strings.Repeat("other-program=cookie; ", 1500)) // every program's on localhost
			if status, location, _, _ := a.send("GET", test.host+":"+a.port, a.back("code", goodCode, "sfdc_community_url", "x"), h); status != 303 || location != donePath {
				t.Errorf("%d to %q: %s", status, location, a.logged())
			}
		})
	}
}

func TestTheURLAsksForWhatItMust(t *testing.T) {
	for _, test := range []struct {
		name string
		p    Provider
		path string
		want map[string]string
	}{
		{"Salesforce", salesforceAt(t, "http://localhost:1"), "/services/oauth2/authorize", map[string]string{"client_id": "3MVG9client", "scope": "refresh_token api web", "prompt": "login"}},
		{"Salesforce, as its app is set", salesforceAt(t, "http://localhost:1").WithScopes(), "/services/oauth2/authorize", map[string]string{"scope": ""}},
		{"Zendesk", zendeskAt(t, "http://localhost:1"), "/oauth/authorizations/new", map[string]string{"client_id": "zsf", "scope": "read tickets:write organizations:write triggers:write", "prompt": ""}},
		{"Zendesk never without scopes", zendeskAt(t, "http://localhost:1").WithScopes(), "/oauth/authorizations/new", map[string]string{"scope": "read tickets:write organizations:write triggers:write"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := start(t, test.p, Options{}, nil)
			address, err := url.Parse(a.URL())
			if err != nil || address.Host != "localhost:1" || address.Path != test.path {
				t.Fatalf("%s, %v", a.URL(), err)
			}
			query := address.Query()
			test.want["response_type"], test.want["code_challenge_method"], test.want["redirect_uri"] = "code", "S256", a.RedirectURL()
			for name, want := range test.want {
				if query.Get(name) != want {
					t.Errorf("%s: %q, want %q", name, query.Get(name), want)
				}
			}
			if len(query.Get("state")) != 43 || len(query.Get("code_challenge")) != 43 || strings.Contains(a.URL(), a.verifier) {
				t.Error(a.URL())
			}
			if a.Deadline() != today.Add(DefaultTimeout) {
				t.Error(a.Deadline())
			}
		})
	}
}
