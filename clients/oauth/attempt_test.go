package oauth

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

func TestTheEndOfAnAttempt(t *testing.T) {
	why := errors.New("the screen was left")
	for _, test := range []struct {
		name string
		end  func(a *attempt, cancel context.CancelCauseFunc)
		want error
	}{
		{"closed", func(a *attempt, _ context.CancelCauseFunc) { a.Close() }, ErrClosed},
		{"closed twice", func(a *attempt, _ context.CancelCauseFunc) { a.Close(); a.Close() }, ErrClosed},
		{"its context ends", func(_ *attempt, cancel context.CancelCauseFunc) { cancel(why) }, why},
		{"closed while a stranger is connected", func(a *attempt, _ context.CancelCauseFunc) {
			conn, err := net.Dial("tcp", "127.0.0.1:"+a.port)
			if err != nil {
				a.t.Fatal(err)
			}
			a.Close()
			if _, err := io.ReadAll(conn); err != nil && !strings.Contains(err.Error(), "reset") {
				a.t.Error(err)
			}
			_ = conn.Close()
		}, ErrClosed},
	} {
		t.Run(test.name, func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(t.Context())
			defer cancel(nil)
			begun, err := begin(ctx, salesforceAt(t, "http://127.0.0.1:9"), Options{}, limits{ports: []int{0}, header: time.Second, linger: time.Second, connections: 9})
			if err != nil {
				t.Fatal(err)
			}
			defer begun.Close()
			waiting := make(chan error, 1)
			go func() {
				_, err := begun.Wait(t.Context())
				waiting <- err
			}()
			test.end(&attempt{Attempt: begun, t: t}, cancel)
			if err := <-waiting; !errors.Is(err, test.want) {
				t.Errorf("ended with %v", err)
			}
			begun.Close()
			wantClosed(t, begun.port)
			if _, err := begun.Wait(t.Context()); !errors.Is(err, test.want) {
				t.Errorf("then with %v", err)
			}
		})
	}
}

// wantClosed is that a program which comes next can have the port.
func wantClosed(t *testing.T, port string) {
	t.Helper()
	for _, host := range []string{"127.0.0.1", "::1"} {
		if conn, err := net.Dial("tcp", net.JoinHostPort(host, port)); err == nil {
			_ = conn.Close()
			t.Errorf("%s still listens on port %s", host, port)
		}
	}
}

func TestNothingIsLeftOfAnAttempt(t *testing.T) {
	before := runtime.NumGoroutine()
	s := startService(t, nil)
	s.reply = s.tradesGoodCode
	stuck := make(chan struct{})
	for range 5 {
		done := start(t, salesforceAt(t, s.URL), Options{}, nil)
		done.finish()
		done.Close()
		wantClosed(t, done.port)
		trading := make(chan struct{})
		s.mu.Lock()
		s.reply = func(c call) (int, string) {
			close(trading)
			<-stuck
			return s.tradesGoodCode(c)
		}
		s.mu.Unlock()
		cut := start(t, salesforceAt(t, s.URL), Options{}, nil)
		pasted := make(chan error, 1)
		go func() { pasted <- cut.Paste(t.Context(), goodCode) }()
		<-trading
		cut.Close() // while a code is being traded
		if err := <-pasted; !errors.Is(err, ErrClosed) {
			t.Errorf("the paste ended with %v", err)
		}
		s.mu.Lock()
		s.reply = s.tradesGoodCode
		s.mu.Unlock()
	}
	close(stuck)
	s.Close()
	for tries := 0; runtime.NumGoroutine() > before; tries++ {
		if tries == 6000 {
			stacks := make([]byte, 1<<16)
			t.Fatalf("%d goroutines before, %d after:\n%s", before, runtime.NumGoroutine(), stacks[:runtime.Stack(stacks, true)])
		}
		time.Sleep(10 * time.Millisecond) // net/http ends its own after the connection
	}
}

