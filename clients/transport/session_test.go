package transport

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// serveTokens takes one token, and refuses every other with 401.
func serveTokens(t *testing.T, good *atomic.Pointer[string]) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+*good.Load() {
			w.WriteHeader(http.StatusUnauthorized)
			fmt.Fprintf(w, `{"error":"invalid_token","was":%q}`, r.Header.Get("Authorization"))
			return
		}
		_, _ = w.Write([]byte(`{}`))
	}))
	t.Cleanup(server.Close)
	return server
}

func pointer(s string) *string { return &s }

func TestATokenThatIsNoLongerTakenIsRenewedOnceForAllCallers(t *testing.T) {
	var good atomic.Pointer[string]
	good.Store(pointer("new-token-0123456789"))
	server := serveTokens(t, &good)
	var renewals atomic.Int32
	caller, err := NewCaller(Config{
		Service: Zendesk, BaseURL: server.URL, Token: "old-token-0123456789", MaxTries: 1,
		Renew: func(_ context.Context, stale string) (string, error) {
			renewals.Add(1)
			if stale != "old-token-0123456789" {
				t.Errorf("asked to replace %q", stale)
			}
			return "new-token-0123456789", nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	var calls sync.WaitGroup
	for range 30 {
		calls.Go(func() {
			if answer, err := caller.Call(t.Context(), Request{Path: "/"}); err != nil || answer.Status != http.StatusOK {
				t.Errorf("%d %v", answer.Status, err)
			}
		})
	}
	calls.Wait()
	if renewals.Load() != 1 {
		t.Errorf("renewed %d times", renewals.Load())
	}
	if shown := caller.config.redact("old-token-0123456789 new-token-0123456789"); strings.Contains(shown, "token") {
		t.Errorf("shown: %s", shown)
	}
}

func TestARenewalThatFailsIsNotTriedAgainByEachCaller(t *testing.T) {
	var good atomic.Pointer[string]
	good.Store(pointer("nobody has this"))
	server := serveTokens(t, &good)
	var renewals atomic.Int32
	dead := &Error{Service: Zendesk, Kind: SignInExpired, Code: "invalid_grant"}
	caller, err := NewCaller(Config{
		Service: Zendesk, BaseURL: server.URL, Token: "old-token-0123456789", MaxTries: 1,
		Renew: func(context.Context, string) (string, error) {
			renewals.Add(1)
			return "", fmt.Errorf("renew: %w", dead)
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		if _, err := caller.Call(t.Context(), Request{Path: "/"}); !errors.Is(err, dead) {
			t.Errorf("%v", err)
		}
	}
	if renewals.Load() != 1 {
		t.Errorf("renewed %d times", renewals.Load())
	}
}

func TestARenewalThatFailedForAMomentIsTriedAgainLater(t *testing.T) {
	var good atomic.Pointer[string]
	good.Store(pointer("new-token-0123456789"))
	server := serveTokens(t, &good)
	var renewals atomic.Int32
	away := &Error{Service: Zendesk, Kind: Unreachable}
	caller, err := NewCaller(Config{
		Service: Zendesk, BaseURL: server.URL, Token: "old-token-0123456789", MaxTries: 1,
		Renew: func(context.Context, string) (string, error) {
			if renewals.Add(1) == 1 {
				return "", fmt.Errorf("renew: %w", away)
			}
			return "new-token-0123456789", nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := caller.Call(t.Context(), Request{Path: "/"}); !errors.Is(err, away) {
		t.Errorf("while the network is away: %v", err)
	}
	if answer, err := caller.Call(t.Context(), Request{Path: "/"}); err != nil || answer.Status != http.StatusOK {
		t.Errorf("when it is back: %d %v", answer.Status, err)
	}
}

// All calls of a look fail together where the network is away: each would else wait for a renewal of its own.
func TestThoseThatWaitForARenewalShareItsFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var renewals atomic.Int32
		s := newSession("stale", func(context.Context, string) (string, error) {
			renewals.Add(1)
			time.Sleep(time.Second)
			return "", &Error{Service: Zendesk, Kind: TimedOut}
		})
		var calls sync.WaitGroup
		for range 30 {
			calls.Go(func() {
				if err := s.renew(t.Context(), "stale"); KindOf(err) != TimedOut {
					t.Errorf("%v", err)
				}
			})
		}
		calls.Wait()
		if renewals.Load() != 1 {
			t.Errorf("renewed %d times", renewals.Load())
		}
	})
}

func TestWhoGivesUpDoesNotWaitForARenewal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		s := newSession("stale", func(context.Context, string) (string, error) { <-release; return "fresh", nil })
		go func() { _ = s.renew(t.Context(), "stale") }()
		synctest.Wait()
		ctx, cancel := context.WithCancel(t.Context())
		gaveUp := make(chan error, 1)
		go func() { gaveUp <- s.renew(ctx, "stale") }()
		synctest.Wait()
		cancel()
		synctest.Wait()
		select {
		case err := <-gaveUp:
			if !errors.Is(err, context.Canceled) {
				t.Errorf("%v", err)
			}
		default:
			t.Error("it still waits")
		}
		close(release)
	})
}

func TestATokenThatIsRefusedAfterItsRenewalIsNotRenewedForEver(t *testing.T) {
	var good atomic.Pointer[string]
	good.Store(pointer("nobody has this"))
	server := serveTokens(t, &good)
	var renewals atomic.Int32
	caller, err := NewCaller(Config{
		Service: Zendesk, BaseURL: server.URL, Token: "t0", MaxTries: 1,
		Renew: func(context.Context, string) (string, error) { return fmt.Sprint("t", renewals.Add(1)), nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	if answer, err := caller.Call(t.Context(), Request{Path: "/"}); err != nil || answer.Status != http.StatusUnauthorized || renewals.Load() != 1 {
		t.Errorf("%d %v after %d renewals", answer.Status, err, renewals.Load())
	}
}

func TestATokenInTheBodyIsTheRenewedOne(t *testing.T) {
	var good atomic.Pointer[string]
	good.Store(pointer("new-token-0123456789"))
	var bodies []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := make([]byte, 64)
		n, _ := r.Body.Read(body)
		bodies = append(bodies, string(body[:n]))
		if !strings.Contains(string(body[:n]), *good.Load()) {
			w.WriteHeader(http.StatusInternalServerError)
			_, _ = w.Write([]byte("sf:INVALID_SESSION_ID"))
		}
	}))
	t.Cleanup(server.Close)
	caller, err := NewCaller(Config{
		Service: Salesforce, BaseURL: server.URL, Token: "old-token-0123456789", MaxTries: 1,
		Refused: func(answer Answer) bool { return strings.Contains(string(answer.Body), "INVALID_SESSION_ID") },
		Renew:   func(context.Context, string) (string, error) { return *good.Load(), nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	answer, err := caller.Call(t.Context(), Request{Method: http.MethodPost, Path: "/", TokenBody: func(token string) []byte { return []byte("<" + token + ">") }})
	if err != nil || answer.Status != http.StatusOK || len(bodies) != 2 {
		t.Errorf("%d %v %q", answer.Status, err, bodies)
	}
}

func TestATokenIsFetchedWhenTheFirstCallNeedsIt(t *testing.T) {
	var good atomic.Pointer[string]
	good.Store(pointer("new-token-0123456789"))
	server := serveTokens(t, &good)
	var fetched atomic.Int32
	config := Config{Service: Zendesk, BaseURL: server.URL, MaxTries: 1, Renew: func(_ context.Context, stale string) (string, error) {
		fetched.Add(1)
		if stale != "" {
			t.Errorf("asked to replace %q", stale)
		}
		return *good.Load(), nil
	}}
	caller, err := NewCaller(config)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := caller.Call(t.Context(), Request{Path: "/", NoToken: true}); err != nil || fetched.Load() != 0 {
		t.Errorf("a call without a token fetched it %d times: %v", fetched.Load(), err)
	}
	for range 3 {
		if answer, err := caller.Call(t.Context(), Request{Path: "/"}); err != nil || answer.Status != http.StatusOK {
			t.Errorf("%d %v", answer.Status, err)
		}
	}
	if fetched.Load() != 1 {
		t.Errorf("fetched %d times", fetched.Load())
	}
}

func TestATokenThatCannotBeFetchedIsASignInThatHasEnded(t *testing.T) {
	locked := errors.New("the keychain is locked")
	for err, want := range map[error]Kind{
		locked: SignInExpired, context.DeadlineExceeded: TimedOut,
		&Error{Service: Zendesk, Kind: SignInMissing}: SignInMissing,
	} {
		caller, made := NewCaller(Config{
			Service: Zendesk, BaseURL: "http://127.0.0.1:9", MaxTries: 1,
			Renew: func(context.Context, string) (string, error) { return "", fmt.Errorf("fetch: %w", err) },
		})
		if made != nil {
			t.Fatal(made)
		}
		_, got := caller.Call(t.Context(), Request{Path: "/"})
		if KindOf(got) != want || !errors.Is(got, err) {
			t.Errorf("%v gives %v (%s)", err, got, KindOf(got))
		}
	}
}
