package signin

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"zsf/clients/oauth"
	"zsf/clients/settings"
	"zsf/clients/sfcli"
	"zsf/clients/transport"
	"zsf/clients/vault"
	flow "zsf/flows/signin"
	"zsf/ui/theme"
)

// tell plays a story on a screen of 80 by 24.
func tell(t *testing.T, of transport.Service, change func(*service), story func(s *stageOf)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := set(t, frameOf(t, "en", 80, 24, theme.Terminal{}), of, change)
		s.Pass(20 * time.Millisecond)
		story(s)
		s.model.Leave()
		s.Pass(200 * time.Millisecond)
		synctest.Wait()
	})
}

// fillIn types an account and a client, and goes on to the button.
func (s *stageOf) fillIn() {
	s.T.Helper()
	s.types("acme")
	s.Press("enter")
	for s.model.form.at != clientRow {
		s.Press("tab")
	}
	s.types("zsf")
	s.Press("enter", "enter")
}

func TestAnAccountIsSignedInByTheBrowser(t *testing.T) {
	tell(t, transport.Zendesk, nil, func(s *stageOf) {
		s.Sees("sign in to Zendesk · acme-sandbox", "acme, or https://acme.zendesk.com")
		s.types("acme")
		s.Sees("read as https://acme.zendesk.com")
		s.Press("enter")
		s.Sees("✓ Zendesk answers at https://acme.zendesk.com")
		s.Press("o")
		s.Press("1")
		s.Press("2")
		if want := "https://acme.zendesk.com/admin/apps-integrations/apis/zendesk-api/oauth_clients/new"; !slices.Contains(s.pages, want) {
			t.Errorf("opened %v", s.pages)
		}
		if len(s.Sent) != 2 || !strings.Contains(s.Sent[0], "zsf") || !strings.Contains(s.Sent[1], "http://127.0.0.1:8765/callback\nhttp://127.0.0.1:8766/callback") {
			t.Errorf("copied %q", s.Sent)
		}
		for s.model.form.at != clientRow {
			s.Press("tab")
		}
		s.types("zsf")
		s.Press("enter")
		s.Sees("has nothing against this client")
		s.Press("space", "enter", "enter")
		s.Sees("Waiting for you in the browser", "5:00", "client_id=zsf")
		s.Pass(3300 * time.Millisecond)
		s.Sees("4:57")
		if s.service.label != settings.Sandbox || len(s.pages) != 2 {
			t.Errorf("label %q, pages %v", s.service.label, s.pages)
		}
		s.service.last().settled <- nil
		s.Pass(20 * time.Millisecond)
		s.Sees("✓ Signed in to Zendesk as jpark@acme.com", "Secret Service")
		if s.done != nil {
			t.Error("it went on before the person had seen it")
		}
		s.Press("enter")
		if s.done == nil || s.done.User != "jpark@acme.com" || s.done.Service != transport.Zendesk {
			t.Errorf("done is %+v", s.done)
		}
		if want := []string{"address acme", "client zsf", "vault", "begin"}; !slices.Equal(s.service.asked, want) {
			t.Errorf("asked %q, want %q", s.service.asked, want)
		}
	})
}

func TestWhatIsTypedIntoAFieldIsNeverAShortcut(t *testing.T) {
	tell(t, transport.Zendesk, nil, func(s *stageOf) {
		s.types("qok?1yebrl")
		s.Sees("qok?1yebrl")
		if s.Quit || s.overlay != nil || len(s.pages) > 0 || len(s.Sent) > 0 {
			t.Error("a letter was a shortcut")
		}
		s.Press("ctrl+u")
		s.fillIn()
		s.Press("enter")
		s.types("qoy?")
		s.Sees("qoy?")
		if s.Quit || s.overlay != nil || len(s.pages) != 1 {
			t.Error("a letter was a shortcut while waiting")
		}
		s.Press("tab", "?")
		s.Sees("Open the address in the browser again.")
		s.Press("esc", "o", "y")
		if len(s.pages) != 2 || len(s.Sent) != 1 || !strings.Contains(s.Sent[0], "acme1700.zendesk.com") {
			t.Errorf("pages %v, copied %v", s.pages, s.Sent)
		}
	})
}

