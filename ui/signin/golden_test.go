package signin

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/exp/golden"

	"zsf/clients/oauth"
	"zsf/clients/settings"
	"zsf/clients/transport"
	"zsf/clients/vault"
	flow "zsf/flows/signin"
	"zsf/ui/parts"
	"zsf/ui/theme"
	"zsf/ui/uitest"
)

// A state is a screen that somebody comes to.
type state struct {
	name  string
	of    transport.Service
	with  func(*service)
	steps func(*stageOf)
}

var states = []state{
	{"orgs", transport.Salesforce, func(of *service) { of.orgs = twoOrgs }, func(s *stageOf) { s.Press("down") }},
	{"asking-sf", transport.Salesforce, func(of *service) { of.slow = time.Minute }, nil},
	{"guide", transport.Salesforce, nil, func(s *stageOf) { s.types("acme.my.salesforce.com"); s.Press("enter", "tab") }},
	{"form", transport.Zendesk, nil, nil},
	{"ready", transport.Zendesk, nil, (*stageOf).fillIn},
	{"known", transport.Salesforce, func(of *service) {
		of.known = settings.Account{URL: "https://acme.my.salesforce.com", ClientID: "3MVG9zsf.k1VdT0uNq7wGmXcE4rJ2hYb8LsPaFi5oQ6xKt", Source: settings.Browser, Environment: settings.Production}
	}, nil},
	{"wrong", transport.Zendesk, func(of *service) {
		of.clientErr = &flow.Wrong{Part: flow.ClientID, Err: &oauth.Denial{Service: transport.Zendesk, Code: "invalid_client"}}
	}, func(s *stageOf) { s.fillIn(); s.Press("up", "up") }},
	{"passphrase", transport.Zendesk, func(of *service) { of.passphrase, of.fresh, of.fallback = "x", true, vault.ErrMissing }, func(s *stageOf) {
		s.fillIn()
		s.Press("enter")
		s.types("correct")
	}},
	{"waiting", transport.Zendesk, nil, func(s *stageOf) { s.fillIn(); s.Press("enter"); s.Pass(36 * time.Second) }},
	{"waiting-keys", transport.Zendesk, nil, func(s *stageOf) {
		s.noPage = errors.New("there is no desktop")
		s.fillIn()
		s.Press("enter", "tab")
	}},
	{"pasted-code", transport.Zendesk, nil, func(s *stageOf) {
		s.fillIn()
		s.Press("enter")
		s.pastes("OAUTH_APPROVAL_ERROR_GENERIC")
		s.Press("enter")
	}},
	{"denied", transport.Zendesk, nil, func(s *stageOf) {
		s.fillIn()
		s.Press("enter")
		s.service.last().settled <- &oauth.Denial{Service: transport.Zendesk, Code: "access_denied"}
		s.Pass(20 * time.Millisecond)
	}},
	{"blocked", transport.Salesforce, nil, func(s *stageOf) {
		s.types("acme.my.salesforce.com")
		for s.model.form.at != clientRow {
			s.Press("tab")
		}
		s.types("3MVG9")
		s.Press("enter", "enter", "enter")
		s.service.last().settled <- &flow.Wrong{Part: flow.Rights, Err: &oauth.Denial{Service: transport.Salesforce, Code: "OAUTH_APP_BLOCKED", Description: "this app is blocked by admin"}}
		s.Pass(20 * time.Millisecond)
	}},
	{"done", transport.Zendesk, func(of *service) { of.missing = []string{"triggers:write"} }, func(s *stageOf) {
		s.fillIn()
		s.Press("enter")
		s.service.last().settled <- nil
		s.Pass(20 * time.Millisecond)
	}},
	{"help", transport.Zendesk, nil, func(s *stageOf) { s.fillIn(); s.Press("?") }},
}

func TestGolden(t *testing.T) {
	for _, state := range states {
		for _, tag := range []string{"en", "ko"} {
			for _, size := range [][2]int{{120, 40}, {80, 24}, {60, 16}} {
				for name, terminal := range map[string]theme.Terminal{"colour": {Profile: colorprofile.TrueColor}, "plain": {}} {
					if name == "colour" && size[0] != 80 {
						continue
					}
					t.Run(fmt.Sprintf("%s/%s-%dx%d-%s", state.name, tag, size[0], size[1], name), func(t *testing.T) {
						synctest.Test(t, func(t *testing.T) {
							frame := frameOf(t, tag, size[0], size[1], terminal)
							s := set(t, frame, state.of, state.with)
							s.Pass(20 * time.Millisecond)
							if state.steps != nil {
								state.steps(s)
							}
							s.Pass(300 * time.Millisecond)
							screen := s.Render()
							s.model.Leave()
							synctest.Wait()
							uitest.Fits(t, screen, frame.Width, frame.Height)
							golden.RequireEqual(t, screen)
						})
					})
				}
			}
		}
	}
}

// On every size the field with the focus stays in sight, and the address whole.
func TestEveryStateFitsEverySize(t *testing.T) {
	for _, state := range states {
		for _, tag := range []string{"en", "ko"} {
			synctest.Test(t, func(t *testing.T) {
				frame := frameOf(t, tag, 80, 24, theme.Terminal{})
				s := set(t, frame, state.of, state.with)
				s.Pass(20 * time.Millisecond)
				if state.steps != nil {
					state.steps(s)
				}
				for width := parts.MinWidth; width <= 130; width += 7 {
					for height := parts.MinHeight; height <= 42; height += 5 {
						frame.Width, frame.Height = width, height
						s.model.SetFrame(frame)
						screen := s.model.Render()
						uitest.Fits(t, screen, frame.Width, frame.Height)
						if s.model.stage == forming && !strings.Contains(screen, "▸") {
							t.Errorf("%s at %d×%d: the cursor's row is out of sight:\n%s", state.name, width, height, screen)
						}
						squeezed := strings.NewReplacer("\n", "", " ", "").Replace(ansi.Strip(screen))
						if s.model.stage == waiting && !strings.Contains(squeezed, s.model.attempt.URL()) && height > 20 {
							t.Errorf("%s at %d×%d: the address is not whole:\n%s", state.name, width, height, screen)
						}
					}
				}
				s.model.Leave()
				synctest.Wait()
			})
		}
	}
}
