package sandbox_test

import (
	"context"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/chromedp"

	"zsf/clients/sandbox"
)

// A person at a real Chromium, who reads words and clicks.
type clicker struct {
	*walk
	ctx    context.Context
	mu     sync.Mutex
	faults []string // what the browser complains of
}

// openBrowser is one with a profile of its own.
func openBrowser(t *testing.T) context.Context {
	t.Helper()
	if testing.Short() {
		t.Skip("a browser is slow to start")
	}
	var path string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		t.Skip("no Chromium on this machine: the sandbox's pages are not tested with a real browser")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()), chromedp.WindowSize(1000, 800),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-back-forward-cache", true))
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox)
	}
	allocator, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	browser, closeBrowser := chromedp.NewContext(allocator)
	t.Cleanup(func() {
		stop, cancelStop := context.WithTimeout(browser, 10*time.Second)
		defer cancelStop()
		_ = chromedp.Cancel(stop)
		closeBrowser()
		cancel()
	})
	if err := chromedp.Do(browser); err != nil {
		t.Fatal("Chromium did not start: ", err)
	}
	return browser
}

func sitDown(browser context.Context, t *testing.T, scenario string) *clicker {
	t.Helper()
	c := &clicker{walk: begin(t, scenario)}
	ctx, closeTab := chromedp.NewContext(browser, chromedp.WithNewBrowserContext(), chromedp.WithListener(func(event any) {
		if entry, ok := event.(*cdplog.EventEntryAdded); ok && !isHarmless(entry.Entry.Text) {
			c.mu.Lock()
			defer c.mu.Unlock()
			c.faults = append(c.faults, entry.Entry.Text+" "+entry.Entry.URL)
		}
	}))
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	limited, cancel := context.WithTimeout(ctx, 2*time.Minute)
	c.ctx = limited
	t.Cleanup(func() {
		cancel()
		closeTab()
		c.mu.Lock()
		defer c.mu.Unlock()
		if len(c.faults) != 0 {
			t.Errorf("the browser complains: %s", c.faults)
		}
	})
	return c
}

// isHarmless tells a complaint of the browser that no page is the cause of: an icon that none has, and a field that was
// typed into before the browser came to focus it, which a slow machine is late to do.
func isHarmless(complaint string) bool {
	return strings.Contains(complaint, "favicon") || strings.HasPrefix(complaint, "Autofocus processing was blocked")
}

func (c *clicker) do(steps ...chromedp.Action[chromedp.Void]) {
	c.t.Helper()
	if err := chromedp.Do(c.ctx, steps...); err != nil {
		at, _ := chromedp.Run(c.ctx, chromedp.Location())
		content, _ := chromedp.Run(c.ctx, chromedp.OuterHTML(chromedp.CSS("main")))
		c.t.Fatalf("%v, at %s: %s", err, at, content)
	}
}

func (c *clicker) goTo(address string) { c.t.Helper(); c.do(chromedp.Navigate(address)) }

func (c *clicker) see(words string) {
	c.t.Helper()
	c.do(chromedp.WaitVisible(chromedp.Search(`//body//*[contains(normalize-space(text()), "` + words + `")]`)))
}

// click presses the button or the link with those words, and waits for the page that comes.
func (c *clicker) click(words string) {
	c.t.Helper()
	c.load(chromedp.Click(chromedp.Search(`//*[(self::a or self::button) and normalize-space(text())="` + words + `"]`)))
}

func (c *clicker) load(step chromedp.Action[chromedp.Void]) {
	c.t.Helper()
	if _, err := chromedp.RunResponse(c.ctx, step); err != nil {
		at, _ := chromedp.Run(c.ctx, chromedp.Location())
		c.t.Fatalf("%v, at %s", err, at)
	}
}

// choose presses what stays on its page: the label of a field, or a menu.
func (c *clicker) choose(words string) {
	c.t.Helper()
	c.do(chromedp.Click(chromedp.Search(`//*[(self::summary or self::span) and normalize-space(text())="` + words + `"]`)))
}

