package main_test

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"zsf/clients/sandbox"
)

// types sends letters as they are.
func (term *terminal) types(text string) {
	term.t.Helper()
	term.tmux("send-keys", "-l", text)
}

// pastes sends text as a terminal does that marks what was pasted.
func (term *terminal) pastes(text string) {
	term.t.Helper()
	term.tmux("set-buffer", "-b", "pasted", text)
	term.tmux("paste-buffer", "-p", "-d", "-b", "pasted")
}

// tap writes down what the program writes from here on, byte for byte.
func (term *terminal) tap() (raw string) {
	term.t.Helper()
	raw = filepath.Join(term.t.TempDir(), "raw")
	term.tmux("pipe-pane", "-o", "cat >> "+raw)
	return raw
}

// drawnLink is a part of an address on the screen, which leads to the whole.
var drawnLink = regexp.MustCompile(`\x1b\]8;id=zsf;(http[^\x07\x1b]+)(?:\x07|\x1b\\)`)

// address is the one that the screen shows over several lines, once they are the whole of what they link to.
// A screen that is being drawn anew, or that tmux has cut to a new size, shows less than that.
func (term *terminal) address(raw string) (address string) {
	term.t.Helper()
	term.until("the screen shows the address whole", func(screen string) bool {
		wrote, err := os.ReadFile(raw)
		if err != nil {
			return false // cat has not begun
		}
		links := drawnLink.FindAllSubmatch(wrote, -1)
		if len(links) == 0 {
			return false
		}
		address = string(links[len(links)-1][1])
		return addressOn(screen) == address
	})
	return address
}

func addressOn(screen string) string {
	var address strings.Builder
	for line := range strings.Lines(screen) {
		line = strings.TrimSpace(line)
		switch {
		case address.Len() == 0 && !strings.HasPrefix(line, "http"):
		case line == "" && address.Len() > 0:
			return address.String()
		default:
			address.WriteString(line)
		}
	}
	return address.String()
}

// allowFar signs in with a browser on another machine, and returns the address that it ends on.
func allowFar(t *testing.T, address string) (wayBack string) {
	t.Helper()
	far := newPerson(t)
	far.client.CheckRedirect = func(next *http.Request, _ []*http.Request) error {
		if next.URL.Path == "/callback" {
			wayBack = next.URL.String()
			return http.ErrUseLastResponse
		}
		return nil
	}
	far.allow(address)
	return wayBack
}

// The whole way of a newcomer over SSH: nothing is set up, no browser opens, there is no keychain.
func TestBothServicesAreSignedInToByPastingInARealTerminal(t *testing.T) {
	served, _ := serve(t, sandbox.Options{Scenario: "ready"})
	info, folder := served.Info(), t.TempDir()
	takePorts(t)
	term := openTerminal(t, 110, 34, []string{"HOME=" + folder, "NO_PROXY=*"})
	term.sees("What to do next", "Not signed in yet")

	term.press("l")
	term.sees("Sign in to", "▸ Salesforce")
	term.press("Enter")
	term.sees("Org address", "External Client App Manager", "http://localhost:1717/callback")
	term.types(info.Salesforce.LoginURL)
	term.press("Enter")
	term.sees("✓ Salesforce answers at " + info.Salesforce.LoginURL)
	term.press("Tab")
	term.sees("▸ Consumer key")
	term.pastes(info.Salesforce.ClientID)
	term.press("Enter")
	term.sees("▸ This org is", "has nothing against this client")
	term.press("Space", "Enter")
	term.sees("[sandbox]", "▸ Sign in with the browser", "five sign-ins")
	term.press("Enter")

	// The encrypted file's passphrase is asked before the browser opens, and shown to nobody.
	term.sees("A new passphrase", "The keychain cannot be used")
	raw := term.tap()
	for range 2 {
		term.types("correct horse")
		term.press("Enter")
	}
	screen := term.sees("Waiting for you in the browser", "No browser opened here", "4:5")
	if strings.Contains(screen, "correct horse") {
		t.Error("the passphrase can be read")
	}
	wayBack := allowFar(t, term.address(raw))
	term.pastes("OAUTH_APP_BLOCKED")
	term.press("Enter")
	term.sees("An admin has blocked the app")
	term.pastes(wayBack)
	term.press("Enter")
	term.sees("✓ Signed in to Salesforce as "+info.Salesforce.Username, "The tokens are in")
	term.press("Enter")
	term.sees("What to do next", info.Salesforce.InstanceURL)

	term.press("l")
	term.sees("▸ Zendesk")
	term.press("Enter")
	term.sees("▸ Account")
	term.types(info.Zendesk.URL)
	term.press("Enter")
	term.sees("✓ Zendesk answers at " + info.Zendesk.URL)
	term.press("Tab")
	term.sees("▸ Identifier")
	term.types(info.Zendesk.ClientID)
	term.press("Enter", "Space", "Enter", "Enter")
	term.sees("Waiting for you in the browser")

	// Cancelling loses nothing that was typed, and another attempt works.
	term.press("Escape")
	term.sees("The sign-in was cancelled", "▸ Sign in with the browser", info.Zendesk.ClientID)
	term.press("Enter")
	term.sees("Waiting for you in the browser")
	term.resize(80, 24)
	term.pastes(allowFar(t, term.address(raw)))
	term.press("Enter")
	term.sees("✓ Signed in to Zendesk as " + info.Zendesk.Email)
	term.press("Enter")
	term.sees("What to do next", info.Zendesk.URL)

	term.press("c")
	term.sees("23 looked at", "Zendesk sign-in", info.Zendesk.Email)
	term.press("q")
	term.sees("exit code 0")
	noTokenIn(t, folder)
	status := runZSF(t, []string{"HOME=" + folder, "ZSF_VAULT_PASSPHRASE=correct horse"}, "auth", "status", "--json")
	if status.code != 0 || strings.Count(status.stdout, `"environment":"sandbox"`) != 2 {
		t.Errorf("%+v", status)
	}
}

// On a terminal that can, the address is one line and a link; a pipe never gets one.
func TestThePrintedAddressIsALinkOnATerminalOnly(t *testing.T) {
	served, _ := serve(t, sandbox.Options{Scenario: "ready"})
	info, folder := served.Info(), t.TempDir()
	takePorts(t)
	term := openTerminal(t, 80, 24, []string{"HOME=" + folder, "NO_PROXY=*", "ZSF_VAULT_PASSPHRASE=x"},
		"auth", "login", "zendesk", "--url", info.Zendesk.URL, "--environment", "sandbox", "--no-browser")
	term.sees("The public OAuth client's identifier")
	raw := term.tap()
	term.types(info.Zendesk.ClientID)
	term.press("Enter")
	term.sees("Open this address", "Or paste the address")
	link := regexp.MustCompile(`\x1b]8;;(http[^\x07\r\n]+)\x07(http[^\x1b\r\n]+)\x1b]8;;\x07`)
	term.until("the printed address is a link", func(string) bool {
		wrote, err := os.ReadFile(raw)
		parts := link.FindSubmatch(wrote)
		return err == nil && parts != nil && bytes.Equal(parts[1], parts[2]) && strings.HasPrefix(string(parts[1]), info.Zendesk.URL)
	})
}
