package oauth

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/chromedp"

	"zsf/clients/transport"
)

// startChromium is a browser with a profile of its own. Its context opens the first tab.
func startChromium(t *testing.T) context.Context {
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
		t.Skip("no Chromium on this machine: the sign-in by a real browser is not tested")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()), chromedp.WindowSize(900, 640),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-back-forward-cache", true)) // chromedp does not see a page that comes out of it
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

// A tab is one in a window of its own, without anybody's cookies, unless it is opened from another.
type tab struct {
	t      *testing.T
	ctx    context.Context
	close  context.CancelFunc
	mu     *sync.Mutex
	errors *[]string
}

func openTab(from context.Context, t *testing.T, options ...chromedp.ContextOption) *tab {
	t.Helper()
	opened := &tab{t: t, mu: new(sync.Mutex), errors: new([]string)}
	options = append(options, chromedp.WithListener(func(event any) {
		// A field that was typed into before the browser came to focus it is no fault of the page.
		if entry, ok := event.(*cdplog.EventEntryAdded); ok && !strings.HasPrefix(entry.Entry.Text, "Autofocus processing was blocked") {
			opened.mu.Lock()
			defer opened.mu.Unlock()
			*opened.errors = append(*opened.errors, entry.Entry.Text)
		}
	}))
	ctx, closeTab := chromedp.NewContext(from, options...)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	limited, cancel := context.WithTimeout(ctx, 2*time.Minute)
	opened.ctx, opened.close = limited, func() { cancel(); closeTab() }
	t.Cleanup(opened.close)
	return opened
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		at, _ := chromedp.Run(b.ctx, chromedp.Location())
		b.t.Fatalf("%v, at %s", err, strings.Split(at, "?")[0])
	}
}

func (b *tab) see(selector string) {
	b.t.Helper()
	b.do(chromedp.WaitVisible(chromedp.CSS(selector)))
}

func (b *tab) press(selector string) {
	b.t.Helper()
	b.do(chromedp.Click(chromedp.CSS(selector)))
}