// tick brings the check box with that label into that state.
func (c *clicker) tick(label string, on bool) {
	c.t.Helper()
	is, err := chromedp.Run(c.ctx, chromedp.Evaluate[bool](`[...document.querySelectorAll("label")].find(l => l.querySelector("span").firstChild.textContent.trim() == `+"`"+label+"`"+`).querySelector("input").checked`))
	if err != nil {
		c.t.Fatalf("%s: %v", label, err)
	}
	if is != on {
		c.choose(label)
	}
}

// save presses it, and waits until the page says that it was.
func (c *clicker) save() {
	c.t.Helper()
	c.click("Save")
	c.do(chromedp.WaitVisible(chromedp.CSS(`p[role="status"]`)))
}

func (c *clicker) unlockSessions() {
	c.goTo(c.org(sessionPage))
	c.tick("Lock sessions to the IP address from which they originated", false)
	c.save()
}

// installPackage presses through the three choices; the progress page asks anew by itself.
func (c *clicker) installPackage() {
	c.click("Install managed package")
	c.choose("Install for Specific Profiles...")
	c.see("Marketing User")
	c.choose("Install for All Users")
	c.click("Install")
	c.see("Installing and granting access to all users")
	_ = c.clock.wait(c.ctx, 10*time.Second)
	c.see("Installation Complete!")
	c.click("Done")
	c.see("Installed Packages")
}

func (c *clicker) connect() {
	c.choose("Sandbox")
	c.tick("I agree to the Built by Zendesk Terms of Use", true)
	c.click("Connect Salesforce")
	c.see("avery.morgan@larkspur.example.uat")
	c.click("Log In")
	c.see("Allow Access?")
	c.click("Allow")
	c.see("Saved.")
}

func (c *clicker) turnOn() {
	c.click("Configure")
	c.tick("Turn on Zendesk ticket view for Salesforce", true)
	c.see("Map fields")
	c.save()
	c.click("Data sync")
	c.tick("Enable ticket sync", true)
	c.load(chromedp.Click(chromedp.CSS(`form:has(input[value="tickets"]) button`)))
	c.see("Saved.")
}

func (c *clicker) allowAccess() {
	c.goTo(c.org(appsPage))
	c.click("Salesforce Integration for Zendesk")
	c.click("Edit Policies")
	c.do(chromedp.SetAttributeValue(chromedp.CSS(`option[value="admin"]`), "selected", "selected"))
	c.save()
	c.click("Manage Profiles")
	for _, profile := range []string{"System Administrator", "Standard User", "Sales Representative", "Sales Manager", "Support Agent", "Support Lead"} {
		c.tick(profile, true)
	}
	c.save()
}

func (c *clicker) placeComponents() {
	for _, object := range []string{"Account", "Contact", "Lead", "Opportunity"} {
		c.goTo(c.org(builderPage))
		c.load(chromedp.Click(chromedp.Search(`//td[normalize-space()="` + object + ` Record Page"]/../td[1]/a`)))
		c.tick("Zendesk_Ticket_View", true)
		c.save()
		c.click("Activation...")
		c.see("assigned as org default")
	}
}

func TestARealBrowserWalksTheWholeSetUp(t *testing.T) {
	browser := openBrowser(t)
	t.Run("in the guide's order", func(t *testing.T) {
		c := sitDown(browser, t, "fresh")
		c.unlockSessions()
		c.goTo(c.account(integrationsPage))
		c.click("Salesforce")
		c.installPackage()
		c.goTo(c.account(salesforcePage))
		c.connect()
		c.turnOn()
		c.allowAccess()
		c.placeComponents()
		c.wantReady("ready")
	})
	t.Run("in the newer order", func(t *testing.T) {
		c := sitDown(browser, t, "fresh")
		c.unlockSessions()
		c.goTo(c.account(salesforcePage + "?layout=newer"))
		c.see("No Salesforce organization is connected yet.")
		c.click("Add connection")
		c.connect()
		c.choose("Options")
		c.installPackage()
		c.goTo(c.account(salesforcePage)) // the cookie keeps the layout
		c.click("Add connection")
		c.see("One Salesforce organization can be connected to it.")
		c.click("Salesforce")
		c.choose("Options")
		c.turnOn()
		c.allowAccess()
		c.placeComponents()
		c.wantReady("ready")
	})
	t.Run("and back out: deny, disconnect, block", func(t *testing.T) {
		c := sitDown(browser, t, "ready")
		c.goTo(c.account(salesforcePage))
		c.click("Disconnect")
		c.see("The configuration is kept")
		c.load(chromedp.Click(chromedp.CSS(`button[value="disconnect"]`)))
		c.see("I agree to the Built by Zendesk Terms of Use")
		c.click("Connect Salesforce")
		c.see("Agree to the Built by Zendesk Terms of Use first.")
		c.choose("Sandbox")
		c.tick("I agree to the Built by Zendesk Terms of Use", true)
		c.click("Connect Salesforce")
		c.click("Log In")
		c.click("Deny")
		c.see("access was denied")
		c.goTo(c.org("/secur/logout.jsp"))
		c.click("Log In")
		c.see("Larkspur Trading")
		if err := c.served.ChangeOrg(sandbox.OrgChange{Rights: "limited"}); err != nil {
			t.Fatal(err)
		}
		response := len(c.faults)
		c.goTo(c.org(sessionPage))
		c.see("Insufficient Privileges")
		c.mu.Lock()
		c.faults = c.faults[:min(response, len(c.faults))] // the browser tells of the 403 itself
		c.mu.Unlock()
	})
}