func TestAnotherMachinesBrowserIsFinishedByPasting(t *testing.T) {
	tell(t, transport.Zendesk, nil, func(s *stageOf) {
		s.noPage = errors.New("there is no desktop")
		s.fillIn()
		s.Press("enter")
		s.Sees("No browser opened here (there is no desktop). Open this address anywhere", "y sends it to the terminal's clipboard")
		s.pastes("redirect_uri_mismatch")
		s.Press("enter")
		s.Sees("not one that the client is registered with")
		s.Press("tab")
		s.pastes("nonsense that is none") // also while the keys are shortcuts, which it would set off
		s.Press("enter")
		s.Sees("That does not fit: that is neither the address")
		s.pastes(strings.ReplaceAll(goodCode, "&", "\n&"))
		s.Press("enter")
		s.Sees("✓ Signed in to Zendesk as jpark@acme.com")
		if got := s.service.last().pastes; len(got) != 3 || got[2] != goodCode {
			t.Errorf("pasted %q", got)
		}
	})
}

func TestAPasteOfACancelledSignInSaysNothingAboutTheNext(t *testing.T) {
	tell(t, transport.Zendesk, func(of *service) { of.pasteSlow = time.Second }, func(s *stageOf) {
		s.fillIn()
		s.Press("enter")
		s.pastes(goodCode)
		s.Press("enter", "esc", "enter")
		s.Pass(20 * time.Millisecond)
		s.Sees("Waiting for you in the browser")
		s.Pass(500 * time.Millisecond)
		s.pastes(goodCode)
		s.Press("enter")
		s.Sees("Trying it")
		s.Pass(600 * time.Millisecond) // the first one's answer is there, the second one's is not
		s.SeesNot("That does not fit")
		s.Sees("Trying it")
		s.Pass(time.Second)
		s.Sees("✓ Signed in to Zendesk as jpark@acme.com")
	})
}

func TestAnAddressThatIsPastedTakesThePlaceOfWhatWasThere(t *testing.T) {
	tell(t, transport.Zendesk, nil, func(s *stageOf) {
		s.fillIn()
		s.Press("enter")
		s.types("q")
		s.pastes(goodCode)
		s.Press("enter")
		s.Sees("✓ Signed in to Zendesk as jpark@acme.com")
	})
}

func TestWhatGoesWrongIsNamedAndCanBeTriedAgain(t *testing.T) {
	for _, tc := range []struct {
		name string
		err  error
		sees []string
	}{
		{"denied", &oauth.Denial{Service: transport.Zendesk, Code: "access_denied"}, []string{"was told no in the browser", "press Allow"}},
		{
			"an app that is blocked", &flow.Wrong{Part: flow.Rights, Err: &oauth.Denial{Service: transport.Zendesk, Code: "OAUTH_APP_BLOCKED", Description: "this app is blocked by admin"}},
			[]string{"A right is missing: An admin has blocked the app", "unblock the app", "OAUTH_APP_BLOCKED this app is blocked by admin"},
		},
		{"no network", &transport.Error{Service: transport.Zendesk, Host: "acme.zendesk.com", Kind: transport.Unreachable, Message: "no route to host"}, []string{"cannot be reached", "no route to host", "proxy"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tell(t, transport.Zendesk, nil, func(s *stageOf) {
				s.fillIn()
				s.Press("enter")
				s.service.last().settled <- tc.err
				s.Pass(20 * time.Millisecond)
				s.Sees(append(tc.sees, "Nothing was kept.")...)
				s.Press("r")
				s.Sees("Waiting for you in the browser")
				if len(s.service.attempts) != 2 || !s.service.attempts[0].isClosed() {
					t.Error("the first attempt was not closed before the second")
				}
				s.service.last().settled <- nil
				s.Pass(20 * time.Millisecond)
				s.Sees("✓ Signed in")
			})
		})
	}
}

func TestWhatIsPastedBesideAFieldGoesIntoIt(t *testing.T) {
	tell(t, transport.Zendesk, nil, func(s *stageOf) {
		s.types("acme")
		s.Press("enter")
		s.pastes("zsf") // while the keys are shortcuts, which its letters would set off
		s.Sees("▸ Identifier       zsf")
		if len(s.pages) > 0 || len(s.Sent) > 0 {
			t.Error("what was pasted was taken for keys")
		}
	})
}

