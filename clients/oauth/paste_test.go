package oauth

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"

	"zsf/clients/transport"
)

func TestPaste(t *testing.T) {
	s := startService(t, nil)
	s.reply = s.tradesGoodCode
	escaped := url.QueryEscape(goodCode)
	for _, test := range []struct {
		name string
		text func(a *attempt) string
	}{
		{"the whole address", func(a *attempt) string { return a.RedirectURL() + "?code=" + escaped + "&state=" + a.state }},
		{"wrapped by the terminal", func(a *attempt) string {
			return " " + a.RedirectURL() + "?code=" + escaped[:20] + "\r\n  " + escaped[20:] + "&state=" + a.state + "\n"
		}},
		{"quoted", func(a *attempt) string { return `"` + a.RedirectURL() + "?code=" + escaped + "&state=" + a.state + `"` }},
		{"from an HTML mail", func(a *attempt) string {
			return "<" + a.RedirectURL() + "?code=" + escaped + "&amp;state=" + a.state + ">"
		}},
		{"with a fragment", func(a *attempt) string { return a.RedirectURL() + "?code=" + escaped + "&state=" + a.state + "#_=_" }},
		{"without a scheme", func(a *attempt) string { return "localhost:1717/callback?code=" + escaped + "&state=" + a.state }},
		{"from the question mark on", func(a *attempt) string { return "?code=" + escaped + "&state=" + a.state }},
		{"the query alone", func(a *attempt) string { return "state=" + a.state + "&code=" + escaped }},
		{"without a state", func(a *attempt) string { return a.RedirectURL() + "?code=" + escaped }},
		{"the bare code", func(*attempt) string { return goodCode }},
		{"the bare code as an address spells it", func(*attempt) string { return "\t" + escaped + "\n" }},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := start(t, salesforceAt(t, s.URL), Options{}, nil)
			if err := a.Paste(t.Context(), test.text(a)); err != nil {
				t.Fatal(err)
			}
			if tokens, err := a.Wait(ended(t)); err != nil || tokens.Access != accessText { // no waiting for a page
				t.Error(err)
			}
			if err := a.Paste(t.Context(), goodCode); !errors.Is(err, ErrSettled) {
				t.Error(err)
			}
			if _, location, _, _ := a.visit(a.back("code", goodCode)); location != overPath {
				t.Errorf("the browser was sent to %q", location)
			}
			if secret := a.leaks(a.logged()); secret != "" {
				t.Errorf("%q is in the log", secret)
			}
		})
	}
}

func TestPastesOfNoUseDoNotEndTheSignIn(t *testing.T) {
	s := startService(t, nil)
	s.reply = s.tradesGoodCode
	a := start(t, salesforceAt(t, s.URL), Options{}, nil)
	for _, test := range []struct {
		name, text string
		want       error
	}{
		{"nothing", "", ErrNotACode},
		{"spaces", " \n", ErrNotACode},
		{"a word", "yes", ErrNotACode},
		{"a sentence", "it says that I am signed in now", ErrNotACode},
		{"the code of an error", "OAUTH_APPROVAL_ERROR_GENERIC : An unexpected error", ErrNotACode},
		{"the address to sign in at", a.URL(), ErrNotYet},
		{"another page", "https://acme.my.salesforce.com/home?x=1", ErrNotACode},
		{"the answer page", "http://localhost:1717/done", ErrNotACode},
		{"another sign-in's", a.RedirectURL() + "?code=" + url.QueryEscape(goodCode) + "&state=wrong", ErrWrongState},
		{"two states", a.RedirectURL() + "?code=x&state=" + a.state + "&state=wrong", ErrWrongState},
		{"an empty state", a.RedirectURL() + "?code=x&state=", ErrWrongState},
		{"another sign-in's denial", a.RedirectURL() + "?error=access_denied&state=wrong", ErrWrongState},
		{"anybody's denial", a.RedirectURL() + "?error=access_denied", ErrWrongState},
		{"two codes", a.RedirectURL() + "?code=x&code=y&state=" + a.state, ErrNotACode},
		{"an address that is not well formed", "http://[::1/?code=%zz", ErrNotACode},
		{"escape sequences", "\x1b[200~" + goodCode + "\x1b[201~", ErrNotACode},
		{"a code of no language", strings.Repeat("가", 20), ErrNotACode},
	} {
		t.Run(test.name, func(t *testing.T) {
			if err := a.Paste(t.Context(), test.text); !errors.Is(err, test.want) {
				t.Errorf("%v", err)
			}
		})
	}
	if len(s.seen()) != 0 {
		t.Error("the service was asked")
	}
	err := a.Paste(t.Context(), badCode)
	var failed *transport.Error
	if !errors.As(err, &failed) || failed.Code != "invalid_grant" || a.leaks(err.Error()) != "" {
		t.Errorf("a mistyped code: %v", err)
	}
	a.finish()
}

func TestAPastedDenialEndsTheSignIn(t *testing.T) {
	a := start(t, salesforceAt(t, "http://127.0.0.1:9"), Options{}, nil)
	if err := a.Paste(t.Context(), a.RedirectURL()+"?error=access_denied&state="+a.state); err != nil {
		t.Fatal(err)
	}
	var denial *Denial
	if _, err := a.Wait(ended(t)); !errors.As(err, &denial) || !denial.ByPerson() {
		t.Error(err)
	}
}

func TestAPasteWaitsForTheBrowsersTurn(t *testing.T) {
	trading, goOn := make(chan struct{}), make(chan struct{})
	s := startService(t, nil)
	s.reply = func(c call) (int, string) {
		close(trading)
		<-goOn
		return s.tradesGoodCode(c)
	}
	a := start(t, salesforceAt(t, s.URL), Options{}, nil)
	answered := make(chan string, 1)
	go func() {
		defer close(answered)
		_, location, _, _ := a.visit(a.back("code", goodCode))
		answered <- location
	}()
	<-trading
	if err := a.Paste(ended(t), goodCode); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	pasted := make(chan error, 1)
	go func() { pasted <- a.Paste(t.Context(), goodCode) }()
	close(goOn)
	if err := <-pasted; !errors.Is(err, ErrSettled) {
		t.Errorf("the second: %v", err)
	}
	if location := <-answered; location != donePath {
		t.Errorf("the first was sent to %q", location)
	}
}

func FuzzPaste(f *testing.F) {
	for _, seed := range []string{goodCode, "http://localhost:1717/callback?code=a&state=b", "?code=%zz", "code=&state=", "a?b?c#d", "%00%ff", "code=x;y"} {
		f.Add(seed)
	}
	a := &Attempt{provider: Provider{service: transport.Salesforce}, state: "the-state"}
	f.Fuzz(func(t *testing.T, text string) {
		result, err := a.readPaste(text)
		switch {
		case err != nil && !errors.Is(err, ErrNotACode) && !errors.Is(err, ErrNotYet) && !errors.Is(err, ErrWrongState):
			t.Errorf("%q: %v", text, err)
		case err == nil && result.denial == nil && !isSecret(result.code):
			t.Errorf("%q: a code that cannot be sent", text)
		case err == nil && result.denial != nil && !strings.Contains(text, "the-state") && !strings.Contains(text, "%"):
			t.Errorf("%q: a denial without the state", text)
		}
	})
}