func TestPorts(t *testing.T) {
	taken := func(host string) (net.Listener, int) {
		listener, err := net.Listen("tcp", net.JoinHostPort(host, "0"))
		if err != nil {
			t.Skip("no listener on " + host + ": " + err.Error())
		}
		t.Cleanup(func() { _ = listener.Close() })
		return listener, listener.Addr().(*net.TCPAddr).Port
	}
	_, first := taken("127.0.0.1")
	_, second := taken("127.0.0.1")
	salesforce, zendesk := salesforceAt(t, "http://127.0.0.1:9"), zendeskAt(t, "http://127.0.0.1:9")
	small := limits{header: time.Second, linger: time.Second, connections: 9}

	t.Run("another program has the first", func(t *testing.T) {
		small.ports = []int{first, 0}
		a, err := begin(t.Context(), zendesk, Options{}, small)
		if err != nil {
			t.Fatal(err)
		}
		defer a.Close()
		if a.port == strconv.Itoa(first) || a.RedirectURL() != "http://127.0.0.1:"+a.port+"/callback" || !strings.Contains(a.URL(), a.port) {
			t.Error(a.RedirectURL(), a.URL())
		}
	})
	t.Run("other programs have them all", func(t *testing.T) {
		small.ports = []int{first, second}
		_, err := begin(t.Context(), zendesk, Options{}, small)
		var all *PortsTakenError
		if !errors.As(err, &all) || !slices.Equal(all.Ports, []int{first, second}) || len(all.Errs) != 2 || !strings.Contains(err.Error(), strconv.Itoa(second)) {
			t.Errorf("%v", err)
		}
	})
	t.Run("another program has the port that was chosen", func(t *testing.T) {
		_, err := Begin(t.Context(), zendesk, Options{Port: first})
		var all *PortsTakenError
		if !errors.As(err, &all) || !slices.Equal(all.Ports, []int{first}) {
			t.Errorf("%v", err)
		}
	})
	t.Run("another program has localhost in the other family", func(t *testing.T) {
		var a *Attempt
		err := errors.New("not tried")
		for tries := 0; err != nil && tries < 50; tries++ { // a third program may have that number in the first family
			_, port := taken("::1")
			small.ports = []int{port}
			a, err = begin(t.Context(), zendesk, Options{}, small) // its address is not localhost
		}
		if err != nil {
			t.Fatal(err)
		}
		a.Close()
		var all *PortsTakenError
		if _, err := begin(t.Context(), salesforce, Options{}, small); !errors.As(err, &all) {
			t.Errorf("%v", err)
		}
	})
	t.Run("no port", func(t *testing.T) {
		for _, port := range []int{-1, 65536} {
			if _, err := Begin(t.Context(), zendesk, Options{Port: port}); !errors.Is(err, ErrNoPort) {
				t.Errorf("%d: %v", port, err)
			}
		}
	})
	t.Run("cancelled before it began", func(t *testing.T) {
		if _, err := Begin(ended(t), zendesk, Options{}); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
}

func TestBothFamiliesOfLocalhostAnswer(t *testing.T) {
	a := start(t, salesforceAt(t, "http://127.0.0.1:9"), Options{}, nil)
	if len(a.gates) < 2 {
		t.Skip("no IPv6 loopback here")
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://[::1]:"+a.port+"/", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	req.Host, req.Close = "localhost:"+a.port, true
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusNotFound {
		t.Error(answer.Status)
	}
}

func TestABrowserThatNeverFetchesThePage(t *testing.T) {
	s := startService(t, nil)
	s.reply = s.tradesGoodCode
	a := start(t, salesforceAt(t, s.URL), Options{}, func(l *limits) { l.linger = time.Millisecond })
	if _, location, _, _ := a.visit(a.back("code", goodCode)); location != donePath {
		t.Fatal(location)
	}
	if tokens, err := a.Wait(t.Context()); err != nil || tokens.Access != accessText {
		t.Error(err)
	}
}

func TestThePageIsWrittenBeforeTheTokensAreHandedOn(t *testing.T) {
	s := startService(t, nil)
	s.reply = s.tradesGoodCode
	a := start(t, salesforceAt(t, s.URL), Options{}, nil)
	a.visit(a.back("code", goodCode))
	if _, err := a.Wait(ended(t)); !errors.Is(err, context.Canceled) {
		t.Errorf("handed on before the page: %v", err)
	}
	a.visit(donePath)
	if _, err := a.Wait(t.Context()); err != nil {
		t.Errorf("not handed on after it: %v", err)
	}
}

func TestTheTabIsClosedWhileTheCodeIsTraded(t *testing.T) {
	trading, goOn := make(chan struct{}), make(chan struct{})
	s := startService(t, nil)
	s.reply = func(c call) (int, string) {
		close(trading)
		<-goOn
		return s.tradesGoodCode(c)
	}
	a := start(t, salesforceAt(t, s.URL), Options{}, func(l *limits) { l.linger = time.Millisecond })
	conn, err := net.Dial("tcp", "127.0.0.1:"+a.port)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(conn, "GET "+a.back("code", goodCode)+" HTTP/1.1\r\nHost: 127.0.0.1:"+a.port+"\r\n\r\n")
	<-trading
	_ = conn.Close()
	close(goOn)
	if tokens, err := a.Wait(t.Context()); err != nil || tokens.Access != accessText {
		t.Errorf("the sign-in was lost with the tab: %v", err)
	}
}

func TestSecretsAreRandomAndNeeded(t *testing.T) {
	seen := map[string]bool{}
	for range 100 {
		state, verifier, err := secrets(Options{}.withDefaults().Random)
		if err != nil || len(state) != 43 || len(verifier) != 43 || seen[state] || seen[verifier] {
			t.Fatal(state, verifier, err)
		}
		seen[state], seen[verifier] = true, true
	}
	if _, err := Begin(t.Context(), zendeskAt(t, "acme"), Options{Random: iotest.ErrReader(io.ErrUnexpectedEOF)}); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("%v", err)
	}
}