func TestTheConsolesPageIsThereToCopyWhereNoBrowserOpens(t *testing.T) {
	tell(t, transport.Zendesk, nil, func(s *stageOf) {
		s.noPage = errors.New("there is no desktop")
		s.types("acme")
		s.Press("enter", "o")
		s.SeesNot("Opening the page")
		s.Sees("No browser opened here (there is no desktop)", "https://acme.zendesk.com/admin/apps-integrations/apis/zendesk-api/oauth_")
	})
}

func TestTimeRunsOut(t *testing.T) {
	tell(t, transport.Zendesk, nil, func(s *stageOf) {
		s.fillIn()
		s.Press("enter")
		s.Pass(5*time.Minute + time.Second)
		s.Sees("Nobody finished the sign-in in time")
		s.Press("e")
		s.Sees("acme", "zsf", "Sign in with the browser")
		s.Press("enter")
		s.Sees("5:00")
	})
}

func TestEscGoesOneStepOutAndLosesNothing(t *testing.T) {
	tell(t, transport.Zendesk, nil, func(s *stageOf) {
		s.fillIn()
		s.Press("enter", "esc")
		s.Sees("The sign-in was cancelled. Nothing was kept.", "acme", "zsf")
		if !s.service.last().isClosed() {
			t.Error("the attempt goes on")
		}
		s.Press("esc")
		if !s.left {
			t.Error("it did not leave")
		}
		s.model.Leave()
		s.Do(s.model.Enter(s.T.Context(), s.model.frame))
		s.Sees("acme", "zsf")
	})
}

func TestResizingLosesNothing(t *testing.T) {
	tell(t, transport.Zendesk, nil, func(s *stageOf) {
		s.fillIn()
		s.Press("enter")
		s.types("half an add")
		for _, size := range [][2]int{{60, 16}, {140, 50}, {61, 17}} {
			s.model.SetFrame(frameOf(t, "en", size[0], size[1], theme.Terminal{}))
			s.Sees("half an add", "state=s7A")
		}
		s.Press("esc")
		s.model.SetFrame(frameOf(t, "en", 60, 16, theme.Terminal{}))
		s.Sees("▸ Sign in with the browser")
		s.Press("tab")
		s.Sees("▸ Account", "acme")
	})
}

func TestTheWrongPartIsNamedWhereItWasTyped(t *testing.T) {
	tell(t, transport.Zendesk, func(of *service) {
		of.hostErr = &flow.Wrong{Part: flow.Host, Err: &transport.Error{Service: transport.Zendesk, Host: "acme.zendesk.com", Kind: transport.Garbled, Call: "GET /api/v2/users/me.json"}}
	}, func(s *stageOf) {
		s.types("help.acme.com")
		s.Sees("✗ The address is wrong: that is not a Zendesk account's")
		s.Press("ctrl+u")
		s.types("acme")
		s.Press("enter")
		s.Sees("✗ The address is wrong: acme.zendesk.com answered GET")
		s.service.hostErr = nil
		s.service.clientErr = &flow.Wrong{Part: flow.Redirect, Err: &oauth.Denial{Service: transport.Zendesk, Code: "redirect_uri_mismatch"}}
		for s.model.form.at != addressRow {
			s.Press("up")
		}
		s.types("2")
		s.Press("enter")
		s.Sees("✓ Zendesk answers at https://acme2.zendesk.com")
		for s.model.form.at != clientRow {
			s.Press("tab")
		}
		s.types("zsf")
		s.Press("enter")
		s.Sees("✗ The redirect address is wrong: The address to come back")
		// Nothing is begun without an address.
		s.Press("up")
		s.Press("ctrl+u")
		s.Press("enter", "enter", "enter")
		s.Sees("▸ Identifier")
	})
}

func TestAnOrgOfTheSfCLIIsChosen(t *testing.T) {
	tell(t, transport.Salesforce, func(of *service) { of.orgs = twoOrgs }, func(s *stageOf) {
		s.Sees("The sf CLI is signed in to these orgs", "▸ uat", "sandbox", "another org")
		s.service.reuseErr = sfcli.ErrSignedOut
		s.Press("down", "enter")
		s.Sees("did not work", "no longer signed in to the org")
		s.service.reuseErr = nil
		s.Press("r")
		s.Sees("✓ Signed in to Salesforce as avery@larkspur.example", "the sf CLI")
	})
	tell(t, transport.Salesforce, func(of *service) { of.orgs = twoOrgs }, func(s *stageOf) {
		s.Press("end", "down", "down", "enter")
		s.Sees("Org address", "External Client App Manager")
		s.Press("esc")
		s.Sees("these orgs")
		s.Press("b")
		s.Sees("Org address")
	})
}

