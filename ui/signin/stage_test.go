package signin

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"zsf/clients/oauth"
	"zsf/clients/settings"
	"zsf/clients/sfcli"
	"zsf/clients/transport"
	"zsf/clients/vault"
	flow "zsf/flows/signin"
	"zsf/ui/parts"
	"zsf/ui/theme"
	"zsf/ui/uitest"
)

// A service answers the screen in place of the flow and both services. Its words about what is entered are the flow's own.
type service struct {
	Login // the flow's, for what it says without asking anybody
	known settings.Account
	orgs  []sfcli.Org
	slow  time.Duration // of each answer

	mu         sync.Mutex
	asked      []string // what it was asked, in order
	sfErr      error
	hostErr    error
	pasteSlow  time.Duration // until a paste is answered
	clientErr  error
	fallback   error
	passphrase string // of the encrypted file; empty: there is a keychain
	fresh      bool   // the file is yet to be made
	beginErr   error
	reuseErr   error
	missing    []string
	label      settings.Environment
	attempts   []*fakeAttempt
}

func newService(of transport.Service) *service {
	return &service{Login: Of(&flow.Login{Service: of}, nil)}
}

func (s *service) answer(ctx context.Context, asked string) error {
	s.mu.Lock()
	s.asked = append(s.asked, asked)
	slow := s.slow
	s.mu.Unlock()
	if slow == 0 {
		return nil
	}
	select {
	case <-time.After(slow):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *service) Known(context.Context) (settings.Account, error) { return s.known, nil }

func (s *service) Orgs(ctx context.Context) ([]sfcli.Org, error) {
	if err := s.answer(ctx, "orgs"); err != nil {
		return nil, err
	}
	return s.orgs, s.sfErr
}

func (s *service) Reuse(ctx context.Context, org sfcli.Org) (flow.Done, error) {
	if err := s.answer(ctx, "reuse "+org.Username); err != nil {
		return flow.Done{}, err
	}
	return flow.Done{User: org.Username, URL: org.InstanceURL}, s.reuseErr
}

func (s *service) CheckAddress(ctx context.Context, entered string) error {
	return errors.Join(s.answer(ctx, "address "+entered), s.hostErr)
}

func (s *service) CheckClient(ctx context.Context, _, clientID string) error {
	return errors.Join(s.answer(ctx, "client "+clientID), s.clientErr)
}

func (s *service) OpenVault(ctx context.Context, passphrase string) (flow.Store, error) {
	if err := s.answer(ctx, "vault"); err != nil {
		return flow.Store{}, err
	}
	store := flow.Store{Where: "the system keychain (Secret Service)"}
	if s.passphrase != "" {
		store = flow.Store{Where: "~/.local/state/zsf/vault.age", Fallback: s.fallback}
	}
	switch {
	case s.fresh && passphrase != "":
		s.fresh, s.passphrase = false, passphrase
	case passphrase == "" && s.passphrase != "":
		return store, &flow.PassphraseError{New: s.fresh, Err: vault.ErrNoPassphrase}
	case passphrase != s.passphrase:
		return store, &flow.PassphraseError{Wrong: true, Err: vault.ErrWrongPassphrase}
	}
	return store, nil
}

func (s *service) Begin(ctx context.Context, address, _ string, label settings.Environment) (Attempt, error) {
	if err := s.answer(ctx, "begin"); err != nil {
		return nil, err
	}
	if s.beginErr != nil {
		return nil, s.beginErr
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.label = label
	a := &fakeAttempt{service: s, address: address, deadline: time.Now().Add(5 * time.Minute), settled: make(chan error, 1), closed: make(chan struct{})}
	s.attempts = append(s.attempts, a)
	return a, nil
}

// last is the attempt that was begun last.
func (s *service) last() *fakeAttempt {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.attempts[len(s.attempts)-1]
}

// A fakeAttempt ends when the test says so.
type fakeAttempt struct {
	service  *service
	address  string
	deadline time.Time
	settled  chan error
	once     sync.Once
	closed   chan struct{}
	pastes   []string
}

const goodCode = "http://127.0.0.1:8765/callback?code=5ed0c6d5a7b1f2e3&state=s7A"

func (a *fakeAttempt) URL() string {
	return "https://acme1700.zendesk.com/oauth/authorizations/new?client_id=zsf&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM" +
		"&code_challenge_method=S256&redirect_uri=http%3A%2F%2F127.0.0.1%3A8765%2Fcallback&response_type=code" +
		"&scope=read+tickets%3Awrite+organizations%3Awrite+triggers%3Awrite&state=s7AqLkXcVwTzRyU1o2p3Q4r5S6t7U8v9W0x1Y2z3A4b"
}

func (a *fakeAttempt) Deadline() time.Time { return a.deadline }

func (a *fakeAttempt) Paste(ctx context.Context, text string) error {
	a.pastes = append(a.pastes, text)
	if a.service.pasteSlow > 0 {
		<-time.After(a.service.pasteSlow)
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	if cause, wayOut, known := oauth.HelpFor(text); known {
		return &flow.ExplainedError{Cause: cause, WayOut: wayOut, Err: oauth.ErrNotACode}
	}
	if text != goodCode {
		return oauth.ErrNotACode
	}
	a.settled <- nil
	return nil
}

func (a *fakeAttempt) Wait(ctx context.Context) (flow.Done, error) {
	select {
	case err := <-a.settled:
		if err != nil {
			return flow.Done{}, err
		}
	case <-time.After(time.Until(a.deadline)):
		return flow.Done{}, oauth.ErrTimedOut
	case <-ctx.Done():
		return flow.Done{}, oauth.ErrClosed
	}
	where := "the system keychain (Secret Service)"
	if a.service.passphrase != "" {
		where = "~/.local/state/zsf/vault.age"
	}
	return flow.Done{User: "jpark@acme.com", URL: "https://acme1700.zendesk.com", Where: where, Missing: a.service.missing}, nil
}

func (a *fakeAttempt) Close() { a.once.Do(func() { close(a.closed) }) }

func (a *fakeAttempt) isClosed() bool {
	select {
	case <-a.closed:
		return true
	default:
		return false
	}
}

// A stage is the screen without a terminal, below a root that only lays overlays over it.
type stageOf struct {
	*uitest.Story
	model   *Model
	service *service
	pages   []string // that were opened
	noPage  error    // why none can be
	overlay parts.Overlay
	done    *Done
	left    bool
}

func set(t testing.TB, frame parts.Frame, of transport.Service, change func(*service)) *stageOf {
	t.Helper()
	uitest.Begin()
	s := &stageOf{service: newService(of)}
	if change != nil {
		change(s.service)
	}
	s.model = New(Options{
		Service: of, Profile: "acme-sandbox", Login: s.service, Clock: parts.SystemClock(),
		Open: func(_ context.Context, url string) error {
			s.pages = append(s.pages, url)
			return s.noPage
		},
	})
	s.Story = &uitest.Story{T: t, Update: s.update, Render: func() string {
		if s.overlay != nil {
			return s.overlay.Render(s.model.frame)
		}
		return s.model.Render()
	}}
	s.Do(s.model.Enter(t.Context(), frame))
	return s
}

func (s *stageOf) update(message tea.Msg) tea.Cmd {
	switch message := message.(type) {
	case parts.Opened:
		s.overlay = message.Overlay
		return nil
	case parts.Back:
		s.left = true
		return nil
	case parts.Quit:
		return tea.Quit
	case Done:
		s.done = &message
		return nil
	case tea.KeyPressMsg:
		if s.overlay != nil {
			command, gone := s.overlay.Press(s.model.frame, parts.KeyName(message))
			if gone {
				s.overlay = nil
			}
			return command
		}
	}
	return s.model.Update(message)
}

// types types letters one by one.
func (s *stageOf) types(text string) {
	s.T.Helper()
	for _, letter := range text {
		s.Press(string(letter))
	}
}

// pastes sends text as a terminal does that marks what was pasted.
func (s *stageOf) pastes(text string) {
	s.T.Helper()
	s.Send(tea.PasteMsg{Content: text})
}

func frameOf(t testing.TB, tag string, width, height int, terminal theme.Terminal) parts.Frame {
	return parts.Frame{Width: width, Height: height, Theme: theme.New(terminal), Words: uitest.Words(t, tag)}
}

var twoOrgs = []sfcli.Org{
	{Alias: "uat", Username: "avery@larkspur.example.uat", InstanceURL: "https://larkspur--uat.sandbox.my.salesforce.com", Sandbox: true},
	{Username: "avery@larkspur.example", InstanceURL: "https://larkspur.my.salesforce.com"},
}
