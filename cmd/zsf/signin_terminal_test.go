package main_test

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

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

// address is the one that the screen shows whole, over several lines.
func (term *terminal) address() string {
	term.t.Helper()
	for { // a screen that is being drawn anew is read again
		before := term.addressNow()
		time.Sleep(200 * time.Millisecond)
		if before == term.addressNow() {
			return before
		}
	}
}

func (term *terminal) addressNow() string {
	term.t.Helper()
	var address strings.Builder
	for line := range strings.Lines(term.screen()) {
		line = strings.TrimSpace(line)
		switch {
		case address.Len() == 0 && !strings.HasPrefix(line, "http"):
		case line == "" && address.Len() > 0:
			return address.String()
		default:
			address.WriteString(line)
		}
	}
	term.t.Fatalf("no address in\n%s", term.screen())
	return ""
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
	raw := filepath.Join(folder, "raw")
	term.tmux("pipe-pane", "-o", "cat >> "+raw)
	for range 2 {
		term.types("correct horse")
		term.press("Enter")
	}
	screen := term.sees("Waiting for you in the browser", "No browser opened here", "4:5")
	if strings.Contains(screen, "correct horse") {
		t.Error("the passphrase can be read")
	}
	address := term.address()
	wayBack := allowFar(t, address)
	term.until("the address on the screen is a link", func(string) bool { // tmux shows it before its pipe has it
		wrote, err := os.ReadFile(raw)
		return err == nil && strings.Contains(string(wrote), "\x1b]8;id=zsf;"+address)
	})
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
	term.sees("Waiting for you in the browser", "▸")
	term.pastes(allowFar(t, term.address()))
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
	raw := filepath.Join(folder, "raw")
	term.tmux("pipe-pane", "-o", "cat >> "+raw) // from here on, what the program writes as it writes it
	term.types(info.Zendesk.ClientID)
	term.press("Enter")
	term.sees("Open this address", "Or paste the address")
	links := regexp.MustCompile(`\x1b]8;;(http[^\x07\r\n]+)\x07(http[^\x1b\r\n]+)\x1b]8;;\x07`)
	term.until("the address is a link", func(string) bool { // tmux shows it before its pipe has it
		wrote, err := os.ReadFile(raw)
		link := links.FindSubmatch(wrote)
		return err == nil && link != nil && bytes.Equal(link[1], link[2]) && strings.HasPrefix(string(link[1]), info.Zendesk.URL)
	})
}
