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

	renewing sync.Mutex // one renewal at a time, for all callers together
	mu       sync.RWMutex
	token    string
	old      []string // tokens that were replaced, which must not show either
	failed   error    // why the token in use could not be replaced
}

func newSession(token string, renewal Renewal) *session {
	return &session{token: token, renewal: renewal}
}

func (s *session) current() string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.token
}

// renew replaces the stale token, once for all who hold it.
func (s *session) renew(ctx context.Context, stale string) error {
	if s.renewal == nil {
		return errNoRenewal
	}
	s.renewing.Lock()
	defer s.renewing.Unlock()
	s.mu.RLock()
	token, failed := s.token, s.failed
	s.mu.RUnlock()
	if token != stale || failed != nil {
		return failed
	}
	token, err := s.renewal(ctx, stale)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		if ctx.Err() == nil {
			s.failed = err
		}
		return err
	}
	s.old = append(s.old, stale)
	s.token = token
	return nil
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