// TestPagesInARealBrowser draws each page in light and dark, in both languages.
// `go test -artifacts -outputdir DIR` keeps the pictures.
func TestPagesInARealBrowser(t *testing.T) {
	browser := openBrowser(t)
	for _, scenario := range []string{"ready", "korean", "fresh"} {
		c := sitDown(browser, t, scenario)
		org := c.served.Info().Salesforce.InstanceURL
		c.goTo(c.org(builderPage))
		editor, err := chromedp.Run(c.ctx, chromedp.Evaluate[string](`document.querySelector("td a").href`))
		if err != nil {
			t.Fatal(err)
		}
		pages := map[string]string{
			"session": org + sessionPage, "apps": org + appsPage, "usage": org + usagePage, "builder": org + builderPage,
			"install": org + "/packaging/installPackage.apexp?p0=04t5Y000001VkQzQAK", "setup": org + "/lightning/setup/SetupOneHome/home",
			"app": org + "/lightning/setup/ConnectedApplication/0H4Ws0000000hVJKAY/view", "profiles": org + "/lightning/setup/ConnectedApplication/0H4Ws0000000hVJKAY/profiles",
			"policies": org + "/lightning/setup/ConnectedApplication/0H4Ws0000000hVJKAY/edit", "page": editor,
			"integrations": c.account(integrationsPage), "guide": c.account(salesforcePage + "?layout=guide"), "newer": c.account(salesforcePage + "?layout=newer"),
			"new": c.account(salesforcePage + "/new"), "ticket-view": c.account(salesforcePage + "/00DWs0000009LqeMAE/ticket-view"),
			"data-sync": c.account(salesforcePage + "/00DWs0000009LqeMAE/data-sync"), "triggers": c.account(triggersPage), "webhooks": c.account(webhooksPage),
		}
		if scenario == "fresh" { // the others are as in ready
			maps.DeleteFunc(pages, func(name, _ string) bool {
				return !slices.Contains([]string{"install", "guide", "newer", "new", "page"}, name)
			})
		}
		for name, address := range pages {
			c.goTo(address)
			for _, scheme := range []string{"light", "dark"} {
				c.do(paint(scheme))
				picture, err := chromedp.Run(c.ctx, chromedp.FullScreenshot(90))
				if err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(t.ArtifactDir(), scenario+"-"+name+"-"+scheme+".png"), picture, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			c.fits(scenario + ", " + name)
		}
		c.do(chromedp.EmulateViewport(390, 800))
		for name, address := range pages {
			c.goTo(address)
			c.fits(scenario + ", " + name + " on a phone")
		}
		c.mu.Lock()
		c.faults = nil // in fresh some of the pages are not there yet
		c.mu.Unlock()
	}
}

// fits wants a page that need not be scrolled sideways; its tables may.
func (c *clicker) fits(name string) {
	c.t.Helper()
	overflows, err := chromedp.Run(c.ctx, chromedp.Evaluate[bool](`document.documentElement.scrollWidth > innerWidth`))
	if err != nil || overflows {
		c.t.Errorf("%s is too wide: %v", name, err)
	}
}

func paint(scheme string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		return err
	})
}