func TestNobodyHasToWaitForTheSfCLI(t *testing.T) {
	tell(t, transport.Salesforce, func(of *service) { of.slow, of.orgs = time.Minute, twoOrgs }, func(s *stageOf) {
		s.Sees("Asking the sf CLI")
		s.Press("b")
		s.Sees("Org address")
		s.Pass(61 * time.Second)
		s.Sees("Org address") // its late answer moves nothing
	})
	tell(t, transport.Salesforce, func(of *service) { of.sfErr = sfcli.ErrTooOld }, func(s *stageOf) {
		s.Sees("Org address", "could not be asked: this sf CLI is too old")
	})
}

func TestTheEncryptedFilesPassphraseIsAskedInTheScreen(t *testing.T) {
	tell(t, transport.Zendesk, func(of *service) { of.passphrase, of.fresh, of.fallback = "x", true, vault.ErrMissing }, func(s *stageOf) {
		s.fillIn()
		s.Press("enter")
		s.Sees("A new passphrase", "The keychain cannot be used: there is no system keychain here", "vault.age")
		s.types("correct")
		s.SeesNot("correct")
		s.Sees("•••••••")
		s.Press("enter")
		s.types("horse")
		s.Press("enter")
		s.Sees("These two differ.")
		s.types("correct")
		s.Press("enter")
		s.types("correct")
		s.Press("enter")
		s.Sees("Waiting for you in the browser")
		s.service.last().settled <- nil
		s.Pass(20 * time.Millisecond)
		s.Sees("vault.age", "The keychain cannot be used")
	})
	tell(t, transport.Zendesk, func(of *service) { of.passphrase = "correct" }, func(s *stageOf) {
		s.fillIn()
		s.Press("enter")
		s.types("wrong")
		s.Press("enter")
		s.Sees("That passphrase does not open the file.")
		s.types("correct")
		s.Press("enter")
		s.Sees("Waiting for you in the browser")
	})
}

func TestAProfileThatIsKnownSignsInAnewWithOneKey(t *testing.T) {
	tell(t, transport.Salesforce, func(of *service) {
		of.known = settings.Account{URL: "https://acme.my.salesforce.com", LoginURL: "https://acme.my.salesforce.com", ClientID: "3MVG9", Source: settings.Browser, Environment: settings.Production}
	}, func(s *stageOf) {
		s.Sees("https://acme.my.salesforce.com", "3MVG9", "[production]", "▸ Sign in with the browser", "five sign-ins")
		s.Press("enter")
		s.Sees("Waiting for you in the browser")
		if s.service.label != settings.Production {
			t.Errorf("label %q", s.service.label)
		}
	})
}

func TestWhatTheServiceGaveIsKeptOnASecondTryWithoutTheBrowser(t *testing.T) {
	tell(t, transport.Zendesk, nil, func(s *stageOf) {
		s.fillIn()
		s.Press("enter")
		s.service.last().settled <- &flow.UnkeptError{Err: vault.ErrLocked}
		s.Pass(20 * time.Millisecond)
		s.Sees("the system keychain is locked")
		s.service.last().settled <- nil
		s.Press("r")
		s.Pass(20 * time.Millisecond)
		s.Sees("✓ Signed in")
		if len(s.service.attempts) != 1 {
			t.Error("the person had to sign in a second time")
		}
	})
}

func TestHostileWordsDoNotSteerTheTerminal(t *testing.T) {
	tell(t, transport.Salesforce, func(of *service) {
		of.orgs = []sfcli.Org{{Alias: "a\x1b[2J\u202e", Username: "u\x1b]0;x\x07", InstanceURL: "https://x"}}
	}, func(s *stageOf) {
		if screen := s.Render(); strings.ContainsAny(screen, "\x07\u202e") || strings.Contains(screen, "\x1b[2J") {
			t.Errorf("%q", screen)
		}
		s.Press("b")
		s.pastes("acme\x1b[31m\u202e.my.salesforce.com")
		if screen := s.Render(); strings.Contains(screen, "\x1b[31m") || strings.Contains(screen, "\u202e") {
			t.Errorf("%q", screen)
		}
	})
}