// wantPage is one of our own pages, at a clean address.
func (b *tab) wantPage(a *attempt, kind pageKind, path string) {
	b.t.Helper()
	b.see("body." + string(kind) + " h1")
	at, err := chromedp.Run(b.ctx, chromedp.Location())
	if err != nil || !strings.HasSuffix(at, ":"+a.port+path) {
		b.t.Errorf("the page is at %s, %v", at, err)
	}
	styled, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](`getComputedStyle(document.body).display + " " + performance.getEntriesByType("resource").length`))
	if err != nil || styled != "grid 0" {
		b.t.Errorf("the style and the loads of the page: %s, %v", styled, err)
	}
	content, err := chromedp.Run(b.ctx, chromedp.OuterHTML(chromedp.CSS("html")))
	if secret := a.leaks(content); err != nil || secret != "" {
		b.t.Errorf("%q is on the page, %v", secret, err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(*b.errors) != 0 {
		b.t.Errorf("the browser complains: %s", *b.errors)
	}
}

// toConsent signs in at the service, up to the question.
func (b *tab) toConsent(a *attempt) {
	b.t.Helper()
	b.do(chromedp.Navigate(a.URL()))
	if a.provider.service == transport.Salesforce {
		b.press(`button[value="login"]`)
		b.see(`button[value="allow"]`)
		return
	}
	b.do(chromedp.SendKeys(chromedp.CSS(`input[name="password"]`), "x"))
	b.press("button.main")
	b.see(`button[value="allow"]`)
}

func TestSignInByARealBrowser(t *testing.T) {
	browser := startChromium(t)
	for _, service := range []Service{transport.Salesforce, transport.Zendesk} {
		t.Run(string(service), func(t *testing.T) {
			info := openSandbox(t, "ready")
			begin := func(t *testing.T) (*attempt, *tab) {
				t.Helper()
				return startRegistered(t, providerOf(t, info, service), 0), openTab(browser, t, chromedp.WithNewBrowserContext())
			}
			t.Run("deny", func(t *testing.T) {
				a, b := begin(t)
				b.toConsent(a)
				b.press(`button[value="deny"]`)
				b.wantPage(a, pageDenied, donePath)
				var denial *Denial
				if _, err := a.Wait(t.Context()); !errors.As(err, &denial) || !denial.ByPerson() {
					t.Errorf("ended with %v", err)
				}
			})
			t.Run("closed tab", func(t *testing.T) {
				a, b := begin(t)
				b.toConsent(a)
				b.close()
				if a.isSettled() {
					t.Error("the tab ended the sign-in")
				}
				a.Close()
				if _, err := a.Wait(t.Context()); !errors.Is(err, ErrClosed) {
					t.Errorf("ended with %v", err)
				}
				wantClosed(t, a.port)
			})
			if service == transport.Zendesk {
				t.Run("wrong password", func(t *testing.T) { wrongPassword(t, begin) })
			}
			t.Run("allow, and what people do afterwards", func(t *testing.T) {
				a, b := begin(t)
				b.toConsent(a)
				second := openTab(b.ctx, t) // with the same cookies
				second.do(chromedp.Navigate(a.URL()))
				if service == transport.Salesforce {
					second.press(`button[value="login"]`) // asked again, for prompt=login
				}
				second.see(`button[value="allow"]`)
				b.press(`button[value="allow"]`)
				b.wantPage(a, pageSignedIn, donePath)
				tokens, err := a.Wait(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				wantAlive(t, a.provider, tokens, true)
				b.do(chromedp.Reload())
				b.wantPage(a, pageSignedIn, donePath)

				second.press(`button[value="allow"]`)
				second.wantPage(a, pageOver, overPath)
				second.do(chromedp.Reload())
				second.wantPage(a, pageOver, overPath)

				goBack(b, a)
				wantAlive(t, a.provider, tokens, true)
				if again, err := a.Wait(t.Context()); err != nil || again.Access != tokens.Access {
					t.Errorf("the outcome changed: %v", err)
				}
			})
		})
	}
}

// goBack presses Back, and Allow where that shows it again. No service or browser may lead from there
// to anything but its own pages or the calm one.
func goBack(b *tab, a *attempt) {
	b.t.Helper()
	_, _ = chromedp.Run(b.ctx, chromedp.Evaluate[chromedp.Void](`void history.back()`)) // the page goes while it answers
	if a.provider.service == transport.Salesforce {
		return // its question was the answer to a form, which no browser shows again unasked
	}
	b.press(`button[value="allow"]`)
	b.wantPage(a, pageOver, overPath)
}

func wrongPassword(t *testing.T, begin func(*testing.T) (*attempt, *tab)) {
	a, b := begin(t)
	b.do(chromedp.Navigate(a.URL()), chromedp.Clear(chromedp.CSS(`input[name="email"]`)),
		chromedp.SendKeys(chromedp.CSS(`input[name="email"]`), "nobody@example.com"), chromedp.SendKeys(chromedp.CSS(`input[name="password"]`), "wrong"))
	b.press("button.main")
	b.see(`p.wrong`)
	if a.isSettled() {
		t.Fatal("a wrong password ended the sign-in")
	}
	b.do(chromedp.SendKeys(chromedp.CSS(`input[name="password"]`), "x"))
	b.press("button.main")
	b.press(`button[value="allow"]`)
	b.wantPage(a, pageSignedIn, donePath)
	if _, err := a.Wait(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestPagesInARealBrowser draws each page in light and dark, in both languages.
// `go test -artifacts -outputdir DIR` keeps the pictures.
func TestPagesInARealBrowser(t *testing.T) {
	browser := startChromium(t)
	b := openTab(browser, t)
	for _, words := range []Words{english, korean} {
		for _, kind := range []pageKind{pageSignedIn, pageDenied, pageFailed, pageOver, pageStray} {
			s := startService(t, nil)
			s.reply = s.tradesGoodCode
			a := start(t, salesforceAt(t, s.URL), Options{}, nil)
			a.options.Words = words
			path := map[pageKind]string{
				pageSignedIn: a.back("code", goodCode), pageDenied: a.back("error", "OAUTH_APP_BLOCKED"), pageFailed: a.back("code", badCode),
				pageOver: overPath, pageStray: "/",
			}[kind]
			if kind == pageOver {
				a.visit(a.back("error", "access_denied"))
			}
			b.do(chromedp.Navigate("http://127.0.0.1:" + a.port + path))
			b.see("body." + string(kind))
			for _, scheme := range []string{"light", "dark"} {
				b.do(paint(scheme))
				picture, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
				if err != nil {
					t.Fatal(err)
				}
				file := filepath.Join(t.ArtifactDir(), words.Language+"-"+string(kind)+"-"+scheme+".png")
				if err := os.WriteFile(file, picture, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			overflows, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](`document.documentElement.scrollWidth > innerWidth`))
			if err != nil || overflows {
				t.Errorf("%s is too wide: %v", kind, err)
			}
			a.Close()
		}
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

var korean = Words{
	Language: "ko", Title: "zsf",
	SignedIn: "로그인되었습니다", SignedInText: "필요한 것을 모두 받았습니다. 터미널로 돌아가세요.",
	Denied: "로그인되지 않았습니다", DeniedText: "액세스가 허용되지 않았습니다. 터미널로 돌아가 다시 시도하세요.",
	Failed: "로그인하지 못했습니다", FailedText: "서비스가 자신의 응답을 받아들이지 않았습니다. 이유는 터미널에 나옵니다.",
	Over: "이 로그인은 끝났습니다", OverText: "이 페이지를 열기 전에 끝났습니다. 어떻게 끝났는지는 터미널에 나옵니다.",
	Stray: "이 로그인의 페이지가 아닙니다", StrayText: "아무 일도 하지 않았습니다. 로그인 중이라면 다른 탭에서 계속하세요.",
	CloseTab: "이 탭을 닫아도 됩니다.",
}
