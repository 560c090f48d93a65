// The token in use, and its renewal when a service no longer takes it.

package transport

import (
	"context"
	"errors"
	"strings"
	"sync"
)

// A Renewal gets a token that is newer than the stale one, and keeps what it must before it returns it.
type Renewal func(ctx context.Context, stale string) (string, error)

// A session is one sign-in, shared by all calls of a client.
type session struct {
	renewal Renewal

	renewing chan struct{} // held by the one renewal under way, for all callers together
	mu       sync.RWMutex
	token    string
	old      []string // tokens that were replaced, which must not show either
	failed   error    // why the last renewal came to nothing
	failures int
}

func newSession(token string, renewal Renewal) *session {
	return &session{token: token, renewal: renewal, renewing: make(chan struct{}, 1)}
}

func (s *session) current() string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.token
}

// renew replaces the stale token, once for all who hold it. A failure is that of all who waited for it. It is tried
// again later only where it may have been of that moment.
func (s *session) renew(ctx context.Context, stale string) error {
	if s.renewal == nil {
		return errNoRenewal
	}
	s.mu.RLock()
	before := s.failures
	s.mu.RUnlock()
	select {
	case s.renewing <- struct{}{}:
		defer func() { <-s.renewing }()
	case <-ctx.Done():
		return context.Cause(ctx) //nolint:wrapcheck // the caller tells it by errors.Is
	}
	s.mu.RLock()
	token, failed, failures := s.token, s.failed, s.failures
	s.mu.RUnlock()
	switch {
	case failed != nil && (failures != before || !passes(failed)):
		return failed
	case token != stale:
		return nil
	}
	token, err := s.renewal(ctx, stale)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		if ctx.Err() == nil {
			s.failed = err
			s.failures++
		}
		return err
	}
	s.old = append(s.old, stale)
	s.token, s.failed = token, nil
	return nil
}

// passes tells a failure that may be over a moment later.
func passes(err error) bool {
	switch KindOf(err) {
	case Unreachable, TimedOut, Unavailable, RateLimited:
		return true
	}
	return false
}

var errNoRenewal = errors.New("the sign-in has no way to be renewed")

// hide removes every token that this session has held.
func (s *session) hide(words string) string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, token := range append([]string{s.token}, s.old...) {
		if token != "" {
			words = strings.ReplaceAll(words, token, redacted)
		}
	}
	return words
}
